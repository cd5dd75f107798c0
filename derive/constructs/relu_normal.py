r"""Moments of a normal number behind a ReLU.

If z is normal with mean 0 and variance $\sigma^2$, then $E|z| = \sigma\sqrt{2/\pi}$, and half of it passes a ReLU, like
half of the mean square: $E \max(0, z) = \sigma/\sqrt{2\pi}$ and $\operatorname{Var}\max(0, z) = \sigma^2 \bigl(\frac12
- \frac1{2\pi}\bigr)$, about 0.34 of the variance before. The mean is the limit of `normal_part.part`.

Source: Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions, volume 1, 2nd ed., 1994, section 13.1; He,
Zhang, Ren, Sun, Delving deep into rectifiers, ICCV 2015, section 2.2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Abs, pi

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_moments import Mean, _in, d_i, row
from derive.constructs.relu_moments import PASSED, _k, _s, k, sigma, z
from derive.constructs.relu_moments import mean as mean_in
from derive.constructs.relu_moments import square as square_in
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Expectation, Variance, between, chance, ge
from derive.rules.algebra import absolute_value, algebra
from derive.rules.combine import at_part, by, derived, then
from derive.rules.distributions import normal_absolute_mean
from derive.rules.lemmas import use_lemma
from derive.rules.moments import variance

_LAW = chance(z, mean=0, variance=sigma**2, law="normal", entries="independent", parameters=(row,))
NORMAL = Context((_in, _k, _s), (between(1, k, d_i), ge(sigma, 0)), (), (z,), (_LAW,))


def absolute() -> Derivation:
    """sigma sqrt(2/pi)."""
    out = at_part(Abs(sigma), by(absolute_value, 1, reason=(ge(sigma, 0),)))
    moves = then(by(normal_absolute_mean), out)
    return derived("relu_normal.absolute", NORMAL, Expectation(Abs(z[k])), moves)


def mean() -> Derivation:
    """sigma/sqrt(2 pi)."""
    lemmas = mean_in(NORMAL, "relu_normal.half"), absolute()
    known = at_part(lemmas[1].left, use_lemma(lemmas[1], {}, ("the mean absolute value of a normal number",)))
    moves = then(use_lemma(lemmas[0], {}, ("the law is symmetric, so half of it passes",)), known)
    return derived("relu_normal.mean", NORMAL, Expectation(PASSED), moves, lemmas)


def square() -> Derivation:
    """sigma^2/2."""
    return square_in(NORMAL, "relu_normal.square")


def spread() -> Derivation:
    """sigma^2 (1/2 - 1/(2 pi))."""
    lemmas = square(), mean()
    known = (at_part(one.left, use_lemma(one, {}, ("found before",))) for one in lemmas)
    moves = then(by(variance), *known, by(algebra, sigma**2 * (1 - 1 / pi) / 2, reason=("tidy up",)))
    return derived("relu_normal.variance", NORMAL, Variance(PASSED), moves, lemmas)


def absolute_oracle(d_i: int, k: int, sigma: Fraction, average: Mean) -> Any:
    """The entry or its negative, whichever is positive."""
    return average(lambda z: sum(value if value > 0 else -value for value in (z(k),)))


def mean_oracle(d_i: int, k: int, sigma: Fraction, average: Mean) -> Any:
    """The entry itself where it is positive."""
    return average(lambda z: sum(value for value in (z(k),) if value > 0))


def square_oracle(d_i: int, k: int, sigma: Fraction, average: Mean) -> Any:
    """The entry itself where it is positive."""
    return average(lambda z: sum(value**2 for value in (z(k),) if value > 0))


def variance_oracle(d_i: int, k: int, sigma: Fraction, average: Mean) -> Any:
    """Mean square distance from the mean."""
    centre = mean_oracle(d_i, k, sigma, average)
    return average(lambda z: (max([z(place) for place in (k,) if z(place) > 0] + [0]) - centre) ** 2)


_ENTRY: Text = ("An entry of ", z, " goes through a ReLU. ")
CONSTRUCT = Construct(
    name="relu_normal",
    title="A normal number behind a ReLU",
    about=("The entries of ", z, " are normal with mean 0 and one variance."),
    conventions=("the ReLU is max(0, z)",),
    source="Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions 1, section 13.1; He et al., ICCV 2015",
    claims=(
        Claim("mean", "Mean", (*_ENTRY, "Find its mean."), NORMAL, Expectation(PASSED), mean, mean_oracle),
        Claim("absolute", "Mean absolute value", ("Find ", Expectation(Abs(z[k])), "."), NORMAL,
              Expectation(Abs(z[k])), absolute, absolute_oracle),
        Claim("square", "Mean square", (*_ENTRY, "Find its mean square."), NORMAL, Expectation(PASSED**2), square,
              square_oracle),
        Claim("variance", "Variance", (*_ENTRY, "Find its variance."), NORMAL, Variance(PASSED), spread,
              variance_oracle),
    ),
)  # fmt: skip
