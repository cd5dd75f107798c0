"""Common slips on a page for graders: what was done, what it gives, and the numbers that expose it."""

from __future__ import annotations

from sympy import Integer, Rational

from derive.errors import BadInput
from derive.language import Entry, eq
from derive.language.context import arrays_in
from derive.numeric.refuting import Witness
from derive.render.document import Block, Equation, Inline, Paragraph, Strong, Words
from derive.sheets.answers import Checked
from derive.sheets.refutations import shown
from derive.sheets.slips import Slip, is_short, slips_in

_MOST_ENTRIES = 6


def blocks(checked: Checked) -> tuple[Block, ...]:
    """The slips of a result, a line each; none of what is no equality, or is itself random."""
    derivation = checked.general
    if derivation.relation != "=" or arrays_in(derivation.right) & set(derivation.context.random):
        return ()
    lines = [line for slip in slips_in(derivation.context, derivation.right) if (line := _line(checked, slip))]
    if not lines:
        return ()
    return (Paragraph((Strong("Common slips."), " Each is exposed by the numbers behind it.")), *map(Paragraph, lines))


def _line(checked: Checked, slip: Slip) -> Words | None:
    at = _point(slip.witness)
    if at is None:
        return None
    try:
        wrong, right = shown(slip.witness.left), shown(slip.witness.right)
    except BadInput:
        return None
    written: list[Inline] = []
    if is_short(slip.term):
        written = [", so that ", Equation(checked.general.left, "=", slip.term)]
    where: list[Inline] = [". At ", *at, " this is "] if at else [". This is "]
    return (Strong(f"{slip.kind.capitalize()}:"), " ", *slip.words, *written, *where, wrong, " and not ", right, ".")


def _point(witness: Witness) -> list[Inline] | None:
    """`n = 2, x_1 = 3`; None where that would be too long."""
    found: list[Inline] = []
    for symbol, value in witness.point.items():
        found += [", " if found else "", eq(symbol, Rational(value.numerator, value.denominator))]
    arrays = {array: numbers for array, numbers in witness.arrays.items() if array.axes or numbers.values}
    entries = [(array, k, v) for array, numbers in arrays.items() for k, v in sorted(numbers.values.items()) if v]
    if len(entries) > _MOST_ENTRIES:
        return None
    for array, k, value in entries:
        entry = Entry(array, *map(Integer, k))
        found += [", " if found else "", eq(entry, Rational(value.numerator, value.denominator))]
    if arrays:
        found.append(", all other entries 0," if entries else ", all entries 0," if found else "all entries 0")
    return [word for word in found if word != ""]
