"""Every part of the five sheets has a hint of its author's and an answer for the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.constructs.registry import growth, refuted
from derive.sheets.own_words import has_question
from derive.sheets.prose import prose
from derive.sheets.reader import read_sheet
from derive.sheets.specs import PartSpec

FOLDER = Path(__file__).parents[2] / "templates" / "sheets"
FIVE = ("hw4", "conv", "ift", "mid", "gallery")


def framed(part: PartSpec) -> bool:
    """Whether the key takes the answer from the part itself: a frame, a table, or of a false statement what is wrong.

    A statement of growth that says nothing has no frame, but begins with that.
    """
    return bool(part.claim) or part.network is not None


@pytest.mark.parametrize("name", FIVE)
def test_every_part_has_a_hint_and_an_answer(name: str) -> None:
    """A hint that says something; a brief, or a result that the key shows as it is."""
    sheet = read_sheet(FOLDER / f"{name}.toml")
    parts = [(p.title, part) for p in sheet.problems for part in p.parts]
    assert len(parts) >= 8
    for title, part in parts:
        assert part.hints and all(len(hint) > 15 and prose(hint) for hint in part.hints), (title, part.title)
        assert part.brief or framed(part), (title, part.title)
        if part.brief:
            assert prose(part.brief.replace("\n\n", " "))
    if name != "gallery":
        assert all(part.brief for _, part in parts)
    else:
        kinds = [refuted(p.claim) is not None for _, p in parts if has_question(p) and p.claim]
        assert sum(kinds) > 20 and len(kinds) - sum(kinds) > 200
        assert sum(growth(p.claim) is not None for _, p in parts if p.claim) > 15
