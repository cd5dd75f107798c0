r"""Mean and variance of entries that a random mask drops.

Each entry of x is kept with the probability p and set to 0 otherwise, and what is kept is divided by p: $y_k = b_k
x_k/p$ with $b_k$ 0 or 1. Since $b_k^2 = b_k$, the mean of y is that of x, and the mean square is that of x divided by
p: the mask adds the variance $\frac{1 - p}{p} E x_k^2$, for which it is the mean square and not the variance of x
that counts. Without the division the mean is p times that of x.

Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, Dropout, JMLR 15, 2014, section 4 and section 10
(where the division is made at the time of training).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Context,
    Definition,
    Expectation,
    Variance,
    array,
    between,
    chance,
    declare,
    ge,
    gt,
    integer,
    le,
)
from derive.rules.algebra import algebra, definition
from derive.rules.combine import Conversion, at_part, by, derived, everywhere, then
from derive.rules.distributions import power_of_bit
from derive.rules.expectations import into_factors, linear, multiplied_body, stated
from derive.rules.lemmas import use_lemma
from derive.rules.moments import variance

_n, _k = declare("n", "size", "entries"), declare("k", "integer", "an entry")
_p = declare("p", "real", "probability of being kept")
_m, _s = declare("mu", "real", "mean of an entry"), declare("sigma", "real", "deviation of an entry")
n, k, p, mu, sigma = (d.symbol for d in (_n, _k, _p, _m, _s))
q, row = integer("q"), integer("r")
b, x, y, u = (array(name, (1, n)) for name in "bxyu")
MASKED, PLAIN = Definition(y, (q,), b[q] * x[q] / p), Definition(u, (q,), b[q] * x[q])
_KEPT, _PLACE = (gt(p, 0), le(p, 1)), between(1, k, n)
_BITS = chance(b, entries="independent", law="bits", values=(p,), parameters=(row,))
_X = chance(x, mean=mu, variance=sigma**2, parameters=(row,))
_GIVEN = (_n, _k, _p, _m, _s)
RANDOM = Context(_GIVEN, (*_KEPT, _PLACE, ge(sigma, 0)), (MASKED,), (b, x), (_BITS, _X))
DROPPED = Context(_GIVEN, (*_KEPT, _PLACE, ge(sigma, 0)), (PLAIN,), (b, x), (_BITS, _X))
LOST = (1 - p) / p
opened = everywhere(by(definition, reason=("insert the definition",)))
bits = everywhere(by(power_of_bit, reason=("the mask is 0 or 1, so its square is itself",)))
apart = into_factors(("the mask is independent of the entries",))


def tidy(end: Expr) -> Conversion:
    """Algebra at the end."""
    return by(algebra, end, reason=("tidy up",))


def mean(name: str, context: Context, left: Expr, end: Expr) -> Derivation:
    """mu, or p mu without the division."""
    moves = then(opened, linear(), apart, stated(("the mask is 1 with the probability ", p)), tidy(end))
    return derived(f"dropout_moments.{name}", context, Expectation(left), moves)


def square() -> Derivation:
    """E x^2/p."""
    given = stated(("the mask is 1 with the probability ", p))
    moves = then(opened, bits, linear(), apart, given, tidy((mu**2 + sigma**2) / p))
    return derived("dropout_moments.square", RANDOM, Expectation(y[k] ** 2), moves)


def spread() -> Derivation:
    """sigma^2 + (1 - p)/p (mu^2 + sigma^2)."""
    lemmas = square(), mean("mean", RANDOM, y[k], mu)
    known = (at_part(one.left, use_lemma(one, {}, ("found before",))) for one in lemmas)
    moves = then(by(variance), *known, tidy(sigma**2 + LOST * (mu**2 + sigma**2)))
    return derived("dropout_moments.variance", RANDOM, Variance(y[k]), moves, lemmas)


def added() -> Derivation:
    """(1 - p)/p (mu^2 + sigma^2)."""
    given = stated(("the mask is 1 with the probability ", p))
    moves = then(opened, everywhere(multiplied_body), bits, linear(), apart, given, tidy(LOST * (mu**2 + sigma**2)))
    return derived("dropout_moments.added", RANDOM, Expectation((y[k] - x[k]) ** 2), moves)


Mean = Callable[[Callable[..., Any]], Any]


def masked(number: int, keep: Fraction) -> Callable[..., Any]:
    """The entry as the program makes it."""

    def of(b: Callable[..., Any], x: Callable[..., Any]) -> Any:
        kept = [x(place) / keep for place in (number,) if b(place) == 1]
        return kept[0] if kept else 0

    return of


def mean_oracle(n: int, k: int, p: Fraction, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    return average(masked(k, p))


def dropped_oracle(n: int, k: int, p: Fraction, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Not divided."""
    return average(masked(k, Fraction(1)))


def square_oracle(n: int, k: int, p: Fraction, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    return average(lambda b, x: masked(k, p)(b, x) ** 2)


def variance_oracle(n: int, k: int, p: Fraction, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Mean square distance from the mean."""
    centre = average(masked(k, p))
    return average(lambda b, x: (masked(k, p)(b, x) - centre) ** 2)


def added_oracle(n: int, k: int, p: Fraction, mu: Fraction, sigma: Fraction, average: Mean) -> Any:
    """Mean square distance from the entry itself."""
    return average(lambda b, x: (masked(k, p)(b, x) - x(k)) ** 2)


_Y: Text = ("An entry of ", y, " is kept and divided by ", p, ", or 0. ")
CONSTRUCT = Construct(
    name="dropout_moments",
    title="Entries that a random mask drops",
    about=("Each entry is kept with the probability ", p, ", independently of all others, and set to 0 otherwise."),
    conventions=("what is kept is divided by the probability, where nothing else is said",),
    source="Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, JMLR 15, 2014, sections 4 and 10",
    claims=(
        Claim("mean", "Mean", (*_Y, "Find its mean."), RANDOM, Expectation(y[k]),
              lambda: mean("mean", RANDOM, y[k], mu), mean_oracle),
        Claim("dropped", "Mean without the division", ("The entries are not divided. Find the mean.",), DROPPED,
              Expectation(u[k]), lambda: mean("dropped", DROPPED, u[k], p * mu), dropped_oracle),
        Claim("square", "Mean square", (*_Y, "Find its mean square."), RANDOM, Expectation(y[k] ** 2), square,
              square_oracle),
        Claim("variance", "Variance", (*_Y, "Find its variance."), RANDOM, Variance(y[k]), spread, variance_oracle),
        Claim("added", "What the mask adds", (*_Y, "How far is it from the entry, in the mean square?"), RANDOM,
              Expectation((y[k] - x[k]) ** 2), added, added_oracle),
    ),
)  # fmt: skip
