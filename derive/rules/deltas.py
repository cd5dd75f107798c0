"""Deltas against the sums that they stand in: which index is picked, and what its range leaves behind.

The index is solved for, also where its factor is a symbolic stride or dilation (then with a floor and a condition of
divisibility); a condition that follows from what is known is dropped, one that only repeats where the other factors
are not 0 as well; the rest is kept.
"""

from __future__ import annotations

from sympy import Expr, Integer, Mod, Mul, Symbol, floor, fraction

from derive.errors import RuleDoesNotApply
from derive.language import (
    TRUE,
    Compare,
    Condition,
    Context,
    Entry,
    IndexSum,
    Indicator,
    all_of,
    eq,
    gt,
    implies,
    negate,
    parts_of,
    substitute,
    subterms,
    support,
)
from derive.language.context import sums_in
from derive.language.discharge import discharge
from derive.language.symbols import is_integer
from derive.language.terms import expanded
from derive.rules.combine import Moves, attempt, by, changing, everywhere, one_line, quietly, repeat, then
from derive.rules.indicators import (
    indicator_fails,
    indicator_holds,
    join_indicators,
    only_case,
    only_term,
    relax_indicator,
    restate_indicator,
)


def picked(context: Context, e: Expr) -> Moves:
    """A sum with a delta as the one term that the delta picks.

    Fails: e is not a sum; no delta in its summand has an equation that its index can be solved from.
    """
    if not isinstance(e, IndexSum):
        raise RuleDoesNotApply("{} is not a sum", e)
    inner = {t.index for t in sums_in(e.body)}
    for delta in (t for t in subterms(e.body) if isinstance(t, Indicator)):
        for part in parts_of(delta.condition):
            place = _solution(context, part, e.index)
            if place is None or place.free_symbols & inner:
                continue
            why = ("only ", eq(e.index, place), " is left")
            for law in (only_term, only_case):
                try:
                    step = law(context, e, place, reason=why)
                except RuleDoesNotApply:
                    continue
                if all(discharge(context, c).shown for c in step.conditions):
                    return (step,)
    raise RuleDoesNotApply("no delta in {} picks its index", e)


def _solution(context: Context, part: Condition, index: Symbol) -> Expr | None:
    """What the equation makes of the index; with a floor where its factor is not 1 or -1."""
    if not (isinstance(part, Compare) and part.op == "="):
        return None
    difference = expanded(part.left - part.right)
    slope = difference.coeff(index)
    rest = expanded(difference - slope * index)
    if slope == 0 or index in rest.free_symbols or index in slope.free_symbols or not is_integer(rest):
        return None
    rest = substitute(part.left - part.right, {index: Integer(0)})  # not multiplied out, as it is written
    if slope in (1, -1):
        return -slope * rest
    for sign in (1, -1):
        if discharge(context, gt(sign * slope, 0)).shown:
            whole = expanded(rest).coeff(slope) if isinstance(slope, Symbol) else Integer(0)
            whole = whole if isinstance(whole, Integer) else Integer(0)
            return floor(-sign * (rest - whole * slope) / (sign * slope), evaluate=False) - whole
    return None


def settled(context: Context, e: Expr) -> Moves:
    """An indicator whose condition is decided here becomes 1 or 0; parts of it that hold in any case are dropped.

    Fails: e is not an indicator, or nothing of its condition is known.
    """
    if not isinstance(e, Indicator):
        raise RuleDoesNotApply("{} is not an indicator", e)
    kept = [p for p in parts_of(e.condition) if not discharge(context, p).shown]
    if not kept:
        known = [p for p in parts_of(e.condition) if not discharge(Context(), p).shown]
        return quiet_or_told(context, e, all_of(*known))
    denied = all_of(*(p for p in kept if not p.has(Entry)))
    if denied != TRUE and discharge(context, negate(denied)).shown:
        return by(indicator_fails)(context, e)
    restated = all_of(*(_plain(p) for p in kept))
    if restated == e.condition:
        raise RuleDoesNotApply("nothing of {} is known", e)
    if restated != all_of(*kept):
        return by(restate_indicator, restated, reason=(all_of(*kept), " means ", restated))(context, e)
    gone = all_of(*(p for p in parts_of(e.condition) if p not in kept and not discharge(Context(), p).shown))
    if gone == TRUE:
        return quietly(by(restate_indicator, restated))(context, e)
    return by(restate_indicator, restated, reason=("here ", gone))(context, e)


def quiet_or_told(context: Context, e: Expr, known: Condition) -> Moves:
    """1, with a word on what is known here; nothing is said of what holds by arithmetic."""
    if known == TRUE:
        return quietly(by(indicator_holds))(context, e)
    return by(indicator_holds, reason=("here ", known))(context, e)


def _plain(part: Condition) -> Condition:
    """`d*floor(u/d) + c = v` as `(v - c) mod d = 0`."""
    if isinstance(part, Compare) and part.op == "=":
        difference = expanded(part.left - part.right)
        for term in difference.atoms(floor):
            slope = difference.coeff(term)
            rest = expanded(-(difference - slope * term))
            if slope != 0 and not rest.has(floor) and expanded(term.args[0] * slope - rest) == 0:
                left_over = expanded(rest - rest.coeff(slope) * slope) if isinstance(slope, Symbol) else rest
                top = fraction(term.args[0])[0]
                whole = top if expanded(top - left_over) == 0 else left_over
                return eq(Mod(whole, slope, evaluate=False), Integer(0))
    return part


def repeated(context: Context, e: Expr) -> Moves:
    """An indicator without the parts that only say where the other factors are not 0 as well.

    Fails: e is not such a product.
    """
    factors = [f for f in Mul.make_args(e) if isinstance(f, Indicator)]
    if len(factors) != 1:
        raise RuleDoesNotApply("{} has not just one indicator", e)
    parts = parts_of(factors[0].condition)
    alive = support(context, Mul(*(f for f in Mul.make_args(e) if f is not factors[0])))
    kept = [p for p in parts if not discharge(context, implies(alive, p)).shown]
    if len(kept) == len(parts):
        raise RuleDoesNotApply("the other factors of {} may differ from 0 where its condition fails", e)
    gone = all_of(*(p for p in parts if p not in kept))
    return by(relax_indicator, all_of(*kept), reason=("it is 0 unless ", gone, " in any case"))(context, e)


def undelta(context: Context, e: Expr) -> Moves:
    """All deltas worked against their sums, innermost first; then what their ranges left behind is settled."""
    settle = attempt(everywhere(settled))
    left = then(attempt(everywhere(by(join_indicators))), attempt(everywhere(repeated)))
    once = one_line(then(everywhere(picked, most=100), settle, quietly(left)))
    return repeat(changing(once))(context, e)
