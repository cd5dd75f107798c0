"""Where a gradient goes in pooling, as a figure: the entries with their windows, and what each of them gets.

A window that takes its largest or least entry sends its gradient there; one that takes the mean sends the same share to
each. What every entry gets is added up from the windows, and must be the gradient that was checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sympy import Rational

from derive.errors import BadInput, OracleDisagrees
from derive.language import Array, Definition, Entry, Largest, Partial
from derive.render.document import Latex, Words
from derive.render.drawings import Box, CellGrid, CellGrids, CellRow, CellRows, Link
from derive.sheets.answers import Checked
from derive.sheets.window_entries import Given, Place, all_places, axes_of, frame_of, given, grid, told, written

MOST_WINDOWS = 16
"""Of which each has a grid of its own."""


@dataclass(frozen=True)
class Routing:
    """What windows do with their gradients.

    Attributes:
        inputs, upstream, result: The entries, the gradients of the windows, those of the entries.
        windows: {window: the entries in it}.
        chosen: {window: the entries that its gradient goes to}.
        largest: Whether one entry of each is chosen by its value.
        checked: The entries whose gradient is known from the claim; what lies in no window may be left out there.
    """

    here: Given
    inputs: Array
    upstream: Array
    result: Array
    windows: Mapping[Place, tuple[Place, ...]]
    chosen: Mapping[Place, tuple[Place, ...]]
    largest: bool
    checked: frozenset[Place] = frozenset()

    def shown(self, place: Place) -> str:
        """What an entry gets, as it is written; nothing where the claim says nothing."""
        return written(self.got(place)) if place in self.checked else ""

    def got(self, place: Place) -> Fraction:
        """What an entry gets from all windows."""
        total = Fraction(0)
        for window, entries in self.chosen.items():
            if place in entries:
                total += self.here.value(self.upstream, window) / len(entries)
        return total


def routing(checked: Checked) -> Routing:
    """The windows of a claim on the gradient of pooling, at numbers.

    Raises:
        BadInput: the claim is none, or no numbers are set.
        OracleDisagrees: what the entries get is not the gradient that was checked.
    """
    parts = _parts(checked)
    here = given(checked, lambda _: None if parts is None else parts[0])
    assert parts is not None and checked.entries is not None
    output, inputs, upstream = parts
    largest = output.body.has(Largest)
    windows: dict[Place, tuple[Place, ...]] = {}
    chosen: dict[Place, tuple[Place, ...]] = {}
    for window in all_places(axes_of(output.array)):
        read = tuple(dict.fromkeys(place for place, _ in here.reads(inputs, window)))
        windows[window] = read
        if largest:
            value = here.value(output.array, window)
            read = tuple(place for place in read if here.value(inputs, place) == value)
            if len(read) != 1:
                raise BadInput(f"the window {told(window)} has {len(read)} entries with its value; one can be drawn")
        chosen[window] = read
    left = checked.derivation.left
    assert isinstance(left, Entry)
    made = Routing(here, inputs, upstream, left.array, windows, chosen, largest)
    places = []
    for at, value in checked.entries.values.items():
        named = dict(zip(checked.entries.indices, at, strict=True))
        place = tuple(int(named.get(index, index)) for index in left.indices)
        if not isinstance(value, Rational) or made.got(place) != Fraction(int(value.p), int(value.q)):
            raise OracleDisagrees(f"the windows give {made.got(place)} to {told(place)}, while its gradient is {value}")
        places.append(place)
    return replace(made, checked=frozenset(places))


def _parts(checked: Checked) -> tuple[Definition, Array, Array] | None:
    """The output, the entries and the gradients of the outputs, from the definition of the gradient."""
    context, left = checked.derivation.context, checked.derivation.left
    if not isinstance(left, Entry):
        return None
    gradient = next((d for d in context.definitions if d.array == left.array), None)
    slopes = [] if gradient is None else sorted(gradient.body.atoms(Partial), key=str)
    if gradient is None or len(slopes) != 1:
        return None
    made, by = slopes[0].args[:2]
    if not (isinstance(made, Entry) and isinstance(by, Entry)):
        return None
    output = next((d for d in context.definitions if d.array == made.array), None)
    others = {e.array for e in gradient.body.atoms(Entry) if e.indices == made.indices} - {made.array, by.array}
    if output is None or len(others) != 1:
        return None
    return output, by.array, others.pop()


def figure(name: str, checked: Checked, caption: Words, hidden: bool) -> CellGrids | CellRows:
    """The figure: grids for an image, rows of cells for a signal.

    Args:
        name: Of the figure.
        checked: A claim on the gradient of pooling with arrays set.
        caption: Words under it, or none.
        hidden: Whether it belongs to the question: the windows are shown, and not where the gradients go.
    """
    made = routing(checked)
    said = caption or _caption(made, hidden)
    if len(made.inputs.axes) == 2:
        return CellGrids(name, _grids(made, hidden), said, _alt(made, hidden))
    rows, links = _rows(made, hidden)
    return CellRows(name, rows, links, said, _alt(made, hidden))


def _value(made: Routing, array: Array, place: Place) -> str:
    return written(made.here.value(array, place))


def _grids(made: Routing, hidden: bool) -> tuple[CellGrid, ...]:
    """The entries with the windows, the gradients, what the entries get; a grid for each window where these overlap."""
    inner, outer = axes_of(made.inputs), axes_of(made.upstream)
    frames = {window: frame_of(places, inner) for window, places in made.windows.items()}
    text = lambda p: _value(made, made.inputs, p)  # noqa: E731
    apart = sum(map(len, made.windows.values())) == len({p for places in made.windows.values() for p in places})
    marked = {} if hidden else {place: "seen" for places in made.chosen.values() for place in places}
    if apart:
        sent = grid((made.upstream,), outer, lambda p: _value(made, made.upstream, p), {}, _each(outer))
        shown = [grid((made.inputs,), inner, text, marked, tuple(frames.values())), sent]
    else:
        shown = []
        for window, places in made.chosen.items():
            here = {} if hidden else dict.fromkeys(places, "chosen" if made.largest else "seen")
            value = Latex(f"={_value(made, made.upstream, window)}")
            shown.append(grid((made.upstream[window], value), inner, text, here, [frames[window]]))
        if len(shown) > MOST_WINDOWS:
            raise BadInput(f"at most {MOST_WINDOWS} windows that overlap are drawn, not {len(shown)}")
    if hidden:
        return tuple(shown)
    got = grid((made.result,), inner, made.shown, marked, tuple(frames.values()) * apart, "to")
    return (*shown, got)


def _each(ends: Sequence[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """A frame around each cell: a cell is a window."""
    return [frame_of([place], ends) for place in all_places(ends)] if len(ends) == 2 else []


def _rows(made: Routing, hidden: bool) -> tuple[tuple[CellRow, ...], tuple[Link, ...]]:
    """The gradients of the windows above the middle of each, the entries, and what these get."""
    places = all_places(axes_of(made.inputs))
    marked = set() if hidden else {place for found in made.chosen.values() for place in found}
    shades = ["seen" if place in marked else "" for place in places]
    above, links = [], []
    for number, (window, read) in enumerate(made.windows.items()):
        middle = Fraction(sum(p[0] for p in read), len(read))
        above.append(Box(middle, _value(made, made.upstream, window)))
        for place in read:
            strong = not hidden and place in made.chosen[window]
            links.append(Link(0, number, places.index(place), strong))
    entries = [Box(Fraction(p[0]), _value(made, made.inputs, p), s) for p, s in zip(places, shades, strict=True)]
    rows = [CellRow((made.upstream,), tuple(above)), CellRow((made.inputs,), tuple(entries))]
    if not hidden:
        got = [Box(Fraction(p[0]), made.shown(p), s) for p, s in zip(places, shades, strict=True)]
        rows.append(CellRow((made.result,), tuple(got)))
    return tuple(rows), tuple(links)


def _caption(made: Routing, hidden: bool) -> Words:
    drawn = "frames" if len(made.inputs.axes) == 2 else "lines"
    if hidden:
        return ("The entries of ", made.inputs, f" with the windows ({drawn}) and their gradients ", made.upstream, ".")
    if made.largest:
        return (f"Each window ({drawn}) sends its gradient to the one entry that it takes, in grey.",)
    return (f"Each window ({drawn}) sends the same share of its gradient to each of its entries, in grey.",)


def _alt(made: Routing, hidden: bool) -> str:
    count = len(made.windows)
    windows = "one window and its gradient" if count == 1 else f"{count} windows and their gradients"
    names = f"{made.inputs.name} with {windows} {made.upstream.name}"
    if hidden:
        return f"{names}."
    if not made.largest:
        return f"{names}: each sends equal shares to its entries."
    sent = [
        f"{_value(made, made.upstream, window)} to {made.inputs.name} at {told(places[0])}"
        for window, places in made.chosen.items()
    ]
    return f"{names}: {'; '.join(sent)}; the other entries of the windows get 0."
