r"""A smooth function between a matrix and its inverse, $g(x; M) = M^{-1} f(M x)$: its derivatives in x and in M.

Here $z = M x$, f acts on each entry, and d has the numbers $f'(z_i)$. The Jacobian in x is
$J = M^{-1} \mathrm{Diag}(d) M$; in M, which stands in g twice and once as its inverse, the derivative of $g_i$ by
$M_{rs}$ is $(M^{-1})_{ir} (d_r x_s - g_s)$.

Source: Magnus, Neudecker, Matrix Differential Calculus, 2019, sections 8.4 (inverse) and 9.4; Petersen, Pedersen, The
Matrix Cookbook, 2012, (59).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, Mul

from derive.constructs.construct import Claim, Construct
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, Entry, IndexSum, Partial, array, between, declare, eq, integer, ne
from derive.language.forms import of
from derive.language.maps import Applied
from derive.language.numbers import moved, primal, slope
from derive.rules.algebra import algebra, fold_definition
from derive.rules.combine import Moves, attempt, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.forms import recognised
from derive.rules.inverses import invertible
from derive.rules.sums import constant_out_of_sum, sum_of_terms

_n = declare("n", "size", "number of entries")
_INDICES = tuple(declare(name, "integer", "index") for name in "ijrs")
n, (i, j, r, s), (k, p, q) = _n.symbol, (d.symbol for d in _INDICES), (integer(name) for name in "kpq")
m, x = array("M", (1, n), (1, n)), array("x", (1, n))
b = of("inverse", m)
z, d, g = (array(name, (1, n)) for name in "zdg")


def function(order: int, entry: Any) -> Applied:
    """f or its derivative."""
    return Applied("f", order, entry)


LAYER = (
    Definition(z, (i,), IndexSum(m[i, p] * x[p], p, 1, n)),
    Definition(d, (i,), function(1, z[i])),
    Definition(g, (i,), IndexSum(b[i, k] * function(0, z[k]), k, 1, n)),
)


def around(*indices: Any, given: tuple[Definition, ...] = ()) -> Context:
    """The map at these indices, with more definitions."""
    declared = tuple(declared for declared in _INDICES if declared.symbol in indices)
    inside = (*(between(1, index, n) for index in indices), ne(invertible(m), 0))
    return Context((_n, *declared), inside, (*LAYER, *given), (m, x))


IN_X, IN_M = around(i, j), around(i, r, s)


def _named(context: Context, e: Expr) -> Moves:
    """f'(z_k) is d_k, and the sum that g_i is by definition is g_i."""
    if isinstance(e, Applied) and e.order == 1 and isinstance(e.inside, Entry) and e.inside.array == z:
        return by(fold_definition, d[e.inside.indices])(context, e)
    if isinstance(e, IndexSum) and isinstance(e.body, Mul):
        rows = [f.indices[0] for f in e.body.args if isinstance(f, Entry) and f.array == b]
        return by(fold_definition, g[rows[0]])(context, e) if rows else by(fold_definition, g[1])(context, e)
    raise RuleDoesNotApply("{} has no name", e)


_NAMES = one_line(everywhere(_named), ("in the names given",))


def jacobian() -> Derivation:
    """M^-1 Diag(d) M."""
    form = of("product", b, of("product", of("diagonal", d), m))
    moves = then(differentiated(), undelta, _NAMES, recognised(form[i, j]))
    return derived("conjugated_map.jacobian", IN_X, Partial(g[i], x[j]), moves)


def matrix_jacobian() -> Derivation:
    """(M^-1)_ir (d_r x_s - g_s)."""
    terms = then(*(attempt(everywhere(by(law))) for law in (sum_of_terms, constant_out_of_sum)))
    left: Text = ("only ", eq(k, r), ", ", eq(p, s), " or ", eq(p, r), ", ", eq(q, s), " are left")
    only = one_line(then(terms, undelta, terms), left)
    factored = by(algebra, b[i, r] * (d[r] * x[s] - g[s]), reason=("take the common factor out",))
    moves = then(differentiated(), only, _NAMES, factored)
    return derived("conjugated_map.matrix_jacobian", IN_M, Partial(g[i], m[r, s]), moves)


Matrix = Callable[[int, int], Any]
Vector = Callable[[int], Any]
Function = Callable[[Any], Any]


def solved(rows: list[list[Any]]) -> list[Any]:
    """The solution of linear equations, each given with its right side last, by elimination."""
    for c in range(len(rows)):
        pivot = next((row for row in rows[c:] if primal(row[c]) != 0), None)
        if pivot is None:
            raise ZeroDivisionError
        rest = [row for row in rows[c:] if row is not pivot]
        below = [[value - row[c] / pivot[c] * above for value, above in zip(row, pivot, strict=True)] for row in rest]
        rows = [*rows[:c], pivot, *below]
    found: list[Any] = [0] * len(rows)
    for c in reversed(range(len(rows))):
        known = sum((rows[c][q] * found[q] for q in range(c + 1, len(rows))), Fraction(0))
        found[c] = (rows[c][-1] - known) / rows[c][c]
    return found


def value(n: int, M: Matrix, x: Vector, f: Function) -> list[Any]:
    """g, as the solution of M g = f(M x)."""
    right = [f(sum((M(p, q) * x(q) for q in range(1, n + 1)), Fraction(0))) for p in range(1, n + 1)]
    return solved([[Fraction(1) * M(p, q) for q in range(1, n + 1)] + [right[p - 1]] for p in range(1, n + 1)])


def jacobian_oracle(n: int, i: int, j: int, M: Matrix, x: Vector, f: Function) -> Any:
    """How one value changes with one entry of x."""
    return slope(lambda t: value(n, M, moved(x, (j,), t), f)[i - 1], x(j))


def matrix_jacobian_oracle(n: int, i: int, r: int, s: int, M: Matrix, x: Vector, f: Function) -> Any:
    """How one value changes with one entry of M."""
    return slope(lambda t: value(n, moved(M, (r, s), t), x, f)[i - 1], M(r, s))


CONSTRUCT = Construct(
    name="conjugated_map",
    title="A function between a matrix and its inverse",
    about=("Let ", z[i], " be the entries of M x, and ", g[i], " those of ", b, " f(M x), where f acts on each entry."),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Magnus, Neudecker, Matrix Differential Calculus, 2019, section 8.4; The Matrix Cookbook, 2012, (59)",
    claims=(
        Claim("jacobian", "Jacobian", ("Differentiate ", g[i], " with respect to ", x[j], "."),
              IN_X, Partial(g[i], x[j]), jacobian, jacobian_oracle),
        Claim("matrix_jacobian", "In the matrix", ("Differentiate ", g[i], " with respect to ", m[r, s], "."),
              IN_M, Partial(g[i], m[r, s]), matrix_jacobian, matrix_jacobian_oracle),
    ),
)  # fmt: skip
