"""Sums of sums in the other order: limits read off the set of pairs, compared with all pairs by hand."""

from __future__ import annotations

from itertools import product

import pytest
from sympy import Expr, Max, Min

from derive.errors import RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.language import Context, IndexSum, array, declare, integer
from derive.language.points import evaluate
from derive.rules.combine import by, derived
from derive.rules.sums import exchange_sums
from derive.rules.windows import exchanged

_D = (declare("n", "integer"), declare("m", "integer"), declare("L", "size"))
n, m, L = (d.symbol for d in _D)
i, j = integer("i"), integer("j")
f = array("f", (-60, 60), (-60, 60), outside="zero")
CONTEXT = Context(_D, arrays=(f,))

DOMAINS = [
    (0, n, 0, i),
    (0, n, i, n),
    (0, n, 0, n - i),
    (0, n, i + 1, n),
    (0, n, 0, m),
    (m, n, m, i),
    (-n, n, -i, i),
    (0, L, i, i + L),
    (0, L, i - 1, i + 1),
    (0, n, i, 2 * i),
    (0, n, 0, 2 * i),
    (0, n, 2 * i, 2 * n),
    (0, n, 0, Min(i, m)),
    (0, n, Max(0, i - m), i),
    (0, n, Max(0, i - m), Min(i, L)),
]


@pytest.mark.share(2)
@pytest.mark.parametrize(("low", "high", "inner_low", "inner_high"), DOMAINS, ids=lambda x: str(x))
def test_exchanged(low: Expr, high: Expr, inner_low: Expr, inner_high: Expr) -> None:
    """Proved for all sizes (also empty ones), and the same sum over all pairs at every small size."""
    left = IndexSum(IndexSum(f[i, j], j, inner_low, inner_high), i, low, high)
    made = derived("test", CONTEXT, left, exchanged)
    assert check(made).verdict.kind == "proved"
    assert made.right.index == j and made.right.body.index == i
    looked = 0
    for values in product(range(-2, 4), range(-2, 4), (1, 2)):
        point = dict(zip((n, m, L), values, strict=True))
        pairs = 0
        expected = 0
        for first, second in product(range(-12, 13), repeat=2):
            inside = {**point, i: first}
            if evaluate(left.low, point) <= first <= evaluate(left.high, point):
                ends = [evaluate(e, inside) for e in (left.body.low, left.body.high)]
                if ends[0] <= second <= ends[1]:
                    pairs += 1
                    expected += number(first, second)
        assert evaluate(made.right, point, CONTEXT, {f: number}) == expected
        looked += pairs
    assert looked >= 30


def number(first: int, second: int) -> int:
    """A number for each pair, different for neighbours."""
    return first * first * 5 + first * second * 3 - 7 * second + 11


@pytest.mark.parametrize(
    "limits",
    [
        (0, n, j + 1, n),
        (0, n, 0, j),
        (1, n, j, n),
        (0, n - 1, j, n),
        (0, n, j, n + 1),
        (0, n, j - 1, n),
    ],
    ids=str,
)
def test_other_pairs_are_refused(limits: tuple[Expr, ...]) -> None:
    """Limits that miss a pair or add one are refused."""
    left = IndexSum(IndexSum(f[i, j], j, 0, i), i, 0, n)
    limits = tuple(0 * n + limit for limit in limits)
    with pytest.raises(StepRejected):
        check(derived("test", CONTEXT, left, by(exchange_sums, *limits)))


def test_what_cannot_be_a_limit() -> None:
    """The outer limits may not mention an index, and an infinite sum is not exchanged."""
    left = IndexSum(IndexSum(f[i, j], j, 0, i), i, 0, n)
    with pytest.raises((RuleDoesNotApply, StepRejected)):
        check(derived("test", CONTEXT, left, by(exchange_sums, 0 * n, i, j, n)))
    with pytest.raises(RuleDoesNotApply, match="not a sum of sums"):
        exchanged(CONTEXT, IndexSum(f[i, i], i, 0, n))
