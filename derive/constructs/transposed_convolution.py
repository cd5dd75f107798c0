r"""A transposed convolution with stride s and padding p: each input lays the kernel down, s places after the last.

$y_n = \sum_{r=1}^m x_r\, w_{n+p-s(r-1)}$ for m inputs, a kernel of length K (0 beside it) and N outputs, of which p are
cut off in front; with $N = s(m-1) + K - 2p$ as many are cut off at the end, but nothing here depends on that. It is
the adjoint of the convolution $z_r = \sum_l u_{s(r-1)+l-p}\, w_l$: it carries that layer's gradient back. In turn its
own gradient is carried back by the convolution.

Source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning, 2016, arXiv:1603.07285, sections 4.1 and
4.5; Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5, (9.11) to (9.13).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Integer

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, IndexSum, Indicator, array, between, declare, eq, integer
from derive.language.numbers import slope
from derive.rules.algebra import definition, fold_definition
from derive.rules.backprop import CHAIN_RULE, backpropagated, gradient
from derive.rules.combine import at, by, derived, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.sums import change_range, constant_out_of_sum, shift_index
from derive.rules.windows import exchanged, to_window

_m, _K = declare("m", "size", "number of inputs"), declare("K", "size", "length of the kernel")
_N, _s = declare("N", "size", "number of outputs"), declare("s", "size", "stride")
_p = declare("p", "natural", "padding")
_i, _j, _n = (declare(name, "integer", what) for name, what in (("i", "input"), ("j", "weight"), ("n", "output")))
m, K, N, s, p, i, j, n = (d.symbol for d in (_m, _K, _N, _s, _p, _i, _j, _n))
l, r = integer("l"), integer("r")  # noqa: E741


def _signal(name: str, size: Any) -> Array:
    return array(name, (1, size), outside="zero")


x, w, g, y, dx, dw = (_signal(a, size) for a, size in (("x", m), ("w", K), ("g", N), ("y", N), ("dx", m), ("dw", K)))
u, z, du = _signal("u", N), _signal("z", m), _signal("du", N)
SIZES = (_m, _K, _N, _s, _p)
FORWARD = Definition(y, (n,), IndexSum(x[r] * w[n + p - s * (r - 1)], r, 1, m))
CONVOLVED = Definition(z, (r,), IndexSum(u[s * (r - 1) + l - p] * w[l], l, 1, K))
OUTPUT = Context((*SIZES, _n), (between(1, n, N),), (FORWARD,), (x, w))
INPUT = Context((*SIZES, _i), (between(1, i, m),), (FORWARD, gradient(dx, g, y, x[i], (n,))), (x, w, g))
WEIGHT = Context((*SIZES, _j), (between(1, j, K),), (FORWARD, gradient(dw, g, y, w[j], (n,))), (x, w, g))
_UP = gradient(du, x, z, u[n], (r,))
ADJOINT = Context((*SIZES, _n), (between(1, n, N),), (FORWARD, CONVOLVED, _UP), (u, w, x))


def output() -> Derivation:
    """y_n = the sum over the inputs whose kernel reaches n."""
    moves = then(by(definition, reason=("definition of ", y)), to_window)
    return derived("transposed_convolution.output", OUTPUT, y[n], moves)


def input_gradient() -> Derivation:
    """dx_i = the convolution of g with the kernel, with the same stride."""
    place = n + p - s * (i - 1)
    shift = by(shift_index, l, s * (i - 1) - p, reason=("with ", eq(l, place)))
    ends = by(change_range, Integer(1), K, reason=(w, " and ", g, " are 0 outside their ranges"))
    return derived("transposed_convolution.input_gradient", INPUT, dx[i], backpropagated(shift, ends))


def weight_gradient() -> Derivation:
    """dw_j = the inputs against the gradient at the places that meet w_j."""
    inside = IndexSum(g[n] * x[r] * Indicator(eq(n + p - s * (r - 1), j)), r, 1, m)
    first = one_line(then(at((0,), up_to(inside, by(constant_out_of_sum))), exchanged), ("exchange the sums",))
    moves = then(by(definition, reason=CHAIN_RULE), differentiated(), first, undelta)
    return derived("transposed_convolution.weight_gradient", WEIGHT, dw[j], moves)


def adjoint() -> Derivation:
    """The gradient of a strided convolution at its input is the transposed convolution of that at its output."""
    moves = backpropagated(by(fold_definition, y[n], reason=("definition of ", y)))
    return derived("transposed_convolution.adjoint", ADJOINT, du[n], moves)


Signal = Callable[[int], Fraction]


def outputs(m: int, K: int, N: int, s: int, p: int, x: Signal, w: Signal) -> list[Any]:
    """All outputs: every input lays down its multiple of the kernel, then both ends are cut."""
    laid: list[Any] = [0] * max(s * (m - 1) + K, p + N)
    for step in range(m):
        for tap in range(K):
            laid[s * step + tap] += x(step + 1) * w(tap + 1)
    return laid[p : p + N]


def moved(signal: Signal, at: int, value: Any) -> Any:
    """The signal with another number in one place."""
    return lambda place: value if place == at else signal(place)


def output_oracle(m: int, K: int, N: int, s: int, p: int, n: int, x: Signal, w: Signal) -> Any:
    """One output."""
    return outputs(m, K, N, s, p, x, w)[n - 1]


def weighted(made: list[Any], g: Signal) -> Any:
    """All outputs added up, each times its gradient."""
    total: Any = 0
    for place, output in enumerate(made, start=1):
        total += g(place) * output
    return total


def input_oracle(m: int, K: int, N: int, s: int, p: int, i: int, x: Signal, w: Signal, g: Signal) -> Any:
    """How the weighted outputs change with one input."""
    return slope(lambda value: weighted(outputs(m, K, N, s, p, moved(x, i, value), w), g), x(i))


def weight_oracle(m: int, K: int, N: int, s: int, p: int, j: int, x: Signal, w: Signal, g: Signal) -> Any:
    """How the weighted outputs change with one weight."""
    return slope(lambda value: weighted(outputs(m, K, N, s, p, x, moved(w, j, value)), g), w(j))


def adjoint_oracle(m: int, K: int, N: int, s: int, p: int, n: int, u: Signal, w: Signal, x: Signal) -> Any:
    """How the outputs of the convolution, weighted with x and added up in loops, change with one entry of u."""

    def loss(value: Any) -> Any:
        total: Any = 0
        for step in range(m):
            for tap in range(K):
                place = s * step + tap + 1 - p
                total += x(step + 1) * w(tap + 1) * (value if place == n else u(place))
        return total

    return slope(loss, u(n))


def _given(output: Any, at: Any, upstream: Array = g) -> Text:
    to = " be the gradient of a loss with respect to "
    return ("Let ", upstream[output.indices], to, output, ". Find that with respect to ", at, ".")


_OUTPUT: Text = ("Which inputs have a part in ", y[n], "?")
_INPUT, _WEIGHT = _given(y[n], x[i]), _given(y[n], w[j])
_ADJOINT: Text = (*_given(z[r], u[n], x), " Here ", eq(z[r], CONVOLVED.body), ".")
CONSTRUCT = Construct(
    name="transposed_convolution",
    title="Transposed convolution",
    about=("Each of ", m, " inputs lays down the kernel, ", s, " places after the one before it."),
    conventions=("indices from 1", "the kernel is 0 outside its range", "gradients are laid out like their variable"),
    source="Dumoulin, Visin, arXiv:1603.07285, sections 4.1 and 4.5; Goodfellow, Bengio, Courville, section 9.5",
    claims=(
        Claim("output", "An output", _OUTPUT, OUTPUT, y[n], output, output_oracle),
        Claim("input_gradient", "Gradient of the input", _INPUT, INPUT, dx[i], input_gradient, input_oracle),
        Claim("weight_gradient", "Gradient of the kernel", _WEIGHT, WEIGHT, dw[j], weight_gradient, weight_oracle),
        Claim("adjoint", "The way back through a convolution", _ADJOINT, ADJOINT, du[n], adjoint, adjoint_oracle),
    ),
)
