"""What somebody states: a claim with all that its file says of it, as texts that nobody has read yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from derive.claims.findings import Finding

# How a relation may be written, and its one name.
RELATIONS = {
    "=": "=", "!=": "!=", r"\ne": "!=", r"\neq": "!=", "≠": "!=", "<": "<", r"\lt": "<", ">": ">", r"\gt": ">",
    "<=": "<=", r"\le": "<=", r"\leq": "<=", r"\leqslant": "<=", "≤": "<=",
    ">=": ">=", r"\ge": ">=", r"\geq": ">=", r"\geqslant": ">=", "≥": ">=",
    r"\approx": "approx", "approx": "approx", "≈": "approx",
    "implies": "implies", r"\implies": "implies", r"\Rightarrow": "implies", "=>": "implies",
    "iff": "iff", r"\iff": "iff", r"\Leftrightarrow": "iff", "<=>": "iff",
    "O": "O", "o": "o", "Theta": "Theta", r"\Theta": "Theta", "Omega": "Omega", r"\Omega": "Omega",
    r"\sim": "~", "~": "~",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a text of a claim stands.

    Attributes:
        field: 'left', 'symbols.n'.
        number: Of a text in a list, counted from 0.
        line, column: Of the first character within the quotes, from 1; 0 where it is not known.
    """

    field: str
    number: int
    line: int
    column: int = 0


@dataclass(frozen=True)
class Claim:
    r"""One claim: two sides (or as many pairs as there are), or a chain, or an answer to a construct's question.

    Attributes:
        id: As given; 'claim 3' for the third one of a file if none is.
        file: As the user named it; '' for a claim that is in no file.
        symbols: Names with their declarations; the claim's own ones come after the file's and replace them.
        where, let, left, right, chain: LaTeX.
        relation: One of the values of RELATIONS; in a chain, that of a line that names none.
        asked, given, answer: construct.claim, its parameters (texts, or nested tuples of texts), and LaTeX.
        form, layout: As given, '' without one.
        conventions: Names with values, the file's and over them the claim's.
        lines: Where each text stands.
        number: Which claim of its file it is, from 1.
        notes: What people should know, such as an id that is used twice.

    Example:
        >>> Claim("square", left=("(-1)^2",), right=("1",)).relation
        '='
    """

    id: str
    file: str = ""
    symbols: tuple[tuple[str, str], ...] = ()
    where: tuple[str, ...] = ()
    let: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    relation: str = "="
    chain: tuple[str, ...] = ()
    asked: str = ""
    given: tuple[tuple[str, Any], ...] = ()
    answer: str = ""
    form: str = ""
    layout: str = ""
    conventions: tuple[tuple[str, str], ...] = ()
    lines: tuple[Place, ...] = ()
    number: int = 0
    notes: tuple[str, ...] = ()

    def place(self, field: str, number: int = 0) -> Place:
        """Where a text stands, or as much of it as is known.

        Example:
            >>> Claim("c", lines=(Place("left", 0, 7, 10),)).place("left")
            Place(field='left', number=0, line=7, column=10)
        """
        known = [place for place in self.lines if place.field == field]
        return next((p for p in known if p.number == number), Place(field, number, known[0].line if known else 0))


@dataclass(frozen=True)
class Malformed:
    """A claim of a readable file that has a wrong key, or a value of the wrong kind."""

    id: str
    file: str
    number: int
    line: int
    message: str
    notes: tuple[str, ...] = ()


def claim_of(data: Mapping[str, Any]) -> Claim:
    """The claim that `as_data` wrote.

    Example:
        >>> from derive.claims.findings import as_data
        >>> claim_of(as_data(Claim("c", where=("n > 1",)))).where
        ('n > 1',)
    """
    made = {key: _tuples(value) for key, value in data.items() if key != "lines"}
    return Claim(lines=tuple(Place(**place) for place in data["lines"]), **made)


def named(finding: Finding, claim: Claim, seconds: float) -> Finding:
    """The finding under the claim's name, with its notes and the time taken.

    Example:
        >>> named(Finding("", "proved"), Claim("c", file="x.toml"), 0.5).file
        'x.toml'
    """
    notes = (*claim.notes, *(note for note in finding.notes if note not in claim.notes))
    return replace(finding, id=claim.id, file=claim.file, number=claim.number, seconds=seconds, notes=notes)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, (tuple, list)) else value
