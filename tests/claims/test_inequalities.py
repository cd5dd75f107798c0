"""Inequalities that hold at most numbers, and not at all, are refuted: where they fail is looked for downhill."""

from __future__ import annotations

import pytest

from derive.claims.judging import judge, prepare
from derive.claims.stated import Claim
from tests.claims.inequalities import NEARLY, A


@pytest.fixture(scope="module", autouse=True)
def prepared():
    """Laws and library are loaded once."""
    prepare()


def stated(row: tuple) -> Claim:
    """The row as a claim."""
    symbols, where, left, right = row
    return Claim("c", symbols=tuple(symbols.items()), where=tuple(where), left=(left,), right=(right,), relation="<=")


@pytest.mark.parametrize("row", NEARLY, ids=lambda row: f"{row[2]} <= {row[3]}")
def test_what_nearly_holds_is_refuted(row):
    """With exact numbers at which it fails."""
    found = judge(stated(row), explain=False)
    assert found.verdict == "refuted"
    assert found.counterexample is not None and found.counterexample.left != found.counterexample.right


def test_what_holds_is_not_refuted():
    """n a^n (1 - a) is at most (n/(n+1))^(n+1), and that is below 1/e < 0.37."""
    row = (A, ["0<a", "a<1"], "n a^n(1-a)", r"\frac{37}{100}")
    assert judge(stated(row), explain=False).verdict in ("sampled", "proved")


HARMONIC = r"\sum_{k=1}^n \frac1k"


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        (HARMONIC, "6", "refuted"),
        (HARMONIC, "10", "undecided"),
        (HARMONIC, r"1 + \ln n", "sampled"),
        (r"\sum_{k=1}^n \frac{1}{k^2}", "1.64", "refuted"),
        (r"\sum_{k=1}^n \frac{1}{k^2}", "2", "sampled"),
        (r"\left(1 + \frac1n\right)^n", "2.7", "refuted"),
        (r"\left(1 + \frac1n\right)^n", "3", "sampled"),
        (r"\sum_{k=1}^n \frac{1}{\sqrt k}", r"2 \sqrt n", "sampled"),
    ],
)
def test_what_grows_without_end_is_seen_to_do_so(left, right, told):
    """A bound that is broken far away is found, or not called sampled; what tends to a limit below the bound may be."""
    claim = Claim("grows", symbols=(("n", "size"),), left=(left,), right=(right,), relation="<=")
    assert judge(claim, seconds=3, explain=False).verdict == told


@pytest.mark.parametrize("relation", ["<=", "<"])
@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        (r"\sigma(-a)", "e^{-a}", "proved"),
        (r"\sigma(-a)", "e^{-2a}", "refuted"),
        (r"\frac{2}{\frac1b + \frac1n}", r"\frac{b + n}{2} + \frac{1}{1 + a^2}", "proved"),
        (r"\frac{b}{1 + b}", "b", "proved"),
        (r"\frac{b}{1 + b}", r"\frac b2", "refuted"),
        (r"\frac{1}{b + 1}", r"\frac1b", "proved"),
    ],
)
def test_the_difference_is_a_quotient_of_what_is_positive(left, right, told, relation):
    """The difference of the sides as one quotient shows its sign."""
    symbols = (("n", "size"), ("a", "real"), ("b", "positive"))
    let = (r"\sigma(z) = \frac{1}{1 + e^{-z}}",)
    claim = Claim("quotient", symbols=symbols, let=let, left=(left,), right=(right,), relation=relation)
    assert judge(claim, explain=False).verdict == told


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        (r"\|A\|_F", r"\|A\|_2", "the inequality is the other way round"),
        (r"\left(\sum_{i=1}^n x_i y_i\right)^2", r"\frac12 \sum_{i=1}^n x_i^2 \sum_{i=1}^n y_i^2", None),
        ("x_1", "y_1", None),
    ],
)
def test_an_inequality_turned_round_is_told(left, right, told):
    """Where the other direction is proved; not where neither holds."""
    symbols = (("n", "size"), ("A", "matrix[n, n]"), ("x", "vector[n]"), ("y", "vector[n]"))
    found = judge(Claim("turned", symbols=symbols, left=(left,), right=(right,), relation="<="))
    assert found.verdict == "refuted"
    said = None if found.slip is None else found.slip.repair
    assert said == told if told else said != "the inequality is the other way round"
