"""Documents in LaTeX: exam class, solutions printed, reasons in a column of their own."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from sympy import Basic

from derive.errors import RenderError
from derive.language import AllOf, Compare, Condition, all_of
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
from derive.render.pages import Answer
from derive.render.relations import as_chains
from derive.render.tex_pieces import breakable, legible, unbroken

LONGEST_WHOLE = 60
"""Of a condition in running text, in characters of TeX, that is not divided between two lines."""


def write(document: Document, own: Path | None = None) -> str:
    """The whole sheet as a LaTeX file; figures are read from `DOCUMENT-FIGURE.pdf` beside it.

    Args:
        document: The sheet.
        own: A folder whose `latex/` overrides our templates; its `macros.tex` comes after ours.
    """
    pages.figures_in(document)  # refuses two figures of one name
    return tidy(pages.render(environment(document.name, own), "sheet.tex", document=document))


def blocks(blocks: tuple[Block, ...], document_name: str = "") -> str:
    """Blocks alone, for a document that has the macros of `templates/latex/macros.tex`."""
    return tidy(pages.render(environment(document_name), "fragment.tex", blocks=blocks))


def tidy(source: str) -> str:
    r"""At most one empty line between paragraphs, no spaces at line ends, one newline at the end.

    Example:
        >>> tidy("a \n\n\n\nb")
        'a\n\nb\n'
    """
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", source)).strip("\n") + "\n"


def words(text: Words) -> str:
    """Running text with inline mathematics."""
    return "".join(_inline(piece) for piece in text)


def reason(text: Words) -> str:
    """Words beside a line: as running text, with fractions that can be read."""
    return "".join(f"${legible(tex.latex(p))}$" if isinstance(p, (Basic, Equation)) else _inline(p) for p in text)


def _inline(piece: Inline) -> str:
    if isinstance(piece, str):
        return escape.latex(escape.with_minus(piece))
    if isinstance(piece, Latex):
        return f"${check_balanced(piece.source)}$"
    if isinstance(piece, Strong):
        return rf"\textbf{{{escape.latex(piece.text)}}}"
    if isinstance(piece, Emph):
        return rf"\emph{{{escape.latex(piece.text)}}}"
    if isinstance(piece, Code):
        return rf"\texttt{{{''.join(map(_letter, piece.text)).replace('  ', ' { }')}}}"
    if isinstance(piece, Condition):
        return ", ".join(f"${_whole(unbroken(part))}$" for part in _conjuncts(piece))
    if isinstance(piece, (Basic, Equation)):
        return f"${unbroken(tex.latex(piece))}$"
    raise RenderError(f"{type(piece).__name__} cannot stand in running text")


def _conjuncts(condition: Condition) -> tuple[str, ...]:
    """A condition in LaTeX; of comparisons that hold together, each by itself."""
    if not isinstance(condition, AllOf) or not all(isinstance(part, Compare) for part in condition.args):
        return (tex.latex(condition),)
    return tuple(tex.latex(all_of(*chain)) for chain in as_chains(condition.args))


def _whole(formula: str) -> str:
    """A short formula as one piece, within which no line ends."""
    return f"{{{formula}}}" if len(formula) <= LONGEST_WHOLE and r"\text" not in formula else formula


def check_balanced(source: str) -> str:
    r"""The author's mathematics, if it stays inside its dollars.

    Raises:
        RenderError: A brace is not closed, or a dollar or comment sign would end the formula early.

    Example:
        >>> check_balanced(r"\frac{1}{2}")
        '\\frac{1}{2}'
    """
    depth, previous = 0, ""
    for character in source:
        if previous == "\\":
            previous = ""
            continue
        if character in "$%":
            raise RenderError(f"the formula {source!r} has a bare {character!r}; write \\{character} inside a formula")
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            break
        previous = character
    if depth != 0 or previous == "\\":
        raise RenderError(f"the braces of the formula {source!r} do not match")
    return source


def _row(line: Line) -> str:
    left = "" if line.left is None else tex.latex(line.left)
    return rf"\row{{{left}}}{{{breakable(tex.right_side(line))}}}{{{reason(line.reason)}}}"


def _answer(answer: Answer, conditions: tuple[Any, ...] = ()) -> str:
    r"""`\one{...}`; where TeX finds no place to break a line, `\rigid{...}` or `\under{...}{conditions}`."""
    formula = breakable(tex.latex(answer.equation))
    if answer.condition is not None:
        formula = tex.guard(answer.condition) + r":\quad " + formula
    # A line may break before and between the conditions, but not within one.
    each = r",\allowbreak\ ".join(f"{{{part}}}" for c in conditions for part in _conjuncts(c))
    under = rf"\allowbreak({each})" if conditions else ""
    if r"\begin{" in formula:
        return rf"\under{{{formula}}}{{{under}}}" if under else rf"\rigid{{{formula}}}"
    return rf"\one{{{formula}\qquad{under}}}" if under else rf"\one{{{formula}}}"


def _grid(grid: Grid) -> str:
    columns = len(grid.cells[0]) if grid.cells else 0
    room = rf"\setcounter{{MaxMatrixCols}}{{{columns}}}" if columns > 10 else ""
    return rf"{room}\fitted{{{words(grid.before)}$\displaystyle {tex.matrix(grid)}${words(grid.after)}}}"


def _framed(grid: Grid) -> str:
    """A grid as the line of an answer."""
    before, after = (rf"\mbox{{{words(text)}}}" if text else "" for text in (grid.before, grid.after))
    room = rf"\setcounter{{MaxMatrixCols}}{{{len(grid.cells[0])}}}" if len(grid.cells[0]) > 10 else ""
    return rf"{room}\answer{{\rigid{{{before}{tex.matrix(grid)}{after}}}}}"


def _inline_grid(grid: Grid) -> str:
    return rf"\mbox{{{words(grid.before)}$\displaystyle {tex.matrix(grid)}${words(grid.after)}}}"


def _letter(character: str) -> str:
    if character.isalnum() or character == " ":
        return character
    return r"\textquotesingle{}" if character == "'" else f"{{{escape.latex(character)}}}"


def _listing(listing: Listing) -> str:
    r"""Each line a paragraph: its number, its indentation, its words; no two signs next to each other become one."""
    lines = []
    for line in pages.numbered(listing):
        words_ = line.lstrip(" ")
        number, _, text_ = words_.partition("  ")
        core = text_.lstrip(" ")
        letters = "".join(map(_letter, core)).replace("  ", " { }")
        lines.append(rf"\codeline{{{number}}}{{{len(text_) - len(core)}}}{{{letters}}}")
    return ("\n\\nobreak\n" if len(lines) <= 15 else "\n").join(lines)


def _picture(figure: Figure, document_name: str) -> str:
    return pages.figure_file(document_name, figure, "pdf")


def environment(document_name: str, own: Path | None = None) -> Any:
    """The templates of LaTeX with what they may call, for the document of that name."""
    return pages.environment("latex", {
        "words": words,
        "text": escape.latex,
        "math": tex.latex,
        "formula": check_balanced,
        "row": _row,
        "answer": _answer,
        "grid": _grid,
        "listing": _listing,
        "framed": _framed,
        "inline_grid": _inline_grid,
        "picture": partial(_picture, document_name=document_name),
    }, own=own)
