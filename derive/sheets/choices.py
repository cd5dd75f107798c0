"""Multiple choice: the answer among wrong ones, each made by a slip with a name and certainly wrong.

A wrong answer is the right one with one slip, at the numbers of the part. It is an option only if a point tells it from
the answer and from every other option, so no two options have the same value, and exactly one is right.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from sympy import Expr

from derive.errors import BadInput, DeriveError
from derive.language import Cases, Context, substitute
from derive.numeric.refuting import refutation
from derive.render.document import Block, Equation, Options, Paragraph, Strong, Words
from derive.rules.combine import attempt, then
from derive.rules.regroup import decided, shifted_cases, worked_out
from derive.sheets.answers import Checked
from derive.sheets.slips import POINTS, Slip, slips_in

FEWEST, MOST = 2, 8
_TRIED = 24
"""Slips that are looked at for the options of one part."""


@dataclass(frozen=True)
class Choice:
    """The options in their order; `slips` has None for the right one."""

    terms: tuple[Expr, ...]
    slips: tuple[Slip | None, ...]

    @property
    def right(self) -> int:
        """Which option is right, from 0."""
        return self.slips.index(None)


@dataclass(frozen=True)
class _Same:
    """What must be false: that two options are the same."""

    context: Context
    left: Expr
    relation: str
    right: Expr


def choice(checked: Checked, count: int, seed: str) -> Choice:
    """Options for a result, of which one is right.

    Args:
        checked: The result.
        count: How many options.
        seed: What their order depends on.

    Raises:
        BadInput: the result is no equality of terms, or there are not so many slips that matter.
    """
    derivation, general = checked.derivation, checked.general
    if derivation.relation != "=" or checked.entries is not None:
        raise BadInput("options are made of a result that is one number or formula, not of a bound or of arrays")
    found: list[tuple[Expr, Slip | None]] = [(derivation.right, None)]
    for slip in _unlike_first(slips_in(general.context, general.right, _TRIED)):
        if len(found) == count:
            break
        wrong = _at_values(checked, slip.term)
        if wrong is not None and all(_differ(derivation.context, wrong, known) for known, _ in found):
            found.append((wrong, slip))
    if len(found) < count:
        raise BadInput(f"there are {len(found) - 1} slips that matter here, too few for {count} options")
    random.Random(seed).shuffle(found)
    return Choice(tuple(term for term, _ in found), tuple(slip for _, slip in found))


def _unlike_first(slips: Sequence[Slip]) -> list[Slip]:
    """One slip of each kind, then a second one of each, and so on."""
    seen: Counter[str] = Counter()
    turns = []
    for slip in slips:
        turns.append((seen[slip.kind], slip))
        seen[slip.kind] += 1
    return [slip for _, slip in sorted(turns, key=lambda turn: turn[0])]


def _at_values(checked: Checked, term: Expr) -> Expr | None:
    """The wrong answer at the numbers of the part, worked out as the right one is."""
    if not checked.is_special:
        return term
    context = checked.derivation.context
    there: Expr = substitute(term, dict(checked.symbol_values))
    running = [s for s in context.symbols if s.is_integer and s in there.free_symbols]
    finish = [attempt(shifted_cases(running[0]))] if running and isinstance(there, Cases) else []
    try:
        moves = then(attempt(decided), *finish, attempt(worked_out))(context, there)
    except DeriveError:
        return None
    return moves[-1].after if moves else there


def _differ(context: Context, one: Expr, other: Expr) -> bool:
    """Whether a point tells them apart."""
    if one == other:
        return False
    try:
        return refutation(_Same(context, one, "=", other), POINTS).witness is not None
    except DeriveError:
        return False


def options(checked: Checked, found: Choice) -> Options:
    """The options as they stand in the question."""
    left, relation = checked.derivation.left, checked.derivation.relation
    return Options(tuple((Equation(left, relation, term),) for term in found.terms))


def answer(found: Choice) -> tuple[Block, ...]:
    """Which is right, and which slip leads to each of the others."""
    letters = [letter(number) for number in range(len(found.terms))]
    wrong = [(letters[number], slip) for number, slip in enumerate(found.slips) if slip is not None]
    said: list[Words] = [(("; " if n else " "), f"{at}: {s.kind}, ", *s.words) for n, (at, s) in enumerate(wrong)]
    words = (Strong(f"{letters[found.right]} is right."), " The others come of slips:", *chain.from_iterable(said), ".")
    return (Paragraph(words),)


def letter(number: int) -> str:
    """A for 0, B for 1."""
    return chr(ord("A") + number)
