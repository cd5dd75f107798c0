"""Using a proved claim as a lemma, and giving symbols values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sympy import Basic, Expr, Symbol, nan, zoo

from derive.errors import BadInput, RuleDoesNotApply
from derive.kernel.derivation import Chain, Derivation, Step, Text
from derive.kernel.lemma import apply_lemma
from derive.language import Context, Entry, IndexSum, substitute
from derive.language.discharge import discharge
from derive.rules.combine import Conversion, Moves, by, quietly, then
from derive.rules.regroup import decided, shifted_cases, worked_out
from derive.rules.sums import rename_index


def use_lemma(lemma: Derivation, values: Mapping[Basic, Any], reason: Text = ()) -> Conversion:
    """The lemma's left side at the values becomes its right side; the derivation must carry the lemma."""

    def run(context: Context, e: Expr) -> Moves:
        arguments = (lemma.name, *((old, new) for old, new in values.items() if old != new))
        left = substitute(lemma.left, values)
        moves = _renamed(context, e, left)
        if (moves[-1].after if moves else e) != left:
            raise RuleDoesNotApply("{} is not the left side of {} at these values", e, lemma.name)
        made = apply_lemma((lemma,), context, left, arguments)
        why = reason or (f"by {lemma.name}",)
        return (*moves, Step(left, made.after, "lemma", arguments, made.conditions, (), made.relation, why))

    return run


def _renamed(context: Context, e: Expr, left: Expr) -> Moves:
    """A sum with the index that the lemma has."""
    if isinstance(e, IndexSum) and isinstance(left, IndexSum) and e.index != left.index:
        return quietly(by(rename_index, left.index))(context, e)
    return ()


def specialised(general: Derivation, values: Mapping[Symbol, Expr]) -> Derivation:
    """The general result with numbers in place of some symbols, its cases decided and worked out.

    Args:
        general: A derivation of `left = right`; it becomes a lemma.
        values: {symbol: exact number}.

    Raises:
        BadInput: a value breaks a hypothesis, is of the wrong sort, or belongs to no symbol of the derivation.
    """
    check_values(general.context, values)
    whole = {s: v for s, v in values.items() if s.is_integer}
    if 0 < len(whole) < len(values) and substitute(general.right, values).has(nan, zoo):
        # A branch that an integer rules out has no value at the real number: decide the integers first.
        return specialised(specialised(general, whole), {s: v for s, v in values.items() if s not in whole})
    there = general.context.substituted(values)
    context = replace(there, hypotheses=tuple(h for h in there.hypotheses if h.free_symbols or h.has(Entry)))
    start = substitute(general.left, values)
    running = [s for s in context.symbols if s.is_integer and s in general.right.free_symbols]
    finish = [shifted_cases(running[0])] if running else []
    conversion = then(use_lemma(general, values), decided, *finish, worked_out)
    moves = tuple(replace(m, grain="full") if isinstance(m, Step) else m for m in conversion(context, start))
    proof = Chain(start, moves)
    settings = ", ".join(f"{s}={v}" for s, v in sorted(values.items(), key=lambda item: str(item[0])))
    return Derivation(f"{general.name}({settings})", context, start, proof.end, proof, general.relation, (general,))


def check_values(context: Context, values: Mapping[Symbol, Expr]) -> None:
    """Refuse values that the context does not allow.

    Raises:
        BadInput: with the symbol, the value and the hypothesis.
    """
    for symbol, value in values.items():
        if symbol not in context.symbols:
            known = ", ".join(s.name for s in context.symbols)
            raise BadInput(f"{symbol} is not a symbol here; there are {known}")
        if symbol.is_integer and not value.is_Integer:
            raise BadInput(f"{symbol} = {value} is not allowed: {symbol} is an integer")
    for fact in context.facts:
        there = substitute(fact, values)
        if there.has(Entry):
            continue  # it is about numbers that are given elsewhere, or by nobody
        if not there.free_symbols and not discharge(Context(), there).shown:
            given = ", ".join(f"{s} = {v}" for s, v in values.items() if s in fact.free_symbols)
            raise BadInput(f"{given} is not allowed: {fact} is needed")
    if context.substituted(values).is_consistent() is False:
        raise BadInput("these values contradict the hypotheses")
