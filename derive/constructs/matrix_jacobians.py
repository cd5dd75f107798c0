r"""Derivatives of products of matrices by a matrix in them, entry by entry.

All entries of X vary one by one, so $\partial X_{ij}/\partial X_{rs} = \delta_{ir}\delta_{js}$. A factor that is free
of X stays, and of the sum over an inner index one term is left: $\partial (A X B)_{ij}/\partial X_{rs} = A_{ir} B_{sj}$
and $\partial (A X^\top B)_{ij}/\partial X_{rs} = A_{is} B_{rj}$.

Source: Petersen, Pedersen, The Matrix Cookbook, 2012, section 2.4.1, (73) to (75).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product as places
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.constructs.dense_layer import Matrix
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation
from derive.language import Array, Condition, Context, Entry, Indicator, Partial, array, between, declare, eq
from derive.language.forms import of
from derive.language.numbers import moved, slope
from derive.rules.algebra import algebra
from derive.rules.combine import Conversion, Moves, attempt, by, derived, everywhere, first_of, one_line, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.lemmas import use_lemma
from derive.rules.sums import sum_of_terms

_SIZES = tuple(declare(name, "size", "number of rows or columns") for name in "mnpq")
_INDICES = tuple(declare(name, "integer", "row or column") for name in "ijrs")
m, n, p, q = (declared.symbol for declared in _SIZES)
i, j, r, s = (declared.symbol for declared in _INDICES)
Known = tuple[Derivation, Mapping[Any, Any]]
"""A lemma, and what stands for its sizes and arrays."""


def matrix(name: str, *sizes: Expr) -> Array:
    """A matrix, a vector or a number, with indices from 1."""
    return array(name, *((1, size) for size in sizes))


def times(first: Array, *others: Array) -> Array:
    """The matrix product, from left to right."""
    for other in others:
        first = of("product", first, other)
    return first


def turned(one: Array) -> Array:
    """The transpose."""
    return of("transpose", one)


def change(term: Expr | Array, variable: Array) -> Partial:
    """The derivative of a number, or of the entry at i, j of an array, by the entry of the variable at r, s."""
    number = Entry(term, *(i, j)[: len(term.axes)]) if isinstance(term, Array) else term
    return Partial(number, Entry(variable, *(r, s)[: len(variable.axes)]))


def around(left: Partial, arrays: tuple[Array, ...], *facts: Condition) -> Context:
    """The sizes of the arrays, and each index of the derivative in its range."""
    entries = [entry for entry in left.args if isinstance(entry, Entry)]
    axes = [pair for entry in entries for pair in zip(entry.indices, entry.array.axes, strict=True)]
    used = left.free_symbols.union(*(one.free_symbols for one in arrays))
    inside = (between(1, index, high) for index, (_, high) in axes)
    return Context(tuple(d for d in (*_SIZES, *_INDICES) if d.symbol in used), (*inside, *facts), (), arrays)


SETTLED = one_line(then(attempt(undelta), attempt(everywhere(by(sum_of_terms))), attempt(undelta)))


def worked_out(path: str, context: Context, left: Partial, finish: Conversion, *lemmas: Known) -> Derivation:
    """Differentiated, with what the lemmas know of derivatives; then the last lines."""

    def known(here: Context, e: Expr) -> Moves:
        if not (isinstance(e, Partial) and isinstance(e.term, Entry)):
            raise RuleDoesNotApply("{} is not the derivative of an entry", e)
        at = [dict(zip(lemma.left.args[0].indices, e.term.indices, strict=False)) for lemma, _ in lemmas]
        uses = [use_lemma(one, {**given, **where}) for (one, given), where in zip(lemmas, at, strict=True)]
        return first_of(*uses)(here, e)

    moves = then(differentiated(known), SETTLED, finish)
    return derived(path, context, left, moves, tuple(lemma for lemma, _ in lemmas))


def exactly(right: Expr) -> Conversion:
    """The line as that term, by algebra if need be."""
    return lambda context, e: () if e == right else by(algebra, right)(context, e)


def jacobian(name: str, title: str, whole: Array, arrays: tuple[Array, ...], right: Expr, oracle: Any) -> Claim:
    """How an entry of the whole depends on an entry of the last array."""
    left = change(whole, arrays[-1])
    context = around(left, arrays)

    def derive() -> Derivation:
        return worked_out(f"matrix_jacobians.{name}", context, left, exactly(right))

    return Claim(name, title, ("Differentiate ", left.term, " by ", left.by, "."), context, left, derive, oracle)


def added(term: Callable[..., Any], *sizes: int) -> Any:
    """The term added up, each of its indices from 1 to its size."""
    total: Any = 0
    for place in places(*(range(1, size + 1) for size in sizes)):
        total += term(*place)
    return total


def rate(value: Callable[[Any], Any], varied: Any, *place: int) -> Any:
    """How a value changes with one number of an array."""
    return slope(lambda number: value(moved(varied, place, number)), varied(*place))


def left_oracle(m: int, n: int, p: int, i: int, j: int, r: int, s: int, A: Matrix, X: Matrix) -> Any:
    """A X."""
    return rate(lambda X: added(lambda k: A(i, k) * X(k, j), m), X, r, s)


def right_oracle(m: int, n: int, q: int, i: int, j: int, r: int, s: int, B: Matrix, X: Matrix) -> Any:
    """X B."""
    return rate(lambda X: added(lambda k: X(i, k) * B(k, j), n), X, r, s)


def both_oracle(m: int, n: int, p: int, q: int, i: int, j: int, r: int, s: int, A: Matrix, B: Matrix, X: Matrix) -> Any:
    """A X B."""
    return rate(lambda X: added(lambda h, k: A(i, h) * X(h, k) * B(k, j), m, n), X, r, s)


def turned_oracle(m: int, n: int, p: int, q: int, i: int, j: int, r: int, s: int, A: Any, B: Any, X: Any) -> Any:
    """A X^T B."""
    return rate(lambda X: added(lambda h, k: A(i, h) * X(k, h) * B(k, j), n, m), X, r, s)


X, A, B = matrix("X", m, n), matrix("A", p, m), matrix("B", n, q)
C, D = matrix("A", p, n), matrix("B", m, q)
CONSTRUCT = Construct(
    name="matrix_jacobians",
    title="Products with a matrix that varies",
    about=("The entries of a matrix X with ", m, " rows and ", n, " columns vary one by one."),
    conventions=("indices from 1",),
    source="Petersen, Pedersen, The Matrix Cookbook, 2012, section 2.4.1, (73) to (75)",
    claims=(
        jacobian("left", "A factor on the left", times(A, X), (A, X), A[i, r] * Indicator(eq(j, s)), left_oracle),
        jacobian("right", "A factor on the right", times(X, B), (B, X), Indicator(eq(i, r)) * B[s, j], right_oracle),
        jacobian("both", "Factors on both sides", times(A, X, B), (A, B, X), A[i, r] * B[s, j], both_oracle),
        jacobian("turned", "The transpose between factors",
                 times(C, turned(X), D), (C, D, X), C[i, s] * D[r, j], turned_oracle),
    ),
)  # fmt: skip
