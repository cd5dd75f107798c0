"""Attacks on the laws of moments: what is averaged, what is known within a moment, what is stated of random arrays.

As in test_attacks.py R is a sum of too many terms to be looked at, so that no exact point stands in the way: the laws,
their conditions and the context alone must refuse. MENDED were accepted once, ALWAYS were refused from the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sympy import Abs, Basic, Expr, Integer, Max, Mod, Mul, Rational, floor, oo

from derive.errors import IllFormed, RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation, Induction, Path
from derive.language import (
    OTHERWISE,
    Array,
    Cases,
    Condition,
    Context,
    Covariance,
    Definition,
    Expectation,
    IndexProduct,
    IndexSum,
    Indicator,
    Partial,
    Variance,
    array,
    between,
    chance,
    declare,
    eq,
    ge,
    gt,
    integer,
    real,
    substitute,
)
from derive.language.chance import Chance, entries_are
from derive.language.forms import of
from derive.language.maps import Image
from derive.rules import load_laws
from tests.forged.test_attacks import R
from tests.forged.test_attacks_signs import forged

load_laws()
E, Var, Cov = Expectation, Variance, Covariance
n, m, k, q, i = (integer(s) for s in "nmkqi")
x, y, z = (array(s, (-oo, oo)) for s in "xyz")
u, b, v, w, a = array("u", (1, 9)), array("b"), array("v"), array("w"), array("a", (1, 9))
A, d = array("A", (1, 2), (1, 2)), array("d", (-oo, oo))
B, V, W = b[()], v[()], w[()]
WHOLE = floor(B)
"""A random integer."""
DICE = chance(b, law="uniform", values=(1, 3))
FREE: dict[str, Any] = {"entries": "independent"}
UNIT: dict[str, Any] = {"mean": 0, "variance": 1}


def ctx(
    *chances: Chance, sorts: tuple[str, ...] = (), where: tuple[Condition, ...] = (),
    defs: tuple[Definition, ...] = (), more: tuple[Array, ...] = (),
) -> Context:  # fmt: skip
    """A context with these random arrays and symbols `name:sort`, and arrays that are not random."""
    declared = tuple(declare(*text.split(":")) for text in ("n:integer", "m:integer", *sorts))
    return Context(declared, where, defs, (*(c.array for c in chances), *more), chances)


def path_to(term: Basic, part: Basic) -> Path | None:
    """The way to the first place where the part stands."""
    if term == part:
        return ()
    for number, below in enumerate(term.args):
        rest = path_to(below, part)
        if rest is not None:
            return (number, *rest)
    return None


def one(context: Context, term: Expr, rule: str, *arguments: Any, at: Expr | None = None) -> Derivation:
    """One step on R times the term, at its part."""
    start = R * term
    place = path_to(start, term if at is None else at)
    assert place is not None
    return forged(context, start, (rule, arguments, place))


def lemma_use(lemma: Derivation, context: Context, term: Expr, *values: Any, at: Expr | None = None) -> Derivation:
    """One use of a lemma."""
    start = R * term
    place = path_to(start, term if at is None else at)
    assert place is not None
    return forged(context, start, ("lemma", (lemma.name, *values), place), lemmas=(lemma,))


def lemma(context: Context, start: Expr, rule: str, *arguments: Any) -> Derivation:
    """A proved statement of one step."""
    found = replace(forged(context, start, (rule, arguments, ())), name="L")
    check(found)
    return found


def induction(context: Context, term: Expr, after: Expr, *base_and_step: tuple[Any, ...]) -> Derivation:
    """By induction on n from 0 with one step on each side."""
    chains = []
    for value, (rule, arguments, part) in zip((Integer(0), n + 1), base_and_step, strict=True):
        start, end = (substitute(R * side, {n: value}) for side in (term, after))
        place, moves = path_to(start, part), ()
        if start != end and place is not None:
            moves = forged(context, start, (rule, arguments, place)).chain.moves
            if moves[-1].after != end:
                moves = forged(context, start, (rule, arguments, place), ("algebra", (end,), ())).chain.moves
        chains.append(Chain(start, moves))
    move = Induction(R * term, R * after, n, Integer(0), *chains)
    return Derivation("forged", context, R * term, R * after, Chain(R * term, (move,)))


def in_case(term: Expr, condition: Condition) -> Cases:
    """The term where the condition holds, else 0."""
    return Cases((term, condition), (0, OTHERWISE))


def total(body: Any, index: Any = k, low: Any = 1, high: Any = n) -> IndexSum:
    """sum(body, k=1..n)"""
    return IndexSum(body, index, low, high)


MEAN_I = chance(x, mean=i)
COUNT = declare("n", "natural")
STATIONARY = ctx(chance(u, entries="stationary"), where=(between(1, n, 9),))
SIGNED, BITS = chance(x, law="signs", **FREE), chance(x, law="bits", values=(Rational(1, 3),), **FREE)
SYMMETRIC = chance(x, mean=0, law="symmetric")
NORMAL = chance(x, law="normal", entries="independent", **UNIT)
DEFINED = ctx(chance(x), chance(y), defs=(Definition(d, (i,), x[i] * y[i]),))
TO_Y = ctx(chance(x), chance(y))
SHORT = array("d", (1, 1), outside="zero")
Made = Callable[[], Derivation]

MENDED: dict[str, Made] = {
    "the mean at a random place is random": lambda: one(ctx(MEAN_I, DICE), E(x[WHOLE]), "stated_mean"),
    "the mean at a place told by the entry itself": lambda: one(
        ctx(chance(x, mean=0, **FREE)), E(x[floor(x[1])]), "stated_mean"),
    "the variance at such a place": lambda: one(ctx(chance(x, variance=1)), Var(x[floor(x[1])]), "stated_variance"),
    "the mean square at such a place": lambda: one(ctx(chance(x, second=1)), E(x[floor(x[1])] ** 2), "stated_square"),
    "the fourth moment at such a place": lambda: one(ctx(NORMAL), E(x[floor(x[1])] ** 4), "normal_fourth_moment"),
    "the mean absolute value at such a place": lambda: one(
        ctx(NORMAL), E(Abs(x[floor(x[1])])), "normal_absolute_mean"),
    "uncorrelated with the entry at such a place": lambda: one(
        ctx(chance(x, entries="uncorrelated", **UNIT)), E(x[1] * x[floor(x[1])]), "uncorrelated_entries"),
    "alike, but chosen by its own value": lambda: one(
        ctx(chance(x, identical=True)), E(x[1]), "identical_entries", x[floor(x[1])]),
    "moved by its own value": lambda: one(
        ctx(chance(x, entries="stationary")), E(x[0]), "stationary", x[0], x[floor(x[0])]),
    "moved where a place moves with an entry": lambda: one(
        ctx(chance(x, entries="stationary")), E(x[floor(x[0])]), "stationary", x[0], x[1]),
    "turned at a place that turns with it": lambda: one(ctx(SYMMETRIC), E(x[floor(x[1])]), "symmetric", x[1]),
    "alike, with a place that is bound in the term": lambda: one(
        ctx(chance(x, identical=True)), E(total(k * x[1], k, 1, 2) ** 2), "identical_entries", x[k]),
    "the one term of a sum over means is not averaged again": lambda: one(
        ctx(MEAN_I, DICE), total(Indicator(eq(k, WHOLE)) * E(x[k]), k, -oo, oo), "only_term", WHOLE),
    "the same as a case": lambda: one(
        ctx(MEAN_I, DICE), total(Indicator(eq(k, WHOLE)) * E(x[k]), k, -oo, oo), "only_case", WHOLE),
    "a definition of means at a random place": lambda: one(
        ctx(MEAN_I, DICE, defs=(Definition(d, (i,), E(x[i])),)), d[WHOLE], "definition"),
    "an equation that holds in one outcome": lambda: one(
        ctx(MEAN_I, DICE), in_case(E(x[n]), eq(n, WHOLE)), "use_equation", n, WHOLE, at=E(x[n])),
    "the same, of cases": lambda: one(
        ctx(MEAN_I, DICE), in_case(E(x[n]), eq(n, WHOLE)), "regroup_cases", in_case(E(x[WHOLE]), eq(n, WHOLE))),
    "an induction on what the mean depends on": lambda: induction(
        replace(ctx(chance(x, mean=n)), declarations=(COUNT,)), n * E(x[1]), n * (n - 1),
        ("stated_mean", (), E(x[1])), ("stated_mean", (), E(x[1]))),
    "uniform between numbers that are no integers": lambda: one(
        ctx(chance(b, law="uniform", values=(Rational(1, 2), 3))), E(B), "stated_mean"),
    "a value of a lemma caught by the index of a mean": lambda: lemma_use(
        lemma(ctx(chance(x, mean=n * i)), E(x[m]), "stated_mean"),
        ctx(chance(x, mean=i * i)), total(E(x[m]), i, 1, 3), (n, i), at=E(x[m])),
    "a hypothesis against the mean that is stated": lambda: one(
        ctx(chance(x, mean=0), where=(eq(E(x[1]), 3),)), E(x[1]), "stated_mean"),
    "an index that is a real number": lambda: one(
        ctx(chance(x, mean=0, parameters=(real("t"),))), E(x[1]), "stated_mean"),
    "a mean that is undefined somewhere": lambda: one(ctx(chance(x, mean=1 / i)), E(x[1]), "stated_mean"),
    "independence in the case where it is stated": lambda: one(
        ctx(chance(x)), in_case(E(x[1] * x[2]), entries_are("independent", x)), "independent_factors", x[1],
        at=E(x[1] * x[2])),
    "unlike entries in one outcome": lambda: one(
        ctx(chance(x, **FREE), DICE), in_case(E(x[WHOLE] * x[2]), eq(WHOLE, 1)), "independent_factors", x[2],
        at=E(x[WHOLE] * x[2])),
    "a definition where it is in range in one outcome": lambda: one(
        ctx(DICE, defs=(Definition(SHORT, (i,), Integer(5)),)), in_case(E(SHORT[WHOLE]), eq(WHOLE, 1)),
        "regroup_cases", in_case(E(5), eq(WHOLE, 1))),
    "the same, of an indicator": lambda: one(
        ctx(DICE, defs=(Definition(SHORT, (i,), Integer(5)),)), 1 + Indicator(eq(WHOLE, 1)) * E(SHORT[WHOLE]),
        "under_indicator", E(5), at=Indicator(eq(WHOLE, 1)) * E(SHORT[WHOLE])),
}  # fmt: skip


ALWAYS: dict[str, Made] = {
    # What is random, through all that a term is made of.
    "a random entry is no constant": lambda: one(ctx(chance(x)), E(x[1]), "expectation_of_constant"),
    "nor by a definition": lambda: one(DEFINED, E(d[1]), "expectation_of_constant"),
    "nor by a definition of a definition": lambda: one(
        ctx(chance(x), defs=(Definition(d, (i,), 2 * x[i]), Definition(z, (i,), d[i] + 1))), E(z[1]),
        "expectation_of_constant"),
    "nor in matrix notation": lambda: one(ctx(chance(A)), E(of("product", A, A)[1, 1]), "expectation_of_constant"),
    "nor in a determinant": lambda: one(ctx(chance(A)), E(of("determinant", A)[()]), "expectation_of_constant"),
    "nor in an inverse": lambda: one(ctx(chance(A)), E(of("inverse", A)[1, 1]), "expectation_of_constant"),
    "nor in a smooth map": lambda: one(ctx(chance(u)), E(Image("g", ((1, 2),), u)[1]), "expectation_of_constant"),
    "nor in the limit of a sum": lambda: one(ctx(DICE), E(total(1, k, 1, WHOLE)), "expectation_of_constant"),
    "nor in an index": lambda: one(ctx(DICE, more=(z,)), E(z[WHOLE]), "expectation_of_constant"),
    "nor in a condition": lambda: one(ctx(DICE), E(Indicator(eq(B, 1))), "expectation_of_constant"),
    "nor in a case": lambda: one(ctx(DICE), E(in_case(1, eq(B, 1))), "expectation_of_constant"),
    "a random factor stays": lambda: one(DEFINED, E(d[1] * x[2]), "expectation_of_multiple"),
    "a sum up to a random number": lambda: one(ctx(DICE), E(total(B, k, 1, WHOLE)), "expectation_of_sum"),
    "a sum without end": lambda: one(ctx(chance(x)), E(total(x[k], k, 1, oo)), "expectation_of_sum"),
    "a product up to a random number": lambda: one(
        ctx(chance(x, **FREE), DICE), E(IndexProduct(x[k], k, 1, WHOLE)), "independent_product"),
    "a variance up to a random number": lambda: one(
        ctx(chance(x, **FREE), DICE), Var(total(x[k], k, 1, WHOLE)), "variance_of_sum"),
    # Products that do not come apart.
    "an entry and itself": lambda: one(
        ctx(chance(x, **FREE)), E(Mul(x[1], x[1] + 1, evaluate=False)), "independent_factors", x[1]),
    "entries that may be the same": lambda: one(ctx(chance(x, **FREE)), E(x[n] * x[m]), "independent_factors", x[n]),
    "entries of an array of which nothing is stated": lambda: one(
        ctx(chance(x)), E(x[1] * x[2]), "independent_factors", x[1]),
    "uncorrelated squares": lambda: one(
        ctx(chance(x, entries="uncorrelated")), E(x[1] ** 2 * x[2] ** 2), "independent_factors", x[1] ** 2),
    "stationary entries": lambda: one(
        ctx(chance(x, entries="stationary")), E(x[1] * x[2]), "independent_factors", x[1]),
    "arrays of one group": lambda: one(
        ctx(chance(v, group="g"), chance(w, group="g")), E(V * W), "independent_factors", V),
    "a product with a definition that shares": lambda: one(DEFINED, E(d[1] * x[2]), "independent_factors", x[2]),
    "the covariance with it": lambda: one(DEFINED, Cov(d[1], x[2]), "independent_covariance"),
    "a form that shares": lambda: one(
        ctx(chance(A, **FREE)), E(of("determinant", A)[()] * A[1, 1]), "independent_factors", A[1, 1]),
    "an image that shares": lambda: one(
        ctx(chance(u, **FREE)), E(Image("g", ((1, 2),), u)[1] * u[1]), "independent_factors", u[1]),
    "three arrays of which two share a group": lambda: one(
        ctx(chance(v, group="g"), chance(w, group="g"), chance(b)), E(V * W * B), "independent_factors", V * B),
    "sums that share an entry": lambda: one(
        ctx(chance(x, **FREE)), E(total(x[k], k, 1, 2) * total(x[k] ** 2, k, 2, 3)), "independent_factors",
        total(x[k], k, 1, 2)),
    "a derivative by an entry of the other factor": lambda: one(
        ctx(chance(u, **FREE)), E(Partial(u[1] * u[2], u[1]) * u[2]), "independent_factors", u[2]),
    "a product of neighbours": lambda: one(
        ctx(chance(x, **FREE)), E(IndexProduct(x[k] + x[k + 1], k, 1, 3)), "independent_product"),
    # Sums of terms that share entries.
    "windows that overlap": lambda: one(
        ctx(chance(x, **FREE)), Var(total(x[k] + x[k + 1], k, 1, 3)), "variance_of_sum"),
    "every second index": lambda: one(
        ctx(chance(x, **FREE)), Var(total(x[floor(k / 2)], k, 1, 4)), "variance_of_sum"),
    "indices that come again": lambda: one(
        ctx(chance(x, **FREE)), Var(total(x[Mod(k, 2)], k, 1, 4)), "variance_of_sum"),
    "multiples of what may be 0": lambda: one(ctx(chance(x, **FREE)), Var(total(x[k * m], k, 1, 4)), "variance_of_sum"),
    "a double sum over x[k + q]": lambda: one(
        ctx(chance(x, **FREE)), Var(total(total(x[k + q], q, 1, k), k, 1, 4)), "variance_of_sum"),
    "a double sum over x[k]": lambda: one(
        ctx(chance(x, **FREE)), Var(total(total(x[k], q, 1, k), k, 1, 4)), "variance_of_sum"),
    "a random coefficient that is shared": lambda: one(
        ctx(chance(x, **FREE), DICE), Var(total(B * x[k], k, 1, 4)), "variance_of_sum"),
    "uncorrelated entries, squared": lambda: one(
        ctx(chance(x, entries="uncorrelated")), Var(total(x[k] ** 2, k, 1, 4)), "variance_of_sum"),
    "uncorrelated entries times random ones": lambda: one(
        ctx(chance(x, entries="uncorrelated"), chance(y, **FREE)), Var(total(x[k] * y[k], k, 1, 4)), "variance_of_sum"),
    # What is stated, and of what.
    "the mean of another array": lambda: one(ctx(chance(x, mean=0), chance(y)), E(y[1]), "stated_mean"),
    "the mean outside of the range": lambda: one(
        ctx(chance(array("s", (1, 3), outside="zero"), mean=1)), E(array("s", (1, 3), outside="zero")[n]),
        "stated_mean"),
    "the mean square without the mean": lambda: one(ctx(chance(x, variance=1)), E(x[1] ** 2), "stated_square"),
    "symmetric, with another of the group": lambda: one(
        ctx(chance(v, mean=0, law="symmetric", group="g"), chance(w, group="g")), E(V * W**2), "symmetric", V),
    "symmetric, with a definition of it": lambda: one(
        ctx(SYMMETRIC, defs=(Definition(d, (i,), x[i] ** 3),)), E(d[1] * x[1]), "symmetric", x[1]),
    "symmetric, with a moment within": lambda: one(ctx(SYMMETRIC), E(x[1] * E(x[1] ** 3)), "symmetric", x[1]),
    "over both values of an entry that may be another": lambda: one(
        ctx(SIGNED), E(x[n] * x[m]), "two_values", x[n]),
    "over both values of all entries of a sum": lambda: one(
        ctx(SIGNED), E(total(x[k], k, 1, 3) ** 2), "two_values", x[k]),
    "over both values where a sum meets it": lambda: one(
        ctx(SIGNED), E(x[1] * total(x[k], k, 1, 3)), "two_values", x[1]),
    "over both values within a moment within": lambda: one(
        ctx(SIGNED), E(x[1] * E(x[1])), "two_values", x[1]),
    "powers of what is no bit": lambda: one(ctx(SIGNED), x[1] ** 3, "power_of_bit"),
    "powers of a bit that may be 0": lambda: one(ctx(BITS), x[1] ** n, "power_of_bit"),
    "the mean absolute value of what is not normal": lambda: one(
        ctx(SYMMETRIC), E(Abs(x[1])), "normal_absolute_mean"),
    "that of a sum": lambda: one(ctx(NORMAL), E(Abs(x[1] + x[2])), "normal_absolute_mean"),
    "the fourth moment of what is not normal": lambda: one(
        ctx(chance(x, **UNIT)), E(x[1] ** 4), "normal_fourth_moment"),
    "alike, with two entries": lambda: one(
        ctx(chance(x, identical=True)), E(x[1] * x[2]), "identical_entries", x[3]),
    "alike, of another array": lambda: one(
        ctx(chance(x, identical=True), chance(y, identical=True)), E(x[1]), "identical_entries", y[1]),
    "stationary, out of range": lambda: one(STATIONARY, E(u[n]), "stationary", u[1], u[2]),
    "stationary, with another array": lambda: one(
        ctx(chance(u, entries="stationary"), chance(v)), E(u[1] * V), "stationary", u[1], u[2]),
    # What is known of one outcome.
    "a case within, by a case outside": lambda: one(
        ctx(DICE), in_case(E(in_case(1, gt(B, 2))), gt(B, 2)), "select_case", 0, at=in_case(1, gt(B, 2))),
    "an indicator within, by a case outside": lambda: one(
        ctx(DICE), in_case(E(Indicator(gt(B, 2))), gt(B, 2)), "indicator_holds", at=Indicator(gt(B, 2))),
    "an absolute value, by a case outside": lambda: one(
        ctx(chance(v)), in_case(E(Abs(V)), gt(V, 0)), "absolute_value", 1, at=Abs(V)),
    "a quotient, by a case outside": lambda: one(
        ctx(DICE, chance(v)), in_case(E(B / V), gt(V, 0)), "independent_factors", B, at=E(B / V)),
    "an index within, by a random range outside": lambda: one(
        ctx(DICE), total(E(Indicator(ge(B, k))), k, 1, WHOLE), "indicator_holds", at=Indicator(ge(B, k))),
    # Contexts that cannot be.
    "a variance that may be negative": lambda: one(ctx(chance(x, variance=n)), Var(x[1]), "stated_variance"),
    "a probability of 2": lambda: one(ctx(chance(b, law="bits", values=(2,))), E(B), "stated_mean"),
    "two records of one array": lambda: one(
        replace(ctx(chance(x, mean=0)), chances=(chance(x, mean=0), chance(x, mean=1))), E(x[1]), "stated_mean"),
    "a record of an array that is defined": lambda: one(
        ctx(chance(d, mean=0), defs=(Definition(d, (i,), i),)), E(d[1]), "stated_mean"),
    "an index that is a symbol": lambda: one(ctx(chance(x, mean=n, parameters=(n,))), E(x[1]), "stated_mean"),
    "entries that are the same ones around": lambda: one(
        ctx(chance(array("s", (1, 3), outside="wraps"), **FREE)),
        E(array("s", (1, 3), outside="wraps")[1] * array("s", (1, 3), outside="wraps")[4]), "independent_factors",
        array("s", (1, 3), outside="wraps")[1]),
    "a hypothesis about an outcome": lambda: one(
        ctx(DICE, where=(eq(B, 1),)), E(B), "stated_mean"),
    # Lemmas.
    "a lemma about numbers, of random ones": lambda: lemma_use(
        lemma(ctx(more=(x,)), E(x[1]), "expectation_of_constant"), ctx(chance(y)), E(y[1]), (x, y)),
    "a lemma about a number, at a random one": lambda: lemma_use(
        lemma(ctx(sorts=("c:real",)), E(real("c") * E(n)), "expectation_of_constant"), ctx(DICE), E(B * E(n)),
        (real("c"), B)),
    "a lemma about independent arrays, of one array": lambda: lemma_use(
        lemma(TO_Y, E(x[1] * y[1]), "independent_factors", x[1]), ctx(chance(x)), E(x[1] ** 2), (y, x)),
    "a lemma about independent entries": lambda: lemma_use(
        lemma(ctx(chance(x, **FREE)), E(x[1] * x[2]), "independent_factors", x[1]), ctx(chance(y)), E(y[1] * y[2]),
        (x, y)),
    "a lemma about another variance": lambda: lemma_use(
        lemma(ctx(chance(x, variance=n * n)), Var(x[1]), "stated_variance"), ctx(chance(x, variance=m * m)), Var(x[1])),
    "a lemma about another group": lambda: lemma_use(
        lemma(ctx(chance(v), chance(w)), E(V * W), "independent_factors", V),
        ctx(chance(v, group="g"), chance(w, group="g")), E(V * W)),
    # Relations.
    "a variance does not grow with its term": lambda: forged(
        ctx(chance(v)), R + Var(Max(V, 0)), ("at_least", (V,), (1, 0))),
    "nor an expectation with a random factor": lambda: one(
        ctx(chance(v), chance(w)), E(W * Max(V, 0)), "at_least", V, at=Max(V, 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", MENDED)
def test_attack_that_was_accepted_is_refused(name: str) -> None:
    """Each is refused, and not because it cannot be replayed."""
    with pytest.raises((StepRejected, RuleDoesNotApply, IllFormed)) as caught:
        check(MENDED[name]())
    assert "cannot be replayed" not in str(caught.value)


@pytest.mark.parametrize("name", ALWAYS)
def test_attack_is_refused(name: str) -> None:
    """The same of those that were refused from the start."""
    with pytest.raises((StepRejected, RuleDoesNotApply, IllFormed)) as caught:
        check(ALWAYS[name]())
    assert "cannot be replayed" not in str(caught.value)


def test_what_is_put_into_a_moment_is_the_same_in_all_outcomes() -> None:
    """Entries are not, unless they stand in a moment themselves; outside of moments anything is put in."""
    with pytest.raises(IllFormed, match="same in all outcomes"):
        substitute(n * E(x[n]), {n: WHOLE})
    assert substitute(n * E(x[m]), {n: WHOLE}) == WHOLE * E(x[m])
    assert substitute(E(x[n]), {n: floor(E(B))}) == E(x[floor(E(B))])
    assert substitute(E(total(x[k], k, 1, n)), {k: WHOLE}) == E(total(x[k], k, 1, n))


def test_there_are_many() -> None:
    """None was lost."""
    assert len(MENDED) >= 25
    assert len(ALWAYS) >= 60
