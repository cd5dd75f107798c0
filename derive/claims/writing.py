r"""Trees of formulas as LaTeX again: what was read and is written reads as the same tree.

Brackets are added only where a tree that was put together by a program needs them.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.claims import commands as known
from derive.claims.syntax import (
    Big,
    CaseRows,
    Chain,
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

_ACCENTS = frozenset(known.ACCENTS.values())
_COMMANDS = known.NAMES | {"cdot", "star", "circ", "odot", "otimes", "times", "#"}
_BINDING = {"\\land": 4, "\\lor": 3, "\\implies": 2, "\\iff": 1}
_TALL = (Fraction, Choose, Root, Big, CaseRows, MatrixRows)


def latex(node: Node) -> str:
    r"""The formula as LaTeX; `parse` reads it as the same tree.

    Example:
        >>> latex(Fraction(Sum(("+", "-"), (Number("1"), Scripted(Name("a"), sup=Name("n")))), Number("2")))
        '\\frac{1 - a^{n}}{2}'
    """
    if isinstance(node, Chain):
        return " ".join([_side(node.first), *(f"{relation} {_side(side)}" for relation, side in node.lines)])
    if isinstance(node, Listing):
        return ", ".join(_bracketed(p) if isinstance(p, Listing) else latex(p) for p in node.parts)
    if isinstance(node, ForAll):
        bound, body = latex(node.bound), node.body
        between = " " if body is None or isinstance(body, ForAll) else " : "
        return f"\\forall {bound}{between}{latex(body) if body is not None else ''}".rstrip()
    if isinstance(node, (Logic, Negated, Relation)):
        return _statement(node)
    if isinstance(node, Sum):
        return _sum(node)
    if isinstance(node, Product):
        return _product(node)
    if isinstance(node, (Scripted, Big, Factorial)):
        return _scripted(node)
    return _atom(node)


def _atom(node: Node) -> str:
    """What needs no brackets around it."""
    match node:
        case Number(text=text):
            return text
        case Name():
            return _name(node)
        case Text(words=words):
            return f"\\text{{{words} }}" if words.lower() in known.WORDS or words.isalnum() else f"\\text{{{words}}}"
        case Dots(command=command):
            return f"\\{command}"
        case Empty():
            return "{}"
        case Fraction(top=top, bottom=bottom):
            return f"\\frac{{{latex(top)}}}{{{latex(bottom)}}}"
        case Choose(top=top, bottom=bottom):
            return f"\\binom{{{latex(top)}}}{{{latex(bottom)}}}"
        case Root(of=of, degree=degree):
            return f"\\sqrt{{{latex(of)}}}" if degree is None else f"\\sqrt[{{{latex(degree)}}}]{{{latex(of)}}}"
        case Group():
            return _group(node)
        case CaseRows(rows=rows):
            lines = (latex(v) if c is None else f"{latex(v)} & {latex(c)}" for v, c in rows)
            return f"\\begin{{cases}}{_rows(lines)}\\end{{cases}}"
        case MatrixRows(rows=entries, brackets=letter):
            body = _rows(" & ".join(latex(e) for e in row) for row in entries)
            return f"\\begin{{{letter}matrix}}{body}\\end{{{letter}matrix}}"
    return _bracketed(node)


def _rows(lines: Iterable[str]) -> str:
    """Rows with line ends between them."""
    return " " + " \\\\ ".join(lines) + " "


def _name(node: Name) -> str:
    """A name in its fonts and accents."""
    styles = node.style.split()
    text = node.text
    if styles == ["operatorname"] and text in known.FUNCTIONS | known.BIG_NAMES:
        return f"\\{text}"
    command = text in _COMMANDS and styles[-1:] != ["mathrm"]
    inner = f"\\{text}" if command else text.replace("_", "\\_")
    for style in reversed(styles):
        inner = f"\\{style}{{{inner}}}"
    return inner


def _group(node: Group) -> str:
    """A body in its brackets."""
    opening = {"\\lvert": "|", "\\lVert": "\\|"}.get(node.opening, node.opening)
    body = "" if isinstance(node.body, Empty) else latex(node.body)
    closing = node.closing or known.PAIRS[opening][0]
    if opening == "eval":
        return f"\\left. {body} \\right|"
    if opening in ("|", "\\|") or any(isinstance(n, _TALL) for n in _inside(node.body)):
        return f"\\left{opening} {body} \\right{closing}"
    space = " " if opening[-1].isalpha() else ""
    return f"{opening}{space}{body}{space}{closing}"


def _inside(node: Node) -> tuple[Node, ...]:
    """The node and the terms and factors that it has."""
    if isinstance(node, Sum):
        return tuple(n for t in node.terms for n in _inside(t))
    return node.items if isinstance(node, Product) else (node,)


def _bracketed(node: Node) -> str:
    return _group(Group("(", node))


def _scripted(node: Scripted | Big | Factorial) -> str:
    """A base with its scripts."""
    if isinstance(node, Factorial):
        inner = node.of
        return (latex(inner) if isinstance(inner, Scripted) else _base(inner)) + "!"
    text = _operator(node.operator) if isinstance(node, Big) else _base(node.base)
    text += "'" * node.primes if isinstance(node, Scripted) else ""
    if node.sub is not None:
        text += f"_{{{latex(node.sub)}}}"
    if node.sup is not None:
        text += f"^{{{latex(node.sup)}}}"
    return text


def _operator(command: str) -> str:
    return f"\\operatorname*{{{command[1:]}}}" if command in ("\\argmax", "\\argmin") else command


def _base(node: Node) -> str:
    """What scripts are put on."""
    if isinstance(node, (Scripted, Factorial, Fraction, Choose)) or (isinstance(node, Number) and len(node.text) > 1):
        return f"{{{latex(node)}}}"
    return _atom(node)


def _sum(node: Sum) -> str:
    """Terms with their signs."""
    parts: list[str] = []
    for sign, term in zip(node.signs, node.terms, strict=True):
        shown = _bracketed(term) if isinstance(term, (Sum, Relation, Logic, Listing, ForAll, Negated)) else latex(term)
        if not parts:
            parts.append(shown if sign == "+" and len(node.terms) > 1 else sign + _gap(sign) + shown)
        else:
            parts.append(f"{sign} {shown}")
    return " ".join(parts)


def _gap(sign: str) -> str:
    return " " if sign[-1].isalpha() else ""


def _product(node: Product) -> str:
    """Items with what stands between them."""
    parts: list[str] = []
    last = len(node.items) - 1
    for place, item in enumerate(node.items):
        operator = node.operators[place - 1] if place else ""
        if operator:
            parts.append(operator)
        before = node.items[place - 1] if place else None
        free = operator in ("\\cdot", "\\times", "*") or (operator == "" and isinstance(before, Big))
        free = free and place == last
        if isinstance(item, Sum) and len(item.terms) == 1 and free:
            parts.append(_sum(item))
        elif isinstance(item, (Sum, Product, Relation, Logic, Listing, ForAll, Negated, Text)):
            parts.append(_bracketed(item))
        elif operator == "" and isinstance(before, Number) and isinstance(item, Number):
            parts += ["\\cdot", latex(item)]
        else:
            parts.append(latex(item))
    return " ".join(parts)


def _side(node: Node) -> str:
    """A side of a relation."""
    return _bracketed(node) if isinstance(node, (Relation, Logic, Listing, ForAll, Negated, Chain)) else latex(node)


def _statement(node: Logic | Negated | Relation) -> str:
    """Relations and what joins them."""
    if isinstance(node, Relation):
        rest = (f"{relation} {_side(side)}" for relation, side in zip(node.relations, node.sides[1:], strict=True))
        return " ".join([_side(node.sides[0]), *rest])
    if isinstance(node, Negated):
        of = node.of
        if isinstance(of, Relation) and of.relations == ("\\mid",):
            return f"{_side(of.sides[0])} \\nmid {_side(of.sides[1])}"
        return f"\\lnot {_bracketed(of) if isinstance(of, (Logic, Listing)) else latex(of)}"
    binding = _BINDING[node.operator]
    parts = []
    for part in node.parts:
        quantified = isinstance(part, ForAll) and part is not node.parts[-1]
        looser = isinstance(part, Logic) and _BINDING[part.operator] <= binding
        loose = isinstance(part, Listing) or quantified or looser
        parts.append(_bracketed(part) if loose else latex(part))
    return f" {node.operator} ".join(parts)
