"""What the writers share: templates, tests on block kinds, answers taken apart, tables folded, checks in columns.

Templates hold layout only. A name that a template uses and nobody gave stops the build.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2
from sympy import Expr

import derive
from derive.errors import RenderError
from derive.language import Cases, Condition
from derive.render.document import (
    FIGURES,
    OWN_SIZE,
    Aligned,
    Block,
    CaseBlock,
    CheckNote,
    Displayed,
    Document,
    Equation,
    Figure,
    Grid,
    Grids,
    InductionBlock,
    Listing,
    Options,
    OverlapPlot,
    Paragraph,
    Result,
    SideBySide,
    Space,
    Table,
    Tabular,
    Unfolded,
    Words,
)

_TESTS: dict[str, type | tuple[type, ...]] = {
    "paragraph": Paragraph, "aligned": Aligned, "caseblock": CaseBlock, "induction": InductionBlock,
    "result": Result, "table": Table, "figure": FIGURES, "overlap": OverlapPlot, "ownsize": OWN_SIZE,
    "grid": Grid, "grids": Grids, "listing": Listing, "sidebyside": SideBySide, "tabular": Tabular,
    "displayed": Displayed, "unfolded": Unfolded, "space": Space, "options": Options,
}
# TeX is full of braces and percent signs, so its templates have marks of their own; the other two keep Jinja's.
_TEX_MARKS = {
    "block_start_string": "<%", "block_end_string": "%>", "variable_start_string": "<<", "variable_end_string": ">>",
    "comment_start_string": "<#", "comment_end_string": "#>",
}


@dataclass(frozen=True)
class Answer:
    """One line of a result: the condition it holds under (None for all), and what holds."""

    condition: Condition | None
    equation: Equation


@dataclass(frozen=True)
class Column:
    """A column of the table of checks: which count, and how its head reads.

    Attributes:
        count: The name in `CheckNote.counts`.
        group: The head that it shares with its neighbours.
        head: Its own head below that.
        alone: The head where no group stands over it.
        always: Whether it is there although every count is 0.
    """

    count: str
    group: str
    head: str
    alone: str
    always: bool = True


COLUMNS = (
    Column("steps", "derivation", "steps", "steps"),
    Column("conditions", "derivation", "conditions", "conditions"),
    Column("splits", "derivation", "cases", "case splits", always=False),
    Column("inductions", "derivation", "inductions", "inductions", always=False),
    Column("step_points", "derivation", "points", "exact points of the steps"),
    Column("points", "direct summation", "points", "points against direct summation"),
    Column("boundary", "direct summation", "boundary", "of these at case boundaries"),
    Column("degenerate", "direct summation", "degenerate", "at degenerate values"),
    Column("runs", "run line by line", "points", "points of runs"),
    Column("run_values", "run line by line", "numbers", "numbers compared in runs"),
    Column("compiled", "compiled", "points", "compiled points"),
)
"""What is counted of every result; the bound of the relative error comes after the last."""


@dataclass(frozen=True)
class CheckTable:
    """The checks of a page with several results as a table, a row each: which, how known, then numbers.

    Attributes:
        groups: Heads over several columns, each with how many.
        heads: The heads below the groups.
        alone: The heads for a table without groups.
        rows: As many words as heads.
    """

    groups: tuple[tuple[str, int], ...]
    heads: tuple[str, ...]
    alone: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]


def template_folder() -> Path:
    """Where the templates are: in the installed package, or at the top of the repository."""
    package = Path(derive.__file__).parent
    installed = package / "_templates"
    return installed if installed.exists() else package.parent / "templates"


def environment(
    form: str, filters: Mapping[str, Callable[..., Any]], folder: Path | None = None, own: Path | None = None
) -> jinja2.Environment:
    """The template environment of a format ('latex', 'html' or 'markdown').

    Args:
        form: The format.
        filters: What the templates may call.
        folder: Where the templates are, if not in the package.
        own: A folder of the user's: what is in it wins; ours is `ours/NAME`, to extend or to include.
    """
    ours = jinja2.FileSystemLoader((folder or template_folder()) / form)
    theirs = jinja2.FileSystemLoader([] if own is None else [own / form])
    named = jinja2.PrefixLoader({"ours": ours, "own": theirs})
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([theirs, ours, named]),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # every filter escapes with the table of its format
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **(_TEX_MARKS if form == "latex" else {}),  # type: ignore[arg-type]
    )
    made.filters.update(filters)
    made.filters["fold"] = fold
    made.filters["answers"] = answers
    made.filters["check_table"] = check_table
    made.filters["in_groups"] = in_groups
    made.filters["full_rows"] = full_rows
    for name, kinds in _TESTS.items():
        made.tests[name] = lambda block, kinds=kinds: isinstance(block, kinds)
    made.globals["refuse"] = _refuse
    return made


def _refuse(block: object) -> str:
    raise RenderError(f"no template says how to set a {type(block).__name__}")


def render(env: jinja2.Environment, template: str, **values: Any) -> str:
    """The template filled in.

    Raises:
        RenderError: The template is missing, does not parse, or uses a name that nobody gave.
    """
    try:
        return env.get_template(template).render(**values)
    except jinja2.TemplateError as error:
        raise RenderError(f"{_place(error, template)}: {error.message}") from error


def _place(error: jinja2.TemplateError, template: str) -> str:
    """Which template the mistake is in, and in which line."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"template {error.filename or error.name or template}, line {error.lineno}"
    place, trace = f"template {template}", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if Path(name).suffix == Path(template).suffix:
            place = f"template {name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def answers(result: Result) -> tuple[Answer, ...]:
    """The lines of a result: one a clause if the clauses are themselves cases, else a single one.

    Example:
        >>> from derive.language import OTHERWISE, integer, lt, ne
        >>> a, n, y = integer("a"), integer("n"), integer("y")
        >>> inner = Cases((0, lt(n, 0)), (n, OTHERWISE))
        >>> [str(x.condition) for x in answers(Result(y, "=", Cases((inner, ne(a, 1)), (n, OTHERWISE))))]
        ['a != 1', 'true']
    """
    term = result.term
    if isinstance(term, Cases) and any(isinstance(value, Cases) for value, _ in term.clauses):
        return tuple(Answer(c, Equation(result.left, result.relation, value)) for value, c in term.clauses)
    return (Answer(None, Equation(result.left, result.relation, term)),)


def fold(table: Table) -> list[list[tuple[Expr, ...] | None]]:
    """The rows of a table in `fold` groups side by side, filled downwards; None where a group has run out.

    Raises:
        RenderError: A row is not as wide as the header.
    """
    for row in table.rows:
        if len(row) != len(table.header):
            raise RenderError(f"a table row has {len(row)} values under {len(table.header)} column heads")
    groups = max(1, table.fold)
    height = -(-len(table.rows) // groups)
    places = [[i + height * g for g in range(groups)] for i in range(height)]
    return [[table.rows[p] if p < len(table.rows) else None for p in row] for row in places]


def full_rows(table: Tabular) -> tuple[tuple[Words, ...], ...]:
    """The rows of a table of words, all as wide as its heads.

    Raises:
        RenderError: a row, of the foot too, is not.
    """
    for row in (*table.rows, *table.foot):
        if len(row) != len(table.heads):
            raise RenderError(f"a table row has {len(row)} cells under {len(table.heads)} heads")
    return table.rows


def check_table(checks: tuple[CheckNote, ...]) -> CheckTable | None:
    """The checks in columns; None for one alone, which has sentences of its own.

    A count that a note does not have is an empty place. Kinds of steps that no derivation has (case splits,
    inductions) have no column.

    Example:
        >>> notes = tuple(CheckNote(label, (), (("steps", 3), ("splits", 0)), "proved") for label in ("(a)", "(b)"))
        >>> table = check_table(notes)
        >>> table.heads, table.rows[1]
        (('part', 'known', 'steps'), (('(b)',), ('proved',), ('3',)))
    """
    if len(checks) < 2:
        return None
    counts = [dict(note.counts) for note in checks]
    shown = [c for c in COLUMNS if any(c.count in n and (c.always or n[c.count]) for n in counts)]
    errors = any(note.error is not None for note in checks)
    last = [Column("", "compiled", "error below", "relative error below")] if errors else []
    rows: list[tuple[Words, ...]] = []
    for note, number in zip(checks, counts, strict=True):
        cells: list[Words] = [(note.label,), (note.known,)]
        cells += [(str(number[c.count]),) if c.count in number else () for c in shown]
        if errors:
            cells.append(() if note.error is None else (note.error,))
        rows.append(tuple(cells))
    columns = [*shown, *last]
    groups = tuple((name, len(list(same))) for name, same in groupby(columns, key=lambda c: c.group))
    heads, alone = (c.head for c in columns), (c.alone for c in columns)
    return CheckTable((("", 2), *groups), ("part", "known", *heads), ("part", "known", *alone), tuple(rows))


MOST_ROWS = 60
"""Of the table of checks on paper; with more results those of a part, or of a problem, share a row."""
_PART, _PROBLEM = re.compile(r"(?<=\)).*"), re.compile(r"(?<=.)\(.*")


def in_groups(checks: tuple[CheckNote, ...]) -> tuple[CheckNote, ...]:
    """The notes of a long page, those of a part or of a problem as one: counts added up, the largest error.

    Example:
        >>> notes = tuple(CheckNote(f"7({k})", (), (("steps", 3),), "proved") for k in range(62))
        >>> [(n.label, n.known, n.counts) for n in in_groups(notes)]
        [('7', '62 proved', (('steps', 186),))]
    """
    if len(checks) <= MOST_ROWS:
        return checks
    for tail in (_PART, _PROBLEM):
        labels = list(dict.fromkeys(tail.sub("", note.label) for note in checks))
        if len(labels) <= MOST_ROWS:
            of = {label: [n for n in checks if tail.sub("", n.label) == label] for label in labels}
            return tuple(_as_one(label, notes) for label, notes in of.items())
    return checks


def _as_one(label: str, notes: list[CheckNote]) -> CheckNote:
    known = [f"{len(same)} {how}" for how in dict.fromkeys(n.known for n in notes)
             if (same := [n for n in notes if n.known == how])]  # fmt: skip
    counts: dict[str, Any] = {}
    for note in notes:
        for name, number in note.counts:
            counts[name] = counts.get(name, 0) + number
    errors = [note.error for note in notes if note.error is not None]
    return CheckNote(label, (), tuple(counts.items()), ", ".join(known), max(errors, default=None))


def numbered(listing: Listing) -> tuple[str, ...]:
    """The lines with their numbers in front, all of one width.

    Example:
        >>> numbered(Listing(("def f(x):", "    return x")))
        ('1  def f(x):', '2      return x')
    """
    width = len(str(len(listing.lines)))
    return tuple(f"{number:>{width}}  {line}".rstrip() for number, line in enumerate(listing.lines, start=1))


def figures_in(document: Document) -> tuple[Figure, ...]:
    """All figures of the document in their order.

    Raises:
        RenderError: Two figures have the same name.
    """
    found: dict[str, Figure] = {}
    for block in _blocks_in(document):
        if isinstance(block, FIGURES):
            if found.get(block.name, block) != block:
                raise RenderError(f"two figures of the sheet {document.name} are named {block.name!r}")
            found[block.name] = block
    return tuple(found.values())


def _blocks_in(document: Document) -> Iterator[Block]:
    groups = [document.introduction]
    for problem in document.problems:
        groups.append(problem.question)
        for part in problem.parts:
            groups += [part.question, part.solution]
    for group in groups:
        for block in group:
            yield from _inside(block)


def _inside(block: Block) -> Iterator[Block]:
    yield block
    below: tuple[Block, ...] = ()
    if isinstance(block, CaseBlock):
        below = block.blocks
    elif isinstance(block, InductionBlock):
        below = tuple(part for stage in block.stages for part in stage.blocks)
    elif isinstance(block, SideBySide):
        below = (block.left, block.right)
    elif isinstance(block, Unfolded):
        below = block.blocks
    for part in below:
        yield from _inside(part)


def figure_file(document_name: str, figure: Figure, ending: str) -> str:
    """The file name of a figure of a document.

    Example:
        >>> from types import SimpleNamespace
        >>> figure_file("signals", SimpleNamespace(name="output"), "svg")
        'signals-output.svg'
    """
    return f"{document_name}-{figure.name}.{ending}" if document_name else f"{figure.name}.{ending}"
