r"""Numbers that differentiate: dual numbers, over exact values and enclosed ones, and functions on all of them.

A **dual number** $v + s\varepsilon$ with $\varepsilon^2 = 0$ carries a value and a slope:
$(v + s\varepsilon)(w + t\varepsilon) = vw + (sw + vt)\varepsilon$ and $f(v + s\varepsilon) = f(v) + f'(v)s\varepsilon$,
so a calculation that begins with $x + \varepsilon$ ends with its derivative. Each derivative has an $\varepsilon$ of
its own, told apart by a tag: a number is looked at as $v + s\varepsilon$ in its largest tag, and v and s may be dual
numbers of smaller tags. So derivatives of derivatives do not mix up what varies.

A comparison is that of the values. Where they are equal and one of the numbers varies, the answer may differ at every
point near by, whatever the slopes are (`x**2 > 0` at 0): it is refused. So is the floor of a varying number where it is
an integer. Hence all answers stay the same near the point, and what was calculated is differentiable there.

A number that is in no field that we calculate in exactly, such as log(3), is a ball (`derive.language.balls`): known to
many digits, and never said to be equal to another. The slope of its logarithm is exact where the number is.

Numbers are int, Fraction, `Exponential`, `Ball` and `Dual`; the functions take floats as well, for checks in
floating point.

Source: Griewank, Walther, Evaluating Derivatives, 2nd ed., 2008, sections 3.1 and 13.2 (forward mode, and its nesting).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Any

from derive.errors import Undefined, Unevaluable
from derive.language import balls
from derive.language.balls import Ball
from derive.language.exponential import Exponential, Operators, e_to, inverse

Exact = int | Fraction | Exponential
"""A number with a value that is compared exactly."""

Number = Any
"""Exact, float, Ball or Dual."""

_tags = count(1)


@dataclass(frozen=True, eq=False)
class Dual(Operators):
    """A number that varies: value + slope * (the epsilon of its tag)."""

    tag: int
    value: Number
    slope: Number

    def _plus(self, other: Number) -> Number:
        if not _is_number(other):
            return NotImplemented
        tag, (v, s), (w, t) = _side_by_side(self, other)
        return Dual(tag, v + w, s + t)

    def _times(self, other: Number) -> Number:
        if not _is_number(other):
            return NotImplemented
        tag, (v, s), (w, t) = _side_by_side(self, other)
        return Dual(tag, v * w, s * w + v * t)

    def _inverse(self) -> Number:
        upside = inverse(self.value)
        return Dual(self.tag, upside, -self.slope * upside * upside)

    def _against(self, other: Number) -> Number:
        if not _is_number(other):
            return NotImplemented
        left, right = primal(self), primal(other)
        if left == right:
            raise Unevaluable(f"the derivative stands on an edge, where {left} is compared with itself")
        return 1 if left > right else -1

    def __floor__(self) -> int:
        value = primal(self)
        whole = math.floor(value)
        if whole == value:
            raise Unevaluable(f"the derivative stands on an edge, the floor of the integer {value}")
        return whole

    def __ceil__(self) -> int:
        return self.__floor__() + 1

    def __float__(self) -> float:
        raise Unevaluable("a number that varies is no float: use the functions of derive.language.numbers")


def _side_by_side(left: Number, right: Number) -> tuple[int, tuple[Number, Number], tuple[Number, Number]]:
    """The larger tag, and (value, slope) of both numbers in it."""
    tag = max(x.tag for x in (left, right) if isinstance(x, Dual))
    first, second = ((x.value, x.slope) if isinstance(x, Dual) and x.tag == tag else (x, 0) for x in (left, right))
    return tag, first, second


def _is_plain(number: object) -> bool:
    return isinstance(number, (int, Fraction, Exponential, Ball))


def _is_number(number: object) -> bool:
    return _is_plain(number) or isinstance(number, (Dual, float))


def primal(number: Number) -> Number:
    """The value of a number where it stands, however it varies.

    Example:
        >>> primal(Dual(2, Dual(1, 7, 1), 3))
        7
    """
    while isinstance(number, Dual):
        number = number.value
    return number


def as_whole(number: Number) -> int | None:
    """The integer that the number is, None where it is none.

    Raises:
        Unevaluable: It varies, or is unknown.

    Example:
        >>> as_whole(Fraction(4, 2)), as_whole(Fraction(1, 2)), as_whole(e_to(1))
        (2, None, None)
    """
    if isinstance(number, Dual):
        raise Unevaluable("a derivative is taken with respect to a number that an integer depends on")
    if isinstance(number, (int, Fraction)):
        return int(number) if number.denominator == 1 else None
    if isinstance(number, Ball):
        math.floor(number)  # refused where an integer is too near
    return None


def as_rational(number: Number) -> Fraction:
    """The number as a fraction.

    Raises:
        Unevaluable: It is not rational, or varies.

    Example:
        >>> as_rational(exp(1) / exp(1))
        Fraction(1, 1)
    """
    if isinstance(number, (int, Fraction)):
        return Fraction(number)
    raise Unevaluable(f"{number} is not rational")


def slope(function: Callable[[Number], Number], at: Number) -> Number:
    """The derivative of a function of one number; may be nested.

    Args:
        function: Calculates with `+ - * / **`, comparisons, abs, min, max and the functions of this module.
        at: Where. The derivative is exact if this is.

    Raises:
        Unevaluable: The function has an edge there, or asks what cannot be answered.

    Example:
        >>> slope(lambda x: slope(lambda y: x**2 * y**3, 2), 5)
        120
        >>> slope(lambda x: exp(x) / (1 + exp(x)), 0), slope(lambda x: -3 * log(x), 7), slope(lambda x: x**2, 0.5)
        (Fraction(1, 4), Fraction(-3, 7), 1.0)
    """
    tag = fresh_tag()
    return slope_in(function(Dual(tag, at, 1)), tag)


def fresh_tag() -> int:
    """A tag larger than all before."""
    return next(_tags)


def moved(array: Callable[..., Any], at: tuple[int, ...], value: Any) -> Callable[..., Any]:
    """The array, a function of its indices, with another number at one place: what an oracle varies.

    Example:
        >>> moved(lambda i, j: i * j, (2, 3), 0)(2, 3), moved(lambda i, j: i * j, (2, 3), 0)(3, 2)
        (0, 6)
    """
    return lambda *place: value if place == at else array(*place)


def slope_in(number: Number, tag: int) -> Number:
    """The slope in the epsilon of a tag; 0 for a number that does not vary with it."""
    return number.slope if isinstance(number, Dual) and number.tag == tag else 0


def exp(x: Number) -> Number:
    """e to the power x.

    Raises:
        Unevaluable: the exponent is too large.

    Example:
        >>> exp(0), exp(Fraction(1, 2)) * exp(Fraction(-1, 2)), exp(0.0)
        (1, Fraction(1, 1), 1.0)
    """
    if isinstance(x, Dual):
        value = exp(x.value)
        return Dual(x.tag, value, value * x.slope)
    if isinstance(x, float):
        return math.exp(x)
    if isinstance(x, (int, Fraction)):
        return e_to(x) if x else 1
    return balls.applied("exp", x)


def log(x: Number) -> Number:
    """The natural logarithm.

    Raises:
        Undefined: x <= 0.
        Unevaluable: whether x > 0 is not known.

    Example:
        >>> log(exp(3) * exp(-1)), log(1), log(exp(1) + 1)
        (Fraction(2, 1), 0, 1.31326168752...)
    """
    if isinstance(x, Dual):
        return Dual(x.tag, log(x.value), x.slope * inverse(x.value))
    if x <= 0:
        raise Undefined(f"the logarithm of {x}")
    if isinstance(x, float):
        return math.log(x)
    if isinstance(x, (int, Fraction)) and x == 1:
        return 0
    power = x.logarithm if isinstance(x, Exponential) else None
    return balls.applied("log", x) if power is None else power


def sin(x: Number) -> Number:
    """The sine.

    Example:
        >>> sin(0), slope(sin, 0), sin(0.0)
        (0, 1, 0.0)
    """
    if isinstance(x, Dual):
        return Dual(x.tag, sin(x.value), cos(x.value) * x.slope)
    if isinstance(x, float):
        return math.sin(x)
    return 0 if isinstance(x, (int, Fraction)) and x == 0 else balls.applied("sin", x)


def cos(x: Number) -> Number:
    """The cosine.

    Example:
        >>> cos(0), slope(cos, 0), cos(0.0)
        (1, 0, 1.0)
    """
    if isinstance(x, Dual):
        return Dual(x.tag, cos(x.value), -sin(x.value) * x.slope)
    if isinstance(x, float):
        return math.cos(x)
    return 1 if isinstance(x, (int, Fraction)) and x == 0 else balls.applied("cos", x)


def tanh(x: Number) -> Number:
    """The hyperbolic tangent, (e^2x - 1)/(e^2x + 1).

    Example:
        >>> tanh(0), tanh(1), slope(tanh, 0)
        (0, (-1 + e**2)/(1 + e**2), 1)
    """
    if isinstance(x, Dual):
        value = tanh(x.value)
        return Dual(x.tag, value, (1 - value * value) * x.slope)
    if isinstance(x, float):
        return math.tanh(x)
    if isinstance(x, (int, Fraction)):
        return (e_to(2 * x) - 1) / (e_to(2 * x) + 1) if x else 0
    return balls.applied("tanh", x)


def erf(x: Number) -> Number:
    """The error function, 2/sqrt(pi) times the integral of exp(-t**2) from 0 to x.

    Example:
        >>> erf(0), erf(1), erf(1.0) == math.erf(1)
        (0, 0.842700792950..., True)
    """
    if isinstance(x, Dual):
        rate = 2 * power(pi(), Fraction(-1, 2)) * exp(-x.value * x.value)
        return Dual(x.tag, erf(x.value), rate * x.slope)
    if isinstance(x, float):
        return math.erf(x)
    return 0 if isinstance(x, (int, Fraction)) and x == 0 else balls.applied("erf", x)


def lambert(x: Number) -> Number:
    """The principal branch of Lambert's function: the w >= -1 with w*exp(w) = x.

    Raises:
        Undefined: x < -1/e.

    Example:
        >>> lambert(0), lambert(1), slope(lambert, 0)
        (0, 0.567143290410..., Fraction(1, 1))
    """
    if isinstance(x, Dual):
        value = lambert(x.value)
        return Dual(x.tag, value, x.slope * inverse(exp(value) * (1 + value)))
    if isinstance(x, float):
        return float(lambert(Fraction(x)))
    if x < -e_to(-1):
        raise Undefined(f"Lambert's function at {x}")
    return 0 if isinstance(x, (int, Fraction)) and x == 0 else balls.applied("lambertw", x)


def pi() -> Number:
    """The number pi, as a ball."""
    return 4 * balls.applied("atan", 1)


def sqrt(x: Number) -> Number:
    """The square root.

    Example:
        >>> sqrt(Fraction(9, 4)), sqrt(2), slope(sqrt, 4), sqrt(2.25)
        (Fraction(3, 2), 1.41421356237..., Fraction(1, 4), 1.5)
    """
    return power(x, Fraction(1, 2))


def power(base: Number, exponent: Number) -> Number:
    """The base to the exponent; where that is no integer, the base may not be negative.

    Raises:
        Undefined: 0 to a negative power, a negative base with an exponent that is no integer.
        Unevaluable: too large, or on an edge.

    Example:
        >>> power(2, -3), power(Fraction(1, 4), Fraction(3, 2)), slope(lambda x: power(2, x) * power(x, x), 1)
        (Fraction(1, 8), Fraction(1, 8), 3.38629436112...)
    """
    if isinstance(exponent, (int, Fraction)) and exponent.denominator == 1:
        whole = int(exponent)
        if whole < 0 and primal(base) == 0:
            raise Undefined(f"0 to the power {whole}")
        return Fraction(base) ** whole if isinstance(base, int) and whole < 0 else base**whole
    if isinstance(exponent, Dual):
        return exp(exponent * log(base))
    if isinstance(base, Dual):
        if not primal(base) > 0:
            raise Unevaluable(f"the derivative stands on an edge, {primal(base)} to the power {exponent}")
        return Dual(base.tag, power(base.value, exponent), exponent * power(base.value, exponent - 1) * base.slope)
    if isinstance(base, float) or isinstance(exponent, float):
        return float(base) ** float(exponent)
    if isinstance(base, Exponential) and base.logarithm is not None and isinstance(exponent, Fraction):
        return e_to(base.logarithm * exponent)
    return balls.to_the(base, exponent)
