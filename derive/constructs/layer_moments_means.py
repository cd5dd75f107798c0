r"""Variances in a dense layer whose inputs and weights have means that are not 0.

For $y_j = c \sum_i W_{ji} x_i$ with weights independent of the inputs, both uncorrelated, the terms $W_{ji} x_i$ are
uncorrelated, and each has the variance $\sigma_W^2 \sigma_x^2 + \sigma_W^2 \mu_x^2 + \mu_W^2 \sigma_x^2$. With
$\mu_W = 0$ the last term is gone, and that the inputs are uncorrelated is not needed: the mean of the input counts like
its deviation, $\operatorname{Var} y_j = c^2 d_i \sigma_W^2 (\sigma_x^2 + \mu_x^2)$.

Source: Glorot, Bengio, AISTATS 2010, section 4.2.1; He, Zhang, Ren, Sun, ICCV 2015, section 2.2, equations (6) to (8).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_moments import (
    Mean,
    W,
    _c,
    _in,
    _j,
    _out,
    apart,
    c,
    centred,
    counted,
    crossed,
    d_i,
    d_o,
    j,
    layer,
    opened,
    row,
    weights,
    x,
    y,
)
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation
from derive.language import Context, Expectation, Variance, between, chance, declare, ge
from derive.language.chance import Chance
from derive.rules.algebra import algebra
from derive.rules.combine import Moves, at_part, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.expand import spread
from derive.rules.expectations import linear, stated, uncorrelated
from derive.rules.lemmas import use_lemma
from derive.rules.moments import (
    covariance,
    expectation_of_multiple,
    uncorrelated_entries,
    variance,
    variance_as_covariances,
)
from derive.rules.sums import sum_of_zeros

_mx, _sx = declare("mu_x", "real", "mean of an input"), declare("sigma_x", "real", "deviation of an input")
_mw, _sw = declare("mu_W", "real", "mean of a weight"), declare("sigma_W", "real", "deviation of a weight")
mx, sx, mw, sw = (d.symbol for d in (_mx, _sx, _mw, _sw))


def inputs(entries: str) -> Chance:
    """Of given mean and variance."""
    return chance(x, mean=mx, variance=sx**2, entries=entries, parameters=(row,))


_PLACE = (between(1, j, d_o), ge(sx, 0), ge(sw, 0))
_GIVEN = (_in, _out, _j, _c, _mx, _sx)
CENTRED = Context((*_GIVEN, _sw), _PLACE, (layer(c),), (W, x), (weights(0, sw**2), inputs("any")))
SHIFTED = Context((*_GIVEN, _mw, _sw), _PLACE, (layer(c),), (W, x), (weights(mw, sw**2), inputs("uncorrelated")))
EACH = sw**2 * sx**2 + sw**2 * mx**2 + mw**2 * sx**2


def mean(context: Context) -> Derivation:
    """0."""
    moves = then(opened, linear(), apart, stated(centred), everywhere(by(sum_of_zeros)))
    return derived("layer_moments_means.mean", context, Expectation(y[j]), moves)


def centred_variance() -> Derivation:
    """c^2 d_i sigma_W^2 (sigma_x^2 + mu_x^2)."""
    lemma = mean(CENTRED)
    known = at_part(lemma.left, use_lemma(lemma, {}, ("the mean is 0, since that of the weights is",)))
    weighted = stated(("the mean and variance of the weights",))
    end = by(algebra, c**2 * d_i * sw**2 * (sx**2 + mx**2), reason=("tidy up",))
    squares = stated(("variance and squared mean of an input",))
    moves = then(by(variance), known, opened, crossed, weighted, undelta, squares, counted(d_i), end)
    return derived("layer_moments_means.variance", CENTRED, Variance(y[j]), moves, (lemma,))


def of_weights(context: Context, e: Expr) -> Moves:
    """Where the weights are multiplied, for which alone it is said that they are uncorrelated."""
    if not e.has(W):
        raise RuleDoesNotApply("{} has no weight", e)
    return by(uncorrelated_entries)(context, e)


def shifted_variance() -> Derivation:
    """c^2 d_i times the variance of a term."""
    out = by(expectation_of_multiple, reason=("the scale comes out squared",))
    first = one_line(everywhere(of_weights), ("the weights are uncorrelated",))
    given = stated(("the means and variances that are given",))
    terms = one_line(then(spread, undelta), ("term by term; a delta leaves one index",))
    cross = then(first, given, terms, uncorrelated(("the inputs are uncorrelated",)), given, terms)
    pairs = then(everywhere(by(variance_as_covariances)), one_line(everywhere(by(covariance))), apart)
    end = by(algebra, c**2 * d_i * EACH, reason=("what stands twice cancels",))
    return derived(
        "layer_moments_means.shifted", SHIFTED, Variance(y[j]), then(opened, out, pairs, cross, counted(d_i), end)
    )


def output(d_i: int, j: int, c: Fraction) -> Callable[..., Any]:
    """One output, added up."""

    def of(W: Callable[..., Any], x: Callable[..., Any]) -> Any:
        total: Any = 0
        for number in range(1, d_i + 1):
            total += c * W(j, number) * x(number)
        return total

    return of


def variance_oracle(
    d_i: int, d_o: int, j: int, c: Fraction, mu_x: Fraction, sigma_x: Fraction, sigma_W: Fraction, average: Mean
) -> Any:
    """Mean square distance from the mean."""
    one = output(d_i, j, c)
    centre = average(one)
    return average(lambda W, x: (one(W, x) - centre) ** 2)


def shifted_oracle(
    d_i: int, d_o: int, j: int, c: Fraction, mu_x: Fraction, sigma_x: Fraction, mu_W: Fraction, sigma_W: Fraction,
    average: Mean,
) -> Any:  # fmt: skip
    """Mean square distance from the mean."""
    return variance_oracle(d_i, d_o, j, c, mu_x, sigma_x, sigma_W, average)


CONSTRUCT = Construct(
    name="layer_moments_means",
    title="Variances through a dense layer",
    about=("A dense layer has random weights, independent of its input, and a scale in front.",),
    conventions=("a weight has the number of its output first",),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; He, Zhang, Ren, Sun, ICCV 2015, section 2.2",
    claims=(
        Claim("variance", "Variance of an output", ("The inputs have a mean. Find the variance of an output.",),
              CENTRED, Variance(y[j]), centred_variance, variance_oracle),
        Claim("shifted", "Weights with a mean", ("The weights have a mean too. Find the variance of an output.",),
              SHIFTED, Variance(y[j]), shifted_variance, shifted_oracle),
    ),
)  # fmt: skip
