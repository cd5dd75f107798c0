r"""Scaled scores of attention, $S = Q K^\top / \sqrt d$: as matrices, and the way back to the queries and the keys.

Shapes: Q: (queries, components), K: (keys, components), S: (queries, keys). With the gradient dS given,
$dQ = dS\,K/\sqrt d$ and $dK = dS^\top Q/\sqrt d$. How dS comes from the weights is told in `attention_weights`.

Source: Vaswani et al., Attention Is All You Need, 2017, arXiv:1706.03762, section 3.2.1, (1); Dao et al.,
FlashAttention, 2022, arXiv:2205.14135, appendix B.2.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, sqrt

from derive.constructs.attention import KEY, KEYS, QUERIES, QUERY, SOURCE, Matrix, R, T, asked, i, j, r, t
from derive.constructs.attention_weights import S, dS
from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Declaration, Definition, Entry, IndexSum, array, between, declare, integer
from derive.language.forms import of
from derive.language.numbers import moved, slope
from derive.language.numbers import sqrt as root
from derive.rules.algebra import definition
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import by, derived, then
from derive.rules.expand import spread_in_one
from derive.rules.forms import recognised

_d, _c = declare("d", "size", "width of a key"), declare("c", "integer", "a component")
d, c, l = _d.symbol, _c.symbol, integer("l")  # noqa: E741
Q, dQ = (array(name, (1, T), (1, d)) for name in ("Q", "dQ"))
K, dK = (array(name, (1, R), (1, d)) for name in ("K", "dK"))
SCORES = Definition(S, (i, j), IndexSum(Q[i, l] * K[j, l], l, 1, d) / sqrt(d))
PAIRS = Context((QUERIES, KEYS, _d, QUERY, KEY), (between(1, t, T), between(1, r, R)), (SCORES,), (Q, K))


def _layer(name: Array, entry: Entry, row: Declaration, rows: Expr) -> Context:
    inside = (between(1, row.symbol, rows), between(1, c, d))
    definitions = (SCORES, gradient(name, dS, S, entry, (i, j)))
    return Context((QUERIES, KEYS, _d, row, _c), inside, definitions, (Q, K, dS))


TO_QUERIES, TO_KEYS = _layer(dQ, Q[t, c], QUERY, T), _layer(dK, K[r, c], KEY, R)


def forward() -> Derivation:
    """S = Q K^T / sqrt(d)."""
    form = of("scaled", 1 / sqrt(d), of("product", Q, of("transpose", K)))[t, r]
    moves = then(by(definition, reason=("definition of ", S)), recognised(form))
    return derived("attention_scores.forward", PAIRS, S[t, r], moves)


def query_gradient() -> Derivation:
    """dQ = dS K / sqrt(d)."""
    form = of("scaled", 1 / sqrt(d), of("product", dS, K))[t, c]
    return derived("attention_scores.query_gradient", TO_QUERIES, dQ[t, c], backpropagated(spread_in_one, form=form))


def key_gradient() -> Derivation:
    """dK = dS^T Q / sqrt(d)."""
    form = of("scaled", 1 / sqrt(d), of("product", of("transpose", dS), Q))[r, c]
    return derived("attention_scores.key_gradient", TO_KEYS, dK[r, c], backpropagated(spread_in_one, form=form))


def score(d: int, query: int, key: int, Q: Matrix, K: Matrix) -> Any:
    """The product of a query and a key, in a loop over their components, divided by the root of their number."""
    value: Any = 0
    for place in range(1, d + 1):
        value += Q(query, place) * K(key, place)
    return value / root(d)


def loss(T: int, R: int, d: int, Q: Matrix, K: Matrix, dS: Matrix) -> Any:
    """All scores added up, each times its gradient."""
    pairs = [(query, key) for query in range(1, T + 1) for key in range(1, R + 1)]
    return sum(dS(*pair) * score(d, *pair, Q, K) for pair in pairs)


def forward_oracle(T: int, R: int, d: int, t: int, r: int, Q: Matrix, K: Matrix) -> Any:
    """One score."""
    return score(d, t, r, Q, K)


def query_oracle(T: int, R: int, d: int, t: int, c: int, Q: Matrix, K: Matrix, dS: Matrix) -> Any:
    """How the weighted scores change with one number of a query."""
    return slope(lambda value: loss(T, R, d, moved(Q, (t, c), value), K, dS), Q(t, c))


def key_oracle(T: int, R: int, d: int, r: int, c: int, Q: Matrix, K: Matrix, dS: Matrix) -> Any:
    """How the weighted scores change with one number of a key."""
    return slope(lambda value: loss(T, R, d, Q, moved(K, (r, c), value), dS), K(r, c))


_FOR_Q, _FOR_K = asked(dS, S, Q), asked(dS, S, K)
_FORWARD: Text = ("Write ", S[t, r], " with a matrix product.")
CONSTRUCT = Construct(
    name="attention_scores",
    title="Attention: the scores",
    about=("Each of ", T, " queries meets each of ", R, " keys; queries and keys have ", d, " components."),
    conventions=("queries, keys and values are rows", "gradients are laid out like their variable"),
    source=SOURCE,
    claims=(
        Claim("forward", "The scores as matrices", _FORWARD, PAIRS, S[t, r], forward, forward_oracle),
        Claim("query_gradient", "Gradient of the queries", _FOR_Q, TO_QUERIES, dQ[t, c], query_gradient, query_oracle),
        Claim("key_gradient", "Gradient of the keys", _FOR_K, TO_KEYS, dK[r, c], key_gradient, key_oracle),
    ),
)
