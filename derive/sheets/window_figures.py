"""A window at work as a figure: the image, the kernel as it lies on it, and the output with one entry marked.

What is drawn is worked out again from the definition of the output: the sum of the products of what lies on each other.
Where that is not the entry that was checked, nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from sympy import Integer, Rational

from derive.errors import BadInput, OracleDisagrees
from derive.language import Array, Definition, Entry, IndexSum
from derive.render.document import Words
from derive.render.drawings import CellGrid, CellGrids
from derive.sheets.answers import Checked
from derive.sheets.window_entries import (
    MOST_SIDE,
    Given,
    Place,
    all_places,
    axes_of,
    frame_of,
    given,
    grid,
    innermost,
    shape_of,
    told,
    within,
    written,
)


def _defined(checked: Checked) -> Definition | None:
    """The definition of the result."""
    left = checked.derivation.left
    if not isinstance(left, Entry):
        return None
    return next((d for d in checked.derivation.context.definitions if d.array == left.array), None)


def window(name: str, checked: Checked, caption: Words, hidden: bool) -> CellGrids:
    """The image with the window of one output, the kernel as it lies there, and the output.

    Args:
        name: Of the figure.
        checked: A claim whose output is a sum of products of two arrays, with an entry written out.
        caption: Words under it, or none.
        hidden: Whether it belongs to the question, and no result is shown.

    Raises:
        BadInput: there is nothing of the kind.
        OracleDisagrees: the products do not add up to the entry that was checked.
    """
    found = window_of(checked)
    grids = (_image(found), _weights(found), _result(checked, hidden))
    return CellGrids(name, grids, caption or _caption(checked, hidden), _alt(found, hidden))


@dataclass(frozen=True)
class Window:
    """The window of one output.

    Attributes:
        at: Which output.
        laid: {place of the image: place of the kernel that lies on it}.
        value: The output, as it was checked.
        outputs: All of them.
    """

    here: Given
    image: Array
    kernel: Array
    at: Place
    laid: Mapping[Place, Place]
    value: Rational
    outputs: tuple[Place, ...]

    @property
    def sides(self) -> list[list[int]]:
        """The rows and the columns of the image that it lies on."""
        return [sorted({place[axis] for place in self.laid}) for axis in range(len(self.at))]

    @property
    def steps(self) -> dict[Place, Place]:
        """{row and column within the window, from 0: place of the kernel}."""
        sides = self.sides
        return {tuple(sides[n].index(p[n]) for n in range(len(p))): tap for p, tap in self.laid.items()}

    @property
    def turned(self) -> bool:
        """Whether the kernel lies turned round.

        Raises:
            BadInput: it lies neither so nor as it is given.
        """
        steps, own = self.steps, axes_of(self.kernel)
        as_it_is = {step: tuple(low + n for n, (low, _) in zip(step, own, strict=True)) for step in steps}
        round_ = {step: tuple(high - n for n, (_, high) in zip(step, own, strict=True)) for step in steps}
        if steps not in (as_it_is, round_):
            raise BadInput(f"the weights of the window are {self.kernel.name} neither as it is given nor turned round")
        return steps != as_it_is


def window_of(checked: Checked) -> Window:
    """The window of the entry that is written out.

    Raises:
        BadInput: there is nothing of the kind.
        OracleDisagrees: the products do not add up to the entry that was checked.
    """
    if checked.written is None:
        raise BadInput("a figure of a window needs the output that it belongs to: write_out")
    here = given(checked, _defined)
    assert checked.entries is not None
    at = _full(checked, _place(checked))
    image, kernel = _factors(here, at)
    laid = {read: others[0] for read, others in here.reads(image, at)}
    outputs = tuple(_full(checked, found) for found in checked.entries.values)
    found = Window(here, image, kernel, at, laid, checked.entries.values[_place(checked)], outputs)
    total = sum((here.value(image, read) * here.value(kernel, tap) for read, tap in laid.items()), Fraction(0))
    if not isinstance(found.value, Rational) or total != Fraction(int(found.value.p), int(found.value.q)):
        said = f"the products of the window at {told(at)} add up to {total}"
        raise OracleDisagrees(f"{said}, while the entry is {found.value}")
    if len(laid) != prod(map(len, found.sides)):
        raise BadInput("the window is no rectangle")
    return found


def _full(checked: Checked, place: Place) -> Place:
    """The indices of an entry, with those that were set."""
    assert checked.entries is not None
    known = dict(zip(checked.entries.indices, place, strict=True))
    return tuple(int(known.get(index, index)) for index in _left(checked).indices)


def _place(checked: Checked) -> Place:
    assert checked.written is not None
    return tuple(int(value) for _, value in checked.written.place)


def _image(found: Window) -> CellGrid:
    """All of it, with the places around it that the windows reach."""
    ends, laid = axes_of(found.image), found.laid
    outer = list(ends)
    for at in found.outputs:
        for place, _ in found.here.reads(found.image, at):
            outer = [(min(low, n), max(high, n)) for (low, high), n in zip(outer, place, strict=True)]
    if any(high - low >= MOST_SIDE for low, high in outer):
        raise BadInput(f"the windows reach over more than {MOST_SIDE} rows or columns, too many for a figure")
    shades = {}
    for place in all_places(outer):
        shade = " ".join(("outside",) * (not within(place, ends)) + ("seen",) * (place in laid))
        shades[place] = shade
    text = lambda p: written(found.here.value(found.image, p))  # noqa: E731
    return grid((found.image,), outer, text, shades, [frame_of(list(laid), outer)])


def _weights(found: Window) -> CellGrid:
    """The kernel as it lies on the image."""
    steps = found.steps
    ends = [(0, len(side) - 1) for side in found.sides]
    label: Words = (found.kernel, ", turned round" if found.turned else "")
    text = lambda p: written(found.here.value(found.kernel, steps[p]))  # noqa: E731
    return grid(label, ends, text, dict.fromkeys(steps, "seen"), [(0, 0, *shape_of(ends))])


def _left(checked: Checked) -> Entry:
    left = checked.derivation.left
    assert isinstance(left, Entry)
    return left


def _result(checked: Checked, hidden: bool) -> CellGrid:
    """The output, all of it checked, with one entry marked."""
    assert checked.entries is not None
    place, values = _place(checked), checked.entries.values
    ends = [(min(p[n] for p in values), max(p[n] for p in values)) for n in range(len(place))]
    if any(high - low >= MOST_SIDE for low, high in ends):
        raise BadInput(f"the result has more than {MOST_SIDE} rows or columns, too many for a figure")
    text = (lambda _: "") if hidden else (lambda p: written(values[p]))
    return grid((_left(checked).array,), ends, text, {place: "chosen"}, sign="to")


def _factors(here: Given, at: Place) -> tuple[Array, Array]:
    """The array that the window lies on, and the one of its weights, which has an entry for each tap and no other."""
    body = here.output.at([Integer(n) for n in at])
    terms = [term for _, term in innermost(body, (IndexSum,))]
    entries = sorted(terms[0].atoms(Entry), key=str) if len(terms) == 1 else []
    if len(entries) != 2 or terms[0] != entries[0] * entries[1] or entries[0].array == entries[1].array:
        raise BadInput(f"the output of {here.checked.path} is not one sum of products of two arrays, as a window is")
    pairs = here.reads(entries[0].array, at)
    one, other = entries[0].array, entries[1].array
    moved = {read for read, _ in here.reads(one, _next(at))} != {read for read, _ in pairs}
    return (one, other) if moved else (other, one)


def _next(at: Place) -> Place:
    return tuple(n + 1 for n in at)


def _caption(checked: Checked, hidden: bool) -> Words:
    assert checked.written is not None
    at = _left(checked).array[tuple(dict(checked.written.place).get(i, i) for i in _left(checked).indices)]
    if hidden:
        return ("The window that ", at, " is made of, in grey.")
    return ("The window that ", at, " is made of, in grey: each entry times the weight that lies on it, added up.")


def _alt(found: Window, hidden: bool) -> str:
    names = ("rows", "columns") if len(found.at) == 2 else ("places",)
    where = " and ".join(f"{n} {side[0]} to {side[-1]}" for n, side in zip(names, found.sides, strict=True))
    how = "turned round" if found.turned else "as it is"
    window = f"{found.image.name} with the window of {where} in grey, {found.kernel.name} {how} on it"
    alt = f"{window}, and {found.here.output.array.name} with the entry at {told(found.at)} marked"
    return f"{alt}." if hidden else f"{alt}, which is {found.value}."
