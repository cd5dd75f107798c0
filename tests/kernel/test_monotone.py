"""Inequalities at a place within a line: what they say of the line, and where they may not be carried."""

from __future__ import annotations

import pytest
from sympy import Expr, Max, Rational, exp, log

from derive.errors import RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation, Step
from derive.kernel.monotone import through
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    IndexSum,
    Indicator,
    Largest,
    Partial,
    array,
    declare,
    ge,
    gt,
    integer,
    le,
    lt,
)
from derive.rules.combine import at_part, by, derived, place_of, then, up_to
from derive.rules.ranges import at_least, at_most, largest_at_most_sum, sum_at_most_largest

_n, _a, _b, _c = declare("n", "size"), declare("a", "real"), declare("b", "real"), declare("c", "real")
n, a, b, c = (d.symbol for d in (_n, _a, _b, _c))
k = integer("k")
x = array("x", (1, n))
KNOWN = Context((_n, _a, _b, _c), (le(a, b),), arrays=(x,))


@pytest.mark.parametrize(
    ("term", "relation", "conditions"),
    [
        (a + c, "<=", ()),
        (c - 2 * a, ">=", ()),
        (a * c, "<=", (ge(c, 0),)),
        (1 - a * c, ">=", (ge(c, 0),)),
        (Max(a, c), "<=", ()),
        (exp(a), "<=", ()),
        (log(a), "<=", ()),
        (a ** Rational(1, 3), "<=", (ge(a, 0),)),
        (a**n, "<=", (ge(a, 0), gt(n, 0))),
        ((1 - a) ** n, ">=", (ge(1 - b, 0), gt(n, 0))),
    ],
)
def test_what_grows(term: Expr, relation: str, conditions: tuple[object, ...]) -> None:
    """The relation of the whole, and what has to be known for it; the engine takes the step and it is accepted."""
    context = KNOWN.with_hypotheses(ge(c, 0), gt(a, 0), le(b, 1))
    made = derived("grows", context, term, at_part(a, by(at_most, b)))
    (step,) = made.chain.moves
    assert isinstance(step, Step)
    assert made.relation == relation
    found = through(term, step.path, "<=", b)
    assert found[0] == relation and set(conditions) - set(found[1]) <= {gt(Rational(1, 3), 0)}
    report = check(made)
    assert report.verdict.kind == "proved" and report.points >= 3


@pytest.mark.parametrize("term", [a * c, a**2, a ** Rational(1, 2), 1 / a, -(a**n) * c])
def test_what_need_not_grow(term: Expr) -> None:
    """Without a word on the sign of the cofactor or the base, or with a falling power, the step is refused."""
    context = KNOWN.with_hypotheses(gt(b, 0), lt(a, 0)) if term.has(1 / a) else KNOWN
    after = term.xreplace({a: b})
    step = Step(term, after, "at_most", (b,), (le(a, b),), place_of(term, a), "<=")
    with pytest.raises(StepRejected):
        check(Derivation("wrong", context, term, after, Chain(term, (step,)), "<="))


@pytest.mark.parametrize(
    ("term", "path"),
    [
        (Indicator(gt(a, c)), (0, 1)),
        (Partial(a * x[1], x[1]), (0, 0)),
        (IndexSum(x[k], k, 1, n) ** a, (1,)),
        (Cases((a, gt(c, 0)), (0, OTHERWISE)), (0, 0)),
        (IndexSum(x[k], k, 1, n), (3,)),
        (abs(a), (0,)),
        (a * Indicator(gt(a, 0)), (1, 0, 1)),
    ],
)
def test_where_nothing_is_carried(term: Expr, path: tuple[int, ...]) -> None:
    """Not through conditions, derivatives, exponents, cases, limits of sums, absolute values."""
    with pytest.raises(RuleDoesNotApply):
        through(term, path, "<=", b)


def test_within_sums_and_largest() -> None:
    """Each term of a finite sum at most another: the sums too; the sign of a cofactor is asked at every index."""
    context = Context((_n,), (), arrays=(x,))
    total = IndexSum(k * IndexSum(x[k] ** 2, integer("j"), 1, k), k, 1, n)
    inner = at_part(IndexSum(x[k] ** 2, integer("j"), 1, k), by(sum_at_most_largest))
    made = derived("inside", context, total, inner)
    assert made.relation == "<="
    assert check(made).verdict.kind == "proved"
    turned = IndexSum(-(k**2) * Largest(x[k] ** 2, integer("j"), 1, k), k, 1, n)
    made = derived("turned", context, turned, at_part(turned.body.args[-1], by(largest_at_most_sum)))
    assert made.relation == ">="
    assert check(made).verdict.kind == "proved"


def test_read_backwards() -> None:
    """Up from a to b: b >= a."""
    made = derived("up", KNOWN, b + c, up_to(a + c, at_part(a, by(at_most, b))))
    assert (made.relation, made.right) == (">=", a + c)
    assert check(made).verdict.kind == "proved"


def test_relations_that_say_nothing_together() -> None:
    """At most b, and that at least a: nothing follows."""
    with pytest.raises(RuleDoesNotApply):
        derived("nothing", KNOWN, a, then(by(at_most, b), by(at_least, a)))


def test_a_relation_that_is_not_the_laws() -> None:
    """The step says "=" or "<" where the law says "<="; the goal says "=" where the steps say "<="."""
    good = Step(a, b, "at_most", (b,), (le(a, b),), (), "<=")
    for said in ("=", "<", ">="):
        step = Step(a, b, "at_most", (b,), (le(a, b),), (), said)
        with pytest.raises(StepRejected):
            check(Derivation("forged", KNOWN, a, b, Chain(a, (step,)), said))
    with pytest.raises(StepRejected):
        check(Derivation("forged", KNOWN, a, b, Chain(a, (good,)), "="))
    assert check(Derivation("good", KNOWN, a, b, Chain(a, (good,)), "<=")).verdict.kind == "proved"
