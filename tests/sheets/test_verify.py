"""Certificates checked in a process of their own: what it is given, and what it may not take."""

from __future__ import annotations

import json
import sys

import pytest
from sympy import Mul, exp

from derive.constructs.registry import claim
from derive.kernel import certificate
from derive.kernel.derivation import Chain, Derivation
from derive.language import Cases, Context, array, declare, eq, integer, real, signal
from derive.rules.algebra import algebra
from derive.rules.cases import select_case
from derive.rules.combine import by, chain
from derive.sheets import verify

n, a = integer("n"), real("a")

LIMITED = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from derive.sheets.verify import _limit; _limit({}); {}"
)


def said(context: Context, proof: Chain) -> str:
    """What is said of the derivation."""
    derivation = Derivation("d", context, proof.start, proof.end, proof)
    status, text = verify.verdict("d.json", certificate.dumps(derivation))
    assert status == verify.GOOD
    return text


@pytest.mark.skipif(sys.platform != "linux", reason="limits of time are kept by Linux in this way")
def test_running_out_of_time_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process is stopped by the system, and that is said; it is no verdict."""
    monkeypatch.setattr(verify, "_CHILD", LIMITED.format(1, "\nwhile True: pass"))
    status, text, _ = verify.verify("x.json", 1)
    assert (status, text) == (
        1, "x.json: undecided: not finished within 1 seconds of computing; --seconds allows more\n",
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are kept by Linux in this way")
def test_running_out_of_memory_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """A term that grows without end takes this process with it and nothing else."""
    greedy = (
        "from derive.sheets import verify; verify._text = lambda file: bytearray(2 ** 40); verify.run('x.json', 60)"
    )
    monkeypatch.setattr(verify, "_CHILD", LIMITED.format(60, greedy))
    assert verify.verify("x.json", 60) == (1, "x.json: undecided: 4 GiB of memory are not enough\n", "")


def test_a_clock_bounds_what_does_not_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that waits for ever is ended too."""
    monkeypatch.setattr(verify, "_CHILD", "import time; time.sleep(1000)")
    monkeypatch.setattr(verify, "_PATIENCE", (0, 1))
    status, text, _ = verify.verify("x.json", 1)
    assert (status, text) == (1, "x.json: undecided: not finished within 1 seconds by the clock\n")


def test_a_checker_that_fails_accepts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ends the process but its own answer leaves the certificate undecided, with what it said."""
    for program, status in (("raise KeyError(1)", 1), ("sys.exit(0)", 0), ("sys.exit(39)", 39)):
        monkeypatch.setattr(verify, "_CHILD", f"import sys; print('proved'); {program}")
        answer = verify.verify("x.json", 60)
        assert answer[:2] == (1, f"x.json: undecided: the checking ended without an answer (status {status})\n")
        assert ("KeyError" in answer[2]) is (status == 1)


def test_the_folder_of_a_certificate_is_not_imported(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file named sympy.py beside a certificate is not run when the certificate is checked."""
    for name in ("sympy.py", "json.py", "derive.py"):
        (tmp_path / name).write_text("raise SystemExit(40)", encoding="utf-8")
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p])
    status, text, errors = verify.verify("x.json", 60)
    assert (status, errors) == (2, "")
    assert text == "x.json: not a certificate: certificate: the format is None, and only 1 is known here\n"


def test_what_a_derivation_stands_on_is_said() -> None:
    """Symbols with their sorts, arrays with their ranges, hypotheses; nothing that the goal rests on is left out."""
    w, z = array("w", (1, n), outside="wraps"), array("z", (1, n), (0, 5))
    context = Context((declare("n", "size"), declare("a", "real")), arrays=(signal("x"), w, z))
    lines = said(context, chain(context, w[n] * (a + 1), by(algebra, w[n] * a + w[n]))).splitlines()
    assert lines[0] == "d.json: proved"
    assert lines[2] == "  symbols   n (size), a (real)"
    assert [(line[:13], line.split("any numbers")[1]) for line in lines[3:6]] == [
        ("  where     x", ""),
        ("  where     w", " for 1 ≤ i ≤ n, indices wrapped around"),
        ("  where     z", " for 1 ≤ i ≤ n, 0 ≤ i' ≤ 5"),
    ]
    assert lines[6] == "  given     n ≥ 1"
    assert lines[7].startswith("  checked   1 step, 3 conditions, ")


def test_hypotheses_that_may_contradict_each_other_are_noted() -> None:
    """What follows from hypotheses that nobody knows to be possible is said with that warning."""
    possible = eq(2**n, 8)  # it is, at n = 3, but z3 says nothing of powers
    context = Context((declare("n", "integer"),), hypotheses=(possible,))
    text = said(context, chain(context, Cases((1, possible), (2, eq(n, n))), by(select_case, 0)))
    assert "  note      nothing shows that the hypotheses can hold all together\n" in text
    free = Context((declare("n", "integer"),))
    plain = said(free, chain(free, n * (n + 2), by(algebra, n**2 + 2 * n)))
    assert "note" not in plain


def test_what_the_verdict_takes_for_granted_is_noted() -> None:
    """Convergence of sums without end, and laws that no number bears out, are said."""
    status, text = verify.verdict("d.json", certificate.dumps(claim("time_shift.response")[1].derive()))
    assert status == verify.GOOD
    assert text.endswith("  note      sums without end are taken where they converge absolutely\n")
    context = Context((declare("a", "real"),))
    huge = exp(exp(exp(exp(9 + a**2))))
    text = said(context, chain(context, Mul(1, huge, evaluate=False), by(algebra, huge)))
    assert "0 points" in text
    assert text.endswith("note      no line could be compared with the next at an exact point: the laws alone say so\n")


@pytest.mark.parametrize("parameters", [[], ["n", "n"]])
def test_a_definition_without_its_indices_is_refused(parameters: list[str]) -> None:
    """It cannot be said what the array is; that ended the process instead of refusing the certificate."""
    data = json.loads(certificate.dumps(claim("recursion.solution")[1].derive()))
    data["context"]["definitions"][0]["parameters"] = parameters
    status, text = verify.verdict("x.json", json.dumps(data))
    assert status == verify.REFUSED
    assert f"\n  where     (no notation: y has 1 axes, not {len(parameters)})\n" in text
    assert "the definition of y does not say what its entries are" in text


def test_the_text_cannot_speak_for_the_checker() -> None:
    """No word of a certificate is printed at the beginning of a line."""
    data = json.loads(certificate.dumps(claim("time_shift.response")[1].derive()))
    data["name"] = "x.json: proved"
    data["right"] = 0
    status, text = verify.verdict("x.json", json.dumps(data))
    assert status == verify.REFUSED
    assert text.startswith("x.json: refused\n")
