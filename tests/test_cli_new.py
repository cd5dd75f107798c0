"""`derive new`: what is written works as it is, and nothing is overwritten."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
from fractions import Fraction

import pytest

import derive.constructs
from derive import cli
from derive.cli_new import new_file
from derive.constructs import registry
from derive.errors import BadInput, OracleDisagrees
from derive.sheets import answers
from derive.sheets.answers import answer
from derive.sheets.build import build
from derive.sheets.reader import read_sheet


def test_a_new_sheet_builds_in_every_edition_and_variant(tmp_path, capsys):
    """The file as it was written: solution, handout, key, and a variant; its title is made of its name."""
    assert cli.main(["new", "sheet", "week-1", "-o", str(tmp_path)]) == 0
    path = tmp_path / "week-1.toml"
    assert f"wrote {path}" in capsys.readouterr().out
    sheet = read_sheet(path)
    assert sheet.title == "Week 1" and len(sheet.problems) == 2 and sheet.problems[1].drawn
    text = path.read_text(encoding="utf-8")
    assert "NAME" not in text and "TITLE" not in text and text.count("\n#") > 8
    report = build([path], tmp_path / "out", ("md",), editions=("solution", "handout", "key"))
    assert [p.name for p in report.files if p.suffix == ".md"] == ["week-1.md", "week-1-handout.md", "week-1-key.md"]
    build([path], tmp_path / "out", ("md",), editions=("key",), variants=(1, 2))
    assert "It is $L$." in (tmp_path / "out" / "week-1-v2-key.md").read_text(encoding="utf-8")


def test_a_new_construct_is_found_derives_and_is_compared_with_its_oracle(tmp_path, monkeypatch):
    """In the folder of the constructs it is found, proved for all n, and refused if its oracle says something else."""
    path = new_file("construct", "odd_numbers_new", tmp_path)
    assert "NAME" not in path.read_text(encoding="utf-8")
    monkeypatch.setattr(derive.constructs, "__path__", [*derive.constructs.__path__, str(tmp_path)])
    try:
        assert "odd_numbers_new" in registry.names()
        checked = answer("odd_numbers_new", {})
        assert checked.report.verdict.kind == "proved" and checked.numbers.exact_points >= 10
        assert answer("odd_numbers_new.total", {"n": Fraction(5)}).derivation.right == 25
        wrong = path.read_text(encoding="utf-8").replace("range(1, 2 * n, 2)", "range(1, 2 * n + 2, 2)")
        path.write_text(wrong, encoding="utf-8")
        del sys.modules["derive.constructs.odd_numbers_new"]
        importlib.invalidate_caches()
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        shutil.rmtree(tmp_path / "__pycache__", ignore_errors=True)
        with pytest.raises(OracleDisagrees):
            answers.answer("odd_numbers_new", {})
    finally:
        sys.modules.pop("derive.constructs.odd_numbers_new", None)


def test_a_new_construct_is_written_as_the_others_are(tmp_path):
    """Lint has nothing to say of it, and it has the length of a construct."""
    path = new_file("construct", "odd_numbers_new", tmp_path)
    command = [sys.executable, "-m", "ruff", "check", "--config", "pyproject.toml", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    assert 60 <= len(path.read_text(encoding="utf-8").splitlines()) <= 160


@pytest.mark.parametrize(
    ("kind", "name"),
    [("sheet", name) for name in ("", "../up", "a b", "-x", ".x", "a.toml", "x" * 61, "é")]
    + [("construct", name) for name in ("Odd", "1st", "a-b", "_a", "a__b", "class", "a.py", "", "x" * 61, "a/b")],
)
def test_names_that_cannot_be_used_are_refused_in_a_sentence(tmp_path, kind, name):
    """Nothing is written, and the sentence says what a name is made of."""
    with pytest.raises(BadInput, match=rf"cannot name a {kind}: use ") as refused:
        new_file(kind, name, tmp_path / "folder")
    assert "\n" not in str(refused.value) and not (tmp_path / "folder").exists()


@pytest.mark.parametrize("name", ["time_shift", "construct", "registry"])
def test_constructs_that_are_there_are_not_shadowed(tmp_path, name):
    """A name that is taken is refused in every folder."""
    with pytest.raises(BadInput, match=rf"there is a construct '{name}' already"):
        new_file("construct", name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path, capsys):
    """A file that is there stays as it is, a link to nowhere too; a folder that cannot be made is told."""
    (tmp_path / "a.toml").write_text("mine")
    (tmp_path / "b.toml").symlink_to(tmp_path / "nowhere")
    for name in ("a", "b"):
        assert cli.main(["new", "sheet", name, "-o", str(tmp_path)]) == 2
        assert re.search(r"derive: .*is there already, and nothing is overwritten", capsys.readouterr().err)
    assert (tmp_path / "a.toml").read_text() == "mine" and not (tmp_path / "nowhere").exists()
    with pytest.raises(BadInput, match=r"cannot write|is there already"):
        new_file("sheet", "c", tmp_path / "a.toml")
