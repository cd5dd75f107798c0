r"""Parts of a tree while it is made: braces that may matter, factors and terms that more may follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lark import Token

from derive.claims.syntax import (
    Empty,
    Factorial,
    ForAll,
    Listing,
    Logic,
    Name,
    Negated,
    Node,
    Number,
    Product,
    Relation,
    Scripted,
    Sum,
    Text,
)
from derive.errors import BadInput


class Wrong(BadInput):
    """Something is wrong at a place; who knows the text makes it a FormulaError."""

    def __init__(self, message: str, offset: int, expected: str = "") -> None:
        self.message, self.offset, self.expected = message, offset, expected
        super().__init__(message)


@dataclass(frozen=True)
class Braces(Node):
    """Braces that are not printed, until it is clear that nothing depends on them."""

    inner: Node


@dataclass(frozen=True)
class Run(Node):
    """Factors side by side, while they are read."""

    items: list[Node]
    operators: list[str]


@dataclass(frozen=True)
class Row(Node):
    """A row of cases or of a matrix."""

    cells: list[Node]


@dataclass(frozen=True)
class Parts(Node):
    """Parts of a listing, while they are read; `new_lines` are those that begin a line."""

    parts: list[Node]
    new_lines: list[int]


@dataclass(frozen=True)
class Terms(Node):
    """Terms of a sum, while they are read."""

    parts: list[Node]
    signs: list[str]


@dataclass(frozen=True)
class Line(Node):
    """The whole text: a formula, perhaps after a relation."""

    formula: Node
    relation: str = ""


Child = Node | Token
LOGIC = {"LAND": "\\land", "LOR": "\\lor", "IMPLIES": "\\implies", "IFF": "\\iff"}


def begin(child: Child) -> int:
    """Where it begins."""
    return (child.start_pos or 0) if isinstance(child, Token) else child.start


def finish(child: Child) -> int:
    """Where it ends."""
    return (child.end_pos or 0) if isinstance(child, Token) else child.end


def span(children: Sequence[Child]) -> dict[str, Any]:
    """From the first to the last child."""
    return {"start": begin(children[0]), "end": finish(children[-1])} if children else {"start": 0, "end": 0}


def nodes(children: Sequence[Child]) -> list[Node]:
    """The children that are no tokens."""
    return [c for c in children if not isinstance(c, Token)]


def plain(node: Node) -> Node:
    """Without braces around it."""
    while isinstance(node, Braces):
        node = node.inner
    return node


def unseen(node: Node) -> Wrong:
    """The error about braces that matter."""
    return Wrong("braces alone are not printed, so what they hold together cannot be seen", node.start, "brackets")


def one(node: Node) -> Node:
    """Without braces, if one item stands in them."""
    inside = plain(node)
    if isinstance(node, Braces) and isinstance(inside, (Sum, Product, Relation, Listing, Logic, ForAll, Negated, Text)):
        raise unseen(node)
    return inside


def term(part: Node) -> Node:
    """A term after a sign."""
    inside = plain(part)
    if isinstance(part, Braces) and isinstance(inside, Product):
        return inside
    if isinstance(inside, Empty):
        raise Wrong("nothing stands here between the signs", part.start, "a value")
    return one(part)


def side_by_side(left: Node, operator: str, right: Node) -> None:
    """Two numbers next to each other are no product."""
    first = right
    while isinstance(first, (Scripted, Factorial)):
        first = first.base if isinstance(first, Scripted) else first.of
    if operator == "" and isinstance(left, Number) and isinstance(first, Number):
        raise Wrong("two numbers stand side by side: a sign is needed between them", right.start, "'\\cdot'")


def in_style(style: str, node: Node, where: dict[str, Any]) -> Node:
    """A name in a font or under an accent; of x_i the x."""
    if isinstance(node, Name):
        inner = "" if node.style in ("", style) else f" {node.style}"
        return Name(node.text, style + inner, **where)
    if isinstance(node, Number):
        return Name(node.text, style, **where)
    if isinstance(node, Scripted):
        return replace(node, base=in_style(style, node.base, span([node.base])), **where)
    if isinstance(node, Product) and not any(node.operators):
        letters = [i.text for i in node.items if isinstance(i, Name) and not i.style and len(i.text) == 1]
        if len(letters) == len(node.items):
            return Name("".join(letters), style, **where)
    raise Wrong(f"'\\{style}' is read over a name only", where["start"], "one letter or word")


def ends_in_quantifier(node: Node) -> bool:
    r"""Whether a \forall stands at the end, so that it could reach on."""
    while isinstance(node, (Logic, Negated)):
        node = node.parts[-1] if isinstance(node, Logic) else node.of
    return isinstance(node, ForAll)


def divided(node: Node) -> tuple[Node, Node | None]:
    """What is bound, and what is said of it after a colon."""
    if not isinstance(node, Relation) or ":" not in node.relations:
        return node, None
    place = node.relations.index(":") + 1
    halves = (node.sides[:place], node.relations[: place - 1]), (node.sides[place:], node.relations[place:])
    bound, body = (s[0] if len(s) == 1 else Relation(s, r, **span(s)) for s, r in halves)
    return bound, body


def with_bound(parts: list[Node], where: dict[str, Any]) -> Node:
    r"""A listing; what follows a \forall is bound by it up to the colon, or holds for it."""
    places = [i for i, p in enumerate(parts) if isinstance(p, ForAll)]
    if not places:
        return Listing(tuple(parts), **where)
    place, rest = places[0], parts[places[0] + 1 :]
    quantifier = parts[place]
    assert isinstance(quantifier, ForAll)
    if len(places) > 1 and (len(rest) > 1 or place or quantifier.body is not None):
        raise Wrong("more than one '\\forall' in a list: one can bind several names", parts[places[1]].start, "','")
    if any(isinstance(p, Logic) for p in rest):
        raise Wrong("how far '\\forall' reaches cannot be seen: brackets are needed", quantifier.start, "'('")
    if quantifier.body is not None:
        held = [quantifier.body, *rest]
        made = replace(quantifier, body=Listing(tuple(held), **span(held))) if rest else quantifier
        return Listing((*parts[:place], made), **where) if place else made
    bound = [quantifier.bound]
    body: list[Node] = []
    colon = next((i for i, p in enumerate(rest) if isinstance(p, Relation) and ":" in p.relations), None)
    if colon is not None:
        last, first = divided(rest[colon])
        bound += [*rest[:colon], last]
        body = [b for b in (first, *rest[colon + 1 :]) if b is not None]
    elif place > 0:
        bound += rest
    else:
        while rest and isinstance(bound[0], (Name, Scripted)) and isinstance(rest[0], (Name, Scripted)):
            bound.append(rest.pop(0))
        if rest and isinstance(bound[0], Relation) and bound[0].relations != ("\\in",):
            raise Wrong("a colon must say where what '\\forall' binds ends", rest[0].start, "':'")
        body = rest
    binding = Listing(tuple(bound), **span(bound)) if len(bound) > 1 else bound[0]
    said = (Listing(tuple(body), **span(body)) if len(body) > 1 else body[0]) if body else None
    made = ForAll(binding, said, start=quantifier.start, end=where["end"])
    return Listing((*parts[:place], made), **where) if place else made
