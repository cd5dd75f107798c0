r"""How smooth a threshold with powers is: difference quotients of its k-th derivative at a joint, for every k.

Let $F_k$ be the k-th derivative off the joints (`threshold_derivatives`) and 0 at them, $T > 0$. At T its difference
quotient is $\frac{p!}{(p-k)!} h^{p-k-1}$ for h > 0 and 0 for h < 0. For $k \le p - 2$ both tend to 0, so that
$F_{k+1}$ is its derivative at T as well; for $k = p - 1$ they are $p!$ and 0, whatever h is. With q it is the same at
-T. So the function is in $C^{m-1}$ with $m = \min(p, q)$, and its derivative of order m does not exist at one of the
joints. (For T = 0 and p = q it is a power of y, which has all derivatives.)

Source: Rudin, Principles of Mathematical Analysis, 3rd ed., definitions 5.1 and 5.14.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.relu_derivative import up_to_value
from derive.constructs.soft_threshold import ABOVE, BELOW, BETWEEN, POWERS, THRESHOLD, T, j, p, q
from derive.constructs.threshold_derivatives import derivative_at, derivatives
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Condition,
    Context,
    Definition,
    array,
    declare,
    eq,
    gt,
    le,
    lt,
    ne,
)
from derive.language.counting import Factorial
from derive.rules.algebra import definition
from derive.rules.cases import select_case
from derive.rules.combine import Conversion, at_part, by, by_cases, derived, one_line, then

_k, _h = declare("k", "natural", "order of the derivative"), declare("h", "real", "step")
k, h = _k.symbol, _h.symbol
y, G = array("y", (0, 1)), array("F", (0, 1))
QUOTIENT = (G[1] - G[0]) / h


def _joint(place: Expr, order: Expr, *known: Condition) -> Context:
    """The derivative at T or -T and one step h further, which is not beyond the other joint."""
    near = le(-2 * T, h) if place == T else le(h, 2 * T)
    symbols = (THRESHOLD, _h, *POWERS, *((_k,) if order == k else ()))
    ends = Definition(y, (j,), place + j * h)
    return Context(symbols, (gt(T, 0), ne(h, 0), near, *known), (ends, derivatives(G, y, order)))


UPPER, LOWER = _joint(T, k, le(k + 1, p), le(k, q)), _joint(-T, k, le(k + 1, q), le(k, p))
LAST_UPPER, LAST_LOWER = _joint(T, p - 1, le(p, q)), _joint(-T, q - 1, le(q, p))


def _quotient(name: str, context: Context, outside: Expr, upper: bool) -> Derivation:
    up, down = (ABOVE, BETWEEN) if upper else (BETWEEN, BELOW)

    def inserted(number: int, piece: int) -> Conversion:
        place = () if piece == BETWEEN else (at_part(y[number], by(definition)),)
        return then(at_part(G[number], then(by(definition), by(select_case, piece))), *place)

    def side(piece: int) -> Conversion:
        told = one_line(then(inserted(0, BETWEEN), inserted(1, piece)), ("definitions of ", G, " and ", y))
        return then(told, up_to_value(Integer(0) if piece == BETWEEN else outside))

    moves = by_cases([(gt(h, 0), side(up)), (lt(h, 0), side(down))], ("by the sign of ", h))
    return derived(f"threshold_smoothness.{name}", context, QUOTIENT, moves)


def upper() -> Derivation:
    """p!/(p - k)! h^(p - k - 1) and 0."""
    return _quotient("upper", UPPER, Factorial(p) / Factorial(p - k) * h ** (p - k - 1), upper=True)


def lower() -> Derivation:
    """0 and q!/(q - k)! h^(q - k - 1)."""
    return _quotient("lower", LOWER, Factorial(q) / Factorial(q - k) * h ** (q - k - 1), upper=False)


def last_upper() -> Derivation:
    """p! and 0."""
    return _quotient("last_upper", LAST_UPPER, Factorial(p), upper=True)


def last_lower() -> Derivation:
    """0 and q!."""
    return _quotient("last_lower", LAST_LOWER, Factorial(q), upper=False)


def upper_oracle(T: Fraction, h: Fraction, p: int, q: int, k: int) -> Fraction:
    """The values at both places, and their difference divided by the step."""
    values = [derivative_at(place, T, p, q, k) for place in (T, T + h)]
    return (values[1] - values[0]) / h


def lower_oracle(T: Fraction, h: Fraction, p: int, q: int, k: int) -> Fraction:
    """From -T on."""
    values = [derivative_at(place, T, p, q, k) for place in (-T, -T + h)]
    return (values[1] - values[0]) / h


def last_upper_oracle(T: Fraction, h: Fraction, p: int, q: int) -> Fraction:
    """With the derivative before the last."""
    return upper_oracle(T, h, p, q, p - 1)


def last_lower_oracle(T: Fraction, h: Fraction, p: int, q: int) -> Fraction:
    """With the derivative before the last."""
    return lower_oracle(T, h, p, q, q - 1)


def _claim(name: str, title: str, place: Expr, context: Context, derive: Any, oracle: Any) -> Claim:
    asked: Text = (
        "Let ",
        eq(G[j], context.definitions[1].body),
        ". Find the difference quotient from ",
        eq(y[0], place),
    )
    asked = (*asked, " to ", eq(y[1], place + h), ", which is not beyond the other joint.")
    return Claim(name, title, asked, context, QUOTIENT, derive, oracle)


CONSTRUCT = Construct(
    name="threshold_smoothness",
    title="How smooth a threshold with powers is",
    about=("The function is 0 from ", -T, " to ", T, ", and from there on, on both sides, a power of the distance."),
    conventions=("T is positive, p and q are at least 1", "statements are exact for each step h, no limit is taken"),
    source="Rudin, Principles of Mathematical Analysis, 3rd ed., definitions 5.1 and 5.14",
    claims=(
        _claim("upper", "At the upper joint", T, UPPER, upper, upper_oracle),
        _claim("lower", "At the lower joint", -T, LOWER, lower, lower_oracle),
        _claim("last_upper", "Upper joint, the last derivative", T, LAST_UPPER, last_upper, last_upper_oracle),
        _claim("last_lower", "Lower joint, the last derivative", -T, LAST_LOWER, last_lower, last_lower_oracle),
    ),
)
