r"""Root mean square normalisation of N examples with D features each, $y_{ij} = w_j \hat x_{ij}$: its gradients.

$\hat x_{ij} = x_{ij}/\sqrt{s_i}$ with $s_i = \frac1D \sum_k x_{ik}^2 + \epsilon$. Let g be the gradient at y; then
$\hat{dx}_{ij} = g_{ij} w_j$ is that at $\hat x$, and
$dx_{hr} = (\hat{dx}_{hr} - \hat x_{hr} \frac1D \sum_j \hat{dx}_{hj} \hat x_{hj}) / \sqrt{s_h}$.

Shapes: x, y, g: (examples, features), w: (features), s: (examples).

Source: Zhang, Sennrich, Root mean square layer normalization, 2019, arXiv:1910.07467, (4) and section 4.2.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from sympy import Expr, sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.dense_layer import Matrix, Signal
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Indicator, Partial, all_of, array, between, declare, eq, gt
from derive.language.numbers import moved, slope
from derive.language.numbers import sqrt as root
from derive.language.symbols import integer
from derive.rules.algebra import definition, fold_definition
from derive.rules.backprop import CHAIN_RULE, backpropagated, gradient
from derive.rules.combine import Conversion, at_part, attempt, by, derived, everywhere, one_line, quietly, then, up_to
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.expand import spread_in_one
from derive.rules.folding import as_defined
from derive.rules.indicators import join_indicators
from derive.rules.lemmas import use_lemma
from derive.rules.sums import constant_out_of_sum

_N, _D = declare("N", "size", "number of examples"), declare("D", "size", "number of features")
_epsilon = declare("epsilon", "real", "added under the root")
_i, _j, _h, _r = (declare(a, "integer", what) for a, what in zip("ijhr", 2 * ("an example", "a feature"), strict=True))
N, D, epsilon, i, h, j, r = (d.symbol for d in (_N, _D, _epsilon, _i, _h, _j, _r))
k = integer("k")
x, g, y, normed, dx, dnormed = (array(name, (1, N), (1, D)) for name in ("x", "g", "y", "x_hat", "dx", "dx_hat"))
w, dw, s = array("w", (1, D)), array("dw", (1, D)), array("s", (1, N))
EXAMPLE, FEATURE, BOTH = (Indicator(c) for c in (eq(i, h), eq(j, r), all_of(eq(i, h), eq(j, r))))
LAYER = (
    Definition(s, (i,), IndexSum(x[i, k] ** 2, k, 1, D) / D + epsilon),
    Definition(normed, (i, j), x[i, j] / sqrt(s[i])),
    Definition(y, (i, j), w[j] * normed[i, j]),
)
SIZES, POSITIVE, AT_FEATURE = (_N, _D, _epsilon), gt(epsilon, 0), between(1, r, D)
AT_INPUT = (POSITIVE, between(1, h, N), AT_FEATURE)
AT_PAIR = (POSITIVE, between(1, i, N), between(1, j, D), *AT_INPUT[1:])
JACOBIAN = Partial(y[i, j], x[h, r])


def to_pair(layer: tuple[Definition, ...], *scales: Any) -> Context:
    """An output i, j and an input h, r."""
    return Context((*SIZES, _i, _j, _h, _r), AT_PAIR, layer, (x, *scales))


def to_input(layer: tuple[Definition, ...], scale: Any, *more: Any) -> Context:
    """The gradient at an input h, r, with a name for that at the normalised entries."""
    given = (Definition(dnormed, (i, j), g[i, j] * scale[j]), gradient(dx, g, y, x[h, r], (i, j)))
    return Context((*SIZES, _h, _r), AT_INPUT, (*layer, *given), (x, scale, *more, g))


def to_parameter(layer: tuple[Definition, ...], name: Any, changed: Any, *scales: Any) -> Context:
    """The gradient at a parameter of the feature r."""
    given = (*layer, gradient(name, g, y, changed[r], (i, j)))
    return Context((*SIZES, _r), (POSITIVE, AT_FEATURE), given, (x, *scales, g))


PAIR, INPUT, WEIGHT = to_pair(LAYER, w), to_input(LAYER, w), to_parameter(LAYER, dw, w, w)
APART = quietly(attempt(at_part(BOTH, up_to(EXAMPLE * FEATURE, by(join_indicators)))))


def in_normed(target: Expr) -> Conversion:
    """The line in normalised entries, with a delta for the examples and one for the features."""
    return one_line(then(APART, as_defined(target, normed)), ("definition of ", normed))


def jacobian() -> Derivation:
    """[i = h]*w_j/sqrt(s_i) * ([j = r] - x_hat_ij*x_hat_ir/D)."""
    target = EXAMPLE * w[j] * (FEATURE - normed[i, j] * normed[i, r] / D) / sqrt(s[i])
    return derived("rms_norm.jacobian", PAIR, JACOBIAN, then(differentiated(), undelta, in_normed(target)))


def through(scale: Any, lemma: Derivation) -> Conversion:
    """The chain rule, by the Jacobian; told with the gradient at the normalised entries."""
    return then(
        by(definition, reason=CHAIN_RULE),
        everywhere(use_lemma(lemma, {})),
        at_part(g[i, j] * scale[j], by(fold_definition, dnormed[i, j], reason=("definition of ", dnormed))),
        *(undelta, everywhere(by(constant_out_of_sum)), spread_in_one, undelta),
    )


def input_gradient() -> Derivation:
    """(dx_hat - x_hat * the mean of dx_hat * x_hat) / sqrt(s)."""
    lemma = jacobian()
    return derived("rms_norm.input_gradient", INPUT, dx[h, r], through(w, lemma), (lemma,))


def weight_gradient() -> Derivation:
    """The sum of g * x_hat over the examples."""
    return derived("rms_norm.weight_gradient", WEIGHT, dw[r], backpropagated())


def _output(i: int, j: int, D: int, epsilon: Any, x: Matrix, w: Signal) -> Any:
    """An input over the root mean square of its example, in a loop, and scaled."""
    squares: Any = 0
    for place in range(1, D + 1):
        squares += x(i, place) * x(i, place)
    return w(j) * x(i, j) / root(squares / Fraction(D) + epsilon)


def _loss(N: int, D: int, epsilon: Any, x: Matrix, w: Signal, g: Matrix) -> Any:
    """All outputs added up, each times its gradient."""
    total: Any = 0
    for row, column in product(range(1, N + 1), range(1, D + 1)):
        total += g(row, column) * _output(row, column, D, epsilon, x, w)
    return total


def jacobian_oracle(N: int, D: int, epsilon: Any, i: int, j: int, h: int, r: int, x: Matrix, w: Signal) -> Any:
    """How one output changes with one input."""
    return slope(lambda value: _output(i, j, D, epsilon, moved(x, (h, r), value), w), x(h, r))


def input_oracle(N: int, D: int, epsilon: Any, h: int, r: int, x: Matrix, w: Signal, g: Matrix) -> Any:
    """How the weighted outputs change with one input."""
    return slope(lambda value: _loss(N, D, epsilon, moved(x, (h, r), value), w, g), x(h, r))


def weight_oracle(N: int, D: int, epsilon: Any, r: int, x: Matrix, w: Signal, g: Matrix) -> Any:
    """How the weighted outputs change with one weight."""
    return slope(lambda value: _loss(N, D, epsilon, x, moved(w, (r,), value), g), w(r))


def asked(entry: Expr) -> Text:
    """The gradient at the output is given, that for an entry is wanted."""
    return ("Let ", POSITIVE, ", and let ", g[i, j], *_LOSS, entry, ".")


_LOSS: Text = (" be the gradient of a loss with respect to ", y[i, j], ". Find that for ")
PAIR_ASKED: Text = ("Let ", POSITIVE, ". Find the derivative of ", y[i, j], " with respect to ", x[h, r], ".")
CONVENTIONS = ("gradients are laid out like their variable",)
CONSTRUCT = Construct(
    name="rms_norm",
    title="Root mean square normalisation",
    about=("Each of ", N, " examples is divided by the root mean square of its ", D, " features."),
    conventions=("the mean is over the features of an example", *CONVENTIONS),
    source="Zhang, Sennrich, Root mean square layer normalization, 2019, arXiv:1910.07467",
    claims=(
        Claim("jacobian", "How an output depends on an input", PAIR_ASKED, PAIR, JACOBIAN, jacobian, jacobian_oracle),
        Claim("input_gradient", "Gradient of the input", asked(x[h, r]), INPUT, dx[h, r], input_gradient, input_oracle),
        Claim("weight_gradient", "Gradient of the weights", asked(w[r]), WEIGHT, dw[r], weight_gradient, weight_oracle),
    ),
)
