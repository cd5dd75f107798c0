"""Changed formulas without what no author would write: brackets around one letter, the exponent 1, the factor 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.claims.retouching import ONE, Spot, plain, spots, without_item
from derive.claims.syntax import Big, Group, Name, Node, Number, Product, Scripted, below


def tidier(before: Node) -> Callable[[Node], Node]:
    """What leaves out brackets around one thing and the exponent 1, where the formula had none before.

    Example:
        >>> from derive.claims.parsing import parse
        >>> from derive.claims.writing import latex
        >>> latex(tidier(parse("a n"))(parse("a (n)")))
        'a n'
    """
    parts = tuple(below(before))
    kept: set[Node] = {n for n in parts if isinstance(n, (Group, Scripted)) or n == ONE}
    odd = {id(n) for n in parts if _plainer(n, kept) is not None}
    same = {id(n) for n in parts if odd.isdisjoint(map(id, below(n)))}  # nearly all parts of a changed formula

    def tidy(node: Node) -> Node:
        found: Node | None = node
        while found is not None:
            node = found
            found = next(filter(None, map(plainer, spots(node, known=same))), None)
        return plain(node) if isinstance(node, Group) and not isinstance(before, Group) else node

    def plainer(spot: Spot) -> Node | None:
        """The whole with this part in a plainer form, if it has one."""
        new = _plainer(spot.node, kept)
        return None if new is None else spot.put(new)

    return tidy


def _plainer(node: Node, kept: set[Node]) -> Node | None:
    if isinstance(node, Scripted) and isinstance(node.base, Group) and node.base not in kept:
        base = node.base
        if base.opening == "(" and isinstance(base.body, Name):
            return replace(node, base=base.body)
    if isinstance(node, Scripted) and node.sup == ONE and node not in kept:
        return node.base if node.sub is None and not node.primes else replace(node, sup=None)
    if isinstance(node, Product) and ONE not in kept and ONE in node.items:
        shorter = without_item(node, node.items.index(ONE))
        if shorter is not None and not any(isinstance(n, Big) for n in node.items):
            return shorter
    if isinstance(node, Product):
        for k, item in enumerate(node.items):
            before = node.items[k - 1] if k else ONE
            called = isinstance(before, Big) or (isinstance(before, Name) and before.style)
            atom = isinstance(item, Group) and isinstance(item.body, (Name, Number, Scripted))
            if atom and item not in kept and not called and not (isinstance(before, Number) and k):
                assert isinstance(item, Group)
                if item.opening == "(":
                    return replace(node, items=(*node.items[:k], item.body, *node.items[k + 1 :]))
    return None
