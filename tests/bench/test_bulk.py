"""Mixed claims in one run on two processes, slips searched for, nothing known from earlier runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from derive.claims.files import read_claims
from derive.claims.running import run
from derive.claims.stated import Claim
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
BOUND = 300
"""How many times the import of SymPy the whole may take: two minutes where that takes 0.4 s."""


def mixed() -> Iterator[Claim]:
    """True and false claims by turns: of a course, with and without slips, and of a referee."""
    right = [of_slips(row[0], row[1], row[2], row[3]) for row in SLIPS if not row[5].startswith(("<", "="))]
    parts = [
        [c for c in read_claims(str(COURSE)) if isinstance(c, Claim)], right, [planted(row) for row in SLIPS],
        [of_referee(row) for row in TRUE], [of_referee(row) for row in FALSE],
    ]  # fmt: skip
    left = [iter(part) for part in parts]
    for one in cycle(range(len(left))):
        found = next(left[one], None)
        if found is not None:
            yield found
        elif all(next(again, None) is None for again in left):
            return


def importing() -> float:
    """The best of some imports of SymPy, by the clock."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import sympy"], check=True, timeout=60)
        times.append(time.perf_counter() - start)
    return min(times)


def test_mixed_claims_in_bulk() -> None:
    """All get an answer, most a verdict, in a time that is told."""
    claims = [replace(claim, id=f"{k}: {claim.id}") for k, claim in enumerate(islice(mixed(), MANY))]
    unit = importing()
    start = time.perf_counter()
    found = list(run(claims, jobs=2))
    taken = time.perf_counter() - start
    unit = max(unit, importing())
    counts = Counter(finding.verdict for finding in found)
    rate = len(found) / taken
    print(f"{len(found)} claims in {taken:.0f} s, {rate:.1f} a second, {taken / unit:.0f} imports of SymPy")
    print(", ".join(f"{n} {verdict}" for verdict, n in counts.most_common()))
    for finding in sorted(found, key=lambda f: -f.seconds)[:10]:
        print(f"  {finding.seconds:6.2f} s {finding.verdict:10} {finding.id[:90]}")
    assert len(claims) == MANY and {f.id for f in found} == {c.id for c in claims}
    assert counts["proved"] + counts["refuted"] >= 0.75 * len(found)
    if MANY >= WHOLE:
        assert taken <= BOUND * unit * len(found) / WHOLE, "slower than is wanted"
