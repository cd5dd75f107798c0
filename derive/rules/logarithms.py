"""Laws of logarithms: of products and powers of positive numbers, of exponentials; tangents.

SymPy takes apart only logarithms of symbols that it knows to be positive; here that is a condition.

Source: Hardy, A Course of Pure Mathematics, 10th ed., sections 202 and 203.
"""

from __future__ import annotations

from sympy import Add, Expr, Mul, Pow, exp, log, tanh

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import Context, IndexProduct, IndexSum, gt, implies
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


@primitive("the logarithm of a product over a range")
def logarithm_of_range(context: Context, e: Expr) -> Rewrite:
    """log(prod(f, k=a..b)) -> sum(log(f), k=a..b)        [f > 0 for a <= k <= b]

    Fails: e is not the logarithm of a finite product over a range.
    Source: A Course of Pure Mathematics, section 202, applied factor by factor.
    """
    product = need(IndexProduct, need(log, e, "logarithm_of_range").args[0], "logarithm_of_range")
    if product.is_endless:
        raise RuleDoesNotApply("logarithm_of_range: the range of {} has no end", product)
    positive = implies(product.range_condition, gt(product.body, 0))
    return rewrite(IndexSum(log(product.body), *product.args[1:]), [positive, *obligations(product, context)])


@primitive("the exponential function of a sum")
def exponential_of_sum(context: Context, e: Expr) -> Rewrite:
    """exp(sum(f, k=a..b)) -> prod(exp(f), k=a..b)

    Fails: e is not the exponential of a finite sum.
    Source: A Course of Pure Mathematics, section 205, applied term by term.
    """
    total = need(IndexSum, need(exp, e, "exponential_of_sum").args[0], "exponential_of_sum")
    if total.is_endless:
        raise RuleDoesNotApply("exponential_of_sum: the range of {} has no end", total)
    return rewrite(IndexProduct(exp(total.body), *total.args[1:]), obligations(total, context))


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


@primitive("the logarithm undoes the exponential function")
def logarithm_of_exponential(context: Context, e: Expr) -> Rewrite:
    """log(exp(u)) -> u

    Fails: e is not the logarithm of an exponential.
    Source: A Course of Pure Mathematics, section 206.
    """
    inside = need(exp, need(log, e, "logarithm_of_exponential").args[0], "logarithm_of_exponential")
    return rewrite(inside.args[0], obligations(inside, context))


@primitive("the exponential function undoes the logarithm")
def exponential_of_logarithm(context: Context, e: Expr) -> Rewrite:
    """exp(log(u)) -> u        [u > 0]

    Fails: e is not the exponential of a logarithm.
    Source: A Course of Pure Mathematics, section 206.
    """
    inside = need(log, need(exp, e, "exponential_of_logarithm").args[0], "exponential_of_logarithm").args[0]
    return rewrite(inside, [gt(inside, 0), *obligations(inside, context)])


@primitive("the hyperbolic tangent by exponentials")
def hyperbolic_tangent(context: Context, e: Expr) -> Rewrite:
    """tanh(u) -> (exp(2*u) - 1)/(exp(2*u) + 1)

    Fails: e is not a hyperbolic tangent.
    Source: Abramowitz, Stegun, Handbook of Mathematical Functions, 4.5.3, times exp(u) above and below.
    """
    argument = need(tanh, e, "hyperbolic_tangent").args[0]
    return rewrite((exp(2 * argument) - 1) / (exp(2 * argument) + 1), obligations(argument, context))


@primitive("above its tangent at 0")
def exponential_above_tangent(context: Context, e: Expr) -> Rewrite:
    """exp(u) >= 1 + u

    Fails: e is not an exponential.
    Source: A Course of Pure Mathematics, section 206: exp is convex, and 1 + u is its tangent at 0.
    """
    exponent = need(exp, e, "exponential_above_tangent").args[0]
    return rewrite(1 + exponent, obligations(exponent, context), ">=")


@primitive("below its tangent at 1")
def logarithm_below_tangent(context: Context, e: Expr) -> Rewrite:
    """log(u) <= u - 1        [u > 0]

    Fails: e is not a logarithm.
    Source: A Course of Pure Mathematics, section 202: log is concave, and u - 1 is its tangent at 1.
    """
    inside = need(log, e, "logarithm_below_tangent").args[0]
    return rewrite(inside - 1, [gt(inside, 0), *obligations(inside, context)], "<=")
