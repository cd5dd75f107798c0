"""Memory that was freed stays with the process, where the C library can be told so."""

from __future__ import annotations

import platform
import subprocess
import sys

FAULTS = """
import resource, sys
from derive.claims.allocation import keep_freed_memory
told = keep_freed_memory() if sys.argv[1] == "kept" else False
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(40):
    blocks = [bytearray(60_000) for _ in range(140)]
    del blocks
print(told, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(how: str) -> tuple[str, int]:
    """Whether the library was told, and how often the system had to give a page."""
    made = subprocess.run([sys.executable, "-c", FAULTS, how], capture_output=True, text=True, check=True, timeout=60)
    told, count = made.stdout.split()
    return told, int(count)


def test_pages_are_not_asked_for_again() -> None:
    """Forty times 8 MB, one after the other, are the same 8 MB, if this is the library that can be told."""
    told, kept = faults("kept")
    plain = faults("plain")[1]
    if platform.libc_ver()[0] == "glibc":
        assert told == "True" and plain > 40 * 2_000 and kept < plain / 5
    else:
        assert kept <= 1.5 * plain
