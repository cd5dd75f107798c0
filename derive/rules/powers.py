"""Laws of powers with any real exponent: of products, of powers; the line below a power.

They hold for bases that are not negative. SymPy takes apart only what is right for every base, so these are laws of
ours. A power with an integer exponent n >= 0 lies above the line that touches it at 1: from n to n + 1, multiply
b^n >= 1 + n (b - 1) by b >= 0, which gives 1 + (n + 1)(b - 1) + n (b - 1)^2.

Source: Hardy, A Course of Pure Mathematics, 10th ed., section 214 (the laws of indices); Hardy, Littlewood, Polya,
Inequalities, 2nd ed., section 2.15, theorem 42 (Bernoulli's inequality).
"""

from __future__ import annotations

from sympy import Expr, Mul, Pow

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import Context, any_of, ge, gt
from derive.language.symbols import is_integer
from derive.language.wellformed import obligations


@primitive("the power of each factor")
def power_of_product(context: Context, e: Expr) -> Rewrite:
    """(f*g)**r -> f**r*g**r        [f >= 0 and g >= 0; r > 0 or f*g > 0]

    Fails: e is not a power of a product.
    """
    power = need(Pow, e, "power_of_product")
    factors = need(Mul, power.base, "power_of_product").args
    after = Mul(*(Pow(factor, power.exp) for factor in factors))
    conditions = [*(ge(factor, 0) for factor in factors), any_of(gt(power.exp, 0), gt(power.base, 0))]
    inside = [c for part in (*factors, power.exp) for c in obligations(part, context)]
    return rewrite(after, [*conditions, *inside])


@primitive("exponents multiplied")
def power_of_power(context: Context, e: Expr) -> Rewrite:
    """(f**r)**s -> f**(r*s)        [f >= 0; r > 0 or f > 0; s > 0 or f > 0]

    Fails: e is not a power of a power.
    """
    power = need(Pow, e, "power_of_power")
    inner = need(Pow, power.base, "power_of_power")
    if isinstance(inner.base, Pow):
        raise RuleDoesNotApply("power_of_power: {} is a power itself; begin there", inner.base)
    positive = gt(inner.base, 0)
    conditions = [ge(inner.base, 0), any_of(gt(inner.exp, 0), positive), any_of(gt(power.exp, 0), positive)]
    inside = [c for part in (inner.base, inner.exp, power.exp) for c in obligations(part, context)]
    return rewrite(Pow(inner.base, inner.exp * power.exp), [*conditions, *inside])


@primitive("Bernoulli's inequality")
def bernoulli(context: Context, e: Expr) -> Rewrite:
    """b**n >= 1 + n*(b - 1)        [b >= 0, n >= 0 an integer]

    Fails: e is not a power; its exponent need not be an integer.
    Source: Hardy, Littlewood, Polya, Inequalities, theorem 42.
    """
    power = need(Pow, e, "bernoulli")
    if not is_integer(power.exp):
        raise RuleDoesNotApply("bernoulli: the exponent of {} need not be an integer", e)
    inside = [c for part in (power.base, power.exp) for c in obligations(part, context)]
    return rewrite(1 + power.exp * (power.base - 1), [ge(power.base, 0), ge(power.exp, 0), *inside], ">=")


@primitive("Bernoulli's inequality")
def real_bernoulli(context: Context, e: Expr) -> Rewrite:
    """b**r >= 1 + r*(b - 1)        [b >= 0, r >= 1]

    The exponent need not be an integer: b**r is convex in b, and the right side is its tangent at 1.
    Fails: e is not a power.
    Source: Hardy, Littlewood, Polya, Inequalities, theorem 42.
    """
    power = need(Pow, e, "real_bernoulli")
    inside = [c for part in (power.base, power.exp) for c in obligations(part, context)]
    return rewrite(1 + power.exp * (power.base - 1), [ge(power.base, 0), ge(power.exp, 1), *inside], ">=")
