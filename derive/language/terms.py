"""The inert heads that are added to SymPy, beside arrays and those with a range: cases, indicators, derivatives.

`Cases((value, condition), ..., (value, OTHERWISE))` is the value whose condition holds.

`Indicator(condition)` is 1 where the condition holds and 0 elsewhere. `Partial(term, x[j])` is the partial derivative
of the term with respect to one entry of an array whose entries may vary freely: all other entries of all arrays
without a definition, and all symbols, stay as they are; arrays that are defined follow their definitions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sympy import Basic, Dummy, Expr, Mul, Pow, Rational, Symbol, Tuple
from sympy.core.function import Application

from derive.errors import IllFormed
from derive.language.arrays import Array, Entry
from derive.language.conditions import TRUE, Condition, as_expr, eq, is_false_for_numbers
from derive.language.ranged import ForAll, IndexProduct, IndexSum, Integral, Largest, Ranged
from derive.language.symbols import fresh_like

OTHERWISE = TRUE

__all__ = [
    "OTHERWISE",
    "Cases",
    "ForAll",
    "IndexProduct",
    "IndexSum",
    "Indicator",
    "Integral",
    "Largest",
    "Partial",
    "Ranged",
    "attained_once",
    "bound_names",
    "endless_sums",
    "expanded",
    "names_in",
    "nested",
    "rebuild",
    "renamed_apart",
    "same_up_to_renaming",
    "substitute",
    "subterms",
    "summed_over",
    "with_standard_indices",
]


class Cases(Expr):
    """The value whose condition holds; the last condition may be OTHERWISE."""

    is_commutative = True

    def __new__(cls, *clauses: Any) -> Cases:
        made = []
        for clause in clauses:
            value, condition = clause
            if not isinstance(condition, Condition):
                raise IllFormed(f"{condition!r} is not a condition")
            made.append(Tuple(as_expr(value), condition))
        if not made:
            raise IllFormed("cases need at least one clause")
        result: Cases = Expr.__new__(cls, *made)
        return result

    @property
    def clauses(self) -> tuple[tuple[Expr, Condition], ...]:
        """(value, condition) pairs as written."""
        return tuple((c.args[0], c.args[1]) for c in self.args)

    def _sympystr(self, printer: Any) -> str:
        return "{" + "; ".join(f"{printer.doprint(v)} if {printer.doprint(c)}" for v, c in self.clauses) + "}"

    def _eval_is_extended_real(self) -> bool | None:
        kinds = {value.is_extended_real for value, _ in self.clauses}
        return True if kinds == {True} else None


class Indicator(Expr):
    """1 where the condition holds, 0 elsewhere."""

    is_commutative = True
    is_extended_real = True
    is_whole = True
    """An integer wherever it has a value."""

    def __new__(cls, condition: Condition) -> Indicator:
        if not isinstance(condition, Condition):
            raise IllFormed(f"{condition!r} is not a condition")
        made: Indicator = Expr.__new__(cls, condition)
        return made

    @property
    def condition(self) -> Condition:
        """Where it is 1."""
        return self.args[0]

    def _sympystr(self, printer: Any) -> str:
        return f"[{printer.doprint(self.condition)}]"


class Partial(Expr):
    """The partial derivative of `term` with respect to the entry `by`."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, term: Any, by: Entry) -> Partial:
        if not isinstance(by, Entry):
            raise IllFormed(f"a derivative is taken with respect to an entry of an array, not to {by}")
        made: Partial = Expr.__new__(cls, as_expr(term), by)
        return made

    @property
    def term(self) -> Expr:
        """What is differentiated."""
        return self.args[0]

    @property
    def by(self) -> Entry:
        """The entry that varies."""
        return self.args[1]

    def _sympystr(self, printer: Any) -> str:
        return f"d({printer.doprint(self.term)})/d{printer.doprint(self.by)}"


def attained_once(term: Largest) -> Condition:
    """That the largest value is the value at exactly one index; of a largest of largest values, at one pair of indices.

    Example:
        >>> from derive.language import array, integer
        >>> k, n = integer("k"), integer("n")
        >>> attained_once(Largest(array("x", (1, n))[k], k, 1, n))
        sum([x[k] = largest(x[k'], k'=1..n)], k=1..n) = 1
    """
    levels, body = nested(term)
    whole = renamed_apart(term, bound_names(term))
    return eq(summed_over(levels, Indicator(eq(body, whole))), 1)


def nested(term: Expr) -> tuple[tuple[Largest, ...], Expr]:
    """A largest of largest values, from the outside in, and what is compared."""
    levels: list[Largest] = []
    while isinstance(term, Largest):
        levels.append(term)
        term = term.body
    return tuple(levels), term


def summed_over(levels: Sequence[Ranged], body: Expr) -> Expr:
    """The sum of the body over all their ranges."""
    for level in reversed(levels):
        body = IndexSum(body, *level.args[1:])
    return body


def subterms(term: Basic) -> Iterator[Basic]:
    """The term and everything below it, from the outside in."""
    waiting = [term]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(one.args)


def bound_names(term: Basic) -> set[str]:
    """Names of the indices that are bound somewhere in the term."""
    return {t.index.name for t in subterms(term) if isinstance(t, Ranged)}


def names_in(*terms: Basic) -> set[str]:
    """Names of all symbols in the terms, bound or free."""
    return {t.name for term in terms for t in subterms(term) if isinstance(t, Symbol)}


def renamed_apart(term: Any, names: set[str]) -> Any:
    """The term with those of its bound indices renamed that have one of the names.

    Example:
        >>> from derive.language import integer
        >>> k, n = integer("k"), integer("n")
        >>> renamed_apart(IndexSum(k, k, 0, n), {"k"})
        sum(k', k'=0..n)
    """
    if not bound_names(term) & names:
        return term
    parts = [renamed_apart(part, names) for part in term.args]
    if isinstance(term, Ranged) and term.index.name in names:
        index = fresh_like(term.index, names | names_in(*parts))
        return type(term)(_substitute(parts[0], {term.index: index}), index, *parts[2:])
    return rebuild(term, parts)


def substitute(term: Any, values: Mapping[Basic, Any]) -> Any:
    """Replace free symbols (or whole arrays), renaming bound indices out of the way.

    Args:
        term: An expression, condition or array.
        values: {symbol: expression}; all are replaced at once.

    Example:
        >>> from derive.language import integer
        >>> n, k = integer("n"), integer("k")
        >>> substitute(IndexSum(n, k, 0, n), {n: k})
        sum(k, k'=0..k)
    """
    live = {old: new if isinstance(new, Basic) else as_expr(new) for old, new in values.items() if old != new}
    if not live:
        return term
    return _substitute(term, live)


def _substitute(term: Any, values: Mapping[Basic, Any]) -> Any:
    if term in values:
        return values[term]
    if not term.args:
        return term
    if isinstance(term, Partial):
        _check_held_fixed(term, values)
    if getattr(term, "averages", False):
        _check_same_in_all_outcomes(term, values)
    if isinstance(term, Ranged):
        low, high = _substitute(term.low, values), _substitute(term.high, values)
        inside = {old: new for old, new in values.items() if old != term.index}
        body, index = term.args[0], term.index
        reachable = [new for old, new in inside.items() if old in body.free_symbols or isinstance(old, Array)]
        incoming = {s.name for new in reachable for s in getattr(new, "free_symbols", ())}
        ends = {s.name for end in (low, high) for s in end.free_symbols}
        if index.name in incoming | ends:
            # All at once: a second pass could take the fresh name for one that is to be replaced.
            index = fresh_like(index, incoming | ends | names_in(body))
            inside[term.index] = index
        return type(term)(_substitute(body, inside) if inside else body, index, low, high)
    if isinstance(term, Cases):
        return _substitute_cases(term, values)
    parts = [_substitute(part, values) for part in term.args]
    return term if all(new is old for new, old in zip(parts, term.args, strict=True)) else rebuild(term, parts)


def _check_held_fixed(term: Partial, values: Mapping[Basic, Any]) -> None:
    """Refuse what would move with the entry of a derivative: entries for a symbol, one array for two."""
    for old, new in values.items():
        if isinstance(old, Symbol) and isinstance(new, Expr) and old in term.term.free_symbols and new.has(Entry):
            raise IllFormed(f"{old} is held fixed in {term}, and {new} need not be")
    arrays = {t.array for t in subterms(term) if isinstance(t, Entry)}
    if len({values.get(a, a) for a in arrays}) < len(arrays):
        raise IllFormed(f"the arrays of {term} vary one by one and cannot become the same")


def _check_same_in_all_outcomes(term: Basic, values: Mapping[Basic, Any]) -> None:
    """Refuse entries for a symbol of a moment: of an array that is random they would be averaged as well.

    Where k is v in one outcome, E(x[k]) is the mean of the entry at k, and E(x[v]) something else.
    """
    for old, new in values.items():
        if isinstance(old, Symbol) and old in term.free_symbols and _has_entry_outside(new):
            raise IllFormed(f"{old} is the same in all outcomes in {term}, and {new} need not be")


def _has_entry_outside(term: Basic) -> bool:
    if getattr(term, "averages", False):
        return False
    return isinstance(term, Array) or any(_has_entry_outside(part) for part in term.args)


def _substitute_cases(term: Cases, values: Mapping[Basic, Any]) -> Any:
    """Cases whose condition has become false between numbers go before their value is touched: it may be 1/0 there."""
    clauses = [(value, _substitute(condition, values)) for value, condition in term.clauses]
    alive = [(v, c) for v, c in clauses if not is_false_for_numbers(c)]
    return Cases(*((_substitute(v, values), c) for v, c in alive or clauses))


def rebuild(term: Basic, parts: list[Any]) -> Any:
    """A term of the same head with other parts."""
    if isinstance(term, Cases):
        return Cases(*(tuple(p.args) for p in parts))
    if type(term) is Array:
        return Array(parts[0], tuple(tuple(p.args) for p in parts[1].args), parts[2])
    if isinstance(term, Pow) and parts[0] == 0:
        return Pow(*parts, evaluate=all(isinstance(p, Rational) for p in parts))
    if isinstance(term, Mul) and any(isinstance(p, Pow) and p.base == 0 for p in parts):
        return Mul(*parts, evaluate=False)  # building the product anew would build its powers anew
    if isinstance(term, Application) and not all(isinstance(p, Rational) for p in parts):
        return term.func(*parts, evaluate=False)
    return term.func(*parts)


def endless_sums(term: Basic) -> set[IndexSum]:
    """The sums without end in the term, bound indices in their standard names."""
    return {with_standard_indices(t) for t in subterms(term) if isinstance(t, IndexSum) and t.is_endless}


# SymPy 1.14 works these out wrongly for some arguments: Mod(2*Mod(n, 3), 3) becomes 2*Mod(n, 3), floor(n*(2*m + 2)/6)
# loses its floor, and by the same mistake sin(pi*n*(2*m + 2)/6) is 0. All functions (least and greatest are among them)
# are kept as they are written, but between numbers; so are powers of 0, which it takes for 0 where it thinks that the
# exponent is positive.


def expanded(term: Any) -> Any:
    """The term with products of sums multiplied out, functions left as they are.

    Example:
        >>> from derive.language import integer
        >>> n, k = integer("n"), integer("k")
        >>> expanded(n * (k + 1))
        k*n + n
    """
    kept = {t: Dummy() for t in subterms(term) if isinstance(t, Application)}
    if not kept:
        return term.expand()
    # Put back below its sum, a function of the bound index would be one of a free index of that name, and the sum one
    # over another index: what binds an index in a function is multiplied out by itself.
    closed = {t: Dummy() for t in _binders(term) if _binds_in_functions(t)}
    masked = _substitute(term, {**kept, **closed}).expand()
    inside = {d: t.over(expanded(t.args[0])) if isinstance(t, Ranged) else t for t, d in closed.items()}
    return _substitute(masked, {d: t for t, d in kept.items()} | inside)


def _binders(term: Basic) -> Iterator[Expr]:
    """The outermost numbers that bind an index, functions aside: sums and the like, and what asks for all."""
    asks = isinstance(term, (Indicator, Cases)) and any(isinstance(t, ForAll) for t in subterms(term))
    if isinstance(term, Expr) and (asks or isinstance(term, Ranged)):
        yield term
    elif not isinstance(term, Application):
        for part in term.args:
            yield from _binders(part)


def _binds_in_functions(term: Expr) -> bool:
    bound = {t.index for t in subterms(term) if isinstance(t, Ranged)}
    return any(isinstance(t, Application) and t.free_symbols & bound for t in subterms(term))


@lru_cache(8192)
def with_standard_indices(term: Any) -> Any:
    """The term with bound indices named by their depth, so that renaming alone makes no difference.

    Example:
        >>> from derive.language import integer
        >>> i, k, n = integer("i"), integer("k"), integer("n")
        >>> with_standard_indices(IndexSum(i*n, i, 0, n)) == with_standard_indices(IndexSum(k*n, k, 0, n))
        True
    """
    return _standard(term, 0)


def _standard(term: Any, depth: int) -> Any:
    if not term.args:
        return term
    if isinstance(term, Ranged):
        kind = {"integer": True} if term.over_integers else {"real": True}
        marker = Dummy(f"bound{depth}", dummy_index=10_000_000 + depth, **kind)
        body = _standard(_substitute(term.args[0], {term.index: marker}), depth + 1)
        return type(term)(body, marker, _standard(term.low, depth), _standard(term.high, depth))
    return rebuild(term, [_standard(part, depth) for part in term.args])


def same_up_to_renaming(left: Basic, right: Basic) -> bool:
    """Whether two terms differ at most in the names of bound indices."""
    return left == right or with_standard_indices(left) == with_standard_indices(right)
