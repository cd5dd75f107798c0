"""`derive build`: sheet files into pages."""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from derive.errors import BadInput, DeriveError, told

BUILD_FORMATS = ("tex", "pdf", "html", "md", "cert")
_BUILD_EPILOG = """\
keys of a part in a sheet file:
  claim             what is derived or refuted, as `derive list` prints it
  title, text       words with inline mathematics in dollars
  set               { n = 5, a = "1/2" }, and of arrays the numbers: { x = [[1, 2], [3, 4]] }
  layout            "numerator" or "denominator", for a derivative or a gradient
  write_out         { i = 1, j = 1 }: with arrays set, the entry written out term by term
  matrix            { rows = "i", columns = "j" }: the result as a matrix; { array = "T" }: an array of the claim
  show              "derivation" or "result"
  table, plot       { n = "0..12" }, { kind = "stem", n = "-6..12" }
  curve             { x = "-2..2", lines = [{ set = { k = 1 }, label = "$k = 1$" }, { array = "H" }] }
  figure            { kind = "receptive field", layers = [[3, 1], [2, 2]] }: kernel, stride, dilation, padding of each
                    layer; size, output; { kind = "window" } with write_out; "routing" of a gradient in pooling; "graph"
                    of maps, a program, a network; any with caption, and in = "question"
  program, shapes   a function definition that is read, { W = "(n, m)", x = "(m)" }; see derive read --help
  network           a network as a table, with columns, blank, compact, formulas, operations, bias_counted, bytes
  answer, remark    the author's own words, at the beginning and at the end of the solution; with `answer` or
                    `formula` a part needs no claim
  formula           [[problem.part.formula]] with text, left, right or chain, where, let, symbols, as in a claim file:
                    it is judged, and what is refuted or unknown stops the build
  piece             [[problem.part.piece]]: what the solution goes on with, with the keys of a part
  hint, brief       words for the editions with hints and with results alone
  vary              of a problem: { L = { usual = 7, from = "3..9" }, a = { usual = "1/2", from = ["1/3", "2/3"] } }; in
                    its texts and values <<L>> stands for the number, of variant 0 the usual one, and <<2*L - 1>> for
                    one that follows from it, which m = { value = "2*L - 1" } names
  in_variants       of any table: { brief = '...' }: keys that take the place of its own in variants
  label             what stands before the title instead of (a); a problem has `number` and `symbols` of its formulas
  choices           4: so many answers to choose from, the wrong ones each made by one slip
  grain             "sketch", "lecture" or "full"; also of a sheet; HTML unfolds the finer steps
  format            number formats, with sigma or fan_in, figure ("rounded", "zeros", "entropy", "variance"),
                    powers, saturate, values
"""


def add_build(commands: Any) -> None:
    """Add the command to the parser of the whole command line."""
    build = commands.add_parser(
        "build",
        help="build sheet files into pages",
        epilog=_BUILD_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    build.add_argument("sheets", nargs="+", metavar="SHEET", help="a sheet file (TOML)")
    into = "where to write (default: outputs, in this folder)"
    build.add_argument("-o", "--output", metavar="DIR", default="outputs", help=into)
    build.add_argument(
        "--format",
        dest="formats",
        type=_formats,
        default=BUILD_FORMATS,
        metavar="LIST",
        help="comma-separated formats (default: tex,pdf,html,md,cert; cert: the certificates of all derivations; "
        "snippets: NAME-problem-1.tex and so on, to \\input into a document of yours, with derive-snippets.sty)",
    )
    build.add_argument(
        "--edition",
        dest="editions",
        type=_editions,
        default=("solution",),
        metavar="LIST",
        help="comma-separated editions: solution (default), handout, hints, key, grader, or all",
    )
    build.add_argument(
        "--grain",
        choices=("sketch", "lecture", "full"),
        help="how fine the steps are; parts of the file that name their own keep it (default: lecture)",
    )
    build.add_argument(
        "--variant",
        dest="variants",
        type=_variants,
        default=(),
        metavar="N",
        help="other numbers where the sheet varies them: 3, or 1..100 with a table of the numbers of each",
    )
    build.add_argument("--cache", metavar="DIR", help="where what was built is kept (default: .cache/derive at home)")
    build.add_argument("--no-cache", action="store_true", help="derive and write everything anew")
    build.add_argument("--templates", metavar="DIR", help="your own latex/, html/, markdown/, which override ours")
    build.add_argument("--watch", action="store_true", help="build again whenever a sheet or template is saved")
    build.set_defaults(run=_watched)


def _formats(text: str) -> tuple[str, ...]:
    from derive.sheets.build import checked_formats

    return _argument(checked_formats, text)


def _editions(text: str) -> tuple[str, ...]:
    from derive.sheets.editions import checked_editions

    return _argument(checked_editions, text)


def _variants(text: str) -> tuple[int, ...]:
    found = re.fullmatch(r"(\d{1,4})(?:\.\.(\d{1,4}))?", text.strip())
    if not found or not 1 <= int(found[1]) <= int(found[2] or found[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no variant; write a number from 1 on, or a range such as 1..100")
    return tuple(range(int(found[1]), int(found[2] or found[1]) + 1))


def _argument(read: Any, text: str) -> tuple[str, ...]:
    try:
        found: tuple[str, ...] = read([name.strip() for name in text.split(",") if name.strip()])
    except BadInput as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return found


def _watched(options: argparse.Namespace) -> int:
    return watch(lambda: _build(options), partial(_stamps, options)) if options.watch else _build(options)


def watch(make: Callable[[], object], stamps: Callable[[], object], pause: float = 0.5) -> int:
    """Make it, and again whenever the stamps change, until Ctrl-C; a mistake is told and waited on.

    Args:
        make: What is done.
        stamps: What tells whether files have changed.
        pause: Seconds between two looks.
    """
    try:
        while True:
            seen = stamps()
            try:
                make()
                sys.stderr.write("derive: built; waiting for the next save (Ctrl-C ends)\n")
            except DeriveError as error:
                sys.stderr.write(f"derive: {told(error)}\n")
            sys.stderr.flush()
            while stamps() == seen:
                time.sleep(pause)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return 0


def _stamps(options: argparse.Namespace) -> dict[Path, tuple[int, int] | None]:
    """When each file was saved, and how large it is; None for one that is not there at the moment."""
    own = Path(options.templates).rglob("*") if options.templates else ()
    found: dict[Path, tuple[int, int] | None] = {}
    for path in (*map(Path, options.sheets), *own):
        try:
            known = path.stat()
            found[path] = (known.st_mtime_ns, known.st_size)
        except OSError:
            found[path] = None
    return found


def _build(options: argparse.Namespace) -> int:
    from derive.claims.known import default_folder
    from derive.sheets.build import build

    progress = _progress if sys.stderr.isatty() else None
    report = build(
        options.sheets,
        options.output,
        options.formats,
        progress,
        None,
        options.editions,
        options.grain,
        None if options.no_cache else options.cache or default_folder(),
        options.variants,
        options.templates,
    )
    for note in report.notes:
        sys.stderr.write(f"derive: {note}\n")
    if progress is not None:
        for path in report.files:
            progress(f"wrote {path}")
        if report.unchanged:
            progress(f"{len(report.unchanged)} files are still as they were written")
    return 0


def _progress(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
