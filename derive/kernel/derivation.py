"""What is known, as frozen data: steps, chains, case splits, derivations and verdicts.

A `Derivation` proves `left relation right` in a `Context`. Its chain starts at `left` and ends at `right`; every
move is a `Step` (a law applied at a place of the term), a `Split` (the same term worked out under conditions that
cover everything and exclude each other), or an `Induction` on a size. Nothing here computes: the checker replays, the
writers print.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Expr, Symbol

from derive.errors import DeriveError
from derive.language import Cases, Condition, Context

Text = tuple[str | Basic, ...]
"""Words for the reader with terms and conditions between them."""

Path = tuple[int | tuple[int, ...], ...]
"""A place in a term: argument numbers from the outside in; a tuple picks several terms of a sum or product."""

RELATIONS = ("=", "<=", "<", ">=", ">")
GRAINS = ("sketch", "lecture", "full")


def composed(first: str, second: str) -> str | None:
    """The relation that two in succession give, or None if they say nothing together.

    Example:
        >>> composed("<=", "="), composed("<=", "<"), composed("<=", ">")
        ('<=', '<', None)
    """
    if first == "=" or first == second:
        return second
    if second == "=":
        return first
    return first[0] if first[0] == second[0] else None


@dataclass(frozen=True)
class Step:
    """One line: `before relation after`, because of a law.

    `path` is where in `before` the law was applied, `arguments` what it was applied with; `conditions` is all that
    the law needs, as the law states it. `grain` is the coarsest telling that shows the line. A step that goes
    `backwards` uses its law from right to left: applied at the place in `after`, the law gives `before`.
    """

    before: Expr
    after: Expr
    rule: str
    arguments: tuple[Any, ...] = ()
    conditions: tuple[Condition, ...] = ()
    path: Path = ()
    relation: str = "="
    reason: Text = ()
    grain: str = "lecture"
    backwards: bool = False


@dataclass(frozen=True)
class Chain:
    """Lines that follow from one another, from `start`; empty moves prove `start = start`."""

    start: Expr
    moves: tuple[Step | Split | Induction, ...] = ()

    @property
    def end(self) -> Expr:
        """The last line."""
        return self.moves[-1].after if self.moves else self.start


@dataclass(frozen=True)
class Branch:
    """One case of a split: the chain holds under the condition."""

    condition: Condition
    chain: Chain


@dataclass(frozen=True)
class Split:
    """The term `before`, worked out case by case; `after` collects the ends of the branches."""

    before: Expr
    branches: tuple[Branch, ...]
    reason: Text = ()
    grain: str = "lecture"

    @property
    def after(self) -> Expr:
        """The cases with their results."""
        return Cases(*((b.chain.end, b.condition) for b in self.branches))

    @property
    def relation(self) -> str:
        """A split proves an equality."""
        return "="


@dataclass(frozen=True)
class Induction:
    """`before = after` for every integer `variable` from `low` on, and for all values of the symbols `over`.

    `base` leads from one side to the other at `low`, `step` at `variable + 1`; a step of `step` may turn `before` into
    `after` by the rule `hypothesis`. Nothing else is known of the variable in there than that it is at least `low`.
    The values of `over` are all those that the facts about them allow; for such ones the hypothesis may be used.
    """

    before: Expr
    after: Expr
    variable: Symbol
    low: Expr
    base: Chain
    step: Chain
    reason: Text = ()
    grain: str = "lecture"
    over: tuple[Symbol, ...] = ()

    @property
    def relation(self) -> str:
        """An induction proves an equality."""
        return "="


Move = Step | Split | Induction
"""What a chain is made of."""


@dataclass(frozen=True)
class Derivation:
    """`left relation right` in `context`, by `chain`; lemmas are derivations that steps may use by name."""

    name: str
    context: Context
    left: Expr
    right: Expr
    chain: Chain
    relation: str = "="
    lemmas: tuple[Derivation, ...] = ()

    def lemma(self, name: str) -> Derivation | None:
        """The lemma of that name."""
        for found in self.lemmas:
            if found.name == name:
                return found
        return None


KINDS = ("proved", "exact", "sampled", "cited", "refuted", "undecided")
_STRENGTH = {"refuted": 0, "undecided": 1, "cited": 2, "sampled": 3, "exact": 4, "proved": 5}


@dataclass(frozen=True)
class Verdict:
    """How a statement is known; a verdict is not a truth value.

    Kinds: proved (for all sizes), exact (at listed sizes), sampled (numbers agree; never a proof), cited (on
    authority), refuted (with a witness), undecided (and why).
    """

    kind: str
    by: tuple[str, ...] = ()
    why: str = ""
    witness: Any = None
    evidence: tuple[tuple[str, Any], ...] = field(default=())

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DeriveError(f"{self.kind!r} is not a kind of verdict")

    def __bool__(self) -> bool:
        raise DeriveError(f"a verdict ({self.kind}) is not a truth value: look at its kind")


def weakest(verdicts: tuple[Verdict, ...]) -> Verdict:
    """The verdict that a derivation built from these has.

    Example:
        >>> weakest((Verdict("proved"), Verdict("cited", why="a book"))).kind
        'cited'
    """
    return min(verdicts, key=lambda v: _STRENGTH[v.kind])
