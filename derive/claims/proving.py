"""Equations proved: both sides are brought to plainer form until the lines meet; else cases, then induction.

The way from the left side down, a step that joins the two lines, and the way up to the right side are one chain, and
every chain that is handed on has been accepted by the checker in its context. What is not found is not said.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sympy import Expr, Symbol

from derive.claims import exponentials, plainer
from derive.claims import normalising as form
from derive.claims.accepting import Proof
from derive.claims.aligning import aligned, from_zero, named_like, one_way, split_like
from derive.claims.branching import by_cases, by_counting, by_induction, by_windows
from derive.claims.contracting import contracted
from derive.claims.normalising import STUMBLES, safely
from derive.claims.searching import Search, joins, turned
from derive.claims.within import by_what_is_within
from derive.errors import DeriveError
from derive.kernel.derivation import Step
from derive.language import (
    Cases,
    Compare,
    Context,
    Entry,
    IndexProduct,
    IndexSum,
)
from derive.language.discharge import discharge
from derive.rules.algebra import use_equation
from derive.rules.bracketing import rebracketed
from derive.rules.cases import regroup_cases
from derive.rules.combine import Moves, by

MOST_DEPTH = 5


def equation(search: Search, context: Context, left: Expr, right: Expr) -> Proof | None:
    """A proof that the sides are equal, from one of them to the other."""
    for one, other in ((left, right), (right, left)):
        moves = equal(search, context, one, other, 0)
        if moves is not None:
            return search.proof(context, one, other, moves)
        if not _may_turn(one, other):
            break
    return None


def _may_turn(one: Expr, other: Expr) -> bool:
    """Whether beginning with the other side may help: an induction or a window is found on one side only."""
    return other.has(IndexSum) or other.has(IndexProduct) or other.has(Entry)


def equal(search: Search, context: Context, left: Expr, right: Expr, depth: int) -> Moves | None:
    """Moves from the left side to the right side that the checker accepts, or None."""
    key = (context, left, right)
    if key in search.seen or depth > MOST_DEPTH:
        return search.seen.get(key)
    search.seen[key] = None  # while it is looked at, and where nothing is found
    for attempted in _WAYS:
        search.tick()
        try:
            found = attempted(search, context, left, right, depth)
        except (DeriveError, *STUMBLES):
            continue
        if found is not None:
            search.seen[key] = found
            return found
    return None


def _directly(search: Search, context: Context, left: Expr, right: Expr, depth: int) -> Moves | None:
    for moves in joins(context, left, right):
        if search.accepts(context, left, right, moves):
            return moves
    if isinstance(left, Cases) or isinstance(right, Cases):
        moves = by(regroup_cases, right)(context, left)
        if all(discharge(context, c).shown for m in moves if isinstance(m, Step) for c in m.conditions):
            return moves if search.accepts(context, left, right, moves) else None
    return None


Stage = Callable[[Context, Expr], Moves]
_PLAIN: tuple[Stage, ...] = (form.settled, form.written_out, form.spread_out)
_PLANS: tuple[tuple[Stage, ...], ...] = (
    (),
    (plainer.logarithms, form.spread_out),
    (exponentials.apart,),
    (exponentials.hyperbolic,),
    (exponentials.defined_apart,),
    (plainer.largest_apart, form.settled),
    (plainer.norms_of_products,),
    (plainer.at_the_point,),
    (plainer.of_matrices,),
    (plainer.integrated,),
    _PLAIN,
    (form.unfolded, *_PLAIN, form.picked, form.squared, form.counted),
    (form.slopes, form.unfolded, form.settled, form.picked, form.spread_out, form.picked, form.squared,
     form.spread_out),
    (form.unfolded, form.slopes, form.settled, form.picked, form.spread_out, form.picked, form.spread_out),
    (form.slopes, form.unfolded, form.settled, form.picked, form.spread_out, form.picked, plainer.entered,
     form.spread_out),
    (form.settled, form.moments, form.spread_out),
    (form.settled, form.plain_moments, form.spread_out, form.picked, form.spread_out),
    (form.settled, form.closed),
    (form.settled, form.windowed, form.settled, form.unfolded, form.settled, form.closed),
    (form.unfolded, form.settled, form.spread_out, form.closed),
    (form.windowed, form.settled, form.spread_out),
    (form.swapped, form.spread_out, form.spread_out),
    (form.started, form.settled),
    (plainer.of_matrices, *_PLAIN, plainer.of_matrices, form.spread_out),
    (form.unfolded, plainer.integrated, form.settled),
    (plainer.rows_written_out, form.unfolded, form.written_out),
    (plainer.entered, form.unfolded, *_PLAIN, plainer.entered, form.spread_out),
    (plainer.turned_over, form.settled, form.spread_out),
    (contracted, form.spread_out),
    (form.settled, form.unfolded, contracted, form.spread_out),
    (plainer.roots, form.settled),
    (form.settled, form.spread_out, plainer.roots),
    (form.settled, form.spread_out, form.swapped, form.spread_out, form.squared, plainer.halved, form.spread_out),
    (plainer.differences, form.settled),
    (form.settled, form.unfolded, form.squared, plainer.powers_of_few_values, form.spread_out),
)  # fmt: skip


def _inserted(context: Context, e: Expr) -> Moves:
    """Symbols that what is known here gives by others, inserted."""
    moves: Moves = ()
    for fact in context.facts:
        here = moves[-1].after if moves else e
        if isinstance(fact, Compare) and fact.op == "=" and not fact.has(Entry):
            for one, other in ((fact.left, fact.right), (fact.right, fact.left)):
                if isinstance(one, Symbol) and one in here.free_symbols and one not in other.free_symbols:
                    moves += _use(context, here, fact, one, other)
                    break
    return moves


def _use(context: Context, e: Expr, fact: Compare, one: Symbol, other: Expr) -> Moves:
    if fact.left == one:
        return safely(by(use_equation, one, other))(context, e)
    return ()


def _by_stages(search: Search, context: Context, left: Expr, right: Expr, depth: int) -> Moves | None:
    given = any(isinstance(f, Compare) and f.op == "=" for f in context.facts)
    for plan in _PLANS:
        stages = (form.settled, _inserted, *plan) if given else plan
        found = _planned(search, context, left, right, stages)
        if found is not None:
            return found
    return None


def _planned(search: Search, context: Context, left: Expr, right: Expr, plan: tuple[Stage, ...]) -> Moves | None:
    """Both sides through the stages, compared after each that changed something, then with their sums aligned."""
    lines: tuple[list[Moves], list[Moves]] = ([()], [()])
    for stage in plan:
        search.tick()
        for side, start in enumerate((left, right)):
            before = lines[side][-1]
            moves = search.staged(stage, context, before[-1].after if before else start)
            if not moves:
                continue
            lines[side].append(before + moves)
            for other in reversed(lines[1 - side]):
                pair = (lines[0][-1], other) if side == 0 else (other, lines[1][-1])
                if (found := _met(search, context, left, right, *pair)) is not None:
                    return found
    return _arranged(search, context, left, right, lines[0][-1], lines[1][-1])


def _arranged(search: Search, context: Context, left: Expr, right: Expr, down: Moves, up: Moves) -> Moves | None:
    """The sums of the two lines in one order and over the same ranges."""
    here, there = (moves[-1].after if moves else side for moves, side in ((down, left), (up, right)))
    key = (context, here, there, "arranged")
    if key in search.seen or not any(e.has(IndexSum) or e.has(IndexProduct) for e in (here, there)):
        return None
    search.seen[key] = None
    lines = (down, up)
    for stage in (from_zero, one_way):
        new = [line + search.staged(stage, context, line[-1].after if line else side)
               for line, side in zip(lines, (left, right), strict=True)]  # fmt: skip
        if [len(line) for line in new] == [len(line) for line in lines]:
            continue
        lines = (new[0], new[1])
        if (found := _met(search, context, left, right, *lines)) is not None:
            return found
    for change in (named_like(there), rebracketed(there), aligned(there), split_like(there)):
        moves = safely(change)(context, here)
        if not moves:
            continue
        moves += safely(form.settled)(context, moves[-1].after)
        if (found := _met(search, context, left, right, down + moves, up)) is not None:
            return found
        back = safely(aligned(moves[-1].after))(context, there)
        if back and (found := _met(search, context, left, right, down + moves, up + back)) is not None:
            return found
    back = safely(aligned(here))(context, there)
    if back:
        back += safely(form.settled)(context, back[-1].after)
        if (found := _met(search, context, left, right, down, up + back)) is not None:
            return found
    down, up = lines
    here, there = (moves[-1].after if moves else side for moves, side in ((down, left), (up, right)))
    moves = safely(aligned(there))(context, here)
    return _met(search, context, left, right, down + moves, up) if moves else None


def _met(search: Search, context: Context, left: Expr, right: Expr, down: Moves, up: Moves) -> Moves | None:
    here, there = (moves[-1].after if moves else side for moves, side in ((down, left), (up, right)))
    key = (context, here, there)
    if key not in search.joined:
        search.joined[key] = tuple(joins(context, here, there))
    for middle in search.joined[key]:
        moves = down + middle + turned(up)
        if search.accepts(context, left, right, moves):
            return moves
    return None


_WAYS = (
    _directly,
    _by_stages,
    by_counting,
    partial(by_windows, equal),
    partial(by_cases, equal),
    partial(by_induction, equal),
    partial(by_what_is_within, equal),
)
