"""Points to look at: small ones in order, scattered ones, and those on the edges that terms draw.

All satisfy the hypotheses of a context as far as these can be evaluated, and are the same every time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

from sympy import Basic, Expr, Max, Min, Rational, Symbol

from derive.errors import Undefined, Unevaluable
from derive.language import Compare, Condition, Context, subterms
from derive.language.conditions import all_of
from derive.language.numbers import as_rational
from derive.language.points import Point, evaluate, holds
from derive.language.terms import expanded

_Number = int | Fraction

_INTEGERS = (0, 1, -1, 2, 3, -2, 4, 5, -3, 6)
_REALS = tuple(Fraction(p, q) for p, q in ((2, 1), (1, 1), (0, 1), (-1, 1), (1, 2), (3, 1), (-2, 1), (-1, 2), (3, 2)))


def small_points(context: Context, symbols: tuple[Symbol, ...], most: int = 4_000) -> Iterator[dict[Symbol, _Number]]:
    """Points that satisfy the hypotheses, in order of size: small integers and simple fractions.

    Args:
        context: Hypotheses; symbols that hypotheses fix to a number take that number.
        symbols: Which symbols get a value.
        most: How many candidates are looked at.
    """
    choices = _choices(context, symbols)
    for seen, values in enumerate(_by_size(choices)):
        if seen >= most:
            return
        point = dict(zip(symbols, values, strict=True))
        if all(_holds_if_known(f, point) for f in context.facts):
            yield point


def scattered_points(context: Context, symbols: tuple[Symbol, ...], count: int, most: int = 400) -> list[Point]:
    """Points that satisfy the hypotheses, unlike each other; the smallest ones fill up where chance finds too few.

    The same every time: the random numbers have a fixed seed.
    """
    choices = _choices(context, symbols)
    found: list[Point] = []
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
    for _ in range(most):
        if len(found) >= count:
            return
        point = {s: generator.choice(c) for s, c in zip(symbols, choices, strict=True)}
        if point not in found and all(_holds_if_known(f, point) for f in context.facts):
            found.append(point)


def edge_points(context: Context, terms: tuple[Basic, ...], base: list[Point], most: int = 12) -> list[Point]:
    """Points where two sides of a comparison in the terms meet, or two arguments of a least or greatest.

    Each is reached from a base point by moving one integer.
    """
    edges: dict[Expr, None] = {}
    for t in (t for term in terms for t in subterms(term)):
        if isinstance(t, Compare):
            edges[t.left - t.right] = None
        elif isinstance(t, (Min, Max)):
            edges.update(dict.fromkeys(other - t.args[0] for other in t.args[1:]))
    found: list[Point] = []
    for number, edge in enumerate(edges):
        for symbol in sorted((s for s in edge.free_symbols if s.is_integer), key=str):
            slope = expanded(edge).coeff(symbol)
            if len(found) >= most or not base or slope not in (1, -1):
                continue
            start = dict(base[number % len(base)])
            try:
                value = as_rational(evaluate(-slope * expanded(edge - slope * symbol), start))
            except Unevaluable:
                continue
            moved = {**start, symbol: int(value)}
            fits = value.denominator == 1 and symbol in start and moved not in found
            if fits and all(_holds_if_known(f, moved) for f in context.facts):
                found.append(moved)
    return found


def _choices(context: Context, symbols: tuple[Symbol, ...]) -> list[tuple[_Number, ...]]:
    fixed: dict[Symbol, Fraction] = {}
    for fact in context.facts:
        if isinstance(fact, Compare) and fact.op == "=":
            for one, other in ((fact.left, fact.right), (fact.right, fact.left)):
                if isinstance(one, Symbol) and isinstance(other, Rational):
                    fixed[one] = Fraction(int(other.p), int(other.q))
    return [(fixed[s],) if s in fixed else _INTEGERS if s.is_integer else _REALS for s in symbols]


def _holds_if_known(fact: Condition, point: dict[Symbol, _Number]) -> bool:
    if not fact.free_symbols <= point.keys():
        return True
    try:
        return holds(fact, point)
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
