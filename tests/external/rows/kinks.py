"""The threshold with powers, off its joints."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.external.autograd import Row, Sizes


def _sizes(rng: Random) -> Sizes:
    return {"n": rng.randint(1, 9), "T": rng.randint(0, 2), "p": rng.randint(1, 4), "q": rng.randint(1, 4)}


_EDGES: tuple[Sizes, ...] = (
    {"n": 1, "T": 0, "p": 1, "q": 1},
    {"n": 1, "T": 1, "p": 1, "q": 3},
    {"n": 9, "T": 1, "p": 2, "q": 3},
    {"n": 9, "T": 50, "p": 2, "q": 2},
)


def _slope(order: int) -> Any:
    """The derivative of that order of each entry; a tensor keeps the result in the graph where it is constant."""

    def expected(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
        T, y = sizes["T"], t["y"]
        f = torch.where(y > T, (y - T) ** sizes["p"], torch.where(y < -T, (y + T) ** sizes["q"], 0 * y))
        for _ in range(order):
            f = torch.autograd.grad(f.sum() + 0 * (y**3).sum(), y, create_graph=True)[0]
        return f

    return expected


def _any_order(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return _slope(sizes["k"] + 1)(torch, sizes, t)


def _with_order(rng: Random) -> Sizes:
    found = _sizes(rng)
    return {**found, "k": rng.randint(0, min(found["p"], found["q"]) - 1)}


TABLE = (
    Row("threshold_derivatives.following", _with_order, tuple({**e, "k": 0} for e in _EDGES), _any_order),
    Row("soft_threshold.derivative", _sizes, _EDGES, _slope(1)),
    Row("soft_threshold.second_derivative", _sizes, _EDGES, _slope(2)),
)
