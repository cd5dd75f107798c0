"""Exact values from text: `7`, `-1/2`, `0.25`, `L=7`, `-6..12`, `[[1, 2], [3, 4]]`.

The grammar is this and nothing more; no text is evaluated::

    value    = [sign] (digits ["/" digits] | digits "." digits)
    range    = [sign] digits ".." [sign] digits
    numbers  = "[" item {"," item} "]"       item = value | numbers
    setting  = name "=" (value | numbers)

`0.25` is the fraction 1/4, not the nearest binary number. Lengths are limited, since a number of a million digits is
no value of an exercise and converting it takes a minute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from derive.errors import BadInput

LONGEST_VALUE = 60
LONGEST_NUMBERS = 20_000
MOST_NUMBERS = 400
"""Entries of an array that is given by its numbers."""
DEEPEST = 4
LARGEST_RANGE = 10_000
_LONGEST_NAME = 40
_DIGITS = frozenset("0123456789")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*'*\Z")


class _Text:
    """A text and how far it has been read."""

    def __init__(self, text: str, wanted: str, most: int = LONGEST_VALUE) -> None:
        self.text, self.wanted, self.at = text, wanted, 0
        if len(text) > most:
            start = text[:12]
            raise BadInput(f"{start!r}... has {len(text)} characters; {wanted} has at most {most}")

    def skip_spaces(self) -> None:
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1

    def takes(self, sign: str) -> bool:
        """Whether the sign stands here; then it is read."""
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def negative(self) -> bool:
        if self.takes("-"):
            return True
        self.takes("+")
        return False

    def digits(self) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in _DIGITS:
            self.at += 1
        if start == self.at:
            raise self.error("a digit")
        if self.at - start > LONGEST_VALUE:
            raise BadInput(f"a number of {self.at - start} digits is too long; at most {LONGEST_VALUE} are allowed")
        return self.text[start : self.at]

    def end(self) -> None:
        self.skip_spaces()
        if self.at < len(self.text):
            raise self.error("nothing more")

    def error(self, expected: str) -> BadInput:
        found = repr(self.text[self.at]) if self.at < len(self.text) else "the end"
        where = f"at column {self.at + 1} stands {found} where {expected} was expected"
        return BadInput(f"{_short(self.text)} is not {self.wanted}: {where}")


def exact_value(text: str) -> Fraction:
    """The number that a text says, exactly.

    Raises:
        BadInput: the text is not an integer, a fraction or a decimal; the message names the column.

    Example:
        >>> exact_value("-1/2"), exact_value("0.25"), exact_value("7")
        (Fraction(-1, 2), Fraction(1, 4), Fraction(7, 1))
    """
    reader = _Text(text, "an exact number such as 7, -1/2 or 0.25")
    value = _value(reader)
    reader.end()
    return value


def _value(reader: _Text) -> Fraction:
    reader.skip_spaces()
    negative = reader.negative()
    whole = reader.digits()
    if reader.takes("/"):
        place = reader.at
        below = int(reader.digits())
        if below == 0:
            reader.at = place
            raise reader.error("a number other than 0")
        value = Fraction(int(whole), below)
    elif reader.takes("."):
        decimals = reader.digits()
        value = Fraction(int(whole + decimals), 10 ** len(decimals))
    else:
        value = Fraction(int(whole))
    return -value if negative else value


@dataclass(frozen=True)
class Numbers:
    """The numbers of an array: how many on each axis, and all of them, the last index running first."""

    shape: tuple[int, ...]
    entries: tuple[Fraction, ...]

    def __str__(self) -> str:
        return str(self._rows(self.shape, self.entries)).replace("'", "")

    def _rows(self, shape: tuple[int, ...], entries: Sequence[Fraction]) -> object:
        if not shape:
            return str(entries[0])
        step = len(entries) // shape[0]
        return [self._rows(shape[1:], entries[i : i + step]) for i in range(0, len(entries), step)]

    def at(self, lows: Sequence[int]) -> Mapping[tuple[int, ...], Fraction]:
        """The numbers by their indices, which begin at these.

        Example:
            >>> Numbers((2,), (Fraction(3), Fraction(4))).at((1,))
            {(1,): Fraction(3, 1), (2,): Fraction(4, 1)}
        """
        places = product(*(range(low, low + size) for low, size in zip(lows, self.shape, strict=True)))
        return dict(zip(places, self.entries, strict=True))


Nested = Fraction | Sequence["Nested"]


def as_numbers(rows: Nested, depth: int = 0) -> Numbers:
    """The numbers of nested lists.

    Raises:
        BadInput: rows of different lengths, an empty list, lists nested too deeply, or too many numbers.

    Example:
        >>> as_numbers([[Fraction(1), Fraction(2)]]).shape
        (1, 2)
    """
    if isinstance(rows, Fraction):
        return Numbers((), (rows,))
    if not rows:
        raise BadInput("there are no numbers between two brackets")
    if depth >= DEEPEST:
        raise BadInput(f"lists are nested at most {DEEPEST} deep")
    parts = [as_numbers(row, depth + 1) for row in rows]
    shapes = list(dict.fromkeys(part.shape for part in parts))
    if len(shapes) > 1:
        one, other = ("a number" if not s else f"a list of {s[0]}" for s in shapes[:2])
        raise BadInput(f"the rows are not of one length: {one} stands beside {other}")
    entries = tuple(entry for part in parts for entry in part.entries)
    if len(entries) > MOST_NUMBERS:
        raise BadInput(f"an array has at most {MOST_NUMBERS} numbers here, not {len(entries)} or more")
    return Numbers((len(parts), *shapes[0]), entries)


def array_numbers(text: str) -> Numbers:
    """The numbers that a text with brackets says.

    Raises:
        BadInput: the text is not that, with the column; or as `as_numbers`.

    Example:
        >>> array_numbers("[[1, -1/2], [3, 0.5]]").shape
        (2, 2)
    """
    reader = _Text(text, "an array such as [1, 2] or [[1, 2], [3, 4]]", LONGEST_NUMBERS)
    reader.skip_spaces()
    if not reader.takes("["):
        raise reader.error("'['")
    found = _rows(reader, 1)
    reader.end()
    return as_numbers(found)


def _rows(reader: _Text, depth: int) -> list[Nested]:
    """What stands in brackets, the first of which has been read."""
    if depth > DEEPEST:
        raise BadInput(f"lists are nested at most {DEEPEST} deep")
    found: list[Nested] = []
    while True:
        reader.skip_spaces()
        found.append(_rows(reader, depth + 1) if reader.takes("[") else _value(reader))
        reader.skip_spaces()
        if reader.takes("]"):
            return found
        if not reader.takes(","):
            raise reader.error("',' or ']'")


def assignment(text: str) -> tuple[str, Fraction | Numbers]:
    """Name and value of a setting.

    Raises:
        BadInput: there is no `=`, no name before it, or no exact value after it.

    Example:
        >>> assignment("a=1/2")
        ('a', Fraction(1, 2))
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput(f"{_short(text)} sets nothing; write a name, =, and an exact number, such as L=7 or a=1/2")
    is_array = value.lstrip(" ").startswith("[")
    return symbol_name(name.strip()), array_numbers(value) if is_array else exact_value(value)


def symbol_name(text: str) -> str:
    """The text, if it can name a symbol.

    Raises:
        BadInput: it cannot.

    Example:
        >>> symbol_name("W_in'")
        "W_in'"
    """
    if len(text) > _LONGEST_NAME or not _NAME.match(text):
        raise BadInput(f"{_short(text)} is not a symbol's name; write one like L, a or x_1")
    return text


def integer_range(text: str) -> tuple[int, int]:
    """The two ends of a range of integers, both included.

    Raises:
        BadInput: it is not `low..high`, it is empty, or it has more than 10,000 integers.

    Example:
        >>> integer_range("-6..12")
        (-6, 12)
    """
    reader = _Text(text, "a range of integers such as -6..12")
    reader.skip_spaces()
    low = _integer(reader)
    reader.skip_spaces()
    if not reader.takes(".."):
        raise reader.error("'..'")
    reader.skip_spaces()
    high = _integer(reader)
    reader.end()
    if high < low:
        raise BadInput(f"the range {text!r} is empty; write the smaller end first")
    if high - low >= LARGEST_RANGE:
        raise BadInput(f"the range {text!r} has {high - low + 1} integers; at most {LARGEST_RANGE} are allowed")
    return low, high


def _integer(reader: _Text) -> int:
    negative = reader.negative()
    value = int(reader.digits())
    return -value if negative else value


def _short(text: str) -> str:
    return repr(text) if len(text) <= LONGEST_VALUE else f"{text[:12]!r}..."
