r"""Power means grow with the exponent, norms become smaller: $M_p \le M_q$ and $N_q \le N_p$ for $p \le q$.

For $x_k \ge 0$ and integers $1 \le p \le q$ let $M_p = (\frac1N \sum x_k^p)^{1/p}$ and $N_p = (\sum x_k^p)^{1/p}$.
With $m = \frac1N \sum x_k^p$ Bernoulli's inequality says $(x_k^p/m)^{q/p} \ge 1 + \frac qp (x_k^p/m - 1)$, and the
last terms add up to 0. For the norms, $\sum x_k^q \le \max x_k^{q-p} \sum x_k^p$, and the largest entry is at most
$N_p$. All are equal for the means if all $x_k$ are, for the norms if one of them alone is not 0.

Source: Hardy, Littlewood, Polya, Inequalities, 2nd ed., theorem 16 (means), theorem 19 (norms), theorem 42.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, ForAll, IndexSum, Largest, array, declare, ge, gt, integer, le, lt
from derive.language.numbers import power
from derive.rules.algebra import algebra, definition
from derive.rules.combine import at, at_part, by, derived, everywhere, one_line, then, up_to
from derive.rules.lemmas import use_lemma
from derive.rules.norms import hoelder_largest
from derive.rules.powers import power_of_power, power_of_product, real_bernoulli
from derive.rules.ranges import largest_at_most_sum, power_into_largest
from derive.rules.recursions import upwards
from derive.rules.sums import constant_out_of_sum, factor_out, sum_of_constant, sum_of_terms

_N, _p, _q = declare("N", "size", "how many"), declare("p", "size", "exponent"), declare("q", "size", "exponent")
N, p, q = (d.symbol for d in (_N, _p, _q))
k = integer("k")
x, m = array("x", (1, N)), array("m")
NOT_NEGATIVE = ForAll(ge(x[k], 0), k, 1, N)
POSITIVE = ForAll(gt(x[k], 0), k, 1, N)


def over(body: Any) -> IndexSum:
    """The sum over all numbers."""
    return IndexSum(body, k, 1, N)


MEANS = Context((_N, _p, _q), (le(p, q), POSITIVE), (Definition(m, (), over(x[k] ** p) / N),), (x,))
NORMS = Context((_N, _p, _q), (lt(p, q), NOT_NEGATIVE), (), (x,))
SMALL, LARGE = (over(x[k] ** p) / N) ** (1 / p), (over(x[k] ** q) / N) ** (1 / q)
LESS, MORE = over(x[k] ** q) ** (1 / q), over(x[k] ** p) ** (1 / p)
SHARE, RATIO = x[k] ** p / m[()], q / p
TOP = Largest(x[k], k, 1, N)
TANGENT, SPREAD = 1 + RATIO * (SHARE - 1), 1 - RATIO + RATIO * SHARE


def powers() -> Derivation:
    """The mean of the q-th powers is at least the power q/p of that of the p-th."""
    down = then(at_part(SHARE**RATIO, by(power_of_product)), everywhere(by(power_of_power)))
    total = over(x[k] ** p)
    term_by_term = then(
        at((0,), by(algebra, SPREAD)),
        by(sum_of_terms),
        everywhere(by(constant_out_of_sum)),
        everywhere(by(sum_of_constant)),
    )
    moves = then(
        at_part(x[k] ** q, upwards(m[()] ** RATIO * SHARE**RATIO, down, ("take the mean ", m, " out"))),
        at_part(SHARE**RATIO, by(real_bernoulli)),
        at_part(over(m[()] ** RATIO * TANGENT), by(factor_out, m[()] ** RATIO, TANGENT)),
        at_part(over(TANGENT), one_line(term_by_term, ("sum the terms",))),
        at_part(RATIO / m[()] * total, at_part(m[()], by(definition, reason=("definition of ", m)))),
    )
    return derived("norm_orders.powers", MEANS, over(x[k] ** q) / N, moves)


def means() -> Derivation:
    """M_q >= M_p."""
    lemma = powers()
    moves = then(
        at_part(lemma.left, use_lemma(lemma, {}, ("the mean of the powers, bounded before",))),
        by(power_of_power),
        at_part(m[()], by(definition, reason=("definition of ", m))),
    )
    return derived("norm_orders.means", MEANS, LARGE, moves, (lemma,))


def norms() -> Derivation:
    """N_q <= N_p."""
    total, rest = over(x[k] ** p), (q - p) / p
    at_most_one = then(
        at_part(Largest(x[k] ** (q - p), k, 1, N), up_to(TOP ** (q - p), by(power_into_largest))),
        at_part(TOP ** (q - p), up_to((TOP**p) ** rest, by(power_of_power))),
        at_part(TOP**p, by(power_into_largest)),
        at_part(Largest(x[k] ** p, k, 1, N), by(largest_at_most_sum)),
    )
    moves = then(
        at_part(over(x[k] ** q), by(hoelder_largest, x[k] ** (q - p), x[k] ** p)),
        at_most_one,
        at_part(total * total**rest, by(algebra, total**RATIO, reason=("exponents added",))),
        by(power_of_power),
    )
    return derived("norm_orders.norms", NORMS, LESS, moves)


Numbers = Callable[[int], Any]


def added(N: int, p: int, x: Numbers) -> Any:
    """The sum of the powers, each multiplied out."""
    total: Any = 0
    for place in range(1, N + 1):
        product: Any = 1
        for _ in range(p):
            product *= x(place)
        total += product
    return total


def powers_oracle(N: int, p: int, q: int, x: Numbers) -> Any:
    """The mean of the powers with the greater exponent."""
    return added(N, q, x) / N


def means_oracle(N: int, p: int, q: int, x: Numbers) -> Any:
    """The root of that mean."""
    return power(added(N, q, x) / N, Fraction(1, q))


def norms_oracle(N: int, p: int, q: int, x: Numbers) -> Any:
    """The root of the sum of these powers."""
    return power(added(N, q, x), Fraction(1, q))


_POWERS: Text = ("All numbers are positive. Bound the mean of ", x[k] ** q, " from below by ", m[()], ".")
_MEANS: Text = ("All numbers are positive. Compare the power means with the exponents ", p, " and ", q, ".")
_NORMS: Text = ("No number is negative. Compare the norms with the exponents ", p, " and ", q, ".")
_ANY = Context((_N, _p, _q), (le(p, q), NOT_NEGATIVE), (), (x,))
CONSTRUCT = Construct(
    name="norm_orders",
    title="Means and norms with two exponents",
    about=("There are ", N, " numbers ", x[k], ", and two exponents, ", le(p, q), "."),
    conventions=("the exponents are integers",),
    source="Hardy, Littlewood, Polya, Inequalities, 2nd ed., theorems 16, 19 and 42",
    claims=(
        Claim("means", "Power means grow", _MEANS, MEANS, LARGE, means, means_oracle),
        Claim("powers", "Mean of powers", _POWERS, MEANS, over(x[k] ** q) / N, powers, powers_oracle),
        Claim("norms", "Norms become smaller", _NORMS, NORMS, LESS, norms, norms_oracle),
    ),
    refuted=(
        Refuted("means_turned", "Power means, turned round", ("A greater exponent makes the mean smaller",),
                MEANS, LARGE, "<=", SMALL, ("It makes the norm smaller, which has no number ", N, " in it.",),
                "norm_orders.means"),
        Refuted("norms_turned", "Norms, turned round", ("A greater exponent makes the norm greater",),
                _ANY, LESS, ">=", MORE, ("It makes the mean greater, where the sum is divided by ", N, ".",),
                "norm_orders.norms"),
        Refuted("roots_lost", "Norms without their roots", ("A greater exponent makes the sum of the powers smaller",),
                _ANY, over(x[k] ** q), "<=", over(x[k] ** p),
                ("The roots are missing: powers of numbers greater than 1 grow.",), "norm_orders.norms"),
    ),
)  # fmt: skip
