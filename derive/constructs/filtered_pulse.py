r"""A rectangular pulse through an exponential filter: the convolution sum with a window that fills and empties.

The input is $x[n] = 1$ for $0 \le n \le L-1$ and 0 elsewhere, the impulse response $h[n] = a^n$ for $n \ge 0$ and 0
before. The output $y = x * h$ is a finite geometric sum whose limits depend on how far the pulse has entered the
filter; no convergence is needed, so a may be any real number, 0 and 1 included ($0^0 = 1$).

Source: Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.1, examples 2.3 and 2.4
(a step and a pulse with exponential signals; the present pulse lies between the two).
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Integer

from derive.constructs import time_shift
from derive.constructs.construct import Claim, Construct
from derive.constructs.time_shift import N, convolution, n, x_2, y, y_2
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, declare, integer, signal
from derive.rules.combine import derived, then
from derive.rules.lemmas import use_lemma
from derive.rules.pieces import by_overlap
from derive.rules.regroup import shifted_cases

_n = declare("n", "integer", "time")
_L = declare("L", "size", "length of the pulse")
_a = declare("a", "real", "ratio of the impulse response")
L, a = _L.symbol, _a.symbol
k = integer("k")
x, h = signal("x", 0, L - 1), signal("h", 0)

_SIGNALS = (Definition(x, (n,), Integer(1)), Definition(h, (n,), a**n))
CONTEXT = Context((_n, _L, _a), definitions=(*_SIGNALS, convolution(y[n], x, h)))
DELAYED = Context(
    (_n, declare("N", "integer", "delay"), _L, _a),
    definitions=(
        *_SIGNALS,
        convolution(y[n], x, h),
        Definition(x_2, (n,), x[n - N]),
        convolution(y_2[n], x_2, h),
    ),
)


def response() -> Derivation:
    """y[n] for every n, by the overlap of pulse and filter."""
    return derived("filtered_pulse.response", CONTEXT, y[n], by_overlap(n, k))


def delayed() -> Derivation:
    """The response to x[n - N]: the same cases, later by N."""
    shift, general = time_shift.response(), response()
    moves = then(
        use_lemma(shift, {time_shift.x: x, time_shift.h: h}),
        use_lemma(general, {n: n - N}),
        shifted_cases(n),
    )
    return derived("filtered_pulse.delayed", DELAYED, y_2[n], moves, (shift, general))


def oracle(n: int, L: int, a: Fraction) -> Fraction:
    """The convolution sum, term by term."""
    total = a * 0
    for i in range(L):
        if n - i >= 0:
            total += a ** (n - i)
    return total


def delayed_oracle(n: int, N: int, L: int, a: Fraction) -> Fraction:
    """The convolution sum with the input 1 at N, ..., N + L - 1."""
    total = a * 0
    for i in range(N, N + L):
        if n - i >= 0:
            total += a ** (n - i)
    return total


CONSTRUCT = Construct(
    name="filtered_pulse",
    title="Rectangular pulse through an exponential filter",
    about=("A pulse of ", L, " ones passes through a filter with impulse response ", a**n, " from ", n, " = 0 on."),
    conventions=("true convolution", "indices from 0", "an empty sum is 0", "0 to the power 0 is 1"),
    source="Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.1, examples 2.3 and 2.4",
    claims=(
        Claim(
            name="response",
            title="Output for every time, length and ratio",
            question=("Find ", y[n], " for every integer ", n, "."),
            context=CONTEXT,
            left=y[n],
            derive=response,
            oracle=oracle,
        ),
        Claim(
            name="delayed",
            title="Response to the delayed pulse",
            question=("Find the response to ", x[n - N], "."),
            context=DELAYED,
            left=y_2[n],
            derive=delayed,
            oracle=delayed_oracle,
        ),
    ),
)
