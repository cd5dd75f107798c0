"""One claim at some values: derived, checked, spot-checked; everything a page or a terminal says about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import floor, log10
from typing import Any

from sympy import Basic, Expr, Integer, Number, Pow, Rational, Symbol

from derive.constructs.construct import Claim, Construct
from derive.constructs.registry import claim as find_claim
from derive.errors import BadInput, OracleDisagrees
from derive.kernel.checker import CheckReport, check
from derive.kernel.derivation import Chain, Derivation, Induction, Split
from derive.language import Compare, Condition, Context, Entry, IndexSum, eq, subterms
from derive.numeric.report import SpotCheck
from derive.numeric.spotcheck import spot_check
from derive.render.document import CheckNote, Equation, Words
from derive.rules.lemmas import specialised

LARGEST_SIZE = 1_000
_POINTS = 400
_SEED = 1


@dataclass(frozen=True)
class Checked:
    """A claim's derivation with what the checker and the numbers say about it.

    Attributes:
        general: The derivation for symbols.
        derivation: The one asked for: the general one, or its result at the values.
        values: The values that were set.
    """

    construct: Construct
    claim: Claim
    general: Derivation
    derivation: Derivation
    values: tuple[tuple[str, Fraction], ...]
    report: CheckReport
    numbers: SpotCheck

    @property
    def path(self) -> str:
        """`construct.claim`"""
        return f"{self.construct.name}.{self.claim.name}"

    @property
    def symbol_values(self) -> dict[Symbol, Rational]:
        """The values by symbol."""
        by_name = {s.name: s for s in self.general.context.symbols}
        return {by_name[n]: Rational(v.numerator, v.denominator) for n, v in self.values}


def answer(path: str, values: Mapping[str, Fraction] | None = None) -> Checked:
    """Derive a claim, check it, and compare it with its oracle.

    Args:
        path: `construct.claim`, or a construct's name for its first claim.
        values: {name of a symbol: exact number}.

    Raises:
        BadInput: no such claim, or a value that its hypotheses do not allow.
        StepRejected: the derivation does not hold.
    """
    construct, claim = find_claim(path)
    general = claim.derive()
    settings = dict(values or {})
    if not settings:
        return Checked(construct, claim, general, general, (), check(general), _numbers(claim, general))
    by_name = {s.name: s for s in general.context.symbols}
    for name in settings:
        if name not in by_name:
            raise BadInput(f"{path} has no symbol {name!r}; there are {', '.join(by_name)}")
        if by_name[name].is_integer and abs(settings[name]) > LARGEST_SIZE:
            raise BadInput(
                f"{name} = {settings[name]} is too large to be compared with direct summation (at most {LARGEST_SIZE})"
            )
    numbers = {by_name[n]: Rational(v.numerator, v.denominator) for n, v in settings.items()}
    derivation = specialised(general, numbers)
    narrowed = replace(
        claim,
        context=derivation.context,
        left=derivation.left,
        oracle=_with_values(claim.oracle, claim.parameters, settings),
        parameters=tuple(p for p in claim.parameters if p not in settings),
    )
    ordered = tuple((n, settings[n]) for n in by_name if n in settings)
    report, spot = check(derivation), _numbers(narrowed, derivation)
    return Checked(construct, claim, general, derivation, ordered, report, spot)


def _with_values(oracle: Callable[..., Any], parameters: tuple[str, ...], values: Mapping[str, Fraction]) -> Any:
    whole = {n: int(v) if v.denominator == 1 else v for n, v in values.items() if n in parameters}
    return partial(oracle, **whole)


def _numbers(claim: Claim, derivation: Derivation) -> SpotCheck:
    found = spot_check(claim, derivation.right, count=_POINTS, seed=_SEED)
    if found.mismatch is not None:
        at = ", ".join(f"{n} = {v}" for n, v in found.mismatch.point)
        raise OracleDisagrees(
            f"{derivation.name} is proved, but its definition gives {found.mismatch.expected} and not "
            f"{found.mismatch.claimed} at {at}: the thing proved is not the thing meant"
        )
    return found


def domain(context: Context) -> Words:
    """`all integers n, all L >= 1, all real a`, from the declarations."""
    words: list[object] = []
    for d in context.declarations:
        words.append(", " if words else "")
        if d.sort == "size" or d.sort == "natural":
            words += ["all integers ", d.fact]
        else:
            words += ["all integers " if d.sort == "integer" else "all real ", d.symbol]
    return tuple(w for w in words if w != "")


def hypotheses_used(checked: Checked) -> tuple[tuple[Condition, tuple[str, ...]], ...]:
    """The hypotheses of the claim's context that some step needed, with the places."""
    given = checked.derivation.context.facts
    return tuple((h, tuple(dict.fromkeys(checked.report.uses[h]))) for h in given if h in checked.report.uses)


def check_note(label: str, checked: Checked) -> CheckNote:
    """How this result was checked, in words and counts."""
    report, spot = checked.report, checked.numbers
    words: list[object] = []
    if report.verdict.kind == "proved":
        words += ["proved", *_scope(checked), ": "]
    else:
        words += [f"{report.verdict.kind} ({report.verdict.why}): "]
    words.append(f"{report.steps} steps, each law applied again")
    if report.conditions:
        words.append(f"; {len(report.conditions)} conditions discharged")
    if report.splits:
        kinds = "case split" if report.splits == 1 else "case splits"
        words.append(f"; {report.splits} {kinds} exhaustive and disjoint")
    used = hypotheses_used(checked)
    if used:
        words.append("; hypotheses used: ")
        for number, (hypothesis, _) in enumerate(used):
            words += [", " if number else "", hypothesis]
    words.append(
        f". Each step also compared at exact points ({report.points} in all). The result compared with direct "
        f"summation, exactly, at {_count(spot.exact_points, 'point')}{_kinds(spot)}"
    )
    if spot.float_points:
        backends = " and ".join({"numpy": "NumPy", "numba": "Numba"}.get(b, b) for b in spot.backends)
        words += [f", and compiled with {backends} at {_count(spot.float_points, 'point')}, relative error below "]
        words.append(_power_of_ten(spot.worst_error))
    if spot.skipped:
        words.append("; not compared: " + ", ".join(f"{n} ({why.split(':')[0]})" for why, n in spot.skipped))
    words.append(".")
    counts = (("steps", report.steps), ("conditions", len(report.conditions)), ("points", spot.exact_points))
    return CheckNote(label, tuple(w for w in words if w != ""), counts)


def _scope(checked: Checked) -> Words:
    """` for L = 7 and all integers n`: the values that were set, what remains free, and the free signals."""
    words: list[object] = []
    for symbol, value in checked.symbol_values.items():
        words += [", " if words else " for ", eq(symbol, value)]
    everywhere = domain(checked.derivation.context)
    if everywhere:
        words += [" and " if words else " for ", *everywhere]
    arrays = checked.derivation.context.arrays
    for number, array in enumerate(arrays):
        words += [", " if 0 < number < len(arrays) - 1 else " and " if number else " and all signals ", array]
    if arrays and any(_is_infinite(term) for term in _terms(checked.derivation)):
        words.append(" for which the sums converge absolutely")
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


def definitions(context: Context) -> Words:
    """The arrays that are given by a formula: `x[n] = 1 for 0 <= n <= L - 1 and 0 elsewhere`."""
    words: list[object] = []
    for definition in context.definitions:
        entry = Entry(definition.array, *definition.parameters)
        where = entry.in_range
        words += ["; " if words else "", Equation(entry, "=", definition.body)]
        if where.args:
            words += [" for ", _bound_last(where)]
            words += [" and ", Integer(0), " elsewhere"] if definition.array.outside == "zero" else []
    return tuple(w for w in words if w != "")


def _bound_last(condition: Condition) -> Condition:
    """`n >= 0` rather than `0 <= n`."""
    if isinstance(condition, Compare) and condition.op == "<=" and isinstance(condition.left, Number):
        return Compare(">=", condition.right, condition.left)
    return condition
