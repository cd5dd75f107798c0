r"""Pooling with an Lp norm: between the sum and the largest entry of a window, for entries that are not negative.

$y = \bigl(\sum_{k=1}^N x_k^p\bigr)^{1/p}$ for integers $p \ge 1$ and $x_k \ge 0$. For p = 1 it is N times the mean.
The largest entry M is a lower bound, $N^{1/p} M$ an upper one; as $N^{1/p}$ tends to 1, y tends to M for p to infinity.
Where all entries are positive, $\partial y/\partial x_q = (x_q/y)^{p-1}$: they share the gradient for p = 1, in the
limit the largest one gets it. With signs the limit is another one: for odd p the sum may be negative.

Source: Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 2.3, theorem 4 (the limit), and section 2.10 (19: the
order of the means); Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3 (pooling by a norm).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, ForAll, IndexSum, Largest, array, between, declare, eq, ge, gt, integer
from derive.language.numbers import moved, power, slope
from derive.rules.algebra import definition, fold_definition
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import at_part, by, derived, everywhere, then, up_to
from derive.rules.folding import as_defined
from derive.rules.powers import power_of_power, power_of_product
from derive.rules.ranges import largest_at_most_sum, power_into_largest, sum_at_most_largest

_N, _p, _q = declare("N", "size", "entries"), declare("p", "size", "exponent"), declare("q", "integer", "an entry")
N, p, q = (d.symbol for d in (_N, _p, _q))
k = integer("k")
x, y, g, dx = array("x", (1, N)), array("y"), array("g"), array("dx", (1, N))
POOLED = Definition(y, (), IndexSum(x[k] ** p, k, 1, N) ** (1 / p))
NOT_NEGATIVE, POSITIVE = ForAll(ge(x[k], 0), k, 1, N), ForAll(gt(x[k], 0), k, 1, N)
BOUND = Context((_N, _p), (NOT_NEGATIVE,), (POOLED,), (x,))
INPUT = Context((_N, _p, _q), (between(1, q, N), POSITIVE), (POOLED, gradient(dx, g, y, x[q], ())), (x, g))
most = Largest(x[k], k, 1, N)
total, top = IndexSum(x[k] ** p, k, 1, N), Largest(x[k] ** p, k, 1, N)
by_the_largest = then(at_part(total, by(sum_at_most_largest)), at_part(top, up_to(most**p, by(power_into_largest))))


def upper() -> Derivation:
    """y <= N^(1/p) max x."""
    apart = then(by(power_of_product), everywhere(by(power_of_power)))
    moves = then(by(definition, reason=("definition of ", y)), by_the_largest, apart)
    return derived("lp_pooling.upper", BOUND, y[()], moves)


def lower() -> Derivation:
    """max x <= y."""
    root = (most**p) ** (1 / p)
    moves = then(
        up_to(root, by(power_of_power)),
        at_part(most**p, by(power_into_largest)),
        at_part(top, by(largest_at_most_sum)),
        by(fold_definition, y[()], reason=("definition of ", y)),
    )
    return derived("lp_pooling.lower", BOUND, most, moves)


def input_gradient() -> Derivation:
    """dx_q = g (x_q/y)^(p-1)."""
    share = g[()] * (x[q] / y[()]) ** (p - 1)
    moves = backpropagated(as_defined(share, y, ("definition of ", y)))
    return derived("lp_pooling.input_gradient", INPUT, dx[q], moves)


Entries = Callable[[int], Any]


def norm(N: int, p: int, x: Entries) -> Any:
    """The root of the sum of powers, added up in a loop."""
    total: Any = 0
    for place in range(1, N + 1):
        total += x(place) ** p
    return power(total, Fraction(1, p))


def upper_oracle(N: int, p: int, x: Entries) -> Any:
    """The norm."""
    return norm(N, p, x)


def lower_oracle(N: int, p: int, x: Entries) -> Any:
    """The largest entry, found by going through them."""
    best = x(1)
    for place in range(2, N + 1):
        best = x(place) if x(place) > best else best
    return best


def input_oracle(N: int, p: int, q: int, x: Entries, g: Callable[[], Any]) -> Any:
    """How the norm changes with one entry, times the gradient."""
    return g() * slope(lambda value: norm(N, p, moved(x, (q,), value)), x(q))


_UPPER: Text = ("No entry is negative. Bound ", y[()], " from above by the largest entry.")
_LOWER: Text = ("No entry is negative. Compare ", y[()], " with the largest entry.")
_GRADIENT: Text = ("Let ", g[()], " be the gradient at ", y[()], ", all entries positive. Find that at ", x[q], ".")
_SIGNED = Context((_N, _p), (), (POOLED,), (x,))
UPPER = Refuted(
    name="upper_any_sign",
    title="The upper bound, with any signs",
    statement=("The norm is at most ", N ** (1 / p), " times the largest entry",),
    context=_SIGNED,
    left=y[()],
    relation="<=",
    right=N ** (1 / p) * most,
    missing=("Even powers drop the signs: it is the largest absolute value that the norm tends to.",),
    instead="lp_pooling.upper",
)
LOWER = Refuted(
    name="lower_any_sign",
    title="The lower bound, with any signs",
    statement=("The largest entry is at most the norm",),
    context=_SIGNED,
    left=most,
    relation="<=",
    right=y[()],
    missing=("Odd powers keep the signs, and terms cancel.",),
    instead="lp_pooling.lower",
)
CONSTRUCT = Construct(
    name="lp_pooling",
    title="Lp pooling",
    about=("The output is ", eq(y[()], POOLED.body), "."),
    conventions=("the exponent is an integer", "gradients are laid out like their variable"),
    source="Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 2.3, theorem 4",
    claims=(
        Claim("upper", "An upper bound", _UPPER, BOUND, y[()], upper, upper_oracle),
        Claim("lower", "A lower bound", _LOWER, BOUND, most, lower, lower_oracle),
        Claim("input_gradient", "Gradient", _GRADIENT, INPUT, dx[q], input_gradient, input_oracle),
    ),
    refuted=(UPPER, LOWER),
)
