"""What is to be decided, and what came of it: a statement with its context, and an answer with its evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sympy import Expr, Symbol

from derive.claims.findings import VERDICTS, Finding, Slip, Unread, Witness
from derive.language import Condition, Context

if TYPE_CHECKING:
    from derive.claims.places import Place

__all__ = ["VERDICTS", "Answer", "Finding", "Slip", "Statement", "Unread", "Witness"]

EQUALITIES = ("=", "!=", "<", "<=", ">", ">=")
GROWTHS = ("O", "o", "Theta", "Omega", "~")
BETWEEN_CONDITIONS = ("implies", "iff")


@dataclass(frozen=True)
class Statement:
    """`left relation right`, wherever the hypotheses of the context hold.

    Attributes:
        context: Symbols, hypotheses, definitions, arrays and what is stated of random ones. Arrays that are compared
            entry by entry have become entries at `indices`, whose ranges are hypotheses.
        left, right: Terms; conditions with `implies` and `iff`, or with the relation '' (then `right` is None: the
            condition `left` is claimed to hold).
        relation: One of EQUALITIES, GROWTHS, BETWEEN_CONDITIONS, 'approx', or ''.
        indices: The indices at which whole arrays are compared.
        tends: For growth, what tends to infinity.
        digits: For 'approx', half a unit in the last digit that is written, as an exact number.
        given: Which of the context's hypotheses were given as such by the author, with the text of each: these are
            told as used or unused.
    """

    context: Context
    left: Expr | Condition
    relation: str
    right: Expr | Condition | None
    indices: tuple[Symbol, ...] = ()
    tends: tuple[Symbol, ...] = ()
    digits: Expr | None = None
    given: tuple[tuple[str, Condition], ...] = ()


@dataclass(frozen=True)
class Answer:
    """What is known of a statement.

    Attributes:
        verdict: One of VERDICTS.
        by: Laws and procedures, in words; for `undecided` the reason.
        witness: For `refuted`.
        used: Texts of the given hypotheses that the proof rests on.
        unused: Texts of those that it does not need.
        missing: For a refutation by an undefined side, the condition that was not among the hypotheses.
        looked: How many points were looked at.
        ratio, difference: Of the sides where they are not equal and one of these is simple.
        place: Where it fails, as it was looked at.
    """

    verdict: str
    by: tuple[str, ...] = ()
    witness: Witness | None = None
    used: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    missing: Condition | None = None
    looked: int = 0
    ratio: Expr | None = None
    difference: Expr | None = None
    notes: tuple[str, ...] = field(default=())
    place: Place | None = field(default=None, compare=False, repr=False)
