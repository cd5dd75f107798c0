"""Wrong comparisons of two parametrisations of one layer."""

from __future__ import annotations

from sympy import Expr

from derive.constructs.rescaled_adam import alpha, eps, eta, one_step, s, w_1
from derive.constructs.rescaled_training import T, i, n, output, w

_DESCENT, _OUTPUT, _ADAM, _TABLES = (
    "rescaled_training.descent",
    "rescaled_training.outputs",
    "rescaled_adam.adam",
    "width_tables.descent",
)
WRONG: list[tuple[str, str, Expr]] = [
    (_DESCENT, "the same weights", w[T, i]),
    (_DESCENT, "the other way", w[T, i] / s),
    (_DESCENT, "the factor of the rate", s**2 * w[T, i]),
    (_OUTPUT, "as large as the weights", s * output(w, alpha, T, T + 1)),
    (_OUTPUT, "as the multiplier", output(w, alpha / s, T, T + 1)),
    (_ADAM, "as for gradient descent", s**2 * eta * one_step(w_1, alpha, eps)),
    (_ADAM, "the same step", eta * one_step(w_1, alpha, eps)),
    (_ADAM, "the other guard", s * eta * one_step(w_1, alpha, eps / s)),
    (_TABLES, "the same weights", w[T, i]),
    (_TABLES, "turned round", w[T, i] / n),
]
