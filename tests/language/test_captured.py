"""Functions of a bound index stay in its scope: what is hidden to compare terms is not put back as something else.

Put back below a sum whose index has been renamed, floor(k/2) speaks of a free k: the number is another one. Each pair
of twins was once taken for the same number, or could have been.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sympy import Abs, Expr, Integer, Mod, Symbol, exp, floor

from derive.errors import RuleDoesNotApply
from derive.language import (
    OTHERWISE,
    Cases,
    ForAll,
    IndexProduct,
    IndexSum,
    Indicator,
    Integral,
    Largest,
    eq,
    ge,
    integer,
    real,
    signal,
)
from derive.language.terms import expanded
from derive.language.zero import same
from tests.forged.test_attacks import Forger, ctx

k, j, m, n = (integer(name) for name in "kjmn")
t = real("t")
x = signal("x")

Bind = Callable[[Symbol, Expr], Expr]
"""A number in which the first is bound, made of the second and the first."""

HEADS: dict[str, Bind] = {
    "sum": lambda at, inner: IndexSum(at * inner, at, 0, n),
    "sum of sums": lambda at, inner: IndexSum(IndexSum(at * j * inner, j, 0, at), at, 0, n),
    "product": lambda at, inner: IndexProduct(at + inner, at, 0, n),
    "largest": lambda at, inner: Largest(at * inner, at, 0, n),
    "integral": lambda at, inner: Integral(at * inner, at, 0, 1),
    "for all": lambda at, inner: Indicator(ForAll(eq(at * inner, 0), at, 0, n)),
    "case": lambda at, inner: Cases((Integer(1), ForAll(eq(at * inner, 0), at, 0, n)), (Integer(2), OTHERWISE)),
}
INNER: dict[str, Callable[[Expr], Expr]] = {
    "floor": lambda at: floor(at / 2),
    "rest": lambda at: Mod(at, 3),
    "size": lambda at: Abs(at),
    "entry of floor": lambda at: x[floor(at / 2)],
    "exp": lambda at: exp(at),
}
AROUND: dict[str, Callable[[Expr], Expr]] = {
    "alone": lambda term: term,
    "times a sum": lambda term: (m + 1) * term,
    "squared": lambda term: (term + 1) ** 2,
    "in an entry": lambda term: x[term],
    "below a power": lambda term: Integer(2) ** term,
    "below exp": lambda term: exp(term) * (m + 1),
    "beside its twin": lambda term: term * (m + floor(k / 2)),
}
PAIRS = [(head, inner, around) for head in HEADS for inner in INNER for around in AROUND]


def bound(head: str, name: str, inner: Expr | None, kind: str) -> Expr:
    """The number with an index of that name; the inner function is of that index, unless it is given."""
    index = real(name) if head == "integral" else integer(name)
    return HEADS[head](index, INNER[kind](index) if inner is None else inner)


@pytest.mark.parametrize(("head", "inner", "around"), PAIRS, ids=[" ".join(pair) for pair in PAIRS])
def test_twins_with_a_free_index(head: str, inner: str, around: str) -> None:
    """A renamed index makes no difference; a function that keeps the old name makes one."""
    free = t if head == "integral" else k
    bare = bound(head, free.name, None, inner)
    renamed = bound(head, "u" if head == "integral" else "i", None, inner)
    twin = bound(head, "u" if head == "integral" else "i", INNER[inner](free), inner)
    wrap = AROUND[around]
    assert free not in expanded(bare).free_symbols and free in expanded(twin).free_symbols
    assert same(wrap(bare), wrap(renamed))
    assert not same(wrap(bare), wrap(twin)) and not same(wrap(twin), wrap(bare))


@pytest.mark.parametrize("head", HEADS)
def test_no_step_of_algebra_leads_to_the_twin(head: str) -> None:
    """x at the number is not x at its twin."""
    name = "t" if head == "integral" else "k"
    bare = bound(head, name, None, "floor")
    twin = bound(head, "i", floor((t if head == "integral" else k) / 2), "floor")
    with pytest.raises(RuleDoesNotApply):
        Forger(ctx("n:natural", "k:integer", "t:real", arrays=(x,)), x[bare]).by("algebra", x[twin])


def test_quantified_conditions_are_multiplied_out_around() -> None:
    """What asks for all stays as it is written; the product around it does not."""
    asked = Indicator(ForAll(eq(floor(k / 2) * (n + 1), 0), k, 1, n))
    assert expanded(asked * (m + 1)) == asked * m + asked
    chosen = Cases((m, ForAll(ge(floor(k / 2), 0), k, 1, n)), (n, OTHERWISE))
    assert same(chosen * (m + 1), chosen * m + chosen)
