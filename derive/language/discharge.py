"""Discharging a condition: is it so at every point that the context allows, and by which means?

Means, in order: a hypothesis that says just this; isl or z3 through the context; for equations the exact zero test,
after equations among the hypotheses were inserted; for "not 0" of a product or power its factors; for "A or B" one
of them, the others denied. All of them answer yes only with a proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import product

from sympy import Expr, Mul, Pow, Symbol

from derive.errors import IllFormed
from derive.language import (
    AllOf,
    AnyOf,
    Array,
    Compare,
    Condition,
    Context,
    Entry,
    ForAll,
    IndexSum,
    Largest,
    Partial,
    Ranged,
    all_of,
    le,
    ne,
    negate,
    parts_of,
    substitute,
    subterms,
)
from derive.language.chance import Moment, moments_in
from derive.language.conditions import FALSE, is_false_for_numbers
from derive.language.forms import Form, of
from derive.language.growth import cleared, least_values, stays_above
from derive.language.restating import restated, says, with_plain_equations
from derive.language.signs import not_negative_when, positive_when
from derive.language.solver import FEW_STEPS
from derive.language.symbols import fresh, in_letters, is_integer
from derive.language.terms import bound_names, expanded, names_in, renamed_apart, with_standard_indices
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
    return _discharged(context, condition, explain, depth)


@lru_cache(8192)
def _discharged(context: Context, condition: Condition, explain: bool, depth: int) -> Discharged:
    """A search asks the same again and again; nothing but the arguments decides what comes of it."""
    if isinstance(condition, AllOf):
        return _every(context, condition, explain, depth)
    if isinstance(condition, ForAll):
        return _at_any_index(context, condition, explain, depth)
    if isinstance(condition, Compare) and condition.op == "=":
        found = _same_here(context, condition.left, condition.right, explain, depth)
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
            _equation(context, condition, explain, depth)
            or _by_growth(context, condition)
            or _by_sign(context, condition, explain, depth)
            or _not_zero(context, condition, explain, depth)
            or _inserted(context, condition, explain, depth)
            or _instantiated(context, condition, explain, depth)
            or _by_definition(context, condition, explain, depth)
        )
        return found or failure
    if isinstance(condition, AnyOf):
        for chosen in condition.args:
            others = [negate(c) for c in condition.args if c is not chosen]
            if isinstance(chosen, (Compare, ForAll, AllOf)):
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


def _same_here(context: Context, left: Expr, right: Expr, explain: bool, depth: int) -> Discharged | None:
    """The zero test, with what it asks for shown here."""
    conditions = same_when(left, right)
    if conditions is None or (conditions and depth >= _DEEPEST):
        return None
    asked = all_of(*conditions)
    if not conditions:
        return Discharged(asked, True, "zero test")
    found = discharge(context, asked, explain, depth + 1)
    return found if found.shown else None


def _equation(context: Context, condition: Compare, explain: bool, depth: int) -> Discharged | None:
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
        shown = _same_here(context, left, right, explain, depth)
        if shown:
            return Discharged(condition, True, "zero test", (*used, *shown.used))
    return None


def _by_growth(context: Context, condition: Compare) -> Discharged | None:
    """An inequality between polynomials or quotients that holds from the least values of their symbols on."""
    if condition.op in ("=", "!="):
        return None
    less = condition.op in ("<", "<=")
    room = condition.right - condition.left if less else condition.left - condition.right
    least = least_values(context.facts)
    if stays_above(room, least, condition.op in ("<", ">")):
        used = tuple(least[s][1] for s in sorted(room.free_symbols, key=in_letters))
        return Discharged(condition, True, "growth", used)
    wanted = cleared(condition, least)
    plain = {cleared(fact, least): fact for fact in context.facts}
    if wanted == condition and all(new is old for new, old in plain.items()):
        return None
    known = context.with_hypotheses(*plain)
    if known.decide(wanted).value is not True:
        room = wanted.right - wanted.left if less else wanted.left - wanted.right
        if not stays_above(room, least, condition.op in ("<", ">")):
            return None
        met = sorted(condition.free_symbols & least.keys(), key=in_letters)
        return Discharged(condition, True, "growth", tuple(least[s][1] for s in met))
    used = tuple(dict.fromkeys(plain.get(fact, fact) for fact in known.needed_for(wanted)))
    return Discharged(condition, True, "z3", used)


def _by_sign(context: Context, condition: Compare, explain: bool, depth: int) -> Discharged | None:
    """`u > 0`, `u >= 0`, `u != 0` (or u > v) by the way u is built: positive factors, squares, sums of them."""
    if condition.op == "=":
        return None
    less = condition.op in ("<", "<=")
    difference = condition.right - condition.left if less else condition.left - condition.right
    wanted = not_negative_when(difference) if condition.op in ("<=", ">=") else positive_when(difference)
    if condition.op == "!=" and wanted == FALSE:
        wanted = positive_when(-difference)
    if condition.op in ("<=", ">=") and wanted == FALSE and is_integer(difference):
        wanted = positive_when(difference + 1)
    if wanted in (FALSE, condition):
        return None
    found = discharge(context, wanted, explain, depth + 1)
    return Discharged(condition, True, "its sign", found.used) if found.shown else None


def _inserted(context: Context, condition: Compare, explain: bool, depth: int) -> Discharged | None:
    """An inequality about entries, with an equation `index = term` among the hypotheses inserted."""
    if condition.op == "=" or not condition.has(Entry) or condition.has(Partial) or moments_in(condition):
        return None
    for fact in context.facts:
        if not (isinstance(fact, Compare) and fact.op == "="):
            continue
        for symbol, value in ((fact.left, fact.right), (fact.right, fact.left), *_solved(fact)):
            if not (isinstance(symbol, Symbol) and symbol in condition.free_symbols - value.free_symbols):
                continue
            fewer = replace(context, hypotheses=tuple(h for h in context.hypotheses if h != fact))
            found = discharge(fewer, substitute(condition, {symbol: value}), explain, depth + 1)
            if found.shown:
                return Discharged(condition, True, found.by, (fact, *found.used))
    return None


def _solved(fact: Compare) -> Iterator[tuple[Symbol, Expr]]:
    """The symbols that an equation gives by the others: r = q + 1 where r - 1 = q."""
    if isinstance(fact.left, Symbol) and isinstance(fact.right, Symbol):
        return
    difference = expanded(fact.left - fact.right)
    for symbol in sorted(difference.free_symbols, key=in_letters):
        slope = difference.coeff(symbol)
        if slope in (1, -1):
            yield symbol, symbol - slope * difference


def _at_any_index(context: Context, condition: ForAll, explain: bool, depth: int) -> Discharged:
    """The body at an index of which nothing is known but that it is in range."""
    taken = set(context.names) | names_in(*context.facts)
    index = fresh(condition.index.name, taken | names_in(condition))
    body = substitute(condition.body, {condition.index: index})
    within = substitute(condition.range_condition, {condition.index: index})
    found = discharge(context.with_hypotheses(*parts_of(within)), body, explain, depth)
    used = tuple(h for h in found.used if h not in parts_of(within))
    return Discharged(condition, found.shown, found.by, used)


def _instantiated(context: Context, condition: Compare, explain: bool, depth: int) -> Discharged | None:
    """What is known of all indices, at those that the condition speaks of."""
    known: dict[Condition, tuple[Condition, ...]] = {}
    if not condition.has(Entry):
        return None
    condition = renamed_apart(condition, {s.name for s in condition.free_symbols})
    bound = {t.index for t in subterms(condition) if isinstance(t, Ranged)}
    tops = [t for t in subterms(condition) if isinstance(t, Largest) and not t.free_symbols & bound]
    for fact in (*context.facts, *(ForAll(le(t.body, _apart(t)), *t.args[1:]) for t in tops)):
        if isinstance(fact, Compare) and fact.has(Entry):
            written = _with_definitions(context, fact, explain, depth)
            if written is not None:
                known[written[0]] = (fact, *written[1])
        for value in _indices_for(context, fact, condition) if isinstance(fact, ForAll) else ():
            inside = discharge(context, substitute(fact.range_condition, {fact.index: value}), explain, depth + 1)
            if inside.shown:
                there = substitute(fact.body, {fact.index: value})
                written = _with_definitions(context, there, explain, depth)
                stated = (fact,) if fact in context.facts else ()
                known[there] = (*stated, *inside.used)
                if written is not None:
                    known[written[0]] = (*stated, *inside.used, *written[1])
    stated_here = {fact: (fact,) for fact in context.facts if isinstance(fact, Compare) and fact.has(Entry)}
    if not known and not stated_here:
        return None
    wanted = with_plain_equations(restated(context, condition))
    for there, used in (*known.items(), *stated_here.items()):
        if says(with_plain_equations(restated(context, there)), wanted):
            return Discharged(condition, True, "hypothesis", used)
    more = context.with_hypotheses(*known)
    if more is context:
        return None
    if any(there.has(ForAll) for there in known):
        found = discharge(more, condition, explain, depth + 1)
    elif more.decide(condition, FEW_STEPS).value is True:
        found = Discharged(condition, True, "z3", more.needed_for(condition) if explain else ())
    else:
        found = _by_sign(more, condition, explain, depth) or Discharged(condition, False, "")
    if not found.shown:
        return None
    behind = [h for u in found.used for h in known.get(u, (u,))]
    return Discharged(condition, True, found.by, tuple(dict.fromkeys(behind)))


def _apart(term: Largest) -> Largest:
    """The term with other names for its indices, so that it may stand where they have a meaning."""
    found: Largest = renamed_apart(term, bound_names(term))
    return found


def _indices_for(context: Context, fact: ForAll, condition: Condition) -> list[Expr]:
    """Values of the index at which an entry in the fact is one in the condition, whatever sums count with."""
    taken = {*context.names, *names_in(fact, condition)}
    index = fresh(fact.index.name, taken)
    body = substitute(fact.body, {fact.index: index})
    found = _values_of(index, body, condition) | _values_of(index, *map(with_standard_indices, (body, condition)))
    if found or not condition.has(IndexSum):
        return list(found)
    while isinstance(body, ForAll):
        body = substitute(body.body, {body.index: fresh(body.index.name, taken | names_in(body))})
    return list(_values_of(index, *(restated(context, term) for term in (body, condition))))


def _values_of(index: Symbol, body: Condition, condition: Condition) -> dict[Expr, None]:
    found: dict[Expr, None] = {}
    bound = {t.index for term in (body, condition) for t in subterms(term) if isinstance(t, Ranged)}
    for here, there in product(*(sorted(term.atoms(Entry), key=in_letters) for term in (body, condition))):
        if here.array != there.array:
            continue
        for pattern, wanted in zip(here.indices, there.indices, strict=True):
            difference = expanded(pattern - wanted)
            slope = difference.coeff(index)
            rest = expanded(difference - slope * index)
            if slope == 0 or index in slope.free_symbols | rest.free_symbols:
                continue
            value = expanded(-rest / slope)
            if is_integer(value) and not value.free_symbols & bound:
                found[value] = None
    return found


def _by_definition(context: Context, condition: Compare, explain: bool, depth: int) -> Discharged | None:
    """The condition with what its entries are by definition, where their indices are in range."""
    written = _with_definitions(context, condition, explain, depth)
    if written is None:
        return None
    found = discharge(context, written[0], explain, depth + 1)
    return Discharged(condition, True, found.by, (*written[1], *found.used)) if found.shown else None


def _with_definitions(
    context: Context, condition: Condition, explain: bool, depth: int
) -> tuple[Condition, list[Condition]] | None:
    """The condition with definitions inserted, and what was used to see that they apply; None if there are none."""
    values: dict[Expr, Expr] = {}
    used: list[Condition] = []
    bound = {t.index for t in subterms(condition) if isinstance(t, Ranged)}
    if any(isinstance(t, (Partial, Moment)) for t in subterms(condition)):
        return None  # what is known at the point, or in this outcome, need not be so around it, or in the others
    for entry in sorted(condition.atoms(Entry), key=in_letters):
        meaning = context.definition_of(entry.array)
        if meaning is None or meaning.is_recursive:
            continue
        if bound & (entry.free_symbols | meaning.body.free_symbols - set(meaning.parameters)):
            continue
        inside = discharge(context, entry.in_range, explain, depth + 1)
        if inside.shown:
            values[entry] = meaning.at(entry.indices, context.names | names_in(condition))
            used += inside.used
    return (substitute(condition, values), used) if values else None


def _not_zero(context: Context, condition: Compare, explain: bool, depth: int) -> Discharged | None:
    """A product is not 0 if no factor is, a power if its base is not, a determinant by what its matrix is made of."""
    if condition.op != "!=" or condition.right != 0:
        return None
    if isinstance(condition.left, Mul):
        parts = [ne(factor, 0) for factor in condition.left.args]
    elif isinstance(condition.left, Pow):
        parts = [ne(condition.left.base, 0)]
    elif isinstance(condition.left, Entry):
        matrices = _made_of(condition.left.array)
        if not matrices:
            return None
        parts = [ne(Entry(of("determinant", matrix)), 0) for matrix in matrices]
    else:
        return None
    found = discharge(context, all_of(*parts), explain, depth + 1)
    return Discharged(condition, True, found.by, found.used) if found.shown else None


def _made_of(array: Array) -> tuple[Array, ...]:
    """Square matrices: the determinant of the product, transpose or inverse is not 0 if none of theirs is."""
    if not (isinstance(array, Form) and array.operation == "determinant"):
        return ()
    (matrix,) = array.operands
    if not (isinstance(matrix, Form) and matrix.operation in ("product", "transpose", "inverse")):
        return ()
    square = all(len(part.axes) == 2 and set(part.axes) == set(matrix.axes) for part in matrix.operands)
    return matrix.operands if square and len(set(matrix.axes)) == 1 else ()


def contradictory(context: Context, *conditions: Condition) -> bool:
    """Whether the conditions cannot all hold in the context."""
    together = all_of(*conditions)
    return discharge(context, negate(together)).shown
