r"""Laws of indicators: a sum in which one term is left, and where an indicator is 1, is 0, or says nothing new.

`Indicator(c)`, printed as a Kronecker delta or as $\mathbf 1[c]$, is 1 where c holds and 0 elsewhere. Eliminating a
delta against a sum leaves the indicator of the range: the commonest slip is to lose it.

Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 2.1, (2.4) and (2.5) (Iverson's convention).
"""

from __future__ import annotations

from sympy import Expr, Integer, Mul, Pow, S

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import (
    OTHERWISE,
    TRUE,
    Cases,
    Compare,
    Condition,
    Context,
    ForAll,
    IndexSum,
    Indicator,
    all_of,
    eq,
    gt,
    implies,
    negate,
    substitute,
    support,
)
from derive.language.symbols import is_integer
from derive.language.wellformed import meaningful, obligations


@primitive("one term is left")
def only_term(context: Context, e: Expr, place: Expr) -> Rewrite:
    """sum(f(k), k=a..b) -> f(c)*[a <= c <= b]        [f(k) != 0 and a <= k <= b imply k = c; c is an integer]

    Fails: e is not a sum; c mentions its index or need not be an integer.
    Source: Concrete Mathematics, section 2.1.
    """
    total = _total(e, place, "only_term")
    left = substitute(total.body, {total.index: place})
    inside = substitute(total.range_condition, {total.index: place})
    after = left * Indicator(inside) if inside != TRUE else left
    return rewrite(after, [_alone(context, total, place), *obligations(left, context), *obligations(place, context)])


@primitive("one term is left, if it is in the range")
def only_case(context: Context, e: Expr, place: Expr) -> Rewrite:
    """sum(f(k), k=a..b) -> {f(c) if a <= c <= b; 0 otherwise}        [f(k) != 0 and a <= k <= b imply k = c]

    Unlike `only_term` it does not need that f(c) has a value outside the range.
    Fails: as only_term.
    """
    total = _total(e, place, "only_case")
    left = substitute(total.body, {total.index: place})
    inside = substitute(total.range_condition, {total.index: place})
    conditions = [_alone(context, total, place), *obligations(place, context)]
    return rewrite(Cases((left, inside), (Integer(0), OTHERWISE)), conditions)


@primitive("the condition holds")
def indicator_holds(context: Context, e: Expr) -> Rewrite:
    """[c] -> 1        [c]

    Fails: e is not an indicator.
    """
    condition = need(Indicator, e, "indicator_holds").condition
    return rewrite(S.One, [condition] if condition != TRUE else [])


@primitive("the condition fails")
def indicator_fails(context: Context, e: Expr) -> Rewrite:
    """[c] -> 0        [not c]

    Fails: e is not an indicator.
    """
    return rewrite(S.Zero, [negate(need(Indicator, e, "indicator_fails").condition)])


@primitive("an equivalent condition")
def restate_indicator(context: Context, e: Expr, condition: Condition) -> Rewrite:
    """[c] -> [d]        [c if and only if d]

    Fails: e is not an indicator.
    """
    old = need(Indicator, e, "restate_indicator").condition
    defined = meaningful(condition, context)
    return rewrite(Indicator(condition), [implies(old, condition), implies(condition, old), *defined])


@primitive("multiplied by a positive number")
def scale_indicator(context: Context, e: Expr, factor: Expr) -> Rewrite:
    """[a <= b] -> [c*a <= c*b]        [c > 0]

    The same for <, >=, >, = and !=. Argument: c.
    Fails: e is not an indicator of a comparison.
    """
    old = need(Compare, need(Indicator, e, "scale_indicator").condition, "scale_indicator")
    new = Compare(old.op, factor * old.left, factor * old.right)
    return rewrite(Indicator(new), [gt(factor, 0), *obligations(factor, context), *meaningful(new, context)])


@primitive("the same added on both sides")
def shift_indicator(context: Context, e: Expr, added: Expr) -> Rewrite:
    """[a <= b] -> [a + c <= b + c]

    The same for <, >=, >, = and !=. Argument: c.
    Fails: e is not an indicator of a comparison.
    """
    old = need(Compare, need(Indicator, e, "shift_indicator").condition, "shift_indicator")
    new = Compare(old.op, old.left + added, old.right + added)
    return rewrite(Indicator(new), [*obligations(added, context), *meaningful(new, context)])


@primitive("a sum of squares is 0 only where all of them are")
def squares_are_zero(context: Context, e: Expr) -> Rewrite:
    """[sum(f**2, k=a..b) = 0] -> [f = 0 for all k in a..b]        [a..b finite]

    The same for sums of such sums, and with 0 on the left.
    Fails: e is not the indicator of such an equation; a sum has no end.
    """
    old = need(Compare, need(Indicator, e, "squares_are_zero").condition, "squares_are_zero")
    other, total = (old.right, old.left) if old.right == 0 else (old.left, old.right)
    ranges = []
    while isinstance(total, IndexSum) and not total.is_endless:
        ranges.append(total.args[1:])
        total = total.body
    if old.op != "=" or other != 0 or not ranges or not isinstance(total, Pow) or total.exp != 2:
        raise RuleDoesNotApply("squares_are_zero: {} does not say that a sum of squares is 0", old)
    each: Condition = eq(total.base, 0)
    for span in reversed(ranges):
        each = ForAll(each, *span)
    return rewrite(Indicator(each), meaningful(each, context))


@primitive("both conditions at once")
def join_indicators(context: Context, e: Expr) -> Rewrite:
    """f*[c]*[d] -> f*[c and d]

    Fails: e is not a product with two indicators.
    Source: Concrete Mathematics, section 2.1.
    """
    factors = need(Mul, e, "join_indicators").args
    found = [f for f in factors if isinstance(f, Indicator)]
    if len(found) < 2:
        raise RuleDoesNotApply("join_indicators: {} has no two indicators", e)
    others = [f for f in factors if not isinstance(f, Indicator)]
    return rewrite(Mul(*others, Indicator(all_of(*(f.condition for f in found)))))


@primitive("it is 0 elsewhere in any case")
def relax_indicator(context: Context, e: Expr, condition: Condition) -> Rewrite:
    """f*[c] -> f*[d]        [f != 0 implies that c holds if and only if d does]

    With d always true the indicator is dropped.
    Fails: e is not a product with just one indicator.
    """
    rest, old = _guarded(e, "relax_indicator")
    alive = support(context, rest)
    defined = [*obligations(rest, context), *meaningful(condition, context)]
    alike = [implies(all_of(alive, old), condition), implies(all_of(alive, condition), old)]
    after = rest if condition == TRUE else rest * Indicator(condition)
    return rewrite(after, [*(c for c in alike if c != TRUE), *defined])


@primitive("the same where the condition holds")
def under_indicator(context: Context, e: Expr, factor: Expr) -> Rewrite:
    """f*[c] -> g*[c]        [c implies f = g]

    Argument: g.
    Fails: e is not a product with just one indicator.
    """
    rest, condition = _guarded(e, "under_indicator")
    alike = implies(condition, eq(rest, factor))
    return rewrite(factor * Indicator(condition), [alike, *obligations(factor, context)])


@primitive("as cases")
def indicator_as_cases(context: Context, e: Expr) -> Rewrite:
    """f*[c] -> {f if c; 0 otherwise}

    Fails: e is not a product with just one indicator.
    """
    rest, condition = _guarded(e, "indicator_as_cases")
    return rewrite(Cases((rest, condition), (Integer(0), OTHERWISE)))


@primitive("choose by an indicator")
def cases_as_indicators(context: Context, e: Expr) -> Rewrite:
    """{f if c; g otherwise} -> f*[c] + g*[not c]        [f and g have values in both cases]

    Fails: e is not two cases of which the last is "otherwise".
    """
    clauses = need(Cases, e, "cases_as_indicators").clauses
    if len(clauses) != 2 or clauses[1][1] != OTHERWISE:
        raise RuleDoesNotApply("cases_as_indicators: {} is not two cases", e)
    (one, condition), (other, _) = clauses
    after = one * Indicator(condition) + other * Indicator(negate(condition))
    return rewrite(after, [*obligations(one, context), *obligations(other, context)])


def _total(e: Expr, place: Expr, rule: str) -> IndexSum:
    total: IndexSum = need(IndexSum, e, rule)
    if total.index in place.free_symbols or place.is_infinite or not is_integer(place):
        raise RuleDoesNotApply("{}: {} cannot be the one index that is left of {}", rule, place, total)
    return total


def _alone(context: Context, total: IndexSum, place: Expr) -> Condition:
    return implies(all_of(total.range_condition, support(context, total.body)), eq(total.index, place))


def _guarded(e: Expr, rule: str) -> tuple[Expr, Condition]:
    factors = need(Mul, e, rule).args
    found = [f for f in factors if isinstance(f, Indicator)]
    if len(found) != 1:
        raise RuleDoesNotApply("{}: {} is not a product with one indicator", rule, e)
    return Mul(*(f for f in factors if f is not found[0])), found[0].condition
