r"""Sums, quotients, powers, roots, inverses, cases and matrices of values as they are read.

**What has no value somewhere must not be lost.** SymPy cancels $x/x$ and $0 \cdot \frac1x$ as it builds them, so each
division, root and power notes the condition under which it has a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as Ratio

from sympy import Abs, Add, E, Expr, Integer, Mul, Pow, Rational, ceiling, exp, floor, oo, pi

from derive.claims import wholes
from derive.claims.names import name_key
from derive.claims.surroundings import Members, Several, Surroundings, Unread, Unsupported, Value
from derive.claims.syntax import (
    CaseRows,
    Dots,
    Fraction,
    MatrixRows,
    Name,
    Node,
    Number,
    Product,
    Root,
    Sum,
    Text,
)
from derive.claims.wholes import IllFittingShapes, Ones, Unit, Whole, as_number
from derive.language import (
    OTHERWISE,
    Array,
    Cases,
    Condition,
    Definition,
    Entry,
    all_of,
    any_of,
    eq,
    ge,
    gt,
    ne,
    negate,
)
from derive.language.forms import of
from derive.language.symbols import fresh, is_integer, is_whole_valued

LARGEST_DEGREE, MOST_DIGITS = 1_000, 2_000
"""The exponent of a term; the digits of a power of a number that is worked out."""

LARGEST_POWER = 8
LARGEST_DETERMINANT = 4
"""Of a matrix, written out as a product."""


class Arithmetic(Surroundings):
    """What can be done with values; `value`, `number` and the like are the reader's."""

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

    def sum(self, node: Sum) -> Value:
        """Terms added with their signs."""
        if any(isinstance(term, Dots) for term in node.terms):
            from derive.claims.reading_dots import in_sum

            return in_sum(self, node)
        total: Value | None = None
        for sign, term in zip(node.signs, node.terms, strict=True):
            if sign == "\\pm":
                raise Unsupported(node, "\\pm says two things at once")
            if isinstance(term, Product) and term.operators[-1] == "\\bmod" and (total is not None or sign == "-"):
                from derive.claims.reading_products import remainder_in_sum

                total = remainder_in_sum(self, term, total, sign)
                continue
            value = self.value(term)
            if isinstance(value, (Condition, Several, Members)):
                raise Unread(term, "a number or an array is wanted here")
            if sign == "-":
                value = times(Integer(-1), value)
            if value in (oo, -oo) and len(node.terms) > 1:
                raise Unread(term, "infinity is no number: it stands at the end of a range")
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
            one, other = self.part_that_fits(one, other)
            return wholes.entrywise(one, other, lambda a, b: Add(a, b), "sum", "two terms of a sum")
        if isinstance(one, Expr) and isinstance(other, Expr):
            return one + other
        for value, against in ((one, other), (other, one)):
            if isinstance(value, Whole) and isinstance(against, Expr) and as_number(value) is not None:
                return as_number(value) + against
        raise IllFittingShapes(f"{wholes.shape_said(one)} and {wholes.shape_said(other)} are added")

    def part_that_fits(self, one: Whole, other: Whole) -> tuple[Whole, Whole]:
        """Both, with the part of a sliding product that has the size of the other."""
        from derive.claims.reading_slides import fitting

        return fitting(self, one, other, None)

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
        of_array = isinstance(base, (Whole, Ones, Unit))
        steps = isinstance(letter, Name) and letter.style in ("bar", "underline") and not self.known(name_key(letter))
        if steps and isinstance(letter, Name) and sign == 1 and not of_array:
            from derive.claims.reading_powers import stepwise

            return stepwise(self, self.as_number(base, node), letter)
        if word in ("top", "intercal") or (word == "T" and (of_array or not self.known("T"))):
            turned = self.turned(base, node)
            return turned if sign == 1 else self.inverse(turned, node)
        if isinstance(base, (Whole, Unit)):
            exponent = self.number(sup)
            if exponent == -1:
                return self.inverse(base, node)
            if isinstance(exponent, Integer) and exponent < 0 and (isinstance(base, Unit) or as_number(base) is None):
                return self.repeated(self.inverse(base, node), -exponent, node)
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
        elif is_whole_valued(exponent):
            if not (isinstance(exponent, Integer) and exponent >= 0) and not _sure(base):
                positive = ge(exponent, 0) if not isinstance(exponent, Integer) else None
                self.need(ne(base, 0) if positive is None else any_of(positive, ne(base, 0)), f"{base} is divided by")
        elif not _sure(base):
            at_zero = all_of(ge(base, 0), gt(exponent, 0))
            ways = [gt(base, 0), at_zero]
            if all(s.is_integer for s in exponent.free_symbols):  # it may be whole by what is known of entries
                whole = eq(floor(exponent), exponent)
                negative = base.is_Rational and base < 0
                ways = [whole] if negative else [*ways, all_of(whole, any_of(ge(exponent, 0), ne(base, 0)))]
            self.need(any_of(*ways), f"{base} has an exponent that need not be an integer")
        if base == 0 and not isinstance(exponent, Integer):
            return Pow(base, exponent, evaluate=False)
        if base == 0 and exponent < 0:
            return Pow(base, exponent, evaluate=False)
        number = isinstance(exponent, Integer)
        if number and isinstance(base, Rational):
            if _digits(base) * abs(int(exponent)) > MOST_DIGITS:
                raise Unsupported(node, "a power is too large to be worked out")
            return Pow(base, exponent)
        made = Pow(base, exponent)
        degree = made.exp if isinstance(made, Pow) else exponent
        if number and isinstance(degree, Integer) and abs(int(degree)) > LARGEST_DEGREE:
            raise Unsupported(node, f"a power with an exponent above {LARGEST_DEGREE} is not supported")
        return made

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

    def cases(self, node: CaseRows) -> Value:
        """Values with conditions; the last may have none, or `otherwise`."""
        clauses: list[tuple[Expr, Condition]] = []
        before: list[Condition] = []
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
        if any(isinstance(e, Dots) for row in node.rows for e in row) and node.brackets not in ("v", "V"):
            from derive.claims.reading_grids import dotted

            return dotted(self, node)
        widths = {len(row) for row in node.rows}
        if len(widths) != 1:
            raise Unread(node, "the rows of the matrix have different lengths")
        rows = [[self.number(e) for e in row] for row in node.rows]
        if node.brackets == "V" or (node.brackets == "v" and len(rows) > LARGEST_DETERMINANT):
            raise Unsupported(node, "this determinant or norm of a matrix that is written out is not supported")
        if node.brackets == "v":
            from derive.claims.reading_grids import determinant

            return determinant(rows, node)
        return table(rows)


def table(rows: Sequence[Sequence[Expr]]) -> Whole:
    """A matrix of these numbers; a vector if it has one column."""
    height, width = len(rows), len(rows[0])
    axes = ((Integer(1), Integer(height)), (Integer(1), Integer(width)))
    if width == 1 and height > 1:
        return Whole(axes[:1], lambda at: picked([row[0] for row in rows], at[0]), "column")

    def entry(at: Sequence[Expr]) -> Expr:
        return picked([picked(list(row), at[1]) for row in rows], at[0])

    return Whole(axes, entry, "matrix")


def picked(values: list[Expr], index: Expr) -> Expr:
    """The value at an index, from 1; cases where it is a letter."""
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
        if factor != -1 and oo in (factor, value, -value):
            raise Unread(None, "infinity is no number: it stands at the end of a range")
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
