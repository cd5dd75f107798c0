"""Statements looked at at exact points: a witness where one fails, made small; else how often it held.

A witness counts only if every hypothesis holds there and the statement fails for certain: two enclosures that overlap
refute nothing. Of several ways to fail a difference of values is told before a side without a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from sympy import Symbol

from derive.claims.asking import Outcome, asked, free_terms, obligations_of
from derive.claims.clock import now
from derive.claims.places import Place, Places, entries_of
from derive.claims.statements import Statement, Witness
from derive.errors import Unevaluable
from derive.language import Array, Compare, Condition, Context, Entry
from derive.language.balls import digits_of
from derive.language.points import Samples
from derive.numeric.witness import fewer_entries, smallest

SHRINKING = 0.6
"""Seconds for making a witness smaller."""
MOST_SHOWN, DIGITS = 36, 10
_ENOUGH = 400


@dataclass
class Looked:
    """What was seen: how often the statement held, where it failed, and whether time was up before all was seen.

    `values` are those that each symbol had where the statement held.
    """

    held: int = 0
    exact: int = 0
    varied: set[Array] = field(default_factory=set)
    skipped: int = 0
    why: str = ""
    cut: bool = False
    values: dict[Symbol, set[Any]] = field(default_factory=dict)
    failed: tuple[Place, Outcome] | None = None
    undefined: tuple[Place, Outcome] | None = None


@dataclass(frozen=True)
class Refuted:
    """A witness, and the hypothesis that is missing where a side has no value."""

    witness: Witness
    missing: Condition | None
    undefined: bool
    place: Place


def look(statement: Statement, places: Iterable[Place], until: float, seen: Looked | None = None) -> Looked:
    """The statement at the places, until it fails at one or time is up."""
    seen = Looked() if seen is None else seen
    for count, place in enumerate(places):
        outcome = asked(statement, place)
        if outcome.kind == "holds":
            seen.held += 1
            seen.exact += outcome.exact
            seen.varied |= {a for a, entries in place.arrays.items() if is_general(entries)}
            for symbol, value in place.point.items():
                seen.values.setdefault(symbol, set()).add(value)
        elif outcome.kind == "fails":
            seen.failed = (place, outcome)
            return seen
        elif outcome.kind == "undefined":
            seen.undefined = seen.undefined or (place, outcome)
        elif outcome.kind == "skipped":
            seen.skipped += 1
            seen.why = outcome.why
        if now() > until or count > _ENOUGH:
            seen.cut = True
            return seen
    seen.cut = seen.cut or now() > until  # no place may have been chosen for want of time
    return seen


def is_general(entries: Samples) -> bool:
    """Whether there are entries off the diagonal that are not 0, or, of a vector, any."""
    return any(value and (len(place) < 2 or len(set(place)) > 1) for place, value in entries.values.items())


def refuted(statement: Statement, seen: Looked, choices: Places) -> Refuted | None:
    """The smallest witness that is found from where the statement failed."""
    start = seen.failed or seen.undefined
    if start is None:
        return None
    place, outcome = smaller(statement, start, choices)
    again = asked(statement, place)
    if again.kind != outcome.kind or not choices.meets(place.point):
        return None
    return Refuted(_told(statement, place, again), again.missing, again.kind == "undefined", place)


def smaller(statement: Statement, start: tuple[Place, Outcome], choices: Places) -> tuple[Place, Outcome]:
    """A place with smaller numbers at which the statement fails in the same way."""
    first, kind = start, start[1].kind
    until = now() + SHRINKING
    variants = tuple(dict.fromkeys((first[0].variant, *range(8 if choices.free else 3))))

    def fails(point: Mapping[Symbol, Fraction]) -> tuple[Place, Outcome] | None:
        if now() > until or not choices.meets(point):
            return None
        for place in choices.at(point, variants):
            outcome = asked(statement, place)
            if outcome.kind == kind:
                return place, outcome
        return None

    found = smallest(statement.context, first[0].point, fails, lambda: now() > until) if first[0].point else None
    best = found[1] if found is not None else first

    def plainer(arrays: Mapping[Array, Samples]) -> tuple[Place, Outcome] | None:
        if now() > until + SHRINKING:
            return None
        if choices.about and not choices.allowed(best[0].point, arrays):
            return None
        place = replace(best[0], arrays=dict(arrays))
        outcome = asked(statement, place)
        return (place, outcome) if outcome.kind == kind else None

    return fewer_entries(best[0].arrays, plainer, best) if best[0].arrays else best


def _told(statement: Statement, place: Place, outcome: Outcome) -> Witness:
    context = statement.context
    sizes = [d.symbol for d in context.declarations if d.sort in ("size", "natural")]
    others = [s for s in context.symbols if s not in sizes]
    order = [*sizes, *(s for s in others if s.is_integer), *(s for s in others if not s.is_integer)]
    values: list[tuple[str, Any]] = [(s.name, str(place.point[s])) for s in order if s in place.point]
    used = _used(statement)
    for array, samples in place.arrays.items():
        if array in used:
            shown = _entries(array, place.point, samples)
            if shown is not None:
                values.append((array.name, shown))
    left, right = (_value(v) for v in (outcome.left, outcome.right))
    if outcome.kind != "undefined" and statement.relation == "":
        right = "true"
    return Witness(tuple(values), left, right, outcome.why)


def _used(statement: Statement) -> set[Array]:
    """All arrays that the sides rest on, through definitions."""
    found = {t for side in free_terms(statement) for t in side.atoms(Array)}
    for definition in reversed(statement.context.definitions):
        if definition.array in found:
            found |= definition.body.atoms(Array)
    for fact in statement.context.hypotheses:
        found |= {e.array for e in fact.atoms(Entry)}
    return found | {o for a in found for o in a.atoms(Array)}


def _entries(array: Array, point: Mapping[Symbol, Fraction], samples: Samples) -> Any:
    """Nested lists of the entries; None of what is too large to be told."""
    try:
        places = entries_of(array, point)
    except Unevaluable:
        return None
    endless = any(low.is_infinite or high.is_infinite for low, high in array.axes)
    if endless:
        return {", ".join(map(str, k)): str(v) for k, v in sorted(samples.values.items()) if v}
    if len(places) > MOST_SHOWN:
        return None
    if not array.axes:
        return str(samples())
    return _nested(places, samples, ())


def _nested(places: list[tuple[int, ...]], samples: Samples, start: tuple[int, ...]) -> Any:
    depth = len(start)
    if depth == len(places[0]) if places else True:
        return str(samples(*start)) if places else []
    heads = dict.fromkeys(p[depth] for p in places)
    return [_nested([p for p in places if p[depth] == head], samples, (*start, head)) for head in heads]


def _value(value: Any) -> str:
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return str(value)
    try:
        return str(digits_of(value, DIGITS))
    except Unevaluable:
        return str(value)


def by_solver(statement: Statement, choices: Places) -> list[Place]:
    """Points that a decision procedure gives: where a side has no value, or where the relation fails."""
    context = statement.context
    wanted = [c for side in free_terms(statement) for c in obligations_of(context, side)]
    left, right = statement.left, statement.right
    if statement.relation in ("=", "!=", "<", "<=", ">", ">="):
        wanted.append(Compare(statement.relation, left, right))
    elif isinstance(left, Condition):
        wanted.append(left)
        if isinstance(right, Condition):
            wanted.append(right)
    return [p for condition in wanted for p in breaking(context, choices, condition)]


def breaking(context: Context, choices: Places, condition: Condition) -> list[Place]:
    """Places at the point at which a decision procedure finds that the condition fails."""
    if condition.has(Entry) or not condition.free_symbols & set(context.symbols):
        return []
    decision = context.decide(condition)
    if decision.value is not False:
        return []
    found = {s: v for s, v in decision.point if s in context.symbols}
    base = next(iter(choices.small(1)), {})
    point = {**base, **found}
    if set(point) != set(context.symbols) or not choices.meets(point):
        return []
    return list(choices.at(point, (0, 1)))
