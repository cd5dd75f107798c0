"""Questions that need not be asked: z3 gives the same answer to each of them, and facts that cannot hold are seen."""

from __future__ import annotations

from itertools import product

import pytest
from sympy import Integer, exp, floor, log

from derive.language import Compare, Context, IndexSum, all_of, array, declare, eq, ge, gt, integer, le, ne
from derive.language.conditions import Condition
from derive.language.deciding import decided
from derive.language.opaque import always_broken
from derive.language.solver import find_point

_N, _a = declare("N", "size"), declare("a", "real")
N, a = _N.symbol, _a.symbol
i, j, k = integer("i"), integer("j"), integer("k")
x, y = array("x", (1, N)), array("y", (1, N))
TOTAL, RENAMED = IndexSum(x[k], k, 1, N), IndexSum(x[j], j, 1, N)


@pytest.mark.parametrize(
    ("refuted", "facts", "expected"),
    [
        (ne(x[i], y[i]), [], True),
        (ne(x[i], x[i] + N), [], False),
        (ne(2 * x[i] + N, N**2), [ge(N, 1)], True),
        (ne(x[i], 1), [eq(x[i], 1)], False),
        (ne(x[i] * N, 1), [], False),
        (ne(x[i] ** 2, 1), [], False),
        (ne(TOTAL, RENAMED), [], False),
        (ne(TOTAL, N), [eq(RENAMED, N)], False),
        (ne(TOTAL, N), [ge(N, 1)], True),
        (ne(TOTAL, exp(TOTAL)), [], True),
        (ne(TOTAL, 1 / TOTAL), [], False),
        (gt(x[i], N), [], True),
        (gt(x[i], abs(x[i])), [], False),
        (eq(x[i], N), [], True),
        (eq(2 * x[i], N), [], False),
        (ne(log(a), a), [gt(a, 0)], True),
        (ne(floor(a), a), [], False),
        (all_of(gt(x[i], 1), gt(y[i], 1)), [], False),
    ],
)
def test_which(refuted: Condition, facts: list[Condition], expected: bool) -> None:
    """A letter that stands once, with a number before it, and of which no fact speaks."""
    assert always_broken(refuted, facts) is expected


_TERMS = (x[i], y[i] * N, TOTAL, RENAMED, exp(a), a * N, Integer(2), x[i] / 3, x[N] * y[i], floor(a) + 1)
_FACTS: tuple[tuple[Condition, ...], ...] = ((ge(N, 1),), (ge(N, 1), gt(a, 0)), (ge(N, 1), eq(TOTAL, a), ge(x[i], 2)))


@pytest.mark.parametrize("facts", _FACTS)
@pytest.mark.parametrize("op", ["=", "!=", "<", ">="])
def test_the_solver_finds_no_proof_either(facts: tuple[Condition, ...], op: str) -> None:
    """Of everything that is not asked, none would have been proved."""
    met = 0
    for one, other in product(_TERMS, repeat=2):
        refuted = Compare(op, one, other)
        if always_broken(refuted, facts):
            met += 1
            condition = all_of(*facts, refuted)
            letters = sorted(condition.free_symbols, key=lambda s: s.name)
            assert find_point(condition, letters)[0] != "none", refuted
    assert met > 15


def test_facts_that_cannot_hold_are_still_seen() -> None:
    """From them everything follows."""
    facts = (ge(N, 1), le(N, 0))
    assert decided(facts, eq(x[i], y[i]), None).value is True
    assert decided(facts[:1], eq(x[i], y[i]), None).value is None
    assert Context((_N,), (le(N, 0),), arrays=(x, y)).decide(eq(x[i], y[i])).value is True
