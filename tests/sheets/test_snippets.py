"""Problems one by one: foreign documents that read them are set without a warning, and say what the sheet says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from derive.errors import BadInput, RenderError
from derive.render import snippets
from derive.render.document import Document, Paragraph, Problem, Strong
from derive.sheets.build import PACKAGE, build, checked_formats, pages
from derive.sheets.compose import compose
from derive.sheets.editions import edition
from derive.sheets.reader import read_sheet
from tests.sheets.editions_sheet import SHEET
from tests.sheets.test_editions import SECRETS

pytestmark = pytest.mark.xdist_group("editions")

ARTICLE = r"""\documentclass[10pt%s]{article}
\usepackage{sheet/derive-snippets}
\newcommand{\answer}{fortytwo}\newcommand{\row}[1]{rownumber#1}
\begin{document}
\section{My own}
\input{sheet/two-introduction}
\input{sheet/two-problem-1}
My \answer, \row{7}.
\input{sheet/two-problem-2}
\end{document}
"""
EXAM = r"""\documentclass{exam}
\usepackage{sheet/derive-snippets}
\renewcommand{\deriveheading}[2]{#2 }
\%s
\begin{document}
\begin{questions}
\question[5] \input{sheet/two-problem-1}
\question \input{sheet/two-handout-problem-2}
\end{questions}
\end{document}
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Document:
    """A sheet of two problems, with figures, tables, formulas, and words at its head."""
    path = tmp_path_factory.mktemp("sheet") / "two.toml"
    path.write_text(SHEET, encoding="utf-8")
    return replace(compose(read_sheet(path), slips=True), introduction=(Paragraph(("Sizes are ", Strong("whole."))),))


def set_as(source: str, documents: tuple[Document, ...], folder: Path) -> tuple[str, str]:
    """What TeX says of a document that reads the problems, and what it shows."""
    if not (shutil.which("latexmk") and shutil.which("pdftotext")):
        assert not os.environ.get("CI"), "documents are set with latexmk and read with pdftotext here"
        pytest.skip("no latexmk or no pdftotext on this machine")
    (folder / "sheet").mkdir()
    for document in documents:
        for name, content in pages(document, ("snippets",)).items():
            (folder / "sheet" / name).write_bytes(content)
    (folder / "mine.tex").write_text(source, encoding="utf-8")
    command = ["latexmk", "-norc", "-pdf", "-silent", "-interaction=nonstopmode", "-halt-on-error", "mine.tex"]
    # Log lines are not broken at 79 letters.
    told = os.environ | {"max_print_line": "1000"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=told)
    log = (folder / "mine.log").read_text("utf-8", errors="replace")
    assert done.returncode == 0, log[-3000:]
    shown = subprocess.run(["pdftotext", "mine.pdf", "-"], cwd=folder, capture_output=True, text=True, check=True)
    return log, shown.stdout


def assert_no_warning(log: str) -> None:
    """Nothing is undefined, nothing is missing, nothing sticks out."""
    wide = [float(w) for w in re.findall(r"^Overfull \\hbox \(([\d.]+)pt", log, re.MULTILINE)]
    assert not [w for w in wide if w > 5]
    assert "Warning" not in log and "Missing character" not in log


@pytest.mark.parametrize("option", ["", ",twocolumn"])
def test_an_article_reads_two_problems(option: str, whole: Document, tmp_path: Path) -> None:
    """With macros of its own that have the names of ours, from a folder of the problems' own, in narrow columns too."""
    log, shown = set_as(ARTICLE % option, (whole,), tmp_path)
    assert_no_warning(log)
    assert {"two-overlap-1.pdf", "two-stem-2.pdf"} == set(re.findall(r"<use sheet/+(two[\w-]+\.pdf)>", log))
    for said in ("My own", "Sizes are whole.", "Problem 1. A pulse.", "Quokkas", "geometric", "Captionword",
                 "4096", "My fortytwo, rownumber7.", "Problem 2. Sizes."):  # fmt: skip
        assert said in shown, said
    assert "??" not in shown and "How this was checked" not in shown


@pytest.mark.parametrize("answers", ["printanswers", "noprintanswers"])
def test_an_exam_shows_solutions_as_it_is_told(answers: str, whole: Document, tmp_path: Path) -> None:
    """The class's own switch decides; the heading is the document's; what a handout has stays."""
    log, shown = set_as(EXAM % answers, (whole, edition(whole, "handout")), tmp_path)
    assert_no_warning(log)
    assert ("Quokkas" in shown) == ("4096" in shown) == (answers == "printanswers")
    assert "A pulse of length L passes" in shown and "Choose for n = 9" in shown
    assert "Problem 1" not in shown and "is right" not in shown
    assert r"\derivehandwriting" in (tmp_path / "sheet" / "two-handout-problem-2.tex").read_text("utf-8")


def test_nothing_is_leaked(whole: Document) -> None:
    """A handout's problems have no word of the solutions, nor figures of them."""
    made = pages(edition(whole, "handout"), ("snippets",))
    assert sorted(made) == [PACKAGE, *(f"two-handout-{n}.tex" for n in ("introduction", "problem-1", "problem-2"))]
    said = "".join(text.decode() for name, text in made.items() if name != PACKAGE)
    assert [word for word in SECRETS if word in said] == []
    whole_ = "".join(text.decode() for name, text in pages(whole, ("snippets",)).items() if name.endswith(".tex"))
    assert "Quokkas" in whole_ and "98765" in whole_


def test_problems_are_bodies_alone(whole: Document) -> None:
    """No preamble; every macro that they need has a name of the package; labels are plain words."""
    made = snippets.write(whole)
    package = made.pop(snippets.PACKAGE)
    for text in (re.sub(r"^%.*\n", "", source, flags=re.MULTILINE) for source in made.values()):
        assert not re.search(r"\\(documentclass|usepackage|begin\{document\}|ref\{|label\{|section)", text)
        assert text.rstrip().endswith(r"\end{derivesnippet}")
        for macro in set(re.findall(r"\\(derive[a-z]+)", text)):
            known = macro.removesuffix("true").removesuffix("false")
            made_there = rf"\\(?:newcommand|newenvironment|providecolor)\{{\\?{known}\}}|(?:\\if|\\let\\){known}(?!\w)"
            assert re.search(made_there, package), macro
    ours = re.findall(r"\\(?:newcommand|newlength)\{\\(\w+)\}|\\newenvironment\{(\w+)\}", package)
    assert ours and all((one or other).startswith("derive") for one, other in ours)


def test_numbers_that_give_one_name_are_refused() -> None:
    """1.1 and 1-1 would be the same file."""
    problems = (Problem("1.1", "", (), ()), Problem("1-1", "", (), ()))
    with pytest.raises(RenderError, match=r"both be s-problem-1-1\.tex; give them other"):
        snippets.write(Document("s", "S", "", "", (), (), problems, (), ()))


def test_macros_of_a_teacher_are_in_the_package(tmp_path: Path) -> None:
    """A macro that the document has already stays; what redefines one of ours does so under its new name."""
    (tmp_path / "latex").mkdir()
    (tmp_path / "latex" / "macros.tex").write_text("\\newcommand{\\R}{x}\n\\renewcommand{\\answer}[1]{MINE}\n")
    made = snippets.write(Document("s", "S", "", "", (), (), (), (), ()), tmp_path)[snippets.PACKAGE]
    assert r"\providecommand{\R}{x}" in made and r"\renewcommand{\deriveanswer}[1]{MINE}" in made


def test_sheets_share_the_package(tmp_path: Path) -> None:
    """Two sheets in one call, each in two editions, written once and found again."""
    for name in ("one", "other"):
        (tmp_path / f"{name}.toml").write_text(
            'title = "T"\n[[problem]]\ntitle = "W"\n[[problem.part]]\ntext = "Why?"\nanswer = "So."\n', "utf-8"
        )
    paths = [tmp_path / "one.toml", tmp_path / "other.toml"]
    options = {"formats": ("snippets",), "editions": ("solution", "handout"), "cache": tmp_path / "cache"}
    written = build(paths, tmp_path / "out", **options)  # type: ignore[arg-type]
    assert sorted(path.name for path in written.files) == [
        PACKAGE, "one-handout-problem-1.tex", "one-problem-1.tex", "other-handout-problem-1.tex", "other-problem-1.tex"
    ]  # fmt: skip
    assert not build(paths, tmp_path / "out", **options).files  # type: ignore[arg-type]


def test_the_format_is_asked_for_by_name() -> None:
    """It is not among those that are made by themselves; a wrong name is told with the nearest."""
    assert checked_formats(["snippets", "tex"]) == ("tex", "snippets")
    with pytest.raises(BadInput, match="there is no format 'snipets'; did you mean 'snippets'"):
        checked_formats(["snipets"])
