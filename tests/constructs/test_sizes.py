"""Sizes of layers against counting, at 100,000 random layers each: windows put down one after the other, in loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numba import njit

from derive.constructs.registry import claim
from derive.language import Indicator, all_of
from derive.numeric.compile import compile_numpy

MANY = 100_000
MOST = {"P": 7, "P_1": 4, "P_2": 4, "S": 6, "S_1": 4, "S_2": 4, "D": 4, "L": 4, "n": 12, "A": 8, "R": 5, "C": 5, "B": 9}
"""The greatest value of a parameter; 24 of the others."""


@njit(cache=False)
def placed(W: int, K: int, S: int, before: int, behind: int, D: int) -> int:
    """Windows whose taps all lie on the entries or the padding."""
    number = 0
    for first in range(before + W + behind):
        if first % S == 0:
            inside = True
            for tap in range(K):
                if first + tap * D >= before + W + behind:
                    inside = False
            number += inside
    return number


@njit(cache=False)
def _output(W: int, K: int, S: int, P: int, D: int) -> int:
    return placed(W, K, S, P, P, D)


@njit(cache=False)
def _image(H: int, V: int, A: int, B: int, R: int, C: int) -> int:
    number = 0
    for row in range(0, H, R):
        for column in range(0, V, C):
            number += row + A - 1 < H and column + B - 1 < V
    return number


@njit(cache=False)
def _inputs(W: int, K: int, S: int, P: int, D: int, n: int) -> int:
    return int(placed(W, K, S, P, P, D) == n)


@njit(cache=False)
def _kept(W: int, K: int, S: int, P: int, D: int) -> int:
    return int(placed(W, K, S, P, P, D) == W)


@njit(cache=False)
def _kept_stride_1(W: int, K: int, P: int, D: int) -> int:
    return int(placed(W, K, 1, P, P, D) == W)


@njit(cache=False)
def _size(W: int, K: int, S: int, P: int, D: int, A: int) -> int:
    last = 0
    for i in range(W):
        for j in range(K):
            last = max(last, S * i + D * j)
    number = 0
    for place in range(P, last + A + 1):
        number += place + P <= last + A
    return number


@njit(cache=False)
def _back(W: int, K: int, S: int, P: int, D: int, A: int) -> int:
    return int(placed(_size(W, K, S, P, D, A), K, S, P, P, D) == W)


@njit(cache=False)
def _two(W: int, K_1: int, K_2: int, S_1: int, S_2: int, P_1: int, P_2: int) -> int:
    return placed(placed(W, K_1, S_1, P_1, P_1, 1), K_2, S_2, P_2, P_2, 1)


@njit(cache=False)
def _many(W: int, S: int, L: int) -> int:
    for _ in range(L):
        W = placed(W, S, S, 0, 0, 1)
    return W


@njit(cache=False)
def _over(W: int, K: int, S: int, x: int) -> int:
    number = 0
    for first in range(0, W, S):
        number += first + K <= W and first <= x and x < first + K
    return number


@njit(cache=False)
def _unseen(W: int, K: int, S: int) -> int:
    number = 0
    for entry in range(W):
        number += _over(W, K, S, entry) == 0
    return number


@njit(cache=False)
def _covered(W: int, K: int, S: int) -> int:
    return int(_unseen(W, K, S) == 0)


@njit(cache=False)
def _ceiling_mode(W: int, K: int, S: int, P: int, D: int) -> int:
    number = 0
    for first in range(0, W + P, S):
        missing = first + D * (K - 1) + 1 - (W + 2 * P)
        number += missing < S
    return number


@njit(cache=False)
def _same(W: int, K: int, S: int, D: int, T: int) -> int:
    return placed(W, K, S, 0, T, D)


@njit(cache=False)
def _same_inputs(W: int, S: int, n: int) -> int:
    begun = 0
    for _ in range(0, W, S):
        begun += 1
    return int(begun == n)


@njit(cache=False)
def _valid(W: int, K: int, S: int, D: int) -> int:
    return placed(W, K, S, 0, 0, D)


@njit(cache=False)
def _caffe(W: int, K: int, S: int, P: int) -> int:
    return _ceiling_mode(W, K, S, P, 1)


@njit(cache=False)
def _half_padding(W: int, K: int, S: int, P: int) -> int:
    return placed(W, K, S, P, P, 1)


COUNTS: dict[str, tuple[Callable[..., Any], ...]] = {
    "layer_sizes": (_output, _image),
    "inverse_sizes": (_inputs, _kept, _kept_stride_1),
    "transposed_sizes": (_size, _back),
    "composed_sizes": (_two, _many),
    "pooling_sizes": (_unseen, _over, _covered),
    "framework_sizes": (_ceiling_mode, _same, _same_inputs, _valid, _caffe, _half_padding),
}
CASES = [(f"{name}.{count.__name__[1:]}", count) for name, counts in COUNTS.items() for count in counts]


@pytest.mark.parametrize(("path", "count"), CASES, ids=[path for path, _ in CASES])
def test_counted(path: str, count: Callable[..., Any]) -> None:
    """The derived size is the number of windows that were counted, at 100,000 layers that the hypotheses allow."""
    one = claim(path)[1]
    random = np.random.default_rng(7)
    symbols = list(one.context.symbols)
    allowed = compile_numpy(Indicator(all_of(*one.context.facts)), one.context, symbols)
    derived = compile_numpy(one.derive().right, one.context, symbols)
    kept_columns: list[Any] = []
    while sum(len(columns[0]) for columns in kept_columns) < MANY:
        columns = [random.integers(-3 if s.name in "Ax" else 0, MOST.get(s.name, 24) + 1, 2 * MANY) for s in symbols]
        if path == "framework_sizes.half_padding":  # an equation between two of them
            columns[1] = 2 * columns[3] + 1
        if path == "framework_sizes.same":  # just enough zeros for the last window that begins on the input
            W, K, S, D = (np.maximum(column, 1) for column in columns[:4])
            columns[4] = np.maximum((W - 1) // S * S + D * (K - 1) + 1 - W, 0)
        inside = allowed(*columns) == 1
        kept_columns.append([column[inside] for column in columns])
    layers = [np.concatenate(parts)[:MANY] for parts in zip(*kept_columns, strict=True)]
    found = derived(*layers)
    counted = np.array([count(*layer) for layer in zip(*(column.tolist() for column in layers), strict=True)])
    assert len(counted) == MANY and len(np.unique(counted)) >= 2
    assert np.array_equal(found, counted)


def test_every_size_is_counted() -> None:
    """No claim about sizes is left out."""
    assert {f"{name}.{c.name}" for name in COUNTS for c in claim(name)[0].claims} == {path for path, _ in CASES}
