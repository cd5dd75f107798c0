"""The checker: replays a finished derivation and says how it is known, or refuses it at a step.

For each step: the named law, applied again at the recorded place, must give exactly the recorded line, relation and
conditions; every condition must follow from the context of that place; the new line must be defined wherever the
context allows; and both sides must agree at exact points. For each split: the conditions cover everything and exclude
each other, and every branch starts at the same term. The checker knows nothing of how a derivation was found.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from sympy import Expr, Symbol

from derive.errors import IllFormed, RuleDoesNotApply, StepRejected
from derive.kernel.derivation import RELATIONS, Chain, Derivation, Induction, Split, Step, Verdict, composed, weakest
from derive.kernel.law import Rewrite, law_named
from derive.kernel.lemma import apply_lemma
from derive.kernel.monotone import through
from derive.kernel.places import in_every_outcome, put, standing, within_derivative
from derive.kernel.stepping import Assumed, brings_endless_sum, check_arguments, check_quantified, hypothesis
from derive.language import Condition, Context, Entry, any_of, ge, negate, substitute
from derive.language.chance import moments_in
from derive.language.comparing import Seen, compared, witness
from derive.language.conditions import MIRROR, all_of
from derive.language.context import arrays_in, check_context, without
from derive.language.discharge import Discharged, discharge
from derive.language.drawing import scattered_points
from derive.language.points import Point
from derive.language.records import check_certain
from derive.language.smoothness import check_partials
from derive.language.symbols import is_integer
from derive.language.wellformed import check_indices, obligations

POINTS_A_STEP = 8
_STUMBLES = (ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""What SymPy or a law may raise on data that was made by hand to be no step at all; such a step is refused."""


@dataclass
class CheckReport:
    """What the checker looked at.

    Attributes:
        verdict: Proved, or cited if a step rests on authority.
        steps: Steps replayed, lemmas included.
        laws: How often each law was used.
        conditions: (place, condition, how it was discharged).
        splits: Case splits whose cases were shown to cover everything and to exclude each other.
        inductions: Proofs by induction whose base and step were checked.
        points: Exact points at which the two sides of a step were compared.
        close: Points at which they have no value that is known exactly, and agree to many digits.
        skipped: Points drawn and not compared, by reason.
        uses: {hypothesis: places where a condition needed it}.
    """

    derivation: str
    verdict: Verdict = field(default_factory=lambda: Verdict("undecided"))
    steps: int = 0
    laws: Counter[str] = field(default_factory=Counter)
    conditions: list[tuple[str, Condition, str]] = field(default_factory=list)
    splits: int = 0
    inductions: int = 0
    points: int = 0
    close: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    uses: dict[Condition, list[str]] = field(default_factory=dict)


Memory = dict[tuple[Any, ...], Any]
"""What was found before: conditions with the facts they were asked under, steps with all that they were checked
against, reports on lemmas, points of contexts under ("points",), values of lines at them under ("values",)."""


def check(derivation: Derivation, memory: Memory | None = None, explain: bool = True, seek: bool = True) -> CheckReport:
    """Replay the derivation.

    Args:
        derivation: What is to be checked; its lemmas are checked first.
        memory: Shared between checks, so that the same question under the same facts is asked once.
        explain: Whether to find out which hypotheses were needed where (`uses` of the report).
        seek: Whether to look for a point at which the sides of a step that is refused differ.

    Raises:
        StepRejected: a step does not follow; carries its place and, where one was found, an exact witness.
    """
    try:
        return _Checker(derivation, {} if memory is None else memory, seek).run(explain)
    except (IllFormed, *_STUMBLES) as problem:
        why = f"this is not a derivation: {type(problem).__name__}: {problem}"
        raise StepRejected(derivation.name, "1", "data", why) from None


class _Checker:
    def __init__(self, derivation: Derivation, memory: Memory, seek: bool) -> None:
        self.derivation, self.seek = derivation, seek
        self.report = CheckReport(derivation.name)
        self.known = memory
        self.asked: dict[tuple[Context, Condition], tuple[Discharged, list[str]]] = {}
        self.explains = False
        self.drawn: dict[Context, list[Point]] = memory.setdefault(("points",), {})
        self.values: Seen = memory.setdefault(("values",), {})
        self.verdicts: list[Verdict] = []
        self.assumed: Assumed | None = None
        self.recorded: list[tuple[Context, Discharged]] = []

    def run(self, explain: bool) -> CheckReport:
        d, self.explains = self.derivation, explain
        for lemma in d.lemmas:
            if ("lemma", lemma) not in self.known:  # it rests on nothing outside it, and is checked once
                self.known["lemma", lemma] = check(lemma, self.known, explain=False, seek=self.seek)
            inner: CheckReport = self.known["lemma", lemma]
            for count in ("steps", "splits", "inductions", "points", "close", "skipped", "laws"):
                setattr(self.report, count, getattr(self.report, count) + getattr(inner, count))
            self.report.conditions += [(f"{lemma.name} {p}", c, by) for p, c, by in inner.conditions]
            self.verdicts.append(inner.verdict)
        try:
            defined = check_context(d.context)
        except IllFormed as problem:
            raise self.refusal("1", "context", str(problem)) from None
        for condition in defined:
            found = self.ask(d.context, condition)
            if not found.shown:
                why = f"a hypothesis, range or definition has no value somewhere: {condition} does not follow"
                raise self.refusal("1", "context", why, (), _shown(found.point))
        consistent = d.context.is_consistent()
        if consistent is False or (consistent is None and not self.points_of(d.context)):
            raise self.refusal("1", "context", "the hypotheses contradict each other, so nothing is said")
        for stated in d.context.hypotheses:
            others = replace(d.context, hypotheses=tuple(h for h in d.context.hypotheses if h != stated))
            if stated.has(Entry) and discharge(others, negate(stated)).shown:
                raise self.refusal("1", "context", f"the other hypotheses contradict {stated}, so nothing is said")
        if d.chain.start != d.left:
            raise self.refusal("1", "start", "the chain does not start at the left side of the goal")
        if d.chain.end != d.right:
            raise self.refusal(str(len(d.chain.moves)), "end", "the chain does not end at the right side of the goal")
        if not d.chain.moves:
            raise self.refusal("1", "start", "a derivation without steps shows nothing")
        self.line(d.context, d.left, "1")
        relation = self.chain(d.context, d.chain, "")
        self.goal()
        if relation != d.relation:
            raise self.refusal(
                str(len(d.chain.moves)), "end", f"the chain shows {relation!r}, the goal is {d.relation!r}"
            )
        if explain:
            self.explain()
        laws = tuple(sorted(self.report.laws))
        self.verdicts.append(Verdict("proved", by=laws))
        self.report.verdict = weakest(tuple(self.verdicts))
        return self.report

    def chain(self, context: Context, chain: Chain, prefix: str) -> str:
        """Check the moves of a chain; returns the relation between its ends."""
        here: Expr = chain.start
        overall = "="
        for number, move in enumerate(chain.moves, start=1):
            place = f"{prefix}{number}"
            if move.before != here:
                detail = (("before", str(here)), ("starts", str(move.before)))
                rule = move.rule if isinstance(move, Step) else type(move).__name__.lower()
                raise self.refusal(place, rule, "the step does not start where the last one ended", detail)
            if isinstance(move, Split):
                self.split(context, move, place)
            elif isinstance(move, Induction):
                self.induction(context, move, place)
            else:
                self.step(context, move, place)
            overall = self.composed(overall, move.relation, place)
            here = move.after
        return overall

    def composed(self, first: str, second: str, place: str) -> str:
        if second not in RELATIONS:
            raise self.refusal(place, "relation", f"{second!r} is not a relation between terms")
        together = composed(first, second)
        if together is not None:
            return together
        raise self.refusal(place, "relation", f"{first!r} and then {second!r} say nothing together")

    def goal(self) -> None:
        """The two ends of the whole derivation at exact points, whatever the lines between them look like."""
        d = self.derivation
        self.compare(d.context, Step(d.left, d.right, "goal", relation=d.relation), "goal")

    def split(self, context: Context, split: Split, place: str) -> None:
        conditions = [b.condition for b in split.branches]
        declared = set(context.symbols)
        for condition in conditions:
            if not condition.free_symbols <= declared:
                raise self.refusal(place, "cases", f"the case {condition} speaks of symbols that are not declared")
            try:
                check_certain(context, condition)
            except IllFormed as problem:
                raise self.refusal(place, "cases", str(problem)) from None
        covered = self.ask(context, any_of(*conditions))
        if not covered.shown:
            raise self.refusal(place, "cases", "the cases do not cover everything", (), _shown(covered.point))
        self.record(place, context, covered)
        for i, one in enumerate(conditions):
            for other in conditions[i + 1 :]:
                apart = self.ask(context, negate(all_of(one, other)))
                if not apart.shown:
                    why = f"the cases {one} and {other} overlap"
                    raise self.refusal(place, "cases", why, (), _shown(apart.point))
                self.record(place, context, apart)
        self.report.splits += 1
        for number, branch in enumerate(split.branches, start=1):
            inside = f"{place}, case {number} ({branch.condition}), "
            if branch.chain.start != split.before:
                raise self.refusal(f"{inside}1", "cases", "the case does not start at the term that is split")
            narrowed = context.with_hypotheses(branch.condition)
            if self.chain(narrowed, branch.chain, inside) != "=":
                raise self.refusal(f"{inside}1", "cases", "a case proves less than an equality")
        self.line(context, split.after, place)

    def induction(self, context: Context, move: Induction, place: str) -> None:
        """Base and step, where nothing is known of the variable but that it is at least `low`."""
        n, low = move.variable, move.low
        try:
            around = without(context, n)
            check_quantified(context, move)
        except IllFormed as problem:
            raise self.refusal(place, "induction", str(problem)) from None
        if not is_integer(low) or not low.free_symbols <= set(context.symbols) - {n, *move.over}:
            raise self.refusal(place, "induction", f"{low} is not an integer that {n} could start from")
        reached = self.ask(context, ge(n, low))
        if not reached.shown:
            why = f"the induction starts at {low}, and that {reached.condition} does not follow"
            raise self.refusal(place, "induction", why, (), _shown(reached.point))
        self.record(place, context, reached)
        if brings_endless_sum("induction", move.before, move.after):
            raise self.refusal(place, "induction", "a sum without end appears of which nothing says that it converges")
        general = around.with_hypotheses(ge(n, low))
        self.line(general, move.before, place)
        self.line(general, move.after, place)
        self.report.inductions += 1
        outer = self.assumed
        for part, where, value, chain in (
            ("base", around, low, move.base),
            ("step", general, n + 1, move.step),
        ):
            inside = f"{place}, {part}, "
            ends = tuple(substitute(side, {n: value}) for side in (move.before, move.after))
            if (chain.start, chain.end) != ends:
                why = f"the {part} of the induction does not lead from {ends[0]} to {ends[1]}"
                raise self.refusal(f"{inside}1", "induction", why)
            self.assumed = Assumed(move, general.facts) if part == "step" else None
            if self.chain(where, chain, inside) != "=":
                raise self.refusal(f"{inside}1", "induction", f"the {part} proves less than an equality")
        self.assumed = outer

    def step(self, context: Context, step: Step, place: str) -> None:
        key = (context, step, self.assumed, self.derivation.lemmas, self.explains)
        if key not in self.known:
            points, close, conditions = self.report.points, self.report.close, len(self.recorded)
            self.replay(context, step, place)
            seen = self.report.points - points, self.report.close - close
            self.known[key] = (*seen, tuple(self.recorded[conditions:]))
        else:
            points, close, asked = self.known[key]
            self.report.points, self.report.close = self.report.points + points, self.report.close + close
            for where, found in asked:
                self.record(place, where, found)
        self.report.steps += 1
        self.report.laws[step.rule] += 1
        if step.rule not in ("lemma", "hypothesis") and law_named(step.rule).source:
            law = law_named(step.rule)
            self.verdicts.append(Verdict("cited", by=(law.name,), why=law.source))

    def replay(self, context: Context, step: Step, place: str) -> None:
        start, end = (step.after, step.before) if step.backwards else (step.before, step.after)
        try:
            check_arguments(step.arguments)
            target, local = standing(context, start, step.path)
            made = self.replayed(local, step, target, within_derivative(start, step.path))
            result = put(start, step.path, made.after)
            relation, monotone = through(start, step.path, made.relation, made.after)
        except (RuleDoesNotApply, IllFormed) as problem:
            seen = self.differing(context, step)
            raise self.refusal(place, step.rule, str(problem), self.sides(step), seen) from None
        except _STUMBLES as problem:
            why = f"the step cannot be replayed: {type(problem).__name__}: {problem}"
            raise self.refusal(place, step.rule, why) from None
        if step.relation != (MIRROR[relation] if step.backwards else relation):
            raise self.refusal(place, step.rule, f"the law gives {relation!r}, the step says {step.relation!r}")
        if result != end:
            detail = (*self.sides(step), ("rule", str(result)))
            why = "the law gives another line"
            raise self.refusal(place, step.rule, why, detail, self.differing(context, step))
        if made.conditions != step.conditions:
            why = "the conditions are not those of the law"
            detail = (*self.sides(step), ("law", ", ".join(map(str, made.conditions))))
            raise self.refusal(place, step.rule, why, detail, self.differing(context, step))
        if local.random and moments_in(made.after):
            local = in_every_outcome(local)
        for where, condition in [*((local, c) for c in made.conditions), *((context, c) for c in monotone)]:
            found = self.ask(where, condition)
            if not found.shown:
                detail = (*self.sides(step), ("needs", str(condition)))
                why = "a condition of the law does not follow from what is known here"
                raise self.refusal(place, step.rule, why, detail, self.differing(context, step) or _shown(found.point))
            self.record(place, where, found)
        new, old = (target, made.after) if step.backwards else (made.after, target)
        if brings_endless_sum(step.rule, old, new, step.arguments):
            raise self.refusal(place, step.rule, "a sum without end appears of which nothing says that it converges")
        # What the law speaks of must have a value by itself: in the whole line SymPy may have cancelled it away.
        self.defined(local, target if step.backwards else made.after, place)
        self.line(context, step.after, place)
        self.compare(context, step, place)

    def replayed(self, local: Context, step: Step, target: Expr, varies: bool) -> Rewrite:
        if step.rule == "lemma":
            return apply_lemma(self.derivation.lemmas, local, target, step.arguments)
        if step.rule == "hypothesis":
            if varies:
                raise RuleDoesNotApply("the hypothesis of an induction is known at the point, not around it")
            return hypothesis(self.assumed, target, step.arguments, local.names)
        return law_named(step.rule).applied(local, target, step.arguments)

    def line(self, context: Context, term: Expr, place: str) -> None:
        """The line speaks of declared things only and is defined wherever the context allows."""
        strangers = term.free_symbols - set(context.symbols)
        if strangers:
            names = ", ".join(sorted(str(s) for s in strangers))
            raise self.refusal(place, "line", f"{names} has no meaning here")
        known_arrays = {d.array for d in context.definitions} | set(context.arrays)
        for array in arrays_in(term):
            if array not in known_arrays:
                raise self.refusal(place, "line", f"the array {array.name} is not declared")
        try:
            check_partials(context, term)
            check_indices(term, {s.name for s in context.symbols})
        except IllFormed as problem:
            raise self.refusal(place, "line", str(problem)) from None
        self.defined(context, term, place)

    def defined(self, context: Context, term: Expr, place: str) -> None:
        """The term has a value wherever the context allows."""
        try:
            needed = obligations(term, context)
        except IllFormed as problem:
            raise self.refusal(place, "line", str(problem)) from None
        for condition in needed:
            found = self.ask(context, condition)
            if not found.shown:
                why = f"the line {term} is not defined everywhere: {condition} does not follow"
                raise self.refusal(place, "line", why, (), _shown(found.point))
            self.record(place, context, found)

    def compare(self, context: Context, step: Step, place: str) -> None:
        """Both sides at exact points: a second look at the law itself."""
        sides = (step.before, step.relation, step.after)
        for seen in compared(context, *sides, self.points_of(context), self.report.skipped, self.values):
            if not seen.agrees:
                why = "the two sides differ at an exact point although the law was applied as it stands"
                detail = (*self.sides(step), ("values", f"{seen.left} and {seen.right}"))
                raise self.refusal(place, step.rule, why, detail, seen.point)
            self.report.points += seen.exact
            self.report.close += not seen.exact

    def points_of(self, context: Context) -> list[Point]:
        if context not in self.drawn:
            self.drawn[context] = scattered_points(context, context.symbols, POINTS_A_STEP)
        return self.drawn[context]

    def ask(self, context: Context, condition: Condition) -> Discharged:
        key = (context, condition, self.explains)
        if key not in self.known:
            self.known[key] = discharge(context, condition, self.explains)
        return self.known[key]

    def record(self, place: str, context: Context, found: Discharged) -> None:
        self.recorded.append((context, found))
        self.report.conditions.append((place, found.condition, found.by))
        self.asked.setdefault((context, found.condition), (found, []))[1].append(place)

    def explain(self) -> None:
        """Once all is accepted: which hypotheses were needed, and where."""
        for found, places in self.asked.values():
            for fact in found.used:
                self.report.uses.setdefault(fact, []).extend(places)

    def sides(self, step: Step) -> tuple[tuple[str, str], ...]:
        return (("from", str(step.before)), ("claims", str(step.after)))

    def differing(self, context: Context, step: Step) -> dict[str, str] | None:
        return witness(context, step.before, step.relation, step.after) if self.seek else None

    def refusal(
        self, place: str, rule: str, why: str, detail: tuple[tuple[str, str], ...] = (), witness: Any = None
    ) -> StepRejected:
        return StepRejected(self.derivation.name, place, rule, why, detail, witness)


def _shown(point: tuple[tuple[Symbol, Fraction], ...]) -> dict[str, str] | None:
    return {s.name: str(v) for s, v in point} or None
