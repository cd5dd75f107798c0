"""What hypotheses give at once: single entries as numbers, real numbers as moments."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sympy import Expr, Integer, Rational, Symbol

from derive.language import Array, Compare, Condition, Context, Entry
from derive.language.chance import Moment


def given_by_moments(context: Context) -> list[tuple[Symbol, Expr]]:
    """Real symbols that a hypothesis gives as a moment."""
    found: list[tuple[Symbol, Expr]] = []
    for fact in context.facts:
        if not isinstance(fact, Compare) or fact.op != "=":
            continue
        for one, other in ((fact.left, fact.right), (fact.right, fact.left)):
            fresh_ = isinstance(one, Symbol) and not one.is_integer and one not in {s for s, _ in found}
            if fresh_ and isinstance(one, Symbol) and isinstance(other, Moment):
                found.append((one, other))
                break
    return found


def known_entries(facts: Sequence[Condition]) -> dict[Array, dict[tuple[int, ...], Fraction]]:
    """Single entries that a hypothesis gives as numbers: x_1 = 3."""
    found: dict[Array, dict[tuple[int, ...], Fraction]] = {}
    for fact in facts:
        if not isinstance(fact, Compare) or fact.op != "=":
            continue
        for one, other in ((fact.left, fact.right), (fact.right, fact.left)):
            fixed = isinstance(one, Entry) and one.indices and all(isinstance(i, Integer) for i in one.indices)
            if fixed and isinstance(one, Entry) and isinstance(other, Rational):
                value = Fraction(int(other.p), int(other.q))
                found.setdefault(one.array, {})[tuple(int(i) for i in one.indices)] = value
    return found
