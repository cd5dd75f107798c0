"""Results at arrays that are given by their numbers: all entries of the result, and one of them written out.

The shapes of the arrays must fit their ranges; sizes that are not set are read off them. Every number is evaluated
from the right side that was proved, and compared with the claim's oracle: exactly, or to many digits where it is not
rational, and then the first of these are shown.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from sympy import Expr, Integer, Rational, Symbol

from derive.constructs.construct import Claim
from derive.errors import BadInput, NoPointFound, OracleDisagrees, Unevaluable
from derive.kernel.checker import CheckReport, Memory, check
from derive.kernel.derivation import Derivation
from derive.language import Array, Compare, Context, Entry, substitute
from derive.language.balls import Ball, Decimal, digits_of
from derive.language.comparing import agree
from derive.language.exponential import Exponential
from derive.language.points import Value, evaluate, holds
from derive.language.reach import Samples
from derive.language.smoothness import sources
from derive.numeric.entries import entry_function
from derive.numeric.sampling import draw_signal
from derive.rules.numbers import at_numbers, inserted
from derive.sheets.values import Numbers

MOST_ENTRIES = 400
"""Of a result of which all entries are shown."""
DIGITS, FEW_DIGITS = 10, 6
"""Digits of one number that is not rational, and of each of several."""

Given = Mapping[Array, Numbers]
Sizes = Mapping[Symbol, Rational]


@dataclass(frozen=True)
class Entries:
    """All entries of a result.

    Attributes:
        indices: The index symbols, none for a single number.
        values: {indices: value}, in their order; the first digits of one that is not rational.
    """

    indices: tuple[Symbol, ...]
    values: Mapping[tuple[int, ...], Rational | Decimal]

    def rows(self) -> tuple[tuple[Rational | Decimal, ...], ...]:
        """As a matrix; one row where there is one index."""
        if len(self.indices) < 2:
            return (tuple(self.values.values()),)
        first = dict.fromkeys(place[0] for place in self.values)
        return tuple(tuple(v for place, v in self.values.items() if place[0] == row) for row in first)


@dataclass(frozen=True)
class Written:
    """One entry written out term by term.

    Attributes:
        place: The indices with their numbers.
        general: The general result at this place: the first line.
        derivation: From its right side to the number.
        report: What the checker looked at for the latter.
    """

    place: tuple[tuple[Symbol, Rational], ...]
    general: Derivation
    derivation: Derivation
    report: CheckReport


def arrays_given(context: Context, named: Mapping[str, Numbers], path: str) -> dict[Array, Numbers]:
    """The free arrays of the context by name.

    Raises:
        BadInput: a name belongs to no free array, or the array has no last entry.
    """
    free = {array.name: array for array in context.arrays}
    for name in named:
        if name in free:
            continue
        if any(d.array.name == name for d in context.definitions):
            raise BadInput(f"{name} is defined in {path}, so its numbers follow; {_may_be_given(free)}")
        if name in (s.name for s in context.symbols):
            raise BadInput(f"{name} is a number in {path} and no array")
        raise BadInput(f"{path} has no array {name!r}; {_may_be_given(free)}")
    found = {free[name]: numbers for name, numbers in named.items()}
    for array in found:
        if any(end.is_infinite for axis in array.axes for end in axis):
            raise BadInput(f"{array.name} has no first or no last entry, so it cannot be given by a list of numbers")
    return found


def _may_be_given(free: Mapping[str, Array]) -> str:
    return f"numbers can be given for {', '.join(free)}" if free else "it has no arrays that could be given"


def sizes_of(context: Context, given: Given, values: Sizes) -> dict[Symbol, Rational]:
    """The values with the sizes that the shapes of the arrays tell.

    Raises:
        BadInput: a shape does not fit, or a size is told by none.
    """
    known = dict(values)
    for array, numbers in given.items():
        if len(numbers.shape) != len(array.axes):
            kinds = ("one number", "a list of numbers", "a list of rows")
            what = kinds[len(array.axes)] if len(array.axes) < 3 else f"lists nested {len(array.axes)} deep"
            raise BadInput(f"{array.name} has {_counted(len(array.axes), 'axis', 'axes')}: give it as {what}")
    for array, numbers in [*given.items()] * 2:  # the second time with what the last array told
        for axis, size in enumerate(numbers.shape):
            length = _lengths(array, known)[axis]
            open_sizes = length.free_symbols & set(context.symbols)
            if len(open_sizes) == 1:
                (symbol,) = open_sizes
                told = size - (length - symbol) if length.coeff(symbol) == 1 else length + symbol - size
                if isinstance(told, Integer):
                    known[symbol] = told
    for array, numbers in given.items():
        lengths = _lengths(array, known)
        unknown = sorted({str(s) for length in lengths for s in length.free_symbols})
        if unknown:
            raise BadInput(f"the size of {array.name} depends on {', '.join(unknown)}: give a number for it")
        if lengths != numbers.shape:
            wanted, found = (" by ".join(map(str, shape)) for shape in (lengths, numbers.shape))
            at = ", ".join(f"{s} = {v}" for s, v in known.items() if s in array.free_symbols)
            entries = "entry" if lengths == (1,) else "entries"
            raise BadInput(f"{array.name} has {wanted} {entries}{f' for {at}' if at else ''}, not {found}")
    return known


def _lengths(array: Array, known: Sizes) -> tuple[Expr, ...]:
    return tuple(substitute(high - low + 1, known) for low, high in array.axes)


def _counted(number: int, one: str, several: str) -> str:
    return f"{number or 'no'} {one if number == 1 else several}"


class Evaluated:
    """A result at given arrays; a class to hold what its entries and the one written out have in common."""

    def __init__(self, claim: Claim, general: Derivation, at_sizes: Derivation, sizes: Sizes, given: Given) -> None:
        self.claim, self.general, self.result, self.sizes = claim, general, at_sizes, sizes
        by_name = {array.name: array for array in at_sizes.context.arrays}
        self.numbers: dict[Array, dict[tuple[int, ...], Fraction]] = {}
        for array, numbers in given.items():
            there = by_name[array.name]
            self.numbers[there] = dict(numbers.at([int(low) for low, _ in there.axes]))
        missing = sorted(a.name for a in sources(at_sizes.context, at_sizes.right) - set(self.numbers))
        if missing:
            raise BadInput(f"no numbers can be shown: the result depends on {', '.join(missing)}, not given here")
        self.indices = self._indices()

    def _indices(self) -> tuple[Symbol, ...]:
        """The index symbols of the left side that are free."""
        left, context = self.result.left, self.result.context
        found = [i for i in left.indices if i.free_symbols] if isinstance(left, Entry) else []
        rest = {*left.free_symbols, *self.result.right.free_symbols, *context.symbols} - set(found)
        if rest:
            raise BadInput(f"no numbers can be shown without numbers for {', '.join(sorted(map(str, rest)))}")
        if len(found) > 2 or len(set(found)) < len(found) or not all(isinstance(i, Symbol) for i in found):
            raise BadInput(f"the entries of {left} are not the rows and columns of a matrix: give numbers for indices")
        return tuple(found)

    def places(self) -> list[tuple[int, ...]]:
        """The indices of all entries.

        Raises:
            BadInput: there are too many, or none.
        """
        ranges = [self._range(index) for index in self.indices]
        count = prod(map(len, ranges))
        if not 1 <= count <= MOST_ENTRIES:
            raise BadInput(f"the result has {count} entries; from 1 to {MOST_ENTRIES} can be shown")
        return list(product(*ranges))

    def entries(self) -> Entries:
        """All entries, each compared with the oracle.

        Raises:
            OracleDisagrees: the definition gives another number.
            BadInput: there are too many, or one has no exact value.
        """
        places = self.places()
        generator = random.Random(1)
        arrays, oracle = {}, {}
        for array in self.result.context.arrays:
            try:
                drawn = draw_signal(array, {}, generator)
            except NoPointFound:
                raise BadInput(f"{array.name} has too many entries") from None
            arrays[array] = Samples(self.numbers[array]) if array in self.numbers else drawn
            oracle[array.name] = entry_function(array, arrays[array], {}, Fraction)
        values = {}
        for place in places:
            point = dict(zip(self.indices, place, strict=True))
            self._check_hypotheses(point, arrays)
            try:
                value = evaluate(self.result.right, point, self.result.context, arrays)
                expected = self._expected(point, oracle)
                agrees = agree(value, "=", expected)
                shown = _shown(value, FEW_DIGITS if len(places) > 1 else DIGITS)
            except Unevaluable as problem:
                raise BadInput(f"there is no value at {_at(point)} that can be shown: {problem}") from None
            if not agrees:
                raise OracleDisagrees(
                    f"{self.result.name} is proved, but its definition gives {expected} and not {value} at "
                    f"{_at(point) or 'these numbers'}: the thing proved is not the thing meant"
                )
            values[place] = shown
        return Entries(self.indices, values)

    def _check_hypotheses(self, point: Mapping[Symbol, int], arrays: Mapping[Array, Samples]) -> None:
        for fact in self.result.context.facts:
            try:
                met = holds(fact, point, self.result.context, arrays)
            except Unevaluable as problem:
                raise BadInput(f"whether {fact} holds for the numbers given is not known: {problem}") from None
            if not met and fact.has(Entry):
                raise BadInput(f"the numbers given break the hypothesis {fact}")
            if not met:
                raise BadInput(f"the hypotheses leave out some of the entries of {self.result.left}")

    def _range(self, index: Symbol) -> range:
        """The numbers that an index runs over, from the hypotheses."""
        lows, highs = [], []
        for fact in self.result.context.facts:
            if isinstance(fact, Compare) and fact.op in ("<=", ">="):
                low, high = (fact.left, fact.right) if fact.op == "<=" else (fact.right, fact.left)
                lows += [int(low)] if high == index and isinstance(low, Integer) else []
                highs += [int(high)] if low == index and isinstance(high, Integer) else []
        if not lows or not highs:
            raise BadInput(f"nothing says from where to where {index} runs: give a number for it")
        return range(max(lows), min(highs) + 1)

    def _expected(self, point: Mapping[Symbol, int], oracle: Mapping[str, Any]) -> Value:
        named: dict[str, Any] = {s.name: int(v) if v.is_Integer else Fraction(v.p, v.q) for s, v in self.sizes.items()}
        named.update({s.name: v for s, v in point.items()})
        found = self.claim.oracle(**named, **oracle)
        return found if isinstance(found, (Exponential, Ball)) else Fraction(found)

    def written(self, place: Mapping[str, int], values: Entries, memory: Memory | None = None) -> Written:
        """One entry, written out term by term and checked.

        Raises:
            BadInput: there is no such entry, or it has too many terms.
            StepRejected: a step does not hold.
        """
        if set(place) != {i.name for i in self.indices}:
            wanted = ", ".join(f"{i.name} = ..." for i in self.indices) or "nothing: the result is one number"
            raise BadInput(f"write_out wants {wanted}")
        at = {i: Integer(place[i.name]) for i in self.indices}
        numbers = tuple(place[i.name] for i in self.indices)
        if numbers not in values.values:
            raise BadInput(f"write_out: there is no entry at {_at(at)}")
        general = inserted(self.general, {**self.sizes, **at})
        check(general, memory, explain=False)
        by_index = {a: {k: Rational(v.numerator, v.denominator) for k, v in n.items()} for a, n in self.numbers.items()}
        name = f"{general.name} written out"
        if isinstance(values.values[numbers], Decimal):
            raise BadInput(f"write_out: the entry at {_at(at)} is not rational, so it has no last line")
        derivation = at_numbers(name, general.context, general.right, by_index)
        if derivation.right != values.values[numbers]:
            raise OracleDisagrees(f"{name} gives {derivation.right}, the result {values.values[numbers]}")
        return Written(tuple(at.items()), general, derivation, check(derivation, memory))


def _shown(value: Value, digits: int) -> Rational | Decimal:
    return Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else digits_of(value, digits)


def _at(point: Mapping[Symbol, Any]) -> str:
    return ", ".join(f"{s} = {v}" for s, v in point.items())
