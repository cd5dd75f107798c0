r"""How many outputs a convolution or pooling layer has along an axis: the placements of its window that fit.

The input has W entries and P zeros at each end; a window of K taps, D places apart, spans $D(K-1) + 1$ places and moves
by S. The window that begins at the place tS of the padded input fits if $tS + D(K-1) + 1 \le W + 2P$ and $t \ge 0$; for
integers that is $0 \le t \le \lfloor (W + 2P - D(K-1) - 1)/S \rfloor$. So there are
$\lfloor (W + 2P - D(K-1) - 1)/S \rfloor + 1$ placements, and none where the window is longer than the padded input; the
formula does not hold there (a division that cuts towards 0 would even give 1). On an image each axis counts by itself.

Source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning, 2016, arXiv:1603.07285, relationships 6
and 15; Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5.
"""

from __future__ import annotations

from sympy import Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Indicator, all_of, array, declare, integer, le
from derive.rules.algebra import definition
from derive.rules.combine import at, at_part, by, derived, then
from derive.rules.counts import between_limits, counted
from derive.rules.integers import quotient
from derive.rules.sums import constant_out_of_sum, sum_of_constant

_W, _K = declare("W", "size", "entries of the input"), declare("K", "size", "taps of the window")
_S, _P = declare("S", "size", "stride"), declare("P", "natural", "zeros added at each end")
_D = declare("D", "size", "dilation")
W, K, S, P, D = (d.symbol for d in (_W, _K, _S, _P, _D))
LAYER = (_W, _K, _S, _P, _D)
t, u = integer("t"), integer("u")
m = array("m")
SPAN = D * (K - 1) + 1
LAST = W + 2 * P - D * (K - 1) - 1
OUTPUTS = quotient(LAST, S) + 1
ROOM = le(SPAN, W + 2 * P)
_FITS = IndexSum(Indicator(all_of(le(0, t), le(t * S + SPAN, W + 2 * P))), t, -oo, oo)
COUNT = Context(LAYER, (), (Definition(m, (), _FITS),))
"""m is the number of placements that fit."""
_H, _V = declare("H", "size", "rows of the image"), declare("V", "size", "columns of the image")
_A, _B = declare("A", "size", "rows of the window"), declare("B", "size", "columns of the window")
_R, _C = declare("R", "size", "stride down"), declare("C", "size", "stride across")
H, V, A, B, R, C = (d.symbol for d in (_H, _V, _A, _B, _R, _C))
_DOWN, _ACROSS = quotient(H - A, R), quotient(V - B, C)
_ROW, _COLUMN = Indicator(all_of(le(0, t), le(t * R + A, H))), Indicator(all_of(le(0, u), le(u * C + B, V)))
_ROWS, _PAIRS = IndexSum(_ROW, t, -oo, oo), IndexSum(IndexSum(_ROW * _COLUMN, u, -oo, oo), t, -oo, oo)
IMAGE = Context((_H, _V, _A, _B, _R, _C), (le(A, H), le(B, V)), (Definition(m, (), _PAIRS),))


def output() -> Derivation:
    """floor((W + 2P - D(K-1) - 1)/S) + 1 where the window fits, else 0."""
    told = ("1 for each placement that fits",)
    moves = counted(Integer(0), OUTPUTS - 1, ROOM, told, "the condition, solved for the integer ", t)
    return derived("layer_sizes.output", COUNT, m[()], moves)


def image() -> Derivation:
    """The product of the numbers of both axes."""
    one = by(sum_of_constant)
    across = at((0,), then(between_limits(Integer(0), _ACROSS, "across, for each ", t), one))
    down = then(by(constant_out_of_sum), at_part(_ROWS, then(between_limits(Integer(0), _DOWN, "down, likewise"), one)))
    moves = then(by(definition, reason=("1 for each pair that fits",)), across, down)
    return derived("layer_sizes.image", IMAGE, m[()], moves)


def output_oracle(W: int, K: int, S: int, P: int, D: int) -> int:
    """The window put at every S-th place of the padded input; counted where each of its taps has an entry."""
    entries = ["0"] * P + ["x"] * W + ["0"] * P
    placements = 0
    for first in range(0, len(entries), S):
        placements += all(0 <= first + D * tap < len(entries) for tap in range(K))
    return placements


def image_oracle(H: int, V: int, A: int, B: int, R: int, C: int) -> int:
    """The window put at every place of a grid of rows and columns."""
    grid = [(row, column) for row in range(H) for column in range(V)]
    placements = 0
    for row, column in grid:
        inside = row + A <= H and column + B <= V
        placements += inside and row % R == 0 and column % C == 0
    return placements


_TAPS: Text = ("A window of ", K, " taps that stand ", D, " apart moves by ", S)
_ASKED: Text = (*_TAPS, " over ", W, " entries with ", P, " zeros at")
_GRID: Text = ("A window of ", A, " by ", B, " pixels moves by ", R, " down and ", C, " across, over ")
CONSTRUCT = Construct(
    name="layer_sizes",
    title="Sizes of convolution and pooling layers",
    about=(*_ASKED, " each end."),
    conventions=("placements begin at multiples of the stride, from 0", "padding: P zeros at each end"),
    source="Dumoulin, Visin, 2016, arXiv:1603.07285, relationships 6 and 15",
    claims=(
        Claim(
            "output",
            "Number of outputs",
            (*_ASKED, " each end. Find the number ", m[()], " of its placements that fit."),
            COUNT,
            m[()],
            output,
            output_oracle,
        ),
        Claim(
            "image",
            "Number of outputs on an image",
            (*_GRID, H, " by ", V, " pixels. Find the number ", m[()], " of its placements."),
            IMAGE,
            m[()],
            image,
            image_oracle,
        ),
    ),
)
