r"""Sums, products, largest values, integrals: which letters are bound, over which ranges, under which conditions.

`\sum_{k=0}^{n-1}`, `\sum_{1 \le i < j \le n}`, `\sum_{i \in S}`, `\sum_{i \ne j}`, and `\sum_k` alone, whose range is
that of the array that the letter is an index of. A letter is bound by the sum if it stands alone at a side of an
equation, in a chain of inequalities or before `\in`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field

from sympy import Add, Expr, Integer, Max, Min, Mul, Rational, Symbol, oo

from derive.claims.counting import counted
from derive.claims.names import name_key, split_indices
from derive.claims.reading import Reader
from derive.claims.surroundings import Function, Members, Range, Unread, Unsupported, Value
from derive.claims.syntax import Big, Group, Listing, Name, Node, Product, Relation, Scripted, below
from derive.claims.wholes import Whole
from derive.language import (
    OTHERWISE,
    TRUE,
    Cases,
    Condition,
    IndexProduct,
    IndexSum,
    Indicator,
    Integral,
    Largest,
    all_of,
    le,
    real,
)
from derive.language.symbols import is_integer

_UP = {"<": 1, "\\le": 0}
_DOWN = {">": 1, "\\ge": 0}


@dataclass
class Binder:
    """The letters that an operator binds, in order, with their ranges, and further conditions."""

    letters: list[tuple[str, Expr, Expr]] = field(default_factory=list)
    conditions: list[Node] = field(default_factory=list)
    members: list[tuple[str, Members]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def big(reader: Reader, node: Big, items: tuple[Node, ...], operators: tuple[str, ...]) -> tuple[Value, int]:
    """The operator of all that follows; its place counts from the whole product's end."""
    from derive.claims.reading_functions import applied
    from derive.claims.reading_products import side_by_side

    end = 1_000_000
    if node.operator in ("\\max", "\\min") and node.sub is None:
        head = Name(node.operator[1:], "operatorname", start=node.start, end=node.end)
        value, after = applied(reader, head.text, (head, *items), ("", *operators), 0)
        if after >= len(items) + 1:
            return value, end
        rest = side_by_side(items[after - 1 :], operators[after - 1 :], node)
        from derive.claims.reading_products import multiplied

        return multiplied(reader, value, reader.value(rest), operators[after - 2] if after >= 2 else "", node), end
    if node.operator in ("\\int", "\\iint"):
        return integral(reader, node, items, operators), end
    if node.operator not in ("\\sum", "\\prod", "\\max", "\\min", "\\sup", "\\inf"):
        raise Unsupported(node, f"{node.operator} is not supported")
    body = side_by_side(items, operators, node)
    if node.operator in ("\\sup", "\\inf"):
        raise Unsupported(node, f"{node.operator} is not supported")
    return ranged(reader, node, body), end


def ranged(reader: Reader, node: Big, body: Node) -> Value:
    """A sum, product, largest or smallest value over what its scripts say."""
    if node.sub is None:
        raise Unread(node, f"{node.operator} has no range")
    found = Binder()
    _read(reader, node.sub, node.sup, found, body)
    if [members for _, members in found.members if members.listed]:
        return _over_members(reader, node, found, body)
    for key in found.open:
        found.letters.append((key, *inferred(reader, key, body, found.conditions, node)))
    for key, members in found.members:
        if members.ends is None:
            raise Unsupported(node, f"the set that {key} runs over is not a range of integers")
        found.letters.append((key, *members.ends))
    if not found.letters:
        raise Unread(node, f"{node.operator} binds no letter")
    with ExitStack() as inside:
        symbols: list[tuple[Symbol, Expr, Expr]] = []
        for key, low, high in found.letters:
            symbol = reader.new_symbol(key)
            low, high = (end_now(reader, end) for end in (low, high))
            symbols.append((symbol, low, high))
            reader.spans.append((low, high))
            inside.enter_context(reader.binding(key, symbol, Range(symbol, low, high)))
        known = all_of(*(reader.condition(c) for c in found.conditions)) if found.conditions else TRUE
        before = len(reader.needs)
        if known != TRUE:
            inside.enter_context(reader.under(known))
        value = reader.value(body)
        partial = len(reader.needs) > before
    return _joined(reader, node, value, symbols, known, partial)


def _over_members(reader: Reader, node: Big, found: Binder, body: Node) -> Value:
    """A sum, product, largest or smallest value over numbers that are written out, each of them once."""
    numbers = list(dict.fromkeys(found.members[0][1].listed))
    if len(found.members) > 1 or found.letters or found.open or found.conditions:
        raise Unsupported(node, "a set that is written out is the only range of its operator")
    if not all(isinstance(v, Rational) for v in numbers):
        raise Unsupported(node, "whether the members of this set are distinct is not known")
    parts = []
    for number in numbers:
        with reader.binding(found.members[0][0], number):
            parts.append(reader.number(body))
    if node.operator in ("\\sum", "\\prod"):
        return (Add if node.operator == "\\sum" else Mul)(*parts)
    return (Max if node.operator == "\\max" else Min)(*parts, evaluate=all(p.is_Rational for p in parts))


class _Later:
    """An end of a range that mentions a letter bound before it: read when that letter is bound."""

    def __init__(self, read: Callable[[], Expr]) -> None:
        self.read = read


def _after(reader: Reader, key: str, strict: int) -> _Later:
    """From the letter before it on, or the number after that."""
    return _Later(lambda: reader.bound[key] + strict)


def end_now(reader: Reader, end: object) -> Expr:
    """The end of a range, read where the letters before it are bound."""
    value = end.read() if isinstance(end, _Later) else end
    assert isinstance(value, Expr)
    return value


def _joined(
    reader: Reader, node: Big, value: Value, symbols: list[tuple[Symbol, Expr, Expr]], known: Condition, partial: bool
) -> Value:
    if isinstance(value, Whole):
        inner = value

        def at(indices: object) -> Expr:
            return _joined(reader, node, inner.at(indices), symbols, known, partial)  # type: ignore[arg-type]

        if node.operator != "\\sum":
            raise Unsupported(node, f"{node.operator} of arrays is not supported")
        return Whole(value.axes, at, value.kind)
    body = reader.as_number(value, node)
    if node.operator in ("\\max", "\\min"):
        if known != TRUE:
            raise Unsupported(node, "a largest value under a condition is not supported")
        sign = 1 if node.operator == "\\max" else -1
        body = sign * body
        for place, (symbol, low, high) in reversed(list(enumerate(symbols))):
            outer = tuple(Range(*s) for s in symbols[:place])
            old = reader.around
            reader.around = (*old, *outer)
            reader.need(le(low, high), "a largest value is taken of something")
            reader.around = old
            body = Largest(body, symbol, low, high)
        return sign * body
    head, nothing = (IndexSum, Integer(0)) if node.operator == "\\sum" else (IndexProduct, Integer(1))
    if known != TRUE:
        plain = node.operator == "\\sum" and not partial
        body = Indicator(known) * body if plain else Cases((body, known), (nothing, OTHERWISE))
    for symbol, low, high in reversed(symbols):
        body = head(body, symbol, low, high)
    return body


def integral(reader: Reader, node: Big, items: tuple[Node, ...], operators: tuple[str, ...]) -> Value:
    r"""An integral from a number to a number, whose letter is named at its end: `\int_0^1 f(t)\,dt`."""
    from derive.claims.reading_products import side_by_side

    if len(items) < 2 or node.sub is None or node.sup is None:
        raise Unsupported(node, "an integral is written \\int_a^b f(t) dt, with both ends")
    place = max((k for k in range(len(items) - 1) if _is_d(items[k])), default=None)
    if place is None or place + 2 != len(items) or not isinstance(items[-1], Name):
        raise Unread(node, "the integral does not end with d and its letter")
    key = str(name_key(items[-1]))
    low, high = reader.number(node.sub), reader.number(node.sup)
    if low in (oo, -oo) or high in (oo, -oo):
        raise Unsupported(node, "an integral without end is not supported")
    symbol = reader.new_symbol(key, real)
    body = side_by_side(items[:place], operators[: max(0, place - 1)], node) if place else None
    with reader.binding(key, symbol, all_of(le(low, symbol), le(symbol, high))):
        value = Integer(1) if body is None else reader.number(body)
    return Integral(value, symbol, low, high)


def _is_d(node: Node) -> bool:
    return isinstance(node, Name) and node.text == "d"


def _read(reader: Reader, sub: Node, sup: Node | None, found: Binder, body: Node) -> None:
    """Take the scripts apart."""
    parts = list(sub.parts) if isinstance(sub, Listing) else [sub]
    parts = list(counted(sub)) or joined_chains(parts)
    same: list[str] = []  # in \\sum_{i,j=1}^n the letters before the equation, whose range it gives
    for place, part in enumerate(parts):
        if isinstance(part, Relation) and part.relations == ("=",) and _letter(part.sides[0]) is not None:
            keys = [*same, _letter(part.sides[0])]
            same = []
        elif isinstance(part, Relation) and part.relations == ("\\in",):
            names = part.sides[0].parts if isinstance(part.sides[0], Listing) else (part.sides[0],)
            from derive.claims.reading_conditions import set_of

            members = set_of(reader, part.sides[1])
            for name in names:
                key = _letter(name)
                if key is None:
                    raise Unread(name, "a letter is wanted here")
                found.members.append((key, members))
            continue
        elif isinstance(part, Relation) and _chain(reader, part, found):
            continue
        elif isinstance(part, Relation):
            _condition(reader, part, found)
            continue
        elif isinstance(part, LettersInRange):
            low, high = reader.number(part.low), reader.number(part.high)
            for key in part.letters:
                found.letters.append((key, low + part.strict[0], high - part.strict[1]))
            continue
        elif _letter(part) is not None:
            key = str(_letter(part))
            later = parts[place + 1 :]
            if sup is None:
                found.open.append(key)
            elif later and (_letter(later[0]) is not None or _begins(later[0])):
                same.append(key)
            else:
                raise Unread(part, f"it is not said where {key} begins")
            continue
        else:
            found.conditions.append(part)
            continue
        assert isinstance(part, Relation)
        if sup is None:
            raise Unread(part, "it is not said where the range ends")
        low, high = _end(reader, part.sides[1]), _end(reader, sup)
        for one in keys:
            found.letters.append((str(one), low, high))


def _begins(part: Node) -> bool:
    return isinstance(part, Relation) and part.relations == ("=",) and _letter(part.sides[0]) is not None


def _end(reader: Reader, node: Node) -> Expr:
    value = reader.number(node)
    if value not in (oo, -oo) and not is_integer(value):
        raise Unsupported(node, f"a range ends at {value}, which need not be an integer")
    return value


@dataclass(frozen=True)
class LettersInRange(Node):
    """`1 <= i, j <= n`: several letters in one range."""

    low: Node = field(default_factory=Node)
    high: Node = field(default_factory=Node)
    letters: tuple[str, ...] = ()
    strict: tuple[int, int] = (0, 0)


def joined_chains(parts: Iterable[Node]) -> list[Node]:
    """`1 <= i`, `j`, `k <= n` with commas between them, as one chain."""
    made: list[Node] = []
    pending: list[Node] = []
    for part in parts:
        begins = isinstance(part, Relation) and len(part.sides) == 2 and part.relations[0] in _UP
        opens = isinstance(part, Relation) and begins and _letter(part.sides[1]) and _letter(part.sides[0]) is None
        if opens and not pending:
            pending = [part]
            continue
        if pending and _letter(part) is not None:
            pending.append(part)
            continue
        if pending and isinstance(part, Relation) and begins and _letter(part.sides[0]) is not None:
            first = pending[0]
            assert isinstance(first, Relation)
            letters = (_letter(first.sides[1]), *(_letter(p) for p in pending[1:]), _letter(part.sides[0]))
            strict = (_UP[first.relations[0]], _UP[part.relations[0]])
            keys = tuple(str(key) for key in letters)
            made.append(LettersInRange(first.sides[0], part.sides[1], keys, strict, start=first.start, end=part.end))
            pending = []
            continue
        made += [*pending, part]
        pending = []
    return made + pending


def _letter(node: Node) -> str | None:
    """The key of a letter that may be bound."""
    return name_key(node) if isinstance(node, (Name, Scripted)) else None


def _chain(reader: Reader, part: Relation, found: Binder) -> bool:
    """`a <= i < j <= b`; False if it is no such chain."""
    if len(part.sides) < 3:
        return False
    sides, relations = list(part.sides), list(part.relations)
    if all(r in _DOWN for r in relations):
        sides, relations = sides[::-1], ["<" if r == ">" else "\\le" for r in relations[::-1]]
    if not all(r in _UP for r in relations):
        return False
    middle = [_letter(s) for s in sides[1:-1]]
    if any(key is None for key in middle):
        return False
    low, high = reader.number(sides[0]), reader.number(sides[-1])
    low = low + _UP[relations[0]]
    top = high - _UP[relations[-1]]
    for place, key in enumerate(middle):
        if place == 0:
            found.letters.append((str(key), low, top))
            continue
        later = _after(reader, str(middle[place - 1]), _UP[relations[place]])
        found.letters.append((str(key), later, top))
    return True


def _condition(reader: Reader, part: Relation, found: Binder) -> None:
    """A condition such as `i != j`, `j < i`: it binds the letters in it that mean nothing yet."""
    already = {key for key, _, _ in found.letters} | set(found.open) | {key for key, _ in found.members}
    entries = [s for s in part.sides if isinstance(s, Scripted) and reader.known(name_key(s.base))]
    letters = [s for s in part.sides if s not in entries or reader.known(name_key(s))]
    new = [key for side in letters if (key := _letter(side)) is not None and key not in already]
    fresh = [key for key in new if not reader.known(key)]
    if not already and not fresh:
        one = _letter(part.sides[0])
        if one is None:
            raise Unread(part, "no letter is bound here")
        both = len(new) == 2 and all(k in reader.scope.ranges for k in new)
        if both and reader.choose(part, f"{new[0]} is summed over", f"{new[0]} and {new[1]} are summed over"):
            fresh = new
        else:
            fresh = [one]
    found.open += [key for key in fresh if key not in found.open]
    found.conditions.append(part)


def inferred(reader: Reader, key: str, body: Node, conditions: list[Node], node: Node) -> tuple[Expr, Expr]:
    """The range of the arrays that the letter is an index of.

    Raises:
        Unread: it is an index of none, or of arrays with different ranges.
    """
    if key in reader.scope.ranges:
        return reader.scope.ranges[key]
    found = ranges_of(reader, key, (body, *conditions))
    if len(found) != 1:
        said = "no array has it as an index" if not found else "arrays with different ranges have it as an index"
        raise Unread(node, f"the range of {key} is not said: {said}")
    return found[0]


def ranges_of(reader: Reader, key: str, nodes: Iterable[Node], depth: int = 0) -> list[tuple[Expr, Expr]]:
    """The ranges of the arrays in some formulas that the letter is an index of, through the families that are used."""
    found: list[tuple[Expr, Expr]] = []
    for part in (n for node in nodes for n in below(node)):
        for value, sub in _indexed(reader, part):
            if isinstance(value, Function):
                letters = split_indices(sub, len(value.letters)) or ()
                inner = [k for k, letter in zip(value.letters, letters, strict=False) if _letter(letter) == key]
                axes = [a for k in inner if depth < 8 for a in ranges_of(reader, k, (value.body,), depth + 1)]
            else:
                indices = split_indices(sub, len(value.axes)) or ()
                axes = [axis for index, axis in zip(indices, value.axes, strict=False) if _letter(index) == key]
            found += [axis for axis in dict.fromkeys(axes) if axis not in found]
    return found


def _indexed(reader: Reader, part: Node) -> Iterable[tuple[Whole | Function, Node]]:
    """The arrays and families with an index in a node, with their index."""
    if isinstance(part, Scripted) and part.sub is not None:
        for named in (Scripted(part.base, primes=part.primes), part.base, Scripted(part.base, sup=part.sup)):
            if reader.known(name_key(named)):
                value = reader.look_up(str(name_key(named)))
                if isinstance(value, (Whole, Function)):
                    yield value, part.sub
                return
    if isinstance(part, Product):
        for one, other in zip(part.items, part.items[1:], strict=False):
            if isinstance(other, Group) and other.opening == "[" and reader.known(name_key(one)):
                value = reader.look_up(str(name_key(one)))
                if isinstance(value, Whole):
                    yield value, other.body
