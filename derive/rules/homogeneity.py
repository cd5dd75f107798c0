r"""Is an update rule homogeneous, u(sG) = s^p u(G) for all s > 0? The degree p is found, and then proved or refuted.

The degree is read off the rule from the inside out: an entry of G has 1, a product the sum of the degrees of its
factors, a power the multiple, a sum of terms that of each if they are alike, cases that of their values if a positive
factor changes none of their conditions. That it is right is a derivation: the rule with s G in place of G, from which s
is taken out law by law. Where the rule rests on arrays that are defined (a momentum, a normalised matrix), each of them
has a *twin*, made of s G in its place, and a lemma says what the twin is; of a recursion by induction.

No degree fits if two points tell two degrees. That is found at exact points.

Source: Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 1.1 (homogeneous functions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sympy import Abs, Add, Basic, Expr, Integer, Max, Min, Mul, Pow, Symbol
from sympy.core.function import Application

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    AllOf,
    AnyOf,
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
    Negation,
    Ranged,
    declare,
    fresh,
    gt,
    parts_of,
    rebuild,
    subterms,
)
from derive.language.context import arrays_in
from derive.language.terms import renamed_apart
from derive.rules.algebra import absolute_value, algebra
from derive.rules.cases import regroup_cases
from derive.rules.combine import (
    Conversion,
    Moves,
    at,
    at_part,
    attempt,
    by,
    by_induction,
    derived,
    everywhere,
    one_line,
    then,
)
from derive.rules.indicators import restate_indicator
from derive.rules.lemmas import use_lemma
from derive.rules.recursions import rolled, unrolled
from derive.rules.scaling import (
    factor_out_of_absolute_value,
    factor_out_of_cases,
    factor_out_of_extreme,
    factor_out_of_largest,
    factor_out_of_power,
)
from derive.rules.sums import factor_out

Factor = Callable[..., Expr]
"""What an entry is multiplied by, from its indices."""


def multiplied(term: Any, factors: Mapping[Array, Factor], twins: Mapping[Array, Array] | None = None) -> Any:
    """The term with each entry of these arrays times its factor, and other arrays by their twins.

    Example:
        >>> from derive.language import array, integer, real
        >>> n, k, s = integer("n"), integer("k"), real("s")
        >>> g = array("g", (1, n))
        >>> multiplied(IndexSum(g[k]**2, k, 1, n), {g: lambda k: s})
        sum(s**2*g[k]**2, k=1..n)
    """
    if isinstance(term, Entry):
        indices = [multiplied(index, factors, twins) for index in term.indices]
        if term.array in factors:
            return factors[term.array](*indices) * Entry(term.array, *indices)
        return Entry((twins or {}).get(term.array, term.array), *indices)
    if not term.args or isinstance(term, Array):
        return term
    return rebuild(term, [multiplied(part, factors, twins) for part in term.args])


def twin(array: Array, primes: int = 1) -> Array:
    """The array that is made of the multiplied entries, with a prime (or more)."""
    return Array(array.name + "'" * primes, array.axes, array.outside)


def with_twins(context: Context, *multiples: Mapping[Array, Factor]) -> Context:
    """The context in which each definition that rests on these arrays has a twin for each way to multiply them.

    Args:
        context: Of the rule; of its symbols, those in factors are known.
        multiples: {array: factor of an entry, from its indices}; a twin for the second has two primes, and so on.
    """
    known = context.definitions
    definitions: dict[Definition, list[Definition]] = {one: [] for one in known}
    for primes, factors in enumerate(multiples, start=1):
        twins: dict[Array, Array] = {}
        for one in known:
            if arrays_in(one.body) & {*factors, *twins}:
                twins[one.array] = twin(one.array, primes)
                body = renamed_apart(one.body, {s.name for s in context.symbols})
                definitions[one].append(Definition(twins[one.array], one.parameters, multiplied(body, factors, twins)))
    every = (made for one in known for made in (one, *definitions[one]))
    return replace(context, definitions=tuple(every))


@dataclass(frozen=True)
class _Known:
    """The factor, the degree of each array that moves with it, their twins, and what puts a twin's multiple for it."""

    factor: Symbol
    degrees: Mapping[Array, Expr]
    twins: Mapping[Array, Array]
    inserted: Callable[[Entry], Conversion]


def degree(term: Basic, degrees: Mapping[Array, Expr]) -> Expr | None:
    """The degree of the term, read from the inside out; None where none is seen.

    Args:
        term: A term or condition; a condition has the degree 0 if a positive factor does not change it.
        degrees: Of the arrays that are multiplied and of those that rest on them.

    Example:
        >>> from derive.language import array, integer
        >>> n, k = integer("n"), integer("k")
        >>> g = array("g", (1, n))
        >>> degree(g[1] / IndexSum(g[k]**2, k, 1, n)**(Integer(1)/2), {g: Integer(1)})
        0
        >>> degree(g[1] / (g[1] + 1), {g: Integer(1)}) is None
        True
    """
    if not arrays_in(term) & set(degrees):
        return Integer(0)
    if isinstance(term, Condition):
        return _of_condition(term, degrees)
    if isinstance(term, Entry):
        return None if any(arrays_in(i) & set(degrees) for i in term.indices) else degrees.get(term.array)
    if isinstance(term, Mul):
        found = [degree(part, degrees) for part in term.args]
        return None if None in found else Add(*found)
    if isinstance(term, Pow):
        base = degree(term.base, degrees)
        return None if base is None or arrays_in(term.exp) & set(degrees) else base * term.exp
    if isinstance(term, (Add, Max, Min)):
        return _alike(term.args, degrees)
    if isinstance(term, Abs):
        return degree(term.args[0], degrees)
    if isinstance(term, (IndexSum, Largest)):
        inside = degree(term.body, degrees)
        moving = arrays_in(term.low) | arrays_in(term.high)
        return None if moving & set(degrees) or inside is None or inside.has(term.index) else inside
    if isinstance(term, Cases):
        if any(degree(condition, degrees) != 0 for _, condition in term.clauses):
            return None
        return _alike([value for value, _ in term.clauses], degrees)
    if isinstance(term, (Indicator, Application)):
        return Integer(0) if all(degree(part, degrees) == 0 for part in term.args) else None
    return None


def _alike(parts: Any, degrees: Mapping[Array, Expr]) -> Expr | None:
    """The one degree that all parts have; 0 is of every degree."""
    found = {degree(part, degrees) for part in parts if part != 0}
    return found.pop() if len(found) == 1 else None


def _of_condition(condition: Condition, degrees: Mapping[Array, Expr]) -> Expr | None:
    if isinstance(condition, Compare):
        parts = [side for side in (condition.left, condition.right) if side != 0]
        return None if _alike(parts, degrees) is None else Integer(0)
    if isinstance(condition, (AllOf, AnyOf, Negation)):
        return Integer(0) if all(_of_condition(part, degrees) == 0 for part in condition.args) else None
    return None


def _pulled(e: Expr, known: _Known) -> Conversion:
    """From the term made of s G to s^p times the term made of G."""
    if isinstance(e, Entry) or not arrays_in(e) & set(known.degrees):
        return then()
    power = degree(e, known.degrees)
    if power is None:
        raise RuleDoesNotApply("no degree is seen of {}", e)
    target = known.factor**power * e

    def run(context: Context, here: Expr) -> Moves:
        moves = _within(e, known)(context, here)
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


def _made_of_multiples(e: Expr, known: _Known) -> Expr:
    """The term with the multiple of each entry for the entry."""
    multiples = {a: _constantly(known.factor**power) for a, power in known.degrees.items()}
    made: Expr = multiplied(e, multiples)
    return made


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
    if isinstance(e, Cases):
        conditions = tuple(c for _, c in e.clauses)
        moves: list[Conversion] = []
        moves.append(lambda context, here: _restated(context, here, conditions, known))
        if power != 0:
            moves.append(by(factor_out_of_cases, s**power, reason=(*taken[:2], " out of all cases")))
        return moves
    if isinstance(e, Indicator):
        return [by(restate_indicator, e.condition, reason=("the same condition, since ", gt(s, 0)))]
    return []


def _restated(context: Context, here: Expr, conditions: tuple[Condition, ...], known: _Known) -> Moves:
    if not isinstance(here, Cases):
        raise RuleDoesNotApply("{} is not cases", here)
    after = Cases(*((value, new) for (value, _), new in zip(here.clauses, conditions, strict=True)))
    return by(regroup_cases, after, reason=("the same conditions, since ", gt(known.factor, 0)))(context, here)


def _taken(known: _Known, power: Expr) -> Text:
    return ("take ", known.factor**power) if power != 0 else ("cancel ", known.factor)


def homogeneous(name: str, context: Context, update: Entry, factor: Symbol, arrays: tuple[Array, ...]) -> Derivation:
    """The derivation of `u'[i] = s**p*u[i]`, where u' is the twin of u.

    Args:
        name: Of the derivation.
        context: Made by `with_twins`, these arrays multiplied by the factor, which is positive.
        update: The entry u[i].
        factor: s.
        arrays: What is multiplied by it.

    Raises:
        RuleDoesNotApply: no degree is seen, or a law does not apply.
    """
    defined = {d.array: d for d in context.definitions}
    twins = {a: twin(a) for a in defined if twin(a) in defined}
    degrees: dict[Array, Expr] = dict.fromkeys(arrays, Integer(1))
    lemmas: dict[Array, Derivation] = {}

    def inserted(entry: Entry) -> Conversion:
        lemma = lemmas[entry.array]
        values = dict(zip(lemma.left.indices, entry.indices, strict=True))
        return use_lemma(lemma, values)

    known = _Known(factor, degrees, twins, inserted)
    for array in twins:
        there, entry = _anywhere(context, defined[array])
        power = _degree_of(defined[array], degrees)
        if array == update.array:
            there, entry = context, update
        moves = (_by_steps if defined[array].is_recursive else _at_once)(entry, power, known)
        title = name if array == update.array else f"{name}, {array}"
        made = derived(title, there, Entry(twins[array], *entry.indices), moves, tuple(lemmas.values()))
        if array == update.array:
            return made
        lemmas[array], degrees[array] = made, power
    raise RuleDoesNotApply("{} does not rest on {}", update, arrays[0])


def _anywhere(context: Context, one: Definition) -> tuple[Context, Entry]:
    """Any entry of a defined array, at indices that the context then knows."""
    taken = set(context.names)
    indices = []
    for parameter in one.parameters:
        indices.append(fresh(parameter.name, taken))
        taken.add(indices[-1].name)
    low = one.array.axes[0][0] if one.array.axes else None
    sorts = ["natural" if place == 0 and low == 0 else "integer" for place in range(len(indices))]
    there = context.with_declarations(*(declare(k.name, sort) for k, sort in zip(indices, sorts, strict=True)))
    return there.with_hypotheses(*parts_of(one.array.in_range(*indices))), Entry(one.array, *indices)


def _degree_of(one: Definition, degrees: Mapping[Array, Expr]) -> Expr:
    """The degree of a defined array: of what it is, or for a recursion the one that each step keeps.

    Raises:
        RuleDoesNotApply: none is seen.
    """
    tried: tuple[Expr | None, ...] = (None,)
    if one.is_recursive:
        tried = tuple(dict.fromkeys(degree(t, degrees) for t in subterms(one.body) if isinstance(t, Expr)))
    for power in tried:
        if one.is_recursive and power is None:
            continue
        found = degree(one.body, degrees if power is None else {**degrees, one.array: power})
        if found is not None and found == (found if power is None else power):
            return found
    raise RuleDoesNotApply("no degree is seen of {}", one.array)


def _at_once(entry: Entry, power: Expr, known: _Known) -> Conversion:
    """From an entry of a twin to the multiple of that of its array, definitions inserted once."""
    target = known.factor**power * entry

    def run(context: Context, e: Expr) -> Moves:
        value = _value(context, entry)
        return then(unrolled(e), _all_inserted(value, known), _pulled(value, known), rolled(target, entry))(context, e)

    return run


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

    base = _at_once(first, power, replace(known, degrees={**known.degrees, entry.array: power}))
    return by_induction(variable, low, known.factor**power * entry, base, step, over=tuple(others))
