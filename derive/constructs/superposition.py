r"""Superposition, and the sum of a convolution.

A filter of finite length (0 outside r..s) answers a weighted sum of inputs with the weighted sum of its answers. If the
input is finite too (0 outside p..q), the samples of the output add up to the product of the two sums. The ends are any
integers; an empty range is a signal of zeros.

Source: Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., sections 2.3.2 and 1.6.6; problem 2.21 for the sum.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.time_shift import convolution
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, declare, eq, integer, signal
from derive.rules.algebra import algebra, definition
from derive.rules.combine import at, at_part, by, derived, everywhere, then, up_to
from derive.rules.sums import constant_out_of_sum, restrict_to_support, shift_index, sum_of_terms
from derive.rules.windows import exchanged, to_window

_n = declare("n", "integer", "time")
_a, _b = declare("a", "real", "first weight"), declare("b", "real", "second weight")
_p, _q = declare("p", "integer", "where the input begins"), declare("q", "integer", "where it ends")
_r, _s = declare("r", "integer", "where the filter begins"), declare("s", "integer", "where it ends")
n, a, b, p, q, r, s = (d.symbol for d in (_n, _a, _b, _p, _q, _r, _s))
i, k = integer("i"), integer("k")
x, x_1, x_2, x_pq, h_rs = signal("x"), signal("x_1"), signal("x_2"), signal("x", p, q), signal("h", r, s)
y, y_1, y_2 = signal("y"), signal("y_1"), signal("y_2")

_CONVOLUTION: Text = ("definition of convolution",)
COMBINED = Context(
    (_n, _r, _s, _a, _b),
    definitions=(
        Definition(x, (n,), a * x_1[n] + b * x_2[n]),
        convolution(y[n], x, h_rs),
        convolution(y_1[n], x_1, h_rs),
        convolution(y_2[n], x_2, h_rs),
    ),
    arrays=(x_1, x_2, h_rs),
)
SUMMED = Context((_p, _q, _r, _s), definitions=(convolution(y[n], x_pq, h_rs),), arrays=(x_pq, h_rs))


def linear() -> Derivation:
    """(a x_1 + b x_2) * h = a (x_1 * h) + b (x_2 * h)."""
    unfolded = then(by(definition, reason=_CONVOLUTION), to_window)
    moves = then(
        unfolded,
        at_part(x[i], by(definition, reason=("definition of ", x[i]))),
        at((0,), by(algebra, a * x_1[i] * h_rs[n - i] + b * x_2[i] * h_rs[n - i], reason=("multiply out",))),
        by(sum_of_terms),
        everywhere(by(constant_out_of_sum)),
        up_to(a * y_1[n] + b * y_2[n], then(at_part(y_1[n], unfolded), at_part(y_2[n], unfolded))),
    )
    return derived("superposition.linear", COMBINED, y[n], moves)


def total() -> Derivation:
    """The sum of the output is the product of the sums."""
    moves = then(
        by(restrict_to_support, p + r, q + s, reason=("the output is 0 elsewhere",)),
        at((0,), by(definition, reason=_CONVOLUTION)),
        at((0,), by(restrict_to_support, p, q, reason=(x_pq[i], " is 0 elsewhere"))),
        exchanged,
        at((0,), by(constant_out_of_sum, reason=(x_pq[i], " does not depend on ", n))),
        at_part(
            IndexSum(h_rs[n - i], n, p + r, q + s),
            then(
                by(restrict_to_support, i + r, i + s, reason=(h_rs[n - i], " is 0 elsewhere")),
                by(shift_index, k, i, reason=("with ", eq(k, n - i))),
            ),
        ),
        by(constant_out_of_sum, reason=("the inner sum does not depend on ", i)),
    )
    return derived("superposition.total", SUMMED, IndexSum(y[n], n, -oo, oo), moves)


Signal = Callable[[int], Fraction]


def linear_oracle(n: int, r: int, s: int, a: Fraction, b: Fraction, x_1: Signal, x_2: Signal, h: Signal) -> Fraction:
    """The combined input, sample by sample, against the filter."""
    value = a * b * 0
    for place in range(r, s + 1):
        value += (a * x_1(n - place) + b * x_2(n - place)) * h(place)
    return value


def total_oracle(p: int, q: int, r: int, s: int, x: Signal, h: Signal) -> Fraction:
    """Every sample of the one times every sample of the other."""
    value = Fraction(0)
    for first in range(p, q + 1):
        for second in range(r, s + 1):
            value += x(first) * h(second)
    return value


CONSTRUCT = Construct(
    name="superposition",
    title="Superposition and sums of outputs",
    about=("A filter that is 0 outside ", r, ", ..., ", s, " answers combined inputs, and its outputs are added up."),
    conventions=("true convolution", "an empty sum is 0"),
    source="Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., sections 1.6.6 and 2.3.2",
    claims=(
        Claim(
            name="linear",
            title="A combination of inputs gives the combination of outputs",
            question=("Let the input be ", a * x_1[n] + b * x_2[n], ". Find the output."),
            context=COMBINED,
            left=y[n],
            derive=linear,
            oracle=linear_oracle,
        ),
        Claim(
            name="total",
            title="The sum of the output is the product of the sums",
            question=("The input is 0 outside ", p, ", ..., ", q, ". Find the sum of all ", y[n], "."),
            context=SUMMED,
            left=IndexSum(y[n], n, -oo, oo),
            derive=total,
            oracle=total_oracle,
        ),
    ),
)
