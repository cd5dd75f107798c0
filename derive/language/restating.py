"""Terms in one form, whoever wrote them: sums that begin at 0, entries as what they are by definition.

Two terms that have the same form are equal wherever both have values. A form is to be compared, not to be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sympy import Expr, Symbol, oo

from derive.language.arrays import Array, Entry
from derive.language.chance import Moment
from derive.language.conditions import MIRROR, Compare, Condition
from derive.language.context import Context, Definition
from derive.language.symbols import fresh
from derive.language.terms import (
    IndexSum,
    Partial,
    Ranged,
    expanded,
    names_in,
    rebuild,
    renamed_apart,
    substitute,
    with_standard_indices,
)

_DEEPEST = 12
"""Definitions within definitions that are written out."""

Ends = tuple[Expr, Expr]


@lru_cache(1 << 14)
def canonical(term: Any) -> Any:
    """The term with sums that begin at 0, and with indices and exponents multiplied out."""
    if not term.args or isinstance(term, Array):
        return term
    parts = [canonical(part) for part in term.args]
    if isinstance(term, Entry):
        return Entry(parts[0], *(expanded(i) for i in parts[1:]))
    if isinstance(term, IndexSum):
        body, index, low, high = parts
        low, high = expanded(low), expanded(high)
        if low not in (0, -oo) and index not in low.free_symbols:
            body, high = canonical(substitute(body, {index: index + low})), expanded(high - low)
            low = low - low
        return IndexSum(body, index, low, high)
    return rebuild(term, parts)


@lru_cache(4096)
def restated(context: Context, term: Any) -> Any:
    """The term in standard form; entries are written out where they are sure to be in range.

    That is so for what has no indices, and for a bound index that runs over the very axis that it stands for.

    Example:
        >>> from derive.language import array, declare
        >>> n, k = declare("n", "size"), Symbol("k", integer=True)
        >>> x, context = array("x", (1, n.symbol)), Context((n,))
        >>> one = IndexSum(x[k], k, 1, n.symbol)
        >>> other = IndexSum(x[k - 2], k, 3, n.symbol + 2)
        >>> one == other, restated(context, one) == restated(context, other)
        (False, True)
    """
    apart = renamed_apart(term, set(context.names))  # so that the ends of axes mean the same everywhere in it
    taken = frozenset(context.names | names_in(apart))
    return with_standard_indices(_one_way(canonical(_written(context, apart, {}, taken, 0))))


def defined_alike(context: Context, definition: Definition, other: Definition) -> bool:
    """Whether both define one array alike, by what stands there or once what that rests on here is written out."""
    if definition.says_the_same(other):
        return True
    if definition.array != other.array or len(definition.parameters) != len(other.parameters):
        return False
    taken = {*context.names, *names_in(definition.body, other.body)}
    places: list[Symbol] = []
    for parameter in definition.parameters:
        places.append(fresh(parameter.name, taken))
        taken.add(places[-1].name)
    return bool(restated(context, definition.at(places)) == restated(context, other.at(places)))


def with_plain_equations(term: Any) -> Any:
    """The term with all equations in it as `u = 0`, u with one of both signs: `x = y` and `-y = -x` are alike."""
    if not term.args:
        return term
    parts = [with_plain_equations(part) for part in term.args]
    made = term if all(a is b for a, b in zip(parts, term.args, strict=True)) else rebuild(term, parts)
    if isinstance(made, Compare) and made.op in ("=", "!="):
        difference = made.left - made.right
        return Compare(made.op, -difference if difference.could_extract_minus_sign() else difference, 0)
    return made


_SAYS = {"=": ("=", "<=", ">="), "<": ("<", "<=", "!="), ">": (">", ">=", "!=")}
"""What else a comparison says of the difference of its sides."""


def says(known: Condition, wanted: Condition) -> bool:
    """Whether the one is the other, or says more of the same difference: `u > v` says that `u - v != 0`."""
    if known == wanted:
        return True
    if not (isinstance(known, Compare) and isinstance(wanted, Compare)):
        return False
    apart, asked = known.left - known.right, wanted.left - wanted.right
    ways = ((known.op, apart), (MIRROR[known.op], -apart))
    return any(wanted.op in _SAYS.get(op, (op,)) and difference == asked for op, difference in ways)


@lru_cache(4096)
def spelling(term: Any) -> str:
    """The term in letters, whatever its indices are called and its equations signed: by it terms are put in order."""
    return str(with_plain_equations(with_standard_indices(term)))


@lru_cache(4096)
def _one_way(term: Any) -> Any:
    """The term with each sum from the first or the last of its terms on, whichever is written first in the alphabet."""
    if not term.args or isinstance(term, (Array, Partial, Moment)):
        return term
    made = rebuild(term, [_one_way(part) for part in term.args])
    if not isinstance(made, IndexSum) or made.is_endless:
        return made
    turned = substitute(made.body, {made.index: made.low + made.high - made.index})
    other = canonical(IndexSum(turned, made.index, made.low, made.high))
    return min(made, other, key=spelling)


def _written(context: Context, term: Any, ranges: Mapping[Symbol, Ends], taken: frozenset[str], depth: int) -> Any:
    if not term.args or isinstance(term, (Array, Partial, Moment)) or depth > _DEEPEST:
        return term
    if isinstance(term, Entry):
        meaning = context.definition_of(term.array)
        inside = all(ranges.get(i) == axis for i, axis in zip(term.indices, term.array.axes, strict=True))
        if meaning is not None and inside and not meaning.is_recursive:
            return _written(context, meaning.at(term.indices, taken), ranges, taken, depth + 1)
        return term
    if isinstance(term, Ranged):
        here = {**ranges, term.index: (term.low, term.high)}
        body = _written(context, term.args[0], here, taken | names_in(term), depth)
        return rebuild(term, [body, *term.args[1:]])
    return rebuild(term, [_written(context, part, ranges, taken, depth) for part in term.args])
