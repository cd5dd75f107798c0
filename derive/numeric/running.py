"""Powers that a loop can carry along: `a**(n - k)` is the one before times a, which costs a tenth of a power.

A product of many factors drifts, and one that has become tiny has lost its digits. So the power is worked out afresh
every 64 indices, and at each of the 64 where the first one or the factor is not of ordinary size: by 63 products of
rounded factors at most about 64 units in the last place are lost, 1e-14 of the value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Basic, Expr, Integer, Pow, Symbol

from derive.language import Cases, Entry, Ranged
from derive.language.symbols import is_integer
from derive.language.terms import expanded
from derive.numeric.tables import Filled

BLOCK = 64
"""Indices after which a power is worked out afresh."""

_LOOPS = (Ranged, Filled, Cases, Entry)
_STEEPEST = 8
"""Largest multiple of the index in an exponent; a larger one would leave few powers of ordinary size."""


@dataclass(frozen=True)
class Running:
    """A power whose exponent rises by `slope` from one index to the next (falls where it is negative)."""

    power: Pow
    slope: int


def running_powers(body: Expr, index: Symbol) -> list[Running]:
    """The powers of a summand that a loop over the index can carry along, each once.

    Example:
        >>> from derive.language import integer, real
        >>> a, k, n = real("a"), integer("k"), integer("n")
        >>> running_powers(k * a**(n - 2*k) + a**n, k)
        [Running(power=a**(-2*k + n), slope=-2)]
    """
    found = [Running(part, slope) for part in _powers(body) if (slope := _slope(part, index))]
    return list(dict.fromkeys(found))


def _powers(term: Basic) -> Iterator[Pow]:
    """Powers outside of inner sums and tables, whose index would be another one; in the order of the term."""
    if isinstance(term, (Ranged, Filled)):
        return
    if isinstance(term, Pow):
        yield term
    for part in term.args:
        yield from _powers(part)


def _slope(power: Pow, index: Symbol) -> int:
    """By how much the exponent rises with the index; 0 where the power cannot be carried along."""
    base, exponent = power.args
    # The base is worked out before the loop, so it must not be something that a case in the body guards.
    if index in base.free_symbols or base.has(*_LOOPS) or not is_integer(exponent):
        return 0
    slope = expanded(exponent).coeff(index)
    rest = expanded(exponent - slope * index)
    if not isinstance(slope, Integer) or abs(slope) > _STEEPEST or rest.has(*_LOOPS):
        return 0
    return 0 if index in rest.free_symbols else int(slope)
