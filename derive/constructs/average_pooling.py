r"""Average pooling on one axis: each output is the mean of a window, each input has a part in the windows it is in.

$y_i = \frac1K \sum_{l=1}^K x_{S(i-1)+l}$ for m windows of width K, stride S. The place p is in window i where
$1 \le p - S(i-1) \le K$, so i runs from $\lceil (p-K)/S \rceil + 1$ to $\lfloor (p-1)/S \rfloor + 1$, within 1..m:
windows overlap for S < K, for S > K some inputs are in none. Nothing here depends on whether the windows fit; beside
the input there are zeros, which the mean counts. Global pooling takes one mean over a whole channel.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3; Dumoulin, Visin, A guide to convolution
arithmetic for deep learning, 2016, arXiv:1603.07285, section 3; Lin, Chen, Yan, arXiv:1312.4400, section 3.2 (global).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, array, between, declare, integer
from derive.language.numbers import slope
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import by, derived, everywhere, one_line, quietly, then
from derive.rules.deltas import settled
from derive.rules.sums import constant_out_of_sum
from derive.rules.windows import to_window

_N, _K = declare("N", "size", "length of the input"), declare("K", "size", "width of a window")
_m, _S = declare("m", "size", "number of windows"), declare("S", "size", "stride")
_C, _c = declare("C", "size", "number of channels"), declare("c", "integer", "a channel")
_p = declare("p", "integer", "a place")
N, K, m, S, C, c, p = (d.symbol for d in (_N, _K, _m, _S, _C, _c, _p))
i, l, e = integer("i"), integer("l"), integer("c'")  # noqa: E741
x, g, y = (array(name, (1, size), outside="zero") for name, size in (("x", N), ("g", m), ("y", m)))
maps, above, means = array("X", (1, C), (1, N)), array("g", (1, C)), array("y", (1, C))
dx, dmaps = array("dx", (1, N)), array("dX", (1, C), (1, N))
POOLED = Definition(y, (i,), IndexSum(x[S * (i - 1) + l], l, 1, K) / K)
INPUT = Context((_N, _K, _m, _S, _p), (between(1, p, N),), (POOLED, gradient(dx, g, y, x[p], (i,))), (x, g))
_MEANS = (Definition(means, (e,), IndexSum(maps[e, i], i, 1, N) / N), gradient(dmaps, above, means, maps[c, p], (e,)))
GLOBAL = Context((_C, _N, _c, _p), (between(1, c, C), between(1, p, N)), _MEANS, (maps, above))

in_front = then(quietly(everywhere(settled)), quietly(everywhere(by(constant_out_of_sum))))


def input_gradient() -> Derivation:
    """dx_p = the sum over the windows that hold p, divided by K."""
    held = one_line(then(to_window, in_front), (p, " is in window ", i, " where ", between(1, p - S * (i - 1), K)))
    return derived("average_pooling.input_gradient", INPUT, dx[p], backpropagated(held))


def global_gradient() -> Derivation:
    """dX_cp = g_c/N."""
    return derived("average_pooling.global_gradient", GLOBAL, dmaps[c, p], backpropagated())


Signal = Callable[[int], Fraction]


def input_oracle(N: int, K: int, m: int, S: int, p: int, x: Signal, g: Signal) -> Any:
    """How the weighted means of all windows, added up in loops, change with one input."""

    def loss(value: Any) -> Any:
        total: Any = 0
        for window in range(m):
            inside: Any = 0
            for place in range(S * window + 1, S * window + K + 1):
                inside += value if place == p else x(place)
            total += g(window + 1) * inside / K
        return total

    return slope(loss, x(p))


def global_oracle(C: int, N: int, c: int, p: int, X: Callable[[int, int], Fraction], g: Signal) -> Any:
    """How the weighted means of all channels change with one input."""

    def loss(value: Any) -> Any:
        total: Any = 0
        for channel in range(1, C + 1):
            for place in range(1, N + 1):
                total += g(channel) * (value if (channel, place) == (c, p) else X(channel, place)) / N
        return total

    return slope(loss, X(c, p))


_INPUT: Text = ("Let ", g[i], " be the gradient of a loss with respect to ", y[i], ". Find that with respect to ", x[p])
_GLOBAL: Text = (
    *("Let ", above[c], " be the gradient of a loss with respect to the mean ", means[c], " of a channel. "),
    *("Find that with respect to ", maps[c, p], "."),
)
CONSTRUCT = Construct(
    name="average_pooling",
    title="Average pooling",
    about=("Each of ", m, " outputs is the mean of ", K, " inputs; the windows begin ", S, " places apart."),
    conventions=(
        "indices from 1",
        "the input is 0 outside its range and a mean counts these zeros",
        "gradients are laid out like their variable",
    ),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3; Dumoulin, Visin, arXiv:1603.07285",
    claims=(
        Claim("input_gradient", "Gradient of the input", (*_INPUT, "."), INPUT, dx[p], input_gradient, input_oracle),
        Claim("global_gradient", "Global mean", _GLOBAL, GLOBAL, dmaps[c, p], global_gradient, global_oracle),
    ),
)
