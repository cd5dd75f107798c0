"""Questions about symbols, decided: isl where they are affine over the integers, else z3 with a limit on its work.

A fact that holds "for all" indices is no question for either; who uses it at an index is `discharge`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from sympy import Basic, Symbol

from derive.errors import NotAffine
from derive.language.conditions import Condition, all_of, negate, parts_of
from derive.language.opaque import always_broken
from derive.language.ranged import ForAll

_NO_PROOF = "z3 found no proof within its limit"


@dataclass(frozen=True)
class Decision:
    """Answer to a question: value, who gave it, and for False a point that breaks the condition."""

    value: bool | None
    by: str
    point: tuple[tuple[Symbol, Fraction], ...] = ()


@lru_cache(8192)
def decided(facts: tuple[Condition, ...], condition: Condition, steps: int | None) -> Decision:
    """What the search for a law asks again and again; it depends on nothing else."""
    # What holds at every index is left out, so a point that is found may break it.
    plain = tuple(f for f in facts if not f.has(ForAll))
    refuted = negate(condition)
    if always_broken(refuted, plain):
        contradiction = no_point(all_of(*plain), steps)
        return contradiction if contradiction.value else Decision(None, _NO_PROOF)
    simple, goal = affine(plain), affine(parts_of(refuted))
    if goal and (len(simple), len(goal)) != (len(plain), len(parts_of(refuted))):
        quick = no_point(all_of(*simple, *goal))  # isl is much faster than z3, and often this is enough
        if quick.value:
            return quick
    found = no_point(all_of(*plain, refuted), steps)
    fewer = tuple(fact for fact in plain if fact.free_symbols <= condition.free_symbols)
    if found.value is None and len(fewer) < len(plain):  # a fact such as N = S*M may lead z3 astray
        alone = no_point(all_of(*fewer, refuted), steps)
        found = alone if alone.value else found
    return found if found.value or len(plain) == len(facts) else Decision(None, found.by)


def affine(conditions: Iterable[Condition]) -> list[Condition]:
    """Those of which isl speaks."""
    from derive.language.integers import is_affine

    return [c for c in conditions if is_affine(c)]


@lru_cache(8192)
def no_point(refutation: Condition, steps: int | None = None) -> Decision:
    """Whether no point satisfies the condition: isl where it is affine over the integers, else z3."""
    symbols = sorted((s for s in refutation.free_symbols), key=lambda s: s.name)
    if all(s.is_integer for s in symbols):
        try:
            return _from_isl(refutation, symbols)
        except NotAffine:
            pass
    from derive.language import solver

    try:
        answer, point = solver.find_point(refutation, symbols, steps or solver.STEPS)
    except NotAffine:
        return Decision(None, "no decision procedure speaks of it")
    if answer == "none":
        return Decision(True, "z3")
    if answer == "found":
        return Decision(False, "z3", tuple(point.items()))
    return Decision(None, _NO_PROOF)


def _from_isl(refutation: Condition, symbols: list[Symbol]) -> Decision:
    from derive.language import integers

    point = integers.find_point(refutation, symbols)
    if point is None:
        return Decision(True, "isl")
    return Decision(False, "isl", tuple((s, Fraction(v)) for s, v in point.items()))


def connected(facts: tuple[Condition, ...], symbols: set[Basic]) -> tuple[Condition, ...]:
    """The facts that are connected to the symbols by shared symbols (facts without symbols are always kept)."""
    reached = set(symbols)
    while True:
        more = {s for f in facts if _symbols_of(f) & reached for s in _symbols_of(f)} - reached
        if not more:
            return tuple(f for f in facts if not _symbols_of(f) or _symbols_of(f) & reached)
        reached |= more


@lru_cache(8192)
def _symbols_of(fact: Condition) -> frozenset[Basic]:
    return frozenset(fact.free_symbols)
