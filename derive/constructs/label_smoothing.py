r"""Cross-entropy with smoothed labels, $q_k = (1-\varepsilon) y_k + \varepsilon/K$: y is moved towards the even shares.

The loss $\ell = -\sum_k q_k \log p_k$ of a softmax p has the gradient $p_j \sum_k q_k - q_j$ by the score $z_j$, and
the sum is $(1-\varepsilon) \sum_k y_k + \varepsilon$. Where y adds up to 1, so does q, and the gradient is
$p_j - (1-\varepsilon) y_j - \varepsilon/K$. Every real $\varepsilon$ is allowed.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 7.5.1; Szegedy et al., Rethinking the Inception
Architecture for Computer Vision, 2016, arXiv:1512.00567, section 7.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Integer, log

from derive.constructs.construct import Claim, Construct
from derive.constructs.log_softmax import known_logs, log_of, log_softmax, slope_of
from derive.constructs.softmax import K, i, j, k, p, softmax, z
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Partial, array, between, declare, ne
from derive.rules.algebra import algebra, definition
from derive.rules.combine import Conversion, at_part, attempt, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.expand import spread_in_one
from derive.rules.lemmas import use_lemma
from derive.rules.sums import constant_out_of_sum, sum_of_constant, sum_of_terms

_K, _j, _eps = declare("K", "size", "number of classes"), declare("j", "integer", "a class"), declare("epsilon", "real")
eps = _eps.symbol
y, t, q, ell = array("y", (1, K)), array("t", (1, K)), array("q", (1, K)), array("ell")
_SMOOTHED = Definition(q, (i,), (1 - eps) * y[i] + eps / K)
_LOSS = Definition(ell, (), -IndexSum(q[k] * log(p[k]), k, 1, K))
_SHARE = Definition(y, (i,), t[i] / IndexSum(t[k], k, 1, K))
_CLASS = (between(1, j, K),)
ANY = Context((_K, _j, _eps), _CLASS, (softmax(p, z), _SMOOTHED, _LOSS), (z, y))
_NOT_ZERO = ne(IndexSum(t[k], k, 1, K), 0)
SHARES = Context((_K, _j, _eps), (*_CLASS, _NOT_ZERO), (softmax(p, z), _SHARE, _SMOOTHED, _LOSS), (z, t))
TARGETS = Context((_K, _eps), (), (_SMOOTHED,), (y,))
TOTAL, GIVEN, SLOPE = IndexSum(q[k], k, 1, K), IndexSum(y[k], k, 1, K), Partial(ell[()], z[j])


def total() -> Derivation:
    """The sum of all q_k by that of all y_k."""
    apart = one_line(then(by(sum_of_terms), attempt(everywhere(by(constant_out_of_sum)))))
    counted = at_part(IndexSum(Integer(1), k, 1, K), by(sum_of_constant))
    moves = then(at_part(q[k], by(definition, reason=("definition of ", q))), apart, counted)
    return derived("label_smoothing.total", TARGETS, TOTAL, moves)


def _by_targets(whole: Derivation) -> Conversion:
    """The derivative of the loss with the targets q, their sum by the lemma."""
    return then(
        at_part(ell[()], by(definition, reason=("definition of ", ell))),
        differentiated(known_logs(log_softmax())),
        spread_in_one,
        undelta,
        at_part(TOTAL, use_lemma(whole, {}, ("the sum of the ", q))),
    )


def gradient() -> Derivation:
    """p_j times the sum of the targets, less the target."""
    whole, lemma = total(), log_softmax()
    moves = then(_by_targets(whole), at_part(q[j], by(definition, reason=("definition of ", q))))
    return derived("label_smoothing.gradient", ANY, SLOPE, moves, (lemma, whole))


def distribution() -> Derivation:
    """p_j less the target, for labels that add up to 1."""
    whole, lemma = total(), log_softmax()
    one = one_line(
        then(at_part(y[k], by(definition)), by(constant_out_of_sum), by(algebra, Integer(1))),
        ("the ", y, " add up to 1"),
    )
    moves = then(_by_targets(whole), at_part(GIVEN, one), at_part(q[j], by(definition, reason=("definition of ", q))))
    return derived("label_smoothing.distribution", SHARES, SLOPE, moves, (lemma, whole))


def smoothed(place: int, K: int, epsilon: Any, y: Any) -> Any:
    """One label, mixed with an even share."""
    return (1 - epsilon) * y(place) + epsilon / Fraction(K)


def total_oracle(K: int, epsilon: Any, y: Any) -> Any:
    """All smoothed labels added up in a loop."""
    return sum(smoothed(place, K, epsilon, y) for place in range(1, K + 1))


def gradient_oracle(K: int, j: int, epsilon: Any, z: Any, y: Any) -> Any:
    """The loss, summed in a loop, differentiated number by number."""

    def loss(scores: Any) -> Any:
        value: Any = 0
        for place in range(1, K + 1):
            value -= smoothed(place, K, epsilon, y) * log_of(place, K, scores)
        return value

    return slope_of(loss, j, z)


def distribution_oracle(K: int, j: int, epsilon: Any, z: Any, t: Any) -> Any:
    """The same with labels divided by their sum."""
    everything = sum((t(place) for place in range(1, K + 1)), Fraction(0))
    return gradient_oracle(K, j, epsilon, z, lambda place: t(place) / everything)


_MIXED: Text = ("The label ", y[i], " is replaced by ", (1 - eps) * y[i] + eps / K, ". ")
_GENERAL: Text = (*_MIXED, "Find the gradient with respect to the scores, for any numbers ", y[i], ".")
_SHARES: Text = (*_MIXED, "Let the ", y[i], " be divided by their sum, so that they add up to 1. Find the gradient.")
CONSTRUCT = Construct(
    name="label_smoothing",
    title="Label smoothing",
    about=("Let ", p[i], " be the softmax of ", K, " scores ", z[i], ", and ", ell[()], " its cross-entropy."),
    conventions=("natural logarithms", "classes are numbered from 1"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 7.5.1; Szegedy et al., 2016, arXiv:1512.00567",
    claims=(
        Claim("total", "The sum of the labels", (*_MIXED, "Add up."), TARGETS, TOTAL, total, total_oracle),
        Claim("gradient", "For any labels", _GENERAL, ANY, SLOPE, gradient, gradient_oracle),
        Claim("distribution", "For a distribution", _SHARES, SHARES, SLOPE, distribution, distribution_oracle),
    ),
)
