r"""Max pooling: each output is the largest entry of a window, and the gradient goes to that entry alone.

$y_i = \max_{1 \le l \le K} x_{S(i-1)+l}$ for m windows of width K, stride S, all within the input. Where each window
has its largest entry at one place only, y is differentiable, and $dx_p$ is the sum of $g_i$ over the windows that hold
p with $x_p = y_i$. Windows overlap for S < K; entries behind the last window, or between windows for S > K, have no
part in any. With ties y has a kink: which entry then gets the gradient is a convention of the program, and no
derivative. A layer for the least entry is not needed: $\min x = -\max(-x)$.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3; Dumoulin, Visin, A guide to convolution
arithmetic for deep learning, 2016, arXiv:1603.07285, section 3; Rockafellar, Wets, Variational Analysis, 1998, 8.31.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Array,
    Condition,
    Context,
    Definition,
    ForAll,
    IndexSum,
    Indicator,
    Largest,
    array,
    between,
    declare,
    eq,
    integer,
    le,
)
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import derived, everywhere, one_line, quietly, then
from derive.rules.deltas import settled
from derive.rules.folding import named_in_conditions
from derive.rules.windows import to_window

_N, _K = declare("N", "size", "length of the input"), declare("K", "size", "width of a window")
_m, _S = declare("m", "size", "number of windows"), declare("S", "size", "stride")
_p = declare("p", "integer", "a place")
N, K, m, S, p = (d.symbol for d in (_N, _K, _m, _S, _p))
i, l = integer("i"), integer("l")  # noqa: E741
x, g, y, z, dx = (array(name, (1, size)) for name, size in (("x", N), ("g", m), ("y", m), ("z", m), ("dx", N)))
one, above = array("y"), array("g")
POOLED = Definition(y, (i,), Largest(x[S * (i - 1) + l], l, 1, K))
LEAST = Definition(z, (i,), -Largest(-x[S * (i - 1) + l], l, 1, K))
GLOBAL = Definition(one, (), Largest(x[l], l, 1, N))
HELD = between(1, p - S * (i - 1), K)
FIT = le(S * (m - 1) + K, N)


def once(out: Array) -> Condition:
    """That each window attains its output at just one place."""
    return ForAll(eq(IndexSum(Indicator(eq(x[S * (i - 1) + l], out[i])), l, 1, K), 1), i, 1, m)


_SIZES, _PLACE = (_N, _K, _m, _S, _p), between(1, p, N)
INPUT = Context(_SIZES, (_PLACE, FIT, once(y)), (POOLED, gradient(dx, g, y, x[p], (i,))), (x, g))
SMALLEST = Context(_SIZES, (_PLACE, FIT, once(z)), (LEAST, gradient(dx, g, z, x[p], (i,))), (x, g))
_ALONE = eq(IndexSum(Indicator(eq(x[l], one[()])), l, 1, N), 1)
WHOLE = Context((_N, _p), (_PLACE, _ALONE), (GLOBAL, gradient(dx, above, one, x[p], ())), (x, above))

held = one_line(then(to_window, quietly(everywhere(settled))), (p, " is in window ", i, " where ", HELD))


def input_gradient() -> Derivation:
    """dx_p = the sum of g_i over the windows that hold p and have x_p as their largest entry."""
    return derived("max_pooling.input_gradient", INPUT, dx[p], backpropagated(named_in_conditions(y[i]), held))


def least_gradient() -> Derivation:
    """The same with the least entry of each window."""
    return derived("max_pooling.least_gradient", SMALLEST, dx[p], backpropagated(named_in_conditions(z[i]), held))


def global_gradient() -> Derivation:
    """dx_p = g for the largest entry of all, 0 for the others."""
    return derived("max_pooling.global_gradient", WHOLE, dx[p], backpropagated(named_in_conditions(one[()])))


Signal = Callable[[int], Fraction]


def pooled(K: int, m: int, S: int, p: int, x: Signal, g: Signal, chosen: Callable[[list[Any]], Any]) -> Any:
    """The slope of the weighted outputs in one input, from two values so close to it that it passes no other entry."""

    def loss(value: Fraction) -> Fraction:
        total = value * 0
        for window in range(m):
            entries = []
            for place in range(S * window + 1, S * window + K + 1):
                entries.append(value if place == p else x(place))
            total += g(window + 1) * chosen(entries)
        return total

    step = x(p) * 0 + 1
    for place in range(1, S * (m - 1) + K + 1):
        apart = abs(x(place) - x(p))
        step = min(step, apart / 2) if apart else step
    return (loss(x(p) + step) - loss(x(p) - step)) / (2 * step)


def input_oracle(N: int, K: int, m: int, S: int, p: int, x: Signal, g: Signal) -> Any:
    """With the largest entry of each window."""
    return pooled(K, m, S, p, x, g, max)


def least_oracle(N: int, K: int, m: int, S: int, p: int, x: Signal, g: Signal) -> Any:
    """With the least entry of each window."""
    return pooled(K, m, S, p, x, g, min)


def global_oracle(N: int, p: int, x: Signal, g: Callable[[], Fraction]) -> Any:
    """With one window on all entries."""
    return pooled(N, 1, N, p, x, lambda window: g(), max)


def _asked(out: Any) -> Text:
    return ("Let ", g[i], " be the gradient at ", out[i], ", attained once in each window. Find that at ", x[p], ".")


_GLOBAL: Text = ("Let ", above[()], " be the gradient at ", one[()], ". Find that with respect to ", x[p], ".")
CONSTRUCT = Construct(
    name="max_pooling",
    title="Max pooling",
    about=("Each of ", m, " outputs is the largest of ", K, " inputs; the windows begin ", S, " places apart."),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3; Dumoulin, Visin, arXiv:1603.07285",
    claims=(
        Claim("input_gradient", "Largest of a window", _asked(y), INPUT, dx[p], input_gradient, input_oracle),
        Claim("global_gradient", "Largest of all", _GLOBAL, WHOLE, dx[p], global_gradient, global_oracle),
        Claim("least_gradient", "Least of a window", _asked(z), SMALLEST, dx[p], least_gradient, least_oracle),
    ),
)
