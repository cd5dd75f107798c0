"""Working out derivatives of index sums.

What is found here (which law comes next) is made of the laws of `calculus`, and checked by them. A derivative that no
law speaks of is refused by name; it is never taken for 0.
"""

from __future__ import annotations

from sympy import Abs, Add, Expr, Max, Min, Mul, Pow, fraction

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Step, Text
from derive.kernel.law import Law
from derive.language import Array, Cases, Context, Entry, IndexSum, Largest, Partial, fresh, subterms
from derive.language.context import arrays_in
from derive.language.forms import Form
from derive.language.maps import Applied, Image
from derive.language.smoothness import sources
from derive.language.terms import names_in, nested
from derive.rules import calculus
from derive.rules.algebra import definition
from derive.rules.combine import (
    Conversion,
    Moves,
    at,
    attempt,
    by,
    changing,
    everywhere,
    first_of,
    listed,
    one_line,
    quietly,
    repeat,
    then,
)
from derive.rules.inverses import inverse_differentiated, partial_of_determinant
from derive.rules.ranges import partial_of_largest
from derive.rules.sums import rename_index, sum_of_zeros

_BY_HEAD: tuple[tuple[type, Law], ...] = (
    (Add, calculus.partial_of_terms),
    (Pow, calculus.partial_of_power),
    (Max, calculus.partial_of_extreme),
    (Min, calculus.partial_of_extreme),
    (Abs, calculus.partial_of_absolute_value),
    (Cases, calculus.partial_of_cases),
)


def inwards(context: Context, e: Expr) -> Moves:
    """A derivative taken one head further in.

    Fails: e is no derivative, or one of an entry that depends on the variable; no law speaks of the head.
    """
    if not isinstance(e, Partial):
        raise RuleDoesNotApply("{} is not a derivative", e)
    of, x = e.term, e.by.array
    if x not in sources(context, of):
        return by(calculus.partial_of_constant, reason=_fixed(context, of, x))(context, e)
    if isinstance(of, Entry):
        if isinstance(of.array, Image):
            return by(calculus.partial_of_image)(context, e)
        if isinstance(of.array, Form) and of.array.operation == "determinant":
            return by(partial_of_determinant)(context, e)
        raise RuleDoesNotApply("{} is an entry", of)
    if isinstance(of, Applied):
        return by(calculus.partial_of_applied)(context, e)
    if isinstance(of, IndexSum):
        return _of_range(calculus.partial_of_sum, context, e)
    if isinstance(of, Largest):
        return _of_range(partial_of_largest, context, e)
    if isinstance(of, Mul):
        bottom = fraction(of)[1]
        quotient = bottom != 1 and x in sources(context, bottom)
        rule = calculus.partial_of_quotient if quotient else calculus.partial_of_product
        return first_of(by(calculus.partial_of_multiple, reason=_fixed(context, of, x)), by(rule))(context, e)
    if isinstance(of, Pow) and x in sources(context, of.exp):
        return by(calculus.partial_of_exponential)(context, e)
    for head, law in _BY_HEAD:
        if isinstance(of, head):
            return by(law)(context, e)
    return by(calculus.partial_of_function)(context, e)


def _fixed(context: Context, of: Expr, x: Array) -> Text:
    """`x and g do not depend on w`, for the factors that do not."""
    factors = [f for f in Mul.make_args(of) if x not in sources(context, f)]
    arrays = sorted({a for f in factors for a in arrays_in(f)}, key=str)
    if not arrays:
        return ()
    return (*listed(arrays), " does not depend on " if len(arrays) == 1 else " do not depend on ", x)


_OWN_LINE = (
    *("partial_of_quotient", "partial_of_product", "partial_of_extreme", "partial_of_absolute_value"),
    "partial_of_largest",
)


def _by_a_rule(context: Context, e: Expr) -> Moves:
    """One head further in by a rule that deserves a line of its own."""
    moves = inwards(context, e)
    if not (isinstance(moves[0], Step) and moves[0].rule in _OWN_LINE):
        raise RuleDoesNotApply("{} is differentiated without such a rule", e)
    return moves


def _number(context: Context, e: Expr) -> Moves:
    """The derivative of a number."""
    if not (isinstance(e, Partial) and e.term.is_number):
        raise RuleDoesNotApply("{} is not the derivative of a number", e)
    return by(calculus.partial_of_constant)(context, e)


def _plainly(context: Context, e: Expr) -> Moves:
    """One head further in by any other law."""
    moves = inwards(context, e)
    if isinstance(moves[0], Step) and moves[0].rule in _OWN_LINE:
        raise RuleDoesNotApply("{} is differentiated by a rule with its own line", e)
    return moves


def _of_range(law: Law, context: Context, e: Partial) -> Moves:
    """The law for what runs over a range, its index renamed where it stands in the entry."""
    taken, reserved = names_in(e) | {s.name for s in context.symbols}, {s.name for s in e.by.free_symbols}
    moves: Moves = ()
    for depth, level in enumerate(nested(e.term)[0] or (e.term,)):
        if level.index.name in reserved:
            new = fresh(level.index.name, taken)
            renamed = at((0,) * (depth + 1), by(rename_index, new, grain="full"))
            moves += renamed(context, moves[-1].after if moves else e)
            taken.add(new.name)
    return moves + by(law)(context, moves[-1].after if moves else e)


def opened(context: Context, e: Expr) -> Moves:
    """The derivative of an entry with what the entry is by definition.

    Fails: e is not the derivative of an entry whose array has a definition.
    """
    if isinstance(e, Partial) and isinstance(e.term, Entry) and context.definition_of(e.term.array) is not None:
        return at((0,), by(definition, reason=("definition of ", e.term.array)))(context, e)
    raise RuleDoesNotApply("{} is not the derivative of an entry with a definition", e)


def varied(context: Context, e: Expr) -> Moves:
    """The derivative of an entry by an entry of the same array.

    Fails: e is no such derivative.
    """
    if not (isinstance(e, Partial) and isinstance(e.term, Entry)):
        raise RuleDoesNotApply("{} is not the derivative of an entry", e)
    alone: Text = ("the slope of ", e.by.array, " in itself is 1")
    several: Text = ("the entries of ", e.by.array, " vary one by one")
    return by(calculus.partial_of_entry, reason=several if e.by.indices else alone)(context, e)


def differentiated(use: Conversion | None = None) -> Conversion:
    """All derivatives in the term worked out: definitions inserted, taken inwards, entries against entries.

    Args:
        use: What is tried first on every derivative: a lemma, say.

    Fails: there is no derivative; no law speaks of one that is left.
    """
    known = changing(use) if use is not None else _never
    inverse = one_line(inverse_differentiated, ("differential of an inverse",))
    phases = (first_of(known, _plainly), first_of(known, inverse), first_of(known, opened), varied)
    lines = [changing(one_line(everywhere(phase))) for phase in phases]
    lines.insert(0, changing(one_line(then(everywhere(_by_a_rule), quietly(attempt(everywhere(_number)))))))

    def run(context: Context, e: Expr) -> Moves:
        try:
            moves = changing(repeat(first_of(*lines)))(context, e)
        except RuleDoesNotApply:
            for left in subterms(e):
                if isinstance(left, Partial):
                    inwards(context, left)  # says why not
            raise
        for left in subterms(moves[-1].after):
            if isinstance(left, Partial):
                inwards(context, left)  # says why not
        return moves + attempt(one_line(everywhere(by(sum_of_zeros))))(context, moves[-1].after)

    return run


def _never(context: Context, e: Expr) -> Moves:
    raise RuleDoesNotApply("nothing is known")
