"""Terms stay as written; substitution never captures."""

from __future__ import annotations

import pytest
from sympy import Integer, Symbol, oo

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
