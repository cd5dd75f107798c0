"""What a figure shows, as data: exact values, labels, a caption, and the same in words for those who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sympy import Basic

from derive.render.inline import Words


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


@dataclass(frozen=True)
class Box:
    """A cell of a row: where its middle is, what stands in it, and how it is shaded (one of SHADES)."""

    place: Fraction
    text: str = ""
    shade: str = ""


@dataclass(frozen=True)
class CellRow:
    """A row of cells with words to its left and right."""

    label: Words
    cells: tuple[Box, ...]
    note: Words = ()


@dataclass(frozen=True)
class Link:
    """A line from a cell of one row to a cell of the next one below: strong, or thin and dashed."""

    row: int
    above: int
    below: int
    strong: bool = True


@dataclass(frozen=True)
class CellRows:
    """Rows of cells above one another, on one scale of places, and lines between neighbouring rows.

    Attributes:
        name, caption, alt: As for StemPlot.
    """

    name: str
    rows: tuple[CellRow, ...]
    links: tuple[Link, ...]
    caption: Words
    alt: str


@dataclass(frozen=True)
class CellGrid:
    """Numbers in a grid of cells.

    Attributes:
        label: Words above it.
        rows: The numbers as they are written; empty for a cell without one.
        shades: {(row, column) from 0: one of SHADES}, as pairs.
        frames: (top, left, rows, columns) of what is framed by a thick line.
        sign: What stands before it: one of SIGNS.
    """

    label: Words
    rows: tuple[tuple[str, ...], ...]
    shades: tuple[tuple[tuple[int, int], str], ...] = ()
    frames: tuple[tuple[int, int, int, int], ...] = ()
    sign: str = ""


@dataclass(frozen=True)
class CellGrids:
    """Grids of numbers side by side.

    Attributes:
        name, caption, alt: As for StemPlot.
    """

    name: str
    grids: tuple[CellGrid, ...]
    caption: Words
    alt: str


@dataclass(frozen=True)
class Node:
    """A thing that values go through: its name, how many others come before it, and beside how many it stands.

    One without a label is a place where an arrow passes by others.
    """

    label: Words
    level: int
    lane: Fraction = Fraction(0)
    boxed: bool = True


@dataclass(frozen=True)
class GraphPlot:
    """What is worked out from what: boxes, and arrows with the shapes of the values that go along them.

    Attributes:
        edges: (the nodes that an arrow joins, with those it passes in between; the words at it).
        name, caption, alt: As for StemPlot.
    """

    name: str
    nodes: tuple[Node, ...]
    edges: tuple[tuple[tuple[int, ...], Words], ...]
    caption: Words
    alt: str


SHADES = ("", "seen", "chosen", "outside", "outside seen")
"""White, grey, dark with a thick edge; and with dashed edges what is not part of the array, padding for one."""
SIGNS = ("", "to")

Figure = StemPlot | OverlapPlot | CurvePlot | RoundedPlot | CellRows | CellGrids | GraphPlot
FIGURES = (StemPlot, OverlapPlot, CurvePlot, RoundedPlot, CellRows, CellGrids, GraphPlot)
OWN_SIZE = (CellRows, CellGrids, GraphPlot)
"""Figures that are as large as what is in them, so that their letters are; a narrow screen scrolls them."""
