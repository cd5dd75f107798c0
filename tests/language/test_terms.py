"""Terms stay as written; substitution never captures."""

from __future__ import annotations

import random

import pytest
from sympy import Expr, Integer, Max, Min, Mod, Symbol, ceiling, exp, floor, oo

from derive.errors import IllFormed
from derive.language import (
    Cases,
    Compare,
    IndexSum,
    array,
    as_expr,
    eq,
    ge,
    integer,
    le,
    ne,
    real,
    same_up_to_renaming,
    signal,
    substitute,
)
from derive.language.points import evaluate
from derive.language.terms import expanded
from tests.fuzz.budget import SHARE

n, k, m, L, a = integer("n"), integer("k"), integer("m"), integer("L"), real("a")


def test_comparisons_are_not_decided() -> None:
    """SymPy would turn each of these into True as it is built."""
    assert str(eq(n, n)) == "n = n"
    assert str(le(1, L + 1)) == "1 <= L + 1"
    with pytest.raises(IllFormed):
        bool(le(1, 2))


@pytest.mark.parametrize("value", ["n", 0.5, True, None, [1]])
def test_only_exact_things_become_terms(value: object) -> None:
    """No text, no floats, no truth values."""
    with pytest.raises((IllFormed, Exception)) as refused:
        as_expr(value)
    assert refused.type.__name__ in ("IllFormed", "SympifyError")


def test_substitution_renames_bound_indices() -> None:
    """What comes in keeps its meaning, at every depth."""
    inner = IndexSum(n * k, k, 0, n)
    assert substitute(inner, {n: k}) == IndexSum(k * integer("k'"), integer("k'"), 0, k)
    nested = IndexSum(IndexSum(n * k * m, k, 0, m), m, 0, n)
    out = substitute(nested, {n: k + m})
    assert out.free_symbols == {k, m}
    assert same_up_to_renaming(out, substitute(nested, {n: m + k}))


def test_bound_indices_are_not_replaced() -> None:
    """A bound index is no free symbol, even where its name is replaced elsewhere."""
    term = IndexSum(k, k, 0, n) + k
    assert substitute(term, {k: 7}) == IndexSum(k, k, 0, n) + 7
    assert term.free_symbols == {n, k}


def test_cases_that_became_false_go_before_their_value_is_touched() -> None:
    """1/(1 - a) is never evaluated at a = 1 where the case a != 1 is gone."""
    cases = Cases((1 / (1 - a), ne(a, 1)), (n, eq(a, 1)))
    assert substitute(cases, {a: Integer(1)}) == Cases((n, eq(1, 1)))


def test_renaming() -> None:
    """Names of bound indices do not matter, ranges and bodies do."""
    assert same_up_to_renaming(IndexSum(a**k, k, 0, n), IndexSum(a**m, m, 0, n))
    assert not same_up_to_renaming(IndexSum(a**k, k, 0, n), IndexSum(a**k, k, 1, n))
    assert not same_up_to_renaming(IndexSum(a**k * m, k, 0, n), IndexSum(a**m * m, m, 0, n))


@pytest.mark.parametrize(
    "make",
    [
        lambda: IndexSum(k, k, 0, k),
        lambda: IndexSum(a, a, 0, n),
        lambda: IndexSum(k, Symbol("k"), 0, n),
        lambda: Compare("==", n, 1),
        lambda: array("w", (1, n), outside="maybe"),
        lambda: signal("x")[n, k],
        lambda: Cases(),
        lambda: integer("n; import os"),
        lambda: real("__class__"),
    ],
)
def test_ill_formed(make: object) -> None:
    """What says nothing definite cannot be built."""
    with pytest.raises(IllFormed):
        make()  # type: ignore[operator]


def test_ranges_of_arrays() -> None:
    """Ends of a range are part of the condition, infinite ends are not."""
    assert signal("h", 0)[n].in_range == le(0, n)
    assert signal("h")[n].in_range.args == ()
    assert str(array("w", (1, L), (0, oo))[n, k].in_range) == "1 <= n and n <= L and 0 <= k"
    assert ge(n, 1) != le(1, n)


def test_substituting_and_evaluating_agree() -> None:
    """The value of a term after substitution is its value at the substituted values: 1,000 random terms, or a share.

    Floors, ceilings and remainders among them, which SymPy works out wrongly for some arguments.
    """
    chance = random.Random(11)

    def term(depth: int) -> Expr:
        if depth == 0:
            return chance.choice([n, m, L, Integer(chance.randint(-3, 4))])
        one, other = term(depth - 1), term(depth - 1)
        rounded = [floor(one / 6), ceiling(other / 4), floor((one + other) / 2)]
        remainder = Mod(one, 3, evaluate=one.is_Integer)
        plain = [one + other, one * other, one - 2 * other, Min(one, other), Max(one, other), one**2]
        made: Expr = chance.choice([*plain, *rounded, remainder])
        return made

    looked = 0
    for _ in range(1_000 // SHARE):
        outer, inner = term(2), term(chance.randint(1, 2))
        point = {n: chance.randint(-9, 9), m: chance.randint(-9, 9), L: chance.randint(-9, 9)}
        put_in = substitute(outer, {n: inner})
        assert evaluate(put_in, point) == evaluate(outer, {**point, n: evaluate(inner, point)}), (outer, inner, point)
        assert evaluate(expanded(put_in), point) == evaluate(put_in, point)
        looked += 1
    assert looked == 1_000 // SHARE


def test_functions_of_bound_indices_stay_below_their_sums() -> None:
    """A square that holds a sum of exponentials is multiplied out, and no index leaves its sum."""
    x, y = array("x", (1, n)), array("y", (1, n))
    total = IndexSum(exp(x[k]) * y[k], k, 1, n)
    assert expanded((a - total) ** 2) == a**2 - 2 * a * total + total**2
    assert expanded(IndexSum(exp(x[k]) * (y[k] + 1), k, 1, n)) == IndexSum(exp(x[k]) * y[k] + exp(x[k]), k, 1, n)
    nested = IndexSum((a + IndexSum(exp(x[m] + k), m, 1, k)) ** 2, k, 1, n)
    inner = IndexSum(exp(x[m] + k), m, 1, k)
    assert expanded(nested) == IndexSum(a**2 + 2 * a * inner + inner**2, k, 1, n)
