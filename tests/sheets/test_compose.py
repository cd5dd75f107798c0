"""From a sheet file to a document: parts told, values inserted, mistakes placed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from derive.errors import SheetError
from derive.render.document import (
    Aligned,
    CaseBlock,
    Document,
    OverlapPlot,
    Paragraph,
    Part,
    Result,
    SideBySide,
    StemPlot,
    Table,
)
from derive.render.text import blocks
from derive.sheets.compose import compose
from derive.sheets.reader import read_sheet

HEAD = 'title = "T"\ncourse = "C"\nauthor = "A"\n\n[[problem]]\ntitle = "P"\ntext = "Q"\n\n'


def composed(tmp_path: Path, *parts: str) -> Document:
    """A sheet of one problem with these parts."""
    file = tmp_path / "sheet.toml"
    file.write_text(HEAD + "\n".join(f"[[problem.part]]\n{p}\n" for p in parts))
    return compose(read_sheet(file))


def test_general_then_special(tmp_path: Path) -> None:
    """The second part goes back to the first by its letter and does not tell it again."""
    document = composed(
        tmp_path,
        'claim = "filtered_pulse.response"',
        'claim = "filtered_pulse.response"\nset = { L = 7, a = "1/2" }\n'
        'table = { n = "0..12" }\nplot = { kind = "stem", n = "-6..12" }',
    )
    first, second = document.problems[0].parts
    assert [p.label for p in (first, second)] == ["(a)", "(b)"]
    kinds = [type(b) for b in first.solution]
    assert kinds == [Paragraph, Aligned, Paragraph, CaseBlock, CaseBlock, CaseBlock, Paragraph, Result]
    inserted, result, beside = second.solution
    assert isinstance(inserted, Paragraph) and inserted.words[-1] == " in part (a)."
    assert isinstance(result, Result) and isinstance(beside, SideBySide)
    assert isinstance(beside.left, Table) and isinstance(beside.right, StemPlot)
    values = dict(beside.right.points)
    assert [values[n] for n in (-6, 0, 1, 6, 7, 12)] == [
        0,
        1,
        Fraction(3, 2),
        Fraction(127, 64),
        Fraction(127, 128),
        Fraction(127, 4096),
    ]
    assert len(beside.left.rows) == 13 and len(beside.right.points) == 19
    assert [c.label for c in document.checks] == ["(a)", "(b)"]
    assert len(document.hypotheses) == 1
    assert "".join(str(w) for w in document.hypotheses[0]) == "L >= 1 in (a)"
    assert len(document.remarks) == 2


def test_a_special_part_alone_tells_the_general_one_first(tmp_path: Path) -> None:
    """Nothing is taken from a part that is not on the page."""
    (part,) = composed(tmp_path, 'claim = "filtered_pulse.response"\nset = { a = 1 }').problems[0].parts
    kinds = [type(b) for b in part.solution]
    general = [Paragraph, Aligned, Paragraph, CaseBlock, CaseBlock, CaseBlock, Paragraph, Result]
    assert kinds == [*general, Paragraph, Result]


def test_result_only(tmp_path: Path) -> None:
    """`show = "result"` prints the answer without its derivation; it is checked all the same."""
    document = composed(tmp_path, 'claim = "filtered_pulse.response"\nshow = "result"')
    assert [type(b) for b in document.problems[0].parts[0].solution] == [Result]
    assert dict(document.checks[0].counts)["steps"] >= 18


def first_words(part: Part) -> str:
    """The first sentence of the solution, for a terminal; nothing where it begins with a chain or a frame."""
    first = part.solution[0]
    return " ".join(blocks((first,)).split()) if isinstance(first, Paragraph) else ""


LET = "Let x[n] = 1 for 0 ≤ n ≤ L - 1 and 0 elsewhere, and h[n] = a^n for n ≥ 0 and 0 elsewhere."
RESPONSE = 'claim = "filtered_pulse.response"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("text = 'Find $y[n]$.'", LET),
        ("text = 'The pulse $x$ goes through $h[n] = a^n$. Find the output.'", ""),
        ("text = 'The pulse $x$ goes through a filter.'", "Let h[n] = a^n for n ≥ 0 and 0 elsewhere."),
        ("show = 'result'\ntext = 'Find $y[n]$.'", ""),
    ],
)
def test_what_the_lines_name_is_said(tmp_path: Path, text: str, said: str) -> None:
    """The arrays of the lines that the question leaves open; not the quantity that the first line defines."""
    (part,) = composed(tmp_path, RESPONSE + text).problems[0].parts
    assert first_words(part) == said


def test_what_was_said_before_is_not_said_again(tmp_path: Path) -> None:
    """In a later part of the problem only where a letter means something new; then all that is open is said."""
    two_sided = 'claim = "windowed_filters.two_sided"\ntext = "Find it."'
    parts = composed(tmp_path, RESPONSE, RESPONSE, two_sided, 'claim = "filtered_pulse.delayed"').problems[0].parts
    begins = [first_words(part) for part in parts]
    assert begins[:2] == [LET, ""]
    assert begins[2] == "Let x[n] = 1 for 0 ≤ n ≤ L - 1 and 0 elsewhere, and h[n] = a^|n|.".replace("|n|", "(|n|)")
    assert begins[3].startswith("Let ") and "y_2[n] = " in begins[3]


def test_an_auxiliary_array_is_introduced(tmp_path: Path) -> None:
    """The input of the recursion that the averaged weights obey has a letter that the question does not know."""
    text = r"text = 'Let $\bar w[t] = (1-\gamma)\bar w[t-1] + \gamma\,w[t]$. Write $\bar w[T]$ as a sum.'"
    (part,) = composed(tmp_path, f'claim = "weight_averaging.closed"\n{text}').problems[0].parts
    assert first_words(part) == "Let e[0] = w_0, e[t] = γ·w[t] for t ≥ 1 and 0 elsewhere."


def test_one_part_needs_no_remarks(tmp_path: Path) -> None:
    """Its sentences say all."""
    assert composed(tmp_path, RESPONSE).remarks == ()


def test_overlap_stands_before_the_cases(tmp_path: Path) -> None:
    """Three panels, one a case, at a time that lies in the case."""
    plot = 'plot = { kind = "overlap", n = "-4..11", set = { L = 7, a = "3/4" } }'
    (part,) = composed(tmp_path, f'claim = "filtered_pulse.response"\n{plot}').problems[0].parts
    kinds = [type(b) for b in part.solution]
    assert kinds.index(OverlapPlot) < kinds.index(CaseBlock)
    figure = part.solution[kinds.index(OverlapPlot)]
    assert isinstance(figure, OverlapPlot)
    assert len(figure.panels) == 3
    for _, fixed, moving in figure.panels:
        assert [i for i, _ in fixed] == list(range(7))
        assert {v for _, v in fixed} == {1}
        assert max(v for _, v in moving) == 1


@pytest.mark.parametrize(
    ("part", "line", "hint"),
    [
        ('claim = "filtered_puls.response"', 10, "filtered_pulse"),
        ('claim = "filtered_pulse.response"\nset = { L = 0 }', 11, "L >= 1"),
        ('claim = "filtered_pulse.response"\nset = { L = "1/2" }', 11, "integer"),
        ('claim = "filtered_pulse.response"\nset = { M = 3 }', 11, "no symbol 'M'"),
        ('claim = "filtered_pulse.response"\ntable = { n = "0..3" }', 11, "L"),
        ('claim = "filtered_pulse.response"\nset = { L = 7, a = 2 }\ntable = { m = "0..3" }', 12, "'m'"),
        ('claim = "time_shift.response"\nplot = { kind = "overlap", n = "0..3", set = { N = 1 } }', 11, "cases"),
        ('claim = "filtered_pulse.response"\nplot = { kind = "overlap", n = "0..3" }', 11, "L, a"),
    ],
)
def test_mistakes_are_placed(tmp_path: Path, part: str, line: int, hint: str) -> None:
    """One sentence with the file, the line of the part and what would be right."""
    with pytest.raises(SheetError) as mistake:
        composed(tmp_path, part)
    assert hint in str(mistake.value)
    assert "sheet.toml" in str(mistake.value)
    assert mistake.value.line == line
    assert "\n" not in str(mistake.value)
