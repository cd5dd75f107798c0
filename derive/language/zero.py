r"""The exact zero test: are two terms the same quotient of polynomials over generators?

**Generators.** Symbols, entries, sums and every head that is not arithmetic stand for themselves. A power with a
symbolic exponent is split over the monomials of its exponent, with one generator for each base and monomial:
`a**(n - L + 1)` is `a * [a**n] / [a**L]`. Number bases are split into primes first (`4**n` is `[2**n]**2`), `(-1)**n`
squares to 1, `exp` is a power of e; a root is a generator with an equation (`derive.language.quotients`). Factorials
and binomial coefficients are brought to common ones first (`derive.language.counting`), under conditions.

**Theorem.** If `same(left, right)` is true, then left = right at every point where both are defined.
*Proof.* Where no base is 0, generators take values such that the map from the ring of generators is a homomorphism
(`b**(s+t) = b**s * b**t` for b != 0 and integer s, t, or for b > 0), so an identity of quotients holds at every
point where the denominators do not vanish. Where a base is 0, freeze the exponents and every generator that is not a
power: both sides are rational functions of what is left, defined at the point, hence continuous there, and they
agree at all points near it where no base is 0; complex roots move continuously there. (A base that is 0 as a
polynomial has no such points near it; its powers are generators as they stand.) The converse does not hold: two terms
may be equal although this test does not see it, because generators may depend on one another. A false answer therefore
proves nothing; a witness does.

Evaluation modulo a prime at one random point rejects nearly all unequal pairs before anything is expanded.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from sympy import Add, E, Expr, Integer, Mul, Pow, Rational, Symbol, exp, factorint, nan, zoo
from sympy.core.numbers import Exp1

from derive.language import Condition, Entry, with_standard_indices
from derive.language.counting import counts_in, in_common
from derive.language.quotients import MOST_PRODUCTS, Exponent, Generators, Modular, Node, Quotients, has_sign
from derive.language.symbols import is_integer
from derive.language.terms import expanded

_LARGEST_POWER = 200
_LARGEST_BASE = 10**12


class Walk:
    """One walk over terms that shares generators between them."""

    def __init__(self) -> None:
        self.generators = Generators()
        self.nodes: dict[Expr, Node] = {}

    def node(self, term: Expr) -> Node:
        """The term over generators."""
        found = self.nodes.get(term)
        if found is None:
            found = self.nodes[term] = self._node(term)
        return found

    def _node(self, term: Expr) -> Node:
        if isinstance(term, Symbol):
            return ("generator", term)
        if isinstance(term, Rational):
            return ("number", Fraction(int(term.p), int(term.q)))
        if isinstance(term, Add):
            return ("sum", tuple(self.node(a) for a in term.args))
        if isinstance(term, Mul):
            return ("product", tuple(self.node(a) for a in term.args))
        if isinstance(term, (Exp1, exp)):
            return self._symbolic(E, None, Integer(1) if isinstance(term, Exp1) else term.args[0])
        if isinstance(term, Pow):
            return self._power(term)
        return self._generator(term)

    def _generator(self, term: Expr) -> Node:
        if term in (nan, zoo):
            raise ZeroDivisionError
        if isinstance(term, Entry):
            term = Entry(term.array, *(expanded(i) for i in term.indices))
        return ("generator", with_standard_indices(term))

    def _power(self, term: Pow) -> Node:
        base, exponent = term.base, term.exp
        if isinstance(exponent, Integer):
            if abs(int(exponent)) > _LARGEST_POWER:
                return self._generator(term)
            return ("power", self.node(base), int(exponent))
        if base == E:
            return self._symbolic(E, None, exponent)
        if isinstance(base, Rational):
            if base == 0 or max(abs(int(base.p)), int(base.q)) > _LARGEST_BASE:
                return self._generator(term)
            return self._number_power(base, exponent, term)
        if isinstance(base, Mul) and is_integer(exponent):
            return ("product", tuple(self.node(Pow(factor, exponent)) for factor in base.args))
        inside = self.node(base)
        if not isinstance(base, Symbol) and _is_zero(self, inside):
            return self._generator(term)
        if has_sign(inside):  # s*s = 1 makes (s - 1)*(s + 1) = 0: such a base may be 0 with all points around it
            return self._generator(term)
        return self._symbolic(base, inside, exponent)

    def _number_power(self, base: Rational, exponent: Expr, term: Expr) -> Node:
        parts: list[Node] = []
        if base < 0:
            split = _monomials(exponent)
            if not all(is_integer(m) and weight.denominator == 1 for m, weight in split.items()):
                return self._generator(term)
            parts.append(("sign", split))
        for number, direction in ((abs(int(base.p)), 1), (int(base.q), -1)):
            for prime, times in factorint(number).items():
                prime = Integer(prime)
                parts.append(self._symbolic(prime, ("number", Fraction(int(prime))), direction * times * exponent))
        return ("product", tuple(parts))

    def _symbolic(self, base: Expr, inside: Node | None, exponent: Expr) -> Node:
        split, units = _monomials(exponent), self.generators.units
        for monomial, weight in split.items():
            key = (base, monomial)
            if monomial == 1 and inside is not None:
                if weight.denominator != 1:
                    units[key] = Fraction(1, lcm(weight.denominator, units[key].denominator if key in units else 1))
                    self.generators.roots[key] = inside
            else:
                old = units.get(key)
                units[key] = abs(weight) if old is None else _common_unit(old, weight)
        return ("symbolic power", base, inside, split)


def _monomials(exponent: Expr) -> Exponent:
    if isinstance(exponent, Symbol):
        return {exponent: Fraction(1)}
    found: Exponent = {}
    parts = Add.make_args(exponent)
    if not all(_is_plain(p) for p in parts):
        parts = Add.make_args(expanded(exponent))
    for part in parts:
        number, monomial = part.as_coeff_Mul()
        if not isinstance(number, Rational):
            number, monomial = Integer(1), part
        key = monomial if isinstance(monomial, Symbol) else with_standard_indices(monomial)
        found[key] = found.get(key, Fraction(0)) + Fraction(int(number.p), int(number.q))
    return {m: c for m, c in found.items() if c}


def _is_plain(part: Expr) -> bool:
    """Whether a term of an exponent needs no expansion: a number, a symbol, or one times the other."""
    if isinstance(part, Mul):
        return len(part.args) == 2 and isinstance(part.args[0], Rational) and isinstance(part.args[1], Symbol)
    return isinstance(part, (Rational, Symbol))


def _common_unit(a: Fraction, b: Fraction) -> Fraction:
    bottom = lcm(a.denominator, b.denominator)
    return Fraction(gcd(int(a * bottom), int(abs(b) * bottom)), bottom)


def _is_zero(walk: Walk, node: Node) -> bool:
    """Whether a base is 0 as a polynomial (or divides by 0); such a base is left alone."""
    try:
        if not walk.generators.roots and Modular(walk.generators, 7).value(node) != 0:
            return False
        quotients = Quotients(walk.generators, (node,))
        return bool(quotients.without_roots(quotients.pair(node)[0]) == 0)
    except (ZeroDivisionError, OverflowError):
        return True


def same(left: Expr, right: Expr) -> bool:
    """Whether the terms are proved equal wherever both are defined; False means "not shown".

    Example:
        >>> from derive.language import integer, real
        >>> a, n, L = real("a"), integer("n"), integer("L")
        >>> same(a**(n - L + 1) * (1 - a**L) / (1 - a), (a**(n + 1) - a**(n - L + 1)) / (a - 1))
        True
        >>> same(a**(n + 1), a**n)
        False
    """
    return same_when(left, right) == ()


@lru_cache(4096)
def same_when(left: Expr, right: Expr) -> tuple[Condition, ...] | None:
    """Conditions under which the terms are proved equal wherever both are defined; None means "not shown".

    There are conditions only where factorials or binomial coefficients had to be compared: their upper arguments must
    not be negative.

    Example:
        >>> from derive.language import integer
        >>> from derive.language.counting import Binomial
        >>> n, k = integer("n"), integer("k")
        >>> same_when(Binomial(n, k), Binomial(n - 1, k) + Binomial(n - 1, k - 1))
        (n - 1 >= 0,)
    """
    if left == right:
        return None if left.has(nan, zoo) else ()
    if _same(left, right):
        return ()
    if counts_in(left, right):
        (one, other), conditions = in_common((left, right))
        if (one, other) != (left, right) and (one == other or _same(one, other)):
            return conditions
    return None


def _same(left: Expr, right: Expr) -> bool:
    walk = Walk()
    try:
        nodes = (walk.node(left), walk.node(right))
    except ZeroDivisionError:
        return False  # SymPy has put an undefined value into a term
    roots = bool(walk.generators.roots)
    if not roots:
        try:
            values = Modular(walk.generators, 1)
            if values.value(nodes[0]) != values.value(nodes[1]):
                return False
        except ZeroDivisionError:
            pass  # an unlucky point, or a denominator that is 0 everywhere: FLINT tells which
    try:
        quotients = Quotients(walk.generators, nodes)
        (top1, bottom1), (top2, bottom2) = (quotients.pair(n) for n in nodes)
        if len(top1) * len(bottom2) + len(top2) * len(bottom1) > MOST_PRODUCTS:
            return False
        sides = (top1 * bottom2 - top2 * bottom1, bottom1, bottom2)
        difference, *bottoms = map(quotients.without_roots, sides)
    except (ZeroDivisionError, OverflowError):
        return False
    return bool(difference == 0 and all(bottom != 0 for bottom in bottoms))
