r"""The squared distance of x from $g(x; M) = M^{-1} f(M x)$: its gradients in x and in M.

With $u = x - g$ and the Jacobian J of g in x, the gradient in x is $2 (I - J)^\top u$. With $v = -2 M^{-\top} u$ and
the numbers $d_i = f'((M x)_i)$ that in M is $(d \odot v) x^\top - v g^\top$.

Source: Magnus, Neudecker, Matrix Differential Calculus, 2019, sections 8.4 and 9.4; Petersen, Pedersen, The Matrix
Cookbook, 2012, (59).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr

from derive.constructs.conjugated_map import (
    Function,
    Matrix,
    Vector,
    around,
    b,
    d,
    g,
    i,
    j,
    k,
    m,
    matrix_jacobian,
    n,
    r,
    s,
    value,
    x,
)
from derive.constructs.construct import Claim, Construct
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, Entry, IndexSum, Partial, array
from derive.language.forms import of
from derive.language.numbers import moved, slope
from derive.rules.algebra import fold_definition
from derive.rules.combine import Moves, by, derived, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.expand import spread_in_one
from derive.rules.folding import as_defined
from derive.rules.forms import recognised
from derive.rules.lemmas import use_lemma

u, v = array("u", (1, n)), array("v", (1, n))
J, phi = array("J", (1, n), (1, n)), array("phi")
DISTANCE = (Definition(u, (i,), x[i] - g[i]), Definition(phi, (), IndexSum(u[k] ** 2, k, 1, n)))
FROM_X = around(j, given=(*DISTANCE, Definition(J, (i, j), Partial(g[i], x[j]))))
FROM_M = around(r, s, given=(*DISTANCE, Definition(v, (r,), -2 * IndexSum(b[k, r] * u[k], k, 1, n))))


def distance_gradient() -> Derivation:
    """2 (u - J' u)."""

    def slope_of_g(context: Context, e: Expr) -> Moves:
        if not (isinstance(e, Partial) and isinstance(e.term, Entry) and e.term.array == g):
            raise RuleDoesNotApply("{} is not a derivative of g", e)
        return by(fold_definition, J[(*e.term.indices, *e.by.indices)], reason=("definition of ", J))(context, e)

    form = of("scaled", 2, of("difference", u, of("product", of("transpose", J), u)))
    moves = then(differentiated(slope_of_g), spread_in_one, undelta, recognised(form[j]))
    return derived("conjugated_distance.distance_gradient", FROM_X, Partial(phi[()], x[j]), moves)


def matrix_gradient() -> Derivation:
    """(d v) x' - v g'."""
    lemma = matrix_jacobian()

    def slope_of_g(context: Context, e: Expr) -> Moves:
        if not (isinstance(e, Partial) and isinstance(e.term, Entry) and e.term.array == g):
            raise RuleDoesNotApply("{} is not a derivative of g", e)
        return use_lemma(lemma, {i: e.term.indices[0]})(context, e)

    form = of("difference", of("outer", of("hadamard", d, v), x), of("outer", v, g))
    told = as_defined(d[r] * v[r] * x[s] - v[r] * g[s], v, ("definition of ", v))
    moves = then(differentiated(slope_of_g), spread_in_one, told, recognised(form[r, s]))
    return derived("conjugated_distance.matrix_gradient", FROM_M, Partial(phi[()], m[r, s]), moves, (lemma,))


def distance(n: int, M: Matrix, x: Vector, f: Function) -> Any:
    """The squared distance of x and g."""
    total: Any = 0
    for q, found in enumerate(value(n, M, x, f), 1):
        total = total + (x(q) - found) ** 2
    return total


def distance_gradient_oracle(n: int, j: int, M: Matrix, x: Vector, f: Function) -> Any:
    """How the distance changes with one entry of x."""
    return slope(lambda t: distance(n, M, moved(x, (j,), t), f), x(j))


def matrix_gradient_oracle(n: int, r: int, s: int, M: Matrix, x: Vector, f: Function) -> Any:
    """How the distance changes with one entry of M."""
    return slope(lambda t: distance(n, moved(M, (r, s), t), x, f), M(r, s))


CONSTRUCT = Construct(
    name="conjugated_distance",
    title="Distance from a function between a matrix and its inverse",
    about=("Let ", g[i], " be the entries of ", b, " f(M x), where f acts on each entry, and ", phi[()],
           " the squared distance of x and g."),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Magnus, Neudecker, Matrix Differential Calculus, 2019, section 8.4; The Matrix Cookbook, 2012, (59)",
    claims=(
        Claim("distance_gradient", "Gradient of the distance", ("Find the gradient of ", phi[()], " in ", x, "."),
              FROM_X, Partial(phi[()], x[j]), distance_gradient, distance_gradient_oracle),
        Claim("matrix_gradient", "Its gradient in the matrix", ("Find the gradient of ", phi[()], " in ", m, "."),
              FROM_M, Partial(phi[()], m[r, s]), matrix_gradient, matrix_gradient_oracle),
    ),
)  # fmt: skip
