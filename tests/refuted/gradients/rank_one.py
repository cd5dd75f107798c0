"""Wrong lengths of gradients through layers of rank one: a bound for an equality, a lost overlap."""

from __future__ import annotations

from sympy import Expr, Integer, sqrt

from derive.constructs import rank_one_backward as one
from derive.constructs import rank_one_bound as most
from derive.constructs import rank_one_depth as deep
from derive.constructs import rank_one_worst as worst
from derive.constructs.rank_one_backward import UG, G, U, V, c, d_i, d_o

_BACK, _BOUND, _DEEP, _WORST = "rank_one_backward.", "rank_one_bound.", "rank_one_depth.", "rank_one_worst."
_FIRST, _END = deep.FIRST, deep.v[deep.T, deep.j]
_ALONG = worst.a * worst.w[deep.j]
WRONG: list[tuple[str, str, Expr]] = [
    (_BACK + "entry", "the other vector", c * one.v[one.j] * G),
    (_BACK + "entry", "the factor is lost", one.v[one.j] * UG),
    (_BACK + "length", "the bound", c**2 * U * V * G),
    (_BACK + "length", "the factor once", c * UG**2 * V),
    (_BACK + "length", "not squared", c**2 * UG * V),
    (_BACK + "unit", "inputs alone", c**2 * d_i * G),
    (_BACK + "unit", "outputs alone", c**2 * d_o * G),
    (_BACK + "unit", "the root of it", c * sqrt(d_o * d_i) * G),
    (_BACK + "aligned", "one of the lengths", c**2 * V * G),
    (_BOUND + "lagrange", "the product alone", U * G),
    (_BOUND + "lagrange", "each pair once too often", U * G - 2 * most.GAP),
    (_BOUND + "bound", "half of it", c**2 * U * V * G / 2),
    (_BOUND + "gap", "without the sum of squares", c**2 * U * V * G),
    (_BOUND + "gap", "the factor is lost", U * V * G - V * most.GAP),
    (_DEEP + "through", "no overlaps", deep.factors(deep.T) * _FIRST * _END),
    (_DEEP + "through", "the first overlap is lost", deep.factors(deep.T) * deep.overlaps(deep.T) * _END),
    (_DEEP + "through", "one factor less", deep.factors(deep.T - 1) * _FIRST * deep.overlaps(deep.T) * _END),
    (_DEEP + "lost", "what the first layer leaves", deep.e[deep.j]),
    (_WORST + "aligned", "the factors alone", _ALONG * deep.factors(deep.T)),
    (_WORST + "stretched", "kept", _ALONG),
    (_WORST + "stretched", "n for its root", _ALONG * deep.n**deep.T),
    (_WORST + "kept", "lost", Integer(0)),
    (_WORST + "kept", "it falls", _ALONG / deep.n**deep.T),
]
