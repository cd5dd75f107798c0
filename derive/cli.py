"""The command line: `derive list`, `derive show`, `derive build`.

Arguments are read with the standard library alone; SymPy and the rest are loaded by the command that needs them, so
that help, the version and the answer to a wrong argument come at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive import __version__
from derive.errors import BadInput, DeriveError

if TYPE_CHECKING:
    from derive.constructs.construct import Claim, Construct

GOOD, REFUSED, UNUSABLE = 0, 1, 2
SHOW_FORMATS = ("text", "tex", "md", "html", "json")
BUILD_FORMATS = ("tex", "pdf", "html", "md")

_DESCRIPTION = "Exact derivations with symbolic sizes, every line checked, printed as solution sheets."
_EPILOG = """\
examples:
  derive list
      what can be derived, and how each result is checked
  derive show filtered_pulse.response
      the derivation for all lengths and ratios
  derive show filtered_pulse.response --set L=7 --set a=1/2 --format md
      the same at exact values, as Markdown
  derive build templates/sheets/signals-1.toml -o outputs
      a sheet as LaTeX, PDF, HTML and Markdown

exit status:
  0  all is well
  1  something was refused: a step was rejected, a value breaks a hypothesis, a page could not be made
  2  the command or a file cannot be used as it is
"""
_SET_HELP = "an exact value: an integer, a fraction or a decimal (L=7, a=1/2, a=0.25); may be repeated"


class _Parser(argparse.ArgumentParser):
    """Usage mistakes end with status 2 and one sentence."""

    def error(self, message: str) -> Any:
        self.exit(UNUSABLE, f"{self.prog}: {message}\n(try: {self.prog} --help)\n")


def _setting(text: str) -> tuple[str, Fraction]:
    from derive.sheets.values import assignment

    try:
        return assignment(text)
    except BadInput as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _formats(text: str) -> tuple[str, ...]:
    from derive.sheets.build import checked_formats

    try:
        return checked_formats(name.strip() for name in text.split(",") if name.strip())
    except BadInput as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line.

    Example:
        >>> parser().parse_args(["show", "filtered_pulse", "--set", "a=1/2"]).settings
        [('a', Fraction(1, 2))]
    """
    top = _Parser(
        prog="derive",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"derive {__version__}")
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)

    list_help = "constructs and their claims, and how each is checked"
    listing = commands.add_parser("list", help=list_help, allow_abbrev=False)
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_list)

    show = commands.add_parser("show", help="derive one claim and print it", allow_abbrev=False)
    show.add_argument("claim", metavar="CONSTRUCT[.CLAIM]", help="what to derive; without CLAIM the construct's first")
    show.add_argument(
        "--set", dest="settings", action="append", default=[], type=_setting, metavar="NAME=VALUE", help=_SET_HELP
    )
    show.add_argument("--format", choices=SHOW_FORMATS, default="text", help="how to print it (default: text)")
    show.add_argument("-o", "--output", metavar="FILE", help="write into this file and not to the terminal")
    show.set_defaults(run=_show)

    build = commands.add_parser("build", help="build sheet files into pages", allow_abbrev=False)
    build.add_argument("sheets", nargs="+", metavar="SHEET", help="a sheet file (TOML)")
    build.add_argument(
        "-o", "--output", metavar="DIR", default="outputs", help="where to write (default: outputs, in this folder)"
    )
    build.add_argument(
        "--format",
        dest="formats",
        type=_formats,
        default=BUILD_FORMATS,
        metavar="LIST",
        help="comma-separated formats (default: tex,pdf,html,md)",
    )
    build.set_defaults(run=_build)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status.

    What is refused is said in a sentence on the error stream, without a traceback; what is a mistake of this program
    keeps its traceback.
    """
    try:
        options = parser().parse_args(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except DeriveError as error:
        sys.stderr.write(f"derive: {error}\n")
        return UNUSABLE if isinstance(error, BadInput) else REFUSED
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Python would complain again when it closes the stream at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except KeyboardInterrupt:
        sys.stderr.write("derive: stopped\n")
        return 130


def _list(options: argparse.Namespace) -> int:
    from derive.constructs.registry import constructs

    found = [_construct(c) for c in constructs()]
    if options.json:
        import json

        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(_listed(c) for c in found))
    return GOOD


def _construct(construct: Construct) -> dict[str, Any]:
    from derive.render.text import plain

    about = "".join(piece if isinstance(piece, str) else plain(piece) for piece in construct.about)
    return {
        "construct": construct.name,
        "title": construct.title,
        "about": about,
        "conventions": list(construct.conventions),
        "source": construct.source,
        "claims": [_claim(construct, claim) for claim in construct.claims],
    }


def _claim(construct: Construct, claim: Claim) -> dict[str, Any]:
    from derive.sheets.result import grade

    parameters = []
    for declaration in claim.context.declarations:
        name, sort, meaning = declaration.symbol.name, declaration.sort, declaration.meaning
        parameters.append({"name": name, "sort": sort, "meaning": meaning})
    return {
        "claim": f"{construct.name}.{claim.name}",
        "title": claim.title,
        "parameters": parameters,
        "checked": grade(construct, claim),
    }


def _listed(construct: dict[str, Any]) -> str:
    lines = [f"{construct['construct']}: {construct['title']}"]
    for claim in construct["claims"]:
        lines += [f"  {claim['claim']}", f"      {claim['title']}"]
        for parameter in claim["parameters"]:
            meaning = f"  {parameter['meaning']}" if parameter["meaning"] else ""
            lines.append(f"      {parameter['name']:<4} {parameter['sort']:<8}{meaning}".rstrip())
        lines.append(f"      checked: {claim['checked']}")
    return "\n".join(lines) + "\n"


def _show(options: argparse.Namespace) -> int:
    values: dict[str, Fraction] = {}
    for name, value in options.settings:
        if name in values:
            raise BadInput(f"{name} is set twice, to {values[name]} and to {value}")
        values[name] = value

    from derive.constructs.registry import claim as find_claim
    from derive.sheets.result import show

    known = [symbol.name for symbol in find_claim(options.claim)[1].context.symbols]
    for name in values:
        if name not in known:
            raise BadInput(f"{options.claim} has no symbol {name!r}; there are {', '.join(known)}")
    try:
        answer = show(options.claim, values)
    except BadInput as error:
        # The claim and the names are right, so it is a value that is not allowed: refused, not unusable.
        sys.stderr.write(f"derive: {error}\n")
        return REFUSED
    formats = {
        "text": answer.text, "tex": answer.tex, "md": answer.markdown, "html": answer.html, "json": answer.json
    }  # fmt: skip
    text = formats[options.format]()
    text = text if text.endswith("\n") else text + "\n"
    if options.output is None:
        sys.stdout.write(text)
    else:
        from derive.sheets.build import write_files

        path = Path(options.output)
        write_files({path.name: text.encode("utf-8")}, path.parent)
    return GOOD


def _build(options: argparse.Namespace) -> int:
    from derive.sheets.build import build

    progress = _progress if sys.stderr.isatty() else None
    report = build(options.sheets, options.output, options.formats, progress)
    for note in report.notes:
        sys.stderr.write(f"derive: {note}\n")
    if progress is not None:
        for path in report.files:
            progress(f"wrote {path}")
    return GOOD


def _progress(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
