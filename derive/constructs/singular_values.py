r"""Singular values under a Newton-Schulz step, $p(\sigma) = \tfrac12 (3\sigma - \sigma^3)$, and how fast they near 1.

$1 - p(\sigma) = \tfrac12 (1 - \sigma)^2 (\sigma + 2)$, so for $\sigma \ge -2$ no value passes 1, and for positive
$\sigma$ the next one is positive just where $\sigma^2 < 3$: from anywhere in $0 < \sigma < \sqrt 3$ all following
values lie in $(0, 1]$. There they grow, and an error $e = 1 - \sigma$ becomes $\tfrac12 e^2 (3 - e) \le \tfrac32 e^2$:
the order of convergence is 2. The values that stay are 0, 1 and -1.

Source: Higham, Functions of Matrices, 2008, section 8.3, (8.20), and theorem 8.3 (errors are squared).
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import Condition, Context, Indicator, any_of, between, declare, eq, ge, gt, le, lt
from derive.rules.algebra import algebra
from derive.rules.combine import by, derived, then
from derive.rules.indicators import restate_indicator
from derive.rules.ranges import at_least, at_most

_s, _e = declare("s", "real", "a singular value"), declare("e", "real", "how far it is below 1")
s, e = _s.symbol, _e.symbol


def stepped(of: Expr) -> Expr:
    """(3 s - s**3)/2."""
    return (3 * of - of**3) / 2


ANY, POSITIVE = Context((_s,)), Context((_s,), (gt(s, 0),))
SMALL = Context((_e,), (ge(e, 0),))
UNIT = Context((_s,), (between(0, s, 1),))
STAYS, REMAINS_POSITIVE, BELOW = eq(stepped(s), s), gt(stepped(s), 0), le(stepped(s), 1)


def error() -> Derivation:
    """1 - p(s) = (1 - s)**2 (s + 2)/2."""
    factored = by(algebra, (1 - s) ** 2 * (s + 2) / 2, reason=("factor",))
    return derived("singular_values.error", ANY, 1 - stepped(s), factored)


def order() -> Derivation:
    """1 - p(1 - e) = e**2 (3 - e)/2 <= 3 e**2/2."""
    factored = by(algebra, e**2 * (3 - e) / 2, reason=("factor",))
    bound = by(at_most, 3 * e**2 / 2, reason=(ge(e, 0),))
    return derived("singular_values.order", SMALL, 1 - stepped(1 - e), then(factored, bound))


def _restated(name: str, context: Context, left: Expr, *steps: tuple[Condition, Text]) -> Derivation:
    moves = then(*(by(restate_indicator, condition, reason=why) for condition, why in steps))
    return derived(f"singular_values.{name}", context, left, moves)


def positive() -> Derivation:
    """Just for s**2 < 3."""
    return _restated("positive", POSITIVE, Indicator(REMAINS_POSITIVE), (lt(s**2, 3), ("divide by ", s / 2)))


def below_one() -> Derivation:
    """Just for s >= -2."""
    factored: Text = ("take ", stepped(s), " to the other side and factor")
    steps = (ge((1 - s) ** 2 * (s + 2) / 2, 0), factored), (ge(s, -2), ("the square is 0 for ", eq(s, 1), " alone"))
    return _restated("below_one", ANY, Indicator(BELOW), *steps)


def fixed() -> Derivation:
    """Just 0, 1 and -1."""
    factored: Text = ("twice the difference, factored",)
    roots = any_of(eq(s, 0), eq(s, 1), eq(s, -1))
    steps = (eq(s * (1 - s) * (1 + s), 0), factored), (roots, ("a factor is 0",))
    return _restated("fixed", ANY, Indicator(STAYS), *steps)


def grows() -> Derivation:
    """p(s) >= s for 0 <= s <= 1."""
    split = by(algebra, s + s * (1 - s) * (1 + s) / 2, reason=("what is added",))
    return derived("singular_values.grows", UNIT, stepped(s), then(split, by(at_least, s, reason=(between(0, s, 1),))))


def following(s: Fraction) -> Fraction:
    """The next value, the cube multiplied out."""
    cube = Fraction(1)
    for _ in range(3):
        cube = cube * s
    return Fraction(3, 2) * s - Fraction(1, 2) * cube


def error_oracle(s: Fraction) -> Fraction:
    """How far the next value is below 1."""
    return 1 - following(s)


def order_oracle(e: Fraction) -> Fraction:
    """The same, from a value that is e below 1."""
    return 1 - following(1 - e)


def positive_oracle(s: Fraction) -> int:
    """Looked at."""
    return int(following(s) > 0)


def below_one_oracle(s: Fraction) -> int:
    """Looked at."""
    return int(following(s) <= 1)


def fixed_oracle(s: Fraction) -> int:
    """Looked at."""
    return int(following(s) == s)


SIGN = Refuted(
    name="keeps_its_sign",
    title="Convergence from everywhere",
    statement=("The next value has the sign of ", s),
    context=ANY,
    left=s * stepped(s),
    relation=">=",
    right=Integer(0),
    missing=("Beyond the root of 3 the cube is the larger part, and the value changes its sign.",),
    instead="singular_values.positive",
)
HALVED = Refuted(
    name="error_is_squared",
    title="The constant of the order",
    statement=("The next error is at most the square of the error",),
    context=Context((_e,), (between(0, e, 1),)),
    left=1 - stepped(1 - e),
    relation="<=",
    right=e**2,
    missing=("It is ", e**2 * (3 - e) / 2, ", for small errors half as much again."),
    instead="singular_values.order",
)
_STEP: Text = ("A step takes ", s, " to ", stepped(s), ". ")
CONSTRUCT = Construct(
    name="singular_values",
    title="Singular values under a Newton-Schulz step",
    about=("A step takes each singular value to another, ", s, " to ", stepped(s), "; the aim is 1."),
    conventions=("all numbers are real",),
    source="Higham, Functions of Matrices, 2008, section 8.3, (8.20)",
    claims=(
        Claim("error", "The error", ("How far is the next value from 1?",), ANY, 1 - stepped(s), error, error_oracle),
        Claim("order", "The order of convergence", ("Let ", eq(s, 1 - e), ". Bound the next error."), SMALL,
              1 - stepped(1 - e), order, order_oracle),
        Claim("positive", "Where values stay positive", ("For which ", gt(s, 0), " is the next value positive?"),
              POSITIVE, Indicator(REMAINS_POSITIVE), positive, positive_oracle),
        Claim("below_one", "Where 1 is not passed", ("For which ", s, " is the next value at most 1?",), ANY,
              Indicator(BELOW), below_one, below_one_oracle),
        Claim("fixed", "Values that stay", ("Which values stay as they are?",), ANY, Indicator(STAYS), fixed,
              fixed_oracle),
        Claim("grows", "Upwards to 1", ("Compare the next value with ", s, " for ", between(0, s, 1), "."), UNIT,
              stepped(s), grows, following),
    ),
    refuted=(SIGN, HALVED),
)  # fmt: skip
