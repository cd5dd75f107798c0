"""Wrong sizes of layers: rounding at the wrong place, a dilation or a padding lost, one too many, one too few."""

from __future__ import annotations

from sympy import Expr, Max, Min, Mod

from derive.constructs.composed_sizes import FIRST, K_1, K_2, P_1, P_2, S_1, S_2, L
from derive.constructs.inverse_sizes import n
from derive.constructs.layer_sizes import LAST, A, B, C, D, H, K, P, R, S, V, W
from derive.constructs.pooling_sizes import x
from derive.constructs.transposed_sizes import A as added
from derive.language import OTHERWISE, Cases, Indicator, all_of, between, eq, le
from derive.language.conditions import Condition
from derive.rules.integers import quotient

_OUTPUT, _IMAGE, _TWO, _MANY = "layer_sizes.output", "layer_sizes.image", "composed_sizes.two", "composed_sizes.many"
_INPUTS, _KEPT, _UNSEEN = "inverse_sizes.inputs", "inverse_sizes.kept", "pooling_sizes.unseen"
_OVER, _COVERED = "pooling_sizes.over", "pooling_sizes.covered"
_SIZE, _BACK = "transposed_sizes.size", "transposed_sizes.back"
_CEILING, _SAME, _CAFFE = "framework_sizes.ceiling_mode", "framework_sizes.same", "framework_sizes.caffe"
_VALID, _HALF = "framework_sizes.valid", "framework_sizes.half_padding"
_FITS = le(D * (K - 1) + 1, W + 2 * P)


def _if_it_fits(term: Expr, fits: Condition = _FITS) -> Expr:
    """The term where the window fits, else 0."""
    return Cases((term, fits), (0, OTHERWISE))


_UP = quotient(LAST, S, upwards=True)
_WINDOW = W + 2 * P_1 - K_1
_JOINED = W + 2 * (P_1 + S_1 * P_2) - K_1 - S_1 * (K_2 - 1)
_TRANSPOSED = S * (W - 1) + D * (K - 1) + 1 - 2 * P + added
WRONG: list[tuple[str, str, Expr]] = [
    (_OUTPUT, "1 is not added", _if_it_fits(quotient(LAST, S))),
    (_OUTPUT, "rounded up", _if_it_fits(_UP + 1)),
    (_OUTPUT, "1 added before dividing", _if_it_fits(quotient(LAST + 1, S))),
    (_OUTPUT, "dilation lost", _if_it_fits(quotient(W + 2 * P - K, S) + 1)),
    (_OUTPUT, "dilation of the whole window", _if_it_fits(quotient(W + 2 * P - D * K, S) + 1)),
    (_OUTPUT, "padding once", _if_it_fits(quotient(LAST - P, S) + 1)),
    (_OUTPUT, "padding lost", _if_it_fits(quotient(LAST - 2 * P, S) + 1)),
    (_OUTPUT, "padding behind the division", _if_it_fits(quotient(LAST - 2 * P, S) + 2 * P + 1)),
    (_OUTPUT, "each part rounded", _if_it_fits(quotient(W + 2 * P, S) - quotient(D * (K - 1) + 1, S) + 1)),
    (_OUTPUT, "multiplied by the stride", _if_it_fits(LAST * S + 1)),
    (_OUTPUT, "formula where nothing fits", quotient(LAST, S) + 1),
    (_OUTPUT, "at least one", Max(quotient(LAST, S) + 1, 1, evaluate=False)),
    (_OUTPUT, "only where there is room to spare", _if_it_fits(quotient(LAST, S) + 1, le(D * (K - 1) + 2, W + 2 * P))),
    (_IMAGE, "one axis", quotient(H - A, R) + 1),
    (_IMAGE, "sum of both", quotient(H - A, R) + quotient(V - B, C) + 2),
    (_IMAGE, "strides swapped", (quotient(H - A, C) + 1) * (quotient(V - B, R) + 1)),
    (_IMAGE, "windows swapped", (quotient(H - B, R) + 1) * (quotient(V - A, C) + 1)),
    (_IMAGE, "area divided", quotient((H - A) * (V - B), R * C) + 1),
    (_INPUTS, "one input alone", Indicator(eq(LAST, S * (n - 1)))),
    (_INPUTS, "one too many", Indicator(between(S * (n - 1), LAST, S * n))),
    (_INPUTS, "n for n - 1", Indicator(between(S * n, LAST, S * n + S - 1))),
    (_KEPT, "at stride 1", Indicator(eq(2 * P, D * (K - 1)))),
    (_KEPT, "window for half of it", Indicator(eq(P, D * (K - 1)))),
    (_UNSEEN, "what the division leaves", Mod(W - K, S)),
    (_UNSEEN, "of the input alone", Mod(W, S)),
    (_UNSEEN, "a gap behind each window", Mod(W - K, S) + Max(S - K, 0, evaluate=False) * (quotient(W - K, S) + 1)),
    (_OVER, "as if without ends", quotient(x, S) - quotient(x - K + 1, S, upwards=True) + 1),
    (_OVER, "window over stride", quotient(K, S)),
    (_COVERED, "no gap", Indicator(le(S, K))),
    (_COVERED, "nothing left over", Indicator(eq(Mod(W - K, S), 0))),
    (_COVERED, "one window forgotten", Indicator(all_of(eq(Mod(W - K, S), 0), le(S, K)))),
    (_SIZE, "stride times all inputs", _if_it_fits(_TRANSPOSED + S, le(0, _TRANSPOSED))),
    (_SIZE, "padding once", _if_it_fits(_TRANSPOSED + P, le(0, _TRANSPOSED + P))),
    (_SIZE, "negative sizes", _TRANSPOSED),
    (_SIZE, "nothing added", _if_it_fits(_TRANSPOSED - added, le(0, _TRANSPOSED - added))),
    (_BACK, "nothing may be added", Indicator(eq(added, 0))),
    (_BACK, "a whole stride", Indicator(between(0, added, S))),
    (_TWO, "strides added", quotient(_JOINED, S_1 + S_2) + 1),
    (_TWO, "windows added", quotient(W + 2 * (P_1 + S_1 * P_2) - K_1 - K_2 + 1, S_1 * S_2) + 1),
    (_TWO, "second stride for the first", quotient(W + 2 * (P_1 + S_1 * P_2) - K_1 - S_2 * (K_2 - 1), S_1 * S_2) + 1),
    (_TWO, "paddings added", quotient(W + 2 * (P_1 + P_2) - K_1 - S_1 * (K_2 - 1), S_1 * S_2) + 1),
    (_TWO, "second layer forgotten", FIRST + 1),
    (_MANY, "rounded up", quotient(W, S**L, upwards=True)),
    (_MANY, "one layer", quotient(W, S)),
    (_MANY, "divided L times S", quotient(W, S * L + 1)),
    (_CEILING, "never clipped", _if_it_fits(_UP + 1, le(D * (K - 1) + 1, W + 2 * P + S - 1))),
    (_CEILING, "floor mode", _if_it_fits(quotient(LAST, S) + 1)),
    (_CEILING, "clipped at the padded end", _if_it_fits(Min(_UP, quotient(W + 2 * P - 1, S), evaluate=False) + 1)),
    (_SAME, "rounded down", quotient(W, S)),
    (_SAME, "as many as entries", W),
    (_SAME, "one for each stride", quotient(W - 1, S)),
    (_VALID, "without the 1", quotient(W - D * (K - 1) - 1, S)),
    (_VALID, "rounded down", quotient(W - D * (K - 1), S)),
    (_CAFFE, "never clipped", quotient(W + 2 * P - K, S, upwards=True) + 1),
    (_CAFFE, "rounded down", quotient(W + 2 * P - K, S) + 1),
    (_HALF, "rounded down", quotient(W, S)),
    (_HALF, "stride forgotten", W),
]
