r"""Degrees of update rules, read off: u(sG) = s^p u(G); and rules with multiples in place of what they are made of.

An entry of G has the degree 1, a product the sum of the degrees of its factors, a power the multiple, a sum of terms
that of each if they are alike, cases that of their values if a positive factor changes none of their conditions; a
function of what has the degree 0 has the degree 0. What is read off is proved in `derive.rules.homogeneity`.

Source: Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 1.1 (homogeneous functions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sympy import Abs, Add, Basic, Expr, Integer, Max, Min, Mul, Pow
from sympy.core.function import Application

from derive.errors import RuleDoesNotApply
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
    rebuild,
    subterms,
)  # fmt: skip
from derive.language.context import arrays_in
from derive.language.terms import renamed_apart

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


def rests_on(context: Context, array: Array) -> frozenset[Array]:
    """The array, and all others that its definition rests on.

    Example:
        >>> from derive.language import array
        >>> g, u = array("g"), array("u")
        >>> sorted(a.name for a in rests_on(Context((), (), (Definition(u, (), g[()]),), (g,)), u))
        ['g', 'u']
    """
    bodies = {one.array: one.body for one in context.definitions}
    found: set[Array] = set()
    left = [array]
    while left:
        here = left.pop()
        if here not in found:
            found.add(here)
            left += arrays_in(bodies[here]) if here in bodies else ()
    return frozenset(found)


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


def degree_of(one: Definition, degrees: Mapping[Array, Expr]) -> Expr:
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
