"""What a notebook shows of everything that `show` returns, and Markdown that its readers read rightly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive.sheets.result import show

ROOT = Path(__file__).parents[2]
SHOWN = ("time_shift.response", "common_slips.square_of_sum", "growth_of_lengths")
PAGES = sorted((ROOT / "outputs").glob("*.md"))


@pytest.fixture(scope="module", params=SHOWN)
def shown(request):
    """An answer, a false statement, a statement about growth."""
    from derive.constructs.registry import construct

    path = request.param
    if "." not in path:
        path = f"{path}.{construct(path).growth[0].name}"
    return show(path)


def test_notebooks_have_three_forms_of_everything_that_is_shown(shown):
    """LaTeX has the statement between dollars, HTML and Markdown the solution; none is a whole page."""
    tex, page, text = shown._repr_latex_(), shown._repr_html_(), shown._repr_markdown_()
    assert tex.count("$") >= 2 and tex.count("$") % 2 == 0 and "\\documentclass" not in tex
    assert page.startswith('<div class="derive">') and page.count("<div") == page.count("</div>")
    assert "<math" in page and not re.search(r"<html|<body|<script|https?://(?!www\.w3\.org)", page)
    assert text.count("$") % 2 == 0 and "$" in text and not text.startswith("# ")


def test_a_false_statement_is_called_false_in_every_form():
    """No form shows the equality alone."""
    false = show("common_slips.square_of_sum")
    for said in (false._repr_latex_(), false._repr_html_(), false._repr_markdown_()):
        assert "is false" in said


def test_the_style_of_a_notebook_is_left_alone(shown):
    """Each rule is for what stands within ours."""
    style = shown._repr_html_().partition("<style>\n")[2].partition("</style>")[0]
    rules = style.splitlines()
    assert len(rules) > 20 and any(rule.startswith(".derive .chain {") for rule in rules)
    for rule in rules:
        assert all(one.strip().startswith(".derive") for one in rule.partition("{")[0].split(","))


def formulas_of(text: str) -> list[tuple[int, int]]:
    """Where the formulas are, begin and end, dollars included; code is left out."""
    found, start = [], None
    code = [m.span() for m in re.finditer(r"```.*?```", text, re.DOTALL)]
    for match in re.finditer(r"(?<!\\)\$\$?", text):
        if any(a <= match.start() < b for a, b in code):
            continue
        if start is None:
            start = match
        else:
            assert start[0] == match[0], text[start.start() - 40 : match.end() + 40]
            found.append((start.start(), match.end()))
            start = None
    assert start is None
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_github_quarto_and_myst_read_the_same_formulas(page: Path) -> None:
    """Dollars come in pairs, no space inside them, no digit after the last: as Pandoc and GitHub ask."""
    text = page.read_text("utf-8")
    places = formulas_of(text)
    assert len(places) > 3
    for start, end in places:
        formula = text[start:end]
        core = formula.strip("$")
        assert core.strip() == core and core, formula
        assert "\n" not in formula, formula
        assert not text[end : end + 1].isdigit(), text[start : end + 10]
        assert not re.search(r"(?<!\\)[<>|]", core), formula
        assert not re.search(r"\\[,;:!{}|\\ ]", core), formula  # Markdown would take the backslash away
        before = text[start - 1 : start]
        assert not before.isalnum() and before not in ("$", "\\"), text[start - 10 : end]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_tables_have_as_many_cells_in_each_row(page: Path) -> None:
    """Head, rule and rows are of one width, with an empty line before."""
    lines = page.read_text("utf-8").splitlines()
    tables = 0
    for number, line in enumerate(lines):
        if not re.fullmatch(r"\|(:?-+:?\|)+", line):
            continue
        tables += 1
        assert number >= 1 and (number == 1 or not lines[number - 2].strip()), lines[number - 2]
        width = line.count("|")
        for row in (lines[number - 1], *_rows(lines, number + 1)):
            assert len(re.findall(r"(?<!\\)\|", row)) == width, row
    assert tables or "|--" not in "\n".join(lines)


def _rows(lines: list[str], start: int) -> list[str]:
    end = start
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    return lines[start:end]
