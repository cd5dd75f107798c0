r"""The gradients of two weights of a kernel: uncorrelated, and not independent.

$dw_h = \sum_{i=1}^m x_{i+h-1}\, dy_i$. Let input and gradient be independent of each other, each with uncorrelated
entries of mean 0. In $E\,dw_h\,dw_\ell = \sum_{i,j} E[x_{j+h-1}x_{i+\ell-1}]\,E[dy_j\,dy_i]$ the second factor asks for
i = j and the first for $j+h = i+\ell$; for $h \ne \ell$ both never hold, so the covariance is 0.

It is not if the gradient has a mean $\mu_g$: each entry of x that both weights meet leaves $\sigma_x^2\mu_g^2$. And
uncorrelated is all that they are: $dw_h$ and $dw_\ell$ share the entries of dy, so their squares are correlated.

Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010, section
4.2.1; Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, section 3.3.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Integer

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.kernel_gradient_uncorrelated import (
    APART,
    LAYER,
    Mean,
    dw,
    dy,
    k,
    line,
    mean_out,
    n,
    spread,
    x,
)
from derive.kernel.derivation import Derivation
from derive.language import Context, Covariance, Expectation, between, chance, declare, eq, ge, le, ne
from derive.rules.algebra import definition
from derive.rules.bracketing import multiplied_in
from derive.rules.combine import by, changing, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.expectations import into_factors, linear, stated, uncorrelated
from derive.rules.moments import covariance
from derive.rules.sums import sum_of_zeros

_n, _k = declare("n", "size", "entries of the input"), declare("k", "size", "entries of the kernel")
_h, _l = declare("h", "integer", "a weight"), declare("ell", "integer", "another one")
_sx, _sg = declare("sigma_x", "real", "deviation of the input"), declare("sigma_g", "real", "of the gradient")
_mg = declare("mu_g", "real", "mean of the gradient")
h, ell, sx, sg, mg = (d.symbol for d in (_h, _l, _sx, _sg, _mg))
_TWO = (le(k, n), between(1, h, k), between(1, ell, k), ne(h, ell))
_WHITE = chance(x, 0, sx**2, entries="uncorrelated")
PAIR = Context((_n, _k, _h, _l, _sx, _sg), (*_TWO, ge(sx, 0), ge(sg, 0)), (LAYER,), (x, dy), (
    _WHITE, chance(dy, 0, sg**2, entries="uncorrelated")))  # fmt: skip
MEANS = Context((_n, _k, _h, _l, _sx, _sg, _mg), _TWO, (LAYER,), (x, dy), (
    _WHITE, chance(dy, mg, sg**2, entries="uncorrelated")))  # fmt: skip
FREE = Context((_n, _k, _h, _l, _sx, _sg), _TWO, (LAYER,), (x, dy), tuple(
    chance(a, 0, s**2, entries="independent") for a, s in ((x, sx), (dy, sg))))  # fmt: skip


def different_weights() -> Derivation:
    """Cov(dw_h, dw_l) = 0."""
    opened = one_line(everywhere(by(definition)), ("definitions of ", dw[h], " and ", dw[ell]))
    paired = one_line(everywhere(changing(multiplied_in)), ("the product of two sums as a sum over pairs",))
    moves = then(
        by(covariance), mean_out(dw[h]), opened, paired, linear(), into_factors(APART),
        uncorrelated(("the entries of ", x, " are uncorrelated, and those of ", dy)), stated(),
        one_line(then(undelta, everywhere(by(sum_of_zeros))), ("both conditions at once ask for ", eq(h, ell))),
    )  # fmt: skip
    return derived("kernel_gradient_pairs.different_weights", PAIR, Covariance(dw[h], dw[ell]), moves)


def pair_oracle(n: int, k: int, h: int, ell: int, sigma_x: Fraction, sigma_g: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    return spread(line(n, k, h), line(n, k, ell), average)


_PROVED = "kernel_gradient_pairs.different_weights"
_SQUARES = Expectation(dw[h] ** 2) * Expectation(dw[ell] ** 2)
CONSTRUCT = Construct(
    name="kernel_gradient_pairs",
    title="Gradients of two weights",
    about=("A convolution layer with one axis and stride 1; input and upstream gradient are independent.",),
    conventions=("entries are numbered from 1", "a convolution layer does not turn its kernel"),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; Grimmett, Stirzaker, 3rd ed., section 3.3",
    claims=(
        Claim("different_weights", "Two weights", ("Find the covariance of ", dw[h], " and ", dw[ell], "."), PAIR,
              Covariance(dw[h], dw[ell]), different_weights, pair_oracle),
    ),
    refuted=(
        Refuted("independent", "Two weights are not independent",
                ("The gradients of two weights are uncorrelated, and so independent",), FREE,
                Expectation(dw[h] ** 2 * dw[ell] ** 2), "=", _SQUARES,
                ("Both share the entries of ", dy, ": where these are large, both tend to be.",), _PROVED),
        Refuted("gradient_with_mean", "Two weights, where the gradient has a mean",
                ("It is enough that one of the factors has mean 0",), MEANS,
                Covariance(dw[h], dw[ell]), "=", Integer(0),
                ("Where both weights meet the same entry of the input, the squared mean of the gradient is left.",),
                _PROVED),
    ),
)  # fmt: skip
