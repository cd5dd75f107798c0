"""What a network is made of, as frozen data: the input, layers, residual blocks; kinds of layers, what they take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Size: TypeAlias = int | str
"""A number, or a capital letter that stands for any size."""

MOST_LAYERS, DEEPEST, LONGEST, LARGEST = 600, 6, 20_000, 10**9
"""How much is read: layers with repetitions written out, brackets within brackets, characters, each number."""


@dataclass(frozen=True)
class Kind:
    """A kind of layer.

    Attributes:
        kernel, filters: 'needed', 'allowed' or '' (there is none).
        options: The letters and words that may stand behind a slash.
        meaning: For the list of all.
    """

    kernel: str
    filters: str
    options: tuple[str, ...]
    meaning: str


_WINDOW = ("s", "p", "same", "valid")
KINDS: dict[str, Kind] = {
    "CONV": Kind("needed", "needed", (*_WINDOW, "d", "g", "bias", "nobias"), "convolution, F filters of width k"),
    "DWCONV": Kind("needed", "", (*_WINDOW, "d", "bias", "nobias"), "convolution of each channel by itself"),
    "POOL": Kind("needed", "", _WINDOW, "maximum of each window of k"),
    "AVGPOOL": Kind("needed", "", _WINDOW, "mean of each window of k"),
    "GAP": Kind("", "", (), "mean of each channel"),
    "FLATTEN": Kind("", "", (), "all values in a row"),
    "FC": Kind("", "needed", ("bias", "nobias"), "dense layer with n outputs"),
    "BN": Kind("", "", (), "batch normalisation, a scale and a shift for each channel"),
    "RELU": Kind("", "", (), "value by value"),
    "TANH": Kind("", "", (), "value by value"),
    "SIGMOID": Kind("", "", (), "value by value"),
    "SOFTMAX": Kind("", "", (), "no parameters"),
    "DROPOUT": Kind("", "", (), "no parameters"),
}
ALIASES = {"MAXPOOL": "POOL", "DENSE": "FC", "LINEAR": "FC", "BATCHNORM": "BN", "DEPTHWISE": "DWCONV"}
VALUE_BY_VALUE = ("RELU", "TANH", "SIGMOID", "SOFTMAX", "DROPOUT")
"""Layers without parameters that keep the shape."""
IN_PLACE = ("FLATTEN", "BN", *VALUE_BY_VALUE)
"""Layers that write into the place of their input, unless a shortcut needs it: no numbers are stored a second time."""


@dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes:
        kind: A key of KINDS.
        kernel, stride, dilation: One number for all axes or one for each; empty where there is no window.
        padding: 'same', or zeros on each side, for all axes or for each.
        groups: Into how many the channels are divided.
        filters: How many there are, or outputs of a dense layer.
        bias: Whether each filter has one.
        column: Where it stands in the text, from 1; 0 for none.
    """

    kind: str
    kernel: tuple[int, ...] = ()
    stride: tuple[int, ...] = ()
    padding: str | tuple[int, ...] = (0,)
    dilation: tuple[int, ...] = (1,)
    groups: int = 1
    filters: Size | None = None
    bias: bool = True
    column: int = field(default=0, compare=False)

    @property
    def written(self) -> str:
        """As the short text has it, without what goes without saying.

        Example:
            >>> Layer("CONV", (3,), (2,), "same", filters=10).written
            'CONV3-10/s2'
        """
        text = self.kind + "x".join(map(str, self.kernel)) + (f"-{self.filters}" if self.filters is not None else "")
        if self.kernel:
            usual = self.kernel if self.kind in ("POOL", "AVGPOOL") else (1,)
            if _spread(self.stride) != _spread(usual):
                text += f"/s{_short(self.stride)}"
            if self.kind in ("CONV", "DWCONV"):
                if self.padding == (0,) and self.kernel != (1,):
                    text += "/valid"
                elif self.padding not in ("same", (0,)):
                    text += f"/p{_short(self.padding)}"
            elif self.padding != (0,):
                text += "/same" if self.padding == "same" else f"/p{_short(self.padding)}"
            if _spread(self.dilation) != (1,):
                text += f"/d{_short(self.dilation)}"
        if self.groups != 1:
            text += f"/g{self.groups}"
        return text if self.bias else f"{text}/nobias"


@dataclass(frozen=True)
class Residual:
    """Two branches from the same input whose outputs are added; without a shortcut the input itself is added."""

    main: tuple[Item, ...]
    shortcut: tuple[Item, ...] = ()
    column: int = field(default=0, compare=False)


Item: TypeAlias = Layer | Residual


@dataclass(frozen=True)
class Network:
    """An input and what follows.

    Attributes:
        input: Sizes, the channels last: (height, width, channels), (length, channels) or (features,).
        items: Layers and residual blocks; repetitions are written out.
    """

    input: tuple[Size, ...]
    items: tuple[Item, ...]


def _short(numbers: str | tuple[int, ...]) -> str:
    return "x".join(map(str, numbers))


def _spread(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return numbers[:1] if len(set(numbers)) == 1 else numbers


def layers_in(items: tuple[Item, ...]) -> int:
    """How many layers there are, in all branches."""
    return sum(1 if isinstance(i, Layer) else 1 + layers_in(i.main) + layers_in(i.shortcut) for i in items)
