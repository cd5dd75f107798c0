r"""Moments at a point: a joint law of all random arrays that meets what is stated of them, with few outcomes.

Each random entry is a polynomial in independent **atoms**, numbers with few values (or normal ones):

- independent entries: $\mu + \sigma a$ with an atom of mean 0 and variance 1 for each entry, many of them skewed, and
  not alike unless they are said to be; arrays that are not stated to be independent of each other share these atoms at
  every other point;
- uncorrelated entries: products of different sets of signs, times a common random number: uncorrelated, not independent
  (of x[1], x[2], x[3] one is told by the other two); at every third point skewed atoms, which are independent as well;
- stationary ones: a moving average of independent atoms;
- otherwise combinations of two numbers and their product that all entries of all arrays of the group share.

So the mean of a polynomial in entries is worked out from the moments of the atoms. Where something else is averaged (a
case that depends on an entry, a largest value), all outcomes of the atoms that are met are gone through; of normal ones
the cells on which what is averaged is a polynomial (`derive.language.cells`).

Different laws are tried at different points; what is stated is met by all of them, what is not stated by few.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, Protocol

from sympy import Expr, Symbol

from derive.errors import Undefined, Unevaluable
from derive.language.arrays import Array
from derive.language.cells import Cells
from derive.language.chance import Chance, Expectation, Moment
from derive.language.chancy import Atom, Chancy, NeedsOutcomes, single
from derive.language.numbers import Number, as_whole, sqrt

MOST_OUTCOMES = 2_200

_F = Fraction
_SYMMETRIC = (
    ((_F(1), _F(1, 2)), (_F(-1), _F(1, 2))),
    ((_F(2), _F(1, 8)), (_F(0), _F(3, 4)), (_F(-2), _F(1, 8))),
)
_SKEWED = (
    ((_F(2), _F(1, 6)), (_F(0), _F(1, 2)), (_F(-1), _F(1, 3))),
    ((_F(2), _F(1, 5)), (_F(-1, 2), _F(4, 5))),
    ((_F(-3), _F(1, 10)), (_F(1, 3), _F(9, 10))),
)
"""Laws with mean 0 and variance 1, as (value, probability)."""
_SCALE = ((_F(1, 2), _F(4, 5)), (_F(2), _F(1, 5)))
"""A random scale whose square has mean 1."""
_TURNS = ((_F(1), _F(0)), (_F(3, 5), _F(4, 5)), (_F(-4, 5), _F(3, 5)), (_F(0), _F(1)), (_F(5, 13), _F(-12, 13)))
_AVERAGE = (((0, 0), _F(2, 3)), ((0, 1), _F(2, 3)), ((1, 0), _F(1, 3)))
"""Weights of a moving average, by how far they are moved on the first axis and on the others; squares add to 1."""


class Evaluates(Protocol):
    """What works terms out at the point."""

    @property
    def point(self) -> Mapping[Symbol, Any]: ...

    variant: int
    terms_left: int
    averaging: Any

    @property
    def context(self) -> Any: ...
    def value(self, term: Any, at: dict[Symbol, Number]) -> Number: ...
    def among(self, arrays: Mapping[Array, Callable[..., Number]]) -> Any: ...


class Outcomes:
    """A joint law of the random arrays at one point."""

    def __init__(self, chances: tuple[Chance, ...], evaluator: Evaluates, variant: int = 0) -> None:
        self.evaluator = evaluator
        numbers = sorted((s.name, Fraction(v)) for s, v in evaluator.point.items() if isinstance(v, (int, Fraction)))
        self.seed = variant + sum(3 * v.numerator + v.denominator for _, v in numbers)
        self.records = {c.array: c for c in chances}
        self.found: dict[tuple[Array, tuple[int, ...]], Number] = {}

    def entries(self, array: Array) -> Callable[..., Number]:
        """The entries of a random array as polynomials in atoms."""

        def entry(*place: int) -> Number:
            key = (array, place)
            if key not in self.found:
                self.found[key] = self.entry(self.records[array], place)
            return self.found[key]

        return entry

    def entry(self, record: Chance, place: tuple[int, ...]) -> Number:
        """What is stated, and the rest by chance."""
        name = record.array.name
        shape = 0 if record.identical else _code(place)
        pick = self.seed + 7 * sum(map(ord, name)) + 3 * shape
        if record.law in ("signs", "bits", "uniform"):
            law = self.law_of(record, place)
            if record.entries == "any" and self.seed % 3:
                place = ()  # nothing is stated of how the entries hang together: those of one law are one number here
            key = (record.family, _key(place), repr(law)) if self.shares(record) else (name, place, repr(law))
            return single(Atom(key, law))
        mean, scale = self.mean_and_scale(record, place, pick)
        standard = self.standard(record, place, pick)
        return mean + scale * standard

    def shares(self, record: Chance) -> bool:
        """Whether its independent entries are atoms of the whole group here, so that they tell those of others."""
        return bool(record.group) and self.seed % 2 == 0

    def stated_law(self, record: Chance, place: tuple[int, ...]) -> Atom | None:
        """An atom of an array of the group whose law is stated, where others of the group share it."""
        laws = [r.law for r in self.records.values() if r.family == record.family]
        if not self.shares(record) or not {"normal", "signs"} & set(laws):
            return None
        if "normal" in laws:
            return Atom((record.family, _key(place), "normal"))
        return Atom((record.family, _key(place), repr(_SYMMETRIC[0])), _SYMMETRIC[0])

    def mean_and_scale(self, record: Chance, place: tuple[int, ...], pick: int) -> tuple[Number, Number]:
        """Mean and standard deviation of the entry."""
        same = record.entries == "stationary"
        if record.second is not None:
            root = sqrt(self.stated(record, record.second, place))
            part, rest = _TURNS[(self.seed if same else pick) % len(_TURNS)]
            return root * part, root * rest
        mean: Number = Fraction(0 if record.law == "symmetric" else (self.seed if same else pick) % 7 - 3, 2)
        scale: Number = Fraction(1 + (0 if same else pick) % 4, 2)
        if record.mean is not None:
            mean = self.stated(record, record.mean, place)
        if record.variance is not None:
            scale = sqrt(self.stated(record, record.variance, place))
        return mean, scale

    def stated(self, record: Chance, value: Expr, place: tuple[int, ...]) -> Number:
        at = {**self.evaluator.point, **dict(zip(record.parameters, place, strict=True))}
        return self.evaluator.value(value, at)

    def standard(self, record: Chance, place: tuple[int, ...], pick: int) -> Number:
        """A number with mean 0 and variance 1, related to the others as is stated."""
        name, symmetric = record.array.name, record.law == "symmetric"
        kind = "even" if symmetric else "skewed"  # an atom has one law
        shares = self.shares(record)
        if record.law == "normal":
            return single(Atom((record.family, _key(place), "normal") if shares else (name, place, "")))
        all_laws = _SYMMETRIC if symmetric else (*_SKEWED, *_SYMMETRIC)
        # Two values each where there are many entries, or where each rests on several atoms.
        few = len(place) > 1 or record.entries == "stationary"
        laws = [law for law in all_laws if len(law) == 2 or not few]
        alone = not place and (record.entries != "any" or not record.group)
        leader = self.stated_law(record, place if record.entries == "independent" else ())
        if leader is not None and (record.entries == "independent" or not place):
            return single(leader)
        if shares and (record.entries == "independent" or (record.entries == "uncorrelated" and self.seed % 4 == 0)):
            first = _SYMMETRIC[0] if symmetric else _SKEWED[1]
            if not _key(place):
                return single(Atom((record.family, (1,), f"shared {kind}"), first))
            which = (self.seed + (0 if record.identical else 3 * _code(place))) % len(laws)
            law = first if record.identical else laws[which]
            return single(Atom((record.family, place, f"{kind} {law}"), law))
        if record.entries == "independent" or alone or (record.entries == "uncorrelated" and self.seed % 3 == 2):
            return single(Atom((name, place, ""), laws[pick % len(laws)]))
        if record.entries == "stationary":
            total: Number = 0
            for (down, across), weight in _AVERAGE:
                moved = tuple(index + (down if axis == 0 else across) for axis, index in enumerate(place))
                moved = (place[0] + down + 2 * across,) if len(place) == 1 else moved
                total = total + weight * single(Atom((name, moved, ""), laws[self.seed % len(laws)]))
            return total
        one = single(Atom((record.family, (1,), f"shared {kind}"), _SYMMETRIC[0] if symmetric else _SKEWED[1]))
        if record.entries == "uncorrelated":
            # Each axis has signs of its own: fewer of them than for one number that counts all places.
            bits = [(axis, bit) for axis, index in enumerate(place) for bit in _bits(_set_of(index))] or [(0, 0)]
            signs = [single(Atom((record.family, place, "sign"), _SYMMETRIC[0])) for place in bits]
            product: Number = 1
            for sign in signs:
                product = product * sign
            scale = single(Atom((record.family, (), "scale"), _SCALE))
            return product * (one if symmetric or self.seed % 3 == 0 else scale)
        two = single(Atom((record.family, (2,), "shared"), _SYMMETRIC[0]))
        part, rest = _TURNS[pick % len(_TURNS)]
        other = one * two if pick % 3 == 0 and not symmetric else two
        return part * one + rest * other

    def law_of(self, record: Chance, place: tuple[int, ...]) -> tuple[tuple[Number, Number], ...]:
        """Values and probabilities of a law that is stated."""
        if record.law == "signs":
            return _SYMMETRIC[0]
        values = [self.stated(record, v, place) for v in record.values]
        if record.law == "bits":
            (one,) = values
            if isinstance(one, int | Fraction) and not 0 <= one <= 1:
                raise Undefined(f"{one} is no probability")
            return tuple((v, w) for v, w in ((1, one), (0, 1 - one)) if not (isinstance(w, Fraction | int) and w == 0))
        low, high = (as_whole(v) for v in values)
        if low is None or high is None or not 0 <= high - low < MOST_OUTCOMES:
            raise Unevaluable("a uniform law is one of some integers")
        return tuple((value, Fraction(1, high - low + 1)) for value in range(low, high + 1))

    def averaged(self, run: Callable[[dict[Array, Callable[..., Number]]], Number]) -> Number:
        """The mean of what `run` makes of the random arrays, all outcomes of what it looks at gone through.

        Raises:
            Unevaluable: there are too many, or infinitely many.
        """
        numbers: dict[Atom, int] = {}
        laws: list[tuple[tuple[Number, Number], ...]] = []
        chosen: list[int] = []  # by the atom's number: which of its values; -1 for one that is not looked at
        order: list[int] = []  # the atoms looked at
        shares: list[Number] = [1]  # the probability of what is chosen of the first of them, of the first two, ...

        cells = Cells()

        def number_of(atom: Atom) -> int:
            if atom not in numbers:
                numbers[atom] = len(laws)
                laws.append(atom.law)
                chosen.append(-1)
            return numbers[atom]

        def look_at(atom: int, value: int) -> None:
            chosen[atom] = value
            order.append(atom)
            shares.append(shares[-1] * laws[atom][value][1])

        def value_of(atom: Atom) -> Number:
            return atom.law[chosen[numbers[atom]]][0] if atom.law else cells.number(atom)

        def reader(array: Array) -> Callable[..., Number]:
            entry = self.entries(array)
            worked: dict[tuple[int, ...], tuple[tuple[int, ...], dict[tuple[int, ...], Number]]] = {}

            def read(*place: int) -> Number:
                if place not in worked:
                    found = entry(*place)
                    terms = found.terms if isinstance(found, Chancy) else ()
                    atoms = dict.fromkeys(atom for monomial in terms for atom, _ in monomial if atom.law)
                    worked[place] = tuple(map(number_of, atoms)), {}
                looked_at, values = worked[place]
                key = tuple([chosen[atom] for atom in looked_at])
                if -1 in key:
                    for atom in looked_at:
                        if chosen[atom] < 0:
                            look_at(atom, 0)
                    key = tuple([chosen[atom] for atom in looked_at])
                if key not in values:
                    found = entry(*place)
                    values[key] = found.at(value_of) if isinstance(found, Chancy) else found
                return values[key]

            return read

        arrays = {array: reader(array) for array in self.records}
        total: Number = 0
        for _ in range(MOST_OUTCOMES):
            value = cells.mean(lambda: run(arrays))
            if prod(len(laws[atom]) for atom in order) > MOST_OUTCOMES:
                break
            total = total + shares[-1] * value
            while order:
                atom, after = order[-1], chosen[order[-1]] + 1
                chosen[order.pop()] = -1
                shares.pop()
                if after < len(laws[atom]):
                    look_at(atom, after)
                    break
            if not order:
                return total
        raise Unevaluable(f"there are more than {MOST_OUTCOMES} outcomes here")


def one_outcome(chances: tuple[Chance, ...], evaluator: Evaluates, variant: int) -> dict[Array, Callable[..., Number]]:
    """The random arrays in one outcome of their joint law; a normal number is one of a few there."""
    law = Outcomes(chances, evaluator, variant)

    def value_of(atom: Atom) -> Number:
        pick = variant + sum(map(ord, str(atom.key)))
        return atom.law[pick % len(atom.law)][0] if atom.law else (1, _F(-3, 2), 2, _F(-1, 2), 0)[pick % 5]

    def reader(array: Array) -> Callable[..., Number]:
        entry = law.entries(array)

        def read(*place: int) -> Number:
            found = entry(*place)
            return found.at(value_of) if isinstance(found, Chancy) else found

        return read

    return {array: reader(array) for array in law.records}


@dataclass
class Averaging:
    """The law of the random arrays at a point, and an evaluator to which their entries are polynomials in atoms."""

    law: Outcomes
    polynomials: Evaluates | None = None


def moment(evaluator: Evaluates, term: Moment, at: dict[Symbol, Number]) -> Number:
    """The mean of a term, or of a product less the product of the means."""
    if evaluator.averaging is None:
        evaluator.averaging = Averaging(Outcomes(evaluator.context.chances, evaluator, evaluator.variant))
        law = evaluator.averaging.law
        evaluator.averaging.polynomials = evaluator.among({a: law.entries(a) for a in law.records})
    first, second = term.args[0], term.args[-1]
    if isinstance(term, Expectation):
        return _mean(evaluator, (first,), at)
    means = [_mean(evaluator, (part,), at) for part in (first, second)]
    return _mean(evaluator, (first, second), at) - means[0] * means[1]


def _mean(evaluator: Evaluates, factors: tuple[Expr, ...], at: dict[Symbol, Number]) -> Number:
    """Of the product, over all outcomes."""
    averaging = evaluator.averaging
    averaging.polynomials.terms_left = evaluator.terms_left
    try:
        value = _product(averaging.polynomials, factors, at)
        return value.mean() if isinstance(value, Chancy) else value
    except NeedsOutcomes:
        return averaging.law.averaged(lambda arrays: _product(evaluator.among(arrays), factors, at))


def _product(evaluator: Evaluates, factors: tuple[Expr, ...], at: dict[Symbol, Number]) -> Number:
    value: Number = 1
    for factor in factors:
        value = value * evaluator.value(factor, at)
    return value


def _key(place: tuple[int, ...]) -> tuple[int, ...]:
    """What a place is called where arrays with other axes share its atom: the first one goes with a single number."""
    return () if all(index == 1 for index in place) else place


def _code(place: tuple[int, ...]) -> int:
    """A number from 0 on for each place, no two alike."""
    code = 0
    for index in place:
        whole = 2 * index if index >= 0 else -2 * index - 1
        code = (code + whole) * (code + whole + 1) // 2 + whole
    return code


def _set_of(index: int) -> int:
    """A number from 1 on for each integer; those of 1, 2, 3 are 2, 4, 6, of which each is the other two together."""
    return 2 * index if index > 0 else 1 - 2 * index


def _bits(number: int) -> list[int]:
    return [bit for bit in range(number.bit_length()) if number >> bit & 1]
