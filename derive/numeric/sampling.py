"""Exact points inside the hypotheses, most of them where formulas go wrong.

Three layers: *boundary* points lie on a comparison or one or two beside it (a case begins there); *degenerate* points
have a size at its least value, a real number at 0, 1, -1, 2 or 1/2, or two real numbers equal (a denominator vanishes
there); the others are *random*. A random grid alone misses the first two, or hits them by luck.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product
from math import prod
from typing import Any

from sympy import Expr, Symbol

from derive.errors import NoPointFound, Undefined, Unevaluable
from derive.language import (
    AllOf,
    AnyOf,
    Array,
    Compare,
    Condition,
    Context,
    Entry,
    all_of,
    eq,
    negate,
    subterms,
)
from derive.language.numbers import as_rational
from derive.language.points import Evaluator, Samples, evaluate, holds
from derive.numeric.affine import Form, Plan, added, affine_form, key_of, make_point, plan, scaled, setting

SPECIAL = (Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2))
"""Values of real numbers at which powers, quotients and series change their form."""

BESIDE_INTEGER = (0, -1, 1, -2, 2)
BESIDE_REAL = (Fraction(0), Fraction(-1, 3), Fraction(1, 3))
_TRIES, _TRIES_BESIDE = 200, 12
SPREAD, NARROW, NARROWEST = 8, 3, 2
"""How far sizes spread at first; narrow where work grows fast with them, narrowest where outcomes are gone through."""
_MANY = 7  # with more sizes, arrays and loops over all grow fast
_MOST_DEGENERATE = 120
"""Degenerate points, at most, besides one for each random point: with many symbols there are too many pairs."""
_ASKED_OF_SOLVERS = 6


@dataclass(frozen=True)
class Sample:
    """A point and the layers that asked for it: 'boundary', 'degenerate', 'random'."""

    point: Mapping[Symbol, Fraction]
    kinds: tuple[str, ...]


def draw(
    context: Context, count: int, seed: int, around: Sequence[Condition] = (), spread: int = SPREAD, edges: bool = True
) -> list[Sample]:
    """Points that satisfy every hypothesis exactly.

    Args:
        context: Declared symbols and hypotheses. Hypotheses about array entries are left to whoever draws the arrays.
        count: How many random points come after the boundary and degenerate ones; fewer only where the hypotheses
            leave fewer points.
        seed: Same seed, same points, on every machine.
        around: Conditions whose comparisons are boundaries, besides the hypotheses.
        spread: How far sizes spread at first; less where what is asked for grows fast with them.
        edges: Whether boundary and degenerate points are wanted besides the random ones.

    Returns:
        Different points; each names all layers that made it.

    Raises:
        NoPointFound: The hypotheses contradict each other, or no point was found.

    Example:
        >>> from derive.language import declare, lt
        >>> c = Context((declare("n", "natural"),))
        >>> drawn = draw(c, 2, seed=0, around=[lt(c.symbols[0], 5)])
        >>> [int(s.point[c.symbols[0]]) for s in drawn if "boundary" in s.kinds]
        [5, 4, 6, 3, 7, 0, 1, 2]
    """
    sampler = _Sampler(context, random.Random(seed), spread)
    found: dict[tuple[Fraction, ...], tuple[dict[Symbol, Fraction], list[str]]] = {}
    layers = (
        ("boundary", sampler.boundary(around)),
        ("degenerate", islice(sampler.degenerate(around), _MOST_DEGENERATE + count)),
        ("random", sampler.random(count)),
    )
    for kind, points in layers if edges else layers[-1:]:
        for point in points:
            key = tuple(point[s] for s in sampler.symbols)
            _, kinds = found.setdefault(key, (point, []))
            if kind not in kinds:
                kinds.append(kind)
    return [Sample(point, tuple(kinds)) for point, kinds in found.values()]


class _Sampler:
    def __init__(self, context: Context, rng: random.Random, spread: int) -> None:
        self.context, self.rng = context, rng
        declared = {d.symbol: d.sort for d in context.declarations}
        others = {s for f in context.facts for s in f.free_symbols if s not in declared and isinstance(s, Symbol)}
        rank = {"size": 0, "natural": 1, "integer": 1, "real": 2}
        known = sorted(declared, key=lambda s: rank[declared[s]])
        self.symbols = (*known, *sorted(others, key=lambda s: s.name))
        self.sizes = frozenset(s for s, sort in declared.items() if sort == "size")
        self.facts = tuple(f for f in context.facts if not any(isinstance(t, Entry) for t in subterms(f)))
        curved = any(affine_form((c.left - c.right).expand()) is None for c in _conjuncts(self.facts))
        many = len(self.sizes) > (_MANY // 2 if curved else _MANY)  # products of sizes grow fast
        self.spread = min(spread, NARROW) if many else spread
        self.plans: dict[Any, Plan | None] = {}
        self.solved: dict[Compare, tuple[Symbol, Expr] | None] = {}

    def random(self, count: int) -> Iterator[dict[Symbol, Fraction]]:
        """Different points from the whole domain; at least one, or an error."""
        seen: set[tuple[Fraction, ...]] = set()
        for attempt in range(_TRIES * max(count, 1)):
            # A spread that grows with the failures leaves small finite domains early and finds large sizes late.
            point = self.attempt((), spread=self.spread + attempt // _TRIES)
            if point is not None:
                key = tuple(point[s] for s in self.symbols)
                if key not in seen:
                    seen.add(key)
                    yield point
                if len(seen) >= count or not self.symbols:
                    return
            if attempt - 40 * len(seen) > 2 * _TRIES:
                break
        if not seen:
            yield self.from_solver(())

    def boundary(self, around: Sequence[Condition]) -> Iterator[dict[Symbol, Fraction]]:
        """On each comparison and beside it, twice."""
        done: set[tuple[tuple[Any, Fraction], ...]] = set()
        asked = 0
        for form, compare in self.comparisons(around):
            if form is None:
                if asked < _ASKED_OF_SOLVERS:
                    asked += 1
                    yield from self.beside_curve(compare)
                continue
            whole = all(key is None or key.is_integer for key in form)
            for distance in BESIDE_INTEGER if whole else BESIDE_REAL:
                equation = added(form, {None: -Fraction(distance)})
                key = key_of(equation)
                if key in done:
                    continue
                done.add(key)
                yield from self.points_on((equation,), 2)

    def degenerate(self, around: Sequence[Condition]) -> Iterator[dict[Symbol, Fraction]]:
        """Sizes at their least, real numbers at special values, alone and on each boundary."""
        least = {s: self.least_met(s) for s in self.symbols if s in self.sizes}
        smallest = [setting(s, v) for s, v in least.items()]
        reals = [s for s in self.symbols if not s.is_integer]
        settings: list[tuple[Form, ...]] = [(e,) for e in smallest]
        settings += [tuple(smallest)] if len(smallest) > 1 else []
        settings += [(setting(s, v),) for s in reals for v in SPECIAL]
        settings += [(added({s: Fraction(1)}, {t: Fraction(-1)}),) for s, t in combinations(reals, 2)]
        settings += [(setting(s, Fraction(0)),) for s in self.symbols if s.is_integer and s not in self.sizes]
        edges = [form for form, _ in self.comparisons(around) if form is not None]
        for chosen in settings:
            yield from self.points_on(chosen, 3)
        for chosen, edge in product(settings, edges):
            yield from self.points_on((*chosen, edge), 1)

    def comparisons(self, around: Sequence[Condition]) -> list[tuple[Form | None, Compare]]:
        """Comparisons that can be drawn at, with left - right as an affine form where it is one."""
        found: list[tuple[Form | None, Compare]] = []
        for condition in (*around, *self.facts):
            for part in subterms(condition):
                if not isinstance(part, Compare) or not part.free_symbols or part.free_symbols - set(self.symbols):
                    continue
                if any(isinstance(t, Entry) for t in subterms(part)):
                    continue
                found.append((affine_form((part.left - part.right).expand()), part))
        return found

    def beside_curve(self, compare: Compare) -> Iterator[dict[Symbol, Fraction]]:
        """As `boundary`, for a comparison that is not affine: by a symbol that it is linear in, or by the solvers."""
        for distance in (0, -1, 1):
            here = eq(compare.left - compare.right, distance)
            found = False
            for point in self.points_on((), 2, (here,)):
                found = True
                yield point
            if found:
                continue
            try:
                yield self.from_solver((here,))
            except NoPointFound:
                continue

    def points_on(
        self, equations: tuple[Form, ...], count: int, curves: tuple[Compare, ...] = ()
    ) -> Iterator[dict[Symbol, Fraction]]:
        """Up to `count` points that satisfy the equations besides the hypotheses."""
        found = 0
        for _ in range(_TRIES_BESIDE):
            point = self.attempt(equations, self.spread, curves)
            if point is not None:
                yield point
                found += 1
            if found == count:
                return

    def least(self, size: Symbol) -> Fraction:
        """The least value that the facts about the size alone allow it."""
        made = self.plan_for((), ())
        edges = [
            -form.get(None, Fraction(0)) / form[size] + (1 if strict else 0)
            for form, strict in (made.bounds if made else ())
            if form.get(size, Fraction(0)) > 0 and all(key is None or key == size for key in form)
        ]
        return max(edges, default=Fraction(1))

    def least_met(self, size: Symbol) -> Fraction:
        """The least value of the size for which a point was found, or the one that its own facts allow."""
        least = self.least(size)
        for value in (least, least + 1, least + 2):
            if any(True for _ in self.points_on((setting(size, value),), 1)):
                return value
        return least

    def attempt(
        self, equations: tuple[Form, ...], spread: int, curves: tuple[Compare, ...] = ()
    ) -> dict[Symbol, Fraction] | None:
        """One draw; None when it failed."""
        branches = [self.rng.choice(list(f.args)) for f in self.facts if isinstance(f, AnyOf) and f.args]
        made = self.plan_for(equations, tuple(branches))
        point = None if made is None else make_point(made, self.rng, spread)
        if point is None:
            return None
        try:
            for compare in (*_conjuncts((*self.facts, *branches)), *curves):
                follows = self.follows(compare)
                if follows is not None:
                    value = as_rational(evaluate(follows[1], point))
                    if compare.op == "=":
                        point[follows[0]] = value
                    elif point[follows[0]] < value:
                        point[follows[0]] = value + self.rng.randint(0, 2)
            whole = all(point[s].denominator == 1 for s in self.symbols if s.is_integer)
            return point if whole and self.allows(point, curves) else None
        except Unevaluable:
            return None

    def follows(self, compare: Compare) -> tuple[Symbol, Expr] | None:
        """(symbol, its value) from an equation that is not affine but linear in that symbol, such as a*b = 1.

        From an inequality such as a*b + 1 <= n the least value of n, if n is an integer that stands alone.
        """
        if compare in self.solved:
            return self.solved[compare]
        self.solved[compare] = None
        curved = affine_form(difference := (compare.left - compare.right).expand()) is None
        if compare.op in ("<=", ">=") and curved:
            self.solved[compare] = self.least_allowed(compare)
        elif compare.op == "=" and curved:
            for symbol in reversed(self.symbols):
                slope = difference.coeff(symbol)
                rest = (difference - slope * symbol).expand()
                if slope != 0 and symbol not in slope.free_symbols | rest.free_symbols:
                    self.solved[compare] = (symbol, -rest / slope)
                    break
        return self.solved[compare]

    def least_allowed(self, compare: Compare) -> tuple[Symbol, Expr] | None:
        """An integer that an inequality bounds from below, standing alone in it, with that bound."""
        room = (compare.right - compare.left if compare.op == "<=" else compare.left - compare.right).expand()
        alone = (s for s in self.symbols if s.is_integer and room.coeff(s) == 1 and s not in (room - s).free_symbols)
        return next(((s, s - room) for s in alone), None)

    def plan_for(self, equations: tuple[Form, ...], branches: tuple[Condition, ...]) -> Plan | None:
        """The plan for the facts, more equations, and the chosen part of each disjunction."""
        key = (tuple(key_of(e) for e in equations), branches)
        if key not in self.plans:
            given: list[Form] = []
            bounds: list[tuple[Form, bool]] = []
            for compare in _conjuncts((*self.facts, *branches)):
                form = affine_form((compare.left - compare.right).expand())
                if form is None:
                    continue
                if compare.op == "=":
                    given.append(form)
                elif compare.op in (">", ">="):
                    bounds.append((form, compare.op == ">"))
                elif compare.op in ("<", "<="):
                    bounds.append((scaled(form, Fraction(-1)), compare.op == "<"))
            self.plans[key] = plan(self.symbols, self.sizes, [*given, *equations], bounds)
        return self.plans[key]

    def allows(self, point: Mapping[Symbol, Fraction], more: tuple[Condition, ...] = ()) -> bool:
        """Whether every fact holds at the point."""
        try:
            return all(map(Evaluator(self.context, {}, point).holds, (*self.facts, *more)))
        except Undefined:
            return False

    def from_solver(self, more: tuple[Condition, ...]) -> dict[Symbol, Fraction]:
        """A point from isl or z3.

        Raises:
            NoPointFound: There is none, or none was found.
        """
        stated = " and ".join(str(f) for f in (*self.facts, *more))
        decision = Context().decide(negate(all_of(*self.facts, *more)))
        if decision.value is True:
            raise NoPointFound(f"no point satisfies {stated}")
        usual = {s: Fraction(1) if s in self.sizes else Fraction(0) for s in self.symbols}
        point = {**usual, **{s: v for s, v in decision.point if s in usual}}
        wanted = (*self.facts, *more)
        try:
            if decision.value is False and all(holds(f, point, self.context) for f in wanted):
                return point
        except Unevaluable:
            pass
        raise NoPointFound(f"no point found with {stated}; {decision.by}")


def _conjuncts(conditions: Sequence[Condition]) -> Iterator[Compare]:
    for condition in conditions:
        if isinstance(condition, Compare):
            yield condition
        elif isinstance(condition, AllOf):
            yield from _conjuncts(condition.args)


_VALUES = tuple(Fraction(p, q) for p, q in ((1, 1), (2, 1), (-1, 1), (3, 1), (1, 2), (-2, 1), (5, 1), (-3, 2), (2, 3)))
_MOST_ENTRIES = 4_096


def draw_signal(
    array: Array, point: Mapping[Symbol, Fraction], rng: random.Random, values: Sequence[Fraction] = _VALUES
) -> Samples:
    """Random numbers for an array without a definition.

    A range without end gets a window of up to 7 indices near 0, the entries beside it are 0; one of 32 where they are
    an error. Entries in the window are small fractions; an array that is 0 outside its range has some entries 0 too.

    Args:
        array: Its range may depend on the point.
        point: Values of the symbols.
        rng: Source of all choices.
        values: What entries are chosen from.

    Raises:
        NoPointFound: The range holds more than 4,096 entries.

    Example:
        >>> from derive.language import signal
        >>> len(draw_signal(signal("x", 2, 4), {}, random.Random(1)).values)
        3
    """
    axes: list[range] = []
    for ends in array.axes:
        length = max(rng.randint(1, 7), 32 if array.outside == "error" else 1)
        first = rng.randint(-4, 2) if ends[0].is_infinite and ends[1].is_infinite else 0
        axes.append(_window(ends, point, length, first))
    choices = (*values, Fraction(0)) if array.outside == "zero" else values
    return Samples({place: rng.choice(choices) for place in _places(array, axes)})


def filled_signal(array: Array, point: Mapping[Symbol, Fraction]) -> Samples:
    """Numbers for an array without a definition, none of them 0 and all unlike each other.

    A range without end gets a window of 9 indices near 0.

    Raises:
        NoPointFound: As `draw_signal`.

    Example:
        >>> from derive.language import signal
        >>> [str(v) for v in filled_signal(signal("x", 2, 4), {}).values.values()]
        ['1', '3/2', '7/3']
    """
    axes = [_window(ends, point, 9, -4) for ends in array.axes]
    return Samples({p: k + Fraction(1, k + 1) for k, p in enumerate(_places(array, axes))})


def _window(ends: tuple[Expr, Expr], point: Mapping[Symbol, Fraction], length: int, first: int) -> range:
    """The range between the ends; where one is infinite `length` indices, from `first` on where both are."""
    low, high = (None if end.is_infinite else int(as_rational(evaluate(end, point))) for end in ends)
    if low is None:
        low = first if high is None else high - length + 1
    return range(low, (low + length - 1 if high is None else high) + 1)


def _places(array: Array, axes: Sequence[range]) -> list[tuple[int, ...]]:
    entries = prod(len(axis) for axis in axes)
    if entries > _MOST_ENTRIES:
        raise NoPointFound(f"{array.name} would have {entries:,} entries, more than {_MOST_ENTRIES:,}")
    return list(product(*axes))
