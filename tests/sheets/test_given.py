"""What is given, in words: symbols, arrays, definitions."""

from __future__ import annotations

from sympy import oo

from derive.constructs.recursion import CONTEXT, a, n, x
from derive.language import OTHERWISE, Cases, Context, array, declare, eq, ge, integer, ne, signal
from derive.language.context import Definition
from derive.render.document import Paragraph, Words
from derive.render.text import blocks as as_text
from derive.sheets.given import arrays, defined, definitions, domain

m = integer("m")


def said(words: Words) -> list[str]:
    """The words as a paragraph for the terminal, line by line."""
    return as_text((Paragraph(words),)).strip().splitlines()


def test_definitions_are_given_in_words() -> None:
    """`for n >= 0 and 0 elsewhere` where that is what the array is; nothing is said of an array that has no outside."""
    inside = array("w", (0, n))
    i = integer("i")
    context = Context(CONTEXT.declarations, definitions=(*CONTEXT.definitions, Definition(inside, (i,), a**i)))
    words = said(definitions(context))
    assert words == ["y[n] = a·y[n-1] + x[n] for n ≥ 0 and 0 elsewhere; w_i = a^i for 0 ≤ i ≤ n"]


def test_a_value_of_its_own_at_the_start_is_given_first() -> None:
    """Then the formula, from the next index on; other cases stay as they are."""
    for high, after in ((oo, "n ≥ 1"), (5, "1 ≤ n ≤ 5")):
        started = Definition(signal("e", 0, high), (n,), Cases((a, eq(n, 0)), (x[n], OTHERWISE)))
        assert said(defined([started])) == [f"e[0] = a, e[n] = x[n] for {after} and 0 elsewhere"]
    other = Definition(signal("e", 0), (n,), Cases((a, eq(n, 3)), (x[n], OTHERWISE)))
    assert said(defined([other])) == ["e[n] = {a if n = 3; x[n] otherwise} for n ≥ 0 and 0 elsewhere"]


def test_nothing_is_said_of_a_start_that_may_not_be_there() -> None:
    """A range that is or may be empty has no least index; a value with the index in it is none by itself."""
    for high, where in ((-1, "0 ≤ n ≤ -1"), (m, "0 ≤ n ≤ m")):
        empty = Definition(signal("e", 0, high), (n,), Cases((a, eq(n, 0)), (x[n], OTHERWISE)))
        assert said(defined([empty])) == [f"e[n] = {{a if n = 0; x[n] otherwise}} for {where} and 0 elsewhere"]
    moving = Definition(signal("e", 0), (n,), Cases((n + 5, eq(n, 0)), (x[n], OTHERWISE)))
    assert said(defined([moving])) == ["e[n] = {n + 5 if n = 0; x[n] otherwise} for n ≥ 0 and 0 elsewhere"]


def test_arrays_without_a_formula_are_any_numbers() -> None:
    """Definitions first; the index has a letter that is no symbol's; an array that wraps around says so."""
    i = integer("i")
    started = Definition(signal("e", 0), (n,), Cases((a, eq(n, 0)), (x[n], OTHERWISE)))
    wrapped = Definition(array("c", (0, 5), outside="wraps"), (n,), a**n)
    free = (signal("x", 0), array("w", (0, 5), (1, i), outside="wraps"), signal("h"))
    context = Context((declare("i", "integer"), declare("a", "real")), definitions=(started, wrapped), arrays=free)
    assert [said(words) for words in arrays(context)] == [
        ["e[0] = a, e[n] = x[n] for n ≥ 1 and 0 elsewhere"],
        ["c_n = a^n for 0 ≤ n ≤ 5, indices wrapped around"],
        ["x[i'] any numbers for i' ≥ 0 and 0 elsewhere"],
        ["w[i',i''] any numbers for 0 ≤ i' ≤ 5, 1 ≤ i'' ≤ i, indices wrapped around"],
        ["h[i'] any numbers"],
    ]


def test_the_scope_says_each_sort_once_and_all_hypotheses() -> None:
    """`all integers L, M >= 1` and not twice; what is asked beyond the sorts is part of what is proved."""
    kinds = (("n", "integer"), ("L", "size"), ("a", "real"), ("M", "size"), ("N", "integer"), ("b", "real"))
    context = Context(tuple(declare(name, sort) for name, sort in kinds))
    assert said(domain(context)) == ["all integers n, N, all integers L, M ≥ 1, all real a, b"]
    narrowed = context.with_hypotheses(ne(context.symbols[2], context.symbols[5]), ge(context.symbols[0], 3))
    assert said(domain(narrowed))[0].endswith("all real a, b with a ≠ b, n ≥ 3")
