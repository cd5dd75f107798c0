r"""The sizes that PyTorch, TensorFlow, Caffe and ONNX give to one layer: the same, or told apart by the smallest case.

PyTorch rounds down, or with `ceil_mode` up: then one more window may reach over the end, by fewer than S places, if it
begins before the padding behind the input. TensorFlow's and ONNX's `same` pads by
$T = \max((\lceil W/S \rceil - 1) S + D(K-1) + 1 - W, 0)$ in all, which gives $\lceil W/S \rceil$ windows whatever K is;
`valid` is told as $\lceil (W - D(K-1))/S \rceil$. Caffe's pooling rounds up and takes a last window away only if there
is padding; ONNX took none away before version 22.

Source: documentation of PyTorch, torch.nn.MaxPool2d (ceil_mode); of TensorFlow, tf.nn.convolution (padding); Caffe,
src/caffe/layers/pooling_layer.cpp, PoolingLayer::Reshape; ONNX, operators AveragePool-11 to -22 (auto_pad, ceil_mode).
"""

from __future__ import annotations

from sympy import Integer, Max, Min, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.inverse_sizes import NUMBER, n
from derive.constructs.layer_sizes import LAYER, SPAN, D, K, P, S, W, m, t
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Indicator, all_of, between, declare, eq, ge, le
from derive.rules.combine import at_part, by, derived, then
from derive.rules.counts import counted
from derive.rules.indicators import restate_indicator
from derive.rules.integers import by_integers, quotient

_W, _K, _S, _P, _D = LAYER
UP = quotient(W + 2 * P - D * (K - 1) - 1, S, upwards=True)
BEGINS = quotient(W + P - 1, S)
HIGHEST = Min(UP, BEGINS, evaluate=False)
_COUNTS = all_of(le(0, t), le(t * S + SPAN, W + 2 * P + S - 1), le(t * S, W + P - 1))
CEILING = Context(LAYER, (), (Definition(m, (), IndexSum(Indicator(_COUNTS), t, -oo, oo)),))
ROOM = le(SPAN, W + 2 * P + S - 1)
SAME = quotient(W, S, upwards=True)
_T = declare("T", "natural", "zeros around the input")
T = _T.symbol
TOTAL = Max((SAME - 1) * S + SPAN - W, 0, evaluate=False)
_NO_PADDING = (_W, _K, _S, _D)
_PADDED = IndexSum(Indicator(all_of(le(0, t), le(t * S + SPAN, W + T))), t, -oo, oo)
PADDED = Context((*_NO_PADDING, _T), (eq(T, TOTAL),), (Definition(m, (), _PADDED),))
SIZES, GIVES = Context((_W, _S, NUMBER)), Indicator(eq(SAME, n))
VALID = Context(_NO_PADDING, (le(SPAN, W),))
ROUNDED = quotient(W - D * (K - 1), S, upwards=True)
_CAFFE = quotient(W + 2 * P - K, S, upwards=True)
CLIPPED = _CAFFE + 1 - Indicator(ge(_CAFFE * S, W + P))
CAFFE = Context((_W, _K, _S, _P), (between(1, P, K - 1), le(K, W + 2 * P)))
HALF = quotient(W + 2 * P - K, S)
ODD = Context((_W, _K, _S, _P), (eq(K, 2 * P + 1),))


def ceiling_mode() -> Derivation:
    """min(ceiling((W + 2P - D(K-1) - 1)/S), floor((W + P - 1)/S)) + 1, or nothing."""
    moves = counted(Integer(0), HIGHEST, ROOM, ("1 for each window that counts",), "both conditions, solved for ", t)
    return derived("framework_sizes.ceiling_mode", CEILING, m[()], moves)


def same() -> Derivation:
    """ceiling(W/S)."""
    high = quotient(W + T - SPAN, S)
    count = counted(Integer(0), high, None, ("1 for each placement that fits",), "the condition, solved for ", t)
    moves = then(count, by_integers(SAME, "the padding leaves room for that many and no more"))
    return derived("framework_sizes.same", PADDED, m[()], moves)


def same_inputs() -> Derivation:
    """S(n - 1) + 1 <= W <= Sn."""
    inside = between(S * (n - 1) + 1, W, S * n)
    moves = by(restate_indicator, inside, reason=("a ceiling is ", n, " above ", S * (n - 1), " up to ", S * n))
    return derived("framework_sizes.same_inputs", SIZES, GIVES, moves)


def valid() -> Derivation:
    """The ceiling is floor((W - D(K-1) - 1)/S) + 1."""
    up = by_integers(quotient(W - D * (K - 1) + S - 1, S), "a ceiling as a floor")
    moves = then(up, by_integers(quotient(W - SPAN, S) + 1, "an integer through the floor"))
    return derived("framework_sizes.valid", VALID, ROUNDED, moves)


def caffe() -> Derivation:
    """With padding Caffe counts as PyTorch does in ceiling mode."""
    target = Min(_CAFFE, BEGINS, evaluate=False) + 1
    moves = by_integers(target, "the last window that Caffe takes away is the one that begins too late")
    return derived("framework_sizes.caffe", CAFFE, CLIPPED, moves)


def half_padding() -> Derivation:
    """For odd K, (K - 1)/2 zeros at each end give ceiling(W/S) windows, too."""
    moves = then(
        at_part(HALF, by_integers(quotient(W - 1, S), 2 * P, " is ", K - 1)), by_integers(SAME, "a floor as a ceiling")
    )
    return derived("framework_sizes.half_padding", ODD, HALF + 1, moves)


def ceiling_oracle(W: int, K: int, S: int, P: int, D: int) -> int:
    """Windows that begin before the padding behind the input, and reach over the end by fewer than S places."""
    windows = 0
    for begin in range(0, P + W, S):
        windows += begin + D * (K - 1) + 1 - S < 2 * P + W
    return windows


def same_oracle(W: int, K: int, S: int, D: int, T: int) -> int:
    """Windows on the padded input, one after the other."""
    return sum(begin + (K - 1) * D < W + T for begin in range(0, W + T, S))


def same_inputs_oracle(W: int, S: int, n: int) -> int:
    """1 if so many windows are begun."""
    return int(sum(1 for entry in range(W) if entry % S == 0) == n)


def valid_oracle(W: int, K: int, S: int, D: int) -> int:
    """Windows within the input, one after the other."""
    return sum(begin + (K - 1) * D < W for begin in range(0, W, S))


def caffe_oracle(W: int, K: int, S: int, P: int) -> int:
    """As Reshape does it: up to the first window that reaches the end, the last one taken away if it begins behind."""
    windows = 1
    for _ in range(0, W + 2 * P - K, S):
        windows += 1
    if P > 0 and (windows - 1) * S >= W + P:
        windows -= 1
    return windows


def half_padding_oracle(W: int, K: int, S: int, P: int) -> int:
    """Windows on the padded input."""
    padded = [0] * P + [1] * W + [0] * P
    return sum(len(padded[begin : begin + K]) == K for begin in range(0, len(padded), S))


_TAPS: Text = ("A window of ", K, " taps that stand ", D, " apart moves by ", S, " over ", W, " entries")
_MODE: Text = (
    *(" with ", P, " places of padding at each end. It may reach over the end by fewer than ", S),
    *(" places, but has to begin before the padding behind the entries. Find the number ", m[()], " of windows."),
)
_CAFFE_SAYS: Text = ("Caffe counts ", CLIPPED, " windows in pooling with padding. How many are there in ceiling mode?")
_SAME_ASKED: Text = (*_TAPS, " with ", eq(T, TOTAL), " zeros around them. Find the number ", m[()], " of windows.")
_INPUTS: Text = ("For which ", W, " are there ", n, " windows with the padding same?")
_VALID_ASKED: Text = ("TensorFlow and ONNX count ", ROUNDED, " windows without padding. Is that the number that fits?")
_HALF_ASKED: Text = ("Let ", eq(K, 2 * P + 1), " be odd, with ", P, " zeros at each end. How many windows fit?")
CONSTRUCT = Construct(
    name="framework_sizes",
    title="Sizes in PyTorch, TensorFlow, Caffe and ONNX",
    about=(*_TAPS, "."),
    conventions=("placements begin at multiples of the stride, from 0", "padding: P zeros at each end"),
    source="documentation of torch.nn.MaxPool2d, tf.nn.convolution, ONNX AveragePool; Caffe, PoolingLayer::Reshape",
    claims=(
        Claim("ceiling_mode", "PyTorch, ceiling mode", (*_TAPS, *_MODE), CEILING, m[()], ceiling_mode, ceiling_oracle),
        Claim("same", "TensorFlow and ONNX, same", _SAME_ASKED, PADDED, m[()], same, same_oracle),
        Claim("same_inputs", "Which inputs give this output", _INPUTS, SIZES, GIVES, same_inputs, same_inputs_oracle),
        Claim("valid", "TensorFlow and ONNX, valid", _VALID_ASKED, VALID, ROUNDED, valid, valid_oracle),
        Claim("caffe", "Caffe, pooling with padding", _CAFFE_SAYS, CAFFE, CLIPPED, caffe, caffe_oracle),
        Claim("half_padding", "Same from both ends", _HALF_ASKED, ODD, HALF + 1, half_padding, half_padding_oracle),
    ),
)
