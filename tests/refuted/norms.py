"""Wrong bounds and values of norms: turned round, a root or a factor lost, one norm for another, zeros forgotten."""

from __future__ import annotations

from sympy import Abs, Expr, Integer, sqrt

from derive.constructs import matrix_norms as matrices
from derive.constructs import operator_norms as operators
from derive.constructs import orthogonalised as orthogonal
from derive.constructs import rank_bounds as bounds
from derive.constructs import rank_norms as ranks
from derive.constructs import sign_matrices as signs
from derive.constructs import update_bound as update
from derive.constructs import vector_norms as vectors
from derive.constructs import width_rates as rates
from derive.constructs.matrix_norms import d_i, d_o
from derive.constructs.norm_orders import N, p, q

_TOP, _LENGTH, _TOTAL, _SQUARES, _n = vectors.TOP, vectors.LENGTH, vectors.TOTAL, vectors.SQUARES, vectors.n
_NORM, _FROBENIUS, _R = matrices.NORM, matrices.FROBENIUS, ranks.R
_r, _c = operators.r[()], update.c
BOUNDS: list[tuple[str, str, str, Expr]] = [
    ("vector_norms.largest", "<=", "over the root of the number", _LENGTH / sqrt(_n)),
    ("vector_norms.largest", "<=", "the mean", vectors.MEAN),
    ("vector_norms.length", "<=", "the largest entry", _TOP),
    ("vector_norms.length", "<=", "the squares", _SQUARES),
    ("vector_norms.length", "<=", "the mean", vectors.MEAN),
    ("vector_norms.length", "=", "a bound for a value", _TOTAL),
    ("vector_norms.total", "<=", "no factor", _LENGTH),
    ("vector_norms.total", "<=", "no root of the squares", sqrt(_n) * _SQUARES),
    ("vector_norms.total", "<=", "root mean square", vectors.RMS),
    ("vector_norms.total", "=", "a bound for a value", sqrt(_n) * _LENGTH),
    ("vector_norms.back", "<=", "the root of the number", sqrt(_n) * _TOP),
    ("vector_norms.mean", "<=", "over the number", _LENGTH / _n),
    ("vector_norms.mean_square", "<=", "the mean", vectors.MEAN),
    ("norm_orders.means", "<=", "turned round", (vectors.IndexSum(1, vectors.k, 1, N) / N) ** (1 / p)),
    ("norm_orders.norms", "=", "the number of terms", N ** (1 / q)),
    ("matrix_norms.spectral_at_most_frobenius", "<=", "over the root of the columns", _FROBENIUS / sqrt(d_i)),
    ("matrix_norms.spectral_at_most_frobenius", "<=", "squares without a root", matrices.SQUARES),
    ("matrix_norms.spectral_at_most_frobenius", "=", "a bound for a value", _FROBENIUS),
    ("matrix_norms.frobenius_at_most_spectral", "<=", "no factor", _NORM),
    ("matrix_norms.frobenius_at_most_spectral", "<=", "the square of the norm", sqrt(d_i) * _NORM**2),
    ("matrix_norms.frobenius_at_most_spectral", "=", "a bound for a value", sqrt(d_i) * _NORM),
    ("operator_norms.bound", "<=", "no sizes", _NORM * _r),
    ("operator_norms.bound", "<=", "sizes turned round", sqrt(d_o) / sqrt(d_i) * _NORM * _r),
    ("operator_norms.attained", "=", "sizes turned round", sqrt(d_o) / sqrt(d_i) * _NORM),
    ("operator_norms.attained", "=", "no roots", d_i / d_o * _NORM),
    ("update_bound.bound", "<=", "the factor with its sign", _c * sqrt(d_i) / sqrt(d_o) * update.NORM * _r),
    ("update_bound.worst", "=", "the factor with its sign", _c * sqrt(d_i) / sqrt(d_o) * update.NORM),
    ("update_bound.worst", "=", "sizes turned round", Abs(_c) * sqrt(d_o) / sqrt(d_i) * update.NORM),
    ("rank_bounds.rank_spectral", "<=", "no factor", _NORM),
    ("rank_bounds.nuclear", "<=", "over the root of the rank", bounds.NUCLEAR / sqrt(_R)),
    ("rank_bounds.rank_nuclear", "<=", "no factor", _FROBENIUS),
    ("rank_norms.frobenius", "=", "values for their squares", ranks.over(ranks.s[ranks.l])),
    ("rank_norms.frobenius", "=", "the largest alone", ranks.TOP**2),
    ("rank_norms.gap", "=", "nothing", Integer(0)),
    ("sign_matrices.one_example", "=", "zeros forgotten", sqrt(d_o * d_i)),
    ("sign_matrices.one_example", "=", "no root", signs.NORM**2),
    ("sign_matrices.no_zeros", "=", "no root", d_o * d_i),
    ("sign_matrices.no_zeros", "=", "the greater size", sqrt(d_o)),
    ("sign_batches.at_most", "<=", "the rows alone", sqrt(d_o)),
    ("sign_batches.at_most", "=", "a bound for a value", sqrt(d_o * d_i)),
    ("sign_batches.at_least_rows", ">=", "the Frobenius norm", sqrt(d_o * d_i)),
    ("sign_batches.at_least_columns", "=", "a bound for a value", sqrt(d_i)),
    ("orthogonalised.norm", "=", "the Frobenius norm", sqrt(_R)),
    ("orthogonalised.frobenius", "=", "the spectral norm", Integer(1)),
    ("orthogonalised.frobenius", "=", "all columns", d_i + 0 * orthogonal.R),
    ("rate_values.muon_fan_in", "=", "turned round", 1 / sqrt(d_o)),
    ("rate_values.sign_fan_in", "=", "no root", 1 / d_i),
    ("width_rates.signs", "=", "without roots", rates.eta * d_o * d_i),
    ("width_rates.sign_rate", "=", "turned round", rates.theta * sqrt(d_i) / sqrt(d_o)),
    ("width_rates.turned", "=", "the norm of signs", rates.eta * sqrt(d_o) * sqrt(d_i)),
    ("width_rates.descent", "=", "turned round", sqrt(d_i) / sqrt(d_o)),
    ("rate_values.sign_average", "=", "no root of 2", sqrt(d_i + d_o) / d_i),
]
