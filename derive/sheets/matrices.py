"""Matrices of a page: arrays that are given, the entries of a result, and a result with dots for symbolic sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sympy import Expr, Rational, Symbol

from derive.errors import BadInput, RenderError
from derive.kernel.derivation import Chain, Derivation, Step
from derive.language import Array, Cases, Compare, Context, Entry, IndexSum, Partial, eq, substitute, subterms
from derive.language.forms import Form
from derive.render.document import Block, Cell, Grid, Grids, Inline, Paragraph, Result, Words
from derive.render.grids import dotted, dotted_column
from derive.sheets.answers import Checked
from derive.sheets.narrate import narrate_chain
from derive.sheets.specs import MatrixSpec
from derive.sheets.values import Numbers


def given_arrays(checked: Checked, known: Mapping[str, Numbers] | None = None) -> tuple[Block, ...]:
    """The arrays that are given, as matrices beside each other; single numbers are said in words elsewhere.

    Args:
        checked: A claim.
        known: Arrays that the reader has before the eyes, by name.

    Raises:
        BadInput: an array has more than two axes.
    """
    arrays = {array.name: array for array in checked.derivation.context.arrays}
    seen = known or {}
    new = [(name, numbers) for name, numbers in checked.arrays if numbers.shape and numbers != seen.get(name)]
    grids = [_grid(arrays[name], numbers) for name, numbers in new]
    punctuated = [replace(g, after=(",",) if n < len(grids) else (".",)) for n, g in enumerate(grids, start=1)]
    return (Grids(tuple(punctuated)),) if grids else ()


def _grid(array: Array, numbers: Numbers) -> Grid:
    entries = [Rational(v.numerator, v.denominator) for v in numbers.entries]
    if len(numbers.shape) > 2:
        raise BadInput(f"{array.name} has {len(numbers.shape)} axes, and a page can show the numbers of two")
    width = numbers.shape[-1]
    rows = tuple(tuple(entries[start : start + width]) for start in range(0, len(entries), width))
    return Grid((array, " = "), rows)


def settings(checked: Checked) -> Words:
    """`n = 5, k = 3`: what was set or read off the arrays, single numbers of arrays as well."""
    arrays = {array.name: array for array in checked.derivation.context.arrays}
    found = [eq(symbol, value) for symbol, value in checked.symbol_values.items()]
    found += [
        eq(Entry(arrays[name]), Rational(numbers.entries[0].numerator, numbers.entries[0].denominator))
        for name, numbers in checked.arrays
        if not numbers.shape
    ]
    words: list[Inline] = []
    for number, equation in enumerate(found):
        words += [", "] * (number > 0) + [equation]
    return tuple(words)


def entries_shown(checked: Checked, known: str = "") -> tuple[Block, ...]:
    """One entry written out if that was asked for, then all of them in a frame.

    Args:
        checked: A claim with arrays that are given.
        known: Where the general result stands, such as `part (a)`.
    """
    entries, left = checked.entries, checked.derivation.left
    assert entries is not None
    blocks: list[Block] = []
    if checked.written is not None:
        general, derivation = checked.written.general, checked.written.derivation
        reason = (f"by {known}",) if known else ("the general result",)
        first = [_told(move, reason) if isinstance(move, Step) else move for move in general.chain.moves]
        for lemma in derivation.lemmas:
            blocks += narrate_chain(lemma.chain, lemma.left)
        if entries.indices:
            is_long = any(isinstance(m, Step) and m.rule == "write_out_sum" for m in derivation.chain.moves)
            blocks.append(Paragraph(("The entry ", general.left, ", term by term:" if is_long else ":")))
        chain = Chain(general.left, (*first, *derivation.chain.moves))
        blocks += narrate_chain(chain, general.left)
    if not entries.indices:
        return (*blocks, Result(left, "=", entries.rows()[0][0]))
    assert isinstance(left, Entry)
    whole = left.indices == entries.indices
    after: Words = () if whole else (" for ", *_running(checked))
    return (*blocks, Grid((left.array if whole else left, " = "), entries.rows(), after, framed=True))


def _told(step: Step, reason: tuple[str, ...]) -> Step:
    return replace(step, grain="lecture", reason=reason) if step.rule == "lemma" else replace(step, grain="full")


def _running(checked: Checked) -> Words:
    """`h = 1, ..., 5`"""
    assert checked.entries is not None
    places = list(checked.entries.values)
    words: list[Inline] = []
    for axis, index in enumerate(checked.entries.indices):
        first, last = places[0][axis], places[-1][axis]
        words += [", "] * (axis > 0) + [eq(index, first), f", ..., {last}"]
    return tuple(words)


def matrix_shown(checked: Checked, spec: MatrixSpec) -> tuple[Block, ...]:
    """What a part wants to see as a matrix (or column), with dots where its sizes are letters.

    Raises:
        BadInput: there is no such array or index, or nothing says from where to where an index runs.
    """
    return (_defined(checked, spec.array),) if spec.array else _result(checked.derivation, spec)


def _defined(checked: Checked, name: str) -> Grid:
    """`T = [...]`: an array that the claim defines by its entries, with the numbers that are given."""
    context = checked.derivation.context
    found = {d.array.name: d for d in context.definitions if len(d.parameters) in (1, 2)}
    if name not in found:
        known = f"; there are {', '.join(found)}" if found else ""
        raise BadInput(f"{checked.path} defines no array {name!r} with one or two axes{known}")
    definition = found[name]
    cells = _cells(definition.body, definition.parameters, definition.array.axes, context)
    arrays = {array.name: array for array in context.arrays}
    numbers = {
        arrays[letter][place]: Rational(value.numerator, value.denominator)
        for letter, given in checked.arrays
        for place, value in given.at([int(low) for low, _ in arrays[letter].axes]).items()
    }
    inserted = (tuple(c if isinstance(c, str) else substitute(c, numbers) for c in row) for row in cells)
    return Grid((definition.array, " = "), tuple(inserted))


def _result(derivation: Derivation, spec: MatrixSpec) -> tuple[Block, ...]:
    left = derivation.left
    names = [name for name in (spec.rows, spec.columns) if name]
    by_name = {s.name: s for s in derivation.context.symbols}
    for name in names:
        if name not in by_name:
            raise BadInput(f"{name!r} is not free in {derivation.name} here; there are {', '.join(by_name)}")
    indices = [by_name[name] for name in names]
    ranges = [_range(derivation, index) for index in indices]
    whole = isinstance(left, Entry) and left.indices == tuple(indices)
    cells = _cells(_in_entries(derivation), indices, ranges, derivation.context)
    if whole and isinstance(left, Entry):
        return (Grid((left.array, " = "), cells),)
    if len(indices) == 2:
        told: Words = ("As a matrix, with a row for each ", indices[0], " and a column for each ", indices[1], ":")
    else:
        told = ("As a column, from ", eq(indices[0], ranges[0][0]), " to ", eq(indices[0], ranges[0][1]), ":")
    return (Paragraph(told), Grid((), cells))


def _cells(
    term: Expr, indices: Sequence[Symbol], ranges: Sequence[tuple[Expr, Expr]], context: Context
) -> tuple[tuple[Cell, ...], ...]:
    try:
        if len(indices) == 1:
            return dotted_column(term, indices[0], ranges[0], context)
        (row, column), (rows, columns) = indices, ranges
        return dotted(term, row, column, rows, columns, context)
    except RenderError as problem:
        raise BadInput(str(problem)) from None


def _in_entries(derivation: Derivation) -> Expr:
    """The last line without forms, sums and derivatives, if there is one: what the entries are in numbers."""
    for move in reversed(derivation.chain.moves):
        found = [t for t in subterms(move.after) if isinstance(t, (Form, IndexSum, Partial, Cases))]
        if not found:
            return move.after
    return derivation.right


def _range(derivation: Derivation, index: Symbol) -> tuple[Expr, Expr]:
    """From where to where an index runs, as the hypotheses say."""
    lows, highs = [], []
    for fact in derivation.context.facts:
        if isinstance(fact, Compare) and fact.op in ("<=", ">="):
            low, high = (fact.left, fact.right) if fact.op == "<=" else (fact.right, fact.left)
            lows += [low] if high == index else []
            highs += [high] if low == index else []
    if len(lows) != 1 or len(highs) != 1:
        raise BadInput(f"nothing says from where to where {index} runs, so there is no matrix")
    return lows[0], highs[0]

