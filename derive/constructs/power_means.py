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
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, ForAll, IndexSum, Largest, array, between, declare, eq, ge, integer
from derive.language.numbers import power
from derive.rules.algebra import definition
from derive.rules.combine import at_part, by, derived, then, up_to
from derive.rules.powers import power_of_power
from derive.rules.ranges import at_least, power_into_largest, sum_at_most_largest
from derive.rules.sums import sum_of_constant

_N, _p, _q = declare("N", "size", "numbers"), declare("p", "size", "exponent"), declare("q", "integer", "one of them")
N, p, q = (d.symbol for d in (_N, _p, _q))
j, k = integer("j"), integer("k")
x, y = array("x", (1, N)), array("M")
MEAN = Definition(y, (), (IndexSum(x[k] ** p, k, 1, N) / N) ** (1 / p))
NOT_NEGATIVE = ForAll(ge(x[k], 0), k, 1, N)
CONTEXT = Context((_N, _p), (NOT_NEGATIVE,), (MEAN,), (x,))
ONE = Context((_N, _q), (between(1, q, N),), arrays=(x,))
most, least = Largest(x[k], k, 1, N), -Largest(-x[j], j, 1, N)


def upper() -> Derivation:
    """M <= max x."""
    total = IndexSum(x[k] ** p, k, 1, N)
    moves = then(
        by(definition, reason=("definition of ", y)),
        at_part(total, by(sum_at_most_largest)),
        at_part(Largest(x[k] ** p, k, 1, N), up_to(most**p, by(power_into_largest))),
        by(power_of_power),
    )
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
