r"""Indicators and partial derivatives, inert.

`Indicator(condition)` is 1 where the condition holds and 0 elsewhere (Iverson's bracket); a Kronecker delta is the
indicator of an equation between indices. `Partial(term, x[j])` is the derivative of the term by the number x[j], all
other numbers of x and all other free arrays fixed; what an array is by definition depends on x through its definition.

Source: Knuth, Two notes on notation, arXiv:math/9205211; Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed.,
section 2.1, (2.4).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr

from derive.errors import IllFormed
from derive.language.conditions import Condition, as_expr, eq
from derive.language.terms import Entry


class Indicator(Expr):
    """1 where the condition holds, 0 elsewhere."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, condition: Condition) -> Indicator:
        if not isinstance(condition, Condition):
            raise IllFormed(f"{condition!r} is not a condition")
        made: Indicator = Expr.__new__(cls, condition)
        return made

    @property
    def condition(self) -> Condition:
        """What is indicated."""
        return self.args[0]

    def _sympystr(self, printer: Any) -> str:
        return f"[{printer.doprint(self.condition)}]"


def delta(one: Any, other: Any) -> Indicator:
    """Kronecker's delta of two indices.

    Example:
        >>> from derive.language import integer
        >>> delta(integer("i"), integer("j"))
        [i = j]
    """
    return Indicator(eq(one, other))


class Partial(Expr):
    """The derivative of a term by one number of an array."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, term: Any, by: Entry) -> Partial:
        if not isinstance(by, Entry):
            raise IllFormed(f"{by!r} is not an entry of an array: nothing can be differentiated by it")
        made: Partial = Expr.__new__(cls, as_expr(term), by)
        return made

    @property
    def term(self) -> Expr:
        """What is differentiated."""
        return self.args[0]

    @property
    def by(self) -> Entry:
        """By which number."""
        return self.args[1]

    def _sympystr(self, printer: Any) -> str:
        return f"d({printer.doprint(self.term)})/d({printer.doprint(self.by)})"
