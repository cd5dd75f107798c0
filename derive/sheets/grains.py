"""A derivation at a grain, with the finer lines folded up in it."""

from __future__ import annotations

from collections.abc import Mapping

from derive.kernel.derivation import GRAINS, Derivation
from derive.render.document import Block, Unfolded
from derive.sheets.narrate import narrate

FOLDED = {"lecture": "More steps", "full": "Every step"}
"""What unfolds the finer lines."""


def in_grains(
    derivation: Derivation, grain: str = "lecture", names: Mapping[str, str] | None = None
) -> tuple[Block, ...]:
    """As `narrate`; in front of the result the finer lines, folded up one within the other."""
    *coarse, result = narrate(derivation, grain, names)
    shown, folded = [tuple(coarse)], []
    for finer in GRAINS[GRAINS.index(grain) + 1 :]:
        blocks = narrate(derivation, finer, names)[:-1]
        if blocks != shown[-1]:
            shown.append(blocks)
            folded.append(finer)
    inner: tuple[Block, ...] = ()
    for finer, blocks in zip(reversed(folded), reversed(shown), strict=False):
        inner = (Unfolded(FOLDED[finer], (*blocks, *inner)),)
    return (*coarse, *inner, result)
