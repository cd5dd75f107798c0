"""Places in terms: what stands there, what is known there, and the term with something else there.

A path lists argument numbers from the outside in. A tuple of numbers picks several terms of a sum or several
factors of a product at once; it can only be the last entry. Going into the body of a sum adds the range of its index
to what is known; going into a case adds its condition and denies the earlier ones. Of an indicator the two sides of a
comparison are places: equal terms compare alike, and nothing is known of how an indicator grows (`kernel.monotone`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Add, Mul

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Path
from derive.language import (
    Cases,
    Compare,
    Condition,
    Context,
    Entry,
    Indicator,
    Partial,
    Ranged,
    negate,
    parts_of,
    rebuild,
)
from derive.language.chance import Moment, moments_in
from derive.language.smoothness import nearby


def look(term: Any, path: Path) -> tuple[Any, tuple[Condition, ...]]:
    """The term at the path, and the conditions that hold there.

    Raises:
        RuleDoesNotApply: there is no such place.

    Example:
        >>> from derive.language import IndexSum, integer
        >>> k, n = integer("k"), integer("n")
        >>> look(1 + IndexSum(k**2, k, 0, n), (1, 0))
        (k**2, (0 <= k, k <= n))
    """
    known: list[Condition] = []
    for depth, number in enumerate(path):
        if isinstance(number, tuple):
            _check_selection(term, path, depth, number)
            return term.func(*(term.args[i] for i in number)), tuple(known)
        if not isinstance(number, int) or not 0 <= number < len(term.args):
            raise RuleDoesNotApply("there is no place {} in {}", path, term)
        if isinstance(term, Ranged):
            if number == 0:
                condition = term.range_condition
                known.extend(condition.args if condition.func.__name__ == "AllOf" else (condition,))
            elif number == 1:
                raise RuleDoesNotApply("the index of a sum is not a term")
        if isinstance(term, Partial) and number == 1:
            raise RuleDoesNotApply("the entry of a derivative is not a term")
        if isinstance(term, Indicator) and not (
            isinstance(term.condition, Compare) and path[depth + 1 : depth + 2] in ((1,), (2,))
        ):
            raise RuleDoesNotApply("the condition of an indicator is not a term, only the sides of a comparison are")
        if isinstance(term, Entry) and number == 0:
            raise RuleDoesNotApply("the array of an entry is not a term")
        if isinstance(term, Cases):
            if depth + 1 >= len(path) or path[depth + 1] != 0:
                raise RuleDoesNotApply("only the value of a case is a term, not its condition")
            known.extend(negate(c) for _, c in term.clauses[:number])
            known.append(term.clauses[number][1])
        term = term.args[number]
    return term, tuple(known)


def standing(context: Context, term: Any, path: Path) -> tuple[Any, Context]:
    """The term at the path, and the context there.

    Within a derivative only those hypotheses stand that hold for all entries around the point as well; within a
    moment, and for a term with a moment in it, those that hold in every outcome: a law may speak of what is within.

    Raises:
        RuleDoesNotApply: there is no such place.
    """
    here, node, start = term, term, 0
    for depth, number in enumerate(path):
        if isinstance(node, Partial):
            _, known = look(here, path[start:depth])
            context = nearby(context.with_hypotheses(*known))
            here, start = node, depth
        if isinstance(node, Moment):
            _, known = look(here, path[start:depth])
            context = in_every_outcome(context.with_hypotheses(*known))
            here, start = node, depth
        if isinstance(number, tuple) or not 0 <= number < len(node.args):
            break
        node = node.args[number]
    target, known = look(here, path[start:])
    context = context.with_hypotheses(*known)
    return target, in_every_outcome(context) if context.random and moments_in(target) else context


def in_every_outcome(context: Context) -> Context:
    """The context with those hypotheses alone that do not speak of random entries."""
    kept = tuple(p for h in context.hypotheses for p in parts_of(h) if not context.random_in(p))
    return replace(context, hypotheses=kept) if context.random else context


def within_derivative(term: Any, path: Path) -> bool:
    """Whether the path goes into a derivative."""
    for number in path:
        if isinstance(term, Partial):
            return True
        if isinstance(number, tuple):
            break
        term = term.args[number]
    return False


def put(term: Any, path: Path, new: Any) -> Any:
    """The term with `new` at the path."""
    if not path:
        return new
    number, rest = path[0], path[1:]
    if isinstance(number, tuple):
        kept = [a for i, a in enumerate(term.args) if i not in number]
        return term.func(*kept, new)
    parts = list(term.args)
    parts[number] = put(parts[number], rest, new)
    return rebuild(term, parts)


def _check_selection(term: Any, path: Path, depth: int, numbers: tuple[int, ...]) -> None:
    good = (
        isinstance(term, (Add, Mul))
        and depth == len(path) - 1
        and len(set(numbers)) == len(numbers)
        and all(0 <= i < len(term.args) for i in numbers)
    )
    if not good:
        raise RuleDoesNotApply("{} does not pick terms of {}", numbers, term)
