"""Points inside the hypotheses: all layers are hit, by construction and the same on every machine."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from sympy import Rational, oo

from derive.errors import NoPointFound
from derive.language import (
    Condition,
    Context,
    all_of,
    any_of,
    array,
    between,
    declare,
    eq,
    ge,
    gt,
    integer,
    le,
    lt,
    ne,
    signal,
)
from derive.language.points import holds
from derive.numeric.affine import affine_form
from derive.numeric.inlining import edges_of
from derive.numeric.sampling import SPECIAL, Sample, draw, draw_signal, filled_signal
from tests.numeric.pulse import CONTEXT, DECLARED, RIGHT, L, a, n, y

AROUND = edges_of(y[n], CONTEXT)


def test_definition_gives_its_boundaries() -> None:
    """Where the pulse begins, and where its end passes, follows from the limits of the sum alone."""
    assert [str(c) for c in AROUND] == ["0 <= n", "0 <= L - 1", "n <= L - 1"]


def test_boundaries_are_hit() -> None:
    """n = -1, 0, L - 1, L and L + 1 occur, each as a boundary point."""
    points = draw(CONTEXT, 10, seed=3, around=AROUND)
    beside = [s.point for s in points if "boundary" in s.kinds]
    for wanted in (-2, -1, 0, 1, 2):
        assert any(p[n] == wanted for p in beside)
        assert any(p[n] - p[L] + 1 == wanted and p[L] > 1 for p in beside)
    assert any(p[L] == 1 for p in beside)


def test_degenerate_values_are_hit() -> None:
    """The ratio takes 0, 1, -1, 2 and 1/2 away from and on every boundary; the size takes its least value."""
    points = [s.point for s in draw(CONTEXT, 10, seed=3, around=AROUND) if "degenerate" in s.kinds]
    for value in SPECIAL:
        here = [p for p in points if p[a] == value]
        assert any(p[n] == 0 for p in here)
        assert any(p[n] == p[L] - 1 for p in here)
        assert len(here) >= 3
    assert any(p[L] == 1 for p in points)


def test_layers_are_counted() -> None:
    """Random points come as many as asked for; every point names its layers and differs from the others."""
    samples = draw(CONTEXT, 25, seed=0, around=AROUND)
    kinds = Counter(kind for s in samples for kind in s.kinds)
    assert kinds["random"] == 25
    assert kinds["boundary"] >= 20
    assert kinds["degenerate"] >= 30
    assert all(s.kinds for s in samples)
    assert len({tuple(sorted((str(k), v) for k, v in s.point.items())) for s in samples}) == len(samples)


def text(samples: list[Sample]) -> str:
    """All that the samples say, in a fixed order of symbols."""
    return "\n".join(f"{sorted((str(k), str(v)) for k, v in s.point.items())} {s.kinds}" for s in samples)


def test_same_seed_same_points() -> None:
    """The seed decides, and nothing else does: not the process, not the order in which sets are walked."""
    drawn = text(draw(CONTEXT, 20, seed=7, around=AROUND))
    assert drawn == text(draw(CONTEXT, 20, seed=7, around=AROUND))
    assert drawn != text(draw(CONTEXT, 20, seed=8, around=AROUND))
    program = (
        "from tests.numeric.test_sampling import *\n"
        "print(text(draw(CONTEXT, 20, seed=7, around=[*edges_of(y[n], CONTEXT)])))"
    )
    for hashes in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hashes}
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
        )
        assert done.stdout.strip() == drawn


_n, _L, _a = DECLARED
_b, _m, _s = declare("b", "real"), declare("m", "natural"), declare("s", "size")
b, m, s = _b.symbol, _m.symbol, _s.symbol
DOMAINS: dict[str, tuple[Condition, ...]] = {
    "ratio 1": (eq(a, 1),),
    "special case": (eq(L, 7), eq(a, Rational(1, 2))),
    "index inside": (between(0, n, L - 1),),
    "an interval of reals": (gt(a, 0), lt(a, 1), le(b, a)),
    "large sizes": (ge(L, 100), ge(n, 20 * L)),
    "chain": (lt(L, s), lt(s, n), lt(n, m)),
    "equations joined": (eq(n, L + m), eq(m, s - 1), eq(a + b, 1)),
    "hyperbola": (eq(a * b, 1),),
    "product of sizes": (le(s * n, L), ge(n, 1)),
    "one of two": (any_of(eq(n, 3), all_of(ge(n, 10), eq(a, b))),),
    "not equal": (ne(a, 1), ne(n, 0)),
    "no unit coefficient": (eq(2 * m, 3 * s),),
    "square": (eq(L * L, 16),),
}


@pytest.mark.parametrize("name", DOMAINS)
def test_points_satisfy_the_hypotheses(name: str) -> None:
    """Equations, intervals, chains, products and alternatives are met exactly, and each layer finds points."""
    context = Context((*DECLARED, _b, _m, _s), DOMAINS[name])
    samples = draw(context, 12, seed=1)
    assert sum("random" in p.kinds for p in samples) == 12 or name == "square"
    for sample in samples:
        assert set(sample.point) == set(context.symbols)
        assert all(holds(fact, sample.point) for fact in context.facts)
        assert all(v.denominator == 1 for k, v in sample.point.items() if k.is_integer)


def test_both_alternatives_are_drawn() -> None:
    """Each part of a disjunction gets points."""
    context = Context(DECLARED, (any_of(eq(n, 3), ge(n, 10)),))
    times = {int(p.point[n]) for p in draw(context, 20, seed=1)}
    assert 3 in times
    assert max(times) >= 10


def test_sizes_differ_where_they_may() -> None:
    """Equal sizes hide a formula that takes one for the other."""
    context = Context((_L, _s, declare("K", "size")))
    points = [p.point for p in draw(context, 40, seed=0) if p.kinds == ("random",)]
    different = sum(len(set(p.values())) == 3 for p in points)
    assert different >= 0.9 * len(points)


def test_finite_domains_are_exhausted() -> None:
    """Fewer points than asked for come only where there are no more."""
    context = Context((_L, _m), (le(L, 2), le(m, 1)))
    assert len(draw(context, 50, seed=0)) == 4
    assert len(draw(Context((_L, _a), (eq(L, 7), eq(a, 1))), 50, seed=0)) == 1


@pytest.mark.parametrize(
    "hypotheses",
    [
        (eq(a, 1), eq(a, 2)),
        (lt(L, 1),),
        (gt(n, 3), lt(n, 4)),
        (eq(2 * n, 2 * L + 1),),
        (gt(a * a, 4), lt(a, 1), gt(a, 0)),
    ],
)
def test_contradictions_are_named(hypotheses: tuple[Condition, ...]) -> None:
    """Where no point exists that is said, with the hypotheses."""
    with pytest.raises(NoPointFound, match="no point satisfies"):
        draw(CONTEXT.with_hypotheses(*hypotheses), 5, seed=0)


def test_curved_boundaries_are_hit() -> None:
    """A comparison that is not affine is drawn at too, through a symbol in which it is linear."""
    context = Context((_L, _s, _n))
    beside = [p.point for p in draw(context, 3, 0, [le(L * s, n)]) if "boundary" in p.kinds]
    found = {int(p[n] - p[L] * p[s]) for p in beside}
    assert {-1, 0, 1} <= found


def test_signals() -> None:
    """Signals are the same for the same seed, live in their range, and vanish far away."""
    u, v = signal("u"), signal("v", 2, L)
    drawn = [draw_signal(u, {}, random.Random(5)) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert drawn[0].values
    assert drawn[0](60) == 0
    for seed in range(20):
        keys = draw_signal(v, {L: Fraction(4)}, random.Random(seed)).values
        assert sorted(keys) == [(2,), (3,), (4,)]
    w = array("w", (0, L - 1), (1, 2))
    full = draw_signal(w, {L: Fraction(3)}, random.Random(0))
    assert len(full.values) == 6
    assert all(full.values.values())
    with pytest.raises(NoPointFound, match="4,096"):
        draw_signal(w, {L: Fraction(10_000)}, random.Random(0))


def test_signals_with_many_axes() -> None:
    """All entries in the range are drawn and none outside of it, whatever the array is outside; endless axes too."""
    ends = ((1, L), (0, 2), (-1, L - 2), (1, 2))
    for outside in ("zero", "error", "wraps"):
        values = draw_signal(array("w", *ends, outside=outside), {L: Fraction(3)}, random.Random(1)).values
        assert sorted(values) == list(product((1, 2, 3), (0, 1, 2), (-1, 0, 1), (1, 2)))
        assert (0 in values.values()) == (outside == "zero")
    half = draw_signal(array("g", (1, 2), (0, oo), outside="zero"), {}, random.Random(2)).values
    assert {place[0] for place in half} == {1, 2} and min(place[1] for place in half) == 0


def test_filled_signals() -> None:
    """No entry is 0, no two are equal, and sides without end reach to both sides of 0 as far as they may."""
    cases = ((signal("u"), range(-4, 5)), (signal("v", 2, L), range(2, 7)), (signal("g", -oo, 1), range(-7, 2)))
    for u, wanted in cases:
        values = filled_signal(u, {L: Fraction(6)}).values
        assert sorted(values) == [(index,) for index in wanted]
        assert all(values.values()) and len(set(values.values())) == len(values)
    with pytest.raises(NoPointFound, match="4,096"):
        filled_signal(array("w", (0, L - 1), (1, 2)), {L: Fraction(10_000)})


def test_affine_forms() -> None:
    """Sums of multiples of symbols are affine, products and powers are not."""
    k = integer("k")
    assert affine_form(2 * (n + 3 * k) - 1) == {n: 2, k: 6, None: -1}
    assert affine_form(n * k) is None
    assert affine_form(n**2 + 1) is None
    assert affine_form(n - n) == {}


def test_boundaries_of_a_closed_form() -> None:
    """The conditions of the cases are boundaries, nested ones too."""
    assert [str(c) for c in edges_of(RIGHT, CONTEXT)] == [
        "n < 0", "a != 1", "a = 1", "0 <= n", "n <= L - 1",
    ]
