"""Answers to questions of the constructs: read with the construct's letters, at the given values, and decided."""

from __future__ import annotations

import time

import pytest

from derive.claims.asked import judged_answer
from derive.claims.files import claims_in
from derive.claims.findings import Form
from derive.claims.judging import judge, prepare
from derive.claims.stated import Claim


@pytest.fixture(scope="module", autouse=True)
def prepared():
    """The library is loaded before the clock runs."""
    prepare()


SIZES = (("s", "size"), ("L", "size"), ("K", "size"))


def found(asked, given, answer, symbols=SIZES):
    """The finding on an answer."""
    claim = Claim("c", asked=asked, given=tuple(given.items()), answer=answer, symbols=symbols)
    return judged_answer(claim, time.monotonic() + 20)


@pytest.mark.parametrize(
    ("asked", "given", "answer", "verdict"),
    [
        ("receptive_field.jump", {"S": "s", "L": "3"}, "s^3", "proved"),
        ("receptive_field.jump", {"S": "s", "layers": "L"}, "s^{L}", "proved"),
        ("receptive_field.jump", {"S": "s", "layers": "L"}, "s^{L-1}", "refuted"),
        ("receptive_field.jump", {}, "\\prod_{t=1}^{L} S_t", "proved"),
        ("receptive_field.jump", {"L": "2"}, "S_1 S_2", "proved"),
        ("receptive_field.jump", {"L": "2"}, "S_1 S_1", "refuted"),
        ("softmax_jacobian.total", {}, "1", "proved"),
        ("softmax_jacobian.total", {}, "K", "refuted"),
        ("softmax_jacobian.entry", {}, "p_i (\\delta_{ij} - p_i)", "refuted"),
        ("softmax_jacobian.total", {"K": "L"}, "L/L", "proved"),
        ("finite_sums.triangle", {"n": "K"}, "\\sum_{j=0}^{n} (n + 1 - j) x_j", "proved"),
    ],
)
def test_answers_are_judged(asked, given, answer, verdict):
    """A right answer is proved, with the construct's own result as a lemma; a wrong one refuted."""
    assert found(asked, given, answer).verdict == verdict


def test_letters_that_the_claim_declares_are_its_own():
    """Where the construct's n is given as m, and its m as n, the answer's n is the claim's."""
    symbols = (("n", "integer >= 0"), ("m", "size"))
    swapped = {"n": "m", "m": "n"}
    assert found("binomial_sums.vandermonde", {}, "\\binom{m+n}{n}", symbols).verdict in ("proved", "sampled")
    assert found("binomial_sums.vandermonde", {"n": "m"}, "\\binom{m+m}{m}", symbols).verdict != "refuted"
    assert found("binomial_sums.vandermonde", swapped, "\\binom{m+n}{m+1}", symbols).verdict == "refuted"


@pytest.mark.parametrize(
    ("asked", "given", "answer", "words"),
    [
        ("receptive_field.jmp", {}, "1", "did you mean 'jump'"),
        ("receptive_feld.jump", {}, "1", "did you mean 'receptive_field'"),
        ("receptive_field.jump", {"layer": "2"}, "1", "did you mean 'layers'"),
        ("receptive_field.jump", {"L": "-3"}, "1", "L >= 0 is needed"),
        ("receptive_field.jump", {"S": ("1", "2")}, "1", "given as a list"),
        ("receptive_field.jump", {}, "S_1 + q", "q is neither declared nor bound"),
        ("receptive_field.jump", {}, "(1", "never closed"),
    ],
)
def test_what_cannot_be_read_is_said(asked, given, answer, words):
    """Unknown names with the nearest right one, values that are not allowed, answers without a meaning."""
    finding = found(asked, given, answer)
    assert finding.verdict == "unreadable"
    assert words in finding.error.message


def test_a_slip_in_an_answer_is_named() -> None:
    """The repaired answer is proved, the form is judged, and the answer without its slip has none."""
    asked = {"asked": "receptive_field.jump", "given": (("S", "s"), ("L", "3")), "symbols": (("s", "size"),)}
    found = judge(Claim("c", answer="s^2", form="closed", **asked))
    assert found.verdict == "refuted" and found.slip is not None, found
    assert (found.slip.kind, found.slip.formula) == ("off by one", "s^{3}") and found.form == Form("closed", True)
    assert judge(Claim("c", answer="s^3", **asked)).slip is None


def test_a_wrong_name_in_given_is_told_with_its_line() -> None:
    """The line of the name, and the nearest one."""
    (claim,) = claims_in("[[claim]]\nasked = 'receptive_field.jump'\nanswer = '1'\n[claim.given]\nLL = 2\n")
    found = judge(claim)
    assert found.error is not None and found.error.line == 5 and "did you mean 'L'?" in found.error.message


@pytest.mark.parametrize(
    ("answer", "verdict", "repair"),
    [
        ("K + (L-1)(K-1)", "proved", ""),
        ("K + L(K-1)", "refuted", "L - 1"),
        (r"1 + \sum_{l=1}^{L} (K-1)", "proved", ""),
    ],
)
def test_a_recursion_is_known_by_its_result(answer, verdict, repair):
    """Where the question speaks of a recursion, the construct's result at the given values decides."""
    asked = Claim(
        "stack", symbols=(("L", "size"), ("K", "size")), asked="receptive_field.stack",
        given=(("layers", "L"), ("kernel", "K"), ("stride", "1")), answer=answer,
    )  # fmt: skip
    found = judge(asked, 60)
    assert found.verdict == verdict
    assert repair in (found.slip.repair if found.slip else "")
