"""Convolutions beside the plain ones: transposed, and channel by channel."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.external.autograd import Row, Sizes, allowed, pulled_back, upto


def _transposed(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    how = {"stride": sizes["s"], "padding": sizes["p"]}
    return torch.nn.functional.conv_transpose1d(t["x"][None, None], t["w"][None, None], **how)[0, 0]


def _strided(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    how = {"stride": sizes["s"], "padding": sizes["p"]}
    return torch.nn.functional.conv1d(t["u"][None, None], t["w"][None, None], **how)[0, 0]


def _all_outputs(sizes: Sizes) -> Sizes:
    """The number of outputs that PyTorch makes."""
    return {**sizes, "N": sizes["s"] * (sizes["m"] - 1) + sizes["K"] - 2 * sizes["p"]}


def _draw(rng: Random) -> Sizes:
    return _all_outputs({**upto(m=6, K=5, s=6)(rng), "p": rng.randint(0, 3)})


def _depthwise(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    how = {"stride": sizes["s"], "padding": sizes["p"], "groups": sizes["C"]}
    return torch.nn.functional.conv1d(t["x"], t["w"][:, None], **how)


def _outputs(sizes: Sizes) -> Sizes:
    """The number of outputs of each channel that PyTorch makes."""
    return {**sizes, "P": (sizes["H"] + 2 * sizes["p"] - sizes["K"]) // sizes["s"] + 1}


def _draw_depthwise(rng: Random) -> Sizes:
    return _outputs({**upto(N=3, C=4, H=8, K=4, s=5)(rng), "p": rng.randint(0, 3)})


_DEPTHS = allowed(_draw_depthwise, lambda s: s["H"] + 2 * s["p"] >= s["K"])
_DEPTH_EDGES = tuple(
    _outputs(dict(zip("NCHKsp", row, strict=True)))
    for row in ((1, 1, 1, 1, 1, 0), (1, 3, 4, 4, 1, 0), (2, 1, 7, 2, 5, 0), (1, 2, 1, 3, 2, 1))
)
_SIZES = allowed(_draw, lambda s: s["N"] >= 1)
_EDGES = tuple(
    _all_outputs(dict(zip("mKsp", row, strict=True)))
    for row in ((1, 1, 1, 0), (1, 4, 2, 0), (5, 1, 1, 0), (4, 2, 5, 0), (3, 1, 2, 1), (1, 5, 3, 2))
)
TABLE: tuple[Row, ...] = (
    Row("transposed_convolution.input_gradient", _SIZES, _EDGES, pulled_back(_transposed, "x")),
    Row("transposed_convolution.weight_gradient", _SIZES, _EDGES, pulled_back(_transposed, "w")),
    Row("transposed_convolution.adjoint", _SIZES, _EDGES, pulled_back(_strided, "u", "x")),
    Row("depthwise_convolution.weight_gradient", _DEPTHS, _DEPTH_EDGES, pulled_back(_depthwise, "w")),
    Row("depthwise_convolution.input_gradient", _DEPTHS, _DEPTH_EDGES, pulled_back(_depthwise, "x")),
)
