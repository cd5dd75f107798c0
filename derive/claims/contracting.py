"""Sums over products of two matrices of which the product is known: inverses, and matrices that hypotheses speak of.

Such a sum may stand outside others, as in |Q u|^2 = sum over i, k, l of Q[i, k] u[k] Q[i, l] u[l]. All factors go
within all sums, the sum over i goes innermost, its constants go out of it, and Q'Q = I makes it a delta.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from sympy import Expr, Mul, Symbol

from derive.claims.normalising import STUMBLES, among, known, picked, safely, squared
from derive.claims.searching import by_discharge
from derive.errors import DeriveError, RuleDoesNotApply
from derive.language import Compare, Condition, Context, Entry, ForAll, IndexSum, eq, substitute, subterms
from derive.language.discharge import discharge
from derive.language.forms import Form
from derive.rules.bracketing import swapped
from derive.rules.combine import Conversion, Moves, at, by, first_of, then
from derive.rules.inverses import inverse_product
from derive.rules.norms import orthonormal
from derive.rules.sums import constant_out_of_sum

_DEEPEST = 5

Said = tuple[IndexSum, Expr, tuple[Symbol, ...]]


def contracted(context: Context, e: Expr) -> Moves:
    """Products with inverses, and those that hypotheses say, as what they are, wherever they stand in nested sums."""
    said = tuple(equation for fact in context.facts for equation in _said(fact))
    inverse = any(isinstance(t, Entry) and _is_inverse(t) for t in subterms(e))
    if not (said or inverse) or not any(isinstance(t, IndexSum) for t in subterms(e)):
        return ()

    def one(inner: Context, part: Expr) -> Moves:
        return _contracted(said, inner, part)

    return then(squared, safely(among(IndexSum, one)), picked)(context, e)


def _contracted(said: tuple[Said, ...], context: Context, e: Expr) -> Moves:
    """The first sum of the nest that is of two such factors, worked out."""
    levels, body = _levels(e)
    for depth, level in enumerate(levels[:_DEEPEST]):
        if not _may_be_known(said, body, level.index):
            continue
        moves: Moves = ()
        try:
            for number in range(depth, len(levels) - 1):
                moves += at((0,) * number, swapped)(context, moves[-1].after if moves else e)
            place = (0,) * (len(levels) - 1)
            return moves + at(place, _product_known(said))(context, moves[-1].after if moves else e)
        except (DeriveError, *STUMBLES):
            continue
    raise RuleDoesNotApply("{} is no sum over a product that is known", e)


def _product_known(said: tuple[Said, ...]) -> Conversion:
    def run(context: Context, e: Expr) -> Moves:
        moves: Moves = ()
        constant, _ = e.args[0].as_independent(e.args[1], as_Add=False)
        path: tuple[int, ...] = ()
        if constant != 1:
            moves = by(constant_out_of_sum)(context, e)
            path = next((k,) for k, f in enumerate(moves[-1].after.args) if isinstance(f, IndexSum))
        here = moves[-1].after if moves else e
        work = first_of(known(by(inverse_product)), known(by(orthonormal)), _by_what_is_said(said))
        return moves + at(path, work)(context, here)

    return run


def _by_what_is_said(said: tuple[Said, ...]) -> Conversion:
    def run(context: Context, e: Expr) -> Moves:
        for value in _values(said, e):
            if discharge(context, eq(e, value)).shown:
                return by_discharge(context, e, value)
        raise RuleDoesNotApply("nothing is said of {}", e)

    return run


def _values(said: tuple[Said, ...], e: Expr) -> Iterator[Expr]:
    """What the equations say that the sum is, at the indices that make it theirs."""
    if not isinstance(e, IndexSum):
        return
    for pattern, value, bound in said:
        wanted = Mul.make_args(substitute(pattern.body, {pattern.index: e.index}))
        for factors in permutations(Mul.make_args(e.body)):
            places = _places(wanted, factors, bound)
            if places is not None and substitute(pattern, places).args[2:] == e.args[2:]:
                yield substitute(value, places)


def _places(
    wanted: tuple[Expr, ...], factors: tuple[Expr, ...], bound: tuple[Symbol, ...]
) -> dict[Symbol, Expr] | None:
    """What the bound indices are where the factors are those that are wanted."""
    places: dict[Symbol, Expr] = {}
    if len(wanted) != len(factors):
        return None
    for one, other in zip(wanted, factors, strict=True):
        if not (isinstance(one, Entry) and isinstance(other, Entry) and one.array == other.array):
            return None
        for i, j in zip(one.indices, other.indices, strict=True):
            if i in bound and places.setdefault(i, j) == j:
                continue
            if i != j:
                return None
    return places


def _said(fact: Condition) -> Iterator[Said]:
    """Of `for all indices: sum = v` the sum, v, and the indices."""
    bound: tuple[Symbol, ...] = ()
    while isinstance(fact, ForAll):
        bound, fact = (*bound, fact.index), fact.body
    if isinstance(fact, Compare) and fact.op == "=" and isinstance(fact.left, IndexSum):
        yield fact.left, fact.right, bound


def _levels(e: Expr) -> tuple[list[IndexSum], Expr]:
    found = []
    while isinstance(e, IndexSum):
        found.append(e)
        e = e.body
    return found, e


def _may_be_known(said: tuple[Said, ...], body: Expr, k: Symbol) -> bool:
    """Whether there are just two factors with this index, entries of matrices whose product may be known."""
    factors = [f for f in Mul.make_args(body) if k in f.free_symbols]
    if len(factors) == 1 and factors[0].is_Pow and factors[0].exp == 2:
        factors = [factors[0].base] * 2
    if len(factors) != 2 or not all(isinstance(f, Entry) for f in factors):
        return False
    arrays = {f.array for f in factors}
    spoken = ({t.array for t in subterms(total) if isinstance(t, Entry)} for total, _, _ in said)
    return any(map(_is_inverse, factors)) or any(arrays <= found for found in spoken)


def _is_inverse(entry: Entry) -> bool:
    return isinstance(entry.array, Form) and entry.array.operation == "inverse"
