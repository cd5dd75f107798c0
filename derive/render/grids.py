r"""Matrices written out, with dots where entries are left out.

A matrix whose sizes are letters shows its first two and its last row and column:
`[[a_11, a_12, ..., a_1n], [a_21, a_22, ..., a_2n], [...], [a_m1, a_m2, ..., a_mn]]`. The dots say that these rows and
columns differ from each other, so conditions on indices are decided for sizes of 3 and more: the matrix of
`delta_ij` shows 0 in its corner and not `delta_1n`.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Integer, Mul, Symbol

from derive.errors import RenderError
from derive.language import (
    TRUE,
    Cases,
    Condition,
    Context,
    Entry,
    Indicator,
    Partial,
    Ranged,
    all_of,
    as_expr,
    ge,
    negate,
    parts_of,
    rebuild,
    substitute,
)
from derive.render.document import DOTS, Cell, Grid

Range = tuple[Any, Any]
MOST_SHOWN = 8
"""Rows or columns up to which all are shown."""


def dotted(
    term: Expr, row: Symbol, column: Symbol, rows: Range, columns: Range, context: Context | None = None
) -> tuple[tuple[Cell, ...], ...]:
    """The cells of the matrix whose entry in row `row` and column `column` is the term.

    Args:
        term: The entry, in two index symbols.
        row: The first index.
        column: The second one.
        rows: (low, high) of the rows, inclusive. Where there are at most 8, as a number, all are shown.
        columns: Likewise.
        context: What else is known of the sizes.

    Returns:
        Rows of equal length. Indicators, cases and entries of arrays that are 0 outside their range are worked out
        where their conditions are decided for all sizes of 3 and more.

    Raises:
        RenderError: There is no row or no last row, or no column, or hypotheses say that nothing is left out.

    Example:
        >>> from derive.language import array, eq, integer
        >>> i, j, n = integer("i"), integer("j"), integer("n")
        >>> p = array("p", (1, n))
        >>> for cells in dotted(Indicator(eq(i, j)) * p[i], i, j, (1, n), (1, n)):
        ...     print(*cells)
        p[1] 0 cdots 0
        0 p[2] cdots 0
        vdots vdots ddots vdots
        0 0 cdots p[n]
    """
    known = _known(context, rows, columns)
    return tuple(tuple(_cell(term, {row: i, column: j}, known) for j in _shown(columns)) for i in _shown(rows))


def dotted_column(term: Expr, row: Symbol, rows: Range, context: Context | None = None) -> tuple[tuple[Cell, ...], ...]:
    """The cells of the column whose entry in row `row` is the term; see `dotted`.

    Example:
        >>> from derive.language import array, integer
        >>> i, n = integer("i"), integer("n")
        >>> dotted_column(array("p", (1, n))[i], i, (1, n))
        ((p[1],), (p[2],), ('vdots',), (p[n],))
    """
    known = _known(context, rows)
    return tuple((_cell(term, {row: i}, known),) for i in _shown(rows))


def check_cells(grid: Grid) -> Grid:
    """The grid, if its rows are of one length and its cells are terms or dots.

    Raises:
        RenderError: They are not, or there are none.
    """
    widths = {len(cells) for cells in grid.cells}
    if len(widths) != 1 or 0 in widths:
        raise RenderError(f"the rows of a grid have {' and '.join(map(str, sorted(widths))) or 'no'} cells")
    for cell in (c for cells in grid.cells for c in cells):
        if isinstance(cell, str) and cell not in (*DOTS, ""):
            raise RenderError(f"a cell of a grid is a term, empty, or one of {', '.join(DOTS)}, not {cell!r}")
    return grid


def _known(context: Context | None, *ranges: Range) -> Context:
    """The context in which no two of the rows and columns that are shown apart are the same."""
    long = [ge(as_expr(high), as_expr(low) + 2) for low, high in ranges if None in _shown((low, high))]
    known = (context or Context()).with_hypotheses(*long)
    if known.is_consistent() is False:
        raise RenderError("dots stand for rows and columns that are left out, and the hypotheses leave room for none")
    return known


def _shown(ends: Range) -> list[Expr | None]:
    """The indices that are shown; None stands for dots."""
    low, high = as_expr(ends[0]), as_expr(ends[1])
    last = high - low
    if low.is_infinite or high.is_infinite or (isinstance(last, Integer) and last < 0):
        raise RenderError(f"nothing can be shown of a matrix with indices from {low} to {high}")
    if isinstance(last, Integer) and last < MOST_SHOWN:
        return [low + step for step in range(int(last) + 1)]
    return [low, low + 1, None, high]


def _cell(term: Expr, places: dict[Basic, Expr | None], known: Context) -> Cell:
    left_out = [place is None for place in places.values()]
    if any(left_out):
        return "ddots" if all(left_out) and len(left_out) == 2 else "vdots" if left_out[0] else "cdots"
    return _decided(substitute(term, places), known)


def _decided(term: Any, known: Context) -> Any:
    """The term with 1, 0 and values in place of what the context decides."""
    if isinstance(term, Indicator):
        held = _holds(term.condition, known)
        if held is not None:
            return Integer(held)
        return Indicator(all_of(*(part for part in parts_of(term.condition) if known.entails(part) is not True)))
    if isinstance(term, Cases):
        for value, condition in term.clauses:
            held = _holds(condition, known)
            if held is not False:
                return term if held is None else _decided(value, known)
        return term
    if isinstance(term, (Ranged, Partial)) or not term.args:
        return term  # the index of a sum is not known, and what is differentiated is no number
    if isinstance(term, Entry):
        is_zero = term.array.outside == "zero" and _holds(term.in_range, known) is False
        return Integer(0) if is_zero else term
    parts = [_decided(part, known) if isinstance(part, Expr) else part for part in term.args]
    return _without_repeats(term if parts == list(term.args) else rebuild(term, parts), known)


def _without_repeats(term: Any, known: Context) -> Any:
    """A product without the conditions that only say where an entry among its factors is not 0."""
    factors = term.args if isinstance(term, Mul) else ()
    ranges = [f.in_range for f in factors if isinstance(f, Entry) and f.array.outside == "zero"]
    conditions = [f for f in factors if isinstance(f, Indicator)]
    if not ranges or not conditions:
        return term
    there = known.with_hypotheses(*ranges)
    rest = [f for f in factors if not isinstance(f, Indicator)]
    for factor in conditions:
        kept = all_of(*(part for part in parts_of(factor.condition) if there.entails(part) is not True))
        rest += [] if kept == TRUE else [Indicator(kept)]
    return Mul(*rest)


def _holds(condition: Condition, known: Context) -> bool | None:
    """True or False for all sizes, else None; whether some sizes break it says nothing."""
    if known.entails(condition) is True:
        return True
    return False if known.entails(negate(condition)) is True else None
