r"""Integrals over a finite range of real numbers, and which integrands are admitted.

`Integral(body, t, low, high)` is the Riemann integral of `body` over the real numbers t from low to high; both ends are
finite, and it has a value only for low <= high, so that what is said of t within the range is never said of nothing.

Admitted is a body that is bounded and continuous but for finitely many places, which is seen from how it is built:
continuous functions of t (sums, products, powers with exponents free of t, exp, log, sin, cos, tanh, erf, absolute
values, largest and least values), and cases and indicators whose comparisons are between polynomials in t, so that
there are finitely many pieces. **Every case must have a value on the whole closed range, also where it does not
apply**: 1/t for t > 0 and 0 for t <= 0 has a value everywhere and no integral from 0 to 1. All else is refused by name.

Source: Rudin, Principles of Mathematical Analysis, 3rd ed., theorem 6.10 (bounded, finitely many discontinuities).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import reduce
from itertools import combinations, pairwise
from typing import Any, Protocol

from sympy import (
    Abs,
    Add,
    Basic,
    E,
    Expr,
    Integer,
    Max,
    Min,
    Mul,
    Pow,
    Symbol,
    cos,
    erf,
    exp,
    log,
    sin,
    tanh,
)

from derive.errors import IllFormed, Undefined, Unevaluable
from derive.language.balls import complex_number, integrated
from derive.language.conditions import AllOf, AnyOf, Compare, Condition, Negation
from derive.language.numbers import Number
from derive.language.ranged import Integral
from derive.language.terms import Cases, Indicator, rebuild, subterms

_CONTINUOUS = (Add, Mul, exp, log, sin, cos, tanh, erf, Abs, Max, Min)
_HIGHEST_DEGREE = 60
_ENTIRE = {exp: "exp", sin: "sin", cos: "cos", tanh: "tanh", erf: "erf"}
Polynomial = list[Fraction]


def check_integrand(term: Integral) -> None:
    """Refuse a body of which it is not seen that it is bounded and continuous but for finitely many places.

    Raises:
        IllFormed: with the part that is not admitted.
    """
    _check(term.body, term.index, term)


def _check(part: Basic, t: Symbol, whole: Integral) -> None:
    if t not in part.free_symbols:
        return
    if part == t:
        return
    if isinstance(part, Cases):
        for value, condition in part.clauses:
            _check(value, t, whole)
            _check_condition(condition, t, whole)
        return
    if isinstance(part, Indicator):
        _check_condition(part.condition, t, whole)
        return
    if isinstance(part, Pow) and t in part.exp.free_symbols and part.base != E:
        raise IllFormed(f"the exponent of {part} moves with {t}: {whole} is not admitted")
    if not isinstance(part, (*_CONTINUOUS, Pow)):
        raise IllFormed(f"{part} in {whole} is not known to be a continuous function of {t}")
    for below in part.args:
        _check(below, t, whole)


def _check_condition(condition: Condition, t: Symbol, whole: Integral) -> None:
    if isinstance(condition, Compare):
        for side in (condition.left, condition.right):
            _check_polynomial(side, t, whole)
    elif isinstance(condition, (AllOf, AnyOf, Negation)):
        for part in condition.args:
            _check_condition(part, t, whole)
    elif t in condition.free_symbols:
        raise IllFormed(f"{condition} in {whole} may change infinitely often")


def _check_polynomial(term: Basic, t: Symbol, whole: Integral) -> None:
    if t not in term.free_symbols or term == t:
        return
    power = isinstance(term, Pow) and isinstance(term.exp, Integer) and term.exp >= 0
    if not (isinstance(term, (Add, Mul)) or power):
        raise IllFormed(f"{term} in a condition of {whole} is no polynomial in {t}")
    for part in term.args:
        _check_polynomial(part, t, whole)


class Evaluator(Protocol):
    """What knows values at a point."""

    def value(self, term: Any, at: dict[Symbol, Number]) -> Number: ...
    def truth(self, condition: Condition, at: dict[Symbol, Number]) -> bool: ...


def area(evaluator: Evaluator, term: Integral, at: dict[Symbol, Number]) -> Number:
    """The value of an integral that is cut at rational places: exact if its pieces are polynomials, else enclosed.

    Raises:
        Undefined: the lower end is above the upper one.
        Unevaluable: cuts that are not seen to be rational, or functions that are not meromorphic.
    """
    low, high = (_fraction(evaluator.value(end, at)) for end in (term.low, term.high))
    if low > high:
        raise Undefined(f"{term} runs backwards, from {low} to {high}")
    try:
        check_integrand(term)
    except IllFormed as problem:
        raise Unevaluable(str(problem)) from None
    return _Pieces(evaluator, term.index, dict(at)).over(term.body, low, high)


class _Pieces:
    """One integral at one point."""

    def __init__(self, evaluator: Evaluator, t: Symbol, at: dict[Symbol, Number]) -> None:
        self.evaluator, self.t, self.at = evaluator, t, at

    def over(self, body: Any, low: Fraction, high: Fraction) -> Number:
        if low == high:
            self.evaluator.value(body, {**self.at, self.t: low})
            return Fraction(0)
        cuts = {root for d in self.differences(body) for root in self.roots(d) if low < root < high}
        for place in (low, *cuts, high):
            self.evaluator.value(body, {**self.at, self.t: place})  # that it has a value there
        total: Number = Fraction(0)
        for start, end in pairwise([low, *sorted(cuts), high]):
            settled = self.settled(body, (start + end) / 2)
            if settled == body:
                total = total + self.settled_over(body, start, end)
            else:
                total = total + self.over(settled, start, end)
        return total

    def settled_over(self, body: Any, low: Fraction, high: Fraction) -> Number:
        """Without a choice in the body: exactly for a polynomial, else enclosed."""
        try:
            return _between(self.polynomial(body), low, high)
        except Unevaluable:
            return integrated(self.complex(body), low, high)

    def complex(self, term: Any) -> Callable[[Any], Any]:
        """The term as a function of a complex number; meromorphic functions alone, so that no branch is chosen."""
        if term == self.t:
            return lambda z: z
        if self.t not in term.free_symbols:
            constant = complex_number(self.evaluator.value(term, self.at))
            return lambda z: constant
        if isinstance(term, (Add, Mul)):
            parts = [self.complex(part) for part in term.args]
            join = operator.add if isinstance(term, Add) else operator.mul
            return lambda z: reduce(join, [part(z) for part in parts])
        if isinstance(term, Pow) and isinstance(term.exp, Integer) and abs(int(term.exp)) <= _HIGHEST_DEGREE:
            base, times = self.complex(term.base), int(term.exp)
            return lambda z: base(z) ** times
        if type(term) in _ENTIRE:
            inner, name = self.complex(term.args[0]), _ENTIRE[type(term)]
            return lambda z: getattr(inner(z), name)()
        raise Unevaluable(f"the integral of {term} over {self.t} is not worked out")

    def differences(self, body: Basic) -> Iterator[Expr]:
        """Whose roots are where the form of the body changes; those that are polynomials themselves."""
        for part in subterms(body):
            if self.t not in part.free_symbols:
                continue
            if isinstance(part, Compare):
                yield part.left - part.right
            elif isinstance(part, Abs) and self.plain(part.args[0]):
                yield part.args[0]
            elif isinstance(part, (Max, Min)) and all(map(self.plain, part.args)):
                yield from (a - b for a, b in combinations(part.args, 2))

    def plain(self, term: Basic) -> bool:
        """Whether nothing is to be settled within."""
        choices = (p for p in subterms(term) if isinstance(p, (Abs, Max, Min, Cases, Indicator)))
        return not any(self.t in p.free_symbols for p in choices)

    def roots(self, difference: Expr) -> list[Fraction]:
        found = _trimmed(self.polynomial(difference))
        if len(found) > 2:
            raise Unevaluable(f"where {difference} changes its sign is not worked out")
        return [-found[0] / found[1]] if len(found) == 2 else []

    def settled(self, term: Any, place: Fraction) -> Any:
        """The term with all choices made that are the same all over an interval without cuts."""
        if self.t not in term.free_symbols or not term.args:
            return term
        here = {**self.at, self.t: place}
        if isinstance(term, Cases):
            for value, condition in term.clauses:
                if self.evaluator.truth(condition, here):
                    return self.settled(value, place)
            raise Undefined(f"no case of {term} applies at {self.t} = {place}")
        if isinstance(term, Indicator):
            return Integer(self.evaluator.truth(term.condition, here))
        if isinstance(term, (Abs, Max, Min)) and all(map(self.plain, term.args)):
            if isinstance(term, Abs):
                return term.args[0] if self.evaluator.value(term.args[0], here) >= 0 else -term.args[0]
            choose = max if isinstance(term, Max) else min
            return choose(term.args, key=lambda part: self.evaluator.value(part, here))
        return rebuild(term, [self.settled(part, place) for part in term.args])

    def polynomial(self, term: Expr) -> Polynomial:
        """Its coefficients in t, from the lowest."""
        if term == self.t:
            return [Fraction(0), Fraction(1)]
        if self.t not in term.free_symbols:
            return [_fraction(self.evaluator.value(term, self.at))]
        if isinstance(term, Add):
            total: Polynomial = []
            for part in term.args:
                total = _added(total, self.polynomial(part))
            return total
        if isinstance(term, Mul):
            product = [Fraction(1)]
            for part in term.args:
                product = _multiplied(product, self.polynomial(part))
            return product
        if isinstance(term, Pow) and self.t not in term.exp.free_symbols:
            times = _fraction(self.evaluator.value(term.exp, self.at))
            if times.denominator == 1 and 0 <= times <= _HIGHEST_DEGREE:
                product = [Fraction(1)]
                for _ in range(int(times)):
                    product = _multiplied(product, self.polynomial(term.base))
                return product
        raise Unevaluable(f"{term} is no polynomial in {self.t}, and its integral is not worked out exactly")


def _fraction(value: Number) -> Fraction:
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    raise Unevaluable(f"an integral is worked out between rational numbers, not with {value}")


def _added(one: Polynomial, other: Polynomial) -> Polynomial:
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    return [c + (shorter[k] if k < len(shorter) else 0) for k, c in enumerate(longer)]


def _multiplied(one: Polynomial, other: Polynomial) -> Polynomial:
    if len(one) + len(other) > _HIGHEST_DEGREE + 2:
        raise Unevaluable(f"a polynomial of degree more than {_HIGHEST_DEGREE} is not integrated")
    product = [Fraction(0)] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            product[i + j] += a * b
    return product


def _trimmed(polynomial: Polynomial) -> Polynomial:
    while polynomial and polynomial[-1] == 0:
        polynomial = polynomial[:-1]
    return polynomial


def _between(polynomial: Polynomial, low: Fraction, high: Fraction) -> Fraction:
    return sum((c * (high ** (k + 1) - low ** (k + 1)) / (k + 1) for k, c in enumerate(polynomial)), Fraction(0))
