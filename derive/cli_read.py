"""The command `derive read`: what a short program computes, as formulas, and what is to be said of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from derive.errors import BadInput, ProgramError

FORMATS = ("text", "tex", "md", "html")
LARGEST_FILE = 20_000
_EPILOG = """\
shapes:
  --shape 'W=(n,m)'        a matrix with n rows and m columns
  --shape 'x=(m)'          a vector
  --shape 'eta=()'         a number
  --shape 'f=(l)->(m)'     a smooth map that the program calls; J_f is its Jacobian

A program is one function definition of assignments, + - * / ** @, .T, exp, log, sqrt, sin, cos, tanh, relu, sigmoid,
abs, sign, sum, mean, dot, matmul, outer, transpose, inv, maps, print, log_value, record and return. It is read and
never executed.
"""


def add_read(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser(
        "read",
        help="what a short program computes, as formulas",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument("file", metavar="FILE", help="a file with one function definition")
    command.add_argument(
        "--shape", dest="shapes", action="append", default=[], metavar="NAME=SHAPE", help="may be repeated"
    )
    command.add_argument(
        "--input", dest="about", metavar="NAME", help="of a network: is the result an affine function of it?"
    )
    command.add_argument("--same-as", metavar="FILE", help="another program with these parameters: are they the same?")
    command.add_argument("--format", choices=FORMATS, default="text", help="how to print it (default: text)")
    command.set_defaults(run=read_command)


def program_text(file: str) -> str:
    """The text of a file that is not too large.

    Raises:
        BadInput: it cannot be read.
    """
    try:
        with Path(file).open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
        return raw.decode("utf-8")
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not UTF-8") from None


def read_command(options: argparse.Namespace) -> int:
    """Print what the program computes; 1 if another program is not the same, else 0.

    Raises:
        BadInput: the file, a shape or the program cannot be read.
    """
    import sys

    from derive.claims.programs.declared import assignments
    from derive.claims.programs.reading import read
    from derive.cli_output import in_format, put_out
    from derive.sheets.programs import document

    shapes = assignments(options.shapes)
    try:
        reading = read(program_text(options.file), shapes, options.about)
        other = None if options.same_as is None else read(program_text(options.same_as), shapes)
    except ProgramError as error:
        raise BadInput(f"the program cannot be read: {error}") from None
    put_out(in_format(document(reading, "program"), options.format), None)
    if other is None:
        return 0
    from derive.claims.programs.deciding import same_programs

    worst = 0
    for number, verdict in enumerate(same_programs(reading.meaning, other.meaning), start=1):
        said = verdict.why
        if verdict.kind == "refuted":
            said = ", ".join(f"{name} = {value}" for name, value in verdict.witness.items())
        points = dict(verdict.evidence).get("points", 0)
        sys.stdout.write(f"result {number}: {verdict.kind}{f' ({said})' if said else ''}, {points} points looked at\n")
        worst = max(worst, int(verdict.kind != "proved"))
    return worst
