"""Every law on instances of its own, and beside each law a wrong copy that the exact points must catch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from inspect import signature

import pytest
from sympy import Abs, Expr, Integer, Max, Min, oo

import derive.rules.algebra as algebra_laws
import derive.rules.cases as case_laws
import derive.rules.sums as sum_laws
from derive.errors import RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation, Step
from derive.kernel.law import LAWS, Law, Rewrite
from derive.language import Cases, eq, ge, gt, le, lt, ne
from derive.language.chance import Chance
from derive.language.counting import Binomial
from tests.rules import (
    calculus_instances,
    integers_instances,
    integrals_instances,
    matrices_instances,
    moments_instances,
    norms_instances,
    numbers_instances,
    ranges_instances,
    ranks_instances,
    scaling_instances,
    spectral_instances,
)
from tests.rules.instances import Instance, L, a, b, given, i, k, m, n, total, w, x

SUMS = sum_laws
INSTANCES = [
    Instance(
        SUMS.rename_index,
        given(),
        total(i * n, 0, L),
        (k,),
        total(k * n, 0, L, k),
        total(k * n, 0, L - 1, k),
        (n, (k,)),
    ),
    Instance(
        SUMS.shift_index,
        given(),
        total(i**2, 0, L),
        (k, n),
        total((k + n) ** 2, -n, L - n, k),
        total((k + n) ** 2, n, L + n, k),
        (total(i * k, 0, 1), (k, n)),
    ),
    Instance(
        SUMS.reverse_index,
        given(),
        total(i * n, 0, L),
        (k, n),
        total((n - k) * n, n - L, n, k),
        total((n - k) * n, n - L, n + 1, k),
        (total(i, 0, n), (k, i)),
    ),
    Instance(
        SUMS.restrict_to_support,
        given(),
        total(x[i] * w[i], -oo, oo),
        (Integer(0), L - 1),
        total(x[i] * w[i], 0, L - 1),
        total(x[i] * w[i], 1, L - 1),
        (n, (0, 1)),
    ),
    Instance(SUMS.empty_sum, given(lt(n, 0)), total(a**2, 0, n), (), Integer(0), a**2, (n, ())),
    Instance(SUMS.single_term, given(eq(m, n)), total(i * a, m, n), (), m * a, (m + 1) * a, (n, ())),
    Instance(
        SUMS.split_range,
        given(ge(n, 0), ge(L, n)),
        total(i**2, 0, L),
        (n,),
        total(i**2, 0, n) + total(i**2, n + 1, L),
        total(i**2, 0, n) + total(i**2, n, L),
        (total(w[i], -oo, oo), (n,)),
    ),
    Instance(
        SUMS.split_last,
        given(),
        total(i**2, 1, L),
        (),
        total(i**2, 1, L - 1) + L**2,
        total(i**2, 1, L - 1) + (L - 1) ** 2,
        (n, ()),
    ),
    Instance(
        SUMS.join_ranges,
        given(ge(n, 0), ge(L, n)),
        total(i**2, 0, n) + total(i**2, n + 1, L),
        (),
        total(i**2, 0, L),
        total(i**2, 0, L - 1),
        (total(i, 0, n) + total(i, n + 2, L), ()),
    ),
    Instance(
        SUMS.sum_of_terms,
        given(),
        total(i + a**2, 0, L),
        (),
        total(i, 0, L) + total(a**2, 0, L),
        total(i, 0, L) + a**2,
        (total(w[i] + x[i], -oo, oo), ()),
    ),
    Instance(
        SUMS.split_summand,
        given(),
        total((i + 1) ** 2, 0, L),
        (i**2, 2 * i + 1),
        total(i**2, 0, L) + total(2 * i + 1, 0, L),
        total(i**2, 0, L) + total(2 * i, 0, L),
        (n, (i, i)),
    ),
    Instance(
        SUMS.constant_out_of_sum,
        given(),
        total(a * i, 0, L),
        (),
        a * total(i, 0, L),
        a**2 * total(i, 0, L),
        (total(i, 0, L), ()),
    ),
    Instance(
        SUMS.factor_out,
        given(),
        total(a ** (i + 2), 0, L),
        (a**2, a**i),
        a**2 * total(a**i, 0, L),
        a * total(a**i, 0, L),
        (total(a**i, 0, L), (a**i, Integer(1))),
    ),
    Instance(
        SUMS.sum_of_constant, given(ge(n, 0)), total(a, 2, n + 3), (), a * (n + 2), a * (n + 1), (total(i, 0, n), ())
    ),
    Instance(
        SUMS.geometric_sum,
        given(ne(a, 1), ge(n, 0)),
        total(a**i, 0, n),
        (),
        (1 - a ** (n + 1)) / (1 - a),
        (1 - a**n) / (1 - a),
        (total(a**i, 1, n), ()),
    ),
    Instance(
        SUMS.telescope,
        given(ge(n, 0)),
        total(i, 0, n),
        (i * (i - 1) / 2,),
        (n + 1) * n / 2,
        n * (n - 1) / 2,
        (total(w[i], -oo, oo), (i,)),
    ),
    Instance(
        SUMS.exchange_sums,
        given(),
        total(total(i * k**2, 0, i, k), 0, L),
        (Integer(0), L, k, L),
        total(total(i * k**2, k, L), 0, L, k),
        total(total(i * k**2, k + 1, L), 0, L, k),
        (total(i, 0, L), (Integer(0), L, k, L)),
    ),
    Instance(
        algebra_laws.outside_binomial,
        given(ge(n, 0), gt(m, n)),
        Binomial(n, m),
        (),
        Integer(0),
        Integer(1),
        (n, ()),
    ),
    Instance(algebra_laws.absolute_value, given(le(n, 0)), Abs(n), (-1,), -n, n, (Abs(n), (2,))),
    Instance(
        algebra_laws.algebra,
        given(),
        (a + b) ** 2,
        (a**2 + 2 * a * b + b**2,),
        a**2 + 2 * a * b + b**2,
        a**2 + b**2,
        ((a + b) ** 2, (a**2 + b**2,)),
    ),
    Instance(algebra_laws.use_equation, given(eq(a, 2)), a**2 + b, (a, Integer(2)), b + 4, b + 2, (b, (a, Integer(2)))),
    Instance(algebra_laws.power_of_zero, given(ge(n, 1)), Integer(0) ** n, (), Integer(0), Integer(1), (a**n, ())),
    Instance(algebra_laws.smallest, given(le(n, L)), Min(n, L), (n,), n, L, (Min(n, L), (m,))),
    Instance(algebra_laws.largest, given(le(n, L)), Max(n, L), (L,), L, n, (Max(n, L), (m,))),
    Instance(
        algebra_laws.added_to_each,
        given(),
        Min(n, L) + m,
        (Min(n, L),),
        Min(n + m, L + m),
        Min(n + m, L),
        (Min(n, L) * m, (Min(n, L),)),
    ),
    Instance(
        algebra_laws.within_extreme,
        given(),
        Max(m, Max(n, L, evaluate=False), evaluate=False),
        (),
        Max(m, n, L),
        Max(m, Min(n, L)),
        (Max(m, n), ()),
    ),
    Instance(algebra_laws.definition, given(ge(n, 0), lt(n, L)), x[n], (), n + 2, n + 1, (w[n], ())),
    Instance(algebra_laws.fold_definition, given(ge(n, 0), lt(n, L)), n + 2, (x[n],), x[n], x[n] + 1, (n + 3, (x[n],))),
    Instance(algebra_laws.zero_outside, given(lt(n, 0)), x[n] + 0, (), Integer(0), Integer(1), (n, ())),
    Instance(case_laws.select_case, given(gt(n, 0)), Cases((a, le(n, 0)), (b, gt(n, 0))), (1,), b, a, (a, (0,))),
    Instance(
        case_laws.regroup_cases,
        given(),
        Cases((a, le(n, 0)), (b, gt(n, 0))),
        (Cases((b, ge(n, 1)), (a, lt(n, 1))),),
        Cases((b, ge(n, 1)), (a, lt(n, 1))),
        Cases((b, ge(n, 0)), (a, lt(n, 0))),
        (a, (b,)),
    ),
    *calculus_instances.INSTANCES,
    *ranges_instances.INSTANCES,
    *ranks_instances.INSTANCES,
    *integrals_instances.INSTANCES,
    *integers_instances.INSTANCES,
    *numbers_instances.INSTANCES,
    *moments_instances.INSTANCES,
    *norms_instances.INSTANCES,
    *spectral_instances.INSTANCES,
    *matrices_instances.INSTANCES,
    *scaling_instances.INSTANCES,
]


def one_step(instance: Instance, law: Law, after: Expr) -> Derivation:
    """A derivation of one step."""
    made = law.apply(instance.context, instance.term, *instance.arguments)
    step = Step(instance.term, after, law.name, instance.arguments, made.conditions, (), made.relation)
    return Derivation("test", instance.context, instance.term, after, Chain(instance.term, (step,)), made.relation)


ASKS_ALONE = ("variance_of_sum", "symmetric", "two_values", "uniform_values")


def test_every_law_is_looked_at() -> None:
    """There is an instance, with a wrong twin, of every law that is registered."""
    assert {i.law.name for i in INSTANCES} == set(LAWS)
    assert len(LAWS) >= 95 and len(INSTANCES) >= 104


@pytest.mark.parametrize("instance", INSTANCES, ids=lambda i: i.law.name)
def test_law(instance: Instance) -> None:
    """The law gives the expected line, its conditions are discharged, and the sides agree at exact points."""
    report = check(one_step(instance, instance.law, instance.after))
    assert report.verdict.kind == "proved"
    assert report.steps == 1
    assert report.points + report.close >= 3


@pytest.mark.parametrize("instance", INSTANCES, ids=lambda i: i.law.name)
def test_wrong_twin(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    """A law that says something else, with the same conditions, is caught by the exact points."""
    right = instance.law

    def wrong(context, e, *arguments):
        made = right.apply(context, e, *arguments)
        return Rewrite(instance.twin, made.conditions, made.relation)

    wrong.__signature__ = signature(right.apply)
    twin = Law("twin_of_" + right.name, "wrong", "wrong", wrong)
    monkeypatch.setitem(LAWS, twin.name, twin)
    with pytest.raises(StepRejected) as refused:
        check(one_step(instance, twin, instance.twin))
    assert refused.value.witness or "undefined" in str(refused.value) or "not defined" in str(refused.value)


@pytest.mark.parametrize("instance", INSTANCES, ids=lambda i: i.law.name)
def test_wrong_line(instance: Instance) -> None:
    """The right law with another line is refused, with a witness where the two differ."""
    with pytest.raises(StepRejected) as refused:
        check(one_step(instance, instance.law, instance.twin))
    assert refused.value.place == "1"
    assert refused.value.witness


@pytest.mark.parametrize("instance", [i for i in INSTANCES if i.fails_on], ids=lambda i: i.law.name)
def test_law_does_not_apply(instance: Instance) -> None:
    """Where the law does not speak of the term it says so, and never returns its input."""
    assert instance.fails_on is not None
    term, arguments = instance.fails_on
    with pytest.raises(RuleDoesNotApply):
        instance.law.apply(instance.context, term, *arguments)


@pytest.mark.parametrize("instance", [i for i in INSTANCES if i.context.hypotheses], ids=lambda i: i.law.name)
def test_lost_hypothesis(instance: Instance) -> None:
    """Without the hypotheses of the instance the same step is refused (its conditions no longer follow)."""
    bare = replace(instance, context=replace(instance.context, hypotheses=()))
    with pytest.raises(StepRejected) as refused:
        check(one_step(bare, instance.law, instance.after))
    assert refused.value.place == "1"


def without(record: Chance) -> Iterator[Chance]:
    """The record with one thing less that is stated, one after the other."""
    if record.law != "any":
        yield replace(record, law="any", values=())
    if record.mean is not None and record.law not in ("symmetric", "normal"):
        yield replace(record, mean=None)
    if record.variance is not None and record.law != "normal":
        yield replace(record, variance=None)
    if record.second is not None:
        yield replace(record, second=None)
    if record.entries != "any" and record.law in ("any", "symmetric"):
        yield replace(record, entries="any")
    if record.identical:
        yield replace(record, identical=False)


STATING = [i for i in moments_instances.INSTANCES if any(list(without(c)) for c in i.context.chances)]


@pytest.mark.parametrize("instance", STATING, ids=lambda i: i.law.name)
def test_lost_statement(instance: Instance) -> None:
    """Without anything that is stated of its random arrays the same step is refused, each time at the step."""
    context, looked = instance.context, 0
    for place, record in enumerate(context.chances):
        for fewer in without(record):
            chances = (*context.chances[:place], fewer, *context.chances[place + 1 :])
            bare = replace(instance, context=replace(context, chances=chances))
            with pytest.raises((StepRejected, RuleDoesNotApply)):
                check(one_step(bare, instance.law, instance.after))
            looked += 1
    assert looked >= 1


DEPENDENT = [i for i in moments_instances.INSTANCES if i.law.name.startswith("independent") or i.law.name in ASKS_ALONE]


@pytest.mark.parametrize("instance", DEPENDENT, ids=lambda i: i.law.name)
def test_arrays_of_one_group(instance: Instance) -> None:
    """Where x and y may depend on each other no law that takes them apart applies."""
    context = instance.context
    chances = tuple(replace(c, entries="any", law="any", values=(), group="both") for c in context.chances)
    bare = replace(instance, context=replace(context, chances=chances))
    with pytest.raises((StepRejected, RuleDoesNotApply)):
        check(one_step(bare, instance.law, instance.after))
