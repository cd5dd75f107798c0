"""One step of a recurrent network."""

from __future__ import annotations

from typing import Any

from tests.external.autograd import Row, Sizes, jacobian_of, pulled_back, upto


def _step(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.rnn_tanh_cell(t["x"][None], t["p"][None], t["U"], t["W"], t["b"], torch.zeros_like(t["b"]))[0]


def _summed(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    linear = torch.nn.functional.linear
    return linear(t["p"], t["W"], t["b"]) + linear(t["x"], t["U"])


_SIZES, _EDGES = upto(n=6, m=6), ({"n": 1, "m": 1}, {"n": 1, "m": 5}, {"n": 5, "m": 1})
TABLE: tuple[Row, ...] = (
    Row("elman_rnn.state_jacobian", _SIZES, _EDGES, jacobian_of(_step, "p")),
    Row("elman_rnn.state_gradient", _SIZES, _EDGES, pulled_back(_summed, "p", "da")),
    Row("elman_rnn.weight_gradient", _SIZES, _EDGES, pulled_back(_step, "W")),
    Row("elman_rnn.input_weight_gradient", _SIZES, _EDGES, pulled_back(_step, "U")),
)
_NO_CODES = "the numbers drawn for the codes are no integers, so everything compared would be 0"
LEFT_OUT = {f"embedding_lookup.{name}_gradient": _NO_CODES for name in ("sparse", "matrix")}
