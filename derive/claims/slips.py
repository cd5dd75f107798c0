r"""The library of slips: every small change of a formula that undoes a known kind of mistake, the likeliest first.

A change is made in the tree that the author wrote. Nothing here knows whether a changed formula is right: that is for
points to refute and for the deciders to prove (`derive.claims.explaining`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from derive.claims.changes import Repair, Rule, Setting
from derive.claims.names import name_key
from derive.claims.retouching import spots
from derive.claims.slips_of_lost_terms import lost_powers, lost_terms
from derive.claims.slips_of_places import flips, names, orders, transposes
from derive.claims.slips_of_ranges import both_limits, off_by_one, relations_inside, rounding
from derive.claims.slips_of_terms import factors, functions, powers, signs, terms
from derive.claims.syntax import Name, Node, Scripted, below
from derive.claims.tidying import tidier
from derive.claims.writing import latex

MOST = 700
"""Changes of one side."""


def repairs(side: Node, setting: Setting) -> list[Repair]:
    """All changes of a side, the likeliest first, each formula once.

    Example:
        >>> from derive.claims.parsing import parse
        >>> n = Name("n")
        >>> setting = Setting({"n": "integer"}, {"n": n}, {}, (), n)
        >>> found = repairs(parse("2^n"), setting)
        >>> found[0].kind, found[0].said
        ('off by one', 'the exponent should be n + 1, not n')
    """
    tidy = tidier(side)
    best: dict[Node, Repair] = {}
    for spot in spots(side):
        for rule in RULES:
            for raw in rule(spot, setting):
                found = replace(raw, node=tidy(raw.node))
                if found.node != side and (found.node not in best or found.rank < best[found.node].rank):
                    best[found.node] = found
    for found in (*whole_side(side, setting), *lost_terms(side, setting), *lost_powers(side, setting)):
        best.setdefault(found.node, found)
    return sorted(best.values(), key=lambda r: r.rank)[:MOST]


def whole_side(side: Node, setting: Setting) -> Iterator[Repair]:
    """Changes of the whole side: one name for another throughout, all indices of an array moved, exchanged letters."""
    written = (name_key(n) for n in below(side) if isinstance(n, (Name, Scripted)))
    keys = dict.fromkeys(str(k) for k in written if k in setting.sorts)
    for key in keys:
        for other, node in setting.names.items():
            if other != key and setting.sorts[other] == setting.sorts[key]:
                kind = "size" if setting.sorts[key] == "integer" else "name"
                changed = renamed(side, {key: node})
                yield Repair(changed, kind, f"it should be {latex(node)}, not {latex(setting.names[key])}", 30)
                if other in keys:
                    turned = renamed(side, {key: node, other: setting.names[key]})
                    yield Repair(turned, kind, f"{latex(node)} and {latex(setting.names[key])} are exchanged", 31)


def renamed(node: Node, to: dict[str, Node]) -> Node:
    """The tree with other names throughout."""
    for spot in spots(node):
        if isinstance(spot.node, (Name, Scripted)) and name_key(spot.node) in to and spot.role != "called":
            return _renamed(node, to)
    return node


def _renamed(node: Node, to: dict[str, Node]) -> Node:
    if isinstance(node, (Name, Scripted)) and (key := name_key(node)) in to:
        return to[str(key)]
    changes: dict[str, Any] = {}
    for field in fields(node):
        name = field.name
        value = getattr(node, name)
        if isinstance(value, (Node, tuple)):
            new = _inner(value, to)
            if new is not value:
                changes[name] = new
    return replace(node, **changes) if changes else node


def _inner(value: object, to: dict[str, Node]) -> object:
    """The same object where nothing changes."""
    if isinstance(value, Node):
        return _renamed(value, to)
    if not isinstance(value, tuple):
        return value
    made = tuple(_inner(v, to) for v in value)
    return made if any(new is not old for new, old in zip(made, value, strict=True)) else value


RULES: tuple[Rule, ...] = (
    off_by_one, both_limits, signs, transposes, orders, rounding, relations_inside, names, factors, powers, terms,
    functions, flips,
)  # fmt: skip
