r"""Lines told in the names of the course: $e^{z_i} / \sum_k e^{z_k}$ is $p_i$ again.

An array that is defined by a quotient (a softmax, a normalised weight) is put back into a line wherever its numerator
stands. The new line is found by taking the definition as an equation for the numerator, and proved by inserting the
definition into it and comparing both.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Basic, Dummy, Expr, fraction

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Text
from derive.language import (
    Array,
    Compare,
    Condition,
    Context,
    Entry,
    Indicator,
    all_of,
    eq,
    parts_of,
    same_up_to_renaming,
    subterms,
)
from derive.language.terms import names_in
from derive.rules.algebra import algebra, definition, normal_form
from derive.rules.combine import Conversion, Moves, by, everywhere, one_line, quietly, then, up_to
from derive.rules.indicators import restate_indicator


def in_terms_of(array: Array, reason: Text = ()) -> Conversion:
    """The line with entries of the array for what they are by definition, the rest multiplied out.

    Fails: the array is not defined by a quotient; its numerator does not stand in the line.
    """

    def run(context: Context, e: Expr) -> Moves:
        found = context.definition_of(array)
        if found is None or len(found.parameters) != 1:
            raise RuleDoesNotApply("{} is not defined by one index", array)
        bottom = fraction(found.body)[1]
        whole = Dummy(positive=True)
        masked = e.xreplace({bottom: whole})
        places = {t.indices[0] for t in subterms(masked) if isinstance(t, Entry) and len(t.indices) == 1}
        replaced = {}
        for place in places:
            over = fraction(found.at((place,)))[0]
            if over != 1 and masked.has(over):
                replaced[over] = Entry(array, place) * whole
        if not replaced:
            raise RuleDoesNotApply("the numerator of {} does not stand in {}", array, e)
        target = normal_form(masked.xreplace(replaced)).xreplace({whole: bottom})
        return as_defined(target, array, reason or ("definition of ", array))(context, e)

    return run


def named_in_conditions(entry: Entry, reason: Text = ()) -> Conversion:
    """Indicators whose conditions speak of the entry by its name, where they speak of what it is by definition.

    Fails: nowhere do they.
    """

    def rename(context: Context, e: Expr) -> Moves:
        if not isinstance(e, Indicator):
            raise RuleDoesNotApply("{} is not an indicator", e)
        found = context.definition_of(entry.array)
        if found is None:
            raise RuleDoesNotApply("{} has no definition", entry.array)
        meaning = found.at(entry.indices, names_in(e))
        alike: dict[Basic, Expr] = {}
        for part in subterms(e.condition):
            for sign in (1, -1):
                if isinstance(part, Expr) and same_up_to_renaming(part, sign * meaning):
                    alike[part] = sign * entry
        if not alike:
            raise RuleDoesNotApply("{} does not stand in {}", meaning, e)
        named = all_of(*(_without_minus(c) for c in parts_of(e.condition.xreplace(alike))))
        return by(restate_indicator, named, reason=reason or ("definition of ", entry.array))(context, e)

    return everywhere(rename)


def _without_minus(part: Condition) -> Condition:
    """`-u = -v` as `u = v`."""
    sides = part.args[1:] if isinstance(part, Compare) else ()
    if isinstance(part, Compare) and part.op == "=" and all(side.could_extract_minus_sign() for side in sides):
        return eq(-part.left, -part.right)
    return part


def as_defined(target: Expr, array: Array, reason: Text = ()) -> Conversion:
    """The line as the target, which is the same once the definition of the array is inserted.

    Fails: it is not, as far as the zero test sees.
    """

    def insert(context: Context, part: Expr) -> Moves:
        if not (isinstance(part, Entry) and part.array == array):
            raise RuleDoesNotApply("{} is not an entry of {}", part, array)
        return by(definition)(context, part)

    def run(context: Context, e: Expr) -> Moves:
        moves = quietly(up_to(target, then(everywhere(insert), by(algebra, e))))(context, e)
        return one_line(lambda c, t: (*moves[:-1], *_because(moves[-1:], reason)))(context, e)

    return run


def _because(moves: Moves, reason: Text) -> Moves:
    """The moves with these words."""
    return tuple(replace(move, reason=reason) for move in moves)
