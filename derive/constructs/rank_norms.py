r"""Norms of a matrix of rank R by its singular values, and where the spectral and the Frobenius norm are equal.

In a compact singular value decomposition $A_{ji} = \sum_l U_{jl} s_l V_{il}$ the columns of U and those of V are
orthonormal and all $s_l > 0$. Then $\lVert A \rVert_2 = \max_l s_l$ and $\lVert A \rVert_F^2 = \sum_l s_l^2$. The
squares of the two differ by what all singular values but the largest add: they are equal for R = 1 alone.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, theorems 2.6.3 and 7.3.2, example 5.6.6.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.matrix_norms import (
    NORM,
    SIZES,
    SQUARES,
    A,
    Matrix,
    Vector,
    d_i,
    d_o,
    i,
    j,
    squares_of,
)
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, ForAll, IndexSum, Largest, array, declare, eq, ge, gt, integer, le
from derive.language.orthonormal import orthonormal_columns
from derive.language.stretching import stretch
from derive.rules.algebra import algebra
from derive.rules.bracketing import rebracketed
from derive.rules.combine import Conversion, at_part, by, derived, everywhere, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.lemmas import use_lemma
from derive.rules.norms import (
    orthonormal,
    spectral_by_values,
)
from derive.rules.ranges import largest_is, more_than
from derive.rules.sums import single_term, split_range
from derive.rules.windows import insert_definitions

_R = declare("R", "size", "rank")
R = _R.symbol
l, m = integer("l"), integer("m")  # noqa: E741
U, V, s = array("U", (1, d_o), (1, R)), array("V", (1, d_i), (1, R)), array("s", (1, R))
MADE = Definition(A, (j, i), IndexSum(U[j, l] * s[l] * V[i, l], l, 1, R))
POSITIVE = ForAll(gt(s[l], 0), l, 1, R)
COMPACT = Context((*SIZES, _R), (le(R, d_o), le(R, d_i), orthonormal_columns(U), orthonormal_columns(V), POSITIVE),
                  (MADE,), (U, V, s))  # fmt: skip
ORDERED = COMPACT.with_hypotheses(ForAll(le(s[l], s[1]), l, 1, R))
TWO = ORDERED.with_hypotheses(ge(R, 2))


def over(body: Any, index: Any = l) -> IndexSum:
    """The sum over all singular values."""
    return IndexSum(body, index, 1, R)


TOP, VALUES = Largest(s[l], l, 1, R), over(s[l] ** 2)
by_values = by(spectral_by_values, U[j, l], s[l], V[i, l])


def frobenius() -> Derivation:
    """|A|_F^2 = sum of s_l^2."""
    one, other = (over(U[j, h] * s[h] * V[i, h], h) for h in (l, m))
    inner = IndexSum(U[j, l] * U[j, m], j, 1, d_o) * IndexSum(V[i, l] * V[i, m], i, 1, d_i)
    moves = then(
        one_line(insert_definitions, ("definition of ", A)),
        at_part(one**2, by(algebra, one * other, reason=("a square",))),
        rebracketed(over(over(s[l] * s[m] * inner, m))),
        everywhere(by(orthonormal)),
        one_line(undelta, ("only equal columns are left",)),
    )
    return derived("rank_norms.frobenius", COMPACT, SQUARES, moves)


def values() -> Conversion:
    """|A|_F^2 by its singular values, as found before."""
    return at_part(SQUARES, use_lemma(frobenius(), {}, ("the squares add up to those of the singular values",)))


def gap() -> Derivation:
    """|A|_F^2 - |A|_2^2 = s_2^2 + ... + s_R^2."""
    first = then(by(split_range, Integer(1)), at_part(IndexSum(s[l] ** 2, l, 1, 1), by(single_term)))
    moves = then(
        values(),
        at_part(NORM, by_values),
        at_part(TOP, by(largest_is, Integer(1))),
        at_part(VALUES, one_line(first, ("the first term by itself",))),
    )
    return derived("rank_norms.gap", ORDERED, SQUARES - NORM**2, moves, (frobenius(),))


def unequal() -> Derivation:
    """|A|_F^2 > |A|_2^2 for R >= 2."""
    first = then(by(split_range, Integer(1)), at_part(IndexSum(s[l] ** 2, l, 1, 1), by(single_term)))
    moves = then(
        values(),
        at_part(VALUES, one_line(first, ("the first term by itself",))),
        by(more_than, s[1] ** 2, reason=("all others are positive",)),
        up_to(NORM**2, then(at_part(NORM, by_values), at_part(TOP, by(largest_is, Integer(1))))),
    )
    return derived("rank_norms.unequal", TWO, SQUARES, moves, (frobenius(),))


def composed(d_o: int, d_i: int, R: int, U: Matrix, s: Vector, V: Matrix) -> list[list[Any]]:
    """The matrix, added up."""
    ranks = range(1, R + 1)
    return [
        [sum(U(j, h) * s(h) * V(i, h) for h in ranks) for i in range(1, d_i + 1)] for j in range(1, d_o + 1)
    ]


def frobenius_oracle(d_o: int, d_i: int, R: int, U: Matrix, s: Vector, V: Matrix) -> Any:
    """All squares added up."""
    return squares_of(composed(d_o, d_i, R, U, s, V))


def gap_oracle(d_o: int, d_i: int, R: int, U: Matrix, s: Vector, V: Matrix) -> Any:
    """All squares, less the square of the largest stretch."""
    rows = composed(d_o, d_i, R, U, s, V)
    return squares_of(rows) - stretch(rows) ** 2


_FIRST: Text = ("No singular value is larger than ", s[1], ". ")
ABOUT: Text = (
    *("A matrix ", eq(A[j, i], MADE.body), " of rank ", R, " is given by its compact singular value decomposition.",),
)
CONSTRUCT = Construct(
    name="rank_norms",
    title="Norms by singular values",
    about=ABOUT,
    conventions=("indices from 1",),
    source="Horn, Johnson, Matrix Analysis, 2nd ed., theorems 2.6.3 and 7.3.2, example 5.6.6",
    claims=(
        Claim("frobenius", "The Frobenius norm", ("Find ", SQUARES, "."), COMPACT, SQUARES, frobenius,
              frobenius_oracle),
        Claim("gap", "What is between the squares", (*_FIRST, "Find ", SQUARES - NORM**2, "."),
              ORDERED, SQUARES - NORM**2, gap, gap_oracle),
        Claim("unequal", "Unequal from rank two on",
              (*_FIRST, "Can ", SQUARES, " be equal to ", NORM**2, " for ", ge(R, 2), "?"),
              TWO, SQUARES, unequal, frobenius_oracle),
    ),
)  # fmt: skip
