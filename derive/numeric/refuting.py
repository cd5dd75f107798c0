"""A false statement and its smallest witness: a point at which both sides have values and the relation fails.

Points are looked at in this order: least sizes (by their sum), then fewest numbers that are not 0 among the real
symbols and the entries of arrays, then numbers that are 1 before others, then least integers. Where no plain numbers
refute the statement, unlike ones are tried at the same sizes and made plainer one by one. A witness counts only if all
hypotheses hold there, both sides have a value, and the relation fails for certain: two enclosures that overlap refute
nothing. Nothing is said of a statement without a witness; it may be true.
"""

from __future__ import annotations

import operator
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Protocol

from sympy import Expr, Integer, Symbol

from derive.errors import NoPointFound, OracleDisagrees, Undefined, Unevaluable
from derive.kernel.derivation import Verdict
from derive.language import Array, Context, Entry
from derive.language.balls import Ball, close
from derive.language.points import Samples, Value, evaluate, holds
from derive.numeric.sampling import draw_signal, filled_signal
from derive.numeric.witness import fewer_entries, outwards

PLAIN = tuple(map(Fraction, ("1", "-1", "2", "-2", "1/2", "3")))
"""Numbers other than 0, the plainest first."""

LARGEST, MOST_NUMBERS = 4, 4
"""How much larger than 1 sizes are, in sum; how many numbers are not 0."""
_PER_SIZES, _MOST = 12_000, 20_000
_MOST_AT_A_POINT = 60
"""Entries of one array."""
_SPREAD = (None, 5, 5, 3, 2)
"""How far down `PLAIN` so many numbers go together: 1 and 1, then 1 and -1, then 1 and 2 or -1 and -1."""
_DRAWS = 6
_LAWS = 4
"""Joint laws of the random arrays that are tried at a point."""

_FAILS: Mapping[str, Callable[[Value, Value], bool]] = {
    "<=": operator.gt, "<": operator.ge, ">=": operator.lt, ">": operator.le,
}  # fmt: skip
NEGATED = {"=": "!=", "<=": ">", "<": ">=", ">=": "<", ">": "<="}


class Statement(Protocol):
    """What is needed of a statement; `derive.constructs.construct.Refuted` has it."""

    @property
    def context(self) -> Context: ...
    @property
    def left(self) -> Expr: ...
    @property
    def relation(self) -> str: ...
    @property
    def right(self) -> Expr: ...


@dataclass(frozen=True)
class Witness:
    """Values of the symbols, entries of the arrays, and both sides there."""

    point: Mapping[Symbol, Fraction]
    arrays: Mapping[Array, Samples]
    left: Value
    right: Value
    variant: int = 0
    """Which law of the random arrays."""


@dataclass(frozen=True)
class Refutation:
    """What came of the search.

    Attributes:
        verdict: `refuted`, or `undecided` with the reason.
        witness: The point, if one was found.
        tried: Points before it, at which the statement holds.
        skipped: {reason: how many} points at which it could not be asked.
    """

    verdict: Verdict
    witness: Witness | None
    tried: int
    skipped: Mapping[str, int]


def refutation(statement: Statement, most: int = _MOST, tries: int = 1) -> Refutation:
    """Look for the smallest witness against a statement.

    Args:
        statement: What may be false.
        most: At how many plain points it is asked, at most; about half as many at the same sizes.
        tries: How often unlike real numbers are drawn anew where hypotheses forbid them.

    Returns:
        Verdict `refuted` with a witness that was evaluated anew, or `undecided`.

    Example:
        >>> from types import SimpleNamespace
        >>> from derive.language import declare
        >>> x, y = (declare(name, "real") for name in "xy")
        >>> a, b = x.symbol, y.symbol
        >>> square = SimpleNamespace(context=Context((x, y)), left=(a + b)**2, relation="=", right=a**2 + b**2)
        >>> found = refutation(square)
        >>> found.verdict.kind, dict(found.witness.point), found.witness.left, found.witness.right
        ('refuted', {x: Fraction(1, 1), y: Fraction(1, 1)}, Fraction(4, 1), Fraction(2, 1))
    """
    search = _Search(statement, most, tries)
    witness = search.first()
    if witness is not None:
        confirm(statement, witness)
        return Refutation(Verdict("refuted", witness=witness), witness, search.tried, search.skipped)
    why = "neither side has a value at any point looked at"
    if search.tried:
        points = "the one point" if search.tried == 1 else f"each of {search.tried:,} points"
        why = f"it holds at {points} looked at, so it may be true"
    return Refutation(Verdict("undecided", why=why), None, search.tried, search.skipped)


def confirm(statement: Statement, witness: Witness) -> None:
    """Evaluate everything anew from the witness alone.

    Raises:
        OracleDisagrees: it is no witness.
    """
    context = statement.context
    both = (statement.left, statement.right)
    sides = [evaluate(side, witness.point, context, witness.arrays, witness.variant) for side in both]
    met = all(holds(fact, witness.point, context, witness.arrays) for fact in context.facts)
    entries = [(a, k) for a, numbers in witness.arrays.items() for k, value in numbers.values.items() if value]
    inside = all(holds(a.in_range(*map(Integer, k)), witness.point) for a, k in entries)
    if not (met and inside and fails(sides[0], statement.relation, sides[1])):
        raise OracleDisagrees("a point that was found to refute a statement does not refute it")


def fails(left: Value, relation: str, right: Value) -> bool:
    """Whether `left relation right` is false for certain.

    Raises:
        Unevaluable: the values are not known to enough digits.

    Example:
        >>> fails(Fraction(1, 3), "<=", Fraction(1, 4)), fails(Fraction(1, 4), "<=", Fraction(1, 4))
        (True, False)
    """
    if relation != "=":
        return bool(_FAILS[relation](left, right))
    if isinstance(left, Ball) or isinstance(right, Ball):
        return not close(left, right)
    return bool(left != right)


class _Search:
    def __init__(self, statement: Statement, most: int, tries: int) -> None:
        self.tries, self.most, self.most_alike = tries, most, most * _PER_SIZES // _MOST
        self.statement, self.context = statement, statement.context
        declared = self.context.declarations
        self.sizes = tuple(d.symbol for d in declared if d.sort == "size")
        self.integers = tuple(d.symbol for d in declared if d.symbol.is_integer and d.sort != "size")
        self.reals = tuple(d.symbol for d in declared if not d.symbol.is_integer)
        self.facts = tuple(fact for fact in self.context.facts if not fact.has(Entry))
        self.about_entries = tuple(fact for fact in self.context.facts if fact.has(Entry))
        self.arrays = tuple(a for a in self.context.arrays if a not in self.context.random)
        self.variants = range(_LAWS if self.context.random else 1)
        self.tried, self.skipped = 0, Counter[str]()

    def first(self) -> Witness | None:
        """The first witness in the order of the points."""
        looked = 0
        for sizes in self.all_sizes():
            for number, (point, arrays) in enumerate(self.plain(sizes)):
                looked += 1
                if number >= self.most_alike or looked > self.most:
                    break
                found = self.asked(point, arrays)
                if found is not None:
                    return found
            for point, arrays in self.unlike(sizes):
                found = self.asked(point, arrays)
                if found is not None:
                    return self.plainer(found)
            if looked > self.most:
                return None
        return None

    def asked(self, point: Mapping[Symbol, Fraction], arrays: Mapping[Array, Samples]) -> Witness | None:
        """The witness that this point is, if it is one; what was looked at is counted."""
        try:
            if not all(holds(fact, point) for fact in self.facts):
                return None
            if not all(holds(fact, point, self.context, arrays) for fact in self.about_entries):
                return None
            for variant in self.variants:
                left = evaluate(self.statement.left, point, self.context, arrays, variant)
                right = evaluate(self.statement.right, point, self.context, arrays, variant)
                if fails(left, self.statement.relation, right):
                    return Witness(dict(point), dict(arrays), left, right, variant)
        except Undefined:
            self.skipped["a side has no value"] += 1
            return None
        except Unevaluable:
            self.skipped["a value is not known well enough"] += 1
            return None
        self.tried += 1
        return None

    def all_sizes(self) -> list[dict[Symbol, Fraction]]:
        """Sizes that the hypotheses about them alone allow, the least sum first."""
        choices = product(range(1, LARGEST + 2), repeat=len(self.sizes))
        near = sorted((c for c in choices if sum(c) <= len(c) + LARGEST), key=lambda c: (sum(c), c))
        points = [dict(zip(self.sizes, map(Fraction, c), strict=True)) for c in near]
        return [point for point in points if self.may_be(point)]

    def may_be(self, point: Mapping[Symbol, Fraction]) -> bool:
        """Whether the facts about these symbols alone hold."""
        try:
            return all(holds(fact, point) for fact in self.facts if fact.free_symbols <= point.keys())
        except Unevaluable:
            return False

    def whole(self, sizes: Mapping[Symbol, Fraction]) -> list[dict[Symbol, Fraction]]:
        """The sizes with all near integers, those with the least sum first."""
        reach = int(max(sizes.values(), default=2))
        near = sorted(
            product(outwards(reach), repeat=len(self.integers)), key=lambda c: (sum(map(abs, c)), [-v for v in c])
        )
        points = ({**sizes, **dict(zip(self.integers, map(Fraction, c), strict=True))} for c in near)
        return [point for point in points if self.may_be(point)]

    def plain(self, sizes: Mapping[Symbol, Fraction]) -> Iterator[tuple[dict[Symbol, Fraction], dict[Array, Samples]]]:
        """Few numbers that are not 0, and these plain."""
        points = self.whole(sizes)
        places = [(*self.reals, *self.entries(point)) for point in points]
        for count in range(min(MOST_NUMBERS, max(map(len, places), default=0)) + 1):
            for values in _values(count):
                for point, free in zip(points, places, strict=True):
                    for chosen in combinations(free, count):
                        numbers = dict(zip(chosen, values, strict=True))
                        reals = {s: numbers.get(s, Fraction(0)) for s in self.reals}
                        arrays: dict[Array, dict[tuple[int, ...], Fraction]] = {a: {} for a in self.arrays}
                        for place, value in numbers.items():
                            if isinstance(place, tuple):
                                arrays[place[0]][place[1]] = value
                        yield {**point, **reals}, {a: Samples(entries) for a, entries in arrays.items()}

    def entries(self, point: Mapping[Symbol, Fraction]) -> list[tuple[Array, tuple[int, ...]]]:
        """All entries of the arrays, the nearest to index 0 first; none of arrays that are too large."""
        found = []
        for array in self.arrays:
            try:
                places = sorted(filled_signal(array, point).values, key=_nearness)
            except (NoPointFound, Unevaluable):
                continue
            found += [(array, place) for place in places[:_MOST_AT_A_POINT]]
        return found

    def unlike(self, sizes: Mapping[Symbol, Fraction]) -> Iterator[tuple[dict[Symbol, Fraction], dict[Array, Samples]]]:
        """Numbers that are unlike each other, drawn alike every time."""
        rng = random.Random(1)
        for point in self.whole(sizes)[:_MOST_AT_A_POINT]:
            for _ in range(_DRAWS):
                reals = {s: rng.choice(PLAIN) for s in self.reals}
                for _ in range(self.tries - 1):
                    if self.may_be({**point, **reals}):
                        break
                    reals = {s: rng.choice(PLAIN) for s in self.reals}
                try:
                    yield {**point, **reals}, {a: draw_signal(a, point, rng) for a in self.arrays}
                except NoPointFound:
                    break

    def plainer(self, found: Witness) -> Witness:
        """Entries set to 0, then to 1, one after the other, as long as the statement fails."""
        return fewer_entries(found.arrays, lambda arrays: self.asked(found.point, arrays), found)


def _nearness(place: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
    """How far an entry is from index 0; on the same distance those without a minus sign come first."""
    return sum(map(abs, place)), sum(index < 0 for index in place), place


def _values(count: int) -> list[tuple[Fraction, ...]]:
    """So many numbers, the plainest together first."""
    if count >= len(_SPREAD):
        return []
    far = _SPREAD[count] or 0
    places = (p for p in product(range(len(PLAIN)), repeat=count) if sum(p) <= far)
    return [tuple(PLAIN[p] for p in chosen) for chosen in sorted(places, key=lambda p: (sum(p), max(p, default=0), p))]
