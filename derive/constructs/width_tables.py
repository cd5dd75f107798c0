r"""Two published tables for the rates of wide networks, for their output layers: the same training.

Tensor Programs V gives its parametrisation in several tables. For an output layer with n inputs table 3 has the
multiplier 1, initial weights of the size 1/n and the rate $\eta/n$, both for gradient descent and for Adam; table 8 has
the multiplier 1/n, initial weights of the size 1, the rate $n\eta$ for gradient descent and $\eta$ for Adam. In terms
of exponents (a, b, c) these are (0, 1, 1) and (1, 0, -1), or (1, 0, 0): one goes over into the other by the symmetry of
`rescaled_training` with s = n. So the weights of table 8 are n times those of table 3 at every step, and the outputs
are the same; for Adam each step is, by `rescaled_adam.adam`, if its guard is divided by n as well.

Source: Yang and others, Tensor Programs V, arXiv:2203.03466, tables 3 and 8; Yang, Hu, arXiv:2011.14522, section 3.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Integer

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.rescaled_training import (
    _T,
    T,
    _eta,
    _i,
    _n,
    eta,
    i,
    multiple,
    n,
    output,
    p,
    slope_at,
    t,
    trained,
    v,
    w,
    walked,
    x,
)  # fmt: skip
from derive.kernel.derivation import Derivation, Text
from derive.language import OTHERWISE, Cases, Context, Definition, between, eq

INSIDE, ONE = between(1, i, n), Integer(1)
DESCENT = Context((_n, _T, _i, _eta), (INSIDE,), (
    trained(w, p[i], eta / n * slope_at(w, ONE)), trained(v, n * p[i], n * eta * slope_at(v, 1 / n)),
), (x, p))  # fmt: skip


def descent() -> Derivation:
    """n times as large, for gradient descent."""
    return multiple("width_tables.descent", DESCENT, n)


def descent_oracle(n: int, T: int, i: int, eta: Any, x: Any, p: Any, f: Any) -> Any:
    """Table 8."""
    return walked(n, T, n, Fraction(1, n), n * eta, x, p, f)[i - 1]


def squared(of: Any, start: Any, rate: Any, multiplier: Any) -> Definition:
    """The same for the loss half the square of the output."""
    step = of[t - 1, i] - rate * multiplier * x[t, i] * output(of, multiplier, t - 1, t)
    return Definition(of, (t, i), Cases((start, eq(t, 0)), (step, OTHERWISE)))


_DESCENT: Text = (
    "Table 3: multiplier 1, start ", p[i], ", rate ", eta / n, ". Table 8: multiplier ", 1 / n, ", start ", n * p[i],
    ", rate ", n * eta, ". Compare the weights after T steps.",
)  # fmt: skip
_SQUARES = squared(w, p[i], eta, ONE), squared(v, n * p[i], eta, 1 / n)
RATE = Refuted(
    name="rate_kept",
    title="One rate for both tables",
    statement=("Multiplier and start may be moved without the rate of gradient descent; the loss is half a square",),
    context=Context((_n, _T, _i, _eta), (INSIDE,), _SQUARES, (x, p)),
    left=v[T, i],
    relation="=",
    right=n * w[T, i],
    missing=("The slope is divided by n, and the weights are n times as large: the rate grows by the square of n.",),
    instead="width_tables.descent",
)
CONSTRUCT = Construct(
    name="width_tables",
    title="Two published tables for wide networks",
    about=("An output layer has ", n, " inputs; its weights are ", w, " by table 3 and ", v, " by table 8."),
    conventions=("f is any smooth loss of the output", "data of their own at each step"),
    source="Yang and others, Tensor Programs V, arXiv:2203.03466, tables 3 and 8",
    claims=(Claim("descent", "Gradient descent by both", _DESCENT, DESCENT, v[T, i], descent, descent_oracle),),
    refuted=(RATE,),
)
