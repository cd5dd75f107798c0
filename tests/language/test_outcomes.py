"""The joint laws at exact points meet all that is stated, and what is not stated is broken by one of them.

The atoms have few values, so a law is told by its moments: they are compared exactly, to the fourth power and for
several entries at once.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import pytest
from sympy import Rational

from derive.language import Context, array, chance, declare, integer
from derive.language.chance import Chance
from derive.language.chancy import Chancy
from derive.language.outcomes import Outcomes, one_outcome
from derive.language.points import Evaluator

SIZE = declare("n", "size")
n, i, j = SIZE.symbol, integer("i"), integer("j")
x, y, z = array("x", (1, n)), array("y", (1, n)), array("z", (1, n))
grid, single = array("X", (1, n), (1, n)), array("s")
FREE: dict[str, Any] = {"entries": "independent"}
SEEDS = range(12)
ROWS: tuple[tuple[int, ...], ...] = ((1,), (2,), (3,))
CELLS: tuple[tuple[int, ...], ...] = ((1, 1), (1, 2), (2, 1))
Key = tuple[str, tuple[int, ...]]


class Joint:
    """The moments of a joint law."""

    def __init__(self, seed: int, *records: Chance) -> None:
        self.records = {r.array.name: r for r in records}
        context = Context((SIZE,), arrays=tuple(r.array for r in records), chances=records)
        self.evaluator = Evaluator(context, {}, {n: Fraction(4 + seed % 3)}, seed)
        law = Outcomes(records, self.evaluator, seed)
        self.entry = {r.array.name: law.entries(r.array) for r in records}

    def mean(self, powers: dict[Key, int]) -> Any:
        """Of a product of powers of entries."""
        value: Any = 1
        for (name, place), power in powers.items():
            for _ in range(power):
                value = value * self.entry[name](*place)
        return value.mean() if isinstance(value, Chancy) else value

    def stated(self, value: Any, place: tuple[int, ...], name: str) -> Any:
        """What is said to be there."""
        at = {**self.evaluator.point, **dict(zip(self.records[name].parameters, place, strict=True))}
        return self.evaluator.value(value, at)


def places(record: Chance) -> list[Key]:
    """Some entries."""
    found = {0: ((),), 1: ROWS, 2: CELLS}[len(record.array.axes)]
    return [(record.array.name, place) for place in found]


def powers_up_to(most: int, count: int) -> list[tuple[int, ...]]:
    """Exponents with so large a sum."""
    return [powers for powers in product(range(most + 1), repeat=count) if sum(powers) <= most]


def factors(joint: Joint, *groups: list[Key]) -> bool:
    """Whether the mean of each product of powers is the product of the means of what stands in each group."""
    keys = [key for group in groups for key in group]
    for powers in powers_up_to(4, len(keys)):
        given = dict(zip(keys, powers, strict=True))
        whole = joint.mean(given)
        if whole != prod((joint.mean({k: given[k] for k in group}) for group in groups), start=Fraction(1)):
            return False
    return True


def has_mean(joint: Joint, record: Chance) -> bool:
    """It is the square of the index."""
    return all(joint.mean({k: 1}) == joint.stated(i**2, k[1], k[0]) for k in places(record))


def has_variance(joint: Joint, record: Chance) -> bool:
    """It is 4."""
    return all(joint.mean({k: 2}) - joint.mean({k: 1}) ** 2 == 4 for k in places(record))


def has_second(joint: Joint, record: Chance) -> bool:
    """It is 9."""
    return all(joint.mean({k: 2}) == 9 for k in places(record))


def is_independent(joint: Joint, record: Chance) -> bool:
    """All means of products are products of means."""
    return factors(joint, *([k] for k in places(record)))


def is_uncorrelated(joint: Joint, record: Chance) -> bool:
    """Those of two entries are."""
    return all(
        joint.mean({k: 1, other: 1}) == joint.mean({k: 1}) * joint.mean({other: 1})
        for k in places(record) for other in places(record) if k != other
    )  # fmt: skip


def is_identical(joint: Joint, record: Chance) -> bool:
    """All powers have the same means at all places."""
    return all(len({joint.mean({k: power}) for k in places(record)}) == 1 for power in range(1, 5))


def is_stationary(joint: Joint, record: Chance) -> bool:
    """Products of powers have the same means when they are moved."""
    for powers in powers_up_to(3, 3):
        for shift in product((-1, 2), repeat=len(record.array.axes)):
            moved = [(name, tuple(a + s for a, s in zip(place, shift, strict=True))) for name, place in places(record)]
            here = dict(zip(places(record), powers, strict=False))
            if joint.mean(here) != joint.mean(dict(zip(moved, powers, strict=False))):
                return False
    return True


def is_symmetric(joint: Joint, record: Chance) -> bool:
    """Jointly: what is odd in all entries together has the mean 0, whatever else it is multiplied by."""
    keys = places(record)
    return all(
        joint.mean(dict(zip(keys, powers, strict=True))) == 0
        for powers in powers_up_to(5, len(keys)) if sum(powers) % 2
    )  # fmt: skip


def has_values(*values: tuple[int, Fraction]) -> Callable[[Joint, Chance], bool]:
    """These and no others, with these probabilities."""

    def check(joint: Joint, record: Chance) -> bool:
        return all(
            joint.mean({k: power}) == sum(value**power * share for value, share in values)
            for k in places(record) for power in range(1, 6)
        )  # fmt: skip

    return check


def is_normal(joint: Joint, record: Chance) -> bool:
    """As normal numbers with variance 4."""
    wanted = {1: 0, 2: 4, 3: 0, 4: 48, 5: 0, 6: 960}
    return all(joint.mean({k: power}) == value for k in places(record) for power, value in wanted.items())


half, third = Fraction(1, 2), Fraction(1, 3)
STATED: dict[str, tuple[Callable[[Joint, Chance], bool], dict[str, Any], dict[str, Any]]] = {
    "mean": (has_mean, {"mean": i**2}, {"variance": 4}),
    "variance": (has_variance, {"variance": 4}, {"mean": i}),
    "second moment": (has_second, {"second": 9}, {"mean": 1}),
    "independent": (is_independent, FREE, {"entries": "uncorrelated"}),
    "uncorrelated": (is_uncorrelated, {"entries": "uncorrelated"}, {}),
    "identical": (is_identical, {"identical": True}, {"mean": 0, "variance": 1, **FREE}),
    "identical, independent": (is_identical, {"identical": True, **FREE}, FREE),
    "identical, uncorrelated": (is_identical, {"identical": True, "entries": "uncorrelated"}, {}),
    "identical, of a mean square": (is_identical, {"identical": True, "second": 9}, {"second": 9}),
    "stationary": (is_stationary, {"entries": "stationary"}, {"identical": True, "entries": "uncorrelated"}),
    "stationary, of a mean": (is_stationary, {"entries": "stationary", "mean": 2, "variance": 9}, {}),
    "stationary, of a mean square": (is_stationary, {"entries": "stationary", "second": 9}, {"second": 9}),
    "symmetric": (is_symmetric, {"law": "symmetric", "mean": 0}, {"mean": 0}),
    "symmetric, independent": (is_symmetric, {"law": "symmetric", "mean": 0, **FREE}, {"mean": 0, **FREE}),
    "symmetric, uncorrelated": (
        is_symmetric, {"law": "symmetric", "mean": 0, "entries": "uncorrelated"},
        {"mean": 0, "entries": "uncorrelated"}),
    "symmetric, stationary": (
        is_symmetric, {"law": "symmetric", "mean": 0, "entries": "stationary"}, {"mean": 0, "entries": "stationary"}),
    "signs": (has_values((1, half), (-1, half)), {"law": "signs", **FREE}, {"mean": 0, "variance": 1, **FREE}),
    "bits": (has_values((1, third), (0, 1 - third)), {"law": "bits", "values": (Rational(1, 3),), **FREE}, FREE),
    "uniform": (has_values((2, third), (3, third), (4, third)), {"law": "uniform", "values": (2, 4), **FREE}, FREE),
    "normal": (is_normal, {"law": "normal", "mean": 0, "variance": 4, **FREE}, {"mean": 0, "variance": 4, **FREE}),
}  # fmt: skip
"""What is stated, whether a law has it, a record that states it, and one that does not."""


@pytest.mark.parametrize("kind", STATED)
def test_what_is_stated_is_met(kind: str) -> None:
    """At all seeds, alone and beside other arrays, on one axis, on two and on none."""
    met, of, _ = STATED[kind]
    for base in (x, grid, single):
        given = {key: value for key, value in of.items() if base is not single or key != "entries"}
        if base is single and met in (is_independent, is_uncorrelated, is_identical, is_stationary):
            continue
        if base is single and kind == "mean":
            continue  # it speaks of an index
        for seed in SEEDS if base is not grid else range(3):
            record = chance(base, **given)
            joint = Joint(seed, record, chance(y, **FREE))
            assert met(joint, record), (base, seed)


@pytest.mark.parametrize("kind", STATED)
def test_what_is_not_stated_is_broken(kind: str) -> None:
    """By one of the laws at least."""
    met, _, without = STATED[kind]
    record = chance(x, **without)
    assert not all(met(Joint(seed, record), record) for seed in SEEDS)


@pytest.mark.parametrize("of", [{}, {"entries": "uncorrelated"}, {"law": "symmetric", "mean": 0}])
def test_groups_are_independent_and_nothing_else(of: dict[str, Any]) -> None:
    """Of arrays with unlike groups all means of products are products of means; of one group they are not."""
    apart = [chance(x, **of), chance(y, group="g"), chance(z, group="array x")]
    keys = [places(record)[:2] for record in apart]
    assert all(factors(Joint(seed, *apart), *keys) for seed in range(3))
    together = [chance(x, group="g", **of), chance(y, group="g"), chance(z, group="g", **of)]
    for one, other in ((0, 1), (0, 2)):
        assert not all(factors(Joint(seed, *together), keys[one], keys[other]) for seed in SEEDS)


def test_what_is_stated_is_met_within_a_group() -> None:
    """Whatever is stated of the others of it."""
    symmetric = chance(x, mean=0, law="symmetric", group="g")
    other = chance(y, mean=i**2, variance=4, group="g")
    third = chance(z, entries="uncorrelated", group="g")
    even = chance(array("w", (1, n)), entries="uncorrelated", law="symmetric", mean=0, group="g")
    for seed in SEEDS:
        joint = Joint(seed, symmetric, other, third, even)
        assert is_symmetric(joint, symmetric)
        assert is_symmetric(joint, even)
        assert is_uncorrelated(joint, third)
        assert is_uncorrelated(joint, even)
        assert all(joint.mean({k: 2}) - joint.mean({k: 1}) ** 2 == 4 for k in places(other))
        renamed = [("y", place) for place in ROWS]
        assert all(joint.mean({k: 1}) == k[1][0] ** 2 for k in renamed)


def test_single_numbers() -> None:
    """An array without axes in a group by itself has the variance that is stated, whatever else is."""
    for entries in ("any", "independent", "uncorrelated", "stationary"):
        record = chance(single, mean=1, variance=4, entries=entries, group="g")
        for seed in SEEDS:
            assert has_variance(Joint(seed, record), record)


def test_pairwise_is_not_jointly() -> None:
    """Uncorrelated entries: the mean of a product of three is not always the product of the means."""
    record = chance(x, mean=0, entries="uncorrelated")
    found = {Joint(seed, record).mean(dict.fromkeys(places(record), 1)) for seed in SEEDS}
    assert len(found) > 1


def test_one_outcome_is_one() -> None:
    """It is an outcome of the law, and normal numbers are of both signs."""
    for of in ({"law": "signs", **FREE}, {"law": "normal", "mean": 0, "variance": 4, **FREE}):
        record = chance(x, **of)
        seen = set()
        for seed in SEEDS:
            joint = Joint(seed, record)
            read = one_outcome((record,), joint.evaluator, seed)[x]
            seen |= {read(place) for (place,) in ROWS}
        assert min(seen) < 0 < max(seen)
        assert seen == {1, -1} or len(seen) > 2
