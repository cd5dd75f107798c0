"""Convolutions of random signals: derived by the generic tactics, checked, and compared with sums over dictionaries."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import strategies as st
from sympy import Expr, Integer, Rational, oo

from derive.errors import RuleDoesNotApply
from derive.kernel.checker import check
from derive.kernel.derivation import Derivation
from derive.language import (
    OTHERWISE,
    Cases,
    Condition,
    Context,
    Definition,
    IndexSum,
    between,
    declare,
    integer,
    ne,
    signal,
)
from derive.language.points import evaluate
from derive.rules.algebra import definition
from derive.rules.closed_forms import closed_form
from derive.rules.combine import by, chain, then
from derive.rules.regroup import collect_cases
from derive.rules.windows import insert_definitions, over_window, to_window
from tests.fuzz.budget import AMOUNT, over

SORTS = {"n": "integer", "L": "size", "M": "size", "s": "integer", "a": "real", "b": "real"}
D = {name: declare(name, sort) for name, sort in SORTS.items()}
n = D["n"].symbol
i, k = integer("i"), integer("k")

Values = dict[str, Fraction]
CHOICES: dict[str, tuple[int | Fraction, ...]] = {
    "L": (1, 2, 3, 4, 5, 6, 8),
    "M": (1, 2, 3, 4, 5, 7),
    "s": (-4, -2, -1, 0, 1, 2, 3),
    "a": (0, 1, -1, 2, -2, 3, -4, 5, Fraction(1, 2), Fraction(-1, 2), Fraction(5, 3), Fraction(1, 7)),
    "b": (0, 1, -1, 2, 4, Fraction(1, 2), Fraction(-1, 3)),
}
TIMES = range(-14, 22)
FAR = 60
"""Where a side without end is cut: no index of a sum at the times above comes near it."""
SETTINGS = 180
POINTS = 100_000


@dataclass(frozen=True)
class Line:
    """A constant plus multiples of sizes and shifts."""

    constant: int
    weights: tuple[tuple[str, int], ...] = ()

    def value(self, at: Values) -> int:
        """The number."""
        return self.constant + sum(weight * int(at[name]) for name, weight in self.weights)

    def term(self) -> Expr:
        """The term."""
        found: Expr = Integer(self.constant)
        for name, weight in self.weights:
            found += weight * D[name].symbol
        return found

    def plus(self, constant: int, *weights: tuple[str, int]) -> Line:
        """The line with more in it."""
        return Line(self.constant + constant, self.weights + weights)


@dataclass(frozen=True)
class Shape:
    """factor * ratio**(slope*n + offset) for low <= n <= high, else 0; an end may be missing, and so may the ratio."""

    low: Line | None
    high: Line | None
    factor: Fraction
    ratio: str | Fraction | None
    slope: int
    offset: Line
    by_cases: bool

    def names(self) -> set[str]:
        """The symbols that it needs."""
        lines = [line for line in (self.low, self.high, self.offset) if line is not None]
        found = {name for line in lines for name, _ in line.weights}
        return found | ({self.ratio} if isinstance(self.ratio, str) else set())

    def entries(self, at: Values) -> dict[int, Fraction]:
        """Its numbers, one by one."""
        first = -FAR if self.low is None else self.low.value(at)
        last = FAR if self.high is None else self.high.value(at)
        found = {}
        for time in range(first, last + 1):
            value = self.factor
            if self.ratio is not None:
                ratio = at[self.ratio] if isinstance(self.ratio, str) else self.ratio
                value *= ratio ** (self.slope * time + self.offset.value(at))
            found[time] = value
        return found

    def definition(self, name: str) -> Definition:
        """The same as a definition of the array of that name."""
        low = -oo if self.low is None else self.low.term()
        high = oo if self.high is None else self.high.term()
        body: Expr = Rational(self.factor.numerator, self.factor.denominator)
        if self.ratio is not None:
            ratio = D[self.ratio].symbol if isinstance(self.ratio, str) else Rational(str(self.ratio))
            body *= ratio ** (self.slope * n + self.offset.term())
        if self.by_cases and not (self.low is None and self.high is None):
            return Definition(signal(name), (n,), Cases((body, between(low, n, high)), (Integer(0), OTHERWISE)))
        return Definition(signal(name, low, high), (n,), body)


@st.composite
def shapes(draw: st.DrawFn, kind: str, with_ratio: bool) -> Shape:
    """A random signal: 'window', 'right' (from a time on) or 'left' (up to a time)."""
    moved = draw(st.sampled_from([(), (("s", 1),), (("L", -1),), (("s", -1),), (("M", 2),)]))
    start = Line(draw(st.integers(-3, 3)), moved)
    lengths = [(2, ()), (-1, (("L", 1),)), (0, (("L", 1),)), (-1, (("M", 1),)), (1, (("M", 1),)), (-1, (("L", 2),))]
    extra, weights = draw(st.sampled_from(lengths))
    low = None if kind == "left" else start
    high = None if kind == "right" else start.plus(extra, *weights) if kind == "window" else start
    factor = draw(st.sampled_from([Fraction(1), Fraction(1), Fraction(-2), Fraction(3, 2)]))
    by_cases = draw(st.booleans()) and draw(st.booleans())
    if not with_ratio:
        return Shape(low, high, factor, None, 0, Line(0), by_cases)
    ratio = draw(st.sampled_from(["a", "a", "a", "b", Fraction(2), Fraction(1, 2), Fraction(-1), Fraction(3)]))
    rising = low is not None and (high is None or draw(st.booleans()))
    # An exponent that is 0 at an end is never negative, so that a ratio of 0 has a value everywhere.
    end = low if rising else high
    assert end is not None
    opposite = tuple((name, -weight if rising else weight) for name, weight in end.weights)
    offset = Line(-end.constant if rising else end.constant, opposite).plus(draw(st.integers(0, 2)))
    return Shape(low, high, factor, ratio, 1 if rising else -1, offset, by_cases)


KINDS = [("window", "window"), ("window", "right"), ("right", "window"), ("window", "left"), ("right", "right")]


@st.composite
def questions(draw: st.DrawFn) -> tuple[Shape, Shape, tuple[str, ...]]:
    """Two signals, at most one of them with a ratio as a rule, and the ratios that are not to be 1."""
    first, second = draw(st.sampled_from([*KINDS, KINDS[0], KINDS[1], ("left", "left")]))
    which = draw(st.sampled_from([(0, 1), (1, 0), (0, 1), (1, 0), (0, 0), (1, 1)]))
    pair = draw(shapes(first, bool(which[0]))), draw(shapes(second, bool(which[1])))
    return (*pair, ("a",) if draw(st.booleans()) and draw(st.booleans()) else ())


def derived(first: Definition, second: Definition, names: set[str], not_one: tuple[str, ...]) -> Derivation:
    """The convolution in closed form, by the tactics that the pulse uses."""
    y = signal("y")
    total = Definition(y, (n,), IndexSum(first.array[i] * second.array[n - i], i, -oo, oo))
    declared = tuple(D[name] for name in SORTS if name == "n" or name in names)
    hypotheses: tuple[Condition, ...] = tuple(ne(D[name].symbol, 1) for name in not_one if name in names)
    context = Context(declared, hypotheses, (first, second, total))
    moves = then(by(definition), to_window, insert_definitions, over_window(n, closed_form(k)), collect_cases)
    proof = chain(context, y[n], moves)
    return Derivation("fuzzed", context, y[n], proof.end, proof)


def settings_of(names: set[str], not_one: tuple[str, ...]) -> list[Values]:
    """Values for the symbols: all combinations, or as many as are wanted of them."""
    ordered = sorted(names)
    rows = [dict(zip(ordered, map(Fraction, row), strict=True)) for row in product(*(CHOICES[x] for x in ordered))]
    rows = [row for row in rows if all(row[x] != 1 for x in not_one if x in row)]
    return random.Random(len(rows)).sample(rows, min(SETTINGS, len(rows)))


def brute_force(first: Shape, second: Shape, at: Values) -> dict[int, Fraction]:
    """The convolution sum at all times, term by term, from the entries alone."""
    xs, hs = first.entries(at), second.entries(at)
    found = {}
    for time in TIMES:
        total = Fraction(0)
        for index, value in xs.items():
            if time - index in hs:
                total += value * hs[time - index]
        found[time] = total
    return found


@pytest.mark.slow
def test_convolutions_of_random_signals() -> None:
    """What the tactics find and the checker accepts equals the sum term by term, at 100,000 points in all.

    Few questions are left without an answer, and no answer is refused by the checker.
    """
    looked: Counter[str] = Counter()
    done: set[object] = set()

    @over(200, question=questions())
    def run(question: tuple[Shape, Shape, tuple[str, ...]]) -> None:
        if question in done or looked["points"] >= POINTS * AMOUNT:
            return
        first, second, not_one = question
        names = first.names() | second.names()
        try:
            derivation = derived(first.definition("x"), second.definition("h"), names, not_one)
            assert check(derivation).verdict.kind == "proved"
        except RuleDoesNotApply:
            done.add(question)
            looked["not derived"] += 1
            return
        points = 0
        for at in settings_of(names, not_one):
            values = {D[name].symbol: at[name] for name in names}
            for time, expected in brute_force(first, second, at).items():
                found = evaluate(derivation.right, {n: time, **values})
                assert found == expected, (str(derivation.right), time, at)
                points += 1
        done.add(question)
        looked["points"] += points
        looked["proved"] += 1

    print(dict(looked))
    assert looked["points"] >= POINTS * AMOUNT
    assert looked["proved"] >= 20 * AMOUNT
    assert looked["proved"] >= 2 * looked["not derived"]
