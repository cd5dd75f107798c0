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
    Result,
    SideBySide,
    StemPlot,
    Table,
)
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
    assert kinds == [Aligned, Paragraph, CaseBlock, CaseBlock, CaseBlock, Paragraph, Result]
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


def test_a_special_part_alone_tells_the_general_one_first(tmp_path: Path) -> None:
    """Nothing is taken from a part that is not on the page."""
    (part,) = composed(tmp_path, 'claim = "filtered_pulse.response"\nset = { a = 1 }').problems[0].parts
    kinds = [type(b) for b in part.solution]
    assert kinds == [Aligned, Paragraph, CaseBlock, CaseBlock, CaseBlock, Paragraph, Result, Paragraph, Result]


def test_result_only(tmp_path: Path) -> None:
    """`show = "result"` prints the answer without its derivation; it is checked all the same."""
    document = composed(tmp_path, 'claim = "filtered_pulse.response"\nshow = "result"')
    assert [type(b) for b in document.problems[0].parts[0].solution] == [Result]
    assert dict(document.checks[0].counts)["steps"] >= 18


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
