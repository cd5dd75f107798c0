"""Figures of a part: what they show is what was computed, and nothing is drawn that disagrees with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sympy import Rational

from derive.errors import BadInput, OracleDisagrees, SheetError
from derive.render.document import Document, OverlapPlot
from derive.render.drawings import CellGrids, CellRows, GraphPlot
from derive.render.pages import figures_in
from derive.sheets import field_figures, routing_figures, window_figures
from derive.sheets.answers import Checked, answer
from derive.sheets.build import pages
from derive.sheets.compose import compose
from derive.sheets.editions import edition
from derive.sheets.reader import read_sheet
from derive.sheets.values import as_numbers

HEAD = 'title = "T"\n[[problem]]\ntitle = "P"\n[[problem.part]]\ntitle = "Q"\ntext = "Which?"\n'
X = [[4, 5, 2, 2, 1], [3, 3, 2, 2, 4], [4, 3, 4, 1, 1], [5, 1, 4, 1, 2], [5, 1, 3, 1, 4]]
W = [[4, 3, 3], [5, 5, 6], [2, 4, 3]]
POOLED = 'claim = "max_pooling_image.blocks"\nset = { X = [[4, -5, 2, 7], [3, -3, 0, 1]], G = [[5, 6]], K = 2 }\n'


def composed(tmp_path: Path, part: str) -> Document:
    """A sheet with this part alone."""
    file = tmp_path / "sheet.toml"
    file.write_text(HEAD + part)
    return compose(read_sheet(file))


def rows(numbers: Any) -> Any:
    """Nested lists as the numbers of an array."""
    deep = isinstance(numbers[0], list)
    return as_numbers([[Fraction(v) for v in row] for row in numbers] if deep else [Fraction(v) for v in numbers])


def convolved(name: str = "convolution", place: tuple[int, int] = (1, 2)) -> Checked:
    """A convolution at numbers, with an entry written out."""
    at = {"i": place[0], "j": place[1]}
    return answer(f"convolution_image.{name}", {"x": rows(X), "w": rows(W)}, at)


def forged(checked: Checked) -> Checked:
    """The same with another number for each entry."""
    assert checked.entries is not None
    values = {place: value + 1 for place, value in checked.entries.values.items()}
    return replace(checked, entries=replace(checked.entries, values=values))


STACKS = [
    ((3, 1, 1, 0), (3, 2, 1, 0), (3, 1, 1, 0)),
    ((3, 1, 1, 0), (3, 1, 2, 0), (3, 1, 4, 0)),
    ((2, 3, 1, 1), (4, 2, 1, 2)),
    ((1, 1, 1, 0),),
]


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("output", [0, 2])
def test_a_field_is_what_changes_the_output(stack: tuple[tuple[int, int, int, int], ...], output: int) -> None:
    """Cells are grey just where an input changes the output of layers with all weights 1, run on every unit pulse."""
    found = field_figures.field(stack, 0, output, {})

    def run(layer: int, place: int, pulse: int) -> int:
        if layer == 0:
            return int(place == pulse)
        kernel, stride, dilation, padding = stack[layer - 1]
        return sum(run(layer - 1, stride * place - padding + dilation * tap, pulse) for tap in range(kernel))

    changed = [pulse for pulse in range(-40, 60) if run(len(stack), output, pulse)]
    assert list(found.seen[0]) == changed


def test_borders_cut_a_field_off() -> None:
    """Output 0 reads one place of padding in two layers; below padding there is nothing."""
    stack = ((3, 1, 1, 1), (2, 2, 1, 0), (3, 1, 1, 1))
    found = field_figures.field(stack, 12, 0, {})
    assert found.sizes == (12, 12, 6, 6)
    assert found.seen == ((-1, 0, 1, 2, 3, 4), (0, 1, 2, 3), (-1, 0, 1), (0,))
    assert field_figures.field(stack, 12, None, {}).output == 2
    with pytest.raises(BadInput, match="no output 6"):
        field_figures.field(stack, 12, 6, {})
    with pytest.raises(BadInput, match="layer 2 has no output"):
        field_figures.field(((3, 1, 1, 0), (9, 1, 1, 0)), 8, None, {})


@pytest.mark.parametrize(
    "path", ["receptive_places.first", "receptive_places.last", "receptive_field.size", "receptive_field.centre"]
)
def test_a_field_that_disagrees_is_not_drawn(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever claim is off by one."""
    value = field_figures._Proved.value

    def off(self: Any, asked: str, **point: int) -> Fraction:
        return value(self, asked, **point) + (asked == path)

    monkeypatch.setattr(field_figures._Proved, "value", off)
    with pytest.raises(OracleDisagrees):
        field_figures.field(STACKS[0], 0, 0, {})


def test_the_layers_of_the_claim_are_drawn(tmp_path: Path) -> None:
    """Without layers of its own a figure has those that are set; the number at the input is the field of the answer."""
    part = 'claim = "receptive_stack.size"\nset = { K = [3, 2, 3], S = [1, 2, 1], D = [1, 1, 1] }\n'
    document = composed(tmp_path, part + 'figure = { kind = "receptive field" }')
    (figure,) = figures_in(document)
    assert isinstance(figure, CellRows)
    assert [sum(1 for c in row.cells if c.shade) for row in figure.rows] == [1, 3, 6, 8]
    assert figure.rows[-1].note == ("8 places",)
    assert "8 places of the input (places 0 to 7)" in figure.alt


@pytest.mark.parametrize("name", ["convolution", "correlation"])
def test_a_window_shows_the_products_of_its_entry(name: str) -> None:
    """The grey numbers, multiplied and added up one by one, are the marked one."""
    for place in ((1, 2), (3, 3)):
        figure = window_figures.window("w", convolved(name, place), (), False)
        image, kernel, output = figure.grids
        marked = [at for at, shade in image.shades if shade == "seen"]
        assert image.frames == ((place[0] - 1, place[1] - 1, 3, 3),)
        pixels = [int(image.rows[r][c]) for r, c in sorted(marked)]
        weights = [int(text) for row in kernel.rows for text in row]
        ((at, shade),) = output.shades
        assert shade == "chosen" and at == (place[0] - 1, place[1] - 1)
        assert sum(a * b for a, b in zip(pixels, weights, strict=True)) == int(output.rows[at[0]][at[1]])
        step = -1 if name == "convolution" else 1
        assert [list(row) for row in kernel.rows] == [[str(v) for v in row[::step]] for row in W[::step]]


def test_padding_is_drawn_around_the_image() -> None:
    """Zeros with dashed edges, grey where the window reads them."""
    values = {"p": Fraction(1), "x": rows(X), "w": rows(W)}
    figure = window_figures.window("w", answer("convolution_padding.padded", values, {"i": 1, "j": 1}), (), False)
    image = figure.grids[0]
    assert len(image.rows) == len(image.rows[0]) == 7
    shades = dict(image.shades)
    assert shades[(0, 0)] == "outside seen" and shades[(6, 6)] == "outside" and shades[(1, 1)] == "seen"
    assert {image.rows[r][c] for (r, c), shade in shades.items() if shade.startswith("outside")} == {"0"}


def test_a_routed_gradient_goes_to_the_largest() -> None:
    """A window at a time, found by hand; what is shown below is the sum."""
    entries, sent = [3, 1, 4, 2, 5, 0, 6], [1, 2, Fraction(1, 2)]
    values = {"x": rows(entries), "g": rows(sent), "K": Fraction(3), "S": Fraction(2)}
    figure = routing_figures.figure("r", answer("max_pooling.input_gradient", values), (), False)
    assert isinstance(figure, CellRows)
    strong = [(link.above, link.below) for link in figure.links if link.strong and link.row == 0]
    assert strong == [(n, max(range(2 * n, 2 * n + 3), key=lambda p: entries[p])) for n in range(3)]
    assert [cell.text for cell in figure.rows[2].cells] == ["0", "0", "1", "0", "2", "0", "1/2"]


def test_an_average_is_routed_in_equal_shares() -> None:
    """A quarter to each pixel of a block."""
    values = {"X": rows([[1, 2, 3, 4], [5, 6, 7, 8]]), "G": rows([[4, 2]]), "K": Fraction(2)}
    figure = routing_figures.figure("r", answer("average_pooling_image.blocks", values), (), False)
    assert isinstance(figure, CellGrids)
    assert figure.grids[-1].rows == (("1", "1", "1/2", "1/2"),) * 2


def test_windows_that_overlap_have_a_grid_each() -> None:
    """With the one pixel that its gradient goes to."""
    values = {"X": rows([[4, -5, 2], [3, -3, 1], [0, 2, 8]]), "G": rows([[1, 2], [3, 4]]), "K": Fraction(2)}
    checked = answer("max_pooling_image.overlapping", {**values, "S": Fraction(1)})
    figure = routing_figures.figure("r", checked, (), False)
    assert isinstance(figure, CellGrids) and len(figure.grids) == 5
    chosen = [(0, 0), (0, 2), (1, 0), (2, 2)]
    assert [grid.shades for grid in figure.grids[:4]] == [((place, "chosen"),) for place in chosen]
    assert figure.grids[4].rows == (("1", "0", "2"), ("3", "0", "0"), ("0", "0", "4"))


def test_forged_numbers_are_not_drawn() -> None:
    """A result that is not what the windows give."""
    with pytest.raises(OracleDisagrees, match="add up to"):
        window_figures.window("w", forged(convolved()), (), False)
    values = {"X": rows([[4, -5], [3, -3]]), "G": rows([[5]]), "K": Fraction(2)}
    with pytest.raises(OracleDisagrees, match="gradient"):
        routing_figures.figure("r", forged(answer("max_pooling_image.blocks", values)), (), False)


def test_a_graph_has_the_shapes_of_its_values(tmp_path: Path) -> None:
    """Of a composition, of a program, and of a network with two branches."""
    (chain,) = figures_in(composed(tmp_path, 'claim = "composed_maps.jacobian"\nfigure = { kind = "graph" }'))
    assert isinstance(chain, GraphPlot)
    assert "x to f (ℓ); f to g (m); g to h (n); h to the output (o)" in chain.alt
    program = "program = '''\ndef f(W, x):\n    h = W @ x\n    return h + h\n'''\n"
    program += 'shapes = { W = "(n, m)", x = "(m)" }\n'
    (read,) = figures_in(composed(tmp_path, program + 'figure = { kind = "graph" }'))
    assert "W to h (n by m); x to h (m); h to result (n)" in read.alt
    network = 'network = "8x8x4 -> RES[CONV3-4] -> GAP"\n'
    (layers,) = figures_in(composed(tmp_path, network + 'figure = { kind = "graph" }'))
    assert "input to CONV3-4 (8 by 8 by 4); CONV3-4 to + (8 by 8 by 4); input to + (8 by 8 by 4)" in layers.alt
    blank = 'blank = ["output"]\nfigure = { kind = "graph" }'
    (hidden,) = figures_in(composed(tmp_path, network + blank))
    assert "8 by 8 by 4" not in hidden.alt.partition("CONV3-4 to")[2].replace("input to + (8 by 8 by 4)", "")


@pytest.mark.parametrize(
    ("part", "answers"),
    [
        (POOLED + 'figure = { kind = "routing", in = "question" }', ("get", "grey")),
        (
            'answer = "5."\nfigure = { kind = "receptive field", layers = [[3], [2, 2]], in = "question" }',
            ("sees", "grey"),
        ),
    ],
)
def test_a_figure_of_a_question_gives_nothing_away(tmp_path: Path, part: str, answers: tuple[str, ...]) -> None:
    """It is in the handout, without what was worked out."""
    handout = edition(composed(tmp_path, part), "handout")
    (figure,) = figures_in(handout)
    assert not any(word in figure.alt for word in answers)
    assert isinstance(figure, (CellGrids, CellRows))
    if isinstance(figure, CellGrids):
        assert len(figure.grids) == 2 and not any(grid.shades for grid in figure.grids)
    else:
        assert not figure.links and not any(cell.shade == "seen" for row in figure.rows for cell in row.cells)


def test_a_window_of_a_question_has_no_results() -> None:
    """The output is blank."""
    figure = window_figures.window("w", convolved(), (), True)
    assert {text for row in figure.grids[2].rows for text in row} == {""}
    assert "87" not in figure.alt and "92" not in figure.alt


def test_pages_show_the_same_drawing(tmp_path: Path) -> None:
    """HTML and Markdown have one SVG, TeX a PDF; again and again the same bytes."""
    document = composed(tmp_path, POOLED + 'figure = { kind = "routing", caption = "Where it $G$ goes." }')
    first = pages(document, ("tex", "html", "md"))
    assert first == pages(document, ("tex", "html", "md"))
    svg = first["sheet-routing-1.svg"].decode()
    assert svg.strip().splitlines()[5] in first["sheet.html"].decode()
    assert b"sheet-routing-1.svg" in first["sheet.md"] and b"sheet-routing-1" in first["sheet.tex"]
    assert 'class="scroll own"' in first["sheet.html"].decode()


NUMBERS = 'claim = "convolution_image.convolution"\nset = { x = [[1, 2], [3, 4]], w = [[1]] }\n'


@pytest.mark.parametrize(
    ("part", "line", "hint"),
    [
        ('answer = "A."\nfigure = { kind = "fractal" }', 8, "kind cannot be 'fractal'; there are receptive field"),
        ('answer = "A."\nfigure = { size = 3 }', 8, "needs the key 'kind'"),
        ('answer = "A."\nfigure = { kind = "window", layers = [[3]] }', 8, "no key 'layers'"),
        ('answer = "A."\nfigure = { kind = "receptive field" }', 8, "needs layers"),
        ('answer = "A."\nfigure = { kind = "receptive field", layers = [[3, 0]] }', 8, "stride of layer 1"),
        ('answer = "A."\nfigure = { kind = "receptive field", layers = [3] }', 8, "kernel, stride"),
        ('answer = "A."\nfigure = { kind = "receptive field", layers = [[60], [60]] }', 8, "at most 64 places"),
        ('answer = "A."\nfigure = { kind = "graph", in = "margin" }', 8, "cannot be 'margin'"),
        ('answer = "A."\nfigure = { kind = "window" }', 8, "needs a claim about a convolution"),
        ('answer = "A."\nfigure = { kind = "graph" }', 8, "needs a claim about a composition"),
        ('claim = "sigmoid_area.area"\nfigure = { kind = "routing" }', 8, "set the arrays"),
        (NUMBERS + 'figure = { kind = "window" }', 9, "write_out"),
        (NUMBERS + 'figure = { kind = "routing" }', 9, "no windows"),
        (NUMBERS + 'figure = { kind = "graph" }', 9, "no maps"),
    ],
)
def test_mistakes_are_placed(tmp_path: Path, part: str, line: int, hint: str) -> None:
    """One sentence with the file and the line."""
    with pytest.raises(SheetError) as mistake:
        composed(tmp_path, part)
    assert hint in str(mistake.value)
    assert f"sheet.toml, line {line}" in str(mistake.value) or f":{line}:" in str(mistake.value)


def test_a_piece_has_figures_of_its_solution_alone(tmp_path: Path) -> None:
    """It has no question of its own."""
    piece = 'answer = "A."\n[[problem.part.piece]]\nanswer = "B."\nfigure = { kind = "receptive field", layers = [[3]]'
    (figure,) = figures_in(composed(tmp_path, piece + " }"))
    assert isinstance(figure, CellRows)
    with pytest.raises(SheetError, match="no question of its own"):
        composed(tmp_path, piece + ', in = "question" }')


def test_every_case_has_a_panel(tmp_path: Path) -> None:
    """Each condition is under one; a range that leaves a case out is refused and told where the case is."""
    plot: Callable[[str], str] = lambda n: f'claim = "filtered_pulse.response"\nplot = {{ kind = "overlap", n = "{n}", set = {{ L = 7, a = "3/4" }} }}'  # noqa: E501, E731
    (figure,) = figures_in(composed(tmp_path, plot("-4..11")))
    assert isinstance(figure, OverlapPlot) and len(figure.panels) == 3
    assert "n < 0; 0 ≤ n ≤ L - 1; n ≥ L" in figure.alt
    with pytest.raises(SheetError, match="n ≥ L has no panel between -4 and 5: it is at n = 7"):
        composed(tmp_path, plot("-4..5"))


def test_the_marked_entry_is_exact() -> None:
    """A number that is no integer is written as it is."""
    values = {"x": rows([["1/2", 2], [3, 4]]), "w": rows([["1/3"]])}
    checked = answer("convolution_image.correlation", values, {"i": 1, "j": 1})
    figure = window_figures.window("w", checked, (), False)
    assert checked.entries is not None and checked.entries.values[(1, 1)] == Rational(1, 6)
    assert figure.grids[2].rows[0][0] == "1/6"
