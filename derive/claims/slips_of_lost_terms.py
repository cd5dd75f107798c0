"""A term or an exponent that was lost within a formula: one that stands elsewhere in it, or in the other side.

A term that the whole side lacks is found by what the sides differ by (`derive.claims.missing_terms`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from derive.claims.changes import NO_VALUES, Repair, Setting, put
from derive.claims.retouching import Spot, bracketed, plain, spots
from derive.claims.syntax import Big, Name, Node, Number, Scripted, Sum
from derive.claims.writing import latex

RANK, MOST = 36, 8
"""How likely it is; different terms that are tried."""
POWER = 28
"""How likely it is that an exponent was lost."""
_VALUES = ("factor", "argument", "top", "bottom", "root", "case", "rounded")
_INTEGERS = ("exponent", "upper limit", "lower limit", "index", "rounded")


def lost_terms(side: Node, setting: Setting) -> Iterator[Repair]:
    """The side with one more term in a bracket, a numerator, a root, an index or a limit.

    Example:
        >>> from derive.claims.parsing import parse
        >>> n, m = Name("n"), Name("m")
        >>> setting = Setting({"n": "integer", "m": "integer"}, {"n": n, "m": m}, {}, (), m)
        >>> [latex(r.node) for r in lost_terms(parse("2^n"), setting)]
        ['2^{n + m}', '2^{n - m}']
    """
    places = list(spots(side))
    atoms = Counter(_atoms([*places, *spots(setting.other)], setting))
    for spot in places:
        node = plain(spot.node)
        if spot.role not in (*_VALUES, *_INTEGERS) or isinstance(node, (*NO_VALUES, Number, Big)):
            continue
        if spot.role == "factor" and not isinstance(node, (Sum, Scripted)):
            continue
        if spot.role == "index" and not isinstance(node, Sum) and setting.sort(node) != "integer":
            continue  # a part of a name, or several indices
        for atom, _ in atoms.most_common(MOST):
            whole = setting.sort(atom) == "integer"
            if atom == node or (spot.role in _INTEGERS and not whole) or setting.is_matrix(atom):
                continue
            for sign in "+-":
                signs, terms = (node.signs, node.terms) if isinstance(node, Sum) else (("+",), (node,))
                new: Node = Sum((*signs, sign), (*terms, atom))
                said = f"the term {'' if sign == '+' else '-'}{latex(atom)} is missing in {latex(node)}"
                yield put(spot, bracketed(new) if spot.role == "factor" else new, "term", RANK, said)


def lost_powers(side: Node, setting: Setting) -> Iterator[Repair]:
    """The side with an exponent at a letter that has it elsewhere.

    Example:
        >>> from derive.claims.parsing import parse
        >>> setting = Setting({"x": "real"}, {"x": Name("x")}, {}, (), parse("x^3"))
        >>> [r.said for r in lost_powers(parse("1 + x"), setting)]
        ['the exponent 3 of x is missing']
    """
    places = list(spots(side))
    found: dict[Node, dict[Node, None]] = {}
    for spot in (*places, *spots(setting.other)):
        node = spot.node
        power = isinstance(node, Scripted) and node.sub is None and node.sup
        if isinstance(node, Scripted) and power and setting.sort(node.base) in ("integer", "real"):
            found.setdefault(node.base, {})[power] = None
    for spot in places:
        if spot.role not in ("base", "called", "bound letter") and "range" not in (spot.role, *spot.inside):
            for power in found.get(plain(spot.node), ()):
                said = f"the exponent {latex(power)} of {latex(spot.node)} is missing"
                yield put(spot, Scripted(plain(spot.node), sup=power), "exponent", POWER, said)


def _atoms(places: list[Spot], setting: Setting) -> Iterator[Node]:
    """Letters and entries that have a value."""
    for spot in places:
        node = plain(spot.node)
        if spot.role in ("called", "operator", "bound letter", "base") or "range" in (spot.role, *spot.inside):
            continue
        letter = isinstance(node, Name) and setting.sort(node) in ("integer", "real")
        if letter or (isinstance(node, Scripted) and isinstance(node.base, Name)):
            yield node
