"""Cells and graphs: drawn in black, white and grey, the same bytes every time, no letter too small, no line astray."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction

import pytest

from derive.errors import RenderError
from derive.language import integer
from derive.render import cells, figures
from derive.render.document import Latex
from derive.render.drawings import Box, CellGrid, CellGrids, CellRow, CellRows, GraphPlot, Link, Node

M = integer("m")
ROWS = CellRows(
    "rows",
    (
        CellRow(("layer 1: ", Latex("K=2")), (Box(Fraction(1, 2), "0", "chosen"),)),
        CellRow(("input",), (Box(Fraction(0), "0", "seen"), Box(Fraction(1), "1", "outside seen")), ("2 places",)),
    ),
    (Link(0, 0, 0), Link(0, 0, 1, strong=False)),
    ("Two rows.",),
    "Two rows of cells.",
)
GRIDS = CellGrids(
    "grids",
    (
        CellGrid(("x",), (("1", "-1/2"), ("", "3")), (((0, 0), "seen"),), ((0, 0, 2, 1), (0, 0, 1, 2))),
        CellGrid(("y",), (("4",),), sign="to"),
    ),
    (),
    "Two <grids>.",
)
GRAPH = GraphPlot(
    "graph",
    (Node((Latex("x"),), 0, boxed=False), Node((Latex("f"),), 1), Node((), 1, Fraction(1), False), Node(("+",), 2)),
    (((0, 1), (M,)), ((1, 3), (M,)), ((0, 2, 3), (M, Latex(r"\times"), M))),
    (),
    "A graph.",
)
LONG = replace(
    GRAPH,
    nodes=tuple(Node((f"a layer with a long name {n}",), n) for n in range(9)),
    edges=tuple(((n, n + 1), (Latex(r"\frac{n+1}{2}"),)) for n in range(8)),
)
ALL = (ROWS, GRIDS, GRAPH, LONG)


@pytest.mark.parametrize("figure", ALL, ids=["rows", "grids", "graph", "down"])
@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_the_same_bytes_every_time(figure: figures.Figure, form: str) -> None:
    """Also after another figure was drawn in between."""
    first = figures.draw(figure, form)
    figures.draw(GRIDS if figure is not GRIDS else ROWS, form)
    assert figures.draw(figure, form) == first


@pytest.mark.parametrize("figure", ALL, ids=["rows", "grids", "graph", "down"])
def test_black_white_and_grey_alone(figure: figures.Figure) -> None:
    """Every colour in the file has three equal parts, and the words for those who cannot see it are there."""
    source = figures.draw(figure, "svg").decode()
    root = ET.fromstring(source)
    assert root.get("aria-label") == figure.alt == root.findtext("{http://www.w3.org/2000/svg}desc")
    colours = re.findall(r"#([0-9a-f]{6})\b", source)
    assert colours and all(c[:2] == c[2:4] == c[4:] for c in colours)
    assert not re.search(r"(fill|stroke): *(?!none|#|url)[a-z]+", source)


def test_shades_differ_without_colour() -> None:
    """Each shade has a fill or an edge of its own."""
    made = set()
    for shade in cells.SHADES:
        rows = replace(ROWS, rows=(CellRow(("r",), (Box(Fraction(0), "", shade),)),), links=())
        source = figures.draw(rows, "svg").decode()
        styles = re.findall(r'style="(fill: #[^"]*stroke: [^"]*)"', source)
        assert len(styles) == 1
        made.add(styles[0])
    assert len(made) == len(cells.SHADES)


def test_letters_are_large_enough() -> None:
    """Crowded cells have numbers of at least 7 points, or none."""
    for count in (4, 20, 40, 60):
        row = CellRow(("r",), tuple(Box(Fraction(n), str(n)) for n in range(count)))
        laid = figures._laid_out(replace(ROWS, rows=(row,), links=()))
        assert isinstance(laid, cells.Rows)
        assert laid.text == 0 or laid.text >= 7
        assert laid.size[0] <= cells.WIDTH + 1
    assert min(cells.FONT, cells.SMALL) >= 7


def test_grids_go_on_below_where_a_line_is_full() -> None:
    """Nothing is wider than the page."""
    one = CellGrid(("x",), (("-11/16",) * 8,))
    laid = figures._laid_out(replace(GRIDS, grids=(one,) * 4))
    assert laid.size[0] <= cells.WIDTH + 2 and laid.size[1] > 20
    with pytest.raises(RenderError, match="too wide"):
        figures.draw(replace(GRIDS, grids=(CellGrid(("x",), (("-11111/16",) * 30,)),)), "svg")


@pytest.mark.parametrize(
    ("figure", "why"),
    [
        (replace(ROWS, rows=()), "no row"),
        (replace(ROWS, links=(Link(0, 0, 7),)), "no cell"),
        (replace(ROWS, links=(Link(1, 0, 0),)), "no cell"),
        (replace(ROWS, rows=(CellRow(("r",), (Box(Fraction(0), "", "red"),)),), links=()), "red"),
        (replace(GRIDS, grids=()), "no grid"),
        (replace(GRIDS, grids=(CellGrid(("x",), (("1",),), sign="plus"),)), "signs"),
        (replace(GRAPH, nodes=(), edges=()), "no nodes"),
        (replace(GRAPH, edges=(((1, 0), ()),)), "onwards"),
        (replace(GRAPH, edges=(((0, 9), ()),)), "onwards"),
    ],
)
def test_what_cannot_be_drawn_is_refused(figure: figures.Figure, why: str) -> None:
    """One sentence."""
    with pytest.raises(RenderError, match=why):
        figures.draw(figure, "svg")


def test_a_graph_that_is_too_wide_goes_down() -> None:
    """From the left where there is room, from above else."""
    assert figures._laid_out(GRAPH).size[0] <= cells.WIDTH
    down = figures._laid_out(LONG)
    assert down.size[1] > down.size[0]
