r"""How fast singular values near 1 under a Newton-Schulz step, $p(\sigma) = \tfrac12 (3\sigma - \sigma^3)$.

$1 - p(\sigma) = \tfrac12 (1 - \sigma)^2 (\sigma + 2)$. So an error $e = 1 - \sigma$ becomes
$\tfrac12 e^2 (3 - e) \le \tfrac32 e^2$ for $e \ge 0$: the order of convergence is 2. Between 0 and 1 the values grow.
From where they get there is `singular_value_region`.

Source: Higham, Functions of Matrices, 2008, section 8.3, (8.20), and theorem 8.3 (errors are squared).
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Context,
    Definition,
    array,
    between,
    declare,
    eq,
    ge,
)
from derive.rules.algebra import algebra, definition
from derive.rules.combine import at_part, by, derived, then
from derive.rules.ranges import at_least, at_most

_s, _e = declare("s", "real", "a singular value"), declare("e", "real", "how far it is below 1")
s, e = _s.symbol, _e.symbol


def stepped(of: Expr) -> Expr:
    """(3 s - s**3)/2."""
    return (3 * of - of**3) / 2


p = array("p")
NEXT = Context((_s,), (), (Definition(p, (), stepped(s)),))
SMALL = Context((_e,), (ge(e, 0),), (Definition(p, (), stepped(1 - e)),))
UNIT = Context((_s,), (between(0, s, 1),))
STEP = at_part(p[()], by(definition, reason=("insert the step",)))


def error() -> Derivation:
    """1 - p(s) = (1 - s)**2 (s + 2)/2."""
    factored = by(algebra, (1 - s) ** 2 * (s + 2) / 2, reason=("factor",))
    return derived("singular_values.error", NEXT, 1 - p[()], then(STEP, factored))


def order() -> Derivation:
    """1 - p(1 - e) = e**2 (3 - e)/2 <= 3 e**2/2."""
    factored = by(algebra, e**2 * (3 - e) / 2, reason=("factor",))
    bound = by(at_most, 3 * e**2 / 2, reason=(ge(e, 0),))
    return derived("singular_values.order", SMALL, 1 - p[()], then(STEP, factored, bound))


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
_ORDER: Text = ("Let ", eq(s, 1 - e), " with ", ge(e, 0), ". Bound the next error from above.")
CONSTRUCT = Construct(
    name="singular_values",
    title="Singular values under a Newton-Schulz step",
    about=("A step takes each singular value to another, ", s, " to ", stepped(s), "; the aim is 1."),
    conventions=("all numbers are real",),
    source="Higham, Functions of Matrices, 2008, section 8.3, (8.20)",
    claims=(
        Claim("error", "The error", ("How far is the next value ", p[()], " from 1?"), NEXT, 1 - p[()],
              error, error_oracle),
        Claim("order", "The order of convergence", _ORDER, SMALL,
              1 - p[()], order, order_oracle),
        Claim("grows", "Upwards to 1", ("Compare the next value with ", s, " for ", between(0, s, 1), "."), UNIT,
              stepped(s), grows, following),
    ),
    refuted=(HALVED,),
)  # fmt: skip
