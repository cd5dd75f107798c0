"""What stands in outputs/ is what the sheets build to, byte for byte."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from derive.render.pdf import find_engine
from derive.sheets.build import build

ROOT = Path(__file__).parents[2]
SHEETS = sorted((ROOT / "templates" / "sheets").glob("*.toml"))
PICTURE = "signals-1.png"
"""The picture of a page that the README shows; made by `make picture`, not by a build."""


def test_there_are_sheets() -> None:
    """At least one; a check that looked at nothing has failed."""
    assert len(SHEETS) >= 1


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: s.stem)
def test_rebuild_gives_the_same_bytes(sheet: Path, tmp_path: Path) -> None:
    """Every page and figure; PDF where there is TeX, compared byte for byte where the same TeX made both."""
    if os.environ.get("CI"):
        assert find_engine(), "the pages need TeX here"
    formats = ("tex", "pdf", "html", "md") if find_engine() else ("tex", "html", "md")
    made = {p.name for p in build([sheet], tmp_path, formats).files}
    assert made >= {f"{sheet.stem}.{form}" for form in formats}
    for name in sorted(made):
        old, new = (ROOT / "outputs" / name).read_bytes(), (tmp_path / name).read_bytes()
        if name == f"{sheet.stem}.pdf" and producer(old) != producer(new):
            assert words(ROOT / "outputs" / name) == words(tmp_path / name)
        else:
            assert old == new, f"{name} differs: look at the difference, then `make sheets`"


def test_nothing_else_is_kept() -> None:
    """Each file of outputs/ belongs to a sheet: a page of its name, or a figure that one of its pages shows."""
    pages = {f"{sheet.stem}.{form}" for sheet in SHEETS for form in ("tex", "pdf", "html", "md")}
    kept = {p.name for p in (ROOT / "outputs").iterdir()} - {PICTURE}
    assert pages <= kept
    for figure in kept - pages:
        owner = [s.stem for s in SHEETS if figure.startswith(f"{s.stem}-")]
        assert len(owner) == 1
        page = ROOT / "outputs" / f"{owner[0]}.{'tex' if figure.endswith('.pdf') else 'md'}"
        assert Path(figure).stem in page.read_text()


def producer(pdf: bytes) -> bytes:
    """Which TeX made the file."""
    found = re.search(rb"/Producer ?\((.*?)\)", pdf)
    return found.group(1) if found else b"unknown"


def words(pdf: Path) -> list[str]:
    """The words of a PDF, from pdftotext."""
    run = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_the_pages_give_the_known_answers() -> None:
    """The numbers of the problem, worked out by hand, stand on the page for n = 0, ..., 12 and L = 7, a = 1/2."""
    page = (ROOT / "outputs" / "signals-1.md").read_text()
    values = ["1", *(rf"\frac{{{2 ** (n + 1) - 1}}}{{{2**n}}}" for n in range(1, 7))]
    values += [rf"\frac{{127}}{{{2**n}}}" for n in range(7, 13)]
    rows = {int(n): value for n, value in re.findall(r"\$(\d+)\$ \| \$([^$]+)\$", page)}
    assert rows == dict(enumerate(values))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: s.stem)
def test_every_part_is_proved(sheet: Path) -> None:
    """The foot of each page says of every part that it is proved, with counts; of programs and false statements how."""
    page = (ROOT / "outputs" / f"{sheet.stem}.md").read_text()
    foot = page[page.index("How this was checked") :]
    parts = sheet.read_text().count("[[problem.part]]")
    known = r"(?:proved|enclosed|says nothing) \| \d+|false, by a witness|read \| \d+ \| \d+"
    found = re.findall(rf"^\| \d*\([a-z]\) \| ({known}) \|", foot, flags=re.M)
    proved = sum(how.startswith("proved") for how in found)
    assert len(found) == parts and (sheet.stem == "programs-1" or proved > parts / 2)


def test_the_pages_give_the_printed_matrices() -> None:
    """The tables of the homework stand on the page, each in its frame; one entry is written out with its numbers."""
    page = (ROOT / "outputs" / "convolution-1.md").read_text()
    for rows in (
        ["109 & 92 & 72", "108 & 85 & 74", "110 & 74 & 79"],
        ["113 & 87 & 75", "114 & 80 & 75", "112 & 73 & 81"],
        ["-40 & -40 & -40"] * 3,
        ["-19 & -28 & -32 & -36 & -29", *["-30 & -40 & -40 & -40 & -30"] * 3, "49 & 68 & 72 & 76 & 59"],
        ["-19 & -32 & -29", "-30 & -40 & -30", "49 & 72 & 59"],
        [
            "4 & 7 & 10 & 6 & 3", "9 & 17 & 25 & 16 & 8", "11 & 23 & 34 & 23 & 11", "7 & 16 & 24 & 17 & 8",
            "2 & 6 & 9 & 7 & 3",
        ],
    ):  # fmt: skip
        assert r"\begin{bmatrix}" + r"\cr ".join(rows) + r"\end{bmatrix}" in page
    for formula in (r"dw=x\star g", r"dx=g\mathbin{\tilde{\ast}}w", r"4\cdot 4+{}$ $\displaystyle 3\cdot 5"):
        assert formula in page
