"""What a statement says at one place: it holds there, fails, has a side without a value, or cannot be asked."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

from sympy import Add, Basic, Mul, Pow, nan, zoo

from derive.claims.approximate import only_cut
from derive.claims.places import STUMBLES, Place
from derive.claims.statements import Statement
from derive.errors import DeriveError, IllFormed, Undefined, Unevaluable
from derive.language import AllOf, Condition, Context, Partial, subterms
from derive.language.balls import Ball, close
from derive.language.chance import Moment, arrays_outside
from derive.language.numbers import as_rational
from derive.language.points import Evaluator
from derive.language.reach import with_entry
from derive.language.wellformed import meaningful, obligations

_FAILS = {
    "!=": operator.eq, "<=": operator.gt, "<": operator.ge, ">=": operator.lt, ">": operator.le,
}  # fmt: skip
_NEAR = range(-1, 6)
_STEPS, _SMALL = (Fraction(1, 2**8), Fraction(1, 2**16)), 1e-6
"""How far a number is changed to see slopes from both sides; by how much these may differ at last."""


@dataclass(frozen=True)
class Outcome:
    """What was seen at a place.

    Attributes:
        kind: 'holds', 'fails', 'undefined', 'empty' (an implication whose premise is false there), or 'skipped'.
        left, right: Values of the sides, or truth values; None where there is none.
        why: Of an undefined side what has no value; of a skipped place why.
        missing: The condition that fails where a side is undefined.
        exact: Whether both values are known exactly.
    """

    kind: str
    left: Any = None
    right: Any = None
    why: str = ""
    missing: Condition | None = None
    exact: bool = True


class _NoValue(Exception):
    def __init__(self, why: str, missing: Condition | None) -> None:
        super().__init__(why)
        self.why, self.missing = why, missing


class Kept:
    """What was worked out at places that are asked again and again: entries of defined arrays, and whole sides."""

    def __init__(self) -> None:
        self._evaluators: dict[tuple[Context, int], Evaluator] = {}
        self._sides: dict[tuple[Context, int, Any], tuple[Any, str]] = {}
        self._places: list[Place] = []

    def evaluator(self, context: Context, place: Place) -> Evaluator:
        """What works terms out there."""
        key = context, id(place)
        if key not in self._evaluators:
            self._places.append(place)  # as long as it is here no other place has its number
            self._evaluators[key] = place.evaluator(context)
        return self._evaluators[key]

    def side(self, statement: Statement, place: Place, here: Evaluator, term: Any) -> tuple[Any, str]:
        """As `_side`, worked out once."""
        key = statement.context, id(place), term
        if key not in self._sides:
            self._sides[key] = _side(statement, here, term)
        return self._sides[key]


def asked(statement: Statement, place: Place, kept: Kept | None = None) -> Outcome:
    """The statement at a place that meets the hypotheses; what is kept of the place is not worked out again."""
    averaged = any(side.has(Moment) for side in free_terms(statement))
    if averaged and _restricted(statement.context):
        return Outcome("skipped", why="a hypothesis restricts the values of what is random, and no such law is tried")
    kept = Kept() if kept is None else kept
    here = kept.evaluator(statement.context, place)
    try:
        if statement.relation in ("", "implies", "iff"):
            return _conditions(statement, here)
        left, unknown = kept.side(statement, place, here, statement.left)
        right, unseen = kept.side(statement, place, here, statement.right)
        if isinstance(left, _NoValue) or isinstance(right, _NoValue):
            first = left if isinstance(left, _NoValue) else right
            values: list[Any] = [None if isinstance(v, _NoValue) else v for v in (left, right)]
            return Outcome("undefined", values[0], values[1], first.why, first.missing)
        if unknown or unseen:
            return Outcome("skipped", why=unknown or unseen)
        exact = not (isinstance(left, Ball) or isinstance(right, Ball))
        wrong = fails(left, statement.relation, right, statement.digits)
        return Outcome("fails" if wrong else "holds", left, right, exact=exact)
    except (Unevaluable, IllFormed, *STUMBLES) as problem:
        return Outcome("skipped", why=str(problem))


@lru_cache(64)
def _restricted(context: Context) -> bool:
    """Whether a hypothesis speaks of the outcome of something random: X >= 0. Joint laws are drawn without it."""
    return any(set(arrays_outside(fact)) & set(context.random) for fact in context.facts)


def fails(left: Any, relation: str, right: Any, digits: Any = None) -> bool:
    """Whether `left relation right` is false for certain.

    Raises:
        Unevaluable: the values are not known to enough digits.

    Example:
        >>> from fractions import Fraction
        >>> fails(Fraction(1, 3), "<=", Fraction(1, 4)), fails(Fraction(1, 4), "<=", Fraction(1, 4))
        (True, False)
    """
    if relation == "approx":
        half = Fraction(int(digits.p), int(digits.q))
        if not abs(left - right) > half:
            return False
        if only_cut(left, right, 2 * half):
            raise Unevaluable("the digits are those of the value cut off, not rounded")
        return True
    balls = isinstance(left, Ball) or isinstance(right, Ball)
    if relation == "=":
        return not close(left, right) if balls else bool(left != right)
    if relation == "!=":
        if balls:
            if close(left, right):
                raise Unevaluable("the values agree to all digits that are known")
            return False
        return bool(left == right)
    return bool(_FAILS[relation](left, right))


def _side(statement: Statement, here: Evaluator, term: Any) -> tuple[Any, str]:
    """The value, or what has none, or why it is not known."""
    if _divides_by_zero(term):
        return _NoValue("something is divided by 0", None), ""
    try:
        return here.evaluate(term), ""
    except Undefined as problem:
        missing, _ = broken(statement.context, here, obligations_of(statement.context, term))
        return _NoValue(str(problem), missing), ""
    except (Unevaluable, *STUMBLES) as problem:
        if _has_partial(statement.context, term):  # there is no derivative at a kink, which is no matter of digits
            missing, found = broken(statement.context, here, obligations_of(statement.context, term))
            if found and _has_slopes(here, term):
                return None, f"whether there is a derivative where {missing} fails is not known"
            if found:
                return _NoValue(f"there is no derivative where {missing} fails", missing), ""
        return None, str(problem) or type(problem).__name__


def _divides_by_zero(term: Any) -> bool:
    """Whether SymPy has seen a division by 0 in a part that is looked at everywhere."""
    if term in (zoo, nan):
        return True
    return isinstance(term, (Add, Mul, Pow)) and any(_divides_by_zero(part) for part in term.args)


def _has_partial(context: Context, term: Any) -> bool:
    return bool(term.has(Partial)) or any(d.body.has(Partial) for d in context.definitions)


def in_floats(outcome: Outcome) -> tuple[float, float] | None:
    """The values of both sides where the statement holds, if they are numbers, about."""
    if outcome.kind != "holds":
        return None
    try:
        return float(outcome.left), float(outcome.right)
    except (TypeError, *STUMBLES):
        return None


def _has_slopes(here: Evaluator, term: Any) -> bool:
    """Whether the slopes from both sides seem to agree, as those of x*|x| do at 0: a kink in a part need be none."""
    found = [p for p in subterms(term) if isinstance(p, Partial)]
    try:
        for partial in found:
            array, place = partial.by.array, tuple(int(as_rational(here.evaluate(i))) for i in partial.by.indices)
            varied = here.arrays[array]
            middle, value = float(here.evaluate(partial.term)), Fraction(varied(*place))
            gaps, slopes = [], []
            for step in _STEPS:
                moved = (with_entry(varied, place, value + step), with_entry(varied, place, value - step))
                up, down = (float(here.among({array: entries}).evaluate(partial.term)) for entries in moved)
                gaps.append(abs(up + down - 2 * middle) / float(step))
                slopes.append(abs(up - middle) / float(step))
            if gaps[1] > gaps[0] / 2 + _SMALL or slopes[1] > 2 * slopes[0] + 1:  # a kink, or a jump
                return False
    except (DeriveError, KeyError, *STUMBLES):
        return False
    return bool(found)


def obligations_of(context: Context, term: Any) -> tuple[Condition, ...]:
    """The conditions under which a term or condition has a value; none where that is not known."""
    try:
        return meaningful(term, context) if isinstance(term, Condition) else obligations(term, context)
    except (IllFormed, *STUMBLES):
        return ()


def broken(context: Context, here: Evaluator, conditions: tuple[Condition, ...]) -> tuple[Condition | None, bool]:
    """The first of the conditions that fails at the place, with numbers for indices that it leaves free."""
    for condition in conditions:
        strangers = sorted((s for s in condition.free_symbols if s not in here.point), key=str)
        if len(strangers) > 2 or any(not s.is_integer for s in strangers):
            continue
        for values in product(_NEAR, repeat=len(strangers)):
            at: dict[Any, Any] = {**here.point, **dict(zip(strangers, values, strict=True))}
            here.terms_left = 20_000
            try:
                if not here.truth(condition, at):
                    return condition, True
            except (Unevaluable, *STUMBLES):
                continue
    return None, False


def _conditions(statement: Statement, here: Evaluator) -> Outcome:
    left, right, context = statement.left, statement.right, statement.context
    assert isinstance(left, Condition)

    def truth(condition: Any) -> bool:
        if isinstance(condition, AllOf) and any(_is_false(part) for part in condition.args):
            return False
        for needed in obligations_of(context, condition):
            missing, found = broken(context, here, (needed,))
            if found and missing is not None:
                raise _NoValue(f"{missing} fails", missing)
        return here.holds(condition)

    def _is_false(part: Any) -> bool:
        """Whether one of several conditions has a value and is false: then the others need none."""
        try:
            return not truth(part)
        except (_NoValue, Undefined, Unevaluable, *STUMBLES):
            return False

    try:
        one = truth(left)
        if statement.relation == "":
            return Outcome("holds" if one else "fails", one, True)
        if statement.relation == "implies" and not one:
            return Outcome("empty", one)
        other = truth(right)
    except _NoValue as problem:
        return Outcome("undefined", why=problem.why, missing=problem.missing)
    return Outcome("holds" if one == other else "fails", one, other)


def free_terms(statement: Statement) -> tuple[Basic, ...]:
    """The two sides."""
    sides = (statement.left, statement.right)
    return tuple(s for s in sides if s is not None)

