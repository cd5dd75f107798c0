r"""The joints of a threshold with powers: difference quotients of the function and of its derivative, exactly.

The function is 0 on $|y| \le T$, $(y - T)^p$ above and $(y + T)^q$ below. From T to T + h its difference quotient is
$h^{p-1}$ for h > 0 and 0 for $-2T \le h < 0$: for p = 1 the two sides differ by 1 whatever h is, for $p \ge 2$ both
tend to 0 with h. Let $f'$ be the derivative outside and 0 on $|y| \le T$; its difference quotient is $p h^{p-2}$ and 0,
which is 2 and 0 for p = 2. At -T it is the same with q, for steps of the other sign; for q = 3 it is 3h and 0.

Source: Rudin, Principles of Mathematical Analysis, 3rd ed., definition 5.1 (difference quotient).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.relu_derivative import up_to_value
from derive.constructs.soft_threshold import ABOVE, BELOW, BETWEEN, POWERS, THRESHOLD, T, j, p, pieces, q, thresholded
from derive.constructs.soft_threshold import value as threshold_of
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, declare, eq, ge, gt, le, lt, ne
from derive.language.numbers import slope
from derive.rules.algebra import definition
from derive.rules.cases import select_case
from derive.rules.combine import Conversion, at_part, by, by_cases, derived, one_line, then

_h = declare("h", "real", "step")
h = _h.symbol
y, f, df = (array(name, (0, 1)) for name in ("y", "f", "f'"))
FUNCTION = thresholded(f, y)
DERIVATIVE = Definition(df, (j,), pieces(y[j], p * (y[j] - T) ** (p - 1), q * (y[j] + T) ** (q - 1)))


def _joint(place: Expr, function: Definition) -> Context:
    """The function at T or -T and one step h further, which is not beyond the other joint."""
    near = le(-2 * T, h) if place == T else le(h, 2 * T)
    return Context((THRESHOLD, _h, *POWERS), (ge(T, 0), ne(h, 0), near), (Definition(y, (j,), place + j * h), function))


UPPER, LOWER, NEXT_UPPER, NEXT_LOWER = (_joint(place, what) for what in (FUNCTION, DERIVATIVE) for place in (T, -T))
QUOTIENT, NEXT_QUOTIENT = (f[1] - f[0]) / h, (df[1] - df[0]) / h


def _quotient(name: str, context: Context, left: Expr, outside: Expr) -> Derivation:
    """By the sign of the step: on which piece its end lies, and the value there."""
    out = df if left == NEXT_QUOTIENT else f
    up, down = (ABOVE, BETWEEN) if context in (UPPER, NEXT_UPPER) else (BETWEEN, BELOW)

    def inserted(number: int, piece: int) -> Conversion:
        place = () if piece == BETWEEN else (at_part(y[number], by(definition)),)
        return then(at_part(out[number], then(by(definition), by(select_case, piece))), *place)

    def side(piece: int) -> Conversion:
        told = one_line(then(inserted(0, BETWEEN), inserted(1, piece)), ("definitions of ", out, " and ", y))
        return then(told, up_to_value(Integer(0) if piece == BETWEEN else outside))

    moves = by_cases([(gt(h, 0), side(up)), (lt(h, 0), side(down))], ("by the sign of ", h))
    return derived(f"threshold_joints.{name}", context, left, moves)


def upper() -> Derivation:
    """h^(p - 1) and 0."""
    return _quotient("upper", UPPER, QUOTIENT, h ** (p - 1))


def lower() -> Derivation:
    """0 and h^(q - 1)."""
    return _quotient("lower", LOWER, QUOTIENT, h ** (q - 1))


def derivative_upper() -> Derivation:
    """p h^(p - 2) and 0."""
    return _quotient("derivative_upper", NEXT_UPPER, NEXT_QUOTIENT, p * h ** (p - 2))


def derivative_lower() -> Derivation:
    """0 and q h^(q - 2)."""
    return _quotient("derivative_lower", NEXT_LOWER, NEXT_QUOTIENT, q * h ** (q - 2))


def _derivative_of(y: Fraction, T: Fraction, p: int, q: int) -> Any:
    """The slope of the function outside, 0 from -T to T."""
    return slope(lambda v: threshold_of(v, T, p, q), y) if abs(y) > T else Fraction(0)


def _between(function: Any, y: Fraction, h: Fraction) -> Any:
    """The values at both places, one after the other, and their difference divided by the step."""
    before, after = (function(place) for place in (y, y + h))
    return (after - before) / h


def upper_oracle(T: Fraction, h: Fraction, p: int, q: int) -> Any:
    """From T on."""
    return _between(lambda place: threshold_of(place, T, p, q), T, h)


def lower_oracle(T: Fraction, h: Fraction, p: int, q: int) -> Any:
    """From -T on."""
    return _between(lambda place: threshold_of(place, T, p, q), -T, h)


def derivative_upper_oracle(T: Fraction, h: Fraction, p: int, q: int) -> Any:
    """From T on, for the derivative."""
    return _between(lambda place: _derivative_of(place, T, p, q), T, h)


def derivative_lower_oracle(T: Fraction, h: Fraction, p: int, q: int) -> Any:
    """From -T on, for the derivative."""
    return _between(lambda place: _derivative_of(place, T, p, q), -T, h)


def _claim(name: str, title: str, context: Context, derive: Any, oracle: Any) -> Claim:
    place, function = context.definitions
    ends = (eq(y[0], place.at((Integer(0),))), " to ", eq(y[1], place.at((Integer(1),))))
    asked: Text = ("Let ", eq(function.array[j], function.body), *(() if function is FUNCTION else _NEXT), ". ")
    asked = (*asked, "Find the difference quotient from ", *ends, ", which is not beyond the other joint.")
    return Claim(name, title, asked, context, QUOTIENT if function is FUNCTION else NEXT_QUOTIENT, derive, oracle)


_NEXT: Text = (", the derivative of the threshold with the powers ", p, " and ", q, " above and below, 0 between")
CONSTRUCT = Construct(
    name="threshold_joints",
    title="The joints of a threshold with powers",
    about=("The function is 0 from ", -T, " to ", T, ", and from there on, on both sides, a power of the distance."),
    conventions=("T is at least 0, p and q are at least 1", "statements are exact for each step h, no limit is taken"),
    source="Rudin, Principles of Mathematical Analysis, 3rd ed., definition 5.1",
    claims=(
        _claim("upper", "At the upper joint", UPPER, upper, upper_oracle),
        _claim("lower", "At the lower joint", LOWER, lower, lower_oracle),
        _claim("derivative_upper", "Derivative, upper joint", NEXT_UPPER, derivative_upper, derivative_upper_oracle),
        _claim("derivative_lower", "Derivative, lower joint", NEXT_LOWER, derivative_lower, derivative_lower_oracle),
    ),
)
