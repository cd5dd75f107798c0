r"""The gated linear unit $y = a \odot \sigma(z)$ with $a = W^\top x + b$ and $z = V^\top x + c$, for one example x.

Shapes: x: (inputs), W and V: (inputs, outputs), b, c, a, z, y and the gradient g at the output: (outputs). With
$s = \sigma(z)$ the gradients are $da = g \odot s$ and $dz = g \odot a \odot s \odot (1 - s)$, and the input has a part
in both: $dx = W\,da + V\,dz$.

Source: Dauphin et al., Language Modeling with Gated Convolutional Networks, 2017, arXiv:1612.08083, sections 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, exp

from derive.constructs.construct import Claim, Construct
from derive.constructs.two_layer_network import Row, moved
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, Entry, IndexSum, Partial, array, between, declare, integer
from derive.language.forms import of
from derive.language.numbers import exp as exponential
from derive.language.numbers import slope
from derive.rules.algebra import definition
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import Moves, at, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.expand import up_to_alike
from derive.rules.folding import as_defined
from derive.rules.forms import recognised
from derive.rules.lemmas import use_lemma
from derive.rules.sums import sum_of_terms

_D, _F = declare("D", "size", "number of inputs"), declare("F", "size", "number of outputs")
_i, _j, _r = (declare(name, "integer", what) for name, what in (("i", "output"), ("j", "output"), ("r", "input")))
D, F, i, j, r = (given.symbol for given in (_D, _F, _i, _j, _r))
x, dx, u = array("x", (1, D)), array("dx", (1, D)), integer("u")
W, V = array("W", (1, D), (1, F)), array("V", (1, D), (1, F))
a, z, s, y, g, b, c, da, dz = (array(name, (1, F)) for name in ("a", "z", "s", "y", "g", "b", "c", "da", "dz"))
GATE, UNIT = Definition(s, (j,), 1 / (1 + exp(-z[j]))), Definition(y, (j,), a[j] * s[j])
LINEAR = Definition(a, (j,), b[j] + IndexSum(W[u, j] * x[u], u, 1, D))
BELOW_GATE = Definition(z, (j,), c[j] + IndexSum(V[u, j] * x[u], u, 1, D))
DA, DZ = Definition(da, (j,), g[j] * s[j]), Definition(dz, (j,), g[j] * a[j] * s[j] * (1 - s[j]))


def _layer(name: Array, entry: Entry) -> Context:
    return Context((_F, _i), (between(1, i, F),), (GATE, UNIT, gradient(name, g, y, entry, (j,))), (a, z, g))


TO_LINEAR, TO_GATE = _layer(da, a[i]), _layer(dz, z[i])
OPEN = Context((_D, _F, _j, _r), (between(1, j, F), between(1, r, D)), (BELOW_GATE, GATE), (x, V, c))
_ALL = (LINEAR, BELOW_GATE, GATE, UNIT, DA, DZ, gradient(dx, g, y, x[r], (j,)))
INPUT = Context((_D, _F, _r), (between(1, r, D),), _ALL, (x, W, V, b, c, g))


def linear_gradient() -> Derivation:
    """da = g * s."""
    return derived("gated_linear_unit.linear_gradient", TO_LINEAR, da[i], backpropagated())


def gate_gradient() -> Derivation:
    """dz = g * a * s * (1 - s)."""
    told = as_defined(g[i] * a[i] * s[i] * (1 - s[i]), s, ("definition of ", s))
    return derived("gated_linear_unit.gate_gradient", TO_GATE, dz[i], backpropagated(told))


def gate() -> Derivation:
    """How the gate depends on the input."""
    told = as_defined(s[j] * (1 - s[j]) * V[r, j], s, ("definition of ", s))
    return derived("gated_linear_unit.gate", OPEN, Partial(s[j], x[r]), then(differentiated(), undelta, told))


def input_gradient() -> Derivation:
    """dx = W da + V dz."""
    lemma = gate()

    def known(context: Context, e: Expr) -> Moves:
        if not (isinstance(e, Partial) and isinstance(e.term, Entry) and e.term.array == s):
            raise RuleDoesNotApply("{} is not the derivative of the gate", e)
        return use_lemma(lemma, {j: e.term.indices[0]})(context, e)

    def named(context: Context, e: Expr) -> Moves:
        if not (isinstance(e, Entry) and e.array in (da, dz)):
            raise RuleDoesNotApply("{} is no entry of {} or {}", e, da, dz)
        return by(definition)(context, e)

    ways = up_to_alike(W[r, j] * da[j] + V[r, j] * dz[j], everywhere(named), ("definitions of ", da, " and ", dz))
    form = of("sum", of("product", W, da), of("product", V, dz))[r]
    use = one_line(everywhere(known), ("derivative of the gate",))
    moves = backpropagated(at((0,), ways), by(sum_of_terms), recognised(form), use=use)
    return derived("gated_linear_unit.input_gradient", INPUT, dx[r], moves, (lemma,))


Matrix = Callable[[int, int], Any]


def sigmoid(v: Any) -> Any:
    """1/(1 + exp(-v))."""
    return exponential(v) / (exponential(v) + Fraction(1))


def affine(D: int, place: int, x: Row, W: Matrix, b: Row) -> Any:
    """One output of a linear layer, in a loop."""
    value = b(place)
    for number in range(1, D + 1):
        value += W(number, place) * x(number)
    return value


def loss(F: int, a: Row, z: Row, g: Row) -> Any:
    """All outputs of the unit added up, each times its gradient."""
    total: Any = 0
    for place in range(1, F + 1):
        total += g(place) * a(place) * sigmoid(z(place))
    return total


def linear_oracle(F: int, i: int, a: Row, z: Row, g: Row) -> Any:
    """How the weighted outputs change with one entry of a."""
    return slope(lambda value: loss(F, moved(a, i, value), z, g), a(i))


def gate_oracle(F: int, i: int, a: Row, z: Row, g: Row) -> Any:
    """How the weighted outputs change with one entry of z."""
    return slope(lambda value: loss(F, a, moved(z, i, value), g), z(i))


def open_oracle(D: int, F: int, j: int, r: int, x: Row, V: Matrix, c: Row) -> Any:
    """How one gate changes with one input."""
    return slope(lambda value: sigmoid(affine(D, j, moved(x, r, value), V, c)), x(r))


def input_oracle(D: int, F: int, r: int, x: Row, W: Matrix, V: Matrix, b: Row, c: Row, g: Row) -> Any:
    """How the weighted outputs change with one input, on both ways."""

    def both(value: Any) -> Any:
        new = moved(x, r, value)
        return loss(F, lambda place: affine(D, place, new, W, b), lambda place: affine(D, place, new, V, c), g)

    return slope(both, x(r))


_Y: Text = ("Let ", g, " be the gradient of a loss with respect to ", y, ". Find that for ")
_OPEN: Text = ("Differentiate the gate ", s[j], " with respect to the input ", x[r], ".")
CONSTRUCT = Construct(
    name="gated_linear_unit",
    title="Gated linear unit",
    about=("Each of ", F, " outputs ", a[j], " of a linear layer with ", D, " inputs passes a gate ", s[j], "."),
    conventions=("one example", "W and V have one row an input", "gradients are laid out like their variable"),
    source="Dauphin et al., 2017, arXiv:1612.08083, section 2, (1), and section 3",
    claims=(
        Claim("linear_gradient", "Before the gate", (*_Y, a, "."), TO_LINEAR, da[i], linear_gradient, linear_oracle),
        Claim("gate_gradient", "Below the gate", (*_Y, z, "."), TO_GATE, dz[i], gate_gradient, gate_oracle),
        Claim("gate", "The gate and the input", _OPEN, OPEN, Partial(s[j], x[r]), gate, open_oracle),
        Claim("input_gradient", "Gradient of the input", (*_Y, x, "."), INPUT, dx[r], input_gradient, input_oracle),
    ),
)
