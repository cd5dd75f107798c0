r"""The spectral norm of a matrix of signs, zeros included: $\sqrt{\mathrm{nnz}(g)\,\mathrm{nnz}(x)}$ for rank one.

The sign of a number is 1, 0 or -1, so the sign of a product is the product of the signs. For the gradient
$c\,g_j x_i$ of a layer and one example it has rank one, and its norm is the product of the lengths of two vectors of
signs, whose squares count the entries that are not 0.

Source: Bernstein, Wang, Azizzadenesheli, Anandkumar, signSGD, 2018, algorithm 1; Horn, Johnson, Matrix Analysis, 2nd
ed., 2013, example 5.6.6, problem 5.6.P23.
"""

from __future__ import annotations

from typing import Any

from sympy import sqrt

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.matrix_norms import SIZES, Matrix, Vector, d_i, d_o, i, j, listed
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, ForAll, Indicator, array, between, declare, ne
from derive.language.stretching import stretch
from derive.rules.algebra import definition
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.indicators import indicator_holds
from derive.rules.lemmas import use_lemma
from derive.rules.norms import sign_of_product, sign_squared, signum, spectral, spectral_of_outer
from derive.rules.sums import sum_of_constant

_c, _a, _b = declare("c", "real", "a factor"), declare("a", "integer", "a row"), declare("b", "integer", "a column")
c, a, b = (d.symbol for d in (_c, _a, _b))
g, x = array("g", (1, d_o), outside="zero"), array("x", (1, d_i), outside="zero")  # some entries are 0
S = array("S", (1, d_o), (1, d_i))
OUTER = Definition(S, (j, i), signum(c * g[j] * x[i]))
ENTRY = Context((*SIZES, _c, _a, _b), (between(1, a, d_o), between(1, b, d_i)), (OUTER,), (g, x))
ONE = Context((*SIZES, _c), (ne(c, 0),), (OUTER,), (g, x))
NO_ZEROS = ONE.with_hypotheses(ForAll(ne(g[j], 0), j, 1, d_o), ForAll(ne(x[i], 0), i, 1, d_i))
NORM, LEFT, RIGHT = spectral(S), signum(c) * signum(g[j]), signum(x[i])
SOME = Context(SIZES, (ne(g[1], 0), ne(x[1], 0)), (Definition(S, (j, i), signum(g[j]) * RIGHT),), (g, x))
holding, counting = everywhere(by(indicator_holds)), everywhere(by(sum_of_constant))
counted = one_line(then(holding, counting), ("count them all",))


def entries() -> Derivation:
    """sign(c) sign(g_a) sign(x_b)."""
    moves = then(
        by(definition),
        by(sign_of_product, c * g[a], x[b]),
        at_part(signum(c * g[a]), by(sign_of_product, c, g[a])),
    )
    return derived("sign_matrices.entries", ENTRY, S[a, b], moves)


def one_example() -> Derivation:
    """sqrt(nnz(g)) sqrt(nnz(x))."""
    squares = then(*(everywhere(by(sign_squared, number)) for number in (c, g[j], x[i])))
    moves = then(
        by(spectral_of_outer, LEFT, j, RIGHT, i),
        one_line(squares, ("the square of a sign is 1, or 0",)),
        at_part(Indicator(ne(c, 0)), by(indicator_holds, reason=(ne(c, 0),))),
    )
    return derived("sign_matrices.one_example", ONE, NORM, moves)


def no_zeros() -> Derivation:
    """sqrt(d_o d_i)."""
    lemma = one_example()
    moves = then(use_lemma(lemma, {}, ("the norm with the entries that are not 0 counted",)), counted)
    return derived("sign_matrices.no_zeros", NO_ZEROS, NORM, moves, (lemma,))


Rows = list[list[Any]]


def signs(d_o: int, d_i: int, entry: Matrix) -> Rows:
    """1, 0 and -1."""
    return [[(e > 0) - (e < 0) for e in row] for row in listed(d_o, d_i, entry)]


def entries_oracle(d_o: int, d_i: int, c: Any, a: int, b: int, g: Vector, x: Vector) -> int:
    """The sign of one entry of the gradient, all of which are made."""
    return signs(d_o, d_i, lambda j, i: c * g(j) * x(i))[a - 1][b - 1]


def norm_oracle(d_o: int, d_i: int, c: Any, g: Vector, x: Vector) -> Any:
    """The largest stretch of the matrix of signs."""
    return stretch(signs(d_o, d_i, lambda j, i: c * g(j) * x(i)))


_NORM: Text = ("Let ", ne(c, 0), ". Find the spectral norm.")
_NONE: Text = ("No entry of ", g, " and ", x, " is 0, nor is ", c, ". Find the spectral norm.")
CONSTRUCT = Construct(
    name="sign_matrices",
    title="Signs of the gradient for one example",
    about=("The gradient of a layer for one example has the entries ", c * g[j] * x[i], "; ", S[j, i],
           " is the sign of each, 1, 0 or -1."),
    conventions=("indices from 1", "the sign of 0 is 0"),
    source="Bernstein, Wang, Azizzadenesheli, Anandkumar 2018, algorithm 1; Horn, Johnson, example 5.6.6",
    claims=(
        Claim("one_example", "Norm of the signs", _NORM, ONE, NORM, one_example, norm_oracle),
        Claim("entries", "Rank one", ("Find ", S[a, b], "."), ENTRY, S[a, b], entries, entries_oracle),
        Claim("no_zeros", "No entry is 0", _NONE, NO_ZEROS, NORM, no_zeros, norm_oracle),
    ),
    refuted=(
        Refuted("zeros_counted", "Signs with zeros", ("Zeros make no difference for the norm",), SOME, NORM, "=",
                sqrt(d_o * d_i), ("Only entries that are not 0 count; it is so where none is 0.",),
                "sign_matrices.no_zeros"),
    ),
)  # fmt: skip
