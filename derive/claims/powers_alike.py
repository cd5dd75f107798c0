r"""Parts of a row that are written shortly, with all their powers: 1, a, a^2 are a^0, a^1, a^2.

So parts that go on are seen to be alike, as in $a^n + a^{n-1} b + \dots + b^n$ and in $1 + 2a + \dots + n a^{n-1}$.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from derive.claims.syntax import Fraction, Group, Name, Node, Number, Product, Scripted

_TURNED = (Name("top"), Name("T"), Name("intercal"), Name("dagger"), Name("T", "mathsf"), Name("T", "mathrm"))
_MULTIPLIED = ("", "\\cdot", "\\times")


@dataclass
class _Factors:
    """The factors of a part: bases with what they are raised to, in order."""

    powers: list[tuple[Node, Node]]

    def of(self, base: Node) -> list[Node]:
        return [e for b, e in self.powers if b == base]


def powers_alike(parts: Sequence[Node]) -> list[Node]:
    r"""The parts, each with all the bases of which one of them has a power; as they are, if that is no help.

    No two factors change places: they may be matrices.

    Example:
        >>> from derive.claims.parsing import parse
        >>> from derive.claims.writing import latex
        >>> [latex(p) for p in powers_alike([parse("1"), parse("2a"), parse("3a^2")])]
        ['1 a^{0}', '2 a^{1}', '3 a^{2}']
    """
    factored = [_factors(p) for p in parts]
    exponents: dict[Node, set[Node]] = {}
    for base, exponent in (pair for p in factored for pair in p.powers if _is_base(pair[0])):
        exponents.setdefault(base, set()).add(exponent)
    raised = [base for base, found in exponents.items() if len(found) > 1]  # not x_1 in x_1^2 + ... + x_n^2
    if not raised or any(len(p.of(base)) > 1 for p in factored for base in raised):
        return list(parts)
    if any(not _in_order([b for b, _ in p.powers], raised) for p in factored):
        return list(parts)
    rests = [[(b, e) for b, e in p.powers if b not in raised] for p in factored]
    if any(len(p.of(base)) == 0 for p in factored for base in raised) or any(rests):
        made = []
        for p, rest in zip(factored, rests, strict=True):
            bare = [b if e == Number("1") else Scripted(b, None, e) for b, e in rest]
            filled = bare or [Number("1")] * any(rests)
            powers = [_power(base, (p.of(base) or [Number("0")])[0]) for base in raised]
            made.append(_product([*filled, *powers]))
        return made
    return [_product([_power(base, p.of(base)[0]) for base in raised]) for p in factored]


def _in_order(bases: Sequence[Node], raised: Sequence[Node]) -> bool:
    """Whether what is raised stands last, in the order of all of them."""
    places = [raised.index(b) if b in raised else -1 for b in bases]
    return places == sorted(places)


def _factors(part: Node) -> _Factors:
    several = isinstance(part, Product) and all(o in _MULTIPLIED for o in part.operators)
    items = list(part.items) if several and isinstance(part, Product) else [part]
    powers: list[tuple[Node, Node]] = []
    for item in items:
        while isinstance(item, Group) and item.opening == "(" and isinstance(item.body, (Name, Number, Scripted)):
            item = item.body
        if item == Number("1") and len(items) == 1:
            continue
        if isinstance(item, Scripted) and item.sup is not None and item.sup not in _TURNED:
            base = replace(item, sup=None) if item.sub is not None or item.primes else item.base
            powers.append((base, item.sup))
        else:
            powers.append((item, Number("1")))
    return _Factors(powers)


def _is_base(base: Node) -> bool:
    """A letter, or a fraction or sum in brackets: of numbers the powers are seen by their values."""
    if isinstance(base, Group):
        return base.opening == "(" and not isinstance(base.body, (Number, Fraction))
    return isinstance(base, (Name, Scripted))


def _power(base: Node, exponent: Node) -> Node:
    if isinstance(base, Scripted):
        return replace(base, sup=exponent)
    return Scripted(base, None, exponent)


def _product(items: Sequence[Node]) -> Node:
    return items[0] if len(items) == 1 else Product(tuple(items), ("",) * (len(items) - 1))
