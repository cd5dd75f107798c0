"""Attention, one head and several, gated units, the error function and label smoothing."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.external.autograd import Row, Sizes, jacobian_of, pulled_back, slope_of, upto


def _output(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return t["P"] @ t["V"]


def _weights(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.softmax(t["S"], -1)


def _scores(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return t["Q"] @ t["K"].mT / t["K"].shape[-1] ** 0.5


def _joined(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    """The outputs of the heads side by side, times the output matrix."""
    side_by_side = t["O"].permute(1, 0, 2).flatten(1)
    return torch.nn.functional.linear(side_by_side, t["U"].flatten(0, 1).T)


def _gated(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.nn.functional.glu(torch.cat((t["a"], t["z"])), 0)


def _gate(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.sigmoid(t["x"] @ t["V"] + t["c"])


def _unit(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    both = torch.cat((t["x"] @ t["W"] + t["b"], t["x"] @ t["V"] + t["c"]))
    return torch.nn.functional.glu(both, 0)


def _swish(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return t["x"] * torch.sigmoid(t["beta"] * t["x"])


def _gelu(approximate: str) -> Callable[..., Any]:
    return lambda torch, sizes, t: torch.nn.functional.gelu(t["x"], approximate=approximate)


def _smoothed(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    """By hand for any labels; by PyTorch's own label smoothing where they add up to 1 and it is between 0 and 1."""
    y, epsilon = (t["y"] if "y" in t else t["t"] / t["t"].sum()), sizes["epsilon"]
    if "t" in t and 0 <= epsilon <= 1:
        return torch.nn.functional.cross_entropy(t["z"], y, label_smoothing=float(epsilon))
    return -(((1 - epsilon) * y + epsilon / sizes["K"]) * torch.log_softmax(t["z"], 0)).sum()


def _smoothing(rng: Random) -> Sizes:
    return {"K": rng.randint(1, 9), "epsilon": rng.choice((-1, 0, 1, 2))}


_OUTPUTS, _OUTPUT_EDGES = upto(T=6, R=6, D=6), ({"T": 1, "R": 1, "D": 1}, {"T": 1, "R": 5, "D": 2})
_WEIGHTS, _WEIGHT_EDGES = upto(T=6, R=6), ({"T": 1, "R": 1}, {"T": 4, "R": 1}, {"T": 1, "R": 5})
_SCORES, _SCORE_EDGES = upto(T=6, R=6, d=6), ({"T": 1, "R": 1, "d": 1}, {"T": 4, "R": 1, "d": 3})
_HEADS, _HEAD_EDGES = upto(H=4, T=4, R=4, D=4), ({"H": 1, "T": 1, "R": 1, "D": 1}, {"H": 3, "T": 1, "R": 4, "D": 1})
_JOINED, _JOINED_EDGES = upto(H=4, T=4, D=4, F=4), ({"H": 1, "T": 1, "D": 1, "F": 1}, {"H": 3, "T": 1, "D": 1, "F": 2})
_ROWS, _ROW_EDGES = upto(H=4, T=4, R=4), ({"H": 1, "T": 1, "R": 1}, {"H": 3, "T": 2, "R": 1})
_UNITS, _UNIT_EDGES = upto(D=6, F=6), ({"D": 1, "F": 1}, {"D": 4, "F": 1})
_SMOOTHING_EDGES = tuple({"K": classes, "epsilon": epsilon} for classes in (1, 2) for epsilon in (0, 1))

TABLE: tuple[Row, ...] = (
    Row("attention.value_gradient", _OUTPUTS, _OUTPUT_EDGES, pulled_back(_output, "V", "dO")),
    Row("attention.weight_gradient", _OUTPUTS, _OUTPUT_EDGES, pulled_back(_output, "P", "dO")),
    Row("attention_weights.jacobian", _WEIGHTS, _WEIGHT_EDGES, jacobian_of(_weights, "S")),
    Row("attention_weights.score_gradient", _WEIGHTS, _WEIGHT_EDGES, pulled_back(_weights, "S", "dP")),
    Row("attention_scores.query_gradient", _SCORES, _SCORE_EDGES, pulled_back(_scores, "Q", "dS")),
    Row("attention_scores.key_gradient", _SCORES, _SCORE_EDGES, pulled_back(_scores, "K", "dS")),
    Row("multi_head_attention.value_gradient", _HEADS, _HEAD_EDGES, pulled_back(_output, "V", "dO")),
    Row("multi_head_attention.weight_gradient", _HEADS, _HEAD_EDGES, pulled_back(_output, "P", "dO")),
    Row("multi_head_attention.head_gradient", _JOINED, _JOINED_EDGES, pulled_back(_joined, "O", "dY")),
    Row("multi_head_attention.matrix_gradient", _JOINED, _JOINED_EDGES, pulled_back(_joined, "U", "dY")),
    Row("multi_head_weights.jacobian", _ROWS, _ROW_EDGES, jacobian_of(_weights, "S")),
    Row("multi_head_weights.score_gradient", _ROWS, _ROW_EDGES, pulled_back(_weights, "S", "dP")),
    Row("gated_linear_unit.linear_gradient", upto(F=9), ({"F": 1},), pulled_back(_gated, "a")),
    Row("gated_linear_unit.gate_gradient", upto(F=9), ({"F": 1},), pulled_back(_gated, "z")),
    Row("gated_linear_unit.gate", _UNITS, _UNIT_EDGES, jacobian_of(_gate, "x")),
    Row("gated_linear_unit.input_gradient", _UNITS, _UNIT_EDGES, pulled_back(_unit, "x")),
    Row(
        "silu.silu",
        upto(n=9),
        ({"n": 1},),
        pulled_back(lambda torch, sizes, t: torch.nn.functional.silu(t["x"]), "x"),
    ),
    Row("silu.swish", upto(n=9), ({"n": 1},), pulled_back(_swish, "x")),
    Row("silu.beta_gradient", upto(n=9), ({"n": 1},), pulled_back(_swish, "beta")),
    Row("gelu.exact", upto(n=9), ({"n": 1},), pulled_back(_gelu("none"), "x")),
    Row("gelu.approximate", upto(n=9), ({"n": 1},), pulled_back(_gelu("tanh"), "x")),
    Row("label_smoothing.gradient", _smoothing, _SMOOTHING_EDGES, slope_of(_smoothed, "z")),
    Row("label_smoothing.distribution", _smoothing, _SMOOTHING_EDGES, slope_of(_smoothed, "z")),
)
