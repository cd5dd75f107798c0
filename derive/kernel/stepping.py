"""What is asked of a single step besides its law: its arguments, the hypothesis of an induction, sums without end."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Induction
from derive.kernel.law import Rewrite
from derive.language.terms import endless_sums
from derive.language.wellformed import check_symbols

_CONVERGES = (
    *("definition", "fold_definition", "lemma", "hypothesis", "rename_index", "shift_index", "reverse_index"),
    *("constant_out_of_sum", "restrict_to_support", "use_equation"),
)
"""Rules under which a sum without end has a value on the one side where it has one on the other."""


def check_arguments(arguments: tuple[Any, ...]) -> None:
    """Refuse arguments, also those in pairs, with symbols that bring assumptions of their own.

    Raises:
        IllFormed: with the symbol named.
    """
    for argument in arguments:
        if isinstance(argument, Basic):
            check_symbols(argument)
        elif isinstance(argument, tuple):
            check_arguments(argument)


def hypothesis(assumed: Induction | None, target: Expr, arguments: tuple[Any, ...]) -> Rewrite:
    """before(n) -> after(n)        [inside the step of an induction from n to n + 1]

    Raises:
        RuleDoesNotApply: there is no induction around; the target is not what its hypothesis speaks of.
    """
    if assumed is None or arguments:
        raise RuleDoesNotApply("there is no hypothesis of an induction here")
    if target != assumed.before:
        raise RuleDoesNotApply("{} is not {}, which the hypothesis speaks of", target, assumed.before)
    return Rewrite(assumed.after)


def brings_endless_sum(rule: str, old: Expr, new: Expr, arguments: tuple[Any, ...] = ()) -> bool:
    """Whether a sum without end appears of which nothing says that it converges."""
    if rule in ("use_equation", "lemma") and any(endless_sums(value) for value in _values(arguments)):
        return True
    return rule not in _CONVERGES and not endless_sums(new) <= endless_sums(old)


def _values(arguments: tuple[Any, ...]) -> list[Basic]:
    pairs = [a if isinstance(a, tuple) else (a,) for a in arguments]
    return [value for pair in pairs for value in pair if isinstance(value, Basic)]
