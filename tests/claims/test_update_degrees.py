"""Update rules decided: proved of a degree, refuted at exact points, or left undecided; nothing in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
from sympy import Abs, Expr, Integer, Min, Rational, cos, log, oo, sqrt

from derive.claims.update_degrees import Decision, decide_degree, with_values
from derive.constructs import update_orthogonal as muon
from derive.errors import BadInput
from derive.kernel.checker import check
from derive.language import (
    OTHERWISE,
    Array,
    Cases,
    Condition,
    Context,
    Definition,
    Entry,
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
from derive.language.points import evaluate, holds

_n, _i, _T = declare("n", "size"), declare("i", "integer"), declare("T", "size")
_a, _b, _r = declare("a", "real"), declare("beta", "real"), declare("r", "real")
n, i, T, a, b, r = (d.symbol for d in (_n, _i, _T, _a, _b, _r))
k, j, t = integer("k"), integer("j"), integer("t")
g, w, h, u = (array(name, (1, n)) for name in "gwhu")
past, m, second = array("G", (1, oo), (1, n)), array("m", (0, oo), (1, n)), array("v", (0, oo), (1, n))
guard = array("epsilon")
SQUARES, NORM = IndexSum(g[j] ** 2, j, 1, n), sqrt(IndexSum(g[j] ** 2, j, 1, n))


def sign(of: Expr) -> Cases:
    """1, 0 or -1."""
    return Cases((1, gt(of, 0)), (0, eq(of, 0)), (-1, OTHERWISE))


def average(of: Array, what: Expr) -> Definition:
    """of_t = beta of_(t-1) + (1 - beta) what, from 0."""
    return Definition(of, (t, k), Cases((0, eq(t, 0)), (b * of[t - 1, k] + (1 - b) * what, OTHERWISE)))


@dataclass(frozen=True)
class Rule:
    """u[k] = body, and what is to be found."""

    name: str
    body: Expr
    degree: Expr | int | None
    given: tuple[Condition, ...] = ()
    scaled: tuple[Array, ...] = (g,)
    free: tuple[Array, ...] = ()
    before: tuple[Definition, ...] = ()

    @property
    def context(self) -> Context:
        definitions = (*self.before, Definition(u, (k,), self.body))
        inside = (between(1, i, n), *self.given)
        return Context((_n, _i, _T, _a, _b, _r), inside, definitions, (*self.scaled, *self.free))


HEAVY, SQUARED = average(m, past[t, k]), average(second, past[t, k] ** 2)
TURNED = past[t, k] + Indicator(gt(m[t - 1, k], 0)) * m[t - 1, k]
RESTARTED = Definition(m, (t, k), Cases((0, eq(t, 0)), (TURNED, OTHERWISE)))
LATEST = IndexSum(past[t, k] ** 2, t, 1, T)
LATE = ForAll(gt(IndexSum(past[t, j] ** 2, t, 1, T), 0), j, 1, n)
PROVED = [
    Rule("descent", -a * g[k], 1),
    Rule("signs", -a * sign(g[k]), 0),
    Rule("divided by its root mean square", g[k] / sqrt(SQUARES / n), 0, (gt(SQUARES / n, 0),)),
    Rule("divided by its largest", g[k] / Largest(Abs(g[j]), j, 1, n), 0, (gt(Largest(Abs(g[j]), j, 1, n), 0),)),
    Rule("first step of Adam without guard", g[k] / Abs(g[k]), 0, (ForAll(ne(g[j], 0), j, 1, n),)),
    Rule("momentum", -a * m[T, k], 1, (), (past,), (), (HEAVY,)),
    Rule("Signum", -a * sign(m[T, k]), 0, (), (past,), (), (HEAVY,)),
    Rule("Signum with Nesterov's step", sign(b * m[T, k] + past[T, k]), 0, (), (past,), (), (HEAVY,)),
    Rule("Adam without guard", m[T, k] / sqrt(second[T, k]), 0, (ForAll(gt(second[T, j], 0), j, 1, n),), (past,), (),
         (HEAVY, SQUARED)),
    Rule("Adam with its bias corrections", m[T, k] / (1 - a**T) / sqrt(second[T, k] / (1 - r**T)), 0,
         (ForAll(gt(second[T, j] / (1 - r**T), 0), j, 1, n), ne(a**T, 1), ne(r**T, 1)), (past,), (), (HEAVY, SQUARED)),
    Rule("AdaGrad without guard", past[T, k] / sqrt(LATEST), 0, (LATE,), (past,)),
    Rule("Newton's step", g[k] / h[k], 0, (ForAll(ne(h[j], 0), j, 1, n),), (g, h)),
    Rule("guard multiplied too", g[k] / (Abs(g[k]) + guard[()]), 0, (gt(guard[()], 0),), (g, guard)),
    Rule("a power of the size", g[k] * SQUARES**2, 5),
    Rule("restarted where it turns", m[T, k], 1, (), (past,), (), (RESTARTED,)),
    Rule("where it is positive", Indicator(gt(m[T, k], 0)) * past[T, k], 1, (), (past,), (), (HEAVY,)),
]  # fmt: skip
REFUTED = [
    Rule("first step of Adam with guard", g[k] / (Abs(g[k]) + a), None, (gt(a, 0),)),
    Rule("first step of Adam with guard in the root", g[k] / sqrt(g[k] ** 2 + a), None, (gt(a, 0),)),
    Rule("Adam with guard", m[T, k] / (sqrt(second[T, k]) + a), None, (gt(a, 0), gt(b, 0), lt(b, 1)), (past,), (),
         (HEAVY, SQUARED)),
    Rule("AdaGrad with guard", past[T, k] / (sqrt(LATEST) + a), None, (gt(a, 0),), (past,)),
    Rule("weight decay", g[k] + a * w[k], None, (gt(a, 0),), (g,), (w,)),
    Rule("clipped norm", Min(1, a / NORM, evaluate=False) * g[k], None, (gt(a, 0), gt(SQUARES, 0))),
    Rule("clipped entries", Cases((a, gt(g[k], a)), (g[k], OTHERWISE)), None, (gt(a, 0),)),
    Rule("threshold", Cases((g[k], gt(g[k], 1)), (0, OTHERWISE)), None),
    Rule("two degrees on two sides", Cases((g[k], gt(g[k], 0)), (-(g[k] ** 2), OTHERWISE)), None),
    Rule("another degree at each place", g[k] ** k, None),
    Rule("the degree is an entry", Abs(g[k]) ** w[k], None, (ForAll(ne(g[j], 0), j, 1, n),), (g,), (w,)),
    Rule("curvature not multiplied", g[k] + h[k], None, (), (g,), (h,)),
    Rule("constant and gradient", 1 + g[k], None),
    Rule("signs and gradient", sign(g[k]) + g[k], None),
    Rule("cubic step", (3 * g[k] - g[k] * SQUARES) / 2, None),
]  # fmt: skip
UNDECIDED = [
    Rule("degree 2 that is not seen", (g[k] + 1) ** 2 - 2 * g[k] - 1, None),
    Rule("degree 0 that is not seen", cos(g[k]) ** 2 + cos(g[k] + Rational(1, 2)) * 0 + 1 - cos(g[k]) ** 2 + a, None),
    Rule("without a value at each place", log(-1 - g[k] ** 2), None),
    Rule("without hypotheses for its root", g[k] / sqrt(SQUARES), None),
]


def decided(rule: Rule, asked: Expr | int | None = None) -> Decision:
    """Of an entry of the update."""
    return decide_degree(rule.context, u[i], rule.scaled, asked)


def ids(rules: Sequence[Rule]) -> list[str]:
    """Their names."""
    return [rule.name for rule in rules]


@pytest.mark.share(6)
@pytest.mark.parametrize("rule", PROVED, ids=ids(PROVED))
def test_proved(rule: Rule) -> None:
    """The degree is found, and its derivation is of u' = s**p u and is accepted by the checker."""
    found = decided(rule)
    assert (found.verdict.kind, found.degree) == ("proved", rule.degree), found.verdict.why
    made = found.derivation
    assert made is not None and check(made).verdict.kind == "proved"
    assert made.left == Entry(Array("u'", u.axes, u.outside), i)
    assert made.right == found.factor**rule.degree * u[i] and made.relation == "="


@pytest.mark.share(6)
@pytest.mark.parametrize("rule", PROVED, ids=ids(PROVED))
def test_another_degree_is_refuted(rule: Rule) -> None:
    """A degree that is one too large is refuted at a point, although the right one is proved."""
    found = decided(rule, Integer(rule.degree or 0) + 1)
    assert found.verdict.kind == "refuted" and found.witness is not None
    assert len(found.values) == 2


@pytest.mark.share(6)
@pytest.mark.parametrize("rule", REFUTED, ids=ids(REFUTED))
def test_refuted(rule: Rule) -> None:
    """No degree fits: at the witness all hypotheses hold and both sides, evaluated anew, are different."""
    found = decided(rule)
    assert found.verdict.kind == "refuted" and found.degree is None, found.verdict.why
    statement, at = found.refuted, found.witness
    assert statement is not None and at is not None
    left, right = (evaluate(e, at.point, statement.context, at.arrays) for e in (statement.left, statement.right))
    assert left != right
    assert all(holds(fact, at.point, statement.context, at.arrays) for fact in statement.context.facts)
    assert at.point[found.factor] > 0 and at.point[found.factor] != 1
    assert decided(rule, 0).verdict.kind == "refuted"


@pytest.mark.share(6)
@pytest.mark.parametrize("rule", UNDECIDED, ids=ids(UNDECIDED))
def test_undecided(rule: Rule) -> None:
    """What is of some degree and not seen to be, or has no values, is neither proved nor refuted."""
    found = decide_degree(rule.context, u[i], rule.scaled, most=300)
    assert found.verdict.kind == "undecided" and found.verdict.why
    assert found.derivation is None and found.witness is None


def test_ratios_of_a_guard() -> None:
    """At g = 1, s = 2 and a = 1 the updates are 1/2, 2/3, 4/5, and (2/3)^2 is not 1/2 * 4/5."""
    found = decided(REFUTED[0])
    assert [value for _, value in found.values] == [Fraction(1, 2), Fraction(2, 3), Fraction(4, 5)]


def test_all_that_is_needed_as_hypotheses() -> None:
    """A rule without hypotheses for its root gets them, and then its degree is proved."""
    rule = UNDECIDED[-1]
    there, added = with_values(rule.context)
    assert [str(one) for one in added] == ["sum(g[j]**2, j=1..n) > 0"]
    assert decide_degree(there, u[i], [g]).degree == 0


def test_state_of_any_age() -> None:
    """One step of Adam from any state: the averages are multiplied by s and its square."""
    mean, squares = array("m", (1, n)), array("v", (1, n))
    moved = (b * mean[k] + (1 - b) * g[k]) / sqrt(b * squares[k] + (1 - b) * g[k] ** 2)
    given = ForAll(gt(b * squares[j] + (1 - b) * g[j] ** 2, 0), j, 1, n)
    context = Context((_n, _i, _b), (between(1, i, n), given), (Definition(u, (k,), moved),), (g, mean, squares))
    assert decide_degree(context, u[i], {g: 1, mean: 1, squares: 2}).degree == 0
    for wrong in ({g: 1}, {g: 1, mean: 1}, {g: 1, mean: 1, squares: 1}):
        assert decide_degree(context, u[i], wrong).verdict.kind == "refuted"


def test_a_factor_of_the_last_gradient() -> None:
    """A history breaks it: a factor of the last gradient alone leaves no degree to AdaGrad and to a momentum."""
    last = {past: lambda step, _: eq(step, T)}
    for rule in (PROVED[5], PROVED[8], PROVED[9]):
        found = decide_degree(rule.context, u[i], [past], only=last)
        assert found.verdict.kind == "refuted", rule.name
    newest = Rule("newest", sign(past[T, k]), 0, (), (past,))
    assert decide_degree(newest.context, u[i], [past], only=last, most=300).verdict.kind == "undecided"


@pytest.mark.parametrize(("context", "update", "of"), [(muon.MUON, muon.Y, 0), (muon.NORMALISED, muon.X, 0)])
def test_muon(context: Context, update: Array, of: int) -> None:
    """A normalised matrix and a Newton-Schulz step from it have the degree 0; without normalisation there is none."""
    plain = Context(muon._MUON.declarations, muon._MUON.hypotheses, (muon.NORMAL, muon.FIRST), (muon.G,))
    plain = Context(plain.declarations[:4] + plain.declarations[5:], plain.hypotheses[:2] + plain.hypotheses[3:],
                    plain.definitions, plain.arrays)  # fmt: skip
    assert decide_degree(plain, update[muon.i, muon.j], [muon.G]).degree == of
    raw = Context(plain.declarations, plain.hypotheses, muon._RAW.definitions, plain.arrays)
    assert decide_degree(raw, muon.Y[muon.i, muon.j], [muon.G]).verdict.kind == "refuted"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: (c, u[i], [u]), "cannot be multiplied"),
        (lambda c: (c, w[i], [g]), "is not defined"),
        (lambda c: (c, u[i + 1], [g]), "no entry at declared symbols"),
        (lambda c: (c, u[i], []), "nothing is multiplied"),
        (lambda c: (c, u[i], {g: w[i]}), "is no number"),
        (lambda c: (c, u[i], [g], w[i]), "asked for"),
        (lambda c: (replace(c, arrays=(g, Array("g'", g.axes, g.outside))), u[i], [g]), "prime"),
    ],
)
def test_bad_questions(change: Any, said: str) -> None:
    """What cannot be asked is refused in a sentence."""
    with pytest.raises(BadInput, match=said):
        decide_degree(*change(PROVED[0].context))


def test_what_does_not_rest_on_the_gradient() -> None:
    """Of a rule without the gradient nothing is said."""
    assert decided(Rule("decay alone", a * w[k], None, (), (g,), (w,))).verdict.kind == "undecided"


def test_numbers_looked_at() -> None:
    """At least twelve rules are proved and as many refuted, and some left undecided."""
    assert len(PROVED) >= 12 and len(REFUTED) >= 12 and len(UNDECIDED) >= 4


def test_hypotheses_that_pin_the_scale() -> None:
    """A hypothesis that holds of no multiple is never taken over to the multiples."""
    given = ForAll(eq(m[T, j], 1), j, 1, n)
    rule = Rule("pinned", m[T, k] + 1 / m[T, k], None, (given,), (past,), (), (HEAVY,))
    found = decide_degree(rule.context, u[i], [past], most=300)
    assert found.verdict.kind != "proved" and found.carried == ()


def test_carried_hypotheses_have_derivations() -> None:
    """Adam's average of squares is positive for the multiples too, since it is of degree 2."""
    found = decided(next(rule for rule in PROVED if rule.name == "Adam without guard"))
    ((condition, why),) = found.carried
    assert str(condition) == "for all(v'[T, j] > 0, j=1..n)"
    assert check(why).verdict.kind == "proved" and why.right.has(found.factor**2)
