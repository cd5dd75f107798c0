r"""Gradient descent on a quadratic: it converges for rates below $2/\lambda$ and diverges above.

On the loss $\tfrac12 \lambda w^2$ with $\lambda > 0$ a step of the rate $\eta > 0$ takes w to $w - \eta \lambda w$. So
after T steps $w_T = (1 - \eta\lambda)^T c$: the distance from the minimum changes by $|1 - \eta\lambda|$ each time,
a factor less than 1 if and only if $\eta < 2/\lambda$, and more than 1 if and only if $\eta > 2/\lambda$. In several
directions each one has its own curvature, and the largest decides.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 8.2.1; Nesterov, Introductory Lectures on Convex
Optimization, 2004, section 1.2.3.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Abs, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import OTHERWISE, Cases, Context, Definition, Indicator, array, declare, eq, gt, integer, lt
from derive.rules.algebra import algebra
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, everywhere, then
from derive.rules.indicators import restate_indicator
from derive.rules.recursions import unrolled

_lam, _eta = declare("lambda_1", "real", "curvature"), declare("eta", "real", "learning rate")
_c, _T = declare("c", "real", "start"), declare("T", "natural", "steps")
lam, eta, c, T = (d.symbol for d in (_lam, _eta, _c, _T))
t = integer("t")
w = array("w", (0, oo))
FACTOR = 1 - eta * lam
_STEPS = Definition(w, (t,), Cases((c, eq(t, 0)), (w[t - 1] - eta * lam * w[t - 1], OTHERWISE)))
POSITIVE = gt(lam, 0), gt(eta, 0)
STEPS = Context((_lam, _eta, _c, _T), (), (_STEPS,))
RATE = Context((_lam, _eta), POSITIVE)
SMALLER, LARGER = Indicator(lt(Abs(FACTOR), 1)), Indicator(gt(Abs(FACTOR), 1))


def closed() -> Derivation:
    """w_T = (1 - eta lambda)**T c."""

    def step(known: Conversion) -> Conversion:
        together = by(algebra, FACTOR ** (T + 1) * c, reason=("one factor more",))
        return then(unrolled(w[T + 1]), everywhere(at_part(w[T], known)), together)

    moves = by_induction(T, 0, FACTOR**T * c, unrolled(w[0]), step)
    return derived("gradient_descent.closed", STEPS, w[T], moves)


def _restated(name: str, left: Indicator, right: Any, how: str) -> Derivation:
    moves = by(restate_indicator, right, reason=(how, eta * lam, " and 2, both positive"))
    return derived(f"gradient_descent.{name}", RATE, left, moves)


def converges() -> Derivation:
    """The factor is less than 1 if and only if eta < 2/lambda."""
    return _restated("converges", SMALLER, lt(eta, 2 / lam), "compare ")


def diverges() -> Derivation:
    """The factor is more than 1 if and only if eta > 2/lambda."""
    return _restated("diverges", LARGER, gt(eta, 2 / lam), "compare ")


def walked(steps: int, curvature: Fraction, rate: Fraction, start: Fraction) -> Fraction:
    """Step by step against the slope of the loss."""
    place = start
    for _ in range(steps):
        place = place - rate * (curvature * place)
    return place


def closed_oracle(lambda_1: Fraction, eta: Fraction, c: Fraction, T: int) -> Fraction:
    """Where the walk ends."""
    return walked(T, lambda_1, eta, c)


def converges_oracle(lambda_1: Fraction, eta: Fraction) -> int:
    """1 if a step from 1 ends nearer to 0."""
    return int(abs(walked(1, lambda_1, eta, Fraction(1))) < 1)


def diverges_oracle(lambda_1: Fraction, eta: Fraction) -> int:
    """1 if a step from 1 ends further from 0."""
    return int(abs(walked(1, lambda_1, eta, Fraction(1))) > 1)


_STEP: Text = ("Each step takes ", w[t - 1], " to ", w[t - 1] - eta * lam * w[t - 1], ". ")
CONSTRUCT = Construct(
    name="gradient_descent",
    title="Gradient descent on a quadratic",
    about=("A loss has the curvature ", lam, " and its minimum at 0; the learning rate is ", eta, "."),
    conventions=("the loss is half the curvature times the square of w",),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 8.2.1; Nesterov, 2004, section 1.2.3",
    claims=(
        Claim("closed", "After T steps", (*_STEP, "Find ", w[T], "."), STEPS, w[T], closed, closed_oracle),
        Claim("converges", "When it converges", ("When does each step shrink the distance from 0, that is, when is ",
              lt(Abs(FACTOR), 1), "?"), RATE, SMALLER, converges, converges_oracle),
        Claim("diverges", "When it diverges", ("When does each step stretch the distance from 0?",), RATE, LARGER,
              diverges, diverges_oracle),
    ),
)  # fmt: skip
