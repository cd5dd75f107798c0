r"""Rows, sums, products and matrices with dots: $(x_1, x_2, \dots, x_n)$, $1 + 3 + \dots + (2n-1)$.

What the dots stand for is read only where the written parts leave one way to go on:

- the parts are alike but for indices or numbers that go up (or down) by the same step each time, or
- all parts before the dots are what the last one is at 0, 1, 2, ... in place of one of its letters.

If both are found and differ (`1, 2, \dots, 2^n`), or neither is, nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from itertools import pairwise, product
from typing import Any

from sympy import Expr, Integer, Rational, Symbol

from derive.claims.names import name_key, split_indices
from derive.claims.powers_alike import powers_alike
from derive.claims.surroundings import Range, Surroundings, Unread, Unsupported
from derive.claims.syntax import Dots, Fraction, Group, Listing, Name, Node, Number, Product, Scripted, Sum, below
from derive.claims.wholes import Whole
from derive.errors import DeriveError
from derive.language import IndexProduct, IndexSum, ge, substitute
from derive.language.symbols import is_integer
from derive.language.terms import expanded

NOT_CLEAR = "what the dots stand for is not clear"
_STARTS = range(-3, 4)


@dataclass(frozen=True)
class Pattern:
    """Parts that go on: the part at a place, counted from 0 by the name `hole`, and how many there are.

    `bare` says that nothing but a number is left of what the parts have in common.
    """

    part: Node
    hole: str
    count: Expr
    first: Expr
    bare: bool = False


class Unclear(Unsupported):
    """It cannot be said what the dots stand for."""


@dataclass
class _Leaf:
    """A place at which the parts differ."""

    nodes: tuple[Node, ...]
    name: str


def pattern(reader: Surroundings, heads: Sequence[Node], last: Node, hole: str, node: Node) -> Pattern:
    """What goes on from the heads to the last part.

    Raises:
        Unclear: there is no way to go on, or more than one.
    """
    parts = [_indices_apart(reader, _bare(p)) for p in (*heads, last)]
    stepped = _stepped(reader, powers_alike(parts), hole)
    if stepped is not None and not stepped.bare:
        return stepped
    found = [p for p in (stepped, *_lettered(reader, parts, hole)) if p is not None]
    if not found:
        raise Unclear(node, f"{NOT_CLEAR}: the parts before them do not lead to the one after")
    if any(not _same(reader, found[0], other) for other in found[1:]) or not is_integer(found[0].count):
        raise Unclear(node, f"{NOT_CLEAR}: the parts before them can go on in more than one way")
    return found[0]


# -- the two ways to go on -------------------------------------------------------------------------------------------


def _stepped(reader: Surroundings, parts: Sequence[Node], hole: str) -> Pattern | None:
    """Parts that are alike but for numbers with a common step."""
    leaves: list[_Leaf] = []
    common = _common(parts, leaves, hole)
    if not leaves:
        return None
    put: dict[str, Node] = {}
    counts: list[Expr] = []
    first: Expr | None = None
    for leaf in leaves:
        values = _values(reader, leaf.nodes)
        if values is None:
            return None
        *heads, last = values
        step = _step(heads, last, common == Name(leaf.name))
        if step is None:
            return None
        count = expanded((last - heads[0]) / step + 1)
        if not (is_integer(count) or (step == 1 and len(heads) > 1)) or (counts and expanded(count - counts[0]) != 0):
            return None
        counts.append(count)
        first = heads[0] if first is None and step == 1 else first
        by = Name(hole) if step == 1 else Product((_number(step), Name(hole)), ("\\cdot",))
        put[leaf.name] = Group("(", Sum(("+", "+"), (_bracketed(leaf.nodes[0]), by)))
    bare = isinstance(common, Name)
    return Pattern(_with(common, put), hole, counts[0], Integer(0) if first is None else first, bare)


def _step(heads: Sequence[Expr], last: Expr, bare: bool) -> Expr | None:
    """The step from each part to the next; after a single part 1, or -1 where the last is plainly less."""
    if len(heads) > 1:
        steps = {expanded(b - a) for a, b in pairwise(heads)}
        step = steps.pop()
        return None if steps or step == 0 or not isinstance(step, Rational) else step
    way = expanded(last - heads[0])
    if isinstance(way, Integer):
        return Integer(1) if way > 0 else Integer(-1) if way < 0 else None
    sizes = {abs(way.coeff(s)) for s in way.free_symbols}
    multiple = heads[0] == 1 and not bare and len(last.free_symbols) == 1 and last.is_Mul
    if not (sizes <= {1} or multiple):
        return None
    down = isinstance(last, Integer) and not isinstance(heads[0], Integer)
    return Integer(-1) if down else Integer(1)


def _lettered(reader: Surroundings, parts: Sequence[Node], hole: str) -> Iterator[Pattern]:
    """Parts that are what the last one is at other values of one of its letters."""
    *heads, last = parts
    written = _values(reader, heads)
    if written is None:
        return
    for key in dict.fromkeys(str(name_key(n)) for n in below(last) if isinstance(n, (Name, Scripted))):
        letter = reader.scope.names.get(key)
        if key in reader.bound or not isinstance(letter, Symbol) or not is_integer(letter):
            continue
        for start in _STARTS:
            seen = []
            for place in range(len(heads)):
                with reader.binding(key, Integer(start + place)):
                    found = _values(reader, (last,))
                seen.append(None if found is None else found[0])
            if all(a is not None and expanded(a - b) == 0 for a, b in zip(seen, written, strict=True)):
                there = Group("(", Sum(("+", "+"), (_number(Integer(start)), Name(hole))))
                part = _replaced(last, key, there)
                yield Pattern(part, hole, letter - start + 1, Integer(start), True)


def _same(reader: Surroundings, one: Pattern, other: Pattern) -> bool:
    if expanded(one.count - other.count) != 0:
        return False
    place = reader.new_symbol("place")
    with reader.binding(one.hole, place):
        values = _values(reader, (one.part, other.part))
    return values is not None and bool(expanded(values[0] - values[1]) == 0)


@contextmanager
def _quietly(reader: Surroundings) -> Iterator[None]:
    """What is read only to be looked at needs no value."""
    needs, spans, batches = list(reader.needs), list(reader.spans), list(reader.batches)
    try:
        yield
    finally:
        reader.needs, reader.spans, reader.batches = needs, spans, batches


def _values(reader: Surroundings, nodes: Sequence[Node]) -> list[Expr] | None:
    """Numbers as they are read; None if one of them is none."""
    with _quietly(reader):
        try:
            values = [reader.value(n) for n in nodes]
        except (Unread, DeriveError):
            return None
    return values if all(isinstance(v, Expr) for v in values) else None


# -- trees -----------------------------------------------------------------------------------------------------------


def _common(nodes: Sequence[Node], leaves: list[_Leaf], hole: str) -> Node:
    """What the trees have in common, with a name for each place at which they differ."""
    first = nodes[0]
    if all(n == first for n in nodes):
        return first
    alike = len({type(n) for n in nodes}) == 1 and not isinstance(first, (Number, Name, Dots))
    made: dict[str, Any] = {}
    for part in fields(first) if alike else ():
        if not part.compare:
            continue
        values = [getattr(n, part.name) for n in nodes]
        if all(isinstance(v, Node) for v in values):
            made[part.name] = _common(values, leaves, hole)
        elif all(isinstance(v, tuple) for v in values) and len({len(v) for v in values}) == 1:
            columns = list(zip(*values, strict=True))
            if all(isinstance(v, Node) for column in columns for v in column):
                made[part.name] = tuple(_common(column, leaves, hole) for column in columns)
            else:
                alike = alike and all(v == values[0] for v in values)
        else:
            alike = alike and all(v == values[0] for v in values)
    if alike:
        return replace(first, **made)
    for leaf in leaves:
        if leaf.nodes == tuple(nodes):
            return Name(leaf.name)
    leaves.append(_Leaf(tuple(nodes), f"{hole}at{len(leaves)}"))
    return Name(leaves[-1].name)


def _with(node: Node, put: dict[str, Node]) -> Node:
    if isinstance(node, Name) and node.text in put:
        return put[node.text]
    made: dict[str, Any] = {}
    for part in fields(node):
        value = getattr(node, part.name)
        if isinstance(value, Node):
            made[part.name] = _with(value, put)
        elif isinstance(value, tuple):
            made[part.name] = tuple(_with(v, put) if isinstance(v, Node) else v for v in value)
    return replace(node, **made)


def _replaced(node: Node, key: str, new: Node) -> Node:
    from derive.claims.slips import renamed

    return renamed(node, {key: new})


def _bare(node: Node) -> Node:
    while isinstance(node, Group) and node.opening == "(" and not isinstance(node.body, Listing):
        node = node.body
    return node


def _bracketed(node: Node) -> Node:
    return Group("(", node) if isinstance(node, (Sum, Product)) else node


def _number(value: Expr) -> Node:
    assert isinstance(value, Rational)
    top: Node = Number(str(abs(value.p)))
    made = top if value.q == 1 else Fraction(top, Number(str(value.q)))
    return Group("(", Sum(("-",), (made,))) if value < 0 else made


def _indices_apart(reader: Surroundings, node: Node) -> Node:
    """M_{12} and M_{1d} with commas between their indices, so that they are seen to be alike."""
    if isinstance(node, Scripted) and node.sub is not None and not isinstance(node.sub, Listing):
        key = name_key(node.base)
        found = reader.scope.names.get(str(key)) if reader.known(key) else None
        if isinstance(found, Whole) and len(found.axes) > 1 and not reader.known(name_key(replace(node, sup=None))):
            parts = split_indices(node.sub, len(found.axes))
            if parts is not None:
                node = replace(node, sub=Listing(parts, start=node.sub.start, end=node.sub.end))
    made: dict[str, Any] = {}
    for part in fields(node):
        value = getattr(node, part.name)
        if isinstance(value, Node):
            made[part.name] = _indices_apart(reader, value)
        elif isinstance(value, tuple):
            made[part.name] = tuple(_indices_apart(reader, v) if isinstance(v, Node) else v for v in value)
    return replace(node, **made)


# -- what is made of patterns ----------------------------------------------------------------------------------------


def at_places(reader: Surroundings, found: Pattern, node: Node) -> tuple[Expr, Symbol, Expr, Expr]:
    """The part as a term, its letter, and the range of the letter."""
    k = reader.new_symbol("k")
    reader.scope.taken.add(k.name)
    low, high = found.first, expanded(found.first + found.count - 1)
    reader.need(ge(found.count, 0), "what has dots in it has a number of parts")
    with reader.binding(found.hole, k - low, Range(k, low, high)):
        value = reader.value(found.part)
    if not isinstance(value, Expr):
        raise Unread(node, "numbers are wanted where there are dots")
    return value, k, low, high


def free_name(reader: Surroundings) -> str:
    """A name that means nothing yet."""
    names = {*reader.bound, *reader.scope.names}
    return next(f"dots{k}" for k in range(len(names) + 1) if f"dots{k}" not in names)


def row(reader: Surroundings, parts: Sequence[Node], node: Node) -> Whole:
    """Numbers in a row, from index 1."""
    place = _only_dots(parts, node)
    found = pattern(reader, parts[:place], parts[-1], free_name(reader), node)
    check_between(reader, found, parts[place + 1 : -1], node)
    value, k, low, _ = at_places(reader, found, node)
    return Whole(((Integer(1), found.count),), lambda at: substitute(value, {k: low + at[0] - 1}), "tuple")


def _only_dots(parts: Sequence[Node], node: Node) -> int:
    places = [k for k, p in enumerate(parts) if isinstance(p, Dots)]
    if len(places) != 1 or places[0] in (0, len(parts) - 1):
        raise Unclear(node, f"{NOT_CLEAR}: once, between what goes on, they are understood")
    return places[0]


def check_between(reader: Surroundings, found: Pattern, between: Sequence[Node], node: Node) -> None:
    """The parts between the dots and the last one are those that stand there."""
    for back, part in enumerate(reversed(between), 2):
        with reader.binding(found.hole, found.count - back):
            values = _values(reader, (found.part, part))
        if values is None or expanded(values[0] - values[1]) != 0:
            raise Unclear(node, f"{NOT_CLEAR}: the parts after them do not go on as those before")


def in_sum(reader: Any, node: Sum) -> Any:
    """A sum with dots among its terms; what does not look like the others is added to it."""
    place = _only_dots(node.terms, node)
    terms = node.terms
    found, first, last = _longest(reader, terms, place, node, node.signs)
    value, k, low, high = at_places(reader, found, node)
    total: Any = IndexSum(value, k, low, high) * (-1 if node.signs[first] == "-" else 1)
    rest = [(s, t) for n, (s, t) in enumerate(zip(node.signs, terms, strict=True)) if not first <= n <= last]
    if rest:
        more = Sum(tuple(s for s, _ in rest), tuple(t for _, t in rest), start=node.start, end=node.end)
        return reader.added(total, reader.sum(more))
    return total


def in_product(reader: Any, items: Sequence[Node], operators: Sequence[str], node: Node) -> Any:
    """A product with dots among its factors."""
    if any(o not in ("", "\\cdot", "\\times") for o in operators):
        raise Unclear(node, f"{NOT_CLEAR}: other signs than that of a product are around them")
    factors = _calls(reader, items)
    place = _only_dots(factors, node)
    found, first, last = _longest(reader, factors, place, node)
    value, k, low, high = at_places(reader, found, node)
    total: Any = IndexProduct(value, k, low, high)
    for factor in (*factors[:first], *factors[last + 1 :]):
        from derive.claims.reading_products import multiplied

        total = multiplied(reader, total, reader.value(factor), "", node)
    return total


def _calls(reader: Surroundings, items: Sequence[Node]) -> list[Node]:
    """Functions with their arguments as one factor."""
    from derive.claims.surroundings import Function

    made: list[Node] = []
    for item in items:
        key = name_key(made[-1]) if made else None
        if isinstance(item, Group) and key is not None and isinstance(reader.scope.names.get(key), Function):
            made[-1] = Product((made[-1], item), ("",), start=made[-1].start, end=item.end)
        else:
            made.append(item)
    return made


def _longest(
    reader: Surroundings, parts: Sequence[Node], place: int, node: Node, signs: Sequence[str] = ()
) -> tuple[Pattern, int, int]:
    """What goes on through as many of the parts as it can: in 1 + a + a^2 + ... + a^n all of them, so also at n = 0."""
    stretch = _stretch(reader, parts, place, node)
    for first, last in product(range(stretch[0] + 1), range(len(parts) - 1, stretch[1] - 1, -1)):
        try:
            if len(set(signs[first : last + 1])) > 1:
                raise Unclear(node, f"{NOT_CLEAR}: the terms around them have different signs")
            found = pattern(reader, parts[first:place], parts[last], free_name(reader), node)
            check_between(reader, found, parts[place + 1 : last], node)
            return found, first, last
        except Unclear:
            if (first, last) == stretch:
                raise
    raise AssertionError("the stretch itself is the last that is tried")


def _stretch(reader: Surroundings, parts: Sequence[Node], place: int, node: Node) -> tuple[int, int]:
    """The first and the last of the parts that belong to the dots: those at the ends that look otherwise do not."""
    apart = [_indices_apart(reader, _bare(p)) for p in parts]
    after = apart[place + 1]

    def shape(part: Node) -> Node | None:
        leaves: list[_Leaf] = []
        made = _common((part, after), leaves, "_")
        return None if isinstance(made, Name) and leaves else made

    near = [shape(p) for p in apart]
    first, last = 0, len(parts) - 1
    if near[place - 1] is not None and isinstance(after, (Scripted, Product, Group)):
        while first < place - 1 and near[first] is None:
            first += 1
        while last > place + 1 and near[last] is None:
            last -= 1
    return first, last
