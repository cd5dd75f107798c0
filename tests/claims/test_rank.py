"""Ranks in claims: proved by their laws, refuted where they are wrong, never differentiated, of numbers worked out."""

from __future__ import annotations

import pytest

from derive.claims.judging import judge
from derive.claims.stated import Claim
from derive.errors import IllFormed
from derive.language import Context, Entry, Partial, array, declare
from derive.language.forms import of
from derive.language.matrices import rank
from derive.language.wellformed import obligations

SIZES = {"n": "size", "m": "size", "p": "size"}
ARRAYS = {"u": "vector[n]", "v": "vector[m]", "A": "matrix[n, m]", "B": "matrix[n, m]", "C": "matrix[m, p]"}
NUMBERS = r"\begin{pmatrix} 1 & 2 & 3 \\ 2 & 4 & 6 \\ 1 & 0 & 1 \end{pmatrix}"

TRUE = (
    (r"\operatorname{rank}(A^\top A)", "=", r"\operatorname{rank}(A)"),
    (r"\operatorname{rank}(A C)", "<=", r"\operatorname{rank}(A)"),
    (r"\operatorname{rank}(A + B)", "<=", r"\operatorname{rank}(A) + \operatorname{rank}(B)"),
    (r"\operatorname{rank}(u v^\top)", "<=", "1"),
    (r"\operatorname{rank}(I_n)", "=", "n"),
    (r"\operatorname{rank}(A)", "<=", "m"),
    (r"\operatorname{rank}(A C)", "<=", "m"),
    (r"\operatorname{rank}(A) + \operatorname{rank}(B)", ">=", r"\operatorname{rank}(A - B)"),
    (r"\operatorname{rank}(A + u v^\top)", "<=", r"\operatorname{rank}(A) + 1"),
    (r"\operatorname{rank}(-3 A^\top)", "=", r"\operatorname{rank}(A)"),
)
FALSE = (
    (r"\operatorname{rank}(A A^\top)", "=", "n"),
    (r"\operatorname{rank}(A C)", "=", r"\operatorname{rank}(A)"),
    (r"\operatorname{rank}(A + B)", "<=", r"\operatorname{rank}(A)"),
    (r"\operatorname{rank}(0 A)", "=", r"\operatorname{rank}(A)"),
    (r"\operatorname{rank}(n A - A)", "=", r"\operatorname{rank}(A)"),
    (r"\operatorname{rank}(A + B)", "=", r"\operatorname{rank}(A) + \operatorname{rank}(B)"),
    (r"\operatorname{rank}(u v^\top)", "=", "1"),
    (r"\operatorname{rank}(A)", "<=", r"\sqrt{m}"),
    (r"\operatorname{rank}(A)", ">=", "1"),
    (r"\operatorname{rank}(A)", ">", "0"),
)


def claim(left: str, relation: str, right: str) -> Claim:
    """A claim about matrices of any shape."""
    symbols = tuple((SIZES | ARRAYS).items())
    return Claim("rank", left=(left,), relation=relation, right=(right,), symbols=symbols)


@pytest.mark.parametrize("row", TRUE, ids=lambda row: " ".join(row))
def test_what_is_true_is_proved(row: tuple[str, str, str]) -> None:
    """Each by a law of ranks, or by two."""
    found = judge(claim(*row), 8, explain=False)
    assert found.verdict == "proved" and "rank" in found.by


def test_an_equality_that_is_a_bound_is_told_as_one() -> None:
    """And not as a maximum with the other side, which says the same in a way that nobody would."""
    found = judge(claim(r"\operatorname{rank}(u v^\top)", "=", "1"), 8)
    assert found.slip is not None and found.slip.formula.endswith(r"\le 1") and found.slip.kind == "bound"


@pytest.mark.parametrize("row", FALSE, ids=lambda row: " ".join(row))
def test_what_is_false_is_refuted(row: tuple[str, str, str]) -> None:
    """A zero matrix, a product that vanishes, equal matrices."""
    found = judge(claim(*row), 4, explain=False)
    assert found.verdict == "refuted" and found.counterexample is not None


def test_ranks_that_are_known() -> None:
    """Of numbers it is worked out, and it is never negative; of letters written out nothing is said."""
    assert judge(claim(rf"\operatorname{{rank}}{NUMBERS}", "=", "2"), 4).verdict == "proved"
    assert judge(claim(rf"\operatorname{{rank}}{NUMBERS}", "=", "3"), 4, explain=False).verdict == "refuted"
    assert judge(claim(r"\operatorname{rank}(A)", ">=", "0"), 4).verdict == "proved"
    letters = judge(claim(r"\operatorname{rank}\begin{pmatrix} n & m \\ m & p \end{pmatrix}", "=", "2"), 4)
    assert letters.verdict == "undecided" and "written out with letters" in letters.by
    assert "rank of a vector" in judge(claim(r"\operatorname{rank}(u)", "=", "1"), 4).by
    assert [rank([[1, 2], [3, 4]]), rank([[1, 2], [2, 4], [3, 6]]), rank([[0, 0, 5]]), rank([[], []])] == [2, 1, 1, 0]


def test_a_rank_has_no_derivative_here() -> None:
    """It jumps: that its slope is 0 is neither proved nor sampled."""
    slope = r"\frac{\partial}{\partial A_{1,1}} \operatorname{rank}(A)"
    assert judge(claim(slope, "=", "0"), 4, explain=False).verdict == "undecided"
    n = declare("n", "size")
    M = array("M", (1, n.symbol), (1, n.symbol))
    term = Partial(Entry(of("rank", of("product", M, M))), M[1, 1])
    with pytest.raises(IllFormed, match="has a derivative is not known"):
        obligations(term, Context((n,), arrays=(M,)))
