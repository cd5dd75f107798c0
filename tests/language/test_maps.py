"""Functions that are only known to be smooth: what stands for them at points, and what nobody may say of them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from sympy import Expr, Integer, Rational, exp

from derive.errors import IllFormed, RuleDoesNotApply, StepRejected, Unevaluable
from derive.kernel.certificate import dumps, loads
from derive.kernel.checker import check
from derive.kernel.derivation import Step
from derive.language import Array, Context, Definition, Entry, Partial, array, between, declare, integer, real
from derive.language.forms import of
from derive.language.maps import Applied, Image, as_function, functions_in, stands_for
from derive.language.numbers import slope
from derive.language.points import Samples, evaluate
from derive.language.smoothness import sources
from derive.language.zero import same
from derive.numeric.compile import compile_numpy
from derive.rules.algebra import definition
from derive.rules.combine import by, derived, up_to
from derive.rules.derivatives import differentiated

i, j, n, t = integer("i"), integer("j"), integer("n"), real("t")
x, u = array("x", (1, 2)), array("u", (1, 3))
A = array("A", (1, 2), (0, 1))
VALUES = {
    x: Samples({(1,): Fraction(1, 2), (2,): Fraction(-2)}),
    A: Samples({(a, b): Fraction(a - 2 * b, 3) for a in (1, 2) for b in (0, 1)}),
}
SIZES = (declare("i", "integer"), declare("j", "integer"))
HERE = Context(SIZES, (between(1, i, 2), between(1, j, 2)), (), (x, A))


@pytest.mark.parametrize("name", ["f", "g", "h", "sigma"])
def test_a_function_of_a_number(name: str) -> None:
    """The polynomial, its derivatives by the language and by dual numbers; not constant, and unlike others."""
    function = as_function(name)
    for at in (Fraction(0), Fraction(1), Fraction(-3, 2)):
        values = [evaluate(Applied(name, order, t), {t: at}) for order in range(6)]
        assert values[0] == function(at) and values[1] == slope(function, at)
        assert values[2] == slope(lambda s: slope(function, s), at) and values[5] == 0
    assert len({function(at) for at in range(5)}) > 3 and function(2) != as_function(name + "x")(2)
    assert evaluate(Partial(Applied(name, 1, x[1] ** 2), x[1]), {}, HERE, VALUES) == evaluate(
        Applied(name, 2, Rational(1, 4)), {}
    )


@pytest.mark.parametrize("operand", [x, A], ids=str)
def test_a_map(operand: Array) -> None:
    """Values, Jacobian and Hessians by the language, by the plain polynomial and by dual numbers."""
    image = Image("g", ((1, 2), (0, 1)), operand)
    mapped = stands_for("g")
    inputs = dict(VALUES[operand].values)
    places = list(inputs)
    for row in product((1, 2), (0, 1)):
        assert evaluate(image[row], {}, HERE, VALUES) == mapped(row, inputs)
        for one in places:
            first = slope(lambda s, row=row, one=one: mapped(row, {**inputs, one: s}), inputs[one])
            assert evaluate(image.derivative[(*row, *one)], {}, HERE, VALUES) == first
            assert evaluate(Partial(image[row], operand[one]), {}, HERE, VALUES) == first
            for two in places:
                second = evaluate(Partial(image.derivative[(*row, *one)], operand[two]), {}, HERE, VALUES)
                assert evaluate(image.derivative.derivative[(*row, *one, *two)], {}, HERE, VALUES) == second
    hessian = image.derivative.derivative
    bent = [evaluate(hessian[(1, 1, *one, *two)], {}, HERE, VALUES) for one in places for two in places]
    assert any(bent) and evaluate(hessian.derivative[(1, 1, *places[0] * 3)], {}, HERE, VALUES) == 0


def test_all_derivatives_of_a_composition() -> None:
    """Proved and checked: through a definition, a form, an elementwise function; twice; and at equal points."""
    y = array("y", (1, 2))
    outer, inner = Image("h", ((1, 3),), y), Image("f", ((1, 2),), x)
    context = Context(SIZES, HERE.hypotheses, (Definition(y, (i,), inner[i] * Applied("s", 0, x[i])),), (x, A))
    twice = derived("test", context, Partial(Partial(outer[1], x[i]), x[j]), differentiated())
    for made in (
        derived("test", context, Partial(outer[i] + exp(outer[1]), x[j]), differentiated()),
        derived("test", context, Partial(Entry(of("inner", y, y)), x[j]), differentiated()),
        twice,
    ):
        report = check(made)
        assert report.verdict.kind == "proved" and report.points + report.close >= 4 * report.steps
        again = loads(dumps(made))
        assert again == made and check(again).points == report.points
    assert functions_in(twice.left, *(d.body for d in context.definitions)) == ("f", "h", "s")


def test_nothing_is_known_of_a_map() -> None:
    """What stands for it at points is no definition: no law unfolds it, and no test sees through it."""
    image = Image("f", ((1, 2),), x)
    f = Applied("f", 0, t)
    assert HERE.definition_of(image) is None and image.definition is None
    for law in (by(definition), up_to(image[i], by(definition))):
        with pytest.raises(RuleDoesNotApply):
            law(HERE, image[i])
    assert not same(f, f.instance) and not same(image[1], image.instance.at((Integer(1),)))
    assert not same(Applied("f", 0, t), Applied("g", 0, t)) and same(Applied("f", 0, t + t), Applied("f", 0, 2 * t))
    assert sources(HERE, image[1] + Applied("f", 0, A[1, 0])) == {x, A}
    forged = derived("test", HERE, Partial(image[i], x[j]), differentiated())
    wrong = forged.chain.moves[-1]
    assert isinstance(wrong, Step)
    last = replace(wrong, after=Integer(0))
    with pytest.raises(StepRejected):
        check(replace(forged, right=Integer(0), chain=replace(forged.chain, moves=(*forged.chain.moves[:-1], last))))
    with pytest.raises(Unevaluable, match="any smooth map"):
        compile_numpy(image[1], HERE, (x,))
    assert compile_numpy(f, Context(), (t,))(2.0) == pytest.approx(float(evaluate(f, {t: 2})))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Applied("f", -1, t),
        lambda: Applied("f", 10**6, t),
        lambda: Applied("f", t, t),
        lambda: Image("f", ((1, n),), t),
        lambda: Image("f", ((1, n),), Entry(x, 1)),
        lambda: Image("f", ((1, n),), array("y", (1, float("inf")))),
        lambda: Image("f", ((1, n),), x, 21),
    ],
)
def test_what_is_no_function(make: object) -> None:
    """An order that is none, an operand that is no array, infinitely many numbers."""
    with pytest.raises(IllFormed):
        make()  # type: ignore[operator]


def test_where_it_has_a_value() -> None:
    """The operand must have one everywhere, and the index must be in range."""
    y = array("y", (1, 2))
    outside = Context(SIZES, (), (), (x,))
    divided = Context(SIZES, HERE.hypotheses, (Definition(y, (i,), 1 / x[i]),), (x,))
    terms: list[tuple[Context, Expr]] = [(outside, Image("f", ((1, 2),), x)[i]), (divided, Image("f", ((1, 2),), y)[1])]
    for context, term in terms:
        made = derived("test", context, term + 0 * t, lambda c, e: ())  # no step: the checker looks at the line first
        with pytest.raises(StepRejected):
            check(made)
