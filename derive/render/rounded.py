"""Panels side by side: what a distribution becomes when it is rounded, a stem for each value under the dashed density.

All in black, so that nothing is lost on a black-and-white printer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from derive.errors import RenderError
from derive.render.document import RoundedPlot

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

INK = "0.35"
FONT = 9.0
WIDTH, TALL, MARGIN = 160.0, 40.0, 4.0
MOST_IN_A_ROW = 3


def size(figure: RoundedPlot) -> tuple[float, float]:
    """Width and height in millimetres.

    Raises:
        RenderError: there is no panel, or an empty one.
    """
    if not figure.panels or not all(stems and density for _, stems, density in figure.panels):
        raise RenderError(f"the figure {figure.name!r} has no panel, or an empty one")
    return WIDTH, TALL * -(-len(figure.panels) // MOST_IN_A_ROW)


def draw(canvas: Canvas, figure: RoundedPlot, captions: Sequence[str]) -> None:
    """Draw the panels.

    Args:
        canvas: Of that size.
        figure: What is drawn.
        captions: The words under the panels, in the notation of the drawing.
    """
    columns = min(MOST_IN_A_ROW, len(figure.panels))
    rows = -(-len(figure.panels) // MOST_IN_A_ROW)
    share = WIDTH / columns
    for number, ((_, stems, density), caption) in enumerate(zip(figure.panels, captions, strict=True)):
        row, column = divmod(number, columns)
        left, wide = (column * share + MARGIN) / WIDTH, (share - 2 * MARGIN) / WIDTH
        axes = canvas.add_axes((left, (rows - 1 - row + 0.3) / rows, wide, 0.67 / rows))
        axes.set_xlim(figure.low - 0.05, figure.high + 0.05)
        axes.set_ylim(0, 1.08)
        shown = [(float(x), float(y)) for x, y in stems if figure.low <= x <= figure.high]
        thin: dict[str, Any] = {"color": "black", "linewidth": 0.7 if len(shown) < 80 else 0.35, "zorder": 3}
        axes.vlines([x for x, _ in shown], 0, [y for _, y in shown], **thin)
        few = len(shown) < 60
        if few:
            axes.plot(*zip(*shown, strict=True), "o", color="black", markersize=1.8, markeredgewidth=0, zorder=4,
                      clip_on=False)  # fmt: skip
        axes.plot(*zip(*((float(x), float(y)) for x, y in density), strict=True), color=INK, linewidth=0.8,
                  dashes=(4, 2), zorder=2)  # fmt: skip
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(INK)
        axes.set_yticks([])
        places = range(figure.low, figure.high + 1)
        axes.set_xticks(list(places), [f"${place}$" for place in places])
        axes.tick_params(color=INK, width=0.5, length=2.5, labelsize=FONT)
        axes.text(0.5, -0.42, caption, transform=axes.transAxes, ha="center", va="baseline", fontsize=FONT)
