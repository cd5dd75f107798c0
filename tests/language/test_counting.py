"""Binomial coefficients and factorials: meaning, and identities that hold wherever their conditions do."""

from __future__ import annotations

import random
from itertools import product
from math import comb

import pytest
from sympy import Expr, Integer

from derive.errors import Undefined, Unevaluable
from derive.language import integer
from derive.language.counting import Binomial, Factorial
from derive.language.points import evaluate, holds
from derive.language.zero import same, same_when
from tests.fuzz.budget import SHARE

n, k, m = integer("n"), integer("k"), integer("m")
C = Binomial


def test_meaning() -> None:
    """Pascal's triangle, 0 to its left and right, and the polynomial in n above negative n."""
    for upper, lower in product(range(7), range(-3, 9)):
        expected = comb(upper, lower) if lower >= 0 else 0
        assert evaluate(C(n, k), {n: upper, k: lower}) == expected
    assert [evaluate(C(n, k), {n: -2, k: lower}) for lower in range(4)] == [1, -2, 3, -4]
    assert evaluate(Factorial(n), {n: 5}) == 120
    with pytest.raises(Undefined):
        evaluate(Factorial(n), {n: -1})
    with pytest.raises(Unevaluable):
        evaluate(Factorial(n), {n: 10**9})


IDENTITIES = [
    (C(n, k), C(n - 1, k) + C(n - 1, k - 1)),
    (k * C(n, k), n * C(n - 1, k - 1)),
    ((k + 1) * C(n, k + 1), (n - k) * C(n, k)),
    ((n + 1 - k) * C(n + 1, k), (n + 1) * C(n, k)),
    (C(n, k), C(n, n - k)),
    (C(n, n), Integer(1)),
    (C(n, n + 1), Integer(0)),
    (C(n, 0), Integer(1)),
    (C(n, 2), n * (n - 1) / 2),
    (C(n, k) * Factorial(k) * Factorial(n - k), Factorial(n)),
    (C(2 * n + 2, n + 1) * (n + 1), 2 * (2 * n + 1) * C(2 * n, n)),
    (Factorial(n + 2), (n + 1) * (n + 2) * Factorial(n)),
    (C(n + m + 1, n) * (m + 1), (n + m + 1) * C(n + m, n)),
]


@pytest.mark.parametrize(("left", "right"), IDENTITIES, ids=lambda x: str(x))
def test_identities_are_seen_and_hold_under_their_conditions(left: Expr, right: Expr) -> None:
    """Shown, and true at every small integer point at which the conditions hold and both sides have a value."""
    conditions = same_when(left, right)
    assert conditions is not None
    assert compared(left, right, conditions) >= 40


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (C(n, k), C(n, k + 1)),
        (C(n, k), C(n + 1, k)),
        (C(n, k), C(n - 1, k) + C(n - 1, k + 1)),
        (k * C(n, k), n * C(n - 1, k)),
        (Factorial(n + 1), n * Factorial(n)),
        (C(n, n - 1), Integer(1)),
        (C(2 * n, n), 2 * C(2 * n - 2, n - 1)),
    ],
)
def test_wrong_identities_are_not_seen(left: Expr, right: Expr) -> None:
    """One slip and nothing is shown."""
    assert same_when(left, right) is None


def test_without_conditions_nothing_needs_them() -> None:
    """`same` is a plain yes only where no condition is left: symmetry is false for negative n."""
    assert not same(C(n, k), C(n, n - k))
    assert evaluate(C(n, k), {n: -2, k: 1}) != evaluate(C(n, n - k), {n: -2, k: 1})
    assert same(2 * C(n, k), C(n, k) + C(n, k))


def compared(left: Expr, right: Expr, conditions: tuple[object, ...], symbols: int = 3) -> int:
    """How many points were compared."""
    looked = 0
    for values in product(range(-4, 7), repeat=symbols):
        point = dict(zip((n, k, m)[:symbols], values, strict=True))
        if not all(holds(c, point) for c in conditions):
            continue
        try:
            first, second = evaluate(left, point), evaluate(right, point)
        except Undefined:
            continue
        assert first == second, point
        looked += 1
    return looked


def test_random_shifts_never_contradict_the_points() -> None:
    """Combinations of shifted coefficients and factorials: what is shown holds, near misses are not shown."""
    generator = random.Random(5)
    shown = looked = 0
    for _ in range(400 // SHARE):
        terms = []
        for _ in range(generator.choice((1, 2))):
            term: Expr = C(n + generator.randint(-1, 2), k + generator.randint(-1, 1))
            if generator.random() < 0.3:
                term *= Factorial(generator.choice((n, k, n - k)) + generator.randint(0, 1))
            terms.append(term * generator.choice((1, n, k, k + 1, n - k, n + 1)))
        left = sum(terms, Integer(0))
        right = generator.choice((1, n, k, k + 1, n - k + 1)) * C(n + generator.randint(-1, 1), k)
        for candidate in (right, pascal(left)):
            conditions = same_when(left, candidate)
            if conditions is not None:
                shown += 1
                looked += compared(left, candidate, conditions, symbols=2)
    assert shown >= 200 / SHARE and looked >= 5_000 / SHARE, (shown, looked)


def pascal(term: Expr) -> Expr:
    """The first coefficient replaced by the two above it."""
    first = next(iter(sorted(term.atoms(C), key=str)))
    upper, lower = first.args
    return term.xreplace({first: C(upper - 1, lower) + C(upper - 1, lower - 1)})
