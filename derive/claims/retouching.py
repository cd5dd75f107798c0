r"""A written formula changed at one place: all its places with what each is, and the small changes themselves.

A `Spot` is a part of a tree with the role that it plays (an index, an exponent, an upper limit) and a way to put
something else there. What is put there is a tree as well, so that the changed formula is in the author's notation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from derive.claims.syntax import (
    Big,
    CaseRows,
    Choose,
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
)  # fmt: skip

ONE, TWO = Number("1"), Number("2")
_PRINTED = ("(", "[", "\\{")


@dataclass(frozen=True)
class Spot:
    """A part of a tree.

    Attributes:
        node: The part.
        role: side, term, factor, top, bottom, root, index, exponent, lower limit, upper limit, bound letter, condition,
            case, argument, rounded (what a floor is taken of), entry, called (the name of a function), operator.
        put: The whole tree with something else there.
        inside: The roles around it, from the outside in.
    """

    node: Node
    role: str
    put: Callable[[Node], Node]
    inside: tuple[str, ...] = ()


def spots(
    node: Node, role: str = "side", inside: tuple[str, ...] = (), known: Collection[int] = ()
) -> Iterator[Spot]:
    r"""All parts of a tree, from the outside in, each with its role; not those whose `id` is known, nor theirs.

    Example:
        >>> [s.role for s in spots(Fraction(Scripted(Name("a"), sup=Name("n")), TWO))]
        ['side', 'top', 'base', 'exponent', 'bottom']
    """
    yield from _spots(node, role, inside, lambda new: new, known)


def _spots(
    node: Node, role: str, inside: tuple[str, ...], whole: Callable[[Node], Node], known: Collection[int]
) -> Iterator[Spot]:
    if id(node) in known:
        return
    yield Spot(node, role, whole, inside)
    within = (*inside, role)
    for part, own, put in _parts(node, role):
        yield from _spots(part, own, within, _within(whole, put), known)


def _within(outer: Callable[[Node], Node], inner: Callable[[Node], Node]) -> Callable[[Node], Node]:
    return lambda new: outer(inner(new))


Part = tuple[Node, str, Callable[[Node], Node]]


def _parts(node: Node, role: str) -> Iterator[Part]:
    match node:
        case Scripted(base=base, sub=sub, sup=sup):
            yield base, "base", lambda new: replace(node, base=new)
            if sub is not None:
                below = "condition" if isinstance(sub, Relation) else "index"
                yield sub, below, lambda new: replace(node, sub=new)
            if sup is not None and not is_mark(sup):
                yield sup, "exponent", lambda new: replace(node, sup=new)
        case Big(sub=sub, sup=sup):
            if sub is not None:
                yield sub, "range", lambda new: replace(node, sub=new)
            if sup is not None:
                yield sup, "upper limit", lambda new: replace(node, sup=new)
        case Fraction(top=top, bottom=bottom) | Choose(top=top, bottom=bottom):
            if not is_derivative(node):
                yield top, "top", lambda new: replace(node, top=new)
                yield bottom, "bottom", lambda new: replace(node, bottom=new)
        case Root(of=of) | Factorial(of=of) | Negated(of=of):
            yield of, "root" if isinstance(node, Root) else "argument", lambda new: replace(node, of=new)
        case Group(opening=opening, body=body):
            inner = role if role == "index" or opening == "(" else "argument"
            inner = "rounded" if opening in ("\\lfloor", "\\lceil") else inner
            yield body, inner, lambda new: replace(node, body=new)
        case Product() | Sum() | Relation() | Listing() | Logic():
            yield from _listed(node, role)
        case ForAll(body=inner_body) if inner_body is not None:
            yield inner_body, "condition", lambda new: replace(node, body=new)
        case CaseRows() | MatrixRows():
            yield from _rows(node)


def _listed(node: Product | Sum | Relation | Listing | Logic, role: str) -> Iterator[Part]:
    parts: tuple[Node, ...] = getattr(node, _PARTS[type(node)])
    for k, part in enumerate(parts):

        def put(new: Node, k: int = k) -> Node:
            return with_parts(node, (*parts[:k], new, *parts[k + 1 :]))

        yield part, _role(node, k, role), put


_PARTS = {Product: "items", Sum: "terms", Relation: "sides", Listing: "parts", Logic: "parts"}


def with_parts(node: Node, parts: tuple[Node, ...]) -> Node:
    """A product, sum, relation or list with other parts.

    Example:
        >>> from derive.claims.parsing import parse
        >>> from derive.claims.writing import latex
        >>> latex(with_parts(parse("i, j"), (TWO, ONE)))
        '2, 1'
    """
    changes: dict[str, Any] = {_PARTS[type(node)]: parts}
    return replace(node, **changes)


def _role(node: Node, k: int, role: str) -> str:
    if isinstance(node, Product):
        item = node.items[k]
        called = isinstance(item, Name) and item.style == "operatorname"
        if called or (isinstance(item, Scripted) and isinstance(item.base, Name) and item.base.style == "operatorname"):
            return "called"
        if k and node.operators[k - 1] == "" and isinstance(item, Group) and item.opening in ("(", "["):
            before = node.items[k - 1]
            if item.opening == "[" or (isinstance(before, (Name, Scripted, Big)) and _is_called(before)):
                return "index" if item.opening == "[" else "argument"
        return role if role == "index" and len(node.items) > 1 and not node_has_operators(node) else "factor"
    if isinstance(node, Sum):
        return "term"
    if isinstance(node, Relation):
        if role != "range":
            return "condition"
        if node.relations[0] == "=":
            return "bound letter" if k == 0 else "lower limit"
        return "limit"
    return role if role in ("index", "argument", "range") else "entry"


def _is_called(node: Node) -> bool:
    base = node.base if isinstance(node, Scripted) else node
    return isinstance(base, Big) or (isinstance(base, Name) and base.style == "operatorname")


def node_has_operators(node: Product) -> bool:
    """Whether something stands between its items."""
    return any(node.operators)


def _rows(node: CaseRows | MatrixRows) -> Iterator[Part]:
    if isinstance(node, CaseRows):
        for k, (value, condition) in enumerate(node.rows):
            yield value, "case", partial(_with_value, node, k)
            if condition is not None and not isinstance(condition, Text):
                yield condition, "condition", partial(_with_condition, node, k)
        return
    for r, row in enumerate(node.rows):
        for k, entry in enumerate(row):

            def put(new: Node, r: int = r, k: int = k, row: tuple[Node, ...] = row) -> Node:
                return replace(node, rows=(*node.rows[:r], (*row[:k], new, *row[k + 1 :]), *node.rows[r + 1 :]))

            yield entry, "entry", put


def _with_value(node: CaseRows, k: int, new: Node) -> CaseRows:
    return replace(node, rows=(*node.rows[:k], (new, node.rows[k][1]), *node.rows[k + 1 :]))


def _with_condition(node: CaseRows, k: int, new: Node) -> CaseRows:
    return replace(node, rows=(*node.rows[:k], (node.rows[k][0], new), *node.rows[k + 1 :]))


def is_mark(sup: Node) -> bool:
    r"""Whether a superscript is a transpose, a star or the like, and no exponent.

    Example:
        >>> is_mark(Name("top")), is_mark(Number("2"))
        (True, False)
    """
    return (isinstance(sup, Name) and sup.text in ("top", "T", "dagger", "star", "mathsf T", "intercal")) or isinstance(
        sup, Empty
    )


def is_derivative(node: Node) -> bool:
    r"""Whether it is \frac{d}{dx} or \frac{\partial f}{\partial x}."""
    return isinstance(node, Fraction) and _begins_with_d(node.top) and _begins_with_d(node.bottom)


def quotient(node: Node) -> tuple[Node, Node] | None:
    """Top and bottom of what is written as a fraction, or as one thing with a slash before another."""
    if isinstance(node, Fraction) and not is_derivative(node):
        return node.top, node.bottom
    if isinstance(node, Product) and node.operators == ("/",):
        return plain(node.items[0]), plain(node.items[1])
    return None


def _begins_with_d(node: Node) -> bool:
    if isinstance(node, Product):
        node = node.items[0]
    if isinstance(node, Scripted):
        node = node.base
    return isinstance(node, Name) and node.text in ("d", "partial")


def plain(node: Node) -> Node:
    """Without the brackets around all of it."""
    while isinstance(node, Group) and node.opening == "(" and node.closing in ("", ")"):
        node = node.body
    return node


def bracketed(node: Node) -> Node:
    """In brackets if it is a sum or a product, as a base or a factor has to be.

    Example:
        >>> from derive.claims.parsing import parse
        >>> from derive.claims.writing import latex
        >>> latex(bracketed(parse("n - 1"))), latex(bracketed(parse("n")))
        ('(n - 1)', 'n')
    """
    return Group("(", node) if isinstance(node, (Sum, Product, Relation, Listing)) else node


def shifted(node: Node, by: int) -> Node:
    """The node with a number added, with no more terms than needed.

    Example:
        >>> from derive.claims.parsing import parse
        >>> from derive.claims.writing import latex
        >>> latex(shifted(parse("n - 1"), 1)), latex(shifted(parse("0"), 1))
        ('n', '1')
    """
    if isinstance(node, Number) and node.text.isdigit():
        return number(int(node.text) + by)
    if isinstance(node, Group) and node.opening == "(":
        inner = shifted(node.body, by)
        return replace(node, body=inner) if isinstance(inner, Sum) else inner
    if not isinstance(node, Sum):
        return Sum(("+", "+" if by > 0 else "-"), (node, Number(str(abs(by)))))
    for k in reversed(range(len(node.terms))):
        term = node.terms[k]
        if isinstance(term, Number) and term.text.isdigit():
            value = int(term.text) * (-1 if node.signs[k] == "-" else 1) + by
            return with_term(node, k, None if value == 0 else ("+" if value > 0 else "-", Number(str(abs(value)))))
    return Sum((*node.signs, "+" if by > 0 else "-"), (*node.terms, Number(str(abs(by)))))


def number(value: int) -> Node:
    """An integer, with its sign as a sum of one term."""
    return Number(str(value)) if value >= 0 else Sum(("-",), (Number(str(-value)),))


def with_term(node: Sum, k: int, new: tuple[str, Node] | None) -> Node:
    """The sum with another term, or without that term."""
    middle = [] if new is None else [new]
    pairs = list(zip(node.signs, node.terms, strict=True))
    return added([*pairs[:k], *middle, *pairs[k + 1 :]])


def added(pairs: list[tuple[str, Node]]) -> Node:
    """Signed terms as a sum; what is added first stands first."""
    if not pairs:
        return Number("0")
    if pairs[0][0] == "-":
        first = next((k for k, (sign, _) in enumerate(pairs) if sign == "+"), None)
        if first is not None and len(pairs) <= 2:
            pairs = [pairs[first], *pairs[:first], *pairs[first + 1 :]]
    if len(pairs) == 1 and pairs[0][0] == "+":
        return pairs[0][1]
    return Sum(tuple(s for s, _ in pairs), tuple(t for _, t in pairs))


def without_item(node: Product, k: int) -> Node | None:
    """The product without one factor; None if what stands between the others would not fit."""
    items = (*node.items[:k], *node.items[k + 1 :])
    operators = list(node.operators)
    if k == 0:
        if operators[0] not in ("", "\\cdot", "\\times"):
            return None
        del operators[0]
    else:
        del operators[k - 1]
    return items[0] if len(items) == 1 else Product(items, tuple(operators))


def times(node: Node, factor: Node) -> Node:
    r"""The product of both; a number or a plain factor stands first, and on top of a fraction; numbers are multiplied.

    Example:
        >>> from derive.claims.parsing import parse
        >>> from derive.claims.writing import latex
        >>> latex(times(parse(r"\frac{1}{n}"), TWO))
        '\\frac{2}{n}'
    """
    if isinstance(node, Fraction) and not is_derivative(node) and not isinstance(factor, Fraction):
        return replace(node, top=factor if node.top == ONE else times(node.top, factor))
    node = bracketed(node) if not isinstance(node, Product) else node
    if isinstance(factor, Number) and factor.text.isdigit():
        first = node.items[0] if isinstance(node, Product) else node
        if isinstance(first, Number) and first.text.isdigit():
            joined = number(int(first.text) * int(factor.text))
            return replace(node, items=(joined, *node.items[1:])) if isinstance(node, Product) else joined
        if isinstance(first, Fraction) and isinstance(node, Product) and not is_derivative(first):
            return replace(node, items=(times(first, factor), *node.items[1:]))
    if isinstance(node, Product):
        if isinstance(node.items[0], Number) and node.operators[0] == "" and not isinstance(factor, (Number, Fraction)):
            return Product((node.items[0], bracketed(factor), *node.items[1:]), ("", *node.operators))
        return Product((bracketed(factor), *node.items), ("", *node.operators))
    if isinstance(factor, (Number, Fraction)) or not isinstance(node, Number):
        return Product((bracketed(factor), node), ("",))
    return Product((node, bracketed(factor)), ("",))


def over(node: Node, divisor: Node) -> Node:
    r"""The quotient, under the line if there is one already.

    Example:
        >>> from derive.claims.parsing import parse
        >>> from derive.claims.writing import latex
        >>> latex(over(parse(r"\frac{a}{2}"), Name("n")))
        '\\frac{a}{2 n}'
    """
    if isinstance(node, Product) and isinstance(node.items[0], Fraction) and not is_derivative(node.items[0]):
        return replace(node, items=(over(node.items[0], divisor), *node.items[1:]))
    if isinstance(node, Fraction) and not is_derivative(node):
        bottom = node.bottom
        if isinstance(divisor, Number) and isinstance(bottom, (Number, Product)):
            return replace(node, bottom=times(bottom, divisor))
        joined = Product((bracketed(bottom) if isinstance(bottom, Sum) else bottom, bracketed(divisor)), ("",))
        if isinstance(bottom, Product):
            joined = Product((*bottom.items, bracketed(divisor)), (*bottom.operators, ""))
        return replace(node, bottom=joined)
    return Fraction(plain(node), plain(divisor))


def squared(node: Node) -> Node:
    """The square."""
    return Scripted(Group("(", node) if isinstance(node, (Fraction, Scripted)) else bracketed(node), sup=TWO)


def negated(node: Node) -> Node:
    """With the other sign."""
    if isinstance(node, Sum) and len(node.terms) == 1:
        return node.terms[0] if node.signs[0] == "-" else replace(node, signs=("-",))
    return Sum(("-",), (bracketed(node) if isinstance(node, Sum) else node,))
