"""Wrong gradients of attention, of gated units, of the error function and of label smoothing."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer, Rational, erf, exp, pi, sqrt

from derive.constructs import (
    attention,
    attention_scores,
    attention_weights,
    gelu,
    label_smoothing,
    multi_head_attention,
    multi_head_weights,
    silu,
)
from derive.constructs import gated_linear_unit as unit
from derive.language import IndexSum, Indicator, all_of, eq, integer
from derive.language.forms import of
from tests.refuted.gradients import sums

a, b = integer("a"), integer("b")
Wrong = Iterator[tuple[str, str, Expr]]


def outputs() -> Wrong:
    """O = P V."""
    P, V, dO, T, R, D = (getattr(attention, name) for name in ("WEIGHTS", "V", "dO", "T", "R", "D"))
    t, r, c = attention.t, attention.r, attention.c
    path = "attention.value_gradient"
    right = of("product", of("transpose", P), dO)[r, c]
    yield path, "transposed", right.xreplace({r: c, c: r})
    yield path, "P not transposed", sums(P[r, a] * dO[a, c], (a, 1, T))
    yield path, "values for the gradient", sums(P[a, r] * V[r, c], (a, 1, T))
    yield path, "minus", -right
    yield path, "a mean over the queries", right / T
    yield path, "lost sum", P[1, r] * dO[1, c]
    yield path, "last query lost", sums(P[a, r] * dO[a, c], (a, 1, T - 1))
    yield path, "first query lost", sums(P[a, r] * dO[a, c], (a, 2, T))
    yield path, "summed over the keys", sums(P[a, r] * dO[a, c], (a, 1, R))
    yield path, "summed over the components too", sums(P[a, r] * dO[a, b], (a, 1, T), (b, 1, D))
    yield path, "weights forgotten", sums(dO[a, c], (a, 1, T))
    path, right = "attention.weight_gradient", of("product", dO, of("transpose", V))[t, r]
    yield path, "transposed", right.xreplace({r: t, t: r})
    yield path, "V not transposed", sums(dO[t, a] * V[a, r], (a, 1, D))
    yield path, "with the weights", P[t, r] * right
    yield path, "minus", -right
    yield path, "a mean over the components", right / D
    yield path, "lost sum", dO[t, 1] * V[r, 1]
    yield path, "last component lost", sums(dO[t, a] * V[r, a], (a, 1, D - 1))
    yield path, "summed over all queries", sums(dO[a, b] * V[r, b], (a, 1, T), (b, 1, D))
    yield path, "through a softmax", right - sums(P[t, b] * dO[t, a] * V[b, a], (a, 1, D), (b, 1, R))
    path = "attention.row_sums"
    right = sums(attention.O[t, a] * dO[t, a], (a, 1, D))
    yield path, "a mean", right / R
    yield path, "over all rows", sums(attention.O[b, a] * dO[b, a], (a, 1, D), (b, 1, T))
    yield path, "dO twice", sums(dO[t, a] ** 2, (a, 1, D))
    yield path, "minus", -right


def weights() -> Wrong:
    """P = the softmax of each row of S."""
    P, dP, T, R = (getattr(attention_weights, name) for name in ("P", "dP", "T", "R"))
    t, r, i, j = (getattr(attention_weights, name) for name in "trij")
    path = "attention_weights.jacobian"
    here, both = Indicator(eq(i, t)), Indicator(eq(i, t)) * Indicator(eq(j, r))
    yield path, "one softmax for all rows", P[i, j] * (both - P[t, r])
    yield path, "delta of the query forgotten", P[i, j] * (Indicator(eq(j, r)) - P[i, r])
    yield path, "off the diagonal forgotten", P[i, j] * both
    yield path, "plus", P[i, j] * (both + here * P[i, r])
    yield path, "a sigmoid for each score", both * P[i, j] * (1 - P[i, j])
    yield path, "minus", -P[i, j] * (both - here * P[i, r])
    yield path, "first factor lost", both - here * P[i, r]
    yield path, "the same weight twice", P[i, j] * (both - here * P[i, j])
    yield path, "softmax over the queries", P[i, j] * (both - Indicator(eq(j, r)) * P[t, j])
    path, mean = "attention_weights.score_gradient", IndexSum(P[t, a] * dP[t, a], a, 1, R)
    yield path, "mean forgotten", P[t, r] * dP[t, r]
    yield path, "mean without weights", P[t, r] * (dP[t, r] - IndexSum(dP[t, a], a, 1, R))
    yield path, "plain mean", P[t, r] * (dP[t, r] - IndexSum(dP[t, a], a, 1, R) / R)
    yield path, "mean over the queries", P[t, r] * (dP[t, r] - IndexSum(P[a, r] * dP[a, r], a, 1, T))
    yield path, "mean over everything", P[t, r] * (dP[t, r] - sums(P[b, a] * dP[b, a], (b, 1, T), (a, 1, R)))
    yield path, "plus", P[t, r] * (dP[t, r] + mean)
    yield path, "weight forgotten", dP[t, r] - mean
    yield path, "weight on one term only", P[t, r] * dP[t, r] - mean
    yield path, "minus", -P[t, r] * (dP[t, r] - mean)
    yield path, "transposed", (P[t, r] * (dP[t, r] - mean)).xreplace({t: r, r: t})
    yield path, "last key lost in the mean", P[t, r] * (dP[t, r] - IndexSum(P[t, a] * dP[t, a], a, 1, R - 1))
    yield path, "a sigmoid for each score", P[t, r] * (1 - P[t, r]) * dP[t, r]


def scores() -> Wrong:
    """S = Q K^T / sqrt(d)."""
    Q, K, dS, T, R, d = (getattr(attention_scores, name) for name in ("Q", "K", "dS", "T", "R", "d"))
    t, r, c = (getattr(attention_scores, name) for name in "trc")
    path, right = "attention_scores.forward", of("product", Q, of("transpose", K))[t, r]
    yield path, "scale forgotten", right
    yield path, "divided by d", right / d
    yield path, "times the root", right * sqrt(d)
    yield path, "K not transposed", sums(Q[t, a] * K[a, r], (a, 1, d)) / sqrt(d)
    path, right = "attention_scores.query_gradient", of("product", dS, K)[t, c]
    yield path, "scale forgotten", right
    yield path, "divided by d", right / d
    yield path, "root of the number of keys", right / sqrt(R)
    yield path, "times the root", right * sqrt(d)
    yield path, "minus", -right / sqrt(d)
    yield path, "transposed", right.xreplace({t: c, c: t}) / sqrt(d)
    yield path, "dS transposed", sums(dS[a, t] * K[a, c], (a, 1, R)) / sqrt(d)
    yield path, "queries for keys", sums(dS[t, a] * Q[a, c], (a, 1, R)) / sqrt(d)
    yield path, "lost sum", dS[t, 1] * K[1, c] / sqrt(d)
    yield path, "last key lost", sums(dS[t, a] * K[a, c], (a, 1, R - 1)) / sqrt(d)
    path, right = "attention_scores.key_gradient", of("product", of("transpose", dS), Q)[r, c]
    yield path, "scale forgotten", right
    yield path, "divided by d", right / d
    yield path, "root of the number of queries", right / sqrt(T)
    yield path, "minus", -right / sqrt(d)
    yield path, "dS not transposed", sums(dS[r, a] * Q[a, c], (a, 1, T)) / sqrt(d)
    yield path, "keys for queries", sums(dS[a, r] * K[r, c], (a, 1, T)) / sqrt(d)
    yield path, "lost sum", dS[1, r] * Q[1, c] / sqrt(d)
    yield path, "first query lost", sums(dS[a, r] * Q[a, c], (a, 2, T)) / sqrt(d)
    yield path, "last query lost", sums(dS[a, r] * Q[a, c], (a, 1, T - 1)) / sqrt(d)


def heads() -> Wrong:
    """Several heads, joined by U."""
    P, V, O, U, dO, dY = (getattr(multi_head_attention, name) for name in ("P", "V", "O", "U", "dO", "dY"))  # noqa: E741
    H, T, R, D, F, t, r, c, m = (getattr(multi_head_attention, name) for name in "HTRDFtrcm")
    h = multi_head_attention.a
    path = "multi_head_attention.value_gradient"
    yield path, "summed over the heads", sums(P[b, a, r] * dO[b, a, c], (b, 1, H), (a, 1, T))
    yield path, "the first head for all", sums(P[1, a, r] * dO[1, a, c], (a, 1, T))
    yield path, "a mean over the heads", sums(P[h, a, r] * dO[h, a, c], (a, 1, T)) / H
    yield path, "last query lost", sums(P[h, a, r] * dO[h, a, c], (a, 1, T - 1))
    yield path, "head and query swapped", sums(P[a, h, r] * dO[a, h, c], (a, 1, T))
    yield path, "minus", -sums(P[h, a, r] * dO[h, a, c], (a, 1, T))
    path = "multi_head_attention.weight_gradient"
    yield path, "summed over the heads", sums(dO[b, t, a] * V[b, r, a], (b, 1, H), (a, 1, D))
    yield path, "values of the first head", sums(dO[h, t, a] * V[1, r, a], (a, 1, D))
    yield path, "values of the query", sums(dO[h, t, a] * V[h, t, a], (a, 1, D))
    yield path, "lost sum", dO[h, t, 1] * V[h, r, 1]
    yield path, "last component lost", sums(dO[h, t, a] * V[h, r, a], (a, 1, D - 1))
    yield path, "minus", -sums(dO[h, t, a] * V[h, r, a], (a, 1, D))
    path = "multi_head_attention.head_gradient"
    yield path, "summed over the heads", sums(dY[t, a] * U[b, c, a], (b, 1, H), (a, 1, F))
    yield path, "the first block for all heads", sums(dY[t, a] * U[1, c, a], (a, 1, F))
    yield path, "summed over the components", sums(dY[t, a] * U[h, b, a], (b, 1, D), (a, 1, F))
    yield path, "lost sum", dY[t, 1] * U[h, c, 1]
    yield path, "a mean over the heads", sums(dY[t, a] * U[h, c, a], (a, 1, F)) / H
    yield path, "last feature lost", sums(dY[t, a] * U[h, c, a], (a, 1, F - 1))
    yield path, "transposed", sums(dY[t, a] * U[h, a, c], (a, 1, F))
    path = "multi_head_attention.matrix_gradient"
    yield path, "summed over the heads", sums(O[b, a, c] * dY[a, m], (b, 1, H), (a, 1, T))
    yield path, "a mean over the queries", sums(O[h, a, c] * dY[a, m], (a, 1, T)) / T
    yield path, "first query lost", sums(O[h, a, c] * dY[a, m], (a, 2, T))
    yield path, "lost sum", O[h, 1, c] * dY[1, m]
    yield path, "minus", -sums(O[h, a, c] * dY[a, m], (a, 1, T))
    P, dP, b_, i, j = (getattr(multi_head_weights, name) for name in ("P", "dP", "b", "i", "j"))
    path, row = "multi_head_weights.jacobian", Indicator(all_of(eq(b_, h), eq(i, t)))
    here = row * Indicator(eq(j, r))
    yield path, "heads share their weights", P[b_, i, j] * Indicator(eq(i, t)) * (Indicator(eq(j, r)) - P[b_, i, r])
    yield path, "queries share their weights", P[b_, i, j] * Indicator(eq(b_, h)) * (Indicator(eq(j, r)) - P[b_, i, r])
    yield path, "no deltas of head and query", P[b_, i, j] * (Indicator(eq(j, r)) - P[b_, i, r])
    yield path, "off the diagonal forgotten", P[b_, i, j] * here
    yield path, "plus", P[b_, i, j] * (here + row * P[b_, i, r])
    path, mean = "multi_head_weights.score_gradient", sums(P[h, t, a] * dP[h, t, a], (a, 1, R))
    weight, back = P[h, t, r], dP[h, t, r]
    yield path, "mean forgotten", weight * back
    yield path, "mean over the heads", weight * (back - sums(P[a, t, r] * dP[a, t, r], (a, 1, H)))
    yield path, "mean over heads and keys", weight * (back - sums(P[b, t, a] * dP[b, t, a], (b, 1, H), (a, 1, R)))
    yield path, "mean over the queries", weight * (back - sums(P[h, a, r] * dP[h, a, r], (a, 1, T)))
    yield path, "plain mean", weight * (back - sums(dP[h, t, a], (a, 1, R)) / R)
    yield path, "plus", weight * (back + mean)
    yield path, "weight forgotten", back - mean
    yield path, "weight on one term only", weight * back - mean


def gates() -> Wrong:
    """The gated linear unit, the SiLU and the swish."""
    W, V, a_, s, g, z, F, D = (getattr(unit, name) for name in ("W", "V", "a", "s", "g", "z", "F", "D"))
    i, j, r, x, y = unit.i, unit.j, unit.r, unit.x, unit.y
    path = "gated_linear_unit.linear_gradient"
    yield path, "gate forgotten", g[i]
    yield path, "gate below the sigmoid", g[i] * z[i]
    yield path, "derivative of the gate", g[i] * s[i] * (1 - s[i])
    path = "gated_linear_unit.gate_gradient"
    yield path, "derivative of the sigmoid forgotten", g[i] * a_[i]
    yield path, "linear part forgotten", g[i] * s[i] * (1 - s[i])
    yield path, "only the gate", g[i] * a_[i] * s[i]
    yield path, "as for a tanh", g[i] * a_[i] * (1 - s[i] ** 2)
    yield path, "minus", -g[i] * a_[i] * s[i] * (1 - s[i])
    yield path, "gate twice", g[i] * y[i] * s[i] * (1 - s[i])
    path, dz = "gated_linear_unit.gate", s[j] * (1 - s[j])
    yield path, "weights forgotten", dz
    yield path, "input for weights", dz * x[r]
    yield path, "transposed", dz * V[j, r]
    yield path, "sigmoid for its derivative", s[j] * V[r, j]
    path = "gated_linear_unit.input_gradient"
    linear, gate = W[r, j] * g[j] * s[j], V[r, j] * g[j] * a_[j] * dz
    yield path, "only through the linear part", sums(linear, (j, 1, F))
    yield path, "only through the gate", sums(gate, (j, 1, F))
    yield path, "difference of both", sums(linear - gate, (j, 1, F))
    yield path, "weights swapped", sums(V[r, j] * g[j] * s[j] + W[r, j] * g[j] * a_[j] * dz, (j, 1, F))
    yield path, "linear part forgotten in the gate", sums(linear + V[r, j] * g[j] * dz, (j, 1, F))
    yield path, "a mean", sums(linear + gate, (j, 1, F)) / F
    yield path, "last output lost", sums(linear + gate, (j, 1, F - 1))
    yield path, "summed over the inputs", sums(linear + gate, (j, 1, D))
    x, s, g, i, beta, n = (getattr(silu, name) for name in ("x", "s", "g", "i", "beta", "n"))
    path = "silu.silu"
    yield path, "as for a sigmoid", g[i] * s[i] * (1 - s[i])
    yield path, "the second way forgotten", g[i] * s[i]
    yield path, "the first way forgotten", g[i] * x[i] * s[i] * (1 - s[i])
    yield path, "minus", g[i] * s[i] * (1 - x[i] * (1 - s[i]))
    yield path, "x forgotten", g[i] * s[i] * (2 - s[i])
    yield path, "gradient forgotten", s[i] * (1 + x[i] * (1 - s[i]))
    yield path, "1 + s", g[i] * s[i] * (1 + x[i] * (1 + s[i]))
    path = "silu.swish"
    yield path, "beta forgotten", g[i] * s[i] * (1 + x[i] * (1 - s[i]))
    yield path, "beta on all", g[i] * beta[()] * s[i] * (1 + x[i] * (1 - s[i]))
    yield path, "beta twice", g[i] * s[i] * (1 + beta[()] ** 2 * x[i] * (1 - s[i]))
    path, term = "silu.beta_gradient", g[j] * s[j] * (1 - s[j])
    yield path, "one x lost", sums(term * x[j], (j, 1, n))
    yield path, "beta for x", sums(term * x[j] * beta[()], (j, 1, n))
    yield path, "a mean", sums(term * x[j] ** 2, (j, 1, n)) / n
    yield path, "last entry lost", sums(term * x[j] ** 2, (j, 1, n - 1))


def errors() -> Wrong:
    """The GELU, exactly and by a tanh: one is not the other."""
    x, g, h, Phi, phi, i = (getattr(gelu, name) for name in ("x", "g", "h", "Phi", "phi", "i"))
    alpha, kappa, square = gelu.alpha[()], gelu.kappa[()], x[i] ** 2
    slope = alpha * (1 - h[i] ** 2)
    exact = Phi[i] + x[i] * phi[i]
    near = (1 + h[i] + x[i] * slope * (1 + 3 * kappa * square)) / 2
    path = "gelu.exact"
    in_numbers = {h[i]: gelu.TANH.at((i,)), gelu.u[i]: gelu.INSIDE.at((i,))}
    constants = {alpha: gelu.SCALE.body, kappa: gelu.CUBIC.body}
    told = near.xreplace(in_numbers).xreplace(in_numbers).xreplace(constants)
    yield path, "that of the approximation", g[i] * told
    yield path, "density forgotten", g[i] * Phi[i]
    yield path, "x forgotten", g[i] * (Phi[i] + phi[i])
    yield path, "only the density", g[i] * x[i] * phi[i]
    yield path, "minus", g[i] * (Phi[i] - x[i] * phi[i])
    yield path, "gradient forgotten", exact
    yield path, "root of pi alone", g[i] * (Phi[i] + x[i] * exp(-(x[i] ** 2) / 2) / sqrt(pi))
    yield path, "no half in the exponent", g[i] * (Phi[i] + x[i] * exp(-(x[i] ** 2)) / sqrt(2 * pi))
    yield path, "no root of 2 in erf", g[i] * ((1 + erf(x[i])) / 2 + x[i] * phi[i])
    yield path, "no half before erf", g[i] * (1 + erf(x[i] / sqrt(2)) + x[i] * phi[i])
    path = "gelu.approximate"
    in_full = {d.array[i]: d.at((i,)) for d in (gelu.DISTRIBUTION, gelu.DENSITY)}
    yield path, "that of the exact one", g[i] * exact.xreplace(in_full)
    yield path, "inner derivative forgotten", g[i] * (1 + h[i] + x[i] * (1 - h[i] ** 2)) / 2
    yield path, "3 forgotten", g[i] * (1 + h[i] + x[i] * slope * (1 + kappa * square)) / 2
    yield path, "cubic term forgotten", g[i] * (1 + h[i] + x[i] * slope) / 2
    yield path, "scale forgotten", g[i] * (1 + h[i] + x[i] * (1 - h[i] ** 2) * (1 + 3 * kappa * square)) / 2
    yield path, "as for a sigmoid", g[i] * (1 + h[i] + x[i] * h[i] * (1 - h[i]) * alpha * (1 + 3 * kappa * square)) / 2
    yield path, "plus the square", g[i] * (1 + h[i] + x[i] * (1 + h[i] ** 2) * alpha * (1 + 3 * kappa * square)) / 2
    yield path, "half forgotten", 2 * g[i] * near
    yield path, "half on one term only", g[i] * (1 + h[i] + x[i] * slope * (1 + 3 * kappa * square) / 2)
    yield path, "coefficient rounded", g[i] * (1 + h[i] + x[i] * slope * (1 + Rational("0.134") * square)) / 2


def labels() -> Wrong:
    """Smoothed labels."""
    p, y, q, t, j, k, K, eps = (getattr(label_smoothing, name) for name in ("p", "y", "q", "t", "j", "k", "K", "eps"))
    given = sums(y[k], (k, 1, K))
    path = "label_smoothing.total"
    yield path, "1 for any labels", Integer(1)
    yield path, "not smoothed", given
    yield path, "even part forgotten", (1 - eps) * given
    yield path, "even part for each class", (1 - eps) * given + K * eps
    path = "label_smoothing.gradient"
    yield path, "sum taken for 1", p[j] - (1 - eps) * y[j] - eps / K
    yield path, "not smoothed", p[j] * given - y[j]
    yield path, "even part forgotten", p[j] * ((1 - eps) * given + eps) - (1 - eps) * y[j]
    yield path, "minus", -p[j] * ((1 - eps) * given + eps) + q[j]
    yield path, "not divided by K", p[j] * ((1 - eps) * given + eps) - (1 - eps) * y[j] - eps
    yield path, "label kept whole", p[j] * ((1 - eps) * given + eps) - y[j] - eps / K
    yield path, "K - 1 other classes", p[j] * ((1 - eps) * given + eps) - (1 - eps) * y[j] - eps / (K + 1)
    path = "label_smoothing.distribution"
    yield path, "not smoothed", p[j] - y[j]
    yield path, "not divided by K", p[j] - (1 - eps) * y[j] - eps
    yield path, "p smoothed too", (1 - eps) * (p[j] - y[j])
    yield path, "even part forgotten", p[j] - (1 - eps) * y[j]
    yield path, "plus", p[j] - (1 - eps) * y[j] + eps / K
    yield path, "minus", -p[j] + q[j]
    yield path, "labels not divided by their sum", p[j] - (1 - eps) * t[j] - eps / K
    yield path, "smoothed by 1 + eps", p[j] - (1 + eps) * y[j] + eps / K


WRONG: list[tuple[str, str, Expr]] = [
    *(*outputs(), *weights(), *scores(), *heads()),
    *(*gates(), *errors(), *labels()),
]
