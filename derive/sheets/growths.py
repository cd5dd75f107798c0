"""Statements about growth on a page: the constants and the threshold, or points; the inequalities; the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sympy import Basic, Expr, Integer, Symbol, oo

from derive.constructs.construct import Construct, Growth
from derive.constructs.registry import growth
from derive.errors import BadInput, OracleDisagrees, StepRejected
from derive.kernel.checker import Memory
from derive.kernel.derivation import Derivation
from derive.language import Array, Compare, Context, eq, ge, gt
from derive.language.numbers import as_rational
from derive.language.points import evaluate
from derive.numeric.report import SpotCheck
from derive.numeric.spotcheck import spot_check
from derive.render.document import (
    Aligned,
    Block,
    CheckNote,
    Document,
    Equation,
    Inline,
    Landau,
    Line,
    Paragraph,
    Part,
    Result,
    Strong,
    Words,
)
from derive.rules.combine import listed
from derive.rules.growth import C, Comparison, Goal, derive_growth, epsilon, goals, n_0, scaled
from derive.rules.growth_check import Judgement, judged
from derive.rules.growth_search import completed
from derive.sheets.coverage import EMPTY_ROW
from derive.sheets.given import domain
from derive.sheets.narrate import narrate_chain
from derive.sheets.printing import Printed, alone
from derive.sheets.stating import introduced

EMPTY = EMPTY_ROW[0]
"""What the table of checks and `derive list` say of "at least O(...)"."""
POINTS = 60
"""Random exact points at which each bound is compared with direct summation, and as many in floating point."""


@dataclass(frozen=True)
class Grown(Printed):
    """A statement about growth with the derivations that show it."""

    construct: Construct
    record: Growth
    states: Comparison
    derivations: tuple[Derivation, ...]
    judgement: Judgement
    numbers: tuple[SpotCheck, ...]

    @property
    def path(self) -> str:
        """`construct.name`"""
        return f"{self.construct.name}.{self.record.name}"

    @property
    def known(self) -> str:
        """How it is known, in a word or two."""
        return EMPTY if self.states.kind == "at least O" else self.judgement.verdict.kind

    @property
    def counts(self) -> Counter[str]:
        """What was looked at, under the names of the columns of the table of checks."""
        found: Counter[str] = Counter()
        for report in self.judgement.reports:
            found.update(steps=report.steps, conditions=len(report.conditions), splits=report.splits,
                         inductions=report.inductions, step_points=report.points + report.close)  # fmt: skip
        for spot in self.numbers:
            found.update(points=spot.exact_points + spot.close_points, boundary=spot.boundary_points,
                         degenerate=spot.degenerate_points, compiled=spot.float_points)  # fmt: skip
        return found

    def document(self) -> Document:
        """The statement as a page of its own."""
        question: list[Block] = [
            Paragraph(self.construct.about),
            Paragraph(("For ", *domain(self.states.context), ".")),
        ]
        if self.states.context.definitions:
            question += introduced("Given", self.states.context.definitions)
        question.append(Paragraph(self.record.question))
        part = Part("", self.record.title, (), growth_blocks(self))
        return alone(self.path, self.construct, tuple(question), part, growth_note("Result:", self))

    def data(self) -> dict[str, Any]:
        """The statement, its inequalities and their check, for JSON."""
        from derive.render.tex import latex
        from derive.render.text import plain

        def term(t: Any) -> dict[str, str]:
            return {"text": plain(t), "latex": latex(t)}

        states = self.states
        return {
            "statement": self.path,
            "left": term(states.left),
            "kind": states.kind,
            "right": term(states.right),
            "tends_to_infinity": [s.name for s in states.tends],
            "fixed": [s.name for s in states.fixed],
            "hypotheses": [term(fact) for fact in states.context.facts],
            "constants": {k: term(v) for k, v in (("above", states.above), ("below", states.below)) if v is not None},
            "beyond": {s.name: term(v) for s, v in states.beyond},
            "points": {s.name: term(v) for s, v in states.along},
            "inequalities": [
                {"for": goal.role, **term(goal.condition), "steps": report.steps}
                for goal, report in zip(goals(states), self.judgement.reports, strict=True)
            ],
            "verdict": {"kind": "empty" if self.known == EMPTY else self.judgement.verdict.kind},
            "checked": dict(self.counts),
        }

    def _repr_latex_(self) -> str:
        """For notebooks: the statement."""
        from derive.render.latex import words

        return words(stated(self.states))

    def __repr__(self) -> str:
        from derive.render.text import plain

        said = stated(self.states)
        return f"<{self.path}: {''.join(w if isinstance(w, str) else plain(w) for w in said)}>"


def grown(path: str, memory: Memory | None = None) -> Grown:
    """Derive a statement about growth, check it, and compare its bounds with direct summation.

    Raises:
        BadInput: there is no such statement.
        StepRejected: one of its inequalities does not hold as it is derived, or not all that is needed is derived.
        OracleDisagrees: its left side is not what brute force gives.

    Example:
        >>> grown("growth_of_lengths.valid").known
        'proved'
    """
    named = growth(path)
    if named is None:
        raise BadInput(f"{path} is no statement about growth")
    construct, record = named
    name = f"{construct.name}.{record.name}"
    states = completed(record.states)
    derivations = derive_growth(name, states)
    found = judged(states, derivations, memory)
    if found.verdict.kind == "undecided":
        raise StepRejected(name, "1", "growth", found.verdict.why)
    return Grown(construct, record, states, derivations, found, compared(name, record, states))


@dataclass(frozen=True)
class _Bound:
    """One bound as something that can be compared with the oracle."""

    context: Context
    left: Expr
    oracle: Callable[..., Any]

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(symbol.name for symbol in self.context.symbols)

    @property
    def free_arrays(self) -> tuple[Array, ...]:
        return ()


def compared(name: str, record: Growth, states: Comparison, points: int = POINTS) -> tuple[SpotCheck, ...]:
    """The bounds against direct summation, at random points beyond the thresholds or of the family of points.

    Raises:
        OracleDisagrees: with the smallest point at which a bound fails.
    """
    found = []
    about_left = [goal for goal in goals(states) if goal.role in ("upper", "lower")]
    for goal in about_left or goals(states)[:1]:
        oracle = partial(_worked_out, record, states)
        bound = _Bound(goal.context, goal.left, oracle)
        spot = spot_check(bound, goal.right, points, 1, points, relation=goal.relation)
        if spot.mismatch is not None:
            raise OracleDisagrees(f"{name}: what is proved is not what its definition gives {spot.mismatch}")
        found.append(spot)
    return tuple(found)


def _worked_out(record: Growth, states: Comparison, **values: Any) -> Any:
    """The oracle at the values; of a family of points, at the point that they belong to."""
    if states.is_opposite:
        here: dict[Symbol, Any] = {s: values[s.name] for s in (C, n_0, *states.fixed) if s.name in values}
        values = values | {s.name: int(as_rational(evaluate(v, here))) for s, v in states.along}
    return record.oracle(**{s.name: values[s.name] for s in states.context.symbols})


def stated(states: Comparison) -> Words:
    """`n - k + 1 = Theta(n) as n -> oo, with k fixed`"""
    if states.kind == "at least O":
        return (states.left, " is at least ", Landau("O", states.right), *limits(states))
    return (formula(states), *limits(states))


def formula(states: Comparison) -> Equation:
    """`n - k + 1 = Theta(n)`"""
    if states.kind == "~":
        return Equation(states.left, "~", states.right)
    kind = states.kind.removeprefix("not ")
    return Equation(states.left, "!=" if states.is_opposite else "=", Landau(kind, states.right))


def limits(states: Comparison) -> Words:
    """` as n -> oo and m -> oo, with k fixed`"""
    words: list[Inline] = [" as "]
    for number, symbol in enumerate(states.tends):
        joint = "" if number == 0 else " and " if number == len(states.tends) - 1 else ", "
        words += [joint, Equation(symbol, "->", oo)]
    fixed = [s for s in states.fixed if s in _spoken(states)]
    if fixed:
        words += [", with ", *listed(fixed), " fixed"]
    return tuple(w for w in words if w != "")


def _spoken(states: Comparison) -> set[Basic]:
    terms = (states.left, states.right, *states.context.hypotheses, *(d.body for d in states.context.definitions))
    return {s for term in terms for s in term.free_symbols}


def growth_blocks(found: Grown) -> tuple[Block, ...]:
    """What is stated, why it is so, and the answer in its frame."""
    states = found.states
    shown = {goal.role: (goal, d) for goal, d in zip(goals(states), found.derivations, strict=True)}
    if states.kind == "at least O":
        return _says_nothing(found, shown)
    blocks = [*(_points(states, shown) if states.is_opposite else _bounds(states, shown))]
    blocks.append(Paragraph(("Hence", *limits(states), ":")))
    answer = formula(states)
    blocks.append(Result(answer.left, answer.relation, answer.right, states.context.hypotheses))
    if found.record.remark:
        blocks.append(Paragraph(found.record.remark))
    return tuple(blocks)


Shown = Mapping[str, tuple[Goal, Derivation]]


def _bounds(states: Comparison, shown: Shown) -> list[Block]:
    """The constants and the threshold, then a chain of lines for each bound."""
    far = [ge(symbol, least) for symbol, least in states.beyond]
    constants = [c for c in (states.below, states.above) if c is not None]
    opening: list[Inline]
    if states.is_small:
        opening = ["Let ", *listed([gt(epsilon, 0), *far]), ". We show that "]
        opening += ["the two sides differ by at most ", epsilon] if states.kind == "~" else [
            "the left side is at most ", epsilon]  # fmt: skip
        opening += [" times the right one" if states.kind == "~" else " times the other", "."]
    elif _is_multiple(states, shown):
        times = [] if states.right == 1 else [" times ", states.right]
        opening = ["The left side is ", constants[0], *times, " everywhere, so this constant will do "]
        opening += ["from below and from above."]
        if not constants[0].is_Rational:
            opening += [" Here ", gt(constants[0], 0), ", and it depends on what is fixed alone."]
        besides = _besides(states, shown)
        return [Paragraph(tuple(opening)), *([Paragraph(besides)] if besides else [])]
    else:
        opening = ["The constant ", constants[0], " will do"]
        if len(constants) > 1:
            same = constants[0] == constants[1]
            opening += [" from below and from above"] if same else [" from below and ", constants[1], " from above"]
        opening += [", for all ", *listed(far), "."] if far else [", everywhere."]
        positive = [gt(c, 0) for c in dict.fromkeys(constants) if not c.is_Rational]
        opening += [" Here ", *listed(positive), ", and it depends on what is fixed alone."] if positive else []
    blocks: list[Block] = [Paragraph(tuple(opening))]
    both = "upper" in shown and "lower" in shown
    for role, heading in (("upper", "From above."), ("lower", "From below.")):
        if role in shown:
            blocks += [Paragraph((Strong(heading),))] if both else []
            blocks += _lines(shown[role][1], states.left)
    besides = _besides(states, shown)
    return [*blocks, Paragraph(besides)] if besides else blocks


def _is_multiple(states: Comparison, shown: Shown) -> bool:
    """Whether one constant does for both bounds because nothing is lost: each has two sides that are the same term."""
    bounds = [shown[role][1] for role in ("upper", "lower") if role in shown]
    return len(bounds) == 2 and states.below == states.above and not states.beyond and all(
        bound.left == states.left == bound.right for bound in bounds
    )


def _besides(states: Comparison, shown: Shown) -> Words:
    """Signs, and that there are points beyond every threshold."""
    signs = [shown[role][0].condition for role in ("f", "g") if role in shown]
    signs = [s for s in signs if not (s.left.is_Rational and s.right.is_Rational)]
    words: list[Inline] = ["No absolute values are needed, since ", *listed(signs), "."] if signs else []
    if states.along and not states.is_opposite:
        points = [eq(symbol, value) for symbol, value in states.along]
        words += [" Beyond every threshold ", n_0, " there are points that the hypotheses allow: "]
        words += [*listed(points), "."]
    return tuple(words)


def _lines(derivation: Derivation, left: Expr) -> list[Block]:
    """The chain of a bound; where the left side was worked out at a point, that is the first line."""
    blocks = list(narrate_chain(derivation.chain, derivation.left))
    first = next((i for i, b in enumerate(blocks) if isinstance(b, Aligned)), None)
    if derivation.left != left and first is not None:
        block = blocks[first]
        assert isinstance(block, Aligned)
        there = Line("=", derivation.left, ("at this point",), left)
        blocks[first] = Aligned((there, replace(block.lines[0], left=None), *block.lines[1:]))
    return blocks


def _points(states: Comparison, shown: Shown) -> list[Block]:
    """The points, that they are allowed, and what holds at them."""
    points = [eq(symbol, value) for symbol, value in states.along]
    opening: list[Inline]
    if states.kind == "not o":
        opening = ["Let ", eq(epsilon, states.below), ". Whatever the threshold ", n_0, " is, take "]
    elif "lower" in shown:
        opening = ["Whatever the constant from below and the threshold are, let ", C, " be an integer above the "]
        opening += ["reciprocal of that constant and ", n_0, " one above the threshold. Take "]
    else:
        opening = ["Whatever the constant and the threshold are, let ", *listed([C, n_0])]
        opening += [" be integers above them. Take "]
    opening += [*listed(points), "."]
    reached = [Compare(">=", symbol, n_0) for symbol, _ in states.along]
    asked = ", and all hypotheses hold" if states.moving else ""
    opening += [" Then ", *listed(reached), asked, "."]
    blocks: list[Block] = [Paragraph((*(w for w in opening if w != ""),))]
    role = "lower" if "lower" in shown else "upper"
    goal, derivation = shown[role]
    blocks += _lines(derivation, states.left)
    constant = states.below if states.below is not None else C
    bound = states.right / C if role == "lower" else scaled(constant, states.right)
    last = blocks[-1]
    if isinstance(last, Aligned) and bound != goal.right:
        blocks[-1] = Aligned((*last.lines, Line("=", bound, ("with ", *listed(states.tends), " again"))))
    sign = next(shown[r][0].condition for r in ("g", "f") if r in shown)
    if not sign.left.is_Rational:
        blocks.append(Paragraph(("No absolute values are needed, since ", sign, ".")))
    return blocks


def _says_nothing(found: Grown, shown: Shown) -> tuple[Block, ...]:
    """Why "at least O(g)" holds of everything that is not negative, and what may be meant."""
    states, (f, g) = found.states, (shown["f"][0], shown["g"][0])
    zero = Equation(Integer(0), "=", Landau("O", states.right))
    words: Words = (
        Strong("This says nothing."), " A function is at least ", Landau("O", states.right), " if it is at least some "
        "function of that kind. One of them is 0: ", zero, ", since ", Compare("<=", Integer(0), g.left),
        ". So it is said of every function that is not negative, and ", f.condition, " is all that it says here. ",
        "A lower bound is written ", Landau("Omega", states.right), ", an upper one ", Landau("O", states.right), ".",
    )  # fmt: skip
    remark = (Paragraph(found.record.remark),) if found.record.remark else ()
    return (Paragraph(words), *remark)


def growth_note(label: str, found: Grown) -> CheckNote:
    """How it is known, in words and counts."""
    counts = found.counts
    number = len(found.derivations)
    words: list[Inline] = [f"{found.known}: {number} {'inequality' if number == 1 else 'inequalities'} derived in "]
    words += [f"{counts['steps']} steps, each law applied again; {counts['conditions']} conditions discharged; "]
    words += [f"steps compared at {counts['step_points']} points. Bounds compared with direct summation at "]
    where = "at the points of the family" if found.states.is_opposite else "beyond the threshold"
    words += [f"{counts['points']} points {where}, and compiled at {counts['compiled']}."]
    left_out = Counter(dict[str, int]())
    for spot in found.numbers:
        left_out.update(dict(spot.skipped))
    words += [f" Left out: {', '.join(f'{n} points, since {why}' for why, n in left_out.items())}."] if left_out else []
    return CheckNote(label, tuple(words), tuple(counts.items()), found.known)


def growth_remark(labels: list[str]) -> tuple[Words, ...]:
    """The same below the table of a page with several results."""
    if not labels:
        return ()
    said = f" In {', '.join(labels)}: each inequality that the definition asks for is a derivation, whose steps "
    said += "were applied again and compared at exact points; constants and thresholds depend on nothing that grows. "
    said += "The bounds were compared with direct summation beyond the thresholds, or at points of the family."
    return ((Strong("Growth."), said),)
