r"""Ranges said after a formula: `for i = 1, \dots, n` is a hypothesis, and its letter is an index that it declares."""

from __future__ import annotations

import pytest

from derive.claims.judging import judge
from derive.claims.stated import Claim

N = ("n", "integer >= 2")
X, Y = ("x", "array[n]"), ("y", "array[n]")
A = ("A", "matrix[n,n]")

SAME = (
    r"x_i^2 = x_i x_i \text{ for } 2 \le i \le n",
    r"x_i^2 = x_i x_i \quad \forall 2 \le i \le n",
    r"x_i^2 = x_i x_i \text{ for } i = 1, \dots, n",
    r"x_i^2 = x_i x_i \quad (1 \le i \le n)",
    r"x_i x_j = x_j x_i \text{ for all } 1 \le i, j \le n",
    r"x_i x_j = x_j x_i \text{ for all } 1 \le i < j \le n",
    r"x_i x_j = x_j x_i \text{ for all } i, j = 1, 2, \ldots, n",
    r"x_i x_j = x_j x_i \text{ for all } i, j \in \{1, \dots, n\}",
    r"\sum_{i = 1, \dots, n} x_i = \sum_{i=1}^n x_i",
    r"\sum_{i = 2, 3, \dots, n} x_i = \sum_{i=1}^n x_i - x_1",
)
OTHER = (
    r"x_i^2 = x_i \text{ for } 2 \le i \le n",
    r"x_i = x_j \text{ for all } 1 \le i, j \le n",
    r"x_i \le x_j \text{ for all } 1 \le i < j \le n",
    r"x_i^2 = x_i x_i \text{ for } 0 \le i \le n",
    r"x_i^2 = x_i x_i \text{ for } i = 1, \dots, n + 1",
    r"x_i + x_j = 2 x_j \text{ for all } i, j \in \{1, \dots, n\}",
    r"\sum_{i = 2, \dots, n} x_i = \sum_{i=1}^n x_i",
)
NOT_READ = (
    r"x_1 b = b x_1 \text{ for all } 0 \le b \le 1",  # no index: whether b is an integer is not said
    r"x_i x_j = x_j x_i \text{ for all } i, j = 1, 3, \dots, n",
    r"x_i x_j = x_j x_i \text{ for } i = 1, \dots, n",
)


def verdict(formula, *where):
    """The verdict on a formula with its range."""
    found = judge(Claim("", left=(formula,), symbols=(N, X, Y, A), where=where), explain=False)
    return found.verdict


@pytest.mark.parametrize("formula", SAME)
def test_the_letter_is_an_index_of_that_range(formula):
    """Who says for which i it holds need not declare i."""
    assert verdict(formula) == "proved"


@pytest.mark.parametrize("formula", OTHER)
def test_what_does_not_hold_in_the_range_is_refuted(formula):
    """Also where an entry is asked for that is not there."""
    assert verdict(formula) == "refuted"


@pytest.mark.parametrize("formula", NOT_READ)
def test_a_letter_that_no_range_makes_an_index_is_named(formula):
    """Nothing is guessed of it."""
    assert verdict(formula) == "unreadable"


HYPOTHESES = (
    r"x_i = 2 y_i \text{ for } 2 \le i \le n",
    r"2 y_i = x_i \text{ for } i = 2, \dots, n",
    r"x_i = 2 y_i \text{ for } i \ge 2",
    r"x_i = 2 y_i \text{ for all } i \in \{2, \dots, n\}",
)


@pytest.mark.parametrize("where", HYPOTHESES)
def test_words_after_a_subscript_are_words(where):
    r"""`y_i \text{ for }` has no factor named for; what is said of the later entries says nothing of the first."""
    assert verdict("x_n = 2 y_n", where) == "proved"
    assert verdict("x_1 = 2 y_1", where) == "refuted"
