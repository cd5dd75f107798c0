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


Figure = StemPlot | OverlapPlot | CurvePlot | RoundedPlot
FIGURES = (StemPlot, OverlapPlot, CurvePlot, RoundedPlot)
