"""Curves drawn on axes: told apart by dashes, open and filled dots where they end or jump.

All in black, so that nothing is lost on a black-and-white printer.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derive.errors import RenderError
from derive.render.document import CurvePlot

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

INK = "0.35"
FONT = 9.0
SIZE = (90.0, 50.0)
"""Width and height in millimetres."""
DASHES: tuple[tuple[float, ...], ...] = ((), (5, 2), (1.2, 1.6), (6, 2, 1.2, 2), (9, 3), (3, 1.5, 1, 1.5, 1, 1.5))
"""Of the first, second, ... curve, in points; the first is solid."""


def heights(figure: CurvePlot) -> list[Fraction]:
    """Round values for the vertical axis, 3 to 7 of them."""
    low, high = _vertical(figure)
    power = Fraction(10) ** (len(str(int(high - low))) + 1)
    while True:
        for factor in (Fraction(5), Fraction(2), Fraction(1)):
            step = power * factor
            first = -(-low // step)
            found = [step * k for k in range(int(first), int(high // step) + 1)]
            if len(found) >= 3:
                return found
        power /= 10


def _vertical(figure: CurvePlot) -> tuple[Fraction, Fraction]:
    """The least and the greatest value, and 0, with a margin."""
    values = [y for c in figure.curves for part in (*c.strokes, c.dots, c.rings) for _, y in part]
    low, high = min([*values, Fraction(0)]), max([*values, Fraction(0)])
    margin = (high - low or Fraction(1)) * Fraction(7, 100)
    return low - margin, high + margin


def _places(low: Fraction, high: Fraction) -> list[Fraction]:
    """Round values for the horizontal axis, at most 8."""
    steps = (Fraction(n) * 10**e for e in range(-3, 9) for n in (1, 2, 5))
    step = next(s for s in steps if (high - low) / s <= 7)
    return [step * k for k in range(int(-(-low // step)), int(high // step) + 1)]


def draw(canvas: Canvas, figure: CurvePlot, x_label: str, labels: Sequence[str], numbers: Sequence[str]) -> None:
    """Draw the curves.

    Args:
        canvas: Of the size SIZE.
        figure: What is drawn.
        x_label: The variable, in the notation of the drawing.
        labels: What the curves are called, likewise; empty for none.
        numbers: The values of `heights`, written.

    Raises:
        RenderError: there are no curves, or more than there are dashes.
    """
    if not figure.curves or len(figure.curves) > len(DASHES):
        raise RenderError(f"the figure {figure.name!r} must have from 1 to {len(DASHES)} curves")
    width = SIZE[0]
    left, named = 6.5 + 1.6 * max(len(n) for n in numbers), any(labels)
    top = 0.86 if named else 0.97
    axes = canvas.add_axes((left / width, 0.19, 1 - (left + 2.5) / width, top - 0.19))
    span = float(figure.high - figure.low)
    axes.set_xlim(float(figure.low) - 0.02 * span, float(figure.high) + 0.02 * span)
    axes.set_ylim(*(float(v) for v in _vertical(figure)))
    axes.axhline(0, color=INK, linewidth=0.5, zorder=1)
    samples: list[Any] = []
    for number, curve in enumerate(figure.curves):
        style: dict[str, Any] = {"color": "black", "linewidth": 1.0, "zorder": 3 + number / 100}
        if DASHES[number]:
            style["dashes"] = DASHES[number]
        made: list[Any] = []
        for stroke in curve.strokes:
            xs, ys = ([float(v) for v in row] for row in zip(*stroke, strict=True))
            made += axes.plot(xs, ys, solid_capstyle="butt", dash_capstyle="butt", solid_joinstyle="round", **style)
        samples += made[:1]
        for marks, inside in ((curve.rings, "white"), (curve.dots, "black")):
            for x, y in marks:
                axes.plot([float(x)], [float(y)], "o", color="black", markersize=3.2, markerfacecolor=inside,
                          markeredgewidth=0.7, zorder=5 + (inside == "black"), clip_on=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(INK)
    places = _places(figure.low, figure.high)
    axes.set_xticks([float(p) for p in places], [f"${float(p):g}$" for p in places])
    axes.set_yticks([float(h) for h in heights(figure)], [f"${n}$" for n in numbers])
    axes.tick_params(color=INK, width=0.5, length=2.5, labelsize=FONT)
    axes.set_xlabel(x_label, fontsize=FONT, labelpad=1)
    if named:
        _name(canvas, axes, samples, labels)


def _name(canvas: Canvas, axes: Any, samples: Sequence[Any], labels: Sequence[str]) -> None:
    """Write the names of the curves in one line above them, closer together where they would leave the page."""
    for length, gap in ((2.6, 1.6), (2.2, 1.1), (1.8, 0.8), (1.4, 0.5)):
        legend = axes.legend(samples, list(labels), loc="lower center", bbox_to_anchor=(0.5, 1.0),
                             ncols=len(samples), frameon=False, fontsize=FONT, handlelength=length,
                             columnspacing=gap, borderaxespad=0.2)  # fmt: skip
        taken = legend.get_window_extent()
        if taken.x0 >= 0 and taken.x1 <= canvas.bbox.x1:
            return
