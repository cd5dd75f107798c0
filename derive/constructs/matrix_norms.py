r"""Norms of a matrix: $\lVert A \rVert_2 \le \lVert A \rVert_F \le \sqrt{d_i}\,\lVert A \rVert_2$, for every matrix.

$\lVert A \rVert_2$ is the largest $|A x|$ over vectors of length 1; $\hat v(A)$ is one that attains it. With
Cauchy-Schwarz in each row it is at most the Frobenius norm $\sqrt{\sum A_{ji}^2}$; a column is what A makes of a unit
vector, so no column is longer than $\lVert A \rVert_2$.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, section 5.6, example 5.6.6, problem 5.6.P23 (table of bounds).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Integer, sqrt

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import Context, IndexSum, Indicator, array, declare, eq, integer
from derive.language.forms import of
from derive.language.numbers import sqrt as root
from derive.language.stretching import stretch
from derive.rules.algebra import absolute_value
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.norms import cauchy_schwarz, leading_is_unit, spectral, spectral_attained, spectral_bound
from derive.rules.recursions import upwards
from derive.rules.sums import exchange_sums, sum_of_constant

SIZES = declare("d_o", "size", "rows"), declare("d_i", "size", "columns")
d_o, d_i = (d.symbol for d in SIZES)
i, j, t = (integer(name) for name in "ijt")
A, x = array("A", (1, d_o), (1, d_i)), array("x", (1, d_i))
r = array("r")
NORM, v = spectral(A), of("leading_direction", A)


def rows(body: Any) -> IndexSum:
    """The sum over all rows."""
    return IndexSum(body, j, 1, d_o)


def columns(body: Any, index: Any = i) -> IndexSum:
    """The sum over all columns."""
    return IndexSum(body, index, 1, d_i)


def stretched(vector: Any) -> Expr:
    """|A x|^2, of the entries of x."""
    return rows(columns(A[j, i] * vector[i]) ** 2)


MATRIX = Context(SIZES, (), (), (A,))
SQUARES = rows(columns(A[j, i] ** 2))
FROBENIUS = sqrt(SQUARES)
attained = up_to(sqrt(stretched(v)), by(spectral_attained, reason=("attained by a vector of length 1",)))
by_its_sign = everywhere(by(absolute_value, 1, reason=("a norm is not negative",)))


def spectral_at_most_frobenius() -> Derivation:
    """|A|_2 <= |A|_F."""
    moves = then(
        attained,
        at_part(columns(A[j, i] * v[i]) ** 2, by(cauchy_schwarz, A[j, i], v[i])),
        at_part(columns(v[i] ** 2), by(leading_is_unit)),
    )
    return derived("matrix_norms.spectral_at_most_frobenius", MATRIX, NORM, moves)


def frobenius_at_most_spectral() -> Derivation:
    """|A|_F <= sqrt(d_i) |A|_2."""
    column = rows(columns(A[j, t] * Indicator(eq(t, i)), t) ** 2)
    bounded = columns(NORM**2)
    moves = then(
        at_part(SQUARES, by(exchange_sums, Integer(1), d_i, Integer(1), d_o, reason=("column by column",))),
        at_part(rows(A[j, i] ** 2), upwards(column, undelta, ("a column is what A makes of a unit vector",))),
        at_part(column, by(spectral_bound)),
        one_line(undelta, ("a unit vector has length 1",)),
        one_line(then(at_part(bounded, by(sum_of_constant)), by_its_sign), ("count the columns",)),
    )
    return derived("matrix_norms.frobenius_at_most_spectral", MATRIX, FROBENIUS, moves)


Matrix = Callable[[int, int], Any]
Vector = Callable[[int], Any]


def listed(d_o: int, d_i: int, A: Matrix) -> list[list[Any]]:
    """The rows of a matrix."""
    return [[A(j, i) for i in range(1, d_i + 1)] for j in range(1, d_o + 1)]


def squares_of(rows: list[list[Any]]) -> Any:
    """All squares added up."""
    total: Any = 0
    for row in rows:
        for entry in row:
            total += entry * entry
    return total


def spectral_oracle(d_o: int, d_i: int, A: Matrix) -> Any:
    """By halving."""
    return stretch(listed(d_o, d_i, A))


def frobenius_oracle(d_o: int, d_i: int, A: Matrix) -> Any:
    """The root of the squares added up."""
    return root(squares_of(listed(d_o, d_i, A)))


CONSTRUCT = Construct(
    name="matrix_norms",
    title="Norms of a matrix",
    about=("A matrix ", A, " has ", d_o, " rows and ", d_i, " columns. Its spectral norm ", NORM,
           " is the largest length that a vector of length 1 is stretched to."),
    conventions=("indices from 1",),
    source="Horn, Johnson, Matrix Analysis, 2nd ed., section 5.6, example 5.6.6",
    claims=(
        Claim("spectral_at_most_frobenius", "Spectral and Frobenius norm", ("Bound ", NORM, " by all entries."),
              MATRIX, NORM, spectral_at_most_frobenius, spectral_oracle),
        Claim("frobenius_at_most_spectral", "Frobenius and spectral norm", ("Bound ", FROBENIUS, " by ", NORM, "."),
              MATRIX, FROBENIUS, frobenius_at_most_spectral, frobenius_oracle),
    ),
)  # fmt: skip
