"""Many formulas looked at at the same few places: where the claim fails first, then where it holds."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import islice

from derive.claims.asking import Kept, Outcome, asked, free_terms
from derive.claims.clock import now
from derive.claims.places import Place, Places
from derive.claims.statements import GROWTHS, Statement
from derive.language import Context

PLACES, AMONG = 12, 30
"""Places that are kept, and among how many they are looked for."""


class Bench:
    """The places for a statement and for what is put in its stead.

    A witness is where the claim was seen to fail, which may be no place that is looked at here.

    Attributes:
        failing: Places at which the statement fails or has no value.
    """

    def __init__(
        self, statement: Statement | None, until: float = math.inf, witness: Place | None = None
    ) -> None:
        self.places: dict[Context, list[Place]] = {}
        self.failing: list[Place] = []
        self.holding: list[Place] = []
        self._kept = Kept()
        if statement is None or statement.relation in GROWTHS:
            return
        for place in islice(Places(statement.context).first(free_terms(statement)), AMONG):
            kind = self.asked(statement, place).kind
            if kind in ("fails", "undefined"):
                self.failing.append(place)
            elif kind == "holds":
                self.holding.append(place)
            if now() > until and self.failing:
                break
        known = witness is not None and witness.point.keys() == set(statement.context.symbols)
        if witness is not None and known and self.asked(statement, witness).kind in ("fails", "undefined"):
            self.failing.append(witness)
        few = [*sorted(self.failing[-PLACES:], key=_size), *sorted(self.holding[-PLACES // 2 :], key=_size)]
        self.places[statement.context] = few

    def asked(self, statement: Statement, place: Place) -> Outcome:
        """The statement at one of the places; what was worked out there before is known."""
        return asked(statement, place, self._kept)

    def holds(self, statement: Statement) -> bool:
        """Whether it holds at all places, and at some."""
        if statement.context not in self.places:
            found = list(islice(Places(statement.context).first(free_terms(statement)), AMONG))
            self.places[statement.context] = sorted(found[-PLACES:], key=_size)
        held = 0
        for place in self.places[statement.context]:
            kind = self.asked(statement, place).kind
            if kind in ("fails", "undefined"):
                return False
            held += kind == "holds"
        return held > 0

    def separates(self, condition: Statement) -> bool:
        """Whether the condition fails wherever the statement does, and holds somewhere."""
        if any(self.asked(condition, place).kind == "holds" for place in self.failing):
            return False
        if not self.failing:
            return True
        return not self.holding or any(self.asked(condition, place).kind == "holds" for place in self.holding)

    def ratio(self, statement: Statement) -> Fraction | None:
        """The number that the left side is of the right one at all places, if it is always the same."""
        found: set[Fraction] = set()
        for place in self.failing[-PLACES:]:
            seen = self.asked(statement, place)
            if seen.kind != "fails" or not isinstance(seen.left, Fraction) or not isinstance(seen.right, Fraction):
                return None
            if not seen.right:
                return None
            found.add(seen.left / seen.right)
        return found.pop() if len(found) == 1 else None


def _size(place: Place) -> int:
    """How much there is to work out, roughly: what is wrong is mostly seen where that is little."""
    return sum(len(samples.values) for samples in place.arrays.values()) + sum(map(_rounded, place.point.values()))


def _rounded(value: Fraction) -> int:
    return abs(int(value))
