"""The document tree: what a page says, before any format.

Words are `str`; mathematics is a term (SymPy expression, our heads, a condition) or an `Equation`, printed by the
format's writer; `Latex` is the author's own inline mathematics, passed on as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from sympy import Basic, Expr
from sympy.core.symbol import Str

from derive.language import Condition


@dataclass(frozen=True)
class Latex:
    """The author's own mathematics in LaTeX, without dollars."""

    source: str


@dataclass(frozen=True)
class Equation:
    """`left relation right` in a running text."""

    left: Basic
    relation: str
    right: Basic


class Landau(Basic):
    """O, Omega, Theta or o of a term, as it is written after "="; a set of functions, and never a part of a term."""

    def __new__(cls, kind: str | Str, term: Expr) -> Landau:
        made: Landau = Basic.__new__(cls, kind if isinstance(kind, Str) else Str(kind), term)
        return made

    @property
    def kind(self) -> str:
        """One of O, Omega, Theta, o."""
        return str(self.args[0].name)

    @property
    def term(self) -> Expr:
        """What it is of."""
        return self.args[1]


@dataclass(frozen=True)
class Strong:
    """Words in bold."""

    text: str


@dataclass(frozen=True)
class Emph:
    """Words in italics."""

    text: str


Inline: TypeAlias = str | Basic | Latex | Equation | Strong | Emph
Words = tuple[Inline, ...]


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
    """A chain of lines, aligned at the relation."""

    lines: tuple[Line, ...]


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


@dataclass(frozen=True)
class StemPlot:
    """A stem plot of exact values over the integers.

    Attributes:
        name: File name without ending, unique in the document.
        points: (n, y) pairs.
        x_label, y_label: Terms at the axes.
        caption: Words under the figure.
        alt: The same for those who cannot see it; words only.
    """

    name: str
    points: tuple[tuple[int, Fraction], ...]
    x_label: Basic
    y_label: Basic
    caption: Words
    alt: str


@dataclass(frozen=True)
class OverlapPlot:
    """A window sliding over a signal: one panel a case, the fixed factor above the line, the turned one below.

    Attributes:
        name: File name without ending, unique in the document.
        panels: (words under the panel, fixed samples, moving samples); samples are (index, value).
        fixed_label, moving_label: Terms that name the factors.
        caption, alt: As for StemPlot.
    """

    name: str
    panels: tuple[tuple[Words, tuple[tuple[int, Fraction], ...], tuple[tuple[int, Fraction], ...]], ...]
    fixed_label: Basic
    moving_label: Basic
    caption: Words
    alt: str


@dataclass(frozen=True)
class Curve:
    """One curve of a plot.

    Attributes:
        label: What it is called beside a sample of its line; empty where it is the only one.
        strokes: Lines without a jump, as (x, y) points in their order.
        dots: Values at single places where a line ends or jumps.
        rings: Ends of lines that are not values there.
    """

    label: Words
    strokes: tuple[tuple[tuple[Fraction, Fraction], ...], ...]
    dots: tuple[tuple[Fraction, Fraction], ...] = ()
    rings: tuple[tuple[Fraction, Fraction], ...] = ()


@dataclass(frozen=True)
class CurvePlot:
    """Curves of a real variable in one figure, told apart by their dashes.

    Attributes:
        low, high: The ends of the horizontal axis.
        name, caption, alt: As for StemPlot.
    """

    name: str
    curves: tuple[Curve, ...]
    x_label: Basic
    low: Fraction
    high: Fraction
    caption: Words
    alt: str


@dataclass(frozen=True)
class RoundedPlot:
    """A distribution and what rounding makes of it, a panel each: a stem for each value, and the density dashed.

    Attributes:
        name, caption, alt: As for StemPlot.
        panels: (words under the panel, stems, density); stems and density are (x, height), of heights 0 to 1.
        low, high: The ends of the horizontal axis, the same in all panels.
    """

    name: str
    panels: tuple[tuple[Words, tuple[tuple[Fraction, Fraction], ...], tuple[tuple[Fraction, Fraction], ...]], ...]
    low: int
    high: int
    caption: Words
    alt: str


Figure = StemPlot | OverlapPlot | CurvePlot | RoundedPlot
FIGURES = (StemPlot, OverlapPlot, CurvePlot, RoundedPlot)


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
    """A lettered part of a problem: label '(a)', question, then the solution."""

    label: str
    title: str
    question: tuple[Block, ...]
    solution: tuple[Block, ...]


@dataclass(frozen=True)
class Problem:
    """A numbered problem."""

    number: int
    title: str
    question: tuple[Block, ...]
    parts: tuple[Part, ...]


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
    | SideBySide
)


@dataclass(frozen=True)
class Document:
    """A whole sheet.

    Attributes:
        conventions: Printed at the head, few words each.
        hypotheses: Printed at the foot: which hypothesis, and where it was used.
        checks: Printed at the foot, one a part: as sentences where there is one, else as the rows of a table.
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
