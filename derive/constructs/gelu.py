r"""The GELU $x\,\Phi(x)$, $\Phi$ the distribution function of the standard normal, and its approximation by a tanh.

Exactly $\Phi(x) = \frac12 (1 + \operatorname{erf}(x/\sqrt 2))$ and the derivative is $\Phi(x) + x\,\varphi(x)$ with the
density $\varphi(x) = e^{-x^2/2}/\sqrt{2\pi}$. The approximation is $\frac12 x\,(1 + h)$ with $h = \tanh u$ and
$u = \alpha (x + \kappa x^3)$, $\alpha = \sqrt{2/\pi}$, $\kappa = 0.044715$. It is another function, with another
derivative.

Source: Hendrycks, Gimpel, Gaussian Error Linear Units, 2016, arXiv:1606.08415, section 2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, Rational, erf, exp, pi, sqrt, tanh

from derive.constructs.activation_layers import Signal
from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, between, declare, integer, numbers
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import at_part, derived
from derive.rules.folding import as_defined

_n, _i = declare("n", "size", "number of entries"), declare("i", "integer", "an entry")
n, i, j = _n.symbol, _i.symbol, integer("j")
x, g, y, dx, h, Phi, phi = (array(name, (1, n)) for name in ("x", "g", "y", "dx", "h", "Phi", "varphi"))
u, alpha, kappa = array("u", (1, n)), array("alpha"), array("kappa")
CUBIC = Definition(kappa, (), Rational(44715, 10**6))
SCALE = Definition(alpha, (), sqrt(2 / pi))
DISTRIBUTION = Definition(Phi, (j,), (1 + erf(x[j] / sqrt(2))) / 2)
DENSITY = Definition(phi, (j,), exp(-(x[j] ** 2) / 2) / sqrt(2 * pi))
INSIDE = Definition(u, (j,), alpha[()] * (x[j] + kappa[()] * x[j] ** 3))
TANH = Definition(h, (j,), tanh(u[j]))


def _layer(value: Expr, *named: Definition) -> Context:
    definitions = (*named, Definition(y, (j,), value), gradient(dx, g, y, x[i], (j,)))
    return Context((_n, _i), (between(1, i, n),), definitions, (x, g))


EXACT = _layer(x[j] * Phi[j], DISTRIBUTION, DENSITY)
APPROXIMATE = _layer(x[j] * (1 + h[j]) / 2, SCALE, CUBIC, INSIDE, TANH)


def exact() -> Derivation:
    """dx = g (Phi(x) + x phi(x))."""
    told = as_defined(g[i] * (Phi[i] + x[i] * phi[i]), phi, ("definition of ", phi))
    return derived("gelu.exact", EXACT, dx[i], backpropagated(told))


def approximate() -> Derivation:
    """dx = g/2 (1 + h + x (1 - h^2) times the derivative of what the tanh is taken of)."""
    told = at_part(TANH.at((i,)) ** 2, as_defined(h[i] ** 2, h, ("definition of ", h)))
    return derived("gelu.approximate", APPROXIMATE, dx[i], backpropagated(told))


def _change(n: int, i: int, x: Signal, g: Signal, unit: Callable[[Any], Any]) -> Any:
    """How the outputs, each times its gradient and summed in a loop, change with one input."""

    def loss(value: Any) -> Any:
        total: Any = 0
        for place in range(1, n + 1):
            total += g(place) * unit(value if place == i else x(place))
        return total

    return numbers.slope(loss, x(i))


def exact_oracle(n: int, i: int, x: Signal, g: Signal) -> Any:
    """With the error function."""
    return _change(n, i, x, g, lambda v: v / 2 * (1 + numbers.erf(v / numbers.sqrt(2))))


def approximate_oracle(n: int, i: int, x: Signal, g: Signal) -> Any:
    """With the hyperbolic tangent."""
    scale = numbers.sqrt(2 / numbers.pi())
    return _change(n, i, x, g, lambda v: v / 2 * (1 + numbers.tanh(scale * (v + Fraction("0.044715") * v**3))))


def _claim(name: str, title: str, context: Context, derive: Any, oracle: Any) -> Claim:
    asked: Text = ("Let ", g[i], " be the gradient of a loss with respect to ", y[i], ". Find that with respect to ")
    return Claim(name, title, (*asked, x[i], "."), context, dx[i], derive, oracle)


CONSTRUCT = Construct(
    name="gelu",
    title="GELU",
    about=(
        "Each of ",
        n,
        " numbers is multiplied, exactly or nearly, by the probability that a standard normal variable is below.",
    ),
    conventions=(
        "gradients are laid out like their variable",
        "the coefficient 0.044715 of the approximation is the fraction 8943/200000",
    ),
    source="Hendrycks, Gimpel, Gaussian Error Linear Units, 2016, arXiv:1606.08415, section 2",
    claims=(
        _claim("exact", "Exactly, with the error function", EXACT, exact, exact_oracle),
        _claim("approximate", "Approximated by a tanh", APPROXIMATE, approximate, approximate_oracle),
    ),
)
