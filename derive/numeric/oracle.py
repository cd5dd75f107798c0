"""Asking an oracle: its value, or why there is none to be compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from derive.errors import Undefined, Unevaluable

_NO_VALUE = {
    ZeroDivisionError: "the oracle divides by 0",
    Undefined: "the oracle is undefined",
    Unevaluable: "the oracle has no value that it can compute",
    OverflowError: "the oracle overflows",
}


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
