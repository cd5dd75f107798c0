"""Every forged derivation is refused."""

from __future__ import annotations

from collections import Counter

import pytest
from sympy import Integer, Rational

from derive.constructs.registry import constructs
from derive.errors import StepRejected
from derive.kernel.checker import Memory, check
from derive.kernel.derivation import Derivation
from derive.rules.lemmas import specialised
from tests.forged.mutants import mutants

LEAST = 400
"""How many forgeries are looked at, at least; grows with the project."""


def derivations() -> list[Derivation]:
    """All derivations of the project, and some with values set."""
    found = [claim.derive() for construct in constructs() for claim in construct.claims]
    special = []
    for derivation in found:
        symbols = {s.name: s for s in derivation.context.symbols}
        if "a" in symbols and "L" in symbols:
            special.append(specialised(derivation, {symbols["L"]: Integer(7), symbols["a"]: Rational(1, 2)}))
    return found + special


def is_refused(forged: Derivation, memory: Memory) -> bool:
    """Whether the checker refuses the derivation, naming a place."""
    try:
        check(forged, memory)
    except StepRejected as refused:
        return bool(refused.place)
    return False


def test_all_forgeries_are_refused() -> None:
    """Each edit of each derivation is refused with a place; none is accepted, none makes the checker stumble."""
    counts: Counter[str] = Counter()
    accepted = []
    for derivation in derivations():
        memory: Memory = {}
        report = check(derivation, memory)
        assert report.verdict.kind == "proved"
        for mutant in mutants(derivation, report):
            kind = mutant.edit.split(":")[-1].strip().split(" ")[0]
            counts[kind] += 1
            if not is_refused(mutant.derivation, memory):
                accepted.append(f"{derivation.name}: {mutant.edit}")
    assert accepted == []
    assert sum(counts.values()) >= LEAST, counts


@pytest.mark.parametrize("name", ["filtered_pulse.response", "time_shift.response", "filtered_pulse.delayed"])
def test_the_true_ones_are_accepted(name: str) -> None:
    """The derivations that the forgeries are made from are themselves proved."""
    from derive.constructs.registry import claim

    assert check(claim(name)[1].derive()).verdict.kind == "proved"
