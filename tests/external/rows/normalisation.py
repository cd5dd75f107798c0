"""Layers that normalise: over the features of an example, or over the examples of a batch."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.external.autograd import Row, Sizes, jacobian_of, pulled_back, upto


def _sizes(rng: Random) -> Sizes:
    return {**upto(N=6, D=6)(rng), "epsilon": rng.choice((1, 2, 3))}


_EDGES = tuple({"N": n, "D": d, "epsilon": 1} for n, d in ((1, 1), (1, 4), (5, 1), (2, 2)))


def _rms(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.rms_norm(t["x"], (sizes["D"],), t["w"], sizes["epsilon"])


def _layer(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.layer_norm(t["x"], (sizes["D"],), t["gamma"], t["beta"], sizes["epsilon"])


def _batch(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    # torch.nn.functional.batch_norm refuses a batch of one example; what it calls does not.
    return torch.batch_norm(t["x"], t["gamma"], t["beta"], None, None, True, 0.0, float(sizes["epsilon"]), False)


_SCALED = (("input", "x"), ("scale", "gamma"), ("shift", "beta"))

TABLE: tuple[Row, ...] = (
    Row("rms_norm.jacobian", _sizes, _EDGES, jacobian_of(_rms, "x")),
    Row("rms_norm.input_gradient", _sizes, _EDGES, pulled_back(_rms, "x")),
    Row("rms_norm.weight_gradient", _sizes, _EDGES, pulled_back(_rms, "w")),
    Row("normalised_entries.over_features", _sizes, _EDGES, jacobian_of(_layer, "x")),
    Row("normalised_entries.over_examples", _sizes, _EDGES, jacobian_of(_batch, "x")),
    *(Row(f"layer_norm.{name}_gradient", _sizes, _EDGES, pulled_back(_layer, by)) for name, by in _SCALED),
    *(Row(f"batch_norm.{name}_gradient", _sizes, _EDGES, pulled_back(_batch, by)) for name, by in _SCALED),
)
