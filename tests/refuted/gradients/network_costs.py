"""Wrong counts of parameters, operations and comparisons: a size is lost, squared, or stands for another one."""

from __future__ import annotations

from sympy import Expr, Integer, Min

from derive.constructs import kernel_places, layer_scaling, matrix_chain
from derive.constructs.gram_polynomial_costs import D, d, q
from derive.constructs.layer_operations import o_h, o_w, u
from derive.constructs.layer_parameters import C, F, K_h, K_w, b, c, f, g, n_i, n_o
from derive.constructs.newton_schulz import GRAM, U, V, W, a, d_i, d_o, r, s
from derive.constructs.newton_schulz import u as left
from derive.constructs.newton_schulz import v as right
from derive.constructs.newton_schulz_costs import c as time
from derive.constructs.newton_schulz_share import e
from derive.constructs.pooling_comparisons import DOWN, h, q_h, s_h
from derive.constructs.pooling_costs import BORDER, p_h, p_w
from derive.constructs.pooling_costs import c as channels
from derive.constructs.singular_values import e as distance
from derive.constructs.singular_values import s as value
from derive.constructs.stride_benefit import LAST, K, N, S
from derive.language.forms import of
from derive.rules.integers import quotient

_LAYER, _PLACES, _DENSE = "layer_parameters.convolution", "kernel_places.parameters", "layer_parameters.dense"
_TWO_STEPS, _NORM = "layer_parameters.separable", "layer_parameters.batch_norm"
_ADDS, _AGREED, _REALLY = (f"layer_operations.{name}" for name in ("multiply_adds", "convention", "performed"))
_CONVERTED, _SPARE = "operation_conventions.conversion", "operation_conventions.rounding"
_SHARE, _STEPS = "separable_convolution.quotient", "separable_convolution.separable"
_OUT, _ROW = "stride_benefit.positions", kernel_places.product_of(kernel_places.A)
_SCALED, _WHOLE = "layer_scaling.scaled", "layer_scaling.divisible"
_HIGH, _WIDE, _AREA = layer_scaling.HIGH, layer_scaling.WIDE, layer_scaling.h * layer_scaling.w
_x, _y, _by = layer_scaling.a, layer_scaling.b, layer_scaling.S
_DIRECT, _APART, _SAVED = (f"pooling_costs.{name}" for name in ("direct", "separable", "saved"))
_WINDOWS, _PLACE = channels * o_h * o_w, "pooling_comparisons.places"
_LEFT, _RIGHT, _RATIO = (f"newton_schulz_costs.{name}" for name in ("left_first", "right_first", "quotient"))
_BETTER, _SAME, _ONE = "newton_schulz_costs.better", "newton_schulz.same", "newton_schulz.rank_one"
_ELEMENTS, _PART = "newton_schulz_share.elements", "newton_schulz_share.share"
_ERROR, _NEXT = "singular_values.error", "singular_values.order"
_HORNER, _ALL = "gram_polynomial_costs.steps", "gram_polynomial_costs.whole"
_THREE, _FOUR, _FALLING = "matrix_chain.three", "matrix_chain.four", "matrix_chain.falling"
_k = matrix_chain.d
TAPS = K_h * K_w
WRONG: list[tuple[str, str, Expr]] = [
    (_LAYER, "a bias for each weight", F * (TAPS * C / g) * (1 + b)),
    (_LAYER, "a bias for each channel", F * TAPS * C / g + b * C),
    (_LAYER, "one bias for all", F * TAPS * C / g + b),
    (_LAYER, "channels forgotten", F * (TAPS + b)),
    (_LAYER, "groups forgotten", F * (TAPS * C + b)),
    (_LAYER, "groups squared", F * (TAPS * C / g**2 + b)),
    (_LAYER, "biases divided by groups as well", F * (TAPS * C + b) / g),
    (_LAYER, "filters of one group", f * (TAPS * c + b)),
    (_LAYER, "half the kernel", F * ((K_h + K_w) * C / g + b)),
    (_LAYER, "a square kernel", F * (K_h**2 * C / g + b)),
    (_LAYER, "biases always", F * (TAPS * C / g + 1)),
    (_TWO_STEPS, "a filter of all channels", F * TAPS * C + F * (C + b)),
    (_TWO_STEPS, "biases of the first step alone", C * (TAPS + b) + F * C),
    (_TWO_STEPS, "filters and channels exchanged", F * (TAPS + b) + C * (F + b)),
    (_PLACES, "the bias for each channel", F * C * (_ROW + b)),
    (_PLACES, "channels forgotten", F * (_ROW + b)),
    (_DENSE, "a bias for each input", (n_o + b) * n_i),
    (_DENSE, "no bias", n_o * n_i),
    (_NORM, "mean and variance as well", 4 * C),
    (_NORM, "a scale alone", C),
    (_ADDS, "one output alone", F * TAPS * C / g),
    (_ADDS, "channels forgotten", o_h * o_w * F * TAPS),
    (_ADDS, "groups forgotten", o_h * o_w * F * TAPS * C),
    (_ADDS, "outputs of one side", o_h * F * TAPS * C / g),
    (_AGREED, "a bias for each weight", o_h * o_w * F * (u + b) * TAPS * c),
    (_AGREED, "the convention for biases too", o_h * o_w * F * u * (TAPS * c + b)),
    (_AGREED, "a bias for each filter", o_h * o_w * F * u * TAPS * c + b * F),
    (_REALLY, "as many additions as products", o_h * o_w * F * (2 * TAPS * c + b)),
    (_REALLY, "one addition less in all", 2 * o_h * o_w * F * TAPS * c - 1 + b * o_h * o_w * F),
    (_REALLY, "products alone", o_h * o_w * F * (TAPS * c + b)),
    (_CONVERTED, "a bias for each filter", b * F),
    (_CONVERTED, "biases by the convention", u * b * o_h * o_w * F),
    (_SPARE, "with biases", b * o_h * o_w * F),
    (_SPARE, "one in all", 1 - b),
    (_SHARE, "channels for filters", 1 / C + 1 / TAPS),
    (_SHARE, "one side of the kernel", 1 / F + 1 / K_h),
    (_SHARE, "the product of both", 1 / (F * TAPS)),
    (_SHARE, "turned round", F * TAPS / (F + TAPS)),
    (_STEPS, "both steps for each filter", o_h * o_w * C * F * (TAPS + 1)),
    (_STEPS, "channels once", o_h * o_w * (C * TAPS + F)),
    (_OUT, "the one forgotten", LAST),
    (_OUT, "rounded down", quotient(N - K + 1, S)),
    (_OUT, "the window forgotten", quotient(N, S, upwards=True)),
    (_OUT, "stride 1", N - K + 1),
    (_SCALED, "one side", _x * _y * _HIGH / layer_scaling.h),
    (_SCALED, "filters alone", _y * _HIGH * _WIDE / _AREA),
    (_SCALED, "divided exactly", _x * _y / _by**2),
    (_WHOLE, "the factor once", _x * _y / _by),
    (_WHOLE, "channels alone", _x / _by**2),
    (_DIRECT, "a comparison for each entry", _WINDOWS * p_h * p_w),
    (_DIRECT, "channels forgotten", o_h * o_w * (p_h * p_w - 1)),
    (_DIRECT, "rows and columns", _WINDOWS * (p_h + p_w - 2)),
    (_DIRECT, "one less in each direction", _WINDOWS * BORDER),
    (_APART, "without the border", _WINDOWS * (p_h + p_w - 2)),
    (_APART, "as many as sides have entries", _WINDOWS * (p_h + p_w)),
    (_APART, "columns first", _WINDOWS * (p_h + p_w - 2) + channels * o_h * BORDER),
    (_SAVED, "for each output", _WINDOWS * BORDER),
    (_SAVED, "columns first", channels * o_h * (o_w - 1) * BORDER),
    (_PLACE, "padding once", quotient(h + q_h - p_h, s_h) + 1),
    (_PLACE, "padding for the window", quotient(h + p_h, s_h) + 1),
    (_PLACE, "padding forgotten", quotient(h - p_h, s_h) + 1),
    (_PLACE, "the one forgotten", DOWN),
    (_LEFT, "the other order", 2 * time * d_o * d_i**2),
    (_LEFT, "one product", time * d_o**2 * d_i),
    (_LEFT, "a wrong size in the second product", time * d_o**2 * d_i + time * d_o * d_i**2),
    (_LEFT, "cubed", 2 * time * d_o**3),
    (_LEFT, "entries for products", 2 * time * d_o * d_i),
    (_RIGHT, "the other order", 2 * time * d_o**2 * d_i),
    (_RIGHT, "the time forgotten", 2 * d_o * d_i**2),
    (_RATIO, "turned round", d_i / d_o),
    (_RATIO, "squared", d_o**2 / d_i**2),
    (_RATIO, "the same", Integer(1)),
    (_BETTER, "always the second order", 2 * time * d_o * d_i**2),
    (_BETTER, "the smaller size cubed", 2 * time * Min(d_o, d_i) ** 3),
    (_SAME, "a factor lost", (W[r, s] - of("product", W, GRAM)[r, s]) / 2),
    (_SAME, "the sign", (3 * W[r, s] + of("product", W, GRAM)[r, s]) / 2),
    (_SAME, "not halved", 3 * W[r, s] - of("product", W, GRAM)[r, s]),
    (_ONE, "one norm", a * (3 - a**2 * U) * left[r] * right[s] / 2),
    (_ONE, "the factor not squared", a * (3 - a * U * V) * left[r] * right[s] / 2),
    (_ELEMENTS, "W once", e * (d_o**2 + d_o * d_i)),
    (_ELEMENTS, "the other Gram matrix", e * (d_i**2 + 2 * d_o * d_i)),
    (_PART, "rows and columns exchanged", e / (2 * time * d_o) + e / (time * d_i)),
    (_PART, "the Gram matrix alone", e / (2 * time * d_i)),
    (_ERROR, "not squared", (1 - value) * (value + 2) / 2),
    (_ERROR, "another root", (1 - value) ** 2 * (value + 1) / 2),
    (_ERROR, "not halved", (1 - value) ** 2 * (value + 2)),
    (_NEXT, "the square alone", distance**2),
    (_NEXT, "the next power", 3 * distance**3 / 2),
    (_HORNER, "a product for each power", q * time * d**3),
    (_HORNER, "two steps less", (q - 2) * time * d**3),
    (_HORNER, "squared sizes", (q - 1) * time * d**2),
    (_ALL, "the longer side cubed", time * (2 * D * d**2 + (q - 1) * D**3)),
    (_ALL, "the product with W forgotten", time * (D * d**2 + (q - 1) * d**3)),
    (_ALL, "the other Gram matrix", time * (2 * D**2 * d + (q - 1) * d**3)),
    (_THREE, "from the left", _k[0] * _k[1] * _k[2] + _k[0] * _k[2] * _k[3]),
    (_THREE, "from the right", _k[1] * _k[2] * _k[3] + _k[0] * _k[1] * _k[3]),
    (_THREE, "the last products alone", Min(_k[0] * _k[1] * _k[3], _k[0] * _k[2] * _k[3])),
    (_FALLING, "from the left", _k[0] * _k[1] * _k[2] + _k[0] * _k[2] * _k[3]),
    (_FOUR, "from the left", _k[0] * (_k[1] * _k[2] + _k[2] * _k[3] + _k[3] * _k[4])),
    (_FOUR, "from both ends", Min(_k[0] * _k[1] * _k[2] + _k[0] * _k[2] * _k[3] + _k[0] * _k[3] * _k[4],
                                 _k[2] * _k[3] * _k[4] + _k[1] * _k[2] * _k[4] + _k[0] * _k[1] * _k[4])),
]  # fmt: skip
