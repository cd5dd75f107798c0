"""Wrong gradients of a recurrent step and of an embedding table."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from derive.constructs import elman_rnn as rnn
from derive.constructs import embedding_lookup as words
from derive.language import Indicator, eq
from derive.language.forms import of
from tests.refuted.gradients import sums


def step() -> Iterator[tuple[str, str, Expr]]:
    """One step of an Elman network."""
    W, p, h, x, g, da = rnn.W, rnn.before, rnn.after, rnn.x, rnn.g, rnn.da
    n, m, k, q, r, j = rnn.n, rnn.m, rnn.k, rnn.q, rnn.r, rnn.j
    path, slope = "elman_rnn.state_jacobian", 1 - h[k] ** 2
    yield path, "transposed", slope * W[q, k]
    yield path, "slope lost", W[k, q]
    yield path, "slope of the other entry", (1 - h[q] ** 2) * W[k, q]
    yield path, "slope of the state before", (1 - p[k] ** 2) * W[k, q]
    yield path, "slope of a sigmoid", h[k] * (1 - h[k]) * W[k, q]
    yield path, "not squared", (1 - h[k]) * W[k, q]
    yield path, "plus", (1 + h[k] ** 2) * W[k, q]
    yield path, "before the hyperbolic tangent", (1 - rnn.a[k] ** 2) * W[k, q]
    yield path, "summed over the row", sums(slope * W[k, j], (j, 1, n))
    yield path, "minus", -slope * W[k, q]
    path = "elman_rnn.state_gradient"
    yield path, "not transposed", of("product", W, da)[q]
    yield path, "lost sum", da[q] * W[q, q]
    yield path, "one row", da[1] * W[1, q]
    yield path, "sum over the wrong index", sums(da[q] * W[j, q], (j, 1, n))
    yield path, "last entry lost", sums(da[j] * W[j, q], (j, 1, n - 1))
    yield path, "the state as well", of("product", of("transpose", W), da)[q] * p[q]
    yield path, "a mean", of("product", of("transpose", W), da)[q] / n
    yield path, "minus", -of("product", of("transpose", W), da)[q]
    path, right = "elman_rnn.weight_gradient", of("outer", da, p)
    yield path, "transposed", right[q, r]
    yield path, "slope lost", g[r] * p[q]
    yield path, "the state after", da[r] * h[q]
    yield path, "slope of the other entry", g[r] * (1 - h[q] ** 2) * p[q]
    yield path, "the weight itself", da[r] * W[r, q]
    yield path, "summed over the entries", sums(da[j], (j, 1, n)) * p[q]
    yield path, "the diagonal alone", da[r] * p[r]
    yield path, "a mean", da[r] * p[q] / n
    yield path, "minus", -da[r] * p[q]
    path = "elman_rnn.input_weight_gradient"
    yield path, "slope lost", g[r] * x[q]
    yield path, "slope not squared", g[r] * (1 - h[r]) * x[q]
    yield path, "summed over the entries", sums(da[j], (j, 1, n)) * x[q]
    yield path, "summed over the inputs", da[r] * sums(x[j], (j, 1, m))
    yield path, "the first input", da[r] * x[1]
    yield path, "the weight itself", da[r] * rnn.U[r, q]
    yield path, "a mean", da[r] * x[q] / m
    yield path, "minus", -da[r] * x[q]


def table() -> Iterator[tuple[str, str, Expr]]:
    """Rows of a table."""
    c, E, G, H = words.codes, words.table, words.g, words.hot
    T, V, D, t, v, d, k = words.T, words.V, words.D, words.t, words.v, words.d, words.k
    path = "embedding_lookup.lookup"
    yield path, "the place for the code", E[1, d] * Indicator(eq(t, 1))
    yield path, "all rows", sums(E[k, d], (k, 1, V))
    yield path, "code times row", sums(c[t] * E[k, d] * Indicator(eq(c[t], k)), (k, 1, V))
    yield path, "codes from 0", sums(E[k, d] * Indicator(eq(c[t], k - 1)), (k, 1, V))
    yield path, "last row lost", sums(H[t, k] * E[k, d], (k, 1, V - 1))
    yield path, "first row for others", sums(H[t, k] * E[k, d], (k, 1, V)) + E[1, d] * (1 - sums(H[t, k], (k, 1, V)))
    yield path, "first column", sums(H[t, k] * E[k, 1], (k, 1, V))
    yield path, "minus", -of("product", H, E)[t, d]
    for path in ("embedding_lookup.sparse_gradient", "embedding_lookup.matrix_gradient"):
        hit = Indicator(eq(c[t], v))
        yield path, "all places", sums(G[t, d], (t, 1, T))
        yield path, "the first place", G[1, d] * Indicator(eq(c[1], v))
        yield path, "last place lost", sums(hit * G[t, d], (t, 1, T - 1))
        yield path, "codes from 0", sums(G[t, d] * Indicator(eq(c[t], v - 1)), (t, 1, T))
        yield path, "a mean over the places", sums(hit * G[t, d], (t, 1, T)) / T
        yield path, "divided by the codes", sums(hit * G[t, d], (t, 1, T)) / V
        yield path, "code times gradient", sums(c[t] * hit * G[t, d], (t, 1, T))
        yield path, "summed over the columns", sums(hit * G[t, k], (k, 1, D), (t, 1, T))
        yield path, "times the row", sums(hit * G[t, d], (t, 1, T)) * E[v, d]
        yield path, "counted", sums(hit, (t, 1, T))
        yield path, "minus", -sums(hit * G[t, d], (t, 1, T))


WRONG = [*step(), *table()]
