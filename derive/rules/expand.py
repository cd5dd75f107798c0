"""Sums multiplied out: a finite sum of a sum of terms as sums of terms, constants in front."""

from __future__ import annotations

from sympy import Add, Expr

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Text
from derive.language import Context, IndexSum
from derive.language.terms import expanded
from derive.rules.algebra import algebra
from derive.rules.combine import Conversion, Moves, at, attempt, by, everywhere, one_line, then, up_to
from derive.rules.sums import constant_out_of_sum, sum_of_terms


def multiplied_out(context: Context, e: Expr) -> Moves:
    """The summand of a sum multiplied out.

    Fails: e is not a sum; nothing changes.
    """
    if not isinstance(e, IndexSum):
        raise RuleDoesNotApply("{} is not a sum", e)
    after = expanded(e.body)
    if after == e.body:
        raise RuleDoesNotApply("{} is multiplied out", e.body)
    return at((0,), by(algebra, after, reason=("multiply out",)))(context, e)


def _by_terms(context: Context, e: Expr) -> Moves:
    if not (isinstance(e, IndexSum) and isinstance(e.body, Add)):
        raise RuleDoesNotApply("{} is not a sum of terms", e)
    return by(sum_of_terms, reason=("sum term by term",))(context, e)


def spread(context: Context, e: Expr) -> Moves:
    """All sums in the line multiplied out, taken term by term, with their constant factors in front."""
    steps: tuple[Conversion, ...] = (multiplied_out, _by_terms, by(constant_out_of_sum))
    return then(*(attempt(everywhere(step)) for step in steps))(context, e)


def up_to_alike(target: Expr, conversion: Conversion, reason: Text = ()) -> Conversion:
    """Up to the target as one line: the conversion's way down from it ends, but for algebra, at the line here."""

    def run(context: Context, e: Expr) -> Moves:
        return one_line(up_to(target, then(conversion, by(algebra, e))), reason)(context, e)

    return run


def spread_in_one(context: Context, e: Expr) -> Moves:
    """As `spread`, told as one line."""
    return one_line(spread)(context, e)
