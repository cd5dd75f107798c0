r"""A convolution along one axis with stride s, dilation delta and padding p, all symbolic: its gradients.

$y_i = \sum_l x_{s(i-1) + \delta(l-1) + 1 - p}\, w_l$: x has N entries and is 0 beside them (the padding), w has K, and
there are m outputs. With $m = \lfloor (N + 2p - \delta(K-1) - 1)/s \rfloor + 1$ the kernel stays in the padded input;
nothing here depends on that. An input $x_n$ meets the weight $w_l$ at the output i where
$\delta(l-1) = n - 1 + p - s(i-1)$, so it has a part in $y_i$ only if delta divides the right side.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5, (9.8), (9.11) to (9.13); Dumoulin, Visin, A
guide to convolution arithmetic for deep learning, 2016, arXiv:1603.07285, sections 2.4, 4.6 and 5.1.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, integer
from derive.language.numbers import slope
from derive.rules.algebra import definition, fold_definition
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import by, derived, then
from derive.rules.windows import to_window

_N, _K = declare("N", "size", "length of the input"), declare("K", "size", "length of the kernel")
_m, _s = declare("m", "size", "number of outputs"), declare("s", "size", "stride")
_delta, _p = declare("delta", "size", "dilation"), declare("p", "natural", "padding")
_i, _j, _n = (declare(name, "integer", what) for name, what in (("i", "output"), ("j", "weight"), ("n", "input")))
N, K, m, s, delta, p, i, j, n = (d.symbol for d in (_N, _K, _m, _s, _delta, _p, _i, _j, _n))
l = integer("l")  # noqa: E741


def _signal(name: str, size: Any) -> Array:
    return array(name, (1, size), outside="zero")


x, w, g, y = _signal("x", N), _signal("w", K), _signal("g", m), _signal("y", m)
dx, dw, z = _signal("dx", N), _signal("dw", K), _signal("z", s * (m - 1) + 1)
SIZES, FREE = (_N, _K, _m, _s, _delta, _p), (x, w, g)
PLACE = s * (i - 1) + delta * (l - 1) + 1 - p
FORWARD = Definition(y, (i,), IndexSum(x[PLACE] * w[l], l, 1, K))
_AT_ALL = Definition(z, (i,), IndexSum(x[i + delta * (l - 1) - p] * w[l], l, 1, K))
WEIGHTS = Context((*SIZES, _j), (between(1, j, K),), (FORWARD, gradient(dw, g, y, w[j], (i,))), FREE)
INPUT = Context((*SIZES, _n), (between(1, n, N),), (FORWARD, gradient(dx, g, y, x[n], (i,))), FREE)
OUTPUT = Context((*SIZES, _i), (between(1, i, m),), (FORWARD, _AT_ALL), (x, w))


def weight_gradient() -> Derivation:
    """dw_j = the gradient at the outputs against the inputs that meet w_j."""
    return derived("strided_convolution.weight_gradient", WEIGHTS, dw[j], backpropagated())


def input_gradient() -> Derivation:
    """dx_n = the sum over the outputs that x_n has a part in."""
    return derived("strided_convolution.input_gradient", INPUT, dx[n], backpropagated(to_window))


def subsampled() -> Derivation:
    """Stride s keeps every s-th output of stride 1."""
    moves = then(
        by(definition, reason=("definition of ", y)),
        by(fold_definition, z[s * (i - 1) + 1], reason=("definition of ", z)),
    )
    return derived("strided_convolution.subsampled", OUTPUT, y[i], moves)


Signal = Callable[[int], Fraction]


def output(place: int, K: int, s: int, delta: int, p: int, x: Signal, w: Signal) -> Any:
    """One output, in a loop over the kernel; the padded input begins with p zeros."""
    value: Any = 0
    for tap in range(K):
        padded = s * (place - 1) + delta * tap
        value += x(padded - p + 1) * w(tap + 1)
    return value


def weight_oracle(N: int, K: int, m: int, s: int, delta: int, p: int, j: int, x: Signal, w: Signal, g: Signal) -> Any:
    """How the weighted outputs, summed in a loop, change with one weight."""

    def loss(value: Any) -> Any:
        total: Any = 0
        for place in range(1, m + 1):
            total += g(place) * output(place, K, s, delta, p, x, lambda tap: value if tap == j else w(tap))
        return total

    return slope(loss, w(j))


def input_oracle(N: int, K: int, m: int, s: int, delta: int, p: int, n: int, x: Signal, w: Signal, g: Signal) -> Any:
    """How the weighted outputs, summed in a loop, change with one input."""

    def loss(value: Any) -> Any:
        total: Any = 0
        for place in range(1, m + 1):
            total += g(place) * output(place, K, s, delta, p, lambda at: value if at == n else x(at), w)
        return total

    return slope(loss, x(n))


def output_oracle(N: int, K: int, m: int, s: int, delta: int, p: int, i: int, x: Signal, w: Signal) -> Any:
    """One output."""
    return output(i, K, s, delta, p, x, w)


GIVEN: Text = ("Let ", g[i], " be the gradient of a loss with respect to ", y[i], ". Find that with respect to ")
CONSTRUCT = Construct(
    name="strided_convolution",
    title="Convolution with stride, dilation and padding",
    about=(
        *("A kernel of length ", K, " slides over an input of length ", N, " with stride ", s, ", dilation ", delta),
        *(" and padding ", p, "; the layer has ", m, " outputs."),
    ),
    conventions=(
        "correlation: the kernel is not turned",
        "indices from 1; the input is 0 in the padding",
        "gradients are laid out like their variable",
    ),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5; Dumoulin, Visin, arXiv:1603.07285",
    claims=(
        Claim(
            "weight_gradient",
            "Gradient with respect to the weights",
            (*GIVEN, w[j], "."),
            WEIGHTS,
            dw[j],
            weight_gradient,
            weight_oracle,
        ),
        Claim(
            "input_gradient",
            "Gradient with respect to the input",
            (*GIVEN, x[n], "."),
            INPUT,
            dx[n],
            input_gradient,
            input_oracle,
        ),
        Claim(
            "subsampled",
            "A stride leaves outputs out",
            ("Let ", z[i], " be the outputs with stride 1. Find ", y[i], " among them."),
            OUTPUT,
            y[i],
            subsampled,
            output_oracle,
        ),
    ),
)
