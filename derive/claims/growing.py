"""Statements about growth: constants, thresholds or points against them are searched, then judged by the checker."""

from __future__ import annotations

from sympy import Expr

from derive.claims.accepting import accepted, derivation_of
from derive.claims.normalising import STUMBLES, closed, safely, spread_out
from derive.claims.statements import Answer, Statement, Witness
from derive.errors import DeriveError
from derive.kernel.derivation import Derivation
from derive.language import Context, IndexSum
from derive.rules import load_laws
from derive.rules.combine import then
from derive.rules.growth import Comparison, derive_growth
from derive.rules.growth_check import judged
from derive.rules.growth_search import decided


def _in_closed_form(context: Context, side: Expr) -> Expr:
    """The same without sums, if the checker accepts that it is the same; then it grows alike."""
    if not side.has(IndexSum):
        return side
    moves = safely(then(safely(spread_out), safely(closed)))(context, side)
    if not moves or accepted(derivation_of(context, side, moves[-1].after, moves), {}) is None:
        return side
    return moves[-1].after


def grown(statement: Statement, until: float) -> Answer:
    """What is known of `left = O(right)` and its like.

    Example:
        >>> from derive.language import Context, declare
        >>> n = declare("n", "size")
        >>> square = Statement(Context((n,)), n.symbol**2, "O", n.symbol, tends=(n.symbol,))
        >>> grown(square, 10).verdict
        'refuted'
    """
    load_laws()
    left, right = statement.left, statement.right
    assert isinstance(left, Expr) and isinstance(right, Expr)
    tends = statement.tends or tuple(d.symbol for d in statement.context.declarations if d.sort == "size")
    if not tends:
        return Answer("undecided", ("nothing is said to grow",))
    left, right = (_in_closed_form(statement.context, side) for side in (left, right))
    asked = Comparison(statement.context, left, statement.relation, right, tends)
    try:
        found = decided(asked)
        made = derive_growth("claim", found)
        derivations: tuple[Derivation, ...] = tuple(made)
        verdict = judged(found, derivations).verdict
    except (DeriveError, *STUMBLES) as problem:
        return Answer("undecided", (f"no constants and no points against it were found: {problem}",))
    if verdict.kind != "proved":
        return Answer("undecided", (verdict.why or "the checker does not accept what was found",))
    looked = len(derivations)
    if found.kind == statement.relation:
        names = (("C", found.above), ("c", found.below))
        told = tuple(f"{name} = {value}" for name, value in names if value is not None)
        return Answer("proved", ("definition of growth", *told), looked=looked)
    points = tuple((symbol.name, str(value)) for symbol, value in found.along)
    witness = Witness(points, str(left), str(right), "for every C and n_0, at these points")
    return Answer("refuted", ("a family of points",), witness=witness, looked=looked)
