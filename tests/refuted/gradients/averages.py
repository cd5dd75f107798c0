"""Wrong averages of weights: a factor too many, a start that is forgotten or kept, the rate for what is left."""

from __future__ import annotations

from sympy import Expr, Integer

from derive.constructs.average_rates import T, c, gamma, k, left_over, p, w
from derive.constructs.average_window import m
from derive.constructs.bias_correction import NEWEST, a, corrected
from derive.constructs.bias_correction import gamma as rate
from derive.language import IndexSum

_CLOSED, _MEAN, _START, _RISING = (
    f"average_{name}" for name in ("rates.closed", "means.mean", "means.with_start", "means.rising")
)
_OLDER, _AGE, _SQUARES, _MOVING = (
    "average_window.older",
    "average_window.age",
    "average_window.squares",
    "bias_correction.moving",
)
_LEFT = 1 - rate


def _total(body: Expr) -> IndexSum:
    return IndexSum(body, k, 1, T)


WRONG: list[tuple[str, str, Expr]] = [
    (_CLOSED, "newest counted less", p * left_over(1, T) + _total(gamma[k] * left_over(k, T) * w[k])),
    (_CLOSED, "the start is lost", _total(gamma[k] * left_over(k + 1, T) * w[k])),
    (_CLOSED, "rates lost", p * left_over(1, T) + _total(left_over(k + 1, T) * w[k])),
    (_CLOSED, "one rate for all", p * (1 - gamma[1]) ** T + _total(gamma[k] * (1 - gamma[1]) ** (T - k) * w[k])),
    (_CLOSED, "the steps before for those after", p * left_over(1, T) + _total(gamma[k] * left_over(1, k - 1) * w[k])),
    ("average_rates.coefficients", "only the inputs", 1 - left_over(1, T)),
    ("average_rates.constant", "the start is kept", c + p * left_over(1, T)),
    ("average_rates.constant", "turned round", p + (c - p) * left_over(1, T)),
    (_MEAN, "one number too many", _total(w[k]) / (T + 1)),
    (_MEAN, "the start counts", (p + _total(w[k])) / T),
    (_START, "the start is lost", _total(w[k]) / (T + 1)),
    (_START, "divided by the inputs", (p + _total(w[k])) / T),
    (_RISING, "the plain mean", _total(w[k]) / T),
    (_RISING, "steps from 0", 2 * _total((k - 1) * w[k]) / (T * (T + 1))),
    (_OLDER, "older by one", _LEFT ** (m + 1) - _LEFT**T),
    (_OLDER, "before the first step as well", _LEFT**m),
    (_OLDER, "the newer ones", 1 - _LEFT**m),
    (_AGE, "one over the rate", (1 - _LEFT**T) / rate),
    (_AGE, "after many steps", _LEFT / rate),
    (_AGE, "without the correction", _LEFT / rate * (1 - _LEFT**T)),
    (_SQUARES, "the square of the sum", (1 - _LEFT**T) ** 2),
    (_SQUARES, "after many steps", rate / (2 - rate)),
    (_SQUARES, "one power for two", rate / (2 - rate) * (1 - _LEFT**T)),
    ("bias_correction.from_0", "corrected already", Integer(1) * c),
    ("bias_correction.from_0", "what is missing", c * _LEFT**T),
    (_MOVING, "the plain rate", _LEFT * corrected(T) + rate * w[T + 1]),
    (_MOVING, "what stood there uncorrected", (1 - NEWEST) * a[T] + NEWEST * w[T + 1]),
    ("bias_correction.running", "one step less", 1 - (1 - Integer(1) / 100) ** (T - 1)),
]
