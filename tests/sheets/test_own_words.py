"""Words and formulas of a sheet's author: set with the rest, and no formula that is not judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.errors import SheetError
from derive.render import html, latex, markdown, snippets, terminal
from derive.render import text as plain_text
from derive.render.document import Displayed, Listing, Paragraph, Result
from derive.sheets.compose import compose
from derive.sheets.editions import edition
from derive.sheets.reader import read_sheet

TRUE = r"""left = '\sum_{k=0}^{n} h(k)'
right = '\frac{1-a^{n+1}}{1-a}'
where = ['a \ne 1']
let = ['h(m) = a^m']"""
SHEET = r"""title = "Own"
[[problem]]
number = 7
title = "Words and formulas"
symbols = { n = "integer >= 1", a = "real" }
[[problem.part]]
label = "7.1"
text = "Why is $n$ there?"
answer = '''Because it counts.

And because it is *short*.'''
remark = "That is all."
hint = ["Count.", "Count again."]
[[problem.part.formula]]
text = "The sum is"
FORMULA
"""


def sheet_of(tmp_path: Path, text: str) -> Path:
    """A sheet file."""
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def composed(tmp_path: Path, text: str):
    """Its document."""
    return compose(read_sheet(sheet_of(tmp_path, text)))


def test_words_and_a_proved_formula_are_set_in_every_format(tmp_path):
    """The paragraphs stand in order, the formula between them as its author wrote it, with what it holds under."""
    document = composed(tmp_path, SHEET.replace("FORMULA", TRUE))
    (problem,) = document.problems
    (part,) = problem.parts
    assert (problem.number, part.label) == ("7", "7.1")
    kinds = [type(block) for block in part.solution]
    assert kinds == [Paragraph, Paragraph, Paragraph, Displayed, Paragraph]
    shown = part.solution[3]
    assert shown.lines == ((r"\sum_{k=0}^{n} h(k)", r"= \frac{1-a^{n+1}}{1-a}"),)
    (note,) = document.checks
    assert (note.label, note.known) == ("7.1", "proved")
    assert r"Let $h(m) = a^m$." in latex.write(document) and r"\qquad (a \ne 1)" in latex.write(document)
    assert r"$$\sum_{k=0}^{n} h(k) = \frac{1-a^{n+1}}{1-a} \qquad (a \ne 1)$$" in markdown.write(document)
    assert html.write(document).count('<div class="scroll displayed">') == 1
    assert "h(k)" in terminal.page(document)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (TRUE.replace("n+1}", "n}"), "the formula is refuted"),
        (TRUE.replace("where = ['a \\ne 1']\n", ""), r"it needs a \ne 1"),
        (TRUE.replace("h(k)", "q_k"), "q"),
        (TRUE.replace(r"\sum", r"\somme"), "there is no command \\somme"),
        (TRUE.replace("right", "rigth"), "did you mean 'right'"),
        (TRUE + "\nchain = ['1', '1']", "chain"),
        ("", "needs left and right"),
    ],
)
def test_a_formula_that_is_not_known_stops_the_build_with_its_line(tmp_path, wrong, said):
    """Refuted, unreadable and misspelt formulas are one sentence with the line; nothing of them is printed."""
    with pytest.raises(SheetError) as problem:
        composed(tmp_path, SHEET.replace("FORMULA", wrong))
    assert said.casefold() in str(problem.value).casefold()
    assert "own.toml" in str(problem.value) and problem.value.line is not None


def test_a_chain_is_aligned_and_its_wrong_line_refused(tmp_path):
    """Every line of a chain follows from the one before it, or the sheet is refused."""
    chain = "chain = ['(n+1)^2-n^2', '= (n+1-n)(n+1+n)', '= 2n+1']"
    document = composed(tmp_path, SHEET.replace("FORMULA", chain))
    assert document.problems[0].parts[0].solution[3].source.startswith(r"\begin{aligned} (n+1)^2-n^2 &= (n+1-n)(n+1+n)")
    with pytest.raises(SheetError, match="refuted"):
        composed(tmp_path, SHEET.replace("FORMULA", chain.replace("2n+1", "2n")))


def test_pieces_go_on_within_the_part_under_their_titles(tmp_path):
    """A piece has no label; its title begins its first line, its check has the part's label and a number."""
    text = """title = "Pieces"
[[problem]]
title = "A pulse"
[[problem.part]]
claim = "filtered_pulse.response"
show = "result"
[[problem.part.piece]]
title = "At numbers"
text = "Now with numbers."
claim = "filtered_pulse.response"
set = { L = 7, a = "1/2" }
[[problem.part.piece]]
title = "In words"
answer = "It decays."
"""
    document = composed(tmp_path, text)
    (part,) = document.problems[0].parts
    assert [note.label for note in document.checks] == ["(a)", "(a).2"]
    headings = [block.words[0].text for block in part.solution if isinstance(block, Paragraph) and
                hasattr(block.words[0], "text")]  # fmt: skip
    assert headings == ["At numbers.", "In words."]
    assert sum(isinstance(block, Result) for block in part.solution) == 2
    nested = text + "[[problem.part.piece.piece]]\nanswer = 'x'\n"
    with pytest.raises(SheetError, match="a piece has no pieces"):
        composed(tmp_path, nested)


def test_conventions_stand_at_each_problem_where_the_head_would_be_too_long(tmp_path, monkeypatch):
    """Those of each problem then, also what an earlier one has said; otherwise all stand at the head, once."""
    one = '[[problem]]\ntitle = "P"\n[[problem.part]]\nclaim = "time_shift.response"\nshow = "result"\n'
    text = f'title = "Conventions"\n{one}{one}'
    document = composed(tmp_path, text)
    said = "; ".join(document.conventions)
    assert said and html.write(edition(document, "handout")).count(f"Conventions: {said}") == 1
    assert all("; ".join(problem.conventions) == said for problem in document.problems)
    monkeypatch.setattr("derive.sheets.compose.LONGEST_HEAD", 5)
    document = composed(tmp_path, text)
    assert document.conventions == ()
    for writer in (html, latex, markdown, plain_text):
        for name in ("solution", "handout"):
            assert " ".join(writer.write(edition(document, name)).split()).count(f"Conventions: {said}") == 2
    problem = snippets.write(document)["own-problem-2.tex"]
    assert f"Conventions: {said}" in problem


def test_many_conventions_of_a_problem_stand_at_its_parts(tmp_path, monkeypatch):
    """Each at the first part that uses it, in every format and in a handout; a key has none of them."""
    part = '[[problem.part]]\nclaim = "{}"\nshow = "result"\n'
    claims = ("time_shift.response", "layer_sizes.output", "time_shift.response")
    two = f'[[problem]]\ntitle = "P"\n{"".join(map(part.format, claims))}'
    other = f'[[problem]]\ntitle = "Q"\n{part.format("layer_sizes.output")}'
    monkeypatch.setattr("derive.sheets.compose.LONGEST_HEAD", 5)
    document = composed(tmp_path, f'title = "T"\n{two}{other}')
    first, last = document.problems
    assert document.conventions == first.conventions == () and last.conventions
    assert [bool(p.conventions) for p in first.parts] == [True, True, False]
    assert first.parts[1].conventions == last.conventions and not last.parts[0].conventions
    assert not {*first.parts[0].conventions} & {*first.parts[1].conventions}
    for writer in (html, latex, markdown, plain_text):
        for name, count in (("solution", 3), ("handout", 3), ("hints", 3), ("key", 1)):
            assert " ".join(writer.write(edition(document, name)).split()).count("Conventions: ") == count
    assert snippets.write(document)["own-problem-1.tex"].count("Conventions: ") == 2


def test_a_piece_shows_its_program_with_and_without_words(tmp_path):
    """The question that a claim brings along is left out where the author has none; a listing is never left out."""
    text = """title = "Pieces"
[[problem]]
title = "A step"
[[problem.part]]
answer = "Like this."
[[problem.part.piece]]
WORDS
program = '''
def step(w, g):
    return w - g
'''
shapes = { w = "(n)", g = "(n)" }
"""
    for words in ("", 'text = "A program."', 'title = "As a program"'):
        document = composed(tmp_path, text.replace("WORDS", words))
        assert "def step(w, g):" in markdown.write(document)
        (part,) = document.problems[0].parts
        assert not any(isinstance(block, Listing) for block in part.question)


def test_a_part_without_anything_is_refused(tmp_path):
    """Neither a claim nor words: the sentence says what is needed."""
    with pytest.raises(SheetError, match="needs the key 'claim'"):
        composed(tmp_path, "title='x'\n[[problem]]\ntitle='y'\n[[problem.part]]\ntext='z'\n")


def test_what_a_piece_proves_is_cited_by_its_part_and_what_the_answer_says_is_not_said_again(tmp_path):
    """A reader finds no number beside a piece, so it is not cited by one, and what the answer defines has no Let."""
    text = """title = "Pieces"
[[problem]]
title = "A pulse"
[[problem.part]]
text = "What does a delay do?"
answer = "The output of a filter is $y[n] = \\\\sum_i x[i] h[n-i]$."
claim = "time_shift.response"
[[problem.part.piece]]
text = "The pulse."
claim = "filtered_pulse.delayed"
[[problem.part.piece]]
text = "At numbers."
claim = "filtered_pulse.delayed"
set = { L = 7, a = "1/2", N = 5 }
"""
    page = markdown.write(composed(tmp_path, text))
    assert "in part (a)." in page
    assert "(a).2." not in page.split("**How this was checked.**")[0]
    assert "Let $y" not in page
    assert "Let $y" in markdown.write(composed(tmp_path, text.replace("$y[n] = ", "$")))


def test_each_check_says_what_it_is_of(tmp_path):
    """A part with a claim and a formula, and one with two formulas, have no label twice among the checks."""
    formula = """[[problem.part.formula]]
left = '(a + b)^2'
right = 'a^2 + 2ab + b^2'
symbols = { a = "real", b = "real" }
"""
    text = f"""title = "Labels"
[[problem]]
title = "A pulse"
[[problem.part]]
claim = "filtered_pulse.response"
show = "result"
{formula}
[[problem.part]]
text = "Multiply out."
{formula}{formula}
[[problem.part]]
text = "Again."
{formula}"""
    document = composed(tmp_path, text)
    labels = [note.label for note in document.checks]
    assert labels == ["(a)", "(a), formula", "(b), formula 1", "(b), formula 2", "(c)"]
