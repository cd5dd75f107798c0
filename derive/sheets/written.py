"""Files that were written before, so that those which are still the same are not made again.

What a file depends on is known without loading SymPy: the sheet file, what is asked of it, the code of this package
with its templates, the versions of the libraries, of Python and of TeX.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import derive
from derive import __version__
from derive.claims.known import code_hash, library_versions


def templates() -> Path:
    """Where the templates are: in the installed package, or at the top of the repository."""
    package = Path(derive.__file__).parent
    installed = package / "_templates"
    return installed if installed.exists() else package.parent / "templates"


@cache
def made_by() -> str:
    """The hash of everything that makes pages: code, templates, libraries."""
    found = hashlib.sha256()
    folder = templates()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".toml"):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    said = (__version__, platform.python_version(), code_hash(), found.hexdigest(), *library_versions())
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


@dataclass(frozen=True)
class Still:
    """Files that are there as they were written, and what was noted of them."""

    files: tuple[Path, ...]
    note: str


class Written:
    """Which files were written from what, so that files that are still the same are not made again.

    Args:
        folder: Of the store.
        out: Where the files are.
    """

    def __init__(self, folder: Path, out: Path) -> None:
        self.folder, self.out = folder / "written", out

    def key(self, sheet: Path, *asked: object) -> str:
        """The name of a sheet file with its content and what is asked of it."""
        said = (made_by(), sheet.name, hashlib.sha256(sheet.read_bytes()).hexdigest(), *map(repr, asked))
        return hashlib.sha256("\0".join(said).encode()).hexdigest()

    def still_there(self, key: str) -> Still | None:
        """The files, if all of them are there as they were written."""
        try:
            said = json.loads((self.folder / f"{key}.json").read_text("utf-8"))
            paths = [(self.out / name, digest) for name, digest in said["files"].items()]
            if all(hashlib.sha256(path.read_bytes()).hexdigest() == digest for path, digest in paths):
                return Still(tuple(path for path, _ in paths), str(said["note"]))
        except (OSError, ValueError, AttributeError, KeyError, TypeError):
            return None
        return None

    def wrote(self, key: str, files: Mapping[str, bytes], note: str = "") -> None:
        """Remember these files under the name, with a note."""
        said = {"files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}, "note": note}
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.folder / f"{key}.json").write_text(json.dumps(said), "utf-8")

