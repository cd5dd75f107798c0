r"""Inverses and determinants of what is made of matrices: $(AB)^{-1} = B^{-1}A^{-1}$, $\det(AB) = \det A \det B$.

Also of transposes and of inverses, and Leibniz' formula for a matrix with a few rows, written out.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, sections 0.3.1 (expansion), 0.3.5 (product) and 0.5 (inverse).
"""

from __future__ import annotations

from itertools import permutations

from sympy import Add, Expr, Integer, Mul

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import Array, Condition, Context, Entry, IndexSum, fresh, ne
from derive.language.forms import Form, of
from derive.language.terms import names_in
from derive.language.wellformed import obligations

_MOST_ROWS = 3


def _made_of(e: Expr, outer: str, inner: str, rule: str) -> tuple[Entry, Form]:
    """The entry of an inverse or determinant, and the form that it is of."""
    entry = need(Entry, e, rule)
    if isinstance(entry.array, Form) and entry.array.operation == outer:
        (form,) = entry.array.operands
        if isinstance(form, Form) and form.operation == inner:
            return entry, form
    raise RuleDoesNotApply("{}: {} is not of the form {}({}(...))", rule, e, outer, inner)


def _square(form: Form, rule: str) -> None:
    """Refuse a product of matrices that are not all square with the same range."""
    for operand in form.operands:
        if len(set(operand.axes)) != 1 or operand.axes != form.axes:
            raise RuleDoesNotApply("{}: {} is not square with the range of {}", rule, operand, form)


def _not_singular(*matrices: Array) -> list[Condition]:
    return [ne(Entry(of("determinant", matrix)), 0) for matrix in matrices]


@primitive("the inverse of a product")
def inverse_of_product(context: Context, e: Expr) -> Rewrite:
    """inv(A*B)[i, j] -> sum(inv(B)[i, k]*inv(A)[k, j], k=a..b)        [A and B square, det(A) != 0, det(B) != 0]

    Fails: e is not an entry of such an inverse; A or B is not square.
    Source: Horn, Johnson, section 0.5.
    """
    entry, product = _made_of(e, "inverse", "product", "inverse_of_product")
    _square(product, "inverse_of_product")
    first, second = product.operands
    (low, high), _ = product.axes
    k = fresh("k", names_in(e) | context.names)
    i, j = entry.indices
    after = IndexSum(Entry(of("inverse", second), i, k) * Entry(of("inverse", first), k, j), k, low, high)
    return rewrite(after, [*_not_singular(first, second), entry.in_range, *obligations(after, context)])


@primitive("the inverse of a transpose")
def inverse_of_transpose(context: Context, e: Expr) -> Rewrite:
    """inv(A')[i, j] -> inv(A)[j, i]        [det(A) != 0]

    Fails: e is not an entry of such an inverse.
    Source: Horn, Johnson, section 0.5.
    """
    entry, form = _made_of(e, "inverse", "transpose", "inverse_of_transpose")
    after = Entry(of("inverse", form.operands[0]), *entry.indices[::-1])
    return rewrite(after, [*_not_singular(*form.operands), entry.in_range, *obligations(after, context)])


@primitive("the inverse of the inverse")
def inverse_of_inverse(context: Context, e: Expr) -> Rewrite:
    """inv(inv(A))[i, j] -> A[i, j]        [det(A) != 0]

    Fails: e is not an entry of the inverse of an inverse.
    Source: Horn, Johnson, section 0.5.
    """
    entry, form = _made_of(e, "inverse", "inverse", "inverse_of_inverse")
    after = Entry(form.operands[0], *entry.indices)
    return rewrite(after, [*_not_singular(*form.operands), entry.in_range, *obligations(after, context)])


@primitive("the determinant of a product")
def determinant_of_product(context: Context, e: Expr) -> Rewrite:
    """det(A*B) -> det(A)*det(B)        [A and B square]

    Fails: e is not the determinant of a product; A or B is not square.
    Source: Horn, Johnson, section 0.3.5.
    """
    _, product = _made_of(e, "determinant", "product", "determinant_of_product")
    _square(product, "determinant_of_product")
    after = Mul(*(Entry(of("determinant", matrix)) for matrix in product.operands))
    return rewrite(after, obligations(e, context))


@primitive("the determinant of a transpose")
def determinant_of_transpose(context: Context, e: Expr) -> Rewrite:
    """det(A') -> det(A)

    Fails: e is not the determinant of a transpose.
    Source: Horn, Johnson, section 0.3.2.
    """
    _, form = _made_of(e, "determinant", "transpose", "determinant_of_transpose")
    return rewrite(Entry(of("determinant", form.operands[0])), obligations(e, context))


@primitive("the determinant of an inverse")
def determinant_of_inverse(context: Context, e: Expr) -> Rewrite:
    """det(inv(A)) -> 1/det(A)        [det(A) != 0]

    Fails: e is not the determinant of an inverse.
    Source: Horn, Johnson, section 0.5.
    """
    _, form = _made_of(e, "determinant", "inverse", "determinant_of_inverse")
    return rewrite(1 / Entry(of("determinant", form.operands[0])), _not_singular(*form.operands))


@primitive("the determinant written out")
def determinant_written_out(context: Context, e: Expr) -> Rewrite:
    """det(A) -> sum of sign(p)*A[1, p(1)]*...*A[n, p(n)] over all permutations p        [A has 1, 2 or 3 rows]

    Fails: e is not the determinant of a matrix with so many rows.
    Source: Horn, Johnson, section 0.3.2.
    """
    entry = need(Entry, e, "determinant_written_out")
    if not (isinstance(entry.array, Form) and entry.array.operation == "determinant"):
        raise RuleDoesNotApply("determinant_written_out: {} is no determinant", e)
    (matrix,) = entry.array.operands
    (low, high), _ = matrix.axes
    if not (low.is_Integer and high.is_Integer and 1 <= int(high - low) + 1 <= _MOST_ROWS):
        raise RuleDoesNotApply("determinant_written_out: {} does not have at most {} rows", matrix, _MOST_ROWS)
    places = [Integer(k) for k in range(int(low), int(high) + 1)]
    terms = []
    for columns in permutations(range(len(places))):
        turned = sum(columns[b] < columns[a] for a in range(len(places)) for b in range(a + 1, len(places)))
        factors = (Entry(matrix, row, places[column]) for row, column in zip(places, columns, strict=True))
        terms.append(Mul(Integer(-1) ** turned, *factors))
    return rewrite(Add(*terms), obligations(e, context))
