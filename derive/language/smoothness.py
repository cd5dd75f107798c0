r"""Partial derivatives: what a term depends on, where it has a derivative, and what is known around a point.

`Partial(term, x[j])` speaks of the term as a function of the entries of x near the point at hand. So it needs that the
term is smooth there (`smooth`), and what is known of the point may be used inside of it only if it holds around the
point too (`nearby`): facts about symbols, which stay fixed, and strict inequalities between continuous terms.

A derivative at a kink does not exist; where it cannot be seen that a term has no kink, the term is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from sympy import Abs, Add, Basic, LambertW, Max, Min, Mul, Number, Pow, Symbol, cos, erf, exp, log, sin, tanh
from sympy.core.numbers import Exp1, NumberSymbol

from derive.errors import IllFormed
from derive.language.arrays import Array, Entry
from derive.language.conditions import TRUE, Compare, Condition, all_of, any_of, eq, gt, le, ne, negate, parts_of
from derive.language.context import Context, Definition, arrays_in
from derive.language.forms import Form, bases, of
from derive.language.maps import Applied, any_entry
from derive.language.symbols import fresh, is_integer
from derive.language.terms import (
    Cases,
    ForAll,
    IndexProduct,
    IndexSum,
    Indicator,
    Largest,
    Partial,
    Ranged,
    attained_once,
    names_in,
    nested,
    subterms,
)

_SMOOTH = (Add, Mul, exp, log, sin, cos, tanh, erf)
_CONTINUOUS = (Add, Mul, exp, log, sin, cos, tanh, erf, Abs, Min, Max)
Found = Iterator[tuple[Condition, Condition]]


def sources(context: Context, term: Basic) -> set[Array]:
    """The arrays without a definition that the value of the term depends on, through all definitions.

    Example:
        >>> from derive.language import Definition, array, integer
        >>> i = integer("i")
        >>> x, y = array("x", (1, 3)), array("y", (1, 3))
        >>> c = Context(definitions=(Definition(y, (i,), 2 * x[i]),), arrays=(x,))
        >>> sources(c, y[1]) == {x}
        True
    """
    found: set[Array] = set()
    seen: set[Array] = set()
    waiting = list(arrays_in(term))
    while waiting:
        array = waiting.pop()
        if array in seen:
            continue
        seen.add(array)
        definition = context.definition_of(array)
        if definition is None:
            found.add(array)
        else:
            waiting += arrays_in(definition.body)
    return found


def check_partials(context: Context, term: Basic) -> None:
    """Refuse a derivative with respect to an entry that is not free to vary.

    Raises:
        IllFormed: with the entry named.
    """
    for part in subterms(term):
        if isinstance(part, Partial) and part.by.array not in context.arrays:
            raise IllFormed(f"{part.by} is not free to vary, so there is no derivative with respect to it")


def touched(context: Context, term: Basic, by: Entry) -> Condition:
    """A condition that holds wherever the term depends on that very entry.

    Example:
        >>> from derive.language import array, integer
        >>> z, p, q = array("z", (1, 3)), integer("p"), integer("q")
        >>> touched(Context(arrays=(z,)), Max(0, z[p]), z[q])
        p = q
    """
    bound = {t.index for t in subterms(term) if isinstance(t, Ranged)}
    found = []
    for entry in (t for t in subterms(term) if isinstance(t, Entry) and by.array in sources(context, t)):
        if entry.array != by.array or entry.free_symbols & bound or by.array.outside == "wraps":
            return TRUE
        pairs = [(i, j) for i, j in zip(entry.indices, by.indices, strict=True) if i != j]
        if not any((i - j).is_Rational for i, j in pairs):  # with unlike numbers it is another entry
            found.append(all_of(*(eq(i, j) for i, j in pairs)))
    return any_of(*found)


def smooth(
    context: Context, term: Basic, by: Entry, known: Condition = TRUE, earlier: frozenset[Array] = frozenset()
) -> Found:
    """The conditions under which the term is a smooth function of the entry around a point.

    Args:
        context: Gives the definitions.
        term: What should be smooth.
        by: The entry that varies.
        known: What holds at the place of the term.
        earlier: Arrays in whose recursion the term stands, so that their entries are taken to be smooth (`_steps`).

    Yields:
        (what is known at the place, the condition).

    Raises:
        IllFormed: the term has a head of which that is not known.
    """
    if by.array not in sources(context, term):
        return
    if isinstance(term, Entry):
        yield from _smooth_entry(context, term, by, known, earlier)
    elif isinstance(term, Largest):  # the one that is the largest here is the largest all around
        levels, body = nested(term)
        yield known, attained_once(term)
        for level in levels:
            if by.array in sources(context, level.low) | sources(context, level.high):
                raise IllFormed(f"whether {term} has a derivative is not known here")
            known = all_of(known, level.range_condition)
        yield from smooth(context, body, by, known, earlier)
    elif isinstance(term, (IndexSum, IndexProduct)):
        if term.is_endless or by.array in sources(context, term.low) | sources(context, term.high):
            raise IllFormed(f"whether {term} has a derivative is not known here")
        yield from smooth(context, term.body, by, all_of(known, term.range_condition), earlier)
    elif isinstance(term, Pow):
        positive = isinstance(term.base, (Exp1, NumberSymbol)) or (term.base.is_Rational and term.base > 0)
        if not positive and (by.array in sources(context, term.exp) or not is_integer(term.exp)):
            yield known, gt(term.base, 0)
        for part in term.args:
            yield from smooth(context, part, by, known, earlier)
    elif isinstance(term, Applied):
        yield from smooth(context, term.inside, by, known, earlier)
    elif isinstance(term, LambertW):
        yield known, gt(term.args[0], -exp(-1))
        yield from smooth(context, term.args[0], by, known, earlier)
    elif isinstance(term, Partial):
        if any(by.array in sources(context, index) for index in term.by.indices):
            raise IllFormed(f"the entry {term.by} is another one as {by.array} moves")
        yield from smooth(context, term.term, by, known, earlier)
    elif isinstance(term, Indicator):
        yield from _smooth_condition(context, term.condition, by, known, earlier)
    elif isinstance(term, Cases):
        here = known
        for value, condition in term.clauses:
            yield from _smooth_condition(context, condition, by, known, earlier)
            yield from smooth(context, value, by, all_of(here, condition), earlier)
            here = all_of(here, negate(condition))
    elif isinstance(term, (Min, Max, Abs, *_SMOOTH)):
        near = all_of(known, touched(context, term, by))
        if isinstance(term, (Min, Max)):
            for one, other in combinations(term.args, 2):
                yield near, ne(one, other)
        if isinstance(term, Abs):
            yield near, ne(term.args[0], 0)
        for part in term.args:
            yield from smooth(context, part, by, known, earlier)
    else:
        raise IllFormed(f"whether {term.func.__name__} has a derivative is not known here")


def _smooth_entry(context: Context, term: Entry, by: Entry, known: Condition, earlier: frozenset[Array]) -> Found:
    for index in term.indices:
        if by.array in sources(context, index):
            raise IllFormed(f"the index {index} of {term} moves with {by}")
    if isinstance(term.array, Form) and term.array.definition is None:
        if term.array.operation in ("spectral_norm", "nuclear_norm", "leading_direction", "rank"):
            raise IllFormed(f"whether {term} has a derivative is not known here")
        if term.array.operation == "inverse":
            yield known, ne(Entry(of("determinant", *term.array.operands)), 0)
        entry = any_entry(term.array.operands[0], context.names | names_in(term, by, known))
        yield from smooth(context, entry, by, all_of(known, entry.in_range), earlier)
        return
    definition = context.definition_of(term.array)
    if definition is None:
        return
    if term.array.outside == "wraps":
        raise IllFormed(f"the derivative of {term}, which wraps around, is not known here")
    # Its bound indices stand free in the conditions, so their names must mean nothing yet.
    taken = context.names | names_in(term, by, known)
    if definition.is_recursive:
        if term.array not in earlier:
            yield from _steps(context, term, definition, by, known, earlier)
        return
    yield from smooth(context, definition.at(term.indices, taken), by, all_of(known, term.in_range), earlier)


def _steps(
    context: Context, term: Entry, definition: Definition, by: Entry, known: Condition, earlier: frozenset[Array]
) -> Found:
    """The conditions for an entry $h_{t,i}$ of an array that is defined by a recursion in its first index.

    What is yielded is that, for every step s <= t and every j in range, the body of the definition at (s, j) is smooth
    if the entries of h in it are: a kink at any earlier step is asked about, also where no entry of that step is used
    in the end. This is enough, by induction on s. `check_context` has shown that the body at (s, j) uses entries with
    a first index below s alone; those out of range are 0 and do not move, those in range are smooth by the induction,
    and there are finitely many of them (a sum without end is refused), so that there is one neighbourhood of the point
    for all. s and j stand free in the conditions, under names that mean nothing yet; whoever discharges a condition
    shows it for all their values. A condition that is about the entries of one step alone cannot be shown from facts
    about the entries of another.
    """
    taken = set(context.names | names_in(term, by, known, definition.body))
    indices: list[Symbol] = []
    for parameter in definition.parameters:
        indices.append(fresh(parameter.name, taken))
        taken.add(indices[-1].name)
    known = all_of(known, term.array.in_range(*indices), le(indices[0], term.indices[0]))
    body = definition.at(indices, frozenset(taken))
    yield from smooth(context, body, by, known, earlier | {term.array})


def _smooth_condition(
    context: Context, condition: Condition, by: Entry, known: Condition, earlier: frozenset[Array]
) -> Found:
    """Away from the boundary of the condition: both sides of its comparisons differ, and move continuously."""
    for comparison in (t for t in subterms(condition) if isinstance(t, Compare)):
        if by.array in sources(context, comparison):
            yield all_of(known, touched(context, comparison, by)), ne(comparison.left, comparison.right)
            for side in (comparison.left, comparison.right):
                yield from smooth(context, side, by, known, earlier)


def nearby(context: Context) -> Context:
    """The context with only those hypotheses that also hold for all other entries around the point.

    Example:
        >>> from derive.language import array, declare, eq, ge
        >>> x = array("x", (1, 3))
        >>> c = Context((declare("n", "size"),), (gt(x[1], 0), eq(x[2], 0), ge(x[3], 0)), arrays=(x,))
        >>> nearby(c).hypotheses
        (x[1] > 0,)
    """
    kept = tuple(p for h in context.hypotheses for p in parts_of(h) if _holds_around(context, p))
    return replace(context, hypotheses=kept)


def _holds_around(context: Context, fact: Condition) -> bool:
    if not any(isinstance(t, (Entry, Partial)) for t in subterms(fact)):
        return True
    if isinstance(fact, ForAll):  # finitely many statements
        ends = (fact.low, fact.high)
        return not any(map(arrays_in, ends)) and all(_holds_around(context, p) for p in parts_of(fact.body))
    if not isinstance(fact, Compare) or fact.op not in ("<", ">", "!="):
        return False
    return all(_is_continuous(context, side) for side in (fact.left, fact.right))


def _moves_continuously(context: Context, array: Array) -> bool:
    """Whether each entry of the array is plainly a continuous function of the free entries."""
    definition = context.definition_of(array)
    return definition is None or (not definition.is_recursive and _is_continuous(context, definition.body))


def _is_continuous(context: Context, term: Basic) -> bool:
    """Whether the term, where it has a value, is plainly a continuous function of all entries."""
    if isinstance(term, (Number, NumberSymbol, Exp1, Symbol)):
        return True
    if isinstance(term, Entry):
        if any(arrays_in(i) for i in term.indices) or term.array.outside == "wraps":
            return False
        return all(_moves_continuously(context, array) for array in bases(term.array))
    if isinstance(term, Pow):
        return _is_continuous(context, term.base) and bool(term.exp.is_Integer)
    if isinstance(term, Applied):
        return _is_continuous(context, term.inside)
    if isinstance(term, (IndexSum, IndexProduct, Largest)):
        ends_move = any(arrays_in(end) for end in (term.low, term.high))
        return not term.is_endless and not ends_move and _is_continuous(context, term.body)
    return isinstance(term, _CONTINUOUS) and all(_is_continuous(context, part) for part in term.args)
