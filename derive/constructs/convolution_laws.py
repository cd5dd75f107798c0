r"""The order and the grouping of convolved signals do not matter.

Commutativity holds for all signals whose convolution sum converges absolutely. For associativity the outer signals are
0 outside finite ranges p..q and r..s, whose ends are any integers (an empty range is a signal of zeros); then both
groupings are finite sums over the same pairs of indices.

Source: Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., sections 2.3.1 and 2.3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derive.constructs.construct import Claim, Construct
from derive.constructs.time_shift import convolution
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, IndexSum, declare, eq, integer, signal
from derive.rules.algebra import definition, fold_definition
from derive.rules.combine import at, at_part, by, derived, then, up_to
from derive.rules.sums import constant_out_of_sum, restrict_to_support, reverse_index, shift_index
from derive.rules.windows import exchanged

_n = declare("n", "integer", "time")
_p, _q = declare("p", "integer", "where the first signal begins"), declare("q", "integer", "where it ends")
_r, _s = declare("r", "integer", "where the last signal begins"), declare("s", "integer", "where it ends")
n, p, q, r, s = (d.symbol for d in (_n, _p, _q, _r, _s))
i, j, k = integer("i"), integer("j"), integer("k")
x, h = signal("x"), signal("h")
x_pq, g = signal("x", p, q), signal("g", r, s)
y, u, v, w, z = (signal(name) for name in ("y", "u", "v", "w", "z"))

_CONVOLUTION: Text = ("definition of convolution",)
COMMUTED = Context((_n,), definitions=(convolution(y[n], x, h), convolution(z[n], h, x)), arrays=(x, h))
REGROUPED = Context(
    (_n, _p, _q, _r, _s),
    definitions=(
        convolution(u[n], x_pq, h),
        convolution(v[n], h, g, k),
        convolution(w[n], u, g, j),
        convolution(z[n], x_pq, v),
    ),
    arrays=(x_pq, h, g),
)


def commutative() -> Derivation:
    """x * h = h * x, by the index k = n - i."""
    moves = then(
        by(definition, reason=_CONVOLUTION),
        by(reverse_index, k, n, reason=("with ", eq(k, n - i), ", which also runs over all integers")),
        by(fold_definition, z[n], reason=("this is the sum for ", z[n])),
    )
    return derived("convolution_laws.commutative", COMMUTED, y[n], moves)


def associative() -> Derivation:
    """(x * h) * g = x * (h * g): both are the sum over all pairs of indices."""
    inner = IndexSum(x_pq[i] * h[j - i] * g[n - j], i, p, q)
    pairs = IndexSum(inner, j, n - s, n - r)
    lifted = then(
        by(definition, reason=_CONVOLUTION),
        by(restrict_to_support, n - s, n - r, reason=(g[n - j], " is 0 elsewhere")),
        at_part(
            u[j],
            then(
                by(definition, reason=_CONVOLUTION),
                by(restrict_to_support, p, q, reason=(x_pq[i], " is 0 elsewhere")),
            ),
        ),
        up_to(pairs, at_part(inner, by(constant_out_of_sum, reason=("the factor goes into the inner sum",)))),
    )
    right = then(
        by(definition, reason=_CONVOLUTION),
        by(restrict_to_support, p, q, reason=(x_pq[i], " is 0 elsewhere")),
        at_part(
            v[n - i],
            then(
                by(definition, reason=_CONVOLUTION),
                by(restrict_to_support, n - i - s, n - i - r, reason=(g[n - i - k], " is 0 elsewhere")),
            ),
        ),
    )
    moves = then(
        lifted,
        exchanged,
        at((0,), by(constant_out_of_sum, reason=(x_pq[i], " does not depend on ", j))),
        at_part(
            IndexSum(h[j - i] * g[n - j], j, n - s, n - r),
            by(shift_index, k, i, reason=("with ", eq(k, j - i))),
        ),
        up_to(z[n], right),
    )
    return derived("convolution_laws.associative", REGROUPED, w[n], moves)


Signal = Callable[[int], Fraction]


def commutative_oracle(n: int, x: Signal, h: Signal) -> Fraction:
    """The sum over all pairs of indices that add up to n."""
    value = Fraction(0)
    for place in range(-130, 131):
        value += x(place) * h(n - place)
    return value


def associative_oracle(n: int, p: int, q: int, r: int, s: int, x: Signal, h: Signal, g: Signal) -> Fraction:
    """The sum over all triples of indices that add up to n."""
    value = Fraction(0)
    for first in range(p, q + 1):
        for last in range(r, s + 1):
            value += x(first) * h(n - first - last) * g(last)
    return value


CONSTRUCT = Construct(
    name="convolution_laws",
    title="Order and grouping of convolutions",
    about=("Signals are convolved in one order or grouping and in another; the outputs are the same.",),
    conventions=("true convolution", "infinite sums where they converge absolutely", "an empty sum is 0"),
    source="Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., sections 2.3.1 and 2.3.3",
    claims=(
        Claim(
            name="commutative",
            title="The order of the signals does not matter",
            question=("Let ", y[n], " be ", x[n], " convolved with ", h[n], ", and ", z[n], " the other way. Compare."),
            context=COMMUTED,
            left=y[n],
            derive=commutative,
            oracle=commutative_oracle,
        ),
        Claim(
            name="associative",
            title="Three signals may be convolved in either grouping",
            question=(
                "Let ",
                w[n],
                " be ",
                u[n],
                " convolved with ",
                g[n],
                ". Write it as a convolution with ",
                x[n],
                ".",
            ),
            context=REGROUPED,
            left=w[n],
            derive=associative,
            oracle=associative_oracle,
        ),
    ),
)
