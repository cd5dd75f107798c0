"""Conditions are found among the hypotheses when they are written otherwise, and not when they say something else."""

from __future__ import annotations

import pytest
from sympy import Integer

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Chain, Derivation
from derive.kernel.lemma import apply_lemma
from derive.language import (
    Compare,
    Context,
    Definition,
    ForAll,
    IndexSum,
    Indicator,
    Largest,
    array,
    declare,
    eq,
    gt,
    integer,
    le,
    ne,
)
from derive.language.conditions import MIRROR
from derive.language.discharge import discharge
from derive.language.forms import of
from derive.language.restating import restated
from derive.rules import load_laws
from derive.rules.algebra import algebra

M, N = declare("m", "size"), declare("n", "size")
m, n = M.symbol, N.symbol
i, k = integer("i"), integer("k")
A, b, x, y = array("A", (1, m), (1, n)), array("b", (1, m)), array("x", (1, n)), array("y", (1, n))


def length(of_what, low=1, shift=0):
    """The squared length of A v - b, written out, its index running from `low`."""
    row = IndexSum(A[i - shift, k] * of_what[k], k, 1, n) - b[i - shift]
    return IndexSum(row**2, i, low + shift, m + shift)


@pytest.mark.parametrize(
    ("given", "shown"), [(length(x), True), (length(x, shift=2), True), (length(y), False), (length(x, low=2), False)]
)
def test_a_norm_is_known_where_its_sum_is(given, shown: bool):
    """The norm of A x - b is positive where that sum of squares is, not where another one is."""
    context = Context((M, N), (gt(given, 0),), arrays=(A, b, x, y))
    norm = of("squared_norm", of("difference", of("product", A, x), b))
    assert discharge(context, gt(norm[()], 0)).shown is shown


def test_an_index_that_is_called_like_a_size_is_another_one():
    """z stands for what it is by definition only where its index is sure to be in range: here n is bound, and moves."""
    z = array("z", (1, n))
    context = Context((N,), definitions=(Definition(z, (i,), 2 * x[i]),), arrays=(x,))
    inner = IndexSum(z[k], k, 1, n)
    assert restated(context, inner) == restated(context, IndexSum(2 * x[k], k, 1, n))
    moving = IndexSum(IndexSum(z[k], k, 1, n), n, 1, 3)
    assert restated(context, moving) != restated(context, IndexSum(IndexSum(2 * x[k], k, 1, n), n, 1, 3))


def test_another_number_in_a_definition_is_refused():
    """A lemma on y = c x, c = 2: it is used where y = 2 x is the definition, and not where y = 3 x is."""
    load_laws()
    c = array("c")
    two = Definition(c, (), Integer(2))
    by_name = Context((N,), definitions=(two, Definition(y, (i,), c[()] * x[i])), arrays=(x,))
    law = algebra(by_name, y[1] + y[1], 2 * y[1])
    lemma = Derivation("twice", by_name, y[1] + y[1], 2 * y[1], Chain(y[1] + y[1], (law,)))
    for number, fits in ((2, True), (3, False)):
        here = Context((N,), definitions=(two, Definition(y, (k,), number * x[k])), arrays=(x,))
        if fits:
            assert apply_lemma((lemma,), here, lemma.left, ("twice",)).after == lemma.right
        else:
            with pytest.raises(RuleDoesNotApply, match="rests on a definition of y"):
                apply_lemma((lemma,), here, lemma.left, ("twice",))


def test_not_equal_by_another_range():
    """A sum over one term less may be 0 where the whole one is not."""
    whole = IndexSum(x[k], k, 1, n)
    context = Context((N,), (ne(whole, 0),), arrays=(x,))
    assert discharge(context, ne(IndexSum(x[k - 1], k, 2, n + 1), 0)).shown
    assert not discharge(context, ne(IndexSum(x[k - 1], k, 2, n), 0)).shown


LETTERS = [("c", "d"), ("i", "d"), ("c", "l"), ("b", "l"), ("l", "i"), ("v", "w"), ("w", "v")]


@pytest.mark.parametrize("factor", [1, 2])
@pytest.mark.parametrize(("outer", "inner"), LETTERS)
def test_what_is_known_of_all_indices_has_letters_of_its_own(outer: str, inner: str, factor: int):
    """That one entry of each window is the largest is known of the window asked for, and of no other number of them.

    The hypothesis says it with x = z, z = -max(-x); it is asked for with -x = max(-x).
    """
    sizes = [declare(name, "size") for name in "mKS"]
    many, wide, step = (d.symbol for d in sizes)
    size = many * step + wide
    u, v, w, ell = (integer(name) for name in ("u", "v", "w", "l"))
    data, least = array("x", (1, size)), array("z", (1, many))
    body = -Largest(-data[step * (i - 1) + ell], ell, 1, wide)
    q, r = integer(outer), integer(inner)
    once = IndexSum(Indicator(eq(data[step * (q - 1) + r], least[q])), r, 1, wide)
    context = Context(
        (*sizes, declare("v", "integer")), (le(1, v), le(v, many), ForAll(eq(once, 1), q, 1, many)),
        (Definition(least, (i,), body),), (data,),
    )  # fmt: skip
    tops = Largest(-data[step * (v - 1) + u], u, 1, wide)
    asked = IndexSum(Indicator(eq(-data[step * (v - 1) + w], tops)), w, 1, wide)
    assert discharge(context, eq(asked, factor)).shown is (factor == 1)


ORDERS = {"=": {"=", "<=", ">="}, "<": {"<", "<=", "!="}, ">": {">", ">=", "!="}}
ORDERS |= {op: {op} for op in ("!=", "<=", ">=")}


@pytest.mark.parametrize("op", ORDERS)
@pytest.mark.parametrize("turned", [False, True])
def test_a_comparison_says_more_of_the_same_difference(op: str, turned: bool):
    """What is said of a sum is known of the same sum begun elsewhere, and nothing more is."""
    sums = [IndexSum(x[i - shift], i, 1 + shift, n + shift) for shift in (0, 2)]
    given = Compare(MIRROR[op], y[1], sums[0]) if turned else Compare(op, sums[0], y[1])
    context = Context((N,), (given,), arrays=(x, y))
    found = {asked for asked in ORDERS if discharge(context, Compare(asked, sums[1], y[1])).shown}
    assert found == ORDERS[op]


@pytest.mark.parametrize(("shift", "shown"), [(1, True), (2, False), (0, False)])
@pytest.mark.parametrize("turned", [False, True])
def test_an_index_that_an_equation_gives_is_inserted(shift: int, turned: bool, shown: bool):
    """Where r - 1 = q, what is not 0 at q is not 0 at r - 1; at r - 2 and at r nothing is known."""
    q, r = integer("q"), integer("r")
    same = eq(q, r - 1) if turned else eq(r - 1, q)
    context = Context((N, declare("q", "integer"), declare("r", "integer")), (ne(x[q], 0), same), arrays=(x,))
    assert discharge(context, ne(x[r - shift], 0)).shown is shown
    twice = Context(context.declarations, (ne(x[q], 0), eq(2 * r, q)), arrays=(x,))
    assert not discharge(twice, ne(x[r - shift], 0)).shown
