"""Conditions beside answers: in a part each is said once, and again where its letters are asked for something new.

`n >= 1` holds for a letter wherever that stands, so it need not stand in every frame. Where an index runs is always
said. As soon as a letter gets another condition, all conditions on it are said again, so that what a frame says and
what the frames before it in the part say never contradict each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from sympy import Basic

from derive.language import AllOf, Condition
from derive.language.context import arrays_in
from derive.render.document import Document, Part, Result


def said_once(document: Document) -> Document:
    """The document with each condition once in a part."""
    problems = (replace(p, parts=tuple(map(_part, p.parts))) for p in document.problems)
    return replace(document, problems=tuple(problems))


def new_conditions(conditions: tuple[Condition, ...], said: list[Condition]) -> tuple[Condition, ...]:
    """Those that must be said after what is said; the list goes on with them.

    Example:
        >>> from derive.language import between, ge, integer, ne
        >>> n, h = integer("n"), integer("h")
        >>> said = [ge(n, 1)]
        >>> new_conditions((ge(n, 1), between(1, h, n)), said)
        (1 <= h and h <= n,)
        >>> new_conditions((ge(n, 1), ne(n, 3)), said), new_conditions((ge(n, 1),), said)
        ((n >= 1, n != 3), ())
    """
    lasting = [c for c in conditions if not isinstance(c, AllOf)]
    fresh = [c for c in lasting if c not in said]
    touched: set[Basic] = set().union(*map(_letters, fresh))
    shown = tuple(c for c in conditions if isinstance(c, AllOf) or c in fresh or _letters(c) & touched)
    said[:] = [c for c in said if c not in lasting and not _letters(c) & touched] + lasting
    return shown


def _letters(condition: Condition) -> set[Basic]:
    """The letters and arrays that it is about."""
    return {*condition.free_symbols, *arrays_in(condition)}


def _part(part: Part) -> Part:
    walk = _Walk()
    return replace(part, solution=walk.through(part.solution))


@dataclass
class _Walk:
    """Through the blocks of a part in their order."""

    said: list[Condition] = field(default_factory=list)

    def through(self, item: Any) -> Any:
        if isinstance(item, Result):
            return replace(item, conditions=new_conditions(item.conditions, self.said))
        if isinstance(item, tuple):
            return tuple(map(self.through, item))
        if is_dataclass(item) and not isinstance(item, (Basic, type)):
            found = {f.name: getattr(item, f.name) for f in fields(item)}
            inside = {name: value for name, value in found.items() if isinstance(value, tuple) or is_dataclass(value)}
            made = {name: self.through(value) for name, value in inside.items()}
            changed = {name: value for name, value in made.items() if value != inside[name]}
            return replace(item, **changed) if changed else item
        return item
