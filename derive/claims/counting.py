r"""Ranges that are counted out, as people write them: `i = 1, \dots, n`."""

from __future__ import annotations

from derive.claims.syntax import Dots, ForAll, Listing, Logic, Name, Negated, Node, Number, Relation, Scripted


def counted(node: Node) -> tuple[Relation, ...]:
    r"""`i = 1, 2, \dots, n` as `1 \le i \le n`, of several letters for each; `i, j \in S` likewise; nothing for others.

    Example:
        >>> from derive.claims.parsing import parse
        >>> from derive.claims.writing import latex
        >>> [latex(c) for c in counted(parse(r"i, j = 1, \dots, n"))]
        ['1 \\le i \\le n', '1 \\le j \\le n']
    """
    parts = node.parts if isinstance(node, Listing) else ()
    first = next((k for k, p in enumerate(parts) if not isinstance(p, (Name, Scripted))), len(parts))
    equation, rest = (parts[first] if first < len(parts) else None), parts[first + 1 :]
    if isinstance(equation, Relation) and equation.relations == ("\\in",) and first and not rest:
        letters = (*parts[:first], equation.sides[0])
        return tuple(Relation((n, equation.sides[1]), ("\\in",), start=n.start, end=equation.end) for n in letters)
    if not isinstance(equation, Relation) or equation.relations != ("=",):
        return ()
    low, dots, last = equation.sides[1], rest[-2:-1], rest[-1:]
    steps = [n.text if isinstance(n, Number) else "" for n in (low, *rest[:-2])]
    if len(rest) < 2 or not isinstance(dots[0], Dots) or isinstance(last[0], (Dots, ForAll, Logic, Negated, Relation)):
        return ()
    if len(steps) > 1 and steps != [str(int(steps[0]) + k) for k in range(len(steps)) if steps[0].isdigit()]:
        return ()
    return tuple(between(low, letter, last[0], ("\\le", "\\le")) for letter in (*parts[:first], equation.sides[0]))


def between(low: Node, letter: Node, high: Node, signs: tuple[str, ...]) -> Relation:
    """`low <= letter <= high`, with these signs, standing where the letter stands."""
    return Relation((low, letter, high), signs, start=letter.start, end=letter.end)
