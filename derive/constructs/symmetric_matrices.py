r"""The gradient with respect to a matrix that is kept symmetric, from the gradient with respect to a general one.

Let $G_{ij} = \partial L/\partial M_{ij}$, all entries of M taken as independent. A symmetric M is
$\frac12 (B + B^\top)$ of some matrix B with free entries, and $\partial L/\partial B = \frac12 (G + G^\top)$ for every
loss L: the symmetric part of G. It is the gradient within the symmetric matrices, for
$\langle G, H \rangle = \langle \frac12 (G + G^\top), H \rangle$ for every symmetric direction H. (Told by the entries
on and below the diagonal alone, those off the diagonal count twice: another convention.)

Source: Magnus, Neudecker, Matrix Differential Calculus, 2019, section 3.8 (duplication matrix); Petersen, Pedersen, The
Matrix Cookbook, 2012, section 2.8.2, (138).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Rational

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, between, declare, eq, integer
from derive.language.forms import of
from derive.language.numbers import slope
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import derived
from derive.rules.deltas import undelta
from derive.rules.expand import spread_in_one

_n, _r, _q = declare("n", "size", "rows"), declare("r", "integer", "row"), declare("q", "integer", "column")
n, r, q = (d.symbol for d in (_n, _r, _q))
i, j = integer("i"), integer("j")
B, M, G, dB = (array(name, (1, n), (1, n)) for name in ("B", "M", "G", "dB"))
SYMMETRIC = Definition(M, (i, j), (B[i, j] + B[j, i]) / 2)
PLACE = (between(1, r, n), between(1, q, n))
CONTEXT = Context((_n, _r, _q), PLACE, (SYMMETRIC, gradient(dB, G, M, B[r, q], (i, j))), (B, G))


def entries() -> Derivation:
    """dB = (G + G^T)/2."""
    part = of("scaled", Rational(1, 2), of("sum", G, of("transpose", G)))
    moves = backpropagated(spread_in_one, undelta, form=part[r, q])
    return derived("symmetric_matrices.entries", CONTEXT, dB[r, q], moves)


Matrix = Callable[[int, int], Fraction]


def entries_oracle(n: int, r: int, q: int, B: Matrix, G: Matrix) -> Any:
    """How the entries of the symmetric matrix, each times its gradient, change with one entry of B."""

    def loss(value: Any) -> Any:
        total: Any = 0
        for row in range(1, n + 1):
            for column in range(1, n + 1):
                pair = [value if place == (r, q) else B(*place) for place in ((row, column), (column, row))]
                total += G(row, column) * (pair[0] + pair[1]) / Fraction(2)
        return total

    return slope(loss, B(r, q))


_ENTRIES: Text = (
    *("Let ", G[i, j], " be the gradient at ", M[i, j], " if all entries of M were independent, and M be kept "),
    *("symmetric as ", eq(M[i, j], SYMMETRIC.body), ". Find the gradient at ", B[r, q], "."),
)
CONSTRUCT = Construct(
    name="symmetric_matrices",
    title="Gradients with respect to symmetric matrices",
    about=("A matrix with ", n, " rows is kept symmetric as the symmetric part of another one."),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Magnus, Neudecker, Matrix Differential Calculus, 2019, section 3.8; The Matrix Cookbook, section 2.8.2",
    claims=(Claim("entries", "The symmetric part", _ENTRIES, CONTEXT, dB[r, q], entries, entries_oracle),),
)
