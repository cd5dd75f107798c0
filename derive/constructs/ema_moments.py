r"""An exponential moving average of noisy weights: mean, variance, bias correction.

$v_t = (1-\gamma)v_{t-1} + \gamma w_t$ from $v_0 = 0$ on is $v_t = \gamma\sum_{s=1}^t (1-\gamma)^{t-s} w_s$. If all
$w_s$ have the mean $\mu$, its mean is $(1 - (1-\gamma)^T)\mu$: too small, until it is divided by $1 - (1-\gamma)^T$.
If they are uncorrelated with variance $\sigma^2$, the variance of $v_T$ is
$\frac{\gamma}{2-\gamma}\sigma^2\,\bigl(1 - (1-\gamma)^{2T}\bigr)$ for $0 < \gamma < 2$. It stays below the stationary
variance $\frac{\gamma}{2-\gamma}\sigma^2$, and what is missing is that times $(1-\gamma)^{2T}$. So the average is worth
$(2-\gamma)/\gamma$ uncorrelated weights, whose plain mean has the variance $\sigma^2/N$ for N of them.

Source: Kingma, Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, section 3 (bias correction); Grimmett,
Stirzaker, Probability and Random Processes, 3rd ed., 2001, section 3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Integer

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, array, declare, eq, gt, integer, lt, ne
from derive.language.chance import Expectation, Variance, chance
from derive.rules.algebra import algebra, definition
from derive.rules.closed_forms import closed_form
from derive.rules.combine import Conversion, at_part, by, derived, everywhere, one_line, then
from derive.rules.expectations import linear, stated
from derive.rules.independence import variance_of_sum
from derive.rules.lemmas import use_lemma
from derive.rules.moments import expectation_of_multiple
from derive.rules.ranges import at_most

_T, _g = declare("T", "size", "steps"), declare("gamma", "real", "rate")
_mu, _s = declare("mu", "real", "mean of the weights"), declare("sigma", "real", "their deviation")
T, g, mu, sigma = (d.symbol for d in (_T, _g, _mu, _s))
t, s, r = (integer(letter) for letter in "tsr")
w, ema = array("w", (1, T)), array("v", (0, T))
EMA = Definition(ema, (t,), g * IndexSum((1 - g) ** (t - s) * w[s], s, 1, t))
_ALL, _NOISE = (_T, _g, _mu, _s), (chance(w, mu, sigma**2, entries="uncorrelated"),)
MEANS = Context((_T, _g, _mu), (ne(g, 0),), (EMA,), (w,), (chance(w, mu),))
CORRECTED = Context((_T, _g, _mu), (ne(g, 0), ne(1 - (1 - g) ** T, 0)), (EMA,), (w,), (chance(w, mu),))
RATES = Context(_ALL, (gt(g, 0), lt(g, 2)), (EMA,), (w,), _NOISE)
LIMIT = g / (2 - g) * sigma**2
opened = everywhere(by(definition, reason=("definition",)))
apart: Conversion = everywhere(by(variance_of_sum, reason=("the weights are uncorrelated: the variances add up",)))
out = one_line(everywhere(by(expectation_of_multiple)), ("numbers come out squared",))


def average() -> Derivation:
    """(1 - (1 - gamma)^T) mu."""
    moves = then(opened, linear(), stated(), closed_form(r))
    return derived("ema_moments.mean", MEANS, Expectation(ema[T]), moves)


def corrected() -> Derivation:
    """mu."""
    known = average()
    moves = then(
        by(expectation_of_multiple, reason=("the divisor is a number",)),
        at_part(Expectation(ema[T]), use_lemma(known, {})),
    )
    return derived("ema_moments.corrected", CORRECTED, Expectation(ema[T] / (1 - (1 - g) ** T)), moves, (known,))


def variance() -> Derivation:
    """gamma/(2 - gamma) sigma^2 (1 - (1 - gamma)^(2T))."""
    end = LIMIT * (1 - (1 - g) ** (2 * T))
    short = by(algebra, end, reason=("since ", eq(1 - (1 - g) ** 2, g * (2 - g))))
    moves = then(opened, out, apart, out, stated(), closed_form(r), short)
    return derived("ema_moments.variance", RATES, Variance(ema[T]), moves)


def below() -> Derivation:
    """At most gamma/(2 - gamma) sigma^2."""
    known = variance()
    bound = at_part(1 - (1 - g) ** (2 * T), by(at_most, Integer(1), reason=("the power is not negative",)))
    return derived("ema_moments.below", RATES, Variance(ema[T]), then(use_lemma(known, {}), bound), (known,))


def gap() -> Derivation:
    """What is missing to gamma/(2 - gamma) sigma^2."""
    known = variance()
    rest = by(algebra, LIMIT * (1 - g) ** (2 * T), reason=("tidy up",))
    moves = then(at_part(Variance(ema[T]), use_lemma(known, {})), rest)
    return derived("ema_moments.gap", RATES, LIMIT - Variance(ema[T]), moves, (known,))


Weights = Callable[[int], Any]
Mean = Callable[[Callable[[Weights], Any]], Any]


def averaged(T: int, gamma: Fraction) -> Callable[[Weights], Any]:
    """The recursion itself, from 0."""

    def of(w: Weights) -> Any:
        value: Any = gamma * 0
        for step in range(1, T + 1):
            value = (1 - gamma) * value + gamma * w(step)
        return value

    return of


def mean_oracle(T: int, gamma: Fraction, mu: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    return average(averaged(T, gamma))


def corrected_oracle(T: int, gamma: Fraction, mu: Fraction, average: Mean) -> Any:
    """Divided by the total of the weights, which is added up."""
    total = gamma * 0
    for back in range(T):
        total += gamma * (1 - gamma) ** back
    return average(averaged(T, gamma)) / total


def variance_oracle(T: int, gamma: Fraction, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Mean square of the distance from the mean, over all outcomes."""
    centre = average(averaged(T, gamma))
    return average(lambda w: (averaged(T, gamma)(w) - centre) ** 2)


def gap_oracle(T: int, gamma: Fraction, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """The limit less the variance."""
    return gamma / (2 - gamma) * sigma**2 - variance_oracle(T, gamma, mu, sigma, average)


_SLIP = Context(_ALL, (gt(g, 0), lt(g, 2)), (EMA,), (w,), (chance(w, mu, sigma**2),))
_EARLY: Text = ("For small T it is smaller: the average begins at 0.",)
CONSTRUCT = Construct(
    name="ema_moments",
    title="Moments of an exponential moving average",
    about=("The average ", ema[t], " takes a share ", g, " of each new one of the random weights ", w[t], ".",),
    conventions=("the average begins at 0",),
    source="Kingma, Ba, Adam, ICLR 2015, section 3; Grimmett, Stirzaker, 3rd ed., section 3.3",
    claims=(
        Claim("mean", "Mean", ("Find the mean of ", ema[T], "."), MEANS, Expectation(ema[T]), average, mean_oracle),
        Claim("corrected", "Bias correction", ("Find the mean of ", ema[T] / (1 - (1 - g) ** T), "."), CORRECTED,
              Expectation(ema[T] / (1 - (1 - g) ** T)), corrected, corrected_oracle),
        Claim("variance", "Variance", ("Find the variance of ", ema[T], "."), RATES, Variance(ema[T]), variance,
              variance_oracle),
        Claim("below", "A bound for all times", ("Bound the variance of ", ema[T], " for all T."), RATES,
              Variance(ema[T]), below, variance_oracle),
        Claim("gap", "How near it comes", ("How far is the variance of ", ema[T], " from ", LIMIT, "?"), RATES,
              LIMIT - Variance(ema[T]), gap, gap_oracle),
    ),
    refuted=(
        Refuted("unbiased", "Without correction", ("The average has the mean of the weights",), MEANS,
                Expectation(ema[T]), "=", mu, _EARLY, "ema_moments.corrected"),
        Refuted("at_once", "The limit at once", ("The variance is that of the limit for every T",), RATES,
                Variance(ema[T]), "=", LIMIT, _EARLY, "ema_moments.variance"),
        Refuted("dependent", "Weights that depend on each other", ("The noise may depend on the noise before",), _SLIP,
                Variance(ema[T]), "<=", LIMIT, ("Covariances add to it: uncorrelated weights are needed.",),
                "ema_moments.below"),
    ),
)  # fmt: skip
