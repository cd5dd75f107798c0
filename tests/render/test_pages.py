"""Whole documents in each format."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from sympy import Integer, Min, Rational

from derive.errors import CannotPrint, RenderError
from derive.language import (
    OTHERWISE,
    Cases,
    IndexSum,
    Indicator,
    all_of,
    between,
    eq,
    ge,
    integer,
    lt,
    ne,
    real,
    signal,
)
from derive.render import html, latex, markdown, pages, text
from derive.render.document import (
    Aligned,
    CheckNote,
    Code,
    Document,
    Emph,
    Equation,
    InductionBlock,
    Latex,
    Line,
    Paragraph,
    Result,
    SideBySide,
    Stage,
    StemPlot,
    Table,
)

N, A = integer("n"), real("a")
WRITERS = [latex, html, markdown, text]


@pytest.mark.parametrize("writer", WRITERS)
def test_every_block_kind_is_written_twice_alike(writer: ModuleType, every_block: Document, pulse: Document) -> None:
    """Each writer has a form for each block, and the same document gives the same bytes."""
    for document in (every_block, pulse):
        written = writer.write(document)
        assert written == writer.write(document)
        assert written.endswith("\n")
        assert not written.endswith("\n\n")
        assert "None" not in written


@pytest.mark.parametrize("writer", WRITERS)
def test_blocks_can_be_shown_alone(writer: ModuleType, pulse: Document) -> None:
    """One derivation, without a sheet around it."""
    solution = pulse.problems[0].parts[0].solution
    shown = writer.blocks(solution)
    assert "geometric sum" in shown
    assert "documentclass" not in shown
    assert "<html" not in shown


@pytest.mark.parametrize("writer", WRITERS)
def test_a_block_of_an_unknown_kind_is_refused(writer: ModuleType) -> None:
    """It is not left out in silence."""
    with pytest.raises(RenderError, match="object"):
        writer.blocks((object(),))


@pytest.mark.parametrize("writer", WRITERS)
def test_a_table_row_of_the_wrong_width_is_refused(writer: ModuleType) -> None:
    """A value under the wrong head would be a false statement."""
    with pytest.raises(RenderError, match="1 values under 2"):
        writer.blocks((Table((N, A), ((Rational(1),),)),))


@pytest.mark.parametrize("writer", [latex, html, markdown])
def test_two_figures_of_one_name_are_refused(writer: ModuleType, every_block: Document) -> None:
    """One would overwrite the other's file."""
    one = StemPlot("same", ((0, Fraction(1)),), N, A, (), "one")
    document = replace(every_block, introduction=(one, SideBySide(Paragraph(("x",)), replace(one, alt="two"))))
    with pytest.raises(RenderError, match="same"):
        writer.write(document)


def test_a_name_that_nobody_gave_stops_the_build(tmp_path: Path) -> None:
    """A template cannot print an empty place."""
    (tmp_path / "latex").mkdir()
    (tmp_path / "latex" / "sheet.tex").write_text("<< document.titel >>")
    environment = pages.environment("latex", {}, tmp_path)
    with pytest.raises(RenderError, match="titel"):
        pages.render(environment, "sheet.tex", document=object())
    with pytest.raises(RenderError, match=r"missing\.tex"):
        pages.render(environment, "missing.tex")


@pytest.mark.parametrize("writer", WRITERS)
def test_an_induction_has_its_stages_in_order_and_a_mark_at_its_end(writer: ModuleType) -> None:
    """Base, hypothesis and step by name, what each is about, their lines, the closing words and the mark."""
    stages = (
        Stage("Base", (eq(N, 0),), (), (Aligned((Line("=", N, ("first reason",), A),)),)),
        Stage("Hypothesis", (), ("Suppose so.",)),
        Stage("Step", (Equation(N, "->", N + 1),), (), (Aligned((Line("=", N, ("second reason",), A),)),)),
    )
    written = writer.blocks((InductionBlock(stages, ("That is all.",)), Paragraph(("After it.",))))
    mark = r"\proofend" if writer is latex else "■"
    pieces = ["Base", "first reason", "Hypothesis", "Suppose so.", "Step", "second reason", "That is all.", mark]
    places = [written.index(piece) for piece in (*pieces, "After it.")]
    assert places == sorted(places)
    assert written.count(mark) == 1


def test_figures_within_an_induction_are_found() -> None:
    """A figure in the step has its file like any other."""
    plot = StemPlot("inner", ((0, Fraction(1)),), N, A, (), "one")
    block = InductionBlock((Stage("Step", (), (), (plot,)),), ("Done.",))
    document = Document("d", "t", "", "", (), (block,), (), (), ())
    assert pages.figures_in(document) == (plot,)


def test_no_page_ends_between_an_induction_and_its_closing_words() -> None:
    """The chain of the last stage is linked to what follows, the chains before and after are not."""
    chain = Aligned((Line("=", N, (), A),))
    stages = (Stage("Base", (), (), (chain,)), Stage("Step", (), (), (chain,)))
    written = latex.blocks((InductionBlock(stages, ("Done.",)), chain))
    order = re.findall(r"\\(?:chain|linkedtrue|linkedfalse|proofend)", written)
    assert order == [r"\chain", r"\linkedtrue", r"\chain", r"\linkedfalse", r"\proofend", r"\chain"]


def test_nested_cases_give_one_line_a_clause() -> None:
    """The answer reads `a != 1: y = {...}` and `a = 1: y = {...}`."""
    inner = Cases((0, lt(N, 0)), (N, OTHERWISE))
    result = Result(A, "=", Cases((inner, ne(A, 1)), (N + 1, eq(A, 1))))
    assert [str(answer.condition) for answer in pages.answers(result)] == ["a != 1", "a = 1"]
    written = latex.blocks((result,))
    assert written.count(r"\rigid{a\ne 1:\quad a=\begin{dcases}") == 1
    assert written.count(r"\one{a=1:\quad a=n+1}") == 1


def test_an_answer_without_nested_cases_stays_whole() -> None:
    """Cases at the top are set with one brace."""
    result = Result(A, "=", Cases((0, lt(N, 0)), (N, OTHERWISE)), (ne(A, 1),))
    assert latex.blocks((result,)).count("dcases") == 2
    assert r"}{\allowbreak({a\ne 1})}" in latex.blocks((result,))  # beside the cases, or below them
    assert html.blocks((result,)).count("<mtable") == 1


def test_the_table_fills_its_groups_downwards(pulse: Document) -> None:
    """13 rows in two groups: 7 on the left, 6 on the right and an empty place."""
    table = Table((N,), tuple((Rational(v),) for v in range(13)), 2)
    folded = pages.fold(table)
    assert folded[0] == [(0,), (7,)]
    assert folded[6] == [(6,), None]


def test_the_html_page_is_well_formed_and_needs_nothing_else(pulse: Document, every_block: Document) -> None:
    """No script, no address, no style sheet from elsewhere; every id once; figures have words."""
    for document in (pulse, every_block):
        page = html.write(document)
        closed = re.sub(r"<(meta\b[^>]*)>", r"<\1/>", page.removeprefix("<!DOCTYPE html>"))
        root = ET.fromstring(closed)
        assert root.get("lang") == "en"
        assert root.findtext("head/title") == document.title
        tags = [str(element.tag).split("}")[-1] for element in root.iter()]
        assert not {"script", "link", "iframe", "object", "embed", "img"} & set(tags)
        assert tags.count("svg") == len(pages.figures_in(document))
        assert tags.count("math") > 10
        for element in root.iter():
            for name, value in element.attrib.items():
                assert not name.lower().startswith("on")
                assert "http" not in value, (name, value)
                if name.split("}")[-1] in ("href", "src"):
                    assert value.startswith("#")
        assert "@import" not in page
        assert not re.findall(r"url\((?!#)", page)
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        for element in root.iter():
            if str(element.tag).endswith("}svg"):
                assert element.get("role") == "img"
                assert element.get("aria-label")


def test_html_has_one_formula_a_line_and_no_unknown_command(pulse: Document) -> None:
    """All mathematics became MathML: no backslash or dollar is left in the text."""
    page = html.write(pulse)
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "\\" not in body
    assert "$" not in body


def test_a_formula_that_html_cannot_show_is_named() -> None:
    """math-core is strict, and so are we."""
    with pytest.raises(CannotPrint, match="nonsense"):
        html.words((Latex(r"\nonsense{x}"),))


def test_a_line_break_with_a_length_does_not_print_the_length() -> None:
    r"""math-core 0.9 prints the `[2pt]` of `\\[2pt]`."""
    assert "<mi>p</mi>" not in html.math(r"\begin{cases}1\\[2pt]2\end{cases}")


@pytest.mark.parametrize("source", ["a}b{", "{a", "x$y", "x%y", "a\\"])
@pytest.mark.parametrize("writer", [latex, markdown])
def test_the_authors_formula_stays_inside_its_dollars(writer: ModuleType, source: str) -> None:
    """An open brace or a bare dollar would swallow the rest of the page."""
    with pytest.raises(RenderError):
        writer.words((Latex(source),))


def test_markdown_keeps_lines_and_emphasis_apart() -> None:
    """A paragraph that begins like a list is none, and a space never stands inside the marks."""
    assert markdown.words(("1. not a list",)) == r"1\. not a list"
    assert markdown.words(("- not a list",)) == r"\- not a list"
    assert markdown.words((Emph("word "), "next")) == "*word* next"


def test_code_stands_in_letters_of_one_width() -> None:
    """Every sign of it as it is, in each format."""
    code = (Code("f(x_1) -- $y | `z`$  <b>"),)
    assert latex.words((Code("f(x_1) -- $y"),)) == r"\texttt{f{(}x{\_}1{)} {-}{-} {\$}y}"
    assert html.words(code) == "<code>f(x_1) -- $y | `z`$  &lt;b&gt;</code>"
    assert markdown.words(code) == "<code>f(x_1) -- $y &#124; `z`$  &lt;b&gt;</code>"
    assert markdown.words((Code("a_b `c`"),)) == "`` a_b `c` ``"
    assert markdown.words((Code("relu(h) * 2"),)) == "`relu(h) * 2`"


def test_markdown_formulas_survive_markdown(pulse: Document, every_block: Document) -> None:
    """Inside dollars no backslash stands before a punctuation mark, and no table cell holds a bare bar."""
    for document in (pulse, every_block):
        page = markdown.write(document)
        for formula in re.findall(r"(?<!\\)\$([^$]+?)(?<!\\)\$", page):
            assert not re.search(r"\\[^A-Za-z]", formula), formula
        rows = [line for line in page.splitlines() if line.startswith("|")]
        assert len(rows) > 5
        for block in re.findall(r"(?:^\|.*\n)+", page, flags=re.MULTILINE):
            bars = {len(re.findall(r"(?<!\\)\|", row)) for row in block.splitlines()}
            assert len(bars) == 1, block


def test_terminal_lines_are_not_wider_than_the_page(pulse: Document) -> None:
    """Formulas may be; words are wrapped at 100 columns."""
    assert max(map(len, text.write(pulse).splitlines())) <= 100


def test_reasons_stand_beside_their_steps() -> None:
    """One row a line in LaTeX, HTML and Markdown; a line without a reason has an empty one."""
    chain = Aligned((Line("=", N + 1, ("why",), A), Line("<=", N + 2)))
    assert latex.blocks((chain,)) == "\\chain{%\n\\row{a}{=n+1}{why}%\n\\row{}{\\le n+2}{}%\n}\n"
    assert html.blocks((chain,)).count('<div class="reason"></div>') == 1
    assert "| $\\displaystyle a$ | $\\displaystyle =n+1$ | why |" in markdown.blocks((chain,))
    assert "a = n + 1" in text.blocks((chain,))


def noted(label: str, *counts: int, error: Integer | None = None) -> CheckNote:
    """A note with all counts of a derivation."""
    names = [column.count for column in pages.COLUMNS if not column.count.startswith("run")]
    return CheckNote(label, (f"words of {label}",), tuple(zip(names, counts, strict=True)), "proved", error)


FIRST = noted("1(a)", 11, 76, 2, 0, 98, 505, 16, 91, 200, error=Integer(7))
SECOND = noted("1(b)", 3, 0, 0, 0, 24, 13, 3, 0, 0)


def test_the_checks_of_several_results_are_a_table() -> None:
    """A row each, the counts under their heads, and nothing where a number is missing."""
    table = pages.check_table((FIRST, SECOND, CheckNote("2(a)", (), (("steps", 5),), "cited")))
    assert table is not None
    assert table.groups == (("", 2), ("derivation", 4), ("direct summation", 3), ("compiled", 2))
    assert len(table.heads) == len(table.alone) == sum(count for _, count in table.groups) == 11
    cells = [["".join(map(str, cell)) for cell in row] for row in table.rows]
    assert cells == [
        ["1(a)", "proved", "11", "76", "2", "98", "505", "16", "91", "200", "7"],
        ["1(b)", "proved", "3", "0", "0", "24", "13", "3", "0", "0", ""],
        ["2(a)", "cited", "5", "", "", "", "", "", "", "", ""],
    ]


def test_only_kinds_of_steps_may_have_no_column() -> None:
    """Where no part has cases or inductions there is no column of zeros; a check that looked at nothing shows its 0."""
    zeros = noted("1(a)", *[0] * 9)
    table = pages.check_table((zeros, zeros))
    assert table is not None
    gone = {column.head for column in pages.COLUMNS} - set(table.heads)
    assert gone == {"cases", "inductions", "numbers"}  # numbers of runs: no part is a program
    assert pages.check_table((FIRST,)) is None


@pytest.mark.parametrize("writer", [latex, html, markdown])
def test_a_table_of_checks_has_its_remarks_below(writer: ModuleType, pulse: Document) -> None:
    """Several results give a table and what is said of them; one gives its sentences and no table."""
    several = replace(pulse, checks=(FIRST, SECOND), remarks=(("what the columns mean",), ("what differs",)))
    written = writer.write(several)
    foot = written[written.index("How this was checked") :]
    places = [foot.index(piece) for piece in ("1(a)", "505", "1(b)", "what the columns mean", "what differs")]
    assert places == sorted(places)
    assert "words of" not in foot
    alone = writer.write(replace(several, checks=(FIRST,))).partition("How this was checked")[2]
    assert "words of 1(a)" in alone and "505" not in alone and "what the columns mean" not in alone


def test_the_terminal_lists_the_checks() -> None:
    """Sentences for each result, as wide as the page."""
    document = Document("d", "t", "", "", (), (), (), (), (FIRST, SECOND), remarks=(("what the columns mean",),))
    foot = text.write(document).partition("How this was checked")[2]
    assert "1(a) words of 1(a)" in foot and "1(b) words of 1(b)" in foot
    assert "columns" not in foot


FRACTION, SUM = Rational(1, 2) * N, IndexSum(signal("x")[N], N, 0, 5)


@pytest.mark.parametrize(
    ("writer", "large"),
    [(latex, r"$\displaystyle \frac{n}{2}$"), (markdown, r"$\displaystyle \frac{n}{2}$"),
     (html, '<mrow displaystyle="true" scriptlevel="0"><mfrac>')],
)
def test_fractions_in_reasons_can_be_read(writer: ModuleType, large: str) -> None:
    """Beside a line, in small type, they have the size of a display; sums and running text stay as they are."""
    reasoned = writer.blocks((Aligned((Line("=", N, ("with ", FRACTION), A),)),))
    assert large in reasoned
    assert large not in writer.blocks((Aligned((Line("=", N, ("with ", SUM), A),)),))
    assert large not in writer.blocks((Paragraph(("with ", FRACTION)),))


def test_marks_over_letters_are_not_set_into_them() -> None:
    """Chromium lowers what is called an accent into the letter."""
    assert html.math(r"\bar w") == '<math><mover><mi>w</mi><mo stretchy="false">\u203e</mo></mover></math>'
    assert "accent=" not in html.math(r"\hat y + \tilde{x}_1")


def test_lines_end_where_they_may() -> None:
    """Not within the brackets of an indicator or within a short condition; rather behind a comma than at a sign."""
    indicated = A * Indicator(eq(A, N))
    (row,) = re.findall(r"\\row.*", latex.blocks((Aligned((Line("=", indicated, (), A),)),)))
    assert r"\,\mayend\mathbf 1[{a=n}]" in row
    (row,) = re.findall(r"\\row.*", latex.blocks((Aligned((Line("=", Min(A, N), (), A),)),)))
    assert r"\min(a,\mayend\,n)" in row
    said = latex.blocks((Paragraph(("for ", all_of(between(1, N, 3), ge(A, 2)))),))
    assert said.strip() == r"for ${1\le n\le 3}$, ${a\ge 2}$"
    (frame,) = re.findall(r"\\one.*", latex.blocks((Result(A, "=", N, (all_of(ge(N, 1), ne(A, 2)),)),)))
    assert r"\allowbreak({n\ge 1},\allowbreak\ {a\ne 2})" in frame
    for writer in (latex, html, markdown):
        assert "-1" not in writer.blocks((Paragraph(("the values 1 and -1",)),)).replace("{-}", "")


@pytest.mark.parametrize(("count", "rows"), [(54, [54]), (56, [56]), (62, [62]), (63, [32, 31]), (130, [44, 44, 42])])
def test_the_table_of_checks_leaves_no_few_rows_alone(count, rows):
    """A few rows more than fill a page are set closer; of many more, each table has about as many."""
    notes = tuple(CheckNote(f"1.{n}", (), (("steps", 3),), "proved") for n in range(count))
    written = latex.write(Document("s", "S", "", "", (), (), (), (), notes))
    tables = written.split(r"\begin{tabular}")[1:]
    assert [len(re.findall(r"^1\.\d+&", table, re.MULTILINE)) for table in tables] == rows
    assert (r"\renewcommand{\arraystretch}{0." in written) == (len(rows) == 1 and count > 54)
