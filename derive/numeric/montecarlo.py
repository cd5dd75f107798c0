r"""Monte Carlo: a moment estimated from random draws, with its standard error, beside the value that was derived.

The random arrays are drawn from laws that meet what the context states of them, most of them continuous: normal,
uniform, exponential where nothing asks for another one. The mean of N values has the standard error $s/\sqrt N$; the
variance $s^2$ of N values has about $\sqrt{(m_4 - s^4)/N}$ with their fourth central moment $m_4$; a covariance is the
mean of the products of the deviations. Evidence, and no proof: an estimate within four standard errors agrees.

Source: Rice, Mathematical Statistics and Data Analysis, 3rd ed., 2007, sections 7.3 and 8.4.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
from sympy import Expr, Symbol

from derive.errors import NoPointFound, Undefined, Unevaluable
from derive.language import Array, Context, Entry, Expectation
from derive.language.chance import Moment, moments_in
from derive.language.chancy import Atom, Chancy
from derive.language.outcomes import Outcomes
from derive.language.points import Evaluator, Samples, evaluate
from derive.numeric.compile import Grid, as_grid, compile_stacked
from derive.numeric.sampling import NARROW, draw, draw_signal, filled_signal

DRAWS = 2_000
ERRORS = 4
"""How many standard errors an estimate may be away."""
_POINTS, _MOST_ENTRIES = 12, 200
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Estimate:
    """A moment estimated at a point, and its value as derived.

    Attributes:
        point: Values of the symbols.
        estimate: From the draws.
        error: Its standard error.
        expected: The value derived.
        draws: How many.
    """

    point: Mapping[Symbol, Fraction]
    estimate: float
    error: float
    expected: float
    draws: int

    @property
    def agrees(self) -> bool:
        """Whether both are within four standard errors, or equal but for rounding where nothing varies."""
        room = ERRORS * self.error + _ROUNDING * max(1.0, abs(self.expected))
        return abs(self.estimate - self.expected) <= room


def estimated(context: Context, left: Expr, right: Expr, seed: int = 0, draws: int = DRAWS) -> Estimate | None:
    """Estimate a moment at a point, and compare it with the value derived; None where that cannot be done.

    Args:
        context: States what is known of the random arrays.
        left: An expectation, a variance or a covariance.
        right: What it was derived to be, without a moment in it.
        seed: Same seed, same draws.
        draws: How often the random arrays are drawn.

    Example:
        >>> from derive.language import IndexSum, Variance, array, chance, declare, integer
        >>> size, k = declare("n", "size"), integer("k")
        >>> n = size.symbol
        >>> x = array("x", (1, n))
        >>> c = Context((size,), arrays=(x,), chances=(chance(x, mean=1, variance=4, entries="independent"),))
        >>> total = Variance(IndexSum(x[k], k, 1, n))
        >>> estimated(c, total, 4 * n).agrees, estimated(c, total, 5 * n).agrees
        (True, False)
    """
    if not isinstance(left, Moment) or moments_in(right) or not context.random:
        return None
    for point in _points(context, seed):
        try:
            return _Draws(context, point, seed, draws).of(left, right)
        except (NoPointFound, Undefined, Unevaluable):
            continue
    return None


def _points(context: Context, seed: int) -> list[Mapping[Symbol, Fraction]]:
    """Points with large sizes first, numbers that are 0 last."""
    plain = Context(context.declarations, tuple(h for h in context.hypotheses if not h.has(Entry)))
    try:
        found = [s.point for s in draw(plain, _POINTS, seed, spread=NARROW, edges=False)]
    except NoPointFound:
        return []

    def plainness(point: Mapping[Symbol, Fraction]) -> tuple[int, Fraction]:
        zeros = sum(1 for s, v in point.items() if v == 0 and not s.is_integer)
        return zeros, -sum((v for s, v in point.items() if s.is_integer), Fraction(0))

    return sorted(found, key=plainness)


class _Draws:
    """The draws at one point."""

    def __init__(self, context: Context, point: Mapping[Symbol, Fraction], seed: int, draws: int) -> None:
        self.context, self.point, self.draws = context, point, draws
        self.rng = np.random.default_rng(seed)
        chance = random.Random(seed)
        self.given = {a: draw_signal(a, point, chance) for a in context.arrays if a not in context.random}
        law = Outcomes(context.chances, Evaluator(context, self.given, point))
        self.values: dict[Atom, Any] = {}
        self.random = {a: self.grids(a, law.entries(a)) for a in law.records}

    def grids(self, array: Array, entry: Callable[..., Any]) -> Callable[[int], Grid]:
        """The array in each of the draws."""
        if any(end.is_infinite for axis in array.axes for end in axis):
            raise Unevaluable(f"{array.name} has no end")
        places = list(filled_signal(array, self.point).values)
        if len(places) > _MOST_ENTRIES:
            raise Unevaluable(f"{array.name} has too many entries")
        drawn = {place: np.broadcast_to(self.drawn(entry(*place)), self.draws) for place in places}
        shape = as_grid(Samples(dict.fromkeys(places, Fraction(1))), len(array.axes))

        def one(number: int) -> Grid:
            values = np.zeros(shape.values.shape)
            for place, column in drawn.items():
                values[tuple(i - first for i, first in zip(place, shape.first, strict=True))] = column[number]
            return Grid(values, shape.first)

        return one

    def drawn(self, entry: Any) -> Any:
        """The entry in all draws."""
        if not isinstance(entry, Chancy):
            return float(entry)
        total: Any = 0.0
        for monomial, weight in entry.terms.items():
            part: Any = float(weight)
            for atom, order in monomial:
                part = part * self.atom(atom) ** order
            total = total + part
        return total

    def atom(self, atom: Atom) -> Any:
        """Of mean 0 and variance 1 it is drawn from a continuous law; else from its own values."""
        if atom not in self.values:
            moments = [atom.moment(order) for order in (1, 2, 3)]
            if not atom.law:
                self.values[atom] = self.rng.standard_normal(self.draws)
            elif moments[:2] != [0, 1] or len(atom.key[1]) == 0 or atom.key[2] == "sign" or self.is_stated(atom):
                values, weights = zip(*((float(v), float(w)) for v, w in atom.law), strict=True)
                self.values[atom] = self.rng.choice(values, self.draws, p=weights)
            elif moments[2] == 0:
                self.values[atom] = self.rng.uniform(-sqrt(3), sqrt(3), self.draws)
            else:
                self.values[atom] = self.rng.exponential(1.0, self.draws) - 1
        return self.values[atom]

    def is_stated(self, atom: Atom) -> bool:
        """Whether the values themselves are stated."""
        return any(c.array.name == atom.key[0] and c.law in ("signs", "bits", "uniform") for c in self.context.chances)

    def of(self, left: Moment, right: Expr) -> Estimate:
        """The moment, from the values of its terms in all draws."""
        expected = float(evaluate(right, self.point, self.context, self.given))
        first = self.sampled(left.args[0])
        second = first if left.args[-1] == left.args[0] else self.sampled(left.args[-1])
        if isinstance(left, Expectation):
            estimate, spread = first.mean(), first.std(ddof=1)
        else:
            products = (first - first.mean()) * (second - second.mean())
            estimate, spread = products.sum() / (self.draws - 1), products.std(ddof=1)
        return Estimate(self.point, float(estimate), float(spread) / sqrt(self.draws), expected, self.draws)

    def sampled(self, term: Expr) -> Any:
        """The term in each of the draws."""
        symbols = self.context.symbols
        function = compile_stacked(term, self.context, (*symbols, *self.given, *self.random))
        numbers = [np.full(self.draws, float(self.point[s])) for s in symbols]
        fixed = [[as_grid(samples, len(a.axes))] * self.draws for a, samples in self.given.items()]
        drawn = [[grid(number) for number in range(self.draws)] for grid in self.random.values()]
        return function(*numbers, *fixed, *drawn)
