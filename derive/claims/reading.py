r"""What a written formula means: trees of `derive.claims.syntax` with declared names become terms of the engine.

Values are numbers (SymPy terms), whole arrays (`derive.claims.wholes`), conditions, tuples, sets. Nothing is guessed: a
name that is neither declared nor bound is an error that names it, and where the usual ways of writing differ
(`1/2x`, `\log(a)^2`) the reader is asked which reading is meant; a caller reads again with each (`Reader.choices`).

**What has no value somewhere must not be lost.** SymPy cancels $x/x$ and $0 \cdot \frac1x$ as it builds them, so each
division, root, logarithm, entry and largest value notes the condition under which it has a value (`Reader.needs`),
with the ranges and cases that it stands in.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from difflib import get_close_matches

from sympy import E, Expr, Integer, Rational, oo, pi

from derive.claims import wholes
from derive.claims.arithmetic import Arithmetic, number_of
from derive.claims.names import name_key, shown_name, split_indices
from derive.claims.surroundings import Function, Range, Several, Unread, Value
from derive.claims.syntax import (
    Big,
    CaseRows,
    Choose,
    Dots,
    Factorial,
    Fraction,
    Group,
    Listing,
    Logic,
    MatrixRows,
    Name,
    Negated,
    Node,
    Number,
    Product,
    Relation,
    Root,
    Scripted,
    Sum,
    Text,
)  # fmt: skip
from derive.claims.wholes import Ones, Unit, Whole
from derive.language import Condition, Indicator, all_of, eq, ge
from derive.language import counting as counts
from derive.language.terms import substitute

BARS = ("\\|", "\\lVert", "|", "\\lvert")

_HINTS = {"sigma": r"; for the logistic function: let = ['\sigma(z) = \frac{1}{1 + e^{-z}}']"}
"""What may help where such a name means nothing."""


def _hint(node: Name) -> str:
    """What may be meant by a name that means nothing: a function of nearly that name, if it is written as one."""
    from derive.claims.reading_functions import FUNCTIONS

    upright = {"operatorname", "mathrm"} & set(node.style.split()) and len(node.text) > 2
    near = get_close_matches(node.text, FUNCTIONS, n=1, cutoff=0.7) if upright else []
    return f": the nearest known function is '{near[0]}'" if near else _HINTS.get(node.text, "")


MOST_LEVELS = 40
"""Of calls within calls."""


class Reader(Arithmetic):
    """One reading of the formulas of a claim."""

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
            words = isinstance(node, Text)
            raise Unread(node, "words have no value here" if words else "what the dots stand for is not said")
        from derive.claims.reading_conditions import condition

        return condition(self, node)

    def condition(self, node: Node) -> Condition:
        """What the node says, as a condition."""
        from derive.claims.reading_conditions import condition

        return condition(self, node)

    def name(self, node: Name) -> Value:
        key = name_key(node)
        if node.text in ("R", "Z", "N") and "mathbb" in node.style.split():  # also where a size is called N
            from derive.claims.reading_conditions import number_set

            return number_set(node.text)
        if key is not None and self.known(key):
            found = self.look_up(key)
            return self._family(found, node) if isinstance(found, Function) else found
        bold = set(node.style.split()) & {"mathbf", "mathbb", "boldsymbol", "bm"}
        if node.text == "1" and bold:
            return Ones()
        if node.text == "e" and not node.style:
            return E
        if node.text in ("pi", "infty") and not node.style:
            return pi if node.text == "pi" else oo
        if node.text == "I":
            return Unit()
        raise Unread(node, f"{shown_name(node)} is neither declared nor bound{_hint(node)}")

    def _family(self, function: Function, node: Node) -> Whole:
        """All members of a family, where one declared range is that of its letter: p_i = e^{z_i} is as long as z."""
        from derive.claims.reading_ranges import ranges_of

        axes = [ranges_of(self, letter, (function.body,)) for letter in function.letters]
        if len(axes) > 2 or any(len(found) != 1 or oo in found[0] or -oo in found[0] for found in axes):
            raise Unread(node, f"{function.name} is a function, and it is not said of what")
        letters = []
        outside = self.bound
        self.bound = {}
        try:
            with ExitStack() as inside:
                for key, ((low, high),) in zip(function.letters, axes, strict=True):
                    letters.append(self.new_symbol(key))
                    self.scope.taken.add(letters[-1].name)
                    inside.enter_context(self.binding(key, letters[-1], Range(letters[-1], low, high)))
                body = self.number(function.body)
        finally:
            self.bound = outside
        made = lambda at: substitute(body, dict(zip(letters, at, strict=True)))  # noqa: E731
        return Whole(tuple(found[0] for found in axes), made, "matrix" if len(axes) == 2 else "column")

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
        elif isinstance(node.base, Group) and node.base.opening in BARS and node.sub is not None:
            from derive.claims.reading_groups import norm

            value = norm(self, node.base, node.sub, node)
            return value if node.sup is None else self.power(value, node.sup, node)
        elif isinstance(node.base, Group) and node.base.opening == "eval":
            from derive.claims.reading_derivatives import evaluated

            return evaluated(self, node)
        else:
            special = self._special(node)
            special = self._signed(node) if special is None else special
            if special is not None:
                return special
            base_key = name_key(node.base)
            value = self.look_up(base_key) if base_key is not None and self.known(base_key) else self.value(node.base)
        if isinstance(value, Whole) and len(value.axes) == 2 and None not in (node.sub, node.sup):
            return self.power_and_index(value, node)
        if isinstance(value, Function) or node.sub is not None:
            if node.sub is not None:
                value = self.at_index(value, node.sub, node)
            elif isinstance(value, Function):
                value = self._family(value, node)
        return value if node.sup is None else self.power(value, node.sup, node)

    def _signed(self, node: Scripted) -> Value | None:
        from derive.claims.reading_conditions import signed_set

        return signed_set(node)

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
        elif base.text == "1" and base.style and _is_condition(node.sub):
            assert node.sub is not None
            inside = node.sub.body if isinstance(node.sub, Group) else node.sub
            value = Indicator(self.condition(inside))
        elif base.text in ("I", "1") and node.sub is not None and (base.text == "I" or base.style):
            value = self._sized(base.text == "I", node.sub, node)
        else:
            return None
        return value if node.sup is None else self.power(value, node.sup, node)

    def _sized(self, identity: bool, sub: Node, node: Node) -> Value:
        """I_n, an entry I_{ij}, ones with their number."""
        if identity and (split := split_indices(sub, 2)) is not None:
            number = isinstance(sub, Number)
            if not number or self.choose(node, "an entry of an identity", f"an identity with {sub} rows") == 0:
                return self.at_index(Unit(), Listing(split), node)
        n = self.whole_number(sub)
        return wholes.identity(n) if identity else wholes.ones((Integer(1), n), Ones())

    def power_and_index(self, value: Whole, node: Scripted) -> Value:
        """A^{-1}_{ij} is an entry of the inverse; A^2_{ij} may be one of the square, or the square of an entry."""
        assert node.sub is not None and node.sup is not None
        word = node.sup.text if isinstance(node.sup, Name) else ""
        matrix = word in ("top", "T", "intercal") or isinstance(node.sup, Sum)
        said = "the entry has the exponent", "the matrix has the exponent"
        later = node.sup.start > node.sub.start > 0
        if matrix or (not later and self.choose(node, *said)):
            return self.at_index(self.power(value, node.sup, node), node.sub, node)
        return self.power(self.at_index(value, node.sub, node), node.sup, node)

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
        if isinstance(value, Several):
            from derive.claims.arithmetic import table

            value = table([[self.as_number(part, node)] for part in value.parts])
        if not isinstance(value, Whole):
            named = node.base if isinstance(node, Scripted) and isinstance(node.base, Name) else None
            said = "this is a number" if named is None else f"{shown_name(named)} is a number"
            if said.startswith("delta "):
                said += "; \\delta_{ij} is Kronecker's only where delta is not declared"
            raise Unread(node, f"something with an index is wanted, and {said}")
        parts = split_indices(sub, len(value.axes))
        if parts is None:
            raise Unread(sub, f"an entry has {len(value.axes)} {'index' if len(value.axes) == 1 else 'indices'} here")
        if value.began:
            from derive.claims.reading_slides import with_index

            value = with_index(self, value, node)
        return self.entry(value, [self.whole_number(p) for p in parts])

    def entry(self, value: Whole, indices: Sequence[Expr]) -> Expr:
        """One number of an array, noted to be in its range where nothing is outside."""
        if value.outside == "error":
            inside: list[Condition] = []
            for index, axis in zip(indices, value.axes, strict=True):
                if not any(isinstance(a, Range) and (a.symbol, (a.low, a.high)) == (index, axis) for a in self.around):
                    inside += [] if axis[0] is -oo or _at_least(index, axis[0]) else [ge(index, axis[0])]
                    inside += [] if axis[1] is oo or _at_least(axis[1], index) else [ge(axis[1], index)]
            name = value.base.name if value.base is not None else "the array"
            self.need(all_of(*inside), f"the index of {name} is in its range")
        if value.base is not None:
            self.picked(value.base, indices)
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


def _is_condition(node: Node | None) -> bool:
    inside = node.body if isinstance(node, Group) and node.opening in ("\\{", "[", "(") else node
    return isinstance(inside, (Relation, Logic, Negated))


def _at_least(one: Expr, other: Expr) -> bool:
    """Whether this is plain between numbers, or says n >= n."""
    difference = one - other
    return isinstance(difference, Rational) and bool(difference >= 0)
