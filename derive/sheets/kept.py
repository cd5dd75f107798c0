"""Problems that were derived before, kept so that they are not derived again.

Everything stands under the hash of all that it depends on: what is asked, the code of this package with its templates,
the versions of the libraries and of Python. A key that is found therefore names the very thing that would be made now;
whatever cannot be read is made anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from derive.claims import storing
from derive.sheets.written import made_by

_PLACES = frozenset({"line", "lines", "path"})
"""Fields that say where something stands in a file, and nothing of what it says."""


def content(value: Any) -> str:
    """A specification as text, without the places in its file.

    Example:
        >>> from derive.sheets.specs import TableSpec
        >>> content(TableSpec("n", 0, 3))
        "TableSpec(variable='n', low=0, high=3, fold=1)"
    """
    if is_dataclass(value) and not isinstance(value, type):
        said = ((f.name, getattr(value, f.name)) for f in fields(value) if f.name not in _PLACES)
        return f"{type(value).__name__}({', '.join(f'{name}={content(inner)}' for name, inner in said)})"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(content, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{content(k)}: {content(v)}' for k, v in value.items())}}}"
    return repr(value)


class Store(storing.Store):
    """Problems in a folder, each under the hash of what it was made from.

    Example:
        >>> import tempfile
        >>> store = Store(Path(tempfile.mkdtemp()))
        >>> store.keep(store.key("asked"), (1, 2))
        >>> store.find(store.key("asked")), store.find(store.key("something else"))
        ((1, 2), None)
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "sheets")

    def key(self, *asked: object) -> str:
        """The name of what is made from this."""
        return storing.hashed(made_by(), *map(repr, asked))
