"""What the commands print: a page in one of the formats, to the terminal or into a file that no failure touches."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.render.document import Document

FORMATS = ("text", "tex", "md", "html", "json")


def in_format(page: Document, name: str) -> str:
    """The page as text, TeX, Markdown or HTML, with one line end after it."""
    from derive.render import html, latex, markdown, text

    write = {"text": text.write, "tex": latex.write, "md": markdown.write, "html": html.write}[name]
    return write(page).rstrip("\n") + "\n"


def put_out(written: str, output: str | None) -> None:
    """To the terminal, or into a file, written aside and then moved."""
    if output is None:
        sys.stdout.write(written)
        return
    from derive.sheets.build import write_files

    path = Path(output)
    write_files({path.name: written.encode("utf-8")}, path.parent)
