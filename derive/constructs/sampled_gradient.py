r"""The gradient of a mini-batch that is drawn with replacement: its mean and variance.

$I_1, \ldots, I_B$ are independent and uniform on 1..n, and a number $g_i$, an entry of its gradient, belongs to each
example. What is drawn is $g_{I_b} = \sum_i [I_b = i]\,g_i$, and has the mean of all, $\frac1n\sum_i g_i$. So does the
mean of B of them; its variance is 1/B of that of one, $\frac1n\sum_i g_i^2 - \bigl(\frac1n\sum_i g_i\bigr)^2$.

Source: Bottou, Curtis, Nocedal, Optimization Methods for Large-Scale Machine Learning, SIAM Review 60 (2), 2018,
section 3.3; Feller, An Introduction to Probability Theory and Its Applications, vol. 1, 3rd ed., 1968, section IX.5.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Any

from sympy import Integer

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.sampling_with_replacement import (
    LAW,
    B,
    Draws,
    Mean,
    added,
    apart,
    b,
    draws,
    i,
    n,
    opened,
    spread,
    uniform,
)
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, Indicator, array, declare, eq
from derive.language.chance import Expectation, Variance
from derive.rules.combine import by, derived, everywhere, one_line, then
from derive.rules.expectations import linear
from derive.rules.moments import expectation_of_multiple

_SIZES = declare("n", "size", "examples"), declare("B", "size", "draws")
g, sampled = array("g", (1, n)), array("s")
SAMPLED = Definition(sampled, (), IndexSum(IndexSum(Indicator(eq(draws[b], i)) * g[i], i, 1, n) / B, b, 1, B))
BATCH = Context(_SIZES, (), (SAMPLED,), (draws, g), LAW)
squared = one_line(everywhere(by(expectation_of_multiple)), ("the divisor comes out squared",))


def average_of_batch() -> Derivation:
    """The mean of all."""
    return derived("sampled_gradient.mean", BATCH, Expectation(sampled[()]), then(opened, linear(), uniform, added))


def variance_of_batch() -> Derivation:
    """1/B of the variance of one draw."""
    moves = then(opened, apart, squared, spread, uniform, added)
    return derived("sampled_gradient.variance", BATCH, Variance(sampled[()]), moves)


def product_of(g: Callable[[int], Any], *which: int) -> Callable[[Draws], Any]:
    """Of the numbers drawn in these draws."""
    return lambda draw: prod(g(int(draw(one))) for one in which)


def mean_oracle(n: int, B: int, g: Callable[[int], Any], average: Mean) -> Any:
    """Draw by draw, each over all outcomes."""
    return sum(average(product_of(g, one)) for one in range(1, B + 1)) * Fraction(1, B)


def variance_oracle(n: int, B: int, g: Callable[[int], Any], average: Mean) -> Any:
    """Pair by pair of draws, each over all outcomes."""
    total: Any = 0
    for one in range(1, B + 1):
        for two in range(1, B + 1):
            together = average(product_of(g, one, two))
            total += together - average(product_of(g, one)) * average(product_of(g, two))
    return total * Fraction(1, B**2)


_SQUARES, _MEAN = IndexSum(g[i] ** 2, i, 1, n) / n, IndexSum(g[i], i, 1, n) / n
CONSTRUCT = Construct(
    name="sampled_gradient",
    title="Gradient of a mini-batch",
    about=("A number ", g[i], " belongs to each of ", n, " examples. With replacement ", B, " are drawn, ", draws[b],
           " in draw ", b, ", and their mean is ", sampled[()], "."),
    conventions=("examples and draws are numbered from 1",),
    source="Bottou, Curtis, Nocedal, SIAM Review 60 (2), section 3.3; Feller, vol. 1, 3rd ed., section IX.5",
    claims=(
        Claim("mean", "Mean", ("Find the mean of ", sampled[()], "."), BATCH, Expectation(sampled[()]),
              average_of_batch, mean_oracle),
        Claim("variance", "Variance", ("Find the variance of ", sampled[()], "."), BATCH, Variance(sampled[()]),
              variance_of_batch, variance_oracle),
    ),
    refuted=(
        Refuted("mean_square", "The mean square in place of the variance", ("The mean of all does not matter",), BATCH,
                Variance(sampled[()]), "=", _SQUARES / B, ("The square of the mean is to be taken away.",),
                "sampled_gradient.variance"),
        Refuted("full_batch", "As many draws as examples", ("For n draws the mean is that of all, and does not vary",),
                Context(_SIZES, (eq(B, n),), (SAMPLED,), (draws, g), LAW), Variance(sampled[()]), "=", Integer(0),
                ("Some examples are drawn twice, others are not drawn.",), "sampled_gradient.variance"),
        Refuted("squared_mean", "The mean of the square", ("The square of the sampled mean has no bias",), BATCH,
                Expectation(sampled[()] ** 2), "=", _MEAN**2, ("The variance is added to it.",),
                "sampled_gradient.mean"),
    ),
)  # fmt: skip
