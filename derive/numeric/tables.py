"""Recursions as tables that are filled upwards: the form in which loops can follow a definition that uses itself."""

from __future__ import annotations

from typing import Any

from sympy import Dummy, Expr, Symbol, oo

from derive.language import Array, Entry


class Filled(Expr):
    """The last number of a table: `body` for each `parameter` from `low` to `high`, in that order.

    In the body an entry of `table` with the indices (place, `column`) is the number that was filled in at that place,
    counted from 0; where none was it is undefined. The column says whose table: each point has its own.
    """

    def __new__(cls, body: Any, parameter: Symbol, low: Any, high: Any, table: Array, column: Symbol) -> Filled:
        made: Filled = Expr.__new__(cls, body, parameter, low, high, table, column)
        return made

    body = property(lambda self: self.args[0])
    parameter = property(lambda self: self.args[1])
    low = property(lambda self: self.args[2])
    high = property(lambda self: self.args[3])
    table = property(lambda self: self.args[4])
    column = property(lambda self: self.args[5])


class Filling:
    """A recursion that is being written out: its array, the table that stands for it, and the running index."""

    def __init__(self, array: Array) -> None:
        self.array = array
        self.parameter, self.column = Dummy("index", integer=True), Dummy("column", integer=True)
        self.table = Array(array.name, ((0, oo), (-oo, oo)), "error")

    @property
    def low(self) -> Expr:
        """The least index."""
        return self.array.axes[0][0]

    def entry(self, index: Expr) -> Entry:
        """What was filled in at an index."""
        return Entry(self.table, index - self.low, self.column)


def can_be_filled(array: Array) -> bool:
    """Whether the array has one axis, a least index, and is 0 before it.

    Example:
        >>> from derive.language import signal
        >>> can_be_filled(signal("y", 0)), can_be_filled(signal("y"))
        (True, False)
    """
    return len(array.axes) == 1 and array.outside == "zero" and not array.axes[0][0].is_infinite
