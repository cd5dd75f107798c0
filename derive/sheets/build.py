"""From sheet files to pages: TeX, PDF, HTML and Markdown.

All pages of a call are made in memory before the first is written, then written beside their places and moved there,
so a build that fails leaves every older page as it was.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from derive.errors import BadInput, CannotPrint, DeriveError, SheetError, TexMissing, nearest
from derive.sheets.own_templates import checked_templates, templates_hash
from derive.sheets.seeds import few_numbers, table
from derive.sheets.written import Written

if TYPE_CHECKING:
    from derive.sheets.once import Once
    from derive.sheets.specs import Sheet

FORMATS = ("tex", "pdf", "html", "md", "cert")
"""What is made if nothing else is said."""
ALL_FORMATS = (*FORMATS, "snippets")
PACKAGE = "derive-snippets.sty"
"""What the problems of all sheets need, each on its own; the same for all of them."""
NO_TEX = (
    "no PDF was made, since no TeX engine was found; "
    "on Debian: apt-get install --no-install-recommends texlive-latex-extra lmodern latexmk"
)

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What is made of a sheet."""

    formats: tuple[str, ...]
    editions: tuple[str, ...] = ("solution",)
    grain: str | None = None
    cache: Path | None = None
    templates: Path | None = None


@dataclass(frozen=True)
class Made:
    """The files of a sheet, and which numbers its problems have."""

    files: Mapping[str, bytes]
    drawn: str = ""


Unit = tuple[str | Path, int]
"""A sheet file in a variant."""


@dataclass(frozen=True)
class BuildReport:
    """What a build wrote.

    Attributes:
        files: The files, in the order of the sheets and formats.
        notes: Sentences about what was not made, and how to have it.
        unchanged: Files of sheets that had not to be made again.
    """

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    unchanged: tuple[Path, ...] = ()


def build(
    paths: Sequence[str | Path],
    out: str | Path,
    formats: Sequence[str] = FORMATS,
    progress: Progress | None = None,
    workers: int | None = 1,
    editions: Sequence[str] = ("solution",),
    grain: str | None = None,
    cache: str | Path | None = None,
    variants: Sequence[int] = (),
    templates: str | Path | None = None,
) -> BuildReport:
    """Build sheets into a folder.

    Args:
        paths: Sheet files; their names without ending name the pages, so no two may be the same.
        out: The folder, made if need be.
        formats: Some of `tex`, `pdf`, `html`, `md`, `cert` for the certificates of all derivations, and `snippets` for
            a TeX file of each problem, to be read into another document.
        progress: Called with a line for each stage, or for each sheet if several are built at a time.
        workers: Processes that share the sheets; None for as many as there are processors.
        editions: Some of `editions.EDITIONS`.
        grain: How fine the steps are, where a part does not say; None as the sheets say.
        variants: Which variants are made, and a table that says which numbers each has; none for the usual numbers.
        templates: A folder of the user's whose `latex`, `html` and `markdown` override our templates.
        cache: A folder of the user's own, where problems and the names of files are kept; None to make all anew.

    Raises:
        SheetError: a sheet file has a mistake.
        BadInput: a format that does not exist, two sheets of one name, a folder that cannot be written.
        StepRejected: a derivation does not hold.
        RenderError: a page could not be made; TexMissing if PDF alone was asked for and there is no TeX.
    """
    from derive.sheets.editions import checked_editions

    wanted = checked_formats(formats)
    kept = checked_editions(editions)
    tell = progress or (lambda _: None)
    _check_names(paths)
    notes: tuple[str, ...] = ()
    if "pdf" in wanted and _engine_missing():
        if wanted == ("pdf",):
            raise TexMissing(NO_TEX)
        wanted, notes = tuple(f for f in wanted if f != "pdf"), (NO_TEX,)

    own = None if templates is None else checked_templates(Path(templates))
    asked = Wanted(wanted, kept, grain, None if cache is None else Path(cache), own)
    there = Written(Path(cache), Path(out)) if cache is not None else None
    units = [(path, variant) for path in paths for variant in variants or (0,)]
    theirs = "" if own is None else templates_hash(own)
    made_with = (wanted, kept, grain, _engine(), theirs) if there else ()
    keys = [there.key(_readable(p), v, *made_with) if there else f"{p} {v}" for p, v in units]
    still = {key: known for key in keys if there and (known := there.still_there(key)) is not None}
    waiting = [unit for unit, key in zip(units, keys, strict=True) if key not in still]
    new = dict(zip(waiting, _all_made(waiting, asked, workers, tell) if waiting else (), strict=True))
    made: dict[str, bytes] = {}
    taken: set[str] = set()
    for unit, key in zip(units, keys, strict=True):
        content = new[unit].files if unit in new else {}
        for file in content or [known.name for known in still[key].files]:
            if file.lower() in taken and file != PACKAGE:
                raise BadInput(f"two of the sheets would both write {file}; rename {unit[0]} or the other one")
            taken.add(file.lower())
        made |= content
    if variants:
        each = zip(units, keys, strict=True)
        draws = {unit: new[unit].drawn if unit in new else still[key].note for unit, key in each}
        for path in paths:
            numbers = {variant: said for (sheet, variant), said in draws.items() if sheet == path}
            made[f"{Path(path).stem}-variants.tsv"] = _bytes(table(numbers))
            notes += few_numbers(Path(path).stem, numbers)
    files = write_files(made, Path(out)) if made else ()
    for unit, key in zip(units, keys, strict=True):
        if there is not None and unit in new:
            there.wrote(key, new[unit].files, new[unit].drawn)
    return BuildReport(files, notes, tuple(path for known in still.values() for path in known.files))


def _readable(path: str | Path) -> Path:
    """The path, if its file can be read."""
    try:
        Path(path).open("rb").close()
    except OSError as error:
        raise SheetError(f"the file cannot be read: {error.strerror or error}", str(path)) from None
    return Path(path)


def _engine() -> str:
    """The TeX engine that is there, by its path and the time of its making."""
    from derive.render.pdf import find_engine

    found = find_engine()
    return "" if found is None else " ".join(f"{c} {os.stat(c).st_mtime_ns}" for c in found.programs)


def _all_made(units: Sequence[Unit], asked: Wanted, workers: int | None, tell: Progress) -> list[Made]:
    """The files of each sheet, in each variant."""
    from derive.sheets.once import Once
    from derive.sheets.reader import read_sheet

    sheets = [read_sheet(*unit) for unit in units]  # a mistake in any of them is told before the first is derived
    made, once = [], Once()
    for sheet, aside in zip(sheets, _aside(units, asked, workers), strict=True):
        # What was refused in another process is done here again, so that it is told as if it had been done here.
        made.append(_made(sheet, asked, tell, once) if aside is None else aside)
        if aside is not None:
            tell(f"{sheet.name}: made")
    return made


def _aside(units: Sequence[Unit], wanted: Wanted, workers: int | None) -> Iterable[Made | None]:
    """The files of each sheet, made in other processes; None for what is to be made in this one."""
    from derive.sheets.side_by_side import processors, side_by_side

    count = min(processors() if workers is None else workers, len(units))
    if count < 2:
        return [None] * len(units)
    return side_by_side(_made_aside, [(*unit, wanted) for unit in units], count)


def _made_aside(path: str | Path, variant: int, wanted: Wanted) -> Made | None:
    from derive.sheets.reader import read_sheet

    try:
        return _made(read_sheet(path, variant), wanted, lambda _: None, _once())
    except DeriveError:
        return None


@cache
def _once() -> Once:
    """What this process, which builds nothing else, has worked out for the variants that it made."""
    from derive.sheets.once import Once

    return Once()


def _made(sheet: Sheet, wanted: Wanted, tell: Progress, once: Once) -> Made:
    """The files of one sheet."""
    from derive.sheets.compose import compose
    from derive.sheets.editions import edition
    from derive.sheets.kept import Store
    from derive.sheets.said_once import said_once
    def tell_of(stage: str) -> None:
        tell(f"{sheet.name}: {stage}")

    store = None if wanted.cache is None else Store(wanted.cache)
    document = compose(sheet, tell_of, wanted.grain, "grader" in wanted.editions, store, "cert" in wanted.formats, once)
    files: dict[str, bytes] = {}
    try:
        for name in wanted.editions:
            files |= pages(said_once(edition(document, name)), wanted.formats, tell_of, wanted.templates)
    except CannotPrint as problem:
        raise SheetError(f"{problem}; --format html,md builds without it", str(sheet.path)) from None
    several = len(document.drawn) > 1
    return Made(files, "; ".join(f"{n}: {said}" if several else said for n, said in document.drawn))


def checked_formats(formats: Iterable[str]) -> tuple[str, ...]:
    """The formats in their usual order, each once.

    Raises:
        BadInput: one of them does not exist, or there are none.

    Example:
        >>> checked_formats(["html", "tex", "html"])
        ('tex', 'html')
    """
    asked = tuple(formats)
    for name in asked:
        if name not in ALL_FORMATS:
            raise BadInput(f"there is no format {name!r}; {nearest(name, ALL_FORMATS)}")
    if not asked:
        raise BadInput(f"no format was asked for; there are {', '.join(ALL_FORMATS)}")
    return tuple(f for f in ALL_FORMATS if f in asked)


def pages(
    document: object, formats: Sequence[str], progress: Progress | None = None, templates: Path | None = None
) -> dict[str, bytes]:
    """The files of one document, {file name: content}; figures stand beside the pages that include them."""
    from derive.render import figures, html, latex, markdown, pdf, snippets
    from derive.render.document import Document
    from derive.render.pages import figure_file, figures_in

    if not isinstance(document, Document):
        raise TypeError(f"pages are made of a Document, not of {type(document).__name__}")
    tell = progress or (lambda _: None)
    name = document.name
    drawings = figures_in(document)
    own = () if templates is None else (templates,)
    made: dict[str, bytes] = {}
    if "tex" in formats or "pdf" in formats:
        tell("writing TeX")
        tex = latex.write(document, *own)
        drawn = {figure_file(name, f, "pdf"): figures.draw(f, "pdf") for f in drawings}
        if "tex" in formats:
            made[f"{name}.tex"] = _bytes(tex)
            made.update(drawn)
        if "pdf" in formats:
            tell("setting PDF")
            made[f"{name}.pdf"] = pdf.compile_pdf(tex, drawn, name)
    if "snippets" in formats:
        tell("writing each problem")
        made.update({file: _bytes(text) for file, text in snippets.write(document, *own).items()})
        made.update({figure_file(name, f, "pdf"): figures.draw(f, "pdf") for f in drawings})
    if "html" in formats:
        tell("writing HTML")
        made[f"{name}.html"] = _bytes(html.write(document, *own))
    if "md" in formats:
        tell("writing Markdown")
        made[f"{name}.md"] = _bytes(markdown.write(document, *own))
        made.update({figure_file(name, f, "svg"): figures.draw(f, "svg") for f in drawings})
    if "cert" in formats and document.certificates:
        made[f"{name}.certificates.jsonl"] = _bytes("".join(f"{_line(*one)}\n" for one in document.certificates))
    return made


def _line(label: str, certificate: str) -> str:
    """A certificate in one line, with where its result stands."""
    said = {"part": label, "certificate": json.loads(certificate)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def write_files(files: dict[str, bytes], out: Path) -> tuple[Path, ...]:
    """Write files into a folder, all or (short of a failing disk) none; returns where they are.

    Raises:
        BadInput: the folder cannot be made or written.
    """
    aside: Path | None = None
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file in files:
            if (out / file).is_dir():
                raise BadInput(f"cannot write {out / file}: a folder of that name is there")
        aside = Path(tempfile.mkdtemp(prefix=".derive-", dir=out))
        for file, content in files.items():
            (aside / file).write_bytes(content)
        for file in files:
            os.replace(aside / file, out / file)
    except OSError as error:
        raise BadInput(f"cannot write into the folder {out}: {error.strerror or error}") from None
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
    return tuple(out / file for file in files)


def _bytes(text: str) -> bytes:
    return text.replace("\r\n", "\n").encode("utf-8")


def _check_names(paths: Sequence[str | Path]) -> None:
    if not paths:
        raise BadInput("there is no sheet to build")
    seen: dict[str, str | Path] = {}
    for path in paths:
        # Folded, since some file systems hold A.tex and a.tex for the same file.
        name = Path(path).stem.casefold()
        if name in seen:
            raise BadInput(f"{seen[name]} and {path} would be written to the same files; rename one of them")
        seen[name] = path


def _engine_missing() -> bool:
    from derive.render.pdf import find_engine

    return find_engine() is None
