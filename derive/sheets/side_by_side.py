"""One function over many arguments, on all processors, with the answers in order."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

Made = TypeVar("Made")


def side_by_side(function: Callable[..., Made], many: Sequence[tuple[Any, ...]], workers: int | None) -> Iterator[Made]:
    """What the function makes of each of the argument tuples, in their order, as soon as it is there.

    Args:
        function: Of a module's own, so that another process finds it.
        many: What it is called with.
        workers: Processes; without it as many as there are processors for this program.
    """
    count = min(processors() if workers is None else workers, len(many))
    done = 0
    if count > 1:
        try:
            # Spawned, not forked: NumPy and Numba have threads, which a fork would lose.
            pool = ProcessPoolExecutor(count, get_context("spawn"), _begin)
            try:
                for made in pool.map(function, *zip(*many, strict=True)):
                    yield made
                    done += 1
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        except (BrokenProcessPool, ImportError, OSError):
            pass  # no processes here (a sandbox), or one was killed: the rest is done in this one
    for arguments in many[done:]:
        yield function(*arguments)


def processors() -> int:
    """How many processors this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin() -> None:
    from derive.claims.allocation import keep_freed_memory

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent stops
    keep_freed_memory()
