r"""Rectangles and steps convolved: the trapezoid, the ramp, and what happens when the longer one is the filter.

Two pulses of ones of lengths L and M, in either order, give a trapezoid: it rises while the shorter one enters, stays
at the shorter length, and falls. Two steps give a ramp.

Source: Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.1, example 2.4 and problem 2.22.
"""

from __future__ import annotations

from sympy import Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.time_shift import convolution, n, y
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, declare, integer, signal
from derive.rules.combine import derived
from derive.rules.pieces import by_overlap

_n = declare("n", "integer", "time")
_L, _M = declare("L", "size", "length of the one"), declare("M", "size", "length of the other")
L, M = _L.symbol, _M.symbol
k = integer("k")
x, h, u, v = signal("x", 0, L - 1), signal("h", 0, M - 1), signal("u", 0), signal("v", 0)
_ONE = Integer(1)

TRAPEZOID = Context(
    (_n, _L, _M), definitions=(Definition(x, (n,), _ONE), Definition(h, (n,), _ONE), convolution(y[n], x, h))
)
STEPS = Context((_n,), definitions=(Definition(u, (n,), _ONE), Definition(v, (n,), _ONE), convolution(y[n], u, v)))


def trapezoid() -> Derivation:
    """y[n] for lengths L and M in either order."""
    return derived("rectangles.trapezoid", TRAPEZOID, y[n], by_overlap(n, k))


def steps() -> Derivation:
    """y[n] for two steps."""
    return derived("rectangles.steps", STEPS, y[n], by_overlap(n, k))


def oracle(n: int, L: int, M: int) -> int:
    """How often a sample of the one meets a sample of the other."""
    meetings = 0
    for i in range(L):
        for j in range(M):
            if i + j == n:
                meetings += 1
    return meetings


def steps_oracle(n: int) -> int:
    """The number of terms of the convolution sum."""
    terms = 0
    for i in range(abs(n) + 1):
        if n - i >= 0:
            terms += 1
    return terms


CONSTRUCT = Construct(
    name="rectangles",
    title="Rectangle with rectangle, step with step",
    about=("Pulses of ones of lengths ", L, " and ", M, ", both beginning at ", n, " = 0, are convolved."),
    conventions=("true convolution", "indices from 0", "an empty sum is 0"),
    source="Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.1, example 2.4 and problem 2.22",
    claims=(
        Claim(
            name="trapezoid",
            title="The trapezoid, for lengths in either order",
            question=("Find ", y[n], " for every integer ", n, ", whichever of ", L, " and ", M, " is larger."),
            context=TRAPEZOID,
            left=y[n],
            derive=trapezoid,
            oracle=oracle,
        ),
        Claim(
            name="steps",
            title="Step with step",
            question=("Two steps ", u[n], " and ", v[n], " are convolved. Find ", y[n], "."),
            context=STEPS,
            left=y[n],
            derive=steps,
            oracle=steps_oracle,
        ),
    ),
)
