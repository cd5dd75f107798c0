r"""The ReLU and its kink: difference quotients, exactly and not only in the limit.

For $x \ne 0$ the quotient $(\max(0, x + h) - \max(0, x))/h$ is 1 or 0 by the sign of x alone, as soon as h is no larger
than x: $0 < |h| \le |x|$. At 0 it is 1 for every h > 0 and 0 for every h < 0, so the one-sided derivatives are 1 and 0,
and there is no derivative. With a slope a below 0, $\max(0, x) + a \min(0, x)$, the quotients are 1 and a.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.3 (one-sided derivatives of the ReLU); He, Zhang,
Ren, Sun, Delving Deep into Rectifiers, 2015, arXiv:1502.01852, section 2.1, (1) and the line below it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Abs, Expr, Integer, Max, Min

from derive.constructs.construct import Claim, Construct
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation, Step, Text
from derive.language import Context, declare, gt, le, lt, ne
from derive.rules.algebra import algebra, largest, smallest
from derive.rules.combine import Conversion, Moves, by, by_cases, derived, everywhere, listed, one_line, then

_x, _h, _a = declare("x", "real"), declare("h", "real", "step"), declare("a", "real", "slope below 0")
x, h, a = _x.symbol, _h.symbol, _a.symbol


def positive_part(u: Expr) -> Expr:
    """max(0, u), as it is written."""
    return Max(0, u, evaluate=False)


def negative_part(u: Expr) -> Expr:
    """min(0, u), as it is written."""
    return Min(0, u, evaluate=False)


def leaky_part(u: Expr) -> Expr:
    """max(0, u) + a min(0, u)."""
    return positive_part(u) + a * negative_part(u)


SMALL, STEP = (ne(h, 0), le(Abs(h), Abs(x))), (ne(h, 0),)
AWAY, KINK = Context((_x, _h), SMALL), Context((_h,), STEP)
LEAKY_AWAY, LEAKY_KINK = Context((_x, _h, _a), SMALL), Context((_h, _a), STEP)
QUOTIENT = (positive_part(x + h) - positive_part(x)) / h
LEAKY = (leaky_part(x + h) - leaky_part(x)) / h
AT_0, LEAKY_AT_0 = positive_part(h) / h, leaky_part(h) / h


def decided_extreme(context: Context, term: Expr) -> Moves:
    """The larger or smaller of two terms, where it is known which one that is.

    Fails: the term is no maximum or minimum; it is not known.
    """
    law = largest if isinstance(term, Max) else smallest
    for choice in term.args if isinstance(term, (Max, Min)) else ():
        step = law(context, term, choice)
        if all(context.entails(c) is True for c in step.conditions):
            return (step,)
    raise RuleDoesNotApply("which argument {} is, is not known", term)


def extremes_decided(context: Context, term: Expr) -> Moves:
    """All of them in one line, told with what decides each."""
    moves = everywhere(decided_extreme)(context, term)
    why = dict.fromkeys(c for move in moves if isinstance(move, Step) for c in move.conditions)
    return one_line(lambda _, __: moves, listed(list(why)))(context, term)


def by_sign(of: Expr, above: Expr, below: Expr) -> Conversion:
    """Every maximum and minimum decided by the sign of this term, which is not 0; the two values that are left."""

    def worked_out(value: Expr) -> Conversion:
        return then(extremes_decided, up_to_value(value))

    return by_cases([(gt(of, 0), worked_out(above)), (lt(of, 0), worked_out(below))], ("by the sign of ", of))


def up_to_value(value: Expr) -> Conversion:
    """The line as the value, if it is not there yet."""
    return lambda context, term: () if term == value else by(algebra, value, reason=("work out",))(context, term)


def away() -> Derivation:
    """1 for x > 0, 0 for x < 0."""
    return derived("relu_derivative.away", AWAY, QUOTIENT, by_sign(x, Integer(1), Integer(0)))


def kink() -> Derivation:
    """1 for h > 0, 0 for h < 0."""
    return derived("relu_derivative.kink", KINK, AT_0, by_sign(h, Integer(1), Integer(0)))


def leaky_away() -> Derivation:
    """1 for x > 0, a for x < 0."""
    return derived("relu_derivative.leaky_away", LEAKY_AWAY, LEAKY, by_sign(x, Integer(1), a))


def leaky_kink() -> Derivation:
    """1 for h > 0, a for h < 0."""
    return derived("relu_derivative.leaky_kink", LEAKY_KINK, LEAKY_AT_0, by_sign(h, Integer(1), a))


def slope_between(function: Any, x: Any, h: Any) -> Any:
    """The values at both places, one after the other, and their difference divided by the step."""
    before, after = (function(place) for place in (x, x + h))
    return (after - before) / h


def oracle(x: Fraction, h: Fraction) -> Any:
    """For the function that is 0 but for positive numbers."""
    return slope_between(lambda v: v if v > 0 else v * 0, x, h)


def kink_oracle(h: Fraction) -> Any:
    """The same from 0 on."""
    return oracle(Fraction(0), h)


def leaky_oracle(x: Fraction, h: Fraction, a: Fraction) -> Any:
    """For the function with two slopes."""
    return slope_between(lambda v: v if v > 0 else a * v, x, h)


def leaky_kink_oracle(h: Fraction, a: Fraction) -> Any:
    """The same from 0 on."""
    return leaky_oracle(Fraction(0), h, a)


def _claim(name: str, title: str, words: Text, context: Context, left: Expr, derive: Any, brute_force: Any) -> Claim:
    return Claim(name, title, (*words, "Find ", left, "."), context, left, derive, brute_force)


_STEP: Text = ("Let ", ne(h, 0), " be a step that is no larger than ", x, ": ", SMALL[1], ". ")
_KINK: Text = ("The value at 0 is 0; so divide that at ", h, " by the step. Let ", ne(h, 0), ". ")
CONSTRUCT = Construct(
    name="relu_derivative",
    title="Difference quotients of the ReLU",
    about=("The ReLU ", positive_part(x), ", and ", leaky_part(x), ", which has the slope ", a, " below 0."),
    conventions=("statements are exact for each step h, no limit is taken", "a is any real number"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.3; He et al., 2015, arXiv:1502.01852, (1)",
    claims=(
        _claim("away", "Away from 0", _STEP, AWAY, QUOTIENT, away, oracle),
        _claim("kink", "At 0: unlike values on the two sides", _KINK, KINK, AT_0, kink, kink_oracle),
        _claim("leaky_away", "Leaky ReLU, away from 0", _STEP, LEAKY_AWAY, LEAKY, leaky_away, leaky_oracle),
        _claim("leaky_kink", "Leaky ReLU, at 0", _KINK, LEAKY_KINK, LEAKY_AT_0, leaky_kink, leaky_kink_oracle),
    ),
)
