"""What comes back of a claim: the verdict with what it rests on, or the point at which it fails.

Plain data without terms, so that it can be sent, kept and printed by processes that never load SymPy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from decimal import ROUND_DOWN, Decimal, localcontext
from typing import Any

_LONGEST, _DIGITS = 40, 10
"""Characters of a quotient that is told in full, and the digits of one that is not."""
VERDICTS = ("proved", "exact", "sampled", "refuted", "undecided", "unreadable")


@dataclass(frozen=True)
class Witness:
    """A point at which a statement fails.

    Attributes:
        values: {name: exact number as text}, sizes first; of a small array its entries, nested lists of such texts.
        left, right: The values of the sides there, exact or with their first digits; 'undefined' where there is none.
        why: Of an undefined side what has no value, in words ('1 - a = 0 is divided by').
    """

    values: tuple[tuple[str, Any], ...]
    left: str
    right: str
    why: str = ""


@dataclass(frozen=True)
class Slip:
    """One repair of a known kind that makes a claim true, in one sentence, and the repaired formula as LaTeX.

    `kind` is one word or two for the kind of slip: 'off by one', 'sign', 'floor'.
    """

    repair: str
    formula: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Form:
    """Whether an answer has the form that was asked for, and if not, why; apart from whether it is true."""

    asked: str
    holds: bool
    why: str = ""

    def said(self) -> str:
        """In words.

        Example:
            >>> Form("closed", False, "a sum is left").said()
            'form: not closed (a sum is left)'
        """
        return f"form: {self.asked}" if self.holds else f"form: not {self.asked} ({self.why})"


@dataclass(frozen=True)
class Unread:
    """Why a claim could not be read, and where in its file (from 1; 0 where it is not known).

    `shown` is the line of the formula with a mark under the place, for people.
    """

    message: str
    line: int = 0
    column: int = 0
    shown: str = ""


@dataclass(frozen=True, repr=False)
class Finding:
    """What is known of a claim.

    Attributes:
        id, file: As the claim has them.
        verdict: One of VERDICTS.
        by: Laws and procedures, in words; for `undecided` the reason; of a refutation without a point it begins with
            'ill-formed'.
        where: Hypotheses used; `unused`: those given and not needed.
        counterexample: For `refuted`; `ratio` and `difference` of the sides, as LaTeX, where one is simple.
        first_wrong: Of a chain, the number of the first line, from 1, that does not follow from the one before.
        slip: A repair that is proved.
        convention: The convention under which the claim is right.
        readings: Of ambiguous LaTeX, the readings; `by` says which was judged.
        error: For `unreadable`.
        seconds: Time taken; `cached` says that it was known from an earlier run.
        form: Whether the answer has the form that the claim asks for.
        number: Which claim of its run it is, from 1; for the order of a table.
        notes: More sentences for people.

    Example:
        >>> Finding("tail", "proved", by="geometric sum", where=("a != 1",))
        <proved, by geometric sum, where a != 1>
    """

    id: str
    verdict: str
    by: str = ""
    file: str = ""
    where: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    counterexample: Witness | None = None
    first_wrong: int | None = None
    slip: Slip | None = None
    convention: str = ""
    readings: tuple[str, ...] = ()
    error: Unread | None = None
    seconds: float = 0.0
    ratio: str = ""
    difference: str = ""
    notes: tuple[str, ...] = ()
    number: int = 0
    cached: bool = False
    form: Form | None = None

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"{self.verdict!r} is no verdict; there are {', '.join(VERDICTS)}")

    def __bool__(self) -> bool:
        raise TypeError("a claim is proved, refuted or neither: ask for `.verdict`, not for true or false")

    def __repr__(self) -> str:
        return f"<{', '.join([self.verdict, *_words(self)])}>"

    def as_json(self) -> dict[str, Any]:
        """The keys that `derive check --json` prints; what does not apply is null or empty.

        Example:
            >>> made = Finding("a", "refuted", counterexample=Witness((("n", "1"),), "-2", "2"))
            >>> made.as_json()["counterexample"]
            {'values': {'n': '1'}, 'left': '-2', 'right': '2'}
        """
        return {
            "id": self.id,
            "file": self.file,
            "verdict": self.verdict,
            "by": self.by,
            "where": list(self.where),
            "unused": list(self.unused),
            "counterexample": self._point(),
            "first_wrong": self.first_wrong,
            "slip": None if self.slip is None else asdict(self.slip),
            "convention": self.convention or None,
            "readings": list(self.readings),
            "error": None if self.error is None else {k: v for k, v in asdict(self.error).items() if k != "shown"},
            "form": None if self.form is None else asdict(self.form),
            "seconds": round(self.seconds, 4),
        }

    def _point(self) -> dict[str, Any] | None:
        if self.counterexample is None:
            return None
        point: dict[str, Any] = {"values": dict(_lists(self.counterexample.values))}
        point |= {"left": self.counterexample.left, "right": self.counterexample.right}
        more = {"why": self.counterexample.why, "ratio": self.ratio, "difference": self.difference}
        return point | {key: value for key, value in more.items() if value}


def _words(finding: Finding) -> Iterable[str]:
    if finding.error is not None:
        yield finding.error.message
    if finding.first_wrong is not None:
        yield f"line {finding.first_wrong} does not follow"
    if finding.counterexample is not None:
        yield point_in_words(finding.counterexample)
    if finding.by:
        yield f"by {finding.by}" if finding.verdict in ("proved", "exact", "sampled") else finding.by
    if finding.where:
        yield f"where {', '.join(finding.where)}"
    if finding.slip is not None:
        yield f"slip: {finding.slip.repair}"
    if finding.form is not None:
        yield finding.form.said()


def point_in_words(point: Witness) -> str:
    """The point and the values there in one line.

    Example:
        >>> point_in_words(Witness((("n", "1"), ("x", ("0", "2"))), "-2", "2"))
        'n=1, x=[0, 2]: left -2, right 2'
    """
    at = ", ".join(f"{name}={_value(value)}" for name, value in point.values) or "always"
    why = f" ({point.why})" if point.why else ""
    return f"{at}: left {_short(point.left)}, right {_short(point.right)}{why}"


def _short(value: str) -> str:
    """The first digits of a quotient that fills lines: the finding has all of them.

    Example:
        >>> _short("22/7"), _short(f"{10**40 + 1}/{3 * 10**40}")
        ('22/7', '0.3333333333...')
    """
    top, _, bottom = value.partition("/")
    if len(value) <= _LONGEST or not bottom.isdecimal() or not top.lstrip("-").isdecimal():
        return value
    with localcontext() as context:
        context.prec, context.rounding = _DIGITS, ROUND_DOWN
        return f"{Decimal(top) / Decimal(bottom)}..."


def _value(value: Any) -> str:
    return f"[{', '.join(map(_value, value))}]" if isinstance(value, (tuple, list)) else str(value)


def _lists(value: Any) -> Any:
    return [_lists(part) for part in value] if isinstance(value, (tuple, list)) else value


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return as_data(value)
    return [_plain(part) for part in value] if isinstance(value, (tuple, list)) else value


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, (tuple, list)) else value


def as_data(record: Any) -> dict[str, Any]:
    """A frozen record of this folder as what JSON can hold.

    Example:
        >>> as_data(Slip("the sign"))
        {'repair': 'the sign', 'formula': '', 'kind': ''}
    """
    return {part.name: _plain(getattr(record, part.name)) for part in fields(record)}


def finding_from(data: Mapping[str, Any]) -> Finding:
    """The finding that `as_data` wrote.

    Raises:
        TypeError, ValueError, KeyError: it is none.

    Example:
        >>> finding_from(as_data(Finding("a", "undecided", by="time")))
        <undecided, time>
    """
    made = {key: _tuples(value) for key, value in data.items()}
    for name, kind in (("counterexample", Witness), ("slip", Slip), ("error", Unread), ("form", Form)):
        inner = data.get(name)
        made[name] = None if inner is None else kind(**{key: _tuples(value) for key, value in dict(inner).items()})
    return Finding(**made)
