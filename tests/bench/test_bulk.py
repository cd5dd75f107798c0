"""Mixed claims in one run on two processes, slips searched for, nothing known from earlier runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from derive.claims.files import read_claims
from derive.claims.running import run
from derive.claims.stated import Claim
from tests.claims.corpus import names, proved, written
from tests.claims.mutating import mutants
from tests.claims.printing import STYLES, Unsayable
from tests.claims.referee_false import FALSE
from tests.claims.referee_true import TRUE
from tests.claims.slip_table import SLIPS
from tests.claims.test_referee import claim as of_referee
from tests.claims.test_slips import claim as of_slips
from tests.claims.test_slips import planted

COURSE = Path(__file__).parents[1] / "claims" / "files" / "course.toml"
WHOLE = 1_000
MANY = int(os.environ.get("DERIVE_BULK", "60"))
"""`make bench` takes a thousand, and asks for the time; `make test` looks at the answers of a few."""
BOUND = 360
"""How many times the import of SymPy the whole may take: two minutes where that takes a third of a second.

It took 0.27 to 0.42 s in a dozen runs on one machine, in which the whole took 95 to 114 s, 274 to 335 imports.
"""


def of_constructs(step: int, start: int, wrong: bool) -> Iterator[Claim]:
    """What constructs have proved, or single changes that make it false, in one style after the other."""
    for number, fact in enumerate(proved(names()[start::step])):
        for one in [mutant.fact for mutant in mutants(fact, 1, 0)] if wrong else [fact]:
            with suppress(Unsayable):
                yield written(one, STYLES[number % len(STYLES)])


def by_turns(parts: Sequence[Iterator[Claim]]) -> Iterator[Claim]:
    """One of each part after the other, as long as there are any."""
    left = list(parts)
    while left:
        for part in tuple(left):
            found = next(part, None)
            if found is None:
                left.remove(part)
            else:
                yield found


def mixed() -> Iterator[Claim]:
    """True and false claims by turns: of a course, with and without slips, of a referee, of constructs with twins."""
    right = [of_slips(row[0], row[1], row[2], row[3]) for row in SLIPS if not row[5].startswith(("<", "="))]
    course = [c for c in read_claims(str(COURSE)) if isinstance(c, Claim)]
    given = (course, right, [planted(row) for row in SLIPS], map(of_referee, TRUE), map(of_referee, FALSE))
    yield from by_turns([*map(iter, given), of_constructs(4, 3, wrong=False), of_constructs(4, 1, wrong=True)])


def importing() -> float:
    """The best of some imports of SymPy, by the clock."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import sympy"], check=True, timeout=60)
        times.append(time.perf_counter() - start)
    return min(times)


def of_children() -> float:
    """Seconds of a processor that processes made here have taken, as far as they have ended."""
    used = os.times()
    return used.children_user + used.children_system


@pytest.mark.whole
def test_mixed_claims_in_bulk() -> None:
    """All get an answer, most a verdict, in a time that is told."""
    claims = [replace(claim, id=f"{k}: {claim.id}") for k, claim in enumerate(islice(mixed(), MANY))]
    unit = importing()
    start, before = time.perf_counter(), of_children()
    found = list(run(claims, jobs=2))
    taken, worked = time.perf_counter() - start, of_children() - before
    unit = max(unit, importing())
    counts = Counter(finding.verdict for finding in found)
    rate = len(found) / taken
    print(f"{len(found)} claims in {taken:.0f} s, {rate:.1f} a second, {taken / unit:.0f} imports of SymPy")
    median = statistics.median(finding.seconds for finding in found)
    print(f"{worked / len(found):.3f} s of a processor each in the mean, {median:.3f} s in the median")
    print(", ".join(f"{n} {verdict}" for verdict, n in counts.most_common()))
    for finding in sorted(found, key=lambda f: -f.seconds)[:10]:
        print(f"  {finding.seconds:6.2f} s {finding.verdict:10} {finding.id[:90]}")
    assert len(claims) == MANY and {f.id for f in found} == {c.id for c in claims}
    assert counts["proved"] + counts["refuted"] >= 0.75 * len(found)
    if MANY >= WHOLE:
        assert taken <= BOUND * unit * len(found) / WHOLE, "slower than is wanted"
