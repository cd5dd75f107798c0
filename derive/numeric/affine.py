"""Affine forms over exact fractions, and points made to satisfy equations and bounds.

A sampler cannot wait for chance to hit `n = L - 1` or `a = 1`: equations are solved for a symbol each, and the others
are drawn one after the other between the bounds that the inequalities leave them.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

from sympy import Add, Mul, Rational, Symbol

Form = Mapping[Symbol | None, Fraction]
"""{symbol: coefficient, None: constant}, no coefficient 0."""

_Number = int | Fraction
_Bound = tuple[_Number, _Number, tuple[tuple[Symbol, _Number], ...], bool]
"""Slope of a symbol, constant, coefficients of the others, whether the form may not be 0."""

REAL_PARTS = tuple(range(-9, 10))
REAL_DENOMINATORS = (1, 2, 3, 4, 5, 7)


def affine_form(expr: Any) -> dict[Symbol | None, Fraction] | None:
    """The expression as an affine form, or None when it is not one.

    Example:
        >>> from derive.language import integer
        >>> affine_form(2*integer("n") - 3)
        {None: Fraction(-3, 1), n: Fraction(2, 1)}
    """
    if isinstance(expr, Rational):
        value = Fraction(int(expr.p), int(expr.q))
        return {None: value} if value else {}
    if isinstance(expr, Symbol):
        return {expr: Fraction(1)}
    if isinstance(expr, Add):
        total: dict[Symbol | None, Fraction] = {}
        for part in expr.args:
            found = affine_form(part)
            if found is None:
                return None
            total = added(total, found)
        return total
    if isinstance(expr, Mul):
        factor, rest = expr.as_coeff_Mul()
        inner = affine_form(rest) if isinstance(factor, Rational) and factor != 1 else None
        return None if inner is None else scaled(inner, Fraction(int(factor.p), int(factor.q)))
    return None


def added(left: Form, right: Form) -> dict[Symbol | None, Fraction]:
    """left + right"""
    total = dict(left)
    for key, value in right.items():
        total[key] = total.get(key, Fraction(0)) + value
    return {key: value for key, value in total.items() if value}


def scaled(form: Form, factor: Fraction) -> dict[Symbol | None, Fraction]:
    """factor * form"""
    return {key: value * factor for key, value in form.items() if value * factor}


def inserted(form: Form, symbol: Symbol, value: Form) -> dict[Symbol | None, Fraction]:
    """The form with the symbol replaced by another form."""
    if symbol not in form:
        return dict(form)
    rest = {key: c for key, c in form.items() if key is not symbol and key != symbol}
    return added(rest, scaled(value, form[symbol]))


def value_of(form: Form, point: Mapping[Symbol, Fraction]) -> Fraction:
    """The form's value."""
    return sum((c if key is None else c * point[key] for key, c in form.items()), Fraction(0))


@dataclass(frozen=True)
class Plan:
    """How points are made: which symbols are drawn, which follow, and the bounds.

    Attributes:
        free: Symbols to draw, sizes first.
        solved: (symbol, form in free symbols) for the ones that equations fix.
        bounds: (form, strict) with form >= 0, or > 0 when strict; equations inserted.
        sizes: Symbols that are sizes.
    """

    free: tuple[Symbol, ...]
    solved: tuple[tuple[Symbol, Form], ...]
    bounds: tuple[tuple[Form, bool], ...]
    sizes: frozenset[Symbol]

    @cached_property
    def bounds_of(self) -> tuple[tuple[Symbol, tuple[_Bound, ...]], ...]:
        """Each free symbol with the bounds that speak of it and of symbols drawn before it alone."""
        found = []
        for place, symbol in enumerate(self.free):
            before = {None, *self.free[: place + 1]}
            here = (b for b in self.bounds if symbol in b[0] and b[0].keys() <= before)
            found.append((symbol, tuple(_bound(symbol, form, strict) for form, strict in here)))
        return tuple(found)


def _bound(symbol: Symbol, form: Form, strict: bool) -> _Bound:
    others = tuple((key, _whole(c)) for key, c in form.items() if key is not None and key != symbol)
    return _whole(form[symbol]), _whole(form.get(None, Fraction(0))), others, strict


def _whole(value: Fraction) -> _Number:
    """An int where it is one: those are fastest to calculate with."""
    return value.numerator if value.denominator == 1 else value


def plan(
    symbols: Sequence[Symbol],
    sizes: frozenset[Symbol],
    equations: Sequence[Form],
    bounds: Sequence[tuple[Form, bool]],
) -> Plan | None:
    """Solve the equations (form = 0); None when they contradict each other or the bounds at once.

    An integer is only solved for where its coefficient is 1 or -1. Symbols late in the order are solved for first,
    so that sizes stay free.
    """
    solved: dict[Symbol, Form] = {}
    for equation in equations:
        left: Form = equation
        for symbol, form in solved.items():
            left = inserted(left, symbol, form)
        if not left:
            continue
        pivot = next((s for s in reversed(symbols) if s in left and _can_pivot(s, left)), None)
        if pivot is None:
            if all(key is None for key in left):
                return None
            continue  # such as 2*m = 3*k: left to rejection and to the solvers
        coefficient = left[pivot]
        form = scaled({key: c for key, c in left.items() if key != pivot}, -1 / coefficient)
        solved = {s: inserted(f, pivot, form) for s, f in solved.items()}
        solved[pivot] = form
    inner: list[tuple[Form, bool]] = []
    for bound, strict in bounds:
        for symbol, form in solved.items():
            bound = inserted(bound, symbol, form)
        if all(key is None for key in bound):
            constant = bound.get(None, Fraction(0))
            if constant < 0 or (strict and constant == 0):
                return None
        else:
            inner.append((bound, strict))
    free = tuple(s for s in symbols if s not in solved)
    return Plan(free, tuple(solved.items()), tuple(inner), sizes)


def _can_pivot(symbol: Symbol, form: Form) -> bool:
    if not symbol.is_integer:
        return True
    others_whole = all(key is None or key.is_integer for key in form)
    return others_whole and abs(form[symbol]) == 1 and all(c.denominator == 1 for c in form.values())


def make_point(plan: Plan, rng: random.Random, spread: int) -> dict[Symbol, Fraction] | None:
    """Draw one point; None when the draw ran into an empty range or a fraction where an integer must be.

    Args:
        plan: From `plan`.
        rng: Source of all choices.
        spread: How far above its least value a size goes.
    """
    drawn: dict[Symbol, _Number] = {}
    for symbol, bounds in plan.bounds_of:
        low, high, low_open, high_open = _range_of(bounds, drawn)
        value: _Number | None
        if symbol.is_integer:
            value = _draw_integer(symbol, plan, drawn, (low, high, low_open, high_open), rng, spread)
        else:
            value = _draw_real(low, high, rng)
        if value is None:
            return None
        drawn[symbol] = value
    point = {symbol: Fraction(value) for symbol, value in drawn.items()}
    for symbol, form in plan.solved:
        point[symbol] = value_of(form, point)
        if symbol.is_integer and point[symbol].denominator != 1:
            return None
    return point


def _range_of(
    bounds: Sequence[_Bound], point: Mapping[Symbol, _Number]
) -> tuple[_Number | None, _Number | None, bool, bool]:
    """(low, high, low is open, high is open) from the bounds on a symbol."""
    low: _Number | None = None
    high: _Number | None = None
    low_open = high_open = False
    for slope, constant, others, strict in bounds:
        total = constant
        for other, coefficient in others:
            total += coefficient * point[other]
        edge = -total if slope == 1 else total if slope == -1 else Fraction(-total) / slope
        if slope > 0 and (low is None or edge > low or (edge == low and strict)):
            low, low_open = edge, strict
        if slope < 0 and (high is None or edge < high or (edge == high and strict)):
            high, high_open = edge, strict
    return low, high, low_open, high_open


def _draw_integer(
    symbol: Symbol,
    plan: Plan,
    point: Mapping[Symbol, _Number],
    ends: tuple[_Number | None, _Number | None, bool, bool],
    rng: random.Random,
    spread: int,
) -> int | None:
    low, high, low_open, high_open = ends
    least = None if low is None else floor(low) + 1 if low_open else ceil(low)
    most = None if high is None else ceil(high) - 1 if high_open else floor(high)
    reach = spread + int(max((point[s] for s in plan.sizes if s in point), default=0))
    if symbol in plan.sizes:
        reach = spread
    if least is None and most is None:
        least, most = -4, reach
    elif least is None:
        assert most is not None
        least = most - reach - 4
    elif most is None:
        most = least + reach
    most = min(most, least + reach + 4) if symbol not in plan.sizes else min(most, least + reach)
    if most < least:
        return None
    value = rng.randint(least, most)
    if symbol in plan.sizes:
        taken = {point[s] for s in plan.sizes if s in point}
        for _ in range(4):
            if value not in taken:
                break
            value = rng.randint(least, most)
    return value


def _draw_real(low: _Number | None, high: _Number | None, rng: random.Random) -> _Number | None:
    if low is not None and high is not None:
        if high < low:
            return None
        return low + (high - low) * Fraction(rng.randint(0, 12), 12)
    step = Fraction(rng.choice(REAL_PARTS), rng.choice(REAL_DENOMINATORS))
    if low is not None:
        return low + abs(step)
    if high is not None:
        return high - abs(step)
    return step


def setting(symbol: Symbol, value: Fraction) -> Form:
    """The equation symbol = value."""
    return added({symbol: Fraction(1)}, {None: -value})


def key_of(form: Form) -> tuple[tuple[str, Fraction], ...]:
    """What equations with the same solutions have in common."""
    named = sorted(("" if key is None else key.name, c) for key, c in form.items())
    lead = next((c for text, c in reversed(named) if text), Fraction(1))
    return tuple((text, c / lead) for text, c in named)
