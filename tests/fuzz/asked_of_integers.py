"""How the laws of floors and ceilings are asked: terms that are right for them, or nearly."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sympy import Expr, Integer, Max, Min, Mod, Symbol, ceiling, floor

from derive.language import Indicator, le
from derive.rules.integers import quotient

Chance = random.Random
Asked = tuple[Expr, tuple[Any, ...]]


def whole(chance: Chance, depth: int, symbols: tuple[Symbol, ...]) -> Expr:
    """A random integer expression with floors, ceilings, remainders, extremes and indicators."""
    if depth == 0 or chance.random() < 0.15:
        return chance.choice((*symbols, *symbols, Integer(chance.randint(-3, 4))))
    one, other = (whole(chance, depth - 1, symbols) for _ in range(2))
    divisor = chance.choice((*symbols, Integer(2), Integer(3)))
    made: Expr = chance.choice(
        (
            one + other,
            one - other,
            one * chance.choice((*symbols, Integer(2))),
            quotient(one, divisor),
            quotient(one, divisor, upwards=True),
            Max(one, other, evaluate=False),
            Min(one, other, evaluate=False),
            Mod(one + symbols[0], divisor, evaluate=False),
            Indicator(le(one, other)),
        )
    )
    return made


def asked_of_integers(n: Symbol, m: Symbol, L: Symbol) -> dict[str, Callable[[Chance], Asked]]:
    """{law: what makes a term and arguments for it}."""
    symbols = (n, m, L)

    def rounded(chance: Chance, *heads: type) -> Expr:
        head = chance.choice(heads)
        return quotient(whole(chance, 1, symbols), chance.choice((m, L, n, Integer(3))), upwards=head is ceiling)

    def near(chance: Chance) -> Asked:
        return rounded(chance, floor), (chance.choice((n, Integer(0), Integer(1), quotient(n, L))),)

    def nested(chance: Chance) -> Asked:
        inner = quotient(whole(chance, 1, symbols), chance.choice((m, L, Integer(2))))
        return quotient(inner + chance.choice((0, n, 1)), chance.choice((m, L, Integer(2)))), ()

    def left_over(chance: Chance) -> Asked:
        above, below = whole(chance, 1, symbols), chance.choice((m, L))
        return above - below * quotient(above, chance.choice((below, below, m))), (above, below)

    return {
        "integer_arithmetic": lambda c: (whole(c, 2, symbols), (whole(c, 2, symbols),)),
        "floor_is": near,
        "ceiling_is": lambda c: (rounded(c, ceiling), (c.choice((n, Integer(1), quotient(n, L, upwards=True))),)),
        "floor_of_floor": nested,
        "integer_through_floor": lambda c: (rounded(c, floor, ceiling), (c.choice((n, m, Integer(-1))),)),
        "floor_as_ceiling": lambda c: (rounded(c, floor), ()),
        "ceiling_as_floor": lambda c: (rounded(c, ceiling), ()),
        "remainder": left_over,
    }
