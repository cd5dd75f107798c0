r"""How long a convolution is: full n + k - 1, valid n - k + 1 or nothing, same n; and how the shorter lie in the full.

A kernel that begins at the i-th entry covers the entries i to i + k - 1. Valid counts the i for which all of them are
among 1..n, full those for which some are. The *same* convolution keeps n of the n + k - 1 entries of the full one, from
the $\lceil k/2\rceil$-th on: for odd k its middle.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5 (the three kinds of zero padding).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, Symbol, ceiling, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.convolution_1d import (
    FITS,
    MEETS,
    PLACE,
    TURNED,
    VALID,
    K,
    N,
    Signal,
    i,
    in_indices,
    k,
    n,
    valid_convolution,
    valid_oracle,
    w,
    x,
)
from derive.constructs.convolution_1d import full_oracle as full_entry
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, Indicator, all_of, array, between, le
from derive.language.forms import of
from derive.rules.algebra import definition
from derive.rules.combine import Conversion, by, derived, everywhere, one_line, quietly, then
from derive.rules.deltas import settled
from derive.rules.forms import recognised
from derive.rules.sums import restrict_to_support, sum_of_constant
from derive.rules.windows import over_window, to_window

m = array("m")
fits = IndexSum(Indicator(all_of(le(1, i), le(i + k - 1, n))), i, -oo, oo)
meets = IndexSum(Indicator(all_of(le(1, i + k - 1), le(i, n))), i, -oo, oo)
FITTING, MEETING = (Context((N, K), (), (Definition(m, (), places),)) for places in (fits, meets))
full = of("full_convolution", x, w)
s = array("s", (1, n), outside="zero")
SAME = Context((N, K, PLACE), (between(1, i, n),), (Definition(s, (i,), full[i + ceiling(k / 2) - 1]),), (x, w))


def counted(low: Expr, high: Expr, along: Symbol) -> Conversion:
    """How many integers a condition on i leaves, low to high; by cases along a symbol where there may be none."""
    told = by(definition, reason=("1 for each place that counts",))
    limits = by(restrict_to_support, low, high, reason=("these are the places ", between(low, i, high)))
    return then(told, one_line(then(limits, quietly(everywhere(settled)))), over_window(along, by(sum_of_constant)))


def valid_length() -> Derivation:
    """n - k + 1 places where the whole kernel fits, or none."""
    return derived("conv1d_lengths.valid_length", FITTING, m[()], counted(Integer(1), n - k + 1, n))


def full_length() -> Derivation:
    """n + k - 1 places where the kernel meets the signal."""
    return derived("conv1d_lengths.full_length", MEETING, m[()], counted(2 - k, n, n))


def middle() -> Derivation:
    """The valid convolution is the full one from its k-th entry on."""
    moves = then(in_indices(valid_convolution.array), recognised(full[i + k - 1]))
    return derived("conv1d_lengths.middle", VALID, valid_convolution, moves)


def same() -> Derivation:
    """An entry of the same convolution, with the limits between which the factors are not 0."""
    moves = then(by(definition, reason=("definition of ", s)), in_indices(full), to_window)
    return derived("conv1d_lengths.same", SAME, s[i], moves)


def valid_length_oracle(n: int, k: int) -> int:
    """The kernel put at every place; counted where all that it covers is there."""
    places = 0
    for first in range(-n - k, n + k + 1):
        places += all(entry in range(1, n + 1) for entry in range(first, first + k))
    return places


def full_length_oracle(n: int, k: int) -> int:
    """The kernel put at every place; counted where something that it covers is there."""
    places = 0
    for first in range(-n - k, n + k + 1):
        places += any(entry in range(1, n + 1) for entry in range(first, first + k))
    return places


def same_oracle(n: int, k: int, i: int, x: Signal, w: Signal) -> Any:
    """The product of polynomials, (k + 1)//2 - 1 coefficients left out at its beginning."""
    left_out = 0
    for _ in range(3, k + 1, 2):
        left_out += 1
    return full_entry(n, k, i + left_out, x, w)


_LYING = ("A kernel lies on the entries ", i, " to ", i + k - 1, ". Find the number ", m[()], " of places ", i)
CONSTRUCT = Construct(
    name="conv1d_lengths",
    title="Full, valid and same convolution",
    about=("A signal ", x, " has ", n, " entries, a kernel ", w, " has ", k, "; both are 0 elsewhere."),
    conventions=(*TURNED, "indices from 1", FITS, MEETS, "same: as many entries of the full one as the signal has"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5",
    claims=(
        Claim(
            name="valid_length",
            title="Length of a valid convolution",
            question=(*_LYING, " where it fits into 1 to ", n, "."),
            context=FITTING,
            left=m[()],
            derive=valid_length,
            oracle=valid_length_oracle,
        ),
        Claim(
            name="full_length",
            title="Length of a full convolution",
            question=(*_LYING, " where it meets 1 to ", n, "."),
            context=MEETING,
            left=m[()],
            derive=full_length,
            oracle=full_length_oracle,
        ),
        Claim(
            name="middle",
            title="The valid convolution lies in the middle of the full one",
            question=("Which entries of the full convolution are those of the valid one?",),
            context=VALID,
            left=valid_convolution,
            derive=middle,
            oracle=valid_oracle,
        ),
        Claim(
            name="same",
            title="The same convolution, entry by entry",
            question=("Write ", s[i], " as a sum with exact limits."),
            context=SAME,
            left=s[i],
            derive=same,
            oracle=same_oracle,
        ),
    ),
)
