r"""The exact zero test: are two terms the same quotient of polynomials over generators?

**Generators.** Symbols, entries, sums and every head that is not arithmetic stand for themselves. A power with a
symbolic exponent is split over the monomials of its exponent, with one generator for each base and monomial:
`a**(n - L + 1)` is `a * [a**n] / [a**L]`. Number bases are split into primes first (`4**n` is `[2**n]**2`), `(-1)**n`
squares to 1, `exp` is a power of e. Factorials and binomial coefficients are brought to common ones first
(`derive.language.counting`), under conditions.

**Theorem.** If `same(left, right)` is true, then left = right at every point where both are defined.
*Proof.* Where no base is 0, generators take values such that the map from the ring of generators is a homomorphism
(`b**(s+t) = b**s * b**t` for b != 0 and integer s, t, or for b > 0), so an identity of quotients holds at every
point where the denominators do not vanish. Where a base is 0, freeze the exponents and every generator that is not a
power: both sides are rational functions of what is left, defined at the point, hence continuous there, and they
agree at all points near it where no base is 0. (A base that is 0 as a polynomial has no such points near it; its
powers are generators as they stand.) The converse does not hold: two terms may be equal although this test does not
see it, because generators may depend on one another. A false answer therefore proves nothing; a witness does.

Evaluation modulo a prime at one random point rejects nearly all unequal pairs before anything is expanded.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, gcd, lcm
from typing import Any

from flint import Ordering, fmpz_mpoly_ctx
from sympy import Add, E, Expr, Integer, Mul, Pow, Rational, Symbol, exp, factorint, nan, zoo
from sympy.core.numbers import Exp1

from derive.language import Condition, Entry, with_standard_indices
from derive.language.counting import counts_in, in_common
from derive.language.symbols import is_integer
from derive.language.terms import expanded

PRIME = 2**61 - 1
_LARGEST_POWER = 200
_MOST_PRODUCTS = 2_000_000
"""Products of terms in one multiplication; beyond it the test gives up rather than fill the memory."""
_LARGEST_BASE = 10**12

Exponent = dict[Expr, Fraction]
"""An exponent as {monomial: coefficient}; the constant part has monomial 1."""

# A term over generators is a nested tuple, read by both evaluators:
#   ("number", Fraction) ("generator", key) ("sum", parts) ("product", parts) ("power", node, int)
#   ("sign", Exponent) ("symbolic power", base key, node of the base or None, Exponent)
Node = tuple[Any, ...]


class Walk:
    """One walk over terms that shares generators between them."""

    def __init__(self) -> None:
        self.units: dict[tuple[Any, Expr], Fraction] = {}
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
            return self._symbolic(E, None, Integer(1) if isinstance(term, Exp1) else term.args[0], term)
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
            return self._symbolic(E, None, exponent, term)
        if isinstance(base, Rational):
            if base == 0 or max(abs(int(base.p)), int(base.q)) > _LARGEST_BASE:
                return self._generator(term)
            return self._number_power(base, exponent, term)
        if isinstance(base, Mul) and is_integer(exponent):
            return ("product", tuple(self.node(Pow(factor, exponent)) for factor in base.args))
        inside = self.node(base)
        if not is_integer(exponent) or (not isinstance(base, Symbol) and _is_zero(self, inside)):
            return self._generator(term)
        if _has_sign(inside):  # s*s = 1 makes (s - 1)*(s + 1) = 0: such a base may be 0 with all points around it
            return self._generator(term)
        return self._symbolic(base, inside, exponent, term)

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
                parts.append(
                    self._symbolic(prime, ("number", Fraction(int(prime))), direction * times * exponent, term)
                )
        return ("product", tuple(parts))

    def _symbolic(self, base: Expr, inside: Node | None, exponent: Expr, term: Expr) -> Node:
        split = _monomials(exponent)
        for monomial, weight in split.items():
            if inside is not None and not (base.is_Integer or (weight.denominator == 1 and is_integer(monomial))):
                return self._generator(term)
            if inside is not None and monomial == 1 and weight.denominator != 1:
                return self._generator(term)
            if monomial != 1 or inside is None:
                key = (base, monomial)
                old = self.units.get(key)
                self.units[key] = abs(weight) if old is None else _common_unit(old, weight)
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


class _Modular:
    """Values modulo a prime at a random point of the generators."""

    def __init__(self, walk: Walk, seed: int) -> None:
        self.walk, self.state = walk, seed
        self.values: dict[Any, int] = {}

    def of(self, key: Any, sign: bool = False) -> int:
        if key not in self.values:
            # Lehmer's generator (multiplier 48271 to the 4th): any spread of values serves, the same every time.
            self.state = (self.state * 5428787512571561 + 1442695040888963407) % PRIME
            self.values[key] = (1 if self.state % 2 else PRIME - 1) if sign else self.state
        return self.values[key]

    def value(self, node: Node) -> int:
        """The value; ZeroDivisionError where a denominator vanishes modulo the prime."""
        kind = node[0]
        if kind == "number":
            return int(node[1].numerator * _inverse(node[1].denominator) % PRIME)
        if kind == "generator":
            return self.of(node[1])
        if kind == "sum":
            return sum(self.value(n) for n in node[1]) % PRIME
        if kind == "product":
            result = 1
            for part in node[1]:
                result = result * self.value(part) % PRIME
            return result
        if kind == "power":
            return _to_power(self.value(node[1]), node[2])
        result = 1
        if kind == "sign":
            for monomial, weight in node[1].items():
                if weight.denominator == 1 and int(weight) % 2:
                    result = result * (PRIME - 1 if monomial == 1 else self.of(("sign", monomial), sign=True)) % PRIME
            return result
        _, base, inside, split = node
        for monomial, weight in split.items():
            if monomial == 1 and inside is not None:
                result = result * _to_power(self.value(inside), int(weight)) % PRIME
            else:
                times = weight / self.walk.units[(base, monomial)]
                result = result * _to_power(self.of((base, monomial)), int(times)) % PRIME
        return result


def _inverse(number: int) -> int:
    if number % PRIME == 0:
        raise ZeroDivisionError
    return pow(number, -1, PRIME)


def _to_power(value: int, exponent: int) -> int:
    return pow(value, exponent, PRIME) if exponent >= 0 else pow(_inverse(value), -exponent, PRIME)


class Quotients:
    """Terms as pairs (numerator, denominator) of FLINT polynomials over all generators of the walk."""

    def __init__(self, walk: Walk, nodes: tuple[Node, ...]) -> None:
        self.walk = walk
        keys: dict[Any, None] = {}
        for node in nodes:
            self._collect(node, keys)
        self.keys = list(keys)
        names = tuple(f"g{i}" for i in range(len(self.keys))) or ("g0",)
        self.ring = fmpz_mpoly_ctx.get(names, Ordering.lex)
        self.of = dict(zip(self.keys, self.ring.gens(), strict=False))
        self.signs = [i for i, key in enumerate(self.keys) if isinstance(key, tuple) and key[0] == "sign"]

    def _collect(self, node: Node, keys: dict[Any, None]) -> None:
        kind = node[0]
        if kind == "generator":
            keys[node[1]] = None
        elif kind in ("sum", "product"):
            for part in node[1]:
                self._collect(part, keys)
        elif kind == "power":
            self._collect(node[1], keys)
        elif kind == "sign":
            for monomial, weight in node[1].items():
                if monomial != 1 and int(weight) % 2:
                    keys[("sign", monomial)] = None
        elif kind == "symbolic power":
            if node[2] is not None:
                self._collect(node[2], keys)
            for monomial in node[3]:
                if monomial != 1 or node[2] is None:
                    keys[(node[1], monomial)] = None

    def pair(self, node: Node) -> tuple[Any, Any]:
        """Numerator and denominator; ZeroDivisionError for a denominator that is 0 as a polynomial."""
        top, bottom = self._pair(node)
        return self._reduced(top), self._reduced(bottom)

    def _pair(self, node: Node) -> tuple[Any, Any]:
        one = self.ring.constant(1)
        kind = node[0]
        if kind == "number":
            return self.ring.constant(node[1].numerator), self.ring.constant(node[1].denominator)
        if kind == "generator":
            return self.of[node[1]], one
        if kind == "sum":
            top, bottom = self.ring.constant(0), one
            for part in node[1]:
                t, b = self._pair(part)
                top, bottom = (top + t, bottom) if b == bottom else (top * b + t * bottom, bottom * b)
            return top, bottom
        if kind == "product":
            return self._multiplied([self._pair(part) for part in node[1]])
        if kind == "power":
            return self._raised(self._pair(node[1]), node[2])
        if kind == "sign":
            factors = []
            for monomial, weight in node[1].items():
                if int(weight) % 2:
                    factors.append((self.ring.constant(-1) if monomial == 1 else self.of[("sign", monomial)], one))
            return self._multiplied(factors)
        _, base, inside, split = node
        factors = []
        for monomial, weight in split.items():
            if monomial == 1 and inside is not None:
                factors.append(self._raised(self._pair(inside), int(weight)))
            else:
                times = int(weight / self.walk.units[(base, monomial)])
                factors.append(self._raised((self.of[(base, monomial)], one), times))
        return self._multiplied(factors)

    def _multiplied(self, factors: list[tuple[Any, Any]]) -> tuple[Any, Any]:
        top, bottom = self.ring.constant(1), self.ring.constant(1)
        for t, b in factors:
            if max(len(top) * len(t), len(bottom) * len(b)) > _MOST_PRODUCTS:
                raise OverflowError
            top, bottom = top * t, bottom * b
        return top, bottom

    def _raised(self, pair: tuple[Any, Any], exponent: int) -> tuple[Any, Any]:
        top, bottom = pair if exponent >= 0 else (pair[1], pair[0])
        if exponent < 0 and self._reduced(bottom) == 0:
            raise ZeroDivisionError
        if max(comb(abs(exponent) + len(p) - 1, abs(exponent)) for p in pair) > _MOST_PRODUCTS:
            raise OverflowError
        return top ** abs(exponent), bottom ** abs(exponent)

    def _reduced(self, polynomial: Any) -> Any:
        """The polynomial with every sign generator's square replaced by 1."""
        if not self.signs:
            return polynomial
        folded: dict[tuple[int, ...], Any] = {}
        for powers, weight in polynomial.to_dict().items():
            key = tuple(int(p) % 2 if i in self.signs else int(p) for i, p in enumerate(powers))
            folded[key] = folded.get(key, 0) + weight
        return self.ring.from_dict({k: w for k, w in folded.items() if w})


def _has_sign(node: Node) -> bool:
    """Whether a power of -1 occurs."""
    return node[0] == "sign" or any(_has_sign(n) for part in node[1:] for n in _nodes(part))


def _nodes(part: Any) -> tuple[Node, ...]:
    if isinstance(part, tuple) and part and isinstance(part[0], str):
        return (part,)
    return tuple(n for n in part if isinstance(n, tuple)) if isinstance(part, tuple) else ()


def _is_zero(walk: Walk, node: Node) -> bool:
    """Whether a base is 0 as a polynomial (or divides by 0); such a base is left alone."""
    try:
        if _Modular(walk, 7).value(node) != 0:
            return False
        return bool(Quotients(walk, (node,)).pair(node)[0] == 0)
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
    try:
        values = _Modular(walk, 1)
        if values.value(nodes[0]) != values.value(nodes[1]):
            return False
    except ZeroDivisionError:
        pass  # an unlucky point, or a denominator that is 0 everywhere: FLINT tells which
    try:
        quotients = Quotients(walk, nodes)
        (top1, bottom1), (top2, bottom2) = (quotients.pair(n) for n in nodes)
    except (ZeroDivisionError, OverflowError):
        return False
    if len(top1) * len(bottom2) + len(top2) * len(bottom1) > _MOST_PRODUCTS:
        return False
    difference = quotients._reduced(top1 * bottom2 - top2 * bottom1)
    return bool(difference == 0 and bottom1 != 0 and bottom2 != 0)
