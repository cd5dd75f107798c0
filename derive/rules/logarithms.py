"""Laws of logarithms: of products and of powers of positive numbers.

SymPy takes apart only logarithms of symbols that it knows to be positive; here that is a condition.

Source: Hardy, A Course of Pure Mathematics, 10th ed., sections 202 and 203.
"""

from __future__ import annotations

from sympy import Add, Expr, Mul, Pow, log

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import Context, gt
from derive.language.wellformed import obligations


@primitive("the logarithm of a product")
def logarithm_of_product(context: Context, e: Expr) -> Rewrite:
    """log(f*g) -> log(f) + log(g)        [f > 0, g > 0]; likewise for more factors

    Fails: e is not the logarithm of a product.
    Source: A Course of Pure Mathematics, section 202.
    """
    factors = need(Mul, need(log, e, "logarithm_of_product").args[0], "logarithm_of_product").args
    inside = [c for factor in factors for c in obligations(factor, context)]
    after = Add(*(log(factor) for factor in factors))
    return rewrite(after, [*(gt(factor, 0) for factor in factors), *inside])


@primitive("the logarithm of a power")
def logarithm_of_power(context: Context, e: Expr) -> Rewrite:
    """log(f**r) -> r*log(f)        [f > 0]

    Fails: e is not the logarithm of a power.
    Source: A Course of Pure Mathematics, section 203.
    """
    power = need(Pow, need(log, e, "logarithm_of_power").args[0], "logarithm_of_power")
    after = power.exp * log(power.base)
    if after == e:
        raise RuleDoesNotApply("logarithm_of_power: {} stays as it is", e)
    return rewrite(after, [gt(power.base, 0), *obligations(power.base, context), *obligations(power.exp, context)])
