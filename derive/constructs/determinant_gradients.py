r"""Gradients of determinants, by Jacobi's formula $d \det Y = \det(Y)\,\mathrm{tr}(Y^{-1}\,dY)$, Y invertible.

Along $Y = A + t B$ that is $\det(Y)\,\mathrm{tr}(Y^{-1} B)$, and $\mathrm{tr}(Y^{-1} B)$ for the logarithm. By an entry
of X, $X + A$ has $\det(X + A)\,(X + A)^{-\top}$, and $\log \det(X)^2$ has $2 X^{-\top}$ whatever the sign.

Source: Petersen, Pedersen, The Matrix Cookbook, 2012, sections 2.1.1, (46), 2.1.4, (57), (58), and 2.2, (62).
"""

from __future__ import annotations

from typing import Any

from sympy import log

from derive.constructs.construct import Construct
from derive.constructs.dense_layer import Matrix
from derive.constructs.linear_gradients import gradient, number
from derive.constructs.matrix_inverse import expanded, listed
from derive.constructs.matrix_jacobians import matrix, n, r, rate, s, times, turned
from derive.language import Entry, gt, ne
from derive.language.forms import of
from derive.language.numbers import log as logarithm

X, A, B, t = matrix("X", n, n), matrix("A", n, n), matrix("B", n, n), matrix("t")


def power_oracle(n: int, r: int, s: int, X: Matrix) -> Any:
    """det(X)^2."""
    return rate(lambda X: expanded(listed(n, X)) ** 2, X, r, s)


def logarithm_oracle(n: int, r: int, s: int, X: Matrix) -> Any:
    """log(det(X)^2)."""
    return rate(lambda X: logarithm(expanded(listed(n, X)) ** 2), X, r, s)


def reciprocal_oracle(n: int, r: int, s: int, X: Matrix) -> Any:
    """1/det(X)."""
    return rate(lambda X: 1 / expanded(listed(n, X)), X, r, s)


def shifted_oracle(n: int, r: int, s: int, A: Matrix, X: Matrix) -> Any:
    """det(X + A)."""
    return rate(lambda X: expanded(listed(n, lambda i, j: X(i, j) + A(i, j))), X, r, s)


def _line(n: int, t: Any, A: Matrix, B: Matrix) -> Any:
    """det(A + t B)."""
    return expanded([[A(i, j) + t * B(i, j) for j in range(1, n + 1)] for i in range(1, n + 1)])


def along_oracle(n: int, A: Matrix, B: Matrix, t: Any) -> Any:
    """det(A + t B)."""
    return rate(lambda t: _line(n, t(), A, B), t)


def log_along_oracle(n: int, A: Matrix, B: Matrix, t: Any) -> Any:
    """log det(A + t B)."""
    return rate(lambda t: logarithm(_line(n, t(), A, B)), t)


DET, SHIFTED, LINE = number("determinant", X), of("sum", X, A), of("sum", A, of("scaled", Entry(t), B))
INVERSE, MOVED, SLOPE = turned(of("inverse", X)), number("determinant", SHIFTED), number("determinant", LINE)
TRACE = of("trace", times(of("inverse", LINE), B))
CONSTRUCT = Construct(
    name="determinant_gradients",
    title="Gradients of determinants",
    about=("A matrix X with ", n, " rows and columns varies entry by entry, or a number t; A and B are fixed."),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Petersen, Pedersen, The Matrix Cookbook, 2012, sections 2.1.1, 2.1.4 and 2.2",
    claims=(
        gradient("determinant_gradients.power", "The square of a determinant", DET**2, (X,),
                 of("scaled", 2 * DET**2, INVERSE), power_oracle, ne(DET, 0)),
        gradient("determinant_gradients.logarithm", "The logarithm of its square", log(DET**2), (X,),
                 of("scaled", 2, INVERSE), logarithm_oracle, ne(DET, 0)),
        gradient("determinant_gradients.reciprocal", "One over a determinant", 1 / DET, (X,),
                 -INVERSE[r, s] / DET, reciprocal_oracle, ne(DET, 0)),
        gradient("determinant_gradients.shifted", "The determinant of a sum", MOVED, (A, X),
                 of("scaled", MOVED, turned(of("inverse", SHIFTED))), shifted_oracle, ne(MOVED, 0)),
        gradient("determinant_gradients.along", "Along a line", SLOPE, (A, B, t),
                 of("scaled", SLOPE, TRACE), along_oracle, ne(SLOPE, 0)),
        gradient("determinant_gradients.log_along", "The logarithm along a line", log(SLOPE), (A, B, t),
                 TRACE, log_along_oracle, gt(SLOPE, 0)),
    ),
)  # fmt: skip
