r"""Conditions that stand after a formula: `..., \quad \text{for } a \ne 1` belongs to the hypotheses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.claims.counting import between, counted
from derive.claims.names import name_key
from derive.claims.reading_ranges import LettersInRange, joined_chains
from derive.claims.surroundings import Unread
from derive.claims.syntax import (
    ForAll,
    Group,
    Listing,
    Logic,
    Negated,
    Node,
    Relation,
    Scripted,
    below,
)  # fmt: skip

_CONDITIONS = (Relation, Logic, Negated)


def parted(node: Node) -> tuple[Node, tuple[Node, ...]]:
    r"""The formula, and the conditions that follow it.

    A comma parts a formula from a condition where what stands before it is a value, or where a wide space or a word
    said so; `a < b, c < d` stays one statement.

    Example:
        >>> from derive.claims.parsing import parse
        >>> from derive.claims.writing import latex
        >>> formula, conditions = parted(parse(r"\frac{1}{a} \quad \text{for } a \ne 0"))
        >>> latex(formula), [latex(c) for c in conditions]
        ('\\frac{1}{a}', ['a \\ne 0'])
    """
    if not isinstance(node, Listing) or len(node.parts) < 2:
        return node, ()
    first, *rest = node.parts
    said = [part for part in rest if isinstance(part, ForAll) and part.body is None]
    if isinstance(first, _CONDITIONS) and not said and all(isinstance(part, _CONDITIONS) for part in rest):
        message = "after a comma another statement stands: a condition is said as \\text{for}, or in 'where'"
        raise Unread(rest[0], message)
    if isinstance(first, (ForAll, Listing, *_CONDITIONS)) and not said:
        return node, ()
    found: list[Node] = []
    for part in rest:
        if isinstance(part, ForAll) and part.body is None:
            found += _conditions(part.bound)
        elif isinstance(part, _CONDITIONS):
            found.append(part)
        else:
            return node, ()
    return first, tuple(found)


def _conditions(bound: Node) -> tuple[Node, ...]:
    """What a bound says of letters that mean something already; of a letter alone it says nothing."""
    parts = bound.parts if isinstance(bound, Listing) else (bound,)
    if isinstance(bound, Listing):
        if not any(isinstance(p, _CONDITIONS) for p in parts):
            return ()
        found = counted(bound) or each_in_range(bound)
        if found:
            return found
    kept = tuple(p for p in parts if isinstance(p, _CONDITIONS))
    return (bound,) if len(kept) != len(parts) else kept


def each_in_range(node: Listing) -> tuple[Relation, ...]:
    r"""`1 \le i, j \le n` as a range for each of its letters; nothing if it is not of this form."""
    chains = joined_chains(node.parts)
    if len(chains) != 1 or not isinstance(chains[0], LettersInRange):
        return ()
    first, last = node.parts[0], node.parts[-1]
    assert isinstance(first, Relation) and isinstance(last, Relation)
    signs = (*first.relations, *last.relations)
    names = (first.sides[1], *node.parts[1:-1], last.sides[0])
    return tuple(replace(between(first.sides[0], n, last.sides[1], signs), start=node.start) for n in names)


def bounded_indices(conditions: Iterable[Node], formula: Node) -> list[str]:
    """The keys of the indices that lie between two ends: who says x_i = 0 for 1 <= i <= n need not declare i."""
    found: list[str | None] = []
    indices = {name_key(n) for part in below(formula) for script in _scripts(part) for n in below(script)}
    for part in conditions:
        if isinstance(part, Relation) and len(part.sides) > 2 and set(part.relations) <= {"<", "\\le"}:
            found += [name_key(n) for n in part.sides[1:-1]]
        elif isinstance(part, Relation) and part.relations == ("\\in",):
            found += [name_key(n) for n in getattr(part.sides[0], "parts", part.sides[:1])]
    return [key for key in found if key is not None and key in indices]


def _scripts(node: Node) -> tuple[Node, ...]:
    """What stands where an index may stand."""
    if isinstance(node, Scripted):
        return tuple(n for n in (node.sub, node.sup) if n is not None)
    return (node,) if isinstance(node, Group) and node.opening == "[" else ()
