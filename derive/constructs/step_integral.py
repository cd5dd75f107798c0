r"""The ReLU as an integral of the step, and the integral of the ReLU.

Let H be 1 for t > 0, 0 for t < 0 and any number c at 0. From a lower end $a \le 0$, $a \le x$ on, which may lie as far
to the left as one likes since H is 0 there, $\int_a^x H(t)\,dt = \max(0, x)$: the ReLU is the antiderivative of the
step that is 0 on the left, whatever the value of the step at 0. Integrated once more it is $\max(0, x)^2/2$.

Source: Bracewell, The Fourier Transform and Its Applications, 3rd ed., chapter 4 (the step, the ramp); Rudin,
Principles of Mathematical Analysis, 3rd ed., theorems 6.12 and 6.21.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.relu_derivative import positive_part
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Indicator, Integral, all_of, declare, eq, gt, le, lt, real
from derive.rules.cases import regroup_cases
from derive.rules.combine import Conversion, at_part, by, by_cases, derived, everywhere, one_line, then
from derive.rules.integrals import by_antiderivative, integral_of_constant, same_inside, split_integral

_x, _a = declare("x", "real"), declare("a", "real", "lower end")
_c = declare("c", "real", "value of the step at 0")
x, a, c, t = _x.symbol, _a.symbol, _c.symbol, real("t")
ENDS = (le(a, 0), le(a, x))
STEPPED, RAMP = Context((_a, _x, _c), ENDS), Context((_a, _x), ENDS)
STEP = Indicator(gt(t, 0)) + c * Indicator(eq(t, 0))
OF_STEP, OF_RAMP = Integral(STEP, t, a, x), Integral(positive_part(t), t, a, x)


def _known(low: Expr, high: Expr, whole: Integral, value: Expr) -> Conversion:
    """On this part of the range the integrand is the value, but at single places."""
    part = Integral(whole.body, t, low, high)
    return at_part(part, by(same_inside, value, reason=("for ", all_of(lt(low, t), lt(t, high)))))


def _halves(whole: Integral, left: Expr, right: Expr) -> Conversion:
    """The range split at 0, and what the integrand is on both sides."""
    zero = Integer(0)
    told = then(_known(a, zero, whole, left), _known(zero, x, whole, right))
    why: Text = (left, " on the left of 0 and ", right, " on the right")
    return then(by(split_integral, zero, reason=("split at ", eq(t, 0))), one_line(told, why))


def step() -> Derivation:
    """max(0, x)."""
    zero, one = Integer(0), Integer(1)
    constants = everywhere(by(integral_of_constant))
    above = then(_halves(OF_STEP, zero, one), one_line(constants, ("integrals of constants",)))
    below = then(_known(a, x, OF_STEP, zero), one_line(constants, ("the integral of a constant",)))
    same = by(regroup_cases, positive_part(x), reason=("it is the same in every case",))
    moves = then(by_cases([(gt(x, 0), above), (le(x, 0), below)], ("by the sign of ", x)), same)
    return derived("step_integral.step", STEPPED, OF_STEP, moves)


def ramp() -> Derivation:
    """max(0, x)^2/2."""
    zero, square = Integer(0), positive_part(x) ** 2 / 2
    constants = everywhere(by(integral_of_constant))
    powers = everywhere(by(by_antiderivative, t**2 / 2))
    rest = one_line(then(constants, powers), ("the antiderivative ", t**2 / 2))
    above = then(_halves(OF_RAMP, zero, t), rest)
    below = then(_known(a, x, OF_RAMP, zero), one_line(constants, ("the integral of a constant",)))
    same = by(regroup_cases, square, reason=("it is the same in every case",))
    moves = then(by_cases([(gt(x, 0), above), (le(x, 0), below)], ("by the sign of ", x)), same)
    return derived("step_integral.ramp", RAMP, OF_RAMP, moves)


def summed(function: Any, parts: int, low: Fraction, high: Fraction) -> Any:
    """Heights in the middle of short intervals times their widths: exact where the function is straight on each."""
    total, zero = Fraction(0), Fraction(0)
    for start, end in ((min(low, zero), min(high, zero)), (max(low, zero), max(high, zero))):
        places = [start + (end - start) * (2 * k + 1) / (2 * parts) for k in range(parts)]
        total += sum((function(place) for place in places), Fraction(0)) * (end - start) / parts
    return total


def step_oracle(a: Fraction, x: Fraction, c: Fraction) -> Any:
    """Heights of the step in the middle of short intervals, times their widths."""
    return summed(lambda t: 1 if t > 0 else 0 if t < 0 else c, 3, a, x)


def ramp_oracle(a: Fraction, x: Fraction) -> Any:
    """The same for what is 0 but for positive numbers: exact, since it is straight on each interval."""
    return summed(lambda t: t if t > 0 else 0, 4, a, x)


_STEPPED: Text = ("Let ", le(a, 0), " and ", le(a, x), "; the step is any number ", c, " at 0. Find ", OF_STEP, ".")
_RAMP: Text = ("Let ", le(a, 0), " and ", le(a, x), ". Find ", OF_RAMP, ".")
CONSTRUCT = Construct(
    name="step_integral",
    title="The ReLU as an integral",
    about=("The step is integrated from ", a, " to ", x, ", and so is the ReLU."),
    conventions=("all numbers are real", "the value of the step at 0 is any number c"),
    source="Bracewell, The Fourier Transform and Its Applications, 3rd ed., chapter 4; Rudin, 3rd ed., chapter 6",
    claims=(
        Claim("step", "The integral of the step", _STEPPED, STEPPED, OF_STEP, step, step_oracle),
        Claim("ramp", "The integral of the ReLU", _RAMP, RAMP, OF_RAMP, ramp, ramp_oracle),
    ),
)
