"""How results were checked, in words: the note of one claim, the remarks below the table of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

from sympy import Basic, Expr, Integer, Pow, Rational

from derive.kernel.derivation import Chain, Derivation, Induction, Split
from derive.language import Condition, IndexSum, eq, subterms
from derive.language.balls import DIGITS, Decimal
from derive.language.chance import Stated
from derive.numeric.montecarlo import Estimate
from derive.numeric.report import SpotCheck
from derive.render.document import CheckNote, Inline, Strong, Words
from derive.render.names import is_sequence
from derive.sheets.answers import DEFINITION_NOT_COMPILED, Checked
from derive.sheets.given import domain, smooth_functions

_KNOWN = {
    "proved": "proved", "exact": "exact at sizes", "sampled": "sampled", "cited": "cited", "undecided": "undecided",
}


LONG = 20
"""More results than that are counted and not listed."""


@dataclass(frozen=True)
class Noted:
    """What the remarks below a table of checks say of one result; plain data, which can be kept.

    Attributes:
        kind, why: Of the verdict.
        scope: What it holds for.
        conditions, splits, inductions: Whether there are any in the derivation.
        close: Whether values were compared to some digits.
        backends: What it was compiled with, or empty.
        entries: How many numbers are shown; None where no arrays were given.
        entries_rounded: Whether one of them is.
        written: Steps of an entry that is written out, or None.
        drawn: Of a moment, how many draws, and how far they are off in standard errors.
        skips: What was not compared: how many points, 0 for all of them, and why.
    """

    kind: str
    why: str
    scope: Words
    conditions: bool
    splits: bool
    inductions: bool
    close: bool
    backends: str
    entries: int | None
    entries_rounded: bool
    written: int | None
    drawn: tuple[int, float] | None
    skips: tuple[tuple[int, str], ...]


def noted(checked: Checked) -> Noted:
    """What the remarks say of this result."""
    report, spot, entries, drawn = checked.report, checked.numbers, checked.entries, checked.drawn
    uncompared = sum(report.skipped.values())
    distance = 0.0 if drawn is None or not drawn.error else abs(drawn.estimate - drawn.expected) / drawn.error
    return Noted(
        kind=report.verdict.kind,
        why=str(report.verdict.why),
        scope=_scope(checked),
        conditions=bool(report.conditions),
        splits=bool(report.splits),
        inductions=bool(report.inductions),
        close=bool(report.close or spot.close_points),
        backends=_backends(spot) if spot.float_points else "",
        entries=None if entries is None else len(entries.values),
        entries_rounded=entries is not None and any(isinstance(v, Decimal) for v in entries.values.values()),
        written=None if checked.written is None else checked.written.report.steps,
        drawn=None if drawn is None else (drawn.draws, distance),
        skips=(
            *([(uncompared, STEPS_NOT_COMPARED)] if uncompared else []),
            *(_why_not(why, number) for why, number in spot.skipped),
        ),
    )


def hypotheses_used(checked: Checked) -> tuple[tuple[Condition, tuple[str, ...]], ...]:
    """The hypotheses of the claim's context that some step needed, with the places."""
    stated = tuple(h for h in checked.report.uses if isinstance(h, Stated))
    given = (*checked.derivation.context.facts, *stated)
    return tuple((h, tuple(dict.fromkeys(checked.report.uses[h]))) for h in given if h in checked.report.uses)


def check_note(label: str, checked: Checked) -> CheckNote:
    """How this result was checked, in words and counts."""
    report, spot = checked.report, checked.numbers
    words: list[object] = [_KNOWN[report.verdict.kind], *_scope(checked)]
    words.append(f" ({report.verdict.why}): " if report.verdict.kind != "proved" else ": ")
    words.append(f"{_count(report.steps, 'step')}, each law applied again")
    if report.conditions:
        words.append(f"; {_count(len(report.conditions), 'condition')} discharged")
    if report.splits:
        words.append(f"; {_count(report.splits, 'case split')} exhaustive and disjoint")
    if report.inductions:
        words.append(f"; {_count(report.inductions, 'induction')} with base and step")
    used = hypotheses_used(checked)
    if used:
        words.append("; hypotheses used: ")
        for number, (hypothesis, _) in enumerate(used):
            words += [", " if number else "", hypothesis]
    uncompared = sum(report.skipped.values())
    exactly = f"exact points, {report.points} in all"
    closely = f"{_count(report.close, 'point')} to {DIGITS} digits"
    both = f"{exactly}, and at {closely}" if report.points else closely
    words.append(f". Steps also compared at {both if report.close else exactly}")
    words.append(f" ({_steps_not_compared(uncompared)})" if uncompared else "")
    words.append(
        f". The result compared with direct summation, {_compared(spot)}{_kinds(spot)}"
    )
    error = _power_of_ten(spot.worst_error) if spot.float_points else None
    if error is not None:
        floats = _count(spot.float_points, "point")
        words += [f", and compiled with {_backends(spot)} at {floats}, relative error below ", error]
    for place, (why, number) in enumerate(spot.skipped):
        words.append(("; not compared: " if place == 0 else "; ") + _not_compared(why, number))
    words.append(".")
    if checked.drawn is not None:
        words += [" ", *_sentence(_drawn(checked.drawn))]
    if checked.entries is not None:
        words += [" ", *_sentence(_numbers_shown(checked))]
    counts = (
        ("steps", report.steps), ("conditions", len(report.conditions)), ("splits", report.splits),
        ("inductions", report.inductions), ("step_points", report.points + report.close),
        ("points", spot.exact_points + spot.close_points),
        ("boundary", spot.boundary_points), ("degenerate", spot.degenerate_points), ("compiled", spot.float_points),
    )
    return CheckNote(label, tuple(w for w in words if w != ""), counts, _KNOWN[report.verdict.kind], error)


def check_remarks(answers: Sequence[tuple[str, Noted]]) -> tuple[Words, ...]:
    """What is to be said below the table of the checks: what its columns mean, then what differs from part to part.

    Args:
        answers: (where it stands on the page, what is noted of it), for each row of the table.
    """
    said: list[Words] = [_meaning([noted for _, noted in answers])]
    for kind, known in _KNOWN.items():
        scopes = []
        for label, noted in answers:
            if noted.kind == kind:
                why = () if kind == "proved" else (f" ({noted.why})",)
                scopes.append((label, (*noted.scope, *why)))
        if kind == "proved" and len(scopes) > LONG:
            words = f" {len(scopes)} results, each for all values under the conditions beside it or before in its part."
            said.append((Strong(f"{known.capitalize()}."), words))
        elif scopes:
            said.append((Strong(f"{known.capitalize()}."), " ", *_listed(_grouped(scopes)), "."))
    rounded = [label for label, noted in answers if noted.close]
    if rounded:
        what = f"points where values are roots, logarithms and the like were compared to {DIGITS} digits."
        said.append((Strong("Digits."), f" In {_places(rounded)} {what}"))
    said += _numbers_remark(answers)
    said += _drawn_remark(answers)
    skips = _skips_remark(answers)
    if skips:
        said.append((Strong("Not compared."), f" {skips[0].upper()}{skips[1:]}."))
    return tuple(said)


def _skips_remark(answers: Sequence[tuple[str, Noted]]) -> str:
    """`the definition, since ...: 1(a), 1(b); points, since ...: 2(a) (3)`, each reason once."""
    found: dict[str, list[tuple[str, int]]] = {}
    for label, noted in answers:
        for number, why in noted.skips:
            found.setdefault(why, []).append((label, number))
    said = []
    for why, places in found.items():
        long = len(places) > LONG and not any(number for _, number in places)
        each = [f"{label} ({number:,})" if number else label for label, number in places]
        where = f"in {len(places)} results" if long else ", ".join(each)
        what = why if not places[0][1] else f"points of steps, {why}" if why == STEPS_NOT_COMPARED else f"points, {why}"
        said.append(f"{what}: {where}")
    return "; ".join(said)


def _drawn(found: Estimate) -> Words:
    """What random draws gave."""
    at = [word for s, v in found.point.items() for word in (", ", eq(s, Rational(v.numerator, v.denominator)))][1:]
    apart = abs(found.estimate - found.expected)
    return (
        f"{found.draws:,} random draws at ", *at, f" give {found.estimate:.4g} with a standard error of "
        f"{found.error:.2g}; derived: {found.expected:.4g}" + (" (equal)" if apart <= 1e-9 else ""),
    )  # fmt: skip


def _drawn_remark(answers: Sequence[tuple[str, Noted]]) -> list[Words]:
    """The same for all parts of a page, if there are any."""
    shown = [(label, noted.drawn) for label, noted in answers if noted.drawn is not None]
    if not shown:
        return []
    farthest = max(distance for _, (_, distance) in shown)
    return [(
        Strong("Random draws."), f" {shown[0][1][0]:,} draws each, from laws that meet what is stated, gave the "
        f"results of {_places([label for label, _ in shown])} within {farthest:.1f} standard errors: evidence, and no "
        "proof.",
    )]  # fmt: skip


def _numbers_shown(checked: Checked) -> Words:
    """How the numbers of a result at given arrays are known."""
    assert checked.entries is not None
    number = len(checked.entries.values)
    which = "the number" if number == 1 else f"each of the {number} numbers"
    rounded = any(isinstance(value, Decimal) for value in checked.entries.values.values())
    how = f"to {DIGITS} digits, of which the first are shown," if rounded else "exactly"
    words: list[Inline] = [f"{which} evaluated {how} from the result proved, and compared with direct summation"]
    if checked.written is not None:
        steps = _count(checked.written.report.steps, "step")
        words.append(f"; one entry written out in {steps} of its own, checked like all others" if number > 1 else
                     f"; written out in {steps} of its own, checked like all others")  # fmt: skip
    return tuple(words)


def _numbers_remark(answers: Sequence[tuple[str, Noted]]) -> list[Words]:
    """The same for all parts of a page, if there are any."""
    shown: list[tuple[str, Words]] = [(label, (f" ({n.entries})",)) for label, n in answers if n.entries is not None]
    steps = [(label, n.written) for label, n in answers if n.written is not None]
    written: list[tuple[str, Words]] = [(label, (f" ({_count(number, 'step')})",)) for label, number in steps]
    if not shown:
        return []
    rounded = any(noted.entries_rounded for _, noted in answers)
    how = f"exactly, or to {DIGITS} digits of which the first are shown," if rounded else "exactly"
    words: Words = (f"Each was evaluated {how} from the result proved, and compared with direct summation: ",)
    words = (Strong("Numbers."), " ", *words, *_listed(_grouped(shown)), ".")
    if written:
        words += (" Entries were written out in steps that are checked like all others: ", *_listed(_grouped(written)))
        words += (".",)
    return [words]


def _sentence(words: Words) -> Words:
    first, *rest = words
    return (first[:1].upper() + first[1:] if isinstance(first, str) else first, *rest, ".")


def _meaning(answers: Sequence[Noted]) -> Words:
    """What the columns of the table count; only what was done for one of the parts at least."""
    steps = "Each step, also of the results that are used, names a law, which was applied again and gave exactly the "
    steps += "line and the conditions recorded"
    if any(noted.conditions for noted in answers):
        steps += ", and every condition was discharged"
    if any(noted.splits for noted in answers):
        steps += "; the cases of each split were shown to cover everything and to exclude each other"
    if any(noted.inductions for noted in answers):
        steps += "; each induction has its base and its step"
    steps += "; both sides of the steps were compared at exact points."
    backends = sorted({noted.backends for noted in answers if noted.backends})
    by = " and ".join(backends)
    compiled = f"; where compiled points are counted, also as compiled with {by}" if backends else ""
    return (
        f"{steps} Each result was compared with direct summation from the definition, exactly, also at or beside the "
        f"boundaries between cases and at degenerate values{compiled}.",
    )


def _grouped(said: Iterable[tuple[str, Words]]) -> list[tuple[list[str], Words]]:
    """(labels, words), the labels of the same words together, in the order in which they come."""
    groups: list[tuple[list[str], Words]] = []
    for label, words in said:
        same = next((labels for labels, known in groups if known == words), None)
        if same is None:
            groups.append(([label], words))
        else:
            same.append(label)
    return groups


def _places(labels: Sequence[str]) -> str:
    """`1(a), 1(b)`, or how many, where nobody would read them all."""
    return ", ".join(labels) if len(labels) <= LONG else f"{len(labels)} results"


def _listed(groups: list[tuple[list[str], Words]]) -> Words:
    """`1(a), 1(b) for all real a; 2(a) for all real b`"""
    words: list[Inline] = []
    for labels, rest in groups:
        words += ["; " if words else "", _places(labels), *rest]
    return tuple(w for w in words if w != "")


def _backends(spot: SpotCheck) -> str:
    return " and ".join({"numpy": "NumPy", "numba": "Numba"}.get(b, b) for b in spot.backends)


def _why_not(why: str, number: int) -> tuple[int, str]:
    """What a spot check left out: how many points, or 0 for the definition as a whole; and why."""
    plain = why.split(":")[0]
    if plain == DEFINITION_NOT_COMPILED:
        return 0, "the definition, since it cannot be compiled (the compiled result agrees with direct summation)"
    return number, f"since {plain}"


def _not_compared(why: str, number: int) -> str:
    """The same in words: `200 points, since the result cannot be compiled`."""
    count, plain = _why_not(why, number)
    return f"{_count(count, 'point')}, {plain}" if count else plain


STEPS_NOT_COMPARED = "where a side has no value that can be computed"


def _steps_not_compared(number: int) -> str:
    return f"{_count(number, 'point')} of steps, {STEPS_NOT_COMPARED}"


def _scope(checked: Checked) -> Words:
    """` for L = 7 and all integers n`: the values that were set, what remains free, and the free arrays."""
    words: list[object] = []
    for symbol, value in checked.symbol_values.items():
        words += [", " if words else " for ", eq(symbol, value)]
    everywhere = domain(checked.derivation.context)
    if everywhere:
        words += [" and " if words else " for ", *everywhere]
    smooth = smooth_functions(checked.derivation)
    if smooth:
        words += [" and " if words else " for ", *smooth]
    context = checked.derivation.context
    arrays = tuple(a for a in context.arrays if a not in context.random)
    kind = "signals" if all(map(is_sequence, arrays)) else "arrays"
    for number, array in enumerate(arrays):
        first = f" and all {kind} " if words else f" for all {kind} "
        words += [", " if 0 < number < len(arrays) - 1 else " and " if number else first, array]
    if arrays and any(_is_infinite(term) for term in _terms(checked.derivation)):
        words.append(" for which the sums converge absolutely")
    if context.random:
        words.append(" and all random arrays of which this is stated" if words else " for all such random arrays")
    return tuple(words)


def _terms(derivation: Derivation) -> Iterator[Basic]:
    """The terms that the derivation speaks of: in the definitions of its context, and in its lines."""
    for definition in derivation.context.definitions:
        yield definition.body
    yield derivation.left
    yield derivation.right
    yield from _lines(derivation.chain)


def _lines(chain: Chain) -> Iterator[Expr]:
    yield chain.start
    for move in chain.moves:
        yield move.after
        if isinstance(move, Split):
            inner = tuple(branch.chain for branch in move.branches)
        else:
            inner = (move.base, move.step) if isinstance(move, Induction) else ()
        for below in inner:
            yield from _lines(below)


def _is_infinite(term: Basic) -> bool:
    """Whether a sum with an infinite end stands in the term."""
    return any(isinstance(t, IndexSum) and (t.low.is_infinite or t.high.is_infinite) for t in subterms(term))


def _compared(spot: SpotCheck) -> str:
    """`exactly, at 5 points and, to 60 digits, at 7 points`"""
    exactly = f"exactly, at {_count(spot.exact_points, 'point')}"
    closely = f"to {DIGITS} digits, at {_count(spot.close_points, 'point')}"
    if not spot.close_points:
        return exactly
    return f"{exactly} and, {closely}" if spot.exact_points else closely


def _kinds(spot: SpotCheck) -> str:
    """Which of the points are special, in brackets; nothing where none is."""
    found = []
    if spot.boundary_points:
        found.append(f"{spot.boundary_points} at or beside a case boundary")
    if spot.degenerate_points:
        found.append(f"{spot.degenerate_points} at degenerate values")
    return f" ({', '.join(found)})" if found else ""


def _count(number: int, noun: str) -> str:
    """`1 point`, `2 points`"""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _power_of_ten(error: float) -> Expr:
    """A power of ten that the error is below, unevaluated, for print.

    Rounding errors differ a little between processors, and the same sheet must give the same bytes on all of them:
    what is below 10**-12 is said to be that.
    """
    exponent = max(-12, floor(log10(error)) + 1) if error else -12
    return Pow(Integer(10), Integer(exponent), evaluate=False)
