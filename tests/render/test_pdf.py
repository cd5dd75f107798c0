"""TeX: sheets compile without a bad box, bytes repeat, and a page reaches nothing outside its folder."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import tempfile
import time
import zlib
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from derive.errors import RenderError, TexFailed, TexMissing
from derive.language import IndexSum, eq, ge, integer, ne
from derive.render import figures, latex, pages, pdf
from derive.render.document import (
    Aligned,
    CaseBlock,
    CheckNote,
    Document,
    Grid,
    Grids,
    InductionBlock,
    Line,
    Paragraph,
    Part,
    Problem,
    Result,
    Stage,
    StemPlot,
)

pytestmark = pytest.mark.tex

PAGE = r"\documentclass{article}\begin{document}BODY\end{document}"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# One black pixel.
PICTURE = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0"))
    + _chunk(b"IEND", b"")
)


@pytest.fixture
def engine() -> pdf.Engine:
    """The engine of this machine; without one the test is skipped here and fails where CI is set."""
    found = pdf.find_engine()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no TeX engine: CI must have texlive-latex-extra, lmodern and latexmk")
        pytest.skip("no TeX engine on this machine")
    return found


def files_of(document: Document) -> dict[str, bytes]:
    """The figures of the document as TeX wants them."""
    return {
        pages.figure_file(document.name, figure, "pdf"): figures.draw(figure, "pdf")
        for figure in pages.figures_in(document)
    }


def test_sheets_have_the_same_bytes_every_time(engine: pdf.Engine, pulse: Document) -> None:
    """Two runs in two folders, some seconds apart, and through either engine."""
    source, files = latex.write(pulse), files_of(pulse)
    first = pdf.compile_pdf(source, files, pulse.name)
    time.sleep(1.1)
    assert first == pdf.compile_pdf(source, files, pulse.name)
    alone = pdf.Engine("pdflatex", (engine.programs[-1],))
    assert first == pdf.compile_pdf(source, files, pulse.name, engine=alone)
    assert first.startswith(b"%PDF")


def test_no_box_is_overfull(engine: pdf.Engine, pulse: Document, every_block: Document, tmp_path: Path) -> None:
    """Nothing sticks out of its place by more than 5pt, nor does TeX warn of anything else."""
    for document in (pulse, every_block):
        (tmp_path / f"{document.name}.tex").write_text(latex.write(document), encoding="utf-8")
        for name, content in files_of(document).items():
            (tmp_path / name).write_bytes(content)
        subprocess.run(
            [engine.programs[-1], "-interaction=nonstopmode", "-halt-on-error", f"{document.name}.tex"],
            cwd=tmp_path, check=True, capture_output=True,
        )
        log = (tmp_path / f"{document.name}.log").read_text(encoding="utf-8", errors="replace")
        wide = [line for line in log.splitlines() if line.startswith("Overfull")]
        assert not [line for line in wide if float(line.split("(")[1].split("pt")[0]) > 5], wide
        assert "LaTeX Warning" not in log
        assert "Missing character" not in log


N, Y, K = integer("n"), integer("y"), integer("k")
ROW = Line("=", IndexSum(K, K, 0, N), ("a reason",))
FILLERS = 30


def crowded() -> Document:
    """Many problems after one another, each a little further down a page: all that must not be parted."""

    def chain(count: int) -> Aligned:
        lines = [Line("=", IndexSum(K, K, 0, N), ("row one",), Y), *[ROW] * (count - 2)]
        return Aligned((*lines, Line("=", N, ("row end",))))

    def problem(number: int) -> Problem:
        filler = tuple(Paragraph(("filler",)) for _ in range(number))
        plot = StemPlot(f"plot{number}", ((0, Fraction(1)),), N, Y, ("Caption below",), "one point")
        stages = (
            Stage("Base", (eq(N, 0),), (), (chain(2), Paragraph(("This is so.",)))),
            Stage("Hypothesis", (), ("Suppose so.",)),
            Stage("Step", (), (), (chain(4),)),
        )
        solution = (
            chain(3), CaseBlock(ge(N, 0), (CaseBlock(ne(N, 1), (chain(2),)),)), Paragraph(("We show that.",)),
            InductionBlock(stages, ("Proved now.",)), Paragraph(("Collect them.",)), Result(integer("frame"), "=", N),
            plot,
        )
        return Problem(number, "Head", filler, (Part("(a)", "Question", (Paragraph(("asked",)),), solution),))

    problems = tuple(problem(number) for number in range(FILLERS))
    return Document("crowded", "Crowded", "", "", (), (), problems, (), ())


def page_lines(source: str, document: Document, tmp_path: Path) -> list[list[str]]:
    """The lines of each page without its footer, from pdftotext."""
    file = tmp_path / "page.pdf"
    file.write_bytes(pdf.compile_pdf(source, files_of(document), document.name))
    shown = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    return [[line.strip() for line in page.splitlines() if line.strip()][:-1] for page in shown.split("\f")[:-1]]


def page_ends(source: str, document: Document, tmp_path: Path) -> list[tuple[str, str]]:
    """(last line with words of a page, first line of the next); the limits of a sum are lines without words."""
    bodies = page_lines(source, document, tmp_path)
    last = [[line for line in body if re.search("[A-Za-z]{3}", line)][-1] for body in bodies]
    return [(end, following[0]) for end, (_, following) in zip(last, pairwise(bodies), strict=False)]


@pytest.fixture
def reader() -> None:
    """Skips where there is no pdftotext to read a page with."""
    if shutil.which("pdftotext") is None:
        assert not os.environ.get("CI"), "the pages are read with pdftotext here"
        pytest.skip("no pdftotext on this machine")


CHECKS = tuple(
    CheckNote(f"{n}(z)", (), tuple((c.count, 10_000) for c in pages.COLUMNS), "exact at sizes", integer("error"))
    for n in range(1, 101)
)
LEADING = re.compile(r"Case|Base|Step|Problem|\(a\)|We show|Collect|.*row one")
TRAILING = re.compile(r"Caption|This is so|Proved now|.*row end")


def test_headings_stay_with_their_first_line(engine: pdf.Engine, reader: None, tmp_path: Path) -> None:
    """No page ends with a question, a heading or the first row of a chain, or begins with a last row or a caption."""
    document = crowded()
    source = latex.write(document)
    ends = page_ends(source, document, tmp_path)
    assert len(ends) >= FILLERS
    assert not [end for end in ends if LEADING.match(end[0]) or TRAILING.match(end[1])]
    loose = page_ends(source.replace(r"\nobreak", "").replace("=10000", "=0"), document, tmp_path)
    assert len([end for end in loose if LEADING.match(end[0])]) >= 3
    assert len([end for end in loose if TRAILING.match(end[1])]) >= 2


def test_a_question_is_not_alone(engine: pdf.Engine, reader: None, tmp_path: Path) -> None:
    """No page ends within a question of several paragraphs and a matrix, or between it and the solution."""
    given = (Paragraph(("asked one",)), Paragraph(("asked two",)), Grids((Grid((), ((N, Y),), (" asked three",)),)))
    solution = (Paragraph(("It begins.",)), Aligned((ROW, ROW, ROW)), Result(integer("frame"), "=", N))

    def problem(number: int) -> Problem:
        filler = tuple(Paragraph(("filler",)) for _ in range(number))
        parts = (Part("(a)", "First", filler, solution), Part("(b)", "Second", given, solution))
        return Problem(number, "Head", (Paragraph(("Told.",)),), parts)

    document = Document("alone", "Alone", "", "", (), (), tuple(map(problem, range(1, FILLERS))), (), ())
    source = latex.write(document)
    apart = re.compile(r"Problem|\(b\)|asked")
    assert not [end for end in page_ends(source, document, tmp_path) if apart.search(end[0])]
    loose = source.replace(r"\nobreak", "").replace(r"\needroom{6", r"\needroom{0").replace("=10000", "=0")
    assert len([end for end in page_ends(loose, document, tmp_path) if apart.search(end[0])]) >= 2


@pytest.mark.parametrize("lines", [47, 49, 51])
def test_the_last_page_does_not_hold_two_lines(
    engine: pdf.Engine, reader: None, tmp_path: Path, lines: int
) -> None:
    """What is said below the table of checks goes to a new page as a whole, where it does not fit."""
    remarks = tuple(("all that is to be said of them " * 20,) for _ in range(3))
    introduction = tuple(Paragraph(("filler",)) for _ in range(lines))
    document = Document("foot", "Foot", "", "", (), introduction, (), (), CHECKS[: lines - 30], remarks=remarks)
    source = latex.write(document)
    assert len(page_lines(source, document, tmp_path)[-1]) > 10
    if lines == 51:
        assert len(page_lines(source.replace(r"\filbreak", r"\par"), document, tmp_path)[-1]) <= 4


def test_a_table_of_checks_goes_on_over_pages(engine: pdf.Engine, reader: None, tmp_path: Path) -> None:
    """A hundred results with long words are all there, each on one line, under heads on each page."""
    document = Document("foot", "Foot", "", "", (), (), (), (), CHECKS)
    bodies = page_lines(latex.write(document), document, tmp_path)
    rows = [line for body in bodies for line in body if "(z)" in line]
    assert [row.split()[0] for row in rows] == [note.label for note in CHECKS]
    assert all(row.count("10000") == len(pages.COLUMNS) for row in rows)
    assert sum("conditions" in line for body in bodies for line in body) == 2


@pytest.mark.parametrize(
    "attack",
    [
        r"\input{PLACE/secret}x",
        r"\newread\r\openin\r=PLACE/secret.tex \ifeof\r\errmessage{closed}\fi\read\r to\x \x",
        r"\lstinputlisting{PLACE/secret.tex}",
        r"\includegraphics{PLACE/secret.png}",
        r"\includegraphics{PLACE/secret.pdf}",
        r"\pdfximage{PLACE/secret.png}x\pdfrefximage\pdflastximage",
        r"\edef\x{\pdffiledump offset 0 length 40 {PLACE/secret.tex}}\ifx\x\empty\errmessage{closed}\fi\x",
        r"\edef\x{\pdfmdfivesum file {PLACE/secret.tex}}\ifx\x\empty\errmessage{closed}\fi\x",
    ],
)
def test_a_page_reads_nothing_outside_its_folder(engine: pdf.Engine, tmp_path: Path, attack: str) -> None:
    """The same command that reads a file of the page's own folder fails for one elsewhere, by path or upwards."""
    drawing = figures.draw(StemPlot("p", ((0, Fraction(1)),), integer("n"), integer("y"), (), "one point"), "pdf")
    files = {"secret.tex": b"the secret words", "secret.png": PICTURE, "secret.pdf": drawing}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    page = PAGE.replace("BODY", attack).replace(r"\begin", r"\usepackage{graphicx,listings}\begin")
    assert pdf.compile_pdf(page.replace("PLACE", "."), files, "page", seconds=30).startswith(b"%PDF")
    upwards = os.path.relpath(tmp_path, tempfile.gettempdir())
    for place in (str(tmp_path), f"../{upwards}", f"./../{upwards}"):
        with pytest.raises(TexFailed):
            pdf.compile_pdf(page.replace("PLACE", place), {}, "page", seconds=30)


@pytest.mark.parametrize(
    "name",
    [
        r"\pdfobj",
        r"\pdfprimitive\pdfobj",
        r"\csname tex_pdfobj:D\endcsname",
        r"\csname tex_primitive:D\endcsname\pdfobj",
    ],
)
@pytest.mark.parametrize("kind", ["file", "stream file"])
def test_no_file_is_copied_into_the_pdf(engine: pdf.Engine, tmp_path: Path, name: str, kind: str) -> None:
    r"""pdfTeX's \pdfobj reads any path, whatever openin_any says; it is taken away under all of its names."""
    (tmp_path / "secret.tex").write_text("the secret words")
    attack = rf"\immediate{name} {kind} {{{tmp_path}/secret.tex}}\pdfrefobj\pdflastobj x"
    with pytest.raises(TexFailed):
        pdf.compile_pdf(PAGE.replace("BODY", attack), {}, "page", seconds=30)


def test_a_page_reads_no_file_of_the_machine_and_no_pipe(engine: pdf.Engine) -> None:
    """The two that everybody tries first."""
    for attack in (r"\input{/etc/passwd}", r"\input|\string\"cat /etc/passwd\"", r'\input{|"cat /etc/passwd"}'):
        with pytest.raises(TexFailed):
            pdf.compile_pdf(PAGE.replace("BODY", attack), {}, "page", seconds=30)


@pytest.mark.parametrize("command", [r"\write18", r"\immediate\write18", r"\ShellEscape"])
def test_a_page_runs_no_program(engine: pdf.Engine, tmp_path: Path, command: str) -> None:
    """The shell is off, whatever the settings of the machine say."""
    target = tmp_path / "made"
    page = PAGE.replace("BODY", rf"{command}{{touch {target}}}x").replace(r"\begin", r"\usepackage{shellesc}\begin")
    with suppress(TexFailed):
        pdf.compile_pdf(page, {}, "page", seconds=30)
    assert not target.exists()


@pytest.mark.parametrize("place", ["DIR/made.tex", "../made.tex"])
def test_a_page_writes_nothing_outside_its_folder(engine: pdf.Engine, tmp_path: Path, place: str) -> None:
    """Opening a file for writing elsewhere ends the run or does nothing."""
    attack = rf"\newwrite\w\immediate\openout\w={place.replace('DIR', str(tmp_path))} \immediate\write\w{{x}}x"
    with suppress(TexFailed):
        pdf.compile_pdf(PAGE.replace("BODY", attack), {}, "page", seconds=30)
    assert not (tmp_path / "made.tex").exists()


def test_the_users_settings_are_not_read(engine: pdf.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A latexmkrc could run anything, and a local article.cls could change the page."""
    home = tmp_path / "home"
    (home / "texmf/tex/latex").mkdir(parents=True)
    (home / "texmf/tex/latex/article.cls").write_text(r"\errmessage{the user's own class}")
    (home / ".latexmkrc").write_text(f"system('touch {tmp_path}/made');")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TEXINPUTS", f"{home}/texmf/tex/latex:")
    assert pdf.compile_pdf(PAGE.replace("BODY", "x"), {}, "page").startswith(b"%PDF")
    assert not (tmp_path / "made").exists()


def test_a_page_that_never_ends_is_stopped(engine: pdf.Engine) -> None:
    """The time limit ends TeX and latexmk together."""
    began = time.monotonic()
    with pytest.raises(TexFailed, match="after 3 seconds"):
        pdf.compile_pdf(PAGE.replace("BODY", r"\loop\iftrue\repeat"), {}, "page", seconds=3)
    assert time.monotonic() - began < 10


def test_the_error_carries_the_line_of_the_log(engine: pdf.Engine) -> None:
    """What TeX said, and where."""
    with pytest.raises(TexFailed, match=r"Undefined control sequence(.|\n)*nonsense"):
        pdf.compile_pdf(PAGE.replace("BODY", r"\nonsense"), {}, "page")


@pytest.mark.parametrize("name", ["../up.pdf", "/etc/x", "a b", "", "-x", ".latexmkrc"])
def test_file_names_cannot_leave_the_folder(engine: pdf.Engine, name: str) -> None:
    """Neither the page's name nor a figure's has a folder in it, or reads as an option."""
    with pytest.raises(RenderError, match="plain file name"):
        pdf.compile_pdf(PAGE, {name: b""}, "page")
    with pytest.raises(RenderError, match="plain file name"):
        pdf.compile_pdf(PAGE, {}, name)


def test_a_machine_without_tex_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence with the names of the packages."""
    monkeypatch.setenv("PATH", "")
    assert pdf.find_engine() is None
    with pytest.raises(TexMissing, match="texlive-latex-extra lmodern latexmk"):
        pdf.compile_pdf(PAGE, {}, "page")


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (("latexmk", "pdflatex", "lualatex", "tectonic"), "latexmk"),
        (("pdflatex", "lualatex"), "pdflatex"),
        (("latexmk", "lualatex", "tectonic"), "lualatex"),
        (("tectonic",), "tectonic"),
    ],
)
def test_whichever_engine_is_found(monkeypatch: pytest.MonkeyPatch, found: tuple[str, ...], name: str) -> None:
    """The order of the engines; none of them may run a shell."""
    monkeypatch.setattr(pdf.shutil, "which", lambda program: f"/somewhere/{program}" if program in found else None)
    engine = pdf.find_engine()
    assert engine is not None
    assert engine.name == name
    for command in engine.commands("page"):
        assert "-no-shell-escape" in command or "--untrusted" in command


@pytest.mark.parametrize("name", ["lualatex", "tectonic"])
@pytest.mark.parametrize(
    "attack",
    [
        r"\input{/etc/passwd}",
        r"\directlua{io.open('x')}",
        r"\luaexec{x}",
        r"\openin1=x ",
        r"\csname inpu\endcsname",
        r"\makeatletter\@input{x}",
        r"\let\i\input",
        r"^^5cinput{x}",
        r"\verbatiminput{x}",
        r"\begin{filecontents}{x}",
        r"\catcode`\!=0 ",
        r"\tex_input:D x",
    ],
)
def test_engines_without_rules_get_no_commands_that_reach_files(name: str, attack: str) -> None:
    """LuaTeX and Tectonic do not keep TeX's rules for files, so such a page is refused before they see it."""
    with pytest.raises(RenderError, match=name):
        pdf.fenced(PAGE.replace("BODY", attack), pdf.Engine(name, (name,)))


def test_our_own_pages_pass_the_fence(every_block: Document, pulse: Document) -> None:
    """What the writers write holds no such command."""
    for document in (every_block, pulse):
        for name in ("lualatex", "tectonic"):
            assert pdf._BEGIN in pdf.fenced(latex.write(document), pdf.Engine(name, (name,)))


def test_lualatex_makes_the_same_pages(pulse: Document, tmp_path: Path) -> None:
    """Through LuaTeX, where it is installed: a PDF, the same bytes twice, and no Lua in the text."""
    program = pdf.shutil.which("lualatex")
    if program is None:
        assert not os.environ.get("CI"), "CI has texlive-latex-extra, and with it lualatex"
        pytest.skip("no lualatex on this machine")
    engine = pdf.Engine("lualatex", (program,))
    made = [pdf.compile_pdf(latex.write(pulse), files_of(pulse), pulse.name, engine=engine) for _ in range(2)]
    assert made[0].startswith(b"%PDF")
    assert made[0] == made[1]
