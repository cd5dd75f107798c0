"""The checker refuses what does not follow, at the right step, with an exact witness."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from sympy import Expr, Integer

from derive.constructs.filtered_pulse import CONTEXT, L, a, delayed, k, n, response, y
from derive.errors import StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Branch, Chain, Derivation, Split, Step, Verdict
from derive.language import (
    OTHERWISE,
    TRUE,
    Cases,
    Context,
    ForAll,
    IndexSum,
    Indicator,
    all_of,
    between,
    declare,
    eq,
    ge,
    integer,
    lt,
    ne,
    negate,
)
from derive.language.points import evaluate
from derive.rules.cases import select_case
from derive.rules.combine import by, chain, derived, then
from derive.rules.sums import geometric_sum, sum_of_constant

RISE = (1 - a ** (n + 1)) / (1 - a)
TAIL = a ** (n - L + 1) * (1 - a**L) / (1 - a)


def truth(at: dict[str, str]) -> Fraction:
    """The output at a witness, by the definition."""
    return evaluate(y[n], {n: int(at["n"]), L: int(at["L"]), a: Fraction(at["a"])}, CONTEXT)


def split_of(derivation: Derivation) -> tuple[int, Split]:
    """The first split of the chain with its place."""
    return next((i, m) for i, m in enumerate(derivation.chain.moves) if isinstance(m, Split))


def with_conditions(derivation: Derivation, *conditions: object) -> Derivation:
    """The derivation with other conditions for its cases, the goal adapted."""
    place, split = split_of(derivation)
    branches = tuple(
        Branch(c, b.chain)
        for c, b in zip(conditions, split.branches, strict=True)  # type: ignore[arg-type]
    )
    moves = (*derivation.chain.moves[:place], replace(split, branches=branches))
    forged = Chain(derivation.left, moves)
    return replace(derivation, chain=forged, right=forged.end)


def test_the_pulse_is_proved() -> None:
    """18 steps, three splits, every condition discharged, points compared at every step."""
    report = check(response())
    assert report.verdict.kind == "proved"
    assert (report.steps, report.splits) == (18, 3)
    assert report.points >= 8 * 18 and not report.skipped
    assert {str(c) for c in report.uses} >= {"L >= 1", "a != 1"}


def test_hypotheses_of_the_delayed_pulse() -> None:
    """A delay of any sign; only L >= 1 is needed."""
    report = check(delayed())
    assert report.verdict.kind == "proved"
    assert [str(c) for c in report.uses] == ["L >= 1"]


def test_tail_claimed_for_all_n() -> None:
    """The last case taken for every n: the first step in it that needs n >= L is refused, with n < L."""
    derivation = response()
    place, split = split_of(derivation)
    tail = split.branches[2].chain
    forged = Chain(derivation.left, (*derivation.chain.moves[:place], *tail.moves))
    with pytest.raises(StepRejected) as refused:
        check(replace(derivation, chain=forged, right=forged.end))
    assert refused.value.place == str(place + 1)
    assert refused.value.rule == "smallest"
    assert int(refused.value.witness["n"]) < int(refused.value.witness["L"])


def test_rise_claimed_at_n_equal_to_l_plus_1() -> None:
    """The second case stretched to n <= L + 1: the limit min(n, L - 1) is not n there."""
    forged = with_conditions(response(), lt(n, 0), between(0, n, L + 1), ge(n, L + 2))
    with pytest.raises(StepRejected) as refused:
        check(forged)
    assert "case 2" in refused.value.place and refused.value.rule == "smallest"
    at = refused.value.witness
    assert int(at["n"]) in (int(at["L"]), int(at["L"]) + 1)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (Cases((Integer(0), lt(n, 0)), (RISE, between(0, n, L + 1)), (TAIL, ge(n, L + 2))), "rise at L + 1"),
        (Cases((Integer(0), lt(n, 0)), (TAIL, ge(n, 0))), "tail for all n"),
        (Cases((Integer(0), lt(n, 0)), (RISE, between(0, n, L - 1)), (-TAIL, ge(n, L))), "sign"),
        (Cases((Integer(0), lt(n, 0)), ((1 - a**n) / (1 - a), between(0, n, L - 1)), (TAIL, ge(n, L))), "off by one"),
    ],
)
def test_wrong_results_under_the_right_chain(wrong: Expr, right: str) -> None:
    """A wrong final line is refused at that line, and the witness gives the true value."""
    derivation = response()
    last = derivation.chain.moves[-1]
    assert isinstance(last, Step)
    ones = last.arguments[0].clauses[1][0]
    claimed = Cases((wrong, ne(a, 1)), (ones, derivation.right.clauses[1][1]))
    forged_step = replace(last, after=claimed, arguments=(claimed,))
    forged = replace(
        derivation, chain=Chain(derivation.left, (*derivation.chain.moves[:-1], forged_step)), right=claimed
    )
    with pytest.raises(StepRejected) as refused:
        check(forged)
    assert refused.value.place == str(len(derivation.chain.moves)), right
    at = refused.value.witness
    assert Fraction(at["from is"]) == truth(at)
    assert at["claims is"] == "undefined" or Fraction(at["claims is"]) != truth(at)


def test_closed_form_without_its_hypothesis() -> None:
    """The geometric sum without a != 1: refused with a = 1, where the sum is a number and the formula is not."""
    context = Context(CONTEXT.declarations, (ge(n, 0),))
    start = IndexSum(a**k, k, 0, n)
    proof = chain(context, start, then(by(geometric_sum)))
    with pytest.raises(StepRejected) as refused:
        check(Derivation("forged", context, start, proof.end, proof))
    assert refused.value.witness["a"] == "1" and refused.value.witness["claims is"] == "undefined"
    assert Fraction(refused.value.witness["from is"]) == int(refused.value.witness["n"]) + 1


def test_a_limit_off_by_one() -> None:
    """The window drawn one too wide and one too narrow: refused at that step with the term that is lost."""
    derivation = response()
    for low, high in ((Integer(1), None), (None, 1)):
        step = derivation.chain.moves[1]
        assert isinstance(step, Step) and step.rule == "restrict_to_support"
        old_low, old_high = step.arguments
        arguments = (low if low is not None else old_low, old_high - high if high is not None else old_high)
        after = IndexSum(step.after.body, step.after.index, *arguments)
        forged_step = replace(step, arguments=arguments, after=after)
        forged = Chain(derivation.left, (derivation.chain.moves[0], forged_step))
        with pytest.raises(StepRejected) as refused:
            check(replace(derivation, chain=forged, right=forged.end))
        assert refused.value.place == "2"
        assert Fraction(refused.value.witness["from is"]) == truth(refused.value.witness)


def test_contradictory_hypotheses_prove_nothing() -> None:
    """A derivation under hypotheses that no point satisfies is refused before its steps are looked at."""
    derivation = response()
    context = derivation.context.with_hypotheses(lt(n, 0), ge(n, 1))
    with pytest.raises(StepRejected, match="contradict"):
        check(replace(derivation, context=context))


def test_undeclared_symbols_and_bound_names() -> None:
    """A line may only speak of declared symbols, and an index may not take a declared name."""
    derivation = response()
    stranger = declare("q", "integer").symbol
    start = IndexSum(a**k, k, 0, stranger)
    with pytest.raises(StepRejected, match="no meaning"):
        check(replace(derivation, left=start, chain=Chain(start, derivation.chain.moves)))
    captured = IndexSum(a**n, n, 0, L)
    with pytest.raises(StepRejected, match="already has a meaning"):
        check(replace(derivation, left=captured, chain=Chain(captured, derivation.chain.moves)))


def test_cases_must_cover_and_exclude() -> None:
    """A gap and an overlap are refused with the value of n where they are."""
    with pytest.raises(StepRejected, match="do not cover") as gap:
        check(with_conditions(response(), lt(n, -1), between(0, n, L - 1), ge(n, L)))
    assert gap.value.witness["n"] == "-1"
    with pytest.raises(StepRejected, match="overlap") as overlap:
        check(with_conditions(response(), lt(n, 1), between(0, n, L - 1), ge(n, L)))
    assert overlap.value.witness["n"] == "0"
    with pytest.raises(StepRejected, match="overlap"):
        check(with_conditions(response(), lt(n, 0), between(0, n, L - 1), TRUE))


def test_a_verdict_is_not_a_truth_value() -> None:
    """`if verdict:` is an error, so that undecided is never taken for yes or no."""
    from derive.errors import DeriveError

    with pytest.raises(DeriveError):
        bool(Verdict("undecided"))


def test_hypotheses_that_no_point_satisfies_are_refused() -> None:
    """`2**n = 0` is beyond isl and z3, but no point satisfies it: nothing is said under it."""
    context = Context((declare("n", "integer"),), (eq(2 ** integer("n"), 0),))
    term = Cases((Integer(1), eq(2 ** integer("n"), 0)), (Integer(2), OTHERWISE))
    made = derived("t", context, term, by(select_case, 0))
    with pytest.raises(StepRejected, match="contradict"):
        check(made)

i = integer("i")


def within_indicator(before: Indicator, path: tuple[int, ...], after: Expr, relation: str = "=") -> Derivation:
    """One step in an indicator: the sum of a constant, or a bound."""
    arguments = () if relation == "=" else (Integer(0),)
    rule = "sum_of_constant" if relation == "=" else "at_least"
    target = IndexSum(a, k, 1, L)
    known = sum_of_constant(CONTEXT, target).conditions if relation == "=" else (ge(target, 0),)
    step = Step(before, after, rule, arguments, known, path, relation)
    return Derivation("inside", CONTEXT, before, after, Chain(before, (step,)), relation)


def test_sides_of_a_comparison_are_places() -> None:
    """Equal terms compare alike, on either side; a bound says nothing there."""
    constant = IndexSum(a, k, 1, L)
    for path, here, there in (
        ((0, 1), Indicator(lt(constant, 2)), Indicator(lt(a * L, 2))),
        ((0, 2), Indicator(eq(n, constant)), Indicator(eq(n, a * L))),
    ):
        report = check(within_indicator(here, path, there))
        assert report.verdict.kind == "proved" and report.points >= 3
        with pytest.raises(StepRejected):
            check(within_indicator(here, path, here))
    positive = Indicator(lt(IndexSum(a, k, 1, L), 2))
    with pytest.raises(StepRejected):
        check(within_indicator(positive, (0, 1), Indicator(lt(Integer(0), 2)), ">="))


@pytest.mark.parametrize("path", [(0,), (0, 0), (0, 3), (0, (1, 2)), (1,), (0, 0, 1), (0, 1, 1)])
def test_other_parts_of_an_indicator_are_not(path: tuple[int, ...]) -> None:
    """Not the condition itself, its sign, two sides at once, or what stands in other conditions."""
    constant = IndexSum(a, k, 1, L)
    for condition, other in (
        (lt(constant, 2), lt(a * L, 2)),
        (all_of(lt(constant, 2), lt(n, 1)), all_of(lt(a * L, 2), lt(n, 1))),
        (negate(eq(constant, 2)), negate(eq(a * L, 2))),
        (ForAll(lt(constant, i), i, 1, L), ForAll(lt(a * L, i), i, 1, L)),
    ):
        with pytest.raises(StepRejected):
            check(within_indicator(Indicator(condition), path, Indicator(other)))
