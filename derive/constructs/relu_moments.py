r"""Moments behind a ReLU, of numbers with a symmetric law.

If z and $-z$ have the same law, both parts of $z^2 = \max(0, z)^2 + \max(0, -z)^2$ have the same mean: **half of the
mean square passes a ReLU**, whatever the law, $E \max(0, z)^2 = \frac12 E z^2$. In the same way the mean behind it is
$\frac12 E|z|$, which depends on the law. So what passes has a mean, and its variance is less than half of that of z;
but a layer with centred weights sees the mean square alone (`relu_layer`).

Source: He, Zhang, Ren, Sun, Delving deep into rectifiers, ICCV 2015, section 2.2, equations (7) to (10), (15).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Abs, Expr, Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_moments import Mean, _in, d_i, row
from derive.constructs.relu_derivative import positive_part
from derive.constructs.relu_from_step import BELOW, ONE, case_by_case, x
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Context,
    Expectation,
    Variance,
    array,
    between,
    chance,
    declare,
    eq,
    ge,
)
from derive.rules.algebra import algebra
from derive.rules.combine import Conversion, at_part, by, derived, everywhere, then, up_to
from derive.rules.distributions import symmetric
from derive.rules.expectations import linear, stated
from derive.rules.lemmas import use_lemma
from derive.rules.moments import expectation_of_terms, variance

_k, _s = declare("k", "integer", "a place"), declare("sigma", "real", "deviation of an entry")
_a = declare("a", "real", "slope on the left")
k, sigma, a = _k.symbol, _s.symbol, _a.symbol
z = array("z", (1, d_i))
_LAW = chance(z, mean=0, variance=sigma**2, law="symmetric", parameters=(row,))
_HERE = (between(1, k, d_i), ge(sigma, 0))
SYMMETRIC = Context((_in, _k, _s), _HERE, (), (z,), (_LAW,))
LEAKY = Context((_in, _k, _s, _a), _HERE, (), (z,), (_LAW,))


PASSED, STOPPED = positive_part(z[k]), positive_part(-z[k])
SLOPED = PASSED - a * STOPPED


def of_number(name: str, left: Expr, right: Expr) -> Derivation:
    """What is so for each real number, by its sign."""
    turned = positive_part(-x)
    cases = {ge(x, 0): eq(turned, 0), BELOW: eq(turned, -x)}
    return derived(f"relu_moments.{name}", ONE, left, case_by_case(right, cases))


def squares_of_parts() -> Derivation:
    """max(0, x)^2 + max(0, -x)^2 = x^2."""
    return of_number("squares_of_parts", positive_part(x) ** 2 + positive_part(-x) ** 2, x**2)


def product_of_parts() -> Derivation:
    """max(0, x) max(0, -x) = 0."""
    return of_number("product_of_parts", positive_part(x) * positive_part(-x), Integer(0))


def halved(whole: Expr, split: Expr, second: Expr, lemma: Derivation) -> Conversion:
    """Half of the mean of the whole, which is split into two parts with the same mean."""
    back = up_to(split, use_lemma(lemma, {x: z[k]}, ("the two parts of ", whole)))
    same = by(symmetric, z[k], reason=("the law is symmetric, so both parts have the same mean",))
    down = then(at_part(whole, back), everywhere(by(expectation_of_terms)), at_part(Expectation(second), same))
    return up_to(Expectation(whole) / 2, down)


def square(context: Context = SYMMETRIC, name: str = "relu_moments.square") -> Derivation:
    """sigma^2/2, wherever the law is symmetric."""
    lemma = squares_of_parts()
    moves = then(halved(z[k] ** 2, PASSED**2 + STOPPED**2, STOPPED**2, lemma), stated())
    return derived(name, context, Expectation(PASSED**2), moves, (lemma,))


def mean(context: Context = SYMMETRIC, name: str = "relu_moments.mean") -> Derivation:
    """E|z|/2, wherever the law is symmetric."""
    lemma = of_number("parts", positive_part(x) + positive_part(-x), Abs(x))
    moves = halved(Abs(z[k]), PASSED + STOPPED, STOPPED, lemma)
    return derived(name, context, Expectation(PASSED), moves, (lemma,))


def spread() -> Derivation:
    """sigma^2/2 - (E|z|)^2/4."""
    lemmas = square(), mean()
    known = (at_part(one.left, use_lemma(one, {}, ("found before",))) for one in lemmas)
    return derived("relu_moments.variance", SYMMETRIC, Variance(PASSED), then(by(variance), *known), lemmas)


def leaky() -> Derivation:
    """(1 + a^2) sigma^2/2."""
    lemmas = square(), product_of_parts()
    out = by(algebra, PASSED**2 - 2 * a * PASSED * STOPPED + a**2 * STOPPED**2, reason=("multiply out",))
    none = at_part(PASSED * STOPPED, use_lemma(lemmas[1], {x: z[k]}, ("one of both parts is 0",)))
    same = at_part(Expectation(STOPPED**2), by(symmetric, z[k], reason=("the law is symmetric",)))
    known = everywhere(use_lemma(lemmas[0], {}, ("half of the mean square passes",)))
    moves = then(
        at_part(SLOPED**2, out),
        linear(),
        none,
        linear(),
        same,
        known,
        by(algebra, (1 + a**2) * sigma**2 / 2, reason=("tidy up",)),
    )
    return derived("relu_moments.leaky", LEAKY, Expectation(SLOPED**2), moves, lemmas)


def square_oracle(d_i: int, k: int, sigma: Fraction, average: Mean) -> Any:
    """The entry itself where it is positive."""
    return average(lambda z: sum(value**2 for value in (z(k),) if value > 0))


def mean_oracle(d_i: int, k: int, sigma: Fraction, average: Mean) -> Any:
    """The entry itself where it is positive."""
    return average(lambda z: sum(value for value in (z(k),) if value > 0))


def variance_oracle(d_i: int, k: int, sigma: Fraction, average: Mean) -> Any:
    """Mean square distance from the mean."""
    centre = mean_oracle(d_i, k, sigma, average)
    return average(lambda z: (max([z(place) for place in (k,) if z(place) > 0] + [0]) - centre) ** 2)


def leaky_oracle(d_i: int, k: int, sigma: Fraction, a: Fraction, average: Mean) -> Any:
    """Two slopes."""
    return average(lambda z: sum((value if value > 0 else a * value) ** 2 for value in (z(k),)))


_ASK = Expectation(PASSED**2)
_ENTRY: Text = ("An entry of ", z, " goes through a ReLU. ")
CONSTRUCT = Construct(
    name="relu_moments",
    title="Moments behind a ReLU",
    about=("The entries of ", z, " have one variance and a joint law that is symmetric about 0."),
    conventions=("the ReLU is max(0, z)",),
    source="He, Zhang, Ren, Sun, ICCV 2015, section 2.2",
    claims=(
        Claim("square", "Mean square", (*_ENTRY, "Find its mean square."), SYMMETRIC,
              _ASK, square, square_oracle),
        Claim("mean", "Mean", (*_ENTRY, "Find its mean."), SYMMETRIC, Expectation(PASSED), mean, mean_oracle),
        Claim("variance", "Variance", (*_ENTRY, "Find its variance."), SYMMETRIC, Variance(PASSED), spread,
              variance_oracle),
        Claim("leaky", "A leaky ReLU", ("Left of 0 the slope is ", a, " and not 0. Find the mean square."), LEAKY,
              Expectation(SLOPED**2), leaky, leaky_oracle),
    ),
)  # fmt: skip
