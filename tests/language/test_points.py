"""Exact evaluation: the meaning of every head at rational points."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sympy import Abs, Expr, Integer, Max, Min, Mod, Rational, ceiling, floor, oo, sin, sqrt

from derive.errors import Undefined, Unevaluable
from derive.language import (
    OTHERWISE,
    Array,
    Cases,
    Context,
    Definition,
    IndexSum,
    array,
    declare,
    eq,
    ge,
    gt,
    integer,
    le,
    lt,
    ne,
    real,
    signal,
)
from derive.language.drawing import scattered_points, small_points
from derive.language.points import Samples, evaluate, holds

a, n, k, L = real("a"), integer("n"), integer("k"), integer("L")


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (IndexSum(k, k, 1, 4), 10),
        (IndexSum(k, k, 0, -1), 0),
        (IndexSum(Integer(1), k, 0, -3), 0),  # not Karr's -2
        (IndexSum(1 / k, k, 1, 0), 0),
        (IndexSum(IndexSum(k * n, n, 0, k), k, 0, 2), 0 + 1 + 2 * 3),
        (Integer(0) ** (n - 3), 1),
        (Cases((a, lt(n, 3)), (a**2, OTHERWISE)), Fraction(1, 4)),
        (Min(n, 2) + Max(n, 2), 5),
        (floor(Rational(-7, 2)) + ceiling(n / 2), -4 + 2),
        (Mod(n - 5, 4) + Abs(n - 5), 2 + 2),
        (a ** (-n), 8),
    ],
)
def test_values(term: Expr, value: Fraction) -> None:
    """Values worked out by hand at n = 3, a = 1/2."""
    assert evaluate(term, {n: 3, a: Fraction(1, 2)}) == value


@pytest.mark.parametrize(
    ("term", "problem"),
    [
        (1 / (a - 1), Undefined),
        ((a - 1) ** (-n), Undefined),
        (n / (a - 1) * 0 + (a - 1) ** (-n) * (n - 3), Undefined),  # a factor 0 excuses nothing
        (Cases((a, lt(n, 0))), Undefined),
        (IndexSum(k, k, 0, n + a / 2), Undefined),
        (array("w", (1, 3))[n + 1], Undefined),
        (signal("x")[n], Unevaluable),
        (sin(a), Unevaluable),
        (sqrt(a + 1), Unevaluable),
        (IndexSum(a**k, k, 0, oo), Unevaluable),
        (3 ** (n**20), Unevaluable),
        (IndexSum(k, k, 0, 10**9 * n), Unevaluable),
        (L, Unevaluable),
    ],
)
def test_no_value(term: Expr, problem: type[Exception]) -> None:
    """Where there is no value the evaluator says which kind of no."""
    with pytest.raises(problem):
        evaluate(term, {n: 3, a: Fraction(1)})


def test_arrays() -> None:
    """Zero outside, wrapping around, definitions, samples."""
    ring = Array("c", ((0, 2),), "wraps")
    context = Context(definitions=(Definition(signal("h", 0), (n,), a**n), Definition(ring, (n,), n)))
    assert evaluate(signal("h", 0)[-1], {a: 0}, context) == 0
    assert evaluate(signal("h", 0)[0], {a: 0}, context) == 1
    assert evaluate(ring[-1] + ring[4], {}, context) == 2 + 1
    x = signal("x")
    samples = Samples({(2,): Fraction(5), (4,): Fraction(7)})
    assert evaluate(IndexSum(x[k] * k, k, -oo, oo), {}, None, {x: samples}) == 10 + 28
    assert (
        evaluate(IndexSum(x[n - k] * signal("h", 0)[k], k, -oo, oo), {n: 4, a: 2}, context, {x: samples}) == 7 + 4 * 5
    )


def test_small_points_come_in_order_and_satisfy_the_hypotheses() -> None:
    """The first is as small as can be; equations are honoured; all satisfy every hypothesis."""
    context = Context((declare("L", "size"), declare("n", "integer"), declare("a", "real")), (ge(n, L), eq(a, 1)))
    points = list(small_points(context, context.symbols))
    assert points[0] == {L: 1, n: 1, a: 1}
    assert len(points) > 10
    assert all(p[a] == 1 and p[n] >= p[L] >= 1 for p in points)
    scattered = scattered_points(context, context.symbols, 8)
    assert len(scattered) == 8 and all(p[a] == 1 and p[n] >= p[L] >= 1 for p in scattered)


def test_conditions() -> None:
    """Comparisons at a point, on both sides of the boundary."""
    point = {n: 2, a: Fraction(1, 2)}
    assert [holds(c(n, 2), point) for c in (eq, ne, lt, le, gt, ge)] == [True, False, False, True, False, True]
