r"""Gradients of traces: $\mathrm{tr}(A X B)$ has $A^\top B^\top$, $\mathrm{tr}(X^\top X)$ has $2 X$, and their like.

The trace is the sum of the diagonal, so the gradient of $\mathrm{tr}\,F$ is the sum of
$\partial F_{kk}/\partial X_{rs}$; where X stands more than once, the product rule gives a term for each.

Source: Petersen, Pedersen, The Matrix Cookbook, 2012, sections 2.5.1 to 2.5.3, (99) to (106), (115) and (121).
"""

from __future__ import annotations

from typing import Any

from derive.constructs.construct import Construct
from derive.constructs.dense_layer import Matrix
from derive.constructs.linear_gradients import gradient, number
from derive.constructs.matrix_jacobians import CONSTRUCT as JACOBIANS
from derive.constructs.matrix_jacobians import Known, added, m, matrix, n, p, q, rate, times, turned
from derive.language.forms import of


def both() -> tuple[Known, ...]:
    """The derivative of A X B, where that has p rows and columns."""
    return ((JACOBIANS.claim("both").derive(), {q: p}),)


def turned_between() -> tuple[Known, ...]:
    """The derivative of A X^T B, where that has p rows and columns."""
    return ((JACOBIANS.claim("turned").derive(), {q: p}),)


def trace_oracle(n: int, r: int, s: int, X: Matrix) -> Any:
    """tr(X)."""
    return rate(lambda X: added(lambda k: X(k, k), n), X, r, s)


def inner_oracle(m: int, n: int, r: int, s: int, A: Matrix, X: Matrix) -> Any:
    """tr(X^T A)."""
    return rate(lambda X: added(lambda k, j: X(j, k) * A(j, k), n, m), X, r, s)


def both_oracle(m: int, n: int, p: int, r: int, s: int, A: Matrix, B: Matrix, X: Matrix) -> Any:
    """tr(A X B)."""
    return rate(lambda X: added(lambda k, i, j: A(k, i) * X(i, j) * B(j, k), p, m, n), X, r, s)


def turned_oracle(m: int, n: int, p: int, r: int, s: int, A: Matrix, B: Matrix, X: Matrix) -> Any:
    """tr(A X^T B)."""
    return rate(lambda X: added(lambda k, i, j: A(k, j) * X(i, j) * B(i, k), p, m, n), X, r, s)


def squares_oracle(m: int, n: int, r: int, s: int, X: Matrix) -> Any:
    """tr(X^T X)."""
    return rate(lambda X: added(lambda k, i: X(i, k) * X(i, k), n, m), X, r, s)


def second_oracle(n: int, r: int, s: int, X: Matrix) -> Any:
    """tr(X X)."""
    return rate(lambda X: added(lambda k, i: X(k, i) * X(i, k), n, n), X, r, s)


def third_oracle(n: int, r: int, s: int, X: Matrix) -> Any:
    """tr(X X X)."""
    return rate(lambda X: added(lambda k, i, j: X(k, i) * X(i, j) * X(j, k), n, n, n), X, r, s)


def scaled_oracle(n: int, r: int, s: int, X: Matrix) -> Any:
    """tr(X)^2."""
    return rate(lambda X: added(lambda k: X(k, k), n) ** 2, X, r, s)


Q, X, A = matrix("X", n, n), matrix("X", m, n), matrix("A", m, n)
LEFT, RIGHT, ROWS, COLUMNS = matrix("A", p, m), matrix("B", n, p), matrix("A", p, n), matrix("B", m, p)
TRACE, ONE = number("trace", Q), of("identity", n)
CONSTRUCT = Construct(
    name="trace_gradients",
    title="Gradients of traces",
    about=("The entries of a matrix X vary one by one; A and B are fixed.",),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Petersen, Pedersen, The Matrix Cookbook, 2012, sections 2.5.1 to 2.5.3",
    claims=(
        gradient("trace_gradients.trace", "The trace", TRACE, (Q,), ONE, trace_oracle),
        gradient("trace_gradients.inner", "A transpose and a matrix",
                 number("trace", times(turned(X), A)), (A, X), A, inner_oracle),
        gradient("trace_gradients.both", "A matrix between two",
                 number("trace", times(LEFT, X, RIGHT)), (LEFT, RIGHT, X),
                 times(turned(LEFT), turned(RIGHT)), both_oracle, known=both),
        gradient("trace_gradients.turned", "A transpose between two",
                 number("trace", times(ROWS, turned(X), COLUMNS)), (ROWS, COLUMNS, X),
                 times(COLUMNS, ROWS), turned_oracle, known=turned_between),
        gradient("trace_gradients.squares", "The sum of all squares",
                 number("trace", times(turned(X), X)), (X,), of("scaled", 2, X), squares_oracle),
        gradient("trace_gradients.second", "The trace of a square",
                 number("trace", times(Q, Q)), (Q,), of("scaled", 2, turned(Q)), second_oracle),
        gradient("trace_gradients.third", "The trace of a cube",
                 number("trace", times(Q, Q, Q)), (Q,), of("scaled", 3, turned(times(Q, Q))), third_oracle),
        gradient("trace_gradients.scaled", "The square of the trace",
                 TRACE**2, (Q,), of("scaled", 2 * TRACE, ONE), scaled_oracle),
    ),
)  # fmt: skip
