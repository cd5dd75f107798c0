"""Memory of a process of ours: what was freed is kept for what comes next, not given back and asked for again.

A solver that is made anew for each question takes and frees some megabytes each time; the system then clears every
page again, which is a tenth of all time.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
"""As <malloc.h> of the GNU C library numbers them."""
_KEPT, _AT_ONCE = 1 << 28, 9 << 20
"""Bytes that are kept when they are free; bytes that are asked for together, a little more than the largest block that
Z3 makes for a question. Larger blocks come and go alone."""


def keep_freed_memory() -> bool:
    """Ask the C library to do so; False where it has no such wish to be told, and nothing is changed.

    Example:
        >>> keep_freed_memory() in (True, False)
        True
    """
    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        wishes = ((_TRIM_THRESHOLD, _KEPT), (_TOP_PAD, _AT_ONCE), (_MMAP_THRESHOLD, _AT_ONCE))
        return [mallopt(what, size) for what, size in wishes] == [1, 1, 1]  # all are told, whatever the first one says
    return False
