r"""Conditions that stand after a formula: `..., \quad \text{for } a \ne 1` belongs to the hypotheses."""

from __future__ import annotations

from derive.claims.surroundings import Unread
from derive.claims.syntax import ForAll, Listing, Logic, Negated, Node, Relation

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
    if isinstance(bound, Listing) and not any(isinstance(p, _CONDITIONS) for p in parts):
        return ()
    kept = tuple(p for p in parts if isinstance(p, _CONDITIONS))
    return (bound,) if len(kept) != len(parts) else kept
