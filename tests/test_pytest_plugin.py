"""Claims as tests, in a project outside this repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from derive.claims.findings import Finding, Witness
from derive.pytest_plugin import assert_formula, require

ROOT = Path(__file__).parents[1]
CLAIMS = """
[[claim]]
id = "good"
left = 'ok'
right = 'proved'

[[claim]]
id = "wrong"
left = 'ok'
right = 'refuted'

[[claim]]
id = "seen"
left = 'ok'
right = 'sampled'

[[claim]]
id = "seen"
left = 'sleep'
right = 'proved'

[[claim]]
id = "odd"
left = 'ok'
"""
STAND_IN = "from derive.claims import workers\nworkers.JUDGE = 'tests.claims.stand_in:judge'\n"


@pytest.fixture
def project(tmp_path):
    """A folder with the plugin installed by its entry point; runs pytest in it."""
    info = tmp_path / "site" / "derive_of_the_test-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: derive_of_the_test\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[pytest11]\nderive = derive.pytest_plugin\n", encoding="utf-8")
    folder = tmp_path / "project"
    folder.mkdir()

    def run(*arguments, **files):
        for name, text in files.items():
            (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "PYTHON", "CI"))}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments], cwd=folder,
            env={**clean, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path / "site")])},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return run


def test_claims_are_tests(project):
    """One each; what is not proved fails with its witness, and names the line of the claim."""
    done = project("-v", "--derive-seconds=0.5", conftest__py=STAND_IN, sums__claims__toml=CLAIMS)
    assert "1 passed" in done.stdout and "4 failed" in done.stdout, done.stdout + done.stderr
    for piece in (
        "sums.claims.toml::good PASSED",
        "wrong: refuted\n  n=1, a=2, x=[0, 1/2]: left -2, right 2\n  left / right = 1 - a",
        "sums.claims.toml::seen (3) FAILED",
        "seen: sampled",
        "seen: undecided\n  time: not finished within 0.5 seconds",
        "odd: unreadable\n  line 22: the claim has left but no right",
    ):
        assert piece in done.stdout, piece
    assert done.returncode == 1


def test_weaker_verdicts_can_be_allowed(project):
    """By the command line, or the ini file; a refuted claim never."""
    first = project("--derive-allow=sampled, undecided", "--derive-seconds=0.5", conftest__py=STAND_IN,
                    sums__claims__toml=CLAIMS)  # fmt: skip
    assert "3 passed" in first.stdout and "2 failed" in first.stdout, first.stdout
    ini = "[pytest]\nderive_allow = sampled undecided unreadable\nderive_seconds = 0.5\nderive_claims = *.sums.toml\n"
    second = project(pytest__ini=ini)
    assert "no tests ran" in second.stdout
    third = project(x__sums__toml=CLAIMS)
    assert "4 passed" in third.stdout and "1 failed" in third.stdout, third.stdout
    fourth = project("--derive-allow=refuted")
    assert fourth.returncode == 4 and "'refuted' cannot be allowed" in fourth.stderr


def test_a_file_that_is_no_claim_file_is_an_error_of_collection(project):
    """With its sentence."""
    done = project(bad__claims__toml="[[claim]]\nid = 'a\n")
    assert "bad.claims.toml, line 3: this is not TOML" in done.stdout and "1 error" in done.stdout


def test_nothing_is_loaded_where_nothing_is_asked(project):
    """No SymPy, not even the rest of derive, at the start of pytest and in a test without formulas."""
    test = (
        "import sys\ndef test_it():\n"
        "    assert 'derive.pytest_plugin' in sys.modules\n"
        "    loaded = {m for m in sys.modules if m.startswith(('derive.', 'sympy', 'numpy', 'lark', 'z3', 'islpy'))}\n"
        "    assert loaded == {'derive.pytest_plugin'}\n"
    )
    done = project(test_it__py=test)
    assert "1 passed" in done.stdout, done.stdout


def test_formulas_can_be_asserted(project):
    """With the function and the fixture."""
    test = (
        "import pytest\nfrom derive.claims import judging\nfrom derive.pytest_plugin import assert_formula as formula\n"
        "from tests.claims.stand_in import judge\njudging.judge = judge\n"
        "def test_function():\n    formula('ok', 'proved')\n    formula('ok', 'exact', allow='exact')\n"
        "def test_fixture(assert_formula):\n    assert_formula('ok', 'sampled', symbols={'n': 'integer'})\n"
        "def test_refuted():\n    formula('ok', 'refuted', allow=['refuted'])\n"
    )
    done = project("--derive-allow=sampled", test_it__py=test)
    assert "2 passed" in done.stdout and "1 failed" in done.stdout, done.stdout
    assert "claim 1: refuted" in done.stdout and "left -2, right 2" in done.stdout


def test_what_is_required(monkeypatch):
    """A refuted claim fails also where everything is allowed."""
    everything = ("exact", "sampled", "undecided", "unreadable", "refuted")
    for verdict in ("exact", "sampled", "undecided", "unreadable"):
        require(Finding("a", verdict), everything)
        with pytest.raises(AssertionError, match=f"a: {verdict}"):
            require(Finding("a", verdict))
    point = Witness((("n", "1"),), "1", "2")
    with pytest.raises(AssertionError, match="n=1: left 1, right 2"):
        require(Finding("a", "refuted", counterexample=point), everything)
    monkeypatch.setattr("derive.claims.judging.judge", lambda claim, seconds: Finding("", "proved"))
    assert assert_formula("1", "1").verdict == "proved"
