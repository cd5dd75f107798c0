r"""Gradients of functions of an inverse: $a^\top M^{-1} b$, $\mathrm{tr}(A M^{-1} B)$, the solution of $M x = b$.

All come from $\partial (M^{-1})_{ij}/\partial M_{rs} = -(M^{-1})_{ir} (M^{-1})_{sj}$. Along $Y = A + t B$ the inverse
changes by $-Y^{-1} B Y^{-1}$. The solution $x = M^{-1} b$ has $\partial x_i/\partial M_{rs} = -(M^{-1})_{ir} x_s$.

Source: Petersen, Pedersen, The Matrix Cookbook, 2012, section 2.2, (59) to (64).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.constructs.conjugated_map import solved
from derive.constructs.construct import Construct
from derive.constructs.dense_layer import Matrix, Signal
from derive.constructs.linear_gradients import gradient, number
from derive.constructs.matrix_inverse import CONSTRUCT as INVERSE
from derive.constructs.matrix_jacobians import Known, added, i, j, matrix, n, r, rate, s, times, turned
from derive.language import Entry, ne
from derive.language.forms import of

M, A, B, t = matrix("M", n, n), matrix("A", n, n), matrix("B", n, n), matrix("t")
a, b = matrix("a", n), matrix("b", n)


def inverse() -> tuple[Known, ...]:
    """The derivative of the inverse."""
    return ((INVERSE.claim("derivative").derive(), {}),)


def column(n: int, M: Matrix, b: Signal) -> list[Any]:
    """The solution of M x = b, by elimination."""
    return solved([[Fraction(1) * M(i, j) for j in range(1, n + 1)] + [Fraction(1) * b(i)] for i in range(1, n + 1)])


def _row(i: int) -> Signal:
    return lambda k: Fraction(k == i)


def bilinear_oracle(n: int, r: int, s: int, a: Signal, b: Signal, M: Matrix) -> Any:
    """a^T M^-1 b."""
    return rate(lambda M: sum(a(k) * entry for k, entry in enumerate(column(n, M, b), 1)), M, r, s)


def trace_oracle(n: int, r: int, s: int, A: Matrix, B: Matrix, M: Matrix) -> Any:
    """tr(A M^-1 B)."""

    def value(M: Matrix) -> Any:
        return added(lambda i: added(lambda k: A(i, k) * column(n, M, lambda h: B(h, i))[k - 1], n), n)

    return rate(value, M, r, s)


def along_oracle(n: int, i: int, j: int, A: Matrix, B: Matrix, t: Any) -> Any:
    """(A + t B)^-1."""
    return rate(lambda t: column(n, lambda h, k: A(h, k) + t() * B(h, k), _row(j))[i - 1], t)


def shifted_oracle(n: int, r: int, s: int, A: Matrix, M: Matrix) -> Any:
    """tr((M + A)^-1)."""

    def value(M: Matrix) -> Any:
        return added(lambda k: column(n, lambda i, j: M(i, j) + A(i, j), _row(k))[k - 1], n)

    return rate(value, M, r, s)


def solution_oracle(n: int, i: int, r: int, s: int, b: Signal, M: Matrix) -> Any:
    """How an unknown changes with an entry of the matrix."""
    return rate(lambda M: column(n, M, b)[i - 1], M, r, s)


def right_side_oracle(n: int, i: int, r: int, M: Matrix, b: Signal) -> Any:
    """How an unknown changes with an entry of the right side."""
    return rate(lambda b: column(n, M, b)[i - 1], b, r)


B_, X = of("inverse", M), times(of("inverse", M), b)
DET, LINE, SHIFTED = ne(number("determinant", M), 0), of("sum", A, of("scaled", Entry(t), B)), of("sum", M, A)
ALONG, BACK = of("inverse", LINE), of("inverse", SHIFTED)
INVERTIBLE = ne(number("determinant", LINE), 0)
CONSTRUCT = Construct(
    name="inverse_gradients",
    title="Gradients of functions of an inverse",
    about=("A matrix M with ", n, " rows and columns varies entry by entry, or a number t; all else is fixed."),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Petersen, Pedersen, The Matrix Cookbook, 2012, section 2.2",
    claims=(
        gradient("inverse_gradients.bilinear", "An inverse between two vectors", number("inner", a, X), (a, b, M),
                 of("scaled", -1, of("outer", times(turned(B_), a), X)), bilinear_oracle, DET, known=inverse),
        gradient("inverse_gradients.trace", "An inverse between two matrices", number("trace", times(A, B_, B)),
                 (A, B, M), of("scaled", -1, turned(times(B_, B, A, B_))), trace_oracle, DET, known=inverse),
        gradient("inverse_gradients.shifted", "The trace of the inverse of a sum", number("trace", BACK), (A, M),
                 of("scaled", -1, turned(times(BACK, BACK))), shifted_oracle, ne(number("determinant", SHIFTED), 0)),
        gradient("inverse_gradients.along", "Along a line", ALONG, (A, B, t),
                 Entry(of("scaled", -1, times(ALONG, B, ALONG)), i, j), along_oracle, INVERTIBLE),
        gradient("inverse_gradients.solution", "The solution, in the matrix", X, (b, M),
                 -B_[i, r] * X[s], solution_oracle, DET, known=inverse),
        gradient("inverse_gradients.right_side", "The solution, in the right side", X, (M, b),
                 B_[i, r], right_side_oracle, DET),
    ),
)  # fmt: skip
