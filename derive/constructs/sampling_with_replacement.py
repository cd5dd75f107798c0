r"""Examples drawn with replacement: how often one is drawn, whether at all, and how many different ones.

$I_1, \ldots, I_B$ are independent and uniform on 1..n. Example j is drawn $c_j = \sum_b [I_b = j]$ times: B/n on
average, with variance $\frac Bn(1 - \frac1n)$. It is never drawn with probability
$E\prod_b (1 - [I_b = j]) = (1 - 1/n)^B$, as the factors are independent; so $n\,(1 - (1 - 1/n)^B)$ different examples
are expected.

Source: Feller, An Introduction to Probability Theory and Its Applications, vol. 1, 3rd ed., sections II.5 and IX.3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct, Refuted
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation
from derive.language import (
    Context,
    Definition,
    Entry,
    IndexProduct,
    IndexSum,
    Indicator,
    array,
    between,
    declare,
    eq,
    integer,
    le,
    subterms,
)
from derive.language.chance import Expectation, Variance, chance
from derive.rules.algebra import algebra, definition
from derive.rules.combine import Conversion, Moves, attempt, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.distributions import uniform_values
from derive.rules.expectations import linear
from derive.rules.independence import independent_product, variance_of_sum
from derive.rules.moments import expectation_of_constant, variance
from derive.rules.ranges import product_of_constant
from derive.rules.sums import sum_of_constant, sum_of_terms

_n, _B, _j = declare("n", "size", "examples"), declare("B", "size", "draws"), declare("j", "integer", "an example")
n, B, j = (d.symbol for d in (_n, _B, _j))
b, i, v = (integer(letter) for letter in "biv")
draws = array("I", (1, B))
count, never, distinct = array("c", (1, n)), array("u", (1, n)), array("d")
COUNTED = Definition(count, (i,), IndexSum(Indicator(eq(draws[b], i)), b, 1, B))
NEVER = Definition(never, (i,), IndexProduct(1 - Indicator(eq(draws[b], i)), b, 1, B))
DISTINCT = Definition(distinct, (), IndexSum(1 - never[i], i, 1, n))
LAW = (chance(draws, law="uniform", values=(1, n), entries="independent"),)
ONE = Context((_n, _B, _j), (between(1, j, n),), (COUNTED, NEVER), (draws,), LAW)
FEW = Context((_n, _B), (le(B, n),), (NEVER, DISTINCT), (draws,), LAW)
ALL = Context((_n, _B), (), (NEVER, DISTINCT), (draws,), LAW)


def over_values(context: Context, e: Expr) -> Moves:
    """An expectation of what rests on one draw, as the mean over its values."""
    found = {t for t in subterms(e) if isinstance(t, Entry) and t.array == draws}
    if not isinstance(e, Expectation) or len(found) != 1:
        raise RuleDoesNotApply("{} does not rest on one draw", e)
    return by(uniform_values, *found, v)(context, e)


opened = one_line(everywhere(by(definition)), ("definition",))
uniform = one_line(then(everywhere(over_values), everywhere(by(expectation_of_constant))), ("each value alike",))
added = one_line(
    then(attempt(everywhere(by(sum_of_terms))), undelta, attempt(everywhere(by(sum_of_constant)))), ("add up",)
)
apart: Conversion = by(variance_of_sum, reason=("the draws are independent: the variances add up",))
spread = everywhere(by(variance))
factors = everywhere(by(independent_product, reason=("the draws are independent",)))
multiplied = one_line(then(added, everywhere(by(product_of_constant))), ("add up; all factors are equal",))


def _made(name: str, context: Context, left: Expr, *moves: Conversion) -> Derivation:
    """From the definition on."""
    return derived(f"sampling_with_replacement.{name}", context, left, then(opened, *moves))


def times() -> Derivation:
    """B/n."""
    return _made("times", ONE, Expectation(count[j]), linear(), uniform, added)


def times_variance() -> Derivation:
    """B/n (1 - 1/n)."""
    end = by(algebra, B / n * (1 - 1 / n), reason=("tidy up",))
    return _made("times_variance", ONE, Variance(count[j]), apart, spread, uniform, added, end)


def never_drawn() -> Derivation:
    """(1 - 1/n)^B."""
    return _made("never", ONE, Expectation(never[j]), factors, uniform, multiplied)


def different() -> Derivation:
    """n (1 - (1 - 1/n)^B)."""
    return _made("distinct", ALL, Expectation(distinct[()]), linear(), factors, uniform, multiplied)


Draws = Callable[[int], Any]
Mean = Callable[[Callable[[Draws], Any]], Any]


def spread_of(one: Callable[[Draws], Any], average: Mean) -> Any:
    """Mean square of the distance from the mean, over all batches."""
    centre = average(one)
    return average(lambda draw: (one(draw) - centre) ** 2)


def times_oracle(n: int, B: int, j: int, average: Mean) -> Any:
    """How often j is met, over all batches."""
    return average(lambda draw: [draw(b) for b in range(1, B + 1)].count(j))


def times_variance_oracle(n: int, B: int, j: int, average: Mean) -> Any:
    """The same, squared from the mean."""
    return spread_of(lambda draw: [draw(b) for b in range(1, B + 1)].count(j), average)


def never_oracle(n: int, B: int, j: int, average: Mean) -> Any:
    """The share of the batches without j."""
    return average(lambda draw: 0 if j in [draw(b) for b in range(1, B + 1)] else 1)


def distinct_oracle(n: int, B: int, average: Mean) -> Any:
    """How many different examples a batch has."""
    return average(lambda draw: len({draw(b) for b in range(1, B + 1)}))


CONSTRUCT = Construct(
    name="sampling_with_replacement",
    title="Sampling with replacement",
    about=("Of ", n, " examples ", B, " are drawn with replacement, ", draws[b], " in draw ", b, "."),
    conventions=("examples and draws are numbered from 1",),
    source="Feller, An Introduction to Probability Theory, vol. 1, 3rd ed., sections II.5 and IX.3",
    claims=(
        Claim("times", "How often one is drawn", ("Example ", j, " is drawn ", count[j], " times. ", "Find its mean."),
              ONE, Expectation(count[j]), times, times_oracle),
        Claim("times_variance", "Its variance", ("The number of times is ", count[j], ". Find its variance."), ONE,
              Variance(count[j]), times_variance, times_variance_oracle),
        Claim("never", "Examples that are not drawn", ("The product ", never[j], " is 1 if example ", j,
              " is never drawn, else 0. ", "Find its mean."), ONE, Expectation(never[j]), never_drawn, never_oracle),
        Claim("distinct", "Different examples", ("Among them ", distinct[()], " are different. ", "Find its mean."),
              ALL, Expectation(distinct[()]), different, distinct_oracle),
    ),
    refuted=(
        Refuted("all_different", "All draws are different", ("Up to n draws meet no example twice",), FEW,
                Expectation(distinct[()]), "=", B, ("What is drawn is put back.",),
                "sampling_with_replacement.distinct"),
        Refuted("share", "The share of the examples", ("An example is missing with probability 1 - B/n",), ONE,
                Expectation(never[j]), "=", 1 - B / n, ("Two draws may meet the same example.",),
                "sampling_with_replacement.never"),
    ),
)  # fmt: skip
