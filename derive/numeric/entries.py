"""Arrays as oracles see them: functions of their indices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import inf
from typing import Any

from sympy import Expr, Symbol, oo

from derive.errors import Undefined
from derive.language import Array
from derive.language.numbers import as_rational
from derive.language.points import Samples, evaluate


def entry_function(
    array: Array, samples: Samples, point: Mapping[Symbol, Fraction], convert: Callable[[Fraction], Any]
) -> Callable[..., Any]:
    """The array as a function of its indices, with its out-of-range convention.

    Args:
        array: Its range may depend on the point.
        samples: Its entries.
        point: Values of the symbols.
        convert: Makes the numbers that the function gives from exact ones.

    Example:
        >>> from derive.language import array
        >>> w = entry_function(array("w", (0, 2), outside="wraps"), Samples({(1,): Fraction(1, 2)}), {}, float)
        >>> w(1), w(4), w(2)
        (0.5, 0.5, 0.0)
    """
    axes: list[tuple[float | int, float | int]] = []
    known: dict[tuple[int, ...], Any] = {}

    def entry(*indices: int) -> Any:
        if indices in known:
            return known[indices]
        if not axes:  # asked for only now: a range that has no value is no error of an array that nobody reads
            axes.extend((_end(low, point), _end(high, point)) for low, high in array.axes)
        places = []
        for index, (low, high) in zip(indices, axes, strict=True):
            if array.outside == "wraps":
                index = int(low + (index - low) % (high - low + 1))
            elif array.outside == "error" and not low <= index <= high:
                raise Undefined(f"{array.name}{list(indices)} is out of range")
            places.append(index)
        known[indices] = convert(samples(*places))
        return known[indices]

    return entry


def _end(end: Expr, point: Mapping[Symbol, Fraction]) -> float | int:
    """The value of a limit, perhaps infinite."""
    if end.is_infinite:
        return inf if end is oo else -inf
    return int(as_rational(evaluate(end, point)))
