r"""One exponential through another: two one-sided ones, and a finite one through an infinite one.

For $x[n] = a^n$ and $h[n] = b^n$, n >= 0, the output is $\sum_{i=0}^{n} a^i b^{n-i}$: a difference of powers over the
difference of the ratios, and $(n+1)\,a^n$ where the ratios are equal. If x stops after L samples the filter empties.
No convergence is needed; the ratios may be any real numbers, 0 included ($0^0 = 1$).

Source: Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.1, example 2.3 and problem 2.6.
"""

from __future__ import annotations

from fractions import Fraction

from derive.constructs.construct import Claim, Construct
from derive.constructs.time_shift import convolution, n, y
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, declare, integer, signal
from derive.rules.combine import derived
from derive.rules.pieces import by_overlap

_n = declare("n", "integer", "time")
_L = declare("L", "size", "length of the input")
_a, _b = declare("a", "real", "ratio of the input"), declare("b", "real", "ratio of the impulse response")
L, a, b = _L.symbol, _a.symbol, _b.symbol
k = integer("k")
x, x_L, h = signal("x", 0), signal("x", 0, L - 1), signal("h", 0)

_FILTER = Definition(h, (n,), b**n)
CONTEXT = Context((_n, _a, _b), definitions=(Definition(x, (n,), a**n), _FILTER, convolution(y[n], x, h)))
FINITE = Context((_n, _L, _a, _b), definitions=(Definition(x_L, (n,), a**n), _FILTER, convolution(y[n], x_L, h)))


def response() -> Derivation:
    """y[n] for every n, with the case of equal ratios."""
    return derived("exponentials.response", CONTEXT, y[n], by_overlap(n, k))


def finite() -> Derivation:
    """y[n] for an input that stops after L samples."""
    return derived("exponentials.finite", FINITE, y[n], by_overlap(n, k))


def oracle(n: int, a: Fraction, b: Fraction) -> Fraction:
    """The convolution sum, term by term."""
    total = a * b * 0
    for i in range(n + 1):
        total += a**i * b ** (n - i)
    return total


def finite_oracle(n: int, L: int, a: Fraction, b: Fraction) -> Fraction:
    """The convolution sum over the L samples of the input."""
    total = a * b * 0
    for i in range(L):
        if n - i >= 0:
            total += a**i * b ** (n - i)
    return total


CONSTRUCT = Construct(
    name="exponentials",
    title="An exponential through an exponential filter",
    about=("The input ", a**n, " passes through a filter with impulse response ", b**n, ", both from ", n, " = 0 on."),
    conventions=("true convolution", "indices from 0", "an empty sum is 0", "0 to the power 0 is 1"),
    source="Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.1, example 2.3 and problem 2.6",
    claims=(
        Claim(
            name="response",
            title="Output for two one-sided exponentials",
            question=("Find ", y[n], " for every integer ", n, ", also where the ratios are equal."),
            context=CONTEXT,
            left=y[n],
            derive=response,
            oracle=oracle,
        ),
        Claim(
            name="finite",
            title="Output for an exponential that stops",
            question=("The input stops after ", L, " samples. Find ", y[n], " for every integer ", n, "."),
            context=FINITE,
            left=y[n],
            derive=finite,
            oracle=finite_oracle,
        ),
    ),
)
