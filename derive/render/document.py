"""The document tree: what a page says, before any format.

Words are `str`; mathematics is a term (SymPy expression, our heads, a condition) or an `Equation`, printed by the
format's writer; `Latex` is the author's own inline mathematics, passed on as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from sympy import Basic, Expr

from derive.language import Condition
from derive.render.drawings import FIGURES, OWN_SIZE, Curve, CurvePlot, Figure, OverlapPlot, RoundedPlot, StemPlot
from derive.render.inline import Code, Emph, Equation, Inline, Landau, Latex, Strong, Words

__all__ = [
    "DOTS", "FIGURES", "OWN_SIZE", "Aligned", "Block", "CaseBlock", "Cell", "CheckNote", "Code", "Curve", "CurvePlot",
    "Displayed", "Document", "Emph", "Equation", "Figure", "Grid", "Grids", "InductionBlock", "Inline", "Landau",
    "Latex", "Line", "Listing", "Options", "OverlapPlot", "Paragraph", "Part", "Problem", "Result", "RoundedPlot",
    "SideBySide", "Space", "Stage", "StemPlot", "Strong", "Table", "Tabular", "Unfolded", "Words",
]  # fmt: skip


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of words and inline mathematics."""

    words: Words


@dataclass(frozen=True)
class Line:
    """One line of a chain: `relation term`, and beside it the reason. The first line also has a left side.

    `written` has the summands of the term in the order in which they stand on the page, where that is not the usual
    one; a summand that is itself a sum is written in brackets.
    """

    relation: str
    term: Basic
    reason: Words = ()
    left: Basic | None = None
    written: tuple[Expr, ...] = ()


@dataclass(frozen=True)
class Aligned:
    """A chain of lines, aligned at the relation; or formulas that are `stated`, each by itself, and no steps."""

    lines: tuple[Line, ...]
    stated: bool = False


@dataclass(frozen=True)
class CaseBlock:
    """One case of a split: its condition as a run-in heading, then what is done there."""

    condition: Condition
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Stage:
    """A stage of a proof: its name in bold, in brackets what it is about, words on the same line, then what is done.

    Example:
        >>> from derive.language import eq, integer
        >>> Stage("Base", (eq(integer("n"), 0),)).heading
        'Base'
    """

    heading: str
    about: Words = ()
    words: Words = ()
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class InductionBlock:
    """A proof by induction: base, hypothesis and step, then the closing sentence with the mark that ends a proof."""

    stages: tuple[Stage, ...]
    closing: Words


@dataclass(frozen=True)
class Result:
    """The answer, set apart in a frame: `left relation term` under `conditions`; of numbers or of whole arrays."""

    left: Basic
    relation: str
    term: Basic
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table of exact values.

    Attributes:
        header: The terms at the head of the columns, e.g. n and y[n].
        rows: Exact numbers, one tuple a row.
        fold: In how many column groups side by side the rows are set.
        caption: Words under the table.
    """

    header: tuple[Basic, ...]
    rows: tuple[tuple[Expr, ...], ...]
    fold: int = 1
    caption: Words = ()


Cell: TypeAlias = Expr | str
"""An entry of a grid: a term, or one of DOTS, or "" for none."""
DOTS = ("cdots", "vdots", "ddots")


@dataclass(frozen=True)
class Grid:
    """A matrix with its entries, displayed between words: `before [cells] after`.

    Attributes:
        before: What stands before it, such as a form and `" = "`.
        cells: The rows, all of one length; where entries are left out stand DOTS (see `grids.dotted`).
        after: What stands behind it.
        framed: Whether it is an answer, set apart in a frame.
    """

    before: Words
    cells: tuple[tuple[Cell, ...], ...]
    after: Words = ()
    framed: bool = False


@dataclass(frozen=True)
class Grids:
    """Matrices beside each other, as many on a line as fit."""

    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class Displayed:
    """Formulas of the author between the words, aligned at their relations.

    Attributes:
        lines: What stands before the relation, and the rest of the line with it; LaTeX.
        given: Definitions, said before it.
        conditions: What it holds under, said after it.
    """

    lines: tuple[tuple[str, str], ...]
    given: tuple[Latex, ...] = ()
    conditions: tuple[Latex, ...] = ()

    @property
    def source(self) -> str:
        r"""All lines as one formula, the conditions beside the last.

        Example:
            >>> Displayed((("a", r"\le b"),), conditions=(Latex("b > 0"),)).source
            'a \\le b \\qquad (b > 0)'
        """
        under = rf" \qquad ({', '.join(c.source for c in self.conditions)})" if self.conditions else ""
        if len(self.lines) == 1:
            left, right = self.lines[0]
            return f"{left} {right}{under}".strip()
        rows = r" \\ ".join(f"{left} &{right}" for left, right in self.lines)
        return rf"\begin{{aligned}} {rows}{under} \end{{aligned}}"


@dataclass(frozen=True)
class Unfolded:
    """Blocks that the reader unfolds, where the format can; elsewhere they stand open if `always`, or not at all."""

    summary: str
    blocks: tuple[Block, ...]
    always: bool = False


@dataclass(frozen=True)
class Space:
    """Room to write so many lines by hand."""

    lines: int


@dataclass(frozen=True)
class Options:
    """Answers to choose from, lettered A, B, C."""

    items: tuple[Words, ...]


@dataclass(frozen=True)
class Listing:
    """The lines of a program, numbered from 1, in letters of one width."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Tabular:
    """A table of words and terms.

    Attributes:
        heads: One for each column.
        rows: As many cells as heads; an empty cell is one to be filled in.
        foot: Rows below a rule: totals.
        left: How many columns, from the first, are flush left; the others are flush right.
        caption: Words under the table.
    """

    heads: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    foot: tuple[tuple[Words, ...], ...] = ()
    left: int = 1
    caption: Words = ()


@dataclass(frozen=True)
class SideBySide:
    """Two blocks next to each other where the page is wide enough."""

    left: Block
    right: Block


@dataclass(frozen=True)
class Part:
    """A lettered part of a problem: label '(a)', question, then the solution.

    Attributes:
        tells: Whether the title is that of the result, which says what comes out.
        hints: What helps, the first hint first; for editions that have them.
        brief: The answer in few words, where it is not what stands in frames.
        slips: Wrong answers with what exposes them; for the edition for graders.
        conventions: What no earlier part of its problem uses, where neither the page nor the problem says them.
    """

    label: str
    title: str
    question: tuple[Block, ...]
    solution: tuple[Block, ...]
    tells: bool = False
    hints: tuple[Words, ...] = ()
    brief: tuple[Block, ...] = ()
    slips: tuple[Block, ...] = ()
    conventions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """A numbered problem; `conventions` are those that it uses, printed where the head of the page has none.

    Where these are many, each part has its own instead.
    """

    number: int | str
    title: str
    question: tuple[Block, ...]
    parts: tuple[Part, ...]
    conventions: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckNote:
    """How one result was checked, for the foot of the page.

    Attributes:
        label: Which result.
        words: All of it in sentences, for a page with this result alone.
        counts: What was counted and how many, under the names of `pages.COLUMNS`; of these a table is made where a
            page has several results.
        known: How the result is known, in a word or two: `proved`, `cited`.
        error: What the largest relative error of the compiled result is below.
    """

    label: str
    words: Words
    counts: tuple[tuple[str, Any], ...]
    known: str = ""
    error: Expr | None = None


Block = (
    Paragraph
    | Aligned
    | CaseBlock
    | InductionBlock
    | Result
    | Table
    | Tabular
    | Figure
    | Grid
    | Grids
    | Listing
    | Displayed
    | Unfolded
    | Space
    | Options
    | SideBySide
)


@dataclass(frozen=True)
class Document:
    """A whole sheet.

    Attributes:
        conventions: Printed at the head, few words each.
        hypotheses: Printed at the foot: which hypothesis, and where it was used.
        checks: Printed at the foot, one a part: as sentences where there is one, else as the rows of a table.
        certificates: Of the derivations, as text, with where each stands; a file beside the page.
        drawn: Of problems with varied numbers, what these are; not printed.
        remarks: Printed below that table: what its columns mean, and all that is not the same for every part.
        name: The file name without ending.
    """

    name: str
    title: str
    course: str
    author: str
    conventions: tuple[str, ...]
    introduction: tuple[Block, ...]
    problems: tuple[Problem, ...]
    hypotheses: tuple[Words, ...]
    checks: tuple[CheckNote, ...]
    versions: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Words, ...] = ()
    drawn: tuple[tuple[str, str], ...] = ()
    certificates: tuple[tuple[str, str], ...] = ()
