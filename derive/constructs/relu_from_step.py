r"""The ReLU by the step function, by the absolute value, and larger and smaller of two numbers by one another.

With the step $H$, which is 1 for x > 0 and 0 for x < 0, $\max(0, x) = x\,H$ whatever value c the step has at 0. Also
$\max(0, x) = \frac12 (x + |x|)$, $\min(0, x) = -\max(0, -x)$ and $\max(x, y) = \frac12 (x + y + |x - y|)$.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.3.1 (ReLU and absolute value); Bracewell, The
Fourier Transform and Its Applications, 3rd ed., chapter 4 (the step, its value at 0, the ramp).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Abs, Basic, Expr, Integer, Max

from derive.constructs.construct import Claim, Construct
from derive.constructs.relu_derivative import decided_extreme, extremes_decided, negative_part, positive_part
from derive.kernel.derivation import Derivation, Text
from derive.language import Cases, Condition, Context, Definition, array, declare, eq, ge, gt, lt
from derive.rules.algebra import definition, use_equation
from derive.rules.cases import regroup_cases
from derive.rules.combine import Conversion, at_part, attempt, by, by_cases, derived, everywhere, one_line, then, up_to
from derive.rules.pieces import settled

_x, _y, _c = declare("x", "real"), declare("y", "real"), declare("c", "real", "value of the step at 0")
x, y, c = _x.symbol, _y.symbol, _c.symbol
H = array("H")
STEP = Definition(H, (), Cases((1, gt(x, 0)), (c, eq(x, 0)), (0, lt(x, 0))))
STEPPED = Context((_x, _c), (), (STEP,))
ONE, TWO = Context((_x,)), Context((_x, _y))
LARGER = Max(x, y, evaluate=False)
ABOVE, AT, BELOW = gt(x, 0), eq(x, 0), lt(x, 0)


def case_by_case(target: Expr, cases: dict[Condition, Basic], *first: Conversion) -> Conversion:
    """The term as the target: in each case both come down to the same value, so that one line tells all cases.

    Args:
        target: What the term is in every case.
        cases: They cover everything, and no two overlap; with what is so in each, for the reader.
        first: What is done with the target before its absolute values and extremes are decided.
    """

    def inner(case: Condition) -> Conversion:
        last = (attempt(by(use_equation, x, Integer(0))),) if case == AT else ()
        down = then(*first, settled, everywhere(decided_extreme), *last)
        return then(extremes_decided, one_line(up_to(target, down), ("here ", cases[case])))

    why: Text = ("by which of ", x, " and ", y, " is larger") if ge(x, y) in cases else ("by the sign of ", x)
    same = by(regroup_cases, target, reason=("it is the same in every case",))
    return then(by_cases([(case, inner(case)) for case in cases], why), same)


def step() -> Derivation:
    """max(0, x) = x H."""
    here = {ABOVE: eq(H[()], 1), AT: AT, BELOW: eq(H[()], 0)}
    moves = case_by_case(x * H[()], here, at_part(H[()], by(definition)))
    return derived("relu_from_step.step", STEPPED, positive_part(x), moves)


def absolute() -> Derivation:
    """max(0, x) = (x + |x|)/2."""
    moves = case_by_case((x + Abs(x)) / 2, {ge(x, 0): eq(Abs(x), x), BELOW: eq(Abs(x), -x)})
    return derived("relu_from_step.absolute", ONE, positive_part(x), moves)


def smaller() -> Derivation:
    """min(0, x) = -max(0, -x)."""
    turned = positive_part(-x)
    moves = case_by_case(-turned, {ge(x, 0): eq(turned, 0), BELOW: eq(turned, -x)})
    return derived("relu_from_step.smaller", ONE, negative_part(x), moves)


def larger() -> Derivation:
    """max(x, y) = (x + y + |x - y|)/2."""
    apart = Abs(x - y)
    moves = case_by_case((x + y + apart) / 2, {ge(x, y): eq(apart, x - y), lt(x, y): eq(apart, y - x)})
    return derived("relu_from_step.larger", TWO, LARGER, moves)


def best(better: Any, *values: Any) -> Any:
    """One value after the other is kept if it is better than the one before."""
    kept = values[0]
    for value in values:
        if better(value, kept):
            kept = value
    return kept


def step_oracle(x: Fraction, c: Fraction) -> Any:
    """The larger of 0 and x; the value of the step does not matter."""
    return best(lambda new, old: new > old, 0, x)


def absolute_oracle(x: Fraction) -> Any:
    """The larger of 0 and x."""
    return best(lambda new, old: new > old, 0, x)


def smaller_oracle(x: Fraction) -> Any:
    """The smaller of 0 and x."""
    return best(lambda new, old: new < old, 0, x)


def larger_oracle(x: Fraction, y: Fraction) -> Any:
    """The larger of x and y."""
    return best(lambda new, old: new > old, x, y)


_STEP: Text = ("Let ", H[()], " be the step: 1 for ", ABOVE, ", 0 for ", BELOW, ", and any number ", c, " at 0. ")
_BY_STEP: Text = (*_STEP, "Write ", positive_part(x), " with it.")
_ABSOLUTE: Text = ("Write ", positive_part(x), " with the absolute value.")
_SMALLER: Text = ("Write ", negative_part(x), " with the larger of two numbers.")
_LARGER: Text = ("Write ", LARGER, " with an absolute value.")
CONSTRUCT = Construct(
    name="relu_from_step",
    title="The ReLU, the step and the absolute value",
    about=("The ReLU ", positive_part(x), " is written in other ways, and so are the larger and the smaller number."),
    conventions=("all numbers are real", "the value of the step at 0 is any number c"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.3.1; Bracewell, 3rd ed., chapter 4",
    claims=(
        Claim("step", "By the step", _BY_STEP, STEPPED, positive_part(x), step, step_oracle),
        Claim("absolute", "By the absolute value", _ABSOLUTE, ONE, positive_part(x), absolute, absolute_oracle),
        Claim("smaller", "The smaller by the larger", _SMALLER, ONE, negative_part(x), smaller, smaller_oracle),
        Claim("larger", "The larger of two numbers", _LARGER, TWO, LARGER, larger, larger_oracle),
    ),
)
