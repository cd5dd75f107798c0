"""Working a term out at a point, head by head (see points.py for what the values mean)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

from sympy import Add, E, Expr, Integer, Max, Min, Mod, Mul, Pow, Rational, Symbol, oo
from sympy import pi as pi_of

from derive.errors import Undefined, Unevaluable
from derive.language import (
    AllOf,
    AnyOf,
    Array,
    Cases,
    Compare,
    Condition,
    Context,
    Definition,
    Entry,
    ForAll,
    IndexProduct,
    IndexSum,
    Indicator,
    Integral,
    Largest,
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
    power,
    primal,
    slope_in,
)
from derive.language.outcomes import Averaging, moment
from derive.language.reach import reach, with_entry

_LONGEST_SUM = 20_000
_MOST_TERMS = 100_000
_LARGEST_POWER = 20_000
_DEEPEST = 40

Point = Mapping[Symbol, Exact]
Value = Fraction | Exponential | Ball
"""Of a term: exact, or enclosed."""

_RELATIONS: Mapping[str, Callable[[Number, Number], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Known:
    """An array with what is asked of it at every entry; `kept` are the objects that it was found by."""

    array: Array
    definition: Definition | None
    symbols: tuple[Symbol, ...]
    outside: str
    ranges: dict[tuple[Any, ...], list[tuple[float | int, float | int]]]
    kept: list[Array]


class Evaluator:
    """Values at one point, each entry of a defined array worked out once; `points.evaluate` makes one."""

    def __init__(
        self, context: Context | None, arrays: Mapping[Array, Callable[..., Number]], point: Point, variant: int = 0
    ) -> None:
        self.variant = variant  # which joint law of the random arrays
        self.averaging: Averaging | None = None
        self.point = {s: v if isinstance(v, (int, Fraction, Exponential)) else Fraction(v) for s, v in point.items()}
        self.context = context or Context()
        self.arrays = arrays
        self.terms_left = _MOST_TERMS
        self.depth = 0
        # Definitions speak of declared symbols and their own indices alone, so an entry has one value at a point.
        self.entries: dict[tuple[Any, ...], Number] = {}
        self.free: dict[Expr, tuple[Symbol, ...]] = {}
        self.matrices: dict[tuple[Any, ...], Any] = {}
        self.varied: dict[tuple[Array, tuple[int, ...]], tuple[int, Evaluator]] = {}
        self.known_arrays: tuple[dict[int, _Known], dict[Array, _Known]] = ({}, {})

    def evaluate(self, term: Expr) -> Value:
        """As the function of that name in `points`, at this point."""
        self.terms_left, self.depth = _MOST_TERMS, 0
        value = self.value(term, dict(self.point))
        if isinstance(value, (int, Fraction)):
            return Fraction(value)
        if isinstance(value, (Exponential, Ball)):
            return value
        raise Unevaluable(f"{term} has no value that we can compute")

    def holds(self, condition: Condition) -> bool:
        """As the function of that name in `points`, at this point."""
        self.terms_left, self.depth = _MOST_TERMS, 0
        return self.truth(condition, dict(self.point))

    def definition_of(self, array: Array) -> Definition | None:
        """As the context says; that of a form is made when it is asked for first."""
        return self.known(array).definition

    def value(self, term: Any, at: dict[Symbol, Number]) -> Number:
        hot = _HOT.get(type(term))
        return self.other(term, at) if hot is None else hot(self, term, at)

    def symbol(self, term: Symbol, at: dict[Symbol, Number]) -> Number:
        if term not in at:
            raise Unevaluable(f"{term} has no value")
        return at[term]

    def sum(self, term: Add, at: dict[Symbol, Number]) -> Number:
        total: Number = 0
        for part in term.args:
            total = total + self.value(part, at)
        return total

    def product(self, term: Mul, at: dict[Symbol, Number]) -> Number:
        # A factor 0 does not excuse an undefined one: all factors are looked at.
        result: Number = 1
        for part in term.args:
            result = result * self.value(part, at)
        return result

    def other(self, term: Any, at: dict[Symbol, Number]) -> Number:
        if isinstance(term, Symbol):
            return self.symbol(term, at)
        if isinstance(term, Integer):
            return int(term.p)
        if isinstance(term, Rational):
            return Fraction(int(term.p), int(term.q))
        if isinstance(term, Integral):
            return area(self, term, at)
        if isinstance(term, (IndexProduct, Largest)):
            return self.once(term, at)
        if isinstance(term, Cases):
            for value, condition in term.clauses:
                if self.truth(condition, at):
                    return self.value(value, at)
            raise Undefined(f"no case of {term} applies")
        if isinstance(term, Indicator):
            return 1 if self.truth(term.condition, at) else 0
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
        inner = Evaluator(self.context, {**self.arrays, **arrays}, {}, self.variant)
        inner.point, inner.known_arrays, inner.averaging = self.point, self.known_arrays, self.averaging
        inner.terms_left, inner.depth = self.terms_left, self.depth
        return inner

    def whole(self, term: Expr, role: str, at: dict[Symbol, Number]) -> int:
        """The value of what must be an integer."""
        value = self.certain(term, at)
        found = value if type(value) is int else as_whole(value)
        if found is None:
            raise Undefined(f"{role} {term} is {value}, not an integer")
        return found

    def count(self, term: Expr, at: dict[Symbol, Number]) -> Number:
        return counted(term, [self.whole(part, f"the argument of {term.func.__name__}", at) for part in term.args])

    def power(self, term: Pow, at: dict[Symbol, Number]) -> Number:
        base, exponent = self.value(term.base, at), self.value(term.exp, at)
        if isinstance(exponent, Chancy) or (isinstance(base, Chancy) and as_whole(exponent) is None):
            raise NeedsOutcomes(f"{term} is random")
        if term.base is E:
            return exp(exponent)
        rest = primal(base)
        if isinstance(exponent, (int, Fraction)) and isinstance(rest, (int, Fraction)) and rest not in (0, 1, -1):
            size = max(abs(rest.numerator).bit_length(), rest.denominator.bit_length())
            if abs(Fraction(exponent)) * size > _LARGEST_POWER:
                raise Unevaluable(f"{term} is too large to be worked out")
        return power(base, exponent)

    def sum_of(self, term: IndexSum, at: dict[Symbol, Number]) -> Number:
        low, high = (self.limit(end, at) for end in (term.low, term.high))
        if low == -inf or high == inf:
            least, most = reach(self, term.body, term.index, at)
            low, high = max(low, least), min(high, most)
        if low > high:
            return 0
        if low == -inf or high == inf:
            raise Unevaluable(f"infinitely many terms of {term} may differ from 0")
        if high - low > _LONGEST_SUM:
            raise Unevaluable(f"{term} has more than {_LONGEST_SUM} terms here")
        self.terms_left -= int(high) - int(low) + 1
        if self.terms_left < 0:
            raise Unevaluable(f"sums within sums have more than {_MOST_TERMS} terms here")
        total: Number = 0
        inner = dict(at)
        for k in range(int(low), int(high) + 1):
            inner[term.index] = k
            total = total + self.value(term.body, inner)
        return total

    def once(self, term: IndexProduct | Largest, at: dict[Symbol, Number]) -> Number:
        """A product or largest value; often it stands in a sum over what it does not depend on."""
        if term not in self.free:
            self.free[term] = tuple(sorted(term.free_symbols, key=str))
        key = (term, *(at.get(s) for s in self.free[term]))
        if key not in self.entries:
            self.entries[key] = self.over(term, at)
        return self.entries[key]

    def over(self, term: IndexProduct | Largest, at: dict[Symbol, Number]) -> Number:
        """The product of all values, or the largest of them."""
        result: Number | None = None if isinstance(term, Largest) else 1
        for inner in self.each(term, at):
            value = self.value(term.body, inner)
            if isinstance(term, Largest):
                result = value if result is None or value > result else result
            else:
                result = value if result is None else result * value
                if isinstance(result, (int, Fraction)) and result.numerator.bit_length() > _LARGEST_POWER:
                    raise Unevaluable(f"{term} is too large to be worked out")
        if result is None:
            raise Undefined(f"{term} is the largest of nothing")
        return result

    def each(self, term: Ranged, at: dict[Symbol, Number]) -> Iterator[dict[Symbol, Number]]:
        """What the symbols are at every index of a finite range; the same dictionary each time."""
        low, high = (self.whole(end, "the limit", at) for end in (term.low, term.high))
        if high - low > _LONGEST_SUM:
            raise Unevaluable(f"{term} runs over more than {_LONGEST_SUM} indices here")
        self.terms_left -= max(0, high - low + 1)
        if self.terms_left < 0:
            raise Unevaluable(f"sums within sums have more than {_MOST_TERMS} terms here")
        inner = dict(at)
        for k in range(low, high + 1):
            inner[term.index] = k
            yield inner

    def limit(self, end: Expr, at: dict[Symbol, Number]) -> float | int:
        if end.is_infinite:
            return inf if end is oo else -inf
        return self.whole(end, "the limit", at)

    def place(self, term: Entry, at: dict[Symbol, Number]) -> tuple[int, ...] | None:
        """The indices, in range; None where the array is 0."""
        indices = [self.whole(index, "the index", at) for index in term.args[1:]]
        known = self.known(term.array)
        axes = self.ranges(known, at)
        for axis, ((low, high), index) in enumerate(zip(axes, indices, strict=True)):
            if low <= index <= high:
                continue
            if known.outside == "zero":
                return None
            if known.outside == "wraps" and low > -inf and high < inf and high >= low:
                indices[axis] = int(low + (index - low) % (high - low + 1))
                continue
            raise Undefined(f"index {index} is outside {term.array.name}'s range {low}..{high}")
        return tuple(indices)

    def known(self, array: Array) -> _Known:
        """What is asked of the array again and again; found by its place in memory, where it is kept."""
        by_place, by_array = self.known_arrays
        found = by_place.get(id(array))
        if found is None:
            if array not in by_array:
                made = array.instance if isinstance(array, Image) else self.context.definition_of(array)
                symbols = tuple(sorted(array.free_symbols, key=str))
                by_array[array] = _Known(array, made, symbols, array.outside, {}, [])
            found = by_place[id(array)] = by_array[array]
            found.kept.append(array)
        return found

    def ranges(self, known: _Known, at: dict[Symbol, Number]) -> list[tuple[float | int, float | int]]:
        """The ends of the axes, worked out again only where a symbol in them has another value."""
        key = tuple([at.get(s) for s in known.symbols])
        if key not in known.ranges:
            known.ranges[key] = [(self.limit(low, at), self.limit(high, at)) for low, high in known.array.axes]
        return known.ranges[key]

    def entry(self, term: Entry, at: dict[Symbol, Number]) -> Number:
        place, known = self.place(term, at), self.known(term.array)
        if place is None:
            return 0
        base, definition = known.array, known.definition
        if definition is not None:
            # What a form is made of may speak of the indices bound around it.
            around = {s: at[s] for s in known.symbols if s in at} if isinstance(base, Form) else {}
            key = (known, place, tuple(around.items()))
            if key not in self.entries:
                inside = {**self.point, **around, **dict(zip(definition.parameters, place, strict=True))}
                self.depth += 1
                if self.depth > _DEEPEST:
                    raise Unevaluable(f"the recursion for {base.name} is more than {_DEEPEST} deep here")
                self.entries[key] = self.value(definition.body, inside)
                self.depth -= 1
            return self.entries[key]
        if isinstance(base, Form):
            return of_form(self, base, place, at)
        if base not in self.arrays:
            raise Unevaluable(f"the array {base.name} has no values")
        return self.arrays[base](*place)

    def partial(self, term: Partial, at: dict[Symbol, Number]) -> Number:
        """The slope of the term when the entry varies and everything else stays."""
        base, place = term.by.array, self.place(term.by, at)
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
        inner.terms_left, inner.depth = self.terms_left, self.depth
        value = inner.value(term.term, at)
        self.terms_left = inner.terms_left
        return slope_in(value, tag)

    def truth(self, condition: Condition, at: dict[Symbol, Number]) -> bool:
        if isinstance(condition, Compare):
            left, right = self.value(condition.left, at), self.value(condition.right, at)
            return _RELATIONS[condition.op](left, right)
        if isinstance(condition, AllOf):
            return all(self.truth(c, at) for c in condition.args)
        if isinstance(condition, AnyOf):
            return any(self.truth(c, at) for c in condition.args)
        if isinstance(condition, Negation):
            return not self.truth(condition.args[0], at)
        if isinstance(condition, ForAll):
            return all(self.truth(condition.body, inner) for inner in self.each(condition, at))
        raise Unevaluable(f"{condition} cannot be decided at a point")


_HOT: dict[type, Callable[..., Number]] = {
    Symbol: Evaluator.symbol,
    Integer: lambda _, term, at: int(term.p),
    type(Integer(0)): lambda _, term, at: 0,
    type(Integer(1)): lambda _, term, at: 1,
    type(Integer(-1)): lambda _, term, at: -1,
    Add: Evaluator.sum,
    Mul: Evaluator.product,
    Pow: Evaluator.power,
    IndexSum: Evaluator.sum_of,
    Entry: Evaluator.entry,
}
"""The heads that are met most, by their types; all others are looked for one after the other."""
