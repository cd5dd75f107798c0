r"""What a stride saves: positions of a window, and when it is exactly the factor S.

A window of K entries that moves by S over N stands at the places $Si$ for $i \ge 0$ with $Si + K \le N$; these are
$m = \lfloor (N-K)/S \rfloor + 1 = \lceil n/S \rceil$ of them, where $n = N - K + 1$ counts those of stride 1. The
factor n/m is exactly S just where S divides n; in every case $S n/(n + S - 1) \le n/m \le S$, so that it tends to S as
N grows. In two directions the factors are multiplied.

Source: Dumoulin, Visin, A guide to convolution arithmetic, arXiv:1603.07285, relationship 5.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Integer, Mod, oo

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Context,
    Definition,
    IndexSum,
    Indicator,
    all_of,
    array,
    between,
    declare,
    eq,
    ge,
    integer,
    le,
)
from derive.rules.algebra import definition
from derive.rules.combine import by, derived, everywhere, one_line, quietly, then
from derive.rules.deltas import settled
from derive.rules.indicators import restate_indicator
from derive.rules.integers import by_integers, quotient
from derive.rules.ranges import at_least, at_most
from derive.rules.sums import restrict_to_support, sum_of_constant

_N, _K = declare("N", "size", "entries"), declare("K", "size", "entries of a window")
_S, _n = declare("S", "size", "stride"), declare("n", "size", "positions with stride 1")
N, K, S, n = (d.symbol for d in (_N, _K, _S, _n))
i, m = integer("i"), array("m")
PLACES = Definition(m, (), IndexSum(Indicator(all_of(le(0, i), le(S * i + K, N))), i, -oo, oo))
FITTING, STRIDE = Context((_N, _K, _S), (le(K, N),), (PLACES,)), Context((_n, _S))
LAST, LEFT = quotient(N - K, S), quotient(n, S, upwards=True)
EXACT = Indicator(eq(n / LEFT, S))


def positions() -> Derivation:
    """ceil((N - K + 1)/S)."""
    told = by(definition, reason=("1 for each place that fits",))
    limits = by(restrict_to_support, Integer(0), LAST, reason=("these are the places ", between(0, i, LAST)))
    counted = by(sum_of_constant, reason=("count",))
    up = by_integers(quotient(N - K + 1, S, upwards=True), "one more, rounded up: the same integer")
    moves = then(told, one_line(then(limits, quietly(everywhere(settled)))), counted, up)
    return derived("stride_benefit.positions", FITTING, m[()], moves)


def exact() -> Derivation:
    """Just where S divides n."""
    whole = by(restate_indicator, eq(n, S * LEFT), reason=("times ", LEFT))
    divides = by(restate_indicator, eq(Mod(n, S), 0), reason=("rounding up changes nothing just then",))
    return derived("stride_benefit.exact", STRIDE, EXACT, then(whole, divides))


def upper() -> Derivation:
    """At most S."""
    return derived("stride_benefit.upper", STRIDE, n / LEFT, by(at_most, S, reason=(ge(LEFT, n / S),)))


def lower() -> Derivation:
    """At least S n/(n + S - 1)."""
    below = by(at_least, S * n / (n + S - 1), reason=(le(LEFT, (n + S - 1) / S),))
    return derived("stride_benefit.lower", STRIDE, n / LEFT, below)


def positions_oracle(N: int, K: int, S: int) -> int:
    """A window pushed on by S until it no longer fits."""
    return len([place for place in range(0, N, S) if place + K <= N])


def left_by(n: int, S: int) -> int:
    """Every S-th of n positions, the first one included."""
    return len([place for place in range(n) if place % S == 0])


def exact_oracle(n: int, S: int) -> int:
    """Whether as many positions are there S times."""
    return int(sum(left_by(n, S) for _ in range(S)) == n)


def factor_oracle(n: int, S: int) -> Fraction:
    """The positions of stride 1 by those that are left."""
    return Fraction(n, left_by(n, S))


WHOLE = Refuted(
    name="always_S",
    title="A stride saves its own factor",
    statement=("A stride ", S, " leaves one position of ", S),
    context=STRIDE,
    left=n / LEFT,
    relation="=",
    right=S,
    missing=("The positions left are rounded up; the factor is ", S, " just where it divides ", n, "."),
    instead="stride_benefit.exact",
)
ROUNDED_DOWN = Refuted(
    name="rounded_down",
    title="Rounded the wrong way",
    statement=("The positions left are ", quotient(n, S)),
    context=STRIDE,
    left=LEFT,
    relation="=",
    right=quotient(n, S),
    missing=("The first position is always among them, so the quotient is rounded up.",),
    instead="stride_benefit.positions",
)
_FACTOR: Text = (" positions ", LEFT, " are left. ")
CONSTRUCT = Construct(
    name="stride_benefit",
    title="What a stride saves",
    about=("A window moves by ", S, " entries at a time."),
    conventions=("places from 0", "a window lies within the entries"),
    source="Dumoulin, Visin, A guide to convolution arithmetic, arXiv:1603.07285, relationship 5",
    claims=(
        Claim("positions", "Positions", ("A window covers ", K, " of ", N, " entries, from ", S * i + 1, " to ",
              S * i + K, ". Count its positions ", m[()], "."), FITTING, m[()], positions, positions_oracle),
        Claim("exact", "Exactly the stride", ("Of ", n, *_FACTOR, "When is that a factor of exactly ", S, "?"), STRIDE,
              EXACT, exact, exact_oracle),
        Claim("upper", "At most the stride", ("Of ", n, *_FACTOR, "Bound the factor from above."), STRIDE, n / LEFT,
              upper, factor_oracle),
        Claim("lower", "Almost the stride", ("Of ", n, *_FACTOR, "Bound the factor from below."), STRIDE, n / LEFT,
              lower, factor_oracle),
    ),
    refuted=(WHOLE, ROUNDED_DOWN),
)  # fmt: skip
