"""Wrong gradients of the layers of the course, of networks of two layers, of the softmax and its losses."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Rational, exp

from derive.constructs import convolution_layer as layer
from derive.constructs import cross_entropy, two_layer_kernels, two_layer_network
from derive.constructs import softmax as soft
from derive.constructs.registry import claim
from derive.language import IndexSum, Indicator, eq, integer, le
from derive.language.forms import of
from tests.refuted.gradients import sums

s, t = integer("s"), integer("t")


def image() -> Iterator[tuple[str, str, Expr]]:
    """A k x k kernel over an n x n image."""
    x, w, g, h, r, n, k, m = layer.x, layer.w, layer.g, layer.h, layer.r, layer.n, layer.k, layer.m
    rows, columns = (s, 1, m), (t, 1, m)
    path = "convolution_layer.weight_gradient"
    right = of("correlation", x, g)
    yield path, "transposed", right[r, h]
    yield path, "turned", of("convolution", x, g)[h, r]
    yield path, "both indices the row", right[h, h]
    yield path, "twice", 2 * right[h, r]
    yield path, "minus", -right[h, r]
    yield path, "a mean", right[h, r] / m**2
    yield path, "a mean over one side", right[h, r] / m
    yield path, "off by one in the row", sums(g[s, t] * x[s + h, t + r - 1], rows, columns)
    yield path, "off by one in the column", sums(g[s, t] * x[s + h - 1, t + r], rows, columns)
    yield path, "off by one in both", sums(g[s, t] * x[s + h, t + r], rows, columns)
    yield path, "indices from 0", sums(g[s, t] * x[s + h - 2, t + r - 2], rows, columns)
    yield path, "last row lost", sums(g[s, t] * x[s + h - 1, t + r - 1], (s, 1, m - 1), columns)
    yield path, "first column lost", sums(g[s, t] * x[s + h - 1, t + r - 1], rows, (t, 2, m))
    yield path, "swapped indices of g", sums(g[t, s] * x[s + h - 1, t + r - 1], rows, columns)
    yield path, "swapped indices of x", sums(g[s, t] * x[t + r - 1, s + h - 1], rows, columns)
    yield path, "one sum for both", sums(g[s, s] * x[s + h - 1, s + r - 1], rows)
    yield path, "lost sum", g[1, 1] * x[h, r]
    yield path, "kernel instead of gradient", sums(w[s, t] * x[s + h - 1, t + r - 1], (s, 1, k), (t, 1, k))
    yield path, "minus in the index", sums(g[s, t] * x[h - s + 1, r - t + 1], rows, columns)
    path, right = "convolution_layer.input_gradient", of("full_convolution", g, w)
    yield path, "unflipped", of("full_correlation", g, w)[h, r]
    yield path, "transposed", right[r, h]
    yield path, "shifted", right[h + 1, r]
    yield path, "off by one", right[h - 1, r - 1]
    yield path, "kernel turned once more", of("full_convolution", g, of("flip", w))[h, r]
    yield path, "kernel transposed", of("full_convolution", g, of("transpose", w))[h, r]
    yield path, "twice", 2 * right[h, r]
    yield path, "lost sum", g[h, r] * w[1, 1]
    yield path, "last weight lost", sums(w[s, t] * g[h - s + 1, r - t + 1], (s, 1, k - 1), (t, 1, k))
    yield path, "off by one in the row", sums(w[s, t] * g[h - s, r - t + 1], (s, 1, k), (t, 1, k))
    yield path, "plus in the index", sums(w[s, t] * g[h + s - 1, r + t - 1], (s, 1, k), (t, 1, k))
    yield path, "image for gradient", sums(w[s, t] * x[h - s + 1, r - t + 1], (s, 1, k), (t, 1, k))
    path = "convolution_layer.bias_gradient"
    yield path, "a mean", sums(g[s, t], rows, columns) / m**2
    yield path, "one entry", g[1, 1]
    yield path, "the diagonal", sums(g[s, s], rows)
    yield path, "last row lost", sums(g[s, t], (s, 1, m - 1), columns)
    yield path, "summed over the image", sums(x[s, t], (s, 1, n), (t, 1, n))
    yield path, "counted", m**2


def networks() -> Iterator[tuple[str, str, Expr]]:
    """Two layers in a row, with and without the ReLU."""
    path = "two_layer_network.hidden_gradient"
    one = claim(path)[1]
    h, w, g = one.context.arrays
    right = one.derive().right
    (q,) = right.indices
    yield path, "unflipped", of("full_correlation", g, w)[q]
    yield path, "shifted", of("full_convolution", g, w)[q + 1]
    yield path, "the other way", of("full_convolution", g, of("flip", w))[q]
    yield path, "layer for gradient", of("full_convolution", h, w)[q]
    yield path, "halved", right / 2
    path = "two_layer_kernels.relu"
    one = claim(path)[1]
    right = one.derive().right
    dh, z, at = two_layer_kernels.dh, two_layer_kernels.kept, two_layer_kernels.q
    yield path, "lost mask", dh[at]
    yield path, "mask turned round", dh[at] * Indicator(le(z[at], 0))
    yield path, "the function for its slope", dh[at] * z[at] * Indicator(le(0, z[at]))
    yield path, "mask of the gradient", dh[at] * Indicator(le(0, dh[at]))
    yield path, "shifted", dh[at - 1] * Indicator(le(0, z[at]))
    yield path, "always 0", 0 * right
    path = "two_layer_network.jacobian"
    one = claim(path)[1]
    i, q = two_layer_network.i, two_layer_network.q
    yield path, "unflipped", w[i - q + 1]
    yield path, "off by one", w[q - i]
    yield path, "indices from 0", w[q - i + 2]
    yield path, "the first row only", w[q]
    yield path, "a delta for all", w[1] * Indicator(eq(q, i))


def probabilities() -> Iterator[tuple[str, str, Expr]]:
    """The softmax and its losses."""
    p, i, j, k, K, z = soft.p, soft.i, soft.j, soft.k, soft.K, soft.z
    same = Indicator(eq(i, j))
    for path, scale in (("softmax_jacobian.entry", 1), ("cross_entropy.hessian", 0)):
        factor = 1 if scale else IndexSum(cross_entropy.y[k], k, 1, K)
        yield path, "diagonal alone", factor * same * p[i]
        yield path, "diagonal lost", -factor * p[i] * p[j]
        yield path, "plus", factor * (same * p[i] + p[i] * p[j])
        yield path, "p_i for both", factor * (same * p[i] - p[i] ** 2)
        yield path, "free index on one side", factor * (p[i] - p[i] * p[j])
        yield path, "a sigmoid everywhere", factor * p[i] * (1 - p[i])
        yield path, "not divided", factor * (same - p[i] * p[j])
        yield path, "minus", -factor * (same * p[i] - p[i] * p[j])
    yield "softmax_jacobian.entry", "scores for probabilities", same * exp(z[i]) - exp(z[i] + z[j])
    path = "log_softmax.entry"
    yield path, "transposed", same - p[i]
    yield path, "times p", p[i] * (same - p[j])
    yield path, "delta lost", -p[j]
    yield path, "minus", p[j] - same
    path, y = "cross_entropy.gradient", cross_entropy.y
    whole = IndexSum(y[k], k, 1, K)
    yield path, "as if the weights added up to 1", p[j] - y[j]
    yield path, "turned round", y[j] - p[j] * whole
    yield path, "a mean", (p[j] * whole - y[j]) / K
    yield path, "factors swapped", y[j] * whole - p[j]
    yield path, "of the mean squared error", 2 * (p[j] - y[j])
    yield path, "weights lost", p[j] * whole
    path = "log_softmax.log_sum_exp"
    yield path, "a power of e", exp(z[j])
    yield path, "a mean", Rational(1, 2) * p[j]


WRONG = [*image(), *networks(), *probabilities()]
