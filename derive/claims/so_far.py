"""What is known of a claim before all is known: a claim that is wrong stays so if the search for its slip runs away."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from derive.claims.findings import Finding

Listener = Callable[[Finding], None]

_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


def listen(listener: Listener | None) -> None:
    """From here on the listener hears what is known so far; None: nobody does.

    Example:
        >>> heard = []
        >>> listen(heard.append)
        >>> tell(Finding("a", "refuted"))
        >>> heard
        [<refuted>]
        >>> listen(None)
    """
    _LISTENER.set(listener)


def tell(finding: Finding) -> None:
    """Say what is known so far, if anybody listens."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(finding)
