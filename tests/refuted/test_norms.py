"""Wrong bounds and values of norms: each is refuted with a witness of small sizes, where the right one is not."""

from __future__ import annotations

import pytest
from sympy import Expr

from derive.constructs.registry import claim
from derive.numeric.spotcheck import spot_check
from tests.refuted.norms import BOUNDS

IDS = [f"{path}: {slip}" for path, _, slip, _ in BOUNDS]


@pytest.mark.share(4)
@pytest.mark.parametrize(("path", "relation", "slip", "wrong"), BOUNDS, ids=IDS)
def test_wrong_bound(path: str, relation: str, slip: str, wrong: Expr) -> None:
    """Refuted at a point where both sides are told, of sizes up to 4."""
    one = claim(path)[1]
    found = spot_check(one, wrong, count=30, seed=5, backends=(), relation=relation)
    assert found.mismatch is not None
    told = dict(found.mismatch.point)
    sizes = [int(told[d.symbol.name]) for d in one.context.declarations if d.sort == "size"]
    assert max(sizes, default=0) <= 4 and found.mismatch.claimed != found.mismatch.expected


def test_there_are_enough() -> None:
    """At least 40, told apart by claim and slip."""
    assert len({(path, slip) for path, _, slip, _ in BOUNDS}) == len(BOUNDS) >= 40
