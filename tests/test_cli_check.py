"""The command `derive check`, with a judge that says what it is told; and derive.check."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import derive
from derive.claims import judging, workers
from derive.claims.findings import Finding, Slip, Unread, Witness
from derive.claims.telling import row, summary
from derive.cli import main
from derive.errors import ClaimError

ROOT = Path(__file__).parents[1]
KEYS = [
    "id", "file", "verdict", "by", "where", "unused", "counterexample", "first_wrong", "slip", "convention", "readings",
    "error", "form", "seconds",
]  # fmt: skip


def claims(*pairs):
    """A claim file."""
    said = "".join(f"[[claim]]\nid = '{name}'\nleft = 'ok'\nright = '{verdict}'\n" for name, verdict in pairs)
    return said


@pytest.fixture(autouse=True)
def judge(monkeypatch, tmp_path):
    """The stand-in, and a folder for what is kept."""
    monkeypatch.syspath_prepend(ROOT)
    monkeypatch.setattr(workers, "JUDGE", "tests.claims.stand_in:judge")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def file(tmp_path):
    """Write a claim file; its name."""

    def written(text, name="x.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return written


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        (["proved"], 0), (["proved", "exact"], 3), (["sampled"], 3), (["proved", "undecided"], 3),
        (["unreadable", "proved"], 3), (["refuted", "unreadable", "proved"], 1), (["refuted"], 1),
    ],
)  # fmt: skip
def test_exit_status(file, capsys, verdicts, status):
    """0 all proved, 1 something refuted, 3 not all proved."""
    path = file(claims(*((f"c{i}", verdict) for i, verdict in enumerate(verdicts))))
    assert main(["check", path, "--jobs", "1"]) == status
    out = capsys.readouterr().out
    assert f"{len(verdicts)} claim" in out.splitlines()[-1]


def test_a_file_that_cannot_be_read_does_not_stop_the_others(file, capsys):
    """Status 2, one sentence, and the other file is judged."""
    path, bad = file(claims(("good", "proved"))), file("[[claim]\n", "bad.toml")
    assert main(["check", bad, path, "--jobs", "1"]) == 2
    out, err = capsys.readouterr()
    assert "good  proved" in out and re.fullmatch(r"derive: \S*bad\.toml, line 1: this is not TOML[^\n]*\n", err)
    assert main(["check", bad, "--json"]) == 2
    assert sum(json.loads(capsys.readouterr().out)["counts"].values()) == 0


def test_json_has_the_keys_that_are_promised(file, capsys):
    """One object a line, the counts last."""
    path = file(claims(("a", "proved"), ("b", "refuted")) + "[[claim]]\nleft = '1'\n")
    assert main(["check", path, "--json", "--jobs", "1"]) == 1
    *lines, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert [list(line) for line in lines] == [KEYS] * 3
    found = {line["id"]: line for line in lines}
    assert list(found) == ["claim 3", "a", "b"]
    assert found["claim 3"]["error"] == {"message": "the claim has left but no right", "line": 9, "column": 0}
    assert found["b"]["counterexample"]["values"] == {"n": "1", "a": "2", "x": ["0", "1/2"]}
    assert found["b"]["slip"] == {"repair": "the sign of n is wrong", "formula": "n + 1", "kind": ""}
    assert found["a"]["by"] == "standing in" and found["a"]["file"] == path and found["a"]["counterexample"] is None
    assert last == {
        "counts": {"proved": 1, "exact": 0, "sampled": 0, "refuted": 1, "undecided": 0, "unreadable": 1}
    }  # fmt: skip


def test_the_table_is_in_the_order_of_the_files(file, capsys):
    """Whatever is decided first."""
    text = claims(("slow", "proved"), ("wrong", "refuted"), ("last", "sampled")).replace("'ok'", "'short'", 1)
    one, two = file(text), file(claims(("other", "proved")), "y.toml")
    assert main(["check", one, two, "--jobs", "2"]) == 1
    out = capsys.readouterr().out
    assert out == (
        f"{one}\n"
        "  slow   proved      standing in\n"
        "  wrong  refuted     n=1, a=2, x=[0, 1/2]: left -2, right 2\n"
        "                     left / right = 1 - a\n"
        "                     slip: the sign of n is wrong\n"
        "                     with that it is proved: n + 1\n"
        "  last   sampled     standing in\n"
        f"{two}\n"
        "  other  proved      standing in\n"
        "\n"
        f"  4 claims: 2 proved, 1 sampled, 1 refuted        {out.split()[-2]} s\n"
    )


def test_somebody_who_waits_sees_how_far_it_is(file, capsys, monkeypatch):
    """On the error stream, if it is a terminal; the line is gone in the end."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert main(["check", file(claims(("a", "proved"), ("b", "proved"))), "--jobs", "1"]) == 0
    err = capsys.readouterr().err
    assert "1 of 2 claims judged, 0 s" in err and err.endswith("\r\x1b[K")


def test_what_is_known_is_not_judged_again(file, capsys):
    """Unless --no-cache says so; --cache names another folder."""
    path = file(claims(("a", "proved")))
    said = []
    for more in ([], [], ["--no-cache"], ["--cache", path + ".kept"], ["--cache", path + ".kept"]):
        assert main(["check", path, "--jobs", "1", *more]) == 0
        said.append("known from an earlier run" in capsys.readouterr().out)
    assert said == [False, True, False, False, True]
    assert main(["check", path, "--cache", path]) == 2
    assert "findings cannot be kept in" in capsys.readouterr().err


def test_only_some_claims(file, capsys):
    """By their ids; one that does not exist is a mistake with the nearest name."""
    path = file(claims(("first", "refuted"), ("second", "proved")))
    assert main(["check", path, "--only", "second"]) == 0
    assert "first" not in capsys.readouterr().out
    assert main(["check", path, "--only", "secnd"]) == 2
    assert "no claim has the id 'secnd'; did you mean 'second'?" in capsys.readouterr().err


def test_an_id_that_is_used_twice_is_told(file, capsys):
    """Both claims are judged, each under its id."""
    path = file(claims(("a", "proved"), ("a", "refuted")))
    assert main(["check", path]) == 1
    assert "note: the claim on line 1 has this id too" in capsys.readouterr().out


def test_a_formula_on_the_command_line(capsys, monkeypatch):
    """With symbols and hypotheses."""
    monkeypatch.setattr(workers, "JUDGE", "tests.test_cli_check:echo")
    asked = ["--symbol", "n = integer >= 1", "--where", r"n \ge 2", "-e", "n + 1 > n"]
    assert main(["check", "--json", "--no-cache", *asked]) == 0
    line = json.loads(capsys.readouterr().out.splitlines()[0])
    assert line["by"] == r"n + 1 > n | n: integer >= 1 | n \ge 2" and line["id"] == "n + 1 > n"


def echo(claim, seconds):
    """Says what it was asked."""
    symbols = ", ".join(f"{name}: {what}" for name, what in claim.symbols)
    by = f"{claim.left[0]} {claim.relation} {claim.right[0]} | {symbols} | {', '.join(claim.where)}"
    return Finding(claim.id, "proved", by=by)


@pytest.mark.parametrize(
    ("arguments", "piece"),
    [
        ([], "name a claim file, or give a formula"),
        (["-e", "a + b"], "has no relation"),
        (["-e", "a = b", "--symbol", "n"], "declares no symbol"),
        (["x.toml", "--symbol", "n = integer"], "belong to a formula that is given with -e"),
        (["x.toml"], "x.toml: the file cannot be read"),
        (["-e", "a = b", "--memory", "5"], "at least 512 MB"),
        (["-e", "a = b", "--executor", "tcp://127.0.0.1:9"], "Dask"),
    ],
)
def test_what_cannot_be_used(capsys, arguments, piece):
    """Status 2 and a sentence."""
    assert main(["check", *arguments]) == 2
    assert piece in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [["--seconds", "0"], ["--seconds", "nan"], ["--jobs", "0"], ["--jobs", "257"], ["--memory", "-1"]]
)
def test_options_have_ranges(capsys, wrong):
    """Outside of which they are usage mistakes."""
    with pytest.raises(SystemExit) as end:
        main(["check", "x.toml", *wrong])
    assert end.value.code == 2
    assert wrong[1] in capsys.readouterr().err


def test_the_command_itself_loads_no_sympy(file):
    """It reads, sends and prints; the processes that judge load the rest."""
    program = (
        "import sys\nfrom derive.claims import workers\nworkers.JUDGE = 'tests.claims.stand_in:judge'\n"
        "from derive.cli import main\nstatus = main(sys.argv[1:])\n"
        "assert not {'sympy', 'numpy', 'z3', 'islpy', 'lark', 'numba'} & set(sys.modules)\nsys.exit(status)"
    )
    arguments = [sys.executable, "-c", program, "check", file(claims(("a", "exact")))]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 3, done.stderr
    assert done.stderr == ""


def test_rows_are_wrapped_and_harmless():
    """Lines keep to the width, long names stand alone, control characters do not reach the terminal."""
    by = "a law with a long name, " * 10
    text = row(Finding("n" * 40, "proved", by=by + "\x1b[31m"), 32, 80)
    assert "\x1b" not in text and max(map(len, text.splitlines())) <= 84 and len(text.splitlines()) > 5
    broken = Finding("c", "refuted", first_wrong=2, counterexample=Witness((), "1", "2"), slip=Slip("s"))
    assert row(broken, 4, 80).splitlines() == [
        "  c     line 2      line 2 does not follow from line 1",
        "                    always: left 1, right 2",
        "                    slip: s",
    ]
    unread = Finding("u", "unreadable", error=Unread("never closed", 14, 9, "a + \\sum_{i\n    ^"))
    assert row(unread, 4, 80).splitlines() == [
        "  u     unreadable  line 14, column 9: never closed",
        "                        a + \\sum_{i",
        "                            ^",
    ]
    other = Finding(
        "o", "refuted", by="ill-formed: shapes", unused=("n > 1",), convention="correlation", readings=("a b", "f(x)"),
        difference="n", notes=("one", "two"),
    )  # fmt: skip
    assert [line.strip() for line in row(other, 4, 80).splitlines()] == [
        "o     refuted     left - right = n", "ill-formed: shapes", "not needed: n > 1",
        "it is right under another convention: correlation", "reading 1: a b", "reading 2: f(x)",
        "note: one", "note: two",
    ]  # fmt: skip
    assert row(Finding("q", "undecided"), 4, 80) == "  q     undecided\n"
    assert summary([broken, unread], 1.0) == "  2 claims: 1 refuted (1 chain broken), 1 unreadable        1.0 s\n"


def test_the_library_door(monkeypatch):
    """derive.check judges in this process; what is no claim is an error."""
    asked = []

    def answer(claim, seconds):
        asked.append((claim, seconds))
        return Finding("", "sampled", by="echo")

    monkeypatch.setattr(judging, "judge", answer)
    finding = derive.check(
        r"\sum_k a_k", "1", symbols={"n": "integer"}, where=[r"n > 1"], relation=r"\le", seconds=3, layout="numerator"
    )
    claim, seconds = asked[0]
    assert repr(finding) == "<sampled, by echo>" and seconds == 3
    assert (claim.left, claim.relation, claim.right) == ((r"\sum_k a_k",), "<=", ("1",))
    assert claim.symbols == (("n", "integer"),) and claim.where == ("n > 1",) and claim.layout == "numerator"
    derive.check(chain=("a", "= b"))
    derive.check(asked="receptive_field.stack", given={"layers": 2, "x": (1, 2)}, answer="K")
    assert asked[1][0].chain == ("a", "= b") and asked[2][0].given == (("layers", "2"), ("x", ("1", "2")))
    with pytest.raises(TypeError, match="neither"):
        assert derive.check("1", "1")
    for wrong in ({"left": "1"}, {"left": "1", "right": "1", "relation": "?"}, {"left": 1, "right": "1"}):
        with pytest.raises(ClaimError):
            derive.check(**wrong)
