"""Arrays with several axes that are defined by a recursion in the first: where they end, and where they are smooth."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from sympy import Abs, Expr, Integer, Max, Min, Rational, floor, oo, sqrt, tanh

from derive.errors import IllFormed, Undefined, Unevaluable
from derive.language import (
    OTHERWISE,
    Array,
    Cases,
    Condition,
    Context,
    Definition,
    IndexSum,
    Indicator,
    Partial,
    array,
    between,
    declare,
    eq,
    ge,
    gt,
    integer,
    lt,
    ne,
)
from derive.language.comparing import agree
from derive.language.context import check_context
from derive.language.discharge import discharge
from derive.language.forms import of
from derive.language.numbers import slope
from derive.language.numbers import tanh as squashed
from derive.language.points import Samples, evaluate
from derive.language.smoothness import smooth
from derive.language.wellformed import obligations

t, i, j, k, n, r, q = (integer(name) for name in "tijknrq")
DECLARED = (declare("n", "size"), declare("r", "integer"), declare("q", "integer"), declare("k", "integer"))
INSIDE = (between(1, r, n), between(1, q, n), between(1, k, n))
W, p = array("W", (1, n), (1, n)), array("p", (1, n))
H = array("h", (0, oo), (1, n))
FROM_ZERO = array("y", (1, oo), (1, n), outside="zero")
NO_LEAST, AROUND = array("y", (-oo, oo), (1, n), outside="zero"), array("y", (0, 3), (1, n), outside="wraps")
ENDLESS = array("y", (1, oo), (1, oo), outside="zero")


def context(body: Expr, of_: Array = H, *given: Condition) -> Context:
    """A context with the array defined by the body at (t, i)."""
    indices = (t, i)[: len(of_.axes)]
    return Context((*DECLARED, declare("t", "natural")), (*INSIDE, *given), (Definition(of_, indices, body),), (W, p))


def started(body: Expr, start: Expr = p[i]) -> Expr:
    """The body from step 1 on, and the start."""
    return Cases((start, eq(t, 0)), (body, OTHERWISE))


def row(of_: Array = H, step: Expr = t - 1) -> Expr:
    """Row i of W times the state of a step."""
    return IndexSum(W[i, j] * of_[step, j], j, 1, n)


def comes_to_an_end(c: Context) -> bool:
    """Whether every condition of the definitions follows."""
    return all(discharge(c, condition).shown for condition in check_context(c))


SOUND: dict[str, tuple[Expr, Array]] = {
    "a network": (started(tanh(row())), H),
    "zero before the first step": (tanh(row(FROM_ZERO) + p[i]), FROM_ZERO),
    "two steps back": (Cases((p[i], lt(t, 2)), (H[t - 1, i] + H[t - 2, i], OTHERWISE)), H),
    "all steps before": (p[i] + IndexSum(H[j, i], j, 0, t - 1), H),
    "a step that is worked out": (started(H[floor(t / 2), i]), H),
    "up in the other axis": (FROM_ZERO[t - 1, i + 1] + 1, FROM_ZERO),
    "another place that is known": (FROM_ZERO[t - 1, n - i + 1] + p[i], FROM_ZERO),
}
CIRCLES: dict[str, tuple[Expr, Array]] = {
    "upwards": (tanh(row(FROM_ZERO, t + 1)), FROM_ZERO),
    "the same step": (started(p[i] + row(step=t)), H),
    "down in the other axis": (FROM_ZERO[t, i - 1] + 1, FROM_ZERO),
    "down in the other axis, up in this one": (FROM_ZERO[t + 1, i - 1] + 1, FROM_ZERO),
    "one use of two goes up": (FROM_ZERO[t - 1, i] + FROM_ZERO[t + 1, i], FROM_ZERO),
    "without a start": (tanh(row()), H),
    "the start one too late": (Cases((p[i], lt(t, 0)), (tanh(row()), OTHERWISE)), H),
    "the start in the wrong case": (Cases((tanh(row()), eq(t, 0)), (p[i], OTHERWISE)), H),
    "no least step": (tanh(row(NO_LEAST)), NO_LEAST),
    "around": (AROUND[t - 1, i], AROUND),
    "beyond the other axis": (started(H[t - 1, i + 1]), H),
    "times 0": (0 * p[i] + Indicator(ge(t, 1)) * H[t - 1, i], H),
    "by its own value": (FROM_ZERO[floor(FROM_ZERO[t - 1, i]), i], FROM_ZERO),
    "in a condition": (Cases((p[i], gt(FROM_ZERO[t, i], 0)), (Integer(1), OTHERWISE)), FROM_ZERO),
    "its own derivative": (started(Partial(H[t - 1, i], W[1, 1])), H),
    "its own gradient later": (started(H[t - 1, i] * Partial(p[i] ** 2, p[1])), H),
    "in whole-array notation": (started(of("product", H, W)[t - 1, i]), H),
    "a sum without end": (IndexSum(ENDLESS[t - 1, j], j, 1, oo), ENDLESS),
    "no axes": (array("c")[()] + 1, array("c")),
}


@pytest.mark.parametrize("name", SOUND)
def test_recursions_that_end(name: str) -> None:
    """Each use is at a smaller first index, and it is said where it begins."""
    body, of_ = SOUND[name]
    assert comes_to_an_end(context(body, of_))


@pytest.mark.parametrize("name", CIRCLES)
def test_circles(name: str) -> None:
    """A definition that does not come to an end, or of which that cannot be seen, is refused."""
    body, of_ = CIRCLES[name]
    try:
        c = context(body, of_)
        refused = not comes_to_an_end(c)
    except IllFormed as problem:
        refused = "uses itself" in str(problem)
    assert refused


NETWORK = context(started(tanh(row())))
VALUES = {W: lambda a, b: Fraction(2 * a - b, 3), p: lambda a: Fraction(a, 2)}


def looped(steps: int, size: int, weight: Any) -> list[Any]:
    """The network in loops."""
    state = [VALUES[p](a) for a in range(1, size + 1)]
    for _ in range(steps):
        state = [squashed(sum(weight(a, b) * state[b - 1] for b in range(1, size + 1))) for a in range(1, size + 1)]
    return state


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_values_and_slopes(steps: int) -> None:
    """The entries are those of loops, and so are their derivatives by a weight."""
    size = 2
    for place in (1, 2):
        point = {n: size, t: steps, r: 1, q: 2, k: place}
        value = evaluate(H[t, k] - H[t, k], point, NETWORK, VALUES)
        assert value == 0
        found = evaluate(Partial(H[t, k], W[r, q]), point, NETWORK, VALUES)

        def moved(number: Any, place: int = place) -> Any:
            return looped(steps, size, lambda a, b: number if (a, b) == (1, 2) else VALUES[W](a, b))[place - 1]

        expected = slope(moved, VALUES[W](1, 2))
        assert agree(found, "=", expected)
        assert steps == 0 or not agree(found, "=", expected + Fraction(1, 10**9))


def test_depth_is_bounded() -> None:
    """A recursion that is too deep at a point has no value there that we compute."""
    simple = context(started(H[t - 1, i] + 1))
    assert evaluate(H[t, k], {n: 1, t: 30, r: 1, q: 1, k: 1}, simple, VALUES) == Fraction(61, 2)
    with pytest.raises(Unevaluable, match="deep"):
        evaluate(H[t, k], {n: 1, t: 60, r: 1, q: 1, k: 1}, simple, VALUES)


def asked(body: Expr, by: Expr = W[r, q], *given: Condition) -> list[tuple[Condition, Condition]]:
    """What is asked for the entry h[t, k] to be smooth."""
    return list(smooth(context(started(body), H, *given), H[t, k], by))


def test_smooth_bodies_ask_nothing() -> None:
    """tanh, products and sums have no kink at any step."""
    assert asked(tanh(row())) == []
    assert asked(H[t - 1, i] ** 3 * W[i, i]) == []
    assert asked(Max(0, p[i]) * H[t - 1, i], W[r, q]) == []  # no weight in it


def test_a_kink_is_asked_about_at_every_step() -> None:
    """The condition is about any step up to t and any place, under fresh names."""
    ((known, condition),) = asked(Max(0, row()))
    s, place = integer("t'"), integer("i'")
    assert known.free_symbols >= {s, place, t}
    other = integer("j'")
    assert condition == ne(0, IndexSum(W[place, other] * H[s - 1, other], other, 1, n))
    for facts, follows in (((), False), ((ne(t, 0),), False)):
        c = context(started(Max(0, row())), H, *facts)
        assert discharge(c, obligations(Partial(H[t, k], W[r, q]), c)[-1]).shown is follows
    # at step t alone it may be known; that says nothing of the steps before
    last = IndexSum(W[k, j] * H[t - 1, j], j, 1, n)
    c = context(started(Max(0, row())), H, gt(t, 0), ne(last, 0))
    assert not all(discharge(c, o).shown for o in obligations(Partial(H[t, k], W[r, q]), c))


KINKS: dict[str, Expr] = {
    "at every step": Max(0, row()),
    "at the first step alone": Cases((Abs(W[i, i]), eq(t, 1)), (tanh(row()), OTHERWISE)),
    "at step 3 alone": Cases((Abs(H[t - 1, i] * W[i, i]), eq(t, 3)), (tanh(row()), OTHERWISE)),
    "at an even power of a root": sqrt(Abs(row())),
    "a power that is one at step 2": Abs(row()) ** (t - 1),
    "a root from some step on": Cases((tanh(row()), lt(t, 5)), (sqrt(row()), OTHERWISE)),
    "in another entry": tanh(row()) + Min(H[t - 1, 1] * W[1, 1], 2),
    "a case by an entry": Cases((row(), gt(H[t - 1, i] * W[1, 1], 0)), (H[t - 1, i], OTHERWISE)),
    "an indicator": Indicator(gt(row(), 1)) * H[t - 1, i],
    "in a sum": IndexSum(Abs(W[i, j] * H[t - 1, j]), j, 1, n),
}


@pytest.mark.parametrize("name", KINKS)
def test_kinks_of_earlier_steps_are_not_forgotten(name: str) -> None:
    """Where a step up to t may have a kink, the derivative is not known to exist."""
    c = context(started(KINKS[name]))
    found = obligations(Partial(H[t, k], W[r, q]), c)
    assert not all(discharge(c, condition).shown for condition in found)


def test_a_kink_that_is_excluded() -> None:
    """The larger of 0 and a square plus 1 has none, whatever the step."""
    c = context(started(Max(0, row() ** 2 + 1)))
    assert comes_to_an_end(c)
    assert all(discharge(c, condition).shown for condition in obligations(Partial(H[t, k], W[r, q]), c))


def test_an_index_that_moves() -> None:
    """An index inside of the recursion that depends on the entry is refused by name."""
    bits = array("z", (0, oo), (-oo, oo), outside="zero")
    body = Cases((Integer(0), eq(t, 0)), (bits[t - 1, floor(W[1, 1])] + 1, OTHERWISE))
    with pytest.raises(IllFormed, match="moves with"):
        list(smooth(context(body, bits), bits[t, k], W[1, 1]))


def test_at_a_kink_there_is_no_slope() -> None:
    """Dual numbers through a ReLU of an earlier step that is just at 0: refused, not taken for a slope."""
    c = context(started(Max(0, row())))
    values = {W: Samples({(1, 1): Fraction(0)}), p: Samples({(1,): Fraction(1)})}
    with pytest.raises((Unevaluable, Undefined)):
        evaluate(Partial(H[t, k], W[r, q]), {n: 1, t: 2, r: 1, q: 1, k: 1}, c, values)


def test_the_same_definition_under_other_letters() -> None:
    """Two recursions with several axes are one, whatever their parameters are called."""
    other = Definition(H, (k, q), started(tanh(row())).subs({t: k, i: q}))
    mine = NETWORK.definitions[0]
    assert mine.says_the_same(other) and other.says_the_same(mine)
    assert not mine.says_the_same(Definition(H, (i, t), mine.body))
    assert mine.is_recursive


def test_ends_of_other_arrays() -> None:
    """Rational numbers, so that nothing is rounded: a linear recursion is worked out exactly."""
    linear = context(started(row() + Rational(1, 3)))
    values = {W: lambda a, b: Fraction(a + b), p: lambda a: Fraction(1)}
    second = 2 * Fraction(16, 3) + 3 * Fraction(22, 3) + Fraction(1, 3)
    assert evaluate(H[t, k], {n: 2, t: 2, r: 1, q: 1, k: 1}, linear, values) == second
