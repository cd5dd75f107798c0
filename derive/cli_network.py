"""The command `derive network`: a network layer by layer, every number proved."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from derive.cli_output import FORMATS, in_format, put_out
from derive.errors import BadInput

NAMES = ("lenet-5", "alexnet", "alexnet-2012", "vgg-16", "resnet-50", "mobilenet")
COLUMNS = ("output", "parameters", "activations", "operations", "field", "stride", "memory")
LARGEST_FILE = 100_000
_EPILOG = """\
examples:
  derive network '28x28x1 -> CONV3-10 -> POOL2 -> CONV3-10 -> POOL2 -> FLATTEN -> FC-3'
  derive network 'NxNx1 -> CONV3-F -> POOL2 -> FLATTEN -> FC-3' --columns output,parameters
      letters stand for any size; sizes for which a layer would be empty are excluded, and named
  derive network '28x28x1 -> CONV3-10 -> POOL2' --blank parameters,1:output
      cells left blank, with the totals that would give them away
  derive network resnet-50 --format json

the text:
  28x28x1 (height, width, channels), 100x3 (length, channels) or 784, then layers after ->
  CONV3-10  CONV3x5-F  convolution with 10 (F) filters, kernels 3 by 3 (3 by 5)
  DWCONV3              convolution of each channel by itself
  POOL2  AVGPOOL3      maxima, means of windows; the stride is their width
  GAP  FLATTEN  FC-3   mean of each channel; all values in a row; dense layer with 3 outputs
  BN  RELU  TANH  SIGMOID  SOFTMAX  DROPOUT
  RES[a -> b | c]      the outputs of two branches added; RES[a -> b] adds the input itself
  3*[a -> b]           three times
behind a layer:
  /s2 stride  /p1 zeros on each side  /same (usual for CONV)  /valid (usual for POOL)  /d2 dilation  /g2 groups
  /nobias      for one axis after the other: /s2x1, /p1x0

a file (TOML):
  [input]              height = 28, width = 28, channels = 1; or size = [28, 28, 1]; or size = "NxNx1"
  [[layer]]            kind = "conv", kernel = 3 or [3, 5], filters = 10; stride, padding, dilation, groups, bias
  [[layer]]            kind = "residual", main = [{...}], shortcut = [{...}]; kind = "repeat", times = 3, layers = [...]
"""


def add_network(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser(
        "network",
        help="a network layer by layer: sizes, parameters, operations, fields, memory",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument(
        "network", metavar="NETWORK", help=f"a short text, a file that ends in .toml, or one of {', '.join(NAMES)}"
    )
    size = "of a number in memory (default: 4)"
    command.add_argument("--bytes", type=int, choices=range(1, 17), default=4, metavar="N", help=size)
    command.add_argument(
        "--operations", type=int, choices=(1, 2), default=1, help="a multiply-add counts as so many (default: 1)"
    )
    command.add_argument(
        "--bias-counted", action=argparse.BooleanOptionalAction, default=False, help="whether a bias is one more"
    )
    command.add_argument("--compact", action="store_true", help="no rows for RELU, TANH, SIGMOID, SOFTMAX, DROPOUT")
    command.add_argument("--formulas", action="store_true", help="also the formulas that the numbers come from")
    command.add_argument("--columns", action="append", default=[], metavar="LIST", help=f"some of {', '.join(COLUMNS)}")
    blank = "columns, or ROW:COLUMN for a cell, that are left blank; may be repeated"
    command.add_argument("--blank", action="append", default=[], metavar="LIST", help=blank)
    command.add_argument("--format", choices=FORMATS, default="text", help="how to print it (default: text)")
    command.add_argument("-o", "--output", metavar="FILE", help="write into this file and not to the terminal")
    command.set_defaults(run=network_command)


def _names(lists: list[str]) -> tuple[str, ...]:
    return tuple(name.strip() for text in lists for name in text.split(",") if name.strip())


def _file(file: str) -> str:
    try:
        with Path(file).open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
        text = raw.decode("utf-8")
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not UTF-8") from None
    if len(raw) > LARGEST_FILE:
        raise BadInput(f"{file} is larger than {LARGEST_FILE:,} bytes, which no network is")
    return text


def network_command(options: argparse.Namespace) -> int:
    """Print the table.

    Raises:
        BadInput: the network cannot be read, its layers do not fit together, or a column does not exist.
    """
    import json

    from derive.networks.toml import read_file
    from derive.sheets.networks import as_data, asked, document
    from derive.sheets.specs import NetworkSpec

    text = options.network
    network = read_file(_file(text), text) if text.endswith(".toml") else None
    shown = _names(options.columns), _names(options.blank)
    counting = (options.operations, options.bias_counted, options.bytes, options.compact, options.formulas)
    made = asked(NetworkSpec(text, network, *shown, *counting))
    if options.format == "json":
        written = json.dumps(as_data(made), indent=2, ensure_ascii=False) + "\n"
    else:
        written = in_format(document(made, "network"), options.format)
    put_out(written, options.output)
    return 0
