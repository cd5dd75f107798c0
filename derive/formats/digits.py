"""Digits of a number that is only known to lie in an interval: as many as are certain, and no more."""

from __future__ import annotations

from fractions import Fraction

from flint import arb

MOST_DIGITS = 6
TINY = 99
"""A number below 10^-99 is only said to be so."""
_MOST_BITS = 4000


def ends(ball: arb) -> tuple[Fraction, Fraction]:
    """The ends of a finite ball, or numbers just outside.

    Example:
        >>> ends(arb(1.5))
        (Fraction(3, 2), Fraction(3, 2))
    """
    found = []
    for end in (ball.lower(), ball.upper()):
        whole, power = end.man_exp()
        found.append(Fraction(int(whole)) * Fraction(2) ** int(power))
    return found[0], found[1]


def rounded_to(number: Fraction, digits: int) -> tuple[int, int]:
    """(m, e) with m 10^e the number rounded to so many digits, a tie to the even one; m is 0 or has so many digits.

    Example:
        >>> rounded_to(Fraction(2, 3), 3), rounded_to(Fraction(9996), 3), rounded_to(Fraction(-1, 8), 2)
        ((667, -3), (100, 2), (-12, -2))
    """
    if number == 0:
        return 0, 0
    size = abs(number)
    power = len(str(size.numerator)) - len(str(size.denominator)) - digits
    while size >= Fraction(10) ** (power + digits):
        power += 1
    whole = round(size / Fraction(10) ** power)
    if whole == 10**digits:
        whole, power = whole // 10, power + 1
    return (whole if number > 0 else -whole), power


def certain(ball: arb, most: int = MOST_DIGITS) -> tuple[int, int] | None:
    """(m, e): the number is m 10^e, rounded to as many digits as m has; None if not even one digit is certain.

    Both ends of the ball give the same after rounding, and so does every number between them: rounding does not go
    down where the number goes up.

    Example:
        >>> certain(arb("6.4467251 +/- 1e-8")), certain(arb("6.4467 +/- 0.001")), certain(arb("0 +/- 1"))
        ((644673, -5), (645, -2), None)
    """
    size = ball.abs_upper()
    if not ball.is_finite() or size > arb(2) ** _MOST_BITS or (size < arb(2) ** -_MOST_BITS and not ball.is_zero()):
        return None
    low, high = ends(ball)
    if low <= 0 <= high:
        return (0, 0) if low == high else None
    for digits in range(most, 0, -1):
        found = rounded_to(low, digits)
        if found == rounded_to(high, digits):
            return found
    return None


def written(found: tuple[int, int] | None) -> str:
    """As a decimal, or with a power of ten where it is very small or large.

    Example:
        >>> [written(f) for f in ((644673, -5), (7787, -7), (31, -6), (477, 18), None)]
        ['6.44673', '0.0007787', '3.1e-5', '4.77e+20', '?']
    """
    if found is None:
        return "?"
    whole, power = found
    sign, digits = ("-" if whole < 0 else ""), str(abs(whole))
    first = len(digits) + power  # digits before the point
    if whole and not -4 < first <= 9:
        rest = digits[1:]
        return f"{sign}{digits[0]}{'.' if rest else ''}{rest}e{first - 1:+d}"
    if power >= 0:
        return f"{sign}{digits}{'0' * power}"
    digits = digits.rjust(1 - power, "0")
    return f"{sign}{digits[:power]}.{digits[power:]}"


def certain_text(ball: arb, most: int = MOST_DIGITS) -> str:
    """The digits that are certain, rounded in the last; "<1e-99" if it is less than that, "?" if none is certain.

    Example:
        >>> certain_text(arb(2).sqrt()), certain_text(arb("1.4142 +/- 0.003")), certain_text(arb(-(10**6)).exp())
        ('1.41421', '1.4', '<1e-99')
    """
    if not ball.is_zero() and not ball < 0 and ball.abs_upper() < arb(10) ** -TINY:
        return f"<1e-{TINY}"
    return written(certain(ball, most))
