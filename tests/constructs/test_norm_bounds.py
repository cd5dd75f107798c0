"""Bounds between norms on 10,000 random arrays each, by NumPy, and attained by the vectors and matrices named."""

from __future__ import annotations

import numpy as np
import pytest

from derive.language.singular import leading_direction, nuclear_norm, spectral_norm
from derive.language.stretching import stretch

RNG = np.random.default_rng(7)
NEAR = 1e-10
SHAPES = [(1, 1), (1, 5), (4, 1), (2, 2), (3, 5), (6, 2), (5, 5), (2, 7)]
COUNT = 10_000 // len(SHAPES)
Array = np.ndarray


def drawn(*shape: int) -> Array:
    """Normal numbers, a tenth of them 0, of scales from 1/1000 to 1000."""
    numbers = RNG.normal(size=(COUNT, *shape)) * (RNG.random(size=(COUNT, *shape)) > 0.1)
    return numbers * 10 ** RNG.uniform(-3, 3, size=(COUNT, *(1 for _ in shape)))


def at_most(left: Array, right: Array) -> None:
    """Everywhere, to rounding."""
    assert left.shape == right.shape and left.size >= COUNT
    assert np.all(left <= right * (1 + NEAR) + 1e-300)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 13, 21, 34])
def test_vectors(n: int) -> None:
    """The chain from the largest entry to n times the largest entry, and the two with the root mean square."""
    x = np.abs(drawn(n))
    top, length, total = x.max(1), np.sqrt((x**2).sum(1)), x.sum(1)
    at_most(top, length)
    at_most(length, total)
    at_most(total, np.sqrt(n) * length)
    at_most(np.sqrt(n) * length, n * top)
    at_most(total / n, length / np.sqrt(n))
    at_most(length / np.sqrt(n), top)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 13, 21, 34])
def test_exponents(n: int) -> None:
    """Power means grow with the exponent, norms become smaller."""
    x = np.abs(drawn(n)) + 1e-6
    x /= x.max(1, keepdims=True)
    for p in range(1, 6):
        for q in range(p, 7):
            at_most((x**p).mean(1) ** (1 / p), (x**q).mean(1) ** (1 / q))
            at_most((x**q).sum(1) ** (1 / q), (x**p).sum(1) ** (1 / p))


@pytest.mark.parametrize("shape", SHAPES)
def test_matrices(shape: tuple[int, int]) -> None:
    """The chains of the spectral, Frobenius and nuclear norm, with the rank, and the image of a vector."""
    (rows, columns), a = shape, drawn(*shape)
    values = np.linalg.svd(a, compute_uv=False)
    rank = np.maximum(1, (values > 1e-12 * values[:, :1]).sum(1))
    top, frobenius, nuclear = values[:, 0], np.sqrt((a**2).sum((1, 2))), values.sum(1)
    at_most(top, frobenius)
    at_most(frobenius, nuclear)
    at_most(frobenius, np.sqrt(rank) * top)
    at_most(nuclear, np.sqrt(rank) * frobenius)
    at_most(frobenius, np.sqrt(columns) * top)
    x = drawn(columns)
    image = np.einsum("kji,ki->kj", a, x)
    spread = np.sqrt(columns / rows) * top * np.sqrt((x**2).mean(1))
    at_most(np.sqrt((image**2).mean(1)), spread)


@pytest.mark.parametrize("shape", SHAPES)
def test_signs(shape: tuple[int, int]) -> None:
    """Of signs of rank one the norm is a number, zeros included; of signs of any rank it is between two."""
    rows, columns = shape
    g, x = drawn(rows), drawn(columns)
    outer = np.sign(g)[:, :, None] * np.sign(x)[:, None, :]
    assert np.array_equal(outer, np.sign(g[:, :, None] * x[:, None, :]))
    norm = np.linalg.svd(outer, compute_uv=False)[:, 0]
    assert np.allclose(norm, np.sqrt((g != 0).sum(1) * (x != 0).sum(1)))
    signs = RNG.choice([-1.0, 1.0], size=(COUNT, *shape))
    norm = np.linalg.svd(signs, compute_uv=False)[:, 0]
    at_most(norm, np.full(COUNT, np.sqrt(rows * columns)))
    at_most(np.full(COUNT, np.sqrt(max(rows, columns))), norm)


@pytest.mark.parametrize("shape", SHAPES)
def test_orthogonal_factor(shape: tuple[int, int]) -> None:
    """Its spectral norm is 1, its Frobenius norm the root of the rank; with the bound it changes no output more."""
    rows, columns = shape
    u, s, vt = np.linalg.svd(RNG.normal(size=(COUNT, *shape)), full_matrices=False)
    assert s.min() > 0
    factor = u @ vt
    assert np.allclose(np.linalg.svd(factor, compute_uv=False)[:, 0], 1)
    assert np.allclose((factor**2).sum((1, 2)), min(shape))
    x = RNG.normal(size=(COUNT, columns))
    x /= np.sqrt((x**2).mean(1, keepdims=True))
    c = RNG.normal(size=COUNT)
    changed = np.sqrt(rows / columns) / np.abs(c) * c * np.einsum("kji,ki->jk", factor, x)
    at_most(np.sqrt((changed.T**2).mean(1)), np.ones(COUNT))


def test_the_evaluator_agrees_with_numpy() -> None:
    """Exact values of norms, those by brute force, and directions that are stretched most; 160 matrices."""
    looked = 0
    for shape in SHAPES:
        for _ in range(20):
            rows = RNG.integers(-3, 4, size=shape).tolist()
            by_numpy = np.linalg.norm(np.array(rows, dtype=float), 2)
            assert abs(float(spectral_norm(rows)) - by_numpy) < 1e-9
            assert abs(float(stretch(rows)) - by_numpy) < 1e-9
            assert abs(float(nuclear_norm(rows)) - np.linalg.norm(np.array(rows, dtype=float), "nuc")) < 1e-6
            v = np.array([float(number) for number in leading_direction(rows)])
            assert abs(np.linalg.norm(v) - 1) < 1e-12 and abs(np.linalg.norm(rows @ v) - by_numpy) < 1e-8
            looked += 1
    assert looked == 160


def test_attained() -> None:
    """The vectors and matrices that make the inequalities equalities, exactly."""
    assert spectral_norm([[1, 1, 1], [1, 1, 1], [1, 1, 1]]) == 3  # rank one: the Frobenius norm, the root of 9
    assert nuclear_norm([[1, 2], [2, 4]]) == spectral_norm([[1, 2], [2, 4]]) == 5
    identity = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert (spectral_norm(identity), nuclear_norm(identity)) == (1, 3)  # sqrt(3) twice, with the root of 3 between
    hadamard = [[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]
    assert spectral_norm(hadamard) == 2  # the least for signs: the root of the rows
    assert spectral_norm([[1, -1, 1, -1]] * 4) == 4  # the largest: the root of all
