"""A whole document as a page for the terminal; `text.write` is the door."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from fractions import Fraction
from itertools import zip_longest

from sympy import Basic

from derive.errors import RenderError
from derive.language import OTHERWISE, Cases
from derive.render import escape, pages, text
from derive.render.document import (
    FIGURES,
    Aligned,
    Block,
    CaseBlock,
    Code,
    Displayed,
    Document,
    Emph,
    Equation,
    Grid,
    Grids,
    InductionBlock,
    Inline,
    Latex,
    Listing,
    Options,
    Paragraph,
    Result,
    SideBySide,
    Space,
    StemPlot,
    Strong,
    Table,
    Tabular,
    Unfolded,
    Words,
)
from derive.render.grids import check_cells
from derive.render.lines import in_pieces
from derive.render.names import GREEK

WIDTH = 100
_REASONS = 44  # the column of the reasons; a longer formula has its reason below
_COMMANDS = {
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "in": "∈", "infty": "∞", "to": "→",
    "cdot": "·", "times": "×", "ldots": "...", "dots": "...", "cdots": "...", "sum": "Σ", "partial": "∂",
    "nabla": "∇", "top": "⊤", "ast": "*", "star": "⋆", "pm": "±", "quad": " ", "qquad": "  ", "mid": "|",
    "lvert": "|", "rvert": "|", "lVert": "‖", "rVert": "‖", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
    "left": "", "right": "", "mathrm": "", "operatorname": "", "text": "", "mathbf": "", "mathcal": "", "odot": "⊙",
    "circ": "∘", "sim": "~", "approx": "≈", "Rightarrow": "⇒", "mapsto": "↦", "prime": "'", "colon": ":",
    "displaystyle": "", "bigl": "", "bigr": "", "ell": "ℓ", "lbrace": "{", "rbrace": "}", **GREEK,
}
_DOTS = {"cdots": "⋯", "vdots": "⋮", "ddots": "⋱"}
_BLACKBOARD = {"R": "ℝ", "Z": "ℤ", "N": "ℕ", "C": "ℂ", "E": "E", "P": "P", "Q": "ℚ"}


def page(document: Document) -> str:
    """The sheet, 100 columns wide."""
    lines = [escape.terminal(document.title), "=" * len(document.title)]
    lines += [escape.terminal(line) for line in (document.course, document.author) if line]
    if document.conventions:
        lines += _wrapped("Conventions: " + "; ".join(map(escape.terminal, document.conventions)), "")
    lines += _all(document.introduction, "")
    for problem in document.problems:
        title = f"Problem {problem.number}" + (f". {escape.terminal(problem.title)}" if problem.title else "")
        lines += ["", title, "-" * len(title), *_all(problem.question, "")]
        if problem.conventions and not document.conventions:
            lines += ["", *_wrapped("Conventions: " + "; ".join(map(escape.terminal, problem.conventions)), "")]
        for part in problem.parts:
            heading = " ".join(escape.terminal(piece) for piece in (part.label, part.title) if piece)
            lines += ["", heading] if heading else []
            said = "Conventions: " + "; ".join(map(escape.terminal, part.conventions))
            lines += [*_all(part.question, ""), *(["", *_wrapped(said, "")] if part.conventions else [])]
            lines += _all(part.solution, "")
    if document.checks:
        lines += ["", "How this was checked"]
    for note in document.checks:
        lines += _wrapped((f"{escape.terminal(note.label)} " if note.label else "") + _words(note.words), "  ")
    if document.hypotheses:
        lines += _wrapped("Hypotheses used: " + "; ".join(_words(h) for h in document.hypotheses) + ".", "  ")
    if document.versions:
        lines += _wrapped(", ".join(escape.terminal(" ".join(v)) for v in document.versions), "  ")
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def fragment(blocks: tuple[Block, ...]) -> str:
    """Blocks alone."""
    return "\n".join(line.rstrip() for line in _all(blocks, "")).strip("\n") + "\n"


def _all(blocks: tuple[Block, ...], margin: str) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        lines += ["", *_block(block, margin)]
    return lines


def _block(block: Block, margin: str) -> list[str]:
    if isinstance(block, Paragraph):
        return _wrapped(_words(block.words), margin)
    if isinstance(block, Aligned):
        return _chain(block, margin + "  ")
    if isinstance(block, CaseBlock):
        heading = f"Case {text.plain(block.condition)}."
        rest = block.blocks
        if rest and isinstance(rest[0], Paragraph):
            heading, rest = f"{heading} {_words(rest[0].words)}", rest[1:]
        return [*_wrapped(heading, margin), *_all(rest, margin + "  ")]
    if isinstance(block, InductionBlock):
        return _induction(block, margin)
    if isinstance(block, Result):
        return _result(block, margin)
    if isinstance(block, Table):
        return _table(block, margin + "  ")
    if isinstance(block, Tabular):
        return _tabular(block, margin)
    if isinstance(block, FIGURES):
        caption = _words(block.caption)
        drawn = _stems(block, margin + "  ") if isinstance(block, StemPlot) else []
        return [*drawn, *_wrapped(f"[{escape.terminal(block.alt)}]" + (f" {caption}" if caption else ""), margin)]
    if isinstance(block, Grid):
        return _grid(block, margin + ("| " if block.framed else "  "))
    if isinstance(block, Grids):
        return [line for grid in block.grids for line in ("", *_grid(grid, margin + "  "))][1:]
    if isinstance(block, Listing):
        return [margin + "  " + escape.terminal(line) for line in pages.numbered(block)]
    if isinstance(block, Displayed):
        said = f"Let {', '.join(readable(g.source) for g in block.given)}."
        return [*(_wrapped(said, margin) if block.given else []), margin + "  " + readable(block.source)]
    if isinstance(block, Unfolded):
        return [*_wrapped(f"{block.summary}.", margin), *_all(block.blocks, margin)] if block.always else []
    if isinstance(block, Options):
        lettered = zip("ABCDEFGH", block.items, strict=False)
        return [line for letter, item in lettered for line in _wrapped(f"{letter}  {_words(item)}", margin + "  ")]
    if isinstance(block, Space):
        return [""] * block.lines
    if isinstance(block, SideBySide):
        return [*_block(block.left, margin), "", *_block(block.right, margin)]
    raise RenderError(f"the terminal page has no form for a {type(block).__name__}")


def _induction(block: InductionBlock, margin: str) -> list[str]:
    lines: list[str] = []
    for stage in block.stages:
        about = f" ({_words(stage.about)})" if stage.about else ""
        words = f" {_words(stage.words)}" if stage.words else ""
        lines += _wrapped(f"{escape.terminal(stage.heading)}{about}.{words}", margin)
        lines += [*_all(stage.blocks, margin), ""]
    return [*lines, *_wrapped(f"{_words(block.closing)} ■", margin)]


def _columns(line: str) -> int:
    """How wide a line is; marks over letters take no room."""
    return sum(not unicodedata.combining(character) for character in line)


def _padded(line: str, width: int) -> str:
    return line + " " * (width - _columns(line))


def _chain(block: Aligned, margin: str) -> list[str]:
    lefts = ["" if line.left is None else text.plain(line.left) for line in block.lines]
    width = max(map(len, lefts), default=0)
    lines: list[str] = []
    for left, line in zip(lefts, block.lines, strict=True):
        formula = f"{margin}{left:>{width}} {text.relation(line.relation)} {text.line(line)}"
        reason = _words(line.reason)
        if in_pieces(line) and _columns(formula) > WIDTH:
            lines += textwrap.wrap(formula, WIDTH, subsequent_indent=" " * (len(margin) + width + 3))
            lines += _wrapped(f"[{reason}]", " " * (len(margin) + width + 5)) if reason else []
        elif not reason:
            lines.append(formula)
        elif _columns(formula) + 2 <= _REASONS:
            beside = textwrap.wrap(reason, WIDTH - _REASONS - 2)
            lines += [f"{_padded(a, _REASONS)}[{b}" for a, b in zip_longest([formula], beside, fillvalue="")][:1]
            lines += [" " * (_REASONS + 1) + b for b in beside[1:]]
            lines[-1] += "]"
        else:
            lines += [formula, *_wrapped(f"[{reason}]", " " * (len(margin) + width + 5))]
    return lines


def _result(block: Result, margin: str) -> list[str]:
    lines = []
    said = ", ".join(text.plain(c) for c in block.conditions)
    answers = pages.answers(block)
    for answer in answers:
        under = said if answer is answers[-1] else ""
        head = "" if answer.condition is None else f"{text.guard(answer.condition)}: "
        equation = answer.equation
        head += f"{text.plain(equation.left)} {text.relation(equation.relation)} "
        if not isinstance(equation.right, Cases):
            lines.append(f"{margin}| {head}{text.plain(equation.right)}" + (f"   ({under})" if under else ""))
            continue
        values = [text.plain(value) for value, _ in equation.right.clauses]
        width = max(map(len, values))
        for number, (value, (_, condition)) in enumerate(zip(values, equation.right.clauses, strict=True)):
            guard = ("" if condition == OTHERWISE else "if ") + text.guard(condition)
            lines.append(f"{margin}| {head if number == 0 else ' ' * len(head)}{value:<{width}}   {guard}")
        lines += [f"{margin}|   ({under})"] if under else []
    return lines


def _table(block: Table, margin: str) -> list[str]:
    head = [text.plain(h) for h in block.header] * max(1, block.fold)
    blank = ("",) * len(block.header)
    rows = [
        [cell for group in row for cell in (blank if group is None else tuple(text.plain(v) for v in group))]
        for row in pages.fold(block)
    ]
    widths = [max(len(row[c]) for row in [head, *rows]) for c in range(len(head))]
    lines = [margin + "  ".join(f"{cell:>{w}}" for cell, w in zip(row, widths, strict=True)) for row in [head, *rows]]
    lines.insert(1, margin + "  ".join("-" * w for w in widths))
    return lines + ([margin + _words(block.caption)] if block.caption else [])


def _tabular(block: Tabular, margin: str) -> list[str]:
    head = [_words(cell) for cell in block.heads]
    rows, foot = ([[_words(cell) for cell in row] for row in part] for part in (pages.full_rows(block), block.foot))
    widths = [max(_columns(row[c]) for row in [head, *rows, *foot]) for c in range(len(head))]
    lines = []
    for row in [head, *rows, *foot]:
        cells = []
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - _columns(cell))
            cells.append(cell + space if place < block.left else space + cell)
        lines.append(margin + "  ".join(cells))
    rule = margin + "  ".join("-" * width for width in widths)
    lines[1:1] = [rule]
    lines[2 + len(rows) : 2 + len(rows)] = [rule] if foot else []
    return lines + (_wrapped(_words(block.caption), margin) if block.caption else [])


def _grid(block: Grid, margin: str) -> list[str]:
    cells = check_cells(block).cells
    rows = [[text.plain(cell) if isinstance(cell, Basic) else _DOTS.get(cell, "") for cell in row] for row in cells]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    inside = ["  ".join(f"{cell:^{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows]
    brackets = [("[", "]")] if len(rows) == 1 else [("⎡", "⎤"), *[("⎢", "⎥")] * (len(rows) - 2), ("⎣", "⎦")]
    before, middle = _words(block.before), (len(rows) - 1) // 2
    lines = [
        f"{margin}{before if place == middle else ' ' * _columns(before)}{opening} {row} {closing}"
        for place, (row, (opening, closing)) in enumerate(zip(inside, brackets, strict=True))
    ]
    lines[middle] += _words(block.after)
    return lines


def _stems(figure: StemPlot, margin: str) -> list[str]:
    """One bar a point, to a scale of 40 columns."""
    largest = max((abs(y) for _, y in figure.points), default=Fraction(1)) or Fraction(1)
    label = f"{text.plain(figure.x_label)}, {text.plain(figure.y_label)}"
    lines = [f"{margin}{label}"]
    for n, y in figure.points:
        bar = "█" * max(1, round(40 * abs(y) / largest)) if y else "·"
        lines.append(f"{margin}{n:>4} {'-' if y < 0 else ' '}{bar}")
    return lines


def _words(words: Words) -> str:
    return "".join(_inline(piece) for piece in words)


def _inline(piece: Inline) -> str:
    if isinstance(piece, str):
        return escape.terminal(piece)
    if isinstance(piece, (Strong, Emph, Code)):
        return escape.terminal(piece.text)
    if isinstance(piece, Latex):
        return readable(piece.source)
    if isinstance(piece, (Basic, Equation)):
        return text.plain(piece)
    raise RenderError(f"{type(piece).__name__} cannot stand in running text")


def readable(source: str) -> str:
    r"""The author's LaTeX with its commonest commands as Unicode; what is not known stays as it is.

    Example:
        >>> readable(r"a\in\mathbb R, \{0,1\}, x_{k}\le\frac{1}{2}")
        'a∈ℝ, {0,1}, x_k≤1/2'
        >>> readable(r"1/\sqrt n = 10^{-3}")
        '1/√n = 10^(-3)'
    """
    found = re.sub(r"\\mathbb\s*\{?([RZNCEPQ])\}?", lambda m: _BLACKBOARD[m[1]], source)
    found = re.sub(r"\\[dt]?frac\{(\w+)\}\{(\w+)\}", r"\1/\2", found)
    found = re.sub(r"\\[dt]?frac(\d)(\d)", r"\1/\2", found)
    found = re.sub(r"\\sqrt(?:\{(\w+)\}|\s+(\w))", r"√\1\2", found)
    found = re.sub(r"\\[,;:! ]", " ", found)
    found = re.sub(r"\^\{(-\w+)\}", r"^(\1)", re.sub(r"([_^])\{(\w+)\}", r"\1\2", found))
    found = re.sub(r"\\([A-Za-z]+)\s*", lambda m: _COMMANDS.get(m[1], m[0]), found)
    return escape.terminal(re.sub(r"\\([{}%#&_$|])", r"\1", found))


def _wrapped(words: str, margin: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent=margin, subsequent_indent=margin, break_long_words=False) or [""]
