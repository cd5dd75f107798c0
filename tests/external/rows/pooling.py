"""Average pooling on a line, over whole channels, and in an image."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.external.autograd import Row, Sizes, allowed, pulled_back, upto


def _line(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.avg_pool1d(t["x"][None], sizes["K"], sizes["S"])[0]


def _image(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.avg_pool2d(t["X"][None, None], sizes["K"], sizes.get("S"))[0, 0]


def _channels(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.adaptive_avg_pool1d(t["X"], 1)[:, 0]


def _windows(sizes: Sizes) -> Sizes:
    """The number of windows that PyTorch fits in, on each axis."""
    ways = (("N", "m"), ("H", "P"), ("W", "Q"))
    found = {many: (sizes[size] - sizes["K"]) // sizes["S"] + 1 for size, many in ways if size in sizes}
    return {**sizes, **found}


def _blocks(rng: Random) -> Sizes:
    sizes = upto(P=3, Q=3, K=4)(rng)
    return {**sizes, "H": sizes["K"] * sizes["P"], "W": sizes["K"] * sizes["Q"]}


_LINE = allowed(lambda rng: _windows(upto(N=12, K=5, S=7)(rng)), lambda s: s["m"] >= 1)
_IMAGE = allowed(lambda rng: _windows(upto(H=7, W=7, K=4, S=5)(rng)), lambda s: s["P"] >= 1 and s["Q"] >= 1)
TABLE: tuple[Row, ...] = (
    Row(
        "average_pooling.input_gradient",
        _LINE,
        tuple(
            _windows({"N": n, "K": k, "S": s}) for n, k, s in ((1, 1, 1), (6, 6, 2), (9, 1, 4), (9, 2, 5), (8, 5, 1))
        ),
        pulled_back(_line, "x"),
    ),
    Row(
        "average_pooling.global_gradient",
        upto(C=5, N=9),
        ({"C": 1, "N": 1}, {"C": 1, "N": 7}, {"C": 4, "N": 1}),
        pulled_back(_channels, "X"),
    ),
    Row(
        "average_pooling_image.overlapping",
        _IMAGE,
        tuple(_windows(dict(zip("HWKS", row, strict=True))) for row in ((1, 1, 1, 1), (5, 3, 3, 1), (6, 7, 1, 3))),
        pulled_back(_image, "X", "G"),
    ),
    Row(
        "average_pooling_image.blocks",
        _blocks,
        ({"H": 1, "W": 1, "K": 1, "P": 1, "Q": 1}, {"H": 4, "W": 4, "K": 4, "P": 1, "Q": 1}),
        pulled_back(_image, "X", "G"),
    ),
)
