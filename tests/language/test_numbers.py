"""Numbers of the field of powers of e against floats and laws; dual numbers against derivatives worked out by hand."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive.errors import Undefined, Unevaluable
from derive.language import balls
from derive.language.balls import Ball
from derive.language.exponential import Exponential, e_to
from derive.language.numbers import Dual, as_whole, cos, exp, log, primal, sin, slope, tanh
from tests.fuzz.budget import SHARE

rationals = st.fractions(-3, 3, max_denominator=6)
terms = st.lists(st.tuples(rationals, rationals), min_size=1, max_size=4)


@st.composite
def numbers(draw: Any) -> tuple[Any, float]:
    """A quotient of sums of powers of e, with its value in floating point worked out apart."""
    top, bottom = draw(terms), draw(terms)
    above, below = (sum(float(c) * math.exp(q) for c, q in part) for part in (top, bottom))
    assume(abs(below) > 1e-3)
    exact = [sum((c * exp(q) for c, q in part), Fraction(0)) for part in (top, bottom)]
    return exact[0] / exact[1], above / below


def close(exact: Any, near: float) -> bool:
    """Whether the exact number has this value in floating point."""
    return math.isclose(float(exact), near, rel_tol=1e-6, abs_tol=1e-6)


@settings(max_examples=150 // SHARE, deadline=None)
@given(numbers(), numbers(), numbers())
def test_laws_of_a_field(first: tuple[Any, float], second: tuple[Any, float], third: tuple[Any, float]) -> None:
    """The laws hold exactly, and every value is near the float."""
    (a, u), (b, v), (c, w) = first, second, third
    assert close(a, u) and close(a + b, u + v) and close(a - b, u - v) and close(a * b, u * v)
    assert a + b == b + a and (a + b) + c == a + (b + c)
    assert a * b == b * a and (a * b) * c == a * (b * c)
    assert a * (b + c) == a * b + a * c
    assert (a - b) * (a + b) - (a**2 - b**2) == 0
    assert hash((a + b) * (a - b)) == hash(a**2 - b**2)
    if b != 0:
        assert a / b * b == a and b**-2 * b**2 == 1
        assert isinstance(b / b, Fraction)
    if abs(u - v) > 1e-6:
        assert (a < b, a <= b, a > b, a >= b, a == b) == (u < v, u <= v, u > v, u >= v, False)
    assert math.floor(a) <= a < math.floor(a) + 1 and 0 <= math.ceil(a) - a < 1
    assert abs(a) == max(a, -a) and 0 <= a % 1 < 1
    assert isinstance(a, Fraction) or not math.isnan(w)


def test_hidden_zeros() -> None:
    """What is 0 in another shape is found to be 0, and what is a hair away from it is not."""
    e = exp(1)
    assert (e - 1) * (e + 1) - (exp(2) - 1) == 0
    assert (exp(3) - 1) / (e - 1) == exp(2) + e + 1
    assert exp(Fraction(1, 2)) ** 2 == e and exp(Fraction(1, 3)) * exp(Fraction(2, 3)) == e
    assert e / (1 + e) + 1 / (1 + e) == 1 and 1 / (1 + 1 / e) == e / (1 + e)
    assert tanh(Fraction(1, 2)) == (e - 1) / (e + 1)
    assert (1 - e) / (1 - exp(2)) == (e - 1) / (exp(2) - 1) == 1 / (e + 1)
    assert type((e + 1) - e) is Fraction and type(0 * e) is Fraction
    digits = Fraction(2718281828459045235360287471352662497757, 10**39)
    assert e != digits and digits < e < digits + Fraction(1, 10**39)
    assert exp(Fraction(1, 1000)) > 1 + Fraction(1, 1000) and exp(-50) > 0
    assert (e - digits) * 10**39 < 1
    assert math.floor(exp(100)) == 26881171418161354484126255515800135873611118


def test_text() -> None:
    """Numbers are written as a reader would."""
    e = exp(1)
    assert [str(x) for x in (exp(2) / (1 + e), e / 2, (1 - 2 * e) / 3, exp(Fraction(-1, 2)), 1 / (2 * e + 2))] == [
        "e**2/(1 + e)",
        "e/2",
        "(1 - 2*e)/3",
        "e**(-1/2)",
        "1/(2 + 2*e)",
    ]


def test_too_large_is_refused() -> None:
    """Powers that no memory holds raise instead of running for ever."""
    for work in (lambda: exp(10**9), lambda: exp(10**5) + exp(1) + 1, lambda: (exp(1) + 1) ** 10**6):
        with pytest.raises(Unevaluable):
            work()
    assert exp(10**5) + exp(2 * 10**5) > 0  # two terms alone are short
    assert float(exp(10**5)) == math.inf and float(exp(-(10**5))) == 0.0


def test_what_has_no_exact_value() -> None:
    """Logarithms, sines and roots beyond the plain ones are enclosed; whether two of them are equal is not answered."""
    three = log(3)
    assert isinstance(three, Ball) and isinstance(2 * three + 1, Ball) and three * 0 == 0
    assert float(three + Fraction(1, 2)) == pytest.approx(math.log(3) + 0.5)
    assert three + 0.5 == pytest.approx(math.log(3) + 0.5)
    assert 1 < three < exp(1) and math.floor(1 / three) == 0 and math.ceil(three) == 2 and as_whole(three) is None
    assert balls.close(exp(log(three)), three) and balls.close(three * three / three, three)
    asks: list[Callable[[], object]] = [
        lambda: three == three,
        lambda: three - three > 0,
        lambda: 1 / (three - three),
        lambda: math.floor(exp(three)),
        lambda: as_whole(exp(three)),
        lambda: three.as_integer_ratio(),
        lambda: 2 ** exp(1),
        lambda: Fraction(1, 2) ** exp(1),
        lambda: exp(1) ** Fraction(1, 2),
        lambda: Fraction(1, 2) ** Dual(1, 1, 1),
        lambda: float(Dual(1, 1, 1)),
        lambda: math.exp(Dual(1, 1, 1)),  # type: ignore[arg-type]
    ]
    for ask in asks:
        with pytest.raises(Unevaluable):
            ask()
    assert all(isinstance(f(1), Ball) for f in (sin, cos)) and isinstance(exp(exp(1)), Ball)
    for x in (0, -1, Fraction(-1, 2), -exp(1), 0.0, Dual(1, 0, 1)):
        with pytest.raises(Undefined):
            log(x)
    assert log(exp(Fraction(5, 3))) == Fraction(5, 3) and (log(1), sin(0), cos(0), tanh(0)) == (0, 0, 1, 0)


def test_perturbations_do_not_mix() -> None:
    """d/dx (x * d/dy (x + y)) is 1 and not 2, and likewise with products, powers and three levels."""
    assert slope(lambda x: x * slope(lambda y: x + y, 1), 1) == 1
    assert slope(lambda x: slope(lambda y: x * y, x), 3) == 1
    assert slope(lambda x: x * slope(lambda y: x * y**2, x), 2) == 3 * 2 * 4  # x * 2 x x
    assert slope(lambda x: slope(lambda y: slope(lambda z: x**3 * y**3 * z**3, 5), 3), 2) == 27 * 4 * 9 * 25
    assert slope(lambda x: slope(lambda y: y**3, x), 2) == 12
    assert slope(lambda x: slope(lambda y: 7, x), 2) == 0


@settings(max_examples=60, deadline=None)
@given(rationals, rationals)
def test_derivatives_against_textbook(x: Fraction, y: Fraction) -> None:
    """Rules of differentiation at random points, first and second order."""
    assert slope(lambda t: t**5 - 3 * t**2 + t, x) == 5 * x**4 - 6 * x + 1
    assert slope(exp, x) == exp(x)
    assert slope(lambda t: exp(y * t) / (1 + exp(y * t)), x) == y * exp(x * y) / (1 + exp(x * y)) ** 2
    assert slope(lambda t: slope(lambda s: exp(s * t), y), x) == (1 + x * y) * exp(x * y)
    assert slope(tanh, x) == 1 - tanh(x) ** 2
    assert slope(lambda t: slope(tanh, t), x) == -2 * tanh(x) * (1 - tanh(x) ** 2)
    assert slope(lambda t: log(1 + exp(t)), x) == exp(x) / (1 + exp(x))
    if x > 0:
        assert slope(log, x) == 1 / x and slope(lambda t: slope(log, t), x) == -1 / x**2
        assert slope(lambda t: -y * log(t), x) == -y / x
    if x != 0:
        assert slope(lambda t: (t**2 + y) / t, x) == 1 - y / x**2
        assert slope(lambda t: t**-3, x) == -3 * x**-4
        assert slope(abs, x) == (1 if x > 0 else -1)
        assert slope(lambda t: max(0, t), x) == (1 if x > 0 else 0)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 2), st.floats(0.1, 2))
def test_derivatives_of_floats(x: float, y: float) -> None:
    """The same works in floating point, where sine and logarithm have values."""
    found = slope(lambda t: sin(t * y) * exp(-t) + log(t) * tanh(t) + cos(t) / t, x)
    by_hand = (y * math.cos(x * y) - math.sin(x * y)) * math.exp(-x) + math.tanh(x) / x
    by_hand += math.log(x) * (1 - math.tanh(x) ** 2) - math.sin(x) / x - math.cos(x) / x**2
    assert found == pytest.approx(by_hand, rel=1e-9)
    mixed = slope(lambda t: slope(lambda s: sin(s * t), y), x)
    assert mixed == pytest.approx(math.cos(x * y) - x * y * math.sin(x * y))


@pytest.mark.parametrize(
    ("function", "at"),
    [
        (lambda x: max(0, x), 0),
        (abs, Fraction(0)),
        (lambda x: min(x, 2 * x - 1), 1),
        (lambda x: x if x**2 > 0 else 5, 0),  # slopes are equal at 0, and the answer is another one beside it
        (lambda x: 1 if x == 3 else 0, 3),
        (lambda x: x if x >= exp(1) else 0, exp(1)),
        (math.floor, 2),
        (lambda x: x % 1, 1),
        (lambda x: x if slope(lambda y: y * y, x) > 2 else 0, 1),
        (lambda x: 2**x, 3),
        (lambda x: max(sin(x), cos(x - 1) * sin(1) + cos(1) * sin(x - 1)), 2),
        (lambda x: range(5)[as_whole(x)], 2),
    ],
)
def test_edges_and_unknown_slopes_are_refused(function: Callable[[Any], Any], at: Any) -> None:
    """At a kink, at the edge of a case, and where it is not known whether there is one, there is no answer."""
    with pytest.raises(Unevaluable):
        operator.gt(slope(function, at), 0)  # an unknown slope raises when it is asked for


def test_beside_an_edge() -> None:
    """A little away from the edge the answer is that of the side."""
    assert [slope(lambda x: max(0, x), Fraction(s, 1000)) for s in (-1, 1)] == [0, 1]
    assert [slope(lambda x: x if x**2 > 0 else 5, s) for s in (-1, 1)] == [1, 1]
    assert slope(lambda x: x * math.floor(x), Fraction(5, 2)) == 2 and slope(lambda x: x % 2, Fraction(9, 2)) == 1
    assert slope(lambda x: x * math.ceil(x), exp(1)) == 3 and slope(lambda x: x**0, 0) == 0
    assert slope(lambda x: max(x, 2 * x), exp(-1)) == 2


def test_unknown_values_with_known_slopes() -> None:
    """A value that cannot be had does not spoil a slope that does not need it."""
    assert slope(lambda x: log(3) + sin(x) * 0 + x * 2, 5) == 2
    assert slope(lambda x: log(x) + log(2 * x) - log(7), 4) == Fraction(1, 2)
    assert slope(lambda x: log(sin(0) + x) * cos(0), 4) == Fraction(1, 4)
    with pytest.raises(ZeroDivisionError):
        slope(lambda x: 1 / x, 0)
    assert primal(Dual(3, Dual(1, 4, 2), 1)) == 4


def test_rational_results_are_fractions() -> None:
    """Whatever is rational comes as a Fraction or int, so that nobody mistakes it for a number of the larger field."""
    shares = [exp(k) / sum(exp(j) for j in range(4)) for k in range(4)]
    assert all(isinstance(p, Exponential) for p in shares) and isinstance(sum(shares), Fraction)
    assert isinstance(e_to(0), Fraction) and isinstance(exp(2) * exp(-2), Fraction)
