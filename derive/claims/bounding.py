"""Inequalities proved: the bound follows from what is known, from plainer forms of both sides, or by a law of bounds.

Laws that are tried: each term of a sum, Cauchy-Schwarz, Hölder's limiting case, the largest against the sum,
Bernoulli. What comes out is a chain of equations and bounds in one direction, accepted by the checker.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Mul, Pow

from derive.claims import normalising as form
from derive.claims.accepting import Proof
from derive.claims.normalising import STUMBLES, safely
from derive.claims.proving import equal
from derive.claims.searching import Search, turned
from derive.errors import DeriveError
from derive.kernel.derivation import composed
from derive.language import Compare, Context, IndexSum, Largest, substitute, subterms
from derive.language.conditions import MIRROR
from derive.language.discharge import discharge
from derive.language.terms import names_in
from derive.rules.algebra import algebra
from derive.rules.combine import Conversion, Moves, at, by, place_of
from derive.rules.norms import cauchy_schwarz, hoelder_largest, spectral_bound
from derive.rules.powers import bernoulli, real_bernoulli
from derive.rules.ranges import (
    at_least,
    at_most,
    largest_at_most_sum,
    less_than,
    more_than,
    sum_at_most_largest,
)

_LAWS = {"<=": at_most, ">=": at_least, "<": less_than, ">": more_than}
_PLANS = (
    (),
    (form.settled, form.written_out, form.spread_out),
    (form.unfolded, form.settled, form.spread_out),
    (form.moments, form.spread_out),
    (form.settled, form.closed),
    (form.settled, form.windowed, form.settled, form.unfolded, form.settled, form.closed),
)


def bounded(search: Search, context: Context, left: Expr, relation: str, right: Expr) -> Proof | None:
    """A proof of `left relation right`."""
    for attempted in (_by_plans, _by_laws):
        for one, sign, other in ((left, relation, right), (right, MIRROR[relation], left)):
            if attempted is _by_plans and one is right and one is not left:
                continue
            search.tick()
            try:
                moves = attempted(search, context, one, sign, other)
            except (DeriveError, *STUMBLES):
                continue
            if moves:
                return search.proof(context, one, other, moves, sign)
    return None


def _by_plans(search: Search, context: Context, left: Expr, relation: str, right: Expr) -> Moves | None:
    seen = set()
    for plan in _PLANS:
        down: list[Moves] = [(), ()]
        ends = [left, right]
        for stage in plan:
            search.tick()
            for side in (0, 1):
                moves = search.staged(stage, context, ends[side])
                if moves:
                    down[side], ends[side] = down[side] + moves, moves[-1].after
        key = tuple(ends)
        if key in seen:
            continue
        seen.add(key)
        try:
            shown = discharge(context, Compare(relation, *ends)).shown
        except (DeriveError, *STUMBLES):
            continue
        if shown:
            moves = down[0] + by(_LAWS[relation], ends[1])(context, ends[0]) + turned(down[1])
            if search.accepts(context, left, right, moves, relation):
                return moves
        termwise = _termwise(search, context, ends[0], relation, ends[1])
        if termwise is not None:
            moves = down[0] + termwise + turned(down[1])
            if search.accepts(context, left, right, moves, relation):
                return moves
    return None


def _termwise(search: Search, context: Context, left: Expr, relation: str, right: Expr) -> Moves | None:
    """Each term of a sum, or each of the numbers of which the largest is taken, by one of the other."""
    if not (isinstance(left, (IndexSum, Largest)) and type(left) is type(right)) or relation in ("<", ">"):
        return None
    if (left.low, left.high) != (right.low, right.high) or right.index.name in names_in(left) - {left.index.name}:
        return None
    body = substitute(right.body, {right.index: left.index})
    try:
        moves = at((0,), by(_LAWS[relation], body))(context, left)
    except (DeriveError, *STUMBLES):
        return None
    here = moves[-1].after if moves else left
    return moves if here == right else moves + by(algebra, right)(context, here)


def _by_laws(search: Search, context: Context, left: Expr, relation: str, right: Expr) -> Moves | None:
    """One law of bounds at a place of the left side, then an equation or what is known."""
    weak = relation[0] + "="
    start = safely(form.settled)(context, left)
    here = start[-1].after if start else left
    for part, law in _laws(here):
        search.tick()
        try:
            moves = at(place_of(here, part), law)(context, here)
        except (DeriveError, *STUMBLES):
            continue
        signs = [m.relation for m in moves if m.relation != "="]
        if not moves or signs != [weak]:
            continue
        after = moves[-1].after
        rest: Moves | None = equal(search, context, after, right, 3) if relation == weak else None
        if rest is None and discharge(context, Compare(relation, after, right)).shown:
            rest = by(_LAWS[relation], right)(context, after)
        if rest is None:
            continue
        whole = start + moves + rest
        if composed(weak, rest[-1].relation if rest else "=") == relation and search.accepts(
            context, left, right, whole, relation
        ):
            return whole
    return None


def _laws(e: Expr) -> Iterator[tuple[Expr, Conversion]]:
    for part in subterms(e):
        if not isinstance(part, Expr):
            continue
        square = isinstance(part, Pow) and part.exp == 2 and isinstance(part.base, IndexSum)
        if square or isinstance(part, IndexSum):
            total = part.base if square else part
            for first, second in _factors(total.body):
                yield part, by(cauchy_schwarz, first, second)
                if not square:
                    yield part, by(hoelder_largest, first, second)
        if isinstance(part, IndexSum):
            yield part, by(sum_at_most_largest)
            yield part, by(spectral_bound)
        if isinstance(part, Largest):
            yield part, by(largest_at_most_sum)
        if isinstance(part, Pow):
            yield part, by(bernoulli)
            yield part, by(real_bernoulli)


def _factors(body: Expr) -> Iterator[tuple[Expr, Expr]]:
    factors = Mul.make_args(body)
    for place, one in enumerate(factors if len(factors) < 6 else ()):
        rest = Mul(*(f for k, f in enumerate(factors) if k != place))
        yield one, rest
        if rest != 1:
            yield rest, one
    yield body, body / body

