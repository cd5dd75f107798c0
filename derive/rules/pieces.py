"""Sums whose terms change their form within the range: `|n - i|`, cases in the index.

The range is split where the form changes; on each part the form is settled, and each part is worked out by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Abs, Basic, Expr, Symbol

from derive.errors import NotAffine, RuleDoesNotApply
from derive.kernel.derivation import Text
from derive.language import Cases, Condition, Context, IndexSum, all_of, ge, le, lt, negate, subterms
from derive.language.discharge import contradictory
from derive.rules.algebra import absolute_value, definition
from derive.rules.closed_forms import closed_form
from derive.rules.combine import Conversion, Moves, at_part, by, by_cases, everywhere, first_of, then
from derive.rules.regroup import collect_cases, one_case
from derive.rules.sums import split_range
from derive.rules.windows import Ends, cells, insert_definitions, over_window, to_window


def over_pieces(variable: Symbol, inner: Callable[[Context, Expr], Moves]) -> Conversion:
    """A finite sum whose terms change their form with the index, split where they do, case by case along a variable.

    Args:
        variable: The cases are told in increasing order of this symbol.
        inner: What is done with the line once the form of each sum is settled.
    """

    def run(context: Context, e: Expr) -> Moves:
        forms = _forms(context, e) if isinstance(e, IndexSum) else []
        if not forms:
            return inner(context, e)
        ranges = [all_of(e.range_condition, form) for form in forms]
        try:
            cases = cells(context, e.index, ranges, variable, _forms_there)
        except NotAffine as problem:
            raise RuleDoesNotApply(str(problem)) from None
        if len(cases) == 1:
            return _parts(cases[0][1], inner)(context, e)
        branches = [(condition, _parts(ends, inner)) for condition, ends in cases]
        why: Text = ("the terms change their form where ", *_turning(e))
        return by_cases(branches, why)(context, e)

    return run


def by_overlap(variable: Symbol, new: Symbol) -> Conversion:
    """The output of a convolution in closed form: window, definitions, cases along the variable, sums, collected cases.

    Args:
        variable: The time of the output.
        new: Names an index where one is needed.
    """
    return then(
        by(definition, reason=("definition of convolution",)),
        to_window,
        insert_definitions,
        over_window(variable, over_pieces(variable, closed_form(new))),
        collect_cases,
    )


def _forms(context: Context, total: IndexSum) -> list[Condition]:
    """Conditions on the index, one for each form of the terms; none where there is only one form."""
    forms: list[Condition] = []
    for term in subterms(total.body):
        made: list[Condition] = []
        if isinstance(term, Abs) and total.index in term.free_symbols:
            made = [lt(term.args[0], 0), ge(term.args[0], 0)]
        elif isinstance(term, Cases) and any(total.index in c.free_symbols for _, c in term.clauses):
            earlier: list[Condition] = []
            for _, condition in term.clauses:
                made.append(all_of(*earlier, condition))
                earlier.append(negate(condition))
        if made:
            forms = [all_of(f, m) for f in forms or [all_of()] for m in made]
    inside = context.with_hypotheses(total.range_condition)
    forms = [f for f in dict.fromkeys(forms) if not contradictory(inside, f)]
    return forms


def _forms_there(ends: tuple[Ends, ...]) -> object:
    """Which form there is, if it is only one: then the range need not be split, and its ends do not matter."""
    there = [k for k, end in enumerate(ends) if end is not None]
    return tuple(there) if len(there) < 2 else ends


def _turning(total: IndexSum) -> list[Basic | str]:
    """Where the terms change their form, in words."""
    for term in subterms(total.body):
        if isinstance(term, Abs) and total.index in term.free_symbols:
            return [term.args[0], " changes its sign"]
    return ["another case begins"]


def _parts(ends: tuple[Ends, ...], inner: Conversion) -> Conversion:
    """The range split into the parts that are not empty, the form settled on each, then the rest."""

    def run(context: Context, e: Expr) -> Moves:
        parts = _in_order(context, [end for end in ends if end is not None])
        here: Expr = e
        moves: Moves = ()
        for _, high in parts[:-1]:
            last = next(t for t in subterms(here) if isinstance(t, IndexSum) and t.high == e.high)
            moves += at_part(last, by(split_range, high, reason=("split the sum after ", high)))(context, here)
            here = moves[-1].after
        return moves + then(settled, inner)(context, here)

    return run


def _in_order(context: Context, parts: list[tuple[Expr, Expr]]) -> list[tuple[Expr, Expr]]:
    ordered: list[tuple[Expr, Expr]] = []
    for low, high in parts:
        place = next((k for k, (other, _) in enumerate(ordered) if context.entails(le(high, other)) is True), None)
        ordered.insert(len(ordered) if place is None else place, (low, high))
    return ordered


def settled(context: Context, e: Expr) -> Moves:
    """Every absolute value without its bars and every choice made, where the place decides it."""
    return everywhere(first_of(_without_bars, one_case))(context, e)


def _without_bars(context: Context, e: Expr) -> Moves:
    if not isinstance(e, Abs):
        raise RuleDoesNotApply("{} is not an absolute value", e)
    for sign in (1, -1):
        step = absolute_value(context, e, sign, reason=("without the bars, by the sign of ", e.args[0]))
        if all(context.entails(c) is True for c in step.conditions):
            return (step,)
    raise RuleDoesNotApply("the sign of {} is not known", e.args[0])
