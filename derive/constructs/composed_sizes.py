r"""The size behind several layers: two layers give the size of one, and L halvings that of a division by $2^L$.

A layer with window $K_1$, stride $S_1$, padding $P_1$ and one with $K_2, S_2, P_2$ behind it have as many outputs as
one layer with window $K_1 + S_1(K_2 - 1)$, stride $S_1 S_2$ and padding $P_1 + S_1 P_2$: floors nest. (The outputs are
those of one layer only if both are linear and $P_2 = 0$.) A window here is what it spans: dilated ones count with their
gaps. L layers with window and stride S leave $\lfloor W/S^L \rfloor$ of W entries.

Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 3.2, (3.11); Dumoulin, Visin, 2016,
arXiv:1603.07285, relationship 6.
"""

from __future__ import annotations

from sympy import Integer, floor, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import OTHERWISE, Cases, Context, Definition, array, declare, eq, integer, le
from derive.rules.algebra import algebra
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, everywhere, then
from derive.rules.integers import by_integers, floor_of_floor, integer_through_floor, quotient
from derive.rules.recursions import unrolled

_W, _L = declare("W", "size", "entries of the input"), declare("L", "natural", "layers")
_K1, _K2 = declare("K_1", "size", "first window"), declare("K_2", "size", "second window")
_S1, _S2 = declare("S_1", "size", "first stride"), declare("S_2", "size", "second stride")
_P1, _P2 = declare("P_1", "natural", "first padding"), declare("P_2", "natural", "second padding")
_S = declare("S", "size", "window and stride")
W, L, K_1, K_2, S_1, S_2, P_1, P_2, S = (d.symbol for d in (_W, _L, _K1, _K2, _S1, _S2, _P1, _P2, _S))
l = integer("l")  # noqa: E741
FIRST = quotient(W + 2 * P_1 - K_1, S_1)
SECOND = quotient(FIRST + 1 + 2 * P_2 - K_2, S_2)
WINDOW, PADDING = K_1 + S_1 * (K_2 - 1), P_1 + S_1 * P_2
TWO = Context((_W, _K1, _K2, _S1, _S2, _P1, _P2), (le(K_1, W + 2 * P_1), le(K_2, FIRST + 1 + 2 * P_2)))
h = array("h", (0, oo))
_LAYERS = Definition(h, (l,), Cases((W, eq(l, 0)), (quotient(h[l - 1] - S, S) + 1, OTHERWISE)))
MANY = Context((_W, _S, _L), (), (_LAYERS,))


_SINGLE: Text = ("window ", WINDOW, ", stride ", S_1 * S_2, ", padding ", PADDING)


def two() -> Derivation:
    """floor((W + 2(P_1 + S_1 P_2) - K_1 - S_1 (K_2 - 1))/(S_1 S_2)) + 1."""
    joined = quotient(W + 2 * PADDING - WINDOW, S_1 * S_2)
    moves = at_part(SECOND, then(by(floor_of_floor), by_integers(joined, *_SINGLE)))
    return derived("composed_sizes.two", TWO, SECOND + 1, moves)


def many() -> Derivation:
    """floor(W/S^L)."""
    start = floor(W, evaluate=False)

    def step(known: Conversion) -> Conversion:
        joined = everywhere(then(by(floor_of_floor), by(integer_through_floor, Integer(-1))))
        powers = at_part(W / (S * S**L), by(algebra, W * S ** (-L - 1), reason=("exponents added",)))
        return then(unrolled(h[L + 1]), at_part(h[L], known), joined, powers)

    moves = by_induction(L, 0, quotient(W, S**L), then(unrolled(h[0]), by_integers(start, "an integer")), step)
    return derived("composed_sizes.many", MANY, h[L], moves)


def two_oracle(W: int, K_1: int, K_2: int, S_1: int, S_2: int, P_1: int, P_2: int) -> int:
    """The outputs of both layers written down, one for each window that fits."""
    entries = [0] * W
    for window, stride, padding in ((K_1, S_1, P_1), (K_2, S_2, P_2)):
        padded = [0] * padding + entries + [0] * padding
        entries = [0 for begin in range(0, len(padded), stride) if len(padded[begin : begin + window]) == window]
    return len(entries)


def many_oracle(W: int, S: int, L: int) -> int:
    """Blocks of S made out of the entries again and again."""
    entries = [0] * W
    for _ in range(L):
        entries = [0 for begin in range(0, len(entries), S) if begin + S <= len(entries)]
    return len(entries)


_LAYER_1: Text = ("A layer with window ", K_1, ", stride ", S_1, " and padding ", P_1)
_LAYER_2: Text = (" and one with ", K_2, ", ", S_2, " and ", P_2, " after it have ", SECOND + 1, " outputs.")
CONSTRUCT = Construct(
    name="composed_sizes",
    title="Sizes behind several layers",
    about=("Layers follow one another over ", W, " entries."),
    conventions=("a window is what it spans, with the gaps of a dilation", "sizes are rounded down"),
    source="Concrete Mathematics, section 3.2, (3.11); Dumoulin, Visin, 2016, arXiv:1603.07285, relationship 6",
    claims=(
        Claim(
            "two",
            "Two layers have the size of one",
            (*_LAYER_1, *_LAYER_2, " Which single layer has as many outputs?"),
            TWO,
            SECOND + 1,
            two,
            two_oracle,
        ),
        Claim(
            "many",
            "L layers that divide by S",
            ("Each of ", L, " layers has window and stride ", S, ". How many outputs has the last?"),
            MANY,
            h[L],
            many,
            many_oracle,
        ),
    ),
)
