"""Where a term can differ from 0: read off from the ranges of its arrays and the conditions in it."""

from __future__ import annotations

from sympy import Add, Basic, Mul, Pow, Symbol

from derive.errors import NotAffine
from derive.language.arrays import Entry
from derive.language.conditions import FALSE, TRUE, AllOf, Condition, all_of, any_of
from derive.language.context import Context
from derive.language.domains import Domain, where_inhabited
from derive.language.symbols import in_letters
from derive.language.terms import Cases, IndexSum, Indicator


def support(context: Context, term: Basic) -> Condition:
    """A condition that holds wherever the term is not zero (it may hold elsewhere too).

    Entries are 0 outside a range declared `zero`; a product is 0 where a factor is, a sum where all terms are,
    cases where the clause that applies is 0, an indicator where its condition fails, a sum where no index has a term
    that is not.
    """
    if term == 0:
        return FALSE
    if isinstance(term, Entry):
        found = term.in_range if term.array.outside == "zero" else TRUE
        definition = context.definition_of(term.array)
        if definition is not None and not definition.is_recursive and term.array.outside != "wraps":
            found = all_of(found, support(context, definition.at(term.indices)))
        return found
    if isinstance(term, Indicator):
        return term.condition
    if isinstance(term, Mul):
        return all_of(*(support(context, a) for a in term.args))
    if isinstance(term, Add):
        return any_of(*(support(context, a) for a in term.args))
    if isinstance(term, Pow) and term.exp.is_number and term.exp.is_positive:
        return support(context, term.base)
    if isinstance(term, IndexSum):
        return _some_index(term.index, all_of(term.range_condition, support(context, term.body)))
    if isinstance(term, Cases):
        return any_of(*(all_of(c, support(context, v)) for v, c in term.clauses))
    return TRUE


def _some_index(index: Symbol, condition: Condition) -> Condition:
    """That some index satisfies the condition, as a statement about the other integers.

    What does not contain the index is kept as it is; of the rest nothing is said where it is not affine.
    """
    parts = condition.args if isinstance(condition, AllOf) else (condition,)
    without = [part for part in parts if index not in part.free_symbols]
    rest = all_of(*(part for part in parts if index in part.free_symbols))
    others = sorted((s for s in rest.free_symbols - {index}), key=in_letters)
    try:
        if all(s.is_integer for s in others):
            return all_of(*without, where_inhabited(Domain((index,), rest, tuple(others))))
    except NotAffine:
        pass
    return all_of(*without)
