"""Working out expectations, variances and covariances: the laws of moments, in the order in which one uses them."""

from __future__ import annotations

from sympy import Add, Expr, Mul, Pow

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Step, Text
from derive.language import Context
from derive.language.chance import Expectation
from derive.language.discharge import discharge
from derive.language.terms import expanded
from derive.rules.algebra import algebra
from derive.rules.bracketing import multiplied_in
from derive.rules.combine import Conversion, Moves, at, attempt, by, changing, everywhere, first_of, one_line, then
from derive.rules.independence import independent_factors
from derive.rules.moments import (
    expectation_of_constant,
    expectation_of_multiple,
    expectation_of_sum,
    expectation_of_terms,
    square_of_sum,
    stated_mean,
    stated_square,
    stated_variance,
    uncorrelated_entries,
)

LINEAR: Text = ("the expectation is linear",)


def _one_linear(context: Context, e: Expr) -> Moves:
    laws = (expectation_of_constant, expectation_of_multiple, expectation_of_terms, expectation_of_sum)
    return first_of(*(by(law) for law in laws))(context, e)


def linear(reason: Text = LINEAR) -> Conversion:
    """Expectations taken into sums and terms, with what is not random in front, as one line."""
    return one_line(everywhere(_one_linear), reason)


def factored(context: Context, e: Expr) -> Moves:
    """An expectation of a product as the product of the expectations of its independent factors.

    Factors that rest on a common random array stay together where their entries are not known to be unlike.
    Fails: e is no expectation of a product, or it stays in one.
    """
    if not (isinstance(e, Expectation) and isinstance(e.body, Mul)):
        raise RuleDoesNotApply("{} is not the expectation of a product", e)
    for factor in e.body.args:
        mine = context.random_in(factor)
        group = [f for f in e.body.args if context.random_in(f) & mine]
        for first in (Mul(*group), factor):
            if first == e.body:
                continue
            try:
                step = independent_factors(context, e, first)
            except RuleDoesNotApply:
                continue
            if all(discharge(context, c).shown for c in step.conditions):
                return (step,)
    raise RuleDoesNotApply("no factor of {} is independent of the others", e.body)


def into_factors(reason: Text = ("independent factors",)) -> Conversion:
    """All expectations of products as products of expectations, as far as the factors are independent; one line."""
    return one_line(everywhere(factored), reason)


def stated(reason: Text = ()) -> Conversion:
    """The means, mean squares and variances that are stated, inserted everywhere, as one line."""
    laws = (stated_mean, stated_square, stated_variance)
    return one_line(everywhere(first_of(*(by(law) for law in laws))), reason or ("the moments that are given",))


def multiplied_body(context: Context, e: Expr) -> Moves:
    """The term of an expectation multiplied out.

    Fails: e is no expectation; nothing changes.
    """
    if not isinstance(e, Expectation):
        raise RuleDoesNotApply("{} is not an expectation", e)
    after = expanded(e.body)
    if after == e.body or not isinstance(after, Add):
        raise RuleDoesNotApply("{} is multiplied out", e.body)
    return at((0,), by(algebra, after, reason=("multiply out",)))(context, e)


def _square(context: Context, e: Expr) -> Moves:
    if not isinstance(e, Pow):
        raise RuleDoesNotApply("{} is not a square", e)
    return by(square_of_sum)(context, e)


def pairs(reason: Text = ("the square of a sum as a sum over pairs",)) -> Conversion:
    """Squares of finite sums as sums over pairs, with all factors inside, as one line."""
    return one_line(then(everywhere(_square), attempt(everywhere(changing(multiplied_in)))), reason)


def uncorrelated(reason: Text = ("uncorrelated entries",)) -> Conversion:
    """Expectations of products of two entries of an array whose entries are uncorrelated, as one line."""
    return one_line(everywhere(if_stated(by(uncorrelated_entries))), reason)


def if_stated(conversion: Conversion) -> Conversion:
    """The conversion where all that its steps need is known."""

    def run(context: Context, e: Expr) -> Moves:
        moves = conversion(context, e)
        for move in moves:
            if isinstance(move, Step) and not all(discharge(context, c).shown for c in move.conditions):
                raise RuleDoesNotApply("{} is not known", move.conditions)
        return moves

    return run
