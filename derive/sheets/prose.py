r"""Prose of a sheet file: words, `$inline mathematics$`, `*emphasis*`, `**strong**`, code between backticks.

A backslash before `$`, `*`, a backtick or another backslash gives that sign; elsewhere in the words it is a mistake,
since TeX commands belong between dollars.
"""

from __future__ import annotations

import re

from derive.errors import BadInput
from derive.render.document import Code, Emph, Inline, Latex, Strong, Words
from derive.sheets.mathematics import check_formula

LONGEST_PROSE = 20_000
_ESCAPED = "$*`\\"
_STARS = {"*": Emph, "**": Strong}


class ProseError(BadInput):
    """A mistake in a text, `lines` lines below its first."""

    def __init__(self, message: str, lines: int = 0) -> None:
        self.lines = lines
        super().__init__(message)


def prose(text: str) -> Words:
    r"""Words and mathematics of a text; line breaks are spaces, and there are none at the ends.

    Raises:
        ProseError: a dollar or a backtick without its partner, a TeX command outside of mathematics, a formula that is
            refused.

    Example:
        >>> prose(r"A pulse of length $L \ge 1$ for \$5.")
        ('A pulse of length ', Latex(source='L \\ge 1'), ' for $5.')
    """
    if len(text) > LONGEST_PROSE:
        raise ProseError(f"a text of {len(text)} characters is too long; at most {LONGEST_PROSE} are allowed")
    words = list(_joined(_emphasised(_pieces(text))))
    if words and isinstance(words[0], str):
        words[0] = words[0].lstrip()
    if words and isinstance(words[-1], str):
        words[-1] = words[-1].rstrip()
    return tuple(word for word in words if word != "")


def paragraphs(text: str) -> tuple[Words, ...]:
    r"""The paragraphs of a text, which empty lines separate.

    Raises:
        ProseError: as for `prose`.

    Example:
        >>> len(paragraphs('one\n\ntwo'))
        2
    """
    found = []
    line = 0
    for block in re.split(r"(\n[ \t]*(?:\n[ \t]*)+)", text):
        if block.strip():
            try:
                found.append(prose(block.strip(" \t")))
            except ProseError as error:
                raise ProseError(str(error), line + error.lines) from None
        line += block.count("\n")
    return tuple(found)


def _pieces(text: str) -> list[str | Latex | Code]:
    r"""Text, stars (`*` and `**`, alone), formulas and code, escapes resolved (an escaped star is `\*`)."""
    pieces: list[str | Latex | Code] = []
    at = 0
    while at < len(text):
        sign = text[at]
        line = text.count("\n", 0, at)
        if sign == "\\":
            following = text[at + 1 : at + 2]
            if not following or following not in _ESCAPED:
                command = re.match(r"\\[A-Za-z@]*", text[at:])
                shown = command.group() if command else sign
                raise ProseError(
                    f"{shown} stands outside of mathematics; put a formula between $, and write \\\\ for a backslash",
                    line,
                )
            pieces.append("\\*" if following == "*" else following)
            at += 2
        elif sign == "$":
            end = _formula_end(text, at + 1)
            if end is None:
                raise ProseError(f"the $ before {_start(text[at + 1 :])} has no partner; a dollar sign is \\$", line)
            source = text[at + 1 : end]
            if not source:
                raise ProseError("$$ is not used here; put inline mathematics between single $", line)
            try:
                check_formula(source)
            except BadInput as error:
                raise ProseError(str(error), line) from None
            pieces.append(Latex(" ".join(source.split())))
            at = end + 1
        elif sign == "`":
            end = text.find("`", at + 1)
            if end < 0:
                raise ProseError(f"the ` before {_start(text[at + 1 :])} has no partner; a backtick is \\`", line)
            _check_controls(text[at + 1 : end], line)
            pieces.append(Code(" ".join(text[at + 1 : end].split())))
            at = end + 1
        elif sign == "*":
            stars = "**" if text.startswith("**", at) else "*"
            pieces.append(stars)
            at += len(stars)
        else:
            found = re.compile(r"[^\\$*`]+").match(text, at)
            run = found.group() if found else sign
            _check_controls(run, line)
            pieces.append(run)
            at += len(run)
    return pieces


def _check_controls(run: str, line: int) -> None:
    for character in run:
        if (character < " " and character not in "\n\t\r") or character == "\x7f":
            raise ProseError(f"the control character {character!r} cannot be printed", line)


def _formula_end(text: str, at: int) -> int | None:
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == "$":
            return at
        else:
            at += 1
    return None


def _start(text: str) -> str:
    shown = " ".join(text.split())
    if not shown:
        return "the end"
    return repr(shown) if len(shown) <= 30 else f"{shown[:27]!r}..."


def _emphasised(pieces: list[str | Latex | Code]) -> list[Inline]:
    """Pairs of stars turned into emphasis; a star without a partner is a star."""
    made: list[Inline] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        end = _partner(pieces, at) if isinstance(piece, str) and piece in _STARS else None
        if end is None:
            made.append("*" if piece == "\\*" else piece)
            at += 1
            continue
        style = _STARS[str(piece)]
        for inner in _joined([("*" if p == "\\*" else p) for p in pieces[at + 1 : end]]):
            made.append(style(inner) if isinstance(inner, str) else inner)
        at = end + 1
    return made


def _partner(pieces: list[str | Latex | Code], at: int) -> int | None:
    """Where the emphasis that starts at `at` ends: stars touch the words that they enclose."""
    following = pieces[at + 1] if at + 1 < len(pieces) else " "
    if isinstance(following, str) and (following[0].isspace() or following in _STARS):
        return None
    for end in range(at + 2, len(pieces)):
        before = pieces[end - 1]
        if pieces[end] == pieces[at] and not (isinstance(before, str) and before[-1].isspace()):
            return end
    return None


def _joined(pieces: list[Inline]) -> Words:
    """Neighbouring words in one piece, white space as single spaces."""
    made: list[Inline] = []
    for piece in pieces:
        if isinstance(piece, str) and made and isinstance(made[-1], str):
            made[-1] += piece
        else:
            made.append(piece)
    spaced = [re.sub(r"\s+", " ", p) if isinstance(p, str) else p for p in made]
    return tuple(p for p in spaced if p != "")
