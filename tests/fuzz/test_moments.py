"""Random terms in random arrays: where a law of moments applies and its conditions are shown, both sides are equal.

What is stated of the arrays, the term and the arguments are drawn; several joint laws are looked at, by exact moments.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from sympy import Abs, Expr, Integer, Max, Mul, Rational

from derive.errors import IllFormed, RuleDoesNotApply
from derive.kernel.law import LAWS, Law
from derive.kernel.places import standing
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Covariance,
    Definition,
    Entry,
    Expectation,
    IndexProduct,
    IndexSum,
    Indicator,
    Variance,
    array,
    between,
    chance,
    declare,
    eq,
    gt,
    integer,
    ne,
)
from derive.language.comparing import compared
from derive.language.discharge import discharge
from derive.language.drawing import scattered_points
from derive.language.wellformed import obligations
from derive.rules import distributions, independence, moments
from tests.fuzz.budget import FACTOR, SHARE, WHOLE

Chance = random.Random
D = {s: declare(s, sort) for s, sort in {"n": "size", "p": "integer", "q": "integer", "c": "real"}.items()}
n, p, q, c = (D[s].symbol for s in "npqc")
k, m, i, new = (integer(s) for s in "kmit")
x, y, d = array("x", (1, n)), array("y", (1, n)), array("d", (1, n))
E, Var, Cov = Expectation, Variance, Covariance
FREE: dict[str, Any] = {"entries": "independent"}
RECORDS: tuple[dict[str, Any], ...] = (
    {}, {"mean": c}, {"mean": i, "variance": 4}, {"second": 9}, FREE, {"mean": 0, "variance": c**2, **FREE},
    {"entries": "uncorrelated", "mean": 0}, {"entries": "stationary"}, {"identical": True},
    {"identical": True, **FREE}, {"law": "symmetric", "mean": 0}, {"law": "symmetric", "mean": 0, **FREE},
    {"law": "signs", **FREE}, {"law": "bits", "values": (Rational(1, 3),), **FREE},
    {"law": "uniform", "values": (1, 3), **FREE}, {"law": "normal", "mean": 0, "variance": c**2, **FREE},
)  # fmt: skip
PLACES = (p, q, Integer(1), n, n + 1 - p)
ROUNDS = 110 * FACTOR // SHARE
_LAWS: tuple[Law, ...] = tuple(
    law for module in (moments, independence, distributions) for law in vars(module).values()
    if isinstance(law, Law) and LAWS[law.name] is law
)  # fmt: skip


def entry(draw: Chance) -> Entry:
    """One of an array, d = x*y among them."""
    return draw.choice((x, x, y, d))[draw.choice(PLACES)]


def factor(draw: Chance) -> Expr:
    """What a product is made of."""
    one, other = entry(draw), entry(draw)
    index = draw.choice((k, k, n + 1 - k))
    total = IndexSum(draw.choice((x, y))[index] * draw.choice((Integer(1), k, c)), k, 1, draw.choice((n, Integer(1))))
    return draw.choice((
        one, one, one**2, one**4, one + c, one * other, total, total, c, E(other), Indicator(gt(one, 0)), Max(one, 0),
        Abs(one), Cases((one, gt(other, 0)), (c, OTHERWISE)), Indicator(eq(p, q)), one - E(one),
    ))  # fmt: skip


def term(draw: Chance) -> Expr:
    """A moment of a few factors, or one of the terms that laws speak of besides."""
    body = Mul(*(factor(draw) for _ in range(draw.randint(1, 3))))
    if draw.random() < 0.2:
        body = body + factor(draw)
    if draw.random() < 0.35:
        one = entry(draw)
        total = IndexSum(x[k], k, 1, n)
        product = IndexProduct(draw.choice((x, y))[k] + c, k, 1, n)
        return draw.choice((
            one**3, E(one), E(one**2), E(one**4), Var(one), Cov(one, one), Cov(x[p], x[q]), E(one * entry(draw)),
            E(product), E(x[p] * x[q]), total**2,
        ))  # fmt: skip
    if draw.random() < 0.15:
        inner = draw.choice((x[k] * y[m], x[k], x[m] * m, x[k] * k, x[k] * y[k]))
        return Var(IndexSum(inner, k, 1, n) if draw.random() < 0.5 else IndexSum(IndexSum(inner, m, 1, k), k, 1, n))
    return draw.choice((E(body), E(body), E(body), Var(body), Cov(body, factor(draw))))


def arguments(draw: Chance, law: Law, of: Expr) -> tuple[Any, ...]:
    """Some that may fit."""
    entries = sorted(of.atoms(Entry), key=str) or [x[p]]
    if law is independence.independent_factors:
        parts = Mul.make_args(of.args[0])
        return (Mul(*draw.sample(parts, draw.randint(1, max(1, len(parts) - 1)))),)
    if law is distributions.uniform_values:
        return draw.choice(entries), new
    if law is distributions.stationary:
        return draw.choice((x, y))[1], draw.choice((x, y))[draw.choice((Integer(2), 1 + p - q, p))]
    if law in (distributions.symmetric, distributions.two_values):
        return (draw.choice(entries),)
    if law is distributions.identical_entries:
        return (entry(draw),)
    return ()


def context(draw: Chance) -> Context:
    """Both arrays random, or one; sometimes of one group."""
    first, second = draw.choice(RECORDS), draw.choice(RECORDS)
    known = [between(1, p, n), between(1, q, n), *([ne(p, q)] if draw.random() < 0.5 else [])]
    plain = [of.get("entries") in (None, "uncorrelated") for of in (first, second)]
    group = {"group": "g"} if all(plain) and draw.random() < 0.3 else {}
    chances = (chance(x, **first, **group), chance(y, **second, **group))[: draw.choice((1, 2, 2))]
    return Context(tuple(D.values()), tuple(known), (Definition(d, (i,), x[i] * y[i]),), (x, y), chances)


@pytest.mark.parametrize("seed", range(3))
def test_laws_of_moments(seed: int) -> None:
    """Every law where it applies; how often it does is counted."""
    draw, used, looked = Chance(seed), Counter[str](), 0
    for _ in range(ROUNDS):
        here, before = context(draw), term(draw)
        points = scattered_points(here, here.symbols, 4)[-2:]
        for law in _LAWS:
            given = arguments(draw, law, before)
            try:
                made = law.applied(here, before, given)
                asked = [*made.conditions, *obligations(before, here), *obligations(made.after, here)]
            except (RuleDoesNotApply, IllFormed):
                continue
            _, local = standing(here, before, ())
            if not all(discharge(local, condition).shown for condition in dict.fromkeys(asked)):
                continue
            skipped: Counter[str] = Counter()
            for seen in compared(here, before, made.relation, made.after, points, skipped):
                assert seen.agrees, (law.name, here, before, made.after, seen)
                used[law.name] += 1
                looked += 1
    assert looked > ROUNDS, looked
    assert len(used) >= (16 if WHOLE else 8), used
