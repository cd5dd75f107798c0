"""Heads that bind an index which runs over a range of integers: sums, products, the largest value, "for all".

`IndexSum(body, k, low, high)` is the sum of `body` over the integers k from low to high. **A sum over nothing is 0**
(SymPy follows Karr, where `Sum(1, (k, 0, -3))` is -2). With an infinite end it is the sum over all its terms where
that converges absolutely, in whichever order; if finitely many terms differ from 0 it is a finite sum.

The others have finite ranges. `Integral` runs over real numbers (integrals.py). `IndexProduct` over nothing is 1.
`Largest` over nothing has no value. `ForAll` is a condition: that its body holds at every index in the range; over
nothing it is true.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Self

from sympy import Basic, Expr, Symbol, nan, oo, zoo

from derive.errors import IllFormed
from derive.language.arrays import Array
from derive.language.conditions import Condition, as_expr, between


class Ranged(Basic):
    """A head with arguments (body, index, low, high), in whose body the index is bound."""

    may_be_endless = False
    keeps_integers = False
    """Whether the value is an integer if all values of the body are."""
    over_integers = True

    def __new__(cls, body: Any, index: Symbol, low: Any, high: Any) -> Self:
        low, high = as_expr(low), as_expr(high)
        if not (isinstance(index, Symbol) and bool(index.is_integer) == cls.over_integers):
            kind = "an integer" if cls.over_integers else "a real"
            raise IllFormed(f"the index {index} of a {cls.said()} must be {kind} symbol")
        # Infinite ends are recognised by sight: a term that SymPy has not yet worked out to be infinite is none.
        infinite = (cls.may_be_endless and low is -oo, cls.may_be_endless and high is oo)
        if (not infinite[0] and _is_infinite_somewhere(low)) or (not infinite[1] and _is_infinite_somewhere(high)):
            raise IllFormed(f"a {cls.said()} does not run from {low} to {high}")
        if index in low.free_symbols or index in high.free_symbols:
            raise IllFormed(f"the limits {low}..{high} of a {cls.said()} mention its own index {index}")
        made: Self = Basic.__new__(cls, cls._read(body), index, low, high)
        return made

    @classmethod
    def said(cls) -> str:
        """What it is called in messages."""
        return "sum"

    @classmethod
    def _read(cls, body: Any) -> Basic:
        return as_expr(body)

    @property
    def index(self) -> Symbol:
        """The bound index."""
        return self.args[1]

    @property
    def low(self) -> Expr:
        """The lower limit."""
        return self.args[2]

    @property
    def high(self) -> Expr:
        """The upper limit."""
        return self.args[3]

    @property
    def free_symbols(self) -> set[Basic]:
        """Symbols that are not bound."""
        inside: set[Basic] = self.args[0].free_symbols - {self.index}
        return inside | self.low.free_symbols | self.high.free_symbols

    @property
    def range_condition(self) -> Condition:
        """low <= index <= high"""
        return _between(self.low, self.index, self.high)

    @property
    def is_endless(self) -> bool:
        """Whether an end of the range is infinite."""
        return bool(self.low.is_infinite or self.high.is_infinite)

    def over(self, body: Any) -> Self:
        """The same head over the same range, with another body."""
        return type(self)(body, *self.args[1:])

    def _sympystr(self, printer: Any) -> str:
        body, index, low, high = (printer.doprint(a) for a in self.args)
        return f"{self.said()}({body}, {index}={low}..{high})"


class IndexSum(Ranged, Expr):
    """Sum of `body` over the integers `index` from `low` to `high`; 0 if there are none."""

    is_commutative = True
    may_be_endless = True

    @property
    def body(self) -> Expr:
        """The summand."""
        return self.args[0]

    def _eval_is_extended_real(self) -> bool | None:
        return self.body.is_extended_real


class IndexProduct(Ranged, Expr):
    """Product of `body` over the integers `index` from `low` to `high`; 1 if there are none."""

    is_commutative = True
    keeps_integers = True

    @classmethod
    def said(cls) -> str:
        """What it is called in messages."""
        return "product"

    @property
    def body(self) -> Expr:
        """The factor."""
        return self.args[0]

    def _eval_is_extended_real(self) -> bool | None:
        return True if self.body.is_extended_real else None


class Largest(Ranged, Expr):
    """The largest value of `body` over the integers `index` from `low` to `high`, of which there must be one."""

    is_commutative = True
    keeps_integers = True

    @classmethod
    def said(cls) -> str:
        """What it is called in messages."""
        return "largest"

    @property
    def body(self) -> Expr:
        """What is compared."""
        return self.args[0]

    def _eval_is_extended_real(self) -> bool | None:
        return True if self.body.is_extended_real else None


class Integral(Ranged, Expr):
    """The integral of `body` over the real numbers `index` from `low` to `high`, which is not below `low`."""

    is_commutative = True
    over_integers = False

    @classmethod
    def said(cls) -> str:
        """What it is called in messages."""
        return "integral"

    @property
    def body(self) -> Expr:
        """The integrand."""
        return self.args[0]

    def _eval_is_extended_real(self) -> bool | None:
        return True if self.body.is_extended_real else None


class ForAll(Ranged, Condition):
    """That `body` holds at every integer `index` from `low` to `high`."""

    @classmethod
    def said(cls) -> str:
        """What it is called in messages."""
        return "for all"

    @classmethod
    def _read(cls, body: Any) -> Basic:
        if not isinstance(body, Condition):
            raise IllFormed(f"{body!r} is not a condition")
        return body

    @property
    def body(self) -> Condition:
        """What holds at every index."""
        return self.args[0]


_between = lru_cache(4096)(between)
"""The search for a law asks for the same ranges again and again."""


def _is_infinite_somewhere(end: Basic) -> bool:
    """Whether an infinite number or an undefined value stands in the term; ranges of arrays are no part of it."""
    return end in (oo, -oo, zoo, nan) or any(_is_infinite_somewhere(a) for a in end.args if not isinstance(a, Array))
