"""Discharging a condition: is it so at every point that the context allows, and by which means?

Means, in order: a hypothesis that says just this; isl or z3 through the context; for equations the exact zero test,
after equations among the hypotheses were inserted; for "not 0" of a product or power its factors; for "A or B" one
of them, the others denied. All of them answer yes only with a proof.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from sympy import Expr, Mul, Pow, Symbol

from derive.errors import IllFormed
from derive.language import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Context,
    Entry,
    IndexSum,
    Partial,
    all_of,
    ne,
    negate,
    substitute,
    subterms,
)
from derive.language.conditions import FALSE, is_false_for_numbers
from derive.language.signs import not_negative_when, positive_when
from derive.language.terms import names_in
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
        found = (
            _equation(context, condition, depth)
            or _by_sign(context, condition, explain, depth)
            or _not_zero(context, condition, explain, depth)
            or _inserted(context, condition, explain, depth)
            or _by_definition(context, condition, explain, depth)
        )
        return found or failure
    if isinstance(condition, AnyOf):
        for chosen in condition.args:
            others = [negate(c) for c in condition.args if c is not chosen]
            if isinstance(chosen, Compare):
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
                try:
                    left, right = substitute(left, {symbol: value}), substitute(right, {symbol: value})
                except IllFormed:
                    continue  # what a derivative holds fixed is not replaced by what moves
                used.append(fact)
                break
        shown = _same_here(context, left, right, depth)
        if shown:
            return Discharged(condition, True, "zero test", (*used, *shown.used))
    return None


def _by_sign(context: Context, condition: Compare, explain: bool, depth: int) -> Discharged | None:
    """`u > 0`, `u >= 0`, `u != 0` (or u > v) by the way u is built: positive factors, squares, sums of them."""
    if condition.op == "=":
        return None
    less = condition.op in ("<", "<=")
    difference = condition.right - condition.left if less else condition.left - condition.right
    wanted = not_negative_when(difference) if condition.op in ("<=", ">=") else positive_when(difference)
    if condition.op == "!=" and wanted == FALSE:
        wanted = positive_when(-difference)
    if wanted in (FALSE, condition):
        return None
    found = discharge(context, wanted, explain, depth + 1)
    return Discharged(condition, True, "its sign", found.used) if found.shown else None


def _inserted(context: Context, condition: Compare, explain: bool, depth: int) -> Discharged | None:
    """An inequality about entries, with an equation `index = term` among the hypotheses inserted."""
    if condition.op == "=" or not condition.has(Entry) or condition.has(Partial):
        return None
    for fact in context.facts:
        if not (isinstance(fact, Compare) and fact.op == "="):
            continue
        for symbol, value in ((fact.left, fact.right), (fact.right, fact.left)):
            if not (isinstance(symbol, Symbol) and symbol in condition.free_symbols - value.free_symbols):
                continue
            fewer = replace(context, hypotheses=tuple(h for h in context.hypotheses if h != fact))
            found = discharge(fewer, substitute(condition, {symbol: value}), explain, depth + 1)
            if found.shown:
                return Discharged(condition, True, found.by, (fact, *found.used))
    return None


def _by_definition(context: Context, condition: Compare, explain: bool, depth: int) -> Discharged | None:
    """The condition with what its entries are by definition, where their indices are in range."""
    values: dict[Expr, Expr] = {}
    used: list[Condition] = []
    bound = {t.index for t in subterms(condition) if isinstance(t, IndexSum)}
    if any(isinstance(t, Partial) for t in subterms(condition)):
        return None  # what is known at the point need not be so around it
    for entry in sorted(condition.atoms(Entry), key=str):
        meaning = context.definition_of(entry.array)
        if meaning is None or meaning.is_recursive or bound & (entry.free_symbols | meaning.body.free_symbols):
            continue
        inside = discharge(context, entry.in_range, explain, depth + 1)
        if inside.shown:
            values[entry] = meaning.at(entry.indices, context.names | names_in(condition))
            used += inside.used
    if not values:
        return None
    found = discharge(context, condition.xreplace(values), explain, depth + 1)
    return Discharged(condition, True, found.by, (*used, *found.used)) if found.shown else None


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
