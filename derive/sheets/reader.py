"""Sheet files: what a teacher asks, as frozen data.

A sheet file is TOML: prose with inline mathematics, problems, and parts that name a claim with the exact values,
table and plots wanted. Everything is checked here, before anything is derived: a mistake is one sentence with the
file, the line and the nearest right name. Whether a claim exists is asked later, by `build`, of the constructs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from derive.errors import SheetError
from derive.kernel.derivation import GRAINS
from derive.sheets.parts import part_of
from derive.sheets.prose import paragraphs, prose
from derive.sheets.reckoning import Drawn, UnknownPlace
from derive.sheets.specs import PartSpec, PlotSpec, ProblemSpec, Sheet, TableSpec
from derive.sheets.stated_part import symbols_of
from derive.sheets.tables import Table, parsed
from derive.sheets.variants import OTHER_WORDS, drawn, filled, vary_of, worded

__all__ = ["PartSpec", "PlotSpec", "ProblemSpec", "Sheet", "TableSpec", "paragraphs", "prose", "read_sheet"]

LARGEST_FILE = 1_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")


def read_sheet(path: str | Path, variant: int = 0, again: Mapping[int, int] | None = None) -> Sheet:
    """The sheet that a file describes.

    Args:
        path: The file.
        variant: Which numbers its problems have, where they vary; 0 for the usual ones.
        again: {place of a problem, from 1: how often its numbers are drawn anew}.

    Raises:
        SheetError: the file cannot be read or is not a sheet; one sentence with the file and the line.
    """
    file = str(path)
    name = Path(path).stem
    if not _NAME.match(name):
        raise SheetError(f"{name!r} cannot name outputs; use letters, digits, - and _ in the name of the file", file)
    try:
        with Path(path).open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise SheetError(f"the file cannot be read: {error.strerror or error}", file) from None
    if len(raw) > LARGEST_FILE:
        raise SheetError(f"the file is larger than {LARGEST_FILE:,} bytes, which no sheet is", file)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SheetError(f"byte {raw[error.start]:#04x} is not UTF-8; save the file as UTF-8", file, line) from None
    return _sheet(parsed(text, file), file, name, _Variant(name, variant, again or {}))


@dataclass(frozen=True)
class _Variant:
    """Which numbers are drawn."""

    name: str
    number: int
    again: Mapping[int, int]

    def seed(self, problem: int) -> str:
        """What the draws of a problem depend on; empty for the usual numbers."""
        return f"{self.name} {problem} {self.number} {self.again.get(problem, 0)}" if self.number else ""


def _sheet(table: Table, file: str, name: str, variant: _Variant) -> Sheet:
    table.only("a sheet", ("title",), ("course", "author", "introduction", "grain", "problem"))
    problems = table.tables("problem", "[[problem]]")
    if not problems:
        raise table.error("the sheet has no problem; begin one with [[problem]]")
    return Sheet(
        name=f"{name}-v{variant.number}" if variant.number else name,
        path=file,
        title=table.title("title") + (f", variant {variant.number}" if variant.number else ""),
        course=table.title("course"),
        author=table.title("author"),
        introduction=table.prose("introduction"),
        problems=tuple(_problem(p, variant.seed(n), variant.number > 0) for n, p in enumerate(problems, start=1)),
        grain=table.one_of("grain", GRAINS) if "grain" in table.data else "",
        variant=variant.number,
    )


def _problem(table: Table, seed: str, other: bool) -> ProblemSpec:
    table.only("a problem", ("title",), ("text", "part", "number", "symbols", "vary", OTHER_WORDS))
    varied = vary_of(table)
    try:
        numbers = drawn(varied, seed)
        # Words for other numbers are read with the usual ones, too, so that a mistake in them is told at once.
        kinds = (False, True) if numbers and not other else (other and bool(numbers),)
        told = [filled(worded(table.data, kind), numbers) for kind in kinds]
    except UnknownPlace as error:
        raise table.error(str(error), *error.keys) from None
    free = {one.name for one in varied if not one.follows}
    chosen = tuple((name, value) for name, value in numbers.items() if name in free)
    specs = [_read(Table(data, table.path, table.source), chosen) for data in told]
    return specs[0]


def _read(table: Table, chosen: tuple[tuple[str, Drawn], ...]) -> ProblemSpec:
    parts = table.tables("part", "[[problem.part]]")
    if not parts:
        raise table.error("the problem has no part; begin one with [[problem.part]]")
    symbols = symbols_of(table)
    return ProblemSpec(
        table.title("title"),
        table.prose("text"),
        tuple(part_of(part, symbols) for part in parts),
        table.line,
        number=_number(table),
        drawn=chosen,
    )


def _number(table: Table) -> str:
    """The number of a problem, where it is not its place on the sheet."""
    if "number" not in table.data:
        return ""
    value = table.has("number", (int, str), "a number or a text in quotes")
    return str(value) if isinstance(value, int) else table.title("number")
