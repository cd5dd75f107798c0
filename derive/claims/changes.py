"""Changes of a formula: what is changed, to undo which kind of slip, and how likely that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derive.claims.names import name_key
from derive.claims.retouching import Spot, plain
from derive.claims.syntax import CaseRows, Empty, Group, Listing, Logic, Name, Node, Product, Relation, Scripted, Sum
from derive.claims.writing import latex

TOP = Name("top")
NO_VALUES = (Relation, Listing, Logic, Empty, CaseRows)
"""What no number is added to."""


@dataclass(frozen=True)
class Repair:
    """A changed formula: the kind of slip that it undoes, in one sentence, and how likely that is (small is likely)."""

    node: Node
    kind: str
    said: str
    rank: int


@dataclass(frozen=True)
class Setting:
    """What the rules know of a claim.

    Attributes:
        sorts: {key: 'integer', 'real', 'array of 1', ...} of declared names and bound letters.
        names: A tree for each key.
        sizes: For arrays of one axis, the tree that the first and the last index add up to.
        squares: (key of the mean, of the root of the variance) of random things.
        other: The other side.
        transpose: The mark that the author writes.
        bound: Keys that are bound letters and nothing else.
    """

    sorts: dict[str, str]
    names: dict[str, Node]
    sizes: dict[str, Node]
    squares: tuple[tuple[str, str], ...]
    other: Node
    transpose: Node = TOP
    bound: frozenset[str] = frozenset()

    def sort(self, node: Node) -> str:
        """The sort of a name; '' of anything else."""
        key = name_key(node) if isinstance(node, (Name, Scripted)) else None
        return self.sorts.get(key, "") if key is not None else ""

    def is_matrix(self, node: Node) -> bool:
        """Whether a matrix or vector is in it, not one of its entries."""
        node = plain(node)
        if isinstance(node, Scripted):
            if name_key(node) in self.sorts:
                return self.sort(node).startswith("array")
            return node.sub is None and self.is_matrix(node.base)
        if isinstance(node, (Product, Sum)):
            return any(self.is_matrix(n) for n in (node.items if isinstance(node, Product) else node.terms))
        return self.sort(node).startswith("array")


Rule = Callable[[Spot, Setting], Iterator[Repair]]


def should(spot: Spot, new: Node) -> str:
    """What should stand there, in words."""
    what = spot.role
    if what in ("side", "base", "case"):
        return f"it should be {latex(new)}, not {latex(spot.node)}"
    words = {
        "top": "numerator", "bottom": "denominator", "root": "radicand",
        "range": "limit",
"rounded": "number that is rounded",
    }
    return f"the {words.get(what, what)} should be {latex(plain(new))}, not {latex(plain(spot.node))}"


def put(spot: Spot, new: Node, kind: str, rank: int, said: str = "") -> Repair:
    """The change that puts a new part in the place of the old one."""
    return Repair(spot.put(new), kind, said or should(spot, new), rank)


def rounds(node: Node) -> bool:
    """Whether it is a floor or a ceiling."""
    return isinstance(node, Group) and node.opening in ("\\lfloor", "\\lceil")
