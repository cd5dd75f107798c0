"""The inert heads that are added to SymPy: index sums, cases, arrays and their entries.

`IndexSum(body, k, low, high)` is the sum of `body` over the integers k from low to high. **A sum over nothing is 0**
(SymPy follows Karr, where `Sum(1, (k, 0, -3))` is -2). With an infinite end it is the sum over all its terms where
that converges absolutely, in whichever order; if finitely many terms differ from 0 it is a finite sum.

`Cases((value, condition), ..., (value, OTHERWISE))` is the value whose condition holds.

`Array` names a family of numbers with its range on each axis and what it is outside: zero, wrapped around, or an
error. `Entry(x, n)` is one of its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Basic, Dummy, Expr, Mul, Pow, Rational, Symbol, Tuple, nan, oo, zoo
from sympy.core.function import Application
from sympy.core.symbol import Str

from derive.errors import IllFormed
from derive.language.conditions import TRUE, Condition, all_of, as_expr, between, is_false_for_numbers
from derive.language.symbols import fresh, integer

OTHERWISE = TRUE
OUTSIDE = ("zero", "wraps", "error")


class IndexSum(Expr):
    """Sum of `body` over the integers `index` from `low` to `high`; 0 if there are none."""

    is_commutative = True

    def __new__(cls, body: Any, index: Symbol, low: Any, high: Any) -> IndexSum:
        low, high = as_expr(low), as_expr(high)
        if not (isinstance(index, Symbol) and index.is_integer):
            raise IllFormed(f"the index {index} of a sum must be an integer symbol")
        # Infinite ends are recognised by sight: a term that SymPy has not yet worked out to be infinite is none.
        if (low is not -oo and low.has(oo, -oo, zoo, nan)) or (high is not oo and high.has(oo, -oo, zoo, nan)):
            raise IllFormed(f"a sum does not run from {low} to {high}")
        if index in low.free_symbols or index in high.free_symbols:
            raise IllFormed(f"the limits {low}..{high} of a sum mention its own index {index}")
        made: IndexSum = Expr.__new__(cls, as_expr(body), index, low, high)
        return made

    @property
    def body(self) -> Expr:
        """The summand."""
        return self.args[0]

    @property
    def index(self) -> Symbol:
        """The bound index."""
        return self.args[1]

    @property
    def low(self) -> Expr:
        """The lower limit."""
        return self.args[2]

    @property
    def high(self) -> Expr:
        """The upper limit."""
        return self.args[3]

    def _sympystr(self, printer: Any) -> str:
        body, index, low, high = (printer.doprint(a) for a in self.args)
        return f"sum({body}, {index}={low}..{high})"

    @property
    def free_symbols(self) -> set[Basic]:
        """Symbols that are not bound."""
        inside: set[Basic] = self.body.free_symbols - {self.index}
        return inside | self.low.free_symbols | self.high.free_symbols

    @property
    def range_condition(self) -> Condition:
        """low <= index <= high"""
        return between(self.low, self.index, self.high)

    def _eval_is_extended_real(self) -> bool | None:
        return self.body.is_extended_real


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


class Array(Basic):
    """A named family of numbers: range on each axis, and what it is outside.

    Args (see `array` and `signal` for the usual makers):
        name: Printed name.
        axes: One (low, high) pair an axis, inclusive; ends may be infinite.
        outside: 'zero', 'wraps' (indices modulo the size) or 'error'.
    """

    def __new__(cls, name: str | Str, axes: Any, outside: str | Str) -> Array:
        label = name if isinstance(name, Str) else Str(integer(name).name)
        rule = outside if isinstance(outside, Str) else Str(outside)
        if rule.name not in OUTSIDE:
            raise IllFormed(f"outside its range an array is one of {', '.join(OUTSIDE)}, not {rule.name!r}")
        pairs = Tuple(*(Tuple(as_expr(low), as_expr(high)) for low, high in axes))
        made: Array = Basic.__new__(cls, label, pairs, rule)
        return made

    def _sympystr(self, printer: Any) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The printed name."""
        return str(self.args[0].name)

    @property
    def axes(self) -> tuple[tuple[Expr, Expr], ...]:
        """(low, high) of each axis."""
        return tuple((a.args[0], a.args[1]) for a in self.args[1].args)

    @property
    def outside(self) -> str:
        """What an entry outside the range is."""
        return str(self.args[2].name)

    def __getitem__(self, indices: Any) -> Entry:
        return Entry(self, *(indices if isinstance(indices, tuple) else (indices,)))

    def in_range(self, *indices: Expr) -> Condition:
        """The condition that the indices lie in the declared range."""
        return all_of(*(between(low, i, high) for (low, high), i in zip(self.axes, indices, strict=True)))


def array(name: str, *axes: tuple[Any, Any], outside: str = "error") -> Array:
    """An array with the given inclusive range on each axis."""
    return Array(name, axes, outside)


def signal(name: str, low: Any = -oo, high: Any = oo) -> Array:
    """A sequence over all integers that is 0 outside low..high.

    Example:
        >>> signal("h", 0)[3]
        h[3]
    """
    return Array(name, ((low, high),), "zero")


class Entry(Expr):
    """One number of an array."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, base: Array, *indices: Any) -> Entry:
        if not isinstance(base, Array):
            raise IllFormed(f"{base!r} is not an array")
        made_indices = [as_expr(i) for i in indices]
        if len(made_indices) != len(base.axes):
            raise IllFormed(f"{base.name} has {len(base.axes)} axes, not {len(made_indices)}")
        made: Entry = Expr.__new__(cls, base, *made_indices)
        return made

    def _sympystr(self, printer: Any) -> str:
        return f"{self.array.name}[{', '.join(printer.doprint(i) for i in self.indices)}]"

    @property
    def array(self) -> Array:
        """The array that this is an entry of."""
        return self.args[0]

    @property
    def indices(self) -> tuple[Expr, ...]:
        """The index on each axis."""
        return tuple(self.args[1:])

    @property
    def in_range(self) -> Condition:
        """The condition that the indices lie in the declared range."""
        return self.array.in_range(*self.indices)


def subterms(term: Basic) -> Iterator[Basic]:
    """The term and everything below it, from the outside in."""
    yield term
    for part in term.args:
        yield from subterms(part)


def bound_names(term: Basic) -> set[str]:
    """Names of the indices that are bound somewhere in the term."""
    return {t.index.name for t in subterms(term) if isinstance(t, IndexSum)}


def names_in(*terms: Basic) -> set[str]:
    """Names of all symbols in the terms, bound or free."""
    return {t.name for term in terms for t in subterms(term) if isinstance(t, Symbol)}


def substitute(term: Any, values: Mapping[Basic, Any]) -> Any:
    """Replace free symbols (or whole arrays), renaming bound indices out of the way.

    Args:
        term: An expression, condition or array.
        values: {symbol: expression}; all are replaced at once.

    Example:
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
    if isinstance(term, IndexSum):
        low, high = _substitute(term.low, values), _substitute(term.high, values)
        inside = {old: new for old, new in values.items() if old != term.index}
        body, index = term.body, term.index
        reachable = [new for old, new in inside.items() if old in body.free_symbols or isinstance(old, Array)]
        incoming = {s.name for new in reachable for s in getattr(new, "free_symbols", ())}
        ends = {s.name for end in (low, high) for s in end.free_symbols}
        if index.name in incoming | ends:
            # All at once: a second pass could take the fresh name for one that is to be replaced.
            index = fresh(index.name, incoming | ends | names_in(body))
            inside[term.index] = index
        return IndexSum(_substitute(body, inside) if inside else body, index, low, high)
    if isinstance(term, Cases):
        return _substitute_cases(term, values)
    parts = [_substitute(part, values) for part in term.args]
    return term if all(new is old for new, old in zip(parts, term.args, strict=True)) else rebuild(term, parts)


def _substitute_cases(term: Cases, values: Mapping[Basic, Any]) -> Any:
    """Cases whose condition has become false between numbers go before their value is touched: it may be 1/0 there."""
    clauses = [(value, _substitute(condition, values)) for value, condition in term.clauses]
    alive = [(v, c) for v, c in clauses if not is_false_for_numbers(c)]
    return Cases(*((_substitute(v, values), c) for v, c in alive or clauses))


def rebuild(term: Basic, parts: list[Any]) -> Any:
    """A term of the same head with other parts."""
    if isinstance(term, Cases):
        return Cases(*(tuple(p.args) for p in parts))
    if isinstance(term, Array):
        return Array(parts[0], tuple(tuple(p.args) for p in parts[1].args), parts[2])
    if isinstance(term, Pow) and parts[0] == 0:
        return Pow(*parts, evaluate=all(isinstance(p, Rational) for p in parts))
    if isinstance(term, Mul) and any(isinstance(p, Pow) and p.base == 0 for p in parts):
        return Mul(*parts, evaluate=False)  # building the product anew would build its powers anew
    if isinstance(term, Application) and not all(isinstance(p, Rational) for p in parts):
        return term.func(*parts, evaluate=False)
    return term.func(*parts)


# SymPy 1.14 works these out wrongly for some arguments: Mod(2*Mod(n, 3), 3) becomes 2*Mod(n, 3), floor(n*(2*m + 2)/6)
# loses its floor, and by the same mistake sin(pi*n*(2*m + 2)/6) is 0. All functions (least and greatest are among them)
# are kept as they are written, but between numbers; so are powers of 0, which it takes for 0 where it thinks that the
# exponent is positive.


def expanded(term: Any) -> Any:
    """The term with products of sums multiplied out, functions left as they are.

    Example:
        >>> n, k = integer("n"), integer("k")
        >>> expanded(n * (k + 1))
        k*n + n
    """
    kept = {t: Dummy() for t in subterms(term) if isinstance(t, Application)}
    if not kept:
        return term.expand()
    masked = _substitute(term, kept).expand()
    return _substitute(masked, {d: t for t, d in kept.items()})


def with_standard_indices(term: Any) -> Any:
    """The term with bound indices named by their depth, so that renaming alone makes no difference.

    Example:
        >>> i, k, n = integer("i"), integer("k"), integer("n")
        >>> with_standard_indices(IndexSum(i*n, i, 0, n)) == with_standard_indices(IndexSum(k*n, k, 0, n))
        True
    """
    return _standard(term, 0)


def _standard(term: Any, depth: int) -> Any:
    if not term.args:
        return term
    if isinstance(term, IndexSum):
        marker = Dummy(f"bound{depth}", integer=True, dummy_index=10_000_000 + depth)
        body = _standard(_substitute(term.body, {term.index: marker}), depth + 1)
        return IndexSum(body, marker, _standard(term.low, depth), _standard(term.high, depth))
    return rebuild(term, [_standard(part, depth) for part in term.args])


def same_up_to_renaming(left: Basic, right: Basic) -> bool:
    """Whether two terms differ at most in the names of bound indices."""
    return left == right or with_standard_indices(left) == with_standard_indices(right)
