"""What many variants of a sheet share is worked out once: the same claim at the same values, the same formula."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Made = TypeVar("Made")
MOST = 2_000
"""Things that are remembered at a time; a class set of a long sheet has a few hundred that its variants share."""


class Once:
    """Things that were worked out, each under all that it depends on; nothing that failed is remembered.

    It lives as long as one call of `build`, or one process beside it, in which neither code nor constructs change.

    Example:
        >>> once = Once()
        >>> [once(("a", 2), lambda: 2 * 2), once(("a", 2), lambda: 1 // 0)]
        [4, 4]
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}

    def __call__(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made under this key, or is made now."""
        if key not in self._known:
            made = make()
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = made
        found: Made = self._known[key]
        return found
