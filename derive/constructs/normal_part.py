r"""The mean of a normal number behind a ReLU, as far as an integral with finite limits tells it.

A normal number of mean 0 and variance $\sigma^2$ has the density $\phi(t) = e^{-t^2/(2\sigma^2)}/(\sigma\sqrt{2\pi})$.
What the numbers from 0 to R contribute to the mean of $\max(0, z)$ is
$\int_0^R t\,\phi(t)\,dt = \frac{\sigma}{\sqrt{2\pi}} \bigl(1 - e^{-R^2/(2\sigma^2)}\bigr)$, since
$-\sigma^2 \phi(t)$ has the derivative $t\,\phi(t)$. It is at most $\sigma/\sqrt{2\pi}$ and comes as close to it as one
likes: the mean is $\sigma/\sqrt{2\pi}$. **That last limit is not proved here**; the distance at each R is.

Source: Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, section 4.4; Rudin, Principles of
Mathematical Analysis, 3rd ed., theorem 6.21.
"""

from __future__ import annotations

from fractions import Fraction
from math import tau
from typing import Any

from sympy import Integer, exp, sqrt
from sympy import pi as PI

from derive.constructs.construct import Claim, Construct
from derive.constructs.sigmoid_area import nodes
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Integral, declare, ge, gt, real
from derive.language.balls import applied, widened
from derive.language.numbers import exp as exponential
from derive.language.numbers import pi
from derive.language.numbers import sqrt as root
from derive.rules.algebra import algebra
from derive.rules.combine import at_part, by, derived, then
from derive.rules.integrals import by_antiderivative
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import at_least

_s, _R = declare("sigma", "real", "standard deviation"), declare("R", "real", "end of the range")
s, R, t = _s.symbol, _R.symbol, real("t")
RANGE = Context((_s, _R), (gt(s, 0), ge(R, 0)))
DENSITY = exp(-(t**2) / (2 * s**2)) / (s * sqrt(2 * PI))
PART = Integral(t * DENSITY, t, Integer(0), R)
WHOLE, LEFT = s / sqrt(2 * PI), exp(-(R**2) / (2 * s**2))


def part() -> Derivation:
    """sigma/sqrt(2 pi) (1 - exp(-R^2/(2 sigma^2)))."""
    integrated = by(by_antiderivative, -(s**2) * DENSITY, reason=("the antiderivative ", -(s**2) * DENSITY))
    return derived(
        "normal_part.part", RANGE, PART, then(integrated, by(algebra, WHOLE * (1 - LEFT), reason=("tidy up",)))
    )


def bound() -> Derivation:
    """At most sigma/sqrt(2 pi)."""
    lemma = part()
    least = at_part(LEFT, by(at_least, Integer(0), reason=(gt(LEFT, 0),)))
    moves = then(use_lemma(lemma, {}, ("the part found before",)), least)
    return derived("normal_part.bound", RANGE, PART, moves, (lemma,))


def distance() -> Derivation:
    """sigma/sqrt(2 pi) exp(-R^2/(2 sigma^2))."""
    lemma = part()
    known = at_part(PART, use_lemma(lemma, {}, ("the part found before",)))
    return derived(
        "normal_part.distance",
        RANGE,
        WHOLE - PART,
        then(known, by(algebra, WHOLE * LEFT, reason=("tidy up",))),
        (lemma,),
    )


def part_oracle(sigma: Fraction, R: Fraction) -> Any:
    """Gauss-Legendre sums over parts no longer than sigma/2: 50 places leave an error below 20^-90 R."""
    total: Any = 0
    parts = int(2 * R / sigma) + 1
    half = R / (2 * parts)
    for number in range(parts):
        for node, weight in nodes(50):
            place = half * (node + 2 * number + 1)
            power = -(place**2) / (2 * sigma**2)
            density = exponential(power) if isinstance(power, float) else applied("exp", power)
            total += weight * half * place * density / sigma
    return total / tau**0.5 if isinstance(total, float) else widened(total, 300) / root(2 * pi())


def distance_oracle(sigma: Fraction, R: Fraction) -> Any:
    """The part, taken from the bound."""
    whole = sigma / (tau**0.5 if isinstance(sigma, float) else root(2 * pi()))
    return whole - part_oracle(sigma, R)


_ASK: Text = (
    "A normal number has the mean 0 and the deviation ",
    s,
    ", so it has the density ",
    DENSITY,
    " at ",
    t,
    ". ",
)
CONSTRUCT = Construct(
    name="normal_part",
    title="The mean of a normal number behind a ReLU",
    about=("Positive values of a normal number, up to an end, are multiplied by its density and integrated.",),
    conventions=("the numbers up to R alone are counted: no limit is taken",),
    source="Grimmett, Stirzaker, 3rd ed., section 4.4; Rudin, Principles of Mathematical Analysis, theorem 6.21",
    claims=(
        Claim("part", "Up to an end", (*_ASK, "What do the values from 0 to ", R, " add?"), RANGE, PART,
              part, part_oracle),
        Claim("bound", "At most", (*_ASK, "How much is it at most?"), RANGE, PART, bound, part_oracle),
        Claim("distance", "What is missing", (*_ASK, "How far is it from that?"), RANGE, WHOLE - PART, distance,
              distance_oracle),
    ),
)  # fmt: skip
