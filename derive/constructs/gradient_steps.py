r"""One step of gradient descent, $w \leftarrow w - \eta\,\partial L/\partial w$, written with whole arrays.

For a dense layer with the gradient G at its output the step is $W - \eta\,G^\top X$; for a convolution layer with
the gradient g at its output it is $w - \eta\,(x \star g)$, a correlation; for a linear model $y = X w$ and
the mean squared error it is $w - \frac{2\eta}N X^\top (X w - t)$, which leaves w alone where the normal equations hold.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 4.3, (4.5), and section 4.5, (4.21) and (4.22).
"""

from __future__ import annotations

from typing import Any

from derive.constructs import convolution_layer, dense_layer, mean_squared_error
from derive.constructs.construct import Claim, Construct
from derive.constructs.convolution_layer import loss as image_loss
from derive.constructs.dense_layer import WEIGHTS, F, Matrix, dw, h, loss, r
from derive.constructs.mean_squared_error import LINEAR, E, Signal, j, weight_oracle
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, Partial, array, declare
from derive.language.forms import of
from derive.language.numbers import moved, slope
from derive.rules.algebra import definition
from derive.rules.combine import at_part, by, derived, quietly, then
from derive.rules.forms import by_indices, recognised
from derive.rules.lemmas import use_lemma

_eta = declare("eta", "real", "learning rate")
eta = _eta.symbol
D = mean_squared_error.D
_kernel = convolution_layer.w
new_kernel = array("w_new", (1, convolution_layer.k), (1, convolution_layer.k))
new_matrix, new = array("W_new", (1, F), (1, dense_layer.D)), array("w_new", (1, D))
_W, _w = dense_layer.w, mean_squared_error.w
_AGAINST: Text = ("a step against the gradient",)


def _after(given: Context, update: Definition) -> Context:
    return Context((*given.declarations, _eta), given.hypotheses, (*given.definitions, update), given.arrays)


DENSE = _after(WEIGHTS, Definition(new_matrix, (h, r), _W[h, r] - eta * dw[h, r]))
_tap = (convolution_layer.h, convolution_layer.r)
_KERNEL_STEP = _kernel[_tap] - eta * convolution_layer.dw[_tap]
CONVOLUTION = _after(convolution_layer.WEIGHTS, Definition(new_kernel, _tap, _KERNEL_STEP))
LEAST_SQUARES = _after(LINEAR, Definition(new, (j,), _w[j] - eta * Partial(E[()], _w[j])))


def _step(name: str, context: Context, left: Any, gradient: Any, lemma: Derivation, form: Any) -> Derivation:
    moves = then(
        by(definition, reason=_AGAINST),
        at_part(gradient, use_lemma(lemma, {})),
        quietly(by_indices),
        recognised(form),
    )
    return derived(f"gradient_steps.{name}", context, left, moves, (lemma,))


def dense() -> Derivation:
    """W - eta G^T X."""
    form = of("difference", _W, of("scaled", eta, dense_layer.GRADIENT))
    return _step("dense", DENSE, new_matrix[h, r], dw[h, r], dense_layer.weight_gradient(), form[h, r])


def convolution() -> Derivation:
    """w - eta (x correlated with g)."""
    change = of("correlation", convolution_layer.x, convolution_layer.g)
    form, lemma = of("difference", _kernel, of("scaled", eta, change)), convolution_layer.weight_gradient()
    return _step("convolution", CONVOLUTION, new_kernel[_tap], convolution_layer.dw[_tap], lemma, form[_tap])


def least_squares() -> Derivation:
    """w - 2 eta/N X^T (X w - t)."""
    form = of("difference", _w, of("scaled", eta, mean_squared_error.FORM))
    lemma = mean_squared_error.weight_gradient()
    return _step("least_squares", LEAST_SQUARES, new[j], Partial(E[()], _w[j]), lemma, form[j])


def dense_oracle(N: int, D: int, F: int, h: int, r: int, eta: Any, X: Matrix, W: Matrix, b: Signal, G: Matrix) -> Any:
    """The weight, less the learning rate times how the weighted outputs change with it."""
    return W(h, r) - eta * slope(lambda value: loss(N, D, F, X, moved(W, (h, r), value), b, G), W(h, r))


def kernel_oracle(n: int, k: int, h: int, r: int, eta: Any, x: Matrix, w: Matrix, b: Any, g: Matrix) -> Any:
    """The weight, less the learning rate times how the weighted outputs, summed in loops, change with it."""
    return w(h, r) - eta * slope(lambda value: image_loss(n, k, x, moved(w, (h, r), value), b(), g), w(h, r))


def least_squares_oracle(N: int, D: int, j: int, eta: Any, X: Matrix, w: Signal, t: Signal) -> Any:
    """The weight, less the learning rate times how the mean over a loop changes with it."""
    return w(j) - eta * weight_oracle(N, D, j, X, w, t)


CONSTRUCT = Construct(
    name="gradient_steps",
    title="Steps of gradient descent",
    about=("The weights are moved against the gradient, with learning rate ", eta, "."),
    conventions=("gradients are laid out like their variable", "no momentum and no weight decay"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, sections 4.3 and 4.5",
    claims=(
        Claim(
            "dense",
            "A dense layer",
            ("Let ", dense_layer.g, " be the gradient at the output. Write the step for ", _W, " in matrix notation."),
            DENSE,
            new_matrix[h, r],
            dense,
            dense_oracle,
        ),
        Claim(
            "convolution",
            "A convolution layer",
            ("Let ", convolution_layer.g, " be the gradient at the output. Write the step for ", _kernel, "."),
            CONVOLUTION,
            new_kernel[_tap],
            convolution,
            kernel_oracle,
        ),
        Claim(
            "least_squares",
            "Least squares",
            ("Write the step for the weights of a linear model under the mean squared error in matrix notation.",),
            LEAST_SQUARES,
            new[j],
            least_squares,
            least_squares_oracle,
        ),
    ),
)
