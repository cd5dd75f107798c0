"""Graphs of what is worked out from what: boxes and arrows, the shapes of the values at the arrows.

A graph goes from left to right where the page is wide enough for it, and from above otherwise. All in black.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from derive.errors import RenderError
from derive.render.cells import FONT, INK, WIDTH, Measure, page
from derive.render.drawings import GraphPlot, Node

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

_TALL, _APART, _DOWN, _TURN, _FRACTION = 6.5, 5.0, 7.5, 3.0, 3.5
"""Of a box, between boxes side by side, of an arrow that goes down, and what it has more with corners or fractions; in
millimetres."""


class Graph:
    """How a graph is laid out; a class to hold what the size of the canvas and the drawing have in common."""

    def __init__(self, figure: GraphPlot, labels: Sequence[str], at: Sequence[str], measure: Measure) -> None:
        nodes = figure.nodes
        if not nodes:
            raise RenderError(f"the figure {figure.name!r} has no nodes")
        for path, _ in figure.edges:
            if len(path) < 2 or not all(0 <= n < len(nodes) for n in path) or not _onwards(nodes, path):
                raise RenderError(f"an arrow of the figure {figure.name!r} does not lead onwards")
        self.figure, self.labels, self.at = figure, labels, at
        self.wide = [
            measure(label, FONT) + (4.5 if node.boxed else 1.5) if label else 0.0
            for label, node in zip(labels, nodes, strict=True)
        ]
        self.told = [measure(text, FONT) for text in at]
        lanes = [float(node.lane) for node in nodes]
        self.first, breadth = min(lanes), max(lanes) - min(lanes)
        levels = range(max(node.level for node in nodes) + 1)
        widths = [
            max((w for w, n in zip(self.wide, nodes, strict=True) if n.level == level), default=0.0) for level in levels
        ]
        gaps = [
            max((t for t, (path, _) in zip(self.told, figure.edges, strict=True) if nodes[path[0]].level == level),
                default=0.0) + 8
            for level in levels[:-1]
        ]  # fmt: skip
        across = sum(widths) + sum(gaps) + 2
        self.across = across <= WIDTH
        if self.across:
            starts = [1 + sum(widths[:n]) + sum(gaps[:n]) for n in levels]
            self.middles = [start + wide / 2 for start, wide in zip(starts, widths, strict=True)]
            self.step = _TALL + 5.5
            self.size = (across, _TALL + self.step * breadth + 6)
        else:
            self.step = max(self.wide) + max(self.told, default=0.0) + _APART
            self.down = _DOWN + _TURN * bool(breadth) + _FRACTION * any("frac" in text for text in at)
            ends = all(not label for label, node in zip(labels, nodes, strict=True) if node.level == levels[-1])
            tall = (_TALL + self.down) * len(levels) - self.down + 2 - _TALL * ends
            self.size = (self.step * (breadth + 1) + 4, tall)
            if self.size[0] > WIDTH + 1:
                raise RenderError(f"the graph {figure.name!r} is too wide for a page")

    def place(self, node: int) -> tuple[float, float]:
        """The middle of a node."""
        level, lane = self.figure.nodes[node].level, float(self.figure.nodes[node].lane) - self.first
        if self.across:
            return self.middles[level], self.size[1] - 4.5 - _TALL / 2 - lane * self.step
        return 2 + self.step * lane + max(self.wide) / 2, self.size[1] - 1 - _TALL / 2 - level * (_TALL + self.down)

    def draw(self, canvas: Canvas) -> None:
        """Draw the boxes, the arrows between them and the words at these."""
        from matplotlib.patches import Rectangle

        axes = page(canvas)
        for number, node in enumerate(self.figure.nodes):
            x, y = self.place(number)
            wide = self.wide[number]
            if node.boxed and wide:
                corner = x - wide / 2, y - _TALL / 2
                axes.add_patch(
                    Rectangle(corner, wide, _TALL, facecolor="white", edgecolor="black", linewidth=0.8, zorder=3)
                )
            axes.text(x, y, self.labels[number], ha="center", va="center_baseline", fontsize=FONT, zorder=4)
        for (path, _), text in zip(self.figure.edges, self.at, strict=True):
            self._arrow(axes, path, text)

    def _arrow(self, axes: Axes, path: Sequence[int], text: str) -> None:
        from matplotlib.patches import Polygon

        points = [self.place(node) for node in path]
        points[0], points[-1] = self._edge(path[0], 1), self._edge(path[-1], -1)
        (x, y), (u, v) = points[0], points[1]
        if not self.across:
            split = len(path) > 2 or sum(1 for other, _ in self.figure.edges if other[0] == path[0]) > 1
            points = _elbows(points, split)
            above, below = (v, y - 1.8) if split and x != u else (v + 3.0 * (x != u), y)
            self._beside(axes, text, (u if split else x) + 1.5, (above + below) / 2, ha="left", va="center_baseline")
        elif y != v:
            self._beside(axes, text, (x + u) / 2, (y + v) / 2, ha="center", va="center_baseline", bbox=_PAPER)
        else:
            self._beside(axes, text, (x + u) / 2 - 0.5, y + 1.0, ha="center", va="bottom")
        (x, y), (u, v) = points[-2], points[-1]
        long = ((u - x) ** 2 + (v - y) ** 2) ** 0.5 or 1.0
        along = (u - x) / long, (v - y) / long
        neck = u - 2.0 * along[0], v - 2.0 * along[1]
        line = [*points[:-1], neck]
        axes.plot(*zip(*line, strict=True), color="black", linewidth=0.8, solid_capstyle="butt", zorder=2)
        head = [(u, v), *((neck[0] - s * along[1], neck[1] + s * along[0]) for s in (0.75, -0.75))]
        axes.add_patch(Polygon(head, closed=True, facecolor="black", edgecolor="none", zorder=2))

    @staticmethod
    def _beside(axes: Axes, text: str, x: float, y: float, **how: Any) -> None:
        if text:
            axes.text(x, y, text, fontsize=FONT, color=INK, zorder=5, **how)

    def _edge(self, node: int, side: int) -> tuple[float, float]:
        """Where arrows leave a node (1) or reach it (-1)."""
        x, y = self.place(node)
        if self.across:
            return x + side * (self.wide[node] / 2 + 0.5), y
        # An end without a box is where its upper edge would be.
        return x, y - side * (_TALL / 2 + (0.5 if self.labels[node] else 0.0))


_PAPER: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
"""Behind words that stand on a line."""


def _elbows(points: Sequence[tuple[float, float]], split: bool) -> list[tuple[float, float]]:
    """The way down with corners: aside right behind the start where ways part there, else right in front of the end."""
    found = [points[0]]
    for number, ((x, y), (u, v)) in enumerate(pairwise(points)):
        if x != u:
            height = y - 1.8 if split and not number else v + 3.0
            found += [(x, height), (u, height)]
        found.append((u, v))
    return found


def _onwards(nodes: Sequence[Node], path: Sequence[int]) -> bool:
    """Whether each node of the path comes behind the one before it."""
    levels = [nodes[number].level for number in path]
    return all(a < b for a, b in pairwise(levels))
