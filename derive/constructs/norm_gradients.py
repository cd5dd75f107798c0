r"""Gradients of norms: $|x|^2$ has $2 x$, $|x|$ has $x/|x|$ where $x \ne 0$, $|X|_F^2$ has $2 X$.

The squared norm is the sum of the squares of all entries, of a vector or a matrix; the norm is its root, which has no
derivative at 0. With $u = A x - b$, $|u|$ has $A^\top u/|u|$. The unit vector has the Jacobian
$(I - x x^\top/|x|^2)/|x|$.

Source: Petersen, Pedersen, The Matrix Cookbook, 2012, sections 2.6.1, (129) to (131), and 2.7, (132).
"""

from __future__ import annotations

from typing import Any

from sympy import sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.dense_layer import Matrix, Signal
from derive.constructs.linear_gradients import gradient, in_matrices, number
from derive.constructs.matrix_jacobians import added, around, i, m, matrix, n, p, r, rate, s, times, turned, worked_out
from derive.kernel.derivation import Derivation
from derive.language import Partial, between, gt
from derive.language.forms import of
from derive.language.numbers import sqrt as root


def square_oracle(n: int, r: int, x: Signal) -> Any:
    """|x|^2."""
    return rate(lambda x: added(lambda k: x(k) * x(k), n), x, r)


def norm_oracle(n: int, r: int, x: Signal) -> Any:
    """|x|."""
    return rate(lambda x: root(added(lambda k: x(k) * x(k), n)), x, r)


def fourth_oracle(n: int, r: int, x: Signal) -> Any:
    """|x|^4."""
    return rate(lambda x: added(lambda k: x(k) * x(k), n) ** 2, x, r)


def distance_oracle(n: int, r: int, a: Signal, x: Signal) -> Any:
    """|x - a|."""
    return rate(lambda x: root(added(lambda k: (x(k) - a(k)) ** 2, n)), x, r)


def _squares(m: int, n: int, A: Matrix, x: Signal, b: Signal) -> Any:
    """|A x - b|^2."""
    rest = [added(lambda k, i=i: A(i, k) * x(k), n) - b(i) for i in range(1, m + 1)]
    return sum(entry * entry for entry in rest)


def least_oracle(m: int, n: int, r: int, A: Matrix, b: Signal, x: Signal) -> Any:
    """|A x - b|^2."""
    return rate(lambda x: _squares(m, n, A, x, b), x, r)


def residual_oracle(m: int, n: int, r: int, A: Matrix, b: Signal, x: Signal) -> Any:
    """|A x - b|."""
    return rate(lambda x: root(_squares(m, n, A, x, b)), x, r)


def frobenius_oracle(m: int, n: int, r: int, s: int, X: Matrix) -> Any:
    """|X|^2."""
    return rate(lambda X: added(lambda i, j: X(i, j) * X(i, j), m, n), X, r, s)


def frobenius_norm_oracle(m: int, n: int, r: int, s: int, X: Matrix) -> Any:
    """|X|."""
    return rate(lambda X: root(added(lambda i, j: X(i, j) * X(i, j), m, n)), X, r, s)


def matrices_oracle(m: int, n: int, r: int, s: int, A: Matrix, X: Matrix) -> Any:
    """|X - A|^2."""
    return rate(lambda X: added(lambda i, j: (X(i, j) - A(i, j)) ** 2, m, n), X, r, s)


def product_oracle(m: int, n: int, p: int, r: int, s: int, A: Matrix, X: Matrix) -> Any:
    """|A X|^2."""
    return rate(lambda X: added(lambda i, j: added(lambda k: A(i, k) * X(k, j), m) ** 2, p, n), X, r, s)


def unit_oracle(n: int, i: int, r: int, x: Signal) -> Any:
    """x_i / |x|."""
    return rate(lambda x: x(i) / root(added(lambda k: x(k) * x(k), n)), x, r)


x, a, b, X, A = matrix("x", n), matrix("a", n), matrix("b", m), matrix("X", m, n), matrix("A", m, n)
LEFT = matrix("A", p, m)
D, U, E = of("difference", x, a), of("difference", times(A, x), b), of("difference", X, A)
XX, DD, UU, FF = (number("squared_norm", one) for one in (x, D, U, X))
PROJECTION = of("difference", of("identity", n), of("scaled", 1 / XX, of("outer", x, x)))
JACOBIAN = Partial(x[i] / sqrt(XX), x[r])
AWAY = around(JACOBIAN, (x,), between(1, i, n), gt(XX, 0))


def unit() -> Derivation:
    """(I - x x^T / |x|^2) / |x|."""
    return worked_out("norm_gradients.unit", AWAY, JACOBIAN, in_matrices(PROJECTION[i, r] / sqrt(XX)))


CONSTRUCT = Construct(
    name="norm_gradients",
    title="Gradients of norms",
    about=("The entries of a vector x or of a matrix X vary one by one; a, b and A are fixed.",),
    conventions=("the norm of a matrix is that of all its entries", "gradients are laid out like their variable"),
    source="Petersen, Pedersen, The Matrix Cookbook, 2012, sections 2.6.1 and 2.7",
    claims=(
        gradient("norm_gradients.square", "The squared norm", XX, (x,), of("scaled", 2, x), square_oracle),
        gradient("norm_gradients.norm", "The norm", sqrt(XX), (x,), x[r] / sqrt(XX), norm_oracle, gt(XX, 0)),
        gradient("norm_gradients.fourth", "Its fourth power", XX**2, (x,), of("scaled", 4 * XX, x), fourth_oracle),
        gradient("norm_gradients.distance", "The distance from a point", sqrt(DD), (a, x),
                 D[r] / sqrt(DD), distance_oracle, gt(DD, 0)),
        gradient("norm_gradients.least", "Least squares", UU, (A, b, x),
                 of("scaled", 2, times(turned(A), U)), least_oracle),
        gradient("norm_gradients.residual", "The norm of a residual", sqrt(UU), (A, b, x),
                 times(turned(A), U)[r] / sqrt(UU), residual_oracle, gt(UU, 0)),
        gradient("norm_gradients.frobenius", "The squared norm of a matrix", FF, (X,),
                 of("scaled", 2, X), frobenius_oracle),
        gradient("norm_gradients.frobenius_norm", "The norm of a matrix", sqrt(FF), (X,),
                 X[r, s] / sqrt(FF), frobenius_norm_oracle, gt(FF, 0)),
        gradient("norm_gradients.matrices", "The distance of two matrices", number("squared_norm", E), (A, X),
                 of("scaled", 2, E), matrices_oracle),
        gradient("norm_gradients.product", "The squared norm of a product", number("squared_norm", times(LEFT, X)),
                 (LEFT, X), of("scaled", 2, times(turned(LEFT), times(LEFT, X))), product_oracle),
        Claim("unit", "The unit vector", ("Let ", gt(XX, 0), ". Differentiate ", JACOBIAN.args[0], " by ", x[r], "."),
              AWAY, JACOBIAN, unit, unit_oracle),
    ),
)  # fmt: skip
