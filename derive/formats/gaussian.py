r"""What a number format makes of a Gaussian: probabilities of its values, entropy, variance, all enclosed in balls.

x has mean 0 and variance $\sigma^2$. A value with the cell from a to b has the probability
$\frac12 \bigl(\operatorname{erf} \frac{b}{\sigma\sqrt 2} - \operatorname{erf} \frac{a}{\sigma\sqrt 2}\bigr)$, 0 that of
$\operatorname{erf} \frac{s/2}{\sigma\sqrt 2}$ with the smallest positive value s. Everything is worked out with balls
(`language/balls` says what these are), so that each number comes with a proof of how far it can be from the true one;
far from 0 differences of 1 - erf are taken, so that no digits are lost.

Source: Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, 2017; Cover, Thomas, Elements
of Information Theory, 2nd ed., section 2.1 (entropy); Blake, Orr, Luschi, Unit Scaling, 2023, arXiv:2303.11257,
section 3 (why scales matter in 8 bits).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx, fmpq

from derive.errors import BadInput, Unevaluable
from derive.formats.formats import Format
from derive.formats.rounding import Cell, cells

PRECISION = 192
"""Bits that balls are calculated with."""
_MOST_PRECISION = 6144
CARRIED = Fraction(999, 1000)
_LEAST_POWER = 1100
_LARGEST_POWER = 4096
"""The square of a scale is between 2^-4096 and 2^4096."""


@dataclass(frozen=True)
class Measures:
    """What a format makes of a Gaussian.

    Attributes:
        square: The variance before rounding.
        zero: The probability of 0.
        entropy: Of the rounded number, in bits.
        carrying: How many values suffice, and are needed, to have the probability `share` together.
        share: 999/1000 unless asked for otherwise.
        ratio: The variance of the rounded number over that before; None where infinity or NaN has a probability.
        beyond: The probability of being beyond what is rounded to the largest value by its cell alone.
        looked_at: How many values have been summed over, with both signs.
    """

    square: Fraction
    zero: arb
    entropy: arb
    carrying: int
    share: Fraction
    ratio: arb | None
    beyond: arb
    looked_at: int


def checked_square(square: Fraction, what: str = "the scale") -> Fraction:
    """The variance, if it is positive and within bounds.

    Raises:
        BadInput: it is not.
    """
    if square <= 0:
        raise BadInput(f"{what} must be positive")
    if not Fraction(1, 2**_LARGEST_POWER) <= square <= 2**_LARGEST_POWER:
        raise BadInput(f"{what} must be between 2^-{_LARGEST_POWER // 2} and 2^{_LARGEST_POWER // 2}")
    return square


def _exact(number: Fraction) -> arb:
    return arb(fmpq(number.numerator, number.denominator))


def _scaled(end: Fraction, square: Fraction) -> arb:
    """The end over sigma times the root of 2."""
    return _exact(end) / (2 * _exact(square)).sqrt()


def zero_probability(of: Format, square: Fraction, bits: int = PRECISION) -> arb:
    """The probability of being rounded to 0: that of at most half of the smallest positive value.

    Example:
        >>> from derive.formats.formats import read_format
        >>> zero_probability(read_format("E4M3"), Fraction(1, 4096)).str(5, radius=False)
        '0.049835'
    """
    with ctx.workprec(bits):
        return _scaled(of.smallest_subnormal / 2, square).erf()


def probability(cell: Cell, square: Fraction, bits: int = PRECISION) -> arb:
    """The probability of one cell; that of 0 with both sides."""
    with ctx.workprec(bits):
        if cell.value == 0:
            assert cell.high is not None
            return _scaled(cell.high, square).erf()
        low = _scaled(cell.low, square)
        if cell.high is None:
            return low.erfc() / 2
        high = _scaled(cell.high, square)
        # Differences of what is small, on either side of 1.
        return (high.erf() - low.erf()) / 2 if high < 1 else (low.erfc() - high.erfc()) / 2


def probabilities(found: Sequence[Cell], square: Fraction, bits: int = PRECISION) -> tuple[arb, ...]:
    """Those of the cells of the values that are not negative, each within 0 to 1.

    Raises:
        Unevaluable: they do not enclose 1 together, which would be a mistake of this program.
    """
    made = tuple(probability(cell, square, bits) for cell in found)
    with ctx.workprec(bits):
        whole = made[0] + 2 * sum(made[1:], arb(0))
        if not (whole.contains(1) and whole.rad() < 1):
            raise Unevaluable(f"the probabilities of all values add up to {whole}, which does not enclose 1 closely")
    return made


def _surprise(p: arb) -> arb:
    """-p log2 p, also of a p that cannot be told from 0."""
    if p > 0:
        return -p * p.log() / arb(2).log()
    most = p.abs_upper()
    if most.is_zero():
        return arb(0)
    if not most < arb(1) / 4:
        raise Unevaluable("a probability is not known well enough for its logarithm")
    high = -most * most.log() / arb(2).log()  # -p log p grows up to 1/e
    return arb(high / 2, (high / 2).abs_upper())


def measured(
    of: Format, square: Fraction, saturating: bool = True, share: Fraction = CARRIED, bits: int = PRECISION
) -> Measures:
    """What the format makes of a Gaussian with that variance.

    Args:
        of: The format.
        square: The variance.
        saturating: Whether what is too large becomes the largest value; else it is infinity or NaN.
        share: What the values of `carrying` have together.
        bits: Of the balls.

    Raises:
        BadInput: the variance is not positive; the format has too many values.
        Unevaluable: so many bits are not enough.

    Example:
        >>> from derive.formats.digits import certain_text
        >>> from derive.formats.formats import read_format
        >>> made = measured(read_format("E4M3"), Fraction(1, 4096))
        >>> certain_text(made.entropy, 3), made.carrying, certain_text(made.ratio, 5)
        ('5.00', 43, '1.0006')
    """
    found = cells(of, saturating)
    ps = probabilities(found, checked_square(square), bits)
    with ctx.workprec(bits):
        lost = found[-1].value is None
        inner = ps[1:-1] if lost else ps[1:]
        entropy = _surprise(ps[0]) + 2 * sum(map(_surprise, inner), arb(0))
        if lost:
            # Infinity has a sign, and there is one NaN.
            entropy += 2 * _surprise(ps[-1]) if of.specials == "ieee" else _surprise(2 * ps[-1])
        moments = [_exact(cell.value) ** 2 * p for cell, p in zip(found, ps, strict=True) if cell.value is not None]
        ratio = None if lost else 2 * sum(moments, arb(0)) / _exact(square)
        beyond = 2 * probability(Cell(None, 0, _top(of), None, True, False), square, bits)
        ones = [ps[0], *(p for p in inner for _ in range(2))]
        if lost:
            ones += [ps[-1]] * 2 if of.specials == "ieee" else [2 * ps[-1]]
        carrying = _fewest(ones, share)
    return Measures(square, ps[0], entropy, carrying, share, ratio, beyond, len(ones))


def _top(of: Format) -> Fraction:
    return (of.largest + of.magnitude(of.largest_code + 1)) / 2


def _fewest(ps: Sequence[arb], share: Fraction) -> int:
    """How many of the probabilities are needed for the share: that few suffice, and one less does not.

    Raises:
        Unevaluable: the balls do not say.
    """
    wanted = _exact(share)
    total, number = arb(0), 0
    for p in sorted((p.lower() for p in ps), reverse=True):
        if total >= wanted:
            break
        total, number = (total + p).lower(), number + 1
    fewer = sum(sorted((p.upper() for p in ps), reverse=True)[: number - 1], arb(0))
    if not (total >= wanted and fewer < wanted):
        raise Unevaluable(f"how many values have the probability {share} together is not told by so few digits")
    return number


def least_fan_in(of: Format, share: Fraction = Fraction(1, 2)) -> int:
    """The least n so that for sigma = 1/sqrt(n) more than this share is rounded to 0; certain on both sides.

    More is rounded to 0 the larger n is. So it is enough that at n the ball lies above the share, and at n - 1 below.

    Raises:
        BadInput: the share is not between 0 and 1.
        Unevaluable: no precision told the two apart, or the number has more than about 700 digits.

    Example:
        >>> from derive.formats.formats import read_format
        >>> least_fan_in(read_format("E4M3"))
        477036
    """
    if not 0 < share < 1:
        raise BadInput(f"a share is between 0 and 1, which {share} is not")
    if of.smallest_subnormal < Fraction(1, 2**_LEAST_POWER):
        raise Unevaluable(f"a fan-in at which {of.name} rounds to 0 has too many digits")
    if _more(of, 1, share):
        return 1
    low, high = 1, 2
    while not _more(of, high, share):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _more(of, middle, share) else (middle, high)
    return high


def _more(of: Format, fan_in: int, share: Fraction) -> bool:
    """Whether more than the share is rounded to 0; False is certain as well."""
    bits = PRECISION
    while bits <= _MOST_PRECISION:
        with ctx.workprec(bits):
            found, wanted = zero_probability(of, Fraction(1, fan_in), bits), _exact(share)
            if found > wanted:
                return True
            if found < wanted:
                return False
        bits *= 2
    raise Unevaluable(f"whether more than {share} becomes 0 in {of.name} was not decided with {_MOST_PRECISION} bits")
