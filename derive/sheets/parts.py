"""A part of a sheet file: which claim, program, network or number format, or which words and formulas of the author."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from derive.errors import BadInput
from derive.kernel.derivation import GRAINS
from derive.sheets.choices import FEWEST, MOST
from derive.sheets.figure_part import figures_of
from derive.sheets.format_part import FORMAT_KEYS, format_spec
from derive.sheets.network_part import NETWORK_KEYS, network_spec
from derive.sheets.shown_part import curve_of, matrix_of, plots_of, table_of
from derive.sheets.specs import PartSpec, ProgramSpec
from derive.sheets.stated_part import formulas_of
from derive.sheets.tables import CLAIM, Table, exact_of, symbol_of, value_of
from derive.sheets.values import DEEPEST, Nested, Numbers, as_numbers

SHOWS = ("derivation", "result")
LAYOUTS = ("numerator", "denominator")
WORDS = ("title", "text", "label", "answer", "formula", "remark", "hint", "brief", "piece", "figure")
"""Keys that every part may have."""


def part_of(table: Table, symbols: tuple[tuple[str, str], ...] = (), depth: int = 0) -> PartSpec:
    """The part that a table describes.

    Args:
        table: A table [[problem.part]], or [[problem.part.piece]] within one.
        symbols: Declarations that formulas of the problem share.
        depth: 0 for a part, 1 for a piece of one.

    Raises:
        SheetError: a key or a value is wrong.
    """
    made = _asked(table)
    pieces = table.tables("piece", "[[problem.part.piece]]")
    if pieces and depth:
        raise table.error("a piece has no pieces of its own", "piece")
    if "label" in table.data and depth:
        raise table.error("a piece has no label of its own", "label")
    return replace(
        made,
        label=table.title("label"),
        answer=table.prose("answer"),
        remark=table.prose("remark"),
        brief=table.prose("brief"),
        hints=table.proses("hint"),
        formulas=formulas_of(table, symbols),
        figures=figures_of(table, depth),
        pieces=tuple(part_of(piece, symbols, depth + 1) for piece in pieces),
    )


def _asked(table: Table) -> PartSpec:
    """What is derived or read in a part."""
    if "program" in table.data:
        return _program(table)
    if "network" in table.data:
        return _tables_of(table, "network", NETWORK_KEYS, network_spec)
    if "format" in table.data:
        return _tables_of(table, "format", FORMAT_KEYS, format_spec)
    if "claim" not in table.data and any(key in table.data for key in ("answer", "formula", "piece", "figure")):
        table.only("a part without a claim", (), WORDS)
        return _bare(table)
    shown = ("write_out", "layout", "show", "matrix", "table", "plot", "curve")
    table.only("a part", ("claim",), (*WORDS, "set", "grain", "choices", *shown))
    claim = table.text("claim")
    if not CLAIM.match(claim):
        raise table.error(f"claim must be construct.claim, such as filtered_pulse.response, not {claim!r}", "claim")
    return replace(
        _bare(table),
        claim=claim,
        values=_settings(table.table("set")) if "set" in table.data else (),
        show=table.one_of("show", SHOWS) if "show" in table.data else SHOWS[0],
        table=table_of(table.table("table")) if "table" in table.data else None,
        plots=plots_of(table),
        layout=table.one_of("layout", LAYOUTS) if "layout" in table.data else None,
        write_out=_places(table.table("write_out")) if "write_out" in table.data else None,
        matrix=matrix_of(table.table("matrix")) if "matrix" in table.data else None,
        curve=curve_of(table.table("curve")) if "curve" in table.data else None,
        grain=table.one_of("grain", GRAINS) if "grain" in table.data else "",
        choices=_choices(table),
    )


def _choices(table: Table) -> int:
    """How many answers there are to choose from."""
    if "choices" not in table.data:
        return 0
    count = int(table.has("choices", int, "a number of answers"))
    if not FEWEST <= count <= MOST:
        raise table.error(f"choices must be from {FEWEST} to {MOST} answers, not {count}", "choices")
    return count


def _bare(table: Table) -> PartSpec:
    """A part with its title and question alone."""
    lines = tuple((key, table.line_of(key) or table.line) for key in table.data)
    return PartSpec(table.title("title"), table.prose("text"), "", (), SHOWS[0], None, (), table.line, lines)


def _program(table: Table) -> PartSpec:
    """A part that reads a program; with a claim, its last result is compared with that."""
    table.only("a part with a program", ("program", "shapes"), (*WORDS, "input", "claim"))
    text = str(table.has("program", str, "text in quotes"))
    shapes = table.table("shapes")
    found = tuple((name, str(shapes.has(name, str, 'a shape in quotes, such as "(n, m)"'))) for name in shapes.data)
    claim = table.text("claim")
    if "claim" in table.data and not CLAIM.match(claim):
        raise table.error(f"claim must be construct.claim, such as composed_maps.jacobian, not {claim!r}", "claim")
    line = table.line_of("program") or table.line
    spec = ProgramSpec(text, found, table.text("input"), line + table.source.lines_down(line, 0))
    return replace(_bare(table), claim=claim, program=spec)


def _tables_of(table: Table, key: str, keys: tuple[str, ...], read: Callable[[Any], Any]) -> PartSpec:
    """A part that is the table of a network, or about number formats."""
    table.only(f"a part with a {key}", (key,), (*WORDS, *keys))
    return replace(_bare(table), **{key: read(table)})


def _settings(table: Table) -> tuple[tuple[str, Fraction | Numbers], ...]:
    """Numbers, and lists of numbers for arrays."""
    found: list[tuple[str, Fraction | Numbers]] = []
    for name, value in table.data.items():
        symbol = symbol_of(table, name)
        if not isinstance(value, list):
            found.append((symbol, value_of(table, name)))
            continue
        rows = _rows(table, name, value, 1)
        try:
            found.append((symbol, as_numbers(rows)))
        except BadInput as error:
            raise table.error(f"{name}: {error}", name) from None
    return tuple(found)


def _rows(table: Table, name: str, values: list[Any], depth: int) -> Nested:
    if depth > DEEPEST:
        raise table.error(f"{name}: lists are nested at most {DEEPEST} deep", name)
    return [_rows(table, name, v, depth + 1) if isinstance(v, list) else exact_of(table, name, v) for v in values]


def _places(table: Table) -> tuple[tuple[str, int], ...]:
    for name in table.data:
        table.has(name, int, "a number")
    return tuple((symbol_of(table, name), int(number)) for name, number in table.data.items())
