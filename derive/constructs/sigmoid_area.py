r"""How far sigmoids are from the step all in all: the integral of the error.

At t the sigmoid $\sigma(kt)$, $\sigma(u) = 1/(1 + e^{-u})$, is $1/(1 + e^{k|t|})$ away from the step (`step_limit`;
where the step is 1/2 at 0, it is on it, but an integral does not see a single place). From -A to A, k > 0, this adds up
to $\frac2k \bigl(\ln 2 - \ln(1 + e^{-kA})\bigr)$, which is at most $\frac{2 \ln 2}k$ however large A is, and tends to
it. So the sigmoids come as near to the step as one likes in the mean, though not uniformly.

Source: Rudin, Principles of Mathematical Analysis, 3rd ed., theorem 6.21; Goodfellow, Bengio, Courville, Deep Learning,
2016, section 3.10, (3.33) and (3.34).
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import cos
from typing import Any

from sympy import Abs, Integer, exp, log

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Integral, declare, eq, ge, gt, real
from derive.language.balls import applied, widened
from derive.language.numbers import exp as exponential
from derive.rules.algebra import algebra
from derive.rules.combine import at_part, by, derived, one_line, then
from derive.rules.integrals import by_antiderivative, split_integral
from derive.rules.lemmas import use_lemma
from derive.rules.pieces import settled
from derive.rules.ranges import at_least

_k, _A = declare("k", "real", "steepness"), declare("A", "real", "half of the range")
k, A, t = _k.symbol, _A.symbol, real("t")
RANGE = Context((_k, _A), (gt(k, 0), ge(A, 0)))
ERROR = Integral(1 / (1 + exp(k * Abs(t))), t, -A, A)
AREA = 2 * (log(2) - log(1 + exp(-k * A))) / k


def area() -> Derivation:
    """(2/k)(log 2 - log(1 + exp(-k A)))."""
    zero = Integer(0)
    left, right = Integral(ERROR.body, t, -A, zero), Integral(ERROR.body, t, zero, A)
    rising, falling = 1 / (1 + exp(-k * t)), 1 / (1 + exp(k * t))
    primitives = log(1 + exp(k * t)) / k, -log(1 + exp(-k * t)) / k
    integrated = then(
        at_part(left.over(rising), by(by_antiderivative, primitives[0])),
        at_part(right.over(falling), by(by_antiderivative, primitives[1])),
        by(algebra, AREA),
    )
    why: Text = ("the antiderivatives ", primitives[0], " and ", primitives[1])
    split = by(split_integral, zero, reason=("split at ", eq(t, 0)))
    bars = one_line(settled, (eq(Abs(t), -t), " on the left of 0 and ", eq(Abs(t), t), " on the right"))
    moves = then(split, bars, one_line(integrated, why))
    return derived("sigmoid_area.area", RANGE, ERROR, moves)


def bound() -> Derivation:
    """At most 2 log(2)/k."""
    lemma = area()
    least = at_part(exp(-k * A), by(at_least, Integer(0), reason=(gt(exp(-k * A), 0),)))
    moves = then(use_lemma(lemma, {}, ("the area found before",)), least)
    return derived("sigmoid_area.bound", RANGE, ERROR, moves, (lemma,))


def rounded(number: Fraction) -> Fraction:
    """To 400 bits behind the point."""
    return Fraction(round(number * 2**400), 2**400)


@lru_cache(1)
def nodes(number: int) -> tuple[tuple[Fraction, Fraction], ...]:
    """Places and weights of Gauss and Legendre on -1 to 1, to 400 bits by Newton's method."""
    found = []
    for k in range(number):
        x = Fraction(cos(3.141592653589793 * (k + 0.75) / (number + 0.5)))
        for _ in range(8):
            before, value = Fraction(1), x
            for n in range(2, number + 1):
                before, value = value, rounded(((2 * n - 1) * x * value - (n - 1) * before) / n)
            slope = number * (x * value - before) / (x * x - 1)
            x = rounded(x - value / slope)
        found.append((x, rounded(2 / ((1 - x * x) * slope * slope))))
    return tuple(found)


def area_oracle(k: Fraction, A: Fraction) -> Any:
    """Gauss-Legendre sums over parts from 0 to A, taken twice.

    A part has at most the length 1/(2k), and the nearest pole is pi/k away: 50 places leave an error below 20^-100 A.
    """
    total: Any = 0
    parts = int(2 * k * A) + 1
    half = A / (2 * parts)
    for number in range(parts):
        for node, weight in nodes(50):
            power = k * half * (node + 2 * number + 1)
            total += weight * half / (1 + (exponential(power) if isinstance(power, float) else applied("exp", power)))
    return 2 * total if isinstance(total, float) else widened(2 * total, 350)


_FIND: Text = ("Let ", gt(k, 0), ". At ", t, " the sigmoid of ", k * t, " is ", ERROR.body, " away from the step. ")
CONSTRUCT = Construct(
    name="sigmoid_area",
    title="Sigmoids and the step in the mean",
    about=("The distance of the sigmoid of ", k * t, " from the step is integrated from ", -A, " to ", A, "."),
    conventions=("all numbers are real", "statements are exact for each k, no limit is taken"),
    source="Rudin, Principles of Mathematical Analysis, 3rd ed., theorem 6.21",
    claims=(
        Claim("area", "The error all in all", (*_FIND, "Find ", ERROR, "."), RANGE, ERROR, area, area_oracle),
        Claim("bound", "However large the range", (*_FIND, "Bound ", ERROR, "."), RANGE, ERROR, bound, area_oracle),
    ),
)
