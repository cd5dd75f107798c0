r"""How far back an exponential moving average looks: as far as a plain mean of 2/gamma - 1 numbers.

With the rate $\gamma$ the weights of k steps ago count $\gamma (1-\gamma)^k$. What is at least k steps old counts
$(1-\gamma)^k$ in all, less what stands for the time before the first step. The mean age is $(1-\gamma)/\gamma$, the sum
of the squared coefficients $\gamma/(2-\gamma)$, both up to what T steps leave of the start: of independent noise with
the variance 1 an average with these coefficients has that sum as its variance. A plain mean of M numbers has the mean
age (M-1)/2 and the sum 1/M, so by both measures $\gamma = 2/(M+1)$ looks as far back as it.

Source: Brown, Smoothing, Forecasting and Prediction of Discrete Time Series, 1963, chapter 7 (mean age, 2/(M+1)).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, array, declare, eq, gt, integer, le, lt
from derive.rules.algebra import algebra, definition
from derive.rules.cases import regroup_cases
from derive.rules.closed_forms import closed_form
from derive.rules.combine import by, derived, everywhere, one_line, then

_T, _m = declare("T", "natural", "steps"), declare("m", "natural", "age")
_M = declare("M", "size", "numbers in a plain mean")
_gamma = declare("gamma", "real", "rate")
T, m, M, gamma = (d.symbol for d in (_T, _m, _M, _gamma))
k, j = integer("k"), integer("j")
LEFT = 1 - gamma
CONTEXT, AGED = Context((_T, _gamma)), Context((_T, _m, _gamma), (le(m, T),))
RATE = Context((_T, _gamma), (gt(gamma, 0), lt(gamma, 2)))
OLDER = gamma * IndexSum(LEFT ** (T - k), k, 1, T - m)
AGE = gamma * IndexSum(j * LEFT**j, j, 0, T - 1)
SQUARES = IndexSum(gamma**2 * LEFT ** (2 * (T - k)), k, 1, T)
g = array("gamma")


PLAIN = Context((_M,), (), (Definition(g, (), 2 / (M + 1)),))
_ONE_FORM: Text = ("both cases in one formula",)


def older() -> Derivation:
    """What is at least m steps old."""
    moves = then(closed_form(k), by(regroup_cases, LEFT**m - LEFT**T, reason=_ONE_FORM))
    return derived("average_window.older", AGED, OLDER, moves)


def _summed(name: str, left: Expr, right: Expr) -> Derivation:
    return derived(
        f"average_window.{name}",
        RATE,
        left,
        then(closed_form(k), by(algebra, right, reason=("sort by powers of ", LEFT))),
    )


def age() -> Derivation:
    """The mean age of what came in during T steps."""
    return _summed("age", AGE, LEFT / gamma * (1 - LEFT**T) - T * LEFT**T)


def squares() -> Derivation:
    """The sum of the squared coefficients."""
    return _summed("squares", SQUARES, gamma / (2 - gamma) * (1 - LEFT ** (2 * T)))


def _as_in_mean(name: str, left: Expr, right: Expr) -> Derivation:
    inserted = one_line(everywhere(by(definition)), ("insert ", eq(g[()], 2 / (M + 1))))
    moves = then(inserted, by(algebra, right, reason=("multiply above and below by ", M + 1)))
    return derived(f"average_window.{name}", PLAIN, left, moves)


def mean_age() -> Derivation:
    """The age, with the rate 2/(M + 1)."""
    return _as_in_mean("mean_age", (1 - g[()]) / g[()], (M - 1) / 2)


def mean_squares() -> Derivation:
    """The sum of squares, with the rate 2/(M + 1)."""
    return _as_in_mean("mean_squares", g[()] / (2 - g[()]), 1 / M)


def coefficient(gamma: Any, back: int) -> Any:
    """What an input counts that many steps later."""
    value = gamma
    for _ in range(back):
        value = value * (1 - gamma)
    return value


def older_oracle(T: int, m: int, gamma: Any) -> Any:
    """The coefficients of what is old, added up."""
    return sum((coefficient(gamma, back) for back in range(m, T)), 0 * gamma)


def age_oracle(T: int, gamma: Any) -> Any:
    """Each age by its coefficient."""
    return sum((back * coefficient(gamma, back) for back in range(T)), 0 * gamma)


def squares_oracle(T: int, gamma: Any) -> Any:
    """Each coefficient by itself."""
    return sum((coefficient(gamma, back) ** 2 for back in range(T)), 0 * gamma)


def mean_age_oracle(M: int) -> Any:
    """The ages of the last M numbers, each counted 1/M."""
    return sum(Fraction(back, M) for back in range(M))


def mean_squares_oracle(M: int) -> Any:
    """M coefficients 1/M."""
    return sum(Fraction(1, M) ** 2 for _ in range(M))


_COUNTS: Text = ("The weights of step ", k, " count ", gamma * LEFT ** (T - k), " after ", T, " steps. ")
_PLAIN: Text = ("The rate is ", eq(g[()], 2 / (M + 1)), ". ")
FEWER = Refuted(
    name="window",
    title="One over the rate",
    statement=("With the rate 1/M the squares of the coefficients add up to as much as in a mean of M numbers",),
    context=Context((_M,), (), (Definition(g, (), 1 / M),)),
    left=g[()] / (2 - g[()]),
    relation="=",
    right=1 / M,
    missing=("It looks as far back as a mean of 2M - 1 numbers.",),
    instead="average_window.mean_squares",
)
CONSTRUCT = Construct(
    name="average_window",
    title="How far back a moving average looks",
    about=("An average moves at each step by the fraction ", gamma, " towards the newest weights."),
    conventions=("the newest weights have the age 0", "the start is left out of age and squares"),
    source="Brown, Smoothing, Forecasting and Prediction of Discrete Time Series, 1963, chapter 7",
    claims=(
        Claim("older", "What is old", (*_COUNTS, "What do those count that are at least ", m, " steps old?"), AGED,
              OLDER, older, older_oracle),
        Claim("age", "The mean age", (*_COUNTS, "Find the mean age, each age times what it counts."), RATE, AGE, age,
              age_oracle),
        Claim("squares", "The sum of squares", (*_COUNTS, "What do the squares of these numbers add up to?"), RATE,
              SQUARES, squares, squares_oracle),
        Claim("mean_age", "As old as in a plain mean", (*_PLAIN, "What is the mean age after many steps?"), PLAIN,
              (1 - g[()]) / g[()], mean_age, mean_age_oracle),
        Claim("mean_squares", "The squares of a plain mean", (*_PLAIN, "What is the sum of squares after many steps?"),
              PLAIN, g[()] / (2 - g[()]), mean_squares, mean_squares_oracle),
    ),
    refuted=(FEWER,),
)  # fmt: skip
