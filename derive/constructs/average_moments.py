r"""Mean and variance of an average.

For n entries with one mean $\mu$ and one variance $\sigma^2$ the average has the mean $\mu$, whatever they have to do
with each other. Its variance is $\sigma^2/n$ where the entries are **uncorrelated**; independence is not needed. With
a part that all have in common, $x_i = a + e_i$, the variance of that part stays however many entries there are. The
gradient of a batch of n examples is such an average.

Source: Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, section 3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, Expectation, IndexSum, Variance, array, chance, declare, ge, integer
from derive.language.chance import Chance
from derive.rules.algebra import algebra, definition
from derive.rules.combine import Conversion, at, at_part, attempt, by, derived, everywhere, one_line, then
from derive.rules.expand import spread
from derive.rules.expectations import linear, stated
from derive.rules.independence import independent_covariance, variance_of_sum
from derive.rules.moments import expectation_of_multiple, variance_of_terms
from derive.rules.sums import sum_of_constant

_n = declare("n", "size", "entries")
_m, _s = declare("mu", "real", "mean of an entry"), declare("sigma", "real", "deviation of an entry")
_t = declare("tau", "real", "deviation of the common part")
n, mu, sigma, tau = (d.symbol for d in (_n, _m, _s, _t))
i, row = integer("i"), integer("r")
x, e, a, m = array("x", (1, n)), array("e", (1, n)), array("a"), array("m")
AVERAGE, SHARED = Definition(m, (), IndexSum(x[i], i, 1, n) / n), Definition(x, (i,), a[()] + e[i])


def entries(how: str) -> Chance:
    """Of one mean and one variance."""
    return chance(x, mean=mu, variance=sigma**2, entries=how, parameters=(row,))


ANY = Context((_n, _m, _s), (ge(sigma, 0),), (AVERAGE,), (x,), (entries("any"),))
UNCORRELATED = Context((_n, _m, _s), (ge(sigma, 0),), (AVERAGE,), (x,), (entries("uncorrelated"),))
_PARTS = (
    chance(e, mean=0, variance=sigma**2, entries="uncorrelated", parameters=(row,)),
    chance(a, mean=mu, variance=tau**2),
)
COMMON = Context((_n, _m, _s, _t), (ge(sigma, 0), ge(tau, 0)), (SHARED, AVERAGE), (e, a), _PARTS)
opened = everywhere(by(definition, reason=("insert the definition",)))
counted = one_line(attempt(everywhere(by(sum_of_constant))), (n, " terms, all alike"))
out = everywhere(by(expectation_of_multiple, reason=("the number in front comes out squared",)))
added = everywhere(by(variance_of_sum, reason=("the entries are uncorrelated: their variances add up",)))


def given(*what: str) -> Conversion:
    """What is stated of the entries."""
    return stated((*what, " that is given"))


def mean() -> Derivation:
    """mu."""
    return derived("average_moments.mean", ANY, Expectation(m[()]), then(opened, linear(), given("the mean"), counted))


def uncorrelated_entries() -> Derivation:
    """sigma^2/n."""
    moves = then(opened, out, added, given("the variance"), counted)
    return derived("average_moments.variance", UNCORRELATED, Variance(m[()]), moves)


def common() -> Derivation:
    """tau^2 + sigma^2/n."""
    parted = at_part(IndexSum(x[i], i, 1, n), then(everywhere(by(definition)), spread, counted))
    apart_from = at((0,), by(algebra, a[()] + IndexSum(e[i], i, 1, n) / n))
    inside = one_line(then(at_part(m[()], by(definition)), parted, apart_from), ("insert the definitions",))
    alone = everywhere(by(independent_covariance, reason=("the common part is independent of the others",)))
    moves = then(inside, by(variance_of_terms), alone, out, added, given("the variance"), counted)
    return derived("average_moments.common", COMMON, Variance(m[()]), moves)


Mean = Callable[[Callable[..., Any]], Any]


def average_of(n: int, entry: Callable[..., Any]) -> Any:
    """Added up and divided."""
    total: Any = 0
    for place in range(1, n + 1):
        total += entry(place)
    return total * Fraction(1, n)


def mean_oracle(n: int, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    return average(lambda x: average_of(n, x))


def variance_oracle(n: int, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Mean square distance from the mean."""
    centre = average(lambda x: average_of(n, x))
    return average(lambda x: (average_of(n, x) - centre) ** 2)


def common_oracle(n: int, mu: Fraction, sigma: Fraction, tau: Fraction, average: Mean) -> Any:
    """Mean square distance from the mean."""
    centre = average(lambda e, a: average_of(n, lambda place: e(place) + a()))
    return average(lambda e, a: (average_of(n, lambda place: e(place) + a()) - centre) ** 2)


_M: Text = ("The average is ", m, ". ")
CONSTRUCT = Construct(
    name="average_moments",
    title="Mean and variance of an average",
    about=("Random entries have one mean and one variance; a batch of examples is averaged like that.",),
    conventions=("the average divides by the number of entries",),
    source="Grimmett, Stirzaker, 3rd ed., section 3.3",
    claims=(
        Claim("mean", "Mean", (*_M, "Find its mean."), ANY, Expectation(m[()]), mean, mean_oracle),
        Claim("variance", "Variance", (*_M, "Find its variance."), UNCORRELATED, Variance(m[()]), uncorrelated_entries,
              variance_oracle),
        Claim("common", "A common part", ("All entries share a part. Find the variance of their average.",), COMMON,
              Variance(m[()]), common, common_oracle),
    ),
)  # fmt: skip
