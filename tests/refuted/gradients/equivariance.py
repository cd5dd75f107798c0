"""Wrong shifts on a ring, of one layer and of a whole network; wrong transposed and depthwise convolutions."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Max, Mod

from derive.constructs import depthwise_convolution as own
from derive.constructs import shift_equivariance_image as torus
from derive.constructs import shift_invariance as deep
from derive.constructs import shift_strides as strided
from derive.constructs import time_shift as delayed
from derive.constructs import transposed_convolution as up
from derive.constructs.shift_equivariance import N, h, k, modulo, n, s, u, w, x, y
from derive.language import Indicator, le
from tests.refuted.gradients import sums


def layers() -> Iterator[tuple[str, str, Expr]]:
    """What a layer makes of a shifted input."""
    path, taps = "shift_equivariance.convolution", (u, 0, k - 1)
    yield path, "not shifted", y[n]
    yield path, "shifted the other way", y[modulo(n + s)]
    yield path, "shifted twice", y[modulo(n - 2 * s)]
    yield path, "off by one", y[modulo(n - s + 1)]
    yield path, "the index turned round", y[modulo(s - n)]
    yield path, "modulo N + 1", y[Mod(n - s, N + 1, evaluate=False)]
    yield path, "the kernel moved as well", sums(w[u] * x[modulo(n + u - 2 * s)], taps)
    yield path, "the kernel moved instead", sums(w[u] * x[modulo(n + u + s)], taps)
    yield path, "turned kernel", sums(w[k - 1 - u] * x[modulo(n - s + u)], taps)
    yield path, "minus in the index", sums(w[u] * x[modulo(n - s - u)], taps)
    yield path, "zeros beside it", sums(w[u] * x[modulo(n - s + u)] * Indicator(le(modulo(n - s) + u, N - 1)), taps)
    yield path, "a tap more", sums(w[0] * x[modulo(n - s + u)], (u, 0, k))
    yield path, "last tap lost", sums(w[u] * x[modulo(n - s + u)], (u, 0, k - 2))
    yield path, "lost sum", w[0] * x[modulo(n - s)]
    path, back = "shift_equivariance.pointwise", modulo(n - s)
    yield path, "not shifted", h[n]
    yield path, "shifted the other way", h[modulo(n + s)]
    yield path, "off by one", h[modulo(n - s - 1)]
    yield path, "without the ReLU", x[back]
    yield path, "the ReLU turned round", Max(0, -x[back], evaluate=False)
    yield path, "the smaller one", -Max(0, -x[back], evaluate=False)
    yield path, "a mask for the value", Indicator(le(0, x[back]))
    yield path, "the mask of another place", x[back] * Indicator(le(0, x[n]))


def means() -> Iterator[tuple[str, str, Expr]]:
    """Means before and after a shift."""
    whole = (n, 0, N - 1)
    for path, array in (("shift_invariance.mean", x), ("shift_invariance.network", deep.a)):
        yield path, "a sum", sums(array[n], whole)
        yield path, "over one place more", sums(array[n], whole) / (N + 1)
        yield path, "first place lost", sums(array[n], (n, 1, N - 1)) / N
        yield path, "last place lost", sums(array[n], (n, 0, N - 2)) / N
        yield path, "a place twice", sums(array[n], (n, 0, N)) / N
        yield path, "only what stays on the line", sums(array[n], (n, 0, N - 1 - modulo(s))) / N
        yield path, "only what goes round", sums(array[n], (n, N - modulo(s), N - 1)) / N
        yield path, "one entry", array[modulo(s)]
        yield path, "minus", -sums(array[n], whole) / N
    path = "shift_invariance.network"
    yield path, "without the last ReLU", sums(deep.z[n], whole) / N
    yield path, "the hidden layer", sums(h[n], whole) / N
    yield path, "the ReLU after the mean", Max(0, sums(deep.z[n], whole) / N, evaluate=False)
    yield (
        path,
        "without the first ReLU",
        sums(Max(0, sums(deep.v[u] * y[modulo(n + u)], (u, 0, deep.l - 1)), evaluate=False), whole) / N,
    )


def transposed() -> Iterator[tuple[str, str, Expr]]:
    """Convolutions with the kernel laid down by each input."""
    x, g, y, taps, m, K, N, step, p = up.x, up.g, up.y, up.w, up.m, up.K, up.N, up.s, up.p
    i, j, at, r, l = up.i, up.j, up.n, up.r, up.l  # noqa: E741
    path, all_in, kernel = "transposed_convolution.output", (r, 1, m), (l, 1, K)
    yield path, "minus the padding", sums(x[r] * taps[at - p - step * (r - 1)], all_in)
    yield path, "off by one", sums(x[r] * taps[at + p - step * (r - 1) + 1], all_in)
    yield path, "indices from 0", sums(x[r] * taps[at + p - step * r], all_in)
    yield path, "stride 1", sums(x[r] * taps[at + p - (r - 1)], all_in)
    yield path, "turned kernel", sums(x[r] * taps[K + 1 - (at + p - step * (r - 1))], all_in)
    yield path, "a convolution instead", sums(x[step * (at - 1) + l - p] * taps[l], kernel)
    yield path, "first input lost", sums(x[r] * taps[at + p - step * (r - 1)], (r, 2, m))
    yield path, "as many inputs as outputs", x[at] * taps[1]
    path = "transposed_convolution.input_gradient"
    yield path, "turned kernel", sums(g[step * (i - 1) + l - p] * taps[K + 1 - l], kernel)
    yield path, "plus the padding", sums(g[step * (i - 1) + l + p] * taps[l], kernel)
    yield path, "stride 1", sums(g[i - 1 + l - p] * taps[l], kernel)
    yield path, "indices from 0", sums(g[step * i + l - p] * taps[l], kernel)
    yield path, "off by one", sums(g[step * (i - 1) + l - p - 1] * taps[l], kernel)
    yield path, "minus in the index", sums(g[step * (i - 1) - l - p] * taps[l], kernel)
    yield path, "last tap lost", sums(g[step * (i - 1) + l - p] * taps[l], (l, 1, K - 1))
    yield path, "a transposed convolution again", sums(g[r] * taps[i + p - step * (r - 1)], (r, 1, N))
    yield path, "input for gradient", sums(x[step * (i - 1) + l - p] * taps[l], kernel)
    yield path, "minus", -sums(g[step * (i - 1) + l - p] * taps[l], kernel)
    path = "transposed_convolution.weight_gradient"
    yield path, "plus the padding", sums(x[r] * g[step * (r - 1) + j + p], all_in)
    yield path, "stride 1", sums(x[r] * g[r - 1 + j - p], all_in)
    yield path, "factors swapped", sums(g[r] * x[step * (r - 1) + j - p], (r, 1, N))
    yield path, "of the turned kernel", sums(x[r] * g[step * (r - 1) + K + 1 - j - p], all_in)
    yield path, "off by one", sums(x[r] * g[step * (r - 1) + j - p + 1], all_in)
    yield path, "a mean", sums(x[r] * g[step * (r - 1) + j - p], all_in) / m
    yield path, "last input lost", sums(x[r] * g[step * (r - 1) + j - p], (r, 1, m - 1))
    yield path, "lost sum", x[j] * g[j]
    path = "transposed_convolution.adjoint"
    yield path, "off by one", y[at + 1]
    yield path, "by the padding too far", y[at + p]
    yield path, "turned round", y[N + 1 - at]
    yield path, "turned kernel", sums(x[r] * taps[K + 1 - (at + p - step * (r - 1))], all_in)
    yield path, "not transposed", sums(x[step * (at - 1) + l - p] * taps[l], kernel)
    yield path, "stride lost", sums(x[r] * taps[at + p - r + 1], all_in)
    yield path, "minus", -y[at]
    yield path, "divided by the stride", y[at] / step


def depthwise() -> Iterator[tuple[str, str, Expr]]:
    """Convolutions of each channel by itself."""
    x, g, taps, v, sizes = own.x, own.g, own.w, own.v, (own.N, own.C, own.K, own.P)
    n, c, f, i, j, r = own.n, own.c, own.f, own.i, own.j, own.r
    (N, C, K, P), step, p, u, d = sizes, own.s, own.p, own.u, own.d
    path, examples, places, met = "depthwise_convolution.weight_gradient", (n, 1, N), (r, 1, P), step * (r - 1) + j - p
    yield path, "summed over the channels", sums(g[n, d, r] * x[n, d, met], examples, (d, 1, C), places)
    yield path, "every channel's gradient", sums(g[n, d, r] * x[n, c, met], examples, (d, 1, C), places)
    yield path, "one example", sums(g[1, c, r] * x[1, c, met], places)
    yield path, "a mean over the examples", sums(g[n, c, r] * x[n, c, met], examples, places) / N
    yield path, "stride lost", sums(g[n, c, r] * x[n, c, r - 1 + j - p], examples, places)
    yield path, "plus the padding", sums(g[n, c, r] * x[n, c, met + 2 * p], examples, places)
    yield path, "off by one", sums(g[n, c, r] * x[n, c, met + 1], examples, places)
    yield path, "turned kernel", sums(g[n, c, r] * x[n, c, step * (r - 1) + K + 1 - j - p], examples, places)
    yield path, "factors swapped", sums(x[n, c, r] * g[n, c, met], examples, places)
    yield path, "last output lost", sums(g[n, c, r] * x[n, c, met], examples, (r, 1, P - 1))
    yield path, "indices swapped", sums(g[c, n, r] * x[c, n, met], examples, places)
    path, back = "depthwise_convolution.input_gradient", i + p - step * (r - 1)
    yield path, "summed over the channels", sums(g[n, d, r] * taps[d, back], (d, 1, C), places)
    yield path, "another channel's kernel", sums(g[n, c, r] * taps[1, back], places)
    yield path, "summed over the examples", sums(g[u, c, r] * taps[c, back], (u, 1, N), places)
    yield path, "turned kernel", sums(g[n, c, r] * taps[c, K + 1 - back], places)
    yield path, "minus the padding", sums(g[n, c, r] * taps[c, back - 2 * p], places)
    yield path, "stride lost", sums(g[n, c, r] * taps[c, i + p - r + 1], places)
    yield path, "off by one", sums(g[n, c, r] * taps[c, back + 1], places)
    yield path, "first output lost", sums(g[n, c, r] * taps[c, back], (r, 2, P))
    yield path, "a correlation", sums(g[n, c, i + u - 1] * taps[c, u], (u, 1, K))
    path, at = "depthwise_convolution.separable", step * (r - 1) + u - p
    channels, kernel = (c, 1, C), (u, 1, K)
    yield path, "without mixing", sums(x[n, f, at] * taps[f, u], kernel)
    yield path, "kernels not mixed", sums(x[n, c, at] * taps[c, u], channels, kernel)
    yield path, "filters for channels", sums(v[f, c] * taps[f, u] * x[n, c, at], channels, kernel)
    yield path, "transposed mixing", sums(v[c, f] * taps[c, u] * x[n, c, at], channels, kernel)
    yield path, "squared sums", sums(v[f, c], channels) * sums(taps[c, u] * x[n, c, at], channels, kernel)
    yield path, "one channel", sums(v[f, 1] * taps[1, u] * x[n, 1, at], kernel)
    yield path, "turned kernel", sums(v[f, c] * taps[c, K + 1 - u] * x[n, c, at], channels, kernel)
    yield path, "a mean", sums(v[f, c] * taps[c, u] * x[n, c, at], channels, kernel) / C


def images() -> Iterator[tuple[str, str, Expr]]:
    """What a layer makes of a shifted image."""
    path, out, i, j = "shift_equivariance_image.convolution", torus.y, torus.i, torus.j
    down, right, H, W = torus.s, torus.t, torus.H, torus.W

    def at(row: Expr, column: Expr) -> Expr:
        return out[Mod(row, H, evaluate=False), Mod(column, W, evaluate=False)]

    yield path, "not shifted", out[i, j]
    yield path, "shifted the other way", at(i + down, j + right)
    yield path, "rows alone", at(i - down, j)
    yield path, "columns alone", at(i, j - right)
    yield path, "shifts swapped", at(i - right, j - down)
    yield path, "one shift for both", at(i - down, j - down)
    yield path, "transposed", at(j - right, i - down)
    yield path, "moduli swapped", out[Mod(i - down, W, evaluate=False), Mod(j - right, H, evaluate=False)]
    yield path, "off by one row", at(i - down + 1, j - right)
    yield path, "off by one column", at(i - down, j - right - 1)
    yield path, "minus", -at(i - down, j - right)


def strides() -> Iterator[tuple[str, str, Expr]]:
    """What a layer with a stride makes of an input that is shifted by a multiple of it."""
    M, S, big, t, place = strided.M, strided.S, strided.N, strided.t, strided.n

    def at(index: Expr, size: Expr = M) -> Expr:
        return strided.y[Mod(index, size, evaluate=False)]

    for path in ("shift_strides.ring", "shift_strides.averages", "shift_strides.maxima"):
        yield path, "not shifted", strided.y[place]
        yield path, "shifted the other way", at(place + t)
        yield path, "shifted as far as the input", at(place - S * t)
        yield path, "off by one", at(place - t + 1)
        yield path, "an entry of the input", strided.x[Mod(S * (place - t), big, evaluate=False)]
    v, n_t, step, delay = delayed.v, delayed.n, delayed.S, delayed.t
    path = "time_shift.strided"
    yield path, "not delayed", v[n_t]
    yield path, "the other way", v[n_t + delay]
    yield path, "as far as the input", v[n_t - step * delay]
    yield path, "off by one", v[n_t - delay - 1]


WRONG = [*layers(), *strides(), *images(), *means(), *transposed(), *depthwise()]
