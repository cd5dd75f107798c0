"""Where in a TOML file a key, and the text it is set to, stands.

`tomllib` reads a file without saying on which line anything was. This walk over the same text knows just enough of
TOML to find the statements (headers and `key = value`), the texts among the values, and their ends; it is used after
`tomllib` has accepted the text, so it need not find mistakes. It takes time in proportion to the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate

KeyPath = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_QUOTES = ('"""', "'''", '"', "'")
_BASIC = re.compile(r'(?:[^"\\]|\\.)*', re.DOTALL)
_LONG_BASIC = re.compile(r'(?:[^"\\]|\\.|"(?!""))*', re.DOTALL)
_SPACE = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}\n#]*")


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
    return key_and_text_places(text)[0]


def key_and_text_places(text: str) -> tuple[dict[KeyPath, int], dict[KeyPath, tuple[int, int]]]:
    r"""The lines of all headers and keys, and line and column of the first character within the quotes of each text.

    Example:
        >>> lines, texts = key_and_text_places("[[claim]]\nlet = ['a',\n  'b']")
        >>> lines["claim", 0, "let"], texts["claim", 0, "let", 1]
        (2, (3, 4))
    """
    return _Walk(text.replace("\r\n", "\n")).places()


class _Walk:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[KeyPath, int] = {}
        self.texts: dict[KeyPath, tuple[int, int]] = {}
        self.counts: dict[KeyPath, int] = {}
        self.table: KeyPath = ()
        self.starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]

    def places(self) -> tuple[dict[KeyPath, int], dict[KeyPath, tuple[int, int]]]:
        while self._next():
            line = bisect_right(self.starts, self.at)
            if self.text[self.at] == "[":
                self._header(line)
            else:
                path = self.table + self._keys("=")
                self._note(path, line)
                self._value(path)
        return self.found, self.texts

    def _note(self, path: KeyPath, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], line)

    def _next(self) -> bool:
        """Go to the next thing that is neither space, comma nor comment."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at < len(self.text)

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

    def _string(self) -> int:
        """Step over a text; returns where its first character is."""
        quotes = next(q for q in _QUOTES if self.text.startswith(q, self.at))
        first = self.at = self.at + len(quotes)
        if quotes[0] == '"':
            found = (_LONG_BASIC if len(quotes) == 3 else _BASIC).match(self.text, self.at)
            end = found.end() if found else self.at
        else:
            end = self.text.find(quotes, self.at)
        self.at = (len(self.text) if end < 0 else end) + len(quotes)
        while len(quotes) == 3 and self.text.startswith(quotes[0], self.at):
            self.at += 1  # up to two quotes may stand right before the closing three
        return first + 1 if len(quotes) == 3 and self.text.startswith("\n", first) else first

    def _value(self, path: KeyPath) -> None:
        if not self._next():
            return
        sign = self.text[self.at]
        if sign in "\"'":
            first = self._string()
            line = bisect_right(self.starts, first)
            self.texts[path] = (line, first - self.starts[line - 1] + 1)
        elif sign in "[{":
            self.at += 1
            number = 0
            while self._next() and self.text[self.at] not in "]}":
                line = bisect_right(self.starts, self.at)
                below: KeyPath = (*path, number) if sign == "[" else path + self._keys("=")
                if sign == "{":
                    self._note(below, line)
                self._value(below)
                number += 1
            self.at += 1
        else:
            found = _SCALAR.match(self.text, self.at)
            self.at = found.end() if found else self.at
