"""The command line: one command for each thing that people ask of derive.

Arguments are read with the standard library alone; SymPy and the rest are loaded by the command that needs them, so
that help, the version and the answer to a wrong argument come at once.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive import __version__
from derive.cli_build import add_build
from derive.cli_check import add_check
from derive.cli_degree import add_degree
from derive.cli_format import add_format
from derive.cli_network import add_network
from derive.cli_new import add_new
from derive.cli_output import put_out
from derive.cli_read import add_read
from derive.errors import BadInput, DeriveError, nearest, told

if TYPE_CHECKING:
    from derive.sheets.values import Numbers

GOOD, REFUSED, UNUSABLE = 0, 1, 2
SHOW_FORMATS = ("text", "tex", "md", "html", "json")
LAYOUTS = ("numerator", "denominator")

_DESCRIPTION = "Exact derivations with symbolic sizes, every line checked, printed as solution sheets."
_EPILOG = """\
examples:
  derive list
      how each claim is known: derived, checked and compared with brute force now
  derive list --names
      what can be derived, with its parameters, at once
  derive show filtered_pulse.response
      the derivation for all lengths and ratios
  derive show filtered_pulse.response --set L=7 --set a=1/2 --format md
      the same at exact values, as Markdown
  derive show common_slips.relu_of_sum
      a false statement, with the smallest numbers at which it fails
  derive show convolution_layer.weight_gradient --set x=[[1,2],[3,4]] --set g=[[1,0],[2,1]]
      at arrays given by their numbers; sizes are read off them
  derive show softmax_jacobian.entry --layout denominator
      a derivative with a row for each variable instead of each output
  derive certify filtered_pulse.response -o pulse.json
      the derivation as a file that anybody can check again
  derive verify pulse.json
      that file checked from the laws alone, in a bounded process of its own
  derive build templates/sheets/signals-1.toml -o outputs
      a sheet as LaTeX, PDF, HTML and Markdown; --edition handout,key for what a class gets
  derive new sheet week-1
      a sheet file to begin with, commented, that builds as it is; derive new construct NAME for a derivation
  derive read step.py --shape 'W=(n,m)' --shape 'x=(m)'
      what a short program computes, as formulas
  derive degree rule.py --shape 'g=(n)' --times g
      an update rule as a short program: does it feel the scale of the gradient, and with which power?
  derive network vgg-16 --columns output,parameters
      a network layer by layer; also one that a short text describes, as derive network --help says
  derive format E4M3 --fan-in 1,4096
      what rounding to 8 bits makes of the weights of a layer
  derive check homework3.toml
      formulas that somebody else wrote, in LaTeX: proved, refuted with numbers, or neither

exit status:
  0  all is well
  1  something was refused: a step was rejected, a value breaks a hypothesis, a page could not be made;
     or it was left undecided for lack of time or memory
  2  the command or a file cannot be used as it is
  3  of derive check: nothing is refuted, and something is not proved
"""
_SET_HELP = "an exact value: L=7, a=1/2, a=0.25, or the numbers of an array (x=[[1,2],[3,4]]); may be repeated"
_WRITE_OUT_HELP = "with arrays given: which entry of the result is written out term by term (h=1,r=1)"


class _Parser(argparse.ArgumentParser):
    """Usage mistakes end with status 2 and one sentence."""

    def error(self, message: str) -> Any:
        chosen = re.fullmatch(r"(.*invalid choice: '([^']*)') \(choose from (.*)\)", message)
        if chosen:
            message = f"{chosen[1]}; {nearest(chosen[2], re.findall(r'[^, ]+', chosen[3].replace(chr(39), '')))}"
        self.exit(UNUSABLE, f"{self.prog}: {message}\n(try: {self.prog} --help)\n")


def _argument(read: Callable[[Any], Any], given: Any) -> Any:
    try:
        return read(given)
    except BadInput as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _setting(text: str) -> tuple[str, Fraction | Numbers]:
    from derive.sheets.values import assignment

    return _argument(assignment, text)


def _place(text: str) -> tuple[tuple[str, int], ...]:
    found = {}
    for part in filter(None, text.split(",")):
        name, value = _setting(part)
        if not isinstance(value, Fraction) or value.denominator != 1:
            raise argparse.ArgumentTypeError(f"{part.strip()!r} is no place of an entry; write it like h=1,r=1")
        found[name] = int(value)
    return tuple(found.items())


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 6 and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of seconds from 1 to 999999")
    return int(text)


def _add_claim(command: argparse.ArgumentParser) -> None:
    wanted = "what to derive or refute; without CLAIM the construct's first"
    command.add_argument("claim", metavar="CONSTRUCT[.CLAIM]", help=wanted)
    command.add_argument(
        "--set", dest="settings", action="append", default=[], type=_setting, metavar="NAME=VALUE", help=_SET_HELP
    )


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

    listing = commands.add_parser("list", help="what can be derived, and how each claim is known", allow_abbrev=False)
    listing.add_argument("constructs", nargs="*", metavar="CONSTRUCT", help="these alone; without one, all")
    listing.add_argument("--names", action="store_true", help="claims and their parameters only, nothing derived")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_list)

    show = commands.add_parser("show", help="derive one claim and print it", allow_abbrev=False)
    _add_claim(show)
    show.add_argument("--format", choices=SHOW_FORMATS, default="text", help="how to print it (default: text)")
    show.add_argument("--write-out", type=_place, metavar="PLACE", help=_WRITE_OUT_HELP)
    show.add_argument("--layout", choices=LAYOUTS, help="of a derivative: what its rows are")
    show.add_argument("-o", "--output", metavar="FILE", help="write into this file and not to the terminal")
    show.set_defaults(run=_show)

    certify_help = "derive one claim, check it, and write its derivation as a certificate"
    certify = commands.add_parser("certify", help=certify_help, allow_abbrev=False)
    _add_claim(certify)
    where = "where to write (default: CLAIM.json in this folder; - for the terminal)"
    certify.add_argument("-o", "--output", metavar="FILE", help=where)
    certify.add_argument("--force", action="store_true", help="replace a file that holds something else")
    certify.set_defaults(run=_certify)

    verify = commands.add_parser("verify", help="check certificates again, from the laws alone", allow_abbrev=False)
    verify.add_argument("files", nargs="+", metavar="FILE", help="a certificate; - reads one from the standard input")
    limit = "computing time for each file (default: 60)"
    verify.add_argument("--seconds", type=_seconds, default=60, metavar="N", help=limit)
    verify.set_defaults(run=_verify)

    add_build(commands)
    add_new(commands)
    add_read(commands)
    add_degree(commands)
    add_network(commands)
    add_format(commands)
    add_check(commands)
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
        sys.stderr.write(f"derive: {told(error)}\n")
        return UNUSABLE if isinstance(error, BadInput) else REFUSED
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Python would complain again when it closes the stream at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except KeyboardInterrupt:
        sys.stderr.write("derive: stopped\n")
        return 130


def _list(options: argparse.Namespace) -> int:
    from derive.constructs.registry import construct, names
    from derive.sheets.listing import described, listed

    found = [described(construct(name)) for name in options.constructs or names()]
    claims = [claim for c in found for claim in (*c["claims"], *c["refuted"], *c["growth"])]
    if options.names:
        _write(_as_json(found) if options.json else "\n".join(listed(c) for c in found))
        return GOOD
    from derive.sheets.coverage import REFUSED as NOT_KNOWN
    from derive.sheets.coverage import all_coverage, footer, header, line

    rows = []
    width = max(len(claim["claim"]) for claim in claims)
    if not options.json:
        _write(header(width) + "\n")
    for row in all_coverage([claim["claim"] for claim in claims]):
        rows.append(row)
        if not options.json:
            _write(line(row, width) + "\n")
    if options.json:
        for claim, row in zip(claims, rows, strict=True):
            counted = vars(row).items()
            claim |= {"checked": row.known, "coverage": {k: v for k, v in counted if k not in ("claim", "known")}}
        _write(_as_json(found))
    else:
        _write("\n" + footer(rows) + "\n")
    return REFUSED if any(row.known == NOT_KNOWN for row in rows) else GOOD


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _as_json(data: Any) -> str:
    import json

    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _values(options: argparse.Namespace) -> dict[str, Fraction | Numbers]:
    """The values that were set, each once and for a symbol or a free array of the claim."""
    values: dict[str, Fraction | Numbers] = {}
    for name, value in options.settings:
        if name in values:
            raise BadInput(f"{name} is set twice, to {values[name]} and to {value}")
        values[name] = value
    from derive.constructs.registry import claim as find_claim
    from derive.constructs.registry import growth, refuted

    if refuted(options.claim) is not None:
        if values:
            raise BadInput(f"{options.claim} is a false statement, shown with its own witness: nothing can be set")
        return values
    if growth(options.claim) is not None:
        if values:
            raise BadInput(f"{options.claim} is a statement about growth, for all sizes: nothing can be set")
        return values
    context = find_claim(options.claim)[1].context
    arrays = [array.name for array in context.arrays]
    known = [*(symbol.name for symbol in context.symbols), *arrays]
    what = "symbol or array" if arrays else "symbol"
    for name in values:
        if name not in known:
            raise BadInput(f"{options.claim} has no {what} {name!r}; there are {', '.join(known)}")
    return values


def _show(options: argparse.Namespace) -> int:
    values = _values(options)

    from derive.sheets.result import show

    try:
        answer = show(options.claim, values, options.write_out and dict(options.write_out), options.layout)
    except BadInput as error:
        # The claim and the names are right, so it is a value that is not allowed: refused, not unusable.
        sys.stderr.write(f"derive: {error}\n")
        return REFUSED
    formats = {
        "text": answer.text, "tex": answer.tex, "md": answer.markdown, "html": answer.html, "json": answer.json
    }  # fmt: skip
    text = formats[options.format]()
    put_out(text if text.endswith("\n") else text + "\n", options.output)
    return GOOD


def _certify(options: argparse.Namespace) -> int:
    values = {name: value for name, value in _values(options).items() if isinstance(value, Fraction)}
    if len(values) < len(options.settings):
        raise BadInput("a certificate is for all arrays: set sizes and other numbers, but no arrays")

    from derive.kernel.certificate import dumps, loads
    from derive.kernel.checker import check
    from derive.sheets.answers import answer
    from derive.sheets.build import write_files

    try:
        checked = answer(options.claim, values)
    except BadInput as error:
        sys.stderr.write(f"derive: {error}\n")
        return REFUSED
    text = dumps(checked.derivation)
    # What is written is checked, and not only what it was written from.
    report = check(loads(text))
    if options.output == "-":
        sys.stdout.write(text)
        return GOOD
    set_to = "".join(f"_{name}={str(value).replace('/', '-')}" for name, value in checked.values)
    path = Path(options.output or f"{checked.path}{set_to}.json")
    data = text.encode("utf-8")
    try:
        differs = path.is_file() and path.read_bytes() != data
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror or error}") from None
    if differs and not options.force:
        raise BadInput(f"{path} is there and holds something else; --force replaces it, -o FILE writes another file")
    write_files({path.name: data}, path.parent)
    sys.stdout.write(f"{path}: {report.verdict.kind}, {report.steps} steps\n")
    return GOOD


def _verify(options: argparse.Namespace) -> int:
    from derive.sheets.verify import verify

    worst = GOOD
    for file in options.files:
        status, text, errors = verify(file, options.seconds)
        worst = max(worst, status)
        sys.stderr.write(errors)
        (sys.stderr if status == UNUSABLE else sys.stdout).write(f"derive: {text}" if status == UNUSABLE else text)
        sys.stdout.flush()
    return worst
