"""Templates of the user: a folder with `latex`, `html`, `markdown`, in which a file wins over ours of the same name."""

from __future__ import annotations

import hashlib
from pathlib import Path

from derive.errors import BadInput, nearest
from derive.sheets.written import templates

FORMS = ("latex", "html", "markdown")


def checked_templates(folder: Path) -> Path:
    """The folder, if it overrides something.

    A template may extend ours as `ours/sheet.html` and replace blocks of it (heading, problem, part, checks), or
    include it; `latex/macros.tex` and `html/style.css` come after ours. Files with names that none of ours has are
    for templates of the user to include, and are named with the nearest only where nothing else is there.

    Raises:
        BadInput: it is no folder, or has nothing that would be used.

    Example:
        >>> import tempfile
        >>> made = Path(tempfile.mkdtemp())
        >>> (made / "html").mkdir()
        >>> _ = (made / "html" / "style.css").write_text("h1 { color: navy }")
        >>> checked_templates(made) == made
        True
    """
    if not folder.is_dir():
        raise BadInput(f"there is no folder {folder} of templates")
    used = [form for form in FORMS if (folder / form).is_dir()]
    if not used:
        inside = sorted(path.name for path in folder.iterdir())
        hint = f"; it has {inside[0]}, and {nearest(inside[0], FORMS)}" if inside else ""
        raise BadInput(f"the folder {folder} has none of latex, html, markdown, so it overrides nothing{hint}")
    for form in used:
        ours = sorted(path.name for path in (templates() / form).iterdir())
        theirs = sorted(path.name for path in (folder / form).iterdir())
        if theirs and not set(theirs) & set(ours):
            raise BadInput(f"{folder / form / theirs[0]} has the name of no template; {nearest(theirs[0], ours)}")
    return folder


def templates_hash(folder: Path) -> str:
    """The hash of all that is in the folder.

    Example:
        >>> import tempfile
        >>> len(templates_hash(Path(tempfile.mkdtemp())))
        64
    """
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()
