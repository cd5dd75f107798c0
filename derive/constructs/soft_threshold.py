r"""A threshold with powers: 0 on $|y| \le T$, $(y - T)^p$ above and $(y + T)^q$ below; its derivatives off the joints.

Off $\pm T$ the first derivative is $p(y - T)^{p-1}$, 0 or $q(y + T)^{q-1}$, the second $p(p - 1)(y - T)^{p-2}$, 0 or
$q(q - 1)(y + T)^{q-2}$. With p = q = 1 the function is the soft threshold $\mathrm{sign}(y)\max(0, |y| - T)$. What
happens at the joints is told in `threshold_joints`.

Source: Donoho, Johnstone, Ideal spatial adaptation by wavelet shrinkage, Biometrika 81, 1994, section 2 (p = q = 1,
the soft threshold).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Array,
    Cases,
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
    integer,
    lt,
    ne,
)
from derive.language.numbers import slope
from derive.rules.algebra import definition
from derive.rules.calculus import partial_of_constant
from derive.rules.cases import select_case
from derive.rules.combine import (
    Conversion,
    at,
    by,
    by_cases,
    derived,
    one_line,
    then,
)
from derive.rules.derivatives import differentiated
from derive.rules.lemmas import use_lemma

THRESHOLD = declare("T", "real", "threshold")
POWERS = declare("p", "size", "power above"), declare("q", "size", "power below")
_n, _i = declare("n", "size", "number of entries"), declare("i", "integer", "an entry")
T, p, q, n, i = (d.symbol for d in (THRESHOLD, *POWERS, _n, _i))
j = integer("j")
y, f = array("y", (1, n)), array("f", (1, n))
ABOVE, BETWEEN, BELOW = 0, 1, 2


def pieces(u: Expr, above: Expr, below: Expr) -> Expr:
    """One term above T, 0 from -T to T, another one below."""
    return Cases((above, gt(u, T)), (0, between(-T, u, T)), (below, lt(u, -T)))


def thresholded(out: Array, into: Array) -> Definition:
    """The function, applied to each entry."""
    return Definition(out, (j,), pieces(into[j], (into[j] - T) ** p, (into[j] + T) ** q))


OFF_JOINTS = (between(1, i, n), ge(T, 0), ne(y[i], T), ne(y[i], -T))
OFF = Context((_n, _i, THRESHOLD, *POWERS), OFF_JOINTS, (thresholded(f, y),), (y,))
SINGLE = Context((_n, _i, THRESHOLD, POWERS[1]), (between(1, i, n), ne(y[i], -T)), (), (y,))
FIRST = Partial(f[i], y[i])
SECOND = Partial(FIRST, y[i])


def power_rule(order: int) -> Derivation:
    """The derivative of (y + T)^q, or that of its derivative."""
    term = (y[i] + T) ** q if order == 1 else q * (y[i] + T) ** (q - 1)
    return derived(f"soft_threshold.power_rule_{order}", SINGLE, Partial(term, y[i]), differentiated())


def by_piece(start: Conversion, rule: Derivation, reason: Text) -> Conversion:
    """A derivative piece by piece: the power rule above and below, 0 between."""
    constant = by(partial_of_constant, reason=("a constant",))
    known = {ABOVE: use_lemma(rule, {T: -T, q: p}, ("power rule",)), BELOW: use_lemma(rule, {}, ("power rule",))}

    def on(piece: int) -> Conversion:
        chosen = one_line(then(start, by(select_case, piece)), reason)
        return then(at((0,), chosen), known.get(piece, constant))

    inside = all_of(lt(-T, y[i]), lt(y[i], T))
    branches = [(gt(y[i], T), on(ABOVE)), (inside, on(BETWEEN)), (lt(y[i], -T), on(BELOW))]
    return by_cases(branches, ("by the piece of the function",))


def derivative() -> Derivation:
    """The derivative off the joints."""
    rule = power_rule(1)
    return derived(
        "soft_threshold.derivative", OFF, FIRST, by_piece(by(definition), rule, ("definition of ", f)), (rule,)
    )


def second_derivative() -> Derivation:
    """The second derivative off the joints."""
    slopes, rule = derivative(), power_rule(2)
    moves = by_piece(use_lemma(slopes, {}), rule, ("the derivative found before",))
    return derived("soft_threshold.second_derivative", OFF, SECOND, moves, (slopes, rule))


def value(y: Any, T: Any, p: int, q: int) -> Any:
    """The function, powers by repeated multiplication."""
    base, times = (y - T, p) if y > T else (y + T, q) if y < -T else (y * 0, 1)
    product: Any = 1
    for _ in range(times):
        product = product * base
    return product


def _off_joints(function: Callable[[Any], Any], at: Any, T: Any) -> Any:
    """The slope outside, 0 inside, by the signs of both distances; a distance that is 0 has no sign."""
    above, below = (distance / abs(distance) for distance in (at - T, at + T))
    return slope(function, at) if above == below else Fraction(0)


def derivative_oracle(n: int, i: int, T: Fraction, p: int, q: int, y: Any) -> Any:
    """How the value changes with the entry."""
    return _off_joints(lambda entry: value(entry, T, p, q), y(i), T)


def second_oracle(n: int, i: int, T: Fraction, p: int, q: int, y: Any) -> Any:
    """How that changes with the entry."""
    return _off_joints(lambda entry: slope(lambda inner: value(inner, T, p, q), entry), y(i), T)


_GIVEN: Text = ("Let ", eq(f[i], thresholded(f, y).at((i,))), ", and let ", y[i], " be neither ", T, " nor ", -T, ". ")
_ONCE, _TWICE = ((*_GIVEN, "Find the ", which, "derivative.") for which in ("", "second "))
CONSTRUCT = Construct(
    name="soft_threshold",
    title="A threshold with powers",
    about=("The function is 0 from ", -T, " to ", T, ", and from there on, on both sides, a power of the distance."),
    conventions=("T is at least 0, p and q are at least 1",),
    source="Donoho, Johnstone, Biometrika 81, 1994, section 2",
    claims=(
        Claim("derivative", "Derivative", _ONCE, OFF, FIRST, derivative, derivative_oracle),
        Claim("second_derivative", "Second derivative", _TWICE, OFF, SECOND, second_derivative, second_oracle),
    ),
)
