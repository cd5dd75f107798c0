"""Answers as graders receive them: what is right is proved, what is wrong is refuted, and its slip is named."""

from __future__ import annotations

import pytest

from derive.claims.judging import judge
from derive.claims.stated import Claim
from tests.claims.referee_answers import PROVED, WRONG
from tests.claims.test_referee import claim


def test_the_tables_are_large() -> None:
    """There is something to look at, and no row is in both tables."""
    assert len(PROVED) > 20 and len(WRONG) > 12
    assert not set(PROVED) & {row[:-1] for row in WRONG}


@pytest.mark.share(3)
@pytest.mark.parametrize("row", PROVED, ids=lambda row: row[1])
def test_what_is_right_is_proved(row: tuple[str, ...]) -> None:
    """Each of these is derived, for all sizes."""
    found = judge(claim(row), 10, explain=False)
    assert found.verdict == "proved", f"{found.verdict} {found.by} {found.error}"


@pytest.mark.share(3)
@pytest.mark.parametrize("row", WRONG, ids=lambda row: row[1])
def test_what_is_wrong_is_refuted(row: tuple[str, ...]) -> None:
    """Each of these has a point against it, and where a slip is to be named, it is."""
    slip = row[-1]
    found = judge(claim(row[:-1]), 10, explain=bool(slip))
    assert found.verdict == "refuted", f"{found.verdict} {found.by} {found.error}"
    assert not slip or (found.slip is not None and slip in found.slip.repair), found.slip


def test_an_index_in_a_name_is_not_free() -> None:
    """The i of a declared d_i is no index that stands on one side only."""
    found = judge(claim(WRONG[5][:-1]), 10, explain=False)
    assert not found.by.startswith("ill-formed")


def test_entries_are_counted_where_they_are_written_down() -> None:
    """The third row and column of a matrix, whatever the index that its first entry has on the other side."""
    picture = "\\begin{bmatrix} 1 & 0 & 2 \\\\ 0 & 1 & 0 \\\\ 3 & 0 & 1 \\end{bmatrix}"
    kernel = "\\begin{bmatrix} 1 & 1 \\\\ 0 & 1 \\end{bmatrix}"
    claimed = "\\begin{bmatrix} 2 & 2 \\\\ 1 & 5 \\end{bmatrix}"
    stated = Claim("", left=(f"{picture} \\star {kernel}",), right=(claimed,))
    assert judge(stated, 10, explain=False).by.startswith("one entry differs: (2, 2)")


def test_no_minus_is_the_slip_of_a_bound() -> None:
    """That minus a norm is at most the bound is true, and no repair."""
    row = ("N:size; x:array[N] of nonnegative", r"\sum_{i=1}^{N} x_i \le \max_{1 \le i \le N} x_i")
    found = judge(claim(row), 10)
    assert found.verdict == "refuted"
    assert found.slip is None or "sign" not in found.slip.repair
