r"""Relations, logic, quantifiers and sets as conditions."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

from sympy import Expr, Integer, Mod, floor, oo

from derive.claims import wholes
from derive.claims.arithmetic import fitted, table
from derive.claims.names import name_key
from derive.claims.reading import Reader
from derive.claims.reading_ranges import Binder, _read, end_now, inferred
from derive.claims.surroundings import Members, Range, Several, Unread, Unsupported, Value
from derive.claims.syntax import (
    Empty,
    ForAll,
    Group,
    Listing,
    Logic,
    Name,
    Negated,
    Node,
    Number,
    Product,
    Relation,
    Scripted,
    Text,
)  # fmt: skip
from derive.claims.wholes import IllFittingShapes, Ones, Unit, Whole
from derive.language import (
    TRUE,
    Compare,
    Condition,
    all_of,
    any_of,
    eq,
    ge,
    gt,
    implies,
    le,
    lt,
    ne,
    negate,
)  # fmt: skip
from derive.language import ForAll as ForEvery
from derive.language.symbols import is_integer

SIGNS = {"=": "=", ":=": "=", "\\equiv": "=", "\\ne": "!=", "<": "<", "\\le": "<=", ">": ">", "\\ge": ">="}


def condition(reader: Reader, node: Node) -> Condition:
    """What a relation, a conjunction or a quantified statement says."""
    if isinstance(node, Relation):
        return relation(reader, node)
    if isinstance(node, Logic):
        if node.operator == "\\land":
            return _conjunction(reader, node.parts)
        if node.operator == "\\implies" and len(node.parts) == 2:
            premise = condition(reader, node.parts[0])
            with reader.under(premise):
                return implies(premise, condition(reader, node.parts[1]))
        parts = [condition(reader, p) for p in node.parts]
        if node.operator == "\\lor":
            return any_of(*parts)
        if len(parts) != 2:
            raise Unread(node, f"{node.operator} stands between two statements")
        return all_of(implies(*parts), implies(*parts[::-1]))
    if isinstance(node, Negated):
        return negate(condition(reader, node.of))
    if isinstance(node, ForAll):
        if node.body is None:
            raise Unread(node, "it is not said what holds for all of these")
        return for_all(reader, node.bound, node.body)
    if isinstance(node, Listing):
        parts_ = with_names(node.parts)
        quantifiers = [p for p in parts_ if isinstance(p, ForAll) and p.body is None]
        rest = [p for p in parts_ if p not in quantifiers and not isinstance(p, Text)]
        if quantifiers and len(rest) == 1:
            return for_all(reader, quantifiers[0].bound, rest[0])
        return all_of(*(condition(reader, p) for p in rest))
    if isinstance(node, Group) and node.opening in ("(", "["):
        return condition(reader, node.body)
    if isinstance(node, Product):
        quantifiers = [p for p in node.items if isinstance(p, ForAll)]
        words = [p for p in node.items if not isinstance(p, (ForAll, Text))]
        if len(words) == 1 and not quantifiers:
            return condition(reader, words[0])
    raise Unread(node, "a condition is wanted here")


def _conjunction(reader: Reader, nodes: tuple[Node, ...]) -> Condition:
    """All of them; the later ones need a value only where the earlier ones hold: a != 0 and b/a > 1."""
    parts: list[Condition] = []
    with ExitStack() as inside:
        for node in nodes:
            parts.append(condition(reader, node))
            inside.enter_context(reader.under(parts[-1]))
    return all_of(*parts)


def with_names(parts: tuple[Node, ...]) -> list[Node]:
    """`a, b > 0` says a > 0 and b > 0: names before a relation stand at its left side."""
    made: list[Node] = []
    waiting: list[Node] = []
    for part in parts:
        if isinstance(part, (Name, Scripted)):
            waiting.append(part)
        elif waiting and isinstance(part, Relation) and isinstance(part.sides[0], (Name, Scripted)):
            left = Listing((*waiting, part.sides[0]), start=waiting[0].start, end=part.sides[0].end)
            made.append(replace(part, sides=(left, *part.sides[1:]), start=left.start))
            waiting = []
        else:
            made += [*waiting, part]
            waiting = []
    return made + waiting


def for_all(reader: Reader, bound: Node, body: Node) -> Condition:
    """That something holds at every index of a range."""
    found = Binder()
    _read(reader, bound, None, found, body)
    for key in found.open:
        found.letters.append((key, *inferred(reader, key, body, found.conditions, bound)))
    for key, members in found.members:
        if members.ends is None:
            raise Unsupported(bound, f"the set that {key} runs over is not a range of integers")
        found.letters.append((key, *members.ends))
    with ExitStack() as inside:
        symbols = []
        for key, *ends in found.letters:
            low, high = (end_now(reader, end) for end in ends)
            if low in (oo, -oo) or high in (oo, -oo):
                raise Unsupported(bound, f"{key} runs over endlessly many integers")
            symbol = reader.new_symbol(key)
            symbols.append((symbol, low, high))
            inside.enter_context(reader.binding(key, symbol, Range(symbol, low, high)))
        known = all_of(*(reader.condition(c) for c in found.conditions))
        if known != TRUE:
            inside.enter_context(reader.under(known))
        made = condition(reader, body)
    made = made if known == TRUE else implies(known, made)
    for symbol, low, high in reversed(symbols):
        made = ForEvery(made, symbol, low, high)
    return made


def relation(reader: Reader, node: Relation) -> Condition:
    """A chain of relations: all of them."""
    if node.relations == ("\\mid",):
        above, below_ = reader.whole_number(node.sides[1]), reader.whole_number(node.sides[0])
        reader.need(ne(below_, 0), f"{below_} divides something")
        return eq(Mod(above, below_, evaluate=isinstance(above, Integer) and isinstance(below_, Integer)), 0)
    if node.relations in (("\\in",), ("\\notin",)):
        inside = _in(reader, node.sides[0], node.sides[1])
        return inside if node.relations == ("\\in",) else negate(inside)
    parts = []
    for one, sign, other in zip(node.sides, node.relations, node.sides[1:], strict=False):
        if sign == "\\in":
            parts.append(_in(reader, one, other))
            continue
        if sign not in SIGNS:
            raise Unsupported(node, f"the relation {sign} is not supported here")
        for left in one.parts if isinstance(one, Listing) else (one,):
            parts.append(compared(reader, reader.value(left), SIGNS[sign], reader.value(other), node))
    return all_of(*parts)


def _in(reader: Reader, left: Node, right: Node) -> Condition:
    members = set_of(reader, right)
    names = left.parts if isinstance(left, Listing) else (left,)
    made = []
    for name in names:
        value = reader.value(name)
        if isinstance(value, Whole):
            letters, at = _everywhere(reader, value)
            made.append(_for_each(letters, members.member(at)))
        else:
            made.append(members.member(reader.as_number(value, name)))
    return all_of(*made)


def set_of(reader: Reader, node: Node) -> Members:
    r"""The set that stands after \in: there (0, 1) and [0, 1] are intervals."""
    from derive.claims.reading_groups import interval

    if isinstance(node, Group) and node.opening in ("(", "[") and isinstance(node.body, Listing):
        return interval(reader, node)
    members = reader.value(node)
    if not isinstance(members, Members):
        raise Unread(node, "a set is wanted here")
    return members


def _everywhere(reader: Reader, value: Whole) -> tuple[list[Range], Expr]:
    letters = []
    for letter, (low, high) in zip("ijlmrs", value.axes, strict=False):
        symbol = reader.new_symbol(letter)
        reader.scope.taken.add(symbol.name)
        letters.append(Range(symbol, low, high))
    return letters, value.at([r.symbol for r in letters])


def _for_each(letters: list[Range], body: Condition) -> Condition:
    for r in reversed(letters):
        body = ForEvery(body, r.symbol, r.low, r.high)
    return body


def compared(reader: Reader, left: Value, sign: str, right: Value, node: Node) -> Condition:
    """Two values compared; of arrays all entries."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, (Unit, Ones)) and isinstance(other, Whole):
            left, right = (fitted(one, other), other) if one is left else (other, fitted(one, other))
            break
    if isinstance(left, Several) and isinstance(right, Several):
        if len(left.parts) != len(right.parts):
            raise IllFittingShapes("two tuples of different lengths are compared")
        pairs = zip(left.parts, right.parts, strict=True)
        return all_of(*(compared(reader, a, sign, b, node) for a, b in pairs))
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Several) and isinstance(other, Whole) and sign == "=":
            return _row(reader, one, other, node)
    if isinstance(left, Whole) or isinstance(right, Whole):
        if isinstance(left, Whole) and isinstance(right, Whole):
            left, right = reader.part_that_fits(wholes.narrow(left, right), wholes.narrow(right, left))
            both = wholes.entrywise(left, right, lambda a, b: a - b, None, "two arrays that are compared")
            if wholes.as_number(left) is None:
                letters, _ = _everywhere(reader, both)
                indices = [r.symbol for r in letters]
                there = [i + (b[0] - a[0]) for i, a, b in zip(indices, left.axes, right.axes, strict=True)]
                body = Compare("=" if sign == "!=" else sign, left.at(indices), right.at(there))
                return negate(_for_each(letters, body)) if sign == "!=" else _for_each(letters, body)
        elif isinstance(left, Whole) and wholes.as_number(left) is None and right == 0:
            letters, entry = _everywhere(reader, left)
            body = Compare("=" if sign == "!=" else sign, entry, Integer(0))
            return negate(_for_each(letters, body)) if sign == "!=" else _for_each(letters, body)
    if isinstance(left, Condition) and isinstance(right, Condition) and sign == "=":
        return all_of(implies(left, right), implies(right, left))
    return Compare(sign, reader.as_number(left, node), reader.as_number(right, node))


def _row(reader: Reader, row: Several, value: Whole, node: Node) -> Condition:
    """Numbers in round brackets are the entries of what has one axis."""
    narrowed = value if len(value.axes) == 1 else wholes.narrow(value, table([[Integer(0)]] * len(row.parts)))
    if len(narrowed.axes) != 1 or wholes.size(narrowed.axes[0]) != len(row.parts):
        raise IllFittingShapes(f"{len(row.parts)} numbers are compared with {wholes.shape_said(value)}")
    low = narrowed.axes[0][0]
    numbers = [reader.as_number(part, node) for part in row.parts]
    return all_of(*(eq(narrowed.at([low + k]), number) for k, number in enumerate(numbers)))


def number_set(letter: str) -> Members:
    """The real numbers, the integers, the natural numbers."""
    if letter == "R":
        return Members(lambda x: TRUE)
    if letter == "Z":
        return Members(lambda x: TRUE if is_integer(x) else eq(floor(x, evaluate=False), x), (-oo, oo))
    if letter == "N":
        natural = lambda x: ge(x, 0) if is_integer(x) else all_of(eq(floor(x, evaluate=False), x), ge(x, 0))  # noqa: E731
        return Members(natural, (Integer(0), oo))
    raise Unread(None, f"the set {letter} is not known")


def signed_set(node: Scripted) -> Members | None:
    r"""`\mathbb{N}_0`, `\mathbb{Z}_{\ge 0}`, `\mathbb{R}_{>0}`, `\mathbb{Z}^+`; None for what is none of these.

    What `\mathbb{R}_+` and `\mathbb{Z}^*` are, with zero or without, books do not agree on.
    """
    base, script = node.base, node.sub if node.sup is None else node.sup
    if not (isinstance(base, Name) and "mathbb" in base.style and base.text in ("R", "Z", "N")):
        return None
    if script is None or (node.sub is not None and node.sup is not None) or node.primes:
        return None
    if isinstance(script, Relation) and isinstance(script.sides[0], Empty) and isinstance(script.sides[1], Number):
        sign, digits = script.relations[0], script.sides[1].text
    elif base.text == "N" and script == Number("0"):
        sign, digits = "\\ge", "0"
    elif base.text in ("N", "Z") and script == Name("+"):
        sign, digits = ">", "0"
    else:
        return None
    compare = {">": gt, "\\ge": ge, "<": lt, "\\le": le, "\\ne": ne}.get(sign)
    if compare is None or not digits.isdigit():
        return None
    whole, end = number_set(base.text), Integer(digits)
    low, high = whole.ends or (-oo, oo)
    ends = {">": (end + 1, high), "\\ge": (end, high), "<": (low, end - 1), "\\le": (low, end)}.get(sign, whole.ends)
    return Members(lambda x: all_of(whole.member(x), compare(x, end)), None if base.text == "R" else ends)


def set_builder(node: Group) -> tuple[str, Node | None, tuple[Node, ...]]:
    r"""The letter, the set it is from, and the conditions of `\{t \in \mathbb{Z} : a, b\}`."""
    body = node.body
    parts = body.parts if isinstance(body, Listing) else (body,)
    from derive.claims.reading_groups import leftmost

    first = leftmost(parts[0])
    if not isinstance(first, Relation):
        raise Unread(node, "a set is written {letter \\in set : condition}")
    cut = next((k for k, r in enumerate(first.relations) if r in (":", "\\mid")), None)
    if cut is None:
        raise Unread(node, "a set is written {letter \\in set : condition}")
    before, rest = first.sides[: cut + 1], first.sides[cut + 1 :]
    key = name_key(before[0])
    if key is None:
        raise Unread(node, "a set begins with a letter")
    base = before[1] if len(before) == 2 and first.relations[0] == "\\in" else None
    if len(before) > 2 or (len(before) == 2 and base is None):
        raise Unread(node, "a set is written {letter \\in set : condition}")
    where: Node = (
        rest[0] if len(rest) == 1 else Relation(rest, first.relations[cut + 1 :], start=node.start, end=node.end)
    )
    return key, base, (_instead(parts[0], where), *parts[1:])


def _instead(node: Node, first: Node) -> Node:
    """A conjunction or disjunction with this as its first part: the letter of a set stands before all of it."""
    if not isinstance(node, Logic):
        return first
    return replace(node, parts=(_instead(node.parts[0], first), *node.parts[1:]))
