"""Slips of placing: transposes, the order of factors and indices, one name for another, an index turned round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from derive.claims.changes import Repair, Setting, put
from derive.claims.names import name_key
from derive.claims.retouching import Spot, bracketed, is_mark, quotient, with_parts
from derive.claims.syntax import Choose, Fraction, Group, Listing, Name, Node, Product, Scripted, Sum
from derive.claims.writing import latex


def transposes(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """A transpose that is missing or too much; an inverse."""
    node = spot.node
    if spot.role in ("exponent", "index", "called"):
        return
    if isinstance(node, Scripted) and node.sup is not None and node.sub is None:
        number_to_the_power = name_key(node.sup) in setting.sorts and not setting.is_matrix(node.base)
        if is_mark(node.sup) and not number_to_the_power:
            bare = node.base
            yield put(spot, bare, "transpose", 17, f"{latex(bare)} should not be transposed")
        return
    if spot.role == "base" or not setting.is_matrix(node) or isinstance(node, Sum):
        return
    if isinstance(node, (Name, Scripted)) or (isinstance(node, Product) and spot.role in ("side", "term")):
        rank = 18 if isinstance(node, (Name, Scripted)) else 24
        new = Scripted(bracketed(node), sup=setting.transpose)
        yield put(spot, new, "transpose", rank, f"{latex(node)} should be transposed")


def orders(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """W_{ji} for W_{ij}, BA for AB."""
    node = spot.node
    if isinstance(node, Scripted) and node.sub is not None:
        sub = node.sub
        parts = sub.parts if isinstance(sub, Listing) else sub.items if isinstance(sub, Product) else ()
        if len(parts) == 2 and not (isinstance(sub, Product) and any(sub.operators)) and parts[0] != parts[1]:
            new: Node = replace(node, sub=with_parts(sub, parts[::-1]))
            yield put(spot, new, "swapped indices", 17, f"the indices should stand as in {latex(new)}")
    if isinstance(node, Product):
        items = node.items
        found = [k for k, item in enumerate(items) if setting.is_matrix(item)]
        if len(found) > 2:
            new = _placed(node, found, found[::-1])
            yield put(spot, new, "swapped factors", 19, f"the factors should stand as in {latex(new)}")
        for one, other in pairwise(found):
            new = _placed(node, [one, other], [other, one])
            yield put(spot, new, "swapped factors", 18, f"the factors should stand as in {latex(new)}")
    divided = quotient(node)
    if divided:
        yield put(spot, Fraction(divided[1], divided[0]), "upside down", 31, "the fraction is upside down")
    if isinstance(node, Choose):
        yield put(spot, Choose(node.bottom, node.top), "upside down", 34, "the binomial is upside down")


def _placed(node: Product, places: list[int], sources: list[int]) -> Product:
    items = list(node.items)
    for place, source in zip(places, sources, strict=True):
        items[place] = node.items[source]
    return replace(node, items=tuple(items))


def names(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """Another declared size, another index, another letter of the same sort."""
    sort = setting.sort(spot.node)
    if not sort or spot.role in ("bound letter", "called"):
        return
    key = name_key(spot.node)
    for other, node in setting.names.items():
        if other != key and setting.sorts[other] == sort:
            index = spot.role == "index" or "index" in spot.inside
            kind, rank = ("index", 23) if index else ("size" if sort == "integer" else "name", 29)
            yield put(spot, node, kind, rank)


def flips(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """An index that runs the other way; convolution for correlation."""
    node = spot.node
    if isinstance(node, Scripted) and node.sub is not None and name_key(node.base) in setting.sizes:
        new = _turned(setting.sizes[str(name_key(node.base))], node.sub)
        yield put(spot, replace(node, sub=new), "flip", 24, f"the index runs the other way: {latex(new)}")
    if isinstance(node, Product):
        for k, item in enumerate(node.items[1:], 1):
            key = name_key(node.items[k - 1]) if isinstance(node.items[k - 1], (Name, Scripted)) else None
            if isinstance(item, Group) and item.opening == "[" and key in setting.sizes:
                new = _turned(setting.sizes[str(key)], item.body)
                items = (*node.items[:k], replace(item, body=new), *node.items[k + 1 :])
                yield put(spot, replace(node, items=items), "flip", 24, f"the index runs the other way: {latex(new)}")
        for k, operator in enumerate(node.operators):
            other = {"*": "\\star", "\\star": "*"}.get(operator)
            if other:
                operators = (*node.operators[:k], other, *node.operators[k + 1 :])
                words = ("correlation", "convolution") if operator == "*" else ("convolution", "correlation")
                said = f"it is a {words[0]}, not a {words[1]}"
                yield put(spot, replace(node, operators=operators), "flip", 14, said)


def _turned(ends: Node, index: Node) -> Node:
    pairs = [("+", ends)] if not isinstance(ends, Sum) else list(zip(ends.signs, ends.terms, strict=True))
    if isinstance(index, Sum):
        pairs += [("-" if s == "+" else "+", t) for s, t in zip(index.signs, index.terms, strict=True)]
    else:
        pairs.append(("-", index))
    return Sum(tuple(s for s, _ in pairs), tuple(t for _, t in pairs))
