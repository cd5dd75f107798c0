"""To which digits an approximate value is meant: those of the side that is written with digits alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, Rational

from derive.claims.surroundings import Unsupported
from derive.claims.syntax import Dots, Group, Listing, MatrixRows, Node, Number, Product, Scripted, Sum


def last_digit(*sides: Node) -> Expr:
    """Half a unit of the last digit of the first side that is written with digits alone.

    Example:
        >>> last_digit(Number("1.41"))
        1/200
    """
    for node in sides:
        found = _unit(node)
        if found is not None:
            return found / 2
    raise Unsupported(sides[0], "an approximate value is a number written with digits, or such a number times 10^k")


def _unit(node: Node) -> Expr | None:
    """A unit of the last digit of a number, of a number times a power of ten; None of anything else."""
    if isinstance(node, Number):
        return Rational(1, 10 ** len(node.text.partition(".")[2]))
    if isinstance(node, Sum) and len(node.terms) == 1:
        return _unit(node.terms[0])
    if isinstance(node, (Listing, MatrixRows)) or (isinstance(node, Group) and node.opening in ("(", "[")):
        parts = node.parts if isinstance(node, Listing) else (node.body,) if isinstance(node, Group) else ()
        if isinstance(node, MatrixRows):
            parts = tuple(entry for row in node.rows for entry in row)
        units = {_unit(part) for part in parts}
        return units.pop() if len(units) == 1 else None
    if isinstance(node, Product) and len(node.items) == 2 and node.operators[0] in ("\\cdot", "\\times"):
        one, other = node.items
        ten = isinstance(other, Scripted) and other.sub is None and other.base == Number("10")
        if isinstance(one, Number) and isinstance(other, Scripted) and ten:
            sign, power = 1, other.sup
            if isinstance(power, Sum) and len(power.terms) == 1:
                sign, power = (-1 if power.signs[0] == "-" else 1), power.terms[0]
            if isinstance(power, Number) and power.text.isdigit() and int(power.text) < 300:
                unit = _unit(one)
                return None if unit is None else unit * Integer(10) ** (sign * int(power.text))
    return None


def cut_off(node: Node) -> Node | None:
    r"""The number with a point after which dots stand, `1.414\ldots`, without them; None of anything else.

    Example:
        >>> from derive.claims.parsing import parse
        >>> [cut_off(parse(text)) is not None for text in ("1.414 \\ldots", "-0.6...", "1.414", "3 \\dots")]
        [True, True, False, False]
    """
    if isinstance(node, Sum) and len(node.terms) == 1:
        inner = cut_off(node.terms[0])
        return None if inner is None else Sum(node.signs, (inner,))
    if isinstance(node, Product) and len(node.items) == 2 and isinstance(node.items[1], Dots):
        number = node.items[0]
        return number if isinstance(number, Number) and "." in number.text else None
    return None


def beginning_so(value: Any, written: Any, node: Node) -> Iterator[tuple[Any, str, Any]]:
    """What is said of a value whose digits begin as they are written: two bounds."""
    unit = _unit(node)
    if unit is None:
        raise Unsupported(node, "dots stand after the digits of a number alone")
    below = isinstance(node, Sum) and node.signs[0] == "-"
    yield value, "<=" if below else ">=", written
    yield value, ">" if below else "<", written + (-unit if below else unit)


def only_cut(left: Any, right: Any, unit: Fraction) -> bool:
    """Whether one is what the digits of the other are when they are cut off, and not rounded, at this unit.

    Example:
        >>> two_thirds, cent = Fraction(2, 3), Fraction(1, 100)
        >>> [only_cut(two_thirds, Fraction(n, 100), cent) for n in (65, 66, 67)]
        [False, True, False]
    """
    for written, value in ((right, left), (left, right)):
        if isinstance(written, (int, Fraction)) and (Fraction(written) / unit).denominator == 1:
            rest = value - written if written > 0 else written - value
            return bool(written != 0 and rest > 0 and rest < unit)
    return False
