"""False statements on a page: the statement, the smallest point found at which it fails, both sides there, the slip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import Add, Basic, Expr, Integer, Rational, Symbol, exp

from derive.constructs.construct import Construct, Refuted
from derive.constructs.registry import refuted
from derive.errors import BadInput, NotRefuted, Unevaluable
from derive.kernel.checker import Memory
from derive.language import Array, Context, Entry, eq
from derive.language.balls import Decimal, digits_of
from derive.language.context import arrays_in
from derive.language.exponential import Exponential
from derive.language.numbers import as_rational
from derive.language.points import Value, evaluate
from derive.numeric.refuting import NEGATED, Refutation, Witness, refutation
from derive.render.document import (
    Aligned,
    Block,
    CheckNote,
    Document,
    Equation,
    Grid,
    Grids,
    Inline,
    Line,
    Paragraph,
    Part,
    Strong,
    Words,
)
from derive.sheets import stating
from derive.sheets.coverage import FALSE
from derive.sheets.given import domain, random_arrays
from derive.sheets.printing import Printed, alone
from derive.sheets.what_holds import formula_instead
from derive.sheets.witness_laws import laws_in_words

KNOWN = FALSE[0]
"""What the table of checks and `derive list` say of a statement that was refuted."""

DIGITS = 10
"""Shown of a side that is not rational."""
_FEW = 8
"""Statements of which each says at how many points it holds before; of more, the least and the largest number."""
_SHORT = 3
"""Degree of the polynomials in a power of e, as far as they are written out."""
_MOST_ENTRIES = 36
"""Of an array that is shown as numbers."""


@dataclass(frozen=True)
class Disproved(Printed):
    """A false statement with the witness against it."""

    construct: Construct
    record: Refuted
    found: Refutation

    @property
    def path(self) -> str:
        """`construct.name`"""
        return f"{self.construct.name}.{self.record.name}"

    @property
    def witness(self) -> Witness:
        """The point at which it fails."""
        assert self.found.witness is not None
        return self.found.witness

    def document(self) -> Document:
        """The statement as a page of its own."""
        construct, context = self.construct, self.record.context
        question: list[Block] = [Paragraph(construct.about)]
        if context.definitions:
            question += stating.introduced("Given", context.definitions)
        question += [Paragraph((*words, ".")) for words in random_arrays(context)]
        question += stating.stated(self.record)
        part = Part("", self.record.title, (), refuted_blocks(self))
        return alone(self.path, construct, tuple(question), part, refuted_note("Statement:", self))

    def data(self) -> dict[str, Any]:
        """The statement and its witness, for JSON."""
        from derive.render.tex import latex
        from derive.render.text import plain

        def term(t: Any) -> dict[str, str]:
            return {"text": plain(t), "latex": latex(t)}

        at, record = self.witness, self.record
        return {
            "statement": self.path,
            "left": term(record.left),
            "relation": record.relation,
            "right": term(record.right),
            "hypotheses": [term(fact) for fact in record.context.facts],
            "verdict": {"kind": self.found.verdict.kind},
            "witness": {
                "values": {symbol.name: str(value) for symbol, value in at.point.items()},
                "arrays": {
                    array.name: {", ".join(map(str, k)): str(v) for k, v in sorted(numbers.values.items()) if v}
                    for array, numbers in at.arrays.items()
                },
                "left": plain(shown(at.left)),
                "right": plain(shown(at.right)),
            },
            "missing": "".join(w if isinstance(w, str) else plain(w) for w in record.missing),
            "instead": record.instead,
            "points_before": self.found.tried,
        }

    def _repr_latex_(self) -> str:
        """For notebooks: the statement, and that it is false."""
        from derive.render.latex import words

        return words((Equation(self.record.left, self.record.relation, self.record.right), " is false"))

    def __repr__(self) -> str:
        from derive.render.text import plain

        return f"<{self.path}: false, {plain(Equation(self.record.left, self.record.relation, self.record.right))}>"


def disproved(path: str) -> Disproved:
    """Refute a false statement.

    Raises:
        BadInput: there is no such statement.
        NotRefuted: no point was found at which it fails.

    Example:
        >>> disproved("common_slips.square_of_sum").witness.left
        Fraction(4, 1)
    """
    named = refuted(path)
    if named is None:
        raise BadInput(f"{path} is no false statement")
    construct, record = named
    found = refutation(record)
    if found.witness is None:
        raise NotRefuted(f"{path} is not printed as false: {found.verdict.why}")
    return Disproved(construct, record, found)


def refuted_blocks(
    found: Disproved, known: Mapping[str, str] | None = None, memory: Memory | None = None
) -> tuple[Block, ...]:
    """What is said against the statement.

    Args:
        found: The statement with its witness.
        known: On a sheet, {claim: where on it that stands}; None for a page of the statement's own.
        memory: Of the checker.
    """
    record, at = found.record, found.witness
    context = record.context
    values = [eq(s, Rational(v.numerator, v.denominator)) for s, v in at.point.items() if s in context.symbols]
    certain = [array for array in context.arrays if array not in context.random]
    scattered = [w for array in certain for w in _in_words(array, at)]
    grids = [g for array in certain for g in _grid(array, at.arrays[array], at)]
    opening: list[Inline] = [Strong("This is false.")]
    if domain(context):
        opening += [" It is claimed for ", *domain(context), "."]
    opening += [" Take ", *_row([*values, *scattered]), *([", all other entries 0"] if scattered else [])]
    opening += [" and" if grids and (values or scattered) else "" if grids else "."]
    blocks: list[Block] = [Paragraph(tuple(w for w in opening if w != "")), *_beside(grids)]
    if context.random:
        blocks.append(Paragraph(laws_in_words(context, at)))
    computed = [g for array, numbers in _computed(record, at) for g in _grid(array, numbers, at)]
    if computed:
        blocks += [Paragraph(("By definition this gives",)), *_beside(computed)]
    left, right = shown(at.left), shown(at.right)
    lines = [Line("=", left, ("the left side",), record.left)]
    lines.append(Line(NEGATED[record.relation], right, ("so the statement fails here",)))
    if right != record.right:
        lines.append(Line("=", record.right, ("the right side",)))
    blocks.append(Aligned(tuple(lines)))
    return (*blocks, *_wrong(record, "What is wrong.", known, memory))


def refuted_brief(record: Refuted, known: Mapping[str, str], memory: Memory | None = None) -> tuple[Block, ...]:
    """The answer in few words: that it is false, and why."""
    return _wrong(record, "False.", known, memory)


def _wrong(record: Refuted, title: str, known: Mapping[str, str] | None, memory: Memory | None) -> tuple[Block, ...]:
    """What is wrong, where what holds is found, or what it is."""
    said = Paragraph((Strong(title), " ", *record.missing, *_instead(record, known)))
    if known is None or record.instead in known:
        return (said,)
    return (said, *formula_instead(record, memory))


def _instead(record: Refuted, known: Mapping[str, str] | None) -> Words:
    """Where what holds is found: a part of the sheet, or for the reader of a single page the name to ask for."""
    if not record.instead or (known is not None and record.instead not in known):
        return ()
    place = f"as {record.instead}" if known is None else f"in {known[record.instead]}"
    return (f" What holds is proved {place}.",)


def refuted_note(label: str, found: Disproved) -> CheckNote:
    """How it is known that the statement is false."""
    return CheckNote(label, (f"{KNOWN}: ", *_how(), *_before([found.found.tried]), "."), (), KNOWN)


def refuted_remark(answers: list[tuple[str, int]]) -> tuple[Words, ...]:
    """The same below the table of several results: where each stands, at how many points it held before."""
    if not answers:
        return ()
    labels = ", ".join(label for label, _ in answers)
    tried = [number for _, number in answers]
    return ((Strong("False statements."), f" In {labels}: ", *_how(), *_before(tried), "."),)


def _how() -> Words:
    return (
        "at the point that is shown all hypotheses hold, and both sides were evaluated from their definitions, exactly "
        "or with bounds that keep them apart; no law was used",
    )


def _before(tried: list[int]) -> Words:
    """How many smaller points were looked at."""
    few = len(tried) <= _FEW
    count = ", ".join(f"{number:,}" for number in tried) if few else f"from {min(tried):,} to {max(tried):,} each"
    rest = f"it holds at those looked at before ({count})" if any(tried) else "it is the first"
    return (f". Points are tried from the least sizes and the plainest numbers on; {rest}",)


def shown(value: Value, exactly: bool = True) -> Expr:
    """A value on the page: exact where it is a number or a short quotient of powers of e, else its first digits.

    Raises:
        BadInput: it has no digits that could be shown.

    Example:
        >>> from derive.language.numbers import exp as e_to
        >>> shown(e_to(1) / (1 + e_to(1))), shown(e_to(1) / (1 + e_to(1)), exactly=False)
        (E/(1 + E), 0.7310585786...)
    """
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    if exactly and isinstance(value, Exponential) and max(value.top.degree(), value.bottom.degree()) <= _SHORT:
        return _powers(value.top, value.step, value.shift) / _powers(value.bottom, value.step, Fraction(0))
    try:
        digits: Decimal = digits_of(value, DIGITS)
    except Unevaluable as problem:
        raise BadInput(f"a side of the statement cannot be shown: {problem}") from None
    return digits


def _powers(polynomial: Any, step: Fraction, shift: Fraction) -> Expr:
    exponents = [shift + power * step for power in range(len(polynomial))]
    powers = [exp(Rational(e.numerator, e.denominator)) for e in exponents]
    return Add(*(int(c) * power for c, power in zip(polynomial, powers, strict=True)))


def _row(parts: list[Basic]) -> Words:
    return tuple(w for number, part in enumerate(parts) for w in (", " if number else "", part) if w != "")


def _beside(grids: list[Grid]) -> tuple[Block, ...]:
    """Matrices with commas between them and a full stop at the end."""
    if not grids:
        return ()
    last = len(grids) - 1
    ended = [Grid(g.before, g.cells, (".",) if place == last else (",",)) for place, g in enumerate(grids)]
    return (Grids(tuple(ended)),)


def _axes(array: Array, point: Mapping[Symbol, Fraction]) -> list[range] | None:
    """The indices on each axis; None for an array with too many entries or axes for a page."""
    axes, entries = [], 1
    for low, high in array.axes:
        if low.is_infinite or high.is_infinite:
            return None
        axes.append(range(int(as_rational(evaluate(low, point))), int(as_rational(evaluate(high, point))) + 1))
        entries *= len(axes[-1])
    return axes if 1 <= entries <= _MOST_ENTRIES and len(axes) <= 2 else None


def _grid(array: Array, numbers: Any, at: Witness) -> Iterator[Grid]:
    """The array as a row or a matrix of numbers, or nothing."""
    axes = _axes(array, at.point)
    if axes is None:
        return
    cells = {place: shown(numbers(*place), exactly=False) for place in product(*axes)}
    if len(axes) < 2:
        yield Grid((array, " = "), (tuple(cells.values()),))
    else:
        yield Grid((array, " = "), tuple(tuple(cells[i, j] for j in axes[1]) for i in axes[0]))


def _in_words(array: Array, at: Witness) -> Iterator[Basic]:
    """`x[0] = 1`: the entries that are not 0, of an array that is not shown as a matrix."""
    if _axes(array, at.point) is None:
        for place, value in sorted(at.arrays[array].values.items()):
            if value:
                yield eq(Entry(array, *map(Integer, place)), Rational(value.numerator, value.denominator))


def _computed(record: Refuted, at: Witness) -> Iterator[tuple[Array, Any]]:
    """The arrays that are defined and on which the two sides depend, with their entries."""
    context = record.context
    needed = arrays_in(record.left) | arrays_in(record.right)
    for definition in reversed(context.definitions):
        if definition.array in needed:
            needed |= arrays_in(definition.body)
    for definition in context.definitions:
        array = definition.array
        if array in needed and array.axes and not context.random_in(definition.body):
            yield array, _Entries(array, at, context)


@dataclass(frozen=True)
class _Entries:
    """The entries of a defined array at the witness."""

    array: Array
    at: Witness
    context: Context

    def __call__(self, *place: int) -> Value:
        entry = Entry(self.array, *map(Integer, place))
        return evaluate(entry, self.at.point, self.context, self.at.arrays)
