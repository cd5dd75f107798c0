r"""A delayed input gives the delayed output: convolution commutes with shifts.

For signals x and h over the integers, $y[n] = \sum_i x[i]\,h[n-i]$. If $x_2[n] = x[n-N]$, then the index $k = i - N$
turns the sum for $y_2[n]$ into the one for $y[n-N]$. Nothing is asked of x and h but that the sums converge.

Source: Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.3 (and 1.6.5 on time invariance).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Symbol, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import Array, Context, Definition, Entry, IndexSum, declare, eq, integer, signal
from derive.rules.algebra import definition, fold_definition
from derive.rules.combine import at, by, derived, then
from derive.rules.sums import shift_index

_n = declare("n", "integer", "time")
_N = declare("N", "integer", "delay; negative values advance the input")
n, N = _n.symbol, _N.symbol
i, k = integer("i"), integer("k")
x, h = signal("x"), signal("h")
y, x_2, y_2 = signal("y"), signal("x_2"), signal("y_2")


def convolution(left: Entry, first: Array, second: Array, index: Symbol = i) -> Definition:
    """`left = first * second`, the convolution sum over all integers."""
    time = left.indices[0]
    return Definition(left.array, (time,), IndexSum(first[index] * second[time - index], index, -oo, oo))


CONTEXT = Context(
    declarations=(_n, _N),
    definitions=(convolution(y[n], x, h), Definition(x_2, (n,), x[n - N]), convolution(y_2[n], x_2, h)),
    arrays=(x, h),
)


def response() -> Derivation:
    """y_2[n] = y[n - N], by the index k = i - N."""
    moves = then(
        by(definition, reason=("definition of convolution",)),
        at((0, 1), by(definition, reason=("definition of ", x_2[n]))),
        by(shift_index, k, N, reason=("with ", eq(k, i - N), ", which also runs over all integers")),
        by(fold_definition, y[n - N], reason=("this is the sum for ", y[n], " at the time ", n - N)),
    )
    return derived("time_shift.response", CONTEXT, y_2[n], moves)


def oracle(n: int, N: int, x: Callable[[int], Fraction], h: Callable[[int], Fraction]) -> Fraction:
    """The convolution of the delayed input, term by term (the signals drawn vanish beyond -60..60)."""
    total = Fraction(0)
    for i in range(-60 + min(N, 0), 61 + max(N, 0)):
        total += x(i - N) * h(n - i)
    return total


CONSTRUCT = Construct(
    name="time_shift",
    title="Convolution of a delayed signal",
    about=("A convolution commutes with shifts: delaying the input by ", N, " delays the output by ", N, "."),
    conventions=("true convolution", "infinite sums where they converge absolutely"),
    source="Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.3",
    claims=(
        Claim(
            name="response",
            title="Response to a delayed input",
            question=("Let ", y[n], " be the response to ", x[n], ". Find the response to ", x[n - N], "."),
            context=CONTEXT,
            left=y_2[n],
            derive=response,
            oracle=oracle,
        ),
    ),
)
