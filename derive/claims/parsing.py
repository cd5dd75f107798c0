r"""Formulas in LaTeX, read into trees: a grammar of our own, and nothing is guessed.

Whatever cannot be read is refused with its place and with what was expected there. No text can do anything but become a
tree: there are no macros and no files, and time grows with the length of the text alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

from lark import Lark, Token, UnexpectedToken
from lark.lexer import Lexer as LarkLexer

from derive.claims.building import Builder
from derive.claims.lexing import tokens_of
from derive.claims.syntax import Chain, Dots, Empty, Group, MatrixRows, Node, Relation, Scripted
from derive.claims.unfinished import Line, Wrong, plain
from derive.errors import FormulaError

MAX_DEPTH = 150
"""Nodes within nodes; recursion over a tree that was read stays far from Python's limit."""

_IN_CHAINS = frozenset(("=", "\\ne", "<", "\\le", ">", "\\ge", "\\approx", "\\sim", "\\equiv", "\\propto", ":="))
_VALUES = frozenset(("NUMBER", "NAME", "LB", "OPEN"))


class _Handed(LarkLexer):
    """The tokens have been made before."""

    def __init__(self, conf: object) -> None:
        pass

    def lex(self, data: list[Token]) -> Iterator[Token]:  # type: ignore[override]
        yield from data


@cache
def _grammar() -> Lark:
    text = Path(__file__).with_name("formula.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer=_Handed, transformer=Builder(), maybe_placeholders=False)


def parse(text: str) -> Node:
    r"""The tree of a formula.

    Args:
        text: LaTeX; `$...$`, `\[...\]` and environments such as `aligned` may stand around it.

    Raises:
        FormulaError: It cannot be read; says where and why.

    Example:
        >>> tree = parse(r"\frac12 x_i")
        >>> type(tree).__name__, [type(item).__name__ for item in tree.items]
        ('Product', ['Fraction', 'Scripted'])
    """
    relation, node = parse_line(text)
    if relation is not None:
        raise FormulaError(f"nothing stands before '{relation}'", text, node.start, "a value")
    return node


def parse_line(text: str) -> tuple[str | None, Node]:
    r"""A line of a worked chain, which may begin with its relation.

    Example:
        >>> parse_line(r"\le 2n")[0], parse_line("n + 1")[0]
        ('\\le', None)
    """
    tokens = tokens_of(text)
    if not tokens:
        raise FormulaError("there is no formula", text, len(text), "a value")
    try:
        line = _grammar().parse(tokens)
    except UnexpectedToken as wrong:
        raise _unexpected(text, tokens, wrong) from None
    except Wrong as wrong:
        raise FormulaError(wrong.message, text, wrong.offset, wrong.expected) from None
    assert isinstance(line, Line)
    relation, node = line.relation or None, plain(line.formula)
    if isinstance(node, Relation) and isinstance(node.sides[0], Empty) and relation is None:
        relation, sides, relations = node.relations[0], node.sides[1:], node.relations[1:]
        node = Relation(sides, relations, start=node.start, end=node.end) if relations else sides[0]
    _check(text, node)
    return relation, _chain(node)


def _chain(node: Node) -> Node:
    """A relation of three or more sides at the top is a chain."""
    if isinstance(node, Relation) and len(node.sides) > 2 and set(node.relations) <= _IN_CHAINS:
        lines = tuple(zip(node.relations, node.sides[1:], strict=True))
        return Chain(node.sides[0], lines, start=node.start, end=node.end)
    return node


def _check(text: str, root: Node) -> None:
    """Not too deep, and nothing empty where something must stand; without recursion."""
    waiting: list[tuple[Node, int]] = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise FormulaError(f"nested more than {MAX_DEPTH} deep", text, node.start)
        for part in fields(node):
            for child in _nodes_of(getattr(node, part.name)):
                blank = isinstance(node, MatrixRows) and any(isinstance(e, Dots) for row in node.rows for e in row)
                half = isinstance(node, Relation) and child.end == 0  # made by half_relation
                if isinstance(child, Empty) and not isinstance(node, (Group, Scripted)) and not blank and not half:
                    raise FormulaError("nothing stands here", text, child.start, "a value")
                waiting.append((child, depth + 1))
    if isinstance(root, Empty):
        raise FormulaError("there is no formula", text, root.start, "a value")


def _nodes_of(value: object) -> Iterator[Node]:
    """Nodes in a field: itself, or in tuples of tuples."""
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes_of(part)


def _unexpected(text: str, tokens: list[Token], wrong: UnexpectedToken) -> FormulaError:
    """What stands where, and what could have stood there, in words."""
    token, accepted = wrong.token, wrong.accepts
    end = token.type == "$END"
    place = next((i for i, t in enumerate(tokens) if t is token), len(tokens))
    before = tokens[place - 1] if place else None
    offset = (before.end_pos or 0) if end and before is not None else (token.start_pos or 0)
    here = "the formula ends" if end else f"here stands '{_shown(text, token)}'"
    if token.type in ("SUB", "SUP") and before is not None and before == "\\mid":
        message = "a value at a point is written '\\left. ... \\right|_{...}'"
        return FormulaError(message, text, offset, "'\\left.'")
    if _VALUES & accepted and "OPERATOR" not in accepted:
        expected = "a number, a name or a bracket"
        after = f"after '{_shown(text, before)}' " if before is not None and before.type != "RB" else ""
        return FormulaError(f"{after}{expected} must follow, and {here}", text, offset, expected)
    if token.type == "TEXT":
        return FormulaError(f"the words '{token}' are no part of a formula", text, offset, "a sign")
    expected = _words(accepted)
    return FormulaError(f"{here}, where {expected} was expected", text, offset, expected)


def _shown(text: str, token: Token) -> str:
    """A token as it was written."""
    return text[token.start_pos : token.end_pos].strip()[:30] or str(token)


def _words(accepted: set[str]) -> str:
    """Kinds of tokens in words."""
    words = {
        "OPERATOR": "an operator", "REL": "a relation", "SIGN": "a sign", "CLOSE": "a closing bracket", "RB": "'}'",
        "SEPARATOR": "a comma", "SUB": "a script", "CELL": "'&'", "END": "the end of the rows", "$END": "the end",
    }  # fmt: skip
    said = [word for kind, word in words.items() if kind in accepted]
    return " or ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said) or "something else"
