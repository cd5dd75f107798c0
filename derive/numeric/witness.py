"""The smallest point at which something fails: sizes first, then integers, then real numbers.

A reader checks `n=0, L=1, a=1` by hand, and never `n=11, L=8, a=-9/7`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import TypeVar

from sympy import Symbol

from derive.errors import Unevaluable
from derive.language import Array, Condition, Context, Entry
from derive.language.points import Samples, holds

_MOST = 3_000
_MOST_CHOICES = 20_000
_MOST_LOOKED_AT = 30_000
"""Sizes with integers, also those that the hypotheses forbid."""
_NEAR = 500
"""Of a size so many small values are tried, and then halves, quarters and so on of the way to it."""
_SIMPLE = (Fraction(2), Fraction(1), Fraction(0), Fraction(-1), Fraction(1, 2))
"""2 first: at 0 and 1 a wrong formula is often undefined, and two different values say more."""

Point = Mapping[Symbol, Fraction]
Found = TypeVar("Found")
Number = TypeVar("Number", int, Fraction)


def smallest(
    context: Context, point: Point, fails: Callable[[Point], Found | None], late: Callable[[], bool] = bool
) -> tuple[Point, Found] | None:
    """Look for a smaller point that fails too.

    Args:
        context: Declares the symbols; whether a point is allowed is for `fails` to say.
        point: A point that fails.
        fails: What is wrong at a point, or None.
        late: Whether to give up the search; never, if nothing is said.

    Returns:
        (point, what is wrong there), or None when no other failing point was found. All small points are tried in
        order of size; if none of the first 3,000 fails, the values are made smaller one by one.

    Example:
        >>> from derive.language import declare
        >>> c = Context((declare("L", "size"),))
        >>> L, = c.symbols
        >>> smallest(c, {L: Fraction(9)}, lambda p: "too long" if p[L] > 4 else None)
        ({L: Fraction(5, 1)}, 'too long')
    """
    for candidate in islice(_by_size(context, point, late), _MOST):
        found = fails(candidate)
        if found is not None:
            return candidate, found
    return _one_by_one(context, point, fails)


def _kinds(context: Context, point: Point) -> tuple[list[Symbol], list[Symbol], list[Symbol]]:
    # In the order of the declarations: that of a point is the one in which its values were drawn.
    symbols = [*context.symbols, *(s for s in point if s not in context.symbols)]
    sizes = [d.symbol for d in context.declarations if d.sort == "size"]
    integers = [s for s in symbols if s.is_integer and s not in sizes]
    return sizes, integers, [s for s in symbols if not s.is_integer]


def _by_size(context: Context, point: Point, late: Callable[[], bool]) -> Iterator[dict[Symbol, Fraction]]:
    sizes, integers, reals = _kinds(context, point)
    # A smaller point may have one size or integer greater than here, if another one is less: as far as the sum of the
    # sizes for each size, and for each integer as far as the greatest of them all.
    most = int(sum(point[s] for s in sizes)) - len(sizes) + 1
    some = _combined([range(1, most + 1) for _ in sizes])
    reach = max((abs(int(point[s])) for s in (*sizes, *integers)), default=0)
    others = _combined([list(dict.fromkeys((*outwards(reach), int(point[s])))) for s in integers])
    others.sort(key=_size_of)
    rest = _combined([list(dict.fromkeys((*_SIMPLE, point[s]))) for s in reals])
    # What the hypotheses forbid is left out here and not only by `fails`: with N = S*M most of the sizes are, and they
    # would use up the candidates.
    facts = [fact for fact in context.facts if not fact.has(Entry)]
    about_sizes = [fact for fact in facts if fact.free_symbols <= set(sizes)]
    about_whole = [fact for fact in facts if fact not in about_sizes and fact.free_symbols <= {*sizes, *integers}]
    looked = 0
    for chosen in sorted(some, key=lambda values: (sum(values), values)):
        if late():
            return
        if not _may_be(about_sizes, {s: Fraction(v) for s, v in zip(sizes, chosen, strict=True)}):
            continue
        for more in others:
            looked += 1
            if looked > _MOST_LOOKED_AT or late():
                return
            whole = {s: Fraction(v) for s, v in zip((*sizes, *integers), (*chosen, *more), strict=True)}
            if not _may_be(about_whole, whole):
                continue
            for last in rest:
                yield {**whole, **dict(zip(reals, last, strict=True))}


def _may_be(facts: Sequence[Condition], point: Point) -> bool:
    try:
        return all(holds(fact, point) for fact in facts)
    except Unevaluable:
        return True  # `fails` says more of it


def _size_of(values: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return sum(map(abs, values)), tuple(-v for v in values)


def _combined(choices: Sequence[Sequence[Number]]) -> list[tuple[Number, ...]]:
    """All combinations, of fewer choices each where there would be too many."""
    most = _MOST_CHOICES if len(choices) < 2 else int(_MOST_CHOICES ** (1 / len(choices)))
    return list(product(*(c[:most] for c in choices)))


def _one_by_one(context: Context, point: Point, fails: Callable[[Point], Found | None]) -> tuple[Point, Found] | None:
    sizes, integers, reals = _kinds(context, point)
    best: tuple[Point, Found] | None = None
    changed = True
    while changed:
        changed = False
        for symbol in (*sizes, *integers, *reals):
            value = point[symbol]
            for smaller in _smaller(value, symbol in sizes, bool(symbol.is_integer)):
                candidate = {**point, symbol: smaller}
                found = fails(candidate)
                if found is not None:
                    point, best, changed = candidate, (candidate, found), True
                    break
    return best


def _smaller(value: Fraction, is_size: bool, is_integer: bool) -> list[Fraction]:
    if is_size:
        near = range(1, min(int(value), _NEAR))
        halves = (int(value) - (int(value) >> k) for k in range(1, int(value).bit_length()))
        return [Fraction(v) for v in dict.fromkeys((*near, *(half for half in halves if half not in near)))]
    if is_integer:
        return [Fraction(v) for v in outwards(int(value)) if abs(v) < abs(value)]
    if value in _SIMPLE:
        return list(_SIMPLE[: _SIMPLE.index(value)])
    return list(_SIMPLE)


def outwards(value: int) -> list[int]:
    """0, 1, -1, 2, ... one further than the value goes, at most to 12, then the value.

    Example:
        >>> outwards(1)
        [0, 1, -1, 2, -2]
    """
    reach = min(abs(value) + 1, 12)
    near = [v for k in range(1, reach + 1) for v in (k, -k)]
    return list(dict.fromkeys([0, *near, value]))


def fewer_entries(
    arrays: Mapping[Array, Samples], fails: Callable[[Mapping[Array, Samples]], Found | None], found: Found
) -> Found:
    """Entries set to 0, far ones first, then to 1, one after the other, as long as something fails.

    Args:
        arrays: Numbers at which it fails.
        fails: What is wrong at other numbers, or None.
        found: What is wrong at these.

    Returns:
        What is wrong at the plainest numbers that were reached.
    """
    for plain in (Fraction(0), Fraction(1)):
        for array in arrays:
            outside_in = sorted(arrays[array].values.items(), key=lambda e: (-sum(map(abs, e[0])), e[0]))
            for entry, value in outside_in:
                if value in (0, plain):
                    continue
                changed = {**arrays, array: Samples({**arrays[array].values, entry: plain})}
                wrong = fails(changed)
                if wrong is not None:
                    arrays, found = changed, wrong
    return found
