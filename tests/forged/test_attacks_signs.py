"""Attacks on what is remembered, on signs under binders, and on hypotheses that no array meets.

As in test_attacks.py every derivation is made by hand: it is false, or says nothing, and each step asks only for the
conditions that its law asks for. R is a sum of too many terms to be looked at, so that no point stands in the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sympy import Expr, Integer, Max

from derive.errors import IllFormed, RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation, Path, Step
from derive.kernel.law import law_named
from derive.kernel.lemma import apply_lemma
from derive.kernel.monotone import through
from derive.kernel.places import put, standing
from derive.language import Context, Definition, ForAll, IndexSum, array, eq, gt, le, lt, real
from derive.rules import load_laws
from tests.forged.test_attacks import R, ctx, i, k, m

load_laws()
y, z, x, c = array("y", (1, 3)), array("z", (1, 9)), array("x", (1, 2)), real("c")


def forged(context: Context, start: Expr, *steps: tuple[Any, ...], lemmas: tuple[Derivation, ...] = ()) -> Derivation:
    """The derivation of steps (rule, arguments, path), with the conditions and relations that its laws give."""
    here, relation, moves = start, "=", []
    for rule, arguments, path in steps:
        target, local = standing(context, here, path)
        if rule == "lemma":
            made = apply_lemma(lemmas, local, target, arguments)
        else:
            made = law_named(rule).applied(local, target, arguments)
        after, said = put(here, path, made.after), through(here, path, made.relation, made.after)[0]
        moves.append(Step(here, after, rule, arguments, made.conditions, path, said))
        here, relation = after, said if said != "=" else relation
    return Derivation("forged", context, start, here, Chain(start, tuple(moves)), relation, lemmas)


ROOT: Path = ()


def remembered() -> Derivation:
    """What is shown of an array that is 1 is not known of one that is free, although the facts are the same."""
    one = ctx(defs=(Definition(y, (i,), Integer(1)),))
    first = replace(forged(one, R * y[2], ("at_least", (Integer(0),), ROOT)), name="first")
    second = replace(forged(ctx(arrays=(y,)), R * y[2], ("at_least", (Integer(0),), ROOT)), name="second")
    return forged(ctx(arrays=(y,)), R * y[2], ("lemma", ("second",), ROOT), lemmas=(first, second))


def captured() -> Derivation:
    """The index of a sum in a hypothesis is not the index of the sum around."""
    wide = array("y", (1, m))
    context = ctx("c:real", "m:size", where=(le(m, 3), eq(c, IndexSum(wide[k], k, 1, m))), arrays=(wide, z))
    return forged(context, IndexSum(0, k, 5, 6), ("at_most", (c * z[k] ** 2,), (0,)))


def one_or_the_other() -> Derivation:
    """For all k this or that is not: this for all k, or that for all k."""
    falling, lower = IndexSum(k * R, k, -5, -1), IndexSum(k * R, k, -9, -6)
    return forged(ctx(), Max(falling, lower, evaluate=False), ("at_least", (Integer(0),), ROOT))


def divided() -> Derivation:
    """A sum of squares that may all be 0 is not more than 0."""
    total = IndexSum(x[k] ** 2, k, 1, 1) + IndexSum(x[k] ** 2, k, 2, 2)
    return forged(ctx(arrays=(x,)), 1 / total, ("at_least", (Integer(0),), ROOT))


def against_all() -> Derivation:
    """All entries are positive, and one of them is negative: nothing is said of nothing."""
    context = ctx(where=(ForAll(gt(y[k], 0), k, 1, 3), lt(y[2], 0)), arrays=(y,))
    return forged(context, y[2], ("at_most", (Integer(-100),), ROOT))


def against_a_definition() -> Derivation:
    """An entry that is a square by definition is said to be negative."""
    context = ctx(defs=(Definition(y, (i,), i**2),), where=(lt(y[2], 0),))
    return forged(context, y[2], ("at_most", (Integer(-100),), ROOT))


ATTACKS = (remembered, captured, one_or_the_other, divided, against_all, against_a_definition)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda make: make.__name__)
def test_attack_is_refused(attack: Callable[[], Derivation]) -> None:
    """Each is refused, whatever was checked before."""
    with pytest.raises((StepRejected, RuleDoesNotApply, IllFormed)):
        check(attack())


def test_memory_is_told_apart() -> None:
    """With one memory for both, the true statement is accepted and the false one is not."""
    memory: dict[Any, Any] = {}
    first, second = remembered().lemmas
    assert check(first, memory).verdict.kind == "proved"
    with pytest.raises(StepRejected):
        check(second, memory)
