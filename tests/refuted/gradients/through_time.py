"""Wrong formulas of recurrences: products over steps, chains of layers, powers of a matrix, deep networks on a ring."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Max

from derive.constructs import deep_chain as chain
from derive.constructs import linear_recurrence as system
from derive.constructs import recurrent_products as rnn
from derive.constructs import shift_depth as ring
from derive.language import Indicator, eq, integer
from tests.refuted.gradients import sums


def network() -> Iterator[tuple[str, str, Expr]]:
    """Back-propagation through time."""
    P, W, h, d, J, t, s = rnn.P, rnn.W, rnn.h, rnn.d, rnn.J, rnn.t, rnn.s
    n, k, r, q, j = rnn.n, rnn.k, rnn.r, rnn.q, rnn.j
    path = "recurrent_products.state_products"
    yield path, "transposed", P[t, 0, q, k]
    yield path, "a step lost", P[t, 1, k, q]
    yield path, "a step more", P[t + 1, 0, k, q]
    yield path, "the last step alone", J[t + 1, k, q]
    yield path, "a power of the weight", W[k, q] ** t
    yield path, "slope of the last step alone", (1 - h[t, k] ** 2) * P[t, 0, k, q]
    yield path, "summed over the row", sums(P[t, 0, k, j], (j, 1, n))
    yield path, "summed over the steps", sums(P[t, s, k, q], (s, 0, t))
    yield path, "minus", -P[t, 0, k, q]
    yield path, "divided by the steps", P[t, 0, k, q] / (t + 1)
    path, steps = "recurrent_products.weight_products", (s, 1, t)
    part = P[t, s, k, r] * d[s, r] * h[s - 1, q]
    yield path, "the last step alone", Indicator(eq(k, r)) * (1 - h[t, r] ** 2) * h[t, q]
    yield path, "as if used once", t * Indicator(eq(k, r)) * h[t, q]
    yield path, "the first step lost", sums(part, (s, 2, t))
    yield path, "the last step lost", sums(part, (s, 1, t - 1))
    yield path, "the state after", sums(P[t, s, k, r] * d[s, r] * h[s, q], steps)
    yield path, "slope lost", sums(P[t, s, k, r] * h[s - 1, q], steps)
    yield path, "slope of the other entry", sums(P[t, s, k, r] * d[s, q] * h[s - 1, q], steps)
    yield path, "row and column exchanged", sums(P[t, s, k, q] * d[s, q] * h[s - 1, r], steps)
    yield path, "product from one step earlier", sums(P[t, s - 1, k, r] * d[s, r] * h[s - 1, q], steps)
    yield path, "product transposed", sums(P[t, s, r, k] * d[s, r] * h[s - 1, q], steps)
    yield path, "from the start each time", sums(P[t, 0, k, r] * d[s, r] * h[s - 1, q], steps)
    yield path, "a mean over the steps", sums(part, steps) / (t + 1)
    yield path, "minus", -sums(part, steps)


def layers() -> Iterator[tuple[str, str, Expr]]:
    """The chain rule over N layers."""
    F, R, J, N, s, i, q = chain.F, chain.R, chain.J, chain.N, chain.s, chain.i, chain.q
    n, j = chain.n, chain.j
    for path, right in (("deep_chain.forward", F), ("deep_chain.reverse", R)):
        yield path, "transposed", right[N, 0, q, i]
        yield path, "a layer more", right[N + 1, 0, i, q]
        yield path, "begun a layer late", right[N, 1, i, q]
        yield path, "one layer alone", J[N + 1, i, q]
        yield path, "a power of the first", J[1, i, q] ** N
        yield path, "summed over the row", sums(right[N, 0, i, j], (j, 1, n))
        yield path, "a sum of the layers", sums(J[j, i, q], (j, 1, N))
        yield path, "minus", -right[N, 0, i, q]
        yield path, "the unit matrix", Indicator(eq(i, q))
    path = "deep_chain.brackets"
    yield path, "transposed", R[N, s, q, i]
    yield path, "a layer more", R[N + 1, s, i, q]
    yield path, "from the first layer", R[N, 0, i, q]
    yield path, "begun a layer late", R[N, s + 1, i, q]
    yield path, "the layers in reverse order", sums(J[s + 1, i, j] * R[N, s + 1, j, q], (j, 1, n))
    yield path, "the entries multiplied one by one", R[N, s, i, q] ** 2
    yield path, "minus", -R[N, s, i, q]
    yield path, "twice", 2 * R[N, s, i, q]


def linear() -> Iterator[tuple[str, str, Expr]]:
    """A linear dynamical system."""
    M, A, p, b, n, T, i, q, j, s = (getattr(system, name) for name in "MApbnTiqjs")
    path, first, inputs = "linear_recurrence.solution", system.from_start(T), system.from_inputs(T)
    yield path, "the inputs lost", first
    yield path, "the first state lost", inputs
    yield path, "a power more", system.from_start(T + 1) + inputs
    one_more = sums(M[T - s + 1, i, j] * b[s, j], (s, 1, T), (j, 1, n))
    yield path, "a power more for the inputs", first + one_more
    yield path, "the powers in reverse order", first + sums(M[s, i, j] * b[s, j], (s, 1, T), (j, 1, n))
    yield path, "the last input lost", first + sums(M[T - s, i, j] * b[s, j], (s, 1, T - 1), (j, 1, n))
    yield path, "the inputs not multiplied", first + sums(b[s, i], (s, 1, T))
    yield path, "the same input each time", first + sums(M[T - s, i, j] * b[T, j], (s, 1, T), (j, 1, n))
    yield path, "transposed", sums(M[T, j, i] * p[j], (j, 1, n)) + inputs
    yield path, "minus", first - inputs
    yield path, "powers of the entries", sums(A[i, j] ** T * p[j], (j, 1, n)) + inputs
    path = "linear_recurrence.sensitivity"
    yield path, "transposed", M[T, q, i]
    yield path, "powers of the entries", A[i, q] ** T
    yield path, "one step", A[i, q]
    yield path, "a power more", M[T + 1, i, q]
    yield path, "times the steps", T * A[i, q]
    yield path, "summed over the row", sums(M[T, i, j], (j, 1, n))
    yield path, "the diagonal", M[T, i, i]
    yield path, "minus", -M[T, i, q]


def shifts() -> Iterator[tuple[str, str, Expr]]:
    """A deep network on a ring."""
    y, x, L, n, s, N, m = ring.h, ring.x, ring.L, ring.n, ring.s, ring.N, integer("m")
    path, modulo = "shift_depth.equivariance", ring.modulo
    yield path, "not shifted", y[L, n]
    yield path, "shifted the other way", y[L, modulo(n + s)]
    yield path, "shifted by each layer", y[L, modulo(n - L * s)]
    yield path, "shifted twice", y[L, modulo(n - 2 * s)]
    yield path, "off by one", y[L, modulo(n - s + 1)]
    yield path, "the index turned round", y[L, modulo(s - n)]
    yield path, "a layer more", y[L + 1, modulo(n - s)]
    yield path, "the input itself", x[modulo(n - s)]
    yield path, "a mean", sums(y[L, m], (m, 0, N - 1)) / N
    yield path, "the positive part again", Max(0, y[L, modulo(n - s)], evaluate=False)
    yield path, "minus", -y[L, modulo(n - s)]


WRONG = [*network(), *layers(), *linear(), *shifts()]
