"""Points to look at: small ones in order, scattered ones, and those on the edges that terms draw.

All satisfy the hypotheses of a context as far as these can be evaluated, and are the same every time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

from sympy import Basic, Expr, Max, Min, Pow, Rational, Symbol

from derive.errors import Undefined, Unevaluable
from derive.language import Compare, Condition, Context, Entry, subterms
from derive.language.conditions import all_of
from derive.language.numbers import as_rational
from derive.language.points import Point, evaluate, holds
from derive.language.symbols import in_letters
from derive.language.terms import Partial, Ranged, expanded

_Number = int | Fraction

_INTEGERS = (0, 1, -1, 2, 3, -2, 4, 5, -3, 6)
_REALS = tuple(Fraction(p, q) for p, q in ((2, 1), (1, 1), (0, 1), (-1, 1), (1, 2), (3, 1), (-2, 1), (-1, 2), (3, 2)))

_LEGS = tuple(Fraction(p, q) for p, q in ((3, 5), (4, 5), (20, 29), (21, 29), (2, 3), (1, 3), (-3, 5), (-4, 5)))
"""Where an equation of squares is given: numbers whose squares add up to 1."""
_FAR = tuple(Fraction(p, q) for p, q in ((-5, 1), (10, 1), (1, 10), (-1, 10), (7, 3), (-10, 1), (-7, 2), (100, 1)))
_FAR_INTEGERS = (7, 8, 12, 25, -7)
_NEARBY = Fraction(1, 10)
_MOST_COMPARED = 200
"""Far from the small values; how near to a number that is compared with; how large such a number may be."""

_FEW, _MANY = 3, 8
"""Half of the points have so few values of each symbol: they meet hypotheses more often, and each other's values.

All have, where there are more integers than `_MANY`.
"""


def small_points(context: Context, symbols: tuple[Symbol, ...], most: int = 4_000) -> Iterator[dict[Symbol, _Number]]:
    """Points that satisfy the hypotheses, in order of size: small integers and simple fractions.

    Args:
        context: Hypotheses; symbols that hypotheses fix to a number take that number.
        symbols: Which symbols get a value.
        most: How many candidates are looked at.
    """
    choices, asked = _choices(context, symbols), _asked(context, symbols)
    for seen, values in enumerate(_by_size(choices)):
        if seen >= most:
            return
        if all(_holds_at(f, tuple([values[k] for k in places])) for f, places in asked):
            yield dict(zip(symbols, values, strict=True))


def scattered_points(context: Context, symbols: tuple[Symbol, ...], count: int, most: int = 400) -> list[Point]:
    """Points that satisfy the hypotheses, unlike each other; the smallest ones fill up where chance finds too few.

    The same every time: the random numbers have a fixed seed.
    """
    choices = _choices(context, symbols)
    if sum(1 for s in symbols if s.is_integer) > _MANY:
        choices = [c[:_FEW] for c in choices]  # sums within sums over all of them would be long
    found: list[Point] = []
    _scatter(context, symbols, choices, found, (count + 1) // 2, most)
    _scatter(context, symbols, [c[:_FEW] for c in choices], found, count, most)
    _scatter(context, symbols, choices, found, count, most)
    if len(found) < count:
        for point in small_points(context, symbols):
            if len(found) >= count:
                return found
            if point not in found:
                found.append(point)
    if len(found) < count:
        # Hypotheses such as n >= 1000 leave no small point: start from one that z3 gives, and go around it.
        from derive.language.solver import find_point

        status, base = find_point(all_of(*context.facts), symbols)
        if status == "found":
            near = [
                tuple(base[s] + d for d in (0, 1, 2, -1, 5, -3)) if s in base and len(c) > 1 else c
                for s, c in zip(symbols, choices, strict=True)
            ]
            _scatter(context, symbols, near, found, count, most)
    return found


def far_points(context: Context, symbols: tuple[Symbol, ...], terms: tuple[Basic, ...], count: int) -> list[Point]:
    """Points that satisfy the hypotheses, where numbers are large, near 0, or near what they are compared with.

    A statement that holds at all small numbers may fail there: x > 2 does not follow from x^2 > 4.
    """
    compared = [c for t in (*context.facts, *terms) for c in subterms(t) if isinstance(c, Compare)]
    sides = dict.fromkeys(side for c in compared for side in (c.left, c.right) if isinstance(side, Rational))
    numbers = [Fraction(int(q.p), int(q.q)) for q in sides if q.is_finite and abs(q) <= _MOST_COMPARED]
    reals = [q + d for q in numbers for d in (0, _NEARBY, -_NEARBY)]
    integers = [q.numerator + d for q in numbers if q.denominator == 1 for d in (0, 1, -1)]
    pools = [
        tuple(dict.fromkeys((*choice, *integers, *_FAR_INTEGERS) if s.is_integer else (*reals, *_FAR, *choice)))
        for s, choice in zip(symbols, _choices(context, symbols), strict=True)
    ]
    found: list[Point] = []
    if symbols:
        _scatter(context, symbols, pools, found, count, 20 * count)
    return found


def _scatter(
    context: Context,
    symbols: tuple[Symbol, ...],
    choices: Sequence[tuple[_Number, ...]],
    found: list[Point],
    count: int,
    most: int,
) -> None:
    """Add points by chance until there are `count`."""
    generator = random.Random(20)
    asked = _asked(context, symbols)
    seen = {tuple([p[s] for s in symbols]) for p in found if p.keys() == set(symbols)}
    for _ in range(most):
        if len(found) >= count:
            return
        drawn = tuple([generator.choice(c) for c in choices])
        if drawn not in seen and all(_holds_at(f, tuple([drawn[k] for k in places])) for f, places in asked):
            seen.add(drawn)
            found.append(dict(zip(symbols, drawn, strict=True)))


def edge_points(context: Context, terms: tuple[Basic, ...], base: list[Point], most: int = 12) -> list[Point]:
    """Points where two sides of a comparison in the terms meet, or two arguments of a least or greatest.

    So do the entry by which something varies and the others of its array, and the limits of sums. Each point is
    reached from a base point by moving one integer, or two.
    """
    edges: dict[Expr, None] = {}
    below = [t for term in terms for t in subterms(term)]
    ends = [end for t in below if isinstance(t, Ranged) for end in (t.low, t.high) if not end.is_infinite]
    for t in below:
        if isinstance(t, Compare):
            edges[t.left - t.right] = None
        elif isinstance(t, (Min, Max)):
            edges.update(dict.fromkeys(other - t.args[0] for other in t.args[1:]))
        elif isinstance(t, Partial):
            edges.update(dict.fromkeys(index - end for index in t.by.indices for end in ends))
            here = (e for e in subterms(t.term) if isinstance(e, Entry) and e.array == t.by.array)
            edges.update(dict.fromkeys(i - j for e in here for i, j in zip(e.indices, t.by.indices, strict=True)))
    found: list[Point] = []
    for number, edge in enumerate(edges if base else ()):
        found += _moved_to(context, edge, base[number % len(base)], found, most - 4 - len(found))
    for start, edge in product(tuple(found), edges):  # now points where two edges meet
        found += _moved_to(context, edge, start, found, most - len(found))
    return found


def _moved_to(context: Context, edge: Expr, start: Mapping[Symbol, Any], found: list[Point], most: int) -> list[Point]:
    """Points on the edge that differ from the start in one integer, and are not among those found."""
    reached: list[Point] = []
    if most <= 0:
        return reached
    for symbol, there in _solved(edge):
        if len(reached) >= most:
            break
        try:
            value = as_rational(evaluate(there, start))
        except Unevaluable:
            continue
        moved: dict[Symbol, Any] = {**start, symbol: int(value)}
        fits = value.denominator == 1 and symbol in start and moved not in found
        if fits and all(_holds_if_known(f, moved) for f in context.facts):
            reached.append(moved)
    return reached


@lru_cache(4096)
def _solved(edge: Expr) -> tuple[tuple[Symbol, Expr], ...]:
    """The integers that the edge gives by the others, with the terms that they are."""
    found = []
    for symbol in sorted((s for s in edge.free_symbols if s.is_integer), key=in_letters):
        slope = expanded(edge).coeff(symbol)
        if slope in (1, -1):
            found.append((symbol, -slope * expanded(edge - slope * symbol)))
    return tuple(found)


def _choices(context: Context, symbols: tuple[Symbol, ...]) -> list[tuple[_Number, ...]]:
    """What each symbol may be by the facts about it alone."""
    fixed: dict[Symbol, Fraction] = {}
    alone: dict[Basic, list[Condition]] = {}
    for fact in context.facts:
        if len(fact.free_symbols) == 1:
            alone.setdefault(next(iter(fact.free_symbols)), []).append(fact)
        if isinstance(fact, Compare) and fact.op == "=":
            for one, other in ((fact.left, fact.right), (fact.right, fact.left)):
                if isinstance(one, Symbol) and isinstance(other, Rational):
                    fixed[one] = Fraction(int(other.p), int(other.q))

    equations = (f for f in context.facts if isinstance(f, Compare) and f.op == "=")
    squares = any(isinstance(t, Pow) and t.exp == 2 for f in equations for t in subterms(f))

    def of(symbol: Symbol) -> tuple[_Number, ...]:
        if symbol in fixed:
            return (fixed[symbol],)
        all_values: tuple[_Number, ...] = _INTEGERS if symbol.is_integer else _REALS
        if squares and not symbol.is_integer:
            all_values = (*all_values, *_LEGS)
        allowed = [v for v in all_values if all(_holds_if_known(f, {symbol: v}) for f in alone.get(symbol, ()))]
        return tuple(allowed or all_values)

    return [of(s) for s in symbols]


def _asked(context: Context, symbols: tuple[Symbol, ...]) -> list[tuple[Condition, list[int]]]:
    """The facts about these symbols alone, each with the places of its symbols among them."""
    place = {s: k for k, s in enumerate(symbols)}
    return [(f, [place[s] for s in _symbols_of(f)]) for f in context.facts if place.keys() >= set(_symbols_of(f))]


def _holds_if_known(fact: Condition, point: Mapping[Symbol, Any]) -> bool:
    symbols = _symbols_of(fact)
    if not all(s in point for s in symbols):
        return True
    return _holds_at(fact, tuple([point[s] for s in symbols]))


@lru_cache(4096)
def _symbols_of(fact: Condition) -> tuple[Symbol, ...]:
    return tuple(sorted(fact.free_symbols, key=in_letters))


@lru_cache(1 << 15)
def _holds_at(fact: Condition, values: tuple[Any, ...]) -> bool:
    """Whether it holds, or is not known to fail, where its symbols, by their names, have these values."""
    try:
        return holds(fact, dict(zip(_symbols_of(fact), values, strict=True)))
    except Undefined:
        return False
    except Unevaluable:
        return True


def _by_size(choices: list[tuple[_Number, ...]]) -> Iterator[tuple[_Number, ...]]:
    """All combinations, those with early choices first."""
    if not choices:
        yield ()
        return
    longest = max(len(c) for c in choices)
    for reach in range(1, longest + 1):
        for places in product(*(range(min(reach, len(c))) for c in choices)):
            if max(places) == reach - 1 or (reach - 1 >= max(len(c) for c in choices)):
                yield tuple(c[p] for c, p in zip(choices, places, strict=True))
