"""Exact points: the value of a term from the meaning of its heads alone, in the field of the rational powers of e.

Beyond that field (roots, logarithms, sines) values are balls, which enclose them to many digits.

A sum over nothing is 0 and `0**0 = 1`. A sum with an infinite end is taken over the indices where its terms can
differ from 0, if these are finitely many at the point. A partial derivative is worked out with dual numbers
(`derive.language.numbers`). Where mathematics gives no value (`1/0`, an index out of range, no case that applies)
`Undefined` is raised; where we cannot compute one exactly, `Unevaluable`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import comb, factorial, inf
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
    matrices,
)
from derive.language.balls import Ball
from derive.language.counting import Binomial, Factorial
from derive.language.exponential import Exponential
from derive.language.forms import Form
from derive.language.functions import FUNCTIONS
from derive.language.integrals import area
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
from derive.language.reach import Samples, reach

__all__ = ["Point", "Samples", "evaluate", "holds"]
_LONGEST_SUM = 20_000
_MOST_TERMS = 100_000
_LARGEST_POWER = 20_000
_LARGEST_COUNT = 2_000
_DEEPEST = 40

Point = Mapping[Symbol, Exact]
Value = Fraction | Exponential | Ball
"""Of a term: exact, or enclosed."""

_RELATIONS: Mapping[str, Callable[[Number, Number], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(
    term: Expr,
    point: Point,
    context: Context | None = None,
    arrays: Mapping[Array, Callable[..., Exact]] | None = None,
) -> Value:
    """The value of the term: exact (a Fraction if it is rational), else a ball that it lies in.

    Args:
        term: Any term whose free symbols have values.
        point: {symbol: number}.
        context: Gives the definitions of arrays; without it every array must be in `arrays`.
        arrays: {array: function of its indices}, for arrays without a definition.

    Raises:
        Undefined: the term has no value there.
        Unevaluable: it has one that is too large, or asks whether numbers are equal that are only known to many digits;
            a symbol or array has no value; a derivative is taken at an edge of a case, where it may not exist.

    Example:
        >>> from derive.language import integer
        >>> k, n = integer("k"), integer("n")
        >>> evaluate(IndexSum(k**2, k, 1, n), {n: 3})
        Fraction(14, 1)
        >>> from sympy import exp
        >>> x = Array("x", ((1, n),), "error")
        >>> evaluate(Partial(IndexSum(k * exp(x[k]), k, 1, n), x[2]), {n: 3}, None, {x: lambda i: i})
        2*e**2
    """
    value = _Evaluator(context, arrays or {}, point).value(term, dict(point))
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    if isinstance(value, (Exponential, Ball)):
        return value
    raise Unevaluable(f"{term} has no value that we can compute")


def holds(
    condition: Condition,
    point: Point,
    context: Context | None = None,
    arrays: Mapping[Array, Callable[..., Exact]] | None = None,
) -> bool:
    """Whether the condition holds at the point; raises as `evaluate` does."""
    return _Evaluator(context, arrays or {}, point).truth(condition, dict(point))


class _Evaluator:
    def __init__(self, context: Context | None, arrays: Mapping[Array, Callable[..., Number]], point: Point) -> None:
        self.point = {s: v if isinstance(v, (int, Exponential)) else Fraction(v) for s, v in point.items()}
        self.context = context or Context()
        self.arrays = arrays
        self.terms_left = _MOST_TERMS
        self.depth = 0
        # Definitions speak of declared symbols and their own indices alone, so an entry has one value at a point.
        self.entries: dict[tuple[Any, ...], Number] = {}
        self.matrices: dict[tuple[Any, ...], Any] = {}
        self.varied: dict[tuple[Array, tuple[int, ...]], tuple[int, _Evaluator]] = {}
        self.definitions: dict[Array, Definition | None] = {}
        self.symbols: dict[Array, tuple[Symbol, ...]] = {}
        self.axes: dict[tuple[Any, ...], list[tuple[float | int, float | int]]] = {}

    def definition_of(self, array: Array) -> Definition | None:
        """As the context says; that of a form is made each time it is asked for."""
        if array not in self.definitions:
            known = array.instance if isinstance(array, Image) else self.context.definition_of(array)
            self.definitions[array] = known
        return self.definitions[array]

    def value(self, term: Any, at: dict[Symbol, Number]) -> Number:
        if isinstance(term, Symbol):
            if term not in at:
                raise Unevaluable(f"{term} has no value")
            return at[term]
        if isinstance(term, Integer):
            return int(term)
        if isinstance(term, Rational):
            return Fraction(int(term.p), int(term.q))
        if isinstance(term, Add):
            total: Number = 0
            for part in term.args:
                total = total + self.value(part, at)
            return total
        if isinstance(term, Mul):
            # A factor 0 does not excuse an undefined one: all factors are looked at.
            result: Number = 1
            for part in term.args:
                result = result * self.value(part, at)
            return result
        if isinstance(term, Pow):
            return self.power(term, at)
        if isinstance(term, IndexSum):
            return self.sum_of(term, at)
        if isinstance(term, Integral):
            return area(self, term, at)
        if isinstance(term, (IndexProduct, Largest)):
            return self.over(term, at)
        if isinstance(term, Cases):
            for value, condition in term.clauses:
                if self.truth(condition, at):
                    return self.value(value, at)
            raise Undefined(f"no case of {term} applies")
        if isinstance(term, Indicator):
            return 1 if self.truth(term.condition, at) else 0
        if isinstance(term, Entry):
            return self.entry(term, at)
        if isinstance(term, Partial):
            return self.partial(term, at)
        if isinstance(term, (Min, Max)):
            found = [self.value(a, at) for a in term.args]
            return min(found) if isinstance(term, Min) else max(found)
        if isinstance(term, Mod):
            whole, modulus = (self.value(part, at) for part in term.args)
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
            return FUNCTIONS[term.func](self.value(term.args[0], at))
        raise Unevaluable(f"{term} has no exact value that we can compute")

    def whole(self, term: Expr, role: str, at: dict[Symbol, Number]) -> int:
        """The value of what must be an integer."""
        value = self.value(term, at)
        found = as_whole(value)
        if found is None:
            raise Undefined(f"{role} {term} is {value}, not an integer")
        return found

    def count(self, term: Expr, at: dict[Symbol, Number]) -> Number:
        whole = [self.whole(part, f"the argument of {term.func.__name__}", at) for part in term.args]
        if isinstance(term, Factorial) and whole[0] < 0:
            raise Undefined(f"{term} speaks of {whole[0]}")
        if max(abs(w) for w in whole) > _LARGEST_COUNT:
            raise Unevaluable(f"{term} is too large to be worked out")
        if isinstance(term, Factorial):
            return factorial(whole[0])
        n, k = whole
        if n < 0 <= k:
            return (-1) ** k * comb(k - n - 1, k)
        return comb(n, k) if k >= 0 else 0

    def power(self, term: Pow, at: dict[Symbol, Number]) -> Number:
        base, exponent = self.value(term.base, at), self.value(term.exp, at)
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
        indices = [self.whole(index, "the index", at) for index in term.indices]
        axes = self.ranges(term.array, at)
        for axis, ((low, high), index) in enumerate(zip(axes, indices, strict=True)):
            if low <= index <= high:
                continue
            if term.array.outside == "zero":
                return None
            if term.array.outside == "wraps" and low > -inf and high < inf and high >= low:
                indices[axis] = int(low + (index - low) % (high - low + 1))
                continue
            raise Undefined(f"index {index} is outside {term.array.name}'s range {low}..{high}")
        return tuple(indices)

    def ranges(self, array: Array, at: dict[Symbol, Number]) -> list[tuple[float | int, float | int]]:
        """The ends of the axes, worked out again only where a symbol in them has another value."""
        if array not in self.symbols:
            self.symbols[array] = tuple(sorted(array.free_symbols, key=str))
        key = (array, *(at.get(s) for s in self.symbols[array]))
        if key not in self.axes:
            self.axes[key] = [(self.limit(low, at), self.limit(high, at)) for low, high in array.axes]
        return self.axes[key]

    def entry(self, term: Entry, at: dict[Symbol, Number]) -> Number:
        base, place = term.array, self.place(term, at)
        if place is None:
            return 0
        definition = self.definition_of(base)
        if definition is not None:
            # What a form is made of may speak of the indices bound around it.
            around = {s: at[s] for s in base.free_symbols if s in at} if isinstance(base, Form) else {}
            key = (base, place, tuple(around.items()))
            if key not in self.entries:
                inside = {**self.point, **around, **dict(zip(definition.parameters, place, strict=True))}
                self.depth += 1
                if self.depth > _DEEPEST:
                    raise Unevaluable(f"the recursion for {base.name} is more than {_DEEPEST} deep here")
                self.entries[key] = self.value(definition.body, inside)
                self.depth -= 1
            return self.entries[key]
        if isinstance(base, Form):
            return self.of_matrix(base, place, at)
        if base not in self.arrays:
            raise Unevaluable(f"the array {base.name} has no values")
        return self.arrays[base](*place)

    def of_matrix(self, base: Form, place: tuple[int, ...], at: dict[Symbol, Number]) -> Number:
        """The determinant, or one number of the inverse."""
        (operand,) = base.operands
        low, high = self.ranges(operand, at)[0]
        key = (base, tuple(at.get(s) for s in sorted(base.free_symbols, key=str)))
        if key not in self.matrices:
            if high - low >= matrices.LARGEST:
                raise Unevaluable(f"a matrix has more than {matrices.LARGEST} rows")
            span = range(int(low), int(high) + 1)
            rows = [[self.entry(Entry(operand, i, j), at) for j in span] for i in span]
            self.matrices[key] = matrices.inverse(rows) if place else matrices.determinant(rows)
        found = self.matrices[key]
        return found[place[0] - int(low)][place[1] - int(low)] if place else found

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
            inner = _Evaluator(self.context, {**self.arrays, base: _with_entry(self.arrays[base], place, varying)}, {})
            inner.point, inner.definitions = self.point, self.definitions
            inner.symbols, inner.axes = self.symbols, self.axes
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


def _with_entry(array: Callable[..., Number], place: tuple[int, ...], value: Number) -> Callable[..., Number]:
    """The array with another value at one place."""
    if isinstance(array, Samples):
        return Samples({**array.values, place: value})
    return lambda *indices: value if indices == place else array(*indices)
