"""Which polynomials are whole at all integers: told by remainders, compared with values that are worked out."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from sympy import Rational, pi, sqrt

from derive.language import IndexSum, array, integer, real
from derive.language.symbols import is_whole_valued

n, m, k = (integer(name) for name in "nmk")
x = array("x", (1, n))
a = real("a")


def test_polynomials_of_one_and_of_two_letters():
    """Yes exactly if all values at -12, ..., 12 are whole, which for denominators up to 6 settles it."""
    said = {True: 0, False: 0}
    near = range(-12, 13)
    for p, q, bottom in product(range(-3, 4), range(-3, 4), (1, 2, 3, 6)):
        whole = all(Fraction(p * v**3 + q * v, bottom).denominator == 1 for v in near)
        assert is_whole_valued(Rational(p, bottom) * n**3 + Rational(q, bottom) * n) is whole
        said[whole] += 1
        both = all(Fraction(p * u * v + q * u, bottom).denominator == 1 for u in near for v in near)
        assert is_whole_valued(Rational(p, bottom) * n * m + Rational(q, bottom) * n) is both
        said[both] += 1
    assert min(said.values()) >= 100


@pytest.mark.parametrize(
    "term",
    [
        pi * n, sqrt(2) * n, a * n / 2, n * (n - 1) * x[1] / 2, x[n], n / (2 * m), 2**n * n / 2,
        IndexSum(k / 2, k, 1, n), IndexSum(x[k], k, 1, n), n * (n - 1) / 4,
    ],
    ids=str,
)  # fmt: skip
def test_what_need_not_be_whole(term):
    """Numbers that are no fractions, entries, quotients, and sums of halves."""
    assert is_whole_valued(term) is False


def test_sums_of_whole_values():
    """Term by term."""
    assert is_whole_valued(IndexSum(k * (k - 1) / 2, k, 1, n))
