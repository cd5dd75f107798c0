"""Instances of the laws of determinants, inverses and logarithms, each with a slip."""

from __future__ import annotations

from sympy import Integer, exp, log, tanh

from derive.language import Context, Entry, IndexProduct, IndexSum, array, between, declare, fresh, gt, integer, ne
from derive.language.forms import of
from derive.rules import determinants, logarithms
from tests.rules.instances import Instance, total

_D = [declare("n", "integer"), declare("m", "integer"), declare("a", "real"), declare("b", "real")]
n, m, a, b = (d.symbol for d in _D)
A, B = (array(name, (1, 2), (1, 2)) for name in "AB")
C = array("C", (1, 2), (1, 3))
k = fresh("k", {"n", "m", "A", "B"})
i = integer("i")


def det(matrix):
    """Its determinant."""
    return Entry(of("determinant", matrix))


def inv(matrix):
    """Its inverse."""
    return of("inverse", matrix)


INSIDE = (between(1, n, 2), between(1, m, 2))
REGULAR = Context(tuple(_D), (*INSIDE, ne(det(A), 0), ne(det(B), 0)), (), (A, B))
ANY = Context(tuple(_D), (), (), (A, B))
POSITIVE = Context(tuple(_D), (gt(a, 0), gt(b, 0)), (), ())
FREE = Context(tuple(_D), (), (), ())
_PRODUCT, _TURNED = of("product", A, B), of("transpose", A)
INSTANCES = [
    Instance(
        determinants.inverse_of_product,
        REGULAR,
        inv(_PRODUCT)[n, m],
        (),
        total(inv(B)[n, k] * inv(A)[k, m], 1, 2, k),
        total(inv(A)[n, k] * inv(B)[k, m], 1, 2, k),
        (inv(of("product", C, of("transpose", C)))[n, m], ()),
    ),
    Instance(
        determinants.inverse_of_transpose,
        REGULAR,
        inv(_TURNED)[n, m],
        (),
        inv(A)[m, n],
        inv(A)[n, m],
        (inv(A)[n, m], ()),
    ),
    Instance(
        determinants.inverse_of_inverse, REGULAR, inv(inv(A))[n, m], (), A[n, m], A[m, n], (inv(_TURNED)[n, m], ())
    ),
    Instance(
        determinants.determinant_of_product,
        ANY,
        det(_PRODUCT),
        (),
        det(A) * det(B),
        det(A) + det(B),
        (det(of("product", C, of("transpose", C))), ()),
    ),
    Instance(determinants.determinant_of_transpose, ANY, det(_TURNED), (), det(A), -det(A), (det(A), ())),
    Instance(determinants.determinant_of_inverse, REGULAR, det(inv(A)), (), 1 / det(A), det(A), (det(A), ())),
    Instance(
        determinants.determinant_written_out,
        ANY,
        det(A),
        (),
        A[1, 1] * A[2, 2] - A[1, 2] * A[2, 1],
        A[1, 1] * A[2, 2] + A[1, 2] * A[2, 1],
        (det(of("identity", Integer(4))), ()),
    ),
    Instance(
        logarithms.logarithm_of_range,
        POSITIVE,
        log(IndexProduct(a + k**2, k, 1, n)),
        (),
        IndexSum(log(a + k**2), k, 1, n),
        IndexProduct(log(a + k**2), k, 1, n),
        (log(a), ()),
    ),
    Instance(
        logarithms.exponential_of_sum,
        FREE,
        exp(IndexSum(a * k, k, 1, n)),
        (),
        IndexProduct(exp(a * k), k, 1, n),
        IndexSum(exp(a * k), k, 1, n),
        (exp(a), ()),
    ),
    Instance(logarithms.logarithm_of_product, POSITIVE, log(a * b), (), log(a) + log(b), log(a) * log(b), (log(a), ())),
    Instance(logarithms.logarithm_of_power, POSITIVE, log(a**b), (), b * log(a), a * log(b), (log(a * b), ())),
    Instance(logarithms.logarithm_of_exponential, FREE, log(exp(a), evaluate=False), (), a, -a, (log(a), ())),
    Instance(logarithms.exponential_of_logarithm, POSITIVE, exp(log(a), evaluate=False), (), a, 2 * a, (exp(a), ())),
    Instance(
        logarithms.hyperbolic_tangent,
        FREE,
        tanh(a),
        (),
        (exp(2 * a) - 1) / (exp(2 * a) + 1),
        (exp(a) - 1) / (exp(a) + 1),
        (exp(a), ()),
    ),
    Instance(logarithms.exponential_above_tangent, FREE, exp(a), (), 1 + a, 1 + 2 * a, (a, ())),
    Instance(logarithms.logarithm_below_tangent, POSITIVE, log(a), (), a - 1, 1 - a, (a, ())),
]
