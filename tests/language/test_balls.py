"""Enclosed numbers: exact where they can be, unlike numbers told apart, like ones never called equal."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import LambertW, Rational, log, pi, sin
from sympy import erf as erf_of
from sympy import sqrt as sqrt_of

from derive.errors import Undefined, Unevaluable
from derive.language import Context, Partial, array, real
from derive.language.balls import Ball, close, root, to_the
from derive.language.comparing import agree, compared
from derive.language.exponential import e_to
from derive.language.numbers import Dual, erf, exp, lambert, power, slope, sqrt
from derive.language.numbers import log as logarithm
from derive.language.points import Samples, evaluate

positive = st.fractions(min_value=Fraction(1, 9), max_value=9, max_denominator=9)


@settings(max_examples=80, deadline=None)
@given(positive, positive, st.integers(2, 5))
def test_roots(x: Fraction, y: Fraction, degree: int) -> None:
    """A root to its degree is the number; roots of powers are exact; arithmetic agrees with floating point."""
    assert root(x**degree, degree) == x
    r, s = root(x, degree), root(y, 2)
    assert agree(r**degree, "=", x) and agree(r * s, "=", s * r) and agree((r + s) * (r - s), "=", r * r - s * s)
    assert float(r) == pytest.approx(float(x) ** (1 / degree)) and float(r / s) == pytest.approx(float(r) / float(s))
    assert agree(root(x * y, 2), "=", root(x, 2) * s)
    if x != y:
        assert (root(x, 2) < s) == (x < y)
        assert not agree(root(x, 2), "=", s) and agree(root(x, 2), "<=", s) == (x < y)


def test_like_numbers_are_not_called_equal() -> None:
    """sqrt(8) and 2 sqrt(2) are close; whether they are equal is not answered; what differs in digit 50 differs."""
    one, other = root(8, 2), 2 * root(2, 2)
    assert close(one, other)
    for ask in (lambda: one == other, lambda: one < other, lambda: one - other > 0, lambda: hash(one) and one >= other):
        with pytest.raises(Unevaluable):
            ask()
    assert not close(one, other + Fraction(1, 10**50)) and one < other + Fraction(1, 10**50)
    assert agree(one, "<=", other) and not agree(one, "<=", other - Fraction(1, 10**50))
    with pytest.raises(Unevaluable):
        agree(one, "<", other)


def test_too_few_digits_are_no_agreement() -> None:
    """A wide interval that overlaps is no evidence."""
    with ctx.workprec(64):
        wide = Ball(arb(1) / 3)
    with pytest.raises(Unevaluable):
        close(wide, Fraction(1, 3))
    huge = root(2, 2) * 10**100
    assert close(huge, root(2, 2) * 10**100) and not close(huge, huge + 1)


def test_functions_where_they_have_values() -> None:
    """Functional equations, slopes and the edges of domains."""
    assert close(lambert(3) * exp(lambert(3)), 3) and lambert(0) == 0 and slope(lambert, 0) == 1
    assert close(slope(lambert, 3), lambert(3) / (3 * (1 + lambert(3))))
    assert close(slope(erf, 1), 2 * exp(-1) / sqrt(4 * to_the(1, Fraction(1, 2)) * _pi() / 4))
    assert slope(sqrt, 9) == Fraction(1, 6) and slope(lambda t: power(t, Fraction(-3, 2)), 4) == Fraction(-3, 64)
    assert close(slope(lambda t: power(t, t), 2), 4 * (1 + logarithm(2)))
    assert power(e_to(3), Fraction(1, 2)) == e_to(Fraction(3, 2)) and power(0, Fraction(1, 2)) == 0
    assert close(power(e_to(1) + 1, Fraction(1, 2)) ** 2, e_to(1) + 1)
    for base, exponent in ((-1, Fraction(1, 2)), (0, Fraction(-1, 2)), (-exp(1), Fraction(1, 3)), (0, -1)):
        with pytest.raises(Undefined):
            power(base, exponent)
    with pytest.raises(Undefined):
        lambert(-1)
    for edge in (lambda: slope(sqrt, 0), lambda: sqrt(root(8, 2) - 2 * root(2, 2)), lambda: sqrt(Dual(1, 0, 1))):
        with pytest.raises(Unevaluable):
            edge()
    assert lambert(1.0) == pytest.approx(0.5671432904) and sqrt(2.25) == 1.5 and erf(0.5) == math.erf(0.5)


def _pi() -> Ball:
    found = evaluate(pi, {})
    assert isinstance(found, Ball)
    return found


def test_terms_at_points() -> None:
    """Values and derivatives of terms with roots, against their digits; both sides of a law, counted apart."""
    x = array("x", (1, 1))
    context = Context(arrays=(x,))
    term = sqrt_of(2 + x[1] ** 3 + log(1 + x[1] ** 3)) + sin(2 + x[1] ** 3 + log(1 + x[1] ** 3))
    at = {x: Samples({(1,): Fraction(1432, 1000)})}
    value, rate = (evaluate(t, {}, context, at) for t in (term, Partial(term, x[1])))
    assert isinstance(value, Ball) and value.decimal(10) == "2.534927549"  # 2.53492754899, computed with mpmath
    assert isinstance(rate, Ball) and rate.decimal(10) == "9.248472249"
    assert evaluate(sqrt_of(x[1]), {}, context, {x: Samples({(1,): Fraction(9, 4)})}) == Fraction(3, 2)
    assert isinstance(evaluate(erf_of(Rational(1, 2)) + LambertW(2), {}), Ball)
    a = real("a")
    points = [{a: Fraction(n)} for n in range(5)]
    skipped: dict[str, int] = {}
    from collections import Counter

    seen = list(compared(Context(), sqrt_of(a) * sqrt_of(a + 1), "=", sqrt_of(a**2 + a), points, Counter(skipped)))
    assert [s.exact for s in seen] == [True, False, False, False, False] and all(s.agrees for s in seen)
    wrong = list(compared(Context(), sqrt_of(a) + 1, "=", sqrt_of(a + 1), points, Counter()))
    assert [s.agrees for s in wrong] == [True, False, False, False, False]
