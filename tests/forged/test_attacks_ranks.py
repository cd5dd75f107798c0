"""Attacks on ranks: a multiple by nothing, a bound as an equality or read the wrong way round, another shape.

As in test_attacks.py every derivation is made by hand, and R, too long to be looked at, keeps points out of the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sympy import Expr, Integer

from derive.errors import IllFormed, RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation, Step
from derive.language import array, ge, integer, ne, real
from derive.language.forms import of
from derive.rules.ranks import rank_of
from tests.forged.test_attacks import R, ctx
from tests.forged.test_attacks_signs import ROOT, forged

n, m, c = integer("n"), integer("m"), real("c")
A, B, C = array("A", (1, n), (1, m)), array("B", (1, n), (1, m)), array("C", (1, m), (1, n))
S, Z = array("S", (1, n), (1, n)), array("Z", (0, n), (1, m))
HERE = ctx("n:size", "m:size", "c:real", arrays=(A, B, C, S, Z))
MULTIPLE, PRODUCT = rank_of(of("scaled", c, A)), rank_of(of("product", A, C))
SUM = rank_of(of("sum", A, B))


def said(start: Expr, end: Expr, rule: str, *arguments: Expr, relation: str = "=", context=HERE) -> Derivation:
    """One step that says what it likes, with no condition."""
    step = Step(start, end, rule, arguments, (), ROOT, relation)
    return Derivation("forged", context, start, end, Chain(start, (step,)), relation)


def by_nothing() -> Derivation:
    """rank(c*A) = rank(A), though c may be 0: the condition is asked for and not known."""
    return forged(HERE, MULTIPLE + R, ("rank_of_multiple", (), (0,) if (MULTIPLE + R).args[0] == MULTIPLE else (1,)))


def without_its_condition() -> Derivation:
    """The same, and the condition is not even named."""
    return said(MULTIPLE, rank_of(A), "rank_of_multiple")


def of_a_square() -> Derivation:
    """rank(S*S) = rank(S): S may be nilpotent, and is not its own transpose."""
    return said(rank_of(of("product", S, S)), rank_of(S), "rank_of_gram")


def of_another_matrix() -> Derivation:
    """rank(A'*B) = rank(B)."""
    return said(rank_of(of("product", of("transpose", A), B)), rank_of(B), "rank_of_gram")


def the_other_factor() -> Derivation:
    """rank(A*C) <= rank(C) by the side that speaks of A: the law gives another line."""
    return said(PRODUCT, rank_of(C), "rank_of_product", Integer(1), relation="<=")


def a_bound_as_an_equality() -> Derivation:
    """rank(A*C) = rank(A)."""
    return said(PRODUCT, rank_of(A), "rank_of_product", Integer(1))


def turned_round() -> Derivation:
    """rank(A + B) >= rank(A) + rank(B)."""
    return said(SUM, rank_of(A) + rank_of(B), "rank_of_sum", relation=">=")


def below_a_minus() -> Derivation:
    """-rank(A + B) <= -rank(A) - rank(B), the relation not turned by the sign."""
    made = forged(HERE, -SUM, ("rank_of_sum", (), (1,)))
    (step,) = made.chain.moves
    assert isinstance(step, Step) and step.relation == ">="
    return replace(made, chain=Chain(-SUM, (replace(step, relation="<="),)), relation="<=")


def below_a_factor() -> Derivation:
    """c*rank(A + B) <= c*(rank(A) + rank(B)), though c may be negative."""
    start = c * SUM
    return forged(HERE, start, ("rank_of_sum", (), (start.args.index(SUM),)))


def one_row_too_few() -> Derivation:
    """Rows from 0 to n are n + 1 of them."""
    return said(rank_of(Z), n, "rank_of_axis", Integer(1), relation="<=")


def an_identity_of_no_size() -> Derivation:
    """rank(I_(n - m)) = n - m, though that may be negative."""
    start = rank_of(of("identity", n - m))
    return forged(ctx("n:size", "m:size"), start, ("rank_of_identity", (), ROOT))


def an_outer_product_is_not_nothing() -> Derivation:
    """rank(u*v') = 1: a factor may be 0."""
    u, v = array("u", (1, n)), array("v", (1, m))
    here = ctx("n:size", "m:size", arrays=(u, v))
    return said(rank_of(of("outer", u, v)), Integer(1), "rank_of_outer", context=here)


ATTACKS: tuple[Callable[[], Derivation], ...] = (
    by_nothing, without_its_condition, of_a_square, of_another_matrix, the_other_factor, a_bound_as_an_equality,
    turned_round, below_a_minus, below_a_factor, one_row_too_few, an_identity_of_no_size,
    an_outer_product_is_not_nothing,
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda make: make.__name__)
def test_attack_is_refused(attack: Callable[[], Derivation]) -> None:
    """Each is refused, by the law or by the checker."""
    with pytest.raises((StepRejected, RuleDoesNotApply, IllFormed)):
        check(attack())


def test_the_right_twins_are_accepted() -> None:
    """What is refused above is refused for what is wrong with it."""
    known = ctx("n:size", "m:size", "c:real", where=(ne(c, 0), ge(n, m)), arrays=(A, B, C, S, Z))
    for derivation in (
        forged(known, MULTIPLE, ("rank_of_multiple", (), ROOT)),
        forged(HERE, rank_of(of("product", of("transpose", A), A)), ("rank_of_gram", (), ROOT)),
        forged(HERE, PRODUCT, ("rank_of_product", (Integer(1),), ROOT)),
        forged(HERE, -SUM, ("rank_of_sum", (), (1,))),
        forged(HERE, rank_of(Z), ("rank_of_axis", (Integer(1),), ROOT)),
        forged(known, rank_of(of("identity", n - m)), ("rank_of_identity", (), ROOT)),
    ):
        assert check(derivation).verdict.kind == "proved", derivation.left
    assert forged(HERE, rank_of(Z), ("rank_of_axis", (Integer(1),), ROOT)).right == n + 1
