"""Proofs of statements of every kind: equations, inequalities, conditions, implications, values to some digits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sympy import Expr

from derive.claims.accepting import Proof, follows, joined, under
from derive.claims.asking import asked
from derive.claims.bounding import bounded
from derive.claims.clock import now
from derive.claims.extending import with_zeros_outside
from derive.claims.lemmas import Lemmas, by_library
from derive.claims.normalising import STUMBLES
from derive.claims.places import Place
from derive.claims.proving import equation
from derive.claims.searching import Search
from derive.claims.statements import Statement
from derive.errors import DeriveError
from derive.language import (
    AllOf,
    AnyOf,
    Array,
    Compare,
    Condition,
    Context,
    Declaration,
    ForAll,
    declare,
    implies,
    negate,
    substitute,
)
from derive.language.chance import Moment
from derive.language.discharge import discharge
from derive.language.symbols import fresh
from derive.rules import load_laws
from derive.rules.time_limit import OutOfTime, within_time

_MOST_PARTS = 12
_MOMENT, _SOON = 0.05, 0.25
"""Seconds that are tried without the library, and before the statement is looked at more closely."""


def proved(
    statement: Statement, until: float, library: Lemmas | None = None, doubted: Callable[[], bool] | None = None
) -> Proof | None:
    """A proof of the statement, if one is found in time; before a long search `doubted` says whether it is false."""
    load_laws()
    search = Search(until, doubted=doubted)
    try:
        with within_time(until):
            return _proved(search, statement, library)
    except OutOfTime:
        return None
    except (DeriveError, *STUMBLES):
        return None


def _proved(search: Search, statement: Statement, library: Lemmas | None) -> Proof | None:
    left, right, context, relation = statement.left, statement.right, statement.context, statement.relation
    if relation in ("", "implies", "iff"):
        assert isinstance(left, Condition)
        if relation == "":
            constant = None
            if isinstance(left, Compare):
                constant = _constant(replace(statement, left=left.left, relation=left.op, right=left.right))
            return constant or _condition(search, context, left)
        assert isinstance(right, Condition)
        there = _implication(search, context, left, right)
        if there is None or relation == "implies":
            return there
        back = _implication(search, context, right, left)
        return None if back is None else joined([there, back])
    assert isinstance(left, Expr) and isinstance(right, Expr)
    constant = _constant(statement)
    if constant is not None:
        return constant
    if relation == "approx":
        return _approximately(search, statement, left, right)
    return related(search, context, left, relation, right, library)


def related(
    search: Search, context: Context, left: Expr, relation: str, right: Expr, library: Lemmas | None = None
) -> Proof | None:
    """A proof that two terms are related so."""
    sides = context, left, relation, right
    if relation == "!=":
        return follows(context, Compare("!=", left, right), search.memory)
    looked_up: list[_Way] = [] if library is None else [(by_library, *sides, library)]
    way: _Way = (equation, context, left, right) if relation == "=" else (bounded, *sides)
    found = None if library is None else _soon(search, _MOMENT, way)[0]
    found = found or _first(search, [*looked_up, way])
    if found is not None or search.false or relation != "=":
        return found
    extended = with_zeros_outside(context, left, right)
    more: list[_Way] = [] if extended is None else [(equation, *extended)]
    return _first(search, [*more, (_both_bounds, context, left, right)])


def _both_bounds(search: Search, context: Context, left: Expr, right: Expr) -> Proof | None:
    sides = [bounded(search, context, left, r, right) for r in ("<=", ">=")]
    return None if None in sides else joined([s for s in sides if s is not None])


_Way = tuple[Any, ...]
"""What looks for a proof, and all that it is called with after the search."""


def _first(search: Search, ways: Iterable[_Way]) -> Proof | None:
    """The first proof that is found; when it is not found soon, the statement is looked at first, once."""
    for way in ways:
        found, ended = (None, False) if search.doubted is None else _soon(search, _SOON, way)
        if not ended and search.doubted is not None:
            search.tick()
            doubted, search.doubted = search.doubted, None
            search.false = doubted()
        if search.false:
            return None
        found = found if ended else way[0](search, *way[1:])
        if found is not None:
            return found
    return None


def _soon(search: Search, seconds: float, way: _Way) -> tuple[Proof | None, bool]:
    """A proof that is found in so many seconds, and whether all was tried in them."""
    until, seen = search.until, dict(search.seen)
    search.until = min(until, now() + seconds)
    try:
        with within_time(search.until):
            return way[0](search, *way[1:]), True
    except OutOfTime:
        search.seen = seen
        return None, False
    finally:
        search.until = until


def _condition(search: Search, context: Context, condition: Condition) -> Proof | None:
    """A proof of a condition: at once, or by its parts."""
    found = follows(context, condition, search.memory)
    if found is not None:
        return found
    if isinstance(condition, AllOf):
        parts = []
        for part in condition.args[:_MOST_PARTS]:
            one = _condition(search, context, part)
            if one is None:
                return None
            parts.append(one)
        return joined(parts) if len(condition.args) <= _MOST_PARTS else None
    if isinstance(condition, Compare):
        return related(search, context, condition.left, condition.op, condition.right)
    if isinstance(condition, ForAll) and condition.over_integers:
        index = fresh(condition.index.name, set(context.names))
        body = substitute(condition.body, {condition.index: index})
        inside = substitute(condition.range_condition, {condition.index: index})
        declared = declare(index.name, "integer")

        def extended(there: Context, declared: Declaration = declared) -> Context:
            return there.with_declarations(declared).with_hypotheses(inside)

        one = _condition(search, extended(context), body)
        return None if one is None else under(one, extended)
    if isinstance(condition, AnyOf):
        for part in condition.args:
            others = [negate(c) for c in condition.args if c is not part]
            one = _implication(search, context, AllOf(*others) if len(others) > 1 else others[0], part)
            if one is not None:
                return one
    return None


def _implication(search: Search, context: Context, premise: Condition, conclusion: Condition) -> Proof | None:
    """A proof of the conclusion where the premise is known, or that the premise never holds."""
    whole = follows(context, implies(premise, conclusion), search.memory)
    if whole is not None:
        return whole

    def extended(there: Context) -> Context:
        return there.with_hypotheses(premise)

    try:
        if discharge(context, negate(premise)).shown:
            return follows(context, negate(premise), search.memory)
        one = _condition(search, extended(context), conclusion)
    except (DeriveError, *STUMBLES):
        return None
    return None if one is None else under(one, extended)


def _constant(statement: Statement) -> Proof | None:
    """A statement between numbers that are known exactly, or to enough digits to be told apart."""
    context, (left, right) = statement.context, (statement.left, statement.right)
    if context.symbols or context.arrays or context.hypotheses or context.chances:
        sides = (left, right)
        if any(s is not None and (s.free_symbols or _speaks_of_arrays(s)) for s in sides) or context.hypotheses:
            return None
    bare = replace(statement, context=Context(definitions=context.definitions), given=())
    outcome = asked(bare, Place({}, {}))
    certain = outcome.exact or statement.relation in ("<", ">", "<=", ">=", "!=", "approx")
    if outcome.kind != "holds" or not certain:
        return None
    return Proof(("arithmetic",) if outcome.exact else ("arithmetic with bounds of the error",), lambda there: True)


def _speaks_of_arrays(side: Expr | Condition) -> bool:
    return bool(side.atoms(Array)) or side.has(Moment)


def _approximately(search: Search, statement: Statement, left: Expr, right: Expr) -> Proof | None:
    """Two bounds: the difference is at most the digits in both directions."""
    assert statement.digits is not None
    digits: Expr = statement.digits
    context = statement.context
    above = bounded(search, context, left - right, "<=", digits)
    below = bounded(search, context, left - right, ">=", -digits) if above is not None else None
    return None if above is None or below is None else joined([above, below])

