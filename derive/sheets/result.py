"""One claim, shown: the five lines of Python and the command `derive show`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Rational

from derive.constructs.registry import growth, refuted
from derive.errors import BadInput
from derive.kernel.derivation import Chain, Induction, Split
from derive.render.document import Block, Document, Paragraph, Part, Words
from derive.sheets.answers import Checked, answer
from derive.sheets.at_once import at_once
from derive.sheets.given import domain, random_arrays, smooth_functions
from derive.sheets.grains import in_grains
from derive.sheets.growths import Grown, grown
from derive.sheets.matrices import entries_shown, given_arrays, settings
from derive.sheets.narrate import narrate, reason_told
from derive.sheets.notes import check_note
from derive.sheets.printing import Printed, alone
from derive.sheets.refutations import Disproved, disproved
from derive.sheets.stating import introduced
from derive.sheets.values import Numbers, as_numbers, exact_value


@dataclass(frozen=True)
class Answer(Printed):
    """A checked claim that prints itself; `checked` has the derivation, the check report and the numbers."""

    checked: Checked

    def document(self) -> Document:
        """The claim as a page of its own."""
        checked = self.checked
        claim, construct = checked.claim, checked.construct
        question: list[Block] = [Paragraph(construct.about)]
        functions = smooth_functions(checked.general)
        joint: Words = (", ", *functions) if functions else ()
        everywhere = domain(checked.general.context)
        if everywhere:
            question.append(Paragraph(("For ", *everywhere, *joint, ".")))
        if checked.general.context.definitions:
            question += introduced("Given", checked.general.context.definitions)
        question += [Paragraph((*words, ".")) for words in random_arrays(checked.general.context)]
        question.append(Paragraph(claim.question))
        part = Part("", claim.title, (), told(checked))
        return alone(checked.path, construct, tuple(question), part, check_note("Result:", checked))

    def data(self) -> dict[str, Any]:
        """The statement, its steps and its check."""
        return _as_data(self.checked)

    def _repr_latex_(self) -> str:
        """For notebooks: the statement."""
        from derive.render.document import Equation
        from derive.render.tex import latex

        d = self.checked.derivation
        return f"$\\displaystyle {latex(Equation(d.left, d.relation, d.right))}$"

    def __repr__(self) -> str:
        from derive.render.document import Equation
        from derive.render.text import plain

        d = self.checked.derivation
        return f"<{self.checked.path}: {plain(Equation(d.left, d.relation, d.right))}>"


def show(
    path: str,
    values: Mapping[str, Any] | None = None,
    write_out: Mapping[str, int] | None = None,
    layout: str | None = None,
    **more: Any,
) -> Answer | Disproved | Grown:
    """Derive and check a claim or a statement about growth, or refute a false statement.

    Args:
        path: `construct.claim`, or a construct's name for its first claim; or the name of a statement.
        values: {name: integer, Fraction, SymPy rational, or text such as "1/2"; of an array lists of these}.
        write_out: Which entry of the result is written out term by term, {index: number}; wants arrays.
        layout: Of a derivative or a gradient, 'numerator' or 'denominator'; without it, as it was derived.
        more: The same as `values`, as keywords.

    Example:
        >>> show("filtered_pulse.response", L=7, a="1/2", n=9).checked.derivation.right
        127/512
    """
    given = {name: _exact(name, value) for name, value in {**(values or {}), **more}.items()}
    if refuted(path) is not None:
        if given or write_out or layout:
            raise BadInput(f"{path} is a false statement: it is shown with its own witness, and nothing can be set")
        return disproved(path)
    if growth(path) is not None:
        if given or write_out or layout:
            raise BadInput(f"{path} is a statement about growth, for all sizes: nothing can be set")
        return grown(path)
    return Answer(answer(path, given, write_out, layout=layout))


def _exact(name: str, value: Any) -> Fraction | Numbers:
    if isinstance(value, Numbers):
        return value
    if isinstance(value, (list, tuple)):
        return as_numbers(_nested(name, value))
    if isinstance(value, str):
        return exact_value(value)
    if isinstance(value, Rational):
        return Fraction(int(value.p), int(value.q))
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return Fraction(value)
    raise BadInput(f"{name} = {value!r} is not exact: write an integer, a Fraction or text such as '1/2'")


def _nested(name: str, value: Any) -> Any:
    return [_nested(name, v) for v in value] if isinstance(value, (list, tuple)) else _exact(name, value)


def told(
    checked: Checked, names: Mapping[str, str] | None = None, arrays_known: bool = False, grain: str = "lecture"
) -> tuple[Block, ...]:
    """The solution: the derivation, or for set values the general result and what it becomes.

    Args:
        checked: The claim.
        names: {claim: where on the page it stands}.
        arrays_known: Whether the page has shown the arrays that are given.
        grain: 'sketch', 'lecture' or 'full'; the finer lines are folded up.
    """
    if not checked.is_special:
        return (*in_grains(checked.derivation, grain, names), *at_once(checked.derivation))
    known = (names or {}).get(checked.general.name, "")
    words: list[Any] = ["Insert ", *settings(checked)]
    matrices: tuple[Block, ...] = ()
    if any(numbers.shape for _, numbers in checked.arrays):
        if arrays_known:
            words += [" and " if len(words) > 1 else "", "the given numbers"]
        else:
            matrices = given_arrays(checked)
            words += [" and " if len(words) > 1 else "", "the numbers below"]
    place = known or "the general result"
    if checked.arrays and known:
        place = f"the result of {known}"
    inserted: Words = (*(w for w in words if w != ""), f" in {place}.")
    if checked.entries is not None:
        last = entries_shown(checked, known)
    else:
        last = (narrate(checked.derivation, names=names)[-1], *at_once(checked.derivation))
    if known:
        return (Paragraph(inserted), *matrices, *last)
    general = (*in_grains(checked.general, grain, names), *at_once(checked.general))
    return (*general, Paragraph(inserted), *matrices, *last)


def _as_data(checked: Checked) -> dict[str, Any]:
    from derive.render.tex import latex
    from derive.render.text import plain

    lemmas = checked.derivation.lemmas

    def term(t: Any) -> dict[str, str]:
        return {"text": plain(t), "latex": latex(t)}

    def chain(c: Chain) -> list[dict[str, Any]]:
        moves: list[dict[str, Any]] = []
        for move in c.moves:
            if isinstance(move, Split):
                cases = [{"condition": term(b.condition), "steps": chain(b.chain)} for b in move.branches]
                moves.append({"cases": cases, "after": term(move.after)})
            elif isinstance(move, Induction):
                base, step = chain(move.base), chain(move.step)
                about = {"variable": term(move.variable), "from": term(move.low), "base": base, "step": step}
                moves.append({"induction": about, "after": term(move.after)})
            else:
                moves.append(
                    {
                        "relation": move.relation,
                        "after": term(move.after),
                        "rule": move.rule,
                        "conditions": [plain(c) for c in move.conditions],
                        "reason": "".join(r if isinstance(r, str) else plain(r) for r in reason_told(move, lemmas)),
                    }
                )
        return moves

    d, report, spot = checked.derivation, checked.report, checked.numbers
    return {
        "claim": checked.path,
        "values": {n: str(v) for n, v in checked.values},
        **_numbers_data(checked),
        "left": term(d.left),
        "relation": d.relation,
        "right": term(d.right),
        "hypotheses": [term(f) for f in d.context.facts],
        "steps": chain(d.chain),
        "verdict": {"kind": report.verdict.kind, "by": list(report.verdict.by)},
        "checked": {
            "steps": report.steps,
            "conditions": len(report.conditions),
            "splits": report.splits,
            "points": report.points,
            "close_points": report.close,
            "oracle_points": spot.exact_points,
            "oracle_close_points": spot.close_points,
            "boundary_points": spot.boundary_points,
            "degenerate_points": spot.degenerate_points,
            "float_points": spot.float_points,
            "worst_error": spot.worst_error,
        },
    }


def _numbers_data(checked: Checked) -> dict[str, Any]:
    """What was given of arrays, and the numbers of the result."""
    if checked.entries is None:
        return {}
    rows = [[str(value) for value in row] for row in checked.entries.rows()]
    data: dict[str, Any] = {"arrays": {name: str(numbers) for name, numbers in checked.arrays}, "entries": rows}
    if checked.written is not None:
        from derive.render.text import plain

        data["written_out"] = [plain(move.after) for move in checked.written.derivation.chain.moves]
    return data
