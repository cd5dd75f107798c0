"""Conditions that stay as they were written.

SymPy decides relations as it builds them (`Le(1, n + 1)` is already true for a positive `n`), so a line could never
say which condition it used. These heads do nothing by themselves: two sides and a relation, conjunction,
disjunction, negation. Deciding is the work of `Context`.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Float, nan, oo, sympify, zoo
from sympy.core.symbol import Str

from derive.errors import IllFormed

OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_NO_NUMBERS = frozenset((oo, -oo, zoo, nan))
MIRROR = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def as_expr(value: Any) -> Expr:
    """A number or SymPy expression as an expression; text and floats are refused.

    Raises:
        IllFormed: the value is text, a float, or not an expression.
    """
    if isinstance(value, Float):
        raise IllFormed(f"{value} is not exact")
    if isinstance(value, Expr):
        return value
    if isinstance(value, (str, float, bool)):
        raise IllFormed(f"{value!r} is not an exact number or expression")
    found = sympify(value, strict=True)
    if not isinstance(found, Expr):
        raise IllFormed(f"{value!r} is not an expression")
    return found


class Condition(Basic):
    """Base of all conditions."""

    def __bool__(self) -> bool:
        raise IllFormed(f"the condition {self} is neither true nor false by itself: ask a Context")


class Compare(Condition):
    """`left op right` with op one of = != < <= > >=, never evaluated."""

    def __new__(cls, op: str | Str, left: Any, right: Any) -> Compare:
        sign = op if isinstance(op, Str) else Str(op)
        if sign.name not in OPPOSITE:
            raise IllFormed(f"{sign.name!r} is not a relation")
        sides = as_expr(left), as_expr(right)
        if sides[0] in _NO_NUMBERS or sides[1] in _NO_NUMBERS:
            raise IllFormed(f"{sides[0]} {sign.name} {sides[1]} does not compare numbers")
        made: Compare = Basic.__new__(cls, sign, *sides)
        return made

    def _sympystr(self, printer: Any) -> str:
        return f"{printer.doprint(self.left)} {self.op} {printer.doprint(self.right)}"

    @property
    def op(self) -> str:
        """The relation sign."""
        return str(self.args[0].name)

    @property
    def left(self) -> Expr:
        """The left side."""
        return self.args[1]

    @property
    def right(self) -> Expr:
        """The right side."""
        return self.args[2]


class AllOf(Condition):
    """Conjunction; of nothing it is true."""

    def _sympystr(self, printer: Any) -> str:
        return " and ".join(_inside(printer, c) for c in self.args) or "true"


class AnyOf(Condition):
    """Disjunction; of nothing it is false."""

    def _sympystr(self, printer: Any) -> str:
        return " or ".join(_inside(printer, c) for c in self.args) or "false"


class Negation(Condition):
    """Not."""

    def _sympystr(self, printer: Any) -> str:
        return f"not ({printer.doprint(self.args[0])})"


def _inside(printer: Any, condition: Condition) -> str:
    text = str(printer.doprint(condition))
    return text if isinstance(condition, Compare) else f"({text})"


TRUE = AllOf()
FALSE = AnyOf()


def eq(left: Any, right: Any) -> Compare:
    """left = right"""
    return Compare("=", left, right)


def ne(left: Any, right: Any) -> Compare:
    """left != right"""
    return Compare("!=", left, right)


def lt(left: Any, right: Any) -> Compare:
    """left < right"""
    return Compare("<", left, right)


def le(left: Any, right: Any) -> Compare:
    """left <= right"""
    return Compare("<=", left, right)


def gt(left: Any, right: Any) -> Compare:
    """left > right"""
    return Compare(">", left, right)


def ge(left: Any, right: Any) -> Compare:
    """left >= right"""
    return Compare(">=", left, right)


def all_of(*parts: Condition) -> Condition:
    """Conjunction, flattened, repetitions dropped; one part stands for itself.

    Example:
        >>> all_of() == TRUE
        True
    """
    flat: dict[Condition, None] = {}
    for part in parts:
        for piece in part.args if isinstance(part, AllOf) else (part,):
            if piece == FALSE:
                return FALSE
            flat[piece] = None
    return next(iter(flat)) if len(flat) == 1 else AllOf(*flat)


def any_of(*parts: Condition) -> Condition:
    """Disjunction, flattened, repetitions dropped; one part stands for itself."""
    flat: dict[Condition, None] = {}
    for part in parts:
        for piece in part.args if isinstance(part, AnyOf) else (part,):
            if piece == TRUE:
                return TRUE
            flat[piece] = None
    return next(iter(flat)) if len(flat) == 1 else AnyOf(*flat)


def negate(condition: Condition) -> Condition:
    """The opposite, with negation pushed down to the comparisons.

    Example:
        >>> from derive.language.symbols import integer
        >>> negate(le(integer("n"), 0)) == gt(integer("n"), 0)
        True
    """
    if isinstance(condition, Compare):
        return Compare(OPPOSITE[condition.op], condition.left, condition.right)
    if isinstance(condition, AllOf):
        return any_of(*(negate(c) for c in condition.args))
    if isinstance(condition, AnyOf):
        return all_of(*(negate(c) for c in condition.args))
    if isinstance(condition, Negation):
        return condition.args[0]
    if isinstance(condition, Condition):
        return Negation(condition)
    raise IllFormed(f"{condition} is not a condition")


def implies(premise: Condition, conclusion: Condition) -> Condition:
    """If premise then conclusion."""
    return any_of(negate(premise), conclusion)


def between(low: Any, middle: Any, high: Any) -> Condition:
    """low <= middle <= high, an infinite end left out.

    Example:
        >>> from sympy import oo
        >>> from derive.language.symbols import integer
        >>> between(0, integer("n"), oo) == le(0, integer("n"))
        True
    """
    low, middle, high = as_expr(low), as_expr(middle), as_expr(high)
    parts = []
    if not low.is_infinite:
        parts.append(le(low, middle))
    if not high.is_infinite:
        parts.append(le(middle, high))
    return all_of(*parts)


def is_false_for_numbers(condition: Condition) -> bool:
    """Whether the condition fails by arithmetic alone: a comparison of two numbers, or a conjunction with one.

    Example:
        >>> is_false_for_numbers(ne(1, 1)), is_false_for_numbers(eq(1, 1))
        (True, False)
    """
    if isinstance(condition, AllOf):
        return any(is_false_for_numbers(c) for c in condition.args)
    if isinstance(condition, AnyOf):
        return all(is_false_for_numbers(c) for c in condition.args)
    if not isinstance(condition, Compare):
        return False
    difference = condition.left - condition.right
    if not difference.is_Rational:
        return False
    return not {
        "=": difference == 0,
        "!=": difference != 0,
        "<": difference < 0,
        "<=": difference <= 0,
        ">": difference > 0,
        ">=": difference >= 0,
    }[condition.op]


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conjuncts of a condition."""
    return tuple(condition.args) if isinstance(condition, AllOf) else (condition,)
