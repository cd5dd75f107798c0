r"""From indices to whole-array notation: a line recognised as an entry of $X \star W$ or $\mathrm{Diag}(p) - p p^\top$.

The form is unfolded by its definition; the indices of the line's sums are then matched with those of the definition
(shifted or turned round, the order of the sums exchanged), ranges extended by terms that are 0, and the definition is
folded up again. All of that is steps; a form that the line is not is refused.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import permutations

from sympy import Expr, Symbol

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Step, Text
from derive.language import Context, Entry, IndexSum, Indicator, eq, substitute, subterms
from derive.language.forms import Form
from derive.language.terms import expanded
from derive.language.zero import same
from derive.rules.algebra import algebra, definition
from derive.rules.bracketing import in_names_of, rebracketed
from derive.rules.combine import (
    Conversion,
    Moves,
    at,
    attempt,
    by,
    chain,
    changing,
    everywhere,
    listed,
    one_line,
    quietly,
    then,
    up_to,
)
from derive.rules.deltas import undelta
from derive.rules.sums import change_range, rename_index, reverse_index, shift_index
from derive.rules.windows import exchanged

Level = tuple[Symbol, Expr, Expr]

CALLED = {
    "correlation": "the valid correlation",
    "convolution": "the valid convolution",
    "full_correlation": "the full correlation",
    "full_convolution": "the full convolution",
    "product": "the matrix product",
    "outer": "the outer product",
    "hadamard": "the entrywise product",
    "inner": "the inner product",
    "trace": "the trace",
    "transpose": "the transpose",
}
"""What a sheet calls an operation, where it has a name."""


def by_indices(context: Context, e: Expr) -> Moves:
    """An entry of a form as its definition says it in indices; forms within it as well.

    Fails: there is no entry of a form.
    """

    def one(inner: Context, part: Expr) -> Moves:
        if not (isinstance(part, Entry) and isinstance(part.array, Form)):
            raise RuleDoesNotApply("{} is not an entry of a form", part)
        return by(definition)(inner, part)

    return changing(everywhere(one))(context, e)


def recognised(entry: Entry) -> Conversion:
    """The line as that entry of a form.

    Args:
        entry: One number of a form, at the indices of the line.

    Fails: the line is not that entry, as far as can be seen.
    """

    def run(context: Context, e: Expr) -> Moves:
        open_up = then(by_indices, _without_deltas)
        target = chain(context, entry, open_up).end
        try:
            moves = _to_definition(context, e, target)
        except RuleDoesNotApply:
            if not any(isinstance(f, IndexSum) for f in subterms(e)):
                raise
            told = in_names_of(e, target, context)
            moves = rebracketed(told)(context, e)
            moves += quietly(by(algebra, target))(context, told) if told != target else ()
        here = moves[-1].after if moves else e
        *before, last = quietly(up_to(entry, open_up))(context, here)
        operation = entry.array.operation if isinstance(entry.array, Form) else ""
        why = ("definition of ", CALLED[operation]) if operation in CALLED else ("in whole-array notation",)
        told = replace(last, reason=why, grain="lecture")
        return (*moves, *before, told)

    return run


def _without_deltas(context: Context, e: Expr) -> Moves:
    """Sums over a delta, of a diagonal matrix or the identity, worked out; nothing where there are none."""
    sums = [t for t in subterms(e) if isinstance(t, IndexSum)]
    if not any(isinstance(t, Indicator) for total in sums for t in subterms(total)):
        return ()
    return attempt(undelta)(context, e)


def _to_definition(context: Context, e: Expr, target: Expr) -> Moves:
    """From the line to the definition of the form, in indices."""
    if e == target:
        return ()
    levels, body = flattened(e)
    wanted, inside = flattened(target)
    if not levels and not wanted:
        return quietly(by(algebra, target))(context, e)
    if len(levels) != len(wanted):
        raise RuleDoesNotApply("{} has {} sums, the form {}", e, len(levels), len(wanted))
    for order in permutations(range(len(wanted))):
        # order[a] says which sum of the form the a-th sum of the line becomes
        chosen = [wanted[b] for b in order]
        places = _matched(context, levels, body, chosen, inside)
        if places is None:
            continue
        phases = (
            partial(_reindexed, levels=levels, wanted=chosen, places=places),
            partial(_ordered, order=order),
            partial(_ranged, wanted=wanted),
        )
        moves = then(*(one_line(phase) for phase in phases))(context, e)
        here = moves[-1].after if moves else e
        if here != target:
            if flattened(here)[0] != wanted:
                raise RuleDoesNotApply("{} is not {}", here, target)
            moves += quietly(at((0,) * len(wanted), by(algebra, inside)))(context, here)
        return moves
    raise RuleDoesNotApply("{} is not {} with other indices", e, target)


def flattened(e: Expr) -> tuple[list[Level], Expr]:
    """The sums at the head of a term, outermost first, and what is summed."""
    levels: list[Level] = []
    while isinstance(e, IndexSum):
        levels.append((e.index, e.low, e.high))
        e = e.body
    return levels, e


def _matched(
    context: Context, levels: list[Level], body: Expr, wanted: list[Level], inside: Expr
) -> dict[Symbol, Expr] | None:
    """What each index of the line is in the indices of the form, if the summands agree then."""
    ours, theirs = ({t for t in subterms(b) if isinstance(t, Entry)} for b in (body, inside))
    pairs = [(a, b) for a in ours for b in theirs if a.array == b.array]
    partner = dict(zip((i for i, _, _ in levels), (j for j, _, _ in wanted), strict=True))
    found: dict[Symbol, Expr] = {}
    for index, other in partner.items():
        for one, two in sorted(pairs, key=str):
            for p, q in zip(one.indices, two.indices, strict=True):
                slope, want = expanded(p).coeff(index), expanded(q).coeff(other)
                if index in found or slope not in (1, -1) or want not in (1, -1):
                    continue
                rest = expanded(p - slope * index)
                if not rest.free_symbols & set(partner) and not q.free_symbols & (set(partner.values()) - {other}):
                    found[index] = expanded(slope * (q - rest))
    if len(found) < len(levels):
        return None
    return found if same(substitute(body, found), inside) else None


def _reindexed(
    context: Context, e: Expr, levels: list[Level], wanted: list[Level], places: dict[Symbol, Expr]
) -> Moves:
    """Each sum with the index of the form that it becomes."""
    moves: Moves = ()
    for depth, ((index, _, _), (new, _, _)) in enumerate(zip(levels, wanted, strict=True)):
        here = moves[-1].after if moves else e
        place = places[index]
        offset = expanded(place - place.coeff(new) * new)
        if place == new:
            if index == new:
                continue
            step = quietly(by(rename_index, new))
        elif place.coeff(new) == 1:
            step = by(shift_index, new, offset, reason=("with ", eq(new, expanded(index - offset))))
        else:
            step = by(reverse_index, new, offset, reason=("with ", eq(new, expanded(offset - index))))
        moves += at((0,) * depth, step)(context, here)
    renamed = all(isinstance(m, Step) and m.rule == "rename_index" for m in moves)
    return quietly(lambda c, t: moves)(context, e) if renamed else moves


def _ordered(context: Context, e: Expr, order: tuple[int, ...]) -> Moves:
    """The sums in the order of the form, by exchanging neighbours."""
    moves: Moves = ()
    now = list(order)
    for _ in now:
        for depth in range(len(now) - 1):
            if now[depth] > now[depth + 1]:
                here = moves[-1].after if moves else e
                moves += at((0,) * depth, exchanged)(context, here)
                now[depth], now[depth + 1] = now[depth + 1], now[depth]
    return moves


def _ranged(context: Context, e: Expr, wanted: list[Level]) -> Moves:
    """Each sum over the range of the form; the terms that come and go are 0."""
    moves: Moves = ()
    for depth, (_, low, high) in reversed(list(enumerate(wanted))):
        here = moves[-1].after if moves else e
        levels, _ = flattened(here)
        _, old_low, old_high = levels[depth]
        if (old_low, old_high) == (low, high):
            continue
        step = by(change_range, low, high, reason=_vanishing(context, levels, here))
        moves += at((0,) * depth, step)(context, here)
    return moves


def _vanishing(context: Context, levels: list[Level], e: Expr) -> Text:
    """`g, w are 0 outside their ranges`"""
    bound = {index for index, _, _ in levels}
    entries = [t for t in subterms(flattened(e)[1]) if isinstance(t, Entry) and t.array.outside == "zero"]
    arrays = sorted({t.array for t in entries if bound & t.free_symbols}, key=str)
    if not arrays:
        return ()
    return (*listed(arrays), " is 0 outside its range" if len(arrays) == 1 else " are 0 outside their ranges")
