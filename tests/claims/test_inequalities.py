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
