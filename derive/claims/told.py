"""What was decided of a claim, in the author's names; and where what could not be read stands."""

from __future__ import annotations

from sympy import Abs, Expr, ceiling, floor, oo

from derive.claims import findings
from derive.claims.findings import Finding
from derive.claims.stated import Claim
from derive.claims.statements import Answer
from derive.claims.stating import Pair, Parsed
from derive.claims.telling_conditions import in_latex
from derive.errors import CannotPrint, FormulaError
from derive.language import Cases, Entry, Indicator, Partial, Ranged, gt
from derive.language.chance import Moment

MOST_OPERATIONS = 8
"""Of a ratio or difference that is told."""

_INVOLVED = (floor, ceiling, Abs, Ranged, Entry, Cases, Indicator, Partial, Moment)


def told(claim: Claim, pair: Pair, answer: Answer, names: dict[str, str], parsed: Parsed | None = None) -> Finding:
    """The answer in the author's names."""
    by = ", ".join(answer.by)
    witness = answer.witness
    if answer.verdict == "refuted" and pair.lonely:
        by = f"ill-formed: {', '.join(pair.lonely)} is free on one side only" + (f"; {by}" if by else "")
    point = None
    missing = ""
    if answer.missing is not None:
        missing = str(answer.missing) if parsed is None else in_latex(answer.missing, parsed)
        by = (f"{by}; " if by else "") + f"a hypothesis is missing: {missing}"
    if witness is not None:
        values = tuple((names.get(name, name), value) for name, value in witness.values)
        why = witness.why.replace(str(answer.missing), missing) if missing else witness.why
        point = findings.Witness(values, witness.left, witness.right, why)
    notes = list(answer.notes)
    for low, high in pair.spans:
        if low not in (oo, -oo) and high not in (oo, -oo) and pair.statement.context.entails(gt(low, high)):
            notes.append(f"a range from {low} to {high} is empty throughout")
    return Finding(
        claim.id,
        answer.verdict,
        by=by,
        where=answer.used,
        unused=answer.unused,
        counterexample=point,
        ratio=ratio_in_latex(answer.ratio),
        difference=ratio_in_latex(answer.difference),
        notes=tuple(dict.fromkeys(notes)),
    )


def ratio_in_latex(term: Expr | None) -> str:
    """A ratio or difference in LaTeX, if it is simple."""
    if term is None or term.has(*_INVOLVED) or term.count_ops() > MOST_OPERATIONS:
        return ""
    from derive.render.tex import latex

    try:
        return latex(term)
    except CannotPrint:
        return ""


def unreadable(claim: Claim, error: FormulaError) -> Finding:
    """A formula that is none, with the place."""
    field, number = getattr(error, "where", ("left", 0))
    made = place_of(claim, field, number, error.line, error.column, error.message, str(error))
    return Finding(claim.id, "unreadable", error=made)


def place_of(
    claim: Claim, field: str, number: int, line: int, column: int, message: str, shown: str
) -> findings.Unread:
    """Where in the file a place in a formula is."""
    place = claim.place(field, number)
    if not place.line:
        return findings.Unread(message, line, column, shown)
    first = line == 1
    return findings.Unread(
        message, place.line + line - 1, column + (place.column - 1 if first and place.column else 0), shown
    )
