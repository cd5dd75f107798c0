"""Definitions and statements that are too tall for running text."""

from __future__ import annotations

import pytest

from derive.constructs.registry import refuted
from derive.language import OTHERWISE, Cases, Definition, array, ge, integer
from derive.render import html, latex, markdown, text
from derive.render.document import Aligned, Paragraph
from derive.sheets.editions import automatic
from derive.sheets.stating import introduced, joined, stated

L, N = integer("l"), integer("n")
S, T = array("s", (1, N)), array("t", (1, N))
PLAIN = Definition(T, (L,), L + 1)
TALL = Definition(S, (L,), Cases((2, ge(L, 3)), (1, OTHERWISE)))


def test_what_is_given_in_cases_stands_on_a_line_of_its_own() -> None:
    """The others stay in the sentence, and the line says where it holds."""
    words, lines = introduced("Let", (TALL, PLAIN))
    assert isinstance(words, Paragraph) and words.words[0] == "Let " and words.words[-1] == ", where"
    assert isinstance(lines, Aligned) and lines.stated
    assert [line.left for line in lines.lines] == [S[L]] and lines.lines[0].reason[0] == "for "
    assert introduced("Let", (TALL,))[0] == Paragraph(("Let",))
    (alone,) = introduced("Let", (PLAIN,))
    assert isinstance(alone, Paragraph) and alone.words[-1] == "."


@pytest.mark.parametrize(
    ("writer", "cases"), [(html, "<mtable"), (latex, "dcases"), (markdown, "cases"), (text, "{2 ")]
)
def test_no_format_sets_cases_in_running_text(writer: object, cases: str) -> None:
    """The paragraph has none, the lines below it have them."""
    words, lines = introduced("Let", (PLAIN, TALL))
    assert cases not in writer.blocks((words,)) and cases in writer.blocks((lines,))  # type: ignore[attr-defined]


def test_definitions_are_no_hints() -> None:
    """The first step of a solution is not one of the definitions before it."""
    assert automatic(introduced("Let", (PLAIN, TALL))) == ()


@pytest.mark.parametrize(("path", "high"), [("size_failures.padding", True), ("shift_failures.average", False)])
def test_a_tall_statement_stands_on_a_line_of_its_own(path: str, high: bool) -> None:
    """A short one ends its sentence; what it needs follows in the same paragraph or in the next."""
    found = refuted(path)
    assert found is not None
    said = stated(found[1])
    assert [type(block).__name__ for block in said] == (["Paragraph", "Aligned"] if high else ["Paragraph"])
    more = joined(said, (PLAIN,))
    assert len(more) == (3 if high else 1) and "Here " in str(more[-1])
