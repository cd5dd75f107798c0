"""Tables of a sheet file that know where their keys stand, so that a mistake is told with its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.claims.toml_lines import KeyPath, key_lines, line_of
from derive.errors import BadInput, SheetError, nearest
from derive.sheets.prose import ProseError, paragraphs
from derive.sheets.values import exact_value, integer_range, symbol_name

LONGEST_TITLE = 200
CLAIM = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?\Z")
"""The name of a construct, or construct.claim."""
_KINDS = {str: "text", bool: "true or false", int: "a number", float: "a number", dict: "a table", list: "a list"}


class Table:
    """A table of the file that says where its keys stand."""

    def __init__(self, data: dict[str, Any], path: KeyPath, source: Source) -> None:
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
                raise self.error(f"{what} has no key {key!r}; {nearest(key, known)}", key)
        for key in required:
            if key not in self.data:
                raise self.error(f"{what} needs the key {key!r}")

    def has(self, key: str, kind: type | tuple[type, ...], wanted: str) -> Any:
        value = self.data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(f"{key} must be {wanted}, not {kind_of(value)}", key)
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
        self._check_prose(text, key, key)
        return text

    def proses(self, key: str) -> tuple[str, ...]:
        """A list of texts; a text alone is a list of one."""
        value = self.data.get(key, [])
        if isinstance(value, str):
            return (self.prose(key),)
        if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
            raise self.error(f"{key} must be a text in quotes or a list of such texts", key)
        for number, text in enumerate(value):
            self._check_prose(text, f"entry {number + 1} of {key}", key)
        return tuple(value)

    def _check_prose(self, text: str, name: str, key: str) -> None:
        try:
            paragraphs(text)
        except ProseError as error:
            line = self.line_of(key)
            if line is not None and name == key and key in self.data:
                line += self.source.lines_down(line, error.lines)
            raise SheetError(f"{name}: {error}", self.source.file, line) from None

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in known:
            raise self.error(f"{key} cannot be {value!r}; {nearest(value, known)}", key)
        return value

    def tables(self, key: str, header: str) -> tuple[Table, ...]:
        value = self.data.get(key, [])
        if isinstance(value, dict):
            raise self.error(f"write {header} with two brackets, since there may be several", key)
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.error(f"{key} must be a list of tables that begin with {header}, not {kind_of(value)}", key)
        return tuple(Table(v, (*self.path, key, i), self.source) for i, v in enumerate(value))

    def table(self, key: str) -> Table:
        return Table(self.has(key, dict, "a table in braces"), (*self.path, key), self.source)


@dataclass(frozen=True)
class Source:
    """The file that tables stand in: its name, its text, the lines of its keys."""

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


def kind_of(value: Any) -> str:
    """What TOML calls a value of this kind, in words."""
    return _KINDS.get(type(value), "a date or time")


def parsed(text: str, file: str) -> Table:
    """The whole file as a table.

    Raises:
        SheetError: it is not TOML.
    """
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
    return Table(data, (), Source(file, unix, key_lines(unix)))


def values_of(table: Table) -> tuple[tuple[str, Fraction], ...]:
    """Names of symbols with exact numbers."""
    return tuple((symbol_of(table, name), value_of(table, name)) for name in table.data)


def symbol_of(table: Table, name: str) -> str:
    """The name of a symbol."""
    try:
        return symbol_name(name)
    except BadInput as error:
        raise table.error(str(error), name) from None


def value_of(table: Table, name: str) -> Fraction:
    """The exact number under the name."""
    return exact_of(table, name, table.data[name])


def exact_of(table: Table, name: str, value: Any) -> Fraction:
    """The exact number that a value is."""
    if isinstance(value, float):
        why = f'{name} = {value} is a binary number and not exact; write it as text, such as {name} = "1/2" or "0.25"'
        raise table.error(why, name)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise table.error(f'{name} must be an exact number such as 7 or "1/2", not {kind_of(value)}', name)
    try:
        return exact_value(str(value))
    except BadInput as error:
        raise table.error(f"{name}: {error}", name) from None


def range_of(table: Table, what: str, taken: tuple[str, ...]) -> tuple[str, int, int]:
    """The one key that is a variable, with its range."""
    names = [key for key in table.data if key not in taken]
    text = [key for key in names if isinstance(table.data[key], str)]
    if len(names) != 1 or len(text) != 1:
        for name in names:
            close = difflib.get_close_matches(name, taken, n=1)
            if close and len(names) > 1:
                raise table.error(f"{what} has no key {name!r}; did you mean {close[0]!r}?", name)
        raise table.error(f'{what} needs one variable with its range, such as n = "0..12"', *names[:1])
    name = symbol_of(table, names[0])
    try:
        return (name, *integer_range(table.data[name]))
    except BadInput as error:
        raise table.error(f"{name}: {error}", name) from None
