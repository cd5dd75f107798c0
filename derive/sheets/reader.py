"""Sheet files: what a teacher asks, as frozen data.

A sheet file is TOML: prose with inline mathematics, problems, and parts that name a claim with the exact values,
table and plots wanted. Everything is checked here, before anything is derived: a mistake is one sentence with the
file, the line and the nearest right name. Whether a claim exists is asked later, by `build`, of the constructs.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from derive.claims.toml_lines import KeyPath, key_lines, line_of
from derive.errors import BadInput, SheetError
from derive.sheets.format_part import FORMAT_KEYS, format_spec
from derive.sheets.network_part import NETWORK_KEYS, network_spec
from derive.sheets.prose import ProseError, paragraphs, prose
from derive.sheets.specs import (
    CurveSpec,
    LineSpec,
    MatrixSpec,
    PartSpec,
    PlotSpec,
    ProblemSpec,
    ProgramSpec,
    Sheet,
    TableSpec,
)
from derive.sheets.values import DEEPEST, Nested, Numbers, as_numbers, exact_value, integer_range, symbol_name

__all__ = ["PartSpec", "PlotSpec", "ProblemSpec", "Sheet", "TableSpec", "paragraphs", "prose", "read_sheet"]

SHOWS = ("derivation", "result")
LAYOUTS = ("numerator", "denominator")
PLOT_KINDS = ("stem", "overlap")
LARGEST_FILE = 1_000_000
LONGEST_TITLE = 200
_CLAIM = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?\Z")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
_KINDS = {str: "text", bool: "true or false", int: "a number", float: "a number", dict: "a table", list: "a list"}


def read_sheet(path: str | Path) -> Sheet:
    """The sheet that a file describes.

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
    return _sheet(_parsed(text, file), file, name)


class _Table:
    """A table of the file that says where its keys stand."""

    def __init__(self, data: dict[str, Any], path: KeyPath, source: _Source) -> None:
        self.data, self.path, self.source = data, path, source

    @property
    def line(self) -> int:
        return self.line_of() or 1

    def line_of(self, *keys: str | int) -> int | None:
        return line_of(self.source.lines, self.path + keys)

    def error(self, message: str, *keys: str | int) -> SheetError:
        return SheetError(message, self.source.file, self.line_of(*keys))

    def only(self, what: str, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        required, known = tuple(required), (*required, *optional)
        for key in self.data:
            if key not in known:
                close = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
                raise self.error(f"{what} has no key {key!r}; {hint}", key)
        for key in required:
            if key not in self.data:
                raise self.error(f"{what} needs the key {key!r}")

    def has(self, key: str, kind: type | tuple[type, ...], wanted: str) -> Any:
        value = self.data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(f"{key} must be {wanted}, not {_kind(value)}", key)
        return value

    def text(self, key: str) -> str:
        return str(self.has(key, str, "text in quotes")) if key in self.data else ""

    def title(self, key: str) -> str:
        text = self.text(key).strip()
        if len(text) > LONGEST_TITLE:
            raise self.error(f"{key} has {len(text)} characters; at most {LONGEST_TITLE} are allowed", key)
        if key in self.data and not text and key == "title":
            raise self.error(f"{key} is empty", key)
        for character in text:
            if ord(character) < 32 or ord(character) == 127:
                raise self.error(f"{key} must be one line of text", key)
        return text

    def prose(self, key: str) -> str:
        text = self.text(key)
        try:
            paragraphs(text)
        except ProseError as error:
            line = self.line_of(key)
            if line is not None and key in self.data:
                line += self.source.lines_down(line, error.lines)
            raise SheetError(f"{key}: {error}", self.source.file, line) from None
        return text

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in known:
            close = difflib.get_close_matches(value, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
            raise self.error(f"{key} cannot be {value!r}; {hint}", key)
        return value

    def tables(self, key: str, header: str) -> tuple[_Table, ...]:
        value = self.data.get(key, [])
        if isinstance(value, dict):
            raise self.error(f"write {header} with two brackets, since there may be several", key)
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.error(f"{key} must be a list of tables that begin with {header}, not {_kind(value)}", key)
        return tuple(_Table(v, (*self.path, key, i), self.source) for i, v in enumerate(value))

    def table(self, key: str) -> _Table:
        return _Table(self.has(key, dict, "a table in braces"), (*self.path, key), self.source)


@dataclass(frozen=True)
class _Source:
    file: str
    text: str
    lines: dict[KeyPath, int]

    def lines_down(self, line: int, below: int) -> int:
        """How far below `line` the text line number `below` of the value beginning there is."""
        first = self.text.split("\n")[line - 1]
        for quotes in ("'''", '"""'):
            before, found, after = first.partition(quotes)
            if found and "#" not in before:
                return below + (1 if not after.strip() else 0)
        return 0


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a date or time")


def _parsed(text: str, file: str) -> _Table:
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise SheetError("the file nests brackets too deeply", file) from None
    except ValueError as error:
        found = re.search(r" \(at line (\d+), column (\d+)\)\Z", str(error))
        why = str(error)[: found.start()] if found else str(error)
        line = int(found.group(1)) if found else None
        column = f" at column {found.group(2)}" if found else ""
        if "(at end of document)" in why:
            why, line = why.replace(" (at end of document)", ""), text.count("\n") + 1
            column = " at the end of the file"
        raise SheetError(f"this is not TOML{column}: {why[:1].lower()}{why[1:]}", file, line) from None
    unix = text.replace("\r\n", "\n")
    return _Table(data, (), _Source(file, unix, key_lines(unix)))


def _sheet(table: _Table, file: str, name: str) -> Sheet:
    table.only("a sheet", ("title",), ("course", "author", "introduction", "problem"))
    problems = table.tables("problem", "[[problem]]")
    if not problems:
        raise table.error("the sheet has no problem; begin one with [[problem]]")
    return Sheet(
        name=name,
        path=file,
        title=table.title("title"),
        course=table.title("course"),
        author=table.title("author"),
        introduction=table.prose("introduction"),
        problems=tuple(_problem(p) for p in problems),
    )


def _problem(table: _Table) -> ProblemSpec:
    table.only("a problem", ("title",), ("text", "part"))
    parts = table.tables("part", "[[problem.part]]")
    if not parts:
        raise table.error("the problem has no part; begin one with [[problem.part]]")
    return ProblemSpec(table.title("title"), table.prose("text"), tuple(_part(p) for p in parts), table.line)


def _program(table: _Table) -> PartSpec:
    """A part that reads a program; with a claim, its last result is compared with that."""
    table.only("a part with a program", ("program", "shapes"), ("title", "text", "input", "claim"))
    text = str(table.has("program", str, "text in quotes"))
    shapes = table.table("shapes")
    found = tuple((name, str(shapes.has(name, str, 'a shape in quotes, such as "(n, m)"'))) for name in shapes.data)
    claim = table.text("claim")
    if "claim" in table.data and not _CLAIM.match(claim):
        raise table.error(f"claim must be construct.claim, such as composed_maps.jacobian, not {claim!r}", "claim")
    line = table.line_of("program") or table.line
    first = line + table.source.lines_down(line, 0)
    lines = tuple((key, table.line_of(key) or table.line) for key in table.data)
    spec = ProgramSpec(text, found, table.text("input"), first)
    title, words = table.title("title"), table.prose("text")
    return PartSpec(title, words, claim, (), SHOWS[0], None, (), table.line, lines, program=spec)


def _tables_of(table: _Table, key: str, keys: tuple[str, ...], read: Callable[[Any], Any]) -> PartSpec:
    """A part that is the table of a network, or about number formats."""
    table.only(f"a part with a {key}", (key,), ("title", "text", *keys))
    lines = tuple((name, table.line_of(name) or table.line) for name in table.data)
    title, words = table.title("title"), table.prose("text")
    made = PartSpec(title, words, "", (), SHOWS[0], None, (), table.line, lines)
    return replace(made, **{key: read(table)})


def _part(table: _Table) -> PartSpec:
    if "program" in table.data:
        return _program(table)
    if "network" in table.data:
        return _tables_of(table, "network", NETWORK_KEYS, network_spec)
    if "format" in table.data:
        return _tables_of(table, "format", FORMAT_KEYS, format_spec)
    shown = ("write_out", "layout", "show", "matrix", "table", "plot", "curve")
    table.only("a part", ("claim",), ("title", "text", "set", *shown))
    claim = table.text("claim")
    if not _CLAIM.match(claim):
        raise table.error(f"claim must be construct.claim, such as filtered_pulse.response, not {claim!r}", "claim")
    return PartSpec(
        title=table.title("title"),
        text=table.prose("text"),
        claim=claim,
        values=_settings(table.table("set")) if "set" in table.data else (),
        show=table.one_of("show", SHOWS) if "show" in table.data else SHOWS[0],
        table=_table(table.table("table")) if "table" in table.data else None,
        plots=_plots(table),
        line=table.line,
        lines=tuple((key, table.line_of(key) or table.line) for key in table.data),
        layout=table.one_of("layout", LAYOUTS) if "layout" in table.data else None,
        write_out=_places(table.table("write_out")) if "write_out" in table.data else None,
        matrix=_matrix(table.table("matrix")) if "matrix" in table.data else None,
        curve=_curve(table.table("curve")) if "curve" in table.data else None,
    )


def _settings(table: _Table) -> tuple[tuple[str, Fraction | Numbers], ...]:
    """Numbers, and lists of numbers for arrays."""
    found: list[tuple[str, Fraction | Numbers]] = []
    for name, value in table.data.items():
        symbol = _symbol(table, name)
        if not isinstance(value, list):
            found.append((symbol, _value(table, name)))
            continue
        rows = _rows(table, name, value, 1)
        try:
            found.append((symbol, as_numbers(rows)))
        except BadInput as error:
            raise table.error(f"{name}: {error}", name) from None
    return tuple(found)


def _rows(table: _Table, name: str, values: list[Any], depth: int) -> Nested:
    if depth > DEEPEST:
        raise table.error(f"{name}: lists are nested at most {DEEPEST} deep", name)
    return [_rows(table, name, v, depth + 1) if isinstance(v, list) else _exact(table, name, v) for v in values]


def _places(table: _Table) -> tuple[tuple[str, int], ...]:
    for name in table.data:
        table.has(name, int, "a number")
    return tuple((_symbol(table, name), int(number)) for name, number in table.data.items())


def _matrix(table: _Table) -> MatrixSpec:
    table.only("a matrix", *((("array",), ()) if "array" in table.data else (("rows",), ("columns", "array"))))
    names = {key: table.text(key) for key in table.data}
    for key, name in names.items():
        try:
            symbol_name(name)
        except BadInput as error:
            raise table.error(f"{key}: {error}", key) from None
    return MatrixSpec(**names)


def _values(table: _Table) -> tuple[tuple[str, Fraction], ...]:
    return tuple((_symbol(table, name), _value(table, name)) for name in table.data)


def _symbol(table: _Table, name: str) -> str:
    try:
        return symbol_name(name)
    except BadInput as error:
        raise table.error(str(error), name) from None


def _value(table: _Table, name: str) -> Fraction:
    return _exact(table, name, table.data[name])


def _exact(table: _Table, name: str, value: Any) -> Fraction:
    if isinstance(value, float):
        why = f'{name} = {value} is a binary number and not exact; write it as text, such as {name} = "1/2" or "0.25"'
        raise table.error(why, name)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise table.error(f'{name} must be an exact number such as 7 or "1/2", not {_kind(value)}', name)
    try:
        return exact_value(str(value))
    except BadInput as error:
        raise table.error(f"{name}: {error}", name) from None


def _range(table: _Table, what: str, taken: tuple[str, ...]) -> tuple[str, int, int]:
    """The one key that is a variable, with its range."""
    names = [key for key in table.data if key not in taken]
    text = [key for key in names if isinstance(table.data[key], str)]
    if len(names) != 1 or len(text) != 1:
        for name in names:
            close = difflib.get_close_matches(name, taken, n=1)
            if close and len(names) > 1:
                raise table.error(f"{what} has no key {name!r}; did you mean {close[0]!r}?", name)
        raise table.error(f'{what} needs one variable with its range, such as n = "0..12"', *names[:1])
    name = _symbol(table, names[0])
    try:
        return (name, *integer_range(table.data[name]))
    except BadInput as error:
        raise table.error(f"{name}: {error}", name) from None


def _table(table: _Table) -> TableSpec:
    variable, low, high = _range(table, "a table", ("fold",))
    fold = table.has("fold", int, "a number of column groups") if "fold" in table.data else 1
    if not 1 <= fold <= 6:
        raise table.error(f"fold must be from 1 to 6 column groups, not {fold}", "fold")
    return TableSpec(variable, low, high, fold)


def _plots(table: _Table) -> tuple[PlotSpec, ...]:
    if "plot" not in table.data:
        return ()
    value = table.data["plot"]
    if isinstance(value, dict):
        return (_plot(table.table("plot")),)
    return tuple(_plot(p) for p in table.tables("plot", "[[problem.part.plot]]"))


def _plot(table: _Table) -> PlotSpec:
    if "kind" not in table.data:
        raise table.error(f"a plot needs the key 'kind', one of {', '.join(PLOT_KINDS)}")
    kind = table.one_of("kind", PLOT_KINDS)
    variable, low, high = _range(table, "a plot", ("kind", "caption", "set"))
    if kind == "stem" and "set" in table.data:
        raise table.error("a stem plot shows the values of its part; write set in the part", "set")
    values = _values(table.table("set")) if "set" in table.data else ()
    return PlotSpec(kind, variable, low, high, table.prose("caption"), values)


def _curve(table: _Table) -> CurveSpec:
    """A figure of curves: of the part's result, or of each of its lines."""
    variable, low, high = _range(table, "a figure of curves", ("caption", "lines", "set"))
    if low >= high:
        raise table.error(f"{variable}: a curve needs a range such as -2..2", variable)
    if "lines" in table.data and "set" in table.data:
        raise table.error("where there are lines, each has its own set", "set")
    lines = tuple(_line(line) for line in table.tables("lines", "lines = [{...}]")) or (_line(table, ("set",)),)
    return CurveSpec(variable, low, high, lines, table.prose("caption"))


def _line(table: _Table, keys: tuple[str, ...] = ("claim", "array", "set", "label", "over")) -> LineSpec:
    if len(keys) > 1:
        table.only("a line", (), keys)
    claim = table.text("claim")
    if claim and not _CLAIM.match(claim):
        raise table.error(f"claim must be construct.claim, such as soft_shrinkage.by_pieces, not {claim!r}", "claim")
    values = _values(table.table("set")) if "set" in table.data else ()
    names = [_symbol(table, table.text(key)) if table.text(key) else "" for key in ("array", "over")]
    return LineSpec(claim, names[0], values, table.prose("label"), names[1])
