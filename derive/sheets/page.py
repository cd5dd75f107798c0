"""What is on a page so far: what was said, defined, checked and used, so that nothing is said twice or missed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Symbol

from derive.errors import BadInput
from derive.kernel.checker import Memory
from derive.kernel.derivation import Derivation, Step
from derive.language import AllOf, Compare, Condition, Context, Definition, Entry, all_of
from derive.language.chance import Chance
from derive.language.context import arrays_in
from derive.render.document import (
    Block,
    CheckNote,
    Figure,
    Inline,
    Paragraph,
    SideBySide,
    Words,
)
from derive.sheets import asked_figures, field_figures, formats, networks, own_words, pictures, programs, stating
from derive.sheets.answers import Checked
from derive.sheets.given import random_arrays
from derive.sheets.growths import growth_remark
from derive.sheets.narrate import arrays_named, mentions
from derive.sheets.notes import LONG, Noted, check_remarks
from derive.sheets.once import Once
from derive.sheets.prose import prose
from derive.sheets.refutations import refuted_remark
from derive.sheets.specs import PartSpec, PlotSpec, Sheet
from derive.sheets.values import Numbers

Progress = Callable[[str], None]


def joined(hypotheses: Sequence[Condition]) -> list[Condition]:
    """The hypotheses, the two bounds of an index as one."""
    found: list[Condition] = []
    for hypothesis in hypotheses:
        first = next((n for n, known in enumerate(found) if _fits(known, hypothesis)), None)
        if first is None:
            found.append(hypothesis)
        else:
            found[first] = all_of(found[first], hypothesis)
    return found


def _problem_of(place: str, numbers: Sequence[str]) -> str:
    """The number of the problem with which a label begins, such as 4 of `4.1a`; of (a) alone the label."""
    known = [n for n in numbers if re.match(rf"{re.escape(n)}(?!\d)", place)]
    return max(known, key=len, default=place)


def listed_plainly(conditions: Sequence[Condition]) -> Words:
    """`a, b, c`"""
    words: list[Inline] = []
    for condition in conditions:
        words += [", ", condition] if words else [condition]
    return tuple(words)


def _is_bound(hypothesis: Condition) -> bool:
    """Whether it compares a letter with a number, or says where an index runs."""
    if isinstance(hypothesis, AllOf) and len(hypothesis.args) == 2:
        return _fits(*hypothesis.args)
    if not isinstance(hypothesis, Compare):
        return False
    return any(isinstance(s, Symbol) for s in hypothesis.args) and any(s.is_Number for s in hypothesis.args)


def _fits(low: Condition, high: Condition) -> bool:
    """Whether the two are `a <= i` and `i <= b`."""
    if not (isinstance(low, Compare) and isinstance(high, Compare)):
        return False
    return low.op == high.op == "<=" and low.right == high.left and isinstance(low.right, Symbol)


PIECES: Words = (
    "A number after the label of a part counts what its solution goes on with: .2 is the second thing that it shows.",
)
_LISTS = ("checks", "noted", "refuted", "growing", "certificates")
_COUNTERS = ("figures", "programs", "networks", "formats", "own", "fields")


@dataclass(frozen=True)
class Mark:
    """How far a page had come: how much there was of everything."""

    lengths: Mapping[str, int]
    conventions: frozenset[str]
    known: frozenset[str]
    used: Mapping[Condition, frozenset[str]]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Added:
    """What a problem adds to its page, besides itself; plain data, which can be kept."""

    lists: Mapping[str, tuple[Any, ...]]
    conventions: tuple[str, ...]
    known: tuple[tuple[str, str], ...]
    used: tuple[tuple[Condition, tuple[str, ...]], ...]
    counts: tuple[int, ...]


class Page:
    """The state of a sheet that is being composed, and what several kinds of parts do with it."""

    def __init__(
        self, sheet: Sheet, progress: Progress, grain: str, slips: bool, certify: bool, once: Once | None = None
    ) -> None:
        self.sheet, self.progress, self.grain, self.slips, self.certify = sheet, progress, grain, slips, certify
        self.once = Once() if once is None else once
        self.certificates: list[tuple[str, str]] = []
        self.conventions: dict[str, None] = {}
        self.checks: list[CheckNote] = []
        self.used: dict[Condition, dict[str, None]] = {}
        self.known: dict[str, str] = {}
        self.noted: list[tuple[str, Noted]] = []
        self.refuted: list[tuple[str, int]] = []
        self.growing: list[str] = []
        self.explained: list[Definition] = []
        self.shown: dict[str, Numbers] = {}
        self.stated: set[tuple[Chance, ...]] = set()
        self.memory: Memory = {}
        self.figures = self.programs = self.networks = self.formats = self.own = self.fields = 0
        self.line = 0
        self.subject: asked_figures.Subject = None
        self.place = ""
        """Which part is composed: what its pieces prove is cited as proved there, since pieces have no label."""

    def counted(self) -> tuple[int, ...]:
        """How many of each kind there are so far, which numbers what comes next."""
        return tuple(getattr(self, name) for name in _COUNTERS)

    def mark(self) -> Mark:
        """How far the page has come."""
        return Mark(
            {name: len(getattr(self, name)) for name in _LISTS},
            frozenset(self.conventions),
            frozenset(self.known),
            {h: frozenset(places) for h, places in self.used.items()},
            self.counted(),
        )

    def back(self, mark: Mark) -> None:
        """Go back to where the page was."""
        for name in _LISTS:
            del getattr(self, name)[mark.lengths[name] :]
        self.conventions = {c: None for c in self.conventions if c in mark.conventions}
        self.known = {claim: where for claim, where in self.known.items() if claim in mark.known}
        self.used = {h: {p: None for p in self.used[h] if p in places} for h, places in mark.used.items()}
        for name, count in zip(_COUNTERS, mark.counts, strict=True):
            setattr(self, name, count)

    def since(self, mark: Mark) -> Added:
        """What has come since then."""
        used = {h: [p for p in places if p not in mark.used.get(h, ())] for h, places in self.used.items()}
        return Added(
            {name: tuple(getattr(self, name)[mark.lengths[name] :]) for name in _LISTS},
            tuple(c for c in self.conventions if c not in mark.conventions),
            tuple((claim, where) for claim, where in self.known.items() if claim not in mark.known),
            tuple((h, tuple(places)) for h, places in used.items() if places),
            tuple(now - then for now, then in zip(self.counted(), mark.counts, strict=True)),
        )

    def add(self, added: Added) -> None:
        """Go on as if that had come here."""
        for name, values in added.lists.items():
            getattr(self, name).extend(values)
        self.conventions.update(dict.fromkeys(added.conventions))
        for claim, where in added.known:
            self.known.setdefault(claim, where)
        for hypothesis, places in added.used:
            self.used.setdefault(hypothesis, {}).update(dict.fromkeys(places))
        for name, more in zip(_COUNTERS, added.counts, strict=True):
            setattr(self, name, getattr(self, name) + more)

    def random(self, context: Context) -> tuple[Block, ...]:
        """What is stated of the random arrays, once on a page."""
        if not context.chances or context.chances in self.stated:
            return ()
        self.stated.add(context.chances)
        first, *rest = random_arrays(context)
        return (Paragraph((*first, ".", *(word for words in rest for word in (" ", *words, ".")))),)

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
        return [*stating.introduced("Let", listed, ", and " if len(listed) == 2 else "; ")]

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

    def drawn(self, spec: PartSpec) -> tuple[list[Block], list[Block], list[Block]]:
        """The figures of a part: those of the question, those before the solution, those after it."""
        question: list[Block] = []
        before: list[Block] = []
        after: list[Block] = []
        for figure in spec.figures:
            self.line = figure.line
            self.figures += 1
            name = f"{figure.kind.replace(' ', '-')}-{self.figures}"
            made = asked_figures.drawn(name, figure, self.subject, self.memory)
            (question if figure.in_question else before if figure.kind == "graph" else after).append(made)
            if figure.kind == "receptive field":
                self.fields += 1
        return question, before, after

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

    @property
    def has_pieces(self) -> bool:
        """Whether parts of the sheet have pieces."""
        return any(part.pieces for problem in self.sheet.problems for part in problem.parts)

    def remarks(self) -> tuple[Words, ...]:
        """What stands below the table of checks, where there is one."""
        if len(self.checks) < 2:
            return ()
        said = (*(check_remarks(self.noted) if self.noted else ()), *refuted_remark(self.refuted))
        said += growth_remark(self.growing)
        said += (programs.REMARK,) if self.programs else ()
        said += (formats.REMARK,) if self.formats else ()
        said += (own_words.REMARK,) if self.own else ()
        said += (field_figures.REMARK,) if self.fields else ()
        said += (networks.REMARK,) if self.networks else ()
        return (*said, PIECES) if self.has_pieces else said

    def hypotheses(self) -> tuple[Words, ...]:
        """`L >= 1 in (a), (b)`; on a long page for each problem, without bounds of letters, which stand in frames."""
        if len(self.noted) <= LONG:
            return tuple((h, " in " + ", ".join(places)) for h, places in self.used.items())
        numbers = [str(problem.number or n) for n, problem in enumerate(self.sheet.problems, start=1)]
        found: dict[str, list[Condition]] = {}
        for hypothesis, places in self.used.items():
            for problem in dict.fromkeys(_problem_of(place, numbers) for place in places):
                same = [str(known) for known in found.get(problem, ())]
                if not _is_bound(hypothesis) and str(hypothesis) not in same:
                    found.setdefault(problem, []).append(hypothesis)
        order = sorted(found, key=lambda p: numbers.index(p) if p in numbers else len(numbers))
        return tuple((f"Problem {p}: ", *listed_plainly(found[p])) for p in order)
