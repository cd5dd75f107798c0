"""To which digits an approximate value is meant: those of the side that is written with digits alone."""

from __future__ import annotations

from sympy import Expr, Integer, Rational

from derive.claims.surroundings import Unsupported
from derive.claims.syntax import Group, Listing, MatrixRows, Node, Number, Product, Scripted, Sum


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
