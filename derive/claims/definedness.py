"""Whether both sides have a value, as they are written, wherever the hypotheses hold.

A statement that is decided can still speak of points where a side has no value: SymPy has cancelled x/x before anyone
could look. So what reading has noted (`Need`) is shown as well, or refuted: a claim holds only where both sides have
values, and the hypotheses have to say so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Symbol

from derive.claims.clock import now
from derive.claims.deciding import decide
from derive.claims.statements import Answer, Statement, Witness
from derive.claims.stating import Pair, quantified
from derive.claims.surroundings import Need, Range
from derive.errors import DeriveError
from derive.language import TRUE, Condition, Context, all_of, between, declare, parts_of
from derive.language.discharge import discharge
from derive.language.wellformed import obligations


def with_needs(pair: Pair, seconds: float, library: Any = None, only_proof: bool = False) -> Answer:
    """The answer to the statement; it is accepted only if both sides have values wherever the hypotheses hold."""
    until = now() + seconds
    answer = decide(pair.statement, 0.8 * seconds, library, only_proof)
    if answer.verdict == "refuted" or (only_proof and answer.verdict != "proved"):
        return answer
    used: set[str] = set(answer.used)
    for need in dict.fromkeys(pair.needs):
        found = _missing(pair, need, until, library, used, only_proof)
        if found is not None:
            return answer if found.verdict != "refuted" and answer.verdict == "undecided" else found
    if answer.verdict != "proved" or used <= set(answer.used):
        return answer
    texts = list(dict.fromkeys(text for text, _ in pair.statement.given))
    both = [t for t in texts if t in used], [t for t in answer.unused if t not in used]
    return replace(answer, used=tuple(both[0]), unused=tuple(both[1]))


def _missing(
    pair: Pair, need: Need, until: float, library: Any, used: set[str], only_proof: bool
) -> Answer | None:
    """Why the need is not shown; None if it is, and then the texts of the hypotheses that it rests on are added."""
    context = pair.statement.context
    inside = within(context, need)
    if _shown(inside, need.condition):
        used |= _rests_on(pair, inside, need.condition)
        return None
    goal = quantified(need)
    if goal is None or goal == TRUE:
        return Answer("undecided", (f"it is not shown that {need.said} only where that has a value",))
    try:
        wanted = Statement(context, goal, "", None, given=pair.statement.given)
        found = decide(wanted, max(0.2, 0.5 * (until - now())), library, only_proof)
    except DeriveError as error:
        return Answer("undecided", (f"it is not shown that {need.condition}: {error}",))
    if found.verdict == "proved":
        used |= set(found.used)
        return None
    if found.verdict == "refuted" and found.witness is not None:
        return _undefined(pair, need, found)
    return Answer("undecided", (f"{need.said}, and it is not shown that {need.condition}",))


def _undefined(pair: Pair, need: Need, found: Answer) -> Answer:
    """A point at which a side has no value, as a refutation."""
    assert found.witness is not None
    values = found.witness.values
    told = Witness(values, "undefined", "undefined", f"{need.said}, and {need.condition} does not hold there")
    free = need.condition.free_symbols - {a.symbol for a in need.around if isinstance(a, Range)}
    missing = need.condition if not any(isinstance(a, Range) for a in need.around) or free else None
    return replace(found, verdict="refuted", by=("a side has no value",), witness=told, missing=missing)


def within(context: Context, need: Need) -> Context:
    """The context in which the ranges and conditions around a part are known, their letters free."""
    declared = set(context.symbols)
    for around in need.around:
        if isinstance(around, Range):
            if around.symbol not in declared:
                context = context.with_declarations(declare(around.symbol.name, "integer"))
                declared.add(around.symbol)
            context = context.with_hypotheses(*parts_of(between(around.low, around.symbol, around.high)))
        else:
            for symbol in sorted(around.free_symbols - declared, key=str):
                if isinstance(symbol, Symbol):
                    sort = "integer" if symbol.is_integer else "real"
                    context = context.with_declarations(declare(symbol.name, sort))
                    declared.add(symbol)
            context = context.with_hypotheses(around)
    return context


def _shown(context: Context, condition: Condition) -> bool:
    """Whether the condition holds at every point, and has a meaning there."""
    try:
        return all(discharge(context, part).shown for part in parts_of(condition))
    except DeriveError:
        return False


def _rests_on(pair: Pair, context: Context, condition: Condition) -> set[str]:
    """The texts of the given hypotheses without which the condition is not shown."""
    if not pair.statement.given:
        return set()
    used = {u for part in parts_of(condition) for u in discharge(context, part, explain=True).used}
    return {text for text, fact in pair.statement.given if used & {fact, *parts_of(fact)}}


def has_value(context: Context, term: Any) -> bool:
    """Whether a term has a value wherever the hypotheses hold, by its own heads."""
    try:
        return _shown(context, all_of(*obligations(term, context)))
    except DeriveError:
        return False
