r"""Inverses and determinants: $M M^{-1} = I$, from it $d(M^{-1}) = -M^{-1}\,dM\,M^{-1}$, and Jacobi's formula.

The derivative of an inverse is no law of its own: it is derived from the product with the matrix, which does not move.
"""

from __future__ import annotations

from sympy import Expr, Mul

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import Array, Context, Entry, IndexSum, Indicator, Partial, all_of, between, eq, ne
from derive.language.forms import Form, of
from derive.language.maps import any_entry
from derive.language.terms import names_in
from derive.language.wellformed import obligations
from derive.rules.algebra import algebra
from derive.rules.bracketing import rebracketed
from derive.rules.calculus import partial_of_constant, partial_of_product, partial_of_sum
from derive.rules.combine import Moves, at, at_part, by, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.sums import constant_out_of_sum, sum_of_terms


def invertible(matrix: Array) -> Expr:
    """det(M), which must not be 0."""
    return Entry(of("determinant", matrix))


@primitive("a matrix times its inverse")
def inverse_product(context: Context, e: Expr) -> Rewrite:
    """sum(M[i, k]*inv(M)[k, j], k=a..b) -> [i = j]        [det(M) != 0, a..b the range of M, a <= i, j <= b]

    Also with the inverse as the first factor.
    Fails: e is not such a sum.
    Source: Horn, Johnson, Matrix Analysis, 2013, section 0.5.
    """
    total = need(IndexSum, e, "inverse_product")
    factors = Mul.make_args(total.body)
    k = total.index
    for first, second in ((factors[0], factors[-1]), (factors[-1], factors[0])):
        if len(factors) != 2 or not all(isinstance(f, Entry) and len(f.indices) == 2 for f in factors):
            break
        if not (inverse_of(first.array) == second.array or inverse_of(second.array) == first.array):
            continue
        (i, one), (other, j) = first.indices, second.indices
        (low, high), _ = first.array.axes
        bound = (one, other) == (k, k) and k not in i.free_symbols | j.free_symbols
        if bound and (total.low, total.high) == (low, high):
            matrix = second.array if inverse_of(first.array) == second.array else first.array
            inside = all_of(between(low, i, high), between(low, j, high))
            return rewrite(Indicator(eq(i, j)), [ne(invertible(matrix), 0), inside, *obligations(e, context)])
    raise RuleDoesNotApply("inverse_product: {} is not the product of a matrix and its inverse", e)


def inverse_of(array: Array) -> Array | None:
    """What the array is the inverse of."""
    return array.operands[0] if isinstance(array, Form) and array.operation == "inverse" else None


@primitive("Jacobi's formula")
def partial_of_determinant(context: Context, e: Expr) -> Rewrite:
    """d(det(M))/dx[j] -> det(M)*sum(sum(inv(M)[q, p]*d(M[p, q])/dx[j], q=a..b), p=a..b)        [det(M) != 0]

    Fails: e is not the derivative of a determinant.
    Source: Magnus, Neudecker, Matrix Differential Calculus, 2019, section 8.3, theorem 1.
    """
    partial = need(Partial, e, "partial_of_determinant")
    term = need(Entry, partial.term, "partial_of_determinant")
    if not (isinstance(term.array, Form) and term.array.operation == "determinant"):
        raise RuleDoesNotApply("partial_of_determinant: {} is no determinant", term)
    (matrix,) = term.array.operands
    inner = any_entry(matrix, names_in(e) | context.names)
    after: Expr = Entry(of("inverse", matrix), *inner.indices[::-1]) * Partial(inner, partial.by)
    for index, (low, high) in reversed(list(zip(inner.indices, matrix.axes, strict=True))):
        after = IndexSum(after, index, low, high)
    return rewrite(term * after, [ne(term, 0), *obligations(e, context), *obligations(after, context)])


def inverse_differentiated(context: Context, e: Expr) -> Moves:
    """d(inv(M)[i, j])/dx as -sum(inv(M)[i, p]*sum(d(M[p, q])/dx*inv(M)[q, j])), from the product of M and its inverse.

    Fails: e is not the derivative of an entry of an inverse.
    """
    if not (isinstance(e, Partial) and isinstance(e.term, Entry) and inverse_of(e.term.array) is not None):
        raise RuleDoesNotApply("{} is not the derivative of an entry of an inverse", e)
    b, by_entry = e.term.array, e.by
    m = b.operands[0]
    (i, j), (low, high) = e.term.indices, m.axes[0]
    p, q = any_entry(m, names_in(e) | context.names).indices

    def total(body: Expr, index: Expr) -> IndexSum:
        return IndexSum(body, index, low, high)

    moved, still = Partial(b[q, j], by_entry), total(Partial(m[p, q], by_entry) * b[q, j], q)
    unit = total(Indicator(eq(i, q)) * moved, q)
    inner, whole = total(m[p, q] * moved, q), Partial(total(m[p, q] * b[q, j], q), by_entry)
    back = then(
        at_part(whole, then(by(partial_of_sum), at((0,), by(partial_of_product)), by(sum_of_terms))), by(algebra, inner)
    )
    return then(
        one_line(up_to(unit, undelta), ("with the unit matrix",)),
        at_part(Indicator(eq(i, q)), up_to(total(b[i, p] * m[p, q], p), by(inverse_product))),
        rebracketed(total(b[i, p] * inner, p)),
        one_line(at_part(inner, up_to(whole - still, back)), ("product rule, read backwards",)),
        at_part(whole.term, by(inverse_product)),
        one_line(
            then(
                at_part(Partial(Indicator(eq(p, j)), by_entry), by(partial_of_constant)),
                at((0,), by(algebra, -b[i, p] * still)),
                by(constant_out_of_sum),
            ),
            ("the unit matrix does not move",),
        ),
    )(context, e)
