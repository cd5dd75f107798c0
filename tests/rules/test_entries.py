"""An entry at an equal index: proved and evaluated at every small size, and refused where the index is another one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from sympy import Expr, Integer, Mod, floor

from derive.errors import IllFormed, RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.language import Context, IndexSum, array, between, declare, eq, integer
from derive.language.points import evaluate, holds
from derive.rules.combine import at_part, derived
from derive.rules.entries import at_place, remainder_of, same_place, same_remainder
from tests.forged.forger import Forger

_D = tuple(declare(name, "size") for name in "MSN") + tuple(declare(name, "integer") for name in "nst")
M, S, N, n, s, t = (d.symbol for d in _D)
u = integer("u")
x = array("x", (0, N - 1), outside="wraps")
image = array("X", (1, M), (1, N), outside="wraps")
line = array("g", (-40, 40), outside="zero")
strict = array("h", (0, N - 1))
CONTEXT = Context(_D, (), (), (x, image, line, strict))
STRIDED = Context(_D, (eq(N, S * M),), (), (x,))
INSIDE = Context(_D, (between(0, n, N - 1),), (), (strict,))


def mod(whole: Expr, size: Expr) -> Expr:
    """A remainder as it is written."""
    return Mod(whole, size, evaluate=False)


def number(*place: int) -> Fraction:
    """A number for each place, unlike the others."""
    return Fraction(sum((7 + 4 * axis) ** 2 * index**3 + 3 * index for axis, index in enumerate(place)) + 101, 2)


TRUE = [
    (CONTEXT, x[mod(n, N)], (n,)),
    (CONTEXT, x[n], (mod(n, N),)),
    (CONTEXT, x[n - s], (n - s + 3 * N,)),
    (CONTEXT, x[mod(mod(n + t, N) - s, N)], (mod(mod(n - s, N) + t, N),)),
    (CONTEXT, x[mod(mod(mod(n, N) + t, N) + s, N)], (n + s + t,)),
    (CONTEXT, x[mod(2 * mod(n, N), N)], (2 * n,)),
    (CONTEXT, image[mod(n, M), mod(mod(s, N) + t, N)], (n, s + t)),
    (CONTEXT, line[S * n - S * t], (S * (n - t),)),
    (INSIDE, strict[mod(n, N)], (n,)),
    (STRIDED, x[mod(mod(S * n + t, N) - S * s, N)], (mod(S * mod(n - s, M) + t, N),)),
    (STRIDED, x[S * mod(n, M)], (S * n,)),
]


@pytest.mark.parametrize(("context", "term", "indices"), TRUE, ids=lambda part: str(part)[:40])
def test_equal_indices(context: Context, term: Any, indices: tuple[Expr, ...]) -> None:
    """The step is accepted, and both entries are the same number at every small point that is allowed."""
    made = derived("test", context, term, at_place(*indices))
    assert made.right == term.array[indices] and check(made).verdict.kind == "proved"
    looked = 0
    for values in product((1, 2, 3), (1, 2), (1, 2, 3, 4, 6), (-3, 0, 2, 5), (-1, 2), (-2, 1)):
        point = dict(zip((M, S, N, n, s, t), values, strict=True))
        if all(holds(fact, point) for fact in context.facts):
            sides = [evaluate(side, point, context, {term.array: number}) for side in (made.left, made.right)]
            assert sides[0] == sides[1], point
            looked += 1
    assert looked >= 40


FALSE = [
    (CONTEXT, x[mod(n, N)], (0, n, Integer(0))),
    (CONTEXT, x[mod(n, N)], (0, n + 1, -mod(n, N))),
    (CONTEXT, x[n], (0, n + N - 1, Integer(-1))),
    (CONTEXT, x[n], (0, n + N, Integer(1))),
    (CONTEXT, x[n], (0, n + M, Integer(-1))),
    (CONTEXT, x[S * mod(n, M)], (0, S * n, Integer(0))),
    (CONTEXT, image[n, s], (0, n + N, Integer(-1))),
    (CONTEXT, image[n, s], (1, s + M, Integer(-1))),
    (CONTEXT, line[n], (0, n + 1, Integer(0))),
    (CONTEXT, line[n], (0, -n, Integer(0))),
    (INSIDE, strict[n], (0, N - 1 - n, Integer(0))),
]


@pytest.mark.parametrize(("context", "term", "arguments"), FALSE, ids=lambda part: str(part)[:40])
def test_another_index(context: Context, term: Any, arguments: tuple[Any, ...]) -> None:
    """Its condition does not follow; the same law that accepts equal ones says so."""
    with pytest.raises(StepRejected, match="does not follow from what is known here"):
        check(Forger(context, term).by("same_place", *arguments).done())


@pytest.mark.parametrize(
    ("term", "arguments"),
    [
        (line[n], (0, n + 81, Integer(-1))),
        (strict[n], (0, n + N, Integer(-1))),
        (x[n], (0, n / 2, Integer(0))),
        (x[n], (0, n + N / 2, -Integer(1) / 2)),
        (x[n], (1, n, Integer(0))),
        (x[n], (-1, n, Integer(0))),
        (image[n, s], (2, n, Integer(0))),
        (n, (0, n, Integer(0))),
    ],
)
def test_it_does_not_apply(term: Any, arguments: tuple[Any, ...]) -> None:
    """No turns where nothing wraps around, whole numbers alone, an axis that is there, an entry."""
    with pytest.raises(RuleDoesNotApply):
        same_place.apply(CONTEXT, term, *arguments)


def test_a_ring_without_places() -> None:
    """Where the ring may have no place at all an entry of it has no value."""
    k = declare("k", "natural")
    empty = array("e", (0, k.symbol - 1), outside="wraps")
    context = Context((k, _D[3]), (), (), (empty,))
    with pytest.raises(StepRejected):
        check(Forger(context, empty[n]).by("same_place", 0, n + k.symbol, Integer(-1)).done())


def test_an_index_that_nobody_declared() -> None:
    """x[n] = x[n + N k] for every k, but nothing says what k is."""
    stray = integer("k")
    with pytest.raises((StepRejected, IllFormed)):
        check(Forger(CONTEXT, x[n]).by("same_place", 0, n + N * stray, -stray).done())


def test_an_index_of_a_sum() -> None:
    """Inside a sum the bound index counts; outside of it the name is refused."""
    total = IndexSum(x[mod(u + n, N)], u, 0, S)
    made = derived("test", CONTEXT, total, at_part(x[mod(u + n, N)], at_place(n + u)))
    assert made.right == IndexSum(x[n + u], u, 0, S) and check(made).verdict.kind == "proved"
    with pytest.raises((StepRejected, IllFormed)):
        check(Forger(CONTEXT, x[n] * total).by("same_place", 0, n + N * u, -u, part=x[n]).done())


def test_a_lost_hypothesis() -> None:
    """Without N = S M the strided index is another one."""
    made = derived("test", STRIDED, x[S * mod(n, M)], at_place(S * n))
    (step,) = made.chain.moves
    forged = Forger(CONTEXT, x[S * mod(n, M)]).by("same_place", *step.arguments).done()
    with pytest.raises(StepRejected, match="does not follow"):
        check(forged)


def test_as_many_indices_as_axes() -> None:
    """The conversion says where their number differs."""
    with pytest.raises(RuleDoesNotApply, match="has not 1 axes"):
        at_place(n)(CONTEXT, image[n, s])


REMAINDERS = [
    (CONTEXT, mod(mod(n + t, N) - s, N), mod(n - s, N) + t),
    (CONTEXT, mod(n, N), n + 3 * N),
    (CONTEXT, mod(n, N), mod(n, N)),
    (CONTEXT, mod(mod(n, M * S), S), n),
    (STRIDED, mod(S * mod(n, M) + t, N), S * n + t),
]


@pytest.mark.parametrize(("context", "term", "whole"), REMAINDERS, ids=lambda part: str(part)[:40])
def test_equal_remainders(context: Context, term: Any, whole: Expr) -> None:
    """Accepted, and equal at all small points."""
    made = derived("test", context, term, remainder_of(whole))
    assert made.right == mod(whole, term.args[1]) and check(made).verdict.kind == "proved"
    looked = 0
    for values in product((1, 2, 3), (1, 2), (1, 2, 3, 4, 6), (-3, 0, 2, 5), (-1, 2), (-2, 1)):
        point = dict(zip((M, S, N, n, s, t), values, strict=True))
        if all(holds(fact, point) for fact in context.facts):
            assert evaluate(made.left, point) == evaluate(made.right, point), point
            looked += 1
    assert looked >= 40


@pytest.mark.parametrize(
    ("term", "arguments"),
    [
        (mod(n, N), (n, Integer(1))),
        (mod(n, N), (n + 1, Integer(0))),
        (mod(n, N), (n + M, Integer(-1))),
        (mod(n, N), (-n, 2 * floor(n / N))),
        (mod(mod(n, M), N), (n, -floor(n / M))),
    ],
)
def test_other_remainders(term: Any, arguments: tuple[Any, ...]) -> None:
    """Refused, each with its condition."""
    with pytest.raises(StepRejected, match="does not follow from what is known here"):
        check(Forger(CONTEXT, term).by("same_remainder", *arguments).done())


@pytest.mark.parametrize(
    ("term", "arguments"), [(n, (n, Integer(0))), (mod(n, N), (n + N / 2, -Integer(1) / 2)), (mod(n / 2, N), (n, n))]
)
def test_no_remainders_of_whole_numbers(term: Any, arguments: tuple[Any, ...]) -> None:
    """The law speaks of integers alone: a half turn leaves another remainder."""
    with pytest.raises(RuleDoesNotApply):
        same_remainder.apply(CONTEXT, term, *arguments)


def test_a_divisor_that_may_be_0() -> None:
    """A remainder on dividing by 0 has no value, whatever stands before it."""
    with pytest.raises(StepRejected):
        check(Forger(CONTEXT, mod(n, t)).by("same_remainder", n + t, Integer(-1)).done())
