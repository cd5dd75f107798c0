"""Max pooling on a line, over a whole signal, in an image; the least entry; pooling by a norm."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.external.autograd import Row, Sizes, pulled_back, upto
from tests.external.rows.pooling import _IMAGE, _LINE, _blocks, _windows


def _line(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.max_pool1d(t["x"][None], sizes["K"], sizes["S"])[0]


def _least(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return t["x"].unfold(0, sizes["K"], sizes["S"]).amin(1)


def _image(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.max_pool2d(t["X"][None, None], sizes["K"], sizes.get("S"))[0, 0]


def _norm(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.linalg.vector_norm(t["x"], ord=sizes["p"])


def _even(rng: Random) -> Sizes:
    return {"N": rng.randint(1, 6), "p": 2 * rng.randint(1, 3)}


_SIGNALS = tuple(
    _windows({"N": n, "K": k, "S": s}) for n, k, s in ((1, 1, 1), (6, 6, 2), (9, 1, 4), (9, 2, 5), (8, 5, 1))
)
TABLE: tuple[Row, ...] = (
    Row("max_pooling.input_gradient", _LINE, _SIGNALS, pulled_back(_line, "x")),
    Row("max_pooling.least_gradient", _LINE, _SIGNALS, pulled_back(_least, "x")),
    Row(
        "max_pooling.global_gradient",
        upto(N=9),
        ({"N": 1}, {"N": 2}),
        pulled_back(lambda torch, sizes, t: t["x"].max(), "x"),
    ),
    Row(
        "max_pooling_image.overlapping",
        _IMAGE,
        tuple(_windows(dict(zip("HWKS", row, strict=True))) for row in ((1, 1, 1, 1), (5, 3, 3, 1), (6, 7, 1, 3))),
        pulled_back(_image, "X", "G"),
    ),
    Row(
        "max_pooling_image.blocks",
        _blocks,
        ({"H": 1, "W": 1, "K": 1, "P": 1, "Q": 1}, {"H": 4, "W": 4, "K": 4, "P": 1, "Q": 1}),
        pulled_back(_image, "X", "G"),
    ),
    # Of an even exponent, where the gradient is the same formula for entries of any sign.
    Row("lp_pooling.input_gradient", _even, ({"N": 1, "p": 2}, {"N": 1, "p": 4}), pulled_back(_norm, "x")),
)
LEFT_OUT = {"stacked_averages.share": "the signal has no end, and its place in the block no range of its own"}
