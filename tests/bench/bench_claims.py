"""How long each claim takes to be derived and checked, in CPU time, and what sharing values at a point brings.

Run as `python -m tests.bench.bench_claims` for all claims, or with words that their names begin with; each is measured
in a process of its own that has loaded the constructs and nothing else. The slowest come first.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from time import process_time

from derive.constructs.registry import claim, constructs
from derive.kernel.checker import POINTS_A_STEP, check
from derive.kernel.derivation import Derivation, Step
from derive.language.comparing import Seen, compared
from derive.language.drawing import scattered_points

HEAVY = (
    "conjugated_distance.matrix_gradient", "inverse_gradients.shifted", "inverse_gradients.trace",
    "gated_linear_unit.input_gradient", "layer_norm.input_gradient", "max_pooling_image.overlapping",
)  # fmt: skip
"""Claims whose lines have many entries, forms or derivatives."""


@dataclass(frozen=True)
class Timed:
    """Seconds of CPU time for one claim."""

    name: str
    deriving: float
    checking: float
    steps: int
    points: int

    @property
    def whole(self) -> float:
        """Both together."""
        return self.deriving + self.checking


def timed(name: str) -> Timed:
    """Derive and check the claim, nothing known before."""
    found = claim(name)[1]
    start = process_time()
    made = found.derive()
    middle = process_time()
    report = check(made)
    assert report.verdict.kind == "proved"
    return Timed(name, middle - start, process_time() - middle, report.steps, report.points + report.close)


def measure(names: Sequence[str]) -> list[Timed]:
    """All of them, the slowest first; one after the other, since two on one core measure each other."""
    with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        return sorted(pool.map(timed, names, chunksize=1), key=lambda t: -t.whole)


def all_names() -> list[str]:
    """Every claim."""
    return [f"{c.name}.{claim_.name}" for c in constructs() for claim_ in c.claims]


def points_looked_at(derivation: Derivation, share: bool) -> tuple[float, list[object], Counter[str]]:
    """Seconds, what was compared and what was skipped, for the steps of the chain; with or without what is shared."""
    seen: Seen = {}
    skipped: Counter[str] = Counter()
    points = scattered_points(derivation.context, derivation.context.symbols, POINTS_A_STEP)
    start, found = process_time(), []
    for move in derivation.chain.moves:
        if isinstance(move, Step):
            sides = (move.before, move.relation, move.after)
            found += list(compared(derivation.context, *sides, points, skipped, seen if share else None))
    return process_time() - start, found, skipped


def shown(rows: Sequence[Timed]) -> str:
    """A table."""
    lines = [f"{'claim':<44} {'derive, s':>10} {'check, s':>10} {'steps':>6} {'points':>7}"]
    lines += [f"{r.name:<44} {r.deriving:10.2f} {r.checking:10.2f} {r.steps:6d} {r.points:7d}" for r in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    wanted = [n for n in all_names() if not sys.argv[1:] or n.startswith(tuple(sys.argv[1:]))]
    print(shown(measure(wanted)))
