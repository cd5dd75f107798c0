"""Two terms that should be related, at exact points: a second look at a law, and the smallest witness for a refusal."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import Expr

from derive.errors import Undefined, Unevaluable
from derive.language import Array, Context, Entry
from derive.language.balls import Ball, close
from derive.language.drawing import edge_points, small_points
from derive.language.orthonormal import in_columns
from derive.language.outcomes import one_outcome
from derive.language.points import Evaluator, Point, Samples, Value
from derive.language.symbols import in_letters

WITNESSES = 600
"""Candidates looked at for a witness, smallest first."""

_MOST_ENTRIES = 6**4
"""Of one array; with more axes it is given at fewer indices on each."""

_FEW, _TRIES = 4, 12
"""With fewer points than that, each is looked at with so many choices of the arrays; how many are tried for each."""

_RELATIONS = {"=": operator.eq, "<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt}


@dataclass(frozen=True)
class Compared:
    """Two sides at a point; `right` is None where it is undefined, `exact` whether both values are known exactly."""

    point: dict[str, str]
    left: Value
    right: Value | None
    agrees: bool
    exact: bool


Seen = dict[Any, Any]
"""What was found before at a point: the values of lines, for a line of a chain is the end of one step and the start of
the next; whether the arrays meet the hypotheses; the entries that were worked out for any of them."""


def compared(
    context: Context,
    before: Expr,
    relation: str,
    after: Expr,
    points: Sequence[Point],
    skipped: Counter[str],
    seen: Seen | None = None,
) -> Iterator[Compared]:
    """Both sides at the points and on the edges of the terms, where the left one has a value.

    Points where one of the sides has no value that can be computed are counted in `skipped`, and so are those where
    the values are not known to enough digits.
    """
    variants = 1 if len(points) >= _FEW or not context.arrays else _FEW
    given: list[dict[Array, Samples]] = []
    here = (*points, *edge_points(context, (before, after), list(points)))
    seen = {} if seen is None else seen
    for point, variant in _places(context, here, variants, given, skipped, seen):
        try:
            left = _value(before, context, point, variant, given, seen)
        except Unevaluable as problem:
            skipped[type(problem).__name__] += 1
            continue
        right: Value | None
        try:
            right = _value(after, context, point, variant, given, seen)
            agrees = agree(left, relation, right)
        except Undefined:
            right, agrees = None, False
        except Unevaluable:
            skipped["Unevaluable"] += 1
            continue
        exact = not (isinstance(left, Ball) or isinstance(right, Ball))
        yield Compared({s.name: str(v) for s, v in point.items()}, left, right, agrees, exact)


def _places(
    context: Context,
    points: Sequence[Point],
    variants: int,
    given: list[dict[Array, Samples]],
    skipped: Counter[str],
    seen: Seen,
) -> Iterator[tuple[Point, int]]:
    """Each point with so many choices of arrays that meet the hypotheses about their entries, none of them twice."""
    asked = any(fact.has(Entry) for fact in context.facts)
    for point in points:
        found = 0
        for variant in range(variants * _TRIES):
            if found == variants:
                break
            if variant == len(given):
                drawn = {a: samples(a, variant // 2 if asked else variant) for a in context.arrays}
                drawn = {a: s.positive() for a, s in drawn.items()} if asked and variant % 2 else drawn
                drawn = in_columns(context, drawn, variant) if asked else drawn
                given.append({a: s.enclosed() for a, s in drawn.items()} if context.is_iterated else drawn)
            key = (id(context), frozenset(point.items()), variant, "allowed")
            if key not in seen:
                seen[key] = _allowed(context, _evaluator(context, point, variant, given, seen))
            if seen[key]:
                found += 1
                yield point, variant
        if found < variants:
            skipped["the arrays do not meet a hypothesis"] += variants - found


def _evaluator(
    context: Context, point: Point, variant: int, given: Sequence[Mapping[Array, Samples]], seen: Seen
) -> Evaluator:
    """One for each context, point and choice of arrays."""
    key = (id(context), frozenset(point.items()), variant)
    if key not in seen:
        seen[id(context)] = context  # kept, so that nothing else gets its number
        seen[key] = Evaluator(context, given[variant], point, variant)
        if context.random:  # outside of moments a line speaks of one outcome
            seen[key].arrays = {**given[variant], **one_outcome(context.chances, seen[key], variant)}
    made: Evaluator = seen[key]
    return made


def _value(
    term: Expr, context: Context, point: Point, variant: int, given: Sequence[Mapping[Array, Samples]], seen: Seen
) -> Value:
    """The value of the term, as it was found before at that place."""
    evaluator = _evaluator(context, point, variant, given, seen)
    key = (id(context), frozenset(point.items()), variant, term)
    if key not in seen:
        try:
            seen[key] = evaluator.evaluate(term)
        except Unevaluable as problem:
            seen[key] = problem
    found = seen[key]
    if isinstance(found, Unevaluable):
        raise type(found)(str(found))
    value: Value = found
    return value


def witness(context: Context, before: Expr, relation: str, after: Expr) -> dict[str, str] | None:
    """The smallest exact point at which `before relation after` is false, with both values, if one is found."""
    given: list[dict[Array, Samples]] = []
    seen: Seen = {}
    strangers = [s for s in sorted(after.free_symbols, key=in_letters) if s not in context.symbols]
    for point in small_points(context, (*context.symbols, *strangers), most=WITNESSES):
        found = next(_places(context, [point], 1, given, Counter(), seen), None)
        if found is None:
            continue
        here = _evaluator(context, *found, given, seen)
        try:
            left: Any = here.evaluate(before)
        except Unevaluable:
            continue
        try:
            right: Any = here.evaluate(after)
            agrees = agree(left, relation, right)
        except Undefined:
            right, agrees = "undefined", False
        except Unevaluable:
            continue
        if not agrees:
            shown = {s.name: str(v) for s, v in point.items()}
            return {**shown, "from is": str(left), "claims is": str(right)}
    return None


def _allowed(context: Context, evaluator: Evaluator) -> bool:
    """Whether the hypotheses about entries hold for these arrays; all others hold by the choice of the point."""
    try:
        return all(evaluator.holds(fact) for fact in context.facts if fact.has(Entry))
    except Unevaluable:
        return False


def agree(left: Value, relation: str, right: Value) -> bool:
    """Whether the relation holds between two numbers; of balls that overlap, whether they are close.

    Raises:
        Unevaluable: one of them is a ball, and it is not known to enough digits.
    """
    if not (isinstance(left, Ball) or isinstance(right, Ball)):
        return bool(_RELATIONS[relation](left, right))
    if relation == "=":
        return close(left, right)
    try:
        return bool(_RELATIONS[relation](left, right))
    except Unevaluable:
        if relation in ("<", ">"):
            raise
        return close(left, right)


def samples(array: Array, variant: int = 0) -> Samples:
    """Some entries of a free array near index 0: small, unlike each other, the same every time."""
    seed, axes = sum(map(ord, array.name)) + variant, len(array.axes)
    width = 9 if axes == 1 else 8 if axes == 2 else max(w for w in range(1, 7) if w**axes <= _MOST_ENTRIES or w == 1)
    first = -2 if axes <= 2 else min(1, 4 - width)
    grid = product(range(first, first + width), repeat=axes)
    return Samples(
        {
            index: Fraction((seed * 7 + place * place * 3 + place * 5) % 11 - 5, 1 + (seed + place) % 3)
            + (6 if axes == 2 and index[0] == index[1] else 0)  # so that few of the square ones are singular
            for place, index in enumerate(grid)
        }
    )
