"""Exact values from text: `7`, `-1/2`, `0.25`, `L=7`, `-6..12`.

The grammar is this and nothing more; no text is evaluated::

    value    = [sign] (digits ["/" digits] | digits "." digits)
    range    = [sign] digits ".." [sign] digits
    setting  = name "=" value

`0.25` is the fraction 1/4, not the nearest binary number. Lengths are limited, since a number of a million digits is
no value of an exercise and converting it takes a minute.
"""

from __future__ import annotations

import re
from fractions import Fraction

from derive.errors import BadInput

LONGEST_VALUE = 60
LARGEST_RANGE = 10_000
_LONGEST_NAME = 40
_DIGITS = frozenset("0123456789")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*'*\Z")


class _Text:
    """A text and how far it has been read."""

    def __init__(self, text: str, wanted: str) -> None:
        self.text, self.wanted, self.at = text, wanted, 0
        if len(text) > LONGEST_VALUE:
            start = text[:12]
            raise BadInput(f"{start!r}... has {len(text)} characters; {wanted} has at most {LONGEST_VALUE}")

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
        return self.text[start : self.at]

    def end(self) -> None:
        self.skip_spaces()
        if self.at < len(self.text):
            raise self.error("nothing more")

    def error(self, expected: str) -> BadInput:
        found = repr(self.text[self.at]) if self.at < len(self.text) else "the end"
        return BadInput(
            f"{self.text!r} is not {self.wanted}: at column {self.at + 1} stands {found} where {expected} was expected"
        )


def exact_value(text: str) -> Fraction:
    """The number that a text says, exactly.

    Raises:
        BadInput: the text is not an integer, a fraction or a decimal; the message names the column.

    Example:
        >>> exact_value("-1/2"), exact_value("0.25"), exact_value("7")
        (Fraction(-1, 2), Fraction(1, 4), Fraction(7, 1))
    """
    reader = _Text(text, "an exact number such as 7, -1/2 or 0.25")
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
    reader.end()
    return -value if negative else value


def assignment(text: str) -> tuple[str, Fraction]:
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
    return symbol_name(name.strip()), exact_value(value)


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
