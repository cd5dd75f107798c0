r"""Rounding to nearest, ties to the even code: which numbers become which value.

The numbers that a value is made of are its **cell**: from half-way to the value below to half-way to the value above,
with an end where the tie goes to this value. 0 has the cell $[-s/2, s/2]$ of the smallest positive value s: its code is
even. Beyond the largest value either all becomes the largest value (**saturating**), or what is rounded to the value
that the next code would have is infinity or NaN.

Source: IEEE Std 754-2019, section 4.3.1 (roundTiesToEven); OCP 8-bit Floating Point Specification, 2023, section 5.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.formats.formats import Format, magnitudes


@dataclass(frozen=True)
class Cell:
    """The numbers that become one value.

    Attributes:
        value: The value; None for what is too large and not saturated.
        code: Of its magnitude.
        low: The lower end.
        high: The upper end; None if there is none.
        owns_low: Whether the lower end belongs to it.
        owns_high: Whether the upper end does.
    """

    value: Fraction | None
    code: int
    low: Fraction
    high: Fraction | None
    owns_low: bool
    owns_high: bool

    def has(self, number: Fraction) -> bool:
        """Whether the number is rounded to this value."""
        above = number >= self.low if self.owns_low else number > self.low
        if self.high is None:
            return above
        return above and (number <= self.high if self.owns_high else number < self.high)


def saturates(of: Format, asked: bool = True) -> bool:
    """Whether too large numbers become the largest value: where it is asked for, or nothing else is there."""
    return asked or of.specials == "finite"


def cells(of: Format, saturating: bool = True) -> tuple[Cell, ...]:
    """The cells of all values that are not negative, in their order, then that of what is too large.

    The cells of negative values are their mirror images. That of 0 reaches to both sides.

    Example:
        >>> from derive.formats.formats import read_format
        >>> zero, first, *_ = cells(read_format("E4M3"))
        >>> str(zero.low), str(zero.high), zero.owns_high, first.owns_low
        ('-1/1024', '1/1024', True, False)
    """
    values = magnitudes(of)
    middles = [(values[c] + values[c + 1]) / 2 for c in range(len(values) - 1)]
    bound = overflow_bound(of)
    found = [Cell(Fraction(0), 0, -middles[0], middles[0], True, True)]
    for code in range(1, len(values)):
        even = code % 2 == 0
        last = code == of.largest_code
        high = bound if last else middles[code]
        if last and saturates(of, saturating):
            found.append(Cell(values[code], code, middles[-1], None, even, False))
        else:
            found.append(Cell(values[code], code, middles[code - 1], high, even, even))
    if not saturates(of, saturating):
        found.append(Cell(None, of.largest_code + 1, bound, None, of.largest_code % 2 == 1, False))
    return tuple(found)


def overflow_bound(of: Format) -> Fraction:
    """Half-way from the largest value to the one that the next code would have."""
    return (of.largest + of.magnitude(of.largest_code + 1)) / 2


def rounded(of: Format, number: Fraction, saturating: bool = True) -> Fraction | str:
    """The value that a number becomes, or "infinity", "-infinity", "NaN".

    Example:
        >>> from derive.formats.formats import read_format
        >>> e4m3 = read_format("E4M3")
        >>> [str(rounded(e4m3, Fraction(n, 1024), False)) for n in (1, 2, 3, 5 * 1024, 465 * 1024)]
        ['0', '1/512', '1/256', '5', 'NaN']
    """
    if number < 0:
        found = rounded(of, -number, saturating)
        return -found if isinstance(found, Fraction) else found.replace("infinity", "-infinity")
    low, high = 0, of.largest_code + 1
    while high - low > 1:  # the value of low is not above the number, that of high is
        middle = (low + high) // 2
        low, high = (middle, high) if of.magnitude(middle) <= number else (low, middle)
    below, above = of.magnitude(low), of.magnitude(low + 1)
    up = number - below > above - number or (number - below == above - number and low % 2 == 1)
    code = low + up if number < above else low + 1
    if code <= of.largest_code:
        return of.magnitude(code)
    return of.largest if saturates(of, saturating) else of.above_largest
