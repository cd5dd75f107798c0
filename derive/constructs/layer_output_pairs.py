r"""Two outputs of a dense layer with random weights: uncorrelated, and not independent.

Two outputs $y_j = c \sum_i W_{ji} x_i$ and $y_q$ rest on the same inputs and on different weights. In $E y_j y_q$ no
weight stands twice, so with weights of mean 0 it is 0, whatever the inputs are. **Their squares are not
uncorrelated**: where the input is large, both are.

Source: Glorot, Bengio, AISTATS 2010, section 4.2.1; Grimmett, Stirzaker, Probability and Random Processes, 3rd ed.,
2001, section 3.3 (uncorrelated and not independent).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.layer_moments import (
    _INPUT,
    Mean,
    W,
    _c,
    _in,
    _j,
    _out,
    _rx,
    apart,
    both,
    c,
    d_o,
    j,
    layer,
    mean,
    opened,
    weights,
    x,
    y,
)
from derive.kernel.derivation import Derivation
from derive.language import Context, Covariance, Expectation, between, declare, ne
from derive.rules.bracketing import multiplied_in
from derive.rules.combine import at_part, by, changing, derived, everywhere, one_line, then
from derive.rules.deltas import settled
from derive.rules.expectations import linear, stated, uncorrelated
from derive.rules.lemmas import use_lemma
from derive.rules.moments import covariance
from derive.rules.sums import sum_of_zeros

_q = declare("q", "integer", "another output")
q = _q.symbol
_PLACES = (between(1, j, d_o), between(1, q, d_o), ne(j, q))
TWO = Context((_in, _out, _j, _q, _c, _rx), _PLACES, (layer(c),), (W, x), (weights(0, 1), _INPUT))


def two_outputs() -> Derivation:
    """0."""
    lemma = mean()
    known = at_part(lemma.left, use_lemma(lemma, {}, ("an output has mean 0, since the weights have",)))
    doubled = one_line(everywhere(changing(multiplied_in)), ("the product of two sums as a sum over pairs",))
    differ = one_line(everywhere(settled), ("no weight stands in both, since ", ne(j, q)))
    factors = then(linear(), apart, uncorrelated(("the weights are uncorrelated",)), stated(both))
    moves = then(by(covariance), known, opened, doubled, factors, differ, one_line(everywhere(by(sum_of_zeros))))
    return derived("layer_output_pairs.two_outputs", TWO, Covariance(y[j], y[q]), moves, (lemma,))


def output(d_i: int, j: int, c: Fraction) -> Callable[..., Any]:
    """One output."""
    return lambda W, x: c * sum(W(j, number) * x(number) for number in range(1, d_i + 1))


def two_outputs_oracle(d_i: int, d_o: int, j: int, q: int, c: Fraction, r_x: Fraction, average: Mean) -> Any:
    """Mean of the product less the product of the means."""
    one, two = output(d_i, j, c), output(d_i, q, c)
    return average(lambda W, x: one(W, x) * two(W, x)) - average(one) * average(two)


SQUARES = Refuted(
    name="independent",
    title="Uncorrelated and independent",
    statement=("Two outputs are uncorrelated, so they are independent, and so are their squares",),
    context=TWO,
    left=Expectation(y[j] ** 2 * y[q] ** 2),
    relation="=",
    right=Expectation(y[j] ** 2) * Expectation(y[q] ** 2),
    missing=("They are uncorrelated and rest on the same inputs: where these are large, both squares are.",),
    instead="layer_output_pairs.two_outputs",
)  # fmt: skip
CONSTRUCT = Construct(
    name="layer_output_pairs",
    title="Two outputs of a layer",
    about=("A dense layer has random weights, independent of its input, and a scale in front.",),
    conventions=("a weight has the number of its output first",),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; Grimmett, Stirzaker, 3rd ed., section 3.3",
    claims=(
        Claim("two_outputs", "Two outputs", ("Find the covariance of two outputs.",), TWO, Covariance(y[j], y[q]),
              two_outputs, two_outputs_oracle),
    ),
    refuted=(SQUARES,),
)  # fmt: skip
