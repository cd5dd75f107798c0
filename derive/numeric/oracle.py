"""Asking an oracle: its value, or why there is none to be compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Symbol

from derive.errors import Undefined, Unevaluable
from derive.language import Array, Context
from derive.language.outcomes import Outcomes
from derive.language.points import Evaluator

_NO_VALUE = {
    ZeroDivisionError: "the oracle divides by 0",
    Undefined: "the oracle is undefined",
    Unevaluable: "the oracle has no value that it can compute",
    OverflowError: "the oracle overflows",
}


def average(
    context: Context, point: Mapping[Symbol, Any], arrays: Mapping[Array, Callable[..., Any]], variant: int = 0
) -> Callable[[Callable[..., Any]], Any]:
    """The mean over all outcomes of the random arrays, gone through one by one, as a function of a function of them.

    Example:
        >>> from derive.language import array, chance
        >>> x = array("x", (1, 2))
        >>> c = Context(arrays=(x,), chances=(chance(x, mean=1, variance=4, entries="independent"),))
        >>> average(c, {}, {})(lambda x: x(1) * x(2)), average(c, {}, {})(lambda x: x(1) ** 2)
        (Fraction(1, 1), Fraction(5, 1))
    """
    law = Outcomes(context.chances, Evaluator(context, arrays, point), variant)

    def mean(function: Callable[..., Any]) -> Any:
        return law.averaged(lambda entries: function(*(entries[c.array] for c in context.chances)))

    return mean


class Skipped(Exception):
    """A point that cannot be compared; the message says why. Never leaves the spot check."""


def asked(oracle: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    """The oracle's value.

    Raises:
        Skipped: It has none.
    """
    try:
        return oracle(**values)
    except tuple(_NO_VALUE) as problem:
        raise Skipped(next(why for kind, why in _NO_VALUE.items() if isinstance(problem, kind))) from None
