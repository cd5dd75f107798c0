"""The values of a program: arrays with definitions, in the order in which they are worked out."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer, Symbol

from derive.language import Array, Context, Definition, Entry, integer
from derive.language.programs import Program

Sizes = tuple[Expr, ...]


@dataclass(frozen=True)
class Value:
    """A value that the program works out, or gets.

    Attributes:
        name, version: `w` and 1 for `w'`; a value without a name of its own is called `result` or `logged`.
        array: What its entries are entries of; None for a parameter that is a number.
        symbol: Such a parameter.
        definition: What its entries are; None for parameters.
        whole: The value in whole-array notation, if it has one.
        line: Of the program, where it is worked out; 0 for parameters.
        uses: The values that it is worked out from, by their keys.
        copy: Whether it is another name for a value, and nothing is worked out.
    """

    name: str
    version: int
    sizes: Sizes
    array: Array | None
    symbol: Symbol | None
    definition: Definition | None
    whole: Array | None
    line: int
    uses: tuple[str, ...] = ()
    copy: bool = False

    @property
    def key(self) -> str:
        """Its name with primes."""
        return self.name + "'" * self.version

    def at(self, *indices: Expr) -> Expr:
        """One of its numbers."""
        if self.array is not None:
            return Entry(self.array, *indices)
        assert self.symbol is not None
        return self.symbol


@dataclass(frozen=True)
class Event:
    """A statement that is no assignment: what is logged, thrown away or returned, and the values that held then."""

    kind: str
    line: int
    values: tuple[Value, ...]
    current: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Meaning:
    """A program as terms.

    Attributes:
        context: Sizes, parameters, and a definition for each value.
        values: All values in their order, parameters first.
        events: What is logged, thrown away and returned.
    """

    program: Program
    context: Context
    values: tuple[Value, ...]
    events: tuple[Event, ...]

    @property
    def results(self) -> tuple[Value, ...]:
        """What is returned."""
        return next((e.values for e in self.events if e.kind == "return"), ())

    def value(self, key: str) -> Value:
        """The value of that name with its primes."""
        return next(v for v in self.values if v.key == key)


def size(given: str | int) -> Expr:
    """A size as a term."""
    return Integer(given) if isinstance(given, int) else integer(given)


def axes(sizes: Sizes) -> tuple[tuple[Expr, Expr], ...]:
    """Indices from 1."""
    return tuple((Integer(1), s) for s in sizes)


def shown(sizes: Sizes) -> str:
    """`(n, m)`"""
    return "()" if not sizes else f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"
