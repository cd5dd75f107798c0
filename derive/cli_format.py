"""The command `derive format`: the values of number formats, and what they make of Gaussians."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from derive.cli_output import FORMATS, in_format, put_out
from derive.errors import BadInput

_EPILOG = """\
examples:
  derive format E4M3 E5M2 E4M3-fnuz
      how many values, the smallest, the largest
  derive format E4M3 --fan-in 1,4096,2^20
      weights of scale 1/sqrt(n): zeros, entropy, how many values carry 99.9 %, variance
  derive format E3M4-finite --sigma 1,2^-6 --no-saturate
  derive format E2M1 --values
      each value with the numbers that are rounded to it

formats:
  E4M3 and E5M2 (OCP), E2M1, E2M3, E3M2 (OCP, nothing special), fp16, bfloat16, tf32, fp32, fp64,
  or any E<bits>M<bits>, with one of these behind it:
  -ieee    the last exponent is infinity or NaN (usual)
  -fn      only the last code is NaN, with both signs (usual for E4M3)
  -fnuz    only the code of -0 is NaN, and the bias is larger by 1
  -finite  nothing is special
  /bias=7  another bias than 2^(E-1) - 1
"""


def add_format(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser(
        "format",
        help="number formats: values, rounding, and Gaussians with certain digits",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument("names", metavar="FORMAT", nargs="+", help="such as E4M3, E5M2-fnuz, E3M4/bias=3, bfloat16")
    scales = command.add_mutually_exclusive_group()
    scales.add_argument("--sigma", metavar="LIST", default="", help="scales of Gaussians, such as 1,1/64,2^-10")
    scales.add_argument("--fan-in", metavar="LIST", default="", help="the same as fan-ins n of the scale 1/sqrt(n)")
    command.add_argument("--values", action="store_true", help="list the values with their rounding cells")
    too_large = "whether what is too large becomes the largest value, and not infinity or NaN (default: it does)"
    command.add_argument("--saturate", action=argparse.BooleanOptionalAction, default=True, help=too_large)
    command.add_argument("--format", choices=FORMATS, default="text", help="how to print it (default: text)")
    command.add_argument("-o", "--output", metavar="FILE", help="write into this file and not to the terminal")
    command.set_defaults(run=format_command)


def _listed(text: str, read: Callable[[str], Any], option: str) -> tuple[Any, ...]:
    from derive.sheets.format_part import MOST_SCALES

    found = tuple(read(part) for part in text.split(",") if part.strip())
    if text and not found:
        raise BadInput(f"{option} needs a number, such as {option} 4096")
    if len(found) > MOST_SCALES:
        raise BadInput(f"{option} has more than {MOST_SCALES} numbers")
    return found


def format_command(options: argparse.Namespace) -> int:
    """Print the tables.

    Raises:
        BadInput: a format or a scale cannot be read, or there are too many values.
    """
    import json

    from derive.formats.formats import read_format
    from derive.sheets.format_part import MOST_FORMATS, fan_in, scale
    from derive.sheets.formats import as_data, asked, document
    from derive.sheets.specs import FormatSpec

    if len(options.names) > MOST_FORMATS:
        raise BadInput(f"at most {MOST_FORMATS} formats are compared, not {len(options.names)}")
    spec = FormatSpec(
        tuple(dict.fromkeys(read_format(name) for name in options.names)),
        _listed(options.sigma, scale, "--sigma"),
        _listed(options.fan_in, fan_in, "--fan-in"),
        saturate=options.saturate,
        values=options.values,
    )
    made = asked(spec)
    if options.format == "json":
        written = json.dumps(as_data(made), indent=2, ensure_ascii=False) + "\n"
    else:
        written = in_format(document(made, "format"), options.format)
    put_out(written, options.output)
    return 0
