r"""Attention weights of H heads, $P_{atr}$, the softmax over the keys r: from their gradient to that of the scores.

Shapes: S, P and their gradients: (heads, queries, keys). Within each head it is as in `attention_weights`,
$dS_{atr} = P_{atr} (dP_{atr} - \sum_j P_{atj}\,dP_{atj})$: other heads and other queries have no part in it.

Source: Vaswani et al., Attention Is All You Need, 2017, arXiv:1706.03762, section 3.2.2; Dao et al., FlashAttention,
2022, arXiv:2205.14135, appendix B.2.
"""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import Any

from sympy import exp

from derive.constructs.attention import KEY, KEYS, QUERIES, QUERY, R, T, asked, r, t
from derive.constructs.attention_weights import known_weights, slope_at, weights
from derive.constructs.construct import Claim, Construct
from derive.constructs.multi_head_attention import HEAD, HEADS, IN, Block, H, P, a, dP, k
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Indicator, Partial, all_of, array, between, declare, eq
from derive.language.numbers import moved
from derive.rules.algebra import algebra
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import by, derived, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.expand import spread_in_one
from derive.rules.folding import as_defined

_b, _i, _j = declare("b", "integer", "a head"), declare("i", "integer", "a query"), declare("j", "integer", "a key")
b, i, j = (given.symbol for given in (_b, _i, _j))
S, dS = (array(name, (1, H), (1, T), (1, R)) for name in ("S", "dS"))
SOFTMAX = Definition(P, (b, i, j), exp(S[b, i, j]) / IndexSum(exp(S[b, i, k]), k, 1, R))
_OTHER, _HERE = (between(1, b, H), between(1, i, T), between(1, j, R)), (IN[a], IN[t], IN[r])
_SIZES, _PLACE = (HEADS, QUERIES, KEYS), (HEAD, QUERY, KEY)
ENTRIES = Context((*_SIZES, _b, _i, _j, *_PLACE), (*_OTHER, *_HERE), (SOFTMAX,), (S,))
_BACKWARD = gradient(dS, dP, P, S[a, t, r], (b, i, j))
BACK = Context((*_SIZES, *_PLACE), _HERE, (SOFTMAX, _BACKWARD), (S, dP))
JACOBIAN = Partial(P[b, i, j], S[a, t, r])


def jacobian() -> Derivation:
    """A weight depends on the scores of its own head and query."""
    row = (eq(b, a), eq(i, t))
    right = P[b, i, j] * (Indicator(all_of(*row, eq(j, r))) - Indicator(all_of(*row)) * P[b, i, r])
    moves = then(differentiated(), undelta, as_defined(right, P, ("definition of ", P)))
    return derived("multi_head_weights.jacobian", ENTRIES, JACOBIAN, moves)


def score_gradient() -> Derivation:
    """dS = P * (dP - the mean of dP in its row) in each head."""
    lemma, mean = jacobian(), IndexSum(P[a, t, j] * dP[a, t, j], j, 1, R)
    taken_out = by(algebra, P[a, t, r] * (dP[a, t, r] - mean), reason=("take out ", P[a, t, r]))
    moves = backpropagated(spread_in_one, undelta, taken_out, use=known_weights(lemma, P, b, i, j))
    return derived("multi_head_weights.score_gradient", BACK, dS[a, t, r], moves, (lemma,))


def jacobian_oracle(H: int, T: int, R: int, b: int, i: int, j: int, a: int, t: int, r: int, S: Block) -> Any:
    """How one weight changes with one score."""

    def value(number: Any) -> Any:
        scores = moved(S, (a, t, r), number)
        return weights(R, lambda key: scores(b, i, key))[j - 1]

    return slope_at(value, S, a, t, r)


def score_oracle(H: int, T: int, R: int, a: int, t: int, r: int, S: Block, dP: Block) -> Any:
    """How the weights of all heads, each times its gradient, change with one score."""

    def loss(number: Any) -> Any:
        scores, total = moved(S, (a, t, r), number), 0
        for head, query in product(range(1, H + 1), range(1, T + 1)):
            row = weights(R, partial(scores, head, query))
            total += sum(dP(head, query, key) * share for key, share in enumerate(row, 1))
        return total

    return slope_at(loss, S, a, t, r)


_ASKED: Text = ("Differentiate the weight ", P[b, i, j], " with respect to the score ", S[a, t, r], ".")
_BACK = asked(dP, P, S)
CONSTRUCT = Construct(
    name="multi_head_weights",
    title="Attention weights of several heads",
    about=("In each of ", H, " heads each of ", T, " queries has a score for each of ", R, " keys."),
    conventions=(
        "the first index is the head",
        "the softmax is over the keys",
        "gradients are laid out like their variable",
    ),
    source="Vaswani et al., 2017, arXiv:1706.03762, section 3.2.2; Dao et al., 2022, arXiv:2205.14135, appendix B.2",
    claims=(
        Claim("jacobian", "Derivatives of the weights", _ASKED, ENTRIES, JACOBIAN, jacobian, jacobian_oracle),
        Claim("score_gradient", "The scores", _BACK, BACK, dS[a, t, r], score_gradient, score_oracle),
    ),
)
