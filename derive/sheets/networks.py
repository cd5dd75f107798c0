"""The table of a network as a part of a page: rows and totals, what holds for which sizes, how it was checked.

Cells that are left blank for students are taken out here, before anything is written in any format, and with them what
would give them away: totals of their column, steps, published numbers.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, Symbol

from derive.errors import BadInput
from derive.kernel.checker import Memory
from derive.kernel.derivation import Derivation, Step
from derive.networks.formulas import MEANINGS, REASONS
from derive.networks.known import NETWORKS, Known, known
from derive.networks.layers import VALUE_BY_VALUE, Network
from derive.networks.reading import read_network
from derive.networks.table import COLUMNS, Conventions, NetworkTable, Row, table_of
from derive.render.document import (
    Aligned,
    Block,
    CheckNote,
    Document,
    Inline,
    Line,
    Paragraph,
    Part,
    Problem,
    Strong,
    Tabular,
    Words,
)
from derive.rules.combine import listed
from derive.sheets.specs import NetworkSpec

HEADS = {
    "output": "output", "parameters": "parameters", "activations": "activations", "operations": "operations",
    "field": "field", "stride": "stride", "memory": "bytes",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9.-]*\Z")
_SIZES = re.compile(r"([0-9]+|[A-Z])(x([0-9]+|[A-Z]))*\Z")
TOTALS = ("parameters", "activations", "operations", "memory")
REMARK: Words = (
    Strong("Networks."),
    " The numbers of a table are formulas that were derived from a count for all sizes (steps), used at the sizes of "
    "a layer; where the count is small it was also carried out (direct summation). Cells with letters have derivations "
    "of their own.",
)


@dataclass(frozen=True)
class Asked:
    """A network with what is shown of it.

    Attributes:
        columns: Some of COLUMNS, in their order on the page.
        blank: Columns, and (row, column) pairs, that are not shown; the row of totals is number 0.
        compact: Whether layers that change each value by itself and have no parameters have no rows.
        formulas: Whether the formulas are shown that the numbers come from.
        known: The network of the literature that it is, if it was named.
    """

    table: NetworkTable
    columns: tuple[str, ...]
    blank: frozenset[str | tuple[int, str]]
    compact: bool = False
    formulas: bool = False
    known: Known | None = None

    def rows(self) -> tuple[tuple[int, Row], ...]:
        """The rows that are shown, with their numbers."""
        numbered = enumerate(self.table.rows, start=1)
        return tuple((n, row) for n, row in numbered if not (self.compact and row.name in VALUE_BY_VALUE))

    def hides(self, row: int, column: str) -> bool:
        """Whether a cell is left blank; with a cell the total of its column is, from which it could be found."""
        hidden = {b if isinstance(b, str) else b[1] for b in self.blank}
        return column in self.blank or (row, column) in self.blank or (row == 0 and column in hidden)


class NotShown(BadInput):
    """A column or cell that does not exist was asked for; `key` says under which key."""

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


def asked(spec: NetworkSpec, memory: Memory | None = None) -> Asked:
    """The table that a part or a command asks for.

    Raises:
        BadInput: the network cannot be read; NotShown: a column or row does not exist.
    """
    named = known(spec.text.strip())
    if named is None and spec.network is None:
        _refuse_name(spec.text.strip())
    network = spec.network or read_network(named.text if named else spec.text)
    columns = tuple(_column(name, "columns") for name in spec.columns) or COLUMNS
    conventions = Conventions(spec.operations, spec.bias_counted, spec.bytes)
    text = "" if spec.network else named.text if named else spec.text
    table = table_of(network, conventions, text, memory)
    blank = frozenset(_blank(entry, len(table.rows)) for entry in spec.blank)
    return Asked(table, columns, blank, spec.compact, spec.formulas, named)


def _refuse_name(text: str) -> None:
    """Refuse a single word that is neither a network's name nor an input, with the nearest name."""
    if _WORD.match(text) and not _SIZES.match(text):
        names = [network.name for network in NETWORKS]
        close = difflib.get_close_matches(text.lower()[:40], names, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}; or write 28x28x1 -> CONV3-10"
        raise BadInput(f"there is no network of the name {text[:40]!r}; {hint}")


def _column(name: str, key: str) -> str:
    if name not in COLUMNS:
        close = difflib.get_close_matches(name[:30], COLUMNS, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(COLUMNS)}"
        raise NotShown(f"there is no column {name[:30]!r}; {hint}", key)
    return name


def _blank(entry: str, rows: int) -> str | tuple[int, str]:
    row, colon, column = entry.partition(":")
    if not colon:
        return _column(entry, "blank")
    if row != "total" and not (row.isascii() and row.isdigit() and len(row) < 5 and 1 <= int(row) <= rows):
        what = f"is ROW:COLUMN with a row from 1 to {rows} or total, not {entry[:30]!r}"
        raise NotShown(f"a cell to be left blank {what}", "blank")
    return (0 if row == "total" else int(row), _column(column, "blank"))


def conventions(made: Asked) -> tuple[str, ...]:
    """What is counted, in few words each."""
    c = made.table.conventions
    said = []
    if any(row.stride for row in made.table.rows):
        zeros = "a convolution has zeros around its input that keep the size at stride 1"
        said.append(f"unless a layer says otherwise {zeros}, and pooling has none and moves by its width")
    if "parameters" in made.columns:
        said.append("parameters: weights and biases, of a normalisation a scale and a shift")
    if "operations" in made.columns:
        what = "one operation" if c.operations == 1 else "two operations"
        bias = "a bias one" if c.bias_counted else "a bias none"
        said.append(f"operations: a multiply-add counts as {what}, {bias}; other layers than CONV, DWCONV, FC as none")
    if "activations" in made.columns or "memory" in made.columns:
        said.append("in brackets: values in the place of the input of the layer, not counted again")
    sees = any(row.field for row in made.table.rows)
    if "field" in made.columns and sees:
        said.append("field: places of the input along an axis, from the first seen to the last, zeros around it too")
    if "stride" in made.columns and sees:
        said.append("stride: by how many places of the input that moves from one output to the next")
    if "memory" in made.columns:
        said.append(f"{c.bytes} bytes for each parameter and each value")
    return tuple(said)


def blocks(made: Asked) -> tuple[Block, ...]:
    """The table, the steps that sizes with letters took, and what was published."""
    table = made.table
    heads: tuple[Words, ...] = ((), ("layer",), *((HEADS[c],) for c in made.columns))
    rows = [_input(table.network, made)]
    for number, row in made.rows():
        rows.append(((str(number),), (_name(row),), *_cells(made, number, row)))
    total = tuple(
        () if column not in TOTALS or made.hides(0, column) else _number(table.total[column]) for column in made.columns
    )
    foot = (((), ("total",), *total),) if any(column in TOTALS for column in made.columns) else ()
    caption: list[Inline] = []
    for place, condition in enumerate(table.needed):
        caption += [" and " if place else "For ", condition]
    caption += ["; otherwise a layer has no output."] if caption else []
    if len(table.network.input) == 2:
        length, channels = table.network.input
        caption.append(f"{' ' if caption else ''}The input has one axis, with {length} places and {channels} channels.")
    if len(made.rows()) < len(table.rows):
        left_out = [name for name in VALUE_BY_VALUE if any(row.name == name for row in table.rows)]
        hidden = f"Layers that are not shown: {', '.join(left_out)}, without parameters, of the same shape."
        caption.append(f" {hidden}" if caption else hidden)
    shown = Tabular(heads, tuple(rows), foot, 2, tuple(caption))
    found: list[Block] = [shown]
    if made.formulas:
        found += _formulas(made)
    if not made.blank:
        found += _steps(made)
        found += [Paragraph(words) for words in _published(made)]
    return tuple(found)


def _input(network: Network, made: Asked) -> tuple[Words, ...]:
    from derive.language import integer

    sizes = tuple(integer(s) if isinstance(s, str) else s for s in network.input)
    return ((), ("input",), *(_sizes(sizes) if column == "output" else () for column in made.columns))


def _name(row: Row) -> str:
    return ("· " * row.branch if not row.shortcut else "· " * (row.branch - 1) + "shortcut ") + row.name


def _cells(made: Asked, number: int, row: Row) -> tuple[Words, ...]:
    cells: dict[str, Words] = {
        "output": _sizes(row.output),
        "parameters": _number(row.parameters),
        "activations": _number(row.activations) if row.stored else ("(", *_number(row.activations), ")"),
        "operations": _number(row.operations),
        "field": _along(row.field),
        "stride": _along(row.stride),
        "memory": _number(row.memory),
    }
    return tuple(() if made.hides(number, column) else cells[column] for column in made.columns)


def _number(value: Any) -> Words:
    return (f"{int(value):,}" if not isinstance(value, Expr) or value.is_Integer else value,)


def _sizes(sizes: Sequence[Any]) -> Words:
    words: list[Inline] = []
    for place, size in enumerate(sizes):
        is_sum = len(sizes) > 1 and isinstance(size, Add)
        words += [" × " if place else "", *(("(", size, ")") if is_sum else _number(size))]
    return tuple(w for w in words if w != "")


def _along(sizes: tuple[Expr, ...]) -> Words:
    """One number where all axes have the same."""
    if not sizes:
        return ("–",)
    return _sizes(sizes[:1] if len(set(sizes)) == 1 else sizes)


_OF_COLUMN = {
    "output": ("places",), "parameters": ("weights", "scales"), "activations": ("values",),
    "operations": ("operations",), "field": ("first", "last", "field"),
}  # fmt: skip


def _formulas(made: Asked) -> list[Block]:
    """The general claims behind the columns: what each counts, and what it is."""
    rows: list[tuple[Words, ...]] = []
    letters: list[Symbol] = []
    for column in made.columns:
        for kind in _OF_COLUMN.get(column, ()):
            for name, claim in made.table.tally.claims.items():
                stem, _, window = name.removeprefix("networks.").partition("(")
                if stem == kind:
                    which = _which(window.rstrip(")")) if kind == "places" else ""
                    rows.append(((column,), (REASONS[kind] + which,), (claim.right,)))
                    letters += [s for s in claim.context.symbols if s not in letters and s in claim.right.free_symbols]
    words: list[Inline] = []
    stems = dict.fromkeys(s.name.partition("_")[0] for s in letters)
    for stem in stems:
        named = [s for s in letters if s.name.partition("_")[0] == stem]
        words += ["; " if words else "The formulas, proved for all sizes: ", *listed(named)]
        along = " along an axis" if stem in "km" else ""
        words.append(f" {'stands' if len(named) == 1 else 'stand'} for {MEANINGS[stem]}{along}")
    return [Paragraph((*words, ".")), Tabular((("column",), ("counted",), ("formula",)), tuple(rows), (), 3)]


def _which(numbers: str) -> str:
    """`: width 3, stride 2, 2 zeros in all`"""
    width, stride, zeros, distance = numbers.split(",")
    said = f": width {width}, stride {stride}, {zeros} zeros in all"
    return said if distance == "1" else f"{said}, taps {distance} apart"


def _steps(made: Asked) -> list[Block]:
    """How floors within floors became one, where there are letters."""
    if "output" not in made.columns:
        return []
    lines: dict[tuple[Expr, Expr], Line] = {}
    for derivation in made.table.tally.derivations:
        step = _joined(derivation)
        if step is not None:
            lines.setdefault((step.before, step.after), Line("=", step.after, step.reason, step.before))
    if not lines:
        return []
    return [Paragraph(("Sizes of layers after one another:",)), Aligned(tuple(lines.values()))]


def _joined(derivation: Derivation) -> Step | None:
    found = [m for m in derivation.chain.moves if isinstance(m, Step) and m.rule == "integer_arithmetic"]
    return found[-1] if found else None


def _published(made: Asked) -> list[Words]:
    if made.known is None:
        return []
    name = made.known
    told: list[Words] = [(f"After {name.source}; {name.convention}.",)]
    plain = made.table.conventions.operations == 1 and not made.table.conventions.bias_counted
    said = []
    for number in name.published:
        what, _, place = number.what.partition(":")
        if what not in made.columns or (what == "operations" and not plain):
            continue
        row = made.table.rows[int(place) - 1] if place else None
        value = int(getattr(row, what) if row else made.table.total[what])
        of = f" of layer {place}" if place else ""
        if number.agrees(value):
            how = "as here" if number.digits is None else "as here, rounded"
            said.append(f"{what}{of}: {number.value:,} ({number.source}), {how}")
        else:
            said.append(f"{what}{of}: {number.value:,} ({number.source}), which is not {value:,}")
    return [*told, ("Published: " + "; ".join(said) + ".",)] if said else told


def check_note(label: str, made: Asked) -> CheckNote:
    """How the numbers are known."""
    tally = made.table.tally
    words = f"proved: {_count(len(tally.claims), 'formula')} derived from a count for all sizes"
    words += f", used at the sizes of the layers for {_count(tally.numbers, 'number')}"
    words += f" ({tally.counted} of them also counted one by one)"
    if tally.derivations:
        words += f"; {_count(len(tally.derivations), 'cell')} with letters derived"
    words += f"; {_count(tally.steps, 'step')}, {_count(tally.conditions, 'condition')} discharged, "
    words += f"steps also compared at {_count(tally.points, 'exact point')}."
    counts = (("steps", tally.steps), ("conditions", tally.conditions), ("step_points", tally.points),
              ("points", tally.counted))  # fmt: skip
    return CheckNote(label, (words,), counts, "proved")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def document(made: Asked, name: str) -> Document:
    """A page about one network."""
    title = f"The network {made.known.name}" if made.known else "A network as a table"
    part = Part("", "", (), blocks(made))
    return Document(
        name=name,
        title=title,
        course="",
        author="",
        conventions=conventions(made),
        introduction=(),
        problems=(Problem(1, "", (), (part,)),),
        hypotheses=(),
        checks=(check_note("", made),),
    )


def as_data(made: Asked) -> dict[str, Any]:
    """The table as plain data: numbers, text where there are letters, null where a cell is left blank."""
    table = made.table
    rows = []
    for number, row in made.rows():
        data: dict[str, Any] = {"row": number, "layer": row.name, "branch": row.branch, "shortcut": row.shortcut}
        for column in made.columns:
            value = getattr(row, column)
            plain = [_plain(v) for v in value] if isinstance(value, tuple) else _plain(value)
            data[column] = None if made.hides(number, column) else plain
        data["in_place"] = not row.stored
        rows.append(data)
    shown = [column for column in made.columns if column in TOTALS]
    return {
        "input": [s if isinstance(s, int) else str(s) for s in table.network.input],
        "conventions": vars(table.conventions),
        "for": [str(condition) for condition in table.needed],
        "rows": rows,
        "total": {c: None if made.hides(0, c) else _plain(table.total[c]) for c in shown},
        "checked": {"formulas": len(table.tally.claims), "numbers": table.tally.numbers,
                    "counted": table.tally.counted, "derived": len(table.tally.derivations),
                    "steps": table.tally.steps, "points": table.tally.points},
    }  # fmt: skip


def _plain(value: Expr) -> int | str:
    return int(value) if value.is_Integer else str(value)
