r"""Equations that are often written down and false: functions of sums, matrices that change places, scaled scores.

Each of them treats a map as if it were linear, or a product as if its factors could change places. For every one there
are numbers at which both sides can be worked out by hand; the program finds the smallest. What is true instead:
$(AB)^{-1} = B^{-1}A^{-1}$, $J_{g \circ f} = J_g J_f$, $\log(ab) = \log a + \log b$, $\det(AB) = \det A \det B$,
$\max(0, x + y) \le \max(0, x) + \max(0, y)$, and the softmax keeps its value when scores are shifted, not scaled.

Source: Strang, Introduction to Linear Algebra, 5th ed., sections 2.4 (products), 2.5 (inverses) and 5.1
(determinants); Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.2.2.3 (softmax), section 6.3 (ReLU).
"""

from __future__ import annotations

from sympy import Expr, Max, Rational, log

from derive.constructs.construct import Construct, Refuted
from derive.constructs.softmax import softmax
from derive.constructs.step_limit import ANYWHERE, ERROR, k, x
from derive.language import Array, Context, Definition, Entry, IndexSum, Partial, array, between, declare, eq, gt, ne
from derive.language.forms import of

_n = declare("n", "size", "number of rows and columns")
_i, _j = declare("i", "integer", "a row"), declare("j", "integer", "a column")
_a, _b, _c = (declare(name, "real") for name in "abc")
n, i, j, a, b, c = (d.symbol for d in (_n, _i, _j, _a, _b, _c))
l = declare("l", "integer").symbol  # noqa: E741
A, B = (array(name, (1, n), (1, n)) for name in "AB")
u, v, w, z, p, q, z_c = (array(name, (1, n)) for name in ("u", "v", "w", "z", "p", "p'", "z'"))


def positive_part(of_this: Expr) -> Expr:
    """max(0, u), as it is written."""
    return Max(0, of_this, evaluate=False)


def determinant(matrix: Array) -> Expr:
    """det(M)."""
    return Entry(of("determinant", matrix))


def applied(out: Array, matrix: Array, to: Array) -> Definition:
    """A matrix times a vector."""
    return Definition(out, (i,), IndexSum(matrix[i, l] * to[l], l, 1, n))


NUMBERS, POSITIVE = Context((_a, _b)), Context((_a, _b), (gt(a, 0), gt(b, 0)))
_PLACE, _REGULAR = (between(1, i, n), between(1, j, n)), (ne(determinant(A), 0), ne(determinant(B), 0))
MATRICES, ENTRIES = Context((_n,), (), (), (A, B)), Context((_n, _i, _j), _PLACE, (), (A, B))
INVERTIBLE = Context((_n, _i, _j), (*_PLACE, *_REGULAR), (), (A, B))
LAYERS = Context((_n, _i, _j), _PLACE, (applied(v, A, u), applied(w, B, v)), (A, B, u))
_SCALED = (Definition(z_c, (i,), c * z[i]), softmax(p, z, n), softmax(q, z_c, n))
SCORES = Context((_n, _i, _c), (between(1, i, n), gt(c, 0)), _SCALED, (z,))
STEEP = Context(ANYWHERE.declarations, (gt(x, 0), gt(k, 0)), ANYWHERE.definitions)

SQUARE = Refuted(
    name="square_of_sum",
    title="Square of a sum",
    statement=("The square of a sum is the sum of the squares",),
    context=NUMBERS,
    left=(a + b) ** 2,
    relation="=",
    right=a**2 + b**2,
    missing=("The square is not linear: the term ", 2 * a * b, " is lost.",),
)
LOGARITHM = Refuted(
    name="log_of_sum",
    title="Logarithm of a sum",
    statement=("The logarithm of a sum is the sum of the logarithms",),
    context=POSITIVE,
    left=log(a + b),
    relation="=",
    right=log(a) + log(b),
    missing=("The logarithm turns products into sums; of a sum it makes nothing simpler.",),
)
RELU = Refuted(
    name="relu_of_sum",
    title="ReLU of a sum",
    statement=("The ReLU of a sum is the sum of the ReLUs",),
    context=NUMBERS,
    left=positive_part(a + b),
    relation="=",
    right=positive_part(a) + positive_part(b),
    missing=("It holds where ", a, " and ", b, " have one sign; else a part is cut off before the two can cancel."),
)
COMMUTE = Refuted(
    name="matrices_commute",
    title="Order of two matrices",
    statement=("Square matrices may change places",),
    context=ENTRIES,
    left=of("product", A, B)[i, j],
    relation="=",
    right=of("product", B, A)[i, j],
    missing=("Matrices act one after the other, and the order counts; it does not for one row and one column.",),
)
INVERSE = Refuted(
    name="inverse_of_product",
    title="Inverse of a product",
    statement=("The inverse of a product is the product of the inverses in the same order",),
    context=INVERTIBLE,
    left=of("inverse", of("product", A, B))[i, j],
    relation="=",
    right=of("product", of("inverse", A), of("inverse", B))[i, j],
    missing=("What was done last is undone first, so the inverses stand in the opposite order.",),
)
DETERMINANT = Refuted(
    name="determinant_of_sum",
    title="Determinant of a sum",
    statement=("The determinant of a sum is the sum of the determinants",),
    context=MATRICES,
    left=determinant(of("sum", A, B)),
    relation="=",
    right=determinant(A) + determinant(B),
    missing=("A determinant is linear in each row by itself, and not in the whole matrix.",),
)
JACOBIAN = Refuted(
    name="jacobian_order",
    title="The chain rule in the wrong order",
    statement=("The Jacobian of ", w, " by ", u, " is the product of the matrices in the order in which they act",),
    context=LAYERS,
    left=Partial(w[i], u[j]),
    relation="=",
    right=of("product", A, B)[i, j],
    missing=("The matrix that acts last stands on the left.",),
    instead="composed_maps.jacobian",
)
SOFTMAX = Refuted(
    name="softmax_of_scaled",
    title="Softmax of scaled scores",
    statement=("Scores may be scaled before a softmax",),
    context=SCORES,
    left=q[i],
    relation="=",
    right=p[i],
    missing=("Scores may be shifted, all by the same number; a factor changes their differences.",),
    instead="softmax.shift",
)
UNIFORM = Refuted(
    name="sigmoid_near_step",
    title="One bound near the step and far from it",
    statement=("The sigmoid of ", k * x, " is close to the step for every ", gt(x, 0)),
    context=STEEP,
    left=ERROR,
    relation="<=",
    right=Rational(1, 4),
    missing=("How large ", k, " must be depends on ", x, ": at ", eq(x, 1 / k), " the distance never changes."),
    instead="step_limit.one_over_k",
)
CONSTRUCT = Construct(
    name="common_slips",
    title="Equations that are easily believed",
    about=("Statements that look right and are false, each with the smallest numbers that show it.",),
    conventions=("indices from 1", "the step is 1/2 at 0"),
    source="Strang, Introduction to Linear Algebra, 5th ed., 2.4, 2.5, 5.1; Goodfellow, Bengio, Courville, 2016, 6.2",
    claims=(),
    refuted=(SQUARE, LOGARITHM, RELU, COMMUTE, INVERSE, DETERMINANT, JACOBIAN, SOFTMAX, UNIFORM),
)
