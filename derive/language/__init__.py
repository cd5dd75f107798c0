"""What can be said: symbols, terms, conditions, arrays, contexts."""

from derive.language.conditions import (
    FALSE,
    TRUE,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Negation,
    all_of,
    any_of,
    as_expr,
    between,
    eq,
    ge,
    gt,
    implies,
    le,
    lt,
    ne,
    negate,
    parts_of,
)
from derive.language.context import Context, Decision, Declaration, Definition, declare, support
from derive.language.symbols import fresh, integer, real
from derive.language.terms import (
    OTHERWISE,
    Array,
    Cases,
    Entry,
    IndexSum,
    array,
    rebuild,
    same_up_to_renaming,
    signal,
    substitute,
    subterms,
    with_standard_indices,
)

__all__ = [
    "FALSE", "OTHERWISE", "TRUE", "AllOf", "AnyOf", "Array", "Cases", "Compare", "Condition", "Context", "Decision",
    "Declaration", "Definition", "Entry", "IndexSum", "Negation", "all_of", "any_of", "array", "as_expr", "between",
    "declare", "eq", "fresh", "ge", "gt", "implies", "integer", "le", "lt", "ne", "negate", "parts_of", "real",
    "rebuild", "same_up_to_renaming", "signal", "substitute", "subterms", "support", "with_standard_indices",
]
