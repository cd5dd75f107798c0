"""Figures: the same bytes every time, words inside, nothing from outside."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction

import pytest

from derive.errors import CannotPrint, RenderError
from derive.language import integer, signal
from derive.render import figures, pages
from derive.render.document import Document, Latex, StemPlot

N = integer("n")
POINTS = ((0, Fraction(1)), (1, Fraction(-3, 2)), (2, Fraction(0)))
PLOT = StemPlot("plot", POINTS, N, signal("y")[N], (), "Three <stems>")


@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_figures_have_the_same_bytes_every_time(form: str, pulse: Document) -> None:
    """No date, no random names: also after another figure was drawn in between."""
    stem, overlap = pages.figures_in(pulse)[1], pages.figures_in(pulse)[0]
    first = figures.draw(stem, form), figures.draw(overlap, form)
    again = figures.draw(stem, form), figures.draw(overlap, form)
    assert first == again
    assert b"matplotlib.org" not in b"".join(first)


def test_another_process_draws_the_same() -> None:
    """Hash seeds and the order of imports do not matter."""
    code = (
        "import sys; from fractions import Fraction as F\n"
        "from derive.language import integer, signal; from derive.render import figures\n"
        "from derive.render.document import StemPlot\n"
        "n = integer('n')\n"
        "p = StemPlot('plot', ((0, F(1)), (1, F(-3, 2)), (2, F(0))), n, signal('y')[n], (), 'Three <stems>')\n"
        "sys.stdout.buffer.write(figures.draw(p, 'svg'))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert found.stdout == figures.draw(PLOT, "svg")


def test_the_svg_says_what_it_shows_and_fetches_nothing() -> None:
    """Its description is the alternative text; letters are paths; references stay inside."""
    source = figures.draw(PLOT, "svg").decode()
    root = ET.fromstring(source)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Three <stems>"
    assert root.findtext(f"{space}desc") == "Three <stems>"
    assert not list(root.iter(f"{space}text"))
    assert not list(root.iter(f"{space}image"))
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.endswith("href"):
                assert value.startswith("#plot-")
        assert element.get("id", "plot-").startswith("plot-")


def test_pyplot_is_never_loaded() -> None:
    """It keeps figures in a global list and picks a screen."""
    code = (
        "import sys; import derive.render.figures as f; assert 'matplotlib' not in sys.modules\n"
        "from derive.language import integer; from derive.render.document import StemPlot\n"
        "from fractions import Fraction\n"
        "n = integer('n'); f.draw(StemPlot('p', ((0, Fraction(1)),), n, n, (), 'a'), 'pdf')\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "points", [((0, Fraction(0)),), ((5, Fraction(-2)),), ((0, Fraction(10**9)), (90, Fraction(1, 7)))]
)
def test_extreme_values_are_drawn(points: tuple[tuple[int, Fraction], ...]) -> None:
    """All zero, all negative, very large, many."""
    assert figures.draw(replace(PLOT, points=points), "svg").startswith(b"<svg")


def test_what_cannot_be_drawn_is_refused() -> None:
    """No points, an unknown format, a label beyond the letters of the drawing."""
    with pytest.raises(RenderError, match="no points"):
        figures.draw(replace(PLOT, points=()), "svg")
    with pytest.raises(RenderError, match="png"):
        figures.draw(PLOT, "png")
    with pytest.raises(CannotPrint, match="plot"):
        figures.draw(replace(PLOT, x_label=Latex(r"\nonsense")), "svg")  # type: ignore[arg-type]
