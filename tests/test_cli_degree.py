"""The command `derive degree`."""

from __future__ import annotations

import pytest

from derive.cli import main

RULE = "def f(g, e):\n    return g / (abs(g) + e), np.sign(g)"
SHAPES = ["--shape", "g=(n)", "--shape", "e=()"]


@pytest.fixture
def rule(tmp_path):
    """A file with a rule."""
    path = tmp_path / "rule.py"
    path.write_text(RULE, encoding="utf-8")
    return str(path)


def test_each_result_is_decided(rule, capsys):
    """With the numbers that refute a degree, and the line that shows one."""
    assert main(["degree", rule, *SHAPES, "--times", "g"]) == 1
    out = capsys.readouterr().out
    assert "result: refuted, no degree fits" in out
    assert "result_i = 1/2, result'_i = 2/3, result''_i = 4/5" in out
    assert "proved, of degree 0" in out
    assert main(["degree", rule, *SHAPES, "--times", "g", "--times", "e"]) == 0
    assert capsys.readouterr().out.count("proved, of degree 0") == 2


def test_a_degree_is_asked_for(tmp_path, capsys):
    """And refuted at a point."""
    path = tmp_path / "rule.py"
    path.write_text("def f(g):\n    return 3 * g", encoding="utf-8")
    assert main(["degree", str(path), "--shape", "g=(n)", "--times", "g", "--degree", "1"]) == 0
    assert main(["degree", str(path), "--shape", "g=(n)", "--times", "g", "--degree", "0"]) == 1
    assert "refuted, not of degree 0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing is multiplied"),
        (["--times", "g", "--times", "g"], "multiplied twice"),
        (["--times", "h"], "no parameter 'h'"),
    ],
)
def test_bad_questions(rule, capsys, arguments, said):
    """Status 2 and a sentence."""
    assert main(["degree", rule, *SHAPES, *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--times", "g=x"], ["--times", "g=99"], ["--times", "g", "--degree", "1/2"]])
def test_bad_numbers(rule, capsys, wrong):
    """A power is a whole number."""
    with pytest.raises(SystemExit) as stopped:
        main(["degree", rule, *SHAPES, *wrong])
    assert stopped.value.code == 2
    assert "whole number" in capsys.readouterr().err
