r"""How many outputs two convolution layers have, valid or full, from the length that the first one leaves.

A valid layer with k weights leaves $\max(0, n - k + 1)$ of n entries, a full one makes $n + k - 1$ of them. So d inputs
and two valid layers give $d - k_1 - k_2 + 2$ outputs or none; that both kernels are shorter than the input is not
enough (d = 5, $k_1 = k_2 = 4$). Two full layers give $d + k_1 + k_2 - 2$.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5 (zero padding and the size of the output).
"""

from __future__ import annotations

from sympy import Expr, Integer, Max, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.conv1d_lengths import counted, m
from derive.constructs.convolution_1d import FITS, MEETS
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Indicator, all_of, declare, integer, le
from derive.rules.combine import derived

D = declare("d", "size", "number of inputs")
K_1, K_2 = declare("k_1", "size", "weights of the first kernel"), declare("k_2", "size", "weights of the second kernel")
_SIZES = (D, K_1, K_2)
d, k_1, k_2 = (size.symbol for size in _SIZES)
i = integer("i")
left_by_valid, left_by_full = Max(0, d - k_1 + 1, evaluate=False), d + k_1 - 1
fits = IndexSum(Indicator(all_of(le(1, i), le(i + k_2 - 1, left_by_valid))), i, -oo, oo)
meets = IndexSum(Indicator(all_of(le(1, i + k_2 - 1), le(i, left_by_full))), i, -oo, oo)
FITTING, MEETING = (Context(_SIZES, (), (Definition(m, (), places),)) for places in (fits, meets))


def valid() -> Derivation:
    """d - k_1 - k_2 + 2 outputs, or none."""
    return derived("two_layer_lengths.valid", FITTING, m[()], counted(Integer(1), d - k_1 - k_2 + 2, d))


def full() -> Derivation:
    """d + k_1 + k_2 - 2 outputs."""
    return derived("two_layer_lengths.full", MEETING, m[()], counted(2 - k_2, left_by_full, d))


def valid_oracle(d: int, k_1: int, k_2: int) -> int:
    """The lists of both layers, written out: one entry for each full window."""
    entries = [0] * d
    for size in (k_1, k_2):
        entries = [0 for first in range(len(entries)) if len(entries[first : first + size]) == size]
    return len(entries)


def full_oracle(d: int, k_1: int, k_2: int) -> int:
    """The same with size - 1 zeros added at both ends, so that every window with an entry in it is full."""
    entries = [0] * d
    for size in (k_1, k_2):
        padded = [0] * (size - 1) + entries + [0] * (size - 1)
        entries = [0 for first in range(len(padded)) if len(padded[first : first + size]) == size]
    return len(entries)


def _asked(entries: Expr, how: str) -> Text:
    lying = ("the second kernel lies on those from ", i, " to ", i + k_2 - 1)
    found = (". Find the number ", m[()], " of places ", i, f" where it {how}.")
    return ("The first layer leaves ", entries, " entries, and ", *lying, *found)


CONSTRUCT = Construct(
    name="two_layer_lengths",
    title="Two convolution layers: how many outputs",
    about=("Kernels with ", k_1, " and then ", k_2, " weights slide over ", d, " inputs."),
    conventions=("stride 1", FITS, MEETS),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5",
    claims=(
        Claim(
            name="valid",
            title="Two valid layers",
            question=_asked(left_by_valid, "fits"),
            context=FITTING,
            left=m[()],
            derive=valid,
            oracle=valid_oracle,
        ),
        Claim(
            name="full",
            title="Two full layers",
            question=_asked(left_by_full, "meets one of them"),
            context=MEETING,
            left=m[()],
            derive=full,
            oracle=full_oracle,
        ),
    ),
)
