r"""A convolution layer on an image, one channel, stride 1, no padding: its gradients, and a step of gradient descent.

The layer slides a k x k kernel over an n x n image without turning it (correlation) and adds a bias:
$y_{ij} = b + \sum_{u,v} x_{i+u-1,\,j+v-1} w_{uv}$, with m x m outputs, m = n - k + 1.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, sections 9.1, (9.6), and 9.5, (9.11) to (9.13).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, integer, le
from derive.language.forms import of
from derive.language.numbers import slope
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import derived

_n, _k = declare("n", "size", "side of the image"), declare("k", "size", "side of the kernel")
_h, _r = declare("h", "integer", "row"), declare("r", "integer", "column")
n, k, h, r = _n.symbol, _k.symbol, _h.symbol, _r.symbol
m = n - k + 1
i, j, u, v = (integer(name) for name in "ijuv")


def _square(name: str, side: Any) -> Array:
    return array(name, (1, side), (1, side), outside="zero")


x, w, g, y = _square("x", n), _square("w", k), _square("g", m), _square("y", m)
dx, dw = _square("dx", n), _square("dw", k)
b, db = array("b"), array("db")
FORWARD = Definition(y, (i, j), b[()] + IndexSum(IndexSum(x[i + u - 1, j + v - 1] * w[u, v], v, 1, k), u, 1, k))
_WEIGHTS, _INPUT = gradient(dw, g, y, w[h, r], (i, j)), gradient(dx, g, y, x[h, r], (i, j))
_SIZES, _FREE = (_n, _k), (x, w, b, g)


def _at(side: Any, given: Definition) -> Context:
    inside = (le(k, n), between(1, h, side), between(1, r, side))
    return Context((*_SIZES, _h, _r), inside, (FORWARD, given), _FREE)


WEIGHTS, INPUT = _at(k, _WEIGHTS), _at(n, _INPUT)
BIAS = Context(_SIZES, (le(k, n),), (FORWARD, gradient(db, g, y, b[()], (i, j))), _FREE)


def weight_gradient() -> Derivation:
    """dW = X correlated with the gradient at the output."""
    form = of("correlation", x, g)[h, r]
    return derived("convolution_layer.weight_gradient", WEIGHTS, dw[h, r], backpropagated(form=form))


def input_gradient() -> Derivation:
    """dX = the full convolution of the gradient at the output with the kernel."""
    form = of("full_convolution", g, w)[h, r]
    return derived("convolution_layer.input_gradient", INPUT, dx[h, r], backpropagated(form=form))


def bias_gradient() -> Derivation:
    """db = the sum of the gradient at the output."""
    return derived("convolution_layer.bias_gradient", BIAS, db[()], backpropagated())


Image = Callable[[int, int], Fraction]


def loss(n: int, k: int, x: Image, w: Image, b: Any, g: Image) -> Any:
    """The sum of all outputs, each weighted by the gradient there."""
    side, total = range(1, n - k + 2), x(1, 1) * 0
    for i, j in product(side, side):
        output = b
        for u, v in product(range(1, k + 1), range(1, k + 1)):
            output += x(i + u - 1, j + v - 1) * w(u, v)
        total += g(i, j) * output
    return total


def weight_oracle(n: int, k: int, h: int, r: int, x: Image, w: Image, b: Any, g: Image) -> Any:
    """How the weighted outputs, summed in loops, change with one weight."""

    def moved(value: Any) -> Any:
        return loss(n, k, x, lambda u, v: value if (u, v) == (h, r) else w(u, v), b(), g)

    return slope(moved, w(h, r))


def input_oracle(n: int, k: int, h: int, r: int, x: Image, w: Image, b: Any, g: Image) -> Any:
    """How the weighted outputs, summed in loops, change with one pixel."""

    def moved(value: Any) -> Any:
        return loss(n, k, lambda p, q: value if (p, q) == (h, r) else x(p, q), w, b(), g)

    return slope(moved, x(h, r))


def bias_oracle(n: int, k: int, x: Image, w: Image, b: Any, g: Image) -> Any:
    """How the weighted outputs, summed in loops, change with the bias."""
    return slope(lambda bias: loss(n, k, x, w, bias, g), b())


def _claim(
    name: str, title: str, words: tuple[Any, ...], context: Context, left: Any, derive: Any, oracle: Any
) -> Claim:
    question = ("Let ", g[i, j], " be the gradient of a loss with respect to ", y[i, j], ". ", *words)
    return Claim(name, title, question, context, left, derive, oracle)


CONSTRUCT = Construct(
    name="convolution_layer",
    title="Convolution layer",
    about=("A ", k, " by ", k, " kernel slides over an ", n, " by ", n, " image."),
    conventions=(
        "correlation: the kernel is not turned",
        "indices from 1, stride 1, no padding",
        "gradients are laid out like their variable",
    ),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, sections 9.1 and 9.5",
    claims=(
        _claim(
            "weight_gradient",
            "Gradient with respect to the weights",
            ("Find the gradient with respect to ", w[h, r], "."),
            WEIGHTS,
            dw[h, r],
            weight_gradient,
            weight_oracle,
        ),
        _claim(
            "input_gradient",
            "Gradient with respect to the image",
            ("Find the gradient with respect to ", x[h, r], "."),
            INPUT,
            dx[h, r],
            input_gradient,
            input_oracle,
        ),
        _claim(
            "bias_gradient",
            "Gradient with respect to the bias",
            ("Find the gradient with respect to ", b[()], "."),
            BIAS,
            db[()],
            bias_gradient,
            bias_oracle,
        ),
    ),
)
