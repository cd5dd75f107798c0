"""Receptive fields as figures: the layers as rows of cells, and what one output sees, layer by layer.

Where a field begins and ends, how far apart neighbours stand and where the middle of what they see is comes from the
proved claims on receptive fields, at the numbers of the stack. Which places are seen is followed up one by one, from
what each layer reads of the one before it; figures whose two ends do not agree are not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.constructs.construct import Claim
from derive.constructs.registry import claim as find_claim
from derive.errors import BadInput, OracleDisagrees, Unevaluable
from derive.kernel.checker import Memory, check
from derive.kernel.derivation import Derivation
from derive.language import Array
from derive.language.numbers import as_rational
from derive.language.points import evaluate
from derive.language.reach import Samples
from derive.render.document import Latex, Strong, Words
from derive.render.drawings import Box, CellRow, CellRows, Link
from derive.sheets.answers import Checked
from derive.sheets.specs import FigureSpec

MOST_PLACES = 64
"""From the first to the last place of a row."""
LAYERS = ("K", "S", "D", "P")
"""The arrays of the claims, in the order of what a layer is told as."""
_AROUND = 1
"""Cells beside a field that are shown where the input has no borders."""
REMARK: Words = (
    Strong("Figures of receptive fields."),
    " Where a field begins, ends and has its middle is from proved claims, at these numbers; which places are seen was "
    "followed up one by one, from what each layer reads.",
)
_USUAL = (None, Fraction(1), Fraction(1), Fraction(0))
Layer = tuple[int, int, int, int]


@dataclass(frozen=True)
class Field:
    """What one output sees.

    Attributes:
        stack: Kernel, stride, dilation and padding of each layer.
        output: Whose field it is.
        seen: The places that are seen, of the input, of layer 1 and so on to the output itself; of padding it says that
            it is read, and nothing is followed up from there.
        sizes: How many places each of them has; None without borders.
        jumps, middles: Place p of a layer stands at p times its jump plus its middle, in places of the input.
    """

    stack: tuple[Layer, ...]
    output: int
    seen: tuple[tuple[int, ...], ...]
    sizes: tuple[int, ...] | None
    jumps: tuple[Fraction, ...]
    middles: tuple[Fraction, ...]

    def at(self, layer: int, place: int) -> Fraction:
        """Where a cell stands."""
        return self.jumps[layer] * place + self.middles[layer]

    def has(self, layer: int, place: int) -> bool:
        """Whether the layer has this place; without borders it has all."""
        return self.sizes is None or 0 <= place < self.sizes[layer]

    def reads(self, layer: int, place: int) -> tuple[int, ...]:
        """Which places of the layer before it an output of a layer (from 1) reads."""
        kernel, stride, dilation, padding = self.stack[layer - 1]
        return tuple(stride * place - padding + dilation * tap for tap in range(kernel))


class _Proved:
    """Claims at a stack; a class to hold the numbers of the stack."""

    def __init__(self, stack: Sequence[Layer], memory: Memory) -> None:
        self.memory = memory
        self.known: dict[str, tuple[Claim, Derivation]] = {}
        self.numbers: dict[str, dict[tuple[int, ...], Fraction]] = {
            name: {(layer,): Fraction(numbers[place]) for layer, numbers in enumerate(stack, start=1)}
            for place, name in enumerate(LAYERS)
        }

    def value(self, path: str, **point: int) -> Fraction:
        """The proved right side there, compared with the claim's oracle."""
        if path not in self.known:
            _, found = find_claim(path)
            self.known[path] = found, found.derive()
            check(self.known[path][1], self.memory, explain=False)
        claim, derivation = self.known[path]
        context = derivation.context
        at = {symbol: point[symbol.name] for symbol in context.symbols}
        arrays: Mapping[Array, Samples] = {a: Samples(self.numbers[a.name]) for a in context.arrays}
        value = as_rational(evaluate(derivation.right, at, context, arrays))
        named = {symbol.name: point[symbol.name] for symbol in context.symbols}
        expected = claim.oracle(**named, **{a.name: given for a, given in arrays.items()})
        if value != expected:
            raise OracleDisagrees(f"{path} is proved, but its definition gives {expected} and not {value}")
        return value


def field(stack: tuple[Layer, ...], size: int, output: int | None, memory: Memory) -> Field:
    """What an output sees of each layer.

    Args:
        stack: Kernel, stride, dilation and padding of each layer.
        size: How many places the input has; 0 for no borders.
        output: Whose field it is; None for the one in the middle, or for output 0 where there are no borders.
        memory: What was checked before.

    Raises:
        BadInput: a layer has no output, there is no such output, or there are too many places for a figure.
        OracleDisagrees: what was followed up is not what was derived.
    """
    proved, depth = _Proved(stack, memory), len(stack)
    sizes = _sizes(stack, size, memory) if size else None
    if output is None:
        output = (sizes[-1] - 1) // 2 if sizes else 0
    if sizes and not 0 <= output < sizes[-1]:
        raise BadInput(f"there is no output {output}: the last layer has {sizes[-1]}, counted from 0")
    jumps = tuple(proved.value("receptive_field.jump", L=layer) for layer in range(depth + 1))
    middles = tuple(proved.value("receptive_field.centre", L=layer) for layer in range(depth + 1))
    whole = _followed(Field(stack, output, (), None, jumps, middles))
    for layer in range(depth + 1):
        ends = [
            proved.value(f"receptive_places.{which}", L=depth - layer, i=output, s=layer) for which in ("first", "last")
        ]
        first, last = whole.seen[layer][0], whole.seen[layer][-1]
        if [first, last] != ends:
            raise OracleDisagrees(
                f"output {output} sees the places {first} to {last} of layer {layer}, while receptive_places gives "
                f"{ends[0]} to {ends[1]}"
            )
    _check_input(whole, proved)
    return whole if sizes is None else _followed(replace(whole, sizes=sizes))


def _followed(start: Field) -> Field:
    """The field with the places that are seen, from the output down; what is no place of a layer reads nothing."""
    seen: list[tuple[int, ...]] = [(start.output,)]
    for layer in range(len(start.stack), 0, -1):
        real = [place for place in seen[0] if start.has(layer, place)]
        seen.insert(0, tuple(sorted({read for place in real for read in start.reads(layer, place)})))
    return replace(start, seen=tuple(seen))


def _check_input(made: Field, proved: _Proved) -> None:
    """The field as one number, and its middle, which is where the output is drawn."""
    low, high = made.seen[0][0], made.seen[0][-1]
    size = proved.value("receptive_field.size", L=len(made.stack))
    if high - low + 1 != size:
        raise OracleDisagrees(f"the field has {high - low + 1} places, while receptive_field.size gives {size}")
    if Fraction(low + high, 2) != made.at(len(made.stack), made.output):
        raise OracleDisagrees(f"the middle of the field is not where receptive_field.centre has output {made.output}")


def _sizes(stack: Sequence[Layer], size: int, memory: Memory) -> tuple[int, ...]:
    """How many places each layer has."""
    _, claim = find_claim("layer_sizes.output")
    derivation = claim.derive()
    check(derivation, memory, explain=False)
    by_name = {symbol.name: symbol for symbol in derivation.context.symbols}
    found = [size]
    for number, (kernel, stride, dilation, padding) in enumerate(stack, start=1):
        named = {"W": found[-1], "K": kernel, "S": stride, "D": dilation, "P": padding}
        try:
            value = as_rational(evaluate(derivation.right, {by_name[n]: v for n, v in named.items()}))
        except Unevaluable as problem:
            raise BadInput(f"layer {number} has no size: {problem}") from None
        expected = claim.oracle(**named)
        if value != expected:
            raise OracleDisagrees(f"layer {number} has {expected} outputs, while layer_sizes.output gives {value}")
        if not value:
            raise BadInput(f"layer {number} has no output: its kernel does not fit into {found[-1]} places")
        found.append(int(value))
    return tuple(found)


def stack_of(spec: FigureSpec, checked: Checked | None) -> tuple[Layer, ...]:
    """The layers that the figure names, or else those of its claim.

    Raises:
        BadInput: there are none.
    """
    if spec.layers:
        return spec.layers
    given = dict(checked.arrays) if checked is not None else {}
    kernels = given.get("K")
    if kernels is None or len(kernels.shape) != 1:
        raise BadInput(
            "a figure of a receptive field needs layers, such as layers = [[3, 1], [3, 2]] with kernel and stride"
        )
    columns = []
    for name, usual in zip(LAYERS, _USUAL, strict=True):
        entries = given[name].entries if name in given else (usual,) * len(kernels.entries)
        columns.append([int(value or 0) for value in entries])
    return tuple((k, s, d, p) for k, s, d, p in zip(*columns, strict=True))


def receptive_field(name: str, spec: FigureSpec, caption: Words, checked: Checked | None, memory: Memory) -> CellRows:
    """The figure.

    Raises:
        BadInput: no layers, or too many places; what `field` says.
    """
    found = field(stack_of(spec, checked), spec.size, spec.output, memory)
    if max(map(len, found.seen)) > MOST_PLACES or spec.size > MOST_PLACES:
        raise BadInput(f"a figure of a receptive field has at most {MOST_PLACES} places in a row")
    rows, places = [], []
    for layer in range(len(found.stack), -1, -1):
        shown = _shown(found, layer)
        if shown[-1] - shown[0] >= MOST_PLACES:
            raise BadInput(f"a figure of a receptive field has at most {MOST_PLACES} places in a row")
        rows.append(_row(found, layer, shown, spec.in_question))
        places.append(shown)
    links = [] if spec.in_question else _links(found, places)
    said = caption or _caption(found, spec.in_question)
    return CellRows(name, tuple(rows), tuple(links), said, _alt(found, spec.in_question))


def _shown(found: Field, layer: int) -> tuple[int, ...]:
    """The places of a layer that have a cell."""
    seen = found.seen[layer] or (0,)
    if found.sizes is None:
        around = _AROUND if layer < len(found.stack) else 0
        return tuple(range(seen[0] - around, seen[-1] + around + 1))
    padding = found.stack[layer][3] if layer < len(found.stack) else 0
    return tuple(range(min(-padding, seen[0]), max(found.sizes[layer] - 1 + padding, seen[-1]) + 1))


def _row(found: Field, layer: int, shown: Sequence[int], hidden: bool) -> CellRow:
    top, seen = layer == len(found.stack), set(found.seen[layer])
    cells = []
    for place in shown:
        inside = found.has(layer, place)
        shade = "" if inside else "outside"
        if place in seen and not hidden:
            shade = "seen" if inside else "outside seen"
        if top and place == found.output:
            shade = "chosen"
        cells.append(Box(found.at(layer, place), str(place) if inside else "", shade))
    if layer == 0:
        label: Words = ("input",)
    else:
        letters = zip("KSDP", found.stack[layer - 1], (0, 1, 1, 0), strict=True)
        told = r",\, ".join(f"{name}={value}" for name, value, usual in letters if value != usual)
        label = (f"layer {layer}: ", Latex(told))
    note = () if hidden or top else (_counted(len([place for place in seen if found.has(layer, place)])),)
    return CellRow(label, tuple(cells), note)


def _links(found: Field, places: Sequence[Sequence[int]]) -> list[Link]:
    """From each cell that is seen to those that it reads."""
    made, depth = [], len(found.stack)
    for row, layer in enumerate(range(depth, 0, -1)):
        for place in (p for p in found.seen[layer] if found.has(layer, p)):
            ends = [places[row + 1].index(read) for read in found.reads(layer, place)]
            made += [Link(row, places[row].index(place), end) for end in ends]
    return made


def _counted(number: int) -> str:
    return f"{number} place{'' if number == 1 else 's'}"


def _layers(found: Field) -> str:
    names = ("kernel", "stride", "dilation", "padding")
    usual = (0, 1, 1, 0)
    said = []
    for number, numbers in enumerate(found.stack, start=1):
        told = [f"{n} {v}" for n, v, u in zip(names, numbers, usual, strict=True) if v != u]
        said.append(f"layer {number} with {', '.join(told)}")
    return "; ".join(said)


def _caption(found: Field, hidden: bool) -> Words:
    if hidden:
        return (f"The layers as rows of cells; output {found.output} of the last one is marked.",)
    beside = " Cells with dashed edges are padding." if found.sizes and _padded(found) else ""
    return (f"What output {found.output} of the last layer sees, layer by layer, in grey.{beside}",)


def _padded(found: Field) -> bool:
    return any(numbers[3] for numbers in found.stack)


def _alt(found: Field, hidden: bool) -> str:
    rows = f"Rows of cells, one a layer, the last layer above and the input below: {_layers(found)}."
    if hidden:
        return f"{rows} Output {found.output} of the last layer is marked."
    told = []
    for layer in range(len(found.stack) - 1, -1, -1):
        seen = [place for place in found.seen[layer] if found.has(layer, place)]
        if not seen:
            told.append(f"padding alone of {f'layer {layer}' if layer else 'the input'}")
            continue
        whole = len(seen) == seen[-1] - seen[0] + 1
        which = f"places {seen[0]} to {seen[-1]}" if whole else f"the places {', '.join(map(str, seen))}"
        told.append(f"{_counted(len(seen))} of {f'layer {layer}' if layer else 'the input'} ({which})")
    beside = " Padding has dashed edges." if found.sizes and _padded(found) else ""
    return f"{rows} Output {found.output} of the last layer sees {'; '.join(told)}, which are grey.{beside}"
