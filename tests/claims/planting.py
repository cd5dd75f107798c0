"""One slip of the library planted into a claim that is true, as its author would have written it.

A change that undoes a slip is a slip when it is made in what is right: `n` for `n - 1` as much as `n - 1` for `n`.
Which of them make the claim false is for the judge to say, with a point at which the sides differ.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.claims.changes import Repair
from derive.claims.parsing import parse
from derive.claims.slips import repairs
from derive.claims.stated import Claim
from derive.claims.stating import Claimed, Parsed, rereading
from derive.claims.supposing import setting_of
from derive.claims.wording import written
from derive.errors import DeriveError

LIKELY = 40
"""The largest rank of the changes that are planted; those above are tried as repairs when nothing likelier is."""


@dataclass(frozen=True)
class Planted:
    """A claim with one slip in it, and the kind of change that it was."""

    claim: Claim
    kind: str


def planted(claim: Claim, each: int, seed: int) -> Iterator[Planted]:
    """At most so many slips of unlike kinds, on the right side; the same for the same seed."""
    try:
        sides = (parse(claim.left[0]), parse(claim.right[0]))
        texts = (claim.left[0], claim.right[0])
        made = Claimed(claim.symbols, claim.where, claim.let, texts, (claim.relation,), tuple(claim.conventions))
        where, let = tuple(map(parse, claim.where)), tuple(map(parse, claim.let))
        known, _ = rereading(Parsed(made, where, let, sides, (claim.relation,)), parse)
        setting = setting_of(claim, sides, known, sides[0])
        found = [r for r in repairs(sides[1], setting) if r.rank <= LIKELY and not _is_throughout(r)]
    except DeriveError:
        return
    kinds = sorted({r.kind for r in found})
    rng = random.Random(f"{seed} {claim.id}")
    rng.shuffle(kinds)
    for kind in kinds[:each]:
        change = rng.choice([r for r in found if r.kind == kind])
        text = written(change.node)
        yield Planted(replace(claim, id=f"{claim.id}, {kind}: {change.said}", right=(text,)), kind)


def _is_throughout(change: Repair) -> bool:
    """Whether one name is put for another wherever it stands: where both stood, no single change tells them apart."""
    return change.kind in ("size", "name") and change.rank == 30
