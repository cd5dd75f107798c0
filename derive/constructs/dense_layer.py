r"""A dense layer $Y = X W^\top + b$ on a batch of N examples: its gradients in matrix notation.

Shapes: x: (examples, inputs), w: (outputs, inputs), b: (outputs), y and its gradient g: (examples, outputs). With
G the gradient at the output, $dW = G^\top X$, $dX = G W$, and db has the column sums of G.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.5.6, (6.52) and the text below it, and (4.5).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, integer
from derive.language.forms import of
from derive.language.numbers import moved, slope
from derive.rules.algebra import definition
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import at_part, by, derived, then
from derive.rules.forms import recognised

_N = declare("N", "size", "number of examples")
_D, _F = declare("D", "size", "number of inputs"), declare("F", "size", "number of outputs")
_h, _r = declare("h", "integer", "row"), declare("r", "integer", "column")
N, D, F, h, r = (d.symbol for d in (_N, _D, _F, _h, _r))
i, j, u = (integer(name) for name in "iju")
x, w, b = array("X", (1, N), (1, D)), array("W", (1, F), (1, D)), array("b", (1, F))
g, y = array("G", (1, N), (1, F)), array("Y", (1, N), (1, F))
dx, dw, db = array("dX", (1, N), (1, D)), array("dW", (1, F), (1, D)), array("db", (1, F))
FORWARD = Definition(y, (i, j), b[j] + IndexSum(x[i, u] * w[j, u], u, 1, D))


def _at(rows: Any, columns: Any, *given: Definition, free: tuple[Array, ...] = (x, w, b, g)) -> Context:
    inside = (between(1, h, rows), between(1, r, columns))
    return Context((_N, _D, _F, _h, _r), inside, (FORWARD, *given), free)


EACH, WEIGHTS = _at(N, F, free=(x, w, b)), _at(F, D, gradient(dw, g, y, w[h, r], (i, j)))
INPUT = _at(N, D, gradient(dx, g, y, x[h, r], (i, j)))
BIAS = Context((_N, _D, _F, _h), (between(1, h, F),), (FORWARD, gradient(db, g, y, b[h], (i, j))), (x, w, b, g))
GRADIENT = of("product", of("transpose", g), x)


def forward() -> Derivation:
    """Y = X W^T + b."""
    part = IndexSum(x[h, u] * w[r, u], u, 1, D)
    moves = then(
        by(definition, reason=("definition of ", y)),
        at_part(part, recognised(of("product", x, of("transpose", w))[h, r])),
    )
    return derived("dense_layer.forward", EACH, y[h, r], moves)


def weight_gradient() -> Derivation:
    """dW = G^T X."""
    return derived("dense_layer.weight_gradient", WEIGHTS, dw[h, r], backpropagated(form=GRADIENT[h, r]))


def input_gradient() -> Derivation:
    """dX = G W."""
    return derived("dense_layer.input_gradient", INPUT, dx[h, r], backpropagated(form=of("product", g, w)[h, r]))


def bias_gradient() -> Derivation:
    """db = the column sums of G."""
    return derived("dense_layer.bias_gradient", BIAS, db[h], backpropagated())


Matrix = Callable[[int, int], Fraction]
Signal = Callable[[int], Fraction]


def _output(D: int, i: int, j: int, x: Any, w: Any, b: Any) -> Any:
    """One output of one example, in a loop."""
    value = b(j)
    for place in range(1, D + 1):
        value += x(i, place) * w(j, place)
    return value


def loss(N: int, D: int, F: int, x: Any, w: Any, b: Any, g: Matrix) -> Any:
    """All outputs added up, each times its gradient."""
    total: Any = 0
    for i, j in product(range(1, N + 1), range(1, F + 1)):
        total += g(i, j) * _output(D, i, j, x, w, b)
    return total


def forward_oracle(N: int, D: int, F: int, h: int, r: int, X: Matrix, W: Matrix, b: Signal) -> Any:
    """One output."""
    return _output(D, h, r, X, W, b)


def weight_oracle(N: int, D: int, F: int, h: int, r: int, X: Matrix, W: Matrix, b: Signal, G: Matrix) -> Any:
    """How the weighted outputs change with one weight."""
    return slope(lambda value: loss(N, D, F, X, moved(W, (h, r), value), b, G), W(h, r))


def input_oracle(N: int, D: int, F: int, h: int, r: int, X: Matrix, W: Matrix, b: Signal, G: Matrix) -> Any:
    """How the weighted outputs change with one input."""
    return slope(lambda value: loss(N, D, F, moved(X, (h, r), value), W, b, G), X(h, r))


def bias_oracle(N: int, D: int, F: int, h: int, X: Matrix, W: Matrix, b: Signal, G: Matrix) -> Any:
    """How the weighted outputs change with one bias."""
    return slope(lambda value: loss(N, D, F, X, W, moved(b, (h,), value), G), b(h))


_GIVEN: Text = ("Let ", g[i, j], " be the gradient of a loss with respect to ", y[i, j], ". Find that with respect to ")
_FORWARD: Text = ("Write ", y[h, r], " with a matrix product.")
CONSTRUCT = Construct(
    name="dense_layer",
    title="Dense layer",
    about=("A layer makes ", F, " outputs of ", D, " inputs, for each of ", N, " examples."),
    conventions=(
        "X has one row an example, W one row an output",
        "gradients are laid out like their variable, and added up over the examples",
    ),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.5.6",
    claims=(
        Claim("forward", "The layer as matrices", _FORWARD, EACH, y[h, r], forward, forward_oracle),
        Claim(
            "weight_gradient",
            "Gradient of the weights",
            (*_GIVEN, w[h, r], "."),
            WEIGHTS,
            dw[h, r],
            weight_gradient,
            weight_oracle,
        ),
        Claim(
            "input_gradient",
            "Gradient of the inputs",
            (*_GIVEN, x[h, r], "."),
            INPUT,
            dx[h, r],
            input_gradient,
            input_oracle,
        ),
        Claim("bias_gradient", "Gradient of the biases", (*_GIVEN, b[h], "."), BIAS, db[h], bias_gradient, bias_oracle),
    ),
)
