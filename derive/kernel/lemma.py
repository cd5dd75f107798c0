"""Using a proved statement: its left side, at other values, becomes its right side."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Symbol, oo

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation
from derive.kernel.law import Rewrite
from derive.language import Array, Condition, Context, Entry, Partial, substitute, subterms
from derive.language.chance import Moment
from derive.language.forms import Form
from derive.language.restating import defined_alike
from derive.language.symbols import is_integer
from derive.language.terms import names_in, renamed_apart
from derive.language.wellformed import meaningful, obligations


def apply_lemma(lemmas: tuple[Derivation, ...], context: Context, target: Expr, arguments: tuple[Any, ...]) -> Rewrite:
    """lemma: left[values] -> right[values]        [the lemma's hypotheses at the values]

    Args:
        lemmas: The proved statements at hand.
        context: What is known at the place of the target.
        target: The term that should be the lemma's left side.
        arguments: Name of the lemma, then (symbol or free array, value) pairs.

    Raises:
        RuleDoesNotApply: no such lemma; the target is not its left side at these values; a value of the wrong sort;
            a definition of the lemma's that is not one here.
    """
    if not arguments:
        raise RuleDoesNotApply("a lemma is used by its name")
    name, pairs = arguments[0], arguments[1:]
    found = [lemma for lemma in lemmas if lemma.name == name]
    if not found:
        raise RuleDoesNotApply("there is no lemma {!r} here", name)
    lemma = found[0]
    if not all(isinstance(p, tuple) and len(p) == 2 and all(isinstance(x, Basic) for x in p) for p in pairs):
        raise RuleDoesNotApply("a lemma's values are pairs of a symbol or array and what stands for it")
    values: dict[Basic, Any] = dict(pairs)
    # A defined array may stand for another one that is defined in the same way here: that is asked below.
    defined = {d.array for d in lemma.context.definitions}
    allowed = {*lemma.context.symbols, *lemma.context.arrays, *defined}
    for old, new in values.items():
        if old not in allowed:
            raise RuleDoesNotApply("{} is not a symbol of the lemma {}", old, name)
        if isinstance(old, Array) != isinstance(new, Array):
            raise RuleDoesNotApply("{} cannot stand for {}", new, old)
        if isinstance(old, Symbol) and old.is_integer and not is_integer(new):
            raise RuleDoesNotApply("{} is an integer, {} need not be", old, new)
        # A form takes its range from that of its operands, so that has to be the same one.
        if isinstance(old, Array) and not _stands_for(old, new, values, old in defined or _holds(lemma, Form)):
            raise RuleDoesNotApply("{} is not an array like {}", new, old)
    if _holds(lemma, Partial):
        _check_free_to_vary(lemma, context, values)
    if _holds(lemma, Moment) or lemma.context.chances:
        _check_chances(lemma, context, values)
    there = lemma.context.substituted(values)
    for definition in there.definitions:
        if not any(defined_alike(context, definition, d) for d in context.definitions):
            raise RuleDoesNotApply(
                "the lemma {} rests on a definition of {} that is not made here", name, definition.array
            )
    left = substitute(lemma.left, values)
    if target != left:
        raise RuleDoesNotApply("{} is not {}, the left side of the lemma {} at these values", target, left, name)
    # A value that its obligations allow is a real number: `obligations` refuses infinite and complex ones.
    finite = [c for old, new in values.items() if isinstance(old, Symbol) for c in obligations(new, context)]
    # Asked of the hypotheses as the lemma states them: with the values SymPy may have cancelled what has none.
    # Bound indices stand free in what is asked, so their names must mean nothing here.
    taken = set(context.names) | names_in(target, *values.values())
    hypotheses = [renamed_apart(h, taken) for h in lemma.context.hypotheses]
    stated = [substitute(c, values) for h in hypotheses for c in meaningful(h, lemma.context)]
    known = [statement for record in there.chances for statement in record.stated]
    conditions: list[Condition] = [*stated, *there.facts, *finite, *known]
    return Rewrite(substitute(lemma.right, values), tuple(conditions), lemma.relation)


def _said(lemma: Derivation) -> tuple[Basic, ...]:
    """The terms and conditions of the lemma's statement, hypotheses and definitions included."""
    context = lemma.context
    return (lemma.left, lemma.right, *context.hypotheses, *(d.body for d in context.definitions))


def _holds(lemma: Derivation, kind: type) -> bool:
    """Whether a term of that kind stands anywhere in the lemma's statement."""
    return any(isinstance(t, kind) for e in _said(lemma) for t in subterms(e))


def _is_constant(context: Context, array: Array) -> bool:
    """Whether the array is defined without an entry of any: no entry that varies moves it."""
    found = context.definition_of(array)
    return found is not None and not any(isinstance(t, (Entry, Array)) for t in subterms(found.body))


def _check_chances(lemma: Derivation, context: Context, values: dict[Basic, Any]) -> None:
    """What is random in the lemma must be so here, with the same things stated; what is not must not be."""
    there = lemma.context.substituted(values)
    if not set(there.chances) <= set(context.chances) or len(set(there.arrays)) < len(lemma.context.arrays):
        raise RuleDoesNotApply("what the lemma {} states of random arrays is not stated here", lemma.name)
    certain = set(there.arrays) - {c.array for c in there.chances}
    if any(context.random_in(value) for value in (*values.values(), *certain) if value not in there.random):
        raise RuleDoesNotApply("what has one value in the lemma {} is random here", lemma.name)


def _check_free_to_vary(lemma: Derivation, context: Context, values: dict[Basic, Any]) -> None:
    """What varies by itself in the lemma must do so here, or its derivatives would be other ones.

    What is not differentiated by may be constant here: nothing says how it varies.
    """
    moving = {t.by.array for e in _said(lemma) for t in subterms(e) if isinstance(t, Partial)}
    new = {a: values[a] if a in values else substitute(a, values) for a in lemma.context.arrays}
    free = [a for a in new if new[a] in context.arrays or a in moving or not _is_constant(context, new[a])]
    if len(set(new.values())) < len(new) or not {new[a] for a in free} <= set(context.arrays):
        raise RuleDoesNotApply("the arrays of the lemma {} vary freely, and these do not", lemma.name)
    if any(isinstance(t, Entry) for value in values.values() if isinstance(value, Expr) for t in subterms(value)):
        raise RuleDoesNotApply("the symbols of the lemma {} are held fixed as entries vary", lemma.name)


def _stands_for(old: Array, new: Array, values: dict[Basic, Any], defined: bool) -> bool:
    """Whether all that the lemma knew of the old array (its range, what it is outside) is true of the new one."""
    if old.outside != new.outside or len(old.axes) != len(new.axes):
        return False
    everywhere = all(low == -oo and high == oo for low, high in old.axes)
    axes = substitute(old, {k: v for k, v in values.items() if k != old}).axes
    return bool((everywhere and old.outside == "zero" and not defined) or axes == new.axes)
