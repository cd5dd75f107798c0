"""Curves: exact values, cuts where the form changes, no line across a jump, what cannot be drawn refused by name."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sympy import Abs, Expr, Integer, Max, exp, floor, log, pi

from derive.constructs.registry import claim
from derive.errors import BadInput, SheetError
from derive.kernel.derivation import Chain, Derivation
from derive.language import Cases, Condition, Context, Indicator, array, between, declare, eq, ge, gt, le, lt, ne
from derive.render import curves, figures
from derive.render.document import Curve
from derive.sheets.compose import compose
from derive.sheets.curves import along, curve, plot
from derive.sheets.reader import read_sheet

_x, _k = declare("x", "real"), declare("k", "real")
x, k = _x.symbol, _k.symbol
F = Fraction


def drawn(term: Expr, low: int = -2, high: int = 2, known: tuple[Condition, ...] = (), **values: int) -> Curve:
    """The curve of a term in x."""
    context = Context((_x, _k), known)
    made = Derivation("test.curve", context, term, term, Chain(term))
    return curve(along(term, made, "x", {n: F(v) for n, v in values.items()}), F(low), F(high), ())


def test_a_kink_is_one_line() -> None:
    """The ReLU has three points and no mark."""
    found = drawn(Max(0, x, evaluate=False))
    assert found.strokes == (((F(-2), F(0)), (F(0), F(0)), (F(2), F(2))),)
    assert found.dots == () and found.rings == ()


@pytest.mark.parametrize(
    ("at_0", "dots", "rings"),
    [
        (Cases((1, gt(x, 0)), (0, lt(x, 0))), (), (0, 1)),
        (Cases((1, gt(x, 0)), (7, eq(x, 0)), (0, lt(x, 0))), (7,), (0, 1)),
        (Cases((1, gt(x, 0)), (0, le(x, 0))), (0,), (1,)),
        (Indicator(ge(x, 0)), (1,), (0,)),
        (Cases((x, ne(x, 0)), (1, eq(x, 0))), (1,), (0,)),
        (Cases((x, ne(x, 0))), (), (0,)),
    ],
)
def test_a_jump_is_not_joined(at_0: Expr, dots: tuple[int, ...], rings: tuple[int, ...]) -> None:
    """No line goes from one side of 0 to the other; the value is a dot, other ends are rings."""
    found = drawn(at_0)
    assert all(not (stroke[0][0] < 0 < stroke[-1][0]) for stroke in found.strokes) and len(found.strokes) == 2
    assert found.dots == tuple((F(0), F(y)) for y in dots)
    assert sorted(found.rings) == [(F(0), F(y)) for y in rings]


def test_cuts_within_what_is_settled_first() -> None:
    """max(0, |x| - 1) is cut at 0, then at -1 and 1."""
    found = drawn(Max(0, Abs(x) - 1, evaluate=False))
    assert found.strokes == (((F(-2), F(1)), (F(-1), F(0)), (F(0), F(0)), (F(1), F(0)), (F(2), F(1))),)


def test_a_pole_ends_the_line() -> None:
    """1/x has no value at 0, and its line no end there."""
    found = drawn(1 / x)
    assert len(found.strokes) == 2 and not found.dots and not found.rings
    assert all(place != 0 for stroke in found.strokes for place, _ in stroke)


def test_only_where_it_is_claimed() -> None:
    """Nothing is drawn where the hypotheses do not hold; at the edge of what they allow the line ends."""
    found = drawn(x**2, known=(between(-1, x, 1),))
    assert [stroke[0][0] for stroke in found.strokes] == [-1] and [s[-1][0] for s in found.strokes] == [1]
    apart = drawn(x + 1, known=(ne(x, 1),))
    assert len(apart.strokes) == 2 and apart.rings == ((F(1), F(2)),) and apart.dots == ()


def test_values_are_exact_or_close() -> None:
    """A power at rational points; an exponential to nine digits."""
    square = drawn(x**2)
    assert all(y == place**2 for stroke in square.strokes for place, y in stroke) and len(square.strokes[0]) > 50
    sigmoid = drawn(1 / (1 + exp(-k * x)), k=3)
    assert max(abs(float(y) - 1 / (1 + 2.718281828459045 ** (-3 * float(p)))) for p, y in sigmoid.strokes[0]) < 1e-8


@pytest.mark.parametrize(
    ("term", "said"),
    [
        (floor(x), "floor"),
        (Abs(x**2 - 2), "Abs"),
        (Indicator(gt(x**2, 2)), "is not drawn"),
        (1 / (x**2 - 2), "has a value everywhere"),
        (log(x), "log"),
        (Abs(x - pi), "Abs"),
        (x * k, "needs numbers for k"),
        (array("y")[()] * x, "is not drawn|needs numbers"),
    ],
)
def test_what_cannot_be_drawn(term: Expr, said: str) -> None:
    """Where a jump or a pole would not be seen, the term is refused by name."""
    with pytest.raises(BadInput, match=said):
        drawn(term)


def test_an_entry_as_the_variable() -> None:
    """The derivative of the threshold over one entry; at the joints nothing is claimed."""
    made = claim("soft_threshold.derivative")[1].derive()
    over = along(made.right, made, "y", {"T": F(1), "p": F(2), "q": F(3)})
    found = curve(over, F(-3), F(3), ())
    assert found.rings == ((F(-1), F(0)), (F(1), F(0))) and len(found.strokes) == 3
    assert found.strokes[2] == ((F(1), F(0)), (F(3), F(4)))
    with pytest.raises(BadInput, match="no real number z"):
        along(made.right, made, "z", {})


def test_the_figure_says_what_it_shows_and_is_the_same_every_time() -> None:
    """Words for those who cannot see it; the same bytes; several curves, not too many."""
    step = drawn(Indicator(ge(x, 0)))
    figure = plot("curve", [replace(step, label=("step",)), drawn(x)], x, F(-2), F(2), ())
    assert "step: values between 0 and 1, with open ends or jumps at 0" in figure.alt
    first = [figures.draw(figure, form) for form in ("svg", "pdf")]
    assert first == [figures.draw(figure, form) for form in ("svg", "pdf")]
    assert figures.draw(replace(figure, curves=(step,)), "svg") != first[0]
    with pytest.raises(BadInput, match="nothing to draw"):
        plot("curve", [Curve((), ())], x, F(0), F(1), ())


def test_the_names_of_many_curves_stay_on_the_page() -> None:
    """Where they are too long for one line they are set closer together; before that the last was cut off."""
    sigmoid = drawn(1 / (1 + exp(-x)))
    names = ("step", *(rf"k = {number}" for number in (1, 3, 10)))
    figure = plot("curve", [replace(sigmoid, label=(name,)) for name in names], x, F(-2), F(2), ())
    canvas = Figure(figsize=(curves.SIZE[0] / 25.4, curves.SIZE[1] / 25.4))
    FigureCanvasAgg(canvas)
    curves.draw(canvas, figure, "x", names, [str(h) for h in curves.heights(figure)])
    (legend,) = [axes.get_legend() for axes in canvas.axes]
    taken = legend.get_window_extent()
    assert len(legend.get_texts()) == 4
    assert taken.x0 >= 0 and taken.x1 <= canvas.bbox.x1


HEAD = '''title = "t"
[[problem]]
title = "p"
[[problem.part]]
claim = "relu_derivative.away"
'''


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ('curve = { x = "2..2" }', "needs a range"),
        ('curve = { z = "0..2" }', "no real number z"),
        ('curve = { x = "0..2", set = { q = 1 } }', "no symbol 'q'"),
        ('curve = { x = "0..2", lines = [{ claim = "No" }] }', "claim must be"),
        ('curve = { x = "0..2", lines = [{ claim = "subgradients.relu_bound", over = "t" }] }', "is a bound"),
        ('curve = { x = "0..2", lines = [{ array = "H" }] }', "defines no array"),
        ('curve = { x = "0..2", lines = [{ dash = 1 }] }', "dash"),
        ('curve = { x = "0..2", lines = [{}], set = { h = 1 } }', "each has its own set"),
    ],
)
def test_mistakes_in_a_file(asked: str, said: str, tmp_path: Path) -> None:
    """One sentence with the file and a line."""
    file = tmp_path / "t.toml"
    file.write_text(HEAD + asked)
    with pytest.raises(SheetError, match=said) as problem:
        compose(read_sheet(file))
    assert problem.value.line == 6


def test_integers_only_in_the_range() -> None:
    """A straight line between two integers has two points."""
    assert drawn(2 * x + Integer(1), 0, 3).strokes == (((F(0), F(1)), (F(3), F(7))),)
