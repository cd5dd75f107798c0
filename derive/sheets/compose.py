"""A sheet file becomes a document: every part derived, checked, told, with its tables, plots and check note."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sympy import Symbol

from derive.constructs.registry import claim as find_claim
from derive.constructs.registry import growth, refuted
from derive.errors import BadInput, ProgramError, SheetError
from derive.kernel.checker import Memory
from derive.kernel.derivation import Derivation, Step
from derive.language import Compare, Condition, Context, Definition, Entry, all_of
from derive.language.chance import Chance
from derive.language.context import arrays_in
from derive.render.document import (
    Block,
    CaseBlock,
    CheckNote,
    Document,
    Figure,
    Grid,
    Inline,
    Paragraph,
    Part,
    Problem,
    Result,
    SideBySide,
    Words,
)
from derive.sheets import curves, format_figures, formats, networks, pictures, programs
from derive.sheets.answers import Checked, answer
from derive.sheets.given import defined, random_arrays
from derive.sheets.growths import Grown, grown, growth_blocks, growth_note, growth_remark
from derive.sheets.matrices import given_arrays, matrix_shown
from derive.sheets.narrate import arrays_named, mentions
from derive.sheets.notes import check_note, check_remarks, hypotheses_used
from derive.sheets.prose import paragraphs, prose
from derive.sheets.refutations import Disproved, disproved, refuted_blocks, refuted_note, refuted_remark, stated
from derive.sheets.result import told
from derive.sheets.specs import FormatSpec, NetworkSpec, PartSpec, PlotSpec, ProblemSpec, ProgramSpec, Sheet
from derive.sheets.values import Numbers

Progress = Callable[[str], None]


def compose(sheet: Sheet, progress: Progress | None = None) -> Document:
    """Derive and check every part of the sheet.

    Raises:
        SheetError: a part asks for what cannot be had; with file and line.
        StepRejected: a derivation does not hold.
    """
    composer = _Composer(sheet, progress or (lambda _: None))
    problems = tuple(composer.problem(number, spec) for number, spec in enumerate(sheet.problems, start=1))
    introduction = tuple(Paragraph(words) for words in paragraphs(sheet.introduction))
    return Document(
        name=sheet.name,
        title=sheet.title,
        course=sheet.course,
        author=sheet.author,
        conventions=_once(composer.conventions),
        introduction=introduction,
        problems=problems,
        hypotheses=composer.hypotheses(),
        checks=tuple(composer.checks),
        remarks=composer.remarks(),
    )


def _joined(hypotheses: Sequence[Condition]) -> list[Condition]:
    """The hypotheses, the two bounds of an index as one."""
    found: list[Condition] = []
    for hypothesis in hypotheses:
        first = next((n for n, known in enumerate(found) if _fits(known, hypothesis)), None)
        if first is None:
            found.append(hypothesis)
        else:
            found[first] = all_of(found[first], hypothesis)
    return found


def _fits(low: Condition, high: Condition) -> bool:
    """Whether the two are `a <= i` and `i <= b`."""
    if not (isinstance(low, Compare) and isinstance(high, Compare)):
        return False
    return low.op == high.op == "<=" and low.right == high.left and isinstance(low.right, Symbol)


def _answer_of(blocks: Sequence[Block]) -> int:
    """Where the answer stands: the last frame."""
    framed = [i for i, b in enumerate(blocks) if isinstance(b, Result) or (isinstance(b, Grid) and b.framed)]
    return framed[-1]


def _once(conventions: Iterable[str]) -> tuple[str, ...]:
    """The conventions without those that another one begins with: `indices from 1`, where one says more."""
    said = tuple(conventions)
    return tuple(c for c in said if not any(other.startswith(f"{c}, ") for other in said))


class _Composer:
    def __init__(self, sheet: Sheet, progress: Progress) -> None:
        self.sheet, self.progress = sheet, progress
        self.conventions: dict[str, None] = {}
        self.checks: list[CheckNote] = []
        self.used: dict[Condition, dict[str, None]] = {}
        self.known: dict[str, str] = {}
        self.answers: list[tuple[str, Checked]] = []
        self.refuted: list[tuple[str, Disproved]] = []
        self.growing: list[tuple[str, Grown]] = []
        self.explained: list[Definition] = []
        self.shown: dict[str, Numbers] = {}
        self.stated: set[tuple[Chance, ...]] = set()
        self.memory: Memory = {}
        self.figures = self.programs = self.networks = self.formats = 0
        self.line = 0

    def problem(self, number: int, spec: ProblemSpec) -> Problem:
        question = tuple(Paragraph(words) for words in paragraphs(spec.text))
        parts = []
        self.explained.clear()
        self.shown.clear()
        self.stated.clear()
        for place, part in enumerate(spec.parts):
            label = f"({chr(ord('a') + place)})" if place < 26 else f"({place + 1})"
            where = label if len(self.sheet.problems) == 1 else f"{number}{label}"
            asked = part.claim or ("a network" if part.network else "number formats" if part.format else "")
            self.progress(f"problem {number} {label}: {asked}")
            self.line = part.line
            try:
                parts.append(self.part(label, where, part, question))
            except SheetError:
                raise
            except BadInput as problem:
                raise SheetError(str(problem), self.sheet.path, self.line) from None
        return Problem(number, spec.title, question, tuple(parts))

    def part(self, label: str, where: str, spec: PartSpec, asked: tuple[Paragraph, ...]) -> Part:
        if spec.program is not None:
            return self.program(label, where, spec, spec.program)
        if spec.network is not None:
            return self.network(label, where, spec, spec.network)
        if spec.format is not None:
            return self.format(label, where, spec, spec.format)
        line_of = dict(spec.lines)
        self.line = line_of.get("claim", spec.line)
        if refuted(spec.claim) is not None:
            return self.false_statement(label, where, spec, asked)
        if growth(spec.claim) is not None:
            return self.growth_statement(label, where, spec, asked)
        find_claim(spec.claim)
        self.line = line_of.get("set", line_of.get("layout", self.line))
        place = None if spec.write_out is None else dict(spec.write_out)
        checked = answer(spec.claim, dict(spec.values), place, self.memory, spec.layout)
        self.line = line_of.get("plot", spec.line)
        self.conventions.update(dict.fromkeys(checked.construct.conventions))
        question: tuple[Block, ...] = tuple(Paragraph(words) for words in paragraphs(spec.text))
        question = question or (Paragraph(checked.claim.question),)
        asked = (*asked, *(block for block in question if isinstance(block, Paragraph)))
        question += self.random(checked.general.context)
        question += given_arrays(checked, self.shown)
        self.shown.update(checked.arrays)
        blocks = list(told(checked, self.known, arrays_known=True))
        if spec.show == "result":
            blocks = blocks[_answer_of(blocks) :]
        if not checked.is_special or checked.path not in self.known:
            blocks[:0] = self.introduced(blocks, checked.general, asked)
        overlaps: list[Block] = [self.figure(p, checked) for p in spec.plots if p.kind == "overlap"]
        before = next((i for i, b in enumerate(blocks) if isinstance(b, CaseBlock)), _answer_of(blocks))
        blocks[before:before] = overlaps
        if spec.matrix is not None:
            self.line = line_of.get("matrix", spec.line)
            shown = matrix_shown(checked, spec.matrix)
            # An array is shown where it is defined or where its numbers are inserted, the result at the end.
            at = int(isinstance(blocks[0], Paragraph)) if spec.matrix.array else len(blocks)
            blocks[at:at] = shown
            self.line = line_of.get("plot", spec.line)
        plots: list[Block] = [self.figure(p, checked) for p in spec.plots if p.kind != "overlap"]
        if spec.curve is not None:
            self.line = line_of.get("curve", spec.line)
            self.figures += 1
            plots.append(curves.figure(f"curve-{self.figures}", spec.curve, checked, self.memory))
        self.line = line_of.get("table", spec.line)
        blocks += self.attachments(spec, checked, plots)
        if not checked.is_special:
            self.known.setdefault(checked.path, f"part {where}")
        self.checks.append(check_note(where, checked))
        self.answers.append((where, checked))
        for hypothesis in _joined([h for h, _ in hypotheses_used(checked)]):
            self.used.setdefault(hypothesis, {})[where] = None
        return Part(label, spec.title or checked.claim.title, question, tuple(blocks))

    def program(self, label: str, where: str, spec: PartSpec, given: ProgramSpec) -> Part:
        """A part that reads a program."""
        line_of = dict(spec.lines)
        self.line = line_of.get("shapes", spec.line)
        try:
            reading = programs.reading_of(given)
        except ProgramError as problem:
            line = self.line if not problem.line else given.line + problem.line - 1
            raise SheetError(problem.sentence, self.sheet.path, line) from None
        blocks: list[Block] = list(programs.blocks(reading))
        if spec.claim:
            self.line = line_of.get("claim", spec.line)
            told, _ = programs.compared_with(reading, spec.claim)
            blocks.append(Paragraph(told))
        self.conventions.update(dict.fromkeys(programs.CONVENTIONS))
        self.checks.append(programs.check_note(where, reading))
        self.programs += 1
        question: tuple[Block, ...] = tuple(Paragraph(words) for words in paragraphs(spec.text))
        title = spec.title or reading.meaning.program.name
        return Part(label, title, (*question, programs.listing(reading)), tuple(blocks))

    def network(self, label: str, where: str, spec: PartSpec, given: NetworkSpec) -> Part:
        """A part that is the table of a network."""
        line_of = dict(spec.lines)
        self.line = line_of.get("network", spec.line)
        try:
            made = networks.asked(given, self.memory)
        except networks.NotShown as problem:
            self.line = line_of.get(problem.key, spec.line)
            raise
        self.conventions.update(dict.fromkeys(networks.conventions(made)))
        self.checks.append(networks.check_note(where, made))
        self.networks += 1
        question: tuple[Block, ...] = tuple(Paragraph(words) for words in paragraphs(spec.text))
        return Part(label, spec.title or "The network as a table", question, networks.blocks(made))

    def format(self, label: str, where: str, spec: PartSpec, given: FormatSpec) -> Part:
        """A part about number formats."""
        self.line = dict(spec.lines).get("format", spec.line)
        made = formats.asked(given, self.memory)
        self.conventions.update(dict.fromkeys(formats.CONVENTIONS))
        self.checks.append(formats.check_note(where, made))
        self.formats += 1
        figures = tuple(format_figures.figures(made, f"formats-{self.formats}"))
        question: tuple[Block, ...] = tuple(Paragraph(words) for words in paragraphs(spec.text))
        blocks = formats.blocks(made, figures, properties=not given.squares)
        return Part(label, spec.title or "Number formats", question, blocks)

    def false_statement(self, label: str, where: str, spec: PartSpec, asked: tuple[Paragraph, ...]) -> Part:
        """A part about a statement that is false: the statement, then the witness."""
        self.nothing_asked(spec, "is false and shown with its own witness")
        found = disproved(spec.claim)
        record = found.record
        self.conventions.update(dict.fromkeys(found.construct.conventions))
        question = tuple(Paragraph(words) for words in paragraphs(spec.text)) or (Paragraph(stated(record)),)
        new = self.new_definitions(record.context, (*asked, *question))
        words: list[Inline] = [*stated(record)] if spec.text else []
        if new:
            words += [*([" Here "] if words else ["Let "]), *defined(new), "."]
        given = (*([Paragraph(tuple(words))] if words else []), *self.random(record.context))
        blocks = (*given, *refuted_blocks(found, self.known))
        self.checks.append(refuted_note(where, found))
        self.refuted.append((where, found))
        return Part(label, spec.title or record.title, question, blocks)

    def growth_statement(self, label: str, where: str, spec: PartSpec, asked: tuple[Paragraph, ...]) -> Part:
        """A part about growth: the constants or points, the inequalities, the answer."""
        self.nothing_asked(spec, "is a statement about growth, for all sizes")
        found = grown(spec.claim, self.memory)
        self.conventions.update(dict.fromkeys(found.construct.conventions))
        question = tuple(Paragraph(words) for words in paragraphs(spec.text)) or (Paragraph(found.record.question),)
        new = self.new_definitions(found.states.context, (*asked, *question))
        blocks = (*([Paragraph(("Let ", *defined(new), "."))] if new else []), *growth_blocks(found))
        self.checks.append(growth_note(where, found))
        self.growing.append((where, found))
        return Part(label, spec.title or found.record.title, question, blocks)

    def random(self, context: Context) -> tuple[Block, ...]:
        """What is stated of the random arrays, once on a page."""
        if not context.chances or context.chances in self.stated:
            return ()
        self.stated.add(context.chances)
        return tuple(Paragraph((*words, ".")) for words in random_arrays(context))

    def nothing_asked(self, spec: PartSpec, why: str) -> None:
        """Refuse the keys that only a claim has."""
        for key in ("set", "write_out", "layout", "show", "matrix", "table", "plot", "curve"):
            if key in dict(spec.lines):
                self.line = dict(spec.lines)[key]
                raise BadInput(f"{spec.claim} {why}: {key} cannot be asked of it")

    def new_definitions(self, context: Context, said: tuple[Paragraph, ...]) -> list[Definition]:
        """The definitions that nothing on the page has said."""
        open_ones = [d for d in context.definitions if not any(mentions(p.words, d.array) for p in said)]
        new = [d for d in open_ones if not any(d.says_the_same(known) for known in self.explained)]
        self.explained += context.definitions
        return new

    def introduced(self, blocks: list[Block], derivation: Derivation, asked: tuple[Paragraph, ...]) -> list[Block]:
        """`Let e[0] = w_0, ...`: the arrays that the lines name while nothing on the page says what they are.

        The question may say it, or an earlier part of the problem, or the first line: that the quantity asked for is
        this sum. Where a letter is new, or means something new, all that the question leaves open is said.
        """
        first = derivation.chain.moves[:1]
        stated = {
            step.before.array
            for step in first
            if isinstance(step, Step) and step.rule == "definition" and isinstance(step.before, Entry)
        }
        needed = arrays_named(blocks)
        used: list[Definition] = []
        listed: list[Definition] = []
        # From the last, since a definition speaks of arrays that are defined before it.
        for definition in reversed(derivation.context.definitions):
            if definition.array in needed:
                used.insert(0, definition)
                said = any(mentions(paragraph.words, definition.array) for paragraph in asked)
                if not said and definition.array not in stated:
                    listed.insert(0, definition)
                    needed |= arrays_in(definition.body)
        new = [d for d in listed if not any(d.says_the_same(known) for known in self.explained)]
        self.explained += used
        if not new:
            return []
        return [Paragraph(("Let ", *defined(listed, ", and " if len(listed) == 2 else "; "), "."))]

    def attachments(self, spec: PartSpec, checked: Checked, plots: list[Block]) -> list[Block]:
        """The table and the plots after the result, side by side where there is one of each."""
        if spec.table is None:
            return plots
        t = spec.table
        made = pictures.table(checked.derivation, self.symbol(t.variable, checked), t.low, t.high, t.fold)
        if len(plots) == 1:
            return [SideBySide(made, plots[0])]
        return [made, *plots]

    def figure(self, spec: PlotSpec, checked: Checked) -> Figure:
        self.figures += 1
        name = f"{spec.kind}-{self.figures}"
        variable = self.symbol(spec.variable, checked)
        caption = prose(spec.caption) if spec.caption else ()
        if spec.kind == "overlap":
            return self.overlap(name, spec, variable, checked, caption)
        return pictures.stem_plot(name, checked.derivation, variable, spec.low, spec.high, caption)

    def overlap(self, name: str, spec: PlotSpec, variable: Symbol, checked: Checked, caption: Words) -> Figure:
        by_name = {s.name: s for s in checked.general.context.symbols}
        missing = [n for n in by_name if n != spec.variable and n not in dict(spec.values)]
        if missing:
            raise BadInput(f"an overlap plot needs numbers for {', '.join(missing)}: give them in its `set`")
        values = {by_name[n]: v for n, v in dict(spec.values).items() if n in by_name}
        return pictures.overlap_plot(name, checked.general, variable, values, caption, (spec.low, spec.high))

    def symbol(self, name: str, checked: Checked) -> Symbol:
        for symbol in checked.derivation.context.symbols:
            if symbol.name == name:
                return symbol
        known = ", ".join(s.name for s in checked.derivation.context.symbols)
        raise BadInput(f"{name!r} is not free in {checked.path} here; there are {known}")

    def remarks(self) -> tuple[Words, ...]:
        """What stands below the table of checks, where there is one."""
        if len(self.checks) < 2:
            return ()
        said = (*(check_remarks(self.answers) if self.answers else ()), *refuted_remark(self.refuted))
        said += growth_remark(self.growing)
        said += (programs.REMARK,) if self.programs else ()
        said += (formats.REMARK,) if self.formats else ()
        return (*said, networks.REMARK) if self.networks else said

    def hypotheses(self) -> tuple[Words, ...]:
        """`L >= 1 in (a), (b)`"""
        return tuple((h, " in " + ", ".join(places)) for h, places in self.used.items())
