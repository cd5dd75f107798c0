"""What a part of a sheet file wants drawn: receptive fields, a window at work, where a gradient goes, a graph."""

from __future__ import annotations

from derive.sheets.specs import FigureSpec
from derive.sheets.tables import Table

KINDS = ("receptive field", "window", "routing", "graph")
PLACES = ("solution", "question")
MOST_LAYERS, LARGEST = 8, 64
_OF_FIELD = ("layers", "size", "output")
_NUMBERS = (("kernel", 1), ("stride", 1), ("dilation", 1), ("padding", 0))
"""What a layer is told as, in this order, and the least that it may be."""


def figures_of(table: Table, depth: int = 0) -> tuple[FigureSpec, ...]:
    """The figures of a part; in a part about number formats the key names figures of its own.

    Args:
        table: The part.
        depth: 0 for a part, 1 for a piece of one.

    Raises:
        SheetError: a key or a value is wrong.
    """
    if "figure" not in table.data or "format" in table.data:
        return ()
    if isinstance(table.data["figure"], dict):
        return (_figure(table.table("figure"), depth),)
    return tuple(_figure(one, depth) for one in table.tables("figure", "[[problem.part.figure]]"))


def _figure(table: Table, depth: int) -> FigureSpec:
    if "kind" not in table.data:
        raise table.error(f"a figure needs the key 'kind', one of {', '.join(KINDS)}")
    kind = table.one_of("kind", KINDS)
    table.only(f"a figure of the kind {kind!r}", ("kind",), ("caption", "in", *(_OF_FIELD if kind == KINDS[0] else ())))
    place = table.one_of("in", PLACES) if "in" in table.data else PLACES[0]
    if place == "question" and depth:
        raise table.error("a piece has no question of its own, so its figure belongs to the solution", "in")
    size = int(table.has("size", int, "a number of places")) if "size" in table.data else 0
    output = int(table.has("output", int, "the place of an output, from 0")) if "output" in table.data else None
    if "size" in table.data and not 1 <= size <= LARGEST:
        raise table.error(f"size must be from 1 to {LARGEST} places, not {size}", "size")
    if output is not None and abs(output) > LARGEST:
        raise table.error(f"output must be at most {LARGEST}, not {output}", "output")
    return FigureSpec(kind, place == "question", table.prose("caption"), _layers(table), size, output, table.line)


def _layers(table: Table) -> tuple[tuple[int, int, int, int], ...]:
    """Kernel, stride, dilation and padding of each layer."""
    if "layers" not in table.data:
        return ()
    wanted = "a list with [kernel, stride, dilation, padding] of each layer, of which the last ones may be left out"
    rows = table.has("layers", list, wanted)
    if not 1 <= len(rows) <= MOST_LAYERS:
        raise table.error(f"there are from 1 to {MOST_LAYERS} layers in a figure, not {len(rows)}", "layers")
    found = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or not 1 <= len(row) <= 4:
            raise table.error(f"layers must be {wanted}", "layers")
        for value, (name, least) in zip(row, _NUMBERS, strict=False):
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST:
                raise table.error(f"the {name} of layer {number} must be a number from {least} to {LARGEST}", "layers")
        whole = row + [1, 1, 1, 0][len(row) :]
        found.append((whole[0], whole[1], whole[2], whole[3]))
    return tuple(found)
