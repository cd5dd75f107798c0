r"""Layers that apply one function to each entry: the gradient at the input from the gradient at the output.

For the sigmoid $s = 1/(1 + e^{-a})$ and the hyperbolic tangent the derivative is a polynomial in the output, $s(1 - s)$
and $1 - h^2$, so the input need not be kept.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, sections 3.10, (3.33), and 6.3.2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, exp, tanh

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, array, between, declare, integer
from derive.language.numbers import exp as exponential
from derive.language.numbers import slope
from derive.language.numbers import tanh as hyperbolic_tangent
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import derived
from derive.rules.folding import as_defined

_n, _i = declare("n", "size", "number of entries"), declare("i", "integer", "an entry")
n, i = _n.symbol, _i.symbol
j = integer("j")
a, g, s, h, da = (array(name, (1, n)) for name in ("a", "g", "s", "h", "da"))


def _layer(output: Array, value: Expr) -> Context:
    definitions = (Definition(output, (j,), value), gradient(da, g, output, a[i], (j,)))
    return Context((_n, _i), (between(1, i, n),), definitions, (a, g))


SIGMOID = _layer(s, 1 / (1 + exp(-a[j])))
TANH = _layer(h, tanh(a[j]))


def sigmoid() -> Derivation:
    """da_i = g_i s_i (1 - s_i)."""
    moves = backpropagated(as_defined(g[i] * s[i] * (1 - s[i]), s, ("definition of ", s)))
    return derived("activation_layers.sigmoid", SIGMOID, da[i], moves)


def hyperbolic() -> Derivation:
    """da_i = g_i (1 - h_i^2)."""
    moves = backpropagated(as_defined(g[i] * (1 - h[i] ** 2), h, ("definition of ", h)))
    return derived("activation_layers.hyperbolic", TANH, da[i], moves)


Signal = Callable[[int], Fraction]


def _change(n: int, i: int, a: Signal, g: Signal, function: Callable[[Any], Any]) -> Any:
    """How the weighted outputs, summed in a loop, change with one input."""

    def loss(value: Any) -> Any:
        total: Any = 0
        for place in range(1, n + 1):
            total += g(place) * function(value if place == i else a(place))
        return total

    return slope(loss, a(i))


def sigmoid_oracle(n: int, i: int, a: Signal, g: Signal) -> Any:
    """For the sigmoid."""
    return _change(n, i, a, g, lambda v: exponential(v) / (exponential(v) + 1))


def hyperbolic_oracle(n: int, i: int, a: Signal, g: Signal) -> Any:
    """For the hyperbolic tangent."""
    return _change(n, i, a, g, hyperbolic_tangent)


def _claim(name: str, title: str, output: Array, context: Context, derive: Any, oracle: Any) -> Claim:
    given: Text = (
        "Let ",
        g[i],
        " be the gradient of a loss with respect to ",
        output[i],
        ". Find that with respect to ",
    )
    return Claim(name, title, (*given, a[i], "."), context, da[i], derive, oracle)


CONSTRUCT = Construct(
    name="activation_layers",
    title="Activation layers",
    about=("A layer applies one function to each of ", n, " numbers."),
    conventions=("the gradient has the shape of the input", "entries are numbered from 1"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, sections 3.10 and 6.3.2",
    claims=(
        _claim("sigmoid", "Sigmoid", s, SIGMOID, sigmoid, sigmoid_oracle),
        _claim("hyperbolic", "Hyperbolic tangent", h, TANH, hyperbolic, hyperbolic_oracle),
    ),
)
