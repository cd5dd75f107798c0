r"""One step of an Elman network, $h = \tanh(W p + U x + b)$ from the state p before, and the way back through it.

Shapes: W: (n, n), U: (n, m), b, p and h: (n), x: (m). With the gradient g at h, that at $a = W p + U x + b$ is
$da_i = g_i (1 - h_i^2)$; then $dp = W^\top da$, $dW = da\, p^\top$, $dU = da\, x^\top$. Back-propagation through time
does this step by step, from the last to the first: dp joins the gradient that the earlier state has from its own
output, and the parts of dW and dU are added up, as all steps share the weights.

Source: Elman, Finding structure in time, Cognitive Science 14, 1990, 179-211; Goodfellow, Bengio, Courville, Deep
Learning, 2016, section 10.2, (10.8), (10.9), and section 10.2.2, (10.20), (10.21), (10.26) to (10.28).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, tanh

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Indicator, Partial, array, between, declare, eq, integer
from derive.language.forms import of
from derive.language.numbers import moved, slope
from derive.language.numbers import tanh as squashed
from derive.rules.algebra import fold_definition
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import at_part, by, derived, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.folding import as_defined
from derive.rules.lemmas import use_lemma

_n, _m = declare("n", "size", "entries of a state"), declare("m", "size", "entries of an input")
_r, _q = declare("r", "integer", "row"), declare("q", "integer", "column")
_k = declare("k", "integer", "an entry of the state")
n, m, r, q, k = (d.symbol for d in (_n, _m, _r, _q, _k))
i, j, l = integer("i"), integer("j"), integer("l")  # noqa: E741
W, U = array("W", (1, n), (1, n)), array("U", (1, n), (1, m))
b, x, before, after, a, g, da, dbefore = (
    array(name, (1, size))
    for name, size in (("b", n), ("x", m), ("p", n), ("h", n), ("a", n), ("g", n), ("da", n), ("dp", n))
)
dW, dU = array("dW", (1, n), (1, n)), array("dU", (1, n), (1, m))
_SUM = IndexSum(W[i, j] * before[j], j, 1, n) + IndexSum(U[i, l] * x[l], l, 1, m) + b[i]
STEP = (Definition(a, (i,), _SUM), Definition(after, (i,), tanh(a[i])))
ERROR = Definition(da, (i,), g[i] * (1 - after[i] ** 2))
FREE = (W, U, b, before, x)


def _asked(*declared: Any, given: tuple[Definition, ...] = (), up: tuple[Any, ...] = ()) -> Context:
    inside = tuple(between(1, d.symbol, high) for d, high in declared)
    return Context((_n, _m, *(d for d, _ in declared)), inside, (*STEP, *given), (*FREE, *up))


STATE, BY_WEIGHT = _asked((_k, n), (_q, n)), _asked((_k, n), (_r, n), (_q, n))
BY_INPUT = _asked((_k, n), (_r, n), (_q, m))
WEIGHTS = _asked((_r, n), (_q, n), given=(ERROR, gradient(dW, g, after, W[r, q], (k,))), up=(g,))
INPUTS = _asked((_r, n), (_q, m), given=(ERROR, gradient(dU, g, after, U[r, q], (k,))), up=(g,))
BACK = _asked((_q, n), given=(gradient(dbefore, da, a, before[q], (k,)),), up=(da,))


def _jacobian(name: str, context: Context, changed: Any, value: Expr) -> Derivation:
    moves = then(differentiated(), undelta, as_defined((1 - after[k] ** 2) * value, after, ("definition of ", after)))
    return derived(f"elman_rnn.{name}", context, Partial(after[k], changed), moves)


def state_jacobian() -> Derivation:
    """dh/dp = Diag(1 - h^2) W."""
    return _jacobian("state_jacobian", STATE, before[q], W[k, q])


def _pulled(name: str, context: Context, entry: Any, lemma: Derivation, form: Any) -> Derivation:
    error = at_part(ERROR.at((r,)), by(fold_definition, da[r], reason=("definition of ", da)))
    known = use_lemma(lemma, {}, ("for one step ", eq(lemma.left, lemma.right)))
    moves = backpropagated(error, form=form, use=known)
    return derived(f"elman_rnn.{name}", context, entry, moves, (lemma,))


def weights() -> Derivation:
    """dW = da p^T."""
    lemma = _jacobian("by_weight", BY_WEIGHT, W[r, q], Indicator(eq(k, r)) * before[q])
    return _pulled("weight_gradient", WEIGHTS, dW[r, q], lemma, of("outer", da, before)[r, q])


def input_weights() -> Derivation:
    """dU = da x^T."""
    lemma = _jacobian("by_input_weight", BY_INPUT, U[r, q], Indicator(eq(k, r)) * x[q])
    return _pulled("input_weight_gradient", INPUTS, dU[r, q], lemma, of("outer", da, x)[r, q])


def state() -> Derivation:
    """dp = W^T da."""
    moves = backpropagated(form=of("product", of("transpose", W), da)[q])
    return derived("elman_rnn.state_gradient", BACK, dbefore[q], moves)


def summed(k: int, n: int, m: int, W: Any, U: Any, b: Any, before: Any, x: Any) -> Any:
    """One entry before the hyperbolic tangent, in loops."""
    value = b(k)
    for column in range(1, n + 1):
        value += W(k, column) * before(column)
    for column in range(1, m + 1):
        value += U(k, column) * x(column)
    return value


def change(n: int, g: Any, entry: Callable[[int, Any], Any], at: Any) -> Any:
    """How all entries, each times its gradient, change together with a number."""
    total: Any = 0
    for place in range(1, n + 1):
        total += g(place) * slope(lambda value: entry(place, value), at)  # noqa: B023
    return total


def jacobian_oracle(n: int, m: int, k: int, q: int, W: Any, U: Any, b: Any, p: Any, x: Any) -> Any:
    """How one entry of the new state changes with one of the old."""
    return slope(lambda value: squashed(summed(k, n, m, W, U, b, moved(p, (q,), value), x)), p(q))


def state_oracle(n: int, m: int, q: int, W: Any, U: Any, b: Any, p: Any, x: Any, da: Any) -> Any:
    """With one entry of the old state, without the hyperbolic tangent."""
    return change(n, da, lambda k, value: summed(k, n, m, W, U, b, moved(p, (q,), value), x), p(q))


def weight_oracle(n: int, m: int, r: int, q: int, W: Any, U: Any, b: Any, p: Any, x: Any, g: Any) -> Any:
    """With one weight of the old state."""
    return change(n, g, lambda k, v: squashed(summed(k, n, m, moved(W, (r, q), v), U, b, p, x)), W(r, q))


def input_oracle(n: int, m: int, r: int, q: int, W: Any, U: Any, b: Any, p: Any, x: Any, g: Any) -> Any:
    """With one weight of the input."""
    return change(n, g, lambda k, v: squashed(summed(k, n, m, W, moved(U, (r, q), v), b, p, x)), U(r, q))


def _given(at: Any) -> Text:
    error = eq(da[k], ERROR.at((k,)))
    return ("Let ", g[k], " be the gradient at ", after[k], ", and ", error, ". Find that with respect to ", at, ".")


_JACOBIAN: Text = ("Find the derivative of ", after[k], " with respect to ", before[q], ".")
_LEFT = Partial(after[k], before[q])
_STATE: Text = ("Let ", da[k], " be the gradient at ", a[k], ". Find that with respect to ", before[q], ".")
_WEIGHT, _INPUT = _given(W[r, q]), _given(U[r, q])
CONSTRUCT = Construct(
    name="elman_rnn",
    title="One step of an Elman network",
    about=("A state of ", n, " numbers and an input of ", m, " numbers make the next state."),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Elman, Cognitive Science 14, 1990; Goodfellow, Bengio, Courville, Deep Learning, 2016, section 10.2",
    claims=(
        Claim("state_jacobian", "From state to state", _JACOBIAN, STATE, _LEFT, state_jacobian, jacobian_oracle),
        Claim("state_gradient", "The state before", _STATE, BACK, dbefore[q], state, state_oracle),
        Claim("weight_gradient", "Recurrent weights", _WEIGHT, WEIGHTS, dW[r, q], weights, weight_oracle),
        Claim("input_weight_gradient", "Input weights", _INPUT, INPUTS, dU[r, q], input_weights, input_oracle),
    ),
)
