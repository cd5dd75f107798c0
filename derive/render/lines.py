"""In which order the terms of a sum stand from line to line of a chain: what a step leaves alone keeps its place.

The usual order may move a term that was replaced, from `a y[n] + x[n+1]` to `x[n+1] + a sum(...)`. A reader compares
the lines term by term, so it stays where it was.
"""

from __future__ import annotations

from collections import Counter

from sympy import Add, Expr

from derive.errors import RenderError
from derive.render.document import Line
from derive.render.kinds import ends_in_sum, is_arithmetic, worked_terms
from derive.render.order import is_taken, sum_terms

_LONG = 5
"""Terms of a sum that may be broken."""


def usual(term: Expr) -> tuple[Expr, ...]:
    """The terms in their usual order, with their signs.

    Example:
        >>> from derive.language import integer
        >>> L, n = integer("L"), integer("n")
        >>> usual(n - L + 1)
        (n, -L, 1)
    """
    if is_arithmetic(term):
        return (term,)
    return tuple(-part if taken else part for taken, part in sum_terms(term))


def in_place(before: tuple[Expr, ...], after: Expr, sum_first: bool = False) -> tuple[Expr, ...]:
    """How `after` is written under a line whose terms stand as in `before`: what has changed keeps its place.

    Args:
        before: The terms of the line above as they are written; some may be sums, written in brackets.
        after: The next line.
        sum_first: Whether an index sum among the new terms comes before the rest of them, kept together: the last
            term of a sum, split off, is written after it.

    Example:
        >>> from derive.language import IndexSum, integer
        >>> k, n = integer("k"), integer("n")
        >>> total = IndexSum(k, k, 0, n)
        >>> in_place((IndexSum(k, k, 0, n + 1),), total + n + 1, sum_first=True)
        (sum(k, k=0..n), n + 1)
        >>> in_place((total, n + 1), n * (n + 1) / 2 + n + 1)
        (n*(n + 1)/2, n + 1)
    """
    if not isinstance(after, Add) or is_arithmetic(after):
        return (after,)
    left = list(after.args)
    kept: list[Expr | None] = []
    for group in before:
        parts = Add.make_args(group)
        stays = all(part in left for part in parts)
        kept.append(group if stays else None)
        if stays:
            left = [part for part in left if part not in parts]
    rest = Add(*left)
    new = usual(rest) if left else ()
    if sum_first:
        sums = tuple(t for t in new if ends_in_sum(t))
        others = Add(*(t for t in new if not ends_in_sum(t)))
        new = (*sums, others) if others != 0 else sums
    elif all(group is None for group in kept):
        return usual(after)
    place = kept.index(None) if None in kept else len(kept)
    found = (*(g for g in kept[:place] if g is not None), *new, *(g for g in kept[place:] if g is not None))
    starts_well = not is_taken(found[0]) or all(map(is_taken, found))
    return found if len(found) > 1 and starts_well else usual(after)


def in_pieces(line: Line) -> tuple[tuple[str, Expr], ...]:
    """A long sum that is written out term by term, as (sign, term): a page may break it between them. Else nothing.

    Example:
        >>> from sympy import Integer
        >>> in_pieces(Line("=", Add(*(Integer(n) for n in (3, -1, 4, 1, 5)), evaluate=False)))
        (('', 3), ('-', 1), ('+', 4), ('+', 1), ('+', 5))
    """
    if isinstance(line.term, Add) and is_arithmetic(line.term):
        taken = [number for number, *_ in worked_terms(line.term)]
        parts = [(negative, -t if negative else t) for negative, t in zip(taken, line.term.args, strict=True)]
    else:
        parts = list(as_written(line.term, line.written)) if line.written else []
    if len(parts) < _LONG:
        return ()
    signs = ("-" if negative else "+" if number else "" for number, (negative, _) in enumerate(parts))
    return tuple(zip(signs, (part for _, part in parts), strict=True))


def as_written(term: Expr, written: tuple[Expr, ...]) -> tuple[tuple[bool, Expr], ...]:
    """The terms in the order in which they are to be written, each as (whether it is subtracted, its absolute form).

    Raises:
        RenderError: They do not make up the term.
    """
    if Counter(written) != Counter(Add.make_args(term)) and Add(*written) != term:
        raise RenderError(f"{' and '.join(map(str, written))} do not add up to {term}")
    return tuple((True, -t) if is_taken(t) and not isinstance(t, Add) else (False, t) for t in written)
