r"""Subgradients of functions with a kink: the slopes of lines through a point that nowhere pass above the function.

The function with slope b above 0 and slope a below, $g(t) = b \max(0, t) + a \min(0, t)$, has at 0 just the
subgradients $a \le v \le b$ (none for a > b): $g(h) \ge vh$ and $g(-h) \ge -vh$ say so for each step $h > 0$,
large or small. The ReLU has $[0, 1]$, the absolute value $[-1, 1]$. A program that takes 0, 1/2 or 1
for the derivative of the ReLU at 0 takes a subgradient.

Source: Rockafellar, Convex Analysis, 1970, section 23 (subgradients).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Abs, Expr, Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.relu_derivative import negative_part, positive_part
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Condition,
    Context,
    Indicator,
    all_of,
    between,
    declare,
    eq,
    ge,
    gt,
    le,
)
from derive.rules.combine import at_part, by, derived, then
from derive.rules.indicators import restate_indicator
from derive.rules.ranges import at_most

_v, _t, _h = declare("v", "real", "slope of a line"), declare("t", "real"), declare("h", "real", "step")
_a, _b = declare("a", "real", "slope below 0"), declare("b", "real", "slope above 0")
v, t, h, a, b = (d.symbol for d in (_v, _t, _h, _a, _b))
INSIDE = Context((_v, _t), (between(0, v, 1),))
STEP, SLOPES = Context((_v, _h), (gt(h, 0),)), Context((_v, _h, _a, _b), (gt(h, 0),))


def kink(u: Expr) -> Expr:
    """b max(0, u) + a min(0, u)."""
    return b * positive_part(u) + a * negative_part(u)


def below(above: Expr, under: Expr) -> Condition:
    """That the line of slope v does not pass above these values at h and -h."""
    return all_of(ge(above, v * h), ge(under, -v * h))


def relu_bound() -> Derivation:
    """v t <= max(0, t) for 0 <= v <= 1."""
    above = positive_part(t)
    first = at_part(t, by(at_most, above, reason=(le(t, above), " and ", ge(v, 0))))
    moves = then(first, at_part(v, by(at_most, Integer(1), reason=(le(v, 1), " and ", ge(above, 0)))))
    return derived("subgradients.relu_bound", INSIDE, v * t, moves)


def _slopes(name: str, context: Context, left: Condition, values: Condition, low: Any, high: Any) -> Derivation:
    known = by(restate_indicator, values, reason=("the values at ", h, " and ", -h))
    moves = then(known, by(restate_indicator, between(low, v, high), reason=("divide by ", gt(h, 0))))
    return derived(f"subgradients.{name}", context, Indicator(left), moves)


RELU_BELOW = below(positive_part(h), positive_part(-h))
ABS_BELOW = below(Abs(h), Abs(-h, evaluate=False))
KINK_BELOW = below(kink(h), kink(-h))


def relu() -> Derivation:
    """Just the slopes from 0 to 1."""
    return _slopes("relu", STEP, RELU_BELOW, below(h, Integer(0)), 0, 1)


def absolute() -> Derivation:
    """Just the slopes from -1 to 1."""
    return _slopes("absolute", STEP, ABS_BELOW, below(h, h), -1, 1)


def two_slopes() -> Derivation:
    """Just the slopes from a to b."""
    return _slopes("two_slopes", SLOPES, KINK_BELOW, below(b * h, -a * h), a, b)


def relu_bound_oracle(v: Fraction, t: Fraction) -> Fraction:
    """The line at t, climbed or descended unit by unit, the last one in part."""
    height, rest = Fraction(0), abs(t)
    for _ in range(int(abs(t)) + 1):
        part = min(rest, Fraction(1))
        height, rest = height + (v * part if t > 0 else -v * part), rest - part
    return height


def _allowed(function: Callable[[Any], Any], v: Any, h: Any) -> int:
    """Whether the line of slope v is nowhere above the function, looked at on both sides."""
    return int(all(function(place) >= v * place for place in (h, -h)))


def relu_oracle(v: Fraction, h: Fraction) -> int:
    """For the function that is 0 but for positive numbers."""
    return _allowed(lambda place: place if place > 0 else 0, v, h)


def absolute_oracle(v: Fraction, h: Fraction) -> int:
    """For the distance from 0."""
    return _allowed(lambda place: place if place > 0 else -place, v, h)


def two_slopes_oracle(v: Fraction, h: Fraction, a: Fraction, b: Fraction) -> int:
    """For two slopes."""
    return _allowed(lambda place: b * place if place > 0 else a * place, v, h)


_LINE: Text = ("Let ", between(0, v, 1), ". Compare the line ", v * t, " with ", positive_part(t), ".")
_BOTH: Text = ("Let ", gt(h, 0), ". For which slopes ", v, " is the line through 0 not above ")
_RELU: Text = (*_BOTH, positive_part(t), " at ", eq(t, h), " and ", eq(t, -h), "?")
_ABSOLUTE: Text = (*_BOTH, Abs(t), " at ", eq(t, h), " and ", eq(t, -h), "?")
_SLOPES: Text = (*_BOTH, kink(t), " at ", eq(t, h), " and ", eq(t, -h), "?")
CONSTRUCT = Construct(
    name="subgradients",
    title="Subgradients",
    about=(
        "A slope is a subgradient of a convex function at a place if its line there is nowhere above the function.",
    ),
    conventions=("all numbers are real", "indices from 1"),
    source="Rockafellar, Convex Analysis, 1970, section 23",
    claims=(
        Claim("relu_bound", "Lines below the ReLU", _LINE, INSIDE, v * t, relu_bound, relu_bound_oracle),
        Claim("relu", "ReLU", _RELU, STEP, Indicator(RELU_BELOW), relu, relu_oracle),
        Claim("absolute", "Absolute value", _ABSOLUTE, STEP, Indicator(ABS_BELOW), absolute, absolute_oracle),
        Claim("two_slopes", "Two slopes", _SLOPES, SLOPES, Indicator(KINK_BELOW), two_slopes, two_slopes_oracle),
    ),
)
