"""A program read: what it computes line by line, what is to be said of it, and how often that was compared with a run.

Every value is compared with the program run line by line on exact numbers (`derive.claims.programs.running`) before
anything is told. The comparison uses no term: a wrong meaning does not agree with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice, product
from typing import Any

from sympy import Symbol

from derive.claims.programs.findings import Finding, Formula, findings
from derive.claims.programs.meaning import meaning
from derive.claims.programs.running import Numbers, Run, run
from derive.claims.programs.source import read_program
from derive.claims.programs.unfolding import formula
from derive.claims.programs.values import Meaning, Value, size
from derive.errors import BadInput, OracleDisagrees, Undefined, Unevaluable
from derive.language import Array, Entry
from derive.language.comparing import agree, samples
from derive.language.drawing import scattered_points, small_points
from derive.language.maps import Image
from derive.language.numbers import as_rational
from derive.language.points import Point, evaluate, holds
from derive.language.programs import Program

POINTS, CANDIDATES, LARGEST_SIZE = 12, 300, 3


@dataclass(frozen=True)
class Reading:
    """A program with what it computes.

    Attributes:
        meaning: It as terms.
        formulas: (line of the program, what a value that is worked out there is), in their order.
        findings: What is to be said of it.
        points: At how many exact points all values were compared with a run.
        values: How many numbers were compared.
        calls: (map or Jacobian, how often a run calls it).
    """

    meaning: Meaning
    formulas: tuple[tuple[int, Formula], ...]
    findings: tuple[Finding, ...]
    points: int
    values: int
    calls: tuple[tuple[str, int], ...] = ()


def read(text: str, shapes: Mapping[str, str], about: str | None = None) -> Reading:
    r"""Read a program, compare what it means with what it does, and look for what should be said of it.

    Args:
        text: One function definition.
        shapes: {parameter: "(n, m)"}, and {map: "(l) -> (m)"}.
        about: The input of a network: it is said if the result is an affine function of it.

    Raises:
        ProgramError: the text, or a shape, cannot be read; with line and column.
        BadInput: there is no parameter of the name `about`, or the program has a value at none of the points.
        OracleDisagrees: the meaning is not what the program does; a mistake of this package.

    Example:
        >>> found = read("def f(W, x):\n    h = W @ x\n    tanh(h)\n    return h", {"W": "(n, m)", "x": "(m)"})
        >>> [(f.kind, f.lines) for f in found.findings], found.points
        ([('discarded result', (3,))], 12)
    """
    known = meaning(read_program(text, shapes))
    points, values, calls = compare(known)
    formulas = tuple((v.line, Formula(*formula(v))) for v in known.values if v.definition is not None)
    return Reading(known, formulas, findings(known, about), points, values, calls)


def arguments(program: Program, point: Point, arrays: Mapping[Array, Any]) -> dict[str, Numbers]:
    """The parameters at a point, as numbers for a run."""
    by_name = {a.name: a for a in arrays}
    sizes = {s.name: int(as_rational(v)) for s, v in point.items() if s.is_integer}
    found: dict[str, Numbers] = {}
    for parameter in program.parameters:
        ends = [n if isinstance(n, int) else sizes[n] for n in parameter.shape]
        if not ends:
            found[parameter.name] = next(as_rational(v) for s, v in point.items() if s.name == parameter.name)
            continue
        source = arrays[by_name[parameter.name]]
        if len(ends) == 1:
            found[parameter.name] = tuple(source(i) for i in range(1, ends[0] + 1))
        else:
            columns = range(1, ends[1] + 1)
            found[parameter.name] = tuple(tuple(source(i, j) for j in columns) for i in range(1, ends[0] + 1))
    return found


def maps(program: Program, point: Point) -> dict[str, Callable[[Numbers], Numbers]]:
    """The polynomials that stand for the maps at exact points, and their Jacobians, as functions of tuples."""
    sizes = {s.name: int(as_rational(v)) for s, v in point.items() if s.is_integer}
    found: dict[str, Callable[[Numbers], Numbers]] = {}
    for function in program.functions:
        takes, gives = (n if isinstance(n, int) else sizes[n] for n in (function.takes, function.gives))
        operand = Array(function.name, ((1, size(takes)),), "error")
        image = Image(function.name, ((1, size(gives)),), operand)

        def values(given: Numbers, image: Image = image, operand: Array = operand, rows: int = gives) -> Numbers:
            entry = {operand: lambda i: given[i - 1]}
            return tuple(evaluate(Entry(image, r), {}, None, entry) for r in range(1, rows + 1))

        def jacobian(
            given: Numbers, image: Image = image, operand: Array = operand, rows: int = gives, columns: int = takes
        ) -> Numbers:
            entry, slope = {operand: lambda i: given[i - 1]}, image.derivative
            places = range(1, columns + 1)
            matrix = [[evaluate(Entry(slope, r, c), {}, None, entry) for c in places] for r in range(1, rows + 1)]
            return tuple(map(tuple, matrix))

        found[function.name], found[f"J_{function.name}"] = values, jacobian
    return found


def compare(known: Meaning, wanted: int = POINTS) -> tuple[int, int, tuple[tuple[str, int], ...]]:
    """Compare all values with a run at exact points.

    Returns:
        How many points were looked at, how many numbers, and how often a run calls each map.

    Raises:
        OracleDisagrees: a value is another one.
        BadInput: at none of the points does the program have a value.
    """
    looked = numbers = 0
    calls: tuple[tuple[str, int], ...] = ()
    symbols = known.context.symbols
    given = {a: samples(a) for a in known.context.arrays}
    about_entries = [fact for fact in known.context.facts if fact.has(Entry)]
    small = small_points(known.context, symbols, most=CANDIDATES)
    for point in chain(islice(small, wanted // 2), scattered_points(known.context, symbols, 2 * wanted), small):
        if looked == wanted:
            break
        if any(s.is_integer and v > LARGEST_SIZE for s, v in point.items()):
            continue
        try:
            if not all(holds(fact, point, known.context, given) for fact in about_entries):
                continue
            done = run(known.program, arguments(known.program, point, given), maps(known.program, point))
            calls = done.calls
            numbers += _compared(known, done, point, given)
        except (Undefined, Unevaluable):
            continue
        looked += 1
    if not looked:
        raise BadInput("the program has a value at none of the points that were looked at")
    return looked, numbers, calls


def _compared(known: Meaning, done: Run, point: Point, given: Mapping[Array, Any]) -> int:
    """How many numbers agree; raises where one does not."""
    worked_out = [v for v in known.values if v.definition is not None]
    events = {e.line: e.values for e in known.events}
    expected: list[Value] = []
    for statement in known.program.statements:
        line = statement.place.line
        expected += events[line] if line in events else [v for v in worked_out if v.line == line]
    if len(expected) != len(done.worked_out):
        name, number = known.program.name, len(done.worked_out)
        raise OracleDisagrees(f"{name}: a run works out {number} values, not {len(expected)}")
    count = 0
    for value, (line, found) in zip(expected, done.worked_out, strict=True):
        ends = [int(as_rational(point[s])) if isinstance(s, Symbol) else int(s) for s in value.sizes]
        for place in product(*(range(1, end + 1) for end in ends)):
            mine = evaluate(value.at(*place), point, known.context, given)
            theirs = found
            for index in place:
                theirs = theirs[index - 1]
            if not agree(mine, "=", theirs if not isinstance(theirs, int) else Fraction(theirs)):
                at = ", ".join(f"{s} = {v}" for s, v in point.items())
                said = f"{value.key} is {theirs} and not {mine} at {at}"
                raise OracleDisagrees(f"{known.program.name}, line {line}: {said}")
            count += 1
    return count
