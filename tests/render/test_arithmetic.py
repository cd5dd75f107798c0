"""Numbers as they were inserted, sums written out, and matrices beside each other or in a frame, in every format."""

from __future__ import annotations

import pytest
from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from derive.errors import RenderError
from derive.language import array
from derive.render import html, kinds, latex, markdown, text
from derive.render.document import Aligned, Grid, Grids, Line
from derive.render.lines import in_pieces, usual
from derive.render.tex import latex as tex

x, w = array("x", (1, 12)), array("w", (1, 12))


def held(head: type, *parts: object) -> object:
    """The parts, not worked out."""
    return head(*(Integer(p) if isinstance(p, int) else p for p in parts), evaluate=False)


WORKED = [
    (held(Mul, 4, 4), r"4\cdot 4", "4·4"),
    (held(Mul, -1, 4), r"(-1)\cdot 4", "(-1)·4"),
    (held(Add, held(Mul, 4, 4), held(Mul, -5, -3), -3), r"4\cdot 4+(-5)\cdot (-3)-3", "4·4 + (-5)·(-3) - 3"),
    (held(Add, held(Mul, 5, 3), held(Mul, 4, 4)), r"5\cdot 3+4\cdot 4", "5·3 + 4·4"),
    (held(Add, 3, -1, 0, 2), "3-1+0+2", "3 - 1 + 0 + 2"),
    (held(Add, held(Mul, -1, held(Mul, 3, 2)), 1), r"-3\cdot 2+1", "-3·2 + 1"),
    (held(Mul, Rational(1, 2), Rational(-2, 3)), r"\frac{1}{2}\cdot \left(-\frac{2}{3}\right)", "(1/2)·(-2/3)"),
    (held(Mul, 2, held(Pow, -3, 2)), r"2\cdot (-3)^2", "2·(-3)^2"),
    (held(Mul, 4, held(Add, 1, 2)), r"4\cdot (1+2)", "4·(1 + 2)"),
]


@pytest.mark.parametrize(("term", "in_tex", "plain"), WORKED)
def test_numbers_stand_as_they_were_inserted(term: object, in_tex: str, plain: str) -> None:
    """In their order, negative ones in parentheses as factors, with a dot between."""
    assert kinds.is_arithmetic(term)
    assert tex(term) == in_tex
    assert text.plain(term) == plain
    assert usual(term) == (term,)


def test_what_is_worked_out_is_not_arithmetic() -> None:
    """Terms with letters, numbers alone, and powers of ten left as they are."""
    for term in (Symbol("a") * 2, Integer(3), held(Pow, 10, -12), x[1] + 2, held(Mul, 2, Symbol("a"))):
        assert not kinds.is_arithmetic(term)


def written_out(terms: int) -> Line:
    """x_n w_n + ... + x_1 w_1, in this order."""
    parts = [x[n] * w[n] for n in range(terms, 0, -1)]
    return Line("=", Add(*parts, evaluate=False), ("written out",), x[1], tuple(parts))


def test_a_sum_keeps_the_order_of_its_terms() -> None:
    """Also where the usual order is another one; a sum of others is refused."""
    line = written_out(3)
    assert text.line(line) == "w_3·x_3 + w_2·x_2 + w_1·x_1"
    assert latex.blocks((Aligned((line,)),)).count("w_3\\,x_3+w_2\\,x_2+w_1\\,x_1") == 1
    with pytest.raises(RenderError):
        text.line(Line("=", line.term, (), None, (x[1],)))


def test_a_long_sum_may_be_broken() -> None:
    """From five terms on each stands by itself in HTML and Markdown, and the terminal wraps the line."""
    long, short = written_out(12), written_out(4)
    assert in_pieces(short) == () and len(in_pieces(long)) == 12
    assert html.blocks((Aligned((long,)),)).count("&#8203;") == 11
    assert html.blocks((Aligned((short,)),)).count("&#8203;") == 0
    assert markdown.blocks((Aligned((long,)),)).count(r"\displaystyle") == 13
    shown = text.blocks((Aligned((long,)),)).splitlines()
    assert max(map(len, shown)) <= 100 and len(shown) >= 3


def test_matrices_beside_each_other_and_in_a_frame() -> None:
    """All formats have both; the frame is that of an answer."""
    grid = Grid((x, " = "), ((Integer(1), Rational(1, 2)), (Integer(-3), Integer(0))))
    framed = Grid(grid.before, grid.cells, framed=True)
    beside = Grids((grid, grid))
    assert latex.blocks((beside,)).count(r"\begin{bmatrix}") == 2
    assert r"\answer{\rigid{\mbox{$x$ = }\begin{bmatrix}" in latex.blocks((framed,))
    assert html.blocks((beside,)).count("<math>") == 4 and "flex" in html.blocks((beside,))
    assert 'class="answer"' in html.blocks((framed,))
    assert markdown.blocks((beside,)).count("bmatrix") == 4
    assert text.blocks((framed,)).count("| ") >= 2 and text.blocks((beside,)).count("⎡") == 2


def test_a_fraction_has_a_numerator() -> None:
    """A power of a sum over a sum stands in the fraction where nothing else would."""
    g, n = Symbol("g", real=True), Symbol("n", integer=True)
    assert tex((1 - g) ** n / (1 - g**2)) == r"\frac{(1-g)^n}{1-g^2}"
    assert tex(3 * (1 - g) ** n / (1 - g**2)) == r"(1-g)^n\frac{3}{1-g^2}"
