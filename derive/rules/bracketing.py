r"""The same finite sums in another order: $\sum_b v_b \sum_k A_{ik} B_{kb}$ is $\sum_k A_{ik} \sum_b B_{kb} v_b$.

Both lines are multiplied out to sums of sums of products with all factors innermost; these are brought into one order
by exchanging neighbours, and read backwards into the line that is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from sympy import Add, Expr, Mul

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Step, Text
from derive.language import Context, IndexSum, fresh, substitute
from derive.language.terms import names_in
from derive.language.zero import same
from derive.rules.algebra import algebra
from derive.rules.combine import (
    Conversion,
    Moves,
    at,
    attempt,
    by,
    changing,
    everywhere,
    one_line,
    place_of,
    quietly,
    repeat,
    up_to,
)
from derive.rules.sums import exchange_sums, factor_out, rename_index
from derive.rules.windows import exchanged

_MOST_SUMS, _MOST_TERMS = 6, 6


def multiplied_in(context: Context, e: Expr) -> Moves:
    """The other factors of a product taken into its first finite sum.

    Fails: e is not a product with such a factor.
    """
    factors = list(Mul.make_args(e))
    found = [f for f in factors if isinstance(f, IndexSum) and not f.is_endless]
    if len(factors) < 2 or not found:
        raise RuleDoesNotApply("{} is not a product with a sum", e)
    total = found[0]
    factors.remove(total)
    rest, index = Mul(*factors), total.index
    moves: Moves = ()
    if index.name in names_in(rest):
        index = fresh(index.name, names_in(e) | context.names)
        place = e.args.index(total)
        moves = at((place,), by(rename_index, index, grain="full"))(context, e)
    body = substitute(total.body, {total.index: index})
    number = next((f for f in factors if f.is_Number), None)
    if isinstance(rest, Add) and number is not None:  # the number would be multiplied into it: the other way round
        inner = IndexSum(number * body, index, total.low, total.high)
        target = Mul(*(f for f in factors if f is not number), inner)
        step = at(place_of(target, inner), by(factor_out, number, body))
        return moves + up_to(target, step)(context, moves[-1].after if moves else e)
    target = IndexSum(rest * body, index, total.low, total.high)
    return moves + up_to(target, by(factor_out, rest, body))(context, moves[-1].after if moves else e)


def flat(context: Context, e: Expr) -> Moves:
    """All factors within all sums, each sum directly within the one before."""
    return attempt(repeat(changing(everywhere(multiplied_in))))(context, e)


def _levels(e: Expr) -> tuple[list[IndexSum], Expr]:
    found = []
    while isinstance(e, IndexSum):
        found.append(e)
        e = e.body
    return found, e


def in_names_of(e: Expr, target: Expr, context: Context) -> Expr:
    """The target with its bound indices called as those of the line, where both have the same sums in some order."""
    down, goal = (flat(context, t) for t in (e, target))
    ours, body = _levels(down[-1].after if down else e)
    theirs, inside = _levels(goal[-1].after if goal else target)
    for order in _orders(ours, body, theirs, inside):
        names = {theirs[b].index: ours[a].index for a, b in enumerate(order)}
        found: Expr = target.xreplace(names)
        return found
    return target


def _orders(ours: list[IndexSum], body: Expr, theirs: list[IndexSum], inside: Expr) -> Iterator[tuple[int, ...]]:
    """order[a] says which sum of the goal the a-th sum here becomes."""
    if len(ours) != len(theirs) or len(ours) > _MOST_SUMS:
        return
    for order in permutations(range(len(ours))):
        names = {ours[a].index: theirs[b].index for a, b in enumerate(order)}
        alike = all(ours[a].low == theirs[b].low and ours[a].high == theirs[b].high for a, b in enumerate(order))
        if alike and same(substitute(body, names), inside):
            yield order


def rebracketed(target: Expr, reason: Text = ("exchange the sums",)) -> Conversion:
    """The line as the target, which has the same sums over products in another order, as one line.

    Of a line with several terms, each becomes the first of the target's that has the same sums.

    Fails: they are not the same, as far as the zero test sees.
    """

    def run(context: Context, e: Expr) -> Moves:
        if isinstance(e, Add) and isinstance(target, Add) and len(e.args) == len(target.args) <= _MOST_TERMS:
            return _each_like(target.args, reason, context, e)
        down = flat(context, e)
        here = down[-1].after if down else e
        goal_moves = flat(context, target)
        goal = goal_moves[-1].after if goal_moves else target
        moves = down + _ordered_like(goal, context, here) + up_to(target, flat)(context, goal)
        exchanged_some = any(isinstance(move, Step) and move.rule == "exchange_sums" for move in moves)
        tell = one_line if exchanged_some else quiet
        return tell(lambda c, t: moves, reason)(context, e)

    return run


def _each_like(targets: tuple[Expr, ...], reason: Text, context: Context, e: Expr) -> Moves:
    """Each term as one of the targets."""
    moves: Moves = ()
    left = [t for t in targets if t not in e.args]
    for term in (t for t in e.args if t not in targets):
        here = moves[-1].after if moves else e
        for goal in left:
            change = attempt(rebracketed(goal, reason))
            found = at(place_of(here, term), change)(context, here) if term in here.args else ()
            if found:
                moves += found
                left.remove(goal)
                break
    if not moves:
        raise RuleDoesNotApply("no term of {} is one of {} in another order", e, targets)
    return moves


def quiet(conversion: Conversion, _: Text) -> Conversion:
    """Only factors have moved in and out of sums: no line of its own."""
    return quietly(conversion)


def _ordered_like(goal: Expr, context: Context, e: Expr) -> Moves:
    ours, body = _levels(e)
    theirs, inside = _levels(goal)
    for order in _orders(ours, body, theirs, inside):
        return _moved(list(order), goal, context, e)
    raise RuleDoesNotApply("{} is not {} in another order", e, goal)


def _moved(order: list[int], goal: Expr, context: Context, e: Expr) -> Moves:
    moves: Moves = ()
    for _ in order:
        for depth in range(len(order) - 1):
            if order[depth] > order[depth + 1]:
                here = moves[-1].after if moves else e
                moves += at((0,) * depth, swapped)(context, here)
                order[depth], order[depth + 1] = order[depth + 1], order[depth]
    here = moves[-1].after if moves else e
    return moves if here == goal else moves + by(algebra, goal)(context, here)


def swapped(context: Context, e: Expr) -> Moves:
    """Two sums exchanged of which neither has the other's index in its ends."""
    if not (isinstance(e, IndexSum) and isinstance(e.body, IndexSum)):
        raise RuleDoesNotApply("{} is not a sum of sums", e)
    outer, inner = e, e.body
    if outer.index in inner.low.free_symbols | inner.high.free_symbols:
        return exchanged(context, e)
    return by(exchange_sums, inner.low, inner.high, outer.low, outer.high)(context, e)
