r"""Sizes along an axis through windows, and what an output sees of the input.

Through windows a size stays of the form $\lfloor (N + a)/b \rfloor$, where b is the product of the strides: a window
of k places at distance d, moved by s over t zeros and the entries, has $\lfloor (w + t - d(k-1) - 1)/s \rfloor + 1$
places, and floors nest. This form is found here and proved in `table`; the least N for which no layer is empty is read
off it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer, S, Symbol

from derive.language import integer
from derive.networks.layers import Layer, Size
from derive.rules.integers import quotient


@dataclass(frozen=True)
class Window:
    """A window along one axis; `padding` zeros in all, `before` of them in front."""

    kernel: int
    stride: int
    padding: int
    before: int
    dilation: int

    @property
    def reach(self) -> int:
        """From the first place covered to the last."""
        return self.dilation * (self.kernel - 1)


def windows(layer: Layer, rank: int) -> tuple[Window, ...] | str:
    """The window along each axis; a sentence where the layer gives another number of them."""
    found = []
    parts = {"window": layer.kernel, "stride": layer.stride, "dilation": layer.dilation}
    padding = layer.padding if isinstance(layer.padding, tuple) else (0,)
    for name, numbers in (*parts.items(), ("padding", padding)):
        if len(numbers) not in (1, rank):
            return f"the {name} has {len(numbers)} numbers, and there are {rank} axes"
    for axis in range(rank):
        kernel, stride, dilation, zeros = (
            numbers[axis if len(numbers) > 1 else 0] for numbers in (*parts.values(), padding)
        )
        reach = dilation * (kernel - 1)
        total, before = (reach, reach // 2) if layer.padding == "same" else (2 * zeros, zeros)
        found.append(Window(kernel, stride, total, before, dilation))
    return tuple(found)


@dataclass(frozen=True)
class Along:
    """A size floor((symbol + shift)/jump), or the number `shift`."""

    symbol: Symbol | None
    shift: int
    jump: int = 1

    @classmethod
    def of(cls, size: Size) -> Along:
        """The size of an input."""
        return cls(integer(size), 0) if isinstance(size, str) else cls(None, size)

    def through(self, window: Window) -> Along:
        """The number of places of a window; not positive where it does not fit."""
        more = window.padding - window.reach - 1
        if self.symbol is None:
            return Along(None, (self.shift + more) // window.stride + 1)
        return Along(self.symbol, self.shift + self.jump * (more + window.stride), self.jump * window.stride)

    @property
    def least(self) -> int:
        """The least value of the symbol for which this is at least 1; for a number, 1 if it is and 0 if not."""
        return self.jump - self.shift if self.symbol is not None else int(self.shift >= 1)

    @property
    def term(self) -> Expr:
        """As it is written.

        Example:
            >>> Along(integer("N"), 0).through(Window(2, 2, 0, 0, 1)).through(Window(2, 2, 0, 0, 1)).term
            floor(N/4)
        """
        if self.symbol is None:
            return Integer(self.shift)
        whole, rest = divmod(self.shift, self.jump)
        if self.jump == 1:
            return self.symbol + self.shift
        return quotient(self.symbol + rest, Integer(self.jump)) + whole


@dataclass(frozen=True)
class Sight:
    """What output 0 sees along an axis: from `first` to `last`, which are `field` places, and moves by `jump`."""

    jump: int = 1
    first: Expr = S.Zero
    last: Expr = S.Zero
    field: Expr = S.One
