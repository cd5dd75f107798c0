r"""Comparisons of a max pooling layer from the size of its input, with stride and padding.

With q entries added on each side a window of p entries that moves by s over n stands at the places si for i from 0 on
with $si + p \le n + 2q$: these are $\lfloor (n + 2q - p)/s \rfloor + 1$. In two directions and c channels the layer
takes $c\,o_h o_w (p_h p_w - 1)$ comparisons with $o_h$, $o_w$ found in this way. Padding and window are different
sizes: only for $q = p$ are there $\lfloor (n + p)/s \rfloor + 1$ places.

Source: Dumoulin, Visin, A guide to convolution arithmetic, arXiv:1603.07285, relationships 5 and 6, chapter 3.
"""

from __future__ import annotations

from sympy import Expr, Integer, Symbol, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.pooling_costs import _PH, _PW, _c, c, p_h, p_w, tournament
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
    integer,
    le,
)
from derive.rules.combine import Conversion, at_part, derived, then
from derive.rules.counts import counted
from derive.rules.integers import quotient

_H, _W = declare("h", "size", "height of the image"), declare("w", "size", "width of the image")
_QH, _QW = declare("q_h", "natural", "added above and below"), declare("q_w", "natural", "added left and right")
_SH, _SW = declare("s_h", "size", "stride downwards"), declare("s_w", "size", "stride to the right")
h, w, q_h, q_w, s_h, s_w = (d.symbol for d in (_H, _W, _QH, _QW, _SH, _SW))
i = integer("i")
o_h, o_w = array("o_h"), array("o_w")


def fits(stride: Symbol, window: Symbol, entries: Expr) -> IndexSum:
    """1 for each place at which the window lies within the entries."""
    return IndexSum(Indicator(all_of(le(0, i), le(stride * i + window, entries))), i, -oo, oo)


HIGH, WIDE = Definition(o_h, (), fits(s_h, p_h, h + 2 * q_h)), Definition(o_w, (), fits(s_w, p_w, w + 2 * q_w))
ONE = Context((_H, _PH, _SH, _QH), (le(p_h, h + 2 * q_h),), (HIGH,))
SIZES = (_c, _H, _W, _PH, _PW, _SH, _SW, _QH, _QW)
LAYER = Context(SIZES, (le(p_h, h + 2 * q_h), le(p_w, w + 2 * q_w)), (HIGH, WIDE))
DOWN, RIGHT = quotient(h + 2 * q_h - p_h, s_h), quotient(w + 2 * q_w - p_w, s_w)


def placed(last: Expr) -> Conversion:
    """The places from 0 to the last."""
    return counted(Integer(0), last, None, ("1 for each place that fits",), between(0, i, last))


def places() -> Derivation:
    """floor((h + 2 q_h - p_h)/s_h) + 1."""
    return derived("pooling_comparisons.places", ONE, o_h[()], placed(DOWN))


def comparisons() -> Derivation:
    """c o_h o_w (p_h p_w - 1), with both sizes worked out."""
    left = c * o_h[()] * o_w[()] * (p_h * p_w - 1)
    moves = then(*(at_part(size[()], placed(last)) for size, last in ((o_h, DOWN), (o_w, RIGHT))))
    return derived("pooling_comparisons.comparisons", LAYER, left, moves)


def starts(entries: int, padding: int, window: int, stride: int) -> list[int]:
    """Where windows begin in a list with zeros added at both ends."""
    padded = [0] * padding + [1] * entries + [0] * padding
    return [start for start in range(0, len(padded), stride) if len(padded[start : start + window]) == window]


def places_oracle(h: int, p_h: int, s_h: int, q_h: int) -> int:
    """Windows laid one after the other."""
    return len(starts(h, q_h, p_h, s_h))


def comparisons_oracle(c: int, h: int, w: int, p_h: int, p_w: int, s_h: int, s_w: int, q_h: int, q_w: int) -> int:
    """Each window of each channel by itself."""
    windows = [(y, x) for _ in range(c) for y in starts(h, q_h, p_h, s_h) for x in starts(w, q_w, p_w, s_w)]
    return sum(tournament(range(p_h * p_w)) for _ in windows)


_PLACES: Text = ("A window of ", p_h, " rows moves by ", s_h, " over ", h, " rows and ", q_h, " more on both sides. "
                 "Count its places ", o_h[()], ".")  # fmt: skip
_COST: Text = ("For ", o_h[()], " by ", o_w[()], " windows in each of ", c, " channels find the number of comparisons.")
CONSTRUCT = Construct(
    name="pooling_comparisons",
    title="Comparisons of a pooling layer",
    about=("Windows with ", p_h, " by ", p_w, " entries move over an image with ", h, " by ", w, " entries."),
    conventions=("the cost of pooling is its number of comparisons", "padding counts on each side", "places from 0"),
    source="Dumoulin, Visin, arXiv:1603.07285, relationships 5 and 6, and chapter 3",
    claims=(
        Claim("places", "Places of a window", _PLACES, ONE, o_h[()], places, places_oracle),
        Claim("comparisons", "Comparisons", _COST, LAYER, c * o_h[()] * o_w[()] * (p_h * p_w - 1), comparisons,
              comparisons_oracle),
    ),
)  # fmt: skip
