"""Logarithms of sums of exponentials, softmax and what goes with them: proved for all sizes, wrong twins refuted."""

from __future__ import annotations

import pytest
from sympy import exp, log

from derive.claims.exponentials import apart, taken_out
from derive.claims.judging import judge
from derive.claims.stated import Claim
from derive.language import Context, IndexSum, array, declare, integer

SYMBOLS = (
    ("n", "size"), ("c", "real"), ("x", "real"), ("z", "array[n]"), ("y", "array[n]"), ("v", "array[n]"),
    ("i", "index of z"), ("j", "index of z"),
)  # fmt: skip
P = r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}"
S = r"\sigma(t) = \frac{1}{1+e^{-t}}"
WHOLE = r"\sum_i y_i = 1"
ROWS = [
    (r"\log \sum_{j=1}^n e^{z_j + c}", r"c + \log \sum_{j=1}^n e^{z_j}", "", r"-c + \log \sum_{j=1}^n e^{z_j}"),
    (r"\log \sum_{j=1}^n e^{z_j}", r"c + \log \sum_{j=1}^n e^{z_j-c}", "", r"c + \log \sum_{j=1}^n e^{z_j+c}"),
    (r"\log \sum_j e^{z_j}", r"m + \log \sum_j e^{z_j-m}", r"m = \max_j z_j", r"m \log \sum_j e^{z_j-m}"),
    (r"-\log p_i", r"-z_i + \log \sum_k e^{z_k}", P, r"z_i + \log \sum_k e^{z_k}"),
    (r"-\sum_i y_i \log p_i", r"\log \sum_k e^{z_k} - \sum_i y_i z_i", P, r"\log \sum_k e^{z_k} - \sum_i z_i"),
    (r"p_n", r"\frac{1}{1 + \sum_{k=1}^{n-1} e^{z_k - z_n}}", P, r"\frac{1}{\sum_{k=1}^{n-1} e^{z_k - z_n}}"),
    (
        r"\sum_i p_i v_i^2 - (\sum_i p_i v_i)^2", r"\sum_i p_i (v_i - \sum_k p_k v_k)^2", P,
        r"\sum_i p_i (v_i - \sum_k v_k)^2",
    ),
    (r"\log(1+e^x) - \log(1+e^{-x})", "x", "", "-x"),
    (r"\log \sigma(x)", r"x - \log(1 + e^x)", S, r"-x - \log(1 + e^x)"),
    (r"\tanh(x)", r"2\sigma(2x) - 1", S, r"2\sigma(x) - 1"),
    (r"\tanh(x)", r"\frac{e^x - e^{-x}}{e^x + e^{-x}}", "", r"\frac{e^x - e^{-x}}{2}"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "let", "wrong"), ROWS, ids=lambda text: text[:40])
def test_right_and_wrong(left: str, right: str, let: str, wrong: str) -> None:
    """What is right is proved, its twin has a point against it."""
    where = (WHOLE,) if "y_i" in left else ()
    made = Claim("row", left=(left,), right=(right,), symbols=SYMBOLS, let=(let,) if let else (), where=where)
    assert judge(made, 10, explain=False).verdict == "proved"
    twin = Claim("twin", left=(left,), right=(wrong,), symbols=SYMBOLS, let=made.let, where=where)
    assert judge(twin, 10, explain=False).verdict == "refuted"


def test_a_sum_that_needs_the_hypothesis() -> None:
    """Without the sum of the y being 1 the cross-entropy is another one."""
    left, right, let, _ = ROWS[4]
    assert judge(Claim("row", left=(left,), right=(right,), symbols=SYMBOLS, let=(let,)), 10).verdict == "refuted"


def test_what_is_taken_out() -> None:
    """The least exponents, and what is free of the index; nothing where there is nothing."""
    n, c, j = declare("n", "size"), declare("c", "real"), integer("j")
    z, free = array("z", (1, n.symbol)), c.symbol
    here = Context((n, c), (), (), (z,))
    total = IndexSum(exp(z[j]), j, 1, n.symbol)
    assert apart(here, log(IndexSum(exp(z[j] + free), j, 1, n.symbol)))[-1].after == free + log(total)
    assert apart(here, log(1 + exp(-free)))[-1].after == -free + log(exp(free) + 1)
    assert taken_out(here, log(1 + exp(free))) == taken_out(here, free + total) == apart(here, exp(free)) == ()
