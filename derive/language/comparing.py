"""Two terms that should be related, at exact points: a second look at a law, and the smallest witness for a refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import Expr

from derive.errors import Undefined, Unevaluable
from derive.language import Array, Context
from derive.language.drawing import edge_points, small_points
from derive.language.points import Point, Samples, evaluate

WITNESSES = 600
"""Candidates looked at for a witness, smallest first."""

Value = Fraction | None
"""None where a term is undefined."""


def values(
    context: Context, before: Expr, after: Expr, points: Sequence[Point], skipped: Counter[str]
) -> Iterator[tuple[dict[str, str], Fraction, Value]]:
    """(point, left, right) at the points and on the edges of the terms, where the left side has a value.

    Points where one of the sides has no exact value that can be computed are counted in `skipped`.
    """
    arrays = {a: samples(a) for a in context.arrays}
    for point in (*points, *edge_points(context, (before, after), list(points))):
        try:
            left = evaluate(before, point, context, arrays)
        except Unevaluable as problem:
            skipped[type(problem).__name__] += 1
            continue
        right: Value
        try:
            right = evaluate(after, point, context, arrays)
        except Undefined:
            right = None
        except Unevaluable:
            skipped["Unevaluable"] += 1
            continue
        yield {s.name: str(v) for s, v in point.items()}, left, right


def witness(context: Context, before: Expr, relation: str, after: Expr) -> dict[str, str] | None:
    """The smallest exact point at which `before relation after` is false, with both values, if one is found."""
    arrays = {a: samples(a) for a in context.arrays}
    strangers = [s for s in sorted(after.free_symbols, key=str) if s not in context.symbols]
    for point in small_points(context, (*context.symbols, *strangers), most=WITNESSES):
        try:
            left: Any = evaluate(before, point, context, arrays)
        except Unevaluable:
            continue
        try:
            right: Any = evaluate(after, point, context, arrays)
        except Undefined:
            right = "undefined"
        except Unevaluable:
            continue
        if right == "undefined" or not agree(left, relation, right):
            shown = {s.name: str(v) for s, v in point.items()}
            return {**shown, "from is": str(left), "claims is": str(right)}
    return None


def agree(left: Fraction, relation: str, right: Fraction) -> bool:
    """Whether the relation holds between two numbers."""
    return {
        "=": left == right,
        "<=": left <= right,
        "<": left < right,
        ">=": left >= right,
        ">": left > right,
    }[relation]


def samples(array: Array) -> Samples:
    """Some entries of a free array: small, unlike each other, the same every time."""
    seed = sum(map(ord, array.name))
    grid = product(range(-2, 4), repeat=len(array.axes))
    return Samples(
        {
            index: Fraction((seed * 7 + place * place * 3 + place * 5) % 11 - 5, 1 + (seed + place) % 3)
            for place, index in enumerate(grid)
        }
    )
