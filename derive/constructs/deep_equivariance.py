r"""A network of L convolutions and ReLUs on a ring commutes with shifts, whatever L is.

Layer l makes $y_{l,n} = \max\big(0, \sum_{u=0}^{k-1} w_{l,u}\, y_{l-1,(n+u) \bmod N}\big)$ from the layer before, and
$y_0 = x$ is the input. Let $x'_n = x_{(n-s) \bmod N}$ be the input turned by s places, and $y'$ what the network makes
of it. Then $y'_{L,n} = y_{L,(n-s) \bmod N}$: by induction on L, for all places n at once, as a layer looks at places
beside n in the layer before.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.2 (equivariance); Bronstein, Bruna, Cohen,
Velickovic, Geometric Deep Learning, 2021, arXiv:2104.13478, section 3.5 (blueprint: equivariant layers in a row).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Expr, Integer, Max, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.shift_equivariance import BACK, LAYER, TURNED, Signal, around, modulo, turn, x, x_s
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, array, declare, eq, integer
from derive.language.terms import OTHERWISE, Cases, IndexSum, Indicator
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, everywhere, one_line, quietly, then
from derive.rules.indicators import indicator_holds, only_term, restate_indicator
from derive.rules.lemmas import use_lemma
from derive.rules.recursions import rolled, unrolled, upwards

_N, _k, _s, _n = LAYER.declarations
N, k, s, n = LAYER.symbols
_L, _m, _t = declare("L", "natural", "layers"), declare("m", "integer"), declare("t", "integer")
L, m, t = (d.symbol for d in (_L, _m, _t))
j, u, layer = integer("j"), integer("u"), integer("l")


def layers(name: str) -> Array:
    """The outputs of all layers on the ring."""
    return array(name, (0, oo), (0, N - 1))


y, y_s, z = layers("y"), layers("y'"), layers("z")
w = array("w", (1, oo), (0, k - 1), outside="zero")


def stack(out: Array, into: Array) -> Definition:
    """Convolution and ReLU, layer after layer."""
    total = IndexSum(w[layer, u] * out[layer - 1, modulo(n + u)], u, 0, k - 1)
    after = Max(0, total, evaluate=False)
    return Definition(out, (layer, n), Cases((into[n], eq(layer, 0)), (after, OTHERWISE)))


NETWORK = Context((_N, _k, _s, _n, _L), LAYER.hypotheses, (TURNED, stack(y, x), stack(y_s, x_s)), (x, w))
_ANY = Context((_N, _L, _m, _t), arrays=(z,))


def _same_place(place: Expr, other: Expr) -> Derivation:
    """Entries at two places that are the same one: both are the sum of all entries, each times the delta of it."""
    deltas = [Indicator(eq(j, where)) for where in (place, other)]
    holds = everywhere(by(indicator_holds))
    moves = then(
        upwards(IndexSum(z[L, j] * deltas[0], j, 0, N - 1), then(by(only_term, place), holds)),
        at_part(deltas[0], by(restate_indicator, eq(j, other))),
        then(by(only_term, other), holds),
    )
    return derived("deep_equivariance.remainder", _ANY, z[L, place], one_line(moves, ("here ", eq(place, other))))


REMAINDER = _same_place(modulo(modulo(m) + t), modulo(m + t))


def _shifted_inside() -> Conversion:
    """From ((n + u) mod N - s) mod N to ((n - s) mod N + u) mod N."""
    first = use_lemma(REMAINDER, {z: y, m: n + u, t: -s}, ("only the remainder of an index counts",))
    last = upwards(y[L, modulo(BACK + u)], use_lemma(REMAINDER, {z: y, m: n - s, t: u}))
    there = y[L, modulo(modulo(n + u) - s)], y[L, modulo(n - s + u)]
    return then(at_part(there[0], first), quietly(at_part(there[1], last)))


def network() -> Derivation:
    """y'_{L,n} = y_{L,(n - s) mod N}."""

    def step(known: Conversion) -> Conversion:
        before = at_part(y_s[L, modulo(n + u)], known)
        return then(unrolled(y_s[L + 1, n]), before, _shifted_inside(), rolled(y[L + 1, BACK], y[L + 1, BACK]))

    base = then(unrolled(y_s[Integer(0), n], x_s[n]), rolled(y[0, BACK], y[0, BACK]))
    moves = by_induction(L, 0, y[L, BACK], base, step, over=(n,))
    return derived("deep_equivariance.network", NETWORK, y_s[L, n], moves, (REMAINDER,))


def network_oracle(N: int, k: int, s: int, L: int, n: int, x: Signal, w: Callable[..., Fraction]) -> Fraction:
    """The network on the turned input, layer by layer."""
    values = [turn(N, s, x)(place) for place in range(N)]
    for number in range(1, L + 1):
        before = dict(enumerate(values))
        tap = {place: w(number, place) for place in range(k)}
        values = [max(value, Fraction(0)) for value in around(N, k, before.__getitem__, tap.__getitem__)]
    return values[n]


_NETWORK: Text = ("Let ", eq(x_s[n], x[BACK]), ", the input turned by ", s, " places. Find the output ", y_s[L, n])
CONSTRUCT = Construct(
    name="deep_equivariance",
    title="A network of L layers and shifts",
    about=("A network of ", L, " convolutions and ReLUs on a ring with ", N, " places."),
    conventions=("correlation: the kernel is not turned", "indices from 0, taken modulo N", "layer 0 is the input"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.2; arXiv:2104.13478, section 3.5",
    claims=(
        Claim(
            name="network",
            title="L layers of a shifted input",
            question=(*_NETWORK, " from that of the input itself."),
            context=NETWORK,
            left=y_s[L, n],
            derive=network,
            oracle=network_oracle,
        ),
    ),
)
