r"""The squares of the distances from the average, in the mean.

For uncorrelated entries with one mean $\mu$ and one variance $\sigma^2$ the squares of the distances from their
average m add up to $(n - 1)\sigma^2$ in the mean: $E x_k m$ and $E m^2$ are both $\mu^2 + \sigma^2/n$, so each term
has the mean $\sigma^2 - \sigma^2/n$. Divided by n - 1 they estimate $\sigma^2$ without bias; divided by n, as in
batch normalisation, they are too small by the factor $(n - 1)/n$.

Source: Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, section 4.10; Ioffe, Szegedy, Batch
normalization, ICML 2015, algorithm 2 (the factor m/(m - 1)).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.constructs.average_moments import (
    AVERAGE,
    Mean,
    _m,
    _n,
    _s,
    average_of,
    counted,
    entries,
    i,
    m,
    mu,
    n,
    opened,
    sigma,
    x,
)
from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, Expectation, IndexSum, array, between, declare, ge
from derive.rules.algebra import algebra, definition
from derive.rules.bracketing import multiplied_in
from derive.rules.combine import Conversion, at_part, by, changing, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.expand import spread
from derive.rules.expectations import linear, multiplied_body, pairs, stated, uncorrelated
from derive.rules.lemmas import use_lemma

_k = declare("k", "integer", "an entry")
k, S, V = _k.symbol, array("S"), array("V")
SQUARES = Definition(S, (), IndexSum((x[i] - m[()]) ** 2, i, 1, n))
OVER_N, OVER_LESS = Definition(V, (), S[()] / n), Definition(V, (), S[()] / (n - 1))
_GIVEN, _CHANCES = (_n, _m, _s), (entries("uncorrelated"),)
PLAIN = Context(_GIVEN, (ge(sigma, 0),), (AVERAGE,), (x,), _CHANCES)
ONE = Context((_n, _k, _m, _s), (ge(sigma, 0), between(1, k, n)), (AVERAGE,), (x,), _CHANCES)
DISTANCES = Context(_GIVEN, (ge(sigma, 0),), (AVERAGE, SQUARES), (x,), _CHANCES)
BIASED = Context(_GIVEN, (ge(sigma, 0),), (AVERAGE, SQUARES, OVER_N), (x,), _CHANCES)
UNBIASED = Context(_GIVEN, (ge(sigma, 0), ge(n, 2)), (AVERAGE, SQUARES, OVER_LESS), (x,), _CHANCES)
SQUARE, CROSS, TOTAL = Expectation(m[()] ** 2), Expectation(x[k] * m[()]), Expectation(S[()])
given = stated(("the mean and the variance that are given",))
_each = one_line(then(spread, undelta), ("term by term; a delta leaves one index",))


def tidy(end: Expr) -> Conversion:
    """Algebra at the end."""
    return by(algebra, end, reason=("tidy up",))


finish = then(
    linear(), uncorrelated(("the entries are uncorrelated",)), given, _each, counted, tidy(mu**2 + sigma**2 / n)
)  # fmt: skip


def square() -> Derivation:
    """mu^2 + sigma^2/n."""
    return derived("sample_variance.square", PLAIN, SQUARE, then(opened, pairs(), finish))


def cross() -> Derivation:
    """mu^2 + sigma^2/n."""
    inside = one_line(everywhere(changing(multiplied_in)), ("the entry into the sum",))
    return derived("sample_variance.cross", ONE, CROSS, then(opened, inside, finish))


def distances() -> Derivation:
    """(n - 1) sigma^2."""
    lemmas = square(), cross()
    whole = everywhere(use_lemma(lemmas[0], {}, ("the mean square of the average",)))
    mixed = everywhere(use_lemma(lemmas[1], {k: i}, ("the mean of an entry times the average",)))
    start = at_part(S[()], by(definition, reason=("insert the definition",)))
    moves = then(start, linear(), everywhere(multiplied_body), linear(), whole, mixed, given, counted)
    return derived("sample_variance.distances", DISTANCES, TOTAL, then(moves, tidy((n - 1) * sigma**2)), lemmas)


def divided(name: str, context: Context, end: Expr) -> Derivation:
    """The sum, divided."""
    lemma = distances()
    start = at_part(V[()], by(definition, reason=("insert the definition",)))
    known = at_part(TOTAL, use_lemma(lemma, {}, ("the sum found before",)))
    return derived(
        f"sample_variance.{name}", context, Expectation(V[()]), then(start, linear(), known, tidy(end)), (lemma,)
    )


def square_oracle(n: int, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    return average(lambda x: average_of(n, x) ** 2)


def cross_oracle(n: int, k: int, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    return average(lambda x: average_of(n, x) * x(k))


def distances_oracle(n: int, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Distance by distance."""
    return average(lambda x: sum((x(place) - average_of(n, x)) ** 2 for place in range(1, n + 1)))


def biased_oracle(n: int, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Their average."""
    return average(lambda x: average_of(n, lambda place: (x(place) - average_of(n, x)) ** 2))


def unbiased_oracle(n: int, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """One less in the denominator."""
    return distances_oracle(n, mu, sigma, average) / (n - 1)


_ABOUT: Text = ("The average of the entries is ", m, ". ")
CONSTRUCT = Construct(
    name="sample_variance",
    title="Squares of distances from the average",
    about=("Random entries that are uncorrelated have one mean and one variance.",),
    conventions=("the average divides by the number of entries",),
    source="Grimmett, Stirzaker, 3rd ed., section 4.10; Ioffe, Szegedy, ICML 2015, algorithm 2",
    claims=(
        Claim("square", "The average, squared", (*_ABOUT, "Find its mean square."), PLAIN, SQUARE, square,
              square_oracle),
        Claim("cross", "An entry and the average", (*_ABOUT, "Find the mean of its product with an entry."), ONE, CROSS,
              cross, cross_oracle),
        Claim("distances", "All distances", (*_ABOUT, "Find the mean of ", S, "."), DISTANCES, TOTAL, distances,
              distances_oracle),
        Claim("biased", "Divided by n", ("Find the mean of ", V, "."), BIASED, Expectation(V[()]),
              lambda: divided("biased", BIASED, (n - 1) * sigma**2 / n), biased_oracle),
        Claim("unbiased", "Divided by n - 1", ("Find the mean of ", V, "."), UNBIASED, Expectation(V[()]),
              lambda: divided("unbiased", UNBIASED, sigma**2), unbiased_oracle),
    ),
)  # fmt: skip
