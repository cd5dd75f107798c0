r"""A depthwise convolution: each channel has a kernel of its own and no other channel has a part in its output.

Shapes: x: (N examples, C channels, H), w: (C channels, K), the outputs y and the gradient g there: (N, C, P);
$y_{ncr} = \sum_{u=1}^K x_{n,\,c,\,s(r-1)+u-p}\, w_{cu}$ with stride s and padding p. So the gradients have no sum over
channels. A pointwise layer after it, $z_{nfr} = \sum_c v_{fc}\, y_{ncr}$, makes a separable convolution of F filters:
one of the usual kind, with the kernels $W_{fcu} = v_{fc} w_{cu}$, from K C + C F weights instead of K C F.

Source: Howard et al., MobileNets, 2017, arXiv:1704.04861, section 3.1; Chollet, Xception, 2017, arXiv:1610.02357,
section 1; torch.nn.Conv1d with groups = in_channels.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, integer
from derive.language.numbers import moved, slope
from derive.rules.algebra import definition, fold_definition
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import at, at_part, by, derived, one_line, then, up_to
from derive.rules.sums import constant_out_of_sum
from derive.rules.windows import to_window

_N, _C = declare("N", "size", "number of examples"), declare("C", "size", "number of channels")
_H, _K = declare("H", "size", "length of the input"), declare("K", "size", "length of a kernel")
_P, _F = declare("P", "size", "number of outputs"), declare("F", "size", "number of filters")
_s, _p = declare("s", "size", "stride"), declare("p", "natural", "padding")
_n, _c, _f = declare("n", "integer", "example"), declare("c", "integer", "channel"), declare("f", "integer", "filter")
_i, _j, _r = declare("i", "integer", "place"), declare("j", "integer", "weight"), declare("r", "integer", "output")
N, C, H, K, P, F, s, p = (d.symbol for d in (_N, _C, _H, _K, _P, _F, _s, _p))
n, c, f, i, j, r = (d.symbol for d in (_n, _c, _f, _i, _j, _r))
u, d, e = integer("u"), integer("c'"), integer("n'")


def _array(name: str, *sizes: Any) -> Array:
    return array(name, *((1, size) for size in sizes), outside="zero")


x, w, v = _array("x", N, C, H), _array("w", C, K), _array("v", F, C)
y, g, z, kernels = _array("y", N, C, P), _array("g", N, C, P), _array("z", N, F, P), _array("W", F, C, K)
dx, dw = _array("dx", N, C, H), _array("dw", C, K)
SIZES = (_N, _C, _H, _K, _P, _s, _p)
FORWARD = Definition(y, (n, d, r), IndexSum(x[n, d, s * (r - 1) + u - p] * w[d, u], u, 1, K))
_WEIGHT, _INPUT = gradient(dw, g, y, w[c, j], (n, d, r)), gradient(dx, g, y, x[n, c, i], (e, d, r))
WEIGHT = Context((*SIZES, _c, _j), (between(1, c, C), between(1, j, K)), (FORWARD, _WEIGHT), (x, w, g))
INPUT = Context(
    (*SIZES, _n, _c, _i), (between(1, n, N), between(1, c, C), between(1, i, H)), (FORWARD, _INPUT), (x, w, g)
)
POINTWISE = Definition(z, (n, f, r), IndexSum(v[f, c] * y[n, c, r], c, 1, C))
KERNELS = Definition(kernels, (f, c, u), v[f, c] * w[c, u])
SEPARABLE = Context(
    (*SIZES, _F, _n, _f, _r),
    (between(1, n, N), between(1, f, F), between(1, r, P)),
    (FORWARD, POINTWISE, KERNELS),
    (x, w, v),
)


def weight_gradient() -> Derivation:
    """dw_cj = the gradient at the outputs of the channel against the inputs of the channel that meet w_cj."""
    return derived("depthwise_convolution.weight_gradient", WEIGHT, dw[c, j], backpropagated())


def input_gradient() -> Derivation:
    """dx_nci = the sum over the outputs of the channel that x_nci has a part in."""
    return derived("depthwise_convolution.input_gradient", INPUT, dx[n, c, i], backpropagated(to_window))


def separable() -> Derivation:
    """Depthwise and then pointwise is a convolution with the kernels v_fc w_cu."""
    met = x[n, c, s * (r - 1) + u - p]
    inside = IndexSum(met * v[f, c] * w[c, u], u, 1, K)
    moves = then(
        by(definition, reason=("definition of ", z)),
        at_part(y[n, c, r], by(definition, reason=("definition of ", y))),
        one_line(at((0,), up_to(inside, by(constant_out_of_sum))), (v[f, c], " does not depend on ", u)),
        at_part(v[f, c] * w[c, u], by(fold_definition, kernels[f, c, u], reason=("definition of ", kernels))),
    )
    return derived("depthwise_convolution.separable", SEPARABLE, z[n, f, r], moves)


def filtered(H: int, K: int, P: int, s: int, p: int, x: Any, w: Any) -> list[Any]:
    """The outputs of one channel, in loops; what is in the padding is left out."""
    outputs = []
    for place in range(P):
        value: Any = 0
        for tap in range(K):
            met = s * place + tap + 1 - p
            value += x(met) * w(tap + 1) if 1 <= met <= H else 0
        outputs.append(value)
    return outputs


def weighted(N: int, C: int, H: int, K: int, P: int, s: int, p: int, x: Any, w: Any, g: Any) -> Any:
    """All outputs added up, each times its gradient."""
    total: Any = 0
    for example, channel in product(range(1, N + 1), range(1, C + 1)):
        row = filtered(H, K, P, s, p, lambda at: x(example, channel, at), lambda tap: w(channel, tap))  # noqa: B023
        for place, output in enumerate(row, start=1):
            total += g(example, channel, place) * output
    return total


Table = Callable[..., Fraction]


def weight_oracle(
    N: int, C: int, H: int, K: int, P: int, s: int, p: int, c: int, j: int, x: Table, w: Table, g: Table
) -> Any:
    """How the weighted outputs change with one weight."""
    return slope(lambda value: weighted(N, C, H, K, P, s, p, x, moved(w, (c, j), value), g), w(c, j))


def input_oracle(
    N: int, C: int, H: int, K: int, P: int, s: int, p: int, n: int, c: int, i: int, x: Table, w: Table, g: Table
) -> Any:
    """How the weighted outputs change with one input."""
    return slope(lambda value: weighted(N, C, H, K, P, s, p, moved(x, (n, c, i), value), w, g), x(n, c, i))


def separable_oracle(
    N: int, C: int, H: int, K: int, P: int, s: int, p: int, F: int, n: int, f: int, r: int, x: Table, w: Table, v: Table
) -> Any:
    """Each channel filtered by itself, and then the channels mixed in a loop."""
    total: Any = 0
    for channel in range(1, C + 1):
        row = filtered(H, K, P, s, p, lambda at: x(n, channel, at), lambda tap: w(channel, tap))  # noqa: B023
        total += v(f, channel) * row[r - 1]
    return total


_GIVEN: Text = ("Let ", g[n, c, r], " be the gradient of a loss with respect to ", y[n, c, r], ". Find that with ")
_TO_WEIGHT, _TO_INPUT = (*_GIVEN, "respect to ", w[c, j], "."), (*_GIVEN, "respect to ", x[n, c, i], ".")
_TO_ONE: Text = ("Let ", z[n, f, r], " mix the channels with the weights ", v[f, c], ". Write it as one convolution.")
CONSTRUCT = Construct(
    name="depthwise_convolution",
    title="Depthwise and separable convolution",
    about=("Each of ", C, " channels is filtered with ", K, " weights of its own."),
    conventions=(
        "correlation: the kernel is not turned",
        "indices from 1; the input is 0 in the padding",
        "gradients are laid out like their variable, and added up over the examples",
    ),
    source="Howard et al., arXiv:1704.04861, section 3.1; Chollet, arXiv:1610.02357, section 1",
    claims=(
        Claim(
            "weight_gradient", "Gradient of the kernels", _TO_WEIGHT, WEIGHT, dw[c, j], weight_gradient, weight_oracle
        ),
        Claim("input_gradient", "Gradient of the input", _TO_INPUT, INPUT, dx[n, c, i], input_gradient, input_oracle),
        Claim("separable", "One convolution", _TO_ONE, SEPARABLE, z[n, f, r], separable, separable_oracle),
    ),
)
