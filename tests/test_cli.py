"""The command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction

import pytest

import derive
from derive import cli
from derive.errors import BadInput, SheetError, StepRejected, TexMissing
from derive.sheets import build as build_module
from derive.sheets import result

HEAVY = (
    "sympy", "numpy", "numba", "jinja2", "matplotlib", "islpy", "z3", "flint", "math_core", "mpmath",
    "derive.language", "derive.kernel.derivation", "derive.render.document", "derive.constructs.construct",
)  # fmt: skip


class FakeAnswer:
    """An answer that says which format was asked for."""

    def __init__(self, path, values):
        self.path, self.values = path, values

    def __getattr__(self, name):
        return lambda: f"{name} of {self.path} at {self.values}"


@pytest.fixture
def asked(monkeypatch):
    """What the command asked of `show`, which answers without deriving anything."""
    calls = []

    def show(path, values):
        calls.append((path, dict(values)))
        return FakeAnswer(path, values)

    monkeypatch.setattr(result, "show", show)
    return calls


def run(*arguments, **more):
    """A fresh process, as a user starts it."""
    return subprocess.run(
        [sys.executable, "-m", "derive", *arguments], capture_output=True, text=True, timeout=120, check=False, **more
    )


def test_nothing_heavy_is_loaded_to_say_help_version_or_no():
    """Help, the version and wrong arguments are answered with the standard library alone."""
    light = [
        (["--help"], 0),
        (["--version"], 0),
        (["show", "--help"], 0),
        (["list", "--help"], 0),
        (["build", "--help"], 0),
        ([], 2),
        (["frobnicate"], 2),
        (["show"], 2),
        (["show", "filtered_pulse", "--set", "L"], 2),
        (["show", "filtered_pulse", "--set", "L=1e3"], 2),
        (["show", "filtered_pulse", "--format", "docx"], 2),
        (["show", "filtered_pulse", "--set", "L=1", "--set", "L=2"], 2),
        (["build"], 2),
        (["build", "x.toml", "--format", "docx"], 2),
        (["list", "--jsno"], 2),
    ]
    program = (
        "import sys\nfrom derive.cli import main\n"
        "try:\n    status = main(sys.argv[1:])\nexcept SystemExit as end:\n    status = end.code\n"
        "print('loaded:', *[m for m in sys.modules], file=sys.stderr)\nsys.exit(status)"
    )
    for arguments, status in light:
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == status, (arguments, done.stderr)
        loaded = done.stderr.rsplit("loaded:", 1)[1].split()
        assert "derive.cli" in loaded
        assert not set(HEAVY) & set(loaded), (arguments, set(HEAVY) & set(loaded))
    assert len(light) == 15


def test_help_names_every_command_with_an_example():
    """Every command is in the help, with an example that the parser accepts."""
    text = cli.parser().format_help()
    commands = ("list", "show", "build")
    for command in commands:
        assert f"\n    {command} " in text
        assert f"\n  derive {command}" in text
    examples = [line.split()[1:] for line in text.splitlines() if line.startswith("  derive ")]
    assert len(examples) == 4
    for example in examples:
        assert cli.parser().parse_args(example).command == example[0]
    for status in ("0  all is well", "1  something was refused", "2  the command or a file"):
        assert status in text


def test_version():
    """The version is the package's own."""
    done = run("--version")
    assert done.stdout == f"derive {derive.__version__}\n"
    assert done.returncode == 0


def test_wrong_usage_is_one_sentence(capsys):
    """A wrong argument ends with status 2, says what stands where, and points to the help."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["show", "filtered_pulse", "--set", "a=1/0"])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("derive show: argument --set: '1/0' is not an exact number")
    assert "at column 3 stands '0'" in said.err
    assert said.err.endswith("(try: derive show --help)\n")


def test_show_passes_exact_values_and_prints_each_format(asked, capsys):
    """Values arrive as fractions, and each format is the answer's own."""
    methods = {"text": "text", "tex": "tex", "md": "markdown", "html": "html", "json": "json"}
    assert tuple(methods) == cli.SHOW_FORMATS
    for name, method in methods.items():
        arguments = ["show", "filtered_pulse.response", "--set", "L=7", "--set", "a=1/2", "--format", name]
        assert cli.main(arguments) == 0
        assert capsys.readouterr().out.startswith(f"{method} of filtered_pulse.response at")
    assert asked == [("filtered_pulse.response", {"L": Fraction(7), "a": Fraction(1, 2)})] * 5


def test_show_writes_a_file(asked, tmp_path, capsys):
    """With -o the answer goes into the file and nowhere else, and an old file is replaced whole."""
    target = tmp_path / "new" / "answer.txt"
    for _ in range(2):
        assert cli.main(["show", "time_shift", "-o", str(target)]) == 0
    assert target.read_text(encoding="utf-8") == "text of time_shift at {}\n"
    assert [p.name for p in target.parent.iterdir()] == ["answer.txt"]
    assert capsys.readouterr().out == ""
    assert len(asked) == 2


def test_wrong_names_end_with_status_2(asked, capsys):
    """A claim or symbol that does not exist is a wrong command, and the answer says what there is."""
    wrong = {
        ("filtered_puls",): "did you mean 'filtered_pulse'?",
        ("filtered_pulse.respons",): "did you mean 'response'?",
        ("filtered_pulse", "--set", "zz=1"): "filtered_pulse has no symbol 'zz'; there are n, L, a",
        ("filtered_pulse", "--set", "L=1", "--set", "L=2"): "L is set twice, to 1 and to 2",
        ("../../etc/passwd",): "there is no construct",
        ("os.system",): "there is no construct 'os'",
    }
    for arguments, sentence in wrong.items():
        assert cli.main(["show", *arguments]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("derive: ")
        assert sentence in said.err
        assert said.err.count("\n") == 1
    assert len(wrong) == 6
    assert asked == []


def test_a_value_that_a_hypothesis_forbids_is_refused(monkeypatch, capsys):
    """A value outside the hypotheses ends with status 1."""
    assert cli.main(["show", "filtered_pulse", "--set", "L=-1"]) == 1
    said = capsys.readouterr()
    assert said.err == "derive: L = -1 is not allowed: L >= 1 is needed\n"
    assert said.out == ""

    def rejected(path, values):
        raise StepRejected("filtered_pulse.response", "3", "geometric_sum", "both sides differ", witness="n = 2")

    monkeypatch.setattr(result, "show", rejected)
    assert cli.main(["show", "filtered_pulse"]) == 1
    assert "filtered_pulse.response, step 3 (geometric_sum): both sides differ" in capsys.readouterr().err


def test_list_says_what_there_is(monkeypatch, capsys):
    """Every claim is listed with its parameters and its grade, in words and as JSON alike."""
    monkeypatch.setattr(result, "grade", lambda construct, claim: f"grade of {construct.name}.{claim.name}")
    assert cli.main(["list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert cli.main(["list"]) == 0
    text = capsys.readouterr().out
    claims = [claim for construct in listed for claim in construct["claims"]]
    assert len(claims) >= 3
    for claim in claims:
        assert f"\n  {claim['claim']}\n" in text
        assert claim["checked"] == f"grade of {claim['claim']}"
        assert f"checked: grade of {claim['claim']}\n" in text
        assert len(claim["parameters"]) >= 1
    response = next(c for c in claims if c["claim"] == "filtered_pulse.response")
    assert [(p["name"], p["sort"]) for p in response["parameters"]] == [
        ("n", "integer"), ("L", "size"), ("a", "real"),
    ]  # fmt: skip
    assert all(p["meaning"] for p in response["parameters"])


def test_build_passes_its_arguments_and_is_quiet_in_a_pipe(monkeypatch, capsys, tmp_path):
    """A build tells its progress on a terminal only; notes are said always."""
    calls = []

    def build(sheets, out, formats, progress):
        calls.append((sheets, out, formats, progress is not None))
        if progress is not None:
            progress("x: problem 1 (a)")
        return build_module.BuildReport((tmp_path / "x.html",), ("no PDF was made",))

    monkeypatch.setattr(build_module, "build", build)
    assert cli.main(["build", "x.toml", "y.toml"]) == 0
    assert capsys.readouterr() == ("", "derive: no PDF was made\n")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert cli.main(["build", "x.toml", "-o", "there", "--format", "html,tex"]) == 0
    assert capsys.readouterr() == ("", f"x: problem 1 (a)\nderive: no PDF was made\nwrote {tmp_path / 'x.html'}\n")
    assert calls == [
        (["x.toml", "y.toml"], "outputs", ("tex", "pdf", "html", "md"), False),
        (["x.toml"], "there", ("tex", "html"), True),
    ]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SheetError("the sheet has no problem", "x.toml", 3), 2),
        (BadInput("two sheets"), 2),
        (TexMissing("no TeX engine was found"), 1),
        (StepRejected("c", "1", "r", "no"), 1),
    ],
)
def test_errors_of_a_build_are_sentences(monkeypatch, capsys, error, status):
    """What is refused on purpose is said without a traceback, with the status that the help promises."""

    def build(*_):
        raise error

    monkeypatch.setattr(build_module, "build", build)
    assert cli.main(["build", "x.toml"]) == status
    assert capsys.readouterr() == ("", f"derive: {error}\n")


def test_mistakes_of_the_program_keep_their_traceback(monkeypatch):
    """An error that nobody foresaw is not turned into a sentence."""

    def build(*_):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(build_module, "build", build)
    with pytest.raises(ZeroDivisionError):
        cli.main(["build", "x.toml"])


def test_a_missing_sheet_is_said_in_a_sentence(tmp_path):
    """A file that is not there: status 2, the name, the reason; nothing is written."""
    done = run("build", "nowhere.toml", cwd=tmp_path, env={**os.environ, "PYTHONWARNINGS": "error"})
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "derive: nowhere.toml: the file cannot be read: No such file or directory\n"
    assert list(tmp_path.iterdir()) == []


def test_a_closed_pipe_is_no_error():
    """`derive list | head -0` ends quietly."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "derive", "show", "time_shift", "--format", "json"],
            stdout=closed, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 0
