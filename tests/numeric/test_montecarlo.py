"""Random draws agree with what is right and disagree with what is wrong, whatever is stated of the arrays."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Integer, Max, Rational, pi, sqrt

from derive.language import (
    Context,
    Covariance,
    Definition,
    Expectation,
    IndexSum,
    Variance,
    array,
    chance,
    declare,
    ge,
    integer,
)
from derive.numeric.montecarlo import DRAWS, estimated

_n, _s, _m = declare("n", "size"), declare("sigma", "real"), declare("mu", "real")
n, sigma, mu = (d.symbol for d in (_n, _s, _m))
k, t = integer("k"), integer("t")
x, y, g, total = array("x", (1, n)), array("y", (1, n)), array("g", (1, n)), array("S")
ADDED = Definition(total, (), IndexSum(g[k] * x[k], k, 1, n))
MOMENTS: dict[str, Any] = {"mean": mu, "variance": sigma**2}
SUM = IndexSum(x[k], k, 1, n)
SQUARES = IndexSum(g[k] ** 2, k, 1, n)


def stating(of_x: dict[str, Any], of_y: dict[str, Any] | None = None) -> Context:
    """x and y random, g not."""
    chances = (chance(x, **of_x), *([chance(y, **of_y)] if of_y is not None else []))
    arrays = (x, y, g) if of_y is not None else (x, g)
    return Context((_n, _s, _m), (ge(n, 2),), (ADDED,), arrays, chances)


FREE = stating({**MOMENTS, "entries": "independent"}, {"mean": 2, "variance": 1, "entries": "independent"})
UNCORRELATED = stating({**MOMENTS, "entries": "uncorrelated"})
NORMAL = stating({"mean": 0, "variance": sigma**2, "entries": "independent", "law": "normal"})
SIGNS = stating({"entries": "independent", "law": "signs"})
BITS = stating({"entries": "independent", "law": "bits", "values": (Rational(1, 4),)})
DICE = stating({"entries": "independent", "law": "uniform", "values": (1, 6)})
SYMMETRIC = stating({"mean": 0, "variance": 1, "law": "symmetric"})
SQUARE = stating({"second": sigma**2})

CASES = [
    (FREE, Expectation(SUM), n * mu, n * mu + 3),
    (FREE, Variance(SUM), n * sigma**2, 2 * n * sigma**2 + 3),
    (FREE, Variance(x[1] * y[2]), 5 * sigma**2 + mu**2, sigma**2 / 2 - 1),
    (FREE, Covariance(x[1], x[2]), Integer(0), Integer(3) + 2 * sigma**2),
    (FREE, Covariance(x[1] + x[2], x[2]), sigma**2, 3 * sigma**2 + 1),
    (UNCORRELATED, Variance(SUM), n * sigma**2, n**2 * sigma**2 + 2),
    (UNCORRELATED, Variance(total[()]), sigma**2 * SQUARES, sigma**2 * SQUARES / 3 - 2),
    (NORMAL, Expectation(x[1] ** 4), 3 * sigma**4, 6 * sigma**4 + 2),
    (NORMAL, Expectation(Abs(x[1])), sqrt(2 / pi) * sigma, sqrt(pi / 2) * sigma + 1),
    (NORMAL, Variance(Max(0, x[1])), sigma**2 * (1 - 1 / pi) / 2, 2 * sigma**2 + 1),
    (SIGNS, Variance(SUM), n, 2 * n),
    (BITS, Variance(SUM), n * Rational(3, 16), n * Rational(1, 2)),
    (DICE, Expectation(x[1]), Rational(7, 2), Integer(4)),
    (SYMMETRIC, Expectation(Max(0, x[1]) ** 2), Rational(1, 2), Integer(1)),
    (SQUARE, Expectation(x[1] ** 2 + x[2] ** 2), 2 * sigma**2, 4 * sigma**2 + 1),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: str(c[1])[:40])
def test_right_and_wrong(case: tuple[Context, Any, Any, Any]) -> None:
    """Three seeds: what is right is within four standard errors each time, what is wrong is not."""
    context, left, right, wrong = case
    for seed in range(3):
        found, other = estimated(context, left, right, seed), estimated(context, left, wrong, seed)
        assert found is not None and other is not None
        assert found.draws == DRAWS and found.error >= 0
        assert found.agrees, (found, seed)
        assert not other.agrees, (other, seed)


def test_standard_error_shrinks() -> None:
    """Sixteen times as many draws have about a quarter of the error."""
    few, many = (estimated(FREE, Variance(SUM), n * sigma**2, 1, draws) for draws in (1_000, 16_000))
    assert few is not None and many is not None
    assert 3 < few.error / many.error < 5.5


def test_errors_are_of_the_right_size() -> None:
    """Of 60 seeds about two thirds are within one standard error, and none or few beyond three."""
    apart = []
    for seed in range(60):
        found = estimated(FREE, Expectation(SUM), n * mu, seed, 400)
        assert found is not None
        if found.error:
            apart.append(abs(found.estimate - found.expected) / found.error)
    assert len(apart) >= 50
    assert 0.5 < sum(a < 1 for a in apart) / len(apart) < 0.85
    assert sum(a > 3 for a in apart) <= 2


@pytest.mark.parametrize("left", [SUM, Expectation(SUM) + 1])
def test_nothing_to_estimate(left: Any) -> None:
    """Only a moment is estimated, and none that is compared with another moment."""
    assert estimated(FREE, left, n * mu) is None
    assert estimated(FREE, Expectation(SUM), Expectation(x[1])) is None
    assert estimated(Context((_n,)), Expectation(n), n) is None
