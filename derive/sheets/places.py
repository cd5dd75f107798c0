"""Where in a TOML file a key stands.

`tomllib` reads a file without saying on which line anything was. This walk over the same text knows just enough of
TOML to find the statements (headers and `key = value`) and to step over values; it is used after `tomllib` has
accepted the text, so it need not find mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

KeyPath = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_QUOTES = ('"""', "'''", '"', "'")


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int | None:
    """The line of a key, or of the nearest thing around it that has one.

    Example:
        >>> line_of({("problem", 0): 4}, ("problem", 0, "titel"))
        4
    """
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def key_lines(text: str) -> dict[KeyPath, int]:
    r"""Lines, from 1, of all headers and keys; tables of an array are counted from 0.

    Example:
        >>> key_lines('[[problem]]\n[[problem]]\ntitle = "x"')[("problem", 1, "title")]
        3
    """
    return _Walk(text.replace("\r\n", "\n")).lines()


class _Walk:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[KeyPath, int] = {}
        self.counts: dict[KeyPath, int] = {}
        self.table: KeyPath = ()

    def lines(self) -> dict[KeyPath, int]:
        while self._next_statement():
            line = self.text.count("\n", 0, self.at) + 1
            if self.text[self.at] == "[":
                self._header(line)
            else:
                self._note(self.table + self._keys("="), line)
                self._value()
        return self.found

    def _note(self, path: KeyPath, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], line)

    def _next_statement(self) -> bool:
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                self._comment()
            elif self.text[self.at].isspace():
                self.at += 1
            else:
                return True
        return False

    def _comment(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def _header(self, line: int) -> None:
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        names = self._keys("]")
        self.at += 1 if many else 0
        path: KeyPath = ()
        for number, name in enumerate(names):
            path = (*path, name)
            if many and number == len(names) - 1:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
        self.table = path
        self._note(path, line)

    def _keys(self, end: str) -> tuple[str, ...]:
        """The names of a dotted key, up to and with the sign that ends it."""
        names: list[str] = []
        while self.at < len(self.text) and self.text[self.at] != end:
            bare = _BARE.match(self.text, self.at)
            if bare:
                names.append(bare.group())
                self.at = bare.end()
            elif self.text[self.at] in "\"'":
                start = self.at
                self._string()
                names.append(self.text[start + 1 : self.at - 1])
            else:
                self.at += 1
        self.at += 1
        return tuple(names)

    def _string(self) -> None:
        quotes = next(q for q in _QUOTES if self.text.startswith(q, self.at))
        self.at += len(quotes)
        while self.at < len(self.text) and not self.text.startswith(quotes, self.at):
            self.at += 2 if self.text[self.at] == "\\" and quotes[0] == '"' else 1
        self.at += len(quotes)
        while len(quotes) == 3 and self.text.startswith(quotes[0], self.at):
            self.at += 1  # up to two quotes may stand right before the closing three

    def _value(self) -> None:
        depth = 0
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign in "\"'":
                self._string()
            elif sign == "#":
                self._comment()
            elif sign == "\n" and depth == 0:
                return
            else:
                depth += (sign in "[{") - (sign in "]}")
                self.at += 1
