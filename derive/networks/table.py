"""The table of a network: for each layer its output, parameters, activations, operations, field, stride and memory.

Every number comes from `cells`: a proved claim at the sizes of the layer. The hypotheses under which no layer is empty
are found first and are those of every derivation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Add, Expr, Integer, Symbol

from derive.errors import NetworkError
from derive.kernel.checker import Memory
from derive.language import Condition, Context, declare, ge, integer
from derive.networks import formulas
from derive.networks.cells import Cells, Tally, equal_to
from derive.networks.layers import IN_PLACE, Item, Layer, Network, Residual, Size
from derive.networks.sizes import Along, Sight, Window, windows

COLUMNS = ("output", "parameters", "activations", "operations", "field", "stride", "memory")


@dataclass(frozen=True)
class Conventions:
    """How is counted.

    Attributes:
        operations: Of a multiplication and the addition of its result: 1 or 2.
        bias_counted: Whether adding a bias counts as an operation.
        bytes: Of a number in memory.
    """

    operations: int = 1
    bias_counted: bool = False
    bytes: int = 4


@dataclass(frozen=True)
class Row:
    """One layer; sizes are terms.

    Attributes:
        name: As it is written; `branch` is how many residual blocks it stands in, `shortcut` whether in their shortcut.
        output: Sizes of the axes, then the channels; one size for a row of values.
        activations: Values of the output; `stored` is False where they take the place of the input.
        field, stride: For each axis of the input; empty where there is none, the stride also after the axes are gone.
        memory: Bytes of the parameters and of the output where it is stored.
    """

    name: str
    output: tuple[Expr, ...]
    parameters: Expr
    activations: Expr
    operations: Expr
    field: tuple[Expr, ...]
    stride: tuple[Expr, ...]
    memory: Expr
    stored: bool = True
    branch: int = 0
    shortcut: bool = False


@dataclass(frozen=True)
class NetworkTable:
    """A network with all of its numbers.

    Attributes:
        context: The letters with the hypotheses under which no layer is empty.
        total: Parameters, operations, memory, and the activations that are stored.
        tally: What was looked at.
    """

    network: Network
    conventions: Conventions
    context: Context
    rows: tuple[Row, ...]
    total: dict[str, Expr]
    tally: Tally

    @property
    def needed(self) -> tuple[Condition, ...]:
        """The hypotheses."""
        return self.context.hypotheses


@dataclass(frozen=True)
class _State:
    """What the next layer sees: sizes (terms, and how they hang on the input), channels, the sight along each axis."""

    along: tuple[Along, ...]
    channels: Expr
    sight: tuple[Sight, ...]
    extent: tuple[Expr, ...] = ()
    """For values in a row: how many outputs along each axis they are from; 1 where a layer has seen them all."""
    kept: bool = False
    """Whether another branch needs these values, so that nothing may take their place."""

    @property
    def sizes(self) -> tuple[Expr, ...]:
        return tuple(a.term for a in self.along)


def table_of(
    network: Network, conventions: Conventions = Conventions(), text: str = "", memory: Memory | None = None
) -> NetworkTable:
    """The table, every number proved.

    Args:
        network: Input and layers.
        conventions: How is counted.
        text: What the network was read from, for sentences that point into it.
        memory: Shared between checks.

    Raises:
        NetworkError: layers that do not fit together, or one without output.

    Example:
        >>> from derive.networks.reading import read_network
        >>> table = table_of(read_network("NxNx1 -> CONV3-F -> POOL2 -> CONV3-F -> POOL2 -> FLATTEN -> FC-3"))
        >>> [str(row.parameters) for row in table.rows], str(table.needed[0])
        (['10*F', '0', 'F*(9*F + 1)', '0', '0', '3*F*floor(N/4)**2 + 3'], 'N >= 4')
    """
    return _Maker(network, conventions, text, memory).table()


class _Maker:
    def __init__(self, network: Network, conventions: Conventions, text: str, memory: Memory | None) -> None:
        self.network, self.conventions, self.text = network, conventions, text
        *axes, channels = network.input
        along = tuple(map(Along.of, axes))
        self.start = _State(along, _term(channels), tuple(Sight() for _ in axes))
        self.least: dict[Symbol, int] = {}
        self.rows: list[Row] = []
        names = dict.fromkeys(s for s in (*network.input, *_filters(network.items)) if isinstance(s, str))
        self.declarations = tuple(declare(name, "size") for name in names)
        self.cells = Cells(Context(self.declarations), memory)

    def table(self) -> NetworkTable:
        # Shapes alone first: they say for which sizes no layer is empty.
        self._dry(self.network.items, self.start.along)
        needed = tuple(ge(symbol, least) for symbol, least in self.least.items() if least > 1)
        self.cells.context = context = Context(self.declarations, needed)
        self.items(self.network.items, self.start, 0, False)
        totals = {"parameters": [r.parameters for r in self.rows], "operations": [r.operations for r in self.rows],
                  "activations": [r.activations for r in self.rows if r.stored],
                  "memory": [r.memory for r in self.rows]}  # fmt: skip
        total = {name: self.cells.simplest(f"total {name}", Add(*cells)) for name, cells in totals.items()}
        return NetworkTable(self.network, self.conventions, context, tuple(self.rows), total, self.cells.tally)

    def error(self, item: Item, message: str) -> NetworkError:
        return NetworkError(message, self.text, item.column)

    def _dry(self, items: tuple[Item, ...], along: tuple[Along, ...]) -> tuple[Along, ...]:
        """Sizes through the items; notes what the letters must be at least."""
        for item in items:
            if isinstance(item, Residual):
                after = self._dry(item.main, along)
                self._dry(item.shortcut, along)
                along = after
            elif item.kernel:
                for axis, window in enumerate(self.windows(item, len(along))):
                    before = along[axis]
                    after_one = before.through(window)
                    if after_one.symbol is not None:
                        self.least[after_one.symbol] = max(self.least.get(after_one.symbol, 1), after_one.least)
                    elif not after_one.least:
                        has = before.shift + window.padding
                        what = f"covers {window.reach + 1} places and there are {has}"
                        raise self.error(item, f"{item.written} has no output: its window {what}")
                    along = (*along[:axis], after_one, *along[axis + 1 :])
            elif item.kind in ("GAP", "FLATTEN"):
                along = ()
        return along

    def windows(self, layer: Layer, rank: int) -> tuple[Window, ...]:
        if rank == 0:
            raise self.error(layer, f"{layer.written} needs an image or a signal, and here are values in a row")
        found = windows(layer, rank)
        if isinstance(found, str):
            raise self.error(layer, f"{layer.written}: {found}")
        return found

    def items(self, items: tuple[Item, ...], state: _State, branch: int, shortcut: bool) -> _State:
        for item in items:
            if isinstance(item, Residual):
                state = self.residual(item, state, branch, shortcut)
            else:
                state = self.layer(item, state, branch, shortcut)
        return state

    def residual(self, item: Residual, state: _State, branch: int, shortcut: bool) -> _State:
        main = self.items(item.main, replace(state, kept=True), branch + 1, shortcut)
        other = self.items(item.shortcut, state, branch + 1, True)
        shapes = [(*s.sizes, s.channels) for s in (main, other)]
        if shapes[0] != shapes[1]:
            one, two = (" x ".join(map(str, shape)) for shape in shapes)
            raise self.error(item, f"the branches have outputs of {one} and {two}, which cannot be added")
        if [s.jump for s in main.sight] != [s.jump for s in other.sight]:
            raise self.error(item, "the branches move over the input by different strides")
        sight = tuple(self.both(item, *pair) for pair in zip(main.sight, other.sight, strict=True))
        extent = tuple(Integer(1) if 1 in pair else pair[0] for pair in zip(main.extent, other.extent, strict=True))
        joined = replace(main, sight=sight, extent=extent, kept=False)
        self.row("ADD", joined, Integer(0), Integer(0), branch, shortcut, in_place=not main.kept)
        return joined

    def both(self, item: Residual, one: Sight, other: Sight) -> Sight:
        """From the first place that either sees to the last."""
        difference = one.last - other.last
        if not difference.is_Integer:
            raise self.error(item, "how far the branches see cannot be compared for all sizes")
        start, end = min(one.first, other.first), one.last if difference >= 0 else other.last
        return self.seen(Sight(one.jump, start, end), Integer(1))

    def layer(self, layer: Layer, state: _State, branch: int, shortcut: bool) -> _State:
        parameters = operations = Integer(0)
        rank = len(state.along)
        kind = layer.kind
        if layer.kernel:
            found = self.windows(layer, rank)
            along = tuple(self.through(*pair) for pair in zip(state.along, found, strict=True))
            channels = state.channels
            if kind in ("CONV", "DWCONV"):
                filters = _term(layer.filters) if layer.filters is not None else channels
                inside = Integer(1) if kind == "DWCONV" else self.per_group(layer, channels, filters)
                kernel = tuple(Integer(window.kernel) for window in found)
                given = {formulas.f: filters, formulas.n: inside, **formulas.at_axes("k", kernel)}
                counted = {**given, formulas.b: Integer(layer.bias)}
                parameters = self.cells.at(formulas.weights(rank), counted, f"parameters of {layer.written}")
                places = formulas.at_axes("m", tuple(a.term for a in along))
                counted = {**given, **self.counting(layer), **places}
                operations = self.cells.at(formulas.operations(rank), counted, f"operations of {layer.written}")
                channels = filters
            sight = tuple(
                self.seen(seen, Integer(w.kernel), w.stride, w.before, w.dilation)
                for seen, w in zip(state.sight, found, strict=True)
            )
            state = _State(along, channels, sight)
        elif kind == "GAP":
            if not rank:
                raise self.error(layer, "GAP takes means over an image or a signal, and here are values in a row")
            state = _State((), state.channels, self.seen_whole(state.sight, state.sizes), (Integer(1),) * rank)
        elif kind == "FLATTEN":
            values = self.values(state)
            state = _State((), values, state.sight, state.sizes if rank else state.extent, state.kept)
        elif kind == "FC":
            if rank:
                raise self.error(layer, f"{layer.written} takes values in a row: put FLATTEN or GAP before it")
            assert layer.filters is not None
            given = {formulas.f: _term(layer.filters), formulas.n: state.channels}
            counted = {**given, formulas.b: Integer(layer.bias)}
            parameters = self.cells.at(formulas.weights(0), counted, f"parameters of {layer.written}")
            counted = {**given, **self.counting(layer)}
            operations = self.cells.at(formulas.operations(0), counted, f"operations of {layer.written}")
            sight = self.seen_whole(state.sight, state.extent)
            state = _State((), _term(layer.filters), sight, (Integer(1),) * len(state.extent))
        elif kind == "BN":
            parameters = self.cells.at(formulas.scales(), {formulas.n: state.channels}, "parameters of BN")
        in_place = kind in IN_PLACE and (kind == "FLATTEN" or not state.kept)
        self.row(layer.written, state, parameters, operations, branch, shortcut, in_place)
        return state if in_place else replace(state, kept=False)

    def counting(self, layer: Layer) -> dict[Symbol, Expr]:
        """How operations are counted: whether a bias is one, and how many a multiply-add is."""
        bias = layer.bias and self.conventions.bias_counted
        return {formulas.b: Integer(bias), formulas.u: Integer(self.conventions.operations)}

    def per_group(self, layer: Layer, channels: Expr, filters: Expr) -> Expr:
        """Channels that a filter takes."""
        if layer.groups == 1:
            return channels
        for what, number in (("channels", channels), ("filters", filters)):
            if not number.is_Integer or number % layer.groups:
                raise self.error(layer, f"{number} {what} cannot be divided into {layer.groups} groups")
        return Integer(int(channels) // layer.groups)

    def through(self, along: Along, window: Window) -> Along:
        """The size after a window, proved to be of the form that was foreseen."""
        after = along.through(window)
        claim = formulas.places(window.kernel, window.stride, window.padding, window.dilation)
        found = self.cells.at(claim, {formulas.w: along.term}, f"size {after.term}", equal_to(after.term))
        if found != after.term:
            raise NetworkError(f"a size of {found} was foreseen as {after.term}")
        return after

    def seen_whole(self, sight: tuple[Sight, ...], extent: tuple[Expr, ...]) -> tuple[Sight, ...]:
        """What is seen by a layer that takes all outputs at once."""
        return tuple(self.seen(*pair) for pair in zip(sight, extent, strict=True))

    def seen(self, sight: Sight, kernel: Expr, stride: int = 1, before: int = 0, dilation: int = 1) -> Sight:
        """What is seen through a window."""
        numbers = {formulas.s: stride, formulas.p: before, formulas.d: dilation, formulas.j: sight.jump}
        given = {symbol: Integer(number) for symbol, number in numbers.items()}
        given |= {formulas.k: kernel, formulas.a: sight.first, formulas.e: sight.last}
        found = []
        for claim in (formulas.first(), formulas.last(), formulas.field()):
            values = {symbol: given[symbol] for symbol in claim.context.symbols if symbol != formulas.i}
            found.append(self.cells.at(claim, values, claim.name.removeprefix("networks.")))
        return Sight(sight.jump * stride, *found)

    def values(self, state: _State) -> Expr:
        given = {formulas.n: state.channels, **formulas.at_axes("m", state.sizes)}
        return self.cells.at(formulas.values(len(state.along)), given, "activations")

    def row(
        self, name: str, state: _State, parameters: Expr, operations: Expr, branch: int, shortcut: bool, in_place: bool
    ) -> None:
        activations = self.values(state)
        stored = parameters if in_place else parameters + activations
        memory = self.cells.simplest(f"memory of {name}", self.conventions.bytes * stored)
        stride = tuple(Integer(s.jump) for s in state.sight) if state.along else ()
        field = tuple(s.field for s in state.sight)
        output = (*state.sizes, state.channels)
        numbers = (output, parameters, activations, operations, field, stride, memory)
        self.rows.append(Row(name, *numbers, not in_place, branch, shortcut))


def _term(size: Size) -> Expr:
    return integer(size) if isinstance(size, str) else Integer(size)


def _filters(items: tuple[Item, ...]) -> Iterator[Size]:
    for item in items:
        if isinstance(item, Residual):
            yield from _filters((*item.main, *item.shortcut))
        elif item.filters is not None:
            yield item.filters
