r"""Derivatives of the inverse and of the determinant of a matrix whose entries vary one by one.

With B for the inverse of M: $\partial B_{ij}/\partial M_{rs} = -B_{ir} B_{sj}$, derived from $M B = I$, which does not
move. Jacobi's formula gives $\partial \det M/\partial M = \det(M)\,M^{-\top}$, and with it the derivative of the
logarithm where the determinant is positive.

Source: Magnus, Neudecker, Matrix Differential Calculus, 2019, section 8.4, theorem 3 (inverse), section 8.3, theorem 1
and its corollary (determinant); Petersen, Pedersen, The Matrix Cookbook, 2012, (49), (57), (60), (63).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, log

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import Condition, Context, Entry, Partial, array, between, declare, gt, ne
from derive.language.forms import of
from derive.language.numbers import log as logarithm
from derive.language.numbers import slope
from derive.rules.combine import Conversion, at_part, derived, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.forms import recognised
from derive.rules.inverses import inverse_differentiated

_n = declare("n", "size", "number of rows and columns")
_INDICES = tuple(declare(name, "integer", "index") for name in "ijrs")
n, (i, j, r, s) = _n.symbol, (d.symbol for d in _INDICES)
m = array("M", (1, n), (1, n))
b, det = of("inverse", m), Entry(of("determinant", m))
turned = of("transpose", b)


def _at(fact: Condition, *indices: Any) -> Context:
    declared = tuple(d for d in _INDICES if d.symbol in indices)
    return Context((_n, *declared), (*(between(1, index, n) for index in indices), fact), (), (m,))


PAIR, PLACE, POSITIVE = _at(ne(det, 0), i, j, r, s), _at(ne(det, 0), r, s), _at(gt(det, 0), r, s)
ENTRY, WHOLE, LOGARITHM = Partial(b[i, j], m[r, s]), Partial(det, m[r, s]), Partial(log(det), m[r, s])
TRACE = Partial(Entry(of("trace", b)), m[r, s])
MINUS = of("scaled", -1, of("transpose", of("product", b, b)))


def _shown(name: str, context: Context, left: Expr, *finish: Conversion, first: Conversion | None = None) -> Derivation:
    start = () if first is None else (first,)
    return derived(f"matrix_inverse.{name}", context, left, then(*start, differentiated(), undelta, *finish))


def derivative() -> Derivation:
    """-(M^-1)_ir (M^-1)_sj."""
    return _shown("derivative", PAIR, ENTRY, first=inverse_differentiated)


def determinant() -> Derivation:
    """det(M) M^-T."""
    return _shown("determinant", PLACE, WHOLE, at_part(b[s, r], recognised(turned[r, s])))


def log_determinant() -> Derivation:
    """M^-T."""
    return _shown("log_determinant", POSITIVE, LOGARITHM, recognised(turned[r, s]))


def trace() -> Derivation:
    """-(M^-1 M^-1)^T."""
    return _shown("trace", PLACE, TRACE, recognised(MINUS[r, s]))


Matrix = Callable[[int, int], Any]


def expanded(rows: list[list[Any]]) -> Any:
    """The determinant by the first row."""
    total: Any = 0 if rows else 1
    for c, value in enumerate(rows[0] if rows else ()):
        minor = expanded([row[:c] + row[c + 1 :] for row in rows[1:]])
        total = total + (-value if c % 2 else value) * minor
    return total


def listed(n: int, M: Matrix) -> list[list[Any]]:
    """The matrix as rows."""
    return [[M(p, q) for q in range(1, n + 1)] for p in range(1, n + 1)]


def cofactor(rows: list[list[Any]], i: int, j: int) -> Any:
    """One number of the inverse by Cramer's rule, counted from 1."""
    left = [[value for c, value in enumerate(row, 1) if c != i] for r, row in enumerate(rows, 1) if r != j]
    return (-1) ** (i + j) * expanded(left) / expanded(rows)


def _moved(M: Matrix, r: int, s: int, value: Any) -> Matrix:
    return lambda p, q: value if (p, q) == (r, s) else M(p, q)


def derivative_oracle(n: int, i: int, j: int, r: int, s: int, M: Matrix) -> Any:
    """How one entry of the inverse changes with one entry of the matrix."""
    return slope(lambda t: cofactor(listed(n, _moved(M, r, s, t)), i, j), M(r, s))


def determinant_oracle(n: int, r: int, s: int, M: Matrix) -> Any:
    """How the determinant changes with one entry."""
    return slope(lambda t: expanded(listed(n, _moved(M, r, s, t))), M(r, s))


def log_determinant_oracle(n: int, r: int, s: int, M: Matrix) -> Any:
    """How the logarithm of the determinant changes with one entry."""
    return slope(lambda t: logarithm(expanded(listed(n, _moved(M, r, s, t)))), M(r, s))


def trace_oracle(n: int, r: int, s: int, M: Matrix) -> Any:
    """How the diagonal of the inverse, added up, changes with one entry."""

    def diagonal(t: Any) -> Any:
        rows = listed(n, _moved(M, r, s, t))
        return sum(cofactor(rows, p, p) for p in range(1, n + 1))

    return slope(diagonal, M(r, s))


CONSTRUCT = Construct(
    name="matrix_inverse",
    title="Inverse and determinant",
    about=("A matrix has ", n, " rows and columns, and its entries vary one by one."),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Magnus, Neudecker, Matrix Differential Calculus, 2019, sections 8.3 and 8.4",
    claims=(
        Claim("derivative", "The inverse", ("Differentiate ", b[i, j], " with respect to ", m[r, s], "."),
              PAIR, ENTRY, derivative, derivative_oracle),
        Claim("determinant", "The determinant", ("Find the gradient of ", det, " with respect to ", m, "."),
              PLACE, WHOLE, determinant, determinant_oracle),
        Claim("log_determinant", "Its logarithm", ("Find the gradient of ", log(det), " where it has a value."),
              POSITIVE, LOGARITHM, log_determinant, log_determinant_oracle),
        Claim("trace", "The trace of the inverse", ("Find the gradient of ", Entry(of("trace", b)), "."),
              PLACE, TRACE, trace, trace_oracle),
    ),
)  # fmt: skip
