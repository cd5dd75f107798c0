"""A term that was lost: what the sides differ by, if it is a part of what the author wrote.

Each part of the two sides is worked out where the claim fails; the part that is there what the left side has too much,
or the negative of it, is the term that the right side lacks. Points only choose among parts: the repaired formula is
judged like any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from derive.claims.benches import Bench
from derive.claims.clock import now
from derive.claims.places import STUMBLES, Place
from derive.claims.retouching import plain, spots
from derive.claims.statements import Statement
from derive.claims.stating import Pair
from derive.claims.syntax import Big, Node, Number, Product, Sum
from derive.errors import DeriveError
from derive.language import Context
from derive.language.balls import Ball, close

ReadSides = Callable[[Sequence[Node], Sequence[str]], tuple[Pair, ...]]

PARTS, SECONDS, AT = 40, 0.4, 6
"""Parts that are looked at at most, for how long, and at how many places."""
_ROLES = frozenset(("side", "term", "factor", "top", "bottom", "argument", "case", "root"))
_ZERO = Number("0")


def missing_terms(
    sides: tuple[Node, Node], names: Sequence[Node], statement: Statement, bench: Bench, read: ReadSides
) -> Iterator[Node]:
    """The right side with the term that it lacks, for each part of the sides that is the difference where both differ.

    Args:
        sides: What the author wrote.
        names: Letters that may be the term as well.
        statement: The equation as it is read.
        bench: Where it fails.
        read: What reads other sides with the same declarations.
    """
    places, wanted = [], []
    for place in bench.failing[-AT:]:
        seen = bench.asked(statement, place)
        if seen.kind == "fails":
            places.append(place)
            wanted.append(seen.left - seen.right)
    if len(places) < 2:
        return
    until = now() + SECONDS
    parts = (plain(s.node) for side in sides for s in spots(side) if s.role in _ROLES)
    whole = (plain(sides[0]), plain(sides[1]))
    both = (q for p in parts for q in (p, *_turned(p)))
    fitting = (p for p in (*names, *both) if p not in whole and not isinstance(p, (Sum, Big)))
    for part in list(dict.fromkeys(fitting))[:PARTS]:
        if now() > until:
            return
        sign = _sign(part, statement, bench, places, wanted, read)
        if sign:
            yield _with(sides[1], sign, part)


def _sign(
    part: Node, statement: Statement, bench: Bench, places: list[Place], wanted: list[Any], read: ReadSides
) -> str:
    """"+" or "-" if the part, or its negative, is what is wanted at all places; "" else."""
    try:
        pairs = read((part, _ZERO), ("=",))
    except (DeriveError, *STUMBLES):
        return ""
    if len(pairs) != 1 or not _is_within(pairs[0].statement.context, statement.context):
        return ""
    alone = replace(pairs[0].statement, context=statement.context)
    left = "+-"
    for place, value in zip(places, wanted, strict=True):
        seen = bench.asked(alone, place)
        if seen.kind not in ("holds", "fails"):
            return ""
        left = "".join(s for s in left if _equal(seen.left if s == "+" else -seen.left, value))
        if not left:
            return ""
    return left[0]


def _turned(part: Node) -> tuple[Node, ...]:
    """BA for AB, which is the term that is lost of (A + B)^2."""
    if isinstance(part, Product) and len(part.items) == 2 and not any(isinstance(i, Big) for i in part.items):
        return (replace(part, items=part.items[::-1]),)
    return ()


def _is_within(one: Context, other: Context) -> bool:
    """Whether what one context speaks of is the same in the other."""
    fields = ("declarations", "arrays", "definitions", "chances")
    return all(set(getattr(one, f)) <= set(getattr(other, f)) for f in fields)


def _equal(one: Any, other: Any) -> bool:
    return bool(close(one, other)) if isinstance(one, Ball) or isinstance(other, Ball) else bool(one == other)


def _with(side: Node, sign: str, part: Node) -> Node:
    """The side with one more term at its end."""
    inner = plain(side)
    signs, terms = (inner.signs, inner.terms) if isinstance(inner, Sum) else (("+",), (side,))
    return Sum((*signs, sign), (*terms, part))
