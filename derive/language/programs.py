"""Short straight-line programs over arrays, as data: parameters with shapes, statements, expressions.

A program is read from text in `derive.claims.programs.source` and never executed by Python. Every node says where it
stands in the text, lines and columns from 1, so that a sentence about it can point there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

Shape: TypeAlias = tuple[str | int, ...]
"""A size for each axis: the name of a size, or a number. A number has no axes."""


@dataclass(frozen=True)
class Place:
    """A line and a column of the text, from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Number:
    """A number as its digits say it: 0.1 is one tenth."""

    value: Fraction
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Variable:
    """The value that a name has at this place."""

    name: str
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Operation:
    """An operation of the language on values: `+ - * / @ ** neg T` or one of the known functions."""

    name: str
    arguments: tuple[Expression, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Call:
    """A declared map, or the Jacobian of one (`derivative`), of a vector."""

    function: str
    derivative: bool
    argument: Expression
    place: Place = field(compare=False)


Expression: TypeAlias = Number | Variable | Operation | Call


@dataclass(frozen=True)
class Statement:
    """One line of the program.

    Attributes:
        kind: 'assign', 'log' (values are recorded), 'drop' (a value is worked out and thrown away) or 'return'.
        targets: The names that are assigned to, one for each value.
        values: What is worked out.
        in_place: Whether an array is changed and not replaced (`w -= ...`).
        text: The line as it was written, its first line where there are several.
    """

    kind: str
    targets: tuple[str, ...]
    values: tuple[Expression, ...]
    in_place: bool
    place: Place = field(compare=False)
    text: str = field(default="", compare=False)


@dataclass(frozen=True)
class Parameter:
    """A parameter with its shape."""

    name: str
    shape: Shape


@dataclass(frozen=True)
class Function:
    """A smooth map of so many numbers to so many, of which nothing else is known."""

    name: str
    takes: str | int
    gives: str | int


@dataclass(frozen=True)
class Program:
    """A function definition without branches and loops.

    Attributes:
        lines: The text, line by line.
    """

    name: str
    parameters: tuple[Parameter, ...]
    functions: tuple[Function, ...]
    statements: tuple[Statement, ...]
    lines: tuple[str, ...] = field(default=(), compare=False)

    @property
    def sizes(self) -> tuple[str, ...]:
        """The names of sizes, in the order in which they first occur."""
        found: dict[str, None] = {}
        for parameter in self.parameters:
            found.update(dict.fromkeys(s for s in parameter.shape if isinstance(s, str)))
        for function in self.functions:
            found.update(dict.fromkeys(s for s in (function.takes, function.gives) if isinstance(s, str)))
        return tuple(found)


def inside(expression: Expression) -> tuple[Expression, ...]:
    """The expressions that an expression is made of."""
    if isinstance(expression, Operation):
        return expression.arguments
    return (expression.argument,) if isinstance(expression, Call) else ()


def variables(*expressions: Expression) -> tuple[str, ...]:
    """The names that the expressions use, each once, in their order.

    Example:
        >>> at = Place(1, 1)
        >>> variables(Operation("+", (Variable("x", at), Variable("x", at)), at))
        ('x',)
    """
    found: dict[str, None] = {}
    for expression in expressions:
        if isinstance(expression, Variable):
            found[expression.name] = None
        found.update(dict.fromkeys(variables(*inside(expression))))
    return tuple(found)
