"""Attacks on inductions for all values of some symbols: the hypothesis where it is not known, or of something else.

As in test_attacks_induction.py every derivation is made by hand to be accepted although it is false. The conditions of
each step are recorded as the kernel asks for them, so that nothing but their being false stands in the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sympy import Expr, Integer, Symbol, oo

from derive.errors import IllFormed, RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation, Induction, Step
from derive.kernel.places import put, standing
from derive.kernel.stepping import Assumed, hypothesis
from derive.language import OTHERWISE, Cases, Context, Definition, IndexSum, array, as_expr, eq, ge, le, substitute
from derive.language.context import without
from tests.forged.test_attacks import R, a, ctx, i, j, k, m, n, x
from tests.forged.test_attacks_induction import Prover, from_moves, not_at, otherwise

REFUSED = (StepRejected, IllFormed)
GRID = Cases((R, eq(n, i + 3)), (2 * R, OTHERWISE))
"""Twice R but where n = i + 3: what is at (n + 1, i) is at (n, i - 1) as well. R is a sum of too many terms."""
GROWN = array("g", (0, oo), (0, oo))


def forged(move: Induction, facts: tuple[Any, ...], line: Prover, path: Any, *pairs: Any) -> Step:
    """A use of the hypothesis with the conditions that the kernel asks for, whether it may be used or not."""
    target = standing(line.context, line.here, path)[0]
    allowed = replace(move, over=tuple(old for old, _ in pairs))
    made = hypothesis(Assumed(allowed, facts), target, pairs)
    return Step(line.here, put(line.here, path, made.after), "hypothesis", pairs, made.conditions, path)


def for_all(
    context: Context,
    before: Expr,
    after: Expr,
    base: Callable[[Prover], Any],
    step: Callable[[Prover, Callable[..., None]], Any],
    over: tuple[Symbol, ...] = (i,),
    variable: Symbol = n,
    low: Any = 0,
) -> Derivation:
    """By induction, for all values of `over`; `step` gets what uses the hypothesis at a path with pairs."""
    first = Prover(context, substitute(before, {variable: as_expr(low)}))
    base(first)
    later = Prover(context, substitute(before, {variable: variable + 1}))
    move = Induction(before, after, variable, as_expr(low), first.chain(), first.chain(), over=over)
    try:
        facts = without(context, variable).facts
    except IllFormed:
        facts = context.facts

    def known(path: Any, *pairs: Any) -> None:
        later.moves.append(forged(move, facts, later, path, *pairs))
        later.here = later.moves[-1].after

    step(later, known)
    return from_moves(context, replace(move, step=later.chain()))


def diagonal(line: Prover, known: Callable[..., None]) -> None:
    """From (n + 1, i) to (n, i - 1), where the hypothesis is used."""
    line.by("regroup_cases", substitute(GRID, {i: i - 1}))
    known((), (i, i - 1))


ATTACKS: dict[str, Callable[[], Derivation]] = {}


def attack(make: Callable[[], Derivation]) -> Callable[[], Derivation]:
    """Register an attack; its docstring says what it would prove."""
    ATTACKS[make.__name__] = make
    return make


@attack
def a_value_below_the_least() -> Derivation:
    """There is no R on the grid with i >= 1: the hypothesis at i = 0, where it is not known."""
    return for_all(ctx("n:natural", "i:size"), GRID, 2 * R, otherwise, diagonal)


@attack
def a_value_that_a_hypothesis_forbids() -> Derivation:
    """The same with i >= 1 among the hypotheses."""
    return for_all(ctx("n:natural", "i:integer", where=(ge(i, 1),)), GRID, 2 * R, otherwise, diagonal)


@attack
def a_value_beyond_the_greatest() -> Derivation:
    """The grid turned round, with i <= m."""
    grid = Cases((R, eq(n + i, m + 2)), (2 * R, OTHERWISE))

    def step(line: Prover, known: Callable[..., None]) -> None:
        line.by("regroup_cases", substitute(grid, {i: i + 1}))
        known((), (i, i + 1))

    return for_all(ctx("n:natural", "i:integer", "m:integer", where=(le(i, m),)), grid, 2 * R, otherwise, step)


@attack
def a_symbol_that_is_fixed() -> Derivation:
    """The hypothesis at another i, although the statement is about one i (and is true at n = 0 for i >= 1)."""
    return for_all(ctx("n:natural", "i:natural"), GRID, 2 * R, otherwise, diagonal, over=())


@attack
def another_symbol_than_the_one_for_all() -> Derivation:
    """The statement is for all m, and the hypothesis is used at another i."""
    return for_all(ctx("n:natural", "i:size", "m:size"), GRID, 2 * R, otherwise, diagonal, over=(m,))


@attack
def the_variable_itself() -> Derivation:
    """The hypothesis at n + 1, which is what is to be shown."""
    move = for_all(ctx("n:natural"), not_at(5), 2 * R, otherwise, lambda line, known: known((), (n, n + 1)), over=())
    return move


@attack
def for_all_values_of_the_variable() -> Derivation:
    """The same, with n among the symbols that the statement is for all values of."""
    step = lambda line, known: known((), (n, n + 1))  # noqa: E731
    return for_all(ctx("n:natural"), not_at(5), 2 * R, otherwise, step, over=(n,))


@attack
def a_larger_variable_in_the_value() -> Derivation:
    """R at i = n + 5: the hypothesis at (n, i - 1) is the statement at (n + 1, i), but i = n + 5 may be there."""
    grid = Cases((R, eq(i, n + 5)), (2 * R, OTHERWISE))

    def step(line: Prover, known: Callable[..., None]) -> None:
        line.by("regroup_cases", substitute(grid, {i: i - 1}))
        known((), (i, i - 1))

    return for_all(ctx("n:natural", "i:integer"), grid, 2 * R, otherwise, step)


@attack
def the_hypothesis_in_the_base() -> Derivation:
    """The base by what is only assumed in the step."""
    context = ctx("n:natural", "i:integer")
    move = for_all(context, GRID, 2 * R, otherwise, diagonal).chain.moves[0]
    start = substitute(GRID, {n: Integer(0)})
    assumed = Step(start, 2 * R, "hypothesis", ((i, i),))
    return from_moves(context, replace(move, base=Chain(start, (assumed,))))


@attack
def a_definition_that_depends_on_the_symbol() -> Derivation:
    """x[k] is R where k = i + 3; at another i it would be another array."""
    context = ctx(
        "n:natural", "i:natural", defs=(Definition(x, (k,), Cases((R, eq(k, i + 3)), (2 * R, OTHERWISE))),)
    )
    base = lambda line: line.by("definition").by("select_case", 1)  # noqa: E731
    step = lambda line, known: line.by("definition").by("regroup_cases", substitute(GRID, {i: i - 1}))  # noqa: E731
    return for_all(context, x[n], 2 * R, base, step)


@attack
def a_start_that_depends_on_the_symbol() -> Derivation:
    """n is never i - 1 for n >= i: the hypothesis at i + 1, of which that n is not known to be at least i + 1."""
    grid = Cases((R, eq(n + 1, i)), (2 * R, OTHERWISE))
    step = lambda line, known: (line.by("regroup_cases", substitute(grid, {i: i - 1})), known((), (i, i - 1)))  # noqa: E731
    context = ctx("n:integer", "i:integer", where=(ge(n, i),))
    return for_all(context, grid, 2 * R, otherwise, step, low=i)


@attack
def a_symbol_that_is_not_declared() -> Derivation:
    """For all values of a letter without a meaning."""
    return for_all(ctx("n:natural", "i:size"), GRID, 2 * R, otherwise, diagonal, over=(i, k))


@attack
def conditions_left_out() -> Derivation:
    """The hypothesis at i - 1 without what it needs."""
    good = for_all(ctx("n:natural", "i:size"), GRID, 2 * R, otherwise, diagonal)
    move = good.chain.moves[0]
    bare = replace(move.step.moves[1], conditions=())
    return from_moves(good.context, replace(move, step=Chain(move.step.start, (move.step.moves[0], bare))))


@attack
def two_values_at_once() -> Derivation:
    """i is 1 and i - 1."""
    step = lambda line, known: line.write("hypothesis", 2 * R, (i, Integer(1)), (i, i - 1))  # noqa: E731
    return for_all(ctx("n:natural", "i:size"), GRID, 2 * R, otherwise, step)


@attack
def the_outer_hypothesis_within_an_inner_induction() -> Derivation:
    """In the step an induction on m, in whose step the hypothesis about all i is used: it is that of the inner one."""
    context = ctx("n:natural", "i:integer", "m:natural")
    outer = for_all(context, GRID, 2 * R, otherwise, diagonal).chain.moves[0]
    later = outer.step.start
    inner = Induction(later, 2 * R, m, Integer(0), outer.step, outer.step, over=(i,))
    return from_moves(context, replace(outer, step=Chain(later, (inner,))))


def summed(last: Expr) -> Derivation:
    """g[n, i] = 0 for i <= m, where g[0, i] is R beyond m and g[n + 1, i] the sum of g[n, j] up to the last j."""
    start = Cases((Integer(0), le(i, m)), (R, OTHERWISE))
    body = Cases((start, eq(n, 0)), (IndexSum(GROWN[n - 1, j], j, 0, last), OTHERWISE))
    context = ctx(
        "n:natural", "i:natural", "m:natural", where=(le(i, m),), defs=(Definition(GROWN, (n, i), body),)
    )

    def step(line: Prover, known: Callable[..., None]) -> None:
        line.by("definition").by("select_case", 1)
        known((0,), (i, j))
        line.by("sum_of_zeros")

    base = lambda line: line.by("definition").by("select_case", 0).by("select_case", 0)  # noqa: E731
    return for_all(context, GROWN[n, i], Integer(0), base, step)


@attack
def an_index_bound_around_beyond_its_range() -> Derivation:
    """A sum of zeros: what is summed goes one further than the indices of which it is known."""
    return summed(i + 1)


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused(name: str) -> None:
    """Refused by the checker, or as no use of a hypothesis at all."""
    with pytest.raises((*REFUSED, RuleDoesNotApply)):
        check(ATTACKS[name]())


def test_how_many() -> None:
    """No attack is lost."""
    assert len(ATTACKS) == 16


def test_the_same_tools_prove_what_is_true() -> None:
    """With i below -3 the hypothesis is known one further down, and in a sum for each index in its range."""
    below = ctx("n:natural", "i:integer", where=(le(i, -4),))
    assert check(for_all(below, GRID, 2 * R, otherwise, diagonal)).verdict.kind == "proved"
    assert check(summed(i)).laws["hypothesis"] == 1


def test_a_bound_index_is_renamed_out_of_the_way() -> None:
    """The hypothesis at i = j, where its right side is a sum over j."""
    move = Induction(x[i], IndexSum(x[j + i], j, 0, 3), n, Integer(0), Chain(n), Chain(n), over=(i,))
    for value in (a, Integer(1) / 2):
        with pytest.raises(RuleDoesNotApply, match="not one integer"):
            hypothesis(Assumed(move, ()), x[i], ((i, value),))
    made = hypothesis(Assumed(move, (ge(i, 1),)), x[j], ((i, j),))
    assert made.after.index != j and j in made.after.free_symbols
    assert made.conditions == (ge(j, 1),)
