r"""What each rule of the grammar makes: nodes, with the checks that a grammar cannot say.

Braces that are not printed leave no trace. Where they would have to be seen (`{a+b}^2` is printed as a + b^2), they are
refused: a reader of the page could not know of them.
"""

from __future__ import annotations

from dataclasses import replace

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
from derive.claims.unfinished import (
    LOGIC,
    Braces,
    Child,
    Line,
    Parts,
    Row,
    Run,
    Terms,
    Wrong,
    begin,
    divided,
    ends_in_quantifier,
    finish,
    in_style,
    nodes,
    one,
    plain,
    side_by_side,
    span,
    term,
    unseen,
    with_bound,
)


class Builder(Transformer):
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

    def half_relation(self, c: list[Child]) -> Node:
        """A script such as that of the integers that are >= 0; nothing stands before its relation."""
        sign = next(t for t in c if isinstance(t, Token) and t.type == "REL")
        node = plain(nodes(c)[0])
        if not isinstance(node, Number):
            raise Wrong("a number must follow, as in \\mathbb{Z}_{\\ge 0}", begin(sign), "a number")
        return Relation((Empty(), node), (str(sign),), **span(c))

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
        doubled = isinstance(body, Group) and (body.start, body.end) == (begin(c[0]) + 1, finish(c[2]) - 1)
        if doubled and isinstance(body, Group) and opening == body.opening == "|":
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
                kind = "sub" if place == "sub" else "super"
                message = f"two {kind}scripts on the same base: braces must say which is on which"
                raise Wrong(message, begin(sign), "'{'")
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

    def product_signed(self, c: list[Child]) -> Node:
        run, sign, last = c[0], c[-2], c[-1]
        assert isinstance(run, Run) and isinstance(last, Node)
        operator = str(c[1]) if len(c) == 4 else ""
        if operator not in ("", "\\cdot", "\\times", "*"):
            raise Wrong(f"'{operator}' is followed by '{sign}': brackets are needed", begin(sign), "'('")
        run.operators.append(operator)
        run.items.append(Sum((str(sign),), (term(last),), **span(c[-2:])))
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
                reaches = isinstance(parts[-1], Sum) or any(isinstance(p, Big) for p in parts)
                if reaches and place < len(run.items) - 1:
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

    def sum_first(self, c: list[Child]) -> Terms:
        return Terms([*nodes(c)], [str(c[0])], **span(c))

    def sum_two(self, c: list[Child]) -> Terms:
        first, second = nodes(c)
        if isinstance(plain(first), Empty):
            return Terms([second], [str(c[1])], **span(c))
        return Terms([first, second], ["+", str(c[1])], **span(c))

    def sum_more(self, c: list[Child]) -> Terms:
        run = c[0]
        assert isinstance(run, Terms)
        run.parts.append(nodes(c)[1])
        run.signs.append(str(c[1]))
        return replace(run, **span(c))

    def whole_sum(self, c: list[Node]) -> Node:
        run = c[0]
        if not isinstance(run, Terms):
            return plain(run) if isinstance(plain(run), (Sum, Product)) else run
        signs: list[str] = []
        terms: list[Node] = []
        for sign, part in zip(run.signs, run.parts, strict=True):
            inside = plain(part)
            if isinstance(part, Braces) and isinstance(inside, Sum) and sign == "+":
                signs += inside.signs
                terms += inside.terms
            else:
                signs.append(sign)
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
        sign = c[1]
        assert isinstance(sign, Token)
        first, *rest = (plain(n) for n in nodes(c))
        for part in (first, *rest[:-1]):
            whole = part is first and isinstance(part, ForAll) and part.body is not None
            if ends_in_quantifier(part) and (not whole or isinstance(nodes(c)[0], Braces)):
                raise Wrong("how far '\\forall' reaches cannot be seen: brackets are needed", part.start, "'('")
        if isinstance(first, ForAll) and first.body is not None:
            inner = Logic(LOGIC[sign.type], (first.body, *rest), start=first.body.start, end=finish(c[-1]))
            return replace(first, body=inner, end=inner.end)
        return Logic(LOGIC[sign.type], (first, *rest), **span(c))

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
                message = f"this row has {len(row.cells)} entries, and the first has {len(rows[0].cells)}"
                raise Wrong(message, row.start, "rows of one length")
        return MatrixRows(tuple(tuple(r.cells) for r in rows), str(c[0]), **span(c))

    def line(self, c: list[Node]) -> Line:
        return Line(plain(c[0]), **span(c))

    def line_with_relation(self, c: list[Child]) -> Line:
        sign = c[0]
        assert isinstance(sign, Token)
        return Line(plain(nodes(c)[0]), LOGIC.get(sign.type, str(sign)), **span(c))

    def start(self, c: list[Node]) -> Line:
        return c[0] if isinstance(c[0], Line) else Line(c[0], **span(c))
