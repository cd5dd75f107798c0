"""The exact zero test: right on identities with symbolic exponents, and never wrong where it says yes."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from sympy import Expr, Integer, Rational, exp, nan, sqrt, zoo

from derive.errors import Unevaluable
from derive.language import IndexSum, integer, real, signal
from derive.language.points import evaluate
from derive.language.zero import same
from tests.fuzz.budget import SHARE
from tests.language.identities import FALSE_ONES, TRUE_ONES

a, b, n, k, m = real("a"), real("b"), integer("n"), integer("k"), integer("m")


@pytest.mark.parametrize("pair", TRUE_ONES, ids=range(12))
def test_true_identities(pair: tuple[Expr, Expr]) -> None:
    """Each is shown, both ways round."""
    left, right = pair
    assert same(left, right) and same(right, left) and same(left - right, Integer(0))


@pytest.mark.parametrize("pair", FALSE_ONES, ids=range(12))
def test_false_identities(pair: tuple[Expr, Expr]) -> None:
    """None is shown, and each really is false: some exact point tells the sides apart, or (with exp) a number does."""
    left, right = pair
    assert not same(left, right)
    values = {real("a"): Fraction(3), real("b"): Fraction(2), real("r"): Fraction(5), n: 5, m: 2, integer("L"): 3}
    if (left - right).has(exp):
        assert abs((left - right).subs({real("a"): 3, real("b"): 2}).evalf()) > 1
    else:
        assert evaluate(left, values) != evaluate(right, values)


v = a**2 + b
ROOTS = [
    ((sqrt(v) + 1) ** 2, v + 2 * sqrt(v) + 1, True),
    (1 / (sqrt(v) - 1), (sqrt(v) + 1) / (v - 1), True),
    (sqrt(v) / v, v ** Rational(-1, 2), True),
    ((sqrt(1 + sqrt(v)) - 1) * (sqrt(1 + sqrt(v)) + 1) * sqrt(v), v, True),
    ((sqrt(1 + sqrt(v)) - 1) * (sqrt(1 + sqrt(v)) + 1) * sqrt(v), v + 1, False),
    ((v ** Rational(1, 3) + 1) * (v ** Rational(2, 3) - v ** Rational(1, 3) + 1), v + 1, True),
    ((v ** Rational(1, 3) + 1) * (v ** Rational(2, 3) + v ** Rational(1, 3) + 1), v + 1, False),
    (v ** (n + Rational(1, 2)) * sqrt(v), v ** (n + 1), True),
    (v**b * v ** (1 - b), v, True),
    (v ** (b / 2 + 1) / v ** (b / 2), v, True),
    (sqrt(v), v, False),
    (sqrt(v) - a, sqrt(v - a**2), False),
    (sqrt(a * b), sqrt(a) * sqrt(b), False),  # not where both are negative
    ((sqrt(2) + sqrt(3)) ** 2, 5 + 2 * sqrt(6), True),
    (1 / ((sqrt(v) - 1) * (sqrt(v) + 1) - v + 1), Integer(0), False),  # 1/0 everywhere
    (((sqrt(v) - 1) * (sqrt(v) + 1) - v + 1) ** n, Integer(0), False),  # 0**0 = 1
]


@pytest.mark.parametrize(("left", "right", "shown"), ROOTS, ids=range(len(ROOTS)))
def test_roots(left: Expr, right: Expr, shown: bool) -> None:
    """A root is known by its equation alone."""
    assert same(left, right) is shown and same(right, left) is shown


def test_no_identities_lost() -> None:
    """There are twelve of each."""
    assert (len(TRUE_ONES), len(FALSE_ONES)) == (12, 12)


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        (Integer(0) ** n, Integer(0), False),  # 0**0 = 1
        (Integer(0) ** (n + 1), Integer(0) * Integer(0) ** n, False),
        (((a - b) * (a + b) - a**2 + b**2) ** (n + 1), Integer(0), False),  # a base that is 0 as a polynomial
        ((-1) ** n * (-1) ** n, Integer(1), True),
        ((-1) ** (n * m), (-1) ** n, False),
        (IndexSum(a**k, k, 0, n), IndexSum(a**m, m, 0, n), True),  # bound names do not matter
        (IndexSum(a**k, k, 0, n), IndexSum(a**k, k, 0, n + 1), False),
        (signal("x")[2 * (n + 1)], signal("x")[2 * n + 2], True),
        (signal("x")[n], signal("y")[n], False),
        (2 ** (n / 2) * 2 ** (n / 2), 2**n, True),
        (nan, nan, False),  # no number, so nothing is equal to it
        (zoo, zoo, False),
        (a / a, Integer(1), True),
        ((a - a) * b, Integer(0), True),
    ],
)
def test_corners(left: Expr, right: Expr, shown: bool) -> None:
    """Zero bases, signs, bound names, entries, things that are not numbers."""
    assert same(left, right) is shown


def _random_term(chance: random.Random, depth: int) -> Expr:
    if depth == 0:
        return chance.choice(
            [a, b, Integer(chance.randint(-2, 3)), a**n, b**n, a ** (n + chance.randint(0, 2)), 2**n, (-1) ** n]
        )
    left, right = _random_term(chance, depth - 1), _random_term(chance, depth - 1)
    return chance.choice([left + right, left - right, left * right])


def test_yes_never_contradicts_exact_points() -> None:
    """Where the test says equal, exact values agree: 10,000 random pairs or a share, near misses among them.

    The pairs that are equal by construction are all seen.
    """
    chance = random.Random(5)
    shown = compared = 0
    for number in range(10_000 // SHARE):
        left = _random_term(chance, 2)
        right = left.expand() if number % 2 else left + chance.choice([0, 1, a, a**n - a ** (n + 1)])
        verdict = same(left, right)
        if number % 2:
            assert verdict, (left, right)
        point = {a: Fraction(chance.randint(-3, 3)), b: Fraction(chance.randint(-3, 3), 2), n: chance.randint(0, 4)}
        try:
            agree = evaluate(left, point) == evaluate(right, point)
        except Unevaluable:
            continue
        compared += 1
        shown += verdict
        assert agree or not verdict, (left, right, point)
    assert compared > 9_900 // SHARE and shown > 5_000 // SHARE
