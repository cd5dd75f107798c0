"""A value of a program in its parameters alone: definitions inserted, whole arrays put where maps are taken of them."""

from __future__ import annotations

from sympy import Basic, Expr, Symbol

from derive.claims.programs.normal import shown_equal
from derive.claims.programs.values import Meaning, Value
from derive.errors import BadInput
from derive.language import Array, Definition, Entry, IndexSum, substitute
from derive.language.forms import Form
from derive.language.terms import names_in, rebuild, subterms


def unfolded(meaning: Meaning, term: Expr, most: int = 3_000) -> Expr | None:
    """The term in the parameters alone; None where it would have more than so many parts.

    An array in whole-array notation is put where a map or an inverse is taken of it.
    """
    return _unfold(term, {d.array: d for d in meaning.context.definitions}, _wholes(meaning), [most])


def _wholes(meaning: Meaning) -> dict[Array, Array]:
    """The values that have a form, each with its form in parameters."""
    wholes: dict[Array, Array] = {}
    for value in meaning.values:
        known = (value.definition, value.array, value.whole)
        if None not in known and value.array is not None and value.whole is not None and value.whole != value.array:
            wholes[value.array] = _with(value.whole, wholes)
    return wholes


def whole_in_parameters(meaning: Meaning, whole: Array) -> Array:
    """A form, the forms of values put where it speaks of them."""
    return _with(whole, _wholes(meaning))


def _with(array: Array, wholes: dict[Array, Array]) -> Array:
    found: Array = substitute(array, dict(wholes))
    return found


def _unfold(term: Expr, known: dict[Array, Definition], wholes: dict[Array, Array], left: list[int]) -> Expr | None:
    left[0] -= 1
    if left[0] < 0:
        return None
    if isinstance(term, Entry):
        array = term.array
        if isinstance(array, Form):
            return Entry(_with(array, wholes), *term.indices)
        if array not in known:
            return term
        return _unfold(known[array].at(term.indices, names_in(*term.indices)), known, wholes, left)
    if not term.args or isinstance(term, (Symbol, Array)):
        return term
    if isinstance(term, IndexSum):
        body = _unfold(term.body, known, wholes, left)
        return None if body is None else IndexSum(body, *term.args[1:])
    parts = []
    for part in term.args:
        made = _unfold(part, known, wholes, left)
        if made is None:
            return None
        parts.append(made)
    return rebuild(term, parts)


def leftover(meaning: Meaning, term: Expr) -> bool:
    """Whether a term still speaks of values of the program."""
    own = {d.array for d in meaning.context.definitions}
    return any(part in own for part in subterms(term))


def expanded_forms(term: Expr) -> Expr:
    """The term with forms that have a definition in indices replaced by it, from the outside in."""
    if isinstance(term, Entry) and isinstance(term.array, Form) and term.array.definition is not None:
        taken = names_in(term)
        return expanded_forms(term.array.definition.at(term.indices, taken))
    if not term.args or isinstance(term, (Symbol, Array, Entry)):
        return term
    if isinstance(term, IndexSum):
        return IndexSum(expanded_forms(term.body), *term.args[1:])
    return rebuild(term, [expanded_forms(p) if isinstance(p, Expr) else p for p in term.args])


def formula(value: Value) -> tuple[Basic, Basic]:
    """What a value is: in whole-array notation where that is shown to be its definition, else in indices."""
    definition = value.definition
    if definition is None or value.array is None:
        raise BadInput(f"{value.key} is a parameter and has no formula")
    if value.whole is not None:
        entry = expanded_forms(Entry(value.whole, *definition.parameters))
        if shown_equal(entry, expanded_forms(definition.body)):
            return value.array, value.whole
    return Entry(value.array, *definition.parameters), definition.body
