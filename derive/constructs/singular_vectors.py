r"""A Newton-Schulz step on a matrix of any rank: it changes the singular values and leaves the singular vectors.

Let $W_{ij} = \sum_l u_{il} \sigma_l v_{jl}$ with any u, v and $\sigma$, and let $A_{pq} = \sum_k u_{kp} u_{kq}$ and
$B_{pq} = \sum_t v_{tp} v_{tq}$ be the inner products of the columns. Then
$p(W)_{ij} = \tfrac32 W_{ij} - \tfrac12 \sum_{l,q,p} u_{il} \sigma_l B_{lq} \sigma_q A_{qp} \sigma_p v_{jp}$. In a
singular value decomposition the columns are orthonormal, so A and B are unit matrices, and
$p(W)_{ij} = \sum_l u_{il}\, \tfrac12 (3\sigma_l - \sigma_l^3)\, v_{jl}$.

Source: Higham, Functions of Matrices, 2008, sections 8.1 (polar decomposition) and 8.3, (8.20).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.constructs.newton_schulz import CUBED, INSIDE, SIZES, STEP, W, X, d_i, d_o, i, j, k, r, s, stepped, t
from derive.constructs.newton_schulz import _r as row
from derive.constructs.newton_schulz import _s as column
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Indicator, array, declare, eq, integer
from derive.rules.algebra import algebra, definition, fold_definition
from derive.rules.bracketing import rebracketed
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.recursions import upwards
from derive.rules.sums import constant_out_of_sum, sum_of_terms
from derive.rules.windows import insert_definitions

_R = declare("R", "size", "rank")
R = _R.symbol
l, p, q = (integer(name) for name in "lpq")  # noqa: E741
u, v, sigma = array("u", (1, d_o), (1, R)), array("v", (1, d_i), (1, R)), array("sigma", (1, R))
A, B, Y = array("A", (1, R), (1, R)), array("B", (1, R), (1, R)), array("Y", (1, d_o), (1, d_i))
FACTORS = Definition(W, (i, j), IndexSum(u[i, l] * sigma[l] * v[j, l], l, 1, R))
OF_U, OF_V = IndexSum(u[k, p] * u[k, q], k, 1, d_o), IndexSum(v[t, p] * v[t, q], t, 1, d_i)
GRAMS = Definition(A, (p, q), OF_U), Definition(B, (p, q), OF_V)
ANY = Context((*SIZES, _R, row, column), INSIDE, (FACTORS, STEP, *GRAMS), (u, v, sigma))


def middle(outer: Any, inner: Any) -> IndexSum:
    """The sum over l, q and p of u_l sigma_l B_lq sigma_q A_qp sigma_p v_p at row r and column s."""
    term = u[r, l] * sigma[l] * sigma[q] * sigma[p] * v[s, p] * inner(l, q) * outer(q, p)
    return IndexSum(IndexSum(IndexSum(term, p, 1, R), q, 1, R), l, 1, R)


def _unit(one: Any, other: Any) -> Indicator:
    return Indicator(eq(one, other))


_STEPPED: Any = 3 * IndexSum(u[r, l] * sigma[l] * v[s, l], l, 1, R) / 2 - middle(_unit, _unit) / 2
_UNITS = Definition(Y, (i, j), _STEPPED.xreplace({r: i, s: j}))
ORTHONORMAL = Context((*SIZES, _R, row, column), INSIDE, (_UNITS,), (u, v, sigma))
NEXT = IndexSum(u[r, l] * ((3 * sigma[l] - sigma[l] ** 3) / 2) * v[s, l], l, 1, R)


def any_factors() -> Derivation:
    """With the inner products of the columns between the singular values."""
    inner = middle(lambda a, b: OF_U.xreplace({p: a, q: b}), lambda a, b: OF_V.xreplace({p: a, q: b}))
    inserted = one_line(insert_definitions, ("definition of ", W))
    moves = then(
        by(definition, reason=("definition of ", X)),
        at_part(CUBED.xreplace({i: r, j: s}), then(inserted, rebracketed(inner))),
        at_part(OF_V.xreplace({p: l}), by(fold_definition, B[l, q], reason=("definition of ", B))),
        at_part(OF_U.xreplace({p: q, q: p}), by(fold_definition, A[q, p], reason=("definition of ", A))),
    )
    return derived("singular_vectors.any_factors", ANY, X[r, s], moves)


def orthonormal() -> Derivation:
    """The sum of u_l p(sigma_l) v_l."""
    spread = u[r, l] * sigma[l] * v[s, l] * 3 / 2 - u[r, l] * sigma[l] ** 3 * v[s, l] / 2
    down = then(at_part(NEXT.body, by(algebra, spread)), by(sum_of_terms), everywhere(by(constant_out_of_sum)))
    moves = then(
        by(definition, reason=("unit matrices between the singular values",)),
        one_line(undelta, ("a unit matrix leaves one term",)),
        upwards(NEXT, down, ("the terms of each singular value together",)),
    )
    return derived("singular_vectors.orthonormal", ORTHONORMAL, Y[r, s], moves)


Matrix = list[list[Any]]


def composed(d_o: int, d_i: int, R: int, u: Any, v: Any, values: list[Any]) -> Matrix:
    """Column times value times row, added up."""
    columns = range(1, R + 1)
    return [
        [sum((u(i, c) * values[c - 1] * v(j, c) for c in columns), Fraction(0)) for j in range(1, d_i + 1)]
        for i in range(1, d_o + 1)
    ]


def any_factors_oracle(d_o: int, d_i: int, R: int, r: int, s: int, u: Any, v: Any, sigma: Any) -> Any:
    """The matrix made, then the step as it is written."""
    return stepped(composed(d_o, d_i, R, u, v, [sigma(c) for c in range(1, R + 1)]))[r - 1][s - 1]


def orthonormal_oracle(d_o: int, d_i: int, R: int, r: int, s: int, u: Any, v: Any, sigma: Any) -> Any:
    """The matrix made of the singular values after a step, each cube multiplied out."""
    after = []
    for l in range(1, R + 1):  # noqa: E741
        cube = sigma(l) * sigma(l) * sigma(l)
        after.append(3 * sigma(l) / 2 - cube / 2)
    return composed(d_o, d_i, R, u, v, after)[r - 1][s - 1]


_ANY: Text = (
    *("Let ", eq(W[i, j], FACTORS.body), " with any ", u, ", ", v, " and ", sigma, ", and let "),
    *(eq(A[p, q], OF_U), " and ", eq(B[p, q], OF_V), ". Find ", X[r, s], "."),
)
_UNIT: Text = (
    *("In a singular value decomposition the columns of ", u, " and those of ", v, " are orthonormal: their inner "),
    *("products make unit matrices, and the step gives ", Y[r, s], ". What becomes of ", sigma[l], "?"),
)
CONSTRUCT = Construct(
    name="singular_vectors",
    title="A Newton-Schulz step on a matrix of any rank",
    about=("A matrix with ", d_o, " rows and ", d_i, " columns is a sum of ", R, " products of a column and a row."),
    conventions=("indices from 1",),
    source="Higham, Functions of Matrices, 2008, sections 8.1 and 8.3, (8.20)",
    claims=(
        Claim("orthonormal", "Singular values", _UNIT, ORTHONORMAL, Y[r, s], orthonormal, orthonormal_oracle),
        Claim("any_factors", "Any factors", _ANY, ANY, X[r, s], any_factors, any_factors_oracle),
    ),
)
