"""The measured claims about the Jacobian of a softmax, as ratios within one run; `make bench` prints the numbers."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.bench.bench_softmax import CLASSES, Measured, measure

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def numbers() -> Measured:
    """One run at 5, 10, 20 and 40 classes."""
    found = measure()
    for name, value in found.shown():
        print(f"{name:<58} {value:12.4f}")
    return found


def test_the_same_jacobian(numbers: Measured) -> None:
    """One formula for every number of classes gives the numbers of SymPy's explicit matrices."""
    assert numbers.worst_difference < 1e-14


def test_our_term_does_not_grow(numbers: Measured) -> None:
    """The entry has the size that it has; the explicit matrix grows faster than the square of the classes."""
    assert numbers.size < min(numbers.their_size.values())
    for few, many in pairwise(CLASSES):
        assert numbers.their_size[many] > 4 * numbers.their_size[few]


def test_their_time_grows(numbers: Measured) -> None:
    """From 10 to 40 classes differentiating takes at least four times as long; ours has no number of classes."""
    assert numbers.differentiating[40] > 4 * numbers.differentiating[10]


def test_ahead_from_question_to_numbers(numbers: Measured) -> None:
    """Ahead from 10 classes on (measured 2 to 5 times), and at least twice as fast at 20 (measured 8 to 20)."""
    assert numbers.ahead(10) > 1 and numbers.ahead(20) > 2


def test_ahead_with_the_check(numbers: Measured) -> None:
    """With the check, which SymPy has nothing like, at least twice as fast at 40 classes (measured 9)."""
    assert numbers.ahead(40, checked=True) > 2
