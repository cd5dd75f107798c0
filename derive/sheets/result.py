"""One claim, shown: the five lines of Python and the command `derive show`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Rational

from derive.errors import BadInput
from derive.kernel.derivation import Chain, Induction, Split
from derive.language import eq
from derive.render.document import Block, Document, Paragraph, Part, Problem, Words
from derive.sheets.answers import Checked, answer, check_note
from derive.sheets.given import definitions, domain
from derive.sheets.narrate import narrate, reason_told


@dataclass(frozen=True)
class Answer:
    """A checked claim that prints itself; `checked` has the derivation, the check report and the numbers."""

    checked: Checked

    def document(self) -> Document:
        """The claim as a page of its own."""
        checked = self.checked
        claim, construct = checked.claim, checked.construct
        question: list[Block] = [Paragraph(construct.about)]
        question.append(Paragraph(("For ", *domain(checked.general.context), ".")))
        given = definitions(checked.general.context)
        if given:
            question.append(Paragraph(("Given ", *given, ".")))
        question.append(Paragraph(claim.question))
        part = Part("", claim.title, (), told(checked))
        return Document(
            name=checked.path.replace(".", "-"),
            title=construct.title,
            course="",
            author="",
            conventions=construct.conventions,
            introduction=(),
            problems=(Problem(1, "", tuple(question), (part,)),),
            hypotheses=(),
            checks=(check_note("Result:", checked),),
        )

    def text(self) -> str:
        """For a terminal."""
        from derive.render import text

        return text.write(self.document())

    def tex(self) -> str:
        """A LaTeX document."""
        from derive.render import latex

        return latex.write(self.document())

    def markdown(self) -> str:
        """Markdown with dollar maths."""
        from derive.render import markdown

        return markdown.write(self.document())

    def html(self) -> str:
        """A self-contained HTML page."""
        from derive.render import html

        return html.write(self.document())

    def json(self) -> str:
        """The statement, its steps and its check as JSON; terms as LaTeX and as plain text."""
        return json.dumps(_as_data(self.checked), indent=2, ensure_ascii=False)

    def _repr_latex_(self) -> str:
        """For notebooks: the statement."""
        from derive.render.document import Equation
        from derive.render.tex import latex

        d = self.checked.derivation
        return f"$\\displaystyle {latex(Equation(d.left, d.relation, d.right))}$"

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        from derive.render.document import Equation
        from derive.render.text import plain

        d = self.checked.derivation
        return f"<{self.checked.path}: {plain(Equation(d.left, d.relation, d.right))}>"


def show(path: str, values: Mapping[str, Any] | None = None, **more: Any) -> Answer:
    """Derive and check a claim.

    Args:
        path: `construct.claim`, or a construct's name for its first claim.
        values: {name: integer, Fraction, SymPy rational, or text such as "1/2"}.
        more: The same as keywords.

    Example:
        >>> show("filtered_pulse.response", L=7, a="1/2", n=9).checked.derivation.right
        127/512
    """
    from derive.sheets.values import exact_value

    given: dict[str, Fraction] = {}
    for name, value in {**(values or {}), **more}.items():
        if isinstance(value, str):
            given[name] = exact_value(value)
        elif isinstance(value, Rational):
            given[name] = Fraction(int(value.p), int(value.q))
        elif isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            given[name] = Fraction(value)
        else:
            raise BadInput(f"{name} = {value!r} is not exact: write an integer, a Fraction or text such as '1/2'")
    return Answer(answer(path, given))


def told(checked: Checked, names: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """The solution: the derivation, or for set values the general result and what it becomes."""
    if not checked.values:
        return narrate(checked.derivation, names=names)
    words: list[Any] = ["Insert "]
    for number, (symbol, value) in enumerate(checked.symbol_values.items()):
        words += [", " if number else "", eq(symbol, value)]
    known = (names or {}).get(checked.general.name)
    inserted: Words = (*(w for w in words if w != ""), f" in {known}." if known else " in the general result.")
    blocks = narrate(checked.derivation, names=names)
    last = blocks[-1]
    if known:
        return (Paragraph(inserted), last)
    return (*narrate(checked.general, names=names), Paragraph(inserted), last)


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
            "oracle_points": spot.exact_points,
            "boundary_points": spot.boundary_points,
            "degenerate_points": spot.degenerate_points,
            "float_points": spot.float_points,
            "worst_error": spot.worst_error,
        },
    }
