r"""A referee's tables: no claim that is false is accepted in any way, none that is true is refuted.

A row: declarations (`name: words; ...`), a formula (`left ## relation ## right` for growth), then hypotheses, and
definitions that begin with `let`.
"""

from __future__ import annotations

from functools import cache

import pytest

from derive.claims.findings import Finding
from derive.claims.judging import judge
from derive.claims.stated import RELATIONS, Claim
from tests.claims import referee_between, referee_false, referee_true
from tests.fuzz.budget import WHOLE

FALSE = referee_false.FALSE + referee_between.FALSE
TRUE = referee_true.TRUE + referee_between.TRUE
STEP = 8
"""One row in so many is looked at in `make test`."""
GROUP = pytest.mark.slow if WHOLE else pytest.mark.xdist_group("referee")
ACCEPTED = ("proved", "exact", "sampled")


def claim(row: tuple[str, ...]) -> Claim:
    """The claim that a row says."""
    declared, formula, *more = row
    pairs = [part.partition(":") for part in declared.split(";") if part.strip()]
    words = ("let ", "layout ")
    left, relation, right = formula.split(" ## ") if " ## " in formula else (formula, "=", "")
    return Claim(
        formula,
        symbols=tuple((key.strip(), said.strip()) for key, _, said in pairs),
        left=(left,),
        right=(right,) if right else (),
        relation=RELATIONS[relation],
        where=tuple(m for m in more if not m.startswith(words)),
        let=tuple(m[4:] for m in more if m.startswith("let ")),
        layout=next((m[7:] for m in more if m.startswith("layout ")), ""),
    )


@cache
def verdict(row: tuple[str, ...]) -> Finding:
    """What is found in two seconds, once for each row; slips are looked for in other tests."""
    return judge(claim(row), 2, explain=False)


def test_the_tables_are_large() -> None:
    """There is something to look at, and each table has no row of the other."""
    assert len(TRUE) > 250 and len(FALSE) > 250
    assert not set(TRUE) & set(FALSE)


@pytest.mark.share(STEP)
@GROUP
@pytest.mark.parametrize("row", FALSE, ids=lambda row: row[1])
def test_what_is_false_is_not_accepted(row: tuple[str, ...]) -> None:
    """It is refuted, or left undecided."""
    found = verdict(row)
    assert found.verdict not in ACCEPTED, found.by


@pytest.mark.share(STEP)
@GROUP
@pytest.mark.parametrize("row", TRUE, ids=lambda row: row[1])
def test_what_is_true_is_not_refuted(row: tuple[str, ...]) -> None:
    """It is proved, or at least not refuted, and it can be read."""
    found = verdict(row)
    assert found.verdict != "refuted", f"{found.by} {found.counterexample}"


@GROUP
def test_most_are_decided() -> None:
    """Of every eighth row at least three in four have the right verdict: a judge that says nothing does not pass."""
    true = [verdict(row).verdict == "proved" for row in TRUE[::STEP]]
    false = [verdict(row).verdict == "refuted" for row in FALSE[::STEP]]
    assert sum(true) > 0.6 * len(true) and sum(false) > 0.75 * len(false), (sum(true), sum(false))
