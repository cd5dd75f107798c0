"""Inequalities between quotients of polynomials, from the least values of their symbols on."""

from __future__ import annotations

import pytest

from derive.language import Condition, Context, declare, ge, le, lt
from derive.language.discharge import discharge

_SIZES = [declare(name, "size") for name in "abcdn"]
a, b, c, d, n = (one.symbol for one in _SIZES)
CONTEXT = Context(tuple(_SIZES), (ge(n, 2),))
OVER = (a - b - c * (n - 1) * (b - 1)) / (1 + (c + d) * (n - 1))


@pytest.mark.parametrize("condition", [le(OVER, a / d), ge(OVER, -b * (1 + c * (n - 1)) / d), lt(1 / (n + a), 1 / a)])
def test_quotients_that_are_bounded(condition: Condition) -> None:
    """Multiplied by both denominators they are polynomials without a negative coefficient."""
    assert discharge(CONTEXT, condition).shown


@pytest.mark.parametrize(
    "condition", [le(OVER, b / d), ge(OVER, -b / d), lt(1 / a, 1 / (n + a)), le(1 / (n - 3), 1), le(a / d, OVER)]
)
def test_quotients_that_are_not(condition: Condition) -> None:
    """Nothing is shown that is false somewhere, nor where a denominator may be 0 or negative."""
    assert not discharge(CONTEXT, condition).shown
