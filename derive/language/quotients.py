r"""Terms over generators, evaluated: modulo a prime at one random point, and as quotients of FLINT polynomials.

A node is a nested tuple: `("number", Fraction)`, `("generator", key)`, `("sum", parts)`, `("product", parts)`,
`("power", node, int)`, `("sign", Exponent)`, `("symbolic power", base key, node of the base or None, Exponent)`. An
exponent is `{monomial: coefficient}`; the constant part has monomial 1.

**Roots.** `b**(1/2)` is a generator g of its own, with $g^2 = b$: a numerator is reduced by that until no root stands
to its degree or higher. Both sides of such an equation have the same value wherever the root has one, so what is 0
after the reduction is 0 there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import comb, floor
from typing import Any

from flint import Ordering, fmpz_mpoly_ctx
from sympy import Expr

PRIME = 2**61 - 1
MOST_PRODUCTS = 2_000_000
"""Products of terms in one multiplication; beyond it the test gives up rather than fill the memory."""

Exponent = dict[Expr, Fraction]
"""An exponent as {monomial: coefficient}; the constant part has monomial 1."""

Node = tuple[Any, ...]


@dataclass
class Generators:
    """What a walk has found: the unit of each (base, monomial), and what each root is a root of."""

    units: dict[tuple[Any, Expr], Fraction] = field(default_factory=dict)
    roots: dict[tuple[Any, Expr], Node] = field(default_factory=dict)


class Modular:
    """Values modulo a prime at a random point of the generators."""

    def __init__(self, generators: Generators, seed: int) -> None:
        self.generators, self.state = generators, seed
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
            if monomial == 1 and inside is not None:  # no roots are looked at here
                result = result * _to_power(self.value(inside), int(weight)) % PRIME
            else:
                times = weight / self.generators.units[(base, monomial)]
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

    def __init__(self, generators: Generators, nodes: tuple[Node, ...]) -> None:
        self.generators = generators
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
            for monomial, weight in node[3].items():
                if monomial != 1 or node[2] is None or weight.denominator != 1:
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
                factors.append(self._raised(self._pair(inside), floor(weight)))
                weight -= floor(weight)
            if weight and (monomial != 1 or inside is None or weight.denominator != 1):
                times = int(weight / self.generators.units[(base, monomial)])
                factors.append(self._raised((self.of[(base, monomial)], one), times))
        return self._multiplied(factors)

    def _multiplied(self, factors: list[tuple[Any, Any]]) -> tuple[Any, Any]:
        top, bottom = self.ring.constant(1), self.ring.constant(1)
        for t, b in factors:
            if max(len(top) * len(t), len(bottom) * len(b)) > MOST_PRODUCTS:
                raise OverflowError
            top, bottom = top * t, bottom * b
        return top, bottom

    def _raised(self, pair: tuple[Any, Any], exponent: int) -> tuple[Any, Any]:
        top, bottom = pair if exponent >= 0 else (pair[1], pair[0])
        if exponent < 0 and self._reduced(bottom) == 0:
            raise ZeroDivisionError
        if max(comb(abs(exponent) + len(p) - 1, abs(exponent)) for p in pair) > MOST_PRODUCTS:
            raise OverflowError
        return top ** abs(exponent), bottom ** abs(exponent)

    def without_roots(self, polynomial: Any) -> Any:
        """The polynomial, times what is not 0 where the roots have values, with each root below its degree.

        Raises:
            OverflowError: it grows beyond all bounds.
        """
        found = self._reduced(polynomial)
        places = {i: key for i, key in enumerate(self.keys) if key in self.generators.roots}
        high = True
        while high:  # what a root is of may hold other roots, but never itself
            high = False
            for i, key in places.items():
                degree = int(1 / self.generators.units[key])
                parts: dict[int, dict[tuple[int, ...], Any]] = {}
                for powers, weight in found.to_dict().items():
                    times, left = divmod(int(powers[i]), degree)
                    parts.setdefault(times, {})[(*powers[:i], left, *powers[i + 1 :])] = weight
                if set(parts) <= {0}:
                    continue
                high, most = True, max(parts)
                top, bottom = self._pair(self.generators.roots[key])
                found = self.ring.constant(0)
                for times, part in parts.items():
                    above, below = self._raised((top, self.ring.constant(1)), times)[0], bottom ** (most - times)
                    found += self._multiplied([(p, p) for p in (self.ring.from_dict(part), above, below)])[0]
                found = self._reduced(found)
        return found

    def _reduced(self, polynomial: Any) -> Any:
        """The polynomial with every sign generator's square replaced by 1."""
        if not self.signs:
            return polynomial
        folded: dict[tuple[int, ...], Any] = {}
        for powers, weight in polynomial.to_dict().items():
            key = tuple(int(p) % 2 if i in self.signs else int(p) for i, p in enumerate(powers))
            folded[key] = folded.get(key, 0) + weight
        return self.ring.from_dict({k: w for k, w in folded.items() if w})


def has_sign(node: Node) -> bool:
    """Whether a power of -1 occurs."""
    return node[0] == "sign" or any(has_sign(n) for part in node[1:] for n in _nodes(part))


def _nodes(part: Any) -> tuple[Node, ...]:
    if isinstance(part, tuple) and part and isinstance(part[0], str):
        return (part,)
    return tuple(n for n in part if isinstance(n, tuple)) if isinstance(part, tuple) else ()


