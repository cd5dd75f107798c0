r"""The variance of a kernel's gradient where only one of the two factors has uncorrelated entries.

$dw_h = \sum_{i=1}^m x_{i+h-1}\, dy_i$ with $m = n - k + 1$; input and gradient are independent. Let x have mean 0 and
uncorrelated entries. Then $E\, dw_h = 0$, and of $E\, dw_h^2 = \sum_{i,j} E[x_{i+h-1}x_{j+h-1}]\,E[dy_i\,dy_j]$ only
terms with i = j are left: the mean squares of the $dy_i$ count, whatever their means are and however they depend on
each other. So the variance is $m\,\sigma_x^2\tau_g^2$ with the second moment $\tau_g^2$, not the variance, of the
gradient; the two may change places. In two dimensions $m^2$ stands for m.

Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010, section
4.2.1; Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, section 3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.kernel_gradient_moments import weight
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Context,
    Definition,
    Entry,
    Expectation,
    IndexSum,
    Variance,
    array,
    between,
    chance,
    declare,
    ge,
    integer,
    le,
)
from derive.rules.algebra import definition
from derive.rules.combine import Conversion, at_part, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.expectations import into_factors, linear, pairs, stated, uncorrelated
from derive.rules.moments import variance
from derive.rules.sums import sum_of_constant, sum_of_zeros

_n, _k = declare("n", "size", "entries of the input along an axis"), declare("k", "size", "entries of the kernel")
_h, _l = declare("h", "integer", "row of the weight"), declare("ell", "integer", "its column")
_sx, _sg = declare("sigma_x", "real", "deviation of the input"), declare("sigma_g", "real", "of the gradient")
_tx, _tg = declare("tau_x", "real", "root mean square of the input"), declare("tau_g", "real", "of the gradient")
_mg = declare("mu_g", "real", "mean of the gradient")
n, k, h, ell, sx, sg, tx, tg, mg = (d.symbol for d in (_n, _k, _h, _l, _sx, _sg, _tx, _tg, _mg))
(i, j, p, q), m = (integer(letter) for letter in "ijpq"), n - k + 1
x, dy, dw = array("x", (1, n)), array("dy", (1, m)), array("dw", (1, k))
X, G, W = array("x", (1, n), (1, n)), array("dy", (1, m), (1, m)), array("dw", (1, k), (1, k))
LAYER = Definition(dw, (p,), IndexSum(x[i + p - 1] * dy[i], i, 1, m))
IMAGE = Definition(W, (p, q), IndexSum(IndexSum(X[i + p - 1, j + q - 1] * G[i, j], j, 1, m), i, 1, m))
_BOTH = (le(k, n), between(1, h, k))
_WHITE_X, _WHITE_G = chance(x, 0, sx**2, entries="uncorrelated"), chance(dy, 0, sg**2, entries="uncorrelated")
INPUT = Context((_n, _k, _h, _sx, _tg), (*_BOTH, ge(sx, 0), ge(tg, 0)), (LAYER,), (x, dy),
                (_WHITE_X, chance(dy, second=tg**2)))  # fmt: skip
GRADIENT = Context((_n, _k, _h, _tx, _sg), (*_BOTH, ge(tx, 0), ge(sg, 0)), (LAYER,), (x, dy),
                   (chance(x, second=tx**2), _WHITE_G))  # fmt: skip
SQUARE = Context((_n, _k, _h, _l, _sx, _tg), (*_BOTH, between(1, ell, k), ge(sx, 0), ge(tg, 0)), (IMAGE,), (X, G),
                 (chance(X, 0, sx**2, entries="uncorrelated"), chance(G, second=tg**2)))  # fmt: skip
APART: Text = ("input and gradient are independent",)
counted = one_line(everywhere(by(sum_of_constant)), ("all terms are alike",))


def mean_out(weight: Entry) -> Conversion:
    """E dw = 0, in the line where it stands squared."""
    zero = then(everywhere(by(definition)), linear(), into_factors(APART), stated(), everywhere(by(sum_of_zeros)))
    return at_part(Expectation(weight), one_line(zero, ("each product has mean 0, as one factor has",)))


def variance_of(name: str, context: Context, weight: Entry, white: Expr) -> Derivation:
    """The number of terms times variance and mean square."""
    opened = everywhere(by(definition, reason=("definition of ", weight.array)))
    moves = then(
        by(variance), mean_out(weight), opened, pairs(), linear(), into_factors(APART),
        uncorrelated(("the entries of ", white, " are uncorrelated")), stated(), undelta, stated(), counted,
    )  # fmt: skip
    return derived(f"kernel_gradient_uncorrelated.{name}", context, Variance(weight), moves)


Entries = Callable[..., Any]
Mean = Callable[[Callable[..., Any]], Any]


def line(n: int, k: int, h: int) -> Entries:
    """One entry of the gradient of a kernel with one axis, added up window by window."""

    def of(x: Entries, dy: Entries) -> Any:
        total: Any = 0
        for start in range(n - k + 1):
            total += dy(start + 1) * x(start + h)
        return total

    return of


def spread(one: Entries, other: Entries, average: Mean) -> Any:
    """Mean product of the distances from the means, over all outcomes."""
    first = average(one)
    second = first if one is other else average(other)
    return average(lambda x, dy: (one(x, dy) - first) * (other(x, dy) - second))


def input_oracle(n: int, k: int, h: int, sigma_x: Fraction, tau_g: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    one = line(n, k, h)
    return spread(one, one, average)


def gradient_oracle(n: int, k: int, h: int, tau_x: Fraction, sigma_g: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    one = line(n, k, h)
    return spread(one, one, average)


def image_oracle(n: int, k: int, h: int, ell: int, sigma_x: Fraction, tau_g: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    one = weight(n, k, h, ell)
    return spread(one, one, average)


_HALF: Text = ("Of the gradient only the mean square ", tg**2, " of its entries is given. Find the variance of ")
_MEANS = Context((_n, _k, _h, _sx, _sg, _mg), _BOTH, (LAYER,), (x, dy), (
    _WHITE_X, chance(dy, mg, sg**2, entries="uncorrelated")))  # fmt: skip
_ANY = Context((_n, _k, _h, _sx, _sg), _BOTH, (LAYER,), (x, dy), (chance(x, 0, sx**2), chance(dy, 0, sg**2)))
_TOGETHER = Context((_n, _k, _h, _sx, _sg), _BOTH, (LAYER,), (x, dy), tuple(
    chance(a, 0, s**2, entries="uncorrelated", group="layer") for a, s in ((x, sx), (dy, sg))))  # fmt: skip
CONSTRUCT = Construct(
    name="kernel_gradient_uncorrelated",
    title="Gradient of a kernel, with one uncorrelated factor",
    about=("A convolution layer with stride 1 and no padding; input and upstream gradient are independent.",),
    conventions=("entries are numbered from 1", "a convolution layer does not turn its kernel"),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; Grimmett, Stirzaker, 3rd ed., section 3.3",
    claims=(
        Claim("input", "Uncorrelated input", ("The entries of the input are uncorrelated. ", *_HALF, dw[h], "."), INPUT,
              Variance(dw[h]), lambda: variance_of("input", INPUT, dw[h], x), input_oracle),
        Claim("gradient", "Uncorrelated gradient", ("The entries of the gradient are uncorrelated. Of the input only ",
              "the mean square ", tx**2, " of its entries is given. Find the variance of ", dw[h], "."), GRADIENT,
              Variance(dw[h]), lambda: variance_of("gradient", GRADIENT, dw[h], dy), gradient_oracle),
        Claim("image", "An image", ("The image has uncorrelated entries. ", *_HALF, W[h, ell], "."), SQUARE,
              Variance(W[h, ell]), lambda: variance_of("image", SQUARE, W[h, ell], X), image_oracle),
    ),
    refuted=(
        Refuted("variance_for_square", "Variance in place of the mean square",
                ("The mean of the gradient does not matter",), _MEANS, Variance(dw[h]), "=", m * sx**2 * sg**2,
                ("The mean square is needed, which is ", sg**2 + mg**2, ".",), "kernel_gradient_uncorrelated.input"),
        Refuted("neither", "Neither factor uncorrelated", ("Variances and means that are 0 are enough",), _ANY,
                Variance(dw[h]), "=", m * sx**2 * sg**2, ("The entries of one factor must be uncorrelated.",),
                "kernel_gradient_uncorrelated.input"),
        Refuted("together", "Input and gradient together", ("It is enough that no two entries are correlated",),
                _TOGETHER, Variance(dw[h]), "=", m * sx**2 * sg**2,
                ("The mean of a product of squares is not the product of their means, unless they are independent.",),
                "kernel_gradient_uncorrelated.input"),
    ),
)  # fmt: skip
