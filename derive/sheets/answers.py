"""One claim at some values: derived, checked, spot-checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from sympy import Rational, Symbol

from derive.constructs.construct import Claim, Construct
from derive.constructs.registry import claim as find_claim
from derive.errors import BadInput, OracleDisagrees
from derive.kernel.checker import CheckReport, Memory, check
from derive.kernel.derivation import Derivation
from derive.numeric.montecarlo import Estimate, estimated
from derive.numeric.report import SpotCheck, has_powers_of_e
from derive.numeric.spotcheck import spot_check
from derive.rules.layouts import in_layout, laid_out
from derive.rules.numbers import inserted
from derive.sheets.entries import Entries, Evaluated, Written, arrays_given, sizes_of
from derive.sheets.values import Numbers

LARGEST_SIZE = 1_000
DEFINITION_NOT_COMPILED = "the definition cannot be compiled, compared with the oracle alone"
"""What a spot check says where only the compiled definition is missing: no point is left out."""
_POINTS = 200
_FEWER_POINTS, _FLOAT_POINTS = 60, 100
"""Where an array has several axes, so that each point is loops within loops, or numbers have powers of e."""
_SEED = 1


@dataclass(frozen=True)
class Checked:
    """A claim's derivation with what the checker and the numbers say about it.

    Attributes:
        general: The derivation for symbols.
        derivation: The one asked for: the general one, or its result at the values.
        values: The values that were set, and sizes read off the arrays.
        arrays: The numbers of arrays that were given.
        entries: All entries of the result, if arrays were given.
        written: One of them written out, if asked for.
        drawn: Of a moment, its estimate from random draws.
    """

    construct: Construct
    claim: Claim
    general: Derivation
    derivation: Derivation
    values: tuple[tuple[str, Fraction], ...]
    report: CheckReport
    numbers: SpotCheck
    arrays: tuple[tuple[str, Numbers], ...] = ()
    entries: Entries | None = None
    written: Written | None = None
    drawn: Estimate | None = None

    @property
    def is_special(self) -> bool:
        """Whether anything was set."""
        return bool(self.values or self.arrays)

    @property
    def path(self) -> str:
        """`construct.claim`"""
        return f"{self.construct.name}.{self.claim.name}"

    @property
    def symbol_values(self) -> dict[Symbol, Rational]:
        """The values by symbol."""
        by_name = {s.name: s for s in self.general.context.symbols}
        return {by_name[n]: Rational(v.numerator, v.denominator) for n, v in self.values}


def answer(
    path: str,
    values: Mapping[str, Fraction | Numbers] | None = None,
    write_out: Mapping[str, int] | None = None,
    memory: Memory | None = None,
    layout: str | None = None,
) -> Checked:
    """Derive a claim, check it, and compare it with its oracle.

    Args:
        path: `construct.claim`, or a construct's name for its first claim.
        values: {name of a symbol: exact number, name of a free array: its numbers}.
        write_out: {name of an index of the result: number}: which entry is to be written out; wants arrays.
        layout: 'numerator' or 'denominator', for a derivative or a gradient; without it, as it was derived.
        memory: Shared between claims of one page: what was checked is not checked again.

    Raises:
        BadInput: no such claim, or a value that its hypotheses do not allow.
        StepRejected: the derivation does not hold.
    """
    construct, claim = find_claim(path)
    general = claim.derive()
    if layout is not None:
        general = laid_out(general, layout)
        claim = replace(claim, context=general.context, left=general.left)
        construct = replace(construct, conventions=in_layout(construct.conventions, layout))
    settings, named = _sorted(general, path, values or {})
    if write_out is not None and not named:
        raise BadInput("an entry is written out where arrays are given by their numbers: set them")
    if not settings and not named:
        spot = _numbers(claim, general)
        drawn = _drawn(general)
        return Checked(construct, claim, general, general, (), check(general, memory), spot, drawn=drawn)
    by_name = {s.name: s for s in general.context.symbols}
    given = arrays_given(general.context, named, path)
    numbers = sizes_of(general.context, given, {by_name[n]: _rational(v) for n, v in settings.items()})
    settings = {s.name: Fraction(int(v.p), int(v.q)) for s, v in numbers.items()}
    derivation = inserted(general, numbers) if numbers else general
    oracle = partial(claim.oracle, **{n: int(v) if v.denominator == 1 else v for n, v in settings.items()})
    narrowed = replace(claim, context=derivation.context, left=derivation.left, oracle=oracle)
    evaluated = Evaluated(claim, general, derivation, numbers, given) if named else None
    if evaluated is not None:
        evaluated.places()  # too many are refused before anything is proved
    ordered = tuple((n, settings[n]) for n in by_name if n in settings)
    checked = Checked(
        construct, claim, general, derivation, ordered, check(derivation, memory), _numbers(narrowed, derivation),
        tuple((n, named[n]) for n in named),
    )  # fmt: skip
    if evaluated is None:
        return checked
    entries = evaluated.entries()
    written = None if write_out is None else evaluated.written(write_out, entries, memory)
    return replace(checked, entries=entries, written=written)


def _sorted(
    general: Derivation, path: str, values: Mapping[str, Fraction | Numbers]
) -> tuple[dict[str, Fraction], dict[str, Numbers]]:
    """Which of the values are of symbols, and which of arrays.

    Raises:
        BadInput: a name belongs to neither, or the value of a size is too large.
    """
    by_name = {s.name: s for s in general.context.symbols}
    single = {array.name for array in general.context.arrays if not array.axes}
    settings: dict[str, Fraction] = {}
    named: dict[str, Numbers] = {}
    random = {array.name for array in general.context.random}
    for name, value in values.items():
        if name in random:
            raise BadInput(f"the entries of {name} are random in {path}, so no numbers can be set for them")
        if isinstance(value, Numbers):
            named[name] = value
        elif name in single and name not in by_name:
            named[name] = Numbers((), (value,))
        elif name not in by_name:
            arrays = {array.name for array in general.context.arrays}
            if name in arrays:
                raise BadInput(f"{name} is an array in {path}: give its numbers as a list")
            raise BadInput(f"{path} has no symbol {name!r}; there are {', '.join(by_name)}")
        elif by_name[name].is_integer and abs(value) > LARGEST_SIZE:
            raise BadInput(
                f"{name} = {value} is too large to be compared with direct summation (at most {LARGEST_SIZE})"
            )
        else:
            settings[name] = value
    return settings, named


def _rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


def _drawn(derivation: Derivation) -> Estimate | None:
    """A moment estimated from random draws.

    Raises:
        OracleDisagrees: it is more than four standard errors away from what was derived.
    """
    if not derivation.context.random or derivation.relation != "=":
        return None
    found = estimated(derivation.context, derivation.left, derivation.right, _SEED)
    if found is not None and not found.agrees:
        at = ", ".join(f"{s} = {v}" for s, v in found.point.items())
        raise OracleDisagrees(
            f"{derivation.name} is proved, but {found.draws} draws give {found.estimate:.4g} with a standard error of "
            f"{found.error:.2g} and not {found.expected:.4g} at {at}: the thing proved is not the thing meant"
        )
    return found


def _numbers(claim: Claim, derivation: Derivation) -> SpotCheck:
    many_axes = any(len(array.axes) > 1 for array in claim.free_arrays)
    is_slow = many_axes or has_powers_of_e(claim) or bool(claim.context.random)
    count = _FEWER_POINTS if is_slow else _POINTS
    floats = _FEWER_POINTS if claim.context.random else _FLOAT_POINTS
    found = spot_check(claim, derivation.right, count, _SEED, floats, relation=derivation.relation)
    if found.mismatch is not None:
        at = ", ".join(f"{n} = {v}" for n, v in found.mismatch.point)
        raise OracleDisagrees(
            f"{derivation.name} is proved, but its definition gives {found.mismatch.expected} and not "
            f"{found.mismatch.claimed} at {at}: the thing proved is not the thing meant"
        )
    return found
