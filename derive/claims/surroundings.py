r"""What is around as a formula is read: names, ranges, conditions, and what must hold for all to have a value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Symbol

from derive.claims.names import symbol_name
from derive.claims.syntax import Node
from derive.claims.wholes import Whole
from derive.errors import BadInput
from derive.language import TRUE, Condition, fresh, integer, substitute
from derive.language.terms import renamed_apart


class Unread(BadInput):
    """A part of a formula that has no meaning here; it says which part."""

    def __init__(self, node: Node | None, message: str) -> None:
        self.start, self.end = (node.start, node.end) if node is not None else (0, 0)
        self.field: tuple[str, int] | None = None
        super().__init__(message)


class Unsupported(Unread):
    """A part whose meaning is plain and that cannot be decided here."""


@dataclass(frozen=True)
class Function:
    """A function or a family that the author defined: letters, body, whether it is called with brackets or scripts."""

    letters: tuple[str, ...]
    body: Node
    name: str


@dataclass(frozen=True)
class Several:
    """A tuple, or a set written out."""

    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Members:
    """A set: its members are the values for which a condition holds; a range of integers has ends.

    Of a set that is written out the members are `listed`, some perhaps twice.
    """

    member: Callable[[Expr], Condition]
    ends: tuple[Expr, Expr] | None = None
    listed: tuple[Expr, ...] = ()


Value = Any
"""Expr, Whole, Unit, Ones, Condition, Several or Members."""


@dataclass(frozen=True)
class Range:
    """A bound letter and its range."""

    symbol: Symbol
    low: Expr
    high: Expr


@dataclass(frozen=True)
class Need:
    """A condition under which a part has a value, within these ranges and conditions from the outside in."""

    around: tuple[Range | Condition, ...]
    condition: Condition
    said: str


@dataclass(frozen=True)
class Cost:
    """What must hold for a defined name to have a value: of an array at these indices, of a recursion up to there."""

    needs: tuple[Need, ...]
    letters: tuple[Symbol, ...] = ()
    low: Expr | None = None


@dataclass
class Scope:
    """The names that mean something: numbers, arrays, functions, by their keys."""

    names: dict[str, Any] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    ranges: dict[str, tuple[Expr, Expr]] = field(default_factory=dict)
    defined: list[Any] = field(default_factory=list)
    conventions: dict[str, str] = field(default_factory=dict)
    costs: dict[Any, Cost] = field(default_factory=dict)
    conditioned: set[str] = field(default_factory=set)


class Surroundings(ABC):
    """What a reading knows and has noted so far.

    Attributes:
        needs: What must hold for all that was read to have a value.
        asked: Where readings differed, (place, the readings in words); `choices` says which was taken.
        spoken: What the declared names that were read stand for, also where it has cancelled since.
        outside: Keys that were read where their value is not fixed by |_{t=0}; `fixed` are those that are now.
        spans: The ranges of sums and products that were read, for the note about falling limits.
    """

    def __init__(self, scope: Scope, choices: Sequence[int] = ()) -> None:
        self.scope = scope
        self.choices = tuple(choices)
        self.asked: list[tuple[int, tuple[str, ...]]] = []
        self.needs: list[Need] = []
        self.spans: list[tuple[Expr, Expr]] = []
        self.bound: dict[str, Any] = {}
        self.spoken: list[Any] = []
        self.outside: set[str] = set()
        self.fixed: tuple[str, ...] = ()
        self.batches: list[tuple[Any, tuple[Need, ...]]] = []
        self.around: tuple[Range | Condition, ...] = ()
        self.level = 0

    @abstractmethod
    def value(self, node: Node) -> Value:
        """What the node stands for."""

    @abstractmethod
    def condition(self, node: Node) -> Condition:
        """What the node says, as a condition."""

    def choose(self, node: Node, *readings: str) -> int:
        """Which of these readings is taken."""
        for number, (place, said) in enumerate(self.asked):
            if (place, said) == (node.start, readings):
                return self.choices[number] if number < len(self.choices) else 0
        self.asked.append((node.start, readings))
        number = len(self.asked) - 1
        return self.choices[number] if number < len(self.choices) else 0

    def need(self, condition: Condition, said: str) -> None:
        """Note that a part has a value only there."""
        if condition != TRUE:
            self.needs.append(Need(self.around, condition, said))

    @contextmanager
    def binding(self, key: str, value: Any, around: Range | Condition | None = None) -> Iterator[None]:
        """Within, the letter has this value."""
        old, outside = self.bound, self.around
        self.bound = {**old, key: value}
        self.around = outside if around is None else (*outside, around)
        try:
            yield
        finally:
            self.bound, self.around = old, outside

    @contextmanager
    def under(self, condition: Condition) -> Iterator[None]:
        """Within, the condition is known."""
        outside = self.around
        self.around = (*outside, condition)
        try:
            yield
        finally:
            self.around = outside

    def new_symbol(self, key: str, make: Callable[[str], Symbol] = integer) -> Symbol:
        """A symbol for a bound letter, named apart from all others."""
        inside = {s.name for v in self.bound.values() if isinstance(v, Expr) for s in v.free_symbols}
        return make(symbol_name(key, self.scope.taken | inside))

    def known(self, key: str | None) -> bool:
        """Whether the key is bound or declared."""
        return key is not None and (key in self.bound or key in self.scope.names)

    def look_up(self, key: str) -> Value:
        """What a bound or declared name stands for."""
        if key in self.bound:
            return self.bound[key]
        found = self.scope.names[key]
        self.spoken.append(found)
        if key not in self.fixed:
            self.outside.add(key)
        self._paid(key, found)
        if isinstance(found, Expr):  # a name that `let` has given brings indices of its own
            around = {s.name for value in self.bound.values() if isinstance(value, Expr) for s in value.free_symbols}
            return renamed_apart(found, around)
        return found

    def _paid(self, key: str, found: Value) -> None:
        """Note what a defined name needs; of an array all its entries, as long as none is picked."""
        plain = self.scope.costs.get(key)
        if plain is not None:
            self.needs += [self._here(n) for n in plain.needs]
        base = found.base if isinstance(found, Whole) else None
        cost = None if base is None else self.scope.costs.get(base)
        if cost is None or base is None:
            return
        ranges = tuple(Range(s, low, high) for s, (low, high) in zip(cost.letters, base.axes, strict=True))
        made = tuple(self._here(Need((*ranges, *n.around), n.condition, n.said)) for n in cost.needs)
        self.needs += made
        self.batches.append((base, made))

    def picked(self, base: Any, indices: Sequence[Expr]) -> None:
        """An entry of a defined array was meant: only that one needs a value."""
        cost = self.scope.costs.get(base)
        if cost is None:
            return
        for place in reversed(range(len(self.batches))):
            if self.batches[place][0] == base:
                gone = {id(n) for n in self.batches.pop(place)[1]}
                self.needs = [n for n in self.needs if id(n) not in gone]
                break
        if cost.low is not None:
            upto = Range(cost.letters[0], cost.low, indices[0])
            self.needs += [self._here(Need((upto, *n.around), n.condition, n.said), indices) for n in cost.needs]
            return
        at = dict(zip(cost.letters, indices, strict=True))
        self.needs += [self._here(n, indices, at) for n in cost.needs]

    def _here(self, need: Need, spoken: Sequence[Expr] = (), at: Mapping[Symbol, Expr] | None = None) -> Need:
        """The need at these values, under what is around here; its own letters are unlike those that mean something."""
        used = {a.symbol.name for a in self.around if isinstance(a, Range)}
        used |= {s.name for e in spoken for s in e.free_symbols}
        values: dict[Symbol, Expr] = dict(at or {})
        around: list[Range | Condition] = []
        for a in need.around:
            if not isinstance(a, Range):
                around.append(substitute(a, values))
                continue
            low, high = substitute(a.low, values), substitute(a.high, values)
            letter = a.symbol if a.symbol.name not in used else fresh(a.symbol.name, used | self.scope.taken)
            used.add(letter.name)
            values = {**values, a.symbol: letter}
            around.append(Range(letter, low, high))
        return Need((*self.around, *around), substitute(need.condition, values), need.said)
