"""How two sides that are not equal differ: by a factor or a term that is short."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb, prod

from sympy import Add, Expr, Integer, Mul, Pow

from derive.claims import normalising as form
from derive.claims.clock import now
from derive.claims.normalising import STUMBLES, safely
from derive.claims.proving import equation
from derive.claims.searching import Search
from derive.claims.statements import Statement
from derive.errors import DeriveError
from derive.language import Context, Entry, Ranged, subterms
from derive.language.discharge import discharge
from derive.language.wellformed import obligations
from derive.rules import load_laws
from derive.rules.algebra import normal_form
from derive.rules.combine import then
from derive.rules.time_limit import OutOfTime

_LONGEST, _SECONDS = 9, 0.25
"""Operations in what is told."""
_WIDEST = 2_000
"""Terms that are written out."""


def differing(statement: Statement, until: float) -> tuple[Expr | None, Expr | None]:
    """(left / right, None) or (None, left - right), whichever is shorter, if it is short and proved."""
    load_laws()
    left, right, context = statement.left, statement.right, statement.context
    assert isinstance(left, Expr) and isinstance(right, Expr)
    search = Search(min(until, now() + _SECONDS))
    ends = _Ends(context, left, right)
    try:
        ratio = _short(search, context, ends, quotient=True)
    except (OutOfTime, DeriveError, *STUMBLES):
        ratio = None
    if ratio is not None and ratio.is_Rational:
        return ratio, None
    search.until = min(until, now() + _SECONDS)
    try:
        difference = _short(search, context, ends, quotient=False)
    except (OutOfTime, DeriveError, *STUMBLES):
        difference = None
    if ratio is not None and (difference is None or ratio.count_ops() < difference.count_ops()):
        return ratio, None
    return None, difference


def _spread(e: Expr) -> int:
    """At most so many terms has it when it is multiplied out."""
    if isinstance(e, Add):
        return sum(map(_spread, e.args))
    if isinstance(e, Mul):
        return prod(map(_spread, e.args))
    if isinstance(e, Pow) and isinstance(e.exp, Integer):
        terms, power = _spread(e.base), abs(int(e.exp))
        return 1 if terms == 1 else comb(min(terms, _WIDEST) + power - 1, min(power, _WIDEST))
    return 1


class _Ends:
    """The two sides, as they are and in closed form; the latter are worked out when they are asked for first."""

    def __init__(self, context: Context, left: Expr, right: Expr) -> None:
        self.context, self.left, self.right = context, left, right
        self.plain: tuple[Expr, Expr] | None = None

    def __iter__(self) -> Iterator[tuple[Expr, Expr]]:
        yield self.left, self.right
        if self.plain is None:
            plain = then(safely(form.unfolded), safely(form.settled), safely(form.closed))
            moved = [safely(plain)(self.context, side) for side in (self.left, self.right)]
            one, other = (m[-1].after if m else s for m, s in zip(moved, (self.left, self.right), strict=True))
            self.plain = one, other
        if self.plain != (self.left, self.right):
            yield self.plain


def _short(search: Search, context: Context, ends: _Ends, quotient: bool) -> Expr | None:
    left, right = ends.left, ends.right
    for one, other in ends:
        search.tick()
        if _spread(one) * _spread(other) > _WIDEST if quotient else _spread(one) + _spread(other) > _WIDEST:
            continue
        try:
            found = normal_form(one / other if quotient else one - other)
        except (DeriveError, *STUMBLES):
            continue
        if any(isinstance(t, Ranged) for t in subterms(found)):
            continue
        found = found.factor() if not found.has(Entry) else found
        if found.count_ops() > _LONGEST or found in (Integer(0), Integer(1)):
            continue
        if quotient and not found.is_Rational and found.has(Entry):
            continue
        known = all(discharge(context, c).shown for c in obligations(found, context))
        whole = found * right if quotient else found + right
        if known and equation(search, context, left, whole) is not None:
            return found
    return None
