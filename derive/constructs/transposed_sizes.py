r"""The size of a transposed convolution, and why it needs to be told how much to add.

Input i of W puts K taps at the places $Si + Dj$, $0 \le j < K$, so those from 0 to $S(W-1) + D(K-1)$ are reached. P of
them are cut off at each end and A are added at the far one: $S(W-1) + D(K-1) + 1 - 2P + A$ outputs are left. A
convolution with the same K, S, P, D leads back to W for each A from 0 to S - 1, and for no other: it has forgotten A.

Source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning, 2016, arXiv:1603.07285, relationship 14.
"""

from __future__ import annotations

from sympy import oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_sizes import LAYER, D, K, P, S, W, m
from derive.constructs.layer_sizes import output_oracle as forward
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Indicator, all_of, between, declare, eq, integer, le
from derive.rules.combine import by, derived, then
from derive.rules.counts import counted
from derive.rules.indicators import restate_indicator
from derive.rules.integers import quotient

_A = declare("A", "integer", "places added at the far end")
A = _A.symbol
q = integer("q")
REACHED = S * (W - 1) + D * (K - 1)
SIZE = REACHED + 1 - 2 * P + A
_LEFT = IndexSum(Indicator(all_of(le(P, q), le(q, REACHED - P + A))), q, -oo, oo)
SIZED = Context((*LAYER, _A), (), (Definition(m, (), _LEFT),))
_PLACED = quotient(SIZE + 2 * P - D * (K - 1) - 1, S) + 1
AGAIN = Indicator(eq(_PLACED, W))
_AMONG = Context((*LAYER, _A), (le(1, SIZE),))


def size() -> Derivation:
    """S(W - 1) + D(K - 1) + 1 - 2P + A, or nothing."""
    told = ("1 for each place that is kept",)
    moves = counted(P, REACHED - P + A, le(0, SIZE), told, "all from the first to the last")
    return derived("transposed_sizes.size", SIZED, m[()], moves)


def back() -> Derivation:
    """The convolution leads back to W if and only if 0 <= A <= S - 1."""
    floors = between(S * (W - 1), S * (W - 1) + A, S * W - 1)
    why = ("the floor is ", W - 1, " from ", S * (W - 1), " to ", S * W - 1)
    moves = then(
        by(restate_indicator, floors, reason=why),
        by(restate_indicator, between(0, A, S - 1), reason=("subtract ", S * (W - 1))),
    )
    return derived("transposed_sizes.back", _AMONG, AGAIN, moves)


def size_oracle(W: int, K: int, S: int, P: int, D: int, A: int) -> int:
    """The places written down from the first to the last that is reached, then cut and added to."""
    reached = [i * S + j * D for i in range(W) for j in range(K)]
    places = range(min(reached), max(reached) + 1 + A)
    return len(places[P : max(P, len(places) - P)])


def back_oracle(W: int, K: int, S: int, P: int, D: int, A: int) -> int:
    """1 if the window has W placements on that many entries."""
    return int(forward(size_oracle(W, K, S, P, D, A), K, S, P, D) == W)


_ASKED: Text = (
    *("Each of ", W, " inputs puts ", K, " taps at the outputs, ", D, " apart; the next begins ", S, " further on. "),
    *("At each end ", P, " places are cut off, and ", A, " are added at the far one."),
)
_AGAIN: Text = (
    *("On these outputs a window with the same ", K, ", ", S, ", ", P, ", ", D, " has ", _PLACED),
    " placements.",
)
CONSTRUCT = Construct(
    name="transposed_sizes",
    title="Sizes of transposed convolutions",
    about=_ASKED,
    conventions=("transposed: A places are added, a negative number takes that many away",),
    source="Dumoulin, Visin, 2016, arXiv:1603.07285, relationship 14",
    claims=(
        Claim(
            "size",
            "Size of a transposed convolution",
            (*_ASKED, " Find the number ", m[()], " of outputs from the first to the last that is reached."),
            SIZED,
            m[()],
            size,
            size_oracle,
        ),
        Claim(
            "back",
            "Which additions the convolution forgets",
            (*_AGAIN, " For which ", A, " is that ", W, " again?"),
            _AMONG,
            AGAIN,
            back,
            back_oracle,
        ),
    ),
)
