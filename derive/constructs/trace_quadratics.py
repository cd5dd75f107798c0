r"""Gradients of traces with X twice: $\mathrm{tr}(X^\top A X)$, $\mathrm{tr}(A X B X)$, $\mathrm{tr}(A X B X^\top)$.

The product rule gives one term for each X; each is the trace of a product that is linear in that X.

Source: Petersen, Pedersen, The Matrix Cookbook, 2012, section 2.5.2, (108), (111), (114) and (118).
"""

from __future__ import annotations

from typing import Any

from derive.constructs.construct import Construct
from derive.constructs.dense_layer import Matrix
from derive.constructs.linear_gradients import gradient, number
from derive.constructs.matrix_jacobians import CONSTRUCT as JACOBIANS
from derive.constructs.matrix_jacobians import Known, added, m, matrix, n, p, q, rate, times, turned
from derive.language.forms import of

X, LEFT, RIGHT = matrix("X", m, n), matrix("A", m, m), matrix("A", n, n)
A, B, C = matrix("A", n, m), matrix("B", n, m), matrix("B", n, n)


def left() -> tuple[Known, ...]:
    """The derivative of A X for a square A."""
    return ((JACOBIANS.claim("left").derive(), {p: m, matrix("A", p, m): LEFT}),)


def right() -> tuple[Known, ...]:
    """The derivative of X A for a square A."""
    return ((JACOBIANS.claim("right").derive(), {q: n, matrix("B", n, q): RIGHT}),)


def between() -> tuple[Known, ...]:
    """The derivative of A X B, which has n rows and m columns."""
    return ((JACOBIANS.claim("both").derive(), {p: n, q: m, matrix("A", p, m): A, matrix("B", n, q): B}),)


def among() -> tuple[Known, ...]:
    """The derivative of A X B, where A and B are square."""
    return ((JACOBIANS.claim("both").derive(), {p: m, q: n, matrix("A", p, m): LEFT, matrix("B", n, q): C}),)


def multiplied(rows: int, inner: int, columns: int, first: Matrix, second: Matrix) -> Matrix:
    """The product of two matrices, each of its entries added up once."""
    places = [(i, j) for i in range(1, rows + 1) for j in range(1, columns + 1)]
    entries = {(i, j): added(lambda k, i=i, j=j: first(i, k) * second(k, j), inner) for i, j in places}
    return lambda i, j: entries[i, j]


def columns_oracle(m: int, n: int, r: int, s: int, A: Matrix, X: Matrix) -> Any:
    """tr(X^T A X)."""
    return rate(lambda X: added(lambda k, i, j: X(i, k) * A(i, j) * X(j, k), n, m, m), X, r, s)


def rows_oracle(m: int, n: int, r: int, s: int, A: Matrix, X: Matrix) -> Any:
    """tr(X A X^T)."""
    return rate(lambda X: added(lambda k, i, j: X(k, i) * A(i, j) * X(k, j), m, n, n), X, r, s)


def twice_oracle(m: int, n: int, r: int, s: int, A: Matrix, B: Matrix, X: Matrix) -> Any:
    """tr(A X B X)."""

    def value(X: Matrix) -> Any:
        first, second = multiplied(n, m, n, A, X), multiplied(n, m, n, B, X)
        return added(lambda i, j: first(i, j) * second(j, i), n, n)

    return rate(value, X, r, s)


def turned_oracle(m: int, n: int, r: int, s: int, A: Matrix, B: Matrix, X: Matrix) -> Any:
    """tr(A X B X^T)."""

    def value(X: Matrix) -> Any:
        first, second = multiplied(m, m, n, A, X), multiplied(n, n, m, B, lambda j, i: X(i, j))
        return added(lambda i, j: first(i, j) * second(j, i), m, n)

    return rate(value, X, r, s)


COLUMNS, ROWS = times(turned(X), times(LEFT, X)), times(times(X, RIGHT), turned(X))
TWICE, TURNED = times(A, X, B, X), times(LEFT, X, C, turned(X))
CONSTRUCT = Construct(
    name="trace_quadratics",
    title="Gradients of traces with a matrix twice",
    about=("The entries of a matrix X with ", m, " rows and ", n, " columns vary one by one; A and B are fixed."),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Petersen, Pedersen, The Matrix Cookbook, 2012, section 2.5.2",
    claims=(
        gradient("trace_quadratics.columns", "A quadratic form of each column", number("trace", COLUMNS), (LEFT, X),
                 times(of("sum", LEFT, turned(LEFT)), X), columns_oracle, known=left),
        gradient("trace_quadratics.rows", "A quadratic form of each row", number("trace", ROWS), (RIGHT, X),
                 times(X, of("sum", RIGHT, turned(RIGHT))), rows_oracle, known=right),
        gradient("trace_quadratics.twice", "X twice", number("trace", TWICE), (A, B, X),
                 of("sum", turned(times(A, X, B)), turned(times(B, X, A))), twice_oracle, known=between),
        gradient("trace_quadratics.turned", "X and its transpose", number("trace", TURNED), (LEFT, C, X),
                 of("sum", times(turned(LEFT), X, turned(C)), times(LEFT, X, C)), turned_oracle, known=among),
    ),
)  # fmt: skip
