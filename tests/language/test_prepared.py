"""Terms made ready to be worked out: what is kept for later changes neither a value nor what may be worked out."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from sympy import Expr, Integer

from derive.errors import Undefined, Unevaluable
from derive.language import Cases, Context, Definition, Entry, IndexProduct, IndexSum, Partial, array, ge, integer, real
from derive.language.exponential import e_to
from derive.language.points import Evaluator, Samples, evaluate
from derive.language.prepared import MOST_TERMS, prepared

a, i, j, k, n = real("a"), integer("i"), integer("j"), integer("k"), integer("n")
x, w = array("x", (1, n)), array("w", (1, n), (1, n))


def plain(term: Expr, at: dict[Expr, Fraction], arrays: dict[object, Samples]) -> Fraction:
    """The value from the meaning of the few heads used here, one after the other."""
    if isinstance(term, IndexSum):
        low, high = (int(plain(end, at, arrays)) for end in (term.low, term.high))
        parts = [plain(term.body, {**at, term.index: Fraction(v)}, arrays) for v in range(low, high + 1)]
        return sum(parts, Fraction(0))
    if isinstance(term, Entry):
        return Fraction(arrays[term.array](*(int(plain(index, at, arrays)) for index in term.indices)))
    if term.is_Rational:
        return Fraction(int(term.p), int(term.q))
    if term.is_Symbol:
        return at[term]
    parts = [plain(part, at, arrays) for part in term.args]
    if term.is_Pow:
        return Fraction(parts[0] ** int(parts[1]))
    result = Fraction(0) if term.is_Add else Fraction(1)
    for part in parts:
        result = result + part if term.is_Add else result * part
    return result


def test_sums_within_sums_against_the_meaning() -> None:
    """Inner sums that speak of all indices around them, of some and of none, at random numbers."""
    terms = [
        IndexSum(x[i] * IndexSum(w[i, j] * IndexSum(w[j, k] * x[k], k, 1, n), j, 1, n), i, 1, n),
        IndexSum(IndexSum(w[i, j] / (i + j) - IndexSum(x[k] * w[k, j], k, 1, j), j, i, n), i, 1, n),
        IndexSum(a**i * IndexSum(x[j], j, 1, n) ** 2 + IndexSum(i * x[k], k, i, n), i, 1, n),
        IndexSum(IndexSum(x[i], i, 1, n) * x[i], i, 1, n),  # the same name within
    ]
    rng = random.Random(1)
    for turn in range(20):
        size = 1 + turn % 4
        numbers = [Fraction(rng.randint(-9, 9), rng.randint(1, 4)) for _ in range(size + size * size + 1)]
        arrays = {
            x: Samples({(p,): numbers[p] for p in range(1, size + 1)}),
            w: Samples({(p, q): numbers[size * p + q] for p in range(1, size + 1) for q in range(1, size + 1)}),
        }
        at = {n: Fraction(size), a: numbers[0]}
        for term in terms:
            assert evaluate(term, {n: size, a: numbers[0]}, None, arrays) == plain(term, at, arrays)


@pytest.mark.parametrize("inner", [IndexSum(j, j, 1, n), IndexSum(j * i, j, 1, n), IndexSum(a * j, j, 1, n)])
def test_what_is_kept_costs_as_much(inner: Expr) -> None:
    """The limit on terms counts those that are not worked out again: it does not depend on what is kept."""
    term = IndexSum(inner, i, 1, n)
    assert evaluate(term, {n: 300, a: 1})  # 300 + 300**2 terms
    with pytest.raises(Unevaluable, match=f"more than {MOST_TERMS} terms"):
        evaluate(term, {n: 320, a: 1})


def test_entries_of_definitions_cost_once() -> None:
    """An entry that is kept is not paid for again, also where it first stood in a sum that is kept."""
    square = Definition(array("y"), (), IndexSum(j, j, 1, n))
    context = Context((), (), (square,))
    term = IndexSum(IndexSum(square.array[()] * k, k, 1, 3), i, 1, n)
    here = Evaluator(context, {}, {n: 10_000})
    assert here.evaluate(term) == 10_000 * 6 * sum(range(10_001))
    assert MOST_TERMS - here.terms_left == 10_000 + 10_000 * 3 + 10_000


def test_kinds_of_numbers_side_by_side() -> None:
    """Integers, fractions, powers of e and varying numbers in one sum and one product."""
    from sympy import exp

    assert evaluate(IndexSum(1 / k + exp(1) * k, k, 1, 3), {}) == Fraction(11, 6) + 6 * e_to(1)
    assert evaluate(IndexSum(1 / k, k, 1, 20), {}) == sum(Fraction(1, v) for v in range(1, 21))
    slope = Partial(IndexSum(IndexProduct(x[j], j, 1, n) / 2 + x[k] / k, k, 1, n), x[2])
    values = Samples({(1,): Fraction(3), (2,): Fraction(1, 7), (3,): Fraction(5)})
    assert evaluate(slope, {n: 3}, None, {x: values}) == 3 * Fraction(15, 2) + Fraction(1, 2)


def test_a_condition_that_does_not_apply() -> None:
    """A factor 0 excuses nothing, nor does a sum that was worked out elsewhere."""
    with pytest.raises(Undefined):
        evaluate(IndexSum(IndexSum(Cases((j, ge(j, i))), j, 1, 2), i, 1, 2) * 0 + 1 / (a - 1), {a: 1})
    with pytest.raises(Undefined, match="no case"):
        evaluate(IndexSum(IndexSum(Cases((j, ge(j, i))), j, 1, 2), i, 1, 2), {})


def test_made_once() -> None:
    """The same term gives the same function."""
    assert prepared(IndexSum(k, k, 1, n)) is prepared(IndexSum(k, k, 1, n))
    assert prepared(Integer(3))(Evaluator(None, {}, {}), {}) == 3
