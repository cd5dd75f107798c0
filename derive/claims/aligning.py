"""Sums of one line brought to those of another: shifted, turned round, split, or with terms of a changed range.

Which change is needed is found by comparing summands with the zero test; each change is a law of sums.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer

from derive.claims.normalising import among
from derive.errors import DeriveError, RuleDoesNotApply
from derive.kernel.places import look
from derive.language import Context, Entry, IndexProduct, IndexSum, Ranged, le, substitute, subterms
from derive.language.context import arrays_in
from derive.language.discharge import discharge
from derive.language.restating import canonical, spelling
from derive.language.symbols import is_integer
from derive.language.terms import expanded, names_in, with_standard_indices
from derive.language.zero import same
from derive.rules.algebra import algebra, normal_form
from derive.rules.combine import Conversion, Moves, at, by, place_of, places
from derive.rules.ranges import split_factors
from derive.rules.sums import change_range, exchange_sums, factor_out, reverse_index, shift_index, split_range

_MOST = 14


def aligned(target: Expr) -> Conversion:
    """The sums of the line as far as possible as those of the target.

    Fails: none of them changes.
    """

    def run(context: Context, e: Expr) -> Moves:
        moves: Moves = ()
        here = e
        for _ in range(_MOST):
            wanted = [t for t in _sums(target) if t not in set(_sums(here))]
            step = next(_steps(context, here, wanted), None)
            if step is None:
                break
            moves += step
            here = moves[-1].after
        if not moves:
            raise RuleDoesNotApply("no sum of {} becomes one of {}", e, target)
        return moves

    return run


def _sums(e: Expr) -> list[IndexSum]:
    return [t for t in subterms(e) if isinstance(t, IndexSum)]


def _steps(context: Context, e: Expr, wanted: list[IndexSum]) -> Iterator[Moves]:
    """Ways to make one of the sums here more like one that is wanted."""
    there = set(wanted)
    for total in dict.fromkeys(_sums(e)):
        if total in there:
            continue
        for goal in wanted:
            for change in _changes(context, total, goal):
                try:
                    moves = at(place_of(e, total), change)(context, e)
                except RuleDoesNotApply:
                    continue
                if moves:
                    yield moves


def _changes(context: Context, total: IndexSum, goal: IndexSum) -> Iterator[Conversion]:
    k, m = total.index, goal.index
    if isinstance(total.body, IndexSum) and isinstance(goal.body, IndexSum):
        yield from _other_order(total, goal, total.body, goal.body)
    if m.name in names_in(total) - {k.name}:
        return
    body = substitute(goal.body, {m: k})
    if same(total.body, body) and not total.is_endless and not goal.is_endless:
        yield from _ranges(context, total, goal)
        return
    yield from _multiples(context, total, body)
    for offset, turned in _offsets(total, goal):
        if not is_integer(offset) or m in offset.free_symbols or k in offset.free_symbols:
            continue
        moved = substitute(total.body, {k: offset - m if turned else m + offset})
        if same(moved, goal.body) and not (offset == 0 and not turned):
            yield by(reverse_index if turned else shift_index, m, offset)


def _multiples(context: Context, total: IndexSum, wanted: Expr) -> Iterator[Conversion]:
    """What the summand is more than the wanted one taken out, if that is free of the index: a of a**(n - k + 1)."""
    if total.is_endless or arrays_in(total.body) != arrays_in(wanted) or wanted == 0:
        return
    try:
        more = normal_form(total.body / wanted)
        if more == 1 or total.index in more.free_symbols or more.has(Entry):
            return
        step = factor_out(context, total, more, wanted)
    except DeriveError:
        return
    if all(discharge(context, c).shown for c in step.conditions):
        yield by(factor_out, more, wanted)


def _other_order(total: IndexSum, goal: IndexSum, inner: IndexSum, within: IndexSum) -> Iterator[Conversion]:
    """The order of two sums exchanged, where the terms are those of the goal then."""
    names = {goal.index: inner.index, within.index: total.index}
    if total.is_endless or inner.is_endless or not same(inner.body, substitute(within.body, names)):
        return
    ends = (goal.low, goal.high, *(substitute(end, names) for end in (within.low, within.high)))
    if not any(end.is_infinite for end in ends):
        yield by(exchange_sums, *ends)


def _offsets(total: IndexSum, goal: IndexSum) -> Iterator[tuple[Expr, bool]]:
    """Candidates c of k = m + c and k = c - m (then told with True)."""
    for one, other in ((total.low, goal.low), (total.high, goal.high)):
        if not (one.is_infinite or other.is_infinite):
            yield expanded(one - other), False
    for one, other in ((total.low, goal.high), (total.high, goal.low)):
        if not (one.is_infinite or other.is_infinite):
            yield expanded(one + other), True
    yield Integer(1), False
    yield Integer(-1), False
    yield Integer(0), True


def _ranges(context: Context, total: IndexSum, goal: IndexSum) -> Iterator[Conversion]:
    """The range split where the other one begins and ends, if it is longer; or changed where the terms are 0."""

    def known(condition: object) -> bool:
        return discharge(context, condition).shown  # type: ignore[arg-type]

    low, high = expanded(goal.low - total.low), expanded(goal.high - total.high)
    if high != 0 and known(le(goal.high, total.high)) and known(le(total.low - 1, goal.high)):
        yield by(split_range, goal.high)
    if low != 0 and known(le(total.low, goal.low)) and known(le(goal.low - 1, total.high)):
        yield by(split_range, goal.low - 1)
    step = None
    try:
        step = change_range(context, total, goal.low, goal.high)
    except RuleDoesNotApply:
        return
    if all(known(c) for c in step.conditions):
        yield by(change_range, goal.low, goal.high)


def from_zero(context: Context, e: Expr) -> Moves:
    """Every sum that begins elsewhere from 0 on; nothing where all do."""

    def one(inner: Context, part: Expr) -> Moves:
        if not isinstance(part, IndexSum) or part.is_endless or part.low == 0:
            raise RuleDoesNotApply("{} begins at 0", part)
        return by(shift_index, part.index, part.low)(inner, part)

    return among(IndexSum, one)(context, e)


def one_way(context: Context, e: Expr) -> Moves:
    """Every sum from its first or its last term on, whichever is written first in the alphabet; inner sums first."""
    moves: Moves = ()
    found = [path for path, part in places(e) if isinstance(part, IndexSum) and not part.is_endless]
    for path in sorted(found, key=len, reverse=True):
        here = moves[-1].after if moves else e
        total = look(here, path)[0]
        turned = at(path, by(reverse_index, total.index, total.low + total.high))(context, here)
        ways = (total, look(turned[-1].after, path)[0])
        if min(ways, key=lambda way: spelling(canonical(way))) is not total:
            moves += turned
    return moves


def named_like(target: Expr) -> Conversion:
    """Sums and largest values that are those of the target but for the names of their indices, by its names.

    Fails: there are none.
    """

    def run(context: Context, e: Expr) -> Moves:
        wanted = {with_standard_indices(t): t for t in reversed(list(subterms(target))) if isinstance(t, Ranged)}
        moves: Moves = ()
        for part in [t for t in subterms(e) if isinstance(t, Ranged) and isinstance(t, Expr)]:
            here = moves[-1].after if moves else e
            goal = wanted.get(with_standard_indices(part), part)
            if goal != part and part in set(subterms(here)):
                moves += at(place_of(here, part), by(algebra, goal))(context, here)
        if not moves:
            raise RuleDoesNotApply("the names of {} are those of {}, or others", e, target)
        return moves

    return run


def split_like(target: Expr) -> Conversion:
    """Products over a range split where those of the target end."""

    def run(context: Context, e: Expr) -> Moves:
        goals = [t for t in subterms(target) if isinstance(t, IndexProduct)]
        for whole in (t for t in subterms(e) if isinstance(t, IndexProduct)):
            for goal in goals:
                shorter = goal.low == whole.low and goal.high != whole.high
                if shorter and discharge(context, le(goal.high, whole.high)).shown:
                    return at(place_of(e, whole), by(split_factors, goal.high))(context, e)
        raise RuleDoesNotApply("no product of {} is split as in {}", e, target)

    return run

