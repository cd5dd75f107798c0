"""Lemmas of the library that the checker accepted in an earlier run, so that they are not derived again.

They stand in a folder that is named after the code and the libraries that they were accepted by.
"""

from __future__ import annotations

import os
from pathlib import Path

from derive.claims.known import LEMMAS
from derive.claims.storing import Store, hashed
from derive.kernel.checker import CheckReport
from derive.kernel.derivation import Derivation

Accepted = tuple[Derivation, tuple[tuple[Derivation, CheckReport], ...]]
"""A derivation, and what the checker reported of it and of its lemmas."""


class KeptLemmas:
    """Accepted derivations by the names of the claims that they prove.

    Example:
        >>> import tempfile
        >>> KeptLemmas(Path(tempfile.mkdtemp())).find("softmax.total") is None
        True
    """

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)

    def find(self, name: str) -> Accepted | None:
        """The derivation of this claim with the reports, if it was accepted before."""
        found: Accepted | None = self._store.find(hashed(name))
        return found

    def keep(self, name: str, accepted: Accepted) -> None:
        """Keep it; what cannot be written is not kept."""
        self._store.keep(hashed(name), accepted)


def kept_lemmas() -> KeptLemmas | None:
    """Those of the folder that the environment names."""
    folder = os.environ.get(LEMMAS, "")
    return KeptLemmas(Path(folder)) if folder else None
