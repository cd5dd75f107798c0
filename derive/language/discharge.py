"""Discharging a condition: is it so at every point that the context allows, and by which means?

Means, in order: a hypothesis that says just this; isl or z3 through the context; for equations the exact zero test,
after equations among the hypotheses were inserted; for "not 0" of a product or power its factors; for "A or B" one
of them, the others denied. All of them answer yes only with a proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sympy import Expr, Mul, Pow, Symbol

from derive.language import AllOf, AnyOf, Compare, Condition, Context, all_of, ne, negate, substitute
from derive.language.conditions import is_false_for_numbers
from derive.language.zero import same_when

_DEEPEST = 6


@dataclass(frozen=True)
class Discharged:
    """Outcome for one condition: whether it was shown, by what, on which hypotheses; else a breaking point."""

    condition: Condition
    shown: bool
    by: str
    used: tuple[Condition, ...] = ()
    point: tuple[tuple[Symbol, Fraction], ...] = ()


def discharge(context: Context, condition: Condition, explain: bool = False, depth: int = 0) -> Discharged:
    """Show the condition from the context, or say that it could not be shown.

    Args:
        context: What is known.
        condition: What is wanted; its free symbols that are not declared stand for every integer or real.
        explain: Whether to find out which hypotheses were needed (this asks again without each of them).
        depth: How many conditions within conditions have been opened.

    Example:
        >>> from derive.language import declare, ge
        >>> c = Context((declare("L", "size"),))
        >>> discharge(c, ge(c.symbols[0], 0)).by
        'isl'
    """
    if isinstance(condition, AllOf):
        return _every(context, condition, explain, depth)
    if isinstance(condition, Compare) and condition.op == "=":
        found = _same_here(context, condition.left, condition.right, depth)
        if found:
            return Discharged(condition, True, "zero test", found.used)
    if isinstance(condition, Compare) and not (condition.left.is_infinite or condition.right.is_infinite):
        difference = condition.left - condition.right
        if difference.is_Rational:
            return Discharged(condition, not is_false_for_numbers(condition), "arithmetic")
    decision = context.decide(condition)
    if decision.value is True:
        return Discharged(condition, True, decision.by, context.needed_for(condition) if explain else ())
    failure = Discharged(condition, False, decision.by, (), decision.point if decision.value is False else ())
    if depth >= _DEEPEST or decision.value is False:
        return failure
    if isinstance(condition, Compare):
        found = _equation(context, condition, depth) or _not_zero(context, condition, explain, depth)
        return found or failure
    if isinstance(condition, AnyOf):
        for chosen in condition.args:
            others = [negate(c) for c in condition.args if c is not chosen]
            if isinstance(chosen, Compare) and chosen.op in ("=", "!="):
                inner = discharge(context.with_hypotheses(*others), chosen, explain, depth + 1)
                if inner.shown:
                    used = tuple(h for h in inner.used if h not in others)
                    return Discharged(condition, True, inner.by, used)
    return failure


def _every(context: Context, condition: AllOf, explain: bool, depth: int) -> Discharged:
    used: dict[Condition, None] = {}
    means: dict[str, None] = {}
    for part in condition.args:
        found = discharge(context, part, explain, depth)
        if not found.shown:
            return Discharged(condition, False, found.by, (), found.point)
        used.update(dict.fromkeys(found.used))
        means[found.by] = None
    return Discharged(condition, True, ", ".join(means) or "arithmetic", tuple(used))


def _same_here(context: Context, left: Expr, right: Expr, depth: int) -> Discharged | None:
    """The zero test, with what it asks for shown here."""
    conditions = same_when(left, right)
    if conditions is None or (conditions and depth >= _DEEPEST):
        return None
    asked = all_of(*conditions)
    if not conditions:
        return Discharged(asked, True, "zero test")
    found = discharge(context, asked, True, depth + 1)
    return found if found.shown else None


def _equation(context: Context, condition: Compare, depth: int) -> Discharged | None:
    """Equations `symbol = term` among the hypotheses, inserted; then the zero test."""
    if condition.op != "=":
        return None
    left, right = condition.left, condition.right
    used = []
    for fact in context.facts:
        if not (isinstance(fact, Compare) and fact.op == "="):
            continue
        for symbol, value in ((fact.left, fact.right), (fact.right, fact.left)):
            if isinstance(symbol, Symbol) and symbol not in value.free_symbols:
                left, right = substitute(left, {symbol: value}), substitute(right, {symbol: value})
                used.append(fact)
                break
        shown = _same_here(context, left, right, depth)
        if shown:
            return Discharged(condition, True, "zero test", (*used, *shown.used))
    return None


def _not_zero(context: Context, condition: Compare, explain: bool, depth: int) -> Discharged | None:
    """A product is not 0 if no factor is, a power if its base is not."""
    if condition.op != "!=" or condition.right != 0:
        return None
    if isinstance(condition.left, Mul):
        parts = [ne(factor, 0) for factor in condition.left.args]
    elif isinstance(condition.left, Pow):
        parts = [ne(condition.left.base, 0)]
    else:
        return None
    found = discharge(context, all_of(*parts), explain, depth + 1)
    return Discharged(condition, True, found.by, found.used) if found.shown else None


def contradictory(context: Context, *conditions: Condition) -> bool:
    """Whether the conditions cannot all hold in the context."""
    together = all_of(*conditions)
    return discharge(context, negate(together)).shown
