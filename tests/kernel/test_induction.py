"""Proofs by induction, laws read from right to left, recursive definitions: what is accepted and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from sympy import Expr, Integer, oo

from derive.errors import IllFormed, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation, Induction, Step
from derive.language import Cases, Condition, Context, Definition, IndexSum, declare, eq, ge, integer, le, signal
from derive.language.context import check_context
from derive.language.points import evaluate
from derive.rules.algebra import algebra
from derive.rules.combine import at_part, by, by_induction, chain, derived, then, up_to
from derive.rules.sums import single_term, split_last

_n, _m = declare("n", "natural"), declare("m", "integer")
n, m = _n.symbol, _m.symbol
k = integer("k")
GAUSS = IndexSum(k, k, 0, n)
CONTEXT = Context((_n, _m))


def gauss(value: Expr = n * (n + 1) / 2, context: Context = CONTEXT, low: int = 0) -> Derivation:
    """The sum of the first numbers, by induction."""
    moves = by_induction(
        n,
        low,
        value,
        base=by(single_term),
        step=lambda known: then(
            by(split_last), at_part(GAUSS, known), by(algebra, (n + 1) * (n + 2) / 2, reason=("work out",))
        ),
    )
    return derived("gauss", context, GAUSS, moves)


def edited(change: Callable[[Induction], Induction], context: Context = CONTEXT) -> Derivation:
    """The proof with its induction changed."""
    good = gauss()
    move = change(good.chain.moves[0])
    return replace(good, context=context, right=move.after, left=move.before, chain=Chain(move.before, (move,)))


def test_gauss_is_proved() -> None:
    """Base and step are counted, the hypothesis is used once."""
    report = check(gauss())
    assert report.verdict.kind == "proved"
    assert report.inductions == 1 and report.laws["hypothesis"] == 1 and report.steps == 4


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda i: replace(i, low=Integer(1)), "1"),
        (lambda i: replace(i, low=Integer(-1)), "1, base, 1"),
        (lambda i: replace(i, low=n), "1"),
        (lambda i: replace(i, low=Integer(1) / 2), "1"),
        (lambda i: replace(i, variable=m), "1"),
        (lambda i: replace(i, variable=k), "1"),
        (lambda i: replace(i, after=i.after + 1), "1, base, 1"),
        (lambda i: replace(i, base=Chain(i.base.start)), "1, base, 1"),
        (lambda i: replace(i, step=Chain(i.step.start)), "1, step, 1"),
        (lambda i: replace(i, step=i.base), "1, step, 1"),
        (lambda i: replace(i, base=i.step), "1, base, 1"),
    ],
)
def test_an_edited_induction_is_refused(change: Callable[[Induction], Induction], place: str) -> None:
    """A start that is not reached or too early, another variable, a lost base or step: refused at its place."""
    with pytest.raises(StepRejected) as refused:
        check(edited(change))
    assert refused.value.place.startswith(place)


def test_the_hypothesis_is_for_the_step_alone() -> None:
    """In the base, outside, or inside an inner induction nothing may be assumed."""
    assumed = Step(GAUSS, n * (n + 1) / 2, "hypothesis")
    with pytest.raises(StepRejected, match="no hypothesis"):
        check(Derivation("t", CONTEXT, GAUSS, assumed.after, Chain(GAUSS, (assumed,))))
    start = IndexSum(k, k, 0, 0)
    base = Chain(start, (Step(start, Integer(0), "hypothesis"),))
    with pytest.raises(StepRejected, match="no hypothesis"):
        check(edited(lambda i: replace(i, base=base)))


def test_the_hypothesis_is_about_n_and_nothing_else() -> None:
    """It does not give the statement at n + 1, where it is what is to be shown."""
    later, value = IndexSum(k, k, 0, n + 1), (n + 1) * (n + 2) / 2
    circular = Chain(later, (Step(later, value, "hypothesis"),))
    with pytest.raises(StepRejected, match="hypothesis speaks of"):
        check(edited(lambda i: replace(i, step=circular)))


@pytest.mark.parametrize("fact", [le(n, 3), ge(m, n), eq(n, 2)], ids=str)
def test_facts_about_the_variable_are_not_used_in_the_step(fact: Condition) -> None:
    """`n <= 3` holds for n and not for n + 1, so within the induction it is not known."""
    bounded = Context((_n, _m), (fact,))
    assert check(gauss(context=bounded)).verdict.kind == "proved"  # true all the same
    # 0 = n (n - 1)(n - 2)(n - 3) for n <= 3 only: the step would need what it may not use
    zero = n * (n - 1) * (n - 2) * (n - 3)
    lie = Step(Integer(0), zero, "algebra", (zero,))
    with pytest.raises(StepRejected):
        check(Derivation("t", bounded, Integer(0), zero, Chain(Integer(0), (lie,))))


def test_what_depends_on_the_variable_by_definition_is_refused() -> None:
    """x is another array for n + 1 if its range ends at n."""
    x = signal("x", 0, n)
    context = Context((_n, _m), definitions=(Definition(x, (k,), Integer(1)),))
    with pytest.raises((StepRejected, IllFormed), match="depends on n"):
        check(edited(lambda i: i, context))


def test_a_real_number_is_no_variable_of_an_induction() -> None:
    """There is no next real number."""
    a = declare("a", "real")
    move = replace(gauss().chain.moves[0], variable=a.symbol)
    made = replace(gauss(), context=Context((_n, _m, a)), chain=Chain(GAUSS, (move,)))
    with pytest.raises(StepRejected, match="not a declared integer"):
        check(made)


def test_a_law_read_backwards_keeps_its_conditions() -> None:
    """One term becomes a sum from n to n, and a sum from n to m only where m = n."""
    target = IndexSum(k**2, k, n, n)
    made = derived("t", CONTEXT, n**2, up_to(target, by(single_term)))
    assert check(made).verdict.kind == "proved" and made.chain.moves[0].backwards
    wrong = IndexSum(k**2, k, n, m)
    step = replace(made.chain.moves[0], after=wrong, conditions=(eq(n, m),))
    with pytest.raises(StepRejected):
        check(replace(made, right=wrong, chain=Chain(n**2, (step,))))


def test_a_step_backwards_must_lead_to_where_it_came_from() -> None:
    """The law, applied to the new line, has to give the old one."""
    made = derived("t", CONTEXT, n**2, up_to(IndexSum(k**2, k, n, n), by(single_term)))
    step = made.chain.moves[0]
    for changed in (replace(step, before=n**2 + 1), replace(step, backwards=False), replace(step, rule="empty_sum")):
        with pytest.raises(StepRejected):
            check(replace(made, left=changed.before, chain=Chain(changed.before, (changed,))))


Y, Z = signal("y", 0), signal("z", 0)


@pytest.mark.parametrize(
    ("array", "body", "is_sound"),
    [
        (Y, Y[k - 1] + 1, True),
        (Y, Y[k - 1] + Y[k - 2], True),
        (Y, Cases((Integer(1), eq(k, 0)), (2 * Y[k - 1], ge(k, 1))), True),
        (Y, IndexSum(Y[m], m, 0, k - 1) + 1, True),
        (Y, Y[k] + 1, False),
        (Y, Y[k + 1] - 1, False),
        (Y, Y[2 * k - 5], False),
        (Y, IndexSum(Y[m], m, 0, k), False),
        (Y, Cases((2 * Y[k - 1], ge(k, 1)), (Y[1 - k], eq(k, 0))), False),
        (signal("y"), signal("y")[k - 1] + 1, False),
    ],
    ids=str,
)
def test_recursions_must_come_to_an_end(array: object, body: Expr, is_sound: bool) -> None:
    """Each use is at a smaller index, and the array is 0 before its first one."""
    context = Context((_n,), definitions=(Definition(array, (k,), body),))
    left = array[n]
    chain_ = Chain(left, (Step(left, left + 0, "algebra", (left,)),))
    derivation = Derivation("t", context, left, left, chain_)
    if is_sound:
        assert check_context(context)
        assert check(derivation).verdict.kind == "proved"
    else:
        with pytest.raises(StepRejected, match=r"uses itself|does not follow"):
            check(derivation)


def test_a_recursion_has_the_values_of_its_loop() -> None:
    """Fibonacci numbers, each worked out once."""
    body = Cases((Integer(0), eq(k, 0)), (Integer(1), eq(k, 1)), (Y[k - 1] + Y[k - 2], ge(k, 2)))
    context = Context((_n,), definitions=(Definition(Y, (k,), body),))
    first, second = 0, 1
    for place in range(25):
        assert evaluate(Y[n], {n: place}, context) == Fraction(first)
        first, second = second, first + second


def test_two_arrays_cannot_define_each_other() -> None:
    """A definition mentions what is defined before it, or itself."""
    context = Context((_n,), definitions=(Definition(Y, (k,), Z[k - 1]), Definition(Z, (k,), Y[k - 1])))
    with pytest.raises(IllFormed, match="not defined before"):
        check_context(context)


def test_infinite_sums_have_no_last_term() -> None:
    """The laws that the inductions use do not speak of infinite sums."""
    w = signal("w")
    total = IndexSum(w[k], k, 0, oo)
    context = Context((_n,), arrays=(w,))
    with pytest.raises(Exception, match="no end"):
        chain(context, total, by(split_last))
