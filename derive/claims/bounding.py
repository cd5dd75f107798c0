"""Inequalities proved: the bound follows from what is known, from plainer forms of both sides, or by a law of bounds.

Laws that are tried: each term of a sum, Cauchy-Schwarz, Hölder's limiting case, the largest against the sum,
Bernoulli. What comes out is a chain of equations and bounds in one direction, accepted by the checker.
"""

from __future__ import annotations

from sympy import Abs, Expr, Pow, S

from derive.claims import normalising as form
from derive.claims.accepting import Proof
from derive.claims.laws_of_bounds import laws
from derive.claims.normalising import STUMBLES
from derive.claims.proving import MOST_DEPTH, equal
from derive.claims.searching import Search, turned
from derive.errors import DeriveError, RuleDoesNotApply
from derive.kernel.derivation import Move, Step
from derive.language import Compare, Context, Entry, IndexSum, Largest, declare, substitute, subterms
from derive.language.conditions import MIRROR
from derive.language.discharge import discharge
from derive.language.terms import names_in
from derive.rules.algebra import absolute_value, algebra, normal_form
from derive.rules.combine import Conversion, Moves, at, by, place_of
from derive.rules.norms import at_most_length, at_most_sum
from derive.rules.ranges import at_least, at_most, at_most_largest, largest_is, less_than, more_than
from derive.rules.sums import sum_of_constant

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
    for attempted in (_by_plans, _by_quotient, _as_a_term, _each, _under_root, _by_laws):
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


def _by_quotient(search: Search, context: Context, left: Expr, relation: str, right: Expr) -> Moves | None:
    """`u <= v` where v - u is a quotient with parts that are not negative: u is v less that."""
    if relation[0] != "<":
        return None
    quotient = normal_form(right - left)
    if quotient.is_Add or quotient in (right - left, S.Zero):
        return None
    if not discharge(context, Compare(MIRROR[relation], quotient, S.Zero)).shown:
        return None
    there = right - quotient
    moves = by(algebra, there)(context, left) if there != left else ()
    moves += by(_LAWS[relation], right)(context, there)
    return moves if search.accepts(context, left, right, moves, relation) else None


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


def _by_laws(
    search: Search, context: Context, left: Expr, relation: str, right: Expr, depth: int = 2
) -> Moves | None:
    """One law of bounds at a place of the left side, then an equation, what is known, or another law."""
    weak = relation[0] + "="
    tried: set[Expr] = set()
    for plan in ((form.settled,), (form.settled, form.spread_out)):
        start: Moves = ()
        for stage in plan:
            start += search.staged(stage, context, start[-1].after if start else left)
        here = start[-1].after if start else left
        if here in tried:
            continue
        tried.add(here)
        for part, law, onward in laws(context, here, weak):
            search.tick()
            try:
                moves = at(place_of(here, part), law)(context, here)
            except (DeriveError, *STUMBLES):
                continue
            signs = {m.relation for m in moves if m.relation != "="}
            if not moves or signs != {weak}:
                continue
            rest = _from_there(search, context, moves[-1].after, relation, right, depth - 1 if onward else 0)
            if rest is None:
                continue
            whole = start + moves + rest
            if search.accepts(context, left, right, whole, relation):
                return whole
    return None


def _from_there(
    search: Search, context: Context, here: Expr, relation: str, right: Expr, depth: int
) -> Moves | None:
    """The rest of the way, of which one step must be strict if the relation is."""
    weak = relation[0] + "="
    if search.fails(context, here, weak, right):
        return None
    if relation == weak and not search.fails(context, here, "=", right):
        rest = equal(search, context, here, right, MOST_DEPTH)
        if rest is not None:
            return rest
    if discharge(context, Compare(relation, here, right)).shown:
        return by(_LAWS[relation], right)(context, here)
    if depth > 0:
        return _by_laws(search, context, here, relation, right, depth)
    return None


def _under_root(search: Search, context: Context, left: Expr, relation: str, right: Expr) -> Moves | None:
    """`sqrt(u) <= b` by `u <= b**2`; then the root of b**2 is b."""
    if relation != "<=" or not (isinstance(left, Pow) and left.exp == S.Half):
        return None
    inner = _inside(search, context, left.base, right**2)
    if inner is None:
        return None
    moves: Moves = ()
    here = left
    for move in inner:
        if not (isinstance(here, Pow) and here.exp == S.Half and here.base == move.before):
            break  # SymPy has taken a factor out of the root
        moves += at((0,), _just(move))(context, here)
        here = moves[-1].after
    if here != right:
        moves += _rooted(search, context, here, right)
    return moves if search.accepts(context, left, right, moves, relation) else None


def _just(move: Move) -> Conversion:
    """The conversion that makes this move."""
    return lambda context, e: (move,)


def _inside(search: Search, context: Context, under: Expr, square: Expr) -> Moves | None:
    for attempted in (_as_a_term, _by_plans, _each, _by_laws):
        search.tick()
        try:
            moves = attempted(search, context, under, "<=", square)
        except (DeriveError, *STUMBLES):
            continue
        if moves:
            return moves
    return None


def _rooted(search: Search, context: Context, top: Expr, right: Expr) -> Moves:
    if isinstance(top, Abs):
        return by(absolute_value, 1)(context, top)
    moves = equal(search, context, top, right, MOST_DEPTH)
    if moves is None:
        raise RuleDoesNotApply("the root of the square of {} is not shown to be that", right)
    return moves


def _as_a_term(search: Search, context: Context, left: Expr, relation: str, right: Expr) -> Moves | None:
    """f(p) is a term of a sum of terms that are not negative, or among those of which the largest is taken."""
    rooted = isinstance(right, Pow) and right.exp == S.Half
    whole, wanted = (right.base, left**2) if rooted else (right, left)
    if not isinstance(whole, (IndexSum, Largest)) or relation != "<=":
        return None
    law = at_most_largest if isinstance(whole, Largest) else at_most_sum if wanted == left else at_most_length
    for entry in subterms(left):
        for place in entry.indices if isinstance(entry, Entry) else ():
            if substitute(whole.body, {whole.index: place}) == wanted:
                return by(law, whole, place)(context, left)
    return None


def _each(search: Search, context: Context, left: Expr, relation: str, right: Expr) -> Moves | None:
    """The largest of some, or a sum: each of them is at most the same number."""
    if relation != "<=" or not isinstance(left, (Largest, IndexSum)) or left.is_endless:
        return None
    count = left.high - left.low + 1
    most = right if isinstance(left, Largest) else right / count
    if left.index in most.free_symbols:
        return None

    def one(there: Context, e: Expr) -> Moves:
        step = by(at_most, most)(there, e)
        if all(discharge(there, c).shown for m in step if isinstance(m, Step) for c in m.conditions):
            return step
        within = there.with_declarations(declare(left.index.name, "integer"))
        for attempted in (_as_a_term, _under_root):
            found = attempted(search, within, e, "<=", most)
            if found is not None:
                return found
        raise RuleDoesNotApply("{} is not shown to be at most {}", e, most)

    moves = at((0,), one)(context, left)
    last = by(largest_is, left.low) if isinstance(left, Largest) else by(sum_of_constant)
    moves += last(context, moves[-1].after if moves else left)
    if moves[-1].after != right:
        moves += by(algebra, right)(context, moves[-1].after)
    return moves if search.accepts(context, left, right, moves, relation) else None
