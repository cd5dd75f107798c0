"""Whether derivations show a statement about growth: they have the goals of its definition, and each is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.errors import IllFormed, StepRejected
from derive.kernel.checker import CheckReport, Memory, check
from derive.kernel.derivation import Derivation, Verdict, weakest
from derive.rules.growth import Comparison, goals


@dataclass(frozen=True)
class Judgement:
    """What the checker says of the derivations of a statement."""

    verdict: Verdict
    reports: tuple[CheckReport, ...] = ()


def judged(statement: Comparison, derivations: Sequence[Derivation], memory: Memory | None = None) -> Judgement:
    """Proved if these are derivations of all goals and the checker accepts each of them; else undecided, and why."""
    try:
        wanted = goals(statement)
    except IllFormed as problem:
        return Judgement(Verdict("undecided", why=str(problem)))
    shown = [(d.context, d.left, d.relation, d.right) for d in derivations]
    for number, goal in enumerate(wanted):
        if number >= len(shown) or shown[number] != (goal.context, goal.left, goal.relation, goal.right):
            return Judgement(Verdict("undecided", why=f"nothing is said of {goal.role}: {goal.condition} is wanted"))
    if len(shown) != len(wanted):
        return Judgement(Verdict("undecided", why="more is shown than is wanted"))
    known: Memory = {} if memory is None else memory
    reports = []
    for derivation in derivations:
        try:
            reports.append(check(derivation, known))
        except StepRejected as problem:
            return Judgement(Verdict("undecided", why=str(problem)), tuple(reports))
    return Judgement(weakest(tuple(report.verdict for report in reports)), tuple(reports))
