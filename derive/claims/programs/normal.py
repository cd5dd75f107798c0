r"""A normal form of terms made of finite sums over fixed ranges, products and powers, and what it decides.

A term is multiplied out to a sum of monomials, each a number times sums $\sum_{k=1}^{n}$ of a product of factors. The
laws used: a sum is linear; a factor that is free of the index goes in and out; finite sums whose ends do not move with
each other's indices may be exchanged; a bound index may be renamed; a sum of a constant over 1..n is n times it for
n >= 1. Every other head is a factor, with its arguments in normal form. Indices get their names from the smallest way
to write the product, where there are few enough ways to try them all.

**Claim.** Terms whose normal forms the exact zero test shows to be the same have the same value wherever both have one.
*Proof.* Each law holds for all values of the factors, and `zero.same` speaks for what is left. The converse does not
hold: terms may be equal without this test seeing it. Division is not multiplied out, so that no denominator is lost
but by the zero test, which speaks of points where both sides are defined.

Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., sections 2.3 and 2.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations, product
from math import factorial

from sympy import Add, Basic, Dummy, Expr, Integer, Mul, Pow, Rational, Symbol

from derive.language import Array, Entry, IndexSum, substitute
from derive.language.symbols import fresh
from derive.language.terms import names_in, rebuild
from derive.language.zero import same

MOST_MONOMIALS, MOST_SUMS, MOST_FACTORS, LARGEST_POWER, MOST_ORDERS = 300, 5, 60, 8, 3_000


class TooLong(Exception):
    """The normal form would have too many parts."""


@dataclass(frozen=True)
class Monomial:
    """A number times sums of a product."""

    number: Rational
    sums: tuple[tuple[Symbol, Expr], ...]
    factors: tuple[Expr, ...]


def monomials(term: Expr, depth: int = 0, bound: frozenset[Symbol] = frozenset()) -> tuple[Monomial, ...]:
    """The term multiplied out; equal monomials are not collected.

    Raises:
        TooLong: there are too many.
    """
    if isinstance(term, Rational):
        return (Monomial(term, (), ()),) if term != 0 else ()
    if isinstance(term, Add):
        return _few(tuple(m for part in term.args for m in monomials(part, depth, bound)))
    if isinstance(term, Mul):
        return _multiplied([monomials(part, depth, bound) for part in term.args])
    if isinstance(term, Pow) and isinstance(term.exp, Integer) and 1 <= term.exp <= LARGEST_POWER:
        return _multiplied([monomials(term.base, depth, bound)] * int(term.exp))
    if isinstance(term, IndexSum) and _plain(term, bound):
        index = term.index
        inner = monomials(term.body, depth, bound | {index})
        return tuple(replace(m, sums=((index, term.high), *m.sums)) for m in inner)
    return (Monomial(Integer(1), (), (_inside(term, depth, bound),)),)


def _plain(term: IndexSum, bound: frozenset[Symbol]) -> bool:
    """Whether it runs from 1 to a size, which is at least 1 and moves with no index."""
    high = term.high
    return term.low == 1 and ((isinstance(high, Symbol) and high not in bound) or (high.is_Integer and high >= 1))


def _few(found: tuple[Monomial, ...]) -> tuple[Monomial, ...]:
    if len(found) > MOST_MONOMIALS or any(len(m.factors) > MOST_FACTORS for m in found):
        raise TooLong
    return found


def _multiplied(parts: list[tuple[Monomial, ...]]) -> tuple[Monomial, ...]:
    found: tuple[Monomial, ...] = (Monomial(Integer(1), (), ()),)
    for part in parts:
        if len(found) * len(part) > MOST_MONOMIALS:
            raise TooLong
        found = _few(tuple(_joined(a, b) for a, b in product(found, part)))
    return found


def _names(m: Monomial) -> set[str]:
    return names_in(*m.factors) | {k.name for k, _ in m.sums} | names_in(*(high for _, high in m.sums))


def _joined(a: Monomial, b: Monomial) -> Monomial:
    """Their product, the bound indices of the second named apart."""
    taken = _names(a) | _names(b)
    sums, factors = [], b.factors
    for place, (index, high) in enumerate(b.sums):
        later = {k for k, _ in b.sums[place + 1 :]}
        new = fresh(index.name, taken)
        taken.add(new.name)
        if index not in later:  # an inner sum over the same name has the factors to itself
            factors = tuple(substitute(f, {index: new}) for f in factors)
        sums.append((new, high))
    return Monomial(a.number * b.number, (*a.sums, *sums), (*a.factors, *factors))


def _inside(term: Expr, depth: int, bound: frozenset[Symbol]) -> Expr:
    """A factor, its arguments in normal form."""
    if isinstance(term, (Symbol, Entry)) or not term.args:
        return term
    if isinstance(term, IndexSum):
        made: Expr = IndexSum(normal(term.body, depth + 1, bound | {term.index}), *term.args[1:])
        return made
    return rebuild(term, [_argument(part, depth, bound) for part in term.args])


def _argument(part: Basic, depth: int, bound: frozenset[Symbol]) -> Basic:
    plain = not isinstance(part, Expr) or isinstance(part, (Rational, Array))
    return part if plain else normal(part, depth + 1, bound)


def _marker(depth: int, place: int) -> Symbol:
    number = 20_000_000 + 1_000 * depth + place
    return Dummy(f"s{depth}_{place}", integer=True, dummy_index=number)


def _standard(m: Monomial, depth: int) -> Expr:
    """The monomial with its indices named by the smallest way to write its product."""
    m = _joined(Monomial(Integer(1), (), ()), m)  # no two sums over one name
    number: Expr = m.number
    used = [(k, high) for k, high in m.sums if any(k in f.free_symbols for f in m.factors)]
    for k, high in m.sums:
        if (k, high) not in used:
            number *= high
    if len(used) > MOST_SUMS:
        raise TooLong
    if not used:
        return Mul(number, *m.factors)
    moving = {k for k, _ in used}
    number *= Mul(*(f for f in m.factors if not moving & f.free_symbols))
    factors = [f for f in m.factors if moving & f.free_symbols]
    best: tuple[str, Expr] | None = None
    for order in permutations(used):
        names = {k: _marker(depth, place) for place, (k, _) in enumerate(order)}
        body: Expr = Mul(*(substitute(f, names) for f in factors))
        for place, (_, high) in reversed(list(enumerate(order))):
            body = IndexSum(body, _marker(depth, place), 1, high)
        key = str(body)
        if best is None or key < best[0]:
            best = (key, body)
    assert best is not None
    return number * best[1]


def normal(term: Expr, depth: int = 0, bound: frozenset[Symbol] = frozenset()) -> Expr:
    """The normal form.

    Args:
        term: A term whose sums run to sizes: integers that are at least 1.
        depth: How many heads it stands in.
        bound: The indices that are bound around it.

    Raises:
        TooLong: it has too many parts.

    Example:
        >>> from derive.language import array, integer
        >>> k, l, n = integer("k"), integer("l"), integer("n")
        >>> x, y = array("x", (1, n)), array("y", (1, n))
        >>> one = IndexSum(x[k] * IndexSum(y[l], l, 1, n), k, 1, n)
        >>> normal(one - IndexSum(x[k], k, 1, n) * IndexSum(y[k], k, 1, n))
        0
    """
    found = monomials(term, depth, bound)
    if sum(factorial(min(len(m.sums), MOST_SUMS + 1)) for m in found) > MOST_ORDERS:
        raise TooLong
    return Add(*(_standard(m, depth) for m in found))


def shown_equal(left: Expr, right: Expr) -> bool:
    """Whether the terms are proved equal wherever both have a value; False means "not shown"."""
    try:
        return same(normal(left), normal(right))
    except TooLong:
        return False
