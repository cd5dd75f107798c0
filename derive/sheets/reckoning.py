"""Numbers that follow from those a problem varies: `n - k + 1`, `X[1][2] + 1`, `sum(w)`, reckoned exactly.

The grammar is this and nothing more; Python reads it into a tree, of which nothing is run::

    sum     = term {("+" | "-") term}             number = digits | name {"[" sum "]"} | function "(" sum {"," sum} ")"
    term    = power {("*" | "/" | "//" | "%") power}
    power   = ["-"] number ["**" power]           function = sum | max | min | len | abs | convolved | correlated

Entries are counted from 1. A list may be what is reckoned, too: a name, a row of it, `[a, b]` of other terms, or of two
lists `convolved(x, w)`, wherever they meet, and `correlated(x, w)`, where `w` fits and without turning it.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from derive.errors import BadInput, nearest

Drawn = Fraction | tuple[Any, ...]
LONGEST_TERM = 300
LARGEST_POWER = 64
LARGEST_NUMBER = 10**60

_SIGNS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction | int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
FUNCTIONS = ("sum", "max", "min", "len", "abs", "convolved", "correlated")


class UnknownPlace(BadInput):
    """A place `<<term>>` that cannot be reckoned; `keys` say where in the table it stands."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.keys: tuple[str | int, ...] = ()


def reckoned(text: str, numbers: Mapping[str, Drawn]) -> Drawn:
    """What the text says of the numbers.

    Raises:
        UnknownPlace: a name that is no number of the problem, or a text that is not of the grammar.

    Example:
        >>> numbers = {"n": Fraction(7), "x": (Fraction(2), Fraction(5))}
        >>> reckoned("(n - 1)/4 + x[2]", numbers), reckoned("sum(x)*len(x)", numbers)
        (Fraction(13, 2), Fraction(14, 1))
    """
    if text in numbers:  # also of a name that Python would not read, such as x'
        return numbers[text]
    if len(text) > LONGEST_TERM:
        raise UnknownPlace(f"<<{text[:12]}...>> has {len(text)} characters; at most {LONGEST_TERM} are allowed")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnknownPlace(f"<<{text}>> is not a number or a term such as n - k + 1") from None
    try:
        return _value(tree, text, numbers)
    except ZeroDivisionError:
        raise UnknownPlace(f"<<{text}>> divides by 0") from None


def _value(tree: ast.expr, text: str, numbers: Mapping[str, Drawn]) -> Drawn:
    match tree:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return Fraction(number)
        case ast.Name(id=name):
            if name not in numbers:
                which = f"<<{name}>>" if name == text else f"<<{text}>>: {name}"
                raise UnknownPlace(f"{which} is no number of this problem; {nearest(name, numbers)}")
            return numbers[name]
        case ast.List(elts=parts) if parts:
            return tuple(_value(part, text, numbers) for part in parts)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_number(inner, text, numbers)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            return _joined(type(sign), _number(left, text, numbers), _number(right, text, numbers), text)
        case ast.Subscript(value=array, slice=place):
            return _entry(_value(array, text, numbers), _number(place, text, numbers), text)
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]) if name in FUNCTIONS and given:
            return _called(name, [_value(one, text, numbers) for one in given], text)
    raise UnknownPlace(f"<<{text}>> is not a number or a term such as n - k + 1")


def _number(tree: ast.expr, text: str, numbers: Mapping[str, Drawn]) -> Fraction:
    value = _value(tree, text, numbers)
    if isinstance(value, tuple):
        raise UnknownPlace(f"<<{text}>> reckons with a list where a number is wanted; write x[1] for its first entry")
    return value


def _joined(sign: type[ast.operator], left: Fraction, right: Fraction, text: str) -> Fraction:
    if sign is ast.Pow and (right.denominator > 1 or abs(right) > LARGEST_POWER):
        raise UnknownPlace(f"<<{text}>>: a power must be an integer of at most {LARGEST_POWER}")
    value = Fraction(_SIGNS[sign](left, right))
    if max(abs(value.numerator), value.denominator) > LARGEST_NUMBER:
        raise UnknownPlace(f"<<{text}>> is a number of more than 60 digits")
    return value


def _entry(value: Drawn, place: Fraction, text: str) -> Drawn:
    if not isinstance(value, tuple):
        raise UnknownPlace(f"<<{text}>> takes an entry of a number")
    if place.denominator > 1 or not 1 <= place <= len(value):
        raise UnknownPlace(f"<<{text}>>: there is no entry {place}; they are counted from 1 to {len(value)}")
    entry: Drawn = value[int(place) - 1]
    return entry


def _called(name: str, given: list[Drawn], text: str) -> Drawn:
    if name in ("convolved", "correlated"):
        if len(given) != 2 or not (0 < _depth(given[0]) == _depth(given[1]) <= 2):
            raise UnknownPlace(f"<<{text}>>: {name} is of two lists, or of two lists of rows")
        return _slid(given[0], given[1], fits=name == "correlated")
    if name == "len":
        if len(given) == 1 and isinstance(given[0], tuple):
            return Fraction(len(given[0]))
        raise UnknownPlace(f"<<{text}>>: len counts the entries of one list")
    flat = [number for one in given for number in _flat(one)]
    if name == "abs":
        if len(flat) == 1:
            return abs(flat[0])
        raise UnknownPlace(f"<<{text}>>: abs is of one number")
    return {"sum": lambda: Fraction(sum(flat)), "max": lambda: max(flat), "min": lambda: min(flat)}[name]()


def _flat(value: Drawn) -> Iterator[Fraction]:
    if isinstance(value, tuple):
        for inner in value:
            yield from _flat(inner)
    else:
        yield value


def _depth(value: Drawn) -> int:
    return 1 + _depth(value[0]) if isinstance(value, tuple) else 0


def _slid(x: Drawn, w: Drawn, fits: bool) -> Drawn:
    """The sums of products, where w fits and as it is, or wherever it meets x and turned."""
    if not (isinstance(x, tuple) and isinstance(w, tuple)):
        return _product(x, w)
    places = range(len(x) - len(w) + 1) if fits else range(len(x) + len(w) - 1)
    found: list[Drawn] = []
    for place in places:
        pairs = ((place + k, k) if fits else (place - k, k) for k in range(len(w)))
        found.append(_added([_slid(x[i], w[k], fits) for i, k in pairs if 0 <= i < len(x)]))
    return tuple(found)


def _product(x: Drawn, w: Drawn) -> Fraction:
    assert isinstance(x, Fraction) and isinstance(w, Fraction)
    return x * w


def _added(terms: list[Drawn]) -> Drawn:
    if isinstance(terms[0], tuple):
        return tuple(_added(list(column)) for column in zip(*terms, strict=True))
    return sum((term for term in terms if isinstance(term, Fraction)), Fraction(0))
