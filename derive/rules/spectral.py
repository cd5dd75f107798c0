r"""Laws of the spectral norm of a matrix that is made of others: a combination, a product, a square, a rotation.

Each says of what entries the matrix consists; its axes, and those that are summed over, are those of the others, and
none is empty. Entries of a transpose are written with the indices the other way round: it has the same norm.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, example 5.6.6 (the norm is induced by the length of vectors),
definition 5.6.1 (homogeneity, triangle inequality, submultiplicativity), 5.6.P19 and theorem 5.6.9 (of A'A, of A').
"""

from __future__ import annotations

from sympy import Abs, Add, Expr, Mul, Pow, Symbol

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, primitive, rewrite
from derive.language import Array, Condition, Context, Entry, ForAll, IndexSum, eq, le
from derive.language.forms import Form, of
from derive.language.orthonormal import orthonormal_columns
from derive.language.wellformed import obligations

Axes = tuple[tuple[Expr, Expr], ...]


@primitive("norm of a sum or of a multiple")
def spectral_of_combination(context: Context, e: Expr, combination: Expr, row: Symbol, column: Symbol) -> Rewrite:
    """|M|_2 <= |c|*|A|_2 + |d|*|B|_2        [M[i, j] = c*A[i, j] + d*B[i, j] everywhere, M is not empty]

    Also with B[j, i]; of one term, |M|_2 -> |c|*|A|_2. Arguments: c*A[i, j] + d*B[i, j], i, j.
    Fails: e is no spectral norm; a term is not a number times such an entry.
    """
    matrix = _matrix_of(e, row, column, "spectral_of_combination")
    bound: Expr = Add()
    needed: list[Condition] = []
    terms = Add.make_args(combination)
    for term in terms:
        entry, number = _entry_in(term, row, column)
        axes = entry.array.axes if entry.indices == (row, column) else entry.array.axes[::-1]
        if axes != matrix.axes:
            raise RuleDoesNotApply("spectral_of_combination: {} does not have the shape of {}", entry, matrix)
        bound += Abs(number) * _norm(entry)
        needed += obligations(number, context)
    conditions = [_made_of(matrix, combination, row, column), *_filled(matrix.axes), *needed]
    return rewrite(bound, conditions, "=" if len(terms) == 1 else "<=")


@primitive("the norm of a product is at most the product of the norms")
def spectral_of_product(context: Context, e: Expr, product: Expr, row: Symbol, column: Symbol) -> Rewrite:
    """|M|_2 <= |A|_2*|B|_2        [M[i, j] = sum(A[i, k]*B[k, j], k) everywhere, no axis is empty]

    Also with A[k, i] or B[j, k], and of more factors than two. Arguments: A[i, k]*B[k, j], i, j.
    Fails: e is no spectral norm; the factors do not lead from i to j, each index but these standing in two of them.
    """
    matrix = _matrix_of(e, row, column, "spectral_of_product")
    path, total, axes = _chain(product, row, column)
    if (axes[0], axes[-1]) != matrix.axes:
        raise RuleDoesNotApply("spectral_of_product: {} does not have the shape of {}", product, matrix)
    conditions = [_made_of(matrix, total, row, column), *_filled(axes)]
    return rewrite(Mul(*map(_norm, path)), conditions, "<=")


@primitive("norm of a matrix times its transpose")
def spectral_of_square(context: Context, e: Expr, product: Expr, row: Symbol, column: Symbol) -> Rewrite:
    """|M|_2 -> |A|_2**2        [M[i, j] = sum(A[k, i]*A[k, j], k) everywhere, no axis is empty]

    Also with A[i, k]*A[j, k]. Arguments: A[k, i]*A[k, j], i, j.
    Fails: e is no spectral norm; the factors are not such entries of one matrix.
    """
    matrix = _matrix_of(e, row, column, "spectral_of_square")
    path, total, axes = _chain(product, row, column)
    first, last = (_plain(path[0]), _plain(path[-1])) if len(path) == 2 else (None, None)
    if first is None or last is None or first.array != last.array:
        raise RuleDoesNotApply("spectral_of_square: {} is no product of two entries of a matrix", product)
    if first.indices.index(row) != last.indices.index(column) or axes[0] != axes[2]:
        raise RuleDoesNotApply("spectral_of_square: {} is no matrix times its transpose", product)
    if (axes[0], axes[2]) != matrix.axes:
        raise RuleDoesNotApply("spectral_of_square: {} does not have the shape of {}", product, matrix)
    return rewrite(_norm(path[0]) ** 2, [_made_of(matrix, total, row, column), *_filled(axes)])


@primitive("orthonormal columns keep the norm")
def spectral_of_rotated(context: Context, e: Expr, rotation: Expr, other: Expr, row: Symbol, column: Symbol) -> Rewrite:
    """|M|_2 -> |A|_2        [M[i, j] = sum(U[i, k]*A[k, j], k) everywhere, the columns of U are orthonormal]

    No axis is empty. Also sum(A[i, k]*U[j, k], k); with U[k, i] or U[k, j] if U is square, which is a condition then;
    and with the indices of A the other way round. Arguments: U[i, k], A[k, j], i, j.
    Fails: e is no spectral norm; the factors do not lead from i to j.
    """
    matrix = _matrix_of(e, row, column, "spectral_of_rotated")
    path, total, axes = _chain(rotation * other, row, column)
    factors = {rotation, other}
    if len(path) != 2 or len(factors) != 2 or not isinstance(rotation, Entry) or not isinstance(other, Entry):
        raise RuleDoesNotApply("spectral_of_rotated: {} and {} are no two entries", rotation, other)
    square: list[Condition] = []
    turning = _plain(rotation)
    if turning.indices[0] not in (row, column):  # the rows of a square matrix are orthonormal where the columns are
        (low, high), (first, last) = turning.array.axes
        square = [eq(high - low, last - first)]
    if (axes[0], axes[2]) != matrix.axes:
        raise RuleDoesNotApply("spectral_of_rotated: the product does not have the shape of {}", matrix)
    conditions = [orthonormal_columns(turning.array), *square, _made_of(matrix, total, row, column), *_filled(axes)]
    return rewrite(_norm(other), conditions)


def _matrix_of(e: Expr, row: Symbol, column: Symbol, rule: str) -> Array:
    if not (isinstance(e, Entry) and isinstance(e.array, Form) and e.array.operation == "spectral_norm"):
        raise RuleDoesNotApply("{}: {} is no spectral norm", rule, e)
    matrix: Array = e.array.operands[0]
    if row == column or {row, column} & {s for axis in matrix.axes for end in axis for s in end.free_symbols}:
        raise RuleDoesNotApply("{}: {} and {} are no indices of {}", rule, row, column, matrix)
    return matrix


def _norm(entry: Entry) -> Expr:
    return Entry(of("spectral_norm", _plain(entry).array))


def _plain(entry: Entry) -> Entry:
    """A[j, i] for the entry at i, j of the transpose of A."""
    while isinstance(entry.array, Form) and entry.array.operation == "transpose":
        entry = Entry(entry.array.operands[0], *entry.indices[::-1])
    return entry


def _made_of(matrix: Array, term: Expr, row: Symbol, column: Symbol) -> Condition:
    (low, high), (first, last) = matrix.axes
    return ForAll(ForAll(eq(Entry(matrix, row, column), term), column, first, last), row, low, high)


def _filled(axes: Axes) -> list[Condition]:
    return [le(low, high) for low, high in dict.fromkeys(axes)]


def _entry_in(term: Expr, row: Symbol, column: Symbol) -> tuple[Entry, Expr]:
    """A[i, j] or A[j, i], and what it is multiplied by, in which neither index stands."""
    factors = Mul.make_args(term)
    for place, factor in enumerate(factors):
        if isinstance(factor, Entry) and factor.indices in ((row, column), (column, row)):
            rest = Mul(*factors[:place], *factors[place + 1 :])
            inside = rest.free_symbols | {s for axis in factor.array.axes for end in axis for s in end.free_symbols}
            if not {row, column} & inside:
                return factor, rest
    raise RuleDoesNotApply("{} is no number times an entry at {} and {}", term, row, column)


def _chain(product: Expr, row: Symbol, column: Symbol) -> tuple[list[Entry], Expr, Axes]:
    """The factors from the row to the column, the sum of their product over what is between, and the axes passed."""
    factors: list[Entry] = []
    for factor in Mul.make_args(product):
        base, count = (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, 1)
        if not isinstance(base, Entry) or len(base.indices) != 2 or count not in (1, 2):
            raise RuleDoesNotApply("{} is no product of entries of matrices", product)
        factors += [base] * int(count)
    path: list[Entry] = []
    axes: list[tuple[Expr, Expr]] = []
    passed: list[Symbol] = []
    here: Expr = row
    while factors:
        among = [f for f in factors if here in f.indices]
        if len(among) != 1 or not isinstance(here, Symbol) or among[0].indices[0] == among[0].indices[1]:
            raise RuleDoesNotApply("the factors of {} do not lead from {} to {}", product, row, column)
        factors.remove(among[0])
        path.append(among[0])
        side = among[0].indices.index(here)
        near, far = among[0].array.axes[side], among[0].array.axes[1 - side]
        if axes and axes[-1] != near:
            raise RuleDoesNotApply("the ranges of {} in {} are not the same", here, product)
        axes += [far] if axes else [near, far]
        here = among[0].indices[1 - side]
        if factors:
            passed.append(here)
    letters = {row, column, *passed}
    if here != column or len(letters) != len(passed) + 2:
        raise RuleDoesNotApply("the factors of {} do not lead from {} to {}", product, row, column)
    if letters & {s for axis in axes for end in axis for s in end.free_symbols}:
        raise RuleDoesNotApply("an index of {} is a size", product)
    total: Expr = Mul(*path)
    for index, axis in zip(reversed(passed), reversed(axes[1:-1]), strict=True):
        total = IndexSum(total, index, *axis)
    return path, total, tuple(axes)
