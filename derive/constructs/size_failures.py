r"""Sizes that are easily believed: rounding at the wrong place, formulas used where nothing fits, frameworks mixed up.

Each of these is right for many layers, which is why it is believed; the page shows the smallest layer for which it is
not. What holds instead is proved in `layer_sizes`, `pooling_sizes`, `composed_sizes` and `framework_sizes`.

Source: documentation of torch.nn.MaxPool2d and tf.nn.convolution; Caffe, PoolingLayer::Reshape; ONNX, AveragePool-11
and AveragePool-22; Dumoulin, Visin, 2016, arXiv:1603.07285, sections 2 to 4.
"""

from __future__ import annotations

from sympy import Expr, Integer, Max, Min, Mod

from derive.constructs.composed_sizes import P_1, P_2, S_1, S_2, SECOND, TWO, WINDOW
from derive.constructs.construct import Construct, Refuted
from derive.constructs.layer_sizes import _ASKED, COUNT, LAST, LAYER, OUTPUTS, ROOM, SPAN, D, K, P, S, W, m
from derive.constructs.pooling_sizes import UNSEEN
from derive.kernel.derivation import Text
from derive.language import Context, Indicator, all_of, eq, le, lt
from derive.rules.integers import quotient

_W, _K, _S, _P, _D = LAYER
FITS = Context(LAYER, (ROOM,))
PLAIN, ANY = Context((_W, _K, _S), (le(K, W),)), Context((_W, _K, _S))
PADDED = Context((_W, _K, _S, _P), (lt(P, K), le(K, W + 2 * P)))
ODD = Context((_W, _K, _S), (eq(Mod(K, 2), 1),))
NEARLY = Context(LAYER, (lt(-S, LAST),), COUNT.definitions)
_UP, _PADDED_UP = quotient(W - K, S, upwards=True), quotient(W + 2 * P - K, S, upwards=True)
_SAME, _HALF = quotient(W, S, upwards=True), quotient(K - 1, 2)
_TOTAL = Max((_SAME - 1) * S + K - W, 0, evaluate=False)
_ADDED = quotient(W + 2 * (P_1 + P_2) - WINDOW, S_1 * S_2) + 1
_FULL, _DIVIDES = Indicator(eq(m[()], 0)), Indicator(all_of(eq(Mod(W - K, S), 0), le(S, K)))


def _clipped(windows: Expr, begins: Expr) -> Expr:
    """The number of windows that begin early enough."""
    return Min(windows, begins, evaluate=False) + 1


_FORMULA: Text = ("Placements are counted so only where the window fits into the padded input; else there are none.",)
_CUT: Text = ("A small quotient below 0 is cut to 0, which makes 1 window; in truth none fits.",)
_LOST: Text = ("The taps stand ", D, " apart, so the window spans ", SPAN, " places and not ", K, ".")
_ONCE: Text = ("There is padding at both ends.",)
_UPWARDS: Text = ("The last window would reach over the end.",)
_PARTS: Text = ("Two numbers that are rounded down lose more than their difference does.",)
_CAFFE: Text = ("Caffe takes a last window away that begins behind the input only if there is padding.",)
_ONNX: Text = ("The last one begins in the padding behind the input. From version 22 on ONNX leaves it out as well.",)
_BEGIN: Text = ("Same pads no more than is needed, and where the sum of zeros is odd, one more at the far end.",)
_EVEN: Text = ("For an even window half of what is missing is no integer; same puts one more zero at the far end.",)
_GAP: Text = ("Where the stride is longer than the window, entries between two windows are left out as well.",)
_ALONE: Text = ("One window alone may cover all entries, whatever the stride is.",)
_WIDER: Text = ("A zero in front of the second layer stands for ", S_1, " places of the input.")
_SAME_SAID: Text = ("For odd ", K, ", same puts ", (K - 1) / 2, " zeros in front, as half padding does")
_ALL_SAID: Text = ("Every entry is seen if and only if ", S, " divides ", W - K, " and is at most ", K)
_Said = tuple[tuple[str, str, str | Text], tuple[Context, Expr, Expr], tuple[Text, str]]
_STATEMENTS: tuple[_Said, ...] = (
    (
        ("formula", "A window that is too long", "The formula counts placements always"),
        (COUNT, m[()], OUTPUTS),
        (_FORMULA, "layer_sizes.output"),
    ),
    (
        ("cut", "A quotient cut towards 0", ("Quotients above ", Integer(-1), " may be cut towards 0 as well")),
        (NEARLY, m[()], Max(OUTPUTS - 1, 0, evaluate=False) + 1),
        (_CUT, "layer_sizes.output"),
    ),
    (
        ("dilation", "A dilation that is lost", "A dilated window counts with its taps"),
        (FITS, OUTPUTS, quotient(W + 2 * P - K, S) + 1),
        (_LOST, "layer_sizes.output"),
    ),
    (
        ("padding", "Padding counted once", (P, " zeros are added to the input")),
        (PADDED, quotient(W + 2 * P - K, S) + 1, quotient(W + P - K, S) + 1),
        (_ONCE, "layer_sizes.output"),
    ),
    (
        ("ceiling", "Rounded up", "The number of windows is rounded up"),
        (PLAIN, quotient(W - K, S) + 1, _UP + 1),
        (_UPWARDS, "layer_sizes.output"),
    ),
    (
        ("parts", "Rounded before it is subtracted", "Input and window may be divided by the stride first"),
        (PLAIN, quotient(W - K, S) + 1, quotient(W, S) - quotient(K, S) + 1),
        (_PARTS, "layer_sizes.output"),
    ),
    (
        ("caffe", "Caffe without padding", "Caffe's pooling is PyTorch's in ceiling mode"),
        (PLAIN, _UP + 1, _clipped(_UP, quotient(W - 1, S))),
        (_CAFFE, "framework_sizes.caffe"),
    ),
    (
        ("onnx", "ONNX before version 22", "The ceiling modes of ONNX and PyTorch agree"),
        (PADDED, _PADDED_UP + 1, _clipped(_PADDED_UP, quotient(W + P - 1, S))),
        (_ONNX, "framework_sizes.ceiling_mode"),
    ),
    (
        ("same_begin", "Where the first window of same begins", _SAME_SAID),
        (ODD, quotient(_TOTAL, 2), _HALF),
        (_BEGIN, "framework_sizes.half_padding"),
    ),
    (
        ("same_even", "Same for an even window", "Padding by half the window at each end is same"),
        (ANY, _SAME, quotient(W + 2 * _HALF - K, S) + 1),
        (_EVEN, "framework_sizes.half_padding"),
    ),
    (
        ("gaps", "Entries between windows", "Only what the division leaves is not seen"),
        (UNSEEN, m[()], Mod(W - K, S)),
        (_GAP, "pooling_sizes.unseen"),
    ),
    (
        ("alone", "One window alone", _ALL_SAID),
        (UNSEEN, _FULL, _DIVIDES),
        (_ALONE, "pooling_sizes.covered"),
    ),
    (
        ("added", "Paddings of two layers", "The paddings of two layers are added"),
        (TWO, SECOND + 1, _ADDED),
        (_WIDER, "composed_sizes.two"),
    ),
)


def _false(said: _Said) -> Refuted:
    (name, title, words), (context, left, right), (missing, instead) = said
    told = (words,) if isinstance(words, str) else words
    return Refuted(name, title, told, context, left, "=", right, missing, instead)


CONSTRUCT = Construct(
    name="size_failures",
    title="Sizes that are wrong for some layers",
    about=(*_ASKED, " each end."),
    conventions=("placements begin at multiples of the stride, from 0", "padding: P zeros at each end"),
    source="torch.nn.MaxPool2d, tf.nn.convolution, ONNX AveragePool, Caffe PoolingLayer::Reshape; arXiv:1603.07285",
    claims=(),
    refuted=tuple(_false(said) for said in _STATEMENTS),
)
