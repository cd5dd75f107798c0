"""Networks run in plain Python, from the definition of each layer: what is stored, what is computed, what is seen.

Shares nothing with `derive/networks` but the frozen layers: arrays are dictionaries from places to values, a window is
put at every place, and what is counted are the objects made and the operations performed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from derive.networks.layers import Layer, Network, Residual

Place = tuple[int, ...]


class Number:
    """A number that counts what is done with it."""

    products = sums = 0

    def __init__(self, value: int) -> None:
        self.value = value

    def __mul__(self, other: Number) -> Number:
        Number.products += 1
        return Number(self.value * other.value)

    def __add__(self, other: Number) -> Number:
        Number.sums += 1
        return Number(self.value + other.value)


@dataclass
class Ran:
    """What a layer did: numbers that it holds, multiplications and additions of the weighted sums, its output."""

    name: str
    parameters: int
    products: int
    sums: int
    shape: Place
    values: int


Array = dict[Place, Number]


def run(network: Network) -> list[Ran]:
    """The network on an input of ones, layer by layer."""
    done: list[Ran] = []
    size = tuple(int(s) for s in network.input)
    start = {place: Number(1) for place in product(*map(range, size))}
    _items(network.items, start, done)
    return done


def shape_of(array: Array) -> Place:
    """How many different indices there are along each axis."""
    return tuple(len({place[axis] for place in array}) for axis in range(len(next(iter(array)))))


def _items(items, array: Array, done: list[Ran]) -> Array:
    for item in items:
        if isinstance(item, Residual):
            main = _items(item.main, array, done)
            other = _items(item.shortcut, array, done)
            assert main.keys() == other.keys()
            array = {place: Number(main[place].value + other[place].value) for place in main}
            done.append(Ran("ADD", 0, 0, 0, shape_of(array), len(array)))
        else:
            array = _layer(item, array, done)
    return array


def _layer(layer: Layer, array: Array, done: list[Ran]) -> Array:
    Number.products = Number.sums = 0
    weights: list[Number] = []
    if layer.kind in ("CONV", "DWCONV"):
        array = _convolved(layer, array, weights)
    elif layer.kind in ("POOL", "AVGPOOL"):
        array = _pooled(layer, array)
    elif layer.kind == "GAP":
        channels = {place[-1] for place in array}
        array = {(c,): Number(sum(v.value for p, v in array.items() if p[-1] == c)) for c in channels}
    elif layer.kind == "FLATTEN":
        array = {(number,): array[place] for number, place in enumerate(sorted(array))}
    elif layer.kind == "FC":
        taken = array
        array = {}
        for output in range(int(layer.filters)):
            total = Number(0)
            for place in taken:
                weights.append(Number(1))
                total = total + weights[-1] * taken[place]
            if layer.bias:
                weights.append(Number(1))
                total = total + weights[-1]
            array[output,] = total
    elif layer.kind == "BN":
        for _ in {place[-1] for place in array}:
            weights += [Number(1), Number(0)]
    done.append(Ran(layer.written, len(weights), Number.products, Number.sums, shape_of(array), len(array)))
    return array


def per_axis(numbers, rank: int) -> Place:
    """One number for each axis."""
    return tuple(numbers) * rank if len(numbers) == 1 else tuple(numbers)


def zeros(layer: Layer, rank: int) -> list[tuple[int, int]]:
    """Zeros before and behind the entries along each axis."""
    if layer.padding == "same":
        total = [d * (k - 1) for d, k in zip(per_axis(layer.dilation, rank), per_axis(layer.kernel, rank), strict=True)]
        return [(t // 2, t - t // 2) for t in total]
    return [(p, p) for p in per_axis(layer.padding, rank)]


def starts(layer: Layer, size: Place) -> list[list[int]]:
    """Along each axis the places, counted in entries, at which a window begins that lies within the padded ones."""
    rank = len(size)
    kernel, stride, dilation = (per_axis(n, rank) for n in (layer.kernel, layer.stride, layer.dilation))
    found = []
    for axis, (before, behind) in enumerate(zeros(layer, rank)):
        fits, place = [], -before
        while all(place + dilation[axis] * tap < size[axis] + behind for tap in range(kernel[axis])):
            fits.append(place)
            place += stride[axis]
        found.append(fits)
    return found


def taps(layer: Layer, rank: int) -> list[Place]:
    """Where a window looks, from its start."""
    kernel, dilation = per_axis(layer.kernel, rank), per_axis(layer.dilation, rank)
    return list(product(*([d * t for t in range(k)] for k, d in zip(kernel, dilation, strict=True))))


def _convolved(layer: Layer, array: Array, weights: list[Number]) -> Array:
    *size, channels = shape_of(array)
    groups = channels if layer.kind == "DWCONV" else layer.groups
    filters = channels if layer.kind == "DWCONV" else int(layer.filters)
    rank, result = len(size), {}
    for output in range(filters):
        group = output // (filters // groups)
        inside = range(group * (channels // groups), (group + 1) * (channels // groups))
        kernel = {(tap, c): Number(1) for tap in taps(layer, rank) for c in inside}
        bias = [Number(1)] if layer.bias else []
        weights += [*kernel.values(), *bias]
        for number in product(*map(enumerate, starts(layer, tuple(size)))):
            total = Number(0)
            for (tap, c), weight in kernel.items():
                place = tuple(start + t for (_, start), t in zip(number, tap, strict=True))
                total = total + weight * array.get((*place, c), Number(0))
            for b in bias:
                total = total + b
            result[(*(n for n, _ in number), output)] = total
    return result


def _pooled(layer: Layer, array: Array) -> Array:
    *size, channels = shape_of(array)
    rank, result = len(size), {}
    for c in range(channels):
        for number in product(*map(enumerate, starts(layer, tuple(size)))):
            seen = []
            for tap in taps(layer, rank):
                place = tuple(start + t for (_, start), t in zip(number, tap, strict=True))
                seen.append(array[(*place, c)].value if (*place, c) in array else 0)
            result[(*(n for n, _ in number), c)] = Number(max(seen))
    return result


Seen = dict[Place, list[set[int]]]


def trace(network: Network) -> list[tuple[str, Seen]]:
    """For each layer and place of its output, which places of the input it hangs on, along each axis.

    Channels hang on each other only through convolutions, which take them all, so that one channel says it.
    """
    *size, _ = (int(s) for s in network.input)
    start = {place: [{p} for p in place] for place in product(*map(range, size))}
    done: list[tuple[str, Seen]] = []
    _traced(network.items, start, done)
    return done


def _traced(items, seen: Seen, done: list[tuple[str, Seen]]) -> Seen:
    for item in items:
        if isinstance(item, Residual):
            main, other = _traced(item.main, seen, done), _traced(item.shortcut, seen, done)
            assert main.keys() == other.keys()
            seen = {place: _joined([main[place], other[place]]) for place in main}
            done.append(("ADD", seen))
            continue
        if item.kernel:
            rank = len(next(iter(seen)))
            size = tuple(max(place[axis] for place in seen) + 1 for axis in range(rank))
            before, seen = seen, {}
            for number in product(*map(enumerate, starts(item, size))):
                places = [
                    tuple(start + t for (_, start), t in zip(number, tap, strict=True)) for tap in taps(item, rank)
                ]
                seen[tuple(n for n, _ in number)] = _joined([before[p] for p in places if p in before])
        elif item.kind in ("GAP", "FC"):
            seen = {(): _joined(list(seen.values()))}
        done.append((item.written, seen))
    return seen


def _joined(parts: list[list[set[int]]]) -> list[set[int]]:
    return [set().union(*axes) for axes in zip(*parts, strict=True)]
