"""Findings kept from earlier runs, in a folder.

A finding is found again if the claim says the same, whatever its name and file, and is judged by the same code, with
the same versions of the libraries, and for as long. Only decided claims are kept. A damaged entry counts as none.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
from contextlib import suppress
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from derive import __version__
from derive.claims.findings import Finding, as_data, finding_from
from derive.claims.stated import Claim, named

LEMMAS = "DERIVE_LEMMAS"
"""Of the environment: the folder of lemmas, for processes that judge."""
KEPT = ("proved", "exact", "sampled", "refuted")
_LIBRARIES = ("sympy", "islpy", "z3-solver", "python-flint", "lark", "mpmath", "numpy", "numba")
_NAMES = ("id", "file", "number", "lines", "notes")
_CODE = {".py", ".lark"}


def default_folder() -> Path:
    """$XDG_CACHE_HOME/derive, or .cache/derive in the user's home.

    Example:
        >>> default_folder().name
        'derive'
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path("~/.cache").expanduser()) / "derive"


class Known:
    """The findings in a folder, for one time limit and one judge.

    Attributes:
        lemmas: Where what this code has proved as lemmas is kept.

    Args:
        folder: Made if it does not exist.
        seconds: The time limit of the run.
        judge: The judging function, as 'package.module:name'.

    Raises:
        OSError: the folder cannot be made.

    Example:
        >>> import tempfile
        >>> known = Known(Path(tempfile.mkdtemp()), 10, "derive.claims.judging:judge")
        >>> known.keep(Claim("a", left=("1",), right=("1",)), Finding("a", "proved", by="algebra"))
        >>> known.find(Claim("b", left=("1",), right=("1",)))
        <proved, by algebra>
    """

    def __init__(self, folder: Path, seconds: float, judge: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        code = (__version__, platform.python_version(), *library_versions(), code_hash())
        self.judged_by = (*code, judge, f"{seconds:g}")
        self.lemmas = folder.absolute() / "lemmas" / _hash("\0".join(code))

    def find(self, claim: Claim) -> Finding | None:
        """The finding on what this claim says, under this claim's name."""
        key = self._key(claim)
        try:
            entry = json.loads(self._path(key).read_bytes())
            text = entry["finding"]
            if entry["key"] != key or entry["hash"] != _hash(text):
                return None
            finding = finding_from(json.loads(text))
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return replace(named(finding, claim, 0.0), cached=True)

    def keep(self, claim: Claim, finding: Finding) -> None:
        """Keep a finding, if it is a decided one; what cannot be written is not kept."""
        if finding.verdict not in KEPT:
            return
        key = self._key(claim)
        notes = tuple(note for note in finding.notes if note not in claim.notes)
        text = json.dumps(as_data(replace(finding, id="", file="", number=0, notes=notes)))
        path = self._path(key)
        aside = ""
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False) as stream:
                aside = stream.name
                json.dump({"key": key, "hash": _hash(text), "finding": text}, stream)
            os.replace(aside, path)
        except OSError:
            with suppress(OSError):
                os.unlink(aside)

    def _key(self, claim: Claim) -> str:
        said = {name: value for name, value in as_data(claim).items() if name not in _NAMES}
        return _hash(json.dumps([self.judged_by, said]))

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key[2:]}.json"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def library_versions() -> tuple[str, ...]:
    """Names and versions of the libraries that results depend on, as far as they are installed.

    Example:
        >>> library_versions()[0].startswith("sympy ")
        True
    """
    found = []
    for name in _LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            found.append(f"{name} {metadata.version(name)}")
    return tuple(found)


def code_hash() -> str:
    """Hash of the package's own code.

    Example:
        >>> len(code_hash())
        64
    """
    package = Path(__file__).parents[1]
    found = hashlib.sha256()
    for path in sorted(path for path in package.rglob("*") if path.suffix in _CODE):
        found.update(f"{path.relative_to(package).as_posix()}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()
