"""From sheet files to files of pages."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from derive.errors import BadInput, RenderError, SheetError, TexMissing
from derive.render import figures, html, latex, markdown, pdf
from derive.render.document import Document, Emph, Paragraph, Part, Problem, StemPlot
from derive.sheets import build as build_module
from derive.sheets import compose
from derive.sheets.build import FORMATS, NO_TEX, build, checked_formats, write_files

SHEET = """
title = "A sheet"
[[problem]]
title = "A problem"
[[problem.part]]
claim = "time_shift.response"
"""


@pytest.fixture
def sheets(tmp_path):
    """Two sheet files, one.toml and two.toml."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(SHEET, encoding="utf-8")
    return tmp_path / "one.toml", tmp_path / "two.toml"


@pytest.fixture
def out(tmp_path):
    """A folder that does not exist yet."""
    return tmp_path / "new" / "outputs"


@pytest.fixture
def fakes(monkeypatch):
    """Rooms that answer at once, so that only the build itself is looked at; returns what was compiled."""
    compiled = []

    def composed(sheet, progress, *more):
        progress("problem 1 (a)")
        plot = StemPlot("stem-1", ((0, 1),), Emph("n"), Emph("y"), (), "a plot")
        part = Part("(a)", "", (), (Paragraph(("\u0394 and\r\nmore",)), plot))
        return Document(sheet.name, sheet.title, "", "", (), (), (Problem(1, "", (), (part,)),), (), ())

    def compile_pdf(tex, files, name):
        compiled.append((tex, dict(files), name))
        return b"%PDF of " + name.encode()

    monkeypatch.setattr(compose, "compose", composed)
    for room in (latex, html, markdown):
        form = room.__name__.rsplit(".", 1)[1]
        monkeypatch.setattr(room, "write", lambda document, form=form: f"{form} \u0394\r\n{document.name}\n")
    monkeypatch.setattr(figures, "draw", lambda figure, form: f"{form} {figure.name}".encode())
    monkeypatch.setattr(pdf, "find_engine", lambda: object())
    monkeypatch.setattr(pdf, "compile_pdf", compile_pdf)
    return compiled


def contents(folder):
    """{name: content} of a folder that may not exist."""
    return {p.name: p.read_bytes() for p in folder.iterdir()} if folder.exists() else {}


def test_all_formats_and_their_figures(sheets, out, fakes):
    """Every format of every sheet is written, in UTF-8 with LF, with its figures beside it and nothing else."""
    told = []
    report = build(sheets, out, progress=told.append)
    made = contents(out)
    assert [p.name for p in report.files] == [
        f"{name}{ending}"
        for name in ("one", "two")
        for ending in (".tex", "-stem-1.pdf", ".pdf", ".html", ".md", "-stem-1.svg")
    ]
    assert sorted(made) == sorted(p.name for p in report.files)
    assert made["one.tex"] == "latex \u0394\none\n".encode()
    assert made["two.html"] == "html \u0394\ntwo\n".encode()
    assert made["one-stem-1.pdf"] == b"pdf stem-1"
    assert made["one-stem-1.svg"] == b"svg stem-1"
    assert fakes[0] == ("latex \u0394\r\none\n", {"one-stem-1.pdf": b"pdf stem-1"}, "one")
    assert report.notes == ()
    assert told[0] == "one: problem 1 (a)"
    assert "two: setting PDF" in told
    assert len(told) == 10


def test_only_what_is_asked_for(sheets, out, fakes):
    """A format alone brings its own figures and no others."""
    expected = {
        "tex": ["one-stem-1.pdf", "one.tex"],
        "pdf": ["one.pdf"],
        "html": ["one.html"],
        "md": ["one-stem-1.svg", "one.md"],
    }
    assert (*expected, "cert") == FORMATS  # certificates are there where something is derived
    for form, names in expected.items():
        build(sheets[:1], out / form, [form])
        assert sorted(contents(out / form)) == names
    assert len(fakes) == 1


def test_without_tex_the_other_formats_are_built(sheets, out, fakes, monkeypatch):
    """No engine: everything but PDF, and one sentence that says how to get it; PDF alone is refused."""
    monkeypatch.setattr(pdf, "find_engine", lambda: None)
    report = build(sheets[:1], out)
    assert report.notes == (NO_TEX,)
    assert "texlive-latex-extra" in NO_TEX
    assert sorted(contents(out)) == ["one-stem-1.pdf", "one-stem-1.svg", "one.html", "one.md", "one.tex"]
    with pytest.raises(TexMissing):
        build(sheets[:1], out / "pdf", ["pdf"])
    assert not (out / "pdf").exists()
    assert fakes == []


def test_side_by_side(sheets, tmp_path):
    """Two processes make the same pages as one, and refuse the same sheet in the same words."""
    told, formats = [], ("tex", "html", "md")
    build(sheets, tmp_path / "alone", formats)
    build(sheets, tmp_path / "together", formats, told.append, workers=2)
    assert contents(tmp_path / "together") == contents(tmp_path / "alone") != {}
    assert told == ["one: made", "two: made"]
    sheets[1].write_text(SHEET.replace("time_shift.response", "time_shift.echo"), encoding="utf-8")
    said = []
    for workers in (1, 2):
        with pytest.raises(SheetError) as refused:
            build(sheets, tmp_path / "refused", formats, workers=workers)
        said.append(str(refused.value))
    assert said[0] == said[1] and contents(tmp_path / "refused") == {}


def test_a_failed_build_overwrites_nothing(sheets, out, fakes, monkeypatch):
    """Whatever fails, at whichever stage of whichever sheet, the pages of the last build stay as they were."""
    build(sheets, out)
    before = contents(out)
    assert len(before) == 12

    def fails_for_two(document, *_):
        if document.name == "two":
            raise RenderError("no notation")
        return "changed"

    failures = 0
    for room in (latex, html, markdown):
        with monkeypatch.context() as patch:
            patch.setattr(room, "write", fails_for_two)
            with pytest.raises(RenderError):
                build(sheets, out)
        failures += 1
    sheets[1].write_text(SHEET.replace("claim", "clam"), encoding="utf-8")
    with pytest.raises(SheetError, match=r"two\.toml, line 6: a part has no key 'clam'"):
        build(sheets, out)
    assert contents(out) == before
    assert failures == 3


def test_a_disk_that_fails_while_writing_leaves_the_old_pages(out, monkeypatch):
    """Files are written aside first; if that fails the old ones stay and nothing is left behind."""
    write_files({"a": b"old", "b": b"old"}, out)
    writes = 0

    def full(self, content):
        nonlocal writes
        writes += 1
        if writes == 2:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(type(out), "write_bytes", full)
        with pytest.raises(BadInput, match=r"cannot write into the folder .*: No space left on device"):
            write_files({"a": b"new", "b": b"new"}, out)
    assert contents(out) == {"a": b"old", "b": b"old"}
    assert writes == 2


def test_written_files_can_be_read_by_others(out):
    """Pages have the permissions of any new file, not of a private temporary one."""
    (path,) = write_files({"a.html": b"x"}, out)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_names_that_would_collide_are_refused(sheets, out, tmp_path, fakes):
    """Two sheets that would write the same file, also on a file system that ignores case, are refused."""
    (tmp_path / "deep").mkdir()
    clashes = [
        (sheets[0], tmp_path / "deep" / "one.toml"),
        (sheets[0], tmp_path / "ONE.toml"),
        (sheets[0], sheets[0]),
    ]
    for pair in clashes:
        with pytest.raises(BadInput, match="would be written to the same files; rename one of them"):
            build(pair, out)
    assert len(clashes) == 3
    (tmp_path / "one-stem-1.toml").write_text(SHEET, encoding="utf-8")
    with pytest.raises(BadInput, match=r"would both write one-stem-1\.pdf"):
        build((sheets[0], tmp_path / "one-stem-1.toml"), out)
    with pytest.raises(BadInput, match="there is no sheet to build"):
        build((), out)
    assert not out.exists()


def test_formats_that_do_not_exist_are_refused():
    """A misspelt format is named with the nearest one."""
    assert checked_formats(["md", "tex"]) == ("tex", "md")
    with pytest.raises(BadInput, match=r"there is no format 'htm'; did you mean 'html'?"):
        checked_formats(["htm"])
    with pytest.raises(BadInput, match="there is no format 'docx'; there are tex, pdf, html, md"):
        checked_formats(["docx"])
    with pytest.raises(BadInput, match="no format was asked for"):
        checked_formats([])


def test_folders_that_cannot_be_written_are_refused(tmp_path):
    """A file where the folder should be, or a folder where a file should be, is said in a sentence."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match="cannot write into the folder"):
        write_files({"a": b""}, tmp_path / "file")
    (tmp_path / "a").mkdir()
    with pytest.raises(BadInput, match="a folder of that name is there"):
        write_files({"b": b"", "a": b""}, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "file"]


def test_a_real_sheet_twice_gives_the_same_bytes(sheets, tmp_path):
    """With nothing faked: the pages are there, name what they prove, and come out the same again."""
    first = build(sheets[:1], tmp_path / "first", ["tex", "html", "md"])
    second = build(sheets[:1], tmp_path / "second", ["tex", "html", "md"])
    assert [p.name for p in first.files] == ["one.tex", "one.html", "one.md"]
    assert len(second.files) == 3
    for one, two in zip(first.files, second.files, strict=True):
        content = one.read_bytes()
        assert content == two.read_bytes()
        assert b"\r" not in content
        assert b"A problem" in content
        assert str(tmp_path).encode() not in content


def test_a_claim_that_does_not_exist_is_found_at_its_part(sheets, out):
    """A sheet may ask only for claims that there are; the sentence names the nearest and the file."""
    sheets[0].write_text(SHEET.replace("shift.response", "shift.respons"), encoding="utf-8")
    with pytest.raises(SheetError, match=r"one\.toml, line \d: .*did you mean 'response'"):
        build(sheets[:1], out, ["md"])
    assert not out.exists()


def test_pages_are_made_of_documents_only():
    """Something else than a document is a mistake of the program."""
    with pytest.raises(TypeError):
        build_module.pages("a text", ["md"])


def test_a_character_that_tex_does_not_have(tmp_path: Path) -> None:
    """The sheet is named and the way out told; nothing is written; HTML and Markdown are built all the same."""
    sheet = tmp_path / "letters.toml"
    sheet.write_text(
        'title = "T"\ncourse = "C"\nauthor = "A"\n[[problem]]\ntitle = "P"\ntext = "\u65e5"\n'
        '[[problem.part]]\nclaim = "time_shift.response"\n',
        encoding="utf-8",
    )
    out = tmp_path / "out"
    with pytest.raises(SheetError, match=r"letters\.toml: .*U\+65E5.*--format html,md"):
        build([sheet], out, ("tex", "html"))
    assert not out.exists()
    build([sheet], out, ("html", "md"))
    assert {p.suffix for p in out.iterdir()} == {".html", ".md"}
