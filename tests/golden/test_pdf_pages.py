"""The PDF pages of outputs/: every font within them, a title, a language, no mark of a reference that was not found."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [page.with_suffix(".pdf") for page in sorted((ROOT / "outputs").glob("*.html"))]

poppler = pytest.mark.skipif(shutil.which("pdffonts") is None, reason="no poppler-utils")


def told_by(*command: object) -> str:
    """What a program says."""
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout


@poppler
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_fonts_are_embedded_and_references_found(page: Path) -> None:
    """All fonts are embedded, in subsets; the title is the sheet's; nothing says ?? or is drawn as a missing letter."""
    names, rule, *rows = told_by("pdffonts", page).splitlines()
    emb, sub = names.index("emb"), names.index("sub")
    assert rule.startswith("---") and len(rows) >= 3
    assert all(row[emb : emb + 3] == "yes" and row[sub : sub + 3] == "yes" for row in rows), rows
    about = dict(line.split(":", 1) for line in told_by("pdfinfo", page).splitlines() if ":" in line)
    assert about["Title"].strip() and "A4" in about["Page size"]
    text = told_by("pdftotext", page, "-")
    assert "??" not in text and "\ufffd" not in text and len(text) > 500


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_nothing_sticks_out(page: Path, tmp_path: Path) -> None:
    """No line is wider than its place by more than 5pt; TeX warns of nothing."""
    if shutil.which("latexmk") is None:
        assert not os.environ.get("CI"), "the pages are set with latexmk here"
        pytest.skip("no latexmk on this machine")
    name = page.stem
    for file in (page.with_suffix(".tex"), *page.parent.glob(f"{name}-*.pdf")):
        shutil.copy(file, tmp_path)
    command = ["latexmk", "-norc", "-pdf", "-silent", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, env=os.environ | {"max_print_line": "1000"})
    log = (tmp_path / f"{name}.log").read_text("utf-8", errors="replace")
    assert "This is" in log and "Output written on" in log
    wide = re.findall(r"^Overfull \\[hv]box \(([\d.]+)pt.*\n(.*)", log, re.MULTILINE)
    assert not [(points, where) for points, where in wide if float(points) > 5]
    assert "Warning" not in log and "Missing character" not in log
