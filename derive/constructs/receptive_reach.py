r"""The receptive field in the input: where it begins and how far it reaches, for any stack of layers.

`receptive_places` goes down from output i of layer L, place by place; `receptive_field` goes up, layer by layer. Both
meet in the input: the first place that output i sees is $J_L i + o_L$, the places from the first to the last number
$R_L$, whatever i is, and the middle of them is $J_L i + c_L$. So the field moves by the jump from output to output, and
it overlaps that of its neighbour in $R_L - J_L$ places. Where a stride is larger than what a kernel spans, or a kernel
is dilated, there are places in between that are not seen.

Source: Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019, (1) to (7).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Integer

from derive.constructs import receptive_field as field
from derive.constructs import stacks
from derive.constructs.construct import Claim, Construct
from derive.constructs.receptive_places import (
    BACK,
    FIRST,
    LAST,
    OF_FIRST,
    ON,
    f,
    first,
    g,
    i,
    last,
    read,
    s,
    seen_by,
)
from derive.constructs.stacks import SPAN, D, J, K, L, P, R, S, c, l, o, strides
from derive.kernel.derivation import Derivation, Text
from derive.language import Context
from derive.rules.combine import Conversion, at_part, by, derived, one_line, then
from derive.rules.expand import spread, up_to_alike
from derive.rules.lemmas import use_lemma
from derive.rules.recursions import upwards
from derive.rules.sums import constant_out_of_sum, split_summand

_ONE = OF_FIRST.declarations[:2]
PLACE = Context(_ONE, (), (stacks.JUMP, stacks.START, FIRST), (S, P))
SEEN = Context(_ONE, (), (stacks.JUMP, stacks.SIZE, FIRST, LAST), (K, S, D, P))
MIDDLE = Context(_ONE, (), (stacks.JUMP, stacks.CENTRE, FIRST, LAST), (K, S, D, P))
BETWEEN = (f[L, 0] + g[L, 0]) / 2


def _from_input(lemma: Derivation) -> Conversion:
    return at_part(lemma.left.xreplace({s: Integer(0)}), use_lemma(lemma, {s: Integer(0)}, ("the place found before",)))


def place() -> Derivation:
    """f_{L,0} = J_L i + o_L."""
    below, known, begin = first(), stacks.jump(), field.offset()
    back = then(at_part(J[L], use_lemma(known, {})), at_part(o[L], use_lemma(begin, {})))
    moves = then(
        _from_input(below),
        at_part(read(BACK, L, 0), by(constant_out_of_sum, reason=("the sign in front of the sum",))),
        upwards(J[L] * i + o[L], back, ("the jump and the offset of ", L, " layers")),
    )
    return derived("receptive_reach.place", PLACE, f[L, 0], moves, (below, known, begin))


def seen() -> Derivation:
    """g_{L,0} - f_{L,0} + 1 = R_L."""
    below, above, whole = first(), last(), field.size()
    parts = SPAN * strides(l - 1), BACK * strides(l - 1)
    moves = then(
        _from_input(above),
        _from_input(below),
        at_part(read(ON, L, 0), by(split_summand, *parts, reason=("what the paddings take back is in both",))),
        upwards(R[L], use_lemma(whole, {}), ("the field of ", L, " layers")),
    )
    return derived("receptive_reach.seen", SEEN, g[L, 0] - f[L, 0] + 1, moves, (below, above, whole))


def middle() -> Derivation:
    """(f_{L,0} + g_{L,0})/2 = J_L i + c_L."""
    below, above, known, whole = first(), last(), stacks.jump(), field.centre()
    back = then(at_part(J[L], use_lemma(known, {})), at_part(c[L], use_lemma(whole, {})))
    moves = then(
        _from_input(above),
        _from_input(below),
        one_line(spread, ("sum term by term",)),
        up_to_alike(J[L] * i + c[L], then(back, spread), ("the jump and the middle of ", L, " layers")),
    )
    return derived("receptive_reach.middle", MIDDLE, BETWEEN, moves, (below, above, known, whole))


def ends(L: int, i: int, K: Any, S: Any, D: Any, P: Any) -> tuple[Any, Any]:
    """The first and the last place of the input."""
    return seen_by(L, i, 0, lambda layer: -P(layer), lambda layer: D(layer) * (K(layer) - 1) - P(layer), S)


def place_oracle(L: int, i: int, S: Any, P: Any) -> Any:
    """The first place of the input, whatever the kernels are."""
    return seen_by(L, i, 0, lambda layer: -P(layer), lambda layer: 0, S)[0]


def seen_oracle(L: int, i: int, K: Any, S: Any, D: Any, P: Any) -> Any:
    """From the first to the last, both counted."""
    low, high = ends(L, i, K, S, D, P)
    return high - low + 1


def middle_oracle(L: int, i: int, K: Any, S: Any, D: Any, P: Any) -> Any:
    """As far from the one as from the other."""
    low, high = ends(L, i, K, S, D, P)
    return low + Fraction(1, 2) * (high - low)


_PLACE: Text = ("Where in the input does the field of output ", i, " of layer ", L, " begin?")
_SEEN: Text = ("How many places are there from the first to the last that output ", i, " of layer ", L, " sees?")
_MIDDLE: Text = ("Where is the middle of the field of output ", i, " of layer ", L, "?")
_WIDE = g[L, 0] - f[L, 0] + 1
CONSTRUCT = Construct(
    name="receptive_reach",
    title="The receptive field in the input",
    about=("The first place of the input that an output ", i, " sees is ", f[L, 0], ", the last is ", g[L, 0], "."),
    conventions=("layers from 1, layer 0 is the input", "places and outputs from 0", "strides are positive"),
    source="Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019",
    claims=(
        Claim("place", "Where it begins", _PLACE, PLACE, f[L, 0], place, place_oracle),
        Claim("seen", "How far it reaches", _SEEN, SEEN, _WIDE, seen, seen_oracle),
        Claim("middle", "Its middle", _MIDDLE, MIDDLE, BETWEEN, middle, middle_oracle),
    ),
)
