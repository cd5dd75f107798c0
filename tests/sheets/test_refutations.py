"""False statements on pages: shown, listed, in a sheet, in every format, and never without a witness."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Rational, exp

from derive import cli, show
from derive.constructs import registry
from derive.errors import BadInput, NotRefuted, SheetError
from derive.language import Context, declare
from derive.numeric.refuting import refutation
from derive.render import markdown
from derive.render.document import Aligned, Document, Grids, Paragraph, Strong
from derive.render.pages import check_table
from derive.sheets.build import build
from derive.sheets.compose import compose
from derive.sheets.coverage import FALSE, REFUSED, coverage, footer, line
from derive.sheets.reader import read_sheet
from derive.sheets.refutations import disproved, refuted_blocks, shown
from derive.sheets.what_holds import formula_instead

HEAD = 'title = "T"\n\n[[problem]]\ntitle = "P"\ntext = "Q"\n\n'
PADDING = "shift_failures.padding"


def sheet(tmp_path: Path, *parts: str) -> Path:
    """A sheet of one problem with these parts."""
    file = tmp_path / "sheet.toml"
    file.write_text(HEAD + "\n".join(f"[[problem.part]]\n{p}\n" for p in parts), encoding="utf-8")
    return file


def composed(tmp_path: Path, *parts: str) -> Document:
    """Its document."""
    return compose(read_sheet(sheet(tmp_path, *parts)))


@pytest.fixture
def true_statement(monkeypatch: pytest.MonkeyPatch) -> str:
    """A construct whose false statement is true."""
    owner, record = registry.refuted("common_slips.square_of_sum")
    changed = replace(owner, refuted=(replace(record, right=record.left),))
    original = registry.construct
    monkeypatch.setattr(registry, "construct", lambda name: changed if name == "common_slips" else original(name))
    return "common_slips.square_of_sum"


def test_blocks() -> None:
    """That it is false and for what it was said; the arrays; what follows; both sides in one line; the slip."""
    opening, given, so, computed, sides, slip = refuted_blocks(disproved(PADDING))
    assert isinstance(opening, Paragraph) and opening.words[0] == Strong("This is false.")
    assert isinstance(given, Grids) and [str(g.before[0]) for g in given.grids] == ["x", "w"]
    assert [g.cells for g in given.grids] == [((1, 0),), ((1, 0),)]
    assert isinstance(so, Paragraph) and isinstance(computed, Grids)
    assert [(str(g.before[0]), g.cells) for g in computed.grids] == [
        ("x'", ((0, 1),)),
        ("y", ((0, 1, 0),)),
        ("y'", ((1, 0, 1),)),
    ]
    assert isinstance(sides, Aligned)
    assert [(x.relation, str(x.term)) for x in sides.lines][:2] == [("=", "2/3"), ("!=", "1/3")]
    assert sides.lines[2].term == disproved(PADDING).record.right
    assert isinstance(slip, Paragraph) and slip.words[0] == Strong("What is wrong.")


def test_a_number_is_not_said_twice() -> None:
    """Where the right side is that number already, the line ends with it."""
    sides = next(b for b in refuted_blocks(disproved("common_slips.sigmoid_near_step")) if isinstance(b, Aligned))
    assert [x.relation for x in sides.lines] == ["=", ">"]
    assert sides.lines[0].term == 1 / (1 + exp(1))


def test_signals_without_end_are_told_in_words() -> None:
    """Their entries that are not 0, and that the others are."""
    opening = refuted_blocks(disproved("shift_failures.correlation"))[0]
    assert isinstance(opening, Paragraph) and ", all other entries 0" in opening.words


@pytest.mark.parametrize("form", cli.SHOW_FORMATS)
def test_show(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In every format, with the witness."""
    assert cli.main(["show", PADDING, "--format", form]) == 0
    said = capsys.readouterr().out
    if form == "json":
        told = json.loads(said)
        assert told["witness"]["values"] == {"N": "2", "s": "1"} and told["verdict"] == {"kind": "refuted"}
        assert told["witness"]["arrays"] == {"x": {"0": "1"}, "w": {"0": "1"}}
        assert (told["witness"]["left"], told["witness"]["right"]) == ("2/3", "1/3")
    else:
        assert "This is false." in said and "What is wrong." in said and "by a witness" in said


def test_show_from_python() -> None:
    """The same from Python, and as one line."""
    made = show(PADDING)
    assert "2/3" in str(made) and repr(made).startswith("<shift_failures.padding: false, ")


@pytest.mark.parametrize("more", [["--set", "N=3"], ["--layout", "numerator"], ["--write-out", "n=1"]])
def test_nothing_can_be_set(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The witness is the program's own."""
    assert cli.main(["show", PADDING, *more]) != 0
    assert "shown with its own witness" in capsys.readouterr().err


def test_no_certificate(capsys: pytest.CaptureFixture[str]) -> None:
    """There is no derivation that could be certified."""
    assert cli.main(["certify", PADDING, "-o", "-"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "is a false statement and no claim" in said.err


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    """A row with its verdict and how many points were looked at; as data too; by name at once."""
    row = coverage(PADDING)
    assert row.known == FALSE[0] and row.exact_points == disproved(PADDING).found.tried + 1 and row.steps == 0
    assert FALSE[0] in line(row, 30) and FALSE[1] in footer([row]) and FALSE[1] not in footer([])
    assert cli.main(["list", "--names", "common_slips"]) == 0
    assert "false: ReLU of a sum" in capsys.readouterr().out
    assert cli.main(["list", "--names", "--json", "common_slips"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["claims"] == [] and told["refuted"][0]["claim"] == "common_slips.square_of_sum"


def test_list_with_a_true_statement(true_statement: str) -> None:
    """It is refused with the reason, and makes the exit status 1."""
    row = coverage(true_statement)
    assert row.known == REFUSED and "it holds at each of" in row.problem


def test_a_true_statement_stops_the_build(true_statement: str, tmp_path: Path) -> None:
    """One sentence, and nothing is written."""
    out = tmp_path / "out"
    with pytest.raises(NotRefuted, match="is not printed as false"):
        build([sheet(tmp_path, f'claim = "{true_statement}"')], out, ("md",))
    assert not out.exists()


def test_part_of_a_sheet(tmp_path: Path) -> None:
    """The statement, the witness, a row in the table of checks and a remark; a proof beside it is named by its part."""
    document = composed(
        tmp_path,
        'claim = "shift_invariance.network"',
        f'text = "Is it so?"\nclaim = "{PADDING}"',
        'claim = "common_slips.relu_of_sum"',
    )
    proof, padded, relu = document.problems[0].parts
    assert padded.question == (Paragraph(("Is it so?",)),)
    said = padded.solution[0]
    assert isinstance(said, Paragraph) and "A shift of the input does not change the mean of the output" in said.words
    slip = padded.solution[-1]
    assert isinstance(slip, Paragraph) and slip.words[-1] == " What holds is proved in part (a)."
    assert relu.title == "ReLU of a sum"
    table = check_table(document.checks)
    assert table is not None and [row[1] for row in table.rows] == [("proved",), (FALSE[0],), (FALSE[0],)]
    assert any(remark[0] == Strong("False statements.") for remark in document.remarks)
    assert len(proof.solution) > 2


@pytest.mark.parametrize("number", [1, 2])
def test_a_sheet_of_false_statements_alone(number: int, tmp_path: Path) -> None:
    """Every format is made where nothing is proved."""
    names = ("square_of_sum", "matrices_commute")[:number]
    file = sheet(tmp_path, *(f'claim = "common_slips.{name}"' for name in names))
    made = build([file], tmp_path / "out", ("tex", "html", "md")).files
    assert len(made) == 3 and all("This is false" in f.read_text(encoding="utf-8") for f in made)


@pytest.mark.parametrize(
    "key", ["set = { N = 3 }", 'layout = "numerator"', 'table = { s = "0..3" }', 'plot = { kind = "stem", s = "0..3" }']
)
def test_what_cannot_be_asked(key: str, tmp_path: Path) -> None:
    """One sentence with the line of the key."""
    with pytest.raises(SheetError, match=r"line 9: shift_failures.padding is false and shown with its own witness: "):
        composed(tmp_path, f'claim = "{PADDING}"\n{key}')


def test_names() -> None:
    """A misspelt one is answered with the nearest; a claim is no false statement."""
    with pytest.raises(BadInput, match="did you mean 'padding'"):
        show("shift_failures.paddin")
    with pytest.raises(BadInput, match="is no false statement"):
        disproved("time_shift.response")
    assert registry.refuted("common_slips")[1].name == "square_of_sum" and registry.refuted("time_shift") is None


def test_powers_of_e_are_exact() -> None:
    """A short quotient of powers of e is written out, and is the same number."""
    from derive.language.numbers import exp as e_to
    from derive.language.points import evaluate

    for value in (e_to(2) / (1 + e_to(1)), 3 - e_to(-1), e_to(1) / 7):
        assert evaluate(shown(value), {}) == value


def test_the_witness_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found anew each time: another statement has another witness."""
    a = declare("a", "real")
    one = registry.refuted("common_slips.square_of_sum")[1]
    changed = replace(one, context=Context((a,)), left=a.symbol**3, right=a.symbol)
    found = refutation(changed)
    assert found.witness is not None and found.witness.point[a.symbol] == 2


def test_what_holds_is_told_as_a_formula(tmp_path: Path) -> None:
    """Where the letters mean the same; else nothing, and never a name that a reader of the sheet cannot look up."""
    document = composed(
        tmp_path,
        'claim = "sampling_with_replacement.all_different"',
        'claim = "receptive_pairs.pairs_with_stride"',
        'claim = "moment_slips.both_directions"',
    )
    drawn, pairs, scales = (part.solution for part in document.problems[0].parts)
    for blocks, opening in ((drawn, "What holds"), (pairs, "What holds")):
        words, chain = blocks[-2:]
        assert isinstance(words, Paragraph) and str(words.words[0]).startswith(opening)
        assert isinstance(chain, Aligned) and chain.lines[0].reason == ("this is proved",)
    n, b = (next(s for s in drawn[-1].lines[0].term.free_symbols if s.name == name) for name in "nB")
    assert drawn[-1].lines[0].term.subs({n: 2, b: 2}) == Rational(3, 2)
    assert any("K > S" in str(word) for word in pairs[-2].words), pairs[-2].words
    assert scales[-1].words[0] == Strong("What is wrong.")  # its factor stands for another scale
    said = markdown.write(document)
    assert "is proved as" not in said and "layer_moments" not in said.replace("\\", "")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("ema_moments.dependent", False),  # what holds wants uncorrelated entries
        ("kernel_gradient_pairs.gradient_with_mean", False),  # the mean is 0 there
        ("layer_output_pairs.independent", False),
        ("sampling_with_replacement.all_different", True),
    ],
)
def test_what_holds_under_another_law_is_not_told(path: str, told: bool) -> None:
    """A formula about random arrays stands only where the same is stated of them."""
    record = registry.refuted(path)[1]
    assert record.instead and record.context.chances
    assert bool(formula_instead(record)) is told
