r"""Entries less their mean and over the root of their variance, scaled and shifted: how they depend on the inputs.

x has N examples with D features. Over the features of an example $\mu_i = \frac1D \sum_k x_{ik}$ is the mean,
$c_{ij} = x_{ij} - \mu_i$, $s_i = \frac1D \sum_k c_{ik}^2 + \epsilon$, $\hat x_{ij} = c_{ij}/\sqrt{s_i}$ and
$y_{ij} = \gamma_j \hat x_{ij} + \beta_j$. Then $\partial c_{ij}/\partial x_{hr} = \delta_{ih} (\delta_{jr} - 1/D)$, and
$\partial y_{ij}/\partial x_{hr} = \delta_{ih} \gamma_j (\delta_{jr} - 1/D - \hat x_{ij} \hat x_{ir}/D)/\sqrt{s_i}$.
Over the examples, for each feature, both indices change their parts.

Shapes: x, c, y: (examples, features), gamma, beta: (features), mu, s: (examples) or (features).

Source: Ioffe, Szegedy, Batch normalization, 2015, arXiv:1502.03167, section 3, algorithm 1 and the chain rule below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import sqrt

from derive.constructs import rms_norm as rms
from derive.constructs.construct import Claim, Construct
from derive.constructs.dense_layer import Matrix, Signal
from derive.constructs.rms_norm import EXAMPLE, FEATURE, JACOBIAN, D, N, h, i, j, k, normed, r, x, y
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Partial, array
from derive.language.numbers import moved, slope
from derive.language.numbers import sqrt as root
from derive.rules.algebra import algebra, definition
from derive.rules.calculus import partial_of_power, partial_of_quotient
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated, inwards, opened
from derive.rules.expand import spread_in_one
from derive.rules.lemmas import use_lemma
from derive.rules.sums import sum_of_constant, sum_of_terms

gamma, beta, c = array("gamma", (1, D)), array("beta", (1, D)), array("c", (1, N), (1, D))
CENTRED = Partial(c[i, j], x[h, r])


@dataclass(frozen=True)
class Layer:
    """What is normalised together: the features of an example (axis 1), or the examples of a feature (axis 0)."""

    name: str
    axis: int

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """Mean, entries less the mean, variance and epsilon, normalised entries, outputs."""
        own, many, size = (i, N, D) if self.axis else (j, D, N)
        one, its = (x[i, k], c[i, k]) if self.axis else (x[k, j], c[k, j])
        mu, s = array("mu", (1, many)), array("s", (1, many))
        return (
            Definition(mu, (own,), IndexSum(one, k, 1, size) / size),
            Definition(c, (i, j), x[i, j] - mu[own]),
            Definition(s, (own,), IndexSum(its**2, k, 1, size) / size + rms.epsilon),
            Definition(normed, (i, j), c[i, j] / sqrt(s[own])),
            Definition(y, (i, j), gamma[j] * normed[i, j] + beta[j]),
        )

    @property
    def context(self) -> Context:
        """An output and an input."""
        return rms.to_pair(self.definitions, gamma, beta)

    def centred(self) -> Derivation:
        """[own group]*([own place] - 1/size)."""
        size, own, place = (D, EXAMPLE, FEATURE) if self.axis else (N, FEATURE, EXAMPLE)
        taken_out = one_line(then(rms.APART, by(algebra, own * (place - 1 / size))), ("take ", own, " out"))
        name, context = f"normalised_entries.centred_{self.name}", rms.to_pair(self.definitions[:2])
        return derived(name, context, CENTRED, then(differentiated(), undelta, taken_out))

    def output(self) -> Derivation:
        """Quotient rule, deltas, and differences from a mean that add up to 0."""
        (centre, _, variance, *_), lemma = self.definitions, self.centred()
        own, place, size = (EXAMPLE, FEATURE, D) if self.axis else (FEATURE, EXAMPLE, N)
        at, its, other = (j, c[i, k], normed[i, r]) if self.axis else (i, c[k, j], normed[h, j])
        mu, s = (found.array[i if self.axis else j] for found in (centre, variance))
        opposite = (by(sum_of_terms), everywhere(by(sum_of_constant)), at_part(mu, by(definition)))
        none = one_line(then(at_part(its, by(definition)), *opposite), ("differences from a mean add up to 0",))
        by_mean: Text = ("definition of ", c, "; a mean moves ", 1 / size, " as far as one of its entries")
        of_s = one_line(then(opened, everywhere(inwards)), ("definition of ", variance.array))
        moves = then(
            *(opened, one_line(everywhere(inwards)), at_part(Partial(normed[i, j], x[h, r]), opened)),
            at_part(Partial(c[i, j] / sqrt(s), x[h, r]), by(partial_of_quotient)),
            at_part(Partial(sqrt(s), x[h, r]), by(partial_of_power)),
            at_part(Partial(s, x[h, r]), of_s),
            one_line(then(at_part(CENTRED, use_lemma(lemma, {})), everywhere(use_lemma(lemma, {at: k}))), by_mean),
            *(spread_in_one, undelta, at_part(IndexSum(its, k, 1, size), none)),
            rms.in_normed(own * gamma[j] * (place - 1 / size - normed[i, j] * other / size) / sqrt(s)),
        )
        return derived(f"normalised_entries.{self.name}", self.context, JACOBIAN, moves, (lemma,))


FEATURES, EXAMPLES = Layer("over_features", 1), Layer("over_examples", 0)


def mean(numbers: list[Any]) -> Any:
    """The mean, in a loop."""
    total: Any = 0
    for one in numbers:
        total += one
    return total / Fraction(len(numbers))


def standardised(value: Any, among: list[Any], epsilon: Any) -> Any:
    """A number less the mean of all, over the root of their variance and epsilon."""
    middle = mean(among)
    variance = mean([(one - middle) * (one - middle) for one in among])
    return (value - middle) / root(variance + epsilon)


def from_example(i: int, j: int, D: int, epsilon: Any, x: Matrix, gamma: Signal, beta: Signal) -> Any:
    """An output, normalised with all features of its example."""
    return gamma(j) * standardised(x(i, j), [x(i, place) for place in range(1, D + 1)], epsilon) + beta(j)


def from_batch(i: int, j: int, N: int, epsilon: Any, x: Matrix, gamma: Signal, beta: Signal) -> Any:
    """An output, normalised with this feature of all examples."""
    return gamma(j) * standardised(x(i, j), [x(place, j) for place in range(1, N + 1)], epsilon) + beta(j)


def features_oracle(
    N: int, D: int, epsilon: Any, i: int, j: int, h: int, r: int, x: Matrix, gamma: Signal, beta: Signal
) -> Any:
    """How one output changes with one input."""
    return slope(lambda value: from_example(i, j, D, epsilon, moved(x, (h, r), value), gamma, beta), x(h, r))


def examples_oracle(
    N: int, D: int, epsilon: Any, i: int, j: int, h: int, r: int, x: Matrix, gamma: Signal, beta: Signal
) -> Any:
    """How one output changes with one input."""
    return slope(lambda value: from_batch(i, j, N, epsilon, moved(x, (h, r), value), gamma, beta), x(h, r))


def _claim(layer: Layer, title: str, oracle: Any) -> Claim:
    return Claim(layer.name, title, rms.PAIR_ASKED, layer.context, JACOBIAN, layer.output, oracle)


CONSTRUCT = Construct(
    name="normalised_entries",
    title="Normalised entries",
    about=("Entries are normalised by the mean and the variance of their example, or of their feature in the batch.",),
    conventions=("the variance is biased",),
    source="Ioffe, Szegedy, Batch normalization, 2015, arXiv:1502.03167, section 3",
    claims=(
        _claim(FEATURES, "Normalised over the features", features_oracle),
        _claim(EXAMPLES, "Normalised over the examples", examples_oracle),
    ),
)
