r"""A delayed input gives the delayed output: convolution commutes with shifts.

For signals x and h over the integers, $y[n] = \sum_i x[i]\,h[n-i]$. If $x_2[n] = x[n-N]$, then the index $k = i - N$
turns the sum for $y_2[n]$ into the one for $y[n-N]$. Nothing is asked of x and h but that the sums converge. Of
$v[n] = \sum_i x[i]\,h[Sn-i]$, the convolution at every S-th time, the same holds for delays by multiples of S:
$x_2[n] = x[n-St]$ gives $v_2[n] = v[n-t]$. For other delays it does not: `shift_failures`.

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
from derive.rules.combine import at, at_part, by, derived, then
from derive.rules.entries import at_place
from derive.rules.sums import shift_index

_n = declare("n", "integer", "time")
_N = declare("N", "integer", "delay; negative values advance the input")
_S, _t = declare("S", "size", "stride"), declare("t", "integer", "delay of the output")
n, N, S, t = _n.symbol, _N.symbol, _S.symbol, _t.symbol
i, k = integer("i"), integer("k")
x, h = signal("x"), signal("h")
y, x_2, y_2, v, v_2 = (signal(name) for name in ("y", "x_2", "y_2", "v", "v_2"))


def convolution(left: Entry, first: Array, second: Array, index: Symbol = i) -> Definition:
    """`left = first * second`, the convolution sum over all integers."""
    time = left.indices[0]
    return Definition(left.array, (time,), IndexSum(first[index] * second[time - index], index, -oo, oo))


CONTEXT = Context(
    declarations=(_n, _N),
    definitions=(convolution(y[n], x, h), Definition(x_2, (n,), x[n - N]), convolution(y_2[n], x_2, h)),
    arrays=(x, h),
)
_EVERY_S = (
    Definition(v, (n,), IndexSum(x[i] * h[S * n - i], i, -oo, oo)),
    Definition(x_2, (n,), x[n - S * t]),
    Definition(v_2, (n,), IndexSum(x_2[i] * h[S * n - i], i, -oo, oo)),
)
STRIDED = Context((_n, _S, _t), (), _EVERY_S, (x, h))


def response() -> Derivation:
    """y_2[n] = y[n - N], by the index k = i - N."""
    moves = then(
        by(definition, reason=("definition of convolution",)),
        at((0, 1), by(definition, reason=("definition of ", x_2[n]))),
        by(shift_index, k, N, reason=("with ", eq(k, i - N), ", which also runs over all integers")),
        by(fold_definition, y[n - N], reason=("this is the sum for ", y[n], " at the time ", n - N)),
    )
    return derived("time_shift.response", CONTEXT, y_2[n], moves)


def strided() -> Derivation:
    """v_2[n] = v[n - t], by the index k = i - S t."""
    moves = then(
        by(definition, reason=("definition of ", v_2[n])),
        at((0, 1), by(definition, reason=("definition of ", x_2[n]))),
        by(shift_index, k, S * t, reason=("with ", eq(k, i - S * t), ", which also runs over all integers")),
        at_part(h[S * n - S * t - k], at_place(S * (n - t) - k, reason=("the index of ", h, " in another form"))),
        by(fold_definition, v[n - t], reason=("this is the sum for ", v[n], " at the time ", n - t)),
    )
    return derived("time_shift.strided", STRIDED, v_2[n], moves)


def oracle(n: int, N: int, x: Callable[[int], Fraction], h: Callable[[int], Fraction]) -> Fraction:
    """The convolution of the delayed input, term by term (the signals drawn vanish beyond -60..60)."""
    total = Fraction(0)
    for i in range(-60 + min(N, 0), 61 + max(N, 0)):
        total += x(i - N) * h(n - i)
    return total


def strided_oracle(n: int, S: int, t: int, x: Callable[[int], Fraction], h: Callable[[int], Fraction]) -> Fraction:
    """The convolution of the delayed input at every S-th time."""
    return oracle(S * n, S * t, x, h)


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
        Claim(
            name="strided",
            title="Response at every S-th time",
            question=("Let ", v[n], " be the response at the time ", S * n, ". Find it for ", x[n - S * t], "."),
            context=STRIDED,
            left=v_2[n],
            derive=strided,
            oracle=strided_oracle,
        ),
    ),
)
