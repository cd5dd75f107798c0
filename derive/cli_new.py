"""`derive new`: a sheet file or a construct to begin with, commented, that works as it is."""

from __future__ import annotations

import argparse
import keyword
import re
import sys
from pathlib import Path
from typing import Any

from derive.errors import BadInput

_SHEET = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}\Z")
_CONSTRUCT = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
_LONGEST = 60


def add_new(commands: Any) -> None:
    """Add the command to the parser of the whole command line."""
    new = commands.add_parser(
        "new", help="write a sheet file or a construct to begin with", allow_abbrev=False
    )
    new.add_argument("kind", choices=("sheet", "construct"), help="what to begin")
    new.add_argument("name", metavar="NAME", help="of the file, without its ending")
    where = "where to write (default: this folder; for a construct, the one where constructs are found)"
    new.add_argument("-o", "--output", metavar="DIR", help=where)
    new.set_defaults(run=_new)


def _new(options: argparse.Namespace) -> int:
    path = new_file(options.kind, options.name, options.output)
    sys.stdout.write(f"wrote {path}\n{_NEXT[options.kind].format(path=path, name=options.name)}\n")
    return 0


_NEXT = {
    "sheet": "next: derive build {path} --watch",
    "construct": "next: derive show {name}",
}


def new_file(kind: str, name: str, folder: str | Path | None = None) -> Path:
    """Write a file to begin with, and say where it is.

    Args:
        kind: 'sheet' or 'construct'.
        name: Of the file, without its ending.
        folder: Where; None for this folder, or for that of the constructs.

    Raises:
        BadInput: a name that cannot be used, a file that is there, a folder that cannot be written.

    Example:
        >>> import tempfile
        >>> new_file("sheet", "week-1", tempfile.mkdtemp()).name
        'week-1.toml'
    """
    from derive.sheets.written import templates

    model, ending = {"sheet": ("sheet.toml", ".toml"), "construct": ("construct.txt", ".py")}[kind]
    (_check_sheet if kind == "sheet" else _check_construct)(name)
    text = (templates() / "new" / model).read_text("utf-8")
    title = re.sub("[-_]+", " ", name).strip()
    text = text.replace("NAME", name).replace("TITLE", title[0].upper() + title[1:])
    into = Path(folder) if folder is not None else Path() if kind == "sheet" else _constructs()
    path = into / f"{name}{ending}"
    try:
        into.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        what = path if path.exists() else into
        raise BadInput(f"{what} is there already, and nothing is overwritten; choose another name") from None
    except OSError as error:
        raise BadInput(f"cannot write {path}: {error.strerror or error}") from None
    return path


def _constructs() -> Path:
    """Where constructs are found."""
    import derive

    return Path(derive.__file__).parent / "constructs"


def _check_sheet(name: str) -> None:
    if not _SHEET.match(name):
        raise BadInput(
            f"{name!r} cannot name a sheet: use letters, digits, - and _, at most {_LONGEST} of them and a letter or "
            "a digit first; the ending .toml is added"
        )


def _check_construct(name: str) -> None:
    if not _CONSTRUCT.match(name) or len(name) > _LONGEST or keyword.iskeyword(name):
        raise BadInput(
            f"{name!r} cannot name a construct: use words of small letters and digits with _ between them, such as "
            f"moving_average, at most {_LONGEST} characters; the ending .py is added"
        )
    if name in ("construct", "registry") or (_constructs() / f"{name}.py").exists():
        raise BadInput(f"there is a construct {name!r} already, or a file of that name; choose another name")
