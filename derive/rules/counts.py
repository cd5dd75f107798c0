"""How many integers a condition leaves: a sum of indicators between limits that are found by hand, as floors are."""

from __future__ import annotations

from sympy import Basic, Expr

from derive.kernel.derivation import Text
from derive.language import Condition, Context, negate
from derive.rules.algebra import definition
from derive.rules.combine import Conversion, Moves, by, by_cases, everywhere, one_line, quietly, then
from derive.rules.deltas import settled
from derive.rules.sums import empty_sum, restrict_to_support, sum_of_constant


def between_limits(low: Expr, high: Expr, *reason: str | Basic) -> Conversion:
    """A sum over all integers becomes one from low to high, without the indicators that hold there, as one line.

    Fails: e is not a sum.
    """
    limits = by(restrict_to_support, low, high)
    return one_line(then(limits, quietly(everywhere(settled))), reason or ("the condition, solved for the index",))


def counted(low: Expr, high: Expr, if_any: Condition | None, told: Text, *reason: str | Basic) -> Conversion:
    """An entry that is defined as a count, worked out; by cases, unless there is at least one in any case.

    Args:
        low: The least integer that counts.
        high: The greatest.
        if_any: When there is at least one; None where it is known.
        told: Why the count is that sum.
        reason: Why these are the limits.
    """

    def run(context: Context, e: Expr) -> Moves:
        last = by(sum_of_constant)
        if if_any is not None:
            last = by_cases(((if_any, by(sum_of_constant)), (negate(if_any), by(empty_sum))))
        return then(by(definition, reason=told), between_limits(low, high, *reason), last)(context, e)

    return run
