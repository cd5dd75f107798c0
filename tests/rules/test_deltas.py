"""Deltas against sums: what is left, checked, and the same sum over all indices at every small size."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from sympy import Expr, Integer, Mod, floor

from derive.errors import RuleDoesNotApply
from derive.kernel.checker import check
from derive.kernel.derivation import Derivation, Step
from derive.language import (
    TRUE,
    Cases,
    Compare,
    Condition,
    Context,
    IndexSum,
    Indicator,
    all_of,
    array,
    between,
    declare,
    eq,
    ge,
    gt,
    integer,
    le,
    lt,
    subterms,
)
from derive.language.points import evaluate
from derive.rules.combine import Conversion, derived, everywhere
from derive.rules.deltas import picked, repeated, settled, undelta

_SORTS = {"n": "integer", "m": "integer", "L": "size", "s": "size", "d": "size"}
_D = tuple(declare(name, sort) for name, sort in _SORTS.items())
n, m, L, s, d = (x.symbol for x in _D)
i, k = integer("i"), integer("k")
f = array("f", (1, L), outside="zero")
g = array("g", (-40, 40), outside="zero")
h = array("h", (1, L))
RANGES = {f: 1, h: 1, g: -40}


def number(index: int) -> Fraction:
    """A number for each index, unlike its neighbours and never 0."""
    return Fraction(index * index * 3 + index * 5 + 101, 2)


def context(*facts: Condition) -> Context:
    """n, m are any integers, L a size, s a stride, d a dilation."""
    return Context(_D, facts, (), (f, g, h))


def total(body: Expr, low: Expr | int = 1, high: Expr | int = L, index: Expr = i) -> IndexSum:
    """sum(body, index=low..high)"""
    return IndexSum(body, index, low, high)


def delta(left: Expr, right: Expr) -> Indicator:
    """1 where both are equal."""
    return Indicator(eq(left, right))


def agrees(made: Derivation, there: Context) -> int:
    """Proved, and equal at all small points that the facts allow; how many points."""
    report = check(made)
    assert report.verdict.kind == "proved"
    assert report.steps == len(made.chain.moves)
    looked = 0
    for values in product(range(-2, 5), (-1, 0, 2), (1, 3, 4), (1, 2, 3), (1, 2)):
        point = dict(zip((n, m, L, s, d), values, strict=True))
        if not all(evaluate(Indicator(c), point) for c in there.facts):
            continue
        sides = [evaluate(side, point, there, dict.fromkeys(RANGES, number)) for side in (made.left, made.right)]
        assert sides[0] == sides[1], point
        looked += 1
    return looked


def worked(term: Expr, *facts: Condition, conversion: Conversion = undelta) -> Derivation:
    """What the conversion makes of it, checked."""
    there = context(*facts)
    made = derived("test", there, term, conversion)
    assert agrees(made, there) >= 12
    return made


def indicators(term: Expr) -> list[Condition]:
    """The conditions of the indicators in it."""
    return [t.condition for t in subterms(term) if isinstance(t, Indicator)]


PICKED: dict[str, tuple[Expr, Expr]] = {
    "the index": (delta(i, n), n),
    "the index on the right": (delta(n, i), n),
    "shifted": (delta(i + m - 1, n), n - m + 1),
    "coefficient -1": (delta(m - i, n), m - n),
    "coefficient -1 on the right": (delta(n, m - i + 2), m - n + 2),
    "on both sides": (delta(2 * i + n, i + m), m - n),
    "stride": (delta(s * i + k, n), floor((n - k) / s)),
    "stride and a shift of the index": (delta(s * (i - 1) + m, n), floor((n - m) / s) + 1),
    "a number for a stride": (delta(3 * i, n), floor(n / 3)),
    "dilation backwards": (delta(n - d * i, m), floor((n - m) / d)),
}


@pytest.mark.parametrize("name", PICKED)
def test_what_is_picked(name: str) -> None:
    """The index is solved for; the range stays as an indicator, and what divides is still asked."""
    mark, place = PICKED[name]
    term = total(mark * g[i])
    there = Context((*_D, declare("k", "integer")), (), (), (f, g, h))
    (step,) = picked(there, term)
    assert isinstance(step, Step) and step.rule == "only_term"
    assert evaluate(step.arguments[0] - place, {n: 7, m: 3, s: 2, d: 2, k: 1}) == 0
    made = derived("test", there, term, picked)
    report = check(made)
    assert report.verdict.kind == "proved" and report.points >= 4
    kept = indicators(made.right)
    assert len(kept) == 2
    looked = 0
    for values in product(range(-3, 8), (0, 2), (3, 5), (1, 2, 3), (1, 2), (0, 1)):
        point = dict(zip((n, m, L, s, d, k), values, strict=True))
        sides = [evaluate(side, point, there, {g: number}) for side in (made.left, made.right)]
        assert sides[0] == sides[1]
        looked += sides[0] != 0
    assert looked >= 20


def test_the_range_is_kept() -> None:
    """Nothing says that n is within 1..L: the commonest slip is to lose that."""
    made = worked(total(delta(i, n) * g[i]))
    assert indicators(made.right) == [between(1, n, L)]


def test_the_range_is_dropped_where_it_is_known() -> None:
    """With 1 <= n <= L nothing is left of the delta."""
    made = worked(total(delta(i, n) * g[i]), ge(n, 1), le(n, L))
    assert made.right == g[n]


def test_half_of_the_range_is_dropped() -> None:
    """What is known goes, the other end stays."""
    made = worked(total(delta(i, n) * g[i]), ge(n, 1))
    assert indicators(made.right) == [le(n, L)]


def test_the_range_is_dropped_where_a_factor_says_the_same() -> None:
    """f is 0 outside 1..L in any case."""
    made = worked(total(delta(i, n) * f[i]))
    assert made.right == f[n]
    assert "relax_indicator" in [move.rule for move in made.chain.moves if isinstance(move, Step)]


def test_a_narrower_array_does_not_cover_a_wider_range() -> None:
    """f is 0 outside 1..L, the sum runs over 2..L: n = 1 must stay excluded."""
    made = worked(total(delta(i, n) * f[i], 2))
    (kept,) = indicators(made.right)
    assert kept == le(2, n)


def test_an_array_with_an_error_outside() -> None:
    """h[n] has no value outside 1..L: a case is left, not an indicator."""
    made = worked(total(delta(i, n) * h[i]))
    assert isinstance(made.right, Cases)
    assert next(move.rule for move in made.chain.moves if isinstance(move, Step)) == "only_case"


def test_an_array_with_an_error_outside_within_its_range() -> None:
    """Where n is known to be in range there is no case."""
    made = worked(total(delta(i, n) * h[i]), ge(n, 1), le(n, L))
    assert not isinstance(made.right, Cases)
    assert made.right == h[n]


def test_divisibility_is_kept() -> None:
    """A stride leaves the condition that it divides, written with a remainder."""
    made = worked(total(delta(s * i, n) * g[i], 0, 9), ge(n, 0), le(n, 4), le(s, 3))
    (kept,) = indicators(made.right)
    assert any(isinstance(t, Mod) for t in subterms(kept))


def test_divisibility_is_dropped_where_it_is_known() -> None:
    """With n = s m the index is m."""
    made = worked(total(delta(s * i, s * m) * g[i], 0, 9), ge(m, 0), le(m, 9))
    assert not indicators(made.right)


def test_delta_in_an_inner_sum() -> None:
    """The outer index is picked by a delta within the inner sum, and the other way round."""
    inner = total(total(delta(i + k, n) * f[i] * g[k], -9, 9, k), 1, L)
    made = worked(inner)
    assert not any(isinstance(t, IndexSum) and isinstance(t.body, IndexSum) for t in subterms(made.right))
    outer = total(g[k] * total(delta(i, n) * f[i]), -5, 5, k)
    assert len([t for t in subterms(worked(outer).right) if isinstance(t, IndexSum)]) == 1


def test_two_deltas() -> None:
    """Both sums go, both ranges stay where nothing says more."""
    made = worked(total(total(delta(i, n) * delta(k, m) * g[i] * g[k], 1, L, k)))
    assert not any(isinstance(t, IndexSum) for t in subterms(made.right))
    assert len(indicators(made.right)) == 1 and len(indicators(made.right)[0].args) == 4


def test_a_delta_that_contradicts() -> None:
    """n lies outside the range: 0."""
    assert worked(total(delta(i, n) * g[i]), lt(n, 1)).right == 0


def test_nothing_is_said_of_unknown_signs() -> None:
    """m i = n is not solved for i while m may be 0 or negative."""
    with pytest.raises(RuleDoesNotApply):
        picked(context(), total(delta(m * i, n) * g[i]))
    step = picked(context(gt(m, 0)), total(delta(m * i, n) * g[i]))[0]
    assert isinstance(step, Step) and step.rule == "only_term"
    step = picked(context(gt(m, 0)), total(delta(n - m * i, 0) * g[i]))[0]
    assert isinstance(step, Step) and step.rule == "only_term"


@pytest.mark.parametrize(
    "term",
    [
        total(g[i]),
        total(Indicator(ge(i, n)) * g[i]),
        total(delta(i**2, 4) * g[i]),
        total(delta(g[i], 0)),
        total(delta(n, m) * g[i]),
        g[n] * delta(n, m),
        total(delta(i, i) * g[i]),
        total(delta(2 * i, n + Integer(1) / 2) * g[i]),
    ],
    ids=str,
)
def test_no_delta_that_picks(term: Expr) -> None:
    """Without an equation for the index there is no step."""
    with pytest.raises(RuleDoesNotApply):
        picked(context(), term)


def test_a_sum_of_deltas_is_not_one_delta() -> None:
    """[i = n] + [i = m] leaves two terms: nothing is picked."""
    with pytest.raises(RuleDoesNotApply):
        picked(context(), total((delta(i, n) + delta(i, m)) * g[i]))


SETTLED: dict[str, tuple[Condition, tuple[Condition, ...], Condition | int]] = {
    "known": (ge(n, 0), (ge(n, 1),), 1),
    "contradicted": (ge(n, 0), (lt(n, 0),), 0),
    "half known": (between(1, n, L), (ge(n, 1),), le(n, L)),
    "by arithmetic": (eq(n, n), (), 1),
    "both ends": (between(1, n, L), (eq(n, L),), 1),
}


@pytest.mark.parametrize("name", SETTLED)
def test_settled(name: str) -> None:
    """An indicator becomes 1 or 0 where its condition is decided; of the rest what is known goes."""
    condition, facts, expected = SETTLED[name]
    made = worked(g[m] * Indicator(condition), *facts, conversion=everywhere(settled))
    right = g[m] * Indicator(expected) if isinstance(expected, Condition) else g[m] * expected
    assert made.right == right


def test_nothing_is_settled_by_guessing() -> None:
    """What may hold or fail stays."""
    with pytest.raises(RuleDoesNotApply):
        settled(context(), Indicator(ge(n, 0)))
    with pytest.raises(RuleDoesNotApply):
        settled(context(ge(n, 0)), Indicator(gt(n, 0)))
    with pytest.raises(RuleDoesNotApply):
        settled(context(), n * Indicator(TRUE))


def test_repeated() -> None:
    """Parts of a condition that the support of the other factors gives go, and only these."""
    made = worked(f[n] * Indicator(between(1, n, m)), conversion=repeated)
    assert indicators(made.right) == [le(n, m)]
    with pytest.raises(RuleDoesNotApply, match="may differ from 0"):
        repeated(context(), f[n] * Indicator(between(2, n, m)))
    with pytest.raises(RuleDoesNotApply, match="just one"):
        repeated(context(), f[n] * Indicator(ge(n, 1)) * Indicator(le(n, m)))


def test_repeated_is_not_fooled_by_a_sum() -> None:
    """f[n] + 1 is not 0 outside the range of f."""
    with pytest.raises(RuleDoesNotApply):
        repeated(context(), (f[n] + 1) * Indicator(ge(n, 1)))


def test_what_is_dropped_is_told_where_it_is_not_plain() -> None:
    """A range that holds here is named; `n = n` is dropped without a word."""
    known = settled(context(ge(n, 1)), Indicator(between(1, n, L)))
    assert [m.reason for m in known if isinstance(m, Step)] == [("here ", le(1, n))]
    plain = settled(context(), Indicator(all_of(eq(m, m), eq(n, L))))
    assert [(m.reason, m.grain) for m in plain if isinstance(m, Step)] == [((), "full")]


def test_steps_are_told() -> None:
    """One line for the delta, with the equation that picks the index as its reason."""
    made = worked(total(delta(i + m - 1, n) * f[i]))
    told = [move for move in made.chain.moves if isinstance(move, Step) and move.grain == "lecture"]
    assert len(told) == 1
    said = [t for move in made.chain.moves if isinstance(move, Step) for t in move.reason if isinstance(t, Compare)]
    assert eq(i, n - m + 1) in said
