r"""A network of any depth on a ring: every layer hands a shift on, and the mean at the end drops it.

Layer 0 is the input, $h_{0,n} = x_n$; then $h_{l,n} = \max(0, \sum_{u=0}^{k-1} w_{l,u}\,h_{l-1,\,(n+u) \bmod N})$, each
layer with weights of its own. For the input $x'_n = x_{(n-s) \bmod N}$ induction on the number of layers gives
$h'_{L,n} = h_{L,\,(n-s) \bmod N}$: the hypothesis is used at every place of the window. The mean of the last layer is
then the same for all shifts.

Source: Bronstein, Bruna, Cohen, Velickovic, Geometric Deep Learning, 2021, arXiv:2104.13478, section 3.5 (blueprint:
equivariant layers, then an invariant one); Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Max, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.shift_equivariance import BACK, TURNED, N, modulo, n, ring, s, turn, u, x, x_s
from derive.constructs.shift_equivariance import LAYER as ONE_LAYER
from derive.constructs.shift_invariance import IN_ANOTHER_ORDER
from derive.kernel.derivation import Derivation, Text
from derive.language import OTHERWISE, Array, Cases, Context, Definition, IndexSum, array, between, declare, eq, integer
from derive.rules.algebra import definition, fold_definition
from derive.rules.cases import select_case
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, one_line, then, up_to
from derive.rules.entries import remainder_of
from derive.rules.lemmas import use_lemma

_N, _k, _s, _n = ONE_LAYER.declarations
_L = declare("L", "natural", "number of layers")
L, k, l = _L.symbol, _k.symbol, integer("l")  # noqa: E741
w = array("w", (1, oo), (0, k - 1), outside="zero")
h, h_s = (array(name, (0, oo), (0, N - 1), outside="zero") for name in ("h", "h'"))


def network(out: Array, into: Array) -> Definition:
    """The layers, one after the other."""
    total = IndexSum(w[l, u] * out[l - 1, modulo(n + u)], u, 0, k - 1)
    return Definition(out, (l, n), Cases((into[n], eq(l, 0)), (Max(0, total, evaluate=False), OTHERWISE)))


NETWORK = (TURNED, network(h, x), network(h_s, x_s))
LAYERS = Context((_N, _k, _L, _s, _n), (between(0, n, N - 1),), NETWORK, (x, w))


def inserted(number: int) -> Conversion:
    """A layer by its definition, with the case for the input or for a layer after it."""
    return then(by(definition), by(select_case, number))


def equivariance() -> Derivation:
    """h'_{L,n} = h_{L,(n - s) mod N}, by induction on L for all places n."""
    there = modulo(modulo(n + u) - s)
    first = one_line(then(inserted(0), by(definition)), ("definition of the input",))
    moves = by_induction(
        L,
        0,
        h[L, BACK],
        base=then(first, up_to(h[0, BACK], inserted(0))),
        step=lambda hypothesis: then(
            one_line(inserted(1), ("definition of the layer ", L + 1)),
            at_part(h_s[L, modulo(n + u)], hypothesis),
            at_part(there, remainder_of(BACK + u)),
            up_to(h[L + 1, BACK], one_line(inserted(1), ("definition of the layer ", L + 1))),
        ),
        over=(n,),
    )
    return derived("shift_depth.equivariance", LAYERS, h_s[L, n], moves)


a, a_s = ring("a"), ring("a'")
LAST = Definition(a, (n,), h[L, n]), Definition(a_s, (n,), h_s[L, n])
POOLED = Context((_N, _k, _L, _s), (), (*NETWORK, *LAST), (x, w))
MEAN = IndexSum(a_s[n], n, 0, N - 1) / N


def invariance() -> Derivation:
    """The mean of the last layer is the same for all shifts."""
    shifted = equivariance()
    moves = then(
        at_part(a_s[n], by(definition, reason=("definition of ", a_s))),
        at_part(h_s[L, n], use_lemma(shifted, {}, ("every layer hands the shift on",))),
        at_part(h[L, BACK], by(fold_definition, a[BACK], reason=("definition of ", a))),
        use_lemma(IN_ANOTHER_ORDER, {x: a}, ("the mean has the same terms in another order",)),
    )
    return derived("shift_depth.invariance", POOLED, MEAN, moves, (shifted, IN_ANOTHER_ORDER))


Signal = Callable[[int], Fraction]
Weights = Callable[[int, int], Fraction]


def last_layer(N: int, k: int, L: int, x: Signal, w: Weights) -> list[Fraction]:
    """All layers in turn, each in loops that go around the ring."""
    values = [x(place) for place in range(N)]
    for layer in range(1, L + 1):
        outputs = []
        for place in range(N):
            total = Fraction(0)
            for tap in range(k):
                total += w(layer, tap) * values[(place + tap) % N]
            outputs.append(total if total > 0 else Fraction(0))
        values = outputs
    return values


def equivariance_oracle(N: int, k: int, L: int, s: int, n: int, x: Signal, w: Weights) -> Fraction:
    """One output of the network for the turned input."""
    return last_layer(N, k, L, turn(N, s, x), w)[n]


def invariance_oracle(N: int, k: int, L: int, s: int, x: Signal, w: Weights) -> Fraction:
    """All outputs of the network for the turned input, over their number."""
    outputs = last_layer(N, k, L, turn(N, s, x), w)
    return sum(outputs, Fraction(0)) / len(outputs)


_GIVEN: Text = ("A network has ", L, " layers. Its input is turned by ", s, " places: ", eq(x_s[n], x[BACK]), ". Find ")
_LAYER: Text = (*_GIVEN, "its last layer ", h_s[L, n], " from that for the input itself.")
_MEAN: Text = (*_GIVEN, "the mean of its last layer from that for the input itself.")
CONSTRUCT = Construct(
    name="shift_depth",
    title="Networks of any depth on a ring",
    about=("Each layer is a convolution on a ring of ", N, " places with weights of its own, and a ReLU."),
    conventions=("correlation: the kernel is not turned", "indices from 0, taken modulo N", "layer 0 is the input"),
    source="Bronstein, Bruna, Cohen, Velickovic, arXiv:2104.13478, section 3.5; Goodfellow, Bengio, Courville, 9.2",
    claims=(
        Claim("equivariance", "Any depth", _LAYER, LAYERS, h_s[L, n], equivariance, equivariance_oracle),
        Claim("invariance", "Any depth, then the mean", _MEAN, POOLED, MEAN, invariance, invariance_oracle),
    ),
)
