"""Indicators taken out of the sums whose index they do not mention, to meet the sum whose index they do."""

from __future__ import annotations

from sympy import Expr, Mul

from derive.errors import RuleDoesNotApply
from derive.language import Context, IndexSum, Indicator
from derive.rules.combine import Moves, attempt, by, changing, everywhere, quietly, repeat, then
from derive.rules.deltas import undelta
from derive.rules.sums import constant_out_of_sum


def indicator_outwards(context: Context, e: Expr) -> Moves:
    """A sum whose summand has an indicator that is free of the index, with its constant factors in front.

    Fails: e is not such a sum.
    """
    if not isinstance(e, IndexSum):
        raise RuleDoesNotApply(f"{e} is not a sum")
    factors = [f for f in Mul.make_args(e.body) if isinstance(f, Indicator)]
    if not any(e.index not in f.free_symbols for f in factors):
        raise RuleDoesNotApply(f"no indicator in {e} is free of {e.index}")
    return by(constant_out_of_sum)(context, e)


def undelta_outwards(context: Context, e: Expr) -> Moves:
    """All deltas worked against their sums, also those that a sum in between hides.

    Where the summand is not affine (a symbolic stride) nothing is known of where the inner sum is 0, and a delta in it
    does not pick the index of the outer sum until it stands in front.
    """
    outwards = quietly(everywhere(indicator_outwards))
    return attempt(repeat(changing(then(changing(outwards), undelta))))(context, e)
