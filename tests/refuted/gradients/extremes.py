"""Wrong gradients of max pooling, of the least entry and of pooling by a norm."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer, Max, Min, ceiling, floor

from derive.constructs import lp_pooling as lp
from derive.constructs import max_pooling as line
from derive.constructs import max_pooling_image as image
from derive.constructs import stacked_averages as stacked
from derive.language import IndexSum, Indicator, Largest, eq, ge, le
from tests.refuted.gradients import sums


def _ends(low: Expr, high: Expr, most: Expr) -> tuple[Expr, Expr]:
    return Max(1, low, evaluate=False), Min(most, high, evaluate=False)


def windows() -> Iterator[tuple[str, str, Expr]]:
    """Windows on a line: the largest entry, then the least."""
    g, x, K, S, m, p, i = line.g, line.x, line.K, line.S, line.m, line.p, line.i
    first, last = ceiling((p - K) / S) + 1, floor((p - 1) / S) + 1
    ends = (i, *_ends(first, last, m))
    for path, out, other in (("input", line.y, ge), ("least", line.z, le)):
        path = f"max_pooling.{path}_gradient"
        routed = g[i] * Indicator(eq(x[p], out[i]))
        yield path, "no routing", sums(g[i], ends)
        yield path, "the mean", sums(g[i], ends) / K
        yield path, "the entry for the gradient", sums(x[p] * routed / g[i], ends)
        yield path, "times the entry", sums(x[p] * routed, ends)
        yield path, "every window", sums(g[i], (i, 1, m))
        yield path, "one window too many", sums(g[i] * Indicator(other(x[p], out[i])), (i, 1, m))
        yield path, "no first window", sums(routed, (i, *_ends(first + 1, last, m)))
        yield path, "no last window", sums(routed, (i, *_ends(first, last - 1, m)))
        yield path, "no overlap", g[Min(m, ceiling(p / K))] * Indicator(eq(x[p], out[Min(m, ceiling(p / K))]))
        yield path, "stride 1", sums(routed, (i, *_ends(p - K + 1, p, m)))
        yield path, "minus", -sums(routed, ends)
        yield path, "the others", sums(g[i] - routed, ends)
    path, whole, k = "max_pooling.global_gradient", line.one, line.l
    above = line.above[()]
    yield path, "everywhere", above
    yield path, "the mean", above / line.N
    yield path, "at the first place", above * Indicator(eq(p, 1))
    yield path, "times the entry", above * x[p] * Indicator(eq(x[p], whole[()]))
    yield path, "minus", -above * Indicator(eq(x[p], whole[()]))
    yield path, "the least", above * Indicator(eq(x[p], -Largest(-x[k], k, 1, line.N)))


def images() -> Iterator[tuple[str, str, Expr]]:
    """Windows in an image."""
    g, x, y, K, S, p, q, i, j = image.g, image.x, image.y, image.K, image.S, image.p, image.q, image.i, image.j
    path = "max_pooling_image.overlapping"
    rows, columns = (
        (index, *_ends(ceiling((at - K) / S) + 1, floor((at - 1) / S) + 1, most))
        for index, at, most in ((i, p, image.P), (j, q, image.Q))
    )
    routed = g[i, j] * Indicator(eq(x[p, q], y[i, j]))
    yield path, "no routing", sums(g[i, j], rows, columns)
    yield path, "the mean", sums(g[i, j], rows, columns) / K**2
    yield path, "no first row", sums(routed, (i, rows[1] + 1, rows[2]), columns)
    yield path, "no last column", sums(routed, rows, (j, columns[1], columns[2] - 1))
    yield path, "minus", -sums(routed, rows, columns)
    yield path, "times the pixel", sums(x[p, q] * routed, rows, columns)
    path, row, column = "max_pooling_image.blocks", ceiling(p / K), ceiling(q / K)
    here = Indicator(eq(x[p, q], y[row, column]))
    yield path, "no routing", g[row, column]
    yield path, "the mean", g[row, column] / K**2
    yield path, "the others", g[row, column] * (1 - here)
    yield path, "minus", -g[row, column] * here
    yield path, "times the pixel", g[row, column] * x[p, q] * here
    yield path, "the upper left pixel", g[row, column] * Indicator(eq(p, K * (row - 1) + 1))


def norms() -> Iterator[tuple[str, str, Expr]]:
    """Pooling by a norm."""
    g, x, y, p, q, N, k = lp.g[()], lp.x, lp.y[()], lp.p, lp.q, lp.N, lp.k
    path, share = "lp_pooling.input_gradient", x[q] / y
    yield path, "exponent p", g * share**p
    yield path, "no exponent", g * share
    yield path, "exponent 1 - p", g * share ** (1 - p)
    yield path, "times p", g * p * share ** (p - 1)
    yield path, "not divided", g * x[q] ** (p - 1)
    yield path, "divided by y once", g * x[q] ** (p - 1) / y
    yield path, "divided by the sum", g * x[q] ** (p - 1) / IndexSum(x[k] ** p, k, 1, N)
    yield path, "the mean", g * share ** (p - 1) / N
    yield path, "minus", -g * share ** (p - 1)
    yield path, "the largest alone", g * Indicator(eq(x[q], Largest(x[k], k, 1, N)))


def shares() -> Iterator[tuple[str, str, Expr]]:
    """Stacked average pooling."""
    K, L, path = stacked.K, stacked.L, "stacked_averages.share"
    yield path, "one layer", 1 / K
    yield path, "added up", 1 / (K * L + 1)
    yield path, "a layer more", K ** (-L - 1)
    yield path, "a layer less", K ** (1 - L)
    yield path, "the base for the exponent", Integer(2) ** (-K)
    yield path, "not divided", Integer(1)
    yield path, "times the layers", L * K ** (-L)
    yield path, "minus", -(K ** (-L))


WRONG = [*windows(), *images(), *norms(), *shares()]
