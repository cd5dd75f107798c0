"""Wrong moments of sums: squared or not, one count for another, a variance for a mean square."""

from __future__ import annotations

from sympy import Expr, Integer, floor

from derive.constructs.ema_moments import LIMIT, T, g, mu, sigma
from derive.constructs.kernel_gradient_layers import B, C, F, k, m, n, s, sg, short, strided, sx
from derive.constructs.kernel_gradient_moments import m as rows
from derive.constructs.kernel_gradient_moments import mg, mx
from derive.constructs.kernel_gradient_uncorrelated import tg, tx
from derive.constructs.sampling_with_replacement import B as draws
from derive.constructs.sampling_with_replacement import n as examples

_MOMENTS, _HALF, _LAYER = "kernel_gradient_moments", "kernel_gradient_uncorrelated", "kernel_gradient_layers"
_MEANS, _EMA, _SAMPLE = f"{_MOMENTS}.variance_with_means", "ema_moments", "sampling_with_replacement"
_ONE, _KEPT = sx**2 * sg**2, (1 - g) ** T
_SHARE = 1 / examples
WRONG: list[tuple[str, str, Expr]] = [
    (f"{_MOMENTS}.variance", "rows for terms", rows * _ONE),
    (f"{_MOMENTS}.variance", "the deviation", rows * sx * sg),
    (f"{_MOMENTS}.variance", "all terms the same", rows**4 * _ONE),
    (f"{_MOMENTS}.variance", "one window too few", (rows - 1) ** 2 * _ONE),
    (f"{_MOMENTS}.variance", "variances added", rows**2 * (sx**2 + sg**2)),
    (f"{_MOMENTS}.variance", "all entries of the input", n**2 * _ONE),
    (f"{_MOMENTS}.variance", "the kernel's size", k**2 * _ONE),
    (f"{_MOMENTS}.mean_with_means", "rows for terms", rows * mx * mg),
    (f"{_MOMENTS}.mean_with_means", "means added", rows**2 * (mx + mg)),
    (_MEANS, "means forgotten", rows**2 * _ONE),
    (_MEANS, "means exchanged", rows**2 * (_ONE + mg**2 * sg**2 + mx**2 * sx**2)),
    (_MEANS, "the mean square", rows**2 * (sx**2 + mx**2) * (sg**2 + mg**2)),
    (_MEANS, "one mean forgotten", rows**2 * (_ONE + mg**2 * sx**2)),
    (f"{_HALF}.input", "the mean square not squared", short * sx**2 * tg),
    (f"{_HALF}.input", "squared number of terms", short**2 * sx**2 * tg**2),
    (f"{_HALF}.gradient", "one term alone", sg**2 * tx**2),
    (f"{_HALF}.gradient", "all entries", n * sg**2 * tx**2),
    (f"{_HALF}.image", "rows for terms", short * sx**2 * tg**2),
    (f"{_LAYER}.strided", "no stride", short * _ONE),
    (f"{_LAYER}.strided", "one window forgotten", floor((n - k) / s) * _ONE),
    (f"{_LAYER}.strided", "rounded after adding", floor((n - k + 1) / s) * _ONE),
    (f"{_LAYER}.strided", "squared", strided**2 * _ONE),
    (f"{_LAYER}.strided", "not rounded", (short / s) * _ONE),
    (f"{_LAYER}.channels", "times input channels", C * short * _ONE),
    (f"{_LAYER}.channels", "times output channels", F * short * _ONE),
    (f"{_LAYER}.channels", "divided by channels", short * _ONE / C),
    (f"{_LAYER}.batch_sum", "one example", short * _ONE),
    (f"{_LAYER}.batch_sum", "squared batch", B**2 * short * _ONE),
    (f"{_LAYER}.batch_mean", "not divided", short * _ONE),
    (f"{_LAYER}.batch_mean", "divided twice", short * _ONE / B**2),
    (f"{_LAYER}.batch_mean", "sum", B * short * _ONE),
    (f"{_LAYER}.bias", "rows for outputs", m * sg**2),
    (f"{_LAYER}.bias", "the deviation", m * sg),
    ("kernel_gradient_scale.deviation", "rows squared", rows**2 * sx * sg),
    ("kernel_gradient_scale.deviation", "the variance", rows**2 * _ONE),
    (f"{_EMA}.mean", "no start", mu),
    (f"{_EMA}.mean", "one step too few", (1 - (1 - g) ** (T - 1)) * mu),
    (f"{_EMA}.mean", "what is left of the start", _KEPT * mu),
    (f"{_EMA}.corrected", "corrected twice", mu / (1 - _KEPT)),
    (f"{_EMA}.corrected", "not corrected", (1 - _KEPT) * mu),
    (f"{_EMA}.variance", "at once stationary", LIMIT),
    (f"{_EMA}.variance", "T for 2T", LIMIT * (1 - _KEPT)),
    (f"{_EMA}.variance", "rate not squared", sigma**2 * (1 - (1 - g) ** (2 * T)) / (2 - g)),
    (f"{_EMA}.variance", "sum of weights squared", sigma**2 * (1 - _KEPT) ** 2),
    (f"{_EMA}.variance", "plus for minus", g / (2 + g) * sigma**2 * (1 - (1 - g) ** (2 * T))),
    (f"{_EMA}.gap", "T for 2T", LIMIT * _KEPT),
    (f"{_SAMPLE}.times", "turned over", examples / draws),
    (f"{_SAMPLE}.times", "once", Integer(1)),
    (f"{_SAMPLE}.times_variance", "as for rare events", draws / examples),
    (f"{_SAMPLE}.times_variance", "one draw", _SHARE * (1 - _SHARE)),
    (f"{_SAMPLE}.times_variance", "squared share", draws * _SHARE**2 * (1 - _SHARE)),
    (f"{_SAMPLE}.never", "drawn without putting back", 1 - draws / examples),
    (f"{_SAMPLE}.never", "exponents exchanged", (1 - 1 / draws) ** examples),
    (f"{_SAMPLE}.never", "drawn at least once", 1 - (1 - _SHARE) ** draws),
    (f"{_SAMPLE}.distinct", "all of them", draws),
    (f"{_SAMPLE}.distinct", "those that are missing", examples * (1 - _SHARE) ** draws),
    (f"{_SAMPLE}.distinct", "share", 1 - (1 - _SHARE) ** draws),
    (f"{_SAMPLE}.distinct", "one draw too many", examples * (1 - (1 - _SHARE) ** (draws + 1))),
]
