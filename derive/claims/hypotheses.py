"""What `where` says: hypotheses, what tends to infinity, definitions of names that are new."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sympy import Basic, Expr, Symbol, oo

from derive.claims.claimed import Parsed
from derive.claims.counting import counted
from derive.claims.defining import Definitions, inside, of_text
from derive.claims.names import name_key
from derive.claims.reading import Reader
from derive.claims.reading_conditions import condition as as_condition
from derive.claims.reading_conditions import with_names
from derive.claims.reading_derivatives import varied
from derive.claims.scopes import Declarations
from derive.claims.surroundings import Need, Range, Unread, Unsupported
from derive.claims.syntax import (
    Chain,
    Fraction,
    Group,
    Listing,
    Logic,
    MatrixRows,
    Name,
    Negated,
    Node,
    Number,
    Relation,
    Scripted,
    Sum,
    below,
)  # fmt: skip
from derive.claims.trailing import each_in_range
from derive.claims.wholes import Whole
from derive.language import (
    Compare,
    Condition,
    Covariance,
    Expectation,
    IndexSum,
    Largest,
    all_of,
    eq,
    ge,
    gt,
    implies,
    parts_of,
)  # fmt: skip
from derive.language import Entry as EntryTerm
from derive.language import ForAll as ForEvery
from derive.language.conditions import Negation


class Hypotheses(Definitions):
    """A claim with its hypotheses, as they are read."""

    def __init__(self, made: Declarations, reader: Reader, parsed: Parsed) -> None:
        super().__init__(made, reader, parsed.let)
        self.parsed = parsed
        self.hypotheses: list[Condition] = []
        self.given: list[tuple[str, Condition]] = []
        self.tends: list[Symbol] = []

    # -- hypotheses ----------------------------------------------------------------------------------------------

    def suppose(self) -> None:
        """What `where` says: hypotheses, what tends to infinity, definitions of names that are new."""
        for number, node in enumerate(self.parsed.where):
            with of_text("where", number):
                self._supposed(self.parsed.claimed.where[number], node)

    def _supposed(self, text: str, node: Node) -> None:
        if isinstance(node, Listing):
            node = self._in_one_range(node)
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
            stated = all_of(made, *(c for c in needs if c is not None), *_of_each(made))
            self.hypotheses += parts_of(stated)
            self.given.append((text, stated))

    def _in_one_range(self, node: Listing) -> Node:
        """1 <= i, j <= n: both lie between, or two conditions?"""
        made = counted(node)
        if not made:
            made = each_in_range(node)
            said = "each of the letters lies in the range", "the commas part conditions"
            if not made or self.reader.choose(node, *said) == 1:
                return node
        return replace(node, parts=made)

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
            side = part.sides[0]
            base = side.base if isinstance(side, Scripted) and side.sup is None else side
            if key is not None and self._given(self.made.scope.names.get(key), part):
                return True
            named = isinstance(base, Name) and not self.reader.known(name_key(base)) and key not in ("e", "pi", "I")
            if named and not self.reader.known(key):
                before = len(self.reader.needs)
                self.made.scope.names[str(key)] = self.reader.value(part.sides[1])
                needs = [_free_form(n) for n in self.reader.needs[before:]]
                del self.reader.needs[before:]
                self.hypotheses += [p for c in needs if c is not None for p in parts_of(c)]
                return True
        return False

    def _given(self, whole: object, part: Relation) -> bool:
        """Whether a hypothesis gives all entries of a free array as numbers, a = (-1, 0, 1): then it defines it."""
        right = part.sides[1]
        row = isinstance(right, Group) and right.opening == "(" and isinstance(right.body, Listing)
        if not isinstance(whole, Whole) or not (row or isinstance(right, MatrixRows)):
            return False
        plain = all(isinstance(n, (Number, Sum, Listing, Group, MatrixRows, Fraction)) for n in below(right))
        base = whole.base
        stated = any(owner == base for owner, _ in self.made.facts) or any(c.array == base for c in self.made.chances)
        varies = {key for n in (*self.parsed.where, *self.parsed.let, *self.parsed.sides) for key in varied(n)}
        if not plain or stated or base not in self.made.arrays or self.made.shown.get(base.name) in varies:
            return False
        self._whole(whole, self.reader.value(right), part, len(self.reader.needs))
        return True

    # -- sides ---------------------------------------------------------------------------------------------------

    def _for_every_index(self, free: set[Basic]) -> None:
        """A hypothesis about x_i, in a claim that does not speak of i: for every i, or for some i? Both are read."""
        for key in self.made.indices:
            letter = self.made.scope.names[key]
            low, high = self.made.scope.ranges[key]
            within = [*inside(letter, (low, high)), ge(letter, low), ge(high, letter)]
            about = [h for h in self.hypotheses if letter in h.free_symbols and h not in within]
            if letter in free or not about or not all(h.has(EntryTerm) for h in about):
                continue
            said = f"what is said of entries at {key} holds at every {key}", f"it holds at one {key}"
            if self.reader.choose(self.parsed.where[0], *said) == 0:
                self.hypotheses = [ForEvery(h, letter, low, high) if h in about else h for h in self.hypotheses]
                about = [c for _, c in self.given if letter in c.free_symbols]
                self.given = [(t, ForEvery(c, letter, low, high) if c in about else c) for t, c in self.given]


def _of_each(made: Condition) -> Iterable[Condition]:
    """What a bound on a least or largest entry says of each: min_i x_i >= c, so x_i >= c for all i."""
    for part in parts_of(made):
        if isinstance(part, Compare) and part.op == "=" and isinstance(part.left, Covariance):
            one, other = part.left.args
            yield eq(Expectation(one * other), part.right + Expectation(one) * Expectation(other))
        total = _some_nonzero(part)
        if total is not None:
            yield gt(total, 0)
        if not isinstance(part, Compare) or part.op not in (">=", ">", "<=", "<"):
            continue
        op, term, bound = part.op, part.left, part.right
        if not term.has(Largest):
            op, term, bound = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}[op], bound, term
        least = -term
        if isinstance(least, Largest) and op in (">=", ">") and not bound.has(Largest):
            yield _at_each(least, lambda body, op=op, bound=bound: Compare(op, -body, bound))  # type: ignore[misc]
        elif isinstance(term, Largest) and op in ("<=", "<") and not bound.has(Largest):
            yield _at_each(term, lambda body, op=op, bound=bound: Compare(op, body, bound))  # type: ignore[misc]


def _some_nonzero(condition: Condition) -> Expr | None:
    """Of `not all entries are 0` the sum of their squares, which then is positive; entries are real."""
    if not isinstance(condition, Negation):
        return None
    levels, body = [], condition.args[0]
    while isinstance(body, ForEvery):
        levels.append(body)
        body = body.body
    if not levels or not isinstance(body, Compare) or body.op != "=" or body.right != 0:
        return None
    if any(level.low.is_infinite or level.high.is_infinite for level in levels):
        return None  # the sum may have no value
    total = body.left**2
    for level in reversed(levels):
        total = IndexSum(total, level.index, level.low, level.high)
    return total


def _at_each(term: Largest, said: Callable[[Expr], Condition]) -> Condition:
    levels, body = [], term
    while isinstance(body, Largest):
        levels.append(body)
        body = body.args[0]
    made = said(body)
    for level in reversed(levels):
        made = ForEvery(made, level.index, level.low, level.high)
    return made


def _conjuncts(node: Node) -> Iterable[Node]:
    if isinstance(node, Chain):
        sides, relations = (node.first, *(n for _, n in node.lines)), tuple(r for r, _ in node.lines)
        node = Relation(sides, relations, start=node.start, end=node.end)
    if isinstance(node, Listing):
        node = replace(node, parts=tuple(with_names(node.parts)))
    if isinstance(node, Listing) and len(node.parts) == 1:
        return node.parts
    if isinstance(node, Listing) and all(isinstance(p, (Relation, Logic, Negated, Group)) for p in node.parts):
        return node.parts
    if isinstance(node, Logic) and node.operator == "\\land":
        return node.parts
    return (node,)


def _free_form(need: Need) -> Condition | None:
    """What a part of a hypothesis needs, as a condition; None where it stands under a range."""
    if any(isinstance(a, Range) for a in need.around):
        return quantified(need)
    return implies(all_of(*(a for a in need.around if isinstance(a, Condition))), need.condition)


def quantified(need: Need) -> Condition | None:
    """The condition for all letters in its ranges; None where a range has no end."""
    made = need.condition
    for around in reversed(need.around):
        if isinstance(around, Range):
            if around.low is -oo or around.high is oo:
                return None
            made = ForEvery(made, around.symbol, around.low, around.high)
        else:
            made = implies(around, made)
    return made
