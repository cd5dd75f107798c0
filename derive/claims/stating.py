r"""From the texts of a claim to statements: declarations, definitions, hypotheses, and the sides that are compared.

Where the ways of reading differ, all readings are made (`readings`). Arrays are compared at all their indices; a chain
is a statement for each of its relations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from sympy import Basic, Expr, Integer, oo

from derive.claims import limits, wholes
from derive.claims.approximate import beginning_so, cut_off, last_digit
from derive.claims.arithmetic import fitted
from derive.claims.claimed import SIGNS, Claimed, Entry, Pair, Parsed, Reading
from derive.claims.defining import inside, of_text
from derive.claims.hypotheses import Hypotheses, quantified
from derive.claims.names import name_key
from derive.claims.reading import Reader
from derive.claims.reading_conditions import condition as as_condition
from derive.claims.scopes import Declarations, declared
from derive.claims.statements import Statement
from derive.claims.surroundings import Members, Several, Unread, Unsupported, Value
from derive.claims.syntax import (
    ForAll,
    Logic,
    Name,
    Negated,
    Node,
    Product,
    Relation,
    Scripted,
    below,
)  # fmt: skip
from derive.claims.wholes import IllFittingShapes, Ones, Unit, Whole
from derive.language import (
    Array,
    Condition,
    Context,
    declare,
    eq,
)  # fmt: skip
from derive.language.context import arrays_in
from derive.language.symbols import fresh
from derive.language.terms import names_in

__all__ = ["MOST_READINGS", "Claimed", "Pair", "Parsed", "Reading", "quantified", "readings"]

MOST_READINGS, MOST_ENTRIES = 8, 64


def readings(parsed: Parsed, parse: Callable[[str], Node]) -> tuple[Reading, ...]:
    """All ways to read the claim, the usual one first.

    Raises:
        BadInput: it has no meaning; `Unread` says which part, `IllFittingShapes` that it is ill-formed.
    """
    try:
        first, asked = _read(parsed, parse, ())
    except IllFittingShapes:
        if not any(isinstance(n, Product) and "\\otimes" in n.operators for side in parsed.sides for n in below(side)):
            raise
        made, asked = _read(parsed, parse, (1,))  # the other reading of a product of two vectors
        if [words for _, words in asked] != [wholes.TENSOR_READINGS]:
            raise
        return (made,)
    found = [first]
    ways = [range(len(said)) for _, said in asked]
    if prod(len(way) for way in ways) > MOST_READINGS:
        raise Unsupported(None, f"it can be read in more than {MOST_READINGS} ways; brackets would say which is meant")
    for choices in list(product(*ways))[1:]:
        try:
            made, again = _read(parsed, parse, choices)
        except (Unread, IllFittingShapes):
            continue
        if [a for a, _ in again] == [a for a, _ in asked]:
            found.append(made)
    return tuple(found)


def _read(parsed: Parsed, parse: Callable[[str], Node], choices: tuple[int, ...]) -> tuple[Reading, list[Any]]:
    nodes = (*parsed.where, *parsed.let, *parsed.sides)
    made = declared(parsed.claimed.symbols, nodes, parse)
    made.scope.conventions = dict(parsed.claimed.conventions)
    reader = Reader(made.scope, choices)
    stage = _Stage(made, reader, parsed)
    stage.define()
    stage.suppose()
    pairs = tuple(stage.pairs())
    said = tuple(words[choices[k] if k < len(choices) else 0] for k, (_, words) in enumerate(reader.asked))
    return Reading(pairs, said, tuple(made.shown.items())), reader.asked


ReadSides = Callable[[Sequence[Node], Sequence[str]], tuple[Pair, ...]]


def rereading(parsed: Parsed, parse: Callable[[str], Node]) -> tuple[Declarations, ReadSides]:
    """The declarations of a claim, and what reads other sides there: for many formulas of the same letters.

    Raises:
        BadInput: as `readings`; so does what is returned.
    """
    nodes = (*parsed.where, *parsed.let, *parsed.sides)
    made = declared(parsed.claimed.symbols, nodes, parse)
    made.scope.conventions = dict(parsed.claimed.conventions)
    reader = Reader(made.scope, ())
    stage = _Stage(made, reader, parsed)
    stage.define()
    stage.suppose()
    taken, conventions, spoken = set(made.scope.taken), dict(made.scope.conventions), list(reader.spoken)

    def read(sides: Sequence[Node], relations: Sequence[str]) -> tuple[Pair, ...]:
        made.scope.taken, made.scope.conventions = set(taken), dict(conventions)
        del reader.needs[:], reader.spans[:], reader.asked[:]
        reader.spoken[:] = spoken
        reader.bound, reader.around, reader.level = {}, (), 0
        stage.parsed = replace(parsed, sides=tuple(sides), relations=tuple(relations))
        return tuple(stage.pairs())

    return made, read


def reader_of(parsed: Parsed, parse: Callable[[str], Node]) -> Reader:
    """What reads formulas in the names of a claim.

    Raises:
        BadInput: as `readings`.
    """
    made = declared(parsed.claimed.symbols, (*parsed.where, *parsed.let, *parsed.sides), parse)
    made.scope.conventions = dict(parsed.claimed.conventions)
    reader = Reader(made.scope, ())
    stage = _Stage(made, reader, parsed)
    stage.define()
    stage.suppose()
    return reader


class _Stage(Hypotheses):
    """The claim as it is put together."""

    def context(self, *spoken: Basic) -> Context:
        """What a statement about these terms stands on: unused symbols are harmless, and so is what is said of them."""
        made = self.made
        points = [
            eq(by, number) for key, found in made.scope.names.items() if key.startswith("= ") for by, number in found
        ]
        definitions = (*self.definitions, *made.scope.defined)
        parts = [*spoken, *self.hypotheses, *points, *(n.condition for n in self.reader.needs)]
        parts += [a for n in self.reader.needs for a in n.around if isinstance(a, Condition)]
        parts += [part for d in definitions for part in (d.array, d.body)] + list(self.tends)
        parts += [s.base if isinstance(s, Whole) else s for s in self.reader.spoken if _is_spoken(s)]
        used = _used(parts, made)
        symbols = tuple(d for d in made.symbols if d.symbol in used)
        arrays = tuple(a for a in made.arrays if a in used)
        stated = [fact for owner, fact in made.facts if owner in used]
        facts = tuple(dict.fromkeys([*stated, *self.hypotheses, *points]))
        return Context(symbols, facts, definitions, arrays, tuple(c for c in made.chances if c.array in used))

    def pairs(self) -> Iterable[Pair]:
        """A pair for each relation, each answer and, of tuples, each part."""
        limit = limits.limit_in(self.parsed.sides, self.parsed.relations)
        if limit is not None:
            yield limits.pair_of(self, limit)
            return
        values, needs, spans, free = [], [], [], []
        cut = {k: bare for k, side in enumerate(self.parsed.sides) if (bare := cut_off(side)) is not None}
        for number, side in enumerate(self.parsed.sides):
            node = cut.get(number, side)
            before, spans_before = len(self.reader.needs), len(self.reader.spans)
            with of_text("side", number):
                condition = isinstance(node, (Relation, Logic, Negated, ForAll))
                values.append(as_condition(self.reader, node) if condition else self.reader.value(node))
            needs.append(tuple(self.reader.needs[before:]))
            spans.append(tuple(self.reader.spans[spans_before:]))
            free.append({key for key in self.made.indices if self._is_free(key, node, values[-1])})
        for key in self.reader.outside:
            if f"= {key}" in self.made.scope.names:
                raise Unsupported(None, f"{key} stands both within |_{{{key}=...}} and outside it: name one otherwise")
        self._for_every_index({s for v in values for s in _free_in(v)})
        relations = [SIGNS.get(r, r) for r in self.parsed.relations]
        if len(values) == 1:
            if not isinstance(values[0], Condition):
                raise Unread(self.parsed.sides[0], "this is neither an equation nor a condition")
            statement = Statement(
                self.context(values[0]), values[0], "", None, (), tuple(self.tends), None, tuple(self.given)
            )
            yield Pair(statement, needs[0], spans=spans[0])
            return
        for line, relation in enumerate(relations):
            if relation not in SIGNS.values():
                raise Unread(self.parsed.sides[line + 1], f"the relation {relation} is not supported")
            both = (*needs[line], *needs[line + 1])
            if relation == "implies" and isinstance(values[line], Condition):
                both = *needs[line], *(replace(n, around=(values[line], *n.around)) for n in needs[line + 1])
            lonely = () if isinstance(values[line], Condition) else tuple(sorted(free[line] ^ free[line + 1]))
            here = (*spans[line], *spans[line + 1])
            sides = values[line], values[line + 1]
            before = len(self.reader.needs)
            other_side = self.parsed.sides[line]
            both_cut = [cut.get(line), cut.get(line + 1)]
            if both_cut == [None, None]:
                found = list(self._compared(*sides, relation, self.parsed.sides[line + 1], other_side))
            elif None not in both_cut or relation not in ("=", "approx"):
                raise Unsupported(other_side, "the digits of one side may be cut off, where the sides are equal")
            else:
                begins = both_cut[0] or both_cut[1]
                assert begins is not None
                bounds = beginning_so(*(sides if both_cut[1] else sides[::-1]), begins)
                found = [f for a, sign, b in bounds for f in self._compared(a, b, sign, begins, other_side)]
            both += tuple(self.reader.needs[before:])  # of entries that were asked for only now
            for part, (statement, entry) in enumerate(found, 1):
                yield Pair(statement, both, line + 1, part, here, lonely, entry)

    def _is_free(self, key: str, node: Node, value: Value) -> bool:
        """Whether a declared index stands in a side and in its value: not one that is bound, or a part of a name.

        So the i of a declared d_i is none, and neither is the k of a sum over k.
        """
        return _mentions(node, key) and self.made.scope.names[key] in _free_in(value)

    def _compared(
        self, left: Value, right: Value, relation: str, node: Node, other_node: Node
    ) -> Iterable[tuple[Statement, Entry]]:
        if isinstance(left, Several) and isinstance(right, Several):
            if len(left.parts) != len(right.parts):
                raise IllFittingShapes("two tuples of different lengths are compared")
            for one, other in zip(left.parts, right.parts, strict=True):
                yield from self._compared(one, other, relation, node, other_node)
            return
        if isinstance(left, Several) or isinstance(right, Several):
            left, right = self._as_vector(left, right), self._as_vector(right, left)
        if isinstance(left, Condition) or isinstance(right, Condition):
            if not (isinstance(left, Condition) and isinstance(right, Condition)):
                raise IllFittingShapes("a condition is compared with a number")
            word = {"=": "iff", "iff": "iff", "implies": "implies"}.get(relation)
            if word is None:
                raise Unread(node, f"two conditions are compared by {relation}")
            yield self._statement(left, word, right), ()
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
        digits = last_digit(node, other_node) if relation == "approx" else None
        if isinstance(left, Whole) and wholes.as_number(left) is None:
            yield from self._whole_statements(left, right, relation, digits)
            return
        if isinstance(right, Whole) and wholes.as_number(right) is None:
            if left != 0:
                raise IllFittingShapes(f"a number is compared with {wholes.shape_said(right)}")
            yield from self._whole_statements(right, left, _mirrored(relation), digits)
            return
        one, other = self.reader.as_number(left, node), self.reader.as_number(right, node)
        for value in (one, other):
            if value in (oo, -oo):
                raise Unsupported(node, "infinity is not compared")
        yield self._statement(one, relation, other, digits=digits), ()

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

    def _whole_statements(
        self, left: Whole, right: Value, relation: str, digits: Expr | None
    ) -> Iterable[tuple[Statement, Entry]]:
        if isinstance(right, Expr) and right == 0:
            zero = Integer(0)
            right = Whole(left.axes, lambda at: zero, left.kind)
        if not isinstance(right, Whole):
            raise IllFittingShapes(f"{wholes.shape_said(left)} is compared with {wholes.shape_said(right)}")
        left, right = self.reader.part_that_fits(left, right)
        if relation in ("!=", "O", "o", "Theta", "Omega", "~"):
            raise Unsupported(None, f"the relation {relation} between arrays is not supported")
        wholes.entrywise(left, right, lambda a, b: a - b, None, "the two sides")
        left, right = wholes.narrow(left, right), wholes.narrow(right, left)
        ends = [end for axis in (*left.axes, *right.axes) for end in axis]
        if all(isinstance(end, Integer) for end in ends):
            ranges = [range(int(low), int(high) + 1) for low, high in left.axes]
            if 0 < prod(len(r) for r in ranges) <= MOST_ENTRIES:
                for at in product(*ranges):
                    there = [Integer(i) + (b[0] - a[0]) for i, a, b in zip(at, left.axes, right.axes, strict=True)]
                    sides = left.at([Integer(i) for i in at]), right.at(there)
                    written = any(a[0] != 1 for a in left.axes) and all(b[0] == 1 for b in right.axes)
                    told = tuple(map(int, there)) if written else at  # rows and columns, where they are written down
                    yield self._statement(sides[0], relation, sides[1], digits=digits), told
                return
        taken = self.made.scope.taken
        letters = []
        for letter, _ in zip("ijlmrs", left.axes, strict=False):
            letters.append(fresh(letter, taken | names_in(*(c for c in self.hypotheses))))
            taken.add(letters[-1].name)
            self.made.shown[letters[-1].name] = letters[-1].name
        there = [i + (b[0] - a[0]) for i, a, b in zip(letters, left.axes, right.axes, strict=True)]
        within = [part for r, axis in zip(letters, left.axes, strict=True) for part in inside(r, axis)]
        made = self._statement(left.at(letters), relation, right.at(there), digits=digits)
        context = made.context.with_declarations(*(declare(r.name, "integer") for r in letters))
        yield replace(made, context=context.with_hypotheses(*within), indices=tuple(letters)), ()

    def _statement(self, left: Any, relation: str, right: Any, digits: Expr | None = None) -> Statement:
        return Statement(
            self.context(left, right), left, relation, right, (), tuple(self.tends), digits, tuple(self.given)
        )


def _free_in(value: Value) -> set[Basic]:
    if isinstance(value, Several):
        return {s for part in value.parts for s in _free_in(part)}
    if isinstance(value, Whole):
        return set(value.at([Integer(1) if low is -oo else low for low, _ in value.axes]).free_symbols)
    return set(value.free_symbols) if isinstance(value, Basic) else set()


def _is_spoken(value: Any) -> bool:
    return value.base is not None if isinstance(value, Whole) else isinstance(value, Basic)


@lru_cache(4096)
def _names_in(part: Basic) -> tuple[Basic, ...]:
    """The symbols and arrays in it: hypotheses and definitions are asked for them with every formula that is read."""
    return (*part.free_symbols, *arrays_in(part))


def _used(parts: Iterable[Basic], made: Declarations) -> set[Basic]:
    """The symbols and arrays in the parts, and those that these are declared with."""
    waiting = [s for part in parts for s in _names_in(part)]
    found: set[Basic] = set()
    about: dict[Basic, list[Basic]] = {}
    for owner, fact in made.facts:
        about.setdefault(owner, []).append(fact)
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.add(one)
        waiting += [s for fact in about.get(one, ()) for s in _names_in(fact)]
        if isinstance(one, Array):
            waiting += one.free_symbols
            stated = [v for c in made.chances if c.array == one for v in (c.mean, c.variance, c.second, *c.values)]
            waiting += [s for value in stated if value is not None for s in value.free_symbols]
    return found


def _mirrored(relation: str) -> str:
    return {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(relation, relation)


def _mentions(node: Node, key: str) -> bool:
    return any(name_key(part) == key for part in below(node) if isinstance(part, (Name, Scripted)))


