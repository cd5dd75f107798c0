"""Wrong gradients of traces, of linear and quadratic forms, of norms, determinants and inverses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Expr, Integer, Rational, sqrt

from derive.constructs import determinant_gradients as det
from derive.constructs import inverse_gradients as inv
from derive.constructs import linear_gradients as linear
from derive.constructs import matrix_jacobians as jac
from derive.constructs import norm_gradients as norm
from derive.constructs import quadratic_gradients as quad
from derive.constructs import symmetric_matrices as sym
from derive.constructs import trace_gradients as trace
from derive.constructs import trace_quadratics as twice
from derive.constructs.matrix_jacobians import i, j, n, r, s, times, turned
from derive.language import Array, Entry, Indicator, eq
from derive.language.forms import of

Wrong = tuple[str, str, Expr]


def scaled(c: Any, one: Array) -> Array:
    """The array times a number."""
    return of("scaled", c, one)


def plus(one: Array, other: Array) -> Array:
    """Their sum."""
    return of("sum", one, other)


def jacobians() -> Iterator[Wrong]:
    """Products with a matrix that varies."""
    A, B, C, D, same = jac.A, jac.B, jac.C, jac.D, Indicator(eq(j, s))
    yield "matrix_jacobians.left", "delta lost", A[i, r]
    yield "matrix_jacobians.left", "minus", -A[i, r] * same
    yield "matrix_jacobians.left", "twice", 2 * A[i, r] * same
    yield "matrix_jacobians.left", "delta of the wrong indices", A[i, r] * Indicator(eq(j, r))
    yield "matrix_jacobians.right", "delta lost", B[s, j]
    yield "matrix_jacobians.right", "minus", -B[s, j] * Indicator(eq(i, r))
    yield "matrix_jacobians.right", "delta of the wrong indices", B[s, j] * Indicator(eq(i, s))
    yield "matrix_jacobians.both", "minus", -A[i, r] * B[s, j]
    yield "matrix_jacobians.both", "second factor lost", A[i, r]
    yield "matrix_jacobians.both", "first factor lost", B[s, j]
    yield "matrix_jacobians.both", "only on the diagonal", A[i, r] * B[s, j] * Indicator(eq(r, s))
    yield "matrix_jacobians.turned", "minus", -C[i, s] * D[r, j]
    yield "matrix_jacobians.turned", "second factor lost", C[i, s]
    yield "matrix_jacobians.turned", "only on the diagonal", C[i, s] * D[r, j] * Indicator(eq(r, s))


def linear_forms() -> Iterator[Wrong]:
    """Linear functions."""
    path, a, b, A = "linear_gradients.vector", linear.c, linear.b, linear.A
    yield path, "minus", -a[r]
    yield path, "the variable", linear.x[r]
    yield path, "twice", 2 * a[r]
    yield path, "one entry for all", a[1]
    path = "linear_gradients.bilinear"
    yield path, "minus", -a_b(linear.a, b)
    yield path, "first vector lost", b[s]
    yield path, "second vector lost", linear.a[r]
    yield path, "twice", 2 * a_b(linear.a, b)
    path = "linear_gradients.trace"
    yield path, "minus", -A[s, r]
    yield path, "twice", 2 * A[s, r]
    yield path, "only the diagonal", A[s, r] * Indicator(eq(r, s))


def a_b(a: Array, b: Array) -> Expr:
    """An entry of the outer product."""
    return Entry(of("outer", a, b), r, s)


def traces() -> Iterator[Wrong]:
    """Traces."""
    one, X, Q = Indicator(eq(r, s)), trace.X, trace.Q
    yield "trace_gradients.trace", "a matrix of ones", Integer(1)
    yield "trace_gradients.trace", "the number of rows", n * one
    yield "trace_gradients.trace", "minus", -one
    yield "trace_gradients.inner", "minus", -trace.A[r, s]
    yield "trace_gradients.inner", "twice", 2 * trace.A[r, s]
    yield "trace_gradients.inner", "the variable", X[r, s]
    path, whole = "trace_gradients.both", times(turned(trace.LEFT), turned(trace.RIGHT))
    yield path, "minus", -whole[r, s]
    yield path, "twice", 2 * whole[r, s]
    yield path, "sum lost", trace.LEFT[1, r] * trace.RIGHT[s, 1]
    yield path, "only the diagonal", one * whole[r, s]
    path, whole = "trace_gradients.turned", times(trace.COLUMNS, trace.ROWS)
    yield path, "minus", -whole[r, s]
    yield path, "twice", 2 * whole[r, s]
    yield path, "sum lost", trace.COLUMNS[r, 1] * trace.ROWS[1, s]
    yield "trace_gradients.squares", "factor 2 lost", X[r, s]
    yield "trace_gradients.squares", "minus", -2 * X[r, s]
    yield "trace_gradients.squares", "only the diagonal", 2 * X[r, s] * one
    yield "trace_gradients.second", "factor 2 lost", Q[s, r]
    yield "trace_gradients.second", "not transposed", 2 * Q[r, s]
    yield "trace_gradients.second", "as if symmetric", Q[r, s] + Q[s, r]
    yield "trace_gradients.second", "minus", -2 * Q[s, r]
    square = times(Q, Q)
    yield "trace_gradients.third", "not transposed", 3 * square[r, s]
    yield "trace_gradients.third", "factor 3 lost", square[s, r]
    yield "trace_gradients.third", "2 for 3", 2 * square[s, r]
    yield "trace_gradients.third", "X for its square", 3 * Q[s, r]
    yield "trace_gradients.third", "X and its transpose", 3 * times(turned(Q), Q)[r, s]
    yield "trace_gradients.scaled", "factor 2 lost", trace.TRACE * one
    yield "trace_gradients.scaled", "unit matrix lost", 2 * trace.TRACE
    yield "trace_gradients.scaled", "as the trace of the square", 2 * Q[s, r]
    yield "trace_gradients.scaled", "inner derivative only", 2 * one


def quadratic_traces() -> Iterator[Wrong]:
    """Traces with X twice."""
    X, A, R = twice.X, twice.LEFT, twice.RIGHT
    yield "trace_quadratics.columns", "as if symmetric", 2 * times(A, X)[r, s]
    yield "trace_quadratics.columns", "transposed term forgotten", times(A, X)[r, s]
    yield "trace_quadratics.columns", "other term forgotten", times(turned(A), X)[r, s]
    yield "trace_quadratics.columns", "difference", times(of("difference", A, turned(A)), X)[r, s]
    yield "trace_quadratics.columns", "minus", -times(plus(A, turned(A)), X)[r, s]
    yield "trace_quadratics.rows", "as if symmetric", 2 * times(X, R)[r, s]
    yield "trace_quadratics.rows", "transposed term forgotten", times(X, R)[r, s]
    yield "trace_quadratics.rows", "other term forgotten", times(X, turned(R))[r, s]
    yield "trace_quadratics.rows", "minus", -times(X, plus(R, turned(R)))[r, s]
    A, B = twice.A, twice.B
    first, second = turned(times(A, X, B)), turned(times(B, X, A))
    yield "trace_quadratics.twice", "second term forgotten", first[r, s]
    yield "trace_quadratics.twice", "first term forgotten", second[r, s]
    yield "trace_quadratics.twice", "as if both were the same", 2 * first[r, s]
    yield "trace_quadratics.twice", "minus between", first[r, s] - second[r, s]
    A, C = twice.LEFT, twice.C
    first, second = times(turned(A), X, turned(C)), times(A, X, C)
    yield "trace_quadratics.turned", "first term forgotten", second[r, s]
    yield "trace_quadratics.turned", "second term forgotten", first[r, s]
    yield "trace_quadratics.turned", "as if symmetric", 2 * second[r, s]
    yield "trace_quadratics.turned", "one transpose lost", times(turned(A), X, C)[r, s] + second[r, s]
    yield "trace_quadratics.turned", "minus between", second[r, s] - first[r, s]


def quadratic_forms() -> Iterator[Wrong]:
    """Quadratic forms and weighted squares."""
    Q, x, A, W, U, z = quad.Q, quad.x, quad.A, quad.W, quad.U, quad.z
    path = "quadratic_gradients.form"
    yield path, "as if symmetric", 2 * times(Q, x)[r]
    yield path, "transposed term forgotten", times(Q, x)[r]
    yield path, "other term forgotten", times(turned(Q), x)[r]
    yield path, "minus", -times(plus(Q, turned(Q)), x)[r]
    yield path, "half", times(plus(Q, turned(Q)), x)[r] / 2
    path, whole = "quadratic_gradients.squares", times(turned(A), quad.SUM)
    yield path, "factor 2 lost", whole[r]
    yield path, "b forgotten", 2 * times(turned(A), times(A, x))[r]
    yield path, "minus before b", 2 * times(turned(A), of("difference", times(A, x), quad.d))[r]
    yield path, "minus", -2 * whole[r]
    path, whole = "quadratic_gradients.target", times(quad.BOTH, U)
    yield path, "as if symmetric", 2 * times(W, U)[r]
    yield path, "minus", -whole[r]
    yield path, "term forgotten", times(W, U)[r]
    yield path, "A z forgotten", times(quad.BOTH, quad.y)[r]
    path, whole = "quadratic_gradients.vector", times(turned(A), whole)
    yield path, "minus forgotten", whole[r]
    yield path, "as if symmetric", -2 * times(turned(A), times(W, U))[r]
    yield path, "term forgotten", -times(turned(A), times(turned(W), U))[r]
    yield path, "weights lost", -2 * times(turned(A), U)[r]
    path, whole = "quadratic_gradients.matrix", of("outer", times(quad.BOTH, U), z)
    yield path, "minus forgotten", whole[r, s]
    yield path, "as if symmetric", -2 * of("outer", times(W, U), z)[r, s]
    yield path, "vector lost", -times(quad.BOTH, U)[r]
    yield path, "weights lost", -2 * of("outer", U, z)[r, s]
    path, X, a, b = "quadratic_gradients.gram", quad.X, quad.a, quad.b
    first, second = times(X, of("outer", a, b)), times(X, of("outer", b, a))
    yield path, "second term forgotten", first[r, s]
    yield path, "first term forgotten", second[r, s]
    yield path, "as if a were b", 2 * first[r, s]
    yield path, "minus between", first[r, s] - second[r, s]
    path, C = "quadratic_gradients.weights", quad.C
    first, second = of("outer", times(C, times(X, b)), a), of("outer", times(turned(C), times(X, a)), b)
    yield path, "second term forgotten", first[r, s]
    yield path, "transpose lost", first[r, s] + of("outer", times(C, times(X, a)), b)[r, s]
    yield path, "weights lost", of("outer", times(X, b), a)[r, s] + of("outer", times(X, a), b)[r, s]
    yield path, "swapped vectors", times(C, times(X, a))[r] * b[s] + times(turned(C), times(X, b))[r] * a[s]
    path, D, V = "quadratic_gradients.offset", quad.D, quad.V
    yield path, "as if symmetric", 2 * of("outer", times(D, V), b)[r, s]
    yield path, "term forgotten", of("outer", times(D, V), b)[r, s]
    yield path, "c forgotten", of("outer", times(plus(D, turned(D)), times(X, b)), b)[r, s]
    yield path, "vector lost", times(plus(D, turned(D)), V)[r]


def norms() -> Iterator[Wrong]:
    """Norms of vectors and matrices."""
    x, X, XX, D, DD, U, UU, FF, A = (getattr(norm, k) for k in ("x", "X", "XX", "D", "DD", "U", "UU", "FF", "A"))
    yield "norm_gradients.square", "factor 2 lost", x[r]
    yield "norm_gradients.square", "minus", -2 * x[r]
    yield "norm_gradients.square", "divided by the norm", 2 * x[r] / sqrt(1 + XX)
    yield "norm_gradients.norm", "root lost", x[r] / XX
    yield "norm_gradients.norm", "factor 2", 2 * x[r] / sqrt(XX)
    yield "norm_gradients.norm", "half", x[r] / sqrt(XX) / 2
    yield "norm_gradients.norm", "as the square", 2 * x[r]
    yield "norm_gradients.fourth", "4 x", 4 * x[r]
    yield "norm_gradients.fourth", "inner factor 2 lost", 2 * XX * x[r]
    yield "norm_gradients.fourth", "third power of the entry", 4 * x[r] ** 3
    yield "norm_gradients.distance", "minus", -D[r] / sqrt(DD)
    yield "norm_gradients.distance", "root lost", D[r] / DD
    yield "norm_gradients.distance", "a forgotten", x[r] / sqrt(DD)
    path, whole = "norm_gradients.least", times(turned(A), U)
    yield path, "factor 2 lost", whole[r]
    yield path, "minus", -2 * whole[r]
    yield path, "b forgotten", 2 * times(turned(A), times(A, x))[r]
    path = "norm_gradients.residual"
    yield path, "root lost", whole[r] / UU
    yield path, "factor 2", 2 * whole[r] / sqrt(UU)
    yield path, "divisor lost", whole[r]
    yield path, "minus", -whole[r] / sqrt(UU)
    yield "norm_gradients.frobenius", "factor 2 lost", X[r, s]
    yield "norm_gradients.frobenius", "only the diagonal", 2 * X[r, s] * Indicator(eq(r, s))
    yield "norm_gradients.frobenius", "the square of the entry", X[r, s] ** 2
    yield "norm_gradients.frobenius_norm", "root lost", X[r, s] / FF
    yield "norm_gradients.frobenius_norm", "factor 2", 2 * X[r, s] / sqrt(FF)
    yield "norm_gradients.frobenius_norm", "divisor lost", X[r, s]
    yield "norm_gradients.matrices", "factor 2 lost", norm.E[r, s]
    yield "norm_gradients.matrices", "minus", -2 * norm.E[r, s]
    yield "norm_gradients.matrices", "A forgotten", 2 * X[r, s]
    path, whole = "norm_gradients.product", times(turned(norm.LEFT), times(norm.LEFT, X))
    yield path, "factor 2 lost", whole[r, s]
    yield path, "minus", -2 * whole[r, s]
    yield path, "products lost", 2 * X[r, s]
    path, same = "norm_gradients.unit", Indicator(eq(i, r))
    yield path, "second term forgotten", same / sqrt(XX)
    yield path, "plus", (same + x[i] * x[r] / XX) / sqrt(XX)
    yield path, "unit vector not normalised", (same - x[i] * x[r]) / sqrt(XX)
    yield path, "root lost", (same - x[i] * x[r] / XX) / XX
    yield path, "first term forgotten", -x[i] * x[r] / sqrt(XX) ** 3


def determinants() -> Iterator[Wrong]:
    """Determinants."""
    X, d, back = det.X, det.DET, of("inverse", det.X)
    yield "determinant_gradients.power", "not transposed", 2 * d**2 * back[r, s]
    yield "determinant_gradients.power", "factor 2 lost", d**2 * back[s, r]
    yield "determinant_gradients.power", "first power", 2 * d * back[s, r]
    yield "determinant_gradients.logarithm", "not transposed", 2 * back[r, s]
    yield "determinant_gradients.logarithm", "factor 2 lost", back[s, r]
    yield "determinant_gradients.logarithm", "the matrix itself", 2 * X[r, s]
    yield "determinant_gradients.logarithm", "determinant left", 2 * d * back[s, r]
    yield "determinant_gradients.reciprocal", "minus forgotten", back[s, r] / d
    yield "determinant_gradients.reciprocal", "not transposed", -back[r, s] / d
    yield "determinant_gradients.reciprocal", "as if the inverse were there twice", -back[s, r] / d**2
    whole, back = det.MOVED, of("inverse", det.SHIFTED)
    yield "determinant_gradients.shifted", "not transposed", whole * back[r, s]
    yield "determinant_gradients.shifted", "minus", -whole * back[s, r]
    yield "determinant_gradients.shifted", "determinant lost", back[s, r]
    yield "determinant_gradients.shifted", "twice", 2 * whole * back[s, r]
    product, slope = times(of("inverse", det.LINE), det.B), det.SLOPE
    alone, minus = Entry(of("trace", product)), Entry(of("trace", times(det.LINE, det.B)))
    yield "determinant_gradients.along", "determinant lost", alone
    yield "determinant_gradients.along", "minus", -slope * alone
    yield "determinant_gradients.along", "inverse lost", slope * minus
    yield "determinant_gradients.along", "the determinant of B", Entry(of("determinant", det.B))
    yield "determinant_gradients.log_along", "determinant left", slope * alone
    yield "determinant_gradients.log_along", "minus", -alone
    yield "determinant_gradients.log_along", "trace of B", Entry(of("trace", det.B))
    yield "determinant_gradients.log_along", "half", Rational(1, 2) * alone


def inverses() -> Iterator[Wrong]:
    """Functions of an inverse."""
    back, X, a, b, A, B = inv.B_, inv.X, inv.a, inv.b, inv.A, inv.B
    left = times(turned(back), a)
    path = "inverse_gradients.bilinear"
    yield path, "minus forgotten", left[r] * X[s]
    yield path, "transposed", -left[s] * X[r]
    yield path, "transpose of the inverse lost", -times(back, a)[r] * X[s]
    yield path, "one inverse lost", -a[r] * X[s]
    path, whole = "inverse_gradients.trace", times(back, B, A, back)
    yield path, "minus forgotten", whole[s, r]
    yield path, "not transposed", -whole[r, s]
    yield path, "swapped factors", -times(back, A, B, back)[s, r]
    yield path, "one inverse lost", -times(back, B, A)[s, r]
    path, twofold = "inverse_gradients.shifted", times(inv.BACK, inv.BACK)
    yield path, "minus forgotten", twofold[s, r]
    yield path, "not transposed", -twofold[r, s]
    yield path, "one inverse", -inv.BACK[s, r]
    yield path, "the square of the entry", -(inv.BACK[s, r] ** 2)
    path, Y = "inverse_gradients.along", inv.ALONG
    yield path, "minus forgotten", times(Y, B, Y)[i, j]
    yield path, "as if they commuted", -times(Y, Y, B)[i, j]
    yield path, "transposed", -times(Y, B, Y)[j, i]
    yield path, "B lost", -times(Y, Y)[i, j]
    path = "inverse_gradients.solution"
    yield path, "minus forgotten", back[i, r] * X[s]
    yield path, "transposed inverse", -back[r, i] * X[s]
    yield path, "swapped indices", -back[i, s] * X[r]
    yield path, "right side for solution", -back[i, r] * b[s]
    path = "inverse_gradients.right_side"
    yield path, "transposed", back[r, i]
    yield path, "the matrix itself", inv.M[i, r]
    yield path, "minus", -back[i, r]


def symmetric() -> Iterator[Wrong]:
    """A matrix that is kept symmetric."""
    path, G, n, r, q = "symmetric_matrices.entries", sym.G, sym.n, sym.r, sym.q
    yield path, "the general gradient", G[r, q]
    yield path, "transposed", G[q, r]
    yield path, "not halved", G[r, q] + G[q, r]
    yield path, "the part that is not symmetric", (G[r, q] - G[q, r]) / 2
    yield path, "the diagonal counted once", G[r, q] + G[q, r] - Indicator(eq(r, q)) * G[r, r]
    yield path, "half of one", G[r, q] / 2
    yield path, "divided by the rows", (G[r, q] + G[q, r]) / n
    yield path, "minus", -(G[r, q] + G[q, r]) / 2


WRONG: list[Wrong] = [
    *symmetric(),
    *jacobians(),
    *linear_forms(),
    *traces(),
    *quadratic_traces(),
    *quadratic_forms(),
    *norms(),
    *determinants(),
    *inverses(),
]
