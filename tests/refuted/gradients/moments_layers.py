"""Wrong moments of layers, masks and averages: a mean forgotten, a mean square for a variance, one mean for another."""

from __future__ import annotations

from sympy import Abs, Expr, Integer, sqrt

from derive.constructs.average_moments import mu, n, sigma, tau
from derive.constructs.dropout_moments import mu as mean_x
from derive.constructs.dropout_moments import p
from derive.constructs.dropout_moments import sigma as dev_x
from derive.constructs.dropout_sums import i as term
from derive.constructs.dropout_sums import k as kept
from derive.constructs.dropout_sums import n as terms
from derive.constructs.dropout_sums import w
from derive.constructs.dropout_sums import x as fixed
from derive.constructs.layer_moments import c, d_i, d_o, rg, rx
from derive.constructs.layer_moments_means import mw, mx, sw, sx
from derive.constructs.relu_moments import a, k, z
from derive.constructs.relu_moments import sigma as dev_z
from derive.language import Expectation, IndexSum

_SQUARE, _BACK, _VARIANCE = "layer_moments.square", "layer_moments.backward", "layer_moments_means.variance"
_SHIFTED, _HARMONIC, _PRODUCT = "layer_moments_means.shifted", "initial_scales.harmonic", "initial_scales.product"
_RELU, _MASK, _DISTANCES = "relu_moments.square", "dropout_moments.variance", "sample_variance.distances"
_LOST, _MEAN_SQUARE = (1 - p) / p, mean_x**2 + dev_x**2
WRONG: list[tuple[str, str, Expr]] = [
    ("layer_moments.mean", "the weights averaged out as 1", c * d_i * rx),
    (_SQUARE, "outputs for inputs", c**2 * d_o * rx**2),
    (_SQUARE, "scale not squared", c * d_i * rx**2),
    (_SQUARE, "all pairs counted", c**2 * d_i**2 * rx**2),
    (_SQUARE, "not squared", c**2 * d_i * rx),
    (_SQUARE, "deviation of the sum", c**2 * sqrt(d_i) * rx**2),
    ("layer_moments.change", "1/d_i in the scale", (c * d_i - 1) * rx**2),
    ("layer_moments.kept", "the root forgotten", rx**2 / d_i),
    ("layer_moments.kept", "no scale", d_i * rx**2),
    (_BACK, "inputs for outputs", c**2 * d_i * rg**2),
    (_BACK, "kept as forward", rg**2),
    ("layer_output_pairs.two_outputs", "they share their inputs", c**2 * d_i * rx**2),
    (_VARIANCE, "variance for the mean square", c**2 * d_i * sw**2 * sx**2),
    (_VARIANCE, "mean square of the sum", c**2 * d_i * sw**2 * (sx**2 + d_i * mx**2)),
    (_VARIANCE, "square of the mean taken off", c**2 * d_i * sw**2 * (sx**2 - mx**2)),
    (_VARIANCE, "deviations for variances", c**2 * d_i * sw * (sx**2 + mx**2)),
    (_SHIFTED, "means forgotten", c**2 * d_i * sw**2 * sx**2),
    (_SHIFTED, "mean of the weights forgotten", c**2 * d_i * sw**2 * (sx**2 + mx**2)),
    (_SHIFTED, "mean square for the variance", c**2 * d_i * (sw**2 + mw**2) * (sx**2 + mx**2)),
    (_SHIFTED, "sum of the variances", c**2 * d_i * (sw**2 + sx**2)),
    (_HARMONIC, "arithmetic mean", (1 / d_i + 1 / d_o) / 2),
    (_HARMONIC, "geometric mean", 1 / sqrt(d_i * d_o)),
    (_HARMONIC, "not doubled", 1 / (d_i + d_o)),
    ("initial_scales.forward", "outputs for inputs", 2 * d_o * rx**2 / (d_i + d_o)),
    ("initial_scales.forward", "kept", rx**2),
    ("initial_scales.backward", "kept", rg**2),
    ("initial_scales.gain", "turned round", (d_o - d_i) / (d_i + d_o)),
    ("initial_scales.gain", "no compromise", Integer(0)),
    (_PRODUCT, "both are kept", Integer(1)),
    (_PRODUCT, "not squared", 1 - Abs(d_i - d_o) / (d_i + d_o)),
    (_RELU, "nothing is cut off", dev_z**2),
    (_RELU, "half of the deviation", dev_z**2 / 4),
    ("relu_moments.mean", "mean 0 as before", Integer(0)),
    ("relu_moments.mean", "the absolute value is not halved", Expectation(Abs(z[k]))),
    ("relu_moments.variance", "mean square for the variance", dev_z**2 / 2),
    ("relu_moments.leaky", "slope not squared", (1 + a) * dev_z**2 / 2),
    ("relu_moments.leaky", "signs of the slope", (1 - a**2) * dev_z**2 / 2),
    ("relu_layer.layer", "half forgotten", c**2 * d_i * dev_z**2),
    ("relu_layer.kept", "Xavier behind a ReLU", dev_z**2 / 2),
    ("dropout_moments.mean", "not divided", p * mean_x),
    ("dropout_moments.dropped", "as if divided", mean_x),
    ("dropout_moments.square", "not larger", _MEAN_SQUARE),
    ("dropout_moments.square", "divided twice", _MEAN_SQUARE / p**2),
    (_MASK, "variance for the mean square", dev_x**2 + _LOST * dev_x**2),
    (_MASK, "variance of the mask alone", dev_x**2 + p * (1 - p) * _MEAN_SQUARE),
    (_MASK, "the mask adds nothing", dev_x**2),
    ("dropout_moments.added", "variance for the mean square", _LOST * dev_x**2),
    ("dropout_moments.added", "kept for dropped", p / (1 + p) * _MEAN_SQUARE),
    ("dropout_sums.fixed", "not divided", p * (1 - p) * fixed[kept] ** 2),
    ("dropout_sums.total", "one mask for all", _LOST * IndexSum(w[term] * fixed[term], term, 1, terms) ** 2),
    ("dropout_sums.total", "weights not squared", _LOST * IndexSum(w[term] * fixed[term] ** 2, term, 1, terms)),
    ("average_moments.mean", "sum for the average", n * mu),
    ("average_moments.variance", "variance of one", sigma**2),
    ("average_moments.variance", "divided twice", sigma**2 / n**2),
    ("average_moments.variance", "deviation for the variance", sigma / n),
    ("average_moments.common", "the common part averages out", (tau**2 + sigma**2) / n),
    ("average_moments.common", "the common part alone", tau**2),
    ("sample_variance.square", "square of the mean", mu**2),
    ("sample_variance.square", "mean square of one", mu**2 + sigma**2),
    ("sample_variance.cross", "independent of the average", mu**2),
    (_DISTANCES, "the average taken for the mean", n * sigma**2),
    (_DISTANCES, "one too many", (n + 1) * sigma**2),
    ("sample_variance.biased", "without bias", sigma**2),
    ("sample_variance.unbiased", "with bias", (n - 1) * sigma**2 / n),
]
