"""The clock that judging keeps to: the time this process has had on the processor.

A limit by the clock on the wall would make a verdict depend on what else the machine does; by this one a claim is
given the same work on a busy machine and on an idle one. A process that waits instead of working is ended from
outside, by the clock on the wall.
"""

from __future__ import annotations

from time import process_time as now

__all__ = ["GRACE", "WAITING", "now"]

GRACE = 1.0
"""Seconds after the end of its time at which a process that judges is ended."""
WAITING = 3
"""By the clock on the wall it has so many times its seconds, and that grace."""
