"""What a sheet file asks, as frozen data: problems, and parts that name a claim with the values and pictures wanted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.claims.stated import Claim
from derive.formats.formats import Format
from derive.networks.layers import Network
from derive.sheets.values import Numbers


@dataclass(frozen=True)
class TableSpec:
    """A table of exact values: over which variable, from where to where, in how many column groups."""

    variable: str
    low: int
    high: int
    fold: int = 1


@dataclass(frozen=True)
class PlotSpec:
    """A plot: its kind (one of PLOT_KINDS), the variable and its range, the caption as prose.

    `values` are those of the plot alone: a general part may be drawn at an example.
    """

    kind: str
    variable: str
    low: int
    high: int
    caption: str = ""
    values: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True)
class LineSpec:
    """One curve: of the result of a claim (of the part itself if empty), or of an array that the claim defines."""

    claim: str = ""
    array: str = ""
    values: tuple[tuple[str, Fraction], ...] = ()
    label: str = ""
    variable: str = ""


@dataclass(frozen=True)
class CurveSpec:
    """A figure of curves: the variable and its range, the lines in it, the caption as prose."""

    variable: str
    low: int
    high: int
    lines: tuple[LineSpec, ...]
    caption: str = ""


@dataclass(frozen=True)
class MatrixSpec:
    """What is shown as a matrix with dots: the result, or an array that the claim defines.

    Attributes:
        rows: The index of the result's rows.
        columns: That of its columns; empty for a column.
        array: The name of the array instead.
    """

    rows: str = ""
    columns: str = ""
    array: str = ""


@dataclass(frozen=True)
class ProgramSpec:
    """A program that is read.

    Attributes:
        text: One function definition.
        shapes: (name, shape) pairs.
        about: The input of a network, or empty.
        line: Where the first line of the text stands in the file.
    """

    text: str
    shapes: tuple[tuple[str, str], ...]
    about: str = ""
    line: int = 0


@dataclass(frozen=True)
class NetworkSpec:
    """A network whose table is shown.

    Attributes:
        text: The short text, or the name of a network of the literature.
        network: The network itself, where it was not read from a text.
        columns: Which columns are shown; empty for all.
        blank: Columns, and ROW:COLUMN for cells, that are left blank.
        operations: Of a multiply-add, 1 or 2; `bias_counted` whether a bias is one more.
        bytes: Of a number in memory.
        compact: Whether layers that change each value by itself have no rows.
        formulas: Whether the formulas are shown that the numbers come from.
    """

    text: str
    network: Network | None = None
    columns: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    operations: int = 1
    bias_counted: bool = False
    bytes: int = 4
    compact: bool = False
    formulas: bool = False


@dataclass(frozen=True)
class FormatSpec:
    """Number formats, and what they make of Gaussians.

    Attributes:
        formats: The formats.
        sigma: Scales of Gaussians.
        fan_in: The same, each given as the number n of inputs, of which 1/sqrt(n) is the scale.
        figures: Some of `format_part.FIGURES`.
        powers: The powers of 2 of the fan-in over which figures are drawn, from and to.
        saturate: Whether what is too large becomes the largest value.
        values: Whether the values are listed.
    """

    formats: tuple[Format, ...]
    sigma: tuple[Fraction, ...] = ()
    fan_in: tuple[int, ...] = ()
    figures: tuple[str, ...] = ()
    powers: tuple[int, int] = (0, 24)
    saturate: bool = True
    values: bool = False

    @property
    def squares(self) -> tuple[Fraction, ...]:
        """The variances."""
        return (*(scale * scale for scale in self.sigma), *(Fraction(1, n) for n in self.fan_in))


@dataclass(frozen=True)
class FormulaSpec:
    """A formula of the author, which is judged as one of a claim file is, and set with the rest.

    Attributes:
        claim: What is stated.
        text: Words before it, or empty.
        line: Where it begins.
    """

    claim: Claim
    text: str
    line: int


@dataclass(frozen=True)
class FigureSpec:
    """A figure that a part asks for besides plots and curves.

    Attributes:
        kind: One of `figure_part.KINDS`.
        in_question: Whether it belongs to the question; it then shows nothing that was worked out.
        caption: Prose, or empty.
        layers: Of a receptive field, kernel, stride, dilation and padding of each layer; empty for those of the claim.
        size: How many places the input has; 0 for no borders.
        output: Whose field is shown; None for the one in the middle.
        line: Where it begins.
    """

    kind: str
    in_question: bool
    caption: str
    layers: tuple[tuple[int, int, int, int], ...]
    size: int
    output: int | None
    line: int


@dataclass(frozen=True)
class PartSpec:
    """A part of a problem: which claim, at which values, shown how; or the words and formulas of the author.

    Attributes:
        text: The question of the part as prose, or empty.
        claim: `construct` or `construct.claim`; with a program, what its last result is compared with, or empty.
        values: (name, value) pairs in the order of the file; of arrays their numbers.
        show: 'derivation' (every step) or 'result' (the answer alone).
        layout: 'numerator' or 'denominator' for a derivative; None as it was derived.
        write_out: Which entry is written out term by term, as (index, number) pairs; None for none.
        line: Where the part begins.
        lines: (key, line) pairs, for sentences about one of its keys.
        label: What stands before the title; empty for (a), (b) and so on.
        answer: Words that the solution begins with; all of it, where nothing is derived.
        remark: Words that it ends with.
        brief: The answer in few words, for an edition that has no more.
        hints: Words that help, the first one first.
        formulas: Formulas of the author.
        pieces: What the solution goes on with: parts without a label.
        grain: The finest lines shown; empty for those of the sheet.
        choices: How many answers there are to choose from; 0 for none.
        figures: Figures besides plots and curves.
    """

    title: str
    text: str
    claim: str
    values: tuple[tuple[str, Fraction | Numbers], ...]
    show: str
    table: TableSpec | None
    plots: tuple[PlotSpec, ...]
    line: int
    lines: tuple[tuple[str, int], ...] = ()
    layout: str | None = None
    write_out: tuple[tuple[str, int], ...] | None = None
    matrix: MatrixSpec | None = None
    program: ProgramSpec | None = None
    curve: CurveSpec | None = None
    network: NetworkSpec | None = None
    format: FormatSpec | None = None
    label: str = ""
    answer: str = ""
    remark: str = ""
    brief: str = ""
    hints: tuple[str, ...] = ()
    formulas: tuple[FormulaSpec, ...] = ()
    pieces: tuple[PartSpec, ...] = ()
    grain: str = ""
    choices: int = 0
    figures: tuple[FigureSpec, ...] = ()


@dataclass(frozen=True)
class ProblemSpec:
    """A problem with its parts.

    Attributes:
        number: What it is called, where that is not its place on the sheet.
        drawn: The numbers that its variants vary, with what they are here.
    """

    title: str
    text: str
    parts: tuple[PartSpec, ...]
    line: int
    number: str = ""
    drawn: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet file.

    Attributes:
        name: The file name without its ending, with the variant; outputs are named for it.
        path: The file as the user named it.
        introduction: Prose, or empty.
    """

    name: str
    path: str
    title: str
    course: str
    author: str
    introduction: str
    problems: tuple[ProblemSpec, ...]
    grain: str = ""
    variant: int = 0
