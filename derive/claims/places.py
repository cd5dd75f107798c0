"""Where a statement is looked at: points that meet the hypotheses, with entries for its arrays that meet them too.

Smallest first, then scattered ones and the edges of cases. Entries are small numbers, among them 0, negative ones and
ties; where hypotheses speak of entries (positive, signs, bits, distinct, adding up to 1, symmetric, orthonormal, given
by an equation) ways of choosing are tried until one meets them, and what meets them is used from then on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, product
from math import inf
from typing import Any

from sympy import Basic, Symbol

from derive.claims.clock import now
from derive.claims.entry_ways import BOUND, FREE, Way
from derive.claims.values_given import assignments, fixed, given_by_moments, known_entries
from derive.errors import Unevaluable
from derive.language import Array, Condition, Context, Entry
from derive.language.context import arrays_in
from derive.language.drawing import edge_points, far_points, scattered_points, small_points
from derive.language.numbers import as_rational
from derive.language.orthonormal import in_columns
from derive.language.outcomes import one_outcome
from derive.language.points import Evaluator, Samples, evaluate, holds

SMALL, SCATTERED, CANDIDATES, LATER, FAR = 14, 8, 700, 90, 24
"""Points of each kind looked at first; candidates for small ones; small ones and far ones that are looked at last."""
MISSES = 4
"""Points at which no way of choosing entries met the hypotheses, after which no way is preferred."""
ALIKE = 1_000
"""From here on the number of a choice gives arrays of one shape the same entries: equal, parallel, a square of one."""
LOOSE, LOOSENED = ((Fraction(20), Fraction(1, 3)), (Fraction(-7), Fraction(0))), 12
"""What an entry is changed to where hypotheses leave it free, up or down; entries of a place that are changed."""
WINDOW, MOST_ENTRIES = (-3, 6), 1_500
"""Entries of an axis without end; entries of one array."""
MOST_TERMS = 25_000
"""Terms of sums within sums that are worked out at a place: many places tell more than one large one."""
STUMBLES = (ArithmeticError, AttributeError, RecursionError, TypeError, ValueError)
"""What exotic numbers may raise as they are worked out; nothing is known of the point then."""


@dataclass(frozen=True)
class Place:
    """A value for each symbol, entries for each array without a law, and the number of a joint law of the others."""

    point: Mapping[Symbol, Fraction]
    arrays: Mapping[Array, Samples]
    variant: int = 0

    def evaluator(self, context: Context) -> Evaluator:
        """What works terms out there; outside of moments random arrays have one outcome."""
        found = Evaluator(context, dict(self.arrays), dict(self.point), self.variant, MOST_TERMS)
        if context.random:
            found.arrays = {**self.arrays, **one_outcome(context.chances, found, self.variant)}
        return found


@dataclass
class Places:
    """Chooses places for one context, the same ones every time, until time is up."""

    context: Context
    until: float = inf
    fits: dict[Array, list[Way]] = field(default_factory=dict)
    misses: dict[Array, int] = field(default_factory=dict)
    alone: dict[Array, list[Condition]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = self.context.facts
        self.plain = tuple(f for f in known if not f.has(Entry))
        self.about = tuple(f for f in known if f.has(Entry))
        self.free = tuple(a for a in self.context.arrays if a not in self.context.random)
        self.given = assignments(self.about)
        self.known = known_entries(self.about)
        self.by_law = given_by_moments(self.context)
        self.fixed = fixed(self.context)
        self.symbols = tuple(s for s in self.context.symbols if s not in {s for s, _ in self.fixed})

    def first(self, terms: tuple[Basic, ...]) -> Iterator[Place]:
        """Few places of each kind: small ones, scattered ones, edges of the terms."""
        small = self.small(SMALL)
        each = SMALL // len(small) if small and self.free else 1  # where sizes give few points, entries give more
        for number, point in enumerate(small):
            yield from self.at(point, tuple((number + k) % len(FREE) for k in range(min(each, len(FREE)))))
        scattered = self.scattered()
        for number, point in enumerate(scattered):
            yield from self.at(point, (number % 3, 4))
        base = scattered or small
        for number, edge in enumerate(edge_points(self.context, terms, list(base)) if base else ()):
            if self.meets(edge):
                yield from self.at(edge, (number % len(FREE),))
        for point in small[:1] + small[-1:]:
            yield from self.all_zero({s: Fraction(v) for s, v in point.items()})

    def all_zero(self, point: Mapping[Symbol, Fraction]) -> Iterator[Place]:
        """The point with arrays of zeros, where these meet the hypotheses: there quotients by norms have no value."""
        try:
            found = {a: Samples(dict.fromkeys(entries_of(a, point), Fraction(0))) for a in self.free}
        except (Unevaluable, *STUMBLES):
            return
        if found and not self.given and (not self.about or self.allowed(point, found)):
            yield Place(point, found)

    def later(self, terms: tuple[Basic, ...] = ()) -> Iterator[Place]:
        """Points far away, then many small ones, each with several choices of entries, more where points are few."""
        far = (self.completed(dict(p)) for p in far_points(self.context, self.symbols, terms, FAR))
        for number, point in enumerate(p for p in far if p is not None):
            yield from self.at(point, (number % len(FREE),))
        small = self.small(LATER)
        each = max(4, LATER // max(1, len(small))) if self.free or self.context.random else 1
        for number, point in enumerate(small):  # other entries at each point, of which many differ in little else
            start = 1 if self.context.random else 1 + number * each
            yield from self.at(point, range(start, start + each))
        for number, point in enumerate(small if len(self.free) > 1 else ()):
            yield from self.at(point, (ALIKE + number % len(FREE),))
        for number, point in enumerate(small if self.about and self.free else ()):
            for found in self.at(point, (number,)):
                yield from (self.loosened(found, values) for values in LOOSE)

    def loosened(self, place: Place, values: Sequence[Fraction]) -> Place:
        """The place with each entry changed that the hypotheses leave free: what is said of some binds no others."""
        rng = random.Random(place.variant)
        try:
            every = [(a, k) for a, s in place.arrays.items() for k in s.values]
            entries = [(a, k) for a, k in every if not self.is_given(a, k, place.point)]
        except (Unevaluable, *STUMBLES):  # the ends of what is given have no value here
            return place
        rng.shuffle(entries)
        for array, k in entries[:LOOSENED]:
            for value in values:
                changed = Samples({**place.arrays[array].values, k: value})
                found = self.with_given(place.point, {**place.arrays, array: changed})
                if found is not None and self.allowed(place.point, found):
                    place = replace(place, arrays=found)
                    break
        return place

    def small(self, most: int) -> list[dict[Symbol, Any]]:
        """The first small points."""
        found = (self.completed(p) for p in small_points(self.context, self.symbols, most=CANDIDATES))
        return list(islice((p for p in found if p is not None), most))

    def scattered(self) -> list[dict[Symbol, Any]]:
        """Points unlike each other."""
        if not self.symbols:
            return []
        found = (self.completed(dict(p)) for p in scattered_points(self.context, self.symbols, SCATTERED))
        return [p for p in found if p is not None]

    def completed(self, point: dict[Symbol, Any]) -> dict[Symbol, Any] | None:
        """The point with the symbols that an equation gives; None if it breaks a hypothesis."""
        try:
            for symbol, term in self.fixed:
                value = as_rational(evaluate(term, point))
                if symbol.is_integer and value.denominator != 1:
                    return None
                point[symbol] = value
        except (Unevaluable, *STUMBLES):
            return None
        return point if not self.fixed or self.meets(point) else None

    def meets(self, point: Mapping[Symbol, Any]) -> bool:
        """Whether the hypotheses that speak of no entry hold."""
        try:
            return all(holds(fact, point) for fact in self.plain)
        except (Unevaluable, *STUMBLES):
            return False

    def at(self, point: Mapping[Symbol, Any], variants: Sequence[int]) -> Iterator[Place]:
        """The point with choices of entries that meet the hypotheses."""
        exact = {s: Fraction(v) for s, v in point.items()}
        if not self.free:
            for variant in variants if self.context.random else (0,):
                yield from self.under_a_law(exact, variant)
            return
        for variant in variants:
            for attempt in range(1 if not self.about else 4):
                if now() > self.until:
                    return
                found = self.drawn(exact, variant + 7 * attempt)
                if found is not None and (not self.about or self.allowed(exact, found)):
                    yield Place(exact, found, variant % ALIKE)
                    break

    def under_a_law(self, point: Mapping[Symbol, Fraction], variant: int) -> Iterator[Place]:
        """The point with a joint law of the random arrays that meets what hypotheses say of them, if it does.

        A number that a hypothesis gives as a moment, E z^3 = c, is what the law says. The law is chosen by the numbers
        of the point (`Outcomes.seed`), so the variant makes up for what changes.
        """
        place = Place(point, {}, variant)
        if not self.about:
            yield place
            return
        try:
            for symbol, term in self.by_law:
                value = place.evaluator(self.context).evaluate(term)
                if not isinstance(value, (int, Fraction)):
                    return
                new, old = Fraction(value), place.point[symbol]
                shift = 3 * (new.numerator - old.numerator) + new.denominator - old.denominator
                place = Place({**place.point, symbol: new}, {}, place.variant - shift)
            here = place.evaluator(self.context)
            if all(here.holds(fact) for fact in self.about) and self.meets(place.point):
                yield place
        except (Unevaluable, *STUMBLES):
            return

    def drawn(self, point: Mapping[Symbol, Fraction], variant: int) -> dict[Array, Samples] | None:
        """Entries for all arrays by the ways that have met the hypotheses about each alone."""
        found: dict[Array, Samples] = {}
        try:
            for array in self.free:
                places = [p for p in entries_of(array, point) if not self.is_given(array, p, point)]
                if not places:
                    continue
                ways = FREE if array in self.given else self.ways(array, point, places)
                rng = random.Random(f"{array.name if variant < ALIKE else ''} {variant}")
                entries = ways[variant % len(ways)](rng, places)
                told = self.known.get(array, {})
                found[array] = Samples({place: told.get(place, v) for place, v in entries.items()})
            if self.about:
                found = in_columns(self.context, found, variant)
        except (Unevaluable, *STUMBLES):
            return None
        return self.with_given(point, found)

    def is_given(self, array: Array, place: tuple[int, ...], point: Mapping[Symbol, Fraction]) -> bool:
        """Whether a hypothesis gives this entry by others."""
        if array not in self.given:
            return False
        ranges, _ = self.given[array]
        at = {**point, **{r[0]: Fraction(v) for r, v in zip(ranges, place, strict=True)}}
        return all(
            (low.is_infinite or evaluate(low, at) <= at[index])
            and (high.is_infinite or at[index] <= evaluate(high, at))
            for index, low, high in ranges
        )

    def with_given(
        self, point: Mapping[Symbol, Fraction], arrays: Mapping[Array, Samples]
    ) -> dict[Array, Samples] | None:
        """The entries with those of the arrays that a hypothesis gives by others, if these have values."""
        found = dict(arrays)
        try:
            for array, (ranges, term) in self.given.items():
                here = Evaluator(self.context, dict(found), point)
                values = dict(found[array].values) if array in found else {}
                for place in entries_of(array, point):
                    at: dict[Any, Any] = {**point, **{r[0]: v for r, v in zip(ranges, place, strict=True)}}
                    here.terms_left = 10_000
                    if place not in values or self.is_given(array, place, point):
                        values[place] = here.value(term, dict(at))
                found[array] = Samples(values)
        except (Unevaluable, *STUMBLES):
            return None
        return found

    def ways(self, array: Array, point: Mapping[Symbol, Fraction], places: list[tuple[int, ...]]) -> Sequence[Way]:
        """The ways of choosing that meet the facts about this array alone."""
        if array not in self.alone:
            named = [(f, arrays_in(f)) for f in self.about]
            self.alone[array] = [f for f, a in named if array in a and len(a - _defined(self.context)) == 1]
        alone = self.alone[array]
        if not alone:
            return FREE
        if array not in self.fits:
            kept = []
            for way in BOUND:
                tries = (way(random.Random(f"{array.name} {k}"), places) for k in range(3))
                if any(self.holds_for(alone, point, {array: Samples(t)}) for t in tries):
                    kept.append(way)
            if not kept:
                self.misses[array] = self.misses.get(array, 0) + 1
                if self.misses[array] == MISSES:
                    self.fits[array] = list(BOUND)
                return BOUND
            if len(places) < 2:
                return kept  # one entry tells little of what a way gives
            self.fits[array] = kept
        return self.fits[array]

    def allowed(self, point: Mapping[Symbol, Fraction], arrays: Mapping[Array, Samples]) -> bool:
        """Whether the hypotheses about entries hold."""
        return self.holds_for(self.about, point, arrays)

    def holds_for(
        self, facts: Sequence[Condition], point: Mapping[Symbol, Fraction], arrays: Mapping[Array, Samples]
    ) -> bool:
        """Whether these facts hold for certain."""
        here = Evaluator(self.context, dict(arrays), point)
        try:
            return all(here.holds(fact) for fact in facts)
        except (Unevaluable, *STUMBLES):
            return False


def entries_of(array: Array, point: Mapping[Symbol, Fraction]) -> list[tuple[int, ...]]:
    """The places of an array at the point; of an axis without end those near 0.

    Raises:
        Unevaluable: an end has no value, or there are too many.
    """
    ranges = []
    total = 1
    for low, high in array.axes:
        first = WINDOW[0] if low.is_infinite else int(as_rational(evaluate(low, point)))
        last = (max(WINDOW[1], first + 6) if high.is_infinite else int(as_rational(evaluate(high, point))))
        total *= max(0, last - first + 1)
        if total > MOST_ENTRIES:
            raise Unevaluable(f"{array.name} has too many entries here")
        ranges.append(range(first, last + 1))
    return list(product(*ranges))


def _defined(context: Context) -> set[Array]:
    return {d.array for d in context.definitions}
