"""Documents in Markdown as GitHub reads it: dollars around mathematics, figures as files beside the page.

Steps stand in a table, so that relations line up and reasons wrap. GitHub reads Markdown before mathematics, so a
formula here has no backslash before a punctuation mark, no bare `|`, `<` or `>`, and no line break.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from sympy import Basic

from derive.errors import RenderError
from derive.render import escape, pages, tex
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
from derive.render.latex import check_balanced
from derive.render.lines import in_pieces
from derive.render.pages import Answer
from derive.render.tex_pieces import legible

_MARKS = {
    r"\,": r"\thinspace ", r"\;": r"\thickspace ", r"\:": r"\medspace ", r"\!": r"\negthinspace ", "\\ ": r"\enspace ",
    r"\{": r"\lbrace ", r"\}": r"\rbrace ", r"\|": r"\Vert ", r"\\": r"\cr ",
    "|": r"\vert ", "<": r"\lt ", ">": r"\gt ", "*": r"\ast ", "\n": " ",
}
_MARK = re.compile(r"\\[A-Za-z]+|\\.|[|<>*\n]", re.DOTALL)
_LINE_START = re.compile(r"^(\d+)([.)])|^([-+=])")


def write(document: Document, own: Path | None = None) -> str:
    """The whole sheet; figures are read from `DOCUMENT-FIGURE.svg` beside it.

    Args:
        document: The sheet.
        own: A folder whose `markdown/` overrides our templates.
    """
    pages.figures_in(document)  # refuses two figures of one name
    return _tidy(pages.render(_environment(document.name, own), "sheet.md", document=document))


def blocks(blocks: tuple[Block, ...], document_name: str = "") -> str:
    """Blocks alone."""
    return _tidy(pages.render(_environment(document_name), "fragment.md", blocks=blocks))


def words(text: Words) -> str:
    """Running text with inline mathematics."""
    return _LINE_START.sub(lambda m: rf"{m[1]}\{m[2]}" if m[1] else rf"\{m[3]}", "".join(_inline(p) for p in text))


def reason(text: Words) -> str:
    """Words beside a line: as running text, with fractions that can be read."""
    written = (f"${legible(_math(p))}$" if isinstance(p, (Basic, Equation)) else _inline(p) for p in text)
    return "".join(written)


def formula(source: str) -> str:
    r"""The author's LaTeX without what Markdown would take for its own.

    Example:
        >>> formula(r"a\in\{0,\,1\}")
        'a\\in\\lbrace 0,\\thinspace 1\\rbrace '
    """
    return _MARK.sub(lambda m: _MARKS.get(m[0], m[0]), check_balanced(source))


def _inline(piece: Inline) -> str:
    if isinstance(piece, str):
        return escape.markdown(escape.with_minus(piece))
    if isinstance(piece, Latex):
        return f"${formula(piece.source).strip()}$"
    if isinstance(piece, Strong):
        return _marked("**", piece.text)
    if isinstance(piece, Emph):
        return _marked("*", piece.text)
    if isinstance(piece, Code):
        return _code(piece.text)
    if isinstance(piece, (Basic, Equation)):
        return f"${_math(piece)}$"
    raise RenderError(f"{type(piece).__name__} cannot stand in running text")


def _marked(mark: str, text: str) -> str:
    """Emphasis; Markdown sees none where a space stands inside the marks, so spaces go outside."""
    core = text.strip()
    if not core:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{escape.markdown(core)}{mark}{after}"


def _code(text: str) -> str:
    """Between more backticks than it has in a row; a bar, which would end the cell of a table, by its number."""
    if "|" in text:
        return f"<code>{escape.html(text).replace('|', '&#124;')}</code>"
    mark = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return mark + space + escape.plain(text) + space + mark


def _math(term: Basic | Equation) -> str:
    return tex.latex(term, tex.MARKDOWN)


def _row(line: Line) -> str:
    left = "" if line.left is None else rf"$\displaystyle {_math(line.left)}$"
    right = tex.right_side(line, tex.MARKDOWN)
    pieces = in_pieces(line)
    if pieces:
        (sign, first), *rest = pieces
        right = tex.relation(line.relation, tex.MARKDOWN) + sign + _math(first)
        right += "".join(rf"{sign}{{}}$ $\displaystyle {_math(term)}" for sign, term in rest)
    return rf"| {left} | $\displaystyle {right}$ | {reason(line.reason)} |".replace("|  |", "| |")


def _answer(answer: Answer, conditions: tuple[Any, ...] = ()) -> str:
    guard = "" if answer.condition is None else tex.guard(answer.condition, tex.MARKDOWN) + r":\quad "
    under = r",\enspace ".join(tex.latex(c, tex.MARKDOWN) for c in conditions)
    return guard + _math(answer.equation) + (rf"\qquad({under})" if under else "")


def _grid(grid: Grid) -> str:
    return rf"{words(grid.before)}$\displaystyle {tex.matrix(grid, tex.MARKDOWN)}${words(grid.after)}"


def _listing(listing: Listing) -> str:
    """A block of code, fenced by more backticks than any of its lines has."""
    lines = [escape.plain(line) for line in pages.numbered(listing)]
    fence = "`" * max(3, *(len(run) + 1 for line in lines for run in re.findall("`+", line)), 3)
    return "\n".join((fence, *lines, fence))


def _picture(figure: Figure, document_name: str) -> str:
    return f"![{escape.markdown(figure.alt)}]({pages.figure_file(document_name, figure, 'svg')})"


def _tidy(page: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", page)).strip("\n") + "\n"


def _environment(document_name: str, own: Path | None = None) -> Any:
    return pages.environment("markdown", {
        "words": words,
        "text": escape.markdown,
        "math": _math,
        "formula": formula,
        "row": _row,
        "answer": _answer,
        "grid": _grid,
        "listing": _listing,
        "picture": partial(_picture, document_name=document_name),
    }, own=own)
