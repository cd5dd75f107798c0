"""Refuting by exact points is at least 10 times faster than a check by SymPy's simplify; both in one run."""

from __future__ import annotations

from tests.bench.bench_refuting import measure, of_the_referee, ready, shown, with_slips


def test_points_refute_faster_than_simplify() -> None:
    """Of claims with a planted slip by the whole time; the referee's odd claims are measured and told beside it."""
    slips = measure(ready(with_slips()))
    referee = measure(ready(of_the_referee()))
    print(shown("planted slips", slips))
    print(shown("the referee's", referee))
    assert len(slips) >= 60 and len(referee) >= 100
    assert sum(r.said in ("different", "late") for r in slips) >= 0.9 * len(slips)
    assert sum(r.theirs for r in slips) >= 10 * sum(r.ours for r in slips)
    assert sum(r.theirs for r in referee) >= 2 * sum(r.ours for r in referee)
