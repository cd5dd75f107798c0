r"""Logarithms of a softmax: the derivatives of log p_i, of log-sum-exp, and of the loss of one true class.

$\partial \log p_i / \partial z_j = \delta_{ij} - p_j$, and $\log \sum_k e^{z_k}$ has the gradient p.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.2.2.3, (6.30) and (6.31).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, exp, log

from derive.constructs.construct import Claim, Construct
from derive.constructs.softmax import K, i, j, k, p, probability, softmax, z
from derive.constructs.softmax_jacobian import PAIR, entry, known_entries
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation
from derive.language import Context, Entry, IndexSum, Indicator, Partial, between, declare, eq
from derive.language.numbers import exp as exponential
from derive.language.numbers import log as logarithm
from derive.language.numbers import slope
from derive.rules.algebra import algebra, fold_definition
from derive.rules.combine import Conversion, Moves, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.lemmas import use_lemma

_K = declare("K", "size", "number of classes")
_i, _j, _c = (declare(s, "integer", "a class") for s in "ijc")
c = _c.symbol
ONE = Context((_K, _c, _j), (between(1, c, K), between(1, j, K)), (softmax(p, z),), (z,))
SCORE = Context((_K, _j), (between(1, j, K),), (softmax(p, z),), (z,))
_SCORES = IndexSum(exp(z[k]), k, 1, K)


def log_softmax() -> Derivation:
    """d log(p_i) / dz_j."""
    lemma = entry()
    cancelled = by(algebra, Indicator(eq(i, j)) - p[j], reason=("cancel ", p[i]))
    moves = then(differentiated(known_entries(lemma)), cancelled)
    return derived("log_softmax.entry", PAIR, Partial(log(p[i]), z[j]), moves, (lemma,))


def log_sum_exp() -> Derivation:
    """The gradient of log-sum-exp is the softmax."""
    moves = then(differentiated(), undelta, by(fold_definition, p[j], reason=("definition of ", p)))
    return derived("log_softmax.log_sum_exp", SCORE, Partial(log(_SCORES), z[j]), moves)


def known_logs(lemma: Derivation) -> Conversion:
    """Every derivative of the logarithm of a probability, by the lemma."""

    def one(context: Context, e: Expr) -> Moves:
        if not (isinstance(e, Partial) and isinstance(e.term, log) and isinstance(e.term.args[0], Entry)):
            raise RuleDoesNotApply("{} is not the derivative of the logarithm of a probability", e)
        return use_lemma(lemma, {i: e.term.args[0].indices[0], j: e.by.indices[0]})(context, e)

    return one_line(everywhere(one), ("derivative of the log-softmax",))


def one_class() -> Derivation:
    """The gradient for one true class."""
    lemma = log_softmax()
    moves = differentiated(known_logs(lemma))
    return derived("log_softmax.one_class", ONE, Partial(-log(p[c]), z[j]), moves, (lemma,))


def log_of(of_class: int, K: int, z: Any) -> Any:
    """log(p), from the definition."""
    return logarithm(probability(of_class, K, z))


def slope_of(value: Any, j: int, z: Any) -> Any:
    """How a function of the scores changes with the score of class j."""
    return slope(lambda new: value(lambda place: new if place == j else z(place)), z(j) + Fraction(0))


def log_oracle(K: int, i: int, j: int, z: Any) -> Any:
    """The logarithm of a probability, differentiated number by number."""
    return slope_of(lambda scores: log_of(i, K, scores), j, z)


def sum_oracle(K: int, j: int, z: Any) -> Any:
    """The logarithm of a sum of powers of e."""

    def value(scores: Any) -> Any:
        total: Any = 0
        for place in range(1, K + 1):
            total += exponential(scores(place))
        return logarithm(total)

    return slope_of(value, j, z)


def class_oracle(K: int, c: int, j: int, z: Any) -> Any:
    """The loss of one class."""
    return slope_of(lambda scores: -log_of(c, K, scores), j, z)


CONSTRUCT = Construct(
    name="log_softmax",
    title="Logarithm of the softmax",
    about=("Let ", p[i], " be the softmax of ", K, " scores ", z[i], "."),
    conventions=("natural logarithms", "classes are numbered from 1"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.2.2.3",
    claims=(
        Claim(
            "entry",
            "The Jacobian of the log-softmax",
            ("Find the derivative of ", log(p[i]), "."),
            PAIR,
            Partial(log(p[i]), z[j]),
            log_softmax,
            log_oracle,
        ),
        Claim(
            "log_sum_exp",
            "The gradient of log-sum-exp",
            ("Find the gradient of ", log(_SCORES), "."),
            SCORE,
            Partial(log(_SCORES), z[j]),
            log_sum_exp,
            sum_oracle,
        ),
        Claim(
            "one_class",
            "Cross-entropy of one true class",
            ("The true class is ", c, ". Find the gradient of the loss ", -log(p[c]), "."),
            ONE,
            Partial(-log(p[c]), z[j]),
            one_class,
            class_oracle,
        ),
    ),
)
