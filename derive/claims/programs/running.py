"""A program run on exact numbers by an interpreter of our own, line by line, calls of declared maps counted.

It shares nothing with the meaning in `derive.claims.programs.meaning`: values are numbers, tuples and tuples of
tuples, products are loops, an inverse is a quotient of determinants that are expanded by rows. So each checks the
other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.errors import BadInput, Undefined, Unevaluable
from derive.language import numbers
from derive.language.programs import Call, Expression, Number, Program, Variable

Numbers = Any
"""A number, a tuple of numbers, or a tuple of rows."""

LARGEST_INVERSE = 6


@dataclass(frozen=True)
class Run:
    """What a program did.

    Attributes:
        results: What it returned.
        logged: (line, value) in the order of logging.
        calls: (name, how often) for every declared map and Jacobian, also those never called.
        worked_out: (line, value) of every expression, in its order.
    """

    results: tuple[Numbers, ...]
    logged: tuple[tuple[int, Numbers], ...]
    calls: tuple[tuple[str, int], ...]
    worked_out: tuple[tuple[int, Numbers], ...]


def run(
    program: Program,
    arguments: Mapping[str, Numbers],
    functions: Mapping[str, Callable[[Numbers], Numbers]] | None = None,
) -> Run:
    r"""Run the program.

    Args:
        program: As it was read.
        arguments: {parameter: number, tuple, or tuple of rows}.
        functions: {map: function of a tuple}; of a Jacobian `J_f` a function that gives rows.

    Raises:
        BadInput: an argument or a function is missing.
        Undefined: a division by 0, an inverse of a singular matrix.

    Example:
        >>> from derive.claims.programs.source import read_program
        >>> p = read_program("def f(W, x):\n    return W @ x", {"W": "(n, m)", "x": "(m)"})
        >>> run(p, {"W": ((1, 2), (3, 4)), "x": (1, 1)}).results
        ((3, 7),)
    """
    for parameter in program.parameters:
        if parameter.name not in arguments:
            raise BadInput(f"the parameter {parameter.name} has no value")
    runner = _Runner(dict(arguments), functions or {})
    for f in program.functions:
        runner.calls[f.name] = runner.calls[f"J_{f.name}"] = 0
    results: tuple[Numbers, ...] = ()
    worked_out: list[tuple[int, Numbers]] = []
    for statement in program.statements:
        found = tuple(runner.value(e) for e in statement.values)
        worked_out += [(statement.place.line, value) for value in found]
        if statement.kind == "assign":
            runner.env.update(zip(statement.targets, found, strict=True))
        elif statement.kind == "log":
            runner.logged += [(statement.place.line, value) for value in found]
        elif statement.kind == "return":
            results = found
    return Run(results, tuple(runner.logged), tuple(runner.calls.items()), tuple(worked_out))


def rank(value: Numbers) -> int:
    """0 of a number, 1 of a tuple, 2 of rows."""
    if not isinstance(value, tuple):
        return 0
    return 2 if value and isinstance(value[0], tuple) else 1


def each(function: Callable[..., Any], *values: Numbers) -> Numbers:
    """The function entry by entry; a number goes with every entry of the others."""
    longest = max((v for v in values if isinstance(v, tuple)), key=len, default=None)
    if longest is None:
        return function(*values)
    return tuple(each(function, *(v[p] if isinstance(v, tuple) else v for v in values)) for p in range(len(longest)))


class _Runner:
    def __init__(self, env: dict[str, Numbers], functions: Mapping[str, Callable[[Numbers], Numbers]]) -> None:
        self.env, self.functions = env, functions
        self.calls: Counter[str] = Counter()
        self.logged: list[tuple[int, Numbers]] = []

    def value(self, e: Expression) -> Numbers:
        if isinstance(e, Number):
            return e.value
        if isinstance(e, Variable):
            return self.env[e.name]
        if isinstance(e, Call):
            name = f"J_{e.function}" if e.derivative else e.function
            if name not in self.functions:
                raise BadInput(f"the program calls {name}, and no function was given for it")
            argument = self.value(e.argument)
            self.calls[name] += 1
            return self.functions[name](argument)
        return self.operation(e.name, [self.value(a) for a in e.arguments])

    def operation(self, name: str, given: Sequence[Numbers]) -> Numbers:
        if name in _EACH:
            return each(_EACH[name], *given)
        a = given[0]
        if name == "T":
            return tuple(zip(*a, strict=True)) if rank(a) == 2 else a
        if name == "@":
            return times(a, given[1])
        if name == "outer":
            return tuple(tuple(u * v for v in given[1]) for u in a)
        if name in ("sum", "builtin sum", "mean"):
            entries = [v for row in a for v in row] if rank(a) == 2 else list(a)
            total: Any = 0
            for entry in entries:
                total = total + entry
            return total if name != "mean" else total / Fraction(len(entries))
        if name == "inv":
            return inverse(a)
        raise BadInput(f"{name} cannot be run")


def _quotient(a: Any, b: Any) -> Any:
    if b == 0:
        raise Undefined("a number is divided by 0")
    return a / (Fraction(b) if isinstance(b, int) else b)


def _power(a: Any, b: Fraction) -> Any:
    if b.denominator != 1:
        return numbers.sqrt(a)
    found: Any = 1
    for _ in range(abs(int(b))):
        found = found * a
    return found if b >= 0 else _quotient(1, found)


def _relu(a: Any) -> Any:
    return a if a > 0 else 0 * a


_EACH: Mapping[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _quotient,
    "**": _power,
    "neg": lambda a: -a,
    "exp": numbers.exp,
    "log": numbers.log,
    "sqrt": numbers.sqrt,
    "sin": numbers.sin,
    "cos": numbers.cos,
    "tanh": numbers.tanh,
    "relu": _relu,
    "abs": lambda a: -a if a < 0 else a,
    "sign": lambda a: (a > 0) - (a < 0),
    "sigmoid": lambda a: _quotient(1, 1 + numbers.exp(-a)),
}


def times(a: Numbers, b: Numbers) -> Numbers:
    """`a @ b`.

    Example:
        >>> times((1, 2), ((1, 0), (0, 3)))
        (1, 6)
    """
    if rank(a) == 2:
        return tuple(times(row, b) for row in a)
    if rank(b) == 2:
        return tuple(times(a, column) for column in zip(*b, strict=True))
    total: Any = 0
    for left, right in zip(a, b, strict=True):
        total = total + left * right
    return total


def determinant(rows: Numbers) -> Any:
    """By the first row."""
    if len(rows) == 1:
        return rows[0][0]
    total: Any = 0
    for c, value in enumerate(rows[0]):
        below = tuple(row[:c] + row[c + 1 :] for row in rows[1:])
        total = total + (-1) ** c * value * determinant(below)
    return total


def inverse(rows: Numbers) -> Numbers:
    """The cofactors over the determinant.

    Raises:
        Undefined: the determinant is 0.
        Unevaluable: the matrix is too large.

    Example:
        >>> inverse(((1, 2), (3, 4)))
        ((Fraction(-2, 1), Fraction(1, 1)), (Fraction(3, 2), Fraction(-1, 2)))
    """
    n = len(rows)
    if n > LARGEST_INVERSE:
        raise Unevaluable(f"a matrix has more than {LARGEST_INVERSE} rows")
    whole = determinant(rows)
    if n == 1:
        return ((_quotient(1, whole),),)

    def minor(r: int, c: int) -> Any:
        return determinant(tuple(row[:c] + row[c + 1 :] for p, row in enumerate(rows) if p != r))

    return tuple(tuple(_quotient((-1) ** (r + c) * minor(c, r), whole) for c in range(n)) for r in range(n))
