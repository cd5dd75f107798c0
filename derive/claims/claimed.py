"""What somebody claims, as texts, as trees, and as things to be decided."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from derive.claims.statements import Statement
from derive.claims.surroundings import Need
from derive.claims.syntax import Node

SIGNS = {
    "=": "=", "\\equiv": "=", ":=": "=", "\\ne": "!=", "!=": "!=", "<": "<", "\\le": "<=", "<=": "<=", ">": ">",
    "\\ge": ">=", ">=": ">=", "\\approx": "approx", "approx": "approx", "\\sim": "~", "~": "~", "O": "O", "o": "o",
    "Theta": "Theta", "\\Theta": "Theta", "Omega": "Omega", "implies": "implies", "\\implies": "implies", "iff": "iff",
    "\\iff": "iff",
}  # fmt: skip

Entry = tuple[int, ...]


@dataclass(frozen=True)
class Claimed:
    """The texts of a claim; `sides` are the sides of a chain, `relations` what stands between them."""

    symbols: tuple[tuple[str, str], ...] = ()
    where: tuple[str, ...] = ()
    let: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    conventions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Pair:
    """One thing to be decided.

    Attributes:
        statement: The statement.
        needs: What must hold for both sides to have a value as they are written.
        line: Which relation of a chain it is, from 1.
        part: Which of several answers, from 1.
        falling: Ranges of sums that may have an upper limit below the lower one.
        lonely: Keys of indices that are free on one side only.
        entry: Of arrays of a fixed size the indices of the entries that are compared.
    """

    statement: Statement
    needs: tuple[Need, ...]
    line: int = 1
    part: int = 1
    spans: tuple[tuple[Expr, Expr], ...] = ()
    lonely: tuple[str, ...] = ()
    entry: tuple[int, ...] = ()

    def as_lonely_as(self, other: Pair | None) -> bool:
        """Whether no more indices are free on one side only than in the other: that of any y_j may be one number."""
        return set(self.lonely) <= set(other.lonely if other is not None else ())


@dataclass(frozen=True)
class Reading:
    """A claim, read one way."""

    pairs: tuple[Pair, ...]
    said: tuple[str, ...] = ()
    shown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Parsed:
    """The trees of a claim, with the text of each."""

    claimed: Claimed
    where: tuple[Node, ...]
    let: tuple[Node, ...]
    sides: tuple[Node, ...]
    relations: tuple[str, ...]
