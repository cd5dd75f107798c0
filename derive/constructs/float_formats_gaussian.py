r"""What becomes of a Gaussian when it is rounded: the probability of a value, and of 0.

x has mean 0 and the scale $\sigma$. The numbers from a to b are rounded to one value; it gets the probability
$\frac12 \bigl(\operatorname{erf}\frac{b}{\sqrt 2 \sigma} - \operatorname{erf}\frac{a}{\sqrt 2 \sigma}\bigr)$. With the
smallest positive value s all from $-s/2$ to $s/2$ becomes 0: the probability is
$\operatorname{erf}\frac{s}{2 \sqrt 2 \sigma}$, with the usual $\sigma = 1/\sqrt n$ for n inputs
$\operatorname{erf}\frac{s \sqrt n}{2 \sqrt 2}$. It depends on $s/\sigma$ alone: what the scale 1 of weights avoids is
underflow.

Source: Blake, Orr, Luschi, Unit Scaling, 2023, arXiv:2303.11257, section 3; Abramowitz, Stegun, Handbook of
Mathematical Functions, 7.1.1 (erf); IEEE Std 754-2019, section 4.3.1 (rounding to nearest).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, erf, exp, pi, sqrt

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.sigmoid_area import nodes
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Integral, declare, ge, gt, le, numbers, real
from derive.language.balls import applied, widened
from derive.rules.algebra import algebra, odd_function
from derive.rules.combine import at_part, by, derived, one_line, then
from derive.rules.integrals import by_antiderivative

_SIGMA, _n = declare("sigma", "real", "scale of the Gaussian"), declare("n", "size", "inputs of a layer")
_s = declare("s", "real", "smallest positive value")
_a, _b = declare("a", "real", "lower end of the cell"), declare("b", "real", "upper end of the cell")
sigma, n, s, a, b = (d.symbol for d in (_SIGMA, _n, _s, _a, _b))
x = real("x")
DENSITY = exp(-(x**2) / (2 * sigma**2)) / (sqrt(2 * pi) * sigma)
OF_WEIGHTS = sqrt(n) * exp(-n * x**2 / 2) / sqrt(2 * pi)
CELL = Context((_a, _b, _SIGMA), (gt(sigma, 0), le(a, b)))
ZERO = Context((_s, _SIGMA), (gt(sigma, 0), ge(s, 0)))
WEIGHTS = Context((_s, _n), (ge(s, 0),))
OF_CELL = Integral(DENSITY, x, a, b)
OF_ZERO, OF_ZEROS = Integral(DENSITY, x, -s / 2, s / 2), Integral(OF_WEIGHTS, x, -s / 2, s / 2)


def cell() -> Derivation:
    """(erf(b/(sqrt(2) sigma)) - erf(a/(sqrt(2) sigma)))/2."""
    primitive = erf(x / (sqrt(2) * sigma)) / 2
    found = (erf(b / (sqrt(2) * sigma)) - erf(a / (sqrt(2) * sigma))) / 2
    moves = then(by(by_antiderivative, primitive, reason=("the antiderivative ", primitive)), by(algebra, found))
    return derived("float_formats_gaussian.cell", CELL, OF_CELL, moves)


def _around_zero(name: str, context: Context, whole: Integral, inside: Expr) -> Derivation:
    """The integral from -s/2 to s/2, whose antiderivative is an error function."""
    primitive, found = erf(inside * x) / 2, erf(inside * s / 2)
    low = erf(-inside * s / 2, evaluate=False)
    moves = then(
        by(by_antiderivative, primitive, reason=("the antiderivative ", primitive)),
        one_line(then(at_part(low, by(odd_function)), by(algebra, found)), (erf(-x, evaluate=False), " is ", -erf(x))),
    )
    return derived(f"float_formats_gaussian.{name}", context, whole, moves)


def zero() -> Derivation:
    """erf(s/(2 sqrt(2) sigma))."""
    return _around_zero("zero", ZERO, OF_ZERO, 1 / (sqrt(2) * sigma))


def zero_of_weights() -> Derivation:
    """erf(s sqrt(n)/(2 sqrt(2)))."""
    return _around_zero("zero_of_weights", WEIGHTS, OF_ZEROS, sqrt(n) / sqrt(2))


def mass(low: Any, high: Any, scale: Any) -> Any:
    """Gauss-Legendre sums of the density over parts that are at most a quarter of the scale long.

    On such a part 50 places leave an error below 10^-200.
    """
    parts = int(float(4 * (high - low) / scale)) + 2
    half = (high - low) / (2 * parts)
    total: Any = 0
    for number in range(parts):
        for node, weight in nodes(50):
            place = (low + half * (2 * number + 1 + node)) / scale
            power = -place * place / 2
            total += weight * half * (numbers.exp(power) if isinstance(power, float) else applied("exp", power))
    density = total / scale / numbers.sqrt(2 * numbers.pi())
    return density if isinstance(density, float) else widened(density, 350)


def cell_oracle(a: Fraction, b: Fraction, sigma: Fraction) -> Any:
    """The density, summed up."""
    return mass(a, b, sigma)


def zero_oracle(s: Fraction, sigma: Fraction) -> Any:
    """The density, summed up."""
    return mass(-s / 2, s / 2, sigma)


def zero_of_weights_oracle(s: Fraction, n: int) -> Any:
    """The density for one input over a range that is longer by the root, summed up."""
    if s == 0:
        return s
    half = s / 2 * numbers.sqrt(n)
    return mass(-half, half, 1)


_GAUSSIAN: Text = ("Let x have mean 0 and the scale ", sigma, ". ")
_HALF: Text = ("All numbers from ", -s / 2, " to ", s / 2, " are rounded to 0. ")
CONSTRUCT = Construct(
    name="float_formats_gaussian",
    title="Rounded Gaussians",
    about=("A Gaussian is rounded to the nearest value of a number format.",),
    conventions=("x is normally distributed with mean 0",),
    source="Blake, Orr, Luschi, 2023, arXiv:2303.11257, section 3",
    claims=(
        Claim("zero", "The probability of 0", (*_GAUSSIAN, *_HALF, "Find the probability of that, ", OF_ZERO, "."),
              ZERO, OF_ZERO, zero, zero_oracle),
        Claim("zero_of_weights", "Weights of a layer", ("The weights of a layer with ", n, " inputs have the variance ",
              1 / n, ". ", *_HALF, "Which share of them is that, ", OF_ZEROS, "?"),
              WEIGHTS, OF_ZEROS, zero_of_weights, zero_of_weights_oracle),
        Claim("cell", "The probability of a value", (*_GAUSSIAN, "All from ", a, " to ", b, " becomes one value. ",
              "Find its probability ", OF_CELL, "."), CELL, OF_CELL, cell, cell_oracle),
    ),
    refuted=(
        Refuted("whole_step", "The step on both sides", ("The probability of 0 is",), ZERO, OF_ZERO, "=",
                erf(s / (sqrt(2) * sigma)), ("From -s to s would be twice what is rounded to 0: the next value is ", s,
                ", and half of the way to it goes there."), "float_formats_gaussian.zero"),
        Refuted("share_of_step", "In proportion to the step", ("The probability of 0 is",), ZERO, OF_ZERO, "=",
                s / sigma, ("A probability is at most 1; near 0 the density is ", 1 / (sqrt(2 * pi) * sigma), "."),
                "float_formats_gaussian.zero"),
    ),
)  # fmt: skip
