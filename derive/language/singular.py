r"""Singular values of small matrices of numbers, and a direction that a matrix stretches most.

The squares of the singular values of A are the roots of the characteristic polynomial of the smaller of $A^\top A$ and
$A A^\top$: of rational numbers they are isolated by FLINT, and those that are rational are known exactly. With s the
product of $x - \lambda$ over the different roots, $s(x)/(x - \lambda_1)$ at $A^\top A$ is a positive multiple of the
projection onto all vectors that are stretched most; a column of it that is not 0 is one of them.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, section 2.6 (singular values), section 1.2 (characteristic
polynomial), theorem 4.1.5 (symmetric matrices can be diagonalised).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import acb_mat, ctx, fmpq, fmpq_mat, fmpz_poly

from derive.errors import Unevaluable
from derive.language.balls import PRECISION, Ball, complex_number
from derive.language.numbers import power

LARGEST = 20
"""Rows of the largest matrix whose characteristic polynomial is worked out."""

Rows = Sequence[Sequence[Any]]
_HALF = Fraction(1, 2)


def spectral_norm(rows: Rows) -> Any:
    """The largest singular value; 0 for a matrix without entries.

    Raises:
        Unevaluable: the matrix is too large, or its numbers are not known well enough.

    Example:
        >>> spectral_norm([[3, 0], [4, 0]]), spectral_norm([[1, 1], [0, 1]])
        (Fraction(5, 1), 1.61803398875...)
    """
    values = squares_of_singular_values(rows)
    return power(_greatest(values), _HALF) if values else 0


def nuclear_norm(rows: Rows) -> Any:
    """The sum of the singular values; 0 for a matrix without entries.

    Raises:
        Unevaluable: as `spectral_norm`.

    Example:
        >>> nuclear_norm([[2, 0], [0, 3]])
        Fraction(5, 1)
    """
    total: Any = 0
    for value in squares_of_singular_values(rows):
        total = total + power(value, _HALF)
    return total


def squares_of_singular_values(rows: Rows) -> list[Any]:
    """The eigenvalues of the smaller Gram matrix, each as often as it is one.

    Raises:
        Unevaluable: as `spectral_norm`.

    Example:
        >>> squares_of_singular_values([[1, 1], [1, 1]])
        [Fraction(4, 1), Fraction(0, 1)]
    """
    columns = list(zip(*rows, strict=True))
    gram = _products(rows if len(rows) <= len(columns) else columns)
    if len(gram) <= 1:
        return [value for row in gram for value in row]
    if not all(isinstance(value, (int, Fraction)) for row in gram for value in row):
        return _enclosed(gram)
    return [value for value, often in _roots(_polynomial(gram)) for _ in range(often)]


def leading_direction(rows: Rows) -> list[Any]:
    """A vector v of length 1 for which |A v| is the largest singular value; of several that are, any one.

    Raises:
        Unevaluable: as `spectral_norm`.

    Example:
        >>> leading_direction([[3, 4], [0, 0]]), leading_direction([[0, 0, 0]])
        ([Fraction(3, 5), Fraction(4, 5)], [1, 0, 0])
    """
    gram = _products(list(zip(*rows, strict=True)))
    if not all(isinstance(value, (int, Fraction)) for row in gram for value in row):
        raise Unevaluable("a direction is worked out for matrices of rational numbers")
    size = len(gram)
    if not any(any(row) for row in gram):
        return [int(place == 0) for place in range(size)]
    polynomial = _polynomial(gram)
    single = polynomial // polynomial.gcd(polynomial.derivative())
    most = _greatest([value for value, _ in _roots(single)])
    weights: list[Any] = [Fraction(int(single[single.degree()]))]  # of the quotient, its highest power first
    for place in range(single.degree() - 1, 0, -1):
        weights.append(Fraction(int(single[place])) + most * weights[-1])
    made: list[list[Any]] = [[0] * size for _ in range(size)]
    for weight in weights:  # Horner's rule, with a matrix in place of the variable
        made = [
            [sum((made[r][k] * gram[k][c] for k in range(size)), weight if r == c else 0) for c in range(size)]
            for r in range(size)
        ]
    column = max(range(size), key=lambda place: abs(float(made[place][place])))
    chosen = [made[r][column] for r in range(size)]
    length = power(sum((value * value for value in chosen), Fraction(0)), _HALF)
    return [value / length for value in chosen]


def _products(rows: Rows) -> list[list[Any]]:
    """The inner products of the rows with one another."""
    if len(rows) > LARGEST:
        raise Unevaluable(f"a matrix has more than {LARGEST} rows and columns")
    return [[sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0)) for other in rows] for one in rows]


def _polynomial(gram: Rows) -> fmpz_poly:
    """The characteristic polynomial, times a number that makes its coefficients integers."""
    size, entries = len(gram), [fmpq(*Fraction(value).as_integer_ratio()) for row in gram for value in row]
    return fmpq_mat(size, size, entries).charpoly().numer()


def _roots(polynomial: fmpz_poly) -> list[tuple[Any, int]]:
    """All roots of a polynomial whose roots are real, with how often each is one; the rational ones exactly."""
    found: list[tuple[Any, int]] = []
    for factor, often in polynomial.factor()[1]:
        if factor.degree() == 1:
            found.append((Fraction(-int(factor[0]), int(factor[1])), int(often)))
            continue
        with ctx.workprec(PRECISION):
            isolated: Any = factor.complex_roots()
            found += [(Ball(root.real), int(often)) for root, _ in isolated]
    return found


def _greatest(values: Sequence[Any]) -> Any:
    """The greatest of the numbers, enclosed where two of them are not told apart."""
    best = values[0]
    for value in values[1:]:
        try:
            best = value if value > best else best
        except Unevaluable:
            one, other = (complex_number(number).real for number in (best, value))
            with ctx.workprec(PRECISION):
                best = Ball(one.max(other))
    return best


def _enclosed(gram: Rows) -> list[Any]:
    """The eigenvalues of a matrix of numbers that are only enclosed."""
    with ctx.workprec(PRECISION):
        entries = [complex_number(value) for row in gram for value in row]
        try:
            found = acb_mat(len(gram), len(gram), entries).eig(multiple=True)
        except (ValueError, ArithmeticError, NotImplementedError):
            raise Unevaluable("the singular values of a matrix are not known to enough digits") from None
    return [Ball(root.real) for root in found]
