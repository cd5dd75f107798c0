r"""Forward and reverse accumulation of a Jacobian as printed programs, every map and every Jacobian called once.

For $F = f_N \circ \dots \circ f_1$ the chain rule gives $J_F = J_{f_N} \cdots J_{f_1}$, each at the point where its map
is taken. *Forward accumulation* multiplies from the input on, beside the values: $J_{f_1}$, $J_{f_2} J_{f_1}$, ...
*Reverse accumulation* first works out the values and then multiplies from the output back: $J_{f_N}$,
$J_{f_N} J_{f_{N-1}}$, ... Both return the value $F(x)$ and $J_F(x)$.

Here the programs are written for any N, read again, and run on exact numbers by an interpreter that counts calls.

Source: Griewank, Walther, Evaluating Derivatives, 2nd ed., 2008, sections 3.1 and 3.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

from sympy import Symbol

from derive.claims.programs.reading import arguments, maps
from derive.claims.programs.running import run, times
from derive.errors import BadInput, OracleDisagrees
from derive.language import Array, Context, Partial, array, declare
from derive.language.comparing import samples
from derive.language.maps import Image
from derive.language.points import evaluate
from derive.language.programs import Program

MODES = ("forward", "reverse")
MOST_MAPS, POINTS, LARGEST_SIZE = 6, 6, 3


@dataclass(frozen=True)
class Counted:
    """What was seen of an accumulation program when it ran.

    Attributes:
        calls: (name, how often it was called in each run).
        points: How many exact points it was run at.
        values: How many numbers were compared.
    """

    calls: tuple[tuple[str, int], ...]
    points: int
    values: int


def names(count: int) -> tuple[str, ...]:
    """f, g, h for three maps, else f1, f2, ...

    Raises:
        BadInput: there is no map, or there are too many to be read.
    """
    if not 1 <= count <= MOST_MAPS:
        raise BadInput(f"a chain of 1 to {MOST_MAPS} maps can be written as a program here, not of {count}")
    return ("f", "g", "h") if count == 3 else tuple(f"f{k}" for k in range(1, count + 1))


def sizes(count: int) -> tuple[str, ...]:
    """The sizes of the input and of the values of each map."""
    return ("ell", "m", "n", "o") if count == 3 else tuple(f"n{k}" for k in range(count + 1))


def shapes(count: int) -> dict[str, str]:
    """The shapes of such a program.

    Example:
        >>> shapes(3)
        {'x': '(ell)', 'f': '(ell) -> (m)', 'g': '(m) -> (n)', 'h': '(n) -> (o)'}
    """
    ends = sizes(count)
    return {"x": f"({ends[0]})"} | {f: f"({ends[k]}) -> ({ends[k + 1]})" for k, f in enumerate(names(count))}


def accumulation(count: int, mode: str) -> str:
    """The text of the program for a chain of so many maps.

    Args:
        count: How many maps, 1 to MOST_MAPS.
        mode: 'forward' or 'reverse'.

    Raises:
        BadInput: another number of maps, or another mode.

    Example:
        >>> print(accumulation(2, "reverse"))
        def reverse(x):
            u1 = f1(x)
            y = f2(u1)
            J = J_f2(u1)
            J = J @ J_f1(x)
            return y, J
    """
    if mode not in MODES:
        raise BadInput(f"there is forward and reverse accumulation, and not {mode!r}")
    chain = names(count)
    values = ["x", *(f"u{k}" for k in range(1, count)), "y"]
    lines = [f"def {mode}(x):"]
    for k, f in enumerate(chain):
        lines.append(f"    {values[k + 1]} = {f}({values[k]})")
        if mode == "forward":
            lines.append(f"    J = J_{f}({values[k]})" + (" @ J" if k else ""))
    if mode == "reverse":
        for k in reversed(range(count)):
            lines.append(f"    J = {'J @ ' if k < count - 1 else ''}J_{chain[k]}({values[k]})")
    return "\n".join([*lines, "    return y, J"])


def is_accumulation(program: Program) -> bool:
    """Whether the program has the maps of a chain in a row, one vector, and returns two values."""
    ends = [(f.takes, f.gives) for f in program.functions]
    joined = all(one[1] == other[0] for one, other in pairwise(ends))
    last = program.statements[-1]
    single = len(program.parameters) == 1 and program.parameters[0].shape == (ends[0][0],) if ends else False
    return bool(ends) and joined and single and last.kind == "return" and len(last.values) == 2


def _points(context: Context) -> Iterator[dict[Symbol, int]]:
    """Sizes from 1 to LARGEST_SIZE, neighbours mostly unlike each other."""
    for number in range(POINTS):
        yield {s: 1 + (number + k * (number + 1)) % LARGEST_SIZE for k, s in enumerate(context.symbols)}


def count_calls(program: Program) -> Counted:
    """Run a program that returns F(x) and J_F(x) for the chain of its maps, in the order in which they are declared.

    At every point each map and each Jacobian must be called exactly once; the value must be that of the chain; and the
    matrix must be the product of the Jacobians, and the slopes of the chain found with dual numbers.

    Raises:
        OracleDisagrees: something is called another number of times, or a number is another one.
        BadInput: the program is not one of that kind.

    Example:
        >>> from derive.claims.programs.source import read_program
        >>> found = count_calls(read_program(accumulation(3, "forward"), shapes(3)))
        >>> found.calls
        (('f', 1), ('J_f', 1), ('g', 1), ('J_g', 1), ('h', 1), ('J_h', 1))
    """
    if not is_accumulation(program):
        raise BadInput(f"{program.name} does not accumulate: it needs one vector, maps in a row, and two results")
    names_of_sizes = program.sizes
    context = Context(tuple(declare(s, "size") for s in names_of_sizes))
    (parameter,) = program.parameters
    numbers_of = {s.name: s for s in context.symbols}
    ends = [e if isinstance(e, int) else numbers_of[e] for e in (program.functions[0].takes,
                                                                 *(f.gives for f in program.functions))]  # fmt: skip
    x = array(parameter.name, (1, ends[0]))
    chain: Array = x
    for f, end in zip(program.functions, ends[1:], strict=True):
        chain = Image(f.name, ((1, end),), chain)
    given = {x: samples(x)}
    looked = compared = 0
    calls: tuple[tuple[str, int], ...] = ()
    for point in _points(context):
        functions = maps(program, point)
        done = run(program, arguments(program, point, given), functions)
        calls = done.calls
        wrong = [(name, number) for name, number in calls if number != 1]
        if wrong:
            name, number = wrong[0]
            raise OracleDisagrees(f"{program.name} calls {name} {number} times and not once")
        value = arguments(program, point, given)[parameter.name]
        factors = []
        for f in program.functions:
            factors.append(functions[f"J_{f.name}"](value))
            value = functions[f.name](value)
        product_of = factors[0]
        for factor in factors[1:]:
            product_of = times(factor, product_of)
        if done.results != (value, product_of):
            raise OracleDisagrees(f"{program.name}: the results are not the chain's value and product of Jacobians")
        rows, columns = len(product_of), len(product_of[0])
        for i, j in product(range(rows), range(columns)):
            slope = evaluate(Partial(chain[i + 1], x[j + 1]), point, None, given)
            if slope != product_of[i][j]:
                raise OracleDisagrees(f"{program.name}: entry {i + 1}, {j + 1} of J is not the slope {slope}")
            compared += 1
        compared += rows
        looked += 1
    return Counted(calls, looked, compared)
