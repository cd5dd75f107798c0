"""Random instances of every law at random points: where its conditions hold, both sides have the same exact value."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import strategies as st
from sympy import Abs, Expr, Integer, Max, Min, Symbol, erf, oo, sin, tanh

import derive.rules.algebra as algebra
import derive.rules.cases as case_laws
import derive.rules.integers as integers
import derive.rules.integrals as integrals
import derive.rules.powers as powers
import derive.rules.ranges as ranges
import derive.rules.sums as sums
from derive.errors import IllFormed, RuleDoesNotApply, Undefined, Unevaluable
from derive.kernel.law import LAWS, Law, Rewrite
from derive.language import (
    OTHERWISE,
    Cases,
    Condition,
    Context,
    Definition,
    IndexSum,
    any_of,
    as_expr,
    between,
    declare,
    eq,
    ge,
    integer,
    lt,
    ne,
    signal,
    substitute,
)
from derive.language.comparing import agree
from derive.language.counting import Binomial
from derive.language.points import Samples, evaluate, holds
from derive.language.wellformed import obligations
from tests.fuzz.asked_of_integers import asked_of_integers
from tests.fuzz.asked_of_integrals import asked_of_integrals
from tests.fuzz.asked_of_ranges import asked_of_ranges
from tests.fuzz.budget import AMOUNT, over

D = {s: declare(s, t) for s, t in {"n": "integer", "m": "integer", "L": "size", "a": "real", "b": "real"}.items()}
n, m, L, a, b = (D[s].symbol for s in "nmLab")
i, j, k = integer("i"), integer("j"), integer("k")
x, w = signal("x", 0, L - 1), signal("w")
CONTEXT = Context(tuple(D.values()), definitions=(Definition(x, (n,), a * n + 2),), arrays=(w,))
ARRAYS = {w: Samples({(place,): Fraction(place * place - 3, 2) for place in range(-4, 6)})}
INDICES = range(-12, 13)
"""Values at which a condition about an index is asked; all ranges and windows at the points below lie within."""

PLACES = tuple(Fraction(k, 16) for k in range(-16 * 5, 16 * 5 + 1))
"""The same for variables of integrals: between any two of their ends there are several."""

Chance = random.Random
Asked = tuple[Expr, tuple[Any, ...]]
BODIES = (k, k**2, a**k, n * k, w[k], w[n - k], a * w[k], a ** (n - k), b * a**k, n, a, k * a**k, w[k] / a, x[k])
LIMITS = (Integer(0), Integer(1), n, m, L - 1, L, n + 1, -m, Min(n, L - 1), Max(0, n - L + 1))
RESTS = (k, a**k, w[k], k + 1, 1 / (k + 1))
CONSTANTS = (a, n, a**2, 1 / a, a - b, 1 / n)


def terms(values: tuple[Any, ...]) -> tuple[Expr, ...]:
    """Numbers and terms as terms."""
    return tuple(map(as_expr, values))


def total(chance: Chance, *bodies: Expr) -> IndexSum:
    """A sum of one of the bodies over a random range."""
    return IndexSum(chance.choice(bodies or BODIES), k, chance.choice(LIMITS), chance.choice(LIMITS))


def telescoping(chance: Chance) -> Asked:
    """A difference of T, or nearly."""
    antidifference = chance.choice((k**2, a**k, k * a**k, 1 / (k + 1), w[k], n * k, x[k]))
    body = substitute(antidifference, {k: k + 1}) - antidifference
    return total(chance, body, body.expand(), body + chance.choice((0, a))), (antidifference,)


def factored(chance: Chance) -> Asked:
    """A constant times the rest, or nearly."""
    constant, rest = chance.choice(CONSTANTS), chance.choice(RESTS)
    return total(chance, (constant * rest).expand(), constant * rest, constant + rest), (constant, rest)


def split_in_two(chance: Chance) -> Asked:
    """A sum of two terms, or nearly."""
    first, second = chance.choice(BODIES), chance.choice(RESTS)
    return total(chance, first + second, first + second, first - second), (first, second)


def windowed(chance: Chance) -> Asked:
    """A sum over all integers or a range, and a window that may be right."""
    body = chance.choice((x[k] * w[k], x[k] * a**k, x[n - k] * w[k], x[k] * x[n - k]))
    ends = chance.choice(((-oo, oo), (-oo, oo), (0, oo), (-oo, L), (0, n), (m, L)))
    windows = ((0, L - 1), (0, L), (n - L + 1, n), (Max(0, n - L + 1), Min(n, L - 1)), (1, L - 1), (0, n), (m, L - 1))
    return IndexSum(body, k, *ends), terms(chance.choice(windows))


def ranged(chance: Chance) -> Asked:
    """A sum over a finite range, and another range that may hold all its terms."""
    total, ends = windowed(chance)
    low, high = chance.choice(((0, n), (0, L - 1), (m, L - 1), (Max(0, n - L + 1), Min(n, L - 1))))
    return IndexSum(total.body, k, low, high), ends


def two_ranges(chance: Chance) -> Asked:
    """Two sums over neighbouring ranges, or nearly."""
    first = total(chance)
    low = chance.choice((first.high + 1, first.high + 1, first.high))
    return first + IndexSum(first.body, k, low, chance.choice(LIMITS)), ()


def exchanged(chance: Chance) -> Asked:
    """Pairs in a rectangle or a triangle, told the other way round, rightly or nearly."""
    body = chance.choice((w[i] * a**k, k * w[i - k], Integer(1) * k + i))
    inner = chance.choice(((0, k), (k, n), (0, m), (k + 1, n), (0, n - k)))
    outer = chance.choice(((0, n), (0, n - 1), (0, L)))
    ends = (
        (0, n, i, n),
        (0, n, 0, i),
        (0, m, 0, n),
        (1, n, 0, i - 1),
        (0, n, 0, n - i),
        (0, m, 0, L),
        (0, n, i, n - 1),
    )
    return IndexSum(IndexSum(body, i, *inner), k, *outer), tuple(map(Integer(0).__add__, chance.choice(ends)))


def some_cases(chance: Chance) -> Cases:
    """Cases along n or by a."""
    edge = chance.choice((Integer(0), L, m))
    return chance.choice(
        (
            Cases((a, lt(n, edge)), (b, ge(n, edge))),
            Cases((n, lt(n, edge)), (L, OTHERWISE)),
            Cases((a**2, eq(a, b)), (a * b, ne(a, b))),
            Cases((1, between(0, n, edge)), (n, any_of(lt(n, 0), lt(edge, n)))),
            Cases((Cases((a, eq(m, 0)), (b, OTHERWISE)), lt(n, edge)), (0, OTHERWISE)),
        )
    )


def folded(chance: Chance) -> Asked:
    """What an entry is by definition."""
    index = chance.choice((n, n - 1, m, L - 1))
    return a * index + 2, (x[index],)


def added(extreme: Expr, rest: Expr) -> Asked:
    """Something added to a minimum or maximum."""
    return extreme + rest, (extreme,)


def nested_extremes(chance: Chance) -> Expr:
    """A minimum or maximum within one of the same kind, or of the other."""
    inner = chance.choice((Min, Max))(n, chance.choice((L, a)), evaluate=False)
    return chance.choice((Min, Max))(inner, chance.choice((m, b, n + 1)), evaluate=False)


ASKED: dict[str, Callable[[Chance], Asked]] = {
    "use_equation": lambda c: (
        c.choice((a**n, a * n + w[n], x[n], 1 / (n - L), IndexSum(a * k, k, n, L), total(c))),
        (c.choice((n, n, a)), c.choice((m, L, Integer(0), b, 1 / b))),
    ),
    "absolute_value": lambda c: (Abs(c.choice((n, a, n - m)), evaluate=False), (c.choice((1, -1)),)),
    "power_of_zero": lambda c: (Integer(0) ** c.choice((n, n + 1, m - n)), ()),
    "smallest": lambda c: (Min(n, m, L - 1), (c.choice((n, m, L - 1)),)),
    "largest": lambda c: (Max(n, m, L - 1), (c.choice((n, m, L - 1)),)),
    "outside_binomial": lambda c: (Binomial(c.choice((n, n + m)), c.choice((m, m - 1))), ()),
    "definition": lambda c: (x[c.choice((n, n - m, L - 1))], ()),
    "fold_definition": folded,
    "zero_outside": lambda c: (x[c.choice((n, n - m, L))], ()),
    "select_case": lambda c: (some_cases(c), (c.choice((0, 1)),)),
    "regroup_cases": lambda c: (some_cases(c), (some_cases(c),)),
    "rename_index": lambda c: (total(c), (c.choice((i, k, n)),)),
    "shift_index": lambda c: (total(c), (c.choice((i, k)), c.choice((n, Integer(2), -m, L - 1)))),
    "reverse_index": lambda c: (total(c), (c.choice((i, k)), c.choice((n, Integer(2), -m, L - 1)))),
    "restrict_to_support": windowed,
    "change_range": ranged,
    "sum_of_zeros": lambda c: (total(c, Integer(0), Integer(0), n), ()),
    "empty_sum": lambda c: (total(c), ()),
    "single_term": lambda c: (total(c), ()),
    "split_range": lambda c: (total(c), (c.choice(LIMITS),)),
    "split_last": lambda c: (total(c), ()),
    "join_ranges": two_ranges,
    "exchange_sums": exchanged,
    "sum_of_terms": lambda c: (total(c, c.choice(BODIES) + c.choice(RESTS)), ()),
    "split_summand": split_in_two,
    "constant_out_of_sum": lambda c: (total(c, c.choice(CONSTANTS) * c.choice(BODIES)), ()),
    "factor_out": factored,
    "sum_of_constant": lambda c: (total(c, n, a, 1 / a, x[n], Integer(3)), ()),
    "geometric_sum": lambda c: (IndexSum(c.choice((a, a - b, Integer(2), 1 / b)) ** k, k, 0, c.choice(LIMITS)), ()),
    "telescope": telescoping,
    "added_to_each": lambda c: added(c.choice((Min, Max))(n, m, c.choice((L, b))), c.choice((n, a, 1 / a, x[n]))),
    "odd_function": lambda c: (c.choice((sin, tanh, erf))(-c.choice((a, n, a * b)), evaluate=False), ()),
    "within_extreme": lambda c: (nested_extremes(c), ()),
    **asked_of_integers(n, m, L),
    **asked_of_ranges(n, m, L, a, b, w),
    **asked_of_integrals(n, a, b),
}
"""How each law is asked; laws that are not here are in `ELSEWHERE`."""

ELSEWHERE = {"algebra", "logarithm_of_lambert", "partial_of_largest", "real_bernoulli"}
"""The zero test has its own fuzz, derivatives their own tests, one law has no choice in it, and one speaks of roots."""


def point(chance: Chance) -> dict[Symbol, int | Fraction]:
    """Small values, equal ones often."""
    reals = (0, 1, -1, 2, Fraction(1, 2), Fraction(-3))
    small = (0, 1, 2, 3, -1, -2, 4)
    return {
        n: chance.choice(small),
        m: chance.choice(small),
        L: chance.choice((1, 2, 3, 4)),
        a: chance.choice(reals),
        b: chance.choice(reals),
    }


def all_hold(conditions: tuple[Condition, ...], at: dict[Symbol, int | Fraction]) -> bool:
    """Whether the conditions hold at the point, for every value of the indices that stand free in them."""
    for condition in conditions:
        free = sorted(condition.free_symbols - set(at), key=str)
        for values in product(*(INDICES if s.is_integer else PLACES for s in free)):
            try:
                if not holds(condition, {**at, **dict(zip(free, values, strict=True))}, CONTEXT, ARRAYS):
                    return False
            except Unevaluable:
                return False
    return True


def is_defined(term: Expr, at: dict[Symbol, int | Fraction]) -> bool:
    """Whether the checker, which asks for the obligations of each line, would look at the term at this point."""
    try:
        return all_hold(obligations(term), at)
    except IllFormed:
        return False


def compared(law: Law, term: Expr, made: Rewrite, chance: Chance, points: int) -> int:
    """At how many points the conditions hold and both sides were found equal."""
    looked = 0
    for _ in range(points):
        at = point(chance)
        if not (all_hold(made.conditions, at) and is_defined(made.after, at)):
            continue
        try:
            left = evaluate(term, at, CONTEXT, ARRAYS)
        except Undefined:
            continue  # nothing is claimed of a line that has no value
        right = evaluate(made.after, at, CONTEXT, ARRAYS)
        assert agree(left, made.relation, right), (law.name, term, made, at)
        looked += 1
    return looked


@pytest.mark.slow
def test_laws_hold_where_their_conditions_do() -> None:
    """Every law was compared at many points, and never was one side another number than the other."""
    looked: Counter[str] = Counter()

    @over(120, chance=st.randoms(use_true_random=True))
    def run(chance: Chance) -> None:
        for name, asked in ASKED.items():
            term, arguments = asked(chance)
            try:
                made = LAWS[name].applied(CONTEXT, term, arguments)
            except (RuleDoesNotApply, IllFormed):
                continue
            looked[name] += compared(LAWS[name], term, made, chance, 8)

    print(dict(looked))
    assert min(looked[name] for name in ASKED) >= 40 * AMOUNT
    assert sum(looked.values()) >= 10_000 * AMOUNT


def test_no_law_is_left_out() -> None:
    """Each law of algebra, cases and sums is asked here or elsewhere."""
    rooms = (algebra, case_laws, integers, integrals, powers, ranges, sums)
    known = {law.name for room in rooms for law in vars(room).values() if isinstance(law, Law)}
    assert known == set(ASKED) | ELSEWHERE


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("sum_of_constant", lambda made: Rewrite(made.after, made.conditions[1:])),
        ("geometric_sum", lambda made: Rewrite(made.after, made.conditions[:1])),
        ("telescope", lambda made: Rewrite(made.after, made.conditions[:1])),
        ("split_range", lambda made: Rewrite(made.after, made.conditions[:1])),
        ("single_term", lambda made: Rewrite(made.after, ())),
        ("exchange_sums", lambda made: Rewrite(made.after, made.conditions[:1])),
        ("restrict_to_support", lambda made: Rewrite(made.after, made.conditions[1:])),
        ("flatten_ranges", lambda made: Rewrite(made.after, made.conditions[:2])),
        ("largest_at_most_sum", lambda made: Rewrite(made.after, (), "<=")),
        ("power_into_largest", lambda made: Rewrite(made.after, made.conditions[1:])),
        ("constant_out_of_largest", lambda made: Rewrite(made.after, ())),
        ("same_inside", lambda made: Rewrite(made.after, made.conditions[:1])),
        ("by_antiderivative", lambda made: Rewrite(made.after, made.conditions[:1])),
        ("integral_over_point", lambda made: Rewrite(made.after, ())),
        ("bernoulli", lambda made: Rewrite(made.after, made.conditions[1:], ">=")),
        ("largest_is", lambda made: Rewrite(made.after, made.conditions[:1])),
    ],
)
def test_a_condition_lost_is_seen(name: str, wrong: Callable[[Rewrite], Rewrite]) -> None:
    """The same look at a law that has lost a condition finds a point where it is false."""
    chance = random.Random(1)

    def look() -> None:
        for _ in range(400):
            term, arguments = ASKED[name](chance)
            try:
                made = LAWS[name].applied(CONTEXT, term, arguments)
            except (RuleDoesNotApply, IllFormed):
                continue
            compared(LAWS[name], term, wrong(made), chance, 5)

    with pytest.raises(AssertionError, match=name):
        look()
