"""The measured claims about compiled numbers, as ratios within one run; `make bench` prints what was measured."""

from __future__ import annotations

import pytest

from derive.numeric.compile import for_size
from tests.bench.bench_numeric import Measured, measure

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def numbers() -> Measured:
    """One run: five million points of one filter, and filters of their own at each point."""
    found = measure()
    for name, value in found.shown():
        print(f"{name:<58} {value:10.2f}")
    return found


def test_the_same_numbers(numbers: Measured) -> None:
    """All ways give the values of the oracle at the points where it was asked, and of each other at all points."""
    assert numbers.compared_with_oracle >= 10_000
    assert numbers.points == 5_000_000
    assert numbers.worst_difference < 1e-12


def test_numba_is_five_times_the_loop_over_k(numbers: Measured) -> None:
    """The definition compiled by Numba, on one core or on all, against the textbook's loop at five million points."""
    assert numbers.ratio >= 5
    assert numbers.own_ratio >= 5


def test_numba_is_asked_where_it_is_faster(numbers: Measured) -> None:
    """Filters of their own at each point: from start to end, compiling included, the choice is the faster one."""
    few, many = numbers.few, numbers.many
    assert for_size(few.points) == "numpy" and few.numpy < few.numba
    assert for_size(many.points) == "numba" and many.numba < many.numpy


def test_the_crossover_is_where_it_is_said_to_be(numbers: Measured) -> None:
    """The number of points at which compiling is won back, worked out from this run, is the stated one within 4."""
    assert for_size(int(numbers.crossover / 4)) == "numpy"
    assert for_size(int(numbers.crossover * 4)) == "numba"
