"""Arrays: named families of numbers, each with its range on each axis and what it is outside.

Outside its range an array is zero, wraps around, or is an error: formulas of convolutions go wrong exactly here, so it
is said. `Entry(x, n)` is one of the numbers.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Tuple, nan, oo, zoo
from sympy.core.symbol import Str

from derive.errors import IllFormed
from derive.language.conditions import Condition, all_of, as_expr, between
from derive.language.symbols import integer

OUTSIDE = ("zero", "wraps", "error")


class Array(Basic):
    """A named family of numbers: range on each axis, and what it is outside.

    Args (see `array` and `signal` for the usual makers):
        name: Printed name.
        axes: One (low, high) pair an axis, inclusive; ends may be infinite.
        outside: 'zero', 'wraps' (indices modulo the size) or 'error'.
    """

    def __new__(cls, name: str | Str, axes: Any, outside: str | Str) -> Array:
        label = name if isinstance(name, Str) else Str(integer(name).name)
        rule = outside if isinstance(outside, Str) else Str(outside)
        if rule.name not in OUTSIDE:
            raise IllFormed(f"outside its range an array is one of {', '.join(OUTSIDE)}, not {rule.name!r}")
        pairs = Tuple(*(Tuple(as_expr(low), as_expr(high)) for low, high in axes))
        check_ends(tuple(pair.args for pair in pairs.args))
        made: Array = Basic.__new__(cls, label, pairs, rule)
        return made

    def _sympystr(self, printer: Any) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The printed name."""
        return str(self.args[0].name)

    @property
    def axes(self) -> tuple[tuple[Expr, Expr], ...]:
        """(low, high) of each axis."""
        return tuple((a.args[0], a.args[1]) for a in self.args[1].args)

    @property
    def outside(self) -> str:
        """What an entry outside the range is."""
        return str(self.args[2].name)

    def __getitem__(self, indices: Any) -> Entry:
        return Entry(self, *(indices if isinstance(indices, tuple) else (indices,)))

    def in_range(self, *indices: Expr) -> Condition:
        """The condition that the indices lie in the declared range."""
        return all_of(*(between(low, i, high) for (low, high), i in zip(self.axes, indices, strict=True)))


def check_ends(axes: tuple[tuple[Expr, Expr], ...]) -> None:
    """Refuse an axis that begins at infinity or ends at minus infinity.

    Raises:
        IllFormed: with the ends.
    """
    for low, high in axes:
        if low in (oo, zoo, nan) or high in (-oo, zoo, nan):
            raise IllFormed(f"an array does not run from {low} to {high}")


def array(name: str, *axes: tuple[Any, Any], outside: str = "error") -> Array:
    """An array with the given inclusive range on each axis."""
    return Array(name, axes, outside)


def signal(name: str, low: Any = -oo, high: Any = oo) -> Array:
    """A sequence over all integers that is 0 outside low..high.

    Example:
        >>> signal("h", 0)[3]
        h[3]
    """
    return Array(name, ((low, high),), "zero")


class Entry(Expr):
    """One number of an array."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, base: Array, *indices: Any) -> Entry:
        if not isinstance(base, Array):
            raise IllFormed(f"{base!r} is not an array")
        made_indices = [as_expr(i) for i in indices]
        if len(made_indices) != len(base.axes):
            raise IllFormed(f"{base.name} has {len(base.axes)} axes, not {len(made_indices)}")
        made: Entry = Expr.__new__(cls, base, *made_indices)
        return made

    def _sympystr(self, printer: Any) -> str:
        return f"{self.array.name}[{', '.join(printer.doprint(i) for i in self.indices)}]"

    @property
    def array(self) -> Array:
        """The array that this is an entry of."""
        return self.args[0]

    @property
    def indices(self) -> tuple[Expr, ...]:
        """The index on each axis."""
        return tuple(self.args[1:])

    @property
    def in_range(self) -> Condition:
        """The condition that the indices lie in the declared range."""
        return self.array.in_range(*self.indices)
