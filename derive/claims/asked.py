"""Answers to questions of the constructs: `asked = "receptive_field.size"`, with given values and somebody's answer.

What the construct's claim speaks of, at the given values, is compared with the answer, which is read with the
construct's symbols and arrays as names, and with those that the claim declares. The construct's own result is a lemma.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from sympy import Basic, Expr, Rational, Symbol

from derive.claims import wholes
from derive.claims.asked_slips import slip_of
from derive.claims.claimed import Claimed, Pair, Parsed
from derive.claims.clock import now
from derive.claims.definedness import with_needs
from derive.claims.findings import Finding, Unread
from derive.claims.forms import form_of
from derive.claims.parsing import parse
from derive.claims.plain_terms import plain_term
from derive.claims.reading import Reader
from derive.claims.scopes import Declarations, declared
from derive.claims.stated import Claim
from derive.claims.statements import Statement
from derive.claims.stating import _Stage
from derive.claims.supposing import setting_of
from derive.claims.surroundings import Need, Range
from derive.claims.syntax import Node, Number
from derive.claims.told import told
from derive.claims.wholes import Whole
from derive.constructs.construct import Claim as Question
from derive.constructs.registry import claim as question_named
from derive.errors import BadInput, DeriveError, FormulaError, nearest
from derive.kernel.checker import check
from derive.kernel.derivation import Derivation
from derive.language import Array, Context, Definition, Entry, integer, substitute
from derive.rules.lemmas import check_values
from derive.rules.numbers import inserted

_MOST_READINGS = 4


def judged_answer(claim: Claim, until: float, explain: bool = True) -> Finding:
    """What is known of an answer to a construct's question.

    Args:
        claim: With `asked`, `given` and `answer`.
        until: When the deciders should stop.
        explain: Whether the slip is looked for in an answer that is wrong.

    Example:
        >>> from derive.claims.stated import Claim
        >>> asked = Claim("jump", asked="receptive_field.jump", given=(("S", "s"), ("L", "3")), answer="s^3",
        ...               symbols=(("s", "size"),))
        >>> judged_answer(asked, now() + 10).verdict
        'proved'
    """
    field = "asked"
    try:
        _, question = question_named(claim.asked)
        field = "given"
        names = _names_of(question)
        unknown = [name for name, _ in claim.given if name not in names]
        if unknown:
            field = f"given.{unknown[0]}"
            raise BadInput(f"{claim.asked} has no parameter {unknown[0]!r}; {nearest(unknown[0], sorted(names))}")
        field = "answer"
        found: list[Finding] = []
        choices: list[tuple[int, ...]] = [()]
        while choices:
            made, asked = _one_reading(claim, question, names, choices.pop(0), until, explain)
            if not found:
                choices = list(product(*(range(len(said)) for _, said in asked)))[1:_MOST_READINGS]
            found.append(made)
    except FormulaError as error:
        place = claim.place(field)
        return Finding(claim.id, "unreadable", error=Unread(error.message, place.line or 1, error.column, str(error)))
    except BadInput as error:
        return Finding(claim.id, "unreadable", error=Unread(str(error), claim.place(field).line))
    if len({f.verdict for f in found}) > 1:
        return Finding(claim.id, "undecided", by="the readings of the answer disagree")
    return found[0]


def _names_of(question: Question) -> dict[str, Symbol | Array]:
    """The parameters by their names, and by what they mean in a word."""
    names: dict[str, Symbol | Array] = {}
    for d in question.context.declarations:
        if d.meaning and " " not in d.meaning:
            names.setdefault(d.meaning, d.symbol)
    names.update({a.name: a for a in question.context.arrays})
    names.update({d.symbol.name: d.symbol for d in question.context.declarations})
    return names


def _one_reading(
    claim: Claim,
    question: Question,
    names: Mapping[str, Symbol | Array],
    choices: tuple[int, ...],
    until: float,
    explain: bool,
) -> tuple[Finding, list[Any]]:
    from derive.claims.judging import library

    node = parse(claim.answer)
    where, let = (tuple(parse(t) for t in texts) for texts in (claim.where, claim.let))
    given: list[tuple[Symbol | Array, Node]] = []
    for name, text in claim.given:
        if isinstance(text, (tuple, list)):
            raise BadInput(f"{name} is given as a list; an array is given by a formula that all its entries are")
        given.append((names[name], plain_term(str(text), parse)))
    made = declared(claim.symbols, (node, *where, *let, *(value for _, value in given)), parse)
    own = {d.symbol.name for d in made.symbols}
    _add(made, question.context, own)
    conventions = dict(claim.conventions) | ({"layout": claim.layout} if claim.layout else {})
    made.scope.conventions = conventions
    reader = Reader(made.scope, choices)
    stage = _Stage(made, reader, Parsed(Claimed(claim.symbols, claim.where, claim.let), where, let, (), ()))
    stage.define()
    stage.suppose()
    before = len(reader.needs)
    there = stage.context(*(d.symbol for d in made.symbols), *made.arrays)
    context, values = _given(given, question.context, reader, there, own)
    derivation = question.derive()
    left = substitute(derivation.left if derivation.relation == "=" else derivation.right, values)
    theirs = {s: v for s, v in values.items() if str(s) not in own}
    of_given = tuple(reader.needs[before:])

    def stated(answer: Node) -> Pair:
        del reader.needs[:]
        value = reader.value(answer)
        if isinstance(value, Whole) and wholes.as_number(value) is None and isinstance(left, Entry) and left.indices:
            value = value.at(list(left.indices))
        right = substitute(reader.as_number(value, answer), theirs)
        needs = tuple(_at(need, theirs) for need in (*of_given, *reader.needs))
        return Pair(Statement(context, left, "=", right, given=tuple(stage.given)), needs)

    pair = stated(node)
    try:
        found = with_needs(pair, max(0.2, until - now()), library())
        resulting = None if found.verdict == "proved" else _resulting(pair.statement, derivation, values)
        if resulting is not None and found.verdict != "refuted":
            again = with_needs(_with_left(pair, resulting), max(0.2, until - now()), library())
            if again.verdict == "proved":
                found = replace(again, by=(f"the result of {derivation.name}", *again.by))
    except DeriveError as error:
        return Finding(claim.id, "undecided", by=str(error)), reader.asked
    finding = told(claim, pair, found, dict(made.shown))
    asked = list(reader.asked)
    if found.verdict == "refuted" and explain:
        setting = setting_of(claim, (node,), made, Number("0"))

        def repaired(answer: Node) -> Pair:
            return stated(answer) if resulting is None else _with_left(stated(answer), resulting)

        slip = slip_of(node, setting, pair.statement, repaired, library(), until)
        finding = replace(finding, slip=slip)
    if claim.form:
        finding = replace(finding, form=form_of(claim.form, node, let, reader.value))
    return finding, asked


def _resulting(statement: Statement, known: Derivation, values: Mapping[Basic, Any]) -> Expr | None:
    """What the construct derives at these values for what is asked, if its hypotheses hold there."""
    if known.relation != "=" or not all(isinstance(s, Symbol) for s in values):
        return None
    numbers = {s: v for s, v in values.items() if isinstance(v, Rational)}
    rest = {s: v for s, v in values.items() if s not in numbers}
    try:
        there = inserted(known, numbers) if numbers else known
        check(there)
        holds = all(statement.context.entails(substitute(fact, rest)) for fact in there.context.facts)
        same = substitute(there.left, rest) == statement.left
        return substitute(there.right, rest) if holds and same else None
    except DeriveError:
        return None


def _with_left(pair: Pair, left: Expr) -> Pair:
    return replace(pair, statement=replace(pair.statement, left=left))


def _at(need: Need, values: Mapping[Basic, Any]) -> Need:
    """The need at the given values."""
    around = tuple(
        Range(a.symbol, substitute(a.low, values), substitute(a.high, values))
        if isinstance(a, Range)
        else substitute(a, values)
        for a in need.around
    )
    return replace(need, around=around, condition=substitute(need.condition, values))


def _add(made: Declarations, context: Context, own: set[str]) -> None:
    """The construct's names, where the claim has not declared them itself."""
    for d in context.declarations:
        if d.symbol.name not in own:
            made.scope.names[d.symbol.name] = d.symbol
            made.scope.taken.add(d.symbol.name)
        elif made.scope.names[d.symbol.name] != d.symbol:
            raise BadInput(f"{d.symbol.name} is declared as something else than the construct has by that name")
    for array in (*context.arrays, *(d.array for d in context.definitions)):
        if array.name not in own and array.name not in made.scope.names:
            made.scope.names[array.name] = wholes.of_array(array) if array.axes else Entry(array)
            made.scope.taken.add(array.name)


def _given(
    given: Sequence[tuple[Symbol | Array, Node]], context: Context, reader: Reader, there: Context, own: set[str]
) -> tuple[Context, dict[Basic, Any]]:
    """The construct's context at the given values, with what the claim declares."""
    values: dict[Basic, Any] = {}
    defined: list[Definition] = []
    for parameter, node in given:
        value: Expr = reader.number(node)
        if isinstance(parameter, Symbol):
            values[parameter] = value
            continue
        letters = tuple(integer(f"given{k}") for k, _ in enumerate(parameter.axes))
        defined.append(Definition(parameter, letters, value))
    check_values(context, {s: v for s, v in values.items() if isinstance(s, Symbol) and not v.free_symbols})
    moved = context.substituted(values)
    gone = {d.array for d in defined}
    kept = tuple(d for d in moved.declarations if d.symbol.name not in own)
    made = replace(
        moved,
        declarations=(*kept, *there.declarations),
        hypotheses=(*(h for h in moved.hypotheses if h.free_symbols or h.has(Entry)), *there.hypotheses),
        definitions=(*(d.substituted(values) for d in defined), *moved.definitions, *there.definitions),
        arrays=(*(a for a in moved.arrays if a not in gone), *there.arrays),
        chances=(*moved.chances, *there.chances),
    )
    return made, values
