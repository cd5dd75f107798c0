r"""Attention weights P, the softmax of each row of the scores S: from the gradient with respect to P to that of S.

Shapes: S, P and their gradients: (queries, keys). The softmax is over the keys. With dP given,
$dS = P \odot (dP - m)$, where row t of m has $\sum_j P_{tj}\,dP_{tj}$ everywhere.

Source: Vaswani et al., Attention Is All You Need, 2017, arXiv:1706.03762, section 3.2.1, (1); Dao et al.,
FlashAttention, 2022, arXiv:2205.14135, appendix B.2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import exp

from derive.constructs.attention import KEY, KEYS, QUERIES, QUERY, SOURCE, Matrix, R, T, asked, dP, i, j, k, r, t
from derive.constructs.attention import WEIGHTS as P
from derive.constructs.construct import Claim, Construct
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Array,
    Context,
    Definition,
    Entry,
    IndexSum,
    Indicator,
    Partial,
    all_of,
    array,
    between,
    declare,
    eq,
)
from derive.language.numbers import exp as exponential
from derive.language.numbers import moved, slope
from derive.rules.algebra import algebra
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import Conversion, Moves, at_part, by, derived, everywhere, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.expand import spread_in_one
from derive.rules.folding import as_defined
from derive.rules.indicators import join_indicators
from derive.rules.lemmas import use_lemma

S, dS = (array(name, (1, T), (1, R)) for name in ("S", "dS"))
SOFTMAX = Definition(P, (i, j), exp(S[i, j]) / IndexSum(exp(S[i, k]), k, 1, R))
_OUT = declare("i", "integer", "a query"), declare("j", "integer", "a key")
_PAIR, _OTHER = (between(1, t, T), between(1, r, R)), (between(1, i, T), between(1, j, R))
ENTRIES = Context((QUERIES, KEYS, *_OUT, QUERY, KEY), (*_OTHER, *_PAIR), (SOFTMAX,), (S,))
BACK = Context((KEYS, QUERIES, QUERY, KEY), _PAIR, (SOFTMAX, gradient(dS, dP, P, S[t, r], (i, j))), (S, dP))
JACOBIAN = Partial(P[i, j], S[t, r])


def jacobian() -> Derivation:
    """A weight depends on the scores of its own query."""
    own, same = Indicator(eq(i, t)), Indicator(eq(j, r))
    apart = at_part(Indicator(all_of(eq(i, t), eq(j, r))), up_to(own * same, by(join_indicators)))
    told = as_defined(own * P[i, j] * (same - P[i, r]), P)
    moves = then(differentiated(), undelta, one_line(then(apart, told), ("definition of ", P)))
    return derived("attention_weights.jacobian", ENTRIES, JACOBIAN, moves)


def known_weights(lemma: Derivation, weights: Array, *indices: Any) -> Conversion:
    """Every derivative of a weight by a score, by the lemma, which speaks of the weight with these indices."""

    def one(context: Context, e: Any) -> Moves:
        if not (isinstance(e, Partial) and isinstance(e.term, Entry) and e.term.array == weights):
            raise RuleDoesNotApply("{} is not the derivative of a weight", e)
        return use_lemma(lemma, dict(zip(indices, e.term.indices, strict=True)))(context, e)

    return one_line(everywhere(one), ("derivatives of the softmax of each row",))


def score_gradient() -> Derivation:
    """dS = P * (dP - the mean of dP in its row)."""
    lemma, mean = jacobian(), IndexSum(P[t, j] * dP[t, j], j, 1, R)
    taken_out = by(algebra, P[t, r] * (dP[t, r] - mean), reason=("take out ", P[t, r]))
    moves = backpropagated(spread_in_one, undelta, taken_out, use=known_weights(lemma, P, i, j))
    return derived("attention_weights.score_gradient", BACK, dS[t, r], moves, (lemma,))


def weights(R: int, score: Any) -> list[Any]:
    """exp of each score of a row over the sum of all, in a loop."""
    powers, whole = [], Fraction(0)
    for key in range(1, R + 1):
        powers.append(exponential(score(key)))
        whole += powers[-1]
    return [power / whole for power in powers]


def slope_at(function: Callable[[Any], Any], array: Any, *place: int) -> Any:
    """The slope of a function of the number that the array has in that place."""
    return slope(function, array(*place))


def jacobian_oracle(T: int, R: int, i: int, j: int, t: int, r: int, S: Matrix) -> Any:
    """How one weight changes with one score."""

    def value(number: Any) -> Any:
        scores = moved(S, (t, r), number)
        return weights(R, lambda key: scores(i, key))[j - 1]

    return slope_at(value, S, t, r)


def score_oracle(T: int, R: int, t: int, r: int, S: Matrix, dP: Matrix) -> Any:
    """How the weights, each times its gradient, change with one score."""

    def loss(number: Any) -> Any:
        scores, total = moved(S, (t, r), number), 0
        for query in range(1, T + 1):
            row = weights(R, lambda key, query=query: scores(query, key))
            total += sum(dP(query, key) * share for key, share in enumerate(row, 1))
        return total

    return slope_at(loss, S, t, r)


_BACK = asked(dP, P, S)
_ASKED: Text = ("Differentiate the weight ", P[i, j], " with respect to the score ", S[t, r], ".")
CONSTRUCT = Construct(
    name="attention_weights",
    title="Attention: the weights",
    about=("Each of ", T, " queries has a score for each of ", R, " keys; its weights are the softmax of its scores."),
    conventions=(
        "queries, keys and values are rows",
        "the softmax is over the keys",
        "gradients are laid out like their variable",
    ),
    source=SOURCE,
    claims=(
        Claim("jacobian", "Derivatives of the weights", _ASKED, ENTRIES, JACOBIAN, jacobian, jacobian_oracle),
        Claim("score_gradient", "Gradient of the scores", _BACK, BACK, dS[t, r], score_gradient, score_oracle),
    ),
)
