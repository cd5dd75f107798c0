r"""What can be told of a program by following its values: stale and discarded values, affine maps, order of logging.

A *state* is a parameter that the program gives a new value, or a copy of one that it changes. Every other name is a
*temporary*; it is *made from* the states that it was worked out from, in the versions that they had, states themselves
not looked through. A copy (`w_old = w`) keeps an old value on purpose and is made from nothing.

*Stale*: an expression uses a temporary made from an older version of a state, together with a newer version of that
state; or such a temporary is logged after the update. Reported only if the value is not shown to be the same when it is
worked out again; where it differs, a point is given. A gradient that waits for its turn while another state moves is
not stale, as long as the two are not used together.

*Discarded*: an expression on a line of its own; a value that no line uses. *Affine*: multiplied out, every summand of
the result has at most one entry of the input as a factor, and nothing else in it depends on the input; so the result is
a matrix times the input and a rest that is free of it. *Logging*: the version of each state that a logged value is made
from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from sympy import Basic, Expr

from derive.claims.programs.affine import affine
from derive.claims.programs.deciding import decide, entry_of, witness_told
from derive.claims.programs.unfolding import formula, leftover, unfolded
from derive.claims.programs.values import Event, Meaning, Value
from derive.kernel.derivation import Verdict
from derive.language import Array, Definition, substitute


@dataclass(frozen=True)
class Formula:
    """An equation to be shown: of arrays, or of numbers."""

    left: Basic
    right: Basic


Piece: TypeAlias = str | Basic | Formula
Origin: TypeAlias = frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Finding:
    """Something that the reader of a program should know.

    Attributes:
        kind: 'stale value', 'discarded result', 'affine map' or 'order of logging'.
        lines: Of the program, those that it is about.
        words: One or two sentences.
        verdict: How the mathematics in it is known; None where it follows from the order of the lines alone.
    """

    kind: str
    lines: tuple[int, ...]
    words: tuple[Piece, ...]
    verdict: Verdict | None = None


def findings(meaning: Meaning, about: str | None = None) -> tuple[Finding, ...]:
    """All findings, those that mean a mistake first.

    Args:
        meaning: The program as terms.
        about: The input of which the result should not be an affine function; None if nothing is said of it.

    Raises:
        BadInput: the program has no such parameter.
    """
    flow = _Flow(meaning)
    found = [*flow.stale(), *flow.discarded()]
    if about is not None:
        for number, value in enumerate(meaning.results):
            known = affine(meaning, value, about)
            if known is not None:
                found.append(_told(meaning, value, about, known, number))
    return (*found, *flow.logging())


def _told(meaning: Meaning, value: Value, about: str, known: tuple[Array | None, bool], number: int) -> Finding:
    matrix, free = known
    line = next(e.line for e in meaning.events if e.kind == "return")
    result = "The result" if len(meaning.results) == 1 else f"Result {number + 1}"
    given = meaning.value(about)
    shown: Basic = given.array if given.array is not None else given.at()
    words: tuple[Piece, ...]
    if free:
        words = (f"{result} does not depend on ", shown, ".")
    else:
        words = (f"{result} is an affine function of ", shown)
        words += (", with the matrix ", matrix, ".") if matrix is not None else (".",)
        words += (" Multiplied out, each summand has at most one entry of ", shown, " as a factor.")
    return Finding("affine map", (line,), words, Verdict("proved", by=("multiplied out",)))


class _Flow:
    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.by_key = {v.key: v for v in meaning.values}
        moved = {v.name for v in meaning.values if v.version > 0}
        parameters = {p.name for p in meaning.program.parameters}
        copies = {v.name for v in meaning.values if v.copy and v.version == 0 and set(v.uses) <= parameters}
        self.states = moved & (parameters | copies)
        self.origins: dict[str, Origin] = {}
        for value in meaning.values:
            self.origins[value.key] = self.origin_of(value)
        self.texts = {s.place.line: s.text for s in meaning.program.statements}
        self.update_lines = {(v.name, v.version): v.line for v in meaning.values}

    def origin_of(self, value: Value) -> Origin:
        if value.name in self.states:
            return frozenset({(value.name, value.version)})
        if value.copy and any(self.by_key[k].name in self.states for k in value.uses):
            return frozenset()
        return frozenset(o for key in value.uses for o in self.origins[key])

    def uses(self) -> Iterator[tuple[int, str, tuple[Value, ...], dict[str, int]]]:
        """(line, kind, the values that an expression uses, the versions that then hold), expression by expression."""
        events = {e.line: e for e in self.meaning.events}
        for statement in self.meaning.program.statements:
            line = statement.place.line
            event = events.get(line)
            here = [v for v in self.meaning.values if v.line == line]
            before = {v.name: v.version for v in self.meaning.values if v.line < line}
            if event is None:
                for value in here:
                    yield line, "copy" if value.copy else "assign", self.of(value.uses), before
                continue
            for value in event.values:
                alone = value not in here
                yield line, event.kind, (value,) if alone else self.of(value.uses), before

    def of(self, keys: tuple[str, ...]) -> tuple[Value, ...]:
        return tuple(self.by_key[k] for k in keys)

    def stale(self) -> Iterator[Finding]:
        seen = set()
        for line, kind, used, current in self.uses():
            together = frozenset(o for v in used for o in self.origins[v.key])
            for value in used:
                if value.name in self.states or kind == "copy":
                    continue
                for state, version in self.newest(value):
                    newest = current[state]
                    mixed = any(name == state and number > version for name, number in together)
                    if newest <= version or not (mixed or kind == "log") or (value.key, state) in seen:
                        continue
                    seen.add((value.key, state))
                    verdict = self.again(value, state, version, newest)
                    if verdict.kind != "proved":
                        yield self.told_stale(value, state, newest, line, kind, verdict)

    def newest(self, value: Value) -> list[tuple[str, int]]:
        """The states that it is made from, in the newest version only: a mixture was reported where it was made."""
        found = sorted(self.origins[value.key])
        return [(state, version) for state, version in found if version == max(v for s, v in found if s == state)]

    def told_stale(
        self, value: Value, state: str, newest: int, line: int, kind: str, verdict: Verdict
    ) -> Finding:
        moved = self.update_lines[state, newest]
        words: list[Piece] = [_name(value), f" is worked out on line {value.line} from ", self.named(state), ", which "]
        words.append(f"gets a new value on line {moved}; line {line} ")
        words.append("logs" if kind == "log" else "uses")
        words.append(" the old one. ")
        if verdict.kind == "refuted":
            first, second = verdict.witness["first"], verdict.witness["second"]
            words.append(f"Worked out again it would be {second} and not {first}, for instance at ")
            words += [*witness_told(verdict.witness), "."]
        else:
            words.append(f"Whether it would be another value is undecided: {verdict.why}.")
        return Finding("stale value", (value.line, moved, line), tuple(words), verdict)

    def named(self, state: str) -> Basic:
        return _name(self.by_key[state])

    def again(self, value: Value, state: str, version: int, newest: int) -> Verdict:
        """Whether the value is the same, worked out with a newer version of a state."""
        old, new = (self.by_key[state + "'" * number] for number in (version, newest))
        moved: dict[Basic, Basic] = {}
        if old.array is not None and new.array is not None and old.sizes:
            if old.sizes != new.sizes:
                return Verdict("undecided", why=f"{state} has changed its shape")
            moved[old.array] = new.array
        elif old.symbol is not None:
            moved[old.symbol] = new.at()
        elif old.array is not None and not new.sizes:
            moved[old.array] = new.array
        more: list[Value] = []
        for part in self.meaning.values:
            needs = part.name not in self.states and (state, version) in self.origins[part.key]
            if not needs or part.definition is None or part.array is None:
                continue
            made = Array(part.key + "'" * 40, part.array.axes, "error")
            definition = Definition(made, part.definition.parameters, substitute(part.definition.body, moved))
            whole = None if part.whole is None else substitute(part.whole, moved)
            more.append(replace(part, version=part.version + 40, array=made, definition=definition, whole=whole))
            moved[part.array] = made
        known = self.meaning.context
        hypotheses = [substitute(h, moved) for h in known.hypotheses]
        context = replace(known, definitions=known.definitions + tuple(m.definition for m in more if m.definition))
        context = context.with_hypotheses(*hypotheses)
        wide = replace(self.meaning, context=context, values=self.meaning.values + tuple(more))
        inner, left = entry_of(context, value)
        right: Expr = substitute(left, moved)
        written = unfolded(wide, left), unfolded(wide, right)
        if any(w is None or leftover(wide, w) for w in written):
            written = (None, None)
        return decide(inner, left, right, written)

    def discarded(self) -> Iterator[Finding]:
        used = {k for v in self.meaning.values for k in v.uses}
        used |= {v.key for e in self.meaning.events for v in e.values}
        parameters = {p.name for p in self.meaning.program.parameters}
        in_place = {s.place.line for s in self.meaning.program.statements if s.in_place}
        for event in self.meaning.events:
            if event.kind == "drop":
                text = self.texts[event.line]
                words = (f"Line {event.line}, {text}, works out a value and throws it away: nothing is assigned.",)
                yield Finding("discarded result", (event.line,), words)
        for value in self.meaning.values:
            if value.key in used or value.definition is None:
                continue
            if value.line in in_place and value.name in parameters:
                continue  # the caller's array has changed
            following = self.by_key.get(value.key + "'")
            words_: list[Piece] = [_name(value), f" is worked out on line {value.line} and never used"]
            if following is not None:
                words_.append(f": line {following.line} replaces it")
            elif value.name in parameters:
                words_.append(f": the caller's {value.name} stays as it was, and the new value is not returned")
            yield Finding("discarded result", (value.line,), (*words_, "."))

    def logging(self) -> Iterator[Finding]:
        for event in self.meaning.events:
            if event.kind == "log":
                for value in event.values:
                    words = self.told_logging(event, value)
                    if words:
                        yield Finding("order of logging", (event.line,), words)

    def told_logging(self, event: Event, value: Value) -> tuple[Piece, ...]:
        """`Line 6 logs w after its update on line 4`, and of what is made from states, which they were."""
        origins = self.origins[value.key]
        if not origins:
            return ()
        words: list[Piece] = [f"Line {event.line} logs ", _name(value) if value.line != event.line else "a value"]
        if value.name in self.states:
            words += [" ", self.when(value.name, value.version)]
            if value.version > 0:
                inside = frozenset(o for k in value.uses for o in self.origins[k])
                others = sorted(o for o in inside if o[0] != value.name)
                for number, (state, version) in enumerate(others):
                    words += ["; it is made from " if number == 0 else " and ", self.named(state), " "]
                    words.append(self.when(state, version))
        else:
            for number, (state, version) in enumerate(sorted(origins)):
                words += [", made from " if number == 0 else " and ", self.named(state), " "]
                words.append(self.when(state, version))
        if value.definition is not None:
            words += [": ", Formula(*formula(value))]
        words.append(".")
        return tuple(words)

    def when(self, state: str, version: int) -> str:
        """`before its update on line 5`"""
        after = self.update_lines.get((state, version + 1))
        if version == 0:
            return f"before its update on line {after}"
        said = f"after its update on line {self.update_lines[state, version]}"
        return said if after is None else f"{said} and before the one on line {after}"


def _name(value: Value) -> Basic:
    return value.array if value.array is not None else value.at()
