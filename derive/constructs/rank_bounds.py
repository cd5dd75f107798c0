r"""Norms of a matrix of rank R: $\lVert A \rVert_F \le \lVert A \rVert_*$, and back with the root of the rank.

With the singular values $s_l$, $\lVert A \rVert_* = \sum_l s_l$. A sum of squares is at most the square of the sum, so
$\lVert A \rVert_F \le \lVert A \rVert_*$; with R terms $\lVert A \rVert_F \le \sqrt R\,\lVert A \rVert_2$, and by
Cauchy-Schwarz $\lVert A \rVert_* \le \sqrt R\,\lVert A \rVert_F$. The last two are equalities where all $s_l$ are
equal, the first for R = 1.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, section 7.4.7, example 5.6.6, problem 5.6.P23.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer, sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.matrix_norms import FROBENIUS, NORM, SQUARES, A, Matrix, Vector, i, j, squares_of
from derive.constructs.rank_norms import (
    ABOUT,
    COMPACT,
    TOP,
    VALUES,
    R,
    U,
    V,
    by_values,
    composed,
    frobenius,
    l,
    over,
    s,
    values,
)
from derive.kernel.derivation import Derivation, Text
from derive.language import Largest
from derive.language.numbers import sqrt as root
from derive.rules.algebra import absolute_value
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then, up_to
from derive.rules.norms import cauchy_schwarz, hoelder_largest, nuclear, nuclear_by_values
from derive.rules.powers import power_of_product
from derive.rules.ranges import largest_at_most_sum, power_into_largest, sum_at_most_largest
from derive.rules.sums import sum_of_constant

NUCLEAR = nuclear(A)
by_all_values = by(nuclear_by_values, U[j, l], s[l], V[i, l])
at_most_all = then(at_part(TOP, by(largest_at_most_sum)), by(absolute_value, 1))


def nuclear_norm() -> Derivation:
    """|A|_F <= |A|_*."""
    moves = then(
        values(),
        at_part(VALUES, by(hoelder_largest, s[l], s[l])),
        one_line(at_most_all, ("the largest is at most the sum of all; the root of a square",)),
        up_to(NUCLEAR, by_all_values),
    )
    return derived("rank_bounds.nuclear", COMPACT, FROBENIUS, moves, (frobenius(),))


def rank_spectral() -> Derivation:
    """|A|_F <= sqrt(R) |A|_2."""
    highest = Largest(s[l] ** 2, l, 1, R)
    moves = then(
        values(),
        at_part(VALUES, by(sum_at_most_largest)),
        by(power_of_product, reason=("root of a product",)),
        one_line(then(at_part(sqrt(highest), by(power_into_largest)), everywhere(by(absolute_value, 1))),
                 ("the largest square is that of the largest",)),
        at_part(TOP, up_to(NORM, by_values)),
    )  # fmt: skip
    return derived("rank_bounds.rank_spectral", COMPACT, FROBENIUS, moves, (frobenius(),))


def rank_nuclear() -> Derivation:
    """|A|_* <= sqrt(R) |A|_F."""
    moves = then(
        by_all_values,
        by(cauchy_schwarz, s[l], Integer(1)),
        at_part(over(Integer(1)), by(sum_of_constant)),
        at_part(VALUES, up_to(SQUARES, values())),
    )
    return derived("rank_bounds.rank_nuclear", COMPACT, NUCLEAR, moves, (frobenius(),))


def length_oracle(d_o: int, d_i: int, R: int, U: Matrix, s: Vector, V: Matrix) -> Any:
    """The root of all squares added up."""
    return root(squares_of(composed(d_o, d_i, R, U, s, V)))


def nuclear_oracle(d_o: int, d_i: int, R: int, U: Matrix, s: Vector, V: Matrix) -> Any:
    """The inner product with U V', which is the largest one with a matrix of spectral norm 1."""
    whole, turned = composed(d_o, d_i, R, U, s, V), composed(d_o, d_i, R, U, lambda h: 1, V)
    return sum(a * b for row, other in zip(whole, turned, strict=True) for a, b in zip(row, other, strict=True))


_RANK: Text = ("Bound ", FROBENIUS, " by ", NORM, " and the rank.")
CONSTRUCT = Construct(
    name="rank_bounds",
    title="Norms and the rank",
    about=ABOUT,
    conventions=("indices from 1",),
    source="Horn, Johnson, Matrix Analysis, 2nd ed., section 7.4.7, example 5.6.6, problem 5.6.P23",
    claims=(
        Claim("nuclear", "Frobenius and nuclear norm", ("Compare ", FROBENIUS, " with ", NUCLEAR, "."),
              COMPACT, FROBENIUS, nuclear_norm, length_oracle),
        Claim("rank_spectral", "With the root of the rank", _RANK, COMPACT, FROBENIUS, rank_spectral, length_oracle),
        Claim("rank_nuclear", "Nuclear and Frobenius norm", ("Bound ", NUCLEAR, " by ", FROBENIUS, " and the rank."),
              COMPACT, NUCLEAR, rank_nuclear, nuclear_oracle),
    ),
)  # fmt: skip
