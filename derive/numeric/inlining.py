"""Terms made ready for loops: definitions written out, infinite sums given finite limits.

An entry of a defined array is its definition where the index is in range, and what the array is outside elsewhere; an
entry of an array that is defined by a recursion is the last number of a table (`tables.py`). A form in whole-array
notation is an array that is defined.
A sum with an infinite end runs over the indices where its body can differ from 0: the half-lines that the ranges of
the arrays in the body put on the index, each solved for the index. Whoever wants the limits of such a sum, for example
to look just beside them, finds them here too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

from sympy import Basic, Dummy, Expr, Integer, Max, Min, Mod, Symbol, ceiling, floor

from derive.errors import Unevaluable
from derive.language import (
    FALSE,
    OTHERWISE,
    AllOf,
    AnyOf,
    Array,
    Cases,
    Compare,
    Condition,
    Context,
    Definition,
    Entry,
    IndexSum,
    Indicator,
    Partial,
    Ranged,
    all_of,
    eq,
    gt,
    lt,
    parts_of,
    rebuild,
    substitute,
    subterms,
    support,
)
from derive.language.forms import Form
from derive.language.maps import Applied, Image
from derive.language.symbols import is_integer
from derive.numeric.code import ANY_MAP, DERIVATIVE, NO_LOOPS, NOT_IN_FLOATS
from derive.numeric.tables import Filled, Filling, can_be_filled


@dataclass(frozen=True)
class Ends:
    """Limits on an index: lower ones, upper ones, and the conditions that say no more than these."""

    lows: tuple[Expr, ...] = ()
    highs: tuple[Expr, ...] = ()
    used: frozenset[Condition] = frozenset()


def check_told_by_floats(term: Expr) -> None:
    """Refuse what asks whether numbers made of entries are equal: rounding decides that, not the numbers.

    Raises:
        Unevaluable: the term does.
    """
    condition = term.condition if isinstance(term, Indicator) else None
    if not isinstance(condition, Compare) or condition.op not in ("=", "!=") or not condition.has(Entry):
        return
    if not (is_integer(condition.left) and is_integer(condition.right)):
        raise Unevaluable(NOT_IN_FLOATS)


def inlined(term: Expr, context: Context) -> Expr:
    """The term without defined arrays and without infinite sums.

    Args:
        term: Any term.
        context: Gives definitions, and decides the sign of symbolic factors of an index.

    Returns:
        A term of equal value; entries of arrays without a definition are guarded by their range.

    Raises:
        Unevaluable: an infinite sum stays infinite, a definition uses itself and has no least index, or there is a
            partial derivative.

    Example:
        >>> from sympy import oo
        >>> from derive.language import integer, signal
        >>> k, n = integer("k"), integer("n")
        >>> h = signal("h", 0)
        >>> c = Context(definitions=(Definition(h, (n,), n),))
        >>> inlined(IndexSum(h[n - k]*h[k], k, -oo, oo), c)
        sum({k if true}*{-k + n if true}, k=0..n)
    """
    found: Expr = _Inliner(context).term(term, frozenset(), {})
    return found


def windowed(term: Expr, context: Context, arrays: tuple[Array, ...]) -> tuple[Expr, Context, dict[Array, Any]]:
    """The same question about arrays that are only known on a window.

    An array that is 0 outside its range is 0 outside its window too, so its range becomes the window, whose ends are
    new symbols. Other arrays keep their range; their window must cover it. Forms are written out before: their indices
    count from the ends of what they are made of.

    Returns:
        (term, context, {given array: (array in the new term, ((first, last) symbol of each axis))}).
    """
    values: dict[Basic, Any] = {}
    windows: dict[Array, Any] = {}
    for array in arrays:
        ends = tuple((Dummy("first", integer=True), Dummy("last", integer=True)) for _ in array.axes)
        narrow = array
        if array.outside == "zero":
            axes = [(Max(low, a), Min(high, b)) for (low, high), (a, b) in zip(array.axes, ends, strict=True)]
            narrow = Array(array.name, axes, "zero")
            values[array] = narrow
        windows[array] = (narrow, ends)
    plain = [(d.array, d.parameters, without_forms(d.body)) for d in context.definitions]
    definitions = tuple(Definition(base, indices, substitute(body, values)) for base, indices, body in plain)
    return substitute(without_forms(term), values), replace(context, definitions=definitions), windows


def without_forms(term: Any) -> Any:
    """The term with the entries of forms written out in indices.

    Example:
        >>> from derive.language import array, integer
        >>> from derive.language.forms import of
        >>> n, u = integer("n"), array("u", (1, 3))
        >>> without_forms(of("hadamard", u, u)[n])
        {u[n]**2 if 1 <= n and n <= 3}
    """
    if not term.args or isinstance(term, Array):
        return term
    if isinstance(term, Applied):
        return without_forms(term.instance)
    if isinstance(term, Entry) and isinstance(term.array, Image):
        raise Unevaluable(ANY_MAP)
    if isinstance(term, Entry) and isinstance(term.array, Form):
        definition = term.array.definition
        if definition is None:
            raise Unevaluable(NO_LOOPS)
        indices = tuple(map(without_forms, term.indices))
        found = (without_forms(definition.at(indices)), term.array.in_range(*indices))
        return Cases(found, (0, OTHERWISE)) if term.array.outside == "zero" else Cases(found)
    parts = [without_forms(part) for part in term.args]
    return term if all(a is b for a, b in zip(parts, term.args, strict=True)) else rebuild(term, parts)


Inside = dict[Array, Filling | None]
"""The arrays that are being written out, those by a recursion with their tables."""


class _Inliner:
    def __init__(self, context: Context) -> None:
        self.context = context

    def term(self, term: Any, known: frozenset[Condition], inside: Inside) -> Any:
        """`known` holds wherever the term is looked at; `inside` are the arrays being written out."""
        if not term.args:
            return term
        if isinstance(term, Entry):
            return self.entry(term, known, inside)
        if isinstance(term, Ranged):
            return self.over(term, known, inside)
        if isinstance(term, Cases):
            clauses = []
            for value, condition in term.clauses:
                left = all_of(*(p for p in parts_of(condition) if p not in known))
                clauses.append((self.term(value, known, inside), self.term(left, known, inside)))
            return Cases(*clauses)
        if isinstance(term, Partial):
            raise Unevaluable(DERIVATIVE)
        if isinstance(term, Array):
            return term
        parts = [self.term(part, known, inside) for part in term.args]
        return term if all(a is b for a, b in zip(parts, term.args, strict=True)) else rebuild(term, parts)

    def entry(self, term: Entry, known: frozenset[Condition], inside: Inside) -> Expr:
        base = term.array
        filling = inside.get(base)
        if base in inside and filling is None:
            raise Unevaluable(f"the definition of {base.name} uses {base.name} itself; loops cannot follow it")
        indices = tuple(self.term(i, known, inside) for i in term.indices)
        doubtful = [eq(floor(i), i) for i in indices if i.is_integer is not True]
        guard = all_of(*(p for p in parts_of(base.in_range(*indices)) if p not in known))
        if base.outside == "wraps":
            paired = zip(base.axes, indices, strict=True)
            indices = tuple(low + Mod(i - low, high - low + 1) for (low, high), i in paired)
            guard = OTHERWISE
        definition = self.context.definition_of(base)
        value: Expr = Entry(base, *indices)
        if filling is not None:
            value = filling.entry(indices)
        elif definition is not None and definition.is_recursive and can_be_filled(definition):
            value = self.filled(definition, indices, known, inside)
        elif definition is not None:
            value = self.term(definition.at(indices), known, {**inside, base: None})
        # Also an unguarded value is wrapped: bare, SymPy would cancel it against its neighbours, and `(1/n)*n` is
        # not 1 at n = 0.
        clauses = [(value, guard)]
        if base.outside == "zero" and guard != OTHERWISE:
            clauses.append((Integer(0), OTHERWISE))
        found = Cases(*clauses)
        return Cases((found, all_of(*doubtful))) if doubtful else found

    def filled(
        self, definition: Definition, indices: tuple[Expr, ...], known: frozenset[Condition], inside: Inside
    ) -> Expr:
        """The recursion as a table up to the indices, which are in range."""
        filling = Filling(definition, indices)
        here = frozenset(parts_of(definition.array.in_range(*filling.places)))
        body = self.term(definition.at(filling.places), known | here, {**inside, definition.array: filling})
        low, high = (self.term(end, known, inside) for end in (filling.low, filling.high))
        return Filled(body, filling.parameter, low, high, filling.table, filling.column)

    def over(self, term: Ranged, known: frozenset[Condition], inside: Inside) -> Basic:
        index = term.index
        known = frozenset(c for c in known if index not in c.free_symbols)
        low, high = (self.term(e, known, inside) for e in (term.low, term.high))
        known |= frozenset(parts_of(term.range_condition))
        if not term.is_endless:
            return type(term)(self.term(term.args[0], known, inside), index, low, high)
        body = term.args[0]
        where = support(self.context, body)
        if where == FALSE:
            return Integer(0)
        found = ends_of(where, index, self.context)
        lows = found.lows if low.is_infinite else (low, *found.lows)
        highs = found.highs if high.is_infinite else (high, *found.highs)
        if not lows or not highs:
            side = "below" if not lows else "above"
            raise Unevaluable(f"{term} runs over infinitely many {index}: nothing in its body bounds {index} {side}")
        body = self.term(body, known | found.used, inside)
        ends = (self.term(Max(*lows), known, inside), self.term(Min(*highs), known, inside))
        return IndexSum(body, index, *ends)


def ends_of(where: Condition, index: Symbol, context: Context) -> Ends:
    """The limits that a condition puts on an index.

    Comparisons in a conjunction are solved for the index; a disjunction gives the hull of its parts.

    Example:
        >>> from derive.language import between, integer
        >>> k, n = integer("k"), integer("n")
        >>> ends_of(between(0, n - 2*k, 5), k, Context()).highs
        (floor(n/2),)
    """
    lows: list[Expr] = []
    highs: list[Expr] = []
    used: set[Condition] = set()
    for part in parts_of(where):
        if isinstance(part, Compare):
            low, high = _solved(part, index, context)
            lows += [] if low is None else [low]
            highs += [] if high is None else [high]
            if low is not None or high is not None:
                used.add(part)
        elif isinstance(part, AnyOf):
            several = [ends_of(p, index, context) for p in part.args]
            if all(s.lows for s in several):
                lows.append(Min(*(Max(*s.lows) for s in several)))
            if all(s.highs for s in several):
                highs.append(Max(*(Min(*s.highs) for s in several)))
        elif isinstance(part, AllOf):
            inner = ends_of(part, index, context)
            lows, highs = [*lows, *inner.lows], [*highs, *inner.highs]
    return Ends(tuple(dict.fromkeys(lows)), tuple(dict.fromkeys(highs)), frozenset(used))


def _solved(part: Compare, index: Symbol, context: Context) -> tuple[Expr | None, Expr | None]:
    difference = (part.left - part.right).expand()
    slope = difference.coeff(index)
    rest = (difference - slope * index).expand()
    if part.op == "!=" or slope == 0 or index in rest.free_symbols | slope.free_symbols:
        return None, None
    if slope.is_number:
        rising = bool(slope > 0)
    elif context.entails(gt(slope, 0)) is True:
        rising = True
    elif context.entails(lt(slope, 0)) is True:
        rising = False
    else:
        return None, None
    edge = -rest / slope
    if part.op == "=":
        return ceiling(edge), floor(edge)
    if (part.op in (">", ">=")) == rising:
        return (floor(edge) + 1 if part.op in ("<", ">") else ceiling(edge)), None
    return None, (ceiling(edge) - 1 if part.op in ("<", ">") else floor(edge))


def edges_of(term: Expr, context: Context) -> tuple[Condition, ...]:
    """Comparisons at which the term may change its form: conditions of its cases, and limits of its sums that cross.

    Only comparisons without bound indices are given: points on and beside them can be drawn. A partial derivative
    changes its form where an entry in it is the one that varies, besides where its term does.

    Example:
        >>> from derive.language import integer
        >>> k, n = integer("k"), integer("n")
        >>> edges_of(IndexSum(k, k, 0, n), Context())
        (0 <= n,)
    """
    plain = inlined(*_undifferentiated(term, context))
    bound = {t.index for t in subterms(plain) if isinstance(t, Ranged)}
    bound |= {t.parameter for t in subterms(plain) if isinstance(t, Filled)}
    found: list[Condition] = []
    for part in subterms(plain):
        if isinstance(part, Compare):
            found.append(part)
        elif isinstance(part, Ranged):
            # Not `Max.make_args`: it gives a set, whose order differs from run to run.
            lows = part.low.args if isinstance(part.low, Max) else (part.low,)
            highs = part.high.args if isinstance(part.high, Min) else (part.high,)
            found += [Compare("<=", low, high) for low, high in product(lows, highs)]
            found += [Compare("<=", a, b) for several in (lows, highs) for a, b in combinations(several, 2)]
    for by in (t.by for e in (term, *(d.body for d in context.definitions)) for t in subterms(e) if type(t) is Partial):
        met = [t for t in subterms(plain) if isinstance(t, Entry) and t.array == by.array]
        found += [eq(a, b) for entry in met for a, b in zip(entry.indices, by.indices, strict=True)]
    usable = [c for c in found if c.free_symbols and not c.free_symbols & bound and not c.has(Entry)]
    return tuple(dict.fromkeys(usable))


def _undifferentiated(term: Expr, context: Context) -> tuple[Expr, Context]:
    """The terms under partial derivatives in their place: they are made of the same sums, cases and arrays."""
    bodies = (Definition(d.array, d.parameters, _under_derivatives(d.body)) for d in context.definitions)
    return _under_derivatives(term), replace(context, definitions=tuple(bodies))


def _under_derivatives(term: Any) -> Any:
    if isinstance(term, Partial):
        return _under_derivatives(term.term)
    if not term.args or isinstance(term, Array):
        return term
    parts = [_under_derivatives(part) for part in term.args]
    return term if all(a is b for a, b in zip(parts, term.args, strict=True)) else rebuild(term, parts)
