"""Sums whose terms vanish outside a window: the window found, and the cases in which its ends are what they are.

Nothing is typed in: the window comes from the supports of the factors, the cases from isl's least and greatest index
as functions of the parameters. The laws used are those of `sums`; everything found here is checked by them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sympy import Expr, Integer, Max, Min, Mod, Mul, Symbol, ceiling, floor, fraction, together

from derive.errors import NotAffine, RuleDoesNotApply
from derive.kernel.derivation import Step, Text
from derive.language import (
    TRUE,
    AnyOf,
    Cases,
    Compare,
    Condition,
    Context,
    Entry,
    IndexSum,
    Indicator,
    all_of,
    any_of,
    eq,
    integer,
    lt,
    negate,
    parts_of,
    substitute,
    subterms,
    support,
)
from derive.language.domains import Domain, index_ranges, is_empty, where_inhabited
from derive.language.integers import simplified, solved_for
from derive.language.symbols import is_integer
from derive.language.terms import expanded
from derive.rules.algebra import definition, largest, smallest
from derive.rules.combine import Conversion, Moves, at, by, by_cases, everywhere, then
from derive.rules.regroup import lean, one_case
from derive.rules.sums import empty_sum, exchange_sums, restrict_to_support


def to_window(context: Context, e: Expr) -> Moves:
    """Restrict a sum to the indices where its factors can differ from 0.

    Fails: e is not a sum; the supports give no end on some side.
    """
    if not isinstance(e, IndexSum):
        raise RuleDoesNotApply("{} is not a sum", e)
    alive = all_of(e.range_condition, support(context, e.body))
    lows, highs = _ends(context, alive, e.index)
    if not lows or not highs:
        raise RuleDoesNotApply("the supports of the factors do not bound {}", e.index)
    low = Max(*_needed(context, lows, greatest=True), evaluate=False) if len(lows) > 1 else lows[0]
    high = Min(*_needed(context, highs, greatest=False), evaluate=False) if len(highs) > 1 else highs[0]
    low, high = (end.args[0] if isinstance(end, (Min, Max)) and len(end.args) == 1 else end for end in (low, high))
    return by(restrict_to_support, low, high, reason=_why(context, e))(context, e)


def _ends(context: Context, condition: Condition, index: Symbol) -> tuple[list[Expr], list[Expr]]:
    """The least and greatest values that the condition leaves the index; rounded where its factor is not 1."""
    lows: dict[Expr, None] = {}
    highs: dict[Expr, None] = {}
    divided = {p.left.args for p in parts_of(condition) if isinstance(p, Compare) and isinstance(p.left, Mod)}
    for part in parts_of(condition):
        if not isinstance(part, Compare):
            continue
        part = _without_floor(part, divided)
        difference = (part.left - part.right).expand()
        slope = difference.coeff(index)
        rest = (difference - slope * index).expand()
        if slope == 0 or index in rest.free_symbols | slope.free_symbols or part.op not in ("<=", ">=", "<", ">"):
            continue
        sign = next((s for s in (1, -1) if context.entails(Compare(">", s * slope, 0)) is True), None)
        if sign is None or not is_integer(rest):
            continue
        upper = (part.op in ("<=", "<")) == (sign == 1)
        strict = 0 if part.op in ("<=", ">=") else (-1 if upper else 1)
        edge = expanded(-sign * rest + strict)
        if sign * slope != 1:
            whole = edge.coeff(slope) if isinstance(slope, Symbol) else Integer(0)
            whole = whole if isinstance(whole, Integer) else Integer(0)
            rounded = floor if upper else ceiling
            edge = rounded((edge - whole * slope) / (sign * slope), evaluate=False) + sign * whole
        (highs if upper else lows)[edge] = None
    return list(lows), list(highs)


def _without_floor(part: Compare, divided: set[tuple[Expr, ...]]) -> Compare:
    """`floor(v/d) >= c` as `v >= c*d`, `floor(v/d) <= c` as `v <= c*d + d - 1`, or `v <= c*d` where d divides v."""
    for term in part.atoms(floor):
        top, bottom = fraction(together(term.args[0]))
        difference = expanded(part.left - part.right)
        slope = difference.coeff(term)
        if slope not in (1, -1) or part.op not in ("<=", ">=") or not is_integer(bottom):
            continue
        rest = expanded(difference - slope * term)
        exact = any(d == bottom and is_integer(expanded((v - top) / d)) for v, d in divided)
        above = (part.op == ">=") == (slope == 1)
        spare = 0 if above or exact else bottom - 1
        return Compare(part.op, expanded(slope * top + rest * bottom - slope * spare), 0)
    return part


def _needed(context: Context, ends: list[Expr], greatest: bool) -> list[Expr]:
    """The ends that are not made superfluous by another one."""
    kept = list(ends)
    for end in ends:
        for other in kept:
            if other is end:
                continue
            weaker = Compare("<=", end, other) if greatest else Compare("<=", other, end)
            if context.entails(weaker) is True and end in kept:
                kept.remove(end)
                break
    return kept


def _why(context: Context, total: IndexSum) -> Text:
    """`x[i] is not 0 only for ...` for each factor that bounds the index."""
    words: list[object] = []
    factors = Mul.make_args(total.body)
    for factor in sorted(factors, key=lambda f: (len(str(f)), str(f))):
        parts = (part for part in parts_of(support(context, factor)) if total.index in part.free_symbols)
        where = all_of(*parts)
        if where == TRUE or isinstance(factor, Indicator):
            continue
        shown = solved_for(_as_nonnegative(where), total.index)
        if total.index not in {side for c in parts_of(shown) if isinstance(c, Compare) for side in (c.left, c.right)}:
            shown = where
        words += [", and " if words else "", factor, " is 0 unless ", shown]
    return tuple(w for w in words if w != "")


def _as_nonnegative(condition: Condition) -> Condition:
    parts = []
    for part in parts_of(condition):
        if isinstance(part, Compare) and part.op == "<=":
            parts.append(Compare(">=", part.right - part.left, 0))
        else:
            parts.append(part)
    return all_of(*parts)


def insert_definitions(context: Context, e: Expr) -> Moves:
    """Every entry in a sum's body replaced by what it is by definition, where the range of the index allows."""
    defined = {d.array for d in context.definitions if not d.is_recursive}
    entries = [t for t in subterms(e) if isinstance(t, Entry) and t.array in defined]
    if not entries:
        return ()
    words: list[object] = ["insert "]
    for number, entry in enumerate(sorted(dict.fromkeys(entries), key=lambda t: (len(str(t)), str(t)))):
        meaning = context.definition_of(entry.array)
        value = meaning.at(entry.indices) if meaning else entry
        words += [" and " if number else "", entry if isinstance(value, Cases) else eq(entry, value)]
    why: Text = tuple(w for w in words if w != "")

    def written_out(inner: Context, part: Expr) -> Moves:
        if not (isinstance(part, Entry) and part.array in defined):
            raise RuleDoesNotApply("{} has no definition to be inserted", part)
        return by(definition, grain="full")(inner, part)

    moves = then(everywhere(written_out), everywhere(one_case))(context, e)
    quiet = tuple(replace(m, reason=()) for m in moves[:-1] if isinstance(m, Step))
    return (*quiet, replace(moves[-1], reason=why, grain="lecture"))


Ends = tuple[Expr, Expr] | None
"""Least and greatest index, or None where there is none."""


def cells(
    context: Context,
    index: Symbol,
    ranges: Sequence[Condition],
    variable: Symbol,
    alike: Callable[[tuple[Ends, ...]], object] = lambda ends: ends,
) -> list[tuple[Condition, tuple[Ends, ...]]]:
    """The cases along a variable in which each of the ranges of the index has plain ends, or is empty.

    Cases that are `alike` are told as one, with the ends of the first of them.

    Raises:
        NotAffine: a range is not affine.
    """
    parameters = [s for s in context.symbols if s.is_integer]
    given = all_of(*(f for f in context.facts if all(s.is_integer for s in f.free_symbols)))
    found: list[tuple[Condition, tuple[Ends, ...]]] = [(given, ())]
    for where in ranges:
        pieces: list[tuple[Condition, Ends]] = [
            (condition, (low, high))
            for condition, low, high in index_ranges(Domain((index,), all_of(where, given), tuple(parameters)))
        ]
        pieces.append((all_of(given, negate(AnyOf(*(c for c, _ in pieces)))), None))
        both = [(all_of(old, new), (*ends, end)) for old, ends in found for new, end in pieces]
        found = [(c, ends) for c, ends in both if not is_empty(Domain((), c, tuple(parameters)))]
    together: dict[object, tuple[Condition, tuple[Ends, ...]]] = {}
    for condition, ends in found:
        old = together.get(alike(ends))
        together[alike(ends)] = (condition, ends) if old is None else (any_of(old[0], condition), old[1])
    cases = []
    for condition, ends in together.values():
        short = simplified(condition, given, parameters)
        for clause in short.args if isinstance(short, AnyOf) else (short,):
            if context.with_hypotheses(clause).is_consistent() is not False:
                cases.append((lean(context, parts_of(solved_for(clause, variable))), ends))
    return _along(context, cases, variable)


def _along(
    context: Context, cases: list[tuple[Condition, tuple[Ends, ...]]], variable: Symbol
) -> list[tuple[Condition, tuple[Ends, ...]]]:
    """The cases in increasing order of the variable, as far as they have one."""
    later = integer(variable.name + "'")
    ordered: list[tuple[Condition, tuple[Ends, ...]]] = []
    for case in cases:
        place = 0
        for place, other in enumerate(ordered):  # noqa: B007
            both = context.with_hypotheses(case[0], substitute(other[0], {variable: later}))
            if both.entails(lt(variable, later)) is True:
                break
        else:
            place = len(ordered)
        ordered.insert(place, case)
    return ordered


def over_window(variable: Symbol, inner: Callable[[Context, Expr], Moves], reason: Text = ()) -> Conversion:
    """A sum over a window, worked out case by case along a variable.

    Args:
        variable: The cases are told in increasing order of this symbol.
        inner: What is done with the sum once its limits are plain; not called where the sum is empty.
        reason: Words for the split.
    """

    def run(context: Context, e: Expr) -> Moves:
        if not isinstance(e, IndexSum):
            raise RuleDoesNotApply("{} is not a sum", e)
        try:
            cases = cells(context, e.index, (e.range_condition,), variable)
        except NotAffine as problem:
            raise RuleDoesNotApply(str(problem)) from None
        if len(cases) == 1:
            return _in_case(cases[0][1][0], inner)(context, e)
        branches = [(condition, _in_case(ends, inner)) for condition, (ends,) in cases]
        return by_cases(branches, reason or _split_reason(e))(context, e)

    return run


def _split_reason(total: IndexSum) -> Text:
    moving = [end for end in (total.low, total.high) if isinstance(end, (Min, Max))]
    if len(moving) == 1:
        side = "upper" if moving[0] is total.high else "lower"
        return (f"the {side} limit is the {_extreme(moving[0])} of ", *_listed(moving[0].args))
    if not moving:
        empty = lt(total.high, total.low)
        return ("the sum runs from ", total.low, " to ", total.high, " and has no terms where ", empty)
    return ("the limits of the sum depend on where the window lies",)


def _listed(parts: tuple[Expr, ...]) -> list[Expr | str]:
    words: list[Expr | str] = []
    for number, part in enumerate(parts):
        words += [part] if number == 0 else [" and " if number == len(parts) - 1 else ", ", part]
    return words


def _extreme(end: Expr) -> str:
    return (
        "smaller"
        if isinstance(end, Min) and len(end.args) == 2
        else "smallest"
        if isinstance(end, Min)
        else ("larger" if len(end.args) == 2 else "largest")
    )


def _in_case(ends: Ends, inner: Conversion) -> Conversion:
    if ends is None:
        return by(empty_sum)
    return then(plain_limits, inner)


def plain_limits(context: Context, e: Expr) -> Moves:
    """Each least or greatest in the limits of a sum replaced by the argument that it is here."""
    moves: Moves = ()
    for place in (2, 3):
        here = moves[-1].after if moves else e
        end = here.args[place]
        if isinstance(end, (Min, Max)):
            moves += at((place,), _decided)(context, here)
    return moves


def _decided(context: Context, e: Expr) -> Moves:
    law = smallest if isinstance(e, Min) else largest
    for choice in e.args:
        step = law(context, e, choice, reason=("here ", Compare("=", e, choice)))
        if all(context.entails(c) is True for c in step.conditions):
            return (step,)
    raise RuleDoesNotApply("it is not decided which argument {} is", e)


def _opened(condition: Condition) -> Condition:
    """`k <= min(a, b)` as `k <= a and k <= b`, so that the set of isl is in one piece."""
    parts = []
    for part in parts_of(condition):
        if isinstance(part, Compare) and part.op == "<=":
            lows = part.left.args if isinstance(part.left, Max) else (part.left,)
            highs = part.right.args if isinstance(part.right, Min) else (part.right,)
            parts += [Compare("<=", low, high) for low in lows for high in highs]
        else:
            parts.append(part)
    return all_of(*parts)


def exchanged(context: Context, e: Expr) -> Moves:
    """A sum of sums with the order exchanged; the new limits are read off the set of pairs.

    Fails: e is not a finite sum of finite sums; the pairs do not have one plain range for each index.
    """
    if not (isinstance(e, IndexSum) and isinstance(e.body, IndexSum)):
        raise RuleDoesNotApply("{} is not a sum of sums", e)
    i, j = e.index, e.body.index
    pairs = _opened(all_of(e.range_condition, e.body.range_condition))
    parameters = tuple(s for s in context.symbols if s.is_integer)
    given = all_of(*(f for f in context.facts if all(s.is_integer for s in f.free_symbols)))
    try:
        some = where_inhabited(Domain((i,), all_of(pairs, given), (*parameters, j)))
        outer = index_ranges(Domain((j,), all_of(some, given), parameters))
        inner = index_ranges(Domain((i,), all_of(pairs, given), (*parameters, j)))
    except NotAffine as problem:
        raise RuleDoesNotApply(str(problem)) from None
    lows, highs = ({piece[place] for piece in outer} for place in (1, 2))
    inner_lows, inner_highs = ({piece[place] for piece in inner} for place in (1, 2))
    low, inner_low = (next(iter(s)) if len(s) == 1 else Max(*s, evaluate=False) for s in (lows, inner_lows))
    high, inner_high = (next(iter(s)) if len(s) == 1 else Min(*s, evaluate=False) for s in (highs, inner_highs))
    return by(exchange_sums, low, high, inner_low, inner_high)(context, e)
