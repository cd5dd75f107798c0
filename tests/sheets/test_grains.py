"""Grains of a derivation: the finer has more lines, is folded up in the coarser, and not where it is the same."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from derive.kernel.derivation import GRAINS
from derive.render import html, latex, markdown
from derive.render.document import Aligned, Block, CaseBlock, InductionBlock, Result, Unfolded
from derive.sheets.grains import FOLDED, in_grains
from derive.sheets.narrate import narrate
from tests.derivations import derived

CLAIMS = ("filtered_pulse.response", "time_shift.response", "conv1d_matrix.toeplitz", "conv1d_lengths.full_length")


def lines(blocks: tuple[Block, ...]) -> int:
    """How many lines of steps there are, without those folded up."""
    count = 0
    for block in blocks:
        if isinstance(block, Aligned):
            count += len(block.lines)
        elif isinstance(block, CaseBlock):
            count += lines(block.blocks)
        elif isinstance(block, InductionBlock):
            count += sum(lines(stage.blocks) for stage in block.stages)
    return count


def folded(blocks: tuple[Block, ...]) -> list[Unfolded]:
    """What is folded up, the outer before the inner."""
    found: list[Unfolded] = []
    for block in blocks:
        if isinstance(block, Unfolded):
            found += [block, *folded(block.blocks)]
    return found


@pytest.mark.parametrize("path", CLAIMS)
def test_the_finer_have_more_lines_and_never_fewer(path):
    """Sketch, lecture, full: each has at least the lines of the one before, and all end with the same result."""
    told = [narrate(derived(path), grain) for grain in GRAINS]
    counts = [lines(blocks) for blocks in told]
    assert counts == sorted(counts) and counts[0] >= 1
    assert len({str(blocks[-1]) for blocks in told}) == 1 and isinstance(told[0][-1], Result)


def test_a_derivation_with_all_three_grains_has_them_one_in_the_other():
    """In front of the result the finer lines are folded up, and in them the finest."""
    derivation = derived("filtered_pulse.response")
    counts = [lines(narrate(derivation, grain)) for grain in GRAINS]
    assert counts[0] < counts[1] < counts[2]
    outer, inner = folded(in_grains(derivation, "sketch"))
    assert (outer.summary, inner.summary) == (FOLDED["lecture"], FOLDED["full"])
    assert inner in outer.blocks and not outer.always
    assert [lines(in_grains(derivation, "sketch")), lines(outer.blocks), lines(inner.blocks)] == counts
    (only,) = folded(in_grains(derivation, "lecture"))
    assert only.summary == FOLDED["full"]
    assert folded(in_grains(derivation, "full")) == []


def test_nothing_is_folded_up_where_the_finer_is_the_same():
    """Of every claim: as many foldings as there are finer grains that say something else."""
    looked_at, same = 0, 0
    for path in CLAIMS:
        derivation = derived(path)
        told = [narrate(derivation, grain)[:-1] for grain in GRAINS]
        for number, grain in enumerate(GRAINS):
            finer = told[number:]
            different = sum(one != other for one, other in pairwise(finer))
            assert len(folded(in_grains(derivation, grain))) == different
            looked_at += 1
            same += len(finer) - 1 - different
    assert looked_at == 12 and same >= 1


def test_html_nests_details_and_print_leaves_them_out():
    """HTML has native details, one within the other and closed; TeX and Markdown have the asked grain alone."""
    blocks = in_grains(derived("filtered_pulse.response"), "sketch")
    page = html.blocks(blocks)
    assert page.count("<details>") == page.count("</details>") == 2 and " open" not in page
    summaries = r"<details>\s*<summary>More steps</summary>.*<details>\s*<summary>Every step</summary>"
    assert re.search(summaries, page, re.DOTALL)
    assert page.rindex("<details>") < page.index("</details>")
    coarse = narrate(derived("filtered_pulse.response"), "sketch")
    assert latex.blocks(blocks) == latex.blocks(coarse)
    assert markdown.blocks(blocks) == markdown.blocks(coarse)
