"""How the laws of integrals are asked: integrands that are polynomials piece by piece, and nearly right arguments."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sympy import Abs, Expr, Integer, Max, Min, Rational, Symbol

from derive.language import OTHERWISE, Cases, Indicator, Integral, as_expr, eq, ge, gt, lt, real

Chance = random.Random
Asked = tuple[Expr, tuple[Any, ...]]
T = real("t")


def asked_of_integrals(n: Symbol, a: Expr, b: Expr) -> dict[str, Callable[[Chance], Asked]]:
    """{law: what makes a term and arguments for it}, over the symbols given."""
    smooth = (T, T**2, a * T, T**3 - n, a, T - b, as_expr(1), 2 * T + 1)
    bent = (
        Cases((1, gt(T, 0)), (n, eq(T, 0)), (0, lt(T, 0))),
        Cases((T, gt(T, a)), (a, OTHERWISE)),
        Max(0, T, evaluate=False),
        Abs(T - b, evaluate=False),
        Indicator(ge(T, 1)) * T,
        Max(T, 1 - Abs(T, evaluate=False), evaluate=False),
    )
    limits = (Integer(0), Integer(1), a, b, a + 1, Min(a, b), Max(a, b), -a, Integer(-1))

    def over(chance: Chance, *bodies: Expr) -> Integral:
        return Integral(chance.choice(bodies or (*smooth, *bent)), T, chance.choice(limits), chance.choice(limits))

    def told_again(chance: Chance) -> Asked:
        whole = over(chance, *bent)
        choices = (T, Integer(0), Integer(1), a, -T, T - b, b - T, 1 - T, chance.choice(bent))
        return whole, (chance.choice(choices),)

    def antiderivatives(chance: Chance) -> Asked:
        primitive = chance.choice((T**2, T**3 / 3, a * T, T**2 * a + n, (T - b) ** 2 / 2, T))
        body = primitive.diff(T) + chance.choice((0, 0, 0, 1, T))
        return over(chance, body, body, *bent), (primitive + chance.choice((0, 1, a)),)

    return {
        "integral_of_terms": lambda c: (over(c, c.choice(smooth) + c.choice(bent), bent[0] + c.choice(bent)), ()),
        "constant_out_of_integral": lambda c: (over(c, *(f * g for f in (a, n, b**2) for g in (*smooth, *bent))), ()),
        "integral_of_constant": lambda c: (over(c, a, n, Integer(2), a * b), ()),
        "split_integral": lambda c: (over(c), (c.choice((*limits, Rational(1, 2))),)),
        "same_inside": told_again,
        "by_antiderivative": antiderivatives,
        "integral_over_point": lambda c: (over(c), ()),
    }
