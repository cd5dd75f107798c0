"""What was derived is kept: nothing is made twice, nothing old is shown, nothing broken does harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from sympy import Add, Integer, Mul, Pow

from derive.claims import storing
from derive.claims.storing import as_bytes
from derive.errors import RenderError
from derive.language import IndexSum, integer, signal
from derive.render import html
from derive.sheets import build as build_module
from derive.sheets import compose, written
from derive.sheets.build import build
from derive.sheets.kept import Store, content
from derive.sheets.specs import TableSpec

FORMATS = ("html", "md")
SHEET = """title = "Two"
[[problem]]
title = "One"
[[problem.part]]
claim = "time_shift.response"
[[problem]]
title = "Other"
[[problem.part]]
claim = "conv1d_lengths.full_length"
"""


@pytest.fixture
def place(tmp_path):
    """A sheet file, a folder for pages, a folder for what is kept."""
    (tmp_path / "two.toml").write_text(SHEET, encoding="utf-8")
    return tmp_path / "two.toml", tmp_path / "out", tmp_path / "kept"


@pytest.fixture
def composed(monkeypatch):
    """Which problems were derived."""
    made: list[int] = []
    real = compose._Composer.problem

    def problem(self, number, spec):
        made.append(number)
        return real(self, number, spec)

    monkeypatch.setattr(compose._Composer, "problem", problem)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    """{name: content}."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_second_build_makes_nothing_and_gives_the_same_bytes(place, composed):
    """Nothing is derived or written again; without the cache the same bytes come out."""
    sheet, out, cache = place
    first = build([sheet], out, FORMATS, cache=cache)
    before, times = contents(out), {path: path.stat().st_mtime_ns for path in out.iterdir()}
    assert composed == [1, 2] and len(first.files) == 2 and first.unchanged == ()
    second = build([sheet], out, FORMATS, cache=cache)
    assert composed == [1, 2] and second.files == () and set(second.unchanged) == set(first.files)
    assert contents(out) == before and times == {path: path.stat().st_mtime_ns for path in out.iterdir()}
    build([sheet], out.parent / "anew", FORMATS)
    assert contents(out.parent / "anew") == before and composed == [1, 2, 1, 2]
    build([sheet], out.parent / "known", FORMATS, cache=cache)
    assert contents(out.parent / "known") == before and composed == [1, 2, 1, 2]  # written anew, not derived anew


def test_only_a_changed_problem_is_derived_again(place, composed):
    """A word in the second problem, a line more before it: the first is known, and the page has the new word."""
    sheet, out, cache = place
    build([sheet], out, FORMATS, cache=cache)
    sheet.write_text("# a remark\n\n" + SHEET.replace('"Other"', '"Another"'), encoding="utf-8")
    build([sheet], out, FORMATS, cache=cache)
    assert composed == [1, 2, 2] and "Another" in (out / "two.md").read_text()
    build([sheet], out.parent / "anew", FORMATS)
    assert contents(out) == contents(out.parent / "anew")


def test_a_file_that_was_lost_or_changed_is_written_again(place, composed):
    """The pages are looked at, not only the name they were written under."""
    sheet, out, cache = place
    build([sheet], out, FORMATS, cache=cache)
    before = contents(out)
    for harm in ("changed", "lost"):
        if harm == "changed":
            (out / "two.md").write_text("something else")
        else:
            (out / "two.md").unlink()
        assert len(build([sheet], out, FORMATS, cache=cache).files) == 2
        assert contents(out) == before
    assert composed == [1, 2]


@pytest.mark.parametrize("what", ["template", "version", "library", "code"])
def test_another_template_version_library_or_code_makes_all_anew(place, composed, monkeypatch, tmp_path, what):
    """What pages are made by is part of every name under which something is kept."""
    sheet, out, cache = place
    build([sheet], out, FORMATS, cache=cache)
    written.made_by.cache_clear()
    if what == "template":
        folder = tmp_path / "templates" / "html"
        folder.mkdir(parents=True)
        (folder / "sheet.html").write_text("another")
        monkeypatch.setattr(written, "templates", lambda: tmp_path / "templates")
    elif what == "version":
        monkeypatch.setattr(written, "__version__", "99")
    elif what == "library":
        monkeypatch.setattr(written, "library_versions", lambda: ("sympy 99",))
    else:
        monkeypatch.setattr(written, "code_hash", lambda: "other")
    try:
        assert len(build([sheet], out, FORMATS, cache=cache).files) == 2
        assert composed == [1, 2, 1, 2]
    finally:
        written.made_by.cache_clear()


@pytest.mark.parametrize("harm", ["empty", "cut", "flipped", "other", "folder"])
def test_a_broken_file_of_the_cache_is_harmless(place, composed, harm):
    """Whatever cannot be read is made anew, and the pages are the same."""
    sheet, out, cache = place
    build([sheet], out, FORMATS, cache=cache)
    before = contents(out)
    files = [path for path in cache.rglob("*") if path.is_file()]
    assert len(files) >= 3
    for path in files:
        data = path.read_bytes()
        flipped = data[:40] + bytes([data[40] ^ 1]) + data[41:]
        broken = {"empty": b"", "cut": data[:-7], "flipped": flipped, "other": b"{}"}
        if harm == "folder":
            path.unlink()
            path.mkdir()
        else:
            path.write_bytes(broken[harm])
    build([sheet], out, FORMATS, cache=cache)
    assert contents(out) == before and composed == [1, 2, 1, 2]


def test_a_cache_that_cannot_be_written_is_harmless(place, composed):
    """Where the folder would be is a file: everything is made, nothing is said."""
    sheet, out, cache = place
    cache.write_text("a file")
    assert len(build([sheet], out, FORMATS, cache=cache).files) == 2
    assert len(build([sheet], out, FORMATS, cache=cache).files) == 2 and composed == [1, 2, 1, 2]


def test_an_interrupted_build_leaves_the_old_files_whole(place, monkeypatch):
    """Ctrl-C while a page is made or while files are moved: every file is the old or the new one, none is a part."""
    sheet, out, cache = place
    build([sheet], out, FORMATS, cache=cache)
    before = contents(out)
    sheet.write_text(SHEET.replace('"Other"', '"Another"'), encoding="utf-8")

    def stops(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(html, "write", stops)
        with pytest.raises(KeyboardInterrupt):
            build([sheet], out, FORMATS, cache=cache)
    assert contents(out) == before
    with monkeypatch.context() as patch:
        patch.setattr(build_module.os, "replace", stops)
        with pytest.raises(KeyboardInterrupt):
            build([sheet], out, FORMATS)
    assert contents(out) == before  # and nothing that was written aside is left
    with monkeypatch.context() as patch:
        patch.setattr(html, "write", lambda _: (_ for _ in ()).throw(RenderError("no")))
        with pytest.raises(RenderError):
            build([sheet], out, FORMATS, cache=cache)
    assert contents(out) == before
    build([sheet], out, FORMATS, cache=cache)
    assert "Another" in (out / "two.md").read_text()


def test_what_is_asked_is_the_name_without_the_line(place):
    """The place in the file does not matter, everything else does."""
    assert content(TableSpec("n", 0, 3)) != content(TableSpec("n", 0, 4))
    sheet, _, _ = place
    from derive.sheets.reader import read_sheet

    first = read_sheet(sheet).problems
    sheet.write_text("\n\n" + SHEET, encoding="utf-8")
    assert list(map(content, first)) == list(map(content, read_sheet(sheet).problems))
    sheet.write_text(SHEET.replace("full_length", "valid_length"), encoding="utf-8")
    same = [content(a) == content(b) for a, b in zip(first, read_sheet(sheet).problems, strict=True)]
    assert same == [True, False]


def test_terms_come_back_as_they_were_written(tmp_path):
    """Products, sums, powers and index sums that were not worked out are not worked out by being kept."""
    n, k = integer("n"), integer("k")
    terms = (
        Mul(Integer(4), Integer(5), evaluate=False),
        Add(n, Integer(0), evaluate=False),
        Pow(Integer(2), Integer(3), evaluate=False),
        IndexSum(signal("x")[k] * 2, k, 0, n - 1),
    )
    store = Store(tmp_path)
    for number, term in enumerate(terms):
        store.keep(store.key(number), term)
        found = store.find(store.key(number))
        assert found == term and str(found) == str(term) and found.args == term.args
        assert storing.pickle.loads(as_bytes(term)) == term
    assert len({store.key(number) for number in range(len(terms))}) == 4
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o077 == 0
