r"""Ranks of what is made of matrices: $\operatorname{rank}(AB) \le \operatorname{rank} A$, and the like.

All entries are real, so $A^\top A$ has the rank of $A$. A matrix without rows or columns has rank 0.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, sections 0.4.4 to 0.4.6.
"""

from __future__ import annotations

from sympy import Expr, Integer

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import Array, Context, Entry, le, ne
from derive.language.forms import Form, of
from derive.language.wellformed import obligations


def rank_of(matrix: Array) -> Expr:
    """The rank, as a term."""
    return Entry(of("rank", matrix))


def _matrix(e: Expr, rule: str) -> Array:
    """The matrix of which e is the rank."""
    entry = need(Entry, e, rule)
    if isinstance(entry.array, Form) and entry.array.operation == "rank":
        (matrix,) = entry.array.operands
        if isinstance(matrix, Array) and len(matrix.axes) == 2:
            return matrix
    raise RuleDoesNotApply("{}: {} is not the rank of a matrix", rule, e)


def _made(e: Expr, rule: str, *operations: str) -> Form:
    """The form of which e is the rank."""
    matrix = _matrix(e, rule)
    if isinstance(matrix, Form) and matrix.operation in operations:
        return matrix
    raise RuleDoesNotApply("{}: {} is not the rank of a {}", rule, e, " or ".join(operations))


def _turned(one: Array, other: Array) -> bool:
    """Whether one is the other's transpose, as they are written."""
    return one == of("transpose", other) or other == of("transpose", one)


@primitive("the rank of a transpose")
def rank_of_transpose(context: Context, e: Expr) -> Rewrite:
    """rank(A') -> rank(A)

    Fails: e is not the rank of a transpose.
    Source: Horn, Johnson, 0.4.6 (a).
    """
    form = _made(e, "rank_of_transpose", "transpose")
    return rewrite(rank_of(form.operands[0]), obligations(e, context))


@primitive("the rank of a multiple")
def rank_of_multiple(context: Context, e: Expr) -> Rewrite:
    """rank(c*A) -> rank(A)        [c != 0]

    Fails: e is not the rank of a multiple.
    Source: Horn, Johnson, 0.4.6 (b), with the matrix c*I.
    """
    factor, matrix = _made(e, "rank_of_multiple", "scaled").operands
    return rewrite(rank_of(matrix), [ne(factor, 0), *obligations(e, context)])


@primitive("the rank of a matrix times its transpose")
def rank_of_gram(context: Context, e: Expr) -> Rewrite:
    """rank(A'*A) -> rank(A), and rank(A*A') -> rank(A)

    Fails: e is not the rank of such a product.
    Source: Horn, Johnson, 0.4.6 (d).
    """
    one, other = _made(e, "rank_of_gram", "product").operands
    if not _turned(one, other):
        raise RuleDoesNotApply("rank_of_gram: {} is not the transpose of {}", one, other)
    return rewrite(rank_of(other if one == of("transpose", other) else one), obligations(e, context))


@primitive("the rank of a product is at most that of a factor")
def rank_of_product(context: Context, e: Expr, side: Expr) -> Rewrite:
    """rank(A*B) <= rank(A) with side 1, rank(A*B) <= rank(B) with side 2

    Fails: e is not the rank of a product of two matrices; the side is another one.
    Source: Horn, Johnson, 0.4.5 (c).
    """
    factors = _made(e, "rank_of_product", "product").operands
    if side not in (1, 2) or any(len(factor.axes) != 2 for factor in factors):
        raise RuleDoesNotApply("rank_of_product: {} has no factor {} that is a matrix", e, side)
    return rewrite(rank_of(factors[int(side) - 1]), obligations(e, context), "<=")


@primitive("the rank of a sum is at most the sum of the ranks")
def rank_of_sum(context: Context, e: Expr) -> Rewrite:
    """rank(A + B) <= rank(A) + rank(B), and so for A - B

    Fails: e is not the rank of a sum or difference.
    Source: Horn, Johnson, 0.4.5 (d).
    """
    one, other = _made(e, "rank_of_sum", "sum", "difference").operands
    return rewrite(rank_of(one) + rank_of(other), obligations(e, context), "<=")


@primitive("the rank of an outer product is at most 1")
def rank_of_outer(context: Context, e: Expr) -> Rewrite:
    """rank(u*v') <= 1

    Fails: e is not the rank of an outer product.
    Source: Horn, Johnson, 0.4.5 (c): u has one column.
    """
    _made(e, "rank_of_outer", "outer")
    return rewrite(Integer(1), obligations(e, context), "<=")


@primitive("the rank is at most the number of rows and of columns")
def rank_of_axis(context: Context, e: Expr, side: Expr) -> Rewrite:
    """rank(A) <= the number of rows with side 1, of columns with side 2        [that is not negative]

    Fails: e is not the rank of a matrix; the side is another one, or has no end.
    Source: Horn, Johnson, 0.4.5 (a).
    """
    matrix = _matrix(e, "rank_of_axis")
    if side not in (1, 2):
        raise RuleDoesNotApply("rank_of_axis: {} has no side {}", e, side)
    low, high = matrix.axes[int(side) - 1]
    if low.is_infinite or high.is_infinite:
        raise RuleDoesNotApply("rank_of_axis: {} has an axis without end", matrix)
    number = high - low + 1
    return rewrite(number, [le(0, number), *obligations(e, context)], "<=")


@primitive("the rank of an identity")
def rank_of_identity(context: Context, e: Expr) -> Rewrite:
    """rank(I_n) -> n        [n >= 0]

    Fails: e is not the rank of an identity.
    Source: Horn, Johnson, 0.4.4.
    """
    (size,) = _made(e, "rank_of_identity", "identity").operands
    return rewrite(size, [le(0, size), *obligations(e, context)])
