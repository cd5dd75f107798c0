"""True claims are not refuted and false ones not accepted: what constructs have proved, and single changes of it.

`make test` looks at a fixed share; `make soundness` at all that constructs have proved, each in one style after the
other, at four changes of each and at slips in every fourth, and prints the numbers. With DERIVE_FUZZ=100 each is
written in every style.
"""

from __future__ import annotations

import os
import statistics
import time
from collections import Counter
from pathlib import Path

import pytest

from derive.claims.findings import Finding
from derive.claims.judging import judge, prepare
from derive.claims.running import run
from derive.claims.stated import Claim
from tests.claims.corpus import corpus, names, proved, written
from tests.claims.mutating import mutants
from tests.claims.planting import planted
from tests.claims.printing import STYLES, Unsayable
from tests.fuzz.budget import WHOLE

ROOT = Path(__file__).parents[2]
FUZZ = int(os.environ.get("DERIVE_FUZZ", "1"))
FULL = FUZZ > 1
ACCEPTED = ("proved", "exact", "sampled")
TRUE_STEP, FALSE_STEP, SLIP_STEP = (1, 1, 4) if FULL else (45, 13, 45) if WHOLE else (150, 52, 240)
"""Every how many facts are taken as they are, with changes, and with a slip."""
STYLES_EACH, EACH = 1 if 1 < FUZZ < 100 else len(STYLES) if WHOLE else 2, 4
"""In how many styles each is written, and how many changes are made of it."""
SECONDS = 10.0


@pytest.fixture(autouse=True)
def prepared(monkeypatch):
    """Laws and library are loaded once; workers find the judge without slips, however pytest was started."""
    prepare()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]))


def test_slips_in_claims_of_constructs_are_named():
    """One slip of the library, planted into what a construct has proved, is told by a repair that is proved."""
    facts = list(proved(names()[2::SLIP_STEP]))
    claims = [p for _, c in corpus(facts, 1)[0] for p in planted(c, 1, 0)]
    kinds = {p.claim.id: p.kind for p in claims}
    found = [f for f in explained([p.claim for p in claims]) if f.verdict == "refuted" and f.counterexample is not None]
    good = [f for f in found if f.slip is not None or f.convention]
    all_of, named = Counter(kinds[f.id] for f in found), Counter(kinds[f.id] for f in good)
    print(f"slips: {len(claims)} planted, {len(found)} refuted at a point, {len(good)} of these named")
    print(f"by kind: {', '.join(f'{k} {named[k]} of {n}' for k, n in all_of.most_common())}")
    for f in found:
        if f not in good:
            print(f"  not named in {f.seconds:.1f} s: {f.id}")
    assert len(found) >= (80 if FULL else 6 if WHOLE else 1)
    assert len(good) >= 0.6 * len(found)


def explained(claims: list[Claim]) -> list[Finding]:
    """What is found, slips included."""
    return list(run(claims, seconds=SECONDS)) if FULL else [judge(c, SECONDS) for c in claims]


def judged(claims: list[Claim]) -> list[tuple[str, str, float]]:
    """(id, verdict, seconds) of each."""
    if FULL:
        judge_named = "tests.claims.plain_judge:judge"
        return [(f.id, f.verdict, f.seconds) for f in run(claims, seconds=SECONDS, judge=judge_named)]
    found = []
    for claim in claims:
        start = time.perf_counter()
        finding = judge(claim, SECONDS, explain=False)
        found.append((claim.id, finding.verdict, time.perf_counter() - start))
    return found


def told(what: str, found: list[tuple[str, str, float]]) -> Counter[str]:
    """The counts, printed."""
    counts = Counter(verdict for _, verdict, _ in found)
    seconds = [s for *_, s in found]
    said = ", ".join(f"{counts[v]} {v}" for v in sorted(counts))
    print(f"{what}: {len(found)}: {said}; {sum(seconds):.0f} s, median {statistics.median(seconds):.3f} s")
    return counts


def test_true_claims_are_proved_and_none_is_refuted():
    """What constructs have proved, written in several styles, is read and proved; nothing of it is refuted."""
    facts = list(proved(names()[::TRUE_STEP]))
    claims, silent = corpus(facts, STYLES_EACH)
    found = judged([claim for _, claim in claims])
    counts = told("true claims", found)
    print(f"{len(silent)} facts cannot be said: {Counter(silent.values()).most_common()}")
    for name, verdict, _ in found:
        if verdict != "proved":
            print(f"  {verdict}: {name}")
    assert [name for name, verdict, _ in found if verdict == "refuted"] == []
    assert len(found) >= (500 if FULL else 45 if WHOLE else 6)
    assert counts["unreadable"] <= 0.01 * len(found)
    assert counts["proved"] >= (0.85 if FULL else 0.8) * len(found)
    assert len(silent) <= max(1, 0.06 * len(facts))


def test_mutants_are_refuted_and_none_is_accepted():
    """A single change that makes a proved claim false at a point is found out, at every level."""
    made, kinds = [], Counter()
    for number, fact in enumerate(proved(names()[5 % FALSE_STEP :: FALSE_STEP])):
        for place, mutant in enumerate(mutants(fact, EACH, 0)):
            try:
                made.append(written(mutant.fact, STYLES[(number + place) % len(STYLES)]))
            except Unsayable:
                continue
            kinds[mutant.kind] += 1
    found = judged(made)
    counts = told("mutants", found)
    print(f"kinds: {kinds.most_common()}")
    wrong = [name for name, verdict, _ in found if verdict in ACCEPTED]
    for name, verdict, _ in found:
        if verdict != "refuted":
            print(f"  {verdict}: {name}")
    assert wrong == []
    assert len(found) >= (2_000 if FULL else 150 if WHOLE else 37)
    assert len(kinds) >= 9
    assert counts["refuted"] >= 0.98 * len(found)
