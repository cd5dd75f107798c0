"""What a search for a proof carries with it, and two things that every way of searching does.

A line goes down from each side; where the two meet, the way up from there is the other way down, read backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from sympy import Expr

from derive.claims.accepting import Proof, accepted, derivation_of
from derive.claims.asking import asked
from derive.claims.clock import now
from derive.claims.normalising import STUMBLES, safely
from derive.claims.places import Place, Places
from derive.claims.statements import Statement
from derive.errors import DeriveError, RuleDoesNotApply
from derive.kernel.checker import Memory
from derive.kernel.derivation import Derivation, Move, Step
from derive.language import OTHERWISE, Cases, Context, eq
from derive.language.chance import Moment
from derive.language.conditions import MIRROR
from derive.language.discharge import discharge
from derive.language.symbols import is_integer
from derive.rules.algebra import algebra
from derive.rules.cases import regroup_cases
from derive.rules.combine import Conversion, Moves, by
from derive.rules.integers import integer_arithmetic
from derive.rules.time_limit import OutOfTime

_LOOKED_AT = 8


@dataclass
class Search:
    """What a search for a proof carries with it.

    Attributes:
        until: When to stop.
        doubted: Looks whether what is to be proved is false; None once it was asked.
        false: Whether it is.
    """

    until: float
    doubted: Callable[[], bool] | None = None
    false: bool = False
    memory: Memory = field(default_factory=dict)
    used: list[Derivation] = field(default_factory=list)
    splits: int = 0
    seen: dict[object, Moves | None] = field(default_factory=dict)
    accepted: dict[Derivation, Proof | None] = field(default_factory=dict)
    stages: dict[object, Moves] = field(default_factory=dict)
    joined: dict[object, tuple[Moves, ...]] = field(default_factory=dict)
    places: dict[Context, tuple[Place, ...]] = field(default_factory=dict)

    def tick(self) -> None:
        """Stop when time is up."""
        if now() > self.until:
            raise OutOfTime

    def staged(self, stage: Conversion, context: Context, e: Expr) -> Moves:
        """What a stage makes of a line, worked out once; nothing where it makes cases of it."""
        key = (stage, context, e)
        if key not in self.stages:
            moves = safely(stage)(context, e)
            self.stages[key] = moves if all(isinstance(m, Step) for m in moves) else ()
        return self.stages[key]

    def fails(self, context: Context, left: Expr, relation: str, right: Expr) -> bool:
        """Whether `left relation right` is seen to be false at one of a few points, so that no proof need be tried."""
        self.tick()
        if context not in self.places:
            found = Places(context, self.until).first((left, right))
            self.places[context] = tuple(islice((p for k, p in enumerate(found) if k % 3 == 0), _LOOKED_AT))
        statement = Statement(context, left, relation, right)
        return any(asked(statement, place).kind == "fails" for place in self.places[context])

    def accepts(self, context: Context, left: Expr, right: Expr, moves: Moves, relation: str = "=") -> bool:
        """Whether the checker accepts these moves."""
        self.tick()
        return self.proof(context, left, right, moves, relation) is not None

    def proof(self, context: Context, left: Expr, right: Expr, moves: Moves, relation: str = "=") -> Proof | None:
        """What the checker accepts."""
        derivation = derivation_of(context, left, right, moves, relation, tuple(dict.fromkeys(self.used)))
        if derivation not in self.accepted:
            self.accepted[derivation] = accepted(derivation, self.memory)
        return self.accepted[derivation]


def turned(moves: Moves) -> Moves:
    """The moves read backwards.

    Raises:
        RuleDoesNotApply: one of them is no step.
    """
    found: list[Move] = []
    for move in reversed(moves):
        if not isinstance(move, Step):
            raise RuleDoesNotApply("only steps can be read backwards")
        back = replace(move, before=move.after, after=move.before, relation=MIRROR[move.relation])
        found.append(replace(back, backwards=not move.backwards))
    return tuple(found)


def joins(context: Context, left: Expr, right: Expr) -> Iterator[Moves]:
    """Ways to see that two lines are the same: by algebra, or because the equation follows from what is known."""
    if left == right:
        yield ()
        return
    try:
        yield by(algebra, right)(context, left)
        return
    except (DeriveError, *STUMBLES):
        pass
    try:
        follows = not left.has(Moment) and not right.has(Moment) and discharge(context, eq(left, right)).shown
    except (DeriveError, *STUMBLES):
        return
    if follows:
        yield by_discharge(context, left, right)


def by_discharge(context: Context, left: Expr, right: Expr) -> Moves:
    """`left = right` as it follows from what is known, in the words of a law of integers or of cases."""
    if is_integer(left) and is_integer(right):
        return by(integer_arithmetic, right)(context, left)
    moves: Moves = (regroup_cases(context, left, Cases((right, OTHERWISE))),)
    return moves + by(regroup_cases, right)(context, moves[-1].after)
