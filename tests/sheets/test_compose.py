"""From a sheet file to a document: parts told, values inserted, mistakes placed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from derive.errors import SheetError
from derive.render.document import (
    Aligned,
    CaseBlock,
    Document,
    Grid,
    Grids,
    OverlapPlot,
    Paragraph,
    Part,
    Result,
    SideBySide,
    StemPlot,
    Table,
    Unfolded,
)
from derive.render.text import blocks
from derive.sheets.compose import compose
from derive.sheets.reader import read_sheet

HEAD = 'title = "T"\ncourse = "C"\nauthor = "A"\n\n[[problem]]\ntitle = "P"\ntext = "Q"\n\n'


def composed(tmp_path: Path, *parts: str) -> Document:
    """A sheet of one problem with these parts."""
    file = tmp_path / "sheet.toml"
    file.write_text(HEAD + "\n".join(f"[[problem.part]]\n{p}\n" for p in parts))
    return compose(read_sheet(file))


def test_general_then_special(tmp_path: Path) -> None:
    """The second part goes back to the first by its letter and does not tell it again."""
    document = composed(
        tmp_path,
        'claim = "filtered_pulse.response"',
        'claim = "filtered_pulse.response"\nset = { L = 7, a = "1/2" }\n'
        'table = { n = "0..12" }\nplot = { kind = "stem", n = "-6..12" }',
    )
    first, second = document.problems[0].parts
    assert [p.label for p in (first, second)] == ["(a)", "(b)"]
    kinds = [type(b) for b in first.solution]
    assert kinds == [Paragraph, Aligned, Paragraph, CaseBlock, CaseBlock, CaseBlock, Paragraph, Unfolded, Result]
    inserted, result, beside = second.solution
    assert isinstance(inserted, Paragraph) and inserted.words[-1] == " in part (a)."
    assert isinstance(result, Result) and isinstance(beside, SideBySide)
    assert isinstance(beside.left, Table) and isinstance(beside.right, StemPlot)
    values = dict(beside.right.points)
    assert [values[n] for n in (-6, 0, 1, 6, 7, 12)] == [
        0,
        1,
        Fraction(3, 2),
        Fraction(127, 64),
        Fraction(127, 128),
        Fraction(127, 4096),
    ]
    assert len(beside.left.rows) == 13 and len(beside.right.points) == 19
    assert [c.label for c in document.checks] == ["(a)", "(b)"]
    assert len(document.hypotheses) == 1
    assert "".join(str(w) for w in document.hypotheses[0]) == "L >= 1 in (a)"
    assert len(document.remarks) == 2


def test_a_special_part_alone_tells_the_general_one_first(tmp_path: Path) -> None:
    """Nothing is taken from a part that is not on the page."""
    (part,) = composed(tmp_path, 'claim = "filtered_pulse.response"\nset = { a = 1 }').problems[0].parts
    kinds = [type(b) for b in part.solution]
    general = [Paragraph, Aligned, Paragraph, CaseBlock, CaseBlock, CaseBlock, Paragraph, Unfolded, Result]
    assert kinds == [*general, Paragraph, Result]


def test_result_only(tmp_path: Path) -> None:
    """`show = "result"` prints the answer without its derivation; it is checked all the same."""
    document = composed(tmp_path, 'claim = "filtered_pulse.response"\nshow = "result"')
    assert [type(b) for b in document.problems[0].parts[0].solution] == [Result]
    assert dict(document.checks[0].counts)["steps"] >= 18


def first_words(part: Part) -> str:
    """The first sentence of the solution, for a terminal; nothing where it begins with a chain or a frame."""
    first = part.solution[0]
    return " ".join(blocks((first,)).split()) if isinstance(first, Paragraph) else ""


LET = "Let x[n] = 1 for 0 ≤ n ≤ L - 1 and 0 elsewhere, and h[n] = a^n for n ≥ 0 and 0 elsewhere."
RESPONSE = 'claim = "filtered_pulse.response"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("text = 'Find $y[n]$.'", LET),
        ("text = 'The pulse $x$ goes through $h[n] = a^n$. Find the output.'", ""),
        ("text = 'The pulse $x$ goes through a filter.'", "Let h[n] = a^n for n ≥ 0 and 0 elsewhere."),
        ("show = 'result'\ntext = 'Find $y[n]$.'", ""),
    ],
)
def test_what_the_lines_name_is_said(tmp_path: Path, text: str, said: str) -> None:
    """The arrays of the lines that the question leaves open; not the quantity that the first line defines."""
    (part,) = composed(tmp_path, RESPONSE + text).problems[0].parts
    assert first_words(part) == said


def test_what_was_said_before_is_not_said_again(tmp_path: Path) -> None:
    """In a later part of the problem only where a letter means something new; then all that is open is said."""
    two_sided = 'claim = "windowed_filters.two_sided"\ntext = "Find it."'
    parts = composed(tmp_path, RESPONSE, RESPONSE, two_sided, 'claim = "filtered_pulse.delayed"').problems[0].parts
    begins = [first_words(part) for part in parts]
    assert begins[:2] == [LET, ""]
    assert begins[2] == "Let x[n] = 1 for 0 ≤ n ≤ L - 1 and 0 elsewhere, and h[n] = a^|n|.".replace("|n|", "(|n|)")
    assert begins[3].startswith("Let ") and "y_2[n] = " in begins[3]


def test_an_auxiliary_array_is_introduced(tmp_path: Path) -> None:
    """The input of the recursion that the averaged weights obey has a letter that the question does not know."""
    text = r"text = 'Let $\bar w[t] = (1-\gamma)\bar w[t-1] + \gamma\,w[t]$. Write $\bar w[T]$ as a sum.'"
    (part,) = composed(tmp_path, f'claim = "weight_averaging.closed"\n{text}').problems[0].parts
    assert first_words(part) == "Let e[0] = w_0, e[t] = γ·w[t] for t ≥ 1 and 0 elsewhere."


def test_one_part_needs_no_remarks(tmp_path: Path) -> None:
    """Its sentences say all."""
    assert composed(tmp_path, RESPONSE).remarks == ()


def test_overlap_stands_before_the_cases(tmp_path: Path) -> None:
    """Three panels, one a case, at a time that lies in the case."""
    plot = 'plot = { kind = "overlap", n = "-4..11", set = { L = 7, a = "3/4" } }'
    (part,) = composed(tmp_path, f'claim = "filtered_pulse.response"\n{plot}').problems[0].parts
    kinds = [type(b) for b in part.solution]
    assert kinds.index(OverlapPlot) < kinds.index(CaseBlock)
    figure = part.solution[kinds.index(OverlapPlot)]
    assert isinstance(figure, OverlapPlot)
    assert len(figure.panels) == 3
    for _, fixed, moving in figure.panels:
        assert [i for i, _ in fixed] == list(range(7))
        assert {v for _, v in fixed} == {1}
        assert max(v for _, v in moving) == 1


@pytest.mark.parametrize(
    ("part", "line", "hint"),
    [
        ('claim = "filtered_puls.response"', 10, "filtered_pulse"),
        ('claim = "filtered_pulse.response"\nset = { L = 0 }', 11, "L >= 1"),
        ('claim = "filtered_pulse.response"\nset = { L = "1/2" }', 11, "integer"),
        ('claim = "filtered_pulse.response"\nset = { M = 3 }', 11, "no symbol 'M'"),
        ('claim = "filtered_pulse.response"\ntable = { n = "0..3" }', 11, "L"),
        ('claim = "filtered_pulse.response"\nset = { L = 7, a = 2 }\ntable = { m = "0..3" }', 12, "'m'"),
        ('claim = "time_shift.response"\nplot = { kind = "overlap", n = "0..3", set = { N = 1 } }', 11, "cases"),
        ('claim = "filtered_pulse.response"\nplot = { kind = "overlap", n = "0..3" }', 11, "L, a"),
    ],
)
def test_mistakes_are_placed(tmp_path: Path, part: str, line: int, hint: str) -> None:
    """One sentence with the file, the line of the part and what would be right."""
    with pytest.raises(SheetError) as mistake:
        composed(tmp_path, part)
    assert hint in str(mistake.value)
    assert "sheet.toml" in str(mistake.value)
    assert mistake.value.line == line
    assert "\n" not in str(mistake.value)


FORWARD = 'claim = "convolution_image.correlation"\n'
ARRAYS = "x = [[1, 2, 0], [0, 1, 3], [2, 1, 1]], w = [[1, -1], [2, 0]]"


def test_the_matrix_of_derivatives_is_named_below_them(tmp_path: Path) -> None:
    """With one index it is a vector."""
    parts = composed(tmp_path, 'claim = "softmax_jacobian.entry"\n', 'claim = "norm_gradients.square"\n')
    matrix, vector = parts.problems[0].parts
    assert "the matrix of these derivatives is Diag(p) - p pᵀ." in blocks(matrix.solution[-1:])
    assert "the vector of these derivatives is 2 x." in blocks(vector.solution[-1:])


def test_arrays_are_shown_once(tmp_path: Path) -> None:
    """With the question that gives them; a later part with the same numbers goes back to them."""
    other = ARRAYS.replace("[2, 0]", "[2, 5]")
    parts = composed(
        tmp_path,
        FORWARD,
        f"{FORWARD}set = {{ {ARRAYS} }}\nwrite_out = {{ i = 1, j = 2 }}",
        f"{FORWARD}set = {{ {ARRAYS} }}",
        f"{FORWARD}set = {{ {other} }}",
    )
    general, first, again, new = parts.problems[0].parts
    assert [type(b) for b in general.solution] == [Aligned, Unfolded, Result, Paragraph]
    assert blocks(general.solution[-1:]).strip() == "For all entries at once: y = x ⋆ w."
    assert [type(b) for b in first.question] == [Paragraph, Grids] and len(first.question[1].grids) == 2
    assert [type(b) for b in again.question] == [Paragraph]
    assert [type(b) for b in new.question] == [Paragraph, Grids] and len(new.question[1].grids) == 1
    assert [type(b) for b in first.solution] == [Paragraph, Paragraph, Aligned, Grid]
    assert [type(b) for b in again.solution] == [Paragraph, Grid]
    assert "Insert n = 3, k = 2 and the given numbers in the result of part (a)." in blocks(first.solution[:1])
    answer = first.solution[-1]
    assert isinstance(answer, Grid) and answer.framed and answer.cells == ((-1, 4), (3, 0))
    told = blocks(first.solution[2:3])
    assert "w_11·x_12 + w_12·x_13 + w_21·x_22 + w_22·x_23" in told and "1·2 + (-1)·0 + 2·1 + 0·3" in told


def test_the_answer_alone_is_the_frame(tmp_path: Path) -> None:
    """With or without numbers; what stands behind the frame stays."""
    general, numbers = composed(
        tmp_path, f"{FORWARD}show = 'result'", f"{FORWARD}set = {{ {ARRAYS} }}\nshow = 'result'"
    ).problems[0].parts
    assert [type(b) for b in general.solution] == [Result, Paragraph]
    assert [type(b) for b in numbers.solution] == [Grid]


def test_a_matrix_with_dots(tmp_path: Path) -> None:
    """The last line without sums or forms, in two indices or in one; an index without ends is refused."""
    entry = 'claim = "softmax_jacobian.entry"\nmatrix = { rows = "i", columns = "j" }'
    (part,) = composed(tmp_path, entry).problems[0].parts
    grid = part.solution[-1]
    assert isinstance(grid, Grid) and [len(row) for row in grid.cells] == [4] * 4
    assert "p_1 - p_1^2" in blocks((grid,)) and grid.cells[2][2] == "ddots"
    column = FORWARD.replace("convolution_image.correlation", "convolution_1d.commutes") + 'matrix = { rows = "i" }'
    (part,) = composed(tmp_path, column).problems[0].parts
    assert [len(row) for row in part.solution[-1].cells] == [1] * 4
    for wrong, hint in (("q", "'q' is not free"), ("n", "nothing says from where to where n runs")):
        with pytest.raises(SheetError, match=hint) as mistake:
            composed(tmp_path, column.replace('"i"', f'"{wrong}"'))
        assert mistake.value.line == 11


def test_the_result_in_words_where_it_is_no_entry(tmp_path: Path) -> None:
    """A derivative has no letter of its own: a sentence says what the rows and the columns are."""
    claim = 'claim = "two_layer_network.jacobian"\n'
    (column,) = composed(tmp_path, f'{claim}matrix = {{ rows = "i" }}').problems[0].parts
    assert "As a column, from i = 1 to i = d - k_1 - k_2 + 2:" in blocks(column.solution[-2:-1])
    assert "w[q-1]" in blocks(column.solution[-1:])
    sizes = 'set = { d = 3, k_1 = 1, k_2 = 2 }\nmatrix = { rows = "i", columns = "q" }'
    (matrix,) = composed(tmp_path, claim + sizes).problems[0].parts
    assert "a row for each i and a column for each q" in blocks(matrix.solution[-2:-1])
    rows = [" ".join(map(str, row)) for row in matrix.solution[-1].cells]
    assert rows == ["w[1] w[2] 0", "0 w[1] w[2]"]


def test_an_array_that_the_claim_defines(tmp_path: Path) -> None:
    """After the sentence that defines it or inserts the numbers, with the numbers; another name is refused."""
    claim, shown = 'claim = "conv1d_matrix.toeplitz"\n', 'matrix = { array = "T" }'
    numbers = f"{claim}set = {{ x = [5, 6], w = [3, 0, 1] }}\n{shown}"
    general, special = composed(tmp_path, claim + shown, numbers).problems[0].parts
    assert "Let T_ij = w[i-j+1]" in blocks(general.solution[:1])
    assert "⎡ w_1   0   ⋯   0  ⎤" in blocks(general.solution[1:2])
    assert blocks(special.solution[:1]).startswith("Insert n = 2, k = 3")
    assert special.solution[1].cells == ((3, 0), (0, 3), (1, 0), (0, 1))
    with pytest.raises(SheetError, match=r"defines no array 'w' with one or two axes; there are T$") as mistake:
        composed(tmp_path, claim + shown.replace("T", "w"))
    assert mistake.value.line == 11


def test_a_part_in_the_other_layout(tmp_path: Path) -> None:
    """Rows and columns change places, in the answer and in the numbers, and the convention is said."""
    claim = 'claim = "dense_layer.weight_gradient"\n'
    numbers = claim + "set = { X = [[1, 2]], G = [[3]] }\n"
    plain, turned = composed(tmp_path, numbers, numbers + 'layout = "numerator"').problems[0].parts
    assert plain.solution[-1].cells == ((3, 6),) and turned.solution[-1].cells == ((3,), (6,))
    sheet = composed(tmp_path, 'claim = "softmax_jacobian.entry"\nlayout = "denominator"')
    assert "denominator layout: gradients" in str(sheet.conventions) and "row i" not in str(sheet.conventions)
    with pytest.raises(SheetError, match=r"response has no layout: y\[n\] is not a derivative") as mistake:
        composed(tmp_path, 'claim = "filtered_pulse.response"\nlayout = "numerator"')
    assert mistake.value.line == 11


@pytest.mark.parametrize(
    ("lines", "line", "hint"),
    [
        ("set = { x = [[1, 2]], w = [[1]] }", 11, "x has 1 by 1 entries for n = 1, not 1 by 2"),
        ("set = { x = [[1]] }", 11, "depends on w, not given here"),
        (f"set = {{ {ARRAYS} }}\nwrite_out = {{ i = 7, j = 1 }}", 11, "no entry at i = 7, j = 1"),
        ("write_out = { i = 1, j = 1 }", 10, "set them"),
    ],
)
def test_mistakes_with_arrays_are_placed(tmp_path: Path, lines: str, line: int, hint: str) -> None:
    """One sentence with the line of the setting."""
    with pytest.raises(SheetError) as mistake:
        composed(tmp_path, f"{FORWARD}{lines}")
    assert hint in str(mistake.value) and mistake.value.line == line


def test_conventions_and_hypotheses_are_said_once(tmp_path: Path) -> None:
    """A convention that another one begins with is left out; the two bounds of an index stand together."""
    document = composed(tmp_path, FORWARD, 'claim = "convolution_layer.weight_gradient"')
    assert "indices from 1" not in document.conventions
    assert "indices from 1, stride 1, no padding" in document.conventions
    said = [blocks((Paragraph(words),)).strip() for words in document.hypotheses]
    assert "1 ≤ i ≤ n - k + 1 in (a)" in said and "1 ≤ h ≤ k in (b)" in said
