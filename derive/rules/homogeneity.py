r"""Is an update rule homogeneous, u(sG) = s^p u(G) for all s > 0? From the rule to its multiple, law by law.

The degree is read off the rule (`derive.rules.degrees`). That it is right is a derivation: the rule with s G in place
of G, from which s is taken out law by law. Where the rule rests on arrays that are defined (a momentum, a normalised
matrix), each of them has a *twin*, made of s G in its place, and a lemma says what the twin is; of a recursion by
induction on its first index.

Source: Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 1.1 (homogeneous functions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sympy import Abs, Basic, Expr, Integer, Max, Min, Mul, Pow, Symbol

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Array,
    Cases,
    Compare,
    Condition,
    Context,
    Definition,
    Entry,
    IndexSum,
    Indicator,
    Largest,
    Ranged,
    declare,
    eq,
    fresh,
    gt,
    ne,
    parts_of,
    rebuild,
    subterms,
)
from derive.language.context import arrays_in
from derive.language.terms import names_in
from derive.rules.algebra import absolute_value, algebra, definition
from derive.rules.cases import regroup_cases
from derive.rules.combine import (
    Conversion,
    Moves,
    at,
    at_part,
    attempt,
    by,
    by_cases,
    by_induction,
    derived,
    everywhere,
    one_line,
    place_of,
    then,
    up_to,
)
from derive.rules.degrees import Factor, degree, degree_of, multiplied, rests_on, twin
from derive.rules.lemmas import use_lemma
from derive.rules.recursions import unrolled
from derive.rules.scaling import (
    factor_out_of_absolute_value,
    factor_out_of_cases,
    factor_out_of_conditions,
    factor_out_of_extreme,
    factor_out_of_largest,
    factor_out_of_power,
)
from derive.rules.sums import factor_out


@dataclass(frozen=True)
class _Known:
    """The factor, the degree of each array that moves with it, their twins, and what puts a twin's multiple for it."""

    factor: Symbol
    degrees: Mapping[Array, Expr]
    twins: Mapping[Array, Array]
    inserted: Callable[[Entry], Conversion]


def _pulled(e: Expr, known: _Known) -> Conversion:
    """From the term made of s G to s^p times the term made of G."""
    if isinstance(e, Entry) or not arrays_in(e) & set(known.degrees):
        return then()
    power = degree(e, known.degrees)
    if power is None:
        raise RuleDoesNotApply("no degree is seen of {}", e)
    target = known.factor**power * e

    def run(context: Context, here: Expr) -> Moves:
        # Values of cases are looked at where their conditions are those of the rule itself.
        moves = then(_restated(e, known), _within(e, known))(context, here)
        for law in _laws(e, power, known):
            now = moves[-1].after if moves else here
            if now != target:
                moves += attempt(law)(context, now)
        now = moves[-1].after if moves else here
        return moves if now == target else moves + by(algebra, target, reason=_taken(known, power))(context, now)

    return run


def _within(e: Expr, known: _Known) -> Conversion:
    """The same for what the term is made of."""
    if isinstance(e, Ranged):
        return at((0,), _pulled(e.args[0], known))
    if isinstance(e, Cases):
        return then(*(at((number, 0), _pulled(value, known)) for number, (value, _) in enumerate(e.clauses)))
    if isinstance(e, Indicator):
        return then()
    return then(*(_part(part, known) for part in dict.fromkeys(e.args) if arrays_in(part) & set(known.degrees)))


def _part(part: Expr, known: _Known) -> Conversion:
    """One of the terms of a sum or factors of a product."""

    def run(context: Context, here: Expr) -> Moves:
        made, inner = _made_of_multiples(part, known), _pulled(part, known)
        return at_part(made, inner)(context, here) if inner(context, made) else ()

    return run


def _made_of_multiples(e: Basic, known: _Known) -> Any:
    """The term with the multiple of each entry for the entry; in conditions with twins, which lemmas do not reach."""
    multiples = {a: _constantly(known.factor**power) for a, power in known.degrees.items()}
    if isinstance(e, Entry):
        return multiplied(e, multiples)
    if isinstance(e, Cases):
        return Cases(*((_made_of_multiples(v, known), _made_of_multiples(c, known)) for v, c in e.clauses))
    if isinstance(e, Condition):
        return multiplied(e, {a: f for a, f in multiples.items() if a not in known.twins}, known.twins)
    if not e.args or isinstance(e, Array):
        return e
    return rebuild(e, [_made_of_multiples(part, known) for part in e.args])


def _constantly(factor: Expr) -> Factor:
    return lambda *_: factor


def _laws(e: Expr, power: Expr, known: _Known) -> list[Conversion]:
    """What takes the factor out of a term of this kind, once it stands in front of each part."""
    s, taken = known.factor, _taken(known, power)
    if isinstance(e, IndexSum):
        return [by(factor_out, s**power, e.body, reason=(*taken[:2], " out of the sum"))]
    if isinstance(e, Largest):
        return [by(factor_out_of_largest, s**power, reason=(*taken[:2], " out of the largest"))]
    if isinstance(e, Abs):
        return [by(factor_out_of_absolute_value, s**power, reason=(gt(s, 0),))]
    if isinstance(e, (Max, Min)):
        return [by(factor_out_of_extreme, s**power, reason=(gt(s, 0),))]
    if isinstance(e, Pow):
        inside = degree(e.base, known.degrees)
        positive = everywhere(by(absolute_value, 1, reason=(gt(s, 0),)))
        return [by(factor_out_of_power, s, inside, reason=(*taken[:2], " out of the root")), positive]
    if isinstance(e, Cases) and power != 0:
        return [by(factor_out_of_cases, s**power, reason=(*taken[:2], " out of all cases"))]
    return []


def _compared(e: Expr) -> list[Compare]:
    """The comparisons in the conditions of cases or of an indicator."""
    conditions = [c for _, c in e.clauses] if isinstance(e, Cases) else [e.args[0]]
    return [part for condition in conditions for part in subterms(condition) if isinstance(part, Compare)]


def _restated(e: Expr, known: _Known) -> Conversion:
    """The conditions of the term for those that are made of multiples."""
    if not isinstance(e, (Cases, Indicator)):
        return then()
    sides = {degree(side, known.degrees) for part in _compared(e) for side in part.args[1:] if side != 0}
    scale = known.factor ** sides.pop() if len(sides) == 1 and None not in sides else known.factor

    def run(context: Context, here: Expr) -> Moves:
        after = e
        if isinstance(e, Cases) and isinstance(here, Cases):
            after = Cases(*((v, c) for (v, _), (_, c) in zip(here.clauses, e.clauses, strict=True)))
        what = "signs" if all(0 in part.args[1:] for part in _compared(e)) else "conditions"
        words: Text = (f"the same {what}, since ", gt(known.factor, 0))
        return attempt(by(factor_out_of_conditions, scale, after, reason=words))(context, here) if after != here else ()

    return run


def _asked_of_twins(context: Context, e: Expr, known: _Known) -> list[Entry]:
    """The entries of which twins stand in conditions, where no lemma reaches."""
    plain = {made: array for array, made in known.twins.items()}
    compared = [part for t in subterms(e) if isinstance(t, (Cases, Indicator)) for part in _compared(t)]
    found = [t for part in compared for t in subterms(part) if isinstance(t, Entry) and t.array in plain]
    entries = [Entry(plain[t.array], *t.indices) for t in dict.fromkeys(found)]
    return [t for t in entries if t.free_symbols <= set(context.symbols)]


def _where_it_is(entry: Entry, lemma: Conversion, conversion: Conversion) -> Conversion:
    """The conversion where the entry is what the lemma says it is; that it is something else is contradicted by it.

    A lemma replaces terms and no sides of conditions. If the entry x' were not the multiple m of the lemma, then with
    d = x' - m the term f would be t + (f - t)(x'/d - m/d) for any t, and the lemma makes the last factor 0.
    """

    def run(context: Context, here: Expr) -> Moves:
        multiple = lemma(context, entry)[-1].after
        alike, apart = eq(entry, multiple), ne(entry, multiple)
        after = conversion(context.with_hypotheses(alike), here)[-1].after
        gap = entry - multiple
        share = entry / gap
        split = after + Mul(here - after, share - multiple / gap, evaluate=False)
        # The entry stands in conditions and in the denominator as well: this is the one to replace.
        place = (*place_of(split, share), share.args.index(entry))
        impossible = then(by(algebra, split, reason=("times 1",)), at(place, lemma))
        words: Text = (entry, " is ", multiple)
        both = by_cases([(alike, conversion), (apart, impossible)], words)
        return then(both, by(regroup_cases, after, reason=("it cannot be anything else",)))(context, here)

    return run


def _taken(known: _Known, power: Expr) -> Text:
    return ("take ", known.factor**power, " out") if power != 0 else ("cancel ", known.factor)


def homogeneous(
    name: str, context: Context, update: Entry, factor: Symbol, arrays: tuple[Array, ...] | Mapping[Array, Expr]
) -> Derivation:
    """The derivation of `u'[i] = s**p*u[i]`, where u' is the twin of u.

    Args:
        name: Of the derivation.
        context: Made by `with_twins`, these arrays multiplied by the factor, which is positive.
        update: The entry u[i].
        factor: s.
        arrays: What is multiplied by it; or {array: p} if some are multiplied by its power p.

    Raises:
        RuleDoesNotApply: no degree is seen, or a law does not apply.
    """
    defined = {d.array: d for d in context.definitions}
    needed = rests_on(context, update.array)
    twins = {a: twin(a) for a in defined if a in needed and twin(a) in defined}
    degrees = dict(arrays) if isinstance(arrays, Mapping) else dict.fromkeys(arrays, Integer(1))
    lemmas: dict[Array, Derivation] = {}

    def inserted(entry: Entry) -> Conversion:
        lemma = lemmas[entry.array]
        values = dict(zip(lemma.left.indices, entry.indices, strict=True))
        return use_lemma(lemma, values)

    known = _Known(factor, degrees, twins, inserted)
    for array in twins:
        there, entry = _anywhere(context, defined[array])
        power = degree_of(defined[array], degrees)
        if array == update.array:
            there, entry = context, update
        moves = (_by_steps if defined[array].is_recursive else _at_once)(entry, power, known)
        title = name if array == update.array else f"{name}, {array}"
        made = derived(title, there, Entry(twins[array], *entry.indices), moves, tuple(lemmas.values()))
        if array == update.array:
            return made
        lemmas[array], degrees[array] = made, power
    raise RuleDoesNotApply("{} does not rest on {}", update, next(iter(arrays), None))


def _anywhere(context: Context, one: Definition) -> tuple[Context, Entry]:
    """Any entry of a defined array, at indices that the context then knows."""
    # A letter that runs in a hypothesis would have two meanings.
    taken = set(context.names) | names_in(*context.hypotheses)
    indices = []
    for parameter in one.parameters:
        indices.append(fresh(parameter.name, taken))
        taken.add(indices[-1].name)
    low = one.array.axes[0][0] if one.array.axes else None
    sorts = ["natural" if place == 0 and low == 0 else "integer" for place in range(len(indices))]
    there = context.with_declarations(*(declare(k.name, sort) for k, sort in zip(indices, sorts, strict=True)))
    return there.with_hypotheses(*parts_of(one.array.in_range(*indices))), Entry(one.array, *indices)


def _at_once(entry: Entry, power: Expr, known: _Known) -> Conversion:
    """From an entry of a twin to the multiple of that of its array, definitions inserted once."""
    target = known.factor**power * entry

    def run(context: Context, e: Expr) -> Moves:
        value = opened(entry)(context, entry)[-1].after
        back = one_line(up_to(target, at_part(entry, opened(entry))), ("definition of ", entry.array))
        there = then(opened(e), _all_inserted(value, known))(context, e)
        pulled = then(_pulled(value, known), back)
        for asked in _asked_of_twins(context, there[-1].after, known):
            pulled = _where_it_is(Entry(known.twins[asked.array], *asked.indices), known.inserted(asked), pulled)
        return (*there, *pulled(context, there[-1].after))

    def opened(one: Expr) -> Conversion:
        return unrolled(one) if recursive else by(definition, reason=("definition of ", *_arrays(one)))

    recursive = entry.array in known.degrees
    return run


def _arrays(one: Expr) -> Text:
    return (one.array,) if isinstance(one, Entry) else ()


def _all_inserted(value: Expr, known: _Known) -> Conversion:
    """Each twin's multiple in its place."""
    entries = dict.fromkeys(t for t in subterms(value) if isinstance(t, Entry) and t.array in known.twins)
    told: list[str | Basic] = []
    for array in dict.fromkeys(entry.array for entry in entries):
        power = known.degrees[array]
        told += [*([", "] if told else []), known.twins[array], " is "]
        told += [array, " divided by ", known.factor**-power] if power.is_negative else []
        told += [] if power.is_negative else [*([known.factor**power, " "] if power != 0 else []), array]
    here = [at_part(Entry(known.twins[e.array], *e.indices), known.inserted(e)) for e in entries]
    return one_line(then(*(everywhere(one) for one in here)), tuple(told))


def _value(context: Context, entry: Entry) -> Expr:
    """What the entry is by definition here."""
    moves = unrolled(entry)(context, entry)
    return moves[-1].after


def _by_steps(entry: Entry, power: Expr, known: _Known) -> Conversion:
    """The same for a recursion, by induction on its first index."""
    variable, *others = entry.indices
    low = entry.array.axes[0][0]
    first, later = (Entry(entry.array, place, *others) for place in (low, variable + 1))

    def step(hypothesis: Conversion) -> Conversion:
        inner = replace(
            known,
            degrees={**known.degrees, entry.array: power},
            inserted=lambda other: hypothesis if other.array == entry.array else known.inserted(other),
        )
        return _at_once(later, power, inner)

    base = _at_once(
        first, power, _Known(known.factor, {**known.degrees, entry.array: power}, known.twins, known.inserted)
    )
    return by_induction(variable, low, known.factor**power * entry, base, step, over=tuple(others))
