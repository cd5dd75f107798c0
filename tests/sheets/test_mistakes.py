"""Mistakes in a sheet file that only a build finds: one sentence with file, line and the nearest right name."""

from __future__ import annotations

import pytest

from derive.cli import REFUSED, main
from derive.errors import DeriveError, StepRejected
from derive.sheets import compose
from derive.sheets.build import build

SHEET = r"""title = "S"
[[problem]]
title = "P"
text = 'Let $L \ge 1$.'
[[problem.part]]
text = 'Find $\frac{1}{2}$.'
claim = "filtered_pulse.response"
set = { L = 7, a = "1/2" }
remark = 'So $x$.'
hint = ["Look at $n$."]
[[problem.part]]
answer = "Yes."
[[problem.part.formula]]
left = '1 + 1'
right = '2'
"""
MISTAKES = [
    ("filtered_pulse.response", "filterd_pulse.response", 7, "did you mean 'filtered_pulse'"),
    ("filtered_pulse.response", "filtered_pulse.respons", 7, "did you mean 'response'"),
    ("L = 7", "L = 0", 8, "L"),
    ("L = 7", 'L = "1/2"', 8, "L"),
    ("L = 7", "LL = 7", 8, "has no symbol 'LL'; there are n, L, a"),
    ("remark =", "remarks =", 9, "a part has no key 'remarks'; did you mean 'remark'?"),
    ("hint =", "hnt =", 10, "did you mean 'hint'"),
    (r"\frac{1}{2}", r"\frac{1}{2", 6, "{ is not closed"),
    (r"\frac{1}{2}", r"\frc{1}{2}", 6, r"\frc"),
    ("So $x$", "So $x", 9, "dollar"),
    ("'1 + 1'", r"'\sm 1 + 1'", 14, r"\sm"),
    ("'2'", "'3'", 13, "refuted"),
    ("left =", "lft =", 14, "did you mean 'left'"),
]


@pytest.mark.parametrize(("old", "new", "line", "told"), MISTAKES)
def test_a_mistake_is_one_sentence_with_its_line(tmp_path, old, new, line, told):
    """Nothing is written, and the sentence says where and what would be right."""
    assert SHEET.count(old) >= 1
    path = tmp_path / "s.toml"
    path.write_text(SHEET.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeriveError) as refused:
        build([path], tmp_path / "out", ("html", "md"))
    said = str(refused.value)
    assert f"s.toml, line {line}: " in said and told in said and "\n" not in said
    assert not (tmp_path / "out").exists()


def test_the_sheet_without_a_mistake_builds(tmp_path):
    """What the mistakes are made in is right."""
    (tmp_path / "s.toml").write_text(SHEET, encoding="utf-8")
    assert len(build([tmp_path / "s.toml"], tmp_path / "out", ("html", "md")).files) == 2


def test_a_derivation_that_is_refused_is_told_with_its_place(tmp_path, monkeypatch, capsys):
    """What the checker refuses while a sheet is built is told with file, line and part; nothing is written."""

    def refuse(*_: object, **__: object) -> None:
        raise StepRejected("own.sum", "3", "expand", "the sides differ")

    monkeypatch.setattr(compose, "answer", refuse)
    path = tmp_path / "s.toml"
    path.write_text(SHEET, encoding="utf-8")
    assert main(["build", str(path), "-o", str(tmp_path / "out"), "--format", "md", "--no-cache"]) == REFUSED
    told = capsys.readouterr().err
    assert "the sides differ" in told
    assert f"{path}, line 8: in part (a), filtered_pulse.response" in told
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
