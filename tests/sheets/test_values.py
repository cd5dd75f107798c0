"""Exact values from text."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import BadInput
from derive.sheets.values import assignment, exact_value, integer_range

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
