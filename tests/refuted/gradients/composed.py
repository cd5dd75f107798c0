"""Wrong Jacobians of compositions: a factor, a sum or a path is lost, or a factor is taken at another point."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from derive.constructs.composed_maps import a, b, c, ell, f, g, h, i, inner, j, m, n, o, outer, u, v, x
from derive.language import IndexSum, integer
from derive.language.maps import Image
from tests.refuted.gradients import sums

k, p = integer("k"), integer("p")
OVER = (k, 1, n), (p, 1, m)


def jacobians() -> Iterator[tuple[str, str, Expr]]:
    """The matrix itself, and its products with vectors."""
    first, second, third = f.derivative, g.derivative, h.derivative
    path = "composed_maps.jacobian"
    yield path, "one path alone", third[i, 1] * second[1, 1] * first[1, j]
    yield path, "a sum lost", sums(third[i, k] * second[k, 1] * first[1, j], OVER[0])
    yield path, "the innermost factor lost", sums(third[i, k] * second[k, p], *OVER)
    yield path, "values for derivatives", sums(h[i] * g[k] * first[p, j], *OVER)
    yield path, "a value for a derivative", sums(third[i, k] * g[k] * first[p, j], *OVER)
    yield path, "a sum of derivatives", sums(third[i, k] + second[k, p] + first[p, j], *OVER)
    yield path, "last path lost", sums(third[i, k] * second[k, p] * first[p, j], OVER[0], (p, 1, m - 1))
    yield path, "minus", -sums(third[i, k] * second[k, p] * first[p, j], *OVER)
    yield path, "a mean over the paths", sums(third[i, k] * second[k, p] * first[p, j], *OVER) / (n * m)
    path = "composed_maps.forward"
    whole = third[i, k] * second[k, p] * first[p, b]
    yield path, "the vector lost", sums(whole, *OVER, (b, 1, ell))
    yield path, "the vector squared", sums(whole * v[b] ** 2, *OVER, (b, 1, ell))
    yield path, "the point for the vector", sums(whole * x[b], *OVER, (b, 1, ell))
    yield path, "first entry alone", sums(whole.subs(b, 1) * v[1], *OVER)
    path = "composed_maps.backward"
    whole = third[a, k] * second[k, p] * first[p, j]
    yield path, "the vector lost", sums(whole, *OVER, (a, 1, o))
    yield path, "first output alone", sums(whole.subs(a, 1) * c[1], *OVER)
    yield path, "values for the vector", sums(whole * h[a], *OVER, (a, 1, o))


def branched() -> Iterator[tuple[str, str, Expr]]:
    """Two branches that are added."""
    path = "composed_maps.branches"
    one, other, last = f.derivative, inner.derivative, outer.derivative
    elsewhere = Image("h", ((1, o),), f).derivative
    yield path, "one branch alone", IndexSum(last[i, k] * one[k, j], k, 1, m)
    yield path, "the other alone", IndexSum(last[i, k] * other[k, j], k, 1, m)
    yield path, "a difference", IndexSum(last[i, k] * (one[k, j] - other[k, j]), k, 1, m)
    yield path, "a product of branches", IndexSum(last[i, k] * one[k, j] * other[k, j], k, 1, m)
    product_rule = one[k, j] * inner[k] + other[k, j] * f[k]
    yield path, "as if the branches were multiplied", IndexSum(last[i, k] * product_rule, k, 1, m)
    yield path, "taken at one branch", IndexSum(elsewhere[i, k] * (one[k, j] + other[k, j]), k, 1, m)
    yield path, "the mean of the branches", IndexSum(last[i, k] * (one[k, j] + other[k, j]) / 2, k, 1, m)
    yield path, "the last map lost", IndexSum(u[k] * (one[k, j] + other[k, j]), k, 1, m)


WRONG: list[tuple[str, str, Expr]] = [*jacobians(), *branched()]
