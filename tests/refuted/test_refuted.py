"""Slips that are really made, each refuted by the smallest exact point at which the two sides differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from derive.constructs.construct import Claim
from derive.constructs.registry import claim
from derive.language import Array
from derive.numeric.report import Mismatch
from derive.numeric.spotcheck import spot_check
from tests.refuted.brute_force import Arrays, NoValue, value
from tests.refuted.slips import SLIPS, Slip

LEAST = 100
SIMPLE = (Fraction(2), Fraction(1), Fraction(0), Fraction(-1), Fraction(1, 2))
"""Real numbers from the plainest on, as the sheets prefer them."""
NEAR = range(-2, 3)
"""Where the impulses lie that a smaller witness about free signals could be made of."""

Values = dict[str, Fraction]
Signals = dict[str, Callable[[int], Fraction]]


def signal_of(entries: dict[int, Fraction]) -> Callable[[int], Fraction]:
    """The signal with these entries."""
    return lambda index: entries.get(index, Fraction(0))


def read(mismatch: Mismatch, one: Claim) -> tuple[Values, Signals]:
    """The witness as numbers and signals, from its text."""
    shown = dict(mismatch.point)
    signals = {}
    for array in one.free_arrays:
        entries = {}
        for part in shown[array.name].split(", "):
            if "=" in part:
                index, number = part.split("=")
                entries[int(index.strip("[]"))] = Fraction(number)
        signals[array.name] = signal_of(entries)
    return {name: Fraction(shown[name]) for name in one.parameters}, signals


def both_sides(slip: Slip, one: Claim, at: Values, signals: Signals) -> tuple[str, str]:
    """(claimed, expected): the wrong answer from the meaning of its heads, the right one from the oracle."""
    symbols = {s.name: s for s in one.context.symbols}
    numbers: dict[str, Any] = {name: int(v) if symbols[name].is_integer else v for name, v in at.items()}
    expected = str(Fraction(one.oracle(**numbers, **signals)))
    arrays: Arrays = {array: signals[array.name] for array in one.free_arrays}
    try:
        return str(value(slip.wrong, {symbols[name]: v for name, v in at.items()}, one.context, arrays)), expected
    except (NoValue, ZeroDivisionError):
        return "undefined", expected


def names_by_sort(one: Claim) -> tuple[list[str], list[str], list[str]]:
    """Sizes, other integers, real numbers, among the claim's parameters."""
    sorts = {d.symbol.name: d.sort for d in one.context.declarations if d.symbol.name in one.parameters}
    return (
        [name for name, sort in sorts.items() if sort == "size"],
        [name for name, sort in sorts.items() if sort in ("natural", "integer")],
        [name for name, sort in sorts.items() if sort == "real"],
    )


def rank(one: Claim, at: Values) -> tuple[Any, ...]:
    """The order of points: least sizes, then least integers (positive before negative), then plainest numbers."""
    sizes, integers, reals = ([at[name] for name in names] for names in names_by_sort(one))
    plain = tuple(SIMPLE.index(v) if v in SIMPLE else len(SIMPLE) for v in reals)
    return (sum(sizes), sizes, sum(map(abs, integers)), [-v for v in integers], plain)


def smaller_points(one: Claim, at: Values) -> Iterator[Values]:
    """Every smaller point that is allowed, as far as the real numbers are plain."""
    assert not one.context.hypotheses
    sizes, integers, reals = names_by_sort(one)
    natural = {d.symbol.name for d in one.context.declarations if d.sort == "natural"}
    most = int(sum(at[name] for name in sizes))
    reach = max([int(abs(at[name])) for name in integers] + [2 * most]) + 1
    choices: list[Any] = [range(1, most + 1)] * len(sizes)
    choices += [range(0 if name in natural else -reach, reach + 1) for name in integers]
    choices += [SIMPLE] * len(reals)
    for values in product(*choices):
        point = dict(zip([*sizes, *integers, *reals], map(Fraction, values), strict=True))
        if rank(one, point) < rank(one, at):
            yield point


def impulses(one: Claim) -> Iterator[Signals]:
    """Every choice of one unit impulse or nothing for each free array."""
    entries: list[dict[int, Fraction]] = [{}, *({place: Fraction(1)} for place in NEAR)]

    def fits(array: Array, chosen: dict[int, Fraction]) -> bool:
        return all(array.axes[0][0] <= place for place in chosen)

    choices = [[e for e in entries if fits(array, e)] for array in one.free_arrays]
    for chosen in product(*choices):
        yield {array.name: signal_of(e) for array, e in zip(one.free_arrays, chosen, strict=True)}


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.claim}: {slip.what}")
def test_slip_is_refuted_by_the_smallest_point(slip: Slip) -> None:
    """Whatever the seed: both sides really differ at the witness, and at no smaller point."""
    one = claim(slip.claim)[1]
    for seed in range(3):
        mismatch = spot_check(one, slip.wrong, count=10, seed=seed).mismatch
        assert mismatch is not None and mismatch.kind == "exact"
        at, signals = read(mismatch, one)
        assert both_sides(slip, one, at, signals) == (mismatch.claimed, mismatch.expected)
        assert mismatch.claimed != mismatch.expected
        for smaller in smaller_points(one, at):
            for others in impulses(one):
                claimed, expected = both_sides(slip, one, smaller, others)
                assert claimed == expected, (str(mismatch), smaller)


def test_enough_slips_are_refuted() -> None:
    """At least a hundred, over many claims, each told apart by its name."""
    assert len(SLIPS) >= LEAST
    assert len({(slip.claim, slip.what) for slip in SLIPS}) == len(SLIPS)
    assert len({slip.claim for slip in SLIPS}) >= 15


@pytest.mark.parametrize("path", sorted({slip.claim for slip in SLIPS}))
def test_right_answers_are_not_refuted(path: str) -> None:
    """The same check lets the true result pass, here and by the brute force of these tests."""
    one = claim(path)[1]
    right = one.derive().right
    assert spot_check(one, right, count=10).mismatch is None
    true = Slip(path, "none", right)
    sizes, integers, reals = names_by_sort(one)
    start = {**dict.fromkeys(sizes + integers, Fraction(3 if sizes else 2)), **dict.fromkeys(reals, SIMPLE[0])}
    looked = 0
    for at in smaller_points(one, start):
        for signals in impulses(one):
            claimed, expected = both_sides(true, one, at, signals)
            assert claimed == expected
            looked += 1
    assert looked >= 2
