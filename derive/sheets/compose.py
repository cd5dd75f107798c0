"""A sheet file becomes a document: every part derived, checked, told, with its tables, plots and check note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from derive.constructs.registry import claim as find_claim
from derive.constructs.registry import growth, refuted
from derive.errors import BadInput, DeriveError, ProgramError, SheetError
from derive.kernel.certificate import dumps
from derive.render.document import (
    Block,
    CaseBlock,
    Document,
    Grid,
    Paragraph,
    Part,
    Problem,
    Result,
)
from derive.sheets import choices, curves, format_figures, formats, networks, programs, stating, wrong_answers
from derive.sheets.answers import answer
from derive.sheets.growths import grown, growth_blocks, growth_note
from derive.sheets.kept import Store, content
from derive.sheets.matrices import given_arrays, matrix_shown
from derive.sheets.notes import check_note, hypotheses_used, noted
from derive.sheets.once import Once
from derive.sheets.own_words import finding_of, has_question, headed, judged, only_paragraphs, words_of
from derive.sheets.page import Page, Progress, joined
from derive.sheets.prose import paragraphs, prose
from derive.sheets.reader import read_sheet
from derive.sheets.refutations import disproved, refuted_blocks, refuted_brief, refuted_note
from derive.sheets.result import told
from derive.sheets.specs import FormatSpec, NetworkSpec, PartSpec, ProblemSpec, ProgramSpec, Sheet
from derive.sheets.stating import stated
from derive.sheets.variants import is_presentable
from derive.sheets.variants import told as told_draws

LONGEST_HEAD = 350
"""Of the conventions at the head of a page with several problems, or at that of a problem with several parts."""
DRAWS = 30
"""How often the numbers of a problem are drawn for a variant."""


def compose(
    sheet: Sheet,
    progress: Progress | None = None,
    grain: str | None = None,
    slips: bool = False,
    store: Store | None = None,
    certify: bool = False,
    once: Once | None = None,
) -> Document:
    """Derive and check every part of the sheet.

    Args:
        sheet: What its file says.
        progress: Called with a line for each part.
        grain: 'sketch', 'lecture' or 'full', for all parts that name none; else the sheet's own.
        slips: Whether wrong answers are looked for, for the edition for graders.
        certify: Whether the certificates of all derivations are written.
        store: Where problems are kept; what is known there is not derived again.
        once: What other variants of the sheet have worked out in this process.

    Raises:
        SheetError: a part asks for what cannot be had; with file and line.
        StepRejected: a derivation does not hold.
    """
    composer = _Composer(sheet, progress or (lambda _: None), grain or sheet.grain or "lecture", slips, certify, once)
    problems, drawn, spoken = [], [], []
    for number, spec in enumerate(sheet.problems, start=1):
        composer.conventions.clear()
        problem, numbers = _fitting(composer, number, spec, store)
        problems.append(problem)
        spoken.append(tuple(composer.conventions))
        drawn += [(str(problem.number), told_draws(numbers))] if numbers else []
    introduction = tuple(Paragraph(words) for words in paragraphs(sheet.introduction))
    own = [_once(said) for said in spoken]
    head = _once(dict.fromkeys(convention for said in spoken for convention in said))
    if len(problems) > 1 and len("; ".join(head)) > LONGEST_HEAD:
        head = ()  # each problem has its own then
    return Document(
        name=sheet.name,
        title=sheet.title,
        course=sheet.course,
        author=sheet.author,
        conventions=head,
        introduction=introduction,
        problems=tuple(_with_conventions(p, said, bool(head)) for p, said in zip(problems, own, strict=True)),
        hypotheses=composer.hypotheses(),
        checks=tuple(composer.checks),
        remarks=composer.remarks(),
        drawn=tuple(drawn),
        certificates=tuple(composer.certificates),
    )


def _fitting(
    composer: _Composer, number: int, spec: ProblemSpec, store: Store | None
) -> tuple[Problem, tuple[tuple[str, Any], ...]]:
    """The problem with its numbers; in a variant, with numbers that are allowed and answers that are presentable."""
    if not (composer.sheet.variant and spec.drawn):
        return _kept(composer, number, spec, store), spec.drawn
    why = ""
    for attempt in range(1, DRAWS + 1):
        mark = composer.mark()
        try:
            made = _kept(composer, number, spec, store)
        except BadInput as problem:
            why = str(problem)
        else:
            if is_presentable(made):
                return made, spec.drawn
            why = "its answers have numbers of too many digits"
        composer.back(mark)
        path = Path(composer.sheet.path)
        spec = read_sheet(path, composer.sheet.variant, {number: attempt}).problems[number - 1]
    message = f"no numbers were found for variant {composer.sheet.variant} in {DRAWS} draws; of the last one: {why}"
    raise SheetError(message, composer.sheet.path, spec.line)


def _kept(composer: _Composer, number: int, spec: ProblemSpec, store: Store | None) -> Problem:
    """The problem as it was kept, or composed now; the page goes on in the same way."""
    if store is None:
        return composer.problem(number, spec)
    alone = len(composer.sheet.problems) == 1
    wanted = (composer.grain, composer.slips, composer.certify)
    known = (tuple(composer.known.items()), composer.counted())
    key = store.key(content(spec), number, alone, wanted, known)
    found = store.find(key)
    if found is not None:
        problem, added = found
        composer.add(added)
        composer.progress(f"problem {spec.number or number}: known")
        return cast(Problem, problem)
    mark = composer.mark()
    made = composer.problem(number, spec)
    store.keep(key, (made, composer.since(mark)))
    return made


def _answer_of(blocks: Sequence[Block]) -> int:
    """Where the answer stands: the last frame."""
    framed = [i for i, b in enumerate(blocks) if isinstance(b, Result) or (isinstance(b, Grid) and b.framed)]
    return framed[-1]


def _once(conventions: Iterable[str]) -> tuple[str, ...]:
    """The conventions without those that another one begins with: `indices from 1`, where one says more."""
    said = tuple(conventions)
    return tuple(c for c in said if not any(other.startswith(f"{c}, ") for other in said))


def _with_conventions(problem: Problem, said: tuple[str, ...], at_head: bool) -> Problem:
    """The problem with its conventions, or where these are many with those of each part where it needs them."""
    several = sum(bool(part.conventions) for part in problem.parts) > 1
    apart = not at_head and several and len("; ".join(said)) > LONGEST_HEAD
    parts = (replace(p, conventions=tuple(c for c in p.conventions if apart and c in said)) for p in problem.parts)
    return replace(problem, conventions=() if apart else said, parts=tuple(parts))


class _Composer(Page):
    def problem(self, number: int, spec: ProblemSpec) -> Problem:
        question = tuple(Paragraph(words) for words in paragraphs(spec.text))
        parts = []
        self.explained.clear()
        self.shown.clear()
        self.stated.clear()
        for place, part in enumerate(spec.parts):
            label = part.label or (f"({chr(ord('a') + place)})" if place < 26 else f"({place + 1})")
            # A label of its own (1.1) says where it is; a letter alone does not.
            where = label if part.label or len(self.sheet.problems) == 1 else f"{spec.number or number}{label}"
            asked = part.claim or ("a network" if part.network else "number formats" if part.format else "")
            self.progress(f"problem {spec.number or number} {label}: {asked or 'words'}")
            self.line = part.line
            before = tuple(self.conventions)
            try:
                made = self.whole(label, where, part, question)
                parts.append(replace(made, conventions=tuple(c for c in self.conventions if c not in before)))
            except SheetError:
                raise
            except BadInput as problem:
                raise SheetError(str(problem), self.sheet.path, self.line) from None
            except DeriveError as problem:
                problem.add_note(f"{self.sheet.path}, line {self.line}: in part {where}, {asked}")
                raise
        return Problem(spec.number or number, spec.title, question, tuple(parts))

    def whole(self, label: str, where: str, spec: PartSpec, asked: tuple[Paragraph, ...]) -> Part:
        """A part with its pieces and what the author says."""
        self.place, self.subject = where, None
        own = words_of(spec.answer)
        said = (*asked, *only_paragraphs(own))
        made = self.part(label, where, spec, said) if has_question(spec) else Part(label, spec.title, (), ())
        shown, before, after = self.drawn(spec)
        question = (*(made.question or words_of(spec.text)), *shown)
        solution = [*own, *before, *made.solution, *after, *self.formulas(where, spec)]
        slips = list(made.slips)
        for number, piece in enumerate(spec.pieces, start=1 + has_question(spec)):
            self.line = piece.line
            told_of = self.piece(f"{where}.{number}", piece, (*said, *only_paragraphs(question)))
            solution += told_of.solution
            slips += [block for block in told_of.slips if block not in slips]  # the words above them once
        return replace(
            made,
            question=question,
            solution=(*solution, *words_of(spec.remark)),
            hints=tuple(prose(hint) for hint in spec.hints),
            brief=words_of(spec.brief) or made.brief,
            slips=tuple(slips),
        )

    def piece(self, where: str, spec: PartSpec, asked: tuple[Paragraph, ...]) -> Part:
        """What goes on within a part, under a title that begins its first line."""
        bare = Part("", spec.title, words_of(spec.text), ())
        self.subject = None
        made = self.part("", where, spec, asked) if has_question(spec) else bare
        own = bool(spec.text) or not spec.claim or spec.program is not None
        opening = made.question if own else made.question[1:]
        _, before, after = self.drawn(spec)
        said = (*opening, *words_of(spec.answer), *before, *made.solution, *after)
        blocks = (*said, *self.formulas(where, spec), *words_of(spec.remark))
        return replace(made, solution=headed(spec.title, blocks))

    def formulas(self, where: str, spec: PartSpec) -> tuple[Block, ...]:
        """The formulas of the author, each judged; where a part shows more than one thing, each says which it is."""
        blocks: list[Block] = []
        several = len(spec.formulas) > 1
        for number, formula in enumerate(spec.formulas, start=1):
            self.line = formula.line
            which = f", formula {number}" if several else ", formula" if has_question(spec) else ""
            finding = self.once(("formula", content(formula.claim)), partial(finding_of, formula))
            said, note = judged(formula, f"{where}{which}", finding)
            blocks += said
            self.checks.append(note)
            self.own += 1
        return tuple(blocks)

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
        asked_for = ("answer", spec.claim, spec.values, spec.write_out, spec.layout)
        checked = self.once(asked_for, lambda: answer(spec.claim, dict(spec.values), place, self.memory, spec.layout))
        self.subject = checked
        self.line = line_of.get("plot", spec.line)
        self.conventions.update(dict.fromkeys(checked.construct.conventions))
        question: tuple[Block, ...] = tuple(Paragraph(words) for words in paragraphs(spec.text))
        question = question or (Paragraph(checked.claim.question),)
        asked = (*asked, *(block for block in question if isinstance(block, Paragraph)))
        question += self.random(checked.general.context)
        question += given_arrays(checked, self.shown)
        self.shown.update(checked.arrays)
        blocks = list(told(checked, self.known, arrays_known=True, grain=spec.grain or self.grain))
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
        if spec.choices:
            self.line = line_of.get("choices", spec.line)
            chosen = choices.choice(checked, spec.choices, f"{self.sheet.name} {where}")
            question += (choices.options(checked, chosen),)
            blocks[:0] = choices.answer(chosen)
        self.line = line_of.get("table", spec.line)
        blocks += self.attachments(spec, checked, plots)
        first = not checked.is_special or checked.path not in self.known
        if not checked.is_special:
            self.known.setdefault(checked.path, f"part {self.place}")
        self.checks.append(check_note(where, checked))
        if self.certify:
            self.certificates.append((where, dumps(checked.derivation)))
        self.noted.append((where, noted(checked)))
        for hypothesis in joined([h for h, _ in hypotheses_used(checked)]):
            self.used.setdefault(hypothesis, {})[where] = None
        found = wrong_answers.blocks(checked) if self.slips and first else ()
        return Part(label, spec.title or checked.claim.title, question, tuple(blocks), not spec.title, slips=found)

    def program(self, label: str, where: str, spec: PartSpec, given: ProgramSpec) -> Part:
        """A part that reads a program."""
        line_of = dict(spec.lines)
        self.line = line_of.get("shapes", spec.line)
        try:
            self.subject = reading = self.once(("program", content(given)), lambda: programs.reading_of(given))
        except ProgramError as problem:
            line = self.line if not problem.line else given.line + problem.line - 1
            raise SheetError(problem.sentence, self.sheet.path, line) from None
        blocks: list[Block] = list(programs.blocks(reading))
        if spec.claim:
            self.line = line_of.get("claim", spec.line)
            told, _ = programs.compared_with(reading, spec.claim, self.known.get(spec.claim, ""))
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
            self.subject = made = self.once(("network", content(given)), lambda: networks.asked(given, self.memory))
        except networks.NotShown as problem:
            self.line = line_of.get(problem.key, spec.line)
            raise
        self.conventions.update(dict.fromkeys(networks.conventions(made)))
        self.checks.append(networks.check_note(where, made))
        self.networks += 1
        question: tuple[Block, ...] = tuple(Paragraph(words) for words in paragraphs(spec.text))
        if made.blank:  # what is to be filled in is the question, what stands there the solution
            question += networks.blocks(made)
        filled = networks.blocks(replace(made, blank=frozenset()))
        return Part(label, spec.title or "The network as a table", question, filled)

    def format(self, label: str, where: str, spec: PartSpec, given: FormatSpec) -> Part:
        """A part about number formats."""
        self.line = dict(spec.lines).get("format", spec.line)
        made = self.once(("format", content(given)), lambda: formats.asked(given, self.memory))
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
        found = self.once(("disproved", spec.claim), lambda: disproved(spec.claim))
        record = found.record
        self.conventions.update(dict.fromkeys(found.construct.conventions))
        question = tuple(Paragraph(words) for words in paragraphs(spec.text)) or stated(record)
        new = self.new_definitions(record.context, (*asked, *only_paragraphs(question)))
        said = stated(record) if spec.text else ()
        given = stating.joined(said, new) if new else said
        given = (*given, *self.random(record.context))
        blocks = (*given, *refuted_blocks(found, self.known, self.memory))
        self.checks.append(refuted_note(where, found))
        self.refuted.append((where, found.found.tried))
        title, brief = spec.title or record.title, refuted_brief(record, self.known, self.memory)
        return Part(label, title, question, blocks, not spec.title, brief=brief)

    def growth_statement(self, label: str, where: str, spec: PartSpec, asked: tuple[Paragraph, ...]) -> Part:
        """A part about growth: the constants or points, the inequalities, the answer."""
        self.nothing_asked(spec, "is a statement about growth, for all sizes")
        found = self.once(("grown", spec.claim), lambda: grown(spec.claim, self.memory))
        self.conventions.update(dict.fromkeys(found.construct.conventions))
        question = tuple(Paragraph(words) for words in paragraphs(spec.text)) or (Paragraph(found.record.question),)
        new = self.new_definitions(found.states.context, (*asked, *question))
        blocks = (*(stating.introduced("Let", new) if new else ()), *growth_blocks(found))
        self.checks.append(growth_note(where, found))
        self.growing.append(where)
        return Part(label, spec.title or found.record.title, question, blocks, not spec.title)
