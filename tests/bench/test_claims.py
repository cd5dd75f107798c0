"""What the heavy claims take, and that values shared at a point are the same; `make bench` prints the table."""

from __future__ import annotations

import pytest

from derive.constructs.registry import claim
from tests.bench.bench_claims import HEAVY, measure, points_looked_at, shown

pytestmark = pytest.mark.whole


def test_the_heavy_claims() -> None:
    """All are proved; the table says how long each took."""
    rows = measure(HEAVY)
    print(shown(rows))
    assert len(rows) == len(HEAVY) and all(r.steps >= 10 and r.points >= 100 for r in rows)


@pytest.mark.parametrize("name", ["conjugated_distance.distance_gradient", "matrix_inverse.derivative"])
def test_values_that_are_shared_are_the_same(name: str) -> None:
    """Point by point, value by value, skip by skip; and sharing is at least 1.5 times as fast (measured 4 to 9)."""
    made = claim(name)[1].derive()
    shared, with_it, skipped_with = points_looked_at(made, share=True)
    alone, without, skipped_without = points_looked_at(made, share=False)
    print(f"{name:<44} {alone:10.2f} s alone {shared:10.2f} s shared, {alone / shared:.1f} times")
    assert with_it == without and skipped_with == skipped_without
    assert len(with_it) >= 50
    assert alone > 1.5 * shared
