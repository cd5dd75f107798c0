"""Recursions as tables that are filled upwards: the form in which loops can follow a definition that uses itself."""

from __future__ import annotations

from typing import Any

from sympy import Dummy, Expr, Integer, Mod, Symbol, floor, oo

from derive.language import Array, Definition, Entry, subterms


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
    """A recursion that is being written out: its definition, the table that stands for it, and the running index.

    The table has a place for each value of the first index and of those others that differ where the array is used in
    its own definition, the first index slowest: what an entry needs is then filled in before it. The other indices are
    those of the entry that is asked for.
    """

    def __init__(self, definition: Definition, asked: tuple[Expr, ...]) -> None:
        self.array, self.running = definition.array, _running(definition)
        self.parameter, self.column = Dummy("index", integer=True), Dummy("column", integer=True)
        self.table = Array(self.array.name, ((0, oo), (-oo, oo)), "error")
        self.low: Expr = self.array.axes[0][0] if len(self.running) == 1 else Integer(0)
        self.high = self.low + self._place(asked)
        places = list(asked)
        rest: Expr = self.parameter
        for axis in reversed(self.running[1:]):
            size = self._size(axis)
            places[axis] = self.array.axes[axis][0] + Mod(rest, size, evaluate=False)
            rest = floor(rest / size, evaluate=False)
        places[0] = rest if len(self.running) == 1 else self.array.axes[0][0] + rest
        self.places = tuple(places)

    def entry(self, indices: tuple[Expr, ...]) -> Entry:
        """What was filled in for the indices."""
        return Entry(self.table, self._place(indices), self.column)

    def _size(self, axis: int) -> Expr:
        low, high = self.array.axes[axis]
        return high - low + 1

    def _place(self, indices: tuple[Expr, ...]) -> Expr:
        place: Expr = Integer(0)
        for axis in self.running:
            place = (place * self._size(axis) if axis else place) + indices[axis] - self.array.axes[axis][0]
        return place


def _running(definition: Definition) -> tuple[int, ...]:
    """The axes on which an entry needs entries with another index; the first is one of them."""
    array = definition.array
    uses = [t for t in subterms(definition.body) if isinstance(t, Entry) and t.array == array]
    others = range(1, len(array.axes))
    return (0, *(a for a in others if any(u.indices[a] != definition.parameters[a] for u in uses)))


def can_be_filled(definition: Definition) -> bool:
    """Whether the first index has a least value, and the others that run have finitely many.

    Example:
        >>> from derive.language import integer, signal
        >>> n = integer("n")
        >>> [can_be_filled(Definition(y, (n,), y[n - 1])) for y in (signal("y", 0), signal("y"))]
        [True, False]
    """
    axes = definition.array.axes
    if not axes or definition.array.outside == "wraps" or axes[0][0].is_infinite:
        return False
    return not any(end.is_infinite for axis in _running(definition)[1:] for end in axes[axis])
