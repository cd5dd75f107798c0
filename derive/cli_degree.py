"""The command `derive degree`: does an update rule, written as a short program, feel the scale of the gradient?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from derive.cli_read import program_text
from derive.errors import BadInput, ProgramError

if TYPE_CHECKING:
    from derive.claims.programs.degrees import ProgramDegree

LARGEST_POWER = 20
_EPILOG = """\
example:
  def adam(g, m, v, b, c):
      m = b * m + (1 - b) * g
      v = c * v + (1 - c) * g**2
      return m / np.sqrt(v)

  derive degree adam.py --shape 'g=(n)' --shape 'm=(n)' --shape 'v=(n)' --shape 'b=()' --shape 'c=()' \\
      --times g --times m --times v=2

A rule u has the degree p if u(s g) = s^p u(g) for all s > 0. What a rule remembers is a parameter, and is multiplied by
a power of its own. What can be read in a program: derive read --help. Exit status 0 if all results are proved, else 1.
"""


def add_degree(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser(
        "degree",
        help="does an update rule feel the scale of the gradient?",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument("file", metavar="FILE", help="a file with one function definition")
    command.add_argument(
        "--shape", dest="shapes", action="append", default=[], metavar="NAME=SHAPE", help="may be repeated"
    )
    command.add_argument(
        "--times", action="append", default=[], type=_times, metavar="NAME[=q]",
        help="a parameter that is multiplied by s, or by its power q; may be repeated",
    )  # fmt: skip
    command.add_argument("--degree", type=_whole, metavar="p", help="is it of this degree? (default: of any)")
    command.set_defaults(run=degree_command)


def _whole(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 2 and int(digits) <= LARGEST_POWER):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from -{LARGEST_POWER} to {LARGEST_POWER}")
    return int(text)


def _times(text: str) -> tuple[str, int]:
    name, sign, power = text.partition("=")
    return name.strip(), _whole(power.strip()) if sign else 1


def degree_command(options: argparse.Namespace) -> int:
    """Print what is decided of each result; 0 if all are proved, else 1.

    Raises:
        BadInput: the file, a shape, a name or the program cannot be read.
    """
    import sys

    from derive.claims.programs.declared import assignments
    from derive.claims.programs.degrees import degrees_of_program
    from derive.claims.programs.reading import read

    times = dict(options.times)
    if len(times) < len(options.times):
        raise BadInput("a parameter is multiplied twice; give each name once")
    if not times:
        raise BadInput("nothing is multiplied; say --times g for the gradient g")
    try:
        meaning = read(program_text(options.file), assignments(options.shapes)).meaning
    except ProgramError as error:
        raise BadInput(f"the program cannot be read: {error}") from None
    found = degrees_of_program(meaning, times, options.degree)
    sys.stdout.write("\n".join(_told(one, options.degree) for one in found))
    return int(any(one.decision.verdict.kind not in ("proved", "cited") for one in found))


def _told(found: ProgramDegree, asked: int | None) -> str:
    """One result in words."""
    from derive.render.text import plain
    from derive.sheets.refutations import shown

    decision, name = found.decision, found.update.array.name
    lines = []
    if decision.derivation is not None and decision.report is not None:
        made = decision.derivation
        lines.append(f"{name}: {decision.verdict.kind}, of degree {decision.degree}")
        lines.append(f"  {plain(made.left)} = {plain(made.right)}, {decision.report.steps} steps checked")
        where = [*found.wanted, *(c for c, _ in decision.carried if c not in found.wanted)]
        lines += [f"  where {', '.join(map(plain, where))}"] if where else []
    elif decision.witness is not None:
        at = decision.witness
        what = "no degree fits" if asked is None else f"not of degree {asked}"
        lines.append(f"{name}: refuted, {what}")
        point = [f"{s.name} = {value}" for s, value in at.point.items()]
        for array, numbers in at.arrays.items():
            point += [f"{array.name}{list(k) if k else ''} = {v}" for k, v in numbers.values.items() if v]
        lines.append(f"  at {', '.join(point)}, all other entries 0")
        lines.append(f"  {', '.join(f'{plain(term)} = {plain(shown(value))}' for term, value in decision.values)}")
        if decision.refuted is not None:
            lines.append(f"  and {plain(decision.refuted.left)} would be {plain(decision.refuted.right)}")
    else:
        lines.append(f"{name}: undecided")
        lines.append(f"  {decision.verdict.why}; {decision.points} points looked at")
    return "\n".join(lines) + "\n"
