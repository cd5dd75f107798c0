"""What holds at every index: used at one of them, shown at any, known around a point; and where it may not be used."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive.errors import IllFormed, StepRejected, Undefined
from derive.kernel.checker import check
from derive.language import (
    AllOf,
    Condition,
    Context,
    Definition,
    ForAll,
    IndexProduct,
    IndexSum,
    Largest,
    Negation,
    Partial,
    all_of,
    any_of,
    array,
    between,
    declare,
    eq,
    ge,
    gt,
    implies,
    integer,
    le,
    lt,
    ne,
    negate,
    substitute,
)
from derive.language.discharge import discharge
from derive.language.points import Samples, evaluate, holds
from derive.language.smoothness import nearby
from derive.rules.combine import by, derived
from derive.rules.ranges import at_most, partial_of_largest

_N, _n, _m = declare("N", "size"), declare("n", "integer"), declare("m", "integer")
N, n, m = (d.symbol for d in (_N, _n, _m))
i, j, k = integer("i"), integer("j"), integer("k")
x, y, z = array("x", (1, N)), array("y", (1, N)), array("z", (0, N), (0, N))
POSITIVE = ForAll(gt(x[k], 0), k, 1, N)
ROWS = ForAll(eq(IndexSum(z[i, n], n, 0, N), 1), i, 0, N)
"""Every row has the sum 1; it counts with a letter that stands for a place elsewhere."""
w = array("w", (0, N), (0, N), (0, N))
BLOCKS = ForAll(ForAll(eq(IndexSum(IndexSum(z[2 * i + n, 2 * j + m], m, 0, 1), n, 0, 1), 1), j, 0, N), i, 0, N)
PLACES = all_of(between(0, n, N), between(0, m, N))
SHEETS = ForAll(ForAll(eq(IndexSum(w[i, j, n], n, 0, N), 1), j, 0, N), i, 0, N)


def context(*hypotheses: Condition) -> Context:
    """The symbols and arrays, with hypotheses."""
    return Context((_N, _n, _m), hypotheses, arrays=(x, y, z, w))


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        (POSITIVE, implies(between(1, n, N), gt(x[n], 0))),
        (POSITIVE, implies(between(1, n, N), ge(x[n] ** 2 + x[n], 0))),
        (POSITIVE, implies(between(2, n, N), gt(x[n - 1] + x[n], 0))),
        (POSITIVE, ForAll(gt(x[j], 0), j, 1, N)),
        (POSITIVE, ForAll(ge(x[j] * x[N + 1 - j], 0), j, 1, N)),
        (ForAll(lt(x[k], x[k + 1]), k, 1, N - 1), implies(all_of(ge(n, 1), lt(n + 1, N)), lt(x[n], x[n + 2]))),
        (ForAll(ForAll(eq(z[i, j], z[j, i]), i, 0, N), j, 0, N), implies(between(1, n, N), eq(z[n, 0], z[0, n]))),
        (ForAll(gt(x[2 * k], 0), k, 1, n), implies(all_of(ge(n, 1), le(2 * n, N)), gt(x[2], 0))),
        (ForAll(any_of(eq(k, 1), gt(x[k], 1)), k, 1, N), implies(ge(N, 2), gt(x[2], 0))),
        (ROWS, implies(between(0, n, N), eq(IndexSum(z[n, k], k, 0, N), 1))),
        (ROWS, implies(between(0, n, N), eq(IndexSum(z[n, k - 1], k, 1, N + 1), 1))),
        (ROWS, implies(between(0, n, N), eq(1, IndexSum(z[n, N - k], k, 0, N)))),
        (SHEETS, implies(PLACES, eq(IndexSum(w[m, n, k], k, 0, N), 1))),
        (BLOCKS, implies(PLACES, eq(IndexSum(IndexSum(z[2 * n + j, 2 * m + k], k, 0, 1), j, 0, 1), 1))),
        (BLOCKS, implies(PLACES, eq(IndexSum(IndexSum(z[2 * n + j - 1, 2 * m + 1 - k], k, 0, 1), j, 1, 2), 1))),
    ],
)
def test_what_follows(known: Condition, wanted: Condition) -> None:
    """At the index that the condition speaks of, the statement is known."""
    assert discharge(context(known), wanted).shown
    assert not discharge(context(), wanted).shown


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        (POSITIVE, gt(x[n], 0)),
        (POSITIVE, implies(between(0, n, N), gt(x[n], 0))),
        (POSITIVE, implies(between(1, n, N), gt(x[n], 1))),
        (POSITIVE, implies(between(1, n, N), gt(y[n], 0))),
        (POSITIVE, ForAll(gt(x[j], 0), j, 0, N)),
        (ForAll(gt(x[k], 0), k, 2, N), ForAll(gt(x[k], 0), k, 1, N)),
        (ForAll(gt(x[k], 0), k, 1, n), implies(between(1, m, N), gt(x[m], 0))),
        (ForAll(gt(x[2 * k], 0), k, 1, n), implies(all_of(ge(n, 1), le(2 * n, N)), gt(x[1], 0))),
        (Negation(POSITIVE), implies(between(1, n, N), le(x[n], 0))),
        (any_of(POSITIVE, gt(n, 0)), implies(between(1, n, N), gt(x[n], 0))),
        (ROWS, implies(between(0, n, N), eq(IndexSum(z[n, k], k, 1, N), 1))),
        (ROWS, implies(between(0, n, N), eq(IndexSum(z[k, n], k, 0, N), 1))),
        (ROWS, implies(between(0, n, N), eq(IndexSum(z[n, N - 2 * k], k, 0, N), 1))),
        (ROWS, eq(IndexSum(z[n, k], k, 0, N), 1)),
        (SHEETS, implies(between(0, n, N), eq(IndexSum(w[m, n, k], k, 0, N), 1))),
        (SHEETS, implies(between(0, n, N), eq(IndexSum(w[n, k, n], k, 0, N), 1))),
        (BLOCKS, implies(PLACES, eq(IndexSum(IndexSum(z[2 * n + j, 2 * m + k], k, 0, 2), j, 0, 1), 1))),
        (BLOCKS, implies(PLACES, eq(IndexSum(IndexSum(z[2 * n + j, 2 * n + k], k, 0, 1), j, 0, 2), 1))),
        (BLOCKS, implies(PLACES, eq(IndexSum(IndexSum(z[2 * n + j, m + k], k, 0, 1), j, 0, 1), 1))),
    ],
)
def test_what_does_not_follow(known: Condition, wanted: Condition) -> None:
    """Not beyond the range, not for another array, not from a denial or an alternative."""
    assert not discharge(context(known), wanted).shown


def test_at_points() -> None:
    """Over nothing it is true; a largest value of nothing there is none, a product of nothing is 1."""
    given = {x: Samples({(1,): Fraction(2), (2,): Fraction(-1)})}
    assert not holds(POSITIVE, {N: 2}, context(), given)
    assert holds(POSITIVE, {N: 1}, context(), given)
    assert holds(ForAll(gt(x[k], 5), k, 2, 1), {N: 2}, context(), given)
    assert evaluate(Largest(x[k] ** 2, k, 1, N), {N: 2}, context(), given) == 4
    assert evaluate(IndexProduct(x[k], k, 1, N), {N: 2}, context(), given) == -2
    assert evaluate(IndexProduct(x[k], k, 1, N - 2), {N: 2}, context(), given) == 1
    with pytest.raises(Undefined):
        evaluate(Largest(x[k], k, 2, 1), {N: 2}, context(), given)


def test_bound_index() -> None:
    """It is renamed out of the way, and stands apart from a free one of the same name."""
    assert substitute(ForAll(gt(x[k], n), k, 1, N), {n: k}).free_symbols == {k, N}
    known = context(ForAll(gt(x[n], 0), n, 1, N))
    with pytest.raises(StepRejected, match="already has a meaning"):
        check(derived("shadowed", known, n, by(at_most, n)))
    assert negate(POSITIVE) == Negation(POSITIVE) and negate(Negation(POSITIVE)) == POSITIVE
    with pytest.raises(IllFormed):
        ForAll(x[k], k, 1, N)
    assert isinstance(all_of(POSITIVE, gt(n, 0)), AllOf)


def test_nearby() -> None:
    """Strict inequalities at finitely many indices hold around the point, weak ones and equations need not."""
    kept, strict = context(POSITIVE, ForAll(ge(x[k], 0), k, 1, N)), context(ForAll(ne(x[k], y[k]), k, 1, N))
    assert nearby(kept).hypotheses == (POSITIVE,)
    assert nearby(strict) == strict
    assert len(nearby(context(ForAll(eq(x[k], y[k]), k, 1, N), ForAll(lt(x[k], x[n]), k, 1, n))).hypotheses) == 1


def test_a_tie_has_no_derivative() -> None:
    """The largest of x is differentiated where it is attained once; a weaker hypothesis does not do."""
    largest = Largest(x[k], k, 1, N)
    alone = ForAll(any_of(eq(k, n), lt(x[k], x[n])), k, 1, N)
    tied = ForAll(le(x[k], x[n]), k, 1, N)
    for hypothesis in (tied, alone):
        given = Context((_N, _n, _m), (between(1, n, N), between(1, m, N), hypothesis), arrays=(x,))
        with pytest.raises(StepRejected):
            check(derived("tie", given, Partial(largest, x[m]), by(partial_of_largest)))


def test_hypotheses_have_meaning() -> None:
    """A hypothesis about entries beyond the range of an array is refused, also under "for all"."""
    for known in (ForAll(gt(x[k], 0), k, 0, N), ForAll(gt(1 / (k - 2), 0), k, 1, N), ForAll(gt(x[k], 0), k, 1, N / 2)):
        with pytest.raises(StepRejected):
            check(derived("meaning", context(known), n, by(at_most, n)))


def test_a_definition_by_a_product() -> None:
    """A product over a range is differentiated only by laws that speak of it; its value is compared."""
    p = array("p")
    given = Context((_N,), (), (Definition(p, (), IndexProduct(x[k], k, 1, N)),), (x,))
    assert evaluate(Partial(p[()], x[2]), {N: 3}, given, {x: lambda index: Fraction(index + 1)}) == 8
