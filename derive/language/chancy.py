"""Numbers that depend on the outcome: polynomials in independent atoms, of which the moments are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import prod
from operator import attrgetter
from typing import Any

from derive.errors import Unevaluable
from derive.language.exponential import Operators
from derive.language.numbers import Number

_RATIONAL = (int, Fraction)
_MOST_TERMS = 20_000


class NeedsOutcomes(Unevaluable):
    """What is averaged is no polynomial in random entries, so outcomes must be gone through one by one."""


class Atom(int):
    """An independent random number, found by its key; `law` is () for a normal one of mean 0 and variance 1.

    As an int it is the number of its key, so that polynomials find it fast; nothing depends on which number that is.
    """

    key: tuple[Any, ...]
    law: tuple[tuple[Number, Number], ...]
    moments: dict[int, Number]

    def __new__(cls, key: tuple[Any, ...], law: tuple[tuple[Number, Number], ...] = ()) -> Atom:
        made = super().__new__(cls, _NUMBERS.setdefault(key, len(_NUMBERS)))
        made.key, made.law, made.moments = key, law, {}
        return made

    def moment(self, order: int) -> Number:
        """The mean of the power."""
        if order not in self.moments:
            if not self.law:
                self.moments[order] = 0 if order % 2 else prod(range(1, order, 2))
            else:
                total: Number = 0
                for value, weight in self.law:
                    total = total + weight * value**order
                self.moments[order] = total
        return self.moments[order]

    def __repr__(self) -> str:
        return f"Atom({self.key!r})"


_NUMBERS: dict[tuple[Any, ...], int] = {}
_BY_KEY = attrgetter("key")

Monomial = tuple[tuple[Atom, int], ...]


class Chancy(Operators):
    """A polynomial in atoms: a number that depends on the outcome."""

    def __init__(self, terms: Mapping[Monomial, Number]) -> None:
        self.terms = terms

    def _plus(self, other: Any) -> Any:
        found = dict(self.terms)
        for monomial, weight in _terms(other).items():
            found[monomial] = found[monomial] + weight if monomial in found else weight
        return self._made(found)

    def _times(self, other: Any) -> Any:
        if not isinstance(other, Chancy):
            return self._made({monomial: weight * other for monomial, weight in self.terms.items()})
        its = other.terms
        if len(its) * len(self.terms) > _MOST_TERMS:
            raise Unevaluable("a polynomial in random entries has too many terms")
        found: dict[Monomial, Number] = {}
        for left, one in self.terms.items():
            for right, two in its.items():
                monomial = _joined(left, right)
                weight = one * two
                found[monomial] = found[monomial] + weight if monomial in found else weight
        return self._made(found)

    def _inverse(self) -> Any:
        raise NeedsOutcomes("a random number in a denominator")

    def _against(self, other: Any) -> Any:
        raise NeedsOutcomes("a comparison of random numbers")

    __hash__ = object.__hash__

    def __floor__(self) -> int:
        raise NeedsOutcomes("the floor of a random number")

    __ceil__ = __floor__

    def _made(self, terms: dict[Monomial, Number]) -> Number:
        """A plain number where no atom is left."""
        kept = {m: w for m, w in terms.items() if w.__class__ not in _RATIONAL or w}
        if not kept:
            return 0
        return kept[()] if len(kept) == 1 and () in kept else self._like(kept)

    def _like(self, terms: Mapping[Monomial, Number]) -> Chancy:
        return Chancy(terms)

    def mean(self) -> Number:
        """The expectation."""
        total: Number = 0
        for monomial, weight in self.terms.items():
            for atom, order in monomial:
                weight = weight * atom.moment(order)
            total = total + weight
        return total

    def at(self, chosen: Callable[[Atom], Number]) -> Number:
        """The value in an outcome."""
        total: Number = 0
        for monomial, weight in self.terms.items():
            for atom, order in monomial:
                weight = weight * chosen(atom) ** order
            total = total + weight
        return total

    def __str__(self) -> str:
        return "a random number"


def _terms(number: Any) -> Mapping[Monomial, Number]:
    return number.terms if isinstance(number, Chancy) else {(): number}


def _joined(left: Monomial, right: Monomial) -> Monomial:
    if not left or not right:
        return left or right
    powers = dict(left)
    for atom, order in right:
        powers[atom] = powers.get(atom, 0) + order
    return tuple([(atom, powers[atom]) for atom in sorted(powers, key=_BY_KEY)])


def single(atom: Atom) -> Chancy:
    """The atom as a number."""
    return Chancy({((atom, 1),): 1})
