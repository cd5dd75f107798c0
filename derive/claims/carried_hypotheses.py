r"""Hypotheses about G that hold of sG as well, each with the derivation from which that follows.

A hypothesis that compares a term L with 0 (L > 0, L != 0, for all indices of a range) says the same of the multiples if
L is homogeneous: with $L(sG) = s^qL(G)$ and s > 0 both have the same sign. A rule that divides by the root of a defined
average needs that: that the average of the multiples is positive is no hypothesis, and the twin of the rule has no
meaning before it is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sympy import Expr, Symbol

from derive.errors import RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Derivation
from derive.language import Array, Compare, Condition, Context, Definition, Entry, ForAll, declare, fresh, parts_of
from derive.language.context import arrays_in
from derive.language.terms import names_in
from derive.rules.degrees import Factor, multiplied, twin, with_twins
from derive.rules.homogeneity import homogeneous

Carried = tuple[Condition, Derivation]
"""The hypothesis said of the multiples, and the derivation of what its side becomes."""


def carried_hypotheses(
    context: Context, factor: Symbol, powers: Mapping[Array, Expr], multiples: Mapping[Array, Factor]
) -> tuple[Carried, ...]:
    """The hypotheses of the context that hold of the multiples too.

    Args:
        context: Of the rule, with the factor and that it is positive.
        factor: s.
        powers: {array: q} for entries that are multiplied by s**q.
        multiples: The same as factors.

    Example:
        >>> from derive.language import array, gt, integer
        >>> s, k, t = declare("s", "real"), integer("k"), integer("t")
        >>> g, v = array("g", (1, 3)), array("v", (1, 3))
        >>> given = gt(s.symbol, 0), ForAll(gt(v[t], 0), t, 1, 3)
        >>> known = Context((s,), given, (Definition(v, (k,), g[k]**2),), (g,))
        >>> carried_hypotheses(known, s.symbol, {g: 1}, {g: lambda *_: s.symbol})[0][0]
        for all(v'[t] > 0, t=1..3)
    """
    rests = set(powers)
    for one in context.definitions:
        if arrays_in(one.body) & rests:
            rests.add(one.array)
    twins = {array: twin(array) for array in rests - set(powers)}
    found: list[Carried] = []
    for part in (p for h in context.hypotheses for p in parts_of(h)):
        if arrays_in(part) & rests:
            made = _sign_kept(context, part, factor, powers, multiples, tuple(c for c, _ in found))
            if made is not None:
                found.append((multiplied(part, multiples, twins), made))
    return tuple(found)


def _sign_kept(
    context: Context,
    part: Condition,
    factor: Symbol,
    powers: Mapping[Array, Expr],
    multiples: Mapping[Array, Factor],
    before: tuple[Condition, ...],
) -> Derivation | None:
    """That the side of the comparison is homogeneous, if the other one is 0 and it is."""
    ranges: list[ForAll] = []
    while isinstance(part, ForAll):
        ranges.append(part)
        part = part.body
    sides = [side for side in part.args[1:] if side != 0] if isinstance(part, Compare) else []
    if len(sides) != 1 or any(arrays_in(end) & set(powers) for one in ranges for end in one.args[2:]):
        return None
    needed = set(arrays_in(sides[0]))
    kept: list[Definition] = []
    for one in reversed(context.definitions):
        if one.array in needed:
            kept.insert(0, one)
            needed |= arrays_in(one.body)
    arrays = (*context.arrays, *(d.array for d in context.definitions))
    taken = {*context.names, *names_in(*context.hypotheses), *(a.name for a in arrays)}
    places: list[Symbol] = []
    for one_range in ranges:
        places.append(fresh(one_range.index.name, {*taken, *(p.name for p in places)}))
    side = Array(fresh("side", taken).name, tuple((one.low, one.high) for one in ranges), "error")
    told = Definition(side, tuple(one.index for one in ranges), sides[0])
    known = {*context.arrays, *(d.array for d in kept)}
    inside = parts_of(side.in_range(*places)) if places else ()
    plain = replace(
        context,
        declarations=(*context.declarations, *(declare(p.name, "integer") for p in places)),
        hypotheses=(*(h for h in context.hypotheses if arrays_in(h) <= known), *inside),
        definitions=(*kept, told),
    )
    there = with_twins(plain, multiples)
    defined = {*there.arrays, *(d.array for d in there.definitions)}
    there = there.with_hypotheses(*(c for c in before if arrays_in(c) <= defined))
    try:
        made = homogeneous("sign", there, Entry(side, *places), factor, dict(powers))
        return made if check(made).verdict.kind == "proved" else None
    except (RuleDoesNotApply, StepRejected):
        return None
