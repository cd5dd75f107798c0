r"""Real numbers enclosed by intervals, for values in no field that we calculate in exactly: roots, log(3), sin(1).

A **ball** is a midpoint with a radius, and the number lies in it; every operation gives a ball in which its result is.
So two balls without a common point are unlike numbers, and that is certain. Two balls that overlap may be the same
number or not: no comparison is answered then. Numbers that should be equal are said to be **close** where their balls
overlap and are small: evidence to so many digits, and no more.

Source: F. Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, IEEE Transactions on
Computers 66 (2017), 1281-1292.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import acb, arb, ctx, fmpq
from sympy import Expr
from sympy.core.symbol import Str

from derive.errors import Undefined, Unevaluable
from derive.language.exponential import Exponential, Operators

PRECISION = 400
"""Bits that balls are calculated with."""
_ACCURACY = 200
_MOST_PLACES = 60
_MOST_VALUES = 20_000
"""Of a function whose integral is enclosed."""
DIGITS = 60
"""Decimal places that close numbers have in common, relative to their size or to 1 (200 bits)."""


@dataclass(frozen=True, eq=False, repr=False)
class Ball(Operators):
    """A real number that lies in an interval."""

    interval: arb

    def _plus(self, other: Any) -> Any:
        if isinstance(other, float):
            return float(self) + other
        its = _interval(other)
        return NotImplemented if its is None else _ball(lambda: self.interval + its)

    def _times(self, other: Any) -> Any:
        if isinstance(other, float):
            return float(self) * other
        its = _interval(other)
        if its is None:
            return NotImplemented
        return _ball(lambda: self.interval * its) if other.__class__ is Ball or not its.is_zero() else 0

    def _inverse(self) -> Any:
        if 0 in self.interval:
            raise Unevaluable(f"{DIGITS} digits do not tell {self} from 0, by which we would divide")
        return _ball(lambda: 1 / self.interval)

    def _against(self, other: Any) -> Any:
        its = arb(other) if isinstance(other, float) else _interval(other)
        if its is None:
            return NotImplemented
        if self.interval.overlaps(its):
            raise Unevaluable(f"{DIGITS} digits do not tell {self} from {other}")
        return 1 if self.interval > its else -1

    __hash__ = object.__hash__

    def __float__(self) -> float:
        return float(self.interval.mid())

    def __floor__(self) -> int:
        whole = self.interval.floor().unique_fmpz()
        if whole is None:
            raise Unevaluable(f"{DIGITS} digits do not tell the floor of {self}")
        return int(whole)

    def __ceil__(self) -> int:
        return -(-self).__floor__()

    def as_integer_ratio(self) -> tuple[int, int]:
        """There is none that we know.

        Raises:
            Unevaluable: always; for code that wants rational numbers.
        """
        raise Unevaluable(f"{self} is not known to be rational")

    def decimal(self, digits: int = 12) -> str:
        """Its first digits, all of them right up to one unit in the last place.

        Example:
            >>> root(2, 2).decimal(6)
            '1.41421'
        """
        return str(self.interval.str(digits, radius=False))

    def __str__(self) -> str:
        return f"{self.decimal()}..."

    __repr__ = __str__


def _interval(number: Any) -> arb | None:
    """The interval of an exact number or a ball; None for other things."""
    if isinstance(number, Ball):
        return number.interval
    if isinstance(number, (int, Fraction)):
        return _quotient(number.numerator, number.denominator)
    return number.interval(PRECISION) if isinstance(number, Exponential) else None


@lru_cache(1 << 14)
def _quotient(top: int, bottom: int) -> arb:
    with ctx.workprec(PRECISION):
        return arb(fmpq(top, bottom))


def _ball(work: Callable[[], arb]) -> Ball:
    """The ball that the work gives.

    Raises:
        Unevaluable: it is unbounded.
    """
    before = ctx.prec  # as `ctx.workprec` does, in half of its time
    ctx.prec = PRECISION
    try:
        found = work()
    finally:
        ctx.prec = before
    if not found.is_finite():
        raise Unevaluable("a number is too large, or too near to where it has no value, to be enclosed")
    return Ball(found)


def enclosed(number: int | Fraction) -> int | Ball:
    """A rational number as a ball; 0 stays 0.

    Example:
        >>> enclosed(Fraction(1, 4)), enclosed(0)
        (0.250000000000..., 0)
    """
    return _ball(lambda: _quotient(number.numerator, number.denominator)) if number else 0


def applied(name: str, x: Any) -> Ball:
    """A function of one number, by its name in FLINT, at a number where it has a value.

    Example:
        >>> applied("log", 3)
        1.09861228867...
    """
    return _ball(lambda: getattr(_interval(x), name)())


def to_the(base: Any, exponent: Any) -> Any:
    """A positive number to a power that is no integer, or a ball to any; exact where it is rational.

    Raises:
        Undefined: the base is negative, or it is 0 and the exponent negative.
        Unevaluable: whether it is, is not known.

    Example:
        >>> to_the(Fraction(4, 9), Fraction(3, 2)), to_the(2, Fraction(1, 2))
        (Fraction(8, 27), 1.41421356237...)
    """
    if isinstance(exponent, (int, Fraction)) and isinstance(base, (int, Fraction)):
        if base < 0 or (base == 0 and exponent < 0):
            raise Undefined(f"{base} to the power {exponent}")
        exact = _exact_root(Fraction(base), exponent.denominator)
        if exact is not None:
            return exact**exponent.numerator
    if isinstance(base, (int, Fraction)) and base == 0:
        if exponent > 0:
            return 0
        raise Undefined(f"0 to the power {exponent}")
    if base < 0:
        raise Undefined(f"{base} to the power {exponent}")
    raised: Any = _interval(base)
    return _ball(lambda: raised ** _interval(exponent))


def root(number: Any, degree: int) -> Any:
    """The root of a number that is not negative, exact where it is rational.

    Example:
        >>> root(8, 3), root(3, 2)
        (Fraction(2, 1), 1.73205080757...)
    """
    return to_the(number, Fraction(1, degree))


def _exact_root(number: Fraction, degree: int) -> Fraction | None:
    parts = []
    for part in (number.numerator, number.denominator):
        with ctx.workprec(max(PRECISION, part.bit_length() + 64)):
            near = (arb(part).root(degree) + arb(0.5)).floor().unique_fmpz()
        if near is None or int(near) ** degree != part:
            return None
        parts.append(int(near))
    return Fraction(*parts)


def close(left: Any, right: Any) -> bool:
    """Whether two numbers, of which one at least is a ball, agree to all digits; False is certain.

    Raises:
        Unevaluable: they overlap, but are not known well enough.

    Example:
        >>> close(root(8, 2), 2 * root(2, 2)), close(root(2, 2), Fraction(141421356237, 10**11))
        (True, False)
    """
    one, other = _interval(left), _interval(right)
    if one is None or other is None:
        raise Unevaluable("these are no numbers that can be compared")
    if not one.overlaps(other):
        return False
    with ctx.workprec(PRECISION):
        width = (one - other).abs_upper()
        if width <= arb(2) ** -_ACCURACY or width <= arb(2) ** -_ACCURACY * abs(one).abs_lower():
            return True
    raise Unevaluable("two numbers are not known to enough digits to be compared")


class Decimal(Expr):
    """The first digits of a number, all of them right: `1.41421...` is no number itself, but tells where one lies.

    Example:
        >>> digits_of(root(2, 2), 6), digits_of(-root(2, 2) / 1000, 3), digits_of(root(2, 2) * 10**7, 4)
        (1.41421..., -0.00141..., 14142135.6...)
    """

    is_commutative = True
    is_extended_real = True

    def __new__(cls, text: str | Str) -> Decimal:
        made: Decimal = Expr.__new__(cls, text if isinstance(text, Str) else Str(text))
        return made

    @property
    def text(self) -> str:
        """The digits."""
        return str(self.args[0].name)

    def _sympystr(self, printer: Any) -> str:
        return f"{self.text}..."


def digits_of(number: Any, digits: int) -> Decimal:
    """The number cut off after so many digits, but not before one digit behind the point.

    Raises:
        Unevaluable: it is not known well enough, or nobody would read it.
    """
    interval = _interval(number)
    if interval is None or 0 in interval:
        raise Unevaluable("a number is not told from 0, so it has no first digit")
    with ctx.workprec(PRECISION):
        size, places = abs(interval), 1
        while not size * arb(10) ** places > arb(10) ** (digits - 1):
            places += 1
            if places > _MOST_PLACES:
                raise Unevaluable("a number is too small for its digits to be written")
        whole = (size * arb(10) ** places).floor().unique_fmpz()
    if whole is None or len(str(int(whole))) > _MOST_PLACES:
        raise Unevaluable("a number is not known to so many digits, or has too many before the point")
    text = str(int(whole)).rjust(places + 1, "0")
    return Decimal(("-" if interval < 0 else "") + text[:-places] + "." + text[-places:])


def widened(number: Any, bits: int) -> Ball:
    """The ball with 2^-bits more on both sides: for what is only known to lie so near to the number.

    Example:
        >>> close(widened(applied("exp", 1), 300), applied("exp", 1))
        True
    """
    return _ball(lambda: complex_number(number).real + arb(0, arb(2) ** -bits))


def complex_number(value: Any) -> acb:
    """The enclosure of an exact number or ball, as a complex number.

    Raises:
        Unevaluable: it is neither.
    """
    its = _interval(value)
    if its is None:
        raise Unevaluable(f"{value} is no number that an integral is worked out with")
    return acb(its)


def integrated(function: Callable[[acb], acb], low: Fraction, high: Fraction) -> Ball:
    """An enclosure of the integral of a function that is meromorphic around the range.

    Args:
        function: Gives the value at a complex number, not finite where there is a pole; it must not raise.
        low: The lower end.
        high: The upper end.

    Raises:
        Unevaluable: the function has no finite value somewhere, or too much work is needed.

    Example:
        >>> integrated(lambda z: z.exp(), Fraction(0), Fraction(1))
        1.71828182846...
    """
    ends = complex_number(low), complex_number(high)
    goal = arb(2) ** -(_ACCURACY + 40)

    def work() -> arb:
        whole = acb.integral(lambda z, _: function(z), *ends, rel_tol=goal, abs_tol=goal, eval_limit=_MOST_VALUES)
        return whole.real

    return _ball(work)
