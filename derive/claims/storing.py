"""Things that were made, kept in a folder: terms as they are written, each thing under a name that says all of it.

What is read from such a folder is trusted as much as the package's own code, so it is the user's own (mode 700).
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from sympy import Add, Atom, Basic, Mul, Pow
from sympy.core.function import Application

from derive.language import Array


def as_bytes(made: object) -> bytes:
    """The thing as bytes from which `pickle` makes it again, terms as they are written: nothing is worked out.

    Example:
        >>> from sympy import Integer, Mul
        >>> product = Mul(Integer(4), Integer(5), evaluate=False)
        >>> pickle.loads(as_bytes(product))
        4*5
    """
    stream = io.BytesIO()
    _Pickler(stream, protocol=5).dump(made)
    return stream.getvalue()


class _Pickler(pickle.Pickler):
    """SymPy takes terms apart into head and arguments, and works them out when it puts them together again."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Basic) and obj.args and not isinstance(obj, Atom):
            return as_written, (type(obj), obj.args)
        return NotImplemented


def as_written(head: type[Basic], parts: tuple[Any, ...]) -> Basic:
    """The term of this head with these parts, as it is."""
    if head is Add or head is Mul:
        return head._from_args(parts)
    if issubclass(head, (Pow, Application)):
        return head(*parts, evaluate=False)
    if issubclass(head, Array):
        return head(*parts)
    return Basic.__new__(head, *parts)


def hashed(*said: str) -> str:
    """The name of what is said by these texts."""
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


class Store:
    """A folder of things, each under a hash; whatever cannot be read is not there.

    Example:
        >>> store = Store(Path(tempfile.mkdtemp()))
        >>> store.keep(hashed("asked"), (1, 2))
        >>> store.find(hashed("asked")), store.find(hashed("something else"))
        ((1, 2), None)
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, key: str) -> Any:
        """What is kept under this name, or None."""
        try:
            raw = self._path(key).read_bytes()
        except OSError:
            return None
        digest, payload = raw[:32], raw[32:]
        if hashlib.sha256(payload).digest() != digest:
            return None
        try:
            return pickle.loads(payload)  # noqa: S301 - the user's own folder, as `Store` says
        except (pickle.UnpicklingError, AttributeError, ImportError, EOFError, TypeError, ValueError, IndexError):
            return None

    def keep(self, key: str, made: object) -> None:
        """Keep it; what cannot be written or put into bytes is not kept."""
        try:
            payload = as_bytes(made)
            if pickle.loads(payload) != made:  # noqa: S301 - what was just written
                return
        except (pickle.PicklingError, AttributeError, TypeError, ValueError):
            return
        self._write(key, hashlib.sha256(payload).digest() + payload)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def _write(self, key: str, data: bytes) -> None:
        path, aside = self._path(key), ""
        try:
            for folder in (self.folder.parent, self.folder, path.parent):  # `parents` makes them open
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("wb", dir=path.parent, suffix=".part", delete=False) as stream:
                aside = stream.name
                stream.write(data)
            os.replace(aside, path)
        except OSError:
            with suppress(OSError):
                os.unlink(aside)
