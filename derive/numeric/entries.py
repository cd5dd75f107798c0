"""Arrays as oracles see them: functions of their indices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from sympy import Integer, Symbol

from derive.errors import Undefined
from derive.language import Array
from derive.language.numbers import as_rational
from derive.language.points import Samples, evaluate, holds


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

    def entry(*indices: int) -> Any:
        places = []
        for index, (low, high) in zip(indices, array.axes, strict=True):
            if array.outside == "wraps":
                first, last = (int(as_rational(evaluate(end, point))) for end in (low, high))
                index = first + (index - first) % (last - first + 1)
            places.append(index)
        if array.outside == "error" and not holds(array.in_range(*(Integer(p) for p in places)), point):
            raise Undefined(f"{array.name}{places} is out of range")
        return convert(samples(*places))

    return entry
