r"""The derivatives of a threshold with powers, of every order up to its powers, off the joints.

Let $F_k$ be $\frac{p!}{(p-k)!}(y - T)^{p-k}$ above T, $\frac{q!}{(q-k)!}(y + T)^{q-k}$ below -T and 0 between. $F_0$ is
the threshold, and off the joints the derivative of $F_k$ is $F_{k+1}$; so $F_k$ is its k-th derivative there. What
happens at the joints is told in `threshold_smoothness`.

Source: Rudin, Principles of Mathematical Analysis, 3rd ed., definition 5.14 (derivatives of higher order).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.constructs.soft_threshold import ABOVE, BELOW, BETWEEN, POWERS, THRESHOLD, T, i, j, n, p, pieces, q
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Array,
    Context,
    Definition,
    Partial,
    all_of,
    array,
    between,
    declare,
    eq,
    ge,
    gt,
    le,
    lt,
    ne,
)
from derive.language.counting import Factorial
from derive.rules.algebra import algebra, definition
from derive.rules.calculus import partial_of_constant
from derive.rules.cases import select_case
from derive.rules.combine import Conversion, at, by, by_cases, derived, one_line, then
from derive.rules.derivatives import differentiated

_k = declare("k", "natural", "order of the derivative")
_n, _i = declare("n", "size", "number of entries"), declare("i", "integer", "an entry")
k = _k.symbol


def power(u: Expr, exponent: Expr, order: Expr) -> Expr:
    """The derivative of u^exponent of this order, up to the exponent."""
    return Factorial(exponent) / Factorial(exponent - order) * u ** (exponent - order)


def derivatives(out: Array, into: Array, order: Expr) -> Definition:
    """The derivative of this order off the joints, 0 at them."""
    u = into[j]
    return Definition(out, (j,), pieces(u, power(u - T, p, order), power(u + T, q, order)))


x, F = array("y", (1, n)), array("F", (1, n))
OFF_JOINTS = (ge(T, 0), le(k + 1, p), le(k + 1, q), between(1, i, n), ne(x[i], T), ne(x[i], -T))
OFF = Context((_n, _i, THRESHOLD, *POWERS, _k), OFF_JOINTS, (derivatives(F, x, k),), (x,))
NEXT = Partial(F[i], x[i])


def following() -> Derivation:
    """The derivative of F_k is F_(k+1)."""
    after = derivatives(F, x, k + 1).at((i,))

    def on(piece: int) -> Conversion:
        chosen = at((0,), by(definition, reason=("definition of ", F)))
        picked = one_line(then(chosen, at((0,), by(select_case, piece))), ("definition of ", F))
        if piece == BETWEEN:
            return then(picked, by(partial_of_constant, reason=("a constant",)))
        value = after.clauses[piece][0]
        return then(picked, one_line(then(differentiated(), by(algebra, value)), ("power rule",)))

    inside = all_of(lt(-T, x[i]), lt(x[i], T))
    branches = [(gt(x[i], T), on(ABOVE)), (inside, on(BETWEEN)), (lt(x[i], -T), on(BELOW))]
    moves = by_cases(branches, ("by the piece of the function",))
    return derived("threshold_derivatives.following", OFF, NEXT, moves)


def differentiated_value(u: Fraction, shift: Fraction, power: int, order: int) -> Fraction:
    """(u + shift)^power multiplied out, differentiated term by term again and again, and worked out."""
    terms = [Fraction(1)]
    for _ in range(power):
        terms = [shift * a + b for a, b in zip([*terms, Fraction(0)], [Fraction(0), *terms], strict=True)]
    for _ in range(order):
        terms = [place * a for place, a in enumerate(terms)][1:] or [Fraction(0)]
    total = Fraction(0)
    for a in reversed(terms):
        total = total * u + a
    return total


def derivative_at(u: Fraction, T: Fraction, p: int, q: int, order: int) -> Fraction:
    """The derivative of that order outside, 0 from -T to T."""
    if abs(u) <= T:
        return Fraction(0)
    return differentiated_value(u, -T, p, order) if u > T else differentiated_value(u, T, q, order)


def following_oracle(n: int, i: int, T: Fraction, p: int, q: int, k: int, y: Any) -> Fraction:
    """The derivative of the next order."""
    return derivative_at(y(i), T, p, q, k + 1)


_NEXT: Text = ("Let ", eq(F[i], derivatives(F, x, k).at((i,))), ". Find its derivative off the joints.")
CONSTRUCT = Construct(
    name="threshold_derivatives",
    title="Derivatives of a threshold with powers",
    about=("The function is 0 from ", -T, " to ", T, ", and from there on, on both sides, a power of the distance."),
    conventions=("T is at least 0, p and q are at least 1",),
    source="Rudin, Principles of Mathematical Analysis, 3rd ed., definition 5.14",
    claims=(Claim("following", "From one derivative to the next", _NEXT, OFF, NEXT, following, following_oracle),),
)
