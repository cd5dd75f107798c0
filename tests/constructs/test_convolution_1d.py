"""Convolutions in one dimension and networks of two layers, against numbers worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest

from derive.constructs.registry import claim
from derive.language.points import Samples, evaluate

Values = Mapping[str, int | Sequence[int]]

X, W = (5, 6, 7, 8), (3, 0, 1)
FULL, VALID, SAME = (15, 18, 26, 30, 7, 8), (26, 30), (18, 26, 30, 7)
ENTRIES = [
    *(("convolution_1d.full_turned", i, value) for i, value in enumerate(FULL, 1)),
    *(("convolution_1d.commutes", i, value) for i, value in enumerate(FULL, 1)),
    *(("conv1d_matrix.toeplitz", i, value) for i, value in enumerate(FULL, 1)),
    *(("convolution_1d.valid_turned", i, value) for i, value in enumerate(VALID, 1)),
    *(("conv1d_lengths.middle", i, value) for i, value in enumerate(VALID, 1)),
    *(("conv1d_lengths.same", i, value) for i, value in enumerate(SAME, 1)),
    # With the kernel as it is: the last weight lies on the first entry, ..., the first weight on the last entry.
    *(("convolution_1d.backwards", i, value) for i, value in enumerate((5, 6, 22, 26, 21, 24), 1)),
]


def both(path: str, values: Values) -> tuple[object, object]:
    """The derived result and the oracle at these numbers; a sequence is an array with indices from 1."""
    _, found = claim(path)
    numbers = {s: Fraction(values[s.name]) for s in found.context.symbols}
    samples = {a: Samples({(k,): Fraction(v) for k, v in enumerate(values[a.name], 1)}) for a in found.free_arrays}
    derived = evaluate(found.derive().right, numbers, found.context, samples)
    given = {s.name: int(numbers[s]) for s in numbers}
    functions = {a.name: lambda k, a=a: samples[a](k) for a in found.free_arrays}
    return derived, found.oracle(**given, **functions)


@pytest.mark.parametrize(("path", "i", "expected"), ENTRIES)
def test_convolution_of_four_entries_with_three(path: str, i: int, expected: int) -> None:
    """[5, 6, 7, 8] with [3, 0, 1], full, valid and same: as 5678 times 301, without carries."""
    assert both(path, {"n": 4, "k": 3, "i": i, "x": X, "w": W}) == (expected, expected)


def test_sum_of_the_full_convolution() -> None:
    """104 = 26 * 4."""
    assert both("conv1d_matrix.total", {"n": 4, "k": 3, "x": X, "w": W}) == (104, 104)


def test_pairing_of_the_valid_correlation() -> None:
    """[22, 26] paired with [1, 10]: 282."""
    assert both("conv1d_matrix.adjoint", {"n": 4, "k": 3, "x": X, "w": W, "g": (1, 10)}) == (282, 282)


@pytest.mark.parametrize(
    ("path", "values", "expected"),
    [
        ("conv1d_lengths.valid_length", {"n": 4, "k": 3}, 2),
        ("conv1d_lengths.valid_length", {"n": 3, "k": 3}, 1),
        ("conv1d_lengths.valid_length", {"n": 3, "k": 4}, 0),
        ("conv1d_lengths.valid_length", {"n": 3, "k": 9}, 0),
        ("conv1d_lengths.full_length", {"n": 4, "k": 3}, 6),
        ("conv1d_lengths.full_length", {"n": 1, "k": 9}, 9),
        ("two_layer_lengths.valid", {"d": 10, "k_1": 3, "k_2": 4}, 5),
        ("two_layer_lengths.valid", {"d": 5, "k_1": 3, "k_2": 3}, 1),
        ("two_layer_lengths.valid", {"d": 5, "k_1": 4, "k_2": 4}, 0),
        ("two_layer_lengths.valid", {"d": 1, "k_1": 7, "k_2": 1}, 0),
        ("two_layer_lengths.full", {"d": 10, "k_1": 3, "k_2": 4}, 15),
        ("two_layer_lengths.full", {"d": 1, "k_1": 1, "k_2": 1}, 1),
    ],
)
def test_lengths(path: str, values: Values, expected: int) -> None:
    """Both kernels shorter than the input is not enough for two valid layers: 5 inputs, 4 and 4 weights."""
    assert both(path, values) == (expected, expected)


VALID_LAYER = {"d": 4, "k_1": 2, "k_2": 2, "h": (2, 7, 1), "w": (3, 5), "g": (1, 10)}
FULL_LAYER = {"d": 1, "k_1": 2, "k_2": 2, "h": (2, 7), "w": (3, 5), "g": (1, 10, 100)}


@pytest.mark.parametrize(
    ("path", "layer", "rows"),
    [
        ("two_layer_network.jacobian", VALID_LAYER, ((3, 5, 0), (0, 3, 5))),
        ("two_layer_full.jacobian", FULL_LAYER, ((5, 0), (3, 5), (0, 3))),
    ],
)
def test_two_layer_jacobian(path: str, layer: Values, rows: Sequence[Sequence[int]]) -> None:
    """The Jacobian of the second layer, all entries."""
    for i, row in enumerate(rows, 1):
        for q, expected in enumerate(row, 1):
            assert both(path, {**layer, "i": i, "q": q}) == (expected, expected)


@pytest.mark.parametrize(
    ("path", "layer", "index", "expected"),
    [
        ("two_layer_network.hidden_gradient", VALID_LAYER, "q", (3, 35, 50)),
        ("two_layer_kernels.second_kernel", VALID_LAYER, "r", (72, 17)),
        ("two_layer_full.hidden_gradient", FULL_LAYER, "q", (35, 350)),
        ("two_layer_full.kernel_gradient", FULL_LAYER, "r", (720, 72)),
        ("two_layer_kernels.relu", {"d": 3, "k_1": 2, "z": (-2, 4), "dh": (3, 5)}, "q", (0, 5)),
        (
            "two_layer_kernels.first_kernel",
            {"d": 3, "k_1": 2, "x": (1, 2, 3), "v": (6, 7), "dz": (1, 10)},
            "r",
            (21, 32),
        ),
    ],
)
def test_two_layer_gradients(path: str, layer: Values, index: str, expected: Sequence[int]) -> None:
    """Gradients of small layers, all entries, from their Jacobians written out on paper."""
    for place, value in enumerate(expected, 1):
        assert both(path, {**layer, index: place}) == (value, value)


def test_two_layer_entry_outside_the_window() -> None:
    """Far from the window, before it and after it, an output does not depend on the entry: the indicator is there."""
    layer = {"d": 6, "k_1": 1, "k_2": 2, "h": (1, 1, 1, 1, 1, 1), "w": (3, 5)}
    assert both("two_layer_network.jacobian", {**layer, "i": 3, "q": 2}) == (0, 0)
    assert both("two_layer_network.jacobian", {**layer, "i": 3, "q": 5}) == (0, 0)
