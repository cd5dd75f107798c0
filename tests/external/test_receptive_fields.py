"""Receptive fields against networks that run: one entry of the input is NaN, and one looks where NaN comes out.

Plain NumPy layers (a convolution with random weights, max pooling, average pooling) with any kernel, stride, dilation
and padding know nothing of receptive fields. All entries are tried, so the set of places that an output depends on is
known; its least and greatest place, and how they move from output to output, are compared with what was derived.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from derive.constructs import (
    receptive_axes,
    receptive_boxes,
    receptive_equal_layers,
    receptive_pooling,
    receptive_pooling_gain,
    receptive_stack,
)
from derive.kernel.derivation import Derivation
from derive.language import Array
from derive.language.points import Samples, evaluate

ON_A_LINE, IN_THE_PLANE = 150, 60
KINDS = ("convolution", "largest", "mean")


@dataclass(frozen=True)
class Layer:
    """Kernel, stride, dilation and padding on each axis, and what is done with the entries that are read."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: tuple[int, ...]
    kind: str


def draw(rng: random.Random, axes: int, most: int) -> list[Layer]:
    """A stack of layers, of which some are wide, some stride over places, some see holes."""

    def numbers(low: int, high: int) -> tuple[int, ...]:
        return tuple(rng.randint(low, high) for _ in range(axes))

    def layer() -> Layer:
        return Layer(numbers(1, most), numbers(1, most - 1), numbers(1, most - 1), numbers(0, 2), rng.choice(KINDS))

    return [layer() for _ in range(rng.randint(1, 4 if axes == 1 else 2))]


def run(layers: Sequence[Layer], signals: Any, rng: random.Random) -> Any:
    """The outputs of the network for a batch of signals: plain loops over the places of each kernel."""
    for layer in layers:
        axes = range(signals.ndim - 1)
        padded = np.pad(signals, [(0, 0), *((p, p) for p in layer.padding)])
        reach = [layer.dilation[a] * (layer.kernel[a] - 1) for a in axes]
        number = [(padded.shape[a + 1] - reach[a] - 1) // layer.stride[a] + 1 for a in axes]
        parts = []
        for place in product(*(range(k) for k in layer.kernel)):
            first = [layer.dilation[a] * place[a] for a in axes]
            last = [first[a] + layer.stride[a] * (number[a] - 1) + 1 for a in axes]
            window = (slice(None), *(slice(first[a], last[a], layer.stride[a]) for a in axes))
            weight = rng.uniform(0.5, 1.5) if layer.kind == "convolution" else 1.0
            parts.append(weight * padded[window])
        if layer.kind == "largest":
            signals = np.max(parts, axis=0)
        else:
            signals = np.sum(parts, axis=0) / (len(parts) if layer.kind == "mean" else 1)
    return signals


def traced(layers: Sequence[Layer], shape: tuple[int, ...], outputs: Sequence[tuple[int, ...]]) -> list[Any]:
    """For each of the outputs the places of the input that it depends on."""
    size = int(np.prod(shape))
    rng = random.Random(7)
    batch = np.random.default_rng(7).uniform(size=(size, size))
    batch[np.arange(size), np.arange(size)] = np.nan
    made = np.isnan(run(layers, batch.reshape(size, *shape), rng))
    return [np.argwhere(made[(slice(None), *output)].reshape(shape)) for output in outputs]


def value(derivation: Derivation, sizes: dict[str, int], arrays: dict[str, Any]) -> int:
    """The right side that was derived, evaluated exactly."""
    context = derivation.context
    point = {s: Fraction(sizes[s.name]) for s in context.symbols}
    drawn: dict[Array, Samples] = {one: Samples(arrays[one.name]) for one in context.arrays}
    found = evaluate(derivation.right, point, context, drawn)
    assert Fraction(found).denominator == 1
    return int(found)


SIZE, JUMP, OFFSET = receptive_stack.size(), receptive_stack.jump(), receptive_stack.offset()


def expected(layers: Sequence[Layer], axis: int) -> tuple[int, int, int]:
    """Field, jump and first place on an axis, as derived."""
    lists = {"K": [x.kernel for x in layers], "S": [x.stride for x in layers]}
    lists |= {"D": [x.dilation for x in layers], "P": [x.padding for x in layers]}
    arrays = {
        name: {(number,): Fraction(given[axis]) for number, given in enumerate(rows, start=1)}
        for name, rows in lists.items()
    }
    field, jump, offset = (value(one, {"N": len(layers)}, arrays) for one in (SIZE, JUMP, OFFSET))
    return field, jump, offset


def compared(layers: Sequence[Layer], axes: int) -> None:
    """An output whose field lies within the input, and its neighbours along each axis."""
    known = [expected(layers, axis) for axis in range(axes)]
    shape = tuple(field + 2 * jump for field, jump, _ in known)
    middle = tuple(-(offset // jump) for _, jump, offset in known)
    outputs = [middle, *(tuple(m + (a == b) for b, m in enumerate(middle)) for a in range(axes))]
    agree(traced(layers, shape, outputs), outputs, known)


def agree(seen: Sequence[Any], outputs: Sequence[tuple[int, ...]], known: Sequence[tuple[int, int, int]]) -> None:
    """What was traced is what is claimed, on each axis."""
    for output, places in zip(outputs, seen, strict=True):
        for axis, (field, jump, offset) in enumerate(known):
            first, last = int(places[:, axis].min()), int(places[:, axis].max())
            assert first == jump * output[axis] + offset
            assert last - first + 1 == field


def test_stacks_on_a_line() -> None:
    """Field, jump and first place of random stacks."""
    rng = random.Random(11)
    stacks = [draw(rng, 1, 4) for _ in range(ON_A_LINE)]
    for layers in stacks:
        compared(layers, 1)
    assert {len(layers) for layers in stacks} == {1, 2, 3, 4}
    assert {kind for layers in stacks for kind in (x.kind for x in layers)} == set(KINDS)


def test_stacks_in_the_plane() -> None:
    """The same in two dimensions, with other numbers on each axis; the box is height times width."""
    rng = random.Random(12)
    box = receptive_axes.volume()
    for _ in range(IN_THE_PLANE):
        layers = draw(rng, 2, 3)
        compared(layers, 2)
        arrays = {
            name: {(number, axis + 1): Fraction(getattr(x, kind)[axis]) for number, x in enumerate(layers, start=1)
                   for axis in range(2)}
            for name, kind in (("K", "kernel"), ("S", "stride"), ("D", "dilation"))
        }  # fmt: skip
        height, width = (expected(layers, axis)[0] for axis in range(2))
        assert value(box, {"L": len(layers), "d": 2}, arrays) == height * width
    assert ON_A_LINE + IN_THE_PLANE >= 200


def stack(*layers: tuple[int, int, int]) -> list[Layer]:
    """Convolutions on a line, each by kernel, stride and dilation."""
    return [Layer((k,), (s,), (d,), (0,), "convolution") for k, s, d in layers]


EQUAL: list[tuple[Derivation, Callable[..., Sequence[Layer]], dict[str, Sequence[int]]]] = [
    (receptive_equal_layers.plain(), lambda L, K: stack(*[(K, 1, 1)] * L), {"L": range(1, 5), "K": range(1, 5)}),
    (
        receptive_equal_layers.strided(),
        lambda L, K, S, D: stack(*[(K, S, D)] * L),
        {"L": (1, 2, 3), "K": (1, 2, 3), "S": (1, 2, 3), "D": (1, 2)},
    ),
    (
        receptive_equal_layers.doubling(),
        lambda L, K: stack(*[(K, 1, 2**l) for l in range(L)]),  # noqa: E741
        {"L": range(1, 5), "K": (1, 2, 3)},
    ),
    (
        receptive_pooling.size(),
        lambda L, M, K, K_p, S_p: [
            *stack(*[(K, 1, 1)] * L),
            Layer((K_p,), (S_p,), (1,), (0,), "largest"),
            *stack(*[(K, 1, 1)] * M),
        ],
        {"L": (0, 1, 2), "M": (0, 1, 2), "K": (1, 2, 3), "K_p": (1, 2, 3), "S_p": (1, 2, 3)},
    ),
    (receptive_pooling_gain.without(), lambda L, K: stack(*[(K, 1, 1)] * L), {"L": range(1, 5), "K": range(1, 5)}),
]


@pytest.mark.parametrize(("derivation", "layers", "sizes"), EQUAL, ids=[one.name for one, _, _ in EQUAL])
def test_closed_forms(derivation: Derivation, layers: Any, sizes: dict[str, Sequence[int]]) -> None:
    """Equal layers and layers around a pooling, at all small sizes."""
    looked = 0
    for numbers in product(*sizes.values()):
        given = dict(zip(sizes, numbers, strict=True))
        field = value(derivation, given, {})
        (places,) = traced(layers(**given), (field,), [(0,)])
        assert (int(places.min()), int(places.max())) == (0, field - 1)
        looked += 1
    assert looked >= 12


def test_pixels_of_an_image() -> None:
    """Without strides and dilations all pixels of the box are seen, so they can be counted."""
    image = receptive_boxes.image()
    for number, rows, columns in product((1, 2, 3), (1, 2, 3), (1, 2, 3)):
        layers = [Layer((rows, columns), (1, 1), (1, 1), (0, 0), "convolution")] * number
        pixels = value(image, {"L": number, "K_h": rows, "K_w": columns}, {})
        (places,) = traced(layers, (1 + number * (rows - 1), 1 + number * (columns - 1)), [(0, 0)])
        assert len(places) == pixels


SLIPS: dict[str, Callable[[int, int, int], tuple[int, int, int]]] = {
    "one place more": lambda field, jump, offset: (field + 1, jump, offset),
    "padding seen as field": lambda field, jump, offset: (field - offset, jump, offset),
    "padding forwards": lambda field, jump, offset: (field, jump, -offset),
    "half the jump": lambda field, jump, offset: (field, jump // 2, offset),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_wrong_claim_is_noticed(slip: str) -> None:
    """The comparison is one that can fail: it does for each slip."""
    layers = [Layer((3,), (2,), (2,), (1,), "convolution"), Layer((2,), (2,), (1,), (1,), "largest")]
    known = expected(layers, 0)
    outputs = [(2,), (3,)]
    seen = traced(layers, (known[0] + 4 * known[1],), outputs)
    agree(seen, outputs, [known])
    with pytest.raises(AssertionError):
        agree(seen, outputs, [SLIPS[slip](*known)])
