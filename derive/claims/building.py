r"""What each rule of the grammar makes: nodes, with the checks that a grammar cannot say.

Braces that are not printed leave no trace. Where they would have to be seen (`{a+b}^2` is printed as a + b^2), they are
refused: a reader of the page could not know of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lark import Token, Transformer

from derive.claims import commands as known
from derive.claims.syntax import (
    Big,
    CaseRows,
    Choose,
    Dots,
    Empty,
    Factorial,
    ForAll,
    Fraction,
    Group,
    Listing,
    Logic,
    MatrixRows,
    Name,
    Negated,
    Node,
    Number,
    Product,
    Relation,
    Root,
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
class Line(Node):
    """The whole text: a formula, perhaps after a relation."""

    formula: Node
    relation: str = ""


Child = Node | Token


def begin(child: Child) -> int:
    """Where it begins."""
    return (child.start_pos or 0) if isinstance(child, Token) else child.start


def finish(child: Child) -> int:
    """Where it ends."""
    return (child.end_pos or 0) if isinstance(child, Token) else child.end


def span(children: Sequence[Child]) -> dict[str, int]:
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
    return Wrong(
        "braces alone are not printed, so what they hold together cannot be seen: brackets are needed", node.start, "'('"
    )


def one(node: Node) -> Node:
    """Without braces, if one item stands in them."""
    inside = plain(node)
    if isinstance(node, Braces) and isinstance(inside, (Sum, Product, Relation, Listing, Logic, ForAll, Negated, Text)):
        raise unseen(node)
    return inside


class Builder(Transformer):  # type: ignore[type-arg]
    """One method for each rule; the children are nodes and tokens."""

    # numbers, names, brackets

    def number(self, c: list[Token]) -> Node:
        return Number(str(c[0]), **span(c))

    def name(self, c: list[Token]) -> Node:
        return Name(str(c[0]), **span(c))

    def function(self, c: list[Token]) -> Node:
        return Name(str(c[0]), "operatorname", **span(c))

    def dots(self, c: list[Token]) -> Node:
        return Dots(str(c[0]), **span(c))

    def text(self, c: list[Token]) -> Node:
        return Text(str(c[0]), **span(c))

    def empty(self, c: list[Token]) -> Node:
        return Empty(**span(c))

    def braces(self, c: list[Child]) -> Node:
        return Braces(nodes(c)[0], **span(c))

    def argument(self, c: list[Child]) -> Node:
        node = plain(nodes(c)[0])
        if isinstance(node, Empty):
            raise Wrong("the braces are empty", begin(c[0]), "a value")
        return node

    def over(self, c: list[Child]) -> Node:
        top, bottom = (plain(n) for n in nodes(c))
        sign = next(t for t in c if isinstance(t, Token) and t.type == "OVER")
        for part in (top, bottom):
            if isinstance(part, (Relation, Listing, Logic, Text, ForAll, Negated, Empty)):
                raise Wrong(f"'\\{sign}' needs braces around what it divides", begin(sign), "'{'")
        return (Choose if sign == "choose" else Fraction)(top, bottom, **span(c))

    def group(self, c: list[Child]) -> Node:
        opening, body, closing = str(c[0]), plain(nodes(c)[0]), str(c[2])
        if isinstance(body, CaseRows) and closing == ".":
            return replace(body, **span(c))
        if closing == ".":
            raise Wrong("'\\right.' closes nothing but cases that '\\left\\{' opened", begin(c[2]), "'\\right\\}'")
        if isinstance(body, MatrixRows) and not body.brackets and closing == known.PAIRS[opening][0]:
            letter = {"(": "p", "[": "b", "|": "v", "\\|": "V", "\\{": "B"}.get(opening)
            if letter:
                return replace(body, brackets=letter, **span(c))
        if opening == "|" and isinstance(body, Group) and body.opening == "|":
            if body.start == begin(c[0]) + 1 and body.end == finish(c[2]) - 1:
                return Group("\\|", body.body, **span(c))
        return Group(opening, body, "" if closing == known.PAIRS[opening][0] else closing, **span(c))

    def group_empty(self, c: list[Token]) -> Node:
        if str(c[1]) != known.PAIRS[str(c[0])][0]:
            raise Wrong("nothing stands between these brackets", begin(c[1]), "a value")
        return Group(str(c[0]), Empty(start=finish(c[0]), end=begin(c[1])), **span(c))

    def fraction(self, c: list[Child]) -> Node:
        top, bottom = nodes(c)
        return (Choose if c[0] == "\\binom" else Fraction)(top, bottom, **span(c))

    def root(self, c: list[Child]) -> Node:
        parts = nodes(c)
        return Root(parts[-1], parts[0] if len(parts) == 2 else None, **span(c))

    def styled(self, c: list[Child]) -> Node:
        return in_style(str(c[0]), nodes(c)[0], span(c))

    # scripts

    def script(self, c: list[Child]) -> Node:
        base, sign, argument = c
        assert not isinstance(base, Token) and not isinstance(argument, Token) and isinstance(sign, Token)
        place = "sub" if sign.type == "SUB" else "sup"
        where = span(c)
        if isinstance(base, (Scripted, Big)):
            if getattr(base, place) is not None:
                raise Wrong(f"two {place}scripts on the same base: braces must say which is on which", begin(sign), "'{'")
            return replace(base, **{place: argument}, **where)  # type: ignore[arg-type]
        return Scripted(one(base), **{place: argument}, **where)  # type: ignore[arg-type]

    def primes(self, c: list[Child]) -> Node:
        base, sign = c
        assert not isinstance(base, Token) and isinstance(sign, Token)
        if isinstance(base, Scripted):
            if base.sup is not None or base.primes:
                raise Wrong("two superscripts on the same base: a prime is one too", begin(sign), "'{'")
            return replace(base, primes=len(sign), **span(c))
        return Scripted(one(base), primes=len(sign), **span(c))

    def factorial(self, c: list[Child]) -> Node:
        base = nodes(c)[0]
        if isinstance(base, Factorial):
            raise Wrong("'!!' is not supported: brackets are needed for the factorial of a factorial", begin(c[1]))
        return Factorial(one(base), **span(c))

    def big(self, c: list[Token]) -> Node:
        return Big(str(c[0]), **span(c))

    # products and sums

    def factors_first(self, c: list[Node]) -> Run:
        return Run([c[0]], [], **span(c))

    def factors_more(self, c: list[Child]) -> Run:
        run = c[0]
        assert isinstance(run, Run)
        run.operators.append(str(c[1]) if len(c) == 3 else "")
        run.items.extend(nodes(c[1:]))
        return replace(run, **span(c))

    def body(self, c: list[Node]) -> Run:
        return Run([c[0]], [], **span(c))

    def body_signed(self, c: list[Child]) -> Run:
        return Run([Sum((str(c[0]),), (term(nodes(c)[0]),), **span(c))], [], **span(c))

    def product_big(self, c: list[Node]) -> Node:
        return self.product([joined(Run([c[0]], [], **span(c)), "", c[1])])

    def product_big_after(self, c: list[Child]) -> Node:
        run, big, body = c[0], c[-2], c[-1]
        assert isinstance(run, Run) and isinstance(big, Node) and isinstance(body, Node)
        run.operators.append(str(c[1]) if len(c) == 4 else "")
        run.items.append(big)
        return self.product([joined(replace(run, **span(c)), "", body)])

    def product_signed(self, c: list[Child]) -> Node:
        run, operator, sign = c[0], c[1], c[2]
        assert isinstance(run, Run)
        if operator not in ("\\cdot", "\\times", "*"):
            raise Wrong(f"'{operator}' is followed by '{sign}': brackets are needed", begin(c[2]), "'('")
        inner = Sum((str(sign),), (term(nodes(c)[1]),), **span(c[2:]))
        run.operators.append(str(operator))
        run.items.append(inner)
        return self.product([replace(run, **span(c))])

    def product(self, c: list[Run]) -> Node:
        run = c[0]
        if len(run.items) == 1:
            return run.items[0]
        items: list[Node] = []
        operators: list[str] = []
        for place, item in enumerate(run.items):
            inside = plain(item)
            operator = run.operators[place - 1] if place else ""
            if isinstance(inside, Empty):
                if place and operator:
                    raise Wrong(f"nothing stands after '{operator}'", item.start, "a value")
                continue
            if isinstance(item, Braces) and isinstance(inside, Product):
                parts, between = list(inside.items), list(inside.operators)
                if isinstance(parts[-1], Sum) or any(isinstance(p, Big) for p in parts):
                    if place < len(run.items) - 1:
                        raise unseen(item)
            else:
                inside = inside if isinstance(inside, Sum) and not isinstance(item, Braces) else one(item)
                parts, between = [inside], []
            if items:
                side_by_side(items[-1], operator, parts[0])
                operators.append(operator)
            items += parts
            operators += between
        if len(items) < 2:
            return items[0] if items else run.items[0]
        return Product(tuple(items), tuple(operators), **span(c))

    def sum_first(self, c: list[Child]) -> Parts:
        return Parts([*nodes(c)], [str(c[0])], **span(c))  # type: ignore[list-item]

    def sum_two(self, c: list[Child]) -> Parts:
        first, second = nodes(c)
        if isinstance(plain(first), Empty):
            return Parts([second], [str(c[1])], **span(c))  # type: ignore[list-item]
        return Parts([first, second], ["+", str(c[1])], **span(c))  # type: ignore[list-item]

    def sum_more(self, c: list[Child]) -> Parts:
        run = c[0]
        assert isinstance(run, Parts)
        run.parts.append(nodes(c)[1])
        run.new_lines.append(str(c[1]))  # type: ignore[arg-type]
        return replace(run, **span(c))

    def whole_sum(self, c: list[Node]) -> Node:
        run = c[0]
        if not isinstance(run, Parts):
            return plain(run) if isinstance(plain(run), (Sum, Product)) else run
        signs: list[str] = []
        terms: list[Node] = []
        for sign, part in zip(run.new_lines, run.parts, strict=True):
            inside = plain(part)
            if isinstance(part, Braces) and isinstance(inside, Sum) and str(sign) == "+":
                signs += inside.signs
                terms += inside.terms
            else:
                signs.append(str(sign))
                terms.append(term(part))
        return Sum(tuple(signs), tuple(terms), **span(c))

    # statements and listings

    def relation(self, c: list[Child]) -> Node:
        sides = []
        for side in nodes(c):
            if isinstance(plain(side), (Relation, Listing, Logic, ForAll, Negated, Text)):
                raise unseen(side)
            sides.append(plain(side))
        relations = tuple(str(t) for t in c if isinstance(t, Token))
        if "\\nmid" in relations:
            if len(sides) > 2:
                raise Wrong("'\\nmid' may not stand in a chain", begin(c[1]))
            return Negated(Relation(tuple(sides), ("\\mid",), **span(c)), **span(c))
        return Relation(tuple(sides), relations, **span(c))

    def negated(self, c: list[Child]) -> Node:
        return Negated(plain(nodes(c)[0]), **span(c))

    def logic(self, c: list[Child]) -> Node:
        operator = {"LAND": "\\land", "LOR": "\\lor", "IMPLIES": "\\implies", "IFF": "\\iff"}
        sign = c[1]
        assert isinstance(sign, Token)
        return Logic(operator[sign.type], tuple(plain(n) for n in nodes(c)), **span(c))

    def forall(self, c: list[Child]) -> Node:
        bound, body = divided(plain(nodes(c)[0]))
        return ForAll(bound, body, **span(c))

    def listing(self, c: list[Child]) -> Node:
        parts = c[0] if isinstance(c[0], Parts) else Parts([nodes(c)[0]], [], **span(c))
        if c[1] == "\\\\":
            parts.new_lines.append(len(parts.parts))
        parts.parts.append(nodes(c)[1])
        return replace(parts, **span(c))

    def listing_forall(self, c: list[Node]) -> Node:
        parts = c[0] if isinstance(c[0], Parts) else Parts([c[0]], [], **span(c))
        parts.parts.append(c[1])
        return replace(parts, **span(c))

    def formula(self, c: list[Node]) -> Node:
        if not isinstance(c[0], Parts):
            return c[0]
        parts = [plain(p) for p in c[0].parts]
        for place, part in enumerate(parts):
            if isinstance(part, Listing):
                raise unseen(c[0].parts[place])
            if isinstance(part, Logic) and part.operator in ("\\implies", "\\iff"):
                raise Wrong(f"whether '{part.operator}' or the comma binds more cannot be seen", part.start, "brackets")
            if isinstance(part, Empty):
                raise Wrong("nothing stands before the comma", part.start, "a value")
            line = place in c[0].new_lines
            if line and not all(isinstance(parts[p], (Relation, ForAll, Logic)) for p in (place - 1, place)):
                raise Wrong("this line is neither a statement nor goes on with a sign", part.start, "'='")
        return with_bound(parts, span(c))

    # rows

    def case_row(self, c: list[Child]) -> Row:
        return Row([plain(n) for n in nodes(c)], **span(c))

    row = case_row

    def cases(self, c: list[Child]) -> Node:
        rows = [n for n in nodes(c) if isinstance(n, Row)]
        return CaseRows(tuple((r.cells[0], r.cells[1] if len(r.cells) == 2 else None) for r in rows), **span(c))

    def matrix(self, c: list[Child]) -> Node:
        rows = [n for n in nodes(c) if isinstance(n, Row)]
        for row in rows:
            if len(row.cells) != len(rows[0].cells):
                raise Wrong(
                    f"this row has {len(row.cells)} entries, and the first has {len(rows[0].cells)}", row.start, "rows of one length"
                )
        return MatrixRows(tuple(tuple(r.cells) for r in rows), str(c[0]), **span(c))

    def line(self, c: list[Node]) -> Line:
        return Line(plain(c[0]), **span(c))

    def line_with_relation(self, c: list[Child]) -> Line:
        return Line(plain(nodes(c)[0]), str(c[0]), **span(c))

    def start(self, c: list[Node]) -> Line:
        return c[0] if isinstance(c[0], Line) else Line(c[0], **span(c))


def term(part: Node) -> Node:
    """A term after a sign."""
    inside = plain(part)
    if isinstance(part, Braces) and isinstance(inside, Product):
        return inside
    if isinstance(inside, Empty):
        raise Wrong("nothing stands here between the signs", part.start, "a value")
    return one(part)


def joined(run: Run, operator: str, body: Node) -> Run:
    """What a sum is over, after its sign."""
    inner = body.items[0] if isinstance(body, Run) else body
    run.operators.append(operator)
    if isinstance(inner, Product):
        run.items.extend(inner.items)
        run.operators.extend(inner.operators)
    else:
        run.items.append(inner)
    return run


def side_by_side(left: Node, operator: str, right: Node) -> None:
    """Two numbers next to each other are no product."""
    first = right
    while isinstance(first, (Scripted, Factorial)):
        first = first.base if isinstance(first, Scripted) else first.of
    if operator == "" and isinstance(left, Number) and isinstance(first, Number):
        raise Wrong("two numbers stand side by side: a sign is needed between them", right.start, "'\\cdot'")


def in_style(style: str, node: Node, where: dict[str, int]) -> Node:
    """A name in a font or under an accent; of x_i the x."""
    if isinstance(node, Name):
        inner = "" if node.style in ("", style) else f" {node.style}"
        return Name(node.text, style + inner, **where)
    if isinstance(node, Number):
        return Name(node.text, style, **where)
    if isinstance(node, Scripted):
        return replace(node, base=in_style(style, node.base, span([node.base])), **where)
    if isinstance(node, Product) and all(isinstance(i, Name) and not i.style for i in node.items):
        if all(o == "" for o in node.operators) and all(len(i.text) == 1 for i in node.items if isinstance(i, Name)):
            return Name("".join(i.text for i in node.items if isinstance(i, Name)), style, **where)
    raise Wrong(f"'\\{style}' is read over a name only", where["start"], "one letter or word")


def divided(node: Node) -> tuple[Node, Node | None]:
    """What is bound, and what is said of it after a colon."""
    if not isinstance(node, Relation) or ":" not in node.relations:
        return node, None
    place = node.relations.index(":") + 1
    halves = (node.sides[:place], node.relations[: place - 1]), (node.sides[place:], node.relations[place:])
    bound, body = (s[0] if len(s) == 1 else Relation(s, r, **span(s)) for s, r in halves)
    return bound, body


def with_bound(parts: list[Node], where: dict[str, int]) -> Node:
    r"""A listing; what follows a \forall is bound by it up to the colon, or holds for it."""
    place = next((i for i, p in enumerate(parts) if isinstance(p, ForAll) and p.body is None), None)
    if place is None:
        return Listing(tuple(parts), **where)
    quantifier, rest = parts[place], parts[place + 1 :]
    assert isinstance(quantifier, ForAll)
    bound = [quantifier.bound]
    body: list[Node] = []
    colon = next((i for i, p in enumerate(rest) if isinstance(p, Relation) and ":" in p.relations), None)
    if colon is not None:
        last, first = divided(rest[colon])
        bound += [*rest[:colon], last]
        body = [b for b in (first, *rest[colon + 1 :]) if b is not None]
    elif place > 0:
        if any(isinstance(p, ForAll) for p in rest):
            return Listing(tuple(parts), **where)
        bound += rest
    else:
        while rest and isinstance(bound[0], (Name, Scripted)) and isinstance(rest[0], (Name, Scripted)):
            bound.append(rest.pop(0))
        if rest and isinstance(bound[0], Relation) and bound[0].relations != ("\\in",):
            raise Wrong("a colon must say where what '\\forall' binds ends", rest[0].start, "':'")
        body = rest
    held = Listing(tuple(bound), **span(bound)) if len(bound) > 1 else bound[0]
    said = (Listing(tuple(body), **span(body)) if len(body) > 1 else body[0]) if body else None
    made = ForAll(held, said, start=quantifier.start, end=where["end"])
    return Listing((*parts[:place], made), **where) if place else made
