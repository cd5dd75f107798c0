"""The command `derive read`."""

from __future__ import annotations

import pytest

from derive.cli import main

STEP = """def step(W, x, y, eta):
    e = W @ x - y
    loss = 0.5 * np.sum(e**2)
    W = W - eta * np.outer(e, x)
    print("loss", loss)
    return W
"""
SHAPES = ["--shape", "W=(n,m)", "--shape", "x=(m)", "--shape", "y=(n)", "--shape", "eta=()"]


@pytest.fixture
def step(tmp_path):
    """A file with a program."""
    path = tmp_path / "step.py"
    path.write_text(STEP, encoding="utf-8")
    return path


def test_it_prints_formulas_and_findings(step, capsys):
    """In each format."""
    assert main(["read", str(step), *SHAPES]) == 0
    out = capsys.readouterr().out
    assert "W' = W - η e xᵀ" in out
    assert "Stale value." in out
    for form, piece in (("tex", r"\codeline{1}"), ("md", "```"), ("html", "<pre")):
        assert main(["read", str(step), *SHAPES, "--format", form]) == 0
        assert piece in capsys.readouterr().out


def test_the_result_may_be_compared_with_another_program(step, tmp_path, capsys):
    """0 if they are proved to be the same, else 1."""
    other = tmp_path / "other.py"
    same = "def f(W, x, y, eta):\n    return W - eta * (np.outer(W @ x, x) - np.outer(y, x))"
    other.write_text(same, encoding="utf-8")
    assert main(["read", str(step), *SHAPES, "--same-as", str(other)]) == 0
    assert "result 1: proved, 80 points looked at" in capsys.readouterr().out
    other.write_text("def f(W, x, y, eta):\n    return W - eta * np.outer(W @ x, x)", encoding="utf-8")
    assert main(["read", str(step), *SHAPES, "--same-as", str(other)]) == 1
    assert "result 1: refuted (n = 1, m = 1" in capsys.readouterr().out


def test_a_network_is_asked_about_its_input(tmp_path, capsys):
    """With --input."""
    path = tmp_path / "net.py"
    path.write_text("def net(A, B, x):\n    h = A @ x\n    tanh(h)\n    return B @ h", encoding="utf-8")
    shapes = ["--shape", "A=(p,d)", "--shape", "B=(q,p)", "--shape", "x=(d)"]
    assert main(["read", str(path), *shapes, "--input", "x"]) == 0
    out = capsys.readouterr().out
    assert "Affine map. The result is an affine function of x, with the matrix B A." in out
    assert main(["read", str(path), *shapes]) == 0
    assert "Affine map" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "piece"),
    [
        (["--shape", "W"], "declares no shape"),
        (SHAPES[:-2], "shape of the parameter eta"),
        ([*SHAPES, "--input", "z"], "no parameter 'z'"),
        ([*SHAPES, "--same-as", "no-such-file.py"], "cannot be read"),
    ],
)
def test_what_cannot_be_used_ends_with_a_sentence(step, capsys, arguments, piece):
    """And with status 2."""
    assert main(["read", str(step), *arguments]) == 2
    assert piece in capsys.readouterr().err


def test_a_program_that_cannot_be_read_is_shown_with_a_mark(step, capsys):
    """Line, column and a caret."""
    step.write_text(STEP.replace("np.sum", "open"), encoding="utf-8")
    assert main(["read", str(step), *SHAPES]) == 2
    err = capsys.readouterr().err
    assert "line 3, column 18: the function open is not known" in err
    assert err.rstrip().endswith("^")
