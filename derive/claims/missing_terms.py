"""A term that was lost: what the sides differ by, if it is a part of what the author wrote.

Each part of the two sides is worked out where the claim fails; the part that is there what the left side has too much,
or the negative of it, is the term that the right side lacks. Points only choose among parts: the repaired formula is
judged like any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement, islice, product
from math import prod
from typing import Any

from derive.claims.benches import Bench
from derive.claims.changes import TOP
from derive.claims.clock import now
from derive.claims.places import STUMBLES, Place
from derive.claims.retouching import ONE, number, plain, spots
from derive.claims.statements import Statement
from derive.claims.stating import Pair
from derive.claims.syntax import Big, Group, Node, Number, Product, Scripted, Sum
from derive.claims.syntax import Fraction as Quotient
from derive.errors import DeriveError
from derive.language import Context
from derive.language.balls import Ball, close

Arrays = tuple[Sequence[Node], Sequence[Node]]
"""Matrices and vectors."""
ReadSides = Callable[[Sequence[Node], Sequence[str]], tuple[Pair, ...]]

PARTS, SECONDS, AT = 40, 0.4, 6
"""Parts that are looked at at most, for how long, and at how many places."""
LETTERS, FEWEST, LARGEST = 4, 4, 12
"""Letters of which products are formed, places that are needed for that, and the largest number before them."""
_ROLES = frozenset(("side", "term", "factor", "top", "bottom", "argument", "case", "root"))
_ZERO = Number("0")


def missing_terms(
    sides: tuple[Node, Node],
    names: Sequence[Node],
    arrays: Arrays,
    statement: Statement,
    bench: Bench,
    read: ReadSides,
) -> Iterator[tuple[Node, bool]]:
    """The right side with the term that it lacks, for each part of the sides that is the difference where both differ.

    With each is said whether the term stands elsewhere in the sides; else it is a product of letters.

    Args:
        sides: What the author wrote.
        names: Letters that may be the term as well.
        arrays: Matrices and vectors of which it may be an entry of a product.
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
    for part in (*list(dict.fromkeys(fitting))[:PARTS], *islice(_entries(whole[1], arrays), PARTS)):
        if now() > until:
            return
        sign = _sign(part, statement, bench, places, wanted, read)
        if sign and not _takes_back(sides[1], sign, part):
            yield _with(sides[1], sign, part), True
    for sign, part in _products(names, statement, bench, places, wanted, read):
        yield _with(sides[1], sign, part), False


def _entries(side: Node, arrays: Arrays) -> Iterator[Node]:
    """(V z)_r for all matrices and vectors, where the side is an entry like (W a)_r."""
    if not isinstance(side, Scripted) or not isinstance(side.base, Group) or side.sub is None or side.sup is not None:
        return
    for matrix, vector in product((*arrays[0], *(Scripted(m, sup=TOP) for m in arrays[0])), arrays[1]):
        yield replace(side, base=Group("(", Product((matrix, vector), ("",)), ")"))


def _products(
    names: Sequence[Node], statement: Statement, bench: Bench, places: list[Place], wanted: list[Any], read: ReadSides
) -> Iterator[tuple[str, Node]]:
    """A number times letters, or a letter more or less 1, if that is wanted at all places; the simplest one."""
    if len(places) < FEWEST or not all(isinstance(value, Fraction) for value in wanted):
        return
    factors: list[tuple[Node, list[Fraction]]] = []
    for name in names[:LETTERS]:
        found = _values(name, statement, bench, places, read)
        if len(set(found)) > 1:
            factors.append((name, list(found)))
            for sign, one in (("-", -1), ("+", 1)):
                factors.append((Group("(", Sum(("+", sign), (name, ONE))), [value + one for value in found]))
    for count in (1, 2, 3):
        for chosen in combinations_with_replacement(factors, count):
            made = [prod(values) for values in zip(*(values for _, values in chosen), strict=True)]
            ratios = {value / m for value, m in zip(wanted, made, strict=True) if m}
            if len(ratios) != 1 or any(value and not m for value, m in zip(wanted, made, strict=True)):
                continue
            ratio = ratios.pop()
            if ratio and max(abs(ratio.numerator), ratio.denominator) <= LARGEST:
                yield "+" if ratio > 0 else "-", _times(abs(ratio), [node for node, _ in chosen])
                return


def _values(
    name: Node, statement: Statement, bench: Bench, places: list[Place], read: ReadSides
) -> tuple[Fraction, ...]:
    """Of a letter, at the places; none where it has none that is exact."""
    try:
        pairs = read((name, _ZERO), ("=",))
    except (DeriveError, *STUMBLES):
        return ()
    if len(pairs) != 1 or not _is_within(pairs[0].statement.context, statement.context):
        return ()
    alone = replace(pairs[0].statement, context=statement.context)
    found = tuple(bench.asked(alone, place).left for place in places)
    return found if all(isinstance(value, Fraction) for value in found) else ()


def _times(ratio: Fraction, factors: Sequence[Node]) -> Node:
    """The product, over a denominator where the number has one."""
    items = [*([number(ratio.numerator)] if ratio.numerator != 1 else []), *factors]
    top = items[0] if len(items) == 1 else Product(tuple(items), ("",) * (len(items) - 1))
    return top if ratio.denominator == 1 else Quotient(plain(top), number(ratio.denominator))


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


def _takes_back(side: Node, sign: str, part: Node) -> bool:
    """Whether the side has this term with the other sign: then it is one too many, and none is missing."""
    inner = plain(side)
    there = zip(inner.signs, inner.terms, strict=True) if isinstance(inner, Sum) else ()
    return any(plain(term) == plain(part) and (own or "+") != sign for own, term in there)


def _with(side: Node, sign: str, part: Node) -> Node:
    """The side with one more term at its end."""
    inner = plain(side)
    signs, terms = (inner.signs, inner.terms) if isinstance(inner, Sum) else (("+",), (side,))
    return Sum((*signs, sign), (*terms, part))
