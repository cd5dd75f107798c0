"""Statements about growth on pages: shown, listed, in a sheet, in every format, and never without their proof."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Integer, Rational

from derive import cli, show
from derive.constructs import registry
from derive.errors import BadInput, DeriveError, OracleDisagrees, SheetError, StepRejected
from derive.render.document import Aligned, Document, Landau, Paragraph, Result, Strong
from derive.render.pages import check_table
from derive.render.tex import latex
from derive.render.text import plain
from derive.sheets.build import build
from derive.sheets.compose import compose
from derive.sheets.coverage import EMPTY_ROW, REFUSED, coverage, footer, line
from derive.sheets.growths import grown, growth_blocks
from derive.sheets.reader import read_sheet

HEAD = 'title = "T"\n\n[[problem]]\ntitle = "P"\ntext = "Q"\n\n'
VALID, PAIRS, EMPTY = "growth_of_lengths.valid", "growth_slips.all_pairs", "growth_slips.at_least"


def sheet(tmp_path: Path, *parts: str) -> Path:
    """A sheet of one problem with these parts."""
    file = tmp_path / "sheet.toml"
    file.write_text(HEAD + "\n".join(f"[[problem.part]]\n{p}\n" for p in parts), encoding="utf-8")
    return file


def composed(tmp_path: Path, *parts: str) -> Document:
    """Its document."""
    return compose(read_sheet(sheet(tmp_path, *parts)))


def changed(monkeypatch: pytest.MonkeyPatch, path: str, **more: object) -> str:
    """The statement with something else said in it."""
    owner, record = registry.growth(path)
    states = {key: more.pop(key) for key in list(more) if hasattr(record.states, key)}
    wrong = replace(record, states=replace(record.states, **states), **more)
    other = replace(owner, growth=(wrong,))
    original = registry.construct
    monkeypatch.setattr(registry, "construct", lambda name: other if name == owner.name else original(name))
    return path


def test_blocks() -> None:
    """The constants with the threshold, both bounds, signs and room, the answer with what grows."""
    opening, above, upper, below, lower, besides, hence, answer = growth_blocks(grown(VALID))
    assert isinstance(opening, Paragraph) and Rational(1, 2) in opening.words and "n >= 2*k" in map(str, opening.words)
    assert isinstance(above, Paragraph) and above.words == (Strong("From above."),)
    assert isinstance(below, Paragraph) and below.words == (Strong("From below."),)
    assert isinstance(upper, Aligned) and [(x.relation, str(x.term)) for x in upper.lines] == [("<=", "n")]
    assert isinstance(lower, Aligned) and [(x.relation, str(x.term)) for x in lower.lines] == [(">=", "n/2")]
    assert isinstance(besides, Paragraph) and " there are points that the hypotheses allow: " in besides.words
    assert isinstance(hence, Paragraph) and ", with " in hence.words
    assert isinstance(answer, Result) and isinstance(answer.term, Landau) and answer.term.kind == "Theta"


def test_blocks_of_an_opposite() -> None:
    """The family of points, that it lies beyond every threshold, and a chain from the left side to the bound."""
    opening, lines, _, hence, answer = growth_blocks(grown(PAIRS))
    assert isinstance(opening, Paragraph) and {"n = C + n_0", "n >= n_0"} <= set(map(str, opening.words))
    assert isinstance(lines, Aligned) and str(lines.lines[0].left) == "n**2"
    assert [line.relation for line in lines.lines] == ["=", ">", "="]
    assert str(lines.lines[-1].term) == "C*n"
    assert isinstance(hence, Paragraph) and isinstance(answer, Result) and answer.relation == "!="


def test_against_a_lower_bound_the_constant_is_turned_over() -> None:
    """f < g/C contradicts f >= c g for C above 1/c; C above c would not do. Against an upper bound C is above it."""
    against_below, against_above = (
        growth_blocks(grown(name))[0] for name in ("growth_of_lengths.valid_both", PAIRS)
    )
    assert isinstance(against_below, Paragraph) and isinstance(against_above, Paragraph)
    assert any("reciprocal of that constant" in word for word in against_below.words if isinstance(word, str))
    assert any("integers above them" in word for word in against_above.words if isinstance(word, str))


def test_notation() -> None:
    """In LaTeX and on a terminal."""
    n = grown(VALID).states.right
    said = [(plain(Landau(kind, n)), latex(Landau(kind, n))) for kind in ("O", "o", "Omega", "Theta")]
    assert said == [("O(n)", "O(n)"), ("o(n)", "o(n)"), ("Ω(n)", r"\Omega(n)"), ("Θ(n)", r"\Theta(n)")]


@pytest.mark.parametrize("form", cli.SHOW_FORMATS)
def test_show(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In every format, with constants and threshold."""
    assert cli.main(["show", VALID, "--format", form]) == 0
    said = capsys.readouterr().out
    if form == "json":
        told = json.loads(said)
        assert (told["kind"], told["tends_to_infinity"], told["fixed"]) == ("Theta", ["n"], ["k"])
        assert {k: v["text"] for k, v in told["constants"].items()} == {"above": "1", "below": "1/2"}
        assert told["beyond"]["n"]["text"] == "2k" and told["verdict"] == {"kind": "proved"}
        assert [i["text"] for i in told["inequalities"]][:3] == ["n ≥ 0", "n - k + 1 ≤ n", "n - k + 1 ≥ n/2"]
    else:
        assert "From above." in said and "Hence" in said and "compared with direct summation" in said


def test_show_from_python() -> None:
    """The same from Python, and as one line."""
    assert repr(show(VALID)) == "<growth_of_lengths.valid: n - k + 1 = Θ(n) as n → ∞, with k fixed>"
    assert repr(show("growth_of_lengths")) == repr(show(VALID))
    assert "at least O(n^2)" in repr(show(EMPTY)) and "This says nothing." in str(show(EMPTY))


@pytest.mark.parametrize("more", [["--set", "n=3"], ["--layout", "numerator"], ["--write-out", "n=1"]])
def test_nothing_can_be_set(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It is for all sizes."""
    assert cli.main(["show", VALID, *more]) != 0
    assert "is a statement about growth, for all sizes: nothing can be set" in capsys.readouterr().err


def test_no_certificate(capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence."""
    assert cli.main(["certify", VALID, "-o", "-"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "is a statement about growth and no claim" in said.err


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    """A row with its verdict and what was looked at; what says nothing has a word of its own; by name at once."""
    row, empty = coverage(PAIRS), coverage(EMPTY)
    assert row.known == "proved for all sizes" and row.steps >= 4 and row.exact_points >= 12 and row.float_points >= 12
    assert empty.known == EMPTY_ROW[0] and EMPTY_ROW[0] in line(empty, 30)
    assert EMPTY_ROW[1] in footer([empty]) and EMPTY_ROW[1] not in footer([row])
    assert cli.main(["list", "--names", "growth_slips"]) == 0
    assert "growth: All pairs" in capsys.readouterr().out
    assert cli.main(["list", "--names", "--json", "growth_slips"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["claims"] == [] and told["growth"][0]["claim"] == "growth_slips.table"


@pytest.mark.parametrize(
    ("path", "more", "error"),
    [
        (VALID, {"above": Rational(1, 2)}, StepRejected),
        (VALID, {"beyond": ()}, StepRejected),
        (VALID, {"kind": "~", "above": None, "below": None}, DeriveError),
        (VALID, {"oracle": lambda n, k: n + k}, OracleDisagrees),
        (PAIRS, {"kind": "O", "along": (), "above": Integer(9)}, StepRejected),
        (PAIRS, {"oracle": lambda n: n}, OracleDisagrees),
        (EMPTY, {"left": -Integer(1)}, StepRejected),
    ],
    ids=["constant", "threshold", "kind", "oracle", "false", "oracle of points", "negative"],
)
def test_what_does_not_hold_is_refused(
    path: str, more: dict[str, object], error: type[Exception], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In the list with the reason; in a build nothing is written."""
    changed(monkeypatch, path, **more)
    with pytest.raises(error):
        grown(path)
    row = coverage(path)
    assert row.known == REFUSED and row.problem
    out = tmp_path / "out"
    with pytest.raises(DeriveError):
        build([sheet(tmp_path, f'claim = "{path}"')], out, ("md",))
    assert not out.exists()


def test_part_of_a_sheet(tmp_path: Path) -> None:
    """Question and answer, its hypotheses, a row in the table of checks, a remark; an array is introduced once."""
    document = composed(
        tmp_path,
        f'claim = "{VALID}"',
        f'text = "Is it so?"\nclaim = "{PAIRS}"',
        'claim = "growth_of_costs.forwards"',
        f'claim = "{EMPTY}"',
    )
    first, second, third, _ = document.problems[0].parts
    assert first.title == "Length of a valid convolution" and len(first.question) == 1
    assert second.question == (Paragraph(("Is it so?",)),)
    said = third.solution[0]
    assert isinstance(said, Paragraph) and said.words[0] == "Let "
    table = check_table(document.checks)
    assert table is not None and [row[1] for row in table.rows] == [("proved",)] * 3 + [(EMPTY_ROW[0],)]
    assert any(remark[0] == Strong("Growth.") for remark in document.remarks)
    answer = next(block for block in first.solution if isinstance(block, Result))
    assert [str(condition) for condition in answer.conditions] == ["k <= n"]


@pytest.mark.parametrize("key", ["set = { n = 3 }", 'layout = "numerator"', 'table = { n = "0..3" }'])
def test_what_cannot_be_asked(key: str, tmp_path: Path) -> None:
    """One sentence with the line of the key."""
    with pytest.raises(SheetError, match=r"line 9: growth_of_lengths.valid is a statement about growth, for all "):
        composed(tmp_path, f'claim = "{VALID}"\n{key}')


def test_names() -> None:
    """A misspelt one is answered with the nearest; a claim is no statement about growth."""
    with pytest.raises(BadInput, match="did you mean 'valid'"):
        show("growth_of_lengths.valdi")
    with pytest.raises(BadInput, match="is no statement about growth"):
        grown("time_shift.response")
    assert registry.growth("time_shift") is None and registry.growth("growth_slips")[1].name == "table"
