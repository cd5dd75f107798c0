"""The command line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from fractions import Fraction

import pytest
import sympy

import derive
from derive import cli
from derive.constructs.registry import claim as find_claim
from derive.errors import BadInput, SheetError, StepRejected, TexMissing
from derive.kernel import certificate
from derive.sheets import build as build_module
from derive.sheets import coverage, result

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

    def show(path, values, *_):
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
        (["certify", "--help"], 0),
        (["verify", "--help"], 0),
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
        (["certify"], 2),
        (["certify", "filtered_pulse", "--set", "L"], 2),
        (["verify"], 2),
        (["verify", "x.json", "--seconds", "0"], 2),
        (["verify", "x.json", "--seconds", "1e9"], 2),
        (["verify", "nowhere/x.json"], 2),
        (["check", "--help"], 0),
        (["check"], 2),
        (["check", "nowhere/x.toml"], 2),
        (["check", "x.toml", "--seconds", "0"], 2),
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
    assert len(light) == 27


def test_help_names_every_command_with_an_example():
    """Every command is in the help, with an example that the parser accepts."""
    text = cli.parser().format_help()
    commands = ("list", "show", "certify", "verify", "build", "new", "read", "degree", "network", "format", "check")
    for command in commands:
        assert f"\n    {command} " in text
        assert f"\n  derive {command}" in text
    examples = [line.split()[1:] for line in text.splitlines() if line.startswith("  derive ")]
    assert len(examples) == 16
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


def test_there_are_as_many_layouts_everywhere(capsys):
    """The command, the sheet file and the rules know the same ones, though each is read alone."""
    from derive.rules import layouts
    from derive.sheets import parts

    assert cli.LAYOUTS == parts.LAYOUTS == layouts.LAYOUTS
    with pytest.raises(SystemExit):
        cli.main(["show", "softmax_jacobian.entry", "--layout", "rows"])
    assert "invalid choice: 'rows'" in capsys.readouterr().err


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

    def rejected(path, values, *_):
        raise StepRejected("filtered_pulse.response", "3", "geometric_sum", "both sides differ", witness="n = 2")

    monkeypatch.setattr(result, "show", rejected)
    assert cli.main(["show", "filtered_pulse"]) == 1
    assert "filtered_pulse.response, step 3 (geometric_sum): both sides differ" in capsys.readouterr().err


@pytest.fixture
def rows(monkeypatch):
    """Rows for `derive list` that nothing was derived for."""

    def all_coverage(paths):
        for number, path in enumerate(paths, start=1):
            yield coverage.Coverage(path, "proved for all sizes", number, 2, 3, 4 * number, 5)

    monkeypatch.setattr(coverage, "all_coverage", all_coverage)


def test_list_is_a_table_of_how_each_claim_is_known(rows, capsys):
    """One line a claim, in order, with its counts, and what the grades mean."""
    assert cli.main(["list"]) == 0
    table, footer = capsys.readouterr().out.split("\n\n")
    head, *lines = table.splitlines()
    assert head.split() == ["claim", "known", "steps", "exact", "points", "float", "points"]
    assert len(lines) >= 5
    for number, line in enumerate(lines, start=1):
        assert line.split()[1:] == ["proved", "for", "all", "sizes", str(number), str(4 * number), "5"]
    assert "filtered_pulse.response" in table
    assert all(word in footer for word in ("proved for all sizes", "exact at sizes", "sampled", "cited"))


def test_list_as_data(rows, capsys):
    """As JSON there is what the construct is, its parameters, and how it is known."""
    assert cli.main(["list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    kinds = ("claims", "refuted", "growth")
    claims = [claim for construct in listed for kind in kinds for claim in construct[kind]]
    assert len(claims) >= 5
    for number, claim in enumerate(claims, start=1):
        assert claim["checked"] == "proved for all sizes"
        assert claim["coverage"] == {
            "steps": number, "conditions": 2, "step_points": 3, "exact_points": 4 * number, "float_points": 5,
            "problem": "",
        }  # fmt: skip


def test_list_with_a_refused_claim_ends_with_status_1(monkeypatch, capsys):
    """The table is finished, the reason follows, and the status tells a script."""

    def all_coverage(paths):
        yield coverage.Coverage(paths[0], coverage.REFUSED, problem="some, step 3 (law): no")
        for path in paths[1:]:
            yield coverage.Coverage(path, "cited", 1, 1, 1, 1, 1, "a book")

    monkeypatch.setattr(coverage, "all_coverage", all_coverage)
    assert cli.main(["list"]) == 1
    said = capsys.readouterr().out
    assert said.splitlines()[1].split()[1:] == ["refused"]
    assert "1 of " in said and "some, step 3 (law): no" in said
    assert cli.main(["list", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["claims"][0]["checked"] == "refused"


def test_list_names_derives_nothing(monkeypatch, capsys):
    """Every claim is named with its title and parameters, in words and as JSON alike, and nothing is worked out."""
    monkeypatch.setattr(coverage, "all_coverage", None)
    assert cli.main(["list", "--names", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert cli.main(["list", "--names"]) == 0
    text = capsys.readouterr().out
    kinds = ("claims", "refuted", "growth")
    claims = [claim for construct in listed for kind in kinds for claim in construct[kind]]
    assert len(claims) >= 5
    for claim in claims:
        name, title = re.escape(claim["claim"]), re.escape(claim["title"])
        assert re.search(rf"\n  {name}\n      ((false|growth): )?{title}\n", text)
        assert set(claim) == {"claim", "title", "parameters"}
        assert all(p["name"] and p["sort"] for p in claim["parameters"])
    response = next(c for c in claims if c["claim"] == "filtered_pulse.response")
    assert [(p["name"], p["sort"]) for p in response["parameters"]] == [
        ("n", "integer"), ("L", "size"), ("a", "real"),
    ]  # fmt: skip
    assert all(p["meaning"] for p in response["parameters"])
    program = "import sys\nfrom derive.cli import main\nmain(['list', '--names'])\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == text
    assert not {"numba", "matplotlib", "derive.kernel.checker", "derive.numeric.spotcheck"} & set(done.stderr.split())


def test_certify_and_verify(tmp_path):
    """A certificate is the same each time that it is written, and is accepted by a process that knows no construct."""
    again = ("certify", "recursion.solution")
    for _ in range(2):
        done = run(*again, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "recursion.solution.json: proved, 7 steps\n", "")
    assert [p.name for p in tmp_path.iterdir()] == ["recursion.solution.json"]
    text = run("certify", "recursion.solution", "-o", "-", cwd=tmp_path).stdout
    assert (tmp_path / "recursion.solution.json").read_text(encoding="utf-8") == text

    environment = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}
    done = run("verify", "recursion.solution.json", cwd=tmp_path, env=environment)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "recursion.solution.json: proved",
        "  goal      y[n] = Σ_{k=0..n} a^(n-k)·x[k]",
        "  symbols   n (natural), a (real)",
        "  where     y[n] = a·y[n-1] + x[n] for n ≥ 0 and 0 elsewhere",
        "  where     x[i] any numbers for i ≥ 0 and 0 elsewhere",
        "  given     n ≥ 0",
        *[line for line in done.stdout.splitlines() if line.startswith("  checked   7 steps, ")],
    ]
    loaded = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert {"derive.kernel.checker", "derive.rules.sums", "sympy"} <= loaded
    assert not any(name.startswith(("derive.constructs", "derive.numeric")) for name in loaded)


def test_certify_at_values(tmp_path):
    """The values are in the name, so that nothing is replaced; the certificate carries the general result."""
    done = run("certify", "filtered_pulse", "--set", "a=1/2", "--set", "L=7", cwd=tmp_path)
    assert done.stderr == ""
    assert done.stdout == "filtered_pulse.response_L=7_a=1-2.json: proved, 22 steps\n"
    done = run("verify", "filtered_pulse.response_L=7_a=1-2.json", cwd=tmp_path)
    assert "\n  goal      y[n] = {0 if n < 0; 2 - 2^(-n) if 0 ≤ n ≤ 6; 127·2^(-n) if n ≥ 7}\n" in done.stdout
    assert done.returncode == 0


def test_certify_replaces_nothing_unasked(tmp_path, capsys, monkeypatch):
    """A file that holds something else stays, and the sentence says what to do."""
    monkeypatch.chdir(tmp_path)
    there = tmp_path / "time_shift.response.json"
    there.write_text("mine", encoding="utf-8")
    assert cli.main(["certify", "time_shift"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "derive: time_shift.response.json is there and holds something else; "
        "--force replaces it, -o FILE writes another file\n"
    )
    assert there.read_text(encoding="utf-8") == "mine"
    assert cli.main(["certify", "time_shift", "--force"]) == 0
    assert json.loads(there.read_text(encoding="utf-8"))["name"] == "time_shift.response"
    assert [p.name for p in tmp_path.iterdir()] == ["time_shift.response.json"]
    assert cli.main(["certify", "time_shift", "-o", str(tmp_path)]) == 2
    assert "a folder of that name is there" in capsys.readouterr().err


def test_certify_refuses_what_show_refuses(tmp_path, capsys, monkeypatch):
    """A forbidden value is refused with status 1, a wrong name is a wrong command, and no file is left."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(["certify", "filtered_pulse", "--set", "L=0"]) == 1
    assert capsys.readouterr().err == "derive: L = 0 is not allowed: L >= 1 is needed\n"
    assert cli.main(["certify", "filtered_puls"]) == 2
    assert cli.main(["certify", "filtered_pulse", "--set", "zz=1"]) == 2
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_is_what_was_checked(tmp_path, monkeypatch):
    """A writer that made a mistake would be caught by the checker before the file is made."""
    text = certificate.dumps(find_claim("time_shift.response")[1].derive())
    monkeypatch.setattr(certificate, "dumps", lambda derivation: text.replace('"shift_index"', '"reverse_index"'))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["certify", "time_shift"]) == 1
    assert list(tmp_path.iterdir()) == []


def test_verify_looks_at_every_file(tmp_path):
    """An edited certificate is refused at its step, a broken one named with its place; the others are looked at."""
    good = certificate.dumps(find_claim("time_shift.response")[1].derive())
    data = json.loads(good)
    data["chain"]["moves"][2]["after"] = ["held", "Add", data["chain"]["moves"][2]["after"], 1]
    files = {
        "edited.json": json.dumps(data),
        "broken.json": good.replace('"path": [0, 1]', '"path": [0, true]'),
        "none.json": "no JSON",
        "other.json": good.replace('"sympy": "', '"sympy": "0.'),
        "good.json": good,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe")
    done = run("verify", *files, "binary.json", "nowhere.json", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout.count("goal      y_2[n] = y[n-N]\n") == 3
    assert "edited.json: refused\n" in done.stdout
    assert "time_shift.response, step 3 (shift_index): the law gives another line\n" in done.stdout
    assert "other.json: proved\n" in done.stdout
    assert f"  versions  made with sympy 0.{sympy.__version__}, checked with {sympy.__version__}\n" in done.stdout
    assert "good.json: proved\n" in done.stdout
    assert done.stdout.count("versions") == 1
    assert done.stderr.splitlines() == [
        "derive: broken.json: not a certificate: chain.moves[1].path[1]: a whole number is wanted, not True",
        "derive: none.json: not a certificate: line 1, column 1: this is not JSON: Expecting value",
        "derive: binary.json: not a certificate: this is not UTF-8 text",
        "derive: nowhere.json: not a certificate: the file cannot be read: No such file or directory",
        "derive: .: not a certificate: the file cannot be read: Is a directory",
    ]
    assert run("verify", "good.json", "edited.json", "other.json", cwd=tmp_path).returncode == 1
    assert run("verify", "-", cwd=tmp_path, input=good).stdout.startswith("-: proved\n")


def test_build_passes_its_arguments_and_is_quiet_in_a_pipe(monkeypatch, capsys, tmp_path):
    """A build tells its progress on a terminal only; notes are said always."""
    calls = []

    def build(sheets, out, formats, progress, workers, editions, grain, cache, variants, templates):
        calls.append((sheets, out, formats, progress is not None, editions, grain, cache is not None))
        if progress is not None:
            progress("x: problem 1 (a)")
        return build_module.BuildReport((tmp_path / "x.html",), ("no PDF was made",))

    monkeypatch.setattr(build_module, "build", build)
    assert cli.main(["build", "x.toml", "y.toml"]) == 0
    assert capsys.readouterr() == ("", "derive: no PDF was made\n")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    more = ["--edition", "key,handout", "--grain", "full", "--no-cache"]
    assert cli.main(["build", "x.toml", "-o", "there", "--format", "html,tex", *more]) == 0
    assert capsys.readouterr() == ("", f"x: problem 1 (a)\nderive: no PDF was made\nwrote {tmp_path / 'x.html'}\n")
    assert calls == [
        (["x.toml", "y.toml"], "outputs", ("tex", "pdf", "html", "md", "cert"), False, ("solution",), None, True),
        (["x.toml"], "there", ("tex", "html"), True, ("handout", "key"), "full", False),
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
