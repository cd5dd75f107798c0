# ruff: noqa: E501  (one claim a line)
r"""Dots, sliding products, forms, and conditions as they are told: (symbols, claim, what comes of it)."""

from __future__ import annotations

import pytest

from derive.claims.findings import Finding, Form
from derive.claims.judging import judge, prepare
from derive.claims.stated import Claim

N = {"n": "size", "d": "size", "a": "real", "b": "real", "q": "integer"}
X = {**N, "x": "array[n]", "v": "vector[n]", "M": "matrix[n, d]", "A": "matrix[n, n]"}
W = {
    "n": "size", "k": "size", "m": "integer", "x": "array[n]", "w": "array[k]", "u": "array[n] from 0",
    "v": "array[k] from 0", "p": "array[n] from 0, zero outside", "q": "array[k] from 0, zero outside",
    "r": "array[n] from 0, wraps", "y": "array[n-k+1]", "f": "array[n+k-1]", "z": "array[n-k+1] from 0",
    "s": "array[n] from 0", "i": "index of y", "j": "index of z", "c": "array[n-k+1]",
}  # fmt: skip

DOTS = [
    (r"(1, 2, \dots, n) = (1, 2, 3, \dots, n)", "proved"),
    (r"\|(1, 3, 5, \dots, 2n-1)\|_1 = n^2", "proved"),
    (r"v = \begin{bmatrix} v_1 & v_2 & \cdots & v_n \end{bmatrix}^\top", "proved"),
    (r"2v = \begin{pmatrix} 2v_1 \\ 2v_2 \\ \vdots \\ 2v_n \end{pmatrix}", "proved"),
    (r"x = (x_1, \ldots, x_n)", "proved"),
    (r"x = (x_1, \ldots, x_{n-1})", "ill-formed"),
    (r"x = (x_n, \ldots, x_1)", "refuted"),
    (r"\max(x_1, \dots, x_n) = \max_{1 \le k \le n} x_k", "proved"),
    (r"x_1 + x_2 + \dots + x_n = \sum_{k=1}^n x_k", "proved"),
    (r"x_1 + x_2 + \dots + x_{n-1} + x_n = \sum_{k=1}^n x_k", "proved"),
    (r"a + x_1 v_1 + x_2 v_2 + \dots + x_n v_n + b = a + b + \sum_{k=1}^n x_k v_k", "proved"),
    (r"1 + 3 + 5 + \dots + (2n-1) = n^2", "proved"),
    (r"1 + 4 + 9 + \dots + n^2 = \sum_{k=1}^n k^2", "proved"),
    (r"1 + 2 + 4 + \dots + 2^{n-1} = 2^n - 1", "proved"),
    (r"1 + a + a^2 + \dots + a^n = \frac{1-a^{n+1}}{1-a} \quad \text{for } a \ne 1", "proved"),
    (r"1 + 2 + \dots + n = \frac{n(n-1)}{2}", "refuted"),
    (r"1 + 2 + \dots + q = \frac{q(q+1)}{2}", "refuted"),
    (r"1 \cdot 2 \cdots n = n!", "proved"),
    (r"\operatorname{diag}(v) = \begin{bmatrix} v_1 & & \\ & \ddots & \\ & & v_n \end{bmatrix}", "proved"),
    (r"\operatorname{diag}(v) = \begin{bmatrix} v_1 & 0 & \cdots & 0 \\ 0 & v_2 & \cdots & 0 \\ \vdots & \vdots & \ddots & \vdots \\ 0 & 0 & \cdots & v_n \end{bmatrix}", "proved"),
    (r"I_n = \begin{pmatrix} 1 & 0 & \cdots & 0 \\ 0 & 1 & \cdots & 0 \\ \vdots & \vdots & \ddots & \vdots \\ 0 & 0 & \cdots & 1 \end{pmatrix}", "proved"),
    (r"M = \begin{bmatrix} M_{11} & M_{12} & \cdots & M_{1d} \\ M_{21} & M_{22} & \cdots & M_{2d} \\ \vdots & \vdots & \ddots & \vdots \\ M_{n1} & M_{n2} & \cdots & M_{nd} \end{bmatrix}", "proved"),
    (r"v v^\top = \begin{bmatrix} v_1 v_1 & \cdots & v_1 v_n \\ \vdots & \ddots & \vdots \\ v_n v_1 & \cdots & v_n v_n \end{bmatrix}", "proved"),
    (r"A^\top = \begin{bmatrix} A_{11} & \cdots & A_{1n} \\ \vdots & \ddots & \vdots \\ A_{n1} & \cdots & A_{nn} \end{bmatrix}", "refuted"),
    (r"\begin{vmatrix} a & b \\ 2 & 3 \end{vmatrix} = 3a - 2b", "proved"),
    (r"1 + 2 + \dots + 2^n = 2^{n+1} - 1", "in more than one way"),
    (r"1 + 4 + 7 + 12 + \dots + n = n^2", "do not lead to"),
    (r"1 - 2 + \dots + n = n", "different signs"),
    (r"1 + 2 + \dots = a", "once, between what goes on"),
    (r"v = \begin{bmatrix} v_1 \\ \vdots \\ \vdots \\ v_n \end{bmatrix}", "one row and one column"),
]  # fmt: skip

SLIDES = [
    ("no flip", "", r"(x * w)_i = \sum_{a=1}^{k} x_{i+a-1} w_a", "the readings disagree"),
    ("no flip", "", r"(u * v)_j = \sum_{a=0}^{k-1} u_{j+a} v_a", "proved"),
    ("no flip", "", r"(u * v)_j = \sum_{a=0}^{k-1} u_{j-a} v_a", "refuted"),
    ("flip", "", r"(p \star q)_m = \sum_{a=0}^{k-1} p_{m+a} q_a", "proved"),
    ("no flip", r"y = x \star w", r"y_i = \sum_{a=1}^{k} x_{i+a-1} w_a", "proved"),
    ("no flip", r"y = x * w", r"y_i = \sum_{a=1}^{k} x_{i+a} w_a", "refuted"),
    ("no flip", r"y = x * w + c", r"y_i = c_i + \sum_{a=1}^{k} x_{i+a-1} w_a", "proved"),
    ("flip", r"y = x * w", r"y_i = \sum_{a=1}^{k} x_{i+k-a} w_a", "proved"),
    ("flip", r"f = x * w", r"f_1 = x_1 w_1", "proved"),
    ("no flip", r"f = x * w", r"f_1 = x_1 w_k", "proved"),
    ("no flip", r"f = x * w", r"f_{n+k-1} = x_n w_1", "proved"),
    ("flip", r"s = p * q", r"s_0 = p_0 q_0", "holds"),
    ("flip", "", r"(r * v)_0 = \sum_{a=0}^{k-1} r_{-a} v_a", "proved"),
    ("no flip", r"y = x * w", r"\frac{\partial}{\partial w_1} \sum_{a=1}^{n-k+1} c_a y_a = \sum_{a=1}^{n-k+1} c_a x_a", "holds"),
    ("no flip", r"y = x * w", r"\nabla_w \sum_{a=1}^{n-k+1} c_a y_a = x * c", "proved"),
    ("no flip", "", r"x * w = x", "which part?"),
]  # fmt: skip

FORMS = [
    (r"\frac{n(n+1)}{2}", "closed", ""), (r"\sum_{k=1}^{n} k", "closed", "a sum over a range is left"),
    (r"1 + 2 + \dots + n", "closed", "dots are left"), (r"n + \sum_{k=1}^{3} \frac{n(n-1)}{6}", "closed", ""),
    (r"S", "closed", "in S, a sum over a range is left"), (r"R_n", "closed", "R is defined by a recursion"),
    (r"\frac{1}{2} n (n+1)", "factored", ""), (r"\frac{n^2+n}{2}", "factored", "is a product of 2 factors"),
    (r"\frac{n}{2} + \frac{n^2}{2}", "factored", "is a product of"), (r"n \cdot \frac{n+1}{2}", "factored", ""),
    (r"\begin{cases} \frac{n(n+1)}{2} & n \ge 1 \\ 0 & \text{otherwise} \end{cases}", "piecewise", ""),
    (r"\frac{n(n+1)}{2} [n \ge 1]", "piecewise", ""), (r"\frac{n(n+1)}{2}", "piecewise", "neither cases"),
    (r"\frac{n(n-1)}{2}", "closed", ""),
]  # fmt: skip

MISSING = [
    (r"\frac{1-a^n}{1-a} = \frac{1-a^n}{1-a}", r"a \ne 1"), (r"\frac{b}{a+b} = 1 - \frac{a}{a+b}", r"a \ne -b"),
    (r"\sqrt{a}^2 = a", r"a \ge 0"), (r"\frac{x_1}{x_1} = 1", r"x_1\ne 0"), (r"x_q = x_q", r"1\le q\le n"),
    (r"\sum_{k=1}^n \frac{v_k x_k}{x_k} = \sum_{k=1}^n v_k", r"x_k\ne 0 \ \forall k"), (r"A A^{-1} = I", r"\det(A)\ne 0"),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def prepared() -> None:
    """Laws and library are there, as in the workers; the first claim does not pay for them."""
    prepare()


def decided(symbols: dict[str, str], text: str, explain: bool = False, **more: object) -> Finding:
    """The finding on a claim in one line."""
    return judge(Claim("c", symbols=tuple(symbols.items()), chain=(text,), **more), 20, explain)  # type: ignore[arg-type]


def as_wanted(found: Finding, wanted: str) -> bool:
    """Whether the verdict is the one that is wanted, or its words are there."""
    if wanted in ("proved", "refuted"):
        return found.verdict == wanted and "ill-formed" not in found.by
    if wanted == "holds":
        return found.verdict in ("proved", "exact", "sampled")
    bad = found.verdict == ("refuted" if wanted == "ill-formed" else "undecided")
    return bad and wanted in found.by


@pytest.mark.parametrize(("text", "wanted"), DOTS, ids=[text for text, _ in DOTS])
def test_dots(text: str, wanted: str) -> None:
    """Dots are read where there is one way to go on; else it is said what is not clear."""
    found = decided(X, text)
    assert as_wanted(found, wanted), found


@pytest.mark.parametrize(("convention", "let", "text", "wanted"), SLIDES, ids=[f"{s[1]}; {s[2]}" for s in SLIDES])
def test_sliding_products(convention: str, let: str, text: str, wanted: str) -> None:
    """Valid or full, with the flip or without, as the sizes and conventions say."""
    found = decided(W, text, let=(let,) if let else (), conventions=(("convolution", convention),))
    assert as_wanted(found, wanted), found


@pytest.mark.parametrize(("answer", "form", "why"), FORMS)
def test_forms(answer: str, form: str, why: str) -> None:
    """The form is judged apart from the truth, with the reason."""
    let = (r"S = \sum_{j=1}^{n} j", "R_0 = 0", "R_{l+1} = R_l + l + 1")
    found = judge(Claim("c", (), tuple(N.items()), (), let, (r"\sum_{k=1}^{n} k",), (answer,), form=form), 20, False)
    assert found.form == Form(form, not why, found.form.why) and why in found.form.why, found
    assert found.verdict == "refuted" if "n-1)}{2}" in answer and "sum" not in answer else found.verdict != "refuted"


def test_a_form_that_is_not_known() -> None:
    """It is refused in a sentence that names those there are."""
    found = decided(N, "a = a", form="pretty")
    assert found.verdict == "unreadable"
    assert "there are closed, factored, piecewise" in found.error.message


@pytest.mark.parametrize(("text", "wanted"), MISSING)
def test_a_missing_condition_is_told_as_latex_that_is_read(text: str, wanted: str) -> None:
    """Put among the hypotheses, what is told takes the refutation away."""
    found = decided(X, text)
    assert found.verdict == "refuted" and found.by.endswith(f"a hypothesis is missing: {wanted}"), found
    again = decided(X, text, where=(wanted,))
    assert again.verdict not in ("refuted", "unreadable"), again


def test_hypotheses_that_only_give_a_value_are_used() -> None:
    """x/x = 1 rests on x not being 0, though algebra never asks."""
    found = decided(X, r"\frac{a}{a} = 1", where=("a > 0", r"n \ge 2"))
    assert (found.verdict, found.where, found.unused) == ("proved", ("a > 0",), (r"n \ge 2",))


def test_the_whole_repaired_claim_is_read_back() -> None:
    """The slip of a missing hypothesis tells a claim that is proved as it stands."""
    for text in (r"\sum_{k=0}^{n-1} a^k = \frac{1-a^n}{1-a}", r"\frac{1}{(n-2) b} = \frac{1}{nb - 2b}"):
        found = decided(N, text, explain=True)
        assert found.slip is not None and found.slip.kind == "hypothesis", found
        assert decided(N, found.slip.formula).verdict == "proved", found


def test_two_slips_at_once() -> None:
    """Both are named, and the repaired formula is proved."""
    found = decided(N, r"\sum_{k=0}^{n-1} a^k = \frac{1+a^{n-1}}{1-a}", explain=True, where=(r"a \ne 1",))
    assert found.slip is not None and found.slip.repair.startswith("two slips: "), found
    assert found.slip.kind in ("off by one and sign", "sign and off by one"), found
