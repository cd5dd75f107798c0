"""Layers on three axes, and on two in groups: the same code as on one axis, proved and compared with loops."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from derive.constructs.construct import Claim
from derive.constructs.convolution_channels import claims
from derive.kernel.checker import check
from derive.language.points import evaluate, holds
from derive.numeric.entries import entry_function
from derive.numeric.sampling import draw_signal

MADE = [c for axes, grouped in ((3, False), (2, True)) for c in claims(axes, grouped)]
POINTS = 30


@pytest.mark.slow
@pytest.mark.share(6)
@pytest.mark.parametrize("claim", MADE, ids=lambda c: c.name)
def test_more_axes_and_groups(claim: Claim) -> None:
    """Each gradient is proved, and agrees exactly with loops over the forward definition at small random sizes."""
    derivation = claim.derive()
    assert derivation.left == claim.left and derivation.context == claim.context
    report = check(derivation)
    assert report.verdict.kind == "proved" and report.steps >= 8
    rng, compared = Random(claim.name), 0
    for _ in range(400):
        point = {s: Fraction(rng.randint(1, 3)) for s in claim.context.symbols}
        if compared == POINTS or not all(holds(fact, point) for fact in claim.context.facts):
            continue
        arrays = {a: draw_signal(a, point, rng) for a in claim.free_arrays}
        values = {s.name: int(v) for s, v in point.items()}
        values |= {a.name: entry_function(a, samples, point, Fraction) for a, samples in arrays.items()}
        assert evaluate(derivation.right, point, claim.context, arrays) == claim.oracle(**values), point
        compared += 1
    assert compared == POINTS
