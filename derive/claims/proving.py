"""Equations proved: both sides are brought to plainer form until the lines meet; else cases, then induction.

The way from the left side down, a step that joins the two lines, and the way up to the right side are one chain, and
every chain that is handed on has been accepted by the checker in its context. What is not found is not said.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from sympy import Abs, Expr, Integer, Max, Min, Symbol

from derive.claims import normalising as form
from derive.claims.accepting import Proof, accepted, derivation_of
from derive.claims.aligning import aligned, split_like
from derive.claims.normalising import STUMBLES, safely
from derive.errors import DeriveError, RuleDoesNotApply
from derive.kernel.checker import Memory
from derive.kernel.derivation import Branch, Chain, Derivation, Move, Split, Step
from derive.language import (
    OTHERWISE,
    TRUE,
    Cases,
    Compare,
    Condition,
    Context,
    Entry,
    IndexProduct,
    IndexSum,
    Indicator,
    Largest,
    Partial,
    eq,
    ge,
    gt,
    le,
    negate,
    parts_of,
    substitute,
    subterms,
)
from derive.language.chance import Moment
from derive.language.conditions import MIRROR
from derive.language.context import sums_in
from derive.language.discharge import discharge
from derive.rules.algebra import algebra, definition, use_equation
from derive.rules.bracketing import rebracketed
from derive.rules.cases import regroup_cases
from derive.rules.combine import Conversion, Moves, attempt, by, by_induction, everywhere, then
from derive.rules.ranges import split_last_factor
from derive.rules.regroup import one_case
from derive.rules.sums import split_last

MOST_DEPTH, MOST_SPLITS = 5, 24


class OutOfTime(Exception):
    """The search has used its time."""


@dataclass
class Search:
    """What a search for a proof carries with it."""

    until: float
    memory: Memory = field(default_factory=dict)
    lemmas: tuple[Derivation, ...] = ()
    used: list[Derivation] = field(default_factory=list)
    splits: int = 0
    seen: dict[object, Moves | None] = field(default_factory=dict)
    stages: dict[object, Moves] = field(default_factory=dict)
    joined: dict[object, tuple[Moves, ...]] = field(default_factory=dict)

    def tick(self) -> None:
        """Stop when time is up."""
        if time.monotonic() > self.until:
            raise OutOfTime

    def staged(self, stage: Conversion, context: Context, e: Expr) -> Moves:
        """What a stage makes of a line, worked out once; nothing where it makes cases of it."""
        key = (stage, context, e)
        if key not in self.stages:
            moves = safely(stage)(context, e)
            self.stages[key] = moves if all(isinstance(m, Step) for m in moves) else ()
        return self.stages[key]

    def accepts(self, context: Context, left: Expr, right: Expr, moves: Moves, relation: str = "=") -> bool:
        """Whether the checker accepts these moves."""
        self.tick()
        return self.proof(context, left, right, moves, relation) is not None

    def proof(self, context: Context, left: Expr, right: Expr, moves: Moves, relation: str = "=") -> Proof | None:
        """What the checker accepts."""
        lemmas = tuple(dict.fromkeys(self.used))
        return accepted(derivation_of(context, left, right, moves, relation, lemmas), self.memory)


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
    for attempted in (_directly, _by_stages, _by_windows, _by_cases, _by_induction):
        search.tick()
        try:
            found = attempted(search, context, left, right, depth)
        except (DeriveError, *STUMBLES):
            continue
        if found is not None:
            search.seen[key] = found
            return found
    return None


def turned(moves: Moves) -> Moves:
    """The moves read backwards.

    Raises:
        RuleDoesNotApply: one of them is no step.
    """
    found: list[Move] = []
    for move in reversed(moves):
        if not isinstance(move, Step):
            raise RuleDoesNotApply("only steps can be read backwards")
        back = replace(move, before=move.after, after=move.before, relation=MIRROR[move.relation])
        found.append(replace(back, backwards=not move.backwards))
    return tuple(found)


def joins(context: Context, left: Expr, right: Expr) -> Iterator[Moves]:
    """Ways to see that two lines are the same: by algebra, or because the equation follows from what is known."""
    if left == right:
        yield ()
        return
    try:
        yield by(algebra, right)(context, left)
        return
    except (DeriveError, *STUMBLES):
        pass
    try:
        follows = not left.has(Moment) and not right.has(Moment) and discharge(context, eq(left, right)).shown
    except (DeriveError, *STUMBLES):
        return
    if follows:
        yield by_discharge(context, left, right)


def by_discharge(context: Context, left: Expr, right: Expr) -> Moves:
    """`left = right` as it follows from what is known, in the words of a law of cases."""
    moves: Moves = (regroup_cases(context, left, Cases((right, OTHERWISE))),)
    return moves + by(regroup_cases, right)(context, moves[-1].after)


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
    _PLAIN,
    (form.unfolded, *_PLAIN, form.picked, form.squared, form.counted),
    (form.slopes, form.unfolded, form.settled, form.picked, form.spread_out, form.picked, form.squared, form.spread_out),
    (form.moments, form.spread_out),
    (form.plain_moments, form.spread_out),
    (form.settled, form.closed),
    (form.settled, form.windowed, form.settled, form.unfolded, form.settled, form.closed),
    (form.unfolded, form.settled, form.spread_out, form.closed),
    (form.windowed, form.settled, form.spread_out),
    (form.swapped, form.spread_out, form.spread_out),
    (form.started, form.settled),
)


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
    for change in (rebracketed(there), aligned(there), split_like(there)):
        moves = safely(change)(context, here)
        if not moves:
            continue
        moves += safely(form.settled)(context, moves[-1].after)
        if (found := _met(search, context, left, right, down + moves, up)) is not None:
            return found
        back = safely(aligned(moves[-1].after))(context, there)
        if back and (found := _met(search, context, left, right, down + moves, up + back)) is not None:
            return found
    return None


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


def _by_windows(search: Search, context: Context, left: Expr, right: Expr, depth: int) -> Moves | None:
    """Cases that a sum of its own comes in: where a ratio is 1, or where a window has other ends."""
    for prepare in (form.settled, then(form.settled, form.windowed, form.settled, safely(form.unfolded), form.settled)):
        conditions: dict[Condition, None] = {}
        for side in (left, right):
            ready = safely(prepare)(context, side)
            here = ready[-1].after if ready else side
            try:
                made = form.closed(context, here)
            except (DeriveError, *STUMBLES):
                continue
            for move in made:
                if isinstance(move, Split):
                    conditions.update(dict.fromkeys(b.condition for b in move.branches))
        for condition in conditions:
            if isinstance(condition, Compare) and condition.op == "=":
                return _split(search, context, left, right, condition, depth)
    return None


def _by_cases(search: Search, context: Context, left: Expr, right: Expr, depth: int) -> Moves | None:
    """The first condition that a term turns on and that is not decided here."""
    ends = [left, right]
    for prepare in ((), (form.unfolded,), (form.windowed, form.settled, form.unfolded, form.settled)):
        ready = []
        for end in ends:
            moves = then(*map(safely, prepare))(context, end) if prepare else ()
            ready.append(moves[-1].after if moves else end)
        for condition in turning(context, ready):
            return _split(search, context, left, right, condition, depth)
    return None


def turning(context: Context, terms: list[Expr]) -> Iterator[Condition]:
    """The conditions on declared symbols that the terms turn on and that are not decided here."""
    declared = set(context.symbols)
    for condition in dict.fromkeys(c for term in terms for c in _turns(term)):
        if not condition.free_symbols <= declared or (context.random and context.random_in(condition)):
            continue
        if condition.has(Partial) or condition.has(Moment) or condition == TRUE:
            continue
        if context.entails(condition) is True or context.entails(negate(condition)) is True:
            continue
        yield condition


def _turns(term: Expr) -> Iterator[Condition]:
    for t in subterms(term):
        if isinstance(t, Cases):
            for _, condition in t.clauses:
                yield from parts_of(condition)
        elif isinstance(t, Indicator):
            yield from parts_of(t.condition)
        elif isinstance(t, Abs):
            yield ge(t.args[0], 0)
        elif isinstance(t, (Max, Min)):
            yield le(t.args[0], t.args[1])
        elif isinstance(t, (IndexSum, IndexProduct)) and not t.is_endless:
            yield le(t.low, t.high)
    for t in subterms(term):
        if isinstance(t, Abs):
            yield gt(t.args[0], 0)


def _split(
    search: Search, context: Context, left: Expr, right: Expr, condition: Condition, depth: int
) -> Moves | None:
    search.splits += 1
    if search.splits > MOST_SPLITS:
        return None
    branches = []
    for case in (condition, negate(condition)):
        narrowed = context.with_hypotheses(case)
        moves = equal(search, narrowed, left, right, depth + 1)
        if moves is None:
            return None
        branches.append(Branch(case, Chain(left, moves or derivation_of(narrowed, left, right, ()).chain.moves)))
    split = Split(left, tuple(branches))
    joined = (split, *by(regroup_cases, right)(context, split.after))
    return joined if search.accepts(context, left, right, joined) else None


def _by_induction(search: Search, context: Context, left: Expr, right: Expr, depth: int) -> Moves | None:
    if depth > 2:
        return None
    for variable, low in _starts(context, left):
        try:
            made = by_induction(
                variable, low, right,
                _between(search, depth, lambda e, at: substitute(right, at), {variable: low}),
                lambda hypothesis: _next(search, depth, variable, left, right, hypothesis),
            )(context, left)  # fmt: skip
        except (DeriveError, *STUMBLES):
            continue
        if search.accepts(context, left, right, made):
            return made
    return None


def _between(
    search: Search, depth: int, target: Callable[[Expr, dict[Symbol, Expr]], Expr], at: dict[Symbol, Expr]
) -> Conversion:
    def run(context: Context, e: Expr) -> Moves:
        goal = target(e, at)
        moves = equal(search, context, e, goal, depth + 2)
        if moves is None:
            raise RuleDoesNotApply("{} is not shown to be {}", e, goal)
        return moves

    return run


def _next(
    search: Search, depth: int, variable: Symbol, left: Expr, right: Expr, hypothesis: Conversion
) -> Conversion:
    longer = {substitute(t, {variable: variable + 1}) for t in subterms(left) if isinstance(t, (IndexSum, IndexProduct))}

    def run(context: Context, e: Expr) -> Moves:
        goal = substitute(right, {variable: variable + 1})
        peel, unroll = attempt(everywhere(_peeled(longer))), attempt(_unrolled(variable))
        opened = then(peel, unroll, everywhere(hypothesis))(context, e)
        here = opened[-1].after if opened else e
        rest = equal(search, context, here, goal, depth + 2)
        if not opened or rest is None:
            raise RuleDoesNotApply("{} is not shown to be {}", e, goal)
        return opened + rest

    return run


def _peeled(longer: set[Expr]) -> Conversion:
    def one(context: Context, e: Expr) -> Moves:
        if e not in longer or e.is_endless:
            raise RuleDoesNotApply("{} is not one term longer", e)
        return by(split_last if isinstance(e, IndexSum) else split_last_factor)(context, e)

    return one


def _unrolled(variable: Symbol) -> Conversion:
    def one(context: Context, e: Expr) -> Moves:
        if isinstance(e, Entry) and variable in e.free_symbols:
            found = context.definition_of(e.array)
            if found is not None and found.is_recursive and (e.indices[0] - variable).is_positive:
                moves = by(definition)(context, e)
                return moves + (one_case(context, moves[-1].after) if isinstance(moves[-1].after, Cases) else ())
        raise RuleDoesNotApply("{} is no entry of a recursion", e)

    return everywhere(one, most=3)


def _starts(context: Context, left: Expr) -> Iterator[tuple[Symbol, Expr]]:
    """Integers on which an induction could be made, and where it would start."""
    ends = {s for t in sums_in(left) if not t.is_endless for s in t.high.free_symbols}
    ends |= {s for t in subterms(left) if isinstance(t, (IndexProduct, Largest)) for s in t.high.free_symbols}
    for t in subterms(left):
        if isinstance(t, Entry):
            found = context.definition_of(t.array)
            if found is not None and found.is_recursive:
                ends |= t.free_symbols
    for declared in context.declarations:
        if declared.symbol in ends and declared.symbol.is_integer:
            low = {"size": 1, "natural": 0}.get(declared.sort)
            for fact in context.facts:
                if isinstance(fact, Compare) and fact.right.is_Integer and fact.left == declared.symbol:
                    if fact.op == ">=" and (low is None or int(fact.right) > low):
                        low = int(fact.right)
            if low is not None:
                yield declared.symbol, Integer(low)

