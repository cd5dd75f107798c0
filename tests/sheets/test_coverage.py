"""The table of how each claim is known."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from derive.constructs import registry
from derive.constructs.construct import Claim, Construct
from derive.errors import StepRejected
from derive.kernel import checker
from derive.kernel.derivation import KINDS, Derivation, Verdict
from derive.sheets import side_by_side
from derive.sheets.coverage import GRADES, REFUSED, Coverage, all_coverage, coverage, footer, header, line
from derive.sheets.side_by_side import processors

PATH = "time_shift.response"


@pytest.fixture
def with_claim(monkeypatch: pytest.MonkeyPatch) -> object:
    """A function that puts another claim in the place of `time_shift.response`."""
    construct, claim = registry.claim(PATH)

    def put(**changes: object) -> None:
        def find(path: str) -> tuple[Construct, Claim]:
            return construct, replace(claim, **changes)

        monkeypatch.setattr(registry, "claim", find)

    return put


def test_a_true_claim() -> None:
    """The grade is the checker's verdict, and everything that was looked at is counted."""
    row = coverage(PATH, points=10)
    report = checker.check(registry.claim(PATH)[1].derive())
    assert (row.claim, row.known, row.problem) == (PATH, "proved for all sizes", "")
    assert (row.steps, row.conditions, row.step_points) == (report.steps, len(report.conditions), report.points)
    assert row.exact_points >= 10
    assert row.float_points == 10


def test_more_points_are_more_points() -> None:
    """The counts are those of the spot check, not of a plan."""
    few, more = coverage(PATH, points=5), coverage(PATH, points=15)
    assert more.exact_points == few.exact_points + 10


@pytest.mark.parametrize("kind", KINDS)
def test_the_grade_follows_the_verdict(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four kinds of verdict are grades; refuted and undecided are not."""

    def check(derivation: Derivation) -> object:
        return replace(original(derivation), verdict=Verdict(kind, why="a reason"))

    original = checker.check
    monkeypatch.setattr(checker, "check", check)
    row = coverage(PATH, points=5)
    assert row.known == (GRADES[kind][0] if kind in GRADES else REFUSED)
    assert "a reason" in row.problem
    assert {known for known, _ in GRADES.values()} == {"proved for all sizes", "exact at sizes", "sampled", "cited"}


def test_a_refused_derivation_is_a_row(with_claim) -> None:
    """What the checker refuses is named with its place, and nothing crashes."""
    true = registry.claim(PATH)[1].derive()
    with_claim(derive=lambda: replace(true, right=true.right + 1))
    row = coverage(PATH, points=5)
    assert row.known == REFUSED
    assert "time_shift.response, step 4 (end)" in row.problem
    assert row.exact_points == row.float_points == 0


def test_a_derivation_that_cannot_be_made_is_a_row(with_claim) -> None:
    """So is one whose making fails."""

    def derive() -> Derivation:
        raise StepRejected("time_shift.response", "2", "definition", "no")

    with_claim(derive=derive)
    assert coverage(PATH, points=5) == Coverage(PATH, REFUSED, problem="time_shift.response, step 2 (definition): no")


def test_an_oracle_that_disagrees_is_a_row(with_claim) -> None:
    """What is proved and is not what was meant is refused, with the point."""
    with_claim(oracle=lambda n, N, x, h: n * 0 + 1)
    row = coverage(PATH, points=5)
    assert row.known == REFUSED
    assert "what is proved is not what its definition gives at n=" in row.problem


def test_a_spot_check_that_looked_at_nothing_is_a_row(with_claim) -> None:
    """A check that looked at nothing has failed."""

    def oracle(**_: object) -> object:
        raise ZeroDivisionError

    with_claim(oracle=oracle)
    row = coverage(PATH, points=5)
    assert row.known == REFUSED
    assert "compared nothing" in row.problem


def test_the_rows_come_in_order_from_processes_and_without() -> None:
    """Side by side or one after the other: the same rows."""
    paths = ["recursion.solution", "filtered_pulse.response", PATH, "recursion.solution"]
    together = list(all_coverage(paths, points=5, workers=2))
    assert [row.claim for row in together] == paths
    assert together == list(all_coverage(paths, points=5, workers=1))
    assert {row.known for row in together} <= {known for known, _ in GRADES.values()}


def test_where_there_are_no_processes_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform without semaphores, or a worker that is killed, costs time and no row."""

    class Broken:
        def __init__(self, *_: object) -> None:
            raise OSError("no semaphores")

    monkeypatch.setattr(side_by_side, "ProcessPoolExecutor", Broken)
    assert [row.claim for row in all_coverage([PATH, PATH], points=5, workers=2)] == [PATH, PATH]

    class Dying:
        def __init__(self, *_: object) -> None:
            self.stopped = False

        def map(self, *_: object) -> Iterator[Coverage]:
            yield Coverage(PATH, "the first")
            raise side_by_side.BrokenProcessPool("killed")

        def shutdown(self, **_: object) -> None:
            self.stopped = True

    monkeypatch.setattr(side_by_side, "ProcessPoolExecutor", Dying)
    rows = list(all_coverage([PATH, PATH], points=5, workers=2))
    assert [row.known for row in rows] == ["the first", "proved for all sizes"]


def test_the_table_is_aligned_and_narrow() -> None:
    """Columns stand below their heads within 100 columns, and the four grades are explained."""
    rows = [
        Coverage("a_construct_with_a_long_name.and_a_claim", "proved for all sizes", 12345, 1, 1, 1234, 100),
        Coverage("short.claim", "sampled", 1, 1, 1, 10, 0),
        Coverage("cited.claim", "cited", 2, 1, 1, 10, 5, problem="a book"),
        Coverage("wrong.claim", REFUSED, problem="wrong.claim, step 1 (law): no\n  from    n"),
    ]
    width = max(len(row.claim) for row in rows)
    table = [header(width), *(line(row, width) for row in rows)]
    foot = footer(rows)
    assert max(map(len, [*table, *foot.splitlines()])) <= 100
    for title in ("steps", "exact points", "float points"):
        end = table[0].index(title) + len(title)
        assert all(row[end - 1].isdigit() and row[end : end + 1] in ("", " ") for row in table[1:4])
    assert table[4].split() == ["wrong.claim", "refused"]
    for known in ("proved for all sizes", "exact at sizes", "sampled", "cited"):
        assert sum(text.startswith(f"{known:<20}  ") for text in foot.splitlines()) == 1
    assert "1 of 4 refused:\nwrong.claim, step 1 (law): no\n  from    n" in foot
    assert foot.endswith("cited.claim rests on a book")
    assert "refused" not in footer(rows[:3])


def test_processors() -> None:
    """At least one, and no more than there are."""
    assert 1 <= processors() <= (os.cpu_count() or 1)
