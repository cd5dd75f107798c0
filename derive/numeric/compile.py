"""Terms compiled to NumPy and to Numba: definitions as loops, closed forms as formulas, cases by masks.

Both compilers work in float64. Integers are exact there up to 2**53, and larger ones are refused at the door: compiled
integers would overflow without a word. A number too large for float64 becomes infinite, and what mathematics does not
define is NaN; neither gives a warning, and neither is ever replaced by a plausible number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from sympy import Dummy, Expr, Symbol

from derive.errors import BadInput, Unevaluable
from derive.language import Array, Context
from derive.language.points import Samples
from derive.numeric import by_numba, by_numpy
from derive.numeric.by_numpy import Stacked
from derive.numeric.code import Names
from derive.numeric.inlining import inlined, windowed

LARGEST = 2**53
"""Beyond it float64 does not tell neighbouring integers apart."""

NUMBA_PAYS_FROM: Mapping[tuple[bool, bool], int] = {
    (True, False): 1_500_000,
    (True, True): 20_000_000,
    (False, False): 10_000_000,
    (False, True): 40_000_000,
}
"""Points above which compiling with Numba is won back, by (whether the term has loops, whether all points share their
sizes and ratios): measured for the definition and for the closed form of a FIR filter (`tests/bench`), the import of
Numba included, which is half of it."""

_BLOCK = {"numpy": 1 << 15, "numba": 1 << 14, "numba on all cores": 1 << 18}
"""Points worked on at a time: NumPy's intermediate results stay in the cache, as do the numbers that are written once
for each point for Numba though they are the same at all; several cores are worth waking for more."""


@dataclass(frozen=True)
class Grid:
    """Numbers of an array: `values[i - first]` on each axis, and nothing beside."""

    values: Any
    first: tuple[int, ...]

    @property
    def last(self) -> tuple[int, ...]:
        """The greatest index on each axis."""
        return tuple(a + n - 1 for a, n in zip(self.first, np.shape(self.values), strict=True))


def as_grid(samples: Samples, axes: int = 1) -> Grid:
    """Exact samples in float64.

    Example:
        >>> as_grid(Samples({(2,): Fraction(1, 2), (4,): Fraction(3)}))
        Grid(values=array([0.5, 0. , 3. ]), first=(2,))
    """
    if not samples.values:
        return Grid(np.zeros((0,) * axes), (0,) * axes)
    places = np.array(list(samples.values), dtype=np.int64).reshape(len(samples.values), axes)
    first, last = places.min(axis=0), places.max(axis=0)
    values, numbers = np.zeros(last - first + 1), [float(value) for value in samples.values.values()]
    values[tuple((places - first).T)] = numbers if axes else numbers[0]
    return Grid(values, tuple(int(i) for i in first))


def compile_numpy(term: Expr, context: Context, arguments: Sequence[Symbol | Array]) -> Callable[..., Any]:
    """The term as a function of NumPy arrays that broadcast.

    Args:
        term: A definition with index sums, or a closed form with cases.
        context: Gives the definitions of arrays, and the hypotheses that make infinite sums finite.
        arguments: Symbols (numbers or arrays of numbers) and arrays without a definition (`Grid`), in the order in
            which the function takes them.

    Returns:
        A function that gives float64 in the common shape of its arguments, NaN where the term is undefined.

    Raises:
        Unevaluable: a symbol or array is missing among the arguments, an infinite sum stays infinite, or a head has
            no code. The function itself raises it for integers beyond 2**53 and sums of millions of terms.

    Example:
        >>> from derive.language import IndexSum, integer
        >>> k, n = integer("k"), integer("n")
        >>> compile_numpy(IndexSum(k, k, 1, n), Context(), [n])(np.array([-3, 0, 4]))
        array([ 0.,  0., 10.])
    """
    plan = _Plan(term, context, arguments, by_numpy.function)

    def run(out: Any, columns: list[Any], extras: list[Any]) -> None:
        # Undefined is NaN by contract and overflow infinite; NumPy's warnings would only say so again.
        with np.errstate(all="ignore"):
            out[:] = plan.function(out.size, *columns, *extras)

    return plan.runner(run, _BLOCK["numpy"], spread=False)


def compile_numba(
    term: Expr, context: Context, arguments: Sequence[Symbol | Array], parallel: bool = False
) -> Callable[..., Any]:
    """As `compile_numpy`, compiled to machine code at the first call (about a second).

    Args:
        term: As for NumPy.
        context: As for NumPy.
        arguments: As for NumPy.
        parallel: Use all cores; worth it for millions of points.

    Example:
        >>> from derive.language import integer
        >>> n = integer("n")
        >>> float(compile_numba(n**2, Context(), [n])(5))
        25.0
    """
    plan = _Plan(term, context, arguments, by_numba.function)
    compiled = by_numba.kernel(plan.function, len(plan.symbols), plan.extras, parallel)

    def run(out: Any, columns: list[Any], extras: list[Any]) -> None:
        gave_up = np.zeros(out.size, dtype=bool)
        compiled(out, gave_up, *columns, *extras)
        if gave_up.any():
            raise Unevaluable(f"a sum has more than {by_numba.LONGEST_LOOP} steps")

    return plan.runner(run, _BLOCK["numba on all cores" if parallel else "numba"], spread=True)


def compile_stacked(term: Expr, context: Context, arguments: Sequence[Symbol | Array]) -> Callable[..., Any]:
    """As `compile_numpy`, for points that have arrays of their own: a function of columns, and of a `Grid` a point.

    Example:
        >>> from derive.language import IndexSum, integer, signal
        >>> k, n = integer("k"), integer("n")
        >>> x = signal("x", 0, n)
        >>> grids = [as_grid(Samples({(0,): Fraction(1), (1,): Fraction(v)})) for v in (2, 3)]
        >>> compile_stacked(IndexSum(x[k], k, 0, n), Context(), [n, x])(np.array([0.0, 1.0]), grids)
        array([1., 4.])
    """
    plan = _Plan(term, context, arguments, by_numpy.function, own=True)

    def run(*values: Any) -> Any:
        given = list(zip(plan.arguments, values, strict=True))
        columns = [as_column(a, value) for a, value in given if isinstance(a, Symbol)]
        size = len(values[-1] if plan.extras else columns[0])
        extras = [part for a, value in given if isinstance(a, Array) for part in _stack(a, value)]
        with np.errstate(all="ignore"):
            return np.broadcast_to(plan.function(size, *columns, *extras, np.arange(size)), (size,))

    return run


def _stack(array: Array, grids: Sequence[Grid]) -> list[Any]:
    """The numbers of all points, NaN beside those of each, and the ends of each axis for every point."""
    axes = range(len(array.axes))
    shape = [max(grid.values.shape[axis] for grid in grids) for axis in axes]
    data = np.full((len(grids), *shape), np.nan)
    for number, grid in enumerate(grids):
        place: tuple[Any, ...] = (number, *map(slice, grid.values.shape))
        data[place] = grid.values
    ends = [(grid.first, grid.last) for grid in grids]
    return [data, *(np.array([float(of[side][axis]) for of in ends]) for axis in axes for side in (0, 1))]


COMPILERS: Mapping[str, Callable[..., Callable[..., Any]]] = {"numpy": compile_numpy, "numba": compile_numba}


def for_size(points: int, loops: bool = True, alike: bool = False) -> str:
    """The backend that is done first with so many points, compiling included.

    Args:
        points: How many.
        loops: Whether the term has sums to be added up, as a definition has and a closed form has not.
        alike: Whether all points share their sizes and ratios; NumPy then does whole arrays with one power.

    Example:
        >>> for_size(1000), for_size(10_000_000)
        ('numpy', 'numba')
    """
    return "numba" if points >= NUMBA_PAYS_FROM[loops, alike] else "numpy"


class _Plan:
    """What both compilers share: arguments in, blocks of points through a function, float64 out."""

    def __init__(
        self,
        term: Expr,
        context: Context,
        arguments: Sequence[Symbol | Array],
        write: Callable[..., Any],
        own: bool = False,
    ) -> None:
        self.arguments = tuple(arguments)
        self.symbols = [a for a in arguments if isinstance(a, Symbol)]
        arrays = tuple(a for a in arguments if isinstance(a, Array))
        narrow, inner, windows = windowed(term, context, arrays)
        names, point = Names(), Dummy("point", integer=True)
        constants: dict[Symbol, str] = {}
        lookups: dict[Array, Any] = {}
        extra: list[str] = []
        for given in arrays:
            array, ends = windows[given]
            data = names.fresh()
            for pair in ends:
                constants.update({end: names.fresh() for end in pair})
            firsts = tuple(first for first, _ in ends)
            lookups[array] = Stacked(data, point, firsts) if own else (data, tuple(constants[f] for f in firsts))
            extra += [data, *(constants[end] for pair in ends for end in pair)]
        self.extras = len(extra)
        if own:
            constants[point] = names.fresh()
            extra.append(constants[point])
        plain = inlined(narrow, inner)
        self.function = write(plain, self.symbols, lookups, extra, names, constants)

    def runner(self, run: Callable[..., None], block: int, spread: bool) -> Callable[..., Any]:
        """A function of the arguments that hands blocks of points to `run`."""

        def function(*values: Any) -> Any:
            if len(values) != len(self.arguments):
                raise BadInput(f"{len(self.arguments)} arguments are taken, not {len(values)}")
            columns: list[Any] = []
            extras: list[Any] = []
            for argument, value in zip(self.arguments, values, strict=True):
                if isinstance(argument, Symbol):
                    columns.append(as_column(argument, value))
                else:
                    extras += _grid_parts(argument, value)
            shape = np.broadcast_shapes(*(c.shape for c in columns))
            flat = [_flat(c, shape) for c in columns]
            out = np.empty(int(np.prod(shape)))
            wide = [np.full(min(block, out.size), c) if spread and not np.ndim(c) else None for c in flat]
            for here in _blocks(out.size, block):
                rows = [
                    c[here] if np.ndim(c) else c if w is None else w[: here.stop - here.start]
                    for c, w in zip(flat, wide, strict=True)
                ]
                run(out[here], rows, extras)
            return out.reshape(shape)

        return function


def _flat(column: Any, shape: tuple[int, ...]) -> Any:
    """One value a point, or one number for all points; writable, since Numba compiles read-only arrays once more."""
    if column.ndim == 0:
        return column[()]
    wide = column if column.shape == shape else np.broadcast_to(column, shape).copy()
    return wide.reshape(-1)


def _blocks(size: int, block: int) -> Iterator[slice]:
    for first in range(0, size, block):
        yield slice(first, min(first + block, size))


def as_column(symbol: Symbol, value: Any) -> Any:
    """Values of a symbol as float64, after a look at what they are.

    Raises:
        Unevaluable: an integer beyond 2**53, a fraction for an integer, or no number at all.
    """
    found = np.asarray(value)
    if found.dtype == object:
        found = _from_objects(symbol, found)
    if found.dtype.kind not in "iuf":
        raise Unevaluable(f"the values of {symbol} must be numbers, not {found.dtype}")
    if found.dtype.kind in "iu" and found.size and (int(found.max()) > LARGEST or int(found.min()) < -LARGEST):
        raise Unevaluable(f"a value of {symbol} is beyond 2**53, where float64 no longer holds every integer")
    column = found.astype(np.float64)
    if found.dtype.kind == "f":
        if not np.isfinite(column).all():
            raise Unevaluable(f"a value of {symbol} is not finite")
        if symbol.is_integer:
            if (column != np.floor(column)).any():
                raise Unevaluable(f"{symbol} is an integer, and a value given for it is not")
            if (np.abs(column) > LARGEST).any():
                raise Unevaluable(f"a value of {symbol} is beyond 2**53, where float64 no longer holds every integer")
    return column


def _from_objects(symbol: Symbol, found: Any) -> Any:
    """Python's integers and fractions, which NumPy holds as objects, in float64."""
    values = []
    for value in found.reshape(-1):
        if not isinstance(value, (int, float, Fraction)):
            raise Unevaluable(f"the values of {symbol} must be numbers, not {type(value).__name__}")
        if isinstance(value, int) and abs(value) > LARGEST:
            raise Unevaluable(f"a value of {symbol} is beyond 2**53, where float64 no longer holds every integer")
        values.append(float(value))
    return np.array(values).reshape(found.shape)


def _grid_parts(array: Array, value: Any) -> list[Any]:
    if not isinstance(value, Grid) or len(value.first) != len(array.axes):
        raise BadInput(f"{array.name} is given as a Grid with {len(array.axes)} axes, not {value!r}")
    parts: list[Any] = [np.array(value.values, dtype=np.float64, order="C")]
    for first, last in zip(value.first, value.last, strict=True):
        parts += [np.float64(first), np.float64(last)]
    return parts
