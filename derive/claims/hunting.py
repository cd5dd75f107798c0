"""Where an inequality fails, looked for downhill: numbers are changed as long as the sides come closer.

Points that are drawn show little of an inequality: `x <= x**2` fails between 0 and 1 alone, and what is not
homogeneous fails at small numbers or at large ones. So the places at which the sides are closest are changed, all
numbers at once, those of one array, or one, and what brings the sides closer is kept. What is found counts as any
place does: the hypotheses hold there, and the values say for certain that the relation does not.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sympy import Symbol

from derive.claims.asking import Outcome, asked, in_floats
from derive.claims.clock import now
from derive.claims.places import STUMBLES, Place, Places, entries_of
from derive.claims.refuting import Looked
from derive.claims.statements import Statement
from derive.errors import Unevaluable
from derive.language import Array
from derive.language.points import Samples

BOUNDS = {"<=": 1, "<": 1, ">=": -1, ">": -1}
"""The relations that are hunted: the sign of right minus left where they hold."""
STARTS, ROUNDS, LOOKED_AT = 5, 24, 60
"""Places to start from; changes of each in a row that help nothing; places among which those are chosen."""
_SCALES = (Fraction(1, 4), Fraction(4), Fraction(1, 10), Fraction(-1), Fraction(1, 2), Fraction(10))
_STEPS = (Fraction(5, 4), Fraction(3, 4), Fraction(11, 10), Fraction(9, 10))
_LARGEST = 10**9
"""No numerator or denominator beyond this: what is found is to be read."""
_LARGE = (0, 60, 20, 6)
"""The sizes of large arrays, by the number of their axes."""
_KEPT: tuple[Callable[[tuple[int, ...]], bool], ...] = (
    lambda p: True, lambda p: len(set(p)) == 1, lambda p: set(p) <= {1},
    lambda p: p[:1] == (1,), lambda p: p[-1:] == (1,),
)  # fmt: skip
"""Which entries of a large array are 1: all, the diagonal, the first one, the first row, the first column."""
_LARGER = (20, 60, 200, 700, 5_000)
_MOST, _WIDEST = 10**12, 7
"""Largest integer; of one that is a size of arrays."""


def hunt(statement: Statement, choices: Places, places: Iterable[Place], until: float, seen: Looked) -> Looked:
    """What was seen, with where the inequality fails if such a place is found before time is up.

    Args:
        statement: Two sides with `<`, `<=`, `>` or `>=`; of others nothing is looked at.
        choices: What knows the hypotheses.
        places: Where to look first.
        until: When to stop.
        seen: What was seen before.

    Example:
        >>> from sympy import Rational
        >>> from derive.language import Context, declare
        >>> x = declare("x", "real")
        >>> choices = Places(Context((x,)))
        >>> false = Statement(choices.context, x.symbol**2 + Rational(2, 9), ">=", x.symbol)
        >>> hunt(false, choices, choices.first(()), now() + 5, Looked()).failed is not None
        True
    """
    if statement.relation not in BOUNDS:
        return seen
    first: list[tuple[float, int, Place]] = []
    for number, place in enumerate(places):
        outcome = asked(statement, place)
        if outcome.kind == "fails":
            return replace(seen, failed=(place, outcome))
        margin = _margin(statement, outcome)
        if margin is not None and (place.arrays or place.point):
            first.append((margin, number, place))
        if now() > until or number > LOOKED_AT:
            break
    for place in _wide(choices, [place for _, _, place in first]):
        if now() > until:
            break
        outcome = asked(statement, place)
        if outcome.kind == "fails":
            return replace(seen, failed=(place, outcome))
    for margin, number, place in sorted(first, key=lambda f: f[:2])[:STARTS]:
        found = _downhill(statement, choices, place, margin, until, random.Random(number))
        if found is not None:
            return replace(seen, failed=found)
    return seen


def _wide(choices: Places, places: Sequence[Place]) -> Iterator[Place]:
    """Large arrays of ones, or with ones in a few places: where a constant hides a size."""
    sizes = {s for a in choices.free for axis in a.axes for end in axis for s in end.free_symbols}
    base = next((p for p in places if sizes & set(p.point)), None)
    if base is None:
        yield from _far(choices, [place.point for place in places])
        return
    deep = max(len(a.axes) for a in choices.free)
    point = choices.completed({**base.point, **{s: Fraction(_LARGE[min(deep, 3)]) for s in sizes if s in base.point}})
    if point is None or not choices.meets(point):
        return
    try:
        entries = {a: entries_of(a, point) for a in choices.free}
    except (Unevaluable, *STUMBLES):
        return
    for kept in _KEPT:
        arrays = {a: Samples({p: Fraction(int(kept(p))) for p in places}) for a, places in entries.items()}
        place = Place({s: Fraction(v) for s, v in point.items()}, arrays)
        if _allowed(choices, place):
            yield place


def _far(choices: Places, points: Sequence[Mapping[Symbol, Fraction]]) -> Iterator[Place]:
    """Numbers without arrays, of which one integer is large, or all are: 2^n stays below n^20 for long."""
    integers = [s for s in choices.symbols if s.is_integer]
    for some in (*([s] for s in integers), integers) if integers and points and not choices.free else ():
        for large in _LARGER:
            point = choices.completed({**points[0], **dict.fromkeys(some, Fraction(large))})
            if point is not None and choices.meets(point):
                yield Place({s: Fraction(v) for s, v in point.items()}, {})


def _downhill(
    statement: Statement, choices: Places, place: Place, margin: float, until: float, rng: random.Random
) -> tuple[Place, Outcome] | None:
    """Where the relation fails, on a way along which the sides come closer."""
    helpless = 0
    changed = _changed(choices, place, rng)
    while helpless < ROUNDS and now() < until:
        other = next(changed)
        helpless += 1
        if not _allowed(choices, other):
            continue
        outcome = asked(statement, other)
        if outcome.kind == "fails":
            return other, outcome
        closer = _margin(statement, outcome)
        if closer is not None and closer < margin:
            place, margin, helpless = other, closer, 0
            changed = _changed(choices, place, rng)
    return None


def _margin(statement: Statement, outcome: Outcome) -> float | None:
    """How far the sides are from each other, as a share of their size; None where that is not known."""
    sides = in_floats(outcome)
    if sides is None:
        return None
    left, right = sides
    size = abs(left) + abs(right)
    return BOUNDS[statement.relation] * (right - left) / size if size else 2.0  # where both are 0 nothing is learnt


def _changed(choices: Places, place: Place, rng: random.Random) -> Iterator[Place]:
    """Places with other numbers: all of them scaled, those of each array, each symbol; then one number at a time."""
    symbols = [s for s in choices.symbols if s in place.point]
    reals = [s for s in symbols if not s.is_integer]
    arrays = [a for a, s in place.arrays.items() if s.values]
    for scale in _SCALES:
        yield _scaled(place, reals, arrays, scale)
    if len(arrays) + len(reals) > 1:
        for scale in _SCALES:
            for array in arrays:
                yield _scaled(place, (), (array,), scale)
            for real in reals:
                yield _scaled(place, (real,), (), scale)
    numbers: list[Any] = [*symbols, *((a, k) for a in arrays for k in place.arrays[a].values)]
    while True:
        which = rng.choice(numbers) if numbers else None
        if isinstance(which, tuple):
            array, at = which
            values = dict(place.arrays[array].values)
            values[at] = _other(values[at], list(values.values()), rng)
            yield replace(place, arrays={**place.arrays, array: Samples(values)})
        elif which is None:
            yield place
        elif which.is_integer:
            yield _resized(choices, place, which, rng)
        else:
            new = _other(place.point[which], [place.point[r] for r in reals], rng)
            point = choices.completed({**place.point, which: new})
            yield place if point is None else replace(place, point=point)


def _resized(choices: Places, place: Place, which: Symbol, rng: random.Random) -> Place:
    """Another integer; arrays whose shapes it changes are drawn again, and stay small."""
    old = place.point[which]
    point = choices.completed({**place.point, which: rng.choice((old + 1, old - 1, old * 2, old + 5, old - 5))})
    if point is None:
        return place
    if not any(which in end.free_symbols for a in place.arrays for axis in a.axes for end in axis):
        return replace(place, point=point) if abs(point[which]) <= _MOST else place
    drawn = choices.drawn(point, rng.randrange(12)) if abs(point[which]) <= _WIDEST else None
    return place if drawn is None else replace(place, point=point, arrays=drawn)


def _other(value: Any, among: list[Any], rng: random.Random) -> Any:
    """Another number: a multiple, one more or less, 0, or one of the others."""
    near = (value + 1, value - 1, value * rng.choice(_STEPS), value * rng.choice(_STEPS))
    new = rng.choice((value * rng.choice(_SCALES), *near, Fraction(0), rng.choice(among)))
    small = abs(new.numerator) < _LARGEST and new.denominator < _LARGEST if isinstance(new, Fraction) else False
    return new if small else value


def _scaled(place: Place, reals: Iterable[Symbol], arrays: Iterable[Array], scale: Fraction) -> Place:
    point: Mapping[Symbol, Fraction] = {**place.point, **{r: place.point[r] * scale for r in reals}}
    scaled = {a: Samples({k: v * scale for k, v in place.arrays[a].values.items()}) for a in arrays}
    return replace(place, point=point, arrays={**place.arrays, **scaled})


def _allowed(choices: Places, place: Place) -> bool:
    """Whether the hypotheses hold there."""
    return choices.meets(place.point) and (not choices.about or choices.allowed(place.point, place.arrays))
