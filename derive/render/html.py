"""Documents as one HTML file that needs nothing else: mathematics as MathML, figures as SVG, no script, no network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sympy import Basic

from derive.errors import CannotPrint, RenderError
from derive.render import escape, figures, pages, tex
from derive.render.document import (
    Block,
    Code,
    Document,
    Emph,
    Equation,
    Figure,
    Grid,
    Inline,
    Latex,
    Line,
    Listing,
    Strong,
    Words,
)
from derive.render.lines import in_pieces
from derive.render.tex_pieces import legible
from derive.render.text import plain

_SPACED_BREAK = re.compile(r"\\\\\s*\[[^\]]*\]")  # math-core prints the length of `\\[2pt]` instead of leaving room
_CLOSING = re.compile(r"[.,;:?!)]+")
_LONG, _LONG_IF_NARROW, _LONG_TOGETHER = 42, 20, 95
"""Left sides with more letters as plain text would be cut by their column, on a wide and on a narrow page; and with
more letters on both sides the right one would be."""


def write(document: Document, own: Path | None = None) -> str:
    """The whole sheet as a page.

    Args:
        document: The sheet.
        own: A folder whose `html/` overrides our templates; its `style.css` comes after ours.
    """
    pages.figures_in(document)  # refuses two figures of one name
    return _tidy(pages.render(_environment(own), "sheet.html", document=document))


def blocks(blocks: tuple[Block, ...]) -> str:
    """Blocks alone, for a page that has the rules of `templates/html/style.css`."""
    return _tidy(pages.render(_environment(), "fragment.html", blocks=blocks))


def words(text: Words) -> str:
    """Running text with inline mathematics; no line begins with the sign that ends a formula.

    Example:
        >>> words((Latex("n"), ". So"))
        '<span class="kept"><math><mi>n</mi></math>.</span> So'
    """
    made = [_inline(piece) for piece in text]
    for number, following in enumerate(made[1:], start=1):
        signs = _CLOSING.match(following)
        if signs and made[number - 1].endswith("</math>"):
            made[number - 1] = f'<span class="kept">{made[number - 1]}{signs[0]}</span>'
            made[number] = following[signs.end() :]
    return "".join(made)


def reason(text: Words) -> str:
    """Words beside a line: as running text, with fractions that can be read."""
    return "".join(
        math(legible(tex.latex(p, tex.MATHML))) if isinstance(p, (Basic, Equation)) else _inline(p) for p in text
    )


def math(source: str, *, display: bool = False) -> str:
    r"""LaTeX as MathML.

    Raises:
        CannotPrint: The formula has a command that MathML has no form for.

    Example:
        >>> math("n<1")
        '<math><mi>n</mi><mo>&lt;</mo><mn>1</mn></math>'
    """
    from math_core import LatexError

    try:
        made = _converter().convert_with_local_state(_SPACED_BREAK.sub(r"\\\\", source), displaystyle=display)
    except LatexError as error:
        raise CannotPrint(f"the formula {source!r} has no HTML form: {_reason(error)}") from error
    # Chromium sets what it is told to be an accent into the letter; browsers know an accent without being told.
    told = str(made).replace('<mover accent="true">', "<mover>").replace("&ApplyFunction;", "\u2061")
    return told.replace(">\u00af</mo></mover>", ">\u203e</mo></mover>")


@cache
def _converter() -> Any:
    """The converter; it is frozen and keeps no state between formulas, since none is numbered."""
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False)


def _reason(error: Exception) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip().splitlines()[0]


def _term(term: Basic | Equation, *, display: bool = False) -> str:
    return math(tex.latex(term, tex.MATHML), display=display)


def _inline(piece: Inline) -> str:
    if isinstance(piece, str):
        return escape.html(escape.with_minus(piece))
    if isinstance(piece, Latex):
        return math(piece.source)
    if isinstance(piece, Strong):
        return f"<strong>{escape.html(piece.text)}</strong>"
    if isinstance(piece, Emph):
        return f"<em>{escape.html(piece.text)}</em>"
    if isinstance(piece, Code):
        return f"<code>{escape.html(piece.text)}</code>"
    if isinstance(piece, (Basic, Equation)):
        return _term(piece)
    raise RenderError(f"{type(piece).__name__} cannot stand in running text")


def _apart(lines: Sequence[Line]) -> str:
    """Whether the left side of a chain gets a line of its own: on a narrow page, or on every page."""
    longest = max((len(plain(line.left)) for line in lines if line.left is not None), default=0)
    if longest <= _LONG_IF_NARROW:
        return ""
    whole = longest + max(len(plain(line.term)) for line in lines)
    return " apart" if longest > _LONG or whole > _LONG_TOGETHER else " narrow"


def _answer(equation: Equation) -> str:
    """An equation, which may be broken in front of the sign of an equivalence."""
    if equation.relation != "<=>":
        return _term(equation, display=True)
    return _term(equation.left, display=True) + "&#8203;" + _right_side(Line("<=>", equation.right))


def _right_side(line: Any) -> str:
    pieces = in_pieces(line)
    if pieces:
        # Each sign ends a piece, so that it is set between two terms; a line may break after it.
        start = tex.relation(line.relation, tex.MATHML) + pieces[0][0]
        ends = [*(f"{sign}{{}}" for sign, _ in pieces[1:]), ""]
        terms = [tex.latex(term, tex.MATHML) + end for (_, term), end in zip(pieces, ends, strict=True)]
        return "&#8203;".join(math("{}" + piece, display=True) for piece in (start + terms[0], *terms[1:]))
    return math("{}" + tex.right_side(line, tex.MATHML), display=True)


def _matrix(grid: Grid) -> str:
    return math(tex.matrix(grid, tex.MATHML))


def _listing(listing: Listing) -> str:
    """Line by line, an empty one kept by a space that does not break."""
    return "".join(f"<code>{escape.html(line)}</code>\n" for line in pages.numbered(listing))


def _draw(figure: Figure) -> str:
    return figures.draw(figure, "svg").decode()


def _tidy(page: str) -> str:
    """At most one empty line, no spaces at line ends."""
    return re.sub(r"\n{2,}", "\n", re.sub(r"[ \t]+\n", "\n", page)).strip("\n") + "\n"


def _environment(own: Path | None = None) -> Any:
    return pages.environment("html", {
        "words": words,
        "reason": reason,
        "text": escape.html,
        "math": _term,
        "formula": math,
        "shown": lambda source: math(source, display=True),
        "display": lambda term: _term(term, display=True),
        "right_side": _right_side,
        "apart": _apart,
        "answer": _answer,
        "guard": lambda condition: math(tex.guard(condition, tex.MATHML)),
        "matrix": _matrix,
        "listing": _listing,
        "drawing": _draw,
    }, own=own)
