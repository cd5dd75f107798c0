r"""From the texts of a claim to statements: declarations, definitions, hypotheses, and the sides that are compared.

Where the ways of reading differ, all readings are made (`readings`). Arrays are compared at all their indices; a chain
is a statement for each of its relations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from sympy import Expr, Integer, Rational, Symbol, oo

from derive.claims import wholes
from derive.claims.arithmetic import fitted
from derive.claims.names import name_key, split_indices
from derive.claims.reading import Reader
from derive.claims.reading_conditions import condition as as_condition
from derive.claims.reading_derivatives import varied
from derive.claims.scopes import Declarations, declared
from derive.claims.statements import Statement
from derive.claims.surroundings import Function, Members, Need, Range, Several, Unread, Unsupported, Value
from derive.claims.syntax import (
    Chain,
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
    Sum,
    below,
)  # fmt: skip
from derive.claims.wholes import IllFittingShapes, Ones, Unit, Whole
from derive.errors import BadInput
from derive.language import (
    OTHERWISE,
    Array,
    Cases,
    Condition,
    Context,
    Definition,
    all_of,
    declare,
    eq,
    ge,
    implies,
    le,
    parts_of,
)  # fmt: skip
from derive.language.symbols import fresh
from derive.language.terms import names_in

MOST_READINGS = 8
SIGNS = {
    "=": "=", "\\equiv": "=", ":=": "=", "\\ne": "!=", "!=": "!=", "<": "<", "\\le": "<=", "<=": "<=", ">": ">",
    "\\ge": ">=", ">=": ">=", "\\approx": "approx", "approx": "approx", "\\sim": "~", "~": "~", "O": "O", "o": "o",
    "Theta": "Theta", "\\Theta": "Theta", "Omega": "Omega", "implies": "implies", "\\implies": "implies", "iff": "iff",
    "\\iff": "iff",
}  # fmt: skip


@dataclass(frozen=True)
class Claimed:
    """The texts of a claim; `sides` are the sides of a chain, `relations` what stands between them."""

    symbols: tuple[tuple[str, str], ...] = ()
    where: tuple[str, ...] = ()
    let: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    conventions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Pair:
    """One thing to be decided.

    Attributes:
        statement: The statement.
        needs: What must hold for both sides to have a value as they are written.
        line: Which relation of a chain it is, from 1.
        part: Which of several answers, from 1.
        falling: Ranges of sums that may have an upper limit below the lower one.
        lonely: Keys of indices that are free on one side only.
    """

    statement: Statement
    needs: tuple[Need, ...]
    line: int = 1
    part: int = 1
    spans: tuple[tuple[Expr, Expr], ...] = ()
    lonely: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A claim, read one way."""

    pairs: tuple[Pair, ...]
    said: tuple[str, ...] = ()
    shown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Parsed:
    """The trees of a claim, with the text of each."""

    claimed: Claimed
    where: tuple[Node, ...]
    let: tuple[Node, ...]
    sides: tuple[Node, ...]
    relations: tuple[str, ...]


def readings(parsed: Parsed, parse: Callable[[str], Node]) -> tuple[Reading, ...]:
    """All ways to read the claim, the usual one first.

    Raises:
        BadInput: it has no meaning; `Unread` says which part, `IllFittingShapes` that it is ill-formed.
    """
    first, asked = _read(parsed, parse, ())
    found = [first]
    ways = [range(len(said)) for _, said in asked]
    for choices in list(product(*ways))[1:MOST_READINGS]:
        try:
            made, again = _read(parsed, parse, choices)
        except (Unread, IllFittingShapes):
            continue
        if [a for a, _ in again] == [a for a, _ in asked]:
            found.append(made)
    return tuple(found)


def _read(parsed: Parsed, parse: Callable[[str], Node], choices: tuple[int, ...]) -> tuple[Reading, list[Any]]:
    nodes = (*parsed.where, *parsed.let, *parsed.sides)
    made = declared(parsed.claimed.symbols, {key for node in nodes for key in varied(node)}, parse)
    made.scope.conventions = dict(parsed.claimed.conventions)
    reader = Reader(made.scope, choices)
    stage = _Stage(made, reader, parsed)
    stage.define()
    stage.suppose()
    pairs = tuple(stage.pairs())
    said = tuple(words[choices[k] if k < len(choices) else 0] for k, (_, words) in enumerate(reader.asked))
    return Reading(pairs, said, tuple(made.shown.items())), reader.asked


class _Stage:
    """The claim as it is put together."""

    def __init__(self, made: Declarations, reader: Reader, parsed: Parsed) -> None:
        self.made, self.reader, self.parsed = made, reader, parsed
        self.definitions: list[Definition] = []
        self.hypotheses: list[Condition] = []
        self.given: list[tuple[str, Condition]] = []
        self.tends: list[Symbol] = []

    # -- definitions ---------------------------------------------------------------------------------------------

    def define(self) -> None:
        """Everything that `let` says, in order."""
        with _of("let", 0):
            pieces = [self._defining(node) for node in self.parsed.let]
        starts: dict[str, list[tuple[Node, Node]]] = {}
        for left, right in pieces:
            found = self._family(left)
            if found is not None:
                starts.setdefault(found[0], []).append((found[1], right))
        recursions = {key for key, uses in starts.items() if self._recurs(key, uses)}
        done: set[str] = set()
        for number, (left, right) in enumerate(pieces):
            found = self._family(left)
            with _of("let", number):
                if found is None or found[0] not in recursions:
                    self._definition(left, right)
                elif found[0] not in done:
                    self._recursion(found[0], starts[found[0]], left)
                    done.add(found[0])

    def _defining(self, node: Node) -> tuple[Node, Node]:
        if isinstance(node, Chain) and len(node.lines) == 1 and node.lines[0][0] in ("=", ":="):
            return node.first, node.lines[0][1]
        if isinstance(node, Relation) and node.relations in (("=",), (":=",)):
            return node.sides[0], node.sides[1]
        raise Unread(node, "a definition is written: name = value")

    def _family(self, left: Node) -> tuple[str, Node] | None:
        """The key and the subscript of something with one index, or with brackets after it."""
        left = self._glued(left)
        if isinstance(left, Scripted) and left.sub is not None and left.sup is None:
            key = name_key(replace(left, sub=None)) if left.primes else name_key(left.base)
            return None if key is None else (key, left.sub)
        if isinstance(left, Product) and len(left.items) == 2 and isinstance(left.items[1], Group):
            key = name_key(left.items[0])
            return None if key is None else (key, left.items[1].body)
        return None

    def _glued(self, left: Node) -> Node:
        """Letters side by side that are together a declared name, with what follows them: dy_{i,j}."""
        if not isinstance(left, Product) or any(left.operators):
            return left
        for end in range(2, len(left.items) + 1):
            *letters, last = left.items[:end]
            base = last.base if isinstance(last, Scripted) else last
            if not all(isinstance(part, Name) and not part.style for part in (*letters, base)):
                return left
            word = "".join(part.text for part in (*letters, base) if isinstance(part, Name))
            if isinstance(self.made.scope.names.get(word), Whole):
                name: Node = Name(word, start=left.start, end=base.end)
                name = replace(last, base=name) if isinstance(last, Scripted) else name
                rest = left.items[end:]
                return Product((name, *rest), ("",) * len(rest), start=left.start, end=left.end) if rest else name
        return left

    def _recurs(self, key: str, uses: list[tuple[Node, Node]]) -> bool:
        """Whether the definitions of a family use the family itself, or it is defined at a number and at a letter."""
        if len(uses) < 2 or self.reader.known(key):
            return False
        numbers = [sub for sub, _ in uses if isinstance(sub, Number)]
        return bool(numbers) and len(numbers) == len(uses) - 1

    def _recursion(self, key: str, uses: list[tuple[Node, Node]], node: Node) -> None:
        """R_0 = 1, R_{l+1} = R_l + K - 1: a sequence from its first index on."""
        from derive.claims.names import symbol_name

        starts = {int(sub.text): right for sub, right in uses if isinstance(sub, Number) and sub.text.isdigit()}
        (sub, step), *more = [(sub, right) for sub, right in uses if not isinstance(sub, Number)]
        letter, ahead = self._shifted(sub)
        low = min(starts)
        if more or sorted(starts) != list(range(low, low + len(starts))):
            raise Unread(node, f"the recursion of {key} is not understood")
        name = symbol_name(key, self.made.scope.taken)
        self.made.scope.taken.add(name)
        self.made.shown[name] = key
        array = Array(name, ((Integer(low), oo),), "error")
        self.made.scope.names[key] = wholes.of_array(array)
        index = fresh(letter, self.made.scope.taken)
        values = []
        for place, right in sorted(starts.items()):
            values.append((self.reader.number(right), eq(index, place)))
        last = max(starts)
        with self.reader.binding(letter, index - ahead, ge(index, last + 1)):
            values.append((self.reader.number(step), OTHERWISE))
        self.definitions.append(Definition(array, (index,), Cases(*values)))

    def _shifted(self, sub: Node) -> tuple[str, int]:
        """The letter and the number added to it in an index."""
        if isinstance(sub, Sum) and len(sub.terms) == 2 and isinstance(sub.terms[1], Number):
            key, sign = name_key(sub.terms[0]), sub.signs[1]
            if key is not None:
                return key, int(sub.terms[1].text) * (1 if sign == "+" else -1)
        key = name_key(sub)
        if key is None:
            raise Unread(sub, "an index of a definition is a letter, or a letter and a number added to it")
        return key, 0

    def _definition(self, left: Node, right: Node) -> None:
        scope, reader = self.made.scope, self.reader
        left = self._glued(left)
        key = name_key(left)
        whole = scope.names.get(key) if key is not None else None
        if isinstance(whole, Whole):
            self._whole(whole, reader.value(right), left)
            return
        found = self._family(left)
        if found is not None and isinstance(scope.names.get(found[0]), Whole):
            self._entries(scope.names[found[0]], found[1], right, left)
            return
        if found is not None:
            letters = self._letters(found[1])
            if letters is not None:
                self._new(found[0], left)
                scope.names[found[0]] = Function(letters, right, found[0])
                return
        if key is None:
            raise Unread(left, "this is not a name that can be defined")
        self._new(key, left)
        scope.names[key] = reader.value(right)

    def _new(self, key: str, node: Node) -> None:
        if key in self.made.scope.names:
            raise Unread(node, f"{key} is declared or defined already")

    def _letters(self, sub: Node) -> tuple[str, ...] | None:
        """Letters that are bound by a definition; None if one of them means something already, or is none."""
        parts = sub.parts if isinstance(sub, Listing) else split_indices(sub, _count(sub)) or (sub,)
        keys = [name_key(p) if isinstance(p, (Name, Scripted)) else None for p in parts]
        if any(k is None for k in keys) or len(set(keys)) != len(keys):
            return None
        return tuple(str(k) for k in keys)

    def _whole(self, whole: Whole, value: Value, node: Node) -> None:
        """A declared array, defined at once."""
        if isinstance(value, (Unit, Ones)):
            value = fitted(value, whole)
        if not isinstance(value, Whole):
            raise IllFittingShapes(f"an array is defined by {wholes.shape_said(value)}")
        wholes.entrywise(whole, value, lambda a, b: a - b, None, "an array and its definition")
        letters = self._fresh(whole)
        there = [i + (b[0] - a[0]) for i, a, b in zip(letters, whole.axes, value.axes, strict=True)]
        self._defined(whole, letters, value.at(there))

    def _entries(self, whole: Whole, sub: Node, right: Node, node: Node) -> None:
        """A declared array, defined entry by entry."""
        parts = split_indices(sub, len(whole.axes))
        keys = [name_key(p) if isinstance(p, (Name, Scripted)) else None for p in parts or ()]
        if parts is None or any(k is None for k in keys) or len(set(keys)) < len(keys):
            raise Unread(node, "entries are defined with a letter of its own for each index: y_{p,q} = ...")
        letters = self._fresh(whole)
        old = dict(self.reader.bound)
        inside = [part for r, axis in zip(letters, whole.axes, strict=True) for part in _inside(r, axis)]
        try:
            for key, letter in zip(keys, letters, strict=True):
                self.reader.bound = {**self.reader.bound, str(key): letter}
            with self.reader.under(all_of(*inside)):
                body = self.reader.number(right)
        finally:
            self.reader.bound = old
        self._defined(whole, letters, body)

    def _fresh(self, whole: Whole) -> list[Symbol]:
        taken, letters = set(self.made.scope.taken), []
        for letter, _ in zip("ijlmrs", whole.axes, strict=False):
            letters.append(fresh(letter, taken))
            taken.add(letters[-1].name)
        return letters

    def _defined(self, whole: Whole, letters: Sequence[Symbol], body: Expr) -> None:
        assert whole.base is not None
        if whole.base not in self.made.arrays:
            raise BadInput(f"{whole.base.name} is defined twice")
        self.made.arrays.remove(whole.base)
        self.definitions.append(Definition(whole.base, tuple(letters), body))

    # -- hypotheses ----------------------------------------------------------------------------------------------

    def suppose(self) -> None:
        """What `where` says: hypotheses, what tends to infinity, definitions of names that are new."""
        for number, node in enumerate(self.parsed.where):
            with _of("where", number):
                self._supposed(self.parsed.claimed.where[number], node)

    def _supposed(self, text: str, node: Node) -> None:
        for part in _conjuncts(node):
            if isinstance(part, Relation) and part.relations == ("\\to",):
                self._tends(part)
                continue
            if self._defines(part):
                continue
            before = len(self.reader.needs)
            made = as_condition(self.reader, part)
            needs = [_free_form(n) for n in self.reader.needs[before:]]
            del self.reader.needs[before:]
            stated = all_of(made, *(c for c in needs if c is not None))
            self.hypotheses += parts_of(stated)
            self.given.append((text, stated))

    def _tends(self, part: Relation) -> None:
        names = part.sides[0].parts if isinstance(part.sides[0], Listing) else (part.sides[0],)
        if self.reader.value(part.sides[1]) != oo:
            raise Unsupported(part, "what grows tends to infinity: n \\to \\infty")
        for name in names:
            symbol = self.reader.value(name)
            if not isinstance(symbol, Symbol):
                raise Unread(name, "what tends to infinity is a declared number")
            self.tends.append(symbol)

    def _defines(self, part: Node) -> bool:
        """Whether a hypothesis defines a name that is new: M = L - K + 1."""
        if isinstance(part, Relation) and part.relations in (("=",), (":=",)):
            key = name_key(part.sides[0])
            named = isinstance(part.sides[0], (Name, Scripted)) and key not in (None, "e", "pi", "I")
            if named and not self.reader.known(key):
                self.made.scope.names[str(key)] = self.reader.value(part.sides[1])
                return True
        return False

    # -- sides ---------------------------------------------------------------------------------------------------

    def context(self) -> Context:
        """What the statements stand on."""
        made = self.made
        points = [
            eq(by, number) for key, found in made.scope.names.items() if key.startswith("= ") for by, number in found
        ]
        facts = tuple(dict.fromkeys([*made.facts, *self.hypotheses, *points]))
        definitions = (*self.definitions, *made.scope.defined)
        return Context(tuple(made.symbols), facts, definitions, tuple(made.arrays), tuple(made.chances))

    def pairs(self) -> Iterable[Pair]:
        """A pair for each relation, each answer and, of tuples, each part."""
        values, needs, spans, free = [], [], [], []
        for number, node in enumerate(self.parsed.sides):
            before, spans_before = len(self.reader.needs), len(self.reader.spans)
            with _of("side", number):
                condition = isinstance(node, (Relation, Logic, Negated, ForAll))
                values.append(as_condition(self.reader, node) if condition else self.reader.value(node))
            needs.append(tuple(self.reader.needs[before:]))
            spans.append(tuple(self.reader.spans[spans_before:]))
            free.append({key for key in self.made.indices if _mentions(node, key)})
        relations = [SIGNS.get(r, r) for r in self.parsed.relations]
        if len(values) == 1:
            if not isinstance(values[0], Condition):
                raise Unread(self.parsed.sides[0], "this is neither an equation nor a condition")
            statement = Statement(self.context(), values[0], "", None, (), tuple(self.tends), None, tuple(self.given))
            yield Pair(statement, needs[0], spans=spans[0])
            return
        for line, relation in enumerate(relations):
            if relation not in SIGNS.values():
                raise Unread(self.parsed.sides[line + 1], f"the relation {relation} is not supported")
            both = (*needs[line], *needs[line + 1])
            lonely = tuple(sorted(free[line] ^ free[line + 1]))
            here = (*spans[line], *spans[line + 1])
            sides = values[line], values[line + 1]
            before = len(self.reader.needs)
            found = list(self._compared(*sides, relation, self.parsed.sides[line + 1]))
            both += tuple(self.reader.needs[before:])  # of entries that were asked for only now
            for part, statement in enumerate(found, 1):
                yield Pair(statement, both, line + 1, part, here, lonely)

    def _compared(self, left: Value, right: Value, relation: str, node: Node) -> Iterable[Statement]:
        if isinstance(left, Several) and isinstance(right, Several):
            if len(left.parts) != len(right.parts):
                raise IllFittingShapes("two tuples of different lengths are compared")
            for one, other in zip(left.parts, right.parts, strict=True):
                yield from self._compared(one, other, relation, node)
            return
        if isinstance(left, Several) or isinstance(right, Several):
            left, right = self._as_vector(left, right), self._as_vector(right, left)
        if isinstance(left, Condition) or isinstance(right, Condition):
            if not (isinstance(left, Condition) and isinstance(right, Condition)):
                raise IllFittingShapes("a condition is compared with a number")
            word = {"=": "iff", "iff": "iff", "implies": "implies"}.get(relation)
            if word is None:
                raise Unread(node, f"two conditions are compared by {relation}")
            yield self._statement(left, word, right)
            return
        if isinstance(left, Members) or isinstance(right, Members):
            raise Unsupported(node, "an equality of sets is not supported")
        for one, other, swapped in ((left, right, False), (right, left, True)):
            if isinstance(one, (Unit, Ones)) and isinstance(other, Whole):
                one = fitted(one, other)
                left, right = (other, one) if swapped else (one, other)
                break
        if isinstance(left, Unit) and isinstance(right, Unit):
            left, right = left.factor, right.factor
        digits = _last_digit(node) if relation == "approx" else None
        if isinstance(left, Whole) and wholes.as_number(left) is None:
            yield self._whole_statement(left, right, relation, digits)
            return
        if isinstance(right, Whole) and wholes.as_number(right) is None:
            if left != 0:
                raise IllFittingShapes(f"a number is compared with {wholes.shape_said(right)}")
            yield self._whole_statement(right, left, _mirrored(relation), digits)
            return
        one, other = self.reader.as_number(left, node), self.reader.as_number(right, node)
        for value in (one, other):
            if value in (oo, -oo):
                raise Unsupported(node, "infinity is not compared")
        yield self._statement(one, relation, other, digits=digits)

    def _as_vector(self, value: Value, other: Value) -> Value:
        if not isinstance(value, Several):
            return value
        if not isinstance(other, Whole) or len(other.axes) != 1:
            raise IllFittingShapes(f"a tuple is compared with {wholes.shape_said(other)}")
        numbers = [self.reader.as_number(v, self.parsed.sides[0]) for v in value.parts]
        from derive.claims.arithmetic import table

        made = table([[v] for v in numbers])
        if len(numbers) == 1:
            made = wholes.Whole(made.axes[:1], lambda at: numbers[0], "column")
        return replace(made, kind=other.kind)

    def _whole_statement(self, left: Whole, right: Value, relation: str, digits: Expr | None) -> Statement:
        if isinstance(right, Expr) and right == 0:
            zero = Integer(0)
            right = Whole(left.axes, lambda at: zero, left.kind)
        if not isinstance(right, Whole):
            raise IllFittingShapes(f"{wholes.shape_said(left)} is compared with {wholes.shape_said(right)}")
        if relation in ("!=", "O", "o", "Theta", "Omega", "~"):
            raise Unsupported(None, f"the relation {relation} between arrays is not supported")
        wholes.entrywise(left, right, lambda a, b: a - b, None, "the two sides")
        taken = self.made.scope.taken
        letters = []
        for letter, _ in zip("ijlmrs", left.axes, strict=False):
            letters.append(fresh(letter, taken | names_in(*(c for c in self.hypotheses))))
            taken.add(letters[-1].name)
            self.made.shown[letters[-1].name] = letters[-1].name
        there = [i + (b[0] - a[0]) for i, a, b in zip(letters, left.axes, right.axes, strict=True)]
        inside = [part for r, axis in zip(letters, left.axes, strict=True) for part in _inside(r, axis)]
        made = self._statement(left.at(letters), relation, right.at(there), digits=digits)
        context = made.context.with_declarations(*(declare(r.name, "integer") for r in letters))
        return replace(made, context=context.with_hypotheses(*inside), indices=tuple(letters))

    def _statement(self, left: Any, relation: str, right: Any, digits: Expr | None = None) -> Statement:
        return Statement(self.context(), left, relation, right, (), tuple(self.tends), digits, tuple(self.given))


@contextmanager
def _of(field: str, number: int) -> Iterator[None]:
    """Errors within are of this text of the claim."""
    try:
        yield
    except Unread as error:
        if getattr(error, "field", None) is None:
            error.field = (field, number)
        raise


def _inside(letter: Symbol, axis: tuple[Expr, Expr]) -> list[Condition]:
    low, high = axis
    return ([] if low is -oo else [le(low, letter)]) + ([] if high is oo else [le(letter, high)])


def _mirrored(relation: str) -> str:
    return {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(relation, relation)


def _count(sub: Node) -> int:
    return len(sub.items) if isinstance(sub, Product) else 1


def _conjuncts(node: Node) -> Iterable[Node]:
    if isinstance(node, Chain):
        sides, relations = (node.first, *(n for _, n in node.lines)), tuple(r for r, _ in node.lines)
        node = Relation(sides, relations, start=node.start, end=node.end)
    if isinstance(node, Listing) and all(isinstance(p, (Relation, Logic, Negated, Group)) for p in node.parts):
        return node.parts
    if isinstance(node, Logic) and node.operator == "\\land":
        return node.parts
    return (node,)


def _mentions(node: Node, key: str) -> bool:
    return any(name_key(part) == key for part in below(node) if isinstance(part, (Name, Scripted)))


def _last_digit(node: Node) -> Expr:
    """Half a unit of the last digit that is written."""
    places = [len(n.text.partition(".")[2]) for n in below(node) if isinstance(n, Number)]
    if not places:
        raise Unread(node, "an approximate value is written with digits")
    return Rational(1, 2 * 10 ** max(places))


def _free_form(need: Need) -> Condition | None:
    """What a part of a hypothesis needs, as a condition; None where it stands under a range."""
    if any(isinstance(a, Range) for a in need.around):
        return quantified(need)
    return implies(all_of(*(a for a in need.around if isinstance(a, Condition))), need.condition)


def quantified(need: Need) -> Condition | None:
    """The condition for all letters in its ranges; None where a range has no end."""
    from derive.language import ForAll as ForEvery

    made = need.condition
    for around in reversed(need.around):
        if isinstance(around, Range):
            if around.low is -oo or around.high is oo:
                return None
            made = ForEvery(made, around.symbol, around.low, around.high)
        else:
            made = implies(around, made)
    return made
