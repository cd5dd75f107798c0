r"""Averages whose rate falls like 1/t: the plain mean, the mean with the start, weights in proportion to the step.

From $\bar w_0 = p$ the average follows $\bar w_t = (1-\gamma_t)\,\bar w_{t-1} + \gamma_t w_t$. For
$\gamma_t = 1/t$ the start is forgotten at the first step and every $w_k$ counts 1/T; for $\gamma_t = 1/(t+1)$ the start
counts as one more of them; for $\gamma_t = 2/(t+1)$ step k counts in proportion to k.

Source: Polyak, Juditsky, Acceleration of stochastic approximation by averaging, SIAM J. Control Optim. 30 (1992);
Lacoste-Julien, Schmidt, Bach, A simpler approach to obtaining an O(1/t) convergence rate, arXiv:1212.2002.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer

from derive.constructs.average_rates import _T, T, _p, average, k, p, t, w, w_bar, walked
from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, IndexSum, declare
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, then
from derive.rules.expand import up_to_alike
from derive.rules.recursions import unrolled
from derive.rules.sums import empty_sum, single_term, split_last

_S = declare("T", "size", "steps")
MEAN, RISING = (Context((_S, _p), (), (average(rate),), (w,)) for rate in (1 / t, 2 / (t + 1)))
WITH_START = Context((_T, _p), (), (average(1 / (t + 1)),), (w,))
_JOINS: Text = ("the newest joins the sum",)


def _mean(name: str, context: Context, low: int, whole: Callable[[Any], Expr], term: Expr) -> Derivation:
    """An average that is one sum over all weights, divided by something."""
    law, words = (single_term, ("a sum of one term",)) if low else (empty_sum, ("a sum of no terms",))
    first = at_part(IndexSum(term, k, 1, low), by(law))
    base = then(unrolled(w_bar[low]), up_to_alike(whole(Integer(low)), first, words))

    def step(known: Conversion) -> Conversion:
        joined = at_part(IndexSum(term, k, 1, T + 1), by(split_last))
        return then(unrolled(w_bar[T + 1]), at_part(w_bar[T], known), up_to_alike(whole(T + 1), joined, _JOINS))

    return derived(f"average_means.{name}", context, w_bar[T], by_induction(T, low, whole(T), base, step))


def mean() -> Derivation:
    """With the rate 1/t the plain mean."""
    return _mean("mean", MEAN, 1, lambda last: IndexSum(w[k], k, 1, last) / last, w[k])


def with_start() -> Derivation:
    """With the rate 1/(t + 1) the plain mean, the start being one of the weights."""
    return _mean("with_start", WITH_START, 0, lambda last: (p + IndexSum(w[k], k, 1, last)) / (last + 1), w[k])


def rising() -> Derivation:
    """With the rate 2/(t + 1) weights in proportion to the step."""
    return _mean("rising", RISING, 1, lambda last: 2 * IndexSum(k * w[k], k, 1, last) / (last * (last + 1)), k * w[k])


def mean_oracle(T: int, p: Any, w: Any) -> Any:
    """With the rate 1/t."""
    return walked(T, p, lambda step: Fraction(1, step), w)


def with_start_oracle(T: int, p: Any, w: Any) -> Any:
    """With the rate 1/(t + 1)."""
    return walked(T, p, lambda step: Fraction(1, step + 1), w)


def rising_oracle(T: int, p: Any, w: Any) -> Any:
    """With the rate 2/(t + 1)."""
    return walked(T, p, lambda step: Fraction(2, step + 1), w)


_FIND: Text = (". Find ", w_bar[T], ".")
MEANS = IndexSum(w[k], k, 1, T) / T
STARTED = Refuted(
    name="rate_of_the_mean",
    title="The start counts or not",
    statement=("With the rate ", 1 / (t + 1), " the average is the mean of what came in"),
    context=Context((_S, _p), (), (average(1 / (t + 1)),), (w,)),
    left=w_bar[T],
    relation="=",
    right=MEANS,
    missing=("The start counts as one more of the weights.",),
    instead="average_means.with_start",
)
CONSTRUCT = Construct(
    name="average_means",
    title="Averages whose rate falls like 1/t",
    about=("The average of the weights ", w[t], " moves at step ", t, " by a fraction of its distance from them."),
    conventions=("the average starts at p", "the first step is step 1"),
    source="Polyak, Juditsky, SIAM J. Control Optim. 30 (1992); Lacoste-Julien, Schmidt, Bach, arXiv:1212.2002",
    claims=(
        Claim("mean", "The plain mean", ("The rate at step ", t, " is ", 1 / t, *_FIND), MEAN, w_bar[T], mean,
              mean_oracle),
        Claim("with_start", "The plain mean with the start", ("The rate at step ", t, " is ", 1 / (t + 1), *_FIND),
              WITH_START, w_bar[T], with_start, with_start_oracle),
        Claim("rising", "Later weights count more", ("The rate at step ", t, " is ", 2 / (t + 1), *_FIND), RISING,
              w_bar[T], rising, rising_oracle),
    ),
    refuted=(STARTED,),
)  # fmt: skip
