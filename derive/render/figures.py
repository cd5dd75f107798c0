"""Figures as SVG or PDF, the same bytes on every run.

A stem plot shows exact values over the integers. An overlap plot shows the sum of products that a convolution is: for
each case a panel with the fixed factor above the line and the turned and shifted one below it; what stands above one
another is multiplied. Both are made of black ink, filled against open marks and solid against dashed lines, so that
nothing is lost on a black-and-white printer.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sympy import Basic

from derive.errors import CannotPrint, RenderError
from derive.render import cells, curves, escape, graphs, rounded, tex
from derive.render.document import (
    Code,
    CurvePlot,
    Emph,
    Figure,
    Latex,
    OverlapPlot,
    RoundedPlot,
    StemPlot,
    Strong,
    Words,
)
from derive.render.drawings import CellGrids, CellRows, GraphPlot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

INK = "0.35"
SIZE = 9.0
_STYLE: dict[Any, Any] = {
    "mathtext.fontset": "cm",
    "font.family": ["cmr10", "DejaVu Serif"],
    "font.size": SIZE,
    "axes.unicode_minus": False,
    "axes.formatter.use_mathtext": True,
    "axes.linewidth": 0.5,
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "path.simplify": False,
    "text.usetex": False,
    "text.parse_math": True,
    "savefig.dpi": 100.0,
    "figure.dpi": 100.0,
    "savefig.bbox": None,
    "text.hinting": "none",
}
# Commands that matplotlib knows by another name.
_SYNONYMS = {
    "le": r"\leq", "ge": r"\geq", "ne": r"\neq", "to": r"\rightarrow", "lvert": "|", "rvert": "|", "text": r"\mathrm",
    "bmod": r"\ \mathrm{mod}\ ", "lt": "<", "gt": ">",
}


def draw(figure: Figure, form: str) -> bytes:
    """The figure as a file.

    Args:
        figure: What is drawn.
        form: 'svg' or 'pdf'.

    Raises:
        RenderError: The figure has nothing to show, or a label is beyond the letters of the drawing.
    """
    if form not in ("svg", "pdf"):
        raise RenderError(f"figures are drawn as svg or pdf, not {form!r}")
    import matplotlib

    settings = {**_STYLE, "svg.hashsalt": f"derive-{figure.name}"}
    # fontTools remarks on the age of the Computer Modern files; nothing follows from it.
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings)
        data = io.BytesIO()
        try:
            drawn = _drawn(figure)
            if form == "pdf":
                drawn.savefig(data, format="pdf", metadata=dict.fromkeys(("CreationDate", "Creator", "Producer")))
            else:
                drawn.savefig(data, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        except ValueError as error:  # mathtext says so when it meets a command that it does not have
            raise CannotPrint(f"a label of the figure {figure.name!r} cannot be drawn: {error}") from error
    return data.getvalue() if form == "pdf" else _tidy(data.getvalue().decode(), figure).encode()


def _drawn(figure: Figure) -> Canvas:
    if isinstance(figure, CurvePlot):
        named = [_words(curve.label) for curve in figure.curves]
        canvas = _canvas(*curves.SIZE)
        curves.draw(canvas, figure, _label(figure.x_label), named, [_number(h) for h in curves.heights(figure)])
        return canvas
    if isinstance(figure, RoundedPlot):
        canvas = _canvas(*rounded.size(figure))
        rounded.draw(canvas, figure, [_words(words) for words, _, _ in figure.panels])
        return canvas
    if isinstance(figure, (CellRows, CellGrids, GraphPlot)):
        laid = _laid_out(figure)
        canvas = _canvas(*laid.size)
        laid.draw(canvas)
        return canvas
    return _stems(figure) if isinstance(figure, StemPlot) else _overlap(figure)


def _laid_out(figure: CellRows | CellGrids | GraphPlot) -> cells.Rows | cells.Grids | graphs.Graph:
    """Where everything stands in a figure of cells or boxes, whose size follows from what is in it."""
    if isinstance(figure, CellRows):
        said = [_words(row.label) for row in figure.rows], [_words(row.note) for row in figure.rows]
        return cells.Rows(figure, *said, _width)
    if isinstance(figure, CellGrids):
        return cells.Grids(figure, [_words(grid.label) for grid in figure.grids], _width)
    shapes = [_words(words).replace(r"\frac", r"\dfrac") for _, words in figure.edges]  # small letters stay readable
    return graphs.Graph(figure, [_words(node.label) for node in figure.nodes], shapes, _width)


def _width(text: str, size: float) -> float:
    """How wide a text is, in millimetres."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    if not text:
        return 0.0
    wide, _, _ = text_to_path.get_text_width_height_descent(text, FontProperties(size=size), ismath=True)
    return float(wide) * 25.4 / 72


def _label(text: str | Basic | Any) -> str:
    """A piece of a label in matplotlib's notation, words as they are and mathematics between dollars."""
    if isinstance(text, str):
        return text.replace("\\", r"\\").replace("$", r"\$")
    if isinstance(text, (Strong, Emph, Code)):
        return _label(text.text)
    source = text.source if isinstance(text, Latex) else tex.latex(text)
    return "$" + re.sub(r"\\([a-z]+)", lambda m: _SYNONYMS.get(m[1], m[0]), source) + "$"


def _words(text: Words) -> str:
    return "".join(_label(piece) for piece in text)


def _canvas(width: float, height: float) -> Canvas:
    from matplotlib.figure import Figure as NewFigure

    return NewFigure(figsize=(width / 25.4, height / 25.4), facecolor="none")


def _stem(axes: Axes, points: Iterable[tuple[int, float]], *, open_marks: bool = False) -> None:
    """Vertical lines with a mark at the end: solid and filled, or dashed and open."""
    for position, (n, y) in enumerate(points):
        if open_marks:
            axes.plot([n, n], [0, y], color=INK, linewidth=0.7, dashes=(3, 2), zorder=2 + position / 1000)
            axes.plot([n], [y], "o", color=INK, markersize=2.9, markerfacecolor="white", markeredgewidth=0.6, zorder=4,
                      clip_on=False)
        else:
            axes.plot([n, n], [0, y], color="black", linewidth=0.9, solid_capstyle="butt", zorder=2)
            axes.plot([n], [y], "o", color="black", markersize=2.9, markeredgewidth=0, zorder=4, clip_on=False)


def _ticks(low: int, high: int, most: int = 8) -> list[int]:
    """Integers at equal steps through 0 or near it, at most `most` of them."""
    step = next(s for s in (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 100, 10**9)
                if (high - low) // s < most)
    return [v for v in range(low - low % step, high + 1, step) if v >= low]


def _stems(figure: StemPlot) -> Canvas:
    """The plot of y over n with axes on the left and below."""
    if not figure.points:
        raise RenderError(f"the figure {figure.name!r} has no points")
    values = [float(y) for _, y in figure.points]
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    first, last = min(n for n, _ in figure.points), max(n for n, _ in figure.points)
    bottom, top = low - (0.07 * span if low else 0), high + 0.1 * span
    heights = [_number(h) for h in _heights(bottom, top)]
    width, left = 90, 7.5 + 1.6 * max(len(h) for h in heights)
    canvas = _canvas(width, 48)
    axes = canvas.add_axes((left / width, 0.2, 1 - (left + 2) / width, 0.77))
    axes.set_xlim(first - 0.7, last + 0.7)
    axes.set_ylim(bottom, top)
    _stem(axes, [(n, float(y)) for n, y in figure.points])
    axes.axhline(0, color=INK, linewidth=0.5, zorder=1)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(INK)
    places = _ticks(first, last)
    axes.set_xticks(places, [f"${n}$" for n in places])
    axes.set_yticks([float(h) for h in heights], [f"${h}$" for h in heights])
    axes.tick_params(color=INK, width=0.5, length=2.5, labelsize=SIZE)
    axes.set_xlabel(_label(figure.x_label), fontsize=SIZE, labelpad=1)
    axes.set_ylabel(_label(figure.y_label), fontsize=SIZE, labelpad=2)
    return canvas


def _heights(low: float, high: float) -> list[Fraction]:
    """Round values for the vertical axis, 3 to 7 of them."""
    span = high - low
    power = Fraction(10) ** (len(str(int(span))) + 1)
    while True:
        for factor in (Fraction(5), Fraction(2), Fraction(1)):
            step = power * factor
            found = [step * k for k in range(-7, 8) if low <= float(step * k) <= high]
            if len(found) >= 3:
                return found
        power /= 10


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _overlap(figure: OverlapPlot) -> Canvas:
    """The panels side by side, three in a row, all to the same scale; the factors are named at the left."""
    if not figure.panels or not all(fixed or moving for _, fixed, moving in figure.panels):
        raise RenderError(f"the figure {figure.name!r} has no panel, or an empty one")
    columns = min(3, len(figure.panels))
    rows = -(-len(figure.panels) // columns)
    width, margin, tall = 160.0, 15.0, 25.0
    canvas = _canvas(width, tall * rows)
    first, last = _span(figure)
    above = max((abs(float(y)) for _, fixed, _ in figure.panels for _, y in fixed), default=1.0) or 1.0
    below = max((abs(float(y)) for _, _, moving in figure.panels for _, y in moving), default=1.0) or 1.0
    for number, (caption, fixed, moving) in enumerate(figure.panels):
        row, column = divmod(number, columns)
        share = (width - margin) / columns
        box = ((margin + column * share + 1) / width, (rows - 1 - row + 0.27) / rows, (share - 5) / width, 0.7 / rows)
        axes = canvas.add_axes(box)
        axes.set_axis_off()
        axes.set_xlim(first - 1, last + 1)
        axes.set_ylim(-1.2, 1.2)
        axes.plot([first - 1, last + 1], [0, 0], color=INK, linewidth=0.5, zorder=1)
        _stem(axes, [(n, float(y) / above) for n, y in fixed if first <= n <= last])
        _stem(axes, [(n, -float(y) / below * 0.9) for n, y in moving if first <= n <= last], open_marks=True)
        axes.text(0.5, -0.2, _words(caption), transform=axes.transAxes, ha="center", va="baseline")
        if column == 0:
            for label, height, color in ((figure.fixed_label, 0.8, "black"), (figure.moving_label, 0.2, INK)):
                place: dict[str, Any] = {"transform": axes.transAxes, "ha": "right", "va": "center"}
                axes.text(-0.02, height, _label(label), color=color, **place)
    return canvas


def _span(figure: OverlapPlot) -> tuple[int, int]:
    """The integers to show: all fixed samples and, half their number to each side, what moves past them."""
    fixed = [n for _, samples, _ in figure.panels for n, _ in samples] or [0]
    moving = [n for _, _, samples in figure.panels for n, _ in samples] or [0]
    around = max(4, (max(fixed) - min(fixed) + 1) // 2)
    return max(min(fixed) - around, min(fixed + moving)), min(max(fixed) + around, max(fixed + moving))


def _tidy(source: str, figure: Figure) -> str:
    """The SVG alone: no prolog and no metadata, names of its own, and its words for those who cannot see it.

    Several figures stand in one HTML page, so every id begins with the figure's name.
    """
    source = source[source.index("<svg"):]
    source = re.sub(r"<metadata>.*?</metadata>\s*", "", source, flags=re.DOTALL)
    source = re.sub(r"\s*<!--.*?-->", "", source, flags=re.DOTALL)  # every label in LaTeX, for nobody
    prefix = re.sub(r"[^A-Za-z0-9-]", "-", figure.name)
    source = re.sub(r'\bid="', f'id="{prefix}-', source)
    source = re.sub(r'\bxlink:href="#', f'href="#{prefix}-', source)
    source = source.replace("url(#", f"url(#{prefix}-").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    head, rest = source.split(">", 1)
    alt = escape.html(figure.alt)
    named = f'{head} role="img" aria-label="{alt}">\n <title>{escape.html(figure.name)}</title>\n <desc>{alt}</desc>'
    return named + rest


