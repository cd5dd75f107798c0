r"""What the scanner finds at a place by its look alone: numbers, names of commands, words in braces."""

from __future__ import annotations

import re

NUMBER = re.compile(r"(?:[0-9]+(?:\{,\}[0-9]{3})*(?:\.[0-9]+)?|\.[0-9]+)", re.ASCII)
COMMAND = re.compile(r"[A-Za-z]+\*?|.", re.ASCII | re.DOTALL)
BLANK = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"\{((?:[A-Za-z0-9 ]|\\,|\\ |\\_|~)*)\}", re.ASCII)
_HYPHENED = re.compile(r"\{((?:[A-Za-z0-9 -]|\\,|\\ |\\_|~)*)\}", re.ASCII)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z]+)*", re.ASCII)
_ENVIRONMENT = re.compile(r"\{[A-Za-z]{1,20}\*?\}", re.ASCII)
_HEIGHT = re.compile(r"\*?(?:\[-?[0-9]*\.?[0-9]+(?:pt|em|ex|mm|cm)\])?", re.ASCII)


def word_at(text: str, place: int, hyphens: bool) -> tuple[str, int]:
    r"""The word of letters and digits in braces that begins at a place, and the length of all of it; ('', 0) if none.

    Example:
        >>> word_at(r"{arg\,max} x", 0, False), word_at("{x^2}", 0, False)
        (('argmax', 10), ('', 0))
    """
    match = (_HYPHENED if hyphens else _WORD).match(text, place)
    word = re.sub(r"\\,|\\ |~| ", "", match[1]).replace("\\_", "_") if match else ""
    return (word, len(match[0])) if match and word else ("", 0)


def is_name(words: str) -> bool:
    """One word of letters and digits.

    Example:
        >>> is_name("softmax"), is_name("if x")
        (True, False)
    """
    return _NAME.fullmatch(words) is not None


def height_at(text: str, place: int) -> int:
    r"""How long the star and the distance after `\\\\` are.

    Example:
        >>> height_at("[2pt] x", 0), height_at("[x]", 0)
        (5, 0)
    """
    match = _HEIGHT.match(text, place)
    return len(match[0]) if match else 0


def environment_at(text: str, place: int) -> str:
    """The name of an environment with its braces, '' if none stands there.

    Example:
        >>> environment_at("{align*} a", 0)
        '{align*}'
    """
    match = _ENVIRONMENT.match(text, place)
    return match[0] if match else ""
