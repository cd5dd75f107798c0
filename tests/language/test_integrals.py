"""Integrals: bound variables, exact values, what is admitted as an integrand and what is refused by name."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sympy import Abs, Expr, Integer, Max, Rational, cos, exp, floor, log, sin, sqrt

from derive.errors import IllFormed, RuleDoesNotApply, StepRejected, Undefined, Unevaluable
from derive.kernel.certificate import dumps, loads
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation, Step
from derive.language import (
    OTHERWISE,
    Cases,
    Condition,
    Context,
    ForAll,
    IndexSum,
    Indicator,
    Integral,
    array,
    declare,
    eq,
    ge,
    gt,
    implies,
    integer,
    le,
    lt,
    ne,
    real,
    substitute,
)
from derive.language.balls import close
from derive.language.points import evaluate
from derive.language.terms import renamed_apart, same_up_to_renaming
from derive.language.wellformed import check_indices, obligations
from derive.render import tex, text
from derive.rules.algebra import use_equation
from derive.rules.combine import at_part, by, derived
from derive.rules.integrals import by_antiderivative, constant_out_of_integral, same_inside, split_integral
from derive.rules.sums import rename_index

_x, _a, _b, _n = declare("x", "real"), declare("a", "real"), declare("b", "real"), declare("n", "integer")
x, a, b, n = (d.symbol for d in (_x, _a, _b, _n))
t, u, k = real("t"), real("u"), integer("k")
STEP = Cases((1, gt(t, 0)), (a, eq(t, 0)), (0, lt(t, 0)))
F = Fraction


def over(body: Expr | int, low: Expr | int = 0, high: Expr | int = 1) -> Integral:
    """int(body, t=low..high)"""
    return Integral(body, t, low, high)


def known(*hypotheses: Condition) -> Context:
    """The symbols with hypotheses."""
    return Context((_x, _a, _b, _n), hypotheses)


def test_the_variable_is_bound() -> None:
    """It is renamed out of the way of what is put in, keeps its sort, and makes no difference by its name."""
    whole = over(x + t, 0, a)
    assert whole.free_symbols == {x, a}
    put_in = substitute(whole, {x: t, a: t})
    assert put_in == Integral(t + real("t'"), real("t'"), 0, t)
    assert put_in.index.is_integer is None and put_in.free_symbols == {t}
    assert same_up_to_renaming(whole, Integral(x + u, u, 0, a))
    assert not same_up_to_renaming(whole, Integral(x + u, u, 0, b))
    assert renamed_apart(whole, {"t"}) == Integral(x + real("t'"), real("t'"), 0, a)
    assert substitute(over(IndexSum(t * k, k, 1, n)), {n: k}).body.high == k


def test_a_variable_with_a_meaning_around_it_is_refused() -> None:
    """The variable of an integral is no declared symbol and none that is bound around it."""
    with pytest.raises(IllFormed, match="already has a meaning"):
        check_indices(Integral(x, x, 0, 1), {"x"})
    with pytest.raises(IllFormed, match="already has a meaning"):
        check_indices(over(over(t)), set())
    with pytest.raises(IllFormed, match="its own index"):
        over(1, 0, t)
    with pytest.raises(IllFormed, match="must be a real symbol"):
        Integral(1, k, 0, 1)
    with pytest.raises(IllFormed, match="must be an integer symbol"):
        IndexSum(t, t, 0, 1)
    for low, high in ((-1 / Integer(0), 0), (0, 1 / Integer(0))):
        with pytest.raises(IllFormed, match="does not run"):
            over(1, low, high)


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (over(t**2), F(1, 3)),
        (over(STEP, -2, 3), F(3)),
        (over(STEP, 0, 3), F(3)),
        (over(STEP, -3, 0), F(0)),
        (over(Abs(t), -1, 2), F(5, 2)),
        (over(Max(0, Abs(t) - 1, evaluate=False), -3, 2), F(5, 2)),
        (over(Max(t, 1 - t, evaluate=False)), F(3, 4)),
        (over(Indicator(gt(2 * t, 1)) * t), F(3, 8)),
        (over((t - a) ** n), F(3**4 - 2**4, 4)),
        (over(7, a, a), F(0)),
        (over(Integral(b, u, 0, 2) * t), F(5)),
    ],
    ids=str,
)
def test_exact_values(term: Integral, value: Fraction) -> None:
    """Polynomials piece by piece, cut where they change."""
    assert evaluate(term, {a: F(-2), b: F(5), n: 3}) == value


@pytest.mark.parametrize(
    "term",
    [over(Abs(t**2 - 2)), over(sqrt(t)), over(t, 0, exp(1)), over(log(1 + t)), over(Abs(exp(t) - 2))],
)
def test_no_exact_value(term: Integral) -> None:
    """What is not worked out exactly is not guessed."""
    with pytest.raises(Unevaluable):
        evaluate(term, {})


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (over(exp(t)), exp(1) - 1),
        (over(1 / (1 + t)), log(2)),
        (over(exp(-2 * Abs(t)), -1, 2), 1 - exp(-2) / 2 - exp(-4) / 2),
        (over(Max(0, t, evaluate=False) * sin(t), -1, 1), sin(1) - cos(1)),
        (over(1 / (1 + exp(3 * t))), (log(2) - log(1 + exp(-3))) / 3),
    ],
    ids=str,
)
def test_enclosed_values(term: Integral, value: Expr) -> None:
    """Meromorphic integrands, piece by piece, to all digits of a ball."""
    assert close(evaluate(term, {}), evaluate(value, {}))
    assert not close(evaluate(term, {}), evaluate(value + Rational(1, 10**50), {}))


def test_no_value() -> None:
    """A range that runs backwards; a place at which no case applies."""
    with pytest.raises(Undefined, match="backwards"):
        evaluate(over(t, 1, 0), {})
    with pytest.raises(Undefined):
        evaluate(over(Cases((1, gt(t, 0)), (0, lt(t, 0))), -1, 1), {})


@pytest.mark.parametrize(
    ("term", "said"),
    [
        (over(floor(3 * t)), "floor"),
        (over(t**t), "exponent"),
        (over(2**t), "exponent"),
        (over(Indicator(gt(sin(1 / t), 0))), "no polynomial"),
        (over(Cases((1, gt(exp(t), 2)), (0, OTHERWISE))), "no polynomial"),
        (over(Indicator(ForAll(ge(t, k), k, 0, n))), "infinitely often"),
        (over(Integral(t * u, u, 0, 1)), "not known"),
        (over(array("y", (0, 9))[floor(t)]), "not known"),
        (over(IndexSum(t * k, k, 1, n)), "not known"),
    ],
    ids=str,
)
def test_integrands_that_are_not_admitted(term: Integral, said: str) -> None:
    """Refused by name when it is asked where the integral has a value."""
    with pytest.raises(IllFormed, match=said):
        obligations(term)


@pytest.mark.parametrize(
    ("body", "hypotheses"),
    [
        (1 / t, ()),
        (log(t), ()),
        (Cases((1 / t, gt(t, 0)), (0, OTHERWISE)), ()),
        (Cases((log(t), gt(t, 0)), (0, OTHERWISE)), ()),
        (Cases((Cases((1 / t, ne(t, 0)), (0, OTHERWISE)), gt(t, 0)), (0, OTHERWISE)), ()),
        (Indicator(gt(t, 0)) / t, ()),
        (Cases((1, gt(t, 0)), (0, lt(t, 0))), ()),
        (t / (t - x), (gt(x, 0), lt(x, 1))),
    ],
    ids=str,
)
def test_unbounded_or_undefined_on_the_range(body: Expr, hypotheses: tuple[Condition, ...]) -> None:
    """A case that has no value on the whole closed range, even where it does not apply, gives no integral."""
    context = known(*hypotheses)
    assert not all(context.entails(c) is True for c in obligations(over(body)))
    with pytest.raises((StepRejected, RuleDoesNotApply)):
        check(derived("unbounded", context, 2 * over(body), at_part(over(body), by(same_inside, body + 0 * t))))


def test_backwards_is_refused_by_the_checker() -> None:
    """Without a <= b nothing is said of the integral, and nothing is concluded within it."""
    whole = over(t, a, b)
    with pytest.raises(StepRejected):
        check(derived("backwards", known(), whole, by(by_antiderivative, t**2 / 2)))
    check(derived("forwards", known(le(a, b)), whole, by(by_antiderivative, t**2 / 2)))
    with pytest.raises(StepRejected):
        check(derived("within", known(gt(a, b)), whole, at_part(t, by(use_equation, t, Integer(0)))))


WRONG: list[tuple[Expr, Expr, str, tuple[object, ...]]] = [
    (over(STEP, -1, 1), Integer(2), "by_antiderivative", (t,)),
    (over(STEP, -1, x), Integer(1), "same_inside", (Integer(1),)),
    (over(t, a, b), b**2 / 2 - a**2 / 2 + 1, "by_antiderivative", (t**2 / 2 + t,)),
    (over(1 / t**2, -1, 1), Integer(-2), "by_antiderivative", (-1 / t,)),
    (over(t, 0, 1), over(t, 0, 2) + over(t, 2, 1), "split_integral", (Integer(2),)),
]


@pytest.mark.parametrize(("start", "claimed", "rule", "arguments"), WRONG, ids=lambda p: str(p))
def test_false_steps_are_refused(start: Expr, claimed: Expr, rule: str, arguments: tuple[object, ...]) -> None:
    """An integrand that is another one inside, an antiderivative with a pole between, a place outside."""
    step = Step(start, claimed, rule, arguments)
    with pytest.raises((StepRejected, RuleDoesNotApply)):
        check(Derivation("wrong", known(gt(x, 0), le(a, b)), start, claimed, Chain(start, (step,))))


def test_the_constant_may_not_move() -> None:
    """A factor with the variable in it stays inside; an index is no name for a variable."""
    with pytest.raises(RuleDoesNotApply):
        constant_out_of_integral(known(), over(t**2))
    with pytest.raises(RuleDoesNotApply):
        rename_index(known(), over(t), k)
    with pytest.raises(RuleDoesNotApply):
        rename_index(known(), over(t * u), u)
    with pytest.raises(RuleDoesNotApply):
        split_integral(known(), over(t), t)
    assert rename_index(known(), over(t * x), u).after == Integral(u * x, u, 0, 1)


def test_what_holds_within_the_range() -> None:
    """Under the integral the variable is in the range; outside nothing is known of it."""
    inside = by(same_inside, Integer(0))
    check(derived("negative", known(le(x, 0), le(a, x)), over(STEP, a, x), inside))
    assert known(le(x, 0)).entails(implies(le(a, t), le(t, 0))) is not True


def test_certificates_and_printers() -> None:
    """Written and read again it is the same; LaTeX and plain text show the range and the variable."""
    made = derived("whole", known(le(a, 0), gt(x, 0)), over(STEP, a, x), by(split_integral, Integer(0)))
    again = loads(dumps(made))
    assert again == made
    check(again)
    assert tex.latex(2 * over(t + x, a, b)) == r"2\int_a^b(t+x)\,dt"
    assert text.plain(over(t + x, a, b)) == "∫_{a..b} (t + x) dt"
    assert str(over(t, 0, Rational(1, 2))) == "integral(t, t=0..1/2)"
