"""Proved claims as lemmas: a side that a claim speaks of, at other letters, becomes what the claim says it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sympy import Basic, Expr, Symbol

from derive.claims.accepting import Proof
from derive.claims.normalising import STUMBLES
from derive.claims.proving import equal
from derive.claims.searching import Search
from derive.errors import DeriveError
from derive.kernel.derivation import Derivation
from derive.language import Array, Context, Entry
from derive.language.conditions import MIRROR
from derive.language.terms import Ranged, with_standard_indices
from derive.rules.lemmas import use_lemma

_MOST = 6
_INDEX: dict[int, tuple[Sequence[Derivation], dict[Any, list[Derivation]]]] = {}


def by_library(
    search: Search, context: Context, left: Expr, relation: str, right: Expr, library: Sequence[Derivation]
) -> Proof | None:
    """A proof by a claim that has the left or the right side, and the same relation."""
    for one, sign, other in ((left, relation, right), (right, MIRROR[relation], left)):
        for lemma, values in _fitting(library, one, sign):
            search.tick()
            try:
                moves = use_lemma(lemma, values)(context, one)
                search.used.append(lemma)
                rest = equal(search, context, moves[-1].after, other, 2)
                if rest is not None:
                    found = search.proof(context, one, other, (*moves, *rest), sign)
                    if found is not None:
                        return found
            except (DeriveError, *STUMBLES):
                pass
            if lemma in search.used:
                search.used.remove(lemma)
    return None


def _fitting(
    library: Sequence[Derivation], term: Expr, relation: str
) -> Iterator[tuple[Derivation, dict[Any, Any]]]:
    found = 0
    for lemma in _indexed(library).get(_head(term), ()):
        if lemma.relation != relation:
            continue
        values = fitted(lemma, term)
        if values is not None:
            found += 1
            yield lemma, values
            if found == _MOST:
                return


def _indexed(library: Sequence[Derivation]) -> dict[Any, list[Derivation]]:
    """The claims by the head and the parts of their left sides, worked out once for a library."""
    known = _INDEX.get(id(library))
    if known is None or known[0] is not library:
        made: dict[Any, list[Derivation]] = {}
        for lemma in library:
            made.setdefault(_head(lemma.left), []).append(lemma)
        _INDEX.clear()
        known = _INDEX[id(library)] = (library, made)
    return known[1]


def _head(term: Expr) -> Any:
    """The head, and for a sum or a moment that of its body."""
    inner = type(term.args[0]) if isinstance(term, Ranged) or getattr(term, "averages", False) else len(term.args)
    return type(term), inner


def fitted(lemma: Derivation, term: Expr) -> dict[Any, Any] | None:
    """What the symbols and arrays of the claim are in the term, if its left side is the term then."""
    free = {*lemma.context.symbols, *lemma.context.arrays, *(d.array for d in lemma.context.definitions)}
    values: dict[Any, Any] = {}
    if not _match(with_standard_indices(lemma.left), with_standard_indices(term), free, values):
        return None
    unknown = [s for s in lemma.context.symbols if s not in values]
    return None if any(s in lemma.left.free_symbols for s in unknown) else values


def _match(pattern: Basic, term: Basic, free: set[Any], values: dict[Any, Any]) -> bool:
    if pattern in free and isinstance(pattern, Symbol):
        if pattern in values:
            return bool(values[pattern] == term)
        if not isinstance(term, Expr) or (term.has(Entry)):
            return False
        values[pattern] = term
        return True
    if isinstance(pattern, Array) and type(pattern) is Array and pattern in free:
        if pattern in values:
            return bool(values[pattern] == term)
        if not isinstance(term, Array) or len(term.axes) != len(pattern.axes) or term.outside != pattern.outside:
            return False
        values[pattern] = term
        return all(_match(p, t, free, values) for p, t in zip(pattern.args[1].args, term.args[1].args, strict=True))
    if not pattern.args:
        return bool(pattern == term)
    if pattern.func != term.func or len(pattern.args) != len(term.args):
        return False
    return all(_match(p, t, free, values) for p, t in zip(pattern.args, term.args, strict=True))
