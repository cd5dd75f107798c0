r"""What a recursion has made of random numbers up to a step is independent of those that are still to come.

If $h_t$ is worked out from $h_{t-1}$ and from entries $W_{s,\ldots}$ with $s \le t$ alone, then, by induction, so is
every $h_t$ as a whole; and if the entries of W are independent, $h_t$ is independent of $W_{p,\ldots}$ for every p > t.
So layers with weights of their own can be taken one after the other, though all weights stand in one array.

Source: Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, section 3.3, theorem (9), and section 4.2
(functions of independent families are independent).
"""

from __future__ import annotations

from sympy import Expr, Mul

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import Array, Condition, Context, Entry, all_of, gt, implies, le
from derive.language.chance import Expectation, arrays_outside, entries_are, independent, moments_in
from derive.language.context import Definition
from derive.language.forms import Form
from derive.language.symbols import fresh
from derive.language.terms import names_in, renamed_apart
from derive.language.wellformed import entries_of
from derive.rules.combine import Conversion, Moves, by
from derive.rules.independence import check_direct, other_factor, unlike
from derive.rules.moments import check_fixed_place


@primitive("independent of what was before")
def independent_of_past(context: Context, e: Expr, first: Expr) -> Rewrite:
    """E(f g) -> E(f) E(g)        [f rests on W[p, ...] alone, g on W[s, ...] with s < p, by recursions up to t < p]

    The recursions up to step t look at W[s, ...] with s <= t alone. The entries of W are independent, and W is
    independent of all else that g rests on. Argument: the factor f.
    Fails: e is not the expectation of such a product; f rests on another array; g rests on W by other definitions.
    Source: Grimmett, Stirzaker, sections 3.3 and 4.2.
    """
    body = need(Expectation, e, "independent_of_past").body
    second = other_factor(body, first)
    if len(context.random_in(first)) != 1:
        raise RuleDoesNotApply("{} does not rest on one random array alone", first)
    (array,) = context.random_in(first)
    check_direct(context, array, first)
    if not array.axes or moments_in(body):
        raise RuleDoesNotApply("{} has no steps, or a moment stands in {}", array, body)
    taken = names_in(first, second) | context.names
    one = renamed_apart(first, set(taken))
    two = renamed_apart(second, names_in(one) | taken)
    conditions: list[Condition] = [entries_are("independent", array)]
    if others := context.random_in(second) - {array}:
        conditions.append(independent({array}, others))
    new = list(entries_of(array, one))
    check_fixed_place(context, *(entry for _, entry in new))
    for past in sorted(set(arrays_outside(two)) - {array}, key=str):
        if array in context.random_in(past):
            conditions += _only_past(context, array, past)
            for also, old in entries_of(past, two):
                check_fixed_place(context, old)
                conditions += [implies(all_of(known, also), gt(at.indices[0], old.indices[0])) for known, at in new]
    for also, old in entries_of(array, two):
        conditions += [unlike(all_of(known, also), at, old) for known, at in new]
    return rewrite(Expectation(first) * Expectation(second), list(dict.fromkeys(conditions)))


def apart_from_past(array: Array) -> Conversion:
    """The expectation of a product, with the entries of the array apart from what recursions have made of others."""

    def run(context: Context, e: Expr) -> Moves:
        if not isinstance(e, Expectation) or not isinstance(e.body, Mul):
            raise RuleDoesNotApply("{} is not the expectation of a product", e)
        new = [part for part in e.body.args if part.has(array)]
        if len(new) == len(e.body.args):
            raise RuleDoesNotApply("{} rests on {} alone", e, array)
        return by(independent_of_past, Mul(*new))(context, e)

    return run


def _only_past(context: Context, array: Array, past: Array) -> list[Condition]:
    """That the recursion, up to each step, looks at no later entry of the random array."""
    given = _recursion(context, past)
    taken = set(context.names) | names_in(given.body)
    letters = []
    for letter in given.parameters:
        letters.append(fresh(letter.name, taken))
        taken.add(letters[-1].name)
    body = given.at(letters, taken)
    for other in set(arrays_outside(body)) - {array, past}:
        if array in context.random_in(other) or past in {*other.args}:
            raise RuleDoesNotApply("{} rests on {} by {} as well", past, array, other)
    if moments_in(body):
        raise RuleDoesNotApply("a moment stands in the definition of {}", past)
    inside = Entry(past, *letters).in_range
    conditions: list[Condition] = []
    for looked_at in (array, past):
        found = list(entries_of(looked_at, body))
        check_fixed_place(context, *(entry for _, entry in found))
        conditions += [implies(all_of(inside, known), le(entry.indices[0], letters[0])) for known, entry in found]
    return conditions


def _recursion(context: Context, past: Array) -> Definition:
    given = context.definition_of(past)
    if given is None or isinstance(past, Form) or not given.is_recursive or past.outside == "wraps":
        raise RuleDoesNotApply("{} is no recursion", past)
    return given
