"""Integrals of the step, and how smooth a threshold is: wrong answers are refuted with an exact witness."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sympy import Expr, Integer, Rational, exp, log

from derive.constructs import sigmoid_area as mean
from derive.constructs import step_integral as area
from derive.constructs import threshold_derivatives as off
from derive.constructs import threshold_smoothness as joints
from derive.constructs.registry import claim
from derive.errors import StepRejected
from derive.kernel.checker import check
from derive.language import Cases, Context, gt, le, lt
from derive.language.counting import Factorial
from derive.language.points import evaluate
from derive.numeric.spotcheck import spot_check
from derive.rules.combine import by, derived
from derive.rules.integrals import same_inside

x, a, c, h, k, p, q = area.x, area.a, area.c, joints.h, joints.k, joints.p, joints.q
RELU = area.positive_part(x)


def sides(above: Expr | int, below: Expr | int) -> Cases:
    """One value for h > 0, another one for h < 0."""
    return Cases((above, gt(h, 0)), (below, lt(h, 0)))


WRONG: list[tuple[str, str, Expr]] = [
    ("step_integral.step", "from a, not from 0", x - a),
    ("step_integral.step", "also where x is negative", x),
    ("step_integral.step", "the value at 0 counts", RELU + c),
    ("step_integral.step", "the step itself", Cases((1, gt(x, 0)), (0, le(x, 0)))),
    ("step_integral.ramp", "the half is lost", RELU**2),
    ("step_integral.ramp", "less the lower end", (RELU**2 - a**2) / 2),
    ("step_integral.ramp", "of negative numbers too", x**2 / 2),
    ("sigmoid_area.area", "of one side alone", (log(2) - log(1 + exp(-mean.k * mean.A))) / mean.k),
    ("sigmoid_area.area", "the limit", 2 * log(2) / mean.k),
    ("sigmoid_area.area", "without the steepness", 2 * (log(2) - log(1 + exp(-mean.k * mean.A)))),
    ("threshold_smoothness.upper", "a factor more", sides(Factorial(p) / Factorial(p - k - 1) * h ** (p - k - 1), 0)),
    ("threshold_smoothness.upper", "the power of the value", sides(Factorial(p) / Factorial(p - k) * h ** (p - k), 0)),
    ("threshold_smoothness.upper", "no factor", sides(h ** (p - k - 1), 0)),
    ("threshold_smoothness.upper", "q for p", sides(Factorial(q) / Factorial(q - k) * h ** (p - k - 1), 0)),
    ("threshold_smoothness.lower", "sides exchanged", sides(Factorial(q) / Factorial(q - k) * h ** (q - k - 1), 0)),
    ("threshold_smoothness.last_upper", "without a jump", sides(0, 0)),
    ("threshold_smoothness.last_upper", "p for p!", sides(p, 0)),
    ("threshold_smoothness.last_lower", "with a sign", sides(0, -Factorial(q))),
]


@pytest.mark.parametrize(("path", "slip", "wrong"), WRONG, ids=[f"{path}: {slip}" for path, slip, _ in WRONG])
def test_wrong_answers_are_refuted(path: str, slip: str, wrong: Expr) -> None:
    """Each has an exact point at which the brute force gives another number."""
    found = spot_check(claim(path)[1], wrong, count=80, seed=5, backends=())
    assert found.mismatch is not None and found.mismatch.kind == "exact"


def test_the_last_derivative_is_the_next_one_of_the_one_before() -> None:
    """p = 2 and q = 3: the second derivative is 2 above, 6(y + T) below; the jump at T is 2, at -T there is none."""
    made = off.following()
    body = made.right.clauses
    assert len(body) == 3
    at = {off.T: Fraction(1), off.p: 2, off.q: 3, off.k: 1, off.n: 1, off.i: 1}
    for place, value in ((Fraction(4), 2), (Fraction(1, 3), 0), (Fraction(-3), -12)):
        assert evaluate(made.right, at, made.context, {off.x: lambda _, v=place: v}) == value
    upper = joints.last_upper()
    assert evaluate(upper.right, {joints.p: 2, h: Fraction(1, 9)}) == 2
    assert evaluate(upper.right, {joints.p: 2, h: Fraction(-1, 9)}) == 0


def test_with_no_room_between_the_joints_nothing_is_claimed() -> None:
    """For T = 0 and p = q the function is a power of y, and its last derivative has no jump: T > 0 is asked for."""
    for context in (joints.UPPER, joints.LOWER, joints.LAST_UPPER, joints.LAST_LOWER):
        assert gt(joints.T, 0) in context.hypotheses


def test_a_lower_end_to_the_right_of_0_is_refused() -> None:
    """From a > 0 on the step is not 0 below x, and the derivation does not go through."""
    context = Context(area.STEPPED.declarations, (le(a, x),))
    with pytest.raises(StepRejected):
        check(derived("zero", context, area.OF_STEP, by(same_inside, Integer(0))))
    with pytest.raises(StepRejected):
        check(derived("half", context, area.OF_STEP, by(same_inside, Rational(1, 2))))
