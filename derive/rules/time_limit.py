"""A limit for the time that conversions may take, by the time this process has had on the processor.

A conversion that goes over a large term can take long before it hands back anything. Within the block it stops at its
next place once time is up; what it would have made is not known then, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import process_time

_UNTIL: ContextVar[float] = ContextVar("until", default=float("inf"))


class OutOfTime(Exception):
    """The search has used its time."""


@contextmanager
def within_time(until: float) -> Iterator[None]:
    """Within the block, conversions stop with `OutOfTime` once the clock of the process shows `until`.

    Example:
        >>> with within_time(0.0):
        ...     in_time()
        Traceback (most recent call last):
        ...
        derive.rules.time_limit.OutOfTime
    """
    token = _UNTIL.set(min(until, _UNTIL.get()))
    try:
        yield
    finally:
        _UNTIL.reset(token)


def in_time() -> None:
    """Stop when time is up.

    Raises:
        OutOfTime: it is.
    """
    if process_time() > _UNTIL.get():
        raise OutOfTime
