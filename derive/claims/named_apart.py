"""Statements in which no bound index has the name of one around it, as the checker asks of every line.

A letter that a definition brings into a sum over a letter of the same name means something else there; readers do not
mind, and where each of the two is bound, renaming the inner one changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from derive.claims.statements import Statement
from derive.language import Ranged, substitute
from derive.language.symbols import fresh_like
from derive.language.terms import names_in, rebuild


def with_names_apart(statement: Statement) -> Statement:
    """The statement with the inner one of two indices of one name renamed.

    Example:
        >>> from derive.language import Context, IndexSum, integer
        >>> k = integer("k")
        >>> with_names_apart(Statement(Context(), IndexSum(IndexSum(k, k, 1, 2), k, 1, 3), "=", 9)).left
        sum(sum(k', k'=1..2), k=1..3)
    """
    around = frozenset(statement.context.names)
    left, right = (side if side is None else apart(side, around) for side in (statement.left, statement.right))
    return replace(statement, left=left, right=right)


def apart(term: Any, around: frozenset[str]) -> Any:
    """The term with its bound indices named otherwise than those around them, and than these names."""
    if not getattr(term, "args", ()) or not term.has(Ranged):
        return term
    if not isinstance(term, Ranged):
        return rebuild(term, [apart(part, around) for part in term.args])
    body, index = term.args[0], term.index
    if index.name in around:
        index = fresh_like(index, set(around) | names_in(body))
        body = substitute(body, {term.index: index})
    ends = (apart(end, around) for end in term.args[2:])
    return type(term)(apart(body, around | {index.name}), index, *ends)
