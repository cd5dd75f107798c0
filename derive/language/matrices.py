r"""Determinants, inverses and ranks of small matrices of any kind of number.

All are worked out by elimination, with pivots whose values are not 0. A determinant that is 0 has a derivative all the
same: where numbers vary and no pivot is left, it is expanded by rows over the sets of columns that are left (Laplace),
without a division.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, sections 0.3.1 and 0.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from derive.errors import Undefined, Unevaluable
from derive.language.exponential import inverse as one_over
from derive.language.numbers import Dual, primal

LARGEST, LARGEST_EXPANDED = 20, 10
"""Rows of a matrix that is worked out by elimination, and of one that is expanded."""

Rows = Sequence[Sequence[Any]]


def determinant(rows: Rows) -> Any:
    """The determinant; of a matrix without rows it is 1.

    Raises:
        Unevaluable: the matrix is too large, or whether a pivot is 0 is not known.

    Example:
        >>> determinant([[1, 2], [3, 4]]), determinant([[1, 2], [2, 4]]), determinant([])
        (Fraction(-2, 1), 0, 1)
    """
    size = len(rows)
    if size > LARGEST:
        raise Unevaluable(f"a matrix has more than {LARGEST} rows")
    work, product = [list(row) for row in rows], 1
    for c in range(size):
        pivot = next((r for r in range(c, size) if not _is_zero(work[r][c])), None)
        if pivot is None:
            varies = any(isinstance(value, Dual) for row in rows for value in row)
            return expanded(rows) if varies else 0
        if pivot != c:
            work[c], work[pivot], product = work[pivot], work[c], -product
        product = product * work[c][c]
        for r in range(c + 1, size):
            factor = work[r][c] * one_over(work[c][c])
            work[r] = [value - factor * above for value, above in zip(work[r], work[c], strict=True)]
    return product


def expanded(rows: Rows) -> Any:
    """The determinant without a division.

    Raises:
        Unevaluable: the matrix is too large.

    Example:
        >>> expanded([[1, 2], [3, 4]])
        -2
    """
    if len(rows) > LARGEST_EXPANDED:
        raise Unevaluable(f"a matrix has more than {LARGEST_EXPANDED} rows")
    known: dict[tuple[int, ...], Any] = {(): 1}
    size = len(rows)

    def below(columns: tuple[int, ...]) -> Any:
        """Of the last rows, with these columns."""
        if columns not in known:
            row, total = rows[size - len(columns)], 0
            for place, column in enumerate(columns):
                part = row[column] * below(columns[:place] + columns[place + 1 :])
                total = total - part if place % 2 else total + part
            known[columns] = total
        return known[columns]

    return below(tuple(range(size)))


def rank(rows: Rows) -> int:
    """How many rows are left that are no combination of those before.

    Raises:
        Unevaluable: the matrix is too large, entries vary, or whether one is 0 is not known.

    Example:
        >>> rank([[1, 2, 3], [2, 4, 6], [0, 1, 0]]), rank([[0, 0]]), rank([])
        (2, 0, 0)
    """
    width = max(map(len, rows), default=0)
    if max(len(rows), width) > LARGEST:
        raise Unevaluable(f"a matrix has more than {LARGEST} rows or columns")
    if any(isinstance(value, Dual) for row in rows for value in row):
        raise Unevaluable("a rank jumps, and has no slope that we know")
    work, found = [list(row) for row in rows], 0
    for column in range(width):
        pivot = next((r for r in range(found, len(work)) if not _is_zero(work[r][column])), None)
        if pivot is None:
            continue
        work[found], work[pivot] = work[pivot], work[found]
        top = work[found]
        for r in range(found + 1, len(work)):
            factor = work[r][column] * one_over(top[column])
            work[r] = [value - factor * above for value, above in zip(work[r], top, strict=True)]
        found += 1
    return found


def inverse(rows: Rows) -> list[list[Any]]:
    """The inverse.

    Raises:
        Undefined: the matrix has none.
        Unevaluable: it is too large, or whether it has one is not known.

    Example:
        >>> inverse([[1, 2], [3, 4]])
        [[Fraction(-2, 1), Fraction(1, 1)], [Fraction(3, 2), Fraction(-1, 2)]]
    """
    size = len(rows)
    if size > LARGEST:
        raise Unevaluable(f"a matrix has more than {LARGEST} rows")
    work = [[*row, *(int(r == c) for c in range(size))] for r, row in enumerate(rows)]
    for c in range(size):
        pivot = next((r for r in range(c, size) if not _is_zero(work[r][c])), None)
        if pivot is None:
            raise Undefined("a matrix whose determinant is 0 has no inverse")
        work[c], work[pivot] = work[pivot], work[c]
        scale = one_over(work[c][c])
        work[c] = [scale * value for value in work[c]]
        for r in range(size):
            factor = work[r][c]
            if r != c and not (isinstance(factor, int) and factor == 0):
                work[r] = [value - factor * above for value, above in zip(work[r], work[c], strict=True)]
    return [row[size:] for row in work]


def _is_zero(number: Any) -> bool:
    return bool(primal(number) == 0)
