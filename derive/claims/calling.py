"""One claim asked about from a program, or from one line of text."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from derive.claims.files import claim_from
from derive.claims.findings import Finding
from derive.claims.stated import RELATIONS, Claim, named
from derive.errors import ClaimError

_TOKEN = re.compile(r"\\(?:begin|end)\{[^}]*\}|\\[A-Za-z]+|\\.|<=>|=>|<=|>=|!=|[^\\]", re.DOTALL)
_OPENING, _CLOSING = "({[", ")}]"
_NOT_BETWEEN = ("O", "o", "Theta", r"\Theta", "Omega", r"\Omega", "~")
_APART = (r"\quad", r"\qquad")
_BETWEEN_CONDITIONS = ("implies", "iff")


def check(
    left: str | Sequence[str] | None = None,
    right: str | Sequence[str] | None = None,
    *,
    symbols: Mapping[str, str] | None = None,
    where: str | Sequence[str] = (),
    relation: str = "=",
    let: str | Sequence[str] = (),
    chain: Sequence[str] | None = None,
    asked: str | None = None,
    given: Mapping[str, Any] | None = None,
    answer: str | None = None,
    form: str | None = None,
    layout: str | None = None,
    conventions: Mapping[str, Any] | None = None,
    seconds: float = 10.0,
) -> Finding:
    r"""What is known of a claim, judged in this process.

    Args:
        left: LaTeX, or several formulas that are compared with those on the right one by one.
        right: The other side.
        symbols: Names and what they are: {"n": "integer >= 1"}, as in a claim file.
        where: Hypotheses, LaTeX.
        relation: Between the sides: '=', r'\le', 'O' and the others of a claim file.
        let: Definitions, LaTeX.
        chain: Lines of a calculation, instead of two sides.
        asked: construct.claim that `answer` answers, instead of two sides.
        given: Parameters of what is asked.
        answer: LaTeX.
        form: As in a claim file.
        layout: Of derivatives, 'numerator' or 'denominator'.
        conventions: Names with values, as in a claim file.
        seconds: Time that the deciders keep to. Nothing ends this process: for claims from outside use the command
            `derive check`, or `derive.claims.running.run`.

    Returns:
        The finding. It has a verdict and no truth value.

    Raises:
        ClaimError: arguments that do not make a claim. LaTeX that cannot be read is a finding, `unreadable`.

    Example:
        >>> finding = check("1 + 1", "2", symbols={"n": "integer"})
        >>> finding.verdict in ("proved", "undecided")
        True
    """
    data: dict[str, Any] = {
        "left": left, "right": right, "chain": chain, "asked": asked, "answer": answer, "form": form, "layout": layout,
        "where": where, "let": let, "given": given, "symbols": symbols, "conventions": conventions,
    }  # fmt: skip
    kept = {key: _as_read(value) for key, value in data.items() if value is not None and value != ()}
    claim = claim_from({"relation": relation, **kept})
    from derive.claims.judging import judge

    start = time.perf_counter()
    return named(judge(claim, seconds), claim, time.perf_counter() - start)


def _as_read(value: Any) -> Any:
    """Sequences as lists and mappings as dictionaries, as a file gives them."""
    if isinstance(value, Mapping):
        return {name: _as_read(inner) for name, inner in value.items()}
    return [_as_read(inner) for inner in value] if isinstance(value, (tuple, list)) else value


def claim_in(formula: str, **more: Any) -> Claim:
    r"""The claim that one line of LaTeX makes: two sides, or a chain where there are more.

    Args:
        formula: With its relation outside all brackets.
        more: Other keys of a claim.

    Raises:
        ClaimError: there is no relation.

    Example:
        >>> claim_in(r"\sum_{k=1}^n k \le n^2").relation
        '<='
        >>> claim_in("a = b = c").chain
        ('a', '= b', '= c')
        >>> claim_in(r"a/a = 1 \quad \text{for } a \ne 0").right
        ('1 \\quad \\text{for } a \\ne 0',)
    """
    sides, relations = _split(formula)
    logical = [i for i, relation in enumerate(relations) if RELATIONS[relation] in _BETWEEN_CONDITIONS]
    if len(logical) == 1:
        here = logical[0]
        left, right = _joined(sides, relations, 0, here), _joined(sides, relations, here + 1, len(relations))
        return claim_from({"left": left, "relation": relations[here], "right": right, **more})
    if not relations:
        raise ClaimError(f"{formula!r} has no relation such as = or \\le outside its brackets")
    if len(relations) == 1:
        return claim_from({"left": sides[0], "relation": relations[0], "right": sides[1], **more})
    lines = [f"{relation} {side}" for relation, side in zip(relations, sides[1:], strict=True)]
    return claim_from({"chain": [sides[0], *lines], **more})


def _joined(sides: list[str], relations: list[str], first: int, last: int) -> str:
    return " ".join([sides[first], *(f"{relations[i]} {sides[i + 1]}" for i in range(first, last))])


def _split(formula: str) -> tuple[list[str], list[str]]:
    sides, relations, depth, told = [""], [], 0, False  # `told`: what follows is a condition, told after the formula
    for token in _TOKEN.findall(formula):
        told = told or (depth == 0 and len(sides) > 1 and token in _APART)
        depth += token in _OPENING or token == r"\{" or token.startswith(r"\begin{")
        depth -= token in _CLOSING or token == r"\}" or token.startswith(r"\end{")
        if depth == 0 and not told and token in RELATIONS and token not in _NOT_BETWEEN:
            sides.append("")
            relations.append(token)
        else:
            sides[-1] += token
    return [side.strip() for side in sides], relations
