"""Whether one term is another one at other values: symbols, arrays and bound letters may be called otherwise.

Both are first brought to one form (`canonical`): sums begin at 0, indices are multiplied out. Products and sums are
matched in any order, index sums also from the other end. A value found is only a guess: what it is used for is checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from sympy import Add, Basic, Expr, Mul, Symbol, Tuple

from derive.errors import DeriveError
from derive.language import Array, Context, Definition, Entry, IndexSum, substitute
from derive.language.forms import Form
from derive.language.restating import canonical
from derive.language.terms import expanded, rebuild, with_standard_indices

Values = dict[Basic, Any]

MOST_TRIES, MOST_PARTS = 600, 12
"""Of one fit, and of a sum or product whose parts are tried in every order."""


class _TooMany(Exception):
    pass


@lru_cache(8192)
def written_out(context: Context, term: Any, depth: int = 0) -> Any:
    """The term with every entry as what it is by definition, recursions aside.

    Example:
        >>> from derive.language import Definition, array, integer
        >>> n, k = integer("n"), integer("k")
        >>> x, y = array("x", (1, n)), array("y", (1, n))
        >>> written_out(Context(definitions=(Definition(y, (k,), 2 * x[k]),)), y[3])
        2*x[3]
    """
    if not term.args or depth > 40:
        return term
    if isinstance(term, Entry):
        found = context.definition_of(term.array)
        indices = [written_out(context, i, depth + 1) for i in term.indices]
        if found is not None and (isinstance(term.array, Form) or not found.is_recursive):
            return written_out(context, found.at(indices), depth + 1)
        return Entry(written_out(context, term.array, depth + 1), *indices)
    if isinstance(term, Array):
        return term
    return rebuild(term, [written_out(context, part, depth + 1) for part in term.args])


def standard(context: Context, term: Any) -> Any:
    """Written out, in canonical form, bound letters by depth."""
    return with_standard_indices(canonical(written_out(context, term)))


class Fit:
    """One attempt: the letters of the pattern that may be anything, and the definitions on both sides.

    Args:
        pattern, target: Where the two terms stand.
        numbers: Arrays of the pattern without an axis that stand for a term here, not for an array of that kind.
    """

    def __init__(self, pattern: Context, target: Context, numbers: Sequence[Array] = ()) -> None:
        self.pattern, self.target = pattern, target
        self.letters = {Entry(a): Symbol(f"number {k}", real=True) for k, a in enumerate(numbers)}
        self.free: set[Basic] = {*pattern.symbols, *pattern.arrays, *(d.array for d in pattern.definitions)}
        self.free.update(self.letters.values())
        self.tries = 0

    def values(self, left: Any, term: Any, most: int = 2) -> Iterator[Values]:
        """Ways in which the term is the left side of the pattern; both in standard form."""
        arrays = {letter: entry.array for entry, letter in self.letters.items()}
        try:
            for found in islice(self.match(left.xreplace(self.letters), term, {}), most):
                yield {arrays.get(one, one): value for one, value in found.items()}
        except (_TooMany, DeriveError):
            return

    def match(self, p: Any, t: Any, values: Values) -> Iterator[Values]:
        """Values under which p is t, those given among them."""
        self.tries += 1
        if self.tries > MOST_TRIES:
            raise _TooMany
        if isinstance(p, Symbol) and p in self.free:
            if p in values:
                if values[p] == t:
                    yield values
            elif isinstance(t, Expr) and not t.has(Entry) and not _bound(t) and not (p.is_integer and not t.is_integer):
                yield {**values, p: t}
            return
        if isinstance(p, Array) and not isinstance(p, Form) and p in self.free:
            yield from self._array(p, t, values)
            return
        if not _letters(p)[0] & self.free and not _letters(p)[1]:
            if p == t:
                yield values
            return
        if isinstance(p, (Add, Mul)):
            yield from self._parts(p, t, values)
            return
        if p.func != t.func or len(p.args) != len(t.args) or not p.args:
            return
        yield from self._all(p.args, t.args, values)
        if isinstance(p, IndexSum) and not t.is_endless and t.index not in t.high.free_symbols:
            yield from self._all(p.args, _reversed(t).args, values)

    def _array(self, p: Array, t: Any, values: Values) -> Iterator[Values]:
        if p in values:
            if values[p] == t:
                yield values
            return
        if not isinstance(t, Array) or len(t.axes) != len(p.axes) or t.outside != p.outside:
            return
        if isinstance(t, Form) and not isinstance(p, Form) and (t in values.values()):
            return
        made = {**values, p: t}
        definition, other = self.pattern.definition_of(p), self.target.definition_of(t)
        if (definition is None) != (other is None) and not (definition is None and other is not None):
            return
        ends = ([e for axis in p.axes for e in axis], [e for axis in t.axes for e in axis])
        for found in self._all(*ends, made):
            if definition is None or other is None:
                yield found
                continue
            if len(definition.parameters) != len(other.parameters):
                continue
            # Bound by position: both bodies at the same strange letters.
            letters = [Symbol(f"place{k}", integer=True) for k, _ in enumerate(other.parameters)]
            mine, theirs = standard(self.pattern, definition.at(letters)), standard(self.target, other.at(letters))
            yield from self.match(mine.xreplace(self.letters), theirs, found)

    def _all(self, ps: Any, ts: Any, values: Values) -> Iterator[Values]:
        if len(ps) != len(ts):
            return
        if not ps:
            yield values
            return
        for found in self.match(ps[0], ts[0], values):
            yield from self._all(ps[1:], ts[1:], found)

    def _parts(self, p: Any, t: Any, values: Values) -> Iterator[Values]:
        """A sum or product: what is known is taken off; one unknown letter is solved for; else all orders are tried."""
        letters, all_arrays = _letters(p)
        unknown = {s for s in letters & self.free if s not in values}
        arrays = {a for a in all_arrays & self.free if a not in values}
        if not unknown and not arrays:
            if _same(substitute(p, values), t):
                yield values
            return
        if isinstance(p, Add) and not arrays and len(unknown) == 1 and isinstance(t, Expr):
            (s,) = unknown
            rest = p - s
            if s in p.args and s not in rest.free_symbols:
                yield from self.match(s, expanded(t - substitute(rest, values)), values)
                return
        if p.func != t.func or len(p.args) != len(t.args) or len(p.args) > MOST_PARTS:
            return
        first = _hardest(p)
        others = [a for a in p.args if a != first]  # it may be another object: the parts of an equal term
        for part in t.args:
            if type(part) is not type(first) and not isinstance(first, Symbol):
                continue
            rest_t = [a for a in t.args if a is not part]
            for found in self.match(first, part, values):
                rest_p = others[0] if len(others) == 1 else p.func(*others)
                left = rest_t[0] if len(rest_t) == 1 else t.func(*rest_t)
                if (len(others) > 1) == isinstance(rest_p, p.func):
                    yield from self.match(rest_p, left, found)


@lru_cache(8192)
def _letters(p: Any) -> tuple[frozenset[Basic], frozenset[Basic]]:
    """The free symbols and the arrays of a part of a pattern."""
    return frozenset(p.free_symbols), frozenset(p.atoms(Array))


@lru_cache(4096)
def _hardest(p: Any) -> Any:
    """The part that is matched first: one with arrays, and the longest of them."""
    return max(p.args, key=lambda a: (bool(a.atoms(Array)), len(str(a))))


def _same(one: Any, other: Any) -> bool:
    if one == other:
        return True
    if not (isinstance(one, Expr) and isinstance(other, Expr)):
        return False
    return bool(expanded(one) == expanded(other))


def _bound(t: Basic) -> bool:
    return any(s.name.startswith("bound") and not isinstance(s, Tuple) for s in t.free_symbols)


def _reversed(t: IndexSum) -> Any:
    """The sum from its last term on, its index and those within called as they are."""
    return canonical(IndexSum(substitute(t.body, {t.index: t.low + t.high - t.index}), t.index, t.low, t.high))


def renamed_for(
    pattern: Context, values: Mapping[Basic, Any], target: Context
) -> tuple[Values, tuple[Definition, ...]]:
    """The values with an array for each definition of the pattern, and the definitions that the target lacks.

    An array that is defined alike in the target is taken, of several the one of that name, then one that no other
    stands for; else the definition is made again under a new name. A term that an array stands for becomes one by
    definition.
    """
    taken = set(target.names) | {a.name for a in target.arrays} | {d.array.name for d in target.definitions}
    made = dict(values)
    added: list[Definition] = []

    def named(name: str) -> str:
        while name in taken:
            name += "'"
        taken.add(name)
        return name

    for array, term in values.items():
        if isinstance(array, Array) and not isinstance(term, Array):
            made[array] = Array(named(array.name), (), array.outside)
            added.append(Definition(made[array], (), term))
    for d in pattern.definitions:
        if d.array in made:
            continue
        axes = substitute(d.array, made).axes
        alike = [e.array for e in target.definitions if e.array.axes == axes and e.array.outside == d.array.outside]
        for array in sorted(alike, key=lambda a: (a.name != d.array.name, a in made.values())):
            there = d.substituted({**made, d.array: array})
            if any(there.says_the_same(e) for e in target.definitions):
                made[d.array] = array
                break
        else:
            made[d.array] = Array(named(d.array.name), axes, d.array.outside)
            added.append(d.substituted(made))
    return made, tuple(added)
