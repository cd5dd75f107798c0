"""Variants: other numbers of declared ranges, the same on every machine, with answers that can be written."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest

from derive.cli_build import _variants
from derive.errors import BadInput, SheetError
from derive.sheets import compose as composing
from derive.sheets.answers import answer
from derive.sheets.build import build
from derive.sheets.compose import compose
from derive.sheets.kept import Store
from derive.sheets.once import Once
from derive.sheets.reader import read_sheet
from derive.sheets.reckoning import reckoned
from derive.sheets.variants import is_presentable

pytestmark = pytest.mark.xdist_group("variants")

SHEET = """title = "Pulse"
[[problem]]
title = "P"
text = "Let $L = <<L>>$ and $a = <<a>>$."
vary = { L = { usual = 7, from = "3..9" }, a = { usual = "1/2", from = ["1/3", "2/3", "1/2", "3"] } }
[[problem.part]]
title = "At <<n>>"
claim = "conv1d_lengths.full_length"
set = { n = "<<L>>", k = 3 }
"""
SHEET = SHEET.replace("<<n>>", "<<L>>")


@pytest.fixture
def sheet(tmp_path):
    """The sheet file."""
    path = tmp_path / "pulse.toml"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_the_usual_numbers_are_those_of_the_file(sheet):
    """Variant 0 has the usual numbers, its own name, and no word of variants."""
    (problem,) = read_sheet(sheet).problems
    assert problem.drawn == (("L", Fraction(7)), ("a", Fraction(1, 2)))
    assert problem.text == r"Let $L = 7$ and $a = \tfrac12$." and read_sheet(sheet).name == "pulse"
    assert "variant" not in read_sheet(sheet).title and "<<" not in repr(read_sheet(sheet))


def test_draws_are_in_range_deterministic_and_not_all_the_same(sheet, tmp_path):
    """Of 40 variants each number is allowed, every allowed number occurs, and reading again draws the same."""
    drawn = [dict(read_sheet(sheet, number).problems[0].drawn) for number in range(1, 41)]
    assert drawn == [dict(read_sheet(sheet, number).problems[0].drawn) for number in range(1, 41)]
    assert {numbers["L"] for numbers in drawn} == set(range(3, 10))
    assert {numbers["a"] for numbers in drawn} == {Fraction(1, 3), Fraction(2, 3), Fraction(1, 2), Fraction(3)}
    elsewhere = tmp_path / "deep" / "pulse.toml"
    elsewhere.parent.mkdir()
    elsewhere.write_text(SHEET, encoding="utf-8")
    assert dict(read_sheet(elsewhere, 5).problems[0].drawn) == drawn[4]  # the folder does not matter


def test_a_brief_of_the_usual_numbers_is_not_that_of_a_variant(sheet):
    """The author's 9 for L = 7 stays in the usual key; with a place for the number it stays everywhere."""
    for brief, stays in (("It is $9$.", False), ("$<<L>> + 2$", True), ("The longest.", True)):
        sheet.write_text(SHEET + f"brief = '{brief}'\n", encoding="utf-8")
        usual, other = (read_sheet(sheet, number).problems[0].parts[0].brief for number in (0, 3))
        assert usual and bool(other) == stays


PINNED = ["3", "4", "9", "6", "4"]


def test_draws_do_not_change_from_one_release_to_the_next(sheet):
    """A key that was printed stays right: these draws are pinned."""
    assert [str(dict(read_sheet(sheet, number).problems[0].drawn)["L"]) for number in (1, 2, 3, 4, 5)] == PINNED


def test_the_numbers_are_in_question_answer_and_title(sheet):
    """What is asked and what is answered are of the same draw."""
    for number in (1, 2, 3):
        spec = read_sheet(sheet, number)
        document = compose(spec)
        length = int(dict(spec.problems[0].drawn)["L"])
        (part,) = document.problems[0].parts
        assert document.name == f"pulse-v{number}" and document.title == f"Pulse, variant {number}"
        assert part.title == f"At {length}" and str(part.solution[-1].term) == str(length + 2)  # type: ignore[union-attr]
        assert document.drawn[0][1].startswith(f"L = {length}, a = ")


REFUSING = """title = "T"
[[problem]]
title = "P"
vary = { n = { usual = 5, from = FROM } }
[[problem.part]]
claim = "conv1d_lengths.full_length"
set = { n = "<<n>>", k = 3 }
"""


def test_numbers_that_are_refused_are_drawn_again(tmp_path):
    """Of a range with numbers that the claim does not allow, only allowed ones are printed, the same each time."""
    path = tmp_path / "t.toml"
    path.write_text(REFUSING.replace("FROM", '"-3..2"'), encoding="utf-8")
    first = {number: read_sheet(path, number).problems[0].drawn[0][1] for number in range(1, 9)}
    refused = [number for number, value in first.items() if value < 1]
    assert refused
    store = Store(tmp_path / "kept")
    for number in refused:
        said = compose(read_sheet(path, number), store=store).drawn
        assert int(said[0][1].removeprefix("n = ")) in (1, 2)
        assert said == compose(read_sheet(path, number), store=store).drawn


def test_answers_of_too_many_digits_are_drawn_again_and_then_refused(tmp_path):
    """An answer with six digits is not presentable; where every draw has one, that is said with file and line."""
    path = tmp_path / "t.toml"
    path.write_text(REFUSING.replace("FROM", "[999999, 888888]"), encoding="utf-8")
    with pytest.raises(SheetError, match=r"t\.toml, line 2: no numbers were found for variant 1 in 30 ") as refused:
        compose(read_sheet(path, 1))
    assert "too many digits" in str(refused.value) or "at most" in str(refused.value)
    path.write_text(REFUSING.replace("FROM", "[100000, 4]"), encoding="utf-8")
    for number in range(1, 7):
        document = compose(read_sheet(path, number))
        assert document.drawn == (("1", "n = 4"),) and is_presentable(document.problems[0])


def test_a_class_set_with_its_key_and_table(sheet, tmp_path):
    """Handouts and keys of many variants in one call, and a table that says which has which numbers."""
    out = tmp_path / "out"
    report = build([sheet], out, ("md",), editions=("handout", "key"), variants=range(1, 6))
    names = {path.name for path in report.files}
    assert names == {f"pulse-v{v}-{e}.md" for v in range(1, 6) for e in ("handout", "key")} | {"pulse-variants.tsv"}
    head, *rows = (out / "pulse-variants.tsv").read_text().splitlines()
    assert head == "variant\tnumbers\tsame as" and len(rows) == 5
    for row in rows:
        number, said, _ = row.split("\t")
        length = re.match(r"L = (\d+), a = ", said)
        assert length
        key = (out / f"pulse-v{number}-key.md").read_text()
        assert f"={int(length[1]) + 2}$" in key.replace(" ", "")
        handout = (out / f"pulse-v{number}-handout.md").read_text()
        assert f"$L = {length[1]}$" in handout and f"={int(length[1]) + 2}" not in handout.replace(" ", "")


def test_the_option_of_the_command_line():
    """A number or a range; nothing else, and no variant 0."""
    assert _variants("3") == (3,) and _variants("1..20") == tuple(range(1, 21))
    for wrong in ("0", "3..1", "1-20", "x", "-1", "1..99999"):
        with pytest.raises(Exception, match="is no variant; write a number from 1 on"):
            _variants(wrong)


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("<<L>>$ and", "<<LL>>$ and", 4, "<<LL>> is no number of this problem; did you mean 'L'?"),
        ('from = "3..9"', 'from = "9..3"', None, "from: "),
        ('from = "3..9"', "from = []", None, "from is an empty list"),
        ('from = "3..9"', "from = 3", None, "from must be a range"),
        ('from = "3..9"', 'form = "3..9"', None, "did you mean 'from'?"),
        ("usual = 7", "usual = 0.5", None, "is a binary number and not exact"),
        ('"<<L>>", k', '"<<M>>", k', 9, "<<M>> is no number of this problem; there are L, a"),
        ("usual = 7, ", "", None, "needs the key 'usual'"),
        ("vary =", "varies =", 5, "a problem has no key 'varies'; did you mean 'vary'?"),
    ],
)
def test_mistakes_are_told_with_file_and_line(sheet, old, new, line, sentence):
    """A misspelt key, a wrong range, an unknown place: one sentence with the line."""
    assert old in SHEET
    sheet.write_text(SHEET.replace(old, new), encoding="utf-8")
    with pytest.raises((SheetError, BadInput)) as refused:
        read_sheet(sheet, 1)
    said = str(refused.value)
    assert "pulse.toml, line " in said and sentence in said and "\n" not in said
    assert line is None or f"line {line}:" in said


WORDED = """title = "T"
[[problem]]
title = "P"
text = "A kernel."
vary = { n = { usual = 5, from = "7..9" }, m = { value = "2*n - 1" }, x = { usual = [1, 2], from = "3..5" } }
[[problem.part]]
text = "One of $<<n>>$ and $<<m>>$; $<<x[2]>>$."
brief = "Five, and $9$."
claim = "conv1d_lengths.full_length"
set = { n = "<<n>>", k = "<<m - n>>" }
VARIANTS
[[problem.part]]
answer = "It is $3$."
brief = "Just $3$."
[[problem.part.piece]]
answer = "Usual."
in_variants = { answer = "Another." }
"""


def worded(tmp_path, variants):
    """The first and second part in the usual numbers and in variant 1."""
    path = tmp_path / "t.toml"
    path.write_text(WORDED.replace("VARIANTS", variants), encoding="utf-8")
    return [read_sheet(path, number).problems[0] for number in (0, 1)]


def test_numbers_that_follow_are_reckoned_from_those_drawn(tmp_path):
    """They stand in words and values, and are not among the numbers that tell variants apart."""
    for problem in worded(tmp_path, ""):
        drawn = dict(problem.drawn)
        assert set(drawn) == {"n", "x"}
        n = int(drawn["n"])
        assert problem.parts[0].text == f"One of ${n}$ and ${2 * n - 1}$; ${drawn['x'][1]}$."
        assert dict(problem.parts[0].values) == {"n": n, "k": n - 1}


def test_words_for_variants_take_the_place_of_the_usual_ones(tmp_path):
    """In a variant alone; what is true of all numbers is kept, what is empty goes, the rest of the part stays."""
    usual, other = worded(tmp_path, "in_variants = { brief = '$<<n>>$' }")
    assert usual.parts[0].brief == "Five, and $9$." and other.parts[0].brief == f"${dict(other.drawn)['n']}$"
    assert [p.parts[1].pieces[0].answer for p in (usual, other)] == ["Usual.", "Another."]
    usual, other = worded(tmp_path, "in_variants = { brief = true, text = '' }")
    assert usual.parts[0].brief == other.parts[0].brief and usual.parts[0].text and not other.parts[0].text
    usual, other = worded(tmp_path, "")
    assert usual.parts[0].brief and not other.parts[0].brief  # it may be that of the usual numbers
    assert usual.parts[1].brief == other.parts[1].brief == "Just $3$."  # no number of its part is drawn


@pytest.mark.parametrize(
    ("variants", "sentence"),
    [
        ("in_variants = { breif = 'x' }", "no key 'breif'; did you mean 'brief'"),
        ("in_variants = { brief = '$<<k>>$' }", "<<k>> is no number of this problem"),
        ("in_variants = 'x'", "in_variants must be a table"),
        ("hint = '$<<n[1]>>$'", "takes an entry of a number"),
        ("hint = '$<<n + k>>$'", "<<n + k>>: k is no number of this problem"),
        ("hint = '$<<x[3]>>$'", "there is no entry 3; they are counted from 1 to 2"),
        ("hint = '$<<x + 1>>$'", "reckons with a list"),
        ("hint = '$<<n/(n - n)>>$'", "divides by 0"),
        ("hint = '$<<n**n**n>>$'", "a power must be an integer of at most 64"),
        ("hint = '$<<(2**64)**64>>$'", "is a number of more than 60 digits"),
        ("hint = '$<<__import__(n)>>$'", "is not a number or a term such as n - k + 1"),
        ("hint = '$<<n.real>>$'", "is not a number or a term such as n - k + 1"),
        ("hint = '$<<n if n else m>>$'", "is not a number or a term such as n - k + 1"),
    ],
)
def test_a_mistake_in_words_or_terms_is_told_at_once(tmp_path, variants, sentence):
    """Also where it would show in a variant alone."""
    with pytest.raises(SheetError, match=r"t\.toml, line \d+: ") as refused:
        worded(tmp_path, variants)
    assert sentence in str(refused.value)


def test_sums_of_products_are_those_of_loops():
    """`convolved` and `correlated`, of signals and of images, as NumPy and a loop have them."""
    rng = np.random.default_rng(3)
    for size, width in ((1, 1), (4, 3), (5, 5), (6, 2)):
        x, w = rng.integers(-5, 6, size), rng.integers(-5, 6, width)
        image, kernel = rng.integers(-5, 6, (size, size + 1)), rng.integers(-5, 6, (width, width))
        numbers = {"x": rows(x), "w": rows(w), "A": rows(image), "B": rows(kernel)}
        assert reckoned("convolved(x, w)", numbers) == rows(np.convolve(x, w))
        assert reckoned("correlated(x, w)", numbers) == rows(np.correlate(x, w, "valid"))
        full = np.zeros((size + width - 1, size + width), dtype=int)
        for (i, j), value in np.ndenumerate(kernel):
            full[i : i + size, j : j + size + 1] += value * image
        assert reckoned("convolved(A, B)", numbers) == rows(full)
        turned = np.array(reckoned("convolved(A, B)", numbers | {"B": rows(kernel[::-1, ::-1])}), dtype=object)
        inside = turned[width - 1 : size, width - 1 : size + 1]
        assert reckoned("correlated(A, B)", numbers) == rows(inside)


def rows(array):
    """An array as nested tuples of fractions."""
    return tuple(map(rows, array)) if getattr(array, "ndim", 0) else Fraction(int(array))


def test_a_class_whose_numbers_are_few_is_told(sheet, tmp_path):
    """In a note, and in the table: which variant has had these numbers before."""
    report = build([sheet], tmp_path / "out", ("md",), variants=range(1, 41))
    (note,) = report.notes
    assert re.fullmatch(r"pulse: 40 variants have \d+ different sets of numbers; .* would tell them apart", note)
    said = [row.split("\t") for row in (tmp_path / "out" / "pulse-variants.tsv").read_text().splitlines()[1:]]
    for number, numbers, same in said:
        first = next(other for other, theirs, _ in said if theirs == numbers)
        assert (same or number) == first
    assert f" {len({numbers for _, numbers, _ in said})} different" in note


def test_variants_share_what_they_have_in_common(sheet, monkeypatch):
    """A part whose numbers do not vary is derived once for all variants of a process."""
    calls = []
    monkeypatch.setattr(composing, "answer", lambda path, *rest: calls.append(path) or answer(path, *rest))
    general = '[[problem.part]]\ntitle = "G"\nclaim = "conv1d_lengths.full_length"\n'
    sheet.write_text(SHEET + general, encoding="utf-8")
    once, lengths = Once(), set()
    for number in (1, 2, 3, 4):
        spec = read_sheet(sheet, number)
        lengths.add(dict(spec.problems[0].drawn)["L"])
        compose(spec, once=once)
    assert len(calls) == len(lengths) + 1
