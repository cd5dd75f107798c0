"""What a misspelt name may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """`did you mean 'key'?`, or which names there are.

    Example:
        >>> nearest("keys", ("key", "hints")), nearest("x", ("key", "hints"))
        ("did you mean 'key'?", 'there are key, hints')
    """
    names = tuple(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names)}"
