"""Editions of one sheet: nothing of a solution is in a handout, and each edition has what it is for."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest

from derive.errors import BadInput
from derive.render import html, latex, markdown
from derive.render.document import Document, Options, Space, Unfolded, Words
from derive.render.pdf import find_engine
from derive.sheets.build import pages
from derive.sheets.compose import compose
from derive.sheets.editions import EDITIONS, FEWEST, MOST, automatic, checked_editions, edition, results, room
from derive.sheets.reader import read_sheet
from tests.sheets.editions_sheet import SHEET

pytestmark = pytest.mark.xdist_group("editions")

SECRETS = (
    "Quokkas", "zebrafish", "wombat", "armadillo", "pangolin", "Narwhal", "Captionword", "axolotl", "98765", "4321",
    "numbat", "overlap", "geometric", "127", "is right", "slips", "count the terms", "checked", "proved",
)  # fmt: skip
"""What only the solution has: words of the author, of the steps, of the notes on checks, numbers of the answer."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Document:
    """The sheet with everything, for all editions."""
    path = tmp_path_factory.mktemp("sheet") / "leak.toml"
    path.write_text(SHEET, encoding="utf-8")
    return compose(read_sheet(path), slips=True)


@pytest.fixture(scope="module")
def files(whole) -> dict[str, dict[str, bytes]]:
    """{edition: {file: content}} in the formats that need no TeX."""
    return {name: pages(edition(whole, name), ("html", "md")) | _tex(edition(whole, name)) for name in EDITIONS}


def _tex(document: Document) -> dict[str, bytes]:
    made = pages(document, ("tex",))
    return {name: data for name, data in made.items() if name.endswith(".tex")}


def text_of(page: str) -> str:
    """What a reader of an HTML page sees."""
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)))


def words_in(text: str) -> set[str]:
    """Its words of four letters and more, and its numbers of two digits and more."""
    return set(re.findall(r"[A-Za-z]{4,}|\d{2,}", text))


def asked_alone(document: Document) -> Document:
    """The document with its questions and nothing else, made here and not by the editions."""
    problems = tuple(
        replace(p, parts=tuple(replace(q, solution=(), hints=(), brief=(), slips=()) for q in p.parts))
        for p in document.problems
    )
    return replace(document, problems=problems, checks=(), remarks=(), hypotheses=(), versions=(), drawn=())


def test_no_word_number_or_formula_of_a_solution_is_in_a_handout(whole, files):
    """Whatever the solution has in a format beyond the questions, the handout in that format has not."""
    solution, handout = files["solution"], files["handout"]
    assert sorted(handout) == ["leak-handout.html", "leak-handout.md", "leak-handout.tex"]
    asked = asked_alone(whole)
    given = {".tex": latex.write(asked), ".html": html.write(asked), ".md": markdown.write(asked)}
    looked_at = 0
    for ending, question in given.items():
        full, shown = solution[f"leak{ending}"].decode(), handout[f"leak-handout{ending}"].decode()
        only_there = words_in(full) - words_in(question)
        assert len(only_there) > 60, ending
        # The room to write in is as large as the answer, and says no more of it.
        shown = re.sub(r'\\handwriting\{\d+\}|<div class="space" style="height: \d+rem"></div>', "", shown)
        assert not words_in(shown) & only_there
        formulas = r"<math>.*?</math>" if ending == ".html" else r"\$[^$]+\$"
        found = {f for f in re.findall(formulas, full, re.DOTALL) if f not in question and len(f) > 3}
        assert len(found) > 25, ending
        assert not [formula for formula in found if formula in shown]
        looked_at += len(only_there) + len(found)
    assert looked_at > 400


def test_named_secrets_are_in_the_solution_and_not_in_the_handout(files):
    """Words of the author, reasons, numbers: each is found where it belongs, in the source of every format."""
    for ending in (".tex", ".html", ".md"):
        full = "".join(files[name][f"leak{'' if name == 'solution' else '-' + name}{ending}"].decode()
                       for name in ("solution", "hints", "key"))  # fmt: skip
        shown = files["handout"][f"leak-handout{ending}"].decode()
        for secret in SECRETS:
            assert secret.lower() in full.lower(), (ending, secret)
            assert secret.lower() not in shown.lower(), (ending, secret)
        assert "<!--" not in shown and not re.search(r"^%.*(solution|answer)", shown.partition(r"\begin{document}")[2])


def test_a_handout_has_no_drawing(files):
    """No figure of a solution is drawn, named or written beside a handout; the solution has both."""
    assert {"leak-overlap-1.svg", "leak-stem-2.svg"} <= set(files["solution"])
    for page in files["handout"].values():
        body = page.partition(rb"\begin{document}")[2]
        assert not re.search(rb"\.svg|\.pdf|includegraphics\{|\\drawing\{leak", body)
        assert b"<svg" not in page and b"stem-2" not in page and b"overlap-1" not in page


@pytest.mark.tex
@pytest.mark.skipif(find_engine() is None or shutil.which("pdftotext") is None, reason="no TeX or no poppler-utils")
def test_nothing_is_in_the_text_or_the_metadata_of_a_handouts_pdf(whole, tmp_path):
    """What pdftotext and pdfinfo say of the handout has no secret; of the solution pdftotext says them all."""
    asked = replace(asked_alone(whole), name="asked")
    text, about = {}, {}
    for made in (*(edition(whole, name) for name in ("handout", "solution", "hints", "key")), asked):
        path = tmp_path / f"{made.name}.pdf"
        path.write_bytes(pages(made, ("pdf",))[path.name])
        text[made.name] = re.sub(r"\s+", " ", told_by("pdftotext", "-layout", path, "-"))
        about[made.name] = "".join(told_by("pdfinfo", *more, path) for more in ((), ("-meta",), ("-custom",)))
    full = " ".join(text[name] for name in ("leak", "leak-hints", "leak-key"))
    for secret in SECRETS:
        assert secret.lower() in full.lower(), secret
        assert secret.lower() not in (text["leak-handout"] + about["leak-handout"]).lower(), secret
    solved = words_in(text["leak"]) - words_in(text["asked"])
    assert len(solved) > 60 and not words_in(text["leak-handout"]) & solved
    said = [re.sub(r"(Pages|File size): .*", "", about[name]) for name in ("leak-handout", "asked")]
    assert said[0] == said[1] and "A. Teacher" in said[0]


def told_by(*command) -> str:
    """What a program says."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_handout_keeps_questions_and_leaves_room(whole):
    """Every question stands as it was, options too; after it there are lines to write on, more for a longer answer."""
    made = edition(whole, "handout")
    rooms = []
    for problem, blank in zip(whole.problems, made.problems, strict=True):
        assert (problem.title, problem.question) == (blank.title, blank.question)
        for part, empty in zip(problem.parts, blank.parts, strict=True):
            assert (part.label, part.title, part.question) == (empty.label, empty.title, empty.question)
            assert empty.hints == empty.brief == empty.slips == ()
            (space,) = empty.solution
            assert isinstance(space, Space) and FEWEST <= space.lines <= MOST
            rooms.append(space.lines)
    assert rooms[0] == MOST and rooms[2] < rooms[0]
    assert any(isinstance(block, Options) for block in made.problems[1].parts[0].question)
    assert made.checks == made.remarks == made.hypotheses == made.versions == ()
    assert room(()) == FEWEST


def test_hints_are_the_authors_or_those_of_the_steps(whole, files):
    """The author's hints come first, one under the other; where there are none, the first step says what to do."""
    made = edition(whole, "hints")
    own, inserted, *_ = made.problems[0].parts
    assert [(b.summary, b.always) for b in own.solution if isinstance(b, Unfolded)] == [
        ("Hint", True),
        ("Next step", True),
    ]
    assert "Insert " in str(inserted.solution)
    for ending in (".tex", ".html", ".md"):
        page = files["hints"][f"leak-hints{ending}"].decode()
        assert page.index("armadillo") < page.index("pangolin")
        assert not [word for word in ("zebrafish", "Narwhal", "wombat", "127", "is right") if word in page]
    assert automatic(()) == ()


def test_a_key_has_results_and_no_steps(whole, files):
    """The brief answer where there is one, else what is framed and tables; no question, no reason, no check."""
    made = edition(whole, "key")
    assert not [part for problem in made.problems for part in problem.parts if part.question]
    for ending in (".tex", ".html", ".md"):
        page = files["key"][f"leak-key{ending}"].decode()
        body = page.partition(r"\begin{document}")[2] if ending == ".tex" else page
        assert "Narwhal in short" in page and "127" in page
        assert not [word for word in ("zebrafish", "armadillo", "geometric sum", "How this was") if word in body]
    letter = re.search(r"\*\*([A-D]) is right", files["solution"]["leak.md"].decode())
    assert letter and f"**{letter[1]} is right.**" in files["key"]["leak-key.md"].decode()
    assert "come of slips" not in files["key"]["leak-key.md"].decode()
    assert results(()) == ()


def test_graders_see_slips_with_numbers(whole, files):
    """The result, then common slips, each with the point that exposes it; the other editions name none."""
    made = edition(whole, "grader")
    first = made.problems[0].parts[0]
    assert first.slips == () and len(whole.problems[0].parts[0].slips) >= 3
    page = files["grader"]["leak-grader.md"].decode()
    assert len(re.findall(r"\*\*(Off by one|Lost case|Sign|Lost term|Lost factor|Power)", page)) >= 3
    assert page.count(" and not ") >= 3
    assert made.checks == whole.checks
    for name in ("solution", "handout", "hints", "key"):
        assert "Common slips" not in "".join(d.decode("latin-1") for d in files[name].values())


def test_editions_are_named_in_title_and_file(whole):
    """Names of files and titles tell the editions apart, but a handout's title says only what the sheet's does."""
    titles = {name: (edition(whole, name).name, edition(whole, name).title) for name in EDITIONS}
    assert titles["solution"] == ("leak", "A sheet") and titles["handout"] == ("leak-handout", "A sheet")
    assert titles["key"] == ("leak-key", "A sheet: key") and len(set(titles.values())) == len(EDITIONS)
    assert checked_editions(["all"]) == EDITIONS and checked_editions(["key", "handout", "key"]) == ("handout", "key")
    with pytest.raises(BadInput, match=r"there is no edition 'handouts'; did you mean 'handout'\?"):
        checked_editions(["handouts"])
    with pytest.raises(BadInput, match="no edition was asked for"):
        checked_editions([])
    with pytest.raises(BadInput, match="did you mean 'key'"):
        edition(whole, "keys")


def words_of_hints(made: Document) -> Iterator[Words]:
    """The words of all hints."""
    for problem in made.problems:
        for part in problem.parts:
            for block in part.solution:
                assert isinstance(block, Unfolded)
                yield block.blocks[0].words  # type: ignore[union-attr]


def test_hints_of_steps_do_not_have_the_result(whole):
    """A hint made of the steps tells the first of them and never the last."""
    made = edition(whole, "hints")
    hints = list(words_of_hints(made))
    assert len(hints) >= 4
    answers = [answer for problem in whole.problems for part in problem.parts for answer in results(part.solution)]
    terms = {getattr(answer, "term", None) for answer in answers} - {None}
    assert terms
    assert not [hint for hint in hints for word in hint if getattr(word, "right", word) in terms]
