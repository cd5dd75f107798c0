"""Words made safe for each format, character by character, from one table each.

A chain of replacements would escape its own output (SymPy's `latex_escape` breaks `a~b` so); one look at each
character cannot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from derive.errors import CannotPrint
from derive.render.names import GREEK

_SIGNS = {
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "∞": r"\infty", "→": r"\to", "⇒": r"\Rightarrow", "∈": r"\in",
    "√": r"\surd", "−": "-", "≈": r"\approx", "∂": r"\partial", "✓": r"\checkmark", "⌊": r"\lfloor", "⌋": r"\rfloor",
    "⌈": r"\lceil", "⌉": r"\rceil", "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "⊤": r"\top", "∇": r"\nabla", "⋅": r"\cdot",
}
LATEX: Mapping[str, str] = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}", "\n": " ", "\t": " ", "\u00a0": "~",
    "\u2009": r"\,", "\u2212": r"\ensuremath{-}",
    **{letter: rf"\ensuremath{{\{name}}}" for name, letter in GREEK.items()},
    **{sign: rf"\ensuremath{{{command}}}" for sign, command in _SIGNS.items()},
}
HTML: Mapping[str, str] = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\t": " "}
MARKDOWN: Mapping[str, str] = {
    **{mark: "\\" + mark for mark in "\\`*_{}[]#$|~"}, "<": "&lt;", ">": "&gt;", "&": "&amp;", "\n": " ", "\t": " ",
}
TEXT: Mapping[str, str] = {"\n": " ", "\t": " "}

# What pdflatex sets with the T1 encoding: Latin letters, and the usual quotation marks, dashes and dots.
_TEX_KNOWS = "–—‘’“”„…•€†‡‹›"


_NEGATIVE = re.compile(r"(?<![^\s(])-(?=\d)")


def latex(text: str) -> str:
    r"""Words for LaTeX.

    Raises:
        CannotPrint: A character that the fonts of the sheet do not have.

    Example:
        >>> latex("a~b_1 < 50%")
        'a\\textasciitilde{}b\\_1 \\textless{} 50\\%'
    """
    for character in text:
        if character not in LATEX and ord(character) > 0x17F and character not in _TEX_KNOWS:
            place = f"U+{ord(character):04X}"
            raise CannotPrint(f"the character {character!r} ({place}) is not in the fonts of the LaTeX sheet")
    return _escaped(text, LATEX)


def with_minus(text: str) -> str:
    """Words with a minus before each number that has a hyphen there.

    Example:
        >>> with_minus("1 and -1, but mid-1 and 1-2")
        '1 and −1, but mid-1 and 1-2'
    """
    return _NEGATIVE.sub("\u2212", text)


def html(text: str) -> str:
    """Words for HTML, in text and in attributes alike.

    Example:
        >>> html('<b class="x">')
        '&lt;b class=&quot;x&quot;&gt;'
    """
    return _escaped(text, HTML)


def markdown(text: str) -> str:
    r"""Words for Markdown.

    Example:
        >>> print(markdown("2 * a_b"))
        2 \* a\_b
    """
    return _escaped(text, MARKDOWN)


def terminal(text: str) -> str:
    """Words for a terminal; control characters could move its cursor, so they are refused."""
    return _escaped(text, TEXT)


def plain(text: str) -> str:
    """Words for a place where nothing has a meaning of its own, such as a fenced block of Markdown."""
    return _escaped(text, {})


def _escaped(text: str, table: Mapping[str, str]) -> str:
    for character in text:
        if (ord(character) < 0x20 and character not in "\n\t") or 0x7F <= ord(character) < 0xA0:
            raise CannotPrint(f"the control character U+{ord(character):04X} cannot stand in a text")
    return "".join(table.get(character, character) for character in text)
