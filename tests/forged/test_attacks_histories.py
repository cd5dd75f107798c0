"""What a recursion has made of random numbers, said to be independent of numbers that it has looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sympy import Expr, floor, oo

from derive.errors import IllFormed, RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation
from derive.language import OTHERWISE, Cases, Context, Definition, Expectation, IndexSum, array, chance, declare, eq, ge
from derive.language.symbols import integer
from derive.rules.histories import independent_of_past

_n, _m = declare("n", "size"), declare("m", "natural")
n, m = _n.symbol, _m.symbol
t, k = integer("t"), integer("k")
w, x, h, d = array("w", (1, oo)), array("x", (1, 3)), array("h", (0, oo)), array("d", (0, oo))
E = Expectation
FREE = chance(w, mean=0, variance=1, entries="independent")
INPUT = chance(x, mean=1)


def made(step: Expr, start: Any = x[1]) -> Definition:
    """A recursion."""
    return Definition(h, (t,), Cases((start, eq(t, 0)), (step, OTHERWISE)))


PLAIN = made(w[t] * h[t - 1])
AHEAD = made(w[t + 1] * h[t - 1])
FROM_START = made(h[t - 1], w[7])
SUMMED = made(h[t - 1] + IndexSum(w[k], k, 1, t + 1))


def one(body: Expr, first: Expr, *given: Definition, chances: Any = (FREE, INPUT)) -> Derivation:
    """The step by itself."""
    context = Context((_n, _m), (ge(n, 1),), given, tuple(c.array for c in chances), tuple(chances))
    step = independent_of_past(context, E(body), first)
    return Derivation("attack", context, step.before, step.after, Chain(step.before, (step,)))


def test_it_is_known() -> None:
    """Of what comes later it is, also by more than one step, and by several steps at once."""
    for body, first in (
        (w[n + 1] * h[n], w[n + 1]),
        (w[n + 3] ** 2 * h[n] * h[n + 1] * x[1], w[n + 3] ** 2),
        (w[n + 2] * w[n + 1] * h[n], w[n + 1] * w[n + 2]),
        (w[n + 2] * w[n + 1] * h[n], w[n + 2]),
        (w[n + 1] * IndexSum(h[k], k, 0, n), w[n + 1]),
    ):
        report = check(one(body, first, PLAIN))
        assert report.verdict.kind == "proved" and report.points >= 3, body


ATTACKS: dict[str, Callable[[], Derivation]] = {
    "of the same step": lambda: one(w[n] * h[n], w[n], PLAIN),
    "of an earlier one": lambda: one(w[n] * h[n + 1], w[n], PLAIN),
    "of any": lambda: one(w[n] * h[m], w[n], PLAIN),
    "of one of a sum": lambda: one(w[n] * IndexSum(h[k], k, 0, n), w[n], PLAIN),
    "of a recursion that looks ahead": lambda: one(w[n + 1] * h[n], w[n + 1], AHEAD),
    "of one that looks ahead in a sum": lambda: one(w[n + 1] * h[n], w[n + 1], SUMMED),
    "of one that begins with a late entry": lambda: one(w[7] * h[1], w[7], FROM_START),
    "of what another definition makes of it": lambda: one(
        w[n + 1] * d[n], w[n + 1], PLAIN, Definition(d, (t,), h[t + 1])),
    "of a recursion by another definition": lambda: one(
        w[n + 1] * h[n], w[n + 1], made(d[t] * h[t - 1]), Definition(d, (t,), w[t + 1])),
    "of a definition that is no recursion": lambda: one(w[n + 1] * d[n], w[n + 1], Definition(d, (t,), w[t + 1])),
    "with the recursion on its own side": lambda: one(w[n + 1] * h[n] * x[1], w[n + 1] * h[n], PLAIN),
    "of uncorrelated entries": lambda: one(
        w[n + 1] * h[n], w[n + 1], PLAIN, chances=(chance(w, mean=0, variance=1, entries="uncorrelated"), INPUT)),
    "of an input of the same group": lambda: one(
        w[n + 1] * h[n], w[n + 1], PLAIN,
        chances=(chance(w, mean=0, variance=1, entries="uncorrelated", group="g"), chance(x, group="g"))),
    "at a random place": lambda: one(w[n + 1] * h[floor(x[1])], w[n + 1], PLAIN),
    "at a place that it tells itself": lambda: one(w[floor(x[1])] * h[n], w[floor(x[1])], PLAIN),
    "of the same entry beside": lambda: one(w[n + 1] * w[m] * h[n], w[n + 1], PLAIN),
    "with a moment within": lambda: one(w[n + 1] * h[n] * E(h[n + 1]), w[n + 1], PLAIN),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused(name: str) -> None:
    """Each would say of dependent numbers that they are independent, or cannot be told."""
    with pytest.raises((StepRejected, RuleDoesNotApply, IllFormed)) as caught:
        check(ATTACKS[name]())
    assert "cannot be replayed" not in str(caught.value)


def test_there_are_many() -> None:
    """None was lost."""
    assert len(ATTACKS) >= 17
