"""Slips of counting: off by one, 0 for 1, floor for ceiling, < for <=, minimum for maximum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.claims.changes import NO_VALUES, Repair, Setting, put, rounds
from derive.claims.retouching import (
    Spot,
    bracketed,
    over,
    plain,
    quotient,
    shifted,
    times,
    with_term,
    without_item,
)  # fmt: skip
from derive.claims.syntax import Big, Fraction, Group, Logic, Name, Node, Number, Product, Relation, Scripted, Sum
from derive.claims.writing import latex

_SHIFTED = {
    "upper limit": 10, "lower limit": 10, "limit": 11, "index": 12, "exponent": 13, "condition": 16, "term": 19,
    "factor": 15, "argument": 17, "top": 18, "bottom": 18, "side": 21, "case": 21, "root": 20, "entry": 20, "base": 26,
    "rounded": 17,
}  # fmt: skip


def off_by_one(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """n for n - 1, in a limit, an index, an exponent, a factor."""
    node, rank = spot.node, _SHIFTED.get(spot.role)
    if rank is None or isinstance(node, NO_VALUES):
        return
    numeric = isinstance(node, Number) and node.text.isdigit()
    if spot.role in ("factor", "base", "argument", "condition", "limit", "bottom", "root", "entry"):
        inner = plain(node)
        if spot.role in ("factor", "base") and numeric:
            rank = 34
        if not (numeric or isinstance(inner, Sum) or setting.sort(inner) == "integer" or rounds(inner)):
            return
        if spot.role == "base" and not isinstance(node, (Name, Scripted, Number, Sum)):
            return
        rank = 18 if spot.role == "base" and isinstance(node, Sum) else rank
    if spot.role == "index" and not (numeric or isinstance(node, (Sum, Product)) or setting.sort(node) == "integer"):
        return
    if spot.role == "term" and not rounds(node):
        return  # the sum around it is shifted
    if spot.role == "factor" and "term" in spot.inside and not isinstance(node, Group):
        rank = 22
    if rounds(node):
        rank = 14
    kind = "floor" if rounds(node) or "rounded" in (*spot.inside, spot.role) or _has_rounded_term(node) else ""
    for by in (1, -1):
        new = shifted(node, by)
        yield put(spot, new if spot.role not in ("factor", "base") else bracketed(new), kind or "off by one", rank)


def _has_rounded_term(node: Node) -> bool:
    return isinstance(node, Sum) and any(rounds(t) for t in node.terms)


def both_limits(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """0 to n - 1 for 1 to n; sum for product; min for max."""
    node = spot.node
    if not isinstance(node, Big):
        return
    if isinstance(node.sub, Relation) and node.sub.relations == ("=",) and node.sup is not None:
        for by in (1, -1):
            low, high = shifted(node.sub.sides[1], by), shifted(node.sup, by)
            new = replace(node, sub=replace(node.sub, sides=(node.sub.sides[0], low)), sup=high)
            said = f"{latex(node.sub.sides[0])} should run from {latex(low)} to {latex(high)}"
            yield put(spot, new, "origin", 16, said)
    swaps = {"\\max": ("\\min", 14), "\\min": ("\\max", 14), "\\sum": ("\\prod", 22), "\\prod": ("\\sum", 22)}
    if node.operator in swaps:
        other, rank = swaps[node.operator]
        kind = "extremum" if rank == 14 else "sum and product"
        words = {"\\max": "maximum", "\\min": "minimum", "\\sum": "sum", "\\prod": "product"}
        said = f"it is a {words[other]}, not a {words[node.operator]}"
        yield put(spot, replace(node, operator=other), kind, rank, said)


def rounding(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """Floor for ceiling, where the 1 is added, rounding too early."""
    node = spot.node
    if rounds(node) and isinstance(node, Group):
        up = node.opening == "\\lfloor"
        opening, closing = ("\\lceil", "\\rceil") if up else ("\\lfloor", "\\rfloor")
        other = Group(opening, node.body, closing if node.closing else "")
        yield put(spot, other, "floor", 12, f"it is rounded {'up' if up else 'down'}, not {'down' if up else 'up'}")
        yield put(spot, bracketed(node.body), "rounding", 22, "nothing is rounded here")
    if isinstance(node, Sum) and len(node.terms) == 2 and all(rounds(t) for t in node.terms):
        first = node.terms[0]
        assert isinstance(first, Group)
        inner = tuple(bracketed(t.body) for t in node.terms if isinstance(t, Group))
        whole = replace(first, body=Sum(node.signs, inner))
        yield put(spot, whole, "rounding", 14, "the sum is rounded, not each of its terms")
    if isinstance(node, Sum):
        yield from _inwards(spot, node)
    if isinstance(node, Product):
        for k, item in enumerate(node.items):
            rest = without_item(node, k)
            if rounds(item) and isinstance(item, Group) and rest is not None:
                new = replace(item, body=times(item.body, rest))
                yield put(spot, new, "rounding", 14, "it is rounded at the end, not before the product")
    parts = quotient(node)
    if parts and rounds(parts[0]) and isinstance(parts[0], Group):
        new = replace(parts[0], body=over(parts[0].body, parts[1]))
        yield put(spot, new, "rounding", 14, "it is rounded at the end, not before the quotient")
    if parts and spot.role in ("side", "term", "factor", "case"):
        for name, closing, word in (("\\lfloor", "\\rfloor", "down"), ("\\lceil", "\\rceil", "up")):
            yield put(spot, Group(name, node, closing), "rounding", 21, f"{latex(node)} should be rounded {word}")


def _inwards(spot: Spot, node: Sum) -> Iterator[Repair]:
    """floor(a/b) + 1 for floor((a + 1)/b), and back."""
    for k, term in enumerate(node.terms):
        parts = quotient(term.body) if rounds(term) and isinstance(term, Group) else None
        if parts is None or node.signs[k] != "+":
            continue
        assert isinstance(term, Group)
        for by in (1, -1):
            inner = replace(term, body=Fraction(shifted(parts[0], by), parts[1]))
            changed = with_term(node, k, ("+", inner))
            new = shifted(changed, -by)
            word = "inside" if by > 0 else "outside"
            yield put(spot, new, "floor", 13, f"the 1 is added {word} the rounding")


def relations_inside(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """< for <= in a limit, a case or a condition."""
    node = spot.node
    twins = {"<": "\\le", "\\le": "<", ">": "\\ge", "\\ge": ">", "\\leq": "<", "\\geq": ">"}
    if isinstance(node, Relation):
        for k, relation in enumerate(node.relations):
            if relation in twins:
                new = twins[relation]
                signs = (*node.relations[:k], new, *node.relations[k + 1 :])
                changed = replace(node, relations=signs)
                yield put(spot, changed, "strict", 15, f"it should be {latex(changed)}, not {latex(node)}")
    if isinstance(node, Logic) and node.operator in ("\\land", "\\lor"):
        new = "\\lor" if node.operator == "\\land" else "\\land"
        yield put(spot, replace(node, operator=new), "case", 22, "'and' and 'or' are mixed up")
