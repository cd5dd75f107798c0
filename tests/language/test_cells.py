"""Means over normal numbers, cell by cell: against integrals of the density, and what has no value."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flint import acb, arb
from sympy import Abs, Max

from derive.errors import Unevaluable
from derive.language import Cases, Context, Expectation, Indicator, array, chance, gt, lt
from derive.language.balls import Ball, integrated
from derive.language.cells import MOST_CELLS, Cells, part
from derive.language.chancy import Atom
from derive.language.numbers import pi
from derive.language.points import evaluate
from derive.language.terms import OTHERWISE

ENDS = (None, -2, Fraction(-1, 3), 0, Fraction(5, 7), 3)
FAR = 40
"""Beyond, the density is less than 10^-347."""


def numbers(count: int) -> tuple[Cells, tuple[Any, ...]]:
    """So many normal numbers."""
    cells = Cells()
    return cells, tuple(cells.number(Atom((str(place), (), ""))) for place in range(count))


def is_near(one: Any, other: Any) -> bool:
    """To 40 digits."""
    return bool(-Fraction(1, 10**40) < one - other < Fraction(1, 10**40))


@pytest.mark.parametrize("order", range(6))
def test_parts_are_integrals(order: int) -> None:
    """The moment between two ends is the integral of the power times the density, enclosed by itself."""
    looked = 0
    for low in ENDS:
        for high in ENDS:
            if low is not None and high is not None and low >= high:
                continue

            def weighed(t: acb) -> acb:
                return t**order * (-t * t / 2).exp() / (2 * acb.pi()).sqrt()

            ends = (Fraction(-FAR if low is None else low), Fraction(FAR if high is None else high))
            whole = [integrated(weighed, a, b) for a, b in _pieces(*ends)]
            assert is_near(part(order, low, high), sum(whole[1:], whole[0])), (low, high)
            looked += 1
    assert looked >= 20


def _pieces(low: Fraction, high: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Parts of a range that are no longer than 2."""
    count = int((high - low) / 2) + 1
    step = (high - low) / count
    return [(low + place * step, low + (place + 1) * step) for place in range(count)]


MEANS: tuple[tuple[int, Callable[..., Any], Any], ...] = (
    (1, lambda z: max(0, z) ** 2, Fraction(1, 2)),
    (1, lambda z: max(0, z) ** 4, Fraction(3, 2)),
    (1, lambda z: 1 if z > 0 else 0, Fraction(1, 2)),
    (1, lambda z: abs(3 - 2 * z) + abs(2 * z - 3) - 2 * abs(z - Fraction(3, 2)) * 2, 0),
    (1, lambda z: abs(z) ** 2 + min(z, 7) + max(z, 7), 8),
    (2, lambda z, w: (1 if z > 0 else 0) * (w if w < 0 else 0) ** 2 * z**2, Fraction(1, 4)),
    (2, lambda z, w: max(0, z) * max(0, w) * 2 * pi(), 1),
    (3, lambda z, w, v: (max(0, z) + max(0, w)) ** 2 * v**2 - 1 - 1 / pi(), 0),
)


@pytest.mark.parametrize("number", range(len(MEANS)))
def test_means(number: int) -> None:
    """Of terms with known means; several numbers, both signs of the slope, several cuts of one line."""
    count, term, expected = MEANS[number]
    cells, given = numbers(count)
    found = cells.mean(lambda: term(*given))
    assert is_near(found, expected)
    if isinstance(expected, Fraction):
        assert found == expected
    assert cells.mean(lambda: term(*given)) is not None  # the cells of the last time are gone
    assert is_near(cells.mean(lambda: given[0] ** 2), 1)


@pytest.mark.parametrize(
    "term",
    [lambda z, w: max(z, w), lambda z, w: abs(z * w), lambda z, w: abs(z**2 - 1), lambda z, w: 1 / z],
)
def test_no_cells(term: Callable[..., Any]) -> None:
    """What is not linear in one number is not cut."""
    cells, given = numbers(2)
    with pytest.raises(Unevaluable):
        cells.mean(lambda: term(*given))


def test_too_many_cells() -> None:
    """They are counted."""
    count = MOST_CELLS.bit_length()
    cells, given = numbers(count)
    with pytest.raises(Unevaluable, match="more than"):
        cells.mean(lambda: sum(abs(z) for z in given))


def test_terms() -> None:
    """Expectations of terms with normal and other random entries, as they are evaluated at a point."""
    x, s = array("x", (1, 3)), array("s", (1, 3))
    normal = chance(x, mean=0, variance=4, law="normal", entries="independent")
    signs = chance(s, law="signs", entries="independent")
    context = Context((), (), (), (x, s), (normal, signs))
    exact = {
        Expectation(Max(0, x[1]) ** 2): 2,
        Expectation(Abs(x[1]) ** 2 * s[1] ** 2 + s[2]): 4,
        Expectation(Indicator(gt(x[1], 0)) * Indicator(lt(x[2], 0))): Fraction(1, 4),
        Expectation(Max(0, s[1] * x[2]) ** 2): 2,
        Expectation(Cases((x[3] ** 2, gt(s[1], 0)), (Max(0, x[3]) ** 2, OTHERWISE))): 3,
    }
    for term, expected in exact.items():
        assert evaluate(term, {}, context) == expected, term
    enclosed = evaluate(Expectation(Abs(x[1])), {}, context)
    assert isinstance(enclosed, Ball)
    assert is_near(enclosed * enclosed, 8 / pi())
    assert arb(enclosed.interval).rad() < arb(2) ** -300
    with pytest.raises(Unevaluable):
        evaluate(Expectation(Max(x[1], x[2])), {}, context)
