"""PyTorch's automatic differentiation as an outside oracle: it has seen neither our definitions nor our oracles.

Each derived right side is compiled, evaluated at all its indices, and compared in float64 with what torch.autograd
finds for the same layer written with torch.nn.functional, at random shapes and at degenerate ones.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import pytest

from derive.constructs import convolution_channels
from derive.constructs.construct import Claim
from derive.constructs.registry import claim, constructs
from derive.language import Partial, subterms
from derive.language.numbers import as_rational
from derive.language.points import evaluate
from derive.numeric.compile import Grid, compile_numpy

SHAPES = 50
TOLERANCE = 1e-10
Sizes = dict[str, int]


@pytest.fixture(scope="module")
def torch() -> Any:
    """PyTorch, on one thread: the arrays are small. Without it the tests are skipped, but where CI is set they fail."""
    if importlib.util.find_spec("torch") is None:
        if os.environ.get("CI"):
            pytest.fail("PyTorch is missing: .ci/run installs it")
        pytest.skip("PyTorch is not installed (pip install torch==2.13.0)")
    import torch

    torch.set_num_threads(1)
    return torch


@dataclass(frozen=True)
class Row:
    """One derived claim and the same thing in PyTorch.

    Attributes:
        path: The claim; its symbols that `sizes` leaves out are the indices of the result.
        sizes: Random sizes, which the claim allows.
        degenerate: Sizes where formulas go wrong.
        expected: What PyTorch finds at these sizes for these tensors, one axis for each index.
    """

    path: str
    sizes: Callable[[Random], Sizes]
    degenerate: tuple[Sizes, ...]
    expected: Callable[[Any, Sizes, dict[str, Any]], Any]


def pulled_back(forward: Callable[..., Any], by: str, upstream: str = "g") -> Callable[..., Any]:
    """The gradient with respect to one tensor, from the gradient at the output."""

    def expected(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
        output = forward(torch, sizes, t)
        assert output.shape == t[upstream].shape
        return torch.autograd.grad(output, t[by], t[upstream])[0]

    return expected


def slope_of(loss: Callable[..., Any], by: str) -> Callable[..., Any]:
    """The gradient of a number."""
    return lambda torch, sizes, t: torch.autograd.grad(loss(torch, sizes, t), t[by])[0]


def jacobian_of(function: Callable[..., Any], by: str) -> Callable[..., Any]:
    """All derivatives of all outputs."""

    def expected(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
        return torch.autograd.functional.jacobian(lambda v: function(torch, sizes, {**t, by: v}), t[by])

    return expected


def upto(**most: int) -> Callable[[Random], Sizes]:
    """Each size between 1 and its largest."""
    return lambda rng: {name: rng.randint(1, largest) for name, largest in most.items()}


def allowed(sizes: Callable[[Random], Sizes], condition: Callable[[Sizes], bool]) -> Callable[[Random], Sizes]:
    """Drawn again until the condition holds."""

    def drawn(rng: Random) -> Sizes:
        while not condition(found := sizes(rng)):
            pass
        return found

    return drawn


# ---- layers of the course ----


def _image(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    x, w, b = t["x"][None, None], t["w"][None, None], t["b"].reshape(1)
    return torch.nn.functional.conv2d(x, w, b)[0, 0]


_IMAGE = allowed(upto(n=8, k=8), lambda s: s["k"] <= s["n"])
_IMAGES = ({"n": 1, "k": 1}, {"n": 5, "k": 5}, {"n": 5, "k": 1})


def _strided(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    how = {"stride": sizes["s"], "padding": sizes["p"], "dilation": sizes["delta"]}
    return torch.nn.functional.conv1d(t["x"][None, None], t["w"][None, None], **how)[0, 0]


def _with_outputs(sizes: Sizes) -> Sizes:
    """The number of outputs that PyTorch makes."""
    reach = sizes["N"] + 2 * sizes["p"] - sizes["delta"] * (sizes["K"] - 1) - 1
    return {**sizes, "m": reach // sizes["s"] + 1}


def _draw_strided(rng: Random) -> Sizes:
    drawn = upto(N=10, K=4, s=6, delta=3)(rng)
    return _with_outputs({**drawn, "p": rng.randint(0, 4)})


_STRIDED = allowed(_draw_strided, lambda s: s["m"] >= 1)
_STRIDES = tuple(
    _with_outputs(dict(zip(("N", "K", "s", "delta", "p"), row, strict=True)))
    for row in ((1, 1, 1, 1, 0), (5, 5, 1, 1, 0), (9, 2, 4, 1, 0), (7, 3, 5, 2, 3), (1, 1, 3, 2, 2), (1, 3, 1, 1, 1))
)
_AXES = (("H", "K", "P"), ("W", "L", "Q"), ("D", "M", "R"))


def _channels(axes: int, grouped: bool) -> Callable[..., Any]:
    def forward(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
        x, w = (t["x"].flatten(1, 2), t["w"].flatten(0, 1)) if grouped else (t["x"], t["w"])
        function = getattr(torch.nn.functional, f"conv{axes}d")
        out = function(x, w, stride=sizes["s"], padding=sizes["p"], groups=sizes.get("G", 1))
        return out.unflatten(1, (sizes["G"], sizes["F"])) if grouped else out

    return forward


def _biased(axes: int, grouped: bool) -> Callable[..., Any]:
    return lambda torch, sizes, t: t["z"] + t["b"].reshape(1, *t["b"].shape, *(1 for _ in range(axes)))


def _channel_sizes(axes: int, grouped: bool) -> Callable[[Random], Sizes]:
    def drawn(rng: Random) -> Sizes:
        sizes = upto(N=3, C=3, F=3, s=4, **({"G": 3} if grouped else {}))(rng)
        sizes["p"] = rng.randint(0, 2)
        for high, kernel, outputs in _AXES[:axes]:
            sizes[high], sizes[kernel] = rng.randint(1, 7 - axes), rng.randint(1, 3)
            sizes[outputs] = (sizes[high] + 2 * sizes["p"] - sizes[kernel]) // sizes["s"] + 1
        return sizes

    return allowed(drawn, lambda s: all(s[k] <= s[h] + 2 * s["p"] for h, k, _ in _AXES[:axes]))


def _channel_edges(axes: int, grouped: bool) -> tuple[Sizes, ...]:
    """One of everything; the kernel as large as the input; the stride over the kernel."""
    few = {"N": 1, "C": 1, "F": 1, **({"G": 1} if grouped else {})}
    found = []
    for high, kernel, stride, padding in ((1, 1, 1, 0), (3, 3, 1, 0), (5, 2, 3, 1)):
        sizes = {**few, "s": stride, "p": padding}
        for names in _AXES[:axes]:
            outputs = (high + 2 * padding - kernel) // stride + 1
            sizes.update(zip(names, (high, kernel, outputs), strict=True))
        found.append(sizes)
    return tuple(found)


def _channel_rows(axes: int, grouped: bool) -> list[Row]:
    end = f"{axes}d" + ("_grouped" if grouped else "")
    sizes, edges, forward = (make(axes, grouped) for make in (_channel_sizes, _channel_edges, _channels))
    ways = {"weight": pulled_back(forward, "w"), "input": pulled_back(forward, "x")}
    ways["bias"] = pulled_back(_biased(axes, grouped), "b")
    return [Row(f"convolution_channels.{what}_{end}", sizes, edges, way) for what, way in ways.items()]


def _dense(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.linear(t["X"], t["W"], t["b"])


_DENSE = upto(N=6, D=6, F=6)
_DENSE_EDGES = ({"N": 1, "D": 1, "F": 1}, {"N": 1, "D": 4, "F": 3}, {"N": 5, "D": 1, "F": 1})


def _linear_error(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.mse_loss(t["X"] @ t["w"], t["t"])


def _step(gradient: Callable[..., Any], by: str) -> Callable[..., Any]:
    return lambda torch, sizes, t: t[by] - sizes["eta"] * gradient(torch, sizes, t)


def _stepping(sizes: Callable[[Random], Sizes]) -> Callable[[Random], Sizes]:
    return lambda rng: {**sizes(rng), "eta": rng.choice((-1, 0, 1, 2))}


# ---- softmax and its losses ----


def _softmax(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.softmax(t["z"] / sizes.get("tau", 1), 0)


def _cross_entropy(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    y = t["y"] if "y" in t else t["t"] / t["t"].sum()
    return -(y * torch.log_softmax(t["z"], 0)).sum()


def _hessian(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.autograd.functional.hessian(lambda z: _cross_entropy(torch, sizes, {**t, "z": z}), t["z"])


def _one_class(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return jacobian_of(lambda torch, sizes, t: -torch.log_softmax(t["z"], 0), "z")(torch, sizes, t)


def _quadratic(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return t["v"] @ jacobian_of(_softmax, "z")(torch, sizes, t) @ t["v"]


_CLASSES, _CLASS_EDGES = upto(K=9), ({"K": 1}, {"K": 2})

# ---- the network of two layers ----


def _second(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.conv1d(t["h"][None, None], t["w"][None, None])[0, 0]


def _second_full(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.conv1d(t["h"][None, None], t["w"][None, None], padding=sizes["k_2"] - 1)[0, 0]


def _first(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.conv1d(t["x"][None, None], t["v"][None, None])[0, 0]


_TWO = allowed(upto(d=9, k_1=4, k_2=4), lambda s: s["k_1"] + s["k_2"] <= s["d"] + 1)
_TWO_EDGES = ({"d": 1, "k_1": 1, "k_2": 1}, {"d": 4, "k_1": 4, "k_2": 1}, {"d": 4, "k_1": 1, "k_2": 4})
_ONE = allowed(upto(d=9, k_1=9), lambda s: s["k_1"] <= s["d"])
_ONE_EDGES = ({"d": 1, "k_1": 1}, {"d": 4, "k_1": 4})

TABLE: tuple[Row, ...] = (
    *(
        Row(f"convolution_layer.{name}_gradient", _IMAGE, _IMAGES, pulled_back(_image, by))
        for name, by in (("weight", "w"), ("input", "x"), ("bias", "b"))
    ),
    *(
        Row(path, _STRIDED, _STRIDES, pulled_back(_strided, by))
        for path, by in (
            ("strided_convolution.weight_gradient", "w"),
            ("strided_convolution.input_gradient", "x"),
            ("convolution_adjoint.gradient", "x"),
        )
    ),
    *(row for axes in (1, 2, 3) for grouped in (False, True) for row in _channel_rows(axes, grouped)),
    *(
        Row(f"dense_layer.{name}_gradient", _DENSE, _DENSE_EDGES, pulled_back(_dense, by, "G"))
        for name, by in (("weight", "W"), ("input", "X"), ("bias", "b"))
    ),
    Row(
        "gradient_steps.dense",
        _stepping(_DENSE),
        tuple({**edge, "eta": 2} for edge in _DENSE_EDGES),
        _step(pulled_back(_dense, "W", "G"), "W"),
    ),
    Row(
        "gradient_steps.least_squares",
        _stepping(upto(N=6, D=6)),
        ({"N": 1, "D": 1, "eta": 1}, {"N": 1, "D": 5, "eta": 2}),
        _step(slope_of(_linear_error, "w"), "w"),
    ),
    Row(
        "mean_squared_error.output_gradient",
        upto(N=9),
        ({"N": 1},),
        slope_of(lambda torch, sizes, t: torch.nn.functional.mse_loss(t["y"], t["t"]), "y"),
    ),
    Row(
        "mean_squared_error.weight_gradient",
        upto(N=6, D=6),
        ({"N": 1, "D": 1}, {"N": 1, "D": 5}, {"N": 5, "D": 1}),
        slope_of(_linear_error, "w"),
    ),
    Row(
        "activation_layers.sigmoid",
        upto(n=9),
        ({"n": 1},),
        pulled_back(lambda torch, sizes, t: torch.sigmoid(t["a"]), "a"),
    ),
    Row(
        "activation_layers.hyperbolic",
        upto(n=9),
        ({"n": 1},),
        pulled_back(lambda torch, sizes, t: torch.tanh(t["a"]), "a"),
    ),
    Row("softmax_jacobian.entry", _CLASSES, _CLASS_EDGES, jacobian_of(_softmax, "z")),
    Row(
        "softmax_jacobian.row_sum",
        _CLASSES,
        _CLASS_EDGES,
        lambda torch, sizes, t: jacobian_of(_softmax, "z")(torch, sizes, t).sum(1),
    ),
    Row(
        "softmax_squares.product",
        _CLASSES,
        _CLASS_EDGES,
        lambda torch, sizes, t: jacobian_of(_softmax, "z")(torch, sizes, t) @ t["v"],
    ),
    Row("softmax_squares.quadratic", _CLASSES, _CLASS_EDGES, _quadratic),
    Row(
        "softmax_squares.tempered",
        lambda rng: {**_CLASSES(rng), "tau": rng.choice((-2, -1, 1, 2, 3))},
        ({"K": 1, "tau": 2}, {"K": 2, "tau": -1}),
        jacobian_of(_softmax, "z"),
    ),
    Row(
        "log_softmax.entry",
        _CLASSES,
        _CLASS_EDGES,
        jacobian_of(lambda torch, sizes, t: torch.log_softmax(t["z"], 0), "z"),
    ),
    Row(
        "log_softmax.log_sum_exp",
        _CLASSES,
        _CLASS_EDGES,
        slope_of(lambda torch, sizes, t: torch.logsumexp(t["z"], 0), "z"),
    ),
    Row("log_softmax.one_class", _CLASSES, _CLASS_EDGES, _one_class),
    Row("cross_entropy.gradient", _CLASSES, _CLASS_EDGES, slope_of(_cross_entropy, "z")),
    Row("cross_entropy.distribution", _CLASSES, _CLASS_EDGES, slope_of(_cross_entropy, "z")),
    Row("cross_entropy.hessian", _CLASSES, _CLASS_EDGES, _hessian),
    Row("two_layer_network.jacobian", _TWO, _TWO_EDGES, jacobian_of(_second, "h")),
    Row("two_layer_network.hidden_gradient", _TWO, _TWO_EDGES, pulled_back(_second, "h")),
    Row("two_layer_kernels.second_kernel", _TWO, _TWO_EDGES, pulled_back(_second, "w")),
    Row("two_layer_kernels.first_kernel", _ONE, _ONE_EDGES, pulled_back(_first, "v", "dz")),
    Row(
        "two_layer_kernels.relu",
        _ONE,
        _ONE_EDGES,
        pulled_back(lambda torch, sizes, t: torch.relu(t["z"]), "z", "dh"),
    ),
    Row("two_layer_full.jacobian", _TWO, _TWO_EDGES, jacobian_of(_second_full, "h")),
    Row("two_layer_full.hidden_gradient", _TWO, _TWO_EDGES, pulled_back(_second_full, "h")),
    Row("two_layer_full.kernel_gradient", _TWO, _TWO_EDGES, pulled_back(_second_full, "w")),
)
LEFT_OUT = {"softmax_jacobian.symmetric": "a difference of two derivatives, each of which is compared"}


def found(path: str) -> Claim:
    """The claim; layers on more axes are made by the same function as those that the package lists."""
    for axes in (1, 2, 3):
        for grouped in (False, True):
            for made in convolution_channels.claims(axes, grouped):
                if path == f"convolution_channels.{made.name}":
                    return made
    return claim(path)[1]


def is_about_derivatives(asked: Claim) -> bool:
    """Whether the claim, or a definition of it, has a partial derivative."""
    terms = (asked.left, *(d.body for d in asked.context.definitions))
    return any(isinstance(part, Partial) for term in terms for part in subterms(term))


def test_no_derivative_is_forgotten() -> None:
    """Every claim of the package that is about a derivative is in the table, or left out for a reason."""
    known = {row.path for row in TABLE}
    paths = {f"{c.name}.{a.name}" for c in constructs() for a in c.claims if is_about_derivatives(a)}
    assert len(known) == len(TABLE) and not known & LEFT_OUT.keys()
    assert paths - known == LEFT_OUT.keys()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
def test_autograd_finds_the_same(row: Row, torch: Any) -> None:
    """The derived right side is what torch.autograd finds, at every index, to 1e-10."""
    asked = found(row.path)
    context = asked.context
    function = compile_numpy(asked.derive().right, context, (*context.symbols, *context.arrays))
    rng, numbers = Random(row.path), np.random.default_rng(len(row.path))
    shapes = [*row.degenerate, *(row.sizes(rng) for _ in range(SHAPES))]
    entries, worst = 0, 0.0
    for sizes in shapes:
        point = {s: sizes[s.name] for s in context.symbols if s.name in sizes}
        values = {}
        for array in context.arrays:
            ends = [tuple(int(as_rational(evaluate(end, point))) for end in axis) for axis in array.axes]
            assert all(low == 1 for low, _ in ends)
            values[array.name] = numbers.standard_normal([high for _, high in ends])
        tensors = {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}
        expected = row.expected(torch, sizes, tensors).detach().numpy()
        places = iter(np.indices(expected.shape) + 1)
        columns = [sizes[s.name] if s in point else next(places) for s in context.symbols]
        assert not list(places), "an index of the result has no axis"
        grids = [Grid(values[a.name], (1,) * len(a.axes)) for a in context.arrays]
        ours = np.broadcast_to(function(*columns, *grids), expected.shape)
        error = np.abs(ours - expected) / np.maximum(1, np.abs(expected))
        entries, worst = entries + expected.size, max(worst, float(error.max()))
        assert worst <= TOLERANCE, sizes
    assert len(row.degenerate) >= 1 and len(shapes) - len(row.degenerate) >= 50 and entries >= len(shapes)
