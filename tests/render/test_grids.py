"""Matrices written out: which cells are shown, what is worked out in them, and how each format sets them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from types import ModuleType

import pytest
from sympy import Expr, Integer, oo

from derive.errors import RenderError
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Indicator,
    Partial,
    all_of,
    array,
    between,
    declare,
    eq,
    ge,
    integer,
    le,
    lt,
    substitute,
)
from derive.language.forms import of
from derive.render import html, latex, markdown, text
from derive.render.document import Grid, Latex, Paragraph
from derive.render.grids import dotted, dotted_column

i, j, k, m, n = (integer(letter) for letter in "ijkmn")
p, y, x = array("p", (1, n)), array("y", (1, m)), array("x", (1, n))
w = array("w", (1, 3), outside="zero")
SOFTMAX = p[i] * (Indicator(eq(i, j)) - p[j])


def test_a_matrix_of_letters_shows_its_corners() -> None:
    """The first two and the last row and column, dots between; deltas are worked out since these are apart."""
    cells = dotted(SOFTMAX, i, j, (1, n), (1, n))
    assert cells == (
        (p[1] * (1 - p[1]), -p[1] * p[2], "cdots", -p[1] * p[n]),
        (-p[1] * p[2], p[2] * (1 - p[2]), "cdots", -p[2] * p[n]),
        ("vdots", "vdots", "ddots", "vdots"),
        (-p[1] * p[n], -p[2] * p[n], "cdots", p[n] * (1 - p[n])),
    )


@pytest.mark.parametrize(("size", "shown"), [(1, 1), (2, 2), (8, 8), (9, 4), (100, 4)])
def test_numbers_up_to_eight_are_all_shown(size: int, shown: int) -> None:
    """Rows and columns each for themselves; dots only where something is left out."""
    for other in (2, 9):
        cells = dotted(i + 10 * j, i, j, (1, size), (0, other - 1))
        assert (len(cells), len(cells[0])) == (shown, min(other, 4))
        assert ("vdots" in cells[-2 if len(cells) > 1 else 0]) == (size > 8)
        assert ("cdots" in cells[0]) == (other > 8)
        assert cells[0][0] == 1 and cells[-1][-1] == size + 10 * (other - 1)


def test_all_shown_cells_are_the_entries() -> None:
    """Compared with a loop."""
    cells = dotted(i**2 - 3 * j, i, j, (-1, 2), (4, 6))
    assert cells == tuple(tuple(Integer(a * a - 3 * b) for b in (4, 5, 6)) for a in (-1, 0, 1, 2))


def test_letters_that_leave_a_number_of_rows() -> None:
    """From n to n + 2 are three rows, whatever n is."""
    assert dotted_column(x[i], i, (n, n + 2)) == ((x[n],), (x[n + 1],), (x[n + 2],))


def test_what_is_decided_is_worked_out() -> None:
    """Indicators, cases, and entries outside the range of an array that is 0 there; what is not decided stays."""
    toeplitz = dotted(w[i - j + 1], i, j, (1, 5), (1, 3))
    assert [[str(c) for c in row] for row in toeplitz] == [
        ["w[1]", "0", "0"], ["w[2]", "w[1]", "0"], ["w[3]", "w[2]", "w[1]"], ["0", "w[3]", "w[2]"], ["0", "0", "w[3]"],
    ]  # fmt: skip
    banded = dotted(Indicator(between(0, i - j, k)), i, j, (1, n), (1, n), Context((declare("k", "size"),)))
    assert banded[0] == (1, 0, "cdots", 0)
    assert banded[1] == (1, 1, "cdots", 0)
    assert banded[-1][0] == Indicator(eq(0, 0)).func(between(0, n - 1, k).args[1])
    stepped = Cases((p[1], lt(i, 2)), (p[i], lt(i, n)), (0, OTHERWISE))
    assert [c for (c,) in dotted_column(stepped, i, (1, n))] == [p[1], p[2], "vdots", 0]
    assert dotted_column(Indicator(ge(k, i)), i, (1, 2))[1] == (Indicator(ge(k, 2)),)
    assert dotted_column(Indicator(all_of(ge(i, 0), ge(k, i))), i, (1, 1)) == ((Indicator(ge(k, 1)),),)


def test_decided_cells_are_right_at_every_size() -> None:
    """What stands in the picture is the entry, for all sizes that a picture with dots can have."""
    looked = 0
    for term in (SOFTMAX, Indicator(between(0, i - j, 1)) * p[i], w[i - j + 1] + Indicator(eq(i, n))):
        cells = dotted(term, i, j, (1, n), (1, n))
        for size in range(3, 7):
            places = (Integer(1), Integer(2), None, Integer(size))
            for row, here in zip(cells, places, strict=True):
                for cell, there in zip(row, places, strict=True):
                    if isinstance(cell, Expr):
                        true = dotted(substitute(term, {i: here, j: there, n: size}), m, k, (1, 1), (1, 1))[0][0]
                        found = dotted(substitute(cell, {n: size}), m, k, (1, 1), (1, 1))[0][0]
                        assert (found - true).expand() == 0, (term, size, here, there)
                        looked += 1
    assert looked == 3 * 4 * 9


def test_derivatives_stay_derivatives() -> None:
    """What is differentiated is not worked out, also where it is 0."""
    assert dotted_column(Partial(w[i - 3], x[1]), i, (1, 1)) == ((Partial(w[-2], x[1]),),)


@pytest.mark.parametrize("ends", [(1, 0), (n, n - 1), (1, oo), (-oo, n)])
def test_a_matrix_without_a_last_row_is_refused(ends: tuple[Expr, Expr]) -> None:
    """There is nothing to show, and a picture of something would be wrong."""
    with pytest.raises(RenderError, match="nothing can be shown"):
        dotted_column(x[i], i, ends)


def test_dots_that_would_stand_for_nothing_are_refused() -> None:
    """With n <= 2 everything and its opposite would follow from rows that are apart."""
    with pytest.raises(RenderError, match="leave room for none"):
        dotted(SOFTMAX, i, j, (1, n), (1, n), Context((declare("n", "size"),), (lt(n, 3),)))


def test_a_condition_that_an_entry_knows_is_not_said() -> None:
    """`w_2 [2 <= k]` is w_2 where w is 0 outside 1..k; a condition that says more stays, and so does one without it."""
    k = integer("k")
    inside, anywhere = array("w", (1, k), outside="zero"), array("w", (1, k))
    told = Indicator(between(1, i, k))
    assert dotted_column(inside[i] * told, i, (1, 3)) == ((inside[1],), (inside[2],), (inside[3],))
    assert dotted_column(anywhere[i] * told, i, (2, 2)) == ((anywhere[2] * Indicator(le(2, k)),),)
    more = Indicator(between(1, i, k - 1))
    assert dotted_column(inside[i] * more, i, (2, 2)) == ((inside[2] * Indicator(le(2, k - 1)),),)


WRITERS = [latex, html, markdown, text]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(
    ("cells", "why"),
    [((), "no cells"), (((),), "0 cells"), (((n,), (n, n)), "1 and 2 cells"), ((("ldots",),), "not 'ldots'")],
)
def test_wrong_cells_are_refused(writer: ModuleType, cells: tuple, why: str) -> None:
    """In each format, before anything is set."""
    with pytest.raises(RenderError, match=why):
        writer.blocks((Grid((), cells),))


GRID = Grid((of("outer", p, p), " = "), dotted(p[i] * p[j], i, j, (1, n), (1, n)), (".",))


def test_latex_sets_it_in_one_display() -> None:
    """Made smaller where it is wider than the line, and no page ends before it."""
    inside = (
        r"p_1^2 & p_1\,p_2 & \cdots & p_1\,p_n\\[2pt]p_1\,p_2 & p_2^2 & \cdots & p_2\,p_n\\[2pt]"
        r"\vdots & \vdots & \ddots & \vdots\\[2pt]p_1\,p_n & p_2\,p_n & \cdots & p_n^2"
    )
    written = latex.blocks((Paragraph(("So:",)), GRID))
    assert rf"\fitted{{$p\,p^{{\top}}$ = $\displaystyle \begin{{bmatrix}}{inside}\end{{bmatrix}}$.}}" in written
    assert written.index(r"\nobreak") < written.index(r"\fitted")


def test_rows_with_fractions_are_apart() -> None:
    """And the fractions have the size of a display."""
    grid = Grid((), dotted(Partial(y[i], x[j]), i, j, (1, 2), (1, 1)))
    one, two = (rf"\displaystyle \frac{{\partial y_{r}}}{{\partial x_1}}" for r in (1, 2))
    assert rf"\begin{{bmatrix}}{one}\\[10pt]{two}\end{{bmatrix}}" in latex.blocks((grid,))
    assert html.blocks((grid,)).count("<mfrac>") == 2


def test_many_columns_have_room() -> None:
    r"""LaTeX's bmatrix has ten columns, if it is not told."""
    assert "MaxMatrixCols}{12}" in latex.blocks((Grid((), ((n,) * 12,)),))
    assert "MaxMatrixCols" not in latex.blocks((Grid((), ((n,) * 10,)),))


def test_html_and_markdown() -> None:
    """One table in MathML; one line in Markdown, with rows as GitHub reads them."""
    shown = html.blocks((GRID,))
    assert len(ET.fromstring(shown).findall(".//mtd")) == 16
    assert shown.count("<mo>[</mo>") == 1
    written = markdown.blocks((GRID,))
    assert written.count("\n") == 1
    assert written.startswith(r"$p\thinspace p^{\top}$ = $\displaystyle \begin{bmatrix}p_1^2 & p_1\thinspace p_2 & ")
    assert written.count(r"\cr ") == 3 and "\\\\" not in written


def test_the_terminal_draws_it() -> None:
    """Brackets around columns of one width; words stand beside a middle row; marks over letters take no room."""
    assert text.blocks((GRID,)).splitlines() == [
        "         ⎡  p_1^2   p_1·p_2  ⋯  p_1·p_n ⎤",
        "  p pᵀ = ⎢ p_1·p_2   p_2^2   ⋯  p_2·p_n ⎥.",
        "         ⎢    ⋮        ⋮     ⋱     ⋮    ⎥",
        "         ⎣ p_1·p_n  p_2·p_n  ⋯   p_n^2  ⎦",
    ]
    assert text.blocks((Grid((Latex("q = "),), ((n, "cdots", ""),)),)) == "  q = [ n  ⋯   ]\n"
    full = Grid((of("full_correlation", p, x), " = "), dotted_column(x[i], i, (1, 2)))
    assert text.blocks((full,)).splitlines() == ["  p ⋆\u0303 x = ⎡ x_1 ⎤", "          ⎣ x_2 ⎦"]
