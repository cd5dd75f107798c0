"""Repaired formulas and relations in words and LaTeX, and what is simple enough to be told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from derive.claims.changes import Repair
from derive.claims.retouching import negated
from derive.claims.syntax import Big, Factorial, Group, Listing, Name, Node, Product, Sum, below
from derive.claims.writing import latex

BOUND = 60
"""The rank of a bound."""

_LETTERS = re.compile(r"([_^])\{((?:[A-Za-z] )+[A-Za-z])\}")
_WRITTEN = {"<=": "\\le", ">=": "\\ge", "!=": "\\ne", "iff": "\\iff", "implies": "\\implies", "~": "\\sim"}
WORDS = {"\\le": "<=", "\\ge": ">=", "\\ne": "!=", "\\approx": "approx", "\\iff": "iff", "\\implies": "implies"}


def related(left: str, sign: str, right: str) -> str:
    r"""Two formulas with a relation between them.

    Example:
        >>> related("n", "<=", "n + 1"), related("n", "Theta", "2 n")
        ('n \\le n + 1', 'n = \\Theta(2 n)')
    """
    if sign in ("O", "o", "Theta", "Omega"):
        return f"{left} = {sign if len(sign) == 1 else chr(92) + sign}({right})"
    return f"{left} {_WRITTEN.get(sign, sign)} {right}"


def relation_repairs(relation: str) -> Iterator[tuple[str, bool, str, str, int]]:
    """Other relations: (sign, whether the sides change places, kind, in words, rank).

    Example:
        >>> [sign for sign, *_ in relation_repairs("<")]
        ['<=', '>']
    """
    sign = WORDS.get(relation, relation)
    if sign == "=":
        yield "<=", False, "bound", "it is a bound and no equality: the left side is at most the right one", BOUND
        yield ">=", False, "bound", "it is a bound and no equality: the left side is at least the right one", BOUND
    if sign in ("<", ">"):
        weak = sign + "="
        yield weak, False, "strict", "the sides can be equal: the inequality is not strict", 5
        yield "<" if sign == ">" else ">", False, "bound", "the inequality is the other way round", 20
    if sign in ("<=", ">="):
        yield ">=" if sign == "<=" else "<=", False, "bound", "the inequality is the other way round", 20
    if sign == "iff":
        yield "implies", False, "converse", "only the first implies the second", 8
        yield "implies", True, "converse", "only the second implies the first", 8
    if sign == "implies":
        yield "implies", True, "converse", "the second implies the first, not the first the second", 8
    weaker = {"Theta": ("O", "Omega"), "~": ("Theta", "O"), "o": ("O",), "O": ("Omega",)}
    for other in weaker.get(sign, ()):
        yield other, False, "bound", f"only {other} holds", 3


def is_simple(node: Node, kind: str) -> bool:
    r"""Whether it is a factor or a term that somebody can lose: a^{1-L}, (n-1)/n, 2xy.

    Example:
        >>> from derive.claims.parsing import parse
        >>> is_simple(parse("2xy"), "term"), is_simple(parse("x - n"), "term")
        (True, False)
    """
    leaves = [n for n in below(node) if isinstance(n, Name)]
    sums = [n for n in below(node) if isinstance(n, Sum) and len(n.terms) > 1]
    if len(leaves) > 3 or len(sums) > 1 or any(isinstance(n, (Big, Factorial)) for n in below(node)):
        return False
    if any(n.text in ("partial", "d", "nabla") or n.style == "operatorname" for n in leaves):
        return False
    grouped = any(isinstance(n, Group) for n in below(node))
    return kind == "factor" or not (grouped or (isinstance(node, Sum) and len(node.terms) > 1))


def written(node: Node) -> str:
    """A formula for people, without blanks between the letters of a script."""
    return spelled(latex(node))


def spelled(text: str) -> str:
    """d_{out} for d_{o u t}, which reads the same.

    Example:
        >>> spelled("W_{i j} d_{o u t}")
        'W_{ij} d_{out}'
    """
    return _LETTERS.sub(lambda m: f"{m[1]}{{{m[2].replace(' ', '')}}}", text)


def telling(found: Iterable[Repair], side: Node, relations: Sequence[str]) -> Iterator[Repair]:
    """The repairs that say something: a minus before what is at least 0 makes it less than much, and is no slip."""
    for repair in found:
        if not relations or relations[0] == "=" or repair.node != negated(side):
            yield repair


def made_of_the_same(one: Node, other: Node) -> bool:
    """Whether the two have the same letters, digits and parts, whatever their order.

    Example:
        >>> from derive.claims.parsing import parse
        >>> made_of_the_same(parse("a + bc"), parse("cb + a")), made_of_the_same(parse("a + b"), parse("ab"))
        (True, False)
    """
    letters = (Counter(re.findall(r"\\[a-zA-Z]+|[A-Za-z0-9]", latex(node))) for node in (one, other))
    kinds = (Counter(type(part).__name__ for part in below(node)) for node in (one, other))
    return next(letters) == next(letters) and next(kinds) == next(kinds)


def clipped_at(one: Node, other: Node) -> bool:
    r"""Whether one side is the largest value of the other side and something: an inequality, written as an equation.

    Example:
        >>> from derive.claims.parsing import parse
        >>> clipped_at(parse("\\max(1, r)"), parse("1")), clipped_at(parse("\\max(0, r)"), parse("1"))
        (True, False)
    """
    if not (isinstance(one, Product) and len(one.items) == 2 and isinstance(one.items[0], Big)):
        return False
    inside = one.items[1].body if isinstance(one.items[1], Group) else None
    return one.items[0].operator == "\\max" and isinstance(inside, Listing) and other in inside.parts
