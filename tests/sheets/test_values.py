"""Exact values from text."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import BadInput
from derive.sheets.values import (
    MOST_NUMBERS,
    Numbers,
    array_numbers,
    as_numbers,
    assignment,
    exact_value,
    integer_range,
)

GOOD = {
    "7": Fraction(7),
    "+7": Fraction(7),
    "-7": Fraction(-7),
    "1/2": Fraction(1, 2),
    "-3/6": Fraction(-1, 2),
    "0.25": Fraction(1, 4),
    "-0.1": Fraction(-1, 10),
    " 12 ": Fraction(12),
    "007": Fraction(7),
    "0.10": Fraction(1, 10),
    "1" * 60: Fraction(int("1" * 60)),
}

BAD = {
    "": (1, "the end"),
    "-": (2, "the end"),
    "--1": (2, "'-'"),
    "1/": (3, "the end"),
    "1/0": (3, "'0'"),
    "1/00": (3, "'0'"),
    "1/-2": (3, "'-'"),
    "1/2/3": (4, "'/'"),
    ".5": (1, "'.'"),
    "5.": (3, "the end"),
    "1.5.2": (4, "'.'"),
    "0.5/2": (4, "'/'"),
    "1e3": (2, "'e'"),
    "2^10": (2, "'^'"),
    "2**10": (2, "'*'"),
    "1_000": (2, "'_'"),
    "0x10": (2, "'x'"),
    "nan": (1, "'n'"),
    "inf": (1, "'i'"),
    "__import__('os')": (1, "'_'"),
    "1 2": (3, "'2'"),
    "\u0663": (1, "'\u0663'"),  # a digit to str.isdigit and int(), not to us
    "1\n": (2, "'\\n'"),
}


def test_values_are_exact():
    """Integers, fractions and decimals mean exactly what they say."""
    assert {text: exact_value(text) for text in GOOD} == GOOD
    assert len(GOOD) == 11


def test_everything_else_is_refused_at_its_column():
    """A text outside the grammar is refused with the text, the column and what stands there."""
    for text, (column, found) in BAD.items():
        with pytest.raises(BadInput) as caught:
            exact_value(text)
        message = str(caught.value)
        assert message.startswith(repr(text))
        assert f"at column {column} stands {found} where" in message, message
    assert len(BAD) == 23


def test_long_texts_are_refused_before_they_are_read():
    """A number of a million digits is refused at once, and not repeated in the message."""
    for read in (exact_value, integer_range):
        with pytest.raises(BadInput, match="has 1000000 characters") as caught:
            read("9" * 1_000_000)
        assert len(str(caught.value)) < 200
    with pytest.raises(BadInput, match="not a symbol's name") as caught:
        assignment("L" * 1000 + "=1")
    assert len(str(caught.value)) < 200


@given(st.fractions(max_denominator=10**20).filter(lambda value: abs(value.numerator) < 10**30))
def test_what_python_prints_is_read_back(value):
    """str() of a fraction is read as that fraction."""
    assert exact_value(str(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**6), max_value=10**6))
def test_decimals_are_read_exactly(value):
    """A decimal is the fraction it abbreviates."""
    assert exact_value(format(value, "f")) == Fraction(value)


@given(st.text(max_size=70))
def test_any_text_is_read_or_refused(text):
    """Whatever is typed, the answer is a fraction or a BadInput."""
    try:
        value = exact_value(text)
    except BadInput:
        return
    assert isinstance(value, Fraction)


def test_assignments():
    """A setting is a name and a value; spaces around either do not matter."""
    assert assignment("L=7") == ("L", 7)
    assert assignment(" a = -1/2 ") == ("a", Fraction(-1, 2))
    assert assignment("x_1'=0.5") == ("x_1'", Fraction(1, 2))
    refused = ["L", "=7", "7=7", "L==7", "L=", "L=a", "a b=1", "L=1,a=2", "\\alpha=1"]
    for text in refused:
        with pytest.raises(BadInput):
            assignment(text)
    assert len(refused) == 9


def test_ranges():
    """A range names both ends, low first, and is of sensible size."""
    assert integer_range("-6..12") == (-6, 12)
    assert integer_range(" 0 .. 0 ") == (0, 0)
    assert integer_range("1..10000") == (1, 10_000)
    refused = {
        "12..-6": "is empty",
        "0..10000": "has 10001 integers",
        "0": "stands the end where '..' was expected",
        "0...3": "at column 4",
        "0..": "where a digit was expected",
        "0.5..2": "at column 2",
        "a..b": "at column 1",
        "0..3..5": "nothing more",
    }
    for text, why in refused.items():
        with pytest.raises(BadInput) as caught:
            integer_range(text)
        assert why in str(caught.value)
    assert len(refused) == 8


def test_arrays():
    """Numbers in brackets, rows of one length, spaces anywhere between; written out again they are the same."""
    found = array_numbers(" [ [4, -1/2] , [0.25,0] ] ")
    assert found == Numbers((2, 2), (Fraction(4), Fraction(-1, 2), Fraction(1, 4), Fraction(0)))
    assert str(found) == "[[4, -1/2], [1/4, 0]]"
    assert array_numbers(str(found)) == found
    assert array_numbers("[7]") == Numbers((1,), (Fraction(7),))
    assert found.at((1, 0)) == {(1, 0): 4, (1, 1): Fraction(-1, 2), (2, 0): Fraction(1, 4), (2, 1): 0}
    assert assignment("x=[[1,2]]") == ("x", Numbers((1, 2), (Fraction(1), Fraction(2))))
    assert assignment("b = 2") == ("b", Fraction(2))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "at column 1 stands the end where '[' was expected"),
        ("1", "at column 1 stands '1' where '['"),
        ("[]", "at column 2 stands ']' where a digit"),
        ("[1,]", "at column 4 stands ']' where a digit"),
        ("[1 2]", "at column 4 stands '2' where ',' or ']'"),
        ("[1", "at column 3 stands the end where ',' or ']'"),
        ("[1]]", "at column 4 stands ']' where nothing more"),
        ("[[1,2],[3]]", "a list of 2 stands beside a list of 1"),
        ("[1,[2]]", "a number stands beside a list of 1"),
        ("[[[[[1]]]]]", "nested at most 4 deep"),
        ("[" * 5_000, "nested at most 4 deep"),
        ("[" * 50_000, "has 50000 characters"),
        ("[1e9]", "at column 3 stands 'e'"),
        ("[__import__('os')]", "at column 2 stands '_'"),
        ("[x]", "at column 2 stands 'x'"),
        (f"[{'9' * 5_000}]", "a number of 5000 digits is too long"),
        (f"[{'1,' * MOST_NUMBERS}1]", f"at most {MOST_NUMBERS} numbers"),
    ],
)
def test_what_is_no_array_is_refused(text, why):
    """With its column or what is wrong with its rows, in one short sentence."""
    with pytest.raises(BadInput) as caught:
        array_numbers(text)
    assert why in str(caught.value)
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


def test_nested_lists_are_bounded():
    """Lists from a file are bounded like those from a text."""
    deep: list = [Fraction(1)]
    for _ in range(500):
        deep = [deep]
    for rows in (deep, [Fraction(1)] * (MOST_NUMBERS + 1), [[Fraction(1)] * 30] * 30):
        with pytest.raises(BadInput):
            as_numbers(rows)


@given(st.text(alphabet="[],-/. 0123456789x", max_size=40))
def test_any_text_is_an_array_or_refused(text):
    """Whatever is typed, the answer is an array that reads back as itself, or a BadInput."""
    try:
        found = array_numbers(text)
    except BadInput:
        return
    assert array_numbers(str(found)) == found
