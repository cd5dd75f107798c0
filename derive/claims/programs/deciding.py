"""Do two programs, or a program and a formula, compute the same? Refuted at exact points, proved, or undecided.

First exact points are looked at, smallest first: one where both sides have a value and these differ refutes. What is
not refuted is proved by the normal form of sums and the exact zero test (`derive.claims.programs.normal`), and if
that does not show it, it is undecided. A proof speaks of all sizes and of all numbers where both sides have a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product
from math import prod
from typing import Any

from sympy import Basic, Expr, Symbol

from derive.claims.programs.normal import shown_equal
from derive.claims.programs.unfolding import expanded_forms, leftover, unfolded
from derive.claims.programs.values import Meaning, Value, shown
from derive.errors import BadInput, Undefined, Unevaluable
from derive.kernel.derivation import Verdict
from derive.language import Array, Context, Definition, Entry, between, declare, integer, substitute
from derive.language.balls import digits_of
from derive.language.comparing import agree, samples
from derive.language.context import arrays_in
from derive.language.drawing import small_points
from derive.language.numbers import as_rational
from derive.language.points import Value as Number
from derive.language.points import evaluate, holds
from derive.language.symbols import fresh

POINTS, VARIANTS, CANDIDATES = 40, 2, 400
"""Points that are looked at, each with so many choices of arrays, and how many are tried for them."""
MOST_SHOWN, DIGITS_SHOWN = 6, 6
"""Numbers shown of an array, and digits of a number that is not rational."""


def witness_told(witness: Mapping[str, str]) -> tuple[str | Basic, ...]:
    """`n = 1, W = 6`, as words and names."""
    words: list[str | Basic] = []
    for name, value in witness.items():
        if name not in ("first", "second"):
            words += [", " if words else "", integer(name), f" = {value}"]
    return tuple(w for w in words if w != "")


def decide(context: Context, left: Expr, right: Expr, written_out: tuple[Expr | None, Expr | None]) -> Verdict:
    """Whether two terms are equal wherever both have a value.

    Args:
        context: Of both, with the definitions they speak of.
        left: One of the terms.
        right: The other.
        written_out: The same in parameters alone; None where that is too long.
    """
    looked, refuted = _at_points(context, left, right)
    if refuted is not None:
        return Verdict("refuted", witness=refuted, evidence=(("points", looked),))
    if looked == 0:
        return Verdict("undecided", why="both sides have a value at none of the points that were looked at")
    one, other = written_out
    if one is not None and other is not None and shown_equal(expanded_forms(one), expanded_forms(other)):
        return Verdict("proved", by=("sums", "exact zero test"), evidence=(("points", looked),))
    why = "written out, it is too long" if one is None or other is None else "no law that is known here shows it"
    return Verdict("undecided", why=why, evidence=(("points", looked),))


def _at_points(context: Context, left: Expr, right: Expr) -> tuple[int, dict[str, str] | None]:
    looked = 0
    arrays = [{a: samples(a, variant) for a in context.arrays} for variant in range(VARIANTS)]
    about_entries = [fact for fact in context.facts if fact.has(Entry)]
    for point in islice(small_points(context, context.symbols, most=CANDIDATES), POINTS):
        for given in arrays:
            try:
                if not all(holds(fact, point, context, given) for fact in about_entries):
                    continue
                values = evaluate(left, point, context, given), evaluate(right, point, context, given)
                same = agree(values[0], "=", values[1])
            except (Undefined, Unevaluable):
                continue
            looked += 1
            if not same:
                at = {s.name: str(v) for s, v in point.items()}
                at |= {a.name: said for a in context.arrays if (said := _numbers(a, point, given))}
                return looked, {**at, "first": _said(values[0]), "second": _said(values[1])}
    return looked, None


def _said(value: Number) -> str:
    """A rational number as it is, another by its first digits."""
    if isinstance(value, Fraction):
        return str(value)
    try:
        return str(digits_of(value, DIGITS_SHOWN))
    except Unevaluable:
        return str(value)


def _numbers(array: Array, point: Mapping[Symbol, Any], given: Mapping[Array, Any]) -> str:
    """The numbers of a small array, as they are written; else nothing."""
    ends = [int(as_rational(evaluate(high, point))) for _, high in array.axes]
    if prod(ends) > MOST_SHOWN:
        return ""
    if prod(ends) == 1:
        return str(given[array](*(1 for _ in ends)))
    flat = [str(given[array](*place)) for place in product(*(range(1, end + 1) for end in ends))]
    rows = [flat[k : k + ends[-1]] for k in range(0, len(flat), ends[-1])]
    said = ["(" + ", ".join(row) + ")" for row in rows]
    return said[0] if len(ends) == 1 else "(" + ", ".join(said) + ")"


def entry_of(context: Context, value: Value) -> tuple[Context, Expr]:
    """One number of a value, at indices that the context then knows."""
    arrays = (*context.arrays, *(d.array for d in context.definitions))
    taken = {s.name for s in context.symbols} | {a.name for a in arrays}
    indices: list[Any] = []
    for letter, high in zip("ij", value.sizes, strict=False):
        index = fresh(letter, taken)
        taken.add(index.name)
        indices.append(index)
        context = context.with_declarations(declare(index.name, "integer")).with_hypotheses(between(1, index, high))
    return context, value.at(*indices)


def same_programs(one: Meaning, other: Meaning) -> tuple[Verdict, ...]:
    """Whether two programs with the same parameters return the same, a verdict for each value returned.

    Raises:
        BadInput: they do not have the same parameters, maps, or shapes of results.
    """
    if set(one.program.parameters) != set(other.program.parameters):
        raise BadInput("the two programs do not have the same parameters with the same shapes")
    if set(one.program.functions) & set(other.program.functions) != set(one.program.functions) | set(
        other.program.functions
    ):
        raise BadInput("the two programs do not call the same maps")
    shapes = [tuple(shown(v.sizes) for v in m.results) for m in (one, other)]
    if shapes[0] != shapes[1] or not shapes[0]:
        raise BadInput(f"the programs return the shapes {', '.join(shapes[0])} and {', '.join(shapes[1])}")
    moved = {d.array: Array(_apart(d.array.name), d.array.axes, "error") for d in other.context.definitions}
    definitions = tuple(
        Definition(moved[d.array], d.parameters, substitute(d.body, dict(moved))) for d in other.context.definitions
    )
    more = tuple(substitute(h, dict(moved)) for h in other.context.hypotheses)
    context = replace(one.context, definitions=(*one.context.definitions, *definitions)).with_hypotheses(*more)
    verdicts = []
    for mine, theirs in zip(one.results, other.results, strict=True):
        inner, left = entry_of(context, mine)
        indices = left.indices if isinstance(left, Entry) else ()
        known = theirs.at(*indices)
        right = substitute(known, dict(moved))
        written = unfolded(one, left), unfolded(other, known)
        if any(w is not None and leftover(m, w) for w, m in zip(written, (one, other), strict=True)):
            written = (None, None)
        verdicts.append(decide(inner, left, right, written))
    return tuple(verdicts)


def _apart(name: str) -> str:
    """A name that no program has: it cannot be written in Python."""
    return f"{name}{chr(39) * 40}"


def computes(meaning: Meaning, value: Value, formula: Expr, indices: tuple[Basic, ...] = ()) -> Verdict:
    """Whether a value of the program is the formula at these indices, in the parameters alone.

    Raises:
        BadInput: the formula has other free symbols or another number of indices.
    """
    if len(indices) != len(value.sizes):
        raise BadInput(f"the value has {len(value.sizes)} indices, and {len(indices)} were given")
    context = meaning.context
    for index, high in zip(indices, value.sizes, strict=True):
        context = context.with_declarations(declare(str(index), "integer")).with_hypotheses(between(1, index, high))
    if not formula.free_symbols <= set(context.symbols):
        strangers = sorted(map(str, formula.free_symbols - set(context.symbols)))
        raise BadInput(f"the formula speaks of {', '.join(strangers)}, which the program does not have")
    unknown = sorted(a.name for a in arrays_in(formula) - set(context.arrays))
    if unknown:
        raise BadInput(f"the formula speaks of {', '.join(unknown)}, which is no parameter of this shape")
    left = value.at(*indices)
    written = unfolded(meaning, left)
    if written is not None and leftover(meaning, written):
        written = None
    return decide(context, left, formula, (written, expanded_forms(formula)))
