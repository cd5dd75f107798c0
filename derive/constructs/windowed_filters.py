r"""A pulse through filters of other shapes: starting anywhere, a truncated exponential, a two-sided one; and a ramp.

The pulse is 1 on L samples. From s on (s may be negative) it passes through $a^n$, n >= 0; through the first M samples
of that filter (FIR); and through $a^{|n|}$, which answers before the pulse begins. The ramp is n for n >= 0.

Source: Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.1, examples 2.3 to 2.5.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Abs, Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.time_shift import convolution, n, y
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, declare, integer, signal
from derive.rules.combine import derived
from derive.rules.pieces import by_overlap

_n, _s = declare("n", "integer", "time"), declare("s", "integer", "where the pulse begins")
_L, _M = declare("L", "size", "length of the pulse"), declare("M", "size", "length of the filter")
_a = declare("a", "real", "ratio of the impulse response")
s, L, M, a = _s.symbol, _L.symbol, _M.symbol, _a.symbol
k = integer("k")
x, x_s, r = signal("x", 0, L - 1), signal("x", s, s + L - 1), signal("r", 0)
h, h_M, h_2 = signal("h", 0), signal("h", 0, M - 1), signal("h")

_PULSE, _DECAY = Definition(x, (n,), Integer(1)), Definition(h, (n,), a**n)
STARTED = Context((_n, _s, _L, _a), definitions=(Definition(x_s, (n,), Integer(1)), _DECAY, convolution(y[n], x_s, h)))
TRUNCATED = Context((_n, _L, _M, _a), definitions=(_PULSE, Definition(h_M, (n,), a**n), convolution(y[n], x, h_M)))
TWO_SIDED = Context((_n, _L, _a), definitions=(_PULSE, Definition(h_2, (n,), a ** Abs(n)), convolution(y[n], x, h_2)))
RAMP = Context((_n, _a), definitions=(Definition(r, (n,), n), _DECAY, convolution(y[n], r, h)))


def started() -> Derivation:
    """y[n] for a pulse from s to s + L - 1."""
    return derived("windowed_filters.started", STARTED, y[n], by_overlap(n, k))


def truncated() -> Derivation:
    """y[n] for an impulse response that stops after M samples."""
    return derived("windowed_filters.truncated", TRUNCATED, y[n], by_overlap(n, k))


def two_sided() -> Derivation:
    """y[n] for an impulse response that decays on both sides."""
    return derived("windowed_filters.two_sided", TWO_SIDED, y[n], by_overlap(n, k))


def ramp() -> Derivation:
    """y[n] for the ramp through the one-sided exponential."""
    return derived("windowed_filters.ramp", RAMP, y[n], by_overlap(n, k))


def started_oracle(n: int, s: int, L: int, a: Fraction) -> Fraction:
    """The convolution sum over the pulse."""
    total = a * 0
    for i in range(s, s + L):
        total += a ** (n - i) if n >= i else 0
    return total


def truncated_oracle(n: int, L: int, M: int, a: Fraction) -> Fraction:
    """The convolution sum over the taps of the filter."""
    total = a * 0
    for tap in range(M):
        total += a**tap if 0 <= n - tap < L else 0
    return total


def two_sided_oracle(n: int, L: int, a: Fraction) -> Fraction:
    """The convolution sum over the pulse, the filter answering on both sides."""
    total = a * 0
    for i in range(L):
        total += a ** (n - i) if n >= i else a ** (i - n)
    return total


def ramp_oracle(n: int, a: Fraction) -> Fraction:
    """The convolution sum, term by term."""
    total = a * 0
    for i in range(n + 1):
        total += i * a ** (n - i)
    return total


def _claim(name: str, title: str, words: tuple[object, ...], context: Context, derive, oracle) -> Claim:
    question = (*words, " Find ", y[n], " for every integer ", n, ".")
    return Claim(name, title, question, context, y[n], derive, oracle)


CONSTRUCT = Construct(
    name="windowed_filters",
    title="Pulses and ramps through exponential filters",
    about=("A pulse of ", L, " ones, or a ramp, passes through filters made of powers of ", a, "."),
    conventions=("true convolution", "indices from 0", "an empty sum is 0", "0 to the power 0 is 1"),
    source="Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.1, examples 2.3 to 2.5",
    claims=(
        _claim(
            "started",
            "A pulse that starts anywhere",
            ("The pulse begins at ", s, "."),
            STARTED,
            started,
            started_oracle,
        ),
        _claim(
            "truncated",
            "Through the first samples of an exponential",
            ("The impulse response is ", a**n, " for ", M, " samples and 0 after them."),
            TRUNCATED,
            truncated,
            truncated_oracle,
        ),
        _claim(
            "two_sided",
            "Through an exponential on both sides",
            ("The impulse response is ", a ** Abs(n), "."),
            TWO_SIDED,
            two_sided,
            two_sided_oracle,
        ),
        _claim("ramp", "A ramp through an exponential", ("The input is the ramp ", r[n], "."), RAMP, ramp, ramp_oracle),
    ),
)
