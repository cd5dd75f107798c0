"""Which laws may be used on the spectral norm of a matrix that is made of others, by what its definition says."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, Mul, Symbol

from derive.language import Context, Entry, IndexSum
from derive.language.forms import Form
from derive.language.symbols import fresh
from derive.language.terms import expanded, names_in
from derive.rules.combine import Conversion, by
from derive.rules.norms import spectral_of_outer
from derive.rules.spectral import (
    spectral_of_combination,
    spectral_of_product,
    spectral_of_rotated,
    spectral_of_square,
)


def equalities(context: Context, norm: Expr) -> Iterator[Conversion]:
    """Laws by which the norm is equal to something plainer, where it may be: of f(i)*g(j), c*A, A', A'A, U*A."""
    made = _definition(context, norm)
    if made is None:
        return
    row, column, body = made
    if len(Add.make_args(body)) == 1:
        yield by(spectral_of_combination, body, row, column)
    factors = _factors(body)
    if len(factors) == 2:
        yield by(spectral_of_square, Mul(*factors), row, column)
        yield by(spectral_of_rotated, factors[0], factors[1], row, column)
        yield by(spectral_of_rotated, factors[1], factors[0], row, column)
    across, down = body.as_independent(row, as_Add=False)
    yield by(spectral_of_outer, down, row, across, column)


def bounds(context: Context, norm: Expr) -> Iterator[Conversion]:
    """Laws by which the norm is at most something plainer: of a sum, of a product."""
    made = _definition(context, norm)
    if made is None:
        return
    row, column, body = made
    if len(Add.make_args(body)) > 1:
        yield by(spectral_of_combination, body, row, column)
    factors = _factors(body)
    if factors:
        yield by(spectral_of_product, Mul(*factors), row, column)


def _definition(context: Context, norm: Expr) -> tuple[Symbol, Symbol, Expr] | None:
    """The row, the column and the entry there, of the matrix of which the norm is taken."""
    if not (isinstance(norm, Entry) and isinstance(norm.array, Form) and norm.array.operation == "spectral_norm"):
        return None
    found = context.definition_of(norm.array.operands[0])
    if found is None:
        return None
    taken = set(context.names) | names_in(found.body)
    row = fresh(found.parameters[0].name, taken)
    column = fresh(found.parameters[1].name, taken | {row.name})
    return row, column, expanded(found.at((row, column)))


def _factors(body: Expr) -> tuple[Expr, ...]:
    """The factors of what is summed, if sums of a product are all there is."""
    if not isinstance(body, IndexSum):
        return ()
    while isinstance(body, IndexSum):
        body = body.body
    return Mul.make_args(body)
