r"""Brackets: round ones, `[condition]`, absolute values, norms, floors, ceilings, sets."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise

from sympy import Expr, Integer, Pow, Symbol, floor, oo

from derive.claims import wholes
from derive.claims.arithmetic import table
from derive.claims.names import name_key
from derive.claims.reading import Reader
from derive.claims.surroundings import Members, Range, Several, Unread, Unsupported, Value
from derive.claims.syntax import (
    Dots,
    ForAll,
    Group,
    Listing,
    Logic,
    Name,
    Negated,
    Node,
    Number,
    Relation,
)  # fmt: skip
from derive.claims.wholes import IllFittingShapes, Whole
from derive.language import (
    Condition,
    Entry,
    IndexSum,
    Indicator,
    Largest,
    all_of,
    any_of,
    eq,
    ge,
    gt,
    le,
    lt,
    ne,
)  # fmt: skip
from derive.language.forms import of
from derive.language.symbols import is_integer

_CONDITIONS = (Relation, Logic, Negated, ForAll)


def group(reader: Reader, node: Group) -> Value:
    """What stands in brackets."""
    kind = node.opening
    if kind in ("(", "[") and isinstance(node.body, Listing):
        if {kind, node.closing or {"(": ")", "[": "]"}[kind]} != {kind, {"(": ")", "[": "]"}[kind]}:
            return interval(reader, node)
        if any(isinstance(p, Dots) for p in node.body.parts):
            from derive.claims.reading_dots import row

            return row(reader, node.body.parts, node)
        return Several(tuple(reader.value(p) for p in node.body.parts))
    if kind == "(":
        return reader.value(node.body)
    if kind == "[":
        if isinstance(node.body, _CONDITIONS):
            return Indicator(reader.condition(node.body))
        return reader.value(node.body)
    if kind == "\\{":
        return braces(reader, node)
    if kind in ("\\lfloor", "\\lceil"):
        return reader.rounded(reader.number(node.body), kind == "\\lceil")
    if kind in ("|", "\\lvert"):
        return bars(reader, node)
    if kind == "\\langle":
        return inner(reader, node)
    if kind in ("\\|", "\\lVert"):
        return norm(reader, node, Number("2"), node)
    raise Unsupported(node, f"brackets {kind} are not supported")


def inner(reader: Reader, node: Group) -> Expr:
    """The inner product of two arrays of the same shape."""
    parts = node.body.parts if isinstance(node.body, Listing) else ()
    values = [reader.value(part) for part in parts]
    if len(values) != 2 or not all(isinstance(v, Whole) for v in values):
        raise Unread(node, "an inner product is of two arrays")
    one, other = (replace(v, kind="array") for v in values)
    both = wholes.entrywise(one, other, lambda a, b: a * b, None, "two factors of an inner product")
    return wholes.summed(both, lambda x: x, reader.scope.taken)


def bars(reader: Reader, node: Group) -> Value:
    """An absolute value, the number of members of a set, a determinant."""
    inside = node.body
    if isinstance(inside, Group) and inside.opening == "\\{":
        return counted(reader, inside)
    value = reader.value(inside)
    if isinstance(value, Members):
        raise Unsupported(node, "the number of members of this set is not supported")
    if isinstance(value, Whole) and wholes.as_number(value) is None:
        if value.is_square and value.kind == "matrix":
            from derive.claims.reading_functions import written_out
            from derive.claims.reading_grids import determinant

            if (rows := written_out(value)) is not None:
                return determinant(rows, node)
            return Entry(of("determinant", reader.array_of(value)))
        raise Unsupported(node, "bars around an array are not supported; a norm is written \\|...\\|_2")
    return reader.absolute(reader.as_number(value, node))


def counted(reader: Reader, node: Group) -> Expr:
    r"""The number of members of `\{t \in \mathbb{Z} : ...\}`."""
    from derive.claims.reading_conditions import set_builder, set_of

    key, base, where = set_builder(node)
    members = None if base is None else set_of(reader, base)
    if members is not None and members.ends is None:
        raise Unsupported(node, f"{key} runs over a set that is no range of integers: its members are not counted")
    low, high = (-oo, oo) if members is None or members.ends is None else members.ends
    if members is None:
        from derive.claims.reading_ranges import ranges_of

        found = ranges_of(reader, key, where)
        if len(found) == 1:
            low, high = found[0]
    symbol = reader.new_symbol(key)
    with ExitStack() as inside:
        inside.enter_context(reader.binding(key, symbol, Range(symbol, low, high)))
        parts = []
        for part in where:
            parts.append(reader.condition(part))
            inside.enter_context(reader.under(parts[-1]))
        known = all_of(*parts)
    return IndexSum(Indicator(known), symbol, low, high)


def leftmost(body: Node) -> Node:
    """What stands first in a listing, a conjunction or a disjunction."""
    while isinstance(body, (Listing, Logic)):
        body = body.parts[0]
    return body


def braces(reader: Reader, node: Group) -> Value:
    """A set written out, or by a condition."""
    body = node.body
    first = leftmost(body)
    if isinstance(first, Relation) and any(r in (":", "\\mid", "\\in") for r in first.relations):
        from derive.claims.reading_conditions import set_builder, set_of

        key, base, where = set_builder(node)

        among = None if base is None else set_of(reader, base)

        def member(value: Expr) -> Condition:
            inside = [] if among is None else [among.member(value)]
            with reader.binding(key, value):
                return all_of(*inside, *(reader.condition(part) for part in where))

        return Members(member)
    parts = body.parts if isinstance(body, Listing) else (body,)
    dots = [k for k, p in enumerate(parts) if isinstance(p, Dots)]
    if dots:
        plain = [reader.whole_number(p) for p in parts if not isinstance(p, Dots)]
        if len(dots) != 1 or dots[0] != len(parts) - 2 or len(plain) < 2 or not _steps_by_one(plain[:-1]):
            raise Unsupported(node, "a set with dots is written {1, 2, \\dots, n}")
        return integers_between(plain[0], plain[-1])
    values = [reader.number(p) for p in parts]
    return Members(lambda x: any_of(*(eq(x, v) for v in values)), listed=tuple(values))


def _steps_by_one(values: list[Expr]) -> bool:
    return all(b - a == 1 for a, b in pairwise(values))


def integers_between(low: Expr, high: Expr) -> Members:
    """A range of integers as a set."""

    def member(x: Expr) -> Condition:
        above = [] if low is -oo else [ge(x, low)]
        if not is_integer(x):
            above.append(eq(floor(x, evaluate=False), x))
        return all_of(*above, *([] if high is oo else [ge(high, x)]))

    return Members(member, (low, high))


def interval(reader: Reader, node: Group) -> Members:
    """[a, b), and so on."""
    assert isinstance(node.body, Listing)
    if len(node.body.parts) != 2:
        raise Unread(node, "an interval has two ends")
    low, high = (reader.number(p) for p in node.body.parts)
    above = ge if node.opening == "[" else gt
    closing = node.closing or {"(": ")", "[": "]"}[node.opening]  # nothing is noted of what closes its own opening
    under = le if closing == "]" else lt
    return Members(lambda x: all_of(above(x, low), under(x, high)))


def norm(reader: Reader, node: Group, which: Node, whole: Node) -> Expr:
    """A norm by its subscript: 1, 2, infinity, F, *, RMS; of a matrix 1, 2 and infinity are induced."""
    if node.opening in ("|", "\\lvert"):
        value = reader.value(node.body)
        if not isinstance(value, Whole) or wholes.as_number(value) is not None:
            raise Unsupported(whole, "a subscript of an absolute value is not understood")
    else:
        value = reader.value(node.body)
    if isinstance(value, Expr):
        return reader.absolute(value)
    if isinstance(value, Several):
        value = table([[reader.as_number(v, node)] for v in value.parts])
    if not isinstance(value, Whole):
        raise IllFittingShapes(f"the norm of {wholes.shape_said(value)}")
    if isinstance(which, Relation) and which.relations == ("\\to",):
        return _between(reader, value, [_exponent(side) for side in which.sides], whole)
    key = _exponent(which)
    taken = reader.scope.taken
    matrix = value.kind == "matrix"
    squares = lambda: wholes.summed(value, lambda x: x**2, taken)  # noqa: E731
    if key in ("F", "Fro", "fro") or (key == "2" and not matrix):
        return Pow(squares(), Integer(1) / 2)
    if key == "1" and not matrix:
        return wholes.summed(value, reader.absolute, taken)
    if key in ("infty", "max") and (not matrix or key == "max"):
        return _largest(reader, value, whole)
    if key == "2":
        return Entry(of("spectral_norm", reader.array_of(value)))
    if key in ("*", "ast", "nuc"):
        return Entry(of("nuclear_norm", reader.array_of(value)))
    if key == "RMS":
        count: Expr = Integer(1)
        for axis in value.axes:
            count *= wholes.size(axis)
        reader.need(ne(count, 0), "the root mean square is of something")
        return Pow(squares(), Integer(1) / 2) * Pow(count, -Integer(1) / 2)
    if key in ("1", "infty"):
        return _induced(reader, value, key == "1", whole)
    if not matrix and isinstance(which, (Name, Number)):
        p = reader.number(which)
        reader.need(ge(p, 1), "a norm has an exponent of at least 1")
        return Pow(wholes.summed(value, lambda x: Pow(reader.absolute(x), p), taken), 1 / p)
    raise Unsupported(whole, "this norm is not supported")


def _exponent(node: Node) -> str | None:
    return name_key(node) if isinstance(node, Name) else node.text if isinstance(node, Number) else None


def _between(reader: Reader, value: Whole, ends: list[str | None], node: Node) -> Expr:
    r"""The norm of a matrix as a map, $\max_{\|x\|_p \le 1} \|Ax\|_q$, where it is known in closed form.

    From 1 it is the largest norm of a column, and to infinity the largest dual norm of a row: the unit ball of the
    first is spanned by the axes, and a row is a linear functional.
    """
    if len(value.axes) != 2 or value.kind == "array":
        raise Unsupported(node, "an induced norm is of what is declared a matrix")
    first, second = ends
    if (first, second) == ("2", "2"):
        return Entry(of("spectral_norm", reader.array_of(value)))
    if first == "1" and second == "infty":
        return _largest(reader, value, node)
    if (first, second) in (("1", "1"), ("infty", "infty")):
        return _induced(reader, value, first == "1", node)
    if (first, second) not in (("1", "2"), ("2", "infty")):
        raise Unsupported(node, f"the norm from {first} to {second} has no closed form and is not supported")
    i, j = _letters(reader, value)
    rows, across = value.axes
    for low, high in (rows, across):
        reader.need(le(low, high), "a largest norm is taken of something")
    square = value.at([i, j]) ** 2
    if first == "1":
        return Largest(Pow(IndexSum(square, i, *rows), Integer(1) / 2), j, *across)
    return Largest(Pow(IndexSum(square, j, *across), Integer(1) / 2), i, *rows)


def _letters(reader: Reader, value: Whole) -> list[Symbol]:
    found = []
    for letter, _ in zip("ijlm", value.axes, strict=False):
        symbol = reader.new_symbol(letter)
        reader.scope.taken.add(symbol.name)
        found.append(symbol)
    return found


def _largest(reader: Reader, value: Whole, node: Node) -> Expr:
    letters = _letters(reader, value)
    body: Expr = reader.absolute(value.at(letters))
    for letter, (low, high) in reversed(list(zip(letters, value.axes, strict=True))):
        reader.need(le(low, high), "a largest entry is taken of something")
        body = Largest(body, letter, low, high)
    return body


def _induced(reader: Reader, value: Whole, columns: bool, node: Node) -> Expr:
    """The largest sum of absolute values in a column (1) or a row (infinity)."""
    i, j = _letters(reader, value)
    rows, across = value.axes
    size = reader.absolute(value.at([i, j]))
    for low, high in (rows, across):
        reader.need(le(low, high), "a largest sum is taken of something")
    if columns:
        return Largest(IndexSum(size, i, *rows), j, *across)
    return Largest(IndexSum(size, j, *across), i, *rows)

