"""Cells with numbers: rows above one another with lines between them, and grids side by side.

All in black, white and grey with thick, thin and dashed edges, so that nothing is lost on a black-and-white printer.
Everything is placed in millimetres of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from derive.errors import RenderError
from derive.render.drawings import SHADES, SIGNS, CellGrid, CellGrids, CellRows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

INK = "0.35"
FONT, SMALL = 9.0, 7.5
WIDTH = 160.0
LETTER = 0.2
"""How wide a digit is, in millimetres for each point of its size."""
_FILLS = {"": "white", "seen": "0.85", "chosen": "0.68", "outside": "white", "outside seen": "0.85"}
_SIGNS = {"to": r"$\rightarrow$"}
_GAP, _LABEL, _TALLEST, _ROOM = 9.0, 6.5, 7.0, 13.0

Measure = Callable[[str, float], float]
"""How wide a text is, in millimetres, at a size in points."""


def page(canvas: Canvas) -> Axes:
    """Axes whose unit is a millimetre, from the lower left corner of the canvas."""
    axes = canvas.add_axes((0, 0, 1, 1))
    wide, tall = (float(v) * 25.4 for v in canvas.get_size_inches())
    axes.set_xlim(0, wide)
    axes.set_ylim(0, tall)
    axes.set_axis_off()
    return axes


def box(axes: Axes, left: float, low: float, wide: float, tall: float, shade: str = "") -> None:
    """One cell.

    Raises:
        RenderError: there is no such shade.
    """
    from matplotlib.patches import Rectangle

    if shade not in SHADES:
        raise RenderError(f"cells are shaded as one of {', '.join(s for s in SHADES if s)}, not {shade!r}")
    style: dict[str, Any] = {"linewidth": 0.5, "edgecolor": INK, "zorder": 3}
    if shade == "chosen":
        style |= {"linewidth": 1.3, "edgecolor": "black", "zorder": 4}
    elif shade.startswith("outside"):
        style |= {"linestyle": (0, (2.5, 2)), "zorder": 2.5}
    axes.add_patch(Rectangle((left, low), wide, tall, facecolor=_FILLS[shade], **style))


def _write(axes: Axes, x: float, y: float, text: str, size: float = FONT, **how: Any) -> None:
    axes.text(x, y, text, **{"ha": "center", "va": "center_baseline", "fontsize": size, "zorder": 6, **how})


class Rows:
    """How rows of cells are laid out; a class to hold what the size of the canvas and the drawing have in common."""

    def __init__(self, figure: CellRows, labels: Sequence[str], notes: Sequence[str], measure: Measure) -> None:
        cells = [cell for row in figure.rows for cell in row.cells]
        if not cells or not all(row.cells for row in figure.rows):
            raise RenderError(f"the figure {figure.name!r} has no row, or an empty one")
        for link in figure.links:
            pair = figure.rows[link.row : link.row + 2]
            if len(pair) < 2 or not (0 <= link.above < len(pair[0].cells) and 0 <= link.below < len(pair[1].cells)):
                raise RenderError(f"a line of the figure {figure.name!r} leads to no cell")
        self.figure, self.labels, self.notes = figure, labels, notes
        self.left = max(measure(text, FONT) for text in labels) + 4
        right = max((measure(text, FONT) for text in notes), default=0.0) + 4
        places = [float(cell.place) for cell in cells]
        self.low, span = min(places), max(places) - min(places) + 1
        longest = max(len(cell.text) for cell in cells)
        self.unit = min(9.0, (WIDTH - self.left - right) / span)
        self.text = next((s for s in (FONT, 8.0, SMALL) if longest * LETTER * s + 0.8 <= 0.9 * self.unit), 0.0)
        self.size = (self.left + right + span * self.unit, _ROOM * len(figure.rows) - _ROOM + self.tall + 2)

    @property
    def tall(self) -> float:
        """The height of a cell."""
        return min(5.5, max(3.6, self.unit * 0.9))

    def at(self, row: int, place: float) -> tuple[float, float]:
        """The middle of the cell."""
        return self.left + (place - self.low + 0.5) * self.unit, self.size[1] - 1 - self.tall / 2 - _ROOM * row

    def draw(self, canvas: Canvas) -> None:
        """Draw the rows from above, and the lines between them."""
        axes = page(canvas)
        wide = 0.9 * self.unit
        for link in self.figure.links:
            pair = self.figure.rows[link.row : link.row + 2]
            above, below = pair[0].cells[link.above], pair[1].cells[link.below]
            ends = self.at(link.row, float(above.place)), self.at(link.row + 1, float(below.place))
            style: dict[str, Any] = {"linewidth": 0.8, "color": "black"} if link.strong else {"linewidth": 0.5}
            if not link.strong:
                style |= {"color": INK, "dashes": (2, 2)}
            axes.plot(*zip(*ends, strict=True), zorder=1 + link.strong / 2, **style)
        for number, row in enumerate(self.figure.rows):
            for cell in row.cells:
                x, y = self.at(number, float(cell.place))
                box(axes, x - wide / 2, y - self.tall / 2, wide, self.tall, cell.shade)
                if self.text:
                    _write(axes, x, y, f"${cell.text}$" if cell.text else "", self.text)
            middle = self.at(number, self.low)[1]
            _write(axes, self.left - 2, middle, self.labels[number], ha="right")
            _write(axes, self.size[0] - 1, middle, self.notes[number], ha="right")


class Grids:
    """How grids are laid out, side by side and in as many lines as they need."""

    def __init__(self, figure: CellGrids, labels: Sequence[str], measure: Measure) -> None:
        if not figure.grids or not all(grid.rows and all(grid.rows) for grid in figure.grids):
            raise RenderError(f"the figure {figure.name!r} has no grid, or an empty one")
        if any(grid.sign not in SIGNS for grid in figure.grids):
            raise RenderError(f"grids have one of the signs {', '.join(s for s in SIGNS if s)} before them")
        self.figure, self.labels = figure, labels
        sizes = (FONT, 8.0, SMALL)
        for size in sizes:
            self.text, self.sides = size, [_side(grid, size) for grid in figure.grids]
            if all(len(g.rows[0]) * s <= WIDTH - _GAP for g, s in zip(figure.grids, self.sides, strict=True)):
                break
        else:
            raise RenderError(f"a grid of the figure {figure.name!r} is too wide for a page")
        widths = [
            max(len(grid.rows[0]) * side, measure(label, FONT))
            for grid, side, label in zip(figure.grids, self.sides, labels, strict=True)
        ]
        self.places: list[tuple[float, float]] = []
        x = y = tallest = widest = 0.0
        for grid, wide in zip(figure.grids, widths, strict=True):
            gap = _GAP if grid.sign else (5.0 if x else 0.0)
            if x and x + gap + wide > WIDTH - 2:
                x, y, tallest, gap = 0.0, y + tallest + 4, 0.0, _GAP if grid.sign else 0.0
            self.places.append((x + gap, y))
            x += gap + wide
            tallest, widest = max(tallest, _LABEL + len(grid.rows) * self.tall), max(widest, x)
        self.size = (widest + 2, y + tallest + 2)

    @property
    def tall(self) -> float:
        """The height of a cell."""
        return 6.0

    def draw(self, canvas: Canvas) -> None:
        """Draw each grid with its label and its sign."""
        from matplotlib.patches import Rectangle

        axes = page(canvas)
        for grid, side, label, (x, y) in zip(self.figure.grids, self.sides, self.labels, self.places, strict=True):
            left, top = x + 1, self.size[1] - 1 - y - _LABEL
            shades = dict(grid.shades)
            _write(axes, left, top + 2, label, ha="left", va="baseline")
            if grid.sign:
                _write(axes, left - _GAP / 2, top - len(grid.rows) * self.tall / 2, _SIGNS[grid.sign], 12.0)
            for row, numbers in enumerate(grid.rows):
                for column, text in enumerate(numbers):
                    corner = left + column * side, top - (row + 1) * self.tall
                    shade = shades.get((row, column), "")
                    box(axes, *corner, side, self.tall, shade)
                    middle = corner[0] + side / 2, corner[1] + self.tall / 2
                    _write(axes, *middle, f"${text}$" if text else "", self.text)
            for number, (row, column, down, across) in enumerate(grid.frames):
                inset = _inset(grid, number)
                corner = left + column * side + inset, top - (row + down) * self.tall + inset
                size = across * side - 2 * inset, down * self.tall - 2 * inset
                axes.add_patch(Rectangle(corner, *size, facecolor="none", edgecolor="black", linewidth=1.3, zorder=5))


def _side(grid: CellGrid, size: float) -> float:
    """How wide the cells of a grid are."""
    return max(_TALLEST, max(len(text) for row in grid.rows for text in row) * LETTER * size + 2)


def _inset(grid: CellGrid, number: int) -> float:
    """How far within its cells a frame is drawn: one that crosses an earlier one would hide it otherwise."""
    mine = grid.frames[number]
    return 0.55 * (sum(1 for other in grid.frames[:number] if _meet(mine, other)) % 4)


def _meet(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Whether two frames have a cell in common."""
    (row, column, down, across), (r, c, d, a) = one, other
    return row < r + d and r < row + down and column < c + a and c < column + across
