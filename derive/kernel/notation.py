"""Terms as nested lists of numbers and words, exactly: what a certificate (certificate.py) is written in.

    7, ["/", 1, 2], ["constant", "pi"]                       numbers (also E, oo, -oo)
    "n", ["real", "a"]                                       integer symbols, real symbols
    ["Add", 1, "n"], ["sum", body, "k", 0, "n"]              the heads of `HEADS` with their arguments
    ["integral", body, ["real", "t"], 0, ["real", "a"]]      its variable is a real symbol
    ["entry", "x", "n"], ["cases", [value, condition], ...]  an array by its label in the table of arrays
    ["indicator", condition], ["partial", term, ["entry", ...]]
    ["applied", "f", 1, "n"]                                 the first derivative of a smooth function
    ["E of", body], ["Var", body], ["Cov", f, g]             moments over all outcomes
    ["stated", "mean", ["array", "x"], ["row", "i"], 0]      what a context states of a random array
    ["<=", 0, "n"], ["and", ...], ["or", ...], ["not", ...]  conditions
    ["held", "Mul", 2, ["Add", 1, "n"]]                      as written, where SymPy would make another term of it

The table of arrays has for each label an array, `{"name": "x", "axes": [[low, high], ...], "outside": "zero"}`, or a
form, `{"form": "scaled", "operands": [["real", "a"], ["array", "x"]]}`, whose arrays stand before it in the table; or
what a smooth map makes of an array, `{"map": "g", "axes": [[low, high]], "order": 0, "operands": [["array", "x"]]}`.

Lists that are read are not trusted: heads stand on a list, sizes are limited, and a term that SymPy would change as it
builds it is refused unless it is held. So the list says what is checked, and no huge power is worked out on the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import gcd
from typing import Any

import sympy
from sympy import Add, Basic, Expr, Integer, Mul, Pow, Rational, Symbol, Tuple

from derive.errors import BadCertificate, IllFormed
from derive.language import (
    AllOf,
    AnyOf,
    Array,
    Cases,
    Compare,
    Condition,
    Entry,
    ForAll,
    IndexProduct,
    IndexSum,
    Indicator,
    Integral,
    Largest,
    Negation,
    Partial,
    Ranged,
    integer,
    real,
)
from derive.language.chance import Covariance, Expectation, Moment, Stated, Variance, stated
from derive.language.conditions import OPPOSITE
from derive.language.counting import Binomial, Factorial
from derive.language.forms import Form
from derive.language.maps import HIGHEST_ORDER, Applied, Image

DEEPEST = 120
"""Lists within lists."""
MOST_BITS = 2**22
"""Bits that a number could come to have if the powers and products of a term were worked out."""
MOST_PARTS = 100
"""Arrays that an array or form may be made of, each counted as often as it occurs with all that it is made of."""
MOST_NESTED = 8
"""Forms within forms: finding the shape of a form looks at its operands several times."""

_ANY, _MANY = (0, 2**31), (2, 2**31)
HEADS: dict[str, tuple[type, tuple[int, int]]] = {
    "Add": (Add, _MANY), "Mul": (Mul, _MANY), "Pow": (Pow, (2, 2)), "Min": (sympy.Min, _MANY),
    "Max": (sympy.Max, _MANY), "Mod": (sympy.Mod, (2, 2)), "binomial": (Binomial, (2, 2)),
    "sum": (IndexSum, (4, 4)), "product": (IndexProduct, (4, 4)), "largest": (Largest, (4, 4)),
    "for all": (ForAll, (4, 4)), "integral": (Integral, (4, 4)),
    "factorial": (Factorial, (1, 1)), "indicator": (Indicator, (1, 1)), "partial": (Partial, (2, 2)),
    "and": (AllOf, _ANY), "or": (AnyOf, _ANY), "not": (Negation, (1, 1)),
    **{f: (getattr(sympy, f), (1, 1)) for f in ("floor", "ceiling", "Abs", "sign", "exp", "log", "sin", "cos", "tanh")},
    "E of": (Expectation, (1, 1)), "Var": (Variance, (1, 1)), "Cov": (Covariance, (2, 2)),
    "erf": (sympy.erf, (1, 1)), "lambert": (sympy.LambertW, (1, 1)),
}  # fmt: skip
"""Heads by name, with the least and greatest number of arguments."""
EVALUATED = (Add, Mul, Pow)
"""Heads that SymPy rewrites as it builds them. All others are built as they are written."""
INERT = (Ranged, Binomial, Factorial, Indicator, Partial, Moment, Condition)
"""Heads of our own, which do nothing. A new one is named here and in `HEADS`, and below if it is made of conditions."""
OF_CONDITIONS = (Condition, Indicator)
CONSTANTS: dict[str, Expr] = {"pi": sympy.pi, "E": sympy.E, "oo": sympy.oo, "-oo": -sympy.oo}

_NAMES = {head: name for name, (head, _) in HEADS.items()}


def short(value: object, most: int = 60) -> str:
    """The value for an error message; words in quotes."""
    try:
        text = ascii(value) if isinstance(value, str) else str(value)
    except ValueError:  # Python writes no number of more than some thousand digits
        text = "a huge number"
    return text if len(text) <= most else text[: most - 3] + "..."


def is_ours(symbol: Symbol) -> bool:
    """Whether `derive.language.symbols` makes such a symbol."""
    try:
        return symbol in (integer(symbol.name), real(symbol.name))
    except IllFormed:
        return False


class TermWriter:
    """Writes terms; `table` is then the table of their arrays."""

    def __init__(self) -> None:
        self.labels: dict[Array, str] = {}
        self.table: dict[str, Any] = {}

    def array(self, value: Array, place: str) -> str:
        """The label: the array's name, or the form's operation, numbered where another one has it too."""
        if value not in self.labels:
            written: dict[str, Any]
            if isinstance(value, Image):
                axes = [[self.term(end, place) for end in axis] for axis in value.own]
                name, written = value.map, {"map": value.map, "axes": axes, "order": value.order}
                written["operands"] = [self.thing(value.operands[0], place)]
            elif isinstance(value, Form):
                name, written = value.operation, {"form": value.operation}
                written["operands"] = [self.thing(operand, place) for operand in value.operands]
            else:
                axes = [[self.term(end, place) for end in axis] for axis in value.axes]
                name, written = value.name, {"name": value.name, "axes": axes, "outside": value.outside}
            count = sum(1 for label in self.table if label.partition("#")[0] == name)
            self.labels[value] = f"{name}#{count + 1}" if count else name
            self.table[self.labels[value]] = written
        return self.labels[value]

    def thing(self, value: Any, place: str) -> Any:
        """An array as `["array", label]`, anything else as a term."""
        return ["array", self.array(value, place)] if isinstance(value, Array) else self.term(value, place)

    def term(self, term: Any, place: str) -> Any:
        """A term or condition.

        Raises:
            BadCertificate: there is no notation for it.
        """
        if isinstance(term, Rational):
            return int(term) if term.q == 1 else ["/", int(term.p), int(term.q)]
        if type(term) is Symbol and is_ours(term):
            return term.name if term.is_integer else ["real", term.name]
        for name, constant in CONSTANTS.items():
            if term == constant:
                return ["constant", name]
        if isinstance(term, Entry):
            return ["entry", self.array(term.array, place), *(self.term(i, place) for i in term.indices)]
        if isinstance(term, Applied):
            return ["applied", term.name, term.order, self.term(term.inside, place)]
        if isinstance(term, Cases):
            return ["cases", *([self.term(v, place), self.term(c, place)] for v, c in term.clauses)]
        if isinstance(term, Stated):
            return ["stated", term.what, *(self.part(part, place) for part in term.args[1:])]
        if isinstance(term, Compare):
            return [term.op, self.term(term.left, place), self.term(term.right, place)]
        if type(term) not in _NAMES:
            raise BadCertificate(f"{place}: a certificate has no notation for {short(term)} ({type(term).__name__})")
        written = [_NAMES[type(term)], *(self.term(part, place) for part in term.args)]
        changes = isinstance(term, EVALUATED) and term.func(*term.args) != term
        return ["held", *written] if changes else written

    condition = symbol = term

    def part(self, value: Any, place: str) -> Any:
        """A part of what is stated: an array, a row of arrays or indices, a term."""
        if isinstance(value, Tuple):
            return ["row", *(self.thing(v, place) for v in value.args)]
        return self.thing(value, place)


class TermReader:
    """Reads terms, given the arrays by their labels. Every method raises BadCertificate with the place."""

    def __init__(self) -> None:
        self.arrays: dict[str, Array] = {}
        self.parts: dict[str, tuple[int, int]] = {}
        self.made_of: list[tuple[int, int]] = []
        self.depth = 0
        self.bits: dict[Basic, int] = {}

    def made(self, place: str, make: Callable[..., Any], *parts: Any, **options: Any) -> Any:
        """What `make` makes of the parts."""
        try:
            return make(*parts, **options)
        except (ArithmeticError, AttributeError, IllFormed, TypeError, ValueError) as problem:
            raise BadCertificate(f"{place}: {short(problem, 150)}") from None

    def words(self, data: Any, place: str) -> str:
        if not isinstance(data, str) or not data.isprintable():
            raise BadCertificate(f"{place}: printable words are wanted, not {short(data)}")
        return data

    def items(self, data: Any, place: str, size: tuple[int, int] = _ANY) -> list[Any]:
        least, most = size
        if not isinstance(data, list) or not least <= len(data) <= most:
            many = "" if size == _ANY else f" of {least}" if least == most else f" of {least} or more"
            raise BadCertificate(f"{place}: a list{many} is wanted, not {short(data)}")
        return data

    def array(self, data: Any, place: str) -> Array:
        if not isinstance(data, str) or data not in self.arrays:
            raise BadCertificate(f"{place}: there is no array {short(data)} in the table of arrays (before this place)")
        self.made_of.append(self.parts.get(data, (1, 0)))
        return self.arrays[data]

    def new_array(self, label: str, data: dict[str, Any], place: str) -> None:
        """Another row of the table of arrays, whose keys have been looked at."""
        self.made_of = []
        if "map" in data:
            axes = [self.items(axis, place, (2, 2)) for axis in self.items(data["axes"], place)]
            ends = tuple((self.term(low, place), self.term(high, place)) for low, high in axes)
            operand = self.thing(self.items(data["operands"], place, (1, 1))[0], f"{place}[0]")
            self._check_size(place)
            name, order = self.words(data["map"], place), self.order(data["order"], place)
            self.arrays[label] = self.made(place, Image, name, ends, operand, order)
        elif "form" in data:
            operation = self.words(data["form"], place)
            operands = [self.thing(o, f"{place}[{i}]") for i, o in enumerate(self.items(data["operands"], place))]
            self._check_size(place)  # before the shape is looked for
            if any(operand in (sympy.oo, -sympy.oo) for operand in operands):
                raise BadCertificate(f"{place}: only a sum or the range of an array ends at infinity")
            self.arrays[label] = self.made(place, Form, operation, *operands)
        else:
            axes = [self.items(axis, place, (2, 2)) for axis in self.items(data["axes"], place)]
            ends = tuple((self.term(low, place), self.term(high, place)) for low, high in axes)
            self._check_size(place)
            name, outside = self.words(data["name"], place), self.words(data["outside"], place)
            self.arrays[label] = self.made(place, Array, name, ends, outside)
        parts, nested = zip(*self.made_of, strict=True) if self.made_of else ((0,), (-1,))
        self.parts[label] = 1 + sum(parts), 1 + max(nested)

    def _check_size(self, place: str) -> None:
        if sum(parts for parts, _ in self.made_of) >= MOST_PARTS:
            raise BadCertificate(f"{place}: it is made of more than {MOST_PARTS} arrays, counted one by one")
        if any(nested >= MOST_NESTED for _, nested in self.made_of):
            raise BadCertificate(f"{place}: forms are nested more than {MOST_NESTED} deep")

    def order(self, data: Any, place: str) -> int:
        """How often something is differentiated."""
        if type(data) is not int or not 0 <= data <= HIGHEST_ORDER:
            raise BadCertificate(f"{place}: an order is a whole number from 0 to {HIGHEST_ORDER}, not {short(data)}")
        return data

    def symbol(self, data: Any, place: str) -> Symbol:
        return self._of_kind(Symbol, "a symbol", data, place)

    def condition(self, data: Any, place: str) -> Condition:
        return self._of_kind(Condition, "a condition", data, place)

    def term(self, data: Any, place: str) -> Expr:
        return self._of_kind(Expr, "a term", data, place)

    def thing(self, data: Any, place: str) -> Basic:
        """`["array", label]` or a term."""
        if isinstance(data, list) and len(data) == 2 and data[0] == "array":
            return self.array(data[1], f"{place}[1]")
        return self._of_kind(Basic, "a term", data, place)

    def part(self, data: Any, place: str) -> Basic:
        """A part of what is stated."""
        if isinstance(data, list) and data[:1] == ["row"]:
            return Tuple(*(self.thing(value, f"{place}[{i + 1}]") for i, value in enumerate(data[1:])))
        return self.thing(data, place)

    def deeper(self, place: str) -> None:
        """One list or object further down; whoever calls it takes the depth back."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadCertificate(f"{place[:60]}...: the lists are nested more than {DEEPEST} deep")

    def _of_kind(self, kind: type, wanted: str, data: Any, place: str) -> Any:
        found = self._node(data, place)
        if not isinstance(found, kind):
            raise BadCertificate(f"{place}: {wanted} is wanted, not {short(found)}")
        return found

    def _node(self, data: Any, place: str) -> Basic:
        if type(data) is int:
            return self._known(Integer(data), data.bit_length() if abs(data) > 1 else 0)
        if isinstance(data, str):
            symbol: Symbol = self.made(place, integer, data)
            return symbol
        if not isinstance(data, list) or not data or not isinstance(data[0], str):
            raise BadCertificate(f"{place}: a term is a whole number, a name or a list with a head, not {short(data)}")
        self.deeper(place)
        found = self._list(data[0], data[1:], place)
        self.depth -= 1
        return found

    def _list(self, name: str, rest: list[Any], place: str) -> Basic:
        def part(number: int) -> str:
            return f"{place}[{number + 1}]"

        if name == "/":
            p, q = self.items(rest, place, (2, 2))
            if not (type(p) is type(q) is int and q > 1 and gcd(p, q) == 1):
                raise BadCertificate(f"{place}: {short(p)}/{short(q)} is not a fraction in lowest terms")
            return self._known(Rational(p, q), max(abs(p), q).bit_length())
        if name in ("real", "constant"):
            text = self.words(self.items(rest, place, (1, 1))[0], place)
            if name == "constant" and text not in CONSTANTS:
                raise BadCertificate(f"{place}: there is no constant {short(text)}; there are {', '.join(CONSTANTS)}")
            return CONSTANTS[text] if name == "constant" else self.made(place, real, text)
        if name == "entry":
            array = self.array(self.items(rest, place, (1, 2**31))[0], part(0))
            indices = [self.term(index, part(i)) for i, index in enumerate(rest) if i]
            return self.made(place, Entry, array, *indices)
        if name == "applied":
            label, order, _ = self.items(rest, place, (3, 3))
            inside = self.term(rest[2], part(2))
            return self.made(place, Applied, self.words(label, place), self.order(order, place), inside)
        if name == "cases":
            pairs = [self.items(clause, part(i), (2, 2)) for i, clause in enumerate(rest)]
            clauses = [
                (self.term(v, f"{part(i)}[0]"), self.condition(c, f"{part(i)}[1]")) for i, (v, c) in enumerate(pairs)
            ]
            return self._known(self.made(place, Cases, *clauses), self._largest(v for v, _ in clauses))
        if name == "stated":
            what = self.words(self.items(rest, place, (2, 2**31))[0], place)
            parts = [self.part(value, part(i)) for i, value in enumerate(rest) if i]
            return self._known(self.made(place, stated, what, *parts), self._largest(parts))
        if name in OPPOSITE:
            left, right = (self.term(s, part(i)) for i, s in enumerate(self.items(rest, place, (2, 2))))
            return self.made(place, Compare, name, left, right)
        held = name == "held"
        if held:
            name, *rest = self.items(rest, place, (1, 2**31))
        if not isinstance(name, str) or name not in HEADS or (held and HEADS[name][0] not in EVALUATED):
            raise BadCertificate(f"{place}: {short(name)} is not a head that {'can be held' if held else 'is known'}")
        head, size = HEADS[name]
        conditions = issubclass(head, OF_CONDITIONS)
        reads = [self.condition if conditions and not (issubclass(head, Ranged) and i) else self.term for i in range(4)]
        items = enumerate(self.items(rest, place, size))
        parts = [reads[min(i, 3) if issubclass(head, Ranged) else 0](item, part(i + held)) for i, item in items]
        return self._built(head, parts, held, place)

    def _built(self, head: Any, parts: list[Any], held: bool, place: str) -> Basic:
        if head is not IndexSum and any(part in (sympy.oo, -sympy.oo) for part in parts):
            raise BadCertificate(f"{place}: only a sum or the range of an array ends at infinity")
        bits = self._weight(head, parts)
        if bits > MOST_BITS:
            raise BadCertificate(f"{place}: this could come to a number of more than {MOST_BITS} bits")
        if issubclass(head, INERT):
            return self._known(self.made(place, head, *parts), bits)
        if held or head not in EVALUATED:
            found = self.made(place, head, *parts, evaluate=False)
        else:
            found = self.made(place, head, *parts)
        if type(found) is not head or Counter(found.args) != Counter(parts) or (held and found.args != tuple(parts)):
            raise BadCertificate(f"{place}: SymPy makes {short(found)} of this {head.__name__}; write that, or hold it")
        return self._known(found, bits)

    def _known(self, term: Any, bits: int) -> Basic:
        if bits:
            self.bits[term] = bits
        found: Basic = term
        return found

    def _largest(self, parts: Any) -> int:
        return max((self.bits.get(p, 0) for p in parts), default=0)

    def _weight(self, head: type, parts: list[Any]) -> int:
        """A bound for the bits of a number that the term holds or that working it out could give."""
        if head is Mul:
            return sum(self.bits.get(p, 0) for p in parts)
        if head is Pow or (head is sympy.exp and parts[0].has(sympy.log)):
            # exp(3*log(2)) is 2**3, so its argument is base and exponent in one.
            base, exponent = (self.bits.get(p, 0) for p in (parts[0], parts[-1]))
            return base << min(exponent, 64)
        return 0 if head is sympy.exp else self._largest(parts)
