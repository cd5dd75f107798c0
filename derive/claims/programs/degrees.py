"""The degree of an update rule that is written as a short program, in those of its parameters that are multiplied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sympy import Expr, Symbol

from derive.claims.programs.values import Meaning, Value
from derive.claims.update_degrees import POINTS, Decision, decide_degree, with_values
from derive.errors import BadInput
from derive.language import Array, Condition, Context, Declaration, Definition, Entry, fresh, parts_of, substitute
from derive.language.context import arrays_in
from derive.rules.degrees import multiplied, rests_on


@dataclass(frozen=True)
class ProgramDegree:
    """What was decided of one result of a program.

    Attributes:
        update: The result.
        decision: Of its degree.
        wanted: The hypotheses without which the program has no value, or the multiples have none.
    """

    update: Entry
    decision: Decision
    wanted: tuple[Condition, ...]


def degrees_of_program(
    meaning: Meaning, times: Mapping[str, int], asked: int | None = None, most: int = POINTS
) -> tuple[ProgramDegree, ...]:
    """Decide of which degree each result is.

    Args:
        meaning: The program, as terms.
        times: {parameter: q} for those that are multiplied by s**q.
        asked: The degree that is asked for; without it any will do.
        most: At how many points each equation is tried.

    Raises:
        BadInput: there is no such parameter, or the program returns nothing that it works out.

    Example:
        >>> from derive.claims.programs.meaning import meaning
        >>> from derive.claims.programs.source import read_program
        >>> text = "def f(g):" + chr(10) + "    return g / np.sqrt(np.sum(g**2))"
        >>> (found,) = degrees_of_program(meaning(read_program(text, {"g": "(n)"})), {"g": 1})
        >>> found.decision.verdict.kind, found.decision.degree, [str(one) for one in found.wanted]
        ('proved', 0, ['sum(g[k]**2, k=1..n) > 0'])
    """
    parameters = {v.name: v for v in meaning.values if v.definition is None}
    for name in times:
        if name not in parameters:
            raise BadInput(f"the program has no parameter {name!r}; there are {', '.join(parameters)}")
    worked_out = [v for v in meaning.results if v.definition is not None]
    if not worked_out:
        raise BadInput("the program returns nothing that it works out, so there is no rule")
    context, arrays = _renamed(meaning, {name: parameters[name] for name in times})
    powers = {arrays[name]: power for name, power in times.items()}
    found = []
    for value in worked_out:
        there, update = _at_any_place(context, arrays[value.key])
        there, wanted = with_values(there)
        found.append(ProgramDegree(update, decide_degree(there, update, powers, asked, most=most), wanted))
    return tuple(found)


def _renamed(meaning: Meaning, scaled: Mapping[str, Value]) -> tuple[Context, dict[str, Array]]:
    """The context without primes (they are kept for multiples), numbers that are multiplied as arrays without axes."""
    taken = {v.key for v in meaning.values} | set(meaning.context.names)
    arrays: dict[str, Array] = {}
    for value in meaning.values:
        if value.array is not None and value.array.name == value.key:
            name = value.key if not value.version else f"{value.name}_{value.version}"
            while name != value.key and name in taken:
                name += "0"
            taken.add(name)
            arrays[value.key] = Array(name, value.array.axes, value.array.outside)
    renamed = {v.array: arrays[v.key] for v in meaning.values if v.array is not None and v.key in arrays}
    numbers: dict[Symbol, Expr] = {}
    for name, value in scaled.items():
        if value.symbol is not None:
            arrays[name] = Array(name, (), "error")
            numbers[value.symbol] = Entry(arrays[name])
    old = meaning.context
    new = tuple(arrays[name] for name, value in scaled.items() if value.symbol is not None)
    context = replace(
        old,
        declarations=tuple(d for d in old.declarations if d.symbol not in numbers),
        hypotheses=tuple(substitute(multiplied(h, {}, renamed), numbers) for h in old.hypotheses),
        arrays=(*(renamed[a] for a in old.arrays), *new),
        definitions=tuple(
            Definition(renamed[d.array], d.parameters, substitute(multiplied(d.body, {}, renamed), numbers))
            for d in old.definitions
        ),
    )
    return context, arrays


def _at_any_place(context: Context, array: Array) -> tuple[Context, Entry]:
    """An entry of the result at declared indices; what it does not rest on is left out."""
    needed = rests_on(context, array)
    context = replace(context, definitions=tuple(d for d in context.definitions if d.array in needed))
    known = {*context.arrays, *needed}
    context = replace(context, hypotheses=tuple(h for h in context.hypotheses if arrays_in(h) <= known))
    taken = {*context.names, *(a.name for a in (*context.arrays, *(d.array for d in context.definitions)))}
    places: list[Symbol] = []
    for letter, _ in zip("ij", array.axes, strict=False):
        places.append(fresh(letter, {*taken, *(p.name for p in places)}))
    there = context.with_declarations(*(Declaration(p, "integer") for p in places))
    inside = parts_of(array.in_range(*places)) if places else ()
    return there.with_hypotheses(*inside), Entry(array, *places)
