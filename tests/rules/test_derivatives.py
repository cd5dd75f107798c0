"""Derivatives worked out: checked step by step, and equal to a formula that was differentiated by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from sympy import Abs, Expr, Integer, Max, Min, Rational, cos, erf, exp, floor, log, oo, pi, sin, sqrt, tanh

from derive.errors import IllFormed, RuleDoesNotApply, Unevaluable
from derive.kernel.checker import check
from derive.kernel.derivation import Derivation, Step
from derive.language import (
    OTHERWISE,
    Cases,
    Condition,
    Context,
    Definition,
    Entry,
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
    signal,
    subterms,
)
from derive.language.comparing import agree
from derive.language.forms import of
from derive.language.points import evaluate
from derive.rules import calculus
from derive.rules.combine import by, derived
from derive.rules.derivatives import differentiated

_I, _M, _N = declare("i", "integer"), declare("m", "integer"), declare("n", "size")
i, m, n = _I.symbol, _M.symbol, _N.symbol
j, k, p, q = (integer(s) for s in "jkpq")
x, z, y, v, u = (array(s, (1, 3)) for s in "xzyvu")
A = array("A", (1, 3), (1, 3))
VALUES = {
    x: lambda a: Fraction((2, 3, 5)[a - 1], 2),
    z: lambda a: Fraction((7, -4, 3)[a - 1], 3),
    A: lambda a, b: Fraction((a * a * 5 + a * b * 3 - 7 * b) % 11 - 5, 2),
}
DEFINED = (
    Definition(y, (i,), IndexSum(A[i, k] * x[k], k, 1, 3)),
    Definition(v, (i,), y[i] ** 2 + z[i] * y[i]),
    Definition(u, (i,), IndexSum(v[k] * A[k, i], k, 1, i)),
)


def context(*facts: Condition) -> Context:
    """i and m are indices of the arrays; y is linear in x, v is made of y, and u of v."""
    return Context((_I, _M, _N), (between(1, i, 3), between(1, m, 3), *facts), DEFINED, (x, z, A))


def delta(one: Expr, other: Expr) -> Indicator:
    """1 where the indices are equal."""
    return Indicator(eq(one, other))


def total(body: Expr, index: Expr = k, low: Expr | int = 1, high: Expr | int = 3) -> IndexSum:
    """sum(body, index=low..high)"""
    return IndexSum(body, index, low, high)


_dy = A[i, m]
_dv = (2 * y[i] + z[i]) * A[i, m]
BY_HAND: dict[str, tuple[Expr, Expr, tuple[Condition, ...]]] = {
    "entry": (x[i], delta(i, m), ()),
    "other array": (z[i], Integer(0), ()),
    "constant": (Rational(7, 2) + z[1] * exp(z[2]), Integer(0), ()),
    "sum of terms": (3 * x[i] - z[i] * x[2], 3 * delta(i, m) - z[i] * delta(2, m), ()),
    "product": (x[i] * x[2] * z[i], z[i] * (x[2] * delta(i, m) + x[i] * delta(2, m)), ()),
    "square": (x[i] ** 2, 2 * x[i] * delta(i, m), ()),
    "quotient": (
        x[i] / (1 + x[1] ** 2),
        (delta(i, m) * (1 + x[1] ** 2) - 2 * x[i] * x[1] * delta(1, m)) / (1 + x[1] ** 2) ** 2,
        (),
    ),
    "reciprocal": (1 / x[i], -delta(i, m) / x[i] ** 2, (ne(x[i], 0),)),
    "constant over it": (
        z[1] / (x[i] * x[2]),
        -z[1] * (delta(i, m) / x[i] + delta(2, m) / x[2]) / (x[i] * x[2]),
        (
            ne(x[i], 0),
            ne(x[2], 0),
        ),
    ),
    "sum": (total(k * x[k] ** 2), 2 * m * x[m], ()),
    "double sum": (
        total(total(A[j, k] * x[j] * x[k], j), k),
        total((A[m, k] + A[k, m]) * x[k]),
        (),
    ),
    "sum in a sum in a product": (
        x[i] * total(x[k] * total(x[j] * z[k], j, 1, k)),
        delta(i, m) * total(x[k] * total(x[j] * z[k], j, 1, k))
        + x[i] * (z[m] * total(x[j], j, 1, m) + total(x[k] * z[k], k, m, 3)),
        (),
    ),
    "square of a sum": (total(x[k]) ** 2, 2 * total(x[k]), ()),
    "empty sum": (total(x[k], k, 3, 1), Integer(0), ()),
    "exp": (exp(2 * x[i]), 2 * exp(2 * x[i]) * delta(i, m), ()),
    "exp of a square": (exp(-(x[i] ** 2) / 2), -x[i] * exp(-(x[i] ** 2) / 2) * delta(i, m), ()),
    "log": (log(x[i]), delta(i, m) / x[i], (gt(x[i], 0),)),
    "square root": (sqrt(x[i] ** 2 + 1), x[i] / sqrt(x[i] ** 2 + 1) * delta(i, m), ()),
    "inverse root": (1 / sqrt(total(x[k] ** 2) + 1), -x[m] * (total(x[k] ** 2) + 1) ** Rational(-3, 2), ()),
    "error function": (erf(2 * x[i]), 4 * exp(-4 * x[i] ** 2) / sqrt(pi) * delta(i, m), ()),
    "moving exponent": (2 ** x[i], log(2) * 2 ** x[i] * delta(i, m), ()),
    "tanh": (tanh(x[i]), (1 - tanh(x[i]) ** 2) * delta(i, m), ()),
    "log-sum-exp": (log(total(exp(x[k]))), exp(x[m]) / total(exp(x[k])), (gt(total(exp(x[k])), 0),)),
    "softmax": (
        exp(x[i]) / total(exp(x[k])),
        exp(x[i]) / total(exp(x[k])) * (delta(i, m) - exp(x[m]) / total(exp(x[k]))),
        (ne(total(exp(x[k])), 0),),
    ),
    "larger one": (Max(x[i], z[i]) * z[1], z[1] * delta(i, m) * Indicator(gt(x[i], z[i])), (ne(x[i], z[i]),)),
    "smaller one": (Min(x[i], z[i]), delta(i, m) * Indicator(lt(x[i], z[i])), (ne(x[i], z[i]),)),
    "relu": (Max(0, x[i]), delta(i, m) * Indicator(gt(x[i], 0)), (ne(x[i], 0),)),
    "absolute value": (
        Abs(x[i] - z[i]) * z[2],
        (Indicator(gt(x[i], z[i])) - Indicator(lt(x[i], z[i]))) * z[2] * delta(i, m),
        (ne(x[i] - z[i], 0),),
    ),
    "cases": (
        Cases((x[i] ** 2, ge(i, 2)), (z[1] * x[1], OTHERWISE)),
        Cases((2 * x[i] * delta(i, m), ge(i, 2)), (z[1] * delta(1, m), OTHERWISE)),
        (),
    ),
    "definition": (y[i], _dy, ()),
    "definition of a definition": (v[i], _dv, ()),
    "three definitions deep": (
        u[i],
        total((2 * y[k] + z[k]) * A[k, m] * A[k, i], k, 1, i),
        (),
    ),
    "three deep and squared": (
        u[i] ** 2 / 2,
        u[i] * total((2 * y[k] + z[k]) * A[k, m] * A[k, i], k, 1, i),
        (),
    ),
    "form": (Entry(of("squared_norm", x)), 2 * x[m], ()),
    "form of definitions": (of("hadamard", y, x)[i], A[i, m] * x[i] + y[i] * delta(i, m), ()),
    "quadratic form": (
        Entry(of("inner", x, of("product", A, x))),
        total((A[m, k] + A[k, m]) * x[k]),
        (),
    ),
    "power with a fixed exponent": (x[i] ** n, n * x[i] ** (n - 1) * delta(i, m), ()),
    "indicator of what stays": (Indicator(gt(z[1], 0)) * x[i], Indicator(gt(z[1], 0)) * delta(i, m), ()),
}


def worked_out(term: Expr, *facts: Condition) -> Derivation:
    """Its derivative by x[m]."""
    return derived("test", context(*facts), Partial(term, x[m]), differentiated())


@pytest.mark.parametrize("name", BY_HAND)
def test_by_hand(name: str) -> None:
    """Proved, no derivative left, and the same number as the formula by hand at every pair of indices."""
    term, expected, facts = BY_HAND[name]
    made = worked_out(term, *facts)
    report = check(made)
    assert report.verdict.kind == "proved"
    assert report.steps == len(made.chain.moves) >= 1
    assert not any(isinstance(t, Partial) for t in subterms(made.right))
    looked = 0
    for a, b in product(range(1, 4), repeat=2):
        at = {i: a, m: b, n: 2}
        try:
            right = evaluate(expected, at, context(), VALUES)
        except Unevaluable:
            continue
        assert agree(evaluate(made.right, at, context(), VALUES), "=", right)
        assert agree(evaluate(made.left, at, context(), VALUES), "=", right)
        looked += 1
    assert looked == 9


@pytest.mark.parametrize("name", ["product", "double sum", "three definitions deep", "quadratic form", "cases"])
def test_points_are_compared(name: str) -> None:
    """Where no fact is about entries, the checker compares every line at exact points."""
    report = check(worked_out(BY_HAND[name][0]))
    assert report.points >= 4 * report.steps


def test_what_no_number_is_known_of() -> None:
    """The derivatives of sin and cos are proved, and compared to many digits: their values are in no field of ours."""
    made = worked_out(z[1] * sin(x[i] ** 2) + cos(x[i]))
    report = check(made)
    assert report.verdict.kind == "proved" and report.close > 10 and report.points > 10
    expected = 2 * x[i] * delta(i, m) * z[1] * cos(x[i] ** 2) - sin(x[i]) * delta(i, m)
    for point in ({i: 1, m: 1, n: 1}, {i: 1, m: 2, n: 1}, {i: 3, m: 3, n: 1}):
        assert agree(evaluate(made.right, point, context(), VALUES), "=", evaluate(expected, point, context(), VALUES))
    wrong = expected + sin(x[i]) * delta(i, m) / 10**30
    assert not agree(evaluate(made.right, point, context(), VALUES), "=", evaluate(wrong, point, context(), VALUES))


def test_zero_is_told_and_not_assumed() -> None:
    """A derivative that is 0 has a step that says why, and sums of zeros are worked out."""
    made = worked_out(total(z[k] * k) + total(z[k]) * A[1, 1])
    assert made.right == 0
    assert [s.rule for s in made.chain.moves if isinstance(s, Step)] == ["partial_of_constant"]
    mixed = worked_out(total(z[k] + 0 * x[k]) + x[i])
    assert check(mixed).verdict.kind == "proved" and mixed.right == delta(i, m)


def test_an_index_that_clashes_is_renamed() -> None:
    """The sum over j keeps apart from the j of the entry, here bound by a sum around the derivative."""
    inside = Partial(total(x[j] * z[j], j) * x[1], x[j])
    taken = Context((_I, _M, _N, declare("j", "integer")), (between(1, j, 3),), DEFINED, (x, z, A))
    by_j = Partial(total(x[p] * z[p], p) * x[1], x[j])
    made = derived("test", taken, by_j, differentiated())
    assert check(made).verdict.kind == "proved"
    # The same with one name for both: the law refuses it, the engine renames first.
    with pytest.raises(RuleDoesNotApply, match="rename it first"):
        by(calculus.partial_of_sum)(taken, Partial(total(x[j] * z[j], j), x[j]))
    free = Context((_I, _M, _N), (), DEFINED, (x, z, A))
    renamed = derived("test", free, Partial(total(x[j] * z[j], j), x[j]), differentiated())
    assert renamed.chain.moves[0].rule == "rename_index"  # type: ignore[union-attr]
    assert "j'" in {s.name for s in subterms(renamed.right) if hasattr(s, "name")}
    assert inside.by == by_j.by


def test_a_definition_whose_index_stands_around_it() -> None:
    """dL/dx[k] for y[i] = sum(A[i, k]*x[k]) within a sum over k, as chain rules are written."""
    start = total(z[k] * Partial(y[1], x[k]))
    made = derived("test", context(), start, differentiated())
    assert check(made).verdict.kind == "proved"


def test_a_form_whose_index_is_declared() -> None:
    """The inner product opens as a sum over l also where l is a symbol of the context."""
    el = declare("l", "integer")
    there = Context((el,), (between(1, el.symbol, 3),), (), (x, z))
    made = derived("test", there, Partial(Entry(of("inner", x, z)), x[el.symbol]), differentiated())
    assert check(made).verdict.kind == "proved"


_past = signal("past", 0)
REFUSED: dict[str, tuple[Expr, str]] = {
    "floor": (floor(x[i]), "floor"),
    "floor inside": (exp(floor(x[i])), "floor"),
    "root of a floor": (sqrt(floor(x[i])), "floor"),
    "recursive definition": (_past[n], "still not finished|is an entry"),
    "indicator": (Indicator(gt(x[i], 0)), "Indicator"),
    "largest of three": (Max(x[1], x[2], x[3]), "larger or smaller of two"),
    "cases that change sides": (Cases((x[i], gt(x[i], 0)), (0, OTHERWISE)), "depends on x"),
    "endless sum": (IndexSum(x[1] ** k, k, 0, oo), "no end|not known"),
    "moving limit": (total(Integer(1), k, 1, floor(x[i])), "depends on entries of x|is not known"),
}


def refuse(term: Expr, says: str) -> None:
    """The derivative by x[m] is not worked out."""
    recursion = Definition(_past, (i,), _past[i - 1] / 2 + x[1])
    there = Context((_I, _M, _N), (between(1, i, 3), between(1, m, 3)), (*DEFINED, recursion), (x, z, A))
    with pytest.raises((RuleDoesNotApply, IllFormed), match=says):
        derived("test", there, Partial(term, x[m]), differentiated())


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(name: str) -> None:
    """What no law speaks of is refused within a product, and never taken for 0."""
    term, says = REFUSED[name]
    refuse(z[1] * term, says)


@pytest.mark.parametrize(
    "name",
    REFUSED,
)
def test_refused_by_name_at_once(name: str) -> None:
    """The same by itself."""
    refuse(*REFUSED[name])


def test_an_array_that_wraps_around() -> None:
    """No derivative is taken by an entry that stands under several indices."""
    ring = array("r", (1, 3), outside="wraps")
    there = Context((_I,), (), (), (ring,))
    with pytest.raises(RuleDoesNotApply):
        derived("test", there, Partial(ring[i] * 2, ring[1]), differentiated())


def test_nothing_to_do() -> None:
    """A term without a derivative is refused, not returned."""
    with pytest.raises(RuleDoesNotApply):
        derived("test", context(), x[1] * z[1], differentiated())
