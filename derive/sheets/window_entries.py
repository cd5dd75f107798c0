"""What a window reads: places, with the weights that lie on them, and grids of the entries.

Which entries a window reads, and with which weights, is read off the definition of the output that the claim was
derived from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Basic, Integer, Rational, Symbol

from derive.errors import BadInput, Unevaluable
from derive.language import Array, Definition, Entry, IndexSum, Largest, substitute
from derive.language.numbers import as_rational
from derive.language.points import evaluate
from derive.language.reach import Samples
from derive.render.document import Words
from derive.render.drawings import CellGrid
from derive.render.text import plain
from derive.sheets.answers import Checked

MOST_SIDE = 16
"""Rows and columns of a grid."""
MOST_READ = 4096
Place = tuple[int, ...]


@dataclass(frozen=True)
class Given:
    """A checked claim at numbers: what figures of its windows need.

    Attributes:
        output: The definition of what a window makes, at the sizes.
        numbers: The numbers of the arrays that are given.
    """

    checked: Checked
    output: Definition
    numbers: Mapping[Array, Samples]

    def value(self, array: Array, place: Place) -> Fraction:
        """An entry, given or defined."""
        context = self.checked.derivation.context
        try:
            return as_rational(evaluate(Entry(array, *map(Integer, place)), {}, context, self.numbers))
        except Unevaluable as problem:
            raise BadInput(f"the entry of {array.name} at {told(place)} cannot be drawn: {problem}") from None

    def reads(self, array: Array, place: Place) -> list[tuple[Place, tuple[Place, ...]]]:
        """The places of the array that the window of an output reads, each with those of its other factors."""
        body = self.output.at([Integer(n) for n in place])
        found: list[tuple[Place, tuple[Place, ...]]] = []
        ranged = (IndexSum, Largest)
        for levels, term in innermost(body, ranged):
            entries = [e for e in sorted(term.atoms(Entry), key=str) if isinstance(e, Entry)]
            mine = [e for e in entries if e.array == array]
            if len(mine) != 1:
                continue
            others = [e for e in entries if e is not mine[0]]
            for at in _points(levels):
                found.append((_indices(mine[0], at), tuple(_indices(other, at) for other in others)))
                if len(found) > MOST_READ:
                    raise BadInput("the windows are too large for a figure")
        if not found:
            raise BadInput(f"{self.checked.path} has no windows of {array.name} that could be drawn")
        return found


def given(checked: Checked, output: Callable[[Checked], Definition | None]) -> Given:
    """The claim with the definition of the output of its windows.

    Raises:
        BadInput: no arrays are set, or there are no windows.
    """
    if checked.entries is None:
        raise BadInput("a figure of windows needs numbers: set the arrays")
    definition = output(checked)
    if definition is None:
        raise BadInput(f"{checked.path} has no windows that could be drawn")
    named = dict(checked.arrays)
    numbers = {
        array: Samples(named[array.name].at([int(low) for low, _ in array.axes]))
        for array in checked.derivation.context.arrays
        if array.name in named
    }
    return Given(checked, definition, numbers)


def innermost(term: Basic, ranged: Any, levels: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Basic]]:
    """Each body of sums within sums, with the ranges around it."""
    if isinstance(term, ranged):
        yield from innermost(term.body, ranged, (*levels, term))
        return
    inside = [t for t in term.args if t.has(*ranged)] if levels or term.has(*ranged) else []
    for part in inside:
        yield from innermost(part, ranged, levels)
    if levels and not inside:
        yield levels, term


def _points(levels: Sequence[Any]) -> Iterator[dict[Symbol, Integer]]:
    """The values of the indices, in order."""
    if not levels:
        yield {}
        return
    for at in _points(levels[:-1]):
        low, high = (substitute(end, at) for end in (levels[-1].low, levels[-1].high))
        if not (isinstance(low, Integer) and isinstance(high, Integer)):
            raise BadInput("the windows have no ends that are numbers: set the sizes")
        for value in range(int(low), int(high) + 1):
            yield {**at, levels[-1].index: Integer(value)}


def _indices(entry: Entry, at: Mapping[Symbol, Integer]) -> Place:
    found = [substitute(index, at) for index in entry.indices]
    if not all(isinstance(index, Integer) for index in found):
        raise BadInput(f"the place of {plain(entry)} is no number")
    return tuple(int(index) for index in found)


def axes_of(array: Array) -> tuple[tuple[int, int], ...]:
    """The ends of the axes of an array at sizes that are numbers.

    Raises:
        BadInput: it has more than two axes, one without an end, or one that is too long for a figure.
    """
    if len(array.axes) > 2:
        raise BadInput(f"{array.name} has {len(array.axes)} axes; arrays with one or two are drawn")
    ends = []
    for low, high in array.axes:
        if not (isinstance(low, Integer) and isinstance(high, Integer)):
            raise BadInput(f"{array.name} has no first and last entry that are numbers")
        if int(high) - int(low) >= MOST_SIDE:
            raise BadInput(f"{array.name} has more than {MOST_SIDE} rows or columns, too many for a figure")
        ends.append((int(low), int(high)))
    return tuple(ends)


def written(value: Fraction | Rational | Basic) -> str:
    """A number in a cell."""
    if isinstance(value, Fraction):
        return str(value)
    return str(value).replace("...", r"\ldots")


def grid(
    label: Words,
    ends: Sequence[tuple[int, int]],
    text: Callable[[Place], str],
    shades: Mapping[Place, str],
    frames: Sequence[tuple[int, int, int, int]] = (),
    sign: str = "",
) -> CellGrid:
    """Entries of an array with these ends of its axes; a single row where there is one axis."""
    rows, columns = ([(0, 0), *ends] if len(ends) < 2 else list(ends))[-2:] if ends else ((0, 0), (0, 0))
    cut = 2 - len(ends)
    places = [[(r, c)[cut:] for c in range(columns[0], columns[1] + 1)] for r in range(rows[0], rows[1] + 1)]
    shaded = tuple(
        ((r, c), shades[place]) for r, row in enumerate(places) for c, place in enumerate(row) if shades.get(place)
    )
    return CellGrid(label, tuple(tuple(map(text, row)) for row in places), shaded, tuple(frames), sign)


def told(place: Place) -> str:
    """`1, 2`"""
    return ", ".join(map(str, place))


def within(place: Place, ends: Sequence[tuple[int, int]]) -> bool:
    """Whether the place is one of the array."""
    return all(low <= n <= high for n, (low, high) in zip(place, ends, strict=True))


def all_places(ends: Sequence[tuple[int, int]]) -> list[Place]:
    """All places between these ends.

    Example:
        >>> all_places([(1, 1), (0, 1)])
        [(1, 0), (1, 1)]
    """
    places: list[Place] = [()]
    for low, high in ends:
        places = [(*p, n) for p in places for n in range(low, high + 1)]
    return places


def frame_of(places: Sequence[Place], outer: Sequence[tuple[int, int]]) -> tuple[int, int, int, int]:
    """The rectangle around places of a grid with these ends."""
    low = [min(p[n] for p in places) - outer[n][0] for n in range(len(outer))]
    sides = [max(p[n] for p in places) - min(p[n] for p in places) + 1 for n in range(len(outer))]
    return (low[0], low[1], sides[0], sides[1]) if len(outer) == 2 else (0, low[0], 1, sides[0])


def shape_of(steps: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Rows and columns."""
    sides = [high - low + 1 for low, high in steps]
    return (sides[0], sides[1]) if len(sides) == 2 else (1, sides[0])
