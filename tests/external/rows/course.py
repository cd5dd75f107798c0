"""Layers of the course, the softmax and its losses, networks of two layers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.external.autograd import Row, Sizes, allowed, jacobian_of, pulled_back, slope_of, upto

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
        "gradient_steps.convolution",
        _stepping(_IMAGE),
        tuple({**edge, "eta": 2} for edge in _IMAGES),
        _step(pulled_back(_image, "w"), "w"),
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
