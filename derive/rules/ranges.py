r"""Laws of what runs over a range: sums, products, the largest value; nested ranges, derivatives of the largest.

Sums, products and largest values do not care in which order their terms come, so two nested ranges that count
$j = K(l-1) + k$ are one range. The largest of a finite number of smooth functions is differentiable where just one of
them attains it, and has the derivative of that one.

Source: Rockafellar, Wets, Variational Analysis, 1998, exercise 8.31 (the largest of finitely many smooth functions);
Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 2.4 and section 2.1 (products).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Mul, Pow, S, Symbol

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import (
    Context,
    ForAll,
    IndexProduct,
    IndexSum,
    Indicator,
    Largest,
    Partial,
    all_of,
    between,
    eq,
    ge,
    gt,
    implies,
    le,
    lt,
    substitute,
)
from derive.language.smoothness import sources
from derive.language.symbols import is_integer
from derive.language.terms import attained_once, bound_names, names_in, nested, renamed_apart, summed_over
from derive.language.wellformed import obligations


@primitive("differentiate the one that is the largest")
def partial_of_largest(context: Context, e: Expr) -> Rewrite:
    """d(max(f, k=a..b))/dx[j] -> sum([f = max(f, k=a..b)]*d(f)/dx[j], k=a..b)        [attained at just one k]

    If f is a largest value itself, pairs of indices are summed over, of which just one attains it.
    Fails: e is not such a derivative; the limits depend on x; k stands in j.
    Source: Variational Analysis, exercise 8.31.
    """
    partial = need(Partial, e, "partial_of_largest")
    largest = _finite_range(Largest, partial.term, "partial_of_largest")
    by = partial.by
    levels, body = nested(largest)
    for level in levels:
        if level.index.name in {s.name for s in by.free_symbols}:
            raise RuleDoesNotApply("partial_of_largest: the index {} stands in {}; rename it first", level.index, by)
        for end in (level.low, level.high):
            if by.array in sources(context, end):
                raise RuleDoesNotApply("partial_of_largest: {} depends on entries of {}", end, by.array)
    whole = renamed_apart(largest, bound_names(largest) | names_in(by))
    after = summed_over(levels, Indicator(eq(body, whole)) * Partial(body, by))
    return rewrite(after, list(dict.fromkeys([attained_once(largest), *obligations(after, context)])))


@primitive("two ranges counted as one")
def flatten_ranges(context: Context, e: Expr, new: Symbol, inner: Expr) -> Rewrite:
    """sum(sum(f(K*(l - 1) + k), k=1..K), l=1..M) -> sum(f(j), j=1..K*M)        [K >= 0, M >= 0]

    The same for products and largest values, there for K >= 1 and M >= 1. Arguments: j, f(j).
    Fails: e is not such a term; j occurs in it. That f(K*(l - 1) + k) is its body is a condition.
    Source: Concrete Mathematics, section 2.4: (l, k) -> K*(l - 1) + k is a bijection onto 1..K*M.
    """
    outer = _finite_range((IndexSum, IndexProduct, Largest), e, "flatten_ranges")
    nested = _finite_range(type(outer), outer.body, "flatten_ranges")
    size, number = nested.high, outer.high
    if nested.low != 1 or outer.low != 1 or outer.index in size.free_symbols:
        raise RuleDoesNotApply("flatten_ranges: {} does not run from 1 to the same number each time", nested)
    if new.name in names_in(e) or {outer.index, nested.index} & inner.free_symbols:
        raise RuleDoesNotApply("flatten_ranges: the name {} or an index is used in {}", new, e)
    least = 1 if isinstance(outer, Largest) else 0
    there = eq(substitute(inner, {new: size * (outer.index - 1) + nested.index}), nested.body)
    same = implies(all_of(outer.range_condition, nested.range_condition), there)
    return rewrite(type(outer)(inner, new, 1, size * number), [ge(size, least), ge(number, least), same])


@primitive("exchange the ranges")
def exchange_ranges(context: Context, e: Expr) -> Rewrite:
    """max(max(f, k=c..d), l=a..b) -> max(max(f, l=a..b), k=c..d)        [c, d free of l]

    The same for products.
    Fails: e is neither, or the inner range moves with the outer index.
    Source: Concrete Mathematics, section 2.4, (2.27).
    """
    outer = _finite_range((IndexProduct, Largest), e, "exchange_ranges")
    inner = _finite_range(type(outer), outer.body, "exchange_ranges")
    if outer.index in inner.low.free_symbols | inner.high.free_symbols:
        raise RuleDoesNotApply("exchange_ranges: the range of {} moves with {}", inner, outer.index)
    if inner.index in outer.low.free_symbols | outer.high.free_symbols:
        raise RuleDoesNotApply("exchange_ranges: {} stands in the range of {}", inner.index, outer)
    return rewrite(type(outer)(outer.over(inner.body), *inner.args[1:]))


@primitive("each of them is at most the largest")
def at_most_largest(context: Context, e: Expr, largest: Expr, place: Expr) -> Rewrite:
    """f(p) <= max(f(k), k=a..b)        [a <= p <= b]

    Arguments: the largest value, p.
    Fails: e is not f(p); p is no integer.
    """
    whole = _finite_range(Largest, largest, "at_most_largest")
    if not is_integer(place) or substitute(whole.body, {whole.index: place}) != e:
        raise RuleDoesNotApply("at_most_largest: {} is not among {}", e, largest)
    inside = [between(whole.low, place, whole.high), *obligations(place, context), *obligations(whole, context)]
    return rewrite(largest, inside, "<=")


@primitive("at most the sum of all")
def largest_at_most_sum(context: Context, e: Expr) -> Rewrite:
    """max(f, k=a..b) <= sum(f, k=a..b)        [f >= 0 for a <= k <= b]

    Fails: e is not the largest of a range.
    """
    largest = _finite_range(Largest, e, "largest_at_most_sum")
    return rewrite(IndexSum(*largest.args), [implies(largest.range_condition, ge(largest.body, 0))], "<=")


@primitive("each term is at most the largest")
def sum_at_most_largest(context: Context, e: Expr) -> Rewrite:
    """sum(f, k=a..b) <= (b - a + 1)*max(f, k=a..b)        [a <= b]

    Fails: e is not a finite sum.
    """
    total = _finite_range(IndexSum, e, "sum_at_most_largest")
    bound = (total.high - total.low + 1) * Largest(*total.args)
    return rewrite(bound, [le(total.low, total.high)], "<=")


@primitive("a power of the largest is the largest power")
def power_into_largest(context: Context, e: Expr) -> Rewrite:
    """max(f, k=a..b)**p -> max(f**p, k=a..b)        [f >= 0 for a <= k <= b, p > 0]

    Fails: e is not a power of the largest of a range; p mentions the index.
    """
    power = need(Pow, e, "power_into_largest")
    largest = _finite_range(Largest, power.base, "power_into_largest")
    if largest.index.name in names_in(power.exp):
        raise RuleDoesNotApply("power_into_largest: the index {} stands in {}", largest.index, power.exp)
    not_negative = implies(largest.range_condition, ge(largest.body, 0))
    conditions = [not_negative, gt(power.exp, 0), *obligations(power.exp, context)]
    return rewrite(Largest(Pow(largest.body, power.exp), *largest.args[1:]), conditions)


@primitive("the constant factor out of the largest")
def constant_out_of_largest(context: Context, e: Expr) -> Rewrite:
    """max(c*f, k=a..b) -> c*max(f, k=a..b)        [c >= 0, free of k]

    Fails: e is not the largest of a range; no factor is free of its index.
    """
    largest = _finite_range(Largest, e, "constant_out_of_largest")
    constant, rest = largest.body.as_independent(largest.index, as_Add=False)
    if constant == 1:
        raise RuleDoesNotApply("constant_out_of_largest: no factor of {} is free of {}", e, largest.index)
    return rewrite(constant * Largest(rest, *largest.args[1:]), [ge(constant, 0), *obligations(constant, context)])


@primitive("the constant term out of the largest")
def constant_term_out_of_largest(context: Context, e: Expr) -> Rewrite:
    """max(c + f, k=a..b) -> c + max(f, k=a..b)        [c free of k]

    Fails: e is not the largest of a range; no term is free of its index.
    """
    largest = _finite_range(Largest, e, "constant_term_out_of_largest")
    constant, rest = largest.body.as_independent(largest.index, as_Add=True)
    if constant == 0:
        raise RuleDoesNotApply("constant_term_out_of_largest: no term of {} is free of {}", e, largest.index)
    inside = [implies(largest.range_condition, c) for c in obligations(rest, context)]
    return rewrite(constant + Largest(rest, *largest.args[1:]), [*obligations(constant, context), *inside])


@primitive("the only one")
def single_largest(context: Context, e: Expr) -> Rewrite:
    """max(f(k), k=a..b) -> f(a)        [a = b]

    Fails: e is not the largest of a range.
    """
    largest = _finite_range(Largest, e, "single_largest")
    return rewrite(substitute(largest.body, {largest.index: largest.low}), [eq(largest.low, largest.high)])


@primitive("the largest of them is this one")
def largest_is(context: Context, e: Expr, place: Expr) -> Rewrite:
    """max(f(k), k=a..b) -> f(p)        [a <= p <= b, f(k) <= f(p) for all k in a..b]

    Fails: e is not the largest of a range; p is no integer.
    """
    largest = _finite_range(Largest, e, "largest_is")
    if not is_integer(place) or largest.index.name in names_in(place):
        raise RuleDoesNotApply("largest_is: {} is no place in {}", place, e)
    chosen = substitute(largest.body, {largest.index: place})
    above = ForAll(le(largest.body, chosen), *largest.args[1:])
    return rewrite(chosen, [between(largest.low, place, largest.high), above, *obligations(place, context)])


@primitive("a bound")
def at_most(context: Context, e: Expr, bound: Expr) -> Rewrite:
    """e <= u        [e <= u follows from what is known]

    Argument: u.
    Fails: never; the condition says it all.
    """
    return rewrite(bound, [le(e, bound), *obligations(bound, context)], "<=")


@primitive("a bound")
def at_least(context: Context, e: Expr, bound: Expr) -> Rewrite:
    """e >= u        [e >= u follows from what is known]

    Argument: u.
    Fails: never; the condition says it all.
    """
    return rewrite(bound, [ge(e, bound), *obligations(bound, context)], ">=")


@primitive("a bound")
def less_than(context: Context, e: Expr, bound: Expr) -> Rewrite:
    """e < u        [e < u follows from what is known]

    Argument: u.
    Fails: never; the condition says it all.
    """
    return rewrite(bound, [lt(e, bound), *obligations(bound, context)], "<")


@primitive("a bound")
def more_than(context: Context, e: Expr, bound: Expr) -> Rewrite:
    """e > u        [e > u follows from what is known]

    Argument: u.
    Fails: never; the condition says it all.
    """
    return rewrite(bound, [gt(e, bound), *obligations(bound, context)], ">")


@primitive("split off the last factor")
def split_last_factor(context: Context, e: Expr) -> Rewrite:
    """prod(f(k), k=a..b) -> prod(f(k), k=a..b-1)*f(b)        [a <= b]

    Fails: e is not a product over a range.
    Source: Concrete Mathematics, section 2.1.
    """
    whole = _finite_range(IndexProduct, e, "split_last_factor")
    rest = IndexProduct(whole.body, whole.index, whole.low, whole.high - 1)
    last = substitute(whole.body, {whole.index: whole.high})
    return rewrite(Mul(rest, last), [le(whole.low, whole.high), *obligations(last, context)])


@primitive("the product has one factor")
def single_factor(context: Context, e: Expr) -> Rewrite:
    """prod(f(k), k=a..b) -> f(a)        [a = b]

    Fails: e is not a product over a range.
    """
    whole = _finite_range(IndexProduct, e, "single_factor")
    return rewrite(substitute(whole.body, {whole.index: whole.low}), [eq(whole.low, whole.high)])


@primitive("split the factors")
def split_factors(context: Context, e: Expr, last: Expr) -> Rewrite:
    """prod(f, k=a..b) -> prod(f, k=a..m)*prod(f, k=m+1..b)        [a - 1 <= m <= b]

    Argument: m.
    Fails: e is not a product over a range.
    Source: Concrete Mathematics, section 2.1.
    """
    whole = _finite_range(IndexProduct, e, "split_factors")
    first = IndexProduct(whole.body, whole.index, whole.low, last)
    rest = IndexProduct(whole.body, whole.index, last + 1, whole.high)
    inside = [le(whole.low - 1, last), le(last, whole.high)]
    return rewrite(Mul(first, rest), [*inside, *obligations(last, context)])


@primitive("all factors are equal")
def product_of_constant(context: Context, e: Expr) -> Rewrite:
    """prod(c, k=a..b) -> c**(b - a + 1)        [c free of k, a <= b + 1]

    Fails: e is not a product over a range; the factor depends on the index.
    Source: Concrete Mathematics, section 2.1.
    """
    whole = _finite_range(IndexProduct, e, "product_of_constant")
    if whole.index in whole.body.free_symbols:
        raise RuleDoesNotApply("product_of_constant: {} depends on {}", whole.body, whole.index)
    conditions = [le(whole.low, whole.high + 1), *obligations(whole.body, context)]
    return rewrite(Pow(whole.body, whole.high - whole.low + 1), conditions)


@primitive("the product is empty")
def empty_product(context: Context, e: Expr) -> Rewrite:
    """prod(f, k=a..b) -> 1        [b < a]

    Fails: e is not a product over a range.
    """
    whole = _finite_range(IndexProduct, e, "empty_product")
    return rewrite(S.One, [le(whole.high + 1, whole.low)])


def _finite_range(kind: Any, e: Any, rule: str) -> Any:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if not isinstance(e, kinds):
        raise RuleDoesNotApply("{} speaks of {}, not of {}", rule, " or ".join(k.__name__ for k in kinds), e)
    if e.is_endless:
        raise RuleDoesNotApply("{}: the range of {} has no end", rule, e)
    return e
