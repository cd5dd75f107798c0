r"""The SiLU $x\,\sigma(x)$ and the swish $x\,\sigma(\beta x)$, applied to each entry, and their gradients.

With the sigmoid $s = \sigma(\beta x)$ the derivative of the swish is $s\,(1 + \beta x (1 - s))$; the SiLU is the swish
with $\beta = 1$. The derivative with respect to $\beta$ is $x^2 s (1 - s)$.

Source: Ramachandran, Zoph, Le, Searching for Activation Functions, 2017, arXiv:1710.05941, section 4; Elfwing et al.,
Sigmoid-weighted linear units, 2017, arXiv:1702.03118, section 2.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, exp

from derive.constructs.activation_layers import Signal
from derive.constructs.construct import Claim, Construct
from derive.constructs.gated_linear_unit import sigmoid
from derive.constructs.two_layer_network import moved
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, between, declare, integer
from derive.language.numbers import slope
from derive.rules.algebra import algebra
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import Conversion, at_part, by, derived
from derive.rules.folding import as_defined

_n, _i = declare("n", "size", "number of entries"), declare("i", "integer", "an entry")
n, i, j = _n.symbol, _i.symbol, integer("j")
x, s, y, g, dx = (array(name, (1, n)) for name in ("x", "s", "y", "g", "dx"))
beta, g_beta = array("beta"), array("g_beta")
_PLAIN = Definition(s, (j,), 1 / (1 + exp(-x[j])))
_SCALED = Definition(s, (j,), 1 / (1 + exp(-beta[()] * x[j])))
_OUTPUT = Definition(y, (j,), x[j] * s[j])
_AT, _IN = (_n, _i), (between(1, i, n),)
SILU = Context(_AT, _IN, (_PLAIN, _OUTPUT, gradient(dx, g, y, x[i], (j,))), (x, g))
SWISH = Context(_AT, _IN, (_SCALED, _OUTPUT, gradient(dx, g, y, x[i], (j,))), (x, g, beta))
BETA = Context((_n,), (), (_SCALED, _OUTPUT, gradient(g_beta, g, y, beta[()], (j,))), (x, g, beta))


def _slope(u: Expr, place: Any) -> Conversion:
    """The derivative of the sigmoid at u, which is s at that place, by s itself."""
    return at_part(exp(-u) / (1 + exp(-u)) ** 2, as_defined(s[place] * (1 - s[place]), s, ("definition of ", s)))


def silu() -> Derivation:
    """dx = g s (1 + x (1 - s))."""
    taken_out = by(algebra, g[i] * s[i] * (1 + x[i] * (1 - s[i])), reason=("take out ", s[i]))
    return derived("silu.silu", SILU, dx[i], backpropagated(_slope(x[i], i), taken_out))


def swish() -> Derivation:
    """dx = g s (1 + beta x (1 - s))."""
    taken_out = by(algebra, g[i] * s[i] * (1 + beta[()] * x[i] * (1 - s[i])), reason=("take out ", s[i]))
    return derived("silu.swish", SWISH, dx[i], backpropagated(_slope(beta[()] * x[i], i), taken_out))


def beta_gradient() -> Derivation:
    """g_beta = the sum of g x^2 s (1 - s)."""
    return derived("silu.beta_gradient", BETA, g_beta[()], backpropagated(_slope(beta[()] * x[j], j)))


def loss(n: int, x: Signal, g: Signal, beta: Any) -> Any:
    """All outputs added up, each times its gradient."""
    total: Any = 0
    for place in range(1, n + 1):
        total += g(place) * x(place) * sigmoid(beta * x(place))
    return total


def silu_oracle(n: int, i: int, x: Signal, g: Signal) -> Any:
    """How the weighted outputs change with one input."""
    return slope(lambda value: loss(n, moved(x, i, value), g, 1), x(i))


def swish_oracle(n: int, i: int, x: Signal, g: Signal, beta: Any) -> Any:
    """The same with beta."""
    return slope(lambda value: loss(n, moved(x, i, value), g, beta()), x(i))


def beta_oracle(n: int, x: Signal, g: Signal, beta: Any) -> Any:
    """How the weighted outputs change with beta."""
    return slope(lambda value: loss(n, x, g, value), beta())


_GIVEN: Text = ("Let ", g[i], " be the gradient of a loss with respect to ", y[i], ". Find that with respect to ")
CONSTRUCT = Construct(
    name="silu",
    title="SiLU and swish",
    about=("Each of ", n, " numbers is multiplied by its own sigmoid."),
    conventions=("gradients are laid out like their variable", "entries are numbered from 1"),
    source="Ramachandran et al., 2017, arXiv:1710.05941, section 4; Elfwing et al., 2017, arXiv:1702.03118, section 2",
    claims=(
        Claim("silu", "SiLU", (*_GIVEN, x[i], "."), SILU, dx[i], silu, silu_oracle),
        Claim("swish", "Swish", (*_GIVEN, x[i], "."), SWISH, dx[i], swish, swish_oracle),
        Claim("beta_gradient", "The factor", (*_GIVEN, beta[()], "."), BETA, g_beta[()], beta_gradient, beta_oracle),
    ),
)
