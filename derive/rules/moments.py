r"""Laws of moments: what an expectation, a variance or a covariance is, and what is stated of random entries.

A law that needs something of the random arrays asks for what the context has to state. All moments that are written are
taken to exist.

Source: Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, sections 3.2, 3.3, 3.6.
"""

from __future__ import annotations

from sympy import Add, Expr, Integer, Mul, Pow, Symbol

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import (
    TRUE,
    Condition,
    Context,
    Entry,
    IndexSum,
    Indicator,
    all_of,
    eq,
    substitute,
)
from derive.language.chance import (
    Chance,
    Covariance,
    Expectation,
    Stated,
    Variance,
    entries_are,
)
from derive.language.symbols import fresh
from derive.language.terms import names_in


@primitive("definition of the variance")
def variance(context: Context, e: Expr) -> Rewrite:
    """Var(f) -> E(f^2) - E(f)^2

    Fails: e is not a variance.
    """
    body = need(Variance, e, "variance").body
    return rewrite(Expectation(body**2) - Expectation(body) ** 2)


@primitive("definition of the covariance")
def covariance(context: Context, e: Expr) -> Rewrite:
    """Cov(f, g) -> E(f g) - E(f) E(g)

    Fails: e is not a covariance.
    """
    f, g = need(Covariance, e, "covariance").args
    return rewrite(Expectation(f * g) - Expectation(f) * Expectation(g))


@primitive("the covariance with itself is the variance")
def covariance_with_itself(context: Context, e: Expr) -> Rewrite:
    """Cov(f, f) -> Var(f)

    Fails: e is not a covariance of a term with itself.
    """
    f, g = need(Covariance, e, "covariance_with_itself").args
    if f != g:
        raise RuleDoesNotApply("{} and {} are not the same", f, g)
    return rewrite(Variance(f))


@primitive("it is not random")
def expectation_of_constant(context: Context, e: Expr) -> Rewrite:
    """E(c) -> c        [c depends on no random entry]

    Fails: e is not an expectation; its term is random.
    """
    body = need(Expectation, e, "expectation_of_constant").body
    check_not_random(context, body)
    return rewrite(body)


@primitive("the expectation is linear")
def expectation_of_terms(context: Context, e: Expr) -> Rewrite:
    """E(f + g) -> E(f) + E(g)

    Fails: e is not an expectation of a sum of terms.
    Source: Grimmett, Stirzaker, section 3.3, theorem (8).
    """
    body = need(Add, need(Expectation, e, "expectation_of_terms").body, "expectation_of_terms")
    return rewrite(Add(*(Expectation(part) for part in body.args)))


@primitive("what is not random out of the expectation")
def expectation_of_multiple(context: Context, e: Expr) -> Rewrite:
    """E(c f) -> c E(f)        [c depends on no random entry]; likewise Var(c f) -> c^2 Var(f)

    Fails: e is neither; no factor of its term is without random entries, or none has any.
    """
    if not isinstance(e, (Expectation, Variance)):
        raise RuleDoesNotApply("{} is neither an expectation nor a variance", e)
    factors = Mul.make_args(e.body)
    fixed = [f for f in factors if not context.random_in(f)]
    if not fixed or len(fixed) == len(factors):
        raise RuleDoesNotApply("no factor of {} comes out", e.body)
    constant, rest = Mul(*fixed), Mul(*(f for f in factors if f not in fixed))
    return rewrite(constant * Expectation(rest) if isinstance(e, Expectation) else constant**2 * Variance(rest))


@primitive("the expectation of a finite sum is taken term by term")
def expectation_of_sum(context: Context, e: Expr) -> Rewrite:
    """E(sum(f(k), k=a..b)) -> sum(E(f(k)), k=a..b)        [a..b finite, and not random]

    Fails: e is not the expectation of such a sum.
    """
    total = need(IndexSum, need(Expectation, e, "expectation_of_sum").body, "expectation_of_sum")
    check_finite(context, total)
    return rewrite(total.over(Expectation(total.body)))


@primitive("a number that is added changes no variance")
def variance_of_shifted(context: Context, e: Expr) -> Rewrite:
    """Var(f + c) -> Var(f)        [c depends on no random entry]

    Fails: e is not the variance of a sum with such a term.
    """
    body = need(Add, need(Variance, e, "variance_of_shifted").body, "variance_of_shifted")
    random = [part for part in body.args if context.random_in(part)]
    if len(random) == len(body.args):
        raise RuleDoesNotApply("every term of {} is random", body)
    return rewrite(Variance(Add(*random)))


@primitive("variance of a sum of terms")
def variance_of_terms(context: Context, e: Expr) -> Rewrite:
    """Var(f + g) -> Var(f) + Var(g) + 2 Cov(f, g); likewise for more terms

    Fails: e is not the variance of a sum of terms.
    """
    parts = need(Add, need(Variance, e, "variance_of_terms").body, "variance_of_terms").args
    pairs = [2 * Covariance(f, g) for i, f in enumerate(parts) for g in parts[i + 1 :]]
    return rewrite(Add(*(Variance(part) for part in parts), *pairs))


@primitive("covariances of all pairs")
def variance_as_covariances(context: Context, e: Expr) -> Rewrite:
    """Var(sum(f(k), k=a..b)) -> sum(sum(Cov(f(k), f(l)), l=a..b), k=a..b)        [a..b finite]

    Fails: e is not the variance of a finite sum.
    """
    total = need(IndexSum, need(Variance, e, "variance_as_covariances").body, "variance_as_covariances")
    check_finite(context, total)
    second, inner = _copy(context, total)
    return rewrite(total.over(IndexSum(Covariance(total.body, inner), second, total.low, total.high)))


@primitive("the square of a sum as a sum over pairs")
def square_of_sum(context: Context, e: Expr) -> Rewrite:
    """sum(f(k), k=a..b)^2 -> sum(sum(f(k) f(l), l=a..b), k=a..b)        [a..b finite]

    Fails: e is not the square of a finite sum.
    """
    power = need(Pow, e, "square_of_sum")
    total = need(IndexSum, power.base, "square_of_sum")
    if power.exp != 2 or total.is_endless:
        raise RuleDoesNotApply("{} is not the square of a finite sum", e)
    second, inner = _copy(context, total)
    return rewrite(total.over(IndexSum(total.body * inner, second, total.low, total.high)))


@primitive("the mean that is stated")
def stated_mean(context: Context, e: Expr) -> Rewrite:
    """E(x[i]) -> mu        [the mean of x is mu, stated; i in the range of x]

    For signs it is 0, for 0 and 1 the probability p of 1, for integers from a to b alike (a + b)/2.
    Fails: e is not the expectation of an entry whose mean is stated.
    """
    entry, record = entry_of(context, need(Expectation, e, "stated_mean").body)
    if record.law == "signs":
        return rewrite(Integer(0), [*known_of(record, "signs"), *within(entry)])
    if record.law == "bits":
        return rewrite(record.at(record.values[0], entry.indices), [*known_of(record, "bits"), *within(entry)])
    if record.law == "uniform":
        ends = Add(*(record.at(v, entry.indices) for v in record.values))
        return rewrite(ends / 2, [*known_of(record, "uniform"), *within(entry)])
    if record.mean is None:
        raise RuleDoesNotApply("the mean of {} is not stated", entry)
    return rewrite(record.at(record.mean, entry.indices), [*known_of(record, "mean"), *within(entry)])


@primitive("the variance that is stated")
def stated_variance(context: Context, e: Expr) -> Rewrite:
    """Var(x[i]) -> v        [the variance of x is v, stated; i in the range of x]

    Fails: e is not the variance of an entry whose variance is stated.
    """
    entry, record = entry_of(context, need(Variance, e, "stated_variance").body)
    if record.variance is None:
        raise RuleDoesNotApply("the variance of {} is not stated", entry)
    return rewrite(record.at(record.variance, entry.indices), [*known_of(record, "variance"), *within(entry)])


@primitive("the mean square: variance and squared mean")
def stated_square(context: Context, e: Expr) -> Rewrite:
    """E(x[i]^2) -> v + mu^2        [mean and variance of x, stated; i in the range of x]; or the mean square, if stated

    Fails: e is not the expectation of the square of an entry of which that is stated.
    """
    power = need(Pow, need(Expectation, e, "stated_square").body, "stated_square")
    if power.exp != 2:
        raise RuleDoesNotApply("{} is not a square", power)
    entry, record = entry_of(context, power.base)
    if record.second is not None:
        return rewrite(record.at(record.second, entry.indices), [*known_of(record, "second moment"), *within(entry)])
    if record.variance is None or record.mean is None:
        raise RuleDoesNotApply("the mean square of {} is not stated", entry)
    value = record.at(record.variance, entry.indices) + record.at(record.mean, entry.indices) ** 2
    return rewrite(value, [*known_of(record, "mean"), *known_of(record, "variance"), *within(entry)])


@primitive("uncorrelated entries")
def uncorrelated_entries(context: Context, e: Expr) -> Rewrite:
    """E(x[i] x[j]) -> E(x[i]) E(x[j]) + [i = j] Var(x[i])        [the entries of x are uncorrelated, stated]

    Fails: e is not the expectation of a product of two entries of one random array.
    """
    body = need(Mul, need(Expectation, e, "uncorrelated_entries").body, "uncorrelated_entries")
    if len(body.args) != 2 or not all(isinstance(f, Entry) for f in body.args):
        raise RuleDoesNotApply("{} is not a product of two entries", body)
    one, two = body.args
    if one.array != two.array or context.chance_of(one.array) is None:
        raise RuleDoesNotApply("{} and {} are not entries of one random array", one, two)
    check_fixed_place(context, one, two)
    same = Indicator(all_of(*(eq(i, j) for i, j in zip(one.indices, two.indices, strict=True) if i != j)))
    after = Expectation(one) * Expectation(two) + same * Variance(one)
    return rewrite(after, [entries_are("uncorrelated", one.array)])


def check_not_random(context: Context, term: Expr) -> None:
    """Refuse a term that depends on the outcome.

    Raises:
        RuleDoesNotApply: it does.
    """
    if context.random_in(term):
        raise RuleDoesNotApply("{} is random", term)


def check_finite(context: Context, total: IndexSum) -> None:
    """Refuse a sum without end, or over a range that depends on the outcome.

    Raises:
        RuleDoesNotApply: it is one.
    """
    if total.is_endless:
        raise RuleDoesNotApply("{} has no end", total)
    for end in (total.low, total.high):
        check_not_random(context, end)


def _copy(context: Context, total: IndexSum) -> tuple[Symbol, Expr]:
    """A second index, and the summand with it."""
    second = fresh(total.index.name, names_in(total) | context.names)
    return second, substitute(total.body, {total.index: second})


def entry_of(context: Context, term: Expr) -> tuple[Entry, Chance]:
    """A random entry, and what is stated of its array.

    Raises:
        RuleDoesNotApply: the term is none.
    """
    entry = need(Entry, term, "what is stated of a random array")
    record = context.chance_of(entry.array)
    if record is None:
        raise RuleDoesNotApply("nothing random is stated of {}", entry)
    check_fixed_place(context, entry)
    return entry, record


def check_fixed_place(context: Context, *entries: Entry) -> None:
    """Refuse an entry at an index that depends on the outcome: what is stated is stated of each entry by itself.

    Raises:
        RuleDoesNotApply: there is one.
    """
    for entry in entries:
        for index in entry.indices:
            check_not_random(context, index)


def known_of(record: Chance, what: str) -> list[Stated]:
    """The statement of that kind.

    Raises:
        RuleDoesNotApply: it is not made.
    """
    found = [s for s in record.stated if s.what == what]
    if not found:
        raise RuleDoesNotApply("the {} of {} is not stated", what, record.array)
    return found


def within(entry: Entry) -> list[Condition]:
    """That its indices are in range."""
    return [] if entry.in_range == TRUE else [entry.in_range]
