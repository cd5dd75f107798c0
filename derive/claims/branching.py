"""Equations proved by cases or by induction; each part is proved in its own context by whoever asks.

Cases are made of what a term turns on: its own cases and indicators, signs, extremes, empty ranges, ratios that may be
1. An induction runs over an integer in the end of a sum or in the index of a recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from sympy import Abs, Expr, Integer, Max, Min, Symbol, oo

from derive.claims import normalising as form
from derive.claims.accepting import derivation_of
from derive.claims.normalising import STUMBLES, safely
from derive.claims.searching import Search, turned
from derive.errors import DeriveError, RuleDoesNotApply
from derive.kernel.derivation import Branch, Chain, Split
from derive.language import (
    TRUE,
    Array,
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
    declare,
    ge,
    gt,
    le,
    negate,
    parts_of,
    substitute,
    subterms,
)
from derive.language.chance import Moment
from derive.language.context import sums_in
from derive.language.counting import counts_in
from derive.language.symbols import fresh
from derive.language.terms import names_in
from derive.rules.algebra import definition
from derive.rules.cases import regroup_cases
from derive.rules.combine import Conversion, Moves, attempt, by, everywhere, then
from derive.rules.combine import by_induction as induced
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import split_last_factor
from derive.rules.recurrences import by_recurrence
from derive.rules.regroup import one_case
from derive.rules.sums import split_last

MOST_SPLITS = 24
Prove = Callable[[Search, Context, Expr, Expr, int], Moves | None]
"""Moves from one term to another that the checker accepts."""


def by_windows(prove: Prove, search: Search, context: Context, left: Expr, right: Expr, depth: int) -> Moves | None:
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
                return _split(prove, search, context, left, right, condition, depth)
    return None


def by_cases(prove: Prove, search: Search, context: Context, left: Expr, right: Expr, depth: int) -> Moves | None:
    """The first condition that a term turns on and that is not decided here."""
    ends = [left, right]
    for prepare in ((), (form.unfolded,), (form.windowed, form.settled, form.unfolded, form.settled)):
        ready = []
        for end in ends:
            moves = then(*map(safely, prepare))(context, end) if prepare else ()
            ready.append(moves[-1].after if moves else end)
        for condition in turning(context, ready):
            return _split(prove, search, context, left, right, condition, depth)
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
    prove: Prove, search: Search, context: Context, left: Expr, right: Expr, condition: Condition, depth: int
) -> Moves | None:
    search.splits += 1
    if search.splits > MOST_SPLITS:
        return None
    branches = []
    for case in (condition, negate(condition)):
        narrowed = context.with_hypotheses(case)
        moves = prove(search, narrowed, left, right, depth + 1)
        if moves is None:
            return None
        branches.append(Branch(case, Chain(left, moves or derivation_of(narrowed, left, right, ()).chain.moves)))
    split = Split(left, tuple(branches))
    joined = (split, *by(regroup_cases, right)(context, split.after))
    return joined if search.accepts(context, left, right, joined) else None


def by_induction(prove: Prove, search: Search, context: Context, left: Expr, right: Expr, depth: int) -> Moves | None:
    """An induction on one of the integers that a sum or recursion goes on with."""
    if depth > 2:
        return None
    for variable, low in _starts(context, left):
        if any(variable in a.free_symbols for a in context.arrays):
            made = _by_lemma(prove, search, context, left, right, depth, variable, low)
            if made is not None:
                return made
            continue
        try:
            made = induced(
                variable, low, right,
                _to(prove, search, depth, substitute(right, {variable: low})),
                partial(_next, prove, search, depth, variable, left, right),
            )(context, left)  # fmt: skip
        except (DeriveError, *STUMBLES):
            continue
        if search.accepts(context, left, right, made):
            return made
    return None


def _by_lemma(
    prove: Prove, search: Search, context: Context, left: Expr, right: Expr, depth: int, size: Symbol, low: Expr
) -> Moves | None:
    """Where the integer is the size of an array: for all that are at most this size, by induction, and so for it."""
    arrays = [a for a in context.arrays if size in a.free_symbols]
    taken = {s.name for s in context.symbols} | {a.name for a in context.arrays} | names_in(left, right)
    letter = fresh("n", taken)
    aside = {a: Array(f"{a.name}_aside", ((-oo, oo),) * len(a.axes), "error") for a in arrays}
    back = {new: old for old, new in aside.items()}
    sides = [substitute(substitute(substitute(t, aside), {size: letter}), back) for t in (left, right)]
    there = context.with_declarations(declare(letter.name, "integer")).with_hypotheses(ge(letter, low))
    moves = by_induction(prove, search, there, sides[0], sides[1], depth)
    if moves is None:
        return None
    lemma = replace(derivation_of(there, sides[0], sides[1], moves), name=f"claim, part {len(search.used) + 1}")
    search.used.append(lemma)
    try:
        made = use_lemma(lemma, {letter: size})(context, left)
    except (DeriveError, *STUMBLES):
        made = ()
    if made and made[-1].after == right and search.accepts(context, left, right, made):
        return made
    search.used.remove(lemma)
    return None


def by_counting(search: Search, context: Context, left: Expr, right: Expr, depth: int) -> Moves | None:
    """A sum of binomial coefficients or factorials, by a recurrence that its terms satisfy (Zeilberger)."""
    if depth > 1 or not isinstance(left, IndexSum) or not counts_in(left.body) or right.has(IndexSum):
        return None
    for variable, low in _starts(context, left):
        if variable not in left.body.free_symbols:
            continue
        search.tick()
        moves = safely(by_recurrence(variable, int(low), right, form.index_for(context, left, right)))(context, left)
        if moves and search.accepts(context, left, right, moves):
            return moves
    return None


def _to(prove: Prove, search: Search, depth: int, goal: Expr) -> Conversion:
    def run(context: Context, e: Expr) -> Moves:
        moves = prove(search, context, e, goal, depth + 2)
        if moves is None:
            raise RuleDoesNotApply("{} is not shown to be {}", e, goal)
        return moves

    return run


def _next(
    prove: Prove, search: Search, depth: int, variable: Symbol, left: Expr, right: Expr, hypothesis: Conversion
) -> Conversion:
    longer, ahead = (
        {
            substitute(t, {variable: variable + 1})
            for t in subterms(side)
            if isinstance(t, (IndexSum, IndexProduct)) and variable in t.high.free_symbols
        }
        for side in (left, right)
    )

    def run(context: Context, e: Expr) -> Moves:
        goal = substitute(right, {variable: variable + 1})
        peel, unroll = attempt(everywhere(_peeled(longer))), attempt(_unrolled(variable))
        opened = then(peel, unroll, everywhere(hypothesis))(context, e)
        here = opened[-1].after if opened else e
        rest = prove(search, context, here, goal, depth + 2)
        if rest is None and opened and (shorter := attempt(everywhere(_peeled(ahead)))(context, goal)):
            rest = prove(search, context, here, shorter[-1].after, depth + 2)
            rest = None if rest is None else rest + turned(shorter)
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
                if not (isinstance(fact, Compare) and fact.right.is_Integer and fact.left == declared.symbol):
                    continue
                if fact.op == ">=" and (low is None or int(fact.right) > low):
                    low = int(fact.right)
            if low is not None:
                yield declared.symbol, Integer(low)

