r"""Gradients of linear functions of a vector or a matrix: $a^\top x$, $a^\top X b$ and $\mathrm{tr}(A X)$.

The function is written out in indices and differentiated by one entry; deltas leave one term, and what is left is
recognised in matrix notation: $\partial\,a^\top X b/\partial X = a b^\top$, $\partial\,\mathrm{tr}(A X)/\partial X =
A^\top$. Gradients have the shape of their variable.

Source: Petersen, Pedersen, The Matrix Cookbook, 2012, sections 2.4.1 and 2.5.1, (69), (70) and (100).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Add, Expr, Mul, preorder_traversal

from derive.constructs import matrix_jacobians as jacobians
from derive.constructs.construct import Claim, Construct
from derive.constructs.dense_layer import Matrix, Signal
from derive.constructs.matrix_jacobians import Known, added, exactly, m, matrix, n, rate, times, turned
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Condition, Context, Entry, IndexSum
from derive.language.forms import Form, of
from derive.language.terms import expanded
from derive.rules import combine
from derive.rules.algebra import algebra, definition
from derive.rules.bracketing import flat, rebracketed
from derive.rules.combine import Conversion, Moves, attempt, by, everywhere, first_of, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.expand import spread


def number(operation: str, *operands: Array) -> Entry:
    """The one number of a form without axes: a trace, a determinant, an inner product."""
    return Entry(of(operation, *operands))


def _core(term: Expr) -> Expr:
    return term.as_coeff_Mul()[1]


def _forms(e: Expr) -> set[Form]:
    return {part for part in preorder_traversal(e) if isinstance(part, Form)}


def _unfolded(kept: set[Form]) -> Conversion:
    """Every entry of a form as its definition says it, but for those that are kept."""

    def one(context: Context, e: Expr) -> Moves:
        if not (isinstance(e, Entry) and isinstance(e.array, Form)) or e.array in kept or e.array.definition is None:
            raise RuleDoesNotApply("{} stays as it is", e)
        return by(definition)(context, e)

    return attempt(everywhere(one))


def _flattened(context: Context, e: Expr) -> Moves:
    """Multiplied out; in each term all factors but a number within all sums."""
    out = expanded(e)
    moves: Moves = () if out == e else by(algebra, out)(context, e)
    for part in map(_core, Add.make_args(out)):
        if any(isinstance(factor, IndexSum) for factor in Mul.make_args(part)):
            moves += combine.at_part(part, flat)(context, moves[-1].after if moves else e)
    return moves


def _like(goal: Expr) -> Conversion:
    """Each term with its sums in the order of a term of the goal; then by algebra."""

    def run(context: Context, e: Expr) -> Moves:
        wanted = [rebracketed(_core(term)) for term in Add.make_args(goal)]
        parts = [part for part in map(_core, Add.make_args(e)) if isinstance(part, IndexSum)]
        ordered = then(*(attempt(combine.at_part(part, first_of(*wanted))) for part in parts))
        return then(ordered, exactly(goal))(context, e)

    return run


def in_matrices(right: Expr) -> Conversion:
    """The line as that term with entries of forms: both unfolded as far as they differ, multiplied out, compared.

    Fails: the line is not that term, as far as can be seen.
    """
    if not _forms(right):
        return exactly(right)
    outermost = {right.array} if isinstance(right, Entry) else set()

    def by_unfolding(context: Context, e: Expr, kept: set[Form]) -> Moves:
        target = combine.chain(context, right, _unfolded(kept)).end
        plain = then(_unfolded(kept), attempt(combine.repeat(combine.changing(spread))), attempt(undelta), _flattened)
        goal = combine.chain(context, target, plain).end
        gathered = one_line(then(plain, _like(goal), up_to(target, plain)), ("collect the sums",))
        folded = one_line(up_to(right, _unfolded(kept)), ("in matrix notation",))
        return then(first_of(combine.quietly(exactly(target)), gathered), folded)(context, e)

    def run(context: Context, e: Expr) -> Moves:
        common = _forms(e) & (_forms(right) - outermost)
        sets: tuple[set[Form], ...] = (common, set())
        return first_of(*(lambda c, t, kept=kept: by_unfolding(c, t, kept) for kept in sets))(context, e)

    return run


def gradient(path: str, title: str, value: Expr | Array, arrays: tuple[Array, ...], right: Any, oracle: Any,
             *facts: Condition, known: Callable[[], tuple[Known, ...]] = lambda: ()) -> Claim:  # fmt: skip
    """The claim that the gradient of the value with respect to the last array is the right side at r, s."""
    left = jacobians.change(value, arrays[-1])
    context = jacobians.around(left, arrays, *facts)
    told = Entry(right, *left.by.indices) if isinstance(right, Array) else right
    given: Text = ("Let ", *facts, ". ") if facts else ()
    asked: Text = (*given, "Find the gradient of ", left.term, " with respect to ", left.by.array, ".")

    def derive() -> Derivation:
        return jacobians.worked_out(path, context, left, in_matrices(told), *known())

    return Claim(path.split(".")[1], title, asked, context, left, derive, oracle)


def inner_oracle(n: int, r: int, a: Signal, x: Signal) -> Any:
    """a^T x."""
    return rate(lambda x: added(lambda k: a(k) * x(k), n), x, r)


def bilinear_oracle(m: int, n: int, r: int, s: int, a: Signal, b: Signal, X: Matrix) -> Any:
    """a^T X b."""
    return rate(lambda X: added(lambda h, k: a(h) * X(h, k) * b(k), m, n), X, r, s)


def traced_oracle(m: int, n: int, r: int, s: int, A: Matrix, X: Matrix) -> Any:
    """tr(A X)."""
    return rate(lambda X: added(lambda h, k: A(h, k) * X(k, h), n, m), X, r, s)


x, c, a, b = matrix("x", n), matrix("a", n), matrix("a", m), matrix("b", n)
X, A = matrix("X", m, n), matrix("A", n, m)
FORM, TRACE = number("inner", a, times(X, b)), number("trace", times(A, X))
CONSTRUCT = Construct(
    name="linear_gradients",
    title="Gradients of linear functions",
    about=("The entries of a vector x or a matrix X vary one by one; a, b and A are fixed.",),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Petersen, Pedersen, The Matrix Cookbook, 2012, sections 2.4.1 and 2.5.1",
    claims=(
        gradient("linear_gradients.vector", "A linear function of a vector",
                 number("inner", c, x), (c, x), c, inner_oracle),
        gradient("linear_gradients.bilinear", "A matrix between two vectors",
                 FORM, (a, b, X), of("outer", a, b), bilinear_oracle),
        gradient("linear_gradients.trace", "The trace of a product",
                 TRACE, (A, X), turned(A), traced_oracle),
    ),
)  # fmt: skip
