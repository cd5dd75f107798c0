"""Terms evaluated from the meaning of their heads, without the evaluator of the package; None where undefined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import comb, factorial
from typing import Any

from sympy import Add, Max, Min, Mul, Pow, Rational, Symbol

from derive.language import AllOf, AnyOf, Array, Cases, Compare, Context, Entry, IndexSum, substitute
from derive.language.counting import Binomial, Factorial

FAR = 14
"""An infinite sum is cut here: the arrays that are given have entries near 0 alone."""

Arrays = Mapping[Array, Callable[[int], Fraction]]


class NoValue(Exception):
    """There is none."""


def value(term: Any, at: Mapping[Symbol, Fraction], context: Context, arrays: Arrays) -> Fraction:
    """The value of a term; raises NoValue or ZeroDivisionError where it has none."""

    def of(part: Any) -> Fraction:
        return value(part, at, context, arrays)

    if isinstance(term, Symbol):
        return Fraction(at[term])
    if isinstance(term, Rational):
        return Fraction(int(term.p), int(term.q))
    if isinstance(term, Add):
        return sum(map(of, term.args), Fraction(0))
    if isinstance(term, Mul):
        product = Fraction(1)
        for part in term.args:
            product *= of(part)
        return product
    if isinstance(term, Pow):
        return of(term.base) ** int(of(term.exp))
    if isinstance(term, (Min, Max)):
        return (min if isinstance(term, Min) else max)(map(of, term.args))
    if isinstance(term, Factorial):
        return Fraction(factorial(int(of(term.args[0]))))
    if isinstance(term, Binomial):
        upper, lower = (int(of(part)) for part in term.args)
        if upper < 0:
            raise AssertionError("no slip needs that")
        return Fraction(comb(upper, lower) if lower >= 0 else 0)
    if isinstance(term, Cases):
        for part, condition in term.clauses:
            if truth(condition, at, context, arrays):
                return of(part)
        raise NoValue
    if isinstance(term, IndexSum):
        low, high = (end if end.is_infinite else int(of(end)) for end in (term.low, term.high))
        total = Fraction(0)
        for index in range(max(low, -FAR), min(high, FAR) + 1):
            total += value(term.body, {**at, term.index: Fraction(index)}, context, arrays)
        return total
    assert isinstance(term, Entry) and term.array.outside == "zero"
    index = int(of(term.indices[0]))
    low, high = term.array.axes[0]
    if not (low.is_infinite or of(low) <= index) or not (high.is_infinite or index <= of(high)):
        return Fraction(0)
    if term.array in arrays:
        return arrays[term.array](index)
    definition = context.definition_of(term.array)
    assert definition is not None
    return of(substitute(definition.body, {definition.parameters[0]: Rational(index)}))


def truth(condition: Any, at: Mapping[Symbol, Fraction], context: Context, arrays: Arrays) -> bool:
    """Whether the condition holds."""
    if isinstance(condition, AllOf):
        return all(truth(part, at, context, arrays) for part in condition.args)
    if isinstance(condition, AnyOf):
        return any(truth(part, at, context, arrays) for part in condition.args)
    assert isinstance(condition, Compare)
    left, right = (value(side, at, context, arrays) for side in (condition.left, condition.right))
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[condition.op]
