"""Figures and tables of exact values, made from a checked result."""

from __future__ import annotations

from fractions import Fraction

from sympy import Basic, Expr, Mul, Rational, Symbol

from derive.errors import BadInput, Unevaluable
from derive.kernel.derivation import Derivation, Split
from derive.language import Entry, IndexSum
from derive.language.numbers import as_rational
from derive.language.points import evaluate, holds
from derive.render.document import OverlapPlot, StemPlot, Table, Words
from derive.render.text import plain

_BEYOND = 200
"""How far beyond the range a case without a panel is looked for."""


def exact_values(derivation: Derivation, variable: Symbol, low: int, high: int) -> tuple[tuple[int, Fraction], ...]:
    """The result at each integer of the range, from the proved right side.

    Raises:
        BadInput: the result depends on more than this variable, or has no rational value somewhere.
    """
    others = sorted(str(s) for s in derivation.right.free_symbols - {variable})
    if others:
        raise BadInput(f"values need numbers for {', '.join(others)}: give them in `set`")
    found = []
    for value in range(low, high + 1):
        try:
            found.append((value, as_rational(evaluate(derivation.right, {variable: value}, derivation.context))))
        except Unevaluable as problem:
            raise BadInput(f"there is no exact value at {variable} = {value}: {problem}") from None
    return tuple(found)


def table(derivation: Derivation, variable: Symbol, low: int, high: int, fold: int = 1) -> Table:
    """A table of exact values."""
    values = exact_values(derivation, variable, low, high)
    rows = tuple((Rational(n), Rational(v.numerator, v.denominator)) for n, v in values)
    return Table((variable, derivation.left), rows, fold)


def stem_plot(name: str, derivation: Derivation, variable: Symbol, low: int, high: int, caption: Words) -> StemPlot:
    """A stem plot of exact values."""
    values = exact_values(derivation, variable, low, high)
    words = caption or (derivation.left, " for ", variable, f" from {low} to {high}.")
    least, most = min(v for _, v in values), max(v for _, v in values)
    peak = next(n for n, v in values if v == most)
    alt = (
        f"Stem plot of {plain(derivation.left)} for {variable} from {low} to {high}: "
        f"values between {least} and {most}, the largest first at {variable} = {peak}."
    )
    return StemPlot(name, values, variable, derivation.left, words, alt)


def overlap_plot(
    name: str,
    derivation: Derivation,
    variable: Symbol,
    values: dict[Symbol, Fraction],
    caption: Words,
    window: tuple[int, int],
) -> OverlapPlot:
    """The two factors of a convolution sum, one panel a case, at the middle time of each case in the window.

    Raises:
        BadInput: the derivation has no sum of a product of two entries that is split by cases, or a case that there is
            for these numbers lies outside of the window.
    """
    total = _product_sum(derivation)
    split = next((m for m in derivation.chain.moves if isinstance(m, Split)), None)
    if total is None or split is None:
        raise BadInput(f"{derivation.name} has no convolution sum with cases to draw")
    fixed = next(f for f in Mul.make_args(total.body) if f.indices == (total.index,))
    moving = next(f for f in Mul.make_args(total.body) if f is not fixed)
    numbers: dict[Symbol, int | Fraction] = dict(values)
    panels = []
    for branch in split.branches:
        times = [t for t in range(window[0], window[1] + 1) if holds(branch.condition, {**numbers, variable: t})]
        if not times:
            reach = range(window[0] - _BEYOND, window[1] + _BEYOND + 1)
            missed = [t for t in reach if holds(branch.condition, {**numbers, variable: t})]
            if missed:
                nearest = min(missed, key=lambda t: max(window[0] - t, t - window[1]))
                said = f"the case {plain(branch.condition)} has no panel between {window[0]} and {window[1]}"
                raise BadInput(f"{said}: it is at {variable} = {nearest}")
            continue  # not at these numbers
        point: dict[Symbol, int | Fraction] = {**numbers, variable: times[len(times) // 2]}
        stays = _samples(fixed, total.index, point, derivation, window)
        slides = _samples(moving, total.index, point, derivation, window)
        panels.append(((branch.condition,), stays, slides))
    cases = "; ".join(plain(condition) for (condition,), _, _ in panels)
    alt = f"{len(panels)} panels, one a case ({cases}): {plain(fixed)} stays, {plain(moving)} slides to the right."
    return OverlapPlot(name, tuple(panels), fixed, moving, caption, alt)


def _product_sum(derivation: Derivation) -> IndexSum | None:
    for move in derivation.chain.moves:
        term: Basic = move.after
        if isinstance(term, IndexSum):
            factors = Mul.make_args(term.body)
            entries = [f for f in factors if isinstance(f, Entry)]
            if len(entries) == 2 == len(factors) and any(f.indices == (term.index,) for f in entries):
                return term
    return None


def _samples(
    factor: Expr, index: Symbol, point: dict[Symbol, int | Fraction], derivation: Derivation, window: tuple[int, int]
) -> tuple[tuple[int, Fraction], ...]:
    found = []
    for place in range(window[0], window[1] + 1):
        value = as_rational(evaluate(factor, {**point, index: place}, derivation.context))
        if value != 0:
            found.append((place, value))
    return tuple(found)
