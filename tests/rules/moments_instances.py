"""Instances of the laws of moments, each with the slip that a student would make.

x and y are random arrays of length n; p, q are two places in range. What is stated of them is said for each instance.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Abs, Integer, Max, Rational, oo, pi, sqrt

from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Covariance,
    Definition,
    Expectation,
    IndexProduct,
    IndexSum,
    Indicator,
    Variance,
    array,
    between,
    chance,
    declare,
    eq,
    ge,
    integer,
    ne,
)
from derive.rules import distributions, histories, independence, moments
from tests.rules.instances import Instance

_D = {s: declare(s, sort) for s, sort in {"n": "size", "p": "integer", "q": "integer"}.items()}
_R = {s: declare(s, "real") for s in ("a", "sigma", "mu")}
n, p, q = (_D[s].symbol for s in "npq")
a, sigma, mu = (_R[s].symbol for s in ("a", "sigma", "mu"))
k, k2 = integer("k"), integer("k'")
x, y, r = array("x", (1, n)), array("y", (1, n)), array("r")
E, Var, Cov = Expectation, Variance, Covariance
IN_RANGE = between(1, p, n), between(1, q, n)


def stating(of_x: dict[str, Any] | None = None, of_y: dict[str, Any] | None = None, *more: Any) -> Context:
    """A context in which this is stated of x and y; a is a number, r is not random."""
    chances = [chance(random, **of) for random, of in ((x, of_x or {}), (y, of_y or {}))]
    declarations = (*_D.values(), *_R.values())
    return Context(declarations, (*IN_RANGE, *more), (), (x, y, r), tuple(chances))


def total(body: Any, index: Any = k) -> IndexSum:
    """sum(body, k=1..n)"""
    return IndexSum(body, index, 1, n)


FREE = {"entries": "independent"}
MOMENTS = {"mean": mu, "variance": sigma**2}
SIGNS, BITS = {"law": "signs", "entries": "independent"}, {"law": "bits", "values": (Rational(1, 3),), **FREE}
DICE = {"law": "uniform", "values": (1, 3), **FREE}
SAME: dict[str, Any] = {"identical": True}
NORMAL = {"law": "normal", "mean": 0, "variance": sigma**2, **FREE}
third = Rational(1, 3)


def case(law: Any, context: Context, term: Any, after: Any, twin: Any, *arguments: Any, fails: Any = None) -> Instance:
    """An instance; `fails` is a term that the law does not speak of, with the same arguments."""
    if not term.free_symbols & {p, q}:
        context = replace(context, hypotheses=())
    return Instance(law, context, term, arguments, after, twin, None if fails is None else (fails, arguments))


DEFINED = [
    case(moments.variance, stating(), Var(x[p]), E(x[p] ** 2) - E(x[p]) ** 2, E(x[p] ** 2), fails=E(x[p])),
    case(moments.covariance, stating(), Cov(x[p], x[q]), E(x[p] * x[q]) - E(x[p]) * E(x[q]), E(x[p] * x[q]),
         fails=Var(x[p])),
    case(moments.covariance_with_itself, stating(), Cov(x[p], x[p]), Var(x[p]), Var(x[p]) ** 2, fails=Cov(x[p], x[q])),
    case(moments.expectation_of_constant, stating(), E(a * r[()] + E(x[p])), a * r[()] + E(x[p]), E(x[p]),
         fails=E(a * x[p])),
    case(moments.expectation_of_terms, stating(), E(x[p] + x[q] ** 2 + a), E(x[p]) + E(x[q] ** 2) + E(a),
         E(x[p]) + E(x[q]) ** 2 + a, fails=E(x[p] * x[q])),
    case(moments.expectation_of_multiple, stating(), E(a * r[()] * x[p] * x[q]), a * r[()] * E(x[p] * x[q]),
         a * E(x[p]) * E(x[q]), fails=E(x[p] * x[q])),
    case(moments.expectation_of_multiple, stating(), Var(a * x[p]), a**2 * Var(x[p]), a * Var(x[p]), fails=Var(x[p])),
    case(moments.expectation_of_sum, stating(), E(total(k * x[k])), total(E(k * x[k])), total(E(x[k])), fails=E(x[p])),
    case(moments.variance_of_shifted, stating(), Var(x[p] + a), Var(x[p]), Var(x[p]) + a, fails=Var(x[p] + x[q])),
    case(moments.variance_of_terms, stating(), Var(x[p] + x[q]), Var(x[p]) + Var(x[q]) + 2 * Cov(x[p], x[q]),
         Var(x[p]) + Var(x[q]), fails=Var(x[p])),
    case(moments.variance_as_covariances, stating(), Var(total(x[k])), total(IndexSum(Cov(x[k], x[k2]), k2, 1, n)),
         total(Var(x[k])), fails=Var(x[p])),
    case(moments.square_of_sum, stating(), total(x[k]) ** 2, total(IndexSum(x[k] * x[k2], k2, 1, n)),
         total(x[k] ** 2), fails=total(x[k]) ** 3),
]  # fmt: skip
STATED = [
    case(moments.stated_mean, stating({"mean": mu}), E(x[p]), mu, Integer(0), fails=E(x[p] ** 2)),
    case(moments.stated_mean, stating(SIGNS), E(x[p]), Integer(0), Integer(1), fails=E(y[p])),
    case(moments.stated_mean, stating(BITS), E(x[p]), third, 2 * third, fails=E(y[p])),
    case(moments.stated_mean, stating(DICE), E(x[p]), Integer(2), Rational(3, 2), fails=E(y[p])),
    case(moments.stated_variance, stating({"variance": sigma**2}), Var(x[p]), sigma**2, sigma, fails=Var(y[p])),
    case(moments.stated_square, stating(MOMENTS), E(x[p] ** 2), sigma**2 + mu**2, sigma**2, fails=E(y[p] ** 2)),
    case(moments.stated_square, stating({"second": sigma**2}), E(x[p] ** 2), sigma**2, sigma, fails=E(x[p] ** 3)),
    case(moments.uncorrelated_entries, stating({"entries": "uncorrelated"}), E(x[p] * x[q]),
         E(x[p]) * E(x[q]) + Indicator(eq(p, q)) * Var(x[p]), E(x[p]) * E(x[q]), fails=E(x[p] * y[q])),
]  # fmt: skip
APART = [
    case(independence.independent_factors, stating(), E(x[p] * y[q] ** 2), E(x[p]) * E(y[q] ** 2),
         E(x[p]) * E(y[q]) ** 2, x[p], fails=E(x[p])),
    case(independence.independent_factors, stating(FREE, None, ne(p, q)), E(x[p] ** 2 * x[q] * y[p]),
         E(x[p] ** 2) * E(x[q] * y[p]), E(x[p]) ** 2 * E(x[q] * y[p]), x[p] ** 2, fails=E(x[p] * x[q])),
    case(independence.independent_covariance, stating(), Cov(x[p] * x[q], y[p]), Integer(0), Integer(1),
         fails=Var(x[p])),
    case(independence.independent_product, stating(FREE), E(IndexProduct(1 + x[k] ** 2, k, 1, n)),
         IndexProduct(E(1 + x[k] ** 2), k, 1, n), IndexProduct(1 + E(x[k]) ** 2, k, 1, n), fails=E(x[p])),
    case(independence.variance_of_sum, stating(FREE, FREE), Var(total(x[k] * y[n + 1 - k])),
         total(Var(x[k] * y[n + 1 - k])), total(Var(x[k]) * Var(y[n + 1 - k])), fails=Var(x[p])),
    case(independence.variance_of_sum, stating({"entries": "uncorrelated"}), Var(total(k * x[k])),
         total(Var(k * x[k])), total(k * Var(x[k])), fails=Var(x[p])),
]  # fmt: skip
w, h = array("w", (1, oo)), array("h", (0, oo))
_MADE = Definition(h, (k,), Cases((y[1], eq(k, 0)), (w[k] * h[k - 1] + a * w[k] ** 2, OTHERWISE)))
PAST = Context(
    (*_D.values(), *_R.values()), IN_RANGE, (_MADE,), (w, y), (chance(w, **FREE), chance(y))
)  # fmt: skip
HISTORIES = [
    case(histories.independent_of_past, PAST, E(w[p + 1] ** 2 * h[p] * y[q]), E(w[p + 1] ** 2) * E(h[p] * y[q]),
         E(w[p + 1]) ** 2 * E(h[p] * y[q]), w[p + 1] ** 2, fails=E(w[p + 1] * w[p])),
]  # fmt: skip
LAWS_STATED = [
    case(distributions.symmetric, stating({"law": "symmetric", "mean": 0}), E(Max(0, x[p]) * y[q]),
         E(Max(0, -x[p]) * y[q]), E(-Max(0, x[p]) * y[q]), x[p], fails=Var(x[p])),
    case(distributions.two_values, stating(BITS), E((1 + x[p]) ** 2 * y[q]), third * E(4 * y[q]) + 2 * third * E(y[q]),
         E(4 * y[q]) / 2 + E(y[q]) / 2, x[p], fails=Var(x[p])),
    case(distributions.two_values, stating(SIGNS, None, ne(p, q)), E(Max(x[p], x[q])),
         E(Max(1, x[q])) / 2 + E(Max(-1, x[q])) / 2, E(Max(1, x[q])), x[p], fails=E(x[p] * E(x[p]))),
    case(distributions.uniform_values, stating(DICE), E(Indicator(eq(x[p], 2)) * y[q]),
         IndexSum(E(Indicator(eq(k, 2)) * y[q]), k, 1, 3) / 3, E(y[q]) / 2, x[p], k, fails=Var(x[p])),
    case(distributions.power_of_bit, stating(BITS), x[p] ** 3, x[p], 3 * x[p], fails=x[p] ** -1),
    case(distributions.normal_fourth_moment, stating(NORMAL), E(x[p] ** 4), 3 * sigma**4, sigma**4, fails=E(x[p] ** 2)),
    case(distributions.normal_absolute_mean, stating(NORMAL), E(Abs(x[p])), sqrt(2 / pi) * Abs(sigma), Abs(sigma),
         fails=E(x[p] ** 2)),
    case(distributions.symmetric, stating(NORMAL), E(Max(0, x[p]) * y[q]), E(Max(0, -x[p]) * y[q]),
         E(-Max(0, x[p]) * y[q]), x[p], fails=Var(x[p])),
    case(distributions.identical_entries, stating(SAME), E(x[p] ** 2 + a), E(x[1] ** 2 + a), E(x[1]) ** 2 + a, x[1],
         fails=E(x[p] * x[q])),
    case(distributions.stationary, stating({"entries": "stationary"}, None, ge(n, p + 1), ge(n, q + 1)),
         Cov(x[p], x[q]), Cov(x[p + 1], x[q + 1]), Cov(x[p + 1], x[q]), x[p], x[p + 1], fails=E(x[p] * y[q])),
]  # fmt: skip
INSTANCES = [*DEFINED, *STATED, *APART, *HISTORIES, *LAWS_STATED]
