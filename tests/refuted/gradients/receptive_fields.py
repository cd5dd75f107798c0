"""Wrong receptive fields: a stride too many or too few, K for K - 1, a dilation or a padding in the wrong place."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, Max, ceiling, floor

from derive.constructs import receptive_axes as axes
from derive.constructs import receptive_ends as ends
from derive.constructs import receptive_places as down
from derive.constructs import receptive_stack as stack
from derive.constructs.receptive_boxes import Kh, Kw, k
from derive.constructs.receptive_depth import H, N, W
from derive.constructs.receptive_equal_layers import D, S
from derive.constructs.receptive_pooling import K as width
from derive.constructs.receptive_pooling import Kp, M, Sp
from derive.constructs.stacks import D as D_l
from derive.constructs.stacks import J, K, L, P, R, l, o, strides, t
from derive.constructs.stacks import S as S_l
from derive.language import IndexProduct, IndexSum, ge, le
from derive.language.terms import Indicator

_SIZE, _JUMP, _OFFSET, _CENTRE = (f"receptive_field.{name}" for name in ("size", "jump", "offset", "centre"))
_SPAN = D_l[l] * (K[l] - 1)


def layers(term: Any, first: Any = 1, last: Any = L) -> IndexSum:
    """A sum over the layers."""
    return IndexSum(term, l, first, last)


STACKS: list[tuple[str, str, Expr]] = [
    (_JUMP, "sum of the strides", IndexSum(S_l[t], t, 1, L)),
    (_JUMP, "one stride too few", strides(L - 1)),
    (_JUMP, "one stride too many", strides(L + 1)),
    (_JUMP, "all strides alike", S_l[1] ** L),
    (_SIZE, "K for K - 1", 1 + layers(D_l[l] * K[l] * strides(l - 1))),
    (_SIZE, "dilation lost", 1 + layers((K[l] - 1) * strides(l - 1))),
    (_SIZE, "dilated kernel for its span", 1 + layers((D_l[l] * K[l] - 1) * strides(l - 1))),
    (_SIZE, "stride of the layer itself", 1 + layers(_SPAN * strides(l))),
    (_SIZE, "one stride too few", 1 + layers(_SPAN * strides(l - 2))),
    (_SIZE, "all strides each time", 1 + layers(_SPAN * strides(L))),
    (_SIZE, "strides lost", 1 + layers(_SPAN)),
    (_SIZE, "sum for product", 1 + layers(_SPAN * IndexSum(S_l[t], t, 1, l - 1))),
    (_SIZE, "the input not counted", layers(_SPAN * strides(l - 1))),
    (_SIZE, "counted once a layer", layers(1 + _SPAN * strides(l - 1))),
    (_SIZE, "last layer lost", 1 + layers(_SPAN * strides(l - 1), 1, L - 1)),
    (_SIZE, "doubled", 2 + 2 * layers(_SPAN * strides(l - 1))),
    (_SIZE, "from the top", 1 + layers(_SPAN * IndexProduct(S_l[t], t, l + 1, L))),
    (_SIZE, "own dilation as a stride", 1 + layers((K[l] - 1) * IndexProduct(D_l[t], t, 1, l) * strides(l - 1))),
    (_OFFSET, "padding forwards", layers(P[l] * strides(l - 1))),
    (_OFFSET, "padding in pixels of the input", -layers(P[l])),
    (_OFFSET, "padding in front and behind", -layers(2 * P[l] * strides(l - 1))),
    (_OFFSET, "stride of the layer itself", -layers(P[l] * strides(l))),
    (_CENTRE, "half a kernel", layers((D_l[l] * K[l] / 2 - P[l]) * strides(l - 1))),
    (_CENTRE, "padding lost", layers(_SPAN / 2 * strides(l - 1))),
    (_CENTRE, "padding halved as well", layers((_SPAN - P[l]) / 2 * strides(l - 1))),
    (_CENTRE, "the last place", layers((_SPAN - P[l]) * strides(l - 1))),
]

_i, _s = down.i, down.s
_FIRST, _LAST = "receptive_places.first", "receptive_places.last"


def between(last: Any, first: Any) -> IndexProduct:
    """The product of the strides of some layers."""
    return IndexProduct(S_l[t], t, first, last)


PLACES: list[tuple[str, str, Expr]] = [
    (_FIRST, "padding forwards", _i * between(_s + L, _s + 1) - down.read(down.BACK, L)),
    (_FIRST, "from the input", _i * strides(L) + down.read(down.BACK, L, 0)),
    (_FIRST, "jump of one layer too many", _i * between(_s + L, _s) + down.read(down.BACK, L)),
    (_LAST, "a kernel too far", _i * between(_s + L, _s + 1) + down.read(D_l[l] * K[l] - P[l], L)),
    (_LAST, "the first place", _i * between(_s + L, _s + 1) + down.read(down.BACK, L)),
    (_LAST, "padding lost", _i * between(_s + L, _s + 1) + down.read(_SPAN, L)),
    ("receptive_reach.place", "outputs lie side by side", _i + o[L]),
    ("receptive_reach.place", "from the other end", _i * J[L] - o[L]),
    ("receptive_reach.seen", "fence posts", R[L] - 1),
    ("receptive_reach.seen", "the jump for the field", J[L]),
]

_PLAIN, _STRIDED, _DOUBLING = (f"receptive_equal_layers.{name}" for name in ("plain", "strided", "doubling"))
_LOWER = width - 1
EQUAL: list[tuple[str, str, Expr]] = [
    (_PLAIN, "K for K - 1", 1 + L * width),
    (_PLAIN, "the input not counted", L * _LOWER),
    (_PLAIN, "kernels side by side", L * width),
    (_PLAIN, "kernels multiplied", width**L),
    (_PLAIN, "one layer too few", 1 + (L - 1) * _LOWER),
    (_PLAIN, "a kernel too many", width + L * _LOWER),
    (_PLAIN, "doubled", 2 + 2 * L * _LOWER),
    (_STRIDED, "no case for stride 1", 1 + D * _LOWER * (1 - S**L) / (1 - S)),
    (_STRIDED, "one power too many", 1 + D * _LOWER * IndexSum(S**l, l, 1, L)),
    (_STRIDED, "as without strides", 1 + D * L * _LOWER),
    (_STRIDED, "strides added", 1 + D * _LOWER * IndexSum(1 + (l - 1) * S, l, 1, L)),
    (_STRIDED, "dilation raised as well", 1 + _LOWER * IndexSum((D * S) ** (l - 1), l, 1, L)),
    (_STRIDED, "times the last jump", 1 + D * L * _LOWER * S ** (L - 1)),
    (_DOUBLING, "one doubling more", 1 + _LOWER * (2 ** (L + 1) - 1)),
    (_DOUBLING, "the power alone", 1 + _LOWER * 2**L),
    (_DOUBLING, "as without dilation", 1 + L * _LOWER),
    (_DOUBLING, "kernels multiplied", width**L),
    ("receptive_equal_layers.power", "strides added", L * S),
    ("receptive_equal_layers.power", "one too few", S ** Max(L - 1, 0)),
]

_POOLED, _OWN, _LATER = "receptive_pooling.size", "receptive_pooling.own", "receptive_pooling_gain.later"
_GAIN = "receptive_pooling_gain.gain"
_ONE = 1 + L * _LOWER
POOLING: list[tuple[str, str, Expr]] = [
    (_POOLED, "the field doubles", _ONE * Kp + M * _LOWER),
    (_POOLED, "all convolutions gain", Kp + (L + M) * _LOWER * Sp),
    (_POOLED, "its width for its stride", Kp + L * _LOWER + M * _LOWER * Kp),
    (_POOLED, "its own stride in its term", 1 + L * _LOWER + (Kp - 1) * Sp + M * _LOWER * Sp),
    (_POOLED, "no layer gains", Kp + (L + M) * _LOWER),
    (_POOLED, "K_p for K_p - 1", 1 + Kp + L * _LOWER + M * _LOWER * Sp),
    (_POOLED, "the field itself scaled", (Kp + L * _LOWER + M * _LOWER) * Sp),
    (_OWN, "its width", Kp),
    (_OWN, "its stride", Sp),
    (_OWN, "times its stride", (Kp - 1) * Sp),
    (_OWN, "times the field so far", (Kp - 1) * _ONE),
    (_LATER, "as before", _LOWER),
    (_LATER, "stride added", _LOWER + Sp),
    (_LATER, "stride squared", _LOWER * Sp**2),
    (_LATER, "K for K - 1", width * Sp),
    (_GAIN, "the stride for the stride less one", Kp - 1 + M * _LOWER * Sp),
    (_GAIN, "only the pooling itself", Kp - 1),
    (_GAIN, "layers before it gain too", Kp - 1 + (L + M) * _LOWER * (Sp - 1)),
    ("receptive_pooling.doubling", "it doubles", Integer(0)),
    ("receptive_pooling.doubling", "it doubles for width 2", Kp - 2),
]


def from_on(depth: Any, least: Any) -> Indicator:
    """1 where the depth is enough."""
    return Indicator(ge(depth, least))


_AXIS, _IMAGE, _BEHIND = (f"receptive_depth.{name}" for name in ("axis", "image", "behind"))
DEPTH: list[tuple[str, str, Expr]] = [
    (_AXIS, "rounded down", from_on(L, floor((N - 1) / _LOWER))),
    (_AXIS, "N for N - 1", from_on(L, ceiling(N / _LOWER))),
    (_AXIS, "K for K - 1", from_on(L, ceiling((N - 1) / width))),
    (_AXIS, "kernels side by side", from_on(L, ceiling(N / width))),
    (_AXIS, "one layer more", from_on(L, 1 + ceiling((N - 1) / _LOWER))),
    (_IMAGE, "rows alone", from_on(L, ceiling((H - 1) / _LOWER))),
    (_IMAGE, "both added", from_on(L, ceiling((H - 1) / _LOWER) + ceiling((W - 1) / _LOWER))),
    (_BEHIND, "all places of the pooling lost", from_on(M, ceiling((N - L * _LOWER) / (_LOWER * Sp)))),
    (_BEHIND, "layers before forgotten", from_on(M, ceiling((N - Kp) / (_LOWER * Sp)))),
]
_a, _d = axes.a, axes.d
_AXES = 1 + axes.total(L)
BOXES: list[tuple[str, str, Expr]] = [
    ("receptive_axes.volume", "sides added", IndexSum(_AXES, _a, 1, _d)),
    ("receptive_axes.volume", "the first axis for all", _AXES.xreplace({_a: Integer(1)}) ** _d),
    ("receptive_axes.size", "strides of the layer itself", 1 + IndexSum(axes.SPAN * axes.strides(l), l, 1, L)),
    ("receptive_boxes.image", "weights added up", 1 + L * (Kh * Kw - 1)),
    ("receptive_boxes.image", "a square", (1 + L * (Kh - 1)) ** 2),
    ("receptive_boxes.image", "half the circumference", 2 + L * (Kh + Kw - 2)),
    ("receptive_boxes.image", "one layer", Kh * Kw),
    ("receptive_boxes.cube", "one side", 1 + L * (k - 1)),
    ("receptive_boxes.cube", "weights added up", 1 + L * (k**_d - 1)),
    ("receptive_boxes.cube", "depth raised", (1 + _d * (k - 1)) ** L),
]
LISTS: list[tuple[str, str, Expr]] = [
    ("receptive_stack.jump", "last stride lost", IndexProduct(stack.S[t], t, 1, stack.N - 1)),
    ("receptive_stack.offset", "padding added up", -IndexSum(stack.P[l], l, 1, stack.N)),
    ("receptive_stack.size", "kernels alone", 1 + IndexSum(stack.D[l] * (stack.K[l] - 1), l, 1, stack.N)),
]
_END, _w = "receptive_ends.first", ends.w
ENDS: list[tuple[str, str, Expr]] = [
    (_END, "the last weights", IndexProduct(_w[l, ends.K - 1], l, 1, L)),
    (_END, "one layer too few", IndexProduct(_w[l, 0], l, 1, L - 1)),
    (_END, "weights added", IndexSum(_w[l, 0], l, 1, L)),
    (_END, "one weight for all layers", _w[1, 0] ** L),
    ("receptive_weights.nothing_before", "the first place as well", Indicator(le(ends.j, ends.i))),
]
WRONG = [*ENDS, *STACKS, *PLACES, *EQUAL, *POOLING, *DEPTH, *BOXES, *LISTS]
