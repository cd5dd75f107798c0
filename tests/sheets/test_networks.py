"""Tables of networks in sheets and on the command line: every format, blank cells, mistakes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from sympy import Integer

from derive.cli import main
from derive.errors import BadInput, RenderError, SheetError
from derive.networks.table import COLUMNS
from derive.render import html, latex, markdown, text
from derive.render.document import Tabular
from derive.sheets.build import build
from derive.sheets.compose import compose
from derive.sheets.networks import Asked, as_data, asked, blocks, document
from derive.sheets.reader import read_sheet
from derive.sheets.specs import NetworkSpec

HEAD = 'title = "A sheet"\n[[problem]]\ntitle = "A problem"\n[[problem.part]]\n'
SMALL = "28x28x1 -> CONV3-10 -> POOL2 -> CONV3-10 -> POOL2 -> FLATTEN -> FC-3"
LETTERS = "NxNx1 -> CONV3-F -> POOL2 -> CONV3-F -> POOL2 -> FLATTEN -> FC-3"
SECRET = Integer(987_654_321)
WRITERS = {"text": text.write, "tex": latex.write, "html": html.write, "md": markdown.write}


@pytest.fixture
def sheet(tmp_path):
    """Writes a sheet file and reads it."""

    def made(*parts: str):
        path = tmp_path / "sheet.toml"
        path.write_text(HEAD + "[[problem.part]]\n".join(parts), encoding="utf-8")
        return read_sheet(path)

    return made


def in_all_formats(made: Asked) -> dict[str, str]:
    """The page in all formats, and the data."""
    written = {name: write(document(made, "network")) for name, write in WRITERS.items()}
    return {**written, "json": json.dumps(as_data(made))}


def pages(spec: NetworkSpec) -> dict[str, str]:
    """What is asked for, in all formats."""
    return in_all_formats(asked(spec))


def test_a_part_with_a_network(sheet):
    """Its table as the solution, its conventions at the head, its check at the foot."""
    page = compose(sheet(f'network = "{SMALL}"\n'))
    (part,) = page.problems[0].parts
    (table,) = part.solution
    assert isinstance(table, Tabular)
    assert len(table.rows) == 7
    assert ("1,473",) in table.rows[-1]
    assert ("2,483",) in table.foot[0]
    assert any("a multiply-add counts as one operation" in c for c in page.conventions)
    (note,) = page.checks
    assert note.known == "proved"
    assert dict(note.counts)["steps"] > 20
    assert dict(note.counts)["points"] == 12


def test_a_part_beside_others(sheet):
    """The table of checks has a row for it, and a remark says what it means."""
    page = compose(sheet(f'network = "{SMALL}"\n', 'claim = "filtered_pulse.response"\n', f'network = "{LETTERS}"\n'))
    assert [note.label for note in page.checks] == ["(a)", "(b)", "(c)"]
    assert sum("Networks." in str(remark) for remark in page.remarks) == 1
    assert "1,473" in html.write(page)


def test_every_format_has_the_numbers():
    """Numbers with commas, letters as mathematics, hypotheses below the table, one row a layer."""
    for name, page in pages(NetworkSpec(SMALL)).items():
        for number in ("2483" if name == "json" else "2,483", "1473" if name == "json" else "1,473"):
            assert number in page, (name, number)
    found = pages(NetworkSpec(LETTERS))
    assert "⌊N/4⌋^2" in found["text"]
    assert r"\right\rfloor^{2}" in found["tex"].replace("^2", "^{2}")
    assert "For N ≥ 4; otherwise a layer has no output." in found["text"]
    assert "otherwise a layer has no output" in found["html"]
    assert json.loads(found["json"])["for"] == ["N >= 4"]
    assert "⌊⌊N/2⌋/2⌋ = ⌊N/4⌋" in found["text"]


def with_others(made: Asked) -> Asked:
    """The same with another number in every cell that is left blank, and in the total of its column."""
    rows = list(made.table.rows)
    for number, row in enumerate(rows):
        for column in COLUMNS:
            if made.hides(number + 1, column):
                old = getattr(row, column)
                new = tuple(SECRET for _ in old) if isinstance(old, tuple) else SECRET
                rows[number] = row = replace(row, **{column: new})
    total = {c: SECRET if made.hides(0, c) else value for c, value in made.table.total.items()}
    return replace(made, table=replace(made.table, rows=tuple(rows), total=total))


@pytest.mark.share(2)
@pytest.mark.parametrize("spec", [SMALL, LETTERS, "lenet-5", "mobilenet"])
def test_blank_cells_leak_nothing(spec):
    """No byte of any format depends on a cell that is left blank."""
    looked = 0
    for blank in (*((column,) for column in COLUMNS), ("3:parameters", "2:field", "total:memory"), COLUMNS):
        made = asked(NetworkSpec(spec, blank=blank))
        other = with_others(made)
        assert other.table.rows != made.table.rows
        others = in_all_formats(other)
        for name, page in in_all_formats(made).items():
            assert page == others[name], (blank, name)
            assert str(SECRET) not in page
            looked += 1
        if "output" not in blank:
            # The other number would be seen where the cell is shown.
            assert all("987" in page for page in in_all_formats(replace(other, blank=frozenset())).values())
    assert looked == 5 * 9


def test_one_blank_cell():
    """ROW:COLUMN hides that cell and the total from which it could be found; other cells stay."""
    found = pages(NetworkSpec(SMALL, blank=("3:parameters",)))
    for page in found.values():
        assert "910" not in page
        assert "2,483" not in page
        assert "2483" not in page
        assert "1,473" in page or "1473" in page
    data = json.loads(found["json"])
    assert [row["parameters"] for row in data["rows"]] == [100, 0, None, 0, 0, 1473]
    assert data["total"]["parameters"] is None


def test_rows_and_columns_that_are_shown():
    """Some columns; rows without those that change each value by itself, under their own numbers."""
    made = asked(NetworkSpec("vgg-16", columns=("output", "parameters"), compact=True))
    table = blocks(made)[0]
    assert isinstance(table, Tabular)
    assert table.heads == ((), ("layer",), ("output",), ("parameters",))
    assert [row[0] for row in table.rows][:4] == [(), ("1",), ("3",), ("5",)]
    assert not any(("RELU",) in row for row in table.rows)
    assert table.foot[0][-1] == ("138,357,544",)


MISTAKES = [
    (f'network = "{SMALL}"\nblank = ["paramters"]\n', 6, "did you mean parameters?"),
    (f'network = "{SMALL}"\nblank = ["9:parameters"]\n', 6, "a row from 1 to 6"),
    (f'network = "{SMALL}"\nblank = "parameters"\n', 6, "must be a list of names"),
    (f'network = "{SMALL}"\nblank = [3]\n', 6, "a list of names in quotes"),
    (f'network = "{SMALL}"\n\ncolumns = ["sizes"]\n', 7, "there is no column 'sizes'"),
    (f'network = "{SMALL}"\noperations = 3\n', 6, "a number from 1 to 2"),
    (f'network = "{SMALL}"\nbytes = true\n', 6, "a number from 1 to 16"),
    (f'network = "{SMALL}"\nbias_counted = 1\n', 6, "true or false"),
    (f'network = "{SMALL}"\nclaim = "softmax"\n', 6, "has no key 'claim'"),
    (f'network = "{SMALL}"\nblanks = []\n', 6, "did you mean 'blank'?"),
    ('network = "28x28x1 -> CON3-10"\n', 5, "did you mean CONV?"),
    ('text = "x"\nnetwork = "28x28x1 -> FC-3"\n', 6, "put FLATTEN or GAP before it"),
    ('network = "vgg-17"\n', 5, "did you mean vgg-16?"),
    ("network = 3\n", 5, "must be text in quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "line", "said"), MISTAKES)
def test_mistakes_name_the_line(sheet, part, line, said):
    """One sentence with the file and the line."""
    with pytest.raises(SheetError) as caught:
        compose(sheet(part))
    assert caught.value.line == line
    assert said in str(caught.value)


def test_rows_of_one_width():
    """A table whose rows are not as wide as its heads is refused by every writer."""
    for rows, foot in (((("a",), ("b",)), ()), ((), ((("a",),),))):
        wrong = Tabular((("x",), ("y",), ("z",)), (rows,) if rows else (), foot)
        for write in (text.blocks, latex.blocks, html.blocks, markdown.blocks):
            with pytest.raises(RenderError, match="cells under 3 heads"):
                write((wrong,))


def test_words_in_cells_are_escaped():
    """What means something in a format is written so that it means nothing."""
    table = Tabular((("a|b & <i>",),), ((("50% of $x_1$",),),), (), 1, ("<script>",))
    assert "<script>" not in html.blocks((table,))
    assert "&lt;i&gt;" in html.blocks((table,))
    assert r"a\|b &amp; &lt;i&gt;" in markdown.blocks((table,))
    assert r"50\% of \$x\_1\$" in latex.blocks((table,))


@pytest.mark.tex
def test_the_pages_compile(tmp_path, sheet):
    """A sheet with tables, one of them over several pages, becomes a PDF."""
    if shutil.which("pdflatex") is None and shutil.which("tectonic") is None:
        pytest.skip("no TeX engine")
    sheet(f'network = "{LETTERS}"\n', 'network = "resnet-50"\n', f'network = "{SMALL}"\nblank = ["output"]\n')
    report = build([tmp_path / "sheet.toml"], tmp_path / "out", ("pdf",))
    (file,) = report.files
    assert file.read_bytes().startswith(b"%PDF")


def test_the_command(capsys, tmp_path):
    """A text, a name, a file; all formats; into a file."""
    assert main(["network", SMALL]) == 0
    assert "2,483" in capsys.readouterr().out
    assert main(["network", "lenet-5", "--columns", "parameters", "--compact"]) == 0
    out = capsys.readouterr().out
    assert "61,706" in out
    assert not any(line.split()[1:2] == ["TANH"] for line in out.splitlines())
    assert main(["network", SMALL, "--formulas"]) == 0
    assert "f·(k_x·k_y·n + b)" in capsys.readouterr().out
    file = tmp_path / "net.toml"
    file.write_text('[input]\nsize = "9x9xC"\n[[layer]]\nkind = "conv"\nkernel = 3\nfilters = "F"\n', encoding="utf-8")
    assert main(["network", str(file), "--format", "json", "--operations", "2", "--bias-counted", "--bytes", "2"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["rows"][0]["operations"] == "81*F*(18*C + 1)"
    assert data["conventions"] == {"operations": 2, "bias_counted": True, "bytes": 2}
    for form in ("tex", "md", "html"):
        assert main(["network", SMALL, "--format", form, "-o", str(tmp_path / f"x.{form}")]) == 0
        assert "1,473" in (tmp_path / f"x.{form}").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["28x28x1 -> CON3-10"], "column 12: there is no layer 'CON'; did you mean CONV?"),
        (["vgg17"], "did you mean vgg-16?"),
        (["nowhere.toml"], "cannot be read"),
        ([SMALL, "--blank", "7:output"], "a row from 1 to 6"),
        ([SMALL, "--columns", "colour"], "there is no column 'colour'"),
        (["28x28x1 -> POOL64"], "has no output"),
    ],
)
def test_the_command_refuses(capsys, arguments, said):
    """One sentence, status 2, no traceback."""
    assert main(["network", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert "Traceback" not in captured.err


def test_names_are_not_read_as_networks():
    """A word alone is a name; what has sizes is a network."""
    with pytest.raises(BadInput, match="there is no network of the name"):
        asked(NetworkSpec("transformer"))
    with pytest.raises(BadInput, match="at least one layer"):
        asked(NetworkSpec("NxNx1"))
