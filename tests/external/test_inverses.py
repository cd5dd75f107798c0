"""Claims that speak of an inverse or a determinant have no compiled code: their exact values against torch.autograd.

The derived right side is evaluated exactly at the fractions that the float64 numbers of the arrays are, at all its
indices. A smooth map is the polynomial that stands for it at exact points, in PyTorch as well.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from sympy import Poly

from derive.constructs.registry import claim
from derive.language import Array, real
from derive.language.maps import Applied
from derive.language.points import evaluate
from tests.external.rows.matrices import LEFT_OUT

TOLERANCE = 1e-10
SIZES = (1, 2, 3, 4)
EACH = 3
Value = Callable[..., Any]


def _function(torch: Any) -> Callable[[Any], Any]:
    """The polynomial that stands for f."""
    t = real("t")
    coefficients = [float(c) for c in Poly(Applied("f", 0, t).instance, t).all_coeffs()]
    return lambda x: sum(c * x**k for k, c in enumerate(reversed(coefficients)))


def _map(torch: Any, M: Any, x: Any) -> Any:
    return torch.linalg.solve(M, _function(torch)(M @ x))


def _squares(torch: Any, M: Any, x: Any) -> Any:
    rest = x - _map(torch, M, x)
    return rest @ rest


TABLE: dict[str, tuple[str, Value]] = {
    "matrix_inverse.derivative": ("M", lambda torch, M: torch.linalg.inv(M)),
    "matrix_inverse.determinant": ("M", lambda torch, M: torch.linalg.det(M)),
    "matrix_inverse.log_determinant": ("M", lambda torch, M: torch.logdet(M)),
    "matrix_inverse.trace": ("M", lambda torch, M: torch.linalg.inv(M).trace()),
    "conjugated_map.jacobian": ("x", _map),
    "conjugated_map.matrix_jacobian": ("M", _map),
    "conjugated_distance.distance_gradient": ("x", _squares),
    "conjugated_distance.matrix_gradient": ("M", _squares),
    "determinant_gradients.power": ("X", lambda torch, X: torch.linalg.det(X) ** 2),
    "determinant_gradients.logarithm": ("X", lambda torch, X: 2 * torch.linalg.slogdet(X)[1]),
    "determinant_gradients.reciprocal": ("X", lambda torch, X: 1 / torch.linalg.det(X)),
    "determinant_gradients.shifted": ("X", lambda torch, A, X: torch.linalg.det(X + A)),
    "determinant_gradients.along": ("t", lambda torch, A, B, t: torch.linalg.det(A + t * B)),
    "determinant_gradients.log_along": ("t", lambda torch, A, B, t: torch.logdet(A + t * B)),
    "inverse_gradients.bilinear": ("M", lambda torch, a, b, M: a @ torch.linalg.solve(M, b)),
    "inverse_gradients.trace": ("M", lambda torch, A, B, M: (A @ torch.linalg.inv(M) @ B).trace()),
    "inverse_gradients.shifted": ("M", lambda torch, A, M: torch.linalg.inv(M + A).trace()),
    "inverse_gradients.along": ("t", lambda torch, A, B, t: torch.linalg.inv(A + t * B)),
    "inverse_gradients.solution": ("M", lambda torch, b, M: torch.linalg.solve(M, b)),
    "inverse_gradients.right_side": ("b", lambda torch, M, b: torch.linalg.solve(M, b)),
}
"""{claim: (the tensor that varies, the value)}"""


@pytest.fixture(scope="module")
def torch() -> Any:
    """PyTorch, on one thread; without it the tests are skipped, but where CI is set they fail."""
    if importlib.util.find_spec("torch") is None:
        if os.environ.get("CI"):
            pytest.fail("PyTorch is missing: .ci/run installs it")
        pytest.skip("PyTorch is not installed (pip install torch==2.13.0)")
    import torch

    torch.set_num_threads(1)
    return torch


def test_none_is_forgotten() -> None:
    """All claims that the rows leave out are here."""
    assert TABLE.keys() == LEFT_OUT.keys()


def _matrix_in_it(path: str, v: dict[str, Any]) -> Any:
    """The matrix that has to be invertible."""
    if path.endswith("along"):
        return v["A"] + v["t"] * v["B"]
    matrix = v["X"] if "X" in v else v["M"]
    return matrix + v["A"] if path.endswith("shifted") else matrix


def _drawn(path: str, shapes: dict[str, tuple[int, ...]], numbers: Any) -> dict[str, Any]:
    """Numbers with a determinant that is not near 0; positive where its logarithm is taken."""
    while True:
        values = {name: numbers.standard_normal(shape) for name, shape in shapes.items()}
        found = np.linalg.det(_matrix_in_it(path, values))
        if (found if "log_" in path else abs(found)) > 0.2:
            return values


def _at(value: Any) -> Callable[..., Fraction]:
    return lambda *place: Fraction(float(value[tuple(k - 1 for k in place)]))


@pytest.mark.parametrize("path", TABLE)
def test_autograd_finds_the_same(path: str, torch: Any) -> None:
    """At every index, to 1e-10, for sizes 1 to 4."""
    asked = claim(path)[1]
    right, context = asked.derive().right, asked.context
    by, value = TABLE[path]
    (size,) = (d.symbol for d in context.declarations if d.symbol.name == "n")
    indices = [s for s in context.symbols if s != size]
    numbers, compared = np.random.default_rng(len(path)), 0
    for n, _ in product(SIZES, range(EACH)):
        values = _drawn(path, {a.name: (n,) * len(a.axes) for a in context.arrays}, numbers)
        tensors = {name: torch.tensor(one, dtype=torch.float64) for name, one in values.items()}
        fixed = {name: one for name, one in tensors.items() if name != by}
        expected = torch.autograd.functional.jacobian(
            lambda v, f=fixed: value(torch, **f, **{by: v}), tensors[by]
        ).numpy()
        arrays: dict[Array, Any] = {a: _at(values[a.name]) for a in context.arrays}
        assert expected.ndim == len(indices), "an index of the result has no axis"
        for place in np.ndindex(expected.shape):
            point = {size: n, **{index: k + 1 for index, k in zip(indices, place, strict=True)}}
            ours = float(evaluate(right, point, context, arrays))
            assert abs(ours - expected[place]) <= TOLERANCE * max(1, abs(expected[place])), (n, place)
            compared += 1
    assert compared >= EACH * len(SIZES)
