r"""A convolution layer with a batch, channels, filters, stride and padding, on any number of axes: its gradients.

Shapes: x: (N examples, C channels, H, ...), w: (F filters, C channels, K, ...), b: (F), the outputs y and z, and the
gradient g there: (N, F, P, ...). On one axis $z_{nfr} = \sum_{c,u} x_{n,\,c,\,s(r-1)+u-p}\, w_{fcu}$ and
$y_{nfr} = b_f + z_{nfr}$; each further axis adds one place and one tap, and the code is the same for any number of
axes. Groups add one index to all arrays; channels and filters are then counted within their group.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5, (9.7), (9.8), (9.11) to (9.13); Paszke et al.,
PyTorch, 2019, arXiv:1912.01703, torch.nn.Conv1d to Conv3d (shapes, stride, padding, groups).
"""

from __future__ import annotations

from functools import wraps
from inspect import Parameter, Signature
from itertools import product
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, integer
from derive.language.numbers import slope
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import Conversion, at, derived, one_line, then
from derive.rules.windows import to_window

_INPUTS, _KERNELS, _OUTPUTS, _PLACES, _TAPS, _PIXELS = "HWD", "KLM", "PQR", "rqo", "uvt", "ijl"
_s, _p = declare("s", "size", "stride"), declare("p", "natural", "padding")
s, p = _s.symbol, _p.symbol


def _array(name: str, *sizes: Any) -> Array:
    return array(name, *((1, size) for size in sizes), outside="zero")


def _tightened(depth: int, axes: int) -> Conversion:
    """The innermost sums, one for each axis, over the outputs that count."""
    return one_line(then(*(at((0,) * (depth + axis), to_window) for axis in range(axes))))


class Layer:
    """A layer on so many axes, with or without groups: its symbols, arrays and definitions."""

    def __init__(self, axes: int, grouped: bool = False) -> None:
        self.axes, self.group = axes, ("G",) if grouped else ()
        shape = "".join(letters[:axes] for letters in (_INPUTS, _KERNELS, _OUTPUTS))
        self.sizes = (*(declare(name, "size") for name in ("N", *self.group, "C", "F", *shape)), _s, _p)
        size = {d.symbol.name: d.symbol for d in self.sizes}
        group = tuple(size[name] for name in self.group)
        inputs, kernel, outputs = (tuple(size[k] for k in letters[:axes]) for letters in (_INPUTS, _KERNELS, _OUTPUTS))
        self.x = _array("x", size["N"], *group, size["C"], *inputs)
        self.w, self.b = _array("w", *group, size["F"], size["C"], *kernel), _array("b", *group, size["F"])
        self.g, self.y, self.z = (_array(name, size["N"], *group, size["F"], *outputs) for name in "gyz")
        place = [integer(letter) for letter in _PLACES[:axes]]
        tap = [integer(letter + "'") for letter in _TAPS[:axes]]
        n, f, c = integer("n"), integer("f"), integer("c'")
        e = tuple(integer("e") for _ in group)
        met = [s * (r - 1) + u - p for r, u in zip(place, tap, strict=True)]
        total = self.x[(n, *e, c, *met)] * self.w[(*e, f, c, *tap)]
        for index, high in reversed(list(zip((c, *tap), (size["C"], *kernel), strict=True))):
            total = IndexSum(total, index, 1, high)
        self.at = (n, *e, f, *place)
        self.filtered = Definition(self.z, self.at, total)
        self.biased = Definition(self.y, self.at, self.b[(*e, f)] + self.z[self.at])

    def context(self, changed: Array, letters: str) -> tuple[Context, Any]:
        """Where the gradient with respect to one entry of an array is asked for, and that gradient."""
        asked = [declare(letter, "integer") for letter in letters]
        entry = changed[tuple(d.symbol for d in asked)]
        name = Array("d" + changed.name, changed.axes, changed.outside)
        over = [integer(index.name + "'") if index.name in letters else index for index in self.at]
        inside = [between(low, d.symbol, high) for d, (low, high) in zip(asked, changed.axes, strict=True)]
        bias = changed == self.b
        forward, free = (self.biased, (self.z, self.b)) if bias else (self.filtered, (self.x, self.w))
        definitions = (forward, gradient(name, self.g, forward.array, entry, over))
        used = {symbol for part in (self.g, *free) for symbol in part.free_symbols} | (set() if bias else {s, p})
        sizes = (d for d in self.sizes if d.symbol in used)
        return Context((*sizes, *asked), tuple(inside), definitions, (*free, self.g)), name[entry.indices]


def claims(axes: int, grouped: bool = False) -> tuple[Claim, ...]:
    """The three gradients of a layer on so many axes."""
    layer = Layer(axes, grouped)
    group = "e" * len(layer.group)
    end = f"_{axes}d" + ("_grouped" if grouped else "")
    asked: tuple[tuple[str, Array, str, tuple[Conversion, ...]], ...] = (
        ("weight", layer.w, group + "fc" + _TAPS[:axes], ()),
        ("input", layer.x, "n" + group + "c" + _PIXELS[:axes], (_tightened(1, axes),)),
        ("bias", layer.b, group + "f", ()),
    )
    return tuple(_claim(layer, row[0] + end, *row) for row in asked)


def _claim(layer: Layer, name: str, what: str, changed: Array, letters: str, finish: tuple[Conversion, ...]) -> Claim:
    context, left = layer.context(changed, letters)
    y, entry = context.definitions[0].array[layer.at], changed[left.indices]

    def derive() -> Derivation:
        return derived(f"convolution_channels.{name}", context, left, backpropagated(*finish))

    @wraps(change)
    def oracle(**values: Any) -> Any:
        return change(layer, changed, letters, values)

    names = [symbol.name for symbol in context.symbols] + [a.name for a in context.arrays]
    oracle.__signature__ = Signature([Parameter(name, Parameter.KEYWORD_ONLY) for name in names])  # type: ignore[attr-defined]
    on = f"{layer.axes} {'axis' if layer.axes == 1 else 'axes'}" + (", in groups" if layer.group else "")
    given: Text = ("Let ", layer.g[layer.at], " be the gradient of a loss with respect to ", y, ". Find that with ")
    return Claim(
        name, f"Gradient of the {what}: {on}", (*given, "respect to ", entry, "."), context, left, derive, oracle
    )


def change(layer: Layer, changed: Array, letters: str, values: dict[str, Any]) -> Any:
    """How the weighted outputs, summed in a loop, change with one number of an array, by brute force."""
    here, place = values[changed.name], tuple(values[letter] for letter in letters)

    def weighted(value: Any) -> Any:
        moved = {**values, changed.name: lambda *at: value if at == place else here(*at)}
        total: Any = 0
        for index, output in outputs(layer, moved).items():
            total += values["g"](*index) * output
        return total

    return slope(weighted, here(*place))


def outputs(layer: Layer, values: dict[str, Any]) -> dict[tuple[int, ...], Any]:
    """Every output of the layer, in loops; what is in the padding is 0."""
    every = {name: range(1, size + 1) for name, size in values.items() if name in "NGCFHWDKLMPQR"}
    taps, places = ([every.get(k, ()) for k in letters[: layer.axes]] for letters in (_KERNELS, _OUTPUTS))
    found: dict[tuple[int, ...], Any] = {}
    for n, *e, f in product(every["N"], *(every[k] for k in layer.group), every["F"]):
        for place in product(*places):
            if "b" in values:
                found[(n, *e, f, *place)] = values["b"](*e, f) + values["z"](n, *e, f, *place)
                continue
            output: Any = 0
            for tap in product(*taps):
                pixel = [values["s"] * (r - 1) + u - values["p"] for r, u in zip(place, tap, strict=True)]
                if all(1 <= i <= values[size] for i, size in zip(pixel, _INPUTS, strict=False)):
                    for c in every["C"]:
                        output += values["x"](n, *e, c, *pixel) * values["w"](*e, f, c, *tap)
            found[(n, *e, f, *place)] = output
    return found


CONSTRUCT = Construct(
    name="convolution_channels",
    title="Convolution layer with channels",
    about=("A layer of filters slides over a batch of examples with channels.",),
    conventions=(
        "correlation: the kernel is not turned",
        "indices from 1; the input is 0 in the padding; one stride and one padding for all axes",
        "gradients are laid out like their variable, and added up over the batch",
    ),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5; torch.nn.Conv1d to Conv3d",
    claims=(*claims(1), *claims(2), *claims(1, grouped=True)),
)
