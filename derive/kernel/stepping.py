"""What is asked of a single step besides its law: its arguments, the hypothesis of an induction, sums without end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Basic, Expr

from derive.errors import IllFormed, RuleDoesNotApply
from derive.kernel.derivation import Induction
from derive.kernel.law import Rewrite
from derive.language import Condition, Context, substitute
from derive.language.context import check_not_defined_by
from derive.language.symbols import is_integer
from derive.language.terms import endless_sums, names_in, renamed_apart
from derive.language.wellformed import check_symbols, meaningful, obligations

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


@dataclass(frozen=True)
class Assumed:
    """An induction whose step is being checked, and all that is known in there of any n at least `low`."""

    induction: Induction
    facts: tuple[Condition, ...]


def check_quantified(context: Context, move: Induction) -> None:
    """Refuse a statement that is not one about all values of the symbols `over`.

    Each is another declared integer than the variable, and nothing is defined by it: with another value the arrays
    would be other ones.

    Raises:
        IllFormed: with the symbol named.
    """
    if len({move.variable, *move.over}) <= len(move.over):
        raise IllFormed(f"an induction on {move.variable} is for all values of other symbols, each named once")
    for symbol in move.over:
        check_not_defined_by(context, symbol)


def hypothesis(
    assumed: Assumed | None, target: Expr, arguments: tuple[Any, ...], names: frozenset[str] = frozenset()
) -> Rewrite:
    """before(n, i) -> after(n, i)        [in the step from n to n + 1 of an induction for all i; the facts about i]

    The induction shows, of one n after the other, the statement for all i that its facts allow: base and step are
    checked with nothing known of i but these facts, which do not speak of n. So the hypothesis holds at every value v
    of i for which the facts, with v for i, follow at the place of the target, an index bound there included. n and
    all symbols that are not in `over` stay what they are; the value itself may speak of them.

    Args:
        assumed: The induction around.
        target: The term that should be the left side of the hypothesis at the values.
        arguments: (symbol of `over`, value) pairs.
        names: What has a meaning at the place of the target.

    Raises:
        RuleDoesNotApply: there is no induction around; the target is not what its hypothesis speaks of; a value for a
            symbol that the hypothesis is not about.
    """
    if assumed is None:
        raise RuleDoesNotApply("there is no hypothesis of an induction here")
    values: dict[Basic, Any] = {}
    for pair in arguments:
        if not (isinstance(pair, tuple) and len(pair) == 2 and pair[0] in assumed.induction.over):
            raise RuleDoesNotApply("the hypothesis of the induction is not one for all values in {}", pair)
        if pair[0] in values or not isinstance(pair[1], Expr) or not is_integer(pair[1]):
            raise RuleDoesNotApply("{} is not one integer that {} could be", pair[1], pair[0])
        values[pair[0]] = pair[1]
    left = substitute(assumed.induction.before, values)
    if target != left:
        raise RuleDoesNotApply("{} is not {}, which the hypothesis speaks of", target, left)
    facts = [fact for fact in assumed.facts if fact.free_symbols & set(values)]
    conditions = [c for value in values.values() for c in obligations(value)]
    taken = set(names) | names_in(target, *values.values())  # bound indices stand free in what is asked
    conditions += [substitute(c, values) for fact in facts for c in meaningful(renamed_apart(fact, taken))]
    conditions += [substitute(fact, values) for fact in facts]
    return Rewrite(substitute(assumed.induction.after, values), tuple(dict.fromkeys(conditions)))


def brings_endless_sum(rule: str, old: Expr, new: Expr, arguments: tuple[Any, ...] = ()) -> bool:
    """Whether a sum without end appears of which nothing says that it converges."""
    if rule in ("use_equation", "lemma", "hypothesis") and any(endless_sums(value) for value in _values(arguments)):
        return True
    return rule not in _CONVERGES and not endless_sums(new) <= endless_sums(old)


def _values(arguments: tuple[Any, ...]) -> list[Basic]:
    pairs = [a if isinstance(a, tuple) else (a,) for a in arguments]
    return [value for pair in pairs for value in pair if isinstance(value, Basic)]
