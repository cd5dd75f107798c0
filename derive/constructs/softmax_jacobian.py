r"""The Jacobian of the softmax, $J_{ij} = \partial p_i / \partial z_j = \delta_{ij} p_i - p_i p_j$, for K classes.

J is symmetric, and its rows and columns add up to 0; with a temperature it is divided by that.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.2.2.3.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.softmax import K, i, j, k, p, probability, softmax, z
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation
from derive.language import (
    Context,
    Entry,
    IndexSum,
    Indicator,
    Partial,
    between,
    declare,
    eq,
)
from derive.language.forms import of
from derive.language.numbers import slope
from derive.rules.algebra import algebra, definition
from derive.rules.combine import Conversion, Moves, at_part, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.expand import spread_in_one
from derive.rules.folding import in_terms_of
from derive.rules.forms import by_indices, recognised
from derive.rules.indicators import restate_indicator, under_indicator
from derive.rules.lemmas import use_lemma

_K = declare("K", "size", "number of classes")
_i, _j = declare("i", "integer", "a class"), declare("j", "integer", "a class")
MATRIX = of("difference", of("diagonal", p), of("outer", p, p))
PAIR = Context((_K, _i, _j), (between(1, i, K), between(1, j, K)), (softmax(p, z),), (z,))
ROW = Context((_K, _i), (between(1, i, K),), (softmax(p, z),), (z,))
WHOLE = Context((_K,), (), (softmax(p, z),), (z,))


JACOBIAN, SUM = Partial(p[i], z[j]), IndexSum(p[k], k, 1, K)
ROW_SUM, DIFFERENCE = IndexSum(Partial(p[i], z[k]), k, 1, K), JACOBIAN - Partial(p[j], z[i])


def total() -> Derivation:
    """The sum of all p_k is 1."""
    moves = then(
        at_part(p[k], by(definition, reason=("definition of ", p))),
        spread_in_one,
        by(algebra, Integer(1), reason=("cancel",)),
    )
    return derived("softmax_jacobian.total", WHOLE, SUM, moves)


def entry() -> Derivation:
    """dp_i/dz_j by the quotient rule."""
    moves = then(differentiated(), undelta, in_terms_of(p), recognised(MATRIX[i, j]))
    return derived("softmax_jacobian.entry", PAIR, JACOBIAN, moves)


def known_entries(lemma: Derivation) -> Conversion:
    """Every derivative of a probability by a score as the entry of J, in indices."""

    def one(context: Context, e: Expr) -> Moves:
        if not (isinstance(e, Partial) and isinstance(e.term, Entry) and e.term.array == p):
            raise RuleDoesNotApply("{} is not the derivative of a probability", e)
        values = {i: e.term.indices[0], j: e.by.indices[0]}
        return use_lemma(lemma, values)(context, e)

    return one_line(then(everywhere(one), by_indices), ("by the Jacobian",))


def ones(lemma: Derivation) -> Conversion:
    """Every sum of all probabilities as 1."""
    return one_line(everywhere(use_lemma(lemma, {})), ("the probabilities add up to 1",))


def row_sum() -> Derivation:
    """The derivatives of one probability add up to 0."""
    jacobian, whole = entry(), total()
    moves = then(known_entries(jacobian), spread_in_one, undelta, ones(whole))
    return derived("softmax_jacobian.row_sum", ROW, ROW_SUM, moves, (jacobian, whole))


def symmetric() -> Derivation:
    """p_i depends on z_j as p_j does on z_i."""
    jacobian = entry()
    turned = then(
        at_part(Indicator(eq(j, i)), by(restate_indicator, eq(i, j))),
        at_part(p[j] * Indicator(eq(i, j)), by(under_indicator, p[i], reason=("the delta is 0 unless ", eq(i, j)))),
    )
    moves = then(known_entries(jacobian), one_line(turned))
    return derived("softmax_jacobian.symmetric", PAIR, DIFFERENCE, moves, (jacobian,))


def moved(i: int, j: int, K: int, z: Any, tau: Any = 1) -> Any:
    """How the probability of class i, summed in a loop, changes with the score of class j."""
    return slope(lambda new: probability(i, K, lambda t: (new if t == j else z(t)) / tau), z(j) + Fraction(0))


def total_oracle(K: int, z: Any) -> Any:
    """All probabilities added up."""
    return sum(probability(t, K, z) for t in range(1, K + 1))


def entry_oracle(K: int, i: int, j: int, z: Any) -> Any:
    """One derivative."""
    return moved(i, j, K, z)


def symmetric_oracle(K: int, i: int, j: int, z: Any) -> Any:
    """One derivative less the one across the diagonal."""
    return moved(i, j, K, z) - moved(j, i, K, z)


def row_oracle(K: int, i: int, z: Any) -> Any:
    """The derivatives of one probability added up."""
    return sum(moved(i, t, K, z) for t in range(1, K + 1))


CONSTRUCT = Construct(
    name="softmax_jacobian",
    title="The Jacobian of the softmax",
    about=("Let ", p[i], " be the softmax of ", K, " scores ", z[i], "."),
    conventions=("row i of the Jacobian belongs to the output, column j to the score", "classes are numbered from 1"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.2.2.3",
    claims=(
        Claim("entry", "The Jacobian", ("Find the Jacobian of the softmax.",), PAIR, JACOBIAN, entry, entry_oracle),
        Claim("total", "The probabilities add up to 1", ("Add up all of them.",), WHOLE, SUM, total, total_oracle),
        Claim(
            "row_sum", "Each row adds up to 0", ("Add up a row of the Jacobian.",), ROW, ROW_SUM, row_sum, row_oracle
        ),
        Claim(
            "symmetric",
            "The Jacobian is symmetric",
            ("Compare the Jacobian with its transpose.",),
            PAIR,
            DIFFERENCE,
            symmetric,
            symmetric_oracle,
        ),
    ),
)
