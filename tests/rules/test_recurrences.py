"""Zeilberger's recurrences: found, checked with their ends, told as an induction."""

from __future__ import annotations

import pytest
from sympy import Expr, Integer

from derive.errors import DeriveError, RuleDoesNotApply
from derive.kernel.checker import check
from derive.language import Context, IndexSum, declare, integer, substitute
from derive.language.counting import Binomial
from derive.language.points import evaluate
from derive.rules.combine import derived
from derive.rules.recurrences import by_recurrence, zeilberger

n, m, r = (d.symbol for d in (declare("n", "size"), declare("m", "size"), declare("r", "real")))
CONTEXT = Context((declare("n", "size"), declare("m", "size"), declare("r", "real")))
j, k = integer("j"), integer("k")
C = Binomial

SUMS = [
    (C(n, k), 2**n),
    (C(n, k) * r**k, (1 + r) ** n),
    (k * C(n, k), n * 2 ** (n - 1)),
    (k**2 * C(n, k), n * (n + 1) * Integer(2) ** (n - 2)),
    (C(n, k) ** 2, C(2 * n, n)),
    (C(n, k) / (k + 1), (2 ** (n + 1) - 1) / (n + 1)),
    (C(n, k) * C(m, k), C(n + m, n)),
    (k * C(n, k) ** 2, n * C(2 * n - 1, n - 1)),
    (k * C(n, k) * r**k, n * r * (1 + r) ** (n - 1)),
]


@pytest.mark.parametrize(("body", "value"), SUMS, ids=lambda x: str(x))
def test_sum_over_a_row(body: Expr, value: Expr) -> None:
    """Proved by induction, and equal to the sum term by term."""
    total = IndexSum(body, k, 0, n)
    made = derived("test", CONTEXT, total, by_recurrence(n, 1, value, j))
    report = check(made)
    assert report.verdict.kind == "proved" and report.inductions == 1
    for size in range(1, 7):
        for other in (1, 2, 4):
            assert evaluate(total, {n: size, m: other, r: other - 2}) == evaluate(
                value, {n: size, m: other, r: other - 2}
            )


@pytest.mark.parametrize(("body", "value"), SUMS, ids=lambda x: str(x))
def test_wrong_values_are_not_proved(body: Expr, value: Expr) -> None:
    """A value off by one, by a factor, or by a shift of n is not proved."""
    refused = 0
    for wrong in (value + 1, 2 * value, substitute(value, {n: n + 1}), value + n - 1):
        with pytest.raises(DeriveError):
            check(derived("test", CONTEXT, IndexSum(body, k, 0, n), by_recurrence(n, 1, wrong, j)))
        refused += 1
    assert refused == 4


def test_the_recurrence_holds_at_every_index() -> None:
    """F(n+1, k) = factor F(n, k) + G(n, k+1) - G(n, k), also beyond both ends of the row."""
    for body in (C(n, k), C(n, k) ** 2, k * C(n, k), C(n, k) * C(m, k)):
        found = zeilberger(body, n, k)
        moved = substitute(found.certificate, {k: k + 1}) - found.certificate
        for size in range(1, 5):
            for place in range(-2, 8):
                point = {n: size, k: place, m: 3}
                left = evaluate(substitute(body, {n: n + 1}), point)
                assert left == evaluate(found.factor * body + moved, point)


@pytest.mark.parametrize("body", [C(n, k) ** 3, (-1) ** k * C(n, k), r ** (k * n)], ids=str)
def test_no_recurrence_is_made_up(body: Expr) -> None:
    """No recurrence of first order, one that is not needed, and terms that are not hypergeometric: a sentence."""
    with pytest.raises(RuleDoesNotApply):
        zeilberger(body, n, k)
