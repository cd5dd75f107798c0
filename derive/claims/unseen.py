"""What points that were looked at cannot show: an equality that holds between them.

Numbers that are drawn are rational, and few. So `x**2 != 2` holds at each, `(x**2 - 2)**2 > 0` too, and of the cases of
`[x**2 = 2]` one alone is seen. Sides of a comparison that are ordered both ways may meet somewhere, and sides that
come as close as one likes to each other may meet, or cross for large numbers. Where they do is looked for, and a
statement that may fail there is not called sampled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Any

from sympy import Abs, Basic, Dummy, Expr, Integer, Max, Min, Mod, Symbol, ceiling, floor, sign

from derive.claims.asking import Outcome, asked, free_terms, in_floats
from derive.claims.clock import now
from derive.claims.places import STUMBLES, Place, Places
from derive.claims.refuting import breaking, is_general
from derive.claims.statements import Statement
from derive.errors import DeriveError
from derive.language import Compare, Condition, Entry, Partial, ne, parts_of, subterms
from derive.language.discharge import discharge
from derive.language.numbers import as_rational
from derive.language.points import Samples
from derive.language.terms import expanded

LOOKED_AT, STARTS = 120, 6
"""Places at which the order of two sides is asked; those from which a place is looked for where they meet."""
FEWEST = 12
"""Points that meet a premise or an equation, at least, where what is said of them is called sampled."""
NEARING, DOUBLED = 2, tuple(2**k for k in range(3, 11))
"""Places from which an integer is made greater, and its values then."""
_SIMPLE, _APART = 60, 1e-3
"""The largest denominator of a simple number; how far apart the sides are at one where there is a jump."""
HALVINGS, AS_CLOSE = 34, 1e-12
"""How often a step is halved on the way to where sides meet; how near, as a share of their size, they then are."""


def unseen(statement: Statement, choices: Places, until: float) -> tuple[str, tuple[Place, Outcome] | None]:
    """Why what was seen shows too little, and a place at which the statement fails if one is found; '' if nothing is.

    Example:
        >>> from derive.claims.clock import now
        >>> from derive.language import Context, declare
        >>> x = declare("x", "real")
        >>> choices = Places(Context((x,)))
        >>> unseen(Statement(choices.context, x.symbol**2, "!=", Integer(2)), choices, now() + 5)[0]
        'that sides are never equal is not seen at points'
    """
    if statement.relation == "!=":
        return "that sides are never equal is not seen at points", None
    terms = free_terms(statement)
    if any(p.term.has(floor, ceiling, Mod) for side in terms for p in subterms(side) if isinstance(p, Partial)):
        return "whether there is a derivative where a floor or a remainder jumps is not known", None
    both = (*choices.first(terms), *islice(choices.later(terms), LOOKED_AT))
    places = [p for p in both if p.point or p.arrays]
    equations = [f for f in choices.plain if isinstance(f, Compare) and f.op == "=" and not f.has(Mod)]
    bound = [f for f in equations if not _is_solved(f, choices)]
    points = {tuple(sorted((s.name, v) for s, v in p.point.items())) for p in places} if bound else set()
    if bound and (len(points) < FEWEST or statement.relation in ("<", ">")):
        return f"only {len(points)} points that meet {bound[0]} were found", None
    for one, other in dict.fromkeys(_edges(statement)):
        signs: set[int] = set()
        for place in places[:: 1 + len(places) // LOOKED_AT]:
            found = _order(statement, place, one, other)
            if found is not None:
                signs.add(found)
            if signs >= {0} or now() > until:
                break
        if signs == {-1, 1} and not _excluded(statement, one, other):
            failed = _met(statement, choices, places, one, other)
            if isinstance(failed, tuple):
                return "", failed
            if not failed:
                return f"no point at which {one} = {other} could be looked at", None
    if statement.relation == "implies":
        return _supposed(statement, until)
    if statement.relation in ("<", ">", "<=", ">=") and not (choices.free or statement.context.random):
        nearing = _nearing(statement, choices, places, until)
        if nearing != ("", None):
            return nearing
    if statement.relation not in ("<", ">"):
        return "", None
    return _close(statement, choices, places, until), None


def _is_solved(fact: Compare, choices: Places) -> bool:
    """Whether one symbol of the equation is given by the others, so that places meet it as easily as they meet none."""
    if isinstance(fact.left, Symbol) or isinstance(fact.right, Symbol):
        return True
    return any(symbol in fact.free_symbols and term.free_symbols <= fact.free_symbols for symbol, term in choices.fixed)


def _edges(statement: Statement) -> Iterator[tuple[Expr, Expr]]:
    """Sides of comparisons in the statement, in numbers that are no integers; kinks of what is differentiated."""
    real = {s for s in statement.context.symbols if not s.is_integer}
    for side in free_terms(statement):
        for part in subterms(side):
            pairs: list[tuple[Any, Any]] = []
            if isinstance(part, Compare):
                pairs = [(part.left, part.right)]
            elif isinstance(part, (Max, Min)) and side.has(Partial):
                pairs = [(part.args[0], other) for other in part.args[1:]]
            elif isinstance(part, (Abs, sign)) and side.has(Partial):
                pairs = [(part.args[0], Integer(0))]
            for one, other in pairs:
                bound = (one.free_symbols | other.free_symbols) - set(statement.context.symbols)
                if not (one.free_symbols & real or other.free_symbols & real or one.has(Entry) or other.has(Entry)):
                    continue
                if all(s.is_integer for s in bound):  # letters of sums: their first entries stand for the others
                    first = dict.fromkeys(bound, Integer(1))
                    yield one.xreplace(first), other.xreplace(first)


def _excluded(statement: Statement, one: Expr, other: Expr) -> bool:
    """Whether the hypotheses say that the two never meet; of one entry alone they may not, as it stands for others."""
    facts = statement.context.facts
    if any(i.is_Integer for f in facts for e in f.atoms(Entry) for i in e.indices):
        return False
    with suppress(DeriveError):
        return discharge(statement.context, ne(one, other)).shown
    return False


def _order(statement: Statement, place: Place, one: Basic, other: Basic) -> int | None:
    """-1, 0 or 1 as the first is less than, equal to or greater than the second there; None if that is not known."""
    here = place.evaluator(statement.context)
    try:
        gap = float(here.evaluate(one)) - float(here.evaluate(other))
    except (DeriveError, *STUMBLES):
        return None
    return (gap > 0) - (gap < 0)


def _met(
    statement: Statement, choices: Places, places: list[Place], one: Expr, other: Expr
) -> tuple[Place, Outcome] | bool:
    """Where two sides meet, by one number in which their difference is linear: a failure there, or that it holds."""
    edge = expanded(one - other)
    held = False
    numbers = [s for s in edge.free_symbols if not s.is_integer]
    numbers += [e for e in edge.atoms(Entry) if e.array in choices.free and all(i.is_Integer for i in e.indices)]
    for number in sorted(numbers, key=str):
        plain = edge.xreplace({number: Dummy("number")}) if isinstance(number, Entry) else edge
        letter = number if isinstance(number, Symbol) else next(s for s in plain.free_symbols if isinstance(s, Dummy))
        slope = plain.coeff(letter)
        rest = expanded(plain - slope * letter)
        if letter in slope.free_symbols | rest.free_symbols:
            continue
        for place in places[:: 1 + len(places) // STARTS]:
            moved = _moved(statement, choices, place, number, slope, rest)
            outcome = None if moved is None else asked(statement, moved)
            if moved is not None and outcome is not None and outcome.kind == "fails":
                return moved, outcome
            held = held or (outcome is not None and outcome.kind in ("holds", "empty"))
    return held


def _moved(
    statement: Statement, choices: Places, place: Place, number: Any, slope: Expr, rest: Expr
) -> Place | None:
    here = place.evaluator(statement.context)
    try:
        value = as_rational(here.evaluate(-rest)) / as_rational(here.evaluate(slope))
    except (DeriveError, *STUMBLES):
        return None
    if isinstance(number, Symbol):
        return _with(choices, place, number, value)
    entries = place.arrays[number.array].values
    at = tuple(int(i) for i in number.indices)
    if at not in entries:
        return None
    changed = {**place.arrays, number.array: Samples({**entries, at: value})}
    found = choices.with_given(place.point, changed) if choices.given else changed
    if found is None or (choices.about and not choices.allowed(place.point, found)):
        return None
    return replace(place, arrays=found)


def _with(choices: Places, place: Place, symbol: Symbol, value: Fraction) -> Place | None:
    """The place with another value of a number, if the hypotheses hold there."""
    point = choices.completed({**place.point, symbol: value})
    if point is None or not choices.meets(point):
        return None
    if choices.about and not choices.allowed(point, place.arrays):
        return None
    return replace(place, point={s: Fraction(v) for s, v in point.items()})


def _supposed(statement: Statement, until: float) -> tuple[str, tuple[Place, Outcome] | None]:
    """Places chosen for the premise: those that are drawn without it seldom meet it, and then at zeros alone."""
    premise, conclusion = statement.left, statement.right
    assert isinstance(premise, Condition) and isinstance(conclusion, Condition)
    context = statement.context.with_hypotheses(*parts_of(premise))
    choices, terms = Places(context, until), free_terms(statement)
    wanted = {e.array for e in premise.atoms(Entry) if e.array in choices.free and e.array.axes}
    solved: list[Place] = []
    with suppress(DeriveError):
        solved = breaking(context, choices, conclusion)
    held = 0
    for place in (*solved, *choices.first(terms), *islice(choices.later(terms), LOOKED_AT)):
        outcome = asked(statement, place)
        if outcome.kind in ("fails", "undefined"):
            return "", (place, outcome)
        if outcome.kind == "holds":
            held += 1
            wanted -= {a for a in wanted if is_general(place.arrays[a])}
        if now() > until:
            break
    names = ", ".join(sorted(a.name for a in wanted))
    if names:
        return f"only special values of {names} that meet the premise were found", None
    return f"only {held} points that meet the premise were found" if held < FEWEST else "", None


def _close(statement: Statement, choices: Places, places: list[Place], until: float) -> str:
    """Whether sides that are never equal where they were looked at come very close."""
    near: list[tuple[float, int]] = []
    for number, place in enumerate(places):
        gap = _gap(statement, place)
        if gap:
            near.append((abs(gap), number))
        if now() > until:
            break
    for _, number in sorted(near)[:STARTS]:
        gap, where = _closest(statement, choices, places[number], until)
        if gap < AS_CLOSE and not _jumps(statement, choices, where):
            return "the sides come as close to each other as one likes, and may meet between the points"
    return ""


def _nearing(
    statement: Statement, choices: Places, places: list[Place], until: float
) -> tuple[str, tuple[Place, Outcome] | None]:
    """Whether the sides come nearer and nearer as an integer is doubled, and would cross if that goes on; or do cross.

    The steps of a doubling after the next are taken to shrink as the last ones do: those of 1 + 1/2 + ... + 1/n do not.
    """
    for symbol in (s for s in choices.symbols if s.is_integer):
        for place in [p for p in places if symbol in p.point][:NEARING]:
            gaps: list[float] = []
            for number in DOUBLED:
                moved = _with(choices, place, symbol, Fraction(number))
                outcome = None if moved is None or now() > until else asked(statement, moved)
                if moved is not None and outcome is not None and outcome.kind == "fails":
                    return "", (moved, outcome)
                sides = None if outcome is None else in_floats(outcome)
                if sides is None:
                    break
                gaps.append(abs(sides[0] - sides[1]))
            if len(gaps) > 3 and _crosses(*gaps[-3:]):
                return f"the sides come nearer to each other as {symbol} grows", None
    return "", None


def _crosses(before: float, here: float, after: float) -> bool:
    """Whether distances that shrink so go below 0 in the end, if each step has the same share of the one before.

    Example:
        >>> _crosses(3.0, 2.0, 1.0), _crosses(1.0, 0.5, 0.25), _crosses(1.0, 0.6, 0.4)
        (True, False, False)
    """
    last, step = before - here, here - after
    if not (last > 0 and step > 0):
        return False
    return step >= last or after - step * step / (last - step) < -AS_CLOSE * max(1.0, before)


def _gap(statement: Statement, place: Place) -> float | None:
    """Left minus right, as a share of their size where that is large; None where it is not known."""
    sides = in_floats(asked(statement, place))
    return None if sides is None else (sides[0] - sides[1]) / max(1.0, sum(map(abs, sides)))


def _closest(statement: Statement, choices: Places, place: Place, until: float) -> tuple[float, Place]:
    """How near to each other the sides come from there on, one number after the other changed by less and less."""
    symbols = [s for s in choices.symbols if not s.is_integer and s in place.point]
    found = _gap(statement, place)
    best = 1.0 if found is None else abs(found)
    step = Fraction(1)
    for _ in range(HALVINGS if symbols else 0):
        for _ in range(4):
            moved = False
            for symbol in symbols:
                for change in (step, -step):
                    other = _with(choices, place, symbol, place.point[symbol] + change)
                    gap = None if other is None else _gap(statement, other)
                    if other is not None and gap is not None and abs(gap) < best:
                        place, best, moved = other, abs(gap), True
            if not moved or now() > until:
                break
        if best < AS_CLOSE or now() > until:
            break
        step /= 2
    return best, place


def _jumps(statement: Statement, choices: Places, place: Place) -> bool:
    """Whether the sides are well apart at the simple numbers nearby: then they come close to a jump alone."""
    for symbol in (s for s in choices.symbols if not s.is_integer and s in place.point):
        moved = _with(choices, place, symbol, place.point[symbol].limit_denominator(_SIMPLE))
        if moved is None:
            return False
        place = moved
    gap = _gap(statement, place)
    return gap is not None and abs(gap) > _APART
