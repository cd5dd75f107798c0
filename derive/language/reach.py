"""How far an infinite sum goes at a point: the indices at which its terms may differ from 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf
from typing import Any, Protocol

from sympy import Add, Basic, Integer, Mul, Pow, Symbol

from derive.language import AllOf, AnyOf, Array, Cases, Compare, Condition, Definition, Entry, Indicator
from derive.language.balls import enclosed
from derive.language.exponential import inverse
from derive.language.numbers import Exact, Number, as_whole, moved
from derive.language.terms import expanded

Ends = tuple[float, float]
_ANYWHERE = (-inf, inf)
_NOWHERE = (inf, -inf)
_ZERO = Fraction(0)


@dataclass(frozen=True)
class Samples:
    """Entries of an array at a point: the listed ones, and 0 everywhere else."""

    values: Mapping[tuple[int, ...], Any]

    def __call__(self, *indices: int) -> Any:
        return self.values.get(indices, _ZERO)

    def positive(self) -> Samples:
        """The same entries without their signs, and 1 for 0: what many hypotheses ask for."""
        return Samples({place: abs(value) or Fraction(1) for place, value in self.values.items()})

    def enclosed(self) -> Samples:
        """The same entries as balls."""
        return Samples({place: enclosed(value) for place, value in self.values.items()})

    def ends(self, axis: int) -> Ends:
        """Least and greatest index on the axis with an entry listed."""
        found = [key[axis] for key in self.values]
        return (min(found), max(found)) if found else _NOWHERE


def with_entry(array: Callable[..., Number], place: tuple[int, ...], value: Number) -> Callable[..., Number]:
    """The array with another value at one place."""
    if isinstance(array, Samples):
        return Samples({**array.values, place: value})
    return moved(array, place, value)


class Evaluator(Protocol):
    """What knows values at the point."""

    arrays: Mapping[Array, Callable[..., Exact]]

    def value(self, term: Any, at: dict[Symbol, Number]) -> Number: ...
    def definition_of(self, array: Array) -> Definition | None: ...


def reach(evaluator: Evaluator, term: Basic, index: Symbol, at: dict[Symbol, Number]) -> Ends:
    """Ends between which the index must lie for the term to differ from 0."""
    if term == 0:
        return _NOWHERE
    if isinstance(term, Mul):
        return _meet([reach(evaluator, a, index, at) for a in term.args])
    if isinstance(term, Add):
        return _join([reach(evaluator, a, index, at) for a in term.args])
    if isinstance(term, Pow) and isinstance(term.exp, Integer) and term.exp > 0:
        return reach(evaluator, term.base, index, at)
    if isinstance(term, Indicator):
        return window(evaluator, term.condition, index, at)
    if isinstance(term, Cases):
        clauses = [(window(evaluator, c, index, at), reach(evaluator, v, index, at)) for v, c in term.clauses]
        return _join([_meet(list(both)) for both in clauses])
    if isinstance(term, Entry):
        ends = [_ANYWHERE]
        if term.array.outside == "zero":
            ends.append(window(evaluator, term.in_range, index, at))
        samples = evaluator.arrays.get(term.array)
        if isinstance(samples, Samples):
            for axis, place in enumerate(term.indices):
                least, most = samples.ends(axis)
                if least > most:
                    return _NOWHERE
                if index in place.free_symbols:
                    inside = AllOf(Compare("<=", int(least), place), Compare("<=", place, int(most)))
                    ends.append(window(evaluator, inside, index, at))
        definition = evaluator.definition_of(term.array)
        if definition is not None and not definition.is_recursive and term.array.outside != "wraps":
            ends.append(reach(evaluator, definition.at(term.indices), index, at))
        return _meet(ends)
    return _ANYWHERE


def window(evaluator: Evaluator, condition: Condition, index: Symbol, at: dict[Symbol, Number]) -> Ends:
    """Ends between which the index must lie for the condition to hold."""
    if isinstance(condition, AllOf):
        return _meet([window(evaluator, c, index, at) for c in condition.args])
    if isinstance(condition, AnyOf):
        return _join([window(evaluator, c, index, at) for c in condition.args])
    if not isinstance(condition, Compare) or condition.op == "!=":
        return _ANYWHERE
    difference = expanded(condition.left - condition.right)
    slope = difference.coeff(index)
    rest = expanded(difference - slope * index)
    if slope == 0 or index in rest.free_symbols or index in slope.free_symbols:
        return _ANYWHERE
    weight = evaluator.value(slope, at)
    if weight == 0:
        return _ANYWHERE
    edge = -evaluator.value(rest, at) * inverse(weight)
    if condition.op == "=":
        whole = as_whole(edge)
        return _NOWHERE if whole is None else (whole, whole)
    strict = condition.op in ("<", ">")
    if (condition.op in (">", ">=")) == (weight > 0):
        return (floor(edge) + 1 if strict else ceil(edge), inf)
    return (-inf, ceil(edge) - 1 if strict else floor(edge))


def _meet(ends: list[Ends]) -> Ends:
    return (max((low for low, _ in ends), default=-inf), min((high for _, high in ends), default=inf))


def _join(ends: list[Ends]) -> Ends:
    live = [(low, high) for low, high in ends if low <= high]
    return (min(low for low, _ in live), max(high for _, high in live)) if live else _NOWHERE
