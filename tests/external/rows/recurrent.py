"""Recurrent networks, one step and several, and chains of layers."""

from __future__ import annotations

from typing import Any

from tests.external.autograd import STEPS, Row, Sizes, jacobian_of, pulled_back, upto


def _step(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    return torch.rnn_tanh_cell(t["x"][None], t["p"][None], t["U"], t["W"], t["b"], torch.zeros_like(t["b"]))[0]


def _summed(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    linear = torch.nn.functional.linear
    return linear(t["p"], t["W"], t["b"]) + linear(t["x"], t["U"])


def _steps(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    state = t["p"][None]
    for step in range(sizes["t"]):
        state = torch.rnn_tanh_cell(t["x"][step][None], state, t["U"], t["W"], t["b"], torch.zeros_like(t["b"]))
    return state[0]


def _system(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
    state = t["p"]
    for step in range(sizes["T"]):
        state = torch.mv(t["A"], state) + t["b"][step]
    return state


def _after(name: str, **most: int) -> Any:
    """Sizes with a number of steps that may be 0."""
    return lambda rng: {**upto(**most)(rng), name: rng.randint(0, STEPS)}


_THROUGH = ({"n": 1, "m": 1, "t": 1}, {"n": 3, "m": 2, "t": 0}, {"n": 1, "m": 3, "t": STEPS}, {"n": 3, "m": 1, "t": 2})
_FROM = ({"n": 1, "T": 1}, {"n": 4, "T": 0}, {"n": 1, "T": STEPS})
_SIZES, _EDGES = upto(n=6, m=6), ({"n": 1, "m": 1}, {"n": 1, "m": 5}, {"n": 5, "m": 1})
TABLE: tuple[Row, ...] = (
    Row("elman_rnn.state_jacobian", _SIZES, _EDGES, jacobian_of(_step, "p")),
    Row("elman_rnn.state_gradient", _SIZES, _EDGES, pulled_back(_summed, "p", "da")),
    Row("elman_rnn.weight_gradient", _SIZES, _EDGES, pulled_back(_step, "W")),
    Row("elman_rnn.input_weight_gradient", _SIZES, _EDGES, pulled_back(_step, "U")),
    Row("recurrent_products.state_products", _after("t", n=3, m=3), _THROUGH, jacobian_of(_steps, "p")),
    Row("recurrent_products.weight_products", _after("t", n=3, m=2), _THROUGH, jacobian_of(_steps, "W")),
    Row("linear_recurrence.sensitivity", _after("T", n=5), _FROM, jacobian_of(_system, "p")),
)
_NO_CODES = "the numbers drawn for the codes are no integers, so everything compared would be 0"
_ANY = "it holds for any smooth function: such a one is a polynomial at exact points, and one of ours when compiled"
LEFT_OUT = {f"embedding_lookup.{name}_gradient": _NO_CODES for name in ("sparse", "matrix")} | {
    f"deep_chain.{name}": _ANY for name in ("forward", "reverse")
}
