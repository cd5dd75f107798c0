"""Proved claims as lemmas: a side that a claim speaks of, at other letters, becomes what the claim says it is.

The definitions that the lemma rests on may be made here under other names, or be written out, or not be made at all:
then they are added, under names that are new, which says nothing about what was there before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from sympy import Expr

from derive.claims.accepting import Proof, under
from derive.claims.fitting import Values, renamed_for
from derive.claims.normalising import STUMBLES
from derive.claims.proving import equal
from derive.claims.searching import Search
from derive.errors import DeriveError
from derive.kernel.checker import Memory
from derive.kernel.derivation import Derivation
from derive.language import Context, substitute
from derive.language.chance import Chance
from derive.language.conditions import MIRROR
from derive.rules.combine import Moves
from derive.rules.lemmas import use_lemma

_DEPTH = 3


class Lemmas(Protocol):
    """Proved claims that can be asked by term.

    Attributes:
        checked: The checker's reports on those that were handed out, as its memory has them.
    """

    @property
    def checked(self) -> Memory: ...

    def fitting(self, context: Context, term: Expr, until: float) -> Iterator[tuple[Derivation, Values]]:
        """Claims whose left side, at the values with each, is the term; no more of them after `until`."""
        ...


def by_library(
    search: Search, context: Context, left: Expr, relation: str, right: Expr, library: Lemmas
) -> Proof | None:
    """A proof by a claim that has the left or the right side."""
    for one, sign, other in ((left, relation, right), (right, MIRROR[relation], left)):
        equations = []
        for lemma, values in library.fitting(context, one, search.until):
            search.tick()
            search.memory["lemma", lemma] = library.checked["lemma", lemma]
            if lemma.relation == "=" != sign:  # what is left to be shown then may take long
                equations.append((lemma, values))
            elif lemma.relation == sign:
                found = _by_lemma(search, context, one, sign, other, lemma, values)
                if found is not None:
                    return found
        for lemma, values in equations:
            found = _by_lemma(search, context, one, sign, other, lemma, values)
            if found is not None:
                return found
    return None


def _by_lemma(
    search: Search, context: Context, one: Expr, sign: str, other: Expr, lemma: Derivation, values: Values
) -> Proof | None:
    used = list(search.used)
    try:
        there, added = renamed_for(lemma.context, values, context)
        chances = lemma.context.substituted(there).chances

        def extended(narrow: Context) -> Context:
            stated = tuple(_as_stated(record, chances) for record in narrow.chances)
            return replace(narrow, definitions=narrow.definitions + added, chances=stated)

        wide = extended(context)
        goal = substitute(lemma.left, there)
        search.used.append(lemma)
        moves: Moves | None = () if goal == one else equal(search, wide, one, goal, _DEPTH)
        if moves is None:
            return None
        moves += use_lemma(lemma, there)(wide, goal)
        after = moves[-1].after
        if after != other and search.fails(wide, after, "=", other):
            return None
        rest = () if after == other else equal(search, wide, after, other, 1)
        if rest is None:
            return None
        found = search.proof(wide, one, other, (*moves, *rest), sign)
        return None if found is None else under(found, extended)
    except (DeriveError, *STUMBLES):
        return None
    finally:
        search.used[:] = used


def _as_stated(record: Chance, wanted: tuple[Chance, ...]) -> Chance:
    """The record as the lemma has it, if it says that and perhaps more: less is assumed then."""
    for other in wanted:
        if other.array != record.array or other.group != record.group:
            continue
        letters = dict(zip(record.parameters, other.parameters, strict=True))
        mean, variance, second = (
            None if v is None else substitute(v, letters) for v in (record.mean, record.variance, record.second)
        )
        same = replace(record, parameters=other.parameters, mean=mean, variance=variance, second=second)
        if set(other.stated) <= set(same.stated):
            return other
    return record
