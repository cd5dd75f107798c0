r"""Power means lie between the least and the largest of the numbers.

$M_p = \bigl(\frac1N \sum_{k=1}^N x_k^p\bigr)^{1/p}$ for integers $p \ge 1$ and $x_k \ge 0$: $M_1$ is the mean, and for
p to infinity $M_p$ tends to the largest number. No $M_p$ is larger than that, and none is smaller than the least,
$-\max_k(-x_k)$; so pooling by a power mean is between min and max pooling, with the average as one of its cases.

Source: Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 2.2, (2.2.2) and theorem 1, section 2.3, theorem 4.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.constructs.lp_pooling import BOUND, N, by_the_largest, k, p, x
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Largest, array, eq, integer
from derive.language.numbers import power
from derive.rules.algebra import definition
from derive.rules.combine import at_part, by, derived, then
from derive.rules.powers import power_of_power
from derive.rules.ranges import at_least
from derive.rules.sums import sum_of_constant

j = integer("j")
y = array("M")
MEAN = Definition(y, (), (IndexSum(x[k] ** p, k, 1, N) / N) ** (1 / p))
CONTEXT = Context(BOUND.declarations, BOUND.hypotheses, (MEAN,), (x,))
least = -Largest(-x[j], j, 1, N)


def upper() -> Derivation:
    """M <= max x."""
    moves = then(by(definition, reason=("definition of ", y)), by_the_largest, by(power_of_power))
    return derived("power_means.upper", CONTEXT, y[()], moves)


def lower() -> Derivation:
    """M >= min x."""
    total = IndexSum(least**p, k, 1, N)
    moves = then(
        by(definition, reason=("definition of ", y)),
        at_part(x[k], by(at_least, least, reason=("none is less than the least",))),
        at_part(total, by(sum_of_constant)),
        by(power_of_power),
    )
    return derived("power_means.lower", CONTEXT, y[()], moves)


Numbers = Callable[[int], Any]


def mean_oracle(N: int, p: int, x: Numbers) -> Any:
    """The root of the mean of the powers, added up in a loop."""
    total: Any = 0
    for place in range(1, N + 1):
        total += x(place) ** p
    return power(total / N, Fraction(1, p))


_UPPER: Text = ("Bound ", y[()], " from above by the largest of the numbers.")
_LOWER: Text = ("Bound ", y[()], " from below by the least of the numbers, ", least, ".")
CONSTRUCT = Construct(
    name="power_means",
    title="Power means",
    about=("The power mean of ", N, " numbers, none of them negative, is ", eq(y[()], MEAN.body), "."),
    conventions=("the exponent is an integer",),
    source="Hardy, Littlewood, Polya, Inequalities, 2nd ed., sections 2.2 and 2.3",
    claims=(
        Claim("upper", "At most the largest", _UPPER, CONTEXT, y[()], upper, mean_oracle),
        Claim("lower", "At least the least", _LOWER, CONTEXT, y[()], lower, mean_oracle),
    ),
)
