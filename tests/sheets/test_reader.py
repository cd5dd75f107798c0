"""Sheet files: what they say, and every mistake as a sentence with its line."""

from __future__ import annotations

import tomllib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.claims.toml_lines import key_lines, line_of
from derive.errors import SheetError
from derive.sheets.reader import read_sheet
from derive.sheets.specs import MatrixSpec, PlotSpec, Sheet, TableSpec
from derive.sheets.values import Numbers

GOOD = r"""# A sheet with one of everything.
title = "Signals, sheet 1"
course = "Signals"
author = "A. Teacher"
introduction = 'Let $u[n]$ be the step.'

[[problem]]
title = "The filtered pulse"
text = '''
A pulse of length $L \ge 1$
and a filter.
'''

[[problem.part]]
title = "General"
text = 'Find $y[n]$.'
claim = "filtered_pulse.response"
plot = { kind = "overlap", n = "-4..11", set = { L = 7, a = "3/4" } }

[[problem.part]]
claim = "filtered_pulse"
set = { L = 7, a = "1/2" }
show = "result"
table = { n = "0..12", fold = 2 }
plot = [{ kind = "stem", n = "-6..12", caption = "for $L = 7$" }, { kind = "stem", n = "0..3" }]

[[problem]]
title = "Again"
[[problem.part]]
claim = "time_shift.response"
[problem.part.set]
N = -5
"""


@pytest.fixture
def read(tmp_path):
    """Reads a text as the sheet file `sheet.toml`."""

    def reader(text: str) -> Sheet:
        path = tmp_path / "sheet.toml"
        path.write_bytes(text.encode("utf-8"))
        return read_sheet(path)

    return reader


def refused(read, text: str) -> tuple[int | None, str]:
    """Line and message of the error."""
    with pytest.raises(SheetError) as caught:
        read(text)
    assert caught.value.file.endswith("sheet.toml")
    assert "\n" not in caught.value.message
    return caught.value.line, caught.value.message


def test_everything_is_read(read):
    """Titles, prose, exact values, tables and plots arrive as written, with their lines."""
    sheet = read(GOOD)
    assert (sheet.name, sheet.title, sheet.course) == ("sheet", "Signals, sheet 1", "Signals")
    assert sheet.author == "A. Teacher"
    assert [(p.title, p.line, [part.line for part in p.parts]) for p in sheet.problems] == [
        ("The filtered pulse", 7, [14, 20]),
        ("Again", 27, [29]),
    ]
    first, second = sheet.problems[0].parts
    assert (first.claim, first.values, first.show, first.table) == ("filtered_pulse.response", (), "derivation", None)
    assert first.plots == (PlotSpec("overlap", "n", -4, 11, "", (("L", Fraction(7)), ("a", Fraction(3, 4)))),)
    assert second.values == (("L", Fraction(7)), ("a", Fraction(1, 2)))
    assert (second.title, second.text, second.show) == ("", "", "result")
    assert second.table == TableSpec("n", 0, 12, 2)
    assert second.plots == (PlotSpec("stem", "n", -6, 12, "for $L = 7$"), PlotSpec("stem", "n", 0, 3))
    assert dict(second.lines) == {"claim": 21, "set": 22, "show": 23, "table": 24, "plot": 25}
    assert sheet.problems[1].parts[0].values == (("N", Fraction(-5)),)
    assert hash(sheet) == hash(read(GOOD))


def test_windows_line_ends_and_byte_order_mark(read):
    """A file saved on Windows says the same, line numbers included."""
    assert read("\ufeff" + GOOD.replace("\n", "\r\n")).problems == read(GOOD).problems


# (what stands in the good sheet, what to write instead, the line of the mistake, part of the sentence)
MISTAKES = [
    ('title = "Signals', 'titel = "Signals', 2, "a sheet has no key 'titel'; did you mean 'title'?"),
    ('title = "Signals, sheet 1"', "", None, "a sheet needs the key 'title'"),
    ('title = "Signals, sheet 1"', "title = 7", 2, "title must be text in quotes, not a number"),
    ('title = "Signals, sheet 1"', "title = true", 2, "title must be text in quotes, not true or false"),
    ('title = "Signals, sheet 1"', "title = 2026-01-01", 2, "not a date or time"),
    ('title = "Signals, sheet 1"', 'title = ""', 2, "title is empty"),
    ('title = "Signals, sheet 1"', 'title = "a\\nb"', 2, "title must be one line of text"),
    ('title = "Signals, sheet 1"', f'title = "{"x" * 201}"', 2, "title has 201 characters; at most 200"),
    ('title = "Signals, sheet 1"', "title = ", 2, "this is not TOML at column 9: invalid value"),
    ('course = "Signals"', 'title = "again"', 3, "this is not TOML at column 16: cannot overwrite a value"),
    ('title = "Again"\n', 'titles = "Again"\n', 28, "a problem has no key 'titles'; did you mean 'title'?"),
    ('title = "Again"\n', "", 27, "a problem needs the key 'title'"),
    ('claim = "filtered_pulse"', 'clam = "filtered_pulse"', 21, "a part has no key 'clam'; did you mean 'claim'?"),
    ('claim = "filtered_pulse"', "", 20, "a part needs the key 'claim'"),
    ('claim = "filtered_pulse"', 'claim = "Filtered Pulse"', 21, "claim must be construct.claim, such as"),
    ('claim = "filtered_pulse"', 'claim = "a.b.c"', 21, "claim must be construct.claim, such as"),
    ('show = "result"', 'show = "results"', 23, "show cannot be 'results'; did you mean 'result'?"),
    ('show = "result"', 'show = "full"', 23, "show cannot be 'full'; there are derivation, result"),
    ('a = "1/2"', "a = 0.5", 22, 'a = 0.5 is a binary number and not exact; write it as text, such as a = "1/2"'),
    ('a = "1/2"', "a = nan", 22, "a = nan is a binary number"),
    ('a = "1/2"', 'a = "1/0"', 22, "a: '1/0' is not an exact number such as 7, -1/2 or 0.25: at column 3"),
    ('a = "1/2"', "a = [1, true]", 22, 'a must be an exact number such as 7 or "1/2", not true or false'),
    ('a = "1/2"', "a = [[1, 2], [3]]", 22, "a: the rows are not of one length: a list of 2 stands beside a list of 1"),
    ('a = "1/2"', "a = [1, [2]]", 22, "a: the rows are not of one length: a number stands beside a list of 1"),
    ('a = "1/2"', "a = []", 22, "a: there are no numbers between two brackets"),
    ('a = "1/2"', "a = [[[[[1]]]]]", 22, "a: lists are nested at most 4 deep"),
    ('a = "1/2"', "a = [0.5]", 22, "a = 0.5 is a binary number and not exact"),
    ('a = "1/2"', "a = true", 22, 'a must be an exact number such as 7 or "1/2", not true or false'),
    ('a = "1/2"', '"a b" = "1/2"', 22, "'a b' is not a symbol's name"),
    ('set = { L = 7, a = "1/2" }', "set = 7", 22, "set must be a table in braces, not a number"),
    ("N = -5", "N = -0.5", 32, "N = -0.5 is a binary number"),
    ('n = "0..12", fold = 2', 'n = "12..0", fold = 2', 24, "n: the range '12..0' is empty"),
    ('n = "0..12", fold = 2', "n = 12, fold = 2", 24, "a table needs one variable with its range, such as n ="),
    ('n = "0..12", fold = 2', "fold = 2", 24, 'a table needs one variable with its range, such as n = "0..12"'),
    ('n = "0..12", fold = 2', 'n = "0..12", fodl = 2', 24, "a table has no key 'fodl'; did you mean 'fold'?"),
    ('n = "0..12", fold = 2', 'n = "0..12", m = "0..2"', 24, "a table needs one variable"),
    ('n = "0..12", fold = 2', 'n = "0..12", fold = "2"', 24, "fold must be a number of column groups, not text"),
    ('n = "0..12", fold = 2', 'n = "0..12", fold = true', 24, "fold must be a number of column groups, not"),
    ('n = "0..12", fold = 2', 'n = "0..12", fold = 0', 24, "fold must be from 1 to 6 column groups, not 0"),
    ('n = "0..12", fold = 2', 'n = "0..10000"', 24, "has 10001 integers; at most 10000"),
    ('kind = "stem", n = "0..3"', 'kind = "stemm", n = "0..3"', 25, "kind cannot be 'stemm'; did you mean 'stem'?"),
    ('kind = "stem", n = "0..3"', 'n = "0..3"', 25, "a plot needs the key 'kind', one of stem, overlap"),
    ('kind = "stem", n = "0..3"', 'kind = "stem"', 25, "a plot needs one variable"),
    ('kind = "stem", n = "0..3"', 'kind = "stem", n = "0..3", captoin = "x"', 25, "did you mean 'caption'?"),
    ('kind = "stem", n = "0..3"', 'kind = "stem", n = "0..3", set = {}', 25, "write set in the part"),
    ("for $L = 7$", "for $L = 7", 25, "caption: the $ before 'L = 7' has no partner"),
    ("introduction = 'Let $u[n]$", "introduction = 'Let $u[n]", 5, "has no partner; a dollar sign is \\$"),
    ("'Find $y[n]$.'", "'Find $y[n}$.'", 16, "} closes nothing, in the formula $y[n}$"),
    ("'Find $y[n]$.'", "'Find $y_{n$.'", 16, "{ is not closed, in the formula $y_{n$"),
    ("'Find $y[n]$.'", r"'Find $\input{x}$.'", 16, r"the command \input is not allowed"),
    ("'Find $y[n]$.'", r"'Find \textbf{y}.'", 16, r"\textbf stands outside of mathematics"),
    (r"A pulse of length $L \ge 1$", r"A pulse of length $L \gee 1$", 10, r"there is no command \gee"),
    ("and a filter.", r"and a $\filter$.", 11, r"there is no command \filter in the formula $\filter$"),
    ('[[problem.part]]\nclaim = "time', '[problem.part]\nclaim = "time', 29, "write [[problem.part]] with two"),
]


def test_every_mistake_is_a_sentence_with_its_line(read):
    """One mistake at a time in a good sheet: the line where it stands, and what would be right."""
    for old, new, line, sentence in MISTAKES:
        assert GOOD.count(old) >= 1, old
        before, _, after = GOOD.partition(old)
        found_line, message = refused(read, before + new + after)
        assert sentence in message, (new, message)
        assert found_line == line, (new, found_line, message)
    assert len(MISTAKES) == 54


def test_files_that_are_no_sheet(read, tmp_path):
    """Empty, binary, huge, missing and misnamed files are each refused for what they are."""
    assert refused(read, "") == (None, "a sheet needs the key 'title'")
    assert refused(read, 'title = "x"') == (None, "the sheet has no problem; begin one with [[problem]]")
    assert refused(read, 'title = "x"\nproblem = []')[1].startswith("the sheet has no problem")
    assert refused(read, 'title = "x"\nproblem = [7]') == (
        2, "problem must be a list of tables that begin with [[problem]], not a list",
    )  # fmt: skip
    assert refused(read, 'title = "x"\n[problem]\ntitle = "y"') == (
        2, "write [[problem]] with two brackets, since there may be several",
    )  # fmt: skip
    assert refused(read, 'title = "x"\n[[problem]]\ntitle = "y"') == (
        2, "the problem has no part; begin one with [[problem.part]]",
    )  # fmt: skip
    assert refused(read, 'title = "x') [0] == 1
    assert "nests brackets too deeply" in refused(read, "x = " + "[" * 50_000)[1]
    assert refused(read, "n = " + "1" * 5000)[1].startswith("this is not TOML")
    assert refused(read, "#" * 1_000_001)[1] == "the file is larger than 1,000,000 bytes, which no sheet is"
    path = tmp_path / "sheet.toml"
    path.write_bytes(b'title = "x"\n# \xff\n')
    with pytest.raises(SheetError, match=r"line 2: byte 0xff is not UTF-8"):
        read_sheet(path)
    with pytest.raises(SheetError, match="the file cannot be read: No such file"):
        read_sheet(tmp_path / "none.toml")
    with pytest.raises(SheetError, match="the file cannot be read: Is a directory"):
        read_sheet(tmp_path)
    for name in ("a b.toml", "-o.toml", "a$b.toml", "ä.toml"):
        with pytest.raises(SheetError, match="cannot name outputs"):
            read_sheet(tmp_path / name)


def test_lines_of_keys():
    """The locator steps over every kind of value and counts every kind of header."""
    text = "\n".join([
        "a = 1 # b = 2",
        "b = '''",
        "c = 3",
        "''''",
        'd = """x',
        '\\""" e = 5',
        '"""',
        "f = [ # g = 6",
        "  'h = ]', {i = 7},",
        "]",
        "j.k = 8",
        "'l m' = \"n = 9 \\\" #\"",
        "[o]",
        "p = 10",
        "[o.'q r']",
        "s = 2026-01-01 10:00:00",
        "[[t]]",
        "[[t.u]]",
        "[[t.u]]",
        "v = 11",
        "[t.u.w]",
        "x = 12",
        "[[t]]",
        "[[t.u]]",
        "y = 13",
    ])
    tomllib.loads(text)
    assert key_lines(text) == {
        ("a",): 1, ("b",): 2, ("d",): 5, ("f",): 8, ("f", 1): 9, ("f", 1, "i"): 9,
        ("j",): 11, ("j", "k"): 11, ("l m",): 12, ("o",): 13,
        ("o", "p"): 14, ("o", "q r"): 15, ("o", "q r", "s"): 16,
        ("t",): 17, ("t", 0): 17, ("t", 0, "u"): 18, ("t", 0, "u", 0): 18, ("t", 0, "u", 1): 19,
        ("t", 0, "u", 1, "v"): 20, ("t", 0, "u", 1, "w"): 21, ("t", 0, "u", 1, "w", "x"): 22,
        ("t", 1): 23, ("t", 1, "u"): 24, ("t", 1, "u", 0): 24, ("t", 1, "u", 0, "y"): 25,
    }  # fmt: skip
    assert line_of(key_lines(text), ("t", 0, "u", 1, "w", "missing")) == 21
    assert line_of(key_lines(text), ("missing",)) is None


@given(st.text(max_size=300))
def test_the_locator_ends_on_any_text(text):
    """Also on what is not TOML the walk ends, and its lines exist."""
    assert all(1 <= line <= text.count("\n") + 1 for line in key_lines(text).values())


def test_arrays_and_what_is_shown_of_them(read):
    """Lists of numbers for arrays, the entry that is written out, the indices of a matrix."""
    part = 'set = { L = 7, x = [[1, "1/2"], [3, -4]], b = 2 }\n'
    part += 'write_out = { h = 1, r = 2 }\nmatrix = { rows = "h", columns = "r" }'
    (_, found) = read(GOOD.replace('set = { L = 7, a = "1/2" }', part)).problems[0].parts
    numbers = Numbers((2, 2), (Fraction(1), Fraction(1, 2), Fraction(3), Fraction(-4)))
    assert found.values == (("L", Fraction(7)), ("x", numbers), ("b", Fraction(2)))
    assert found.write_out == (("h", 1), ("r", 2)) and found.matrix == MatrixSpec("h", "r")
    (_, plain) = read(GOOD.replace('show = "result"', 'write_out = {}\nmatrix = { rows = "n" }')).problems[0].parts
    assert plain.write_out == () and plain.matrix == MatrixSpec("n")
    (_, defined) = read(GOOD.replace('show = "result"', 'matrix = { array = "T" }')).problems[0].parts
    assert defined.matrix == MatrixSpec(array="T")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("write_out = 3", "write_out must be a table in braces, not a number"),
        ('write_out = { h = "1" }', "h must be a number, not text"),
        ("write_out = { h = true }", "h must be a number, not true or false"),
        ('write_out = { "h r" = 1 }', "'h r' is not a symbol's name"),
        ("matrix = { columns = 'r' }", "a matrix needs the key 'rows'"),
        ("matrix = { row = 'r' }", "a matrix has no key 'row'; did you mean 'rows'?"),
        ("matrix = { aray = 'T' }", "a matrix has no key 'aray'; did you mean 'array'?"),
        ("matrix = { array = 'T', rows = 'i' }", "a matrix has no key 'rows'"),
        ("matrix = { rows = 1 }", "rows must be text in quotes, not a number"),
        ("matrix = { rows = 'h r' }", "rows: 'h r' is not a symbol's name"),
    ],
)
def test_mistakes_in_what_is_shown_of_arrays(read, line, sentence):
    """With the line, like all others."""
    found_line, message = refused(read, GOOD.replace('show = "result"', line))
    assert found_line == 23 and sentence in message
