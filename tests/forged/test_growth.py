"""A statement about growth with one of its derivations forged is not proved: every edit of every step is seen."""

from __future__ import annotations

import pytest

from derive.constructs.registry import constructs
from derive.kernel.checker import Memory, check
from derive.rules.growth import derive_growth
from derive.rules.growth_check import judged
from derive.rules.growth_search import completed
from tests.forged.mutants import mutants
from tests.fuzz.budget import FACTOR

NAMES = [f"{c.name}.{record.name}" for c in constructs() for record in c.growth]
MEMORY: Memory = {}
LEAST = 12
"""Forgeries of a derivation, at least."""
STRIDE = 1 if FACTOR > 1 else 5


@pytest.mark.share(3)
@pytest.mark.parametrize("name", NAMES)
def test_forged_statement(name: str) -> None:
    """`make soundness` looks at all forgeries, `make test` at every fifth."""
    construct = next(c for c in constructs() if c.name == name.split(".")[0])
    record = next(r for r in construct.growth if r.name == name.split(".")[1])
    states = completed(record.states)
    made = derive_growth(name, states)
    looked = 0
    for place, derivation in enumerate(made):
        # `n_0 >= n_0` said twice is no forgery, nor is a `<` for a `<`.
        still = any(move.before == move.after for move in derivation.chain.moves)
        every = mutants(derivation, check(derivation, MEMORY))
        forged = [m for m in every if m.derivation != derivation and not (still and m.edit.endswith("duplicated"))]
        assert len(forged) >= LEAST
        for mutant in forged[(len(name) + place) % STRIDE :: STRIDE]:
            derivations = (*made[:place], mutant.derivation, *made[place + 1 :])
            assert judged(states, derivations, MEMORY).verdict.kind == "undecided", (place, mutant.edit)
            looked += 1
    assert looked >= LEAST / STRIDE * len(made)
