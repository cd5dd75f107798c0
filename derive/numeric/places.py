"""Points with the numbers of all free arrays, and compiled functions at many of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from sympy import Symbol

from derive.language import Array
from derive.language.points import Samples
from derive.numeric.compile import COMPILERS, Grid, as_grid, compile_stacked


@dataclass(frozen=True)
class Place:
    """A point with the numbers of all free arrays."""

    point: Mapping[Symbol, Fraction]
    arrays: Mapping[Array, Samples]


Grids = dict[tuple[int, int], tuple[Samples, Grid]]
"""What was written in float64 before, with the samples whose place in memory is in the key."""


def compiler(backend: str, arrays: Sequence[Array]) -> Callable[..., Callable[..., Any]]:
    """What compiles for `values_at`: where each place has arrays of its own, NumPy takes all of them at once."""
    return compile_stacked if backend == "numpy" and arrays else COMPILERS[backend]


def values_at(
    function: Callable[..., Any],
    backend: str,
    places: Sequence[Place],
    arguments: Sequence[Symbol | Array],
    grids: Grids,
) -> Any:
    """The compiled function at all places: at once, or one by one for Numba where each has arrays of its own.

    Example:
        >>> from derive.language import Context, signal, integer
        >>> n, x = integer("n"), signal("x", 0)
        >>> places = [Place({n: Fraction(v)}, {x: Samples({(0,): Fraction(3), (1,): Fraction(v)})}) for v in (0, 1)]
        >>> made = compiler("numpy", [x])(n + x[n], Context(), [n, x])
        >>> values_at(made, "numpy", places, [n, x], {})
        array([3., 2.])
    """

    def column(argument: Symbol | Array) -> Any:
        if isinstance(argument, Symbol):
            return np.array([float(place.point[argument]) for place in places])
        return [_grid(place.arrays[argument], len(argument.axes), grids) for place in places]

    columns = [column(argument) for argument in arguments]
    if backend == "numpy" or all(isinstance(argument, Symbol) for argument in arguments):
        return np.broadcast_to(function(*columns), (len(places),))
    return np.array([float(function(*row)) for row in zip(*columns, strict=True)])


def _grid(samples: Samples, axes: int, grids: Grids) -> Grid:
    """The entries in float64, written once for result, definition and every backend."""
    key = id(samples), axes
    if key not in grids:
        grids[key] = samples, as_grid(samples, axes)
    return grids[key][1]
