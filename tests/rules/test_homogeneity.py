"""Degrees of update rules: read off, proved for any rule built from the heads, and not where there is none."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Integer, Max, Rational, exp, sqrt, tanh

from derive.errors import RuleDoesNotApply
from derive.kernel.checker import check
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Definition,
    ForAll,
    IndexSum,
    Indicator,
    Largest,
    array,
    between,
    declare,
    eq,
    gt,
    integer,
    lt,
    ne,
)
from derive.language.discharge import discharge
from derive.rules.degrees import degree, multiplied, twin, with_twins
from derive.rules.homogeneity import homogeneous

_n, _i, _s = declare("n", "size"), declare("i", "integer"), declare("s", "real")
n, i, s = (d.symbol for d in (_n, _i, _s))
k, j = integer("k"), integer("j")
g, h, u, v = (array(name, (1, n)) for name in "ghuv")
SQUARES, SIZES = IndexSum(g[k] ** 2, k, 1, n), IndexSum(Abs(g[k]), k, 1, n)
MIXED = IndexSum(g[k] * h[k], k, 1, n)

RULES: list[tuple[str, Any, tuple[Any, ...], int | Rational]] = [
    ("square", g[i] ** 2, (), 2),
    ("inverse", 1 / g[i], (ForAll(ne(g[k], 0), k, 1, n),), -1),
    ("sum of products", IndexSum(g[k] * h[k], k, 1, n) * g[i], (), 2),
    ("root", sqrt(SQUARES), (), 1),
    ("divided by the sum of sizes", g[i] / SIZES, (gt(SIZES, 0),), 0),
    ("divided by the largest size", g[i] / Largest(Abs(g[k]), k, 1, n), (gt(Largest(Abs(g[k]), k, 1, n), 0),), 0),
    ("bounded", tanh(g[i] / sqrt(SQUARES)), (gt(SQUARES, 0),), 0),
    ("shares", exp(g[i] / sqrt(SQUARES)), (gt(SQUARES, 0),), 0),
    ("positive part", Max(g[i], 0, evaluate=False), (), 1),
    ("larger of two", Max(g[i], -2 * g[i], evaluate=False), (), 1),
    ("where it is positive", Indicator(gt(g[i], 0)) * g[i] ** 2, (), 2),
    ("where there is one", Cases((g[i] / sqrt(SQUARES), gt(SQUARES, 0)), (0, OTHERWISE)), (), 0),
    ("sign of a sum", Cases((1, gt(MIXED, 0)), (0, eq(MIXED, 0)), (-1, OTHERWISE)), (), 0),
    ("terms of one degree", g[i] + SQUARES / g[i], (ForAll(ne(g[k], 0), k, 1, n),), 1),
    ("larger than its mean", Cases((g[i], gt(n * g[i], IndexSum(g[k], k, 1, n))), (0, OTHERWISE)), (), 1),
]
NONE = [
    ("guard", g[i] / (Abs(g[i]) + 1)),
    ("threshold", Cases((g[i], lt(g[i], 1)), (1, OTHERWISE))),
    ("two degrees", g[i] + g[i] ** 2),
    ("exponential", exp(g[i])),
    ("exponent", 2 ** g[i]),
    ("cases of two degrees", Cases((g[i], gt(g[i], 0)), (g[i] ** 2, OTHERWISE))),
    ("sizes that grow with the index", IndexSum(g[k] ** k, k, 1, n)),
    ("mixed condition", Indicator(gt(g[i] ** 2, g[i]))),
]


def scaled(body: Any, given: tuple[Any, ...]) -> Context:
    """The rule u with its twin."""
    plain = Context((_n, _i, _s), (between(1, i, n), gt(s, 0), *given), (Definition(u, (i,), body),), (g, h))
    return with_twins(plain, {g: lambda *_: s})


@pytest.mark.parametrize(("body", "given", "expected"), [r[1:] for r in RULES], ids=[r[0] for r in RULES])
def test_degree_is_proved(body: Any, given: tuple[Any, ...], expected: int) -> None:
    """The twin is s to the degree times the rule, and the checker accepts that."""
    context = scaled(body, given)
    made = homogeneous("rule", context, u[i], s, (g,))
    assert made.left == twin(u)[i] and made.right == s**expected * u[i]
    assert check(made).verdict.kind == "proved"


@pytest.mark.parametrize(("name", "body"), NONE, ids=[name for name, _ in NONE])
def test_no_degree(name: str, body: Any) -> None:
    """Nothing is proved of a rule with a scale of its own."""
    assert degree(body, {g: Integer(1)}) is None
    with pytest.raises(RuleDoesNotApply, match="no degree"):
        homogeneous("rule", scaled(body, ()), u[i], s, (g,))


def test_another_degree_is_refused() -> None:
    """A derivation whose last line claims one degree more is rejected."""
    from dataclasses import replace

    from derive.errors import StepRejected
    from derive.kernel.derivation import Chain

    made = homogeneous("rule", scaled(g[i] ** 2, ()), u[i], s, (g,))
    moves = (*made.chain.moves[:-1], replace(made.chain.moves[-1], after=s**3 * u[i]))
    with pytest.raises(StepRejected):
        check(replace(made, right=s**3 * u[i], chain=Chain(made.left, moves)))


def test_names_do_not_meet() -> None:
    """A factor with a symbol that is bound in the rule renames the index there."""
    context = Context((_n, _i, _s, declare("k", "integer")), (), (Definition(v, (i,), SQUARES),), (g,))
    other = with_twins(context, {g: lambda *_: k}).definitions[1].body
    assert k in other.free_symbols
    assert multiplied(g[i], {g: lambda place: place}) == i * g[i]


@pytest.mark.parametrize(
    ("condition", "shown"),
    [
        (gt(IndexSum(s**2 * g[k] ** 2, k, 1, n), 0), True),
        (gt(IndexSum(s * Abs(g[k]) * h[k], k, 1, n), 0), False),
        (gt(IndexSum(IndexSum(s * g[k] ** 2 * h[j] ** 2, j, 1, n), k, 1, n), 0), False),
        (gt(IndexSum(-s * g[k] ** 2, k, 1, n), 0), False),
        (gt(IndexSum(s * g[k], k, 1, n), 0), False),
        (gt(Largest(s * g[k] ** 2, k, 1, n), 0), False),
        (gt(Largest(-Largest(-s * g[k], k, 1, n), j, 1, n), 0), False),
    ],
    ids=str,
)
def test_positive_multiples(condition: Any, shown: bool) -> None:
    """A positive factor of a positive sum is seen, and no sign of what is not known."""
    known = Context((_n, _i, _s), (gt(s, 0), gt(SQUARES, 0)), (), (g, h))
    assert discharge(known, condition).shown is shown
