"""Two slips at once: two changes of the right side, each of a known kind, that together make a claim true.

The search is short and comes last: the likeliest changes of the right side, each changed again; points refute nearly
all of these at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from derive.claims.changes import Repair, Setting
from derive.claims.clock import now
from derive.claims.slips import repairs
from derive.claims.syntax import Node

FIRST, SECOND, MOST = 26, 30, 420
"""Changes that are changed again, changes of each of these, and how many of all are looked at."""
SECONDS = 0.4
KINDS = frozenset(
    ("off by one", "sign", "factor", "exponent", "floor", "rounding", "index", "swapped indices", "transpose", "size",
     "root", "upside down")
)  # fmt: skip


def twice_changed(side: Node, singles: Sequence[Repair], setting: Setting) -> Iterator[Repair]:
    """The side with two changes, the likelier pairs first; no formula twice, none with one change alone.

    Args:
        side: What the author wrote.
        singles: Its changes, the likeliest first.
        setting: What the rules know of the claim.
    """
    until = now() + SECONDS
    first = [r for r in singles if r.kind in KINDS][:FIRST]
    seen = {side, *(r.node for r in singles)}
    pairs: list[Repair] = []
    for one in first:
        if now() > until:
            break
        for other in islice((r for r in repairs(one.node, setting) if r.kind in KINDS), SECOND):
            if other.node not in seen:
                seen.add(other.node)
                kind = one.kind if one.kind == other.kind else f"{one.kind} and {other.kind}"
                said = f"two slips: {one.said}; and {other.said}"
                pairs.append(Repair(other.node, kind, said, one.rank + other.rank))
    yield from sorted(pairs, key=lambda r: r.rank)[:MOST]

