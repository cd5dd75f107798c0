"""Questions that run away: they end at z3's limit as undecided, and no step rests on them."""

from __future__ import annotations

import pytest
from sympy import Expr

from derive.errors import StepRejected
from derive.kernel.checker import check
from derive.language import Context, declare, eq
from derive.language.solver import STEPS, find_point
from derive.rules.combine import derived
from derive.rules.integers import by_integers, quotient

CONTEXT = Context(tuple(declare(name, "size") for name in ("n", "m", "k")))
n, m, k = CONTEXT.symbols
TWO = quotient(n, 2 * m) + quotient(n + m, 2 * m)
THREE = quotient(n, 3 * m) + quotient(n + m, 3 * m) + quotient(n + 2 * m, 3 * m)
CUBES = n**3 + m**3


@pytest.mark.parametrize(("left", "right"), [(TWO, quotient(n, m)), (THREE, quotient(n, m))], ids=["two", "three"])
def test_hermites_identity_is_undecided(left: Expr, right: Expr) -> None:
    """It is true, z3 does not find that within its limit, and a step that claims it is refused."""
    found = CONTEXT.decide(eq(left, right))
    assert found.value is None and "limit" in found.by
    made = derived("test.hermite", CONTEXT, left, by_integers(right))
    with pytest.raises(StepRejected):
        check(made)


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    """Each question has a context of its own, so the same one gets the same answer and the same point."""
    question = eq(n**2 - m * k, 7)
    first = find_point(question, CONTEXT.symbols, STEPS)
    for other in (eq(TWO, quotient(n, m)), eq(CUBES, k**3), eq(n * m, k + 5)):
        find_point(other, CONTEXT.symbols, STEPS)
    assert find_point(question, CONTEXT.symbols, STEPS) == first and first[0] == "found"
