"""Combinators make larger conversions out of smaller ones, and the checker accepts what they join."""

from __future__ import annotations

import pytest
from sympy import Expr, Integer, Min

from derive.errors import RuleDoesNotApply
from derive.kernel.checker import check
from derive.kernel.derivation import Derivation, Split
from derive.language import Context, IndexSum, declare, ge, integer, lt
from derive.rules.algebra import algebra, smallest
from derive.rules.combine import (
    Conversion,
    at,
    at_part,
    attempt,
    by,
    by_cases,
    chain,
    everywhere,
    first_of,
    place_of,
    repeat,
    then,
)
from derive.rules.sums import constant_out_of_sum, rename_index, split_last, sum_of_constant, sum_of_terms

CONTEXT = Context((declare("n", "size"), declare("m", "integer"), declare("a", "real")))
n, m, a = CONTEXT.symbols
i, k = integer("i"), integer("k")


def proved(start: Expr, conversion: Conversion) -> Expr:
    """The end of the chain, which the checker accepts."""
    made = chain(CONTEXT, start, conversion)
    report = check(Derivation("test", CONTEXT, start, made.end, made))
    assert report.verdict.kind == "proved"
    assert report.steps >= 1
    return made.end


def test_one_after_the_other_within_a_term() -> None:
    """Linearity, then each part in closed form, wherever it stands."""
    start = 3 * IndexSum(a + a**2, k, 1, n) + m
    end = proved(start, then(everywhere(by(sum_of_terms)), everywhere(by(sum_of_constant))))
    assert end.expand() == (3 * n * (a + a**2) + m).expand()


def test_at_a_part_and_at_a_path() -> None:
    """The place by its term, or by its argument numbers; a sum within a sum, its range known inside."""
    start = IndexSum(IndexSum(k * i, i, 0, k), k, 0, n)
    assert place_of(start, start.body) == (0,)
    end = proved(start, at((0,), by(constant_out_of_sum)))
    assert end == IndexSum(k * IndexSum(i, i, 0, k), k, 0, n)
    inner = IndexSum(Min(k, n), k, 0, n)
    assert proved(inner, at_part(Min(k, n), by(smallest, k))) == IndexSum(k, k, 0, n)
    with pytest.raises(RuleDoesNotApply):
        place_of(start, a)


def test_first_that_applies() -> None:
    """The first that applies is taken; if none does, all reasons are given; an attempt may do nothing."""
    start = IndexSum(a, k, 1, n)
    assert proved(start, first_of(by(split_last), by(sum_of_constant))) == IndexSum(a, k, 1, n - 1) + a
    with pytest.raises(RuleDoesNotApply, match=r"sum_of_terms.*constant_out_of_sum"):
        first_of(by(sum_of_terms), by(constant_out_of_sum))(CONTEXT, IndexSum(k, k, 1, n))
    assert attempt(by(sum_of_terms))(CONTEXT, start) == ()


def test_repeat_ends() -> None:
    """Repetition stops where the law no longer applies, and complains if it never does."""
    start = IndexSum(k, k, 1, 3)
    with pytest.raises(RuleDoesNotApply, match="still not finished"):
        repeat(then(by(rename_index, i), by(rename_index, k)), most=5)(CONTEXT, IndexSum(Integer(1), k, 1, n))
    assert len(repeat(everywhere(by(sum_of_constant)))(CONTEXT, start)) == 0


def test_cases_are_whole_lines() -> None:
    """A split at the top is made of branches; within a term it is refused."""
    start = Min(m, 3)
    split = by_cases([(lt(m, 3), by(smallest, m)), (ge(m, 3), by(smallest, Integer(3)))])
    (made,) = split(CONTEXT, start)
    assert isinstance(made, Split)
    assert [b.chain.end for b in made.branches] == [m, 3]
    proved(start, split)
    with pytest.raises(RuleDoesNotApply, match="whole lines"):
        at_part(start, split)(CONTEXT, a * start)


def test_algebra_is_found_elsewhere_and_checked_here() -> None:
    """A rewriting by hand is one step."""
    assert proved((a + 1) ** 2 - 1, by(algebra, a * (a + 2))) == a * (a + 2)
