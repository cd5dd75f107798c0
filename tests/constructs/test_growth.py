"""Every statement about growth: proved, compared with brute force and with its definition, told with reasons."""

from __future__ import annotations

import inspect
import random
import re
from collections import Counter
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from sympy import Expr, Symbol

from derive.constructs.construct import Construct, Growth
from derive.constructs.registry import constructs
from derive.language.numbers import as_rational
from derive.language.points import evaluate, holds
from derive.render.document import Aligned, Paragraph, Result, Strong
from derive.rules.growth import C, Comparison, epsilon, goals, n_0
from derive.rules.growth_check import judged
from derive.rules.growth_search import completed
from derive.sheets.growths import Grown, grown, growth_blocks

RECORDS = [(c, record) for c in constructs() for record in c.growth]
IDS = [f"{c.name}.{record.name}" for c, record in RECORDS]
SHOWN: dict[str, Grown] = {}
"""What was made of each, once; several tests look at it."""
ROUNDED = "a hypothesis does not survive rounding to float64"
"""Just on a threshold that depends on epsilon; no exact point is left out."""
LARGEST = 40
"""Of a growing symbol: the oracles are slow loops."""


def shown(construct: Construct, record: Growth) -> Grown:
    """The statement with its derivations."""
    name = f"{construct.name}.{record.name}"
    if name not in SHOWN:
        SHOWN[name] = grown(name)
    return SHOWN[name]


def test_there_are_statements() -> None:
    """All kinds are there, right ones and opposites."""
    kinds = Counter(record.states.kind for _, record in RECORDS)
    assert len(RECORDS) >= 23
    assert {"O", "Theta", "o", "~", "not O", "not Theta", "not o", "at least O"} <= set(kinds)


@pytest.mark.parametrize(("construct", "record"), RECORDS, ids=IDS)
def test_statement_is_proved(construct: Construct, record: Growth) -> None:
    """Each goal of the definition has its derivation, which is accepted, its steps compared at points."""
    found = shown(construct, record)
    verdict = judged(found.states, found.derivations)
    assert verdict.verdict.kind == "proved"
    assert len(verdict.reports) == len(goals(found.states))
    for derivation, report in zip(found.derivations, verdict.reports, strict=True):
        assert derivation.name.startswith(f"{construct.name}.{record.name}.")
        assert report.steps >= 1 and report.points + report.close >= 4 * report.steps


@pytest.mark.parametrize(("construct", "record"), RECORDS, ids=IDS)
def test_bounds_agree_with_the_oracle(construct: Construct, record: Growth) -> None:
    """Exactly and in floating point, at random points beyond the thresholds or of the family."""
    found = shown(construct, record)
    assert len(found.numbers) >= 1
    for spot in found.numbers:
        assert spot.mismatch is None
        assert all(why == ROUNDED and number <= spot.float_points / 4 for why, number in spot.skipped)
        assert spot.exact_points + spot.close_points >= 12 and spot.float_points >= 12
        assert spot.worst_error < 1e-9


def value(term: Expr, at: dict[Symbol, Any]) -> Fraction:
    """The term at the point, exact."""
    return as_rational(evaluate(term, at))


def by_definition(states: Comparison, f: Any, g: Any, at: dict[Symbol, Any]) -> bool:
    """What the definition asks for at a point, with absolute values and the constants of the statement."""
    number = {name: value(term, at) for name in ("above", "below") if (term := getattr(states, name)) is not None}
    if states.is_opposite:
        sinks = states.kind == "not Omega" or states.sinks
        if sinks:
            return bool(abs(f) < abs(g) / at[C])
        return bool(abs(f) > number.get("below", at.get(C)) * abs(g))
    if states.kind == "at least O":
        return bool(f >= 0 and abs(0) <= abs(g))
    if states.kind == "o":
        return bool(abs(f) <= at[epsilon] * abs(g))
    if states.kind == "~":
        return bool(abs(f - g) <= at[epsilon] * abs(g))
    low, high = number.get("below", Fraction(0)) * abs(g), number.get("above")
    return bool(low <= abs(f) and (high is None or abs(f) <= high * abs(g)))


@pytest.mark.parametrize(("construct", "record"), RECORDS, ids=IDS)
def test_definition_holds_at_random_points(construct: Construct, record: Growth) -> None:
    """|f| by brute force and |g| by its value, at points drawn here: no derivation is looked at."""
    states, rng, looked = completed(record.states), random.Random(5), 0
    context = states.context
    for _ in range(400):
        at: dict[Symbol, Any] = {symbol: Fraction(rng.randint(1, 4)) for symbol in (C, n_0)}
        at[epsilon] = Fraction(rng.randint(1, 9), rng.randint(1, 4))
        for declaration in context.declarations:
            real = declaration.sort == "real"
            drawn = Fraction(rng.randint(1, 9), rng.randint(1, 3)) if real else Fraction(rng.randint(1, 4))
            at[declaration.symbol] = drawn
        if states.is_opposite:
            at |= {symbol: value(term, at) for symbol, term in states.along}
            assert all(at[symbol] >= at[n_0] and at[symbol].denominator == 1 for symbol in states.tends)
        else:
            thresholds = dict(states.beyond)
            for symbol in states.tends:
                least = max(1, ceil(value(thresholds[symbol], at))) if symbol in thresholds else 1
                at[symbol] = Fraction(least + rng.randint(0, 6))
        if not all(holds(fact, at, context) for fact in context.facts) or max(at[s] for s in states.tends) > LARGEST:
            assert not states.is_opposite or max(at[s] for s in states.tends) > LARGEST or states.settled.hypotheses
            continue
        numbers = {s.name: int(at[s]) if s.is_integer else at[s] for s in context.symbols}
        f, g = Fraction(record.oracle(**numbers)), value(states.right, at)
        assert by_definition(states, f, g, at), (at, f, g)
        looked += 1
    assert looked >= 50


@pytest.mark.parametrize(("construct", "record"), RECORDS, ids=IDS)
def test_oracle_is_its_own(construct: Construct, record: Growth) -> None:
    """It takes the symbols of the statement, and loops."""
    assert tuple(inspect.signature(record.oracle).parameters) == tuple(s.name for s in record.context.symbols)
    beside = dict(inspect.getmembers(inspect.getmodule(record.oracle), inspect.isfunction))
    seen: set[str] = set()
    waiting = [record.oracle.__name__]
    while waiting:
        text = inspect.getsource(beside[waiting.pop()])
        new = {name for name in beside if re.search(rf"\b{name}\b", text)} - seen
        seen, waiting = seen | new, [*waiting, *new]
    assert any("for " in inspect.getsource(beside[name]) for name in seen)


@pytest.mark.parametrize(("construct", "record"), RECORDS, ids=IDS)
def test_statement_is_told(construct: Construct, record: Growth) -> None:
    """The inequalities with a reason beside each line, then the answer; of what says nothing, that it does."""
    blocks = growth_blocks(shown(construct, record))
    if record.states.kind == "at least O":
        assert isinstance(blocks[0], Paragraph) and blocks[0].words[0] == Strong("This says nothing.")
        return
    lines = [line for block in blocks if isinstance(block, Aligned) for line in block.lines]
    multiple = isinstance(blocks[0], Paragraph) and blocks[0].words[0] == "The left side is "
    assert bool(lines) != multiple and all(line.reason for line in lines)
    assert [block for block in blocks if isinstance(block, Result)] and record.title and record.question


def test_oracles_by_hand() -> None:
    """Brute force against numbers that are counted on paper."""
    known = {
        "growth_of_lengths.valid": ({"n": 5, "k": 3}, 3),
        "growth_of_lengths.strided": ({"N": 10, "K": 3, "S": 3}, 3),
        "growth_of_lengths.blocks": ({"N": 11, "S": 4}, 2),
        "growth_of_fields.field": ({"L": 2, "K": 3}, 5),
        "growth_of_fields.field_dilated": ({"L": 3, "K": 3}, 15),
        "growth_of_fields.pooled_late_layers": ({"L": 1, "M": 2, "K": 3}, Fraction(12, 7)),
        "growth_of_costs.elements": ({"d_o": 2, "d_i": 3, "c": Fraction(1), "e": Fraction(1, 2)}, 8),
        "growth_of_costs.squares": ({"n": 3}, 14),
        "growth_slips.subsets": ({"n": 2}, 16),
        "growth_slips.orders": ({"n": 3}, 24),
    }
    for (construct, record), name in zip(RECORDS, IDS, strict=True):
        if name in known:
            values, expected = known.pop(name)
            assert record.oracle(**values) == expected, (construct.name, record.name)
    assert known == {}
