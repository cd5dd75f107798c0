"""What isl and z3 say about integers with floors, remainders and symbolic divisors, looked at in numbers."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import strategies as st
from sympy import Expr

from derive.errors import Undefined
from derive.language import Context, declare, eq, ge, le
from derive.language.points import evaluate, holds
from tests.fuzz.asked_of_integers import whole
from tests.fuzz.budget import AMOUNT, over

CONTEXT = Context((declare("n", "integer"), declare("m", "size"), declare("L", "size")))
VALUES = product(range(-7, 9), (1, 2, 3, 5), (1, 2, 4))
POINTS = [dict(zip(CONTEXT.symbols, map(Fraction, values), strict=True)) for values in VALUES]


def rewritten(chance: random.Random, term: Expr) -> Expr:
    """Something that is often the same number: what is near it, or what a slip makes of it."""
    m = CONTEXT.symbols[1]
    near = (term + chance.choice((0, 1)), term.expand(), (term * m + m) / m - 1, term.xreplace({m: m + 1}))
    return chance.choice(near)


def test_decisions() -> None:
    """A yes holds at all points, a no comes with a point that breaks the condition."""
    said: Counter[Any] = Counter()

    @over(150, chance=st.randoms(use_true_random=True))
    def run(chance: random.Random) -> None:
        left = whole(chance, 3, CONTEXT.symbols)
        right = rewritten(chance, left) if chance.random() < 0.6 else whole(chance, 2, CONTEXT.symbols)
        condition = chance.choice((eq, ge, le))(left, right)
        found = CONTEXT.decide(condition, 60_000)
        said[found.value] += 1
        if found.value is False:
            point = dict(found.point)
            with suppress(Undefined):
                assert not holds(condition, {s: point.get(s, Fraction(1)) for s in CONTEXT.symbols}, CONTEXT)
        if found.value is not True:
            return
        for point in POINTS:
            try:
                evaluate(left, point, CONTEXT), evaluate(right, point, CONTEXT)
            except Undefined:
                continue
            assert holds(condition, point, CONTEXT), (condition, point)

    assert said[True] >= 10 * AMOUNT and said[False] >= 10 * AMOUNT
