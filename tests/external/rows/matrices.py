"""Gradients of traces, of linear and quadratic forms and of norms; what has no code is in `test_inverses.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.external.autograd import Row, Sizes, jacobian_of, slope_of, upto


def _row(path: str, sizes: str, by: str, value: Callable[..., Any], jacobian: bool = False) -> Row:
    """A value of the tensors by their names, or all entries of it, with respect to one of them."""

    def forward(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
        return value(**t)

    one = dict.fromkeys(sizes, 1)
    edges = [one, *({**one, size: 4} for size in sizes), *({**dict.fromkeys(sizes, 3), size: 1} for size in sizes)]
    return Row(
        path, upto(**dict.fromkeys(sizes, 5)), tuple(edges), (jacobian_of if jacobian else slope_of)(forward, by)
    )


def _line(name: str) -> Callable[[str, str, str, Callable[..., Any]], Row]:
    return lambda claim, sizes, by, value: _row(f"{name}.{claim}", sizes, by, value)


def _distance(W: Any, A: Any, x: Any, z: Any) -> Any:
    return (x - A @ z) @ W @ (x - A @ z)


_linear, _trace, _traces = _line("linear_gradients"), _line("trace_gradients"), _line("trace_quadratics")
_quadratic, _norm = _line("quadratic_gradients"), _line("norm_gradients")
TABLE: tuple[Row, ...] = (
    _row("matrix_jacobians.left", "mnp", "X", lambda A, X: A @ X, jacobian=True),
    _row("matrix_jacobians.right", "mnq", "X", lambda B, X: X @ B, jacobian=True),
    _row("matrix_jacobians.both", "mnpq", "X", lambda A, B, X: A @ X @ B, jacobian=True),
    _row("matrix_jacobians.turned", "mnpq", "X", lambda A, B, X: A @ X.T @ B, jacobian=True),
    _linear("vector", "n", "x", lambda a, x: a @ x),
    _linear("bilinear", "mn", "X", lambda a, b, X: a @ X @ b),
    _linear("trace", "mn", "X", lambda A, X: (A @ X).trace()),
    _trace("trace", "n", "X", lambda X: X.trace()),
    _trace("inner", "mn", "X", lambda A, X: (X.T @ A).trace()),
    _trace("both", "mnp", "X", lambda A, B, X: (A @ X @ B).trace()),
    _trace("turned", "mnp", "X", lambda A, B, X: (A @ X.T @ B).trace()),
    _trace("squares", "mn", "X", lambda X: (X.T @ X).trace()),
    _trace("second", "n", "X", lambda X: (X @ X).trace()),
    _trace("third", "n", "X", lambda X: (X @ X @ X).trace()),
    _trace("scaled", "n", "X", lambda X: X.trace() ** 2),
    _traces("columns", "mn", "X", lambda A, X: (X.T @ A @ X).trace()),
    _traces("rows", "mn", "X", lambda A, X: (X @ A @ X.T).trace()),
    _traces("twice", "mn", "X", lambda A, B, X: (A @ X @ B @ X).trace()),
    _traces("turned", "mn", "X", lambda A, B, X: (A @ X @ B @ X.T).trace()),
    _quadratic("form", "n", "x", lambda A, x: x @ A @ x),
    _quadratic("squares", "mn", "x", lambda A, b, x: (A @ x + b) @ (A @ x + b)),
    _quadratic("target", "mn", "x", _distance),
    _quadratic("vector", "mn", "z", _distance),
    _quadratic("matrix", "mn", "A", _distance),
    _quadratic("gram", "mn", "X", lambda a, b, X: a @ X.T @ X @ b),
    _quadratic("weights", "mn", "X", lambda a, b, C, X: a @ X.T @ C @ X @ b),
    _quadratic("offset", "mn", "X", lambda b, c, D, X: (X @ b + c) @ D @ (X @ b + c)),
    _norm("square", "n", "x", lambda x: x @ x),
    _norm("norm", "n", "x", lambda x: x.norm()),
    _norm("fourth", "n", "x", lambda x: x.norm() ** 4),
    _norm("distance", "n", "x", lambda a, x: (x - a).norm()),
    _norm("least", "mn", "x", lambda A, b, x: (A @ x - b).norm() ** 2),
    _norm("residual", "mn", "x", lambda A, b, x: (A @ x - b).norm()),
    _norm("frobenius", "mn", "X", lambda X: (X * X).sum()),
    _norm("frobenius_norm", "mn", "X", lambda X: X.norm()),
    _norm("matrices", "mn", "X", lambda A, X: (X - A).norm() ** 2),
    _norm("product", "mnp", "X", lambda A, X: (A @ X).norm() ** 2),
    _row("symmetric_matrices.entries", "n", "B", lambda B, G: (G * (B + B.T) / 2).sum()),
    _row("norm_gradients.unit", "n", "x", lambda x: x / x.norm(), jacobian=True),
)
_OPAQUE = "it speaks of an inverse or a determinant, for which there are no loops: see test_inverses.py"
_SMOOTH = "it holds for any smooth map, and speaks of an inverse: see test_inverses.py"
LEFT_OUT = {
    **{f"matrix_inverse.{name}": _OPAQUE for name in ("derivative", "determinant", "log_determinant", "trace")},
    **{f"conjugated_map.{name}": _SMOOTH for name in ("jacobian", "matrix_jacobian")},
    **{f"conjugated_distance.{name}": _SMOOTH for name in ("distance_gradient", "matrix_gradient")},
    **{
        f"determinant_gradients.{name}": _OPAQUE
        for name in ("power", "logarithm", "reciprocal", "shifted", "along", "log_along")
    },
    **{
        f"inverse_gradients.{name}": _OPAQUE
        for name in ("bilinear", "trace", "shifted", "along", "solution", "right_side")
    },
}
