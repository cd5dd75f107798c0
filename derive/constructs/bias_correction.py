r"""What divides out the start of an exponential moving average, and the rates that this amounts to.

From $a_0 = 0$ the average follows $a_t = (1-\gamma) a_{t-1} + \gamma w_t$. Of constants c it makes
$a_T = c\,(1 - (1-\gamma)^T)$, too small by the sum of its coefficients. Divided by that sum constants come out as they
are, whatever the rate is, where the sum is not 0; and the corrected average moves by the rate
$\gamma/(1 - (1-\gamma)^t)$, which is 1 at the first step and tends to $\gamma$ from above for $0 < \gamma < 1$. A
running loss $m_t = 0.01 \sum_{s=1}^t 0.99^{t-s} \ell_s$ counts $1 - 0.99^t$ in all.

Source: Kingma, Ba, Adam, arXiv:1412.6980, section 3, (1) to (4), with $\gamma = 1 - \beta$.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, Rational, oo

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import OTHERWISE, Cases, Context, Definition, IndexSum, array, declare, eq, gt, integer, le, ne
from derive.rules.algebra import algebra
from derive.rules.closed_forms import closed_form
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, then
from derive.rules.lemmas import use_lemma
from derive.rules.recursions import unrolled

_T, _S = declare("T", "natural", "steps"), declare("T", "size", "steps")
_gamma, _c = declare("gamma", "real", "rate"), declare("c", "real", "constant weights")
T, gamma, c = _T.symbol, _gamma.symbol, _c.symbol
t, k = integer("t"), integer("k")
a, w = array("a", (0, oo)), array("w", (1, oo))
LEFT, HUNDREDTH = 1 - gamma, Rational(1, 100)


def started_at_0(newest: Expr) -> Definition:
    """The average of what comes in, from 0 on."""
    return Definition(a, (t,), Cases((0, eq(t, 0)), (LEFT * a[t - 1] + gamma * newest, OTHERWISE)))


def corrected(steps: Any) -> Expr:
    """The average divided by the sum of its coefficients."""
    return a[steps] / (1 - LEFT**steps)


NEWEST = gamma / (1 - LEFT ** (T + 1))
STARTED = Context((_T, _gamma, _c), (), (started_at_0(c),))
CONSTANT = Context((_S, _gamma, _c), (ne(LEFT**T, 1),), (started_at_0(c),))
MOVING = Context((_S, _gamma), (ne(LEFT**T, 1), ne(LEFT ** (T + 1), 1)), (started_at_0(w[t]),), (w,))
LOSSES = Context((_T,))
COUNTED = HUNDREDTH * IndexSum((1 - HUNDREDTH) ** (T - k), k, 1, T)


def from_0() -> Derivation:
    """An average of constants that starts at 0."""

    def step(known: Conversion) -> Conversion:
        together = by(algebra, c * (1 - LEFT ** (T + 1)), reason=("one factor more",))
        return then(unrolled(a[T + 1]), at_part(a[T], known), together)

    moves = by_induction(T, 0, c * (1 - LEFT**T), unrolled(a[0]), step)
    return derived("bias_correction.from_0", STARTED, a[T], moves)


def bias() -> Derivation:
    """Divided by the sum of its coefficients it is right."""
    small = from_0()
    moves = then(
        at_part(a[T], use_lemma(small, {}, ("an average of constants that starts at 0",))),
        by(algebra, c, reason=("divided by what is not 0",)),
    )
    return derived("bias_correction.bias", CONSTANT, corrected(T), moves, (small,))


def moving() -> Derivation:
    """The corrected average is one with a rate of its own at each step."""
    right = (1 - NEWEST) * corrected(T) + NEWEST * w[T + 1]
    moves = then(unrolled(a[T + 1]), by(algebra, right, reason=("the share of the newest apart",)))
    return derived("bias_correction.moving", MOVING, corrected(T + 1), moves)


def running() -> Derivation:
    """What the losses so far count in all."""
    moves = then(closed_form(k), by(algebra, 1 - (1 - HUNDREDTH) ** T))
    return derived("bias_correction.running", LOSSES, COUNTED, moves)


def average(T: int, gamma: Any, newest: Callable[[int], Any]) -> Any:
    """The average from 0 on."""
    value = 0 * gamma
    for step in range(1, T + 1):
        value += gamma * (newest(step) - value)
    return value


def from_0_oracle(T: int, gamma: Any, c: Any) -> Any:
    """The average of constants."""
    return average(T, gamma, lambda step: c)


def bias_oracle(T: int, gamma: Any, c: Any) -> Any:
    """That, by what becomes of ones."""
    return average(T, gamma, lambda step: c) / average(T, gamma, lambda step: 1)


def moving_oracle(T: int, gamma: Any, w: Any) -> Any:
    """The average after another step, by what becomes of ones."""
    return average(T + 1, gamma, w) / average(T + 1, gamma, lambda step: 1)


def running_oracle(T: int) -> Any:
    """What becomes of losses that are 1 all the time."""
    return average(T, Fraction(1, 100), lambda step: 1)


_STEP: Text = ("From ", eq(a[0], 0), " on ", a[t], " moves by the fraction ", gamma, " towards ")
_RUNNING: Text = (
    "A loss counts 1/100 at first, and 0.99 times as much after each later step. What do all so far count together?",
)
EARLY = Refuted(
    name="uncorrected",
    title="Without a correction",
    statement=("An average that starts at 0 gives back constants",),
    context=Context((_S, _gamma, _c), (gt(gamma, 0), le(gamma, 1)), (started_at_0(c),)),
    left=a[T],
    relation="=",
    right=c,
    missing=("It is too small by the sum of its coefficients.",),
    instead="bias_correction.bias",
)
TWICE = Refuted(
    name="corrected_steps",
    title="Corrected at each step",
    statement=("The corrected average moves by the rate ", gamma),
    context=MOVING,
    left=corrected(T + 1),
    relation="=",
    right=LEFT * corrected(T) + gamma * w[T + 1],
    missing=("The newest counts more at first, since little has come in.",),
    instead="bias_correction.moving",
)
CONSTRUCT = Construct(
    name="bias_correction",
    title="Bias correction of a moving average",
    about=("An average starts at 0 and moves by the fraction ", gamma, " towards what comes in."),
    conventions=("the average starts at 0 and is divided by the sum of its coefficients",),
    source="Kingma, Ba, Adam, arXiv:1412.6980, section 3, (1) to (4)",
    claims=(
        Claim("bias", "Constants come out", (*_STEP, c, ". What is ", corrected(T), "?"), CONSTANT, corrected(T), bias,
              bias_oracle),
        Claim("from_0", "Too small at first", (*_STEP, c, ". Find ", a[T], "."), STARTED, a[T], from_0, from_0_oracle),
        Claim("moving", "Its rates", (*_STEP, w[t], ". What is ", corrected(T + 1), " after ", corrected(T), "?"),
              MOVING, corrected(T + 1), moving, moving_oracle),
        Claim("running", "A running loss", _RUNNING, LOSSES, COUNTED, running, running_oracle),
    ),
    refuted=(EARLY, TWICE),
)  # fmt: skip
