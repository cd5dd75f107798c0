"""Laws of sums over an index.

SymPy cancels as it builds products, so a factor that has no value somewhere may vanish from the line; laws that take
a factor out of a sum over nothing therefore ask that the factor has a value (`obligations`).

`sum(f, k=a..b)` runs over the integers from a to b and is 0 if there are none, so every law says for which limits it
holds. A condition about the summand is stated for every index in the range: the index stands free in it.
"""

from __future__ import annotations

from sympy import Add, Expr, Mul, S, Symbol

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import (
    TRUE,
    Context,
    IndexSum,
    Ranged,
    all_of,
    between,
    eq,
    implies,
    le,
    lt,
    ne,
    substitute,
    support,
)
from derive.language.symbols import is_integer
from derive.language.terms import names_in
from derive.language.wellformed import obligations


@primitive("rename the index")
def rename_index(context: Context, e: Expr, new: Symbol) -> Rewrite:
    """sum(f(k), k=a..b) -> sum(f(m), m=a..b)        [m not in f]

    The same for products, largest values and integrals.
    Fails: e is none of these; the new name occurs in the summand; it is an integer and the old one is none.
    Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 2.1.
    """
    total = need(Ranged, e, "rename_index")
    if bool(new.is_integer) != total.over_integers:
        raise RuleDoesNotApply("rename_index: {} is not of the sort of {}", new, total.index)
    _unused(new, total)
    return rewrite(type(total)(substitute(total.body, {total.index: new}), new, total.low, total.high))


@primitive("shift the index")
def shift_index(context: Context, e: Expr, new: Symbol, offset: Expr) -> Rewrite:
    """sum(f(k), k=a..b) -> sum(f(m + c), m=a-c..b-c)        [k = m + c, c an integer free of k]

    Fails: e is not a sum; the new name occurs in it; the offset mentions an index or is not an integer.
    Source: Concrete Mathematics, section 2.3, (2.17) with p(k) = k + c.
    """
    total = need(IndexSum, e, "shift_index")
    _affine(total, new, offset)
    body = substitute(total.body, {total.index: new + offset})
    return rewrite(IndexSum(body, new, _moved(total.low, -offset), _moved(total.high, -offset)))


@primitive("reverse the order")
def reverse_index(context: Context, e: Expr, new: Symbol, offset: Expr) -> Rewrite:
    """sum(f(k), k=a..b) -> sum(f(c - m), m=c-b..c-a)        [k = c - m, c an integer free of k]

    Fails: as shift_index.
    Source: Concrete Mathematics, section 2.3, (2.17) with p(k) = c - k.
    """
    total = need(IndexSum, e, "reverse_index")
    _affine(total, new, offset)
    body = substitute(total.body, {total.index: offset - new})
    return rewrite(IndexSum(body, new, _turned(total.high, offset), _turned(total.low, offset)))


@primitive("only the terms that are not zero")
def restrict_to_support(context: Context, e: Expr, low: Expr, high: Expr) -> Rewrite:
    """sum(f(k), k=a..b) -> sum(f(k), k=c..d)        [f(k) != 0 and a <= k <= b imply c <= k <= d; c..d in a..b]

    Fails: e is not a sum.
    """
    total = need(IndexSum, e, "restrict_to_support")
    alive = all_of(total.range_condition, support(context, total.body))
    inside = between(low, total.index, high)
    conditions = [implies(alive, inside)]
    if total.range_condition != TRUE:
        conditions.append(implies(inside, total.range_condition))
    return rewrite(IndexSum(total.body, total.index, low, high), conditions)


@primitive("terms that are 0 are left out or added")
def change_range(context: Context, e: Expr, low: Expr, high: Expr) -> Rewrite:
    """sum(f(k), k=a..b) -> sum(f(k), k=c..d)        [where f(k) != 0: a <= k <= b iff c <= k <= d]

    Both ranges are finite.
    Fails: e is not a sum over a finite range; c or d is infinite.
    """
    total = _finite(e, "change_range")
    if low.is_infinite or high.is_infinite:
        raise RuleDoesNotApply("change_range: {}..{} is not a finite range", low, high)
    after = IndexSum(total.body, total.index, low, high)
    alive = support(context, total.body)
    conditions = [
        implies(all_of(alive, total.range_condition), after.range_condition),
        implies(all_of(alive, after.range_condition), total.range_condition),
    ]
    inside = [implies(after.range_condition, c) for c in obligations(total.body, context)]
    return rewrite(after, [*conditions, *inside])


@primitive("all terms are 0")
def sum_of_zeros(context: Context, e: Expr) -> Rewrite:
    """sum(0, k=a..b) -> 0

    Fails: e is not a sum of zeros.
    """
    total = need(IndexSum, e, "sum_of_zeros")
    if total.body != 0:
        raise RuleDoesNotApply("sum_of_zeros: {} is not 0", total.body)
    return rewrite(S.Zero)


@primitive("the sum is empty")
def empty_sum(context: Context, e: Expr) -> Rewrite:
    """sum(f, k=a..b) -> 0        [b < a]

    Fails: e is not a sum.
    """
    total = need(IndexSum, e, "empty_sum")
    return rewrite(S.Zero, [lt(total.high, total.low)])


@primitive("the sum has one term")
def single_term(context: Context, e: Expr) -> Rewrite:
    """sum(f(k), k=a..b) -> f(a)        [a = b]

    Fails: e is not a sum.
    """
    total = need(IndexSum, e, "single_term")
    return rewrite(substitute(total.body, {total.index: total.low}), [eq(total.low, total.high)])


@primitive("split the range")
def split_range(context: Context, e: Expr, last: Expr) -> Rewrite:
    """sum(f, k=a..b) -> sum(f, k=a..m) + sum(f, k=m+1..b)        [a - 1 <= m <= b]

    Fails: e is not a sum; the range has no end.
    Source: Concrete Mathematics, section 2.3.
    """
    total = _finite(e, "split_range")
    first = IndexSum(total.body, total.index, total.low, last)
    rest = IndexSum(total.body, total.index, last + 1, total.high)
    return rewrite(first + rest, [le(total.low - 1, last), le(last, total.high)])


@primitive("split off the last term")
def split_last(context: Context, e: Expr) -> Rewrite:
    """sum(f(k), k=a..b) -> sum(f(k), k=a..b-1) + f(b)        [a <= b]

    Fails: e is not a sum; the range has no end.
    """
    total = _finite(e, "split_last")
    rest = IndexSum(total.body, total.index, total.low, total.high - 1)
    return rewrite(rest + substitute(total.body, {total.index: total.high}), [le(total.low, total.high)])


@primitive("join two ranges")
def join_ranges(context: Context, e: Expr) -> Rewrite:
    """sum(f, k=a..m) + sum(f, k=m+1..b) -> sum(f, k=a..b)        [a - 1 <= m <= b]

    Fails: e is not the sum of two such sums.
    """
    parts = need(Add, e, "join_ranges").args
    if len(parts) == 2 and all(isinstance(p, IndexSum) and not p.is_endless for p in parts):
        for one, other in (parts, parts[::-1]):
            body = substitute(other.body, {other.index: one.index})
            if one.high + 1 == other.low and one.body == body:
                whole = IndexSum(one.body, one.index, one.low, other.high)
                return rewrite(whole, [le(one.low - 1, one.high), le(one.high, other.high)])
    raise RuleDoesNotApply("join_ranges: {} is not a sum over two neighbouring ranges", e)


@primitive("exchange the sums")
def exchange_sums(context: Context, e: Expr, low: Expr, high: Expr, inner_low: Expr, inner_high: Expr) -> Rewrite:
    """sum(sum(f, j=c..d), i=a..b) -> sum(sum(f, i=r..s), j=p..q)        [a <= i <= b, c <= j <= d iff p <= j <= q, ...]

    The ranges are finite; c and d may depend on i, and r and s on j: both describe the same pairs (i, j).
    Arguments: p, q, r, s.
    Fails: e is not a finite sum of finite sums; p or q mentions an index.
    Source: Concrete Mathematics, section 2.4, (2.27) and (2.28).
    """
    outer = _finite(e, "exchange_sums")
    inner = _finite(outer.body, "exchange_sums")
    for end in (low, high, inner_low, inner_high):
        if end.is_infinite or not is_integer(end) or outer.index in end.free_symbols:
            raise RuleDoesNotApply("exchange_sums: {} cannot be a limit of the exchanged sums", end)
    after = IndexSum(IndexSum(inner.body, outer.index, inner_low, inner_high), inner.index, low, high)
    old = all_of(outer.range_condition, inner.range_condition)
    new = all_of(after.range_condition, after.body.range_condition)
    return rewrite(after, [implies(old, new), implies(new, old)])


@primitive("sum term by term")
def sum_of_terms(context: Context, e: Expr) -> Rewrite:
    """sum(f + g, k=a..b) -> sum(f, k=a..b) + sum(g, k=a..b)        [the range is finite]

    Fails: the summand is not a sum of terms; the range has no end.
    Source: Concrete Mathematics, section 2.3, (2.16).
    """
    total = _finite(e, "sum_of_terms")
    need(Add, total.body, "sum_of_terms")
    return rewrite(Add(*(IndexSum(t, total.index, total.low, total.high) for t in total.body.args)))


@primitive("split the terms")
def split_summand(context: Context, e: Expr, first: Expr, second: Expr) -> Rewrite:
    """sum(f, k=a..b) -> sum(g, k=a..b) + sum(h, k=a..b)        [f = g + h for a <= k <= b]

    Arguments: g, h, as terms in the index of the sum.
    Fails: e is not a sum; the range has no end.
    Source: Concrete Mathematics, section 2.3, (2.16).
    """
    total = _finite(e, "split_summand")
    same_terms = implies(total.range_condition, eq(total.body, first + second))
    defined = [implies(total.range_condition, c) for part in (first, second) for c in obligations(part, context)]
    parts = [IndexSum(part, total.index, total.low, total.high) for part in (first, second)]
    return rewrite(Add(*parts), [same_terms, *defined])


@primitive("take the constant factor out")
def constant_out_of_sum(context: Context, e: Expr) -> Rewrite:
    """sum(c*f(k), k=a..b) -> c*sum(f(k), k=a..b)        [c free of k]

    Fails: no factor of the summand is free of the index.
    Source: Concrete Mathematics, section 2.3, (2.15).
    """
    total = need(IndexSum, e, "constant_out_of_sum")
    constant, rest = total.body.as_independent(total.index, as_Add=False)
    if constant == 1 or total.index in constant.free_symbols:
        raise RuleDoesNotApply("constant_out_of_sum: no factor of {} is free of {}", total.body, total.index)
    finite = [ne(constant, 0)] if total.is_endless else []
    conditions = [*finite, *obligations(constant, context)]
    return rewrite(Mul(constant, IndexSum(rest, total.index, total.low, total.high)), conditions)


@primitive("take a common factor out")
def factor_out(context: Context, e: Expr, constant: Expr, rest: Expr) -> Rewrite:
    """sum(f(k), k=a..b) -> c*sum(g(k), k=a..b)        [f(k) = c*g(k) for a <= k <= b, c free of k]

    Arguments: c, then g(k) as a term in the index of the sum.
    Fails: e is not a sum over a finite range; c mentions the index.
    Source: Concrete Mathematics, section 2.3, (2.15).
    """
    total = _finite(e, "factor_out")
    if total.index in constant.free_symbols:
        raise RuleDoesNotApply("factor_out: {} mentions the index {}", constant, total.index)
    same_term = implies(total.range_condition, eq(total.body, constant * rest))
    inside = (implies(total.range_condition, c) for c in obligations(rest, context))
    defined = [*obligations(constant, context), *inside]
    return rewrite(constant * IndexSum(rest, total.index, total.low, total.high), [same_term, *defined])


@primitive("count the terms")
def sum_of_constant(context: Context, e: Expr) -> Rewrite:
    """sum(c, k=a..b) -> c*(b - a + 1)        [c free of k, a <= b + 1]

    Fails: e is not a sum; the summand depends on the index; the range has no end.
    Source: Concrete Mathematics, section 2.3.
    """
    total = _finite(e, "sum_of_constant")
    if total.index in total.body.free_symbols:
        raise RuleDoesNotApply("sum_of_constant: {} depends on {}", total.body, total.index)
    conditions = [le(total.low, total.high + 1), *obligations(total.body, context)]
    return rewrite(total.body * (total.high - total.low + 1), conditions)


@primitive("geometric sum")
def geometric_sum(context: Context, e: Expr) -> Rewrite:
    """sum(r**k, k=0..n) -> (1 - r**(n + 1))/(1 - r)        [r != 1, n >= -1]

    Fails: the summand is not a power r**k with r free of the index; the lower limit is not 0.
    Source: Concrete Mathematics, section 2.3, (2.25).
    """
    total = _finite(e, "geometric_sum")
    ratio, exponent = total.body.as_base_exp()
    if exponent != total.index or total.index in ratio.free_symbols or total.low != 0:
        raise RuleDoesNotApply("geometric_sum: {} is not a sum of r**k from 0", e)
    n = total.high
    return rewrite((1 - ratio ** (n + 1)) / (1 - ratio), [ne(ratio, 1), le(-1, n), *obligations(ratio, context)])


@primitive("telescoping sum")
def telescope(context: Context, e: Expr, antidifference: Expr) -> Rewrite:
    """sum(T(k+1) - T(k), k=a..b) -> T(b + 1) - T(a)        [a <= b + 1, T defined on a..b+1]

    Arguments: T as a term in the index of the sum.
    Fails: e is not a sum; the range has no end.
    Source: Concrete Mathematics, section 2.6.
    """
    total = _finite(e, "telescope")
    k = total.index
    # Asked of T at every index from a to b + 1, and not of its ends, where SymPy may have cancelled something.
    inside = between(total.low, k, total.high + 1)
    defined = [implies(inside, c) for c in obligations(antidifference, context)]
    step = substitute(antidifference, {k: k + 1}) - antidifference
    after = substitute(antidifference, {k: total.high + 1}) - substitute(antidifference, {k: total.low})
    same_term = implies(total.range_condition, eq(total.body, step))
    return rewrite(after, [le(total.low, total.high + 1), same_term, *defined])


def _unused(new: Symbol, total: Ranged) -> None:
    if new.name in names_in(total) - {total.index.name}:
        raise RuleDoesNotApply("the name {} is used in {}", new, total)


def _affine(total: IndexSum, new: Symbol, offset: Expr) -> None:
    _unused(new, total)
    if new in offset.free_symbols or total.index in offset.free_symbols or not is_integer(offset):
        raise RuleDoesNotApply("{} cannot be the offset of a new index {} of {}", offset, new, total)


def _moved(end: Expr, offset: Expr) -> Expr:
    return end if end.is_infinite else end + offset


def _turned(end: Expr, offset: Expr) -> Expr:
    return -end if end.is_infinite else offset - end


def _finite(e: Expr, rule: str) -> IndexSum:
    total: IndexSum = need(IndexSum, e, rule)
    if total.is_endless:
        raise RuleDoesNotApply("{}: the range of {} has no end", rule, total)
    return total
