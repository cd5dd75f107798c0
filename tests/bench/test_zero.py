"""The measured claims about the kernel, as ratios within one run; `make bench` prints the numbers."""

from __future__ import annotations

import pytest

from tests.bench.bench_zero import measure, pulse


@pytest.fixture(scope="module")
def numbers() -> dict[str, float]:
    """One run over all 24 identities."""
    found = measure()
    for name, value in found.items():
        print(f"{name:<24} {value:10.3f}")
    return found


def test_right_on_all(numbers: dict[str, float]) -> None:
    """Twelve true and twelve false identities with symbolic exponents are told apart, and no false one is shown."""
    assert numbers["ours right"] == 24


def test_a_hundred_times_faster_than_simplify(numbers: dict[str, float]) -> None:
    """The zero test against `simplify(left - right) == 0` on the same pairs."""
    assert numbers["ratio"] >= 100


def test_pulse_against_simplify_of_one_identity() -> None:
    """Deriving and checking the pulse is measured and printed; it does its steps, whatever the time."""
    found = pulse()
    for name, value in found.items():
        print(f"{name:<24} {value:10.3f}")
    assert found["both, s"] == pytest.approx(found["derive, s"] + found["check, s"])
