"""Equations of two terms of one head, by an equation of what stands within: sqrt(u) = sqrt(v) by u = v.

The inner equation is proved by itself and used as a lemma, for the lines on the way from u to v need not have a root:
that a sum of squares is not negative is seen, that the same sum multiplied out is not, is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sympy import Expr, Pow
from sympy.core.function import Application

from derive.claims.accepting import derivation_of
from derive.claims.searching import Search
from derive.language import Context, subterms
from derive.rules.combine import Moves, at, place_of
from derive.rules.lemmas import use_lemma

_DEEPEST, _MOST = 1, 3
Prove = Callable[[Search, Context, Expr, Expr, int], Moves | None]


def by_what_is_within(
    prove: Prove, search: Search, context: Context, left: Expr, right: Expr, depth: int
) -> Moves | None:
    """Moves by which what stands within a term of the left side becomes what stands within one of the right side."""
    if depth > _DEEPEST or context.random:
        return None
    for outer, one, other in _pairs(left, right):
        if search.fails(context, one, "=", other):
            continue
        inner = prove(search, context, one, other, depth + 2)
        if inner is None:
            continue
        lemma = replace(derivation_of(context, one, other, inner), name=f"claim, part {len(search.used) + 1}")
        search.used.append(lemma)
        place = (*place_of(left, outer), outer.args.index(one))
        moves = at(place, use_lemma(lemma, {}))(context, left)
        here = moves[-1].after
        rest = () if here == right else prove(search, context, here, right, depth + 1)
        if rest is not None and search.accepts(context, left, right, (*moves, *rest)):
            return (*moves, *rest)
        search.used.remove(lemma)
    return None


def _pairs(left: Expr, right: Expr) -> Iterator[tuple[Expr, Expr, Expr]]:
    """Terms of the left side, with what stands within them, and within one of the same kind on the right side."""
    ours, theirs = (list(dict.fromkeys(filter(_is_outer, subterms(side)))) for side in (left, right))
    for outer in [t for t in ours if t not in theirs][:_MOST]:
        for other in [t for t in theirs if t not in ours][:_MOST]:
            if outer.func is other.func and outer.args[1:] == other.args[1:] and outer.args[0] != other.args[0]:
                yield outer, outer.args[0], other.args[0]


def _is_outer(term: object) -> bool:
    """Whether it is a root, or a function of one number."""
    return (isinstance(term, Pow) and not term.exp.is_integer) or (
        isinstance(term, Application) and isinstance(term, Expr) and len(term.args) == 1
    )
