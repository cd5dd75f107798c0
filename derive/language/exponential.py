r"""The field $\mathbf Q(e^q : q \in \mathbf Q)$, exactly: quotients of sums of rational powers of e.

**Theorem** (Lindemann and Weierstrass). For distinct algebraic q_1, ..., q_m the numbers e^(q_1), ..., e^(q_m) are
linearly independent over the algebraic numbers.

So for rational s > 0 the number u = e^s is transcendental, and a quotient of polynomials in u with rational
coefficients is 0 only where its numerator is the polynomial 0. Finitely many exponents are integer multiples of one
rational s (the greatest common divisor), up to a shift; every number of the field is therefore e^shift * top(u) /
bottom(u) with polynomials over the integers, and it has just one such form in which

- top and bottom have no common factor, constant coefficients that are not 0, and bottom(0) > 0;
- s is as large as can be (0 where both are constants).

Equality is equality of these forms. A number that is not 0 has a sign, and interval arithmetic of enough precision
shows it.

Source: A. Baker, Transcendental Number Theory, 1975, theorem 1.4. (For rational exponents Hermite's theorem is enough:
were e^s algebraic, its power e would be.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any

from flint import arb, ctx, fmpq, fmpz_poly

from derive.errors import Unevaluable

_HIGHEST_DEGREE = 4_000
_LARGEST = 4_000_000
"""Bits of all coefficients of a polynomial; a quotient of larger ones is given up."""
_LARGEST_EXPONENT = 10**6
_MOST_BITS = 1 << 20


class Operators:
    """Python's operators, from `_plus`, `_times`, `_inverse` and `_against` (the sign of the difference).

    These answer NotImplemented to a kind of number that they leave to the other operand.
    """

    def _plus(self, other: Any) -> Any:
        raise NotImplementedError

    def _times(self, other: Any) -> Any:
        raise NotImplementedError

    def _inverse(self) -> Any:
        raise NotImplementedError

    def _against(self, other: Any) -> Any:
        raise NotImplementedError

    def __add__(self, other: Any) -> Any:
        return self._plus(other)

    def __radd__(self, other: Any) -> Any:
        return self._plus(other)

    def __mul__(self, other: Any) -> Any:
        return self._times(other)

    def __rmul__(self, other: Any) -> Any:
        return self._times(other)

    def __neg__(self) -> Any:
        return self._times(-1)

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __truediv__(self, other: Any) -> Any:
        return self * inverse(other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._inverse() * other

    def __pow__(self, exponent: Any) -> Any:
        if not isinstance(exponent, (int, Fraction)) or exponent.denominator != 1:
            raise Unevaluable(f"{self} to the power {exponent} is a root")
        base, left = (self, int(exponent)) if exponent >= 0 else (self._inverse(), -int(exponent))
        product: Any = 1
        while left:
            product = product * base if left & 1 else product
            left >>= 1
            base = base * base if left else base
        return product

    def __rpow__(self, base: Any) -> Any:
        raise Unevaluable(f"{base} to the power {self} has no value that we can compute")

    def __mod__(self, other: Any) -> Any:
        return self - other * (self / other).__floor__()

    def __rmod__(self, other: Any) -> Any:
        return other - self * (other / self).__floor__()

    def __abs__(self) -> Any:
        return -self if self < 0 else self

    def __eq__(self, other: object) -> Any:
        sign = self._against(other)
        return sign if sign is NotImplemented else sign == 0

    def __lt__(self, other: Any) -> Any:
        sign = self._against(other)
        return sign if sign is NotImplemented else sign < 0

    def __le__(self, other: Any) -> Any:
        sign = self._against(other)
        return sign if sign is NotImplemented else sign <= 0

    def __gt__(self, other: Any) -> Any:
        sign = self._against(other)
        return sign if sign is NotImplemented else sign > 0

    def __ge__(self, other: Any) -> Any:
        sign = self._against(other)
        return sign if sign is NotImplemented else sign >= 0


def inverse(number: Any) -> Any:
    """1/number for any kind of number; raises ZeroDivisionError at 0.

    Example:
        >>> inverse(4), inverse(e_to(1))
        (Fraction(1, 4), e**(-1))
    """
    if isinstance(number, Operators):
        return number._inverse()
    return 1 / number if isinstance(number, float) else 1 / Fraction(number)


@dataclass(frozen=True, eq=False, repr=False)
class Exponential(Operators):
    """A number of the field that is not rational, in the one form that the module describes; made by arithmetic."""

    step: Fraction
    shift: Fraction
    top: fmpz_poly
    bottom: fmpz_poly

    def __eq__(self, other: object) -> Any:
        if isinstance(other, Exponential):
            return self._key() == other._key()
        return False if isinstance(other, (int, Fraction)) else super().__eq__(other)

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return self.step, self.shift, tuple(map(int, self.top.coeffs())), tuple(map(int, self.bottom.coeffs()))

    def _plus(self, other: Any) -> Any:
        if isinstance(other, float):
            return float(self) + other
        if not isinstance(other, (int, Fraction, Exponential)):
            return NotImplemented
        mine, its = self, _as_exponential(other)
        shift = min(mine.shift, its.shift)
        step = _common(mine.step, its.step, mine.shift - its.shift) or Fraction(1)
        tops = [_stretched(x.top, x.step, step, (x.shift - shift) / step) for x in (mine, its)]
        bottoms = [_stretched(x.bottom, x.step, step) for x in (mine, its)]
        if bottoms[0] == bottoms[1]:
            return _reduced(step, shift, tops[0] + tops[1], bottoms[0])
        top = _product(tops[0], bottoms[1]) + _product(tops[1], bottoms[0])
        return _reduced(step, shift, top, _product(*bottoms))

    def _times(self, other: Any) -> Any:
        if isinstance(other, float):
            return float(self) * other
        if not isinstance(other, (int, Fraction, Exponential)):
            return NotImplemented
        mine, its = self, _as_exponential(other)
        step = _common(mine.step, its.step) or Fraction(1)
        top = _product(*(_stretched(x.top, x.step, step) for x in (mine, its)))
        bottom = _product(*(_stretched(x.bottom, x.step, step) for x in (mine, its)))
        return _reduced(step, mine.shift + its.shift, top, bottom)

    def _inverse(self) -> Any:
        return _reduced(self.step, -self.shift, self.bottom, self.top)

    def _against(self, other: Any) -> Any:
        if not isinstance(other, (int, Fraction, float, Exponential)):
            return NotImplemented
        difference = self - other
        if isinstance(difference, Exponential):
            return next(sign for ball in difference._balls() for sign in (1, -1) if sign * ball > 0)
        return (difference > 0) - (difference < 0)

    def _balls(self) -> Iterator[Any]:
        """Intervals around the number, ever smaller ones."""
        bits = 64
        while bits <= _MOST_BITS:
            with ctx.workprec(bits):
                u = arb(_fmpq(self.step)).exp()
                yield arb(_fmpq(self.shift)).exp() * self.top(u) / self.bottom(u)
            bits *= 2
        raise Unevaluable(f"{_MOST_BITS} bits do not tell how large {self} is")

    def interval(self, bits: int) -> Any:
        """An interval around the number, known to so many bits."""
        return next(ball for ball in self._balls() if ball.rel_accuracy_bits() >= bits)

    def __float__(self) -> float:
        return next(float(ball.mid()) for ball in self._balls() if ball.rel_accuracy_bits() > 55)

    def __floor__(self) -> int:
        # It is no integer, so some interval lies between two of them.
        wholes = (ball.floor().unique_fmpz() for ball in self._balls())
        return next(int(whole) for whole in wholes if whole is not None)

    def __ceil__(self) -> int:
        return self.__floor__() + 1

    @property
    def logarithm(self) -> Fraction | None:
        """q where this is e**q."""
        return self.shift if self.step == 0 and self.top == self.bottom else None

    def as_integer_ratio(self) -> tuple[int, int]:
        """There is none.

        Raises:
            Unevaluable: always; for code that wants rational numbers.
        """
        raise Unevaluable(f"{self} is not rational")

    def __str__(self) -> str:
        top = _written(self.top, self.step, self.shift)
        bottom = _written(self.bottom, self.step, Fraction(0))
        if bottom == "1":
            return top
        return f"{_grouped(top)}/{_grouped(bottom)}"

    __repr__ = __str__


def e_to(exponent: int | Fraction) -> Fraction | Exponential:
    """e to a rational power.

    Raises:
        Unevaluable: the exponent is beyond a million.

    Example:
        >>> (e_to(2) - 1) / (e_to(1) - 1) == e_to(1) + 1, e_to(2) / (1 + e_to(1)) + e_to(Fraction(-1, 2))
        (True, (e**(-1/2) + e**(1/2) + e**2)/(1 + e))
    """
    if not -_LARGEST_EXPONENT <= exponent <= _LARGEST_EXPONENT:
        raise Unevaluable("a power of e is too large to be worked out")
    return _reduced(Fraction(1), Fraction(exponent), fmpz_poly([1]), fmpz_poly([1]))


def _as_exponential(number: int | Fraction | Exponential) -> Exponential:
    """The number in the form of the field; a rational one is such only between two steps."""
    if isinstance(number, Exponential):
        return number
    constants = (fmpz_poly([c]) for c in (number.numerator, number.denominator))
    return Exponential(Fraction(0), Fraction(0), *constants)


def _reduced(step: Fraction, shift: Fraction, top: fmpz_poly, bottom: fmpz_poly) -> Fraction | Exponential:
    """e^shift * top(e^step) / bottom(e^step) in its one form."""
    if top.is_zero():
        return Fraction(0)
    common = top.gcd(bottom)
    if (bottom // common)[_least(bottom // common)] < 0:
        common = -common
    top, bottom = top // common, bottom // common
    above, below = _least(top), _least(bottom)
    top, bottom = top.right_shift(above), bottom.right_shift(below)
    shift += step * (above - below)
    stride = _stride(top, bottom)
    if stride == 0 and shift == 0:
        return Fraction(int(top[0]), int(bottom[0]))
    if stride > 1:
        top, bottom = (fmpz_poly(p.coeffs()[::stride]) for p in (top, bottom))
    return Exponential(step * stride, shift, top, bottom)


def _least(polynomial: fmpz_poly) -> int:
    """The least exponent with a coefficient that is not 0."""
    place = 0
    while polynomial[place] == 0:
        place += 1
    return place


def _stride(*polynomials: fmpz_poly) -> int:
    """The greatest common divisor of all exponents; mostly it is 1, and seen soon."""
    found = 0
    for polynomial in polynomials:
        for place in range(1, polynomial.degree() + 1):
            if polynomial[place] != 0:
                found = gcd(found, place)
            if found == 1:
                return 1
    return found


def _common(*numbers: Fraction) -> Fraction:
    """The greatest rational number of which all are integer multiples; 0 if all are 0."""
    found = Fraction(0)
    for number in numbers:
        top = gcd(found.numerator * number.denominator, number.numerator * found.denominator)
        found = Fraction(top, found.denominator * number.denominator)
    return found


def _stretched(polynomial: fmpz_poly, old: Fraction, new: Fraction, rise: Fraction = Fraction(0)) -> fmpz_poly:
    """The polynomial in e^old as one in e^new, times e^(new*rise)."""
    times = int(old / new) if old else 1
    if polynomial.degree() * times + rise > _HIGHEST_DEGREE:
        raise Unevaluable(f"a sum of powers of e has exponents too far apart: more than {_HIGHEST_DEGREE} steps")
    return (polynomial.inflate(times) if times > 1 else polynomial).left_shift(int(rise))


def _product(left: fmpz_poly, right: fmpz_poly) -> fmpz_poly:
    degree = left.degree() + right.degree()
    if degree > _HIGHEST_DEGREE or (degree + 1) * (left.height_bits() + right.height_bits()) > _LARGEST:
        raise Unevaluable("a quotient of sums of powers of e is too large to be worked out")
    return left * right


def _fmpq(number: Fraction) -> fmpq:
    return fmpq(number.numerator, number.denominator)


def _grouped(text: str) -> str:
    return f"({text})" if " " in text or "*" in text.replace("**", "") else text


def _written(polynomial: fmpz_poly, step: Fraction, shift: Fraction) -> str:
    """The sum of powers of e that the polynomial is, times e^shift."""
    parts: list[str] = []
    for place, coefficient in enumerate(map(int, polynomial.coeffs())):
        exponent = shift + step * place
        if not coefficient:
            continue
        power = "e" if exponent == 1 else f"e**{exponent}"
        if exponent.denominator != 1 or exponent < 0:
            power = f"e**({exponent})"
        size = abs(coefficient)
        text = str(size) if exponent == 0 else power if size == 1 else f"{size}*{power}"
        sign = ("-" if coefficient < 0 else "") if not parts else (" - " if coefficient < 0 else " + ")
        parts.append(sign + text)
    return "".join(parts)
