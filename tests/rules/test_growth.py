"""Statements about growth: what they come down to, and every way in which one may say too much."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Expr, Integer, Rational, Symbol

from derive.errors import IllFormed, RuleDoesNotApply
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, array, between, declare, eq, ge, gt, le
from derive.rules.combine import by, derived
from derive.rules.growth import C, Comparison, derive_growth, epsilon, goals, n_0
from derive.rules.growth_check import judged
from derive.rules.growth_search import completed, decided
from derive.rules.ranges import at_least, at_most

_N, _M, _K = (declare(name, "size") for name in "nmk")
_A = declare("a", "real")
n, m, k, a = (d.symbol for d in (_N, _M, _K, _A))
ONE, TWO, VALID = Context((_N,)), Context((_N, _M)), Context((_N, _K), (le(k, n),))
POSITIVE = Context((_N, _A), (gt(a, 0),))
half = Rational(1, 2)
LENGTH = Comparison(VALID, n - k + 1, "Theta", n, (n,), Integer(1), half, ((n, 2 * k),), ((n, n_0 + k),))


def verdict(statement: Comparison) -> tuple[str, str]:
    """The verdict on the derivations that are made for the statement, and why."""
    try:
        made = derive_growth("test", statement)
    except (IllFormed, RuleDoesNotApply):
        made = ()
    found = judged(statement, made).verdict
    return found.kind, found.why


RIGHT = {
    "Theta with a fixed size": LENGTH,
    "O with a constant that depends on a fixed size": Comparison(TWO, n * m, "O", n, (n,), m),
    "O in two sizes": Comparison(TWO, n + m, "O", n * m, (n, m), Integer(2)),
    "Omega": Comparison(TWO, n * m, "Omega", n + m, (n, m), below=half),
    "o with a threshold in epsilon": Comparison(ONE, n, "o", n**2, (n,), beyond=((n, 1 / epsilon),)),
    "o with a fixed real": Comparison(POSITIVE, a * n, "o", n**2, (n,), beyond=((n, a / epsilon),)),
    "~": Comparison(TWO, n + m, "~", n, (n,), beyond=((n, m / epsilon),)),
    "not O": Comparison(ONE, n**2, "not O", n, (n,), along=((n, C + n_0),)),
    "not O in two sizes": Comparison(TWO, n * m, "not O", n, (n, m), along=((n, n_0), (m, C + n_0))),
    "not Omega": Comparison(VALID, n - k + 1, "not Omega", n, (n, k), along=((n, C + n_0), (k, C + n_0))),
    "not o": Comparison(ONE, n + 3, "not o", 2 * n, (n,), below=half, along=((n, n_0),)),
    "not o with an epsilon that depends on a fixed size": Comparison(
        TWO, n, "not o", n * m, (n,), below=1 / (2 * m), along=((n, n_0),)
    ),
    "at least O": Comparison(ONE, n, "at least O", n**2, (n,)),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    """All goals are derived and accepted."""
    found = judged(RIGHT[name], derive_growth("test", RIGHT[name]))
    assert found.verdict.kind == "proved"
    assert len(found.reports) == len(goals(RIGHT[name])) >= 2
    assert all(report.points + report.close >= 3 for report in found.reports)


def entry_of_n() -> Comparison:
    """An array that is n hides what grows in a constant."""
    hidden = array("h")
    context = Context((_N,), (), (Definition(hidden, (), n),))
    return Comparison(context, n**2, "O", n, (n,), hidden[()])


WRONG = {
    "a constant that is too small": (replace(LENGTH, above=Rational(9, 10)), "does not follow"),
    "a lower constant that is too large": (replace(LENGTH, below=Rational(3, 5)), "does not follow"),
    "a threshold that is too low": (replace(LENGTH, beyond=((n, 2 * k - 3),)), "does not follow"),
    "no threshold at all": (replace(LENGTH, beyond=()), "does not follow"),
    "a larger order": (Comparison(ONE, n**2, "O", n, (n,), Integer(1000)), "does not follow"),
    "o where only O holds": (Comparison(ONE, n, "o", n, (n,), beyond=((n, 1 / epsilon),)), "does not follow"),
    "~ where only Theta holds": (Comparison(ONE, 2 * n, "~", n, (n,), beyond=((n, 1 / epsilon),)), "does not follow"),
    "~ with a second size forgotten": (
        Comparison(TWO, n, "~", n + m, (n, m), beyond=((n, 1 / epsilon), (m, 1 / epsilon))), "does not follow"
    ),
    "a growing size forgotten": (Comparison(TWO, n * m, "O", n, (n, m), Integer(100)), "does not follow"),
    "a constant that grows": (Comparison(TWO, n * m, "O", n, (n, m), m), "depends on what grows"),
    "a constant that grows in an array": (entry_of_n(), "depends on more than what is fixed"),
    "a constant tied to what grows": (
        Comparison(Context((_N, _M), (eq(m, n),)), n**2, "O", n, (n,), m, along=((n, n_0),)), "nothing is said of"
    ),
    "a constant above what grows": (
        Comparison(Context((_N, _M), (le(n, m),)), n**2, "O", n, (n,), m, along=((n, n_0 + m),)), "does not follow"
    ),
    "a threshold that grows": (Comparison(ONE, n**2, "O", n, (n,), Integer(1), beyond=((n, n**2),)), "what grows"),
    "a threshold for what is fixed": (replace(LENGTH, beyond=((k, n),)), "is fixed"),
    "a threshold without a value": (
        Comparison(TWO, n, "O", n, (n,), Integer(1), beyond=((n, 1 / (m - 1)),)), "has no value everywhere"
    ),
    "epsilon in a constant": (Comparison(ONE, n, "O", n, (n,), epsilon), "more than what is fixed"),
    "epsilon declared by the user": (
        Comparison(Context((_N, declare("epsilon", "real")), (gt(epsilon, 3),)), n, "o", n, (n,)), "declared twice"
    ),
    "a constant that is 0": (Comparison(ONE, n, "Omega", n**3, (n,), below=Integer(0)), "not positive"),
    "a constant that may be negative": (
        Comparison(Context((_N, _A)), n, "Omega", n, (n,), below=a), "constant"
    ),
    "no points beyond the threshold": (
        Comparison(Context((_N,), (le(n, 5),)), n**2, "O", n, (n,), Integer(5), along=((n, n_0),)), "does not follow"
    ),
    "no points said to be beyond the threshold": (
        Comparison(Context((_N,), (le(n, 5),)), n**2, "O", n, (n,), Integer(5)), "the points give each"
    ),
    "hypotheses that contradict each other": (
        Comparison(Context((_N, _M), (le(m, 2), ge(m, 3))), n**2, "O", n, (n,), Integer(1)), "contradict"
    ),
    "a negative right side": (Comparison(ONE, n, "O", -n, (n,), Integer(1)), "does not follow"),
    "a negative left side": (Comparison(ONE, -(n**2), "O", n, (n,), Integer(1)), "does not follow"),
    "a left side below ~": (Comparison(ONE, n, "o", -n, (n,)), "does not follow"),
    "points that are not beyond the threshold": (
        Comparison(ONE, n**2, "not O", n, (n,), along=((n, C + 1),)), "does not follow"
    ),
    "points that use the other sizes": (
        Comparison(TWO, n * m, "not O", n, (n, m), along=((n, n_0), (m, n + C))), "what grows"
    ),
    "points at which the bound holds": (Comparison(ONE, n, "not O", n, (n,), along=((n, C + n_0),)), "not follow"),
    "points that need not be integers": (
        Comparison(ONE, n**2, "not O", n, (n,), along=((n, (C + n_0) / 2 + n_0),)), "need not be an integer"
    ),
    "points that break a hypothesis": (
        Comparison(VALID, k, "not O", n, (n, k), along=((n, n_0), (k, C * n_0 + 1))), "does not follow"
    ),
    "points that make what is fixed grow": (
        Comparison(TWO, n * m, "not O", n, (n,), along=((n, n_0), (m, C + 1))), "no other one"
    ),
    "points for a fixed factor": (Comparison(TWO, n * m, "not O", n, (n,), along=((n, C + n_0),)), "not follow"),
    "an epsilon that grows": (
        Comparison(ONE, n, "not o", n**2, (n,), below=1 / (2 * n), along=((n, n_0),)), "what grows"
    ),
    "an epsilon that takes the points": (
        Comparison(ONE, n, "not o", n**2, (n,), below=1 / (2 * n_0), along=((n, n_0),)), "more than what is fixed"
    ),
    "epsilon in what is compared": (Comparison(ONE, n * epsilon, "o", n, (n,)), "no meaning in the statement"),
    "epsilon in a hypothesis": (
        Comparison(Context((_N,), (le(n * epsilon, 1),)), n, "o", n, (n,), along=((n, n_0),)), "not declared"
    ),
    "epsilon in a definition": (
        Comparison(Context((_N,), (), (Definition(array("h"), (), n * epsilon),)), array("h")[()], "o", n, (n,)), "h"
    ),
    "the constant in what is compared": (
        Comparison(ONE, n * C, "not O", n, (n,), along=((n, n_0 + C),)), "no meaning in the statement"
    ),
    "the threshold in what is compared": (
        Comparison(ONE, n, "not O", n / n_0, (n,), along=((n, C * n_0 + 1),)), "no meaning in the statement"
    ),
    "points of which nothing is asked": (
        Comparison(ONE, n, "O", n, (n,), Integer(1), along=((n, C),)), "nothing is asked of them"
    ),
    "an unknown kind": (replace(LENGTH, kind="little o"), "is no kind of growth"),
    "nothing tends to infinity": (replace(LENGTH, tends=()), "tends to infinity"),
    "a stranger tends to infinity": (replace(LENGTH, tends=(m,)), "tends to infinity"),
    "a real tends to infinity": (Comparison(POSITIVE, a, "O", a, (a,), Integer(1)), "is an integer"),
    "a constant too many": (replace(LENGTH, kind="O"), "has no constant below"),
    "a constant missing": (replace(LENGTH, above=None), "needs constant above"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    """Nothing of it is proved, and the reason names what is wrong."""
    statement, why = WRONG[name]
    kind, said = verdict(statement)
    assert kind == "undecided"
    assert why in said


def other(made: tuple[Derivation, ...], role: str, replaced: Derivation) -> tuple[Derivation, ...]:
    """The derivations with one of them replaced."""
    assert any(d.name.endswith(role) for d in made)
    return tuple(replaced if d.name.endswith(role) else d for d in made)


def test_the_derivations_are_those_of_the_goals() -> None:
    """Right derivations of something else, fewer or more of them, in other contexts, show nothing."""
    made = derive_growth("test", LENGTH)
    upper = next(d for d in made if d.name.endswith("upper"))
    weaker = derived("test.upper", upper.context, upper.left, by(at_most, 2 * n))
    narrow = derived("test.upper", upper.context.with_hypotheses(eq(n, 7)), upper.left, by(at_most, n))
    turned = derived("test.upper", upper.context, n, by(at_least, upper.left))
    forged = [other(made, "upper", d) for d in (weaker, narrow, turned)]
    forged += [made[:-1], made[1:], (*made, upper), (), tuple(reversed(made))]
    for derivations in forged:
        found = judged(LENGTH, derivations).verdict
        assert found.kind == "undecided" and ("wanted" in found.why or "more is shown" in found.why)
    assert judged(LENGTH, made).verdict.kind == "proved" and len(forged) == 8


def test_a_step_that_does_not_follow() -> None:
    """The checker refuses it, and with it the statement."""
    false = replace(LENGTH, above=half)
    found = judged(false, derive_growth("test", false)).verdict
    assert found.kind == "undecided" and "does not follow from what is known" in found.why


@pytest.mark.parametrize(
    ("left", "kind", "right", "tends", "found"),
    [
        (3 * n**2 + 5 * n + 1, "O", n**2, (n,), "O"),
        (n * (n - 1) / 2, "Theta", n**2, (n,), "Theta"),
        (n**2, "O", n, (n,), "not O"),
        (n * m, "O", n, (n, m), "not O"),
        (n * m, "O", n * m**2, (n, m), "O"),
        (n + m, "Theta", n, (n, m), "not Theta"),
        (n, "o", n**2, (n,), "o"),
        (n, "o", n, (n,), "not o"),
        (n + m, "o", n * m, (n, m), "o"),
        (n, "Omega", n**2, (n,), "not Omega"),
    ],
)
def test_constants_are_found(left: Expr, kind: str, right: Expr, tends: tuple[Symbol, ...], found: str) -> None:
    """Constants, thresholds or points that are found show the statement or its opposite, as derivations."""
    made = decided(Comparison(TWO, left, kind, right, tends))
    assert made.kind == found
    assert judged(made, derive_growth("test", made)).verdict.kind == "proved"


def test_nothing_is_found() -> None:
    """What is not among the few that are tried is left undecided."""
    with pytest.raises(RuleDoesNotApply, match="no constants"):
        completed(Comparison(ONE, -n, "O", n, (n,)))
    with pytest.raises(RuleDoesNotApply, match="no points are found"):
        completed(Comparison(Context((_N,), (between(1, n, 5),)), n, "O", n, (n,)))
