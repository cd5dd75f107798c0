"""Which tests are run, and in which order processes that share them take them.

`make test` runs one in k of the rows of a table that is marked `share(k)`, and none of what is marked `whole`; `make
whole` runs all (tests/fuzz/budget.py). What takes longest comes first, so that no process ends alone.
"""

from __future__ import annotations

import gc
from collections import Counter
from itertools import count

import pytest

from tests.fuzz.budget import WHOLE

gc.set_threshold(100_000, 50, 100)  # as in the processes that judge claims: a pause would be taken from their time


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sheets first, those with most parts before others; then tests marked slow; then the largest groups.

    `make test` hands groups out in this order (--no-loadscope-reorder); a process by itself keeps that of the files.
    """
    if not WHOLE:
        leave_out(config, items)
    if not hasattr(config, "workerinput"):
        return
    sizes = Counter(map(group_of, items))
    slow = {group_of(item) for item in items if item.get_closest_marker("slow")}

    def rank(item: pytest.Item) -> tuple[int, int, int]:
        group = group_of(item)
        return -parts_of(item), -(group in slow), -sizes[group]

    items.sort(key=rank)


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the first of every k rows where a test is marked `share(k)`; pytest counts those that are left out."""
    places: dict[str, count[int]] = {}
    kept, left = [], []
    for item in items:
        share = item.get_closest_marker("share")
        number = 0 if share is None else next(places.setdefault(item.nodeid.partition("[")[0], count())) % share.args[0]
        (left if number or item.get_closest_marker("whole") else kept).append(item)
    if len(kept) == 0:  # what somebody asks for by name is run
        return
    items[:] = kept
    if left:
        config.hook.pytest_deselected(items=left)


def group_of(item: pytest.Item) -> str:
    """The group that one process runs (`tests.derivations.together`); the test itself where it is in none."""
    mark = item.get_closest_marker("xdist_group")
    return item.nodeid if mark is None else str(mark.args[0])


def parts_of(item: pytest.Item) -> int:
    """How many parts the sheet has that the test builds; 0 for a test that builds none."""
    if item.name.partition("[")[0] != "test_rebuild_gives_the_same_bytes":
        return 0
    sheet = item.callspec.params["sheet"]  # type: ignore[attr-defined]
    return int(sheet.read_text(encoding="utf-8").count("[[problem.part]]"))
