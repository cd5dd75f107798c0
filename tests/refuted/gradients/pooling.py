"""Wrong gradients of average pooling."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Max, Min, ceiling, floor

from derive.constructs import average_pooling as line
from derive.constructs import average_pooling_image as image
from derive.language import Indicator, eq
from tests.refuted.gradients import sums


def _ends(low: Expr, high: Expr, most: Expr) -> tuple[Expr, Expr]:
    return Max(1, low, evaluate=False), Min(most, high, evaluate=False)


def windows() -> Iterator[tuple[str, str, Expr]]:
    """Windows on a line."""
    g, x, K, S, m, N, p, i = line.g, line.x, line.K, line.S, line.m, line.N, line.p, line.i
    first, last = ceiling((p - K) / S) + 1, floor((p - 1) / S) + 1
    path, ends = "average_pooling.input_gradient", (i, *_ends(first, last, m))
    yield path, "not divided", sums(g[i], ends)
    yield path, "divided by the stride", sums(g[i], ends) / S
    yield path, "divided by the input", sums(g[i], ends) / N
    yield path, "every window", sums(g[i], (i, 1, m)) / K
    yield path, "the first window for the last", sums(g[i], (i, 1, Min(m, last))) / K
    yield path, "no first window", sums(g[i], (i, *_ends(first + 1, last, m))) / K
    yield path, "no last window", sums(g[i], (i, *_ends(first, last - 1, m))) / K
    yield path, "one window too many", sums(g[i], (i, *_ends(first - 1, last, m))) / K
    yield path, "floor for ceiling", sums(g[i], (i, *_ends(floor((p - K) / S) + 1, last, m))) / K
    yield path, "ceiling for floor", sums(g[i], (i, *_ends(first, ceiling((p - 1) / S) + 1, m))) / K
    yield path, "indices from 0", sums(g[i], (i, *_ends(ceiling((p - K + 1) / S), floor(p / S), m))) / K
    yield path, "stride 1", sums(g[i], (i, *_ends(p - K + 1, p, m))) / K
    yield path, "no overlap", g[ceiling(p / K)] / K
    yield path, "one window", g[p] / K
    yield path, "minus", -sums(g[i], ends) / K
    yield path, "input for gradient", sums(x[i], ends) / K
    path, above, C, c = "average_pooling.global_gradient", line.above, line.C, line.c
    yield path, "not divided", above[c]
    yield path, "divided by the channels", above[c] / C
    yield path, "divided by all", above[c] / (C * N)
    yield path, "summed over the channels", sums(above[i], (i, 1, C)) / N
    yield path, "summed over the places", sums(above[c], (i, 1, N)) / N
    yield path, "times the input", above[c] * line.maps[c, p] / N
    yield path, "at one place", above[c] * Indicator(eq(p, 1))
    yield path, "minus", -above[c] / N


def images() -> Iterator[tuple[str, str, Expr]]:
    """Windows in an image."""
    g, K, S, p, q, i, j = image.g, image.K, image.S, image.p, image.q, image.i, image.j
    path = "average_pooling_image.overlapping"
    rows, columns = (
        (index, *_ends(ceiling((at - K) / S) + 1, floor((at - 1) / S) + 1, most))
        for index, at, most in ((i, p, image.P), (j, q, image.Q))
    )
    yield path, "divided by K", sums(g[i, j], rows, columns) / K
    yield path, "not divided", sums(g[i, j], rows, columns)
    yield path, "divided by S^2", sums(g[i, j], rows, columns) / S**2
    yield path, "rows alone", sums(g[i, q], rows) / K**2
    yield path, "the diagonal", sums(g[i, i], rows) / K**2
    yield path, "swapped indices of G", sums(g[j, i], rows, columns) / K**2
    yield path, "every row", sums(g[i, j], (i, 1, image.P), columns) / K**2
    yield path, "every column", sums(g[i, j], rows, (j, 1, image.Q)) / K**2
    yield path, "the row for the column", sums(g[i, j], rows, (j, *_ends(*rows[1:], image.Q))) / K**2
    yield path, "minus", -sums(g[i, j], rows, columns) / K**2
    path, row, column = "average_pooling_image.blocks", ceiling(p / K), ceiling(q / K)
    yield path, "divided by K", g[row, column] / K
    yield path, "not divided", g[row, column]
    yield path, "a quarter for all", g[row, column] / 4
    yield path, "transposed", g[column, row] / K**2
    yield path, "rounded down", g[floor(p / K), floor(q / K)] / K**2
    yield path, "rounded down, from 1", g[floor(p / K) + 1, floor(q / K) + 1] / K**2
    yield path, "not blocks", g[p, q] / K**2
    yield path, "only one corner", g[row, column] * Indicator(eq(p, K * row)) / K
    yield path, "the row for both", g[row, row] / K**2
    yield path, "minus", -g[row, column] / K**2


WRONG = [*windows(), *images()]
