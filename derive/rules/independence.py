r"""Laws of independence: products, covariances and sums that come apart.

**A product comes apart only where its factors share no random entry**: their entries are of arrays that are
independent, or are unlike entries of an array with independent entries. The conditions say so of every pair of entries.

Source: Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, sections 3.2, 3.3, 4.5.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, Mul

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import (
    TRUE,
    Array,
    Condition,
    Context,
    Entry,
    IndexProduct,
    IndexSum,
    all_of,
    any_of,
    implies,
    ne,
    substitute,
)
from derive.language.chance import (
    Covariance,
    Expectation,
    Stated,
    Variance,
    arrays_outside,
    entries_are,
    independent,
)
from derive.language.symbols import fresh
from derive.language.terms import names_in, renamed_apart
from derive.language.wellformed import entries_of
from derive.rules.moments import check_finite


@primitive("independent factors")
def independent_factors(context: Context, e: Expr, first: Expr) -> Rewrite:
    """E(f g) -> E(f) E(g)        [f and g rest on independent arrays, or on unlike entries of independent entries]

    Argument: the factor f.
    Fails: e is not the expectation of such a product; a random array that both factors rest on stands in a definition.
    Source: Grimmett, Stirzaker, section 3.3, theorem (9).
    """
    body = need(Expectation, e, "independent_factors").body
    second = other_factor(body, first)
    return rewrite(Expectation(first) * Expectation(second), _apart(context, first, second))


@primitive("independent, so their covariance is 0")
def independent_covariance(context: Context, e: Expr) -> Rewrite:
    """Cov(f, g) -> 0        [as independent_factors]

    Fails: as independent_factors.
    """
    f, g = need(Covariance, e, "independent_covariance").args
    return rewrite(Integer(0), _apart(context, f, g))


@primitive("the factors are independent")
def independent_product(context: Context, e: Expr) -> Rewrite:
    """E(prod(f(k), k=a..b)) -> prod(E(f(k)), k=a..b)        [f(k), f(l) rest on unlike independent entries for k != l]

    Fails: e is not the expectation of such a product.
    """
    product = need(IndexProduct, need(Expectation, e, "independent_product").body, "independent_product")
    if context.random_in(product.low) or context.random_in(product.high):
        raise RuleDoesNotApply("the range of {} is random", product)
    conditions, _ = _terms_apart(context, (product,), product.body)
    return rewrite(product.over(Expectation(product.body)), conditions)


@primitive("the variances of independent terms add up")
def variance_of_sum(context: Context, e: Expr) -> Rewrite:
    """Var(sum(f(k), k=a..b)) -> sum(Var(f(k)), k=a..b)        [f(k), f(l) rest on unlike entries for k != l]

    The entries are independent.
    Where each f(k) is a number times one entry of one array, it is enough that the entries are uncorrelated. The same
    for sums of sums.
    Fails: e is not the variance of a finite sum; an array that is random stands in a definition.
    Source: Grimmett, Stirzaker, section 3.3, theorem (11).
    """
    levels, body = _levels(context, need(Variance, e, "variance_of_sum").body)
    conditions, after = _terms_apart(context, levels, body)
    if _is_linear_in_one_entry(context, body):
        (array,) = context.random_in(body)
        conditions = [c for c in conditions if not isinstance(c, Stated)] + [entries_are("uncorrelated", array)]
    result: Expr = Variance(after)
    for level in reversed(levels):
        result = level.over(result)
    return rewrite(result, conditions)


def other_factor(body: Expr, first: Expr) -> Expr:
    """What is left of a product without the factors of the first."""
    kept = list(need(Mul, body, "independent_factors").args)
    for factor in Mul.make_args(first):
        if factor not in kept:
            raise RuleDoesNotApply("{} is not a factor of {}", first, body)
        kept.remove(factor)
    return Mul(*kept)


def check_direct(context: Context, array: Array, *terms: Expr) -> None:
    """Refuse terms that rest on the array otherwise than by its entries in them.

    Raises:
        RuleDoesNotApply: one does.
    """
    for term in terms:
        for other in set(arrays_outside(term)) - {array}:
            if array in context.random_in(other) or (other.args and array in set(other.args)):
                raise RuleDoesNotApply("{} stands in the definition of {}", array, other)


def _apart(context: Context, first: Expr, second: Expr) -> list[Condition]:
    """What makes the two terms independent.

    The arrays that only one of them rests on are independent of those of the other; of an array that both rest on the
    entries are independent, it is independent of all the others, and no entry stands in both.
    """
    mine, theirs = context.random_in(first), context.random_in(second)
    shared = sorted(mine & theirs, key=str)
    conditions: list[Condition] = []
    if mine - theirs and theirs - mine:
        conditions.append(independent(mine - theirs, theirs - mine))
    taken = names_in(first, second) | context.names
    one, two = renamed_apart(first, set(taken)), second
    two = renamed_apart(second, names_in(one) | taken)
    for array in shared:
        check_direct(context, array, first, second)
        conditions.append(entries_are("independent", array))
        if others := (mine | theirs) - {array}:
            conditions.append(independent({array}, others))
        for known, left in entries_of(array, one):
            for also, right in entries_of(array, two):
                conditions.append(unlike(all_of(known, also), left, right))
    return conditions


def unlike(known: Condition, left: Entry, right: Entry) -> Condition:
    """That they are different entries of their array, wherever the condition holds."""
    apart = any_of(*(ne(i, j) for i, j in zip(left.indices, right.indices, strict=True)))
    return implies(known, apart) if known != TRUE else apart


def _levels(context: Context, body: Expr) -> tuple[tuple[IndexSum, ...], Expr]:
    """The sums directly within each other, and the innermost summand."""
    levels: list[IndexSum] = []
    while isinstance(body, IndexSum):
        check_finite(context, body)
        levels.append(body)
        body = body.body
    if not levels:
        raise RuleDoesNotApply("{} is not a sum", body)
    return tuple(levels), body


def _terms_apart(context: Context, levels: tuple[Any, ...], body: Expr) -> tuple[list[Condition], Expr]:
    """What makes the terms with different indices independent of one another, all together."""
    arrays = sorted(context.random_in(body), key=str)
    conditions: list[Condition] = []
    taken = names_in(*levels, body) | context.names
    copies: dict[Any, Any] = {}
    for level in levels:
        copies[level.index] = fresh(level.index.name, set(taken))
        taken = taken | {copies[level.index].name}
    ranges = [level.range_condition for level in levels]
    others = any_of(*(ne(k, copy) for k, copy in copies.items()))
    one = renamed_apart(body, set(taken))
    two = renamed_apart(substitute(body, copies), names_in(one) | taken)
    around = all_of(*ranges, *(substitute(r, copies) for r in ranges), others)
    for array in arrays:
        check_direct(context, array, body)
        conditions.append(entries_are("independent", array))
        if rest := set(arrays) - {array}:
            conditions.append(independent({array}, rest))
        for known, left in entries_of(array, one):
            for also, right in entries_of(array, two):
                conditions.append(unlike(all_of(around, known, also), left, right))
    return list(dict.fromkeys(conditions)), body


def _is_linear_in_one_entry(context: Context, body: Expr) -> bool:
    random = [f for f in Mul.make_args(body) if context.random_in(f)]
    return len(random) == 1 and isinstance(random[0], Entry) and context.chance_of(random[0].array) is not None
