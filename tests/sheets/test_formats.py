"""Number formats in sheets and on the command line: every format of page, mistakes, and numbers that do not agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from derive.cli import main
from derive.constructs.registry import claim
from derive.errors import BadInput, OracleDisagrees, RenderError, SheetError
from derive.formats.formats import read_format
from derive.formats.gaussian import measured
from derive.render import figures, html, latex, markdown, text
from derive.render.document import CurvePlot, RoundedPlot, Tabular
from derive.sheets import formats
from derive.sheets.compose import compose
from derive.sheets.format_figures import figures as figures_of
from derive.sheets.formats import as_data, asked, document
from derive.sheets.reader import read_sheet
from derive.sheets.specs import FormatSpec, Sheet

HEAD = 'title = "A sheet"\n[[problem]]\ntitle = "A problem"\n[[problem.part]]\n'
WRITERS = {"text": text.write, "tex": latex.write, "html": html.write, "md": markdown.write}
E4M3, E5M2 = read_format("E4M3"), read_format("E5M2")


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Sheet]:
    """Writes a sheet file and reads it."""

    def made(*parts: str) -> Sheet:
        path = tmp_path / "sheet.toml"
        path.write_text(HEAD + "[[problem.part]]\n".join(parts), encoding="utf-8")
        return read_sheet(path)

    return made


def test_a_part_with_formats(sheet: Callable[..., Sheet]) -> None:
    """Its tables as the solution, its conventions at the head, its check at the foot, its figures."""
    first = 'format = ["E4M3", "E5M2"]\n'
    second = 'format = "E4M3"\nfan_in = [4096, "2^20"]\nfigure = ["rounded", "zeros", "entropy"]\npowers = "0..6"\n'
    page = compose(sheet(first, second))
    one, other = page.problems[0].parts
    (table,) = one.solution
    assert isinstance(table, Tabular) and [row[1] for row in table.rows] == [("253",), ("247",)]
    measures, told, *drawn = other.solution
    assert isinstance(measures, Tabular) and [row[2] for row in measures.rows] == [("5.004",), ("1.241",)]
    assert "477,036" in str(told)
    assert [type(block) for block in drawn] == [RoundedPlot, CurvePlot, CurvePlot]
    assert "ties to the even code" in " ".join(page.conventions)
    assert [note.known for note in page.checks] == ["proved", "enclosed"]
    assert dict(page.checks[0].counts)["points"] == 512
    assert any("Number formats." in str(words) for words in page.remarks)
    for write in WRITERS.values():
        assert "477,036" in write(page)


@pytest.mark.parametrize("name", WRITERS)
def test_a_page_in_every_format(name: str) -> None:
    """The numbers stand on it; the same bytes each time."""
    spec = FormatSpec((E4M3, read_format("fp64")), values=False)
    page = WRITERS[name](document(asked(spec), "format"))
    assert "253" in page and page == WRITERS[name](document(asked(spec), "format"))


def test_data() -> None:
    """Exact values as fractions, digits that are certain as text."""
    made = as_data(asked(FormatSpec((E4M3,), fan_in=(4096,), values=True)))
    json.dumps(made)
    (told,) = made["formats"]
    assert (told["values"], told["smallest"], told["half_zero_from_fan_in"]) == (253, "1/512", 477036)
    assert len(told["magnitudes"]) == 127 and told["magnitudes"][-1] == "448"
    (gaussian,) = told["gaussians"]
    assert gaussian["probabilities"][0] == "0.0498353" and len(gaussian["probabilities"]) == 127
    assert (gaussian["zero"], gaussian["entropy_bits"], gaussian["carrying"]) == ("0.0498353", "5.00390", 43)


def test_numbers_that_do_not_agree_make_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong count, a wrong decoder and a wrong probability of 0 are each noticed."""
    wrong = claim("float_formats.ieee")[1].derive()
    with pytest.raises(OracleDisagrees, match="E4M3 has 253 values, which"):
        formats._check_count(E4M3, wrong)
    right = claim("float_formats.no_infinity")[1].derive()
    assert formats._check_count(E4M3, right) == 256
    monkeypatch.setattr(formats, "decoded", lambda of, code: Fraction(code % 250))
    with pytest.raises(OracleDisagrees, match="its codes stand for 250"):
        formats._check_count(E4M3, right)
    known = claim("float_formats_gaussian.zero")[1].derive()
    found = measured(E4M3, Fraction(1, 4))
    formats._check_zero(E4M3, found, {"sigma": Fraction(1, 2)}, known)
    with pytest.raises(OracleDisagrees, match="the probability of 0 in E4M3"):
        formats._check_zero(E4M3, replace(found, zero=found.zero * 2), {"sigma": Fraction(1, 2)}, known)
    with pytest.raises(OracleDisagrees, match="the probability of 0 in E5M2"):
        formats._check_zero(E5M2, found, {"sigma": Fraction(1, 2)}, known)


@pytest.mark.parametrize(
    ("part", "said", "line"),
    [
        ('format = "E0M3"\n', "no bit for the exponent", 5),
        ('format = []\n', "format names nothing", 5),
        ('format = ["E4M3", "E4M3-fn"]\n', "names something twice", 5),
        ('format = 8\n', "format must be a text or a list of texts", 5),
        ('format = "E4M3"\nsigma = 0.5\n', "sigma must be", 6),
        ('format = "E4M3"\nsigma = "-1"\n', "a scale is positive, which -1 is not", 6),
        ('format = "E4M3"\nsigma = "2^x"\n', "is no scale", 6),
        ('format = "E4M3"\nfan_in = [0]\n', "a fan-in is a whole number", 6),
        ('format = "E4M3"\nfan_in = [1]\nsigma = ["1"]\n', "give sigma or fan_in, not both", 6),
        ('format = "E4M3"\nfan_in = [1]\nfigure = "zero"\n', "there is no figure 'zero'", 7),
        ('format = "E4M3"\nfigure = "rounded"\n', "needs sigma or fan_in", 6),
        ('format = "E4M3"\nfigure = "variance"\nsaturate = false\n', "there is no variance to be drawn", 6),
        ('format = "E4M3"\nfigure = "zeros"\npowers = "4..4"\n', "must be a range within", 7),
        ('format = "E4M3"\nsaturate = "no"\n', "saturate must be true or false", 6),
        ('format = "E4M3"\nclaim = "softmax.shift"\n', "has no key 'claim'", 6),
        ('format = "fp32"\nfan_in = 4\n', "fp32 has 2^32 codes", 5),
    ],
)
def test_mistakes_in_a_sheet(sheet: Callable[..., Sheet], part: str, said: str, line: int) -> None:
    """One sentence with the line."""
    with pytest.raises(SheetError) as error:
        compose(sheet(part))
    assert said in str(error.value) and f"line {line}:" in str(error.value)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The command, and what it printed."""
    status = main(["format", *arguments])
    done = capsys.readouterr()
    return status, (done.out + done.err).replace("\u00a0", " ")


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Tables for people, data for programs, into a file."""
    status, page = run(capsys, "E4M3", "--fan-in", "1,2^12,2^20")
    assert status == 0 and all(number in page for number in ("6.450", "5.004", "1.241", "4.984", "477,036", "1.0006"))
    status, page = run(capsys, "E2M1", "--values")
    assert status == 0 and "5  and above  without" in page and page.count("\n") > 20
    status, page = run(capsys, "E2M1", "--values", "--sigma", "1,2^-2")
    assert status == 0 and "19.74 %" in page and "68.27 %" in page
    assert run(capsys, "E5M2", "--format", "json", "-o", str(tmp_path / "made.json")) == (0, "")
    assert json.loads((tmp_path / "made.json").read_text())["formats"][0]["values"] == 247
    status, page = run(capsys, "E5M2", "E3M4-finite", "--sigma", "60000", "--no-saturate")
    assert status == 0 and "infinity or NaN" in page and "too large" in page


def test_extreme_formats(capsys: pytest.CaptureFixture[str]) -> None:
    """Values, scales and thresholds of hundreds of digits are written short, and those of thousands left out."""
    page = run(capsys, "E13M1", "--fan-in", "4")[1]
    assert "2^(-4095)" in page and "<10^(-99) %" in page and "More than half" not in page
    page = run(capsys, "E4M3/bias=512", "--fan-in", "4")[1]
    assert "5.234·10^309" in page and "100 %" in page
    page = run(capsys, "E4M3/bias=-500", "--fan-in", "4")[1]
    assert "of 1 on in E4M3/bias=-500." in page and "at one less" not in page
    page = run(capsys, "E4M3", "--sigma", "2^1000")[1]
    assert "\n2^1000  " in page and max(map(len, page.splitlines())) <= 100
    page = run(capsys, "E15M112", "E1M1")[1]
    assert "(2^113 - 1)·2^16271" in page and "3.40272·10^38" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("E0M3",), "no bit for the exponent"),
        (("E30M100",), "is too large"),
        (("E4M3", "--sigma", "-1"), "a scale is positive"),
        (("E4M3", "--sigma", ","), "--sigma needs a number"),
        (("E4M3", "--sigma", "1e-3"), "is not an exact number"),
        (("E4M3", "--fan-in", "1.5"), "is no fan-in"),
        (("E4M3", "--fan-in", "2^99"), "is no fan-in"),
        (("fp32", "--fan-in", "4"), "at most 2^16"),
        (("fp16", "--values"), "at most 1,024 are listed"),
        (tuple(f"E{n % 9 + 2}M{n}" for n in range(13)), "at most 12 formats"),
        (("E4M3", "--fan-in", ",".join(map(str, range(1, 50)))), "more than 40 numbers"),
    ],
)
def test_mistakes_on_the_command_line(capsys: pytest.CaptureFixture[str], arguments: Any, said: str) -> None:
    """One sentence, and status 2."""
    status, page = run(capsys, *arguments)
    assert status == 2 and said in page and page.count("\n") == 1


def test_sigma_and_fan_in_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    """They say the same thing twice."""
    with pytest.raises(SystemExit):
        main(["format", "E4M3", "--sigma", "1", "--fan-in", "1"])
    assert "not allowed with" in capsys.readouterr().err


def made_figures(**given: Any) -> list[Any]:
    """The figures of E4M3."""
    return list(figures_of(asked(FormatSpec((E4M3,), **given)), "f"))


def test_stems_are_probabilities() -> None:
    """As many panels as scales; heights are probabilities over the largest, at the values over the scale."""
    (drawn,) = made_figures(fan_in=(4096, 2**20), figures=("rounded",))
    assert len(drawn.panels) == 2
    words, stems, bell = drawn.panels[0]
    heights = dict(stems)
    assert "4.98" in str(words) and heights[Fraction(0)] == 1 and len(bell) == 97
    value = Fraction(3, 512) * 64
    near = min(heights, key=lambda x: abs(x - value))
    found = measured(E4M3, Fraction(1, 4096))
    assert abs(near - value) < Fraction(1, 10**9) and 0.9 < heights[near] < 1 and float(found.zero) < 0.05
    assert len([x for x, _ in stems if x > 0]) == len([x for x, _ in stems if x < 0])
    assert "zeros 68.3 percent" in drawn.alt


def test_curves_go_through_the_certain_numbers() -> None:
    """At whole powers of 2 the points are those of the table."""
    zeros, entropy, ratio = made_figures(fan_in=(1,), figures=("zeros", "entropy", "variance"), powers=(0, 20))
    known_entropy, known_ratio = {0: 6.44958, 12: 5.00390, 20: 1.24120}, {0: 0.999275, 12: 1.00062, 20: 1.30165}
    known_zeros = {12: 4.98353, 20: 68.2689}
    for drawn, known in ((zeros, known_zeros), (entropy, known_entropy), (ratio, known_ratio)):
        (stroke,) = drawn.curves[0].strokes
        points = {float(x): float(y) for x, y in stroke}
        assert len(points) == 81
        for k, value in known.items():
            assert abs(points[k] - value) < 1e-4


@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_figures_have_the_same_bytes_every_time(form: str) -> None:
    """And are no empty files."""
    (drawn,) = made_figures(fan_in=(1, 4096), figures=("rounded",))
    first = figures.draw(drawn, form)
    assert first == figures.draw(drawn, form) and len(first) > 4000
    with pytest.raises(RenderError, match="no panel"):
        figures.draw(replace(drawn, panels=()), form)


def test_figures_that_would_be_too_full() -> None:
    """Panels and curves are bounded."""
    with pytest.raises(BadInput, match="at most 6"):
        made_figures(fan_in=tuple(range(1, 9)), figures=("rounded",))
    many = tuple(read_format(f"E4M{m}") for m in range(7))
    with pytest.raises(BadInput, match="at most 6 curves"):
        list(figures_of(asked(FormatSpec(many, figures=("zeros",))), "f"))
