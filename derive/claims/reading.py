r"""What a written formula means: trees of `derive.claims.syntax` with declared names become terms of the engine.

Values are numbers (SymPy terms), whole arrays (`derive.claims.wholes`), conditions, tuples, sets. Nothing is guessed: a
name that is neither declared nor bound is an error that names it, and where the usual ways of writing differ
(`1/2x`, `\log(a)^2`) the reader is asked which reading is meant; a caller reads again with each (`Reader.choices`).

**What has no value somewhere must not be lost.** SymPy cancels $x/x$ and $0 \cdot \frac1x$ as it builds them, so each
division, root, logarithm, entry and largest value notes the condition under which it has a value (`Reader.needs`),
with the ranges and cases that it stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction as Ratio
from typing import Any

from sympy import Abs, Add, E, Expr, Integer, Mul, Pow, Rational, Symbol, ceiling, exp, floor, oo, pi

from derive.claims import wholes
from derive.claims.names import name_key
from derive.claims.syntax import (
    Big,
    CaseRows,
    Choose,
    Dots,
    Factorial,
    Fraction,
    Group,
    Listing,
    MatrixRows,
    Name,
    Node,
    Number,
    Product,
    Root,
    Scripted,
    Sum,
    Text,
)
from derive.claims.wholes import IllFittingShapes, Ones, Unit, Whole, as_number
from derive.errors import BadInput
from derive.language import (
    OTHERWISE,
    TRUE,
    Array,
    Cases,
    Condition,
    Entry,
    Indicator,
    all_of,
    any_of,
    eq,
    ge,
    gt,
    integer,
    ne,
    negate,
)
from derive.language import counting as counts
from derive.language.symbols import fresh, is_integer

LARGEST_POWER = 8
"""Of a matrix, written out as a product."""

MOST_LEVELS = 40


class Unread(BadInput):
    """A part of a formula that has no meaning here; it says which part."""

    def __init__(self, node: Node | None, message: str) -> None:
        self.start, self.end = (node.start, node.end) if node is not None else (0, 0)
        super().__init__(message)


class Unsupported(Unread):
    """A part whose meaning is plain and that cannot be decided here."""


@dataclass(frozen=True)
class Function:
    """A function or a family that the author defined: letters, body, whether it is called with brackets or scripts."""

    letters: tuple[str, ...]
    body: Node
    name: str


@dataclass(frozen=True)
class Several:
    """A tuple, or a set written out."""

    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Members:
    """A set: its members are the values for which a condition holds; a range of integers has ends."""

    member: Callable[[Expr], Condition]
    ends: tuple[Expr, Expr] | None = None


Value = Any
"""Expr, Whole, Unit, Ones, Condition, Several or Members."""


@dataclass(frozen=True)
class Range:
    """A bound letter and its range."""

    symbol: Symbol
    low: Expr
    high: Expr


@dataclass(frozen=True)
class Need:
    """A condition under which a part has a value, within these ranges and conditions from the outside in."""

    around: tuple[Range | Condition, ...]
    condition: Condition
    said: str


@dataclass
class Scope:
    """The names that mean something: numbers, arrays, functions, by their keys."""

    names: dict[str, Any] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    ranges: dict[str, tuple[Expr, Expr]] = field(default_factory=dict)
    defined: list[Any] = field(default_factory=list)
    conventions: dict[str, str] = field(default_factory=dict)


class Reader:
    """One reading of the formulas of a claim.

    Attributes:
        needs: What must hold for all that was read to have a value.
        asked: Where readings differed, (place, the readings in words); `choices` says which was taken.
        spans: The ranges of sums and products that were read, for the note about falling limits.
    """

    def __init__(self, scope: Scope, choices: Sequence[int] = ()) -> None:
        self.scope = scope
        self.choices = tuple(choices)
        self.asked: list[tuple[int, tuple[str, ...]]] = []
        self.needs: list[Need] = []
        self.spans: list[tuple[Expr, Expr]] = []
        self.bound: dict[str, Any] = {}
        self.around: tuple[Range | Condition, ...] = ()
        self.level = 0

    # -- what is around ------------------------------------------------------------------------------------------

    def choose(self, node: Node, *readings: str) -> int:
        """Which of these readings is taken."""
        for number, (place, said) in enumerate(self.asked):
            if (place, said) == (node.start, readings):
                return self.choices[number] if number < len(self.choices) else 0
        self.asked.append((node.start, readings))
        number = len(self.asked) - 1
        return self.choices[number] if number < len(self.choices) else 0

    def need(self, condition: Condition, said: str) -> None:
        """Note that a part has a value only there."""
        if condition != TRUE:
            self.needs.append(Need(self.around, condition, said))

    @contextmanager
    def binding(self, key: str, value: Any, around: Range | Condition | None = None) -> Iterator[None]:
        """Within, the letter has this value."""
        old, outside = self.bound, self.around
        self.bound = {**old, key: value}
        self.around = outside if around is None else (*outside, around)
        try:
            yield
        finally:
            self.bound, self.around = old, outside

    @contextmanager
    def under(self, condition: Condition) -> Iterator[None]:
        """Within, the condition is known."""
        outside = self.around
        self.around = (*outside, condition)
        try:
            yield
        finally:
            self.around = outside

    def new_symbol(self, key: str, make: Callable[[str], Symbol] = integer) -> Symbol:
        """A symbol for a bound letter, named apart from all others."""
        from derive.claims.names import symbol_name

        inside = {s.name for v in self.bound.values() if isinstance(v, Expr) for s in v.free_symbols}
        return make(symbol_name(key, self.scope.taken | inside))

    def known(self, key: str | None) -> bool:
        """Whether the key is bound or declared."""
        return key is not None and (key in self.bound or key in self.scope.names)

    def look_up(self, key: str) -> Value:
        """What a bound or declared name stands for."""
        return self.bound[key] if key in self.bound else self.scope.names[key]

    # -- kinds of values -----------------------------------------------------------------------------------------

    def number(self, node: Node) -> Expr:
        """The value as a number."""
        return self.as_number(self.value(node), node)

    def as_number(self, value: Value, node: Node) -> Expr:
        """A value that is a number, or an array with one entry."""
        if isinstance(value, Whole):
            found = as_number(value)
            if found is None:
                raise IllFittingShapes(f"a number is wanted, and this is {wholes.shape_said(value)}")
            return found
        if isinstance(value, Expr):
            return value
        if isinstance(value, (Unit, Ones)):
            raise IllFittingShapes(f"a number is wanted, and this is {wholes.shape_said(value)}")
        raise Unread(node, "a number is wanted here")

    def whole_number(self, node: Node) -> Expr:
        """The value as an integer."""
        value = self.number(node)
        if value in (oo, -oo) or not is_integer(value):
            raise Unread(node, f"an integer is wanted here, and {value} need not be one")
        return value

    def value(self, node: Node) -> Value:
        """What the node stands for."""
        self.level += 1
        if self.level > MOST_LEVELS * 4:
            raise Unread(node, "the formula is nested too deeply")
        try:
            return self._value(node)
        finally:
            self.level -= 1

    def _value(self, node: Node) -> Value:
        if isinstance(node, Number):
            return number_of(node)
        if isinstance(node, Name):
            return self.name(node)
        if isinstance(node, Scripted):
            return self.scripted(node)
        if isinstance(node, Sum):
            return self.sum(node)
        if isinstance(node, Product):
            from derive.claims.reading_products import product

            return product(self, node.items, node.operators, node)
        if isinstance(node, Fraction):
            return self.fraction(node)
        if isinstance(node, Group):
            from derive.claims.reading_groups import group

            return group(self, node)
        if isinstance(node, Root):
            return self.root(node)
        if isinstance(node, Factorial):
            return counts.Factorial(self.whole_number(node.of))
        if isinstance(node, Choose):
            return counts.Binomial(self.whole_number(node.top), self.whole_number(node.bottom))
        if isinstance(node, CaseRows):
            return self.cases(node)
        if isinstance(node, MatrixRows):
            return self.matrix(node)
        if isinstance(node, Listing):
            return Several(tuple(self.value(part) for part in node.parts))
        if isinstance(node, Big):
            raise Unread(node, f"{node.operator} has nothing to work on")
        if isinstance(node, (Text, Dots)):
            raise Unread(node, "words and dots have no value here" if isinstance(node, Text) else "what the dots stand for is not said")
        from derive.claims.reading_conditions import condition

        return condition(self, node)

    def condition(self, node: Node) -> Condition:
        """What the node says, as a condition."""
        from derive.claims.reading_conditions import condition

        return condition(self, node)

    # -- names and scripts ---------------------------------------------------------------------------------------

    def name(self, node: Name) -> Value:
        key = name_key(node)
        if key is not None and self.known(key):
            found = self.look_up(key)
            if isinstance(found, Function):
                raise Unread(node, f"{key} is a function, and it is not said of what")
            return found
        bold = set(node.style.split()) & {"mathbf", "mathbb", "boldsymbol", "bm"}
        if node.text == "1" and bold:
            return Ones()
        if node.text == "e" and not node.style:
            return E
        if node.text in ("pi", "infty") and not node.style:
            return pi if node.text == "pi" else oo
        if node.text == "I":
            return Unit()
        if node.text in ("mathbb", "R", "Z", "N") and "mathbb" in node.style:
            from derive.claims.reading_conditions import number_set

            return number_set(node.text)
        raise Unread(node, f"{shown_name(node)} is neither declared nor bound")

    def scripted(self, node: Scripted) -> Value:
        """A base with scripts: the longest declared name is looked for first."""
        key = name_key(node)
        if self.known(key):
            found = self.look_up(str(key))
            if not isinstance(found, Function):
                return found
        if node.sub is not None and node.sup is not None:
            for inner, script, apply in (
                (Scripted(node.base, sub=node.sub, primes=node.primes), node.sup, self.power),
                (Scripted(node.base, sup=node.sup, primes=node.primes), node.sub, self.at_index),
            ):
                if self.known(name_key(inner)):
                    return apply(self.look_up(str(name_key(inner))), script, node)
        if node.primes:
            primed = Scripted(node.base, primes=node.primes, start=node.start, end=node.end)
            if not self.known(name_key(primed)):
                raise Unread(node, f"{shown_name(primed)} is neither declared nor bound")
            value = self.look_up(str(name_key(primed)))
        elif isinstance(node.base, Group) and node.base.opening in ("\\|", "\\lVert", "|", "\\lvert") and node.sub is not None:
            from derive.claims.reading_groups import norm

            value = norm(self, node.base, node.sub, node)
            return value if node.sup is None else self.power(value, node.sup, node)
        elif isinstance(node.base, Group) and node.base.opening == "eval":
            from derive.claims.reading_derivatives import evaluated

            return evaluated(self, node)
        else:
            special = self._special(node)
            if special is not None:
                return special
            base_key = name_key(node.base)
            value = self.look_up(base_key) if base_key is not None and self.known(base_key) else self.value(node.base)
        if isinstance(value, Function) or node.sub is not None:
            if node.sub is None:
                raise Unread(node, f"{shown_name(node.base)} is a function, and it is not said of what")
            value = self.at_index(value, node.sub, node)
        return value if node.sup is None else self.power(value, node.sup, node)

    def _special(self, node: Scripted) -> Value | None:
        """Deltas, identities and ones with a size, the number e."""
        base = node.base
        if not isinstance(base, Name) or self.known(name_key(base)):
            return None
        if base.text == "delta" and node.sub is not None:
            parts = split_indices(node.sub, 2)
            if parts is None:
                raise Unread(node, "a delta has two indices")
            left, right = (self.number(p) for p in parts)
            value: Value = Indicator(eq(left, right))
        elif base.text in ("I", "1") and node.sub is not None and (base.text == "I" or base.style):
            n = self.whole_number(node.sub)
            value = wholes.identity(n) if base.text == "I" else wholes.ones((Integer(1), n), Ones())
        else:
            return None
        return value if node.sup is None else self.power(value, node.sup, node)

    def at_index(self, value: Value, sub: Node, node: Node) -> Value:
        """An entry of an array, a member of a family."""
        if isinstance(value, Function):
            parts = split_indices(sub, len(value.letters))
            if parts is None:
                raise Unread(sub, f"{value.name} has {len(value.letters)} indices")
            return self.call(value, [self.value(p) for p in parts], node)
        if isinstance(value, (Unit, Ones)):
            parts = split_indices(sub, 2 if isinstance(value, Unit) else 1)
            if parts is None:
                raise Unread(sub, "an entry of an identity has two indices, one of a vector of ones has one")
            if isinstance(value, Ones):
                return value.factor
            left, right = (self.whole_number(p) for p in parts)
            return value.factor * Indicator(eq(left, right))
        if not isinstance(value, Whole):
            raise Unread(node, "something with an index is wanted, and this is a number")
        parts = split_indices(sub, len(value.axes))
        if parts is None:
            raise Unread(sub, f"an entry has {len(value.axes)} {'index' if len(value.axes) == 1 else 'indices'} here")
        return self.entry(value, [self.whole_number(p) for p in parts])

    def entry(self, value: Whole, indices: Sequence[Expr]) -> Expr:
        """One number of an array, noted to be in its range where nothing is outside."""
        if value.base is None or value.base.outside == "error":
            inside = all_of(
                *(
                    part
                    for i, (low, high) in zip(indices, value.axes, strict=True)
                    for part in ((ge(i, low),) if low is not -oo else ()) + ((ge(high, i),) if high is not oo else ())
                )
            )
            name = value.base.name if value.base is not None else "the array"
            self.need(inside, f"the index of {name} is in its range")
        return value.at(list(indices))

    def call(self, function: Function, arguments: Sequence[Value], node: Node) -> Value:
        """The function's body with these arguments for its letters."""
        if len(arguments) != len(function.letters):
            raise Unread(node, f"{function.name} is a function of {len(function.letters)}, not of {len(arguments)}")
        if self.level > MOST_LEVELS:
            raise Unread(node, f"{function.name} is used within itself without end")
        outside = self.bound
        self.bound = dict(zip(function.letters, arguments, strict=True))
        self.level += 4
        try:
            return self.value(function.body)
        finally:
            self.bound = outside
            self.level -= 4

    # -- arithmetic ----------------------------------------------------------------------------------------------

    def sum(self, node: Sum) -> Value:
        """Terms added with their signs."""
        total: Value | None = None
        for sign, term in zip(node.signs, node.terms, strict=True):
            if sign == "\\pm":
                raise Unsupported(node, "\\pm says two things at once")
            value = self.value(term)
            if isinstance(value, (Condition, Several, Members)):
                raise Unread(term, "a number or an array is wanted here")
            if sign == "-":
                value = times(Integer(-1), value)
            total = value if total is None else self.added(total, value)
        return total

    def added(self, one: Value, other: Value) -> Value:
        """Two values added, entry by entry if they are arrays."""
        if isinstance(one, Unit) and isinstance(other, Unit):
            return Unit(one.factor + other.factor)
        if isinstance(one, (Unit, Ones)) and isinstance(other, Whole):
            return self.added(fitted(one, other), other)
        if isinstance(other, (Unit, Ones)) and isinstance(one, Whole):
            return self.added(one, fitted(other, one))
        if isinstance(one, Ones) and isinstance(other, Ones) and one.row == other.row:
            return Ones(one.row, one.factor + other.factor)
        if isinstance(one, Whole) and isinstance(other, Whole):
            return wholes.entrywise(one, other, lambda a, b: Add(a, b), "sum", "two terms of a sum")
        if isinstance(one, Expr) and isinstance(other, Expr):
            return one + other
        for value, against in ((one, other), (other, one)):
            if isinstance(value, Whole) and isinstance(against, Expr) and as_number(value) is not None:
                return as_number(value) + against
        raise IllFittingShapes(f"{wholes.shape_said(one)} and {wholes.shape_said(other)} are added")

    def divided(self, top: Value, bottom: Expr) -> Value:
        """A value over a number that must not be 0."""
        if bottom == 0:
            self.need(ne(bottom, 0), "0 is divided by")
            return times(Pow(Integer(0), Integer(-1), evaluate=False), top)
        if not isinstance(bottom, Rational):
            self.need(ne(bottom, 0), f"{bottom} is divided by")
        return times(Pow(bottom, -1), top)

    def fraction(self, node: Fraction) -> Value:
        """A quotient, or a derivative."""
        from derive.claims.reading_derivatives import as_derivative

        found = as_derivative(self, node)
        if found is not None:
            return found
        return self.divided(self.value(node.top), self.number(node.bottom))

    def power(self, base: Value, sup: Node, node: Node) -> Value:
        """A power, a transpose, an inverse."""
        sign, letter = 1, sup
        if isinstance(sup, Sum) and len(sup.terms) == 1 and sup.signs == ("-",):
            sign, letter = -1, sup.terms[0]
        word = letter.text if isinstance(letter, Name) else ""
        if word in ("top", "T", "intercal") and not (word == "T" and self.known("T") and not isinstance(base, (Whole, Ones, Unit))):
            turned = self.turned(base, node)
            return turned if sign == 1 else self.inverse(turned, node)
        if isinstance(base, (Whole, Unit)):
            exponent = self.number(sup)
            if exponent == -1:
                return self.inverse(base, node)
            if isinstance(base, Whole) and as_number(base) is not None:
                return self.raised(self.as_number(base, node), exponent, node)
            return self.repeated(base, exponent, node)
        return self.raised(self.as_number(base, node), self.number(sup), node)

    def turned(self, base: Value, node: Node) -> Value:
        """The transpose."""
        if isinstance(base, Whole):
            return wholes.transposed(base)
        if isinstance(base, Ones):
            return Ones(not base.row, base.factor)
        if isinstance(base, (Unit, Expr)):
            return base
        raise Unread(node, "only an array has a transpose")

    def repeated(self, base: Value, exponent: Expr, node: Node) -> Value:
        """A power of a square matrix."""
        if not (isinstance(exponent, Integer) and 0 <= int(exponent) <= LARGEST_POWER):
            raise Unsupported(node, f"the power {exponent} of a matrix is not supported")
        if isinstance(base, Unit):
            return Unit(base.factor ** int(exponent))
        if not base.is_square:
            raise IllFittingShapes(f"a power of a matrix that is {wholes.shape_said(base)}")
        result: Value = wholes.like(Unit(), base)
        for count in range(int(exponent)):
            result = base if count == 0 else wholes.product(result, base, self.scope.taken)
        return result

    def inverse(self, base: Value, node: Node) -> Value:
        """The inverse of a square matrix, whose determinant must not be 0; of a number its reciprocal."""
        from derive.language.forms import of

        if isinstance(base, Unit):
            return Unit(self.divided(Integer(1), base.factor))
        if isinstance(base, Whole) and as_number(base) is None:
            if not base.is_square:
                raise IllFittingShapes(f"the inverse of a matrix that is {wholes.shape_said(base)}")
            array = self.array_of(base)
            self.need(ne(Entry(of("determinant", array)), 0), f"the inverse of {array.name} is taken")
            return wholes.of_array(of("inverse", array), "matrix")
        return self.divided(Integer(1), self.as_number(base, node))

    def array_of(self, value: Whole) -> Array:
        """The value as an array of the engine: what it is, or one that is defined to be it."""
        from derive.language import Definition

        if value.base is not None:
            return value.base
        if self.around:
            raise Unsupported(None, "a matrix that is made within a sum or a case has no name of its own here")
        taken = self.scope.taken
        name = fresh("M", taken).name
        taken.add(name)
        letters = []
        for letter, _ in zip("ijlr", value.axes, strict=False):
            letters.append(fresh(letter, taken))
            taken.add(letters[-1].name)
        made = Array(name, value.axes, "error")
        self.scope.defined.append(Definition(made, tuple(letters), value.at(letters)))
        return made

    def raised(self, base: Expr, exponent: Expr, node: Node) -> Expr:
        """A power of a number; 0^0 = 1."""
        if exponent in (oo, -oo):
            raise Unread(node, "infinity is no exponent")
        if base == E:
            return exp(exponent, evaluate=isinstance(exponent, Rational))
        if isinstance(exponent, Rational) and not isinstance(exponent, Integer):
            if not _sure(base, strictly=exponent < 0):
                self.need(gt(base, 0) if exponent < 0 else ge(base, 0), f"a root of {base} is taken")
        elif is_integer(exponent):
            if not (isinstance(exponent, Integer) and exponent >= 0) and not _sure(base):
                positive = ge(exponent, 0) if not isinstance(exponent, Integer) else None
                self.need(ne(base, 0) if positive is None else any_of(positive, ne(base, 0)), f"{base} is divided by")
        elif not _sure(base):
            self.need(gt(base, 0), f"{base} has an exponent that need not be an integer")
        if base == 0 and not isinstance(exponent, Integer):
            return Pow(base, exponent, evaluate=False)
        if base == 0 and exponent < 0:
            return Pow(base, exponent, evaluate=False)
        if isinstance(exponent, Integer) and abs(int(exponent)) > 10_000:
            raise Unsupported(node, f"a power with the exponent {exponent} is too large")
        if isinstance(base, Rational) and isinstance(exponent, Integer) and _digits(base) * abs(int(exponent)) > 20_000:
            raise Unsupported(node, "a power is too large to be worked out")
        return Pow(base, exponent)

    def root(self, node: Root) -> Expr:
        """A root of a number that is not negative."""
        inside = self.number(node.of)
        degree = Integer(2) if node.degree is None else self.whole_number(node.degree)
        if isinstance(degree, Integer) and degree <= 0:
            raise Unread(node, f"there is no root of degree {degree}")
        odd = isinstance(degree, Integer) and degree % 2 == 1
        if odd and not _sure(inside, strictly=False):
            raise Unsupported(node, "an odd root of what may be negative is not supported")
        if not _sure(inside, strictly=False):
            self.need(ge(inside, 0), f"a root of {inside} is taken")
        return Pow(inside, self.divided(Integer(1), degree))

    def rounded(self, value: Expr, up: bool) -> Expr:
        """A floor or a ceiling, kept as it is written but of a number."""
        head = ceiling if up else floor
        return head(value) if isinstance(value, Rational) else head(value, evaluate=False)

    def absolute(self, value: Expr) -> Expr:
        """The absolute value."""
        return Abs(value) if isinstance(value, Rational) else Abs(value, evaluate=False)

    # -- cases and matrices --------------------------------------------------------------------------------------

    def cases(self, node: CaseRows) -> Value:
        """Values with conditions; the last may have none, or `otherwise`."""
        clauses, before = [], []
        for place, (value, where) in enumerate(node.rows):
            words = where.words.strip(" .,").lower() if isinstance(where, Text) else ""
            if where is None or words in ("otherwise", "else", "sonst", "in all other cases", "elsewhere"):
                if place != len(node.rows) - 1:
                    raise Unread(node, "only the last case can be without a condition")
                known: Condition = OTHERWISE
            elif isinstance(where, Text):
                raise Unread(where, f"the condition {words!r} is not understood")
            else:
                known = self.condition(where)
            with self.under(all_of(known, *(negate(c) for c in before))):
                clauses.append((self.number(value), known))
            before.append(known)
        if before and before[-1] != OTHERWISE:
            self.need(any_of(*before), "one of the cases applies")
        return Cases(*clauses)

    def matrix(self, node: MatrixRows) -> Value:
        """A matrix of numbers, indices from 1; a column is a vector."""
        if any(isinstance(e, Dots) for row in node.rows for e in row):
            raise Unsupported(node, "a matrix with dots is not supported")
        widths = {len(row) for row in node.rows}
        if len(widths) != 1:
            raise Unread(node, "the rows of the matrix have different lengths")
        rows = [[self.number(e) for e in row] for row in node.rows]
        if node.brackets in ("v", "V"):
            raise Unsupported(node, "a determinant written out is not supported")
        return table(rows)


def table(rows: Sequence[Sequence[Expr]]) -> Whole:
    """A matrix of these numbers; a vector if it has one column."""
    height, width = len(rows), len(rows[0])
    axes = ((Integer(1), Integer(height)), (Integer(1), Integer(width)))
    if width == 1 and height > 1:
        return Whole(axes[:1], lambda at: _picked([row[0] for row in rows], at[0]), "column")

    def entry(at: Sequence[Expr]) -> Expr:
        return _picked([_picked(list(row), at[1]) for row in rows], at[0])

    return Whole(axes, entry, "matrix")


def _picked(values: list[Expr], index: Expr) -> Expr:
    if isinstance(index, Integer) and 1 <= int(index) <= len(values):
        return values[int(index) - 1]
    if len(set(values)) == 1:
        return values[0]
    return Cases(*((value, eq(index, place)) for place, value in enumerate(values, 1)))


def times(factor: Expr, value: Value) -> Value:
    """A number times a value."""
    if isinstance(value, Whole):
        return wholes.scaled(factor, value)
    if isinstance(value, Unit):
        return Unit(factor * value.factor)
    if isinstance(value, Ones):
        return Ones(value.row, factor * value.factor)
    if isinstance(value, Expr):
        if any(_is_undefined(f) for v in (factor, value) for f in Mul.make_args(v)):
            return Mul(factor, value, evaluate=False)
        return factor * value
    raise IllFittingShapes("a condition or a set is multiplied")


def _is_undefined(factor: Expr) -> bool:
    return isinstance(factor, Pow) and factor.base == 0


def fitted(value: Unit | Ones, other: Whole) -> Whole:
    """An identity or ones in the size of what they stand beside."""
    if isinstance(value, Unit):
        return wholes.like(value, other)
    if len(other.axes) != 1:
        raise IllFittingShapes(f"a vector of ones and {wholes.shape_said(other)}")
    return wholes.ones(other.axes[0], Ones(other.kind == "row", value.factor))


def number_of(node: Number) -> Rational:
    """The exact number that digits stand for."""
    text = node.text.replace(",", "")
    ratio = Ratio(text if not text.endswith(".") else text[:-1])
    return Rational(ratio.numerator, ratio.denominator)


def split_indices(sub: Node, count: int) -> tuple[Node, ...] | None:
    r"""The indices in a subscript: with commas between them, or one letter or digit each (`W_{ij}`, `W_{12}`)."""
    if isinstance(sub, Group) and sub.opening == "(" and count > 1:
        sub = sub.body
    if isinstance(sub, Listing):
        return sub.parts if len(sub.parts) == count else None
    if count == 1:
        return (sub,)
    if isinstance(sub, Number) and len(sub.text) == count and sub.text.isdigit():
        return tuple(Number(digit, start=sub.start, end=sub.end) for digit in sub.text)
    if isinstance(sub, Product) and all(o == "" for o in sub.operators):
        parts: list[Node] = []
        for item in sub.items:
            if isinstance(item, Number) and item.text.isdigit():
                parts += [Number(d, start=item.start, end=item.end) for d in item.text]
            else:
                parts.append(item)
        return tuple(parts) if len(parts) == count else None
    return None


def shown_name(node: Node) -> str:
    """A name as the author may have written it."""
    return name_key(node) or "this"


def _sure(base: Expr, strictly: bool = True) -> bool:
    """Whether a number is seen to be positive (or not negative)."""
    if isinstance(base, Rational):
        return bool(base > 0 or (base == 0 and not strictly))
    if base == pi or isinstance(base, exp):
        return True
    if not strictly and isinstance(base, Pow) and isinstance(base.exp, Integer) and base.exp > 0 and base.exp % 2 == 0:
        return True
    return not strictly and isinstance(base, Abs)


def _digits(base: Rational) -> int:
    return max(int(base.p).bit_length(), int(base.q).bit_length()) // 3 + 1
