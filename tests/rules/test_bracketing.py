"""The same finite sums in another order, numbers and brackets before them included; other sums are refused."""

from __future__ import annotations

import pytest
from sympy import Expr, Integer

from derive.claims.accepting import derivation_of
from derive.errors import RuleDoesNotApply
from derive.kernel.checker import check
from derive.language import Context, IndexSum, array, declare, integer
from derive.rules import load_laws
from derive.rules.bracketing import flat, rebracketed

load_laws()
M, N = declare("m", "size"), declare("n", "size")
m, n = M.symbol, N.symbol
i, j, k, q = (integer(name) for name in "ijkq")
A, W, x, z = array("A", (1, m), (1, n)), array("W", (1, m), (1, m)), array("x", (1, m)), array("z", (1, n))
CONTEXT = Context((M, N), arrays=(A, W, x, z))


def left(number: Expr) -> Expr:
    """The first entry of A^T (W (x - A z)), times a number, from the inside out."""
    rest = x[j] - IndexSum(A[j, k] * z[k], k, 1, n)
    return number * IndexSum(A[i, 1] * IndexSum(W[i, j] * rest, j, 1, m), i, 1, m)


def right(number: Expr, row: Expr = i, column: Expr = q) -> Expr:
    """The same with the sum over the other index outside, and the bracket before it."""
    rest = x[q] - IndexSum(A[q, k] * z[k], k, 1, n)
    return number * IndexSum(rest * IndexSum(W[row, column] * A[i, 1], i, 1, m), q, 1, m)


@pytest.mark.parametrize("number", [Integer(1), Integer(-1), Integer(3), n], ids=str)
def test_the_order_of_sums_is_changed(number: Expr) -> None:
    """Both are multiplied out with all factors innermost; the checker accepts the way from one to the other."""
    start, goal = left(number), right(number)
    moves = rebracketed(goal)(CONTEXT, start)
    assert moves and moves[-1].after == goal
    assert check(derivation_of(CONTEXT, start, goal, moves)).verdict.kind == "proved"
    innermost = flat(CONTEXT, goal)[-1].after
    assert isinstance(innermost, IndexSum) and isinstance(innermost.body, IndexSum)


@pytest.mark.parametrize(
    "goal", [right(Integer(1)), right(Integer(-1), q, i), right(Integer(-2))], ids=["sign", "transposed", "factor"]
)
def test_other_sums_are_refused(goal: Expr) -> None:
    """With the sign lost, the matrix transposed or another factor there is no such order."""
    with pytest.raises(RuleDoesNotApply, match="in another order"):
        rebracketed(goal)(CONTEXT, left(Integer(-1)))


def test_each_term_of_a_line_has_its_own_order() -> None:
    """Of two terms one is there already, the other has its sums exchanged; with a third one it is another line."""
    start, goal = x[1] + left(Integer(-1)), x[1] + right(Integer(-1))
    moves = rebracketed(goal)(CONTEXT, start)
    assert moves and moves[-1].after == goal
    assert check(derivation_of(CONTEXT, start, goal, moves)).verdict.kind == "proved"
    for wrong in (x[1] + x[2] + right(Integer(-1)), x[2] + right(Integer(2))):
        with pytest.raises(RuleDoesNotApply):
            rebracketed(wrong)(CONTEXT, start)
