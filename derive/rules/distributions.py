r"""Laws of what is stated of a random array's distribution: symmetric, two values, uniform, normal, alike, stationary.

Nothing is said of a term with an expectation in it: what stands there is averaged by itself.

Source: Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, sections 3.2, 4.4, 8.2.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Expr, Integer, Pow, Symbol, pi, sqrt

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import (
    TRUE,
    Array,
    Condition,
    Context,
    Entry,
    IndexSum,
    substitute,
)
from derive.language.chance import (
    Chance,
    Expectation,
    Moment,
    Stated,
    entries_are,
    independent,
    moments_in,
)
from derive.language.terms import bound_names, names_in, renamed_apart
from derive.language.wellformed import entries_of
from derive.rules.independence import check_direct, unlike
from derive.rules.moments import check_fixed_place, entry_of, known_of, within


@primitive("the law is symmetric about 0")
def symmetric(context: Context, e: Expr, entry: Expr) -> Rewrite:
    """E(f(x)) -> E(f(-x))        [the law of x is symmetric about 0, stated; x independent of all else in f]

    Argument: an entry of x; all entries of x change their sign.
    Fails: e is not an expectation; x is not random, or stands in a definition.
    """
    body = need(Expectation, e, "symmetric").body
    array = need(Entry, entry, "symmetric").array
    turned = _mapped(context, body, array, lambda found: -found)
    stated = [Stated("symmetric", array)]
    return rewrite(Expectation(turned), [*stated, *_alone(context, body, array)])


@primitive("over both values")
def two_values(context: Context, e: Expr, entry: Expr) -> Rewrite:
    """E(f(x[i])) -> p E(f(1)) + (1 - p) E(f(0))        [x[i] is 1 with probability p, else 0, stated]

    All other random entries in f are independent of x[i]. For signs: (E(f(1)) + E(f(-1)))/2.
    Argument: x[i].
    Fails: e is not an expectation; the law of x is not one of these.
    """
    body, record, conditions = _single(context, e, entry)
    if record.law not in ("signs", "bits"):
        raise RuleDoesNotApply("{} does not have two values", entry)
    other = Integer(-1 if record.law == "signs" else 0)
    share = Integer(1) / 2 if record.law == "signs" else record.at(record.values[0], entry.indices)
    up, down = (Expectation(substitute(body, {entry: value})) for value in (Integer(1), other))
    return rewrite(share * up + (1 - share) * down, [*known_of(record, record.law), *conditions])


@primitive("over all values, each as likely as the others")
def uniform_values(context: Context, e: Expr, entry: Expr, index: Symbol) -> Rewrite:
    """E(f(x[i])) -> sum(E(f(v)), v=a..b)/(b - a + 1)        [x[i] is any integer from a to b alike, stated]

    All other random entries in f are independent of x[i].
    Arguments: x[i] and a new name v.
    Fails: e is not an expectation; the law of x is another one; v is not new.
    """
    body, record, conditions = _single(context, e, entry)
    if record.law != "uniform":
        raise RuleDoesNotApply("{} is not uniform", entry)
    low, high = (record.at(v, entry.indices) for v in record.values)
    if index.name in names_in(body, low, high) | context.names or not index.is_integer:
        raise RuleDoesNotApply("{} is not a new index", index)
    total = IndexSum(Expectation(substitute(body, {entry: index})), index, low, high)
    return rewrite(total / (high - low + 1), [*known_of(record, "uniform"), *conditions])


@primitive("it is 0 or 1, so powers change nothing")
def power_of_bit(context: Context, e: Expr) -> Rewrite:
    """x[i]^n -> x[i]        [x[i] is 0 or 1, stated; i in the range of x]

    Fails: e is not a positive whole power of such an entry.
    """
    power = need(Pow, e, "power_of_bit")
    entry, record = entry_of(context, power.base)
    if record.law != "bits" or not (isinstance(power.exp, Integer) and power.exp > 0):
        raise RuleDoesNotApply("{} is not a power of a number that is 0 or 1", e)
    return rewrite(entry, [*known_of(record, "bits")])


@primitive("fourth moment of a normal number")
def normal_fourth_moment(context: Context, e: Expr) -> Rewrite:
    """E(x[i]^4) -> 3 v^2        [x[i] is normal with mean 0 and variance v, stated; i in the range of x]

    Fails: e is not the expectation of the fourth power of such an entry.
    Source: Grimmett, Stirzaker, section 4.4, and exercise (integration by parts).
    """
    power = need(Pow, need(Expectation, e, "normal_fourth_moment").body, "normal_fourth_moment")
    entry, record = entry_of(context, power.base)
    if power.exp != 4 or record.law != "normal" or record.variance is None:
        raise RuleDoesNotApply("{} is not the fourth power of a normal number", power)
    value = 3 * record.at(record.variance, entry.indices) ** 2
    return rewrite(value, [*known_of(record, "normal"), *known_of(record, "variance"), *within(entry)])


@primitive("mean absolute value of a normal number")
def normal_absolute_mean(context: Context, e: Expr) -> Rewrite:
    """E(|x[i]|) -> sqrt(2 v/pi)        [x[i] is normal with mean 0 and variance v, stated; i in the range of x]

    Fails: e is not the expectation of the absolute value of such an entry.
    Source: Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions, volume 1, 2nd ed., 1994, section 13.1.
    """
    body = need(Abs, need(Expectation, e, "normal_absolute_mean").body, "normal_absolute_mean")
    entry, record = entry_of(context, body.args[0])
    if record.law != "normal" or record.variance is None:
        raise RuleDoesNotApply("{} is not a normal number", entry)
    value = sqrt(2 / pi) * sqrt(record.at(record.variance, entry.indices))
    return rewrite(value, [*known_of(record, "normal"), *known_of(record, "variance"), *within(entry)])


@primitive("entries are distributed alike")
def identical_entries(context: Context, e: Expr, there: Expr) -> Rewrite:
    """E(f(x[i])) -> E(f(x[j])); likewise Var        [the entries of x are identically distributed, stated]

    Argument: x[j]. Both indices are in range.
    Fails: the term rests on more than one random entry.
    """
    moment = need(Moment, e, "identical_entries")
    target = need(Entry, there, "identical_entries")
    found = {t for part in moment.args for _, t in entries_of(target.array, part)}
    random = set().union(*(context.random_in(part) for part in moment.args))
    if len(found) != 1 or random != {target.array}:
        raise RuleDoesNotApply("{} does not rest on one random entry alone", e)
    (here,) = found
    check_fixed_place(context, here, target)
    for entry in (here, target):
        _check_free(entry, *moment.args)
    check_direct(context, target.array, *moment.args)
    parts = [substitute(part, {here: target}) for part in moment.args]
    ranges = [*within(here), target.in_range]
    return rewrite(type(moment)(*parts), [entries_are("identical", target.array), *ranges])


@primitive("the array is stationary")
def stationary(context: Context, e: Expr, here: Expr, there: Expr) -> Rewrite:
    """E(f(x[i], x[j], ...)) -> E(f(x[i + s], x[j + s], ...)); likewise Var and Cov        [x is stationary, stated]

    Arguments: entries x[p] and x[p + s]. All entries are in range before and after.
    Fails: the term rests on other random arrays; an index is bound in it.
    """
    moment = need(Moment, e, "stationary")
    one, two = need(Entry, here, "stationary"), need(Entry, there, "stationary")
    array = one.array
    if two.array != array or set().union(*(context.random_in(part) for part in moment.args)) != {array}:
        raise RuleDoesNotApply("{} does not rest on {} alone", e, array)
    for entry in (one, two):
        _check_free(entry, *moment.args)
    check_fixed_place(context, one, two)
    offset = [j - i for i, j in zip(one.indices, two.indices, strict=True)]
    found = [(known, t) for part in moment.args for known, t in entries_of(array, part)]
    if any(known != TRUE for known, _ in found):
        raise RuleDoesNotApply("an entry in {} stands in a sum or case", e)

    def moved(entry: Entry) -> Expr:
        return Entry(array, *(i + s for i, s in zip(entry.indices, offset, strict=True)))

    parts = [_mapped(context, part, array, moved) for part in moment.args]
    ranges = [r for _, t in found for r in (t.in_range, moved(t).in_range)]
    return rewrite(type(moment)(*parts), [entries_are("stationary", array), *(r for r in ranges if r != TRUE)])


def _mapped(context: Context, body: Expr, array: Array, to: Any) -> Expr:
    """The term with all entries of the array replaced."""
    _check_plain(body)
    if array not in context.random:
        raise RuleDoesNotApply("{} is not random", array)
    check_direct(context, array, body)
    found = {entry: to(entry) for _, entry in entries_of(array, body)}
    check_fixed_place(context, *found)
    result: Expr = substitute(body, found)
    return result


def _check_plain(term: Expr) -> None:
    """Refuse a term with a moment in it."""
    if moments_in(term):
        raise RuleDoesNotApply("a moment stands in {}", term)


def _check_free(entry: Entry, *terms: Expr) -> None:
    """Refuse an entry at an index that is bound in a term, where it is many entries."""
    for term in terms:
        _check_plain(term)
        if bound_names(term) & {s.name for s in entry.free_symbols}:
            raise RuleDoesNotApply("{} stands for more than one entry in {}", entry, term)


def _alone(context: Context, body: Expr, array: Array) -> list[Condition]:
    others = context.random_in(body) - {array}
    return [independent({array}, others)] if others else []


def _single(context: Context, e: Expr, entry: Expr) -> tuple[Expr, Chance, list[Condition]]:
    """The term, the record of one entry in it, and what makes that independent of all other random entries."""
    body = need(Expectation, e, "an expectation over the values of an entry").body
    here, record = entry_of(context, entry)
    _check_free(here, body)
    check_direct(context, here.array, body)
    conditions: list[Condition] = [*within(here), *_alone(context, body, here.array)]
    renamed = renamed_apart(body, names_in(body) | context.names)
    for known, other in entries_of(here.array, renamed):
        if other != here:
            conditions.append(unlike(known, here, other))
    if any(c != here for _, c in entries_of(here.array, renamed)):
        conditions.append(entries_are("independent", here.array))
    return body, record, conditions
