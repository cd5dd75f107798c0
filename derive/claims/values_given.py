"""What hypotheses give at once: symbols and entries by others, single entries as numbers, real numbers as moments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from sympy import Basic, Expr, Integer, Rational, Symbol

from derive.language import Array, Compare, Condition, Context, Entry, ForAll
from derive.language.chance import Moment
from derive.language.context import arrays_in

Range = tuple[Symbol, Expr, Expr]
"""An index with its ends."""
_Sides = tuple[tuple[Any, Any], tuple[Any, Any]]


def _equations(facts: Iterable[Condition]) -> Iterator[_Sides]:
    """The sides of each equation, in both orders."""
    for fact in facts:
        if isinstance(fact, Compare) and fact.op == "=":
            yield (fact.left, fact.right), (fact.right, fact.left)


def given_by_moments(context: Context) -> list[tuple[Symbol, Expr]]:
    """Real symbols that a hypothesis gives as a moment."""
    found: list[tuple[Symbol, Expr]] = []
    for sides in _equations(context.facts):
        for one, other in sides:
            fresh = isinstance(one, Symbol) and not one.is_integer and one not in {s for s, _ in found}
            if fresh and isinstance(other, Moment):
                found.append((one, other))
                break
    return found


def known_entries(facts: Sequence[Condition]) -> dict[Array, dict[tuple[int, ...], Fraction]]:
    """Single entries that a hypothesis gives as numbers: x_1 = 3."""
    found: dict[Array, dict[tuple[int, ...], Fraction]] = {}
    for one, other in (pair for sides in _equations(facts) for pair in sides):
        fixed_ = isinstance(one, Entry) and one.indices and all(isinstance(i, Integer) for i in one.indices)
        if fixed_ and isinstance(other, Rational):
            value = Fraction(int(other.p), int(other.q))
            found.setdefault(one.array, {})[tuple(int(i) for i in one.indices)] = value
    return found


def fixed(context: Context) -> list[tuple[Symbol, Expr]]:
    """Symbols that a hypothesis gives by others, in an order in which they can be worked out."""
    found: list[tuple[Symbol, Expr]] = []
    for sides in _equations(f for f in context.facts if not f.has(Entry)):
        for one, other in sides:
            known = {s for s, _ in found}
            later = any(one in term.free_symbols for _, term in found)
            fresh = isinstance(one, Symbol) and one not in known and not later and one not in other.free_symbols
            if fresh and other.free_symbols and not other.free_symbols & known:
                found.append((one, other))
                break
    return found


def assignments(facts: Iterable[Condition]) -> dict[Array, tuple[tuple[Range, ...], Expr]]:
    """Arrays whose entries, or those of a range, a hypothesis gives by other arrays, one by one."""
    found: dict[Array, tuple[tuple[Range, ...], Expr]] = {}
    for fact in facts:
        ranges: dict[Basic, Range] = {}
        while isinstance(fact, ForAll):
            ranges[fact.index] = (fact.index, fact.low, fact.high)
            fact = fact.body
        for one, other in (pair for sides in _equations([fact]) for pair in sides):
            if not isinstance(one, Entry) or set(one.indices) != set(ranges) or len(one.indices) != len(ranges):
                continue
            used = arrays_in(other)
            if one.array not in found and one.array not in used and not used & found.keys():
                found[one.array] = (tuple(ranges[i] for i in one.indices), other)
                break
    return found
