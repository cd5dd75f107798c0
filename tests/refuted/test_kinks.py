"""Wrong statements about kinks in which nothing is a size: each is refuted with an exact witness."""

from __future__ import annotations

from collections import Counter

import pytest
from sympy import Expr

from derive.constructs.registry import claim
from derive.numeric.spotcheck import spot_check
from tests.refuted.gradients.kinks import OF_REAL_NUMBERS


@pytest.mark.parametrize(
    ("path", "slip", "wrong"), OF_REAL_NUMBERS, ids=[f"{path}: {slip}" for path, slip, _ in OF_REAL_NUMBERS]
)
def test_wrong_at_real_numbers(path: str, slip: str, wrong: Expr) -> None:
    """Refuted at an exact point where both sides are told."""
    one = claim(path)[1]
    found = spot_check(one, wrong, count=60, seed=5, backends=())
    assert found.mismatch is not None and found.mismatch.kind == "exact"
    assert found.mismatch.claimed != found.mismatch.expected


def test_there_are_enough() -> None:
    """At least 8 for each construct, told apart by claim and slip, and none with a size."""
    counts = Counter(path.split(".")[0] for path, _, _ in OF_REAL_NUMBERS)
    assert len({(path, slip) for path, slip, _ in OF_REAL_NUMBERS}) == len(OF_REAL_NUMBERS)
    assert len(counts) == 4 and min(counts.values()) >= 8
    assert not any(s.is_integer for path, _, _ in OF_REAL_NUMBERS for s in claim(path)[1].context.symbols)
