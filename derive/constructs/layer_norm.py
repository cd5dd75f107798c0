r"""Layer normalisation of N examples with D features each, $y_{ij} = \gamma_j \hat x_{ij} + \beta_j$: its gradients.

$\mu_i = \frac1D \sum_k x_{ik}$ is the mean of an example, $c_{ij} = x_{ij} - \mu_i$ an entry less that mean,
$s_i = \frac1D \sum_k c_{ik}^2 + \epsilon$ the variance and epsilon, and $\hat x_{ij} = c_{ij}/\sqrt{s_i}$. Let g be the
gradient at y; then $\hat{dx}_{ij} = g_{ij} \gamma_j$ is that at $\hat x$, and
$dx_{hr} = (\hat{dx}_{hr} - \frac1D \sum_j \hat{dx}_{hj} - \hat x_{hr} \frac1D \sum_j \hat{dx}_{hj} \hat x_{hj}) /
\sqrt{s_h}$. The scale has the gradient $\sum_i g_{ir} \hat x_{ir}$, the shift $\sum_i g_{ir}$.

Shapes: x, y, g: (examples, features), gamma, beta: (features), mu, s: (examples).

Source: Ba, Kiros, Hinton, Layer normalization, 2016, arXiv:1607.06450, section 3, (3), for the layer; epsilon is added
to the biased variance as in torch.nn.LayerNorm.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from derive.constructs import rms_norm as rms
from derive.constructs.construct import Claim, Construct
from derive.constructs.dense_layer import Matrix, Signal
from derive.constructs.normalised_entries import FEATURES, beta, from_example, gamma
from derive.constructs.rms_norm import D, N, asked, dx, h, r, x
from derive.kernel.derivation import Derivation
from derive.language import array
from derive.language.numbers import moved, slope
from derive.rules.backprop import backpropagated
from derive.rules.combine import derived

dgamma, dbeta = array("dgamma", (1, D)), array("dbeta", (1, D))
INPUT = rms.to_input(FEATURES.definitions, gamma, beta)
SCALE = rms.to_parameter(FEATURES.definitions, dgamma, gamma, gamma, beta)
SHIFT = rms.to_parameter(FEATURES.definitions, dbeta, beta, gamma, beta)


def input_gradient() -> Derivation:
    """(dx_hat - the mean of dx_hat - x_hat * the mean of dx_hat * x_hat) / sqrt(s)."""
    lemma = FEATURES.output()
    return derived("layer_norm.input_gradient", INPUT, dx[h, r], rms.through(gamma, lemma), (lemma,))


def scale_gradient() -> Derivation:
    """The sum of g * x_hat over the examples."""
    return derived("layer_norm.scale_gradient", SCALE, dgamma[r], backpropagated())


def shift_gradient() -> Derivation:
    """The sum of g over the examples."""
    return derived("layer_norm.shift_gradient", SHIFT, dbeta[r], backpropagated())


def _loss(N: int, D: int, epsilon: Any, x: Matrix, gamma: Signal, beta: Signal, g: Matrix) -> Any:
    """All outputs added up, each times its gradient."""
    total: Any = 0
    for row, column in product(range(1, N + 1), range(1, D + 1)):
        total += g(row, column) * from_example(row, column, D, epsilon, x, gamma, beta)
    return total


def input_oracle(
    N: int, D: int, epsilon: Any, h: int, r: int, x: Matrix, gamma: Signal, beta: Signal, g: Matrix
) -> Any:
    """How the weighted outputs change with one input."""
    return slope(lambda value: _loss(N, D, epsilon, moved(x, (h, r), value), gamma, beta, g), x(h, r))


def scale_oracle(N: int, D: int, epsilon: Any, r: int, x: Matrix, gamma: Signal, beta: Signal, g: Matrix) -> Any:
    """How the weighted outputs change with one scale."""
    return slope(lambda value: _loss(N, D, epsilon, x, moved(gamma, (r,), value), beta, g), gamma(r))


def shift_oracle(N: int, D: int, epsilon: Any, r: int, x: Matrix, gamma: Signal, beta: Signal, g: Matrix) -> Any:
    """How the weighted outputs change with one shift."""
    return slope(lambda value: _loss(N, D, epsilon, x, gamma, moved(beta, (r,), value), g), beta(r))


CONSTRUCT = Construct(
    name="layer_norm",
    title="Layer normalisation",
    about=("Each of ", N, " examples is normalised over its ", D, " features; each feature is scaled and shifted."),
    conventions=("the variance is biased", *rms.CONVENTIONS),
    source="Ba, Kiros, Hinton, Layer normalization, 2016, arXiv:1607.06450, section 3",
    claims=(
        Claim("input_gradient", "Gradient of the input", asked(x[h, r]), INPUT, dx[h, r], input_gradient, input_oracle),
        Claim(
            "scale_gradient", "Gradient of the scale", asked(gamma[r]), SCALE, dgamma[r], scale_gradient, scale_oracle
        ),
        Claim("shift_gradient", "Gradient of the shift", asked(beta[r]), SHIFT, dbeta[r], shift_gradient, shift_oracle),
    ),
)
