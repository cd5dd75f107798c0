r"""The mean over a ring does not change with a shift, nor does a network of convolutions that ends in one.

With $x'_n = x_{(n-s) \bmod N}$ as in `shift_equivariance`, $\frac1N \sum_n x'_n = \frac1N \sum_n x_n$: the terms are
the same in another order. The network is convolution, ReLU, convolution, ReLU, mean, each on the ring, so that every
layer hands the shift on and the mean drops it. The padding must be the one of the ring, with N outputs: a border of
zeros, or one output more, breaks it.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3 (invariance); Lin, Chen, Yan, Network in
network, 2014, arXiv:1312.4400, section 3.2 (global average pooling); Zhang, Making convolutional networks
shift-invariant again, 2019, arXiv:1904.11486, section 3.1.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Max

from derive.constructs.construct import Claim, Construct
from derive.constructs.shift_equivariance import (
    BACK,
    LAYER,
    LAYERS,
    TURNED,
    N,
    Signal,
    around,
    convolution,
    convolved,
    folded,
    h,
    h_s,
    inserted,
    modulo,
    n,
    rectified,
    ring,
    s,
    shifted_inside,
    turn,
    u,
    w,
    x,
    x_s,
    y,
    y_s,
)
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, IndexSum, array, declare, eq, integer, lt
from derive.rules.combine import Moves, at, at_part, by, derived, one_line, then
from derive.rules.entries import at_place
from derive.rules.lemmas import use_lemma
from derive.rules.sums import join_ranges, rename_index, shift_index, split_range

_N, _k, _s, _n = LAYER.declarations
_l = declare("l", "size", "length of the second kernel")
l = _l.symbol  # noqa: E741
z, a = (ring(name) for name in "za")
z_s, a_s = (ring(name + "'") for name in "za")
v = array("v", (0, l - 1))
_DEEP = (rectified(h, y), rectified(h_s, y_s), convolved(z, h, v), convolved(z_s, h_s, v))
MEAN, RING = Context((_N, _s), (), (TURNED,), (x,)), Context((_N, _s), arrays=(x,))
NETWORK = Context((_N, _k, _l, _s), (), (*LAYERS, *_DEEP, rectified(a, z), rectified(a_s, z_s)), (x, w, v))
START, m = modulo(s), integer("m")


def _mean(of: Array, index: Expr = n) -> Expr:
    return IndexSum(of[index], n, 0, N - 1) / N


def turned_back(context: Context, e: Expr) -> Moves:
    """The sum of x[(n - s) mod N] over the ring, split where the index begins again."""
    first, last = (IndexSum(x[BACK], n, *ends) for ends in ((0, START - 1), (START, N - 1)))
    there = IndexSum(x[n - START + N], n, 0, START - 1), IndexSum(x[n - START], n, START, N - 1)
    known = then(at_part(first, at((0,), at_place(n - START + N))), at_part(last, at((0,), at_place(n - START))))
    counted = then(at_part(there[0], by(shift_index, m, START - N)), at_part(there[1], by(shift_index, m, START)))
    return then(
        by(split_range, START - 1, reason=("split the sum before ", eq(n, START))),
        one_line(known, ("where ", lt(n, START), " the index begins again at the end of the ring")),
        one_line(counted, ("with ", eq(m, n - START + N), ", and with ", eq(m, n - START))),
        one_line(then(by(join_ranges), by(rename_index, n)), ("together they are the whole ring",)),
    )(context, e)


_SUM = at((1,), turned_back)
IN_ANOTHER_ORDER = derived("shift_invariance.order", RING, _mean(x, BACK), _SUM)


def mean() -> Derivation:
    """The mean of the turned array is that of the array."""
    moves = then(inserted(x_s, n), at_part(IndexSum(x[BACK], n, 0, N - 1), turned_back))
    return derived("shift_invariance.mean", MEAN, _mean(x_s), moves)


def network() -> Derivation:
    """The network gives one number for all shifts of its input."""
    first, there, back = convolution(), modulo(n + u), modulo(modulo(n + u) - s)
    second = IndexSum(v[u] * h[modulo(BACK + u)], u, 0, l - 1)
    known = use_lemma(first, {n: there}, ("the first convolution commutes with the shift",))
    moves = then(
        one_line(then(inserted(a_s, n), inserted(z_s, n), inserted(h_s, there)), ("the network, from its end on",)),
        at_part(y_s[there], known),
        at_part(Max(0, y[back], evaluate=False), folded(h, back)),
        shifted_inside(h),
        at_part(second, folded(z, BACK)),
        at_part(Max(0, z[BACK], evaluate=False), folded(a, BACK)),
        use_lemma(IN_ANOTHER_ORDER, {x: a}, ("the mean has the same terms in another order",)),
    )
    return derived("shift_invariance.network", NETWORK, _mean(a_s), moves, (first, IN_ANOTHER_ORDER))


def mean_oracle(N: int, s: int, x: Signal) -> Fraction:
    """All entries of the turned array added up, over their number."""
    there, total = turn(N, s, x), Fraction(0)
    for place in range(N):
        total += there(place)
    return total / N


def network_oracle(N: int, k: int, l: int, s: int, x: Signal, w: Signal, v: Signal) -> Fraction:  # noqa: E741
    """The network on the turned input, layer by layer."""
    hidden = [max(value, Fraction(0)) for value in around(N, k, turn(N, s, x), w)]
    total = Fraction(0)
    for value in around(N, l, lambda place: hidden[place], v):
        total += max(value, Fraction(0))
    return total / N


_GIVEN: Text = ("Let ", eq(x_s[n], x[BACK]), ", the input turned by ", s, " places. Find ")
_MEAN: Text = (*_GIVEN, "its mean from that of the input itself.")
_NETWORK: Text = (*_GIVEN, "the mean after the last layer from that for the input itself.")
CONSTRUCT = Construct(
    name="shift_invariance",
    title="Networks on a ring that no shift changes",
    about=("Two convolutions and ReLUs on a ring with ", N, " places, and the mean of all outputs."),
    conventions=("correlation: the kernel is not turned", "indices from 0, taken modulo N"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3; Lin, Chen, Yan, arXiv:1312.4400",
    claims=(
        Claim("mean", "Mean of a shifted input", _MEAN, MEAN, _mean(x_s), mean, mean_oracle),
        Claim("network", "Network on a shifted input", _NETWORK, NETWORK, _mean(a_s), network, network_oracle),
    ),
)
