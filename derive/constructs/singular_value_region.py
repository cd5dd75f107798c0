r"""From where singular values come to 1 under a Newton-Schulz step, $p(\sigma) = \tfrac12 (3\sigma - \sigma^3)$.

For positive $\sigma$ the next value is positive just where $\sigma^2 < 3$, and since
$1 - p(\sigma) = \tfrac12 (1 - \sigma)^2 (\sigma + 2)$ it is at most 1 just where $\sigma \ge -2$. So from anywhere in
$0 < \sigma < \sqrt 3$ all following values lie in $(0, 1]$, where they grow. The values that stay are 0, 1 and -1.

Source: Higham, Functions of Matrices, 2008, section 8.3, (8.20), and theorem 8.3 (errors are squared).
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.singular_values import _s, following, s, stepped
from derive.kernel.derivation import Derivation, Text
from derive.language import Condition, Context, Indicator, any_of, eq, ge, gt, le, lt
from derive.rules.combine import by, derived, then
from derive.rules.indicators import restate_indicator

ANY, POSITIVE = Context((_s,)), Context((_s,), (gt(s, 0),))
STAYS, REMAINS_POSITIVE, BELOW = eq(stepped(s), s), gt(stepped(s), 0), le(stepped(s), 1)


def _restated(name: str, context: Context, left: Expr, *steps: tuple[Condition, Text]) -> Derivation:
    moves = then(*(by(restate_indicator, condition, reason=why) for condition, why in steps))
    return derived(f"singular_value_region.{name}", context, left, moves)


def positive() -> Derivation:
    """Just for s**2 < 3."""
    return _restated("positive", POSITIVE, Indicator(REMAINS_POSITIVE), (lt(s**2, 3), ("divide by ", s / 2)))


def below_one() -> Derivation:
    """Just for s >= -2."""
    factored: Text = ("take ", stepped(s), " to the other side and factor")
    alone: Text = ("a square is at least 0, this one is 0 for ", eq(s, 1), " alone")
    steps = (ge((1 - s) ** 2 * (s + 2) / 2, 0), factored), (ge(s, -2), alone)
    return _restated("below_one", ANY, Indicator(BELOW), *steps)


def fixed() -> Derivation:
    """Just 0, 1 and -1."""
    factored: Text = ("twice the difference, factored",)
    roots = any_of(eq(s, 0), eq(s, 1), eq(s, -1))
    steps = (eq(s * (1 - s) * (1 + s), 0), factored), (roots, ("a factor is 0",))
    return _restated("fixed", ANY, Indicator(STAYS), *steps)


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
    instead="singular_value_region.positive",
)
CONSTRUCT = Construct(
    name="singular_value_region",
    title="Singular values that come to 1",
    about=("A step takes each singular value to another, ", s, " to ", stepped(s), "; the aim is 1."),
    conventions=("all numbers are real",),
    source="Higham, Functions of Matrices, 2008, section 8.3, (8.20)",
    claims=(
        Claim("positive", "Where values stay positive", ("For which ", gt(s, 0), " is the next value positive?"),
              POSITIVE, Indicator(REMAINS_POSITIVE), positive, positive_oracle),
        Claim("below_one", "Where 1 is not passed", ("For which ", s, " is the next value at most 1?",), ANY,
              Indicator(BELOW), below_one, below_one_oracle),
        Claim("fixed", "Values that stay", ("Which values stay as they are?",), ANY, Indicator(STAYS), fixed,
              fixed_oracle),
    ),
    refuted=(SIGN,),
)  # fmt: skip
