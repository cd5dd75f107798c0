r"""Matrices that are written out, with dots where their size is a letter.

Both directions go on by the rules of `reading_dots`. On a diagonal (`\ddots` between empty or equal places) the other
entries are what stands there, 0 where nothing does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Expr, Integer

from derive.claims import reading_dots as dots
from derive.claims.arithmetic import picked as choice
from derive.claims.arithmetic import times
from derive.claims.surroundings import Range, Unread
from derive.claims.syntax import Dots, Empty, MatrixRows, Node
from derive.claims.wholes import Unit, Whole
from derive.language import Indicator, eq, ge, substitute
from derive.language.terms import expanded

Grid = list[list[Node]]


def dotted(reader: Any, node: MatrixRows) -> Whole | Unit:
    """A matrix with dots; a column of them is a vector.

    Raises:
        Unclear: it is not clear what the dots stand for.
    """
    rows = [list(row) for row in node.rows]
    blank = (Dots, Empty)
    down = [k for k, row in enumerate(rows) if all(isinstance(e, blank) for e in row) and _has_dots(row)]
    across = [k for k, column in enumerate(zip(*rows, strict=True)) if all(isinstance(e, blank) for e in column)]
    across = [k for k in across if _has_dots([row[k] for row in rows])]
    kept = [[e for c, e in enumerate(row) if c not in across] for r, row in enumerate(rows) if r not in down]
    if len(down) > 1 or len(across) > 1 or any(isinstance(e, Dots) for row in kept for e in row):
        raise dots.Unclear(node, "what the dots of the matrix stand for is not clear: one row and one column of them")
    if any(end in (0, last) for found, last in ((down, len(rows) - 1), (across, len(rows[0]) - 1)) for end in found):
        raise dots.Unclear(node, "what the dots of the matrix stand for is not clear: they stand at its edge")
    diagonal = _diagonal(reader, kept, down, across, node)
    if diagonal is not None:
        return diagonal
    if any(isinstance(e, Empty) for row in kept for e in row):
        raise dots.Unclear(node, "a matrix with empty places has dots, and they are not on its diagonal alone")
    return _grid(reader, kept, down, across, node)


def _has_dots(parts: Sequence[Node]) -> bool:
    return any(isinstance(e, Dots) for e in parts)


def _diagonal(reader: Any, kept: Grid, down: list[int], across: list[int], node: Node) -> Whole | Unit | None:
    """A matrix whose entries beside the diagonal are all the same number."""
    if not down or down != across or len(kept) != len(kept[0]):
        return None
    place = down[0]
    beside = [e for r, row in enumerate(kept) for c, e in enumerate(row) if r != c]
    on = [kept[k][k] for k in range(len(kept))]
    if any(e != beside[0] for e in beside) or any(isinstance(e, Empty) for e in on):
        return None
    other = Integer(0) if isinstance(beside[0], Empty) else reader.number(beside[0])
    if all(e == on[0] for e in on):
        return times(reader.number(on[0]), Unit()) if other == 0 else None
    hole = dots.free_name(reader)
    found = dots.pattern(reader, on[:place], on[-1], hole, node)
    dots.check_between(reader, found, on[place:-1], node)
    value, k, low, _ = dots.at_places(reader, found, node)

    def entry(at: Sequence[Expr]) -> Expr:
        here = substitute(value, {k: low + at[0] - 1})
        return other + Indicator(eq(at[0], at[1])) * (here - other)

    axis = (Integer(1), found.count)
    return Whole((axis, axis), entry, "matrix")


def _grid(reader: Any, kept: Grid, down: list[int], across: list[int], node: Node) -> Whole:
    """Entries that go on in each direction that has dots."""
    hole = dots.free_name(reader)
    column = reader.new_symbol("c")
    reader.scope.taken.add(column.name)
    wide: Expr = Integer(len(kept[0]))
    parts = kept
    with reader.binding(hole, column):
        if across:
            made = [dots.pattern(reader, row[: across[0]], row[-1], hole, node) for row in kept]
            for row, found in zip(kept, made, strict=True):
                dots.check_between(reader, found, row[across[0] : -1], node)
            wide = made[0].count
            if any(expanded(m.count - wide) != 0 for m in made):
                raise dots.Unclear(node, "the rows of the matrix with dots have different lengths")
            parts = [[found.part] for found in made]
        tall: Expr = Integer(len(parts))
        below = hole + "below"
        if down:
            columns = list(zip(*parts, strict=True))
            found_down = [dots.pattern(reader, c[: down[0]], c[-1], below, node) for c in columns]
            for c, found in zip(columns, found_down, strict=True):
                dots.check_between(reader, found, c[down[0] : -1], node)
            tall = found_down[0].count
            if any(expanded(f.count - tall) != 0 for f in found_down):
                raise dots.Unclear(node, "the columns of the matrix with dots have different lengths")
            parts = [[found.part for found in found_down]]
    row_letter = reader.new_symbol("r")
    reader.scope.taken.add(row_letter.name)
    for count in (tall, wide):
        reader.need(ge(count, 0), "a matrix with dots has a number of rows and columns")
    ranges = Range(row_letter, Integer(1), tall), Range(column, Integer(1), wide)
    values: list[list[Expr]] = []
    with reader.binding(below, row_letter - 1, ranges[0]), reader.binding(hole, column - 1, ranges[1]):
        for row in parts:
            values.append([reader.number(e) for e in row])

    def entry(at: Sequence[Expr]) -> Expr:
        picked = [choice(row, at[-1]) if not across else row[0] for row in values]
        chosen = picked[0] if down else choice(picked, at[0])
        return substitute(chosen, {row_letter: at[0], column: at[-1]})

    axes = ((Integer(1), tall), (Integer(1), wide))
    if wide == 1:
        return Whole(axes[:1], lambda at: entry([at[0], Integer(1)]), "column")
    return Whole(axes, entry, "matrix")


def determinant(rows: Sequence[Sequence[Expr]], node: Node) -> Expr:
    """The determinant of a small matrix of numbers, by its first row."""
    if len(rows) != len(rows[0]):
        raise Unread(node, "a determinant is of a square matrix")
    if len(rows) == 1:
        return rows[0][0]
    total: Expr = Integer(0)
    for k, top in enumerate(rows[0]):
        minor = [[*row[:k], *row[k + 1 :]] for row in rows[1:]]
        total += (-1) ** k * top * determinant(minor, node)
    return total
