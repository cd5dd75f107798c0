r"""Averages of weights with a rate of their own at each step: the coefficients are products of what is left.

From $\bar w_0 = p$ the average follows $\bar w_t = (1-\gamma_t)\,\bar w_{t-1} + \gamma_t w_t$. What comes in at step k
is multiplied by $1-\gamma_s$ at each later step, so
$\bar w_T = p \prod_{s=1}^T (1-\gamma_s) + \sum_{k=1}^T \gamma_k \prod_{s=k+1}^T (1-\gamma_s)\, w_k$, for any rates. All
coefficients together are 1: $\gamma_k \prod_{s>k} (1-\gamma_s)$ is a difference of two neighbouring products.

Source: Polyak, Juditsky, Acceleration of stochastic approximation by averaging, SIAM J. Control Optim. 30 (1992).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import OTHERWISE, Cases, Context, Definition, IndexProduct, IndexSum, array, declare, eq, integer
from derive.rules.algebra import algebra
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, one_line, quietly, then, up_to
from derive.rules.ranges import empty_product, split_last_factor
from derive.rules.recursions import unrolled
from derive.rules.sums import empty_sum, factor_out, split_last

_T, _p, _c = declare("T", "natural", "steps"), declare("p", "real", "start"), declare("c", "real", "constant weights")
T, p, c = _T.symbol, _p.symbol, _c.symbol
t, k, s = integer("t"), integer("k"), integer("s")
w, gamma, w_bar = array("w", (1, oo)), array("gamma", (1, oo)), array("w_bar", (0, oo))


def average(rate: Expr, newest: Expr = w[t]) -> Definition:
    """The average with this rate at step t."""
    step = (1 - rate) * w_bar[t - 1] + rate * newest
    return Definition(w_bar, (t,), Cases((p, eq(t, 0)), (step, OTHERWISE)))


def left_over(first: Any, last: Any) -> IndexProduct:
    """What is left after these steps of what was there before."""
    return IndexProduct(1 - gamma[s], s, first, last)


def sums(last: Any, term: Expr = w[k]) -> IndexSum:
    """What came in at each step, and is left after the last."""
    return IndexSum(gamma[k] * left_over(k + 1, last) * term, k, 1, last)


ANY = Context((_T, _p), (), (average(gamma[t]),), (w, gamma))
CONSTANT = Context((_T, _p, _c), (), (average(gamma[t], c),), (gamma,))
TOTAL = Context((_T,), (), (), (gamma,))
_LATER: Text = ("one factor more",)


def _by_steps(whole: Callable[[Any], Expr], base: Conversion, together: Conversion) -> Conversion:
    """The average, by induction on the steps."""

    def step(known: Conversion) -> Conversion:
        return then(unrolled(w_bar[T + 1]), at_part(w_bar[T], known), together)

    return by_induction(T, 0, whole(T), then(unrolled(w_bar[0]), base), step)


def _joined(term: Expr) -> Conversion:
    """The sum over T + 1 steps, down to that over T."""
    inner = IndexSum(gamma[k] * left_over(k + 1, T + 1) * term, k, 1, T)
    shorter = gamma[k] * left_over(k + 1, T) * term
    newest = at_part(left_over(T + 2, T + 1), quietly(by(empty_product)))
    apart = then(at_part(left_over(k + 1, T + 1), by(split_last_factor)), by(factor_out, 1 - gamma[T + 1], shorter))
    return then(at_part(sums(T + 1, term), by(split_last)), newest, at_part(inner, apart))


def closed() -> Derivation:
    """The average as a sum over all weights."""

    def whole(last: Any) -> Expr:
        return p * left_over(1, last) + sums(last)

    none = then(at_part(sums(0), by(empty_sum)), at_part(left_over(1, 0), by(empty_product)))
    base = one_line(up_to(whole(Integer(0)), none), ("no factors, no terms",))
    down = then(at_part(left_over(1, T + 1), by(split_last_factor)), _joined(w[k]))
    grouped = by(algebra, (1 - gamma[T + 1]) * whole(T) + gamma[T + 1] * w[T + 1])
    together = one_line(up_to(whole(T + 1), then(down, grouped)), _LATER)
    return derived("average_rates.closed", ANY, w_bar[T], _by_steps(whole, base, together))


def coefficients() -> Derivation:
    """The coefficients of the start and of all later weights add up to 1."""

    def whole(last: Any) -> Expr:
        return left_over(1, last) + sums(last, Integer(1))

    none = then(at_part(sums(0, Integer(1)), by(empty_sum)), at_part(left_over(1, 0), by(empty_product)))

    def step(known: Conversion) -> Conversion:
        down = then(at_part(left_over(1, T + 1), by(split_last_factor)), _joined(Integer(1)))
        grouped = by(algebra, (1 - gamma[T + 1]) * whole(T) + gamma[T + 1])
        return then(one_line(then(down, grouped), ("the newest step apart",)), at_part(whole(T), known))

    base = one_line(none, ("no terms, no factors",))
    return derived("average_rates.coefficients", TOTAL, whole(T), by_induction(T, 0, Integer(1), base, step))


def constant() -> Derivation:
    """From constant weights the start is left with the product."""

    def whole(last: Any) -> Expr:
        return c + (p - c) * left_over(1, last)

    base = one_line(up_to(whole(Integer(0)), at_part(left_over(1, 0), by(empty_product))), ("no factors",))
    newest = at_part(left_over(1, T + 1), by(split_last_factor))
    grouped = by(algebra, (1 - gamma[T + 1]) * whole(T) + gamma[T + 1] * c)
    together = one_line(up_to(whole(T + 1), then(newest, grouped)), _LATER)
    return derived("average_rates.constant", CONSTANT, w_bar[T], _by_steps(whole, base, together))


def walked(T: int, p: Any, rate: Callable[[int], Any], newest: Callable[[int], Any]) -> Any:
    """The average, step by step."""
    value = p + 0 * rate(1)
    for step in range(1, T + 1):
        value = value + rate(step) * (newest(step) - value)
    return value


def closed_oracle(T: int, p: Any, w: Any, gamma: Any) -> Any:
    """Where the average is after T steps."""
    return walked(T, p, gamma, w)


def coefficients_oracle(T: int, gamma: Any) -> Any:
    """What becomes of weights that are 1 all the time."""
    return walked(T, 1, gamma, lambda step: 1)


def constant_oracle(T: int, p: Any, c: Any, gamma: Any) -> Any:
    """The same weights in each step."""
    return walked(T, p, gamma, lambda step: c)


_FIND: Text = (". Find ", w_bar[T], ".")
_OF_ONE: Text = ("What do the coefficients of the start and of all ", w[k], " add up to?")
CONSTRUCT = Construct(
    name="average_rates",
    title="Averages with a rate of their own at each step",
    about=("The average of the weights ", w[t], " moves by the fraction ", gamma[t], " towards the newest weights."),
    conventions=("the average starts at p", "a product of no factors is 1"),
    source="Polyak, Juditsky, SIAM J. Control Optim. 30 (1992)",
    claims=(
        Claim("closed", "As a sum over all weights", ("Write ", w_bar[T], " as a sum over the weights so far."), ANY,
              w_bar[T], closed, closed_oracle),
        Claim("coefficients", "The coefficients add up to 1", _OF_ONE, TOTAL, left_over(1, T) + sums(T, Integer(1)),
              coefficients, coefficients_oracle),
        Claim("constant", "How the start is forgotten", ("All weights are ", c, *_FIND), CONSTANT, w_bar[T], constant,
              constant_oracle),
    ),
)  # fmt: skip
