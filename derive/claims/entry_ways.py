"""Ways of choosing the entries of an array: small numbers, ties, signs, shares of 1, matrices of special kinds."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

Way = Callable[[random.Random, list[tuple[int, ...]]], dict[tuple[int, ...], Any]]
"""A number for each place, drawn."""


def _each(*values: Any) -> Way:
    pool = [Fraction(v) for v in values]
    return lambda rng, places: {place: rng.choice(pool) for place in places}


def _unlike(*offsets: int) -> Way:
    def run(rng: random.Random, places: list[tuple[int, ...]]) -> dict[tuple[int, ...], Any]:
        numbers = list(range(1, len(places) + 1))
        rng.shuffle(numbers)
        down = rng.choice(offsets)
        return {place: Fraction(v - down) for place, v in zip(places, numbers, strict=True)}

    return run


def _ordered(step: int) -> Way:
    return lambda rng, places: {place: Fraction(1 + step * k) for k, place in enumerate(places)}


def _shares(along: int) -> Way:
    """Positive numbers that add up to 1: all of them, or those with the same index on the other axes."""

    def run(rng: random.Random, places: list[tuple[int, ...]]) -> dict[tuple[int, ...], Any]:
        weights = {place: Fraction(rng.choice((1, 2, 3, 5))) for place in places}
        totals: dict[Any, Fraction] = {}
        for place, weight in weights.items():
            totals[_group(place, along)] = totals.get(_group(place, along), Fraction(0)) + weight
        return {place: weight / totals[_group(place, along)] for place, weight in weights.items()}

    return run


def _group(place: tuple[int, ...], along: int) -> Any:
    return () if along < 0 else place[:along] + place[along + 1 :]


def _paired(sign: int, lift: int = 0) -> Way:
    """Symmetric, or antisymmetric; with large numbers on the diagonal where asked."""

    def run(rng: random.Random, places: list[tuple[int, ...]]) -> dict[tuple[int, ...], Any]:
        found: dict[tuple[int, ...], Any] = {}
        for place in places:
            turned = place[::-1]
            if turned in found:
                found[place] = found[turned] * (1 if turned == place else sign)
            else:
                found[place] = Fraction(rng.choice((1, 2, -1, 0, 3)))
            if len(set(place)) == 1:
                found[place] = Fraction(lift or (0 if sign < 0 else found[place]))
        return found

    return run


def _above(strictly: bool) -> Way:
    """Numbers above the diagonal alone: strictly so, some power of the matrix is 0."""

    def run(rng: random.Random, places: list[tuple[int, ...]]) -> dict[tuple[int, ...], Any]:
        return {
            p: Fraction(rng.choice((1, 2, -1)) if len(p) > 1 and p[0] + strictly <= p[1] else 0) for p in places
        }

    return run


def _with_itself(rng: random.Random, places: list[tuple[int, ...]]) -> dict[tuple[int, ...], Any]:
    """Ones in the first row alone: a matrix that is its own square, and is not symmetric."""
    first = min((p[:1] for p in places), default=())
    return {p: Fraction(int(p[:1] == first)) for p in places}


def _diagonal(*values: int) -> Way:
    def run(rng: random.Random, places: list[tuple[int, ...]]) -> dict[tuple[int, ...], Any]:
        return {p: Fraction(rng.choice(values) if len(set(p)) == 1 else 0) for p in places}

    return run


def _regular(rng: random.Random, places: list[tuple[int, ...]]) -> dict[tuple[int, ...], Any]:
    return {p: Fraction(rng.choice((1, 2, -1, 0)) + (7 if len(p) > 1 and len(set(p)) == 1 else 0)) for p in places}


def _adding_up(power: int) -> Way:
    """Numbers of both signs whose sum is 1, or the sum of whose squares is: (2, -1, 0, ...), (3/5, 4/5, 0, ...)."""

    def run(rng: random.Random, places: list[tuple[int, ...]]) -> dict[tuple[int, ...], Any]:
        first = rng.choice((("2", "-1"), ("3", "-2")) if power == 1 else (("3/5", "4/5"), ("-5/13", "12/13")))
        found = [Fraction(v) for v in first] if len(places) > 1 else [Fraction(1)]
        found += [Fraction(0)] * (len(places) - len(found))
        rng.shuffle(found)
        return dict(zip(places, found, strict=True))

    return run


def _weights(ratio: int) -> Way:
    """Shares of 1, all equal, or each many times the one before."""

    def run(rng: random.Random, places: list[tuple[int, ...]]) -> dict[tuple[int, ...], Any]:
        found = [Fraction(ratio) ** k for k in range(len(places))]
        rng.shuffle(found)
        return {p: v / sum(found) for p, v in zip(places, found, strict=True)}

    return run


FREE: tuple[Way, ...] = (
    _each(1, 2, 3, -1, -2, 5, 4), _each(0, 1, -1, 2, 3, "1/2"), _unlike(0, 2, 3), _each(0, 1), _regular,
    _each(-1, -2, -3), _each(1), _each(2, 3, "1/2", "-3/2"), _each("1/2", "-1/3", "1/4", "-1/5"), _each(0),
)  # fmt: skip
"""Ways for arrays of which nothing is said."""

BOUND: tuple[Way, ...] = (
    _each(1, 2, 3, -1, -2, 5, 4), _each(0, 1, -1, 2, 3, "1/2"), _each(1, 2, 3, "1/2", 5), _unlike(0), _unlike(0, 2, 3),
    _each(0, 1, 2, 3), _each(1, -1), _each(0, 1), _shares(-1), _shares(0), _shares(1), _paired(1), _paired(-1),
    _paired(1, 9), _regular, _ordered(1), _ordered(-1), _each("1/2", "1/3", "1/4", "2/3"), _each(0, "1/2", 1, "1/3"),
    _each(-1, -2, -3), _diagonal(1), _diagonal(1, 2, 3), _above(True), _above(False), _with_itself, _each(1), _each(0),
    _each(2, 3, 4), _each(5, 8, 13),
    _ordered(3), _weights(1), _weights(50), _adding_up(1), _adding_up(2),
)  # fmt: skip
"""Ways that are tried where hypotheses speak of the entries."""
