"""Working a term out at a point, head by head (see points.py for what the values mean)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

from sympy import E, Expr, Max, Min, Mod, Symbol, oo
from sympy import pi as pi_of

from derive.errors import Undefined, Unevaluable
from derive.language import (
    Array,
    Condition,
    Context,
    Definition,
    ForAll,
    Integral,
    Negation,
    Partial,
    Ranged,
)
from derive.language.balls import Ball
from derive.language.chance import Moment
from derive.language.chancy import Chancy, NeedsOutcomes
from derive.language.counting import Binomial, Factorial, counted
from derive.language.exponential import Exponential
from derive.language.forms import Form
from derive.language.functions import COMPARING, FUNCTIONS
from derive.language.integrals import area
from derive.language.made_of_matrices import of_form
from derive.language.maps import Applied, Image
from derive.language.numbers import (
    Dual,
    Exact,
    Number,
    as_whole,
    exp,
    fresh_tag,
    pi,
    primal,
    slope_in,
)
from derive.language.outcomes import Averaging, moment
from derive.language.prepared import LONGEST_SUM, MOST_TERMS, prepared_again
from derive.language.prepared import condition as prepared_condition
from derive.language.reach import with_entry
from derive.language.symbols import in_letters

_DEEPEST = 40

Point = Mapping[Symbol, Exact]
Value = Fraction | Exponential | Ball
"""Of a term: exact, or enclosed."""

@dataclass(frozen=True, eq=False)
class _Known:
    """An array with what is asked of it at every entry; `kept` are the objects that it was found by."""

    array: Array
    definition: Definition | None
    symbols: tuple[Symbol, ...]
    outside: str
    is_form: bool
    ranges: dict[tuple[Any, ...], list[tuple[float | int, float | int]]]
    kept: list[Array]


def _plain(value: Exact) -> Exact:
    """The value, as an int where it is whole: those are fastest to calculate with."""
    if isinstance(value, (int, Exponential)):
        return value
    fraction = value if isinstance(value, Fraction) else Fraction(value)
    return fraction.numerator if fraction.denominator == 1 else fraction


class Evaluator:
    """Values at one point, each entry of a defined array worked out once; `points.evaluate` makes one."""

    def __init__(
        self, context: Context | None, arrays: Mapping[Array, Callable[..., Number]], point: Point, variant: int = 0,
        most_terms: int = MOST_TERMS,
    ) -> None:  # fmt: skip
        self.variant = variant  # which joint law of the random arrays
        self.averaging: Averaging | None = None
        self.point = {s: _plain(v) for s, v in point.items()}
        self.context = context or Context()
        self.arrays = arrays
        self.most_terms = self.terms_left = most_terms
        self.spent_once = 0  # terms of what is kept in `entries`, and not worked out again
        self.depth = 0
        # Definitions speak of declared symbols and their own indices alone, so an entry has one value at a point.
        self.entries: dict[tuple[Any, ...], Number] = {}
        self.matrices: dict[tuple[Any, ...], Any] = {}
        self.varied: dict[tuple[Array, tuple[int, ...]], tuple[int, Evaluator]] = {}
        self.known_arrays: tuple[dict[int, _Known], dict[Array, _Known]] = ({}, {})

    def evaluate(self, term: Expr) -> Value:
        """As the function of that name in `points`, at this point."""
        self.terms_left, self.depth = self.most_terms, 0
        value = self.value(term, dict(self.point))
        if isinstance(value, (int, Fraction)):
            return Fraction(value)
        if isinstance(value, (Exponential, Ball)):
            return value
        raise Unevaluable(f"{term} has no value that we can compute")

    def holds(self, condition: Condition) -> bool:
        """As the function of that name in `points`, at this point."""
        self.terms_left, self.depth = self.most_terms, 0
        return self.truth(condition, dict(self.point))

    def definition_of(self, array: Array) -> Definition | None:
        """As the context says; that of a form is made when it is asked for first."""
        return self.known(array).definition

    def value(self, term: Any, at: dict[Symbol, Number]) -> Number:
        return prepared_again(term)(self, at)

    def truth(self, condition: Condition, at: dict[Symbol, Number]) -> bool:
        return prepared_condition(condition)(self, at)

    def spend(self, terms: int) -> None:
        """Take so many terms of a sum from what may be worked out."""
        self.terms_left -= terms
        if self.terms_left < 0:
            raise Unevaluable(f"sums within sums have more than {self.most_terms} terms here")

    def other(self, term: Any, at: dict[Symbol, Number]) -> Number:
        """The value of a head that is met less often than those of `derive.language.prepared`."""
        if isinstance(term, Integral):
            return area(self, term, at)
        if isinstance(term, Partial):
            return self.partial(term, at)
        if isinstance(term, Moment):
            return moment(self, term, at)
        if isinstance(term, (Min, Max)):
            found = [self.value(a, at) for a in term.args]
            return min(found) if isinstance(term, Min) else max(found)
        if isinstance(term, Mod):
            whole, modulus = (self.certain(part, at) for part in term.args)
            if primal(modulus) == 0:
                raise Undefined(f"{term} divides by 0")
            return whole % modulus
        if isinstance(term, (Factorial, Binomial)):
            return self.count(term, at)
        if isinstance(term, Applied):
            return self.value(term.instance, at)
        if term is E:
            return exp(1)
        if term is pi_of:
            return pi()
        if term.func in FUNCTIONS and len(term.args) == 1:  # another branch of Lambert's function has two
            return FUNCTIONS[term.func]((self.value if term.func in COMPARING else self.certain)(term.args[0], at))
        raise Unevaluable(f"{term} has no exact value that we can compute")

    def certain(self, term: Expr, at: dict[Symbol, Number]) -> Number:
        """The value of what is not worked out as a polynomial in random numbers."""
        value = self.value(term, at)
        if isinstance(value, Chancy):
            raise NeedsOutcomes(f"{term} is random")
        return value

    def among(self, arrays: Mapping[Array, Callable[..., Number]]) -> Evaluator:
        """An evaluator at the same point with other entries of the random arrays."""
        inner = Evaluator(self.context, {**self.arrays, **arrays}, {}, self.variant, self.most_terms)
        inner.point, inner.known_arrays, inner.averaging = self.point, self.known_arrays, self.averaging
        inner.terms_left, inner.depth = self.terms_left, self.depth
        return inner

    def whole(self, term: Expr, role: str, at: dict[Symbol, Number]) -> int:
        """The value of what must be an integer."""
        return self.as_integer(self.value(term, at), role, term)

    def as_integer(self, value: Number, role: str, term: Expr) -> int:
        """The integer that the value of the term is."""
        if isinstance(value, Chancy):
            raise NeedsOutcomes(f"{term} is random")
        found = as_whole(value)
        if found is None:
            raise Undefined(f"{role} {term} is {value}, not an integer")
        return found

    def count(self, term: Expr, at: dict[Symbol, Number]) -> Number:
        return counted(term, [self.whole(part, f"the argument of {term.func.__name__}", at) for part in term.args])

    def each(self, term: Ranged, at: dict[Symbol, Number]) -> Iterator[dict[Symbol, Number]]:
        """What the symbols are at every index of a finite range; the same dictionary each time."""
        low, high = (self.whole(end, "the limit", at) for end in (term.low, term.high))
        if high - low > LONGEST_SUM:
            raise Unevaluable(f"{term} runs over more than {LONGEST_SUM} indices here")
        self.spend(max(0, high - low + 1))
        inner = dict(at)
        for k in range(low, high + 1):
            inner[term.index] = k
            yield inner

    def limit(self, end: Expr, at: dict[Symbol, Number]) -> float | int:
        if end.is_infinite:
            return inf if end is oo else -inf
        return self.whole(end, "the limit", at)

    def place(self, known: _Known, indices: list[int], at: dict[Symbol, Number]) -> tuple[int, ...] | None:
        """The indices, in range; None where the array is 0."""
        for axis, ((low, high), index) in enumerate(zip(self.ranges(known, at), indices, strict=True)):
            if low <= index <= high:
                continue
            if known.outside == "zero":
                return None
            if known.outside == "wraps" and low > -inf and high < inf and high >= low:
                indices[axis] = int(low + (index - low) % (high - low + 1))
                continue
            raise Undefined(f"index {index} is outside {known.array.name}'s range {low}..{high}")
        return tuple(indices)

    def known(self, array: Array) -> _Known:
        """What is asked of the array again and again; found by its place in memory, where it is kept."""
        by_place, by_array = self.known_arrays
        found = by_place.get(id(array))
        if found is None:
            if array not in by_array:
                base = next((a for a in self.arrays if a == array), array)  # itself, so that it is found there at once
                made = array.instance if isinstance(array, Image) else self.context.definition_of(array)
                symbols = tuple(sorted(array.free_symbols, key=in_letters))
                by_array[array] = _Known(base, made, symbols, array.outside, isinstance(array, Form), {}, [])
            found = by_place[id(array)] = by_array[array]
            found.kept.append(array)
        return found

    def ranges(self, known: _Known, at: dict[Symbol, Number]) -> list[tuple[float | int, float | int]]:
        """The ends of the axes, worked out again only where a symbol in them has another value."""
        key = tuple([at.get(s) for s in known.symbols])
        if key not in known.ranges:
            known.ranges[key] = [(self.limit(low, at), self.limit(high, at)) for low, high in known.array.axes]
        return known.ranges[key]

    def entry(self, array: Array, indices: list[int], at: dict[Symbol, Number]) -> Number:
        """The entry of the array at these indices."""
        known = self.known(array)
        place = self.place(known, indices, at)
        if place is None:
            return 0
        base, definition = known.array, known.definition
        if definition is not None:
            # What a form is made of may speak of the indices bound around it.
            around = {s: at[s] for s in known.symbols if s in at} if known.is_form else {}
            key = (known, place, tuple(around.items()))
            found = self.entries.get(key)
            if found is None:
                inside = {**self.point, **around, **dict(zip(definition.parameters, place, strict=True))}
                left, apart = self.terms_left, self.spent_once
                self.depth += 1
                if self.depth > _DEEPEST:
                    raise Unevaluable(f"the recursion for {base.name} is more than {_DEEPEST} deep here")
                self.entries[key] = found = self.value(definition.body, inside)
                self.depth -= 1
                self.spent_once = apart + left - self.terms_left
            return found
        if known.is_form:
            left, apart = self.terms_left, self.spent_once
            value = of_form(self, base, place, at)
            self.spent_once = apart + left - self.terms_left
            return value
        if base not in self.arrays:
            raise Unevaluable(f"the array {base.name} has no values")
        return self.arrays[base](*place)

    def partial(self, term: Partial, at: dict[Symbol, Number]) -> Number:
        """The slope of the term when the entry varies and everything else stays."""
        base = term.by.array
        place = self.place(self.known(base), [self.whole(i, "the index", at) for i in term.by.indices], at)
        if self.definition_of(base) is not None or base not in self.arrays:
            raise Unevaluable(f"the entries of {base.name} do not vary freely, or have no values")
        if place is None:
            raise Undefined(f"{term.by} is outside {base.name}'s range, where it is 0 and does not vary")
        if (base, place) not in self.varied:  # all derivatives by one entry share what they work out
            tag = fresh_tag()
            varying = Dual(tag, self.arrays[base](*place), 1)
            inner = self.among({base: with_entry(self.arrays[base], place, varying)})
            inner.averaging = None
            self.varied[base, place] = tag, inner
        tag, inner = self.varied[base, place]
        inner.terms_left, inner.spent_once, inner.depth = self.terms_left, self.spent_once, self.depth
        value = inner.value(term.term, at)
        self.terms_left, self.spent_once = inner.terms_left, inner.spent_once
        return slope_in(value, tag)

    def truth_of_other(self, condition: Condition, at: dict[Symbol, Number]) -> bool:
        """Whether a condition holds that is no comparison, and none of several put together."""
        if isinstance(condition, Negation):
            return not self.truth(condition.args[0], at)
        if isinstance(condition, ForAll):
            return all(self.truth(condition.body, inner) for inner in self.each(condition, at))
        raise Unevaluable(f"{condition} cannot be decided at a point")
