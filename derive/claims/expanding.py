"""Equations at small sizes: both sides written out as polynomials in the entries, and compared by the zero test."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice, product
from typing import Any

from sympy import Abs, Add, Expr, Integer, Max, Min, Mod, Mul, Pow, Rational, Symbol, ceiling, floor

from derive.claims.clock import now
from derive.claims.normalising import STUMBLES
from derive.claims.statements import Statement
from derive.errors import DeriveError, Unevaluable
from derive.language import (
    Cases,
    Condition,
    Context,
    Entry,
    IndexProduct,
    IndexSum,
    Indicator,
    rebuild,
    substitute,
)
from derive.language.forms import Form
from derive.language.points import evaluate, holds
from derive.language.zero import same

LARGEST, MOST_POINTS, MOST_TERMS = 3, 40, 4_000


def exact_sizes(statement: Statement, until: float) -> tuple[str, ...]:
    """The sizes at which both sides are the same polynomial in the entries; nothing if that fails at one of them.

    Hypotheses about entries are not used, so those that the equation needs are a reason to say nothing.
    """
    context, left, right = statement.context, statement.left, statement.right
    free = [a for a in context.arrays if a not in context.random]
    if statement.relation != "=" or not free or context.random:
        return ()
    assert isinstance(left, Expr) and isinstance(right, Expr)
    integers = [s for s in context.symbols if s.is_integer]
    told = []
    for values in islice(product(range(LARGEST + 1), repeat=len(integers)), 4**5):
        point = dict(zip(integers, map(Integer, values), strict=True))
        if not _allowed(context, point):
            continue
        if now() > until:
            return ()
        try:
            writer = _Writer(context, point)
            if not same(writer.written(left), writer.written(right)):
                return ()
        except (DeriveError, *STUMBLES):
            return ()
        told.append(", ".join(f"{s} = {v}" for s, v in point.items()))
        if len(told) == MOST_POINTS:
            break
    return tuple(told)


def _allowed(context: Context, point: dict[Symbol, Integer]) -> bool:
    numbers = {s: Fraction(int(v)) for s, v in point.items()}
    try:
        return all(holds(f, numbers) for f in context.facts if f.free_symbols <= point.keys() and not f.has(Entry))
    except Unevaluable:
        return False


class _Writer:
    """Writes terms out at integers; every entry of a free array stays a letter."""

    def __init__(self, context: Context, point: dict[Symbol, Integer]) -> None:
        self.context, self.point, self.left = context, point, MOST_TERMS

    def written(self, term: Expr) -> Expr:
        """The term without sums, cases and definitions.

        Raises:
            Unevaluable: it is too long, or has a head that is not known here.
        """
        return self.of(substitute(term, self.point))

    def of(self, term: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise Unevaluable("it is too long to be written out")
        if isinstance(term, (Symbol, Rational)):
            return term
        if isinstance(term, (IndexSum, IndexProduct)):
            low, high = (self.number(end) for end in (term.low, term.high))
            parts = [self.of(substitute(term.body, {term.index: Integer(k)})) for k in range(low, high + 1)]
            return Add(*parts) if isinstance(term, IndexSum) else Mul(*parts)
        if isinstance(term, Cases):
            for value, condition in term.clauses:
                if self.truth(condition):
                    return self.of(value)
            raise Unevaluable("no case applies")
        if isinstance(term, Indicator):
            return Integer(1 if self.truth(term.condition) else 0)
        if isinstance(term, Entry):
            return self.entry(term)
        if isinstance(term, (Add, Mul, Pow)):
            return rebuild(term, [self.of(part) for part in term.args])
        if isinstance(term, (floor, ceiling, Mod, Min, Max, Abs)):
            return Rational(*evaluate(term, {}).as_integer_ratio())
        raise Unevaluable(f"{term} is not written out")

    def entry(self, term: Entry) -> Expr:
        place = [Integer(self.number(i)) for i in term.indices]
        axes = substitute(term.array, self.point).axes if not isinstance(term.array, Form) else term.array.axes
        for axis, (low, high) in enumerate(axes):
            first = -(10**6) if low.is_infinite else self.number(low)
            last = 10**6 if high.is_infinite else self.number(high)
            if first <= place[axis] <= last:
                continue
            if term.array.outside == "zero":
                return Integer(0)
            if term.array.outside == "wraps":
                place[axis] = Integer(first + (int(place[axis]) - first) % (last - first + 1))
                continue
            raise Unevaluable("an index is out of range")
        found = None if isinstance(term.array, Form) else self._definition(term)
        if isinstance(term.array, Form):
            found = term.array.definition
            if found is None:
                raise Unevaluable("this form has no entries in indices")
        if found is not None:
            return self.written(found.at(place))
        return Entry(substitute(term.array, self.point), *place)

    def _definition(self, term: Entry) -> Any:
        for definition in self.context.definitions:
            if substitute(definition.array, self.point) == substitute(term.array, self.point):
                return definition
        return None

    def number(self, term: Expr) -> int:
        value = evaluate(term, {})
        if not isinstance(value, Fraction) or value.denominator != 1:
            raise Unevaluable(f"{term} is no integer")
        return int(value)

    def truth(self, condition: Condition) -> bool:
        return holds(condition, {})

