"""When a line says something definite: conditions under which every part of it has a value.

A derivation only speaks of points where each of its lines is defined, so the checker asks the context for every
condition found here: denominators are not 0, `0` has no negative power, roots and logarithms are taken of what has
them, cases cover everything, an entry lies in its array's range unless the array says what it is outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from sympy import (
    Abs,
    Add,
    Basic,
    Dummy,
    Expr,
    LambertW,
    Max,
    Min,
    Mod,
    Mul,
    Pow,
    Rational,
    Symbol,
    ceiling,
    cos,
    erf,
    exp,
    floor,
    log,
    nan,
    oo,
    sin,
    tanh,
    zoo,
)
from sympy.core.numbers import Exp1, NumberSymbol

from derive.errors import IllFormed
from derive.language.arrays import Array, Entry
from derive.language.chance import Moment, Stated
from derive.language.conditions import (
    TRUE,
    Compare,
    Condition,
    all_of,
    any_of,
    ge,
    gt,
    implies,
    le,
    ne,
    negate,
    parts_of,
)
from derive.language.context import Context
from derive.language.counting import Binomial, Factorial
from derive.language.forms import Form, of
from derive.language.integrals import check_integrand
from derive.language.maps import Applied, any_entry
from derive.language.smoothness import smooth
from derive.language.symbols import integer, is_integer, is_whole_valued, real
from derive.language.terms import (
    Cases,
    ForAll,
    IndexProduct,
    IndexSum,
    Indicator,
    Integral,
    Largest,
    Partial,
    Ranged,
    names_in,
    subterms,
)

# SymPy's `sign` is not among them: its square becomes 1 inside products wherever SymPy takes its argument for not 0.
_TOTAL = (Add, Mul, Abs, Min, Max, floor, ceiling, exp, sin, cos, tanh, erf)


@lru_cache(8192)
def obligations(term: Expr, context: Context | None = None) -> tuple[Condition, ...]:
    """The conditions under which the term has a value, each a statement about its free symbols.

    Bound indices stand free in the conditions, after "if the index is in range".

    Args:
        term: What should have a value.
        context: Tells what arrays are by definition; wanted where the term has a derivative.

    Raises:
        IllFormed: the term has a head whose domain is not known here.

    Example:
        >>> from derive.language import integer, real
        >>> a, n = real("a"), integer("n")
        >>> obligations((1 - a**n) / (1 - a))
        (1 - a != 0, n >= 0 or a != 0)
    """
    found = dict.fromkeys(implies(known, c) if known != TRUE else c for known, c in _Walk(context).found(term, TRUE))
    return tuple(found)


@lru_cache(4096)
def meaningful(condition: Condition, context: Context | None = None) -> tuple[Condition, ...]:
    """The conditions under which a condition speaks of things that have values.

    Example:
        >>> from derive.language import integer
        >>> n, k = integer("n"), integer("k")
        >>> meaningful(ForAll(gt(n / k, 0), k, 1, n))
        (1 > k or k > n or k != 0,)
    """
    found = _Walk(context).asked(condition, TRUE)
    return tuple(dict.fromkeys(implies(known, c) if known != TRUE else c for known, c in found))


class _Walk:
    """One walk over a term; it is a class only to carry the context."""

    def __init__(self, context: Context | None) -> None:
        self.context = context

    def found(self, term: Expr, known: Condition) -> Iterator[tuple[Condition, Condition]]:
        if term in (nan, zoo, oo, -oo):
            raise IllFormed(f"{term} is not a number")
        if isinstance(term, (Rational, Symbol, NumberSymbol, Exp1)):
            return
        if isinstance(term, (IndexSum, IndexProduct, Largest)):
            yield from self.limits(term, known)
            if isinstance(term, Largest):
                yield known, le(term.low, term.high)
            yield from self.found(term.body, all_of(known, term.range_condition))
            return
        if isinstance(term, Integral):
            yield from self.integral(term, known)
            return
        if isinstance(term, Cases):
            yield known, any_of(*(c for _, c in term.clauses))
            earlier = known
            for value, condition in term.clauses:
                yield from self.asked(condition, known)
                yield from self.found(value, all_of(earlier, condition))
                earlier = all_of(earlier, negate(condition))
            return
        if isinstance(term, Indicator):
            yield from self.asked(term.condition, known)
            return
        if isinstance(term, Partial):
            yield from self.partial(term, known)
            return
        if isinstance(term, Entry):
            _check_integers(term.indices, "index", term)
            yield from self.every(term.indices, known)
            if isinstance(term.array, Form):
                yield from self.form(term, known)
            if term.array.outside == "error":
                yield known, term.in_range
            if term.array.outside == "wraps":
                yield known, all_of(*(le(low, high) for low, high in term.array.axes))
            return
        if isinstance(term, Pow):
            yield from self.every((term.base, term.exp), known)
            for condition in _power(term.base, term.exp):
                yield known, condition
            return
        if isinstance(term, log):
            yield from self.every(term.args, known)
            yield known, gt(term.args[0], 0)
            return
        if isinstance(term, LambertW) and len(term.args) == 1:
            yield from self.every(term.args, known)
            yield known, ge(term.args[0], -exp(-1))
            return
        if isinstance(term, Mod):
            yield from self.every(term.args, known)
            yield known, ne(term.args[1], 0)
            return
        if isinstance(term, (Factorial, Binomial)):
            _check_integers(term.args, "argument", term)
            yield from self.every(term.args, known)
            if isinstance(term, Factorial):
                yield known, ge(term.args[0], 0)
            return
        if isinstance(term, Applied):
            yield from self.found(term.inside, known)
            return
        if isinstance(term, Moment):
            for condition in parts_of(known):  # what is known of one outcome says nothing of the others
                if condition.has(Entry) if self.context is None else self.context.random_in(condition):
                    known = all_of(*(p for p in parts_of(known) if p != condition))
            yield from self.every(term.args, known)
            return
        if isinstance(term, _TOTAL):
            yield from self.every(term.args, known)
            return
        raise IllFormed(f"the domain of {term.func.__name__} is not known to the checker")

    def integral(self, term: Integral, known: Condition) -> Iterator[tuple[Condition, Condition]]:
        """Its ends are in order, and every part of every case has a value on the whole range."""
        check_integrand(term)
        yield from self.every((term.low, term.high), known)
        yield known, le(term.low, term.high)
        inside = all_of(known, term.range_condition)
        yield from self.found(term.body, inside)
        for part in subterms(term.body):
            if isinstance(part, Cases) and term.index in part.free_symbols:
                for value, _ in part.clauses:
                    yield from self.found(value, inside)

    def limits(self, term: Ranged, known: Condition) -> Iterator[tuple[Condition, Condition]]:
        """The finite ends of a range are integers and have values."""
        ends = [e for e in (term.low, term.high) if not e.is_infinite]
        _check_integers(ends, "limit", term)
        yield from self.every(ends, known)

    def asked(self, condition: Condition, known: Condition) -> Iterator[tuple[Condition, Condition]]:
        """All sides of the comparisons in a condition have values, whichever of them are looked at."""
        if isinstance(condition, Stated):
            raise IllFormed(f"{condition} is stated of a random array, and is no condition in a term")
        if isinstance(condition, Compare):
            yield from self.every((condition.left, condition.right), known)
        elif isinstance(condition, ForAll):
            yield from self.limits(condition, known)
            yield from self.asked(condition.body, all_of(known, condition.range_condition))
        else:
            for part in condition.args:
                yield from self.asked(part, known)

    def form(self, term: Entry, known: Condition) -> Iterator[tuple[Condition, Condition]]:
        """The ends of its range have values, and within them what it is by definition."""
        taken = names_in(term, known) | (self.context.names if self.context is not None else frozenset())
        yield from self.every((end for axis in term.array.axes for end in axis if not end.is_infinite), known)
        definition = term.array.definition
        if definition is None:
            (operand,) = term.array.operands
            entry = any_entry(operand, taken)
            yield from self.found(entry, all_of(known, entry.in_range))
            if term.array.operation == "inverse":
                yield known, ne(Entry(of("determinant", operand)), 0)
            return
        meaning = definition.at(term.indices, taken)
        yield from self.found(meaning, all_of(known, term.in_range))

    def partial(self, term: Partial, known: Condition) -> Iterator[tuple[Condition, Condition]]:
        """The term has a value and no kink, and there is such an entry."""
        if self.context is None:
            raise IllFormed(f"whether {term} exists is asked of a context")
        _check_integers(term.by.indices, "index", term.by)
        yield from self.every(term.by.indices, known)
        yield known, term.by.in_range
        yield from self.found(term.term, known)
        yield from smooth(self.context, term.term, term.by, known)

    def every(self, terms: Iterable[Expr], known: Condition) -> Iterator[tuple[Condition, Condition]]:
        for term in terms:
            yield from self.found(term, known)


def _check_integers(places: Iterable[Expr], role: str, term: Expr) -> None:
    for place in places:
        if not is_integer(place):
            raise IllFormed(f"the {role} {place} of {term} need not be an integer")


def entries_of(array: Array, term: Basic, known: Condition = TRUE) -> Iterator[tuple[Condition, Entry]]:
    """Every entry of the array in the term, with what holds at its place: ranges of sums, conditions of cases."""
    if isinstance(term, Entry) and term.array == array:
        yield known, term
    if isinstance(term, Ranged):
        yield from entries_of(array, term.args[0], all_of(known, term.range_condition))
        for end in (term.low, term.high):
            yield from entries_of(array, end, known)
        return
    if isinstance(term, Cases):
        for value, condition in term.clauses:
            yield from entries_of(array, condition, known)
            yield from entries_of(array, value, all_of(known, condition))
            known = all_of(known, negate(condition))
        return
    for part in term.args:
        yield from entries_of(array, part, known)


def _power(base: Expr, exponent: Expr) -> list[Condition]:
    if isinstance(base, (Exp1, NumberSymbol)) or (base.is_Rational and base > 0):
        return []
    if exponent.is_Integer:
        return [] if exponent >= 0 else [ne(base, 0)]
    if is_whole_valued(exponent):
        return [ge(exponent, 0)] if base == 0 else [] if base.is_Rational else [any_of(ge(exponent, 0), ne(base, 0))]
    if exponent.is_Rational:
        return [ge(base, 0) if exponent > 0 else gt(base, 0)]
    return [any_of(gt(base, 0), all_of(ge(base, 0), gt(exponent, 0)))]


def check_symbols(term: Basic) -> None:
    """Refuse a symbol that is not the one of its name: it brings assumptions that nobody sees.

    Raises:
        IllFormed: with the symbol named.
    """
    for symbol in term.atoms(Symbol):
        if isinstance(symbol, Dummy) or symbol not in (integer(symbol.name), real(symbol.name)):
            raise IllFormed(f"{symbol} brings assumptions of its own")


def check_indices(term: Expr, declared: set[str]) -> None:
    """Refuse a bound index that shadows a declared symbol or an index bound around it.

    Raises:
        IllFormed: with the index named.
    """
    _check_indices(term, frozenset(declared))


def _check_indices(term: Basic, taken: frozenset[str]) -> None:
    if isinstance(term, Ranged):
        name = term.index.name
        if term.index != (integer(name) if term.over_integers else real(name)):
            raise IllFormed(f"the index {name} of {term} brings assumptions of its own")
        if name in taken:
            raise IllFormed(f"the index {name} of {term} already has a meaning there")
        for end in (term.low, term.high):
            _check_indices(end, taken)
        _check_indices(term.args[0], taken | {name})
        return
    for part in term.args:
        _check_indices(part, taken)
