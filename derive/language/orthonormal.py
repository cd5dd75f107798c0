r"""Orthonormal columns (or rows) as a hypothesis, $\sum_k U_{kp} U_{kq} = [p = q]$, and matrices that meet it.

Numbers drawn by chance never meet it. So arrays of which a hypothesis says so get the first columns of one of a few
orthogonal matrices: with blocks along the diagonal that are signs, rotations by an angle whose sine and cosine are 3/5
and 4/5, a rotation in space, or the reflection at the plane orthogonal to (1, 1, 1), and the rows moved on.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import product

from derive.language.arrays import Array
from derive.language.conditions import Condition, eq
from derive.language.context import Context
from derive.language.points import Samples
from derive.language.symbols import fresh
from derive.language.terms import ForAll, IndexSum, Indicator, with_standard_indices

_THIRD, _FIFTH = Fraction(1, 3), Fraction(1, 5)
_BLOCKS: tuple[tuple[tuple[Fraction, ...], ...], ...] = (
    ((Fraction(1),),),
    ((4 * _FIFTH, -3 * _FIFTH), (3 * _FIFTH, 4 * _FIFTH)),
    ((2 * _THIRD, -_THIRD, 2 * _THIRD), (2 * _THIRD, 2 * _THIRD, -_THIRD), (-_THIRD, 2 * _THIRD, 2 * _THIRD)),
    ((_THIRD, -2 * _THIRD, -2 * _THIRD), (-2 * _THIRD, _THIRD, -2 * _THIRD), (-2 * _THIRD, -2 * _THIRD, _THIRD)),
)
_MOST = 40
"""Rows and columns."""


@lru_cache
def orthonormal_columns(matrix: Array) -> Condition:
    """That the columns have length 1 and are orthogonal to one another.

    Example:
        >>> from derive.language import array, integer
        >>> m, n = integer("m"), integer("n")
        >>> orthonormal_columns(array("U", (1, m), (1, n)))
        for all(for all(sum(U[k, p]*U[k, q], k=1..m) = [p = q], q=1..n), p=1..n)
    """
    rows, columns = matrix.axes
    taken = {symbol.name for end in (*rows, *columns) for symbol in end.free_symbols}
    k, p, q = (fresh(name, taken) for name in "kpq")
    inner = IndexSum(matrix[k, p] * matrix[k, q], k, *rows)
    return ForAll(ForAll(eq(inner, Indicator(eq(p, q))), q, *columns), p, *columns)


def in_columns(context: Context, drawn: dict[Array, Samples], pattern: int) -> dict[Array, Samples]:
    """The arrays, with orthonormal columns (or rows) for those of which a hypothesis says so, in whatever letters."""
    stated = {_plain(fact) for fact in context.facts if isinstance(fact, ForAll)}
    made = dict(drawn)
    for array in drawn if stated else ():
        if len(array.axes) == 2 and not any(end.is_infinite for axis in array.axes for end in axis):
            if _plain(orthonormal_columns(array)) in stated:
                made[array] = columns(pattern)
            elif _plain(_orthonormal_rows(array)) in stated:
                made[array] = Samples({place[::-1]: v for place, v in columns(pattern).values.items()})
    return made


@lru_cache
def _orthonormal_rows(matrix: Array) -> Condition:
    rows, columns_ = matrix.axes
    taken = {symbol.name for end in (*rows, *columns_) for symbol in end.free_symbols}
    k, p, q = (fresh(name, taken) for name in "kpq")
    inner = IndexSum(matrix[p, k] * matrix[q, k], k, *columns_)
    return ForAll(ForAll(eq(inner, Indicator(eq(p, q))), q, *rows), p, *rows)


@lru_cache(1024)
def _plain(fact: Condition) -> Condition:
    """The condition with letters that do not matter."""
    found: Condition = with_standard_indices(fact)
    return found


def columns(pattern: int) -> Samples:
    """Entries of a matrix with orthonormal columns, indices from 1.

    Cut to so many rows and columns it need not have them; whoever draws it asks.

    Example:
        >>> made = columns(1).values
        >>> [[str(made[i, j]) for j in (1, 2)] for i in (1, 2)]
        [['4/5', '-3/5'], ['3/5', '4/5']]
    """
    return _columns(pattern % len(_BLOCKS), pattern // len(_BLOCKS) % 2)


@lru_cache
def _columns(kind: int, moved: int) -> Samples:
    block = _BLOCKS[kind]
    size, values = len(block), dict[tuple[int, ...], Fraction]()
    for row, column in product(range(1, _MOST + 1), repeat=2):
        (up, place), (left, other) = divmod(row - 1 - moved, size), divmod(column - 1, size)
        values[row, column] = block[place][other] if up == left else Fraction(0)
    return Samples(values)
