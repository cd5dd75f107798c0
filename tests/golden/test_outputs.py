"""What stands in outputs/ is what the sheets build to, byte for byte."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from derive.kernel.certificate import loads
from derive.kernel.checker import check
from derive.render.pdf import find_engine
from derive.rules import load_laws
from derive.sheets.build import build
from derive.sheets.own_words import has_question
from derive.sheets.reader import read_sheet

ROOT = Path(__file__).parents[2]
SHEETS = sorted((ROOT / "templates" / "sheets").glob("*.toml"))
PICTURE = "signals-1.png"
"""The picture of a page that the README shows; made by `make picture`, not by a build."""


def test_there_are_sheets() -> None:
    """At least one; a check that looked at nothing has failed."""
    assert len(SHEETS) >= 1


@pytest.mark.parametrize(
    "sheet",
    [pytest.param(s, marks=[pytest.mark.whole] if s.stem != "signals-1" else []) for s in SHEETS],
    ids=lambda s: s.stem,
)
def test_rebuild_gives_the_same_bytes(sheet: Path, tmp_path: Path) -> None:
    """Every page and figure; PDF where there is TeX, compared byte for byte where the same TeX made both.

    `make test` builds the small sheet, `make same` all.
    """
    if os.environ.get("CI"):
        assert find_engine(), "the pages need TeX here"
    formats = ("tex", "pdf", "html", "md", "cert") if find_engine() else ("tex", "html", "md", "cert")
    made = {p.name for p in build([sheet], tmp_path, formats).files}
    assert made >= {f"{sheet.stem}.{form}" for form in (*formats[:-1], "certificates.jsonl")}
    for name in sorted(made):
        old, new = (ROOT / "outputs" / name).read_bytes(), (tmp_path / name).read_bytes()
        if name == f"{sheet.stem}.pdf" and producer(old) != producer(new):
            assert words(ROOT / "outputs" / name) == words(tmp_path / name)
        else:
            assert old == new, f"{name} differs: look at the difference, then `make sheets`"


def test_nothing_else_is_kept() -> None:
    """Each file of outputs/ belongs to a sheet: a page of its name, certificates, or a figure of one of its pages."""
    pages = {f"{sheet.stem}.{form}" for sheet in SHEETS for form in ("tex", "pdf", "html", "md", "certificates.jsonl")}
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
    page = (ROOT / "outputs" / "hw4.md").read_text()
    values = ["1", *(rf"\frac{{{2 ** (n + 1) - 1}}}{{{2**n}}}" for n in range(1, 7))]
    values += [rf"\frac{{127}}{{{2**n}}}" for n in range(7, 13)]
    rows = re.findall(r"(?<=\| )\$(\d+)\$ \| \$([^$]+)\$", page)
    assert all((str(n), value) in rows for n, value in enumerate(values))


def plainly(sheet: Path) -> str:
    """The page in Markdown, with the dots of labels as they are read."""
    return (ROOT / "outputs" / f"{sheet.stem}.md").read_text().replace(r"\.", ".")


def asked(sheet: Path) -> int:
    """How many results a sheet has: of its parts and their pieces, and the formulas of the author."""
    shown = [one for p in read_sheet(sheet).problems for part in p.parts for one in (part, *part.pieces)]
    return sum(has_question(one) + len(one.formulas) for one in shown)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: s.stem)
def test_every_result_is_known(sheet: Path) -> None:
    """The foot of each page says of every result how it is known; of those that are derived 95 percent are proved."""
    page = plainly(sheet)
    foot = page[page.index("How this was checked") :]
    known = r"proved|exact at sizes|sampled|cited|enclosed|says nothing|false, by a witness|read"
    found = re.findall(rf"^\| [\w.]*(?:\([a-z]\))?[\w.]*(?:, [a-z]+(?: \d+)?)? \| ({known}) \|", foot, flags=re.M)
    assert len(found) == asked(sheet) > 0
    derived = [how for how in found if how in ("proved", "exact at sizes", "sampled", "cited")]
    assert derived.count("proved") >= 0.95 * len(derived) > 0


def test_the_pages_give_the_printed_matrices() -> None:
    """The tables of the problems stand on the pages; one entry is written out with its numbers."""
    pages = [(ROOT / "outputs" / f"{name}.md").read_text() for name in ("hw4", "conv")]
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
        matrix = r"\begin{bmatrix}" + r"\cr ".join(rows) + r"\end{bmatrix}"
        assert any(matrix in page for page in pages), rows


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: s.stem)
def test_the_certificates_are_those_of_the_page(sheet: Path) -> None:
    """One for each derivation of the page, each with the place of its result; three of them are checked again."""
    lines = (ROOT / "outputs" / f"{sheet.stem}.certificates.jsonl").read_text().splitlines()
    page = plainly(sheet)
    load_laws()
    made = [json.loads(line) for line in lines]
    assert made and all(f"| {one['part']} | proved |" in page for one in made)
    for one in made[:: max(1, len(made) // 2)]:
        assert check(loads(json.dumps(one["certificate"]))).verdict.kind == "proved"
