r"""The mean squared error $E = \frac1N \sum_i (y_i - t_i)^2$ of N outputs y against targets t: its gradients.

With a linear model $y = X w$ the gradient is $\frac2N X^\top (X w - t)$, so where it is 0 the normal equations
$X^\top X w = X^\top t$ hold.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 5.1.4, (5.4) to (5.12).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Integer

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, Partial, array, between, declare, integer
from derive.language.forms import of
from derive.language.numbers import slope
from derive.rules.algebra import definition
from derive.rules.combine import at_part, by, derived, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.forms import recognised
from derive.rules.sums import factor_out

_N, _D = declare("N", "size", "number of examples"), declare("D", "size", "number of features")
_n, _j = declare("n", "integer", "an example"), declare("j", "integer", "a feature")
N, D, n, j = (d.symbol for d in (_N, _D, _n, _j))
i, l = integer("i"), integer("l")  # noqa: E741
x, w = array("X", (1, N), (1, D)), array("w", (1, D))
y, t, E = array("y", (1, N)), array("t", (1, N)), array("E")
_ERROR = Definition(E, (), IndexSum((y[i] - t[i]) ** 2, i, 1, N) / N)
_MODEL = Definition(y, (i,), IndexSum(x[i, l] * w[l], l, 1, D))
OUTPUT = Context((_N, _n), (between(1, n, N),), (_ERROR,), (y, t))
LINEAR = Context((_N, _D, _j), (between(1, j, D),), (_MODEL, _ERROR), (x, w, t))
RESIDUAL = of("difference", of("product", x, w), t)
FORM = of("scaled", 2 / N, of("product", of("transpose", x), RESIDUAL))


def output_gradient() -> Derivation:
    """dE/dy_n = 2 (y_n - t_n)/N."""
    return derived("mean_squared_error.output_gradient", OUTPUT, Partial(E[()], y[n]), then(differentiated(), undelta))


def weight_gradient() -> Derivation:
    """dE/dw = 2/N X^T (X w - t)."""
    total = IndexSum((2 * y[i] - 2 * t[i]) * x[i, j], i, 1, N)
    moves = then(
        differentiated(),
        undelta,
        at_part(total, by(factor_out, Integer(2), (y[i] - t[i]) * x[i, j], reason=("take 2 out",))),
        at_part(y[i], by(definition, reason=("definition of ", y))),
        recognised(FORM[j]),
    )
    return derived("mean_squared_error.weight_gradient", LINEAR, Partial(E[()], w[j]), moves)


Signal = Callable[[int], Fraction]


def output_oracle(N: int, n: int, y: Signal, t: Signal) -> Any:
    """How the mean over a loop changes with one output."""

    def error(value: Any) -> Any:
        total: Any = 0
        for place in range(1, N + 1):
            miss = (value if place == n else y(place)) - t(place)
            total += miss * miss
        return total / N

    return slope(error, y(n))


def weight_oracle(N: int, D: int, j: int, X: Callable[[int, int], Fraction], w: Signal, t: Signal) -> Any:
    """How the mean over a loop changes with one weight."""

    def error(value: Any) -> Any:
        total: Any = 0
        for example in range(1, N + 1):
            miss: Any = -t(example)
            for feature in range(1, D + 1):
                miss += X(example, feature) * (value if feature == j else w(feature))
            total += miss * miss
        return total / N

    return slope(error, w(j))


CONSTRUCT = Construct(
    name="mean_squared_error",
    title="Mean squared error",
    about=("The error is the mean of ", (y[i] - t[i]) ** 2, " over ", N, " examples."),
    conventions=("examples and features are numbered from 1", "the mean is taken, not half of it and not the sum"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 5.1.4",
    claims=(
        Claim(
            "output_gradient",
            "Gradient with respect to the outputs",
            ("Find the derivative of the error with respect to one output ", y[n], "."),
            OUTPUT,
            Partial(E[()], y[n]),
            output_gradient,
            output_oracle,
        ),
        Claim(
            "weight_gradient",
            "Gradient of a linear model",
            ("Let the outputs be ", of("product", x, w), ". Find the gradient with respect to ", w, "."),
            LINEAR,
            Partial(E[()], w[j]),
            weight_gradient,
            weight_oracle,
        ),
    ),
)
