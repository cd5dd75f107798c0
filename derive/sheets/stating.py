"""Definitions and statements on a page: in running text, or on lines of their own where they are too tall for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from derive.constructs.construct import Refuted
from derive.language import Definition
from derive.render.document import Aligned, Block, Equation, Inline, Line, Paragraph, Words
from derive.render.tex import latex
from derive.render.tex_pieces import is_high
from derive.sheets.given import defined, is_defined_by

LONGEST = 90
"""Of a statement in running text, in signs of LaTeX."""


def introduced(opening: str, given: Iterable[Definition], apart: str = "; ") -> tuple[Block, ...]:
    """`Let e[0] = w_0; h[n] = 1, where` and below that, on lines of their own, what is given in cases or is tall.

    Example:
        >>> from derive.language import OTHERWISE, array, eq, integer, ge
        >>> l, n = integer("l"), integer("n")
        >>> s, t = array("s", (1, n)), array("t", (1, n))
        >>> from derive.language import Cases
        >>> plain, tall = Definition(t, (l,), l + 1), Definition(s, (l,), Cases((2, ge(l, 3)), (1, OTHERWISE)))
        >>> [type(block).__name__ for block in introduced("Let", (plain, tall))]
        ['Paragraph', 'Aligned']
    """
    listed = list(given)
    tall = [d for d in listed if is_high(latex(is_defined_by(d)[-1][0].right))]
    short = defined((d for d in listed if d not in tall), apart)
    if not tall:
        return (Paragraph((f"{opening} ", *short, ".")),)
    words: list[Any] = [f"{opening} ", *short, ", where"] if short else [opening]
    lines = [
        Line(equation.relation, equation.right, _unspaced(where), equation.left)
        for definition in tall
        for equation, where in is_defined_by(definition)
    ]
    return (Paragraph(tuple(words)), Aligned(tuple(lines), stated=True))


def stated(record: Refuted) -> tuple[Block, ...]:
    """The statement in words and as a formula, on a line of its own where that is tall or long."""
    formula = Equation(record.left, record.relation, record.right)
    written = latex(formula)
    words: list[Inline] = [*record.statement]
    if r"\frac" not in written and r"\begin" not in written and len(written) <= LONGEST:
        return (Paragraph((*words, ": ", formula, ".")),)
    line = Line(record.relation, record.right, (), record.left)
    return (Paragraph((*words, ":")), Aligned((line,), stated=True))


def joined(said: tuple[Block, ...], given: Iterable[Definition]) -> tuple[Block, ...]:
    """The statement and, in the same paragraph where it ends with one, the definitions that it needs."""
    if len(said) != 1 or not isinstance(said[0], Paragraph):
        return (*said, *introduced("Here" if said else "Let", given))
    first, *rest = introduced("Here", given)
    assert isinstance(first, Paragraph)
    return (Paragraph((*said[0].words, " ", *first.words)), *rest)


def _unspaced(words: Words) -> Words:
    """The words without a space before the first."""
    if words and isinstance(words[0], str):
        return (words[0].lstrip(), *words[1:])
    return words
