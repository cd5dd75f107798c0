r"""Gradients of quadratic forms: $x^\top A x$ has $(A + A^\top) x$, $|A x + b|^2$ has $2 A^\top (A x + b)$.

With a matrix of weights W that need not be symmetric, $u^\top W u$ with $u = x - A z$ has $(W + W^\top) u$ in x,
$-A^\top (W + W^\top) u$ in z and $-(W + W^\top) u z^\top$ in A. For a symmetric W both terms are the same.

Source: Petersen, Pedersen, The Matrix Cookbook, 2012, section 2.4.2, (77), (78), (81) to (84), (86) and (88).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.constructs.construct import Construct
from derive.constructs.dense_layer import Matrix, Signal
from derive.constructs.linear_gradients import gradient, number
from derive.constructs.matrix_jacobians import added, m, matrix, n, rate, times, turned
from derive.language.forms import of

x, y, a, b, c = matrix("x", n), matrix("x", m), matrix("a", n), matrix("b", n), matrix("c", m)
z, d = matrix("z", n), matrix("b", m)


def form_oracle(n: int, r: int, A: Matrix, x: Signal) -> Any:
    """x^T A x."""
    return rate(lambda x: added(lambda i, j: x(i) * A(i, j) * x(j), n, n), x, r)


def affine(m: int, n: int, A: Matrix, x: Signal, b: Signal) -> list[Any]:
    """The entries of A x + b."""
    return [b(i) + added(lambda k, i=i: A(i, k) * x(k), n) for i in range(1, m + 1)]


def weighted(m: int, left: list[Any], W: Matrix, right: list[Any]) -> Any:
    """A quadratic form of two lists."""
    return added(lambda i, j: left[i - 1] * W(i, j) * right[j - 1], m, m)


def squares_oracle(m: int, n: int, r: int, A: Matrix, b: Signal, x: Signal) -> Any:
    """(A x + b)^T (A x + b)."""
    return rate(lambda x: sum(entry * entry for entry in affine(m, n, A, x, b)), x, r)


def _distance(m: int, n: int, W: Matrix, A: Matrix, z: Signal, x: Signal) -> Any:
    """(x - A z)^T W (x - A z)."""
    rest = affine(m, n, A, lambda k: -z(k), x)
    return weighted(m, rest, W, rest)


def target_oracle(m: int, n: int, r: int, W: Matrix, A: Matrix, z: Signal, x: Signal) -> Any:
    """In x."""
    return rate(lambda x: _distance(m, n, W, A, z, x), x, r)


def vector_oracle(m: int, n: int, r: int, W: Matrix, A: Matrix, x: Signal, z: Signal) -> Any:
    """In z."""
    return rate(lambda z: _distance(m, n, W, A, z, x), z, r)


def matrix_oracle(m: int, n: int, r: int, s: int, W: Matrix, x: Signal, z: Signal, A: Matrix) -> Any:
    """In A."""
    return rate(lambda A: _distance(m, n, W, A, z, x), A, r, s)


def gram_oracle(m: int, n: int, r: int, s: int, a: Signal, b: Signal, X: Matrix) -> Any:
    """a^T X^T X b."""
    return rate(lambda X: added(lambda i, j, k: a(j) * X(i, j) * X(i, k) * b(k), m, n, n), X, r, s)


def weights_oracle(m: int, n: int, r: int, s: int, a: Signal, b: Signal, C: Matrix, X: Matrix) -> Any:
    """a^T X^T C X b."""

    def value(X: Matrix) -> Any:
        left, right = (affine(m, n, X, vector, lambda i: Fraction(0)) for vector in (a, b))
        return weighted(m, left, C, right)

    return rate(value, X, r, s)


def offset_oracle(m: int, n: int, r: int, s: int, b: Signal, c: Signal, D: Matrix, X: Matrix) -> Any:
    """(X b + c)^T D (X b + c)."""

    def value(X: Matrix) -> Any:
        whole = affine(m, n, X, b, c)
        return weighted(m, whole, D, whole)

    return rate(value, X, r, s)


Q, A, W, X, C, D = (matrix(name, *sizes) for name, *sizes in (
    ("A", n, n), ("A", m, n), ("W", m, m), ("X", m, n), ("C", m, m), ("D", m, m)))  # fmt: skip
SUM, U, V = of("sum", times(A, x), d), of("difference", y, times(A, z)), of("sum", times(X, b), c)
DISTANCE, BOTH = number("inner", U, times(W, U)), of("sum", W, turned(W))
GRAM = number("inner", times(X, a), times(X, b))
WEIGHTED, OFFSET = number("inner", times(X, a), times(C, times(X, b))), number("inner", V, times(D, V))
CONSTRUCT = Construct(
    name="quadratic_gradients",
    title="Gradients of quadratic forms",
    about=("Vectors and matrices as the forms need them; one of them varies, entry by entry.",),
    conventions=("indices from 1", "gradients are laid out like their variable", "no matrix need be symmetric"),
    source="Petersen, Pedersen, The Matrix Cookbook, 2012, section 2.4.2",
    claims=(
        gradient("quadratic_gradients.form", "A quadratic form", number("inner", x, times(Q, x)), (Q, x),
                 times(of("sum", Q, turned(Q)), x), form_oracle),
        gradient("quadratic_gradients.squares", "Least squares", number("squared_norm", SUM), (A, d, x),
                 of("scaled", 2, times(turned(A), SUM)), squares_oracle),
        gradient("quadratic_gradients.target", "Weighted squares, in x", DISTANCE, (W, A, z, y),
                 times(BOTH, U), target_oracle),
        gradient("quadratic_gradients.vector", "Weighted squares, in z", DISTANCE, (W, A, y, z),
                 of("scaled", -1, times(turned(A), times(BOTH, U))), vector_oracle),
        gradient("quadratic_gradients.matrix", "Weighted squares, in A", DISTANCE, (W, y, z, A),
                 of("scaled", -1, of("outer", times(BOTH, U), z)), matrix_oracle),
        gradient("quadratic_gradients.gram", "Two vectors after X", GRAM, (a, b, X),
                 times(X, of("sum", of("outer", a, b), of("outer", b, a))), gram_oracle),
        gradient("quadratic_gradients.weights", "Two vectors after X, with weights", WEIGHTED, (a, b, C, X),
                 of("sum", of("outer", times(C, times(X, b)), a), of("outer", times(turned(C), times(X, a)), b)),
                 weights_oracle),
        gradient("quadratic_gradients.offset", "X b + c with weights", OFFSET, (b, c, D, X),
                 of("outer", times(of("sum", D, turned(D)), V), b), offset_oracle),
    ),
)  # fmt: skip
