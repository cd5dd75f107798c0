r"""The spectral norm of a matrix of signs that has any rank: between $\sqrt{\max(d_o, d_i)}$ and $\sqrt{d_o d_i}$.

Of a batch the gradient need not have rank one. Where none of its entries is 0 all signs are 1 or -1, and the Frobenius
norm is $\sqrt{d_o d_i}$, which is attained for rank one; a column has the length $\sqrt{d_o}$ and a row the length
$\sqrt{d_i}$, which is attained by matrices with orthogonal rows or columns, such as (1 1; 1 -1).

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, example 5.6.6, problem 5.6.P23; Bernstein, Wang, Azizzadenesheli,
Anandkumar, signSGD, 2018, algorithm 1.
"""

from __future__ import annotations

from typing import Any

from sympy import sqrt

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.matrix_norms import SIZES, A, Matrix, columns, d_i, d_o, i, j, rows, spectral_at_most_frobenius
from derive.constructs.sign_matrices import S, counted, signs
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, ForAll, Indicator, array, eq, ne
from derive.language.stretching import stretch
from derive.rules.algebra import definition
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.lemmas import use_lemma
from derive.rules.norms import sign_squared, signum, spectral, spectral_bound
from derive.rules.recursions import upwards

B = array("B", (1, d_o), (1, d_i))
NO_ZERO = ForAll(ForAll(ne(B[j, i], 0), i, 1, d_i), j, 1, d_o)
SIGNS = Definition(S, (j, i), signum(B[j, i]))
BATCH, ANY = Context(SIZES, (NO_ZERO,), (SIGNS,), (B,)), Context(SIZES, (ne(B[1, 1], 0),), (SIGNS,), (B,))
NORM = spectral(S)


def at_most() -> Derivation:
    """|S|_2 <= sqrt(d_o d_i)."""
    lemma = spectral_at_most_frobenius()
    moves = then(
        use_lemma(lemma, {A: S}, ("at most the Frobenius norm",)),
        at_part(S[j, i], by(definition, reason=("definition of ", S))),
        everywhere(by(sign_squared, B[j, i])),
        counted,
    )
    return derived("sign_batches.at_most", BATCH, NORM, moves, (lemma,))


def at_least_rows() -> Derivation:
    """|S|_2 >= sqrt(d_o)."""
    unit, picked = rows(columns(S[j, i] * Indicator(eq(i, 1))) ** 2), Indicator(eq(i, 1))
    signs_of = then(at_part(S[j, 1], by(definition)), everywhere(by(sign_squared, B[j, 1])), counted)
    moves = then(
        upwards(NORM * sqrt(columns(picked**2)), undelta, ("a unit vector has length 1",)),
        up_to(sqrt(unit), by(spectral_bound)),
        one_line(undelta, ("its image is the first column",)),
        one_line(signs_of, ("all its entries are 1 or -1",)),
    )
    return derived("sign_batches.at_least_rows", BATCH, NORM, moves)


def at_least_columns() -> Derivation:
    """|S|_2 >= sqrt(d_i)."""
    unit, picked = columns(rows(S[j, i] * Indicator(eq(j, 1))) ** 2), Indicator(eq(j, 1))
    signs_of = then(at_part(S[1, i], by(definition)), everywhere(by(sign_squared, B[1, i])), counted)
    moves = then(
        upwards(NORM * sqrt(rows(picked**2)), undelta, ("a unit vector has length 1",)),
        up_to(sqrt(unit), by(spectral_bound, reason=("the transpose has the same norm",))),
        one_line(undelta, ("its image is the first row",)),
        one_line(signs_of, ("all its entries are 1 or -1",)),
    )
    return derived("sign_batches.at_least_columns", BATCH, NORM, moves)


def norm_oracle(d_o: int, d_i: int, B: Matrix) -> Any:
    """The largest stretch of the matrix of signs."""
    return stretch(signs(d_o, d_i, B))


_ASKED: Text = ("No entry of ", B, " is 0. Bound the spectral norm of its signs from ")
CONSTRUCT = Construct(
    name="sign_batches",
    title="Signs of a matrix of any rank",
    about=("A matrix ", B, " has ", d_o, " rows and ", d_i, " columns; ", S, " is made of the signs of its entries."),
    conventions=("indices from 1", "the sign of 0 is 0"),
    source="Horn, Johnson, Matrix Analysis, 2nd ed., example 5.6.6, problem 5.6.P23",
    claims=(
        Claim("at_most", "From above", (*_ASKED, "above."), BATCH, NORM, at_most, norm_oracle),
        Claim("at_least_rows", "By a column", (*_ASKED, "below, by a column."),
              BATCH, NORM, at_least_rows, norm_oracle),
        Claim("at_least_columns", "By a row", (*_ASKED, "below, by a row."),
              BATCH, NORM, at_least_columns, norm_oracle),
    ),
    refuted=(
        Refuted("always_largest", "The norm of every matrix of signs",
                ("The bound is attained whatever the signs are",), BATCH, NORM, "=", sqrt(d_o * d_i),
                ("It is for rank one, as for a batch of one example; with more examples the norm may be smaller.",),
                "sign_batches.at_most"),
        Refuted("with_zeros", "Signs with zeros",
                ("It is enough that one sign is not 0",), ANY, NORM, ">=", sqrt(d_o),
                ("A column with zeros is shorter.",), "sign_batches.at_least_rows"),
    ),
)  # fmt: skip
