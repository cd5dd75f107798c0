"""Subgradients at kinks and at ties: wrong slopes are refuted, and what holds is tight."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from sympy import Expr, Integer, Rational

from derive.constructs import subgradients as one
from derive.constructs import subgradients_largest as many
from derive.constructs.registry import claim
from derive.errors import RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation
from derive.language import Context, IndexSum, Indicator, all_of, between, ge, gt, le, lt
from derive.language.points import Samples, evaluate
from derive.numeric.spotcheck import spot_check
from derive.rules.combine import at_part, by, derived, then
from derive.rules.indicators import restate_indicator
from derive.rules.ranges import at_most

v, t, h, a, b = one.v, one.t, one.h, one.a, one.b

WRONG: list[tuple[str, Expr]] = [
    ("subgradients.relu", Indicator(between(0, v, 2))),
    ("subgradients.relu", Indicator(between(-1, v, 1))),
    ("subgradients.relu", Indicator(all_of(lt(0, v), lt(v, 1)))),
    ("subgradients.relu", Indicator(all_of(le(0, v), lt(v, 1)))),
    ("subgradients.relu", Indicator(ge(v, 0))),
    ("subgradients.absolute", Indicator(between(0, v, 1))),
    ("subgradients.absolute", Indicator(all_of(lt(-1, v), lt(v, 1)))),
    ("subgradients.two_slopes", Indicator(between(b, v, a))),
    ("subgradients.two_slopes", Indicator(between(-a, v, b))),
    ("subgradients.two_slopes", Indicator(between(0, v, b))),
]
TOO_LOW: list[tuple[str, Expr]] = [
    ("subgradients.relu_bound", one.positive_part(t) / 2),
    ("subgradients.relu_bound", v * t / 2),
    ("subgradients.relu_bound", one.negative_part(t)),
    ("subgradients_largest.largest", many.MOST - Rational(1, 7)),
    ("subgradients_largest.largest", many.m[()]),
    ("subgradients_largest.mean", IndexSum(many.y[many.k], many.k, 1, many.N) / many.N),
    ("subgradients_largest.one_place", many.IS_TIE * many.m[()]),
    ("subgradients_largest.one_place", Integer(0)),
]


@pytest.mark.parametrize(("path", "wrong"), WRONG, ids=[f"{path}: {wrong}" for path, wrong in WRONG])
def test_no_other_slopes(path: str, wrong: Expr) -> None:
    """An interval with a slope too much or too few is refuted at an exact point."""
    found = spot_check(claim(path)[1], wrong, count=80, seed=5, backends=())
    assert found.mismatch is not None and found.mismatch.kind == "exact"


@pytest.mark.parametrize(("path", "bound"), TOO_LOW, ids=[f"{path}: {bound}" for path, bound in TOO_LOW])
def test_bounds_that_are_too_low(path: str, bound: Expr) -> None:
    """A smaller bound is refuted, so that the one that is proved is attained or nearly so."""
    found = spot_check(claim(path)[1], bound, count=80, seed=5, backends=(), relation="<=")
    assert found.mismatch is not None and found.mismatch.kind == "exact"


@pytest.mark.parametrize("known", [(), (le(v, 1),), (ge(v, 0),), (between(0, v, 2),)])
def test_the_hypothesis_is_needed(known: tuple[Any, ...]) -> None:
    """Without both bounds on the slope the line of the proof is refused."""
    above = one.positive_part(t)
    moves = then(at_part(t, by(at_most, above)), at_part(v, by(at_most, Integer(1))))
    with pytest.raises(StepRejected):
        check(derived("slopes", Context((one._v, one._t), known), v * t, moves))


def test_a_step_that_may_be_negative_says_something_else() -> None:
    """For h of any sign the same two inequalities do not turn into one interval by dividing."""
    unsigned = Context((one._v, one._h))
    moves = by(restate_indicator, between(0, v, 1))
    with pytest.raises((StepRejected, RuleDoesNotApply)):
        check(derived("unsigned", unsigned, Indicator(one.below(h, Integer(0))), moves))


def test_equality_is_not_claimed() -> None:
    """The bound for the largest entry, told as an equality, is refused."""
    made = many.largest()
    chain = Chain(made.left, made.chain.moves)
    forged = Derivation(made.name, made.context, made.left, made.right, chain, "=", made.lemmas)
    with pytest.raises(StepRejected):
        check(forged)


def test_weights_of_either_sign_are_refused() -> None:
    """Without the hypothesis that weights are not negative nothing is shown."""
    context = many._shared(lambda place: many.w[place], gt(many.w[1], -1))
    with pytest.raises(StepRejected):
        check(many._ties("largest", context, many.w[many.k]))


def test_ties_at_a_point() -> None:
    """Three tied entries of five: the shares, the left side and the bound, worked out by hand."""
    made = many.largest()
    entries = {many.x: (2, 5, 5, 1, 5), many.y: (9, 1, 4, 30, 7), many.w: (8, 1, 2, 9, 3)}
    arrays = {name: Samples({(k + 1,): Fraction(n) for k, n in enumerate(row)}) for name, row in entries.items()}
    point: dict[Any, Any] = {many.N: 5}
    shares = [evaluate(many.s[k], point, made.context, arrays) for k in range(1, 6)]
    assert shares == [0, Fraction(1, 6), Fraction(1, 3), 0, Fraction(1, 2)]
    assert evaluate(made.left, point, made.context, arrays) == 5 + Fraction(-4, 6) + Fraction(-1, 3) + Fraction(2, 2)
    assert evaluate(made.right, point, made.context, arrays) == 30
