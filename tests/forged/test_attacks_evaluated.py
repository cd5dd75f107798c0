"""Attacks on terms that SymPy works out wrongly while it builds or expands them; a line must not change on the way.

SymPy 1.14 takes `Mod(2*Mod(n, 3), 3)` for `2*Mod(n, 3)`, and `n*(2*m + 2)/6` for an integer. Each attack was accepted
once: a law made such a term by SymPy's own hand, or a condition was expanded into one. As in test_attacks.py R is a sum
of too many terms to be looked at, so that no exact point stands in the way.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sympy import Add, Expr, Integer, Max, Mod, floor, oo

from derive.errors import IllFormed, RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation, Step
from derive.kernel.law import law_named
from derive.language import Context, Definition, array, ge
from derive.language.growth import cleared, least_values, stays_above
from derive.language.points import evaluate, holds
from derive.rules import load_laws
from derive.rules.algebra import added_to_each, within_extreme
from derive.rules.integers import remainder
from tests.forged.test_attacks import R, ctx, i, m, n
from tests.forged.test_attacks_signs import ROOT, forged

load_laws()
REST = Mod(n, 3)
"""0, 1 or 2."""
TWICE = Mod(2 * REST, 3, evaluate=False)
THIRDS = n * (2 * m + 2) / 6
UNDER = floor(THIRDS, evaluate=False)
HIDDEN = Mod(REST * (m + 2) - m * REST, 3, evaluate=False)
"""The same as TWICE, and expanded it would be built as that."""
EVEN = Max(2 * m, 2 * n, evaluate=False)
MULTIPLE = Mod(Add((n + 1) * EVEN, -EVEN), 6, evaluate=False)
"""Expanded, SymPy takes it for 0."""


def written(context: Context, start: Expr, rule: str, arguments: tuple[Expr, ...], after: Expr) -> Derivation:
    """One step on the first factor, with what SymPy makes of it as the next line."""
    made = law_named(rule).applied(context, start, arguments)
    place = (R * start).args.index(start)
    step = Step(R * start, R * after, rule, arguments, made.conditions, (place,), made.relation)
    return Derivation("forged", context, R * start, R * after, Chain(R * start, (step,)))


def remainder_evaluated() -> Derivation:
    """What 3 leaves of 2*(n mod 3) is not 2*(n mod 3)."""
    start = 2 * REST - 3 * floor(2 * REST / 3, evaluate=False)
    return written(ctx("n:integer"), start, "remainder", (2 * REST, Integer(3)), 2 * REST)


def within_evaluated() -> Derivation:
    """A number is not at most its floor."""
    start = Max(Max(UNDER, n, evaluate=False), THIRDS, evaluate=False)
    return written(ctx("n:integer", "m:integer"), start, "within_extreme", (), Max(UNDER, n, evaluate=False))


def expanded_condition() -> Derivation:
    """Multiplied by L, the condition is one about 2*(n mod 3)."""
    context = ctx("n:integer", "m:integer", "L:size")
    size = context.symbols[2]
    return forged(context, HIDDEN / size + R, ("at_least", (2 * REST / size + R,), ROOT))


def expanded_polynomial() -> Derivation:
    """A remainder is no polynomial, whatever becomes of it when its argument is multiplied out."""
    return forged(ctx("n:size", "m:size"), MULTIPLE + R, ("at_most", (R,), ROOT))


def expanded_strictly() -> Derivation:
    """The same below n."""
    return forged(ctx("n:size", "m:size"), MULTIPLE + R, ("less_than", (R + n,), ROOT))


def inserted_definition() -> Derivation:
    """Where entries become what they are by definition, the remainder around them stays."""
    d = array("d", (-oo, oo))
    context = ctx("n:integer", defs=(Definition(d, (i,), 2 * Mod(i, 3)),))
    return forged(context, Mod(d[n], 3) + R, ("at_least", (d[n] + R,), ROOT))


ATTACKS = (
    remainder_evaluated, within_evaluated, expanded_condition, expanded_polynomial, expanded_strictly,
    inserted_definition,
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda make: make.__name__)
def test_attack_is_refused(attack: Callable[[], Derivation]) -> None:
    """Each is refused, and not because it cannot be replayed."""
    with pytest.raises((StepRejected, RuleDoesNotApply, IllFormed)) as caught:
        check(attack())
    assert "cannot be replayed" not in str(caught.value)


def test_they_are_false() -> None:
    """Without R: points at which the attacks are false."""
    at = {n: 2, m: 0}
    assert evaluate(TWICE, at) == evaluate(HIDDEN, at) == 1
    assert evaluate(2 * REST, at) == 4
    assert evaluate(MULTIPLE, {n: 1, m: 2}) == 4
    assert evaluate(UNDER, {n: -1, m: 0}) < evaluate(THIRDS, {n: -1, m: 0})


@pytest.mark.parametrize(
    ("law", "start", "arguments"),
    [
        (remainder, 2 * REST - 3 * floor(2 * REST / 3, evaluate=False), (2 * REST, Integer(3))),
        (within_extreme, Max(Max(UNDER, n, evaluate=False), THIRDS, evaluate=False), ()),
        (added_to_each, Max(UNDER, THIRDS, evaluate=False) + n, (Max(UNDER, THIRDS, evaluate=False),)),
        (added_to_each, Max(TWICE, 2 * REST, evaluate=False) + m, (Max(TWICE, 2 * REST, evaluate=False),)),
    ],
    ids=("remainder", "within_extreme", "added_to_each", "added_to_each, remainders"),
)
def test_what_a_law_makes_keeps_its_value(law, start: Expr, arguments: tuple[Expr, ...]) -> None:
    """At all points of a square."""
    context = ctx("n:integer", "m:integer")
    after = law(context, start, *arguments).after
    points = [{n: a, m: b} for a in range(-6, 7) for b in range(-6, 7)]
    assert [evaluate(start, p) for p in points] == [evaluate(after, p) for p in points]
    assert len(points) == 169


def test_conditions_keep_their_meaning() -> None:
    """Multiplied by its denominator a condition holds where it held; a remainder is no polynomial."""
    context = ctx("n:size", "m:size")
    least = least_values(context.facts)
    assert not stays_above(-MULTIPLE, least)
    assert stays_above(n * m + n - 1, least)
    condition = ge(HIDDEN / n, 2 * REST / n)
    plain = cleared(condition, least)
    points = [{n: a, m: b} for a in range(1, 10) for b in range(1, 10)]
    said = [holds(condition, p) for p in points]
    assert plain != condition
    assert said == [holds(plain, p) for p in points]
    assert set(said) == {True, False}
