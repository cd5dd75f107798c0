"""How the laws of ranges are asked: terms that are right for them, or nearly."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sympy import Expr, Integer, Min, Rational, Symbol

from derive.language import IndexProduct, IndexSum, Largest, as_expr, integer, substitute

Chance = random.Random
Asked = tuple[Expr, tuple[Any, ...]]


def asked_of_ranges(n: Symbol, m: Symbol, L: Symbol, a: Expr, b: Expr, w: Any) -> dict[str, Callable[[Chance], Asked]]:
    """{law: what makes a term and arguments for it}, over the symbols and the array given."""
    i, j, k = (integer(name) for name in "ijk")
    bodies = (k, k**2, n * k, w[k], w[n - k], a * w[k], n, w[k] ** 2, k - m)
    limits = (Integer(0), Integer(1), n, m, L - 1, L, n + 1, Min(n, L - 1))
    nested = (w[j], j, w[j + m], w[j] * a)

    def over(kind: type, chance: Chance, *chosen: Expr) -> Any:
        return kind(chance.choice(chosen or bodies), k, chance.choice(limits), chance.choice(limits))

    def flattened(chance: Chance) -> Asked:
        kind, body = chance.choice((IndexSum, Largest, IndexProduct)), chance.choice(nested)
        size = chance.choice((m, L))
        place = size * (i - 1) + k + chance.choice((0, 0, 0, 1))
        inner = kind(substitute(body, {j: place}), k, chance.choice((1, 1, 0)), size)
        return kind(inner, i, 1, chance.choice((n, L))), (j, body)

    def over_pairs(chance: Chance) -> Expr:
        kind = chance.choice((Largest, IndexProduct))
        inner = kind(chance.choice((w[i + k], i * k, a * i + k)), k, 1, chance.choice((m, L, i)))
        found: Expr = kind(inner, i, chance.choice((0, 1)), chance.choice((n, L)))
        return found

    def one_of(chance: Chance) -> Asked:
        largest, place = over(Largest, chance), chance.choice((n, m, L, Integer(2)))
        chosen = substitute(largest.body, {k: place + chance.choice((0, 0, 1))})
        return as_expr(chosen), (largest, place)

    return {
        "at_most_largest": one_of,
        "largest_at_most_sum": lambda c: (over(Largest, c), ()),
        "sum_at_most_largest": lambda c: (over(IndexSum, c), ()),
        "power_into_largest": lambda c: (over(Largest, c, k, k**2, w[k] ** 2, L - k) ** c.choice((n, L, 2)), ()),
        "constant_out_of_largest": lambda c: (over(Largest, c, n * k, a * w[k], a**2 * k, -w[k]), ()),
        "constant_term_out_of_largest": lambda c: (over(Largest, c, n + k, a + w[k], a**2 - k, n - w[k] + m), ()),
        "single_largest": lambda c: (over(Largest, c), ()),
        "largest_is": lambda c: (over(Largest, c), (c.choice((n, m, L)),)),
        "flatten_ranges": flattened,
        "exchange_ranges": lambda c: (over_pairs(c), ()),
        "power_of_product": lambda c: (c.choice((a * b, n * b**2, n * m * a)) ** c.choice((Rational(1, 2), n, 2)), ()),
        "power_of_power": lambda c: ((c.choice((a, n, a * b)) ** c.choice((n, m, 3))) ** Rational(2, 3), ()),
        "split_last_factor": lambda c: (over(IndexProduct, c), ()),
        "split_factors": lambda c: (over(IndexProduct, c), (c.choice((n, m, L, Integer(0), n - 1)),)),
        "product_of_constant": lambda c: (over(IndexProduct, c, a, n, w[n], a + m, k), ()),
        "empty_product": lambda c: (over(IndexProduct, c), ()),
        "single_factor": lambda c: (over(IndexProduct, c), ()),
        "at_most": lambda c: (c.choice((n, a, w[n], n + m)), (c.choice((n, m, L, a + 1, n**2)),)),
        "less_than": lambda c: (c.choice((n, a, w[n], n + m)), (c.choice((n, m, L, a + 1, n**2)),)),
        "more_than": lambda c: (c.choice((n, a, w[n], n + m)), (c.choice((n, m, L, a + 1, -(n**2))),)),
        "bernoulli": lambda c: (c.choice((a, n, a + b, L)) ** c.choice((n, m, 2 * L)), ()),
        "at_least": lambda c: (c.choice((n, a, w[n], n + m)), (c.choice((n, m, L, a + 1, -(n**2))),)),
    }
