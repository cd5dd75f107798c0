"""How each claim is known, found out by deriving, checking and spot-checking it now.

>>> row = coverage("time_shift.response", points=5)
>>> row.known, row.steps, row.exact_points >= 5
('proved for all sizes', 4, True)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from derive.errors import DeriveError, OracleDisagrees
from derive.sheets.side_by_side import side_by_side

POINTS = 100
"""Random points of a claim, as many exact as in floating point; boundaries and degenerate sizes come on top."""

GRADES = {
    "proved": ("proved for all sizes", "each step follows by a law, wherever the hypotheses hold"),
    "exact": ("exact at sizes", "both sides are the same polynomial at each of the sizes listed"),
    "sampled": ("sampled", "the numbers agree at the points counted here; evidence, not a proof"),
    "cited": ("cited", "some step rests on an authority, which its sheet names"),
}
"""For each kind of verdict what the table says and what that means."""
FALSE = ("false, by a witness", "the smallest point was found at which the statement fails, both sides evaluated")
"""The same of a statement that is recorded as false."""
EMPTY_ROW = ("says nothing", "'at least O(n)' and the like, true of every function that is not negative")
"""The same of a statement that is empty."""
REFUSED = "refused"


@dataclass(frozen=True)
class Coverage:
    """How one claim is known.

    Attributes:
        claim: `construct.claim`.
        known: In words: a grade, `refused`, or that it is false.
        steps: Steps that the checker replayed, lemmas included.
        conditions: Conditions that it discharged.
        step_points: Points at which it compared the two sides of a step, exactly or to many digits.
        exact_points: Points at which the result was compared with the oracle in the same way; of a false statement,
            points that were looked at, the witness the last of them.
        float_points: The same in floating point.
        problem: Why it was refused, or what is cited.
    """

    claim: str
    known: str
    steps: int = 0
    conditions: int = 0
    step_points: int = 0
    exact_points: int = 0
    float_points: int = 0
    problem: str = ""


def coverage(path: str, points: int = POINTS) -> Coverage:
    """Derive, check and spot-check one claim.

    Args:
        path: `construct.claim`.
        points: Random exact points, and as many in floating point.

    Returns:
        The row of the claim; a derivation that is refused is a row too.
    """
    from derive.constructs.registry import claim as find_claim
    from derive.constructs.registry import growth, refuted
    from derive.kernel.checker import check
    from derive.numeric.spotcheck import spot_check

    if refuted(path) is not None:
        return _of_a_false_statement(path)
    if growth(path) is not None:
        return _of_growth(path)
    claim = find_claim(path)[1]
    try:
        derivation = claim.derive()
        report = check(derivation)
        verdict = report.verdict
        if verdict.kind not in GRADES:
            return Coverage(path, REFUSED, report.steps, problem=f"{path}: {verdict.kind} {verdict.why}".rstrip())
        numbers = spot_check(claim, derivation.right, points, float_count=points, relation=derivation.relation)
        if numbers.mismatch is not None:
            raise OracleDisagrees(f"{path}: what is proved is not what its definition gives {numbers.mismatch}")
    except DeriveError as problem:
        return Coverage(path, REFUSED, problem=str(problem))
    return Coverage(
        claim=path,
        known=GRADES[verdict.kind][0],
        steps=report.steps,
        conditions=len(report.conditions),
        step_points=report.points + report.close,
        exact_points=numbers.exact_points + numbers.close_points,
        float_points=numbers.float_points,
        problem=verdict.why,
    )


def _of_a_false_statement(path: str) -> Coverage:
    from derive.sheets.refutations import disproved

    try:
        return Coverage(path, FALSE[0], exact_points=disproved(path).found.tried + 1)
    except DeriveError as problem:
        return Coverage(path, REFUSED, problem=str(problem))


def _of_growth(path: str) -> Coverage:
    from derive.sheets.growths import EMPTY, grown

    try:
        found = grown(path)
    except DeriveError as problem:
        return Coverage(path, REFUSED, problem=str(problem))
    counts, verdict = found.counts, found.judgement.verdict
    return Coverage(
        claim=path,
        known=EMPTY if found.known == EMPTY else GRADES[verdict.kind][0],
        steps=counts["steps"],
        conditions=counts["conditions"],
        step_points=counts["step_points"],
        exact_points=counts["points"],
        float_points=counts["compiled"],
        problem=verdict.why,
    )


def all_coverage(paths: Sequence[str], points: int = POINTS, workers: int | None = None) -> Iterator[Coverage]:
    """The rows of many claims in their order, worked out side by side.

    Args:
        paths: `construct.claim` each.
        points: As for `coverage`.
        workers: Processes; without it as many as there are processors for this program.
    """
    yield from side_by_side(coverage, [(path, points) for path in paths], workers)


def header(width: int) -> str:
    """The head of the table; `width` is that of the longest claim."""
    return f"{'claim':<{width}}  {'known':<20}  {'steps':>5}  {'exact points':>12}  {'float points':>12}"


def line(row: Coverage, width: int) -> str:
    """One row of the table."""
    if row.known == REFUSED:
        return f"{row.claim:<{width}}  {REFUSED}"
    counts = f"{row.steps:>5}  {row.exact_points:>12}  {row.float_points:>12}"
    return f"{row.claim:<{width}}  {row.known:<20}  {counts}"


def footer(rows: Sequence[Coverage]) -> str:
    """What the words of the table mean, and the problems in full."""
    special = [kind for kind in (FALSE, EMPTY_ROW) if any(row.known == kind[0] for row in rows)]
    grades = [*GRADES.values(), *special]
    lines = [f"{known:<20}  {meaning}" for known, meaning in grades]
    lines.append("Steps were applied again by the checker. Points compare the result with brute force from the")
    lines.append("definition, in exact and in floating-point arithmetic.")
    wrong = [row for row in rows if row.known == REFUSED]
    if wrong:
        lines += ["", f"{len(wrong)} of {len(rows)} refused:"]
        lines += [row.problem for row in wrong]
    cited = [f"{row.claim} rests on {row.problem}" for row in rows if row.known != REFUSED and row.problem]
    return "\n".join([*lines, *(["", *cited] if cited else [])])
