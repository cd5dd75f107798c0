r"""Formulas as they are written: trees that say what stands where, and nothing of what it means.

A formula becomes a tree before any name is looked up; what depends on the declared symbols (is `a(b+c)` a product or a
call, is `w^2_i` a square or an entry of `w^2`, how far does `\sum` reach) is left open: things that stand side by side
are the items of one `Product`, scripts stay scripts. `derive.claims.parsing` makes the trees, `derive.claims.reading`
gives them a meaning, `latex` writes them again.

Every node knows the part of the text that it was made of; two nodes are equal if they say the same, wherever they
stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

ADDING = ("+", "-", "\\pm")
MULTIPLYING = ("", "\\cdot", "\\times", "*", "\\star", "/", "\\odot", "\\otimes", "\\circ", "\\bmod", "\\div")
"""'' is nothing at all between two items."""

RELATIONS = (
    "=", "\\ne", "<", "\\le", ">", "\\ge", "\\approx", "\\sim", "\\equiv", "\\propto", ":=", "\\in", "\\notin", "\\to",
    "\\mid", "\\perp", "\\subset", ":",
)  # fmt: skip
"""Of one level, in chains; `\\mid` is "divides", "given" or "such that", `:` is "such that" or "from ... to"."""

LOGIC = ("\\land", "\\lor", "\\implies", "\\iff")

BIG = (
    "\\sum", "\\prod", "\\int", "\\iint", "\\max", "\\min", "\\sup", "\\inf", "\\lim", "\\argmax", "\\argmin",
    "\\bigcup", "\\bigcap",
)  # fmt: skip
"""Operators that take scripts as ranges; how far they reach is said by the meaning."""

BRACKETS = ("(", "[", "\\{", "|", "\\|", "\\lfloor", "\\lceil", "\\langle", "\\lvert", "\\lVert")
"""The opening one names the kind; `(0, 1]` opens with one and closes with another."""


@dataclass(frozen=True)
class Node:
    """A part of a formula, from character `start` to before character `end` of its text."""

    start: int = field(compare=False, kw_only=True, default=0)
    end: int = field(compare=False, kw_only=True, default=0)


@dataclass(frozen=True)
class Number(Node):
    """Digits as they are written: 28, 1.4142, 1,000 without its comma."""

    text: str


@dataclass(frozen=True)
class Name(Node):
    r"""One letter, a command such as \sigma (without its backslash), or a word in \mathrm, \text and the like.

    `style` is '' for a letter in italics and for a command, else what it stands in: mathrm, mathbf, mathbb, mathcal,
    boldsymbol, operatorname (also for \log, \exp and other named functions), tilde, hat, bar, vec, dot; of two at once
    the outer one first, 'hat mathbf'.
    """

    text: str
    style: str = ""


@dataclass(frozen=True)
class Text(Node):
    r"""Words: \text{otherwise}, \text{ if }."""

    words: str


@dataclass(frozen=True)
class Dots(Node):
    r"""\dots, \ldots, \cdots, \vdots, \ddots."""

    command: str = "dots"


@dataclass(frozen=True)
class Scripted(Node):
    """A base with a subscript, a superscript, primes; several scripts that follow one another nest."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0


@dataclass(frozen=True)
class Factorial(Node):
    """n!"""

    of: Node


@dataclass(frozen=True)
class Fraction(Node):
    r"""\frac, also of derivatives: \frac{\partial f}{\partial x}."""

    top: Node
    bottom: Node


@dataclass(frozen=True)
class Root(Node):
    r"""\sqrt, with its degree if one is written."""

    of: Node
    degree: Node | None = None


@dataclass(frozen=True)
class Choose(Node):
    r"""\binom."""

    top: Node
    bottom: Node


@dataclass(frozen=True)
class Group(Node):
    """Something in brackets; braces that are not printed leave no trace unless they are a script."""

    opening: str
    body: Node
    closing: str = ""


@dataclass(frozen=True)
class Empty(Node):
    """Nothing: before the minus in `{}-1`, between the brackets of `f()`."""


@dataclass(frozen=True)
class Big(Node):
    """One of BIG with its scripts; its body is among the items after it."""

    operator: str
    sub: Node | None = None
    sup: Node | None = None


@dataclass(frozen=True)
class Product(Node):
    """Items side by side; `operators[i]`, one of MULTIPLYING, stands between items i and i + 1."""

    items: tuple[Node, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Sum(Node):
    """Terms with their signs, the first one '+' if none is written: a - b is ('+', '-')."""

    signs: tuple[str, ...]
    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Relation(Node):
    """Sides with relations (of RELATIONS) between them: a <= b < c."""

    sides: tuple[Node, ...]
    relations: tuple[str, ...]


@dataclass(frozen=True)
class Negated(Node):
    r"""\lnot."""

    of: Node


@dataclass(frozen=True)
class Logic(Node):
    r"""Statements joined by one operator of LOGIC; of these \land binds most, \iff least."""

    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class ForAll(Node):
    r"""\forall i, \forall i \in S, \forall i: ...; `body` is None where it follows its statement."""

    bound: Node
    body: Node | None = None


@dataclass(frozen=True)
class Listing(Node):
    """Parts with commas (or semicolons) between them."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class CaseRows(Node):
    r"""\begin{cases}: values with their conditions; None for a row without one."""

    rows: tuple[tuple[Node, Node | None], ...]


@dataclass(frozen=True)
class MatrixRows(Node):
    r"""A matrix written out; `brackets` is the letter of its environment: p, b, v, V, B, or '' without any."""

    rows: tuple[tuple[Node, ...], ...]
    brackets: str = "p"


@dataclass(frozen=True)
class Chain(Node):
    r"""Lines of `aligned`, or a relation of several sides at the top: each side but the first with its relation."""

    first: Node
    lines: tuple[tuple[str, Node], ...]


def below(node: Node) -> Iterator[Node]:
    """The node and all nodes in it, from the outside in.

    Example:
        >>> [type(n).__name__ for n in below(Scripted(Name("x"), sub=Name("i")))]
        ['Scripted', 'Name', 'Name']
    """
    waiting: list[object] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Node):
            yield one
            kind: Any = type(one)
            waiting += [getattr(one, name) for name in _parts_of(kind)]
        elif isinstance(one, tuple):
            waiting += reversed(one)


@cache
def _parts_of(kind: type[Any]) -> tuple[str, ...]:
    """The names of what nodes of the kind are made of, the last first."""
    return tuple(part.name for part in reversed(fields(kind)))
