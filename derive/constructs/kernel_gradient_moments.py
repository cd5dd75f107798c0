r"""Mean and variance of the weight gradient of a convolution layer at random inputs.

The gradient of one weight of a k x k kernel is $dw_{hv} = \sum_{i,j} x_{i+h-1,\,j+v-1}\, dy_{ij}$, a sum of $m^2$ terms
with $m = n - k + 1$. Input and upstream gradient are independent of each other and have independent entries. Each term
holds entries of its own, so the terms are independent and their variances add up; and for independent factors
$\operatorname{Var}(xg) = E x^2\, E g^2 - (E x\, E g)^2$. With zero means that is $\sigma_x^2\sigma_g^2$.

Different weights share entries: they are uncorrelated, and not independent.

Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010, section
4.2.1; Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, section 3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Context,
    Definition,
    Expectation,
    IndexSum,
    Variance,
    array,
    between,
    chance,
    declare,
    ge,
    integer,
    le,
)
from derive.rules.algebra import algebra, definition
from derive.rules.combine import Conversion, by, derived, everywhere, one_line, then
from derive.rules.expectations import into_factors, linear, stated
from derive.rules.independence import variance_of_sum
from derive.rules.moments import variance
from derive.rules.sums import sum_of_constant

_n, _k = declare("n", "size", "rows of the input"), declare("k", "size", "rows of the kernel")
_h, _v = declare("h", "integer", "row of the weight"), declare("v", "integer", "column of the weight")
_sx, _sg = declare("sigma_x", "real", "deviation of the input"), declare("sigma_g", "real", "of the gradient")
_mx, _mg = declare("mu_x", "real", "mean of the input"), declare("mu_g", "real", "mean of the gradient")
n, k, h, v, sx, sg, mx, mg = (d.symbol for d in (_n, _k, _h, _v, _sx, _sg, _mx, _mg))
i, j, p, q = (integer(letter) for letter in "ijpq")
m = n - k + 1
x, dy, dw = array("x", (1, n), (1, n)), array("dy", (1, m), (1, m)), array("dw", (1, k), (1, k))
_LAYER = Definition(dw, (p, q), IndexSum(IndexSum(x[i + p - 1, j + q - 1] * dy[i, j], j, 1, m), i, 1, m))
_WHERE = (le(k, n), between(1, h, k), between(1, v, k), ge(sx, 0), ge(sg, 0))
_GIVEN = (_n, _k, _h, _v, _sx, _sg)
CENTRED = Context(_GIVEN, _WHERE, (_LAYER,), (x, dy), (
    chance(x, mean=0, variance=sx**2, entries="independent"),
    chance(dy, mean=0, variance=sg**2, entries="independent"),
))  # fmt: skip
SHIFTED = Context((*_GIVEN, _mx, _mg), _WHERE, (_LAYER,), (x, dy), (
    chance(x, mean=mx, variance=sx**2, entries="independent"),
    chance(dy, mean=mg, variance=sg**2, entries="independent"),
))  # fmt: skip
opened = by(definition, reason=("definition of ", dw))
counted = one_line(everywhere(by(sum_of_constant)), (m, " rows and columns of terms, all alike"))


def mean_of(name: str, context: Context) -> Derivation:
    """E dw = m^2 E x E dy."""
    moves = then(everywhere(opened), linear(), into_factors(("input and gradient are independent",)), stated(), counted)
    return derived(f"kernel_gradient_moments.{name}", context, Expectation(dw[h, v]), moves)


def variance_of(name: str, context: Context, end: Expr) -> Derivation:
    """Var dw = m^2 (E x^2 E dy^2 - (E x E dy)^2)."""
    apart: Conversion = by(variance_of_sum, reason=("no entry stands in two terms: their variances add up",))
    moves = then(
        everywhere(opened), apart, everywhere(by(variance)), into_factors(("input and gradient are independent",)),
        stated(), counted, by(algebra, end, reason=("tidy up",)),
    )  # fmt: skip
    return derived(f"kernel_gradient_moments.{name}", context, Variance(dw[h, v]), moves)


def variance_centred() -> Derivation:
    """m^2 sigma_x^2 sigma_g^2."""
    return variance_of("variance", CENTRED, m**2 * sx**2 * sg**2)


def variance_shifted() -> Derivation:
    """With means that are not 0."""
    return variance_of("variance_with_means", SHIFTED, m**2 * (sx**2 * sg**2 + mg**2 * sx**2 + mx**2 * sg**2))


Mean = Callable[[Callable[..., Any]], Any]


def weight(n: int, k: int, h: int, v: int) -> Callable[..., Any]:
    """One entry of the gradient, added up window by window."""

    def of(x: Callable[..., Any], dy: Callable[..., Any]) -> Any:
        total: Any = 0
        for row in range(n - k + 1):
            for column in range(n - k + 1):
                total += dy(row + 1, column + 1) * x(row + h, column + v)
        return total

    return of


def mean_oracle(n: int, k: int, h: int, v: int, sigma_x: Fraction, sigma_g: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    return average(weight(n, k, h, v))


def variance_oracle(n: int, k: int, h: int, v: int, sigma_x: Fraction, sigma_g: Fraction, average: Mean) -> Any:
    """Mean square distance from the mean, over all outcomes."""
    one = weight(n, k, h, v)
    centre = average(one)
    return average(lambda x, dy: (one(x, dy) - centre) ** 2)


def mean_shifted_oracle(
    n: int, k: int, h: int, v: int, sigma_x: Fraction, sigma_g: Fraction, mu_x: Fraction, mu_g: Fraction, average: Mean
) -> Any:
    """Over all outcomes."""
    return mean_oracle(n, k, h, v, sigma_x, sigma_g, average)


def variance_shifted_oracle(
    n: int, k: int, h: int, v: int, sigma_x: Fraction, sigma_g: Fraction, mu_x: Fraction, mu_g: Fraction, average: Mean
) -> Any:
    """Over all outcomes."""
    return variance_oracle(n, k, h, v, sigma_x, sigma_g, average)


_ASK: Text = ("The gradient of one weight is ", dw[h, v], ". ")
CONSTRUCT = Construct(
    name="kernel_gradient_moments",
    title="Mean and variance of a kernel's gradient",
    about=("A convolution layer with a square input and kernel, stride 1, no padding, has random input and gradient.",),
    conventions=("rows and columns are numbered from 1", "a convolution layer does not turn its kernel"),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; Grimmett, Stirzaker, 3rd ed., section 3.3",
    claims=(
        Claim("mean", "Mean", (*_ASK, "Find its mean."), CENTRED, Expectation(dw[h, v]),
              lambda: mean_of("mean", CENTRED), mean_oracle),
        Claim("variance", "Variance", (*_ASK, "Find its variance."), CENTRED, Variance(dw[h, v]), variance_centred,
              variance_oracle),
        Claim("mean_with_means", "Mean, where the means are not 0", (*_ASK, "Find its mean."), SHIFTED,
              Expectation(dw[h, v]), lambda: mean_of("mean_with_means", SHIFTED), mean_shifted_oracle),
        Claim("variance_with_means", "Variance, where the means are not 0", (*_ASK, "Find its variance."), SHIFTED,
              Variance(dw[h, v]), variance_shifted, variance_shifted_oracle),
    ),
)  # fmt: skip
