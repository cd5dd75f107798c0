"""Exact points: the value of a term in rational arithmetic, from the meaning of its heads alone.

A sum over nothing is 0 and `0**0 = 1`. A sum with an infinite end is taken over the indices where its terms can
differ from 0, if these are finitely many at the point. Where mathematics gives no value (`1/0`, an index out of
range, no case that applies) `Undefined` is raised; where we cannot compute one exactly, `Unevaluable`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb, factorial, floor, inf
from typing import Any

from sympy import Abs, Add, Basic, Expr, Integer, Max, Min, Mod, Mul, Pow, Rational, Symbol, ceiling, oo, sign
from sympy import floor as floor_of

from derive.errors import Undefined, Unevaluable
from derive.language import AllOf, AnyOf, Array, Cases, Compare, Condition, Context, Entry, IndexSum, Negation
from derive.language.counting import Binomial, Factorial
from derive.language.terms import expanded

_LONGEST_SUM = 20_000
_MOST_TERMS = 100_000
_LARGEST_POWER = 20_000
_LARGEST_COUNT = 2_000
_DEEPEST = 40

Number = int | Fraction
Point = Mapping[Symbol, Number]


@dataclass(frozen=True)
class Samples:
    """Entries of an array at a point: the listed ones, and 0 everywhere else."""

    values: Mapping[tuple[int, ...], Fraction]

    def __call__(self, *indices: int) -> Fraction:
        return self.values.get(indices, Fraction(0))

    def ends(self, axis: int) -> tuple[float, float]:
        """Least and greatest index on the axis with an entry listed."""
        found = [key[axis] for key in self.values]
        return (min(found), max(found)) if found else (inf, -inf)


def evaluate(
    term: Expr,
    point: Point,
    context: Context | None = None,
    arrays: Mapping[Array, Callable[..., Fraction]] | None = None,
) -> Fraction:
    """The exact value of the term.

    Args:
        term: Any term whose free symbols have values.
        point: {symbol: integer or fraction}.
        context: Gives the definitions of arrays; without it every array must be in `arrays`.
        arrays: {array: function of its indices}, for arrays without a definition.

    Raises:
        Undefined: the term has no value there.
        Unevaluable: it has one that is not rational, too large, or a symbol or array has no value.

    Example:
        >>> from derive.language import integer
        >>> k, n = integer("k"), integer("n")
        >>> evaluate(IndexSum(k**2, k, 1, n), {n: 3})
        Fraction(14, 1)
    """
    return Fraction(_Evaluator(context, arrays or {}, point).value(term, dict(point)))


def holds(
    condition: Condition,
    point: Point,
    context: Context | None = None,
    arrays: Mapping[Array, Callable[..., Fraction]] | None = None,
) -> bool:
    """Whether the condition holds at the point; raises as `evaluate` does."""
    return _Evaluator(context, arrays or {}, point).truth(condition, dict(point))


class _Evaluator:
    def __init__(self, context: Context | None, arrays: Mapping[Array, Callable[..., Fraction]], point: Point) -> None:
        self.point = point
        self.context = context or Context()
        self.arrays = arrays
        self.terms_left = _MOST_TERMS
        self.depth = 0
        # Definitions speak of declared symbols and their own indices alone, so an entry has one value at a point.
        self.entries: dict[tuple[Any, ...], Number] = {}

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
        if isinstance(term, Cases):
            for value, condition in term.clauses:
                if self.truth(condition, at):
                    return self.value(value, at)
            raise Undefined(f"no case of {term} applies")
        if isinstance(term, Entry):
            return self.entry(term, at)
        if isinstance(term, (Min, Max)):
            found = [self.value(a, at) for a in term.args]
            return min(found) if isinstance(term, Min) else max(found)
        if isinstance(term, (floor_of, ceiling)):
            inside = self.value(term.args[0], at)
            return floor(inside) if isinstance(term, floor_of) else ceil(inside)
        if isinstance(term, Mod):
            whole, modulus = Fraction(self.value(term.args[0], at)), Fraction(self.value(term.args[1], at))
            if modulus == 0:
                raise Undefined(f"{term} divides by 0")
            return whole % modulus
        if isinstance(term, Abs):
            size: Number = abs(Fraction(self.value(term.args[0], at)))
            return size
        if isinstance(term, (Factorial, Binomial)):
            return self.count(term, at)
        if isinstance(term, sign):
            inner = self.value(term.args[0], at)
            return (inner > 0) - (inner < 0)
        raise Unevaluable(f"{term} has no exact rational value that we can compute")

    def count(self, term: Expr, at: dict[Symbol, Number]) -> Number:
        whole = [Fraction(self.value(part, at)) for part in term.args]
        if any(w.denominator != 1 for w in whole) or (isinstance(term, Factorial) and whole[0] < 0):
            raise Undefined(f"{term} speaks of {', '.join(map(str, whole))}")
        if max(abs(w) for w in whole) > _LARGEST_COUNT:
            raise Unevaluable(f"{term} is too large to be worked out")
        if isinstance(term, Factorial):
            return factorial(int(whole[0]))
        n, k = map(int, whole)
        if n < 0 <= k:
            return (-1) ** k * comb(k - n - 1, k)
        return comb(n, k) if k >= 0 else 0

    def power(self, term: Pow, at: dict[Symbol, Number]) -> Number:
        base, exponent = self.value(term.base, at), self.value(term.exp, at)
        if Fraction(exponent).denominator != 1:
            raise Unevaluable(f"{term} is a root")
        whole = int(exponent)
        if base == 0 and whole < 0:
            raise Undefined(f"{term} is 0 to a negative power")
        if base not in (0, 1, -1):
            fraction = Fraction(base)
            size = max(abs(fraction.numerator).bit_length(), fraction.denominator.bit_length())
            if abs(whole) * size > _LARGEST_POWER:
                raise Unevaluable(f"{term} is too large to be worked out")
        return Fraction(base) ** whole if whole < 0 else base**whole

    def sum_of(self, term: IndexSum, at: dict[Symbol, Number]) -> Number:
        low, high = (self.limit(end, at) for end in (term.low, term.high))
        if low == -inf or high == inf:
            least, most = self.reach(term.body, term.index, at)
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

    def limit(self, end: Expr, at: dict[Symbol, Number]) -> float | int:
        if end.is_infinite:
            return inf if end is oo else -inf
        value = Fraction(self.value(end, at))
        if value.denominator != 1:
            raise Undefined(f"the limit {end} of a sum is {value}, not an integer")
        return int(value)

    def entry(self, term: Entry, at: dict[Symbol, Number]) -> Number:
        indices = []
        for index in term.indices:
            value = Fraction(self.value(index, at))
            if value.denominator != 1:
                raise Undefined(f"the index {index} of {term} is {value}, not an integer")
            indices.append(int(value))
        axes = [(self.limit(low, at), self.limit(high, at)) for low, high in term.array.axes]
        for axis, ((low, high), index) in enumerate(zip(axes, indices, strict=True)):
            if low <= index <= high:
                continue
            if term.array.outside == "zero":
                return 0
            if term.array.outside == "wraps" and low > -inf and high < inf and high >= low:
                indices[axis] = int(low + (index - low) % (high - low + 1))
                continue
            raise Undefined(f"index {index} is outside {term.array.name}'s range {low}..{high}")
        definition = self.context.definition_of(term.array)
        if definition is not None:
            key = (term.array, *indices)
            if key not in self.entries:
                inside = {**self.point, **dict(zip(definition.parameters, indices, strict=True))}
                self.depth += 1
                if self.depth > _DEEPEST:
                    raise Unevaluable(f"the recursion for {term.array.name} is more than {_DEEPEST} deep here")
                self.entries[key] = self.value(definition.body, inside)
                self.depth -= 1
            return self.entries[key]
        if term.array not in self.arrays:
            raise Unevaluable(f"the array {term.array.name} has no values")
        return self.arrays[term.array](*indices)

    def truth(self, condition: Condition, at: dict[Symbol, Number]) -> bool:
        if isinstance(condition, Compare):
            left, right = self.value(condition.left, at), self.value(condition.right, at)
            return {
                "=": left == right,
                "!=": left != right,
                "<": left < right,
                "<=": left <= right,
                ">": left > right,
                ">=": left >= right,
            }[condition.op]
        if isinstance(condition, AllOf):
            return all(self.truth(c, at) for c in condition.args)
        if isinstance(condition, AnyOf):
            return any(self.truth(c, at) for c in condition.args)
        if isinstance(condition, Negation):
            return not self.truth(condition.args[0], at)
        raise Unevaluable(f"{condition} cannot be decided at a point")

    def reach(self, term: Basic, index: Symbol, at: dict[Symbol, Number]) -> tuple[float, float]:
        """Ends between which the index must lie for the term to differ from 0."""
        if term == 0:
            return (inf, -inf)
        if isinstance(term, Mul):
            return _meet([self.reach(a, index, at) for a in term.args])
        if isinstance(term, Add):
            return _join([self.reach(a, index, at) for a in term.args])
        if isinstance(term, Cases):
            return _join([_meet([self.window(c, index, at), self.reach(v, index, at)]) for v, c in term.clauses])
        if isinstance(term, Entry):
            ends = [(-inf, inf)]
            if term.array.outside == "zero":
                ends.append(self.window(term.in_range, index, at))
            samples = self.arrays.get(term.array)
            if isinstance(samples, Samples):
                for axis, place in enumerate(term.indices):
                    least, most = samples.ends(axis)
                    if least > most:
                        return (inf, -inf)
                    if index in place.free_symbols:
                        inside = AllOf(Compare("<=", int(least), place), Compare("<=", place, int(most)))
                        ends.append(self.window(inside, index, at))
            definition = self.context.definition_of(term.array)
            if definition is not None and not definition.is_recursive and term.array.outside != "wraps":
                ends.append(self.reach(definition.at(term.indices), index, at))
            return _meet(ends)
        return (-inf, inf)

    def window(self, condition: Condition, index: Symbol, at: dict[Symbol, Number]) -> tuple[float, float]:
        """Ends between which the index must lie for the condition to hold."""
        if isinstance(condition, AllOf):
            return _meet([self.window(c, index, at) for c in condition.args])
        if isinstance(condition, AnyOf):
            return _join([self.window(c, index, at) for c in condition.args])
        if not isinstance(condition, Compare) or condition.op == "!=":
            return (-inf, inf)
        difference = expanded(condition.left - condition.right)
        slope = difference.coeff(index)
        rest = expanded(difference - slope * index)
        if slope == 0 or index in rest.free_symbols or index in slope.free_symbols:
            return (-inf, inf)
        weight = Fraction(self.value(slope, at))
        if weight == 0:
            return (-inf, inf)
        edge = -Fraction(self.value(rest, at)) / weight
        if condition.op == "=":
            return (int(edge), int(edge)) if edge.denominator == 1 else (inf, -inf)
        strict = condition.op in ("<", ">")
        if (condition.op in (">", ">=")) == (weight > 0):
            return (floor(edge) + 1 if strict else ceil(edge), inf)
        return (-inf, ceil(edge) - 1 if strict else floor(edge))


def _meet(ends: list[tuple[float, float]]) -> tuple[float, float]:
    return (max((low for low, _ in ends), default=-inf), min((high for _, high in ends), default=inf))


def _join(ends: list[tuple[float, float]]) -> tuple[float, float]:
    live = [(low, high) for low, high in ends if low <= high]
    return (min(low for low, _ in live), max(high for _, high in live)) if live else (inf, -inf)
